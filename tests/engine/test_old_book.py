"""A plain `quarto render` of the book that does not come to its end leaves the old one whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.rendered import copy_project
from tests.engine.conftest import QUARTO

OLD = ["dmp-herault.pdf", "index.html", "search.json", "chapters/glossaire.html"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project, with an old book."""
    copy = copy_project(tmp_path / "project")
    for name in OLD:
        (copy / "_book" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "_book" / name).write_text("old", encoding="utf-8")
    return copy


def render(project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(QUARTO), "render"],
        cwd=project,
        env={**os.environ, "QUARTO_PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def is_old(project: Path) -> bool:
    files = [path for path in (project / "_book").rglob("*") if path.is_file()]
    names = sorted(path.relative_to(project / "_book").as_posix() for path in files)
    return names == sorted(OLD) and all(path.read_text("utf-8") == "old" for path in files)


def test_a_render_that_is_killed_leaves_the_old_book(project: Path) -> None:
    process = render(project)
    assert process.stdout is not None
    said = ""
    while "] chapters/resume.qmd" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert is_old(project)


def test_a_render_that_fails_leaves_the_old_book(project: Path) -> None:
    with (project / "index.qmd").open("a", encoding="utf-8") as file:
        file.write("\n`{python} absent`\n")
    process = render(project)
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "NameError: name 'absent' is not defined" in said
    assert is_old(project)
