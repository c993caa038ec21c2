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

Method
------
Both are computed from the table that counts the rows of each pair of clusters; the best matching is
an assignment problem (Kuhn), which SciPy solves.

References
----------
Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2, 193-218.
doi:10.1007/BF01908075

Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
Quarterly 2, 83-97. doi:10.1002/nav.3800020109

Meilă, M. and Heckerman, D. (2001). An experimental comparison of model-based clustering methods.
Machine Learning 42, 9-29. doi:10.1023/A:1007648401407
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

__all__ = ["adjusted_rand_index", "matched_share"]

IntArray = NDArray[np.int64]


def adjusted_rand_index(one: ArrayLike, other: ArrayLike) -> float:
    """Compare two partitions by the pairs of rows that both put together.

    Parameters
    ----------
    one, other : array_like of length n
        The cluster of each row; two rows or more.

    Returns
    -------
    float
        1 for the same partition, 0 on average for partitions drawn at random with these cluster
        sizes, below 0 for less than that.

    Raises
    ------
    ValueError
        If the partitions are not of the same rows, or there are fewer than two.

    Examples
    --------
    >>> adjusted_rand_index([1, 1, 2, 2], ["b", "b", "a", "a"])
    1.0
    >>> round(adjusted_rand_index([1, 1, 2, 2], [1, 1, 2, 3]), 2)
    0.57
    """
    table = _cross_table(one, other)
    if table.sum() < 2:
        raise ValueError("two rows or more are needed to compare pairs")
    together = _pairs(table)
    first, second = _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0))
    expected = Fraction(first * second, _pairs(table.sum()))
    most = Fraction(first + second, 2)
    if most == expected:
        # Both are one cluster, or both are one cluster a row: the same partition.
        return 1.0
    return float((together - expected) / (most - expected))


def matched_share(one: ArrayLike, other: ArrayLike) -> float:
    """Give the share of the rows that are in the same cluster, under the best naming of clusters.

    Parameters
    ----------
    one, other : array_like of length n
        The cluster of each row.  The numbers of clusters may differ; the rows of a cluster that has
        no match are apart.

    Returns
    -------
    float
        Above 0, and 1 for the same partition.

    Raises
    ------
    ValueError
        If the partitions are not of the same rows.

    Examples
    --------
    >>> matched_share([1, 1, 2, 2], [1, 1, 2, 3])
    0.75
    """
    table = _cross_table(one, other)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return float(table[rows, columns].sum() / table.sum())


def _cross_table(one: ArrayLike, other: ArrayLike) -> IntArray:
    codes, names = pd.factorize(np.asarray(one))
    other_codes, other_names = pd.factorize(np.asarray(other))
    if len(codes) != len(other_codes):
        raise ValueError(f"partitions of {len(codes)} and of {len(other_codes)} rows: of one table")
    shape = len(names), len(other_names)
    cells = codes * shape[1] + other_codes
    return np.bincount(cells, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape)


def _pairs(counts: IntArray) -> int:
    """Count the pairs of rows within groups of these sizes."""
    return int((counts * (counts - 1) // 2).sum())
