"""From a key to a value, a text and a verdict."""

from dataclasses import replace

import pytest

from analysis.ledger.engine import Engine
from analysis.ledger.expressions import ExpressionError
from analysis.printed import Claim, Reading, Verdict
from analysis.results.outcomes import Outcome, same_text
from tests.ledger.conftest import Make


def outcome(*claims: Claim) -> Outcome:
    """Recompute the first claim, beside the others."""
    return Engine(claims).outcome(claims[0])


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("64%", Verdict.MATCH),
        ("64,2", Verdict.ROUNDING),
        ("64,28", Verdict.ROUNDING),
        ("64,29", Verdict.MATCH),
        ("75%", Verdict.DISCREPANCY),
    ],
)
def test_a_number_is_judged_by_its_printed_digits(
    claim: Make, printed: str, verdict: Verdict
) -> None:
    key = "share('cluster=1', 'uses_dmp=oui & age=50-59')"
    assert outcome(claim(key, printed, "percentage")).verdict is verdict


def test_a_claim_without_a_key_is_not_recomputable(claim: Make) -> None:
    found = outcome(claim("", "68 médecins", "fact"))
    assert (found.verdict, found.text) == (Verdict.NOT_RECOMPUTABLE, "")


@pytest.mark.parametrize(
    ("key", "verdict", "text"),
    [
        ("n('practice=mixte') == 6", Verdict.MATCH, "vrai"),
        ("n('practice=mixte') > 6", Verdict.DISCREPANCY, "faux"),
    ],
)
def test_a_statement_is_true_or_false(claim: Make, key: str, verdict: Verdict, text: str) -> None:
    found = outcome(claim(key, "Six praticiens", "verbal"))
    assert (found.verdict, found.text) == (verdict, text)


def test_a_pointer_gives_what_the_regenerated_object_compares(claim: Make) -> None:
    found = outcome(claim("tb3:practice/libéral:users:2", "53,41", "cell"))
    assert (found.verdict, found.text) == (Verdict.MATCH, "53.40909091")


def test_a_statistic_is_a_pointer_of_its_own(claim: Make) -> None:
    assert outcome(claim("s5", "0.0357*", "p_value")).verdict is Verdict.MATCH


def test_a_repeat_has_what_the_repeated_claim_comes_to(claim: Make) -> None:
    first = claim("n('uses_dmp=non')", "40", id_="first")
    found = outcome(claim("repeat('first')", "40", "repeat"), first)
    assert (found.verdict, found.text) == (Verdict.DISCREPANCY, "45")


def test_a_repeat_of_what_nothing_recomputes_is_compared_with_print(claim: Make) -> None:
    first = claim("", "47%", "percentage", id_="first")
    assert outcome(claim("repeat('first')", "47%", "repeat"), first).verdict is Verdict.MATCH
    assert outcome(claim("repeat('first')", "48%", "repeat"), first).verdict is Verdict.DISCREPANCY


def test_what_another_claim_says_can_be_reckoned_with(claim: Make) -> None:
    first = claim("n('uses_dmp=non')", "40", id_="first")
    assert outcome(claim("2 * said('first')", "80", "sum"), first).verdict is Verdict.MATCH


def test_a_sum_of_counts_may_miss_nothing(claim: Make) -> None:
    key = "total('t3', 'n1', 'n2', 'n3', 'n4', 'n5', group='non_users')"
    found = outcome(claim(key, "", "sum", expected="45"))
    assert (found.text, found.verdict) == ("44", Verdict.UNSETTLED)


def read(claim: Claim, *readings: Reading) -> Outcome:
    return Engine([claim], readings=readings).outcome(claim)


def reading(key: str, role: str = "reading") -> Reading:
    return Reading(("a",), role, "Une lecture", key, ("417",))


def test_a_contested_claim_is_judged_by_its_readings(claim: Make) -> None:
    own = claim("n('uses_dmp=non')", "45")
    right, wrong = reading("n('uses_dmp=non')"), reading("n('uses_dmp=oui')")
    assert read(own, right).verdict is Verdict.MATCH
    assert read(own, wrong).verdict is Verdict.DISCREPANCY
    assert read(own, right, wrong).verdict is Verdict.UNSETTLED
    assert read(own, right, reading("")).verdict is Verdict.UNSETTLED
    tried = read(own, right, wrong, reading("")).readings
    assert [each.value for each in tried.values()] == [45, 55, None]


