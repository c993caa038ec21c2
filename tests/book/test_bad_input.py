"""Damaged data: one line that says what is wrong, exit status 1, and the old book as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.book.rendered import ROADS, build, command, copy_project


def rename(folder: Path) -> None:
    (folder / "tb3.csv").rename(folder / "tb_3.csv")


def narrow(folder: Path) -> None:
    lines = (folder / "tb1a.csv").read_text("utf-8").splitlines()
    lines[2] = lines[2].rsplit(",", 1)[0]
    (folder / "tb1a.csv").write_text("\n".join(lines) + "\n", "utf-8")


def no_number(folder: Path) -> None:
    text = (folder / "ta1.csv").read_text("utf-8")
    (folder / "ta1.csv").write_text(text.replace("30-39,30,386", "30-39,trente,386"), "utf-8")


def latin(folder: Path) -> None:
    text = (folder / "ta3.csv").read_text("utf-8")
    (folder / "ta3.csv").write_bytes(text.replace("’", "'").encode("latin-1") + b"\xe9")


def twice(folder: Path) -> None:
    lines = (folder / "tb1b.csv").read_text("utf-8").splitlines()
    (folder / "tb1b.csv").write_text("\n".join([*lines, lines[-2]]) + "\n", "utf-8")


def no_line(folder: Path) -> None:
    ledger = folder.parent / "claims.csv"
    ledger.write_text(ledger.read_text("utf-8").replace(",203,", ",4000,", 1), "utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (rename, ["tb3.csv"]),
        (narrow, ["tb1a.csv", "row 3"]),
        (no_number, ["ta1.csv", "row 4", "sample", "trente"]),
        (latin, ["ta3.csv", "UTF-8"]),
        (twice, ["tb1b.csv", "row 6"]),
        (no_line, ["claims.csv", "row 2", "line", "4000"]),
    ],
    ids=["renamed", "a column too few", "no number", "Latin-1", "a row twice", "a claim nowhere"],
)
def test_damaged_data_is_named_in_one_line_and_no_page_is_written(
    damage: Callable[[Path], None], words: list[str], tmp_path: Path
) -> None:
    project = copy_project(tmp_path / "project")
    (project / "_book").mkdir()
    (project / "_book" / "index.html").write_text("old", encoding="utf-8")
    damage(project / "data" / "published")
    done = build("builder", project)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert [path.name for path in (project / "_book").iterdir()] == ["index.html"]
    assert not (project / "_book.new").exists()


@pytest.mark.parametrize("road", ROADS)
def test_an_interrupted_build_leaves_the_old_book_and_says_so_in_one_line(
    road: str, tmp_path: Path, interrupted: Callable[..., tuple[int, list[str]]]
) -> None:
    project = copy_project(tmp_path / "project")
    (project / "_book").mkdir()
    (project / "_book" / "index.html").write_text("old", encoding="utf-8")
    words, environment = command(road)
    status, lines = interrupted(
        words, "2/", cwd=project, env=environment | {"TMPDIR": str(tmp_path)}
    )
    assert status == 130, lines
    assert lines[-1].startswith("interrupted: the old book")
    # Quarto's own process may write one of its own.
    assert road == "quarto" or not [line for line in lines if "Traceback" in line]
    assert [path.name for path in (project / "_book").iterdir()] == ["index.html"]
    assert [path.name for path in project.glob("_book*")] == ["_book"]
    assert not list(tmp_path.glob("dmp-herault-*"))
