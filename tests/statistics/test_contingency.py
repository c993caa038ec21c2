"""The contingency tests against R, SciPy, closed forms and a full enumeration."""

import csv
import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics import contingency
from analysis.statistics.contingency import TooLargeError, chi2, cramers_v, fisher_exact, holm

REFERENCE = Path(__file__).parents[1] / "reference" / "fisher.csv"

Table = list[list[int]]


@dataclass(frozen=True)
class Reference:
    """A table and what R says of it."""

    name: str
    table: Table
    fisher_p: float
    chi2_statistic: float
    chi2_df: int
    chi2_p: float

    @property
    def kind(self) -> str:
        """First part of the name: how the table was drawn, or which survey table it is."""
        return self.name.split("-")[0]


def read_references() -> list[Reference]:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return [
            Reference(
                row["name"],
                [[int(count) for count in line.split()] for line in row["table"].split(";")],
                float(row["fisher_p"]),
                float(row["chi2_statistic"]),
                int(row["chi2_df"]),
                float(row["chi2_p"]),
            )
            for row in csv.DictReader(file)
        ]


REFERENCES = {reference.name: reference for reference in read_references()}
KINDS = sorted({reference.kind for reference in REFERENCES.values()})

cells = st.integers(0, 6)


@st.composite
def tables(draw: st.DrawFn, *, max_rows: int = 4, max_columns: int = 4) -> Table:
    n_columns = draw(st.integers(2, max_columns))
    row = st.lists(cells, min_size=n_columns, max_size=n_columns)
    return draw(st.lists(row, min_size=2, max_size=max_rows))


