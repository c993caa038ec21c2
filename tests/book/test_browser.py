"""One visit to every page of the book, in headless Chromium: nobody is shut out.

Each page is opened once, all that is folded unfolded; then the window gets the widths of a desk and
of two phones, and the page both themes. axe-core looks for what fails WCAG 2.1 AA. What has no
colour does not depend on the theme, and no rule of the sheets parts 390 from 360 pixels, where only
what scrolls is looked at again. A text's contrast depends on its colour and its grounds: each such
pair is looked at once a page.

In the same visit: no error, nothing from another host, nothing wider than a phone; figures that
read on a small phone without scrolling, and whose words are words of the page.
"""

from __future__ import annotations

import importlib.resources
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from analysis.report.register import entries
from tests.book.chromium import CHROMIUM, Tab, open_tab
from tests.book.rendered import Book
from tests.book.served import served

pytestmark = [pytest.mark.render, pytest.mark.browser, pytest.mark.xdist_group("book")]

PHONE, WIDE_PHONE, DESKTOP = 360, 390, 1280
MOST_BYTES = 600_000
"""Of a page with its sheets, scripts and fonts, but for what all pages of Quarto share."""
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js")
VISIT = Path(__file__).with_name("visit.js")
COLOUR = ["color-contrast", "link-in-text-block"]
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "rules": {rule: {"enabled": False} for rule in COLOUR},
}
CONTRAST = {"runOnly": COLOUR}
SCROLLING = {"runOnly": ["scrollable-region-focusable"]}
FAULTY = """<!doctype html><html lang="fr"><title>x</title><body class="quarto-light">
<button id="theme" onclick="for (const theme of ['dark', 'light'])
document.body.classList.toggle('quarto-' + theme)">thème</button>
<style>.quarto-dark i { color: #444; background: #333 }
@media (max-width: 400px) { b { color: #ccc } }
@media (max-width: 360px) { u { display: block; width: 400px } }
@media (max-width: 395px) { div { width: 300px; overflow: auto; white-space: nowrap } }</style>
<img src="http://other.invalid/picture.png"><p><i>dark</i> <b>phone</b> <u>wide</u></p>
<details><p style="color: #bbb">folded</p></details><div>%s</div><script>null.x</script>"""
FAULTY %= "word " * 90


@dataclass
class Seen:
    """What was seen of a page."""

    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    figures: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    bytes: int = 0


def visited(tab: Tab, address: str) -> Seen:
    """Open a page once, and look at it in each width and both themes."""
    seen = Seen()

    def look(width: int, context: str, settings: object) -> None:
        found = tab.see(f"visit.axe({context}, {json.dumps(settings)})")
        seen.findings += [f"{width}: {each}" for each in found]

    tab.size(PHONE)
    tab.open(address)
    tab.see(f"{AXE.read_text('utf-8')}\n{VISIT.read_text('utf-8')}; 0")
    seen.bytes = tab.see("visit.weigh()")
    tab.see("visit.open()")
    for width in (DESKTOP, WIDE_PHONE, PHONE):
        tab.size(width)
        tab.scroll(0)
        seen.widths[width] = tab.see("document.documentElement.scrollWidth")
        seen.figures[width] = tab.see("visit.figures()")
        look(width, "document", SCROLLING if width == WIDE_PHONE else WCAG)
    for theme in ("dark", "light"):
        tab.see(f"visit.theme('{theme}')")
        for width in (PHONE, DESKTOP):
            tab.size(width)
            look(width, "visit.looks()", CONTRAST)
    seen.asked = [event["request"]["url"] for event in tab.heard("Network.requestWillBeSent")]
    seen.errors = [
        *(event["entry"]["text"] for event in tab.heard("Log.entryAdded")),
        *(event["exceptionDetails"]["text"] for event in tab.heard("Runtime.exceptionThrown")),
        *(
            str(event["args"])
            for event in tab.heard("Runtime.consoleAPICalled")
            if event["type"] in ("error", "warning", "assert")
        ),
    ]
    return seen


@dataclass(frozen=True)
class Visit:
    """What a browser without a network saw of the book, by page; and of a page full of faults."""

    root: str
    pages: dict[str, Seen]
    faulty: Seen


@pytest.fixture(scope="module")
def visit(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Visit every page."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("visit")
    site = folder / "site"
    shutil.copytree(book.folder, site)
    (site / "faulty.html").write_text(FAULTY, encoding="utf-8")
    with served(site) as root, open_tab(folder) as tab:
        tab.listen()
        pages = {page: visited(tab, f"{root}/{page}") for page in book.pages}
        yield Visit(root, pages, visited(tab, f"{root}/faulty.html"))


def test_axe_finds_nothing(visit: Visit) -> None:
    assert {page: seen.findings for page, seen in visit.pages.items() if seen.findings} == {}


@pytest.mark.parametrize(
    "fault",
    [
        "1280: image-alt: img",
        "360: color-contrast: details > p",
        "360: color-contrast: i",
        "360: color-contrast: b",
        "390: scrollable-region-focusable: div",
    ],
)
def test_axe_would_find_a_fault_in_any_look(fault: str, visit: Visit) -> None:
    assert any(found.startswith(fault) for found in visit.faulty.findings), visit.faulty.findings


def test_no_page_asks_another_host_for_anything(visit: Visit) -> None:
    assert "http://other.invalid/picture.png" in visit.faulty.asked
    for page, seen in visit.pages.items():
        assert f"{visit.root}/{page}" in seen.asked
        own = (visit.root, "data:", "about:")
        assert [url for url in seen.asked if not url.startswith(own)] == [], page


def test_the_browser_complains_of_nothing(visit: Visit) -> None:
    assert len(visit.faulty.errors) >= 2
    assert {page: seen.errors for page, seen in visit.pages.items() if seen.errors} == {}


def test_no_page_is_wider_than_a_phone(visit: Visit) -> None:
    assert visit.faulty.widths[PHONE] > PHONE
    for width in (PHONE, WIDE_PHONE):
        widths = {page: seen.widths[width] for page, seen in visit.pages.items()}
        assert {page: found for page, found in widths.items() if found > width} == {}


def test_no_page_weighs_much(visit: Visit) -> None:
    weights = {page: seen.bytes for page, seen in visit.pages.items()}
    assert min(weights.values()) > 10_000
    assert {page: weight for page, weight in weights.items() if weight > MOST_BYTES} == {}


def figures(visit: Visit, width: int) -> list[tuple[str, dict[str, Any]]]:
    """List the figures of the pages at a width, each with its page."""
    return [(page, each) for page, seen in visit.pages.items() for each in seen.figures[width]]


def test_every_figure_stands_in_its_page(visit: Visit) -> None:
    # Both sides of the map are one.
    assert len(figures(visit, PHONE)) >= len(entries("figure")) - 1


def test_a_figure_reads_on_a_phone_without_scrolling(visit: Visit) -> None:
    for page, figure in figures(visit, PHONE):
        assert figure["smallest"] >= 11, (page, figure)
        assert not figure["scrolls"], (page, figure)


def test_the_text_of_a_figure_is_in_the_face_it_was_laid_out_for(visit: Visit) -> None:
    for width in (PHONE, DESKTOP):
        for page, figure in figures(visit, width):
            assert figure["words"], (page, figure)
            assert figure["left"] >= -2, (page, figure)
            assert figure["right"] >= -2, (page, figure)


def test_no_figure_looks_blown_up_on_a_wide_page(visit: Visit) -> None:
    for page, figure in figures(visit, DESKTOP):
        assert figure["largest"] <= 17, (page, figure)
