"""The counts of both groups as unknowns, and what ties them, whatever solves it.

Each group has one table of unknowns for each clique of `respondents`; the tables of a group agree
on the columns that they share. These are the fixed parts of a programme: what print says comes to
them, in `margins` for OR-tools CP-SAT and in `bounds` for HiGHS.

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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from analysis.reconstruction.respondents import CLIQUES, LEVELS, combinations
from analysis.reconstruction.statements import Count
from analysis.survey.schema import GROUPS, ITEMS, VARIABLES, Group

Clique = tuple[str, ...]
Level = str | bool
"""An answer; of some columns, whether it is one of those that are asked about."""
Equal = tuple[list[int], list[int]]
"""Unknowns that have the same sum as others."""
Conditions = Mapping[str, Collection[str]]
"""By column, the levels of those who are counted."""


@dataclass(frozen=True)
class Table:
    """Numbers of doctors by their answers.

    Attributes
    ----------
    columns : tuple of str
    cells : dict of tuple to list of int
        By a level for each column, the unknowns whose sum is the number.
    """

    columns: Clique
    cells: dict[tuple[Level, ...], list[int]]

    def margin(
        self,
        columns: Clique,
        kept: Callable[[str, Level], Level] = lambda _, level: level,
    ) -> Table:
        """Add the numbers up over all columns but some, of whose levels something may be kept.

        Examples
        --------
        >>> Table(("age", "place"), {("<29", "seul"): [0], (">70", "seul"): [1]}).margin(("place",))
        Table(columns=('place',), cells={('seul',): [0, 1]})
        """
        places = [(column, self.columns.index(column)) for column in columns]
        cells: dict[tuple[Level, ...], list[int]] = {}
        for levels, unknowns in self.cells.items():
            key = tuple(kept(column, levels[place]) for column, place in places)
            cells.setdefault(key, []).extend(unknowns)
        return Table(columns, cells)

    def agreeing(self, other: Table) -> Iterator[Equal]:
        """Make the table agree with another one that has its columns."""
        for levels in sorted({*self.cells, *other.cells}):
            yield self.cells.get(levels, []), other.cells.get(levels, [])


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
    n_unknowns : int
    tables : dict of str to dict of tuple to Table
        By group and clique.
    equal : list of pairs of lists of int
        Sums of unknowns that are equal.
    """

    def __init__(
        self, items: Collection[str], levels: Mapping[Group, Mapping[str, tuple[str, ...]]] = LEVELS
    ) -> None:
        self._levels = levels
        numbers = itertools.count()
        self.tables: dict[Group, dict[Clique, Table]] = {
            group: {
                clique: Table(
                    clique,
                    {each: [next(numbers)] for each in combinations(clique, levels[group])},
                )
                for clique in CLIQUES[group]
                if clique[0] not in ITEMS or clique[0] in items
            }
            for group in GROUPS
        }
        self.n_unknowns = next(numbers)
        self.equal = [
            pair
            for group, tables in self.tables.items()
            for known, clique, shared in joins(tables)
            for pair in tables[known].margin(shared).agreeing(tables[clique].margin(shared))
        ]
        self._margin = cache(self._margin_of)

    def _margin_of(self, group: Group, columns: Clique) -> Table:
        tables = self.tables[group].values()
        return next(each for each in tables if set(columns) <= set(each.columns)).margin(columns)

    def number(self, count: Count) -> list[int]:
        """Give the unknowns whose sum is the number of doctors of a count.

        Parameters
        ----------
        count : Count
            Its columns are those of one clique, and ``uses_dmp`` unless both groups are counted.
        """
        found = []
        for where in count.wheres:
            answers = dict(where)
            asked = answers.pop("uses_dmp", None)
            for group, answer in GROUPS.items():
                if asked in {answer, None}:
                    cells = self._margin(group, tuple(answers)).cells
                    found += cells.get(tuple(answers.values()), [])
        return found

    def ask(self, asked: Mapping[Group, Conditions]) -> tuple[int, list[Equal], list[int]]:
        """Add what is needed to count the doctors who fulfil all conditions.

        Parameters
        ----------
        asked : dict of str to Conditions
            By group; the doctors of several are added up.

        Returns
        -------
        tuple of (int, list of pairs of lists of int, list of int)
            The number of unknowns, of which the new ones come last; new sums that are equal; and
            the unknowns whose sum is the count. The programme itself stays as it is.
        """
        n_unknowns, equal, counted = self.n_unknowns, list[Equal](), list[int]()
        for group, conditions in asked.items():
            joint, tied = self._joint(group, conditions, n_unknowns)
            n_unknowns += len(joint.cells)
            equal += tied
            counted += [
                cell
                for key, (cell,) in joint.cells.items()
                if all(
                    level is True or level in conditions.get(column, (level,))
                    for column, level in zip(joint.columns, key, strict=True)
                )
            ]
        return n_unknowns, equal, counted

    def _joint(self, group: Group, conditions: Conditions, first: int) -> tuple[Table, list[Equal]]:
        """Make the table of a question, of unknowns from the first one on, and what ties it."""
        tables, separators = self._needed(group, conditions.keys())
        columns = tuple(name for name in VARIABLES if name in separators | conditions.keys())

        def kept(column: str, level: Level) -> Level:
            return level if column in separators else level in conditions[column]

        levels = (
            dict.fromkeys(kept(column, level) for level in self._levels[group][column])
            for column in columns
        )
        keys = enumerate(itertools.product(*levels), start=first)
        joint = Table(columns, {key: [cell] for cell, key in keys})
        tied: list[Equal] = []
        for table in tables:
            own = tuple(column for column in columns if column in table.columns)
            tied += joint.margin(own).agreeing(table.margin(own, kept))
        return joint, tied

    def _needed(self, group: Group, columns: Collection[str]) -> tuple[list[Table], set[str]]:
        """Find the fewest cliques that hang together and have all columns, and their separators.

        A clique at an end of the tree that has none of the columns to itself is taken away, and so
        on until there is none (Graham's reduction).
        """
        tables, edges = dict(self.tables[group]), joins(self.tables[group])
        # What is left of the last ones hangs on the first ones, which are looked at then.
        for clique in (*reversed(tables), *tables):
            own = [edge for edge in edges if clique in edge[:2]]
            if len(own) == 1 and set(columns) & set(clique) <= set(own[0][2]):
                del tables[clique]
                edges.remove(own[0])
        return list(tables.values()), {column for *_, shared in edges for column in shared}


def joins(cliques: Iterable[Clique]) -> list[tuple[Clique, Clique, Clique]]:
    """Say how the cliques of a group hang together.

    Parameters
    ----------
    cliques : iterable of tuple of str
        What one shares with those before it lies in one of them.

    Returns
    -------
    list of (known, clique, shared)
        For each clique but the first, a clique before it and the columns they share, which are all
        that it shares with those before it; none where it is on its own.

    Examples
    --------
    >>> joins(CLIQUES["users"])[0]
    (('cluster', 'age', 'frequency'), ('cluster', 'frequency', 'purpose'), ('cluster', 'frequency'))
    """
    first, *others = cliques
    found, before = [], [first]
    for clique in others:
        shared = tuple(column for column in clique if any(column in known for known in before))
        known = next(known for known in before if set(shared) <= set(known))
        found.append((known, clique, shared))
        before.append(clique)
    return found
