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
the discussion. The file gathers them. An erratum names claims by their ids, the first of which
tells why in its comment, or by lines (``@563-565``): all discrepant claims there that no other
erratum names. A discrepancy that the file does not know is an erratum of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analysis import paths
from analysis.ledger.engine import Outcome
from analysis.printed import Claim, PrintedNumber, PublishedDataError, Verdict, parse
from analysis.printed._files import read_rows
from analysis.printed.claims import span

__all__ = ["Erratum", "Severity", "crosses_threshold", "errata", "find_faults", "severity_of"]

THRESHOLD = 0.05
_COLUMNS = ["id", "severity", "title", "claims", "consequence"]
_GIVES_A_P_VALUE = re.compile(r"s\d+|.*:p_value:\d+|printed\('\w+', 'p_value'.*|chi2_p\(.*")


class Severity(StrEnum):
    """How grave a discrepancy is, gravest first."""

    CONCLUSION = "conclusion"
    NUMBER = "number"
    TYPOGRAPHIC = "typographic"


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


@dataclass(frozen=True)
class _Row:
    id: str
    severity: str
    title: str
    claims: tuple[str, ...]
    consequence: str

    def lines(self) -> list[tuple[int, int]]:
        return [span(name[1:]) for name in self.claims if name.startswith("@")]

    def ids(self) -> list[str]:
        return [name for name in self.claims if not name.startswith("@")]


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
    PublishedDataError
        If the file is damaged.
    """
    left = {
        outcome.claim.id: outcome for outcome in outcomes if outcome.verdict is Verdict.DISCREPANCY
    }
    rows = _read(path or paths.ERRATA)
    named = {row.id: [left.pop(id_) for id_ in row.ids() if id_ in left] for row in rows}
    found = []
    for row in rows:
        there = [each for each in left.values() if _is_within(each.claim, row.lines())]
        gathered = (*named[row.id], *(left.pop(each.claim.id) for each in there))
        if gathered:
            severity = Severity(row.severity or Severity.NUMBER)
            if any(map(crosses_threshold, gathered)):
                severity = Severity.CONCLUSION
            found.append(Erratum(row.id, severity, row.title, gathered, row.consequence))
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


def _read(file: Path) -> tuple[_Row, ...]:
    header, *rows = read_rows(file)
    if header != _COLUMNS:
        rule = f"the columns are, in this order, {', '.join(_COLUMNS)}"
        raise PublishedDataError(file.name, rule, row=1)
    for row, cells in enumerate(rows, start=2):
        if len(cells) != len(_COLUMNS):
            rule = f"{len(cells)} cells instead of {len(_COLUMNS)}"
            raise PublishedDataError(file.name, rule, row=row)
    return tuple(
        _Row(id_, how, title, tuple(ids.split()), end) for id_, how, title, ids, end in rows
    )


def find_faults(
    outcomes: Iterable[Outcome], path: Path | None = None
) -> Iterator[PublishedDataError]:
    """Find what is wrong with the file of the causes.

    Yields
    ------
    PublishedDataError
        For a damaged file, an id that stands twice, a severity outside the list, a claim that is
        named twice, does not exist or is no discrepancy.
    """
    file = path or paths.ERRATA
    verdicts = {outcome.claim.id: outcome.verdict for outcome in outcomes}
    try:
        rows = _read(file)
    except PublishedDataError as fault:
        yield fault
        return
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if row.severity not in ("", *Severity):
            rule = f"not one of {', '.join(Severity)}, or empty"
            yield PublishedDataError(
                file.name, rule, row=number, column="severity", value=row.severity
            )
        for name in (row.id, *row.ids()):
            rule = "named twice" if name in seen else ""
            seen.add(name)
            if name != row.id and verdicts.get(name) is not Verdict.DISCREPANCY:
                rule = "no claim of this id is a discrepancy"
            if rule:
                column = "id" if name == row.id else "claims"
                yield PublishedDataError(file.name, rule, row=number, column=column, value=name)
