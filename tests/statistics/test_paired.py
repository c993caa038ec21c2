"""McNemar's test: its p-value by counting, and its bounds over every crossing."""

from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.paired import mcnemar, mcnemar_bounds

COUNTS = st.integers(0, 12)


@st.composite
def group(draw: st.DrawFn) -> tuple[int, int, int]:
    people = draw(st.integers(0, 9))
    return people, draw(st.integers(0, people)), draw(st.integers(0, people))


# R 4.2: mcnemar of Agresti's approval ratings (150 and 86), by binom.test(86, 236)$p.value.
@pytest.mark.parametrize(
    ("first_only", "second_only", "wanted"),
    [(6, 0, 0.03125), (5, 0, 0.0625), (150, 86, 3.715936e-05), (3, 3, 1), (0, 0, 1)],
)
def test_the_p_value_is_that_of_r(first_only: int, second_only: int, wanted: float) -> None:
    assert mcnemar(first_only, second_only) == pytest.approx(wanted, rel=1e-6)


@given(COUNTS, COUNTS)
def test_the_p_value_counts_the_falls_of_coins_that_are_as_uneven(one: int, other: int) -> None:
    coins = one + other
    as_uneven = sum(
        comb(coins, k) for k in range(coins + 1) if abs(2 * k - coins) >= abs(one - other)
    )
    assert mcnemar(one, other) == pytest.approx(float(Fraction(as_uneven, 2**coins)))


@given(st.lists(group(), min_size=1, max_size=2))
def test_the_bounds_are_those_of_every_crossing(groups: list[tuple[int, int, int]]) -> None:
    crossings = [
        range(max(0, one + other - people), min(one, other) + 1) for people, one, other in groups
    ]
    first, second = (sum(each[place] for each in groups) for place in (1, 2))
    every = [mcnemar(first - sum(both), second - sum(both)) for both in product(*crossings)]
    found = mcnemar_bounds(groups)
    assert found.gap == first - second
    assert (found.least, found.greatest) == pytest.approx((min(every), max(every)))


@pytest.mark.parametrize("groups", [[(2, 3, 1)], [(2, 1, 3)], [(2, -1, 1)]])
def test_more_answers_than_people_are_refused(groups: list[tuple[int, int, int]]) -> None:
    with pytest.raises(ValueError, match="answers of 2 people"):
        mcnemar_bounds(groups)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="a count is negative: -1"):
        mcnemar(-1, 3)
