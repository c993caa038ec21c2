"""The language of the keys: what it computes, and all that it refuses."""

from fractions import Fraction
from typing import Any

import pytest

from analysis.ledger.expressions import ExpressionError, canonical, evaluate

VOCABULARY: dict[str, Any] = {
    "half": lambda value: Fraction(value, 2),
    "given": lambda **words: words,
    "both": lambda one, two: (one, two),
    "refuse": lambda: {}["nothing"],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("2 + 3 * 4", 14),
        ("1 / 3", Fraction(1, 3)),
        ("-half(3)", Fraction(-3, 2)),
        ("1 < 2 < 3", True),
        ("1 < 2 and 3 < 2", False),
        ("not 1 == 2 or 1 > 2", True),
        ("both('a', ('b', 'c'))", ("a", ("b", "c"))),
        ("given(age='30-39')", {"age": "30-39"}),
    ],
)
def test_a_key_computes(key: str, value: object) -> None:
    assert evaluate(key, VOCABULARY) == value


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("__import__('os')", "no function __import__"),
        ("half.__class__", "no Attribute"),
        ("half(1).real", "no Attribute"),
        ("(half)(1)(2)", "by their name only"),
        ("[1][0]", "no Subscript"),
        ("lambda: 1", "no Lambda"),
        ("[x for x in (1, 2)]", "no ListComp"),
        ("half(*(1,))", "no Starred"),
        ("given(**{})", r"no \*\*"),
        ("f'{1}'", "no JoinedStr"),
        ("1 if 2 else 3", "no IfExp"),
        ("half", "no Name"),
        ("(x := 1)", "no NamedExpr"),
        ("2 ** 9", "no Pow"),
        ("~1", "no Invert"),
        ("1 in (1, 2)", "no In|a number with a text"),
        ("1.5", "no constant 1.5"),
        ("True", "no constant True"),
        ("'a' * 9", "'a', which is no number"),
        ("1 + (2 > 1)", "True, which is no number"),
        ("'a' < 1", "a number with a text"),
        ("1 / 0", "divides by zero"),
        ("half(1", "no expression"),
        ("x = 1", "no expression"),
        ("half('a')", "^half: "),
        ("half(1, 2)", "^half: "),
        ("refuse()", "^refuse: nothing$"),
    ],
)
def test_a_key_outside_the_language_is_refused_by_name(key: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words):
        evaluate(key, VOCABULARY)


def test_a_key_has_one_form() -> None:
    assert canonical('half( "a",x = 1 )') == "half('a', x=1)"
