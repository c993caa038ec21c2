"""Section IV.A: from the questionnaires sent out to the doctors who answered, and who they are.

Each table sets the sample against all the doctors of the Hérault, as the council counts them
(`analysis.survey.council`), and tests them as the thesis did, by Fisher's exact test on the two
columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.printed import printed_row, read_table
from analysis.report.inline import fact
from analysis.report.provenance import retold
from analysis.report.register import registered_as
from analysis.report.show.figures import Chart, Figure, Style, extent, key, sheet, write
from analysis.report.show.french import UNDEFINED, Text, count, decimal, percent, spell, statement
from analysis.report.show.tables import (
    SIGNIFICANCE,
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
from analysis.survey import ask, council, tabulate
from analysis.survey.labels import LEVELS, VARIABLES
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

# ---- the recruitment ---------------------------------------------------------------------------


_SUMS = {
    "mailed": ("mailed_training_circle", "mailed_council"),
    "direct": ("replies_practices", "replies_trainings"),
    "replies": ("replies_mail", "direct"),
    "excluded": ("excluded_locums", "excluded_unaware", "excluded_occupational"),
}
"""The steps of the recruitment that are sums of others: questionnaires mailed, replies collected
face to face, all replies, and those left out."""


def flow() -> dict[str, int]:
    """Count the questionnaires of each step of the recruitment.

    Returns
    -------
    dict of str to int
        Those that nothing else determines are read from print, by its keys; the sums of these
        follow, and ``analysed`` are the replies that are not left out.

    Examples
    --------
    >>> [flow()[key] for key in ("mailed", "replies", "excluded", "analysed")]
    [1086, 107, 7, 100]
    """
    read = (key for parts in _SUMS.values() for key in parts if key not in _SUMS)
    steps = {key: printed_row(f"recruitment:{key}").number("printed") for key in read}
    for total, parts in _SUMS.items():
        steps[total] = sum(steps[part] for part in parts)
    return steps | {"analysed": steps["replies"] - steps["excluded"]}


def _flow_checks() -> tuple[Outcome, ...]:
    listed, steps = read_table("recruitment").set_index("key"), flow()
    printed, lines = listed["printed"], listed["line"]
    everyone = printed_row("recruitment:population").number("printed")
    rate, part = 100 * steps["replies_mail"] / steps["mailed"], 100 * steps["analysed"] / everyone

    def cell(name: str, value: float) -> Cell:
        return Cell("", (value,), printed[name], lines[name])

    cells = {
        "Envois": cell("questionnaires_mailed", steps["mailed"]).of_print(),
        "Taux de réponse aux envois": cell("response_rate", rate).of_print(),
        "Réponses recueillies directement": cell("replies_direct", steps["direct"]).of_print(),
        "Réponses": cell("replies", steps["replies"]).of_print(),
        "Réponses exclues": cell("excluded", steps["excluded"]).of_print(),
        "Médecins analysés": cell("respondents", steps["analysed"]).of_print(),
        "Médecins de l’Hérault": cell("population", council.population()).of_print(),
        "Part des médecins de l’Hérault": cell("sampling_share", part).of_print(),
        "Médecins des tableaux": cell("respondents", ask("uses_dmp").count()),
    }
    rows = tuple(Row.of(label, own) for label, own in cells.items())
    return Table("recrutement", ("", ""), rows).checks


def _draw_flow(canvas: Canvas, look: Theme) -> None:
    steps = flow()
    users, non_users = map(int, tabulate("uses_dmp"))
    chart = Chart(sheet(canvas), look)
    mailed = (
        f"{count(steps['mailed'])} envois par courriel\n"
        f"{count(steps['mailed_council'])} par le CDOM, {steps['mailed_training_circle']} au "
        "cercle de formation du Biterrois"
    )
    excluded = (
        f"{steps['excluded']} réponses exclues\n"
        f"{steps['excluded_locums']} remplaçants, {steps['excluded_occupational']} médecin du "
        f"travail, {steps['excluded_unaware']} n’ayant jamais entendu parler du DMP"
    )
    sources, replies, joined, main = 57, 149, 182, 72
    ways = (
        (62, 122, mailed, steps["replies_mail"]),
        (181, 98, "Visites de cabinets au hasard dans l’Hérault", steps["replies_practices"]),
        (278, 82, "Réunions de formation", steps["replies_trainings"]),
    )
    for x, width, text, answers in ways:
        half = chart.box(x, sources, width, text)
        chart.arrow((x, sources + half), (x, replies - 13))
        chart.box(x, replies, 82, f"{answers} réponses")
        chart.line((x, replies + 13), (x, joined))
    chart.line((ways[0][0], joined), (ways[-1][0], joined))
    received, left_out, analysed, last = 212, 266, 320, 378
    chart.arrow((main, joined), (main, received - 13))
    chart.box(main, received, 142, f"{steps['replies']} réponses reçues")
    chart.line((main, received + 13), (main, left_out))
    chart.arrow((main, left_out), (136, left_out))
    chart.box(228, left_out, 182, excluded)
    chart.arrow((main, left_out), (main, analysed - 13))
    chart.box(main, analysed, 142, f"{users + non_users} médecins analysés")
    chart.line((main, analysed + 13), (main, 347))
    chart.line((78, 347), (242, 347))
    for x, number, name, fill in (
        (78, users, "utilisateurs", look.users),
        (242, non_users, "non-utilisateurs", look.non_users),
    ):
        chart.arrow((x, 347), (x, last - 13))
        chart.box(x, last, 154, f"{number} {name}", fill)


@per_table
def flow_figure() -> Figure:
    """Draw the recruitment from the mailings to the doctors analysed."""
    return Figure("flux", _draw_flow, 394, _flow_checks())


# ---- the sample and the Hérault ----------------------------------------------------------------


def sample_and_population(variable: str) -> pd.DataFrame:
    """Set the doctors who answered beside those of the Hérault.

    Parameters
    ----------
    variable : {"age", "practice", "place"}

    Returns
    -------
    DataFrame of int
        Columns ``sample`` and ``herault``, one row a category.
    """
    herault = council.doctors(variable)
    sample = tabulate(variable).reindex(herault.index, fill_value=0)
    return pd.DataFrame({"sample": sample, "herault": herault})


def _beside_others(variable: str) -> pd.DataFrame:
    """Set the sample beside the doctors who are not in it.

    The printed test compares the sample with a population that contains it, as if the two were
    independent. Taking the sample out of the population makes the columns disjoint; the exact test
    is then that of a draw without replacement.
    """
    counts = sample_and_population(variable)
    # A reader's own table may have more doctors of a category than the department.
    others = (counts["herault"] - counts["sample"]).clip(lower=0)
    return pd.DataFrame({"sample": counts["sample"], "others": others})


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        ``mailed``, ``direct``, ``replies``, ``excluded`` and ``analysed`` count the questionnaires
        as `flow` does, ``circle`` those mailed to the training circle of Béziers; ``left_out`` says
        in words who was left out of the analysis. Of the rates, ``mail`` is that of the replies by
        mail over the mailings; ``mail_over_population`` over all the doctors that the thesis
        counts, which is what it prints; ``sample`` of the analysed over all of them;
        ``direct_share`` of the face-to-face replies over all replies. Of ``age``, ``practice`` and
        ``place``, ``outside_…`` is the p-value of the sample against the doctors who are not in it,
        and ``strength_outside_…`` says how strongly it differs from them; ``conclusions`` says
        whether that p-value changes a conclusion. ``sampled_youngest`` and ``sampled_oldest`` are
        the shares of the doctors under 30 and of those from 60 to 69 who answered; ``unlisted``
        counts the doctors whose place the council does not list.
    """
    steps, tests = flow(), {"age": s1(), "practice": s2(), "place": s3()}
    everyone = printed_row("recruitment:population").number("printed")
    by_mail, analysed = steps["replies_mail"], steps["analysed"]
    others = {variable: _beside_others(variable) for variable in tests}
    outside = {variable: exact_p(table) for variable, table in others.items()}
    ends = ((tests[each].p, outside[each][0]) for each in tests)
    changed = any((printed < SIGNIFICANCE) != (own < SIGNIFICANCE) for printed, own in ends)
    return {
        **{key: count(steps[key]) for key in (*_SUMS, "analysed")},
        "circle": count(steps["mailed_training_circle"]),
        "left_out": Text(
            f"{spell(steps['excluded_locums'])} remplaçants, "
            f"{spell(steps['excluded_unaware'])} médecins qui n’avaient jamais entendu parler du "
            f"DMP et {spell(steps['excluded_occupational'])} médecin du travail"
        ),
        "mail": retold(percent(by_mail, steps["mailed"]), fact("recruitment:response_rate")),
        "mail_over_population": percent(by_mail, everyone),
        "sample": retold(percent(analysed, everyone), fact("recruitment:sampling_share")),
        "direct_share": percent(steps["direct"], steps["replies"]),
        **{f"outside_{variable}": statement(*test) for variable, test in outside.items()},
        **{f"strength_outside_{variable}": strength(table) for variable, table in others.items()},
        "conclusions": Text(
            "une conclusion change" if changed else "les conclusions ne changent pas"
        ),
        "sampled_youngest": percent(ask("age=<29").count(), council.counted("age=<29")[0]),
        "sampled_oldest": percent(ask("age=60-69").count(), council.counted("age=60-69")[0]),
        "unlisted": count(council.unlisted()),
    }


