"""Multiple correspondence analysis (MCA): axes that sum up the links between categorical variables.

Concept
-------
Write each row of a table of p categorical variables as 0 and 1, one column a category: the
*indicator matrix*.  MCA is the correspondence analysis of that matrix.  It places rows and
categories in one space, whose axes, ordered by the *inertia* (variance) that they carry, are the
directions in which the rows differ most; a category lies at the mean of its rows, up to the scale
of the axis.  The inertia of an axis is its *eigenvalue*.  For a point and an axis,

- the *contribution* is the point's share of the axis's inertia, in percent as in R;
- the *cos2* is the axis's share of the point's distance to the centre;
- the *v-test* of a category is its coordinate as a standard normal deviate, under the hypothesis
  that its rows were drawn at random without replacement; *eta2* is the squared correlation ratio of
  a variable with the axis.

The coding creates inertia of its own: p unrelated variables have eigenvalues near 1/p, never near
0.  Hence the corrections: Benzécri re-evaluates the eigenvalues above 1/p and gives their shares
of the corrected sum, Greenacre their shares of the inertia between distinct variables.

*Supplementary* variables have no part in the axes; their categories are placed afterwards.

The *Burt table* crosses each variable with each: a square of counts, a row and a column a category.
It holds all that the analysis sees of the answers: two tables of answers with the same Burt table
have the same eigenvalues and the same category coordinates, whatever the rows behind them.  So a
map is as well known as the Burt table is, and where only some crossings were published, the others
say how much of the map is open.

Method
------
Rows with the same answers are one point: the analysis is that of the distinct profiles, weighted by
their counts, which is exactly that of the rows (`analysis.statistics.profiles`), so that its cost
depends on the number of profiles.  ``prince.MCA`` makes the singular value decomposition, with its
exact engine (LAPACK's; the default one of prince draws at random), on the indicator matrix of the
profiles multiplied by their counts.  The rest is here, because prince does not give it, or not
without one row a respondent: all eigenvalues, the coordinates of profiles, v-tests and eta2.

As in R's FactoMineR, an axis is turned so that its right singular vector (an entry a category,
square root of the mass included) sums to a positive number.  Where that sum is zero, R keeps what
LAPACK returns; here the category that comes first, by the names of variable and category, among
those off the origin is then on the positive side.

Missing cells are a category of their variable, as in R, where it is called ``variable.NA``; here it
is called ``(missing)`` and comes last.

Many tables at once are analysed by their Burt tables.  Let n rows answer p questions, B be their
Burt table and c the masses of the categories (counts divided by np).  The eigenvalues are those of
the square matrix

    (B / (n p²) - c c') / sqrt(c c')      divided entry by entry,

and the principal coordinates of the categories are its eigenvectors, each entry divided by the root
of its mass and multiplied by the root of the eigenvalue (Greenacre, appendix A).  The matrix is
small whatever n, and LAPACK takes a stack of them, so that a thousand tables take a fraction of a
second.

References
----------
Burt, C. (1950). The factorial analysis of qualitative data. British Journal of Psychology,
Statistical Section 3, 166-185.

Benzécri, J.-P. (1979). Sur le calcul des taux d'inertie dans l'analyse d'un questionnaire. Les
cahiers de l'analyse des données 4, 377-378. http://www.numdam.org/item/CAD_1979__4_3_377_0

Greenacre, M. (2017). Correspondence Analysis in Practice, 3rd edition. Chapman and Hall/CRC.
doi:10.1201/9781315369983

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1), 1-18. doi:10.18637/jss.v025.i01
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from types import ModuleType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.profiles import Column, Profiles, code_table, collapse

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

_NULL_EIGENVALUE = 1e-20
"""A null singular value comes out near 1e-16, and its square near 1e-32."""
_NULL_SUM = 1e-9
_ROUNDING = 1e-12
"""What rounding can add to an eigenvalue; none is above 1."""


@dataclass(frozen=True)
class Rows:
    """The rows on the axes; each table has a row's own label for index and the axes for columns.

    Attributes
    ----------
    coordinates : DataFrame
        Principal coordinates.
    contributions : DataFrame
        Shares of each axis's inertia, in percent: a column sums to 100.
    cos2 : DataFrame
        Squared cosines, from 0 to 1.
    """

    coordinates: pd.DataFrame
    contributions: pd.DataFrame
    cos2: pd.DataFrame


@dataclass(frozen=True)
class Supplementary:
    """The categories of supplementary variables, placed on the axes afterwards.

    The index of each table is (variable, category), with no row if there is no such variable.

    Attributes
    ----------
    coordinates : DataFrame
        Principal coordinates.
    cos2 : DataFrame
        Squared cosines, from 0 to 1.
    v_tests : DataFrame
        Coordinates as standard normal deviates.
    eta2 : DataFrame
        Squared correlation ratio of each variable with each axis; the index is the variable.
    """

    coordinates: pd.DataFrame
    cos2: pd.DataFrame
    v_tests: pd.DataFrame
    eta2: pd.DataFrame


@dataclass(frozen=True)
class Categories(Supplementary):
    """The active categories on the axes: as those of supplementary variables, and what they make.

    Attributes
    ----------
    contributions : DataFrame
        Shares of each axis's inertia, in percent: a column sums to 100.
    """

    contributions: pd.DataFrame


@dataclass(frozen=True)
class MCA:
    """A multiple correspondence analysis.

    The tables are made when they are first asked for.

    Attributes
    ----------
    profiles : Profiles
        The distinct rows, on the active variables.
    supplementary_columns : tuple of Column
        The supplementary variables.
    index : Index
        Labels of the rows.
    eigenvalues : ndarray
        All the eigenvalues that are not null, in decreasing order, whatever the number of axes
        kept; how many they are is the rank of the analysis.
    profile_coordinates : ndarray of shape (profiles, axes)
        Principal coordinates of the profiles.
    category_coordinates : ndarray of shape (categories, axes)
        Principal coordinates of the active categories, variable after variable.
    """

    profiles: Profiles
    supplementary_columns: tuple[Column, ...]
    index: pd.Index = field(repr=False, compare=False)
    eigenvalues: FloatArray = field(repr=False, compare=False)
    profile_coordinates: FloatArray = field(repr=False, compare=False)
    category_coordinates: FloatArray = field(repr=False, compare=False)

    @property
    def n_axes(self) -> int:
        """Number of axes kept."""
        return len(self.profile_coordinates.T)

    @cached_property
    def inertia(self) -> pd.DataFrame:
        """The inertia of every axis, raw and corrected.

        The index is the axis.  The columns are ``eigenvalue``, its share ``percent`` and the
        ``cumulative_percent``; ``corrected``, the eigenvalue corrected as Benzécri does, 0 where it
        is not above 1/p; ``benzecri_percent``, its share of the corrected sum;
        ``greenacre_percent``, its share of the inertia between distinct variables, which does not
        add up to 100.
        """
        p, n_categories = len(self.profiles.variables), sum(self.profiles.n_categories)
        percent = 100 * self.eigenvalues / self.eigenvalues.sum()
        excess = self.eigenvalues - 1 / p
        # A share of what rounding alone leaves above 1/p would be a number drawn at random.
        corrected = np.where(excess > _ROUNDING, p / (p - 1) * excess, 0.0) ** 2
        between = p / (p - 1) * ((self.eigenvalues**2).sum() - (n_categories - p) / p**2)
        return pd.DataFrame(
            {
                "eigenvalue": self.eigenvalues,
                "percent": percent,
                "cumulative_percent": np.cumsum(percent),
                "corrected": corrected,
                "benzecri_percent": _percent(corrected, float(corrected.sum())),
                "greenacre_percent": _percent(corrected, float(between)),
            },
            index=_axes(len(self.eigenvalues)),
        )

    @cached_property
    def rows(self) -> Rows:
        """The rows of the table on the axes."""
        profiles, squares = self.profiles, self.profile_coordinates**2
        rarity = profiles.n_rows / profiles.category_counts
        # Squared chi2 distances to the centre.
        distances = rarity[profiles.positions].mean(axis=1) - 1
        measures = (
            self.profile_coordinates,
            100 / profiles.n_rows * squares / self._kept,
            squares / distances[:, None],
        )
        axes = _axes(self.n_axes)
        return Rows(*(pd.DataFrame(each[profiles.inverse], self.index, axes) for each in measures))

    @cached_property
    def categories(self) -> Categories:
        """The active categories on the axes."""
        profiles, counts = self.profiles, self.profiles.category_counts[:, None]
        index = _category_index(profiles.variables, profiles.categories)
        answers = profiles.n_rows * len(profiles.variables)
        contributions = 100 * counts / answers * self.category_coordinates**2 / self._kept
        return Categories(
            **vars(self._place(index, counts, self.category_coordinates)),
            contributions=pd.DataFrame(contributions, index, _axes(self.n_axes)),
        )

    @cached_property
    def supplementary(self) -> Supplementary:
        """The categories of the supplementary variables on the axes."""
        columns, n_profiles = self.supplementary_columns, len(self.profiles.counts)
        index = _category_index(
            [column.name for column in columns], [column.categories for column in columns]
        )
        # The rows of each category in each profile.
        table = np.zeros((len(index), n_profiles))
        first = 0
        for column in columns:
            np.add.at(table, (first + column.codes, self.profiles.inverse), 1.0)
            first += len(column.categories)
        counts = table.sum(axis=1, keepdims=True)
        standard = self.profile_coordinates / np.sqrt(self._kept)
        return self._place(index, counts, table @ standard / counts)

    @property
    def _kept(self) -> FloatArray:
        return self.eigenvalues[: self.n_axes]

    def _place(
        self, index: pd.MultiIndex, counts: FloatArray, coordinates: FloatArray
    ) -> Supplementary:
        """Say what follows from the coordinates of categories that so many rows have."""
        n, squares = self.profiles.n_rows, coordinates**2
        deviates = np.sqrt(counts * ((n - 1) / (n - counts)))

        def table(values: FloatArray) -> pd.DataFrame:
            return pd.DataFrame(values, index, _axes(self.n_axes))

        shares = table(counts / n * squares)
        return Supplementary(
            table(coordinates),
            table(squares / (n / counts - 1)),
            table(coordinates * deviates),
            shares.groupby(level="variable", sort=False).sum(),
        )


def fit(
    frame: pd.DataFrame,
    n_axes: int = 5,
    *,
    supplementary: Sequence[str] = (),
) -> MCA:
    """Analyse the links between the categorical variables of a table, as FactoMineR's MCA does.

    Parameters
    ----------
    frame : DataFrame of shape (n, columns)
        Columns of text, booleans or pandas Categoricals, a row an individual.
    n_axes : int
        Number of axes to keep, from 1 to the rank of the analysis, which is at most the number of
        active categories less the number of active variables.
    supplementary : sequence of str
        The columns that have no part in the axes; at least two others are needed.

    Returns
    -------
    MCA
        Eigenvalues, and coordinates with what follows from them.

    Raises
    ------
    ValueError
        If the table is empty or has two columns of one name, a column is not categorical or is
        constant, fewer than two variables are active, a supplementary column does not exist, or
        `n_axes` is out of range; the column or the number is named.

    Examples
    --------
    Who practises where, and how often the shared record is opened:

    >>> doctors = pd.DataFrame({
    ...     "practice": ["libéral", "libéral", "libéral", "salarié", "mixte", "libéral"],
    ...     "place": ["seul", "groupe", "groupe", "groupe", "groupe", "seul"],
    ...     "frequency": ["annuel", "mensuel", "mensuel", "annuel", "mensuel", "annuel"],
    ... })
    >>> result = fit(doctors, n_axes=2)
    >>> result.eigenvalues.round(4).tolist()
    [0.6667, 0.4296, 0.2371]
    >>> result.categories.coordinates.loc["place", 1].round(3).to_dict()
    {'groupe': 0.603, 'seul': -1.206}
    """
    if isinstance(supplementary, str):
        raise ValueError(
            f"supplementary is the text {supplementary!r}: a sequence of column names is allowed"
        )
    for name in supplementary:
        if name not in frame.columns:
            raise ValueError(
                f"there is no column {name!r} to be supplementary; the columns are "
                f"{', '.join(map(repr, frame.columns))}"
            )
    columns = code_table(frame)
    passive = tuple(column for column in columns if column.name in supplementary)
    active = [column for column in columns if column.name not in supplementary]
    if len(active) < 2:
        raise ValueError(
            f"{len(active)} variable is active ({', '.join(repr(one.name) for one in active)}): "
            f"an analysis needs at least two"
        )
    profiles = collapse(active)
    masses = profiles.counts / profiles.n_rows
    singular_values, left, right = _decompose(profiles)
    rank = len(singular_values)
    is_whole = isinstance(n_axes, int | np.integer) and not isinstance(n_axes, bool)
    if not is_whole or not 1 <= n_axes <= rank:
        raise ValueError(
            f"n_axes is {n_axes!r}: a whole number from 1 to {rank}, the rank of the analysis of "
            f"these {len(profiles.variables)} variables"
        )
    scale = singular_values[:n_axes] * _signs(right[:, :n_axes], profiles)
    category_masses = profiles.category_counts / (profiles.n_rows * len(profiles.variables))
    return MCA(
        profiles,
        passive,
        frame.index,
        singular_values**2,
        left[:, :n_axes] * scale / np.sqrt(masses)[:, None],
        right[:, :n_axes] * scale / np.sqrt(category_masses)[:, None],
    )


def _decompose(profiles: Profiles) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the singular values that are not null, and the singular vectors as columns.

    The row of a profile is multiplied by its count, which gives it the mass of all its rows.
    """
    prince = _import_prince()
    indicator = np.zeros((len(profiles.counts), sum(profiles.n_categories)))
    np.put_along_axis(indicator, profiles.positions, profiles.counts[:, None], axis=1)
    most = min(indicator.shape[0] - 1, indicator.shape[1] - len(profiles.variables))
    engine = prince.MCA(
        n_components=most, engine="scipy", one_hot=False, check_input=False, copy=False
    )
    svd = engine.fit(pd.DataFrame(indicator)).svd_
    rank = int((svd.s**2 > _NULL_EIGENVALUE).sum())
    return svd.s[:rank], svd.U[:, :rank], svd.V[:rank].T


