"""K-means by Hartigan and Wong's algorithm AS 136, the one R's ``kmeans`` uses by default.

Concept
-------
K-means looks for a partition with a small *within* sum of squares.  Lloyd's algorithm moves every
point to its nearest centre, then recomputes the centres.  Hartigan and Wong move one point at a
time, and only if the within sum of squares becomes smaller, the shift of both centres included:
taking a point at distance d out of a cluster of m points saves ``d**2 m / (m - 1)`` (R1 in the
paper), putting it in another one costs ``d**2 m / (m + 1)`` (R2).  A partition where Lloyd's
algorithm stops can often be improved in this way, so both end in different partitions.

Method
------
Each point keeps its own cluster and the second best one.  Two stages alternate:

- *Optimal transfer.*  Points are taken in order, and each goes to the cluster of least R2 if that
  is less than its R1.  A cluster is *live* if it changed in the last quick-transfer stage or within
  the last n steps.  A point whose cluster is not live is compared with its second best and the live
  clusters only: nothing has changed with the others.
- *Quick transfer.*  Passes over the points that compare the own cluster with the second best, and
  swap them where R2 is less than R1, for points of which either changed within the last n steps.

Centres move at once with each transfer.  It ends when the optimal-transfer stage goes n steps
without one, when there are two clusters and one round is done, or after `max_iterations` rounds.

The result depends on the order of the points, and where two costs are equal on the last bits of
both: points, copies, clusters and coordinates come in R's order, by R's operations.  But most
points stay, so a block of them is compared with the present centres in one go.  A point whose R1
and R2 are so far apart that the centres would have to drift by more than some *slack* to change its
case stays; only the others are looked at one by one, each with the centres of its moment, and the
block is given up for a new one as soon as a centre has drifted by as much.

Identical adjacent points are one *run*, with a length.  If the first copy stays, so do the others,
for nothing has changed.  If it goes, the next copies find R1 larger and R2 smaller still, so they
follow, until one is left in the cluster.  A run is cut where the set of live clusters changes, and
at its first copy if the own cluster was not live, because that transfer makes it live and widens
the choice of the next copies.

References
----------
Hartigan, J. A. and Wong, M. A. (1979). Algorithm AS 136: A k-means clustering algorithm. Applied
Statistics 28, 100-108. doi:10.2307/2346830
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["KMeans", "kmeans"]

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_SMALLEST_BLOCK = 64
_LARGEST_BLOCK = 1 << 12
_FIRST_SLACK = 0.005
_COST_OF_BLOCK = 30
"""About as long as 30 distances computed one by one."""
_MAX_QUICK_PASSES = 50
"""R gives up a quick-transfer stage after 50 n steps: rounding could make it cycle for ever."""


@dataclass(frozen=True)
class KMeans:
    """A partition in k clusters.

    Attributes
    ----------
    clusters : ndarray of shape (n,)
        Cluster of each point, from 1 to k: the position of its centre.
    centers : ndarray of shape (k, d)
        Mean of each cluster.
    sizes : ndarray of shape (k,)
        Number of points in each cluster.
    within : float
        Sum of the squared distances of the points to the centre of their cluster.
    converged : bool
        Whether it ended by itself, before `max_iterations` rounds.
    """

    clusters: IntArray = field(repr=False)
    centers: FloatArray = field(repr=False)
    sizes: IntArray
    within: float
    converged: bool


def kmeans(
    points: ArrayLike,
    centers: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    max_iterations: int = 10,
) -> KMeans:
    """Partition points around given initial centres, as R's ``kmeans(points, centers)`` does.

    Parameters
    ----------
    points : array_like of shape (m, d)
        Points, in the order in which they are to be considered.
    centers : array_like of shape (k, d)
        Initial centres, distinct.
    counts : array_like of shape (m,), optional
        How many identical points, one after the other, each row of `points` stands for; 1 by
        default.  The result is the same as with rows repeated, and comes sooner.
    max_iterations : int
        Largest number of rounds of both stages.

    Returns
    -------
    KMeans
        With one cluster a point: ``sum(counts)`` of them, in the order given.

    Raises
    ------
    ValueError
        If there are more centres than points, two centres are equal, a centre is the nearest of no
        point, shapes do not fit, or a number is not finite or out of range; it is named, counting
        from 1.

    Examples
    --------
    The point 5 is nearer to the mean of the first three, 2, than to that of the others, 9, where
    Lloyd's algorithm leaves it; but it weighs a third of the one and only a quarter of the other:

    >>> result = kmeans([[0], [1], [5], [9], [9], [9]], [[2], [9]])
    >>> result.clusters.tolist(), result.sizes.tolist(), result.within
    ([1, 1, 2, 2, 2, 2], [2, 4], 12.5)
    """
    x, start, length = _read(points, centers, counts, max_iterations)
    k, converged = len(start), True
    first = np.zeros(len(x), dtype=np.int64)
    if k > 1:
        stages = _Stages(x, length, start)
        converged = stages.run(max_iterations)
        x, length, first = stages.x, stages.length, stages.first
    sizes, means = _means(x, length, first, k)
    within = float((length * ((x - means[first]) ** 2).sum(axis=1)).sum())
    clusters = np.repeat(first + 1, length)
    for array in (clusters, means, sizes):
        array.flags.writeable = False
    return KMeans(clusters, means, sizes, within, converged)


def _read(
    points: ArrayLike, centers: ArrayLike, counts: ArrayLike | None, max_iterations: int
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return points, centres and counts as arrays, or say what is wrong with them."""
    x = np.array(points, dtype=np.float64, ndmin=2)
    start = np.array(centers, dtype=np.float64, ndmin=2)
    if x.ndim != 2 or start.ndim != 2 or x.shape[1] != start.shape[1]:
        raise ValueError(
            f"points and centres are tables with the same number of columns; "
            f"their shapes are {x.shape} and {start.shape}"
        )
    for name, table in (("point", x), ("centre", start)):
        wrong = np.flatnonzero(~np.isfinite(table).all(axis=1))
        if len(wrong):
            raise ValueError(f"{name} {wrong[0] + 1} has a coordinate that is not finite")
    if max_iterations < 1:
        raise ValueError(f"max_iterations is 1 or more, not {max_iterations}")
    length = np.ones(len(x), np.int64) if counts is None else np.asarray(counts)
    if length.shape != (len(x),) or length.dtype.kind not in "iu" or (length < 1).any():
        raise ValueError("counts are whole numbers, 1 or more, one for each point")
    if not 1 <= len(start) <= length.sum():
        raise ValueError(
            f"there are {len(start)} centres for {length.sum()} points: "
            f"at least one, and no more than the points, are needed"
        )
    if len(set(map(tuple, start.tolist()))) < len(start):
        raise ValueError("two initial centres are equal: each is given once")
    return x, start, length.astype(np.int64)


