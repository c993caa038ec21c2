"""What print says of two answers: the figures, and the sentences that rest on such counts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from analysis import paths
from analysis.reconstruction.bounds import Bounds, Status, known, told_apart
from analysis.reconstruction.statements import standing
from analysis.report.sections import reproduction
from analysis.report.sections.reproduction import in_french
from analysis.report.show.figures import Figure
from analysis.survey import Group, ask
from analysis.survey.labels import LEVELS
from analysis.survey.schema import ITEMS

# The group draws each figure once for all the tests that look at it.
pytestmark = pytest.mark.xdist_group("figures")

FIGURES: list[tuple[Figure, Group, str, str]] = [
    (reproduction.ages_and_purposes(), "users", "age", "purpose"),
    (reproduction.frequencies_and_places(), "users", "frequency", "place"),
    (reproduction.ages_and_barriers(), "non_users", "barrier_1", "age"),
]


@pytest.mark.parametrize(("figure", "group", "rows", "columns"), FIGURES)
def test_a_figure_writes_what_is_proved_of_every_cell(
    figure: Figure, group: Group, rows: str, columns: str
) -> None:
    texts = [
        each.text or "" for each in ElementTree.fromstring(figure.to_svg()).iter() if each.text
    ]
    written = [
        text.replace("\xa0", " ") for text in texts if re.fullmatch(r"\d+(\xa0à\xa0\d+)?", text)
    ]
    found = [
        [
            known(ask(f"{rows}={row} & {columns}={column}"), group)
            for column in told_apart(group, columns)
        ]
        for row in told_apart(group, rows)
    ]
    somebody = [any(row[at].upper for row in found) for at in range(len(found[0]))]
    proved = [
        each.range.replace(" to ", " à ")
        for row in found
        for each, has in zip(row, somebody, strict=True)
        if has and any(other.upper for other in row)
    ]
    assert written == proved


def test_a_row_or_a_column_that_is_proved_to_be_nobodys_is_not_drawn() -> None:
    found = reproduction.crossing("users", "frequency", "place")
    assert {column for _, column in found} == {"seul", "groupe"}


def test_no_figure_has_a_count_that_is_bounded() -> None:
    drawn: list[Bounds] = []
    for _, group, rows, columns in FIGURES:
        drawn += reproduction.crossing(group, rows, columns).values()
    assert {each.status for each in drawn} == {Status.DETERMINED, Status.OPEN}


def test_a_statement_in_french_has_no_code_of_an_answer() -> None:
    codes = {level for own in LEVELS.values() for level in own} - {"groupe", "autre", "mixte"}
    assert "manque_info_acces" in codes
    for each in standing():
        if not each.columns & set(ITEMS):
            said = in_french(each.statement)
            assert "_" not in said, each.id
            assert not re.search(r"\w = ", said), each.id


CALLED = re.compile(r'`\{python\} (n|words|share)\("([^"]+)"(?:, of="([^"]+)")?')


@pytest.mark.parametrize("chapter", ["04c-correspondances", "04d-classification"])
def test_a_number_in_a_sentence_of_the_map_and_of_the_profiles_is_proved(chapter: str) -> None:
    text = (paths.ROOT / "chapters" / f"{chapter}.qmd").read_text("utf-8")
    found = [(call, ask(question, of)) for call, question, of in CALLED.findall(text)]
    assert len(found) >= 5
    for call, question in found:
        for group in question.groups:
            assert known(question, group).is_determined, str(question)
            if call == "share":
                assert known(question.whole, group).is_determined, str(question)
