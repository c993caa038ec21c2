"""Two builds of one commit are the same bytes, in whatever folder and shell they are made."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.book.rendered import Book, build, copy_project

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

STRANGE = {
    "LANG": "C",
    "TZ": "Pacific/Kiritimati",
    "PYTHONHASHSEED": "7",
    "MPLBACKEND": "nonsense",
    "MPLCONFIGDIR": os.devnull,
    "XDG_CACHE_HOME": os.devnull,
    "COLUMNS": "40",
}


def digests(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file of a book."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_another_folder_shell_and_home_give_the_same_book(book: Book, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "un autre dossier, plus long, à l’écart")
    own = {"HOME": "/nonexistent", **STRANGE}
    if book.road == "quarto":
        own["XDG_CACHE_HOME"] = str(tmp_path / "cache")  # It does not start without one.
    done = build(book.road, project, **own)
    assert done.returncode == 0, done.stderr[-2000:]
    expected, found = digests(book.folder), digests(project / "_book")
    assert {name for name in expected | found if expected.get(name) != found.get(name)} == set()
