"""Burt tables: the multiple correspondence analysis of many tables of answers at once.

Concept
-------
The *Burt table* of p categorical variables crosses each of them with each: a square of counts, a
row and a column a category.  It holds all that multiple correspondence analysis (MCA) sees of the
answers: two tables of answers with the same Burt table have the same eigenvalues and the same
category coordinates, whatever the rows behind them.  So a map is as well known as the Burt table
is, and where only some crossings were published, the others say how much of the map is open.

Method
------
Let n rows answer p questions, B be their Burt table and c the masses of the categories (counts
divided by np).  The eigenvalues of the MCA are those of the square matrix

    (B / (n p²) - c c') / sqrt(c c')      divided entry by entry,

and the principal coordinates of the categories are its eigenvectors, each entry divided by the root
of its mass and multiplied by the root of the eigenvalue (Greenacre, 2017, appendix A).  The matrix
is small whatever n, and LAPACK takes a stack of them, so that a thousand tables take a fraction of
a second.  Axes are turned as R's FactoMineR turns them: the eigenvector sums to a positive number.

References
----------
Burt, C. (1950). The factorial analysis of qualitative data. British Journal of Psychology,
Statistical Section 3, 166-185.

Greenacre, M. (2017). Correspondence Analysis in Practice, 3rd edition. Chapman and Hall/CRC.
doi:10.1201/9781315369983
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Analyses:
    """The MCA of each of many tables that have the same variables and categories.

    Attributes
    ----------
    eigenvalues : ndarray of shape (tables, categories - variables)
        In decreasing order.
    coordinates : ndarray of shape (tables, categories, axes)
        Principal coordinates of the categories, variable after variable.
    """

    eigenvalues: FloatArray = field(repr=False)
    coordinates: FloatArray = field(repr=False)


def burt_tables(codes: IntArray, sizes: Sequence[int]) -> FloatArray:
    """Cross every variable with every other, in each of many tables.

    Parameters
    ----------
    codes : ndarray of shape (tables, rows, variables)
        Position of each answer among the categories of its variable.
    sizes : sequence of int
        Number of categories of each variable.

    Returns
    -------
    ndarray of shape (tables, categories, categories)
        Counts, which are whole numbers; the diagonal holds the counts of the categories.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a code is not a position.

    Examples
    --------
    Four doctors: practice (libéral, salarié) and place (seul, groupe).

    >>> codes = np.array([[[0, 0], [0, 0], [0, 1], [1, 1]]])
    >>> burt_tables(codes, (2, 2))[0].astype(int).tolist()
    [[3, 0, 2, 1], [0, 1, 0, 1], [2, 0, 2, 0], [1, 1, 0, 2]]
    """
    if codes.ndim != 3 or codes.shape[2] != len(sizes):
        raise ValueError(
            f"codes have shape {codes.shape}: (tables, rows, {len(sizes)} variables) was expected"
        )
    if not ((codes >= 0) & (codes < np.asarray(sizes))).all():
        raise ValueError(f"a code is out of range: the variables have {tuple(sizes)} categories")
    n_tables, n_rows, _ = codes.shape
    indicator = np.zeros((n_tables, n_rows, sum(sizes)))
    np.put_along_axis(indicator, codes + np.cumsum([0, *sizes[:-1]]), 1.0, axis=2)
    tables: FloatArray = indicator.transpose(0, 2, 1) @ indicator
    return tables


def burt_table(counts: IntArray) -> FloatArray:
    """Cross every variable with every other, where the rows of each set of answers are counted.

    Parameters
    ----------
    counts : ndarray with an axis a variable
        Number of rows of each set of answers, which are positions among the categories.

    Returns
    -------
    ndarray of shape (categories, categories)
        As one of `burt_tables`.

    Examples
    --------
    The four doctors of the example of `burt_tables`:

    >>> burt_table(np.array([[2, 1], [0, 1]])).astype(int).tolist()
    [[3, 0, 2, 1], [0, 1, 0, 1], [2, 0, 2, 0], [1, 1, 0, 2]]
    """
    ends = np.cumsum(counts.shape)
    places = [slice(end - size, end) for end, size in zip(ends, counts.shape, strict=True)]
    variables = range(counts.ndim)
    table = np.zeros((ends[-1], ends[-1]))
    for one, other in combinations_with_replacement(variables, 2):
        crossed = counts.sum(axis=tuple({*variables} - {one, other}))
        crossed = np.diag(crossed) if one == other else crossed
        table[places[one], places[other]] = crossed
        table[places[other], places[one]] = crossed.T
    return table


def analyse(codes: IntArray, sizes: Sequence[int], n_axes: int = 5) -> Analyses:
    """Make the MCA of each of many tables, as `analysis.statistics.mca.fit` makes that of one.

    Parameters
    ----------
    codes : ndarray of shape (tables, rows, variables)
        Position of each answer among the categories of its variable.
    sizes : sequence of int
        Number of categories of each variable.
    n_axes : int
        Number of axes to keep coordinates on.

    Returns
    -------
    Analyses

    Raises
    ------
    ValueError
        As `burt_tables`; if there are fewer than two variables, if a table lacks a category, or if
        `n_axes` is out of range.

    Examples
    --------
    The six doctors of the example of `analysis.statistics.mca.fit`:

    >>> codes = np.array([[[0, 1, 0], [0, 0, 1], [0, 0, 1], [2, 0, 0], [1, 0, 1], [0, 1, 0]]])
    >>> result = analyse(codes, (3, 2, 2), n_axes=2)
    >>> result.eigenvalues[0, :3].round(4).tolist()
    [0.6667, 0.4296, 0.2371]
    >>> result.coordinates[0, 3:5, 0].round(3).tolist()
    [0.603, -1.206]
    """
    n_variables = len(sizes)
    if n_variables < 2:
        raise ValueError(f"{n_variables} variables: an analysis needs at least two")
    rank = sum(sizes) - n_variables
    if not 1 <= n_axes <= rank:
        raise ValueError(f"n_axes is {n_axes}: a whole number from 1 to {rank} is allowed")
    tables = burt_tables(codes, sizes)
    lacks = np.diagonal(tables, axis1=1, axis2=2) == 0
    if lacks.any():
        table, category = np.argwhere(lacks)[0]
        raise ValueError(f"table {table} lacks the category in place {category}")
    return decompose(tables, n_variables, n_axes)


def decompose(tables: FloatArray, n_variables: int, n_axes: int = 5) -> Analyses:
    """Make the MCA of each of many Burt tables.

    The Burt table of two groups of rows is the sum of theirs, so that many pairs of groups can be
    analysed without their rows.

    Parameters
    ----------
    tables : ndarray of shape (tables, categories, categories)
        As `burt_tables` gives them; a table may lack categories that others have.
    n_variables : int
        Number of variables that they cross.
    n_axes : int
        Number of axes to keep coordinates on.

    Returns
    -------
    Analyses
        The coordinates of a category that a table lacks are NaN, and one eigenvalue is zero for it.

    Examples
    --------
    The tables of three doctors and of three others, added:

    >>> codes = np.array([[[0, 1, 0], [0, 0, 1], [0, 0, 1]], [[2, 0, 0], [1, 0, 1], [0, 1, 0]]])
    >>> tables = burt_tables(codes, (3, 2, 2))
    >>> decompose(tables.sum(axis=0)[None], 3, n_axes=2).eigenvalues[0, :3].round(4).tolist()
    [0.6667, 0.4296, 0.2371]
    """
    tables = np.asarray(tables, dtype=np.float64)
    rank = tables.shape[1] - n_variables
    counts = np.diagonal(tables, axis1=1, axis2=2)
    masses = counts / counts.sum(axis=1, keepdims=True)
    roots = np.sqrt(masses)
    weights = np.divide(1.0, roots, where=masses > 0, out=np.zeros_like(roots))
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    matrices = shares * weights[:, :, None] * weights[:, None, :]
    matrices -= roots[:, :, None] * roots[:, None, :]
    # On matrices of this size several threads wait for each other, and are slower than one.
    with threadpool_limits(1):
        ascending, vectors = np.linalg.eigh(matrices)
    eigenvalues = np.maximum(ascending[:, ::-1][:, :rank], 0.0)
    kept = vectors[:, :, ::-1][:, :, :n_axes]
    kept = kept * np.where(kept.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    coordinates = kept * np.sqrt(eigenvalues[:, None, :n_axes]) * weights[:, :, None]
    coordinates[masses == 0] = np.nan
    return Analyses(eigenvalues, coordinates)


def row_coordinates(codes: IntArray, masses: FloatArray, n_axes: int) -> FloatArray:
    """Place the rows of one table on its first axes, fast: for a search that looks at many.

    Parameters
    ----------
    codes : ndarray of shape (rows, variables)
        Position of each answer among the categories of all variables.
    masses : ndarray of shape (categories,)
        Share of each category in all answers, above zero.
    n_axes : int

    Returns
    -------
    ndarray of shape (rows, n_axes)
        Principal coordinates, the axes turned as FactoMineR turns them.

    Examples
    --------
    >>> codes = np.array([[0, 2], [0, 3], [1, 3], [1, 2], [0, 2]])
    >>> row_coordinates(codes, np.bincount(codes.ravel()) / codes.size, 1).round(2).ravel().tolist()
    [-0.82, 0.2, 1.22, 0.2, -0.82]
    """
    n, p = codes.shape
    indicator = np.zeros((n, len(masses)))
    indicator[np.arange(n)[:, None], codes] = 1 / p
    standard = (indicator - masses) / np.sqrt(masses)
    _, vectors = np.linalg.eigh(standard.T @ standard)
    axes = vectors[:, : -n_axes - 1 : -1]
    signs = np.where(axes.sum(axis=0) < 0, -1.0, 1.0)
    placed: FloatArray = standard @ (axes * signs)
    return placed
