"""How many doctors gave each answer, or each pair of answers.

`tabulate` is the one seam between the report and the answers: every count of the report (margins,
shares, tests) is computed from what this function returns.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.survey.respondents import load, per_table
from analysis.survey.schema import VARIABLES, levels


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
    crossed, index = _crossed(), pd.Index(levels(rows), name=rows)
    if columns is None:
        return pd.Series(crossed.diagonal()[_PLACES[rows]], index)
    block = crossed[_PLACES[rows], _PLACES[columns]]
    return pd.DataFrame(block, index, pd.Index(levels(columns), name=columns))


_ENDS = np.cumsum([len(variable.levels) for variable in VARIABLES.values()]).tolist()
_PLACES = dict(zip(VARIABLES, map(slice, [0, *_ENDS], _ENDS), strict=True))
"""The rows of each variable in the table that crosses them all."""


@per_table
def _crossed() -> NDArray[np.int64]:
    """Cross every variable with every other, once for all the counts that are asked for later."""
    table, size = load(), _ENDS[-1]
    crossed = np.zeros((size, size), dtype=np.int64)
    # From 1: no answer is 0. Two bytes hold a pair of answers.
    codes = {
        name: (pd.Index(levels(name)).get_indexer(table[name]) + 1).astype(np.int16)
        for name in VARIABLES
    }
    for one, other in combinations_with_replacement(VARIABLES, 2):
        shape = len(levels(one)) + 1, len(levels(other)) + 1
        pairs = np.bincount(codes[one] * shape[1] + codes[other], minlength=shape[0] * shape[1])
        counts = pairs.reshape(shape)[1:, 1:]
        crossed[_PLACES[one], _PLACES[other]] = counts
        crossed[_PLACES[other], _PLACES[one]] = counts.T
    return crossed
