"""Bringing the ledger up to date."""

from pathlib import Path

import pytest

from analysis.ledger.verification import update, updated
from analysis.printed import Claim, read_claims, read_readings
from analysis.printed.claims import write_claims
from analysis.printed.sections import span
from tests.ledger.conftest import Make


@pytest.fixture(scope="module")
def made(claim: Make) -> tuple[Claim, ...]:
    """Bring a ledger of three claims up to date."""
    rival = claim("n('uses_dmp=non')", "0.2706", "p_value", id_="rival", line="632")
    kept = claim("tb3:age/<29:users:2", "25,00", "cell", id_="mine", line="632", comment="Raison.")
    return updated([claim("n('uses_dmp')", "100", line="3"), rival, kept])


def test_the_ledger_of_the_project_is_up_to_date() -> None:
    claims = read_claims()
    assert updated(claims, read_readings()) == claims


def test_each_number_that_an_object_compares_gets_a_claim(made: tuple[Claim, ...]) -> None:
    found = {each.key: each for each in made}["tb3:practice/libéral:users:2"]
    assert (found.printed, found.verdict, found.section) == ("53,41", "match", "IV.B.3")


def test_a_p_value_of_a_table_is_called_one(made: tuple[Claim, ...]) -> None:
    kinds = {each.key: each.kind for each in made}
    assert kinds["tb3:practice/libéral:p_value:1"] == "p_value"
    assert kinds["tb3:practice/libéral:users:1"] == "cell"


def test_a_statistic_that_a_table_shows_gets_no_claim_of_its_own(
    made: tuple[Claim, ...],
) -> None:
    assert "s5" not in {each.key for each in made}


def test_a_number_with_a_claim_made_by_hand_gets_no_other(made: tuple[Claim, ...]) -> None:
    assert "tb3:age/<29:p_value:1" not in {each.key for each in made}


def test_comments_and_ids_of_known_numbers_stay(made: tuple[Claim, ...]) -> None:
    found = {each.key: each for each in made}["tb3:age/<29:users:2"]
    assert (found.id, found.comment) == ("mine", "Raison.")


def test_claims_come_in_the_order_of_their_lines(made: tuple[Claim, ...]) -> None:
    starts = [span(each.line)[0] for each in made]
    assert starts == sorted(starts)
    assert starts[0] == 3


def test_a_pointer_that_leads_nowhere_is_dropped_and_named(
    claim: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "claims.csv"
    write_claims([claim("tb9:x:y:1", kind="cell", id_="gone")], path)
    assert update(path) == 0
    assert "dropped: gone" in capsys.readouterr().err
    assert "gone" not in {each.id for each in read_claims(path)}


def test_a_key_made_by_hand_that_leads_nowhere_stops_it(
    claim: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "claims.csv"
    write_claims([claim("n('eyes')")], path)
    before = path.read_bytes()
    assert update(path) == 1
    assert "no variable eyes" in capsys.readouterr().err
    assert path.read_bytes() == before
