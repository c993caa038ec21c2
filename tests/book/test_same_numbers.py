"""What the pages say of the thesis's numbers is what the ledger says, on whatever page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from analysis.ledger.engine import Engine
from analysis.printed import Verdict, compare, parse, parse_all, read_claims, read_readings
from analysis.printed.sections import NOTICE, span
from analysis.results.outcomes import Outcome
from tests.book.rendered import Book, folded

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

_TRACE = re.compile(r'<a [^>]*registre\.html#c-([^"]+)"[^>]*>(.*?)</a>', re.S)
_MARK = re.compile(r"la thèse imprime « ([^»]+) » \(l\. ([^)]+)\), le calcul donne (.+?)\.(?= |$)")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    found = Engine(read_claims(), readings=read_readings()).outcomes()
    return {outcome.claim.id: outcome for outcome in found}


def squashed(text: str) -> str:
    """Leave out the white space, and the zero that a date is printed with."""
    return re.sub(r"\s", "", text).casefold().removeprefix("0")


def values(outcome: Outcome) -> Iterator[float]:
    """Yield what a claim comes to, in each of its readings; what it prints, if nothing does."""
    for value in (outcome.value, *(tried.value for tried in outcome.readings.values())):
        if value is not None and not isinstance(value, bool):
            yield float(value)
    if outcome.value is None and outcome.claim.printed.isdecimal():
        yield float(outcome.claim.printed)


def agrees(text: str, outcome: Outcome) -> bool:
    """Tell whether a page gives the number that the ledger has, or quotes what it quotes."""
    own = re.sub(r"« (.+) » \(l\. .+\)", r"\1", folded(text))
    if squashed(own) == squashed(outcome.claim.printed):
        return True
    try:
        numbers = parse_all(own)
    except ValueError:
        numbers = (parse(own),)
    if own != folded(text):
        return outcome.claim.printed in [number.text for number in numbers]
    return any(compare(numbers[0], value) is Verdict.MATCH for value in values(outcome))


def test_a_number_that_leads_to_the_ledger_is_the_one_it_leads_to(
    book: Book, outcomes: dict[str, Outcome]
) -> None:
    found = {
        (name, claim, html.unescape(re.sub("<[^>]+>", "", text)))
        for name, page in book.pages.items()
        for claim, text in _TRACE.findall(page.path.read_text("utf-8"))
    }
    assert [each for each in sorted(found) if not agrees(each[2], outcomes[each[1]])] == []
    pages = {name.rpartition("/")[2] for name, _, _ in found}
    assert pages >= {"index.html", "05-discussion.html", "resume.html", "06-conclusion.html"}


def test_a_mark_tells_what_the_ledger_tells(book: Book, outcomes: dict[str, Outcome]) -> None:
    found = {
        (name, *told) for name, page in book.pages.items() for told in _MARK.findall(page.text)
    }
    assert len(found) > 40
    unknown = []
    for name, printed, lines, computed in sorted(found):
        own = [
            outcome
            for outcome in outcomes.values()
            if squashed(printed) in squashed(outcome.claim.printed)
            and outcome.claim.section != NOTICE
            and outcome.verdict not in (Verdict.MATCH, Verdict.NOT_RECOMPUTABLE)
            and any(_meet(outcome.claim.line, each) for each in lines.split(", "))
        ]
        # A statement that is not settled has no number to compare.
        if not any(isinstance(each.value, bool) or agrees(computed, each) for each in own):
            unknown.append((name, printed, lines, computed))
    assert unknown == []


def _meet(line: str, told: str) -> bool:
    first, last = span(line)
    start, end = span(told.replace("–", "-"))
    return first <= end and start <= last
