"""Recompute the claims: from a key to a value, a verdict, and an erratum where it is a discrepancy.

A key is an expression (`analysis.ledger.expressions`), or a *pointer*: a regenerated object of the
register, then the row, the column and the rank within the cell where the thesis prints a number
that the object compares, as in ``tb3:age/<29:users:1``. Where it stands in the printed table is
found from its line and its text. A statistic has one number, and its id is the pointer: ``s4``.

The verdict follows by rule from what is printed and what comes out:

- a contested claim has readings, and its verdict is theirs (`analysis.printed.verdict_of`);
- a number is compared by `analysis.printed.compare`;
- a statement (``verbal``) or a comparison of two passages is true, ``match``, or false,
  ``discrepancy``;
- what rests on a count that print leaves open is ``unsettled``, whatever the rows in use say,
  unless the bounds of the count prove the same value for all that it may be;
- a sum that is not the expected one is ``unsettled``: a number may be wrong, or an answer missing;
- a claim without a key, or whose key leads to a claim that nothing recomputes, is
  ``not_recomputable``.

One cause often shows in several places: a count in a sentence, in a table, in a figure and again in
the discussion. ``data/errata.csv`` gathers them. A discrepancy that it does not know is an erratum
of its own, and so is a claim that is undecided. How grave it is follows by rule too:

``conclusion``
    a p-value that lies on the other side of 0.05 than the printed one, or an erratum for which the
    file says so, with what it changes in the argument;
``typographic``
    an erratum for which the file says so: a slip of the pen that no statement rests on, and every
    number that differs by its rounding only;
``number``
    any other discrepancy;
``undecided``
    no erratum: claims that print does not settle, or that the data do not carry.

Examples
--------
>>> from analysis.printed import Claim
>>> claim = Claim("l945-1", "IV.D.1.a", "945", "percentage",
...               "share('cluster=1', 'uses_dmp=oui & age=50-59')", "64%")
>>> outcome = Engine([claim]).outcome(claim)
>>> str(outcome.verdict), outcome.text
('match', '64.28571429')
>>> check_of("tb3:age/<29:users:1").computed
2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.ledger.expressions import ExpressionError, UndecidedError, canonical, evaluate
from analysis.ledger.vocabulary import Proved, Vocabulary
from analysis.printed import (
    Claim,
    Place,
    PrintedNumber,
    Reading,
    Verdict,
    compare,
    parse,
    places,
    table_ids,
    verdict_of,
)
from analysis.printed.claims import Cause, Severity, read_causes
from analysis.printed.sections import span
from analysis.reconstruction.basis import Atom, RestsOn, rests_on
from analysis.report.provenance import atoms_of
from analysis.report.register import Entry, entries
from analysis.report.show.figures import Figure
from analysis.report.show.tables import Check, Number, Statistic, Table
from analysis.survey import load
from analysis.survey.respondents import per_table

THRESHOLD = 0.05
_POINTER = re.compile(r"[a-z]+\d*[a-z]*(:.+)?")
_SHARED = ("opinions", "recruitment", "statistics")
"""Printed numbers of sentences that belong to several objects."""
_COUNTS = ("n", "share")
"""The functions that count by bounds."""
_SIGNIFICANT_DIGITS = 10
_TOLERANCE = 1e-7
_GATHERED = (Verdict.DISCREPANCY, Verdict.NOT_ESTABLISHED, Verdict.UNSETTLED)
_GIVES_A_P_VALUE = re.compile(r"s\d+|.*:p_value:\d+|printed\('\w+', 'p_value'.*|chi2_p\(.*")


# ---- pointers ----------------------------------------------------------------------------------


def is_pointer(key: str) -> bool:
    """Tell a pointer from an expression.

    Examples
    --------
    >>> is_pointer("s4"), is_pointer("tb3:age/<29:users:1"), is_pointer("n('age')")
    (True, True, False)
    """
    return _POINTER.fullmatch(key) is not None


def object_of(pointer: str) -> str:
    """Name the object that a pointer points into."""
    return pointer.partition(":")[0]


@cache
def registered_objects() -> dict[str, Entry]:
    """List the regenerated objects, by id."""
    return {entry.id: entry for entry in entries()}


@per_table
def checks_of(object_id: str) -> dict[str, Check]:
    """Give the comparisons that a regenerated object makes, each under its pointer.

    Raises
    ------
    LookupError
        If nothing of this name is registered.
    """
    if object_id not in registered_objects():
        raise LookupError(f"no table, figure or statistic {object_id} is regenerated")
    made = registered_objects()[object_id].make()
    if isinstance(made, Statistic):
        return {object_id: made.check}
    if not isinstance(made, Table | Figure):
        return {}
    own = [name for name in (object_id, f"{object_id}_chi2") if name in table_ids()]
    free = [place for name in (*own, *_SHARED) for place in places(name)]
    found: dict[str, Check] = {}
    for check in made.checks:
        place = next((each for each in free if _is_at(check, each)), None)
        if place is not None:
            free.remove(place)
        address = place.address if place else f"l. {check.line}:{len(found) + 1}"
        found[f"{object_id}:{address}"] = check
    return found


def check_of(pointer: str) -> Check:
    """Find the comparison that a pointer points to.

    Raises
    ------
    LookupError
        If the object is not regenerated, or compares no such number.
    """
    object_id = object_of(pointer)
    found = checks_of(object_id)
    if pointer not in found:
        raise LookupError(f"{object_id} compares no such number with print")
    return found[pointer]


def _is_at(check: Check, place: Place) -> bool:
    first, last = span(check.line)
    from_line, to_line = span(place.line)
    return place.number.text == check.printed.text and from_line <= first and last <= to_line


# ---- claims ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    """A reading of a claim, and what comes of it.

    Attributes
    ----------
    reading : Reading
    value : int, Fraction, float, bool or None
        None where print does not decide.
    verdict : Verdict or None
        How it stands to print, ``match`` or ``discrepancy`` for a truth value; None likewise.
    """

    reading: Reading
    value: Number | bool | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Outcome:
    """What recomputing a claim gives.

    Attributes
    ----------
    claim : Claim
        The claim as recorded.
    value : int, Fraction, float, bool or None
        None where nothing can be computed.
    verdict : Verdict
    atoms : frozenset of Atom
        What the value and the readings ask of the answers; empty where they ask nothing.
    readings : tuple of Tried
        What was tried, if the claim is contested.
    """

    claim: Claim
    value: Number | bool | None
    verdict: Verdict
    atoms: frozenset[Atom] = frozenset()
    readings: tuple[Tried, ...] = ()

    @property
    def text(self) -> str:
        """The value as the ledger records it.

        ``vrai`` or ``faux``, or a number with a decimal point and at most ten significant digits.
        """
        return written(self.value)

    @property
    def rests_on(self) -> RestsOn | None:
        """What the verdict rests on; nothing, where nothing is recomputed."""
        return None if self.verdict is Verdict.NOT_RECOMPUTABLE else rests_on(self.atoms)

    @property
    def recorded(self) -> Claim:
        """The claim with what came out written into it; a value that is the same stays."""
        is_same = same_text(self.claim.computed, self.text)
        computed = self.claim.computed if is_same else self.text
        basis = str(self.rests_on or "")
        return replace(self.claim, computed=computed, verdict=str(self.verdict), rests_on=basis)


def written(value: Number | bool | None) -> str:
    """Write a value as the ledger records it.

    Examples
    --------
    >>> from fractions import Fraction
    >>> written(True), written(55), written(Fraction(200, 3)), written(1.7079307127059594e-06)
    ('vrai', '55', '66.66666667', '1.707930713e-06')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    return f"{float(value):.{_SIGNIFICANT_DIGITS}g}"


