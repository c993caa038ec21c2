"""The description of clusters against FactoMineR, the thesis and exact arithmetic."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.printed import Verdict, compare, read_table
from analysis.statistics.catdes import Catdes, describe
from analysis.statistics.profiles import MISSING

# The group describes the clusters of R's tables once.
pytestmark = pytest.mark.xdist_group("catdes")

KINDS = ["random", "classes", "profiles", "poison", "tea", "tail"]
TOLERANCE = 1e-10
ROUNDING = 1e-12
MEASURES = ["cla_mod", "mod_cla", "overall", "p_value", "v_test"]

DOCTORS = pd.DataFrame(
    {
        "place": ["seul"] * 11 + ["groupe"] * 4,
        "practice": ["libéral", "mixte", "libéral"] * 5,
    }
)
CLUSTERS = [1] * 9 + [2] * 6


def draw(seed: int, n: int = 200) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(seed)
    clusters = generator.integers(1, 5, n)
    columns = {}
    for number in range(4):
        answers = np.where(
            generator.random(n) < 0.3, (clusters + number) % 4, generator.integers(0, 4, n)
        )
        columns[f"v{number}"] = np.array(["a", "b", "c", "d"])[answers]
    return pd.DataFrame(columns), clusters


@dataclass(frozen=True)
class Example:
    """A table with its clusters, what R says of it and what is computed."""

    name: str
    expected: Any
    computed: Catdes

    @property
    def threshold(self) -> float:
        """The largest p-value that R keeps."""
        return float(self.expected["threshold"][0])

    @property
    def variables(self) -> pd.DataFrame:
        """R's table of the variables."""
        columns = self.expected["variables"]["columns"] or [[], []]
        names = self.expected["variables"]["names"]
        return pd.DataFrame({"variable": names, "p_value": columns[0], "df": columns[1]})

    @property
    def categories(self) -> pd.DataFrame:
        """R's tables of the categories, one below the other."""
        rows = [
            (number, *row)
            for number, cluster in enumerate(self.expected["categories"], start=1)
            for row in zip(cluster["names"], *cluster["columns"], strict=True)
            if cluster["names"]
        ]
        return pd.DataFrame(rows, columns=["cluster", "name", *MEASURES])


def make_example(name: str, frame: pd.DataFrame, clusters: Any, expected: Any) -> Example:
    return Example(name, expected, describe(frame, clusters, expected["threshold"][0]))


@pytest.fixture(scope="module")
def examples(factominer: Any) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {kind: [] for kind in KINDS}
    for one in factominer.tables:
        clusters = one["hcpc"]["clusters"]
        of_kind = found[one.kind]
        of_kind.append(make_example(one.name, one.coded_frame, clusters, one["catdes"]))
        if "catdes_of_uncoded" in one:
            expected = one["catdes_of_uncoded"]
            of_kind.append(make_example(f"{one.name} uncoded", one.frame, clusters, expected))
    for one in factominer.tails:
        found["tail"].append(make_example(one.name, one.frame, one["clusters"], one["catdes"]))
    return found


