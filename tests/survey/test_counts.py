"""The seam between the report and the answers."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from analysis import paths
from analysis.survey import VARIABLES, ask, tabulate
from analysis.survey.schema import ITEMS


def test_every_variable_of_the_survey_can_be_counted() -> None:
    for name in VARIABLES:
        assert tabulate(name).index.tolist() == list(VARIABLES[name].levels)


@pytest.mark.parametrize(
    ("asked", "doctors"), [("everyone", 100), ("users", 55), ("non_users", 45), ("reluctant", 12)]
)
def test_each_question_counts_the_doctors_who_were_asked_it(asked: str, doctors: int) -> None:
    named = [name for name in VARIABLES if VARIABLES[name].asked == asked and name not in ITEMS]
    totals = {name: tabulate(name).sum() for name in named}
    assert set(totals.values()) == {doctors}, totals


def test_a_caller_cannot_change_the_counts_of_the_next() -> None:
    counts = tabulate("age", "uses_dmp")
    counts.loc["<29", "oui"] = 99
    assert tabulate("age", "uses_dmp").loc["<29", "oui"] == 2


def test_a_variable_that_the_survey_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError, match="income"):
        tabulate("income")


def test_a_missing_answer_is_counted_nowhere() -> None:
    assert (ask("t3").count(), tabulate("t3").sum()) == (99, 99)


@pytest.mark.parametrize("one", ["age", "frequency", "t3"])
@pytest.mark.parametrize("other", ["t3", "purpose"])
def test_a_cross_table_counts_the_rows_of_the_file(one: str, other: str) -> None:
    with paths.RESPONDENTS.open(encoding="utf-8", newline="") as file:
        pairs = Counter((row[one], row[other]) for row in csv.DictReader(file))
    expected = [
        [pairs[level, another] for another in VARIABLES[other].levels]
        for level in VARIABLES[one].levels
    ]
    assert tabulate(one, other).to_numpy().tolist() == expected


def test_a_count_follows_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.csv"
    monkeypatch.setenv("DMP_RESPONDENTS", str(own))
    lines = paths.RESPONDENTS.read_text("utf-8").splitlines(keepends=True)
    for n_rows in (100, 70):
        own.write_text("".join(lines[: n_rows + 1]), "utf-8")
        assert tabulate("age").sum() == n_rows
