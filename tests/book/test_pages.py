"""The pages: whole, in French, and sufficient to themselves."""

from __future__ import annotations

import re
import urllib.parse

import pytest

from analysis.printed import read_table
from analysis.report.register import entries
from scripts.terms import faults
from tests.book.rendered import Book

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

PREFIX = {"table": "tbl", "figure": "fig"}
ENGLISH = re.compile(
    r"\b(Table of contents|Contents|Search|Toggle|Previous|Next|Chapter|Warning|Tip|Appendix|"
    r"Published|Author|Abstract|Copied|Results|Back to top|Close|Menu bar|Light|Dark mode)\b"
)


def test_every_table_and_figure_of_the_register_stands_in_a_page(book: Book) -> None:
    wanted = {f"{PREFIX[entry.kind]}-{entry.id}" for entry in entries() if entry.kind in PREFIX}
    found = {name for page in book.pages.values() for name in page.ids}
    # Both sides of the map are one figure, which carries the second id within.
    assert wanted - {"fig-f10"} <= found
    assert "f10" in book.pages["chapters/04c-correspondances.html"].ids


def test_there_is_a_page_for_each_chapter(book: Book) -> None:
    assert {
        "index.html",
        "chapters/01-introduction.html",
        "chapters/02-problematique.html",
        "chapters/03-methodologie.html",
        "chapters/04a-demographie.html",
        "chapters/04b-utilisation.html",
        "chapters/annexes/annexe-2-cdom.html",
    } <= set(book.pages)


def test_no_reference_is_left_unresolved(book: Book) -> None:
    for name, page in book.pages.items():
        assert not re.search(r"\?\?|\?@|@(fig|tbl|sec)-|\[@", page.text), name


def test_no_code_fails_or_warns(book: Book) -> None:
    for name, page in book.pages.items():
        assert "Traceback" not in page.text, name
        assert "Warning:" not in page.text, name
    # Quarto has veraPDF look at the PDF where it is installed, and says where it is not.
    log = re.sub(r"WARN: PDF standard validation requested", "", book.log)
    assert not re.search(r"\(W\)|WARN|Traceback", log), log[-2000:]


def test_no_inline_number_is_shown_as_code(book: Book) -> None:
    for name, page in book.pages.items():
        assert "{python}" not in page.text, name
        assert "\\xa0" not in page.text, name


def test_no_word_of_the_interface_is_english(book: Book) -> None:
    for name, page in book.pages.items():
        for text in (page.french, *page.interface):
            found = ENGLISH.search(text)
            assert not found, (name, found and text[max(0, found.start() - 40) : found.end() + 40])


def test_each_page_has_one_term_for_one_thing(book: Book) -> None:
    for name, page in book.pages.items():
        for text in (page.french, *filter(None, page.alternatives)):
            assert not faults(text), name


def test_no_internal_key_reaches_a_page(book: Book) -> None:
    ids = "|".join(read_table("inventory")["id"])
    for name, page in book.pages.items():
        assert not re.search(rf"\b(?:{ids})\b|\$`", page.text), name


def test_captions_are_numbered_in_french(book: Book) -> None:
    captions = [text for page in book.pages.values() for text in page.captions if text]
    assert len(captions) >= len(entries("table")) + len(entries("figure"))
    for text in captions:
        assert re.match(r"(Tableau|Figure) ([0-9]+|[A-Z])(\.[0-9]+)? : .", text), text


def test_every_picture_has_an_alternative_text(book: Book) -> None:
    for name, page in book.pages.items():
        assert all(page.alternatives), name


def test_a_page_loads_files_of_the_book_only(book: Book) -> None:
    for name, page in book.pages.items():
        for load in page.loads:
            assert not urllib.parse.urlparse(load).netloc, (name, load)
            if not load.startswith("data:"):
                target = page.path.parent / urllib.parse.unquote(load.split("?")[0].split("#")[0])
                assert target.exists(), (name, load)


def test_no_stylesheet_loads_from_elsewhere(book: Book) -> None:
    for sheet in book.folder.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", text), sheet.name


def test_the_pages_say_what_built_them(book: Book) -> None:
    said = {"builder": "sans Quarto", "quarto": "par Quarto"}[book.road]
    assert all(said in page.text for page in book.pages.values())


def test_every_discrepancy_is_shown_with_what_is_printed(book: Book) -> None:
    text = book.pages["chapters/04b-utilisation.html"].text
    printed = read_table("tb2").set_index("label").loc["cabinet de groupe"]
    assert re.search(rf"la thèse imprime «\s{printed['percent']}\s?»".replace("%", r"\s?%"), text)
