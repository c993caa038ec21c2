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

A room is one whole number, with a field of bits a cluster and a spare bit above each field.  That
all clusters have room for a filling is then seen at once: with the spare bits set, the difference
of the two numbers keeps them, as none of its fields borrows.

References
----------
Horowitz, E. and Sahni, S. (1974). Computing partitions with applications to the knapsack problem.
Journal of the ACM 21, 277-292. doi:10.1145/321812.321823
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

Fixed = Mapping[tuple[int, int], int]
"""Known cells: (cluster, category), by position, and the count."""

_Block = tuple[list[int], IntArray]
"""Interchangeable categories, and the ways to fill them: (fillings, clusters, categories)."""


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
        if sum(map(_width, self.sizes)) + self.highest_sum.bit_length() > 62:
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

    @property
    def highest_sum(self) -> int:
        """No table has a larger scaled sum."""
        return min(len(self.sizes), len(self.totals)) * self.scale

    def scaled_sums(self, cells: IntArray, categories: Sequence[int] | None = None) -> IntArray:
        """Return ``scale * sum k**2 / (K M)`` of each table.

        Parameters
        ----------
        cells : ndarray of shape (tables, clusters, categories)
        categories : sequence of int, optional
            Positions of the categories of partial tables.

        Returns
        -------
        ndarray of shape (tables,)
        """
        weights = self.scale // np.outer(self.sizes, self.totals)
        own = weights if categories is None else weights[:, categories]
        sums: IntArray = (cells**2 * own).sum(axis=(1, 2))
        return sums


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
    units, spare = _packing(margins.sizes)
    room = np.array([units @ margins.sizes])
    cells = np.zeros((1, len(margins.sizes), len(margins.totals)), dtype=np.int64)
    for categories, fillings in _blocks(margins, fixed):
        used = fillings.sum(axis=2) @ units
        left, right = _pairs_that_fit(room, used, spare)
        room, cells = room[left] - used[right], cells[left]
        cells[:, :, categories] = fillings[right]
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
    (left_room, left_sum, left_ways), right = (_partial_tables(margins, half) for half in halves)
    # The other half fills what this one leaves: its room is what this one fills.
    wanted = _packing(margins.sizes)[0] @ margins.sizes - left_room
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


def _width(size: int) -> int:
    return size.bit_length() + 1


def _packing(sizes: Sequence[int]) -> tuple[IntArray, int]:
    """Return one doctor of each cluster as a room, and the spare bits of all clusters."""
    widths = list(map(_width, sizes))
    ends = np.cumsum(widths, dtype=np.int64)
    return 1 << (ends - widths), int((1 << (ends - 1)).sum())


def _blocks(margins: Margins, fixed: Fixed) -> list[_Block]:
    """Group the categories that are interchangeable, and list their fillings, the fewest first."""
    groups: dict[tuple[int, int], list[int]] = {}
    for category, total in enumerate(margins.totals):
        alone = -1 if category in margins.nameless else category
        groups.setdefault((alone, total), []).append(category)
    blocks = [(categories, _deal(margins, categories, fixed)) for categories in groups.values()]
    return sorted(blocks, key=lambda block: len(block[1]))


def _deal(margins: Margins, categories: Sequence[int], fixed: Fixed) -> IntArray:
    """List the fillings of interchangeable categories, each set of them in one order."""
    columns = np.indices([size + 1 for size in margins.sizes]).reshape(len(margins.sizes), -1).T
    is_one = columns.sum(axis=1) == margins.totals[categories[0]]
    for (cluster, category), count in fixed.items():
        if category == categories[0]:
            is_one &= columns[:, cluster] == count
    falling = columns[is_one][::-1]
    sets = itertools.combinations_with_replacement(range(len(falling)), len(categories))
    chosen = np.array(list(sets), dtype=np.int64).reshape(-1, len(categories))
    fillings: IntArray = falling[chosen].transpose(0, 2, 1)
    fits: NDArray[np.bool_] = (fillings.sum(axis=2) <= margins.sizes).all(axis=1)
    return fillings[fits]


def _pairs_that_fit(
    room: IntArray, used: IntArray, spare: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of a room and a filling that does not overflow it, by position."""
    fitting = [np.flatnonzero((room + (spare - each)) & spare == spare) for each in used]
    left = np.concatenate([np.empty(0, dtype=np.intp), *fitting])
    return left, np.repeat(np.arange(len(used)), list(map(len, fitting)))


def _split(blocks: Sequence[_Block]) -> tuple[list[_Block], list[_Block]]:
    """Split the blocks into two halves with about as many partial tables, the fewest first."""
    halves: tuple[list[_Block], list[_Block]] = ([], [])
    for block in reversed(blocks):
        half = min(halves, key=lambda half: math.prod(len(fillings) for _, fillings in half))
        half.insert(0, block)
    return halves


def _partial_tables(
    margins: Margins, blocks: Iterable[_Block]
) -> tuple[IntArray, IntArray, IntArray]:
    """Return room, scaled sum and number of the partial tables, sorted, no room and sum twice."""
    units, spare = _packing(margins.sizes)
    room = np.array([units @ margins.sizes])
    sums, ways = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    for categories, fillings in blocks:
        used, own = fillings.sum(axis=2) @ units, margins.scaled_sums(fillings, categories)
        left, right = _pairs_that_fit(room, used, spare)
        room, sums, ways = room[left] - used[right], sums[left] + own[right], ways[left]
        bits = int(sums.max()).bit_length()
        keys, same = np.unique((room << bits) + sums, return_inverse=True)
        room, sums = keys >> bits, keys & ((1 << bits) - 1)
        ways = np.bincount(same, ways).astype(np.int64)
    return room, sums, ways
