"""Numbers for the prose: each is computed, or quoted from print, and comes out in French.

A chapter writes ``{python} n("uses_dmp=oui")`` where a careless one would type 55: a question to
the answers (`analysis.survey.ask`). A number that the ledger knows comes out with its trace
(`analysis.report.provenance`).
"""

from __future__ import annotations

import re

from analysis.printed import parse, printed_row
from analysis.report.provenance import claim_at, claim_of, retold, traced
from analysis.report.show.french import (
    NBSP,
    Text,
    as_printed,
    count,
    percent,
    percentage,
    source_lines,
    spell,
)
from analysis.results.clusters import respondents
from analysis.statistics.proportions import wilson
from analysis.survey import ask, council, is_rebuilt
from analysis.survey.schema import ITEMS

LEVEL = 0.95
"""Confidence of every interval of the report."""
CONFIDENCE = Text(f"{round(100 * LEVEL)}{NBSP}%")
"""The same, in French."""
_SHORT = re.compile(r"(?<=[.°\d]) ")  # "L. 1111-14", "n° 505" and "210 M€" do not break.


def n(question: str) -> Text:
    """Count the doctors of a question.

    Parameters
    ----------
    question : str
        As `analysis.survey.ask` reads it.

    Examples
    --------
    >>> n("uses_dmp=oui"), n("frequency>=hebdomadaire"), n("U1 & age=50-59")
    ('55', '6', '9')
    """
    asked = ask(question)
    number = asked.count(respondents(asked))
    return traced(count(number), claim_of("n", asked, number))


def words(question: str, feminine: bool = False) -> Text:
    """Spell the count of the doctors of a question."""
    number = n(question)
    return retold(spell(int(parse(number).value), feminine), number)


def share(question: str, of: str = "", decimals: int | None = None) -> Text:
    """Give the share of the doctors of a question, in percent.

    Parameters
    ----------
    question, of : str
        As `analysis.survey.ask` reads them.
    decimals : int, optional
        As the thesis prints shares: none for an opinion, one otherwise.

    Examples
    --------
    >>> share("t2<=2").replace(NBSP, " "), share("U1", of="users & age=50-59").replace(NBSP, " ")
    ('65 %', '64,3 %')
    """
    asked = ask(question, of)
    if decimals is None:
        decimals = 0 if any(each.variable in ITEMS for each in asked.conditions) else 1
    table = respondents(asked)
    text = percent(asked.count(table), asked.base(table), decimals)
    return traced(text, claim_of("share", asked, asked.share(table)))


def interval(question: str, of: str = "", decimals: int = 0) -> Text:
    """Enclose a share by Wilson's interval.

    Examples
    --------
    >>> interval("change_money=oui").replace(NBSP, " ")
    'de 19 % à 68 %'
    """
    asked = ask(question, of)
    table = respondents(asked)
    if not asked.base(table):
        return Text("non calculable")
    found = wilson(asked.count(table), asked.base(table), LEVEL)
    low, high = (percentage(100 * end, decimals) for end in (found.low, found.high))
    return Text(f"de {low} à {high}")


def in_herault(question: str) -> Text:
    """Count the doctors of the Hérault of a question on age, type or place of practice.

    Examples
    --------
    >>> in_herault("place=autre")
    '681'
    """
    return count(council.counted(question)[0])


def share_in_herault(question: str, decimals: int = 1) -> Text:
    """Give their share of all the doctors of the Hérault, in percent."""
    return percent(*council.counted(question), decimals)


def by_source(rebuilt: str, own: str) -> Text:
    """Choose the words of a sentence by the table in use: the rebuilt one, or one's own.

    Examples
    --------
    >>> by_source("reconstituées", "lues dans un fichier")
    'reconstituées'
    """
    return Text(rebuilt if is_rebuilt() else own)


def fact(place: str, *, spelt: bool = False) -> Text:
    """Give a printed fact, its number written in French.

    Parameters
    ----------
    place : str
        Id of a table of facts and key of the fact, as ``facts:population``.
    spelt : bool
        Whether to spell the number in words.

    Examples
    --------
    >>> fact("facts:population").replace(chr(8239), " ")
    '1 875'
    """
    cell = printed(place)
    # A date is printed with the zero of its form.
    text = _SHORT.sub(NBSP, cell.removeprefix("0"))
    try:
        number = parse(text)
    except ValueError:
        return retold(text, cell)
    if number.decimals or number.is_percent:
        return retold(text, cell)
    return retold((spell if spelt else count)(int(number.value)), cell)


def printed(place: str, column: str = "printed", **where: str) -> Text:
    """Quote one cell as the thesis prints it, found by its key or by the values of other columns.

    Parameters
    ----------
    place : str
        Id of a table, with the key of a fact after a colon.
    column : str
    **where : str

    Raises
    ------
    LookupError
        If not exactly one row answers.

    Examples
    --------
    >>> printed("tb2", "percent", list="place", category="groupe"), printed("facts:population")
    ('82,9%', '1875')
    """
    row = printed_row(place, **where)
    return traced(row[column], claim_at(row["line"], row[column]))


def quoted(place: str, column: str = "printed", **where: str) -> Text:
    """Quote one printed cell between French quotation marks, with its line."""
    line = printed(place, "line", **where)
    cell = printed(place, column, **where)
    shown = as_printed(cell).replace(f" {NBSP}", NBSP)
    return retold(f"«{NBSP}{shown}{NBSP}» ({source_lines(line)})", cell)
