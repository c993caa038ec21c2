"""Calibration against R's survey package, and what it promises of any table."""

import csv
import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.statistics.calibration import calibrate, jackknife, rake

REFERENCE = Path(__file__).parents[1] / "reference" / "calibration.csv"
with REFERENCE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
NAMES = [row["sizes"] for row in ROWS]
Z = NormalDist().inv_cdf(0.975)


def numbers(row: dict[str, str], column: str) -> NDArray[np.float64]:
    return np.array(row[column].split(), dtype=float)


def cells(row: dict[str, str], column: str) -> NDArray[np.float64]:
    return numbers(row, column).reshape([int(size) for size in row["sizes"].split()], order="F")


def margins(row: dict[str, str]) -> list[NDArray[np.float64]]:
    return [numbers(row, f"margin_{name}") for name in "abc"]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_calibrated_share_is_that_of_r(row: dict[str, str]) -> None:
    found = calibrate(cells(row, "trait"), cells(row, "counts"), margins(row))
    assert float(found.estimate) == pytest.approx(float(row["estimate"]), abs=1e-7)
    assert float(found.effective_size) == pytest.approx(float(row["effective"]), rel=1e-5)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_weights_are_those_of_r(row: dict[str, str]) -> None:
    weights = calibrate(cells(row, "trait"), cells(row, "counts"), margins(row)).weights
    found = (np.nanmin(weights), np.nanmax(weights))
    assert found == pytest.approx((float(row["lightest"]), float(row["heaviest"])), rel=1e-5)


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_interval_is_the_jackknife_of_r(row: dict[str, str]) -> None:
    found = jackknife(cells(row, "trait"), cells(row, "counts"), margins(row))
    spread = Z * float(row["jackknife_se"])
    assert found.high - found.estimate == pytest.approx(spread, rel=1e-5)
    assert found.estimate - found.low == pytest.approx(spread, rel=1e-5)


def test_a_sample_that_has_the_margins_keeps_equal_weights() -> None:
    people = np.array([[10, 20], [30, 40]])
    found = calibrate(people // 10, people, [people.sum(axis=1), people.sum(axis=0)])
    assert float(found.estimate) == pytest.approx(0.1)
    assert float(found.effective_size) == pytest.approx(100)


def test_one_margin_weighs_the_strata_as_the_population_has_them() -> None:
    found = calibrate([1, 3], [2, 3], [[30, 10]])
    assert float(found.estimate) == pytest.approx(0.5 * 0.75 + 1 * 0.25)


def test_the_effective_size_is_that_of_kish() -> None:
    found = calibrate([0, 0], [1, 3], [[1, 1]])
    # One person of weight 2 and three of weight 2/3.
    assert float(found.effective_size) == pytest.approx(4**2 / (2**2 + 3 * (2 / 3) ** 2))


def test_a_stratum_without_anybody_is_left_out_of_the_population() -> None:
    assert float(calibrate([1, 3, 0], [2, 3, 0], [[30, 10, 60]]).estimate) == pytest.approx(0.625)


def test_people_of_a_stratum_that_the_population_has_not_weigh_nothing() -> None:
    found = calibrate([1, 3], [2, 3], [[30, 0]])
    assert (float(found.estimate), found.weights.tolist()) == (0.5, [2.5, 0])


@pytest.mark.parametrize("counts", [[[3, 0], [0, 3]], [[0, 0], [0, 0]]])
def test_margins_that_no_weights_have_give_no_share(counts: list[list[int]]) -> None:
    found = calibrate(np.zeros((2, 2)), counts, [[1, 3], [3, 1]])
    assert math.isnan(found.estimate)
    assert math.isnan(found.effective_size)


def test_a_table_without_solution_leaves_the_others_alone() -> None:
    tables = np.array([[[3, 0], [0, 3]], [[1, 1], [1, 1]]])
    fitted = rake(tables, [[1, 3], [3, 1]])
    assert np.isnan(fitted[0]).all()
    assert fitted[1].ravel().tolist() == pytest.approx([3 / 16, 1 / 16, 9 / 16, 3 / 16])


def test_there_is_no_interval_where_one_person_alone_makes_the_margins_possible() -> None:
    # Without the one of the first row and second column, the first row is all in the first column.
    found = jackknife([[1, 1], [1, 1]], [[2, 1], [2, 20]], [[2, 1], [1, 2]])
    assert found.estimate > 0
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_an_interval_stays_within_nothing_and_all() -> None:
    found = jackknife([1, 2], [2, 2], [[1, 1]])
    assert 0 < found.low < found.estimate < 1
    assert found.high == 1


def test_one_person_has_no_interval() -> None:
    found = jackknife([1], [1], [[1]])
    assert found.estimate == 1
    assert math.isnan(found.low)


@given(
    st.lists(st.integers(1, 30), min_size=12, max_size=12),
    st.lists(st.integers(1, 30), min_size=2, max_size=2),
    st.lists(st.integers(1, 30), min_size=3, max_size=3),
)
def test_the_weighted_sample_has_the_margins(
    counts: list[int], first: list[int], second: list[int]
) -> None:
    fitted = rake(np.reshape(counts, (2, 2, 3)), [first, second])
    rows, columns = np.array(first) / sum(first), np.array(second) / sum(second)
    assert fitted.sum(axis=2) == pytest.approx(np.tile(rows, (2, 1)), abs=1e-6)
    assert fitted.sum(axis=1) == pytest.approx(np.tile(columns, (2, 1)), abs=1e-6)


@pytest.mark.parametrize(
    ("trait", "counts", "margin", "said"),
    [
        ([1, 1], [2, 2], [1, 1, 1], "a margin of 3 categories for a variable of 2"),
        ([1, 1], [2, 2], [-1, 3], "a margin has a category of -1"),
        ([1, 1], [2, 2], [1, math.nan], "a margin has a category of nan"),
        ([1, 1], [2, 2], [1, math.inf], "a margin has a category of inf"),
        ([1, 1], [2, math.nan], [1, 1], "a table has a cell of nan"),
        ([-1, 1], [2, 2], [1, 1], "a table has a cell of -1"),
        ([3, 1], [2, 2], [1, 1], "more people have the trait than there are"),
    ],
)
def test_what_is_no_calibration_is_refused(
    trait: list[float], counts: list[float], margin: list[float], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        calibrate(trait, counts, [margin])
