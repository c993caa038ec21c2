"""The multiple correspondence analysis against FactoMineR, prince, and its own definition."""

from functools import cache
from itertools import product
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
import prince
import pytest

from analysis.statistics.mca import MCA, burt_table, burt_tables, fit, fit_burt_tables
from analysis.statistics.profiles import MISSING

KINDS = ["random", "classes", "profiles", "poison", "tea"]
TOLERANCE = 1e-8

DOCTORS = pd.DataFrame(
    {
        "practice": ["libéral", "libéral", "libéral", "salarié", "mixte", "libéral"],
        "place": ["seul", "groupe", "groupe", "groupe", "groupe", "seul"],
        "frequency": ["annuel", "mensuel", "mensuel", "annuel", "mensuel", "annuel"],
    }
)


def draw(seed: int, n: int = 80, n_variables: int = 5) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    classes = generator.integers(0, 3, n)
    columns = {}
    for number in range(n_variables):
        answers = np.where(
            generator.random(n) < 0.6, (classes + number) % 3, generator.integers(0, 4, n)
        )
        columns[f"v{number}"] = np.array(["a", "b", "c", "d"])[answers]
    return pd.DataFrame(columns)


def eigenvalues_of(reference: Any) -> np.ndarray:
    """Return R's eigenvalues but for the null ones, which it lists where the rank is deficient."""
    eigenvalues = np.array(reference["mca"]["eigenvalues"][0])
    return eigenvalues[eigenvalues > 1e-20]


def n_axes_of(reference: Any) -> int:
    return min(reference["n_axes"][0], len(eigenvalues_of(reference)))


@cache
def fit_as_r(reference: Any) -> MCA:
    return fit(reference.frame, n_axes_of(reference), supplementary=reference["supplementary"])


def has_free_axes(reference: Any) -> bool:
    """Say whether two equal eigenvalues, or a sum of zero, leave some axis to rounding."""
    eigenvalues = np.append(eigenvalues_of(reference), 0)
    n_axes = n_axes_of(reference)
    gaps = -np.diff(eigenvalues)[:n_axes] / eigenvalues[:n_axes]
    coordinates = np.array(reference["mca"]["categories"]["coordinates"])[:n_axes]
    contributions = np.array(reference["mca"]["categories"]["contributions"])[:n_axes]
    sums = (np.sign(coordinates) * np.sqrt(contributions / 100)).sum(axis=1)
    return bool(gaps.min() < 1e-6 or np.abs(sums).min() < 1e-6)


def r_index(reference: Any, variables: list[str]) -> list[tuple[str, str]]:
    """Return (variable, category) in R's order, in which missing cells come first."""
    levels = dict(zip(reference.frame, reference["coded_levels"], strict=True))
    return [
        (variable, MISSING if level == f"{variable}.NA" else level)
        for variable in variables
        for level in levels[variable]
    ]


def largest_difference(computed: pd.DataFrame, columns: list[list[float]]) -> float:
    expected = np.array(columns).T[:, : computed.shape[1]]
    assert computed.shape == expected.shape
    return float(np.abs(computed.to_numpy() - expected).max())


def comparable(factominer: Any, kind: str) -> list[Any]:
    return [reference for reference in factominer.of_kind(kind) if not has_free_axes(reference)]


def test_references_hold_a_hundred_drawn_tables_and_those_of_r(factominer: Any) -> None:
    amounts = {kind: len(factominer.of_kind(kind)) for kind in KINDS}
    assert amounts == {"random": 33, "classes": 34, "profiles": 33, "poison": 2, "tea": 3}


def test_no_table_but_the_degenerate_ones_leaves_its_axes_to_rounding(factominer: Any) -> None:
    assert [one.name for one in factominer.tables if has_free_axes(one)] == []
    assert all(has_free_axes(one) for one in factominer.degenerate)


