"""Number what has a label, and turn references into links.

The rules are Quarto's for books: chapters are numbered in order, appendices lettered, figures and
tables counted within their chapter ("Tableau 4.2"). Chapters without a number, like the opening
page, count theirs from 1.

``normalise`` first brings the several ways of writing a figure, a table or a callout to one form:

- a float is ``Div(#fig-x .float)`` whose first block is the caption;
- a callout is ``Div(.callout .callout-note)`` whose first block is the title.

``number`` notes a number on each heading and float, as the attribute ``number``, and lists the
labels. It needs the sources only: one chapter can be rendered with the numbers of the whole book.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder._config import Book, BuildError, Chapter
from builder._pandoc import (
    Blocks,
    Node,
    attributes,
    div,
    elements,
    local_path,
    parse,
    plain,
    text,
    walk,
)
from builder._qmd import Source

__all__ = [
    "Label",
    "check_anchors",
    "index",
    "normalise",
    "number",
    "prefixes",
    "resolve",
    "visible",
]

_NBSP = "\u00a0"
_FLOAT = re.compile(r"^(fig|tbl)-")
_REFERENCE = re.compile(r"^([Ff]ig|[Tt]bl|[Ss]ec)-")
_OTHER_REFERENCE = re.compile(r"^(eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|nte|tip|wrn|imp|cau)-")
_CALLOUTS = ("note", "tip", "warning", "important", "caution")


@dataclass(frozen=True)
class Label:
    """A heading, figure or table: its number is empty where it has none, its level 0 for floats."""

    identifier: str
    kind: str
    number: str
    level: int
    title: str
    chapter: Chapter

    @property
    def counted(self) -> str:
        """What tells a float from another; a heading's own identifier may come from its text."""
        return "" if self.level else self.identifier


def visible(blocks: Blocks, chapter: Chapter, format_: str) -> Blocks:
    """Return the blocks that a format (``html`` or ``pdf``) shows."""
    name = "html" if format_ == "html" else "typst"

    def visit(node: Node) -> Blocks | None:
        _, classes, pairs = attributes(node)
        if name == "typst" and "dark-content" in classes:
            return []
        if "content-visible" in classes or "content-hidden" in classes:
            for key in pairs:
                if key not in ("when-format", "unless-format"):
                    raise BuildError(f"{chapter.source}: conditional {key} is not supported")
            holds = pairs.get("when-format", name) == name
            holds = holds and pairs.get("unless-format") != name
            if holds == ("content-hidden" in classes):
                return []
            return list(node["c"][1])
        return None

    shown: Blocks = walk(blocks, visit)
    return shown


def normalise(blocks: Blocks, chapter: Chapter, language: Mapping[str, str]) -> Blocks:
    """Return the blocks with floats and callouts in one form, opening on the chapter's heading."""

    def visit(node: Node) -> Blocks | None:
        identifier, classes, pairs = attributes(node)
        kind = next((name for name in _CALLOUTS if f"callout-{name}" in classes), None)
        if node["t"] == "Div" and kind:
            content, title = list(node["c"][1]), pairs.get("title")
            if title is None and content and content[0]["t"] == "Header":
                written = content.pop(0)["c"][2]
            else:
                written = _inlines(parse(title or language[f"callout-{kind}-title"]))
            head = {"t": "Plain", "c": written}
            fold = {"collapse": pairs["collapse"]} if "collapse" in pairs else {}
            return [div(["callout", f"callout-{kind}"], [head, *content], identifier, **fold)]
        if _FLOAT.match(identifier) and "float" not in classes:
            caption, content = _caption(node)
            if not caption:
                raise BuildError(f"{chapter.source}: {identifier} has no caption")
            if inner := [i for e in elements(content) if _FLOAT.match(i := attributes(e)[0])]:
                raise BuildError(f"{chapter.source}: {inner[0]} is inside {identifier}")
            widths = {k: v for k, v in pairs.items() if k == "tbl-colwidths"}
            head = {"t": "Plain", "c": caption}
            return [div(["float"], [head, *_with_widths(content, widths)], identifier)]
        if node["t"] == "Table" and "tbl-colwidths" in pairs:
            return _with_widths([node], pairs)
        return None

    normal: Blocks = walk(blocks, visit)
    return normal


def _caption(node: Node) -> tuple[Blocks, Blocks]:
    """Return caption and content of a figure, a table or a division with a label."""
    kind, content = node["t"], node["c"]
    if kind in ("Figure", "Table"):
        bare: Blocks = [{"t": kind, "c": [["", [], []], [None, []], *content[2:]]}]
        return _inlines(content[1][1]), content[2] if kind == "Figure" else bare
    if kind != "Div":
        return [], []
    blocks = content[1]
    if blocks and blocks[-1]["t"] == "Para" and not _is_image(blocks[-1]):
        unwrapped = [b["c"][2] if b["t"] == "Figure" else [b] for b in blocks[:-1]]
        return blocks[-1]["c"], [block for group in unwrapped for block in group]
    captioned = [b for b in blocks if b["t"] in ("Figure", "Table") and b["c"][1][1]]
    if len(captioned) == 1:
        caption, content = _caption(captioned[0])
        at = blocks.index(captioned[0])
        return caption, [*blocks[:at], *content, *blocks[at + 1 :]]
    return [], []


def _is_image(block: Node) -> bool:
    return [inline["t"] for inline in block["c"]] == ["Image"]