def fillings(total: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(room) == 1:
        if total <= room[0]:
            yield (total,)
        return
    for placed in range(min(total, room[0]) + 1):
        for others in fillings(total - placed, room[1:]):
            yield (placed, *others)


def weights(room: tuple[int, ...], columns: tuple[int, ...]) -> Iterator[int]:
    """Yield, for each table with these margins, a whole number proportional to its probability."""
    if not columns:
        yield 1
        return
    for filling in fillings(columns[0], room):
        ways = math.factorial(columns[0]) // math.prod(map(math.factorial, filling))
        rest = tuple(capacity - placed for capacity, placed in zip(room, filling, strict=True))
        for following in weights(rest, columns[1:]):
            yield ways * following


def enumerate_p_value(table: Table) -> float:
    rows, columns = tuple(map(sum, table)), tuple(map(sum, zip(*table, strict=True)))
    observed = math.prod(
        math.factorial(total) // math.prod(map(math.factorial, column))
        for total, column in zip(columns, zip(*table, strict=True), strict=True)
    )
    every = list(weights(rows, columns))
    return sum(weight for weight in every if weight <= observed) / sum(every)


def sum_two_by_three(table: NDArray[np.int64]) -> float:
    """Add up all the tables that are no more probable, one row of them after the other."""
    row, (first, second, third) = int(table[0].sum()), table.sum(axis=0)
    log_factorial = np.array([math.lgamma(n + 1) for n in range(int(table.sum()) + 1)])

    def log_weight(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.float64]:
        z = row - x - y
        parts = log_factorial[x] + log_factorial[y] + log_factorial[z] + log_factorial[first - x]
        total: NDArray[np.float64] = parts + log_factorial[second - y] + log_factorial[third - z]
        return -total

    observed = float(log_weight(table[:1, 0], table[:1, 1])[0])
    total = extreme = 0.0
    for x in range(max(0, row - second - third), min(row, first) + 1):
        y = np.arange(max(0, row - x - third), min(second, row - x) + 1)
        weight = log_weight(np.full_like(y, x), y)
        likely = weight - observed
        total += float(np.exp(likely).sum())
        extreme += float(np.exp(likely[likely <= 1e-7]).sum())
    return extreme / total


def test_references_hold_the_survey_and_two_hundred_other_tables() -> None:
    assert [name for name in REFERENCES if "-" not in name] == ["S1", "S2", "S3", "S4", "S5", "S6"]
    assert len(REFERENCES) == 206 + 15


@pytest.mark.parametrize("kind", KINDS)
def test_fisher_exact_agrees_with_r(kind: str) -> None:
    computed = {r.name: fisher_exact(r.table) for r in REFERENCES.values() if r.kind == kind}
    expected = {name: REFERENCES[name].fisher_p for name in computed}
    # R takes partial tables of nearly the same probability for one: many counts show it.
    assert computed == pytest.approx(expected, rel=1e-6 if kind == "large" else 1e-9)


def test_fisher_exact_of_two_rows_of_15_000_is_the_sum_over_all_their_tables() -> None:
    # R says 0.1226289404 here: the sum is that of the next test, on more tables.
    table = np.array([[4000, 5000, 6000], [4100, 4900, 6200]])
    assert fisher_exact(table) == pytest.approx(sum_two_by_three(table), rel=1e-8)


@settings(max_examples=60)
@given(st.lists(st.integers(1, 60), min_size=6, max_size=6))
def test_fisher_exact_of_two_by_three_is_the_sum_over_all_the_tables(counts: list[int]) -> None:
    table = np.reshape(counts, (2, 3))
    assert fisher_exact(table) == pytest.approx(sum_two_by_three(table), rel=1e-9)


def test_fisher_exact_of_many_columns_is_that_of_tables_drawn_at_random() -> None:
    # R says 0.2724, whose network loses tables here.
    table = np.array(
        [
            [6, 9, 6, 2, 2, 4, 4, 6, 8, 6, 3, 4, 1, 4, 1, 2, 2, 3, 3, 5],
            [1, 2, 5, 5, 5, 5, 5, 4, 5, 1, 3, 5, 2, 4, 3, 4, 7, 5, 4, 4],
        ]
    )
    columns, (row, _) = table.sum(axis=0), table.sum(axis=1)
    drawn = np.random.default_rng(5).multivariate_hypergeometric(columns, row, size=20_000)
    log_factorial = np.array([math.lgamma(n + 1) for n in range(columns.max() + 1)])

    def log_weight(first_row: NDArray[np.int64]) -> NDArray[np.float64]:
        weight: NDArray[np.float64] = -log_factorial[first_row] - log_factorial[columns - first_row]
        return weight.sum(axis=-1)

    share = np.mean(log_weight(drawn) <= log_weight(table[0]) + 1e-7)
    assert fisher_exact(table) == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize(("name", "printed"), [("S4", 0.2706), ("S5", 0.0357), ("S6", 0.0559)])
def test_fisher_exact_gives_the_p_value_printed_in_the_thesis(name: str, printed: float) -> None:
    computed = fisher_exact(REFERENCES[name].table)
    assert computed == pytest.approx(printed, abs=1e-4)


@pytest.mark.parametrize(
    ("table", "p_value"),
    [
        ([[0, 0, 0, 1], [2, 2, 2, 0]], 1 / 7),
        ([[0, 0, 0, 2], [2, 2, 2, 0]], 1 / 7),
        ([[1, 0, 0, 0, 0], [0, 3, 3, 3, 3]], 1 / 13),
    ],
)
def test_fisher_exact_ends_early_where_every_path_is_decided(table: Table, p_value: float) -> None:
    assert fisher_exact(table) == pytest.approx(p_value, rel=1e-9)


@settings(max_examples=150)
@given(tables(max_rows=3))
def test_fisher_exact_agrees_with_a_full_enumeration(table: Table) -> None:
    assume(sum(map(sum, table)) <= 24)
    assert fisher_exact(table) == pytest.approx(enumerate_p_value(table), rel=1e-9)


def bound_and_best(table: Table) -> tuple[float, float]:
    """Return the upper bound of the log-probability of these tables, and the highest."""
    rows, columns = tuple(map(sum, table)), tuple(map(sum, zip(*table, strict=True)))
    scale = contingency._Scale.for_total(sum(rows))
    bound = contingency._bound_completions(np.array([rows]), list(columns), scale)
    every = list(weights(rows, columns))
    return float(bound[0]) * scale.unit, math.log(max(every) / sum(every))


@settings(max_examples=100)
@given(tables(max_rows=3))
def test_no_table_is_more_probable_than_the_bound(table: Table) -> None:
    assume(0 < sum(map(sum, table)) <= 24)
    bound, best = bound_and_best(table)
    assert bound >= best - 1e-9


def lower_bound_and_least(table: Table) -> tuple[float, float]:
    """Return the lower bound of the log-probability of these tables, and the lowest."""
    rows, columns = tuple(sorted(map(sum, table))), tuple(map(sum, zip(*table, strict=True)))
    scale = contingency._Scale.for_total(sum(rows))
    bound = contingency._bound_below(np.array([rows]), list(columns), scale)
    every = list(weights(rows, columns))
    return float(bound[0]) * scale.unit, math.log(min(every) / sum(every))


@settings(max_examples=100)
@given(tables(max_rows=3))
def test_no_table_is_less_probable_than_the_lower_bound(table: Table) -> None:
    assume(0 < sum(map(sum, table)) <= 24)
    bound, least = lower_bound_and_least(table)
    assert bound <= least + 1e-9


@pytest.mark.parametrize("table", [[[3, 0], [0, 3]], [[2, 0, 0], [0, 3, 0], [0, 0, 5]]])
def test_the_lower_bound_is_reached_where_the_counts_gather_in_few_cells(table: Table) -> None:
    bound, least = lower_bound_and_least(table)
    assert bound == pytest.approx(least, abs=1e-9)


@pytest.mark.parametrize("table", [[[3, 3], [3, 3]], [[1, 2, 3], [2, 4, 6]], [[1, 0], [0, 1]]])
def test_the_bound_is_reached_by_a_table_of_independence(table: Table) -> None:
    bound, best = bound_and_best(table)
    assert bound == pytest.approx(best, abs=1e-9)


@settings(max_examples=25)
@given(tables(max_rows=3))
def test_fisher_exact_is_the_same_in_small_blocks(table: Table) -> None:
    whole = fisher_exact(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contingency, "_BLOCK", 5)
        assert fisher_exact(table) == pytest.approx(whole, rel=1e-12)


@settings(max_examples=60)
@given(tables(), st.randoms(use_true_random=False))
def test_fisher_exact_ignores_the_order_of_rows(table: Table, random: Random) -> None:
    shuffled = table.copy()
    random.shuffle(shuffled)
    assert fisher_exact(shuffled) == pytest.approx(fisher_exact(table), rel=1e-12)


@settings(max_examples=60)
@given(tables(), st.randoms(use_true_random=False))
def test_fisher_exact_ignores_the_order_of_columns(table: Table, random: Random) -> None:
    order = list(range(len(table[0])))
    random.shuffle(order)
    shuffled = [[row[column] for column in order] for row in table]
    assert fisher_exact(shuffled) == pytest.approx(fisher_exact(table), rel=1e-10)


@settings(max_examples=60)
@given(tables())
def test_fisher_exact_ignores_transposition(table: Table) -> None:
    assert fisher_exact(np.transpose(table)) == pytest.approx(fisher_exact(table), rel=1e-9)


@settings(max_examples=150)
@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_fisher_exact_equals_scipy_on_2_x_2_tables(counts: list[int]) -> None:
    table = np.reshape(counts, (2, 2))
    assert fisher_exact(table) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)


