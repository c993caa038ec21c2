"""What only the whole book knows is written into its pages, once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.complete import complete, described, in_words

LEDGER = r"""<html><head><title>R</title></head><body>
<script type="application/json" id="registre-donnees">{"colonnes": ["id", "lignes", "section",
"nature", "appui", "objet", "imprime", "calcule", "verdict", "erratum", "gravite", "lectures"],
"noms": {"verdict": {"match": "Identique", "discrepancy": "Écart"}, "appui": {"print": "L’imprimé"},
"gravite": {"number": "change un nombre"}, "erratum": {"x": "Un titre"}}, "lignes": [
["l1-1", "1", "IV", "count", "print", "Des médecins", "5", "5", "match", "", "", []],
["l2-1", "2", "IV", "count", "", "\u003c/script>", "6", "7", "discrepancy", "x",
"number", []]]}</script>
</body></html>"""
PAGE = """<html><head><title>Un &amp; deux</title></head><body><main>
<p>De <a href="chapters/reproduction/registre.html#c-l2-1" class="trace">6</a> médecins, et « rien »
d’autre que cette phrase assez longue pour dire de quoi parle une page.</p>
<p><a href="telechargements/a.csv">CSV</a></p></main></body></html>"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Write a book of two pages and a file."""
    for name, text in {
        "chapters/reproduction/registre.html": LEDGER,
        "index.html": PAGE,
        "telechargements/a.csv": "x" * 1140,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_page_is_told_its_numbers_and_no_others(book: Path) -> None:
    complete(book)
    page = (book / "index.html").read_text("utf-8")
    assert '"titre":"Un titre"' in page
    assert '"verdict":"Écart (change un nombre)"' in page
    assert r"\u003c/script>" in page
    assert "l1-1" not in page
    assert page.count('<script src="assets/lecture.js">') == 1
    deep = (book / "chapters" / "reproduction" / "registre.html").read_text("utf-8")
    assert '<script src="../../assets/lecture.js">' in deep
    assert 'id="traces"' not in deep


def test_a_page_that_is_complete_stays_as_it_is(book: Path) -> None:
    complete(book)
    once = (book / "index.html").read_text("utf-8")
    complete(book)
    assert (book / "index.html").read_text("utf-8") == once


def test_a_page_says_in_its_head_what_it_is_about(book: Path) -> None:
    complete(book)
    head = (book / "index.html").read_text("utf-8").partition("</head>")[0]
    assert '<meta property="og:title" content="Un &amp; deux">' in head
    assert '<meta name="description" content="De 6 médecins, et « rien » d’autre' in head
    assert 'href="assets/favicon.svg"' in head


def test_a_link_to_a_file_says_how_large_it_is(book: Path) -> None:
    complete(book)
    page = (book / "index.html").read_text("utf-8")
    assert 'a.csv">CSV</a> <span class="taille">1,1\u00a0ko</span>' in page
    (book / "telechargements" / "a.csv").write_text("x", encoding="utf-8")
    complete(book)
    assert 'a.csv">CSV</a> <span class="taille">1\u00a0o</span></p>' in (
        book / "index.html"
    ).read_text("utf-8")


def test_without_the_ledger_a_number_is_a_link(book: Path) -> None:
    (book / "chapters" / "reproduction" / "registre.html").unlink()
    complete(book)
    assert 'id="traces"' not in (book / "index.html").read_text("utf-8")


def test_a_description_ends_with_a_word() -> None:
    said = described("<main><p>Court.</p><p>" + "Un <b>mot</b> " * 40 + "</p>")
    assert re.fullmatch(r"(Un mot )+(Un )?…", said)
    assert 190 < len(said) < 205


def test_a_size_is_written_in_french() -> None:
    sizes = [in_words(size).replace("\u00a0", " ") for size in (999, 1140, 34_770, 210_537)]
    assert sizes == ["999 o", "1,1 ko", "35 ko", "211 ko"]
