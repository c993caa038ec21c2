"""Sections of the thesis by their lines."""

import re

import pytest

from analysis.paths import SOURCE_TEXT
from analysis.printed import main_section, read_sections, read_table
from analysis.printed.sections import LAST_LINE

SECTIONS = read_sections()


def test_sections_start_in_the_order_of_the_text() -> None:
    starts = list(SECTIONS.values())
    assert starts == sorted(set(starts))


def test_main_sections_keep_two_levels_of_the_results_and_the_discussion_only() -> None:
    assert main_section("III.5") == "III"
    assert main_section("V.C.2") == "V.C"


def test_every_section_of_the_inventory_is_known() -> None:
    found = set(read_table("inventory")["section"]) - {"Annexe IV", "I"}
    assert {name for name in found if name not in SECTIONS} == set()


def test_each_section_starts_where_its_heading_stands() -> None:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not at hand")
    lines = SOURCE_TEXT.read_text(encoding="utf-8").split("\n")
    assert max(number for number, line in enumerate(lines, 1) if line.strip()) == LAST_LINE
    for name, first in SECTIONS.items():
        mark = name.rpartition(".")[2]
        if name not in ("Summary", "Résumé"):
            assert re.match(rf"\W*{mark}\b", lines[first - 1]), (name, lines[first - 1])
