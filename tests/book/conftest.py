"""Make the rendered book known to the tests beside, and a browser to read it with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.book.chromium import CHROMIUM, Tab, open_tab
from tests.book.rendered import book

__all__ = ["book", "browser"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Open a browser."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with open_tab(tmp_path_factory.mktemp("browser")) as tab:
        yield tab
