"""The second pass: every number of the covered sections has a claim."""

import itertools
from pathlib import Path

import pytest

from analysis.files import InputError
from analysis.ledger.digits import (
    covered_lines,
    forgotten,
    main,
    tokens,
)
from analysis.paths import SECOND_STUDY_TEXT, SOURCE_TEXT
from analysis.printed import Claim, read_claims
from analysis.printed.claims import Exempt, read_exempt
from tests.ledger.conftest import Make

BLANK = [""] * 3328


def text(**lines: str) -> list[str]:
    """Give a thesis that is blank but for some lines."""
    return [lines.get(f"l{number}", "") for number in range(1, 3329)]


def missing(source: list[str], *claims: Claim, exempt: tuple[Exempt, ...] = ()) -> list[str]:
    return [token.text for token in forgotten(source, claims, exempt)]


def test_no_number_of_the_thesis_is_forgotten(source: list[str]) -> None:
    found = forgotten(source, read_claims(), read_exempt())
    assert [(token.line, token.text, source[token.line - 1]) for token in found] == []


def test_no_number_of_the_second_studys_abstracts_is_forgotten() -> None:
    if not SECOND_STUDY_TEXT.is_file():
        pytest.skip("the record of the second study is not at hand")
    record = SECOND_STUDY_TEXT.read_text(encoding="utf-8").split("\n")
    assert forgotten(record, read_claims(), in_notice=True) == ()
    without = [claim for claim in read_claims() if claim.printed != "Douze"]
    assert [token.text for token in forgotten(record, without, in_notice=True)] == ["Douze"]


def test_no_exemption_is_idle(source: list[str]) -> None:
    everything = read_exempt()
    for each in everything:
        others = [other for other in everything if other is not each]
        assert forgotten(source, read_claims(), others), each


def test_a_number_without_a_claim_is_forgotten() -> None:
    assert missing(text(l417="45 médecins")) == ["45"]


def test_a_number_in_words_is_asked_for_like_one_in_digits(claim: Make) -> None:
    source = text(l417="Six médecins, aucun salarié et la moitié des mixtes", l3281="half of them")
    assert missing(source, claim("", "Six", line="417")) == ["aucun", "moitié", "half"]


def test_a_word_that_holds_a_number_or_orders_is_none() -> None:
    assert missing(text(l417="un sixième, la deuxième, cinquante-deux-pièces, neuve")) == []


def test_a_claim_of_the_second_study_answers_for_nothing_in_the_thesis(claim: Make) -> None:
    assert missing(text(l9="Douze"), claim("", "Douze", line="9", section="Notice")) == ["Douze"]


def test_a_claim_answers_for_what_it_says_is_printed(claim: Make) -> None:
    assert missing(text(l417="45 médecins, 55%"), claim("", "45", line="417")) == ["55"]


def test_a_claim_answers_once(claim: Make) -> None:
    assert missing(text(l417="45 et 45"), claim("", "45", line="417")) == ["45"]


def test_a_claim_of_several_lines_answers_once_in_all_of_them(claim: Make) -> None:
    assert missing(text(l417="45", l418="45"), claim("", "45", line="417-418")) == ["45"]


def test_a_claim_answers_within_its_lines(claim: Make) -> None:
    source = text(l417="45", l419="45")
    assert [token.line for token in forgotten(source, [claim("", "45", line="418-419")], ())] == [
        417
    ]


def test_another_precision_is_another_number(claim: Make) -> None:
    assert missing(text(l417="52,7%"), claim("", "52%", line="417")) == ["52,7"]


@pytest.mark.parametrize("kind", ["sum", "contradiction"])
def test_a_comparison_answers_for_nothing(claim: Make, kind: str) -> None:
    assert missing(text(l417="45"), claim("", "45", kind, line="417")) == ["45"]


def test_an_exemption_holds_within_its_lines_and_its_pattern() -> None:
    exempt = Exempt(417, 417, r"page \d+", "page")
    assert missing(text(l417="page 26 et 26", l419="page 26"), exempt=(exempt,)) == ["26", "26"]


def test_sections_that_the_ledger_leaves_out_are_not_asked() -> None:
    assert missing(text(l2716="505", l2930="4", l2657="14")) == ["14"]


def test_all_is_covered_but_the_law_the_screens_and_the_questionnaire() -> None:
    lines = list(covered_lines())
    gaps = [
        (before[1] + 1, after[0] - 1)
        for before, after in itertools.pairwise(lines)
        if after[0] - before[1] > 1
    ]
    assert (lines[0][0], gaps, lines[-1][1]) == (1, [(2566, 2569), (2712, 3081)], 3328)


def test_digits_keep_their_decimal_mark() -> None:
    assert [token.text for token in tokens(["(91,1%), p=0.0357; 5/5"], 1, 1)] == [
        *("91,1", "0.0357", "5", "5"),
    ]


def test_a_damaged_list_of_exemptions_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "digits.csv"
    path.write_text("line,pattern,reason\n417,\\d,\n", "utf-8")
    monkeypatch.setattr("analysis.paths.DIGITS", path)
    with pytest.raises(InputError, match=r"^digits\.csv, row 2, column reason: the cell is blank$"):
        read_exempt()


def test_the_command_names_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not at hand")
    assert main() == 0
    assert capsys.readouterr().out == ""
