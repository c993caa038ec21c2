"""The STROBE checklist: whole, and its evidence where it says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from analysis.paths import ROOT, SOURCE_TEXT
from analysis.report.sections import reproduction
from scripts.prose import chapter_files

# Checklist of items for cross-sectional studies, von Elm et al. (2007): 6b, 14c and the parts of
# 12d and 15 that are for other designs are left out.
IDS = [
    *("1a", "1b", "2", "3", "4", "5", "6a", "7", "8", "9", "10", "11"),
    *("12a", "12b", "12c", "12d", "12e", "13a", "13b", "13c", "14a", "14b", "15"),
    *("16a", "16b", "16c", "17", "18", "19", "20", "21", "22"),
]


@pytest.fixture(scope="module")
def source() -> list[str]:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not at hand: the evidence cannot be looked up")
    return SOURCE_TEXT.read_text(encoding="utf-8").split("\n")


def folded(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def test_the_checklist_has_the_items_of_cross_sectional_studies() -> None:
    assert [item["id"] for item in reproduction.items()] == IDS
    assert reproduction.numbers()["whole_items"] == "22"


@pytest.mark.parametrize("item", reproduction.items(), ids=lambda item: item["id"])
def test_what_is_reported_stands_in_the_lines_it_names(
    item: dict[str, Any], source: list[str]
) -> None:
    for each in item.get("evidence", ()):
        first, _, last = each["lines"].partition("-")
        assert each["words"] in folded(source[int(first) - 1 : int(last or first)]), each


@pytest.mark.parametrize("item", reproduction.items(), ids=lambda item: item["id"])
def test_what_is_absent_is_not_in_the_text(item: dict[str, Any], source: list[str]) -> None:
    text = folded(source).lower()
    assert [words for words in item.get("searched", ()) if words in text] == []


def test_every_reference_of_the_checklist_is_a_place_of_the_book() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in chapter_files())
    labels = set(re.findall(r"\{[^}]*#((?:sec|fig)-[\w-]+)|^#\| label: (tbl-\S+)", text, re.M))
    known = {name for pair in labels for name in pair if name}
    referred = {label for item in reproduction.items() for label in item.get("chapters", ())}
    assert referred - known == set()


def test_the_balance_adds_up_to_the_items() -> None:
    *sections, total = reproduction.balance().rows
    for column in range(len(reproduction.STATUSES)):
        own = [int(row.cells[column].text) for row in sections]
        assert sum(own) == int(total.cells[column].text)
    assert sum(int(cell.text) for cell in total.cells) == len(IDS)


def test_the_checklist_shows_each_item_once() -> None:
    shown = [
        row.label.split(" ")[0] for row in reproduction.checklist().rows if not row.opens_group
    ]
    assert shown == IDS


def test_an_item_says_its_status_and_its_lines() -> None:
    rows = {row.label.split(" ")[0]: row for row in reproduction.checklist().rows}
    first = rows["4"].cells[0].text.replace("\u00a0", " ")
    assert first.startswith("✓ Présent (l. 199–203). ")
    assert rows["10"].cells[0].text.replace("\u00a0", " ").startswith("✗ Absent. ")
    assert rows["22"].cells[1].text == "—"


def test_the_statement_is_in_the_bibliography() -> None:
    bibliography = (ROOT / "data" / "references.bib").read_text(encoding="utf-8")
    assert "10.1371/journal.pmed.0040296" in bibliography
