"""Section IV.B: who uses the DMP, how often, what for, and what holds the others back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.printed import parse, printed_rows, read_table
from analysis.report.register import registered, registered_as
from analysis.report.show.figures import (
    BAR_PITCH,
    Figure,
    bars,
    extent,
    key,
    sheet,
    stacked_bar,
    write,
)
from analysis.report.show.french import NBSP, Text, count, percent, share, spell, statement, told
from analysis.report.show.tables import (
    Cell,
    Row,
    Statistic,
    Table,
    count_cell,
    counted_cell,
    exact_p,
    fisher,
    percent_cell,
    strength,
)
from analysis.report.show.theme import WIDTH, Theme
from analysis.results.outcomes import Outcome
from analysis.statistics.contingency import holm
from analysis.survey import GROUPS, ask, levels, tabulate
from analysis.survey.labels import LEVELS, VARIABLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


def _rows(
    listed: pd.DataFrame, names: dict[str, str], question: str, of: str = "", decimals: int = 2
) -> Iterator[Row]:
    """Set out how many doctors each category counts, and their share, beside print."""
    for printed in listed.itertuples():
        asked = ask(question.format(printed.category).removesuffix("="), of)
        number, line = asked.count(), printed.line
        share = percent_cell(number, asked.base(), printed.percent, line, decimals)
        label = names.get(printed.category, "Total")
        yield Row.of(label, count_cell(number, printed.n, line), share)


def _distribution(id_: str, variable: str) -> Table:
    """Set out one variable as the thesis does: count, percent, total."""
    rows = _rows(read_table(id_), LEVELS[variable], variable + "={}")
    return Table(id_, (VARIABLES[variable], "Effectif", "Part"), tuple(rows))


def _cross_table(id_: str, rows_of: str, columns_of: str) -> Table:
    """Set out two variables as the thesis does, with both margins; a blank is a zero."""
    counts, listed = tabulate(rows_of, columns_of), read_table(id_)
    counts["total"] = counts.sum(axis="columns")
    counts.loc[""] = counts.sum()
    columns = [name for name in listed.columns if name in counts.columns]
    rows = []
    for _, printed in listed.iterrows():
        own = counts.loc[printed["category"]]
        cells = [count_cell(int(own[name]), printed[name], printed["line"]) for name in columns]
        rows.append(Row.of(LEVELS[rows_of].get(printed["category"], "Total"), *cells))
    titles = [_SHORT[columns_of].get(name, "Total") for name in columns]
    return Table(id_, (VARIABLES[rows_of], *titles), tuple(rows))


_SHORT = {
    "frequency": {
        "curiosite": "Une fois",
        "annuel": "Par an",
        "mensuel": "Par mois",
        "hebdomadaire": "Par semaine",
        "journalier": "Par jour",
    },
    "purpose": {"creation": "Créer", "ajout": "Ajouter", "consultation": "Consulter"},
}


tb1a, tb1b = registered_as({"tb1a": ("frequency",), "tb1b": ("purpose",)}, _distribution)
tb1c, tb1d = registered_as(
    {"tb1c": ("age", "frequency"), "tb1d": ("frequency", "purpose")}, _cross_table
)


_LISTS = {
    "practice": ("Type d’exercice", "practice={}", "non_users"),
    "place": ("Lieu d’exercice", "place={}", "non_users"),
    "barrier": ("Freins cités", "barrier_1={}", "non_users"),
    "intends_to_use": ("Pensent l’utiliser plus tard", "intends_to_use={}", "non_users"),
    "change": ("Les ferait changer d’avis", "{}=oui", "intends_to_use=non"),
}
"""The in-text lists on the non-users: title, question of a category, its base."""


@registered
def tb2() -> Table:
    """Gather the in-text lists on the non-users, every percentage on the right base."""
    listed, rows = read_table("tb2").groupby("list"), []
    for name, (title, question, of) in _LISTS.items():
        rows.append(Row(f"{title}, sur {count(ask(of).count())}", opens_group=True))
        rows += _rows(listed.get_group(name), LEVELS[name], question, of, decimals=1)
    return Table("tb2", ("", "Effectif", "Part"), tuple(rows))


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        ``creation_leads`` says at how many frequencies opening a record leads the other purposes,
        ``mixed`` how many doctors in mixed practice used the DMP. ``barriers`` adds up the
        barriers that the thesis lists, and ``annexe_…`` is one of them by the percentage that
        Annexe VI prints. ``access_most`` is the greatest share of the non-users who may not know
        how to get access: it counts second barriers too, and takes the one that print does not
        name, and that most doctors gave, for this one. ``mixte_…`` are the p-values of the exact
        test of the mixed practice against another; ``strength_…`` says how strongly a variable is
        tied to the use of the DMP.

    Examples
    --------
    >>> numbers()["annexe_manque_info_acces"]
    '21'
    """
    counts, practice = tabulate("frequency", "purpose"), tabulate("practice", "uses_dmp")
    leads = counts["creation"] > counts.drop(columns="creation").max(axis="columns")
    annexe = read_table("tavin").groupby("category")["overall"].first()
    barriers = sum(row.number("n") for row in printed_rows("tb2") if row["list"] == "barrier")
    first, second = ask("barrier_1=manque_info_acces", of="non_users"), tabulate("barrier_2")
    unable = first.count() + int(second["manque_info_acces"] + second.filter(like="inconnu").max())
    used = ask("users", of="practice=mixte")
    return {
        "creation_leads": _at_frequencies(int(leads.sum()), len(leads)),
        "mixed": told(
            used.count(), used.base(), "médecins en exercice mixte", "l’a utilisé", "l’ont utilisé"
        ),
        "barriers": count(barriers),
        **{
            f"annexe_{level}": count(round(parse(annexe[f"Frein1_{level}"]).value * barriers / 100))
            for level in ("manque_info_acces", "logiciel", "temps")
        },
        "access_most": percent(unable, first.base()),
        **{
            f"mixte_{other}": statement(*exact_p(practice.loc[["mixte", other]]))
            for other in ("libéral", "salarié")
        },
        **{
            f"strength_{variable}": strength(tabulate(variable, "uses_dmp"))
            for variable in ("age", "practice", "place")
        },
    }


