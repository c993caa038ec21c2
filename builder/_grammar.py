"""The language of the chapters: what a chapter, and what its cells show, may be made of.

It is a whitelist over the elements that Pandoc finds. An element is named by its type, the first
word of its identifier, its classes and the names of its other attributes, as in ``Div{#fig}``,
``Span{lang}`` or ``Header{#sec .unnumbered}``, and `_HOLDS` says which may stand in which. What is
not there stops the build: passed on, it would give another book than Quarto's, or two formats that
differ.

A paragraph that is an image is a ``Picture``: the builder itself writes it.
"""

import re
from collections.abc import Iterator
from typing import Any

from builder._pandoc import Blocks, Node, attributes, elements, plain

__all__ = ["REFERENCE", "faults"]

REFERENCE = re.compile(r"(fig|tbl|sec)-")

_kinds = re.compile(r"\w+(?:\{.*?\})?").findall
_LINKS = "Link Link{.trace} Link{.trace title}"
_TEXT = f"Str Space SoftBreak Emph Strong Code Cite {_LINKS} Span{{lang}} Span{{#f10}}"
_CALLOUTS = "Div{.callout-note} Div{.callout-tip} Div{.callout-important}"
_HEADINGS = "Header{#sec} Header{#sec .unnumbered} Header{#sec .unnumbered lang} "
_HEADINGS += "Header{#sec .pages-only .unnumbered}"
_FLOW = f"Para BulletList OrderedList Div{{.cell}} Div{{#fig}} {_CALLOUTS} {_HEADINGS}"
_VERDICTS = " ".join(f"Div{{.verdict .verdict-{n}}}" for n in ("match", "rounding", "discrepancy"))
_PARAGRAPHS = "Div{.summary lang} Div{.thesis-section} Div{.constats} Div{.note-table}"
_ALIGNED = "AlignDefault AlignLeft AlignRight AlignCenter ColWidthDefault"
_LANGUAGE = {
    "chapter": f"{_FLOW} Header{{#références .unnumbered}} Div{{.content-visible when-format}} "
    "Div{.dense} Div{.wide} Div{.pagebreak} Div{#refs} Div{.summary lang} Div{.thesis-section} "
    "Div{.une}",
    "Div{.content-visible when-format}": f"{_FLOW} Div{{.verifier title}}",
    "Div{.verifier title}": f"{_FLOW} Div{{.dense}}",
    "Div{.une}": "Para Div{#fig} Div{.constats}",
    "Div{.dense}": "Para Div{.cell}",
    "Div{.wide}": "Div{.cell}",
    "Div{#fig}": "Para Div{.cell}",
    "Div{#tbl}": f"Para Table Div{{.note-table}} {_VERDICTS}",
    "Div{#tbl tbl-colwidths}": f"Para Table Div{{.note-table}} {_VERDICTS}",
    **dict.fromkeys(_kinds(_CALLOUTS), "Para BulletList"),
    "Div{.cell}": "Para BulletList Table RawBlock Div{#e .erratum} Div{#tbl} Div{.note-table} "
    "Div{#tbl tbl-colwidths} Picture "
    f"CodeBlock{{.python .cell-code}} CodeBlock{{.cell-output}} {_VERDICTS}",
    "Div{#e .erratum}": "Para BulletList Div{.content-visible when-format}",
    **dict.fromkeys(_kinds(f"{_PARAGRAPHS} {_VERDICTS}"), "Para"),
    "Picture": "Image{fig-alt}",
    "Table": f"Plain {_ALIGNED}",
    "BulletList": "Plain",
    "OrderedList": "Plain Decimal LowerAlpha Period",
    **dict.fromkeys(_kinds(_HEADINGS), "Str Space Emph"),
    "Header{#références .unnumbered}": "Str",
    "Cite": f"AuthorInText NormalCitation SuppressAuthor {_TEXT}",
    **dict.fromkeys(["Para", "Plain", "Emph", "Strong", "Span{lang}", "Span{#f10}"], _TEXT),
    **dict.fromkeys(_kinds(_LINKS), "Str Space SoftBreak Emph Code"),
}
_HOLDS = {each: set(_kinds(held)) for each, held in _LANGUAGE.items()}
"""What may stand in what."""

_FILE = re.compile(r"https://[\w./#?=&~+-]+|[\w./-]+(?<!\.qmd)")
_CHAPTER = re.compile(r"[\w./-]+\.qmd(#[\w-]+)?")
_SCRIPT = re.compile(r'<script( type="application/json" id="[\w-]+")?>.*?</script>', re.DOTALL)
_TAG = re.compile(r"<[A-Za-z][^>]*>")
_KNOWN_TAG = re.compile(r'<[a-z0-9]+( (class|id|lang|scope|href)="[^"]*")*>')
"""HTML of a cell: nothing in it loads a file, or is styled by itself."""
_CODE_LINE = 72
"""Characters of a line of code that the page of the PDF has room for."""
_HEAD_LINE = 88
"""Characters that it has room for: the longest word of each head of a table, and 2 between."""


