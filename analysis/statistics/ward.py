"""Ward's tree of weighted points, without a matrix of their distances.

Concept
-------
Ward's method begins with one cluster a point and joins, again and again, the two clusters whose
union costs the least *within inertia*: for masses p and q at centres a distance d apart, that cost
is ``d**2 p q / (p + q)``.  Read from the top, the costs are what each further cluster gains.

Method
------
Ward's cost is *reducible* (Bruynooghe): a union is never nearer to a third cluster than the nearer
of its two parts was.  So two clusters that are each other's nearest may be joined at once, wherever
they stand in the order of the costs, and the tree is the same.  Each round here joins all such
pairs, then looks for the nearest clusters again, but only of the unions and of the clusters whose
nearest one has gone.  It takes some tens of rounds, whatever the number of points.

Few clusters are all compared, in blocks of bounded size.  Many are put in k-d trees, one for each
binary order of magnitude of their masses: within one the cost of a union is the squared distance
up to a factor of two, so the nearest points of each tree are enough to find, and to prove, the
least cost.  Memory is proportional to the number of points.

Two unions of equal cost with one same cluster leave any implementation free to choose, and the
tree with it.  They are counted: the tree is only defined where there are none.

References
----------
Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. Journal of the American
Statistical Association 58, 236-244. doi:10.1080/01621459.1963.10500845

Bruynooghe, M. (1977). Méthodes nouvelles en classification automatique de données taxinomiques
nombreuses. Statistique et analyse des données 2(3), 24-42.

Murtagh, F. (1983). A survey of recent advances in hierarchical clustering algorithms. The Computer
Journal 26, 354-359. doi:10.1093/comjnl/26.4.354
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
_TwoLeast = tuple[IntArray, FloatArray, FloatArray]

TIE_TOLERANCE = 1e-9
"""Relative margin under which two costs are taken to be equal but for rounding."""

_FEW = 6000
_BLOCK = 1 << 16
_SINGLE_ERROR = 1e-6
"""Bound of the error of a squared distance in single precision, relative to its terms."""
_FIRST_NEIGHBOURS = 3
_LARGEST_DIMENSION_OF_TREES = 10
"""Beyond this, a k-d tree visits most of its points, and comparing them all is faster."""


@dataclass(frozen=True)
class Tree:
    """A binary tree of m points.

    Attributes
    ----------
    linkage : ndarray of shape (m - 1, 4)
        As in :mod:`scipy.cluster.hierarchy`: the two parts of each union, its cost, and its number
        of points; by rising cost.  The left part is the one with the lower mean on the first axis,
        and :func:`scipy.cluster.hierarchy.dendrogram` draws it so.
    n_ties : int
        Unions that could as well have been others of equal cost.
    """

    linkage: FloatArray = field(repr=False)
    n_ties: int

    @property
    def gains(self) -> FloatArray:
        """Inertia that each further cluster gains, from the second one on: falling costs."""
        return self.linkage[::-1, 2]

    def cut(self, n_clusters: int) -> IntArray:
        """Return the cluster of each point, from 0, numbered as they first appear.

        Parameters
        ----------
        n_clusters : int
            From 1 to the number of points.

        Returns
        -------
        ndarray of shape (m,)

        Raises
        ------
        ValueError
            If there are fewer points than clusters.
        """
        n_points = len(self.linkage) + 1
        if not 1 <= n_clusters <= n_points:
            raise ValueError(f"a tree of {n_points} points has from 1 to {n_points} clusters")
        n_unions = n_points - int(n_clusters)
        top = np.arange(n_points + n_unions)
        top[self.linkage[:n_unions, :2].astype(np.int64)] = top[n_points:, None]
        while ((higher := top[top]) != top).any():
            top = higher
        cluster: IntArray = pd.factorize(top[:n_points])[0]
        return cluster


def ward(points: ArrayLike, masses: ArrayLike) -> Tree:
    """Join weighted points in a tree by Ward's method.

    Parameters
    ----------
    points : array_like of shape (m, d)
        Two or more points, distinct and finite.
    masses : array_like of shape (m,)
        Their masses, finite and above zero.  With ``counts / counts.sum()`` the costs are inertias,
        as R's HCPC gives them.

    Returns
    -------
    Tree
        The same as the tree of the points repeated, above the unions of copies, that cost nothing.

    Raises
    ------
    ValueError
        If there are fewer than two points, a point is not finite, or a mass is not above zero or
        not finite.

    Examples
    --------
    >>> tree = ward([[0.0], [1.0], [5.0], [9.0]], [0.25, 0.25, 0.25, 0.25])
    >>> tree.gains.round(4).tolist()
    [10.5625, 2.0, 0.125]
    >>> tree.cut(2).tolist(), tree.n_ties
    ([0, 0, 1, 1], 0)
    """
    centers = np.array(points, dtype=np.float64, ndmin=2)
    weights = np.array(masses, dtype=np.float64)
    if len(centers) < 2 or weights.shape != (len(centers),):
        raise ValueError("a tree needs two points or more, each with its mass")
    possible = (weights > 0) & np.isfinite(weights) & np.isfinite(centers).all(axis=1)
    if not possible.all():
        point = int(np.argmin(possible))
        raise ValueError(
            f"point {point + 1} at {centers[point].tolist()} has the mass {weights[point]}: "
            f"finite numbers, and a mass above 0, are needed"
        )
    return _Forest(centers, weights).grow()


def _two_least(
    own: IntArray,
    center: FloatArray,
    squares: FloatArray,
    inverse_mass: FloatArray,
    precision: type[np.floating],
) -> _TwoLeast:
    """Return, for these clusters, which other one costs least, how much, and the next cost."""
    best = np.empty(len(own), dtype=np.int64)
    least, next_least = np.empty(len(own)), np.empty(len(own))
    # Squared distances as one matrix product, in blocks that stay in the processor's cache.
    ones, column = np.ones((len(center), 1)), squares[:, None]
    here = np.hstack([center, column, ones]).astype(precision)[own]
    there = np.hstack([-2 * center, ones, column]).T.astype(precision)
    inverse = inverse_mass.astype(precision)
    step = max(1, _BLOCK // len(center))
    for start in range(0, len(own), step):
        block = slice(start, start + step)
        rows, itself = np.arange(len(own[block])), own[block]
        cost = here[block] @ there
        cost /= inverse[itself][:, None] + inverse
        cost[rows, itself] = np.inf
        best[block] = cost.argmin(axis=1)
        least[block] = cost[rows, best[block]]
        cost[rows, best[block]] = np.inf
        next_least[block] = cost.min(axis=1)
    return best, least, next_least


class _Forest:
    """Clusters on their way to one tree: the points first, then the unions as they are made."""

    def __init__(self, centers: FloatArray, masses: FloatArray) -> None:
        self.n_points = len(centers)
        self.size, capacity = self.n_points, 2 * self.n_points - 1
        self.center = np.resize(centers, (capacity, centers.shape[1]))
        self.mass = np.resize(masses, capacity)
        self.height = np.zeros(capacity)
        self.leaves = np.ones(capacity, dtype=np.int64)
        self.parts = np.empty((capacity - self.n_points, 2), dtype=np.int64)
        self.nearest = np.full(capacity, -1)
        self.cost = np.full(capacity, np.inf)
        self.tied = np.zeros(capacity, dtype=np.bool_)

    def grow(self) -> Tree:
        active = np.arange(self.n_points)
        searching = active
        n_ties = 0
        while True:
            self._search(searching, active)
            left, right = self._reciprocal_pairs(active)
            n_ties += int((self.tied[left] | self.tied[right]).sum())
            unions = self._join(left, right)
            if self.size == len(self.mass):
                return Tree(self._linkage(), n_ties)
            gone = np.zeros(self.size, dtype=np.bool_)
            gone[left] = gone[right] = True
            kept = active[~gone[active]]
            searching = np.concatenate([kept[gone[self.nearest[kept]]], unions])
            active = np.concatenate([kept, unions])

    def _reciprocal_pairs(self, active: IntArray) -> tuple[IntArray, IntArray]:
        nearest = self.nearest[active]
        mutual = (self.nearest[nearest] == active) & (active < nearest)
        if not mutual.any():
            # Rounding alone can leave no pair; the cheapest union is right in any case.
            mutual[self.cost[active].argmin()] = True
        return active[mutual], nearest[mutual]

    def _join(self, left: IntArray, right: IntArray) -> IntArray:
        unions = np.arange(self.size, self.size + len(left))
        swap = self.center[left, 0] > self.center[right, 0]
        left, right = np.where(swap, right, left), np.where(swap, left, right)
        p, q = self.mass[left], self.mass[right]
        self.mass[unions] = p + q
        self.leaves[unions] = self.leaves[left] + self.leaves[right]
        self.center[unions] = (p[:, None] * self.center[left] + q[:, None] * self.center[right]) / (
            p + q
        )[:, None]
        cost = self._cost(left, right)
        # Never lower than its parts, so that rounding cannot put a union before them.
        self.height[unions] = np.maximum(cost, np.maximum(self.height[left], self.height[right]))
        self.parts[unions - self.n_points] = np.column_stack([left, right])
        self.size += len(left)
        return unions

    def _cost(self, one: IntArray, other: IntArray) -> FloatArray:
        difference = self.center[one] - self.center[other]
        squares = np.einsum("...d,...d->...", difference, difference)
        cost: FloatArray = squares / (1 / self.mass[one] + 1 / self.mass[other])
        return cost

    def _linkage(self) -> FloatArray:
        height = self.height[self.n_points :]
        order = np.argsort(height, kind="stable")
        number = np.arange(len(self.mass))
        number[self.n_points + order] = self.n_points + np.arange(len(order))
        parts = number[self.parts[order]]
        return np.column_stack([parts, height[order], self.leaves[self.n_points + order]])

    def _search(self, searching: IntArray, active: IntArray) -> None:
        """Find the nearest active cluster of each of these, and whether it is alone to be so."""
        few = len(active) <= _FEW or self.center.shape[1] > _LARGEST_DIMENSION_OF_TREES
        compare = self._compare_with_all if few else self._compare_with_neighbours
        self.nearest[searching], least, next_least = compare(searching, active)
        self.cost[searching] = least
        self.tied[searching] = next_least <= least * (1 + TIE_TOLERANCE)

    def _compare_with_all(self, searching: IntArray, active: IntArray) -> _TwoLeast:
        center, inverse_mass = self.center[active], 1 / self.mass[active]
        squares = (center**2).sum(axis=1)
        # Both lists rise, so this is where each stands in the other.
        own = np.searchsorted(active, searching)
        if len(active) * len(own) < _BLOCK:
            best, least, next_least = _two_least(own, center, squares, inverse_mass, np.float64)
        else:
            # Single precision takes half the time, and leaves few to compare again.
            best, least, next_least = _two_least(own, center, squares, inverse_mass, np.float32)
            error = _SINGLE_ERROR * (squares[own] + squares.max())
            error /= inverse_mass[own] + inverse_mass.min()
            unsure = np.flatnonzero(next_least - least <= 2 * error + _SINGLE_ERROR * next_least)
            best[unsure], least[unsure], next_least[unsure] = _two_least(
                own[unsure], center, squares, inverse_mass, np.float64
            )
        return active[best], least, next_least

    def _compare_with_neighbours(self, searching: IntArray, active: IntArray) -> _TwoLeast:
        magnitude = np.frexp(self.mass[active])[1]
        # The two best so far of each.
        best = np.full((len(searching), 2), -1)
        least = np.full((len(searching), 2), np.inf)
        # The light ones first: they are the nearest, and bound the search among the others.
        for exponent in np.unique(magnitude):
            members = active[magnitude == exponent]
            tree, lightest = scipy.spatial.cKDTree(self.center[members]), self.mass[members].min()
            todo, wanted = np.arange(len(searching)), _FIRST_NEIGHBOURS
            while len(todo):
                wanted = min(wanted, len(members))
                own = searching[todo]
                distance, position = tree.query(self.center[own], k=range(1, wanted + 1))
                found = np.hstack([best[todo], members[position]])
                cost = np.hstack([least[todo], self._cost(own[:, None], members[position])])
                cost[found == own[:, None]] = np.inf
                order = np.lexsort((found, cost), axis=1)[:, :2]
                found, cost = (np.take_along_axis(each, order, 1) for each in (found, cost))
                # No other member costs less than if it were the lightest, just beyond these.
                bound = distance[:, -1] ** 2 / (1 / self.mass[own] + 1 / lightest)
                done = (bound > cost[:, 0] * (1 + TIE_TOLERANCE)) | (wanted == len(members))
                best[todo[done]], least[todo[done]] = found[done], cost[done]
                todo = todo[~done]
                wanted *= 4
        return best[:, 0], least[:, 0], least[:, 1]
