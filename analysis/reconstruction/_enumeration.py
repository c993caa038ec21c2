"""Every contingency table of whole numbers with given margins, and how many lie in a window.

Concept
-------
A table of clusters by categories is filled one category after the other.  A *filling* deals the
doctors of one category to the clusters; what it leaves of the cluster sizes is the room of the
next one, and the last category takes what remains.  Some cells are known beforehand.  Categories
that nobody can tell apart (levels without a name, with the same total) are filled together, as one
*block*, in one order only: tables that differ by their names are one table.

With the margins fixed, the chi2 statistic depends on the cells through one sum only,
``chi2 + n = n sum k**2 / (K M)`` for k doctors in a cluster of K and a category of M.  Times a
common multiple of the denominators it is a whole number, so that tables are compared without
rounding.

Method
------
`tables` lists the tables, `count_in_windows` counts those whose sum lies in a window, out of
thousands of millions:
the categories are split into two halves, the partial tables of each half are reduced to their room
and their sum, and each of the one half looks up its complements in the sorted other half.  This is
the meeting in the middle of Horowitz and Sahni; its work is the square root of the number of
tables, and it leaves none out.

References
----------
Horowitz, E. and Sahni, S. (1974). Computing partitions with applications to the knapsack problem.
Journal of the ACM 21, 277-292. doi:10.1145/321812.321823
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

Fixed = Mapping[tuple[int, int], int]
"""Known cells: (cluster, category), by position, and the count."""

_BLOCK = 1 << 18
"""Partial tables handled at once."""


@dataclass(frozen=True)
class Margins:
    """Cluster sizes and category totals.

    Parameters
    ----------
    sizes : tuple of int
        Rows in each cluster, at least one.
    totals : tuple of int
        Rows of each category, at least one; the same sum.
    nameless : frozenset of int
        Positions of the categories without a name. Those with the same total are interchangeable.

    Raises
    ------
    ValueError
        If the two sums differ, a margin is not positive, or the whole numbers grow too large.

    Examples
    --------
    The 55 users, by cluster and by purpose (creation, ajout, consultation):

    >>> margins = Margins((12, 18, 10, 14, 1), (29, 16, 10))
    >>> margins.n, count_in_windows(margins, [(0, 3 * margins.scale)])
    (55, (513445,))
    """

    sizes: tuple[int, ...]
    totals: tuple[int, ...]
    nameless: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if min(self.sizes + self.totals, default=0) < 1 or sum(self.sizes) != sum(self.totals):
            raise ValueError(
                f"margins are positive and have one sum: sizes {self.sizes}, totals {self.totals}"
            )
        highest_sum = min(len(self.sizes), len(self.totals)) * self.scale
        if math.prod(size + 1 for size in self.sizes) * 2 * highest_sum >= 2**63:
            raise ValueError(
                f"the sums of such tables pass 63 bits: sizes {self.sizes}, totals {self.totals}"
            )

    @property
    def n(self) -> int:
        """Number of rows in all."""
        return sum(self.sizes)

    @property
    def scale(self) -> int:
        """Whole number that makes ``sum k**2 / (K M)`` a whole number."""
        return math.lcm(*self.sizes) * math.lcm(*self.totals)

    def scaled_sums(self, cells: IntArray) -> IntArray:
        """Return ``scale * sum k**2 / (K M)`` of each table.

        Parameters
        ----------
        cells : ndarray of shape (tables, clusters, categories)

        Returns
        -------
        ndarray of shape (tables,)
        """
        sums: IntArray = (cells**2 * self.weights).sum(axis=(1, 2))
        return sums

    @property
    def weights(self) -> IntArray:
        """Return ``scale / (K M)``, clusters by categories."""
        return self.scale // np.outer(np.array(self.sizes), np.array(self.totals))


@dataclass(frozen=True)
class _Block:
    """Interchangeable categories, and every way to deal them to the clusters."""

    categories: tuple[int, ...]
    fillings: IntArray
    """Of shape (fillings, clusters, categories of the block)."""

    @property
    def used(self) -> IntArray:
        """Doctors that each filling puts in each cluster."""
        used: IntArray = self.fillings.sum(axis=2)
        return used


def tables(margins: Margins, fixed: Fixed) -> IntArray:
    """List every table with these margins and these known cells.

    Parameters
    ----------
    margins : Margins
    fixed : mapping
        Known cells, (cluster, category) by position and the count. None of a nameless category.

    Returns
    -------
    ndarray of shape (tables, clusters, categories)
        No table twice; interchangeable categories in descending order.

    Examples
    --------
    >>> tables(Margins((2, 1), (2, 1)), {}).tolist()
    [[[1, 1], [1, 0]], [[2, 0], [0, 1]]]
    >>> tables(Margins((2, 1), (2, 1)), {(0, 0): 2}).tolist()
    [[[2, 0], [0, 1]]]
    """
    blocks = sorted(_blocks(margins, fixed), key=lambda block: len(block.fillings))
    last = blocks.pop()
    room = np.array([margins.sizes])
    choices = np.zeros((1, 0), dtype=np.int64)
    for block in blocks:
        pairs = list(_pairs_that_fit(room, block.used))
        left, right = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        room = room[left] - block.used[right]
        choices = np.column_stack((choices[left], right))
    # What remains belongs to the largest block; only its own fillings are allowed there.
    codes, wanted = _code(last.used, margins.sizes), _code(room, margins.sizes)
    order = np.argsort(codes, kind="stable")
    first = np.searchsorted(codes[order], wanted, side="left")
    ways = np.searchsorted(codes[order], wanted, side="right") - first
    kept = np.repeat(np.arange(len(room)), ways)
    rank = np.arange(len(kept)) - np.repeat(np.cumsum(ways) - ways, ways)
    choices = np.column_stack((choices[kept], order[first[kept] + rank]))
    cells = np.zeros((len(choices), len(margins.sizes), len(margins.totals)), dtype=np.int64)
    for block, chosen in zip([*blocks, last], choices.T, strict=True):
        cells[:, :, block.categories] = block.fillings[chosen]
    flat = cells.reshape(len(cells), len(margins.sizes) * len(margins.totals))
    return cells[np.lexsort(flat.T[::-1])]


def count_in_windows(margins: Margins, windows: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Count the tables whose scaled sum lies in each window, without listing them.

    Parameters
    ----------
    margins : Margins
    windows : sequence of (int, int)
        First and last scaled sum (`Margins.scaled_sums`) of each window; each window lies in the
        one before it.

    Returns
    -------
    tuple of int
        The number of tables, by window.

    Examples
    --------
    >>> margins = Margins((12, 18, 10, 14, 1), (29, 16, 10))
    >>> count_in_windows(margins, [(0, 5 * margins.scale), (0, 2 * margins.scale)])
    (513445, 503366)
    """
    halves = _split(_blocks(margins, {}))
    (left_code, left_sum, left_ways), right = (_partial_tables(margins, half) for half in halves)
    wanted = _code(np.array([margins.sizes]), margins.sizes)[0] - left_code
    bits = int(right[1].max()).bit_length()
    keys = (right[0] << bits) + right[1]
    running = np.concatenate(([0], np.cumsum(right[2])))
    numbers = []
    for lowest, highest in windows:
        # A limit outside the sums of a room is held within the keys of that room.
        least = np.clip(lowest - left_sum, 0, 1 << bits)
        most = np.clip(highest - left_sum, -1, (1 << bits) - 1)
        first = np.searchsorted(keys, (wanted << bits) + least, side="left")
        stop = np.searchsorted(keys, (wanted << bits) + most, side="right")
        met = stop > first
        first, stop = first[met], stop[met]
        wanted, left_sum, left_ways = wanted[met], left_sum[met], left_ways[met]
        numbers.append(int((left_ways * (running[stop] - running[first])).sum()))
    return tuple(numbers)


