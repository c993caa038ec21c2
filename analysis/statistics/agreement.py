"""Agreement of two partitions of the same rows, whatever their clusters are called.

Concept
-------
Two partitions agree on a pair of rows if both put it together, or both apart.  Rand's index is the
share of pairs on which they agree; it is far from 0 for partitions that have nothing in common.
Hubert and Arabie subtract what is expected of partitions drawn at random with the same cluster
sizes: their *adjusted* index is 1 for the same partition, and 0 on average by chance.

The *matched share* is easier to say: match each cluster of one partition with at most one of the
other, so that as many rows as possible are in matched clusters, and give the share of these rows.
It is one minus the classification error distance of Meilă and Heckerman.

One cluster can be found again while the others are not.  Its *recovery* is its likeness to that
cluster of the other partition which is the most like it, by Jaccard's index: the rows that both
have, out of those that either has.  Hennig takes its mean over bootstrap samples for the stability
of the cluster: from 0.75 it is stable, below 0.6 not to be trusted, and in between it is doubtful
who belongs to it.

Method
------
All are computed from the counts of the pairs of clusters that share a row, at most as many as the
rows, however many clusters there are.  The best matching is an assignment problem (Kuhn), which
SciPy solves in sparse form; a cluster that had better have no match takes one of its own.

References
----------
Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.
doi:10.1007/BF01908075

Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics and Data
Analysis 52, 258-271. doi:10.1016/j.csda.2006.11.025

Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
Quarterly 2, 83-97. doi:10.1002/nav.3800020109

Meilă, M. and Heckerman, D. (2001). An experimental comparison of model-based clustering methods.
Machine Learning 42, 9-29. doi:10.1023/A:1007648401407
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]


def adjusted_rand_index(one: ArrayLike, other: ArrayLike) -> float:
    """Compare two partitions by the pairs of rows that both put together.

    Parameters
    ----------
    one, other : array_like of length n
        The cluster of each row, none missing; two rows or more.

    Returns
    -------
    float
        1 for the same partition, 0 on average for partitions drawn at random with these cluster
        sizes, below 0 for less than that.

    Raises
    ------
    ValueError
        If the partitions are not of the same rows, there are fewer than two, or a row has no
        cluster; it is named, counting from 1.

    Examples
    --------
    >>> adjusted_rand_index([1, 1, 2, 2], ["b", "b", "a", "a"])
    1.0
    >>> round(adjusted_rand_index([1, 1, 2, 2], [1, 1, 2, 3]), 2)
    0.57
    """
    codes, other_codes = _codes(one, other)
    n_rows = len(codes)
    if n_rows < 2:
        raise ValueError("two rows or more are needed to compare pairs")
    pairs, together = _pairs(np.array([n_rows])), _pairs(_cross_counts(codes, other_codes)[2])
    first, second = _pairs(np.bincount(codes)), _pairs(np.bincount(other_codes))
    # Whole numbers: twice what is expected, times the pairs, and so the others.
    expected, most = 2 * first * second, (first + second) * pairs
    if most == expected:
        # Both are one cluster, or both are one cluster a row: the same partition.
        return 1.0
    return (2 * together * pairs - expected) / (most - expected)


def matched_share(one: ArrayLike, other: ArrayLike) -> float:
    """Give the share of the rows that are in the same cluster, under the best naming of clusters.

    Parameters
    ----------
    one, other : array_like of length n
        The cluster of each row, none missing; one row or more.  The numbers of clusters may differ;
        the rows of a cluster that has no match are apart.

    Returns
    -------
    float
        Above 0, and 1 for the same partition.

    Raises
    ------
    ValueError
        If the partitions are not of the same rows, there is none, or a row has no cluster; it is
        named, counting from 1.

    Examples
    --------
    >>> matched_share([1, 1, 2, 2], [1, 1, 2, 3])
    0.75
    """
    codes, other_codes = _codes(one, other)
    if not len(codes):
        raise ValueError("one row or more is needed to share")
    first, second, counts = _cross_counts(codes, other_codes)
    # One more than the count, so that the edge to a match of one's own weighs something as well.
    table = scipy.sparse.coo_array((counts + 1.0, (first, second)))
    edges = scipy.sparse.hstack([table, scipy.sparse.eye_array(table.shape[0])], format="csr")
    matched = scipy.sparse.csgraph.min_weight_full_bipartite_matching(edges, maximize=True)
    return float((edges[matched].sum() - table.shape[0]) / len(codes))


def recovery(one: ArrayLike, other: ArrayLike) -> dict[Hashable, float]:
    """Give the Jaccard index of each cluster of a partition with the most like one of another.

    Parameters
    ----------
    one, other : array_like of length n
        The cluster of each row.

    Returns
    -------
    dict of cluster to float
        For each cluster of the first partition, above 0, and 1 where the other has the same rows
        together and apart from all others.

    Raises
    ------
    ValueError
        If the partitions are not of the same rows.

    Examples
    --------
    >>> recovery(["I", "I", "II", "II"], [1, 1, 2, 3])
    {'I': 1.0, 'II': 0.5}
    """
    codes, other_codes = _codes(one, other)
    first, second, counts = _cross_counts(codes, other_codes)
    either = np.bincount(codes)[first] + np.bincount(other_codes)[second] - counts
    best = np.zeros(int(codes.max(initial=-1)) + 1)
    np.maximum.at(best, first, counts / either)
    return dict(zip(pd.unique(pd.Series(one)).tolist(), best.tolist(), strict=True))


def _codes(one: ArrayLike, other: ArrayLike) -> tuple[IntArray, IntArray]:
    """Return the number of each row's cluster in both partitions, and refuse rows without one."""
    # A Series, for an array would write a missing label among texts as the text "nan".
    codes, other_codes = (pd.factorize(pd.Series(labels))[0] for labels in (one, other))
    if len(codes) != len(other_codes):
        raise ValueError(f"partitions of {len(codes)} and of {len(other_codes)} rows: of one table")
    for name, numbers in (("first", codes), ("second", other_codes)):
        if (numbers < 0).any():
            row = int(np.argmin(numbers)) + 1
            raise ValueError(f"row {row} has no cluster in the {name} partition: one each")
    return codes, other_codes


def _cross_counts(codes: IntArray, other_codes: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Count the rows of each pair of clusters that has any."""
    width = int(other_codes.max(initial=0)) + 1
    cells, counts = np.unique(codes * width + other_codes, return_counts=True)
    return cells // width, cells % width, counts


def _pairs(counts: IntArray) -> int:
    """Count the pairs of rows within groups of these sizes."""
    return int((counts * (counts - 1) // 2).sum())
