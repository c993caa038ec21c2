"""The fingerprints of Annexe VI: every table of clusters by answers that has the printed p-value.

Concept
-------
The individual answers were never published, nor were the tables of clusters by answers. Annexe VI
prints what R said of them: for each variable the p-value of a chi2 test, with up to 24 decimals;
for each cluster the categories that mark it. A p-value of that many digits is a fingerprint: few
tables of whole numbers have it, often one. They are found in three steps.

1. The percentages are those of whole numbers: cluster sizes, category totals and the counts of the
   listed rows follow, and nothing else fits.
2. A category that the annexe never lists has its total from the body of the thesis, or takes what
   is left; the degrees of freedom say how many there are. Where the body does not determine the
   totals, all are tried, under names of ours (``inconnu_a``, ``inconnu_b``): levels that the source
   does not name cannot be told apart, and tables that differ by such names only are counted once.
3. All tables with these margins are gone through. Those remain that have the listed counts; where
   every row that is *not* listed has a p-value of 5 % or more; whose chi2 p-value is the printed
   one to every digit.

Where the body contradicts the annexe, the annexe's own numbers rule here; `margins` finds the
places.

The chi2 p-value
----------------
It is a function of whole numbers, and computed without rounding: for an even number of degrees of
freedom 2m, the closed form

    P(X > x) = exp(-x/2) (1 + x/2 + (x/2)**2 / 2! + ... + (x/2)**(m-1) / (m-1)!)

in decimals. Five clusters make every number of degrees of freedom a multiple of four.

The digits of a printed p-value
-------------------------------
R prints the decimal expansion of a double, up to 24 decimals, so that the digits after the
sixteenth or so say how the double was rounded and not what the table is. What was rounded on the
way is Pearson's sum in double precision. With u = 2**-53, the expected count E, the difference
k - E, its square and the division leave on each term an absolute error of at most
2 u |k - E| + 5 u (k - E)**2 / E; on their sum x, which R adds up in extended precision and rounds
once, at most u (4 n + 6 x). An error of x moves the tail by at most half of it in relative terms
(the hazard of the chi2 law is at most 1/2 from two degrees of freedom on), and the tail function
itself adds some u.
`double_noise` is this bound, u (2 n + 3 x + 16), below 1e-13 here.

A table has the printed p-value when its exact one is within half a unit of the last printed digit,
give or take that noise and nothing else. Up to 12 printed digits it plays no part.

References
----------
Husson, F., Lê, S. and Pagès, J. (2016). Analyse de données avec R, 2nd edition. Presses
universitaires de Rennes.

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1). doi:10.18637/jss.v025.i01
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from analysis import paths
from analysis.files import Fault, InputError
from analysis.printed import PrintedRow, Source, printed_rows
from analysis.reconstruction.annexe import (
    TABLES,
    Clusters,
    category_p_value,
    printed_totals,
    read_clusters,
    variable_of,
)
from analysis.reconstruction.enumeration import Margins, count_in_windows, tables
from analysis.reconstruction.respondents import PRACTICE_AND_PLACE, is_named, named_levels
from analysis.survey.schema import Group

Table = tuple[tuple[int, ...], ...]
"""Counts, one row a cluster, one column a category."""
Column = tuple[int, ...]
"""Doctors of a category, by cluster."""

_THRESHOLD = Fraction(1, 20)
"""``catdes`` lists a row whose p-value is below; no count of either group has exactly this one."""
_NAMELESS = "inconnu_"
_OF_PRACTICE = ("groupe_salarie", "autre_salarie_a", "autre_salarie_b")
"""The practice types of the non-users that the annexe does not name."""
_PRECISION = 50


@dataclass(frozen=True)
class Fingerprint:
    """A variable of a group, and the tables that its printed p-value leaves.

    Attributes
    ----------
    group : {"users", "non_users"}
    variable : str
        Column of the respondents table.
    categories : tuple of str
        In document order, the levels that the source does not name at the end.
    sizes : tuple of int
        Doctors in each cluster.
    totals : tuple of tuple of int
        Doctors of each category: every vector of totals that was tried.
    p_value : str
        As printed.
    df : int
        As printed.
    tables : tuple of tables
        What remains: one row a cluster, one column a category.
    source : Source
        Where the chi2 test is printed.
    """

    group: Group
    variable: str
    categories: tuple[str, ...]
    sizes: tuple[int, ...]
    totals: tuple[tuple[int, ...], ...]
    p_value: str
    df: int
    tables: tuple[Table, ...]
    source: Source

    @property
    def is_unique(self) -> bool:
        """Whether print leaves one table."""
        return len(self.tables) == 1

    @property
    def named(self) -> tuple[dict[str, Column], ...]:
        """By category, its doctors in each cluster: the tables, with a name for every category.

        The levels that the source does not name have a letter, the largest first. For a second
        barrier this is the name. Of a type of practice more is known: it is salaried, in a group or
        elsewhere, and nothing in the annexe says which of the three is which, so that each is
        tried; of the two that are elsewhere, the larger comes first.
        """
        found: list[dict[str, Column]] = []
        for table in self.tables:
            columns = dict(zip(self.categories, zip(*table, strict=True), strict=True))
            unnamed = [name for name in columns if not is_named(name)]
            if self.variable != "practice_type" or len(unnamed) != len(_OF_PRACTICE):
                found.append(columns)
                continue
            left = [columns.pop(name) for name in unnamed]
            left.sort(key=lambda column: (sum(column), column), reverse=True)
            in_a_group = ([left[taken], *left[:taken], *left[taken + 1 :]] for taken in range(3))
            ways = dict.fromkeys(map(tuple, in_a_group))
            found += [columns | dict(zip(_OF_PRACTICE, way, strict=True)) for way in ways]
        return tuple(found)


def fingerprints(group: Group, *, directory: Path | None = None) -> tuple[Fingerprint, ...]:
    """Find, for each variable of a group, all tables of clusters by categories that fit print.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables; ``data/published`` by default.

    Returns
    -------
    tuple of Fingerprint
        In the order of the annexe.

    Raises
    ------
    InputError
        A `ValueError`: the annexe contradicts itself. File, row, source line and rule are named.

    Examples
    --------
    The users by purpose. Three tables have the margins and the listed rows, and one of them the
    p-value:

    >>> purpose = fingerprints("users")[2]
    >>> purpose.categories, purpose.p_value
    (('creation', 'ajout', 'consultation'), '0.000000008700582537623328')
    >>> purpose.tables
    (((9, 2, 1), (15, 3, 0), (0, 10, 0), (5, 1, 8), (0, 0, 1)),)
    """
    clusters, printed = read_clusters(group, directory), printed_totals(group, directory)
    tests: dict[str, PrintedRow] = {}
    for test in printed_rows(f"{TABLES[group]}_chi2", directory):
        tests[variable_of(test)] = test
        if not significant_digits(test["p_value"]):
            raise test.fault("the p-value has a digit that is not zero", "p_value")
    for row in clusters.rows:
        if row.variable not in tests:
            rule = f"no test of {row.variable}, which line {row.source.line} of the source lists"
            path = (directory or paths.PUBLISHED) / f"{TABLES[group]}_chi2.csv"
            raise InputError([Fault(path, rule)])
    return tuple(_fingerprint(*test, clusters, printed) for test in tests.items())


def joint_practice_types(
    listed: Mapping[str, int], practices: Mapping[str, int], places: Mapping[str, int]
) -> dict[str, int]:
    """Find the counts of the practice types that are not listed, where print determines them.

    The clustering codes type and place of practice together (``groupe_liberal``), the body counts
    them apart. The joint counts follow where the listed types leave one type or one place only.

    Parameters
    ----------
    listed : mapping of str to int
        The practice types whose count is known.
    practices, places : mapping of str to int
        Doctors of each type and of each place, as the body prints them.

    Returns
    -------
    dict of str to int
        Count by practice type; empty where the margins leave several ways, none, or a type without
        a name.

    Examples
    --------
    Of the users, 7 are left, all in a group: 5 of mixed practice, 2 salaried. The non-users'
    places contradict the 7 who are listed as alone:

    >>> joint_practice_types(
    ...     {"seul_liberal": 11, "groupe_liberal": 36, "cabinet_solo_mixte": 1},
    ...     {"libéral": 47, "mixte": 6, "salarié": 2},
    ...     {"groupe": 43, "seul": 12},
    ... )
    {'groupe_mixte': 5, 'groupe_salarie': 2}
    >>> joint_practice_types(
    ...     {"seul_liberal": 7, "groupe_liberal": 34},
    ...     {"libéral": 41, "salarié": 4},
    ...     {"groupe": 35, "seul": 6, "autre": 4},
    ... )
    {}
    """
    rest = Counter(practices), Counter(places)
    for name, number in listed.items():
        for counts, answer in zip(rest, PRACTICE_AND_PLACE[name], strict=True):
            counts[answer] -= number
    left = [{answer: number for answer, number in counts.items() if number} for counts in rest]
    n_left = {sum(counts.values()) for counts in left}
    is_negative = any(number < 0 for counts in left for number in counts.values())
    if is_negative or len(n_left) != 1 or min(map(len, left)) != 1:
        return {}
    named = {PRACTICE_AND_PLACE[name]: name for name in named_levels("practice_type")}
    joint = {(a, b): min(left[0][a], left[1][b]) for a in left[0] for b in left[1]}
    return {named[pair]: joint[pair] for pair in joint} if set(joint) <= set(named) else {}


def narrowing_by_p_value(fingerprint: Fingerprint) -> tuple[int, ...]:
    """Count the tables that agree with each further digit of the p-value, the margins given.

    The rows of the annexe are left out: this is what the p-value says by itself. Up to thousands of
    millions of tables are counted, none is left out and none is listed.

    Parameters
    ----------
    fingerprint : Fingerprint

    Returns
    -------
    tuple of int
        How many tables with the margins agree with 0, 1, 2, ... significant digits: with d digits,
        a table whose p-value is within half a unit of the d-th.

    Examples
    --------
    >>> purpose = fingerprints("users")[2]
    >>> narrowing_by_p_value(purpose)[:8]
    (513445, 429, 38, 5, 1, 1, 1, 1)
    """
    numbers = [
        count_in_windows(margins, _windows(margins, fingerprint.p_value, fingerprint.df))
        for margins in _margins(fingerprint.sizes, fingerprint.categories, fingerprint.totals)
    ]
    return tuple(map(sum, zip(*numbers, strict=True)))


def chi2_p_value(statistic: Fraction, df: int) -> Decimal:
    """Compute the upper tail of the chi2 law, for an even number of degrees of freedom.

    Parameters
    ----------
    statistic : Fraction
    df : int
        A positive even number.

    Returns
    -------
    Decimal
        With 50 digits, the last few of them rounded.

    Raises
    ------
    ValueError
        If `df` is odd or not positive.

    Examples
    --------
    >>> print(f"{chi2_p_value(Fraction(10), 4):.20f}")
    0.04042768199451280258
    """
    if df < 2 or df % 2:
        raise ValueError(f"the closed form is for an even number of degrees of freedom, not {df}")
    with localcontext() as context:
        context.prec = _PRECISION
        half = Decimal(statistic.numerator) / (2 * statistic.denominator)
        term = total = Decimal(1)
        for order in range(1, df // 2):
            term *= half / order
            total += term
        return total * (-half).exp()


def double_noise(n: int, statistic: Fraction) -> Fraction:
    """Bound the relative error of a chi2 p-value computed in double precision.

    Parameters
    ----------
    n : int
        Rows in all.
    statistic : Fraction
        The chi2 statistic.

    Returns
    -------
    Fraction

    Examples
    --------
    >>> print(f"{float(double_noise(55, Fraction(40))):.1e}")
    2.7e-14
    """
    return Fraction(1, 2**53) * (2 * n + 3 * statistic + 16)


def significant_digits(p_value: str) -> int:
    """Count the digits of a printed p-value from the first one that is not zero.

    Examples
    --------
    >>> significant_digits("0.0000000313011232261662")
    15
    """
    return len(p_value.partition(".")[2].lstrip("0"))


def windows(p_value: str, df: int, n: int, scale: int, highest: int) -> tuple[tuple[int, int], ...]:
    """Find which chi2 statistics agree with a printed p-value, by the number of its digits.

    A statistic agrees with d digits when its p-value is within half a unit of the d-th significant
    digit of the printed one (and `double_noise` of it): with all of them, when it rounds to print.

    Parameters
    ----------
    p_value : str
        As printed.
    df : int
        Degrees of freedom.
    n : int
        Rows in all.
    scale : int
        The statistic of a scaled sum S is ``n (S / scale - 1)``.
    highest : int
        Largest scaled sum that a table may have.

    Returns
    -------
    tuple of (int, int)
        First and last scaled sum, by number of digits from one on; each within the one before.

    Examples
    --------
    >>> windows("0.0404", 4, 10, 1000, 3000)
    ((1973, 2031), (1998, 2003), (2000, 2000))
    """
    sums = range(scale, highest + 1)
    printed = Decimal(p_value)

    def falling(scaled_sum: int, side: int) -> Fraction:
        statistic = n * (Fraction(scaled_sum, scale) - 1)
        factor = 1 + side * double_noise(n, statistic)
        return -factor * Fraction(chi2_p_value(statistic, df))

    found: list[tuple[int, int]] = []
    first, stop = 0, len(sums)
    for digits in range(significant_digits(p_value)):
        half = Decimal(5).scaleb(printed.adjusted() - digits - 1)
        least, most = Fraction(-printed - half), Fraction(half - printed)
        first = bisect_left(sums, least, first, stop, key=lambda s: falling(s, -1))
        stop = bisect_right(sums, most, first, stop, key=lambda s: falling(s, 1))
        found.append((scale + first, scale + stop - 1))
    return tuple(found)


def _fingerprint(
    variable: str, test: PrintedRow, clusters: Clusters, printed: Mapping[str, Mapping[str, int]]
) -> Fingerprint:
    rows = [row for row in clusters.rows if row.variable == variable]
    listed = {row.category: row.total for row in rows}
    unlisted = _unlisted(variable, test, clusters, listed, printed)
    found, named = {*listed, *unlisted[0]}, named_levels(variable)
    categories = (*(name for name in named if name in found), *sorted(found.difference(named)))
    totals = tuple(tuple((listed | each)[name] for name in categories) for each in unlisted)
    fixed = {(row.cluster - 1, categories.index(row.category)): row.count for row in rows}
    p_value, df = test["p_value"], int(test["df"])
    left: list[Table] = []
    n_having = n_lacking = 0
    for margins in _margins(clusters.sizes, categories, totals):
        having = tables(margins, fixed)
        lacking = having[_lack_the_unlisted(margins, fixed, having)]
        sums = margins.scaled_sums(lacking)
        lowest, highest = _windows(margins, p_value, df)[-1]
        n_having, n_lacking = n_having + len(having), n_lacking + len(lacking)
        agreeing = lacking[(sums >= lowest) & (sums <= highest)]
        left += [tuple(map(tuple, cells)) for cells in agreeing.tolist()]
    if not left:
        raise test.fault(
            f"no table has this p-value: {n_having} have the margins and the listed rows, "
            f"{n_lacking} of them no other row below 5 %",
            "p_value",
        )
    sizes = clusters.sizes
    return Fingerprint(
        clusters.group, variable, categories, sizes, totals, p_value, df, tuple(left), test.source
    )


def _unlisted(
    variable: str,
    test: PrintedRow,
    clusters: Clusters,
    listed: Mapping[str, int],
    printed: Mapping[str, Mapping[str, int]],
) -> list[dict[str, int]]:
    """Find the totals of the levels that the annexe does not list: every possibility, by name."""
    others, remainder = divmod(int(test["df"]), len(clusters.sizes) - 1)
    n_unlisted, rest = others + 1 - len(listed), clusters.n - sum(listed.values())
    if remainder or n_unlisted < 0 or rest < n_unlisted or (rest > 0) != (n_unlisted > 0):
        raise test.fault(
            f"the degrees of freedom are {len(clusters.sizes) - 1} times the levels less one; "
            f"{len(listed)} levels are listed and {rest} doctors left",
            "df",
        )
    if not n_unlisted:
        return [{}]
    if variable == "practice_type":
        named = joint_practice_types(listed, printed["practice"], printed["place"])
    else:
        own = printed.get(variable, {}).items()
        named = {level: number for level, number in own if number and level not in listed}
    if len(named) == n_unlisted and sum(named.values()) == rest:
        return [named]
    if len(named) == n_unlisted == 1:
        return [dict.fromkeys(named, rest)]
    names = [f"{_NAMELESS}{letter}" for letter in ascii_lowercase[:n_unlisted]]
    falling = itertools.combinations_with_replacement(range(rest, 0, -1), n_unlisted)
    return [dict(zip(names, each, strict=True)) for each in falling if sum(each) == rest]


def _margins(
    sizes: tuple[int, ...], categories: tuple[str, ...], totals: tuple[tuple[int, ...], ...]
) -> Iterator[Margins]:
    nameless = frozenset(i for i, name in enumerate(categories) if name.startswith(_NAMELESS))
    for found in totals:
        yield Margins(sizes, found, nameless)


def _windows(margins: Margins, p_value: str, df: int) -> tuple[tuple[int, int], ...]:
    """Give the scaled sums that agree with 0, 1, 2, ... digits of a p-value: all of them first."""
    highest = margins.highest_sum
    return ((0, highest), *windows(p_value, df, margins.n, margins.scale, highest))


def _lack_the_unlisted(
    margins: Margins, fixed: Mapping[tuple[int, int], int], cells: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say which tables would list no other row than those that are printed."""
    lacks = np.ones(len(cells), dtype=np.bool_)
    for cluster, size in enumerate(margins.sizes):
        for category, total in enumerate(margins.totals):
            if (cluster, category) not in fixed:
                is_unlisted = [
                    category_p_value(margins.n, total, size, k) >= _THRESHOLD
                    for k in range(min(total, size) + 1)
                ]
                lacks &= np.array(is_unlisted)[cells[:, cluster, category]]
    return lacks
