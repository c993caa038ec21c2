"""The PDF: the captions of the pages, its own fonts, the right language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest

from tests.book.rendered import Book, folded

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]


def squeezed(text: str) -> str:
    """Take out white space and hyphens: a PDF breaks its lines where it likes."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def fonts(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Yield the fonts of every page; of a composite font, the fonts within."""
    for page in reader.pages:
        for reference in page["/Resources"].get("/Font", {}).values():
            font = reference.get_object()
            if "/DescendantFonts" in font:
                yield from (inner.get_object() for inner in font["/DescendantFonts"])
            else:
                yield font


def test_the_pdf_has_the_captions_of_the_pages(book: Book) -> None:
    text = squeezed(book.pdf_text)
    captions = [caption for page in book.pages.values() for caption in page.captions if caption]
    assert captions
    for caption in captions:
        assert squeezed(caption) in text, caption


def test_the_pdf_embeds_its_fonts(book: Book) -> None:
    found = list(fonts(book.pdf))
    assert found
    for font in found:
        descriptor = font["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]


def test_the_pdf_is_set_in_the_fonts_of_the_book(book: Book) -> None:
    names = {str(font["/BaseFont"]) for font in fonts(book.pdf)}
    assert any("LibertinusSerif" in name for name in names)
    assert any("Inter" in name for name in names)


def test_the_pdf_says_its_title_and_its_language(book: Book) -> None:
    assert book.pdf.metadata is not None
    assert "dossier médical partagé" in str(book.pdf.metadata.title)
    assert str(book.pdf.trailer["/Root"]["/Lang"]).startswith("fr")


def test_a_reference_names_the_chapter_of_the_table_it_leads_to(book: Book) -> None:
    page = book.pages["chapters/annexes/annexe-2-cdom.html"]
    sentence = re.search(r"qui vaut ainsi \d+ \( ?tableau 4\.\d ?\)", page.text)
    assert sentence, page.text
    assert squeezed(sentence[0]) in squeezed(book.pdf_text)


def test_the_english_abstract_is_english_for_a_screen_reader(book: Book) -> None:
    languages = {
        str(content["/Lang"])
        for number in range(1, int(book.pdf.trailer["/Size"]))
        if isinstance(content := book.pdf.get_object(number), dict) and "/Lang" in content
    }
    assert "en" in languages


def test_no_reference_is_left_unresolved_in_the_pdf(book: Book) -> None:
    text = folded(book.pdf_text)
    assert not re.search(r"\?\?|\?@|@(fig|tbl|sec)-", text)
    assert "{python}" not in text


def test_the_pdf_shows_no_code(book: Book) -> None:
    assert "usage.tb3()" not in book.pdf_text
