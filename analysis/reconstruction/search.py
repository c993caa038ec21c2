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
from numpy.typing import NDArray
from scipy.cluster import hierarchy

from analysis.statistics import burt, hcpc
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
_UNSTABLE = 0.3
_NOT_FOUND = 0.02
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
        The columns and rows of the start, with other answers; ``cluster`` is as printed.
    suggested : int
        The number of clusters that HCPC suggests.
    iteration : int
        Swaps that the walk looked at before.
    trace : tuple of (int, float)
        The way there from the start, or from the solution before, thinned: swaps that were looked
        at, and the loss of the table at that moment.
    """

    rows: pd.DataFrame = field(repr=False, compare=False)
    suggested: int
    iteration: int
    trace: tuple[tuple[int, float], ...] = field(repr=False, compare=False)


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
    >>> from analysis.reconstruction.ensemble import read
    >>> from analysis.paths import ENSEMBLES
    >>> start = shuffle(read(ENSEMBLES["non_users"]).members[0].rows, seed=1, group="non_users")
    >>> found = next(search(start, seed=1, group="non_users"))
    >>> is_exact(found.rows, "non_users")
    True
    """
    walk = _Walk(_Problem.of(start, group), np.random.default_rng(seed))
    schedule = _Schedule()
    earlier: list[IntArray] = []
    iteration = 0
    while True:
        found: Solution | None = None
        last = iteration + max_iterations
        trace: list[tuple[int, float]] = []
        best = math.inf
        while iteration < last and (found is None or found.suggested != N_CLUSTERS):
            iteration += 1
            temperature = schedule.next(frozen=found is not None)
            if (
                walk.step(temperature)
                and walk.loss.is_exact
                and (found is None or walk.loss.deficit == 0)
                and walk.problem.is_new(walk.codes, earlier, apart)
            ):
                candidate = walk.solution(iteration, trace)
                if candidate is not None and found is None:
                    found, last = candidate, iteration + _PATIENCE
                elif candidate is not None and candidate.suggested == N_CLUSTERS:
                    found = candidate
            best = min(best, walk.loss.total)
            if iteration % _TRACE_EVERY == 0:
                trace.append((iteration, walk.loss.total))
            if progress is not None and iteration % _REPORT_EVERY == 0:
                phase: Phase = "closing in" if found is None else "suggested number"
                progress(phase, best, len(earlier) + (found is not None))
        if found is None:
            return
        earlier.append(walk.problem.encode(found.rows))
        schedule.heat()
        yield found


def shuffle(
    rows: pd.DataFrame, seed: int | tuple[int, ...], *, group: Group, n_swaps: int = 2000
) -> pd.DataFrame:
    """Swap answers at random, every printed margin left in place.

    Parameters
    ----------
    rows : DataFrame
        As the start of `search`.
    seed : int or tuple of int
    group : {"users", "non_users"}
    n_swaps : int
        Swaps to try; those that would change a margin, or nothing, are not made.

    Returns
    -------
    DataFrame
        The same columns and index.

    Examples
    --------
    >>> from analysis.reconstruction.ensemble import read
    >>> from analysis.paths import ENSEMBLES
    >>> rows = read(ENSEMBLES["users"]).members[0].rows
    >>> other = shuffle(rows, seed=3, group="users")
    >>> rows.equals(other), sorted(rows["purpose"]) == sorted(other["purpose"])
    (False, True)
    """
    walk = _Walk(_Problem.of(rows, group), np.random.default_rng(seed))
    for _ in range(n_swaps):
        walk.shake()
    return walk.rows()


def is_exact(rows: pd.DataFrame, group: Group) -> bool:
    """Say whether HCPC puts every doctor in the printed cluster, with nothing tied.

    Parameters
    ----------
    rows : DataFrame
        With the clustered variables and ``cluster``.
    group : {"users", "non_users"}

    Returns
    -------
    bool

    Examples
    --------
    >>> from analysis.reconstruction.ensemble import read
    >>> from analysis.paths import ENSEMBLES
    >>> is_exact(read(ENSEMBLES["users"]).members[0].rows, "users")
    True
    """
    return _clustered(rows, group) is not None


def _clustered(rows: pd.DataFrame, group: Group) -> HCPC | None:
    """Cluster the rows as R does, and return the result if it is the printed one."""
    result = hcpc.fit(rows[list(VARIABLES[group])], n_axes=N_AXES, n_clusters=N_CLUSTERS)
    same = bool((result.clusters == rows["cluster"].to_numpy(dtype=np.int64)).all())
    return result if same and result.converged and not result.ties else None


@dataclass(frozen=True)
class _Loss:
    """How far the printed partition is from being found; see the module's three parts."""

    strain: float
    n_misplaced: int
    n_cut_apart: int
    deficit: float

    @property
    def is_exact(self) -> bool:
        return self.strain == 0 and self.n_misplaced == 0

    @property
    def total(self) -> float:
        # A part that is not reached counts as more than all that the part can be.
        if self.strain:
            return _UNSTABLE + self.strain
        if self.n_misplaced:
            distance = self.n_misplaced + _BEFORE * self.n_cut_apart
            return min(_NOT_FOUND + _MISPLACED * distance, _UNSTABLE)
        return _NOT_FOUND * min(self.deficit, 1.0)


