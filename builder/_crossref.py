"""Number what has a label, and turn references into links.

The rules are Quarto's for books: chapters are numbered in order, appendices lettered, figures and
tables counted within their chapter ("Tableau 4.2"). Chapters without a number, like the opening
page, count theirs from 1.

``normalise`` first brings floats and callouts to one form: ``Div(#fig-x .float)`` and
``Div(.callout .callout-note)``, whose first block is the caption or the title.

``number`` notes a number on each heading and float, as the attribute ``number``, and lists the
labels. It needs the sources only: one chapter can be rendered with the numbers of the whole book.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder._config import Book, BuildError, Chapter
from builder._grammar import REFERENCE
from builder._pandoc import Blocks, Node, attributes, div, elements, local_path, plain, text, walk
from builder._qmd import Source

__all__ = ["Label", "index", "normalise", "number", "prefixes", "resolve"]

_NBSP = "\u00a0"


@dataclass(frozen=True)
class Label:
    """A heading, figure or table: its number is empty where it has none, its level 0 for floats."""

    identifier: str
    kind: str
    number: str
    level: int
    title: str
    chapter: Chapter


def normalise(blocks: Blocks, format_: str) -> Blocks:
    """Return the blocks that a format shows, with floats and callouts in one form."""
    name = "html" if format_ == "html" else "typst"

    def visit(node: Node) -> Blocks | None:
        identifier, classes, pairs = attributes(node)
        content = node["c"][1] if node["t"] == "Div" and "float" not in classes else ()
        if not content:
            return None
        if pairs.get("when-format", name) != name:
            return []
        if "content-visible" in classes:
            return list(content)
        if identifier.startswith(("fig-", "tbl-")):
            caption, *held = content[::-1] if identifier.startswith("fig-") else content
            _set_widths(held, pairs.get("tbl-colwidths", "[]"))
            return [div(["float"], [_plain(caption), *held], identifier)]
        if classes and classes[0].startswith("callout-"):
            return [div(["callout", *classes], [_plain(content[0]), *content[1:]])]
        return None

    normal: Blocks = walk(blocks, visit)
    return normal


def _plain(paragraph: Node) -> Node:
    return {"t": "Plain", "c": paragraph["c"]}


def _set_widths(blocks: Blocks, written: str) -> None:
    shares = json.loads(written)
    for node in elements(blocks) if shares else ():
        if node["t"] == "Table":
            for column, share in zip(node["c"][2], shares, strict=True):
                column[1] = {"t": "ColWidth", "c": share / sum(shares)}
            # The attribute tells the filter that these widths are meant; it takes it away.
            node["c"][0] = ["", [], [["tbl-colwidths", written]]]


def number(blocks: Blocks, chapter: Chapter, prefix: str) -> list[Label]:
    """Note their numbers on the headings and floats of a chapter, and return its labels."""
    floats, sections, labels = {"fig": 0, "tbl": 0}, [0] * 7, []
    for node in elements(blocks):
        identifier, classes, _ = attributes(node)
        numbered, level, kind = "", 0, identifier[:3]
        if node["t"] == "Header":
            level, kind = node["c"][0], "sec"
            if prefix and "unnumbered" not in classes:
                if level > 1:
                    sections[level:] = [sections[level] + 1, *[0] * (6 - level)]
                numbered = ".".join([prefix, *map(str, sections[2 : level + 1])])
            elif "unnumbered" not in classes:
                classes.append("unnumbered")
            title = plain(node["c"][2])
        elif "float" in classes:
            floats[kind] += 1
            numbered = f"{prefix}.{floats[kind]}" if prefix else str(floats[kind])
            title = plain(node["c"][1][0])
        else:
            continue
        node["c"][1 if node["t"] == "Header" else 0][2].append(["number", numbered])
        labels.append(Label(identifier, kind, numbered, level, title.strip(), chapter))
    return labels


def prefixes(sources: Sequence[Source], scanned: Mapping[Chapter, Blocks]) -> dict[Chapter, str]:
    """Return the number or letter of each chapter, empty for one that has none."""
    found: dict[Chapter, str] = {}
    numbers = {False: map(str, range(1, 100)), True: map(chr, range(ord("A"), ord("Z") + 1))}
    for source in sources:
        chapter = source.chapter
        first = next(node for node in elements(scanned[chapter]) if node["t"] == "Header")
        if chapter.source == "index.qmd" or "unnumbered" in attributes(first)[1]:
            found[chapter] = ""
        elif (prefix := next(numbers[chapter.appendix], None)) is None:
            raise BuildError(f"{chapter.source}:1: the letters of the appendices end at Z")
        else:
            found[chapter] = prefix
    return found


def index(labels: Iterable[Label], sources: Iterable[Source]) -> dict[str, Label]:
    """Return the labels that can be referred to, by identifier.

    Raises
    ------
    BuildError
        Where two chapters, or one chapter twice, use the same label.
    """
    found: dict[str, Label] = {}
    of = {source.chapter: source for source in sources}
    for label in labels:
        name = label.identifier
        if REFERENCE.match(name) and found.setdefault(name, label) is not label:
            where = of[label.chapter].where(f"#{name}", last=True)
            raise BuildError(f"{where}: label {name} is already in {found[name].chapter.source}")
    return found


def resolve(
    blocks: Blocks,
    source: Source,
    labels: Mapping[str, Label],
    book: Book,
    target: Callable[[Chapter, Chapter, str], str],
) -> Blocks:
    """Return the blocks with references, and links to sources, replaced by links that work.

    `target` gives the address, seen from one chapter, of another and a label in it.

    Raises
    ------
    BuildError
        For a reference to a label that no chapter has, or a link to a source that is no chapter.
    """
    chapter = source.chapter

    def visit(node: Node) -> Blocks | None:
        if node["t"] == "Link":
            path, _, fragment = node["c"][2][0].partition("#")
            if path.endswith(".qmd"):
                name = local_path(chapter.folder, path)
                linked = next((c for c in book.chapters if c.source == name), None)
                if linked is None:
                    raise BuildError(f"{source.where(path)}: {path} is not a chapter of the book")
                node["c"][2][0] = target(chapter, linked, fragment)
        name = node["c"][0][0]["citationId"] if node["t"] == "Cite" else ""
        if not REFERENCE.match(name):
            return None
        if name not in labels:
            raise BuildError(f"{source.where(f'@{name}')}: unresolved reference @{name}")
        label = labels[name]
        address = target(chapter, label.chapter, name)
        shown = text(_reference(label, book))
        return [{"t": "Link", "c": [["", ["quarto-xref"], []], shown, [address, ""]]}]

    resolved: Blocks = walk(blocks, visit)
    return resolved


def _reference(label: Label, book: Book) -> str:
    if not label.number:
        return label.title
    kind = label.kind
    if kind == "sec" and label.level == 1:
        kind = "apx" if label.chapter.appendix else "ch"
    return book.language[f"crossref-{kind}-prefix"] + _NBSP + label.number
