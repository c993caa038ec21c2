"""The rendered book, once a road: the builder always, Quarto where it is on the path."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest

from analysis import paths
from scripts.report import MADE, find_quarto

ROADS = ["builder", *(["quarto"] if find_quarto() else [])]
"""The roads to the book that this machine has."""
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "path", "use"}


@dataclass
class Page:
    """What a page shows: its ids, its visible words, its captions, what it loads."""

    path: Path
    ids: set[str]
    text: str
    french: str
    interface: list[str]
    captions: list[str]
    folded: list[str]
    """Those of the captions that stand in a fold, which the PDF has not."""
    loads: list[str]
    alternatives: list[str | None]


class _Reader(HTMLParser):
    """Read a page into the parts that the tests look at."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.words: list[str] = []
        self.french: list[str] = []
        self.interface: list[str] = []
        self.captions: list[str] = []
        self.folded: list[int] = []
        self.loads: list[str] = []
        self.alternatives: list[str | None] = []
        self._open: list[str] = []
        self._foreign: list[int] = []
        self._folds: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(str(given["id"]))
        self.interface += [
            str(given[name]) for name in ("title", "aria-label", "placeholder") if given.get(name)
        ]
        if tag == "img":
            self.alternatives.append(given.get("alt"))
        if tag == "svg" and "graphics-document" in (given.get("role") or ""):
            self.alternatives.append(given.get("aria-label"))
        is_load = tag in ("script", "img", "iframe", "source") or (
            tag == "link" and given.get("rel") not in ("next", "prev", "canonical")
        )
        if is_load:
            self.loads += [str(given[name]) for name in ("src", "href") if given.get(name)]
        if tag == "figcaption":
            if self._folds:
                self.folded.append(len(self.captions))
            self.captions.append("")
        if tag not in VOID:
            # A part in another language says so; the titles of cited works have their own.
            if (given.get("lang") or "fr") != "fr" or given.get("id") == "refs":
                self._foreign.append(len(self._open))
            if "verifier" in str(given.get("class", "")).split():
                self._folds.append(len(self._open))
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
            self._foreign = [depth for depth in self._foreign if depth < len(self._open)]
            self._folds = [depth for depth in self._folds if depth < len(self._open)]

    def handle_data(self, data: str) -> None:
        if {"script", "style", "template"} & set(self._open):
            return
        self.words.append(data)
        if not self._foreign:
            self.french.append(data)
        if "figcaption" in self._open:
            self.captions[-1] += data


def folded(text: str) -> str:
    """Fold every kind of white space to one space."""
    return re.sub(r"\s+", " ", text).strip()


def read_page(path: Path) -> Page:
    """Read one HTML page."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return Page(
        path,
        reader.ids,
        folded(" ".join(reader.words)),
        folded(" ".join(reader.french)),
        [folded(text) for text in reader.interface],
        [folded(text) for text in reader.captions],
        [folded(reader.captions[place]) for place in reader.folded],
        reader.loads,
        reader.alternatives,
    )


@dataclass
class Book:
    """A rendered book, each part of it read once."""

    road: str
    folder: Path
    log: str

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Its pages, by their path within the folder."""
        found = [
            path for path in sorted(self.folder.rglob("*.html")) if "site_libs" not in path.parts
        ]
        return {path.relative_to(self.folder).as_posix(): read_page(path) for path in found}

    @cached_property
    def pdf(self) -> pypdf.PdfReader:
        """Its PDF."""
        return pypdf.PdfReader(self.folder / "dmp-herault.pdf")

    @cached_property
    def pdf_pages(self) -> list[str]:
        """The words of each page of its PDF."""
        return [page.extract_text() for page in self.pdf.pages]

    @property
    def pdf_text(self) -> str:
        """The words of its PDF."""
        return " ".join(self.pdf_pages)


def copy_project(destination: Path) -> Path:
    """Copy the project, without what its commands make but for what Python has compiled."""
    unfinished = shutil.ignore_patterns("*.pyc.*")

    def left_out(folder: str, names: list[str]) -> set[str]:
        return (MADE(folder, names) - {"__pycache__"}) | unfinished(folder, names)

    shutil.copytree(paths.ROOT, destination, ignore=left_out)
    return destination


def command(road: str) -> tuple[list[str], dict[str, str]]:
    """Give the words and the environment of the command that builds the book by a road."""
    path = os.environ["PATH"]
    quarto = find_quarto()
    if road == "builder" and quarto:
        without = [part for part in path.split(os.pathsep) if Path(part) != Path(quarto).parent]
        path = os.pathsep.join(without)
    environment = {**os.environ, "PATH": path, "QUARTO_PYTHON": sys.executable}
    return [sys.executable, "-m", "scripts.report"], environment


def build(
    road: str, project: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the road's command in a copy of the project."""
    words, own = command(road)
    return subprocess.run(
        [*words, *arguments],
        cwd=project,
        env=own | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session", params=ROADS)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Render the whole book by one road."""
    project = copy_project(tmp_path_factory.mktemp(request.param) / "project")
    done = build(request.param, project)
    assert done.returncode == 0, done.stderr[-2000:]
    return Book(request.param, project / "_book", done.stdout + done.stderr)
