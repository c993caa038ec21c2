"""Verify the ledger, or bring it up to date: ``python -m analysis verify``, with ``--update``.

To verify is to recompute every claim, and to name each one that no longer holds. A fault is one
line that names file, row, column, value and rule. Faults of form (a missing column, an id that
stands twice) keep the claims from being recomputed at all; the others are found one by one, so that
a single run names them all.

Of the ledger of the project more is asked than that its values hold: a discrepancy has its
readings, and what is said to be printed stands on its lines, where the text of the thesis is at
hand.

Three things are the machine's, and are written here and nowhere else:

- a claim for each printed number that a regenerated object compares with print, unless a claim made
  by hand covers the same number in the same line;
- the computed value and the verdict of every claim;
- the order, which is that of the lines, the thesis before the record of the second study.

What a hand wrote stays: keys, comments, kinds. A pointer that leads nowhere any more is dropped,
and named.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import paths
from analysis.files import Fault, InputError
from analysis.ledger.engine import (
    Engine,
    checks_of,
    is_pointer,
    object_of,
    registered_objects,
)
from analysis.ledger.expressions import ExpressionError
from analysis.printed import (
    Claim,
    Reading,
    Verdict,
    main_section,
    read_claims,
    read_readings,
    read_sections,
)
from analysis.printed.claims import faults_of, read_causes, write_claims
from analysis.printed.sections import NOTICE, span
from analysis.reconstruction.basis import RestsOn
from analysis.reconstruction.bounds import explained, known
from analysis.results.outcomes import Outcome
from analysis.survey.question import ask

_THESIS, _NOTICE = "thesis", "record of the second study"
"""The texts that print what is claimed."""
_WIDTH = 40
"""Characters of the bar that shows how many claims are done."""
_NUMBERS = ("cell", "count", "percentage", "p_value")


class Verification(NamedTuple):
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

    outcomes: tuple[Outcome, ...] = ()
    faults: tuple[Fault, ...] = ()
    changed: tuple[Fault, ...] = ()


def verify(
    path: Path | None = None, watch: Callable[[Sequence[Claim]], Iterable[Claim]] = iter
) -> Verification:
    """Recompute every claim of the ledger.

    Parameters
    ----------
    path : Path, optional
        The ledger; ``data/claims.csv`` by default.
    watch : callable, optional
        Gives the claims one by one, and may tell how many are done.
    """
    file = path or paths.CLAIMS
    try:
        claims = read_claims(file)
        contested = read_readings(claims=claims) if path is None else ()
    except InputError as error:
        return Verification(faults=error.faults)
    engine, outcomes = Engine(claims, readings=contested), {}

    def keys(claim: Claim) -> Iterator[tuple[str, str]]:
        try:
            outcomes[claim.id] = engine.outcome(claim)
        except ExpressionError as error:
            yield "key", str(error)

    def changes(claim: Claim) -> Iterator[tuple[str, str]]:
        now = outcomes[claim.id].recorded if claim.id in outcomes else claim
        for column in ("verdict", "computed", "rests_on"):
            if getattr(claim, column) != (found := getattr(now, column)):
                gives = f"recomputing it gives {found or 'nothing'}"
                yield column, f"claim {claim.id}, line {claim.line}: {gives}"
                return

    faults = [*faults_of(file, watch(claims), keys)]
    changed = [*faults_of(file, claims, changes)]
    if path is None and not faults:
        texts = {_THESIS: _lines(paths.SOURCE_TEXT), _NOTICE: _lines(paths.SECOND_STUDY_TEXT)}
        faults += faults_of(file, claims, lambda claim: _unread(outcomes[claim.id]))
        faults += faults_of(file, claims, lambda claim: _misquoted(claim, texts))
        try:
            read_causes(claims=[outcome.recorded for outcome in outcomes.values()])
        except InputError as error:
            faults += error.faults
    return Verification(tuple(outcomes.values()), tuple(faults), tuple(changed))


def _unread(outcome: Outcome) -> Iterator[tuple[str, str]]:
    if outcome.verdict is Verdict.DISCREPANCY and not outcome.readings:
        yield "verdict", "a discrepancy has its readings, and is false under each"


def _misquoted(claim: Claim, texts: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    name = _NOTICE if claim.section == NOTICE else _THESIS
    first, last = span(claim.line)
    own = " ".join(texts[name][first - 1 : last])
    if texts[name] and not _stands(claim.printed, own):
        yield "printed", f"not what lines {claim.line} of the {name} print"


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


def counts(claims: Sequence[Claim]) -> pd.DataFrame:
    """Count the claims by main section, in the order of the thesis, and by recorded verdict.

    Examples
    --------
    >>> from analysis.printed import read_claims
    >>> list(counts(read_claims()).index[:3])
    ['I', 'II', 'III']
    """
    section = pd.Series([main_section(each.section) for each in claims])
    verdict = pd.Series([each.verdict for each in claims], name="section")
    found = pd.crosstab(section, verdict, margins=True, margins_name="total")
    order = dict.fromkeys(map(main_section, (*read_sections(), NOTICE, "total")))
    rows = [each for each in order if each in found.index]
    return found.reindex(index=rows, columns=[*map(str, Verdict), "total"], fill_value=0)


def run(path: Path | None = None) -> int:
    """Verify the ledger and say what was found; return the exit status.

    Parameters
    ----------
    path : Path, optional
        The ledger; ``data/claims.csv`` by default.

    Returns
    -------
    int
        0 where every recorded verdict holds, 1 where one does not, 2 where the file is at fault.
    """
    is_watched = sys.stderr.isatty()
    found = verify(path, _watched if is_watched else iter)
    if is_watched:
        print(file=sys.stderr)
    elif found.outcomes:
        print(f"{len(found.outcomes)} claims recomputed", file=sys.stderr)
    for fault in (*found.faults, *found.changed):
        print(fault, file=sys.stderr)
    if found.outcomes:
        recorded = [outcome.recorded for outcome in found.outcomes]
        table = counts(recorded).rename_axis(None).to_string()
        print(table, *_proofs(found.outcomes), sep="\n")
    return 2 if found.faults else 1 if found.changed else 0


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


def _watched(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Give the claims one by one, and show how many are done."""
    for done, claim in enumerate(claims, start=1):
        yield claim
        if done == len(claims) or done % 20 == 0:
            filled = _WIDTH * done // len(claims)
            bar = "█" * filled + "·" * (_WIDTH - filled)
            print(f"\r{bar} {done}/{len(claims)} claims", end="", file=sys.stderr, flush=True)