def _import_prince() -> ModuleType:
    """Import prince, which is slow to import, where a table is decomposed.

    A library that it brings asks for the home of whoever runs this, and stops where there is none.
    """
    homeless = "HOME" not in os.environ
    try:
        if homeless:
            os.environ["HOME"] = os.devnull
        return import_module("prince")
    finally:
        if homeless:
            del os.environ["HOME"]


def _signs(right: FloatArray, profiles: Profiles) -> FloatArray:
    """Return 1 or -1 an axis, by which its right singular vector sums to a positive number."""
    sums = right.sum(axis=0)
    undecided = np.abs(sums) < _NULL_SUM
    if undecided.any():
        index = _category_index(profiles.variables, profiles.categories)
        by_name = right[index.argsort()]
        for axis in np.flatnonzero(undecided):
            away = np.abs(by_name[:, axis]) > _NULL_SUM
            sums[axis] = by_name[np.argmax(away), axis]
    return np.where(sums < 0, -1.0, 1.0)


def _percent(part: FloatArray, whole: float) -> FloatArray:
    return 100 * part / whole if whole > 0 else np.zeros_like(part)


def _axes(n_axes: int) -> pd.Index:
    return pd.RangeIndex(1, n_axes + 1, name="axis")


def _category_index(variables: Sequence[str], categories: Sequence[Sequence[str]]) -> pd.MultiIndex:
    pairs = [
        (variable, category)
        for variable, of_variable in zip(variables, categories, strict=True)
        for category in of_variable
    ]
    return pd.MultiIndex.from_tuples(pairs, names=["variable", "category"])