def _table(id_: str, variable: str) -> Table:
    """Set the doctors who answered beside those of the Hérault, and test the difference."""
    counts, listed = sample_and_population(variable), read_table(id_).set_index("category")
    sample_total, herault_total = map(int, counts.sum())
    whole = percent_cell(1, 1, decimals=1)
    totals, rows = [count_cell(sample_total), whole, count_cell(herault_total), whole], []
    header = ["Échantillon, n", "Échantillon, %", "Hérault, n", "Hérault, %"]
    for category, sample, herault in counts.itertuples():
        printed = listed.loc[category]
        line, of_herault = printed["line"], (printed["herault"], printed["line"])
        cells = [
            count_cell(sample, printed["sample"], line),
            percent_cell(sample, sample_total, decimals=1),
            count_cell(herault, *of_herault).of_print(),
            percent_cell(herault, herault_total, decimals=1),
        ]
        if id_ == "ta2":  # It prints the share beside the count.
            cells[2:] = [counted_cell(herault, herault_total, *of_herault, decimals=1).of_print()]
        rows.append(Row.of(LEVELS[variable][category], *cells))
    if id_ == "ta2":
        totals[3:], header[2:] = [], ["Hérault, n (%)"]
    test = {"ta1": s1, "ta2": s2, "ta3": s3}[id_]()
    rows.append(Row.of("Total", *totals))
    rows.append(Row.of("Test exact de Fisher", test.cell, *[""] * (len(totals) - 1)))
    return Table(id_, (VARIABLES[variable], *header), tuple(rows))