# ---- update ------------------------------------------------------------------------------------


def updated(claims: Iterable[Claim], readings: Iterable[Reading] = ()) -> tuple[Claim, ...]:
    """Add the claims of the regenerated objects, and recompute all.

    Parameters
    ----------
    claims : iterable of Claim
        The ledger as it is.
    readings : iterable of Reading
        Of its contested claims.

    Returns
    -------
    tuple of Claim
        In the order of their lines.

    Raises
    ------
    ExpressionError
        If a key written by hand leads nowhere.
    """
    by_hand, known = [], {}
    for claim in claims:
        if claim.key and is_pointer(claim.key):
            known[claim.key] = claim
        else:
            by_hand.append(claim)
    merged = sorted((*by_hand, *pointed_claims(by_hand, known)), key=_place)
    return tuple(outcome.recorded for outcome in Engine(merged, readings=readings).outcomes())


def _place(claim: Claim) -> tuple[bool, tuple[int, int]]:
    return claim.section == NOTICE, span(claim.line)


def pointed_claims(by_hand: Iterable[Claim], known: dict[str, Claim]) -> Iterator[Claim]:
    """Yield a claim for each number that a regenerated object compares with print.

    A number that a claim made by hand has already, in the same line, is left out; so is a statistic
    that a table shows.

    Parameters
    ----------
    by_hand : iterable of Claim
    known : dict of str to Claim
        The claims that the ledger has of such numbers, by pointer: they are kept as they are.
    """
    written = [claim for claim in by_hand if claim.kind in _NUMBERS]
    taken = {claim.id for claim in (*written, *known.values())}
    shown: list[Claim] = []
    for entry in sorted(registered_objects().values(), key=lambda each: each.kind == "statistic"):
        for pointer, check in checks_of(entry.id).items():
            rivals = shown if entry.kind == "statistic" else written
            double = next((claim for claim in rivals if _is_about(claim, check.claim)), None)
            if double is not None:
                rivals.remove(double)
                continue
            claim = known.get(pointer) or _named(pointer, check.claim, entry.section, taken)
            taken.add(claim.id)
            shown.append(claim)
            yield claim


def _is_about(claim: Claim, other: Claim) -> bool:
    first, last = span(claim.line)
    from_line, to_line = span(other.line)
    return claim.printed == other.printed and first <= to_line and from_line <= last


def _named(pointer: str, claim: Claim, section: str, taken: set[str]) -> Claim:
    _, column, _ = f"::{pointer}".rsplit(":", 2)
    stem = f"{object_of(pointer)}-{span(claim.line)[0]}"
    names = itertools.chain([stem], (f"{stem}-{rank}" for rank in itertools.count(2)))
    return replace(
        claim,
        id=next(name for name in names if name not in taken),
        section=section,
        kind="p_value" if column in ("p_value", "") else "cell",
        key=pointer,
    )


def update(path: Path | None = None) -> int:
    """Bring the ledger up to date; return the exit status.

    Raises
    ------
    InputError
        If the ledger or its readings have a fault.
    """
    old = read_claims(path)
    contested = read_readings(claims=old) if path is None else ()
    try:
        new = updated(old, contested)
    except ExpressionError as error:
        print(error, file=sys.stderr)
        return 1
    for claim in sorted({each.id for each in old} - {each.id for each in new}):
        print(f"dropped: {claim}", file=sys.stderr)
    write_claims(new, path)
    changed = len(set(new) - set(old))
    print(f"{len(new)} claims, {changed} of them new or changed")
    return 0
