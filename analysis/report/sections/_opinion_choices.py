"""The twenty statements for a page where a reader chooses: whose answers, in what order, which one.

What the page writes is computed here, as the tables and the figure of the chapter have it; the
script of the page orders and shows it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from analysis.printed import read_table
from analysis.report.sections._items import (
    GROUPS,
    ITEMS,
    SIDES,
    Answers,
    Group,
    Item,
    answers,
    printed_share,
)
from analysis.report.sections._opinion_figures import longest_half, printed_shares
from analysis.report.show.french import NBSP, decimal, percent, share
from analysis.report.show.theme import theme

PARTS = {
    "IV.E.1": "Ce que le DMP apporte",
    "IV.E.2": "Ce qui en détourne",
    "IV.F": "Le logiciel du cabinet",
}
"""The parts of the questionnaire, by the section of the thesis that tells them."""
_PAGES = {"IV.F": "04f-logiciels.html"}
"""Where the tables of a section stand, if not on the page of the choices."""
_ADDRESSES: dict[Group, str] = {
    "total": "ensemble",
    "users": "utilisateurs",
    "non_users": "non-utilisateurs",
}


def choices() -> dict[str, Any]:
    """Set out the statements, the groups and the colours for the script of the page.

    Returns
    -------
    dict
        What JSON can hold. ``portee`` is the longest half bar, in percent of a group.
    """
    sizes = {group: answers(_tabled(), group).asked for group in GROUPS}
    return {
        "groupes": {
            _ADDRESSES[group]: {"nom": GROUPS[group], "medecins": sizes[group]}
            for group in _ADDRESSES
        },
        "portee": longest_half(),
        "notes": ["pas du tout", "tout à fait"],
        "parties": PARTS,
        "couleurs": {
            "clair": _colours("light"),
            "sombre": _colours("dark"),
        },
        "enonces": [_statement(item) for item in ITEMS],
    }


def _tabled() -> Item:
    return next(item for item in ITEMS if item.table)


def _colours(mode: Any) -> list[list[str]]:
    look = theme(mode)
    return [[fill, look.on(fill)] for fill in look.opinions]


def _statement(item: Item) -> dict[str, Any]:
    place = f"#tbl-{item.table}" if item.table else f"#fig-{item.figure}"
    said = {
        "id": item.table or item.figure,
        "texte": item.statement,
        "favorable": item.favours,
        "partie": item.section,
        "lien": _PAGES.get(item.section, "") + place,
        "imprime": _printed_place(item),
    }
    if not item.table:
        quoted = [printed_share(item, side)[0] for side in SIDES]
        texts = [text.replace("%", f"{NBSP}%") for text in quoted]
        return said | {"parts": printed_shares(item), "textes": texts}
    own = {group: answers(item, group) for group in GROUPS}
    return said | {
        "reponses": {_ADDRESSES[group]: _answers(each) for group, each in own.items()},
        **_gap(own["users"], own["non_users"]),
    }


def _answers(own: Answers) -> dict[str, Any]:
    numbers = (*own.counts, own.missing)
    sides = [own.count(side) for side in SIDES]
    return {
        "effectifs": numbers,
        "textes": [percent(number, own.asked, 0) for number in numbers],
        "parts": [_rounded(share(number, own.asked)) for number in own.counts],
        "cotes": [percent(number, own.asked, 0) for number in sides],
        "accord": _rounded(share(own.count("agree"), own.asked)),
    }


def _gap(users: Answers, non_users: Answers) -> dict[str, Any]:
    """Give how much more often users agree, in points, and how it is written."""
    shares = [share(own.count("agree"), own.asked) for own in (users, non_users)]
    if shares[0] is None or shares[1] is None:
        return {}
    gap = shares[0] - shares[1]
    sign = "+" if gap > 0 else ""
    return {"ecart": _rounded(gap), "ecartTexte": f"{sign}{decimal(gap, 0)}"}


def _rounded(value: Fraction | None) -> float:
    return round(float(value or 0), 3)


def _printed_place(item: Item) -> str:
    """Say where the thesis prints the table, the shares and what else it has of a statement."""
    lines = printed_share(item, "agree")[1]
    if not item.table:
        return f"une phrase, lignes {_lines(lines)}"
    inventory = read_table("inventory").set_index("id")["line"]
    return (
        f"son tableau, lignes {_lines(inventory[item.table.upper()])}{NBSP}; "
        f"ses trois parts, lignes {_lines(lines)}"
    )


def _lines(lines: str) -> str:
    return lines.replace("-", f"{NBSP}à{NBSP}")
