"""What print says of a count of doctors, proved: the least and the greatest that it can be.

Print does not determine the answers, and the tables of an ensemble are a sample of those that it
allows: that a count is the same in all of them proves nothing. A *bound* does. It is the least or
the greatest value of a count over all the rows of which every printed statement that stands is
true, found by an integer programme that is solved to the end, without a time limit. That no rows
were lost or gained on the way is argued in `_programme`.

What a reader may then say of a count has a word of its own (`Status`):

``determined``
    proved: the two bounds are one number;
``open``
    two tables differ in it, and both are known to have the printed clusters;
``bounded``
    neither: the bounds differ, the tables that were found do not, and nobody knows.

The bounds are sharp for what is printed in numbers: some rows have the least count, and some the
greatest. That R finds the printed clusters on the rows is no linear statement, and is left out: for
the rows of this report, on which it does, they are outer bounds.

The tables seen are those of both ensembles. The Likert items, and what would make a non-user change
his mind, are in none of them: nothing but the number of doctors ties them to the rest, so that any
way to deal them to the doctors of a table is another table, as good as the first.

Examples
--------
Of the users of 60 to 69, print says how many there are, and how many users only looked something
up; not how many did both:

>>> found = bounds(ask("age=60-69 & purpose=consultation"))
>>> found.lower, found.upper, str(found.status)
(0, 5, 'open')
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from analysis import paths
from analysis.files import write_csv
from analysis.reconstruction._linear import Linear
from analysis.reconstruction._programme import Conditions, Programme
from analysis.reconstruction.constraints import Constraint
from analysis.reconstruction.ensemble import Ensemble, stored
from analysis.reconstruction.respondents import LEVELS, is_named
from analysis.reconstruction.statements import standing
from analysis.survey.question import EITHER, Condition, Question, QuestionError, ask
from analysis.survey.rebuilt import BOUNDED, EXPLAINED, read_bounds, read_reasons
from analysis.survey.schema import CLUSTERED, ITEMS, VARIABLES, Group

_ALL_LEVELS: dict[Group, dict[str, tuple[str, ...]]] = {
    # Which types of practice a group has is print's to say: it is among the reasons of a bound.
    group: own | {"practice_type": VARIABLES["practice_type"].levels}
    for group, own in LEVELS.items()
}
_TRIPLES: dict[Group, tuple[tuple[str, ...], ...]] = {
    "users": (("age", "frequency", "purpose"), ("practice", "place", "frequency")),
    "non_users": (("age", "barrier_1", "barrier_2"), ("barrier_1", "barrier_2", "cluster")),
}
CROSSED: dict[Group, tuple[tuple[str, ...], ...]] = {
    group: (
        *itertools.combinations(
            (name for name in VARIABLES if name in {*own, "practice", "place", "cluster"}), 2
        ),
        *_TRIPLES[group],
    )
    for group, own in CLUSTERED.items()
}
"""The crossings whose bounds are stored: all pairs, and the triples of sections IV.C and IV.D."""


class Status(StrEnum):
    """What may be said of a count that print does not give."""

    DETERMINED = "determined"
    OPEN = "open"
    BOUNDED = "bounded"


@dataclass(frozen=True)
class Bounds:
    """What is known of a count of doctors.

    Attributes
    ----------
    lower, upper : int
        The least and the greatest count that print allows, proved.
    seen_min, seen_max : int
        The least and the greatest in tables that are known to have the printed clusters as well.
    """

    lower: int
    upper: int
    seen_min: int
    seen_max: int

    @property
    def is_determined(self) -> bool:
        """Whether print allows one count only."""
        return self.lower == self.upper

    @property
    def status(self) -> Status:
        """The word for it."""
        if self.is_determined:
            return Status.DETERMINED
        return Status.OPEN if self.seen_min < self.seen_max else Status.BOUNDED

    @property
    def range(self) -> str:
        """The proved count, or both bounds of it.

        Examples
        --------
        >>> Bounds(3, 3, 3, 3).range, Bounds(3, 5, 3, 4).range
        ('3', '3 to 5')
        """
        return str(self.lower) if self.is_determined else f"{self.lower} to {self.upper}"


@dataclass(frozen=True)
class Reasons:
    """The printed statements that make the two bounds of a count.

    Attributes
    ----------
    lower, upper : tuple of Constraint
        Statements that imply the bound, in the order in which they are read. Without any one of
        them, or any one of their lines, the others do not; none where nothing printed is needed.
    """

    lower: tuple[Constraint, ...]
    upper: tuple[Constraint, ...]


def bounds(
    question: Question,
    group: Group | None = None,
    *,
    statements: Sequence[Constraint] | None = None,
    ensembles: Mapping[Group, Ensemble] | None = None,
) -> Bounds:
    """Find the least and the greatest count of doctors that print allows.

    Parameters
    ----------
    question : Question
    group : {"users", "non_users"}, optional
        Whose doctors are counted; by default those of every group that was asked.
    statements : sequence of Constraint, optional
        What print is taken to say; the statements that stand by default.
    ensembles : dict of str to Ensemble, optional
        The tables that were found; the stored ones by default.

    Returns
    -------
    Bounds

    Raises
    ------
    QuestionError
        If the group was not asked, or a second barrier is asked about that print does not name.
    ValueError
        If the statements cannot hold together.
    """
    asked = asked_of(question, group)
    linear = _linear(asked, standing() if statements is None else statements)
    seen = [
        _seen(each, conditions, stored(each) if ensembles is None else ensembles[each])
        for each, conditions in asked.items()
    ]
    return Bounds(
        linear.extreme(greatest=False),
        linear.extreme(greatest=True),
        sum(least for least, _ in seen),
        sum(most for _, most in seen),
    )


def reasons(
    question: Question,
    group: Group | None = None,
    *,
    statements: Sequence[Constraint] | None = None,
) -> Reasons:
    """Find out which printed statements make the bounds of a count.

    Parameters
    ----------
    question, group, statements
        As for `bounds`.

    Examples
    --------
    >>> found = reasons(ask("frequency=journalier & age=50-59"))
    >>> [(each.table, each.line) for each in found.lower]
    [('tb1c', '487')]
    """
    asked = asked_of(question, group)
    columns = {column for conditions in asked.values() for column in conditions}
    printed = standing() if statements is None else statements
    # Where one statement will do as well as another, that which is about the question is given.
    ordered = sorted(
        printed,
        key=lambda each: (
            not each.groups & set(asked),
            len(each.columns - columns - {"uses_dmp"}),
            -len(each.columns),
        ),
    )
    used = [each for each in ordered if not _items(each.columns) - columns]
    linear = _linear(asked, used)
    rank = {each.id: position for position, each in enumerate(printed)}
    lower, upper = (linear.extreme(greatest=greatest) for greatest in (False, True))

    def in_order(positions: tuple[int, ...]) -> tuple[Constraint, ...]:
        return tuple(sorted((used[each] for each in positions), key=lambda it: rank[it.id]))

    return Reasons(in_order(linear.needed(lower=lower)), in_order(linear.needed(upper=upper)))


def known(question: Question, group: Group) -> Bounds:
    """Give the bounds of a count: those that are stored, or those that are found now.

    Parameters
    ----------
    question, group
        As for `bounds`.

    Raises
    ------
    InputError
        If the file of the stored bounds has a fault.

    Examples
    --------
    >>> known(ask("age=30-39 & purpose=ajout"), "users").upper
    14
    """
    return _proofs().get((group, _stored_as(question, group))) or _found(question, group)


def explained(question: Question, group: Group) -> Reasons:
    """Give the reasons of the bounds of a count: those that are stored, or those found now.

    Parameters
    ----------
    question, group
        As for `bounds`.

    Raises
    ------
    InputError
        If the file of the stored reasons has a fault.

    Examples
    --------
    >>> [each.line for each in explained(ask("age=30-39 & frequency=annuel"), "users").lower]
    ['483']
    """
    return _reasons().get((group, _stored_as(question, group))) or reasons(question, group)


def listed(most: int | None = None) -> tuple[tuple[Group, Question], ...]:
    """List the questions whose bounds are stored: every cell of the crossings in `CROSSED`.

    Parameters
    ----------
    most : int, optional
        Of how many variables; the reasons are stored of those of two.

    Examples
    --------
    >>> group, question = listed()[0]
    >>> group, str(question)
    ('users', 'age=<29 & practice=libéral')
    """
    return tuple(
        (group, ask(" & ".join(f"{name}={level}" for name, level in zip(names, each, strict=True))))
        for group, crossings in CROSSED.items()
        for names in crossings
        if most is None or len(names) <= most
        for each in itertools.product(*(told_apart(group, name) for name in names))
    )


def told_apart(group: Group, variable: str) -> tuple[str, ...]:
    """Give the levels of a variable that print tells apart in a group.

    Examples
    --------
    >>> told_apart("non_users", "barrier_2")
    ('aucun', 'besoin', 'inconnu_a', 'inconnu_b')
    """
    return _ALL_LEVELS[group][variable]


def write(path: Path, found: Iterable[tuple[Group, Question, Bounds]]) -> None:
    """Write bounds.

    Parameters
    ----------
    path : Path
    found : iterable of (str, Question, Bounds)
    """
    rows = ((*each[:2], *(getattr(each[2], name) for name in BOUNDED)) for each in found)
    write_csv(path, ("group", "where", *BOUNDED), rows)


def write_reasons(path: Path, found: Iterable[tuple[Group, Question, Reasons]]) -> None:
    """Write the reasons of bounds, each statement by its id.

    Parameters
    ----------
    path : Path
    found : iterable of (str, Question, Reasons)
    """
    rows = (
        (*each[:2], *(" ".join(by.id for by in getattr(each[2], name)) for name in EXPLAINED))
        for each in found
    )
    write_csv(path, ("group", "where", *EXPLAINED), rows)


def asked_of(question: Question, group: Group | None = None) -> dict[Group, Conditions]:
    """Say of whom a question is asked, and which answers are counted.

    Parameters
    ----------
    question : Question
    group : {"users", "non_users"}, optional

    Returns
    -------
    dict of str to dict of str to tuple of str
        By group and column, the levels.

    Raises
    ------
    QuestionError
        If the group was not asked, or a second barrier is asked about that print does not name, or
        either barrier.

    Examples
    --------
    >>> asked_of(ask("age=<29 & uses_dmp"))
    {'users': {'age': ('<29',)}, 'non_users': {'age': ('<29',)}}
    """
    if group is not None and group not in question.groups:
        raise QuestionError(f"the {group} were not asked all of {question}")
    wanted: dict[str, tuple[str, ...]] = {}
    for each in (*question.conditions, *question.given):
        if each.variable in EITHER:
            raise QuestionError(f"no bounds of {each}: ask {' and '.join(each.columns)} apart")
        before = wanted.get(each.variable, each.levels)
        wanted[each.variable] = tuple(level for level in before if level in each.levels)
    wanted.pop("uses_dmp", None)
    _refuse_unnamed(wanted)
    return {each: dict(wanted) for each in question.groups if group in (None, each)}


@cache
def _proofs() -> dict[tuple[str, str], Bounds]:
    columns = read_bounds(paths.BOUNDS).columns
    keys = zip(columns["group"], columns["where"], strict=True)
    numbers = zip(*(map(int, columns[name]) for name in BOUNDED), strict=True)
    return {key: Bounds(*each) for key, each in zip(keys, numbers, strict=True)}


@cache
def _reasons() -> dict[tuple[str, str], Reasons]:
    columns, said = read_reasons(paths.REASONS).columns, {each.id: each for each in standing()}
    keys = zip(columns["group"], columns["where"], strict=True)
    ends = zip(*(columns[name] for name in EXPLAINED), strict=True)
    return {
        key: Reasons(*(tuple(said[by] for by in end.split()) for end in each))
        for key, each in zip(keys, ends, strict=True)
    }


def _stored_as(question: Question, group: Group) -> str:
    """Write a question in the form in which bounds are stored."""
    (conditions,) = asked_of(question, group).values()
    own = (Condition(name, tuple(conditions[name])) for name in VARIABLES if name in conditions)
    return str(Question(tuple(own)))


@cache
def _found(question: Question, group: Group) -> Bounds:
    return bounds(question, group)


def _refuse_unnamed(wanted: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse to tell apart what print does not: a second barrier without a name may be any."""
    own = LEVELS["non_users"]["barrier_2"]
    unnamed = {level for level in VARIABLES["barrier_2"].levels if level not in own}
    chosen = set(wanted.get("barrier_2", ()))
    if chosen & unnamed and not unnamed | {e for e in own if not is_named(e)} <= chosen:
        raise QuestionError(
            f"print names no second barrier {', '.join(sorted(chosen & unnamed))}: {', '.join(own)}"
        )


