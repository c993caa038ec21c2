"""The order of the steps, from sources to a folder that is complete or not there.

Numbers come from a scan of all the sources, whether the whole book is built or one chapter: the
two cannot differ. Citations of the whole book are resolved together, so that "2019a" and "2019b"
are the same on every page and the bibliography holds what any chapter cites.
"""

import os
import sys
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from builder import _crossref, _grammar, _html, _pandoc, _qmd, _typst
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
        Source or name of the one chapter whose page to render, among the other pages.
    output
        Folder to write, relative to the current directory; ``_book`` of the project by default.

    Raises
    ------
    BuildError
        Where the sources are at fault. Nothing is written then.
    """
    book = load(root)
    target = (output or root / "_book").absolute()
    names = {c: (None, c.source, c.name, Path(c.name).name) for c in book.chapters}
    chosen = [chapter for chapter in book.chapters if only in names[chapter]]
    if only and len(chosen) != 1:
        raise BuildError(f"--chapter {only}: {len(chosen)} chapters of _quarto.yml have this name")
    sources = [_qmd.read(book, chapter) for chapter in book.chapters]
    scanned = _parse(sources, {})
    scans = {format_: _number(book, sources, scanned, format_) for format_ in formats}
    for format_, scan in scans.items():
        _resolve(book, sources, scan, scan.blocks, format_)
    run = [source for source in sources if source.chapter in chosen]
    results = _run(book, run)
    executed = scanned | _parse(run, results)
    with beside(target) as (scratch, _):
        site, material = scratch / "site", scratch / "typst"

        def write(format_: str) -> None:
            full = _number(book, sources, executed, format_)
            scan = scans[format_]
            cited = _cite(book, sources, _resolve(book, sources, scan, full.blocks, format_))
            blocks = {chapter: cited[chapter] for chapter in chosen}
            for made in results.values():
                _copy(made.files, site if format_ == "html" else material)
            if format_ == "html":
                pdf = "pdf" in formats or bool(only and list(target.glob("*.pdf")))
                listed = next((c for c in book.chapters if _lists(cited[c])), None)
                shown = _html.Site(book, scan.prefixes, scan.labels, listed, pdf)
                _copy(_html.files(shown, blocks, site, existing=target), site)
            else:
                name = f"{book.get('book.output-file')}.pdf"
                _copy({name: _typst.write(book, blocks, material)}, site)

        with ThreadPoolExecutor() as pool:
            list(pool.map(write, formats))
        if only:
            update(target, site)
        else:
            put_in_place(site, target)
    print(f"{len(chosen)} chapter(s) in {target.name}", file=sys.stderr)


def _parse(sources: Sequence[Source], results: Mapping[Chapter, Results]) -> dict[Chapter, Blocks]:
    """Return the blocks of chapters, all of them in the language of the chapters.

    Raises
    ------
    BuildError
        For the first element that is not.
    """

    def parse(source: Source) -> Blocks:
        result = results.get(source.chapter, Results())
        blocks = _pandoc.parse(_qmd.markdown(source, result))
        for fault in _grammar.faults(blocks):
            raise BuildError(f"{_where(fault, source, result)}: {fault}")
        return blocks

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip([s.chapter for s in sources], pool.map(parse, sources), strict=True))


def _where(fault: str, source: Source, results: Results) -> str:
    """Find where the text ends that is first to have a fault: Pandoc does not tell its lines."""

    def has_it(end: int) -> int:
        part = replace(source, items=source.items[:end])
        return int(fault in _grammar.faults(_pandoc.parse(_qmd.markdown(part, results))))

    return source.items[bisect_left(range(1, len(source.items)), 1, key=has_it)].where


def _number(
    book: Book, sources: Sequence[Source], parsed: Mapping[Chapter, Blocks], format_: str
) -> _Numbered:
    blocks = {}
    for chapter in book.chapters:
        blocks[chapter] = _crossref.normalise(parsed[chapter], format_)
    prefixes = _crossref.prefixes(sources, blocks)
    labels = {
        chapter: _crossref.number(blocks[chapter], chapter, prefix)
        for chapter, prefix in prefixes.items()
    }
    return _Numbered(blocks, prefixes, labels)


def _resolve(
    book: Book,
    sources: Sequence[Source],
    scan: _Numbered,
    blocks: Mapping[Chapter, Blocks],
    format_: str,
) -> dict[Chapter, Blocks]:
    labels = [label for found in scan.labels.values() for label in found]
    known = _crossref.index(labels, sources)
    target = _html.address if format_ == "html" else _typst.address
    return {
        source.chapter: _crossref.resolve(blocks[source.chapter], source, known, book, target)
        for source in sources
    }


def _run(book: Book, sources: Sequence[Source]) -> dict[Chapter, Results]:
    results = {}
    with Cells(book) as cells:
        for position, source in enumerate(sources, start=1):
            name = f"[{position}/{len(sources)}] {source.chapter.source}"
            print(name, file=sys.stderr, flush=True)
            results[source.chapter] = cells.run(source)
    return results


def _cite(
    book: Book, sources: Sequence[Source], blocks: Mapping[Chapter, Blocks]
) -> dict[Chapter, Blocks]:
    whole = [_pandoc.div([], content, f"chapter-{n}") for n, content in enumerate(blocks.values())]
    metadata = {
        "lang": book.get("lang", "fr"),
        "link-citations": True,
        "suppress-bibliography": not _lists(whole),
    }
    options = [f"--bibliography={file}" for file in book.listed("bibliography")]
    options += [f"--csl={file}" for file in book.listed("csl")]
    cited, warnings = _pandoc.convert(whole, ["--citeproc", *options], metadata, book.root)
    missing = [w.split()[-3] for w in warnings if "citation" in w and w.endswith("not found")]
    for source in sources if missing else ():
        for node in _pandoc.elements(blocks[source.chapter]):
            key = node["c"][0][0]["citationId"] if node["t"] == "Cite" else ""
            if key in missing:
                raise BuildError(f"{source.where(f'@{key}')}: no @{key} in the bibliography")
    return {chapter: division["c"][1] for chapter, division in zip(blocks, cited, strict=False)}


def _lists(blocks: Blocks) -> bool:
    """Tell whether the bibliography stands here."""
    return any(_pandoc.attributes(node)[0] == "refs" for node in _pandoc.elements(blocks))


def _copy(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
