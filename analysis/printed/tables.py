"""The printed tables of the thesis, read as text and checked against their schema.

Every table that the thesis prints stands in ``data/published`` as a CSV file whose cells are the
printed characters; ``data/qualitative`` holds what the record of a second study says. Their schema
is ``data/datapackage.json``, a Data Package with Table Schemas (https://datapackage.org): names of
the columns, which cells may be blank, the form of a printed number, the keys. `read_table` refuses
a file that breaks the schema, and says where in one line: file, row, column, value, rule. A row
number counts the lines of the file; the header is line 1.

Only the schema of the repository is used. A folder given as `directory` holds other copies of the
same files.

Examples
--------
>>> read_table("tb1b").loc[0, ["label", "n", "percent"]].tolist()
['Consulter un DMP', '10', '18,18 %']
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.files import Fault, Findings, InputError, Rows, read_bytes, refuse, shown
from analysis.packages import Package, Resource, read_package
from analysis.printed.claims import Claim
from analysis.printed.numbers import PrintedNumber, fault_of_p_value, parse_all
from analysis.printed.sections import LAST_LINE, fault_of_lines

_KEY = 1
"""The column of a table of facts that names them."""


def table_ids() -> tuple[str, ...]:
    """List the ids of the tables of the thesis, in the order of the data package.

    Returns
    -------
    tuple of str
        The ids, which are the names of the files without ``.csv``.

    Raises
    ------
    InputError
        If the data package has a fault.

    Examples
    --------
    >>> table_ids()[:3]
    ('ta1', 'ta2', 'ta3')
    """
    return tuple(_tables(read_package(), paths.PUBLISHED))


def read_table(table_id: str, *, directory: Path | None = None) -> pd.DataFrame:
    """Read one published table, every cell as the text that was printed.

    Parameters
    ----------
    table_id
        The id of the table, in lower case: ``"tb3"``.
    directory
        The folder to read from; the one that the data package names, by default.

    Returns
    -------
    pandas.DataFrame
        One row a printed row. Every cell is a string, the empty one where the print is blank.

    Raises
    ------
    InputError
        If the table is unknown, or its file is missing or breaks the schema.

    Examples
    --------
    >>> table = read_table("tb3")
    >>> table.loc[table["variable"] == "practice", ["category", "users", "non_users"]]
      category       users   non_users
    6  libéral  47 (53,41)  41 (46,59)
    7    mixte     6 (100)       0 (0)
    8  salarié   2 (33,33)   4 (66,67)
    """
    return pd.DataFrame(_rows(table_id, directory).columns, dtype=str)


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
    """A row of a printed table that knows where it stands, so that a fault can be named.

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
        if column not in self.cells:
            raise LookupError(f"{self.path.stem} has no column {column}")
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


def printed_rows(table_id: str, directory: Path | None = None) -> tuple[PrintedRow, ...]:
    """Read the rows of a published table, in the order of print.

    Parameters
    ----------
    table_id, directory
        As for `read_table`.

    Raises
    ------
    InputError
        As for `read_table`.

    Examples
    --------
    >>> row = printed_rows("tb3")[6]
    >>> row["category"], row["users"], row.number("users"), row.source
    ('libéral', '47 (53,41)', 47, Source(table='tb3', line='648-651'))
    """
    rows = _rows(table_id, directory)
    return tuple(
        PrintedRow(rows.path, number, dict(zip(rows.header, cells, strict=True)))
        for number, cells in zip(rows.numbers, rows.cells, strict=True)
    )


def printed_row(place: str, **where: str) -> PrintedRow:
    """Find one row of a published table, by its key or by the values of other columns.

    Parameters
    ----------
    place : str
        Id of the table; with the key of the row after a colon, as ``facts:population``.
    **where : str

    Raises
    ------
    LookupError
        If not exactly one row answers, or the table has no such column.

    Examples
    --------
    >>> printed_row("facts:population")["printed"]
    '1875'
    """
    table_id, _, key = place.partition(":")
    rows = printed_rows(table_id)
    if key:
        where = {[*rows[0].cells][_KEY]: key}
    rows = tuple(row for row in rows if all(row[name] == where[name] for name in where))
    if len(rows) != 1:
        raise LookupError(f"{table_id} has {len(rows)} rows where {where}")
    return rows[0]


