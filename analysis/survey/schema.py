"""The variables of the survey: their levels, in the order in which they are shown.

A survey variable is categorical: a finite list of levels, ordered where the question orders them
(age, frequency) and otherwise in the order of the questionnaire (thesis, Annexe V). The codes are
those of the respondents table; French labels belong to the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["users", "non_users"]
"""The two groups, each with questions of its own; they were clustered apart."""

GROUPS: dict[Group, str] = {"users": "oui", "non_users": "non"}
"""Their answers to ``uses_dmp``."""

CLUSTERED: dict[Group, tuple[str, ...]] = {
    "users": ("age", "practice_type", "purpose", "frequency"),
    "non_users": ("barrier_1", "age", "barrier_2", "practice_type"),
}
"""The variables that each group was clustered on, in the order in which Annexe VI lists them."""

Asked = Literal["everyone", "users", "non_users", "reluctant"]
"""Who was asked: all doctors, users, non-users, or non-users who do not intend to use the DMP."""


@dataclass(frozen=True)
class Variable:
    """A column of the respondents table.

    Parameters
    ----------
    name : str
        Name of the column.
    levels : tuple of str
        Its possible answers, in display order.
    asked : Asked
        The doctors to whom the question was put.
    """

    name: str
    levels: tuple[str, ...]
    asked: Asked


PRACTICE_AND_PLACE: dict[str, tuple[str, str]] = {
    "seul_liberal": ("libéral", "seul"),
    "groupe_liberal": ("libéral", "groupe"),
    "cabinet_solo_mixte": ("mixte", "seul"),
    "groupe_mixte": ("mixte", "groupe"),
    "groupe_salarie": ("salarié", "groupe"),
    "autre_salarie_a": ("salarié", "autre"),
    "autre_salarie_b": ("salarié", "autre"),
}
"""Type and place that the code of the clustering names; print may contradict the place."""

_YES_NO = ("oui", "non")
_BARRIERS = ("manque_info_acces", "besoin", "equipement", "logiciel", "temps")
_UNNAMED = ("inconnu_a", "inconnu_b")

ITEMS = tuple(f"t{number}" for number in range(1, 19))
"""The opinion items that have a table, by the id of the table."""

VARIABLES: dict[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable("uses_dmp", _YES_NO, "everyone"),
        Variable("age", ("<29", "30-39", "40-49", "50-59", "60-69", ">70"), "everyone"),
        Variable("practice", ("libéral", "salarié", "mixte"), "everyone"),
        Variable("place", ("seul", "groupe", "autre"), "everyone"),
        Variable("practice_type", tuple(PRACTICE_AND_PLACE), "everyone"),
        Variable(
            "frequency", ("curiosite", "annuel", "mensuel", "hebdomadaire", "journalier"), "users"
        ),
        Variable("purpose", ("creation", "ajout", "consultation"), "users"),
        Variable("barrier_1", _BARRIERS, "non_users"),
        Variable("barrier_2", ("aucun", *_BARRIERS, *_UNNAMED), "non_users"),
        Variable("intends_to_use", _YES_NO, "non_users"),
        Variable("change_training", _YES_NO, "reluctant"),
        Variable("change_integration", _YES_NO, "reluctant"),
        Variable("change_money", _YES_NO, "reluctant"),
        *(Variable(item, ("1", "2", "3", "4", "5"), "everyone") for item in ITEMS),
        Variable("cluster", ("1", "2", "3", "4", "5"), "everyone"),
    )
}


def levels(variable: str) -> tuple[str, ...]:
    """Give the levels of a variable in display order.

    Parameters
    ----------
    variable : str
        Name of a survey variable.

    Returns
    -------
    tuple of str

    Raises
    ------
    KeyError
        If the survey has no such variable.

    Examples
    --------
    >>> levels("place")
    ('seul', 'groupe', 'autre')
    """
    return VARIABLES[variable].levels
