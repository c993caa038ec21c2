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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_bool_dtype, is_numeric_dtype

IntArray = NDArray[np.int64]
CodeArray = NDArray[np.intp]

Missing = Literal["category", "refuse"]
"""What to do with a missing cell: make it a category of its variable, or refuse the table."""

MISSING = "(missing)"
"""The category of missing cells, the last one of its variable.  R's MCA calls it ``variable.NA``
and R's catdes ``variable=NA``."""

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
    def columns(self) -> tuple[Column, ...]:
        """The variables of the profiles, one by one."""
        return tuple(
            Column(*column)
            for column in zip(self.variables, self.categories, self.codes.T, strict=True)
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The profiles as a table: a row a profile, a Categorical a column."""
        return pd.DataFrame(
            {
                variable: pd.Categorical.from_codes(codes, pd.Index(categories))
                for variable, categories, codes in zip(
                    self.variables, self.categories, self.codes.T, strict=True
                )
            }
        )


def collapse(frame: pd.DataFrame, *, missing: Missing = "category") -> Profiles:
    """Find the distinct rows of a categorical table, and count them.

    Parameters
    ----------
    frame : DataFrame of shape (n, p)
        Columns of text, booleans or pandas Categoricals; at least one column and one row.
    missing : {"category", "refuse"}
        Whether a missing cell is a category of its variable, named `MISSING`, or an error.

    Returns
    -------
    Profiles
        Profiles sorted by their codes.

    Raises
    ------
    ValueError
        If the table is empty, two columns have the same name, a column is not categorical, or a
        cell is missing where that is refused; the column is named.

    Examples
    --------
    >>> doctors = pd.DataFrame({
    ...     "practice": ["libéral", "mixte", "libéral", "salarié", "libéral"],
    ...     "place": ["seul", "groupe", "groupe", "groupe", "seul"],
    ... })
    >>> profiles = collapse(doctors)
    >>> profiles.frame.assign(doctors=profiles.counts)
      practice   place  doctors
    0  libéral  groupe        1
    1  libéral    seul        2
    2    mixte  groupe        1
    3  salarié  groupe        1
    >>> profiles.inverse.tolist()
    [1, 2, 0, 3, 1]
    """
    check_table(frame)
    columns = [code_column(values, str(name), missing=missing) for name, values in frame.items()]
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


def code_column(values: pd.Series, name: str, *, missing: Missing = "category") -> Column:
    """Turn one categorical variable into whole numbers.

    Parameters
    ----------
    values : Series of length n
        Text, booleans or a pandas Categorical.
    name : str
        What to call the variable.
    missing : {"category", "refuse"}
        Whether a missing cell is a category, named `MISSING`, or an error.

    Returns
    -------
    Column
        With the categories that occur, in the order of the Categorical or sorted.

    Raises
    ------
    ValueError
        If the column is not categorical, two of its categories have one name, a cell is missing
        where that is refused, or the column has both missing cells and a category called `MISSING`.

    Examples
    --------
    >>> code_column(pd.Series(["ajout", "creation", None]), "purpose").categories
    ('ajout', 'creation', '(missing)')
    """
    if missing not in ("category", "refuse"):
        raise ValueError(f"missing is 'category' or 'refuse', not {missing!r}")
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, categories = _drop_unused(
            np.asarray(values.cat.codes, dtype=np.intp),
            [str(level) for level in values.cat.categories],
        )
    else:
        if is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype):
            _refuse_numbers(name, values.dtype)
        codes, levels = pd.factorize(values.array)
        codes, categories = _sort_text(codes, list(levels), name)
    if len(set(categories)) < len(categories):
        twice = next(category for category in categories if categories.count(category) > 1)
        raise ValueError(
            f"column {name!r} has two categories called {twice!r}: the name of a category is unique"
        )
    absent = codes < 0
    if absent.any():
        if missing == "refuse":
            row = int(np.argmax(absent)) + 1
            raise ValueError(
                f"column {name!r} has {int(absent.sum())} missing cells, the first in row {row}: "
                f"give each a value, or allow them as a category with missing='category'"
            )
        if MISSING in categories:
            raise ValueError(
                f"column {name!r} has missing cells and a category called {MISSING!r}, which is "
                f"the name of missing cells: rename that category"
            )
        codes[absent] = len(categories)
        categories.append(MISSING)
    return Column(name, tuple(categories), codes)


def check_table(frame: pd.DataFrame) -> None:
    """Refuse a table that is empty or has two columns of one name.

    Parameters
    ----------
    frame : DataFrame
        The table.

    Raises
    ------
    ValueError
        Saying how large the table is, or which name comes twice.

    Examples
    --------
    >>> check_table(pd.DataFrame({"practice": []}))
    Traceback (most recent call last):
    ValueError: the table is empty (0 rows, 1 columns): at least one row and one column are needed
    """
    rows, columns = frame.shape
    if not rows or not columns:
        raise ValueError(
            f"the table is empty ({rows} rows, {columns} columns): at least one row and one "
            f"column are needed"
        )
    seen: set[str] = set()
    for name in map(str, frame.columns):
        if name in seen:
            raise ValueError(f"two columns are called {name!r}: a column name is unique")
        seen.add(name)


def check_informative(columns: Iterable[Column]) -> None:
    """Refuse a constant variable: it separates no rows, and R's tests of it are meaningless.

    Parameters
    ----------
    columns : iterable of Column
        The variables.

    Raises
    ------
    ValueError
        Naming the variable and its only category.

    Examples
    --------
    >>> check_informative([code_column(pd.Series(["oui", "oui"]), "uses_dmp")])
    Traceback (most recent call last):
    ValueError: column 'uses_dmp' is constant ('oui' in every row): two categories are needed
    """
    for column in columns:
        if len(column.categories) == 1:
            raise ValueError(
                f"column {column.name!r} is constant ({column.categories[0]!r} in every row): "
                f"two categories are needed"
            )


def _sort_text(codes: CodeArray, levels: list[object], name: str) -> tuple[CodeArray, list[str]]:
    """Sort the categories of a column that does not say their order."""
    for level in levels:
        if not isinstance(level, str | bool | np.bool_):
            _refuse_numbers(name, type(level).__name__)
    texts = [str(level) for level in levels]
    order = sorted(range(len(texts)), key=texts.__getitem__)
    # One more place than categories: the code of a missing cell is -1, and stays so.
    rank = np.full(len(texts) + 1, -1, dtype=np.intp)
    rank[order] = np.arange(len(texts))
    return rank[codes], [texts[position] for position in order]


def _drop_unused(codes: CodeArray, levels: list[str]) -> tuple[CodeArray, list[str]]:
    used = np.bincount(codes + 1, minlength=len(levels) + 1)[1:] > 0
    if used.all():
        return codes, levels
    rank = np.append(np.cumsum(used) - 1, -1)
    return rank[codes], [level for level, kept in zip(levels, used, strict=True) if kept]


def _refuse_numbers(name: str, kind: object) -> None:
    raise ValueError(
        f"column {name!r} holds values of type {kind}: a categorical column holds text, booleans "
        f"or a pandas Categorical (astype('category') makes numbers into categories)"
    )


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
