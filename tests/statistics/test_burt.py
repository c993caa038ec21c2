"""Many analyses at once, against those made one by one."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import mca
from analysis.statistics.burt import analyse, burt_table, burt_tables, decompose

SIZES = (3, 4, 2)


def draw(seed: int, n: int = 60) -> np.ndarray:
    """Draw linked answers; every category occurs."""
    generator = np.random.default_rng(seed)
    hidden = generator.integers(0, 12, n)
    columns = [
        np.where(generator.random(n) < 0.7, hidden % size, generator.integers(0, size, n))
        for size in SIZES
    ]
    codes = np.column_stack(columns)
    codes[: max(SIZES)] = np.arange(max(SIZES))[:, None] % SIZES
    return codes


def as_frame(codes: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            f"v{column}": pd.Categorical.from_codes(own, categories=list("abcd")[:size])
            for column, (own, size) in enumerate(zip(codes.T, SIZES, strict=True))
        }
    )


TABLES = np.stack([draw(seed) for seed in range(8)])


def test_each_table_has_the_eigenvalues_of_its_own_analysis() -> None:
    found = analyse(TABLES, SIZES).eigenvalues
    for codes, eigenvalues in zip(TABLES, found, strict=True):
        np.testing.assert_allclose(
            eigenvalues, mca.fit(as_frame(codes), n_axes=1).eigenvalues, atol=1e-12
        )


def test_each_table_has_the_coordinates_of_its_own_analysis_sign_included() -> None:
    found = analyse(TABLES, SIZES, n_axes=3).coordinates
    for codes, coordinates in zip(TABLES, found, strict=True):
        expected = mca.fit(as_frame(codes), n_axes=3).category_coordinates
        np.testing.assert_allclose(coordinates, expected, atol=1e-10)


def test_the_burt_table_crosses_every_two_variables() -> None:
    frame = as_frame(TABLES[0])
    expected = pd.crosstab(frame["v0"], frame["v1"]).to_numpy()
    np.testing.assert_array_equal(burt_tables(TABLES[:1], SIZES)[0, :3, 3:7], expected)


def test_rows_counted_by_set_of_answers_have_the_burt_table_of_the_rows() -> None:
    counts = np.zeros(SIZES, dtype=int)
    np.add.at(counts, tuple(TABLES[0].T), 1)
    np.testing.assert_array_equal(burt_table(counts), burt_tables(TABLES[:1], SIZES)[0])


def test_burt_tables_that_lack_a_category_are_analysed_without_it() -> None:
    whole, lacking = draw(1), draw(2)
    lacking[lacking[:, 1] == 2, 1] = 0
    found = decompose(burt_tables(np.stack([whole, lacking]), SIZES), len(SIZES), n_axes=2)
    expected = mca.fit(as_frame(lacking), n_axes=2)
    at = [place for place in range(sum(SIZES)) if place != SIZES[0] + 2]
    np.testing.assert_allclose(found.eigenvalues[1, :-1], expected.eigenvalues, atol=1e-12)
    np.testing.assert_allclose(
        found.coordinates[1, at], expected.category_coordinates[:, :2], atol=1e-10
    )
    assert np.isnan(found.coordinates[1, SIZES[0] + 2]).all()
    assert found.eigenvalues[1, -1] == pytest.approx(0, abs=1e-12)
    assert not np.isnan(found.coordinates[0]).any()


def test_tables_with_one_burt_table_have_one_map() -> None:
    # The eight triples of two answers, by the parity of their sum: the same crossings two by two.
    triples = np.array(list(np.ndindex(2, 2, 2)))
    parity = triples.sum(axis=1) % 2
    base = draw(0)[:, :1] % 2
    codes = [
        np.concatenate(
            [np.column_stack([base, base, base]), np.repeat(triples[parity == which], 2, 0)]
        )
        for which in (0, 1)
    ]
    result = analyse(np.stack(codes), (2, 2, 2), n_axes=1)
    np.testing.assert_allclose(result.coordinates[0], result.coordinates[1], atol=1e-12)


def test_an_absent_category_is_named_by_its_place() -> None:
    codes = TABLES.copy()
    codes[5, :, 1] %= 3
    with pytest.raises(ValueError, match="table 5 lacks the category in place 6"):
        analyse(codes, SIZES)


def test_a_code_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="a code is out of range"):
        burt_tables(TABLES + 1, SIZES)


def test_codes_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(tables, rows, 3 variables\) was expected"):
        burt_tables(TABLES[0], SIZES)


def test_one_variable_is_no_analysis() -> None:
    with pytest.raises(ValueError, match="1 variables: an analysis needs at least two"):
        analyse(TABLES[:, :, :1], SIZES[:1])


def test_too_many_axes_are_refused() -> None:
    with pytest.raises(ValueError, match="a whole number from 1 to 6"):
        analyse(TABLES, SIZES, n_axes=7)


def test_counts_in_narrow_numbers_are_decomposed_in_double_precision() -> None:
    table = burt_table(np.array([[100, 90], [80, 70]]))[None]
    narrow = decompose(table.astype(np.float32), 2, 1)
    np.testing.assert_array_equal(narrow.eigenvalues, decompose(table, 2, 1).eigenvalues)
