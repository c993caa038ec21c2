"""The abstract: its numbers, in both languages, and those that the thesis's abstracts print."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from analysis import paths
from analysis.printed import Verdict, read_table
from analysis.report.inline import share
from analysis.report.sections import abstract
from analysis.report.sections.abstract import english
from analysis.report.show.french import NBSP, Text, count, percent, statement
from analysis.survey import load
from scripts.prose import languages

LISTED = read_table("annexes").set_index("key")["printed"]


def test_the_abstracts_print_what_is_computed_but_for_the_software() -> None:
    apart = [check for check in abstract.abstracts_table().checks if check.verdict != Verdict.MATCH]
    assert [(check.printed.text, check.claim.line) for check in apart] == [("96%", "3322")]
    assert apart[0].value == Fraction(4000, 45)


def test_every_number_of_the_abstracts_is_compared() -> None:
    numbers = {key: text for key, text in LISTED.items() if re.fullmatch(r"\d+%?", text)}
    of_abstracts = [
        text for key, text in numbers.items() if key.startswith(("french_", "english_"))
    ]
    checked = [check.printed.text for check in abstract.abstracts_table().checks]
    assert sorted(checked) == sorted(of_abstracts)


def test_doctors_under_40_use_it_nearly_as_much_as_those_from_40_to_69() -> None:
    # TB3: 2 + 19 users of 8 + 30 doctors, 13 + 14 + 6 of 21 + 25 + 11; R's fisher.test.
    assert share("users", of="age<=30-39") == percent(21, 38)
    assert share("users", of="age=40-49|50-59|60-69") == percent(33, 57)
    assert abstract.numbers()["ages"] == statement(0.8349)


def test_no_age_uses_it_more_than_the_thirties() -> None:
    shares = {
        age: float(share("users", of=f"age={age}").split(NBSP)[0].replace(",", "."))
        for age in ("<29", "30-39", "40-49", "50-59", "60-69", ">70")
    }
    assert max(shares, key=lambda age: shares[age]) == "30-39"


@pytest.mark.parametrize(
    ("french", "written"),
    [
        (percent(39, 55), "70.9%"),
        (count(1086), "1,086"),
        (f"11{NBSP}décembre 2019", "11 December 2019"),
        (f"p{NBSP}<{NBSP}0,001", f"p{NBSP}<{NBSP}0.001"),
    ],
)
def test_an_english_number_has_the_french_digits(french: str, written: str) -> None:
    assert english(french) == written


def test_a_number_in_french_words_is_refused() -> None:
    with pytest.raises(ValueError, match="'cinq' is not a number in figures"):
        english(Text("cinq"))


def test_the_english_abstract_is_marked_as_english() -> None:
    path = paths.ROOT / "chapters" / "resume.qmd"
    lines = path.read_text(encoding="utf-8").splitlines()
    marked = {lines[number - 1] for number, language in languages(path).items() if language == "en"}
    assert any(line.startswith("**Background.**") for line in marked)
    assert any(line.startswith("## Summary") for line in marked)
    assert not any(line.startswith("**Contexte.**") for line in marked)
    shown = [line for line in marked if "english(" in line]
    everywhere = [line for line in lines if "english(" in line]
    assert sorted(shown) == sorted(everywhere) != []


def test_a_hundred_doctors_are_a_square_each() -> None:
    # TB1A: 17 and 22, 10, 3 and 3 of 55 users.
    assert abstract.squares() == [45, 39, 10, 6]


def test_other_numbers_of_doctors_share_the_hundred_squares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load().groupby("frequency", observed=True).head(2).to_csv(tmp_path / "own.csv", index=False)
    monkeypatch.setenv("DMP_RESPONDENTS", str(tmp_path / "own.csv"))
    # Two doctors of each frequency, and two without one.
    assert abstract.squares() == [17, 33, 17, 33]
