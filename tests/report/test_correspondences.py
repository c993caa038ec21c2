"""Section IV.C: the map against R, its labels, its readings, and what is shown beside it."""

import base64
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Ellipse

from analysis.printed import read_table
from analysis.reconstruction import quadrants
from analysis.reconstruction.ensemble import stored
from analysis.report.sections import correspondences
from analysis.report.sections.correspondences import (
    CATEGORIES,
    MARKERS,
    figure_of,
    map_data,
    points_of,
)
from analysis.report.show.french import decimal
from analysis.report.show.tables import Table
from analysis.report.show.theme import WIDTH, Mode, theme, themed
from analysis.results import whole_sample as whole
from analysis.statistics import mca
from analysis.statistics.profiles import MISSING
from analysis.survey import levels, load, tabulate
from tests.report.test_placement import overlaps

FIXTURE = Path(__file__).parents[1] / "reference" / "whole_sample.json"
R: dict[str, Any] = json.loads(FIXTURE.read_text("utf-8"))
ANSWERS = pd.DataFrame(R["answers"], columns=R["variables"])
MAP = whole.Map(ANSWERS)


def name_in_r(variable: str, category: str) -> str:
    """Name a category as R does: with its variable where another one has it too."""
    if category == MISSING:
        return f"{variable}.NA"
    return f"{variable}_{category}" if variable.startswith("barrier") else category


def by_r(measure: str) -> np.ndarray:
    """Give R's numbers of the categories, in our order, on axes 1 and 2."""
    table = pd.DataFrame(R[measure], index=R["categories"])
    return table.loc[[name_in_r(*pair) for pair in MAP.categories.index], [0, 1]].to_numpy()


def joined(pair: int) -> pd.DataFrame:
    """Give the rows of a rebuilt table, as the respondents table has them."""
    groups = [stored("users").members, stored("non_users").members]
    positions = whole.pairs(*map(len, groups))
    rows = [
        group[own[pair]].rows.assign(uses_dmp=answer)
        for group, own, answer in zip(groups, positions, ("oui", "non"), strict=True)
    ]
    return pd.concat(rows, ignore_index=True).fillna("")


def cells(table: Table, label: str) -> list[str]:
    return [
        cell.text.replace("\u00a0", " ")
        for row in table.rows
        for cell in row.cells
        if row.label == label
    ]


# ---- the map, against R -----------------------------------------------------------------------


def test_the_eigenvalues_are_those_of_r() -> None:
    np.testing.assert_allclose(MAP.analysis.eigenvalues, R["eigenvalues"][:25], atol=1e-10)


def test_every_category_of_r_is_on_the_map() -> None:
    ours = {name_in_r(*pair) for pair in MAP.categories.index}
    assert ours == set(R["categories"])


@pytest.mark.parametrize(
    ("columns", "measure"),
    [
        (["x", "y"], "coordinates"),
        (["contribution_1", "contribution_2"], "contributions"),
        (["cos2_1", "cos2_2"], "cos2"),
        (["v_1", "v_2"], "v_tests"),
    ],
)
def test_the_categories_are_where_r_puts_them(columns: list[str], measure: str) -> None:
    np.testing.assert_allclose(MAP.categories[columns], by_r(measure), atol=1e-8)


def test_the_separation_of_users_and_non_users_is_that_of_r() -> None:
    ours = MAP.analysis.supplementary.eta2.loc["uses_dmp"]
    np.testing.assert_allclose(ours, R["eta2_uses_dmp"], atol=1e-10)


def test_the_counts_are_those_of_the_answers() -> None:
    for (variable, category), n in MAP.categories["n"].items():
        assert n == (ANSWERS[variable] == ("" if category == MISSING else category)).sum()


def test_the_contribution_to_the_plane_lies_between_those_to_its_axes() -> None:
    low = MAP.categories[["contribution_1", "contribution_2"]].min(axis=1)
    high = MAP.categories[["contribution_1", "contribution_2"]].max(axis=1)
    assert MAP.categories["contribution"].between(low, high).all()
    assert MAP.categories["contribution"].sum() == pytest.approx(100)


