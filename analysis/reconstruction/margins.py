"""Every printed count against every other: conflicts, their settlement, and rows that fit.

Concept
-------
Each table of the thesis says how many doctors gave some answer, or some pair of answers. All of
them speak of the same 55 users and 45 non-users, so that they can be held against each other: is
there any set of 100 doctors of whom all of it is true? There is none. `conflicts` finds why: it
reads the statements in a fixed order, the sizes of the groups and Annexe VI first, stops at the
first that those before it exclude, and names the fewest that do so. Such a conflict is minimal:
without any one of its statements, the others can hold together. Then a rule says which of them
yields (``data/reconstruction/settlements.csv``), and the reading goes on without it.

The annexe comes first because it proves itself: each of its percentages, test values and p-values
is a function of whole numbers, and agrees with all the others to the last digit.

What remains can hold together. `draw` finds counts of which it is all true, and the rows that they
give; the answers to the Likert items, whose link to a doctor's other answers print does not tell,
are dealt. `recount` counts the rows of any table again, without the solver.

Method
------
The unknowns are numbers of doctors by combination of answers, not doctors: 100 doctors can be
permuted, their counts cannot. Answers that no table links are dealt independently of each other
within what links them (`respondents`). Every printed statement hangs on a literal of its own, and
holds where its literal is true. OR-tools CP-SAT decides whether a set of statements can hold
together (`Model`); with one worker, a fixed seed and no limit of time it repeats itself.

The fewest statements that exclude another one are found through the opposite notion, the
*correction*: statements without which the rest can hold. Whatever excludes has a member in common
with every correction; the fewest that meet all corrections known so far either exclude, and are
then the answer, or lead to a new correction (Ignatiev and others).

A statement here is a count. Percentages that do not fit the counts beside them contradict nobody's
answers, and are left to the ledger; p-values enter through the tables that have them
(`fingerprints`).

References
----------
Perron, L. and Didier, F. (2025). CP-SAT, version 9.15. Google. https://developers.google.com/optimization

Liffiton, M. H. and Sakallah, K. A. (2008). Algorithms for computing minimal unsatisfiable subsets
of constraints. Journal of Automated Reasoning 40, 1-33. doi:10.1007/s10817-007-9084-z

Ignatiev, A., Previti, A., Liffiton, M. and Marques-Silva, J. (2015). Smallest MUS extraction with
minimal hitting set dualization. Principles and Practice of Constraint Programming, LNCS 9255,
173-182. doi:10.1007/978-3-319-23219-5_13
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from analysis.printed.claims import Settlement
from analysis.reconstruction.counts import Level, Programme, Table
from analysis.reconstruction.respondents import COLUMNS
from analysis.reconstruction.statements import LARGEST, Constraint, Statements, read_statements
from analysis.survey.schema import GROUPS, ITEMS, Group


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be true, although any fewer of them can.

    Parameters
    ----------
    members : tuple of Constraint
        The statements, in the order in which they are read.
    settlements : tuple of Settlement
        Those of them that yield; none where no rule settles the conflict.
    """

    members: tuple[Constraint, ...]
    settlements: tuple[Settlement, ...]

    @property
    def text(self) -> str:
        """The statements in one line, each with its table and its source lines."""
        return " ; ".join(member.text for member in self.members)


class ContradictionError(ValueError):
    """Say in one line which printed statements contradict each other, unsettled.

    Parameters
    ----------
    conflict : Conflict
    """

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"printed statements contradict each other: {conflict.text}")
        self.conflict = conflict


def conflicts(statements: Statements) -> Iterator[Conflict]:
    """Find the printed statements that contradict each other.

    Parameters
    ----------
    statements : Statements

    Yields
    ------
    Conflict
        In the order in which they are met, each after the one before is settled. Of a conflict
        without a rule, the statement read last is set aside, and the reading goes on.

    Notes
    -----
    The profile of the doctors is read first, then each Likert item. `draw` needs no such search.
    """
    by_id = {each.id: each for each in statements.constraints}
    rules = {each.constraint: each for each in statements.settlements}
    aside: set[str] = set()
    for together in _parts(statements.constraints):
        model = Model(together)
        while members := model.first_conflict([e.id for e in together if e.id not in aside]):
            settled = tuple(rules[each] for each in members if each in rules)
            yield Conflict(tuple(by_id[each] for each in members), settled)
            aside |= {each.constraint for each in settled} or {members[-1]}


