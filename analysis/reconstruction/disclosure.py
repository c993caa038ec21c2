"""What print gives away of single doctors: how many, and by which of its tables.

A doctor's answers are *determined* if in every table that print allows somebody has all of them:
the least count of the combination is one or more, and the sum of these least counts over all
combinations is the number of doctors of whom print says everything that makes their profile.

An answer can be *learnt* (attribute disclosure, Lambert 1993) by someone who knows that a doctor
took part, his group, and some answers that a colleague or a patient knows as well: his age, how and
where he practises. It is learnt if print excludes every other answer together with these, that is
if the greatest count of the others is nil. Of a second barrier that the source does not name there
is nothing to learn.

Both are numbers of doctors that are proved: there are at least so many. Nothing here says who.

References
----------
Lambert, D. (1993). Measures of disclosure risk and harm. Journal of Official Statistics 9, 313-331.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from analysis.reconstruction.bounds import Bounds, bounds, told_apart
from analysis.reconstruction.ensemble import Ensemble
from analysis.reconstruction.respondents import is_named
from analysis.reconstruction.statements import Constraint
from analysis.survey.question import ask
from analysis.survey.schema import Group

KNOWN: dict[str, tuple[str, ...]] = {
    "by_age": ("age",),
    "by_practice": ("age", "practice", "place"),
}
"""Answers that a colleague or a patient knows: the age, or how and where he practises as well."""
_CONFIDENTIAL: dict[Group, tuple[str, ...]] = {
    "users": ("frequency", "purpose"),
    "non_users": ("barrier_1", "barrier_2"),
}
_TESTS = ("taviu_chi2", "tavin_chi2")


class Printed(StrEnum):
    """How much of what the thesis prints is looked at."""

    ALL = "all"
    WITHOUT_TESTS = "without_tests"
    WITHOUT_ANNEXE = "without_annexe"

    def of(self, statements: Sequence[Constraint]) -> tuple[Constraint, ...]:
        """Leave out the statements that are not looked at."""
        left_out = {
            Printed.ALL: (),
            Printed.WITHOUT_TESTS: _TESTS,
            Printed.WITHOUT_ANNEXE: ("taviu", "tavin", *_TESTS),
        }[self]
        return tuple(each for each in statements if each.table not in left_out)


@dataclass(frozen=True)
class Disclosure:
    """What printed statements give away of the doctors of a group.

    Attributes
    ----------
    group : {"users", "non_users"}
    statements : sequence of Constraint
        What is printed; the tables that were found satisfy it.
    ensemble : Ensemble
        The tables that were found.
    """

    group: Group
    statements: Sequence[Constraint]
    ensemble: Ensemble

    def determined(self) -> int:
        """Count the doctors of whom print determines all the answers of their profile."""
        names = ["age", "practice_type", "place", *_CONFIDENTIAL[self.group]]
        rows = (each.rows[names] for each in self.ensemble.members)
        tables = (Counter(each.itertuples(index=False)) for each in rows)
        # What is in every table that print allows is in every one that was found.
        everywhere = reduce(Counter.__and__, tables)
        return sum(self._bounds(dict(zip(names, each, strict=True))).lower for each in everywhere)

    def learnt(self, known: Sequence[str]) -> int:
        """Count the doctors of whom some answers tell another one.

        Parameters
        ----------
        known : sequence of str
            The answers that are known.
        """
        return sum(self._learnt({}, tuple(known)))

    def _learnt(self, answers: Mapping[str, str], left: tuple[str, ...]) -> Iterator[int]:
        if answers and any(self._tell(answers, name) for name in _CONFIDENTIAL[self.group]):
            yield self._bounds(answers).lower
        elif left:
            for level in told_apart(self.group, left[0]):
                yield from self._learnt({**answers, left[0]: level}, left[1:])

    def _tell(self, answers: Mapping[str, str], name: str) -> bool:
        """Say whether print excludes all answers to a question but one."""
        rows = self.ensemble.stacked
        for column, level in answers.items():
            rows = rows.loc[rows[column] == level]
        # What the tables that were found do not exclude, print does not.
        seen = set(rows[name])
        if len(seen) != 1 or not all(map(is_named, seen)):
            return False
        others = [level for level in told_apart(self.group, name) if level not in seen]
        return self._bounds({**answers, name: "|".join(others)}).upper == 0

    def _bounds(self, answers: Mapping[str, str]) -> Bounds:
        question = ask(" & ".join(f"{name}={level}" for name, level in answers.items()))
        own = {self.group: self.ensemble}
        return bounds(question, self.group, statements=self.statements, ensembles=own)
