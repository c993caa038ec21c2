"""Search for answers on which the clustering finds the printed clusters, every doctor in his own.

Concept
-------
A *start* is a table of answers that fits all printed margins: who is in which cluster, and how many
of each cluster gave which answer, are as printed.  How the answers go together in one doctor is
left open by the margins, and the clustering depends on it.  The rows found here belong to no real
person, and nothing says that they are those of the survey: they are rows on which the thesis's own
method prints the thesis's own results.

From a start, answers are *swapped* between two doctors of one cluster.  Cluster by answer, which is
what Annexe VI prints, cannot change; where the body also crosses two variables, a swap is allowed
only if that table stays as it is as well (`KEPT_TABLES`).  The type and the place of practice go
with ``practice_type``, which codes both.

Method
------
The swaps are driven by simulated annealing (Kirkpatrick, Gelatt and Vecchi).  The *loss* says how
far the printed partition is from being what HCPC returns (`analysis.statistics.hcpc`), on the first
5 axes of the correspondence analysis, in three parts that are looked at in turn:

1. **Stable.**  K-means must have no reason to move a doctor.  In Hartigan and Wong's terms, leaving
   a cluster must save less than joining any other one costs; what exceeds that is summed, as are
   the steps by which the means of two successive clusters on axis 1 are in the wrong order, which
   would number them otherwise.
2. **Found.**  Ward's tree must be cut where k-means ends in that partition, and not in another
   stable one: the doctors who end elsewhere are counted.
3. **Suggested.**  Among the exact tables, one is preferred whose suggested number of clusters is
   the printed one as well.  The deficit is how much more the within inertia falls elsewhere.

All three have a fast form of their own here, which proposes; `analysis.statistics.hcpc.fit`
decides. A table is a `Solution` only if every doctor is in the printed cluster, under the printed
number, and if nothing is tied: no union of the tree, no eigenvalue, no place on axis 1, so that
R cannot come to another result.

The temperature falls by a thousandth a step, and is raised again when it is low or a solution has
been found; the walk then goes on to one that differs from all those before it.

References
----------
Hartigan, J. A. and Wong, M. A. (1979). Algorithm AS 136: A k-means clustering algorithm. Applied
Statistics 28, 100-108. doi:10.2307/2346830

Kirkpatrick, S., Gelatt, C. D. and Vecchi, M. P. (1983). Optimization by simulated annealing.
Science 220, 671-680. doi:10.1126/science.220.4598.671
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from analysis.statistics import hcpc, mca
from analysis.statistics.hartigan_wong import kmeans
from analysis.statistics.hcpc import HCPC
from analysis.statistics.ward import Tree
from analysis.survey.schema import CLUSTERED, Group

Phase = Literal["closing in", "suggested number"]
Progress = Callable[[Phase, float, int], None]
"""Called now and then with the phase, the least loss of the walk so far, the solutions found."""

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

N_AXES = 5
"""Axes on which R's HCPC clusters by default."""
N_CLUSTERS = 5
"""Clusters that the thesis prints, for either group."""

VARIABLES = CLUSTERED
"""The clustered variables, by group."""

KEPT_TABLES: dict[Group, tuple[tuple[str, str], ...]] = {
    "users": (("age", "frequency"), ("frequency", "purpose")),
    "non_users": (),
}
"""Pairs of variables that the body crosses (TB1C, TB1D)."""

_COMPANIONS: dict[str, tuple[str, ...]] = {"practice_type": ("practice", "place")}
"""Columns that say the same as a variable, and move with it."""

_MARGIN = 0.005
"""A doctor is kept clear of the limit between two clusters by this much squared distance."""
_UNSTABLE, _NOT_FOUND = 0.3, 0.02
"""Losses that a partition which is not stable, or not found, exceeds; that of an exact table does
not exceed the lower one, and is nil where the suggested number of clusters is the printed one."""
_MISPLACED = 0.01
_BEFORE = 0.3
"""Weight of a doctor whom the cut misplaces and k-means brings back: without it, the count of those
who stay misplaced is a plateau with no slope."""
_HOT, _COLD, _FROZEN = 0.6, 0.01, 0.003
_COOLING = 0.999
_PATIENCE = 600
"""Steps for which an exact table is improved towards the printed suggested number."""
_REPORT_EVERY = 250
_TRACE_EVERY = 20
_CLEAR = 1e-6
"""The suggested number wins by at least this relative difference, so that rounding is no matter."""


class NotFoundError(RuntimeError):
    """No table with the printed clusters was found, in as many swaps as were to be made."""


