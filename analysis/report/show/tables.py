"""Tables of the report: computed cells, each beside what the thesis prints there.

A table is written once, as a Markdown pipe table, which both roads to the pages turn into HTML and
into Typst. Its mark follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analysis.printed import Verdict
from analysis.reconstruction.basis import RestsOn
from analysis.report.basis import basis_of
from analysis.report.show.checks import Check, Number, check_cell, mark
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    count,
    decimal,
    percent,
    share,
)

_DAGGER = "\u202f†"


@dataclass(frozen=True)
class Cell:
    """A cell: what is shown, the numbers behind it, and what the thesis prints there.

    Parameters
    ----------
    text : str
        Shown text, in French.
    values : tuple of numbers
        The computed numbers shown; None where there is nothing to compute from.
    printed : str
        The printed cell; empty where the thesis prints nothing.
    line : str
        Source lines of the printed cell.
    from_print : bool
        Whether the numbers are computed from print and the council's figures only.
    """

    text: str
    values: tuple[Number | None, ...] = ()
    printed: str = ""
    line: str = ""
    from_print: bool = False

    def checks(self, place: str, rests_on: RestsOn = RestsOn.PRINT) -> tuple[Check, ...]:
        """Compare the cell with print; nothing where the thesis prints nothing.

        Parameters
        ----------
        place : str
        rests_on : RestsOn
            What the numbers of its table rest on.
        """
        if not self.printed:
            return ()
        basis = RestsOn.PRINT if self.from_print else rests_on
        return check_cell(place, self.printed, self.line, self.values, basis)


def text_cell(text: str = "") -> Cell:
    """Make a cell without a number."""
    return Cell(text)


def count_cell(value: int, printed: str = "", line: str = "", *, from_print: bool = False) -> Cell:
    """Make a cell that shows a count.

    Examples
    --------
    >>> count_cell(17, "17", "454").text
    '17'
    """
    return Cell(count(value), (value,), printed, line, from_print)


def percent_cell(
    part: int, whole: int, printed: str = "", line: str = "", decimals: int = 2
) -> Cell:
    """Make a cell that shows the share of a part in a whole.

    Examples
    --------
    >>> percent_cell(22, 55).text.replace(chr(160), " ")
    '40,00 %'
    """
    return Cell(percent(part, whole, decimals), (share(part, whole),), printed, line)


def counted_cell(
    part: int,
    whole: int,
    printed: str = "",
    line: str = "",
    *,
    decimals: int = 2,
    from_print: bool = False,
) -> Cell:
    """Make a cell that shows a count and its share, as ``47 (53,41)``.

    Examples
    --------
    >>> counted_cell(47, 88).text.replace(chr(160), " ")
    '47 (53,41)'
    """
    value = share(part, whole)
    text = f"{count(part)}{NBSP}({UNDEFINED if value is None else decimal(value, decimals)})"
    return Cell(text, (part, value), printed, line, from_print)


@dataclass(frozen=True)
class Row:
    """A row: its label and its cells; the row that opens a group may have no cells.

    Parameters
    ----------
    label : str
    cells : tuple of Cell
    opens_group : bool
        Whether the rows that follow belong under it.
    """

    label: str
    cells: tuple[Cell, ...] = ()
    opens_group: bool = False

    @classmethod
    def of(cls, label: str, *cells: Cell | str) -> Row:
        """Make a row of cells, and of texts without a number."""
        return cls(
            label, tuple(text_cell(each) if isinstance(each, str) else each for each in cells)
        )


@dataclass(frozen=True)
class Table:
    """A regenerated table.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    header : tuple of str
        Column titles; the first stands over the labels.
    rows : tuple of Row
    note : str
        A sentence under the table, in Markdown.
    align : {"right", "left"}
        How the cells stand: numbers to the right, sentences to the left.

    Notes
    -----
    A notebook shows a table through `_repr_markdown_`.
    """

    id: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    align: Literal["right", "left"] = "right"

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.cells and len(row.cells) != len(self.header) - 1:
                raise ValueError(
                    f"table {self.id}, row {row.label!r}: {len(row.cells)} cells, "
                    f"{len(self.header) - 1} expected"
                )

    def _placed(self) -> Iterator[tuple[str, str, str, Cell]]:
        """Yield every cell with its group, its row and its column."""
        group = ""
        for row in self.rows:
            if row.opens_group:
                group = row.label.split(",")[0]
            for title, cell in zip(self.header[1:], row.cells, strict=False):
                yield group, "" if row.opens_group else row.label, title.split(" (")[0], cell

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every comparison with print, row by row."""
        basis = basis_of(self.id)
        return tuple(
            check
            for *place, cell in self._placed()
            for check in cell.checks(f"*{', '.join(part for part in place if part)}*", basis)
        )

    def to_markdown(self) -> str:
        """Write the table and its mark in Pandoc's Markdown."""
        body = [self._cells(row) for row in self.rows]
        widths = [
            max(3, *map(len, title.split()), *(len(line[column]) for line in body))
            for column, title in enumerate(self.header)
        ]
        cells = "{}:" if self.align == "right" else ":{}"
        rule = [":" + "-" * widths[0]] + [cells.format("-" * width) for width in widths[1:]]
        lines = [_pipe(self.header), _pipe(rule), *(_pipe(line) for line in body)]
        blocks = ["\n".join(lines)]
        if self.note:
            blocks.append(f"::: {{.note-table}}\n{self.note}\n:::")
        blocks.append(mark(self.checks))
        return "\n\n".join(block for block in blocks if block)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _cells(self, row: Row) -> list[str]:
        label = _escape(row.label)
        cells = row.cells or (text_cell(),) * (len(self.header) - 1)
        shown = [_escape(cell.text) + _flag(cell) for cell in cells]
        return [f"**{label}**" if row.opens_group else label, *shown]


def _flag(cell: Cell) -> str:
    apart = any(check.verdict is Verdict.DISCREPANCY for check in cell.checks(""))
    return _DAGGER if apart else ""


def _pipe(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escape(text: str) -> str:
    return text.replace("<", "\\<").replace("|", "\\|").replace("_", "\\_")