@dataclass(frozen=True)
class _Problem:
    """The start in numbers: what stays the same along a walk."""

    start: pd.DataFrame
    group: Group
    codes: IntArray
    """By row and variable, the column of the answer in the indicator matrix."""
    cluster: IntArray
    levels: tuple[tuple[str, str], ...]
    kept: tuple[tuple[int, int], ...]
    masses: FloatArray
    sizes: FloatArray

    @classmethod
    def of(cls, start: pd.DataFrame, group: Group) -> _Problem:
        variables = VARIABLES[group]
        for name in (*variables, "cluster"):
            if name not in start:
                raise ValueError(f"the start of the {group} has no column {name!r}")
            if start[name].isna().any():
                raise ValueError(f"column {name!r} of the start has an empty cell")
        cluster = start["cluster"].to_numpy(dtype=np.int64) - 1
        if sorted(set(cluster.tolist())) != list(range(N_CLUSTERS)):
            raise ValueError(f"the clusters of the start are not numbered from 1 to {N_CLUSTERS}")
        columns: list[IntArray] = []
        levels: list[tuple[str, str]] = []
        for name in variables:
            own = sorted(start[name].unique())
            position = {level: len(levels) + rank for rank, level in enumerate(own)}
            columns.append(start[name].map(position).to_numpy(dtype=np.int64))
            levels += [(name, level) for level in own]
        codes = np.column_stack(columns)
        return cls(
            start=start,
            group=group,
            codes=codes,
            cluster=cluster,
            levels=tuple(levels),
            kept=tuple((variables.index(a), variables.index(b)) for a, b in KEPT_TABLES[group]),
            masses=np.bincount(codes.ravel()) / codes.size,
            sizes=np.bincount(cluster).astype(np.float64),
        )

    def encode(self, rows: pd.DataFrame) -> IntArray:
        position = {level: code for code, level in enumerate(self.levels)}
        names = VARIABLES[self.group]
        return np.column_stack(
            [[position[name, level] for level in rows[name]] for name in names]
        ).astype(np.int64)

    def keys(self, codes: IntArray) -> IntArray:
        """Return a number for each row and its cluster, sorted: a table, whatever its order."""
        base = len(self.levels) ** np.arange(codes.shape[1])
        return np.sort((codes @ base) * N_CLUSTERS + self.cluster)

    def n_differing(self, one: IntArray, other: IntArray) -> int:
        """Count the rows of one table that the other has not, clusters included."""
        shared = Counter(self.keys(one).tolist()) & Counter(self.keys(other).tolist())
        return len(one) - shared.total()

    def is_new(self, codes: IntArray, earlier: list[IntArray], apart: int) -> bool:
        """Say whether a table differs from earlier ones by as many rows."""
        return all(self.n_differing(codes, other) >= max(apart, 1) for other in earlier)

    def loss(self, codes: IntArray) -> _Loss:
        points = burt.row_coordinates(codes, self.masses, N_AXES)
        strain = self._strain(points)
        if strain:
            return _Loss(strain, len(codes), len(codes), math.inf)
        tree = hierarchy.ward(points)
        n_misplaced, n_cut_apart = self._n_misplaced(points, tree)
        deficit = math.inf if n_misplaced else _deficit(tree)
        return _Loss(0.0, n_misplaced, n_cut_apart, deficit)

    def _strain(self, points: FloatArray) -> float:
        rows = np.arange(len(points))
        centers = self._centers(points, self.cluster)
        distances = (
            (points**2).sum(axis=1)[:, None] - 2 * points @ centers.T + (centers**2).sum(axis=1)
        )
        sizes = self.sizes[self.cluster]
        # A doctor alone in his cluster never leaves it.
        saved = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 0.0)
        saved *= distances[rows, self.cluster]
        cost = distances * (self.sizes / (self.sizes + 1))
        cost[rows, self.cluster] = np.inf
        excess = np.maximum(saved - cost.min(axis=1) + _MARGIN, 0).sum()
        steps = np.diff(centers[:, 0])
        return float(excess + np.maximum(_MARGIN - steps, 0).sum())

    def _centers(self, points: FloatArray, cluster: IntArray) -> FloatArray:
        members = np.zeros((N_CLUSTERS, len(points)))
        members[cluster, np.arange(len(points))] = 1
        centers: FloatArray = members @ points / members.sum(axis=1)[:, None]
        return centers

    def _n_misplaced(self, points: FloatArray, tree: FloatArray) -> tuple[int, int]:
        """Count who is not in the printed cluster: after the consolidation, and before it."""
        cut = Tree(tree, n_ties=0).cut(N_CLUSTERS)
        n_cut_apart = _n_unmatched(self.cluster, cut)
        if not n_cut_apart:
            return 0, 0
        order = np.argsort(points[:, 0], kind="stable")
        moved = kmeans(
            points[order],
            self._centers(points, cut),
            max_iterations=hcpc.MAX_ITERATIONS,
        )
        return _n_unmatched(self.cluster[order], moved.clusters - 1), n_cut_apart


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


