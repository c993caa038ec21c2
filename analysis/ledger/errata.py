"""The errata: discrepancies gathered by their cause, and how grave each is; and what is none.

Severity follows by rule:

``conclusion``
    a p-value that lies on the other side of 0.05 than the printed one, or an erratum for which
    ``data/errata.csv`` says so, with what it changes in the argument;
``typographic``
    an erratum for which the file says so: a slip of the pen that no statement rests on, and every
    number that differs by its rounding only;
``number``
    any other discrepancy;
``undecided``
    no erratum: claims that print does not settle, or that the data do not carry.

One cause often shows in several places: a count in a sentence, in a table, in a figure and again in
the discussion. The file (`analysis.printed.claims`) gathers them. A discrepancy that it does not
know is an erratum of its own, and so is a claim that is undecided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.ledger.engine import Outcome
from analysis.printed import Claim, PrintedNumber, Verdict, parse
from analysis.printed.claims import Cause, Severity, read_causes

THRESHOLD = 0.05
_GATHERED = (Verdict.DISCREPANCY, Verdict.NOT_ESTABLISHED, Verdict.UNSETTLED)
_GIVES_A_P_VALUE = re.compile(r"s\d+|.*:p_value:\d+|printed\('\w+', 'p_value'.*|chi2_p\(.*")


@dataclass(frozen=True)
class Erratum(Cause):
    """Discrepancies, or undecided claims, that have one cause; of its severity the rule decides.

    Attributes
    ----------
    outcomes : tuple of Outcome
        The claims.
    """

    outcomes: tuple[Outcome, ...]


def errata(outcomes: Iterable[Outcome], path: Path | None = None) -> tuple[Erratum, ...]:
    """Gather the discrepancies and the undecided claims by their cause, gravest first.

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
    left = {each.claim.id: each for each in outcomes if each.verdict in _GATHERED}
    found: list[Erratum] = []
    for cause in read_causes(path):
        gathered = tuple(left.pop(id_) for id_ in cause.ids if id_ in left)
        found += _errata(cause, gathered)
    for id_, outcome in left.items():
        own = Cause(id_, Severity.NUMBER, outcome.claim.comment, (id_,), "", "")
        found += _errata(own, (outcome,))
    order = list(Severity)
    return tuple(sorted(found, key=lambda erratum: order.index(erratum.severity)))


def _errata(cause: Cause, gathered: tuple[Outcome, ...]) -> Iterator[Erratum]:
    """Yield an erratum, if any claim is wrong, and apart from it what is undecided."""
    wrong = tuple(each for each in gathered if each.verdict is Verdict.DISCREPANCY)
    other = tuple(each for each in gathered if each.verdict is not Verdict.DISCREPANCY)
    said = asdict(cause)
    if wrong:
        known = Severity.NUMBER if cause.severity is Severity.UNDECIDED else cause.severity
        how = Severity.CONCLUSION if any(map(crosses_threshold, wrong)) else known
        yield Erratum(**{**said, "severity": how}, outcomes=wrong)
    if other:
        own = {"id": f"{cause.id}-indecis" if wrong else cause.id, "severity": Severity.UNDECIDED}
        yield Erratum(**{**said, **own}, outcomes=other)


def severity_of(outcomes: Iterable[Outcome]) -> dict[str, Severity]:
    """Say how grave each discrepancy and each rounding is, by the id of its claim."""
    everything = tuple(outcomes)
    found = {
        outcome.claim.id: Severity.TYPOGRAPHIC
        for outcome in everything
        if outcome.verdict is Verdict.ROUNDING
    }
    for erratum in errata(everything):
        if erratum.severity is Severity.UNDECIDED:
            continue
        for outcome in erratum.outcomes:
            found[outcome.claim.id] = erratum.severity
    return found


def crosses_threshold(outcome: Outcome) -> bool:
    """Tell whether a printed p-value lies on the other side of 0.05 than the computed one.

    Examples
    --------
    >>> from analysis.printed import Claim
    >>> def crosses(printed, p):
    ...     claim = Claim("a", "IV.B.3", "632", "p_value", "s4", printed, "", "", "", "", "")
    ...     return crosses_threshold(Outcome(claim, p, Verdict.DISCREPANCY, ""))
    >>> crosses("0,03", 0.07), crosses("0,015", 0.0115), crosses("<0,001", 0.2)
    (True, False, True)
    """
    claim, value = outcome.claim, outcome.value
    if not is_p_value(claim) or value is None or isinstance(value, bool):
        return False
    return _is_significant(parse(claim.printed)) != (float(value) < THRESHOLD)


def is_p_value(claim: Claim) -> bool:
    """Tell whether what a claim prints is a p-value."""
    return claim.kind == "p_value" or _GIVES_A_P_VALUE.fullmatch(claim.key) is not None


def _is_significant(number: PrintedNumber) -> bool:
    value = float(number.value)
    return value <= THRESHOLD if number.relation == "<" else value < THRESHOLD
