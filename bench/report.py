"""What the book's own code costs, beside Quarto on the same book without its cells.

Our time is that of every cell and inline expression of every chapter, imports included, each
chapter in a fresh process as a notebook would run it; the start of the interpreter is not ours.
Quarto's is one rendering of the book to HTML once the cells are taken out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import print_table, print_target
from builder._config import load
from builder._qmd import Cell, inlines, read

__all__ = ["run"]

# Nothing of `analysis` is imported here: its imports belong to the time of the chapters.
_ROOT = Path(__file__).resolve().parents[1]
_SHARE = 0.5
_CELL = re.compile(r"^```\{python\}\n.*?^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`\{python\}[^`]*`")
_LEFT_OUT = shutil.ignore_patterns(".*", "_book", "_book.new", "__pycache__", "tests", "bench")


def chapter_seconds(source: str) -> float:
    """Run the cells and the inline expressions of a chapter here; return the time they took.

    Parameters
    ----------
    source : str
        Path of the chapter from the root of the project.
    """
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415
    from IPython.utils.capture import capture_output  # noqa: PLC0415

    shell = InteractiveShell.instance()
    formatter = shell.display_formatter
    assert formatter is not None
    # A notebook asks an object for all its forms, not for its text only.
    formatter.active_types = formatter.format_types
    book = load(_ROOT)
    chapter = next(found for found in book.chapters if found.source == source)
    started = time.perf_counter()
    with capture_output():
        for item in read(book, chapter).items:
            for code in [item.code] if isinstance(item, Cell) else inlines(item):
                shell.run_cell(code).raise_error()
    return time.perf_counter() - started


def chapter_seconds_apart(source: str) -> float:
    """Run a chapter in a process of its own; return the time it took.

    Parameters
    ----------
    source : str
        Path of the chapter from the root of the project.
    """
    code = f"from bench.report import chapter_seconds as s; print(s({source!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def _ours() -> dict[str, float]:
    return {
        chapter.source: chapter_seconds_apart(chapter.source) for chapter in load(_ROOT).chapters
    }


def _quarto_without_cells(quarto: str) -> float:
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch, "project")
        shutil.copytree(_ROOT, project, ignore=_LEFT_OUT)
        for path in [project / "index.qmd", *(project / "chapters").rglob("*.qmd")]:
            text = _CELL.sub("Cellule retirée.", path.read_text("utf-8"))
            path.write_text(_INLINE.sub("0", text), "utf-8")
        started = time.perf_counter()
        subprocess.run(
            [quarto, "render", "--to", "html"],
            cwd=project,
            env={**os.environ, "QUARTO_PYTHON": sys.executable},
            capture_output=True,
            check=True,
        )
        return time.perf_counter() - started


def run() -> bool:
    """Print both times and their ratio; return whether the target is met."""
    from scripts.report import find_quarto  # noqa: PLC0415

    ours = _ours()
    total = sum(ours.values())
    rows = [[source, f"{seconds:.2f}"] for source, seconds in ours.items()]
    print_table(["chapter", "s"], [*rows, ["our own Python, one format", f"{total:.2f}"]])
    quarto = find_quarto()
    target = f"our own Python under {_SHARE:.0%} of Quarto's time without the cells"
    if quarto is None:
        print_target(target, "Quarto is not on the path", None)
        return True
    theirs = _quarto_without_cells(quarto)
    met = total < _SHARE * theirs
    print_target(target, f"{total:.2f} s against {theirs:.2f} s, {total / theirs:.0%}", met)
    return met
