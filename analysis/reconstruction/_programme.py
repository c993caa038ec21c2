"""The counts of both groups as unknowns, and what ties them, whatever solves it.

Each group has one table of unknowns for each clique of `respondents`; the tables of a group agree
on the columns that they share. These are the fixed parts of a programme: what print says comes to
them, in `_model` for OR-tools CP-SAT and in `bounds` for HiGHS.

A question may ask of columns that no clique holds together. `Programme.ask` adds one table over
these columns and all the *separators* between the cliques that have them, which agrees with each of
those cliques on what it shares with it. Whatever counts satisfy the programme are those of rows,
and nothing is lost or gained by it:

- two tables of whole numbers that agree on the columns they share are the margins of a third: the
  doctors that both count in a cell of the shared columns are as many, and are matched one by one;
- a column that two cliques share lies in every separator on the way between them, and so in the new
  table, so that the cliques around it are matched with it one after the other, each on all that it
  shares with what was matched before (the running intersection property);
- of a column that no separator has, the new table keeps only whether the answer is among those
  asked about: that is a column of the clique as well, with two levels.

The least and the greatest count over the programme are therefore those over all rows that print
allows, and not an outer bound of them.

References
----------
Lauritzen, S. L. (1996). Graphical Models, chapters 2 and 4. Oxford University Press.

Graham, M. H. (1979). On the universal relation. University of Toronto (how the cliques that a
question needs are found).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.reconstruction.constraints import Where
from analysis.reconstruction.respondents import CLIQUES, LEVELS, combinations
from analysis.survey.schema import GROUPS, ITEMS, VARIABLES, Group

Clique = tuple[str, ...]
Cells = dict[tuple[str, ...], int]
"""By combination of levels, the position of an unknown."""
Equal = tuple[tuple[int, ...], tuple[int, ...]]
"""Unknowns that have the same sum as others."""
Conditions = Mapping[str, Collection[str]]
"""By column, the levels of those who are counted."""


@dataclass(frozen=True)
class Asked:
    """What a question adds to a programme.

    Attributes
    ----------
    n_unknowns : int
        Those of the programme, and the new ones after them.
    equal : tuple of pairs of tuples of int
        Sums of unknowns that are equal.
    counted : tuple of int
        The unknowns whose sum is the count.
    """

    n_unknowns: int
    equal: tuple[Equal, ...]
    counted: tuple[int, ...]


class Programme:
    """The unknowns of both groups.

    Parameters
    ----------
    items : collection of str
        The Likert items that are asked about or that a statement is about. Nothing but the size of
        the group ties an item to the rest: one that is not named here has no unknowns.
    levels : dict, optional
        Levels of each column of each group, those of `respondents` by default.

    Attributes
    ----------
    names : list of str
        Of the unknowns, in their order.
    cells : dict of str to dict of tuple to Cells
        By group and clique.
    equal : list of pairs of tuples of int
        Sums of unknowns that are equal.
    """

    def __init__(
        self, items: Collection[str], levels: Mapping[Group, Mapping[str, tuple[str, ...]]] = LEVELS
    ) -> None:
        self.names: list[str] = []
        self._levels = levels
        self._numbers: dict[Where, tuple[int, ...]] = {}
        self.cells: dict[Group, dict[Clique, Cells]] = {
            group: {
                clique: self._new_cells(group, clique)
                for clique in CLIQUES[group]
                if clique[0] not in ITEMS or clique[0] in items
            }
            for group in GROUPS
        }
        self.equal = [pair for group in GROUPS for pair in self._agreeing(group)]

    def _new_cells(self, group: Group, clique: Clique) -> Cells:
        first = len(self.names)
        found = combinations(group, clique, self._levels[group])
        self.names += [f"{group} {' '.join(each)}" for each in found]
        return {each: first + position for position, each in enumerate(found)}

    def _agreeing(self, group: Group) -> Iterator[Equal]:
        """Make the tables of a group agree on the columns they share, and on their sum."""
        for known, clique, shared in self._joins(group):
            levels = {part(key, known, shared) for key in self.cells[group][known]}
            levels |= {part(key, clique, shared) for key in self.cells[group][clique]}
            for each in sorted(levels):
                where = tuple(zip(shared, each, strict=True))
                yield self._having(group, known, where), self._having(group, clique, where)

    def _joins(self, group: Group) -> list[tuple[Clique, Clique, tuple[str, ...]]]:
        return [join for join in joins(group) if join[1] in self.cells[group]]

    def _having(self, group: Group, clique: Clique, where: Where) -> tuple[int, ...]:
        wanted = [(clique.index(column), level) for column, level in where]
        return tuple(
            cell
            for levels, cell in self.cells[group][clique].items()
            if all(levels[position] == level for position, level in wanted)
        )

    def number(self, where: Where) -> tuple[int, ...]:
        """Give the unknowns whose sum is the doctors who have these answers.

        Parameters
        ----------
        where : tuple of (str, str)
            Columns of one clique, and ``uses_dmp`` unless both groups are counted.
        """
        if where not in self._numbers:
            self._numbers[where] = self._number(where)
        return self._numbers[where]

    def _number(self, where: Where) -> tuple[int, ...]:
        answer = dict(where).get("uses_dmp")
        rest = tuple(pair for pair in where if pair[0] != "uses_dmp")
        columns = {column for column, _ in rest}
        return tuple(
            cell
            for group in GROUPS
            if answer in {GROUPS[group], None}
            for cell in self._having(
                group, next(c for c in CLIQUES[group] if columns <= set(c)), rest
            )
        )

    def ask(self, asked: Mapping[Group, Conditions]) -> Asked:
        """Add what is needed to count the doctors who fulfil all conditions.

        Parameters
        ----------
        asked : dict of str to Conditions
            By group; the doctors of several are added up.

        Returns
        -------
        Asked
            The programme itself stays as it is.
        """
        n_unknowns, equal, counted = len(self.names), list[Equal](), list[int]()
        for group, conditions in asked.items():
            cliques, separators = self._needed(group, set(conditions))
            if len(cliques) == 1:
                (clique,) = cliques
                cells = self.cells[group][clique]
                counted += [cell for key, cell in cells.items() if _holds(key, clique, conditions)]
                continue
            joint = _Joint(separators, conditions, [(c, self.cells[group][c]) for c in cliques])
            positions = {
                key: n_unknowns + rank
                for rank, key in enumerate(joint.combinations(self._levels[group]))
            }
            equal += joint.agreeing(positions)
            counted += [positions[key] for key in positions if joint.is_counted(key)]
            n_unknowns += len(positions)
        return Asked(n_unknowns, tuple(equal), tuple(counted))

    def _needed(self, group: Group, columns: set[str]) -> tuple[list[Clique], set[str]]:
        """Find the fewest cliques that hang together and have all columns, and their separators.

        A clique at an end of the tree that has none of the columns to itself is taken away, and so
        on until none is (Graham's reduction).
        """
        cliques, edges = list(self.cells[group]), self._joins(group)
        while True:
            spare = next(
                (
                    (clique, edge)
                    for clique in cliques
                    for edge in edges
                    if clique in edge[:2]
                    and columns & set(clique) <= set(edge[2])
                    and sum(clique in other[:2] for other in edges) == 1
                ),
                None,
            )
            if spare is None:
                return cliques, {column for *_, shared in edges for column in shared}
            cliques.remove(spare[0])
            edges.remove(spare[1])


class _Joint:
    """A table over the columns of a question and the separators of the cliques that it needs."""

    def __init__(
        self, separators: set[str], conditions: Conditions, cliques: Sequence[tuple[Clique, Cells]]
    ) -> None:
        self._conditions = conditions
        self._separators = separators
        wanted = separators | set(conditions)
        self._columns = tuple(name for name in VARIABLES if name in wanted)
        self._margins: list[tuple[tuple[int, ...], dict[tuple[str, ...], list[int]]]] = []
        for clique, cells in cliques:
            own = tuple(column for column in self._columns if column in clique)
            margin: dict[tuple[str, ...], list[int]] = {}
            for key, cell in cells.items():
                levels = part(key, clique, own)
                kept = tuple(map(self._kept, own, levels))
                margin.setdefault(kept, []).append(cell)
            self._margins.append((tuple(map(self._columns.index, own)), margin))

    def _kept(self, column: str, level: str) -> str:
        """Keep the level of a separator, and of another column whether it is asked about."""
        return level if column in self._separators else str(level in self._conditions[column])

    def combinations(self, levels: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """List the cells of which every clique knows its part."""
        kept = [
            dict.fromkeys(self._kept(column, level) for level in levels[column])
            for column in self._columns
        ]
        for key in itertools.product(*kept):
            if all(tuple(key[i] for i in at) in margin for at, margin in self._margins):
                yield key

    def agreeing(self, positions: Cells) -> Iterator[Equal]:
        """Make the table agree with each clique."""
        for at, margin in self._margins:
            own: dict[tuple[str, ...], list[int]] = {key: [] for key in margin}
            for key, position in positions.items():
                own[tuple(key[i] for i in at)].append(position)
            for key, cells in margin.items():
                yield tuple(own[key]), tuple(cells)

    def is_counted(self, key: tuple[str, ...]) -> bool:
        """Say whether the doctors of a cell fulfil the conditions."""
        return all(
            level in self._conditions[column] if column in self._separators else level == str(True)
            for column, level in zip(self._columns, key, strict=True)
            if column in self._conditions
        )


def _holds(key: tuple[str, ...], clique: Clique, conditions: Conditions) -> bool:
    return all(key[clique.index(column)] in levels for column, levels in conditions.items())


def joins(
    group: Group,
) -> list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Say how the cliques of a group hang together.

    Returns
    -------
    list of (known, clique, shared)
        For each clique but the first, a clique before it and the columns they share, which are all
        that it shares with those before it; none where it is on its own.

    Examples
    --------
    >>> joins("users")[0]
    (('cluster', 'age', 'frequency'), ('cluster', 'frequency', 'purpose'), ('cluster', 'frequency'))
    """
    found = []
    for position, clique in enumerate(CLIQUES[group][1:], start=1):
        before = CLIQUES[group][:position]
        seen = {column for known in before for column in known}
        shared = tuple(column for column in clique if column in seen)
        known = next(known for known in before if set(shared) <= set(known))
        found.append((known, clique, shared))
    return found


def part(
    levels: tuple[str, ...], clique: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Take the levels of some columns of a clique.

    Examples
    --------
    >>> part(("1", "<29", "annuel"), ("cluster", "age", "frequency"), ("frequency",))
    ('annuel',)
    """
    return tuple(levels[clique.index(column)] for column in columns)
