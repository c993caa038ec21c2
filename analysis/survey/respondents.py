"""The respondents table: one row a doctor, one column a question.

The table that comes with the project was rebuilt from the printed tables: its rows are consistent
with what the thesis printed and belong to no real person. A table of real answers can stand in its
place: name its file in the environment variable ``DMP_RESPONDENTS``.

A table is UTF-8 CSV. A cell is empty where the question was not asked or not answered. A row whose
``excluded`` cell is filled is a reply that the thesis left out of its analysis: it is checked like
the others and counted nowhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pandas as pd

from analysis import paths
from analysis.files import Column, Fault, InputError, Rows, read_csv
from analysis.survey.schema import GROUPS, VARIABLES, Asked, Variable, levels

COLUMNS = ("respondent", *VARIABLES)
"""The columns that a respondents table has."""
EXCLUSIONS = ("remplacant", "jamais_entendu", "autre_specialite")
"""Why a reply was left out: values of the optional column ``excluded``."""
_VARIABLE = "DMP_RESPONDENTS"
_NUMBER = re.compile("0*[1-9][0-9]*")
_Ts = TypeVarTuple("_Ts")
_R = TypeVar("_R")


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
    # Unlike Path.resolve, this takes a link that leads to itself.
    return os.path.realpath(source()) == os.path.realpath(paths.RESPONDENTS)


def per_table(function: Callable[[*_Ts], _R]) -> Callable[[*_Ts], _R]:
    """Keep what a function makes of the respondents, for as long as their file is the same.

    Parameters
    ----------
    function : callable
        Takes what can be a key of a dictionary.
    """

    @cache
    def made(_: tuple[Path, int, int], *args: *_Ts) -> _R:
        return function(*args)

    @wraps(function)
    def kept(*args: *_Ts) -> _R:
        return made(_version(source()), *args)

    return kept


def _version(path: Path) -> tuple[Path, int, int]:
    try:
        found = path.stat()
    except OSError:
        return path, 0, 0
    return path, found.st_mtime_ns, found.st_size


def load(*, excluded: bool = False) -> pd.DataFrame:
    """Load the table that the report is computed from.

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
    InputError
        If the table has a fault.
    """
    table = _table()
    if excluded or "excluded" not in table:
        return table.copy(deep=False)
    analysed = table.loc[table["excluded"] == ""].drop(columns="excluded")
    return analysed.reset_index(drop=True)


@per_table
def _table() -> pd.DataFrame:
    values = {name: each.levels for name, each in VARIABLES.items()} | {"excluded": EXCLUSIONS}
    # A hundred thousand answers to a question are few values: a byte each, and fast to compare.
    known = {name: pd.CategoricalDtype(["", *sorted(own)]) for name, own in values.items()}
    table = read(source())
    return table.astype({name: known[name] for name in table.columns if name in known})


def read(path: Path) -> pd.DataFrame:
    """Read a respondents table, excluded replies included.

    Raises
    ------
    InputError
        With every fault of the table.
    """
    columns = [
        Column("respondent", required=True, also=_rule_of_numbers),
        Column("uses_dmp", allowed=levels("uses_dmp"), also=_rule_of_groups, beside=("excluded",)),
        *(_column(each) for each in VARIABLES.values() if each.name != "uses_dmp"),
        Column("excluded", allowed=EXCLUSIONS, is_optional=True),
    ]
    try:
        # The name is shown on a page.
        path.name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError([Fault(path, "the name of the file is not UTF-8")]) from error
    rows = read_csv(path, columns, key=("respondent",), more=_faults, by_a_reader=True)
    return pd.DataFrame(rows.columns, dtype=str)


def _rule_of_numbers(number: str) -> str:
    return "" if _NUMBER.fullmatch(number) else "a respondent has a number, from 1 up"


def _rule_of_groups(uses: str, excluded: str) -> str:
    return "" if uses or excluded else "an analysed doctor is a user or a non-user"


def _column(variable: Variable) -> Column:
    """Describe a column; a rule has it that only who was asked has answered."""

    def rule(value: str, uses: str, intends: str) -> str:
        # A doctor of no group is a fault of his own.
        is_asked = uses == GROUPS["users" if variable.asked == "users" else "non_users"]
        is_asked &= variable.asked != "reluctant" or intends == "non"
        is_open = not value or uses not in GROUPS.values() or is_asked
        return "" if is_open else _NOT_ASKED[variable.asked]

    if variable.asked == "everyone":
        return Column(variable.name, allowed=variable.levels)
    beside = ("uses_dmp", "intends_to_use")
    return Column(variable.name, allowed=variable.levels, also=rule, beside=beside)


def _faults(rows: Rows) -> Iterator[Fault]:
    """Find a table of which no row is left, and numbers that differ by the zeros before them."""
    if all(rows.columns.get("excluded", [""])):
        yield Fault(rows.path, "every row is excluded: none is left to analyse", column="excluded")
    seen: dict[str, int] = {}
    texts = set()
    for position, number in enumerate(rows.columns["respondent"]):
        first = seen.setdefault(number.lstrip("0"), rows.numbers[position])
        # The same text twice is a fault anyway.
        if first != rows.numbers[position] and number not in texts and _NUMBER.fullmatch(number):
            yield rows.fault(position, "respondent", f"row {first} has the same respondent")
        texts.add(number)


_NOT_ASKED: dict[Asked, str] = {
    "users": "only a user (uses_dmp is oui) was asked this",
    "non_users": "only a non-user (uses_dmp is non) was asked this",
    "reluctant": "only a non-user who does not intend to use it was asked this",
}
