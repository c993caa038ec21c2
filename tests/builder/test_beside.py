"""A folder is written whole or not at all, whatever ends the build, and by however many at once."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from builder.beside import beside, put_in_place, update
from tests.builder.conftest import ROOT, SOURCES, write


def fill(folder: Path, text: str) -> Path:
    (folder / "in").mkdir(parents=True)
    for name in ("a", "in/b"):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def content(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_a_finished_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    target = fill(tmp_path / "site", "old")
    with beside(target) as (folder, _):
        built = fill(folder / "new", "new")
        number = built.stat().st_ino
        put_in_place(built, target)
    assert content(tmp_path) == {"site/a": "new", "site/in/b": "new"}
    assert target.stat().st_ino == number, "copied, and so not there at once"


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    target = fill(tmp_path / "site", "old")
    with suppress(ZeroDivisionError), beside(target) as (folder, _):
        fill(folder / "new", "new")
        raise ZeroDivisionError
    assert content(tmp_path) == {"site/a": "old", "site/in/b": "old"}


def test_what_a_killed_build_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    code = "import os, sys, pathlib; from builder.beside import beside\n"
    code += "with beside(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    target = tmp_path / "site"
    subprocess.run([sys.executable, "-c", code, str(target)], cwd=ROOT, check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with beside(target) as (folder, _):
        assert list(tmp_path.iterdir()) == [folder]


def test_what_a_build_left_that_was_killed_while_it_cleared_up_is_taken_away(
    tmp_path: Path,
) -> None:
    code = "import os, sys, pathlib, shutil; from builder.beside import beside\n"
    code += "def cleared(folder, **options):\n"
    code += "    for path in folder.iterdir():\n"
    code += "        path.name == 'last' or path.unlink()\n"
    code += "    os.kill(os.getpid(), 9)\n"
    code += "shutil.rmtree = cleared\n"
    code += "with beside(pathlib.Path(sys.argv[1])) as (folder, _): (folder / 'last').touch()"
    target = tmp_path / "site"
    subprocess.run([sys.executable, "-c", code, str(target)], cwd=ROOT, check=False)
    assert [path.name for left in tmp_path.iterdir() for path in left.iterdir()] == ["last"]
    with beside(target) as (folder, _):
        assert list(tmp_path.iterdir()) == [folder]


def test_a_build_whose_folder_another_takes_away_before_it_is_held_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock, made = fcntl.flock, []

    def taken_away_first(descriptor: int, how: int) -> None:
        if not made:
            (folder,) = tmp_path.iterdir()
            folder.rmdir()
            made.append(folder)
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", taken_away_first)
    with beside(tmp_path / "site") as (folder, _):
        assert folder.is_dir()
        assert made not in ([], [folder])


def test_the_folder_that_quarto_renders_into_is_left_alone(tmp_path: Path) -> None:
    rendered = fill(tmp_path / "._book.quarto", "rendered")
    with beside(tmp_path / "_book") as (folder, _):
        assert content(rendered) == {"a": "rendered", "in/b": "rendered"}
        assert folder.name.startswith("._book.")


def test_an_old_folder_that_a_killed_build_took_away_comes_back(tmp_path: Path) -> None:
    code = "import os, sys, pathlib; from builder import beside\n"
    code += "target = pathlib.Path(sys.argv[1])\n"
    code += "with beside.beside(target) as (folder, _):\n"
    code += "    target.rename(folder / 'old'); os.kill(os.getpid(), 9)"
    target = fill(tmp_path / "site", "old")
    subprocess.run([sys.executable, "-c", code, str(target)], cwd=ROOT, check=False)
    assert not target.exists()
    with beside(target):
        assert content(target) == {"a": "old", "in/b": "old"}


def test_a_build_whose_child_is_still_at_work_is_left_alone(tmp_path: Path) -> None:
    code = "import os, sys, pathlib, subprocess; from builder.beside import beside\n"
    code += "with beside(pathlib.Path(sys.argv[1])) as (folder, lock):\n"
    code += "    child = subprocess.Popen(['sleep', '600'], pass_fds=(lock,), stdout=sys.stderr)\n"
    code += "    print(child.pid, flush=True); os.kill(os.getpid(), 9)"
    words = [sys.executable, "-c", code, str(tmp_path / "site")]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    (left,) = tmp_path.iterdir()
    with beside(tmp_path / "site"):
        assert left.exists()
    os.kill(int(done.stdout), signal.SIGKILL)

    def is_taken_away() -> bool:
        with beside(tmp_path / "site"):
            return not left.exists()

    while not is_taken_away():
        time.sleep(0.05)


def test_a_child_does_not_take_the_folder_for_its_standard_input(tmp_path: Path) -> None:
    code = "import pathlib, subprocess, sys; from builder.beside import beside\n"
    code += "with beside(pathlib.Path(sys.argv[1])) as (folder, lock):\n"
    code += "    words = [sys.executable, '-c', 'print(1)']\n"
    code += "    done = subprocess.run(words, pass_fds=(lock,))\n"
    code += "sys.exit(done.returncode)"
    words = ["sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-c", code, str(tmp_path / "site")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_of_two_that_end_at_once_one_has_the_place(tmp_path: Path) -> None:
    target = fill(tmp_path / "site", "old")
    with beside(target) as (one, _), beside(target) as (other, _):
        put_in_place(fill(one / "new", "one"), target)
        put_in_place(fill(other / "new", "other"), target)
    assert content(tmp_path) == {"site/a": "other", "site/in/b": "other"}


def test_one_that_another_comes_before_a_second_time_has_its_place_too(tmp_path: Path) -> None:
    target = fill(tmp_path / "site", "other")
    with beside(target) as (folder, _):
        fill(folder / "old", "old")
        put_in_place(fill(folder / "new", "new"), target)
    assert content(tmp_path) == {"site/a": "new", "site/in/b": "new"}


def test_an_interrupt_between_the_two_renames_brings_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = fill(tmp_path / "site", "old")
    rename = Path.rename

    def interrupted(path: Path, to: Path) -> Path:
        if path.name == "new" and path.is_dir() and not target.exists():
            raise KeyboardInterrupt
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", interrupted)
    with suppress(KeyboardInterrupt), beside(target) as (folder, _):
        put_in_place(fill(folder / "new", "new"), target)
    assert content(tmp_path) == {"site/a": "old", "site/in/b": "old"}


def test_a_folder_is_updated_by_the_files_that_differ(tmp_path: Path) -> None:
    target = fill(tmp_path / "site", "old")
    built = fill(tmp_path / "new", "new")
    (built / "a").write_text("old", encoding="utf-8")
    (built / "c").write_text("new", encoding="utf-8")
    kept = (target / "a").stat().st_ino
    update(target, built)
    assert content(target) == {"a": "old", "in/b": "new", "c": "new"}
    assert (target / "a").stat().st_ino == kept


HOW = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


def test_the_builder_ended_at_any_moment_leaves_the_old_book_whole(tmp_path: Path) -> None:
    write(tmp_path, SOURCES)
    words = [sys.executable, "-m", "builder"]
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    begun = time.monotonic()
    subprocess.run(words, cwd=tmp_path, env=own, check=True, capture_output=True)
    takes = time.monotonic() - begun
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.html")}
    listed = {path.name for path in tmp_path.iterdir()}
    draws = random.Random(1)
    for moment in range(6):
        process = subprocess.Popen(
            words, cwd=tmp_path, env=own, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(draws.uniform(0, takes))
        os.killpg(process.pid, HOW[moment % len(HOW)])
        process.wait()
        assert {path: path.read_bytes() for path in (tmp_path / "_book").rglob("*.html")} == before
        assert {n.name for n in tmp_path.iterdir() if not n.name.startswith("._book.")} == listed
    subprocess.run(words, cwd=tmp_path, env=own, check=True, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == listed
