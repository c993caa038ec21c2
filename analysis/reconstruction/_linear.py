"""The constraints as one integer programme for HiGHS, which SciPy brings along.

The unknowns and what ties them are those of `_programme`. A statement with several possibilities
has an unknown of 0 or 1 for each of them, one of which is 1; a count that they give differently is
the sum of what each gives times its unknown. That is exact, as a choice is, and a solver that lets
the unknowns be fractions for a while is left with mixtures of the possibilities and nothing wider.

`Linear.needed` explains a bound: the fewest statements, in the sense that none of them can be
spared, without which the count could be beyond it. It is Junker's QuickXplain, first over the lines
of the source and then over the statements that are left, so that neither a line nor a statement can
be spared.

References
----------
Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical
Programming Computation 10, 119-142. doi:10.1007/s12532-017-0130-5

Junker, U. (2004). QUICKXPLAIN: preferred explanations and relaxations for over-constrained
problems. Proceedings of AAAI 2004, 167-172.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from analysis.reconstruction._programme import Asked, Programme
from analysis.reconstruction.constraints import Constraint, Count

_LARGEST = 100
"""No count of doctors is larger."""
_OPTIMAL, _INFEASIBLE = 0, 2


class Linear:
    """Hold the programme of a question.

    Parameters
    ----------
    programme : Programme
    asked : Asked
    statements : sequence of Constraint
        What print says; each may be left out when the programme is solved.
    """

    def __init__(
        self, programme: Programme, asked: Asked, statements: Sequence[Constraint]
    ) -> None:
        self._programme = programme
        self._statements = tuple(statements)
        self._n_unknowns = asked.n_unknowns
        self._rows: list[tuple[tuple[int, ...], tuple[int, ...], float, float]] = []
        self._owners: list[int] = []
        self._add(-1, asked.counted, (1,) * len(asked.counted), -np.inf, np.inf)
        for one, other in (*programme.equal, *asked.equal):
            self._add(-1, (*one, *other), (1,) * len(one) + (-1,) * len(other), 0, 0)
        for position, statement in enumerate(self._statements):
            self._post(position, statement)
        self._counted = np.zeros(self._n_unknowns)
        self._counted[list(asked.counted)] = 1
        unknowns, coefficients, self._lowest, self._highest = zip(*self._rows, strict=True)
        ends = np.cumsum([0, *map(len, unknowns)])
        flat = np.concatenate([np.array(each, dtype=np.int32) for each in unknowns])
        values = np.concatenate([np.array(each, dtype=float) for each in coefficients])
        self._matrix = csr_array((values, flat, ends), shape=(len(unknowns), self._n_unknowns))

    def _add(
        self,
        owner: int,
        unknowns: Iterable[int],
        coefficients: Iterable[int],
        lowest: float,
        highest: float,
    ) -> None:
        self._rows.append((tuple(unknowns), tuple(coefficients), lowest, highest))
        self._owners.append(owner)

    def _post(self, position: int, statement: Constraint) -> None:
        if len(statement.alternatives) == 1:
            for count in statement.alternatives[0]:
                cells = self._cells(count)
                self._add(position, cells, (1,) * len(cells), count.lowest, count.highest)
            return
        choices = range(self._n_unknowns, self._n_unknowns + len(statement.alternatives))
        self._n_unknowns += len(choices)
        self._add(position, choices, (1,) * len(choices), 1, 1)
        given: dict[Any, dict[int, Count]] = {}
        for choice, counts in zip(choices, statement.alternatives, strict=True):
            for count in counts:
                given.setdefault(count.wheres, {})[choice] = count
        for by_choice in given.values():
            cells = self._cells(next(iter(by_choice.values())))
            ends = [
                (by_choice[each].lowest, by_choice[each].highest)
                if each in by_choice
                else (0, _LARGEST)
                for each in choices
            ]
            for side, (lowest, highest) in enumerate(((0, np.inf), (-np.inf, 0))):
                numbers = tuple(-end[side] for end in ends)
                self._add(
                    position, (*cells, *choices), (1,) * len(cells) + numbers, lowest, highest
                )

    def _cells(self, count: Count) -> tuple[int, ...]:
        return tuple(cell for where in count.wheres for cell in self._programme.number(where))

    def extreme(self, *, greatest: bool) -> int:
        """Find the least or the greatest count that all statements allow.

        Raises
        ------
        ValueError
            If the statements cannot hold together.
        """
        sign = -1 if greatest else 1
        found = self._solve(sign * self._counted, range(len(self._statements)))
        if found is None:
            raise ValueError("the statements cannot hold together")
        return round(float(self._counted @ found))

    def needed(self, *, lower: int | None = None, upper: int | None = None) -> tuple[int, ...]:
        """Find statements that imply a bound, none of which can be spared.

        Parameters
        ----------
        lower, upper : int, optional
            One of them: that the count is no less, or no more.

        Returns
        -------
        tuple of int
            Their positions.
        """
        beyond = (-np.inf, lower - 1) if lower is not None else ((upper or 0) + 1, np.inf)
        nothing = np.zeros(self._n_unknowns)
        # What is false of counts beyond the bound: where none of it is said, they are not excluded.
        false: list[frozenset[int]] = []

        @cache
        def is_implied(kept: frozenset[int]) -> bool:
            if any(kept.isdisjoint(each) for each in false):
                return False
            found = self._solve(nothing, kept, beyond)
            if found is not None:
                false.append(self._false(found))
            return found is None

        lines: dict[str, list[int]] = {}
        for position, statement in enumerate(self._statements):
            lines.setdefault(statement.line, []).append(position)
        by_line = _needed(list(map(tuple, lines.values())), is_implied)
        one_by_one = [(each,) for group in by_line for each in group]
        return tuple(each for (each,) in _needed(one_by_one, is_implied))

    def _false(self, found: NDArray[np.float64]) -> frozenset[int]:
        """Find the statements that are not true of some counts."""
        sums = self._matrix @ found
        broken = (sums < np.array(self._lowest)) | (sums > np.array(self._highest))
        return frozenset(np.array(self._owners)[broken].tolist())

    def _solve(
        self,
        cost: NDArray[np.float64],
        kept: Iterable[int],
        count: tuple[float, float] = (-np.inf, np.inf),
    ) -> NDArray[np.float64] | None:
        """Find the counts of least cost, with some of the statements; None where there are none."""
        rows = np.isin(self._owners, [-1, *kept])
        lowest, highest = np.array(self._lowest), np.array(self._highest)
        lowest[0], highest[0] = count
        result = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(0, _LARGEST),
            constraints=LinearConstraint(self._matrix[rows], lowest[rows], highest[rows]),
            options={"mip_rel_gap": 0},
        )
        if result.status == _INFEASIBLE:
            return None
        if result.status != _OPTIMAL:
            raise RuntimeError(f"the solver stopped: {result.message}")
        found = np.round(result.x)
        sums = self._matrix[rows] @ found
        if (sums < lowest[rows]).any() or (sums > highest[rows]).any():
            raise RuntimeError("the solver's counts are no whole numbers that satisfy print")
        return np.asarray(found)


def _needed(
    candidates: Sequence[tuple[int, ...]], is_implied: Callable[[frozenset[int]], bool]
) -> list[tuple[int, ...]]:
    """Find candidates that imply, none of which can be spared; the earlier ones where it can be."""

    def among(known: list[tuple[int, ...]], left: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Find those of the candidates left that are needed beside the known ones."""
        if is_implied(frozenset(itertools.chain(*known))):
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        later = among([*known, *left[:half]], left[half:])
        return among([*known, *later], left[:half]) + later

    return among([], list(candidates))
