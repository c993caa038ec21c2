"""Description of a partition by the categories of qualitative variables (FactoMineR's catdes).

Concept
-------
Given the clusters of the rows of a table, which variables are linked with the partition, and which
categories are unusually frequent, or rare, in which cluster?

- A variable is linked with the partition as far as Pearson's chi2 of their contingency table says.
- For a category that M of the n rows have, and a cluster of K rows of which k have it, the numbers
  to read are the share of the category's rows that are in the cluster, k/M (*Cla/Mod*), the share
  of the cluster's rows that have the category, k/K (*Mod/Cla*), and the share of all the rows that
  have it, M/n (*overall*).
- If the cluster were drawn at random, without replacement, the count X would be hypergeometric.
  The p-value doubles the smaller tail, half of the observed count belonging to each:
  ``p = min(2 P(X < k) + P(X = k), 2 P(X > k) + P(X = k))``.
- The *v-test* turns it into the standard normal deviate with the same two-sided p-value, positive
  where the category is more frequent in the cluster than overall.

Method
------
Everything follows from counts, variable by variable, so that the number of rows matters only for
the counting.  The tails are sums of hypergeometric probabilities (Boost's, through SciPy), never
one minus the other tail: their relative error is about 1e-14 up to 100,000 rows and 1e-10 for a
million, however far the tail.  A p-value below the smallest double is 0 and its v-test infinite,
as in R.

The rows and their order are R's.  A row is kept where its p-value is at most the threshold.
Variables come by rising p-value, and in the order of the columns where it is the same; the
categories of a cluster come by falling v-test, and in the reverse order of columns and categories
where it is the same.  Two numbers are the same here if they differ by no more than rounding, so
that the order does not hang on it; R compares the last bit.

References
----------
Lebart, L., Morineau, A. and Piron, M. (2006). Statistique exploratoire multidimensionnelle:
visualisations et inférences en fouille de données, 4th edition. Dunod, Paris.

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1), 1-18. doi:10.18637/jss.v025.i01
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.contingency import chi2
from analysis.statistics.profiles import ROUNDING, Column, code_table, ranks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Catdes:
    """The variables linked with a partition, and the categories that mark its clusters.

    Attributes
    ----------
    variables : DataFrame
        A row a variable whose p-value is at most the threshold, by rising p-value:
        ``variable``, ``p_value`` of the chi2 test, and its degrees of freedom ``df``.
    categories : DataFrame
        A row a pair of cluster and category whose p-value is at most the threshold, by cluster and
        falling v-test: ``cluster``, ``variable``, ``category``; in percent, ``cla_mod`` (rows of
        the category that are in the cluster), ``mod_cla`` (rows of the cluster that have the
        category) and ``overall`` (rows that have the category); ``p_value`` and ``v_test``.
    """

    variables: pd.DataFrame = field(repr=False, compare=False)
    categories: pd.DataFrame = field(repr=False, compare=False)


def describe(frame: pd.DataFrame, clusters: ArrayLike, threshold: float = 0.05) -> Catdes:
    """Describe the clusters of a table by its variables and categories, as FactoMineR's catdes.

    Parameters
    ----------
    frame : DataFrame of shape (n, p)
        Columns of text, booleans or pandas Categoricals; at least two.  A missing cell is a
        category of its variable, called ``(missing)``, the last one.
    clusters : array_like of length n
        The cluster of each row, in the order of the rows: numbers, text or a Categorical.
    threshold : float
        The largest p-value to keep, above 0 and at most 1.

    Returns
    -------
    Catdes
        Clusters come in the order of the Categorical, or sorted.

    Raises
    ------
    ValueError
        If the table is empty, has one column only or two of one name, a column is not categorical
        or is constant, the clusters are not as many as the rows, are the same, are missing
        somewhere or are two of one name, or the threshold is out of range; the column or the number
        is named.

    Examples
    --------
    Eleven doctors on their own, nine of them in the first cluster, and four in a group:

    >>> doctors = pd.DataFrame({
    ...     "place": ["seul"] * 11 + ["groupe"] * 4,
    ...     "practice": ["libéral", "mixte", "libéral"] * 5,
    ... })
    >>> description = describe(doctors, [1] * 9 + [2] * 6)
    >>> description.variables.round(5).to_dict("records")
    [{'variable': 'place', 'p_value': 0.00423, 'df': 1}]
    >>> shown = ["cluster", "category", "cla_mod", "mod_cla", "v_test"]
    >>> print(description.categories[shown].round(2).to_string(index=False))
     cluster category  cla_mod  mod_cla  v_test
           1     seul    81.82   100.00    2.54
           1   groupe     0.00     0.00   -2.54
           2   groupe   100.00    66.67    2.54
           2     seul    18.18    33.33   -2.54
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"the threshold is {threshold!r}: a p-value above 0 and at most 1")
    columns = code_table(frame)
    if len(columns) < 2:
        raise ValueError("the table has 1 column: a description needs at least two")
    # A Series, for an array of a list would write a missing cluster among texts as the text "nan".
    coded = pd.Categorical(pd.Series(clusters)).remove_unused_categories()
    _check_clusters(coded, len(frame))
    k = len(coded.categories)
    tables = [
        np.bincount(column.codes * k + coded.codes, minlength=k * len(column.categories))
        for column in columns
    ]
    crossed = [table.reshape(-1, k) for table in tables]
    largest = threshold * (1 + ROUNDING)
    return Catdes(
        _describe_variables(columns, crossed, largest),
        _describe_categories(columns, crossed, coded.categories, largest),
    )


