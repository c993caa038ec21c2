"""The respondents table: every fault is named, and a valid table of any size is taken."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.files import InputError
from analysis.survey.respondents import COLUMNS, read

USER = {"uses_dmp": "oui", "age": "30-39", "practice": "libéral", "place": "groupe", "t1": "4"}
USER |= {"practice_type": "groupe_liberal", "frequency": "annuel", "purpose": "ajout"}
OTHER = {"uses_dmp": "non", "age": ">70", "practice": "salarié", "place": "autre", "t1": "1"}
OTHER |= {"barrier_1": "temps", "barrier_2": "aucun", "intends_to_use": "oui", "cluster": "2"}
Rows = list[dict[str, str]]


def write(path: Path, rows: Rows, columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"respondent": str(n), **row} for n, row in enumerate(rows, start=1))
    return path


def faults(tmp_path: Path, rows: Rows, columns: tuple[str, ...] = COLUMNS) -> list[str]:
    return said(write(tmp_path / "own.csv", rows, columns))


def said(path: Path) -> list[str]:
    try:
        read(path)
    except InputError as error:
        return list(error.lines())
    return []


def test_a_valid_table_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, [USER, OTHER]) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (USER | {"age": "35"}, "own.csv, row 2, column age: '35': not one of <29, 3"),
        (USER | {"barrier_1": "temps"}, "own.csv, row 2, column barrier_1: 'temps': only a non-us"),
        (OTHER | {"frequency": "annuel"}, "own.csv, row 2, column frequency: 'annuel': only a use"),
        (OTHER | {"change_money": "oui"}, "own.csv, row 2, column change_money: 'oui': only a non"),
        (
            USER | {"t18": "6"},
            "own.csv, row 2, column t18: '6': not one of 1, 2, 3, 4, 5, or empty",
        ),
        (USER | {"uses_dmp": ""}, "own.csv, row 2, column uses_dmp: an analysed doctor is a user"),
        (
            USER | {"respondent": "0"},
            "own.csv, row 2, column respondent: '0': a respondent has a n",
        ),
    ],
    ids=["level", "barrier", "frequency", "change", "likert", "no group", "number"],
)
def test_a_wrong_cell_is_named(row: dict[str, str], said: str, tmp_path: Path) -> None:
    assert faults(tmp_path, [row])[0].startswith(said)


def test_a_number_used_twice_is_named_with_its_first_row(tmp_path: Path) -> None:
    found = faults(tmp_path, [USER, OTHER | {"respondent": "1"}])
    assert found == ["own.csv, row 3, column respondent: '1': row 2 has the same respondent"]


def test_a_number_used_twice_with_other_zeros_before_it_is_named(tmp_path: Path) -> None:
    numbers = ("01", "2", "1", "002", "10", "1", "x01")
    found = faults(tmp_path, [USER | {"respondent": number} for number in numbers])
    assert found == [
        "own.csv, row 4, column respondent: '1': row 2 has the same respondent",
        "own.csv, row 5, column respondent: '002': row 3 has the same respondent",
        "own.csv, row 7, column respondent: '1': row 4 has the same respondent",
        "own.csv, row 8, column respondent: 'x01': a respondent has a number, from 1 up",
    ]


def test_every_fault_is_named_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = faults(tmp_path, [USER | {"t1": "9", "age": "x"}, OTHER | {"purpose": "ajout"}])
    assert [text.split(":")[0] for text in found] == [
        "own.csv, row 2, column age",
        "own.csv, row 2, column t1",
        "own.csv, row 3, column purpose",
    ]


def test_a_missing_and_a_foreign_column_are_named(tmp_path: Path) -> None:
    columns = (*(name for name in COLUMNS if name != "age"), "sex")
    rows = [{key: value for key, value in USER.items() if key != "age"}]
    assert faults(tmp_path, rows, columns) == [
        "own.csv, row 1, column age: the column is missing",
        "own.csv, row 1, column sex: there is no such column",
    ]


def to_latin(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))


def to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def to_header(path: Path) -> None:
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def to_short_row(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "3,oui\n", "utf-8")


def to_marked(path: Path) -> None:
    path.write_text("\ufeff" + path.read_text("utf-8"), "utf-8")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (to_latin, "own.csv, row 2: the file is not UTF-8 (byte "),
        (to_nothing, "own.csv: the file is empty"),
        (to_header, "own.csv: the file has a header and no row"),
        (to_short_row, f"own.csv, row 4: 2 cells instead of {len(COLUMNS)}"),
        (to_marked, "own.csv, row 1: the file begins with a byte order mark"),
        (Path.unlink, "own.csv: the file is missing"),
    ],
    ids=["Latin-1", "empty", "header only", "short row", "mark", "missing"],
)
def test_a_damaged_file_is_named(
    damage: Callable[[Path], None], named: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "own.csv", [USER, OTHER])
    damage(path)
    assert said(path)[0].startswith(named)


def test_a_table_whose_rows_are_all_excluded_has_nothing_to_analyse(tmp_path: Path) -> None:
    rows = [USER | {"excluded": "remplacant"}]
    assert faults(tmp_path, rows, (*COLUMNS, "excluded")) == [
        "own.csv, column excluded: every row is excluded: none is left to analyse"
    ]


def test_a_fault_of_a_file_to_be_used_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "own.csv", [USER | {"t1": "6", "t2": "7"}])
    with pytest.raises(InputError, match=r"column t1: '6': .* \(and 1 more\)"):
        read(path)


def test_check_accepts_ten_thousand_rows_and_counts_the_excluded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*[USER, OTHER] * 4_996, *[{"excluded": "remplacant"}] * 8]
    path = write(tmp_path / "own.csv", rows, (*COLUMNS, "excluded"))
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == "own.csv: 10000 rows, 8 excluded, no fault\n"


def test_check_says_each_fault_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "own.csv", [USER | {"t1": "6"}, OTHER | {"age": "x"}])
    assert main(["check", str(path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
