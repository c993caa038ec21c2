"""What a claim rests on."""

from pathlib import Path

import pytest

from analysis.ledger.engine import Engine
from analysis.ledger.provenance import provenances
from tests.ledger.conftest import Make


@pytest.mark.parametrize(
    ("key", "kind", "found"),
    [
        ("recruited('replies')", "count", "printed"),
        ("doctors('age')", "count", "printed"),
        ("", "fact", ""),
        ("n('uses_dmp', 'oui')", "count", "imposed"),
        ("n('age', '50-59', uses_dmp='oui')", "count", "imposed"),
        ("n('frequency', 'annuel', age='30-39')", "count", "imposed"),
        ("cla_mod('users', 1, 'age', '50-59')", "percentage", "imposed"),
        ("chi2_p('non_users', 'barrier_2')", "p_value", "imposed"),
        ("share('t1', '4', '5')", "percentage", "imposed"),
        ("computed('s5')", "p_value", "imposed"),
        ("s5", "p_value", "imposed"),
        # Clusters and ages are crossed in the annexe, but this cell is not printed.
        ("cla_mod('users', 2, 'age', '50-59')", "percentage", "determined"),
        ("n('purpose', 'creation', age='60-69')", "count", "open"),
        ("n('t1', '5', age='60-69')", "count", "open"),
    ],
)
def test_a_claim_rests_on(claim: Make, key: str, kind: str, found: str) -> None:
    printed = "0.0357*" if key == "s5" else "1"
    assert provenances(Engine([claim(key, printed, kind)])) == {"a": found}


def test_with_real_answers_nothing_is_imposed(
    claim: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from analysis.paths import RESPONDENTS  # noqa: PLC0415

    own = tmp_path / "responses.csv"
    own.write_bytes(RESPONDENTS.read_bytes())
    monkeypatch.setenv("DMP_RESPONDENTS", str(own))
    joint = claim("n('purpose', 'creation', age='60-69')")
    claims = [joint, claim("doctors('age')", "1880", id_="b"), claim("s5", "0.0357*", id_="c")]
    assert provenances(Engine(claims)) == {"a": "answers", "b": "printed", "c": "answers"}
