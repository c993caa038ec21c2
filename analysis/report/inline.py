"""Numbers for the prose: each is computed, or quoted from print, and comes out in French.

A chapter writes ``{python} n("uses_dmp", "oui")`` where a careless one would type 55.
"""

from __future__ import annotations

import re

from analysis.printed import parse, read_table
from analysis.report.french import NBSP, Text, count, percent, spell
from analysis.survey import answered, tabulate

__all__ = ["annexed", "fact", "fact_words", "n", "printed", "quoted", "recruited", "share", "words"]


_SHORT = re.compile(r"(?<=[.°\d]) ")  # "L. 1111-14", "n° 505" and "210 M€" do not break.


def n(variable: str, *chosen: str) -> Text:
    """Count the doctors who gave one of the chosen answers; all who answered, without a choice.

    Examples
    --------
    >>> n("uses_dmp", "oui"), n("frequency", "journalier", "hebdomadaire")
    ('55', '6')
    """
    return count(_number(variable, chosen))


def share(variable: str, *chosen: str, decimals: int = 1) -> Text:
    """Give the share of the doctors asked who gave one of the chosen answers, in percent."""
    return percent(_number(variable, chosen), answered(variable), decimals)


def words(variable: str, *chosen: str, feminine: bool = False) -> Text:
    """Spell the count of the doctors who gave one of the chosen answers."""
    return spell(_number(variable, chosen), feminine)


def fact(key: str) -> Text:
    """Give a fact of the method section (thesis, III), its number written in French.

    Examples
    --------
    >>> fact("population").replace(chr(8239), " ")
    '1 875'
    """
    return _keyed("facts", key)


def fact_words(key: str, feminine: bool = False) -> Text:
    """Give a fact that is a small whole number, spelt in words."""
    return spell(int(parse(printed("facts", "printed", key=key)).value), feminine)


def annexed(key: str) -> Text:
    """Give a fact of the annexes or of the abstracts, its number written in French.

    Examples
    --------
    >>> annexed("records_opened").replace(chr(8239), " ")
    '158 000'
    """
    return Text(_SHORT.sub(NBSP, _keyed("annexes", key)))


def recruited(key: str) -> Text:
    """Give a recruitment figure (thesis, opening of IV), its number written in French."""
    return _keyed("recruitment", key)


def printed(table_id: str, column: str, **where: str) -> Text:
    """Quote one cell as the thesis prints it, found by the values of other columns.

    Raises
    ------
    LookupError
        If not exactly one row answers.

    Examples
    --------
    >>> printed("tb2", "percent", list="place", category="groupe")
    '82,9%'
    """
    table = read_table(table_id)
    for name, value in where.items():
        table = table.loc[table[name] == value]
    if len(table) != 1:
        raise LookupError(f"{table_id}: {len(table)} rows where {where}")
    return Text(table.iloc[0][column])


def quoted(table_id: str, column: str, **where: str) -> Text:
    """Quote one printed cell between French quotation marks, with its line."""
    line = printed(table_id, "line", **where)
    cell = printed(table_id, column, **where).replace("%", f"{NBSP}%").replace(f" {NBSP}", NBSP)
    return Text(f"«{NBSP}{cell}{NBSP}» (l.{NBSP}{line.replace('-', '–')})")


def _number(variable: str, chosen: tuple[str, ...]) -> int:
    return int(tabulate(variable).loc[list(chosen)].sum()) if chosen else answered(variable)


def _keyed(table_id: str, key: str) -> Text:
    # A date is printed with the zero of its form.
    text = printed(table_id, "printed", key=key).removeprefix("0")
    try:
        number = parse(text)
    except ValueError:
        return Text(text)
    if number.decimals or number.is_percent:
        return Text(text)
    return count(int(number.value))
