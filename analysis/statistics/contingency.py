"""Tests of independence in an r x c contingency table: exact (Fisher-Freeman-Halton) and chi2.

Of several tests at once, the p-values are adjusted so that the whole family keeps its level (Holm).

Concept
-------
Once its margins are fixed, a table of counts has a known probability under independence (the
multivariate hypergeometric law).  The exact two-sided p-value is the total probability of all the
tables with these margins that are no more probable than the one observed.  Fisher defined it for
2 x 2 tables, Freeman and Halton for any shape.  The difficulty is only the number of tables: the
ages of the sample against those of the whole department (2 x 6) have 69 million of them.

Method
------
Mehta and Patel turn the tables into a network.  The columns are filled one after the other; a
*node* is what then remains of the row totals, an *arc* is one way of filling one column, and a
*path* through the whole network is one table.  The probability of a path is the product of its
arcs, so the sum over all paths never needs the paths themselves:

- Nodes whose row totals are permutations of one another have the same future and are one node.
- A partial table whose most probable completion is still no more probable than the observed table
  counts whole; one whose least probable completion is more probable does not count at all.  While
  the network is built, bounds of the completions leave out what is so decided for all the paths
  to a node, row by row within a column: the network holds what lies near the observed table, not
  all the tables, of which a few thousand counts have very many.
- What is left of the network is moreover cut in the middle.  Partial tables are enumerated from
  both ends up to the cut; the completions of each node, sorted with their running total, then
  answer in one binary search how much of the right half goes with a partial table of the left half.
  The work is that of two halves, about the square root of the number of undecided tables.

Log-probabilities are whole numbers (fixed point, 40 binary places), so the order of the additions
cannot matter: tables of equal probability compare as equal, and equal partial tables merge without
a tolerance.  Nothing is sampled and nothing is approximated beyond that rounding: the p-value is
good to about 1e-10 in relative terms, far into the tail.

References
----------
Freeman, G. H. and Halton, J. H. (1951). Note on an exact treatment of contingency, goodness of fit
and other problems of significance. Biometrika 38, 141-149. doi:10.1093/biomet/38.1-2.141

Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
Statistics 6, 65-70.

Mehta, C. R. and Patel, N. R. (1983). A network algorithm for performing Fisher's exact test in
r x c contingency tables. Journal of the American Statistical Association 78, 427-434.
doi:10.1080/01621459.1983.10477989

Pearson, K. (1900). On the criterion that a given system of deviations from the probable in the case
of a correlated system of variables is such that it can be reasonably supposed to have arisen from
random sampling. Philosophical Magazine 50, 157-175. doi:10.1080/14786440009463897
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.proportions import Interval, check_level

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MAX_WORK = 100_000_000
TIE_TOLERANCE = 1e-7
"""Relative margin under which R (2 x 2) calls two probabilities equal."""

_FRACTION_BITS = 40
_KEY_BITS = 62
_FAR = 1 << (_KEY_BITS - 1)
_PATH_COST = 2
"""A partial table is sorted and kept, which takes the time and memory of visiting two."""
_PRECISION = 1e-10
"""What rounding may take from a probability."""
_BLOCK = 1 << 15
"""Rows handled at once: the arrays of a block then stay in the processor's cache."""


class TooLargeError(ValueError):
    """The exact p-value of this table needs more work than the caller allows."""


@dataclass(frozen=True)
class Chi2:
    """Pearson's chi2 test of independence, without continuity correction.

    Attributes
    ----------
    statistic : float
        Sum over the cells of ``(observed - expected)**2 / expected``.
    df : int
        Degrees of freedom: (non-empty rows - 1) x (non-empty columns - 1).
    p_value : float
        Probability of a larger statistic under independence.
    expected : ndarray
        Expected counts, in the shape of the table that was given; 0 in an empty row or column.
    """

    statistic: float
    df: int
    p_value: float
    expected: FloatArray = field(repr=False, compare=False)


