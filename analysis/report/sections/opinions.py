"""Sections IV.E and IV.F: what the doctors think of the DMP and of their software.

Twenty statements, each marked from 1 to 5 (`analysis.results.opinions`).  A table of the thesis
counts the marks of users, of non-users and of all; a sentence gives the shares of all the doctors
who agree, disagree or stand in between.  Both are compared here with the respondents table.

The counts by group were imposed on the rebuilt rows: that these agree with print proves nothing.
The totals and the shares are what the comparison is about.  They, and the tests of users against
non-users, rest on the counts by group alone, which print determines, and on no rebuilt link between
two answers of a doctor.

In the figures the neutral answer is centred on a line that all the bars share, disagreement lies to
its left and agreement to its right, so that position alone tells them apart in grey or in a small
image.  All have one scale, in percent of the doctors of the row.  Missing answers are told beside
the label.  Shares that the thesis prints without counts are hatched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from IPython.display import Markdown

from analysis import survey
from analysis.printed import parse, printed_row, read_table, table_ids
from analysis.report.register import registered
from analysis.report.show.figures import Blocks, Figure, scripted, sheet, stacked_bar, write
from analysis.report.show.french import (
    NBSP,
    Text,
    as_printed,
    bounded_statement,
    count,
    decimal,
    in_guillemets,
    p_value,
    percent,
    share,
    source_lines,
    spell,
    statement,
)
from analysis.report.show.tables import Cell, Row, Table, count_cell, percent_cell
from analysis.report.show.theme import WIDTH, Theme, theme
from analysis.results.opinions import (
    ITEMS,
    SIDES,
    TABLED,
    THRESHOLD,
    Group,
    Item,
    answers,
    comparisons,
    paired,
    pairs,
)
from analysis.survey import labels, levels
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_GROUPS: dict[Group, str] = {
    "users": labels.GROUPS["users"],
    "non_users": labels.GROUPS["non_users"],
    "total": "Ensemble",
}
_SIDES = ("Désaccord", "Neutre", "Accord")
_PARTS = {
    "IV.E.1": "Ce que le DMP apporte",
    "IV.E.2": "Ce qui en détourne",
    "IV.F": "Le logiciel du cabinet",
}
"""The parts of the questionnaire, by the section of the thesis that tells them."""


def numbers() -> dict[str, Text]:
    """Compute the numbers of both sections' sentences, in French.

    Returns
    -------
    dict of str to Text
        ``tabled`` and ``incomplete`` count the statements that have a table, and those of them that
        lack an answer; ``compared`` counts the tests of users against non-users, ``below`` and
        ``below_for_non_users`` those under the threshold, ``standing`` says which stand once
        all are reckoned with; ``pairs`` counts the pairs of statements, of which one has more
        agreement however the answers cross (``pairs_differ``), in some crossings only
        (``pairs_open``), in none (``pairs_alike``). ``delta_t2``, ``p_t2`` and ``holm_t2`` are of
        one statement. ``sum_t14_users`` and ``sum_t14_non_users`` add up the rows that the thesis
        labels as a group's.
    """
    found, judged = comparisons(), pairs()
    below = found[found["p_value"] < THRESHOLD]
    one = dict.fromkeys(("delta_t2", "p_t2", "holm_t2"), Text("non calculable"))
    for own in found.loc[found.index == "t2"].itertuples():
        law = "" if own.exact else "loi normale"
        one["delta_t2"], one["p_t2"] = Text(_interval(own)), statement(own.p_value, law)
        one["holm_t2"] = p_value(own.adjusted)
    return {
        "tabled": count(len(TABLED)),
        "incomplete": spell(sum(answers(each.table)["total"]["missing"] > 0 for each in TABLED)),
        "compared": count(len(found)),
        "below": spell(len(below)),
        "below_for_non_users": spell(int((below["estimate"] < 0).sum())),
        "standing": _standing(found.loc[found["stands"], "statement"].tolist()),
        **one,
        "pairs": count(judged.total()),
        **{f"pairs_{verdict}": count(judged[verdict]) for verdict in ("differ", "open", "alike")},
        **{f"sum_t14_{group}": count(total) for group, total in _sums("t14").items()},
    }


def _standing(statements: list[str]) -> Text:
    if not statements:
        return Text("aucun écart ne reste sous le seuil")
    names = ", ".join(map(in_guillemets, statements))
    if len(statements) == 1:
        return Text(f"un seul écart reste sous le seuil, {names}")
    return Text(f"{spell(len(statements))} écarts restent sous le seuil : {names}")


def paired_p(first: str, second: str) -> Text:
    """Write what is known of the p-value of McNemar's test of two opinions, in French.

    Parameters
    ----------
    first, second : str
        As `analysis.results.opinions.paired` has them.
    """
    found = paired(first, second)
    return bounded_statement(found.least, found.greatest, THRESHOLD)


# ---- tables ------------------------------------------------------------------------------------


def _sums(table: str) -> dict[str, int]:
    """Add up the printed marks of the rows that the thesis labels as a group's."""
    rows = {group: printed_row(table, group=group) for group in survey.GROUPS}
    return {
        group: sum(row.number(f"n{mark}") for mark in levels(table)) for group, row in rows.items()
    }


