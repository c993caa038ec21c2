"""How many doctors gave each answer, or each pair of answers.

`tabulate` is the one seam between the report and the answers: every count of the report (margins,
shares, tests) is computed from what this function returns.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import overload

import pandas as pd

from analysis.survey.respondents import load, source
from analysis.survey.schema import levels

__all__ = ["answered", "tabulate"]


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
        If the survey has no such variable.

    Examples
    --------
    >>> tabulate("practice", "uses_dmp").loc["mixte"].to_dict()
    {'oui': 6, 'non': 0}
    """
    if columns is None:
        return _margin(source(), rows).copy()
    return _cross_table(source(), rows, columns).copy()


def answered(variable: str) -> int:
    """Count the doctors who answered a question.

    Examples
    --------
    >>> answered("barrier_1")
    45
    """
    return int((load()[variable] != "").sum())


@cache
def _margin(_: Path, variable: str) -> pd.Series:
    counts = load()[variable].value_counts()
    return counts.reindex(levels(variable), fill_value=0).rename_axis(variable).rename(None)


@cache
def _cross_table(_: Path, rows: str, columns: str) -> pd.DataFrame:
    table = load()
    both = table.loc[(table[rows] != "") & (table[columns] != "")]
    counts = pd.crosstab(both[rows], both[columns])
    return counts.reindex(index=levels(rows), columns=levels(columns), fill_value=0)
