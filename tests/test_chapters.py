"""The chapters as written: they call, they refer, they type no number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder._config import load
from builder._qmd import Cell, inlines, read
from scripts.prose import ROOT, chapter_files, prose
from scripts.sentences import split
from scripts.spelling import words
from scripts.terms import faults, in_a_row

FILES = chapter_files()
BOOK = load(ROOT)
CELLS = [
    (chapter.source, item)
    for chapter in BOOK.chapters
    for item in read(BOOK, chapter).items
    if isinstance(item, Cell)
]
MASKED = re.compile(r"`[^`]*`|\{[^}]*\}|\]\([^)]*\)|@[\w-]+")
ALLOWED = re.compile(
    r"\b(19|20)\d\d(-20\d\d)?\b"  # years
    r"|\b\d\d (à \d\d )?ans\b"  # age classes
    r"|\b5 %"  # the usual threshold
    r"|\bloi n° \d{4}-\d+ du \d+ \w+ \d{4}\b|\bl’article \d+\b"  # references to the law
    r"|\bcentre 15\b|\bCC BY 4\.0\b|\bCC0\b|\bF\d\d?\b"
    r"|lignes \d+ à \d+ du texte source"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_number_of_the_survey_is_typed(path: Path) -> None:
    for number, line in prose(path):
        left = ALLOWED.sub("", MASKED.sub("", line))
        assert not re.search(r"\d", left), f"{path.name}:{number}: {line}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_chapter_opens_with_its_heading_and_its_id(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    classes = r"(\.pages-only )?(\.unnumbered )?"
    assert re.match(rf"# \S.* \{{{classes}#sec-[\w-]+\}}$|# Références \{{\.unnumb", first)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_table_and_figure_is_referred_to_in_the_text(path: Path) -> None:
    text, _, _ = path.read_text("utf-8").partition("{.verifier ")
    labels = re.findall(r"^#\| label: (tbl-\S+)|^::: \{#(fig-\S+)\}", text, re.MULTILINE)
    for label in (name for pair in labels for name in pair if name):
        assert f"@{label}" in text, label


def test_a_cell_makes_one_call() -> None:
    for source, cell in CELLS:
        lines = [line for line in cell.code.splitlines() if line]
        if cell.options.get("include") is False:
            assert all(re.match(r"(from|import) |\w+ = ", line) for line in lines), source
        else:
            assert len(lines) == 1, (source, cell.code)
            assert re.fullmatch(r"[\w.]+\(\)(\.mark\(\))?", lines[0]), (source, lines[0])


def test_no_cell_holds_a_comment() -> None:
    for source, cell in CELLS:
        assert not re.search(r"(^|\s)#(?!\|)", cell.code), (source, cell.code)


def test_every_figure_has_an_alternative_text() -> None:
    figures = [cell for _, cell in CELLS if re.search(r"\.f\d+\(\)$|_figure\(\)$", cell.code)]
    assert len(figures) >= 9
    for cell in figures:
        assert len(str(cell.options.get("fig-alt", ""))) > 40, cell.where


def test_an_inline_expression_is_shown_as_text() -> None:
    for chapter in BOOK.chapters:
        space: dict[str, object] = {}
        for item in read(BOOK, chapter).items:
            if isinstance(item, Cell):
                if item.options.get("include") is False:
                    exec(item.code, space)
                continue
            for code in inlines(item):
                value = eval(code, space)
                assert isinstance(value, int) or hasattr(value, "_repr_markdown_"), code


def test_split_parts_two_sentences() -> None:
    assert split("Un mot. Un autre ?") == ["Un mot.", "Un autre ?"]


def test_split_keeps_a_bold_lead_in_and_a_list_marker() -> None:
    assert len(split("**Les freins.** Ils sont nombreux.")) == 1
    assert len(split("a. Un test exact.")) == 1


def test_words_are_read_without_their_elided_article() -> None:
    assert words("l’Hérault et `{python} n()` @sec-x") == ["Hérault", "et"]


@pytest.mark.parametrize(
    "term",
    ["catégories", "Cluster", "V-test", "valeur-test", "l’impression", "lignes reconstituées"],
)
def test_a_term_that_has_another_is_named(term: str) -> None:
    (fault,) = faults(f"Voici {term} de la thèse.")
    assert fault.startswith(term.removeprefix("l’"))


def test_the_words_of_another_are_those_of_another() -> None:
    assert not faults("La thèse écrit « 3 catégories » et « V-test ».")


def test_the_thesis_opens_no_third_sentence_in_a_row() -> None:
    opening = ["La thèse compte.", "- **Le coût.** La thèse demande.", "La thèse conclut."]
    assert in_a_row([*opening, "Elle cite."]) == [2]
    assert not in_a_row([opening[0], "Elle cite.", *opening[1:]])