def _printed(table: str) -> tuple[pd.DataFrame, str]:
    """Give the printed rows by the group whose answers they hold, and what is to be said of them.

    Two labels are exchanged where a row holds more answers than its group has doctors, of which
    figure F6 prints how many.
    """
    listed, sums = read_table(table).set_index("group"), _sums(table)
    charted = (printed_row("f6", category=answer) for answer in survey.GROUPS.values())
    sizes = [row.number("value") for row in charted]
    if all(total <= size for total, size in zip(sums.values(), sizes, strict=True)):
        has_total = "total" in listed.index
        return listed, "" if has_total else "La thèse n’imprime pas de ligne de total."
    row = listed.loc["non_users"]
    note = (
        f"La thèse étiquette «{NBSP}{row['label']}{NBSP}» ({source_lines(row['line'])}) une ligne "
        f"de {sums['non_users']} réponses, pour {sizes[1]} non-utilisateurs. La lecture la plus "
        "simple est suivie ici, deux étiquettes échangées : chaque ligne est comparée à celle de "
        "son groupe."
    )
    return listed.rename(index=dict(zip(sums, reversed(sums), strict=True))), note


def _counted(table: str, printed: pd.DataFrame) -> dict[Group, list[Cell]]:
    """Give the cells of the marks of each group, beside what print has of them."""
    listed = printed.reindex(list(_GROUPS), fill_value="")
    return {
        group: [
            count_cell(own[mark], listed.loc[group, f"n{mark}"], listed.loc[group, "line"])
            for mark in levels(table)
        ]
        for group, own in answers(table).items()
    }


def _shared(item: Item, group: Group = "total") -> list[Cell]:
    """Give the cells of the three shares of a group, those of all beside what a sentence prints.

    Where print has no table of the statement, they are what the sentence prints.
    """
    printed, line = (item.shares, item.line) if group == "total" else ({}, "")
    if not item.table:
        return [Cell(as_printed(each)) for each in printed.values()]
    own = answers(item.table)[group]
    return [
        percent_cell(own[side], own["asked"], printed.get(side, ""), line, decimals=0)
        for side in SIDES
    ]


def _agreement(item: Item, group: Group = "total") -> Fraction | None:
    """Give the share of a group that agrees, in percent; None where it has nobody."""
    if not item.table:
        return Fraction(parse(item.shares["agree"]).value)
    own = answers(item.table)[group]
    return share(own["agree"], own["asked"])


def _table(item: Item) -> Table:
    """Set out the answers to a statement: marks, missing answers, the three shares."""
    (printed, note), own = _printed(item.table), answers(item.table)
    rows = [
        Row.of(_GROUPS[group], *cells, count_cell(own[group]["missing"]), *_shared(item, group))
        for group, cells in _counted(item.table, printed).items()
    ]
    header = ("", *levels(item.table), "Sans réponse", *_SIDES)
    return Table(item.table, header, tuple(rows), note)


def all_table() -> Table:
    """Set out the twenty statements: who agrees in each group, and the three shares of all."""
    rows = []
    for section, title in _PARTS.items():
        rows.append(Row(title, opens_group=True))
        rows += [_all_row(item) for item in ITEMS if item.section == section]
    header = ("", "Utilisateurs", "Non-util.", *_SIDES, "Sans réponse")
    note = (
        "Les deux premières colonnes : accord de chaque groupe ; les suivantes, l’ensemble. "
        "Entre crochets, des parts imprimées sans tableau, que rien ne permet de recalculer."
    )
    return Table("opinions", header, tuple(rows), note)


def _all_row(item: Item) -> Row:
    if not item.table:
        quoted = (f"[{cell.text}]" for cell in _shared(item))
        return Row.of(item.statement, "—", "—", *quoted, "—")
    agreeing = [_shared(item, group)[-1] for group in survey.GROUPS]
    missing = count_cell(answers(item.table)["total"]["missing"])
    return Row.of(item.statement, *agreeing, *_shared(item), missing)


