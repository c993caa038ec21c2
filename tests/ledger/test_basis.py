"""What a claim rests on, in the ledger and in the marks under the tables."""

from pathlib import Path

import pytest

from analysis.ledger.engine import Engine, checks_of, is_pointer, registered_objects
from analysis.printed import read_claims
from analysis.reconstruction.basis import RestsOn
from analysis.survey import load
from tests.ledger.conftest import Make


@pytest.mark.parametrize(
    ("key", "kind", "found"),
    [
        ("printed('recruitment:replies')", "count", "print"),
        ("in_herault('age')", "count", "print"),
        ("ta1:≤ 29:herault:1", "cell", "print"),
        ("", "fact", ""),
        ("n('uses_dmp=oui')", "count", "imposed"),
        ("n('uses_dmp=oui & age=50-59')", "count", "imposed"),
        ("n('age=30-39 & frequency=annuel')", "count", "imposed"),
        ("n('uses_dmp=oui & cluster=5')", "count", "imposed"),
        ("share('cluster=1', 'uses_dmp=oui & age=50-59')", "percentage", "imposed"),
        ("n_marked('U1')", "count", "imposed"),
        ("chi2_p('non_users', 'barrier_2')", "p_value", "imposed"),
        ("share('t1=4|5')", "percentage", "imposed"),
        ("computed('s5')", "p_value", "imposed"),
        ("s5", "p_value", "imposed"),
        ("in_quadrant('tc1', 'age=30-39')", "verbal", "selected"),
        # Annexe VI lists neither; one p-value leaves one table of its variable, the other twelve.
        (
            "share('cluster=3', 'uses_dmp=oui & practice_type=seul_liberal')",
            "percentage",
            "imposed",
        ),
        ("share('cluster=4', 'uses_dmp=non & age=30-39')", "percentage", "open"),
        ("n('age=60-69 & purpose=creation')", "count", "open"),
        # Nobody imposed these; the bounds of the counts prove them.
        ("n('practice=salarié & frequency=journalier')", "count", "determined"),
        (
            "n('practice=salarié & frequency=hebdomadaire|journalier')",
            "count",
            "determined",
        ),
        (
            "n('age=30-39 & purpose=ajout') > n('age=30-39 & purpose=creation')",
            "verbal",
            "determined",
        ),
        (
            "2 * n('age=30-39 & purpose=ajout') > n('uses_dmp=oui & age=30-39')",
            "verbal",
            "determined",
        ),
        ("share('purpose=ajout', 'uses_dmp=oui & age=30-39') > 50", "verbal", "determined"),
        ("n('age=30-39 & purpose=ajout') > 10", "verbal", "open"),
        (
            "n('age=30-39 & purpose=ajout') > 0 and n('age=60-69 & t1=5') >= 0",
            "verbal",
            "determined",
        ),
        ("repeat('b') > 0 and n('age=30-39 & purpose=ajout') > 0", "verbal", "open"),
        ("n('age=60-69 & t1=5')", "count", "open"),
        ("n('practice=libéral & place=seul')", "count", "determined"),
    ],
)
def test_a_claim_rests_on(claim: Make, key: str, kind: str, found: str) -> None:
    printed = {"s5": "0.0357*", "ta1:≤ 29:herault:1": "14"}.get(key, "1")
    own = claim(key, printed, kind, line="330-340")
    other = claim("n('age=60-69 & purpose=creation')", "2", id_="b")
    assert Engine([own, other]).outcome(own).recorded.rests_on == found


def test_a_verdict_never_rests_on_what_print_leaves_open(claim: Make) -> None:
    own = claim("n('age=60-69 & purpose=creation')", "2")
    assert Engine([own]).outcome(own).recorded.verdict == "unsettled"


def test_what_is_proved_is_judged_like_what_is_imposed(claim: Make) -> None:
    own = claim("n('practice=salarié & frequency=journalier')", "1")
    assert Engine([own]).outcome(own).recorded.verdict == "discrepancy"


def test_what_is_proved_does_not_hold_of_rows_that_print_excludes(claim: Make) -> None:
    own = claim("n('age=30-39 & purpose=ajout') > 0", "ajoutent", "verbal")
    nobody = load().assign(purpose="creation")
    assert Engine([own], nobody).outcome(own).recorded.rests_on == "open"


def test_with_real_answers_nothing_is_imposed(
    claim: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from analysis.paths import RESPONDENTS  # noqa: PLC0415

    own = tmp_path / "responses.csv"
    own.write_bytes(RESPONDENTS.read_bytes())
    monkeypatch.setenv("DMP_RESPONDENTS", str(own))
    joint = claim("n('age=60-69 & purpose=creation')")
    claims = [joint, claim("in_herault('age')", "1880", id_="b"), claim("s5", "0.0357*", id_="c")]
    found = [outcome.rests_on for outcome in Engine(claims).outcomes()]
    assert found == [RestsOn.ANSWERS, RestsOn.PRINT, RestsOn.ANSWERS]


def test_the_mark_of_a_table_and_the_ledger_agree_on_every_number() -> None:
    recorded = {each.key: each.rests_on for each in read_claims() if is_pointer(each.key)}
    marked = {
        pointer: str(check.rests_on)
        for object_id in registered_objects()
        for pointer, check in checks_of(object_id).items()
        if pointer in recorded
    }
    assert len(marked) == len(recorded) > 800
    assert marked == recorded
