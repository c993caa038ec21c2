"""Quarto's own engine, a profile away, gives the pages that ours gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.book.rendered import copy_project
from tests.engine.conftest import QUARTO

CHAPTERS = ["chapters/04b-utilisation", "chapters/reproduction/strobe"]
CELL = re.compile(r'<div (id="[\w-]+" )?(class="cell[^>]*)>')
"""Quarto's engine gives a cell without label an id at random, its filters the attributes' order."""


def pages(project: Path, *words: str) -> tuple[dict[str, bytes | str], str]:
    """Render some chapters; give their pages, their figures, and what was said."""
    done = subprocess.run(
        [str(QUARTO), "render", *(f"{name}.qmd" for name in CHAPTERS), "--to", "html", *words],
        cwd=project,
        env={**os.environ, "QUARTO_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    book = project / "_book"
    found: dict[str, bytes | str] = {
        path.relative_to(book).as_posix(): path.read_bytes() for path in book.rglob("*.svg")
    }
    for name in CHAPTERS:
        text = (book / f"{name}.html").read_text("utf-8")
        found[name] = CELL.sub(lambda cell: f"<div {sorted(cell[2].split())}>", text)
    return found, done.stderr


def test_both_engines_give_the_same_pages(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    ours, said = pages(project)
    assert "kernel" not in said
    assert len(ours) > len(CHAPTERS)
    theirs, said = pages(project, "--profile", "jupyter")
    assert said.count("Starting python3 kernel") == len(CHAPTERS)
    assert ours == theirs
