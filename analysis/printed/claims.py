"""The ledger file: every number and every statement of the thesis that a count decides, in a row.

A *claim* is one printed number, or one printed statement that numbers decide ("most", "the only
one"). It says where it stands, what is printed there and, by its key, how it is recomputed; what
came out and the verdict are filled in by the machine, never by hand. The one
verdict that a hand may write is ``not_recomputable``, with its reason as the comment.

Only the file is read here, and its form is checked: columns, lists of values, ids, lines. What a
key means is known to the ledger, further down the road.

Examples
--------
>>> claims = {claim.id: claim for claim in read_claims()}
>>> claims["l945-1"].printed, claims["l945-1"].key
('64%', "cla_mod('users', 1, 'age', '50-59')")
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from analysis import paths
from analysis.printed._files import PublishedDataError, read_rows
from analysis.printed.numbers import Verdict
from analysis.printed.sections import LAST_LINE, SECTIONS

__all__ = [
    "KINDS",
    "Claim",
    "fault_of",
    "find_faults_of_claims",
    "read_claims",
    "span",
    "write_claims",
]

KINDS: dict[str, str] = {
    "cell": "Case de tableau ou de figure",
    "count": "Nombre dans une phrase",
    "percentage": "Pourcentage dans une phrase",
    "p_value": "Valeur de p",
    "sum": "Total",
    "repeat": "Reprise d’un nombre",
    "contradiction": "Deux passages comparés",
    "verbal": "Énoncé",
    "fact": "Fait rapporté",
}
"""What a claim can be, and its French name."""

_LINE = re.compile(r"[1-9]\d*(-[1-9]\d*)?")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, as its row has it.

    Attributes
    ----------
    id
        Its name in links: lower case letters, digits and hyphens.
    section
        Section of the thesis: a key of `analysis.printed.sections.SECTIONS`.
    line
        Its line in the text, or its lines: ``503``, ``1301-1303``.
    kind
        A key of `KINDS`.
    key
        How it is recomputed: a cell of a regenerated object, or an expression; empty where
        nothing can recompute it.
    printed
        The number with its signs, or the words, as printed.
    computed
        What the key gives, as text; empty before the machine has been over the file.
    verdict
        A `Verdict`; empty before the machine has been over the file.
    comment
        In French: where the number stands, why it differs, or why nothing can recompute it.
    """

    id: str
    section: str
    line: str
    kind: str
    key: str
    printed: str
    computed: str
    verdict: str
    comment: str


_COLUMNS = tuple(field.name for field in fields(Claim))


def span(line: str) -> tuple[int, int]:
    """Give the first and the last line of a claim.

    Examples
    --------
    >>> span("503"), span("1301-1303")
    ((503, 503), (1301, 1303))
    """
    first, _, last = line.partition("-")
    return int(first), int(last or first)


def read_claims(path: Path | None = None) -> tuple[Claim, ...]:
    """Read the ledger.

    Parameters
    ----------
    path
        The file; ``data/claims.csv`` by default.

    Returns
    -------
    tuple of Claim
        In the order of the file: the row of the claim at position k is line k + 2.

    Raises
    ------
    PublishedDataError
        At the first fault.
    """
    file = path or paths.CLAIMS
    for fault in find_faults_of_claims(file):
        raise fault
    return tuple(Claim(*cells) for cells in read_rows(file)[1:])


def find_faults_of_claims(path: Path | None = None) -> Iterator[PublishedDataError]:
    """Find every fault of the ledger that the file alone shows.

    Parameters
    ----------
    path
        The file; ``data/claims.csv`` by default.

    Yields
    ------
    PublishedDataError
        In the order of the file; a file that cannot be read has one.
    """
    file = path or paths.CLAIMS
    try:
        header, *rows = read_rows(file)
    except PublishedDataError as fault:
        yield fault
        return
    for column in _COLUMNS:
        if column not in header:
            yield PublishedDataError(file.name, "the column is missing", row=1, column=column)
            return
    if tuple(header) != _COLUMNS:
        rule = f"the columns are, in this order, {', '.join(_COLUMNS)}"
        yield PublishedDataError(file.name, rule, row=1)
        return
    if not rows:
        yield PublishedDataError(file.name, "the file has a header and no row")
    seen: dict[str, int] = {}
    for row, cells in enumerate(rows, start=2):
        if len(cells) != len(_COLUMNS):
            amount = "few" if len(cells) < len(_COLUMNS) else "many"
            rule = f"too {amount} cells: {len(cells)} instead of {len(_COLUMNS)}"
            yield PublishedDataError(file.name, rule, row=row)
            continue
        claim = Claim(*cells)
        for column, rule in _broken_rules(claim):
            yield fault_of(file, row, claim, column, rule)
        if claim.id in seen:
            yield fault_of(file, row, claim, "id", f"row {seen[claim.id]} has this id too")
        seen.setdefault(claim.id, row)


def fault_of(path: Path, row: int, claim: Claim, column: str, rule: str) -> PublishedDataError:
    """Say that a cell of the ledger breaks a rule."""
    value = getattr(claim, column)
    return PublishedDataError(path.name, rule, row=row, column=column, value=value)


def _broken_rules(claim: Claim) -> Iterator[tuple[str, str]]:
    """Yield the columns of a claim that are wrong by themselves, each with its rule."""
    if not _ID.fullmatch(claim.id):
        yield "id", "an id is made of lower case letters, digits and hyphens"
    if claim.section not in SECTIONS:
        yield "section", "the thesis has no such section"
    if not _LINE.fullmatch(claim.line):
        yield "line", "a line is a number, or two joined by a hyphen"
    elif not 1 <= span(claim.line)[0] <= span(claim.line)[1] <= LAST_LINE:
        yield "line", f"the text of the thesis has lines 1 to {LAST_LINE}"
    if claim.kind not in KINDS:
        yield "kind", f"not one of {', '.join(KINDS)}"
    if not claim.printed:
        yield "printed", "a claim says what is printed"
    if claim.verdict and claim.verdict not in list(Verdict):
        yield "verdict", f"not one of {', '.join(Verdict)}"
    if not claim.key and not claim.comment:
        yield "comment", "a claim that nothing recomputes says why"
    for column in _COLUMNS:
        value = getattr(claim, column)
        if value != value.strip():
            yield column, "the cell begins or ends with a space"


def write_claims(claims: Iterable[Claim], path: Path | None = None) -> None:
    """Write the ledger: beside first, then in its place.

    Parameters
    ----------
    claims
    path
        The file; ``data/claims.csv`` by default.
    """
    file = path or paths.CLAIMS
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(astuple(claim) for claim in claims)
    beside = file.with_suffix(".new")
    beside.write_text(stream.getvalue(), encoding="utf-8")
    beside.replace(file)
