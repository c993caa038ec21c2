"""The pages that speak of the same verdicts say the same of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from analysis.ledger import pages
from analysis.ledger.engine import Engine, Erratum, errata
from analysis.paths import ROOT
from analysis.printed import Verdict, compare, read_claims
from analysis.printed.claims import Severity
from analysis.printed.sections import span
from analysis.report.inline import share
from analysis.report.sections import abstract, usage
from analysis.report.sections.reproduction import items
from analysis.report.show.french import NBSP, NNBSP, Text
from analysis.results.outcomes import Outcome
from analysis.statistics.contingency import cramers_v
from analysis.survey import tabulate
from tests.ledger.conftest import Make


def number(text: Text) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_front_page_counts_what_the_ledger_counts() -> None:
    recorded, recomputed = abstract.by_basis(), pages.by_basis()
    assert recorded.to_markdown() == recomputed.to_markdown()
    found = Counter((claim.verdict, claim.rests_on) for claim in read_claims())
    assert number(abstract.n_claims("match", rests_on="print")) == found["match", "print"]
    for verdict in ("discrepancy", "unsettled", "not_established"):
        assert number(abstract.n_claims(verdict)) == number(pages.n_claims(verdict))


def test_nothing_adds_up_what_rests_on_different_things() -> None:
    for page in ("index.qmd", "chapters/reproduction/registre.qmd"):
        text = (ROOT / page).read_text(encoding="utf-8")
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
        "freins": (
            share("barrier_1=manque_info_acces", of="non_users"),
            numbers["access_most"],
        ),
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


BESIDE = {
    "cabinets-de-groupe": (
        "fisher_p((12, 6), (43, 34), (0, 5))",
        "said('tb2-563-2') + said('tb2-563-4') + said('tb2-563-6')",
    ),
    "population": ("in_herault('age') - total('taii', 'n', variable='place')",),
}
"""What an erratum says beside what its claims and their lines say."""
_COMPARED = re.compile(r" (?:<|>|<=|>=|==) ")
_LINES = re.compile(r"\bl\. (\d+(?:-\d+)?)")
_NUMBER = re.compile(r"<?\d+,\d+(?: ?%)?|\d+ %|\b(?!20)\d{3,4}\b")
"""A number of an erratum; a small whole one is often a name, and 2016 a year."""


def test_every_number_of_an_erratum_is_computed(outcomes: tuple[Outcome, ...], claim: Make) -> None:
    """It is one of its claims', or of another on their lines, on those it cites or rests on."""
    found = {outcome.claim.id: outcome for outcome in outcomes}
    engine = Engine(found[id_].claim for id_ in found)

    def computed(keys: Iterable[str]) -> Iterator[float]:
        for key in keys:
            try:
                value = engine.outcome(claim(key, "0", id_=f"side-{key}")).value
            except ValueError:  # A side of a longer comparison, or what gives no number.
                continue
            if value is not None:
                yield float(value)

    strange = []
    for each in errata(outcomes):
        text = f"{each.title} {each.reason} {each.consequence}".replace("seuil de 5 %", "seuil")
        near = [
            o
            for o in outcomes
            if any(_meet(o.claim.line, line) for line in _lines(each, _LINES.findall(text)))
        ]
        printed = {o.claim.printed.lstrip("=<").replace(".", ",").rstrip(" %") for o in near}
        keys = {key for o in near for key in (o.claim.key, *(t.key for t in o.readings))}
        sides = {side for key in keys for side in _COMPARED.split(key) if "(" in side}
        values = [*computed(sorted(sides)), *computed(BESIDE.get(each.id, ())), *_strengths(each)]
        strange += [
            (each.id, number)
            for number in _NUMBER.findall(_LINES.sub("", text))
            if number.strip("< %") not in printed
            and not any(compare(number, value) is Verdict.MATCH for value in values)
        ]
    assert strange == []


def _lines(erratum: Erratum, told: list[str]) -> Iterator[str]:
    yield from told
    for outcome in erratum.outcomes:
        yield outcome.claim.line
        for reading in outcome.readings:
            yield from reading.lines


def _meet(one: str, other: str) -> bool:
    (first, last), (start, end) = span(one), span(other)
    return first <= end and start <= last


def _strengths(erratum: Erratum) -> list[float]:
    if erratum.id != "type-et-lieu":
        return []
    tables = (tabulate(name, "uses_dmp") for name in ("age", "practice", "place"))
    return [cramers_v(table.to_numpy()).estimate for table in tables]


def test_no_page_says_that_print_is_wrong_where_it_is_undecided() -> None:
    for path in sorted((ROOT / "chapters").rglob("*.qmd")):
        text = path.read_text(encoding="utf-8")
        for word in ("démentent", "la conclusion inverse", "Aucune conclusion ne s’inverse"):
            assert word not in text, path.name


def test_strobe_and_the_abstract_count_the_same_sentences(outcomes: tuple[Outcome, ...]) -> None:
    strobe = " ".join(item["comment"] for item in items())
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
