"""Numbers of which the bounds are known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.expressions import Range, UndecidedError

NUMBERS = st.integers(-20, 20)
ARITHMETIC = (operator.add, operator.sub, operator.mul, lambda a, b: Fraction(a) / b)
COMPARISONS = (
    *(operator.lt, operator.le, operator.gt, operator.ge),
    *(operator.eq, operator.ne),
)


@st.composite
def inside(draw: st.DrawFn) -> tuple[Any, int]:
    """Draw a number, and either itself or a range that it lies in."""
    lower, number, upper = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
    return draw(st.sampled_from([number, Range(lower, upper)])), number


def unless_undecided(operation: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    try:
        return operation(one, other)
    except (UndecidedError, ZeroDivisionError):
        return None


@given(inside(), inside(), st.sampled_from(ARITHMETIC))
def test_a_range_holds_whatever_its_numbers_come_to(
    one: tuple[Any, int], other: tuple[Any, int], operation: Callable[[Any, Any], Any]
) -> None:
    found = unless_undecided(
        operator.truediv if operation is ARITHMETIC[-1] else operation, one[0], other[0]
    )
    if isinstance(found, Range):
        assert found.lower <= operation(one[1], other[1]) <= found.upper


@given(inside(), inside(), st.sampled_from(COMPARISONS))
def test_a_comparison_that_is_decided_is_that_of_every_number(
    one: tuple[Any, int], other: tuple[Any, int], comparison: Callable[[Any, Any], bool]
) -> None:
    found = unless_undecided(comparison, one[0], other[0])
    assert found in (None, comparison(one[1], other[1]))


@pytest.mark.parametrize(
    ("holds", "is_decided"),
    [
        (lambda: Range(10, 14) > 9, True),
        (lambda: Range(10, 14) > 10, False),
        (lambda: Range(10, 14) >= 10, True),
        (lambda: Range(0, 9) < Range(10, 14), True),
        (lambda: Range(0, 10) <= Range(10, 14), True),
        (lambda: Range(0, 10) < Range(10, 14), False),
        (lambda: Range(10, 14) != 9, True),
        (lambda: Range(10, 10) == 10, True),
        (lambda: Range(10, 14) == Range(10, 14), False),
        (lambda: 100 * Range(10, 14) / 19 > 50, True),
        (lambda: 20 - Range(10, 14) <= 10, True),
        (lambda: 100 / Range(4, 5) >= 20, True),
        (lambda: 1 / Range(0, 1) > 0, False),
    ],
)
def test_bounds_decide_where_all_their_numbers_agree(
    holds: Callable[[], bool], *, is_decided: bool
) -> None:
    if is_decided:
        assert holds()
    else:
        with pytest.raises(UndecidedError):
            holds()
