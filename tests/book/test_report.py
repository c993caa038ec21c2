"""The command with Quarto: both renders, their failures, the old book. Quarto itself is played."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.book.rendered import command, copy_project

QUARTO = """#!/bin/sh
# Says what Quarto says, and writes what it writes; fails where FAILS_html or FAILS_pdf asks for it.
case "$*" in
  --version) echo 1.10.2 ;;
  "render --to html --output-dir _book.new")
    echo pages
    [ -z "$FAILS_html" ] || exit 1
    mkdir _book.new && echo new > _book.new/index.html ;;
  "render --to these-typst")
    echo paper >> "$TRIES"
    echo "a PDF of $(pwd)"
    echo "first word: $(head -c 10 "${DMP_RESPONDENTS:-/dev/null}")"
    [ "$(wc -l < "$TRIES")" -gt "${FAILS_pdf:-0}" ] || exit 1
    mkdir -p _book && echo pdf > _book/dmp-herault.pdf ;;
  *) exit 2 ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project, with an old book."""
    copy = copy_project(tmp_path / "project")
    (copy / "_book").mkdir()
    (copy / "_book" / "index.html").write_text("old\n", encoding="utf-8")
    return copy


def report(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    tools = project.parent / "tools"
    tools.mkdir()
    (tools / "quarto").write_text(QUARTO, encoding="utf-8")
    (tools / "quarto").chmod(0o755)
    words, own = command("builder")
    own |= {
        "PATH": f"{tools}{os.pathsep}{own['PATH']}",
        "TMPDIR": str(project.parent),
        "TRIES": str(project.parent / "tries"),
    }
    return subprocess.run(
        words, cwd=project, env=own | environment, capture_output=True, text=True, check=False
    )


def book(project: Path) -> dict[str, str]:
    assert [path.name for path in project.glob("_book*")] == ["_book"]
    assert not list(project.parent.glob("dmp-herault-*"))
    return {path.name: path.read_text("utf-8") for path in (project / "_book").iterdir()}


def test_the_pages_and_the_pdf_of_a_copy_make_the_book(project: Path) -> None:
    done = report(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert book(project) == {"index.html": "new\n", "dmp-herault.pdf": "pdf\n"}
    assert done.stdout.startswith("pages\na PDF of ")
    assert str(project) not in done.stdout


def test_a_pdf_that_fails_beside_the_pages_is_made_once_more(project: Path) -> None:
    done = report(project, FAILS_pdf="1")
    assert done.returncode == 0
    assert "once more, alone" in done.stderr
    assert "dmp-herault.pdf" in book(project)


@pytest.mark.parametrize("fails", [{"FAILS_html": "1"}, {"FAILS_pdf": "2"}])
def test_the_old_book_is_kept_where_a_render_fails(project: Path, fails: dict[str, str]) -> None:
    done = report(project, **fails)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert book(project) == {"index.html": "old\n"}


@pytest.mark.parametrize("given", ["../les_miennes.csv", "data/reconstructed/respondents.csv"])
def test_the_copy_is_made_from_the_same_answers(project: Path, given: str) -> None:
    rebuilt = project / "data" / "reconstructed" / "respondents.csv"
    (project.parent / "les_miennes.csv").write_bytes(rebuilt.read_bytes())
    done = report(project, DMP_RESPONDENTS=given)
    assert done.returncode == 0, done.stderr
    assert "first word: respondent\n" in done.stdout
