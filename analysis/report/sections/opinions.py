"""Sections IV.E and IV.F: what the doctors think of the DMP and of their software.

Twenty statements, each marked from 1 to 5.  A table of the thesis counts the marks of users, of
non-users and of all; a sentence gives the shares of all the doctors who agree, disagree or stand in
between.  Both are compared here with the respondents table.

The counts by group were imposed on the rebuilt rows: that these agree with print proves nothing.
The totals and the shares are what the comparison is about.  They, and the tests of users against
non-users, rest on the counts by group alone, which print determines, and on no rebuilt link between
two answers of a doctor.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from analysis import survey
from analysis.printed import parse, read_table, table_ids
from analysis.report import inline
from analysis.report.basis import basis_of
from analysis.report.register import registered
from analysis.report.sections._items import (
    GROUPS,
    ITEMS,
    SIDES,
    THRESHOLD,
    Comparison,
    Group,
    Item,
    answers,
    comparisons,
    item_of,
    p_title,
    printed_share,
)
from analysis.report.sections._opinion_choices import PARTS, choices
from analysis.report.sections._opinion_figures import (
    ANSWERS_HEIGHT,
    FOREST_HEIGHT,
    OVERVIEW_HEIGHT,
    QUOTED_HEIGHT,
    QuotedFigure,
    draw_answers,
    draw_forest,
    draw_overview,
    draw_quoted,
)
from analysis.report.show.figures import Blocks, Figure, scripted
from analysis.report.show.french import (
    NBSP,
    Text,
    as_printed,
    bounded_statement,
    count,
    decimal,
    in_guillemets,
    p_value,
    percentage,
    spell,
    statement,
)
from analysis.report.show.tables import Check, Row, Table, check_cell, count_cell, percent_cell
from analysis.statistics.paired import PairedBounds, mcnemar, mcnemar_bounds
from analysis.survey import ask, is_rebuilt, levels
from analysis.survey.respondents import per_table

_TABLED = tuple(item for item in ITEMS if item.table)
_UNKNOWN = Text("non calculable")
_COMPARED: tuple[Group, ...] = ("users", "non_users")


@dataclass(frozen=True)
class _PrintedRow:
    """A row of a printed table: its cells, its line, the label that it carries."""

    cells: tuple[str, ...]
    line: str
    label: str

    @property
    def total(self) -> int:
        return sum(int(parse(cell).value) for cell in self.cells)


def _as_labelled(item: Item) -> dict[str, _PrintedRow]:
    return {
        str(row["group"]): _PrintedRow(
            tuple(row[f"n{level}"] for level in levels(item.table)), row["line"], row["label"]
        )
        for _, row in read_table(item.table).iterrows()
    }


@cache
def _printed_group_sizes() -> dict[str, int]:
    """Give the size of each group as figure F6 prints it."""
    printed = read_table("f6").set_index("category")["value"]
    return {
        group: int(parse(printed[answer].split(";")[0]).value)
        for group, answer in survey.GROUPS.items()
    }


def _are_swapped(rows: dict[str, _PrintedRow]) -> bool:
    """Say whether a row holds more answers than its group has doctors, and fits the other one."""
    sizes = _printed_group_sizes()
    fits = {(label, group): rows[label].total <= sizes[group] for label in sizes for group in sizes}
    as_labelled = all(fits[group, group] for group in sizes)
    return not as_labelled and fits["users", "non_users"] and fits["non_users", "users"]


def _printed_rows(item: Item) -> dict[str, _PrintedRow]:
    """Give the printed rows by the group whose answers they hold."""
    rows = _as_labelled(item)
    if _are_swapped(rows):
        rows["users"], rows["non_users"] = rows["non_users"], rows["users"]
    return rows


def _table(item: Item) -> Table:
    """Set out the answers to a statement: marks, missing answers, the three shares."""
    printed = _printed_rows(item)
    rows = []
    for group, label in GROUPS.items():
        own = answers(item, group)
        row = printed.get(group, _PrintedRow(("",) * len(own.counts), "", ""))
        cells = [
            count_cell(number, cell, row.line)
            for number, cell in zip(own.counts, row.cells, strict=True)
        ]
        cells.append(count_cell(own.missing))
        for side in SIDES:
            quoted = printed_share(item, side) if group == "total" else ("", "")
            cells.append(percent_cell(own.count(side), own.asked, *quoted, decimals=0))
        rows.append(Row.of(label, *cells))
    header = ("", *levels(item.table), "Sans réponse", *SIDES.values())
    return Table(item.table, header, tuple(rows), _note(item))


def _note(item: Item) -> str:
    rows = _as_labelled(item)
    if _are_swapped(rows):
        row, doctors = rows["non_users"], _printed_group_sizes()["non_users"]
        return (
            f"La thèse étiquette «{NBSP}{row.label}{NBSP}» (l.{NBSP}{row.line}) une ligne de "
            f"{row.total} réponses, pour {doctors} non-utilisateurs. La lecture la plus simple "
            "est suivie ici, deux étiquettes échangées : chaque ligne est comparée à celle de son "
            "groupe."
        )
    return "" if "total" in rows else "La thèse n’imprime pas de ligne de total."


def _chart_checks(item: Item) -> tuple[Check, ...]:
    """Compare the numbers that stand on a printed chart with the respondents table."""
    if item.figure not in table_ids():
        return ()
    printed = read_table(item.figure).set_index("group")
    return tuple(
        check
        for group, label in GROUPS.items()
        for level, number in zip(levels(item.table), answers(item, group).counts, strict=True)
        for check in check_cell(
            f"*{label}, {level}*",
            printed.loc[group, f"n{level}"],
            printed.loc[group, "line"],
            (number,),
            basis_of(item.figure),
        )
    )


def _figure(item: Item) -> Figure:
    if item.table:
        return Figure(item.figure, draw_answers(item), ANSWERS_HEIGHT, _chart_checks(item))
    line = printed_share(item, "agree")[1].replace("-", "–")
    words = (
        f"• Non recalculable : de cet énoncé, la thèse n’imprime que ces trois pourcentages "
        f"(l. {line}), sans tableau. Ils sont montrés tels quels."
    )
    return QuotedFigure(item.figure, draw_quoted(item), QUOTED_HEIGHT, words=words)


def _regenerated_table(item: Item) -> Callable[[], Table]:
    return registered(lambda: _table(item), item.table)


def _regenerated_figure(item: Item) -> Callable[[], Figure]:
    return registered(lambda: _figure(item), item.figure)


t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18 = map(
    _regenerated_table, _TABLED
)
(f11, f12, f13, f14, f15, f16, f17, f18, f19, f20) = map(_regenerated_figure, ITEMS[:10])
(f21, f22, f23, f24, f25, f26, f27, f28, f29, f30) = map(_regenerated_figure, ITEMS[10:])


def all_table() -> Table:
    """Set out the twenty statements: who agrees in each group, and the three shares of all."""
    rows = []
    for section, title in PARTS.items():
        rows.append(Row(title, opens_group=True))
        rows += [_all_row(item) for item in ITEMS if item.section == section]
    header = ("", "Utilisateurs", "Non-util.", *SIDES.values(), "Sans réponse")
    note = (
        "Les deux premières colonnes : accord de chaque groupe ; les suivantes, l’ensemble. "
        "Entre crochets, des parts imprimées sans tableau, que rien ne permet de recalculer."
    )
    return Table("opinions", header, tuple(rows), note)


def _all_row(item: Item) -> Row:
    if not item.table:
        shown = [as_printed(printed_share(item, side)[0]) for side in SIDES]
        return Row.of(item.statement, "—", "—", *(f"[{text}]" for text in shown), "—")
    groups = [answers(item, group) for group in _COMPARED]
    everyone = answers(item)
    return Row.of(
        item.statement,
        *(percent_cell(own.count("agree"), own.asked, decimals=0) for own in groups),
        *(
            percent_cell(
                everyone.count(side), everyone.asked, *printed_share(item, side), decimals=0
            )
            for side in SIDES
        ),
        count_cell(everyone.missing),
    )


def overview_figure() -> Figure:
    """Draw all the statements by falling agreement, those for the DMP and those against it."""
    return Figure("opinions", draw_overview, OVERVIEW_HEIGHT)


def overview_script() -> Blocks:
    """Let a reader of the page choose whose answers the figure shows, in what order, and which."""
    return scripted("opinions", choices())


def forest_figure() -> Figure:
    """Draw users against non-users on each statement."""
    return Figure("comparaisons", draw_forest, FOREST_HEIGHT)


def _interval(comparison: Comparison) -> str:
    delta = comparison.delta
    if math.isnan(delta.lower):
        return decimal(delta.estimate, 2)
    ends = f"[{decimal(delta.lower, 2)}{NBSP}; {decimal(delta.upper, 2)}]"
    return f"{decimal(delta.estimate, 2)} {ends}"


def comparison_table() -> Table:
    """Set out users against non-users on each statement: agreement, delta, p-values."""
    rows: list[Row] = []
    for favours, title in (
        (True, "Énoncés favorables"),
        (False, "Freins, retournés"),
    ):
        rows.append(Row(title, opens_group=True))
        own = [each for each in comparisons() if each.item.favours is favours]
        for each in sorted(own, key=lambda comparison: comparison.p_value):
            shares = [inline.share(f"{each.item.table}>=4", of=group) for group in _COMPARED]
            rows.append(
                Row.of(
                    each.item.statement,
                    " / ".join(shares),
                    _interval(each),
                    p_value(each.p_value),
                    p_value(each.adjusted),
                )
            )
    header = ("", "Accord", f"δ [IC à 95{NBSP}%]", p_title(), "p de Holm")
    note = "Accord : utilisateurs / non-utilisateurs. δ positif : utilisateurs plus favorables."
    return Table("comparaisons", header, tuple(rows), note)


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
        one statement. ``sum_…`` adds up the three shares that a sentence prints of a statement, and
        ``sum_t14_users`` and ``sum_t14_non_users`` the rows that the thesis labels as a group's.
    """
    below = [each for each in comparisons() if each.p_value < THRESHOLD]
    found = _compared("t2")
    pairs, labelled = _pairs(), _as_labelled(item_of("t14"))
    law = "" if found is None or found.exact else "loi normale"
    return {
        "tabled": count(len(_TABLED)),
        "incomplete": spell(sum(answers(item).missing > 0 for item in _TABLED)),
        "compared": count(len(comparisons())),
        "below": spell(len(below)),
        "below_for_non_users": spell(sum(each.delta.estimate < 0 for each in below)),
        "standing": _standing([each for each in comparisons() if each.stands]),
        "delta_t2": Text(_interval(found)) if found else _UNKNOWN,
        "p_t2": statement(found.p_value, law) if found else _UNKNOWN,
        "holm_t2": p_value(found.adjusted) if found else _UNKNOWN,
        "pairs": count(pairs.total()),
        **{f"pairs_{verdict}": count(pairs[verdict]) for verdict in ("differ", "open", "alike")},
        **{f"sum_{item.table}": _printed_sum(item) for item in _TABLED},
        **{f"sum_t14_{group}": count(labelled[group].total) for group in _COMPARED},
    }


