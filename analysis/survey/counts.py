"""How many doctors gave each answer, or each pair of answers.

`tabulate` is the one seam between the report and the answers. The thesis published cross-tables
and no answers, so the counts are read from the printed cross-tables; every other count of the
report (margins, shares, tests) is computed from what this function returns.
"""

from __future__ import annotations

from functools import cache
from typing import overload

import pandas as pd

from analysis.printed import parse_all, read_table
from analysis.survey.schema import VARIABLES, levels

__all__ = ["is_source", "tabulate"]

_SOURCES = frozenset({"tb1c", "tb1d", "tb2", "tb3"})
_ROW_VARIABLES_OF_TB3 = ("age", "practice", "place")


@overload
def tabulate(rows: str) -> pd.Series: ...


@overload
def tabulate(rows: str, columns: str) -> pd.DataFrame: ...


def tabulate(rows: str, columns: str | None = None) -> pd.Series | pd.DataFrame:
    """Count the doctors by one variable, or by two.

    Parameters
    ----------
    rows : str
        A survey variable.
    columns : str, optional
        Another one.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        Counts, indexed by the levels of `rows`; with `columns`, one column for each of its levels.

    Raises
    ------
    KeyError
        If the thesis prints no table from which these counts follow.

    Examples
    --------
    >>> tabulate("practice", "uses_dmp").loc["mixte"].to_dict()
    {'oui': 6, 'non': 0}
    """
    if columns is None:
        return _margin(rows).copy()
    return _cross_table(rows, columns).copy()


def is_source(table_id: str) -> bool:
    """Say whether the counts are read from a printed table, so that it cannot be checked by them.

    Parameters
    ----------
    table_id : str
        Id of the inventory, in lower case.

    Examples
    --------
    >>> is_source("tb3"), is_source("ta1")
    (True, False)
    """
    return table_id in _SOURCES


@cache
def _cross_table(rows: str, columns: str) -> pd.DataFrame:
    if rows in _ROW_VARIABLES_OF_TB3 and columns == "uses_dmp":
        return _from_columns("tb3", rows, columns, {"oui": "users", "non": "non_users"})
    if (rows, columns) == ("age", "frequency"):
        return _from_columns("tb1c", rows, columns)
    if (rows, columns) == ("frequency", "purpose"):
        return _from_columns("tb1d", rows, columns)
    raise KeyError(f"no printed table crosses {rows!r} with {columns!r}")


@cache
def _margin(variable: str) -> pd.Series:
    if variable in _ROW_VARIABLES_OF_TB3:
        return _cross_table(variable, "uses_dmp").sum(axis="columns")
    if variable == "uses_dmp":
        return _cross_table("age", "uses_dmp").sum(axis="index")
    if variable == "frequency":
        return _cross_table("age", "frequency").sum(axis="index")
    if variable == "purpose":
        return _cross_table("frequency", "purpose").sum(axis="index")
    return _from_list(variable)


def _from_columns(
    table_id: str, rows: str, columns: str, names: dict[str, str] | None = None
) -> pd.DataFrame:
    table = read_table(table_id).set_index("category")
    names = names or {level: level for level in levels(columns)}
    counts = {
        level: [_first_count(table.loc[row, name]) for row in levels(rows)]
        for level, name in names.items()
    }
    return pd.DataFrame(counts, index=pd.Index(levels(rows), name=rows)).rename_axis(
        columns=columns
    )


def _from_list(variable: str) -> pd.Series:
    """Read a question of the in-text lists on the non-users (TB2)."""
    listed = read_table("tb2")
    if variable.startswith("change_"):
        asked = int(_margin("intends_to_use")["non"])
        row = listed.loc[listed["category"] == variable, "n"]
        agreed = _first_count(row.iloc[0])
        found = {"oui": agreed, "non": asked - agreed}
    else:
        own = listed.loc[listed["list"] == variable].set_index("category")["n"]
        found = {level: _first_count(text) for level, text in own.items()}
    if not found:
        raise KeyError(f"no printed table counts {variable!r}")
    return pd.Series(
        [found[level] for level in VARIABLES[variable].levels],
        index=pd.Index(VARIABLES[variable].levels, name=variable),
    )


def _first_count(cell: str) -> int:
    return int(parse_all(cell)[0].value) if cell else 0