def burt_tables(
    codes: IndexArray, sizes: Sequence[int], counts: IndexArray | None = None
) -> FloatArray:
    """Cross every variable with every other, in each of many tables.

    Parameters
    ----------
    codes : ndarray of shape (tables, rows, variables)
        Position of each answer among the categories of its variable.
    sizes : sequence of int
        Number of categories of each variable.
    counts : ndarray of shape (tables, rows), optional
        How often each row comes; by default once.

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
    indicator = np.zeros((*codes.shape[:2], sum(sizes)))
    np.put_along_axis(indicator, codes + np.cumsum([0, *sizes[:-1]]), 1.0, axis=2)
    crossed: FloatArray = indicator.transpose(0, 2, 1)
    if counts is not None:
        crossed = crossed * counts[:, None, :]
    return crossed @ indicator


def burt_table(counts: IndexArray) -> FloatArray:
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
    answers, times = np.argwhere(counts)[None], counts[counts > 0][None]
    table: FloatArray = burt_tables(answers, counts.shape, times)[0]
    return table


def fit_burt_tables(
    tables: FloatArray, n_variables: int, n_axes: int = 5
) -> tuple[FloatArray, FloatArray]:
    """Analyse many tables of answers by their Burt tables, each as `fit` would.

    The Burt table of two groups of rows is the sum of theirs, so that many pairs of groups can be
    analysed without their rows.

    Parameters
    ----------
    tables : ndarray of shape (tables, categories, categories)
        As `burt_tables` gives them; a table may lack categories that others have.
    n_variables : int
        Number of variables that they cross, two or more.
    n_axes : int
        Number of axes to keep coordinates on, from 1 to the number of categories less that of
        variables.

    Returns
    -------
    eigenvalues : ndarray of shape (tables, categories - variables)
        In decreasing order; one is zero for each category that the table lacks.
    coordinates : ndarray of shape (tables, categories, axes)
        Principal coordinates of the categories, variable after variable; those of a category that
        the table lacks are NaN.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    The six doctors of the example of `fit`, as three and three others:

    >>> codes = np.array([[[0, 1, 0], [0, 0, 1], [0, 0, 1]], [[2, 0, 0], [1, 0, 1], [0, 1, 0]]])
    >>> tables = burt_tables(codes, (3, 2, 2)).sum(axis=0, keepdims=True)
    >>> eigenvalues, coordinates = fit_burt_tables(tables, 3, n_axes=2)
    >>> eigenvalues[0, :3].round(4).tolist()
    [0.6667, 0.4296, 0.2371]
    >>> coordinates[0, 3:5, 0].round(3).tolist()
    [0.603, -1.206]
    """
    if n_variables < 2:
        raise ValueError(f"{n_variables} variables: an analysis needs at least two")
    tables = np.asarray(tables, dtype=np.float64)
    rank = tables.shape[1] - n_variables
    if not 1 <= n_axes <= rank:
        raise ValueError(f"n_axes is {n_axes}: a whole number from 1 to {rank} is allowed")
    counts = np.diagonal(tables, axis1=1, axis2=2)
    masses = counts / counts.sum(axis=1, keepdims=True)
    roots = np.sqrt(masses)
    weights = np.divide(1.0, roots, where=masses > 0, out=np.zeros_like(roots))
    shares: FloatArray = tables / tables.sum(axis=(1, 2), keepdims=True)
    matrices = shares * weights[:, :, None] * weights[:, None, :]
    matrices -= roots[:, :, None] * roots[:, None, :]
    eigenvalues, axes = _principal_axes(matrices, n_axes)
    eigenvalues = np.maximum(eigenvalues[:, :rank], 0.0)
    coordinates = axes * np.sqrt(eigenvalues[:, None, :n_axes]) * weights[:, :, None]
    coordinates[masses == 0] = np.nan
    return eigenvalues, coordinates


def row_coordinates(codes: IndexArray, masses: FloatArray, n_axes: int) -> FloatArray:
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
    placed: FloatArray = standard @ _principal_axes(standard.T @ standard, n_axes)[1]
    return placed


def _principal_axes(matrices: FloatArray, n_axes: int) -> tuple[FloatArray, FloatArray]:
    """Return all eigenvalues, falling, and the first eigenvectors, turned as FactoMineR's."""
    ascending, vectors = np.linalg.eigh(matrices)
    axes = vectors[..., : -n_axes - 1 : -1]
    signs = np.where(axes.sum(axis=-2, keepdims=True) < 0, -1.0, 1.0)
    return ascending[..., ::-1], axes * signs
