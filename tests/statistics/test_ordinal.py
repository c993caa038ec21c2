"""The exact rank test and Cliff's delta against enumeration, SciPy, R and published values."""

import csv
import math
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.ordinal import cliff_delta, mann_whitney

# Tables T2, T12 and T16 of the thesis (L1514-1516, L1720-1722, L1786-1788): users, non-users.
TIME = ([30, 13, 8, 1, 3], [13, 9, 12, 2, 9])
BURDEN = ([2, 1, 5, 9, 38], [3, 2, 7, 7, 26])
CONSULTING = ([10, 5, 19, 8, 13], [16, 7, 13, 3, 5])

REFERENCE = Path(__file__).parents[1] / "reference" / "mann_whitney.csv"
with REFERENCE.open(encoding="utf-8", newline="") as file:
    REFERENCES = {
        row["name"]: (
            [int(count) for count in row["first"].split()],
            [int(count) for count in row["second"].split()],
            float(row["p_value"]),
        )
        for row in csv.DictReader(file)
    }
KINDS = ["alike", "levels", "small", "untied"]

small_groups = st.integers(1, 5).flatmap(
    lambda levels: st.tuples(*[st.lists(st.integers(0, 3), min_size=levels, max_size=levels)] * 2)
)


def spread(counts: list[int]) -> list[int]:
    """List the answers, one a member."""
    return [level for level, count in enumerate(counts) for _ in range(count)]


def rank_sums(first: list[int], second: list[int]) -> list[Fraction]:
    """List the rank sum of every choice of the first group; the observed choice comes first."""
    answers = spread(first) + spread(second)
    ranks = [Fraction(int(2 * rank), 2) for rank in stats.rankdata(answers)]
    return [sum(chosen) for chosen in combinations(ranks, sum(first))]


def dominance(first: list[int], second: list[int]) -> np.ndarray:
    """Compare each member of the first group with each of the second."""
    return np.sign(np.subtract.outer(spread(first), spread(second)))


@settings(max_examples=80)
@given(small_groups)
def test_the_p_value_is_the_share_of_all_choices_that_lie_as_far(
    groups: tuple[list[int], list[int]],
) -> None:
    first, second = groups
    assume(sum(first) and sum(second) and sum(first) + sum(second) <= 14)
    every = rank_sums(first, second)
    mean = Fraction(sum(first) * (sum(first) + sum(second) + 1), 2)
    far = sum(abs(value - mean) >= abs(every[0] - mean) for value in every)
    assert mann_whitney(first, second).p_value == float(Fraction(far, len(every)))


@pytest.mark.parametrize(("first", "second"), [TIME, BURDEN, CONSULTING])
def test_the_p_value_is_that_of_all_the_tables_with_these_margins(
    first: list[int], second: list[int]
) -> None:
    totals = np.add(first, second)
    filled = np.array(list(product(*(range(total + 1) for total in totals[:-1]))))
    last = sum(first) - filled.sum(axis=1)
    possible = (last >= 0) & (last <= totals[-1])
    tables = np.column_stack([filled, last])[possible]
    log_choices = sum(
        np.log([float(math.comb(int(total), x)) for x in range(total + 1)])[tables[:, level]]
        for level, total in enumerate(totals)
    )
    chances = np.exp(log_choices - math.log(math.comb(int(totals.sum()), sum(first))))
    ranks = np.cumsum(totals) - (totals - 1) / 2
    distance = np.abs(2 * (tables @ ranks) - sum(first) * (totals.sum() + 1))
    observed = np.abs(2 * (first @ ranks) - sum(first) * (totals.sum() + 1))
    assert chances.sum() == pytest.approx(1)
    expected = chances[distance >= observed].sum()
    assert mann_whitney(first, second).p_value == pytest.approx(expected, rel=1e-10)


