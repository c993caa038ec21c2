"""Agreement of two partitions, against its definition and a published example."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.agreement import adjusted_rand_index, matched_share, recovery

labels = st.lists(st.integers(1, 4), min_size=2, max_size=9)
pairs_of_partitions = st.integers(2, 9).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(1, 4), min_size=n, max_size=n)] * 2)
)

# Yeung and Ruzzo, An empirical study on principal component analysis for clustering gene
# expression data, Bioinformatics 17 (2001), supplement on the adjusted Rand index: 10 objects.
CLASSES = [1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
CLUSTERS = [1, 2, 1, 2, 2, 3, 3, 3, 3, 3]


def by_pairs(one: list[int], other: list[int]) -> float:
    """Compute the index as Hubert and Arabie define it, pair by pair."""
    pairs = list(itertools.combinations(range(len(one)), 2))
    same = np.array([one[i] == one[j] for i, j in pairs], dtype=float)
    other_same = np.array([other[i] == other[j] for i, j in pairs], dtype=float)
    expected = same.sum() * other_same.sum() / len(pairs)
    most = (same.sum() + other_same.sum()) / 2
    return 1.0 if most == expected else ((same * other_same).sum() - expected) / (most - expected)


def test_adjusted_rand_index_of_the_example_of_yeung_and_ruzzo() -> None:
    assert adjusted_rand_index(CLASSES, CLUSTERS) == pytest.approx(0.313, abs=5e-4)


@given(pairs_of_partitions)
def test_adjusted_rand_index_is_that_of_its_definition(both: tuple[list[int], list[int]]) -> None:
    assert adjusted_rand_index(*both) == pytest.approx(by_pairs(*both))


@given(pairs_of_partitions)
def test_agreement_does_not_depend_on_the_order_of_the_partitions(
    both: tuple[list[int], list[int]],
) -> None:
    one, other = both
    assert adjusted_rand_index(one, other) == adjusted_rand_index(other, one)
    assert matched_share(one, other) == matched_share(other, one)


@given(labels, st.permutations("abcd"))
def test_agreement_of_a_partition_with_itself_under_other_names_is_1(
    one: list[int], names: list[str]
) -> None:
    renamed = [names[label - 1] for label in one]
    assert adjusted_rand_index(one, renamed) == matched_share(one, renamed) == 1


@given(pairs_of_partitions)
def test_the_index_is_1_for_no_other_partition(both: tuple[list[int], list[int]]) -> None:
    same = len(set(zip(*both, strict=True))) == len(set(both[0])) == len(set(both[1]))
    assert (adjusted_rand_index(*both) == 1) == same == (matched_share(*both) == 1)


def test_adjusted_rand_index_is_zero_on_average_over_the_orders_of_the_rows() -> None:
    one, other = [1, 1, 2, 2, 2, 3], [1, 1, 1, 2, 2, 2]
    values = [adjusted_rand_index(one, order) for order in itertools.permutations(other)]
    assert np.mean(values) == pytest.approx(0, abs=1e-12)


@given(pairs_of_partitions)
def test_matched_share_is_the_best_of_all_namings(both: tuple[list[int], list[int]]) -> None:
    one, other = np.array(both[0]), np.array(both[1])
    namings = itertools.permutations(range(1, 5))
    best = max(np.mean(one == np.array(naming)[other - 1]) for naming in namings)
    assert matched_share(one, other) == pytest.approx(best)


def test_rows_of_a_cluster_without_a_match_are_apart() -> None:
    assert matched_share([1, 1, 1, 1], [1, 1, 2, 3]) == 0.5


def test_partitions_of_other_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="partitions of 2 and of 3 rows"):
        matched_share([1, 2], [1, 2, 2])


MISSING = [[1, 1, 2, math.nan], ["a", "a", "b", math.nan], ["a", "a", "b", None], [1, 1, 2, pd.NA]]


@pytest.mark.parametrize("labels", MISSING, ids=map(str, MISSING))
@pytest.mark.parametrize("compare", [adjusted_rand_index, matched_share])
def test_a_row_without_a_cluster_is_named(
    compare: Callable[..., float], labels: list[object]
) -> None:
    with pytest.raises(ValueError, match="row 4 has no cluster in the second partition"):
        compare([1, 1, 2, 2], labels)
    with pytest.raises(ValueError, match="row 1 has no cluster in the first partition"):
        compare(labels[::-1], [1, 1, 2, 2])


def test_a_number_and_its_text_are_two_clusters() -> None:
    assert matched_share([1, "1"], [1, 2]) == 1


def test_as_many_clusters_as_rows_take_no_table_of_all_pairs_of_clusters() -> None:
    rows = np.arange(100_000)
    assert adjusted_rand_index(rows, rows) == 1
    assert matched_share(rows // 50, rows // 50) == 1
    assert matched_share(rows[:5_000], rows[:5_000]) == 1


def test_no_row_shares_nothing() -> None:
    with pytest.raises(ValueError, match="one row or more"):
        matched_share([], [])


def test_a_single_row_has_no_pairs_to_compare() -> None:
    with pytest.raises(ValueError, match="two rows or more"):
        adjusted_rand_index([1], [1])


@given(pairs_of_partitions)
def test_recovery_is_the_best_of_jaccard_over_the_clusters_of_the_other(
    both: tuple[list[int], list[int]],
) -> None:
    one, other = (
        {name: {row for row, each in enumerate(labels) if each == name} for name in labels}
        for labels in both
    )
    wanted = {
        name: max(len(own & each) / len(own | each) for each in other.values())
        for name, own in one.items()
    }
    assert recovery(*both) == pytest.approx(wanted)


def test_recovery_refuses_partitions_of_other_rows() -> None:
    with pytest.raises(ValueError, match="of 2 and of 3 rows"):
        recovery([1, 2], [1, 2, 3])
