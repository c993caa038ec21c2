"""What the thesis prints, and what comes out: the one comparison of the two.

A cell of a table, a p-value in a sentence and a row of the ledger each have a claim, which is what
is printed and where, and a number that was computed. How the two stand to each other is decided
here, by rule:

- a number is compared by `analysis.printed.compare`;
- a statement or a comparison of two passages is true, ``match``, or false, ``discrepancy``;
- a sum that is not the expected one is ``unsettled``: a number may be wrong, or an answer missing;
- what rests on a count that print leaves open is ``unsettled``, whatever the rows in use say;
- a contested claim has readings, and its verdict is theirs (`analysis.printed.verdict_of`);
- where nothing comes out, the claim is ``not_recomputable``.

Examples
--------
>>> from analysis.printed import Claim
>>> printed = Claim("", "", "660", "cell", "", "66,66")
>>> found = Outcome(printed, Fraction(200, 3))
>>> str(found.verdict), str(found.rests_on), found.text
('rounding', 'print', '66.66666667')
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from analysis.printed import Claim, PrintedNumber, Reading, Verdict, parse, verdict_of
from analysis.reconstruction.basis import Atom, RestsOn, rests_on

Number = int | float | Fraction
_SIGNIFICANT_DIGITS = 10
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Outcome:
    """A claim, and what comes out of it.

    Attributes
    ----------
    claim : Claim
        What is printed, and where.
    value : int, Fraction, float, bool or None
        None where nothing can be computed, or where print does not decide a reading.
    atoms : frozenset of Atom
        What the value and the readings ask of the answers; empty where they ask nothing.
    readings : dict of Reading to Outcome
        What was tried, if the claim is contested.
    """

    claim: Claim
    value: Number | bool | None = None
    atoms: frozenset[Atom] = frozenset()
    readings: Mapping[Reading, Outcome] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """How what comes out stands to what is printed."""
        if self.readings:
            supports, readings = (
                [found.verdict for each, found in self.readings.items() if each.is_support is kind]
                for kind in (True, False)
            )
            return verdict_of(readings, [each is Verdict.MATCH for each in supports])
        is_open = self.value is not None and rests_on(self.atoms) is RestsOn.OPEN
        return Verdict.UNSETTLED if is_open else self.claim.stands(self.value)

    @property
    def rests_on(self) -> RestsOn | None:
        """What the verdict rests on; nothing, where nothing is recomputed."""
        return None if self.verdict is Verdict.NOT_RECOMPUTABLE else rests_on(self.atoms)

    @property
    def printed(self) -> PrintedNumber:
        """The number that is printed, or expected.

        Raises
        ------
        ValueError
            If that is a statement.
        """
        return parse(self.claim.text)

    @property
    def number(self) -> Number | None:
        """What came out where that is a number, and no truth."""
        return None if isinstance(self.value, bool) else self.value

    @property
    def text(self) -> str:
        """The value as the ledger records it.

        ``vrai`` or ``faux``, or a number with a decimal point and at most ten significant digits.
        """
        if self.value is None:
            return ""
        if isinstance(self.value, bool):
            return "vrai" if self.value else "faux"
        return f"{float(self.value):.{_SIGNIFICANT_DIGITS}g}"

    @property
    def recorded(self) -> Claim:
        """The claim with what came out written into it; a value that is the same stays."""
        is_same = same_text(self.claim.computed, self.text)
        computed = self.claim.computed if is_same else self.text
        basis = str(self.rests_on or "")
        return replace(self.claim, computed=computed, verdict=str(self.verdict), rests_on=basis)


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
        return math.isclose(float(recorded), float(computed), rel_tol=_TOLERANCE)
    except ValueError:
        return False
