"""The errata: discrepancies gathered by their cause, and how grave each is.

Severity follows by rule:

``conclusion``
    a p-value that lies on the other side of 0.05 than the printed one, or an erratum for which
    ``data/errata.csv`` says so, with what it changes in the argument;
``typographic``
    an erratum for which the file says so: a slip of the pen that no statement rests on, and every
    number that differs by its rounding only;
``number``
    any other discrepancy.

One cause often shows in several places: a count in a sentence, in a table, in a figure and again in
the discussion. The file (`analysis.printed.errata`) gathers them. A discrepancy that it does not
know is an erratum of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.ledger.engine import Outcome
from analysis.printed import Claim, PrintedNumber, Verdict, parse
from analysis.printed.errata import Severity, read_causes
from analysis.printed.sections import span

__all__ = ["Erratum", "Severity", "crosses_threshold", "errata", "severity_of"]

THRESHOLD = 0.05
_GIVES_A_P_VALUE = re.compile(r"s\d+|.*:p_value:\d+|printed\('\w+', 'p_value'.*|chi2_p\(.*")


@dataclass(frozen=True)
class Erratum:
    """Discrepancies that have one cause.

    Attributes
    ----------
    id : str
    severity : Severity
    title : str
        In French.
    outcomes : tuple of Outcome
        The discrepant claims; the first one's comment tells why.
    consequence : str
        What it changes in the argument, in French.
    """

    id: str
    severity: Severity
    title: str
    outcomes: tuple[Outcome, ...]
    consequence: str

    @property
    def reason(self) -> str:
        """Why the printed number is wrong, in French."""
        return self.outcomes[0].claim.comment


def errata(outcomes: Iterable[Outcome], path: Path | None = None) -> tuple[Erratum, ...]:
    """Gather the discrepancies by their cause, gravest first.

    Parameters
    ----------
    outcomes : iterable of Outcome
        All the claims, recomputed.
    path : Path, optional
        The file of the causes; ``data/errata.csv`` by default.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    left = {
        outcome.claim.id: outcome for outcome in outcomes if outcome.verdict is Verdict.DISCREPANCY
    }
    causes = read_causes(path)
    named = {cause.id: [left.pop(id_) for id_ in cause.ids if id_ in left] for cause in causes}
    found = []
    for cause in causes:
        there = [each for each in left.values() if _is_within(each.claim, cause.lines)]
        gathered = (*named[cause.id], *(left.pop(each.claim.id) for each in there))
        if gathered:
            severity = cause.severity
            if any(map(crosses_threshold, gathered)):
                severity = Severity.CONCLUSION
            found.append(Erratum(cause.id, severity, cause.title, gathered, cause.consequence))
    for outcome in left.values():
        severity = Severity.CONCLUSION if crosses_threshold(outcome) else Severity.NUMBER
        found.append(Erratum(outcome.claim.id, severity, outcome.claim.comment, (outcome,), ""))
    return tuple(sorted(found, key=lambda erratum: _rank(erratum.severity)))


def severity_of(outcomes: Iterable[Outcome]) -> dict[str, Severity]:
    """Say how grave each discrepancy and each rounding is, by the id of its claim."""
    everything = tuple(outcomes)
    found = {
        outcome.claim.id: Severity.TYPOGRAPHIC
        for outcome in everything
        if outcome.verdict is Verdict.ROUNDING
    }
    for erratum in errata(everything):
        for outcome in erratum.outcomes:
            found[outcome.claim.id] = erratum.severity
    return found


def crosses_threshold(outcome: Outcome) -> bool:
    """Tell whether a printed p-value lies on the other side of 0.05 than the computed one.

    Examples
    --------
    >>> from analysis.printed import Claim
    >>> def crosses(printed, p):
    ...     claim = Claim("a", "IV.B.3", "632", "p_value", "s4", printed, "", "", "")
    ...     return crosses_threshold(Outcome(claim, p, Verdict.DISCREPANCY, ""))
    >>> crosses("0,03", 0.07), crosses("0,015", 0.0115), crosses("<0,001", 0.2)
    (True, False, True)
    """
    claim, value = outcome.claim, outcome.value
    is_p_value = claim.kind == "p_value" or _GIVES_A_P_VALUE.fullmatch(claim.key)
    if not is_p_value or value is None or isinstance(value, bool):
        return False
    return _is_significant(parse(claim.printed)) != (float(value) < THRESHOLD)


def _is_significant(number: PrintedNumber) -> bool:
    value = float(number.value)
    return value <= THRESHOLD if number.relation == "<" else value < THRESHOLD


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)


def _is_within(claim: Claim, lines: Iterable[tuple[int, int]]) -> bool:
    first, last = span(claim.line)
    return any(first <= end and start <= last for start, end in lines)
