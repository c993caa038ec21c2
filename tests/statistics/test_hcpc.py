"""HCPC against FactoMineR, and against itself with rows, columns and levels in other orders."""

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.cluster import hierarchy

from analysis.statistics import hcpc, mca
from analysis.statistics.hcpc import HCPC, Ties
from analysis.statistics.mca import MCA

KINDS = ["random", "classes", "profiles", "poison", "tea"]
TOLERANCE = 1e-10
NO_TIES = Ties(unions=0, cut=False, eigenvalues=(), places=0, sign=False)

DOCTORS = pd.DataFrame(
    {
        "practice": ["libéral"] * 4 + ["mixte"] * 2 + ["salarié"] * 3,
        "place": ["seul"] * 2 + ["groupe"] * 4 + ["autre"] * 2 + ["groupe"],
        "age": ["60-69", "50-59", "50-59"] + ["30-39", "40-49", "40-49"] * 2,
    },
    index=list("ABCDEFGHI"),
)


@cache
def analyse_as_r(reference: Any) -> MCA:
    eigenvalues = np.array(reference["mca"]["eigenvalues"][0])
    # R also keeps axes without inertia, where the rank is less than the axes asked for.
    n_axes = min(reference["n_axes"][0], int((eigenvalues > 1e-20).sum()))
    return mca.fit(reference.frame, n_axes, supplementary=reference["supplementary"])


def cluster_as_r(analysis: MCA, reference: Any) -> HCPC:
    n_clusters = reference["n_clusters"][0] if "n_clusters" in reference else None
    return hcpc.fit(analysis, analysis.n_axes, n_clusters, consolidate=reference["consolidate"])


@cache
def fit_as_r(reference: Any) -> HCPC:
    return cluster_as_r(analyse_as_r(reference), reference)


def comparable(factominer: Any, kind: str) -> list[Any]:
    return [reference for reference in factominer.of_kind(kind) if not fit_as_r(reference).ties]


def draw(seed: int, n: int, n_variables: int) -> pd.DataFrame:
    """Draw answers that follow a hidden class here and there; no column is constant."""
    generator = np.random.default_rng(seed)
    classes = generator.integers(3, size=n)
    strength = generator.uniform(0, 0.7)
    columns = {}
    for number in range(n_variables):
        n_levels = generator.integers(2, 5)
        favourite = generator.integers(n_levels, size=3)[classes]
        codes = np.where(
            generator.random(n) < strength, favourite, generator.integers(n_levels, size=n)
        )
        codes[:2] = [0, 1]
        columns[f"v{number}"] = np.array(["a", "b", "c", "d"])[codes]
    return pd.DataFrame(columns)


def fit_drawn(frame: pd.DataFrame) -> HCPC:
    rank = len(mca.fit(frame, 1).eigenvalues)
    return hcpc.fit(frame, min(5, rank))


tables = st.builds(draw, st.integers(0, 2**32), st.integers(12, 120), st.integers(2, 6))


def is_that_of_r(result: HCPC, reference: Any) -> bool:
    return result.clusters.tolist() == reference["hcpc"]["clusters"]


def test_six_references_of_105_are_tied_and_one_of_them_differs_from_r(factominer: Any) -> None:
    tied = {
        one.name: is_that_of_r(fit_as_r(one), one)
        for one in factominer.tables
        if fit_as_r(one).ties
    }
    assert len(factominer.tables) == 105
    assert tied == {
        "random-030": True,
        "profiles-035": True,
        "random-036": True,
        "random-039": False,
        "random-054": True,
        "random-060": True,
    }


def test_rounding_alone_decides_between_r_and_us_where_we_differ(factominer: Any) -> None:
    reference = next(one for one in factominer.tables if one.name == "random-039")
    analysis = analyse_as_r(reference)
    generator = np.random.default_rng(0)
    found = set()
    for _ in range(12):
        noise = 1e-10 * generator.normal(size=analysis.profile_coordinates.shape)
        shaken = dataclasses.replace(
            analysis, profile_coordinates=analysis.profile_coordinates + noise
        )
        found.add(is_that_of_r(cluster_as_r(shaken, reference), reference))
    assert found == {True, False}