def test_a_statement_that_no_test_supports_is_not_established(claim: Make) -> None:
    own = claim("1 < 2", "plus", "verbal")
    found = read(own, reading("1 < 2"), reading("fisher_p((4, 19), (10, 90)) < 5 / 100", "support"))
    assert found.verdict is Verdict.NOT_ESTABLISHED


def test_a_reading_that_rests_on_what_print_leaves_open_decides_nothing(claim: Make) -> None:
    own = claim("n('uses_dmp=non')", "45")
    is_open = reading("n('age=60-69 & purpose=creation') < 3")
    found = read(own, reading("n('uses_dmp=non')"), is_open)
    assert (found.verdict, found.recorded.rests_on) == (Verdict.UNSETTLED, "open")


def test_the_key_of_a_reading_is_of_the_language(claim: Make) -> None:
    with pytest.raises(ExpressionError, match="no function guess"):
        read(claim("n('uses_dmp=non')", "45"), reading("guess()"))


@pytest.mark.parametrize(
    ("key", "kind", "words"),
    [
        ("n('uses_dmp') > 3", "count", "the key of a number gives a number"),
        ("n('uses_dmp')", "verbal", "the key of a statement compares"),
        ("'oui'", "count", "the key gives a text"),
        ("n( 'uses_dmp')", "count", r"an expression is written n\('uses_dmp'\)"),
        ("tb9:x:y:1", "cell", "no table, figure or statistic tb9 is regenerated"),
        ("tb3:age/90:users:1", "cell", "tb3 compares no such number"),
        ("tb3:age/<29:users:1", "cell", "compares the printed number 2"),
        ("repeat('nobody')", "repeat", "there is no claim nobody"),
        ("repeat('a')", "repeat", "the key leads back to a"),
        ("computed('s99')", "p_value", "no table, figure or statistic s99"),
    ],
)
def test_a_key_that_leads_nowhere_is_refused(claim: Make, key: str, kind: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        outcome(claim(key, kind=kind))


@pytest.mark.parametrize(("printed", "verdict"), [("Six", "match"), ("seven", "discrepancy")])
def test_a_number_in_words_is_compared(claim: Make, printed: str, verdict: str) -> None:
    assert outcome(claim("n('practice=mixte')", printed)).verdict == verdict


def test_words_that_are_no_number_are_refused(claim: Make) -> None:
    with pytest.raises(ExpressionError, match="a prints 'Quelques', which is no number"):
        outcome(claim("n('practice=mixte')", "Quelques"))


def test_what_a_value_asks_of_the_answers_is_that_of_the_claims_it_repeats(claim: Make) -> None:
    first = claim("n('uses_dmp=non')", "45", id_="first")
    found = outcome(claim("repeat('first')", "45", "repeat"), first)
    assert {atom.variables for atom in found.atoms} == {frozenset({"uses_dmp"})}


def test_other_answers_give_another_outcome(claim: Make) -> None:
    from analysis.survey import load  # noqa: PLC0415

    own = claim("n('uses_dmp=non')", "45")
    assert Engine([own], load().iloc[:50]).outcome(own).text == "0"


def test_a_recorded_outcome_holds(claim: Make) -> None:
    found = outcome(claim("n('uses_dmp=non')", "45"))
    assert found.recorded != found.claim
    assert outcome(found.recorded).recorded == found.recorded


def test_a_recorded_value_that_is_another_one_does_not_hold(claim: Make) -> None:
    kept = outcome(claim("n('uses_dmp=non')", "45")).recorded
    for wrong in (replace(kept, computed="44"), replace(kept, verdict="rounding")):
        assert outcome(wrong).recorded == kept


def test_a_value_is_written_with_ten_digits_at_most(claim: Make) -> None:
    assert Outcome(claim(""), 1 / 3).text == "0.3333333333"


def test_the_noise_of_another_processor_is_no_change() -> None:
    assert same_text("0.3333333333", "0.3333333334")
    assert not same_text("0.33333", "0.33334")
    assert not same_text("vrai", "faux")