@pytest.mark.parametrize("kind", KINDS)
def test_eigenvalues_agree_with_r(factominer: Any, kind: str) -> None:
    for reference in factominer.of_kind(kind):
        expected = eigenvalues_of(reference)
        assert fit_as_r(reference).eigenvalues == pytest.approx(expected, rel=0, abs=TOLERANCE)


def test_eigenvalues_agree_with_r_where_some_are_equal(factominer: Any) -> None:
    for reference in factominer.degenerate:
        expected = eigenvalues_of(reference)
        assert fit_as_r(reference).eigenvalues == pytest.approx(expected, rel=0, abs=TOLERANCE)


@pytest.mark.parametrize("kind", KINDS)
def test_percentages_of_inertia_agree_with_r(factominer: Any, kind: str) -> None:
    for reference in factominer.of_kind(kind):
        _, percent, cumulative = (np.array(c) for c in reference["mca"]["eigenvalues"])
        inertia = fit_as_r(reference).inertia
        rank = len(inertia)
        assert inertia["percent"].to_numpy() == pytest.approx(percent[:rank], abs=TOLERANCE)
        assert inertia["cumulative_percent"].to_numpy() == pytest.approx(
            cumulative[:rank], abs=TOLERANCE
        )


@pytest.mark.parametrize("kind", KINDS)
def test_row_coordinates_agree_with_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        computed = fit_as_r(reference).rows.coordinates
        expected = reference["mca"]["rows"]["coordinates"]
        assert largest_difference(computed, expected) < TOLERANCE, reference.name


@pytest.mark.parametrize("measure", ["contributions", "cos2"])
def test_row_measures_agree_with_r(factominer: Any, measure: str) -> None:
    small = [one for one in factominer.tables if measure in one["mca"]["rows"]]
    assert len(small) > 30
    for reference in small:
        computed = getattr(fit_as_r(reference).rows, measure)
        expected = reference["mca"]["rows"][measure]
        assert largest_difference(computed, expected) < TOLERANCE, reference.name


@pytest.mark.parametrize("measure", ["coordinates", "contributions", "cos2", "v_tests"])
@pytest.mark.parametrize("kind", KINDS)
def test_category_measures_agree_with_r(factominer: Any, kind: str, measure: str) -> None:
    for reference in comparable(factominer, kind):
        result = fit_as_r(reference)
        index = r_index(reference, list(result.profiles.variables))
        computed = getattr(result.categories, measure).loc[index]
        expected = reference["mca"]["categories"][measure]
        assert largest_difference(computed, expected) < TOLERANCE, reference.name


@pytest.mark.parametrize("kind", KINDS)
def test_eta2_agrees_with_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        computed = fit_as_r(reference).categories.eta2
        assert largest_difference(computed, reference["mca"]["eta2"]) < TOLERANCE, reference.name


@pytest.mark.parametrize("measure", ["coordinates", "cos2", "v_tests", "eta2"])
def test_supplementary_measures_agree_with_r(factominer: Any, measure: str) -> None:
    concerned = [one for one in factominer.tables if one["supplementary"]]
    assert len(concerned) > 15
    for reference in concerned:
        computed = getattr(fit_as_r(reference).supplementary, measure)
        if measure != "eta2":
            computed = computed.loc[r_index(reference, reference["supplementary"])]
        expected = reference["mca"]["supplementary"][measure]
        assert largest_difference(computed, expected) < TOLERANCE, reference.name


@pytest.mark.parametrize("seed", range(5))
def test_prince_finds_the_same_eigenvalues_and_row_coordinates(seed: int) -> None:
    frame = draw(seed)
    other = prince.MCA(n_components=5, engine="scipy").fit(frame)
    result = fit(frame)
    assert result.eigenvalues[:5] == pytest.approx(other.eigenvalues_, abs=1e-12)
    difference = result.rows.coordinates.abs().to_numpy() - other.row_coordinates(frame).abs()
    assert np.abs(difference.to_numpy()).max() < 1e-10


