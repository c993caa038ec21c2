"""The columns of the rebuilt rows: their levels, and what they have to do with each other.

A *domain* is what the questionnaire and the coding say before any number is printed: which answers
a question has, to whom it was put, and which answers exclude each other. Columns that no printed
count ties together are independent once the columns that tie them are known (they are *separated*,
in the words of graphical models), so that a group is described by small joint tables, the *cliques*
of a decomposable graph. Any cliques that agree on the columns they share belong to some set of
rows; one joint table over all the columns, with its millions of cells, would say no more.

References
----------
Lauritzen, S. L. (1996). Graphical Models, chapter 2. Oxford University Press.
"""

from __future__ import annotations

import itertools

from analysis.reconstruction._body import PRACTICE_TYPES, Group
from analysis.survey.schema import levels

__all__ = [
    "ANSWERS",
    "CLIQUES",
    "COLUMNS",
    "GROUPS",
    "ITEMS",
    "LEVELS",
    "PRACTICE_AND_PLACE",
    "combinations",
]

GROUPS: dict[Group, str] = {"users": "oui", "non_users": "non"}
"""The two groups, and their answer to ``uses_dmp``."""

PRACTICE_AND_PLACE = PRACTICE_TYPES | {
    "autre_salarie_a": ("salarié", "autre"),
    "autre_salarie_b": ("salarié", "autre"),
}
"""Type and place that the code of the clustering names; print may contradict the place."""

_CLUSTERS = ("1", "2", "3", "4", "5")
_BARRIERS = levels("barrier_1")
_PRACTICE_TYPES: dict[Group, tuple[str, ...]] = {
    "users": tuple(PRACTICE_TYPES),
    "non_users": (
        "seul_liberal",
        "groupe_liberal",
        "groupe_salarie",
        "autre_salarie_a",
        "autre_salarie_b",
    ),
}
_CHANGES = ("change_training", "change_integration", "change_money")

ITEMS = tuple(f"t{number}" for number in range(1, 19))
"""The Likert items that have a table."""
ANSWERS = ("1", "2", "3", "4", "5")

COLUMNS = (
    "uses_dmp",
    "age",
    "practice",
    "place",
    "practice_type",
    "frequency",
    "purpose",
    "barrier_1",
    "barrier_2",
    "intends_to_use",
    *_CHANGES,
    "cluster",
)
"""Columns of the rows, the Likert items apart."""

LEVELS: dict[Group, dict[str, tuple[str, ...]]] = {
    group: {
        "cluster": _CLUSTERS,
        "age": levels("age"),
        "practice_type": _PRACTICE_TYPES[group],
        "practice": levels("practice"),
        "place": levels("place"),
    }
    | dict.fromkeys(ITEMS, (*ANSWERS, ""))
    for group in GROUPS
}
"""Levels of each column that a group was asked; the empty one is a missing answer."""
LEVELS["users"] |= {"frequency": levels("frequency"), "purpose": levels("purpose")}
LEVELS["non_users"] |= {
    "barrier_1": _BARRIERS,
    "barrier_2": ("aucun", "besoin", "inconnu_a", "inconnu_b"),
    "intends_to_use": levels("intends_to_use"),
} | {change: (*levels(change), "") for change in _CHANGES}

_ITEM_CLIQUES = tuple((item,) for item in ITEMS)

CLIQUES: dict[Group, tuple[tuple[str, ...], ...]] = {
    "users": (
        ("cluster", "age", "frequency"),
        ("cluster", "frequency", "purpose"),
        ("cluster", "practice_type"),
        ("practice_type", "practice", "place"),
        *_ITEM_CLIQUES,
    ),
    "non_users": (
        ("cluster", "barrier_1", "barrier_2"),
        ("cluster", "age"),
        ("cluster", "practice_type"),
        ("practice_type", "practice", "place"),
        ("intends_to_use",),
        *(("intends_to_use", change) for change in _CHANGES),
        *_ITEM_CLIQUES,
    ),
}
"""Joint tables of each group. What one shares with those before it lies in one of them."""


def combinations(group: Group, clique: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """List the combinations of answers that one doctor can give.

    Parameters
    ----------
    group : {"users", "non_users"}
    clique : tuple of str
        Columns.

    Returns
    -------
    tuple of tuple of str
        One level for each column.

    Examples
    --------
    What would change his mind was asked of a doctor who does not intend to use the DMP:

    >>> combinations("non_users", ("intends_to_use", "change_money"))
    (('oui', ''), ('non', 'oui'), ('non', 'non'))
    """
    products = itertools.product(*(LEVELS[group][column] for column in clique))
    return tuple(
        levels_ for levels_ in products if _is_possible(dict(zip(clique, levels_, strict=True)))
    )


def _is_possible(answers: dict[str, str]) -> bool:
    if (
        "practice" in answers
        and answers["practice"] != PRACTICE_AND_PLACE[answers["practice_type"]][0]
    ):
        return False
    if "barrier_2" in answers and answers["barrier_1"] == answers["barrier_2"]:
        return False
    was_asked = answers.get("intends_to_use") == "non"
    return all(
        bool(answer) == was_asked for column, answer in answers.items() if column in _CHANGES
    )
