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

The whole numbers
-----------------
A row of the annexe describes a category in a cluster by three shares: of the category's doctors
who are in the cluster (Cla/Mod, k / M), of the cluster's doctors who have the category (Mod/Cla,
k / K), of all doctors who have it (Global, M / n). With n known from the body, the digits of Global
say M, those of Cla/Mod then k, those of Mod/Cla then K. Every size that fits all the rows of its
cluster is kept, and every vector of sizes with the sum n; the annexe is read only if one is left.

The p-value and the v.test of each row are then computed from n, M, K and k, and must be the printed
ones: they are a second proof of each count. The row tests whether a category is more, or less,
frequent in a cluster than elsewhere: the count is hypergeometric, and twice the smaller tail, the
observed count weighing half, is its p-value (Lebart, Morineau and Piron call its normal quantile
the test value). It is a fraction, and computed without rounding.

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
This bound, u (2 n + 3 x + 16), is below 1e-13 here.

A table has the printed p-value when its exact one is within half a unit of the last printed digit,
give or take that noise and nothing else. Up to 12 printed digits it plays no part.

References
----------
Husson, F., Lê, S. and Pagès, J. (2016). Analyse de données avec R, 2nd edition. Presses
universitaires de Rennes.

Lebart, L., Morineau, A. and Piron, M. (1995). Statistique exploratoire multidimensionnelle. Dunod.

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1). doi:10.18637/jss.v025.i01
"""

from __future__ import annotations

import itertools
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import comb
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis import paths
from analysis.files import Fault, InputError
from analysis.printed import PrintedRow, Source, Verdict, compare, printed_rows
from analysis.reconstruction.enumeration import Margins, count_in_windows, tables
from analysis.reconstruction.respondents import is_named, named_levels
from analysis.survey.schema import PRACTICE_AND_PLACE, Group

_TABLES: dict[Group, str] = {"users": "taviu", "non_users": "tavin"}
"""The annexe of each group; its chi2 tests are in the table of that name and ``_chi2``."""

_VARIABLES: dict[str, str] = {
    "AGE": "age",
    "TYPE_EXERCICE": "practice_type",
    "USAGE": "purpose",
    "FREQUENCE": "frequency",
    "Frein1": "barrier_1",
    "Frein2": "barrier_2",
}
"""Columns of the respondents table, by their name in the author's R."""

_ALONE: dict[Group, dict[str, str]] = {
    "users": {"frequency": "tb1a", "purpose": "tb1b"},
    "non_users": {"barrier_1": "tc0"},
}
"""The table of the body that prints a variable which was put to one group."""

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
class ListedRow:
    """A row of the annexe as whole numbers.

    Attributes
    ----------
    cluster : int
        Number of the cluster, from 1.
    size : int
        Doctors of the cluster.
    variable, category : str
        Codes of the respondents table.
    total : int
        Doctors of the group who have the category.
    count : int
        Those of them in the cluster.
    printed : PrintedRow
        The row as it is printed.
    """

    cluster: int
    size: int
    variable: str
    category: str
    total: int
    count: int
    printed: PrintedRow

    @property
    def source(self) -> Source:
        """Where the row is printed."""
        return self.printed.source


@dataclass(frozen=True)
class Clusters:
    """The clusters of a group, as whole numbers.

    Attributes
    ----------
    group : {"users", "non_users"}
    sizes : tuple of int
        Doctors in each cluster.
    rows : tuple of ListedRow
        The rows of the annexe, in their printed order.
    body : dict of str to dict of str to int
        By variable and level, how many doctors of the group the body prints.
    """

    group: Group
    sizes: tuple[int, ...]
    rows: tuple[ListedRow, ...]
    body: dict[str, dict[str, int]]

    @property
    def n(self) -> int:
        """Number of doctors in the group."""
        return sum(self.sizes)


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