def _at_frequencies(number: int, of: int) -> Text:
    if number == of:
        return Text("toutes les fréquences")
    return Text(f"{spell(number, feminine=True)} des {spell(of)} fréquences")


def smallest(*, adjusted: bool = False) -> Statistic:
    """Find the comparison of users and non-users that has the smallest p-value.

    Parameters
    ----------
    adjusted : bool
        Whether by Holm's method, for the three of them.
    """
    found = (s4(), s5(), s6())
    least = min(found, key=lambda statistic: statistic.p)
    if not adjusted:
        return least
    # The thesis prints no adjusted value: this one leads to no claim.
    return replace(least, id="", p=float(holm([each.p for each in found]).min()), printed="")


def _tested(id_: str, rows: str, columns: str) -> Statistic:
    return fisher(id_, tabulate(rows, columns))


s4, s5, s6 = registered_as(
    {"s4": ("age", "uses_dmp"), "s5": ("practice", "uses_dmp"), "s6": ("place", "uses_dmp")},
    _tested,
)


@registered
def tb3() -> Table:
    """Compare users and non-users by age, type and place of practice."""
    listed, rows = read_table("tb3").set_index("category"), []
    for variable, test in (("age", s4()), ("practice", s5()), ("place", s6())):
        rows.append(Row(VARIABLES[variable], (Cell(), Cell(), test.cell), opens_group=True))
        for level, *counts in tabulate(variable, "uses_dmp").itertuples():
            printed = listed.loc[level]
            cells = (
                counted_cell(number, sum(counts), printed[group], printed["line"])
                for number, group in zip(counts, GROUPS, strict=True)
            )
            rows.append(Row.of(LEVELS[variable][level], *cells, ""))
    titles = (
        f"{LEVELS['uses_dmp'][answer]} (N{NBSP}={NBSP}{count(number)})"
        for answer, number in tabulate("uses_dmp").items()
    )
    header = ("", *titles, "Test de Fisher")
    return Table("tb3", header, tuple(rows), "Effectif (pourcentage de la ligne).")