def number_of(found: Outcome | Tried) -> Number | None:
    """Give what came out where that is a number, and no truth."""
    return None if isinstance(found.value, bool) else found.value


def same_text(recorded: str, computed: str) -> bool:
    """Tell whether two recorded values are the same but for the noise of another processor.

    Examples
    --------
    >>> same_text("0.01154322078", "0.01154322079"), same_text("55", "54"), same_text("", "55")
    (True, False, False)
    """
    if recorded == computed:
        return True
    try:
        first, second = float(recorded), float(computed)
    except ValueError:
        return False
    return abs(first - second) <= _TOLERANCE * max(abs(first), abs(second))


class Engine:
    """Recompute claims, which may lead to each other.

    Parameters
    ----------
    claims : iterable of Claim
        All the claims; a key may name any of them.
    frame : DataFrame, optional
        The respondents; those of the report by default.
    strict : bool
        Whether a key that leads nowhere is an error. Over answers of a reader's own, which may lack
        what a key asks for, the claim cannot be recomputed.
    readings : iterable of Reading
        The readings of the contested claims.
    """

    def __init__(
        self,
        claims: Iterable[Claim],
        frame: pd.DataFrame | None = None,
        *,
        strict: bool = True,
        readings: Iterable[Reading] = (),
    ) -> None:
        self._claims = {claim.id: claim for claim in claims}
        self._strict = strict
        self._readings = tuple(readings)
        self._outcomes: dict[str, Outcome] = {}
        self._open: list[str] = []
        answers = load() if frame is None else frame
        self._vocabulary = Vocabulary(answers)
        own = {"repeat": self._repeat, "said": self._said, "computed": self._computed}
        self._functions = self._vocabulary.functions() | own
        proved = Proved(answers).functions()
        self._proved = self._functions | {name: proved[name] for name in _COUNTS}

    def outcomes(self) -> Iterator[Outcome]:
        """Recompute all the claims in their order.

        Raises
        ------
        ExpressionError
            At the first claim whose key leads nowhere.
        """
        for claim in self._claims.values():
            yield self.outcome(claim)

    def outcome(self, claim: Claim) -> Outcome:
        """Recompute one claim.

        Raises
        ------
        ExpressionError
            If its key is not of the language, points to nothing, or gives a number for a
            statement or a truth value for a number.
        """
        if claim.id not in self._outcomes:
            if claim.id in self._open:
                raise ExpressionError(f"the key leads back to {claim.id}")
            self._open.append(claim.id)
            try:
                self._outcomes[claim.id] = self._recompute(claim)
            except ValueError:
                if self._strict:
                    raise
                self._outcomes[claim.id] = Outcome(claim, None, Verdict.NOT_RECOMPUTABLE)
            finally:
                self._open.pop()
        return self._outcomes[claim.id]

    def _recompute(self, claim: Claim) -> Outcome:
        outcome = self._by_key(claim)
        tried, atoms = [], outcome.atoms
        for reading in self._readings:
            if claim.id in reading.claims:
                value, asked = self._evaluate(reading.key) if reading.key else (None, frozenset())
                verdict = None if rests_on(asked) is RestsOn.OPEN else _stands(claim, value)
                tried.append(Tried(reading, value, verdict))
                atoms |= asked
        if not tried:
            is_open = outcome.rests_on is RestsOn.OPEN
            return replace(outcome, verdict=Verdict.UNSETTLED) if is_open else outcome
        readings = [each.verdict for each in tried if not each.reading.is_support]
        supports = [each.verdict is Verdict.MATCH for each in tried if each.reading.is_support]
        verdict = verdict_of(readings, supports)
        return replace(outcome, verdict=verdict, atoms=atoms, readings=tuple(tried))

    def _by_key(self, claim: Claim) -> Outcome:
        if not claim.key:
            return Outcome(claim, None, Verdict.NOT_RECOMPUTABLE)
        if is_pointer(claim.key):
            return _pointed(claim)
        value, atoms = self._evaluate(claim.key)
        found = _stands(claim, value) or Verdict.NOT_RECOMPUTABLE
        is_truth = isinstance(value, bool)
        if claim.kind == "verbal" and not is_truth:
            raise ExpressionError("the key of a statement compares; this one gives a number")
        if is_truth and claim.kind not in ("verbal", "contradiction"):
            raise ExpressionError("the key of a number gives a number; this one compares")
        if claim.kind == "sum" and found is Verdict.DISCREPANCY:
            found = Verdict.UNSETTLED
        return Outcome(claim, value, found, atoms)

    def _evaluate(self, key: str) -> tuple[Any, frozenset[Atom]]:
        if canonical(key) != key:
            raise ExpressionError(f"an expression is written {canonical(key)}")
        with self._vocabulary.noting() as asked:
            value = evaluate(key, self._functions)
        if rests_on(asked) is RestsOn.OPEN and self._is_proved(key, value):
            return value, frozenset(replace(each, is_proved=True) for each in asked)
        return value, frozenset(asked)

    def _is_proved(self, key: str, value: Number | bool) -> bool:
        """Tell whether a key has the same value in every table that print allows."""
        with self._vocabulary.noting() as others:
            try:
                is_same = bool(evaluate(key, self._proved) == value)
            except (ExpressionError, UndecidedError):
                return False
        return is_same and rests_on(others) is not RestsOn.OPEN

    def _named(self, id_: str) -> Claim:
        if id_ not in self._claims:
            raise LookupError(f"there is no claim {id_}")
        return self._claims[id_]

    def _repeat(self, id_: str) -> Number:
        """Give what another claim comes to; what it prints, where nothing recomputes it."""
        outcome = self.outcome(self._named(id_))
        self._vocabulary.asked |= outcome.atoms
        if isinstance(outcome.value, bool):
            raise ValueError(f"{id_} is a statement, not a number")
        return self._said(id_) if outcome.value is None else outcome.value

    def _said(self, id_: str) -> Number:
        """Give the number that another claim prints."""
        return Fraction(_number(self._named(id_)).value)

    def _computed(self, pointer: str) -> Number:
        """Give the number that a regenerated object has."""
        check = check_of(pointer)
        self._vocabulary.asked |= _atoms_of(pointer, check)
        value = check.computed
        if value is None:
            raise ValueError(f"{pointer}: these rows have nothing to compute it from")
        return value


