"""Numbers of which only the bounds are known, and what they prove all the same.

A count that print leaves open is a `Range`. What is reckoned from ranges is a range that holds
every value that it may have; a comparison of ranges is true or false where all their values agree,
and undecided otherwise. Two ranges are taken to vary freely: where the counts are tied, the result
may be wider than need be, and never too narrow.

References
----------
Moore, R. E. (1966). Interval Analysis. Prentice-Hall.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any


class UndecidedError(ArithmeticError):
    """The bounds do not say."""


@dataclass(frozen=True, eq=False)
class Range:
    """A number between two others.

    Attributes
    ----------
    lower, upper : int, float or Fraction

    Examples
    --------
    >>> Range(10, 14) > 9, Range(10, 14) - Range(5, 7)
    (True, Range(lower=3, upper=9))
    """

    lower: Any
    upper: Any

    def __add__(self, other: Any) -> Range:
        return self._reckon(operator.add, other)

    def __sub__(self, other: Any) -> Range:
        return self._reckon(operator.sub, other)

    def __rsub__(self, other: Any) -> Range:
        return Range(other, other) - self

    def __mul__(self, other: Any) -> Range:
        return self._reckon(operator.mul, other)

    def __truediv__(self, other: Any) -> Range:
        lower, upper = _ends(other)
        if lower <= 0 <= upper:
            raise UndecidedError("the divisor may be nothing")
        return self._reckon(divide, other)

    def __rtruediv__(self, other: Any) -> Range:
        return Range(other, other) / self

    def __neg__(self) -> Range:
        return Range(-self.upper, -self.lower)

    __radd__, __rmul__ = __add__, __mul__

    def _reckon(self, operation: Callable[[Any, Any], Any], other: Any) -> Range:
        found = [operation(*each) for each in product(_ends(self), _ends(other))]
        return Range(min(found), max(found))

    def __lt__(self, other: Any) -> bool:
        lower, upper = _ends(other)
        return _decided(self.upper < lower, self.lower >= upper)

    def __gt__(self, other: Any) -> bool:
        lower, upper = _ends(other)
        return _decided(self.lower > upper, self.upper <= lower)

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        lower, upper = _ends(other)
        same = self.lower == self.upper == lower == upper
        return _decided(same, self.upper < lower or self.lower > upper)

    __hash__ = None  # type: ignore[assignment]


def _ends(value: Any) -> tuple[Any, Any]:
    return (value.lower, value.upper) if isinstance(value, Range) else (value, value)


def divide(one: Any, other: Any) -> Any:
    """Divide exactly where both are whole numbers."""
    whole = isinstance(one, int) and isinstance(other, int)
    return Fraction(one, other) if whole else one / other


def _decided(holds: Any, fails: Any) -> bool:
    if holds or fails:
        return bool(holds)
    raise UndecidedError("the bounds do not say")