@pytest.mark.parametrize("correction", ["benzecri", "greenacre"])
@pytest.mark.parametrize("seed", range(5))
def test_corrected_inertia_is_that_of_prince(seed: int, correction: str) -> None:
    frame = draw(seed)
    result = fit(frame)
    other = prince.MCA(n_components=len(result.eigenvalues), engine="scipy", correction=correction)
    other.fit(frame)
    assert result.inertia["corrected"].to_numpy() == pytest.approx(other.eigenvalues_, abs=1e-12)
    assert result.inertia[f"{correction}_percent"].to_numpy() == pytest.approx(
        other.percentage_of_variance_, abs=1e-9
    )


@pytest.mark.parametrize("levels", [(2, 2), (2, 2, 2), (2, 3, 4), (3, 3, 3, 3)])
def test_unrelated_variables_leave_nothing_to_share_above_the_average(
    levels: tuple[int, ...],
) -> None:
    rows = product(*(ascii_lowercase[:size] for size in levels))
    inertia = fit(pd.DataFrame(rows), n_axes=1).inertia
    shares = inertia[["corrected", "benzecri_percent", "greenacre_percent"]]
    assert not shares.to_numpy().any()


@pytest.mark.parametrize("seed", range(5))
def test_an_axis_has_its_eigenvalue_for_variance_and_no_mean(seed: int) -> None:
    result = fit(draw(seed))
    coordinates = result.rows.coordinates
    assert coordinates.mean().to_numpy() == pytest.approx(np.zeros(5), abs=1e-12)
    assert coordinates.var(ddof=0).to_numpy() == pytest.approx(result.eigenvalues[:5])


@pytest.mark.parametrize("seed", range(5))
def test_a_category_is_the_scaled_mean_of_its_rows(seed: int) -> None:
    frame = draw(seed)
    result = fit(frame)
    means = result.rows.coordinates.groupby(frame["v1"].to_numpy()).mean()
    scaled = means / np.sqrt(result.eigenvalues[:5])
    expected = result.categories.coordinates.loc["v1"]
    assert scaled.to_numpy() == pytest.approx(expected.to_numpy())


def test_contributions_of_an_axis_sum_to_a_hundred() -> None:
    result = fit(draw(0))
    assert result.rows.contributions.sum().to_numpy() == pytest.approx(np.full(5, 100))
    assert result.categories.contributions.sum().to_numpy() == pytest.approx(np.full(5, 100))


def test_cos2_of_a_row_on_all_its_axes_sum_to_one() -> None:
    frame = draw(0)
    result = fit(frame, n_axes=len(fit(frame).eigenvalues))
    assert result.rows.cos2.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(frame)))
    assert result.categories.cos2.sum(axis=1).to_numpy() == pytest.approx(
        np.ones(len(result.categories.cos2))
    )


def test_an_active_variable_made_supplementary_too_keeps_its_place() -> None:
    frame = draw(0).assign(copy=lambda table: table["v2"])
    result = fit(frame, supplementary=["copy"])
    for measure in ("coordinates", "cos2", "v_tests"):
        active = getattr(result.categories, measure).loc["v2"]
        passive = getattr(result.supplementary, measure).loc["copy"]
        assert passive.to_numpy() == pytest.approx(active.to_numpy())
    assert result.supplementary.eta2.loc["copy"].to_numpy() == pytest.approx(
        result.categories.eta2.loc["v2"].to_numpy()
    )


