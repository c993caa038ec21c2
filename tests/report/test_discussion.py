"""Sections V and VI: the discussion's numbers against the results, and what we add to them."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from analysis.paths import SOURCE_TEXT
from analysis.printed import Verdict, compare, parse, read_table
from analysis.report.inline import interval, share
from analysis.report.sections import discussion
from analysis.report.sections.discussion import recovered
from analysis.report.show.french import NBSP, NNBSP
from analysis.report.show.tables import Table
from analysis.survey import ask

PRINTED = read_table("discussion").set_index("key")
# Which sentence of the results each number repeats, and which of its three percentages.
REPEATED = {
    "interest": ("12", "contrary"),
    "coordination": ("4", "favourable"),
    "exchange": ("5", "favourable"),
    "secrecy": ("11", "favourable"),
    "iatrogenic": ("7", "favourable"),
    "spending": ("6", "favourable"),
    "burden": ("14", "favourable"),
    "integration": ("9", "favourable"),
    "dysfunction": ("10", "contrary"),
    "untrained": ("16", "favourable"),
    "update_hard": ("19", "contrary"),
    "double_entry": ("20", "contrary"),
    "consult_easy": ("18", "favourable"),
    "create_easy": ("17", "favourable"),
    "cost": ("15", "favourable"),
    "waste_of_time": ("13", "favourable"),
}


def apart(table: Table) -> list[tuple[str, str]]:
    return [
        (check.printed.text, str(check.verdict))
        for check in table.checks
        if check.verdict is not Verdict.MATCH
    ]


def column(table: Table, position: int) -> dict[str, str]:
    return {row.label: row.cells[position].text for row in table.rows if row.cells}


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(NNBSP, " ")


@pytest.mark.parametrize("key", REPEATED)
def test_the_discussion_repeats_the_sentence_of_the_results(key: str) -> None:
    item, side = REPEATED[key]
    sentence = read_table("opinions").set_index("item").loc[item, side]
    assert PRINTED.loc[key, "printed"] == sentence


def test_the_discussion_gives_another_share_for_emergencies_than_the_results() -> None:
    sentence = read_table("opinions").set_index("item").loc["1", "favourable"]
    assert (PRINTED.loc["emergency", "printed"], sentence) == ("65%", "51%")


def test_the_wrong_share_for_emergencies_is_that_of_two_other_items() -> None:
    sentences = read_table("opinions").set_index("item")
    found = [
        (item, side)
        for item, row in sentences.iterrows()
        for side in ("favourable", "contrary", "neutral")
        if row[side] == "65%"
    ]
    assert found == [("2", "contrary"), ("8", "favourable")]


def test_claims_differ_from_print_in_three_places_and_one_truncation() -> None:
    assert apart(discussion.claims()) == [
        ("65%", "discrepancy"),
        ("51%", "discrepancy"),
        ("4%", "discrepancy"),
        ("41%", "rounding"),
    ]


def test_claims_hold_every_percentage_of_the_survey_that_the_discussion_prints() -> None:
    elsewhere = ("hamard_", "elmatouat_", "enouf_", "units_cut", "compatible")
    wanted = [
        key
        for key, row in PRINTED.iterrows()
        if row["printed"].endswith("%") and not str(key).startswith(elsewhere)
    ]
    shown = [row.cells[2].text for row in discussion.claims().rows if row.cells]
    assert len(shown) == len(wanted)
    assert {re.search(r"l\.\D*(\d+)", text)[1] for text in shown} == {
        PRINTED.loc[key, "line"] for key in wanted
    }


def test_no_percentage_of_section_v_is_left_out() -> None:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not in the repository")
    lines = SOURCE_TEXT.read_text(encoding="utf-8").split("\n")[1949:2565]
    printed = re.findall(r"\d+(?:,\d+)?%", " ".join(lines))
    table = read_table("tv5")
    kept = [*table["enouf"], *table["this_work"], *PRINTED["printed"].drop("compatible")]
    assert sorted(printed) == sorted(cell for cell in kept if cell.endswith("%"))


@pytest.mark.parametrize(
    ("label", "counts"),
    [
        ("Utile en urgence", "51 / 100"),
        ("Ne savent pas y accéder", "21 / 45"),
        ("Logiciel incompatible", "5 / 100"),
        ("Une aide les ferait changer d’avis", "5 / 12"),
        ("Diminue les dépenses", "—"),
    ],
)
def test_a_claim_is_counted_where_print_has_a_table(label: str, counts: str) -> None:
    assert column(discussion.claims(), 0)[label] == counts


def test_tv5_differs_from_print_by_its_uselessness_alone() -> None:
    assert apart(discussion.tv5()) == [("10%", "discrepancy")]


def test_the_uselessness_of_tv5_is_that_of_its_item() -> None:
    assert plain(column(discussion.tv5(), 1)["Inutilité du DMP"]) == "8 %"


def test_tv5_checks_every_number_of_this_work() -> None:
    own = [cell for cell in read_table("tv5")["this_work"] if cell != "Non comparable"]
    assert [check.printed.text for check in discussion.tv5().checks] == own


def test_tv5_quotes_the_earlier_thesis_as_printed() -> None:
    quotes = column(discussion.tv5(), 0)
    assert {name: plain(text).replace(" ", "") for name, text in quotes.items()} == dict(
        zip(read_table("tv5")["theme"], read_table("tv5")["enouf"], strict=True)
    )


def test_the_printed_uselessness_is_the_count_of_those_who_had_no_need() -> None:
    listed = read_table("tb2").set_index("category").loc["besoin", "n"]
    table = read_table("tv5").set_index("theme").loc["Inutilité du DMP", "this_work"]
    assert table == f"{listed}%"


def test_a_missing_answer_stays_in_the_denominator() -> None:
    asked = ask("t17<=2")
    assert (asked.count(), asked.base()) == (51, 100)


def test_groups_of_doctors_add_up_to_all() -> None:
    groups = [ask("t4>=4", of=group) for group in ("users", "non_users")]
    assert [(each.count(), each.base()) for each in groups] == [(31, 55), (33, 45)]
    assert ask("t4>=4").count() == 31 + 33


@pytest.mark.parametrize(
    ("percentage", "base", "part"),
    [
        ("34,1%", 205, 70),
        ("63,9%", 205, 131),
        ("6%", 68, 4),
        ("65%", 23, 15),
        ("48%", 23, 11),
        ("26%", 23, 6),
        ("31%", 23, None),
        ("18%", 23, None),
        ("44%", 23, None),
        ("20%", 68, None),
        ("50%", 1000, None),
    ],
)
def test_a_percentage_gives_back_the_only_count_that_rounds_to_it(
    percentage: str, base: int, part: int | None
) -> None:
    assert recovered(percentage, base) == part


def test_five_of_the_eight_percentages_of_enouf_fit_no_count() -> None:
    found = discussion.numbers()
    assert [found[key] for key in ("quoted", "impossible")] == ["huit", "cinq"]


def test_only_the_share_of_users_differs_beyond_chance() -> None:
    p_values = column(discussion.comparisons(), 3)
    assert plain(p_values.pop("L’ont utilisé")) == "< 0,001"
    assert all(float(p.replace(",", ".")) > 0.1 for p in p_values.values() if p != "—")


def test_the_gap_with_el_matouat_is_that_of_newcombe() -> None:
    gap = column(discussion.comparisons(), 2)["L’ont utilisé"]
    assert plain(gap) == "+20,9 [+9,0 ; +32,1]"


def test_a_gap_without_a_count_is_left_out() -> None:
    gaps = column(discussion.comparisons(), 2)
    assert [name for name, gap in gaps.items() if gap == "—"] == [
        "Atteinte à la confidentialité",
        "Inutilité du DMP",
        "Défaut d’équipement",
    ]


def test_weekly_users_are_the_same_share_of_the_doctors_as_hamard_found() -> None:
    assert plain(share("frequency>=hebdomadaire", of="uses_dmp", decimals=0)) == "6 %"
    assert compare(PRINTED.loc["hamard_regular", "printed"], Fraction(600, 100)) is Verdict.MATCH


def test_the_structure_fee_is_the_printed_product() -> None:
    points, value, fee = (
        int(PRINTED.loc[f"structure_{name}", "printed"].rstrip("€"))
        for name in ("points", "point_value", "fee")
    )
    assert points * value == fee


def test_the_mailings_of_the_discussion_leave_out_the_training_circle() -> None:
    recruitment = read_table("recruitment").set_index("key")["printed"]
    assert PRINTED.loc["mailed", "printed"] == recruitment["mailed_council"]
    assert parse(recruitment["questionnaires_mailed"]).value == 1043 + 43


def test_the_last_two_dates_of_the_requirements_are_not_in_order() -> None:
    dates = re.findall(r"(\d\d)/(\d\d)/(\d\d)", PRINTED.loc["updates", "printed"])
    ordered = [tuple(reversed(date)) for date in dates]
    assert sorted(ordered) == [ordered[0], ordered[1], ordered[3], ordered[2]]


def test_the_summary_makes_of_four_percent_their_complement() -> None:
    shares = [parse(PRINTED.loc[key, "printed"]).value for key in ("incompatible", "compatible")]
    assert sum(shares) == 100


def test_the_compatibility_of_the_software_was_asked_of_the_non_users_only() -> None:
    asked = ask("barrier_1=logiciel")
    assert (asked.count(), asked.base()) == (5, 45)


def test_limits_are_written_from_low_to_high() -> None:
    assert plain(interval("change_money=oui")) == "de 19 % à 68 %"


def test_the_seven_conclusions_say_what_was_measured() -> None:
    measures = [row.cells[1].text for row in discussion.conclusions().rows]
    assert measures == ["mesuré", *["en partie"] * 3, *["non demandé"] * 3]
