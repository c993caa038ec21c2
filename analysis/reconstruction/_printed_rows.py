"""Rows of a printed table that know where they stand, so that a fault can be named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis import paths
from analysis.files import Fault, InputError
from analysis.printed import parse_all, read_table


@dataclass(frozen=True)
class Source:
    """Where something is printed.

    Attributes
    ----------
    table : str
        Id of the published table.
    line : str
        Line of the source text, or the first and the last one.
    """

    table: str
    line: str


@dataclass(frozen=True)
class PrintedRow:
    """A row of a printed table.

    Attributes
    ----------
    path : Path
        The file of the published table.
    position : int
        Line of the file; the header is line 1.
    cells : dict of str to str
        The printed text, by column.
    """

    path: Path
    position: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def source(self) -> Source:
        """The table and the line of the source text."""
        return Source(self.path.stem, self["line"])

    def number(self, column: str) -> int:
        """Read the count of a cell, the first of its numbers; a blank cell is none."""
        return int(parse_all(self[column])[0].value) if self[column] else 0

    def fault(self, rule: str, column: str = "") -> InputError:
        """Return the error that names the row, its source line and the rule that is broken."""
        rule = f"{rule} (source, line {self['line']})"
        value = self[column] if column else ""
        return InputError([Fault(self.path, rule, self.position, column, value)])


def printed_rows(table: str, directory: Path | None = None) -> tuple[PrintedRow, ...]:
    """Read the rows of a printed table.

    Parameters
    ----------
    table : str
        Id of the published table.
    directory : Path, optional
        The folder of the printed tables; ``data/published`` by default.

    Returns
    -------
    tuple of PrintedRow
        In the order of print.

    Raises
    ------
    InputError
        If the table is missing or breaks its schema.

    Examples
    --------
    >>> row = printed_rows("tb3")[6]
    >>> row["category"], row["users"], row.number("users"), row.source
    ('libéral', '47 (53,41)', 47, Source(table='tb3', line='648-651'))
    """
    path = (directory or paths.PUBLISHED) / f"{table}.csv"
    records = read_table(table, directory=directory).to_dict("records")
    return tuple(
        PrintedRow(path, position, {str(name): cell for name, cell in record.items()})
        for position, record in enumerate(records, start=2)
    )
