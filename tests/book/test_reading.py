"""What a page does for its reader, by mouse, keyboard and touch, with and without a script."""

from __future__ import annotations

import json
import re
import struct
import time

import pytest

from analysis.printed import Claim, read_claims
from analysis.report.sections.abstract import BASES, VERDICTS
from tests.book.chromium import Tab
from tests.book.rendered import Book
from tests.book.served import served

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

PAGE = "chapters/05-discussion.html"
CLAIMS = {claim.id: claim for claim in read_claims()}
NUMBER = 'a.trace[href*="#c-"]'
CARD = ".trace-carte"


def test_every_trace_of_a_page_is_told_in_it(book: Book) -> None:
    found = 0
    for name, page in book.pages.items():
        text = page.path.read_text("utf-8")
        linked = set(re.findall(r'<a [^>]*href="[^"]*#c-([\w-]+)"[^>]*class="trace"', text))
        data = re.findall(r'<script type="application/json" id="traces">(.*?)</script>', text)
        told = json.loads(data[0]) if data else {}
        assert set(told) == linked, name
        for id_, row in told.items():
            claim = CLAIMS[id_]
            assert row["verdict"].startswith(VERDICTS[claim.verdict])
            assert row["appui"] == BASES.get(claim.rests_on, "")
            assert bool(row["erratum"]) == bool(row["titre"])
            found += 1
    assert found > 50


def test_the_script_of_the_pages_is_small(book: Book) -> None:
    script = book.folder / "assets" / "lecture.js"
    assert script.stat().st_size < 15_000
    assert all("assets/lecture.js" in " ".join(page.loads) for page in book.pages.values())


def test_a_page_says_what_it_is_about(book: Book) -> None:
    told: set[str] = set()
    for name, page in book.pages.items():
        text = page.path.read_text("utf-8")
        (said,) = re.findall(r'<meta name="description" content="([^"]{80,})">', text)
        assert f'property="og:description" content="{said}"' in text, name
        told.add(said)
        for kind, attribute in (("og:image", "content"), ("icon", "href")):
            tag = re.search(rf'<(?:meta|link)[^>]*"{kind}"[^>]*>', text)
            target = re.search(rf'{attribute}="([^"]+)"', tag[0])
            assert (page.path.parent / target[1]).is_file(), (name, kind)
    assert len(told) == len(book.pages)


