"""The ledger of the project against the text of the thesis, and against itself."""

import re

import pytest

from analysis.printed import read_claims, read_sections
from analysis.printed.sections import NOTICE, span
from analysis.results.outcomes import Outcome

CLAIMS = read_claims()


def test_a_claim_about_a_sentence_is_in_the_section_of_its_line() -> None:
    starts = read_sections().items()
    for claim in CLAIMS:
        if claim.kind in ("count", "percentage", "verbal", "fact") and claim.section != NOTICE:
            begun = [section for section, first in starts if first <= span(claim.line)[0]]
            assert claim.section == begun[-1], claim.id


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


def test_no_statement_of_the_thesis_rests_on_a_count_that_is_not_proved() -> None:
    proved = {claim.id: claim.verdict for claim in CLAIMS if claim.rests_on == "determined"}
    assert proved == {
        **dict.fromkeys(("l883-1", "l1161-2"), "match"),
        **dict.fromkeys(("l1408-1", "l1408-2"), "unsettled"),
    }
    assert not [claim.id for claim in CLAIMS if claim.rests_on == "open"]


def test_the_readings_of_the_map_are_what_the_rows_were_selected_for() -> None:
    selected = [claim for claim in CLAIMS if claim.rests_on == "selected"]
    assert len(selected) == 24
    assert all("in_quadrant" in claim.key for claim in selected)


def test_what_is_said_on_the_thesis_is_settled_in_one_way_everywhere() -> None:
    """The same words in both abstracts, the same number in text, table and figure."""
    verdicts = {claim.id: claim.verdict for claim in CLAIMS}
    for alike in (
        ("l3314-2", "l3285-4"),
        ("l3314-4", "l3287-1"),
        ("l3322-1", "l3322-2"),
        ("tb2-569", "f5-586", "tc0-794"),
        ("l1305-2", "l1412-2"),
        ("l1033-3", "tdu2-1033-3", "l1045-3"),
    ):
        assert len({verdicts[id_] for id_ in alike}) == 1, alike


def test_known_errors_of_the_thesis_are_in_the_ledger(outcomes: tuple[Outcome, ...]) -> None:
    apart = {
        (span(each.claim.line)[0], each.claim.printed)
        for each in outcomes
        if each.verdict == "discrepancy"
    }
    assert apart >= {
        (301, "3,3%"),
        (993, "4,79"),
        (1161, "59%"),
        (1191, "=0,015"),
        (1262, "2,01"),
        (1521, "35%"),
        (1675, "57%"),
        (1707, "5%"),
        (1709, "7%"),
        (1727, "20%"),
        (1033, "<0,001"),
        (2227, "65%"),
    }
