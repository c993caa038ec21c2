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

References
----------
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

from analysis.statistics.profiles import (
    Column,
    Missing,
    Profiles,
    check_informative,
    check_table,
    code_column,
    collapse,
)

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
class Categories:
    """The active categories on the axes; the index of each table is (variable, category).

    Attributes
    ----------
    coordinates : DataFrame
        Principal coordinates.
    contributions : DataFrame
        Shares of each axis's inertia, in percent: a column sums to 100.
    cos2 : DataFrame
        Squared cosines, from 0 to 1.
    v_tests : DataFrame
        Coordinates as standard normal deviates.
    eta2 : DataFrame
        Squared correlation ratio of each variable with each axis; the index is the variable.
    """

    coordinates: pd.DataFrame
    contributions: pd.DataFrame
    cos2: pd.DataFrame
    v_tests: pd.DataFrame
    eta2: pd.DataFrame


@dataclass(frozen=True)
class Supplementary:
    """The categories of the supplementary variables, placed on the axes afterwards.

    Attributes
    ----------
    coordinates, cos2, v_tests, eta2 : DataFrame
        As those of `Categories`, with no row if there is no supplementary variable.
    """

    coordinates: pd.DataFrame
    cos2: pd.DataFrame
    v_tests: pd.DataFrame
    eta2: pd.DataFrame


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
        n = self.profiles.n_rows
        squares = self.profile_coordinates**2
        distances = _profile_distances(self.profiles)
        return Rows(
            self._of_rows(self.profile_coordinates),
            self._of_rows(100 / n * squares / self._kept),
            self._of_rows(squares / distances[:, None]),
        )

    @cached_property
    def categories(self) -> Categories:
        """The active categories on the axes."""
        profiles = self.profiles
        n, p = profiles.n_rows, len(profiles.variables)
        counts = _category_counts(profiles)
        squares = self.category_coordinates**2
        index = _category_index(profiles.variables, profiles.categories)
        eta2 = _sum_by_variable(counts[:, None] / n * squares, profiles.n_categories)
        axes = _axes(self.n_axes)
        return Categories(
            pd.DataFrame(self.category_coordinates, index, axes),
            pd.DataFrame(100 * counts[:, None] / (n * p) * squares / self._kept, index, axes),
            pd.DataFrame(squares / (n / counts - 1)[:, None], index, axes),
            pd.DataFrame(self.category_coordinates * _deviates(counts, n), index, axes),
            pd.DataFrame(eta2, pd.Index(profiles.variables, name="variable"), axes),
        )

    @cached_property
    def supplementary(self) -> Supplementary:
        """The categories of the supplementary variables on the axes."""
        columns, n = self.supplementary_columns, self.profiles.n_rows
        names = tuple(column.name for column in columns)
        sizes = tuple(len(column.categories) for column in columns)
        tables = [_cross_counts(column, self.profiles) for column in columns]
        table = np.concatenate([np.zeros((0, len(self.profiles.counts))), *tables])
        counts = table.sum(axis=1)
        standard = self.profile_coordinates / np.sqrt(self._kept)
        coordinates = table @ standard / counts[:, None]
        squares = coordinates**2
        index = _category_index(names, tuple(column.categories for column in columns))
        axes = _axes(self.n_axes)
        return Supplementary(
            pd.DataFrame(coordinates, index, axes),
            pd.DataFrame(squares / (n / counts - 1)[:, None], index, axes),
            pd.DataFrame(coordinates * _deviates(counts, n), index, axes),
            pd.DataFrame(
                _sum_by_variable(counts[:, None] / n * squares, sizes),
                pd.Index(names, name="variable", dtype=object),
                axes,
            ),
        )

    @property
    def _kept(self) -> FloatArray:
        return self.eigenvalues[: self.n_axes]

    def _of_rows(self, values: FloatArray) -> pd.DataFrame:
        return pd.DataFrame(values[self.profiles.inverse], self.index, _axes(self.n_axes))


