"""Traces: an inline number leads to its claim."""

from pathlib import Path

import pypandoc
import pytest

from analysis.printed import Claim, read_claims
from analysis.report.inline import (
    fact,
    n,
    printed,
    quoted,
    share,
    words,
)
from analysis.report.provenance import Traced, claim_at, retold, traced
from analysis.report.sections import usage
from analysis.report.show.french import NBSP, Text

CLAIMS = {claim.id: claim for claim in read_claims()}
ROOT = Path(__file__).parents[2]


def claim_of(text: Text) -> Claim:
    assert isinstance(text, Traced), text
    return CLAIMS[text.claim.id]


def test_a_count_leads_to_the_claim_with_its_key() -> None:
    assert claim_of(n("uses_dmp=oui")).key == "n('uses_dmp=oui')"


def test_a_spelt_count_leads_where_its_number_does() -> None:
    assert claim_of(words("non_users")) == claim_of(n("non_users"))


def test_a_share_of_several_answers_leads_to_the_claim_with_its_key() -> None:
    found = claim_of(share("frequency<=annuel"))
    assert found.key == "share('frequency=curiosite|annuel')"


@pytest.mark.parametrize(
    ("text", "line", "text_printed"),
    [
        (n("frequency=mensuel"), "431", "10"),
        (share("frequency=mensuel"), "431", "18,18 %"),
        (n("barrier_1=besoin"), "571", "10"),
        (n("place=groupe & non_users"), "663-666", "35"),
        (fact("facts:population"), "209", "1875"),
        (fact("facts:survey_start"), "203", "11 décembre 2019"),
        (fact("facts:testers_doctors", spelt=True), "225", "6"),
        (fact("recruitment:response_rate"), "301", "3,3%"),
        (printed("tb3", "users", category="libéral"), "648-651", "47"),
        (quoted("tb2", "percent", list="place", category="groupe"), "563", "82,9%"),
        (usage.s5().relation, "651", "0.0357*"),
    ],
)
def test_a_number_leads_to_its_line(text: Text, line: str, text_printed: str) -> None:
    assert (claim_of(text).line, claim_of(text).printed) == (line, text_printed)


def test_no_number_leads_to_a_claim_that_compares_passages() -> None:
    assert not isinstance(traced("55", claim_at("3328", "55", "total('tb1a', 'n')")), Traced)


def test_a_number_without_a_claim_is_plain() -> None:
    assert not isinstance(n("frequency>=hebdomadaire"), Traced)


def test_a_number_of_either_of_two_answers_is_plain() -> None:
    assert not isinstance(n("barrier=besoin"), Traced)
    assert n("barrier=besoin") == "14"


def test_a_traced_text_is_the_same_text() -> None:
    assert n("uses_dmp=oui") == "55"
    assert f"{share('uses_dmp=oui')}" == f"55,0{NBSP}%"


def test_a_traced_text_is_a_link_that_says_where_the_thesis_prints_it() -> None:
    text = traced("p < 1", claim_at("417", "55", "n('uses_dmp=oui')"))
    html = pypandoc.convert_text(text._repr_markdown_(), "html", format="markdown")
    assert html.strip() == (
        '<p><a href="/chapters/reproduction/registre.qmd#c-l417-2" class="trace"\n'
        f'title="Thèse, l.{NBSP}417">p &lt; 1</a></p>'
    )


def test_a_trace_is_plain_text_in_the_pdf() -> None:
    written = pypandoc.convert_text(
        n("uses_dmp=oui")._repr_markdown_(),
        "typst",
        format="markdown",
        filters=[str(ROOT / "assets/filters/typographie.lua")],
    )
    assert written.strip() == "55"


def test_a_text_made_from_another_keeps_its_trace() -> None:
    assert claim_of(retold("une autre", n("uses_dmp=oui"))) == claim_of(n("uses_dmp=oui"))
    assert not isinstance(retold("une autre", Text("x")), Traced)
