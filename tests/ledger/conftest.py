"""The ledger of the project, recomputed once for all the tests that look at it; small ledgers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.ledger.engine import Engine
from analysis.paths import SOURCE_TEXT
from analysis.printed import Claim, read_claims, read_readings
from analysis.results.outcomes import Outcome

Make = Callable[..., Claim]


@pytest.fixture(scope="session")
def claim() -> Make:
    """Make a claim, of which a test says only what matters."""

    def make(
        key: str, printed: str = "1", kind: str = "count", id_: str = "a", **rest: str
    ) -> Claim:
        empty = dict.fromkeys(("expected", "computed", "verdict", "rests_on"), "")
        cells = {"section": "IV.B", "line": "417", "comment": "x"} | empty
        return Claim(id=id_, kind=kind, key=key, printed=printed, **(cells | rest))

    return make


@pytest.fixture(scope="session")
def outcomes() -> tuple[Outcome, ...]:
    return tuple(Engine(read_claims(), readings=read_readings()).outcomes())


@pytest.fixture(scope="session")
def source() -> list[str]:
    if not SOURCE_TEXT.is_file():
        pytest.skip(
            "the text of the thesis is not in the repository: without it the ledger cannot be "
            "compared with its source (put it in ../shared/source, or set DMP_SOURCE)"
        )
    return SOURCE_TEXT.read_text(encoding="utf-8").split("\n")
