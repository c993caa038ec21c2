"""Make the rendered book known to the tests beside, and a browser to read it with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.book.chromium import CHROMIUM, PageReader, Tab, open_tab
from tests.book.rendered import Book, book

__all__ = ["book", "browser", "reader"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Open a browser."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with open_tab(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def reader(request: pytest.FixtureRequest, book: Book, browser: Tab) -> PageReader:
    """Open the page of a module of tests from the disk, to a reader as the module has him."""
    found: PageReader = request.module.Reader(browser, book.pages[request.module.PAGE].path)
    found.go()
    return found
