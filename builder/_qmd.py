"""Read a chapter: lines of prose and Python cells, with Quarto's cell options.

A cell opens with ```` ```{python} ````; its options are the first lines, each ``#| name: value``.
Everything else is a line of Pandoc's Markdown, save inline ``{python} expression`` and the line
``{{< pagebreak >}}``, which are Quarto's. What else Quarto would read is refused here by its line,
what else Pandoc finds by `builder._grammar`.

``markdown`` gives the chapter back to Pandoc with each cell as a division. It writes the same
divisions whether the cells were run or not, so that numbers can be had without running them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from builder._config import Book, BuildError, Chapter, read_text

__all__ = ["Cell", "Prose", "Results", "Source", "attribute", "fenced", "inlines", "markdown"]
__all__ += ["read"]

_STRING = r'"([^"\\{\s]|\\["\\])([^"\\{]|\\["\\])*"'
_OPTIONS = {
    "label": r"tbl-[a-z0-9-]+",
    "tbl-cap": _STRING,
    "tbl-colwidths": r"\[\d+(, \d+)*\]",
    "fig-alt": _STRING,
    "echo": "false",
    "include": "false",
}
_TOGETHER = ({"label", "tbl-cap"},)
_OPTION = re.compile(r"#\| ([\w-]+): (.*)")
_FENCE = "```{python}"
_INLINE = re.compile(r"(?<![`\\])`\{python\} ([^`]+)`(?!`)")
_DIVISION = re.compile(r"(:{3,})(?: (\{[^{}]*\}))?")
_CALLOUT = re.compile(r'\{(\.callout-\w+) title="([^"\\]+)"\}')
_SET_APART = re.compile(r"(?<=[\])])\{[^{}]*\}|`[^`{]*`")
# A fence; a definition, which Pandoc takes away without a word; a box to tick; another heading.
_NOT_A_LINE = re.compile(
    r"\s*(```|~~~|:::|\[[^\]]*\]:|[-*+] \[[ xX]\])|#+ (?![^{}`'\"]+(\{[^{}]*\})?$)"
)
# A shortcode or code of another form; a mark for which each format has a form of its own.
_NOT_PROSE = re.compile(r"""\{.*|['"]""")


@dataclass(frozen=True)
class Cell:
    """A cell to run: the file and the line of its code."""

    code: str
    options: Mapping[str, Any]
    file: str
    line: int

    @property
    def name(self) -> str:
        """What it is called in a message."""
        return f"cell {self.label}" if self.label else "cell"

    @property
    def where(self) -> str:
        """The file and the line of its code, and what it is called."""
        return f"{self.file}:{self.line}: {self.name}"

    @property
    def label(self) -> str:
        """The label, or an empty string."""
        return str(self.options.get("label", ""))


@dataclass(frozen=True)
class Prose:
    """A line of Markdown, and where it stands."""

    text: str
    where: str


@dataclass(frozen=True)
class Source:
    """A chapter as written."""

    chapter: Chapter
    items: tuple[Cell | Prose, ...]

    def where(self, words: str, *, last: bool = False) -> str:
        """Return where some words, or the label of a cell, are written; the chapter at least."""
        whole = re.compile(rf"{re.escape(words)}(?![\w-])")
        texts = [f"#{i.label}" if isinstance(i, Cell) else i.text for i in self.items]
        found = [i.where for i, text in zip(self.items, texts, strict=True) if whole.search(text)]
        return found[-last] if found else self.chapter.source


@dataclass(frozen=True)
class Results:
    """What running gave: Markdown by item, values of inline expressions by item, image files."""

    cells: Mapping[int, str] = field(default_factory=dict)
    inlines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def read(book: Book, chapter: Chapter) -> Source:
    """Read a chapter.

    Raises
    ------
    BuildError
        For the first line that is not of the language of the chapters.
    """
    return Source(chapter, tuple(_items(book.root, chapter.source)))


def inlines(prose: Prose) -> list[str]:
    """Return the Python expressions in a line of prose, in order."""
    return [match.strip() for match in _INLINE.findall(prose.text)]


def markdown(source: Source, results: Results | None = None) -> str:
    """Return the chapter as Markdown that Pandoc reads, cells as divisions.

    Without `results` the divisions are empty, and inline expressions read as an ellipsis.
    """
    found = results or Results()
    written = []
    for index, item in enumerate(source.items):
        if isinstance(item, Cell):
            written.append(_cell(item, found.cells.get(index, "")))
        else:
            values = [*found.inlines.get(index, ["…"] * len(inlines(item)))]
            pieces = _INLINE.split(item.text)[::2]
            written.append("".join(p + v for p, v in zip_longest(pieces, values, fillvalue="")))
    return "\n".join(written)


def attribute(value: str) -> str:
    """Return a text quoted as Pandoc reads the value of an attribute."""
    return '"' + " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def fenced(content: str, attributes: str) -> str:
    """Return a verbatim block, its fence longer than any inside."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", content)), default=2))
    return f"{fence} {{{attributes}}}\n{content.rstrip()}\n{fence}"


def _items(root: Path, name: str) -> Iterator[Cell | Prose]:
    opened: list[str] = []
    rest = enumerate(read_text(root / name, name).split("\n"), start=1)
    for number, line in rest:
        where = f"{name}:{number}"
        if line == _FENCE:
            yield _read_cell(_until_closed(rest, where), name, number + 1)
        elif line == "{{< pagebreak >}}":
            yield Prose("\n::: {.pagebreak}\n:::\n", where)
        elif division := _DIVISION.fullmatch(line):
            if division[2]:
                opened.append(where)
            elif not opened or not opened.pop():
                raise BuildError(f"{where}: ::: closes no division")
            yield Prose(_opened(*division.groups()) if division[2] else line, where)
        else:
            if _NOT_A_LINE.match(line):
                raise BuildError(f"{where}: {line.strip()} is not supported")
            left = "" if line.startswith("#") else _SET_APART.sub("", _INLINE.sub("", line))
            if wrong := _NOT_PROSE.search(left):
                raise BuildError(f"{where}: {wrong[0].strip()} is not supported")
            yield Prose(line, where)
    if opened:
        raise BuildError(f"{opened[-1]}: the division is not closed")


def _until_closed(lines: Iterator[tuple[int, str]], where: str) -> list[str]:
    inside: list[str] = []
    for _, line in lines:
        if line.startswith("```"):
            if line == "```":
                return inside
            break
        inside.append(line)
    raise BuildError(f"{where}: the cell is not closed")


def _opened(fence: str, attributes: str) -> str:
    callout = _CALLOUT.fullmatch(attributes)
    return _titled(callout[2], fence, callout[1]) if callout else f"{fence} {attributes}"


def _titled(title: str, fence: str, attributes: str) -> str:
    return f"{fence} {{{attributes}}}\n{' '.join(title.split())}\n"


def _read_cell(lines: list[str], name: str, number: int) -> Cell:
    """Read a cell, the first of whose lines has this number."""
    options: dict[str, Any] = {}
    where = f"{name}:{number - 1}: cell"
    first = next((n for n, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    for line in lines[:first]:
        option = _OPTION.fullmatch(line)
        if not option or not re.fullmatch(_OPTIONS.get(option[1], "(?!)"), option[2]):
            raise BuildError(f"{where}: option {line.removeprefix('#|').strip()} is not supported")
        if option[1] in options:
            raise BuildError(f"{where}: option {option[1]} stands there twice")
        options[option[1]] = yaml.safe_load(option[2])
    for at, line in enumerate(lines[first:], start=number + first):
        if re.match(r"\s*#\s*\|", line):
            raise BuildError(f"{name}:{at}: cell: {line.strip()} is no option where it stands")
    for names in _TOGETHER:
        if len(options.keys() & names) == 1:
            raise BuildError(f"{where}: options {' and '.join(sorted(names))} go together")
    if ("tbl-colwidths" in options and "label" not in options) or {"include"} < options.keys():
        raise BuildError(f"{where}: options {', '.join(options)} do not go together")
    while lines[first:] and not lines[first].strip():
        first += 1
    return Cell("\n".join(lines[first:]).rstrip("\n"), options, name, number + first)


def _cell(cell: Cell, outputs: str) -> str:
    options = cell.options
    written = ["\n::: {.cell}"]
    if not {"echo", "include"} & options.keys():
        written += [fenced(cell.code, ".python .cell-code"), ""]
    if cell.label:
        widths = options.get("tbl-colwidths")
        pairs = f' tbl-colwidths="{widths}"' if widths else ""
        written += [_titled(options["tbl-cap"], ":::", f"#{cell.label}{pairs}"), outputs, "", ":::"]
    elif "include" not in options:
        written += [outputs, ""]
    return "\n".join([*written, ":::", ""])
