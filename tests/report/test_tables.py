"""Tables of the report: their form, and the thesis's numbers in them."""

import pypandoc
import pytest

from analysis.printed import Verdict, parse_all, read_table
from analysis.report.register import entries, registered
from analysis.report.sections import demographics, usage
from analysis.report.show.french import percent
from analysis.report.show.tables import Cell, Row, Table, count_cell
from analysis.results.outcomes import Outcome
from analysis.survey import council
from analysis.survey.schema import ITEMS

TABLES = {entry.id: entry.make() for entry in entries("table")}
SECTIONS = {"IV.A.1", "IV.A.2", "IV.A.3", "IV.B.1.a", "IV.B.1.b", "IV.B.1.c", "IV.B.1.d"} | {
    "IV.B.2",
    "IV.B.3",
    "IV.B.4",
    *("IV.C", "IV.C.1", "IV.C.2", "IV.C.3", "IV.C.4"),
    "Annexe II",
    "V.B.5",
}


def apart(checks: tuple[Outcome, ...]) -> list[tuple[str, str]]:
    """Name the checks that do not match: printed text and verdict."""
    return [
        (check.printed.text, str(check.verdict))
        for check in checks
        if check.verdict is not Verdict.MATCH
    ]


def test_every_object_of_these_sections_is_registered() -> None:
    inventory = read_table("inventory")
    wanted = {row.id.lower() for row in inventory.itertuples() if row.section in SECTIONS}
    assert {entry.id for entry in entries()} >= wanted


def test_an_id_is_registered_once() -> None:
    with pytest.raises(ValueError, match="tb3 is registered twice"):
        registered(usage.tb3)


# Nothing computes the council's figures; a column of TV5 is an earlier thesis's (test_discussion);
# a table of opinions has the numbers of its sentence too (test_opinions).
@pytest.mark.parametrize("id_", sorted(set(TABLES) - {"taii", "tv5", *ITEMS}))
def test_every_printed_number_of_a_table_is_checked(id_: str) -> None:
    numeric = [
        name
        for name in read_table(id_).columns
        if name
        not in ("line", "label", "category", "variable", "heading", "test", "list", "frequency")
        and name not in ("attribute", "categories", "code")
        and not (id_ in ("taviu", "tavin") and name == "cluster")
        and not (id_ == "tb1c" and name == "age")
    ]
    printed = [
        number.text
        for _, row in read_table(id_).iterrows()
        for name in numeric
        if row[name]
        for number in parse_all(row[name])
    ]
    checked = [check.printed.text for check in TABLES[id_].checks]
    assert sorted(checked) == sorted(printed)


PROFILES = {"td0n", "tdu1", "tdu2", "tdu3", "tdu4", "tdn1", "tdn5"}
IN_ERROR = {"tb2", "tb3", "tc0", "tv5", *PROFILES, *ITEMS}


@pytest.mark.parametrize("id_", sorted(set(TABLES) - IN_ERROR))
def test_tables_without_an_error_of_the_thesis_match_it(id_: str) -> None:
    assert apart(TABLES[id_].checks) == []


def test_tb2_shows_the_wrong_base_and_the_truncated_percentages() -> None:
    assert apart(usage.tb2().checks) == [
        ("34", "discrepancy"),
        ("82,9%", "discrepancy"),
        ("5", "discrepancy"),
        ("11,1%", "discrepancy"),
        ("23", "discrepancy"),
        ("51%", "discrepancy"),
        ("8,8%", "rounding"),
        ("4", "discrepancy"),
        ("8,8%", "discrepancy"),
        ("4", "discrepancy"),
        ("8,8%", "discrepancy"),
        ("41%", "rounding"),
    ]


def test_tb3_shows_what_the_thesis_truncated() -> None:
    assert apart(usage.tb3().checks) == [
        ("0.2706", "rounding"),
        ("66,66", "rounding"),
        ("55,12", "rounding"),
    ]


def test_the_printed_percentage_of_group_practices_is_that_of_the_liberal_doctors() -> None:
    listed = read_table("tb2").set_index("label")
    grouped, liberal = (int(listed.loc[name, "n"]) for name in ("cabinet de groupe", "libéral"))
    assert (
        percent(grouped, liberal).replace("\u00a0", "")
        == listed.loc["cabinet de groupe", "percent"]
    )


def test_the_printed_response_rate_is_that_of_the_whole_population() -> None:
    rates = demographics.numbers()
    assert rates["mail_over_population"].replace("\u00a0", "") == "3,3%"
    assert rates["mail"].replace("\u00a0", "") == "5,7%"


def test_the_recruitment_adds_up_to_the_doctors_of_the_tables() -> None:
    assert (
        demographics.flow()["analysed"]
        == 100
        == sum(demographics.sample_and_population("age")["sample"])
    )


def test_the_other_places_of_ta3_are_what_the_population_leaves() -> None:
    assert council.doctors("place")["autre"] == 681
    assert council.population() == 1880
    assert council.unlisted() == 357


def test_a_sample_taken_out_of_its_population_differs_from_it_still() -> None:
    found = demographics.numbers()
    p_values = [found[f"outside_{name}"] for name in ("age", "practice", "place")]
    assert [p.replace("\u00a0", " ") for p in p_values] == ["p < 0,001"] * 3


def test_the_smallest_of_three_p_values_does_not_survive_holm() -> None:
    assert usage.smallest(adjusted=True).text == "0,1071"


def test_a_row_with_another_number_of_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="table x, row 'a': 1 cells, 2 expected"):
        Table("x", ("", "n", "m"), (Row("a", (count_cell(1),)),))


def test_a_discrepant_cell_carries_a_dagger() -> None:
    table = Table("x", ("", "n"), (Row("a", (count_cell(35, "34", "563"),)),))
    assert "| 35\u202f† |" in table.to_markdown()


def test_a_table_becomes_one_table_of_pandoc_with_all_its_rows() -> None:
    html = pypandoc.convert_text(usage.tb3().to_markdown(), "html", format="markdown")
    assert html.count("<table") == 1
    assert html.count("<tr") == 1 + len(usage.tb3().rows)


def test_text_that_looks_like_markup_is_protected() -> None:
    table = Table("x", ("", "n"), (Row("<29 | rien", (Cell("p < 0,001"),)),))
    html = pypandoc.convert_text(table.to_markdown(), "html", format="markdown")
    assert "&lt;29 | rien" in html
    assert "p &lt; 0,001" in html
