"""The questionnaire: it says what the respondents table says, and what the source prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis import paths
from analysis.files import InputError
from analysis.paths import SOURCE_TEXT
from analysis.printed import read_table
from analysis.survey.questionnaire import Question, load_questionnaire
from analysis.survey.schema import ITEMS, VARIABLES

FORM = load_questionnaire()
QUESTIONS = FORM.questions
BY_COLUMN = {column: each for each in QUESTIONS for column in each.columns}


@pytest.fixture(scope="module")
def source() -> list[str]:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not at hand: the form cannot be compared with it")
    return SOURCE_TEXT.read_text(encoding="utf-8").split("\n")


def lines_of(source: list[str], question: Question) -> str:
    first, last = (int(line) for line in question.lines.split("-"))
    return " ".join(" ".join(source[first - 1 : last]).split())


def codes(question: Question) -> set[str]:
    """Give the codes that answers can have, those coded afterwards included."""
    return {level.code for level in question.levels if level.code} | set(question.coded)


ASKED = {
    (): "everyone",
    (("uses_dmp", ("oui",)),): "users",
    (("uses_dmp", ("non",)),): "non_users",
    (("uses_dmp", ("non",)), ("intends_to_use", ("non",))): "reluctant",
}


def edited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str) -> None:
    """Load the form with one place of its file changed."""
    text = paths.QUESTIONNAIRE.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path = tmp_path / "questionnaire.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(paths, "QUESTIONNAIRE", path)
    load_questionnaire.__wrapped__()


def test_every_column_has_its_question_or_is_derived() -> None:
    assert set(BY_COLUMN) | set(FORM.derived) == set(VARIABLES)
    assert set(BY_COLUMN) & set(FORM.derived) == set()


@pytest.mark.parametrize("column", sorted(BY_COLUMN))
def test_the_ways_through_the_form_say_who_was_asked(column: str) -> None:
    behind = [each.id for each in QUESTIONS if column in each.columns]
    found = FORM.conditions(*behind).items()
    leading = tuple((name, tuple(level.code for level in levels)) for name, levels in found)
    assert ASKED[leading] == VARIABLES[column].asked


@pytest.mark.parametrize(
    "question", [each for each in QUESTIONS if each.answer == "one"], ids=lambda each: each.id
)
def test_a_question_of_one_answer_offers_the_levels_of_its_column(question: Question) -> None:
    (column,) = question.columns
    assert codes(question) == set(VARIABLES[column].levels)


def test_the_barriers_are_those_offered_and_those_coded_from_other() -> None:
    barriers = FORM.question("barriers")
    first, second = (set(VARIABLES[column].levels) for column in barriers.columns)
    assert codes(barriers) == (first | second) - {"aucun"}
    assert any(level.free for level in barriers.levels)


def test_what_would_change_their_minds_has_a_column_each() -> None:
    change = FORM.question("change")
    assert codes(change) == set(change.columns)
    assert {VARIABLES[column].levels for column in change.columns} == {("oui", "non")}


def test_the_places_of_work_have_the_levels_of_their_column() -> None:
    for name in ("place_liberal", "place_salaried", "place_mixed"):
        assert codes(FORM.question(name)) == set(VARIABLES["place"].levels)


def test_a_scale_has_the_marks_of_the_opinion_items() -> None:
    scales = [each for each in QUESTIONS if each.answer == "scale"]
    columns = tuple(column for each in scales for column in each.columns)
    assert columns == ITEMS
    marks = tuple(str(mark) for mark in range(1, FORM.scale["marks"] + 1))
    assert {VARIABLES[column].levels for column in columns} == {marks}


def test_the_opinions_without_a_column_are_those_without_a_table() -> None:
    scales = [each for each in QUESTIONS if each.answer == "scale"]
    without = [number for number, each in enumerate(scales, start=1) if not each.columns]
    listed = read_table("opinions")
    assert without == [int(item) for item in listed.loc[listed["table"] == "", "item"]]


def test_the_form_has_the_parts_of_the_method_section() -> None:
    printed = read_table("facts").set_index("key").loc["questionnaire_parts", "printed"]
    assert len({part.method for part in FORM.parts}) == int(printed)


def test_there_are_twelve_ways_and_three_of_them_leave_the_analysis() -> None:
    routes = FORM.routes()
    assert len(routes) == 12
    assert [route.excluded for route in routes].count("jamais_entendu") == 3


def test_an_analysed_doctor_is_asked_one_place_and_every_opinion() -> None:
    everyone = {each.id for part in FORM.parts[2:] for each in part.questions}
    for route in FORM.routes():
        places = [name for name in route.questions if name.startswith("place_")]
        assert len(places) == 1
        assert route.excluded or everyone <= set(route.questions)


def test_the_lines_of_the_form_follow_each_other_within_its_own() -> None:
    first, last = (int(line) for line in FORM.lines.split("-"))
    ends = [int(line) for each in QUESTIONS for line in each.lines.split("-")]
    assert [first, *ends, last] == sorted([first, *ends, last])


def test_a_number_is_printed_where_its_question_stands(source: list[str]) -> None:
    for question in QUESTIONS:
        text = re.sub(r"la question \d+\.", "", lines_of(source, question))
        numbers = re.findall(r"(?<!\S)(\d{1,2})\. ", text)
        assert numbers == ([question.number] if question.number else []), question.id


def test_an_answer_sends_to_the_question_that_is_printed(source: list[str]) -> None:
    intends = FORM.question("intends_to_use")
    printed = re.findall(r"O (Non|Oui) Passez à la question (\d+)", lines_of(source, intends))
    assert printed == [
        (level.wording, FORM.question(level.then).number) for level in intends.levels
    ]


def test_a_required_question_carries_an_asterisk(source: list[str]) -> None:
    for question in QUESTIONS:
        assert ("*" in lines_of(source, question)) == question.required, question.id


def test_a_question_offers_as_many_answers_as_are_printed(source: list[str]) -> None:
    for question in QUESTIONS:
        text = lines_of(source, question)
        if question.answer == "scale":
            assert f"{FORM.scale['lowest']}. 1 2 3 4 5 {FORM.scale['highest']}." in text, (
                question.id
            )
        elif " O " in text:
            assert text.count(" O ") == len(question.levels), question.id


def test_several_answers_are_allowed_where_the_form_says_so(source: list[str]) -> None:
    for question in QUESTIONS:
        several = "Plusieurs réponses possibles" in lines_of(source, question)
        assert several == (question.answer == "several"), question.id


def test_the_wording_is_not_that_of_the_thesis(source: list[str]) -> None:
    for question in QUESTIONS:
        assert question.wording.lower() not in lines_of(source, question).lower(), question.id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("then: barriers", "then: obstacles", r"levels\[1\]\.then: 'obstacles': no later question"),
        ("then: emergency", "then: age", r"\.then: 'age': no later question has this id"),
        (
            "[frequency]",
            "[frequence]",
            r"\.columns\[0\]: 'frequence': the respondents table has no",
        ),
        ("code: annuel", "code: yearly", r"\.code: 'yearly': the columns of this question have no"),
        ("[temps,", "[argent,", r"coded\[0\]: 'argent': the columns of this question"),
        (
            "excluded: jamais_entendu",
            "excluded: ailleurs",
            r"'ailleurs': the respondents table has no such exclusion",
        ),
        ("id: secrecy", "id: nothing", r"\.id: 'nothing': another question has this id"),
        ("answer: text", "answer: words", r"\.answer: 'words': is not one of"),
        ("        columns: [age]\n", "", r"parts\[0\]\.questions\[0\]: is not valid under any"),
    ],
)
def test_a_damaged_form_is_refused_in_one_line(
    old: str, new: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"^questionnaire.yml, row \d+, column parts\[") as caught:
        edited(monkeypatch, tmp_path, old, new)
    assert re.search(message, str(caught.value)), caught.value
    assert "\n" not in str(caught.value)
