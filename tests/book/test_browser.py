"""The pages in headless Chromium: nothing from another host, nothing wider than a phone."""

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

import pytest

from tests.book.chromium import CHROMIUM
from tests.book.rendered import Book

pytestmark = [pytest.mark.render, pytest.mark.browser, pytest.mark.xdist_group("book")]

PHONE = 390
STRAY = "http://other.invalid/picture.png"
PROBE = """<!doctype html><title>probe</title><pre id="out"></pre><script>
(async () => {
  const found = {};
  for (const page of PAGES) {
    const frame = document.createElement("iframe");
    frame.style = "width:WIDTHpx;height:800px;border:0";
    frame.src = "/" + page;
    document.body.append(frame);
    await new Promise(done => { frame.onload = done; });
    await new Promise(done => setTimeout(done, 150));
    const root = frame.contentDocument.documentElement;
    found[page] = root.scrollWidth;
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
    widths: dict[str, int]
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
    probe = PROBE.replace("PAGES", json.dumps([*pages, "stray.html"])).replace("WIDTH", str(PHONE))
    (site / "probe.html").write_text(probe, encoding="utf-8")
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        shown = browse(f"{root}/probe.html", folder)
        server.shutdown()
    widths = json.loads(re.search(r"(\{[^<]*\})END", shown)[1])
    return Visit(pages, root, widths, frozenset(asked_by_pages(folder / "net.json", root)))


def browse(url: str, folder: Path) -> str:
    """Open a page in headless Chromium without a network, and give the document it makes."""
    done = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            "--disable-dev-shm-usage",
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
    assert set(visit.pages) < set(visit.widths)
    assert {f"{visit.root}/{page}" for page in visit.pages} <= visit.asked


def test_a_request_to_another_host_is_seen_in_the_log(visit: Visit) -> None:
    assert STRAY in visit.asked


def test_no_page_asks_another_host_for_anything(visit: Visit) -> None:
    assert {url for url in visit.asked - {STRAY} if not url.startswith(visit.root)} == set()


def test_no_page_is_wider_than_a_phone(visit: Visit) -> None:
    assert {page: visit.widths[page] for page in visit.pages if visit.widths[page] > PHONE} == {}
