"""Expressions of the ledger: a closed language, so that a key computes and can do nothing else.

A key is a Python expression made of calls of the ledger's own functions with constants or further
expressions as arguments, arithmetic, comparisons and ``and``, ``or``, ``not``. The syntax tree is
walked node by node; whatever is not listed here (attributes, subscripts, names alone, lambdas) is
refused by name, and nothing is ever handed to Python's own evaluation.

A key has one way to be written, that of `ast.unparse`, so that equal keys are equal texts: this is
how an inline number of a chapter finds its claim.

Examples
--------
>>> evaluate("10 * double(2) > 39", {"double": lambda x: 2 * x})
True
>>> canonical('n("age",  "50-59")')
"n('age', '50-59')"
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

from analysis.ledger.ranges import Range

Vocabulary: TypeAlias = Mapping[str, Callable[..., Any]]

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class ExpressionError(ValueError):
    """A key that is no expression of the ledger; the message says what is wrong with it."""


@cache
def canonical(key: str) -> str:
    """Write an expression in its one form.

    Raises
    ------
    ExpressionError
        If it is no expression.
    """
    return ast.unparse(_parse(key))


def evaluate(key: str, vocabulary: Vocabulary) -> Any:
    """Evaluate an expression over a vocabulary.

    Parameters
    ----------
    key : str
    vocabulary : mapping of str to callable
        The functions that the expression may call.

    Returns
    -------
    int, Fraction, float, Range, bool or str

    Raises
    ------
    ExpressionError
        If the expression is not of the language, or a function refuses its arguments.
    UndecidedError
        If a function gives a range, and a comparison hangs on where in it the number is.
    """
    return _evaluate(_parse(key), vocabulary)


@cache
def _parse(key: str) -> ast.expr:
    try:
        return ast.parse(key, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError("the key is no expression") from error


def _evaluate(node: ast.expr, vocabulary: Vocabulary) -> Any:
    reader = _READERS.get(type(node))
    if reader is None:
        raise ExpressionError(f"the language of the keys has no {type(node).__name__}")
    return reader(node, vocabulary)


def _read_constant(node: ast.Constant, _: Vocabulary) -> Any:
    if isinstance(node.value, bool) or not isinstance(node.value, int | str):
        raise ExpressionError(f"the language of the keys has no constant {node.value!r}")
    return node.value


def _read_tuple(node: ast.Tuple, vocabulary: Vocabulary) -> Any:
    return tuple(_evaluate(item, vocabulary) for item in node.elts)


def _read_unary(node: ast.UnaryOp, vocabulary: Vocabulary) -> Any:
    value = _evaluate(node.operand, vocabulary)
    if isinstance(node.op, ast.Not):
        return not value
    if isinstance(node.op, ast.USub):
        return -_number(value)
    raise ExpressionError(f"the language of the keys has no {type(node.op).__name__}")


def _read_arithmetic(node: ast.BinOp, vocabulary: Vocabulary) -> Any:
    left, right = (_number(_evaluate(part, vocabulary)) for part in (node.left, node.right))
    if isinstance(node.op, ast.Div):
        return _divide(left, right)
    if type(node.op) not in _ARITHMETIC:
        raise ExpressionError(f"the language of the keys has no {type(node.op).__name__}")
    return _ARITHMETIC[type(node.op)](left, right)


def _read_logic(node: ast.BoolOp, vocabulary: Vocabulary) -> bool:
    found = [_evaluate(part, vocabulary) for part in node.values]
    return all(found) if isinstance(node.op, ast.And) else any(found)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction | Range):
        raise ExpressionError(f"the key reckons with {value!r}, which is no number")
    return value


def _divide(left: Any, right: Any) -> Any:
    if right == 0:
        raise ExpressionError("the key divides by zero")
    whole = isinstance(left, int) and isinstance(right, int)
    return Fraction(left, right) if whole else left / right


def _read_comparison(node: ast.Compare, vocabulary: Vocabulary) -> bool:
    values = [_evaluate(part, vocabulary) for part in (node.left, *node.comparators)]
    for kind in node.ops:
        if type(kind) not in _COMPARISONS:
            raise ExpressionError(f"the language of the keys has no {type(kind).__name__}")
    if len({isinstance(value, str) for value in values}) > 1:
        raise ExpressionError("the key compares a number with a text")
    pairs = zip(node.ops, values, values[1:], strict=False)
    return all(_COMPARISONS[type(kind)](left, right) for kind, left, right in pairs)


def _read_call(node: ast.Call, vocabulary: Vocabulary) -> Any:
    if not isinstance(node.func, ast.Name):
        raise ExpressionError("the language of the keys calls functions by their name only")
    name = node.func.id
    if name not in vocabulary:
        raise ExpressionError(f"the ledger has no function {name}")
    if any(keyword.arg is None for keyword in node.keywords):
        raise ExpressionError("the language of the keys has no **")
    given = [_evaluate(argument, vocabulary) for argument in node.args]
    named = {str(word.arg): _evaluate(word.value, vocabulary) for word in node.keywords}
    try:
        return vocabulary[name](*given, **named)
    except ExpressionError:
        raise
    except LookupError as error:
        raise ExpressionError(f"{name}: {error.args[0] if error.args else 'nothing'}") from error
    except (TypeError, ValueError) as error:
        raise ExpressionError(f"{name}: {error}") from error


_READERS: dict[type[ast.expr], Callable[..., Any]] = {
    ast.Constant: _read_constant,
    ast.Tuple: _read_tuple,
    ast.UnaryOp: _read_unary,
    ast.BinOp: _read_arithmetic,
    ast.Compare: _read_comparison,
    ast.BoolOp: _read_logic,
    ast.Call: _read_call,
}
