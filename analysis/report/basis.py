"""What each object of the report counts, and so what its numbers rest on.

A regenerated table, figure or test is named by its id; what is imposed of what it counts is derived
from the printed statements (`analysis.reconstruction.basis`), for the marks under the tables and
for the ledger alike.

Examples
--------
>>> str(basis_of("tb3")), str(basis_of("taii")), str(basis_of("tc1"))
('imposed', 'print', 'selected')
"""

from __future__ import annotations

from functools import cache

from analysis.printed import read_table
from analysis.reconstruction.basis import Atom, RestsOn, rests_on
from analysis.survey.schema import CLUSTERED, GROUPS, ITEMS, Group

_CHANGES = ("change_training", "change_integration", "change_money")
_COUNTED: dict[str, tuple[str, ...]] = {
    "f4": ("age frequency",),
    "tb2": (
        *("practice uses_dmp", "place uses_dmp", "barrier_1", "intends_to_use"),
        *_CHANGES,
    ),
    "tb3": ("age uses_dmp", "practice uses_dmp", "place uses_dmp"),
    **dict.fromkeys(("f5", "tc0"), ("barrier_1",)),
    "tv5": ("t9 uses_dmp", "t10 uses_dmp", "t11 uses_dmp", "t14 uses_dmp", "barrier_1"),
    "discussion": (
        *("frequency", "purpose", "age uses_dmp", "barrier_1", "change_money"),
        *(f"{item} uses_dmp" for item in ITEMS),
    ),
    "opinions": tuple(f"{item} uses_dmp" for item in ITEMS),
    "resumes": ("uses_dmp", "frequency", "age uses_dmp", "barrier_1", "t12 uses_dmp"),
    "recrutement": ("uses_dmp",),
}
"""The variables that an object counts together, by its id; `declare` adds to them."""
_ON_THE_MAP = ("tc1", "tc2", "tc3", "tc4", "f9", "f10")
_OF_CLUSTERS: dict[str, Group] = {
    **dict.fromkeys(("td0u", "tdu", "taviu"), "users"),
    **dict.fromkeys(("td0n", "tdn", "tavin"), "non_users"),
}


def basis_of(object_id: str) -> RestsOn:
    """Say what the numbers of an object rest on; those of an object that counts nobody, on print.

    Parameters
    ----------
    object_id : str
        Id of the inventory, in lower case, or the name of a table of our own.
    """
    return rests_on(atoms_of(object_id))


def declare(object_id: str, *variables: str) -> None:
    """Note which variables an object counts together."""
    _COUNTED[object_id] = (" ".join(variables),)


@cache
def atoms_of(object_id: str) -> frozenset[Atom]:
    """Give what an object asks of the answers."""
    if object_id in _ON_THE_MAP:
        return frozenset({Atom(frozenset(), is_selected=True)})
    group = _OF_CLUSTERS.get(object_id.rstrip("123456789")) or _clustered_tests().get(object_id)
    if group:
        return frozenset(Atom(frozenset({"cluster", name}), group) for name in CLUSTERED[group])
    together = _COUNTED.get(object_id) or _of_item(object_id)
    return frozenset(Atom(frozenset(names.split())) for names in together)


def _of_item(object_id: str) -> tuple[str, ...]:
    # Not before it is asked: the names of the figures are in a file, which is checked first.
    listed = read_table("opinions").itertuples()
    figures = {row.figure.lower(): row.table.lower() for row in listed}
    table = figures.get(object_id, object_id)
    return (f"{table} uses_dmp",) if table in ITEMS else ()


@cache
def _clustered_tests() -> dict[str, Group]:
    listed = read_table("statistics").itertuples()
    groups = {str(group): group for group in GROUPS}
    return {row.id.lower(): groups[row.group] for row in listed if row.group}
