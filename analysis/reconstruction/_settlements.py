"""Which printed statement yields where two contradict each other, and why.

The rules are data: ``data/reconstruction/settlements.csv`` names each statement that yields by the
id of its constraint, gives the reason in French and the reading that takes its place. A statement
that is not there stands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from analysis.paths import SETTLEMENTS

__all__ = ["Settlement", "read_settlements"]

_HEADER = ["constraint", "yields", "reading", "reason"]


@dataclass(frozen=True)
class Settlement:
    """A printed statement that yields.

    Parameters
    ----------
    constraint : str
        Id of the constraint.
    reading : str
        What takes its place, in French; empty where nothing does.
    reason : str
        Why, in French, in one sentence.
    """

    constraint: str
    reading: str
    reason: str


def read_settlements(known: Collection[str], path: Path | None = None) -> tuple[Settlement, ...]:
    """Read the statements that yield.

    Parameters
    ----------
    known : collection of str
        Ids of the constraints.
    path : Path, optional
        The file; ``data/reconstruction/settlements.csv`` by default.

    Returns
    -------
    tuple of Settlement

    Raises
    ------
    ValueError
        At the first fault, in one line: the file is missing or not UTF-8, its header differs, a row
        has another number of cells, names no constraint or one that has a row already, does not
        yield, or gives no reason.

    Examples
    --------
    >>> read_settlements(["ta1:<29"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: settlements.csv, row 2, column constraint, value 'tavin:name:seul_liberal': not a...
    """
    file = path or SETTLEMENTS
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{file.name}: the file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{file.name}: the file is not UTF-8 (byte {error.start})") from error
    header, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    if header != _HEADER:
        raise ValueError(f"{file.name}, row 1: the columns are {', '.join(_HEADER)}")
    found: dict[str, Settlement] = {}
    for number, cells in enumerate(rows, start=2):
        fault = _fault(cells, known, found)
        if fault:
            raise ValueError(f"{file.name}, row {number}{fault}")
        name, _, reading, reason = cells
        found[name] = Settlement(name, reading, reason)
    return tuple(found.values())


def _fault(cells: list[str], known: Collection[str], found: Collection[str]) -> str | None:
    if len(cells) != len(_HEADER):
        return f": {len(cells)} cells instead of {len(_HEADER)}"
    name, yields, _, reason = cells
    if name not in known:
        return f", column constraint, value {name!r}: not a constraint"
    if name in found:
        return f", column constraint, value {name!r}: the constraint has a row already"
    if yields != "oui":
        return f", column yields, value {yields!r}: only what yields is listed, with oui"
    if not reason.strip():
        return f", column reason: no reason is given why {name} yields"
    return None