def comparison_table() -> Table:
    """Set out users against non-users on each statement: agreement, delta, p-values."""
    found = comparisons().sort_values("p_value", kind="stable")
    rows: list[Row] = []
    for title, own in (
        ("Énoncés favorables", found[found["favours"]]),
        ("Freins, retournés", found[~found["favours"]]),
    ):
        rows.append(Row(title, opens_group=True))
        for each in own.itertuples():
            agreeing = [answers(each.Index)[group] for group in survey.GROUPS]
            shares = " / ".join(percent(of["agree"], of["asked"], 0) for of in agreeing)
            p_values = map(p_value, (each.p_value, each.adjusted))
            rows.append(Row.of(each.statement, shares, _interval(each), *p_values))
    header = ("", "Accord", f"δ [IC à 95{NBSP}%]", _p_title(), "p de Holm")
    note = "Accord : utilisateurs / non-utilisateurs. δ positif : utilisateurs plus favorables."
    return Table("comparaisons", header, tuple(rows), note)


def _interval(compared: Any) -> str:
    own = decimal(compared.estimate, 2)
    if math.isnan(compared.lower):
        return own
    return f"{own} [{decimal(compared.lower, 2)}{NBSP}; {decimal(compared.upper, 2)}]"


def _p_title() -> str:
    """Give the title of a column of unadjusted p-values."""
    return "p exact" if comparisons()["exact"].all() else "p (loi normale)"


# ---- figures -----------------------------------------------------------------------------------

_PITCH = 37
"""From row to row: a label and the bar below it, in pixels."""
_BAR = 17
_KEY, _TITLE = 24, 26
"""Room for the key, above the first row, and for the title of a block."""
_MIDDLE = WIDTH / 2
_ENDS = 35
"""Room for a share at either end of the longest bar."""


@dataclass(frozen=True)
class QuotedFigure(Figure):
    """A figure drawn from printed numbers, which nothing computes.

    Parameters
    ----------
    words : str
        What its mark says, in Markdown.
    """

    words: str = field(default="", kw_only=True)

    def mark(self) -> Markdown:
        """Say that the figure is not computed."""
        return Markdown(f"::: {{.verdict .verdict-rounding}}\n{self.words}\n:::\n")


def _figure(item: Item) -> Figure:
    """Draw the answers to one statement, of users, non-users and all; or what is printed of all."""
    draw = partial(_draw_statement, item=item)
    if not item.table:
        words = (
            f"• Non recalculable : de cet énoncé, la thèse n’imprime que ces trois pourcentages "
            f"(l. {item.line.replace('-', '–')}), sans tableau. Ils sont montrés tels quels."
        )
        return QuotedFigure(item.figure, draw, _KEY + _PITCH, words=words)
    height = _KEY + _PITCH * len(_GROUPS)
    if item.figure not in table_ids():
        return Figure(item.figure, draw, height)
    counted = _counted(item.table, read_table(item.figure).set_index("group"))
    rows = tuple(Row.of(_GROUPS[group], *cells) for group, cells in counted.items())
    checks = Table(item.figure, ("", *levels(item.table)), rows).checks
    return Figure(item.figure, draw, height, checks)


def _draw_statement(canvas: Canvas, look: Theme, *, item: Item) -> None:
    axes = sheet(canvas)
    if not item.table:
        neutral = f"3{NBSP}: {_shared(item)[1].text}"
        write(axes, 0, 9, "désaccord (1-2)", look.muted)
        write(axes, _MIDDLE, 9, neutral, look.muted, ha="center")
        write(axes, WIDTH, 9, "accord (4-5)", look.muted, ha="right")
        _draw_bar(axes, _KEY, _GROUPS["total"], item, "total", look)
        return
    _write_key(axes, look)
    for place, (group, label) in enumerate(_GROUPS.items()):
        _draw_bar(axes, _KEY + place * _PITCH, label, item, group, look)


def overview_figure() -> Figure:
    """Draw all the statements by falling agreement, those for the DMP and those against it."""
    return Figure("opinions", _draw_overview, _KEY + 2 * _TITLE + _PITCH * len(ITEMS))


