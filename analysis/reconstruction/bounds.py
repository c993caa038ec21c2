"""What print says of a count of doctors, proved: the least and the greatest that it can be.

Print does not determine the answers, and the tables of an ensemble are a sample of those that it
allows: that a count is the same in all of them proves nothing. A *bound* does. It is the least or
the greatest value of a count over all the rows of which every printed statement that stands is
true, found by an integer programme that is solved to the end, without a time limit. That no rows
were lost or gained on the way is argued in `counts`.

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

What print gives away of single doctors follows (`Disclosure`). A doctor's answers are *determined*
if in every table that print allows somebody has all of them: the least count of the combination is
one or more, and the sum of these least counts over all combinations is the number of doctors of
whom print says everything that makes their profile. An answer can be *learnt* (attribute
disclosure, Lambert 1993) by someone who knows that a doctor took part, his group, and some answers
that a colleague or a patient knows as well: his age, how and where he practises. It is learnt if
print excludes every other answer together with these, that is if the greatest count of the others
is nil. Of a second barrier that the source does not name there is nothing to learn. Both are
numbers of doctors that are proved: there are at least so many. Nothing here says who.

Method
------
The programme is solved by HiGHS, which SciPy brings along. A statement with several possibilities
has an unknown of 0 or 1 for each of them, one of which is 1; a count that they give differently is
the sum of what each gives times its unknown. That is exact, as a choice is, and a solver that lets
the unknowns be fractions for a while is left with mixtures of the possibilities and nothing wider.

A bound is explained by the statements that imply it, none of which can be spared: of the fewest
first statements that do, the last one is needed, and so on with the fewest that do beside it
(Junker's preferred explanation). The lines of the source are gone through first and then the
statements that are left, so that neither a line nor a statement can be spared.

References
----------
Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical
Programming Computation 10, 119-142. doi:10.1007/s12532-017-0130-5

Junker, U. (2004). QUICKXPLAIN: preferred explanations and relaxations for over-constrained
problems. Proceedings of AAAI 2004, 167-172.

Lambert, D. (1993). Measures of disclosure risk and harm. Journal of Official Statistics 9, 313-331.

Examples
--------
Of the users of 60 to 69, print says how many there are, and how many users only looked something
up; not how many did both:

>>> found = bounds(ask("age=60-69 & purpose=consultation"))
>>> found.lower, found.upper, str(found.status)
(0, 5, 'open')

The command ``python -m analysis bounds QUESTION`` says it with the reasons (`answer`).
"""

from __future__ import annotations

import itertools
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache, partial, reduce

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis import paths
from analysis.reconstruction.counts import Conditions, Programme
from analysis.reconstruction.ensemble import Ensemble, stored
from analysis.reconstruction.respondents import LEVELS, OPEN, is_named
from analysis.reconstruction.statements import LARGEST, Constraint, Count, standing
from analysis.survey.question import EITHER, Condition, Question, QuestionError, ask
from analysis.survey.rebuilt import read_bounds, read_reasons
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
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "all": (),
    "without_tests": _TESTS,
    "without_annexe": ("taviu", "tavin", *_TESTS),
}
"""How much of what the thesis prints is looked at, and the tables that are not."""


class Status(StrEnum):
    """What may be said of a count that print does not give."""

    DETERMINED = "determined"
    OPEN = "open"
    BOUNDED = "bounded"


_WORDS = {
    Status.DETERMINED: "print allows no other count",
    Status.OPEN: "two tables that were found differ",
    Status.BOUNDED: "print allows others than the tables that were found have; nobody knows",
}
_OPTIMAL, _INFEASIBLE = 0, 2


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
    linear = _Linear(asked, standing() if statements is None else statements)
    seen = [
        _seen(each, conditions, stored(each) if ensembles is None else ensembles[each])
        for each, conditions in asked.items()
    ]
    least, most = map(sum, zip(*seen, strict=True))
    return Bounds(*linear.extremes(), least, most)


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
    linear = _Linear(asked, ordered)
    lower, upper = linear.extremes()
    below, above = linear.needed(-np.inf, lower - 1), linear.needed(upper + 1, np.inf)
    return Reasons(*(tuple(sorted(own, key=printed.index)) for own in (below, above)))


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
    conditions = question.together.conditions
    for each in conditions:
        if each.variable in EITHER:
            raise QuestionError(f"no bounds of {each}: ask {' and '.join(each.columns)} apart")
    wanted = {each.variable: each.levels for each in conditions if each.variable != "uses_dmp"}
    _refuse_unnamed(wanted)
    return {each: dict(wanted) for each in question.groups if group in (None, each)}


@cache
def _proofs() -> dict[tuple[str, str], Bounds]:
    return {
        (group, where): Bounds(*map(int, numbers))
        for group, where, *numbers in read_bounds(paths.BOUNDS).cells
    }


@cache
def _reasons() -> dict[tuple[str, str], Reasons]:
    said = {each.id: each for each in standing()}
    return {
        (group, where): Reasons(*(tuple(said[by] for by in end.split()) for end in ends))
        for group, where, *ends in read_reasons(paths.REASONS).cells
    }


