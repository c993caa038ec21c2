"""A chapter that is re-run shows what it is made from now, whatever was built before."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis import paths
from scripts.report import MADE
from tests.book.rendered import ROADS, Page, build, copy_project, read_page

# The group renders in turn once for all the tests that look at it.
pytestmark = [pytest.mark.render, pytest.mark.xdist_group("never stale")]

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
    """Write answers of one's own: the rebuilt ones but for three doctors."""
    rows = paths.RESPONDENTS.read_text("utf-8").splitlines()
    path = folder / "les_miennes.csv"
    kept = [row for row in rows if ",journalier," not in row]
    path.write_text("\n".join([*kept, ""]), encoding="utf-8")
    return path


def rendered(road: str, project: Path, own: Path | None = None) -> dict[str, bytes]:
    """Re-run the chapter; give its page, its figures, and the styles of the book."""
    done = build(road, project, "--chapter", CHAPTER, DMP_RESPONDENTS=str(own or ""))
    assert done.returncode == 0, done.stderr[-2000:]
    book = project / "_book"
    found = [*(book / "chapters").rglob("*.*"), *book.rglob("*.css")]
    files = [path for path in found if path.is_file()]
    return {path.relative_to(book).as_posix(): path.read_bytes() for path in files}


@dataclass
class Renders:
    """What was rendered: at first, from answers of one's own, and from the first ones again.

    Then code, data and an asset changed: what was rendered after that, and from a clean copy.
    """

    first: dict[str, bytes]
    own: Page
    again: dict[str, bytes]
    last: dict[str, bytes]
    clean: dict[str, bytes]


@pytest.fixture(scope="module", params=ROADS)
def renders(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Renders:
    """Render a chapter in turn from the rebuilt answers, from others, and after changes."""
    folder = tmp_path_factory.mktemp("turns")
    used = copy_project(folder / "used" / "project")
    first = rendered(request.param, used)
    rendered(request.param, used, own_answers(folder))
    own = read_page(used / "_book" / f"{CHAPTER}.html")
    again = rendered(request.param, used)
    change_code(used)
    change_a_published_cell(used)
    change_an_asset(used)
    clean = shutil.copytree(used, folder / "clean" / "project", ignore=MADE)
    last = rendered(request.param, used)
    return Renders(first, own, again, last, rendered(request.param, clean))


def test_a_page_says_whose_answers_it_shows_and_counts_them(renders: Renders) -> None:
    text = renders.own.text
    assert "celles du fichier « les_miennes.csv », et non les réponses reconstituées" in text
    assert "Sur 97 médecins" in text
    assert "imposé" not in text
    assert "ont été reconstituées à partir" not in text


def test_a_chapter_is_that_of_a_clean_build_whatever_was_built_before(renders: Renders) -> None:
    assert renders.again == renders.first
    page = html.unescape(renders.last[f"{CHAPTER}.html"].decode())
    assert all(words in page for words in ("Chaque mois", "3; 7\N{NO-BREAK SPACE}%"))
    assert any(b".jamais" in content for content in renders.last.values())
    assert renders.last == renders.clean
