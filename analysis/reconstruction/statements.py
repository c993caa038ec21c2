"""The printed statements, and the rules that settle their conflicts.

Reading the statements takes seconds, because the fingerprints are among them: what was read is kept
for as long as the files have the same content.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis import paths
from analysis.printed.settlements import Settlement, read_settlements
from analysis.reconstruction._constraints import Constraint, printed_constraints


@dataclass(frozen=True)
class Statements:
    """Printed statements, and those of them that yield.

    Parameters
    ----------
    constraints : tuple of Constraint
        In the order in which they are read.
    settlements : tuple of Settlement
    """

    constraints: tuple[Constraint, ...]
    settlements: tuple[Settlement, ...]

    @property
    def standing(self) -> tuple[Constraint, ...]:
        """The statements that do not yield."""
        yielding = {settlement.constraint for settlement in self.settlements}
        return tuple(each for each in self.constraints if each.id not in yielding)


def read_statements(directory: Path | None = None, settled_by: Path | None = None) -> Statements:
    """Read the statements of a folder of printed tables, and a file of rules.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.
    settled_by : Path, optional
        The file of the rules; ``data/reconstruction/settlements.csv`` by default.

    Returns
    -------
    Statements

    Raises
    ------
    ValueError
        If a printed table or the file of the rules is faulty.
    """
    folder = directory or paths.PUBLISHED
    found = _constraints_of(folder, _digest(folder))
    return Statements(found, read_settlements([each.id for each in found], settled_by))


def constraints(*, directory: Path | None = None) -> tuple[Constraint, ...]:
    """Read every printed statement about the doctors, contradictory ones included.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.

    Returns
    -------
    tuple of Constraint
        In the order in which they are read.

    Raises
    ------
    InputError
        If a printed table is missing or damaged, or Annexe VI contradicts itself.

    Examples
    --------
    >>> place = [each for each in constraints() if each.id.startswith("tb2:place")]
    >>> [(each.line, each.statement) for each in place][0]
    ('563', 'place = groupe, non-utilisateurs : 34')
    """
    return read_statements(directory, None).constraints


def settlements(
    *, directory: Path | None = None, settled_by: Path | None = None
) -> tuple[Settlement, ...]:
    """Read the rules that settle the conflicts.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables.
    settled_by : Path, optional
        The file of the rules; ``data/reconstruction/settlements.csv`` by default.

    Returns
    -------
    tuple of Settlement

    Raises
    ------
    ValueError
        At the first fault of the file, in one line.

    Examples
    --------
    >>> next(each.reading for each in settlements() if each.constraint == "tb2:place:groupe")
    'Les 34 médecins sont les libéraux en groupe.'
    """
    return read_statements(directory, settled_by).settlements


def standing(
    *, directory: Path | None = None, settled_by: Path | None = None
) -> tuple[Constraint, ...]:
    """Return the statements that do not yield.

    Parameters
    ----------
    directory, settled_by : Path, optional
        As for `settlements`.

    Examples
    --------
    >>> len(constraints()) - len(settlements()) == len(standing())
    True
    """
    return read_statements(directory, settled_by).standing


def _digest(folder: Path) -> bytes:
    content = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        content.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return content.digest()


@lru_cache(maxsize=4)
def _constraints_of(folder: Path, _: bytes) -> tuple[Constraint, ...]:
    return printed_constraints(folder)
