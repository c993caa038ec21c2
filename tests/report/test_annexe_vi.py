"""Annexe VI, written as R writes it."""

import json
from pathlib import Path

import pytest

from analysis.printed import Verdict, read_table
from analysis.report.register import entries
from analysis.report.sections import annexe_vi
from analysis.report.sections.annexe_vi import r_column
from analysis.report.show.tables import Table
from analysis.survey import Group
from analysis.survey.labels import GROUPS

FIXTURE = Path(__file__).parents[1] / "reference" / "annexe_vi.json"
MEASURES = ["cla_mod", "mod_cla", "overall", "p_value", "v_test"]


def table_of(group: Group) -> Table:
    return annexe_vi.taviu() if group == "users" else annexe_vi.tavin()


def rows_of(group: Group) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table_of(group).rows if row.cells]


@pytest.mark.parametrize("group", GROUPS)
def test_every_row_has_the_characters_of_print_in_its_order(group: Group) -> None:
    listed = read_table("taviu" if group == "users" else "tavin")
    assert rows_of(group) == listed[MEASURES].to_numpy().tolist()


@pytest.mark.parametrize("group", GROUPS)
def test_every_row_has_the_characters_of_r(group: Group) -> None:
    by_r = json.loads(FIXTURE.read_text(encoding="utf-8"))[group]["categories"]
    assert rows_of(group) == [row["printed"] for row in by_r]


@pytest.mark.parametrize("group", GROUPS)
def test_every_row_is_named_as_in_print(group: Group) -> None:
    listed = read_table("taviu" if group == "users" else "tavin")
    names = [row.label.replace("\u200b", "") for row in table_of(group).rows if row.cells]
    assert names == (listed["variable"] + "=" + listed["category"]).tolist()


@pytest.mark.parametrize("make", [annexe_vi.taviu_tests, annexe_vi.tavin_tests])
def test_the_tests_of_the_variables_come_in_the_order_of_print_and_equal_it(make) -> None:
    table = make()
    listed = read_table("taviu_chi2" if make is annexe_vi.taviu_tests else "tavin_chi2")
    assert [row.label for row in table.rows] == listed["variable"].tolist()
    assert len(table.checks) == 8
    assert {check.verdict for check in table.checks} == {Verdict.MATCH}


@pytest.mark.parametrize("make", [annexe_vi.taviu_tests, annexe_vi.tavin_tests])
def test_a_test_has_as_many_decimals_as_in_print(make) -> None:
    for row in make().rows:
        assert len(row.cells[0].text) == len(row.cells[1].text)


def test_all_42_rows_come_out_with_the_same_characters() -> None:
    said = "les 42 lignes de modalités sont rendues au caractère près"
    assert annexe_vi.numbers() == {"same": said}


def test_the_statistics_of_section_d_are_registered_and_equal_print() -> None:
    found = {entry.id: entry.make() for entry in entries("statistic") if entry.section[0] == "A"}
    assert sorted(found) == sorted(f"s{number}" for number in range(7, 57))
    assert {each.checks[0].verdict for each in found.values()} == {Verdict.MATCH}


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        # From R: print(matrix(c(...))) with options(digits = 7, scipen = 999).
        ((81.8181818181818, 64.2857142857143, 100), ["81.81818", "64.28571", "100.00000"]),
        ((100.0, 5.26315789473684), ["100.000000", "5.263158"]),
        ((1.7079307e-06, 0.0345622954119), ["0.000001707931", "0.034562295412"]),
        ((0.0, 12.5), ["0.0", "12.5"]),
        ((-3.798993, 4.0), ["-3.798993", "4.000000"]),
        ((99999999.4, 1.0), ["99999999", "1"]),
    ],
)
def test_a_column_has_the_decimals_that_its_neediest_number_needs(
    values: tuple[float, ...], texts: list[str]
) -> None:
    assert r_column(values) == texts


def test_the_names_of_the_author_are_explained_for_both_groups() -> None:
    table = annexe_vi.glossary()
    names = [row.label for row in table.rows if row.cells]
    assert names == [
        *("AGE", "TYPE_EXERCICE", "USAGE", "FREQUENCE"),
        *("Frein1", "AGE", "Frein2", "TYPE_EXERCICE"),
    ]