def _pointed(claim: Claim) -> Outcome:
    try:
        check = check_of(claim.key)
    except LookupError as error:
        raise ExpressionError(str(error.args[0])) from error
    if check.printed.text != _number(claim).text:
        raise ExpressionError(f"the object compares the printed number {check.printed.text}")
    return Outcome(claim, check.computed, check.verdict, _atoms_of(claim.key, check))


def _atoms_of(pointer: str, check: Check) -> frozenset[Atom]:
    from_print = check.rests_on is RestsOn.PRINT
    return frozenset() if from_print else atoms_of(object_of(pointer))


def _number(claim: Claim) -> PrintedNumber:
    text = claim.printed or claim.expected
    try:
        return parse(text)
    except ValueError as error:
        raise ExpressionError(f"{claim.id} prints {text!r}, which is no number") from error


def _stands(claim: Claim, value: Any) -> Verdict | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return Verdict.MATCH if value else Verdict.DISCREPANCY
    if isinstance(value, str | tuple):
        raise ExpressionError("the key gives a text, not a number")
    return compare(_number(claim), value)


# ---- errata ------------------------------------------------------------------------------------


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
        each.claim.id: Severity.TYPOGRAPHIC
        for each in everything
        if each.verdict is Verdict.ROUNDING
    }
    for erratum in errata(everything):
        if erratum.severity is not Severity.UNDECIDED:
            found |= {each.claim.id: erratum.severity for each in erratum.outcomes}
    return found


def crosses_threshold(outcome: Outcome) -> bool:
    """Tell whether a printed p-value lies on the other side of 0.05 than the computed one.

    Examples
    --------
    >>> from analysis.printed import Claim
    >>> def crosses(printed, p):
    ...     claim = Claim("a", "IV.B.3", "632", "p_value", "s4", printed)
    ...     return crosses_threshold(Outcome(claim, p, Verdict.DISCREPANCY))
    >>> crosses("0,03", 0.07), crosses("0,015", 0.0115), crosses("<0,001", 0.2)
    (True, False, True)
    """
    value = number_of(outcome)
    if not is_p_value(outcome.claim) or value is None:
        return False
    printed = parse(outcome.claim.printed)
    is_significant = float(printed.value) < THRESHOLD or (
        printed.relation == "<" and float(printed.value) == THRESHOLD
    )
    return is_significant != (float(value) < THRESHOLD)


def is_p_value(claim: Claim) -> bool:
    """Tell whether what a claim prints is a p-value."""
    return claim.kind == "p_value" or _GIVES_A_P_VALUE.fullmatch(claim.key) is not None
