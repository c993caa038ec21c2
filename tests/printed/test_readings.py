"""The readings of a contested claim, and the verdict that follows from them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.files import InputError
from analysis.printed import Claim, Verdict, read_claims, read_readings, verdict_of

RIGHT, ROUNDING, WRONG = Verdict.MATCH, Verdict.ROUNDING, Verdict.DISCREPANCY
SILENT = Verdict.NOT_RECOMPUTABLE
HEADER = "claims,role,reading,key,lines\n"


@pytest.mark.parametrize(
    ("readings", "supports", "verdict"),
    [
        ([RIGHT], [], "match"),
        ([RIGHT, RIGHT], [], "match"),
        ([RIGHT, ROUNDING], [], "rounding"),
        ([WRONG, WRONG], [], "discrepancy"),
        ([RIGHT, WRONG], [], "unsettled"),
        ([RIGHT, SILENT], [], "unsettled"),
        ([WRONG, SILENT], [], "unsettled"),
        ([SILENT], [], "unsettled"),
        ([RIGHT], [True], "match"),
        ([RIGHT], [False], "not_established"),
        ([RIGHT, WRONG], [False], "not_established"),
        ([RIGHT], [True, False], "unsettled"),
        ([WRONG], [False], "discrepancy"),
        ([WRONG, WRONG], [True], "discrepancy"),
    ],
)
def test_the_verdict_follows_from_the_readings(
    readings: list[Verdict], supports: list[bool], verdict: str
) -> None:
    assert verdict_of(readings, supports) == verdict


def test_the_readings_of_the_project_are_of_claims_of_the_ledger() -> None:
    claims = read_claims()
    contested = {name for each in read_readings(claims=claims) for name in each.claims}
    wrong = {each.id for each in claims if each.verdict in ("discrepancy", "not_established")}
    assert wrong <= contested <= {each.id for each in claims}


def test_each_reading_is_put_in_words_of_its_own() -> None:
    texts = [(each.claims, each.text) for each in read_readings()]
    assert len(set(texts)) == len(texts)
    assert all(len(text) > 12 for _, text in texts)


@pytest.fixture
def faults(tmp_path: Path) -> Callable[[str], list[str]]:
    def find(rows: str) -> list[str]:
        path = tmp_path / "readings.csv"
        path.write_text(HEADER + rows, "utf-8")
        known = [Claim("a", "IV.B", "417", "count", "", "1", "", "", "", "", "x")]
        with pytest.raises(InputError) as error:
            read_readings(path, known)
        return list(error.value.lines())

    return find


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("b,reading,Mot,,417\n", "row 2, column claims: 'b': the ledger has no such claim"),
        ("a,guess,Mot,,417\n", "row 2, column role: 'guess': not one of reading, support"),
        ("a,reading,Mot,,\n", "row 2, column lines: the cell is blank"),
        ("a,reading,Mot,,9999\n", "row 2, column lines: '9999': the text of the thesis has"),
        ("a,reading,Mot,,417 418-\n", "row 2, column lines: '417 418-': not of the form"),
        ("a,reading,,,417\n", "row 2, column reading: the cell is blank"),
        ("a,support,Mot,n(),417\n", "row 2, column claims: 'a': a support without a reading"),
        ("a,reading,Mot,,417\na,support,Mot,,417\n", "row 3, column key: a support has a key"),
        ("a,reading,Mot,,417\na,reading,Mot,,418\n", "row 3: 'a,Mot': row 2 has the same"),
    ],
)
def test_a_fault_of_the_file_is_named(
    faults: Callable[[str], list[str]], rows: str, fault: str
) -> None:
    assert any(f"readings.csv, {fault}" in line for line in faults(rows))
