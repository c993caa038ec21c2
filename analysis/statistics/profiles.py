"""Answer profiles: the distinct rows of a categorical table, each with the number of its rows.

Concept
-------
In a categorical table two rows with the same answers are the same point, whatever the method that
looks at them.  A million respondents to eight questions are often a few thousand *profiles*, and a
method that accepts row weights gives the same result on the profiles, weighted by their counts, as
on the rows: weighting by identical rows is what Benzécri calls the principle of distributional
equivalence.  What depends on n then depends on the number of profiles.

Method
------
Each column is turned into whole numbers, its *codes*, which are positions in a list of categories.
The categories of a pandas Categorical keep their order, as the levels of a factor do in R; others
are sorted, by code point for text.  Categories that no row has are dropped.  The codes of a row are
then the digits of one number, in a system whose bases are the numbers of categories, and profiles
are the distinct numbers.  Profiles are sorted by their codes, so that they do not depend on the
order of the rows, which leaves nothing of that order in a sum over the profiles.

References
----------
Benzécri, J.-P. (1973). L'analyse des données. 2. L'analyse des correspondances. Dunod, Paris.

Greenacre, M. (2017). Correspondence Analysis in Practice, 3rd edition. Chapman and Hall/CRC.
doi:10.1201/9781315369983
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
CodeArray = NDArray[np.intp]

MISSING = "(missing)"
"""The category of missing cells, the last one of its variable.  R's MCA calls it ``variable.NA``
and R's catdes ``variable=NA``."""

ROUNDING = 1e-12
"""Relative difference under which two numbers are the same."""
_LARGEST_KEY = 2**62


@dataclass(frozen=True)
class Column:
    """One categorical variable as whole numbers.

    Attributes
    ----------
    name : str
        The variable.
    categories : tuple of str
        The categories that some row has, in their order.
    codes : ndarray of shape (n,)
        Position of each row's category in `categories`.
    """

    name: str
    categories: tuple[str, ...]
    codes: CodeArray = field(repr=False, compare=False)


@dataclass(frozen=True)
class Profiles:
    """The distinct rows of a categorical table, and which rows are which.

    Attributes
    ----------
    variables : tuple of str
        The columns.
    categories : tuple of tuple of str
        For each variable, the categories that some row has, in their order.
    codes : ndarray of shape (profiles, variables)
        Position of each profile's category in the variable's `categories`; sorted, the first
        variable varying slowest.
    counts : ndarray of shape (profiles,)
        Number of rows with this profile.
    inverse : ndarray of shape (rows,)
        Profile of each row.
    """

    variables: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    codes: CodeArray = field(repr=False, compare=False)
    counts: IntArray = field(repr=False, compare=False)
    inverse: CodeArray = field(repr=False, compare=False)

    @property
    def n_rows(self) -> int:
        """Number of rows of the table."""
        return len(self.inverse)

    @property
    def n_categories(self) -> tuple[int, ...]:
        """Number of categories of each variable."""
        return tuple(map(len, self.categories))

    @property
    def positions(self) -> CodeArray:
        """As `codes`, but among the categories of all variables."""
        positions: CodeArray = self.codes + np.cumsum([0, *self.n_categories[:-1]])
        return positions

    @property
    def category_counts(self) -> FloatArray:
        """Number of rows of each category, variable after variable."""
        weights = np.repeat(self.counts, len(self.variables))
        return np.bincount(self.positions.ravel(), weights).astype(np.float64)


def collapse(columns: Sequence[Column]) -> Profiles:
    """Find the distinct rows of a categorical table, and count them.

    Parameters
    ----------
    columns : sequence of Column
        The variables of the table, one or more, as `code_table` gives them.

    Returns
    -------
    Profiles
        Profiles sorted by their codes.

    Examples
    --------
    >>> doctors = pd.DataFrame({
    ...     "practice": ["libéral", "mixte", "libéral", "salarié", "libéral"],
    ...     "place": ["seul", "groupe", "groupe", "groupe", "seul"],
    ... })
    >>> profiles = collapse(code_table(doctors))
    >>> profiles.categories
    (('libéral', 'mixte', 'salarié'), ('groupe', 'seul'))
    >>> profiles.codes.tolist(), profiles.counts.tolist()
    ([[0, 0], [0, 1], [1, 0], [2, 0]], [1, 2, 1, 1])
    >>> profiles.inverse.tolist()
    [1, 2, 0, 3, 1]
    """
    key = _key(columns)
    inverse, keys = pd.factorize(key, sort=True)
    first = np.empty(len(keys), dtype=np.intp)
    first[inverse] = np.arange(len(key))
    return Profiles(
        tuple(column.name for column in columns),
        tuple(column.categories for column in columns),
        np.column_stack([column.codes[first] for column in columns]),
        np.bincount(inverse, minlength=len(keys)),
        inverse,
    )


