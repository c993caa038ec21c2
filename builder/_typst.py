"""Set the PDF: the whole book as one Typst document, under the template of ``_extensions/these``.

Pandoc writes the text in Typst's language; floats and callouts are written as Quarto's own Typst
output has them, so that one template serves both. Typst counts headings, figures and tables
itself; the references carry the numbers of ``_crossref``, and a test compares the two.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from builder import _pandoc
from builder._config import Book, BuildError, Chapter
from builder._pandoc import Blocks, Node, attributes, elements, local_path, raw, walk

__all__ = ["address", "write"]

_TEMPLATE = "_extensions/these/typst-template.typ"
_CALLOUT_COLOURS = {
    "callout-note": "lagune",
    "callout-tip": "vert",
    "callout-warning": "ocre",
    "callout-important": "rouge",
    "callout-caution": "ocre",
}
_SHARED = ("fig-", "tbl-", "sec-", "ref-", "refs")


def address(here: Chapter, there: Chapter, identifier: str) -> str:
    """Return the label of a place of a chapter; the book is one document, wherever one stands."""
    return f"#{_identifier(there, identifier)}"


def write(
    book: Book, prefixes: Mapping[Chapter, str], chapters: Mapping[Chapter, Blocks], folder: Path
) -> bytes:
    """Return the PDF of `chapters`, whose images are in `folder`.

    Raises
    ------
    BuildError
        Where Typst refuses the document.
    """
    blocks: Blocks = []
    part, counted, appendices = "", False, False
    for chapter, content in chapters.items():
        if chapter.appendix and not appendices:
            appendices = True
            part = book.language["section-title-appendices"]
            blocks.append(raw("typst", f"#part[{part}]\n#show: appendices.with({_string(part)})"))
            counted = False
        elif chapter.part != part and not chapter.appendix:
            part = chapter.part
            if part:
                blocks.append(raw("typst", f"#part[{_escape(part)}]"))
        if prefixes[chapter] and not counted:
            first = prefixes[chapter]
            value = ord(first) - ord("A") if chapter.appendix else int(first) - 1
            blocks.append(raw("typst", f"#counter(heading).update({value})"))
            counted = True
        blocks += _transform(book, chapter, content)
    options = ["--to=typst-citations", "--syntax-highlighting=none"]
    options += [f"--lua-filter={path}" for path in book.existing("filters")]
    body = _pandoc.write(_only_held(blocks), options, {}, book.root)
    template = book.root / _TEMPLATE
    if not template.is_file():
        raise BuildError(f"no {_TEMPLATE}: the PDF needs it")
    document = "\n".join([template.read_text("utf-8"), _show(book, whole=len(chapters) > 1), body])
    fonts = book.root / book.get("format.these-typst.font-paths", "assets/fonts")
    main: Any = document.encode()
    try:
        return typst.compile(
            main, root=str(folder), font_paths=[str(fonts)], ignore_system_fonts=True
        )
    except typst.TypstError as error:
        raise BuildError(f"typst: {' '.join(str(error).split())}") from error


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escape(value: str) -> str:
    return f"#{_string(value)}"


def _identifier(chapter: Chapter, identifier: str) -> str:
    if identifier.startswith(_SHARED):
        return identifier
    return f"{chapter.name.replace('/', '-')}--{identifier or 'top'}"


def _show(book: Book, *, whole: bool) -> str:
    colours = book.colours("light").items()
    entries = (f"{_string(name)}: rgb({_string(value)})," for name, value in colours)
    return f"""
#let brand-color = ({" ".join(entries)})
#show: these.with(
  title: [{_escape(book.get("book.title"))}],
  subtitle: [{_escape(book.get("book.subtitle"))}],
  author: {_string(", ".join(book.authors))},
  date: {_string(book.date)},
  rights: {_string(book.get("book.page-footer.left"))},
  lang: {_string(book.get("lang", "fr"))},
  front: {str(whole).lower()},
  toc-title: {_string(book.language["toc-title-document"])},
  toc-depth: {book.get("format.these-typst.toc-depth", 2)},
  accent: brand-color.at("primary", default: rgb("#0b6a85")),
)
"""


def _transform(book: Book, chapter: Chapter, blocks: Blocks) -> Blocks:
    def visit(node: Node) -> Blocks | None:
        identifier, classes, pairs = attributes(node)
        shown: Blocks = [node]
        if "cell-code" in classes:
            shown = []
        elif "pagebreak" in classes:
            shown = [raw("typst", "#pagebreak(weak: true)")]
        elif "float" in classes:
            shown = _float(node, identifier, book)
        elif "callout" in classes:
            shown = _callout(node, classes)
        elif node["t"] == "Image":
            # Pandoc's own writer leaves out the alternative text.
            _, alt, (source, _) = node["c"]
            path = _string("/" + local_path(chapter.folder, source))
            described = _string(pairs.get("fig-alt") or _pandoc.plain(alt))
            width = re.sub(r"^([\d.]+)(px)?$", r"\1pt * 0.75", pairs.get("width", "auto"))
            image = f"#box(image({path}, width: {width}, alt: {described}))"
            shown = [{"t": "RawInline", "c": ["typst", image]}]
        elif node["t"] == "Link":
            target = node["c"][2][0]
            if target.startswith("#") and "--" not in target:
                node["c"][2][0] = f"#{_identifier(chapter, target[1:])}"
        elif node["t"] == "Div" and not identifier and not set(classes) - {"cell"}:
            # A block of Typst would keep the space around a float inside it.
            shown = list(node["c"][1])
        elif identifier:
            node["c"][1 if node["t"] == "Header" else 0][0] = _identifier(chapter, identifier)
        if node["t"] == "Header" and node["c"][0] == 1:
            shown = [node, raw("typst", f"#metadata(none) <{_identifier(chapter, '')}>")]
        return shown

    transformed: Blocks = walk(blocks, visit)
    return transformed


def _float(node: Node, identifier: str, book: Book) -> Blocks:
    caption, *content = node["c"][1]
    kind = identifier[:3]
    position = "top" if kind == "tbl" else "bottom"
    supplement = _string(book.language[f"crossref-{kind}-title"])
    return [
        raw("typst", "#figure(["),
        *content,
        raw("typst", f"], caption: figure.caption(position: {position}, ["),
        caption,
        raw("typst", f']), kind: "quarto-float-{kind}", supplement: {supplement}) <{identifier}>'),
    ]


def _callout(node: Node, classes: list[str]) -> Blocks:
    title, *content = node["c"][1]
    colour = next(name for key, name in _CALLOUT_COLOURS.items() if key in classes)
    return [
        raw("typst", f'#callout(icon_color: brand-color.at("{colour}", default: gray), title: ['),
        title,
        raw("typst", "], body: ["),
        *content,
        raw("typst", "])"),
    ]


def _only_held(blocks: Blocks) -> Blocks:
    """Return the blocks with links to places of other documents reduced to their text."""
    held = {attributes(node)[0] for node in elements(blocks)}
    for node in elements(blocks):
        if node["t"] == "RawBlock" and node["c"][1].endswith(">"):
            held.add(node["c"][1].rpartition("<")[2][:-1])

    def visit(node: Node) -> Blocks | None:
        target = node["c"][2][0] if node["t"] == "Link" else ""
        missing = target.startswith("#") and target[1:] not in held
        return list(node["c"][1]) if missing else None

    kept: Blocks = walk(blocks, visit)
    return kept
