"""What a claim rests on, and whether print determines it.

The rows that the report is computed from were rebuilt from print. A number that comes out of them
can be one of four things:

``printed``
    it rests on printed numbers and on the council's figures only; no rebuilt row is in it;
``imposed``
    it rests on counts that the rows were made to have, because the thesis prints them: that it
    agrees says that the thesis agrees with itself;
``determined``
    it rests on a joint count that nobody imposed, and which is the same in every table of both
    ensembles: print leaves no other value that we know of;
``open``
    it differs from one table of the ensembles to another: print does not settle it.

With a table of real answers in the place of the rebuilt rows (``DMP_RESPONDENTS``) everything that
asks the answers is ``answers``.

Examples
--------
>>> from analysis.printed import Claim
>>> def of(key):
...     claim = Claim("a", "III", "200", "verbal", key, "x", "", "", "")
...     engine = Engine([claim])
...     return str(provenances(engine)["a"])
>>> of("recruited('replies_mail') < 100"), of("n('age', '50-59', uses_dmp='oui') > 9")
('printed', 'imposed')
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, cached_property

import pandas as pd

from analysis.ledger.engine import Engine, Outcome
from analysis.ledger.pointers import is_pointer, object_of
from analysis.ledger.vocabulary import CLUSTERED, Atom
from analysis.printed import Verdict
from analysis.reconstruction._annexe import read_clusters
from analysis.reconstruction.ensemble import stored
from analysis.survey import GROUPS, VARIABLES, is_rebuilt, load

__all__ = ["Provenance", "provenances"]


class Provenance(StrEnum):
    """What a number rests on."""

    PRINTED = "printed"
    IMPOSED = "imposed"
    DETERMINED = "determined"
    OPEN = "open"
    ANSWERS = "answers"
    NOTHING = ""


_IMPOSED_TOGETHER = tuple(
    frozenset(each)
    for each in (
        {"age", "uses_dmp"},
        {"practice", "uses_dmp"},
        {"place", "uses_dmp"},
        {"practice_type", "uses_dmp"},
        {"age", "frequency"},
        {"frequency", "purpose"},
        {"barrier_1"},
        {"barrier_2"},
        {"intends_to_use"},
        {"change_training"},
        {"change_integration"},
        {"change_money"},
        *({f"t{item}", "uses_dmp"} for item in range(1, 19)),
    )
)
_DEALT = frozenset(
    {"intends_to_use", "change_training", "change_integration", "change_money"}
    | {f"t{item}" for item in range(1, 19)}
)
"""Answers dealt at random within a group: their link with anything else is ours."""
_PRINT_ONLY = ("taii",)
_READ_OFF_THE_MAP = ("tc1", "tc2", "tc3", "tc4", "f9", "f10")


def provenances(engine: Engine) -> dict[str, Provenance]:
    """Say what each claim rests on, by id.

    Parameters
    ----------
    engine : Engine
        What recomputes the claims.

    Raises
    ------
    ExpressionError
        If the key of a claim leads nowhere.
    """
    elsewhere = _Elsewhere(engine)
    return {each.claim.id: _provenance(each, elsewhere) for each in engine.outcomes()}


class _Elsewhere:
    """The claims over the other tables that print allows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _engines(self) -> list[Engine]:
        return [self._engine.over(frame) for frame in _tables()]

    def agrees(self, outcome: Outcome) -> bool:
        """Tell whether a claim comes out the same over all of them."""
        others = (engine.outcome(outcome.claim).text for engine in self._engines)
        return all(text == outcome.text for text in others)


def _provenance(outcome: Outcome, elsewhere: _Elsewhere) -> Provenance:
    if outcome.verdict is Verdict.NOT_RECOMPUTABLE:
        return Provenance.NOTHING
    key = outcome.claim.key
    is_printed = object_of(key) in _PRINT_ONLY if is_pointer(key) else not outcome.atoms
    if is_printed:
        return Provenance.PRINTED
    if not is_rebuilt():
        return Provenance.ANSWERS
    return _of_pointer(key) if is_pointer(key) else _of_atoms(outcome, elsewhere)


def _of_pointer(pointer: str) -> Provenance:
    read_off = object_of(pointer) in _READ_OFF_THE_MAP
    return Provenance.OPEN if read_off else Provenance.IMPOSED


def _of_atoms(outcome: Outcome, elsewhere: _Elsewhere) -> Provenance:
    apart = [atom for atom in outcome.atoms if not _is_imposed(atom)]
    if not apart:
        return Provenance.IMPOSED
    if any(atom.variables & _DEALT for atom in apart) or not elsewhere.agrees(outcome):
        return Provenance.OPEN
    return Provenance.DETERMINED


def _is_imposed(atom: Atom) -> bool:
    asked = {VARIABLES[name].asked for name in atom.variables}
    own = atom.variables - ({"uses_dmp"} if asked - {"everyone"} else set())
    if "cluster" not in own:
        return any(own <= together for together in _IMPOSED_TOGETHER)
    if not atom.group:
        return False
    is_whole_table = not atom.cell and own - {"cluster"} <= set(CLUSTERED[atom.group])
    return is_whole_table or atom.cell in _printed_cells(atom.group)


@cache
def _printed_cells(group: str) -> frozenset[tuple[int, str, str]]:
    """List the pairs of cluster and category that Annexe VI prints."""
    rows = read_clusters("users" if group == "users" else "non_users").rows
    return frozenset((row.cluster, row.variable, row.category) for row in rows)


@cache
def _tables() -> tuple[pd.DataFrame, ...]:
    """Put each member of an ensemble in the place of the canonical rows of its group."""
    columns = {name: column.to_numpy() for name, column in load().items()}
    tables = []
    for group, uses in GROUPS.items():
        own = columns["uses_dmp"] == uses
        for member in stored(group).members:
            changed = {str(name): columns[name].copy() for name in member.rows}
            for name, column in changed.items():
                column[own] = member.rows[name].astype(str)
            tables.append(pd.DataFrame(columns | changed))
    return tuple(tables)
