"""The constraints as one integer programme over the counts of both groups.

The unknowns and what ties them are those of `_programme`. Every printed statement hangs on a
literal of its own, and holds where its literal is true. OR-tools CP-SAT decides whether a set of
statements can hold together; with one worker, a fixed seed and no time limit it repeats itself.

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

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from analysis.reconstruction._programme import Conditions, Programme
from analysis.reconstruction.constraints import Constraint
from analysis.survey.schema import ITEMS, Group

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
        self._programme = Programme(read & set(ITEMS))
        self._model = cp_model.CpModel()
        self._cells = [self._model.new_int_var(0, _LARGEST, name) for name in self._programme.names]
        for one, other in self._programme.equal:
            self._model.add(self._sum(one) == self._sum(other))
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
            self._cells[cell]
            for cliques in self._programme.cells.values()
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
                clique: {
                    levels: solver.value(self._cells[cell]) for levels, cell in of_clique.items()
                }
                for clique, of_clique in cliques.items()
            }
            for group, cliques in self._programme.cells.items()
        }

    def bounds(self, ids: Iterable[str], asked: Mapping[Group, Conditions]) -> tuple[int, int]:
        """Find the least and the greatest count of doctors where these constraints hold.

        Parameters
        ----------
        ids : iterable of str
        asked : dict of str to Conditions
            As for `Programme.ask`.

        Raises
        ------
        ValueError
            If the constraints cannot hold together.
        """
        added = self._programme.ask(asked)
        kept, found = tuple(ids), []
        for sign in (1, -1):
            model = self._holding(kept)
            cells = [model.get_int_var_from_proto_index(cell.index) for cell in self._cells]
            cells += [
                model.new_int_var(0, _LARGEST, "")
                for _ in range(added.n_unknowns - len(self._cells))
            ]

            def total(unknowns: Iterable[int], cells: list[cp_model.IntVar] = cells) -> Any:
                return cp_model.LinearExpr.sum([cells[each] for each in unknowns])

            for one, other in added.equal:
                model.add(total(one) == total(other))
            model.minimize(sign * total(added.counted))
            solver = _solve(model)
            if solver is None:
                raise ValueError("the constraints cannot hold together")
            found.append(sign * round(solver.objective_value))
        return found[0], found[1]

    def _holding(self, ids: Iterable[str]) -> cp_model.CpModel:
        """Return a copy of the programme in which these constraints hold."""
        model = self._model.clone()
        model.add_bool_and(
            [model.get_bool_var_from_proto_index(self._literals[each].index) for each in ids]
        )
        return model

    def _sum(self, unknowns: Iterable[int]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([self._cells[each] for each in unknowns])

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
                number = cp_model.LinearExpr.sum(
                    [self._sum(self._programme.number(where)) for where in count.wheres]
                )
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
