"""The fingerprints against print, against SciPy, and against plain enumerations of all tables."""

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc
from scipy.stats import hypergeom

from analysis.files import Fault, InputError
from analysis.printed import Verdict, compare, read_table
from analysis.reconstruction.enumeration import Margins, count_in_windows, tables
from analysis.reconstruction.fingerprints import (
    Fingerprint,
    category_p_value,
    chi2_p_value,
    fingerprints,
    joint_practice_types,
    narrowing_by_p_value,
    read_clusters,
    windows,
)
from analysis.statistics.contingency import chi2
from analysis.survey import Group

GROUPS: tuple[Group, ...] = ("users", "non_users")
ANNEXE = {"users": "taviu", "non_users": "tavin"}
CLUSTERS = {group: read_clusters(group) for group in GROUPS}
FOUND = {(f.group, f.variable): f for group in GROUPS for f in fingerprints(group)}

LEFT = {
    ("users", "age"): 1,
    ("users", "practice_type"): 1,
    ("users", "purpose"): 1,
    ("users", "frequency"): 1,
    ("non_users", "barrier_1"): 2,
    ("non_users", "age"): 12,
    ("non_users", "barrier_2"): 1,
    ("non_users", "practice_type"): 2,
}

each_group = pytest.mark.parametrize("group", GROUPS)
each_fingerprint = pytest.mark.parametrize(
    "found", FOUND.values(), ids=lambda f: f"{f.group}-{f.variable}"
)


def scipy_p_value(n: int, total: int, size: int, k: int) -> float:
    law = hypergeom(n, total, size)
    return float(law.pmf(k) + 2 * min(law.cdf(k - 1), law.sf(k)))


def significant_digits(p_value: str) -> int:
    return len(p_value.partition(".")[2].lstrip("0"))


