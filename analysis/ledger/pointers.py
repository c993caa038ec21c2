"""Pointers: every number that a regenerated object compares with print, under a name of its own.

A pointer names an object of the register, then the row, the column and the rank within the cell
where the thesis prints the number: ``tb3:age/<29:users:1``. A statistic has one number, and its id
is the pointer: ``s4``.

The objects compare numbers (`analysis.report.show.tables`); where each stands in the printed table
is found from its line and its text.

Examples
--------
>>> check_of("tb3:age/<29:users:1").computed
2
"""

from __future__ import annotations

import re
from functools import cache

from analysis.printed import Place, places, table_ids
from analysis.printed.sections import span
from analysis.report.register import Entry, entries
from analysis.report.show.figures import Figure
from analysis.report.show.tables import Check, Statistic, Table
from analysis.survey.respondents import per_table

_POINTER = re.compile(r"[a-z]+\d*[a-z]*(:.+)?")
_SHARED = ("opinions", "recruitment", "statistics")
"""Printed numbers of sentences that belong to several objects."""


def is_pointer(key: str) -> bool:
    """Tell a pointer from an expression.

    Examples
    --------
    >>> is_pointer("s4"), is_pointer("tb3:age/<29:users:1"), is_pointer("n('age')")
    (True, True, False)
    """
    return _POINTER.fullmatch(key) is not None


def object_of(pointer: str) -> str:
    """Name the object that a pointer points into."""
    return pointer.partition(":")[0]


@cache
def registered_objects() -> dict[str, Entry]:
    """List the regenerated objects, by id."""
    return {entry.id: entry for entry in entries()}


@per_table
def checks_of(object_id: str) -> dict[str, Check]:
    """Give the comparisons that a regenerated object makes, each under its pointer.

    Raises
    ------
    LookupError
        If nothing of this name is registered.
    """
    if object_id not in registered_objects():
        raise LookupError(f"no table, figure or statistic {object_id} is regenerated")
    made = registered_objects()[object_id].make()
    if isinstance(made, Statistic):
        return {object_id: made.check}
    if not isinstance(made, Table | Figure):
        return {}
    own = [name for name in (object_id, f"{object_id}_chi2") if name in table_ids()]
    free = [place for name in (*own, *_SHARED) for place in places(name)]
    found: dict[str, Check] = {}
    for check in made.checks:
        place = next((each for each in free if _is_at(check, each)), None)
        if place is not None:
            free.remove(place)
        address = place.address if place else f"l. {check.line}:{len(found) + 1}"
        found[f"{object_id}:{address}"] = check
    return found


def check_of(pointer: str) -> Check:
    """Find the comparison that a pointer points to.

    Raises
    ------
    LookupError
        If the object is not regenerated, or compares no such number.
    """
    object_id = object_of(pointer)
    found = checks_of(object_id)
    if pointer not in found:
        raise LookupError(f"{object_id} compares no such number with print")
    return found[pointer]


def _is_at(check: Check, place: Place) -> bool:
    first, last = span(check.line)
    from_line, to_line = span(place.line)
    return place.number.text == check.printed.text and from_line <= first and last <= to_line
