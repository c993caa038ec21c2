"""The respondents table: one row a doctor, one column a question.

The table that comes with the project was rebuilt from the printed tables: its rows are consistent
with what the thesis printed and belong to no real person. A table of real answers can stand in its
place: name its file in the environment variable ``DMP_RESPONDENTS``.

A table is UTF-8 CSV. A cell is empty where the question was not asked or not answered. A row whose
``excluded`` cell is filled is a reply that the thesis left out of its analysis: it is checked like
the others and counted nowhere.
"""

from __future__ import annotations

import heapq
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pandas as pd

from analysis import paths
from analysis.files import Column, Fault, InputError, Rows, read_csv
from analysis.survey.schema import VARIABLES, Asked, Variable

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
    values = {name: variable.levels for name, variable in VARIABLES.items()}
    values["excluded"] = EXCLUSIONS
    table = read(source())
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
    InputError
        With every fault of the table.
    """
    columns = [
        Column("respondent", required=True, also=_rule_of_numbers),
        *(Column(each.name, allowed=each.levels) for each in VARIABLES.values()),
    ]
    try:
        # The name is shown on a page.
        path.name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError([Fault(path, "the name of the file is not UTF-8")]) from error
    rows = read_csv(
        path,
        columns,
        key=("respondent",),
        more=lambda rows: heapq.merge(
            _faults(rows), _faults_of_numbers(rows), key=lambda fault: fault.row
        ),
        optional=[Column("excluded", allowed=EXCLUSIONS)],
        by_a_reader=True,
    )
    return pd.DataFrame(rows.columns, dtype=str)


def _rule_of_numbers(number: str) -> str:
    return "" if _NUMBER.fullmatch(number) else "a respondent has a number, from 1 up"


def _faults(rows: Rows) -> Iterator[Fault]:
    """Find answers of doctors who were not asked, doctors of no group, and tables of none."""
    columns = rows.columns
    uses, intends = columns["uses_dmp"], columns["intends_to_use"]
    excluded = columns.get("excluded", ("",) * len(uses))
    if all(excluded):
        rule = "every row is excluded: none is left to analyse"
        yield Fault(rows.path, rule, column="excluded")
    wrong: dict[str, set[tuple[str, str, str]]] = {}
    for each in (one for one in VARIABLES.values() if one.asked != "everyone"):
        # Few combinations are different: each is looked at once.
        found = set(zip(columns[each.name], uses, intends, strict=True))
        wrong[each.name] = {one for one in found if _is_out_of_place(each, *one)}
    has_group = all(use or out for use, out in zip(uses, excluded, strict=True))
    if has_group and not any(wrong.values()):
        return
    for position, (use, intend) in enumerate(zip(uses, intends, strict=True)):
        if not use and not excluded[position]:
            rule = "an analysed doctor is a user or a non-user"
            yield rows.fault(position, "uses_dmp", rule)
        for name, broken in wrong.items():
            if (columns[name][position], use, intend) in broken:
                yield rows.fault(position, name, _NOT_ASKED[VARIABLES[name].asked])


def _faults_of_numbers(rows: Rows) -> Iterator[Fault]:
    """Find numbers that differ by the zeros before them; the same text twice is a fault anyway."""
    seen: dict[str, int] = {}
    texts = set()
    for position, number in enumerate(rows.columns["respondent"]):
        first = seen.setdefault(number.lstrip("0"), rows.numbers[position])
        if first != rows.numbers[position] and number not in texts and _NUMBER.fullmatch(number):
            yield rows.fault(position, "respondent", f"row {first} has the same respondent")
        texts.add(number)


def _is_out_of_place(variable: Variable, value: str, uses: str, intends: str) -> bool:
    # A level that does not exist is a fault of its own, and so is a doctor of no group.
    if value not in variable.levels or uses not in VARIABLES["uses_dmp"].levels:
        return False
    if variable.asked == "users":
        return uses != "oui"
    return uses != "non" or (variable.asked == "reluctant" and intends != "non")


_NOT_ASKED: dict[Asked, str] = {
    "users": "only a user (uses_dmp is oui) was asked this",
    "non_users": "only a non-user (uses_dmp is non) was asked this",
    "reluctant": "only a non-user who does not intend to use it was asked this",
}
