"""A small Quarto book whose cells our engine runs, where there is a Quarto to render it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

from analysis import paths
from scripts.report import find_quarto

QUARTO = find_quarto()
collect_ignore_glob = [] if QUARTO else ["test_*.py"]

SETTINGS = """
project: {type: book, output-dir: _book, execute-dir: project}
lang: fr
book:
  title: Petit
  author: Une équipe
  chapters: [index.qmd, chapters/un.qmd, chapters/deux.qmd]
format:
  html: {minimal: true, theme: none}
  typst: default
cell-seconds: 3
"""
CELL = "```{python}\n#| include: false\nimport outil\noutil.count(%r)\n```\n\n"
"""Each run of a chapter leaves a line in the file `runs`."""

TOOL = """
NUMBER = 7
def count(chapter):
    with open("runs", "a") as file:
        print(chapter, file=file)
"""


@dataclass
class Small:
    """The book: its folder, and what was said by the last render."""

    root: Path

    def write(self, name: str, text: str) -> None:
        """Write a file, a chapter with a cell that counts its runs."""
        path = self.root / name
        cell = CELL % path.stem if path.suffix == ".qmd" else ""
        heading, _, rest = text.partition("\n")
        path.write_text(f"{heading}\n\n{cell}{rest}" if cell else text, encoding="utf-8")

    def render(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Render it, or what is asked for."""
        return subprocess.run(
            [str(QUARTO), "render", *words],
            cwd=self.root,
            env={**os.environ, "QUARTO_PYTHON": sys.executable, "NO_COLOR": "1"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def runs(self) -> list[str]:
        """List the chapters that were run since the last time."""
        path = self.root / "runs"
        found = path.read_text("utf-8").split() if path.exists() else []
        path.unlink(missing_ok=True)
        return found

    def page(self, name: str) -> str:
        """Read a page."""
        return (self.root / "_book" / f"{name}.html").read_text("utf-8")

    def paper(self) -> str:
        """Read the text of the PDF."""
        return "\n".join(
            page.extract_text() for page in PdfReader(self.root / "_book/Petit.pdf").pages
        )


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Write the book, in a folder whose name has a space and an accent."""
    root = tmp_path / "Petit livre à lire"
    (root / "chapters").mkdir(parents=True)
    (root / "builder").mkdir()
    shutil.copytree(paths.ROOT / "_extensions" / "une-passe", root / "_extensions" / "une-passe")
    shutil.copy(paths.ROOT / "builder" / "cells.py", root / "builder")
    (root / "_quarto.yml").write_text(SETTINGS, encoding="utf-8")
    (root / "outil.py").write_text(TOOL, encoding="utf-8")
    book = Small(root)
    book.write("index.qmd", "# Avant {.unnumbered}\n\nTexte.\n")
    book.write("chapters/un.qmd", "# Un\n\nVoici `{python} outil.NUMBER`.\n")
    book.write("chapters/deux.qmd", "# Deux\n\nVoilà `{python} 6 * outil.NUMBER`.\n")
    return book
