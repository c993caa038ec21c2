"""The file of the errata: which discrepancies of the ledger have one cause, and how grave each is.

An *erratum* of ``data/errata.csv`` names claims by their ids, the first of which tells why in its
comment, or by lines (``@563-565``): all discrepant claims there that no other erratum names.

Examples
--------
>>> read_causes()[0].id
'type-et-lieu'
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
from analysis.printed.sections import fault_of_lines, span

__all__ = ["Cause", "Severity", "read_causes"]


class Severity(StrEnum):
    """How grave a discrepancy is, gravest first."""

    CONCLUSION = "conclusion"
    NUMBER = "number"
    TYPOGRAPHIC = "typographic"


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the file.

    Attributes
    ----------
    id : str
    severity : Severity
    title : str
        In French.
    ids : tuple of str
        The claims that are named by their ids.
    lines : tuple of (int, int)
        First and last lines where any discrepant claim is meant.
    consequence : str
        What it changes in the argument, in French.
    """

    id: str
    severity: Severity
    title: str
    ids: tuple[str, ...]
    lines: tuple[tuple[int, int], ...]
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
        With every fault of the file: of its form, a claim that is named twice, does not exist or is
        no discrepancy.
    """
    verdicts = None if claims is None else {claim.id: claim.verdict for claim in claims}
    resource = read_package().resource("errata")
    rows = resource.read(path or paths.ERRATA, more=lambda rows: _faults(rows, verdicts))
    return tuple(_cause(*cells) for cells in rows.cells)


def _cause(id_: str, severity: str, title: str, named: str, consequence: str) -> Cause:
    names = named.split()
    return Cause(
        id_,
        Severity(severity or Severity.NUMBER),
        title,
        tuple(name for name in names if not name.startswith("@")),
        tuple(span(name[1:]) for name in names if name.startswith("@")),
        consequence,
    )


def _faults(rows: Rows, verdicts: dict[str, str] | None) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for position, cell in enumerate(rows.columns["claims"]):
        for name in cell.split():
            first = seen.setdefault(name, rows.numbers[position])
            rule = ""
            if first != rows.numbers[position]:
                rule = f"row {first} names it too"
            elif name.startswith("@"):
                rule = fault_of_lines(name[1:])
            elif verdicts is not None and name not in verdicts:
                rule = "the ledger has no such claim"
            elif verdicts is not None and verdicts[name] != Verdict.DISCREPANCY:
                rule = f"the claim is no discrepancy: {verdicts[name] or 'it has no verdict'}"
            if rule:
                yield rows.fault(position, "claims", rule, name)
