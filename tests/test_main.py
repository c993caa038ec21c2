"""The commands as a reader runs them: one line a fault, and no traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import paths

ROWS = paths.RESPONDENTS.read_text("utf-8").splitlines()
HEADER, *DOCTORS = ROWS
COLUMNS = HEADER.split(",")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def doctor(number: int, **answers: str) -> str:
    cells = dict(zip(COLUMNS, DOCTORS[number - 1].split(","), strict=True)) | answers
    return ",".join(cells.values())


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (doctor(2, age="35"), "row 3, column age: '35': not one of <29, "),
        (doctor(2, barrier_1="temps"), "row 3, column barrier_1: 'temps': only a non-user"),
        (doctor(100, frequency="annuel"), "row 3, column frequency: 'annuel': only a user"),
        (doctor(2, respondent="1"), "row 3, column respondent: '1': row 2 has the same respondent"),
        (doctor(2, t1="6"), "row 3, column t1: '6': not one of 1, 2, 3, 4, 5, or empty"),
    ],
    ids=["level", "barrier of a user", "frequency of a non-user", "number", "Likert 6"],
)
def test_check_names_row_column_value_and_rule_in_one_line(
    tmp_path: Path, line: str, said: str
) -> None:
    done = run("check", str(write(tmp_path / "own.csv", [DOCTORS[0], line])))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"own.csv, {said}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\n".join(ROWS).encode("latin-1"), "own.csv, row 2: the file is not UTF-8 (byte "),
        (b"", "own.csv: the file is empty"),
        (None, "own.csv: the file is missing"),
    ],
    ids=["wrong encoding", "empty file", "no file"],
)
def test_check_names_a_file_that_cannot_be_read(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "own.csv").write_bytes(content)
    done = run("check", str(tmp_path / "own.csv"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [100, 10_000])
def test_check_says_how_many_rows_a_sound_table_has(tmp_path: Path, number: int) -> None:
    lines = [doctor(1 + n % 100, respondent=str(n + 1)) for n in range(number)]
    path = write(tmp_path / "own.csv", lines)
    assert run("check", str(path)).stdout == f"own.csv: {number} rows, 0 excluded, no fault\n"


def test_check_counts_every_printed_statement() -> None:
    done = run("check", "--against-print", str(paths.RESPONDENTS))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r" (\d+) of \1 printed statements hold$", done.stdout, re.MULTILINE)


def test_check_names_the_lines_of_a_statement_that_does_not_hold(tmp_path: Path) -> None:
    given = DOCTORS[0].split(",")[COLUMNS.index("t14")]
    other = doctor(1, t14="2" if given == "1" else "1")
    path = write(tmp_path / "own.csv", [other, *DOCTORS[1:]])
    done = run("check", "--against-print", str(path))
    assert done.returncode == 1
    assert "own.csv: T14 (L1752, 1754) " in done.stderr
    assert "Traceback" not in done.stderr


def test_check_leaves_the_excluded_out_of_the_printed_statements(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    excluded = "101," + "," * (len(COLUMNS) - 1) + "remplacant"
    text = "\n".join([f"{HEADER},excluded", *(f"{line}," for line in DOCTORS), excluded])
    path.write_text(f"{text}\n", encoding="utf-8")
    done = run("check", "--against-print", str(path))
    assert done.stdout.startswith("own.csv: 101 rows, 1 excluded, no fault\n")
    assert done.returncode == 0


def test_a_command_that_is_none_is_refused() -> None:
    done = run("rebuild")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
