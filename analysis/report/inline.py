"""Numbers for the prose: each is computed, or quoted from print, and comes out in French.

A chapter writes ``{python} n("uses_dmp", "oui")`` where a careless one would type 55. A number that
the ledger knows comes out with its trace (`analysis.report.traces`).
"""

from __future__ import annotations

import re

from analysis.printed import parse, read_table
from analysis.report.french import NBSP, Text, count, percent, spell
from analysis.report.traces import key_of, retold, traced
from analysis.survey import answered, is_rebuilt, tabulate

__all__ = [
    "annexed",
    "by_source",
    "fact",
    "fact_words",
    "n",
    "printed",
    "quoted",
    "recruited",
    "share",
    "words",
]


_SHORT = re.compile(r"(?<=[.°\d]) ")  # "L. 1111-14", "n° 505" and "210 M€" do not break.


def n(variable: str, *chosen: str) -> Text:
    """Count the doctors who gave one of the chosen answers; all who answered, without a choice.

    Examples
    --------
    >>> n("uses_dmp", "oui"), n("frequency", "journalier", "hebdomadaire")
    ('55', '6')
    """
    return _traced(count(_number(variable, chosen)), "n", variable, chosen)


def share(variable: str, *chosen: str, decimals: int = 1) -> Text:
    """Give the share of the doctors asked who gave one of the chosen answers, in percent."""
    text = percent(_number(variable, chosen), answered(variable), decimals)
    return _traced(text, "share", variable, chosen)


def words(variable: str, *chosen: str, feminine: bool = False) -> Text:
    """Spell the count of the doctors who gave one of the chosen answers."""
    return _traced(spell(_number(variable, chosen), feminine), "n", variable, chosen)


def by_source(rebuilt: str, own: str) -> Text:
    """Choose the words of a sentence by the table in use: the rebuilt one, or one's own.

    Examples
    --------
    >>> by_source("reconstituées", "lues dans un fichier")
    'reconstituées'
    """
    return Text(rebuilt if is_rebuilt() else own)


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
    cell = printed("facts", "printed", key=key)
    return retold(spell(int(parse(cell).value), feminine), cell)


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
    row = table.iloc[0]
    return traced(row[column], line=row["line"], printed=row[column])


def quoted(table_id: str, column: str, **where: str) -> Text:
    """Quote one printed cell between French quotation marks, with its line."""
    line = printed(table_id, "line", **where)
    cell = printed(table_id, column, **where)
    shown = cell.replace("%", f"{NBSP}%").replace(f" {NBSP}", NBSP)
    return retold(f"«{NBSP}{shown}{NBSP}» (l.{NBSP}{line.replace('-', '–')})", cell)


def _number(variable: str, chosen: tuple[str, ...]) -> int:
    return int(tabulate(variable).loc[list(chosen)].sum()) if chosen else answered(variable)


def _traced(text: Text, function: str, variable: str, chosen: tuple[str, ...]) -> Text:
    column = "percent" if function == "share" else "n"
    place = _distributed(variable, column, *chosen) if len(chosen) == 1 else {}
    return traced(text, key=key_of(function, variable, *chosen), **place)


def _distributed(variable: str, column: str, level: str) -> dict[str, str]:
    """Find where the thesis prints the distribution of a variable: line and cell of a level."""
    table_id, where = _DISTRIBUTIONS.get(variable, ("", {}))
    if not table_id:
        return {}
    table = read_table(table_id)
    for name, value in {"category": level, **where}.items():
        table = table.loc[table[name] == value]
    row = table.iloc[0] if len(table) == 1 else {"line": "", column: ""}
    return {"line": row["line"], "printed": row[column]}


_DISTRIBUTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "frequency": ("tb1a", {}),
    "purpose": ("tb1b", {}),
    "barrier_1": ("tb2", {"list": "barrier"}),
    "intends_to_use": ("tb2", {"list": "intends_to_use"}),
}


def _keyed(table_id: str, key: str) -> Text:
    cell = printed(table_id, "printed", key=key)
    # A date is printed with the zero of its form.
    text = cell.removeprefix("0")
    try:
        number = parse(text)
    except ValueError:
        return retold(text, cell)
    if number.decimals or number.is_percent:
        return retold(text, cell)
    return retold(count(int(number.value)), cell)