def _tested(id_: str, variable: str) -> Statistic:
    return fisher(id_, sample_and_population(variable))


s1, s2, s3 = registered_as({"s1": ("age",), "s2": ("practice",), "s3": ("place",)}, _tested)
ta1, ta2, ta3 = registered_as({"ta1": ("age",), "ta2": ("practice",), "ta3": ("place",)}, _table)


def _shares(id_: str, variable: str) -> Figure:
    """Draw a pair of dots a category, the sample's share and the Hérault's, and what parts them."""

    def draw(canvas: Canvas, look: Theme) -> None:
        counts, names, axes = sample_and_population(variable), LEVELS[variable], sheet(canvas)
        shares = (100 * counts / counts.sum()).fillna(0.0)
        of_sample: Style = {"marker": "o", "color": look.users, "ms": 8}
        of_herault: Style = {
            "marker": "D",
            "color": look.paper,
            "mec": look.muted,
            "mew": 1.6,
            "ms": 7,
        }
        entries = [("échantillon", "mark", of_sample), ("Hérault", "mark", of_herault)]
        write(axes, 0, 9, "% des médecins", look.muted)
        key(axes, 9, entries, look, left=WIDTH - 165)
        left = max(extent(names[level]) for level in shares.index) + 44
        scale = (WIDTH - left - 36) / (shares.to_numpy().max() or 1)
        for place, (level, sample, herault) in enumerate(shares.itertuples()):
            y = _TOP + place * _PITCH
            write(axes, 0, y, names[level], look.ink)
            axes.plot(
                [left + scale * sample, left + scale * herault], [y, y], color=look.rule, lw=3
            )
            ahead = 1 if sample >= herault else -1
            for column, share, side, style, colour in (
                ("herault", herault, -ahead, of_herault, look.muted),
                ("sample", sample, ahead, of_sample, look.users),
            ):
                x = left + scale * share
                axes.plot(x, y, **style)
                text = decimal(share, 1) if counts[column].any() else UNDEFINED
                write(axes, x + 9 * side, y, text, colour, ha="left" if side > 0 else "right")

    return Figure(id_, draw, _TOP + _PITCH * (len(sample_and_population(variable)) - 0.4))


_TOP, _PITCH = 38, 27


f1, f2, f3 = registered_as({"f1": ("age",), "f2": ("practice",), "f3": ("place",)}, _shares)
