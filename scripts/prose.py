"""The chapters as files: which there are, and which of their lines are prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_LANGUAGE = re.compile(r"\blang=\"?(\w+)")
_DIVISION = re.compile(r"^:{3,}\s*(.*)$")
_HEADING = re.compile(r"^#+ ")
_NO_PROSE = re.compile(r"^\s*(:{3,}|#\||\||$)")


def chapter_files() -> list[Path]:
    """List the chapters, the front page first."""
    return [ROOT / "index.qmd", *sorted((ROOT / "chapters").rglob("*.qmd"))]


def languages(path: Path) -> dict[int, str]:
    """Give the language of each line that says it is not in the book's, by its number."""
    found: dict[int, str] = {}
    open_: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        said = _LANGUAGE.search(line)
        division = _DIVISION.match(line)
        if division and division[1]:
            open_.append(said[1] if said else open_[-1] if open_ else "")
        elif division and open_:
            open_.pop()
        elif said and _HEADING.match(line):
            found[number] = said[1]
        if open_ and open_[-1]:
            found[number] = open_[-1]
    return found


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of prose of a chapter with their numbers, counted from 1."""
    is_code = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code and not _NO_PROSE.match(line):
            yield number, line
