"""Bring the ledger up to date: ``python -m analysis.ledger.update``.

Three things are the machine's, and are written here and nowhere else:

- a claim for each printed number that a regenerated object compares with print, unless a claim made
  by hand covers the same number in the same line;
- the computed value and the verdict of every claim;
- the order, which is that of the lines, the thesis before the record of the second study.

What a hand wrote stays: keys, comments, kinds. A pointer that leads nowhere any more is dropped,
and named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.files import InputError
from analysis.ledger.engine import Engine
from analysis.ledger.expressions import ExpressionError
from analysis.ledger.pointers import checks_of, is_pointer, object_of, registered_objects
from analysis.printed import Claim, Reading, read_claims, read_readings
from analysis.printed.claims import write_claims
from analysis.printed.sections import NOTICE, span
from analysis.report.show.tables import Check

_NUMBERS = ("cell", "count", "percentage", "p_value")


def updated(claims: Iterable[Claim], readings: Iterable[Reading] = ()) -> tuple[Claim, ...]:
    """Add the claims of the regenerated objects, and recompute all.

    Parameters
    ----------
    claims : iterable of Claim
        The ledger as it is.
    readings : iterable of Reading
        Of its contested claims.

    Returns
    -------
    tuple of Claim
        In the order of their lines.

    Raises
    ------
    ExpressionError
        If a key written by hand leads nowhere.
    """
    by_hand, known = [], {}
    for claim in claims:
        if claim.key and is_pointer(claim.key):
            known[claim.key] = claim
        else:
            by_hand.append(claim)
    merged = sorted((*by_hand, *pointed_claims(by_hand, known)), key=_place)
    return tuple(outcome.recorded for outcome in Engine(merged, readings=readings).outcomes())


def _place(claim: Claim) -> tuple[bool, tuple[int, int]]:
    return claim.section == NOTICE, span(claim.line)


def pointed_claims(by_hand: Iterable[Claim], known: dict[str, Claim]) -> Iterator[Claim]:
    """Yield a claim for each number that a regenerated object compares with print.

    A number that a claim made by hand has already, in the same line, is left out; so is a statistic
    that a table shows.

    Parameters
    ----------
    by_hand : iterable of Claim
    known : dict of str to Claim
        The claims that the ledger has of such numbers, by pointer: they are kept as they are.
    """
    written = [claim for claim in by_hand if claim.kind in _NUMBERS]
    taken = {claim.id for claim in (*written, *known.values())}
    shown: list[Claim] = []
    objects = registered_objects()
    statistics = [object_id for object_id, entry in objects.items() if entry.kind == "statistic"]
    shapes = [object_id for object_id in objects if object_id not in statistics]
    for object_id in (*shapes, *statistics):
        for pointer, check in checks_of(object_id).items():
            rivals = shown if object_id in statistics else written
            double = next((claim for claim in rivals if _is_about(claim, check)), None)
            if double is not None:
                rivals.remove(double)
                continue
            claim = known.get(pointer) or _claim(pointer, check, objects[object_id].section, taken)
            taken.add(claim.id)
            shown.append(claim)
            yield claim


def _is_about(claim: Claim, check: Check) -> bool:
    first, last = span(claim.line)
    from_line, to_line = span(check.line)
    return claim.printed == check.printed.text and first <= to_line and from_line <= last


def _claim(pointer: str, check: Check, section: str, taken: set[str]) -> Claim:
    _, column, _ = f"::{pointer}".rsplit(":", 2)
    stem = f"{object_of(pointer)}-{span(check.line)[0]}"
    id_, rank = stem, 1
    while id_ in taken:
        rank += 1
        id_ = f"{stem}-{rank}"
    return Claim(
        id=id_,
        section=section,
        line=check.line,
        kind="p_value" if column in ("p_value", "") else "cell",
        key=pointer,
        printed=check.printed.text,
        expected="",
        computed="",
        verdict="",
        rests_on="",
        comment=check.place.replace("*", ""),
    )


def main(path: Path | None = None) -> int:
    """Bring the ledger up to date; return the exit status."""
    try:
        old = read_claims(path)
        new = updated(old, read_readings(claims=old) if path is None else ())
    except InputError as error:
        print(*error.lines(), sep="\n", file=sys.stderr)
        return 1
    except ExpressionError as error:
        print(error, file=sys.stderr)
        return 1
    for claim in sorted({each.id for each in old} - {each.id for each in new}):
        print(f"dropped: {claim}", file=sys.stderr)
    write_claims(new, path)
    changed = len(set(new) - set(old))
    print(f"{len(new)} claims, {changed} of them new or changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