def _linear(asked: Mapping[Group, Conditions], statements: Sequence[Constraint]) -> Linear:
    columns = {column for conditions in asked.values() for column in conditions}
    items = _items(columns)
    programme = _programme(items)
    # An item that is not asked about is tied to the rest by nothing but the size of the group.
    used = [each for each in statements if not _items(each.columns) - items]
    return Linear(programme, programme.ask(asked), used)


@cache
def _programme(items: frozenset[str]) -> Programme:
    return Programme(items, _ALL_LEVELS)


def _items(columns: frozenset[str] | set[str]) -> frozenset[str]:
    return frozenset(columns) & frozenset(ITEMS)


def _seen(group: Group, conditions: Conditions, ensemble: Ensemble) -> tuple[int, int]:
    rows, n_tables = ensemble.stacked, len(ensemble)
    tabled = {column: levels for column, levels in conditions.items() if column in rows}
    kept = rows["cluster"].notna()
    for column, levels in tabled.items():
        kept &= rows[column].astype(str).isin(levels)
    counts = kept.to_numpy().reshape(n_tables, -1)
    least, most, size = counts.sum(axis=1).min(), counts.sum(axis=1).max(), counts.shape[1]
    dealt = {column: levels for column, levels in conditions.items() if column not in tabled}
    if dealt:
        # Dealt apart, or together as far as they go.
        fewest, greatest = _dealt(group, tuple((c, tuple(dealt[c])) for c in dealt))
        least, most = max(0, least + fewest - size), min(most, greatest)
    return int(least), int(most)


@cache
def _dealt(group: Group, conditions: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[int, int]:
    linear = _linear({group: dict(conditions)}, standing())
    return linear.extreme(greatest=False), linear.extreme(greatest=True)
