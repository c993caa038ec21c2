"""The commands as a reader runs them: one line a fault, and no traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import paths
from analysis.__main__ import main

ROWS = paths.RESPONDENTS.read_text("utf-8").splitlines()
HEADER, *DOCTORS = ROWS
COLUMNS = HEADER.split(",")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command; it gives the exit status, stdout and stderr."""

    def run_here(*arguments: str) -> tuple[int, str, str]:
        return main([*arguments]), *capsys.readouterr()

    return run_here


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
    run: Run, tmp_path: Path, line: str, said: str
) -> None:
    status, out, err = run("check", str(write(tmp_path / "own.csv", [DOCTORS[0], line])))
    assert (status, out) == (1, "")
    assert err.startswith(f"own.csv, {said}")
    assert err.count("\n") == 1


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
    run: Run, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "own.csv").write_bytes(content)
    status, out, err = run("check", str(tmp_path / "own.csv"))
    assert (status, out) == (1, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


@pytest.mark.parametrize("number", [100, 10_000])
def test_check_says_how_many_rows_a_sound_table_has(run: Run, tmp_path: Path, number: int) -> None:
    lines = [doctor(1 + n % 100, respondent=str(n + 1)) for n in range(number)]
    path = write(tmp_path / "own.csv", lines)
    assert run("check", str(path)) == (0, f"own.csv: {number} rows, 0 excluded, no fault\n", "")


def test_check_counts_every_printed_statement(run: Run) -> None:
    status, out, err = run("check", "--against-print", str(paths.RESPONDENTS))
    assert (status, err) == (0, "")
    assert re.search(r" (\d+) of \1 printed statements hold$", out, re.MULTILINE)


def test_check_names_the_lines_of_a_statement_that_does_not_hold(run: Run, tmp_path: Path) -> None:
    given = DOCTORS[0].split(",")[COLUMNS.index("t14")]
    other = doctor(1, t14="2" if given == "1" else "1")
    path = write(tmp_path / "own.csv", [other, *DOCTORS[1:]])
    status, _, err = run("check", "--against-print", str(path))
    assert status == 1
    assert "own.csv: T14 (L1752, 1754) " in err


def test_check_leaves_the_excluded_out_of_the_printed_statements(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    excluded = "101," + "," * (len(COLUMNS) - 1) + "remplacant"
    text = "\n".join([f"{HEADER},excluded", *(f"{line}," for line in DOCTORS), excluded])
    path.write_text(f"{text}\n", encoding="utf-8")
    status, out, _ = run("check", "--against-print", str(path))
    assert out.startswith("own.csv: 101 rows, 1 excluded, no fault\n")
    assert status == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["rebuild"], 2, r"usage: .*invalid choice: 'rebuild'.*"),
        (["check", "own.csv"], 1, r"own\.csv: the file is missing\n"),
    ],
)
def test_the_process_ends_with_the_status_of_its_command(
    words: list[str], status: int, said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *words],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, "")
    assert re.fullmatch(said, done.stderr, re.DOTALL)
