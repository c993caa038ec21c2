"""The ledger and the errata, in the finished book: what they hold, and what a reader does there."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from typing import Any

import pytest

from analysis import paths
from analysis.printed import KINDS, main_section, read_claims, read_readings, read_table
from analysis.report.sections.abstract import VERDICTS
from scripts.terms import faults
from tests.book.chromium import PageReader
from tests.book.rendered import Book

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

PAGE = "chapters/reproduction/registre.html"
ERRATA = "chapters/reproduction/errata.html"
CLAIMS = read_claims()
PIECE = 100


def rows_of(book: Book) -> list[dict[str, Any]]:
    """Read the rows that the page holds as data."""
    text = (book.folder / PAGE).read_text("utf-8")
    (data,) = re.findall(
        r'<script type="application/json" id="registre-donnees">(.*?)</script>', text, flags=re.S
    )
    found = json.loads(data)
    return [dict(zip(found["colonnes"], row, strict=True)) for row in found["lignes"]]


def test_every_claim_is_on_the_page_once(book: Book) -> None:
    assert [row["id"] for row in rows_of(book)] == [claim.id for claim in CLAIMS]


def test_a_claim_is_told_in_words_and_in_the_terms_of_the_book(book: Book) -> None:
    ids = "|".join(read_table("inventory")["id"])
    for row in rows_of(book):
        assert not re.search(rf"\b(?:{ids})\b", row["objet"]), row["objet"]
        assert not faults(row["objet"]), row["objet"]


def test_every_claim_has_its_verdict_and_says_what_it_rests_on(book: Book) -> None:
    recorded = [(claim.id, claim.verdict, claim.rests_on, claim.kind) for claim in CLAIMS]
    shown = [(row["id"], row["verdict"], row["appui"], row["nature"]) for row in rows_of(book)]
    assert shown == recorded


def test_every_contested_claim_has_its_readings(book: Book) -> None:
    tried = Counter(name for reading in read_readings() for name in reading.claims)
    assert tried.total() > 100
    assert {row["id"]: len(row["lectures"]) for row in rows_of(book) if row["lectures"]} == tried


def test_the_file_of_the_ledger_has_the_rows_of_the_page(book: Book) -> None:
    with (book.folder / paths.DOWNLOADS / "registre.csv").open(encoding="utf-8") as file:
        taken = list(csv.DictReader(file))
    rows = [row | {"lectures": " | ".join(row["lectures"])} for row in rows_of(book)]
    assert taken == rows


def test_every_trace_leads_to_a_claim(book: Book) -> None:
    known = {f"c-{row['id']}" for row in rows_of(book)}
    found = 0
    for name, page in book.pages.items():
        text = page.path.read_text("utf-8")
        for link in re.findall(r'<a[^>]*title="Thèse, [^>]*>', text):
            target, _, place = re.search(r'href="([^"]+)"', link)[1].partition("#")
            assert (page.path.parent / target).resolve() == (book.folder / PAGE).resolve(), name
            assert place in known, (name, place)
            found += 1
    assert found > 20


def test_every_discrepancy_has_its_erratum(book: Book) -> None:
    apart = [row for row in rows_of(book) if row["verdict"] == "discrepancy"]
    assert apart
    assert {f"e-{row['erratum']}" for row in apart} <= book.pages[ERRATA].ids


def test_the_page_of_the_ledger_is_light(book: Book) -> None:
    assert book.pages[PAGE].path.stat().st_size < 400_000
    assert (paths.ROOT / "assets" / "registre.js").stat().st_size < 15_000


def test_without_a_script_the_page_leads_to_the_file_and_the_counts(book: Book) -> None:
    text = book.pages[PAGE].path.read_text("utf-8")
    assert 'href="../../telechargements/registre.csv"' in text
    assert "sans lui, le fichier CSV les a toutes" in book.pages[PAGE].text
    assert {"tbl-registre", "tbl-registre-appuis"} <= book.pages[PAGE].ids


class Reader(PageReader):
    """A reader of the ledger: what he sees, and does."""

    def count(self) -> str:
        """Read how many rows there are, with plain spaces."""
        return " ".join(self.see("document.querySelector('.registre output').textContent").split())

    def rows(self) -> list[str]:
        """List the rows that are shown, by their claims."""
        found = self.see("[...document.querySelectorAll('.registre tbody tr')].map(row => row.id)")
        return [name.removeprefix("c-") for name in found]

    def address(self) -> str:
        """Read what the address says after the name of the page."""
        return str(self.see("location.search + location.hash"))

    def marked(self) -> str:
        """Tell which row the address names, if it is in sight."""
        return str(
            self.see("""(() => {
              const [row, ...others] = document.querySelectorAll(".registre tr[aria-current]");
              const { top, bottom } = row.getBoundingClientRect();
              const seen = top > 0 && bottom < innerHeight && others.length === 0;
              return seen ? row.id : "out of sight";
            })()""")
        )

    def choose(self, label: str, steps: int) -> None:
        """Choose in a list by the arrows of the keyboard."""
        self.see(
            f"[...document.querySelectorAll('.registre label')]"
            f".find(label => label.textContent.startsWith('{label}'))"
            ".querySelector('select').focus()"
        )
        self.press("ArrowDown", steps)

    def search(self, words: str) -> None:
        """Write into the field of the search."""
        self.click(".registre input")
        self.tab.write(words)


def claims_with(**wanted: str) -> list[str]:
    return [claim.id for claim in CLAIMS if all(getattr(claim, k) == v for k, v in wanted.items())]


def said(number: int) -> str:
    return f"{number} ligne{'s' if number > 1 else ''} sur {len(CLAIMS):,}".replace(",", " ")


@pytest.mark.browser
def test_the_rows_come_a_piece_at_a_time(reader: Reader) -> None:
    assert reader.count() == f"{len(CLAIMS):,} lignes".replace(",", " ")
    assert reader.rows() == [claim.id for claim in CLAIMS[:PIECE]]
    reader.tab.focus(".registre table + button")
    reader.press("Enter")
    assert reader.rows() == [claim.id for claim in CLAIMS[: 2 * PIECE]]
    assert reader.see("document.activeElement.id") == f"c-{CLAIMS[PIECE].id}"


@pytest.mark.browser
def test_a_filter_chosen_by_the_keyboard_says_how_many_rows_are_left(reader: Reader) -> None:
    reader.choose("Verdict", list(VERDICTS).index("discrepancy") + 1)
    wanted = claims_with(verdict="discrepancy")
    assert reader.count() == said(len(wanted))
    assert reader.rows() == wanted
    assert reader.address() == "?verdict=discrepancy"


@pytest.mark.browser
def test_two_filters_leave_the_rows_that_pass_both(reader: Reader) -> None:
    reader.choose("Nature", list(KINDS).index("percentage") + 1)
    reader.choose("Repose sur", 1)
    wanted = claims_with(kind="percentage", rests_on="print")
    assert 0 < len(wanted) < len(claims_with(kind="percentage"))
    assert reader.rows() == wanted
    assert reader.address() == "?appui=print&nature=percentage"


@pytest.mark.browser
def test_the_filter_of_sections_takes_their_parts_together(reader: Reader) -> None:
    reader.go("?section=IV.B")
    wanted = [claim.id for claim in CLAIMS if main_section(claim.section) == "IV.B"]
    assert reader.count() == said(len(wanted))
    assert reader.rows() == wanted[:PIECE]


@pytest.mark.browser
def test_an_address_shows_again_what_was_chosen(reader: Reader) -> None:
    reader.choose("Verdict", list(VERDICTS).index("unsettled") + 1)
    reader.search("age")
    reader.click(".registre th:last-child button")
    seen, address = reader.rows(), reader.address()
    assert address == "?mots=age&verdict=unsettled&tri=verdict"
    reader.go(address)
    assert (reader.rows(), reader.address()) == (seen, address)
    assert 1 < len(seen) < len(claims_with(verdict="unsettled"))


@pytest.mark.browser
@pytest.mark.parametrize("address", ["?verdict=absent&tri=absent&section=", "#%", "#c-absent"])
def test_an_address_that_names_nothing_shows_everything(address: str, reader: Reader) -> None:
    reader.go(address)
    assert len(reader.rows()) == PIECE


@pytest.mark.browser
def test_a_search_takes_no_notice_of_accents_capitals_and_spaces(reader: Reader) -> None:
    reader.search("MEDECINS herault 1880")
    assert "l209-1" in reader.rows()
    assert 0 < len(reader.rows()) < PIECE


@pytest.mark.browser
def test_where_nothing_is_found_the_page_says_so_and_leads_back(reader: Reader) -> None:
    empty = "!document.querySelector('.registre-vide').hidden"
    assert not reader.see(empty)
    reader.search("zzz")
    assert reader.count() == said(0).replace("0 ligne", "Aucune ligne")
    assert reader.see(empty)
    reader.click(".registre-controles button")
    assert len(reader.rows()) == PIECE
    assert reader.address() == ""
    assert not reader.see(empty)


@pytest.mark.browser
def test_a_click_on_a_heading_sorts_and_another_turns_the_order_round(reader: Reader) -> None:
    heading = ".registre th:last-child"
    order = f"document.querySelector('{heading}').getAttribute('aria-sort')"
    assert reader.see(order) is None
    reader.click(f"{heading} button")
    assert reader.see(order) == "ascending"
    assert "change une conclusion" in reader.see(
        "document.querySelector('.registre tbody tr').textContent"
    )
    reader.click(f"{heading} button")
    assert reader.see(order) == "descending"
    assert (
        reader.rows()
        == [
            *claims_with(verdict="not_recomputable"),
            *(claim.id for claim in CLAIMS if claim.verdict == "match"),
        ][:PIECE]
    )


@pytest.mark.browser
@pytest.mark.parametrize("by", [400, -400], ids=["down", "up"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_headings_stay_in_sight(width: int, by: int, reader: Reader) -> None:
    reader.go(width=width)
    reader.see("document.querySelectorAll('.registre tbody tr')[60].scrollIntoView()")
    reader.tab.scroll(by)
    assert reader.see("""(() => {
      const heading = document.querySelector(".registre th button");
      const { x, y, width, height } = heading.getBoundingClientRect();
      return y < 100 && document.elementFromPoint(x + width / 2, y + height / 2) === heading;
    })()""")


@pytest.mark.browser
@pytest.mark.parametrize("filtered", ["", "?verdict=discrepancy"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_link_to_a_claim_lands_on_its_row_whatever_is_chosen(
    filtered: str, width: int, reader: Reader
) -> None:
    reader.go(f"{filtered}#c-l945-1", width)
    assert reader.marked() == "c-l945-1"
    assert len(reader.rows()) == PIECE
    assert reader.address() == "#c-l945-1"


@pytest.mark.browser
def test_a_link_followed_on_the_page_lands_on_its_row_too(reader: Reader) -> None:
    followed = "new Promise(done => addEventListener('hashchange', () => setTimeout(done)))"
    reader.see("location.hash = '#c-l945-1'; " + followed)
    assert reader.marked() == "c-l945-1"


@pytest.mark.browser
def test_a_discrepancy_leads_to_its_erratum(book: Book, reader: Reader) -> None:
    reader.go("?verdict=discrepancy")
    links = reader.see(
        "[...document.querySelectorAll('.registre td:last-child a')].map(a => a.href)"
    )
    assert len(links) == len(claims_with(verdict="discrepancy"))
    for link in links:
        page, _, place = link.partition("#")
        assert page == book.pages[ERRATA].path.as_uri()
        assert place in book.pages[ERRATA].ids


@pytest.mark.browser
def test_a_row_tells_its_own_address_and_keeps_what_is_chosen(reader: Reader) -> None:
    reader.go("?verdict=unsettled")
    third = claims_with(verdict="unsettled")[2]
    reader.click(f"#c-{third} a")
    assert reader.address() == f"?verdict=unsettled#c-{third}"
    assert reader.marked() == f"c-{third}"


@pytest.mark.browser
def test_what_comes_before_a_row_that_was_linked_to_is_one_key_away(reader: Reader) -> None:
    reader.go("#c-l945-1")
    first = reader.rows()[0]
    reader.tab.focus(".registre form + button")
    reader.press("Enter")
    assert reader.rows().index(first) == PIECE
    assert len(reader.rows()) == 2 * PIECE


@pytest.mark.browser
def test_a_phone_shows_cards_that_a_finger_loads_and_sorts(reader: Reader) -> None:
    reader.go("?verdict=match", width=360)
    assert reader.see("document.documentElement.scrollWidth") <= 360
    cut = "[...document.querySelectorAll('.registre *')].filter(e => e.scrollWidth > 360).length"
    assert reader.see(cut) == 0
    reader.tap(".registre table + button")
    assert len(reader.rows()) == 2 * PIECE
    reader.tap(".registre th:first-child button")
    assert reader.rows()[0] == claims_with(verdict="match")[-1]
    assert reader.address() == "?verdict=match&tri=-ligne"
