"""The annexes and the abstract: what they show agrees with print, and with the answers."""

from __future__ import annotations

import re

import pytest

from analysis.paths import SOURCE_TEXT
from analysis.printed import read_table
from analysis.report.inline import fact
from analysis.report.register import entries
from analysis.report.sections import annexes, opinions
from analysis.report.show.french import NBSP, count, percent
from analysis.survey.questionnaire import load_questionnaire

MONTHS = {
    "janvier": "01",
    "février": "02",
    "avril": "04",
    "juin": "06",
    "août": "08",
    "octobre": "10",
    "novembre": "11",
}
LISTED = read_table("annexes").set_index("key")["printed"]


def test_the_events_come_in_the_order_of_time() -> None:
    found = annexes.events()
    assert found["year"].is_monotonic_increasing
    assert found["key"].tolist()[:2] == ["personal_record", "agreement"]
    assert found["key"].iloc[-1] == "six_million"


def test_the_date_of_an_event_is_the_printed_one() -> None:
    for event in annexes.events().itertuples():
        year, *rest = event.date.split("-")
        assert year in event.printed
        words = event.printed.removesuffix(year).split()
        if words == ["automne"]:
            assert rest == ["11"]
        elif words:
            assert MONTHS[words[-1]] == rest[0]
            day = "".join(each for each in words[0] if each.isdigit())
            assert day == (rest[1].lstrip("0") if len(rest) > 1 else "")


def test_the_timeline_shows_every_event_with_its_line() -> None:
    rows = annexes.timeline().rows
    assert len(rows) == len(read_table("history"))
    assert {row.cells[1].text for row in rows} == set(read_table("history")["line"])


def test_most_of_the_first_records_were_empty() -> None:
    assert annexes.numbers()["empty"] == percent(89_500, 158_000) == f"56,6{NBSP}%"


def test_a_record_cost_the_spending_divided_by_the_records() -> None:
    assert annexes.numbers()["cost"] == f"{count(round(210_000_000 / 158_000))}{NBSP}euros"


def test_a_reference_to_the_law_does_not_break() -> None:
    assert fact("annexes:code_article") == f"L.{NBSP}1111-14"


def test_the_two_screenshots_are_described_and_no_other_figure_is() -> None:
    described = {entry.id for entry in entries("description")}
    assert described == {"f31", "f32"}
    inventory = read_table("inventory")
    without_data = inventory.loc[inventory["file"] == "", "id"].str.lower()
    assert described == set(without_data)


def test_a_description_says_where_the_picture_stood() -> None:
    assert annexes.f31().cells[0].text == f"Section I, l.{NBSP}134–166"
    assert annexes.f32().cells[0].text == f"Annexe IV, l.{NBSP}2775"


def test_what_a_description_quotes_is_what_is_printed() -> None:
    quoted = re.findall(
        f"«{NBSP}(.*?){NBSP}»", annexes.f31().cells[1].text + annexes.f32().cells[2].text
    )
    assert len(quoted) == 5
    assert set(quoted) <= set(LISTED)


def test_the_instrument_lists_every_question_under_its_part() -> None:
    rows = annexes.instrument_table().rows
    form = load_questionnaire()
    assert sum(row.opens_group for row in rows) == len(form.parts)
    shown = [row.label for row in rows if not row.opens_group]
    assert len(shown) == len(form.questions)
    for label, question in zip(shown, form.questions, strict=True):
        assert question.wording in label
        assert label.startswith(question.number)
        assert ("*" in label) == question.required


def test_the_instrument_says_to_whom_a_question_is_put() -> None:
    audience = {
        question.id: row.cells[1].text
        for question, row in zip(
            load_questionnaire().questions,
            [row for row in annexes.instrument_table().rows if not row.opens_group],
            strict=True,
        )
    }
    assert audience["place_mixed"] == "Mixtes"
    assert audience["frequency"] == "Utilisateurs"
    assert audience["barriers"] == "Non-utilisateurs"
    assert audience["change"] == "Non-utilisateurs sans intention"
    assert audience["transfer"] == "Tous"


def test_a_doctor_is_asked_27_or_28_of_the_32_questions() -> None:
    assert annexes.numbers()["questions"] == "32"
    assert [annexes.numbers()[key] for key in ("shortest", "longest")] == ["27", "28"]


def test_the_printed_numbers_repeat_and_skip_one() -> None:
    assert annexes.numbers()["repeated"] == "17, 18, 19, 20, 21, 22 et 24"
    assert annexes.numbers()["missing"] == "16"


def test_no_opinion_is_required_and_six_lack_an_answer() -> None:
    # The rows of T3, T13 and T15-T18 add up to 44, 54, 44, 44, 44 and 44 in print.
    scales = [each for each in load_questionnaire().questions if each.answer == "scale"]
    assert not any(question.required for question in scales)
    assert [opinions.numbers()[key] for key in ("incomplete", "tabled")] == ["six", "18"]


def test_an_answer_that_the_form_offers_is_not_called_coded_afterwards() -> None:
    assert annexes.coded_afterwards("change", "change_integration") == "six"
    with pytest.raises(LookupError, match="barriers: the form offers besoin"):
        annexes.coded_afterwards("barriers", "besoin")


def test_the_events_stand_in_the_lines_they_name() -> None:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not at hand")
    source = SOURCE_TEXT.read_text(encoding="utf-8").split("\n")
    for event in annexes.events().itertuples():
        assert event.printed in source[int(event.line) - 1], event.key
