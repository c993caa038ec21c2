"""Which printed statement yields where two contradict each other, and why.

The rules are data: ``data/reconstruction/settlements.csv`` names each statement that yields by the
id of its constraint, gives the reason in French and the reading that takes its place. A statement
that is not there stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis import paths
from analysis.files import Fault, Rows
from analysis.packages import read_package


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
    InputError
        With every fault: of the form of the file, or a row that names no constraint.

    Examples
    --------
    >>> read_settlements(["ta1:<29"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    analysis.files.InputError: data/reconstruction/settlements.csv, row 2, column constraint: ...
    """

    def faults(rows: Rows) -> Iterator[Fault]:
        for position, name in enumerate(rows.columns["constraint"]):
            if name not in known:
                yield rows.fault(position, "constraint", "no printed statement has this id")

    rows = read_package().resource("settlements").read(path or paths.SETTLEMENTS, more=faults)
    return tuple(Settlement(name, reading, reason) for name, _, reading, reason in rows.cells)
