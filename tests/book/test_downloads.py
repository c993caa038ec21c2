"""The files that a reader may take away, in the finished book."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from analysis import paths
from tests.book.rendered import Book

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]


def test_every_file_of_the_manifest_is_in_the_book(book: Book) -> None:
    manifest = yaml.safe_load((paths.ROOT / "codecheck.yml").read_text("utf-8"))["manifest"]
    assert manifest
    for item in manifest:
        assert (book.folder / Path(item["file"]).relative_to("_book")).stat().st_size > 100


def test_the_ledger_links_to_files_that_exist(book: Book) -> None:
    page = book.pages["chapters/reproduction/registre.html"].path
    links = re.findall(r'href="(\.\./\.\./telechargements/[^"]+)"', page.read_text("utf-8"))
    assert links
    assert all((page.parent / link).is_file() for link in links)


def test_the_figures_to_take_away_are_those_of_the_pages(book: Book) -> None:
    shown = {path.read_bytes() for path in (book.folder / "chapters").rglob("*.svg")}
    taken = list((book.folder / paths.DOWNLOADS).glob("*.svg"))
    assert taken
    assert all(path.read_bytes() in shown for path in taken)