def _check_clusters(clusters: pd.Categorical, n_rows: int) -> None:
    if len(clusters) != n_rows:
        raise ValueError(f"there are {len(clusters)} clusters for {n_rows} rows: one each")
    absent = clusters.codes < 0
    if absent.any():
        row = int(np.argmax(absent)) + 1
        raise ValueError(f"number {row} of the rows has no cluster: one each")
    names = clusters.categories.astype(str)
    for name in names[names.duplicated()]:
        raise ValueError(f"two clusters are called {name!r}: the name of a cluster is unique")
    if len(names) < 2:
        label = clusters.categories.tolist()[0]
        raise ValueError(f"every row is in the cluster {label!r}: at least two are needed")


def _describe_variables(
    columns: Sequence[Column], tables: Sequence[IntArray], largest: float
) -> pd.DataFrame:
    tests = [chi2(table) for table in tables]
    p_values = np.array([test.p_value for test in tests])
    order = np.argsort(ranks(p_values), kind="stable")
    order = order[p_values[order] <= largest]
    return pd.DataFrame(
        {
            "variable": pd.Index([column.name for column in columns], dtype="str")[order],
            "p_value": p_values[order],
            "df": np.array([test.df for test in tests])[order],
        }
    )


def _describe_categories(
    columns: Sequence[Column], tables: Sequence[IntArray], labels: pd.Index, largest: float
) -> pd.DataFrame:
    counts = np.concatenate(tables)
    of_category, of_cluster = counts.sum(axis=1)[:, None], tables[0].sum(axis=0)
    n = int(of_cluster.sum())
    p_values = _p_values(counts, of_cluster, of_category, n)
    mod_cla, overall = counts / of_cluster, of_category / n
    sign = np.where(mod_cla > overall, -1.0, 1.0)
    v_tests = sign * scipy.special.ndtri(p_values / 2)
    rising = ranks(v_tests.ravel()).reshape(v_tests.shape)
    category, cluster = np.nonzero(p_values <= largest)
    order = np.lexsort((-category, -rising[category, cluster], cluster))
    category, cluster = cells = category[order], cluster[order]
    names = [(column.name, label) for column in columns for label in column.categories]
    variables, categories = (pd.Index(own, dtype="str") for own in zip(*names, strict=True))
    return pd.DataFrame(
        {
            "cluster": labels[cluster],
            "variable": variables[category],
            "category": categories[category],
            "cla_mod": (counts / of_category)[cells] * 100,
            "mod_cla": mod_cla[cells] * 100,
            "overall": overall[category, 0] * 100,
            "p_value": p_values[cells],
            "v_test": v_tests[cells],
        }
    )


def _p_values(k: IntArray, of_cluster: IntArray, of_category: IntArray, n: int) -> FloatArray:
    """Double the smaller tail of the hypergeometric law, half of the count in each tail."""
    law = n, of_cluster, of_category
    at = scipy.stats.hypergeom.pmf(k, *law)
    below, above = scipy.stats.hypergeom.cdf(k - 1, *law), scipy.stats.hypergeom.sf(k, *law)
    p_values: FloatArray = np.minimum(2 * below, 2 * above) + at
    return np.minimum(p_values, 1.0)