def places(table_id: str) -> tuple[Claim, ...]:
    """List the printed numbers of a table, row by row, and where each stands.

    Columns of labels hold none, whatever their digits: only those whose form is a number's do.

    Parameters
    ----------
    table_id
        The id of the table, in lower case.

    Returns
    -------
    tuple of Claim
        The key of each is row, column and rank within the cell, as in ``age/<29:users:1``; a row is
        named by its own key.

    Examples
    --------
    >>> [place.key for place in places("tb3")[:4]]
    ['age/<29:users:1', 'age/<29:users:2', 'age/<29:non_users:1', 'age/<29:non_users:2']
    """
    table = read_package().resource(table_id)
    return tuple(
        Claim.of_print(
            number.text,
            row["line"],
            key=f"{'/'.join(row[name] for name in table.key)}:{column}:{rank}",
        )
        for row in printed_rows(table_id)
        for column in _numeric(table)
        for rank, number in enumerate(_numbers(row[column]), start=1)
    )


def _numeric(table: Resource) -> list[str]:
    return [each.name for each in table.columns if each.origin == "print" and "\\d" in each.pattern]


def _numbers(cell: str) -> tuple[PrintedNumber, ...]:
    # "Non comparable" stands where table TV5 has no number.
    return parse_all(cell) if re.search(r"\d", cell) else ()


def check_all(directory: Path | None = None) -> tuple[str, ...]:
    """Check every table against its schema.

    Parameters
    ----------
    directory
        A folder with copies of the tables of the thesis, which are then the only ones to be
        checked; by default every table is, those of the second study included.

    Returns
    -------
    tuple of str
        The ids of the tables, all of them sound.

    Raises
    ------
    InputError
        With every fault of every table, a CSV file that the data package does not know included.

    Examples
    --------
    >>> "ta1" in check_all()
    True
    """
    package = read_package()
    tables = _tables(package, paths.PUBLISHED if directory else None)
    found = Findings()
    for name in tables:
        found.of(_rows, name, directory)
    for folder in (paths.PUBLISHED,) if directory else (paths.PUBLISHED, paths.QUALITATIVE):
        undeclared = _undeclared(_tables(package, folder), directory or folder)
        found.of(refuse, undeclared)
    found.refuse()
    return tuple(tables)


def _undeclared(tables: Mapping[str, Resource], folder: Path) -> Iterator[Fault]:
    # The fault of a missing file names those that it may have become.
    if all(os.path.lexists(folder / each.path.name) for each in tables.values()):
        for stray in _strays(tables, folder):
            rule = f"the file is not declared in {shown(paths.DATAPACKAGE)}"
            yield Fault(folder / stray, rule)


def _tables(package: Package, folder: Path | None = None) -> dict[str, Resource]:
    """Give the tables of both studies, or those of a folder."""
    folders = [folder] if folder else [paths.PUBLISHED, paths.QUALITATIVE]
    return {name: each for name, each in package.resources.items() if each.path.parent in folders}


def _strays(tables: Mapping[str, Resource], folder: Path) -> list[str]:
    declared = {table.path.name for table in tables.values()}
    return sorted(path.name for path in folder.glob("*.csv") if path.name not in declared)


def _rows(table_id: str, directory: Path | None) -> Rows:
    package = read_package()
    table = package.resource(table_id)
    path = (directory or table.path.parent) / table.path.name
    if not os.path.lexists(path):
        strays = _strays(_tables(package), path.parent)
        hint = f"; renamed to {', '.join(strays)}?" if strays else ""
        raise InputError([Fault(path, f"the file is missing{hint}")])
    return _checked(table, path, read_bytes(path))


@lru_cache(maxsize=256)
def _checked(table: Resource, path: Path, _: bytes) -> Rows:
    # A table is read often: what was read is kept for as long as the file has the same content.
    # The record of the second study is another text.
    last = LAST_LINE if table.path.parent == paths.PUBLISHED else None
    rules = dict.fromkeys(_numeric(table), _rule_of_shares)
    rules |= {"line": partial(fault_of_lines, last=last)}
    if "p_value" in rules:
        rules["p_value"] = _rule_of_p_values
    return table.read(path, also=rules)


def _rule_of_shares(cell: str) -> str:
    shares = [number.value for number in _numbers(cell) if number.is_percent]
    return "a share of more than 100 %" if any(share > 100 for share in shares) else ""


def _rule_of_p_values(cell: str) -> str:
    return next(filter(None, map(fault_of_p_value, _numbers(cell))), "")
