"""The pages in headless Chromium: nothing from another host, nothing wider than a phone.

A figure reads on a small phone without scrolling, and its words are words of the page.
"""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analysis.report.register import entries
from tests.book.chromium import CHROMIUM
from tests.book.rendered import Book

pytestmark = [pytest.mark.render, pytest.mark.browser, pytest.mark.xdist_group("book")]

PHONE = 360
DESKTOP = 1280
MOST_BYTES = 600_000
"""Of a page with all that it loads, but for what all pages share."""
STRAY = "http://other.invalid/picture.png"
PROBE = """<!doctype html><title>probe</title><pre id="out"></pre><script>
(async () => {
  const found = {};
  for (const page of PAGES) for (const width of WIDTHS) {
    const frame = document.createElement("iframe");
    frame.style = `width:${width}px;height:800px;border:0`;
    frame.src = "/" + page;
    document.body.append(frame);
    await new Promise(done => { frame.onload = done; });
    const view = frame.contentDocument;
    await view.fonts.ready;
    await new Promise(done => setTimeout(done, 150));
    const figures = [...view.querySelectorAll("figure svg")].map(svg => {
      const box = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll("text")];
      const scale = svg.getScreenCTM().a;
      const inside = texts.map(text => text.getBoundingClientRect());
      let scrolls = false;
      for (let up = svg.parentElement; up && up.tagName !== "MAIN"; up = up.parentElement)
        scrolls ||= up.scrollWidth > up.clientWidth + 1 && up.clientWidth > 0
          && getComputedStyle(up).overflowX !== "visible";
      return {
        width: box.width,
        smallest: Math.min(...texts.map(t => parseFloat(getComputedStyle(t).fontSize))) * scale,
        largest: Math.max(...texts.map(t => parseFloat(getComputedStyle(t).fontSize))) * scale,
        left: Math.min(...inside.map(each => each.left)) - box.left,
        right: box.right - Math.max(...inside.map(each => each.right)),
        words: texts.every(text => text.textContent.trim()),
        scrolls: scrolls || box.right > width,
      };
    });
    // What all pages share is Quarto's, and the browser keeps it.
    const loaded = frame.contentWindow.performance.getEntriesByType("resource")
      .filter(({ name }) => !name.includes("/site_libs/"));
    const own = frame.contentWindow.performance.getEntriesByType("navigation");
    const bytes = [...loaded, ...own].map(each => each.decodedBodySize);
    found[`${page} ${width}`] = {
      width: view.documentElement.scrollWidth, figures, bytes: bytes.reduce((a, b) => a + b, 0),
    };
    frame.remove();
  }
  document.getElementById("out").textContent = JSON.stringify(found) + "END";
})();
</script>"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line for each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Visit:
    """What a browser without a network saw of the book."""

    pages: tuple[str, ...]
    root: str
    seen: dict[str, dict[str, Any]]
    asked: frozenset[str]


@pytest.fixture(scope="module")
def visit(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Open every page in a frame as wide as a phone, and keep the browser's log."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("visit")
    site = folder / "site"
    shutil.copytree(book.folder, site)
    pages = tuple(book.pages)
    (site / "stray.html").write_text(f"<img src='{STRAY}'>", encoding="utf-8")
    probe = PROBE.replace("PAGES", json.dumps([*pages, "stray.html"]))
    probe = probe.replace("WIDTHS", json.dumps([PHONE, DESKTOP]))
    (site / "probe.html").write_text(probe, encoding="utf-8")
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        shown = browse(f"{root}/probe.html", folder)
        server.shutdown()
    seen = json.loads(re.search(r"(\{[^<]*\})END", shown)[1])
    return Visit(pages, root, seen, frozenset(asked_by_pages(folder / "net.json", root)))


def browse(url: str, folder: Path) -> str:
    """Open a page in headless Chromium without a network, and give the document it makes."""
    done = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            # A phone has no scroll bar beside its page.
            *("--disable-dev-shm-usage", "--hide-scrollbars"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--virtual-time-budget=60000",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={folder / 'net.json'}",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


def asked_by_pages(log: Path, root: str) -> Iterator[str]:
    """Yield the addresses that the pages ask for; not what the browser asks for itself."""
    for event in json.loads(log.read_text(encoding="utf-8"))["events"]:
        found = event.get("params", {})
        if "url" in found and str(found.get("initiator", "")).startswith(root):
            yield str(found["url"])


def test_every_page_was_visited(visit: Visit) -> None:
    assert {f"{page} {PHONE}" for page in visit.pages} < set(visit.seen)
    assert {f"{visit.root}/{page}" for page in visit.pages} <= visit.asked


def test_a_request_to_another_host_is_seen_in_the_log(visit: Visit) -> None:
    assert STRAY in visit.asked


def test_no_page_asks_another_host_for_anything(visit: Visit) -> None:
    assert {url for url in visit.asked - {STRAY} if not url.startswith(visit.root)} == set()


def test_no_page_is_wider_than_a_phone(visit: Visit) -> None:
    widths = {page: visit.seen[f"{page} {PHONE}"]["width"] for page in visit.pages}
    assert {page: width for page, width in widths.items() if width > PHONE} == {}


def figures(visit: Visit, width: int) -> list[tuple[str, dict[str, Any]]]:
    """List the figures of the pages at a width, each with its page."""
    return [
        (page, each) for page in visit.pages for each in visit.seen[f"{page} {width}"]["figures"]
    ]


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


def test_no_page_with_figures_weighs_much(visit: Visit) -> None:
    weights = {page: visit.seen[f"{page} {PHONE}"]["bytes"] for page, _ in figures(visit, PHONE)}
    assert weights
    assert {page: weight for page, weight in weights.items() if weight > MOST_BYTES} == {}