def faults(blocks: Blocks) -> Iterator[str]:
    """Yield what is not of the language, in reading order, each in a few words."""
    yield from _inside("chapter", blocks)
    level, is_numbered = 0, True
    for node in elements(blocks):
        if node["t"] == "Header":
            title, above, level = plain(node["c"][2]).strip(), level, node["c"][0]
            if level > min(above + 1, 3) or (level == 1) != (above == 0):
                yield f"heading {title!r}: one of level 1 comes first, and levels 2 and 3 follow"
            above_is_numbered, is_numbered = is_numbered, "unnumbered" not in attributes(node)[1]
            if level == 3 and above == 2 and is_numbered and not above_is_numbered:
                yield f"heading {title!r}: a number under a heading that has none"
    if not level:
        yield "no heading of level 1"


def _inside(holder: str, content: Any) -> Iterator[str]:
    for node in _nearest(content):
        kind = _kind(node)
        if kind not in _HOLDS.get(holder, ()):
            place = "" if holder in ("chapter", "Para", "Plain") else f" in {holder}"
            yield f"{kind}{place} is not supported"
            continue
        if node["t"] in _RULES and (rule := _RULES[node["t"]](node)):
            yield f"{kind}: {rule}"
        yield from _inside(kind, node.get("c"))


def _nearest(content: Any) -> Iterator[Node]:
    if isinstance(content, dict) and "t" in content:
        yield content
    elif isinstance(content, dict | list):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _nearest(each)


def _kind(node: Node) -> str:
    if node["t"] == "Para" and [inline["t"] for inline in node["c"]] == ["Image"]:
        return "Picture"
    identifier, classes, pairs = attributes(node)
    marks = [f"#{identifier.split('-')[0]}"] * bool(identifier)
    marks += [*(f".{name}" for name in classes), *pairs]
    return f"{node['t']}{{{' '.join(marks)}}}" if marks else str(node["t"])


def _rule_of_citations(node: Node) -> str:
    (first, *others), _ = node["c"]
    name, mode = first["citationId"], first["citationMode"]["t"]
    if others or first["citationSuffix"]:
        return "one key in brackets, and nothing after it"
    if REFERENCE.match(name):
        return "" if mode == "AuthorInText" else f"@{name} stands without brackets"
    return "" if re.fullmatch(r"\w+", name) else f"@{name}"


def _rule_of_links(node: Node) -> str:
    (_, classes, _), _, (address, title) = node["c"]
    known = _CHAPTER if classes else _FILE
    return title or ("" if known.fullmatch(address) else f"the address {address}")


def _rule_of_divisions(node: Node) -> str:
    identifier, classes, pairs = attributes(node)
    if pairs.get("when-format", "html") not in ("html", "typst"):
        return f"{pairs['when-format']!r} is neither html nor typst"
    inside = [_kind(block) for block in node["c"][1]]
    if identifier.startswith("fig-") and inside != ["Div{.cell}", "Para"]:
        return f"{identifier} holds a cell, then one paragraph, its caption"
    if identifier.startswith("tbl-") and inside[0] != "Para":
        return f"the caption of {identifier} begins a list, or another block"
    widths = pairs.get("tbl-colwidths", "").count(",") + 1
    for table in (block for block in node["c"][1] if "tbl-colwidths" in pairs):
        if table["t"] == "Table" and len(table["c"][2]) != widths:
            return f"{widths} widths, {len(table['c'][2])} columns"
    if classes and classes[0].startswith("callout-") and inside[:1] != ["Para"]:
        return 'a title="…" that is there, and begins no list or other block'
    return ""


def _rule_of_code(node: Node) -> str:
    longest = max(map(len, node["c"][1].split("\n")))
    is_long = "cell-output" in attributes(node)[1] and longest > _CODE_LINE
    return f"a line of {longest} characters, of {_CODE_LINE} that a page has" if is_long else ""


def _rule_of_tables(node: Node) -> str:
    _, caption, _, (_, heads), bodies, (_, feet) = node["c"]
    rows = [*heads, *(row for body in bodies for row in body[3])]
    cells = [cell for _, row in rows for cell in row]
    if caption != [None, []] or feet or len(heads) != 1 or any(c[2:4] != [1, 1] for c in cells):
        return "a caption, a foot, a second head, or a cell over several places"
    least = sum(2 + max(map(len, re.split("[ \u200b-]", plain(c[4])))) for c in heads[0][1])
    is_long = least > _HEAD_LINE
    return f"heads of {least} characters beside one another, of {_HEAD_LINE}" if is_long else ""


def _rule_of_html(node: Node) -> str:
    format_, content = node["c"]
    tags = _TAG.findall(_SCRIPT.sub("", content))
    others = (tag for tag in tags if not _KNOWN_TAG.fullmatch(tag))
    return format_ if format_ != "html" else next(others, "")


_RULES = {
    "Cite": _rule_of_citations,
    "Link": _rule_of_links,
    "Div": _rule_of_divisions,
    "OrderedList": lambda node: "" if node["c"][0][0] == 1 else "a list that begins elsewhere",
    "CodeBlock": _rule_of_code,
    "Table": _rule_of_tables,
    "RawBlock": _rule_of_html,
}