def _draw_frequency_by_age(canvas: Canvas, look: Theme) -> None:
    """Draw how often the users of each age use it."""
    counts, axes = tabulate("age", "frequency"), sheet(canvas)
    entries = [
        (name, "fill", {"color": colour, "edgecolor": look.muted, "lw": 0.7})
        for name, colour in zip(LEVELS["frequency"].values(), look.steps, strict=True)
    ]
    y = key(axes, 9, entries, look)
    left = max(map(extent, LEVELS["age"].values())) + 8
    scale = (WIDTH - left - 22) / max(1, int(counts.sum(axis="columns").max()))
    for age, *row in counts.itertuples():
        y += _AGE_PITCH
        write(axes, 0, y, LEVELS["age"][age], look.ink)
        lengths = [scale * number for number in row]
        stacked_bar(axes, y, lengths, look.steps, list(map(str, row)), look, left=left)
        write(axes, left + scale * sum(row) + 6, y, str(sum(row)), look.muted)


_AGE_PITCH = 25


(f4,) = registered_as({"f4": (_draw_frequency_by_age, 45 + 6.3 * _AGE_PITCH)}, Figure)


def _bars(id_: str, variable: str) -> Figure:
    """Draw a bar for each answer: in their order; of what holds non-users back, the first first."""

    def draw(canvas: Canvas, look: Theme) -> None:
        counts, colour, texts = tabulate(variable), look.users, _labelled(variable)
        if variable == "barrier_1":
            counts, colour = counts.sort_values(ascending=False, kind="stable"), look.non_users
            asked = ask("non_users").count()
            texts = [f"{percent(number, asked)}{NBSP}({number})" for number in counts]
        names = [LEVELS[variable][level] for level in counts.index]
        bars(sheet(canvas), names, counts.tolist(), texts, colour, look)

    return Figure(id_, draw, BAR_PITCH * len(levels(variable)), _chart_checks(id_, variable))


def _chart_checks(id_: str, variable: str) -> tuple[Outcome, ...]:
    """Compare what stands on a printed chart, counts or counts and whole percents, with ours."""
    counts, listed, rows = tabulate(variable), read_table(id_).query("category != ''"), []
    for _, row in listed.iterrows():
        own = int(counts[row["category"]])
        values = (own,) if "n" in row else (own, share(own, int(counts.sum())))
        cell = Cell("", values, row.get("n", row.get("value")), row["line"])
        rows.append(Row.of(LEVELS[variable][row["category"]], cell))
    return Table(id_, ("", ""), tuple(rows)).checks


def _labelled(variable: str) -> list[str]:
    counts = tabulate(variable)
    total = int(counts.sum())
    return [f"{number}{NBSP}({percent(number, total, 0)})" for number in counts]


def _one_bar(id_: str, variable: str) -> Figure:
    """Draw a bar that two answers share out."""

    def draw(canvas: Canvas, look: Theme) -> None:
        fills = (look.users, look.non_users) if id_ == "f6" else (look.non_users, look.veil)
        counts, names = tabulate(variable), LEVELS[variable].values()
        scale = (WIDTH - 2) / max(1, int(counts.sum()))
        axes, left = sheet(canvas), 1.0
        for number, name, text, fill in zip(counts, names, _labelled(variable), fills, strict=True):
            width = scale * number
            # The page shows between two parts: in grey, their fills are alike.
            drawn = max(0.0, width - _BETWEEN)
            stacked_bar(axes, _TALL / 2, [drawn], [fill], [""], look, _TALL - 2, left)
            # A narrow part keeps what it says, whatever it stands on.
            place = min(left + width / 2, WIDTH - extent(name) / 2 - 2)
            write(axes, place, _TALL / 2, f"{name}\n{text}", look.on(fill), ha="center")
            left += width

    return Figure(id_, draw, _TALL, _chart_checks(id_, variable))


_TALL, _BETWEEN = 48, 3


f5, f8 = registered_as({"f5": ("barrier_1",), "f8": ("frequency",)}, _bars)
f6, f7 = registered_as({"f6": ("uses_dmp",), "f7": ("intends_to_use",)}, _one_bar)