def _draw_overview(canvas: Canvas, look: Theme) -> None:
    axes = sheet(canvas)
    _write_key(axes, look)
    top = float(_KEY)
    for favours, title in (
        (True, "Énoncés favorables au DMP"),
        (False, "Freins : énoncés défavorables"),
    ):
        write(axes, 0, top + 14, title, look.ink, weight=600)
        top += _TITLE
        own = [item for item in ITEMS if item.favours is favours]
        for item in sorted(own, key=lambda item: _agreement(item) or 0, reverse=True):
            _draw_bar(axes, top, item.statement, item, "total", look)
            top += _PITCH


def _lengths(item: Item, group: Group = "total") -> list[float]:
    """Give the parts of a bar, in percent: of the marks, or of the printed sides without them."""
    if not item.table:
        return [float(parse(item.shares[side]).value) for side in SIDES]
    own = answers(item.table)[group]
    return [100 * own[mark] / max(1, own["asked"]) for mark in levels(item.table)]


@per_table
def _longest_half() -> float:
    """Give the longest half bar of all the statements, in percent: the scale that they share."""
    halves = (
        100 * (max(own["disagree"], own["agree"]) + own["neutral"] / 2) / max(1, own["asked"])
        for item in TABLED
        for own in answers(item.table).values()
    )
    return max(halves) or 50.0


def _write_key(axes: Axes, look: Theme) -> None:
    """Write what the five tints stand for, in a line above the bars."""
    side = 20.0
    left = _MIDDLE - 2.5 * side
    stacked_bar(axes, 10, [side] * 5, look.opinions, list("12345"), look, left=left)
    write(axes, left - 5, 10, "pas du tout", look.muted, ha="right")
    write(axes, left + 5 * side + 5, 10, "tout à fait", look.muted)


def _draw_bar(axes: Axes, top: float, label: str, item: Item, group: Group, look: Theme) -> None:
    """Draw one diverging bar: the counts within, the shares at both ends, what is missing.

    Shares that nothing computes are hatched.
    """
    start, middle = top + 16, top + 17 + _BAR / 2
    axes.vlines(_MIDDLE, start, start + _BAR + 3, color=look.muted, lw=0.7, zorder=0)
    write(axes, 0, top + 8, label, look.ink)
    widths = [(_MIDDLE - _ENDS) / _longest_half() * each for each in _lengths(item, group)]
    half = len(widths) // 2
    left = _MIDDLE - sum(widths[:half]) - widths[half] / 2
    disagree, _, agree = _shared(item, group)
    ends = (left - 4, "right", disagree), (left + sum(widths) + 4, "left", agree)
    if item.table:
        own = answers(item.table)[group]
        if not own["asked"]:
            return
        if own["missing"]:
            write(axes, WIDTH, top + 8, f"{own['missing']} sans réponse", look.muted, ha="right")
        texts = [str(own[mark]) for mark in levels(item.table)]
        stacked_bar(axes, middle, widths, look.opinions, texts, look, _BAR, left)
    else:
        colours = (look.opinions[0], look.muted, look.opinions[4])
        for width, colour in zip(widths, colours, strict=True):
            style: dict[str, Any] = {"color": "none", "edgecolor": colour, "hatch": "/////"}
            axes.barh(middle, width, _BAR - 1, left, lw=0.9, **style)
            left += width
    for x, side, cell in ends:
        write(axes, x, middle, cell.text, look.ink, ha=side)


def _draw_forest(canvas: Canvas, look: Theme) -> None:
    """Draw how far users stand above non-users on each statement, most favourable users first."""
    found = comparisons().sort_values("estimate", ascending=False, kind="stable")
    axes = sheet(canvas)
    head, pitch = 66, 34
    foot = head + pitch * len(found)
    ends = found[["lower", "estimate", "upper"]].to_numpy(dtype=float)
    reach = float(np.nanmax(np.abs(ends), initial=0.5))
    # The place of a difference, in pixels.
    places = _MIDDLE + (_MIDDLE - 8) * ends / reach
    holm, exact = WIDTH, WIDTH - 58
    write(axes, 0, 16, "non-utilisateurs\nplus favorables", look.non_users)
    write(axes, WIDTH, 16, "utilisateurs\nplus favorables", look.users, ha="right")
    write(axes, exact, 52, _p_title(), look.muted, ha="right")
    write(axes, holm, 52, "p de Holm", look.muted, ha="right")
    step = 0.25 if reach < 0.75 else 0.5
    for tick in (tick * step for tick in range(-4, 5) if abs(tick * step) <= reach):
        x, colour = _MIDDLE + (_MIDDLE - 8) * tick / reach, look.rule if tick else look.muted
        axes.vlines(x, head, foot, color=colour, lw=0.8, zorder=0)
        write(axes, x, foot + 12, decimal(tick, 2), look.muted, ha="center")
    for y, (lower, estimate, upper), each in zip(
        range(head, foot, pitch), places, found.itertuples(), strict=True
    ):
        colour = look.users if each.estimate > 0 else look.non_users
        axes.hlines(y + 24, lower, upper, color=colour, lw=1.6)
        fill = colour if each.stands else look.paper
        axes.plot(estimate, y + 24, "o", ms=7, mec=colour, mew=1.5, color=fill)
        for x, text, side in (
            (0, each.statement + ("" if each.favours else "\u2009*"), "left"),
            (exact, p_value(each.p_value), "right"),
            (holm, p_value(each.adjusted), "right"),
        ):
            write(axes, x, y + 8, text, look.ink, ha=side, weight=600 if each.stands else 400)


