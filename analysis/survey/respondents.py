"""The respondents table: one row a doctor, one column a question.

The table that comes with the project was rebuilt from the printed tables: its rows are consistent
with what the thesis printed and belong to no real person. A table of real answers can stand in its
place: name its file in the environment variable ``DMP_RESPONDENTS``.

A table is UTF-8 CSV. A cell is empty where the question was not asked or not answered. A row whose
``excluded`` cell is filled is a reply that the thesis left out of its analysis: it is checked like
the others and counted nowhere.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.survey.schema import ITEMS, VARIABLES, Asked

__all__ = [
    "COLUMNS",
    "EXCLUSIONS",
    "Fault",
    "RespondentsError",
    "find_faults",
    "is_imposed",
    "is_rebuilt",
    "load",
    "read",
    "source",
]

COLUMNS = ("respondent", *VARIABLES)
"""The columns that a respondents table has."""
EXCLUSIONS = ("remplacant", "jamais_entendu", "autre_specialite")
"""Why a reply was left out: values of the optional column ``excluded``."""
_OPTIONAL = ("excluded",)
_IMPOSED = frozenset({"ta1", "ta2", "ta3", "tb1a", "tb1b", "tb1c", "tb1d", "tb2", "tb3", *ITEMS})
_VARIABLE = "DMP_RESPONDENTS"


@dataclass(frozen=True)
class Fault:
    """One fault of a respondents table.

    Parameters
    ----------
    file : str
    row : int
        Line of the file, counted from 1; 0 for a fault of the whole file.
    column, value, rule : str
        Where it stands, what stands there, and what should.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        """Say the fault in one line."""
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        found = f"{self.value!r}: " if self.value else ""
        return f"{', '.join(place)}: {found}{self.rule}"


class RespondentsError(ValueError):
    """A respondents table that cannot be used; the message names its first fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")


def source() -> Path:
    """Find the table that the report is computed from.

    Returns
    -------
    Path
        The file named in ``DMP_RESPONDENTS``, else the rebuilt table.
    """
    named = os.environ.get(_VARIABLE)
    return Path(named) if named else paths.RESPONDENTS


def is_rebuilt() -> bool:
    """Say whether the rows in use are the rebuilt ones, and not a table of one's own."""
    return source().resolve() == paths.RESPONDENTS


def is_imposed(table_id: str) -> bool:
    """Say whether the counts of a printed table were imposed on the rows in use.

    The rebuilt rows were made to agree with these tables: that they do proves nothing about the
    survey. Of a table of real answers it does.

    Parameters
    ----------
    table_id : str
        Id of the inventory, in lower case.
    """
    return is_rebuilt() and table_id in _IMPOSED


def load(*, excluded: bool = False) -> pd.DataFrame:
    """Load the table that the report is computed from; a process reads the file once.

    Parameters
    ----------
    excluded : bool
        Whether to keep the excluded replies.

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`: text, and but for the first a pandas Categorical of the levels in
        alphabetical order; an empty string where there is no answer. With `excluded` also the
        column of this name, where the file has it.

    Raises
    ------
    RespondentsError
        If the table has a fault.
    """
    table = _load(source())
    if excluded or "excluded" not in table:
        return table.copy(deep=False)
    analysed = table.loc[table["excluded"] == ""].drop(columns="excluded")
    return analysed.reset_index(drop=True)


@cache
def _load(path: Path) -> pd.DataFrame:
    values = {name: variable.levels for name, variable in VARIABLES.items()}
    values["excluded"] = EXCLUSIONS
    table = read(path)
    # A hundred thousand answers to a question are few values: a byte each, and fast to compare.
    return table.astype(
        {
            name: pd.CategoricalDtype(["", *sorted(values[name])])
            for name in table.columns.intersection(list(values))
        }
    )


