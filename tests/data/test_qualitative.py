"""The transcription of the second study against the record that it was taken from."""

import pytest

from analysis.paths import SECOND_STUDY_TEXT
from analysis.printed import read_table
from analysis.survey.schema import ITEMS

TABLES = ("design", "themes")


@pytest.fixture(scope="module")
def record() -> list[str]:
    if not SECOND_STUDY_TEXT.is_file():
        pytest.skip("the record of the second study is not in the repository (see DMP_SOURCE)")
    return SECOND_STUDY_TEXT.read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize("table_id", TABLES)
def test_every_cell_stands_verbatim_in_its_line(table_id: str, record: list[str]) -> None:
    misread = [
        (row["line"], row["printed"])
        for _, row in read_table(table_id).iterrows()
        if row["printed"] not in record[int(row["line"]) - 1]
    ]
    assert misread == []


def test_only_what_the_record_says_of_both_populations_is_given_to_both() -> None:
    themes = read_table("themes").set_index("theme")
    said_by_both = themes.index[themes["voice"] == "both"]
    assert said_by_both.tolist() == ["beneficial", "hard_life"]


def test_the_two_statements_of_both_populations_stand_in_one_sentence(record: list[str]) -> None:
    themes = read_table("themes").set_index("theme")["printed"]
    sentence = f"{themes['beneficial']} mais {themes['hard_life']}"
    assert sentence in record[8]


def test_a_statement_that_the_survey_touches_has_an_item_and_a_side() -> None:
    themes = read_table("themes")
    assert set(themes["item"]) - {""} <= set(ITEMS)
    assert ((themes["item"] == "") == (themes["side"] == "")).all()


def test_a_damaged_copy_is_refused(tmp_path) -> None:
    (tmp_path / "themes.csv").write_text("line,theme\n9,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"themes\.csv, row 1, column printed"):
        read_table("themes", directory=tmp_path)
