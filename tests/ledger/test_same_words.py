"""The pages that speak of the same verdicts say the same of them."""

import re
from collections import Counter

from analysis.ledger import pages
from analysis.ledger.engine import Outcome
from analysis.ledger.errata import errata
from analysis.paths import ROOT
from analysis.printed import read_claims
from analysis.printed.errata import Severity
from analysis.report.inline import share
from analysis.report.sections import abstract, usage
from analysis.report.sections.strobe import items
from analysis.report.show.french import NBSP, NNBSP, Text


def number(text: Text) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_front_page_counts_what_the_ledger_counts() -> None:
    recorded, recomputed = abstract.by_basis(), pages.by_basis()
    assert recorded.to_markdown() == recomputed.to_markdown()
    found = Counter((claim.verdict, claim.rests_on) for claim in read_claims())
    assert number(abstract.n_claims("match", rests_on="print")) == found["match", "print"]
    for verdict in ("discrepancy", "unsettled", "not_established"):
        assert number(abstract.n_claims(verdict)) == number(pages.n_verdict(verdict))


def test_nothing_adds_up_what_rests_on_different_things() -> None:
    for page in ("index.qmd", "chapters/reproduction/registre.qmd"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert 'n_verdict("match")' not in text
        assert 'n_claims("match")' not in text
    assert not any(row.label == "Ensemble" for row in abstract.by_basis().rows)


def test_an_erratum_is_wrong_and_what_is_undecided_is_no_erratum(
    outcomes: tuple[Outcome, ...],
) -> None:
    for each in errata(outcomes):
        verdicts = {outcome.verdict for outcome in each.outcomes}
        is_wrong = each.severity is not Severity.UNDECIDED
        assert verdicts <= ({"discrepancy"} if is_wrong else {"unsettled", "not_established"})
        assert each.reason, each.id
        assert each.consequence, each.id


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(NNBSP, " ")


def reason(id_: str, outcomes: tuple[Outcome, ...]) -> str:
    (own,) = (each for each in errata(outcomes) if each.id == id_)
    return f"{own.reason} {own.consequence}"


def test_the_errata_say_the_numbers_of_the_chapters(outcomes: tuple[Outcome, ...]) -> None:
    """The abstracts and the discussion compute them; the errata quote them."""
    numbers = usage.numbers() | abstract.numbers()
    compared = {
        "freins": (numbers["access_least"], numbers["access_most"]),
        "moins-de-39-ans": (
            *(share("users", of=f"age={ages}") for ages in ("<29|30-39", "40-49|50-59|60-69")),
            numbers["ages"],
        ),
        "utile-en-urgence": (share("t1>=4"),),
        "mixtes": (numbers["mixte_libéral"], numbers["mixte_salarié"]),
        "type-et-lieu": (usage.s5().relation,),
    }
    for id_, texts in compared.items():
        for text in texts:
            assert plain(text).removesuffix(" %") in reason(id_, outcomes), (id_, text)


def test_no_page_says_that_print_is_wrong_where_it_is_undecided() -> None:
    for path in sorted((ROOT / "chapters").rglob("*.qmd")):
        text = path.read_text(encoding="utf-8")
        for word in ("démentent", "la conclusion inverse", "Aucune conclusion ne s’inverse"):
            assert word not in text, path.name


def test_strobe_and_the_abstract_count_the_same_sentences(outcomes: tuple[Outcome, ...]) -> None:
    strobe = " ".join(item.comment for item in items())
    abstracts = (ROOT / "chapters" / "resume.qmd").read_text(encoding="utf-8")
    assert "trois phrases ne sont pas établies par les tableaux" in strobe
    assert "Trois phrases que les tableaux n’établissent pas" in abstracts
    undecided = {
        each.id
        for each in errata(outcomes)
        for outcome in each.outcomes
        if outcome.claim.section == "Résumé" and each.severity is Severity.UNDECIDED
    }
    assert undecided == {"moins-de-39-ans", "type-et-lieu", "logiciels-compatibles"}
