"""The constraints as one integer programme over the counts of both groups.

The unknowns are counts of doctors: how many users have such an age, such a frequency and are in
such a cluster. Each group has one table of unknowns for each clique of `_respondents`; the tables
of a group agree on the columns they share, and a question that was not asked has no answer. These
are the only fixed parts of the programme: every printed statement hangs on a literal of its own,
and holds where its literal is true. OR-tools CP-SAT decides whether a set of statements can hold
together; with one worker, a fixed seed and no time limit it repeats itself.

`Model.first_conflict` explains a set that cannot. It finds the first statement that those before it
exclude, and the fewest of them that do; together they are a *conflict*, which cannot hold although
any smaller part of it can. The fewest are found through the opposite notion, the *correction*:
statements without which the rest can hold. Whatever excludes has a member in common with every
correction; the fewest that meet all corrections known so far either exclude, and are then the
answer, or lead to a new correction.

References
----------
Ignatiev, A., Previti, A., Liffiton, M. and Marques-Silva, J. (2015). Smallest MUS extraction with
minimal hitting set dualization. Principles and Practice of Constraint Programming, LNCS 9255,
173-182. doi:10.1007/978-3-319-23219-5_13
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from analysis.reconstruction._constraints import Constraint, Where
from analysis.reconstruction._respondents import CLIQUES, combinations
from analysis.survey.schema import GROUPS, ITEMS, Group

__all__ = ["Counts", "Model", "joins", "part"]

Cells = dict[tuple[str, ...], cp_model.IntVar]
Counts = dict[tuple[str, ...], dict[tuple[str, ...], int]]
"""By clique and by combination of levels, a number of doctors."""

_LARGEST = 100
"""No printed count of doctors is larger."""


class Model:
    """Hold the programme, and one literal for each constraint.

    Parameters
    ----------
    constraints : sequence of Constraint
    """

    def __init__(self, constraints: Sequence[Constraint]) -> None:
        read = {column for each in constraints for column in each.columns}
        self._model = cp_model.CpModel()
        self._cells: dict[Group, dict[tuple[str, ...], Cells]] = {
            group: {
                clique: self._new_cells(group, clique)
                for clique in CLIQUES[group]
                if clique[0] not in ITEMS or clique[0] in read
            }
            for group in GROUPS
        }
        for group in GROUPS:
            self._agree(group)
        self._literals = {each.id: self._post(each) for each in constraints}

    def is_feasible(self, ids: Iterable[str]) -> bool:
        """Say whether these constraints can hold together."""
        return _solve(self._holding(ids)) is not None

    def draw(self, ids: Iterable[str], seed: int) -> dict[Group, Counts] | None:
        """Find counts that satisfy the constraints, extreme in a direction drawn from the seed.

        Returns
        -------
        dict of str to Counts or None
            By group; None where the constraints cannot hold together.
        """
        generator = np.random.default_rng(seed)
        cells = [
            cell
            for cliques in self._cells.values()
            for clique, of_clique in cliques.items()
            if len(clique) > 1
            for cell in of_clique.values()
        ]
        weights = generator.integers(-9, 10, size=len(cells)).tolist()
        model = self._holding(ids)
        model.maximize(
            cp_model.LinearExpr.weighted_sum(
                [model.get_int_var_from_proto_index(cell.index) for cell in cells], weights
            )
        )
        solver = _solve(model, seed)
        if solver is None:
            return None
        return {
            group: {
                clique: {levels: solver.value(cell) for levels, cell in of_clique.items()}
                for clique, of_clique in cliques.items()
            }
            for group, cliques in self._cells.items()
        }

    def _holding(self, ids: Iterable[str]) -> cp_model.CpModel:
        """Return a copy of the programme in which these constraints hold."""
        model = self._model.clone()
        model.add_bool_and(
            [model.get_bool_var_from_proto_index(self._literals[each].index) for each in ids]
        )
        return model

    def _new_cells(self, group: Group, clique: tuple[str, ...]) -> Cells:
        return {
            levels: self._model.new_int_var(0, _LARGEST, f"{group} {' '.join(levels)}")
            for levels in combinations(group, clique)
        }

    def _agree(self, group: Group) -> None:
        """Make the tables of a group agree on the columns they share, and on their sum."""
        for known, clique, shared in joins(group):
            if clique not in self._cells[group]:
                continue
            levels = {part(key, known, shared) for key in self._cells[group][known]}
            levels |= {part(key, clique, shared) for key in self._cells[group][clique]}
            for each in sorted(levels):
                where = tuple(zip(shared, each, strict=True))
                self._model.add(self._sum(group, known, where) == self._sum(group, clique, where))

    def _sum(self, group: Group, clique: tuple[str, ...], where: Where) -> cp_model.LinearExprT:
        wanted = [(clique.index(column), level) for column, level in where]
        return cp_model.LinearExpr.sum(
            [
                cell
                for levels, cell in self._cells[group][clique].items()
                if all(levels[position] == level for position, level in wanted)
            ]
        )

    def _number(self, where: Where) -> cp_model.LinearExprT:
        """Return the number of doctors who have these answers, of one group or of both."""
        answer = dict(where).get("uses_dmp")
        rest = tuple(pair for pair in where if pair[0] != "uses_dmp")
        columns = {column for column, _ in rest}
        return cp_model.LinearExpr.sum(
            [
                self._sum(group, next(c for c in CLIQUES[group] if columns <= set(c)), rest)
                for group in GROUPS
                if answer in {GROUPS[group], None}
            ]
        )

    def _post(self, constraint: Constraint) -> cp_model.IntVar:
        literal = self._model.new_bool_var(constraint.id)
        choices = [literal]
        if len(constraint.alternatives) > 1:
            choices = [
                self._model.new_bool_var(f"{constraint.id} {number}")
                for number in range(len(constraint.alternatives))
            ]
            self._model.add_bool_or([*choices, literal.negated()])
        for choice, counts in zip(choices, constraint.alternatives, strict=True):
            for count in counts:
                number = cp_model.LinearExpr.sum([self._number(where) for where in count.wheres])
                bounded = cp_model.BoundedLinearExpression(
                    number, cp_model.Domain(count.lowest, count.highest)
                )
                self._model.add(bounded).only_enforce_if(choice)
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
        if self.is_feasible(ids):
            return None
        fitting, excluded = 0, len(ids)
        while excluded - fitting > 1:
            middle = (fitting + excluded) // 2
            if self.is_feasible(ids[:middle]):
                fitting = middle
            else:
                excluded = middle
        before, last = ids[: excluded - 1], ids[excluded - 1]
        return (*self._fewest_that_exclude(last, before), last)

    def _fewest_that_exclude(self, last: str, before: Sequence[str]) -> list[str]:
        corrections: list[list[str]] = []
        while True:
            candidate = _fewest_that_meet(corrections, before)
            if not self.is_feasible([last, *candidate]):
                return candidate
            suspected = {each for correction in corrections for each in correction}
            kept = [last, *candidate]
            kept = self._with_most(kept, [each for each in before if each not in suspected])
            kept = self._with_most(kept, [each for each in before if each in suspected])
            corrections.append([each for each in before if each not in kept])

    def _with_most(self, kept: list[str], others: Sequence[str]) -> list[str]:
        """Add each of the others, in their order, that can hold with those before it."""
        if not others or self.is_feasible([*kept, *others]):
            return [*kept, *others]
        if len(others) == 1:
            return kept
        half = len(others) // 2
        return self._with_most(self._with_most(kept, others[:half]), others[half:])


def _solve(model: cp_model.CpModel, seed: int = 0) -> cp_model.CpSolver | None:
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
    rank = {each: position for position, each in enumerate(order)}
    members = sorted(
        {each for correction in corrections for each in correction}, key=rank.__getitem__
    )
    model = cp_model.CpModel()
    chosen = {each: model.new_bool_var(each) for each in members}
    for correction in corrections:
        model.add_bool_or([chosen[each] for each in correction])
    one = 100 * (len(order) + 1)
    model.minimize(sum((one + rank[each]) * chosen[each] for each in members))
    solver = _solve(model)
    if solver is None:
        raise RuntimeError("some correction is empty: the statements before exclude each other")
    return [each for each in members if solver.boolean_value(chosen[each])]


def joins(
    group: Group,
) -> list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Say how the cliques of a group hang together.

    Returns
    -------
    list of (known, clique, shared)
        For each clique but the first, a clique before it and the columns they share, which are all
        that it shares with those before it; none where it is on its own.

    Examples
    --------
    >>> joins("users")[0]
    (('cluster', 'age', 'frequency'), ('cluster', 'frequency', 'purpose'), ('cluster', 'frequency'))
    """
    found = []
    for position, clique in enumerate(CLIQUES[group][1:], start=1):
        before = CLIQUES[group][:position]
        seen = {column for known in before for column in known}
        shared = tuple(column for column in clique if column in seen)
        known = next(known for known in before if set(shared) <= set(known))
        found.append((known, clique, shared))
    return found


def part(
    levels: tuple[str, ...], clique: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Take the levels of some columns of a clique.

    Examples
    --------
    >>> part(("1", "<29", "annuel"), ("cluster", "age", "frequency"), ("frequency",))
    ('annuel',)
    """
    return tuple(levels[clique.index(column)] for column in columns)