def test_every_doctor_is_in_the_cloud() -> None:
    by_group = MAP.doctors.groupby("uses_dmp")["n"].sum()
    assert by_group.to_dict() == ANSWERS["uses_dmp"].value_counts().to_dict()


def test_axis_1_parts_the_doctors() -> None:
    users = MAP.doctors["uses_dmp"] == "oui"
    assert (MAP.doctors.loc[users, "x"] < 0).all()
    assert (MAP.doctors.loc[~users, "x"] > 0).all()


# ---- other rows -------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [0, 137, 461, 999])
def test_a_rebuilt_map_is_that_of_its_rows(pair: int) -> None:
    found = whole.rebuilt_maps()
    categories = whole.Map(joined(pair)).categories.reindex(found.index)
    np.testing.assert_allclose(found.coordinates[pair, :, :2], categories[["x", "y"]], atol=1e-8)
    np.testing.assert_array_equal(found.counts, categories["n"])


@pytest.mark.parametrize("pair", [3, 137, 720])
def test_the_readings_of_a_rebuilt_map_are_those_of_its_rows(pair: int) -> None:
    expected = quadrants.place(joined(pair))["holds"]
    np.testing.assert_array_equal(whole.rebuilt_maps().holds[pair], expected)


def test_every_rebuilt_map_has_the_users_on_the_left() -> None:
    found = whole.rebuilt_maps()
    places = [found.index.get_loc((name, MISSING)) for name in ("barrier_1", "frequency")]
    left, right = found.coordinates[:, places, 0].T
    assert (left < 0).all()
    assert (right > 0).all()


def test_each_member_is_joined_as_often_as_any_other() -> None:
    users, others = whole.pairs(200, 200)
    assert set(np.bincount(users)) == set(np.bincount(others)) == {whole.SHIFTS}
    assert len(set(zip(users.tolist(), others.tolist(), strict=True))) == len(users)


def test_a_crossing_that_is_printed_is_determined() -> None:
    found = whole.proved_crossings().set_index(["variable", "other"])
    assert found.loc[("frequency", "age")].tolist() == [30, 30]
    assert found.loc[("purpose", "frequency")].tolist() == [15, 15]


def test_a_count_that_is_the_same_in_every_rebuilt_table_may_be_open() -> None:
    rows = stored("non_users").stacked
    twice = rows.loc[(rows["barrier_1"] == "logiciel") & (rows["barrier_2"] == "besoin")]
    assert len(twice) == 2 * len(stored("non_users"))
    found = whole.proved_crossings().set_index(["variable", "other"])
    assert found.loc[("barrier_2", "barrier_1")].tolist() == [20, 14]


def test_no_crossing_joins_questions_of_both_groups() -> None:
    found = whole.proved_crossings()
    assert not (found["variable"].str.startswith("barrier") & (found["other"] == "frequency")).any()


def test_shuffling_keeps_who_answered_what() -> None:
    profiles = MAP.analysis.profiles
    codes = profiles.codes[profiles.inverse]
    users = (ANSWERS["uses_dmp"] == "oui").to_numpy()
    for shuffled in whole.shuffle(codes, users, 3):
        for column, variable in enumerate(whole.VARIABLES):
            kept = [slice(None)] if variable in whole.COMMON else [users, ~users]
            assert (shuffled[:, column] != codes[:, column]).any()
            for group in kept:
                np.testing.assert_array_equal(
                    np.sort(shuffled[group, column]), np.sort(codes[group, column])
                )


def test_shuffled_ages_leave_their_group() -> None:
    profiles = MAP.analysis.profiles
    codes = profiles.codes[profiles.inverse]
    users = (ANSWERS["uses_dmp"] == "oui").to_numpy()
    counts = [np.bincount(each[users, 0]) for each in whole.shuffle(codes, users, 5)]
    assert any((each != np.bincount(codes[users, 0])).any() for each in counts)


def to_shuffle() -> tuple[np.ndarray, tuple[int, ...], np.ndarray]:
    profiles = MAP.analysis.profiles
    users = (ANSWERS["uses_dmp"] == "oui").to_numpy()
    return profiles.codes[profiles.inverse], profiles.n_categories, users


