"""The file of the errata: which claims of the ledger have one cause, and how grave each is.

A row of ``data/errata.csv`` names claims by their ids. An *erratum* names discrepancies; a row
whose severity is ``undecided`` names claims that print does not settle or that the data do not
carry, and accuses nobody. Each says in plain French what is right and on what it rests, how the
difference probably arose, and what it changes.

Examples
--------
>>> read_causes()[0].id
'frequents-40-49'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analysis import paths
from analysis.files import Fault, Rows
from analysis.packages import read_package
from analysis.printed.claims import Claim
from analysis.printed.numbers import Verdict

_WRONG = (Verdict.DISCREPANCY,)
_UNDECIDED = (Verdict.UNSETTLED, Verdict.NOT_ESTABLISHED)


class Severity(StrEnum):
    """How grave a discrepancy is, gravest first; and what is none."""

    CONCLUSION = "conclusion"
    NUMBER = "number"
    TYPOGRAPHIC = "typographic"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Cause:
    """A row of the file.

    Attributes
    ----------
    id : str
    severity : Severity
    title : str
        In French.
    ids : tuple of str
        Its claims.
    reason : str
        What is right, on what it rests, and how the difference probably arose, in French.
    consequence : str
        What it changes in the argument, in French.
    """

    id: str
    severity: Severity
    title: str
    ids: tuple[str, ...]
    reason: str
    consequence: str


def read_causes(
    path: Path | None = None, claims: Iterable[Claim] | None = None
) -> tuple[Cause, ...]:
    """Read the errata.

    Parameters
    ----------
    path : Path, optional
        The file; ``data/errata.csv`` by default.
    claims : iterable of Claim, optional
        The ledger, if what the errata name is to be looked for there.

    Raises
    ------
    InputError
        With every fault of the file: of its form, a claim that is named twice, does not exist or
        has another verdict than such a row is about.
    """
    verdicts = None if claims is None else {claim.id: claim.verdict for claim in claims}
    resource = read_package().resource("errata")
    rows = resource.read(path or paths.ERRATA, more=lambda rows: _faults(rows, verdicts))
    return tuple(
        Cause(id_, Severity(how or Severity.NUMBER), title, tuple(named.split()), reason, end)
        for id_, how, title, named, reason, end in rows.cells
    )


def _faults(rows: Rows, verdicts: dict[str, str] | None) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    severities = rows.columns["severity"]
    for position, cell in enumerate(rows.columns["claims"]):
        for name in cell.split():
            first = seen.setdefault(name, rows.numbers[position])
            rule = ""
            meant = _UNDECIDED if severities[position] == Severity.UNDECIDED else _WRONG
            if first != rows.numbers[position]:
                rule = f"row {first} names it too"
            elif verdicts is not None and name not in verdicts:
                rule = "the ledger has no such claim"
            elif verdicts is not None and verdicts[name] not in meant:
                found = verdicts[name] or "it has no verdict"
                rule = f"the claim is not {' or '.join(meant)}: {found}"
            if rule:
                yield rows.fault(position, "claims", rule, name)