_Swap = tuple[int, int, tuple[int, ...]]
"""Two rows, and the variables whose answers they swap."""
_Move = tuple[_Swap, ...]


@dataclass(frozen=True)
class Solution:
    """A table on which HCPC finds the printed clusters.

    Attributes
    ----------
    rows : DataFrame
        The columns and rows of the start, with other answers; ``cluster`` is as printed. In an
        ensemble they are sorted, and have the clustered variables, ``practice`` and ``place``.
    suggested : int
        The number of clusters that HCPC suggests.
    run : int
        The run of an ensemble that found it, from 1.
    iteration : int
        Swaps that the walk looked at before.
    trace : tuple of (int, float)
        The way there from the start, or from the solution before, thinned: swaps that were looked
        at, and the loss of the table at that moment.
    """

    rows: pd.DataFrame = field(repr=False, compare=False)
    suggested: int
    run: int
    iteration: int
    trace: tuple[tuple[int, float], ...] = field(default=(), repr=False, compare=False)


def search(
    start: pd.DataFrame,
    *,
    seed: int | tuple[int, ...],
    group: Group,
    max_iterations: int = 12_000,
    apart: int = 0,
    progress: Progress | None = None,
) -> Iterator[Solution]:
    """Walk from a start that fits the margins to tables that have the printed clusters.

    Parameters
    ----------
    start : DataFrame
        One row a doctor of the group, with the clustered variables and ``cluster``, from 1 (a
        number, or its text).  Other columns stay in their row, but for ``practice`` and
        ``place``, which go with ``practice_type``.
    seed : int or tuple of int
        Seed of the walk: the same start and seed give the same solutions.
    group : {"users", "non_users"}
    max_iterations : int
        Swaps to look at for one solution; the walk ends where they bring none.
    apart : int
        Rows in which a solution differs at least from each one before it in this walk, counted
        doctor by doctor; 0 asks for different tables only.
    progress : callable, optional
        Told the phase, the least loss and the number of solutions, every 250 swaps.

    Yields
    ------
    Solution
        Different tables (as sets of rows), as they are found.

    Raises
    ------
    ValueError
        If a column is missing, a clustered variable has an empty cell, or the clusters are not
        numbered from 1 to 5.

    Examples
    --------
    >>> from analysis.reconstruction.margins import draw
    >>> found = next(search(draw(1)["non_users"], seed=1, group="non_users"))
    >>> found.rows["cluster"].value_counts(sort=False).tolist(), found.iteration > 0
    ([15, 5, 17, 4, 4], True)
    """
    walk = _Walk(start, group, np.random.default_rng(seed))
    earlier: list[Counter[int]] = []
    iteration, heat = 0, _HOT
    while True:
        found: Solution | None = None
        last = iteration + max_iterations
        trace: list[tuple[int, float]] = []
        best = math.inf
        while iteration < last and (found is None or found.suggested != N_CLUSTERS):
            iteration += 1
            if found is None:
                heat = heat * _COOLING if heat * _COOLING >= _COLD else _HOT
            if (
                walk.step(heat if found is None else _FROZEN)
                and walk.loss <= (_NOT_FOUND if found is None else 0)
                and all(walk.n_differing(other) >= max(apart, 1) for other in earlier)
            ):
                candidate = walk.solution(iteration, trace)
                if candidate is not None and found is None:
                    found, table, last = candidate, walk.table(), iteration + _PATIENCE
                elif candidate is not None and candidate.suggested == N_CLUSTERS:
                    found, table = candidate, walk.table()
            best = min(best, walk.loss)
            if iteration % _TRACE_EVERY == 0:
                trace.append((iteration, walk.loss))
            if progress is not None and iteration % _REPORT_EVERY == 0:
                phase: Phase = "closing in" if found is None else "suggested number"
                progress(phase, best, len(earlier) + (found is not None))
        if found is None:
            return
        earlier.append(table)
        heat = _HOT
        yield found


def _clustered(rows: pd.DataFrame, group: Group) -> HCPC | None:
    """Cluster the rows as R does, and return the result if it is the printed one."""
    result = hcpc.fit(rows[list(VARIABLES[group])], n_axes=N_AXES, n_clusters=N_CLUSTERS)
    same = bool((result.clusters == rows["cluster"].to_numpy(dtype=np.int64)).all())
    return result if same and result.converged and not result.ties else None