def read_clusters(group: Group, directory: Path | None = None) -> Clusters:
    """Recover cluster sizes, category totals and counts of the listed rows.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables.

    Returns
    -------
    Clusters

    Raises
    ------
    InputError
        If no whole numbers, or several, have the printed digits; the first row in conflict with
        those above it is named.

    Examples
    --------
    >>> clusters = read_clusters("non_users")
    >>> clusters.sizes, clusters.rows[0].total, clusters.rows[0].count
    ((15, 5, 17, 4, 4), 8, 8)
    """
    body = _body(group, directory)
    n = _size(group, body, directory)
    printed = printed_rows(_TABLES[group], directory)
    fitting = [_fitting(row, n) for row in printed]
    vectors = [sizes for sizes in itertools.product(*_fitting_sizes(fitting, n)) if sum(sizes) == n]
    if len(vectors) != 1:
        lines = f"{printed[0]['line']} to {printed[-1]['line']}"
        rule = (
            f"the percentages determine cluster sizes with the sum {n}; {len(vectors)} vectors of "
            f"sizes fit (source, lines {lines})"
        )
        raise InputError([Fault(printed[0].path, rule)])
    (sizes,) = vectors
    rows = []
    for fits in fitting:
        left = [row for row in fits if row.size == sizes[row.cluster - 1]]
        if len(left) != 1:
            rule = f"the percentages determine whole numbers; {len(left)} fit"
            raise fits[0].printed.fault(rule, "cla_mod")
        rows += left
    _check_sums(rows)
    for row in rows:
        _check_test(row, n)
    return Clusters(group, sizes, tuple(rows), body)


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
    clusters = read_clusters(group, directory)
    tests = {_variable(row): row for row in printed_rows(f"{_TABLES[group]}_chi2", directory)}
    for row in clusters.rows:
        if row.variable not in tests:
            rule = f"no test of {row.variable}, which line {row.source.line} of the source lists"
            path = (directory or paths.PUBLISHED) / f"{_TABLES[group]}_chi2.csv"
            raise InputError([Fault(path, rule)])
    return tuple(_fingerprint(*test, clusters) for test in tests.items())


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
        count_in_windows(margins, windows(margins, fingerprint.p_value, fingerprint.df))
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
    with localcontext(prec=_PRECISION):
        half = Decimal(statistic.numerator) / (2 * statistic.denominator)
        term = total = Decimal(1)
        for order in range(1, df // 2):
            term *= half / order
            total += term
        return total * (-half).exp()


def category_p_value(n: int, total: int, size: int, count: int) -> Fraction:
    """Compute the p-value of one category in one cluster, exactly.

    Parameters
    ----------
    n : int
        Rows in all.
    total : int
        Rows of the category.
    size : int
        Rows of the cluster.
    count : int
        Rows of the category in the cluster.

    Returns
    -------
    Fraction
        ``min(2 P(X < k) + P(X = k), 2 P(X > k) + P(X = k))`` for X hypergeometric.

    Examples
    --------
    The 11 users who work alone, 9 of them in the first cluster (L3108):

    >>> float(category_p_value(55, 11, 12, 9))
    1.7079307127059598e-06
    """
    ways = [comb(total, k) * comb(n - total, size - k) for k in range(min(total, size) + 1)]
    below, above = sum(ways[:count]), sum(ways[count + 1 :])
    return Fraction(2 * min(below, above) + ways[count], comb(n, size))


def v_test(n: int, total: int, size: int, count: int) -> float:
    """Compute the test value of one category in one cluster.

    Parameters
    ----------
    n, total, size, count : int
        As in `category_p_value`.

    Returns
    -------
    float
        The normal quantile of half the p-value, positive where the category is more frequent in the
        cluster than in all.

    Examples
    --------
    >>> round(v_test(55, 11, 12, 9), 6)
    4.785228
    """
    quantile = float(scipy.special.ndtri(float(category_p_value(n, total, size, count) / 2)))
    return -quantile if count * n > total * size else quantile


def windows(margins: Margins, p_value: str, df: int) -> tuple[tuple[int, int], ...]:
    """Find which tables agree with a printed p-value, by the number of its digits.

    A table agrees with d digits when its p-value is within half a unit of the d-th significant
    digit of the printed one, give or take the noise of doubles: with all of them, when it rounds to
    print.

    Parameters
    ----------
    margins : Margins
    p_value : str
        As printed.
    df : int
        Degrees of freedom.

    Returns
    -------
    tuple of (int, int)
        First and last scaled sum, by number of digits; each within the one before, and all sums
        with none. The chi2 statistic of a scaled sum S is ``n (S / scale - 1)``.

    Examples
    --------
    >>> windows(Margins((4, 6), (5, 5)), "0.0404", 4)
    ((0, 120), (119, 120), (120, 120), (120, 120))
    """
    n, scale, printed = margins.n, margins.scale, Decimal(p_value)
    sums = range(scale, margins.highest_sum + 1)

    def falling(scaled_sum: int, side: int) -> Fraction:
        statistic = n * (Fraction(scaled_sum, scale) - 1)
        noise = Fraction(2 * n + 3 * statistic + 16, 2**53)
        return -(1 + side * noise) * Fraction(chi2_p_value(statistic, df))

    found = [(0, margins.highest_sum)]
    first, stop = 0, len(sums)
    for digits in range(len(p_value.partition(".")[2].lstrip("0"))):
        half = Decimal(5).scaleb(printed.adjusted() - digits - 1)
        least, most = Fraction(-printed - half), Fraction(half - printed)
        first = bisect_left(sums, least, first, stop, key=lambda s: falling(s, -1))
        stop = bisect_right(sums, most, first, stop, key=lambda s: falling(s, 1))
        found.append((scale + first, scale + stop - 1))
    return tuple(found)


def _body(group: Group, directory: Path | None) -> dict[str, dict[str, int]]:
    """Read, by variable and level, how many doctors of a group the body prints."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in printed_rows("tb3", directory):
        found[row["variable"]][row["category"]] = row.number(group)
    for variable, table_id in _ALONE[group].items():
        rows = printed_rows(table_id, directory)
        found[variable] = {row["category"]: row.number("n") for row in rows if row["category"]}
    return dict(found)


def _size(group: Group, body: Mapping[str, Mapping[str, int]], directory: Path | None) -> int:
    """Add up the doctors of a group, by age, by type and by place (TB3): one number."""
    sums = {name: sum(own.values()) for name, own in body.items() if name not in _ALONE[group]}
    size = statistics.mode(sums.values())
    for row in printed_rows("tb3", directory):
        if sums[row["variable"]] != size:
            others = ", ".join(f"{name} {other}" for name, other in sums.items())
            rule = (
                f"the counts of each variable have one sum; they have {others} "
                f"(source, from line {row['line']})"
            )
            raise InputError([Fault(row.path, rule, row.position, group)])
    return size


def _variable(row: PrintedRow) -> str:
    """Name the column of the respondents table that a row of the annexe is about."""
    if row["variable"] not in _VARIABLES:
        raise row.fault(f"the variable is one of {', '.join(_VARIABLES)}", "variable")
    return _VARIABLES[row["variable"]]


def _fitting(row: PrintedRow, n: int) -> list[ListedRow]:
    """List the whole numbers that have the percentages of a row."""
    variable = _variable(row)
    category = row["category"].removeprefix(f"{row['variable']}_").replace(" ", "")
    named = named_levels(variable)
    if category not in named:
        raise row.fault(f"the category is one of {', '.join(named)}", "category")

    def having(column: str, shares: Iterable[tuple[int, ...]], rule: str) -> list[tuple[int, ...]]:
        """Keep the shares, part and whole first, that have the digits of a column."""
        found = [each for each in shares if _is_share(row[column], each[0], each[1])]
        if not found:
            raise row.fault(rule, column)
        return found

    rule = f"the share of all is a whole number of {n} doctors"
    totals = [m for m, _ in having("overall", ((m, n) for m in range(1, n + 1)), rule)]
    rule = f"the share of the category is a whole number of {totals} doctors"
    counts = having("cla_mod", ((k, m) for m in totals for k in range(m + 1)), rule)
    rule = f"the share of the cluster is {[k for k, _ in counts]} of its doctors"
    sizes = ((k, size, m) for k, m in counts for size in range(max(k, 1), n - (m - k) + 1))
    return [
        ListedRow(int(row["cluster"]), size, variable, category, m, k, row)
        for k, size, m in having("mod_cla", sizes, rule)
    ]


@cache
def _is_share(printed: str, part: int, whole: int) -> bool:
    return compare(printed, Fraction(100 * part, whole)) is Verdict.MATCH


def _fitting_sizes(fitting: Sequence[Sequence[ListedRow]], n: int) -> list[set[int]]:
    """Return the sizes that fit all rows of each cluster, and check the totals of categories."""
    possible: dict[Hashable, set[int]] = defaultdict(lambda: set(range(1, n + 1)))
    for fits in fitting:
        row = fits[0]
        totals, sizes = possible[row.variable, row.category], possible[row.cluster]
        totals &= {fit.total for fit in fits}
        if not totals:
            raise row.printed.fault("a category has the same total in every cluster", "overall")
        sizes &= {fit.size for fit in fits}
        if not sizes:
            rule = "no cluster size fits this row and those of the cluster above it"
            raise row.printed.fault(rule, "mod_cla")
    return [possible[cluster] for cluster in range(1, max(fits[0].cluster for fits in fitting) + 1)]


def _check_sums(rows: Iterable[ListedRow]) -> None:
    """Check that no category and no cluster has more doctors in its rows than in all."""
    dealt: Counter[Hashable] = Counter()
    for row in rows:
        for key, most, rule in (
            ((row.variable, row.category), row.total, "category put {} of {} somewhere"),
            ((row.cluster, row.variable), row.size, "cluster hold {} of its {} doctors"),
        ):
            dealt[key] += row.count
            if dealt[key] > most:
                raise row.printed.fault(f"the rows of the {rule.format(dealt[key], most)}")


def _check_test(row: ListedRow, n: int) -> None:
    """Check that the whole numbers have the printed p-value and test value."""
    numbers = n, row.total, row.size, row.count
    said = f"{row.count} of {row.total} in a cluster of {row.size}"
    p_value, value = category_p_value(*numbers), v_test(*numbers)
    if compare(row.printed["p_value"], p_value) is not Verdict.MATCH:
        raise row.printed.fault(f"the p-value is that of {said}, {float(p_value):.10g}", "p_value")
    if compare(row.printed["v_test"], value) is not Verdict.MATCH:
        raise row.printed.fault(f"the test value is that of {said}, {value:.6f}", "v_test")


def _fingerprint(variable: str, test: PrintedRow, clusters: Clusters) -> Fingerprint:
    rows = [row for row in clusters.rows if row.variable == variable]
    listed = {row.category: row.total for row in rows}
    unlisted = _unlisted(variable, test, clusters, listed)
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
        lowest, highest = windows(margins, p_value, df)[-1]
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
    variable: str, test: PrintedRow, clusters: Clusters, listed: Mapping[str, int]
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
        named = joint_practice_types(listed, clusters.body["practice"], clusters.body["place"])
    else:
        own = clusters.body.get(variable, {}).items()
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
) -> list[Margins]:
    nameless = frozenset(i for i, name in enumerate(categories) if name.startswith(_NAMELESS))
    return [Margins(sizes, found, nameless) for found in totals]


def _lack_the_unlisted(
    margins: Margins, fixed: Mapping[tuple[int, int], int], cells: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say which tables would list no other row than those that are printed."""
    lacks = np.ones(len(cells), dtype=np.bool_)
    for cluster, category in set(np.ndindex(cells.shape[1:])) - set(fixed):
        size, total = margins.sizes[cluster], margins.totals[category]
        counts = range(min(total, size) + 1)
        p_values = [category_p_value(margins.n, total, size, count) for count in counts]
        lacks &= np.array([each >= _THRESHOLD for each in p_values])[cells[:, cluster, category]]
    return lacks
