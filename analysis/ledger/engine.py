"""Recompute the claims: from a key to a value, a text and a verdict.

The verdict follows by rule from what is printed and what comes out:

- a contested claim has readings, and its verdict is theirs (`analysis.printed.claims`);
- a number is compared by `analysis.printed.compare`;
- a statement (``verbal``) or a comparison of two passages is true, ``match``, or false,
  ``discrepancy``;
- what rests on a count that print leaves open is ``unsettled``, whatever the rows in use say,
  unless the bounds of the count prove the same value for all that it may be;
- a sum that is not the expected one is ``unsettled``: a number may be wrong, or an answer missing;
- a claim without a key, or whose key leads to a claim that nothing recomputes, is
  ``not_recomputable``.

Examples
--------
>>> from analysis.printed import Claim
>>> claim = Claim("l945-1", "IV.D.1.a", "945", "percentage",
...               "share('cluster=1', 'uses_dmp=oui & age=50-59')", "64%", "", "", "", "", "")
>>> outcome = Engine([claim]).outcome(claim)
>>> str(outcome.verdict), outcome.text
('match', '64.28571429')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.ledger.expressions import ExpressionError, UndecidedError, canonical, evaluate
from analysis.ledger.pointers import check_of, is_pointer, object_of
from analysis.ledger.vocabulary import Number, Proved, Vocabulary
from analysis.printed import Claim, PrintedNumber, Verdict, compare, parse, verdict_of
from analysis.printed.claims import Reading
from analysis.reconstruction.basis import Atom, RestsOn, rests_on
from analysis.report.basis import atoms_of
from analysis.report.show.tables import Check
from analysis.survey import load

_STATEMENTS = ("verbal",)
_EITHER = ("contradiction",)
_COUNTS = ("n", "share", "is_most")
"""The functions that count by bounds."""
_SIGNIFICANT_DIGITS = 10
_TOLERANCE = 1e-7


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
    text : str
        The value as the ledger records it: ``vrai`` or ``faux``, or a number with a decimal point
        and at most ten significant digits.
    atoms : frozenset of Atom
        What the value and the readings ask of the answers; empty where they ask nothing.
    readings : tuple of Tried
        What was tried, if the claim is contested.
    """

    claim: Claim
    value: Number | bool | None
    verdict: Verdict
    text: str
    atoms: frozenset[Atom] = frozenset()
    readings: tuple[Tried, ...] = ()

    @property
    def recorded(self) -> Claim:
        """The claim with what came out written into it."""
        basis = self.rests_on or ""
        verdict = str(self.verdict)
        return replace(self.claim, computed=self.text, verdict=verdict, rests_on=str(basis))

    @property
    def rests_on(self) -> RestsOn | None:
        """What the verdict rests on; nothing, where nothing is recomputed."""
        return None if self.verdict is Verdict.NOT_RECOMPUTABLE else rests_on(self.atoms)

    @property
    def holds(self) -> bool:
        """Whether the recorded verdict and value are those that came out."""
        recorded = self.recorded
        same = replace(recorded, computed=self.claim.computed) == self.claim
        return same and same_text(self.claim.computed, self.text)


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
        self._frame = frame
        self._strict = strict
        self._readings = tuple(readings)
        self._outcomes: dict[str, Outcome] = {}
        self._open: list[str] = []

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The functions over the answers."""
        return Vocabulary(load() if self._frame is None else self._frame)

    @cached_property
    def _proved(self) -> Proved:
        return Proved(self.vocabulary.frame)

    @cached_property
    def _functions(self) -> dict[str, Callable[..., Any]]:
        own = {"repeat": self._repeat, "said": self._said, "computed": self._computed}
        return self.vocabulary.functions() | own

    def over(self, frame: pd.DataFrame) -> Engine:
        """Give an engine for the same claims over other answers."""
        return Engine(self._claims.values(), frame, strict=self._strict, readings=self._readings)

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
            except (ExpressionError, ValueError):
                if self._strict:
                    raise
                self._outcomes[claim.id] = Outcome(claim, None, Verdict.NOT_RECOMPUTABLE, "")
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
            return Outcome(claim, None, Verdict.NOT_RECOMPUTABLE, "")
        if is_pointer(claim.key):
            return self._pointed(claim)
        value, atoms = self._evaluate(claim.key)
        _check_type(claim, value)
        return Outcome(claim, value, _verdict(claim, value), written(value), atoms)

    def _evaluate(self, key: str) -> tuple[Any, frozenset[Atom]]:
        if canonical(key) != key:
            raise ExpressionError(f"an expression is written {canonical(key)}")
        before, self.vocabulary.asked = self.vocabulary.asked, set()
        try:
            value = evaluate(key, self._functions)
            asked = frozenset(self.vocabulary.asked)
            if rests_on(asked) is RestsOn.OPEN and self._is_proved(key, value):
                asked = frozenset(replace(each, is_proved=True) for each in asked)
                self.vocabulary.asked = set(asked)
            return value, asked
        finally:
            self.vocabulary.asked = before | self.vocabulary.asked

    def _is_proved(self, key: str, value: Number | bool) -> bool:
        """Tell whether a key has the same value in every table that print allows."""
        before, self.vocabulary.asked = self.vocabulary.asked, set()
        proved = self._proved.functions()
        try:
            found = evaluate(key, self._functions | {name: proved[name] for name in _COUNTS})
            return bool(found == value) and rests_on(self.vocabulary.asked) is not RestsOn.OPEN
        except (ExpressionError, UndecidedError):
            return False
        finally:
            self.vocabulary.asked = before

    def _pointed(self, claim: Claim) -> Outcome:
        try:
            check = check_of(claim.key)
        except LookupError as error:
            raise ExpressionError(str(error.args[0])) from error
        if check.printed.text != _number(claim).text:
            raise ExpressionError(f"the object compares the printed number {check.printed.text}")
        atoms = _atoms_of(claim.key, check)
        return Outcome(claim, check.computed, check.verdict, written(check.computed), atoms)

    def _named(self, id_: str) -> Claim:
        if id_ not in self._claims:
            raise LookupError(f"there is no claim {id_}")
        return self._claims[id_]

    def _repeat(self, id_: str) -> Number:
        """Give what another claim comes to; what it prints, where nothing recomputes it."""
        outcome = self.outcome(self._named(id_))
        self.vocabulary.asked |= outcome.atoms
        if isinstance(outcome.value, bool):
            raise ValueError(f"{id_} is a statement, not a number")
        return self._said(id_) if outcome.value is None else outcome.value

    def _said(self, id_: str) -> Number:
        """Give the number that another claim prints."""
        return _exact(_number(self._named(id_)))

    def _computed(self, pointer: str) -> Number:
        """Give the number that a regenerated object has."""
        check = check_of(pointer)
        self.vocabulary.asked |= _atoms_of(pointer, check)
        value = check.computed
        if value is None:
            raise ValueError(f"{pointer}: these rows have nothing to compute it from")
        return value


def _atoms_of(pointer: str, check: Check) -> frozenset[Atom]:
    from_print = check.rests_on is RestsOn.PRINT
    return frozenset() if from_print else atoms_of(object_of(pointer))


def _exact(number: PrintedNumber) -> Number:
    return Fraction(number.value)


def _number(claim: Claim) -> PrintedNumber:
    text = claim.printed or claim.expected
    try:
        return parse(text)
    except ValueError as error:
        raise ExpressionError(f"{claim.id} prints {text!r}, which is no number") from error


def _check_type(claim: Claim, value: object) -> None:
    is_truth = isinstance(value, bool)
    if isinstance(value, str | tuple):
        raise ExpressionError("the key gives a text, not a number")
    if claim.kind in _STATEMENTS and not is_truth:
        raise ExpressionError("the key of a statement compares; this one gives a number")
    if is_truth and claim.kind not in (*_STATEMENTS, *_EITHER):
        raise ExpressionError("the key of a number gives a number; this one compares")


def _stands(claim: Claim, value: Number | bool | None) -> Verdict | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return Verdict.MATCH if value else Verdict.DISCREPANCY
    if isinstance(value, str | tuple):
        raise ExpressionError("the key of a reading gives a number or compares")
    return compare(_number(claim), value)


def _verdict(claim: Claim, value: Number | bool) -> Verdict:
    found = _stands(claim, value) or Verdict.NOT_RECOMPUTABLE
    is_off = found is Verdict.DISCREPANCY and claim.kind == "sum"
    return Verdict.UNSETTLED if is_off else found