def compositions(total: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for cells in itertools.product(*(range(min(total, capacity) + 1) for capacity in room)):
        if sum(cells) == total:
            yield cells


def every_table(
    sizes: tuple[int, ...], totals: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield each table as its columns, by trying all of them."""
    for columns in itertools.product(*(compositions(total, sizes) for total in totals)):
        if tuple(map(sum, zip(*columns, strict=True))) == sizes:
            yield columns


def as_set(cells: np.ndarray) -> set[tuple[tuple[int, ...], ...]]:
    found = {tuple(zip(*table, strict=True)) for table in cells.tolist()}
    assert len(found) == len(cells)
    return found


Change = Callable[[str, str, str], Path]


# The clusters


@pytest.mark.parametrize(
    ("group", "sizes"), [("users", (12, 18, 10, 14, 1)), ("non_users", (15, 5, 17, 4, 4))]
)
def test_the_percentages_give_the_cluster_sizes(group: Group, sizes: tuple[int, ...]) -> None:
    assert CLUSTERS[group].sizes == sizes


@each_group
def test_no_other_whole_numbers_have_the_percentages_of_a_row(group: Group) -> None:
    n, sizes = CLUSTERS[group].n, CLUSTERS[group].sizes
    printed = read_table(ANNEXE[group]).to_dict("records")
    for cells, row in zip(printed, CLUSTERS[group].rows, strict=True):
        size = sizes[row.cluster - 1]
        fits = [
            (total, k)
            for total in range(1, n + 1)
            if compare(cells["overall"], Fraction(100 * total, n)) is Verdict.MATCH
            for k in range(min(total, size) + 1)
            if compare(cells["cla_mod"], Fraction(100 * k, total)) is Verdict.MATCH
            if compare(cells["mod_cla"], Fraction(100 * k, size)) is Verdict.MATCH
        ]
        assert fits == [(row.total, row.count)], cells["line"]


@each_group
def test_all_rows_of_the_annexe_have_the_printed_p_value(group: Group) -> None:
    printed = read_table(ANNEXE[group])["p_value"]
    for text, row in zip(printed, CLUSTERS[group].rows, strict=True):
        size = CLUSTERS[group].sizes[row.cluster - 1]
        computed = scipy_p_value(CLUSTERS[group].n, row.total, size, row.count)
        assert compare(text, computed) is Verdict.MATCH, row.source


def test_the_annexe_has_forty_two_rows() -> None:
    assert [len(CLUSTERS[group].rows) for group in GROUPS] == [26, 16]


def test_a_row_keeps_the_line_where_it_is_printed() -> None:
    row = CLUSTERS["users"].rows[1]
    assert (row.category, row.total, row.count, row.source.line) == ("50-59", 14, 9, "3110-3112")


# The fingerprints


def test_the_eight_variables_are_those_of_the_annexe() -> None:
    assert list(FOUND) == list(LEFT)


@each_fingerprint
def test_the_tables_left_are_as_many_as_recorded(found: Fingerprint) -> None:
    assert len(found.tables) == len(set(found.tables)) == LEFT[found.group, found.variable]


def test_five_of_the_eight_variables_have_one_table() -> None:
    assert [key for key, found in FOUND.items() if len(found.tables) > 1] == [
        ("non_users", "barrier_1"),
        ("non_users", "age"),
        ("non_users", "practice_type"),
    ]


@each_fingerprint
def test_a_table_has_the_margins(found: Fingerprint) -> None:
    for table in found.tables:
        assert tuple(map(sum, table)) == CLUSTERS[found.group].sizes
        assert tuple(map(sum, zip(*table, strict=True))) in found.totals


@each_fingerprint
def test_a_table_has_the_listed_rows_and_no_other_below_five_percent(found: Fingerprint) -> None:
    n = sum(found.sizes)
    listed = {
        (row.cluster, row.category): row.count
        for row in CLUSTERS[found.group].rows
        if row.variable == found.variable
    }
    for table in found.tables:
        totals = tuple(map(sum, zip(*table, strict=True)))
        marked = {
            (cluster, category): k
            for cluster, (size, cells) in enumerate(zip(found.sizes, table, strict=True), start=1)
            for category, total, k in zip(found.categories, totals, cells, strict=True)
            if scipy_p_value(n, total, size, k) < 0.05
        }
        assert marked == listed


@each_fingerprint
def test_the_p_value_of_a_table_is_the_printed_one_to_every_digit(found: Fingerprint) -> None:
    printed = Decimal(found.p_value)
    half_a_unit = Decimal(5).scaleb(-len(found.p_value.partition(".")[2]) - 1)
    for table in found.tables:
        computed = chi2(table)
        assert computed.df == found.df
        noise = Decimal("1e-14") * printed
        assert abs(Decimal(computed.p_value) - printed) <= half_a_unit + noise


@each_fingerprint
def test_the_exact_p_value_rounds_to_all_the_digits_that_a_double_holds(found: Fingerprint) -> None:
    n, digits = sum(found.sizes), min(14, significant_digits(found.p_value))
    printed = Decimal(found.p_value)
    for table in found.tables:
        totals = tuple(map(sum, zip(*table, strict=True)))
        share = sum(
            Fraction(k * k, size * total)
            for size, cells in zip(found.sizes, table, strict=True)
            for total, k in zip(totals, cells, strict=True)
        )
        exact = chi2_p_value(n * (share - 1), found.df)
        assert f"{exact:.{digits - 1}e}" == f"{printed:.{digits - 1}e}"


def test_the_first_table_is_the_one_of_the_thesis_users() -> None:
    assert FOUND["users", "age"].categories == ("<29", "30-39", "40-49", "50-59", "60-69", ">70")
    assert FOUND["users", "age"].tables == (
        (
            (0, 2, 0, 9, 1, 0),
            (0, 1, 13, 4, 0, 0),
            (0, 10, 0, 0, 0, 0),
            (2, 6, 0, 1, 5, 0),
            (0, 0, 0, 0, 0, 1),
        ),
    )


def test_the_second_barrier_has_two_levels_without_a_name() -> None:
    found = FOUND["non_users", "barrier_2"]
    assert found.categories == ("aucun", "besoin", "inconnu_a", "inconnu_b")
    assert found.totals == ((38, 4, 2, 1),)


def test_three_practice_types_of_the_non_users_have_no_name() -> None:
    found = FOUND["non_users", "practice_type"]
    assert found.categories[2:] == ("inconnu_a", "inconnu_b", "inconnu_c")
    assert found.totals == ((7, 34, 2, 1, 1),)


def test_the_practice_types_of_the_users_follow_from_the_body() -> None:
    found = FOUND["users", "practice_type"]
    assert found.categories[3:] == ("groupe_mixte", "groupe_salarie")
    assert found.totals == ((11, 36, 1, 5, 2),)


def exchange(table: tuple[tuple[int, ...], ...], clusters: bool) -> tuple[tuple[int, ...], ...]:
    """Exchange clusters 4 and 5, which have 4 doctors each, or 30-39 and 50-59, 11 each."""
    cells = np.array(table)
    cells = cells[[0, 1, 2, 4, 3]] if clusters else cells[:, [0, 3, 2, 1, 4, 5]]
    return tuple(map(tuple, cells.tolist()))


@pytest.mark.parametrize("clusters", [True, False])
def test_the_ages_of_the_non_users_are_tied_by_equal_margins(clusters: bool) -> None:
    left = set(FOUND["non_users", "age"].tables)
    assert {exchange(table, clusters) for table in left} == left


@pytest.mark.parametrize(
    ("key", "remaining"),
    [
        (("users", "practice_type"), (2_387_586, 698, 64, 6, 1)),
        (("users", "purpose"), (513_445, 429, 38, 5, 1)),
        (("users", "frequency"), (221_043_295, 2_279_033, 229_600, 22_862, 2_406, 313, 81)),
        (("non_users", "barrier_1"), (105_372_791, 328, 34, 12, 8)),
        (("non_users", "barrier_2"), (5_075, 21, 4, 2)),
        (("non_users", "practice_type"), (54_627, 6_067, 609, 59, 10, 4)),
    ],
)
def test_the_p_value_by_itself_narrows_all_tables_with_the_margins(
    key: tuple[Group, str], remaining: tuple[int, ...]
) -> None:
    numbers = narrowing_by_p_value(FOUND[key])
    assert numbers[: len(remaining)] == remaining
    assert set(numbers[len(remaining) :]) == {remaining[-1]}
    assert len(numbers) == 1 + significant_digits(FOUND[key].p_value)


@each_fingerprint
def test_a_fingerprint_says_where_its_p_value_is_printed(found: Fingerprint) -> None:
    assert found.source.table == f"{ANNEXE[found.group]}_chi2"
    printed = read_table(found.source.table).set_index("line")["p_value"]
    assert printed[found.source.line] == found.p_value


def test_a_fingerprint_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        FOUND["users", "age"].df = 3  # type: ignore[misc]


def test_no_count_of_either_group_has_a_p_value_of_five_percent_sharp() -> None:
    for group in GROUPS:
        n = CLUSTERS[group].n
        for size, total in itertools.product(CLUSTERS[group].sizes, range(1, n + 1)):
            for k in range(max(0, total + size - n), min(total, size) + 1):
                assert category_p_value(n, total, size, k) != Fraction(1, 20)


def test_the_second_barrier_is_what_a_search_of_all_tables_finds() -> None:
    found = FOUND["non_users", "barrier_2"]
    (totals,) = found.totals
    rows = [row for row in CLUSTERS["non_users"].rows if row.variable == "barrier_2"]
    listed = {(row.cluster - 1, found.categories.index(row.category)): row.count for row in rows}
    n_tables, left = 0, []
    # The 38 without a second barrier take what the three other levels leave.
    for others in itertools.product(*(compositions(totals[c], found.sizes) for c in (1, 2, 3))):
        table = np.insert(np.array(others).T, 0, found.sizes - np.sum(others, axis=0), axis=1)
        if table.min() < 0:
            continue
        n_tables += 1
        marked = {
            (i, c): int(k)
            for (i, c), k in np.ndenumerate(table)
            if category_p_value(45, totals[c], found.sizes[i], int(k)) < Fraction(1, 20)
        }
        if marked == listed and chi2(table).p_value == pytest.approx(
            float(found.p_value), rel=1e-9
        ):
            left.append(tuple(map(tuple, table.tolist())))
    assert n_tables == narrowing_by_p_value(found)[0]
    assert tuple(left) == found.tables


# The enumeration


def count(margins: Margins) -> int:
    (number,) = count_in_windows(margins, [(0, 9 * margins.scale)])
    return number


@pytest.mark.parametrize(
    ("sizes", "totals"),
    [((2, 1), (2, 1)), ((3, 2, 2), (4, 2, 1)), ((4, 1, 3), (2, 2, 2, 2)), ((5, 4), (1, 3, 5))],
)
def test_tables_are_those_that_trying_all_finds(
    sizes: tuple[int, ...], totals: tuple[int, ...]
) -> None:
    margins = Margins(sizes, totals)
    expected = list(every_table(sizes, totals))
    assert as_set(tables(margins, {})) == set(expected)
    assert count(margins) == len(expected)


@pytest.mark.parametrize("fixed", [{(0, 0): 2}, {(0, 0): 0, (1, 2): 1}, {(2, 1): 1, (1, 1): 1}])
def test_tables_have_the_known_cells(fixed: dict[tuple[int, int], int]) -> None:
    expected = {
        columns
        for columns in every_table((3, 2, 2), (4, 2, 1))
        if all(columns[category][cluster] == k for (cluster, category), k in fixed.items())
    }
    assert as_set(tables(Margins((3, 2, 2), (4, 2, 1)), fixed)) == expected


def test_there_is_no_table_where_a_known_cell_leaves_none() -> None:
    assert tables(Margins((3, 2, 2), (4, 2, 1)), {(1, 0): 3}).shape == (0, 3, 3)


def test_categories_without_a_name_are_counted_once_in_either_order() -> None:
    margins = Margins((3, 2, 2), (3, 2, 1, 1), frozenset({2, 3}))
    found = as_set(tables(margins, {}))
    in_either_order = found | {(a, b, d, c) for a, b, c, d in found}
    assert in_either_order == set(every_table((3, 2, 2), (3, 2, 1, 1)))
    assert len(found) == len({(a, b, frozenset({c, d})) for a, b, c, d in found}) == count(margins)


def test_categories_without_a_name_and_with_unlike_totals_are_not_exchanged() -> None:
    sizes, totals = (3, 2, 2), (4, 2, 1)
    assert count(Margins(sizes, totals, frozenset({1, 2}))) == count(Margins(sizes, totals))


margin_lists = st.lists(st.integers(1, 4), min_size=2, max_size=4)


@settings(max_examples=60)
@given(margin_lists, margin_lists, st.sets(st.integers(0, 3)), st.data())
def test_counting_in_windows_agrees_with_a_list_of_the_tables(
    sizes: list[int], totals: list[int], nameless: set[int], data: st.DataObject
) -> None:
    more = sum(sizes) - sum(totals)
    (totals if more > 0 else sizes).extend([abs(more)] if more else [])
    margins = Margins(tuple(sizes), tuple(totals), frozenset(nameless & set(range(len(totals)))))
    sums = margins.scaled_sums(tables(margins, {}))
    middle = data.draw(st.sampled_from(sums.tolist()))
    wide = (0, 9 * margins.scale)
    nested = [wide, (middle, wide[1]), (middle, middle), (middle + 1, middle - 1)]
    expected = [int(((sums >= low) & (sums <= high)).sum()) for low, high in nested]
    assert list(count_in_windows(margins, nested)) == expected


def test_the_scaled_sum_of_a_table_gives_its_chi2() -> None:
    found = FOUND["users", "frequency"]
    margins = Margins(found.sizes, found.totals[0])
    (scaled,) = margins.scaled_sums(np.array(found.tables)).tolist()
    statistic = margins.n * (scaled / margins.scale - 1)
    assert statistic == pytest.approx(chi2(found.tables[0]).statistic, rel=1e-12)


@pytest.mark.parametrize(
    ("sizes", "totals", "message"),
    [
        ((2, 1), (2, 2), "have one sum"),
        ((2, 0), (1, 1), "are positive"),
        ((), (), "are positive"),
        ((101, 103, 107, 109), (131, 137, 139, 13), "pass 63 bits"),
    ],
)
def test_margins_are_refused_in_one_line(
    sizes: tuple[int, ...], totals: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        Margins(sizes, totals)
    assert "\n" not in str(raised.value)


# The p-values


@pytest.mark.parametrize("df", [2, 4, 8, 12, 16, 20])
@pytest.mark.parametrize("statistic", [0, 1, 20, 133])
def test_the_closed_form_of_the_chi2_tail_equals_scipy(df: int, statistic: int) -> None:
    exact = chi2_p_value(Fraction(statistic), df)
    assert float(exact) == pytest.approx(chdtrc(df, statistic), rel=1e-13)


@pytest.mark.parametrize("df", [0, -2, 3])
def test_the_closed_form_is_refused_for_an_odd_number_of_degrees_of_freedom(df: int) -> None:
    with pytest.raises(ValueError, match=rf"not {df}$"):
        chi2_p_value(Fraction(1), df)


def test_a_window_ends_where_the_p_value_no_longer_rounds_to_print() -> None:
    margins = Margins((24, 26), (11, 39))
    (first, last) = windows(margins, "0.0123", 8)[-1]

    def rounded(scaled: int) -> str:
        return f"{chi2_p_value(margins.n * (Fraction(scaled, margins.scale) - 1), 8):.4f}"

    assert [rounded(s) for s in (first - 1, first, last, last + 1)] == [
        "0.0124",
        "0.0123",
        "0.0123",
        "0.0122",
    ]


# The body


def test_a_contradiction_of_the_body_is_no_fault(change: Change) -> None:
    folder = change("taviu", "5,AGE,>70,", "5,AGE,<29,")
    found = fingerprints("users", directory=folder)[0]
    assert (found.totals, found.categories[-1]) == (((1, 19, 13, 14, 6, 2),), ">70")


@pytest.mark.parametrize(
    ("practice", "place", "expected"),
    [
        ({"mixte": 5, "salarié": 2}, {"groupe": 7}, {"groupe_mixte": 5, "groupe_salarie": 2}),
        ({"mixte": 3}, {"seul": 1, "groupe": 2}, {"cabinet_solo_mixte": 1, "groupe_mixte": 2}),
        ({"mixte": 2, "libéral": 1}, {"seul": 1, "groupe": 2}, {}),
        ({"mixte": 1}, {"seul": -1, "groupe": 2}, {}),
        ({"mixte": 3}, {"groupe": 2}, {}),
        ({"salarié": 2}, {"autre": 2}, {}),
    ],
    ids=["one place", "one type", "several of both", "negative", "two sums", "no name"],
)
def test_joint_practice_types_follow_where_one_type_or_one_place_is_left(
    practice: dict[str, int], place: dict[str, int], expected: dict[str, int]
) -> None:
    listed = {"seul_liberal": 1}
    practice["libéral"] = practice.get("libéral", 0) + 1
    place["seul"] = place.get("seul", 0) + 1
    assert joint_practice_types(listed, practice, place) == expected


# Bad input


def fault(group: Group, folder: Path) -> Fault:
    with pytest.raises(InputError) as raised:
        fingerprints(group, directory=folder)
    assert "\n" not in str(raised.value)
    return raised.value.faults[0]


def test_sound_copies_are_accepted(change: Change) -> None:
    folder = change("taviu", "line,", "line,")
    assert fingerprints("users", directory=folder) == tuple(
        found for found in FOUND.values() if found.group == "users"
    )


@pytest.mark.parametrize(
    ("table_id", "old", "new", "row", "column", "line", "rule"),
    [
        (
            "taviu",
            "81.818182,75.00000",
            "72.727273,75.00000",
            2,
            "mod_cla",
            "3108",
            "share of the cluster",
        ),
        (
            "taviu",
            "81.818182,75.00000",
            "81.818182,83.33333",
            2,
            "mod_cla",
            "3108",
            "share of the cluster",
        ),
        ("taviu", "81.818182,75", "81.818183,75", 2, "cla_mod", "3108", "share of the category"),
        ("taviu", "75.00000,20.000000", "75.00000,21.000000", 2, "overall", "3108", "share of all"),
        (
            "taviu",
            "50.000000,41.66667",
            "60.000000,42.85714",
            5,
            "mod_cla",
            "3116",
            "no cluster size",
        ),
        ("taviu", "50.000000,41.66667", "60.000000,50.00000", 5, "p_value", "3116", "6 of 10 in a"),
        ("taviu", "4.785228", "4.785229", 2, "v_test", "3108", "4.785228"),
        ("taviu", "4.785228", "-4.785228", 2, "v_test", "3108", "4.785228"),
        ("taviu", "0.000001707931", "0.000001707932", 2, "p_value", "3108", "9 of 11 in a cluster"),
        (
            "taviu",
            "FREQUENCE,journalier",
            "FREQUENCE,horaire",
            4,
            "category",
            "3114",
            "one of curiosite",
        ),
        (
            "taviu",
            "FREQUENCE,journalier",
            "FREQ,journalier",
            4,
            "variable",
            "3114",
            "the variable is",
        ),
        ("taviu_chi2", "1310654", "1310655", 2, "p_value", "3090", "no table has this p-value"),
        ("taviu_chi2", "37623328,8", "37723328,8", 4, "p_value", "3094", "3 have the margins"),
        (
            "taviu_chi2",
            "328,8",
            "328,12",
            4,
            "df",
            "3094",
            "3 levels are listed and 0 doctors left",
        ),
        ("taviu_chi2", "328,8", "328,7", 4, "df", "3094", "degrees of freedom"),
        ("taviu_chi2", "328,8", "328,4", 4, "df", "3094", "degrees of freedom"),
        ("taviu_chi2", "0.000000008700582537623328", "0.000", 4, "p_value", "", "a p-value of 0"),
        ("taviu_chi2", "USAGE", "MOTIF", 4, "variable", "3094", "the variable is one of"),
        (
            "tb3",
            '"19 (63,33)"',
            '"20 (63,33)"',
            2,
            "users",
            "629-632",
            "age 56, practice 55, place 55",
        ),
    ],
)
def test_a_changed_number_is_named_with_file_row_and_line(
    change: Change, table_id: str, old: str, new: str, row: int, column: str, line: str, rule: str
) -> None:
    found = fault("users", change(table_id, old, new))
    assert (found.file.name, found.row) == (f"{table_id}.csv", row)
    assert line in found.rule
    assert rule in found.rule


@pytest.mark.parametrize(
    ("old", "new", "row", "rule"),
    [
        (
            "1,AGE,40-49,0.000000,0.00000",
            "1,AGE,40-49,7.692308,8.33333",
            9,
            "the rows of the category put 14 of 13 somewhere (source, line 3130)",
        ),
        (
            "3,USAGE,creation,0.00000,0,",
            "3,USAGE,creation,3.44828,10,",
            19,
            "the rows of the cluster hold 11 of its 10 doctors (source, line 3156)",
        ),
    ],
)
def test_rows_that_hold_more_doctors_than_there_are_are_named(
    change: Change, old: str, new: str, row: int, rule: str
) -> None:
    found = fault("users", change("taviu", old, new))
    assert (found.file.name, found.row, found.rule) == ("taviu.csv", row, rule)


def test_a_missing_test_is_named_with_the_line_that_needs_it(change: Change) -> None:
    folder = change("taviu_chi2", "3094,USAGE,0.000000008700582537623328,8\n", "")
    found = fault("users", folder)
    assert (found.file.name, "purpose" in found.rule, "3134" in found.rule) == (
        "taviu_chi2.csv",
        True,
        True,
    )


def test_a_cluster_without_rows_leaves_the_sizes_to_the_sum(change: Change) -> None:
    row = "3226,2,AGE,60-69,100,100,11.11111,0.000000818492,4.930906\n"
    assert read_clusters("non_users", change("tavin", row, "")).sizes[1] == 5


def test_sizes_that_print_leaves_open_are_counted_and_refused(change: Change) -> None:
    change("tavin", "3226,2,AGE,60-69,100,100,11.11111,0.000000818492,4.930906\n", "")
    row = "3254,4,Frein1,Frein1_equipement,100,100,8.888889,0.000006711635,4.502634\n"
    found = fault("non_users", change("tavin", row, ""))
    assert found.rule == (
        "the percentages determine cluster sizes with the sum 45; 8 vectors of sizes fit "
        "(source, lines 3210 to 3266)"
    )


def test_a_total_that_is_another_in_another_cluster_is_named(change: Change) -> None:
    old = "4,FREQUENCE,mensuel,0.00000,0.000000,18.18182"
    found = fault("users", change("taviu", old, old.replace("18.18182", "20.00000")))
    assert (found.row, found.column) == (23, "overall")
    assert found.rule == "a category has the same total in every cluster (source, line 3170)"


def test_a_row_that_is_away_changes_the_tables_and_so_the_p_value(change: Change) -> None:
    row = "3242,3,TYPE_EXERCICE,seul _liberal,0.00000,0.00000,15.55556,0.0260918888259,-2.224841\n"
    found = fault("non_users", change("tavin", row, ""))
    assert (found.file.name, found.row, found.column) == ("tavin_chi2.csv", 5, "p_value")


def test_a_p_value_may_be_printed_with_fewer_digits(change: Change) -> None:
    folder = change("taviu_chi2", "0.000846136084241249004402", "0.000846")
    found = fingerprints("users", directory=folder)[3]
    assert found.tables == FOUND["users", "frequency"].tables


def test_all_totals_are_tried_where_the_body_does_not_say_them(change: Change) -> None:
    folder = change("tb3", '"47 (53,41)"', '"46 (53,41)"')
    text = (folder / "tb3.csv").read_text(encoding="utf-8")
    (folder / "tb3.csv").write_text(text.replace("6 (100)", "7 (100)"), encoding="utf-8")
    found = fingerprints("users", directory=folder)[1]
    assert found.totals == ((11, 36, 1, 6, 1), (11, 36, 1, 5, 2), (11, 36, 1, 4, 3))
    assert found.tables == FOUND["users", "practice_type"].tables


def test_the_number_of_ways_is_that_of_print_alone() -> None:
    assert math.prod(len(found.tables) for found in FOUND.values()) == 48
