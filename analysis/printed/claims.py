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
('64%', "share('cluster=1', 'uses_dmp=oui & age=50-59')")
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from analysis import paths
from analysis.files import Column, Fault, Rows, refuse, write_csv
from analysis.packages import read_package
from analysis.printed.numbers import Verdict, compare, fault_of_p_value, parse
from analysis.printed.sections import NOTICE, SECTIONS, fault_of_lines

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


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, as its row has it.

    Attributes
    ----------
    id
        Its name in links: lower case letters, digits and hyphens.
    section
        Section of the thesis: a key of `analysis.printed.sections.SECTIONS`; or `NOTICE`, the
        record of the second study.
    line
        Its line in that text, or its lines: ``503``, ``1301-1303``.
    kind
        A key of `KINDS`.
    key
        How it is recomputed: a cell of a regenerated object, or an expression; empty where
        nothing can recompute it.
    printed
        The number with its signs, or the words, exactly as printed; empty where nothing is.
    expected
        What a table implies where no number is printed, a sum or a total; empty elsewhere.
    computed
        What the key gives, as text; empty before the machine has been over the file.
    verdict
        A `Verdict`; empty before the machine has been over the file.
    rests_on
        A `RestsOn` of `analysis.reconstruction.basis`; empty where nothing is recomputed, and
        before the machine has been over the file.
    comment
        In French: where the number stands, why it differs, or why nothing can recompute it.
    """

    id: str
    section: str
    line: str
    kind: str
    key: str
    printed: str
    expected: str
    computed: str
    verdict: str
    rests_on: str
    comment: str


_STATEMENTS = {"vrai": Verdict.MATCH, "faux": Verdict.DISCREPANCY}
"""What is recorded of a statement, and the verdict that it makes."""


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
    InputError
        With every fault of the file.
    """
    rows = read_package().resource("claims").read(path or paths.CLAIMS, also=_rule, more=_faults)
    return tuple(Claim(*cells) for cells in rows.cells)


def fault_of(path: Path, row: int, claim: Claim, column: str, rule: str) -> Fault:
    """Say that a cell of the ledger breaks a rule."""
    return Fault(path, rule, row, column, getattr(claim, column))


def _rule(column: Column) -> Callable[[str], str] | None:
    if column.name == "section":
        return _rule_of_sections
    return fault_of_lines if column.name == "line" else None


def _rule_of_sections(section: str) -> str:
    return "" if section in (*SECTIONS, NOTICE) else "the thesis has no such section"


def _faults(rows: Rows) -> Iterator[Fault]:
    for position, cells in enumerate(rows.cells):
        claim = Claim(*cells)
        if not claim.key and not claim.comment:
            yield rows.fault(position, "comment", "a claim that nothing recomputes says why")
        if not claim.printed and not claim.expected:
            yield rows.fault(position, "printed", "a claim says what is printed, or expected")
        if claim.expected and (claim.printed or claim.kind != "sum"):
            yield rows.fault(position, "expected", "only a sum that is not printed is expected")
        if claim.kind == "p_value" and (rule := _fault_of_p_value(claim.printed)):
            yield rows.fault(position, "printed", rule)


def _fault_of_p_value(printed: str) -> str:
    try:
        return fault_of_p_value(parse(printed))
    except ValueError as error:
        return str(error)


def check_verdicts(claims: Iterable[Claim], contested: Container[str] = ()) -> None:
    """Check that each recorded verdict follows from what is printed and the recorded value.

    This recomputes nothing, and is soon done. The verdict of a contested claim follows from its
    readings, which are not recorded; no other claim is a discrepancy.

    Parameters
    ----------
    claims : iterable of Claim
        The ledger, all of it.
    contested : container of str
        Ids of the claims that have readings.

    Raises
    ------
    InputError
        With every verdict that does not.
    """
    refuse(
        fault_of(paths.CLAIMS, row, claim, column, rule)
        for row, claim in enumerate(claims, start=2)
        for column, rule in _broken_rules(claim, is_contested=claim.id in contested)
    )


def _broken_rules(claim: Claim, *, is_contested: bool) -> Iterator[tuple[str, str]]:
    if bool(claim.rests_on) != (claim.verdict != Verdict.NOT_RECOMPUTABLE):
        yield "rests_on", "what is recomputed rests on something, and nothing else does"
    if is_contested:
        return
    if not _follows(claim):
        text = claim.printed or claim.expected
        yield "verdict", f"does not follow: {text!r} is printed, {claim.computed!r} computed"
    elif claim.verdict == Verdict.DISCREPANCY:
        yield "verdict", "a discrepancy has its readings"


def _follows(claim: Claim) -> bool:
    """Tell whether the recorded verdict is that of what is printed and the recorded value."""
    if claim.rests_on == "open":
        return claim.verdict == Verdict.UNSETTLED
    if claim.computed in _STATEMENTS:
        return claim.verdict == _STATEMENTS[claim.computed]
    if not claim.computed:
        return claim.verdict == Verdict.NOT_RECOMPUTABLE
    text = claim.printed or claim.expected
    if text == claim.computed:
        return claim.verdict == Verdict.MATCH
    try:
        printed, computed = parse(text), float(claim.computed)
        verdict = compare(printed, computed)
    except ValueError:
        return False
    if claim.kind == "sum" and verdict is Verdict.DISCREPANCY:
        verdict = Verdict.UNSETTLED
    # Some p-values are printed with more digits than the ledger records.
    is_recorded = math.isclose(printed.value, computed, rel_tol=1e-9)
    return claim.verdict == verdict or (claim.verdict == Verdict.MATCH and is_recorded)


def write_claims(claims: Iterable[Claim], path: Path | None = None) -> None:
    """Write the ledger: beside first, then in its place.

    Parameters
    ----------
    claims
    path
        The file; ``data/claims.csv`` by default.
    """
    columns = [field.name for field in fields(Claim)]
    write_csv(path or paths.CLAIMS, columns, map(astuple, claims))
