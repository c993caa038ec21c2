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
so that a block of them is compared at once.  After a transfer, which changes two centres, what
follows it is compared again.

References
----------
Hartigan, J. A. and Wong, M. A. (1979). Algorithm AS 136: A k-means clustering algorithm. Applied
Statistics 28, 100-108. doi:10.2307/2346830
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_BLOCK, _LONGEST_BLOCK = 128, 16
"""Points compared at once after a transfer, and how many times as many where none has been."""
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
    _, means = cluster_means(x, stages.pairs[0], len(start))
    within = float(((x - means[stages.pairs[0]]) ** 2).sum())
    clusters = stages.pairs[0] + 1
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


_Compare = Callable[[slice, list[int]], tuple[IntArray, BoolArray]]


class _Stages:
    """The two stages and what passes from one to the other.

    `pairs` are the own cluster and the second best one of each point, `center` (a column) and
    `size` those of each cluster; its `leaving` and `joining` make R1 and R2 of a squared distance.
    """

    def __init__(self, x: FloatArray, centers: FloatArray) -> None:
        self.n, self.k = len(x), len(centers)
        self.x, self.center = np.ascontiguousarray(x.T)[:, None], centers.T[:, :, None]
        self.pairs = np.empty((2, self.n), dtype=np.int64)
        for start in range(0, self.n, _BLOCK):
            block = slice(start, start + _BLOCK)
            squares = _squares(self.x[:, :, block] - self.center)
            nearest = self.pairs[0, block] = squares.argmin(axis=0)
            squares[nearest, np.arange(len(nearest))] = np.inf
            self.pairs[1, block] = squares.argmin(axis=0)
        sizes, means = cluster_means(x, self.pairs[0], self.k)
        if (sizes == 0).any():
            raise ValueError(
                f"initial centre {int(np.argmin(sizes)) + 1} is the nearest of no point: "
                f"centres with at least one point each are needed"
            )
        self.size, self.center = sizes.tolist(), means.T[:, :, None].copy()
        self.joining, self.leaving = np.empty((2, self.k))
        for cluster in range(self.k):
            self._weigh(cluster)

    def _weigh(self, cluster: int) -> None:
        """Set what follows from the size of a cluster; nothing leaves one of a single point."""
        size = self.size[cluster]
        self.joining[cluster] = size / (size + 1)
        self.leaving[cluster] = size / (size - 1) if size > 1 else 0.0

    def run(self, max_iterations: int) -> bool:
        """Alternate the stages; tell whether they ended by themselves."""
        # Points before which each cluster is live: all of them, to begin with.
        live_until = [self.n] * self.k
        for _ in range(max_iterations):
            until = self._pass(live_until, self._compare_all)
            if max(until) < 0:
                return True
            changed = [False] * self.k
            for _ in range(_MAX_QUICK_PASSES):
                if max(until) <= 0:
                    break
                changed_at = self._pass(until, self._compare_pairs)
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

    def _pass(self, until: list[int], compare: _Compare) -> list[int]:
        """Go through the points once; return where each cluster last changed, -1 where it did not.

        Clusters are live up to the points `until`, which is brought up to date.  `compare` finds
        the best other cluster of each point of a block, and whether the point goes there.
        """
        changed_at = [-1] * self.k
        start, size = 0, _BLOCK
        while start < min(self.n, max(until)):
            best, moves = compare(slice(start, min(start + size, self.n)), until)
            stay, size = int(moves.argmax()), min(2 * size, _LONGEST_BLOCK * _BLOCK)
            if not moves[stay]:
                stay = len(moves)
            self.pairs[1, start : start + stay] = best[:stay]
            start += stay
            if stay < len(moves):
                source, target = int(self.pairs[0, start]), int(best[stay])
                self._transfer(start, source, target)
                until[source] = until[target] = self.n + start
                changed_at[source] = changed_at[target] = start
                start, size = start + 1, _BLOCK
        return changed_at

    def _compare_all(self, block: slice, until: list[int]) -> tuple[IntArray, BoolArray]:
        """Compare the own cluster of each point with all others that are live."""
        (own, best), columns = self.pairs[:, block], np.arange(block.stop - block.start)
        leaving, squares = self.leaving[own], _squares(self.x[:, :, block] - self.center)
        live = np.array(until)[:, None] > columns + block.start
        live = (live | live[own, columns]) & (leaving > 0)
        live[own, columns] = live[best, columns] = False
        least = squares[best, columns] * self.joining[best]
        for cluster, joining in enumerate(self.joining):
            # R compares squared distances while it looks for the best, and costs in the end.
            nearer = live[cluster] & (squares[cluster] < least / joining)
            best = np.where(nearer, cluster, best)
            least = np.where(nearer, squares[cluster] * joining, least)
        return best, least < squares[own, columns] * leaving

    def _compare_pairs(self, block: slice, until: list[int]) -> tuple[IntArray, BoolArray]:
        """Compare the own cluster of each point with the second best one."""
        own, second = pair = self.pairs[:, block]
        near, far = _squares(self.x[:, :, block] - self.center[:, :, 0].take(pair, axis=1))
        near *= self.leaving.take(own)
        near /= self.joining.take(second)
        moves = far < near
        if min(until) < block.stop:
            moves &= np.array(until)[pair].max(axis=0) > np.arange(block.start, block.stop)
        return second, moves

    def _transfer(self, point: int, source: int, target: int) -> None:
        """Move a point to another cluster, and the centres of both."""
        for cluster, sign in ((source, -1), (target, 1)):
            size = self.size[cluster]
            self.size[cluster] = after = size + sign
            moved = self.center[:, cluster] * size + sign * self.x[:, :, point]
            self.center[:, cluster] = moved / after
            self._weigh(cluster)
        self.pairs[:, point] = target, source


def _squares(differences: FloatArray) -> FloatArray:
    # Along the first axis the coordinates are added in their order, as R does.
    differences *= differences
    squares: FloatArray = np.add.reduce(differences, axis=0)
    return squares
