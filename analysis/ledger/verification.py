"""Verify the ledger: recompute every claim, and name each one that no longer holds.

A fault is one line that names file, row, column, value and rule. Faults of form (a missing column,
an id that stands twice) keep the claims from being recomputed at all; the others are found one by
one, so that a single run names them all.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from analysis import paths
from analysis.files import Fault, InputError
from analysis.ledger._expressions import ExpressionError
from analysis.ledger.engine import Engine, Outcome
from analysis.printed import SECTIONS, Claim, Verdict, main_section, read_claims
from analysis.printed.claims import fault_of
from analysis.printed.errata import read_causes

__all__ = ["Progress", "Verification", "counts", "run", "verify"]

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
    engine = Engine(claims)
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
        try:
            read_causes(claims=[outcome.recorded for outcome in outcomes])
        except InputError as error:
            faults += error.faults
    return Verification(tuple(outcomes), tuple(faults), tuple(changed))


def _changes(file: Path, row: int, outcome: Outcome) -> Iterator[Fault]:
    if outcome.holds:
        return
    claim = outcome.claim
    same_verdict = claim.verdict == str(outcome.verdict)
    column, now = ("computed", outcome.text) if same_verdict else ("verdict", outcome.verdict)
    rule = f"claim {claim.id}, line {claim.line}: recomputing it gives {now or 'nothing'}"
    yield fault_of(file, row, claim, column, rule)


def counts(claims: Sequence[Claim]) -> dict[str, Counter[str]]:
    """Count the claims by main section, in the order of the thesis, and by recorded verdict.

    Examples
    --------
    >>> from analysis.printed import read_claims
    >>> list(counts(read_claims()))[:3]
    ['III', 'IV', 'IV.A']
    """
    found: dict[str, Counter[str]] = {}
    for section in dict.fromkeys(map(main_section, SECTIONS)):
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
    if found.faults:
        return 2
    return 0 if found.holds else 1


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
