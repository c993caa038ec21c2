"""The edition is dated by its commit, with Git's own program or without it."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo

from analysis import edition, paths

SECONDS = 1_700_000_000
DAY = datetime.date(2023, 11, 14)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project without a history."""
    shutil.copy(paths.ROOT / "CITATION.cff", tmp_path)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "ARCHIVED", tmp_path / ".archived")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return tmp_path


def test_the_date_is_that_of_the_commit_and_needs_no_program(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Repo.init(str(project)) as repository:
        made = repository.get_worktree().commit(
            message=b"First",
            committer=b"A <a@example.org>",
            author=b"A <a@example.org>",
            commit_timestamp=SECONDS,
            commit_timezone=0,
        )
    monkeypatch.setenv("PATH", "")
    assert edition.read_edition() == edition.Edition(DAY, made.decode())


def test_an_archive_tells_its_commit(project: Path) -> None:
    (project / ".archived").write_text(f"{SECONDS} 0123abc\n", encoding="utf-8")
    assert edition.read_edition() == edition.Edition(DAY, "0123abc")


def test_git_fills_the_fields_of_an_archive(tmp_path: Path) -> None:
    assert ".archived export-subst" in (paths.ROOT / ".gitattributes").read_text("utf-8")
    assert (paths.ROOT / ".archived").read_text("utf-8").startswith(("$Format:%ct %H$", "1"))


def test_a_copy_that_tells_nothing_has_the_day_of_the_release(project: Path) -> None:
    shutil.copy(Path(__file__).parents[1] / ".archived", project)
    porcelain.init(str(project))  # A history without a commit.
    assert f"date-released: {edition.read_edition().date}" in (project / "CITATION.cff").read_text(
        "utf-8"
    )
    assert edition.read_edition().commit == ""


def test_the_variable_of_reproducible_builds_goes_first(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".archived").write_text("1600000000 0123abc\n", encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(SECONDS))
    assert edition.read_edition() == edition.Edition(DAY, "0123abc")


@pytest.mark.parametrize("seconds", ["yesterday", "1e9", "9" * 30])
def test_a_variable_that_is_no_number_of_seconds_is_named(
    seconds: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    with pytest.raises(ValueError, match=r"SOURCE_DATE_EPOCH: .* a number of seconds"):
        edition.read_edition()
