"""The command with Quarto, which is played: what it writes, what it leaves alone, how it ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.report import run
from tests.book.rendered import command, copy_project

QUARTO = """#!/bin/sh
# Says what Quarto says and writes what it writes, between the sources first; fails if told to.
page() { mkdir -p "$(dirname "$1")" && echo "$EDITION" > "$1"; }
case "$*" in
  --version) echo 1.10.2; exit ;;
  render) pages="index chapters/01-introduction chapters/04b-utilisation chapters/glossaire" ;;
  "render chapters/04b-utilisation.qmd --to html") pages="chapters/04b-utilisation" ;;
  *) exit 2 ;;
esac
echo "in $(pwd)"
echo "first word: $(head -c 10 "${DMP_RESPONDENTS:-/dev/null}")"
echo "edition: $(cat .archived)"
for name in $pages; do page $name.html; mkdir -p ${name}_files site_libs; sleep "${PAUSE:-0}"; done
[ -z "$FAILS" ] || exit 1
for name in $pages; do mkdir -p _book/$(dirname $name) && mv $name.html _book/$name.html; done
page _book/search.json
[ "$*" != render ] || page _book/dmp-herault.pdf
page .quarto/xref/INDEX
page .quarto/idx/index.qmd.json
"""
WHOLE = {
    "index.html",
    "chapters/01-introduction.html",
    "chapters/04b-utilisation.html",
    "chapters/glossaire.html",
    "dmp-herault.pdf",
    "search.json",
}
CHAPTER = ["--chapter", "04b-utilisation"]
"""What shows as well as the whole book does how a render is made, and does not check the inputs."""
RENDER = """
import runpy, sys, types
from scripts import check_inputs
check_inputs.main = lambda: 0
sys.modules["scripts.downloads"] = types.SimpleNamespace(MADE="made", make=lambda _: None)
runpy.run_module("scripts.report", run_name="__main__", alter_sys=True)
"""
"""The command for the whole book, but for what it computes itself: the check, and the files."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the project, with an old book, beside a Quarto that is played."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "quarto").write_text(QUARTO, encoding="utf-8")
    (tools / "quarto").chmod(0o755)
    copy = copy_project(tmp_path / "Édition à lire")
    for name in WHOLE:
        (copy / "_book" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "_book" / name).write_text("old\n", encoding="utf-8")
    return copy