def _means(
    x: FloatArray, length: IntArray, cluster: IntArray, k: int
) -> tuple[IntArray, FloatArray]:
    """Return the size and the mean of each cluster; NaN where it is empty."""
    # One copy is added after the other, as R does: several at once are rounded otherwise.
    each = np.repeat(cluster, length)
    sizes = np.bincount(each, minlength=k)
    sums = [np.bincount(each, weights=np.repeat(axis, length), minlength=k) for axis in x.T]
    with np.errstate(invalid="ignore"):
        return sizes, np.column_stack(sums) / sizes[:, None]


def _squared_distances(x: FloatArray, centers: FloatArray) -> FloatArray:
    difference = x.T[:, :, None] - centers.T[:, None, :]
    # Along the first axis the coordinates are added in their order, as R does.
    squares: FloatArray = np.add.reduce(difference * difference, axis=0)
    return squares


def _squared_distance(one: list[float], other: list[float]) -> float:
    # `math.dist` squared, or a power, is rounded otherwise than R's sum of products.
    square = 0.0
    for difference in map(operator.sub, one, other):
        square += difference * difference
    return square


class _Blocks:
    """How many runs to compare at once, and by what slack, as the transfers come.

    A large slack leaves many runs to look at one by one, a small one makes new blocks: it is
    adjusted so that neither takes much longer than the other.
    """

    def __init__(self, clusters_compared: int) -> None:
        self.length = 8 * _SMALLEST_BLOCK
        self.slack = _FIRST_SLACK
        self.clusters_compared = clusters_compared

    def adapt(self, treated: int, looked_at: int, *, completed: bool) -> None:
        """Adapt to a block that was treated so far, with so many runs looked at one by one."""
        one_by_one = looked_at * self.clusters_compared
        together = _COST_OF_BLOCK + treated * self.clusters_compared / 20
        if completed:
            self.length = min(2 * self.length, _LARGEST_BLOCK)
        else:
            self.length = max(_SMALLEST_BLOCK, min(self.length, 2 * treated))
        if one_by_one > together:
            self.slack /= 1.5
        elif not completed:
            self.slack = min(1.5 * self.slack, 1.0)


