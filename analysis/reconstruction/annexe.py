"""Whole numbers behind the percentages of Annexe VI: cluster sizes, totals, counts.

Concept
-------
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

References
----------
Lebart, L., Morineau, A. and Piron, M. (1995). Statistique exploratoire multidimensionnelle. Dunod.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb
from pathlib import Path

from scipy.special import ndtri

from analysis.files import Fault, InputError
from analysis.printed import PrintedRow, Source, Verdict, compare, printed_rows
from analysis.reconstruction.respondents import named_levels
from analysis.survey.schema import Group

TABLES: dict[Group, str] = {"users": "taviu", "non_users": "tavin"}
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
    """

    group: Group
    sizes: tuple[int, ...]
    rows: tuple[ListedRow, ...]

    @property
    def n(self) -> int:
        """Number of doctors in the group."""
        return sum(self.sizes)


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
    n = group_size(group, directory)
    printed = printed_rows(TABLES[group], directory)
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
    return Clusters(group, sizes, tuple(rows))


def printed_totals(group: Group, directory: Path | None = None) -> dict[str, dict[str, int]]:
    """Give, by variable and level, how many doctors of a group the body prints.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables.

    Examples
    --------
    >>> printed_totals("users")["practice"]
    {'libéral': 47, 'mixte': 6, 'salarié': 2}
    """
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in printed_rows("tb3", directory):
        found[row["variable"]][row["category"]] = row.number(group)
    for variable, table_id in _ALONE[group].items():
        rows = printed_rows(table_id, directory)
        found[variable] = {row["category"]: row.number("n") for row in rows if row["category"]}
    return dict(found)


def group_size(group: Group, directory: Path | None = None) -> int:
    """Add up the doctors of a group, by age, by type and by place (TB3).

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables.

    Returns
    -------
    int

    Raises
    ------
    InputError
        If the three sums are not one number.

    Examples
    --------
    >>> group_size("users"), group_size("non_users")
    (55, 45)
    """
    totals = printed_totals(group, directory).items()
    sums = {name: sum(own.values()) for name, own in totals if name not in _ALONE[group]}
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


def variable_of(row: PrintedRow) -> str:
    """Name the column of the respondents table that a row of the annexe is about.

    Raises
    ------
    InputError
        If the annexe has no such variable.
    """
    if row["variable"] not in _VARIABLES:
        raise row.fault(f"the variable is one of {', '.join(_VARIABLES)}", "variable")
    return _VARIABLES[row["variable"]]


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
    quantile = float(ndtri(float(category_p_value(n, total, size, count) / 2)))
    return -quantile if count * n > total * size else quantile


def _fitting(row: PrintedRow, n: int) -> list[ListedRow]:
    """List the whole numbers that have the percentages of a row."""
    variable = variable_of(row)
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
            rule = "a category has the same total in every cluster"
            raise row.printed.fault(rule, "overall")
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
