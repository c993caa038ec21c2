"""The ledger file: a damaged row is named by file, row, column, value and rule."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.files import InputError
from analysis.printed import Claim
from analysis.printed.claims import check_verdicts, read_claims, write_claims
from analysis.printed.sections import span

CLAIM = Claim(
    id="l945-1",
    section="IV.D.1.a",
    line="945",
    kind="percentage",
    key="cla_mod('users', 1, 'age', '50-59')",
    printed="64%",
    expected="",
    computed="64.28571429",
    verdict="match",
    rests_on="imposed",
    comment="Utilisateurs de 50 à 59 ans, classe I.",
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*claims: Claim) -> Path:
        path = tmp_path / "claims.csv"
        write_claims(claims, path)
        return path

    return written


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        read_claims(path)
    return [str(fault) for fault in error.value.faults]


def test_what_is_written_is_what_is_read(write: Write) -> None:
    other = replace(CLAIM, id="l947-1", comment='Avec « , » et "guillemets"')
    assert read_claims(write(CLAIM, other)) == (CLAIM, other)


def test_nothing_is_left_beside_the_file(write: Write) -> None:
    path = write(CLAIM)
    assert [each.name for each in path.parent.iterdir()] == ["claims.csv"]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("id", "L945", "not of the form [a-z0-9]+"),
        ("section", "IV.Z", "the thesis has no such section"),
        ("line", "945 à 947", "not of the form "),
        ("line", "3329", "the text of the thesis has lines 1 to 3328"),
        ("line", "947-945", "the last line comes before the first"),
        ("kind", "guess", "not one of cell, count"),
        ("verdict", "faux", "not one of match, rounding, discrepancy, not_established, "),
        ("rests_on", "faith", "not one of print, imposed, selected, determined, open"),
        ("comment", " en retrait", "the cell begins or ends with a space"),
    ],
)
def test_a_wrong_cell_is_named(write: Write, column: str, value: str, rule: str) -> None:
    (fault,) = faults(write(replace(CLAIM, **{column: value})))
    assert fault.startswith(f"claims.csv, row 2, column {column}: {value!r}: {rule}")


def test_a_claim_without_a_printed_text_is_named(write: Write) -> None:
    (fault,) = faults(write(replace(CLAIM, printed="")))
    assert fault.endswith("row 2, column printed: a claim says what is printed, or expected")


def test_a_sum_says_what_is_expected_where_nothing_is_printed(write: Write) -> None:
    expected = replace(CLAIM, kind="sum", printed="", expected="100 %")
    assert read_claims(write(expected)) == (expected,)


@pytest.mark.parametrize("change", [{"printed": "99%"}, {"kind": "count"}])
def test_nothing_but_a_sum_that_is_not_printed_is_expected(
    write: Write, change: dict[str, str]
) -> None:
    expected = replace(CLAIM, kind="sum", printed="", expected="100 %")
    (fault,) = faults(write(replace(expected, **change)))
    assert fault.endswith("only a sum that is not printed is expected")


def verdict_faults(claim: Claim, contested: tuple[str, ...] = ()) -> list[str]:
    try:
        check_verdicts([claim], contested)
    except InputError as error:
        return [fault.rule for fault in error.faults]
    return []


def test_a_recorded_discrepancy_has_its_readings() -> None:
    wrong = replace(CLAIM, printed="70%", verdict="discrepancy")
    assert verdict_faults(wrong) == ["a discrepancy has its readings"]
    assert verdict_faults(wrong, (wrong.id,)) == []


def test_a_sum_that_is_off_accuses_nobody() -> None:
    off = replace(CLAIM, kind="sum", printed="", expected="70%", verdict="unsettled")
    assert verdict_faults(off) == []
    assert "does not follow" in verdict_faults(replace(off, verdict="discrepancy"))[0]


def test_what_print_leaves_open_is_unsettled() -> None:
    is_open = replace(CLAIM, rests_on="open")
    assert "does not follow" in verdict_faults(is_open)[0]
    assert verdict_faults(replace(is_open, verdict="unsettled")) == []


def test_a_recomputed_claim_says_what_it_rests_on() -> None:
    assert "rests on something" in verdict_faults(replace(CLAIM, rests_on=""))[0]


def test_a_claim_that_nothing_recomputes_needs_a_reason(write: Write) -> None:
    (fault,) = faults(write(replace(CLAIM, key="", comment="")))
    assert fault.endswith("a claim that nothing recomputes says why")


def test_an_id_that_stands_twice_is_named_with_its_first_row(write: Write) -> None:
    (fault,) = faults(write(CLAIM, CLAIM))
    assert fault == "claims.csv, row 3, column id: 'l945-1': row 2 has the same id"


def test_every_fault_of_a_file_is_found(write: Write) -> None:
    assert len(faults(write(replace(CLAIM, kind="guess"), replace(CLAIM, line="0")))) == 3


def test_a_missing_column_is_named(write: Write) -> None:
    path = write(CLAIM)
    path.write_text(path.read_text("utf-8").replace(",verdict", "", 1), "utf-8")
    assert faults(path) == ["claims.csv, row 1, column verdict: the column is missing"]


def test_a_row_with_a_cell_too_few_is_named(write: Write) -> None:
    path = write(replace(CLAIM, comment="Part"))
    path.write_text(path.read_text("utf-8").replace(",Part", ""), "utf-8")
    assert faults(path) == ["claims.csv, row 2: 10 cells instead of 11"]


def test_another_encoding_is_named(write: Write) -> None:
    path = write(CLAIM)
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    (fault,) = faults(path)
    assert fault.startswith("claims.csv, row 2: the file is not UTF-8")


def test_a_file_without_a_row_is_named(write: Write) -> None:
    assert faults(write()) == ["claims.csv: the file has a header and no row"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^none\.csv: the file is missing$"):
        read_claims(tmp_path / "none.csv")


def test_span_of_one_line_begins_and_ends_there() -> None:
    assert (span("945"), span("945-947")) == ((945, 945), (945, 947))
