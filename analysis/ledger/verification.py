"""Verify the ledger: recompute every claim, and name each one that no longer holds.

A fault is one line that names file, row, column, value and rule. Faults of form (a missing column,
an id that stands twice) keep the claims from being recomputed at all; the others are found one by
one, so that a single run names them all.

Of the ledger of the project more is asked than that its values hold: a discrepancy has its
readings, and what is said to be printed stands on its lines, where the text of the thesis is at
hand.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from analysis import paths
from analysis.files import Fault, InputError
from analysis.ledger.engine import Engine, Outcome, same_text
from analysis.ledger.expressions import ExpressionError
from analysis.printed import SECTIONS, Claim, Verdict, main_section, read_claims
from analysis.printed.claims import Reading, fault_of, read_causes, read_readings
from analysis.printed.sections import NOTICE, span
from analysis.reconstruction.basis import RestsOn
from analysis.reconstruction.bounds import explained, known
from analysis.survey.question import ask

Progress = Callable[[int, int], None]
"""Called with how many claims are done, and how many there are."""


@dataclass(frozen=True)
class Verification:
    """What a run over the ledger found.

    Attributes
    ----------
    outcomes : tuple of Outcome
        The claims that could be recomputed, in the order of the file.
    faults : tuple of Fault
        What is wrong with the file: rows that cannot be recomputed.
    changed : tuple of Fault
        Rows whose recorded value or verdict is not what comes out.
    """

    outcomes: tuple[Outcome, ...]
    faults: tuple[Fault, ...]
    changed: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and not self.changed


def verify(path: Path | None = None, progress: Progress | None = None) -> Verification:
    """Recompute every claim of the ledger.

    Parameters
    ----------
    path : Path, optional
        The ledger; ``data/claims.csv`` by default.
    progress : callable, optional
        Told after each claim.
    """
    file = path or paths.CLAIMS
    try:
        claims = read_claims(file)
    except InputError as error:
        return Verification((), error.faults, ())
    contested: tuple[Reading, ...] = ()
    if path is None:
        try:
            contested = read_readings(claims=claims)
        except InputError as error:
            return Verification((), error.faults, ())
    engine = Engine(claims, readings=contested)
    outcomes: list[Outcome] = []
    faults: list[Fault] = []
    changed: list[Fault] = []
    for position, claim in enumerate(claims):
        try:
            outcome = engine.outcome(claim)
        except ExpressionError as error:
            faults.append(fault_of(file, position + 2, claim, "key", str(error)))
        else:
            outcomes.append(outcome)
            changed += _changes(file, position + 2, outcome)
        if progress:
            progress(position + 1, len(claims))
    if path is None and not faults:
        faults += _unread(file, outcomes)
        faults += _misquoted(file, claims)
        try:
            read_causes(claims=[outcome.recorded for outcome in outcomes])
        except InputError as error:
            faults += error.faults
    return Verification(tuple(outcomes), tuple(faults), tuple(changed))


def _unread(file: Path, outcomes: Sequence[Outcome]) -> Iterator[Fault]:
    for row, outcome in enumerate(outcomes, start=2):
        if outcome.verdict is Verdict.DISCREPANCY and not outcome.readings:
            rule = "a discrepancy has its readings, and is false under each"
            yield fault_of(file, row, outcome.claim, "verdict", rule)


def _misquoted(file: Path, claims: Sequence[Claim]) -> Iterator[Fault]:
    thesis, notice = _lines(paths.SOURCE_TEXT), _lines(paths.SECOND_STUDY_TEXT)
    for row, claim in enumerate(claims, start=2):
        source = notice if claim.section == NOTICE else thesis
        first, last = span(claim.line)
        if source and not _stands(claim.printed, " ".join(source[first - 1 : last])):
            name = "record of the second study" if claim.section == NOTICE else "thesis"
            rule = f"not what lines {claim.line} of the {name} print"
            yield fault_of(file, row, claim, "printed", rule)


def _lines(text: Path) -> list[str]:
    """Read a text by its lines; nothing where it is not at hand."""
    return text.read_text(encoding="utf-8").split("\n") if text.is_file() else []


def _stands(printed: str, text: str) -> bool:
    """Tell whether words or a number stand in a text, and not as part of another word or number.

    Examples
    --------
    >>> _stands("5", "45 et 5/5"), _stands("5", "45 à 50, soit 5,3%")
    (True, False)
    """
    own = re.escape(" ".join(printed.split()))
    whole = rf"(?<!\w)(?<!\d[.,]){own}(?!\w)(?![.,]\d)" if own else ""
    return re.search(whole, " ".join(text.split())) is not None


def _changes(file: Path, row: int, outcome: Outcome) -> Iterator[Fault]:
    if outcome.holds:
        return
    claim = outcome.claim
    now = outcome.recorded
    for column in ("verdict", "computed", "rests_on"):
        found = getattr(now, column)
        if column == "computed" and same_text(claim.computed, found):
            continue
        if getattr(claim, column) != found:
            rule = f"claim {claim.id}, line {claim.line}: recomputing it gives {found or 'nothing'}"
            yield fault_of(file, row, claim, column, rule)
            return


def counts(claims: Sequence[Claim]) -> dict[str, Counter[str]]:
    """Count the claims by main section, in the order of the thesis, and by recorded verdict.

    Examples
    --------
    >>> from analysis.printed import read_claims
    >>> list(counts(read_claims()))[:3]
    ['I', 'II', 'III']
    """
    found: dict[str, Counter[str]] = {}
    for section in dict.fromkeys(map(main_section, (*SECTIONS, NOTICE))):
        own = Counter(each.verdict for each in claims if main_section(each.section) == section)
        if own:
            found[section] = own
    return found


def run(path: Path | None = None, *, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Verify the ledger and say what was found; return the exit status.

    Parameters
    ----------
    path : Path, optional
        The ledger; ``data/claims.csv`` by default.
    out, err : file, optional
        Where the counts go, and the faults and the progress; those of the process by default.

    Returns
    -------
    int
        0 where every recorded verdict holds, 1 where one does not, 2 where the file is at fault.
    """
    out, err = out or sys.stdout, err or sys.stderr
    found = verify(path, _bar(err) if err.isatty() else None)
    if err.isatty():
        print(file=err)
    elif found.outcomes:
        print(f"{len(found.outcomes)} claims recomputed", file=err)
    for fault in (*found.faults, *found.changed):
        print(fault, file=err)
    if found.outcomes:
        print(_table([outcome.recorded for outcome in found.outcomes]), file=out)
        for line in _proofs(found.outcomes):
            print(line, file=out)
    if found.faults:
        return 2
    return 0 if found.holds else 1