def off_the_threshold(description: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Leave out the p-values that equal the threshold but for rounding, by which R decides."""
    is_at = np.isclose(description["p_value"], threshold, rtol=ROUNDING, atol=0)
    return description[~is_at].reset_index(drop=True)


def labels_of(categories: pd.DataFrame) -> list[tuple[int, str]]:
    return [
        (row.cluster, f"{row.variable}={'NA' if row.category == MISSING else row.category}")
        for row in categories.itertuples()
    ]


def relative_difference(computed: pd.Series, expected: pd.Series) -> float:
    computed_values, expected_values = computed.to_numpy(float), expected.to_numpy(float)
    same = computed_values == expected_values
    difference = np.abs(computed_values[~same] / expected_values[~same] - 1)
    return float(difference.max(initial=0))


def test_examples_are_those_of_the_hundred_tables_and_more(
    examples: dict[str, list[Example]],
) -> None:
    amounts = {kind: len(of_kind) for kind, of_kind in examples.items()}
    assert amounts == {
        "random": 43, "classes": 51, "profiles": 52, "poison": 4, "tea": 3, "tail": 5,
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_variables_come_as_in_r(examples: dict[str, list[Example]], kind: str) -> None:
    for example in examples[kind]:
        computed, expected = example.computed.variables, example.variables
        assert computed["variable"].tolist() == expected["variable"].tolist(), example.name


@pytest.mark.parametrize("kind", KINDS)
def test_tests_of_the_variables_agree_with_r(examples: dict[str, list[Example]], kind: str) -> None:
    for example in examples[kind]:
        computed, expected = example.computed.variables, example.variables
        difference = relative_difference(computed["p_value"], expected["p_value"])
        assert difference < TOLERANCE, example.name
        assert computed["df"].tolist() == expected["df"].tolist(), example.name


@pytest.mark.parametrize("kind", KINDS)
def test_categories_come_as_in_r(examples: dict[str, list[Example]], kind: str) -> None:
    for example in examples[kind]:
        threshold = example.threshold
        computed = off_the_threshold(example.computed.categories, threshold)
        expected = off_the_threshold(example.categories, threshold)
        pairs = list(zip(expected["cluster"], expected["name"], strict=True))
        assert labels_of(computed) == pairs, example.name


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("kind", KINDS)
def test_measures_of_the_categories_agree_with_r(
    examples: dict[str, list[Example]], kind: str, measure: str
) -> None:
    for example in examples[kind]:
        threshold = example.threshold
        computed = off_the_threshold(example.computed.categories, threshold)
        expected = off_the_threshold(example.categories, threshold)
        difference = relative_difference(computed[measure], expected[measure])
        assert difference < TOLERANCE, example.name


def test_few_p_values_are_left_out_because_they_equal_the_threshold(
    examples: dict[str, list[Example]],
) -> None:
    left_out = {}
    for example in (example for of_kind in examples.values() for example in of_kind):
        categories = example.computed.categories
        amount = len(categories) - len(off_the_threshold(categories, example.threshold))
        if amount:
            left_out[example.name] = amount
    assert left_out == {
        "random-006": 2, "random-066": 3, "random-066 uncoded": 1,
        "profiles-020 uncoded": 2, "classes-058 uncoded": 3,
    }  # fmt: skip


def test_tails_reach_the_smallest_doubles(examples: dict[str, list[Example]]) -> None:
    p_values = np.concatenate([example.categories["p_value"] for example in examples["tail"]])
    assert (p_values == 0).any()
    assert p_values[p_values > 0].min() < 1e-295


def test_a_p_value_that_equals_the_threshold_is_kept_whatever_its_rounding() -> None:
    # One row of five in a cluster of one: p = 1/5, which no sum of doubles need hit.
    frame = pd.DataFrame({"v": ["a", "b", "b", "b", "b"], "w": ["x", "x", "x", "y", "y"]})
    kept = describe(frame, [1, 2, 2, 2, 2], threshold=0.2).categories
    assert kept["category"].tolist() == ["a", "b", "b", "a"]


def published_rows() -> list[Any]:
    """Return the 42 rows of Annexe VI, with the number of doctors that they describe."""
    rows = []
    for table, n in (("taviu", 55), ("tavin", 45)):
        printed = read_table(table)
        for _, cluster in printed.groupby("cluster"):
            size = cluster_size(cluster, n)
            rows += [
                pytest.param(row, n, size, id=f"{table}-{row.line}") for row in cluster.itertuples()
            ]
    return rows


def cluster_size(printed: pd.DataFrame, n: int) -> int:
    """Deduce how many doctors are in a cluster, on which all its printed rows agree."""
    sizes = {
        round(float(row.cla_mod) * float(row.overall) * n / float(row.mod_cla) / 100)
        for row in printed.itertuples()
        if float(row.mod_cla) > 0
    }
    assert len(sizes) == 1
    return sizes.pop()


def test_annexe_vi_has_forty_two_rows() -> None:
    assert len(published_rows()) == 42


@pytest.mark.parametrize(("printed", "n", "size"), published_rows())
def test_annexe_vi_follows_from_whole_counts(printed: Any, n: int, size: int) -> None:
    of_category = round(float(printed.overall) * n / 100)
    in_both = round(float(printed.cla_mod) * of_category / 100)
    has_category = [True] * in_both + [False] * (size - in_both)
    has_category += [True] * (of_category - in_both)
    has_category += [False] * (n - len(has_category))
    frame = pd.DataFrame({"category": has_category, "again": has_category})
    categories = describe(frame, [1] * size + [2] * (n - size)).categories
    computed = categories.query("cluster == 1 and variable == 'category' and category == 'True'")
    verdicts = {
        measure: compare(getattr(printed, measure), float(computed[measure].item()))
        for measure in MEASURES
    }
    assert verdicts == dict.fromkeys(MEASURES, Verdict.MATCH)


def exact_p_value(n: int, of_cluster: int, of_category: int, k: int) -> Fraction:
    def ways(count: int) -> int:
        return math.comb(of_cluster, count) * math.comb(n - of_cluster, of_category - count)

    low, high = max(0, of_cluster + of_category - n), min(of_cluster, of_category)
    below = sum(ways(count) for count in range(low, k))
    above = sum(ways(count) for count in range(k + 1, high + 1))
    return Fraction(2 * min(below, above) + ways(k), math.comb(n, of_category))


@pytest.mark.parametrize(
    ("n", "of_cluster", "of_category", "k"),
    [
        (20, 5, 8, 2),
        (500, 120, 90, 60),
        (500, 120, 90, 0),
        (900, 300, 400, 290),
        (2500, 900, 700, 520),
        (2500, 900, 700, 100),
    ],
)
def test_p_values_are_right_far_into_the_tails(
    n: int, of_cluster: int, of_category: int, k: int
) -> None:
    rest = n - of_cluster - of_category + k
    has_category = [True] * k + [False] * (of_cluster - k)
    has_category += [True] * (of_category - k) + [False] * rest
    frame = pd.DataFrame({"v": has_category, "w": has_category})
    categories = describe(frame, [1] * of_cluster + [2] * (n - of_cluster), 1).categories
    row = categories.query("cluster == 1 and variable == 'v' and category == 'True'")
    expected = float(exact_p_value(n, of_cluster, of_category, k))
    assert row["p_value"].item() == pytest.approx(expected, rel=1e-12)
    assert abs(row["v_test"].item()) == pytest.approx(stats.norm.isf(expected / 2), rel=1e-12)


def test_a_p_value_below_the_smallest_double_is_zero_and_its_v_test_infinite() -> None:
    frame = pd.DataFrame({"v": ["a"] * 2000 + ["b"] * 2000, "w": ["x", "y"] * 2000})
    categories = describe(frame, [1] * 2000 + [2] * 2000).categories
    assert categories["p_value"].tolist() == [0, 0, 0, 0]
    assert categories["v_test"].tolist() == [math.inf, -math.inf, math.inf, -math.inf]
    assert categories["category"].tolist() == ["a", "b", "b", "a"]


def test_the_v_test_is_positive_where_the_category_is_more_frequent_than_overall() -> None:
    categories = describe(*draw(0), threshold=1).categories
    is_frequent = categories["mod_cla"] > categories["overall"]
    assert (categories.loc[is_frequent, "v_test"] >= 0).all()
    assert (categories.loc[~is_frequent, "v_test"] <= 0).all()


def test_a_threshold_of_one_keeps_every_cluster_and_category() -> None:
    description = describe(*draw(0), threshold=1)
    assert len(description.categories) == 4 * 4 * 4
    assert len(description.variables) == 4


def test_a_p_value_is_never_above_one() -> None:
    # 1 of 2 where 3 of 6 have the category: the two terms of p add up to 1 + 2e-16.
    frame = pd.DataFrame({"v": list("ababab"), "w": list("xyxyxy")})
    assert describe(frame, [1, 1, 2, 2, 2, 2], 1).categories["p_value"].max() == 1


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    frame, clusters = draw(seed)
    order = np.random.default_rng(seed).permutation(len(frame))
    first, second = describe(frame, clusters), describe(frame.iloc[order], clusters[order])
    pd.testing.assert_frame_equal(second.categories, first.categories, check_exact=True)
    pd.testing.assert_frame_equal(second.variables, first.variables, check_exact=True)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_columns_and_levels_changes_only_the_order_of_equal_rows(seed: int) -> None:
    frame, clusters = draw(seed)
    generator = np.random.default_rng(seed)
    turned = frame[generator.permutation(frame.columns)].apply(
        lambda column: pd.Categorical(column, generator.permutation(["a", "b", "c", "d"]))
    )
    keys = ["cluster", "variable", "category"]
    first = describe(frame, clusters).categories.sort_values(keys, ignore_index=True)
    second = describe(turned, clusters).categories.sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(second, first, rtol=1e-12, atol=0)


def test_equal_rows_come_in_the_reverse_order_of_columns_and_categories() -> None:
    frame = pd.DataFrame({"v": list("aaaabbcc"), "w": list("xxxxyyzz")})
    categories = describe(frame, [1] * 4 + [2] * 4, threshold=1).categories
    second = categories[categories["cluster"] == 2]
    assert second["category"].tolist() == ["z", "y", "c", "b", "x", "a"]


def test_equal_variables_come_in_the_order_of_the_columns() -> None:
    frame = pd.DataFrame({"w": list("xxxxyyyy"), "v": list("bbbbaaaa")})
    assert describe(frame, [1] * 4 + [2] * 4).variables["variable"].tolist() == ["w", "v"]


@pytest.mark.parametrize(
    "clusters",
    [
        pytest.param(np.array(["A"] * 9 + ["B"] * 6), id="text"),
        pytest.param(pd.Series(CLUSTERS, index=range(100, 115)).map({1: "A", 2: "B"}), id="Series"),
        pytest.param(pd.Categorical(["A"] * 9 + ["B"] * 6, ["C", "A", "B"]), id="Categorical"),
    ],
)
def test_clusters_may_be_named(clusters: Any) -> None:
    categories = describe(DOCTORS, clusters).categories
    assert categories["cluster"].tolist() == ["A", "A", "B", "B"]


def test_clusters_come_in_the_order_of_a_categorical() -> None:
    clusters = pd.Categorical(["A"] * 9 + ["B"] * 6, ["B", "A"])
    assert describe(DOCTORS, clusters).categories["cluster"].tolist() == ["B", "B", "A", "A"]


def test_tables_have_their_columns_when_nothing_is_below_the_threshold() -> None:
    frame = pd.DataFrame({"v": list("abab"), "w": list("xyyx")})
    description = describe(frame, [1, 1, 2, 2])
    assert description.variables.columns.tolist() == ["variable", "p_value", "df"]
    assert description.categories.columns.tolist() == [
        "cluster", "variable", "category", "cla_mod", "mod_cla", "overall", "p_value", "v_test",
    ]  # fmt: skip
    assert len(description.variables) == len(description.categories) == 0


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        pytest.param(DOCTORS[["place"]], "the table has 1 column: .* at least two", id="1"),
        pytest.param(DOCTORS.assign(use="ajout"), "column 'use' is constant", id="constant"),
        pytest.param(DOCTORS.assign(age=range(15)), "column 'age' holds values", id="numeric"),
        pytest.param(DOCTORS.iloc[:0], r"the table is empty \(0 rows, 2 columns\)", id="no row"),
        pytest.param(
            DOCTORS.set_axis(["a", "a"], axis=1), "two columns are called 'a'", id="one name"
        ),
    ],
)
def test_bad_tables_are_refused_with_the_reason(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        describe(frame, CLUSTERS)


@pytest.mark.parametrize(
    ("clusters", "message"),
    [
        pytest.param(CLUSTERS[:-1], "there are 14 clusters for 15 rows", id="too few"),
        pytest.param([*CLUSTERS, 1], "there are 16 clusters for 15 rows", id="too many"),
        pytest.param([3] * 15, "every row is in the cluster 3: at least two", id="one"),
        pytest.param([1.0] * 14 + [math.nan], "number 15 of the rows has no cluster", id="missing"),
        pytest.param(["a"] * 14 + [math.nan], "number 15 of the rows has no", id="missing text"),
        pytest.param([1, "1"] + [2] * 13, "two clusters are called '1'", id="one name"),
    ],
)
def test_bad_clusters_are_refused_with_the_reason(clusters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        describe(DOCTORS, clusters)


@pytest.mark.parametrize("threshold", [0, -0.1, 1.5, math.nan, math.inf])
def test_a_threshold_that_is_no_p_value_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=f"the threshold is {threshold!r}: a p-value above 0"):
        describe(DOCTORS, CLUSTERS, threshold)
