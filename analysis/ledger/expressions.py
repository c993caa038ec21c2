"""Expressions of the ledger: a closed language, so that a key computes and can do nothing else.

A key is a Python expression made of calls of the ledger's own functions with constants or further
expressions as arguments, arithmetic, comparisons and ``and``, ``or``, ``not``. The syntax tree is
walked node by node; whatever is not listed here (attributes, subscripts, names alone, lambdas) is
refused by name, and nothing is ever handed to Python's own evaluation.

A key has one way to be written, that of `ast.unparse`, so that equal keys are equal texts: this is
how an inline number of a chapter finds its claim.

A count that print leaves open is a `Range`. What is reckoned from ranges is a range that holds
every value that it may have; a comparison of ranges is true or false where all their values agree,
and undecided otherwise. Two ranges are taken to vary freely: where the counts are tied, the result
may be wider than need be, and never too narrow (R. E. Moore, Interval Analysis, Prentice-Hall,
1966).

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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any, TypeAlias

Vocabulary: TypeAlias = Mapping[str, Callable[..., Any]]


class ExpressionError(ValueError):
    """A key that is no expression of the ledger; the message says what is wrong with it."""


class UndecidedError(ArithmeticError):
    """The bounds do not say."""


def divide(one: Any, other: Any) -> Any:
    """Divide exactly where both are whole numbers."""
    whole = isinstance(one, int) and isinstance(other, int)
    return Fraction(one, other) if whole else one / other


def _ends(value: Any) -> tuple[Any, Any]:
    return (value.lower, value.upper) if isinstance(value, Range) else (value, value)


def _reckoned(operation: Callable[[Any, Any], Any]) -> Callable[[Range, Any], Range]:
    def reckon(own: Range, other: Any) -> Range:
        found = [operation(*each) for each in product(_ends(own), _ends(other))]
        return Range(min(found), max(found))

    return reckon


def _compared_with(comparison: Callable[[Any, Any], bool]) -> Callable[[Range, Any], bool]:
    def compare(own: Range, other: Any) -> bool:
        lower, upper = _ends(own - other)
        found = {comparison(each, 0) for each in (lower, upper, 0 if lower < 0 < upper else lower)}
        if len(found) > 1:
            raise UndecidedError("the bounds do not say")
        return found.pop()

    return compare


def _inverse(value: Any) -> Range:
    lower, upper = _ends(value)
    if lower <= 0 <= upper:
        raise UndecidedError("the divisor may be nothing")
    return Range(divide(1, upper), divide(1, lower))


@dataclass(frozen=True, eq=False)
class Range:
    """A number between two others.

    Attributes
    ----------
    lower, upper : int, float or Fraction

    Examples
    --------
    >>> Range(10, 14) > 9, Range(10, 14) - Range(5, 7)
    (True, Range(lower=3, upper=9))
    """

    lower: Any
    upper: Any

    __add__ = __radd__ = _reckoned(operator.add)
    __mul__ = __rmul__ = _reckoned(operator.mul)
    __sub__ = _reckoned(operator.sub)
    __rsub__ = _reckoned(lambda own, other: other - own)
    __lt__, __le__ = _compared_with(operator.lt), _compared_with(operator.le)
    __gt__, __ge__ = _compared_with(operator.gt), _compared_with(operator.ge)
    __eq__, __ne__ = _compared_with(operator.eq), _compared_with(operator.ne)
    __hash__ = None  # type: ignore[assignment]

    def __truediv__(self, other: Any) -> Range:
        return self * _inverse(other)

    def __rtruediv__(self, other: Any) -> Range:
        found: Range = _inverse(self) * other
        return found

    def __neg__(self) -> Range:
        return Range(-self.upper, -self.lower)


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: divide,
}


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
    try:
        return _evaluate(_parse(key), vocabulary)
    except ZeroDivisionError as error:
        raise ExpressionError("the key divides by zero") from error


@cache
def _parse(key: str) -> ast.expr:
    try:
        return ast.parse(key, mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError("the key is no expression") from error


def _evaluate(node: ast.expr, vocabulary: Vocabulary) -> Any:  # noqa: PLR0911
    def of(part: ast.expr) -> Any:
        return _evaluate(part, vocabulary)

    match node:
        case ast.Constant(value=int() | str() as value) if not isinstance(value, bool):
            return value
        case ast.Tuple(elts=parts):
            return tuple(map(of, parts))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not of(part)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return -_number(of(part))
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _ARITHMETIC:
            return _ARITHMETIC[type(operation)](_number(of(left)), _number(of(right)))
        case ast.BoolOp(op=joint, values=parts):
            found = [of(part) for part in parts]
            return all(found) if isinstance(joint, ast.And) else any(found)
        case ast.Compare(left=left, ops=ops, comparators=parts) if _COMPARISONS.keys() >= set(
            map(type, ops)
        ):
            return _compared(ops, [of(left), *map(of, parts)])
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=words):
            if any(word.arg is None for word in words):
                raise ExpressionError("the language of the keys has no **")
            named = {str(word.arg): of(word.value) for word in words}
            return _called(name, vocabulary, list(map(of, parts)), named)
        case ast.Call():
            raise ExpressionError("the language of the keys calls functions by their name only")
    raise ExpressionError(f"the language of the keys has no {_kind(node)}")


def _kind(node: ast.expr) -> str:
    """Name what is not of the language."""
    if isinstance(node, ast.Constant):
        return f"constant {node.value!r}"
    if isinstance(node, ast.UnaryOp | ast.BinOp):
        return type(node.op).__name__
    if isinstance(node, ast.Compare):
        return next(type(each).__name__ for each in node.ops if type(each) not in _COMPARISONS)
    return type(node).__name__


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction | Range):
        raise ExpressionError(f"the key reckons with {value!r}, which is no number")
    return value


def _compared(ops: Sequence[ast.cmpop], values: Sequence[Any]) -> bool:
    if len({isinstance(value, str) for value in values}) > 1:
        raise ExpressionError("the key compares a number with a text")
    pairs = zip(ops, values, values[1:], strict=False)
    return all(_COMPARISONS[type(kind)](left, right) for kind, left, right in pairs)


def _called(name: str, vocabulary: Vocabulary, given: list[Any], named: dict[str, Any]) -> Any:
    if name not in vocabulary:
        raise ExpressionError(f"the ledger has no function {name}")
    try:
        return vocabulary[name](*given, **named)
    except ExpressionError:
        raise
    except LookupError as error:
        raise ExpressionError(f"{name}: {error.args[0] if error.args else 'nothing'}") from error
    except (TypeError, ValueError) as error:
        raise ExpressionError(f"{name}: {error}") from error