def draw(seed: int, *, directory: Path | None = None) -> dict[Group, pd.DataFrame]:
    """Draw counts of both groups, of which every statement that stands is true, and deal rows.

    The counts lie at an end of what is possible, in a direction drawn from the seed; what they
    leave open is dealt at random in the rows. Print says how many doctors of a group gave each
    answer to a Likert item, and nothing about which of them.

    Parameters
    ----------
    seed : int
        Zero or more.
    directory : Path, optional
        As for `read_statements`.

    Returns
    -------
    dict of str to pandas.DataFrame
        By group, one row a doctor, in the columns of the respondents table but ``respondent``, as
        text; the empty one where a question was not asked, or an item has fewer answers than the
        group has doctors. The rows are sorted by all but the items. The same for the same seed.

    Raises
    ------
    InputError
        A `ValueError`: a printed table or the file of the rules is faulty.
    ContradictionError
        A `ValueError`: the statements that stand contradict each other.

    Examples
    --------
    >>> rows = draw(1)["non_users"]
    >>> rows["place"].value_counts().to_dict()
    {'groupe': 35, 'seul': 6, 'autre': 4}
    >>> rows.loc[rows["place"] == "autre", "practice_type"].tolist().count("seul_liberal")
    1

    The two rows of T14 carry each other's label; the 55 answers that it prints for the 45 non-users
    are the users'.

    >>> draw(1)["users"]["t14"].value_counts().sort_index().tolist()
    [7, 3, 15, 5, 25]
    """
    statements = read_statements(directory)
    model = _model(statements.constraints)
    numbers = model.draw([each.id for each in statements.standing], seed)
    if numbers is None:
        raise ContradictionError(next(conflicts(Statements(statements.standing, ()))))
    found = {}
    for place, (group, answer) in enumerate(GROUPS.items()):
        tables = model.unknowns.tables[group].values()
        profile, marks = (
            _deal(
                [table for table in tables if (table.columns[0] in ITEMS) == is_item],
                numbers,
                np.random.default_rng([seed, place, int(is_item)]),
            )
            for is_item in (False, True)
        )
        rows = profile.assign(uses_dmp=answer).reindex(columns=COLUMNS, fill_value="").astype(str)
        found[group] = rows.sort_values(list(COLUMNS[::-1]), ignore_index=True).join(marks)
    return found


def _deal(
    tables: Iterable[Table], numbers: Sequence[int], generator: np.random.Generator
) -> pd.DataFrame:
    """Turn counts into answers, one row a doctor.

    The answers of a table are dealt at random among the doctors who have in common what it shares
    with the tables before it.
    """
    rows: list[dict[str, Level]] = []
    for table in tables:
        shared = [column for column in table.columns if rows and column in rows[0]]
        hands: dict[tuple[Level, ...], list[dict[str, Level]]] = {}
        for levels, (cell,) in table.cells.items():
            answers = dict(zip(table.columns, levels, strict=True))
            hand = hands.setdefault(tuple(answers[column] for column in shared), [])
            hand += [answers] * numbers[cell]
        shuffled = {
            key: [hand[position] for position in generator.permutation(len(hand))]
            for key, hand in hands.items()
        }
        rows = rows or [{} for hand in hands.values() for _ in hand]
        rows = [row | shuffled[tuple(row[name] for name in shared)].pop() for row in rows]
    return pd.DataFrame(rows, dtype=str)


def _parts(constraints: tuple[Constraint, ...]) -> Iterator[tuple[Constraint, ...]]:
    """Divide the constraints, so that a conflict is looked for among few.

    The profile of each group comes first, that of both then, each Likert item after it. All that an
    item shares with the rest are the sizes of the groups, and the constraints on them are in every
    part: if each part can hold, so can the whole. It comes last, in case a size was set aside.
    """
    likert = frozenset(ITEMS)
    profile = tuple(each for each in constraints if not each.columns & likert)
    for group in GROUPS:
        yield tuple(each for each in profile if each.groups == {group})
    yield profile
    for item in ITEMS:
        yield tuple(e for e in constraints if item in e.columns or e.columns == {"uses_dmp"})
    yield constraints


