"""Whole numbers behind the percentages of Annexe VI: cluster sizes, totals, counts.

Concept
-------
A row of the annexe describes a category in a cluster by three shares: of the category's doctors
who are in the cluster (Cla/Mod, k / M), of the cluster's doctors who have the category (Mod/Cla,
k / K), of all doctors who have it (Global, M / n). With n known from the body, the digits of Global
say M, those of Cla/Mod then k, those of Mod/Cla then K. Every size that fits all the rows of its
cluster is kept, and every vector of sizes with the sum n; the annexe is read only if one is left.

The p-value and the v.test of each row are then computed from n, M, K and k, and must be the printed
ones: they are a second proof of each count.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from analysis.files import Fault, InputError
from analysis.printed import PrintedRow, Source, Verdict, compare, printed_rows
from analysis.reconstruction._p_values import category_p_value, v_test
from analysis.reconstruction.respondents import named_levels
from analysis.survey.schema import Group

TABLES: dict[Group, str] = {"users": "taviu", "non_users": "tavin"}
"""The annexe of each group; its chi2 tests are in the table of that name and ``_chi2``."""

VARIABLES: dict[str, str] = {
    "AGE": "age",
    "TYPE_EXERCICE": "practice_type",
    "USAGE": "purpose",
    "FREQUENCE": "frequency",
    "Frein1": "barrier_1",
    "Frein2": "barrier_2",
}
"""Columns of the respondents table, by their name in the author's R."""


@dataclass(frozen=True)
class ListedRow:
    """A row of the annexe as whole numbers.

    Attributes
    ----------
    cluster : int
        Number of the cluster, from 1.
    variable, category : str
        Codes of the respondents table.
    total : int
        Doctors of the group who have the category.
    count : int
        Those of them in the cluster.
    source : Source
        Where the row is printed.
    """

    cluster: int
    variable: str
    category: str
    total: int
    count: int
    source: Source


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
    table_id = TABLES[group]
    printed = [
        _AnnexeRow(row.path, row.position, row.cells) for row in printed_rows(table_id, directory)
    ]
    shares = [_shares(row, n) for row in printed]
    fitting = _fitting_sizes(printed, shares, n)
    vectors = [sizes for sizes in itertools.product(*fitting) if sum(sizes) == n]
    if len(vectors) != 1:
        lines = f"{printed[0]['line']} to {printed[-1]['line']}"
        rule = (
            f"the percentages determine cluster sizes with the sum {n}; {len(vectors)} vectors of "
            f"sizes fit (source, lines {lines})"
        )
        raise InputError([Fault(printed[0].path, rule)])
    (sizes,) = vectors
    rows = tuple(
        _whole_numbers(row, fits, sizes) for row, fits in zip(printed, shares, strict=True)
    )
    _check_sums(printed, rows, sizes)
    for row, numbers in zip(printed, rows, strict=True):
        _check_test(row, numbers, n, sizes)
    return Clusters(group, sizes, rows)


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
    first: dict[str, PrintedRow] = {}
    sums: Counter[str] = Counter()
    for row in printed_rows("tb3", directory):
        first.setdefault(row["variable"], row)
        sums[row["variable"]] += row.number(group)
    ((size, _),) = Counter(sums.values()).most_common(1)
    for variable, total in sums.items():
        if total != size:
            others = ", ".join(f"{name} {other}" for name, other in sums.items())
            row = first[variable]
            rule = (
                f"the counts of each variable have one sum; they have {others} "
                f"(source, from line {row['line']})"
            )
            raise InputError([Fault(row.path, rule, row.position, group)])
    return size


def category_code(variable: str, category: str) -> str:
    """Translate the name of a category in the author's R to the code of the respondents table.

    Parameters
    ----------
    variable, category : str
        As printed.

    Returns
    -------
    str

    Examples
    --------
    >>> category_code("TYPE_EXERCICE", "seul _liberal"), category_code("Frein2", "Frein2_aucun")
    ('seul_liberal', 'aucun')
    """
    return category.removeprefix(f"{variable}_").replace(" ", "")


class _AnnexeRow(PrintedRow):
    """A row of the annexe, in the codes of the respondents table."""

    @property
    def cluster(self) -> int:
        return int(self["cluster"])

    @property
    def variable(self) -> str:
        return VARIABLES[self["variable"]]

    @property
    def category(self) -> str:
        return category_code(self["variable"], self["category"])


@dataclass(frozen=True)
class _Share:
    """Whole numbers that have the three printed percentages of a row."""

    total: int
    count: int
    size: int


