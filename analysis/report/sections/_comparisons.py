"""Users against non-users, statement by statement: what the thesis did not test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.report.sections._items import ITEMS, Item, answers
from analysis.statistics.multiplicity import holm
from analysis.statistics.ordinal import CliffDelta, cliff_delta, mann_whitney
from analysis.survey import source

THRESHOLD = 0.05
"""The usual level of a test, which the thesis uses too."""

_LEAST = 2
"""Answers that a group must have given for an interval to be had."""


@dataclass(frozen=True)
class Comparison:
    """Users against non-users on one statement.

    Parameters
    ----------
    item : Item
    delta : CliffDelta
        Positive where the users' opinion is the more favourable to the DMP: that of a statement
        against it is turned round.
    p_value : float
        p-value of the Mann-Whitney test.
    adjusted : float
        The same, adjusted by Holm's method over all the statements that have a table.
    exact : bool
        Whether the p-value is exact: it is, but for many hundreds of doctors.
    """

    item: Item
    delta: CliffDelta
    p_value: float
    adjusted: float
    exact: bool

    @property
    def stands(self) -> bool:
        """Whether the difference stands once all the tests are reckoned with."""
        return self.adjusted < THRESHOLD


def comparisons() -> tuple[Comparison, ...]:
    """Compare users and non-users on every statement that has a table, in the thesis's order.

    A statement to which one of the groups gave fewer than two answers is left out.
    """
    return _comparisons(source())


def p_title() -> str:
    """Give the title of a column of unadjusted p-values."""
    return "p exact" if all(each.exact for each in comparisons()) else "p (loi normale)"


@cache
def _comparisons(_: Path) -> tuple[Comparison, ...]:
    counts = {
        item: (answers(item, "users").counts, answers(item, "non_users").counts)
        for item in ITEMS
        if item.table
    }
    pairs = {item: pair for item, pair in counts.items() if min(map(sum, pair)) >= _LEAST}
    deltas = [cliff_delta(*pair) for pair in pairs.values()]
    tests = [mann_whitney(*pair) for pair in pairs.values()]
    p_values = [test.p_value for test in tests]
    return tuple(
        Comparison(
            item, delta if item.favours else -delta, test.p_value, float(adjusted), test.exact
        )
        for item, delta, test, adjusted in zip(pairs, deltas, tests, holm(p_values), strict=True)
    )
