"""The abstract: what its sentences compute, and what the thesis's own abstracts print."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.printed import read_table
from analysis.report.sections._items import answers, item_of
from analysis.report.show.figures import LEADING, Figure, key, sheet
from analysis.report.show.french import NBSP, Text, count, percent, share
from analysis.report.show.statistics import statement
from analysis.report.show.tables import Cell, Row, Table, count_cell, text_cell
from analysis.report.show.theme import WIDTH, Theme
from analysis.statistics.contingency import fisher_exact
from analysis.survey import ask, tabulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


UNDER_40 = ("<29", "30-39")
FROM_40_TO_69 = ("40-49", "50-59", "60-69")
_RARE = ("curiosite", "annuel")
_FREQUENT = ("mensuel", "hebdomadaire", "journalier")


_USES = (
    ("Jamais", "non_users"),
    ("Une fois, ou par an", "frequency<=annuel"),
    ("Par mois", "frequency=mensuel"),
    ("Par semaine ou par jour", "frequency>=hebdomadaire"),
)
"""What the squares of the first figure are sorted by."""
_COLUMNS, _ROWS = 20, 5
_PITCH = WIDTH / _COLUMNS


def squares() -> list[int]:
    """Share a hundred squares out by use, one a doctor where a hundred were analysed.

    Returns
    -------
    list of int
        Those who never used it, once or yearly, monthly, and weekly or daily: by largest remainder.
    """
    counts = [ask(question).count() for _, question in _USES]
    exact = [Fraction(_COLUMNS * _ROWS * each, max(1, sum(counts))) for each in counts]
    squares = [int(each) for each in exact]
    largest = sorted(range(len(exact)), key=lambda place: squares[place] - exact[place])
    for place in largest[: _COLUMNS * _ROWS - sum(squares)] if sum(counts) else []:
        squares[place] += 1
    return squares


def _draw_hundred(canvas: Canvas, look: Theme) -> None:
    fills = (look.paper, look.steps[1], look.steps[3], look.steps[4])
    page, first, entries = sheet(canvas), 0, []
    for (name, question), fill, size in zip(_USES, fills, squares(), strict=True):
        style: dict[str, Any] = {"color": fill, "edgecolor": look.muted, "lw": 0.7}
        places = np.arange(first, first + size)
        left, top = (places % _COLUMNS + 0.5) * _PITCH, places // _COLUMNS * _PITCH + 1
        page.bar(left, _PITCH - 3, _PITCH - 3, top, **style)
        entries.append((f"{name} : {count(ask(question).count())}", "fill", style))
        first += size
    key(page, _ROWS * _PITCH + 14, entries, look)


def hundred_figure() -> Figure:
    """Draw a square for each doctor, by how often he or she used it."""
    return Figure("cent", _draw_hundred, _ROWS * _PITCH + 4 * LEADING)


def age_contrast() -> Text:
    """Compare the doctors under 40 with those from 40 to 69, by Fisher's exact test."""
    counts = tabulate("age", "uses_dmp")
    table = np.array([counts.loc[list(ages)].sum() for ages in (UNDER_40, FROM_40_TO_69)])
    return statement(fisher_exact(table))


def n_profiles() -> int:
    """Count the clusters, of the group that has the more of them."""
    return int((tabulate("cluster", "uses_dmp") > 0).sum().max())


def abstracts_table() -> Table:
    """Set the numbers of the two printed abstracts beside the computed ones."""
    uses, frequency = tabulate("uses_dmp"), tabulate("frequency")
    doctors, users, non_users = int(uses.sum()), int(uses["oui"]), int(uses["non"])
    burden = answers(item_of("t12")).count("agree")
    blamed = int(tabulate("barrier_1")["logiciel"])
    lines = (
        ("Ont utilisé le DMP", "users", users, doctors),
        ("dont rarement (une fois, ou par an)", "rare", int(frequency[list(_RARE)].sum()), users),
        ("dont plus souvent", "frequent", int(frequency[list(_FREQUENT)].sum()), users),
        ("Ne l’ont jamais utilisé", "non_users", non_users, doctors),
        ("Y voient une charge administrative", "burden", burden, doctors),
        ("Ont un logiciel compatible", "compatible", non_users - blamed, non_users),
    )
    everyone = _printed_cells("respondents", doctors, is_share=False)
    rows = [Row("Médecins analysés", (count_cell(doctors), *everyone))]
    for name, place, part, whole in lines:
        printed = _printed_cells(place, share(part, whole), is_share=True)
        rows.append(Row(name, (Cell(percent(part, whole)), *printed)))
    header = ("", "Calculé", "Imprimé, en français", "Imprimé, en anglais")
    note = "Dernière ligne : non-utilisateurs dont le logiciel n’est pas le premier frein."
    return Table("resumes", header, tuple(rows), note)


def _printed_cells(key: str, value: int | Fraction | None, *, is_share: bool) -> tuple[Cell, Cell]:
    """Show what each abstract prints, compared with a computed number."""
    listed = read_table("annexes").set_index("key")
    cells = []
    for language in ("french", "english"):
        name = f"{language}_{key}"
        if name not in listed.index:
            cells.append(text_cell("—"))
            continue
        row = listed.loc[name]
        shown = row["printed"].replace("%", f"{NBSP}%")
        cells.append(Cell(shown, (value,), row["printed"], row["line"]))
    return cells[0], cells[1]