def chi2(table: ArrayLike) -> Chi2:
    """Test independence in a contingency table with Pearson's chi2.

    There is no continuity correction.  Empty rows and columns carry no information and are left
    out of the statistic and of the degrees of freedom, where R's ``chisq.test`` would return NaN.

    Parameters
    ----------
    table : array_like of shape (r, c)
        Counts: whole numbers, zero or more.

    Returns
    -------
    Chi2
        With ``df`` 0, ``statistic`` 0 and ``p_value`` 1 where fewer than two rows or two columns
        hold anything.

    Raises
    ------
    ValueError
        If the table is not two-dimensional, is empty, or has a cell that is not a count; rows and
        columns are then named by position, counting from 1.

    Examples
    --------
    Users and non-users of the shared record, by type of practice (libéral, mixte, salarié):

    >>> result = chi2([[47, 41], [6, 0], [2, 4]])
    >>> round(result.statistic, 3), result.df, round(result.p_value, 4)
    (6.137, 2, 0.0465)
    """
    counts = _as_counts(table).astype(np.float64)
    row_totals, column_totals = counts.sum(axis=1), counts.sum(axis=0)
    total = counts.sum()
    expected = np.outer(row_totals, column_totals) / total if total else np.zeros_like(counts)
    expected.flags.writeable = False
    df = math.prod(max(0, int((totals > 0).sum()) - 1) for totals in (row_totals, column_totals))
    if df == 0:
        return Chi2(statistic=0.0, df=0, p_value=1.0, expected=expected)
    filled = expected > 0
    statistic = float((((counts - expected)[filled]) ** 2 / expected[filled]).sum())
    return Chi2(
        statistic, df, p_value=float(scipy.special.chdtrc(df, statistic)), expected=expected
    )


def cramers_v(table: ArrayLike, level: float = 0.95) -> Interval | None:
    """Measure the strength of association of a contingency table by Cramér's V.

    The limits are those of the noncentrality of the chi2 distribution under which the statistic is
    at the edge of `level`, turned into a V, as R's effectsize does. They are approximate where
    expected counts are small.

    Parameters
    ----------
    table : array_like of shape (r, c)
        Counts: whole numbers, zero or more.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Interval or None
        From 0, independence, to 1; None where fewer than two rows or two columns hold anything.

    Raises
    ------
    ValueError
        As `chi2`, or if `level` is out of range.

    Examples
    --------
    >>> found = cramers_v([[47, 41], [6, 0], [2, 4]])
    >>> round(found.estimate, 3), round(found.low, 3), round(found.high, 3)
    (0.248, 0.0, 0.428)
    """
    test = chi2(table)
    if test.df == 0:
        return None
    counts = _as_counts(table)
    filled = min(int((counts.sum(axis=axis) > 0).sum()) for axis in (0, 1))
    tail = (1 - check_level(level)) / 2

    def limit(probability: float) -> float:
        # Under independence already the statistic is as large as this too often, or not.
        if scipy.special.chdtr(test.df, test.statistic) <= probability:
            return 0.0
        return float(scipy.special.chndtrinc(test.statistic, test.df, probability))

    low, own, high = (
        min(1.0, math.sqrt(value / (int(counts.sum()) * (filled - 1))))
        for value in (limit(1 - tail), test.statistic, limit(tail))
    )
    return Interval(own, low, high)


def fisher_exact(table: ArrayLike, *, max_work: int = MAX_WORK) -> float:
    """Compute the exact two-sided p-value of the Fisher-Freeman-Halton test, for any r x c table.

    It is the total probability of the tables with the same margins whose probability is at most
    that of the observed one, give or take a relative 1e-7 as in R.  It is never estimated by
    sampling.  Empty rows and columns are dropped.

    Parameters
    ----------
    table : array_like of shape (r, c)
        Counts: whole numbers, zero or more.
    max_work : int
        Largest amount of work: 1 a partial table visited, 2 one that is kept.  The default takes
        some seconds, and at worst about 2 GB.

    Returns
    -------
    float
        The p-value; 1.0 where fewer than two rows or two columns hold anything, for the margins
        then allow one table only, and where nothing but rounding is missing.  Its relative error is
        about 1e-10 for totals up to 10,000 and grows with the total.

    Raises
    ------
    TooLargeError
        If the table needs more work than `max_work`.
    ValueError
        If the table is not two-dimensional, is empty, or has a cell that is not a count; rows and
        columns are then named by position, counting from 1.

    Examples
    --------
    Users and non-users of the shared record, by place of practice (seul, en groupe, autre):

    >>> round(fisher_exact([[12, 6], [43, 35], [0, 4]]), 4)
    0.0559
    """
    counts = _as_counts(table)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return 1.0
    # A node has one number a row: the fewer the rows, the fewer the nodes.
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    total = int(counts.sum())
    work = _Work(max_work, f"{counts.shape[0]} x {counts.shape[1]} table of {total} counts")
    work.spend(total)
    scale = _Scale.for_total(total)
    rows, columns = np.sort(counts.sum(axis=1)), counts.sum(axis=0)
    observed = (
        scale.log_factorial[rows].sum()
        + scale.log_factorial[columns].sum()
        - scale.log_factorial[total]
        - scale.log_factorial[counts].sum()
    )
    limit = int(observed) + scale.fixed(math.log1p(TIE_TOLERANCE))
    network, counted = _build_network(limit, rows, _order_columns(rows, columns), scale, work)
    p_value = counted + _sum_paths_up_to(limit, network, work)
    return 1.0 if p_value > 1 - _PRECISION else p_value


