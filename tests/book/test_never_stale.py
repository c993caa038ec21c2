"""A chapter that is re-run shows what it is made from now, whatever was built before."""

from __future__ import annotations

import html
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import paths
from tests.book.rendered import ROADS, build, copy_project

pytestmark = pytest.mark.render

CHAPTER = "chapters/04b-utilisation"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def change_code(project: Path) -> None:
    replace(project / "analysis/survey/labels.py", "Au moins une fois par mois", "Chaque mois")


def change_a_published_cell(project: Path) -> None:
    replace(project / "data/published/f8.csv", "3; 6%", "3; 7%")
    words = [sys.executable, "-m", "scripts.digests"]
    subprocess.run(words, cwd=project, check=True, env={**os.environ, "PYTHONPATH": ""})


def change_an_asset(project: Path) -> None:
    with (project / "assets/book.css").open("a", encoding="utf-8") as file:
        file.write(".jamais { color: red; }\n")


def own_answers(folder: Path) -> Path:
    """Write answers of one's own: the rebuilt ones but for one doctor."""
    header, _, *rows = paths.RESPONDENTS.read_text("utf-8").splitlines()
    path = folder / "les_miennes.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def rendered(road: str, project: Path, own: Path | None = None) -> dict[str, bytes]:
    """Re-run the chapter; give its page, its figures, and the styles of the book."""
    done = build(road, project, "--chapter", CHAPTER, DMP_RESPONDENTS=str(own or ""))
    assert done.returncode == 0, done.stderr[-2000:]
    book = project / "_book"
    found = [*(book / "chapters").rglob("*.*"), *book.rglob("*.css")]
    files = [path for path in found if path.is_file()]
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("road", ROADS)
def test_a_chapter_is_that_of_a_clean_build_whatever_was_built_before(
    road: str, tmp_path: Path
) -> None:
    used, clean = (copy_project(tmp_path / name / "project") for name in ("used", "clean"))
    first = rendered(road, used)
    theirs = rendered(road, used, own_answers(tmp_path))
    assert b"les_miennes.csv" in theirs[f"{CHAPTER}.html"]
    assert rendered(road, used) == first
    for project in (used, clean):
        change_code(project)
        change_a_published_cell(project)
        change_an_asset(project)
    last = rendered(road, used)
    page = html.unescape(last[f"{CHAPTER}.html"].decode())
    assert all(words in page for words in ("Chaque mois", "3; 7\N{NO-BREAK SPACE}%"))
    assert any(b".jamais" in content for content in last.values())
    assert last == rendered(road, clean)