@pytest.mark.parametrize(
    "table", [[[3, 4, 5]], [[3], [4]], [[3, 4], [0, 0]], [[0, 3], [0, 4]], [[0, 0], [0, 0]]]
)
def test_fisher_exact_is_one_when_only_one_table_has_these_margins(table: Table) -> None:
    assert fisher_exact(table) == 1.0


def test_fisher_exact_is_one_for_the_most_probable_table() -> None:
    assert fisher_exact([[5, 5, 5], [5, 5, 5]]) == 1.0


def test_fisher_exact_drops_empty_rows_and_columns() -> None:
    assert fisher_exact([[3, 0, 4], [0, 0, 0], [9, 0, 1]]) == fisher_exact([[3, 4], [9, 1]])


@pytest.mark.parametrize("each", [10, 100, 300])
def test_fisher_exact_keeps_its_precision_far_in_the_tail(each: int) -> None:
    both_extremes = 2 / math.comb(2 * each, each)
    assert fisher_exact([[each, 0], [0, each]]) == pytest.approx(both_extremes, rel=1e-9)


def test_fisher_exact_agrees_with_r_where_hardly_a_partial_table_is_decided() -> None:
    table = [[20, 10, 5, 3, 1], [5, 10, 14, 10, 5], [1, 3, 5, 10, 20]]
    assert fisher_exact(table) == pytest.approx(1.4961222078956155e-10, rel=1e-10)


def test_fisher_exact_does_not_draw_at_random() -> None:
    table = REFERENCES["S3"].table
    assert len({fisher_exact(table) for _ in range(3)}) == 1


