"""The canonical pair: the tables of users and non-users that the report is computed from.

Concept
-------
Print does not determine the answers: each group has an ensemble of tables that all have the printed
margins and clusters (`ensemble`), and any one of the users goes with any one of the non-users.  One
pair has to be shown, and is chosen by a rule and not by taste:

1. Only members that suggest the printed number of clusters are taken, if a group has at least 20 of
   them: on them R finds the printed partition with nothing but its defaults.
2. Of their pairs, those are kept on whose map of the whole sample most of the thesis's readings
   hold (`quadrants`).  The map is the only printed result that ties users to non-users, and the
   search never looked at it.
3. Of these, the most central pair is taken: the least sum of the mean distances of the two members
   to the others of their ensemble.  Of several, the first one.

Method
------
Correspondence analysis needs the counts of each two categories only (the *Burt table*), and that of
a pair of members is the sum of those of its two members (`analysis.statistics.mca`).  The axes are
turned as in `quadrants.place`, which decides in the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reconstruction.coded import code
from analysis.reconstruction.ensemble import Ensemble
from analysis.reconstruction.quadrants import VARIABLES, readings
from analysis.statistics import mca
from analysis.statistics.profiles import MISSING
from analysis.survey.schema import Group

FEWEST_SUGGESTING = 20
"""From this many members on, those that suggest the printed number of clusters are preferred."""

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class CanonicalPair:
    """The pair of the rule, and what it was chosen from.

    Attributes
    ----------
    positions : dict of str to int
        By group, the place of the canonical member in its ensemble, from 0.
    holding : ndarray of shape (users, non-users)
        Readings that hold on the map of each pair of members.
    rows : dict of str to DataFrame
        By group, the rows of the canonical member.
    """

    positions: dict[Group, int]
    holding: IntArray = field(repr=False, compare=False)
    rows: dict[Group, pd.DataFrame] = field(repr=False, compare=False)

    @property
    def n_holding(self) -> int:
        """Readings that hold on the map of the canonical pair."""
        return int(self.holding[self.positions["users"], self.positions["non_users"]])


def choose(ensembles: Mapping[Group, Ensemble]) -> CanonicalPair:
    """Choose the canonical pair by the rule of the module.

    Parameters
    ----------
    ensembles : mapping of group to Ensemble

    Returns
    -------
    CanonicalPair

    Examples
    --------
    >>> from analysis.paths import ENSEMBLES
    >>> from analysis.reconstruction.ensemble import Ensemble, read
    >>> few = {group: Ensemble(group, read(path).members[:4]) for group, path in ENSEMBLES.items()}
    >>> chosen = choose(few)
    >>> chosen.n_holding == int(chosen.holding.max())
    True
    """
    users, non_users = ensembles["users"], ensembles["non_users"]
    held = held_by_pair(users, non_users)
    pairs = np.array([(one, other) for one in _eligible(users) for other in _eligible(non_users)])
    most = pairs[held[tuple(pairs.T)] == held[tuple(pairs.T)].max()]
    # Whole numbers in the order of the sums of the means: no tie hangs on a rounding.
    of_users, of_non_users = (each.distances.sum(axis=1) for each in (users, non_users))
    sums = of_users[most[:, 0]] * _n_others(non_users) + of_non_users[most[:, 1]] * _n_others(users)
    one, other = map(int, most[int(np.argmin(sums))])
    return CanonicalPair(
        {"users": one, "non_users": other},
        held,
        {"users": users.members[one].rows, "non_users": non_users.members[other].rows},
    )


def held_by_pair(users: Ensemble, non_users: Ensemble) -> IntArray:
    """Count the readings that hold on the map of each pair of members.

    Parameters
    ----------
    users, non_users : Ensemble

    Returns
    -------
    ndarray of shape (users, non-users)
        From 0 to the number of readings.

    Examples
    --------
    >>> from analysis.paths import ENSEMBLES
    >>> from analysis.reconstruction.ensemble import Ensemble, read
    >>> one, two = (Ensemble(g, read(path).members[:3]) for g, path in ENSEMBLES.items())
    >>> held_by_pair(one, two).shape
    (3, 3)
    """
    coded = code(users, non_users)
    of_users, of_non_users = (
        mca.burt_tables(each, coded.sizes) for each in (coded.users, coded.non_users)
    )
    found = readings()
    is_left = found["quadrant"].str.endswith("left").to_numpy()
    is_upper = found["quadrant"].str.startswith("upper").to_numpy()
    at = coded.categories.get_indexer(pd.MultiIndex.from_frame(found[["variable", "category"]]))
    not_asked = coded.categories.get_loc(("frequency", MISSING))
    held = np.zeros((len(users), len(non_users)), dtype=np.int64)
    for number, table in enumerate(of_users):
        _, axes = mca.fit_burt_tables(table + of_non_users, len(VARIABLES), 2)
        x, y = axes[:, at, 0] * np.sign(axes[:, [not_asked], 0]), axes[:, at, 1]
        # A category that no doctor has is nowhere, and `at` is -1 if no member has it.
        holds = ((x < 0) == is_left) & ((y > 0) == is_upper) & ~np.isnan(x) & (at >= 0)
        held[number] = holds.sum(axis=1)
    return held


def _eligible(members: Ensemble) -> tuple[int, ...]:
    suggesting = members.suggesting
    return suggesting if len(suggesting) >= FEWEST_SUGGESTING else tuple(range(len(members)))


def _n_others(members: Ensemble) -> int:
    return max(len(members) - 1, 1)