def test_dealing_keeps_how_many_of_each_group_gave_each_answer() -> None:
    codes, sizes, users = to_shuffle()
    frequency, barrier = (whole.VARIABLES.index(name) for name in ("frequency", "barrier_1"))
    for counts in whole.deal(codes, sizes, users, 3):
        for column, size in enumerate(sizes):
            others = tuple({*range(len(sizes))} - {column})
            expected = np.bincount(codes[:, column], minlength=size)
            np.testing.assert_array_equal(counts.sum(axis=others), expected)
        # The last category of a question is that it was not asked.
        asked = counts.sum(axis=tuple({*range(len(sizes))} - {frequency, barrier}))
        assert (asked[:-1, :-1].sum(), asked[-1, -1]) == (0, 0)


def test_dealt_tables_have_the_law_of_shuffled_ones() -> None:
    codes, sizes, users = to_shuffle()
    dealt = np.array([mca.burt_table(each) for each in whole.deal(codes, sizes, users, 500)])
    shuffled = mca.burt_tables(whole.shuffle(codes, users, 500), sizes)
    for moment, wrong in ((np.mean, 0.5), (np.std, 0.4)):
        assert np.abs(moment(dealt, axis=0) - moment(shuffled, axis=0)).max() < wrong
    first = mca.fit_burt_tables(dealt, len(sizes))[0][:, 0]
    assert first.mean() == pytest.approx(
        whole.map_in_use().shuffled_eigenvalues[:, 0].mean(), abs=0.003
    )


def test_the_answers_of_many_doctors_are_dealt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "_MOST_SHUFFLED", 99)
    monkeypatch.setattr(whole, "shuffle", None)
    found = whole.Map(ANSWERS).shuffled_eigenvalues
    assert found.shape == whole.map_in_use().shuffled_eigenvalues.shape


def test_the_first_axis_of_shuffled_answers_still_parts_the_groups() -> None:
    first = whole.map_in_use().shuffled_eigenvalues[:, 0]
    assert len(first) == whole.N_SHUFFLES
    assert first.min() > 0.6


def test_without_the_questions_of_one_group_the_groups_mix() -> None:
    common = whole.map_in_use().fewer_variables["common"]
    assert common.supplementary.eta2.loc["uses_dmp", 1] < 0.1


# ---- the figures ------------------------------------------------------------------------------


def draw(found: whole.Map) -> Axes:
    figure = figure_of(found)
    with themed() as look:
        canvas = Canvas(figsize=(WIDTH / 72, figure.height / 72), dpi=72)
        FigureCanvasAgg(canvas)
        figure.draw(canvas, look)
        canvas.draw_without_rendering()
    return canvas.axes[1]


def shown(axes: Axes) -> list[str]:
    return [re.split(" [↑↓]", text.get_text())[0] for text in axes.texts]


def maps() -> Iterator[tuple[str, whole.Map]]:
    yield "rows of the book", whole.map_in_use()
    for pair in (7, 210, 468, 803):
        yield f"pair {pair}", whole.Map(joined(pair))


def test_no_label_overlaps_another_or_leaves_the_map() -> None:
    for name, found in maps():
        assert overlaps(draw(found).texts) == [], name


def test_the_layout_does_not_depend_on_the_resolution_of_the_notebook() -> None:
    with mpl.rc_context({"figure.dpi": 100}):
        fine = correspondences.f9().to_svg()
    assert fine == correspondences.f9().to_svg()


def test_every_category_is_named_on_the_map() -> None:
    wanted = [
        CATEGORIES[category][1] for _, category in MAP.categories.index if category != MISSING
    ]
    assert sorted(shown(draw(MAP))) == sorted([*wanted, "non posées", "non posées"])


def test_a_unit_is_as_long_on_both_axes_of_the_map() -> None:
    axes = draw(MAP)
    (left, low), (right, high) = axes.transData.transform([(0, 0), (1, 1)])
    assert right - left == pytest.approx(high - low, rel=0.01)
    assert axes.get_xlim()[0] < MAP.categories["x"].min() < 0 < MAP.categories["x"].max()
    assert MAP.categories["x"].max() < axes.get_xlim()[1]


