"""Quarto is installed where it can be had, and found in the environment of the project."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import quarto, report


def put_program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the path of a Python in the place of the environment's, which does nothing."""
    python = put_program(tmp_path / "python", "exit 0")
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(quarto, "PROGRAM", tmp_path / "quarto")
    return python


def test_a_download_out_of_reach_is_said_in_one_line(
    pip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_program(pip, "echo a long story; echo of pip >&2; exit 1")
    assert quarto.main() == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "make report builds the book without it" in err


@pytest.mark.parametrize("text", ["echo 1.2.3", "exit 1"])
def test_what_runs_otherwise_than_the_pinned_quarto_is_none(pip: Path, text: str) -> None:
    put_program(pip.with_name("quarto"), text)
    assert quarto.main() == 1


def test_the_pinned_quarto_is_said_to_be_there(
    pip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_program(pip.with_name("quarto"), f"echo {quarto.VERSION}")
    assert quarto.main() == 0
    assert capfd.readouterr().out.startswith(f"Quarto {quarto.VERSION} is in {pip.parent}")


def test_the_quarto_of_the_environment_serves_where_the_path_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = put_program(tmp_path / "quarto", "echo 1.10.18")
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setattr(report, "PROGRAM", program)
    assert report.find_quarto() == str(program)


def test_the_pinned_quarto_is_recent_enough() -> None:
    assert tuple(map(int, quarto.VERSION.split(".")[:2])) >= report.OLDEST_QUARTO