def fit(
    frame: pd.DataFrame,
    n_axes: int = 5,
    *,
    supplementary: Sequence[str] = (),
    missing: Missing = "category",
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
    missing : {"category", "refuse"}
        Whether a missing cell is a category of its variable, named ``(missing)``, or an error.

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
    check_table(frame)
    active, passive = _split(frame, supplementary)
    if active.shape[1] < 2:
        raise ValueError(
            f"{active.shape[1]} variable is active ({', '.join(map(repr, active.columns))}): "
            f"an analysis needs at least two"
        )
    profiles = collapse(active, missing=missing)
    columns = tuple(code_column(passive[name], str(name), missing=missing) for name in passive)
    check_informative([*profiles.columns, *columns])
    masses = profiles.counts / profiles.n_rows
    singular_values, left, right = _decompose(profiles)
    rank = len(singular_values)
    if not _is_whole(n_axes) or not 1 <= n_axes <= rank:
        raise ValueError(
            f"n_axes is {n_axes!r}: a whole number from 1 to {rank}, the rank of the analysis of "
            f"these {len(profiles.variables)} variables"
        )
    scale = singular_values[:n_axes] * _signs(right[:, :n_axes], profiles)
    category_masses = _category_counts(profiles) / (profiles.n_rows * len(profiles.variables))
    return MCA(
        profiles,
        columns,
        frame.index,
        singular_values**2,
        left[:, :n_axes] * scale / np.sqrt(masses)[:, None],
        right[:, :n_axes] * scale / np.sqrt(category_masses)[:, None],
    )


def _split(frame: pd.DataFrame, supplementary: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    if isinstance(supplementary, str):
        raise ValueError(
            f"supplementary is the text {supplementary!r}: a sequence of column names is allowed"
        )
    wanted = list(supplementary)
    if not wanted:
        return frame, frame[[]]
    for name in wanted:
        if name not in frame.columns:
            raise ValueError(
                f"there is no column {name!r} to be supplementary; the columns are "
                f"{', '.join(map(repr, frame.columns))}"
            )
    is_passive = frame.columns.isin(wanted)
    return frame.loc[:, ~is_passive], frame.loc[:, is_passive]


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _decompose(profiles: Profiles) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the singular values that are not null, and the singular vectors as columns.

    The row of a profile is multiplied by its count, which gives it the mass of all its rows.
    """
    prince = _import_prince()
    indicator = np.zeros((len(profiles.counts), sum(profiles.n_categories)))
    indicator[np.arange(len(indicator))[:, None], _category_positions(profiles)] = profiles.counts[
        :, None
    ]
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


def _category_positions(profiles: Profiles) -> IndexArray:
    """Return the place of each answer among all the categories, a row a profile."""
    starts = np.cumsum([0, *profiles.n_categories[:-1]])
    positions: IndexArray = profiles.codes + starts
    return positions


def _category_counts(profiles: Profiles) -> FloatArray:
    """Count the rows of each category, variable after variable."""
    positions = _category_positions(profiles)
    return np.bincount(
        positions.ravel(), weights=np.repeat(profiles.counts, positions.shape[1])
    ).astype(np.float64)


def _profile_distances(profiles: Profiles) -> FloatArray:
    """Return the squared chi2 distance of each profile to the centre."""
    rarity = profiles.n_rows / _category_counts(profiles)
    distances: FloatArray = rarity[_category_positions(profiles)].mean(axis=1) - 1
    return distances


def _cross_counts(column: Column, profiles: Profiles) -> FloatArray:
    """Count the rows of each category of a variable (rows) in each profile (columns)."""
    n_profiles = len(profiles.counts)
    cells = column.codes * n_profiles + profiles.inverse
    counts = np.bincount(cells, minlength=len(column.categories) * n_profiles)
    return counts.reshape(-1, n_profiles).astype(np.float64)


def _sum_by_variable(values: FloatArray, sizes: Sequence[int]) -> FloatArray:
    if not sizes:
        return values
    summed: FloatArray = np.add.reduceat(values, np.cumsum([0, *sizes[:-1]]), axis=0)
    return summed


def _deviates(counts: FloatArray, n: int) -> FloatArray:
    """Return what a coordinate is multiplied by to make a v-test."""
    deviates: FloatArray = np.sqrt(counts * ((n - 1) / (n - counts)))[:, None]
    return deviates


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