def test_the_categories_that_the_thesis_reads_are_bold() -> None:
    weights = {text.get_text(): text.get_fontweight() for text in draw(MAP).texts}
    assert (weights["consulter"], weights["50 à 59"]) == (600, 400)


def test_a_category_of_one_doctor_is_drawn_at_the_edge_with_its_place() -> None:
    found = whole.Map(ANSWERS)
    found.categories.loc[("practice_type", "cabinet_solo_mixte"), "y"] = 9.04
    axes = draw(found)
    assert "mixte seul ↑\u00a09,0" in [text.get_text() for text in axes.texts]
    assert axes.get_ylim()[1] < 3


def test_a_zone_holds_nine_in_ten_of_the_places_of_a_category() -> None:
    found = whole.rebuilt_maps()
    places = found.coordinates[:, :, :2]
    for number in range(2):
        low, high = found.zones[:, :, number]
        inside = ((places[:, :, number] >= low) & (places[:, :, number] <= high)).mean(axis=0)
        assert inside.min() >= 0.9
        tight = (places[:, :, number] > low) & (places[:, :, number] < high)
        assert tight.mean(axis=0).max() < 0.91
    ellipses = [patch for patch in draw(MAP).patches if isinstance(patch, Ellipse)]
    read = found.zones[:, found.index.get_loc(("purpose", "consultation"))]
    middle = tuple(read.mean(axis=0))
    assert any(patch.center == pytest.approx(middle) for patch in ellipses)


# ---- the tables that a reader goes through ----------------------------------------------------


def test_each_member_of_the_ensembles_is_in_one_table_that_is_shown() -> None:
    sizes = [len(stored(group).members) for group in ("users", "non_users")]
    shown = len(whole.map_in_use().shown_planes)
    for own in whole.pairs(*sizes):
        assert sorted(own[:shown]) == list(range(shown))


def test_the_second_axis_of_each_table_shown_goes_with_that_of_the_map() -> None:
    ours, rebuilt = whole.map_in_use(), whole.rebuilt_maps()
    found = whole.map_in_use().shown_planes
    as_r_has_them = rebuilt.coordinates[: len(found), :, :2]
    own = ours.categories["y"].reindex(rebuilt.index).to_numpy()
    products = (found[:, :, 1] * own * rebuilt.counts).sum(axis=1)
    assert (products > 0).all()
    turned = found[:, :, 1] != as_r_has_them[:, :, 1]
    assert 0 < turned.all(axis=1).sum() == turned.any(axis=1).sum() < len(found)
    np.testing.assert_array_equal(np.abs(found), np.abs(as_r_has_them))


def test_the_page_holds_where_each_table_puts_each_point() -> None:
    rebuilt, held = whole.rebuilt_maps(), map_data()
    codes = ["-".join(pair) for pair in rebuilt.index]
    at = [codes.index(held["points"][place]["code"]) for place in held["places"]]
    packed = np.frombuffer(base64.b64decode(held["tableaux"]), "<i2").reshape(-1, len(at), 2)
    places = whole.map_in_use().shown_planes
    np.testing.assert_allclose(packed / 100, places[:, at], atol=0.005 + 1e-9)
    sixties = next(each for each in held["points"] if each["code"] == "age-60-69")
    own = places[:, codes.index("age-60-69"), 1]
    assert sixties["etendue"][1] == f"{decimal(own.min(), 2)} à {decimal(own.max(), 2)}"
    assert sixties["enHaut"] == sum(own > 0)


def test_what_moved_is_what_is_across_from_where_the_map_has_it() -> None:
    ours, rebuilt = whole.map_in_use(), whole.rebuilt_maps()
    places, counts = whole.map_in_use().shown_planes[11], [0, 0]
    for key, place in zip(rebuilt.index, places, strict=True):
        for axis, column in enumerate("xy"):
            counts[axis] += place[axis] * ours.categories.loc[key, column] < 0
    assert map_data()["deplacees"][11] == counts
    assert counts[1] > 0