def read(path: Path) -> pd.DataFrame:
    """Read a respondents table, excluded replies included.

    Raises
    ------
    RespondentsError
        If the table has a fault.
    """
    faults = tuple(find_faults(path))
    if faults:
        raise RespondentsError(faults)
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def find_faults(path: Path) -> Iterator[Fault]:
    """Find every fault of a respondents table.

    Parameters
    ----------
    path : Path

    Yields
    ------
    Fault
        In the order of the file; a file that cannot be read has one.
    """
    name = path.name
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        yield Fault(name, 0, "", "", "there is no such file")
        return
    except IsADirectoryError:
        yield Fault(name, 0, "", "", "this is a folder, not a file")
        return
    except UnicodeDecodeError as error:
        yield Fault(name, 0, "", "", f"the file is not UTF-8 (byte {error.start + 1})")
        return
    if text.startswith("\ufeff"):
        yield Fault(name, 1, "", "", "the file begins with a byte order mark")
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        if not header:
            yield Fault(name, 0, "", "", "the file is empty")
            return
        yield from _faults_of_header(name, header)
        if not set(COLUMNS) <= set(header) or len(header) != len(set(header)):
            return
        seen: dict[str, int] = {}
        count = analysed = 0
        excluded = header.index("excluded") if "excluded" in header else None
        for cells in rows:
            count += 1
            analysed += excluded is None or not "".join(cells[excluded : excluded + 1])
            yield from _faults_of_row(name, rows.line_num, header, cells, seen)
        if not count:
            yield Fault(name, 0, "", "", "the table has no row")
        elif not analysed:
            yield Fault(name, 0, "excluded", "", "every row is excluded: none is left to analyse")
    except csv.Error as error:
        yield Fault(name, rows.line_num, "", "", f"not CSV: {error}")


def _faults_of_header(name: str, header: list[str]) -> Iterator[Fault]:
    for column in COLUMNS:
        if column not in header:
            yield Fault(name, 1, column, "", "the column is missing")
    for position, column in enumerate(header):
        if column not in COLUMNS + _OPTIONAL:
            yield Fault(name, 1, column, "", "a respondents table has no such column")
        elif column in header[:position]:
            yield Fault(name, 1, column, "", "the column stands twice")


def _faults_of_row(
    name: str, line: int, header: list[str], cells: list[str], seen: dict[str, int]
) -> Iterator[Fault]:
    if len(cells) != len(header):
        rule = f"the row has {len(cells)} cells, the header {len(header)}"
        yield Fault(name, line, "", "", rule)
        return
    row = dict(zip(header, cells, strict=True))
    number = row["respondent"]
    if not number.isascii() or not number.isdigit() or int(number) < 1:
        yield Fault(name, line, "respondent", number, "a respondent has a number, from 1 up")
    elif number in seen:
        yield Fault(name, line, "respondent", number, f"row {seen[number]} has this number too")
    seen.setdefault(number, line)
    excluded = row.get("excluded", "")
    if excluded and excluded not in EXCLUSIONS:
        yield Fault(name, line, "excluded", excluded, _one_of(EXCLUSIONS))
    if not row["uses_dmp"] and not excluded:
        yield Fault(name, line, "uses_dmp", "", "an analysed doctor is a user or a non-user")
    for variable in VARIABLES.values():
        value = row[variable.name]
        if value and value not in variable.levels:
            yield Fault(name, line, variable.name, value, _one_of(variable.levels))
        elif value and not _was_asked(variable.asked, row):
            yield Fault(name, line, variable.name, value, _NOT_ASKED[variable.asked])


_NOT_ASKED: dict[Asked, str] = {
    "everyone": "",
    "users": "only a user (uses_dmp is oui) was asked this",
    "non_users": "only a non-user (uses_dmp is non) was asked this",
    "reluctant": "only a non-user who does not intend to use it was asked this",
}


def _was_asked(asked: Asked, row: Mapping[str, str]) -> bool:
    if asked == "everyone":
        return True
    if asked == "users":
        return row["uses_dmp"] == "oui"
    return row["uses_dmp"] == "non" and (asked == "non_users" or row["intends_to_use"] == "non")


def _one_of(values: tuple[str, ...]) -> str:
    return f"one of {', '.join(values)}, or empty"
