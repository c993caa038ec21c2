"""The glossary: whole, sorted, and used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.paths import SOURCE_TEXT
from analysis.report.sections.annexes import collation, glossary_table, terms
from scripts.prose import chapter_files, prose
from scripts.spelling import masked

ACRONYM = re.compile(r"(?<![\w-])[A-ZÀ-Þ](?:[A-ZÀ-Þ0-9]|’(?=[A-ZÀ-Þ]{2}))+[a-z]?(?![\w])")
ROMAN_OR_ID = re.compile(r"[IVXLC]+|[A-Z]{1,2}\d+|T[A-Z]+\d?")
KNOWN = {
    piece for each in terms() for piece in each["term"].replace("-", " ").split() if piece != "e"
}


def acronyms(text: str) -> list[str]:
    """Find the acronyms of a text; Roman numerals and ids of the inventory are none."""
    return [word for word in ACRONYM.findall(text) if not ROMAN_OR_ID.fullmatch(word)]


def written(path: Path) -> set[str]:
    return {word for _, line in prose(path) for word in acronyms(masked(line))}


@pytest.mark.parametrize("path", chapter_files(), ids=lambda path: path.stem)
def test_every_acronym_of_a_chapter_is_in_the_glossary(path: Path) -> None:
    assert written(path) - KNOWN == set()


def test_the_chapters_have_acronyms_at_all() -> None:
    assert {"DMP", "CDOM", "CNIL"} <= set.union(*(written(path) for path in chapter_files()))


@pytest.mark.parametrize(
    "term", [each for each in terms() if "line" in each], ids=lambda each: each["term"]
)
def test_a_term_of_the_thesis_stands_in_its_line(term: dict[str, str]) -> None:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not at hand")
    line = SOURCE_TEXT.read_text(encoding="utf-8").split("\n")[int(term["line"]) - 1]
    assert term["term"].replace("-Vitale", " VITALE") in line


def test_a_term_of_the_edition_stands_in_a_chapter() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in chapter_files())
    own = [each["term"] for each in terms() if "line" not in each]
    assert [term for term in own if term not in text] == []


def test_the_terms_are_sorted_as_in_french() -> None:
    words = [row.label for row in glossary_table().rows]
    assert words == sorted(words, key=collation)
    assert words.index("DMPe") < words.index("e-CPS") < words.index("EHPAD")


def test_accents_do_not_move_a_word() -> None:
    assert sorted(["étude", "etat", "Eure", "île", "ile"], key=collation) == [
        "etat",
        "étude",
        "Eure",
        "ile",
        "île",
    ]


def test_roman_numerals_and_ids_are_no_acronyms() -> None:
    assert acronyms("Section IV.B, annexe VI, figures F31 et TB3, tableau T12, DMP") == ["DMP"]
    text = "Le DMP (annexe IV, figure F31) passe par une CPS ; HOP’EN aussi, et le DMPe."
    assert acronyms(text) == ["DMP", "CPS", "HOP’EN", "DMPe"]


def test_an_english_expansion_says_so() -> None:
    cells = {row.label: row.cells[0].text for row in glossary_table().rows}
    assert cells["SMS"] == '[short message service]{lang="en"}'
    assert cells["CPS"] == "carte de professionnel de santé"
