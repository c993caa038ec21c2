"""The order of the steps, from sources to a folder that is complete or not there.

Numbers come from a scan of all the sources, whether the whole book is built or one chapter: the
two cannot differ. Citations of the whole book are resolved together, so that "2019a" and "2019b"
are the same on every page and the bibliography holds what any chapter cites.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from builder import _crossref, _html, _pandoc, _qmd, _typst
from builder._config import Book, BuildError, Chapter, load
from builder._crossref import Label
from builder._execute import Cells
from builder._pandoc import Blocks
from builder._qmd import Results, Source
from builder.beside import beside, put_in_place, update

__all__ = ["build"]


@dataclass(frozen=True)
class _Numbered:
    """Chapters in one format, with the number of each and their labels."""

    blocks: dict[Chapter, Blocks]
    prefixes: dict[Chapter, str]
    labels: dict[Chapter, list[Label]]


def build(
    root: Path, *, formats: Sequence[str], only: str | None = None, output: Path | None = None
) -> None:
    """Build the book at `root`, or one chapter of it.

    Parameters
    ----------
    root
        Folder that holds ``_quarto.yml``.
    formats
        ``html``, ``pdf`` or both.
    only
        Source or name of the one chapter to render, into a folder that keeps its other pages.
    output
        Folder to write, relative to the current directory; ``_book`` of the project by default.

    Raises
    ------
    BuildError
        Where the sources are at fault. Nothing is written then.
    """
    started = time.perf_counter()
    book = load(root)
    target = (output or root / "_book").absolute()
    names = {c: (None, c.source, c.name, Path(c.name).name) for c in book.chapters}
    chosen = [chapter for chapter in book.chapters if only in names[chapter]]
    if only and len(chosen) != 1:
        raise BuildError(f"--chapter {only}: {len(chosen)} chapters of _quarto.yml have this name")
    sources = [_qmd.read(book, chapter) for chapter in book.chapters]
    scanned = _parse(book, sources, {})
    scans = {format_: _number(book, sources, scanned, format_) for format_ in formats}
    for format_, scan in scans.items():
        _resolve(book, scan, scan.blocks, format_)
    results = _run(book, [source for source in sources if source.chapter in chosen])
    executed = scanned | _parse(book, [s for s in sources if s.chapter in chosen], results)
    with beside(target) as (scratch, _):
        site, material = scratch / "site", scratch / "typst"
        for format_, scan in scans.items():
            full = _number(book, sources, executed, format_)
            for chapter in chosen:
                _check(chapter, scan.labels[chapter], full)
            cited = _cite(book, _resolve(book, scan, full.blocks, format_))
            blocks = {chapter: cited[chapter] for chapter in chosen}
            _copy(_images(book, blocks, results), site if format_ == "html" else material)
            if format_ == "html":
                pdf = "pdf" in formats or bool(only and list(target.glob("*.pdf")))
                listed = next((c for c in book.chapters if _lists(cited[c])), None)
                shown = _html.Site(book, scan.prefixes, scan.labels, listed, pdf)
                _html.write(shown, blocks, site, existing=target)
            else:
                name = chosen[0].name if only else book.get("book.output-file", "book")
                _copy({f"{name}.pdf": _typst.write(book, scan.prefixes, blocks, material)}, site)
        if only:
            update(target, site)
        else:
            put_in_place(site, target)
    took = time.perf_counter() - started
    print(f"{len(chosen)} chapter(s) in {target.name}, {took:.1f} s", file=sys.stderr)


def _parse(
    book: Book, sources: Sequence[Source], results: Mapping[Chapter, Results]
) -> dict[Chapter, Blocks]:
    def parse(source: Source) -> Blocks:
        return _pandoc.parse(_qmd.markdown(source, book, results.get(source.chapter, Results())))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip([s.chapter for s in sources], pool.map(parse, sources), strict=True))


def _number(
    book: Book, sources: Sequence[Source], parsed: Mapping[Chapter, Blocks], format_: str
) -> _Numbered:
    blocks = {}
    for chapter in book.chapters:
        shown = _crossref.visible(deepcopy(parsed[chapter]), chapter, format_)
        blocks[chapter] = _crossref.normalise(shown, chapter, book.language)
    prefixes = _crossref.prefixes(sources, blocks)
    depth = book.get("format.html.number-depth", 6)
    labels = {
        chapter: _crossref.number(blocks[chapter], chapter, prefix, depth)
        for chapter, prefix in prefixes.items()
    }
    return _Numbered(blocks, prefixes, labels)


def _check(chapter: Chapter, expected: Sequence[Label], full: _Numbered) -> None:
    """Raise BuildError where running the cells changed the numbers."""
    known = {(label.kind, label.number, label.counted) for label in expected}
    for label in full.labels[chapter]:
        if label.number and (label.kind, label.number, label.counted) not in known:
            raise BuildError(
                f"{chapter.source}: {label.identifier or label.title} is made by a cell; headings "
                "and labels that count are written in the chapter or in the cell's options"
            )
    _crossref.check_anchors(full.blocks[chapter], chapter)


def _resolve(
    book: Book, scan: _Numbered, blocks: Mapping[Chapter, Blocks], format_: str
) -> dict[Chapter, Blocks]:
    labels = _crossref.index(label for found in scan.labels.values() for label in found)
    target = _html.address if format_ == "html" else _typst.address
    return {
        chapter: _crossref.resolve(content, chapter, labels, book, target)
        for chapter, content in blocks.items()
    }


def _run(book: Book, sources: Sequence[Source]) -> dict[Chapter, Results]:
    results = {}
    with Cells(book) as cells:
        for position, source in enumerate(sources, start=1):
            started = time.perf_counter()
            name = f"[{position}/{len(sources)}] {source.chapter.source} …"
            print(name, end="", file=sys.stderr, flush=True)
            try:
                results[source.chapter] = cells.run(source)
                print(f" {time.perf_counter() - started:.1f} s", end="", file=sys.stderr)
            finally:
                print(file=sys.stderr)
    return results


def _cite(book: Book, blocks: Mapping[Chapter, Blocks]) -> dict[Chapter, Blocks]:
    whole = [_pandoc.div([], content, f"chapter-{n}") for n, content in enumerate(blocks.values())]
    metadata = {
        "lang": book.get("lang", "fr"),
        "link-citations": True,
        "suppress-bibliography": not _lists(whole),
    }
    options = [f"--bibliography={file}" for file in book.existing("bibliography")]
    options += [f"--csl={file}" for file in book.existing("csl")]
    cited, warnings = _pandoc.convert(whole, ["--citeproc", *options], metadata, book.root)
    missing = [w.split()[-3] for w in warnings if "citation" in w and w.endswith("not found")]
    for chapter, content in blocks.items():
        for node in _pandoc.elements(content):
            for key in [c["citationId"] for c in node["c"][0]] if node["t"] == "Cite" else []:
                if key in missing:
                    raise BuildError(f"{chapter.source}: no @{key} in the bibliography")
    return {chapter: division["c"][1] for chapter, division in zip(blocks, cited, strict=False)}


def _lists(blocks: Blocks) -> bool:
    """Tell whether the bibliography stands here."""
    return any(_pandoc.attributes(node)[0] == "refs" for node in _pandoc.elements(blocks))


def _images(
    book: Book, blocks: Mapping[Chapter, Blocks], results: Mapping[Chapter, Results]
) -> dict[str, bytes]:
    """Return the images of some chapters, by their path from the root of the book."""
    made = {name: content for found in results.values() for name, content in found.files.items()}
    found: dict[str, bytes] = {}
    for chapter, content in blocks.items():
        for node in _pandoc.elements(content):
            address = node["c"][2][0] if node["t"] == "Image" else "://"
            if "://" in address:
                continue
            name = _pandoc.local_path(chapter.folder, address)
            if name not in made and not (book.root / name).is_file():
                raise BuildError(f"{chapter.source}: no image {address}")
            found[name] = made[name] if name in made else (book.root / name).read_bytes()
    return found


def _copy(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
