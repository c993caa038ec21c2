"""Set the PDF: the whole book as one Typst document, under the template of ``_extensions/these``.

Pandoc writes the text in Typst's language; floats and callouts are written as Quarto's own Typst
output has them, so that one template serves both. Typst counts headings, figures and tables
itself; the references carry the numbers of ``_crossref``, and a test compares the two.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from builder import _pandoc
from builder._config import Book, BuildError, Chapter
from builder._pandoc import Blocks, Node, attributes, local_path, raw, walk

__all__ = ["address", "write"]

_TEMPLATE = "_extensions/these/typst-template.typ"
_COLOURS = {"callout-note": "lagune", "callout-tip": "vert", "callout-important": "rouge"}
_SHARED = ("fig-", "tbl-", "sec-", "ref-")


def address(here: Chapter, there: Chapter, identifier: str) -> str:
    """Return the label of a place of a chapter; the book is one document, wherever one stands."""
    return f"#{_identifier(there, identifier)}"


def write(book: Book, chapters: Mapping[Chapter, Blocks], folder: Path) -> bytes:
    """Return the PDF of `chapters`, whose images are in `folder`.

    Raises
    ------
    BuildError
        Where Typst refuses the document.
    """
    blocks: Blocks = []
    part = ""
    for chapter, content in chapters.items():
        opens = book.language["section-title-appendices"] if chapter.appendix else chapter.part
        if opens and opens != part:
            opening = f"#show: appendices.with({_string(opens)})"
            blocks.append(raw("typst", opening if chapter.appendix else f"#part[{_escape(opens)}]"))
        part = opens
        blocks += _transform(book, chapter, content)
    # The marks of the text are those of the chapters: Typst would make others of ' and ".
    options = ["--to=typst-citations-smart", "--syntax-highlighting=none"]
    options += [f"--lua-filter={path}" for path in book.listed("filters")]
    # For the filters; the citations are resolved.
    metadata = {"bibliography": book.listed("bibliography")}
    body = _pandoc.write(blocks, options, metadata, book.root)
    template = (book.root / _TEMPLATE).read_text("utf-8")
    document = "\n".join([template, _show(book), body])
    fonts = book.root / book.get("format.these-typst.font-paths")
    main: Any = document.encode()
    standards: Any = book.listed("format.these-typst.pdf-standard")
    try:
        return typst.compile(
            main,
            root=str(folder),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            pdf_standards=standards,
        )
    except typst.TypstError as error:
        raise BuildError(f"typst: {' '.join(str(error).split())}") from error


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escape(value: str) -> str:
    return f"#{_string(value)}"


def _identifier(chapter: Chapter, identifier: str) -> str:
    if identifier.startswith(_SHARED) or identifier == "refs":
        return identifier
    return f"{chapter.name.replace('/', '-')}--{identifier or 'top'}"


def _show(book: Book) -> str:
    colours = book.colours("light").items()
    entries = (f"{_string(name)}: rgb({_string(value)})," for name, value in colours)
    return f"""
#let brand-color = ({" ".join(entries)})
#show: these.with(
  title: [{_escape(book.get("book.title"))}],
  subtitle: [{_escape(book.get("book.subtitle"))}],
  author: {_string(", ".join(book.listed("book.author")))},
  date: {_string(book.date)},
  rights: {_string(book.get("book.page-footer.left"))},
  lang: {_string(book.get("lang", "fr"))},
  toc-title: {_string(book.language["toc-title-document"])},
  toc-depth: {book.get("format.these-typst.toc-depth", 2)},
  edition: {_edition(book)},
  accent: brand-color.at("primary", default: rgb("#0b6a85")),
)
"""


def _edition(book: Book) -> str:
    """Return what tells the edition as a dictionary of Typst; none where nothing does."""
    edition = book.get("edition", {})
    if "version" not in edition:
        return "none"
    return f"({', '.join(f'{name}: {_string(str(said))}' for name, said in edition.items())})"


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
            shown = _callout(node, classes[1])
        elif node["t"] == "Image":
            # Pandoc's own writer leaves out the alternative text.
            path = _string("/" + local_path(chapter.folder, node["c"][2][0]))
            image = f"#box(image({path}, alt: {_string(pairs['fig-alt'])}))"
            shown = [{"t": "RawInline", "c": ["typst", image]}]
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


def _callout(node: Node, kind: str) -> Blocks:
    title, *content = node["c"][1]
    colour = f'brand-color.at("{_COLOURS[kind]}", default: gray)'
    return [
        raw("typst", f"#callout(icon_color: {colour}, title: ["),
        title,
        raw("typst", "], body: ["),
        *content,
        raw("typst", "])"),
    ]
