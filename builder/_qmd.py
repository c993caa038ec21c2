"""Read a chapter: front matter, prose and Python cells, with Quarto's cell options.

A cell is a fenced block whose info string is ``{python}``; its options are the first lines, which
begin with ``#|`` and hold YAML. Everything else is Pandoc's Markdown, save three things that are
Quarto's: ``{{< include file >}}``, ``{{< pagebreak >}}`` and inline ``{python} expression``.

``markdown`` gives the chapter back to Pandoc with each cell as a division. It writes the same
divisions whether the cells were run or not, so that numbers can be had without running them. What
this subset of Quarto does not have is refused by name: silence would give another book than Quarto.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from builder._config import Book, BuildError, Chapter
from builder._pandoc import local_path

__all__ = ["Cell", "Prose", "Results", "Source", "attribute", "fenced", "inlines", "markdown"]
__all__ += ["read"]

_OPTIONS = {"label", "fig-cap", "tbl-cap", "tbl-colwidths", "fig-alt", "renderings"}
_OPTIONS |= {"echo", "output", "include", "eval", "code-fold", "code-summary"}
_FRONT_MATTER = {"title", "number-sections"}
_RENDERINGS = ["dark", "light"]
_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*([^`]*?)\s*$")
_SHORTCODE = re.compile(r"\{\{<\s*(\S+)\s*(.*?)\s*>\}\}")
_INLINE = re.compile(r"`\{python\}\s+([^`]+)`")


@dataclass(frozen=True)
class Cell:
    """A cell to run: the file and the line of its code, and what stands before its fence."""

    code: str
    options: Mapping[str, Any]
    file: str
    line: int
    indent: str = ""

    @property
    def name(self) -> str:
        """What it is called in a message."""
        return f"cell {self.label}" if self.label else "cell"

    @property
    def where(self) -> str:
        """The file and the line of its code."""
        return f"{self.file}:{self.line}"

    @property
    def label(self) -> str:
        """The label, or an empty string."""
        return str(self.options.get("label", ""))

    @property
    def float_kind(self) -> str:
        """``fig`` or ``tbl`` where the output is numbered and captioned, else an empty string."""
        kind = self.label[:3] if self.label.startswith(("fig-", "tbl-")) else ""
        return kind if self.shows_output else ""

    @property
    def runs(self) -> bool:
        """Whether the code is run."""
        return self.options.get("eval", True) is not False

    @property
    def shows_output(self) -> bool:
        """Whether what the cell displays is in the chapter."""
        hidden = (self.options.get("include", True), self.options.get("output", True))
        return self.runs and False not in hidden


@dataclass(frozen=True)
class Prose:
    """A line of Markdown, or a verbatim fence, in which nothing is replaced; `where` it stands."""

    text: str
    where: str
    verbatim: bool = False


@dataclass(frozen=True)
class Source:
    """A chapter as written."""

    chapter: Chapter
    title: str
    numbered: bool
    items: tuple[Cell | Prose, ...]


@dataclass(frozen=True)
class Results:
    """What running gave: Markdown by item, values of inline expressions by item, image files."""

    cells: Mapping[int, str] = field(default_factory=dict)
    inlines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def read(book: Book, chapter: Chapter) -> Source:
    """Read a chapter and check that it keeps to the subset.

    Raises
    ------
    BuildError
        For an unknown option, shortcode, engine or front matter key, and for a numbered cell that
        has no caption.
    """
    lines = (book.root / chapter.source).read_text(encoding="utf-8").splitlines()
    front: dict[str, Any] = {}
    first = 1
    if lines and lines[0].rstrip() == "---":
        first = 2 + next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
        front = _yaml("\n".join(lines[1 : first - 2]), chapter.source) or {}
    for key in front:
        if key not in _FRONT_MATTER:
            raise BuildError(f"{chapter.source}: front matter: {key} is not supported")
    items = _items(book.root, chapter.source, first)
    numbered = front.get("number-sections", True) is not False
    return Source(chapter, str(front.get("title", "")), numbered, tuple(items))


def inlines(prose: Prose) -> list[str]:
    """Return the Python expressions in a line of prose, in order."""
    return [] if prose.verbatim else [match.strip() for match in _INLINE.findall(prose.text)]


def markdown(source: Source, book: Book, results: Results | None = None) -> str:
    """Return the chapter as Markdown that Pandoc reads, cells as divisions.

    Without `results` the divisions are empty, and inline expressions read as an ellipsis.
    """
    found = results or Results()
    written = [f"# {source.title}\n"] if source.title else []
    for index, item in enumerate(source.items):
        if isinstance(item, Cell):
            block = _cell(item, book, found.cells.get(index, ""))
            written.append("\n" + "\n".join(item.indent + line for line in block.splitlines()))
        elif item.verbatim:
            written.append(item.text)
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


def _items(root: Path, name: str, first: int = 1) -> Iterator[Cell | Prose]:
    """Yield what a file holds from its line `first` on, and what it includes."""
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    rest = enumerate(lines[first - 1 :], start=first)
    for number, line in rest:
        where = f"{name}:{number}"
        if fence := _FENCE.match(line):
            inside, closing = [], ""
            for _, inner in rest:
                closed = _FENCE.match(inner)
                if closed and closed[2].startswith(fence[2]) and not closed[3]:
                    closing = inner
                    break
                inside.append(inner)
            if fence[3] == "{python}":
                code = [inner.removeprefix(fence[1]) for inner in inside]
                yield _read_cell(code, name, number + 1, fence[1])
            elif re.match(r"\{\w", fence[3]):
                raise BuildError(f"{where}: a cell opens with {{python}}, not {fence[3]}")
            else:
                yield Prose("\n".join([line, *inside, closing]), where, verbatim=True)
        elif shortcode := _SHORTCODE.search(line):
            if shortcode[0] != line.strip() or shortcode[1] not in ("include", "pagebreak"):
                raise BuildError(f"{where}: shortcode {shortcode[1]} is not supported")
            yield from _shortcode(root, name, where, *shortcode.groups())
        else:
            yield Prose(line, where)


def _shortcode(root: Path, name: str, where: str, kind: str, path: str) -> Iterator[Cell | Prose]:
    if kind == "pagebreak":
        yield Prose("\n::: {.pagebreak}\n:::\n", where)
        return
    included = local_path(str(PurePosixPath(name).parent), path.strip("\"'"))
    if not (root / included).is_file() or included == name:
        raise BuildError(f"{where}: cannot include {path}")
    yield from _items(root, included)


def _read_cell(lines: list[str], name: str, number: int, indent: str) -> Cell:
    """Read a cell, the first of whose lines has this number."""
    where = f"{name}:{number - 1}"
    first = next((n for n, line in enumerate(lines) if not line.startswith("#|")), len(lines))
    options = _yaml("\n".join(line[2:].removeprefix(" ") for line in lines[:first]), where) or {}
    while lines[first:] and not lines[first].strip():
        first += 1
    code = "\n".join(lines[first:]).rstrip("\n")
    cell = Cell(code, options, name, number + first, indent)
    for key in options:
        if key not in _OPTIONS:
            raise BuildError(f"{where}: {cell.name}: option {key} is not supported")
    for key in ("echo", "include", "eval", "output"):
        if options.get(key, True) not in (True, False, *["asis"] * (key == "output")):
            raise BuildError(f"{where}: {cell.name}: {key} cannot be {options[key]}")
    if sorted(options.get("renderings", _RENDERINGS)) != _RENDERINGS:
        raise BuildError(f"{where}: {cell.name}: renderings are light and dark")
    for kind in ("fig", "tbl"):
        if (f"{kind}-cap" in options) != (cell.label.startswith(f"{kind}-")):
            raise BuildError(f"{where}: {cell.name}: {kind}-cap and a label {kind}-… go together")
    return cell


def _yaml(content: str, where: str) -> Any:
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise BuildError(f"{where}: {' '.join(str(error).split())}") from error


def _cell(cell: Cell, book: Book, outputs: str) -> str:
    options = cell.options
    written = ["::: {.cell}"]
    if options.get("echo", book.get("execute.echo", True)) and options.get("include", True):
        fold = options.get("code-fold", book.get("format.html.code-fold", False))
        summary = attribute(str(options.get("code-summary", book.language["code-summary"])))
        pairs = f"code-fold={str(fold).lower()} code-summary={summary}"
        written += [fenced(cell.code, f".python .cell-code {pairs}"), ""]
    if cell.float_kind:
        widths = options.get("tbl-colwidths")
        pairs = f' tbl-colwidths="{widths}"' if widths else ""
        caption = str(options[f"{cell.float_kind}-cap"]).strip()
        written += [f"::: {{#{cell.label}{pairs}}}", outputs, "", caption, "", ":::"]
    elif cell.shows_output:
        written += [outputs, ""]
    return "\n".join([*written, ":::", ""])
