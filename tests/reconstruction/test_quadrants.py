"""The readings of the map, word by word against print, and the map itself against R's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.files import InputError
from analysis.paths import RESPONDENTS
from analysis.reconstruction.quadrants import place, readings, whole_sample
from analysis.survey.respondents import read

FIXTURE = Path(__file__).parents[1] / "reference" / "annexe_vi.json"
Change = Callable[[str, str, str], Path]
NAMES = {"barrier_1": "Frein1", "barrier_2": "Frein2"}


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return read(RESPONDENTS)


def categories(table: str) -> list[tuple[str, str]]:
    found = readings()
    found = found[found["table"] == table]
    return list(zip(found["variable"], found["category"], strict=True))


@pytest.mark.parametrize(
    ("table", "quadrant"),
    [
        ("tc1", "upper left"),
        ("tc2", "lower left"),
        ("tc3", "upper right"),
        ("tc4", "lower right"),
    ],
)
def test_a_table_is_about_one_quadrant(table: str, quadrant: str) -> None:
    found = readings()
    assert set(found.loc[found["table"] == table, "quadrant"]) == {quadrant}


def test_the_words_of_the_upper_left_quadrant() -> None:
    assert categories("tc1") == [
        ("age", "30-39"),
        ("practice_type", "groupe_salarie"),
        ("frequency", "curiosite"),
        ("purpose", "consultation"),
    ]


def test_the_words_of_the_lower_left_quadrant() -> None:
    assert categories("tc2") == [
        ("age", "40-49"),
        ("practice_type", "seul_liberal"),
        ("practice_type", "groupe_mixte"),
        ("frequency", "annuel"),
        ("frequency", "mensuel"),
        ("frequency", "hebdomadaire"),
        ("frequency", "journalier"),
        ("purpose", "creation"),
        ("purpose", "ajout"),
    ]


def test_the_words_of_the_upper_right_quadrant() -> None:
    assert categories("tc3") == [
        ("age", "<29"),
        ("age", ">70"),
        ("practice_type", "groupe_liberal"),
        ("practice_type", "autre_salarie_b"),
        ("barrier_1", "logiciel"),
        ("barrier_1", "manque_info_acces"),
        ("barrier_2", "besoin"),
        ("barrier_1", "equipement"),
    ]


def test_the_words_of_the_lower_right_quadrant() -> None:
    assert categories("tc4") == [
        ("practice_type", "autre_salarie_a"),
        ("barrier_1", "temps"),
        ("barrier_1", "besoin"),
    ]


def test_no_category_is_read_in_two_quadrants() -> None:
    assert not readings().duplicated(["variable", "category"]).any()


def test_a_reading_of_two_lines_names_both() -> None:
    found = readings().set_index("category")["line"]
    assert (found["groupe_mixte"], found["temps"]) == ("837-839", "869")


def test_the_map_is_the_one_of_r(rows: pd.DataFrame) -> None:
    by_r = {
        each["row"]: each["values"]
        for each in json.loads(FIXTURE.read_text(encoding="utf-8"))["map"]
    }
    for row in place(rows).itertuples():
        name = f"{NAMES[row.variable]}_{row.category}" if row.variable in NAMES else row.category
        assert [row.x, row.y] == pytest.approx(by_r[name], abs=1e-9), name


def test_users_are_on_the_left_and_non_users_on_the_right(rows: pd.DataFrame) -> None:
    first = whole_sample(rows).rows.coordinates[1]
    assert set(first[rows["uses_dmp"] == "oui"] < 0) == {True}
    assert set(first[rows["uses_dmp"] == "non"] > 0) == {True}


def test_a_reading_holds_where_the_category_lies_in_its_quadrant(rows: pd.DataFrame) -> None:
    for row in place(rows).itertuples():
        height = "upper" if row.y > 0 else "lower"
        assert row.computed == f"{height} {'left' if row.x < 0 else 'right'}"
        assert row.holds == (row.computed == row.quadrant)


def test_the_ages_that_the_thesis_leaves_out_are_near_the_vertical_axis(rows: pd.DataFrame) -> None:
    """Those of 50-59 and 60-69, L873: "les données sur les axes ne sont pas discriminantes"."""
    first = whole_sample(rows).categories.coordinates.loc["age", 1].abs()
    assert set(first.nsmallest(2).index) == {"50-59", "60-69"}


def test_the_order_of_the_rows_changes_nothing(rows: pd.DataFrame) -> None:
    turned = rows.sample(frac=1, random_state=3, ignore_index=True)
    pd.testing.assert_frame_equal(place(turned), place(rows), atol=1e-9)


def test_a_category_that_no_doctor_has_lies_nowhere(rows: pd.DataFrame) -> None:
    without = rows[rows["practice_type"] != "groupe_mixte"]
    (row,) = place(without).query("category == 'groupe_mixte'").itertuples()
    assert pd.isna(row.x)
    assert (row.computed, row.holds) == ("", False)


def test_a_map_without_non_users_is_refused(rows: pd.DataFrame) -> None:
    users = rows[rows["uses_dmp"] == "oui"].assign(barrier_1="temps", barrier_2="aucun")
    users.loc[users.index[0], ["barrier_1", "barrier_2"]] = ["besoin", "temps"]
    with pytest.raises(ValueError, match="users on the left and non-users on the right"):
        place(users)


@pytest.mark.parametrize(
    ("table", "printed", "changed", "row", "rule"),
    [
        ("tc1", "30-39 ans", "30-40 ans", 2, "'30-40 ans' is no category that is known"),
        ("tc3", "Logiciel pas", "Ordinateur pas", 5, "'ordinateur pas compatible' is no category"),
        ("tc4", "869,Frein à l’utilisation", "869,Freins", 5, "the attribute is one of Age, "),
        ("tc2", "Groupe et individuel", "Groupe", 0, "those of seul_liberal, groupe_mixte"),
    ],
)
def test_a_word_that_is_not_known_is_named(
    change: Change, table: str, printed: str, changed: str, row: int, rule: str
) -> None:
    folder = change(table, printed, changed)
    with pytest.raises(InputError) as raised:
        readings(folder)
    (fault,) = raised.value.faults
    assert (fault.file, fault.row) == (folder / f"{table}.csv", row)
    assert rule in fault.rule