def test_the_p_value_agrees_with_the_exact_permutation_test_of_scipy() -> None:
    first, second = [0, 1, 2, 0, 3], [2, 2, 1, 1, 0]
    pooled = stats.rankdata(spread(first) + spread(second))
    mean = sum(first) * (len(pooled) + 1) / 2

    def distance(own: np.ndarray, _: np.ndarray, axis: int) -> np.ndarray:
        return np.abs(own.sum(axis=axis) - mean)

    permuted = stats.permutation_test(
        (pooled[: sum(first)], pooled[sum(first) :]),
        distance,
        vectorized=True,
        n_resamples=np.inf,
        alternative="greater",
    )
    assert mann_whitney(first, second).p_value == pytest.approx(permuted.pvalue, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_p_value_is_that_of_coin(kind: str) -> None:
    chosen = {name: row for name, row in REFERENCES.items() if name.split("-")[0] == kind}
    computed = {name: mann_whitney(first, second) for name, (first, second, _) in chosen.items()}
    assert all(test.exact for test in computed.values())
    expected = {name: p_value for name, (_, _, p_value) in chosen.items()}
    found = {name: test.p_value for name, test in computed.items()}
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("others", [300, 10**6, 10**9])
@pytest.mark.parametrize("taken", [(0, 3), (20, 30), (50, 0)])
def test_among_any_number_a_small_group_is_tested_exactly(
    taken: tuple[int, int], others: int
) -> None:
    # Of two levels, the rank sum follows from how many of the group are at the first one.
    size = sum(taken)
    levels = others + taken[0], others + taken[1]
    distance = [abs(x * sum(levels) - size * levels[0]) for x in range(size + 1)]
    ways = [math.comb(levels[0], x) * math.comb(levels[1], size - x) for x in range(size + 1)]
    far = sum(ways[x] for x in range(size + 1) if distance[x] >= distance[taken[0]])
    result = mann_whitney(taken, [others, others])
    assert result.exact
    assert result.p_value == pytest.approx(far / sum(ways), rel=1e-12)


def test_beyond_a_small_group_and_many_answers_the_normal_law_begins() -> None:
    assert mann_whitney([25, 25], [300, 1]).exact
    assert mann_whitney([25, 100], [125, 0]).exact
    assert not mann_whitney([26, 25], [200, 0]).exact


def test_without_ties_the_p_value_is_that_of_r() -> None:
    # wilcox.test(x, y, exact = TRUE) of R 4.2.2, x and y having these ranks: W and p.
    ranks = [2, 4, 1, 7, 9, 5, 11]
    first = [int(rank in ranks) for rank in range(1, 16)]
    second = [1 - count for count in first]
    result = mann_whitney(first, second)
    assert result.u == 11
    assert result.p_value == pytest.approx(0.0540792540793, rel=1e-10)


def test_u_counts_the_pairs_with_a_tie_as_a_half() -> None:
    pairs = dominance(*TIME)
    assert mann_whitney(*TIME).u == (pairs > 0).sum() + (pairs == 0).sum() / 2


@pytest.mark.parametrize(("first", "second"), [TIME, BURDEN, CONSULTING])
def test_the_p_value_does_not_depend_on_which_group_comes_first_or_which_end_is_high(
    first: list[int], second: list[int]
) -> None:
    expected = mann_whitney(first, second).p_value
    assert mann_whitney(second, first).p_value == pytest.approx(expected, rel=1e-13)
    turned = mann_whitney(first[::-1], second[::-1]).p_value
    assert turned == pytest.approx(expected, rel=1e-13)


def test_a_level_that_nobody_chose_changes_nothing() -> None:
    assert mann_whitney([3, 0, 4], [1, 0, 5]) == mann_whitney([3, 4], [1, 5])


def test_equal_answers_leave_nothing_to_choose() -> None:
    assert mann_whitney([0, 4], [0, 7]).p_value == 1


@given(small_groups)
def test_delta_is_the_mean_of_the_pairs(groups: tuple[list[int], list[int]]) -> None:
    first, second = groups
    assume(min(sum(first), sum(second)) >= 2)
    assert cliff_delta(first, second).estimate == pytest.approx(dominance(first, second).mean())


def test_delta_and_u_say_the_same() -> None:
    pairs = sum(TIME[0]) * sum(TIME[1])
    assert cliff_delta(*TIME).estimate == pytest.approx(2 * mann_whitney(*TIME).u / pairs - 1)


def test_the_interval_is_that_of_the_r_package_effsize() -> None:
    # Example of Hogarty and Kromrey (1999); the interval is the output kept in effsize's tests
    # for use.unbiased = FALSE, use.normal = TRUE.
    treatment, control = [2, 3, 3, 1, 1], [1, 1, 1, 2, 1]
    delta = cliff_delta(treatment, control)
    assert delta.estimate == pytest.approx(-0.25)
    assert delta.low == pytest.approx(-0.7125351, abs=5e-8)
    assert delta.high == pytest.approx(0.3639999, abs=5e-8)


@pytest.mark.parametrize(("first", "second"), [TIME, BURDEN, CONSULTING])
def test_the_interval_ends_where_the_distance_is_z_of_cliffs_consistent_standard_errors(
    first: list[int], second: list[int]
) -> None:
    pairs = dominance(first, second)
    m, n = pairs.shape
    rows, columns = pairs.mean(axis=1).var(ddof=1), pairs.mean(axis=0).var(ddof=1)
    cells = ((pairs - pairs.mean()) ** 2).sum() / ((m - 1) * (n - 1))
    variance = ((n - 1) * rows + (m - 1) * columns + cells) / (m * n)
    delta = cliff_delta(first, second, level=0.9)
    z = stats.norm.ppf(0.95)
    for end in (delta.low, delta.high):
        scaled = variance * (1 - end**2) / (1 - delta.estimate**2)
        assert (delta.estimate - end) ** 2 == pytest.approx(z**2 * scaled)


def test_the_interval_stays_within_one_and_holds_the_estimate() -> None:
    delta = cliff_delta([1, 0, 0, 9], [9, 1, 0, 0])
    assert delta.low < delta.estimate < delta.high < 1


def test_the_interval_covers_as_often_as_it_says() -> None:
    generator = np.random.default_rng(2020)
    users, non_users = np.array([0.3, 0.2, 0.2, 0.2, 0.1]), np.array([0.15, 0.15, 0.2, 0.25, 0.25])
    levels = np.arange(5)
    true = users @ np.sign(levels[:, None] - levels) @ non_users
    drawn = [
        cliff_delta(generator.multinomial(55, users), generator.multinomial(45, non_users))
        for _ in range(1500)
    ]
    covered = sum(delta.low <= true <= delta.high for delta in drawn) / len(drawn)
    assert covered == pytest.approx(0.95, abs=0.02)


def test_turning_the_scale_round_turns_delta_and_its_interval() -> None:
    turned = cliff_delta(*(counts[::-1] for counts in TIME))
    expected = -cliff_delta(*TIME)
    assert (turned.estimate, turned.low, turned.high) == pytest.approx(
        (expected.estimate, expected.low, expected.high)
    )


@pytest.mark.parametrize(("first", "second"), [([5, 0], [0, 5]), ([0, 5], [0, 5])])
def test_groups_that_do_not_overlap_or_do_not_vary_have_no_interval(
    first: list[int], second: list[int]
) -> None:
    delta = cliff_delta(first, second)
    assert math.isnan(delta.low)
    assert math.isnan(delta.high)


def test_beyond_what_can_be_counted_the_p_value_is_that_of_r_by_the_normal_law() -> None:
    # wilcox.test(rep(1:5, first), rep(1:5, second), exact = FALSE, correct = FALSE)
    result = mann_whitney([300, 130, 80, 10, 30], [230, 190, 120, 20, 90])
    assert result.p_value == pytest.approx(1.41533426147932e-12, rel=1e-12)
    assert (result.u, result.exact) == (138800.0, False)


@pytest.mark.parametrize("compare", [mann_whitney, cliff_delta])
@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([1, 2], [1, 2, 3], "the groups have 2 and 3 levels"),
        ([1, -2], [1, 2], "the first group, level 2: -2 is not a count"),
        ([1, 2], [0.5, 2], "the second group, level 1: 0.5 is not a count"),
        ([1, math.nan], [0, 1], "the first group, level 2: nan is not a count"),
        ([1, 2], [0, math.inf], "the second group, level 2: inf is not a count"),
        ([1, 2], [0, 0], "the second group is empty"),
        ([[1, 2]], [1, 2], "the first group is a list of counts, one for each level"),
    ],
)
def test_bad_counts_are_named(compare, first, second, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compare(first, second)


@pytest.mark.parametrize("narrow", [np.int8, np.uint8, np.float16])
def test_the_counts_may_come_in_narrow_numbers(narrow: type[np.number]) -> None:
    first, second = [100, 50, 100], [100, 20, 10]
    for compare in (mann_whitney, cliff_delta):
        narrowed = compare(np.array(first, narrow), np.array(second, narrow))
        assert narrowed == compare(first, second)


def test_an_interval_takes_two_members_in_each_group() -> None:
    with pytest.raises(ValueError, match="at least two members"):
        cliff_delta([1, 0], [2, 3])


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_confidence_level_lies_between_nought_and_one(level: float) -> None:
    with pytest.raises(ValueError, match="a level lies strictly between 0 and 1"):
        cliff_delta(*TIME, level=level)