def test_fisher_exact_reads_a_data_frame() -> None:
    table = REFERENCES["S6"].table
    frame = pd.DataFrame(table, columns=["oui", "non"])
    assert fisher_exact(frame) == fisher_exact(table)


def test_fisher_exact_reads_whole_numbers_written_as_floats() -> None:
    table = REFERENCES["S6"].table
    assert fisher_exact(np.array(table, dtype=float)) == fisher_exact(table)


def test_fisher_exact_refuses_a_table_too_large_to_enumerate() -> None:
    with pytest.raises(TooLargeError, match=r"10 x 10 table of 2000 counts is too large"):
        fisher_exact(np.full((10, 10), 20))


def test_fisher_exact_names_the_limit_it_would_pass() -> None:
    with pytest.raises(TooLargeError, match=r"at least [\d,]+ units, more than max_work=1,000"):
        fisher_exact([[2, 1, 4, 3], [5, 2, 3, 8], [6, 2, 0, 9]], max_work=1_000)


def test_fisher_exact_refuses_a_total_too_large_for_its_factorials() -> None:
    with pytest.raises(TooLargeError, match="2 x 2 table of 4000000000 counts"):
        fisher_exact(np.full((2, 2), 10**9))


def test_fisher_exact_refuses_more_nodes_than_it_can_number() -> None:
    with pytest.raises(TooLargeError, match=r"nodes, more than 2\*\*62"):
        fisher_exact(np.eye(70, dtype=int))


def test_too_large_error_is_a_value_error() -> None:
    assert issubclass(TooLargeError, ValueError)


BAD_TABLES = {
    "negative": ([[1, 2], [-3, 4]], "row 2, column 1 of the table holds -3: a count is"),
    "fraction": ([[1, 2.5], [3, 4]], "row 1, column 2 of the table holds 2.5"),
    "nan": ([[1, 2], [3, math.nan]], "row 2, column 2 of the table holds nan"),
    "infinite": ([[math.inf, 2], [3, 4]], "row 1, column 1 of the table holds inf"),
    "text": ([[1, "deux"], [3, 4]], "row 1, column 2 of the table holds deux"),
    "missing": ([[1, 2], [None, 4]], "row 2, column 1 of the table holds None"),
    "boolean": ([[True, 2], [3, 4]], "row 1, column 1 of the table holds True"),
    "complex": ([[1j, 2], [3, 4]], "row 1, column 1 of the table holds 1j"),
    "immense": ([[1, 2**70], [3, 4]], "row 1, column 2 of the table holds 1180591620717411303424"),
    "empty": ([[], []], r"two-dimensional .* this one has the shape \(2, 0\)"),
    "nothing": ([], r"this one has the shape \(0,\)"),
    "one-dimensional": ([1, 2, 3], r"this one has the shape \(3,\)"),
    "ragged": ([[1, 2], [3]], r"this one has the shape \(2,\)"),
    "three-dimensional": ([[[1, 2]], [[3, 4]]], r"this one has the shape \(2, 1, 2\)"),
}


