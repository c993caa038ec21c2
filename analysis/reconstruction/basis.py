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
    allows (`analysis.reconstruction.bounds`); or something that is proved of all that such counts
    may be. That a count is the same in all the tables that were found is no proof;
``open``
    a joint count that is not proved: in the words of the bounds, it is open or bounded.

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

from analysis.reconstruction.bounds import known
from analysis.reconstruction.statements import standing
from analysis.survey import VARIABLES, is_rebuilt
from analysis.survey.question import ask
from analysis.survey.schema import GROUPS


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
    where : str
        The count, as a question; empty for a whole table.
    is_proved : bool
        Whether it is part of something that is proved whatever this count may be.
    is_selected : bool
        Whether it is a reading of the map, by which the rows were chosen.
    """

    variables: frozenset[str]
    group: str = ""
    cell: tuple[int, str, str] | tuple[()] = ()
    is_selected: bool = False
    where: str = ""
    is_proved: bool = False

    @property
    def is_imposed(self) -> bool:
        """Whether the rows were made to have it."""
        return _is_imposed(self)

    @property
    def is_determined(self) -> bool:
        """Whether every table that print allows has it, or what it is part of."""
        return self.is_proved or _is_determined(self.where)


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
    joint = [atom for atom in asked if not atom.is_selected and not atom.is_imposed]
    if not all(atom.is_determined for atom in joint):
        return RestsOn.OPEN
    if any(atom.is_selected for atom in asked):
        return RestsOn.SELECTED
    return RestsOn.DETERMINED if joint else RestsOn.IMPOSED


def _is_determined(where: str) -> bool:
    if not where:
        return False
    question = ask(where)
    return all(known(question, group).is_determined for group in question.groups)


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
