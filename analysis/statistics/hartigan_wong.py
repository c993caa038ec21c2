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
both: points, clusters and coordinates come in R's order, by R's operations.  But most points stay,
so R1 and R2 of a block of them are one matrix product, which rounds otherwise; only a point that
it does not clearly leave where it is is looked at by itself, as R does.  After a transfer, which
changes two centres, the block is compared again.

References
----------
Hartigan, J. A. and Wong, M. A. (1979). Algorithm AS 136: A k-means clustering algorithm. Applied
Statistics 28, 100-108. doi:10.2307/2346830
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_BLOCK = 256
"""Points compared at once."""
_ROUNDING = 1e-12
"""What rounding may do to a cost, relative to the largest square of a point."""
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
    within : float
        Sum of the squared distances of the points to the centre of their cluster.
    converged : bool
        Whether it ended by itself, before `max_iterations` rounds.
    """

    clusters: IntArray = field(repr=False)
    centers: FloatArray = field(repr=False)
    within: float
    converged: bool


def kmeans(
    points: ArrayLike,
    centers: ArrayLike,
    *,
    max_iterations: int = 10,
) -> KMeans:
    """Partition points around given initial centres, as R's ``kmeans(points, centers)`` does.

    Parameters
    ----------
    points : array_like of shape (n, d)
        Points, in the order in which they are to be considered.
    centers : array_like of shape (k, d)
        Initial centres, distinct.
    max_iterations : int
        Largest number of rounds of both stages.

    Returns
    -------
    KMeans
        With the clusters of the points in the order given.

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
    >>> result.clusters.tolist(), result.centers.tolist(), result.within
    ([1, 1, 2, 2, 2, 2], [[0.5], [8.0]], 12.5)
    """
    x, start = _read(points, centers, max_iterations)
    stages = _Stages(x, start)
    converged = len(start) == 1 or stages.run(max_iterations)
    _, means = cluster_means(x, stages.first, len(start))
    within = float(((x - means[stages.first]) ** 2).sum())
    clusters = stages.first + 1
    for array in (clusters, means):
        array.flags.writeable = False
    return KMeans(clusters, means, within, converged)


def _read(
    points: ArrayLike, centers: ArrayLike, max_iterations: int
) -> tuple[FloatArray, FloatArray]:
    """Return points and centres as arrays, or say what is wrong with them."""
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
    if not 1 <= len(start) <= len(x):
        raise ValueError(
            f"there are {len(start)} centres for {len(x)} points: "
            f"at least one, and no more than the points, are needed"
        )
    if len(set(map(tuple, start.tolist()))) < len(start):
        raise ValueError("two initial centres are equal: each is given once")
    return x, start


def cluster_means(x: FloatArray, cluster: IntArray, k: int) -> tuple[IntArray, FloatArray]:
    """Give the size and the mean of each cluster.

    Parameters
    ----------
    x : ndarray of shape (n, d)
        Points.
    cluster : ndarray of shape (n,)
        Cluster of each point, from 0.
    k : int
        Number of clusters.

    Returns
    -------
    sizes : ndarray of shape (k,)
    means : ndarray of shape (k, d)
        NaN where a cluster is empty.

    Examples
    --------
    >>> sizes, means = cluster_means(np.array([[1.0], [2.0], [6.0]]), np.array([0, 0, 1]), 2)
    >>> sizes.tolist(), means.tolist()
    ([2, 1], [[1.5], [6.0]])
    """
    sizes = np.bincount(cluster, minlength=k)
    sums = [np.bincount(cluster, weights=axis, minlength=k) for axis in x.T]
    with np.errstate(invalid="ignore"):
        return sizes, np.column_stack(sums) / sizes[:, None]


def _squared_distance(one: list[float], other: list[float]) -> float:
    # `math.dist` squared, or a power, is rounded otherwise than R's sum of products.
    square = 0.0
    for difference in map(operator.sub, one, other):
        square += difference * difference
    return square


_Compare = Callable[[int, int, list[int]], tuple[IntArray, list[int]]]
_Look = Callable[[int, list[int]], tuple[int, bool]]


class _Stages:
    """The two stages and what passes from one to the other.

    `first` and `second` are the own cluster and the second best one of each point, `center` and
    `size` those of each cluster, `leaving` and `joining` what makes R1 and R2 of a squared distance
    to it: in lists, for numbers one by one are faster there.  The product of `forms` and `terms`
    has, but for rounding, R1 of each cluster (the first rows) and R2 for each point (a column).
    """

    def __init__(self, x: FloatArray, centers: FloatArray) -> None:
        (self.n, self.d), self.k = x.shape, len(centers)
        self.x = x
        squares = (x * x).sum(axis=1)
        self.terms = np.vstack([x.T, squares, np.ones(self.n)])
        self.rounding = _ROUNDING * float(squares.max())
        self.first, self.second = self._two_nearest(centers)
        sizes, means = cluster_means(x, self.first, self.k)
        if (sizes == 0).any():
            raise ValueError(
                f"initial centre {int(np.argmin(sizes)) + 1} is the nearest of no point: "
                f"centres with at least one point each are needed"
            )
        self.starts = np.arange(min(self.n, _BLOCK)) * 2 * self.k
        self.forms = np.empty((2 * self.k, self.d + 2))
        self.center, self.size = means.tolist(), sizes.tolist()
        self.leaving, self.joining = [0.0] * self.k, [0.0] * self.k
        for cluster in range(self.k):
            self._set(cluster, self.center[cluster], self.size[cluster])

    def _two_nearest(self, centers: FloatArray) -> tuple[IntArray, IntArray]:
        """Return the nearest centre and the next one of each point."""
        first, second = np.empty((2, self.n), dtype=np.int64)
        for start in range(0, self.n, _BLOCK):
            block = slice(start, start + _BLOCK)
            difference = self.x[block].T[:, None] - centers.T[:, :, None]
            # Along the first axis the coordinates are added in their order, as R does.
            squares = np.add.reduce(difference * difference, axis=0)
            first[block] = own = squares.argmin(axis=0)
            squares[own, np.arange(len(own))] = np.inf
            second[block] = squares.argmin(axis=0)
        return first, second

    def _set(self, cluster: int, center: list[float], size: int) -> None:
        """Set a cluster, and what follows from it; nothing leaves one of a single point."""
        self.center[cluster], self.size[cluster] = center, size
        self.leaving[cluster] = leaving = size / (size - 1) if size > 1 else 0.0
        self.joining[cluster] = joining = size / (size + 1)
        form = [-2 * mean for mean in center]
        form += 1.0, sum(mean * mean for mean in center)
        self.forms[cluster] = [leaving * value for value in form]
        self.forms[self.k + cluster] = [joining * value for value in form]

    def run(self, max_iterations: int) -> bool:
        """Alternate the stages; tell whether they ended by themselves."""
        # Points before which each cluster is live: all of them, to begin with.
        live_until = [self.n] * self.k
        for _ in range(max_iterations):
            until = self._pass(live_until, self._compare_all, self._best_other)
            if max(until) < 0:
                return True
            changed = [False] * self.k
            for _ in range(_MAX_QUICK_PASSES):
                if max(until) <= 0:
                    break
                changed_at = self._pass(until, self._compare_pairs, self._other_of_pair)
                changed = [was or at >= 0 for was, at in zip(changed, changed_at, strict=True)]
                until = [point - self.n for point in until]
            else:
                return False
            # With two clusters the second best is the other one: nothing is left to compare.
            if self.k == 2:
                return True
            live_until = [
                self.n if again else before - self.n
                for again, before in zip(changed, live_until, strict=True)
            ]
        return False

    def _pass(self, until: list[int], compare: _Compare, look: _Look) -> list[int]:
        """Go through the points once; return where each cluster last changed, -1 where it did not.

        Clusters are live up to the points `until`, which is brought up to date.  `compare` finds
        the best other cluster of each point of a block, and the points that have to be looked at
        one by one; after a transfer the rest of the block is compared again.
        """
        changed_at = [-1] * self.k
        start = 0
        while start < self.n and max(until) > start:
            stop = min(start + _BLOCK, self.n)
            best, unsure = compare(start, stop, until)
            end = stop
            for point in unsure:
                target, moves = look(point, until)
                if moves:
                    source, end = int(self.first[point]), point
                    self._transfer(point, target)
                    until[source] = until[target] = self.n + point
                    changed_at[source] = changed_at[target] = point
                    break
                best[point - start] = target
            self.second[start:end] = best[: end - start]
            start = min(end + 1, stop)
        return changed_at

    def _compare_all(self, start: int, stop: int, until: list[int]) -> tuple[IntArray, list[int]]:
        """Compare the own cluster of each point with all others that are live."""
        first, columns = self.first[start:stop], np.arange(stop - start)
        costs = self.forms.dot(self.terms[:, start:stop])
        saved, cost = costs[first, columns], costs[self.k :]
        if min(until) < stop:
            live = np.array(until)[:, None] > columns + start
            live |= live[first, columns]
            live[self.second[start:stop], columns] = True
            cost[~live] = np.inf
        cost[first, columns] = np.inf
        best, least = cost.argmin(axis=0), cost.min(axis=0)
        near = cost <= least + self.rounding
        unsure = ~(least - saved > self.rounding)
        if np.count_nonzero(near) > len(columns):
            unsure |= near.sum(axis=0) > 1
        if 1 in self.size:
            unsure |= np.array(self.size)[first] == 1
        return best, (start + unsure.nonzero()[0]).tolist()

    def _best_other(self, point: int, until: list[int]) -> tuple[int, bool]:
        """Return the best other cluster for a point, and whether it goes there."""
        x, own, best = self.x[point].tolist(), int(self.first[point]), int(self.second[point])
        if self.size[own] == 1:
            return best, False
        second, live = best, until[own] > point
        least = _squared_distance(x, self.center[best]) * self.joining[best]
        for cluster, center in enumerate(self.center):
            if cluster not in (own, second) and (live or until[cluster] > point):
                # R compares squared distances while it looks for the best, and costs in the end.
                square, joining = _squared_distance(x, center), self.joining[cluster]
                if square < least / joining:
                    best, least = cluster, square * joining
        return best, least < _squared_distance(x, self.center[own]) * self.leaving[own]

    def _compare_pairs(
        self, start: int, stop: int, _until: list[int]
    ) -> tuple[IntArray, list[int]]:
        """Compare the own cluster of each point with the second best one."""
        second, starts = self.second[start:stop], self.starts[: stop - start]
        costs = self.terms[:, start:stop].T.dot(self.forms.T)
        saved = costs.take(starts + self.first[start:stop])
        unsure = ~(costs.take(starts + self.k + second) - saved > self.rounding)
        return second, (start + unsure.nonzero()[0]).tolist()

    def _other_of_pair(self, point: int, until: list[int]) -> tuple[int, bool]:
        """Return the second best cluster of a point, and whether it goes there."""
        own, other = int(self.first[point]), int(self.second[point])
        if max(until[own], until[other]) <= point:
            return other, False
        x = self.x[point].tolist()
        saved = _squared_distance(x, self.center[own]) * self.leaving[own]
        return other, _squared_distance(x, self.center[other]) < saved / self.joining[other]

    def _transfer(self, point: int, target: int) -> None:
        """Move a point to another cluster."""
        x, source = self.x[point].tolist(), int(self.first[point])
        for cluster, sign in ((source, -1), (target, 1)):
            m = self.size[cluster]
            moved = [
                (mean * m + sign * value) / (m + sign)
                for mean, value in zip(self.center[cluster], x, strict=True)
            ]
            self._set(cluster, moved, m + sign)
        self.first[point], self.second[point] = target, source