@pytest.mark.parametrize("function", [fisher_exact, chi2])
@pytest.mark.parametrize(("table", "message"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_contingency_tests_say_what_is_wrong_with_a_table(function, table, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message) as raised:
        function(table)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
def test_chi2_agrees_with_r(kind: str) -> None:
    references = [reference for reference in REFERENCES.values() if reference.kind == kind]
    computed = {r.name: dataclasses.astuple(chi2(r.table))[:3] for r in references}
    for r in references:
        expected = (r.chi2_statistic, r.chi2_df, r.chi2_p)
        assert computed[r.name] == pytest.approx(expected, rel=1e-12), r.name


@settings(max_examples=60)
@given(tables())
def test_chi2_equals_scipy_where_no_row_or_column_is_empty(table: Table) -> None:
    assume(np.all(np.sum(table, axis=0)) and np.all(np.sum(table, axis=1)))
    computed, expected = chi2(table), stats.chi2_contingency(table, correction=False)
    assert computed.statistic == pytest.approx(expected.statistic, rel=1e-12, abs=1e-12)
    assert (computed.df, computed.p_value) == (expected.dof, pytest.approx(expected.pvalue))
    np.testing.assert_allclose(computed.expected, expected.expected_freq)


@pytest.mark.parametrize("each", [10, 18, 60])
def test_chi2_keeps_its_precision_far_in_the_tail(each: int) -> None:
    # Under 2 degrees of freedom the tail is exp(-x/2), and this table has x = 3 each.
    computed = chi2([[each, 0, 0], [0, each, each]])
    assert computed.p_value == pytest.approx(math.exp(-1.5 * each), rel=1e-12)


def test_chi2_leaves_out_empty_rows_and_columns() -> None:
    assert chi2([[3, 0, 4], [0, 0, 0], [9, 0, 1]]) == chi2([[3, 4], [9, 1]])


def test_chi2_expected_counts_keep_the_shape_of_the_table() -> None:
    computed = chi2([[3, 0, 3], [0, 0, 0], [1, 0, 1]]).expected
    np.testing.assert_allclose(computed, [[3, 0, 3], [0, 0, 0], [1, 0, 1]])


@pytest.mark.parametrize("table", [[[3, 4]], [[3, 4], [0, 0]], [[0, 0], [0, 0]]])
def test_chi2_is_null_when_only_one_table_has_these_margins(table: Table) -> None:
    computed = chi2(table)
    assert (computed.statistic, computed.df, computed.p_value) == (0.0, 0, 1.0)


def test_chi2_result_cannot_be_changed() -> None:
    computed = chi2([[3, 4], [9, 1]])
    with pytest.raises(dataclasses.FrozenInstanceError):
        computed.p_value = 0.0  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        computed.expected[0, 0] = 0.0


def test_cramers_v_is_that_of_the_definition_within_its_limits() -> None:
    table = [[47, 41], [6, 0], [2, 4]]
    found = cramers_v(table)
    assert found is not None
    assert found.estimate == pytest.approx(math.sqrt(chi2(table).statistic / 100))
    assert found.low <= found.estimate <= found.high


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_limits_of_cramers_v_leave_the_statistic_at_the_edge(level: float) -> None:
    table = [[40, 10], [12, 38]]
    found = cramers_v(table, level)
    assert found is not None
    statistic = chi2(table).statistic
    for limit, below in ((found.low, (1 + level) / 2), (found.high, (1 - level) / 2)):
        assert stats.ncx2.cdf(statistic, 1, limit**2 * 100) == pytest.approx(below)


def test_cramers_v_of_independence_begins_at_zero_and_of_a_diagonal_is_one() -> None:
    same, apart = cramers_v([[10, 10], [10, 10]]), cramers_v([[20, 0], [0, 20]])
    assert same is not None
    assert (same.estimate, same.low) == (0, 0)
    assert apart is not None
    assert apart.estimate == apart.high == 1


@pytest.mark.parametrize("level", [0, 1, 95, math.nan])
def test_cramers_v_takes_a_level_between_nought_and_one(level: float) -> None:
    with pytest.raises(ValueError, match="a level lies strictly between 0 and 1"):
        cramers_v([[1, 2], [2, 1]], level)


@pytest.mark.parametrize("narrow", [np.int8, np.uint8, np.float16])
def test_the_counts_may_come_in_narrow_numbers(narrow: type[np.number]) -> None:
    table = np.array([[100, 50], [20, 100]])
    for test in (fisher_exact, chi2, cramers_v):
        assert test(table.astype(narrow)) == test(table)


def test_cramers_v_of_a_single_row_is_nothing() -> None:
    assert cramers_v([[3, 4]]) is None


def test_holm_is_that_of_r() -> None:
    # p.adjust(p, "holm") of R 4.2.2.
    p_values = [0.04, 0.001, 0.5, 0.02, 0.02, 0.9, 0.013]
    assert holm(p_values) == pytest.approx([0.12, 0.007, 1, 0.1, 0.1, 1, 0.078])


def test_an_adjusted_value_is_never_smaller_than_the_one_before_it() -> None:
    assert holm([0.01, 0.011, 0.012]).tolist() == pytest.approx([0.03, 0.03, 0.03])


def test_an_adjusted_value_is_at_most_one() -> None:
    assert holm([0.6, 0.7]).tolist() == [1, 1]


def test_one_test_alone_is_left_as_it_is() -> None:
    assert holm([0.03]).tolist() == [0.03]


@pytest.mark.parametrize("bad", [[0.2, 1.1], [-0.1], [np.nan], [[0.1]]])
def test_what_is_no_list_of_p_values_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="numbers between 0 and 1"):
        holm(bad)
