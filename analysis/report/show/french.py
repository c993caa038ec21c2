"""French typography of numbers: one way to write a count, a percentage, a p-value.

Decimal comma, thousands parted by a narrow no-break space, a no-break space before the percent
sign (Imprimerie nationale, *Lexique des règles typographiques*). A value is rounded once, half up,
from its exact form.

Examples
--------
>>> from fractions import Fraction
>>> decimal(Fraction(200, 3), 2)
'66,67'
>>> percent(3, 55, 2).replace(NBSP, "~")
'5,45~%'
>>> p_value(0.03571)
'0,0357'
>>> p_value(1e-12).replace(NBSP, "~")
'<~0,001'
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from analysis.printed.numbers import SPELT

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"


class Text(str):
    r"""A French text that a chapter may write within a sentence.

    A notebook shows a plain string by its representation, with quotation marks and escapes; this
    one it shows as Markdown.

    Examples
    --------
    >>> Text("p < 0,001")._repr_markdown_()
    'p \\< 0,001'
    """

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return self.replace("<", "\\<").replace("*", "\\*")


UNDEFINED = Text("–")
"""What is written for a share of nothing."""

_SPELLED = ("zéro", "un", *list(SPELT)[:11])
"""From nought to twelve."""


def decimal(value: float | Fraction | Decimal, decimals: int) -> Text:
    """Write a number with a fixed count of decimals.

    Parameters
    ----------
    value : float, Fraction or Decimal
    decimals : int
        Digits after the comma.

    Returns
    -------
    str
    """
    if isinstance(value, float) and math.isinf(value):
        return Text(f"{MINUS if value < 0 else ''}∞")
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        exact = Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,}".replace(",", NNBSP).replace(".", ",")
    return Text((MINUS if rounded < 0 else "") + text)


def count(value: int) -> Text:
    """Write a whole number, thousands parted.

    Examples
    --------
    >>> count(1875).replace(NNBSP, "~")
    '1~875'
    """
    return decimal(Fraction(int(value)), 0)


def share(part: int, whole: int) -> Fraction | None:
    """Compute the share of a part in a whole, in percent; None where the whole is empty.

    Examples
    --------
    >>> share(3, 55), share(0, 0)
    (Fraction(60, 11), None)
    """
    return Fraction(100 * part, whole) if whole else None


def percent(part: int, whole: int, decimals: int = 1) -> Text:
    """Write the share of a part in a whole, in percent; a dash where the whole is empty.

    Parameters
    ----------
    part, whole : int
        Counts.
    decimals : int
        Digits after the comma.
    """
    value = share(part, whole)
    return UNDEFINED if value is None else percentage(value, decimals)


def percentage(value: float | Fraction | Decimal, decimals: int = 1) -> Text:
    """Write what is in percent already; a dash for what is not a number.

    Examples
    --------
    >>> percentage(45.24).replace(NBSP, " ")
    '45,2 %'
    """
    if isinstance(value, float) and math.isnan(value):
        return UNDEFINED
    return Text(decimal(value, decimals) + NBSP + "%")


def as_printed(text: str) -> str:
    """Part the percent sign of a printed text from its number, as French does.

    Examples
    --------
    >>> as_printed("82,9%").replace(NBSP, " ")
    '82,9 %'
    """
    return text.replace("%", f"{NBSP}%")


def source_lines(line: str) -> str:
    """Name the lines of the source.

    Examples
    --------
    >>> source_lines("412-414").replace(NBSP, " ")
    'l. 412–414'
    """
    return f"l.{NBSP}{line.replace('-', '–')}"


def p_value(p: float, decimals: int = 4) -> Text:
    """Write a p-value, or that it is less than one in a thousand.

    Parameters
    ----------
    p : float
        Between 0 and 1.
    decimals : int
        Digits after the comma.
    """
    return Text(f"<{NBSP}0,001") if p < 0.001 else decimal(p, decimals)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def statement(p: float, approximation: str = "") -> Text:
    """Write a p-value as a French statement, which says where it is not exact.

    Parameters
    ----------
    p : float
    approximation : str
        Name of the law that it comes from, where it is not exact.

    Examples
    --------
    >>> statement(0.27061).replace(NBSP, " "), statement(1e-9).replace(NBSP, " ")
    ('p = 0,2706', 'p < 0,001')
    """
    text = p_value(p)
    relation = text if text.startswith("<") else f"={NBSP}{text}"
    return Text(f"p{NBSP}{relation}{approximation and f' ({approximation})'}")


def bounded_statement(least: float, greatest: float, threshold: float) -> Text:
    """Write what is known of a p-value that has bounds: the upper one where that is significant.

    Examples
    --------
    >>> bounded_statement(1e-9, 0.0183, 0.05).replace(NBSP, " ")
    'p ≤ 0,0183'
    >>> bounded_statement(1e-9, 0.3, 0.05).replace(NBSP, " ")
    'p de moins de 0,001 à 0,3000'
    """
    if least == greatest or p_value(greatest).startswith("<"):
        return statement(greatest)
    if greatest < threshold:
        return Text(f"p{NBSP}≤{NBSP}{p_value(greatest)}")
    low = p_value(least).replace(f"<{NBSP}", "moins de ")
    return Text(f"p de {low} à {p_value(greatest)}")


def scientific(value: float, decimals: int = 1, times: str = "×") -> Text:
    """Write a number as a power of ten.

    Parameters
    ----------
    value : float
    decimals : int
        Digits after the comma.
    times : str
        The sign of the product.

    Examples
    --------
    >>> scientific(1.3106545e-18).replace(NBSP, "~")
    '1,3~×~10⁻¹⁸'
    """
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    product = f"{decimal(Decimal(mantissa), decimals)}{NBSP}{times}{NBSP}"
    return Text(f"{product}{power_of_ten(int(exponent))}")


def power_of_ten(exponent: int) -> Text:
    """Write a power of ten.

    Examples
    --------
    >>> power_of_ten(-18)
    '10⁻¹⁸'
    """
    return Text(f"10{str(exponent).translate(_RAISED)}")


def small_p_value(p: float) -> Text:
    """Write a p-value however small it is, as a power of ten below one in a thousand.

    Examples
    --------
    >>> small_p_value(0.0346), small_p_value(5.2e-05).replace(NBSP, "~")
    ('0,0346', '5,2~×~10⁻⁵')
    """
    return decimal(p, 4) if p >= 0.001 else scientific(p)


def spell(value: int, feminine: bool = False) -> Text:
    """Spell a small whole number in words; write it in figures from thirteen up.

    Examples
    --------
    >>> spell(7), spell(1, feminine=True), spell(45)
    ('sept', 'une', '45')
    """
    if feminine and value == 1:
        return Text("une")
    return Text(_SPELLED[value]) if 0 <= value < len(_SPELLED) else count(value)


def told(
    part: int, whole: int, noun: str, one: str, several: str, *, feminine: bool = False
) -> Text:
    """Tell how many of a whole do something: none, one, some or all of them.

    Parameters
    ----------
    part, whole : int
        Counts.
    noun : str
        What is counted, in the plural.
    one, several : str
        What it does, in the singular and in the plural.
    feminine : bool

    Examples
    --------
    >>> told(0, 6, "médecins", "l’a ouvert", "l’ont ouvert")
    'aucun des six médecins ne l’a ouvert'
    >>> told(6, 6, "médecins", "l’a ouvert", "l’ont ouvert")
    'les six médecins l’ont ouvert'
    >>> told(1, 24, "lectures", "tient", "tiennent", feminine=True)
    'une seule des 24 lectures tient'
    """
    of, ending = spell(whole), "e" if feminine else ""
    if not part:
        return Text(f"aucun{ending} des {of} {noun} ne {one}")
    if part == whole:
        return Text(f"les {of} {noun} {several}")
    if part == 1:
        return Text(f"un{ending} seul{ending} des {of} {noun} {one}")
    return Text(f"{spell(part)} des {of} {noun} {several}")


def lower_first(text: str) -> Text:
    """Begin a label as within a sentence.

    Examples
    --------
    >>> lower_first("Créer un DMP")
    'créer un DMP'
    """
    return Text(text[:1].lower() + text[1:])


def upper_first(text: str) -> Text:
    """Begin a text as a sentence.

    Examples
    --------
    >>> upper_first("âge")
    'Âge'
    """
    return Text(text[:1].upper() + text[1:])


def listed(texts: Sequence[str], word: str = "et") -> Text:
    """Write texts one after the other within a sentence.

    Examples
    --------
    >>> listed(["I", "II", "V"]), listed(["I", "V"], "ou"), listed(["V"])
    ('I, II et V', 'I ou V', 'V')
    """
    return Text(f" {word} ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:]))))


def spaced(text: str) -> str:
    """Set the no-break spaces that the filter of the chapters sets, which data goes round.

    Examples
    --------
    >>> spaced("un 1000 : deux").replace(NBSP, "~")
    'un 1000~: deux'
    """
    text = re.sub(r" (?=[:»])|(?<=«) |(?<=\d) (?=%)", NBSP, text)
    return re.sub(r" (?=[;!?])|(?<=\d) (?=\d{3}\b)", NNBSP, text)


def in_guillemets(label: str) -> Text:
    """Quote a label within a sentence.

    Examples
    --------
    >>> in_guillemets("Manque de temps").replace(NBSP, "~")
    '«~manque de temps~»'
    """
    return Text(f"«{NBSP}{lower_first(label)}{NBSP}»")
