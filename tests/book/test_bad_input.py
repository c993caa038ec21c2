"""Damaged data: one line that says what is wrong, exit status 1, and the old book as it was."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import paths
from tests.book.rendered import ROADS, build, command, copy_project


def cut(project: Path) -> None:
    package = project / "data" / "datapackage.json"
    package.write_bytes(package.read_bytes()[:9999])


def another_answer(project: Path) -> None:
    rows = project / "data" / "reconstructed" / "respondents.csv"
    rows.write_text(rows.read_text("utf-8").replace("1,oui,30-39", "1,oui,40-49"), "utf-8")


def no_answers(project: Path) -> None:
    (project / "own.csv").mkdir()


def own_answers(project: Path) -> None:
    columns, first, *rows = paths.RESPONDENTS.read_text("utf-8").splitlines()
    lines = [columns, first.replace("oui", "peut-être"), *rows, rows[-1], ""]
    (project / "own.csv").write_text("\n".join(lines), "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project, with an old book."""
    copy = copy_project(tmp_path / "project")
    (copy / "_book").mkdir()
    (copy / "_book" / "index.html").write_text("old", encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    "arguments", [[], ["--chapter", "04b-utilisation"]], ids=["book", "chapter"]
)
@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (cut, ["data/datapackage.json, row 312: not JSON: "]),
        (another_answer, ["data/reconstructed/respondents.csv: '10947 bytes, sha256:"]),
        (no_answers, ["own.csv: a folder, not a file"]),
        (
            own_answers,
            [
                "own.csv, row 2, column uses_dmp: 'peut-être': not one of ",
                "own.csv, row 102, column respondent: '100': row 101 has the same respondent",
            ],
        ),
    ],
)
def test_damaged_data_is_named_in_a_line_a_fault_and_no_page_is_written(
    damage: Callable[[Path], None], named: list[str], arguments: list[str], project: Path
) -> None:
    damage(project)
    own = {"DMP_RESPONDENTS": "own.csv"} if damage in (own_answers, no_answers) else {}
    done = build("builder", project, *arguments, **own)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(named), lines
    assert all(map(str.startswith, lines, named)), lines
    assert [path.name for path in (project / "_book").iterdir()] == ["index.html"]
    assert not list(project.glob("._book*"))


def test_quarto_is_stopped_by_the_check_from_any_folder(project: Path, tmp_path: Path) -> None:
    cut(project)
    done = subprocess.run(
        [sys.executable, project / "scripts" / "check_inputs.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("data/datapackage.json, row 312: not JSON: ")


@pytest.mark.parametrize("road", ROADS)
def test_an_interrupted_build_leaves_the_old_book_and_says_so_in_one_line(
    road: str, project: Path, tmp_path: Path, interrupted: Callable[..., tuple[int, list[str]]]
) -> None:
    words, environment = command(road)
    status, lines = interrupted(
        words, "2/", cwd=project, env=environment | {"TMPDIR": str(tmp_path)}
    )
    assert status == 130, lines
    assert lines[-1].startswith("interrupted: the old book")
    # Quarto's own process may write one of its own.
    assert road == "quarto" or not [line for line in lines if "Traceback" in line]
    assert [path.name for path in (project / "_book").iterdir()] == ["index.html"]
    assert [path.name for path in project.glob("_book*")] == ["_book"]
    assert not list(tmp_path.glob("dmp-herault-*"))
