"""What print gives away of single doctors."""

from __future__ import annotations

import pytest

from analysis.reconstruction.bounds import KNOWN, LEFT_OUT, Disclosure
from analysis.reconstruction.ensemble import Ensemble, stored
from analysis.reconstruction.search import Solution
from analysis.reconstruction.statements import Constraint, Count, standing
from analysis.survey.rebuilt import read_certificate
from analysis.survey.schema import ITEMS, Group


def of_users(**answers: str) -> tuple[tuple[str, str], ...]:
    return (("uses_dmp", "oui"), *answers.items())


def printed(number: int, **answers: str) -> Constraint:
    """State how many users gave some answers."""
    return Constraint(
        str(answers), "x", str(answers), "", ((Count((of_users(**answers),), number, number),),)
    )


@pytest.fixture
def two_doctors() -> Ensemble:
    """Two users as a table that was found: one of each age, one of each frequency."""
    rows = stored("users").members[0].rows.iloc[[0, 1]].copy().reset_index(drop=True)
    rows["practice_type"], rows["practice"], rows["place"] = "groupe_liberal", "libéral", "groupe"
    rows["age"], rows["frequency"] = ["<29", ">70"], ["annuel", "mensuel"]
    rows["purpose"], rows["cluster"] = "ajout", 1
    return Ensemble("users", (Solution(rows, 5, 1, 1),))


ALIKE = (
    *(printed(2, **{name: level}) for name, level in (("cluster", "1"), ("purpose", "ajout"))),
    printed(2, practice_type="groupe_liberal"),
    *(printed(1, age=age) for age in ("<29", ">70")),
    *(printed(1, frequency=frequency) for frequency in ("annuel", "mensuel")),
    printed(2),
)
CROSSED = printed(1, age="<29", frequency="annuel")
IN_A_GROUP = tuple(printed(0, practice_type="groupe_liberal", place=p) for p in ("seul", "autre"))


def test_what_the_margins_leave_open_is_not_determined(two_doctors: Ensemble) -> None:
    assert Disclosure("users", ALIKE, two_doctors).determined() == 0


def test_a_crossing_determines_both_doctors(two_doctors: Ensemble) -> None:
    statements = (*ALIKE, CROSSED, *IN_A_GROUP)
    assert Disclosure("users", statements, two_doctors).determined() == 2


def test_an_answer_that_all_gave_is_learnt_from_the_margins(two_doctors: Ensemble) -> None:
    assert Disclosure("users", ALIKE, two_doctors).learnt(("age",)) == 2


def test_an_answer_that_may_be_another_is_not_learnt(two_doctors: Ensemble) -> None:
    left = tuple(each for each in ALIKE if "purpose" not in each.columns)
    assert Disclosure("users", left, two_doctors).learnt(("age",)) == 0
    assert Disclosure("users", (*left, CROSSED), two_doctors).learnt(("age",)) == 2


@pytest.mark.parametrize("group", ["users", "non_users"])
def test_what_is_certified_is_what_print_gives_away(group: Group) -> None:
    looked_at = [each for each in standing() if each.table not in LEFT_OUT["without_tests"]]
    profile = [each for each in looked_at if not each.columns & set(ITEMS)]
    found = Disclosure(group, profile, stored(group))
    recorded = read_certificate()["disclosure"][group]["without_tests"]
    assert found.learnt(KNOWN["by_age"]) == recorded["by_age"]


def test_less_print_gives_away_no_more() -> None:
    for found in read_certificate()["disclosure"].values():
        for what in ("determined", *KNOWN):
            numbers = [found[each][what] for each in LEFT_OUT]
            assert numbers == sorted(numbers, reverse=True)


def test_more_knowledge_tells_no_less() -> None:
    for found in read_certificate()["disclosure"].values():
        assert all(found[each]["by_age"] <= found[each]["by_practice"] for each in LEFT_OUT)
