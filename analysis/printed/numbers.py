"""Printed numbers: parse them once, keep their digits, compare them with computed ones.

A number in print is a statement with a precision of its own. ``100.000000`` says more than
``100``, ``<0,001`` is a bound and no value, and the trailing zero of ``40,00 %`` claims two
decimals. A float forgets all three. So a reported number is a string here, as in the R package
*scrutiny* (Lukas Jung, ``lhdjung/scrutiny``), and passing a float where a printed number is
expected is an error.

`parse` turns the text of one number into a `PrintedNumber`; `parse_all` reads a cell that holds
several, such as ``47 (53,41)``. `compare` decides between four verdicts of the ledger:

``match``
    the computed value rounds to the printed digits;
``rounding``
    it does not, but the two are less than one unit of the last printed digit apart: a truncated
    or carelessly rounded number;
``discrepancy``
    they are further apart, or a printed bound does not hold;
``not_recomputable``
    there is no computed value.

The two others, ``not_established`` and ``unsettled``, need more than one number: the readings of a
claim (`analysis.printed.claims`) give them.

Both usual ways to round a tie are accepted, half up (away from zero) and half to even, because a
printed page does not say which one its author's software used.

Examples
--------
Table TB3 prints 12 users out of 18 as ``66,66``, a truncation; R prints a probability with four
digits, which is right:

>>> from fractions import Fraction
>>> compare("66,66", Fraction(200, 3))
<Verdict.ROUNDING: 'rounding'>
>>> compare("0.2706", 0.27061)
<Verdict.MATCH: 'match'>
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from numbers import Rational, Real
from typing import Any, Literal

import numpy as np

Relation = Literal["=", "<", ">", "≤", "≥"]

# A space, or one of the three spaces that French typography sets between thousands.
_THOUSANDS_SEPARATOR = "[ \u00a0\u2009\u202f]"
_RELATIONS: dict[str, Relation] = {"": "=", "=": "=", "<": "<", ">": ">", "≤": "≤", "≥": "≥"}
_RELATIONS |= {"<=": "≤", ">=": "≥", "⩽": "≤", "⩾": "≥"}
_NUMBER = re.compile(
    rf"""
    (?P<p>p\s*(?=[=<>≤≥⩽⩾]))?
    (?P<relation>[<>]=|[=<>≤≥⩽⩾])?\s*
    (?P<sign>[-+\u2212])?
    (?:
        (?P<whole>[1-9]\d{{0,2}}(?:{_THOUSANDS_SEPARATOR}\d{{3}})+|\d+)
        (?:[.,](?P<fraction>\d+))?
      | [.,](?P<bare>\d+)
    )
    (?:(?:e|\s?[×·]\s?10\^?)(?P<power>[-+\u2212⁻]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]+))?
    (?:\s*(?P<percent>%))?
    (?:\s?\*{{1,4}})?
    (?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
SPELT = {
    word: value
    for words in (
        "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
        "two three four five six seven eight nine ten eleven twelve",
    )
    for value, word in enumerate(words.split(), start=2)
}
"""The numbers that print may have in words."""
_POWER = str.maketrans("⁻\u2212⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
# A comma before a space, and inside brackets a dash, set the ends of an interval apart.
_BETWEEN_NUMBERS = re.compile(r"(?:(?<=\d)\s?–(?=[^\[(]*[\])])|[\s();\[\]]|,(?=\s+\S))*")

# Relative width of the noise that a chain of double-precision operations leaves on a result.
_FLOAT_NOISE = Fraction(1, 10**12)


class Verdict(StrEnum):
    """Say how a computed number stands to the printed one.

    Examples
    --------
    >>> [str(verdict) for verdict in Verdict]
    ['match', 'rounding', 'discrepancy', 'not_established', 'unsettled', 'not_recomputable']
    """

    MATCH = "match"
    ROUNDING = "rounding"
    DISCREPANCY = "discrepancy"
    NOT_ESTABLISHED = "not_established"
    UNSETTLED = "unsettled"
    NOT_RECOMPUTABLE = "not_recomputable"


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """Hold a number as it was printed.

    Attributes
    ----------
    text
        The number as it stands in print, spaces at the ends removed.
    value
        Its value, with all its digits. A percentage keeps its unit: ``5,45 %`` has the value 5.45.
    decimals
        How many digits follow the decimal mark, once a power of ten is written out; below 0 where
        that leaves less than units, as in ``1,5e3``.
    relation
        ``=`` for a value, printed or not; ``<``, ``>``, ``≤`` or ``≥`` for a bound.
    is_percent
        Whether a percent sign follows.

    Examples
    --------
    >>> number = parse("100.000000")
    >>> number.decimals, number.last_digit
    (6, Decimal('0.000001'))
    """

    text: str
    value: Decimal
    decimals: int
    relation: Relation
    is_percent: bool

    @property
    def last_digit(self) -> Decimal:
        """Return one unit of the last printed digit.

        Examples
        --------
        >>> parse("66,66").last_digit
        Decimal('0.01')
        """
        return Decimal((0, (1,), -self.decimals))


def parse(text: str) -> PrintedNumber:
    """Parse the text of one printed number.

    The decimal mark is a comma or a point, with or without a zero before it; thousands may be set
    apart by a (narrow, no-break) space; a power of ten may follow, and stars of significance. A
    ``p`` before the relation says that it is a p-value. A small number may stand in words, French
    or English.

    Parameters
    ----------
    text
        One number as printed, with its relation and its percent sign if it has them.

    Returns
    -------
    PrintedNumber
        The number, with its text and its precision.

    Raises
    ------
    TypeError
        If `text` is not a string: a float has lost its trailing zeros.
    ValueError
        If `text` is not one number, or a p-value that no test gives.

    Examples
    --------
    >>> parse("0,0357").value
    Decimal('0.0357')
    >>> parse("<0,001").relation
    '<'
    >>> parse("5,45 %")
    PrintedNumber(text='5,45 %', value=Decimal('5.45'), decimals=2, relation='=', is_percent=True)
    >>> parse("0.000000000000000001310654").decimals
    24
    >>> parse("40 000").value, parse("Douze").value
    (Decimal('40000'), Decimal('12'))
    >>> parse("p < 2.2e-16").decimals
    17
    >>> parse("p = ,000")
    Traceback (most recent call last):
    ValueError: 'p = ,000': a p-value of 0, which is impossible
    """
    own = _require_text(text).strip()
    if own.lower() in SPELT:
        return PrintedNumber(own, Decimal(SPELT[own.lower()]), 0, "=", is_percent=False)
    found = _NUMBER.fullmatch(own)
    if found is None:
        raise ValueError(f"not a printed number: {text!r}")
    return _from_match(found)


def parse_all(text: str) -> tuple[PrintedNumber, ...]:
    """Parse a cell that prints one or several numbers.

    Brackets, semicolons, spaces and what sets the ends of an interval apart, as in
    ``[0,45–0,64]``, separate the numbers. Three digits after a space continue a
    number of thousands, so that ``40 000`` is one number; none begins with 0.

    Parameters
    ----------
    text
        The cell as printed. It holds numbers and separators, and no words.

    Returns
    -------
    tuple of PrintedNumber
        The numbers, in their printed order; at least one.

    Raises
    ------
    TypeError
        If `text` is not a string.
    ValueError
        If `text` holds no number, something else than numbers, or an impossible p-value.

    Examples
    --------
    >>> [number.text for number in parse_all("47 (53,41)")]
    ['47', '53,41']
    >>> [number.text for number in parse_all("3; 6%")]
    ['3', '6%']
    """
    numbers = []
    position = _end_of_separators(_require_text(text), 0)
    while position < len(text):
        found = _NUMBER.match(text, position)
        if found is None:
            raise ValueError(f"not only printed numbers: {text!r}")
        numbers.append(_from_match(found))
        following = _end_of_separators(text, found.end())
        if following == found.end() < len(text):
            raise ValueError(f"not only printed numbers: {text!r}")
        position = following
    if not numbers:
        raise ValueError(f"no printed number: {text!r}")
    return tuple(numbers)


def compare(
    printed: PrintedNumber | str,
    computed: int | float | np.floating[Any] | Fraction | Decimal | None,
) -> Verdict:
    """Decide how a computed value stands to a printed number.

    A value is compared exactly: whole numbers, fractions and decimals as they are, a float as the
    shortest decimal that names it. A float within a relative 1e-12 of a tie counts as a tie, and
    one within that of the printed number matches it: R prints more digits than a float holds.
    A bound such as ``<0,001`` holds for the computed value, or it is wrong: 0.0012 is no rounding
    of it. Only the bound itself, which ``<`` leaves out and ``≤`` takes in, is a ``rounding``.

    Parameters
    ----------
    printed
        The printed number, or its text.
    computed
        The computed value, in the unit of the printed one: percent for a percentage. None says
        that nothing could be computed.

    Returns
    -------
    Verdict
        One of ``match``, ``rounding``, ``discrepancy`` and ``not_recomputable``.

    Raises
    ------
    TypeError
        If `printed` is neither text nor a `PrintedNumber`, or `computed` is no number.
    ValueError
        If `printed` is not one number, or `computed` is infinite or not a number.

    Examples
    --------
    Figure F8 gives 3 users of 55 once 6 % and once 5 % (5,4545…), and the replies to the mailing,
    62 of 1086, are announced as 3,3 %:

    >>> compare("6%", Fraction(300, 55)), compare("5%", Fraction(300, 55))
    (<Verdict.ROUNDING: 'rounding'>, <Verdict.MATCH: 'match'>)
    >>> compare("3,3%", Fraction(6200, 1086))
    <Verdict.DISCREPANCY: 'discrepancy'>

    A bound, held and missed:

    >>> [str(compare("<0,001", p)) for p in (2e-7, 0.0012)]
    ['match', 'discrepancy']

    A chi2 p-value of Annexe VI, whose last digits are those of the author's machine:

    >>> compare("0.000846136084241249004402", 0.0008461360842412476)
    <Verdict.MATCH: 'match'>
    """
    number = printed if isinstance(printed, PrintedNumber) else parse(printed)
    if computed is None:
        return Verdict.NOT_RECOMPUTABLE
    value, noise = _exact(computed)
    bound = Fraction(number.value)
    distance = abs(value - bound)
    if number.relation != "=":
        return _verdict_of_bound(number.relation, value - bound, is_at=distance <= noise)
    rounds_to_print = any(
        bound in _roundings(candidate, number.decimals)
        for candidate in {value - noise, value, value + noise}
    )
    if rounds_to_print or distance <= noise:
        return Verdict.MATCH
    is_close = distance < Fraction(number.last_digit) - noise
    return Verdict.ROUNDING if is_close else Verdict.DISCREPANCY


def fault_of_p_value(number: PrintedNumber) -> str:
    """Say why no test gives this p-value; an empty text if one can.

    A program that prints three digits prints ``,000`` for less than 0.0005, which is ``<0,001``.

    Examples
    --------
    >>> [fault_of_p_value(parse(text)) for text in ("0,000", "<0,001", "1,2")]
    ['a p-value of 0, which is impossible', '', 'a p-value of more than 1']
    """
    if number.value < 0 or (number.value == 0 and number.relation in ("<", "≤")):
        return "a p-value below 0, which is impossible"
    if number.value == 0 and number.relation == "=":
        return "a p-value of 0, which is impossible"
    is_above = number.value > 1 or (number.value == 1 and number.relation == ">")
    return "a p-value of more than 1" if is_above else ""


def _require_text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(
            f"a printed number is text, not {type(text).__name__} ({text!r}): "
            "its trailing zeros carry its precision"
        )
    return text


def _from_match(found: re.Match[str]) -> PrintedNumber:
    fraction = found["fraction"] or found["bare"] or ""
    whole = re.sub(_THOUSANDS_SEPARATOR, "", found["whole"] or "0")
    power = int((found["power"] or "0").translate(_POWER))
    digits = tuple(map(int, whole + fraction))
    decimals = len(fraction) - power
    number = PrintedNumber(
        text=found[0].strip(),
        value=Decimal((found["sign"] in ("-", "\u2212"), digits, -decimals)),
        decimals=decimals,
        relation=_RELATIONS[found["relation"] or ""],
        is_percent=found["percent"] is not None,
    )
    if found["p"] and (fault := fault_of_p_value(number)):
        raise ValueError(f"{number.text!r}: {fault}")
    return number


def _end_of_separators(text: str, position: int) -> int:
    found = _BETWEEN_NUMBERS.match(text, position)
    return found.end() if found else position


def _exact(computed: object) -> tuple[Fraction, Fraction]:
    """Return the computed value as a fraction, and the noise to allow on either side of it."""
    if isinstance(computed, bool) or not isinstance(computed, Real | Decimal):
        raise TypeError(f"a computed value is a number, not {type(computed).__name__}")
    if isinstance(computed, Rational):
        return Fraction(int(computed.numerator), int(computed.denominator)), Fraction(0)
    # The shortest decimal of a float, 0.285 and not 0.284999…, is the number its author meant;
    # as a double, a narrow float would have another one.
    value = Decimal(str(computed))
    if not value.is_finite():
        raise ValueError(f"a computed value is finite, not {computed!r}")
    noise = Fraction(0) if isinstance(computed, Decimal) else _FLOAT_NOISE
    if isinstance(computed, np.floating):
        # A narrow float holds fewer digits than the noise of a double leaves.
        noise = max(noise, Fraction(float(np.finfo(computed).eps)))
    return Fraction(value), abs(Fraction(value)) * noise


def _roundings(value: Fraction, decimals: int) -> frozenset[Fraction]:
    """Return the value rounded half up (away from zero) and half to even."""
    scale = Fraction(10) ** decimals
    scaled = value * scale
    half_even = round(scaled)
    half_up = math.floor(abs(scaled) + Fraction(1, 2)) * (-1 if scaled < 0 else 1)
    return frozenset({half_even / scale, half_up / scale})


def _verdict_of_bound(relation: Relation, above: Fraction, *, is_at: bool) -> Verdict:
    """Judge a bound by how far above it the value is, or that the two are the same."""
    if is_at:
        return Verdict.MATCH if relation in ("≤", "≥") else Verdict.ROUNDING
    holds = above < 0 if relation in ("<", "≤") else above > 0
    return Verdict.MATCH if holds else Verdict.DISCREPANCY
