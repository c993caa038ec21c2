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
from collections.abc import Mapping

from analysis.survey.schema import GROUPS, ITEMS, PRACTICE_AND_PLACE, VARIABLES, Group, levels

COLUMNS = tuple(name for name in VARIABLES if name not in ITEMS)
"""Columns of the rows, the Likert items apart."""

_CHANGES = tuple(name for name, variable in VARIABLES.items() if variable.asked == "reluctant")

OPEN = ("intends_to_use", *_CHANGES)
"""Columns that print ties to no other."""


def _levels_of(group: Group, name: str) -> tuple[str, ...]:
    if name == "practice_type":
        # No user practises elsewhere, no non-user in two ways (TB3).
        nobody = {"users": "autre", "non_users": "mixte"}[group]
        return tuple(code for code, both in PRACTICE_AND_PLACE.items() if nobody not in both)
    if name == "barrier_2":
        # Annexe VI leaves the second barrier four levels.
        return ("aucun", "besoin", "inconnu_a", "inconnu_b")
    return (*levels(name), "") if name in (*ITEMS, *_CHANGES) else levels(name)


LEVELS: dict[Group, dict[str, tuple[str, ...]]] = {
    group: {
        name: _levels_of(group, name)
        for name, variable in VARIABLES.items()
        if variable.asked in ("everyone", group)
        or (group == "non_users" and variable.asked == "reluctant")
    }
    for group in GROUPS
}
"""Levels of each column that a group was asked; the empty one is a missing answer."""

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


def is_named(level: str) -> bool:
    """Say whether the source names a level; the codes of the others are ours.

    Examples
    --------
    >>> is_named("aucun"), is_named("inconnu_a"), is_named("autre_salarie_b")
    (True, False, False)
    """
    return not level.startswith(("inconnu_", "autre_salarie_"))


def named_levels(variable: str) -> tuple[str, ...]:
    """Return the levels of a variable that the source names, in the order of the survey.

    Examples
    --------
    >>> named_levels("barrier_2")
    ('aucun', 'manque_info_acces', 'besoin', 'equipement', 'logiciel', 'temps')
    """
    return tuple(level for level in levels(variable) if is_named(level))


def combinations(
    clique: tuple[str, ...], levels: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """List the combinations of answers that one doctor can give.

    Parameters
    ----------
    clique : tuple of str
        Columns.
    levels : dict of str to tuple of str
        Of each column.

    Returns
    -------
    tuple of tuple of str
        One level for each column.

    Examples
    --------
    What would change his mind was asked of a doctor who does not intend to use the DMP:

    >>> combinations(("intends_to_use", "change_money"), LEVELS["non_users"])
    (('oui', ''), ('non', 'oui'), ('non', 'non'))
    """
    products = itertools.product(*(levels[column] for column in clique))
    return tuple(each for each in products if _is_possible(dict(zip(clique, each, strict=True))))


def _is_possible(answers: Mapping[str, str]) -> bool:
    practice, barrier = answers.get("practice"), answers.get("barrier_2")
    if practice and practice != PRACTICE_AND_PLACE[answers["practice_type"]][0]:
        return False
    if barrier and barrier == answers["barrier_1"]:
        return False
    was_asked = answers.get("intends_to_use") == "non"
    return all(bool(answers[name]) == was_asked for name in _CHANGES if name in answers)