def test_the_scales_of_the_page_are_those_of_the_figure() -> None:
    svg, scale = correspondences.f9().to_svg(), map_data()["echelles"]
    low, high = scale["cadre"]
    for rank, point in enumerate(points_of(whole.map_in_use().categories).itertuples()):
        found = re.search(rf'id="f9-point-{rank}".*?<use x="([^"]+)" y="([^"]+)"', svg)
        assert found
        for axis, at, value in zip("xy", found.groups(), (point.x, point.y), strict=True):
            zero, unit = scale[axis]
            shown = value if axis == "x" else min(max(value, low), high)
            assert float(at) == pytest.approx(zero + unit * shown, abs=0.02)


def test_each_variable_of_the_map_has_a_marker_and_a_hue() -> None:
    assert len(set(MARKERS.values())) == len(MARKERS) == len(theme("light").hues)


# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113: with a kind of cones missing.
SIGHT = {
    "all": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """Give the CIE L*a*b* coordinates of a linear sRGB colour, white D65."""
    to_xyz = [[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]]
    xyz = np.array(to_xyz) @ np.clip(rgb, 0, 1) / (0.9505, 1, 1.0888)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_the_hues_stay_apart_without_colour_vision(mode: Mode, sight: str) -> None:
    seen = [lab(np.array(SIGHT[sight]) @ linear(hue)) for hue in theme(mode).hues]
    apart = [np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert min(apart) > 25


# ---- the tables -------------------------------------------------------------------------------


@pytest.mark.parametrize("table_id", sorted(quadrants.QUADRANTS))
def test_a_quadrant_shows_every_printed_word(table_id: str) -> None:
    text = correspondences.readings_table(table_id).to_markdown()
    for printed in read_table(table_id).itertuples():
        assert printed.categories.rstrip(" .") in text
        assert all(line in text for line in printed.line.split("-"))


def test_the_quadrants_have_a_row_for_each_reading() -> None:
    placed = quadrants.place(load())
    for table_id, own in placed.groupby("table"):
        rows = [row for row in correspondences.readings_table(str(table_id)).rows if row.cells]
        marks = [row.cells[2].text[0] for row in rows]
        assert marks == ["✓" if holds else "✗" for holds in own["holds"]]


def test_a_category_in_another_quadrant_is_marked_and_said_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    placed = quadrants.place(load())
    at = placed.index[placed["category"] == "consultation"]
    placed.loc[at, ["computed", "holds"]] = ["lower left", False]
    monkeypatch.setitem(vars(whole.map_in_use()), "readings", placed)
    found = correspondences.readings_table("tc1")
    held = int(placed.loc[placed["table"] == "tc1", "holds"].sum())
    assert cells(found, "Consulter")[2] == "✗ bas gauche"
    assert f"{held} des 4 modalités" in found.note


def test_what_cannot_be_read_has_no_row() -> None:
    rows = correspondences.tc4().rows
    assert "Pas interprétable" in rows[0].label
    assert rows[1].opens_group


def test_a_category_that_nobody_has_is_said_to_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    placed = quadrants.place(load())
    at = placed.index[placed["category"] == "autre_salarie_b"]
    placed.loc[at, ["x", "y"]] = np.nan
    placed.loc[at, "computed"] = ""
    monkeypatch.setitem(vars(whole.map_in_use()), "readings", placed)
    found = cells(correspondences.readings_table("tc3"), "Salarié, autre lieu b")
    assert found[:3] == ["0", "—", "absente"]


def test_the_shares_of_a_quadrant_are_those_of_the_rebuilt_maps() -> None:
    listed = quadrants.readings()
    at = listed.index[listed["category"] == "curiosite"][0]
    share = 100 * whole.rebuilt_maps().holds[:, at].mean()
    found = cells(correspondences.tc1(), "Une fois, par curiosité")[-1]
    assert found == f"{share:.1f} %".replace(".", ",")


def test_the_legend_shows_which_printed_counts_the_annexe_contradicts() -> None:
    apart = [
        (check.printed.text, check.value)
        for check in correspondences.tc0().checks
        if check.verdict.name == "DISCREPANCY"
    ]
    assert apart == [("23", 21), ("4", 5), ("4", 5)]


def test_the_categories_of_an_axis_contribute_more_than_the_mean() -> None:
    rows = correspondences.axes_table().rows
    contributions = [float(row.cells[2].text.replace(",", ".")) for row in rows if row.cells]
    found = whole.map_in_use()
    wanted = sum(
        (found.categories[f"contribution_{axis}"] > found.mean_contribution).sum()
        for axis in (1, 2)
    )
    assert len(contributions) == wanted
    assert min(contributions) >= round(found.mean_contribution, 1)


def test_the_inertia_is_that_of_r() -> None:
    first = correspondences.inertia_table().rows[0].cells
    whole_inertia = sum(whole.map_in_use().analysis.eigenvalues)
    value = whole.map_in_use().analysis.eigenvalues[0]
    assert first[0].text == f"{value:.3f}".replace(".", ",")
    assert first[1].text == f"{100 * value / whole_inertia:.1f}".replace(".", ",")


def test_the_questions_of_one_group_make_axis_1() -> None:
    categories = whole.map_in_use().categories
    own = categories.drop(index=["age", "practice_type"], level="variable")
    share = own["contribution_1"].sum()
    assert correspondences.numbers()["by_filtered_1"] == f"{share:.1f}\u00a0%".replace(".", ",")
    assert share > 90


# ---- the sentences of the thesis --------------------------------------------------------------


def printed_count(text: str) -> int:
    return int(text.split(maxsplit=1)[0]) if text else 0


def test_three_in_sixteen_frequent_users_are_in_their_forties_in_print() -> None:
    table = read_table("tb1c").set_index("category")
    frequent = table[["mensuel", "hebdomadaire", "journalier"]].map(printed_count).sum(axis=1)
    found = cells(correspondences.synthesis_table(), "ont de 40 à 49 ans")
    assert found[0] == f"{frequent['40-49']} sur {frequent['']}" == "3 sur 16"
    assert found[-1] == "non"


def test_ten_non_users_are_the_youngest_and_the_oldest_in_print() -> None:
    table = read_table("tb3").set_index("category")["non_users"].map(printed_count)
    found = cells(correspondences.synthesis_table(), "ont moins de 29 ou plus de 70 ans")
    assert found[0] == f"{table['<29'] + table['>70']} sur 45" == "10 sur 45"


def test_a_majority_that_print_determines_is_the_same_in_every_rebuilt_table() -> None:
    for label in ("ont de 40 à 49 ans", "créent et ajoutent des documents"):
        _, share, _, rebuilt, _ = cells(correspondences.synthesis_table(), label)
        assert share == rebuilt


def test_the_share_elsewhere_is_that_of_the_other_doctors() -> None:
    users = tabulate("age", "uses_dmp")["oui"]
    found = cells(correspondences.synthesis_table(), "ont moins de 29 ou plus de 70 ans")
    assert found[2] == f"{100 * (users['<29'] + users['>70']) / users.sum():.0f} %"


def test_the_ages_named_are_half_of_the_non_users_and_no_more_than_needed() -> None:
    counts = tabulate("age", "uses_dmp")["non"]
    named = correspondences.numbers()["ages_of_non_users"]
    sizes = [int(part.split(")")[0]) for part in named.split("(")[1:]]
    assert sizes == sorted(counts, reverse=True)[: len(sizes)]
    assert 2 * sum(sizes) >= counts.sum() > 2 * sum(sizes[:-1])


def test_the_table_of_ages_has_both_shares() -> None:
    counts = tabulate("age", "uses_dmp")
    for age, row in zip(levels("age"), correspondences.ages_table().rows, strict=True):
        of_group, of_age = (float(row.cells[at].text[:-2].replace(",", ".")) for at in (2, 3))
        assert of_group == pytest.approx(
            100 * counts.loc[age, "non"] / counts["non"].sum(), abs=0.06
        )
        assert of_age == pytest.approx(
            100 * counts.loc[age, "non"] / counts.loc[age].sum(), abs=0.06
        )


@pytest.mark.parametrize("side", [1, -1])
def test_ages_off_the_centre_are_those_with_a_large_v_test_on_either_side(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    categories = whole.map_in_use().categories
    categories = categories.assign(v_1=side * categories["v_1"])
    monkeypatch.setitem(vars(whole.map_in_use()), "categories", categories)
    named = correspondences.numbers()["ages_off_centre"]
    assert named.count("ans") == (categories.loc["age", "v_1"].abs() > 1.96).sum() > 0