def _inlines(blocks: Blocks) -> Blocks:
    return [inline for block in blocks if block["t"] in ("Para", "Plain") for inline in block["c"]]


def _with_widths(blocks: Blocks, pairs: Mapping[str, str]) -> Blocks:
    shares = [float(share) for share in re.findall(r"[\d.]+", pairs.get("tbl-colwidths", ""))]

    def visit(node: Node) -> Blocks | None:
        if node["t"] != "Table" or not shares:
            return None
        (identifier, classes, _), *rest = node["c"]
        if len(rest[1]) != len(shares):
            raise BuildError(f"tbl-colwidths: {len(shares)} widths, {len(rest[1])} columns")
        rest[1] = [
            [spec[0], {"t": "ColWidth", "c": share / sum(shares)}]
            for spec, share in zip(rest[1], shares, strict=True)
        ]
        # The attribute tells the filter that these widths are meant; it takes the attribute away.
        asked = [["tbl-colwidths", pairs["tbl-colwidths"]]]
        return [{"t": "Table", "c": [[identifier, classes, asked], *rest]}]

    widened: Blocks = walk(blocks, visit)
    return widened


def number(blocks: Blocks, chapter: Chapter, prefix: str, depth: int) -> list[Label]:
    """Note their numbers on the headings and floats of a chapter, and return its labels."""
    floats, sections, labels = {"fig": 0, "tbl": 0}, [0] * 7, []
    for node in elements(blocks):
        identifier, classes, _ = attributes(node)
        numbered, level, kind = "", 0, identifier[:3]
        if node["t"] == "Header":
            level, kind = node["c"][0], "sec"
            if prefix and level <= depth and "unnumbered" not in classes:
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
    chapters, appendices = 0, 0
    for source in sources:
        nodes = elements(scanned[source.chapter])
        heading = next((e for e in nodes if e["t"] == "Header" and e["c"][0] == 1), None)
        named = heading is not None and "unnumbered" not in attributes(heading)[1]
        if source.chapter.source == "index.qmd" or not (named and source.numbered):
            found[source.chapter] = ""
        elif source.chapter.appendix:
            found[source.chapter] = chr(ord("A") + appendices)
            appendices += 1
        else:
            chapters += 1
            found[source.chapter] = str(chapters)
    return found


def check_anchors(blocks: Blocks, chapter: Chapter) -> None:
    """Raise BuildError for a link to a place of this very page that the page does not have."""
    places = {attributes(node)[0] for node in elements(blocks)}
    for node in elements(blocks):
        target = node["c"][2][0] if node["t"] == "Link" else ""
        if target.startswith("#") and target[1:] not in places:
            raise BuildError(f"{chapter.source}: no place {target} on the page")


def index(labels: Iterable[Label]) -> dict[str, Label]:
    """Return the labels that can be referred to, by identifier.

    Raises
    ------
    BuildError
        Where two chapters, or one chapter twice, use the same label.
    """
    found: dict[str, Label] = {}
    for label in labels:
        if _REFERENCE.match(label.identifier):
            if label.identifier in found:
                first = found[label.identifier].chapter.source
                raise BuildError(
                    f"{label.chapter.source}: label {label.identifier} is already in {first}"
                )
            found[label.identifier] = label
    return found


def resolve(
    blocks: Blocks,
    chapter: Chapter,
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

    def visit(node: Node) -> Blocks | None:
        if node["t"] == "Link":
            path, _, fragment = node["c"][2][0].partition("#")
            if path.endswith(".qmd") and "://" not in path:
                source = local_path(chapter.folder, path)
                linked = next((c for c in book.chapters if c.source == source), None)
                if linked is None:
                    raise BuildError(f"{chapter.source}: {path} is not a chapter of the book")
                node["c"][2][0] = target(chapter, linked, fragment)
            return None
        if node["t"] != "Cite":
            return None
        written: Blocks = []
        cited = node["c"][0]
        for reference in cited:
            name = reference["citationId"]
            if _OTHER_REFERENCE.match(name):
                raise BuildError(f"{chapter.source}: references like @{name} are not supported")
            if not _REFERENCE.match(name):
                if written:
                    raise BuildError(f"{chapter.source}: @{name} is cited next to a reference")
                continue
            label = labels.get(name[0].lower() + name[1:])
            if label is None:
                raise BuildError(f"{chapter.source}: unresolved reference @{name}")
            shown = _reference(reference, label, book)
            address = target(chapter, label.chapter, label.identifier)
            link = {"t": "Link", "c": [["", ["quarto-xref"], []], shown, [address, ""]]}
            written += [{"t": "Str", "c": ","}, {"t": "Space"}] * bool(written) + [link]
        return written or None

    resolved: Blocks = walk(blocks, visit)
    return resolved


def _reference(reference: Node, label: Label, book: Book) -> Blocks:
    if not label.number:
        return text(label.title)
    numbered = text(label.number)
    if reference["citationPrefix"]:
        return [*reference["citationPrefix"], *text(_NBSP), *numbered]
    if reference["citationMode"]["t"] == "SuppressAuthor":
        return numbered
    kind = label.kind
    if kind == "sec" and label.level == 1:
        kind = "apx" if label.chapter.appendix else "ch"
    prefix = book.language[f"crossref-{kind}-prefix"]
    if reference["citationId"][0].isupper():
        prefix = prefix[0].upper() + prefix[1:]
    return text(prefix + _NBSP + label.number)
