"""The members of both ensembles as whole numbers, over the same categories.

What analyses users and non-users together, pair after pair, needs every member in the same code: a
question that was not put to a group is the category `MISSING` for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reconstruction.ensemble import Ensemble
from analysis.reconstruction.quadrants import VARIABLES
from analysis.statistics.profiles import code_column
from analysis.survey.schema import levels

IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class CodedEnsembles:
    """The members of both ensembles, on the variables of the map of the whole sample.

    Attributes
    ----------
    categories : MultiIndex
        Variable and category of each category that some member has, in display order.
    sizes : tuple of int
        Categories of each variable.
    users, non_users : ndarray of shape (members, doctors, variables)
        Position of each answer among the categories of its variable.
    """

    categories: pd.MultiIndex = field(repr=False)
    sizes: tuple[int, ...]
    users: IntArray = field(repr=False)
    non_users: IntArray = field(repr=False)


def code(users: Ensemble, non_users: Ensemble) -> CodedEnsembles:
    """Code the members of both ensembles.

    Parameters
    ----------
    users, non_users : Ensemble

    Examples
    --------
    >>> from analysis.reconstruction.ensemble import stored
    >>> coded = code(stored("users"), stored("non_users"))
    >>> coded.users.shape[1:], coded.non_users.shape[1:], coded.sizes[:2]
    ((55, 6), (45, 6), (6, 7))
    """
    names = list(VARIABLES)
    rows = [each.stacked.reindex(columns=names) for each in (users, non_users)]
    together = pd.concat(rows, ignore_index=True)
    columns = [
        code_column(pd.Series(pd.Categorical(together[name], list(levels(name)))), name)
        for name in names
    ]
    codes = np.column_stack([column.codes for column in columns])
    of_users, of_non_users = np.split(codes, [len(rows[0])])
    return CodedEnsembles(
        pd.MultiIndex.from_tuples(
            [(column.name, category) for column in columns for category in column.categories],
            names=["variable", "category"],
        ),
        tuple(len(column.categories) for column in columns),
        of_users.reshape(len(users), -1, len(names)),
        of_non_users.reshape(len(non_users), -1, len(names)),
    )
