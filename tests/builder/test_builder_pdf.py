"""The PDF: Typst counts by itself, and has to count as the pages do."""

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader


@pytest.fixture(scope="module")
def reader(built: Path) -> PdfReader:
    return PdfReader(built / "livre.pdf")


def words(reader: PdfReader) -> str:
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    "caption",
    [
        "Tableau 1 : Avant tout",
        "Tableau 1.1 : Une cellule",
        "Figure 1.1 : Une image",
        "Figure 2.1 : Une paire",
        "Tableau 2.1 : Un tableau",
        "Tableau A.1 : En annexe",
    ],
)
def test_pdf_numbers_captions_as_the_pages_do(reader: PdfReader, caption: str) -> None:
    assert caption in words(reader)


@pytest.mark.parametrize("heading", ["Chapitre 1 Premier", "2.1.1 Détail", "Annexe A Courrier"])
def test_pdf_numbers_headings_as_the_pages_do(reader: PdfReader, heading: str) -> None:
    assert heading in words(reader)


def test_pdf_shows_what_its_format_shows(reader: PdfReader) -> None:
    assert "Pour le papier." in words(reader)
    assert "Pour l’écran." not in words(reader)


def test_pdf_shows_no_code(reader: PdfReader) -> None:
    assert "imprimé" in words(reader)
    assert "print(" not in words(reader)


def test_pdf_says_its_title_author_and_language(reader: PdfReader) -> None:
    assert reader.metadata
    assert reader.metadata.title == "Un petit livre"
    assert reader.metadata.author == "Une équipe"
    assert str(reader.root_object["/Lang"]).startswith("fr")


def objects(reader: PdfReader) -> list[Any]:
    size: Any = reader.trailer["/Size"]
    found = [reader.get_object(number) for number in range(1, size)]
    return [item for item in found if isinstance(item, dict)]


def test_pdf_embeds_its_fonts(reader: PdfReader) -> None:
    described = [item for item in objects(reader) if item.get("/Type") == "/FontDescriptor"]
    names = " ".join(str(item["/FontName"]) for item in described)
    assert "Inter-SemiBold" in names
    assert "LibertinusSerif-Regular" in names
    assert all({"/FontFile2", "/FontFile3"} & item.keys() for item in described)


def test_pdf_gives_images_their_alternative_text(reader: PdfReader) -> None:
    said = {str(item["/Alt"]) for item in objects(reader) if "/Alt" in item}
    assert said == {"Un carré", 'Une barre dite "longue"'}


def test_pdf_has_the_lists_of_the_chapter(reader: PdfReader) -> None:
    text = words(reader)
    assert "1. Premier rang 2. Second rang a. Lettre" in text
    assert "b. Other lettre" in text


def test_pdf_keeps_the_quotation_marks_of_the_text(reader: PdfReader) -> None:
    assert "Attention au “rock ’n’ roll”." in words(reader)
