"""Errata: discrepancies by their cause, and how grave they are."""

import re
from pathlib import Path

import pytest

from analysis.files import InputError
from analysis.ledger.engine import (
    Engine,
    Erratum,
    crosses_threshold,
    errata,
    severity_of,
)
from analysis.printed import Claim
from analysis.printed.claims import Severity, read_causes
from analysis.results.outcomes import Outcome
from tests.ledger.conftest import Make

HEADER = "id,severity,title,claims,reason,consequence\n"


@pytest.fixture
def causes(tmp_path: Path) -> Path:
    return tmp_path / "errata.csv"


def recomputed(*claims: Claim) -> list[Outcome]:
    return list(Engine(claims).outcomes())


def wrong(claim: Make, id_: str = "a", line: str = "417") -> Claim:
    return claim("n('uses_dmp=non')", "40", id_=id_, line=line, comment=f"Raison de {id_}.")


def test_every_discrepancy_of_the_project_has_a_cause(outcomes: tuple[Outcome, ...]) -> None:
    assert [each.id for each in errata(outcomes) if not each.consequence] == []


def test_the_file_of_the_causes_is_sound(outcomes: tuple[Outcome, ...]) -> None:
    assert len(read_causes(claims=[outcome.recorded for outcome in outcomes])) > 0


def test_the_gravest_come_first(outcomes: tuple[Outcome, ...]) -> None:
    order = [list(Severity).index(each.severity) for each in errata(outcomes)]
    assert order == sorted(order)
    assert order[0] == 0


def test_a_graver_erratum_comes_before_one_that_the_file_names_first(
    claim: Make, causes: Path
) -> None:
    causes.write_text(HEADER + "x,typographic,T,a,R,S\ny,conclusion,T,b,R,S\n", "utf-8")
    found = errata(recomputed(wrong(claim), wrong(claim, "b")), causes)
    assert [each.id for each in found] == ["y", "x"]


def test_an_erratum_gathers_the_claims_it_names(claim: Make, causes: Path) -> None:
    causes.write_text(HEADER + "x,,Titre,b a,Raison,Suite\n", "utf-8")
    found = errata(recomputed(wrong(claim), wrong(claim, "b"), wrong(claim, "c")), causes)
    gathered = {each.id: [one.claim.id for one in each.outcomes] for each in found}
    assert gathered == {"x": ["b", "a"], "c": ["c"]}
    assert (found[0].reason, found[0].consequence) == ("Raison", "Suite")


def test_what_is_undecided_is_no_erratum_and_comes_last(claim: Make, causes: Path) -> None:
    off = claim("n('uses_dmp=non')", "", "sum", id_="b", expected="44")
    causes.write_text(HEADER + "x,undecided,T,b,R,S\ny,,T,a,R,S\n", "utf-8")
    found = errata(recomputed(off, wrong(claim)), causes)
    assert [(each.id, each.severity) for each in found] == [("y", "number"), ("x", "undecided")]
    assert "b" not in severity_of(recomputed(off))


def test_an_erratum_says_in_a_few_sentences_why_and_what_it_changes() -> None:
    for cause in read_causes():
        sentences = re.findall(r"[.?!](?= [A-ZÀ-Ý«0-9]|$)", cause.reason)
        assert 1 <= len(sentences) <= 4, cause.id
        assert not re.search(r"Effectif$|\b(mensonge|faute|négligen)", cause.reason), cause.id


def test_a_cause_without_a_discrepancy_is_no_erratum(claim: Make, causes: Path) -> None:
    causes.write_text(HEADER + "x,,Titre,a,Raison,Suite\n", "utf-8")
    assert errata(recomputed(claim("n('uses_dmp=non')", "45")), causes) == ()


@pytest.mark.parametrize(
    ("written", "severity"),
    [("", "number"), ("typographic", "typographic"), ("conclusion", "conclusion")],
)
def test_the_file_says_how_grave_an_erratum_is(
    claim: Make, causes: Path, written: str, severity: str
) -> None:
    causes.write_text(HEADER + f"x,{written},Titre,a,Raison,Suite\n", "utf-8")
    (found,) = errata(recomputed(wrong(claim)), causes)
    assert found.severity == severity


def test_a_p_value_on_the_other_side_of_the_threshold_changes_a_conclusion(
    claim: Make, causes: Path
) -> None:
    causes.write_text(HEADER + "x,typographic,Titre,a,Raison,Suite\n", "utf-8")
    p_value = claim("computed('s5')", "0,0557", "p_value")
    (found,) = errata(recomputed(p_value), causes)
    assert found.severity is Severity.CONCLUSION


@pytest.mark.parametrize(
    ("key", "printed", "crosses"),
    [
        ("computed('s5')", "0,0557", True),
        ("computed('s5')", "0,0457", False),
        ("computed('s4')", "<0,001", True),
        ("computed('s4')", ">0,05", False),
        ("computed('s5')", ">0,05", True),
    ],
)
def test_crosses_threshold(claim: Make, key: str, printed: str, crosses: bool) -> None:
    (found,) = recomputed(claim(key, printed, "p_value"))
    assert crosses_threshold(found) is crosses


def test_a_count_crosses_nothing(claim: Make) -> None:
    (found,) = recomputed(claim("n('uses_dmp=non & practice=mixte')", "6"))
    assert not crosses_threshold(found)


def test_a_rounded_number_is_a_slip_of_the_pen(claim: Make) -> None:
    rounded = claim("share('change_money=oui')", "41%", "percentage")
    assert severity_of(recomputed(rounded)) == {"a": Severity.TYPOGRAPHIC}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("x,grave,T,a,R,S\n", "errata.csv, row 2, column severity: 'grave': not one of"),
        ("x,,T,nobody,R,S\n", "row 2, column claims: 'nobody': the ledger has no such"),
        ("x,,T,b,R,S\n", "row 2, column claims: 'b': the claim is not discrepancy: match"),
        (
            "x,undecided,T,a,R,S\n",
            "row 2, column claims: 'a': the claim is not unsettled or not_established: disc",
        ),
        ("x,,T,a,R,S\ny,,T,a,R,S\n", "row 3, column claims: 'a': row 2 names it too"),
        ("x,,T,a,R,S\nx,,T,b,R,S\n", "row 3, column id: 'x': row 2 has the same id"),
        ("x,,T\n", "errata.csv, row 2: 3 cells instead of 6"),
    ],
)
def test_a_fault_of_the_file_is_named(claim: Make, causes: Path, rows: str, fault: str) -> None:
    causes.write_text(HEADER + rows, "utf-8")
    right = claim("n('uses_dmp=non')", "45", id_="b")
    recorded = [each.recorded for each in recomputed(wrong(claim), right)]
    with pytest.raises(InputError) as error:
        read_causes(causes, recorded)
    assert any(fault in str(found) for found in error.value.faults)


def test_an_erratum_without_its_columns_is_named(claim: Make, causes: Path) -> None:
    causes.write_text("id,title\n", "utf-8")
    with pytest.raises(InputError, match=r"^errata\.csv, row 1, column severity"):
        read_causes(causes, [each.recorded for each in recomputed(wrong(claim))])


def test_what_changes_a_conclusion_is_known(outcomes: tuple[Outcome, ...]) -> None:
    grave: list[Erratum] = [
        each for each in errata(outcomes) if each.severity is Severity.CONCLUSION
    ]
    assert {each.id for each in grave} == {"frequents-40-49"}
