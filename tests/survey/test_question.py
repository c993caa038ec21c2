"""A question counts whom it says, has one form, and names what it cannot ask."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.survey import VARIABLES, QuestionError, ask, load, tabulate

_EVERYONE = [name for name, each in VARIABLES.items() if each.asked == "everyone"]


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, list[str]]:
    names = draw(st.lists(st.sampled_from(_EVERYONE), min_size=1, max_size=3, unique=True))
    return {
        name: draw(st.lists(st.sampled_from(VARIABLES[name].levels), min_size=1, unique=True))
        for name in names
    }


def _text(chosen: dict[str, list[str]]) -> str:
    return " & ".join(f"{name}={'|'.join(levels)}" for name, levels in chosen.items())


@given(conditions())
def test_a_count_is_that_of_the_rows_with_such_answers(chosen: dict[str, list[str]]) -> None:
    rows = [
        row
        for row in load().astype(str).to_dict("records")
        if all(row[name] in levels for name, levels in chosen.items())
    ]
    assert ask(_text(chosen)).count() == len(rows)
    assert ask("", of=_text(chosen)).base() == len(rows)


@given(conditions())
def test_the_written_form_asks_the_same(chosen: dict[str, list[str]]) -> None:
    question = ask(_text(chosen))
    assert ask(str(question)) == question
    assert ask(_text(dict(reversed(chosen.items())))) == question


@given(conditions(), st.sampled_from(_EVERYONE))
def test_a_question_and_its_complement_add_up_to_the_base(
    chosen: dict[str, list[str]], name: str
) -> None:
    of = _text({each: levels for each, levels in chosen.items() if each != name})
    for level in VARIABLES[name].levels[:-1]:
        here, elsewhere = ask(f"{name}={level}", of=of), ask(f"{name}!={level}", of=of)
        assert here.count() + elsewhere.count() == ask(name, of=of).count()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("age>=60-69", "age=60-69|>70"),
        ("age<=30-39", "age=<29|30-39"),
        ("age>=>70", "age=>70"),
        ("t2<=2", "t2=1|2"),
        ("place!=seul", "place=groupe|autre"),
        ("purpose=ajout&age=<29", "age=<29 & purpose=ajout"),
        ("frequency = journalier | hebdomadaire", "frequency=hebdomadaire|journalier"),
        ("uses_dmp=oui|non", "uses_dmp"),
        ("  ", ""),
        ("non_users & age=<29", "uses_dmp=non & age=<29"),
        ("age=<29 & N3", "uses_dmp=non & age=<29 & cluster=3"),
    ],
)
def test_a_question_has_one_form(text: str, same: str) -> None:
    assert str(ask(text)) == same


def test_the_base_is_who_is_named_else_who_answered_and_for_an_opinion_who_was_asked() -> None:
    assert ask("purpose=ajout", of="age=30-39").base() == tabulate("age")["30-39"]
    assert ask("purpose=ajout").base() == tabulate("purpose").sum()
    assert ask("t18<=2").base() == 100
    assert ask("t18<=2", of="t18").base() == 99
    assert ask("t18<=2", of="uses_dmp=oui").base() == 55


def test_a_share_of_nobody_is_none() -> None:
    assert ask("age=<29").share(load().iloc[:0]) is None


def test_plain_text_counts_like_categories() -> None:
    plain = load().astype(str)
    for text in ("age=<29|>70", "barrier_1!=temps", "purpose", "t3>=4 & uses_dmp=oui"):
        assert ask(text).count(plain) == ask(text).count()


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("age=<29", ("users", "non_users")),
        ("uses_dmp=non", ("non_users",)),
        ("purpose=ajout", ("users",)),
        ("change_money=oui & age=<29", ("non_users",)),
    ],
)
def test_a_question_knows_the_groups_that_were_asked(text: str, groups: tuple[str, ...]) -> None:
    assert ask(text).groups == groups


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ages=3", "the survey has no variable ages: uses_dmp, age, practice"),
        ("place=domicile", "place has no level domicile: seul, groupe, autre"),
        ("t2<=2|3", "<= takes one level: t2<=2|3"),
        ("age=<29 & age=>70", "age is asked twice"),
        ("uses_dmp!=oui|non", "no answer fulfils uses_dmp!=oui|non"),
        ("purpose=ajout & barrier_1=temps", "no doctor was asked all of barrier_1, purpose"),
        ("change_money=oui & uses_dmp=oui", "no doctor was asked all of change_money, uses_dmp"),
        ("age=<29 &", "not a condition: ''"),
        ("U6", "not a condition: 'U6'"),
        ("N1 & users", "uses_dmp is asked twice"),
        ("30-39", "not a condition: '30-39'; one is written age=30-39|40-49"),
    ],
)
def test_what_cannot_be_asked_is_named_with_what_can(text: str, said: str) -> None:
    with pytest.raises(QuestionError, match="^" + re.escape(said)):
        ask(text)


def test_a_count_is_the_same_without_its_base() -> None:
    for question in (ask("t18<=2", of="t18"), ask("frequency>=mensuel", of="users & age=30-39")):
        assert question.together.count() == question.count()
    assert str(ask("t18<=2", of="t18 & users").together) == "uses_dmp=oui & t18=1|2"


def test_either_barrier_is_one_question_about_two_columns() -> None:
    table = load().astype(str)
    first, second = (table[name] == "besoin" for name in ("barrier_1", "barrier_2"))
    asked = ask("barrier=besoin")
    assert asked.count() == int((first | second).sum()) > int(first.sum())
    assert (str(asked), asked.groups, asked.base()) == ("barrier=besoin", ("non_users",), 45)
    assert asked.variables == {"barrier_1", "barrier_2"}