def holm(p_values: ArrayLike) -> FloatArray:
    """Adjust the p-values of a family of tests by Holm's method.

    Ten tests at the 5 % level make a false discovery likely.  Holm's method looks at the p-values
    from the smallest up: the smallest of ``k`` is multiplied by ``k``, the next by ``k - 1``, and
    so on, and no adjusted value may be smaller than the one before it.  Rejecting where the
    adjusted value is at most ``alpha`` keeps the probability of one false rejection or more under
    ``alpha``, whatever the dependence between the tests.

    Parameters
    ----------
    p_values : array_like of shape (tests,)

    Returns
    -------
    ndarray of shape (tests,)
        Adjusted p-values, in the order given.

    Raises
    ------
    ValueError
        If they are not a list of numbers between 0 and 1.

    Examples
    --------
    The three comparisons of users and non-users in table TB3:

    >>> holm([0.27061, 0.03571, 0.0559]).round(4).tolist()
    [0.2706, 0.1071, 0.1118]
    """
    values = np.asarray(p_values, dtype=np.float64)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p-values are a list of numbers between 0 and 1")
    order = np.argsort(values, kind="stable")
    factors = np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * values[order]))
    return adjusted


def _as_counts(table: ArrayLike) -> IntArray:
    """Return the table as whole numbers, or say which cell is not a count."""
    cells = np.asarray(table, dtype=object)
    if cells.ndim != 2 or cells.size == 0:
        raise ValueError(
            f"a contingency table is two-dimensional and holds at least one cell; "
            f"this one has the shape {cells.shape}"
        )
    for (row, column), value in np.ndenumerate(cells):
        if not _is_count(value):
            raise ValueError(
                f"row {row + 1}, column {column + 1} of the table holds {value!s}: "
                f"a count is a whole number, zero or more"
            )
    return cells.astype(np.int64)


