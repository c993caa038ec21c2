"""Hierarchical clustering on principal components (HCPC), as R's FactoMineR does it.

Concept
-------
Multiple correspondence analysis turns answers into coordinates, of which the first axes keep the
structure and the last ones little but noise.  HCPC clusters the rows on the first axes, in three
steps that make up for each other: Ward's tree shows how many clusters there are and where they
begin, its cut gives a partition, and k-means *consolidates* it, since a tree cannot undo a union.

Method
------
1. Rows are sorted on axis 1 and weigh ``1/n`` each.  Rows with the same answers are one weighted
   point, except for the order in which k-means takes them.
2. Ward's tree of these points.  Its costs, from the top, are the inertia that each further cluster
   *gains*; what remains within k clusters is ``within[k]``.
3. The suggested number of clusters is the k of least ``within[k] / within[k - 1]``, among 3 to
   ``min(10, n / 2)``: the last clear fall of the within inertia.
4. The tree is cut, and Hartigan and Wong's k-means starts from the means of the clusters, for 10
   rounds at most.
5. Clusters are numbered by their mean on axis 1.

Ward's tree, and so all that follows, is only defined where no two unions cost the same.  Equal
eigenvalues leave the axes free, and two profiles at one place of axis 1 the order of the rows.
`HCPC.ties` tells of such cases; otherwise rows, columns and categories can come in any order.

References
----------
Husson, F., Josse, J. and Pagès, J. (2010). Principal component methods, hierarchical clustering,
partitional clustering: why would we need to choose for visualizing data? Technical report,
Agrocampus Rennes.

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1). doi:10.18637/jss.v025.i01

Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. Journal of the American
Statistical Association 58, 236-244. doi:10.1080/01621459.1963.10500845
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics import mca
from analysis.statistics.hartigan_wong import cluster_means, kmeans
from analysis.statistics.mca import MCA
from analysis.statistics.ward import TIE_TOLERANCE, Tree, ward

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

MAX_ITERATIONS = 10
"""Rounds of the consolidation, as in R, which keeps what it then has."""
N_DESCRIBED = 5
"""Individuals named for each cluster, as in R."""

_FEWEST_SUGGESTED, _MOST_SUGGESTED = 3, 10
_SAME_PLACE = 1e-12
"""Coordinates closer than this, relative to the largest, differ by rounding only."""


@dataclass(frozen=True)
class Ties:
    """What leaves an implementation free to choose, and the partition undefined; false if nothing.

    Attributes
    ----------
    unions : int
        Unions of the tree that could as well have been others of equal cost.
    cut : bool
        Whether the unions just above and below the cut cost the same.
    eigenvalues : tuple of int
        Axes, from 1, whose eigenvalue equals the next one.
    places : int
        Profiles that have the same place on axis 1 as another one.
    sign : bool
        Whether the rule that turns axis 1, on which clusters are sorted, decides nothing.
    """

    unions: int
    cut: bool
    eigenvalues: tuple[int, ...]
    places: int
    sign: bool

    def __bool__(self) -> bool:
        return bool(self.unions or self.cut or self.eigenvalues or self.places or self.sign)


@dataclass(frozen=True)
class HCPC:
    """A partition of the rows, the tree that it comes from, and what stands out in it.

    Attributes
    ----------
    clusters : ndarray of shape (n,)
        Cluster of each row, from 1, numbered by the mean on axis 1.
    before_consolidation : ndarray of shape (n,)
        The same of the partition that the cut of the tree gives.
    gains : ndarray of shape (profiles - 1,)
        Inertia gained by the second cluster, the third one, ...; R adds zeros for identical rows.
    suggested : int
        Suggested number of clusters, whatever was asked.
    between_before, between_after : float
        Share of the inertia that is between the clusters, before and after the consolidation.
    converged : bool
        Whether the consolidation ended before its last round.
    ties : Ties
        What leaves the partition undefined.
    tree : Tree
        Ward's tree of the profiles, which come in rising order on axis 1.
    centers : ndarray of shape (k, axes)
        Mean of each cluster.
    coordinates : ndarray of shape (profiles, axes)
        Coordinates of the profiles, in the order of the tree.
    profile : ndarray of shape (n,)
        Position of each row's profile in `coordinates`.
    rows : Index
        Names of the rows.
    """

    clusters: IntArray = field(repr=False, compare=False)
    before_consolidation: IntArray = field(repr=False, compare=False)
    gains: FloatArray = field(repr=False, compare=False)
    suggested: int
    between_before: float
    between_after: float
    converged: bool
    ties: Ties
    tree: Tree = field(repr=False, compare=False)
    centers: FloatArray = field(repr=False, compare=False)
    coordinates: FloatArray = field(repr=False, compare=False)
    profile: IntArray = field(repr=False, compare=False)
    rows: pd.Index = field(repr=False, compare=False)

    @property
    def sizes(self) -> IntArray:
        """Number of rows in each cluster."""
        return np.bincount(self.clusters)[1:]

    @cached_property
    def paragons(self) -> pd.DataFrame:
        """The rows nearest to the mean of their cluster, five of each at most.

        Columns ``cluster``, ``rank``, ``individual`` and ``distance``; equal distances in the order
        of the rows.
        """
        own = self._distances[np.arange(len(self.clusters)), self.clusters - 1]
        return self._first_of_each_cluster(own, own)

    @cached_property
    def most_distant(self) -> pd.DataFrame:
        """The rows farthest from the mean of any other cluster, five of each at most.

        Columns ``cluster``, ``rank``, ``individual`` and ``distance``, to the nearest of the other
        means; equal distances in the order of the rows.
        """
        others = self._distances.copy()
        others[np.arange(len(self.clusters)), self.clusters - 1] = np.inf
        nearest = others.min(axis=1)
        return self._first_of_each_cluster(nearest, -nearest)

    @cached_property
    def _distances(self) -> FloatArray:
        difference = self.coordinates[:, None, :] - self.centers
        distances: FloatArray = np.sqrt((difference**2).sum(axis=2))
        return distances[self.profile]

    def _first_of_each_cluster(self, distance: FloatArray, key: FloatArray) -> pd.DataFrame:
        order = np.lexsort((_places(key), self.clusters))
        ends = np.cumsum(self.sizes)
        rank = np.arange(len(order)) - (ends - self.sizes)[self.clusters[order] - 1]
        chosen = order[rank < N_DESCRIBED]
        return pd.DataFrame(
            {
                "cluster": self.clusters[chosen],
                "rank": rank[rank < N_DESCRIBED] + 1,
                "individual": self.rows[chosen],
                "distance": distance[chosen],
            }
        )


def fit(
    data: pd.DataFrame | MCA,
    n_axes: int = 5,
    n_clusters: int | None = None,
    consolidate: bool = True,
    *,
    tree: Tree | None = None,
) -> HCPC:
    """Cluster the rows of a categorical table on the first axes of its correspondence analysis.

    Parameters
    ----------
    data : DataFrame of shape (n, p) or MCA
        Categorical columns, two or more, or their analysis if that is at hand.
    n_axes : int
        Number of axes to cluster on; of an analysis at hand, at most as many as it has.
    n_clusters : int, optional
        Number of clusters, 2 or more; by default the suggested one.
    consolidate : bool
        Whether k-means improves the partition that the cut gives.
    tree : Tree, optional
        The tree of an earlier clustering of this analysis on as many axes, to cut elsewhere; by
        default it is grown.

    Returns
    -------
    HCPC

    Raises
    ------
    ValueError
        If `n_clusters` is 1, or above the number of rows or of distinct profiles, `n_axes` is above
        the rank, or the table cannot be analysed: it is empty, has one variable only, or a column
        that is constant or not categorical.  The number or the column is named.

    Examples
    --------
    >>> doctors = pd.DataFrame({
    ...     "practice": ["libéral"] * 4 + ["mixte"] * 2 + ["salarié"] * 3,
    ...     "place": ["seul"] * 2 + ["groupe"] * 4 + ["autre"] * 2 + ["groupe"],
    ...     "age": ["60-69", "50-59", "50-59"] + ["30-39", "40-49", "40-49"] * 2,
    ... })
    >>> result = fit(doctors, n_axes=2)
    >>> result.suggested, result.clusters.tolist()
    (3, [3, 3, 3, 3, 2, 2, 1, 1, 2])
    >>> result.paragons.groupby("cluster").head(1).round(3)
       cluster  rank  individual  distance
    0        1     1           6     0.350
    2        2     1           4     0.336
    5        3     1           1     0.410
    """
    analysis = data if isinstance(data, MCA) else mca.fit(data, n_axes)
    if not 1 <= n_axes <= analysis.n_axes:
        raise ValueError(
            f"n_axes is {n_axes}, and the analysis has {analysis.n_axes} axes: "
            f"from 1 to {analysis.n_axes} are possible here"
        )
    points, counts, profile = _sorted_profiles(analysis, n_axes)
    n_rows, n_profiles = len(profile), len(points)
    _check_n_clusters(n_clusters, n_rows, n_profiles)
    tree = ward(points, counts / n_rows) if tree is None else tree
    suggested = _suggest(tree.gains, n_rows)
    # Not in the narrow type of the caller, where sums overflow.
    k = suggested if n_clusters is None else int(n_clusters)
    inertia = float((counts * (points**2).sum(axis=1)).sum()) / n_rows

    # Rows in the order of their profiles, those of a profile in their own.
    in_order = np.argsort(profile, kind="stable")
    rows, cut = points.repeat(counts, axis=0), tree.cut(k).repeat(counts)

    def number(cluster: IntArray, means: FloatArray) -> tuple[IntArray, FloatArray]:
        """Give clusters their numbers, from 1, by rising mean on axis 1."""
        order = np.argsort(means[:, 0], kind="stable")
        numbered = np.empty(n_rows, dtype=np.int64)
        numbered[in_order] = np.argsort(order)[cluster] + 1
        return numbered, means[order]

    _, start = cluster_means(rows, cut, k)
    before, centers = number(cut, start)
    clusters, converged = before, True
    between_after = between_before = float(tree.gains[: k - 1].sum()) / inertia
    if consolidate:
        moved = kmeans(rows, start, max_iterations=MAX_ITERATIONS)
        clusters, centers = number(moved.clusters - 1, moved.centers)
        between_after = 1 - moved.within / n_rows / inertia
        converged = moved.converged
    for array in (clusters, before, centers, points, profile):
        array.flags.writeable = False
    return HCPC(
        clusters=clusters,
        before_consolidation=before,
        gains=tree.gains,
        suggested=suggested,
        between_before=between_before,
        between_after=between_after,
        converged=converged,
        ties=_ties(tree, k, analysis, points),
        tree=tree,
        centers=centers,
        coordinates=points,
        profile=profile,
        rows=analysis.index,
    )


def _sorted_profiles(analysis: MCA, n_axes: int) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the coordinates of the profiles, sorted, their counts, and each row's profile."""
    coordinates, counts = analysis.profile_coordinates[:, :n_axes], analysis.profiles.counts
    # Rounding must not decide between two profiles on axis 1 where another axis can.
    order = np.lexsort([_places(axis) for axis in coordinates.T[::-1]])
    return coordinates[order], counts[order], np.argsort(order)[analysis.profiles.inverse]