class _Schedule:
    """The temperature: it falls by the same share at each step, and rises again when it is low."""

    def __init__(self) -> None:
        self._temperature = _HOT

    def next(self, *, frozen: bool) -> float:
        """Return the temperature of the next step; `frozen`, one that keeps an exact table."""
        if frozen:
            return _FROZEN
        self._temperature *= _COOLING
        if self._temperature < _COLD:
            self.heat()
        return self._temperature

    def heat(self) -> None:
        self._temperature = _HOT


class _Walk:
    """A table on its way, and the random generator that moves it."""

    def __init__(self, problem: _Problem, generator: np.random.Generator) -> None:
        self.problem = problem
        self.generator = generator
        self.codes = problem.codes.copy()
        self.source = np.tile(np.arange(len(self.codes))[:, None], self.codes.shape[1])
        """By row and variable, the row of the start that the answer comes from."""
        self._seen: dict[bytes, _Loss] = {}
        self.loss = self._look()
        self._companions = [
            np.flatnonzero((problem.cluster == number) & (np.arange(len(self.codes)) != row))
            for row, number in enumerate(problem.cluster)
        ]
        self._subsets = _subsets(self.codes.shape[1], problem.kept)

    def step(self, temperature: float) -> bool:
        """Look at one swap, and say whether it was made."""
        move = self._draw()
        if move is None:
            return False
        before = self.loss
        self._make(move)
        after = self._look()
        rise = after.total - before.total
        if rise > 0 and self.generator.random() >= math.exp(-rise / temperature):
            self._make(move)
            return False
        self.loss = after
        return True

    def _look(self) -> _Loss:
        # A cold walk comes back to the same tables about every other time.
        key = self.problem.keys(self.codes).tobytes()
        if key not in self._seen:
            self._seen[key] = self.problem.loss(self.codes)
        return self._seen[key]

    def shake(self) -> None:
        """Make one swap, whatever comes of it."""
        move = self._draw()
        if move is not None:
            self._make(move)

    def rows(self) -> pd.DataFrame:
        """Return the table in the columns of the start."""
        start = self.problem.start
        rows = start.copy()
        for position, name in enumerate(VARIABLES[self.problem.group]):
            for column in (name, *_COMPANIONS.get(name, ())):
                if column in rows:
                    rows[column] = start[column].to_numpy()[self.source[:, position]]
        return rows

    def solution(self, iteration: int, trace: list[tuple[int, float]]) -> Solution | None:
        """Return the table as a solution if HCPC agrees that it is one."""
        rows = self.rows()
        result = _clustered(rows, self.problem.group)
        if result is None:
            return None
        way = (*trace, (iteration, self.loss.total))
        return Solution(rows, result.suggested, iteration, way)

    def _draw(self) -> _Move | None:
        """Draw two doctors of a cluster and the answers that they swap, all margins left alone."""
        one = int(self.generator.integers(len(self.codes)))
        companions = self._companions[one]
        if not len(companions):
            return None
        other = int(companions[self.generator.integers(len(companions))])
        subset = self._subsets[self.generator.integers(len(self._subsets))]
        same = (self.codes[one] == self.codes[other]).tolist()
        if all(same[position] for position in subset):
            return None
        swap = (one, other, subset)
        split = [
            (first, second) if first in subset else (second, first)
            for first, second in self.problem.kept
            if (first in subset) != (second in subset)
        ]
        if all(same[inside] or same[outside] for inside, outside in split):
            return (swap,)
        return self._compensate(swap, split) if len(subset) == 1 else None

    def _compensate(self, swap: _Swap, split: list[tuple[int, int]]) -> _Move | None:
        """Pair a swap with the one, in another cluster, that gives the tables their counts back."""
        codes, (one, other, subset) = self.codes, swap
        (moving,) = subset
        like_one = codes[:, moving] == codes[one, moving]
        like_other = codes[:, moving] == codes[other, moving]
        for _, fixed in split:
            like_one &= codes[:, fixed] == codes[other, fixed]
            like_other &= codes[:, fixed] == codes[one, fixed]
        cluster = self.problem.cluster
        elsewhere = cluster != cluster[one]
        left, right = np.flatnonzero(like_one & elsewhere), np.flatnonzero(like_other & elsewhere)
        pairs = np.argwhere(cluster[left][:, None] == cluster[right])
        if not len(pairs):
            return None
        first, second = pairs[self.generator.integers(len(pairs))]
        return swap, (int(left[first]), int(right[second]), subset)

    def _make(self, move: _Move) -> None:
        for one, other, subset in move:
            for position in subset:
                for table in (self.codes, self.source):
                    table[one, position], table[other, position] = (
                        table[other, position],
                        table[one, position],
                    )


def _subsets(n_variables: int, kept: tuple[tuple[int, int], ...]) -> list[tuple[int, ...]]:
    """List what a swap may take at once: one variable, or two where a table ties them."""
    singles: list[tuple[int, ...]] = [(position,) for position in range(n_variables)]
    if not kept:
        return singles
    return singles + [tuple(pair) for pair in itertools.combinations(range(n_variables), 2)]
