"""What a number rests on: print, what print imposed on the rebuilt rows, or what it leaves open.

The rows that the report is computed from were rebuilt from print. That a number which comes out of
them agrees with print proves something or nothing, according to what it counts:

``print``
    printed numbers and the council's figures only; no rebuilt row is in it;
``imposed``
    counts that the rows were made to have, because a printed statement has them, and functions of
    such counts: that they agree says that the thesis agrees with itself;
``selected``
    what the rows were chosen for among all those that print allows: the quadrants of the map;
``determined``
    a joint count that nobody imposed, and which is proved to be the same in every table that print
    allows. That it is the same in all the tables that were found is no proof: such a count is open;
``open``
    a joint count that print does not settle, as far as is known.

With a table of real answers in the place of the rebuilt rows everything that asks the answers rests
on ``answers``.

What was imposed is derived from the printed statements that stand (`analysis.reconstruction`), the
same that the solver was given: nobody keeps a list of it.

Examples
--------
>>> [str(rests_on([Atom(frozenset(each))])) for each in ({"age", "frequency"}, {"age", "purpose"})]
['imposed', 'open']
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from analysis.reconstruction.statements import standing
from analysis.survey import VARIABLES, is_rebuilt
from analysis.survey.schema import GROUPS

__all__ = ["Atom", "RestsOn", "rests_on"]


class RestsOn(StrEnum):
    """What a number rests on."""

    PRINT = "print"
    IMPOSED = "imposed"
    SELECTED = "selected"
    DETERMINED = "determined"
    OPEN = "open"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Atom:
    """Something that is asked of the answers.

    Attributes
    ----------
    variables : frozenset of str
        The variables that are counted together.
    group : str
        ``users`` or ``non_users`` where their clusters are asked about, else empty.
    cell : tuple
        Cluster, variable and level then; empty for a whole table.
    is_selected : bool
        Whether it is a reading of the map, by which the rows were chosen.
    """

    variables: frozenset[str]
    group: str = ""
    cell: tuple[int, str, str] | tuple[()] = ()
    is_selected: bool = False


def rests_on(atoms: Iterable[Atom]) -> RestsOn:
    """Say what a number rests on.

    Parameters
    ----------
    atoms : iterable of Atom
        All that the number asks of the answers; nothing, for a number of print only.
    """
    asked = tuple(atoms)
    if not asked:
        return RestsOn.PRINT
    if not is_rebuilt():
        return RestsOn.ANSWERS
    if any(not atom.is_selected and not _is_imposed(atom) for atom in asked):
        return RestsOn.OPEN
    return RestsOn.SELECTED if any(atom.is_selected for atom in asked) else RestsOn.IMPOSED


def _is_imposed(atom: Atom) -> bool:
    if atom.cell:
        cluster, variable, level = atom.cell
        answer = {"uses_dmp": str(GROUPS["users" if atom.group == "users" else "non_users"])}
        where = answer | {"cluster": str(cluster), variable: level}
        return frozenset(where.items()) in _counted_cells()
    # The question itself says who was asked.
    asked = {VARIABLES[name].asked for name in atom.variables}
    own = atom.variables - ({"uses_dmp"} if asked - {"everyone"} else set())
    if "cluster" in own and not atom.group:
        return False
    return any(own <= together for together in _counted_together())


@cache
def _counted_together() -> frozenset[frozenset[str]]:
    """List the variables that a printed statement counts together.

    A statement that a count is nil says where nobody is, and not how many are elsewhere.
    """
    return frozenset(
        frozenset(variable for variable, _ in where)
        for statement in standing()
        for counts in statement.alternatives
        for count in counts
        if count.lowest == count.highest > 0
        for where in count.wheres
    )


@cache
def _counted_cells() -> frozenset[frozenset[tuple[str, str]]]:
    """List the answers whose number a printed statement gives, and leaves no choice of."""
    return frozenset(
        frozenset(where)
        for statement in standing()
        if len(statement.alternatives) == 1
        for count in statement.alternatives[0]
        if count.lowest == count.highest and len(count.wheres) == 1
        for where in count.wheres
    )
