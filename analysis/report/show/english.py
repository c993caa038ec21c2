"""English typography of the numbers of the abstract.

The report computes and writes its numbers in French. The abstract in English takes the same texts
and changes their marks only, so that both languages show the same digits.
"""

from __future__ import annotations

from analysis.report.show.french import NBSP, NNBSP, Text

_LAWS = {"khi-deux": "chi-square", "loi normale": "normal law"}
_MONTHS = {
    "décembre": "December",
    "janvier": "January",
    "février": "February",
    "novembre": "November",
}


def number(text: str) -> Text:
    """Write a French number, percentage or p-value as English does.

    Parameters
    ----------
    text : str
        As `analysis.report.show.french` writes it.

    Returns
    -------
    Text

    Raises
    ------
    ValueError
        If the text has words: a number spelt in French stays French.

    Examples
    --------
    >>> from analysis.report.show.french import count, percent
    >>> number(percent(39, 55)), number(count(1086))
    ('70.9%', '1,086')
    """
    for french, english in _LAWS.items():
        if text.endswith(f" ({french})"):
            return Text(f"{number(text.removesuffix(f' ({french})'))} ({english})")
    if any(each.isalpha() and each != "p" for each in text):
        raise ValueError(f"{text!r} is not a number in figures")
    marks = {",": ".", NNBSP: ",", f"{NBSP}%": "%"}
    for french in (f"{NBSP}%", ",", NNBSP):
        text = text.replace(french, marks[french])
    return Text(text)


def date(text: str) -> Text:
    """Write a French date in English.

    Raises
    ------
    KeyError
        If the month is not one that the report knows in English.

    Examples
    --------
    >>> date("11 décembre 2019")
    '11 December 2019'
    """
    day, month, year = text.split()
    return Text(f"{day} {_MONTHS[month]} {year}")