def _places(values: FloatArray) -> IntArray:
    """Rank values from 0, those that differ by rounding only being equal."""
    order = np.argsort(values, kind="stable")
    rises = np.diff(values[order], prepend=values[order[0]]) > _SAME_PLACE * np.abs(values).max()
    places = np.empty(len(values), dtype=np.int64)
    places[order] = np.cumsum(rises)
    return places


def _check_n_clusters(n_clusters: int | None, n_rows: int, n_profiles: int) -> None:
    if n_clusters is None:
        return
    if isinstance(n_clusters, bool) or not isinstance(n_clusters, int | np.integer):
        raise ValueError(f"n_clusters is {n_clusters!r}: a whole number is needed")
    if not 2 <= n_clusters <= n_profiles:
        raise ValueError(
            f"n_clusters is {n_clusters}, and the {n_rows} rows have {n_profiles} distinct "
            f"profiles only: from 2 to {n_profiles} are possible here"
        )


def _suggest(gains: FloatArray, n_rows: int) -> int:
    """Return the number of clusters after the last clear fall of the within inertia."""
    # Python rounds half to even, as R does.
    most = min(max(_FEWEST_SUGGESTED, min(_MOST_SUGGESTED, round(n_rows / 2))), len(gains) + 1)
    if most <= _FEWEST_SUGGESTED:
        return most
    # What remains within 1, 2, ... clusters: the gains still to come.
    within = np.append(np.cumsum(gains[::-1])[::-1], 0.0)
    quotients = within[_FEWEST_SUGGESTED - 1 : most] / within[_FEWEST_SUGGESTED - 2 : most - 1]
    return _FEWEST_SUGGESTED + int(quotients.argmin())


def _ties(tree: Tree, n_clusters: int, analysis: MCA, points: FloatArray) -> Ties:
    costs = tree.gains[n_clusters - 2 : n_clusters]
    eigenvalues = np.append(analysis.eigenvalues, 0.0)[: points.shape[1] + 1]
    equal = np.flatnonzero(-np.diff(eigenvalues) <= TIE_TOLERANCE * eigenvalues[0])
    # The entries of the right singular vector of axis 1, up to a factor.
    entries = analysis.category_coordinates[:, 0] * np.sqrt(analysis.profiles.category_counts)
    return Ties(
        unions=tree.n_ties,
        cut=len(costs) == 2 and bool(costs[0] - costs[1] <= TIE_TOLERANCE * costs[0]),
        eigenvalues=tuple((equal + 1).tolist()),
        places=len(points) - 1 - int(_places(points[:, 0]).max()),
        sign=bool(abs(entries.sum()) <= TIE_TOLERANCE * np.abs(entries).sum()),
    )