def _proofs(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Say, of each claim that is determined, what is proved of which count, and by which lines."""
    for outcome in outcomes:
        if outcome.rests_on is not RestsOn.DETERMINED:
            continue
        claim = outcome.claim
        yield f"determined: {claim.id}, line {claim.line}"
        for where in sorted(
            {each.where for each in outcome.atoms if each.where and not each.is_imposed}
        ):
            question = ask(where)
            for group in question.groups:
                found, why = known(question, group), explained(question, group)
                lines = dict.fromkeys(each.line for each in (*why.lower, *why.upper))
                yield f"  {where}: {found.range}, by lines {', '.join(lines)}"


def _bar(stream: TextIO) -> Progress:
    width = 40

    def show(done: int, total: int) -> None:
        if done == total or done % 20 == 0:
            filled = width * done // total
            bar = "█" * filled + "·" * (width - filled)
            print(f"\r{bar} {done}/{total} claims", end="", file=stream, flush=True)

    return show


def _table(claims: Sequence[Claim]) -> str:
    verdicts = [str(verdict) for verdict in Verdict]
    rows = [["section", *verdicts, "total"]]
    by_section = counts(claims)
    for section, own in by_section.items():
        rows.append([section, *(str(own[verdict]) for verdict in verdicts), str(own.total())])
    total = sum(by_section.values(), Counter[str]())
    rows.append(["total", *(str(total[verdict]) for verdict in verdicts), str(total.total())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])],
        )
        for row in rows
    )