class _Watch:
    """How far the centres have drifted since a block of runs was compared with them.

    For a run at most `radius` away, the square roots of R1 and R2 have each changed by at most the
    drift of their cluster, so a difference that was above the slack keeps its sign.
    """

    def __init__(self, stages: _Stages, radius: float, slack: float) -> None:
        self.stages = stages
        self.radius = radius
        self.slack = slack * radius
        self.center = stages.center.copy()
        self.size = stages.size.copy()
        self.drift = 0.0

    def has_drifted(self, *clusters: int) -> bool:
        """Tell whether these clusters have drifted too far for the slack."""
        for cluster in clusters:
            size, before = self.stages.size[cluster], self.size[cluster]
            if min(size, before) == 1:
                return True
            shift = math.dist(self.stages.center[cluster], self.center[cluster])
            # The root of a factor m / (m - 1) or m / (m + 1) is 1.5 at most, and its derivative
            # half of 1 / (m - 1) ** 2 or so.
            factors = abs(size - before) / (min(size, before) - 1) ** 2
            self.drift = max(self.drift, 1.5 * shift + self.radius * factors)
        return 2 * self.drift > 0.999 * self.slack


class _Stages:
    """The two stages and what passes from one to the other.

    Points are runs of identical rows.  `x`, `begin`, `length`, `first` and `second` describe them:
    coordinates, first row, number of rows, own cluster and second best one.  What changes with
    each transfer, `center` and `size`, is in lists: numbers one by one are faster there.
    """

    def __init__(self, x: FloatArray, length: IntArray, centers: FloatArray) -> None:
        self.k = len(centers)
        self.n = int(length.sum())
        self._join_copies(x, length)
        self.first, self.second = self._two_nearest(centers)
        sizes, means = _means(self.x, self.length, self.first, self.k)
        if (sizes == 0).any():
            raise ValueError(
                f"initial centre {int(np.argmin(sizes)) + 1} is the nearest of no point: "
                f"centres with at least one point each are needed"
            )
        self.size, self.leaving, self.joining = [0] * self.k, [1.0] * self.k, [1.0] * self.k
        for cluster, size in enumerate(sizes.tolist()):
            self._resize(cluster, size)
        self.center: list[list[float]] = means.tolist()
        self.optimal_blocks, self.quick_blocks = _Blocks(self.k), _Blocks(2)

    def run(self, max_iterations: int) -> bool:
        """Alternate the stages; tell whether they ended by themselves."""
        # Row numbers before which each cluster is live: all of them, to begin with.
        live_until = [self.n] * self.k
        for _ in range(max_iterations):
            changed_until = self._optimal_transfer(live_until)
            if changed_until is None:
                return True
            changed, settled = self._quick_transfer(changed_until)
            if not settled:
                return False
            # With two clusters the second best is the other one: nothing is left to compare.
            if self.k == 2:
                return True
            live_until = [
                self.n if again else until - self.n
                for again, until in zip(changed, live_until, strict=True)
            ]
        return False

    def _optimal_transfer(self, live_until: list[int]) -> list[int] | None:
        """Make one optimal-transfer pass, and bring `live_until` up to date.

        Return the row of the last change of each cluster; None if no point was transferred.
        """
        self._join_runs()
        self._cut_runs(live_until)
        changed_until = [0] * self.k
        transferred = False
        position = 0
        while position < len(self.x) and max(live_until) > self.begin[position]:
            stop = min(position + self.optimal_blocks.length, len(self.x))
            position, moved = self._optimal_block(position, stop, live_until, changed_until)
            transferred = transferred or moved
        return changed_until if transferred else None

    def _optimal_block(
        self, start: int, stop: int, live_until: list[int], changed_until: list[int]
    ) -> tuple[int, bool]:
        """Treat a block of runs; return where it was left, and whether any was transferred."""
        chosen, margin, radius = self._compare_with_live(start, stop, live_until)
        block = self.optimal_blocks
        watch = _Watch(self, radius, block.slack)
        end = int(self.begin[stop - 1])
        transferred = False
        completed, looked_at = True, 0
        unsure = start + np.flatnonzero(margin <= watch.slack)
        for run, begin, source, second, x in self._details(unsure):
            looked_at += 1
            live = live_until[source] > begin
            candidates = [
                cluster for cluster, until in enumerate(live_until) if live or until > begin
            ]
            target, moves = self._best_other(x, source, second, candidates)
            if not moves:
                chosen[run - start] = target
                continue
            chosen[run - start] = source
            known = min(live_until[source], live_until[target]) > end
            n_runs = len(self.x)
            row = self._transfer(run, target, x, limit=None if live else 1)
            live_until[source] = live_until[target] = self.n + row
            changed_until[source] = changed_until[target] = row
            transferred = True
            drifted = watch.has_drifted(source, target)
            if drifted or not known or len(self.x) != n_runs:
                stop, completed = run + 1, False
                break
        block.adapt(stop - start, looked_at, completed=completed)
        self.second[start:stop] = chosen[: stop - start]
        return stop, transferred

    def _compare_with_live(
        self, start: int, stop: int, live_until: list[int]
    ) -> tuple[IntArray, FloatArray, float]:
        """Return the best other cluster of each run, by what margin, and the largest distance.

        The margin is what the square roots of R1 and of the two least R2 are apart, at least.
        """
        first, second = self.first[start:stop], self.second[start:stop]
        begin = self.begin[start:stop]
        runs = np.arange(len(first))
        leaving, joining = np.array(self.leaving), np.array(self.joining)
        squares = _squared_distances(self.x[start:stop], np.array(self.center))
        radius = float(squares.max()) ** 0.5
        saved = squares[runs, first] * leaving[first]
        cost = squares * joining
        if min(live_until) <= begin[-1]:
            allowed = np.array(live_until) > begin[:, None]
            allowed |= allowed[runs, first][:, None]
            allowed[runs, second] = True
            cost[~allowed] = np.inf
        cost[runs, first] = np.inf
        chosen = cost.argmin(axis=1)
        least = np.sqrt(cost[runs, chosen])
        cost[runs, chosen] = np.inf
        margin = np.minimum(np.sqrt(cost.min(axis=1)) - least, least - np.sqrt(saved))
        if 1 in self.size:
            margin[np.array(self.size)[first] == 1] = -np.inf
        return chosen, margin, radius

    def _best_other(
        self, x: list[float], own: int, second: int, candidates: list[int]
    ) -> tuple[int, bool]:
        """Return the best other cluster for a point, and whether it should go there."""
        if self.size[own] == 1:
            return second, False
        # R compares squared distances while it looks for the best, and costs in the end.
        center, joining = self.center, self.joining
        best, least = second, _squared_distance(x, center[second]) * joining[second]
        for cluster in candidates:
            if cluster not in (own, second):
                square = _squared_distance(x, center[cluster])
                if square < least / joining[cluster]:
                    best, least = cluster, square * joining[cluster]
        return best, least < _squared_distance(x, center[own]) * self.leaving[own]

    def _details(self, runs: IntArray) -> Iterator[tuple[int, int, int, int, list[float]]]:
        """Give number, first row, own cluster, second best one and coordinates, run by run."""
        return zip(
            runs.tolist(),
            self.begin[runs].tolist(),
            self.first[runs].tolist(),
            self.second[runs].tolist(),
            self.x[runs].tolist(),
            strict=True,
        )

    def _quick_transfer(self, until: list[int]) -> tuple[list[bool], bool]:
        """Make quick-transfer passes; return which clusters changed, and whether they settled."""
        changed = [False] * self.k
        for _ in range(_MAX_QUICK_PASSES):
            if max(until) <= 0:
                return changed, True
            self._cut_runs(until)
            position = 0
            while position < len(self.x) and max(until) > self.begin[position]:
                stop = min(position + self.quick_blocks.length, len(self.x))
                position = self._quick_block(position, stop, until, changed)
            until = [row - self.n for row in until]
        return changed, False

    def _quick_block(self, start: int, stop: int, until: list[int], changed: list[bool]) -> int:
        """Treat a block of runs; return where it was left."""
        due, margin, radius = self._compare_with_second(start, stop, until)
        block = self.quick_blocks
        watch = _Watch(self, radius, block.slack)
        end = int(self.begin[stop - 1])
        completed, looked_at = True, 0
        for run, begin, source, target, x in self._details(due[margin <= watch.slack]):
            looked_at += 1
            if self.size[source] == 1 or max(until[source], until[target]) <= begin:
                continue
            saved = _squared_distance(x, self.center[source]) * self.leaving[source]
            if _squared_distance(x, self.center[target]) >= saved / self.joining[target]:
                continue
            known = min(until[source], until[target]) > end
            n_runs = len(self.x)
            row = self._transfer(run, target, x, limit=None)
            until[source] = until[target] = self.n + row
            changed[source] = changed[target] = True
            drifted = watch.has_drifted(source, target)
            if drifted or not known or len(self.x) != n_runs:
                stop, completed = run + 1, False
                break
        block.adapt(stop - start, looked_at, completed=completed)
        return stop

    def _compare_with_second(
        self, start: int, stop: int, until: list[int]
    ) -> tuple[IntArray, FloatArray, float]:
        """Return the runs to look at, by what margin they stay, and the largest distance."""
        first, second = self.first[start:stop], self.second[start:stop]
        x, due = self.x[start:stop], np.arange(len(first))
        if min(until) <= self.begin[stop - 1]:
            rows = np.array(until)
            due = np.flatnonzero(np.maximum(rows[first], rows[second]) > self.begin[start:stop])
            if not len(due):
                return due, np.empty(0), 0.0
            first, second, x = first[due], second[due], x[due]
        leaving, joining = np.array(self.leaving), np.array(self.joining)
        center = np.array(self.center)
        away, near = x - center[first], x - center[second]
        from_first = np.einsum("id,id->i", away, away)
        from_second = np.einsum("id,id->i", near, near)
        margin = np.sqrt(from_second * joining[second]) - np.sqrt(from_first * leaving[first])
        if 1 in self.size:
            margin[np.array(self.size)[first] == 1] = -np.inf
        return start + due, margin, float(max(from_first.max(), from_second.max())) ** 0.5

    def _transfer(self, run: int, target: int, x: list[float], *, limit: int | None) -> int:
        """Move the first copies of a run, as many as will go; return the row of the last one."""
        source = int(self.first[run])
        old, new, length = self.size[source], self.size[target], int(self.length[run])
        copies = min(length, old - 1, limit or self.n)
        if copies < length:
            self._cut_run(run, copies)
        left, joined = self.center[source], self.center[target]
        for m, n in zip(range(old, old - copies, -1), range(new, new + copies), strict=True):
            left = [(mean * m - value) / (m - 1) for mean, value in zip(left, x, strict=True)]
            joined = [(mean * n + value) / (n + 1) for mean, value in zip(joined, x, strict=True)]
        self.center[source], self.center[target] = left, joined
        self._resize(source, old - copies)
        self._resize(target, new + copies)
        self.first[run], self.second[run] = target, source
        return int(self.begin[run]) + copies - 1

    def _resize(self, cluster: int, size: int) -> None:
        """Set the size of a cluster, and what makes R1 and R2 of a squared distance to it."""
        self.size[cluster] = size
        self.leaving[cluster] = size / max(size - 1, 1)
        self.joining[cluster] = size / (size + 1)

    def _two_nearest(self, centers: FloatArray) -> tuple[IntArray, IntArray]:
        first = np.empty(len(self.x), dtype=np.int64)
        second = np.empty(len(self.x), dtype=np.int64)
        for start in range(0, len(self.x), _LARGEST_BLOCK):
            block = slice(start, start + _LARGEST_BLOCK)
            squares = _squared_distances(self.x[block], centers)
            first[block] = squares.argmin(axis=1)
            squares[np.arange(len(squares)), first[block]] = np.inf
            second[block] = squares.argmin(axis=1)
        return first, second

    def _join_copies(self, x: FloatArray, length: IntArray) -> None:
        """Make runs of the rows, and number the points so that copies can be told apart later."""
        starts = np.ones(len(x), dtype=np.bool_)
        starts[1:] = (x[1:] != x[:-1]).any(axis=1)
        self.x = x[starts]
        self.length = np.add.reduceat(length, np.flatnonzero(starts))
        self.begin = np.cumsum(self.length) - self.length
        self.point = np.arange(len(self.x))

    def _join_runs(self) -> None:
        """Join adjacent runs of the same point that have the same two clusters."""
        labels = np.stack([self.point, self.first, self.second])
        starts = np.ones(len(self.x), dtype=np.bool_)
        starts[1:] = (labels[:, 1:] != labels[:, :-1]).any(axis=0)
        if starts.all():
            return
        self.length = np.add.reduceat(self.length, np.flatnonzero(starts))
        for name in ("x", "begin", "point", "first", "second"):
            setattr(self, name, getattr(self, name)[starts])

    def _cut_runs(self, rows: list[int]) -> None:
        """Cut the runs so that each of these rows begins one."""
        if len(self.x) == self.n:
            return
        for row in {row for row in rows if 0 < row < self.n}:
            run = int(np.searchsorted(self.begin, row, side="right")) - 1
            if self.begin[run] < row:
                self._cut_run(run, row - int(self.begin[run]))

    def _cut_run(self, run: int, copies: int) -> None:
        """Cut one run in two, the first with this number of copies."""
        for name in ("x", "point", "first", "second"):
            values = getattr(self, name)
            setattr(self, name, np.insert(values, run, values[run], axis=0))
        self.begin = np.insert(self.begin, run + 1, self.begin[run] + copies)
        self.length = np.insert(self.length, run, copies)
        self.length[run + 1] -= copies
