"""The command that answers a question about a count."""

from __future__ import annotations

import json

import pytest

from analysis.__main__ import main
from analysis.reconstruction import bounds
from analysis.reconstruction.bounds import Bounds, answer

ASKED = "age=60-69 & purpose=consultation"


def test_the_answer_has_bounds_witnesses_a_word_and_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bounds", ASKED]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [f"{ASKED}, users", "proved  0 to 5", "seen    1 to 4"]
    assert lines[3].startswith("open: ")
    assert "at least 0, whatever is printed" in lines
    own = lines[lines.index("at most 5, because of") + 1 :]
    assert own[0] == "  TB1C, l. 489: age = 60-69, frequency = curiosite, utilisateurs : 4"


def test_the_answer_to_a_program_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bounds", ASKED, "--group", "users", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    numbers = {"lower": 0, "upper": 5, "seen_min": 1, "seen_max": 4, "status": "open"}
    assert {name: found[name] for name in numbers} == numbers
    assert found["reasons"]["upper"][0]["line"] == "489"


def test_an_answer_of_opinions_says_that_nothing_ties_them_to_the_rest() -> None:
    assert "Nothing but the size of the group ties t1, t9 to" in answer("t1=5 & t9=1 & age=<29")


def test_an_answer_that_is_proved_is_given_once() -> None:
    assert answer("frequency=journalier").splitlines()[2:5] == [
        "seen    3",
        "determined: print allows no other count",
        "exactly 3, because of",
    ]


def test_what_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "bounds", lambda *_: Bounds(0, 2, 1, 1))
    assert "bounded: print allows others than the tables that were found" in answer(ASKED)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["age=60"], "age has no level 60: <29, 30-39, 40-49, 50-59, 60-69, >70"),
        (["height=2"], "the survey has no variable height: uses_dmp, age, "),
        (["barrier_2=temps"], "print names no second barrier temps: aucun, besoin, "),
        (["purpose=ajout", "--group", "non_users"], "the non_users were not asked all of purpose="),
    ],
)
def test_a_question_that_is_none_is_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bounds", *words]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(said)


def test_print_that_contradicts_itself_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = bounds.standing()[0]
    count = first.alternatives[0][0]
    other = type(count)(count.wheres, 1, 1)
    wrong = type(first)("x", "x", "1", "", ((other,),))
    monkeypatch.setattr(bounds, "standing", lambda: (first, wrong))
    assert main(["bounds", ASKED]) == 1
    assert capsys.readouterr().err == "the statements cannot hold together\n"