class Model:
    """Hold the programme, and one literal for each constraint.

    Parameters
    ----------
    constraints : sequence of Constraint

    Attributes
    ----------
    unknowns : Programme
    cells : list of IntVar
        The variable of each unknown.
    """

    def __init__(self, constraints: Sequence[Constraint]) -> None:
        read = {column for each in constraints for column in each.columns}
        self.unknowns = Programme(read & set(ITEMS))
        self._model = cp_model.CpModel()
        self.cells = [
            self._model.new_int_var(0, LARGEST, "") for _ in range(self.unknowns.n_unknowns)
        ]
        for one, other in self.unknowns.equal:
            self._model.add(self._sum(one) == self._sum(other))
        self._literals = {each.id: self._post(each) for each in constraints}

    def is_feasible(self, ids: Iterable[str]) -> bool:
        """Say whether these constraints can hold together."""
        return solve(self.holding(ids)) is not None

    def draw(self, ids: Iterable[str], seed: int) -> list[int] | None:
        """Find counts that satisfy the constraints, extreme in a direction drawn from the seed.

        Returns
        -------
        list of int or None
            By unknown; None where the constraints cannot hold together.
        """
        crossed = [
            self.cells[cell]
            for tables in self.unknowns.tables.values()
            for clique, table in tables.items()
            if len(clique) > 1
            for (cell,) in table.cells.values()
        ]
        weights = np.random.default_rng(seed).integers(-9, 10, size=len(crossed)).tolist()
        model = self.holding(ids)
        model.maximize(cp_model.LinearExpr.weighted_sum(crossed, weights))
        solver = solve(model, seed)
        return None if solver is None else [solver.value(cell) for cell in self.cells]

    def holding(self, ids: Iterable[str]) -> cp_model.CpModel:
        """Return a copy of the programme in which these constraints hold."""
        model = self._model.clone()
        model.add_bool_and([self._literals[each] for each in ids])
        return model

    def _sum(self, unknowns: Iterable[int]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([self.cells[each] for each in unknowns])

    def _post(self, constraint: Constraint) -> cp_model.IntVar:
        literal = self._model.new_bool_var(constraint.id)
        choices = [literal]
        if len(constraint.alternatives) > 1:
            choices = [self._model.new_bool_var("") for _ in constraint.alternatives]
            self._model.add_bool_or([*choices, literal.negated()])
        for choice, counts in zip(choices, constraint.alternatives, strict=True):
            for count in counts:
                number = self._sum(self.unknowns.number(count))
                bounded = self._model.add_linear_constraint(number, count.lowest, count.highest)
                bounded.only_enforce_if(choice)
        return literal

    def first_conflict(self, ids: Sequence[str]) -> tuple[str, ...] | None:
        """Find the first constraint that those before it exclude, and why.

        Parameters
        ----------
        ids : sequence of str
            The constraints that stand, in the order in which they are read.

        Returns
        -------
        tuple of str or None
            The fewest constraints before it that exclude it, and the constraint itself at the end;
            the earlier ones of equally few. None where all of them can hold together.
        """
        place = self._first_excluded([], ids)
        if place == len(ids):
            return None
        return (*self._fewest_that_exclude(ids[place], ids[:place]), ids[place])

    def _first_excluded(self, kept: Sequence[str], others: Sequence[str]) -> int:
        """Find the first of the others that those before it exclude; their number if none is."""
        if self.is_feasible([*kept, *others]):
            return len(others)

        def is_excluded(place: int) -> bool:
            return not self.is_feasible([*kept, *others[: place + 1]])

        return bisect_left(range(len(others)), x=True, key=is_excluded)

    def _fewest_that_exclude(self, last: str, before: Sequence[str]) -> list[str]:
        corrections: list[list[str]] = []
        while True:
            candidate = _fewest_that_meet(corrections, before)
            if not self.is_feasible([last, *candidate]):
                return candidate
            suspected = {each for correction in corrections for each in correction}
            kept, others = [last, *candidate], sorted(before, key=suspected.__contains__)
            while others:
                place = self._first_excluded(kept, others)
                kept, others = [*kept, *others[:place]], others[place + 1 :]
            corrections.append([each for each in before if each not in kept])


_model = lru_cache(maxsize=4)(Model)


def solve(model: cp_model.CpModel, seed: int = 0) -> cp_model.CpSolver | None:
    """Solve a programme to the end; None where it has no solution."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    # Otherwise the solver takes Ctrl-C for its own, and says that it was stopped.
    solver.parameters.catch_sigint_signal = False
    # The programme is small: looking for more structure takes longer than solving it.
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise RuntimeError(f"the solver stopped: {solver.status_name(status)}")
    return solver


def _fewest_that_meet(corrections: Sequence[Sequence[str]], order: Sequence[str]) -> list[str]:
    """Choose the fewest constraints that meet each correction, the earlier ones of equals."""
    model = cp_model.CpModel()
    chosen = {each: model.new_bool_var(each) for each in order}
    for correction in corrections:
        model.add_bool_or([chosen[each] for each in correction])
    costs = [100 * (len(order) + 1) + rank for rank in range(len(order))]
    model.minimize(cp_model.LinearExpr.weighted_sum(list(chosen.values()), costs))
    solver = solve(model)
    if solver is None:
        raise RuntimeError("some correction is empty: the statements before exclude each other")
    return [each for each in order if solver.boolean_value(chosen[each])]
