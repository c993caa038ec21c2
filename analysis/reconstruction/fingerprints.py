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

Where the body contradicts the annexe, the annexe's own numbers rule here; `disagreements` lists
the places.

References
----------
Husson, F., Lê, S. and Pagès, J. (2016). Analyse de données avec R, 2nd edition. Presses
universitaires de Rennes.

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1). doi:10.18637/jss.v025.i01
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from analysis import paths
from analysis.files import Fault, InputError
from analysis.reconstruction._annexe import (
    TABLES,
    VARIABLES,
    Clusters,
    ListedRow,
    read_clusters,
)
from analysis.reconstruction._body import Statement, joint_practice_types, read_statements
from analysis.reconstruction._enumeration import Margins, count, count_in_windows, tables
from analysis.reconstruction._p_values import category_p_value, significant_digits, windows
from analysis.reconstruction._printed_rows import PrintedRow, Source, printed_rows
from analysis.reconstruction.respondents import PRACTICE_AND_PLACE, named_levels
from analysis.survey.schema import Group

Table = tuple[tuple[int, ...], ...]
"""Counts, one row a cluster, one column a category."""

_THRESHOLD = Fraction(1, 20)
"""``catdes`` lists a row whose p-value is below; no count of either group has exactly this one."""

_NAMELESS = "inconnu_"


