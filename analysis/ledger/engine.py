"""Recompute the claims: from a key to a value, a verdict, and an erratum where it is a discrepancy.

A key is an expression (`analysis.ledger.expressions`), or a *pointer*: a regenerated object of the
register, then the row, the column and the rank within the cell where the thesis prints a number
that the object compares, as in ``tb3:age/<29:users:1``. Where it stands in the printed table is
found from its line and its text. A statistic has one number, and its id is the pointer: ``s4``.

The verdict follows by rule from what is printed and what comes out
(`analysis.results.outcomes`). What rests on a count that print leaves open is decided all the same
where the bounds of the count prove the same value for all that it may be.

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
>>> check_of("tb3:age/<29:users:1").value
2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.ledger.expressions import ExpressionError, UndecidedError, canonical, evaluate
from analysis.ledger.vocabulary import Proved, Vocabulary
from analysis.printed import (
    Claim,
    PrintedNumber,
    Reading,
    Verdict,
    parse,
    places,
    table_ids,
)
from analysis.printed.claims import Cause, Severity, read_causes
from analysis.printed.sections import span
from analysis.reconstruction.basis import RestsOn, rests_on
from analysis.report.register import Entry, entries
from analysis.report.show.figures import Figure
from analysis.report.show.tables import SIGNIFICANCE, Statistic, Table
from analysis.results.outcomes import Number, Outcome
from analysis.survey import load
from analysis.survey.respondents import per_table

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
def checks_of(object_id: str) -> dict[str, Outcome]:
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
        return {object_id: made.checks[0]}
    if not isinstance(made, Table | Figure):
        return {}
    own = [name for name in (object_id, f"{object_id}_chi2") if name in table_ids()]
    free = [place for name in (*own, *_SHARED) for place in places(name)]
    found: dict[str, Outcome] = {}
    for check in made.checks:
        place = next((each for each in free if _is_within(check.claim, each)), None)
        if place is not None:
            free.remove(place)
        address = place.key if place else f"l. {check.claim.line}:{len(found) + 1}"
        found[f"{object_id}:{address}"] = check
    return found


def check_of(pointer: str) -> Outcome:
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


def _is_within(claim: Claim, other: Claim) -> bool:
    first, last = span(claim.line)
    from_line, to_line = span(other.line)
    return claim.printed == other.printed and from_line <= first and last <= to_line


# ---- claims ------------------------------------------------------------------------------------


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
                self._outcomes[claim.id] = Outcome(claim)
            finally:
                self._open.pop()
        return self._outcomes[claim.id]

    def _recompute(self, claim: Claim) -> Outcome:
        own = _pointed(claim) if is_pointer(claim.key) else self._evaluated(claim, claim.key)
        is_statement = claim.kind == "verbal"
        if is_statement and own.number is not None:
            raise ExpressionError("the key of a statement compares; this one gives a number")
        if isinstance(own.value, bool) and not is_statement and claim.kind != "contradiction":
            raise ExpressionError("the key of a number gives a number; this one compares")
        tried = {
            reading: self._evaluated(claim, reading.key)
            for reading in self._readings
            if claim.id in reading.claims
        }
        atoms = own.atoms.union(*(each.atoms for each in tried.values()))
        return replace(own, atoms=atoms, readings=tried)

    def _evaluated(self, claim: Claim, key: str) -> Outcome:
        """Compute a key, and set beside a claim what comes out; nothing, of no key."""
        if not key:
            return Outcome(claim)
        if canonical(key) != key:
            raise ExpressionError(f"an expression is written {canonical(key)}")
        with self._vocabulary.noting() as asked:
            value = evaluate(key, self._functions)
        if isinstance(value, str | tuple):
            raise ExpressionError("the key gives a text, not a number")
        if not isinstance(value, bool):
            _number(claim)
        if rests_on(asked) is RestsOn.OPEN and self._is_proved(key, value):
            return Outcome(claim, value, frozenset(replace(each, is_proved=True) for each in asked))
        return Outcome(claim, value, frozenset(asked))

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
        self._vocabulary.asked |= check.atoms
        if check.number is None:
            raise ValueError(f"{pointer}: these rows have nothing to compute it from")
        return check.number


def _pointed(claim: Claim) -> Outcome:
    try:
        check = check_of(claim.key)
    except LookupError as error:
        raise ExpressionError(str(error.args[0])) from error
    if check.claim.printed != _number(claim).text:
        raise ExpressionError(f"the object compares the printed number {check.claim.printed}")
    return replace(check, claim=claim)


def _number(claim: Claim) -> PrintedNumber:
    try:
        return parse(claim.text)
    except ValueError as error:
        raise ExpressionError(f"{claim.id} prints {claim.text!r}, which is no number") from error


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
    ...     return crosses_threshold(Outcome(claim, p))
    >>> crosses("0,03", 0.07), crosses("0,015", 0.0115), crosses("<0,001", 0.2)
    (True, False, True)
    """
    value = outcome.number
    if not is_p_value(outcome.claim) or value is None:
        return False
    printed = outcome.printed
    is_significant = float(printed.value) < SIGNIFICANCE or (
        printed.relation == "<" and float(printed.value) == SIGNIFICANCE
    )
    return is_significant != (float(value) < SIGNIFICANCE)


def is_p_value(claim: Claim) -> bool:
    """Tell whether what a claim prints is a p-value."""
    return claim.kind == "p_value" or _GIVES_A_P_VALUE.fullmatch(claim.key) is not None