def code_table(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Turn a table of categorical variables into whole numbers.

    A constant variable is refused: it separates no rows, and R's tests of it are meaningless.

    Parameters
    ----------
    frame : DataFrame of shape (n, p)
        Columns of text, booleans or pandas Categoricals; at least one column and one row.

    Returns
    -------
    tuple of Column
        The variables, in the order of the table.

    Raises
    ------
    ValueError
        If the table is empty, two columns have the same name, or a column is not categorical or is
        constant; the column is named.

    Examples
    --------
    >>> code_table(pd.DataFrame({"practice": []}))
    Traceback (most recent call last):
    ValueError: the table is empty (0 rows, 1 columns): at least one row and one column are needed
    >>> code_table(pd.DataFrame({"uses_dmp": ["oui", "oui"]}))
    Traceback (most recent call last):
    ValueError: column 'uses_dmp' is constant ('oui' in every row): two categories are needed
    """
    rows, width = frame.shape
    if not rows or not width:
        raise ValueError(
            f"the table is empty ({rows} rows, {width} columns): at least one row and one "
            f"column are needed"
        )
    names = frame.columns.astype(str)
    for name in names[names.duplicated()]:
        raise ValueError(f"two columns are called {name!r}: a column name is unique")
    columns = tuple(code_column(values, str(name)) for name, values in frame.items())
    for column in columns:
        if len(column.categories) == 1:
            raise ValueError(
                f"column {column.name!r} is constant ({column.categories[0]!r} in every row): "
                f"two categories are needed"
            )
    return columns


def code_column(values: pd.Series, name: str) -> Column:
    """Turn one categorical variable into whole numbers.

    Parameters
    ----------
    values : Series of length n
        Text, booleans or a pandas Categorical.
    name : str
        What to call the variable.

    Returns
    -------
    Column
        With the categories that occur, in the order of the Categorical or sorted; missing cells
        are a category, named `MISSING`, and the last.

    Raises
    ------
    ValueError
        If the column is not categorical, two of its categories have one name, or the column has
        both missing cells and a category called `MISSING`.

    Examples
    --------
    >>> code_column(pd.Series(["ajout", "creation", None]), "purpose").categories
    ('ajout', 'creation', '(missing)')
    """
    codes, levels = _code(values, name)
    absent = codes < 0
    categories = levels + [MISSING] * bool(absent.any())
    if len(set(levels)) < len(levels):
        twice = next(level for level in levels if levels.count(level) > 1)
        raise ValueError(
            f"column {name!r} has two categories called {twice!r}: the name of a category is unique"
        )
    if categories.count(MISSING) > 1:
        raise ValueError(
            f"column {name!r} has missing cells and a category called {MISSING!r}, which is "
            f"the name of missing cells: rename that category"
        )
    codes[absent] = len(levels)
    return Column(name, tuple(categories), codes)


def _code(values: pd.Series, name: str) -> tuple[CodeArray, list[str]]:
    """Return the position of each cell among the categories that occur, -1 where it is missing."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, texts = values.cat.codes.to_numpy(np.intp), list(map(str, values.cat.categories))
        kept = np.flatnonzero(np.bincount(codes + 1, minlength=len(texts) + 1)[1:]).tolist()
    else:
        codes, levels = pd.factorize(values.array)
        for level in levels:
            if not isinstance(level, str | bool | np.bool_):
                raise ValueError(
                    f"column {name!r} holds values of type {type(level).__name__}: a categorical "
                    f"column holds text, booleans or a pandas Categorical (astype('category') "
                    f"makes numbers into categories)"
                )
        texts = list(map(str, levels))
        kept = sorted(range(len(texts)), key=texts.__getitem__)
    # One more place than categories: the code of a missing cell is -1, and stays so.
    rank = np.full(len(texts) + 1, -1, dtype=np.intp)
    rank[kept] = np.arange(len(kept))
    return rank[codes], [texts[position] for position in kept]


def _key(columns: Sequence[Column]) -> IntArray:
    """Give each row a number: the same for equal rows only, and sorted as the codes are."""
    key = np.zeros(len(columns[0].codes), dtype=np.int64)
    size = 1
    for column in columns:
        base = len(column.categories)
        if size * base > _LARGEST_KEY:
            key, seen = pd.factorize(key, sort=True)
            size = len(seen)
        key = key * base + column.codes
        size *= base
    return key


def ranks(values: FloatArray, rounding: float = 0.0) -> IntArray:
    """Rank numbers from the smallest; those that differ by no more than rounding rank the same.

    Parameters
    ----------
    values : ndarray of shape (n,)
    rounding : float
        What rounding may do besides `ROUNDING` in relative terms.

    Returns
    -------
    ndarray of shape (n,)
        From 0.

    Examples
    --------
    >>> ranks(np.array([0.3, 0.1, 0.1 + 1e-15, np.inf])).tolist()
    [1, 0, 0, 2]
    """
    order = np.argsort(values, kind="stable")
    rising = values[order]
    ranked = np.zeros(len(values), dtype=np.int64)
    same = np.isclose(rising[1:], rising[:-1], rtol=ROUNDING, atol=rounding)
    ranked[order[1:]] = np.cumsum(~same)
    return ranked