def test_the_social_card_is_of_the_size_that_is_told(book: Book) -> None:
    png = (book.folder / "assets" / "carte.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1200, 630)


@pytest.fixture
def page(book: Book, browser: Tab) -> Tab:
    """Open a page with many numbers, from the disk."""
    browser.size(1280)
    browser.open(book.pages[PAGE].path.as_uri())
    return browser


def is_open(tab: Tab) -> bool:
    return bool(tab.see(f"document.querySelector('{CARD}:popover-open') !== null"))


def on_number(tab: Tab) -> bool:
    return bool(tab.see(f"document.activeElement === document.querySelector('{NUMBER}')"))


def wait_for(tab: Tab, expression: str) -> None:
    end = time.monotonic() + 30
    while not tab.see(expression):
        assert time.monotonic() < end, expression
        time.sleep(0.02)


def first_claim(tab: Tab) -> Claim:
    return CLAIMS[tab.see(f"document.querySelector('{NUMBER}').hash").removeprefix("#c-")]


@pytest.mark.browser
def test_a_click_on_a_number_shows_its_trace_on_the_same_page(page: Tab) -> None:
    claim = first_claim(page)
    address = page.see("location.href")
    page.click(NUMBER)
    assert is_open(page)
    assert page.see("location.href") == address
    assert page.see(f"document.activeElement.matches('{CARD}')")
    said = " ".join(page.see(f"document.querySelector('{CARD}').innerText").split())
    assert f"Thèse, l. {claim.line}" in said
    for words in (claim.printed, VERDICTS[claim.verdict], BASES[claim.rests_on]):
        assert words in said
    link = page.see(f"document.querySelector('{CARD} > p:last-child a').href")
    assert link == page.see(f"document.querySelector('{NUMBER}').href")
    page.click(NUMBER)
    assert not is_open(page)


@pytest.mark.browser
def test_the_keyboard_comes_to_a_number_reads_its_trace_and_goes_back(page: Tab) -> None:
    before = f"[...document.querySelectorAll('main a')].indexOf(document.querySelector('{NUMBER}'))"
    page.see(f"[...document.querySelectorAll('main a')][{before} - 1].focus()")
    page.press("Tab")
    assert on_number(page)
    assert is_open(page)
    page.press("Escape")
    assert not is_open(page)
    assert on_number(page)
    page.press("Enter")
    assert is_open(page)
    page.press("Tab")
    assert page.see(f"document.activeElement.matches('{CARD} button')")
    page.press("Escape")
    assert not is_open(page)
    assert on_number(page)


@pytest.mark.browser
def test_the_keyboard_goes_on_from_a_trace_to_what_follows(page: Tab) -> None:
    page.click(NUMBER)
    links = page.see(f"document.querySelectorAll('{CARD} :is(a, button)').length")
    page.press("Tab", links + 1)
    assert page.see(f"document.querySelector('{NUMBER}').getAttribute('aria-expanded')") == "false"
    assert page.see(
        f"document.querySelector('{NUMBER}').compareDocumentPosition(document.activeElement)"
        " === Node.DOCUMENT_POSITION_FOLLOWING"
    )


@pytest.mark.browser
def test_a_trace_says_whether_it_is_open_and_has_a_name(page: Tab) -> None:
    state = f"document.querySelector('{NUMBER}').getAttribute('aria-expanded')"
    assert page.see(state) == "false"
    page.click(NUMBER)
    assert page.see(state) == "true"
    named = f"document.querySelector('{CARD}').getAttribute('aria-labelledby')"
    assert page.see(f"document.getElementById({named}).textContent").startswith("Thèse, l. ")
    page.click(f"{CARD} button")
    assert page.see(state) == "false"
    assert on_number(page)


@pytest.mark.browser
def test_a_finger_opens_a_trace_that_fits_a_phone_and_a_touch_beside_closes_it(page: Tab) -> None:
    page.size(360, 640)
    shown = f"[...document.querySelectorAll('{NUMBER}')].filter(each => each.checkVisibility())"
    page.see(f"{shown}.at(-1).id = 'last'")
    page.tap("#last")
    assert is_open(page)
    box = page.see(f"document.querySelector('{CARD}').getBoundingClientRect().toJSON()")
    assert 0 <= box["left"] < box["right"] <= 360
    assert 0 <= box["top"] < box["bottom"] <= 640
    assert page.see("document.documentElement.scrollWidth") <= 360
    page.tap("h1")
    assert not is_open(page)


@pytest.mark.browser
def test_a_discrepancy_leads_from_its_trace_to_its_erratum(book: Book, page: Tab) -> None:
    wrong = [
        name
        for name in page.see(f"[...document.querySelectorAll('{NUMBER}')].map(a => a.hash)")
        if CLAIMS[name.removeprefix("#c-")].verdict == "discrepancy"
    ]
    assert wrong
    page.click(f'a.trace[href$="{wrong[0]}"]')
    target = page.see(f"document.querySelector('{CARD} dd a').href")
    address, _, place = target.partition("#")
    errata = book.pages["chapters/reproduction/errata.html"]
    assert address == errata.path.as_uri()
    assert place in errata.ids


@pytest.mark.browser
def test_without_a_script_a_number_leads_to_its_row(book: Book, page: Tab) -> None:
    claim = first_claim(page)
    page.run_scripts(allowed=False)
    page.open(book.pages[PAGE].path.as_uri())
    page.run_scripts(allowed=True)  # those of the page are past
    assert page.see(f"document.querySelector('{NUMBER}').ariaHasPopup") is None
    page.click(NUMBER)
    wait_for(page, "location.hash")
    assert page.see("location.href").endswith(f"/registre.html#c-{claim.id}")


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 412])
def test_what_a_search_finds_stays_on_a_phone(width: int, book: Book, browser: Tab) -> None:
    browser.size(width, 700)
    with served(book.folder) as root:
        browser.open(f"{root}/{PAGE}")
        if book.road == "quarto":
            browser.click(".quarto-secondary-nav .quarto-search-button")
        else:
            browser.click("#recherche")
        browser.write("motif")
        found = ".aa-Item, #recherche-resultats li"
        wait_for(browser, f"document.querySelectorAll('{found}').length")
        boxes = browser.see(
            f"[...document.querySelectorAll('{found}')].map(each => each.getBoundingClientRect()"
            ".toJSON())"
        )
    assert len(boxes) > 2
    assert all(0 <= box["left"] < box["right"] <= width for box in boxes)
    assert boxes[0]["width"] > width - 60


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 700, 900, 1100, 1280])
def test_the_contents_of_a_page_are_in_reach(width: int, book: Book, browser: Tab) -> None:
    browser.size(width)
    browser.open(book.pages[PAGE].path.as_uri())
    entries = """[...document.querySelectorAll("nav a[href$='#sec-validite-externe']")]"""
    fold = f"{entries}.map(each => each.closest('details')).find(each => each?.checkVisibility())"
    if browser.see(f"{fold} !== undefined"):
        browser.see(
            f"(fold => {{ fold.open = false; fold.firstElementChild.id = 'fold'; }})({fold})"
        )
        browser.click("#fold")
    browser.see(f"{entries}.find(each => each.checkVisibility()).id = 'entry'")
    browser.click("#entry")
    assert browser.see("location.hash") == "#sec-validite-externe"