def _is_count(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return bool(0 <= value < 2**53 and value == int(value))


class _Work:
    """A running count of what was visited, that refuses to pass its limit."""

    def __init__(self, limit: int, subject: str) -> None:
        self._limit = limit
        self._subject = subject
        self._spent = 0

    def spend(self, amount: float) -> None:
        self._spent += int(amount)
        if self._spent > self._limit:
            self.refuse(
                f"it needs at least {self._spent:,} units, more than max_work={self._limit:,}"
            )

    def refuse(self, reason: str) -> NoReturn:
        raise TooLargeError(
            f"this {self._subject} is too large for its exact p-value to be enumerated: {reason}"
        )


@dataclass(frozen=True)
class _Scale:
    """Logarithms as whole numbers, so that sums are exact and ties are equalities."""

    unit: float
    log_factorial: IntArray

    @classmethod
    def for_total(cls, total: int) -> _Scale:
        terms = map(math.lgamma, range(1, total + 2))
        log_factorial: FloatArray = np.fromiter(terms, np.float64, total + 1)
        # Two guard bits: a node adds the log-factorials of the total to those of its parts.
        room = _KEY_BITS - 2 - math.ceil(math.log2(log_factorial[-1] + 1.0))
        unit = 2.0 ** -min(_FRACTION_BITS, room)
        return cls(unit, np.rint(log_factorial / unit).astype(np.int64))

    def fixed(self, logarithm: float) -> int:
        return round(logarithm / self.unit)

    def probability(self, logarithm: IntArray) -> FloatArray:
        probability: FloatArray = np.exp(logarithm * self.unit)
        return probability


@dataclass(frozen=True)
class _Arcs:
    """Ways to fill one column, grouped by the node at one of their ends."""

    n_nodes: int
    node: IntArray
    other: IntArray
    step: IntArray
    weight: FloatArray

    @cached_property
    def start(self) -> IntArray:
        return _starts(np.bincount(self.node, minlength=self.n_nodes))

    def turned(self, n_nodes: int) -> _Arcs:
        """Group the same arcs by their other end."""
        order = np.argsort(self.other)
        return replace(self, n_nodes=n_nodes, node=self.other, other=self.node).where(order)

    def where(self, kept: BoolArray | IntArray | slice) -> _Arcs:
        return _Arcs(
            self.n_nodes, self.node[kept], self.other[kept], self.step[kept], self.weight[kept]
        )


@dataclass(frozen=True)
class _Reach:
    """Paths to each node, or from it: extreme log-probabilities, and the probability of all."""

    lowest: IntArray
    highest: IntArray
    mass: FloatArray

    @classmethod
    def single(cls) -> _Reach:
        """Return that of the path of no column."""
        return cls(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.ones(1))

    def through(self, arcs: _Arcs, source: IntArray, target: IntArray, n_nodes: int) -> _Reach:
        """Reach one column further, from one end of its arcs to the other."""
        lowest, highest = np.full(n_nodes, _FAR), np.full(n_nodes, -_FAR)
        np.minimum.at(lowest, target, self.lowest[source] + arcs.step)
        np.maximum.at(highest, target, self.highest[source] + arcs.step)
        mass: Any = np.bincount(target, self.mass[source] * arcs.weight, n_nodes)
        return _Reach(lowest, highest, mass)


@dataclass(frozen=True)
class _Paths:
    """Partial tables, grouped by the node they reach and sorted by log-probability."""

    start: IntArray
    value: IntArray
    weight: FloatArray

    @classmethod
    def single(cls) -> _Paths:
        """Return the path of no column, where a half begins."""
        return cls(np.array([0, 1]), np.zeros(1, dtype=np.int64), np.ones(1))

    @property
    def size(self) -> IntArray:
        return np.diff(self.start)

    @property
    def node(self) -> IntArray:
        return np.repeat(np.arange(len(self.start) - 1), self.size)

    def where(self, kept: BoolArray) -> _Paths:
        size = np.bincount(self.node[kept], minlength=len(self.start) - 1)
        return _Paths(_starts(size), self.value[kept], self.weight[kept])


def _starts(sizes: IntArray) -> IntArray:
    """Return where each group begins, and where the last one ends."""
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def _blocks(sizes: IntArray, max_groups: int) -> Iterator[tuple[int, int]]:
    """Cut groups of these sizes into runs of about `_BLOCK` rows and at most `max_groups`."""
    ends = np.cumsum(sizes)
    first, done = 0, 0
    while first < len(sizes):
        fitting = int(np.searchsorted(ends, done + _BLOCK, side="right"))
        last = min(max(fitting, first + 1), first + max_groups, len(sizes))
        yield first, last
        first, done = last, int(ends[last - 1])


def _order_columns(rows: IntArray, columns: IntArray) -> list[int]:
    """Order the columns so that both halves of the network are about equally rich.

    The columns with the most fillings go to the two ends, where the nodes are few: the arcs of a
    column are its fillings times its nodes.
    """
    fillings = _count_fillings(rows, int(columns.sum()))[columns]
    halves: tuple[list[int], list[int]] = ([], [])
    richness = [0.0, 0.0]
    for index in np.lexsort((columns, -fillings)):
        half = 0 if richness[0] <= richness[1] else 1
        halves[half].append(int(columns[index]))
        richness[half] += math.log(fillings[index])
    return halves[0] + halves[1][::-1]


def _count_fillings(rows: IntArray, total: int) -> FloatArray:
    """Count the ways to place 0, 1, ... `total` counts in one column under these row totals."""
    fillings = np.zeros(total + 1)
    fillings[0] = 1.0
    for row in rows:
        running = np.cumsum(fillings)
        fillings = running.copy()
        fillings[row + 1 :] -= running[: total - row]
    return np.maximum(fillings, 1.0)


def _build_network(
    limit: int, rows: IntArray, columns: list[int], scale: _Scale, work: _Work
) -> tuple[list[_Arcs], float]:
    """Build what is undecided of the network: the arcs of each column but the last.

    Return with it the probability of the tables that are counted already.
    """
    # What remains of the largest row follows from the others; the sorted remainders of a node are
    # never above the sorted totals, which bounds the digits of its key.
    digits = rows[:-1] + 1
    n_keys = math.prod(digits.tolist())
    if n_keys >= 2**_KEY_BITS:
        work.refuse(f"it may have {n_keys:,} nodes, more than 2**{_KEY_BITS}")
    radix = np.concatenate(([1], np.cumprod(digits[:-1])))
    network, counted = [], [0.0]
    nodes, remaining, reach = rows[np.newaxis, :], int(rows.sum()), _Reach.single()

    def count(source: IntArray, step: IntArray) -> None:
        counted.append(float((reach.mass[source] * scale.probability(step)).sum()))

    for position, take in enumerate(columns[:-1], start=1):
        later = columns[position:]
        remaining -= take
        filled = [(np.empty(0, np.int64),) * 3]
        room = limit - reach.highest
        for source, rest, step in _fill_column(nodes, take, room, scale, work, count):
            if len(later) > 1:
                filled.append((source, np.sort(rest, axis=0)[:-1].T @ radix, step))
            else:
                # The last column takes what is left, and all that could lead to it is one node.
                kept = step <= limit - reach.lowest[source]
                filled.append((source[kept], np.zeros(int(kept.sum()), np.int64), step[kept]))
        source, key, step = (np.concatenate(parts) for parts in zip(*filled, strict=True))
        distinct, target = _number(key, n_keys)
        if len(later) > 1 and len(source):
            smaller = distinct[:, np.newaxis] // radix % digits
            nodes = np.column_stack((smaller, remaining - smaller.sum(axis=1)))
            best = reach.highest[source] + step + _bound_completions(nodes, later, scale)[target]
            kept = best > limit
            count(source[~kept], step[~kept])
            kept &= reach.lowest[source] + step + _bound_below(nodes, later, scale)[target] <= limit
            source, step = source[kept], step[kept]
            distinct, target = _number(target[kept], len(nodes))
            nodes = nodes[distinct]
        if not len(source):
            return [], math.fsum(counted)
        # They come in the order of their sources; there are never 2**31 nodes.
        source, target = source.astype(np.int32), target.astype(np.int32)
        arcs = _Arcs(len(reach.mass), source, target, step, scale.probability(step))
        network.append(arcs)
        reach = reach.through(arcs, source, target, len(distinct))
    return network, math.fsum(counted)


def _fill_column(
    nodes: IntArray,
    take: int,
    room: IntArray,
    scale: _Scale,
    work: _Work,
    count: Callable[[IntArray, IntArray], None],
) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Yield the ways to fill a column with `take` counts from each node, in blocks.

    A block is three arrays: the node that is left, what then remains of the rows, and the
    log-probability of the filling given the node.  Those that are no more probable than the `room`
    of the node, after some of the rows already, are counted instead.
    """
    log_factorial = scale.log_factorial
    n_nodes, n_rows = nodes.shape
    after = np.cumsum(nodes[:, ::-1], axis=1)[:, ::-1]
    log_choices = _log_binomial(after[:, 0], np.full(n_nodes, take), log_factorial)

    def fill(
        source: IntArray, need: IntArray, step: IntArray, rest: IntArray
    ) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
        row = len(rest)
        capacity, beyond = nodes[source, row], after[source, row + 1]
        fewest = np.maximum(0, need - beyond)
        ways = np.minimum(capacity, need) - fewest + 1
        for first, last in _blocks(ways, len(ways)):
            size = ways[first:last]
            chosen = np.repeat(np.arange(first, last), size)
            work.spend(len(chosen))
            placed = np.arange(len(chosen)) - np.repeat(
                _starts(size)[:-1] - fewest[first:last], size
            )
            so_far = step[chosen] + _log_binomial(capacity[chosen], placed, log_factorial)
            left, others, origin = need[chosen] - placed, beyond[chosen], source[chosen]
            reached = so_far + _log_binomial(others, left, log_factorial)
            kept = reached > room[origin]
            count(origin[~kept], reached[~kept])
            chosen, placed, left, origin = chosen[kept], placed[kept], left[kept], origin[kept]
            remains = np.vstack((rest[:, chosen], capacity[chosen] - placed))
            if row == n_rows - 2:
                yield origin, np.vstack((remains, others[kept] - left)), reached[kept]
            else:
                yield from fill(origin, left, so_far[kept], remains)

    yield from fill(
        np.arange(n_nodes), np.full(n_nodes, take), -log_choices, np.empty((0, n_nodes), np.int64)
    )


def _bound_completions(nodes: IntArray, columns: list[int], scale: _Scale) -> IntArray:
    """Bound from above the log-probability of a completion of each node.

    Under the multinomial law in which the rows have their shares of what remains, a table is as
    probable as its columns together, given the row totals; no column is more so than its mode.
    """
    log_factorial = scale.log_factorial
    total = int(nodes[0].sum()) if len(nodes) else 1
    log_shares = np.rint(np.log(np.maximum(nodes, 1) / total) / scale.unit).astype(np.int64)

    def log_probability(counts: IntArray) -> IntArray:
        logarithm: IntArray = (log_shares * counts - log_factorial[counts]).sum(axis=1)
        return logarithm

    bound: IntArray = -log_probability(nodes) - log_factorial[total]
    for take, times in Counter(columns).items():
        mode = take * nodes // total
        for _ in range(nodes.shape[1] - 1):
            short = mode.sum(axis=1) < take
            mode[np.arange(len(nodes)), (nodes / (mode + 1)).argmax(axis=1)] += short
        bound += times * (log_factorial[take] + log_probability(mode))
    return bound


def _bound_below(nodes: IntArray, columns: list[int], scale: _Scale) -> IntArray:
    """Bound from below the log-probability of a completion of each node.

    A product of factorials under given totals grows as the counts gather in few cells: a column is
    at most as if it filled the largest rows one after the other, and a row the largest columns.
    """
    log_factorial = scale.log_factorial
    rows, takes = nodes.T[::-1], sorted(columns, reverse=True)

    def gathered(totals: Iterable[Any], others: Iterable[Any]) -> IntArray:
        most = np.zeros(len(nodes), dtype=np.int64)
        for total in totals:
            left = total
            for other in others:
                placed = np.minimum(left, other)
                most += log_factorial[placed]
                left = left - placed
        return most

    most = np.minimum(gathered(takes, rows), gathered(rows, takes))
    of_totals = log_factorial[nodes].sum(axis=1) + log_factorial[columns].sum()
    # Each of the logarithms may be rounded by one half.
    bound: IntArray = of_totals - log_factorial[sum(columns)] - most - nodes.shape[1] * len(columns)
    return bound


def _log_binomial(n: IntArray, k: IntArray, log_factorial: IntArray) -> IntArray:
    result: IntArray = log_factorial[n] - log_factorial[k] - log_factorial[n - k]
    return result


def _number(keys: IntArray, n_keys: int) -> tuple[IntArray, IntArray]:
    """Return the distinct keys, in order, and the rank of each key among them."""
    if n_keys > 4 * len(keys) + _BLOCK:
        return np.unique(keys, return_inverse=True)
    seen = np.zeros(n_keys, dtype=bool)
    seen[keys] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[keys]


def _sum_paths_up_to(limit: int, network: list[_Arcs], work: _Work) -> float:
    """Add up the probabilities of the paths whose log-probability is at most `limit`."""
    if not network:
        return 0.0
    ahead = [_Reach.single()]
    for arcs in reversed(network):
        ahead.insert(0, ahead[0].through(arcs, arcs.other, arcs.node, arcs.n_nodes))
    total = 0.0
    left, right = _Paths.single(), _Paths.single()
    first, last = 0, len(network)
    while last - first > 2:
        into, out_of = network[first], network[last - 1]
        if left.size[into.node].sum() > right.size[out_of.other].sum():
            last -= 1
            right = _Half(out_of, right).lengthened(work)
            continue
        first += 1
        left = _Half(into.turned(network[first].n_nodes), left).lengthened(work)
        counts = left.value + ahead[first].highest[left.node] <= limit
        misses = left.value + ahead[first].lowest[left.node] > limit
        total += float((left.weight * ahead[first].mass[left.node])[counts].sum())
        left = left.where(~(counts | misses))
        if not len(left.value):
            return total
    middle = network[first + 1]
    left_half = _Half(network[first].turned(middle.n_nodes), left)
    return total + _pair(limit, left_half, _Half(middle, right), work)


def _pair(limit: int, left: _Half, right: _Half, work: _Work) -> float:
    """Add up the pairs of a left and a right half whose sum is at most `limit`."""
    sizes = left.sizes + right.sizes
    work.spend(sizes.sum())
    total = 0.0
    for first, last in _blocks(sizes, right.max_groups):
        node, value, weight = left.rows(first, last)
        right_node, right_value, right_weight = right.rows(first, last)
        key = right.pack(right_node - first, right_value)
        order = np.argsort(key)
        key, right_weight = key[order], right_weight[order]
        start = _starts(right.sizes[first:last])
        # Each node has a running sum of its own: a difference of longer sums would lose the tail.
        running = np.zeros(len(key) + 1)
        for begin, end in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
            np.cumsum(right_weight[begin:end], out=running[begin + 1 : end + 1])
        found = np.searchsorted(key, right.pack(node - first, limit - value), side="right")
        below = np.where(found > start[node - first], running[found], 0.0)
        total += float((weight * below).sum())
    return total


@dataclass(frozen=True)
class _Half:
    """Paths, and the arcs that lengthen them by one column."""

    arcs: _Arcs
    paths: _Paths

    @cached_property
    def sizes(self) -> IntArray:
        """Number of lengthened paths at each node."""
        sizes: IntArray = np.diff(_starts(self.paths.size[self.arcs.other])[self.arcs.start])
        return sizes

    @cached_property
    def span(self) -> int:
        """Different log-probabilities that a lengthened path may have, and one below."""
        return 2 - int(self.arcs.step.min(initial=0) + self.paths.value.min(initial=0))

    @property
    def max_groups(self) -> int:
        return (1 << _KEY_BITS) // self.span

    def pack(self, group: IntArray, value: IntArray) -> IntArray:
        """Write a node and a log-probability as one sortable whole number."""
        return group * np.int64(self.span) + np.clip(value + (self.span - 1), 0, self.span - 1)

    def rows(self, first: int, last: int) -> tuple[IntArray, IntArray, FloatArray]:
        """Node, log-probability and probability of the lengthened paths at these nodes."""
        arcs = self.arcs.where(slice(self.arcs.start[first], self.arcs.start[last]))
        size = self.paths.size[arcs.other]
        start = _starts(size)
        taken = np.arange(start[-1]) + np.repeat(self.paths.start[arcs.other] - start[:-1], size)
        return (
            np.repeat(arcs.node, size),
            self.paths.value[taken] + np.repeat(arcs.step, size),
            self.paths.weight[taken] * np.repeat(arcs.weight, size),
        )

    def lengthened(self, work: _Work) -> _Paths:
        """Lengthen the paths, merging those that then are equally probable."""
        work.spend(_PATH_COST * self.sizes.sum())
        counts, values, weights = [], [], []
        for first, last in _blocks(self.sizes, self.max_groups):
            node, value, weight = self.rows(first, last)
            key = self.pack(node - first, value)
            order = np.argsort(key)
            key = key[order]
            # Where a block holds no path, nothing starts.
            start = np.flatnonzero(np.append(True, key[1:] != key[:-1]))[: len(key)]
            group, value = np.divmod(key[start], self.span)
            counts.append(np.bincount(group, minlength=last - first))
            values.append(value - (self.span - 1))
            weights.append(np.add.reduceat(weight[order], start))
        return _Paths(
            _starts(np.concatenate(counts)), np.concatenate(values), np.concatenate(weights)
        )
