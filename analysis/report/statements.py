"""Printed statements, in the French of the book.

A statement (`analysis.reconstruction.statements`) names variables and levels by the codes of the
respondents table; a reader knows them by their labels.
"""

from __future__ import annotations

import re

from analysis.report.show.french import in_guillemets, lower_first, upper_first
from analysis.survey.labels import LEVELS, ROMAN, VARIABLES

_EQUAL = re.compile(r"(\w+) = ([\w<>-]+)")
_TESTED = re.compile(r"^(\w+)(?= selon la classe)")
_CLUSTER = re.compile(r"(?<=classe )([1-5])\b")
_BARRIER = re.compile(rf"\b({'|'.join(LEVELS['barrier'])})(?= \d)")


def in_french(statement: str) -> str:
    """Write a printed statement with the labels of its variables and levels, not their codes.

    Parameters
    ----------
    statement : str

    Examples
    --------
    >>> in_french("place = groupe, non-utilisateurs : 34").replace(chr(160), " ")
    'Lieu d’exercice « cabinet de groupe », non-utilisateurs : 34'
    >>> in_french("frequency selon la classe, utilisateurs : un des 2 tableaux de ce p")
    'Fréquence d’utilisation selon la classe, utilisateurs : un des 2 tableaux de ce p'
    """

    def label(variable: str, level: str) -> str:
        return in_guillemets(LEVELS.get(variable.removesuffix("_1"), {}).get(level, level))

    def name(variable: str) -> str:
        return lower_first((VARIABLES | LEVELS["change"]).get(variable, variable))

    said = _EQUAL.sub(lambda it: f"{name(it[1])} {label(*it.groups())}", statement)
    said = _TESTED.sub(lambda it: name(it[1]), said)
    said = _CLUSTER.sub(lambda it: ROMAN[int(it[1]) - 1], said)
    said = _BARRIER.sub(lambda it: label("barrier", it[1]), said)
    return upper_first(said)