def _blocks(margins: Margins, fixed: Fixed) -> list[_Block]:
    """Group the categories that are interchangeable, and list the fillings of each group."""
    groups: dict[tuple[int, int], list[int]] = {}
    for category, total in enumerate(margins.totals):
        alone = -1 if category in margins.nameless else category
        groups.setdefault((alone, total), []).append(category)
    return [
        _Block(tuple(categories), _deal(margins, categories, fixed))
        for categories in groups.values()
    ]


def _deal(margins: Margins, categories: Sequence[int], fixed: Fixed) -> IntArray:
    """List the fillings of interchangeable categories, each set of them in one order."""
    allowed = [
        range(known, known + 1) if known is not None else range(size + 1)
        for cluster, size in enumerate(margins.sizes)
        for known in [fixed.get((cluster, categories[0]))]
    ]
    one = list(_compositions(margins.totals[categories[0]], allowed))
    several = list(itertools.combinations_with_replacement(one[::-1], len(categories)))
    shape = (len(several), len(categories), len(margins.sizes))
    fillings = np.array(several, dtype=np.int64).reshape(shape).transpose(0, 2, 1)
    fits: NDArray[np.bool_] = (fillings.sum(axis=2) <= margins.sizes).all(axis=1)
    return fillings[fits]


def _compositions(total: int, allowed: Sequence[range]) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write `total` as a sum of one allowed number a cluster, in order."""
    if not allowed:
        if total == 0:
            yield ()
        return
    for first in allowed[0]:
        if first > total:
            break
        for others in _compositions(total - first, allowed[1:]):
            yield (first, *others)


def _pairs_that_fit(room: IntArray, used: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield, in parts, the pairs of a room and a filling that does not overflow it."""
    step = max(1, _BLOCK // max(1, len(used)))
    for first in range(0, max(1, len(room)), step):
        fits = (room[first : first + step, np.newaxis] >= used).all(axis=2)
        left, right = np.nonzero(fits)
        yield left + first, right


def _code(used: IntArray, sizes: Sequence[int]) -> IntArray:
    """Give each row of cluster counts a number; that of a sum is the sum of the numbers."""
    code: IntArray = used @ _radix(sizes)
    return code


def _radix(sizes: Sequence[int]) -> IntArray:
    return np.array(
        [math.prod(size + 1 for size in sizes[:cluster]) for cluster in range(len(sizes))]
    )


def _split(blocks: list[_Block]) -> tuple[list[_Block], list[_Block]]:
    """Split the blocks into two halves with about as many partial tables."""
    halves: tuple[list[_Block], list[_Block]] = ([], [])
    richness = [0.0, 0.0]
    for block in sorted(blocks, key=lambda block: -len(block.fillings)):
        half = 0 if richness[0] <= richness[1] else 1
        halves[half].append(block)
        richness[half] += math.log(len(block.fillings))
    return halves


def _partial_tables(
    margins: Margins, blocks: Sequence[_Block]
) -> tuple[IntArray, IntArray, IntArray]:
    """Return code, scaled sum and number of the partial tables, sorted, no code and sum twice."""
    sizes = np.array(margins.sizes)
    used = np.zeros((1, len(sizes)), dtype=np.int64)
    sums, ways = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    code = np.zeros(1, dtype=np.int64)
    for block in sorted(blocks, key=lambda block: len(block.fillings)):
        weights = margins.weights[:, block.categories]
        step_sums = (block.fillings**2 * weights).sum(axis=(1, 2))
        step_code = _code(block.used, margins.sizes)
        parts = []
        for left, right in _pairs_that_fit(sizes - used, block.used):
            parts.append((code[left] + step_code[right], sums[left] + step_sums[right], ways[left]))
        code, sums, ways = (np.concatenate(part) for part in zip(*parts, strict=True))
        bits = int(sums.max()).bit_length()
        key = (code << bits) + sums
        order = np.argsort(key)
        key = key[order]
        start = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        ways = np.add.reduceat(ways[order], start)
        code, sums = key[start] >> bits, key[start] & ((1 << bits) - 1)
        used = code[:, np.newaxis] // _radix(margins.sizes) % (sizes + 1)
    return code, sums, ways