def test_supplementary_tables_are_empty_without_supplementary_variables() -> None:
    supplementary = fit(DOCTORS, n_axes=2).supplementary
    assert supplementary.coordinates.shape == (0, 2)
    assert supplementary.eta2.shape == (0, 2)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_rows_changes_nothing_at_all(seed: int) -> None:
    frame = draw(seed)
    shuffled = frame.sample(frac=1, random_state=seed)
    first, second = fit(frame), fit(shuffled)
    assert second.eigenvalues.tolist() == first.eigenvalues.tolist()
    pd.testing.assert_frame_equal(
        second.rows.coordinates.sort_index(), first.rows.coordinates, check_exact=True
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_columns_and_levels_changes_nothing(seed: int) -> None:
    frame = draw(seed)
    generator = np.random.default_rng(seed)
    turned = frame[generator.permutation(frame.columns)].apply(
        lambda column: pd.Categorical(column, generator.permutation(["a", "b", "c", "d"]))
    )
    first, second = fit(frame), fit(turned)
    pd.testing.assert_frame_equal(
        second.rows.coordinates, first.rows.coordinates, rtol=0, atol=1e-10
    )
    pd.testing.assert_frame_equal(
        second.categories.v_tests.sort_index(), first.categories.v_tests, rtol=0, atol=1e-10
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_names_decide_the_sign_of_an_axis_that_sums_to_zero(seed: int) -> None:
    frame = pd.DataFrame({"v": list("aaaabbbb"), "w": list("xxxyyyyx")})
    generator = np.random.default_rng(seed)
    turned = frame[generator.permutation(["v", "w"])].apply(
        lambda column: pd.Categorical(column, generator.permutation(column.unique()))
    )
    coordinates = fit(turned, n_axes=2).categories.coordinates
    assert (coordinates.loc[("v", "a")] > 0).all()


def test_an_axis_is_turned_so_that_its_singular_vector_sums_to_a_positive_number() -> None:
    result = fit(draw(3))
    signs = np.sign(result.categories.coordinates)
    sums = (signs * np.sqrt(result.categories.contributions)).sum()
    assert (sums > 0).all()


def test_rows_that_come_a_thousand_times_count_a_thousand_times() -> None:
    once = fit(DOCTORS, n_axes=2)
    often = fit(pd.concat([DOCTORS] * 1000, ignore_index=True), n_axes=2)
    assert often.eigenvalues == pytest.approx(once.eigenvalues)
    assert often.rows.coordinates[:6].to_numpy() == pytest.approx(once.rows.coordinates.to_numpy())
    assert often.profile_coordinates.shape == once.profile_coordinates.shape


def test_all_the_eigenvalues_are_given_whatever_the_number_of_axes() -> None:
    assert len(fit(DOCTORS, n_axes=1).eigenvalues) == 3
    assert fit(DOCTORS, n_axes=1).rows.coordinates.shape == (6, 1)


def test_tables_keep_the_labels_of_rows_variables_and_categories() -> None:
    result = fit(DOCTORS.set_axis(list("uvwxyz")), n_axes=2)
    assert result.rows.coordinates.index.tolist() == list("uvwxyz")
    assert result.rows.coordinates.columns.tolist() == [1, 2]
    assert result.categories.coordinates.index.names == ["variable", "category"]
    assert ("practice", "mixte") in result.categories.coordinates.index


def test_a_missing_cell_is_a_category_that_can_be_asked_for_by_name() -> None:
    result = fit(DOCTORS.assign(use=["ajout", None, "ajout", "ajout", None, "ajout"]), n_axes=2)
    assert ("use", MISSING) in result.categories.coordinates.index


@pytest.mark.parametrize("n_axes", [0, -1, 4, 2.0, True, "2"])
def test_a_number_of_axes_out_of_range_is_refused_with_the_range(n_axes: Any) -> None:
    with pytest.raises(ValueError, match=rf"n_axes is {n_axes!r}: a whole number from 1 to 3"):
        fit(DOCTORS, n_axes)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        pytest.param(DOCTORS[["place"]], r"1 variable is active \('place'\).*at least two", id="1"),
        pytest.param(DOCTORS.assign(use="ajout"), "column 'use' is constant", id="constant"),
        pytest.param(DOCTORS.assign(age=range(6)), "column 'age' holds values", id="numeric"),
        pytest.param(DOCTORS.iloc[:0], r"the table is empty \(0 rows, 3 columns\)", id="no row"),
        pytest.param(pd.DataFrame(index=range(3)), "the table is empty", id="no column"),
        pytest.param(
            DOCTORS.set_axis(["a", "b", "a"], axis=1), "two columns are called 'a'", id="one name"
        ),
        pytest.param(DOCTORS.iloc[:1], "column 'practice' is constant", id="one row"),
    ],
)
def test_bad_tables_are_refused_with_the_reason(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(frame, n_axes=1)


@pytest.mark.parametrize(
    ("supplementary", "message"),
    [
        (["age"], "there is no column 'age' to be supplementary"),
        ("place", "supplementary is the text 'place'"),
        (["place", "practice"], r"1 variable is active \('frequency'\)"),
    ],
)
def test_bad_supplementary_columns_are_refused(supplementary: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(DOCTORS, n_axes=1, supplementary=supplementary)


def test_a_constant_supplementary_column_is_refused() -> None:
    with pytest.raises(ValueError, match="column 'use' is constant"):
        fit(DOCTORS.assign(use="ajout"), n_axes=1, supplementary=["use"])


SIZES = (3, 4, 2)


def draw_codes(seed: int, n: int = 60) -> np.ndarray:
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


def analyse(
    codes: np.ndarray, sizes: tuple[int, ...], n_axes: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    return fit_burt_tables(burt_tables(codes, sizes), len(sizes), n_axes)


TABLES = np.stack([draw_codes(seed) for seed in range(8)])


def test_each_table_has_the_eigenvalues_of_its_own_analysis() -> None:
    found, _ = analyse(TABLES, SIZES)
    for codes, eigenvalues in zip(TABLES, found, strict=True):
        np.testing.assert_allclose(
            eigenvalues, fit(as_frame(codes), n_axes=1).eigenvalues, atol=1e-12
        )


def test_each_table_has_the_coordinates_of_its_own_analysis_sign_included() -> None:
    _, found = analyse(TABLES, SIZES, n_axes=3)
    for codes, coordinates in zip(TABLES, found, strict=True):
        expected = fit(as_frame(codes), n_axes=3).category_coordinates
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
    whole, lacking = draw_codes(1), draw_codes(2)
    lacking[lacking[:, 1] == 2, 1] = 0
    eigenvalues, coordinates = analyse(np.stack([whole, lacking]), SIZES, n_axes=2)
    expected = fit(as_frame(lacking), n_axes=2)
    at = [place for place in range(sum(SIZES)) if place != SIZES[0] + 2]
    np.testing.assert_allclose(eigenvalues[1, :-1], expected.eigenvalues, atol=1e-12)
    np.testing.assert_allclose(coordinates[1, at], expected.category_coordinates[:, :2], atol=1e-10)
    assert np.isnan(coordinates[1, SIZES[0] + 2]).all()
    assert eigenvalues[1, -1] == pytest.approx(0, abs=1e-12)
    assert not np.isnan(coordinates[0]).any()


def test_tables_with_one_burt_table_have_one_map() -> None:
    # The eight triples of two answers, by the parity of their sum: the same crossings two by two.
    triples = np.array(list(np.ndindex(2, 2, 2)))
    parity = triples.sum(axis=1) % 2
    base = draw_codes(0)[:, :1] % 2
    codes = [
        np.concatenate(
            [np.column_stack([base, base, base]), np.repeat(triples[parity == which], 2, 0)]
        )
        for which in (0, 1)
    ]
    _, coordinates = analyse(np.stack(codes), (2, 2, 2), n_axes=1)
    np.testing.assert_allclose(coordinates[0], coordinates[1], atol=1e-12)


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
    narrow, _ = fit_burt_tables(table.astype(np.float32), 2, 1)
    np.testing.assert_array_equal(narrow, fit_burt_tables(table, 2, 1)[0])
