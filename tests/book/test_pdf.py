"""The PDF: the captions of the pages, its own fonts, the right language, and a way about for all.

Typst refuses to write what it knows PDF/UA-1 not to allow. `pdfua` looks at what was written: that
all is tagged, figures have alternatives, tables their structure, links their names, and the file a
title and a language. It knows 16 of the 106 rules of the standard that a program can check, and on
these files cannot evaluate that on empty headings; none of its rules is on fonts, nesting or order.
veraPDF, which has them all, needs Java. What no program sees: whether an alternative text says what
the figure does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pdfua
import pypdf
import pytest
import yaml

from analysis import paths
from analysis.edition import digest_of_data, read_citation
from analysis.report.sections import correspondences, demographics, opinions
from tests.book.rendered import Book, folded

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]


MOST_PAGES, MOST_WORDS = 75, 25_000
"""With the contents, the lists and the references."""


def squeezed(text: str) -> str:
    """Take out white space and hyphens: a PDF breaks its lines where it likes."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def told(book: Book) -> list[str]:
    """Give the captions of the pages, but for those in a fold."""
    return [
        caption
        for page in book.pages.values()
        for caption in page.captions
        if caption and caption not in page.folded
    ]


def captions(book: Book) -> dict[str, str]:
    """Give the captions of the pages, by what they number: "Tableau 4.1"."""
    pattern = re.compile(r"((?:Tableau|Figure) [\dA-Z.]+) : (.*)")
    found = map(pattern.fullmatch, told(book))
    return {match[1]: match[2] for match in found if match}


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
    assert told(book)
    for caption in told(book):
        assert squeezed(caption) in text, caption


def test_what_the_pages_fold_is_not_in_the_pdf(book: Book) -> None:
    text = squeezed(book.pdf_text)
    folded = [caption for page in book.pages.values() for caption in page.folded if caption]
    assert len(folded) > 50
    assert not [caption for caption in folded if squeezed(caption) in text]


def lengths(book: Book) -> list[tuple[str, int, int]]:
    """Give each chapter with the page that it opens on and its words; what is before, too."""
    texts = [f"{text}\n" for text in book.pdf_pages]
    found, starts = [("Titre", 1)], [0]
    for item in book.pdf.outline:
        if isinstance(item, dict):
            title, page = str(item["/Title"]), book.pdf.get_destination_page_number(item)
            number = title.split(maxsplit=1)[0]
            marks = rf"(Chapitre|Annexe)\s{re.escape(number)}\s|{re.escape(title)}"
            opens = re.search(marks, texts[page])
            found.append((title, page + 1))
            starts.append(sum(map(len, texts[:page])) + (opens.start() if opens else 0))
    whole = "".join(texts)
    ends = [*starts[1:], len(whole)]
    parts = [words(whole[start:end]) for start, end in zip(starts, ends, strict=True)]
    return [(*each, number) for each, number in zip(found, parts, strict=True)]


def words(text: str) -> int:
    return len(re.findall(r"[\w’'-]*[^\W\d_][\w’'-]*", text))


def test_the_pdf_stays_short(book: Book) -> None:
    told = [f"p. {page:3} {number:6} words  {title}" for title, page, number in lengths(book)]
    sums = len(book.pdf.pages), words(book.pdf_text)
    print(f"{book.road}: {sums[0]} pages, {sums[1]} words", *told, sep="\n")
    assert [sums[0] <= MOST_PAGES, sums[1] <= MOST_WORDS] == [True, True]


def test_no_float_stands_before_its_chapter(book: Book) -> None:
    tops = {
        str(item["/Title"]).split()[0]: book.pdf.get_destination_page_number(item)
        for item in book.pdf.outline
        if isinstance(item, dict)
    }
    texts = [squeezed(text) for text in book.pdf_pages]
    for name, caption in captions(book).items():
        chapter, part, _ = name.split()[1].partition(".")
        if part:
            (page,) = (n for n, text in enumerate(texts) if squeezed(f"{name} : {caption}") in text)
            assert page >= tops[chapter], name


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


def test_a_validator_finds_nothing_against_pdf_ua(book: Book) -> None:
    assert not pdfua.validate(book.folder / "dmp-herault.pdf").findings


def test_the_file_says_that_it_keeps_to_pdf_ua(book: Book) -> None:
    root = book.pdf.trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_a_viewer_shows_the_title_and_the_numbers_of_the_pages(book: Book) -> None:
    root = book.pdf.trailer["/Root"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/PageLabels" in root
    assert book.pdf.page_labels == [str(n + 1) for n in range(len(book.pdf.pages))]


def test_the_outline_has_each_part_before_its_first_chapter(book: Book) -> None:
    titles = [str(item["/Title"]) for item in book.pdf.outline if isinstance(item, dict)]
    for entry in yaml.safe_load(paths.SETTINGS.read_text("utf-8"))["book"]["chapters"]:
        if isinstance(entry, dict):
            chapter = titles[titles.index(entry["part"]) + 1]
            page = book.pages[entry["chapters"][0].replace(".qmd", ".html")]
            assert chapter.split()[-1] in page.text
    assert titles[titles.index("Annexes") + 1].startswith("A ")


def test_no_number_is_given_to_two_tables_or_figures(book: Book) -> None:
    numbers = re.findall(r"(?:Tableau|Figure)\s[\dA-Z.]+(?=\s:)", book.pdf_text)
    assert len(numbers) > 30
    assert sorted(numbers) == sorted(set(numbers))


def test_the_lists_give_the_finding_and_the_page_of_each_table_and_figure(book: Book) -> None:
    pages = [squeezed(text) for text in book.pdf_pages]
    lists = "".join(pages[2:6])
    found = captions(book)
    assert len(found) > 30
    for name, caption in found.items():
        written = squeezed(f"{name} : {caption}")
        (number,) = (n for n, text in enumerate(pages, start=1) if written in text)
        finding = re.split(r" : |\. ", caption)[0]
        assert squeezed(f"{name.split()[1]} {finding} {number}") in lists, name


def test_the_verso_of_the_title_tells_the_edition(book: Book) -> None:
    verso = squeezed(book.pdf_pages[1])
    assert squeezed(read_citation()["title"]) in verso
    assert digest_of_data() in verso
    assert f"version{read_citation()['version']}" in verso
    assert squeezed("n’en donne ni l’auteur, ni le jury, ni l’université") in verso


def test_the_works_in_english_are_english_for_a_screen_reader(book: Book) -> None:
    english = {
        content.raw_get("/Pg").idnum
        for number in range(1, int(book.pdf.trailer["/Size"]))
        if isinstance(content := book.pdf.get_object(number), dict)
        and content.get("/Lang") == "en"
        and "/Pg" in content
    }
    pages = zip(book.pdf.pages, book.pdf_pages, strict=True)
    listing = [page for page, text in pages if "https://doi.org" in text]
    assert listing
    for page in listing:
        assert page.indirect_reference is not None
        assert page.indirect_reference.idnum in english


def test_the_words_of_a_figure_are_words_of_the_pdf(book: Book) -> None:
    text = squeezed(book.pdf_text)
    for figure in (demographics.flow_figure(), opinions.overview_figure(), correspondences.f9()):
        root = ElementTree.fromstring(figure.to_svg())
        for written in root.iter("{http://www.w3.org/2000/svg}text"):
            assert squeezed(str(written.text)) in text, written.text