forest_figure = partial(Figure, "comparaisons", _draw_forest, 66 + 34 * len(TABLED) + 26)


t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18 = (
    registered(partial(_table, item), item.table) for item in TABLED
)
(f11, f12, f13, f14, f15, f16, f17, f18, f19, f20) = (
    registered(partial(_figure, item), item.figure) for item in ITEMS[:10]
)
(f21, f22, f23, f24, f25, f26, f27, f28, f29, f30) = (
    registered(partial(_figure, item), item.figure) for item in ITEMS[10:]
)


# ---- for a reader who chooses: whose answers, in what order, which statement --------------------

_PAGES = {"IV.F": "04f-logiciels.html"}
"""Where the tables of a section stand, if not on the page of the choices."""


def overview_script() -> Blocks:
    """Let a reader of the page choose whose answers the figure shows, in what order, and which."""
    return scripted("opinions", choices())


def choices() -> dict[str, Any]:
    """Set out the statements, the groups and the colours for the script of the page.

    What the page writes is computed here, as the tables and the figure of the chapter have it; the
    script orders and shows it.

    Returns
    -------
    dict
        What JSON can hold. ``portee`` is the longest half bar, in percent of a group.
    """
    looks = {"clair": theme("light"), "sombre": theme("dark")}
    groups: tuple[Group, ...] = ("total", "users", "non_users")
    sizes = answers(TABLED[0].table)
    return {
        "groupes": {
            _GROUPS[group].lower(): {"nom": _GROUPS[group], "medecins": sizes[group]["asked"]}
            for group in groups
        },
        "portee": _longest_half(),
        "notes": ["pas du tout", "tout à fait"],
        "parties": _PARTS,
        "couleurs": {
            name: [[fill, look.on(fill)] for fill in look.opinions] for name, look in looks.items()
        },
        "enonces": [_chosen(item) for item in ITEMS],
    }


def _chosen(item: Item) -> dict[str, Any]:
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
        return said | {"parts": _lengths(item), "textes": [cell.text for cell in _shared(item)]}
    own = {_GROUPS[group].lower(): _answered(item, group) for group in _GROUPS}
    return said | {"reponses": own, **_gap(item)}


def _answered(item: Item, group: Group) -> dict[str, Any]:
    own = answers(item.table)[group]
    given = [own[mark] for mark in levels(item.table)]
    return {
        "effectifs": [*given, own["missing"]],
        "textes": [percent(number, own["asked"], 0) for number in (*given, own["missing"])],
        "parts": [_rounded(share(number, own["asked"])) for number in given],
        "cotes": [cell.text for cell in _shared(item, group)],
        "accord": _rounded(_agreement(item, group)),
    }


def _gap(item: Item) -> dict[str, Any]:
    """Give how much more often users agree, in points, and how it is written."""
    users, others = (_agreement(item, group) for group in survey.GROUPS)
    if users is None or others is None:
        return {}
    gap = users - others
    return {"ecart": _rounded(gap), "ecartTexte": f"{'+' if gap > 0 else ''}{decimal(gap, 0)}"}


def _rounded(value: Fraction | None) -> float:
    return round(float(value or 0), 3)


def _printed_place(item: Item) -> str:
    """Say where the thesis prints the table, the shares and what else it has of a statement."""
    lines = item.line.replace("-", f"{NBSP}à{NBSP}")
    if not item.table:
        return f"une phrase, lignes {lines}"
    listed = read_table("inventory").set_index("id")["line"]
    own = listed[item.table.upper()].replace("-", f"{NBSP}à{NBSP}")
    return f"son tableau, lignes {own}{NBSP}; ses trois parts, lignes {lines}"
