"""The share of users, calibrated: what a hundred volunteers say of the Hérault (section V.A).

The doctors who answered get weights by which they have the council's margins of age, type and place
of practice.  How the three margins cross among them is not printed in full.  The weights depend on
it, so that they are also computed on every pair of tables of the two ensembles.  The council's list
of places leaves out some of its doctors: the weights are those of the listed ones, and those that
any place of the others gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reconstruction.ensemble import stored
from analysis.statistics.calibration import Calibration, calibrate, jackknife
from analysis.statistics.proportions import Interval
from analysis.survey import GROUPS, ask, council, levels

_VARIABLES = ("age", "practice", "place")
"""What the council counts its doctors by."""

IntArray = NDArray[np.int64]


def margins(unlisted: str | None = None) -> list[NDArray[np.float64]]:
    """Give the council's margins of age, type and place of practice.

    Parameters
    ----------
    unlisted : {"seul", "groupe", "autre"}, optional
        Where the doctors without a listed place are supposed to practise; by default they are left
        out of the margin.
    """
    found = {name: council.doctors(name, unlisted) for name in _VARIABLES}
    return [found[name][list(levels(name))].to_numpy(dtype=float) for name in _VARIABLES]


def _cells(rows: pd.DataFrame) -> IntArray:
    """Count doctors by age, type and place; those who left one of them out cannot be weighted."""
    names = {name: pd.Index(levels(name)) for name in _VARIABLES}
    sizes = tuple(map(len, names.values()))
    codes = np.array([own.get_indexer(rows[name]) for name, own in names.items()])
    places = np.ravel_multi_index(tuple(codes[:, (codes >= 0).all(axis=0)]), sizes)
    return np.bincount(places, minlength=math.prod(sizes)).reshape(sizes)


@dataclass(frozen=True, eq=False)
class Sample:
    """A sample of the doctors of the Hérault.

    Attributes
    ----------
    users, doctors : ndarray of int
        The users, and all the doctors, by age, type and place of practice.
    """

    users: IntArray = field(repr=False)
    doctors: IntArray = field(repr=False)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Sample:
        """Count the doctors of a respondents table."""
        return cls(_cells(table[table["uses_dmp"] == GROUPS["users"]]), _cells(table))

    def calibrated(self, unlisted: str | None = None) -> tuple[Interval, float]:
        """Calibrate the share of users to the council's margins.

        Parameters
        ----------
        unlisted : {"seul", "groupe", "autre"}, optional
            As `margins` has it.

        Returns
        -------
        tuple of Interval and float
            The share and its jackknife interval at 95 %, and Kish's effective size, in doctors;
            NaN where no weights have the margins.
        """
        own = margins(unlisted)
        size = float(calibrate(self.users, self.doctors, own).effective_size)
        return jackknife(self.users, self.doctors, own), size

    @property
    def heaviest(self) -> tuple[float, float]:
        """How unequal the weights are.

        How many times the heaviest doctor weighs the lightest, and the fewest doctors who have half
        of the weight; NaN where no weights have the margins.
        """
        cells, doctors = calibrate(self.users, self.doctors, margins()).weights, self.doctors
        each = np.sort(np.repeat(cells[doctors > 0], doctors[doctors > 0]))[::-1]
        if not len(each) or not np.isfinite(each).all():
            return math.nan, math.nan
        half = int(np.argmax(np.cumsum(each) >= each.sum() / 2)) + 1
        return float(each[0] / each[each > 0].min()), half

    def weight_of(self, question: str) -> float:
        """Give the share of the weight that the doctors of a level have, in percent.

        Parameters
        ----------
        question : str
            On age, type or place of practice.
        """
        (condition,) = ask(question).conditions
        axis = _VARIABLES.index(condition.variable)
        there = self.doctors.sum(axis=tuple(each for each in range(3) if each != axis)) > 0
        own = np.where(there, margins()[axis], 0)
        chosen = np.isin(levels(condition.variable), condition.levels)
        return float(100 * own[chosen].sum() / own.sum()) if own[chosen].any() else 0.0


@cache
def of_possible_tables() -> Calibration:
    """Calibrate every pair of a users' and a non-users' table of the ensembles."""
    users, others = (
        np.unique(np.stack([_cells(member.rows) for member in stored(group).members]), axis=0)
        for group in GROUPS
    )
    pairs = (users[:, None] + others).reshape(-1, *users.shape[1:])
    return calibrate(np.repeat(users, len(others), axis=0), pairs, margins())