def _stored_as(question: Question, group: Group) -> str:
    """Write a question in the form in which bounds are stored."""
    own = asked_of(question, group)[group].items()
    return str(Question(tuple(Condition(name, tuple(levels)) for name, levels in own)))


_found = cache(bounds)


def _refuse_unnamed(wanted: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse to tell apart what print does not: a second barrier without a name may be any."""
    own = LEVELS["non_users"]["barrier_2"]
    unnamed = {level for level in VARIABLES["barrier_2"].levels if level not in own}
    chosen = set(wanted.get("barrier_2", ()))
    if chosen & unnamed and not unnamed | {e for e in own if not is_named(e)} <= chosen:
        raise QuestionError(
            f"print names no second barrier {', '.join(sorted(chosen & unnamed))}: {', '.join(own)}"
        )


def _seen(group: Group, conditions: Conditions, ensemble: Ensemble) -> tuple[int, int]:
    rows = ensemble.stacked
    tabled = {column: levels for column, levels in conditions.items() if column in rows}
    kept = rows["cluster"].notna()
    for column, levels in tabled.items():
        kept &= rows[column].astype(str).isin(levels)
    counts = kept.to_numpy().reshape(len(ensemble), -1)
    least, most, size = counts.sum(axis=1).min(), counts.sum(axis=1).max(), counts.shape[1]
    dealt = {column: levels for column, levels in conditions.items() if column not in tabled}
    if dealt:
        # Dealt apart, or together as far as they go.
        fewest, greatest = _dealt(group, tuple((c, tuple(dealt[c])) for c in dealt))
        least, most = max(0, least + fewest - size), min(most, greatest)
    return int(least), int(most)


@cache
def _dealt(group: Group, conditions: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[int, int]:
    return _Linear({group: dict(conditions)}, standing()).extremes()


_programme = cache(partial(Programme, levels=_ALL_LEVELS))


class _Linear:
    """The programme of a question, whose statements may be left out when it is solved.

    Parameters
    ----------
    asked : dict of str to Conditions
        By group, which doctors are counted.
    statements : sequence of Constraint
        What print says.
    """

    def __init__(self, asked: Mapping[Group, Conditions], statements: Sequence[Constraint]) -> None:
        items = {name for conditions in asked.values() for name in conditions} & set(ITEMS)
        self._programme = _programme(frozenset(items))
        # An item that is not asked about is tied to the rest by nothing but the size of the group.
        self._statements = [each for each in statements if not each.columns & set(ITEMS) - items]
        self._n_unknowns, tied, counted = self._programme.ask(asked)
        count = (-1, dict.fromkeys(counted, 1.0), -np.inf, np.inf)
        self._rows: list[tuple[int, dict[int, float], float, float]] = [count]
        for one, other in (*self._programme.equal, *tied):
            self._rows.append((-1, dict.fromkeys(one, 1.0) | dict.fromkeys(other, -1.0), 0, 0))
        for position, statement in enumerate(self._statements):
            self._post(position, statement)
        owners, coefficients, lowest, highest = zip(*self._rows, strict=True)
        self._owners, self._lowest, self._highest = map(np.array, (owners, lowest, highest))
        values = np.fromiter(itertools.chain(*map(dict.values, coefficients)), float)
        places = np.repeat(np.arange(len(coefficients)), list(map(len, coefficients)))
        unknowns = np.fromiter(itertools.chain(*coefficients), np.int32)
        shape = (len(coefficients), self._n_unknowns)
        self._matrix = scipy.sparse.csr_array((values, (places, unknowns)), shape=shape)
        self._counted = self._matrix[[0]].toarray()[0]

    def _post(self, owner: int, statement: Constraint) -> None:
        if len(statement.alternatives) == 1:
            for count in statement.alternatives[0]:
                cells = dict.fromkeys(self._programme.number(count), 1.0)
                self._rows.append((owner, cells, count.lowest, count.highest))
            return
        choices = range(self._n_unknowns, self._n_unknowns + len(statement.alternatives))
        self._n_unknowns += len(choices)
        self._rows.append((owner, dict.fromkeys(choices, 1.0), 1, 1))
        given = [{count.wheres: count for count in counts} for counts in statement.alternatives]
        for wheres in dict.fromkeys(itertools.chain(*given)):
            open_ = Count(wheres, 0, LARGEST)
            cells = dict.fromkeys(self._programme.number(open_), 1.0)
            own = [each.get(wheres, open_) for each in given]
            lowest = {choice: -each.lowest for choice, each in zip(choices, own, strict=True)}
            highest = {choice: -each.highest for choice, each in zip(choices, own, strict=True)}
            self._rows.append((owner, cells | lowest, 0, np.inf))
            self._rows.append((owner, cells | highest, -np.inf, 0))

    def extremes(self) -> tuple[int, int]:
        """Find the least and the greatest count that all statements allow.

        Raises
        ------
        ValueError
            If the statements cannot hold together.
        """
        ends = []
        for sign in (1, -1):
            found = self._solve(sign * self._counted, range(len(self._statements)))
            if found is None:
                raise ValueError("the statements cannot hold together")
            ends.append(round(float(self._counted @ found)))
        return ends[0], ends[1]

    def needed(self, lowest: float, highest: float) -> list[Constraint]:
        """Find statements that exclude counts between two numbers, none of which can be spared."""

        @cache
        def is_implied(kept: frozenset[int]) -> bool:
            return self._solve(np.zeros(self._n_unknowns), kept, (lowest, highest)) is None

        lines: dict[str, tuple[int, ...]] = {}
        for position, statement in enumerate(self._statements):
            lines[statement.line] = (*lines.get(statement.line, ()), position)
        by_line = _needed(list(lines.values()), is_implied)
        one_by_one = _needed([(each,) for each in itertools.chain(*by_line)], is_implied)
        return [self._statements[each] for (each,) in one_by_one]

    def _solve(
        self,
        cost: NDArray[np.float64],
        kept: Iterable[int],
        count: tuple[float, float] = (-np.inf, np.inf),
    ) -> NDArray[np.float64] | None:
        """Find the counts of least cost, with some of the statements; None where there are none."""
        rows = np.isin(self._owners, [-1, *kept])
        matrix, lowest, highest = self._matrix[rows], self._lowest[rows], self._highest[rows]
        lowest[0], highest[0] = count
        result = scipy.optimize.milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=scipy.optimize.Bounds(0, LARGEST),
            constraints=scipy.optimize.LinearConstraint(matrix, lowest, highest),
            options={"mip_rel_gap": 0},
        )
        if result.status == _INFEASIBLE:
            return None
        if result.status != _OPTIMAL:
            raise RuntimeError(f"the solver stopped: {result.message}")
        found = np.round(result.x)
        sums = matrix @ found
        if (sums < lowest).any() or (sums > highest).any():
            raise RuntimeError("the solver's counts are no whole numbers that satisfy print")
        return np.asarray(found)


def _needed(
    candidates: Sequence[tuple[int, ...]], is_implied: Callable[[frozenset[int]], bool]
) -> list[tuple[int, ...]]:
    """Find candidates that imply, none of which can be spared; the earlier ones where it can be."""
    found: list[tuple[int, ...]] = []

    def is_enough(number: int) -> bool:
        """Say whether so many candidates imply, with those found."""
        return is_implied(frozenset(itertools.chain(*candidates[:number], *found)))

    while not is_enough(0):
        number = bisect_left(range(len(candidates)), x=True, key=is_enough)
        found.insert(0, candidates[number - 1])
        candidates = candidates[: number - 1]
    return found


def answer(text: str, group: Group | None = None, *, as_json: bool = False) -> str:
    """Answer a question: what the command ``python -m analysis bounds QUESTION`` prints.

    Parameters
    ----------
    text : str
        The question.
    group : {"users", "non_users"}, optional
        Whose doctors are counted; by default those of every group that was asked.
    as_json : bool
        Whether the answer is for a program.

    Returns
    -------
    str

    Raises
    ------
    QuestionError
        A `ValueError`: the question is none, or the group was not asked.

    Examples
    --------
    >>> print(answer("frequency=journalier & age=50-59"))
    age=50-59 & frequency=journalier, users
    proved  1
    seen    1
    determined: print allows no other count
    exactly 1, because of
      TB1C, l. 487: age = 50-59, frequency = journalier, utilisateurs : 1
    """
    question = ask(text)
    asked = tuple(asked_of(question, group))
    found, why = bounds(question, group), reasons(question, group)
    if not as_json:
        return "\n".join(_lines(question, asked, found, why))
    stated = ("id", "table", "line", "statement")
    document = {
        "question": str(question),
        "groups": list(asked),
        **asdict(found),
        "status": str(found.status),
        "reasons": {
            end: [{name: getattr(each, name) for name in stated} for each in getattr(why, end)]
            for end in ("lower", "upper")
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _lines(
    question: Question, asked: Sequence[Group], found: Bounds, why: Reasons
) -> Iterator[str]:
    yield f"{str(question) or 'all doctors'}, {' and '.join(asked)}"
    seen = Bounds(found.seen_min, found.seen_max, found.seen_min, found.seen_max)
    yield f"proved  {found.range}"
    yield f"seen    {seen.range}"
    yield f"{found.status}: {_WORDS[found.status]}"
    if found.status is not Status.DETERMINED:
        yield "The bounds are sharp for what is printed; that R finds the printed clusters may"
        yield "narrow them for the rows of the report."
    loose = sorted(question.variables & {*ITEMS, *OPEN})
    if loose:
        yield f"Nothing but the size of the group ties {', '.join(loose)} to a doctor's profile."
    ends = [("at least", found.lower, why.lower), ("at most", found.upper, why.upper)]
    if why.lower == why.upper:
        ends = [("exactly", found.lower, why.lower)]
    for end, number, own in ends:
        yield f"{end} {number}, {'because of' if own else 'whatever is printed'}"
        for each in own:
            yield f"  {each.table.upper()}, l. {each.line}: {each.statement}"


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
