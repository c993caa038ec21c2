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
        together, cells = _imposed()
        if self.cell:
            cluster, variable, level = self.cell
            uses = GROUPS["users" if self.group == "users" else "non_users"]
            own = frozenset({("uses_dmp", uses), ("cluster", str(cluster)), (variable, level)})
            return own in cells
        # The question itself says who was asked.
        asked = {VARIABLES[name].asked for name in self.variables}
        names = self.variables - ({"uses_dmp"} if asked - {"everyone"} else set())
        if "cluster" in names and not self.group:
            return False
        return any(names <= each for each in together)

    @property
    def is_determined(self) -> bool:
        """Whether every table that print allows has it, or what it is part of."""
        if self.is_proved or not self.where:
            return self.is_proved
        question = ask(self.where)
        return all(known(question, group).is_determined for group in question.groups)


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


@cache
def _imposed() -> tuple[frozenset[frozenset[str]], frozenset[frozenset[tuple[str, str]]]]:
    """List the variables that print counts together, and the answers whose number it gives.

    A statement that a count is nil says where nobody is, and not how many are elsewhere. One that
    leaves a choice gives no number.
    """
    exact = [
        (statement, count)
        for statement in standing()
        for counts in statement.alternatives
        for count in counts
        if count.lowest == count.highest
    ]
    return frozenset(
        frozenset(dict(where)) for _, count in exact if count.highest for where in count.wheres
    ), frozenset(
        frozenset(count.wheres[0])
        for statement, count in exact
        if len(statement.alternatives) == len(count.wheres) == 1
    )
