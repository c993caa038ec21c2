"""The twenty opinions (thesis, IV.E and IV.F): how each leans, its answers, what compares them.

The doctors marked their agreement with a statement from 1 ("not at all") to 5 ("quite").  The
thesis counts 4 and 5 as agreement, 3 as neutral, 1 and 2 as disagreement.  Six of the statements
speak against the DMP ("it has no interest"), so that agreeing with them is no favourable opinion;
three of the thesis's sentences moreover say the opposite of the statement ("66 % think that it has
an interest").  Everywhere in the report a count or a share is about the statement as it was put.
Only what compares opinions turns a statement round, and it asks `Item.favours`: nothing else knows
which statements lean which way.

The counts of the groups are what print determines; how two statements cross it does not say.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Literal, NamedTuple

import pandas as pd

from analysis import survey
from analysis.printed import read_table
from analysis.statistics.contingency import holm
from analysis.statistics.ordinal import cliff_delta, mann_whitney
from analysis.statistics.proportions import PairedBounds, mcnemar, mcnemar_bounds
from analysis.survey import ask, is_rebuilt, tabulate
from analysis.survey.respondents import per_table

Group = Literal["users", "non_users", "total"]

_MEMBERS: dict[Group, list[str]] = {"users": ["oui"], "non_users": ["non"], "total": ["oui", "non"]}
"""The answers to ``uses_dmp`` of the doctors of a group."""
SIDES = {"disagree": ("1", "2"), "neutral": ("3",), "agree": ("4", "5")}
"""The three parts of the scale, and their marks."""
THRESHOLD = 0.05
"""The usual level of a test, which the thesis uses too."""
_LEAST = 2
"""Answers that a group must have given for an interval to be had."""


class Item(NamedTuple):
    """One statement that the doctors marked.

    Attributes
    ----------
    table, figure : str
        Ids of its table, empty where the thesis prints none, and of its figure.
    section : str
        Section of the thesis.
    statement : str
        The statement, in French.
    favours : bool
        Whether agreeing with it speaks for the DMP.
    shares : dict of str
        What a sentence prints of all the doctors: the share of each of the `SIDES`.
    line : str
        Lines of that sentence.
    """

    table: str
    figure: str
    section: str
    statement: str
    favours: bool
    shares: dict[str, str]
    line: str


_SECTIONS = read_table("inventory").set_index("id")["section"]
ITEMS = tuple(
    Item(
        row.table.lower(),
        row.figure.lower(),
        _SECTIONS[row.figure],
        row.label,
        row.favours == "oui",
        {"disagree": row.contrary, "neutral": row.neutral, "agree": row.favourable},
        row.line,
    )
    for row in read_table("opinions").itertuples()
)
"""The twenty statements, in the order of the thesis."""
TABLED = tuple(item for item in ITEMS if item.table)
"""Those whose answers print counts."""


@per_table
def answers(table: str) -> dict[Group, dict[str, int]]:
    """Count what each group of doctors answered to a statement.

    Parameters
    ----------
    table : str
        Id of the table of the statement.

    Returns
    -------
    dict of dict of int
        By group: how many gave each mark, ``1`` to ``5``, and one of each of the `SIDES`;
        ``asked``, the doctors of the group, who are the base of every share; ``missing``, those of
        them without an answer.

    Examples
    --------
    >>> own = answers("t13")["users"]
    >>> own["5"], own["agree"], own["asked"], own["missing"]
    (15, 17, 55, 1)
    """
    counts, sizes = tabulate(table, "uses_dmp"), tabulate("uses_dmp")
    found: dict[Group, dict[str, int]] = {}
    for group, uses in _MEMBERS.items():
        own, asked = counts[uses].sum(axis="columns").to_dict(), int(sizes[uses].sum())
        sides = {side: sum(own[mark] for mark in marks) for side, marks in SIDES.items()}
        found[group] = {**own, **sides, "asked": asked, "missing": asked - sum(own.values())}
    return found


@per_table
def comparisons() -> pd.DataFrame:
    """Compare users and non-users on every statement that has a table, in the thesis's order.

    Returns
    -------
    DataFrame
        A row a statement, by the id of its table; one to which a group gave fewer than two answers
        is left out. ``statement`` and ``favours`` are the item's; ``estimate``, ``lower`` and
        ``upper`` are Cliff's delta and its interval, positive where the users' opinion is the more
        favourable to the DMP: that of a statement against it is turned round. ``p_value`` is that
        of the Mann-Whitney test, which is ``exact`` but for many hundreds of doctors; ``adjusted``
        by Holm's method over all of them, it ``stands`` below `THRESHOLD`.
    """
    found = []
    for item in TABLED:
        users, non_users = (
            [answers(item.table)[group][mark] for mark in survey.levels(item.table)]
            for group in survey.GROUPS
        )
        if min(sum(users), sum(non_users)) < _LEAST:
            continue
        delta, test = cliff_delta(users, non_users), mann_whitney(users, non_users)
        turned = delta if item.favours else -delta
        ends = turned.estimate, turned.low, turned.high
        found.append((item.table, item.statement, item.favours, *ends, test.p_value, test.exact))
    names = ["table", "statement", "favours", "estimate", "lower", "upper", "p_value", "exact"]
    table = pd.DataFrame(found, columns=names).set_index("table")
    table["adjusted"] = holm(table["p_value"])
    return table.assign(stands=table["adjusted"] < THRESHOLD)


def paired(first: str, second: str) -> PairedBounds:
    """Compare two opinions of the same doctors, by McNemar's test.

    Print counts the marks of each statement in both groups, and not how two statements cross: for
    the rebuilt rows the test has bounds.  With answers of one's own, and between two parts of one
    scale, the bounds are equal.

    Parameters
    ----------
    first, second : str
        Questions about one statement each (`analysis.survey.ask`).

    Examples
    --------
    >>> paired("t12>=4", "t14>=4").gap
    19
    """
    ((one,), (other,)) = (ask(each).conditions for each in (first, second))
    if is_rebuilt() and one.variable != other.variable:
        return mcnemar_bounds(
            (ask(group).count(), ask(first, of=group).count(), ask(second, of=group).count())
            for group in survey.GROUPS
        )
    both = ask(first, of=second).together.count()
    counts = ask(first).count(), ask(second).count()
    p = mcnemar(*(each - both for each in counts))
    return PairedBounds(counts[0] - counts[1], p, p)


@per_table
def pairs() -> Counter[str]:
    """Judge whether one of each pair of statements has more agreement, however answers cross.

    Returns
    -------
    Counter of str
        How many ``differ`` however the answers cross, in some crossings only (``open``), in none
        (``alike``).
    """
    found = (paired(*(f"{item.table}>=4" for item in pair)) for pair in combinations(TABLED, 2))
    return Counter(
        "differ" if each.greatest < THRESHOLD else "open" if each.least < THRESHOLD else "alike"
        for each in found
    )
