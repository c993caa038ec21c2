"""The ledger file: a damaged row is named by file, row, column, value and rule."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.files import InputError
from analysis.printed import Claim
from analysis.printed.claims import read_claims, write_claims
from analysis.printed.sections import span

CLAIM = Claim(
    id="l945-1",
    section="IV.D.1.a",
    line="945",
    kind="percentage",
    key="cla_mod('users', 1, 'age', '50-59')",
    printed="64%",
    computed="64.28571429",
    verdict="match",
    comment="Utilisateurs de 50 à 59 ans, catégorie I.",
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
        ("verdict", "faux", "not one of match, rounding, discrepancy, not_recomputable"),
        ("comment", " en retrait", "the cell begins or ends with a space"),
    ],
)
def test_a_wrong_cell_is_named(write: Write, column: str, value: str, rule: str) -> None:
    (fault,) = faults(write(replace(CLAIM, **{column: value})))
    assert fault.startswith(f"claims.csv, row 2, column {column}: {value!r}: {rule}")


def test_a_claim_without_a_printed_text_is_named(write: Write) -> None:
    (fault,) = faults(write(replace(CLAIM, printed="")))
    assert "row 2, column printed" in fault


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
    assert faults(path) == ["claims.csv, row 2: 8 cells instead of 9"]


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
