"""The files beside the rebuilt rows: their certificate, and the other tables that print allows.

The certificate says what the rows were made from and what holds of them. An ensemble has the tables
of one group that print allows as well, one after the other, a row a doctor.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Column, Fault, InputError, Rows, read_bytes, read_csv, refuse
from analysis.survey.schema import CLUSTERED, Group, levels

__all__ = ["NUMBERED", "check_inputs", "read_certificate", "read_ensemble", "statements"]

NUMBERED = ("solution", "run", "iteration", "suggested")
"""The columns of an ensemble that number its tables and say how each was found."""


def read_certificate(path: Path | None = None) -> dict[str, Any]:
    """Read what the rebuilt rows were made from and what holds of them.

    Parameters
    ----------
    path : Path, optional
        The certificate; that of the project by default.

    Returns
    -------
    dict
        As `analysis.reconstruction.build.certify` writes it.

    Raises
    ------
    InputError
        If the file has a fault.
    """
    found: dict[str, Any] = _read(path).data
    return found


def statements(certificate: Mapping[str, Any]) -> set[str]:
    """Give the ids of the printed statements, of those that yield as well.

    Parameters
    ----------
    certificate : mapping
    """
    yielding = [each for conflict in certificate["conflicts"] for each in conflict["yields"]]
    members = [each for conflict in certificate["conflicts"] for each in conflict["members"]]
    return {each["id"] for each in (*certificate["constraints"], *members, *yielding)}


def check_inputs() -> None:
    """Check that the rows were made from the files that are there.

    Raises
    ------
    InputError
        With every file that has another digest than the certificate.
    """
    refuse(_changes(_read(None)))


def _read(path: Path | None) -> Document:
    return read_document(path or paths.CERTIFICATE, paths.SCHEMAS / "certificate.schema.json")


def _changes(certificate: Document) -> Iterator[Fault]:
    for name, said in certificate.data["inputs"].items():
        try:
            found = hashlib.sha256(read_bytes(paths.DATA / name)).hexdigest()
        except InputError:
            found = ""
        if found != said:
            rule = f"{name} is another file now: python -m analysis reconstruct"
            yield certificate.fault(rule, "inputs", name)


def read_ensemble(path: Path, group: Group) -> Rows:
    """Read the rows of an ensemble as text.

    Parameters
    ----------
    path : Path
    group : {"users", "non_users"}

    Raises
    ------
    InputError
        With every fault: the columns are not those of the group, an answer is no level of its
        variable, a table has not as many rows as the others.
    """
    return read_csv(
        path,
        [
            *(Column(name, required=True, pattern=r"\d{1,9}") for name in NUMBERED),
            *map(_column, ("cluster", *CLUSTERED[group])),
        ],
        optional=[_column(name) for name in ("practice", "place")],
        more=_faults_of_tables,
    )


def _column(name: str) -> Column:
    return Column(name, required=True, allowed=levels(name))


def _faults_of_tables(rows: Rows) -> Iterator[Fault]:
    solutions = rows.columns["solution"]
    sizes = Counter(solutions)
    ((usual, _),) = Counter(sizes.values()).most_common(1)
    for solution, size in sizes.items():
        if size != usual:
            rule = f"the table has {size} rows, most have {usual}"
            yield rows.fault(solutions.index(solution), "solution", rule)