def _shares(row: _AnnexeRow, n: int) -> list[_Share]:
    """List the whole numbers that have the percentages of a row."""
    if row["variable"] not in VARIABLES:
        raise row.fault(f"the variable is one of {', '.join(VARIABLES)}", "variable")
    named = named_levels(row.variable)
    if row.category not in named:
        raise row.fault(f"the category is one of {', '.join(named)}", "category")
    totals = [m for m in range(1, n + 1) if _has_share(row, "overall", m, n)]
    if not totals:
        raise row.fault(f"the share of all is a whole number of {n} doctors", "overall")
    counts = [(m, k) for m in totals for k in range(m + 1) if _has_share(row, "cla_mod", k, m)]
    if not counts:
        raise row.fault(
            f"the share of the category is a whole number of {totals} doctors", "cla_mod"
        )
    found = [
        _Share(m, k, size)
        for m, k in counts
        for size in range(max(k, 1), n - (m - k) + 1)
        if _has_share(row, "mod_cla", k, size)
    ]
    if not found:
        raise row.fault(
            f"the share of the cluster is {[k for _, k in counts]} of its doctors", "mod_cla"
        )
    return found


def _has_share(row: _AnnexeRow, column: str, part: int, whole: int) -> bool:
    return _is_share(row[column], part, whole)


@cache
def _is_share(printed: str, part: int, whole: int) -> bool:
    return compare(printed, Fraction(100 * part, whole)) is Verdict.MATCH


def _fitting_sizes(
    printed: Sequence[_AnnexeRow], shares: Sequence[list[_Share]], n: int
) -> tuple[tuple[int, ...], ...]:
    """Return the sizes that fit all rows of each cluster, and check the totals of categories."""
    n_clusters = max(row.cluster for row in printed)
    sizes = {cluster: set(range(1, n + 1)) for cluster in range(1, n_clusters + 1)}
    totals: dict[tuple[str, str], set[int]] = {}
    for row, fits in zip(printed, shares, strict=True):
        category = totals.setdefault((row.variable, row.category), {fit.total for fit in fits})
        category &= {fit.total for fit in fits}
        if not category:
            raise row.fault("a category has the same total in every cluster", "overall")
        sizes[row.cluster] &= {fit.size for fit in fits}
        if not sizes[row.cluster]:
            raise row.fault(
                "no cluster size fits this row and those of the cluster above it", "mod_cla"
            )
    return tuple(tuple(sorted(fits)) for fits in sizes.values())


def _whole_numbers(row: _AnnexeRow, fits: list[_Share], sizes: tuple[int, ...]) -> ListedRow:
    left = [fit for fit in fits if fit.size == sizes[row.cluster - 1]]
    if len(left) != 1:
        raise row.fault(f"the percentages determine whole numbers; {len(left)} fit", "cla_mod")
    return ListedRow(
        row.cluster,
        row.variable,
        row.category,
        left[0].total,
        left[0].count,
        row.source,
    )


def _check_sums(
    printed: Sequence[_AnnexeRow], rows: Sequence[ListedRow], sizes: tuple[int, ...]
) -> None:
    """Check that no category and no cluster has more doctors in its rows than in all."""
    dealt: Counter[tuple[str, str]] = Counter()
    filled: Counter[tuple[int, str]] = Counter()
    for row, numbers in zip(printed, rows, strict=True):
        category, cluster = (row.variable, row.category), (row.cluster, row.variable)
        dealt[category] += numbers.count
        filled[cluster] += numbers.count
        if dealt[category] > numbers.total:
            raise row.fault(
                f"the rows of the category put {dealt[category]} of {numbers.total} somewhere"
            )
        if filled[cluster] > sizes[row.cluster - 1]:
            size = sizes[row.cluster - 1]
            raise row.fault(f"the rows of the cluster hold {filled[cluster]} of its {size} doctors")


def _check_test(row: _AnnexeRow, numbers: ListedRow, n: int, sizes: tuple[int, ...]) -> None:
    """Check that the whole numbers have the printed p-value and test value."""
    size = sizes[row.cluster - 1]
    counts = f"{numbers.count} of {numbers.total} in a cluster of {size}"
    p_value = category_p_value(n, numbers.total, size, numbers.count)
    if compare(row["p_value"], p_value) is not Verdict.MATCH:
        raise row.fault(f"the p-value is that of {counts}, {float(p_value):.10g}", "p_value")
    computed = v_test(n, numbers.total, size, numbers.count)
    if compare(row["v_test"], computed) is not Verdict.MATCH:
        raise row.fault(f"the test value is that of {counts}, {computed:.6f}", "v_test")
