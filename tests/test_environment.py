"""The set-up says in one line what hinders it, and makes a useless environment anew."""

from __future__ import annotations

import json
import sys
import venv
from pathlib import Path

import pytest

from scripts import environment

PINS = "numpy==2.0.0"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a project of its own: these functions remove an environment."""
    monkeypatch.chdir(tmp_path)
    for lock in environment.LOCKS["dev"]:
        Path(lock).write_text(PINS, encoding="utf-8")


def create(place: str) -> None:
    """Make an environment without pip, soon."""
    if Path(place).is_symlink():
        Path(place).unlink()
    venv.create(place, clear=True)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the locks that get installed, without a registry."""
    locks: list[str] = []
    monkeypatch.setattr(environment, "install", lambda _, lock: locks.append(lock))
    monkeypatch.setattr(environment, "create", create)
    return locks


def test_the_packages_are_installed_once(installed: list[str]) -> None:
    assert [environment.main(".venv", "runtime") for _ in range(2)] == [0, 0]
    assert installed == ["requirements.lock"]


def test_the_packages_of_the_tests_come_on_top(installed: list[str]) -> None:
    assert environment.main(".venv", "runtime") == environment.main(".venv", "dev") == 0
    assert installed == ["requirements.lock", "requirements-dev.lock"]


def test_another_lock_is_installed_into_the_environment_that_is_there(
    installed: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    environment.main(".venv", "runtime")
    Path("requirements.lock").write_text(f"{PINS}\npandas==3.0.0", encoding="utf-8")
    assert environment.main(".venv", "runtime") == 0
    assert installed == ["requirements.lock"] * 2
    assert "made anew" not in capfd.readouterr().out


def move(folder: Path) -> None:
    (folder / ".venv").rename(folder / "moved")
    (folder / ".venv").symlink_to("moved")


def take_python(folder: Path) -> None:
    (folder / ".venv" / "bin" / "python").unlink()


def change_python(folder: Path) -> None:
    file = folder / ".venv" / "installed.json"
    told = json.loads(file.read_text("utf-8")) | {"python": "3.10.0"}
    file.write_text(json.dumps(told), encoding="utf-8")


def damage(folder: Path) -> None:
    (folder / ".venv" / "installed.json").write_text('{"place": ', encoding="utf-8")


@pytest.mark.parametrize("harm", [move, take_python, change_python, damage])
def test_an_environment_that_is_moved_broken_or_of_another_python_is_made_anew(
    harm: object, installed: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.main(".venv", "runtime")
    harm(tmp_path)  # type: ignore[operator]
    assert environment.main(".venv", "runtime") == 0
    assert installed == ["requirements.lock"] * 2
    assert "was moved: made anew" in capfd.readouterr().out


def one_line(capfd: pytest.CaptureFixture[str]) -> str:
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_an_older_python_is_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "OLDEST", (9, 0))
    assert environment.main(".venv", "runtime") == 1
    assert f"not {sys.version.split()[0]}: set PYTHON" in one_line(capfd)


def test_a_folder_that_cannot_be_written_to_is_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir("/proc")
    assert environment.main(".venv", "runtime") == 1
    assert one_line(capfd).startswith("make: /proc cannot be written to: ")


def test_a_python_without_its_venv_module_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho No module named venv >&2\nexit 1\n", encoding="utf-8")
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    assert environment.main(".venv", "runtime") == 1
    assert "apt install python3-venv" in one_line(capfd)
    assert not Path(".venv").exists()
