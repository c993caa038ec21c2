"""A question: how many doctors gave such answers, and among whom.

Whatever counts doctors asks a question: a sentence of a chapter, a claim of the ledger, the bounds
of what print allows. It is written the same everywhere::

    age=30-39 & purpose=ajout          these answers, all of them
    frequency=hebdomadaire|journalier  one answer or the other
    frequency>=hebdomadaire            this level or a later one, in the order of the levels
    age!=<29                           any other answer
    barrier_1                          an answer, whichever
    non_users & age=<29                doctors of a group
    U3 & age=30-39                     doctors of a cluster: U1 to U5 of the users, N1 to N5
    barrier=besoin                     either barrier

The *base* of its share are the doctors of the conditions after `of`. Where there are none, it is
those who answered the question; of an opinion, all who were asked, answer or not, as in the thesis.

Examples
--------
>>> asked = ask("frequency=curiosite", of="users & age=30-39")
>>> asked.count(), asked.base()
(5, 19)
>>> str(ask("frequency>=hebdomadaire & age=<29|30-39"))
'age=<29|30-39 & frequency=hebdomadaire|journalier'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.survey.respondents import load
from analysis.survey.schema import GROUPS, ITEMS, VARIABLES, Group

_CONDITION = re.compile(r"([a-z_0-9]+)(?:(<=|>=|!=|=)(.+))?")
_NAMED: dict[str, str] = {group: f"uses_dmp={answer}" for group, answer in GROUPS.items()}
_NAMED |= {
    f"{group[0].upper()}{level}": f"{condition} & cluster={level}"
    for group, condition in _NAMED.items()
    for level in VARIABLES["cluster"].levels
}
"""What the name of a group or of a cluster stands for."""


EITHER: dict[str, tuple[str, ...]] = {"barrier": ("barrier_1", "barrier_2")}
"""What stands for an answer to one of several questions."""
_LEVELS: dict[str, tuple[str, ...]] = {
    **{name: variable.levels for name, variable in VARIABLES.items()},
    **{name: VARIABLES[columns[0]].levels for name, columns in EITHER.items()},
}
_PLACES = {name: place for place, name in enumerate(_LEVELS)}


class QuestionError(ValueError):
    """A question that the survey did not put; the message says what is allowed."""


@dataclass(frozen=True)
class Condition:
    """One variable, and the levels of it that are counted.

    Attributes
    ----------
    variable : str
    levels : tuple of str
        In display order; all of them where any answer counts.
    """

    variable: str
    levels: tuple[str, ...]

    @property
    def is_any(self) -> bool:
        """Whether any answer counts."""
        return self.levels == _LEVELS[self.variable]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the respondents, one of which has such a level."""
        return EITHER.get(self.variable, (self.variable,))

    def __str__(self) -> str:
        """Write the condition in its one form."""
        return self.variable if self.is_any else f"{self.variable}={'|'.join(self.levels)}"

    def holds(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        """Say of each row of a table whether it has one of the levels.

        Parameters
        ----------
        table : DataFrame of str or of Categoricals

        Returns
        -------
        ndarray of bool
        """
        found = [table[name].isin(self.levels).to_numpy(dtype=bool) for name in self.columns]
        return np.asarray(np.any(found, axis=0), dtype=bool)


@dataclass(frozen=True)
class Question:
    """A count of doctors, and the doctors that it is a share of.

    Attributes
    ----------
    conditions : tuple of Condition
        What is asked, one condition a variable, in the order of the schema.
    given : tuple of Condition
        What the doctors of the base have answered.
    """

    conditions: tuple[Condition, ...]
    given: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        """Write the conditions in their one form; those of the base are not among them."""
        return _written(self.conditions)

    @property
    def of(self) -> str:
        """The conditions of the base, in their one form."""
        return _written(self.given)

    @property
    def variables(self) -> frozenset[str]:
        """The variables that are counted together."""
        return frozenset(name for each in (*self.conditions, *self.given) for name in each.columns)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that were asked all this."""
        asked = {VARIABLES[name].asked for name in self.variables}
        uses = {
            level
            for each in (*self.conditions, *self.given)
            if each.variable == "uses_dmp"
            for level in each.levels
        }
        return tuple(
            group
            for group, answer in GROUPS.items()
            if asked <= {"everyone", group, *({"reluctant"} if group == "non_users" else ())}
            and ("uses_dmp" not in self.variables or answer in uses)
        )

    def count(self, table: pd.DataFrame | None = None) -> int:
        """Count the doctors.

        Parameters
        ----------
        table : DataFrame, optional
            The respondents; those of the report by default.
        """
        rows = load() if table is None else table
        kept = np.ones(len(rows), dtype=bool)
        for each in (*self.conditions, *self.given):
            kept &= each.holds(rows)
        return int(np.count_nonzero(kept))

    @property
    def whole(self) -> Question:
        """The question that counts the doctors of the base."""
        answered = (
            Condition(each.variable, _LEVELS[each.variable])
            for each in self.conditions
            if each.variable not in ITEMS
        )
        return Question(self.given or tuple(answered))

    @property
    def together(self) -> Question:
        """The question of the same count that has no base: all the conditions at once."""
        found: dict[str, Condition] = {}
        for each in (*self.given, *self.conditions):
            others = found.get(each.variable, each).levels
            levels = tuple(level for level in each.levels if level in others)
            found[each.variable] = Condition(each.variable, levels)
        return Question(_sorted(found.values()))

    def base(self, table: pd.DataFrame | None = None) -> int:
        """Count the doctors of the base.

        Parameters
        ----------
        table : DataFrame, optional
            The respondents; those of the report by default.
        """
        return self.whole.count(table)

    def share(self, table: pd.DataFrame | None = None) -> Fraction | None:
        """Give the share of the base, in percent; None where it has nobody.

        Parameters
        ----------
        table : DataFrame, optional
            The respondents; those of the report by default.
        """
        base = self.base(table)
        return Fraction(100 * self.count(table), base) if base else None


@cache
def ask(text: str, of: str = "") -> Question:
    """Read a question.

    Parameters
    ----------
    text : str
        Conditions joined by ``&``; none for a count of all the doctors.
    of : str
        Conditions of the base, which the doctors that are counted satisfy as well.

    Returns
    -------
    Question

    Raises
    ------
    QuestionError
        If a condition cannot be read, names no variable of the survey or no level of it, is put
        twice or never fulfilled; or if no doctor was asked all this.

    Examples
    --------
    >>> ask("place=domicile")
    Traceback (most recent call last):
        ...
    analysis.survey.question.QuestionError: place has no level domicile: seul, groupe, autre
    """
    question = Question(_read(text), _read(of))
    if not question.groups:
        raise QuestionError(f"no doctor was asked all of {', '.join(sorted(question.variables))}")
    return question


def _read(text: str) -> tuple[Condition, ...]:
    found: dict[str, Condition] = {}
    parts = [part.strip() for part in text.split("&")] if text.strip() else []
    for part in " & ".join(_NAMED.get(part, part) for part in parts).split(" & ") if parts else ():
        condition = _condition(part)
        if condition.variable in found:
            raise QuestionError(f"{condition.variable} is asked twice")
        found[condition.variable] = condition
    return _sorted(found.values())


def _sorted(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted(conditions, key=lambda each: _PLACES[each.variable]))


def _condition(text: str) -> Condition:
    parts = _CONDITION.fullmatch(re.sub(r"\s*(<=|>=|!=|=|\|)\s*", r"\1", text))
    if parts is None:
        raise QuestionError(f"not a condition: {text!r}; one is written age=30-39|40-49")
    name, operator, chosen = parts.groups()
    if name not in _LEVELS:
        raise QuestionError(f"the survey has no variable {name}: {', '.join(VARIABLES)}")
    levels = _LEVELS[name]
    if operator is None:
        return Condition(name, levels)
    named = chosen.split("|")
    for level in named:
        if level not in levels:
            raise QuestionError(f"{name} has no level {level}: {', '.join(levels)}")
    if operator in ("<=", ">=") and len(named) > 1:
        raise QuestionError(f"{operator} takes one level: {text}")
    place = levels.index(named[0])
    found = {
        "=": tuple(level for level in levels if level in named),
        "!=": tuple(level for level in levels if level not in named),
        "<=": levels[: place + 1],
        ">=": levels[place:],
    }[operator]
    if not found:
        raise QuestionError(f"no answer fulfils {text}")
    return Condition(name, found)


def _written(conditions: Iterable[Condition]) -> str:
    return " & ".join(map(str, conditions))