@pytest.mark.parametrize("kind", KINDS)
def test_clusters_are_those_of_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        expected = reference["hcpc"]["clusters"]
        assert fit_as_r(reference).clusters.tolist() == expected, reference.name


@pytest.mark.parametrize("kind", KINDS)
def test_clusters_before_consolidation_are_those_of_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        expected = reference["hcpc"]["before_consolidation"]
        assert fit_as_r(reference).before_consolidation.tolist() == expected, reference.name


def test_consolidation_changes_most_of_the_partitions(factominer: Any) -> None:
    changed = [
        (fit_as_r(one).clusters != fit_as_r(one).before_consolidation).any()
        for one in factominer.tables
        if one["consolidate"]
    ]
    assert sum(changed) > len(changed) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_suggested_number_of_clusters_is_that_of_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        assert fit_as_r(reference).suggested == reference["hcpc"]["suggested"][0], reference.name


@pytest.mark.parametrize("kind", KINDS)
def test_gains_are_those_of_r_which_adds_zeros_for_copies(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        expected = np.sort(reference["hcpc"]["gains"])[::-1]
        computed = np.zeros(len(expected))
        computed[: len(fit_as_r(reference).gains)] = fit_as_r(reference).gains
        np.testing.assert_allclose(
            computed, expected, rtol=0, atol=TOLERANCE, err_msg=reference.name
        )


@pytest.mark.parametrize("kind", KINDS)
def test_between_inertia_is_that_of_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        computed, expected = fit_as_r(reference), reference["hcpc"]
        inertia = computed.gains.sum()
        before, after = computed.between_before * inertia, computed.between_after * inertia
        assert before == pytest.approx(expected["between_before"][0], rel=TOLERANCE)
        if "between_after" in expected:
            assert after == pytest.approx(expected["between_after"][0], rel=TOLERANCE)


@pytest.mark.parametrize("kind", KINDS)
def test_centers_are_those_of_r(factominer: Any, kind: str) -> None:
    for reference in comparable(factominer, kind):
        computed = fit_as_r(reference).centers
        expected = np.array(reference["hcpc"]["centres"]).T[:, : computed.shape[1]]
        np.testing.assert_allclose(computed, expected, rtol=0, atol=1e-8, err_msg=reference.name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("which", ["paragons", "most_distant"])
def test_individuals_that_stand_out_are_those_of_r(factominer: Any, kind: str, which: str) -> None:
    n_named = 0
    for reference in comparable(factominer, kind):
        computed = getattr(fit_as_r(reference), which)
        for cluster, expected in enumerate(reference["hcpc"][which], start=1):
            own = computed[computed["cluster"] == cluster]
            distances = np.array(expected["distances"])
            np.testing.assert_allclose(own["distance"], distances, rtol=0, atol=1e-8)
            # Where two distances are equal, R's order depends on rounding; the one after the last
            # is not known.
            gaps = np.abs(np.diff(distances)) > 1e-8
            alone = np.append(True, gaps) & np.append(gaps, len(distances) < hcpc.N_DESCRIBED)
            named = own["individual"].to_numpy() + 1
            assert named[alone].tolist() == np.array(expected["rows"])[alone].tolist()
            n_named += int(alone.sum())
    assert n_named > 0


def test_fit_on_a_table_is_the_fit_on_its_analysis() -> None:
    frame = draw(seed=1, n=60, n_variables=4)
    on_table, on_analysis = hcpc.fit(frame, 3), hcpc.fit(mca.fit(frame, 6), 3)
    assert on_table == on_analysis
    assert on_table.clusters.tolist() == on_analysis.clusters.tolist()


@settings(max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_clusters_are_the_same_in_any_order_of_rows_columns_and_levels(
    frame: pd.DataFrame, random: Any
) -> None:
    result = fit_drawn(frame)
    assume(not result.ties)
    rows = random.sample(range(len(frame)), len(frame))
    columns = random.sample(list(frame.columns), len(frame.columns))
    shuffled = frame.iloc[rows][columns].apply(
        lambda column: pd.Categorical(column, random.sample(list("abcd"), 4))
    )
    again = fit_drawn(shuffled)
    assert again.clusters.tolist() == result.clusters[rows].tolist()
    assert again.before_consolidation.tolist() == result.before_consolidation[rows].tolist()


# The few rows of this table have two profiles between them, which leaves no third cluster.
@example(draw(522707, 12, 2), 2)
@settings(max_examples=40)
@given(tables, st.integers(2, 5))
def test_clusters_are_the_same_when_every_row_comes_several_times(
    frame: pd.DataFrame, times: int
) -> None:
    rank = min(5, len(mca.fit(frame, 1).eigenvalues))
    n_clusters = min(3, len(frame.drop_duplicates()))
    once = hcpc.fit(frame, rank, n_clusters, consolidate=False)
    assume(not once.ties)
    several = hcpc.fit(pd.concat([frame] * times), rank, n_clusters, consolidate=False)
    assert several.clusters.tolist() == once.clusters.tolist() * times
    assert several.gains == pytest.approx(once.gains, abs=1e-12)


@settings(max_examples=40)
@given(tables)
def test_consolidation_never_lowers_the_inertia_between_clusters(frame: pd.DataFrame) -> None:
    result = fit_drawn(frame)
    assert result.between_after >= result.between_before - 1e-12


def test_profiles_are_one_point_where_rows_are_repeated() -> None:
    frame = pd.concat([DOCTORS] * 1000, ignore_index=True)
    result = hcpc.fit(frame, 3, 3)
    assert len(result.coordinates) == len(DOCTORS.drop_duplicates())
    assert len(result.clusters) == 9000


def test_clusters_are_numbered_by_their_mean_on_axis_1() -> None:
    result = hcpc.fit(draw(seed=6, n=90, n_variables=5), 5, 6)
    first_axis = pd.Series(result.coordinates[result.profile, 0])
    means = first_axis.groupby(result.clusters).mean()
    assert means.is_monotonic_increasing
    np.testing.assert_allclose(result.centers[:, 0], means)


def test_without_consolidation_the_clusters_are_those_of_the_cut() -> None:
    result = hcpc.fit(DOCTORS, 3, 3, consolidate=False)
    assert result.clusters.tolist() == result.before_consolidation.tolist()
    assert result.between_after == result.between_before


def test_gains_add_up_to_the_inertia_of_the_axes() -> None:
    analysis = mca.fit(DOCTORS, 3)
    assert hcpc.fit(analysis, 3).gains.sum() == pytest.approx(analysis.eigenvalues[:3].sum())


def test_a_tree_at_hand_is_cut_and_not_grown_again(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = mca.fit(DOCTORS, 3)
    grown = {k: hcpc.fit(analysis, 3, k) for k in (2, 3)}
    monkeypatch.setattr(hcpc, "ward", None)
    again = hcpc.fit(analysis, 3, 3, tree=grown[2].tree)
    np.testing.assert_array_equal(again.clusters, grown[3].clusters)


def test_tree_can_be_drawn_by_scipy_in_the_order_of_axis_1() -> None:
    result = hcpc.fit(DOCTORS, 3, 3)
    drawn = hierarchy.dendrogram(result.tree.linkage, no_plot=True)
    assert drawn["leaves"] == hierarchy.leaves_list(result.tree.linkage).tolist()


def test_paragons_name_rows_by_their_labels() -> None:
    result = hcpc.fit(DOCTORS, 2)
    assert set(result.paragons["individual"]) <= set("ABCDEFGHI")
    assert result.paragons.groupby("cluster")["rank"].max().tolist() == result.sizes.tolist()


def test_paragons_at_equal_distance_come_in_the_order_of_the_rows() -> None:
    frame = pd.concat([DOCTORS.iloc[[0, 6, 7]], DOCTORS.iloc[1:6], DOCTORS.iloc[[8]]])
    for ordered in (frame, frame.iloc[::-1]):
        paragons = hcpc.fit(ordered, 2).paragons
        pair = [one for one in ordered.index if one in "GH"]
        assert paragons.loc[paragons["cluster"] == 1, "individual"].tolist() == pair


def test_most_distant_rows_are_far_from_the_other_means() -> None:
    result = hcpc.fit(DOCTORS, 2)
    distances = np.linalg.norm(result.coordinates[:, None] - result.centers, axis=2)[result.profile]
    distances[np.arange(9), result.clusters - 1] = np.inf
    expected = pd.Series(distances.min(axis=1)).groupby(result.clusters).max()
    computed = result.most_distant.query("rank == 1")["distance"]
    np.testing.assert_allclose(computed, expected)


@pytest.mark.parametrize(("n_rows", "most"), [(6, 3), (7, 4), (9, 4), (11, 6), (13, 6), (40, 10)])
def test_suggested_number_is_at_most_half_the_rows_rounded_half_to_even(
    n_rows: int, most: int
) -> None:
    # Each gain is nearly all that is left: the more clusters, the better.
    gains = 10.0 ** -(np.arange(n_rows - 1) ** 1.5)
    assert hcpc._suggest(gains, n_rows) == most


def test_suggested_number_is_at_most_the_number_of_profiles() -> None:
    frame = pd.DataFrame({"a": ["x", "x", "y", "y"] * 10, "b": ["x", "y", "x", "z"] * 10})
    assert hcpc.fit(frame, 3).suggested == 4
    assert hcpc.fit(frame.iloc[[0, 3] * 10], 1).suggested == 2


def test_no_tie_is_found_where_there_is_none() -> None:
    result = hcpc.fit(draw(seed=1, n=60, n_variables=4), 3)
    assert result.ties == NO_TIES
    assert not result.ties


def test_equal_eigenvalues_are_found() -> None:
    factorial = pd.MultiIndex.from_product([list("ab")] * 3).to_frame(index=False)
    assert hcpc.fit(factorial.rename(columns="v{}".format), 2, 2).ties.eigenvalues == (1, 2)


def test_an_equal_cost_on_both_sides_of_the_cut_is_found() -> None:
    frame = pd.DataFrame({"a": list("xxxyyy"), "b": list("xxyxyy")})
    tie = [hcpc.fit(frame, 2, n_clusters).ties.cut for n_clusters in (2, 3)]
    assert tie == [False, True]


def test_a_sign_that_the_rule_leaves_free_is_found() -> None:
    frame = pd.DataFrame({"a": list("xxxxyyyy"), "b": list("xxxyxyyy")})
    assert hcpc.fit(frame, 1, 2).ties.sign


def test_the_number_of_clusters_may_come_in_a_narrow_integer() -> None:
    frame = draw(seed=1, n=300, n_variables=4)
    narrow: Any = np.int8(5)
    expected = hcpc.fit(frame, n_clusters=5).clusters.tolist()
    assert hcpc.fit(frame, n_clusters=narrow).clusters.tolist() == expected


def test_result_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        hcpc.fit(DOCTORS, 2).clusters[0] = 2


BAD_INPUT = {
    "one cluster": (DOCTORS, {"n_clusters": 1}, r"n_clusters is 1, .*: from 2 to 8"),
    "more than rows": (DOCTORS, {"n_clusters": 10}, r"10, and the 9 rows have 8 .*: from 2 to 8"),
    "more than profiles": (DOCTORS, {"n_clusters": 9}, r"9 rows have 8 distinct profiles only"),
    "fraction": (DOCTORS, {"n_clusters": 2.5}, r"n_clusters is 2\.5: a whole number"),
    "no axis": (DOCTORS, {"n_axes": 0}, r"n_axes is 0"),
    "above the rank": (DOCTORS, {"n_axes": 9}, r"n_axes is 9: a whole number from 1 to \d"),
    "axes not kept": (mca.fit(DOCTORS, 2), {"n_axes": 3}, r"n_axes is 3, .* has 2 axes"),
    "one variable": (DOCTORS[["age"]], {}, r"'age'.* at least two"),
    "constant": (DOCTORS.assign(sex="F"), {}, r"column 'sex' is constant"),
    "numbers": (DOCTORS.assign(years=range(9)), {}, r"column 'years' holds values of type int64"),
    "no row": (DOCTORS.iloc[:0], {}, r"the table is empty \(0 rows"),
    "no column": (DOCTORS[[]], {}, r"the table is empty \(9 rows, 0 columns\)"),
}


@pytest.mark.parametrize(("data", "options", "message"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_fit_says_what_is_wrong(data, options, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message) as raised:
        hcpc.fit(data, **{"n_axes": 2} | options)
    assert "\n" not in str(raised.value)
