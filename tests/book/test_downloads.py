"""The files that a reader may take away, in the finished book."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis import paths
from scripts.complete import in_words
from tests.book.rendered import Book, folded

PAGE = "chapters/reproduction/telechargements.html"
pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]


def test_every_file_of_the_manifest_is_in_the_book(book: Book) -> None:
    manifest = yaml.safe_load((paths.ROOT / "codecheck.yml").read_text("utf-8"))["manifest"]
    assert manifest
    for item in manifest:
        assert (book.folder / Path(item["file"]).relative_to("_book")).stat().st_size > 100


def test_the_page_of_downloads_offers_every_file_with_its_size(book: Book) -> None:
    page = book.pages[PAGE].path
    links = re.findall(
        r'href="\.\./\.\./telechargements/([^"]+)">[^<]*</a> <span class="taille">([^<]*)<',
        page.read_text("utf-8"),
    )
    files = {path.name: path.stat().st_size for path in (book.folder / paths.DOWNLOADS).iterdir()}
    assert sorted(name for name, _ in links) == sorted(files)
    assert {name: in_words(size) for name, size in files.items()} == dict(links)


def test_a_file_goes_by_the_number_of_its_table(book: Book) -> None:
    page, shown = (
        html.unescape(book.pages[name].path.read_text("utf-8"))
        for name in (PAGE, "chapters/04b-utilisation.html")
    )
    number = re.search(r'id="tbl-tb1c".*?Tableau.([\d.]+)', shown, flags=re.DOTALL)[1]
    row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*/tb1c\.csv.*?</tr>", page, flags=re.DOTALL)[0]
    assert f"tableau {number} " in folded(re.sub("<[^>]+>", " ", row)).lower()


def test_the_rebuilt_rows_come_with_whose_they_are_not(book: Book) -> None:
    taken = book.folder / paths.DOWNLOADS / "reponses-reconstituees.csv"
    assert taken.read_bytes() == paths.RESPONDENTS.read_bytes()
    text = book.pages[PAGE].text.rpartition("Les réponses reconstituées")[2]
    assert "n’appartiennent à aucune personne réelle" in text[:200]


def test_the_pdf_has_no_page_of_downloads(book: Book) -> None:
    titles = [entry.title for entry in flat(book.pdf.outline)]
    assert "Références" in titles
    assert "Téléchargements" not in titles


def flat(outline: list[Any]) -> Iterator[Any]:
    """Yield the entries of an outline."""
    for entry in outline:
        yield from flat(entry) if isinstance(entry, list) else (entry,)


def test_the_figures_to_take_away_are_those_of_the_pages(book: Book) -> None:
    shown = {path.read_bytes() for path in (book.folder / "chapters").rglob("*.svg")}
    taken = list((book.folder / paths.DOWNLOADS).glob("*.svg"))
    assert taken
    assert all(path.read_bytes() in shown for path in taken)
