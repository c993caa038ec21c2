"""The ledger of the project against the text of the thesis, and against itself."""

import re

import pytest

from analysis.ledger.engine import Outcome
from analysis.ledger.pointers import is_pointer
from analysis.printed import read_claims, section_of
from analysis.printed.sections import span

CLAIMS = read_claims()


def fold(text: str) -> str:
    return " ".join(text.split())


def test_what_a_claim_says_is_printed_stands_in_its_lines(source: list[str]) -> None:
    absent = []
    for claim in CLAIMS:
        first, last = span(claim.line)
        if claim.kind != "sum" and fold(claim.printed) not in fold(
            " ".join(source[first - 1 : last])
        ):
            absent.append((claim.id, claim.line, claim.printed))
    assert absent == []


def test_a_claim_about_a_sentence_is_in_the_section_of_its_line() -> None:
    for claim in CLAIMS:
        if claim.kind in ("count", "percentage", "verbal", "fact"):
            assert claim.section == section_of(span(claim.line)[0]), claim.id


@pytest.mark.parametrize("kind", ["sum", "repeat", "contradiction", "verbal"])
def test_there_are_claims_that_compare_passages(kind: str) -> None:
    assert sum(claim.kind == kind for claim in CLAIMS) >= 10


def test_what_nothing_recomputes_has_its_reason() -> None:
    for claim in CLAIMS:
        if claim.verdict == "not_recomputable":
            assert len(claim.comment) > 20, claim.id


def test_comments_are_in_french_typography() -> None:
    for claim in CLAIMS:
        assert "'" not in re.sub(r"« [^»]* »", "", claim.comment), claim.id


def test_no_verdict_rests_on_what_print_leaves_open(outcomes: tuple[Outcome, ...]) -> None:
    from analysis.ledger.engine import Engine  # noqa: PLC0415
    from analysis.ledger.provenance import provenances  # noqa: PLC0415

    found = provenances(Engine(CLAIMS))
    by_hand = {claim.id for claim in CLAIMS if not is_pointer(claim.key)}
    assert [id_ for id_, each in found.items() if each == "open" and id_ in by_hand] == []


def test_known_errors_of_the_thesis_are_in_the_ledger(outcomes: tuple[Outcome, ...]) -> None:
    apart = {
        (span(each.claim.line)[0], each.claim.printed)
        for each in outcomes
        if each.verdict == "discrepancy"
    }
    assert apart >= {
        (301, "3,3%"),
        (563, "82,9%"),
        (993, "4,79"),
        (1161, "59%"),
        (1191, "=0,015"),
        (1262, "2,01"),
        (1521, "35%"),
        (1675, "57%"),
        (1707, "5%"),
        (1709, "7%"),
        (1727, "20%"),
        (2205, "10%"),
        (2227, "65%"),
    }