def start(
    project: Path, *words: str, only_render: bool = False, **environment: str
) -> subprocess.Popen[str]:
    road, own = command("builder")
    if only_render:
        road = [sys.executable, "-c", RENDER]
    own["PATH"] = f"{project.parent / 'tools'}{os.pathsep}{own['PATH']}"
    return subprocess.Popen(
        [*road, *words],
        cwd=project,
        env=own | {"EDITION": "new"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def report(project: Path, *words: str, **how: Any) -> tuple[int, str, str]:
    """Run the command; give its status and what it said."""
    process = start(project, *words, **how)
    said, complained = process.communicate()
    return process.returncode, said, complained


def book(project: Path) -> dict[str, str]:
    folder = project / "_book"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def tree(project: Path) -> set[str]:
    """List the tree, without the book and without what no one sees."""
    found = {path.relative_to(project).as_posix() for path in project.rglob("*")}
    return {
        name for name in found if not name.startswith(("_book/", ".")) and "pycache" not in name
    }


def test_one_render_gives_pages_and_pdf_and_writes_nothing_between_the_sources(
    project: Path,
) -> None:
    before = tree(project)
    status, said, complained = report(project)
    assert (status, complained) == (0, "")
    assert book(project) == dict.fromkeys(WHOLE, "new\n")
    assert tree(project) == before
    assert f"in {project}\n" not in said


def test_quarto_remembers_the_places_of_cross_references(project: Path) -> None:
    assert report(project, *CHAPTER)[0] == 0
    assert (project / ".quarto" / "xref" / "INDEX").read_text("utf-8") == "new\n"
    assert not (project / ".quarto" / "idx").exists()


def test_the_copy_tells_the_day_and_the_commit_of_the_project(project: Path) -> None:
    (project / ".archived").write_text("1600000000 0123abc\n", encoding="utf-8")
    assert "edition: 1599955200 0123abc\n" in report(project, *CHAPTER)[1]


@pytest.mark.parametrize("words", [[], CHAPTER])
def test_the_old_book_is_kept_where_a_render_fails(words: list[str], project: Path) -> None:
    before = tree(project)
    status, _, complained = report(project, *words, only_render=True, FAILS="1")
    assert (status, complained) == (1, "")
    assert book(project) == dict.fromkeys(WHOLE, "old\n")
    assert tree(project) == before


def test_one_chapter_is_put_among_the_pages_that_are_there(project: Path) -> None:
    kept = (project / "_book" / "index.html").stat().st_mtime_ns
    assert report(project, *CHAPTER)[0] == 0
    changed = {name for name, text in book(project).items() if text == "new\n"}
    assert changed == {"chapters/04b-utilisation.html", "search.json"}
    assert set(book(project)) == WHOLE
    assert (project / "_book" / "index.html").stat().st_mtime_ns == kept


def test_the_copy_is_made_from_the_same_answers(project: Path) -> None:
    rebuilt = project / "data" / "reconstructed" / "respondents.csv"
    (project.parent / "les_miennes.csv").write_bytes(rebuilt.read_bytes())
    status, said, complained = report(project, *CHAPTER, DMP_RESPONDENTS="../les_miennes.csv")
    assert status == 0, complained
    assert "first word: respondent\n" in said


@pytest.mark.parametrize("named", ["", "{}/"], ids=["relative", "absolute"])
def test_the_rebuilt_answers_of_the_copy_are_the_rebuilt_ones(named: str, project: Path) -> None:
    named = named.format(project) + "data/reconstructed/respondents.csv"
    said = report(project, *CHAPTER, DMP_RESPONDENTS=named)[1]
    assert "first word: \n" in said


def test_two_at_once_do_not_harm_each_other(project: Path) -> None:
    before = tree(project)
    both = [
        start(project, only_render=True, EDITION=name, PAUSE="0.05") for name in ("one", "other")
    ]
    for process in both:
        process.communicate()
    assert [process.returncode for process in both] == [0, 0]
    assert set(book(project).items()) in [
        {(name, text) for name in WHOLE} for text in ("one\n", "other\n")
    ]
    assert tree(project) == before


HOW = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


def started(project: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command, and wait until it begins to write."""
    left = set(project.glob("._book.*"))
    process = start(project, only_render=True, PAUSE="0.1", **environment)
    while not set(project.glob("._book.*")) - left:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    return process


def test_ended_at_any_moment_it_leaves_the_old_book_whole(project: Path) -> None:
    before = tree(project)
    process, begun = started(project, EDITION="old"), time.monotonic()
    process.communicate()
    assert process.returncode == 0
    takes = time.monotonic() - begun
    draws = random.Random(1)
    for moment in range(6):
        process = started(project)
        time.sleep(draws.uniform(0, takes))
        os.killpg(process.pid, HOW[moment % len(HOW)])
        process.communicate()
        assert book(project) in [dict.fromkeys(WHOLE, text) for text in ("old\n", "new\n")]
        left = {name for name in tree(project) if not name.startswith("._book.")}
        assert left == before
    assert report(project, only_render=True)[0] == 0
    assert book(project) == dict.fromkeys(WHOLE, "new\n")
    assert tree(project) == before


def test_what_it_started_ends_with_it_after_ctrl_c(
    project: Path, interrupted: Callable[..., tuple[int, list[str]]]
) -> None:
    road, own = command("builder")
    own |= {"PATH": f"{project.parent / 'tools'}{os.pathsep}{own['PATH']}", "PAUSE": "600"}
    before = tree(project)
    status, said = interrupted([*road, *CHAPTER], "first word", cwd=project, env=own)
    assert status == 130
    assert said[-1] == "interrupted: the old book, if there is one, is as it was"
    assert tree(project) == before


def test_what_it_started_ends_with_it_when_it_is_asked_to_end(project: Path) -> None:
    before = tree(project)
    process = start(project, *CHAPTER, PAUSE="600")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("in ")
    process.terminate()
    process.communicate()  # Until the last that could say something has ended.
    assert process.returncode == 128 + signal.SIGTERM
    assert tree(project) == before


def test_what_is_being_started_ends_with_it_too(
    ctrl_c: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen, made = subprocess.Popen, []

    def start_and_interrupt(*words: Any, **options: Any) -> subprocess.Popen[bytes]:
        made.append(popen(*words, **options))
        signal.raise_signal(signal.SIGINT)
        return made[0]

    monkeypatch.setattr(subprocess, "Popen", start_and_interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(["sleep", "600"])
    assert made[0].returncode == -signal.SIGTERM