def _standing(found: Sequence[Comparison]) -> Text:
    if not found:
        return Text("aucun écart ne reste sous le seuil")
    names = ", ".join(in_guillemets(each.item.statement) for each in found)
    if len(found) == 1:
        return Text(f"un seul écart reste sous le seuil, {names}")
    return Text(f"{spell(len(found))} écarts restent sous le seuil : {names}")


def paired(first: str, second: str) -> PairedBounds:
    """Compare two opinions of the same doctors, by McNemar's test.

    Print counts the marks of each statement in both groups, and not how two statements cross: for
    the rebuilt rows the test has bounds.  With answers of one's own, and between two parts of one
    scale, the bounds are equal.

    Parameters
    ----------
    first, second : str
        Questions about one statement each (`analysis.survey.ask`).

    Examples
    --------
    >>> paired("t12>=4", "t14>=4").gap
    19
    """
    ((one,), (other,)) = (ask(each).conditions for each in (first, second))
    if is_rebuilt() and one.variable != other.variable:
        return mcnemar_bounds(
            (
                ask(group).count(),
                ask(f"{group} & {first}").count(),
                ask(f"{group} & {second}").count(),
            )
            for group in _COMPARED
        )
    both = ask(first, of=second).together.count()
    counts = ask(first).count(), ask(second).count()
    p = mcnemar(*(each - both for each in counts))
    return PairedBounds(counts[0] - counts[1], p, p)


def paired_p(first: str, second: str) -> Text:
    """Write what is known of the p-value of `paired`, as a French statement.

    Parameters
    ----------
    first, second : str
        As `paired` has them.
    """
    found = paired(first, second)
    return bounded_statement(found.least, found.greatest, THRESHOLD)


@per_table
def _pairs() -> Counter[str]:
    """Judge whether one of each pair of statements has more agreement, however answers cross."""
    found = (paired(*(f"{item.table}>=4" for item in pair)) for pair in combinations(_TABLED, 2))
    return Counter(
        "differ" if each.greatest < THRESHOLD else "open" if each.least < THRESHOLD else "alike"
        for each in found
    )


def _printed_sum(item: Item) -> Text:
    """Add up the three shares that a sentence of the thesis gives."""
    return percentage(sum(parse(printed_share(item, side)[0]).value for side in SIDES), 0)


def _compared(id_: str) -> Comparison | None:
    """Find the comparison of a statement; none where a group did not answer it."""
    return next((each for each in comparisons() if each.item.table == id_), None)
