"""The twenty opinion items (thesis, IV.E and IV.F): how each is put, how it leans, its answers.

The doctors marked their agreement with a statement from 1 ("not at all") to 5 ("quite").  The
thesis counts 4 and 5 as agreement, 3 as neutral, 1 and 2 as disagreement.  Six of the statements
speak against the DMP ("it has no interest"), so that agreeing with them is no favourable opinion;
three of the thesis's sentences moreover say the opposite of the statement ("66 % think that it has
an interest").  Everywhere in the report a count or a share is about the statement as it was put.
Only what compares opinions turns a statement round, and it asks `Item.favours`: nothing else knows
which statements lean which way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from analysis import survey
from analysis.printed import read_table
from analysis.statistics.multiplicity import holm
from analysis.statistics.ordinal import CliffDelta, cliff_delta, mann_whitney
from analysis.survey import labels, levels, tabulate
from analysis.survey.respondents import per_table

Group = Literal["users", "non_users", "total"]
Side = Literal["disagree", "neutral", "agree"]

GROUPS: dict[Group, str] = {
    "users": labels.GROUPS["users"],
    "non_users": labels.GROUPS["non_users"],
    "total": "Ensemble",
}
"""The rows of a table of opinions, and their labels."""
SIDES: dict[Side, str] = {"disagree": "Désaccord", "neutral": "Neutre", "agree": "Accord"}
"""The three parts of the scale, and their labels."""
MARKS: dict[Side, tuple[str, ...]] = {
    "disagree": ("1", "2"),
    "neutral": ("3",),
    "agree": ("4", "5"),
}
"""The marks of each part."""

_PRINTED: dict[Side, str] = {"disagree": "contrary", "neutral": "neutral", "agree": "favourable"}
_MEMBERS: dict[Group, tuple[str, ...]] = {
    **{group: (answer,) for group, answer in survey.GROUPS.items()},
    "total": tuple(survey.GROUPS.values()),
}


@dataclass(frozen=True)
class Item:
    """One statement that the doctors marked.

    Parameters
    ----------
    rank : int
        Place among the twenty, in the order of the thesis.
    section : str
        Section of the thesis.
    statement : str
        The statement, in French.
    table, figure : str
        Ids of its table, empty where the thesis prints none, and of its figure.
    favours : bool
        Whether agreeing with it speaks for the DMP.
    """

    rank: int
    section: str
    statement: str
    table: str
    figure: str
    favours: bool = True


def _items() -> tuple[Item, ...]:
    """Give the statements, in the order of the thesis, the ids that print leaves them."""
    stated = (
        ("IV.E.1", "Utile en cas d’urgence", True),
        ("IV.E.1", "Utile pour gagner du temps", True),
        ("IV.E.1", "Utile aux maladies chroniques", True),
        ("IV.E.1", "Utile à la coordination des soins", True),
        ("IV.E.1", "Utile aux échanges entre praticiens", True),
        ("IV.E.1", "Utile pour réduire les dépenses", True),
        ("IV.E.1", "Utile contre le risque iatrogène", True),
        ("IV.E.1", "Utile pour les directives anticipées", True),
        ("IV.E.1", "Plus utilisé s’il était intégré", True),
        ("IV.E.2", "Rien ne freine, tout marche bien", True),
        ("IV.E.2", "Met en danger le secret médical", False),
        ("IV.E.2", "N’a aucun intérêt", False),
        ("IV.E.2", "Est une perte de temps", False),
        ("IV.E.2", "Est une charge administrative", False),
        ("IV.E.2", "A un coût supplémentaire", False),
        ("IV.E.2", "Je n’y ai pas été formé", False),
        ("IV.F", "Logiciel : créer facilement", True),
        ("IV.F", "Logiciel : consulter facilement", True),
        ("IV.F", "Logiciel : mettre à jour facilement", True),
        ("IV.F", "Logiciel : transfert automatique", True),
    )
    printed = read_table("opinions")
    return tuple(
        Item(rank, section, statement, row.table.lower(), row.figure.lower(), favours)
        for rank, ((section, statement, favours), row) in enumerate(
            zip(stated, printed.itertuples(), strict=True), start=1
        )
    )


ITEMS: tuple[Item, ...] = _items()
"""The twenty statements, in the order of the thesis."""


@cache
def item_of(id_: str) -> Item:
    """Find a statement by the id of its table or of its figure.

    Raises
    ------
    KeyError
        If no statement has this id.

    Examples
    --------
    >>> item_of("t12").statement
    'Est une charge administrative'
    """
    for item in ITEMS:
        if id_ and id_ in (item.table, item.figure):
            return item
    raise KeyError(f"no opinion has the id {id_!r}")


@dataclass(frozen=True)
class Answers:
    """What a group answered to one statement.

    Parameters
    ----------
    counts : tuple of int
        How many gave each mark, 1 to 5.
    missing : int
        How many of the group gave none.
    """

    counts: tuple[int, ...]
    missing: int

    @property
    def asked(self) -> int:
        """The doctors of the group, answer or not: the base of every share."""
        return sum(self.counts) + self.missing

    def count(self, side: Side) -> int:
        """Count the marks of one part of the scale."""
        return sum(self.counts[int(mark) - 1] for mark in MARKS[side])


def answers(item: Item, group: Group = "total") -> Answers:
    """Count what a group of doctors answered to a statement.

    Parameters
    ----------
    item : Item
        It has a table: print determines its counts.
    group : {"users", "non_users", "total"}

    Returns
    -------
    Answers

    Examples
    --------
    >>> answers(item_of("t13"), "users")
    Answers(counts=(16, 8, 13, 2, 15), missing=1)
    """
    return _answers(item, group)


@per_table
def _answers(item: Item, group: Group) -> Answers:
    members = list(_MEMBERS[group])
    own = tabulate(item.table, "uses_dmp")[members].sum(axis="columns")
    counts = tuple(int(own[level]) for level in levels(item.table))
    return Answers(counts, int(tabulate("uses_dmp")[members].sum()) - sum(counts))


def printed_share(item: Item, side: Side) -> tuple[str, str]:
    """Quote the share that a sentence of the thesis gives, and its lines.

    Examples
    --------
    >>> printed_share(item_of("f16"), "agree")
    ('47%', '1553-1555')
    """
    row = read_table("opinions").set_index("figure").loc[item.figure.upper()]
    return row[_PRINTED[side]], row["line"]


# ---- users against non-users: what the thesis did not test -------------------------------------

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


@per_table
def comparisons() -> tuple[Comparison, ...]:
    """Compare users and non-users on every statement that has a table, in the thesis's order.

    A statement to which one of the groups gave fewer than two answers is left out.
    """
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


def p_title() -> str:
    """Give the title of a column of unadjusted p-values."""
    return "p exact" if all(each.exact for each in comparisons()) else "p (loi normale)"
