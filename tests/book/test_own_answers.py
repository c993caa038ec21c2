"""The book on a table of one's own: the page says so, or nothing is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import paths
from tests.book.rendered import build, copy_project, read_page

pytestmark = pytest.mark.render

COLUMNS, *ROWS = paths.RESPONDENTS.read_text("utf-8").splitlines()


def write(folder: Path, rows: list[str]) -> Path:
    path = folder / "les_miennes.csv"
    path.write_text("\n".join([COLUMNS, *rows]) + "\n", "utf-8")
    return path


def test_a_page_says_whose_answers_it_shows_and_counts_them(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    own = write(tmp_path, [row for row in ROWS if ",journalier," not in row])
    done = build("builder", project, "--chapter", "04b-utilisation", DMP_RESPONDENTS=str(own))
    assert done.returncode == 0, done.stderr[-2000:]
    text = read_page(project / "_book/chapters/04b-utilisation.html").text
    assert "celles du fichier « les_miennes.csv », et non les réponses reconstituées" in text
    assert "Sur 97 médecins" in text
    assert "imposé" not in text
    assert "ont été reconstituées à partir" not in text


def test_every_fault_of_a_table_is_said_and_the_old_book_is_kept(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    (project / "_book").mkdir()
    (project / "_book" / "index.html").write_text("old", encoding="utf-8")
    own = write(tmp_path, [ROWS[0].replace("oui", "peut-être"), *ROWS[1:], ROWS[-1]])
    done = build("builder", project, DMP_RESPONDENTS=str(own))
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert lines[0].startswith("les_miennes.csv, row 2, column uses_dmp: 'peut-être': not one of ")
    assert lines[-1].endswith("row 102, column respondent: '100': row 101 has the same respondent")
    assert "Traceback" not in done.stderr
    assert [path.name for path in (project / "_book").iterdir()] == ["index.html"]
