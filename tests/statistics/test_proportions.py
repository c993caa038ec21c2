"""Proportions against R, Newcombe's printed examples and closed forms."""

import csv
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.statistics.proportions import (
    Interval,
    bounds,
    chance_of_meeting,
    clopper_pearson,
    difference,
    mcnemar,
    mcnemar_bounds,
    smallest_group,
    smallest_share,
    wilson,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "proportions.csv"
with REFERENCE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
NAMES = [f"{row['successes']}/{row['trials']} at {row['level']}" for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
@pytest.mark.parametrize(("method", "name"), [(wilson, "wilson"), (clopper_pearson, "exact")])
def test_an_interval_is_that_of_r(
    method: Callable[..., Interval], name: str, row: dict[str, str]
) -> None:
    found = method(int(row["successes"]), int(row["trials"]), float(row["level"]))
    expected = (float(row[f"{name}_low"]), float(row[f"{name}_high"]))
    assert (found.low, found.high) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_chance_of_meeting_a_trait_is_that_of_r(row: dict[str, str]) -> None:
    share = int(row["successes"]) / int(row["trials"])
    assert chance_of_meeting(share, 12) == pytest.approx(float(row["met_by_12"]), rel=1e-12)


@pytest.mark.parametrize("row", [row for row in ROWS if row["group_for_95"] != "NA"])
def test_the_smallest_group_is_that_of_r(row: dict[str, str]) -> None:
    share = int(row["successes"]) / int(row["trials"])
    assert smallest_group(share, 0.95) == int(row["group_for_95"])


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_has_the_interval_that_newcombe_prints(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    found = difference(first, second)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_bounds_set_the_unseen_to_none_and_to_all() -> None:
    found = bounds(55, 100, 1880)
    assert (found.low * 1880, found.high * 1880) == pytest.approx((55, 55 + 1780))


def test_bounds_of_a_census_leave_nothing_open() -> None:
    found = bounds(55, 100, 100)
    assert found.low == found.high == found.estimate


def test_wilson_does_not_reckon_in_the_narrow_integers_of_the_caller() -> None:
    found = wilson(np.int16(300), np.int16(1000))  # type: ignore[arg-type]
    assert (found.low, found.high) == pytest.approx((0.2724068, 0.3291239), abs=5e-8)


@pytest.mark.parametrize("narrow", [np.int8, np.uint8, np.int16, np.float16])
@given(counts=st.lists(st.integers(0, 127), min_size=3, max_size=3))
def test_no_proportion_depends_on_the_type_of_the_counts(
    narrow: Callable[[int], Any], counts: list[int]
) -> None:
    successes, trials, population = sorted(counts)
    assume(successes and trials > 1)
    for of_three in (
        lambda a, b, c: wilson(a, b),
        lambda a, b, c: clopper_pearson(a, b),
        lambda a, b, c: difference((a, b), (a, c)),
        bounds,
        lambda a, b, c: chance_of_meeting(0.25, a),
        lambda a, b, c: smallest_share(b),
    ):
        expected = of_three(successes, trials, population)
        assert of_three(*map(narrow, (successes, trials, population))) == expected


@given(st.integers(1, 500), st.floats(0.001, 0.999))
def test_the_smallest_share_is_met_with_the_chance_asked(participants: int, chance: float) -> None:
    found = chance_of_meeting(smallest_share(participants, chance), participants)
    assert found == pytest.approx(chance, rel=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_one_person_fewer_would_not_do(share: float, chance: float) -> None:
    size = smallest_group(share, chance)
    assert chance_of_meeting(share, size - 1) < chance
    assert chance_of_meeting(share, size) >= chance * (1 - 1e-12)


@pytest.mark.parametrize(("among", "people"), [(3, 5), (4, 3), (5, 10), (10, 9)])
def test_a_chance_reached_exactly_needs_nobody_more(among: int, people: int) -> None:
    assert smallest_group(1 / among, chance_of_meeting(1 / among, people)) == people


def test_a_group_of_nobody_meets_nothing() -> None:
    assert chance_of_meeting(0.3, 0) == chance_of_meeting(1.0, 0) == 0.0


def test_what_everybody_has_is_met_by_the_first() -> None:
    assert chance_of_meeting(1.0, 1) == 1.0


def test_a_rare_trait_keeps_its_digits() -> None:
    assert chance_of_meeting(1e-12, 12) == pytest.approx(12e-12, rel=1e-10)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: wilson(1, 0), "a share of 0 people"),
        (lambda: clopper_pearson(13, 12), "13 successes in 12 trials"),
        (lambda: wilson(-1, 12), "-1 successes in 12 trials"),
        (lambda: wilson(1, 2, 1.0), "strictly between 0 and 1, 1.0 does not"),
        (lambda: bounds(1, 2, 1), "2 people observed out of 1"),
        (lambda: chance_of_meeting(1.5, 2), "between 0 and 1, 1.5 does not"),
        (lambda: chance_of_meeting(math.nan, 2), "between 0 and 1, nan does not"),
        (lambda: chance_of_meeting(0.5, -1), "a group of -1 people"),
        (lambda: smallest_share(0), "a group of 0 people"),
        (lambda: wilson(0.5, 2), "0.5 people: a count is a whole number"),  # type: ignore[arg-type]
        (lambda: bounds(1, 2, math.inf), "inf people"),  # type: ignore[arg-type]
        (lambda: smallest_group(0), "above 0 and up to 1, 0 does not"),
    ],
)
def test_what_is_out_of_range_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()


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
def test_the_p_value_of_mcnemar_is_that_of_r(
    first_only: int, second_only: int, wanted: float
) -> None:
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