@dataclass(frozen=True)
class Counts:
    """How many tables remain at each stage.

    Attributes
    ----------
    margins : int
        Tables with the cluster sizes and the category totals.
    listed : int
        Those of them with the counts of the listed rows.
    unlisted : int
        Those of them where every row that is not listed has a p-value of 5 % or more.
    p_value : int
        Those of them with the printed chi2 p-value.
    """

    margins: int
    listed: int
    unlisted: int
    p_value: int


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
    n_listed : int
        How many tables with these margins have the counts of the listed rows.
    narrowing : tuple of int
        How many of the tables that have the listed rows, and lack the unlisted ones, agree with 0,
        1, 2, ... significant digits of the p-value: with d digits, a table whose p-value is within
        half a unit of the d-th. The last number is that of the tables that remain.
    tables : tuple of tables
        What remains: one row a cluster, one column a category.
    sources : tuple of Source
        What was used: the chi2 test, the listed rows, the statements of the body.
    """

    group: Group
    variable: str
    categories: tuple[str, ...]
    sizes: tuple[int, ...]
    totals: tuple[tuple[int, ...], ...]
    p_value: str
    df: int
    n_listed: int
    narrowing: tuple[int, ...]
    tables: tuple[Table, ...]
    sources: tuple[Source, ...]

    @property
    def is_unique(self) -> bool:
        """Whether print leaves one table."""
        return len(self.tables) == 1

    @cached_property
    def counts(self) -> Counts:
        """How many tables were gone through, and how many remain."""
        # Thousands of millions are counted when somebody asks, and not whenever print is read.
        margins = _margins(self.sizes, self.categories, self.totals)
        return Counts(sum(map(count, margins)), self.n_listed, self.narrowing[0], len(self.tables))


@dataclass(frozen=True)
class Disagreement:
    """A count of the body that the annexe contradicts.

    Attributes
    ----------
    variable, category : str
        Codes of the respondents table.
    annexe : int
        Doctors in the annexe. Of a type or place of practice, at least so many.
    body : Statement
        What the body prints.
    sources : tuple of Source
        The rows of the annexe.
    """

    variable: str
    category: str
    annexe: int
    body: Statement
    sources: tuple[Source, ...]


def cluster_sizes(group: Group, *, directory: Path | None = None) -> Clusters:
    """Recover cluster sizes, category totals and counts from the percentages of Annexe VI.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables; ``data/published`` by default.

    Returns
    -------
    Clusters

    Raises
    ------
    InputError
        A `ValueError`: no whole numbers have the printed digits, or a row's tests contradict them.
        File, row, source line and rule are named.

    Examples
    --------
    >>> clusters = cluster_sizes("users")
    >>> clusters.sizes, clusters.n_vectors
    ((12, 18, 10, 14, 1), 1)
    """
    return read_clusters(group, directory)


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
    The users by purpose. Three tables have the margins and the listed rows, one the p-value:

    >>> purpose = fingerprints("users")[2]
    >>> purpose.categories, purpose.p_value
    (('creation', 'ajout', 'consultation'), '0.000000008700582537623328')
    >>> purpose.counts
    Counts(margins=513445, listed=3, unlisted=3, p_value=1)
    >>> purpose.tables
    (((9, 2, 1), (15, 3, 0), (0, 10, 0), (5, 1, 8), (0, 0, 1)),)
    """
    clusters = read_clusters(group, directory)
    statements = read_statements(group, directory)
    tests = list(_read_tests(group, directory))
    tested = {test.variable for test in tests}
    for row in clusters.rows:
        if row.variable not in tested:
            rule = f"no test of {row.variable}, which line {row.source.line} of the source lists"
            path = (directory or paths.PUBLISHED) / f"{TABLES[group]}_chi2.csv"
            raise InputError([Fault(path, rule)])
    return tuple(_fingerprint(test, clusters, statements) for test in tests)


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
        How many tables with the margins agree with 0, 1, 2, ... significant digits, as in
        ``Fingerprint.narrowing``.

    Examples
    --------
    >>> purpose = fingerprints("users")[2]
    >>> narrowing_by_p_value(purpose)[:8]
    (513445, 429, 38, 5, 1, 1, 1, 1)
    """
    numbers: list[tuple[int, ...]] = []
    for margins in _margins(fingerprint.sizes, fingerprint.categories, fingerprint.totals):
        agree = _windows(margins, fingerprint.p_value, fingerprint.df)
        numbers.append((count(margins), *count_in_windows(margins, agree)))
    return _add(numbers)


def disagreements(group: Group, *, directory: Path | None = None) -> tuple[Disagreement, ...]:
    """List the counts of the body that Annexe VI contradicts.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables; ``data/published`` by default.

    Returns
    -------
    tuple of Disagreement
        TB3 first, then the other tables of the body.

    Raises
    ------
    InputError
        As `cluster_sizes`.

    Examples
    --------
    >>> for found in disagreements("non_users"):
    ...     print(found.category, found.annexe, found.body.count, found.body.source.line)
    seul 7 6 657-660
    seul 7 6 563
    manque_info_acces 21 23 569
    logiciel 5 4 575
    temps 5 4 577
    manque_info_acces 21 23 794
    logiciel 5 4 800
    temps 5 4 802
    """
    rows = read_clusters(group, directory).rows
    found = []
    for statement in read_statements(group, directory):
        relevant = [row for row in rows if _is_about(row, statement)]
        annexe = sum({row.category: row.total for row in relevant}.values())
        is_partial = statement.variable in {"practice", "place"}
        if relevant and (annexe > statement.count if is_partial else annexe != statement.count):
            sources = tuple(row.source for row in relevant)
            found.append(
                Disagreement(statement.variable, statement.category, annexe, statement, sources)
            )
    return tuple(found)


@dataclass(frozen=True)
class _Test:
    """The chi2 test of a variable, as printed."""

    variable: str
    p_value: str
    df: int
    row: PrintedRow


def _read_tests(group: Group, directory: Path | None) -> Iterator[_Test]:
    for row in printed_rows(f"{TABLES[group]}_chi2", directory):
        if row["variable"] not in VARIABLES:
            raise row.fault(f"the variable is one of {', '.join(VARIABLES)}", "variable")
        if not significant_digits(row["p_value"]):
            raise row.fault("the p-value has a digit that is not zero", "p_value")
        yield _Test(VARIABLES[row["variable"]], row["p_value"], int(row["df"]), row)


def _fingerprint(test: _Test, clusters: Clusters, statements: tuple[Statement, ...]) -> Fingerprint:
    rows = [row for row in clusters.rows if row.variable == test.variable]
    listed = {row.category: row.total for row in rows}
    unlisted, body = _unlisted(test, clusters, listed, statements)
    categories = _in_document_order(test.variable, [*listed, *unlisted[0]])
    totals = tuple(
        tuple(({**listed, **found})[category] for category in categories) for found in unlisted
    )
    fixed = {(row.cluster - 1, categories.index(row.category)): row.count for row in rows}
    left: list[Table] = []
    with_rows = 0
    numbers: list[tuple[int, ...]] = []
    for margins in _margins(clusters.sizes, categories, totals):
        having = tables(margins, fixed)
        lacking = having[_lack_the_unlisted(margins, fixed, having)]
        sums = margins.scaled_sums(lacking)
        agree = [
            (sums >= lowest) & (sums <= highest)
            for lowest, highest in _windows(margins, test.p_value, test.df)
        ]
        numbers.append((len(lacking), *(int(which.sum()) for which in agree)))
        with_rows += len(having)
        left += [tuple(map(tuple, cells)) for cells in lacking[agree[-1]].tolist()]
    narrowing = _add(numbers)
    if not left:
        in_margins = sum(map(count, _margins(clusters.sizes, categories, totals)))
        raise test.row.fault(
            f"no table has this p-value: {in_margins} have the margins, {with_rows} of them the "
            f"listed rows, {narrowing[0]} of them no other row below 5 %",
            "p_value",
        )
    return Fingerprint(
        group=clusters.group,
        variable=test.variable,
        categories=categories,
        sizes=clusters.sizes,
        totals=totals,
        p_value=test.p_value,
        df=test.df,
        n_listed=with_rows,
        narrowing=narrowing,
        tables=tuple(left),
        sources=(test.row.source, *(row.source for row in rows), *body),
    )


def _unlisted(
    test: _Test,
    clusters: Clusters,
    listed: Mapping[str, int],
    statements: tuple[Statement, ...],
) -> tuple[list[dict[str, int]], tuple[Source, ...]]:
    """Find the totals of the levels that the annexe does not list: every possibility, by name.

    The statements of the body that say so are returned as well.
    """
    others, remainder = divmod(test.df, len(clusters.sizes) - 1)
    n_unlisted, rest = others + 1 - len(listed), clusters.n - sum(listed.values())
    if remainder or n_unlisted < 0 or rest < n_unlisted or (rest > 0) != (n_unlisted > 0):
        raise test.row.fault(
            f"the degrees of freedom are {len(clusters.sizes) - 1} times the levels less one; "
            f"{len(listed)} levels are listed and {rest} doctors left",
            "df",
        )
    if not n_unlisted:
        return [{}], ()
    named, sources = _from_the_body(test.variable, listed, statements)
    if len(named) == n_unlisted and sum(named.values()) == rest:
        return [named], sources
    if len(named) == n_unlisted == 1:
        return [dict.fromkeys(named, rest)], ()
    names = [f"{_NAMELESS}{letter}" for letter in ascii_lowercase[:n_unlisted]]
    parts = _partitions(rest, n_unlisted, rest)
    return [dict(zip(names, totals, strict=True)) for totals in parts], ()


def _from_the_body(
    variable: str, listed: Mapping[str, int], statements: tuple[Statement, ...]
) -> tuple[dict[str, int], tuple[Source, ...]]:
    """Find the levels that are not listed in the body; the first statement on a level counts."""
    if variable == "practice_type":
        named = joint_practice_types(listed, statements)
        used = [s for s in statements if s.variable in {"practice", "place"}]
    else:
        used = [s for s in statements if s.variable == variable and s.category not in listed]
        named = {s.category: s.count for s in reversed(used) if s.count}
    return named, tuple(statement.source for statement in used)


def _partitions(total: int, n_parts: int, largest: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write a number as a sum of positive parts, in descending order."""
    if n_parts == 0:
        if total == 0:
            yield ()
        return
    for first in range(min(largest, total), 0, -1):
        for others in _partitions(total - first, n_parts - 1, first):
            yield (first, *others)


def _in_document_order(variable: str, categories: Sequence[str]) -> tuple[str, ...]:
    named = named_levels(variable)
    return tuple(
        sorted(categories, key=lambda c: (named.index(c) if c in named else len(named), c))
    )


def _margins(
    sizes: tuple[int, ...], categories: tuple[str, ...], totals: tuple[tuple[int, ...], ...]
) -> Iterator[Margins]:
    nameless = frozenset(i for i, name in enumerate(categories) if name.startswith(_NAMELESS))
    for found in totals:
        yield Margins(sizes, found, nameless)


def _windows(margins: Margins, p_value: str, df: int) -> tuple[tuple[int, int], ...]:
    highest = min(len(margins.sizes), len(margins.totals)) * margins.scale
    return windows(p_value, df, margins.n, margins.scale, highest)


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


def _add(numbers: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*numbers, strict=True)))


def _is_about(row: ListedRow, statement: Statement) -> bool:
    if row.variable != "practice_type":
        return (row.variable, row.category) == (statement.variable, statement.category)
    practice, place = PRACTICE_AND_PLACE[row.category]
    return (statement.variable, statement.category) in {("practice", practice), ("place", place)}