class _Walk:
    """A table on its way, and the random generator that moves it.

    Parameters
    ----------
    start : DataFrame
        As for `search`.
    group : {"users", "non_users"}
    generator : numpy.random.Generator

    Attributes
    ----------
    codes : ndarray of shape (rows, variables)
        The column of each answer in the indicator matrix.
    cluster : ndarray of shape (rows,)
        From 0.
    kept : list of (int, int)
        Positions of the variables that the body crosses.
    """

    def __init__(self, start: pd.DataFrame, group: Group, generator: np.random.Generator) -> None:
        names = VARIABLES[group]
        for name in (*names, "cluster"):
            if name not in start:
                raise ValueError(f"the start of the {group} has no column {name!r}")
            if start[name].isna().any():
                raise ValueError(f"column {name!r} of the start has an empty cell")
        self.cluster = start["cluster"].to_numpy(dtype=np.int64) - 1
        if sorted(set(self.cluster.tolist())) != list(range(N_CLUSTERS)):
            raise ValueError(f"the clusters of the start are not numbered from 1 to {N_CLUSTERS}")
        columns, levels = zip(
            *(pd.factorize(start[each], sort=True) for each in names), strict=True
        )
        self.codes = np.column_stack(columns) + np.cumsum([0, *map(len, levels[:-1])])
        self.kept = [(names.index(one), names.index(other)) for one, other in KEPT_TABLES[group]]
        self._start, self._group, self._generator = start, group, generator
        self._masses = np.bincount(self.codes.ravel()) / self.codes.size
        self._sizes = np.bincount(self.cluster).astype(np.float64)
        rows = np.arange(len(start))
        self._source = np.tile(rows[:, None], len(names))
        """By row and variable, the row of the start that the answer comes from."""
        self._companions = [
            np.flatnonzero((self.cluster == number) & (rows != row))
            for row, number in enumerate(self.cluster)
        ]
        # A swap takes one variable, or two at once where a table ties them.
        self._subsets = [
            subset
            for size in ((1, 2) if self.kept else (1,))
            for subset in itertools.combinations(range(len(names)), size)
        ]
        self._seen: dict[bytes, float] = {}
        self.loss = self._look()

    def step(self, temperature: float) -> bool:
        """Look at one swap, and say whether it was made."""
        move = self.draw()
        if not move:
            return False
        self.make(move)
        loss = self._look()
        rise = loss - self.loss
        if rise > 0 and self._generator.random() >= math.exp(-rise / temperature):
            self.make(move)
            return False
        self.loss = loss
        return True

    def rows(self) -> pd.DataFrame:
        """Return the table in the columns of the start."""
        rows = self._start.copy()
        for position, name in enumerate(VARIABLES[self._group]):
            for column in (name, *_COMPANIONS.get(name, ())):
                if column in rows:
                    rows[column] = rows[column].to_numpy()[self._source[:, position]]
        return rows

    def solution(self, iteration: int, trace: list[tuple[int, float]]) -> Solution | None:
        """Return the table as a solution if HCPC agrees that it is one."""
        rows = self.rows()
        result = _clustered(rows, self._group)
        if result is None:
            return None
        return Solution(rows, result.suggested, 0, iteration, (*trace, (iteration, self.loss)))

    def table(self) -> Counter[int]:
        """Count the rows that have the same answers and cluster, a number for each."""
        return Counter(self._numbers().tolist())

    def n_differing(self, other: Counter[int]) -> int:
        """Count the rows that another table has not, clusters included."""
        return len(self.codes) - (self.table() & other).total()

    def _numbers(self) -> IntArray:
        base = len(self._masses) ** np.arange(self.codes.shape[1])
        numbers: IntArray = (self.codes @ base) * N_CLUSTERS + self.cluster
        return numbers

    def draw(self) -> _Move:
        """Draw two doctors of a cluster and the answers that they swap, all margins left alone."""
        one = int(self._generator.integers(len(self.codes)))
        companions = self._companions[one]
        if not len(companions):
            return ()
        other = int(companions[self._generator.integers(len(companions))])
        subset = self._subsets[self._generator.integers(len(self._subsets))]
        same = (self.codes[one] == self.codes[other]).tolist()
        if all(same[position] for position in subset):
            return ()
        swap = (one, other, subset)
        split = [
            (first, second) if first in subset else (second, first)
            for first, second in self.kept
            if (first in subset) != (second in subset)
        ]
        if all(same[inside] or same[outside] for inside, outside in split):
            return (swap,)
        return self._compensate(swap, split) if len(subset) == 1 else ()

    def _compensate(self, swap: _Swap, split: list[tuple[int, int]]) -> _Move:
        """Pair a swap with the one, in another cluster, that gives the tables their counts back."""
        codes, (one, other, subset) = self.codes, swap
        (moving,) = subset
        like_one = codes[:, moving] == codes[one, moving]
        like_other = codes[:, moving] == codes[other, moving]
        for _, fixed in split:
            like_one &= codes[:, fixed] == codes[other, fixed]
            like_other &= codes[:, fixed] == codes[one, fixed]
        elsewhere = self.cluster != self.cluster[one]
        left, right = np.flatnonzero(like_one & elsewhere), np.flatnonzero(like_other & elsewhere)
        pairs = np.argwhere(self.cluster[left][:, None] == self.cluster[right])
        if not len(pairs):
            return ()
        first, second = pairs[self._generator.integers(len(pairs))]
        return swap, (int(left[first]), int(right[second]), subset)

    def make(self, move: _Move) -> None:
        """Make a move, or take it back."""
        for one, other, subset in move:
            for position in subset:
                for table in (self.codes, self._source):
                    table[[one, other], position] = table[[other, one], position]

    def _look(self) -> float:
        # A cold walk comes back to the same tables about every other time.
        key = np.sort(self._numbers()).tobytes()
        if key not in self._seen:
            self._seen[key] = self._loss()
        return self._seen[key]

    def _loss(self) -> float:
        """Say how far the printed partition is from being found; see the module's three parts.

        A part that is not reached counts as more than all that the part can be.
        """
        points = mca.row_coordinates(self.codes, self._masses, N_AXES)
        strain = self._strain(points)
        if strain:
            return _UNSTABLE + strain
        tree = scipy.cluster.hierarchy.ward(points)
        misplaced = self._misplaced(points, tree)
        if misplaced:
            return min(_NOT_FOUND + _MISPLACED * misplaced, _UNSTABLE)
        return _NOT_FOUND * min(_deficit(tree), 1.0)

    def _strain(self, points: FloatArray) -> float:
        rows = np.arange(len(points))
        centers = _centers(points, self.cluster)
        distances = (
            (points**2).sum(axis=1)[:, None] - 2 * points @ centers.T + (centers**2).sum(axis=1)
        )
        sizes = self._sizes[self.cluster]
        # A doctor alone in his cluster never leaves it.
        saved = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 0.0)
        saved *= distances[rows, self.cluster]
        cost = distances * (self._sizes / (self._sizes + 1))
        cost[rows, self.cluster] = np.inf
        excess = np.maximum(saved - cost.min(axis=1) + _MARGIN, 0).sum()
        steps = np.diff(centers[:, 0])
        return float(excess + np.maximum(_MARGIN - steps, 0).sum())

    def _misplaced(self, points: FloatArray, tree: FloatArray) -> float:
        """Count who ends elsewhere than printed, and a little whom only the cut misplaces."""
        cut = Tree(tree, n_ties=0).cut(N_CLUSTERS)
        cut_apart = _n_unmatched(self.cluster, cut)
        if not cut_apart:
            return 0.0
        order = np.argsort(points[:, 0], kind="stable")
        moved = kmeans(points[order], _centers(points, cut), max_iterations=hcpc.MAX_ITERATIONS)
        misplaced = _n_unmatched(self.cluster[order], moved.clusters - 1)
        return misplaced + _BEFORE * cut_apart if misplaced else 0.0


def _centers(points: FloatArray, cluster: IntArray) -> FloatArray:
    members = np.zeros((N_CLUSTERS, len(points)))
    members[cluster, np.arange(len(points))] = 1
    centers: FloatArray = members @ points / members.sum(axis=1)[:, None]
    return centers


def _n_unmatched(one: IntArray, other: IntArray) -> int:
    """Count who has to move for two partitions to be the same, or nearly so many."""
    overlap = np.bincount(N_CLUSTERS * one + other, minlength=N_CLUSTERS**2)
    overlap = overlap.reshape(N_CLUSTERS, N_CLUSTERS)
    return int(len(one) - min(overlap.max(axis=0).sum(), overlap.max(axis=1).sum()))


def _deficit(tree: FloatArray) -> float:
    """Say by how much another number of clusters is suggested rather than the printed one."""
    # Costs from the top; SciPy's heights are their square roots, up to a constant.
    within = np.cumsum(tree[:, 2] ** 2)[::-1]
    quotients = within[2:10] / within[1:9]
    own = N_CLUSTERS - 3
    return max(0.0, float(quotients[own] / np.delete(quotients, own).min()) - 1 + _CLEAR)
