"""Section IV.A: from the questionnaires sent out to the doctors who answered, and who they are.

Each table sets the sample against all the doctors of the Hérault, as the council counts them
(`analysis.survey.council`), and tests them as the thesis did, by Fisher's exact test on the two
columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.printed import parse, read_table
from analysis.report.basis import basis_of
from analysis.report.inline import fact
from analysis.report.register import registered_as
from analysis.report.show.figures import Chart, Figure, box, extent, key, sheet, write
from analysis.report.show.french import UNDEFINED, Text, count, decimal, percent, spell, statement
from analysis.report.show.tables import (
    SIGNIFICANCE,
    Cell,
    Check,
    Row,
    Statistic,
    Table,
    check_cell,
    count_cell,
    counted_cell,
    exact_p,
    fisher,
    percent_cell,
    strength,
)
from analysis.report.show.theme import WIDTH, Theme
from analysis.report.traces import retold
from analysis.survey import answered, ask, council, tabulate
from analysis.survey.labels import LEVELS, VARIABLES
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

# ---- the recruitment ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Flow:
    """The steps of the recruitment, as counts of questionnaires.

    Parameters
    ----------
    circle, council : int
        Mailings to the training circle of Béziers and by the departmental council.
    by_mail, in_practices, in_trainings : int
        Replies, by the way they came.
    locums, unaware, occupational : int
        Replies left out, by reason.
    """

    circle: int
    council: int
    by_mail: int
    in_practices: int
    in_trainings: int
    locums: int
    unaware: int
    occupational: int

    @property
    def mailed(self) -> int:
        """Questionnaires mailed."""
        return self.circle + self.council

    @property
    def mailed_text(self) -> Text:
        """Questionnaires mailed, written in French."""
        return count(self.mailed)

    @property
    def direct(self) -> int:
        """Replies collected face to face."""
        return self.in_practices + self.in_trainings

    @property
    def replies(self) -> int:
        """All replies."""
        return self.by_mail + self.direct

    @property
    def excluded(self) -> int:
        """Replies left out."""
        return self.locums + self.unaware + self.occupational

    @property
    def analysed(self) -> int:
        """Doctors analysed."""
        return self.replies - self.excluded


def flow() -> Flow:
    """Read the steps that nothing else determines; the others are sums of these."""
    listed = read_table("recruitment").set_index("key")["printed"]

    def step(key: str) -> int:
        return int(parse(listed[key]).value)

    return Flow(
        circle=step("mailed_training_circle"),
        council=step("mailed_council"),
        by_mail=step("replies_mail"),
        in_practices=step("replies_practices"),
        in_trainings=step("replies_trainings"),
        locums=step("excluded_locums"),
        unaware=step("excluded_unaware"),
        occupational=step("excluded_occupational"),
    )


def rates() -> dict[str, Text]:
    """Compute the rates of the recruitment, in percent.

    Returns
    -------
    dict of str to Text
        ``mail``: replies by mail over mailings; ``mail_over_population``: over all the doctors
        that the thesis counts, which is what it prints; ``sample``: analysed over all of them;
        ``direct``: face-to-face replies over all replies.
    """
    steps = flow()
    everyone = int(parse(_printed("population")).value)
    return {
        "mail": retold(percent(steps.by_mail, steps.mailed), fact("recruitment:response_rate")),
        "mail_over_population": percent(steps.by_mail, everyone),
        "sample": retold(percent(steps.analysed, everyone), fact("recruitment:sampling_share")),
        "direct": percent(steps.direct, steps.replies),
    }


def _printed(key: str) -> str:
    listed = read_table("recruitment").set_index("key")["printed"]
    return str(listed[key])


def _flow_checks() -> tuple[Check, ...]:
    listed = read_table("recruitment").set_index("key")
    steps = flow()
    everyone = int(parse(_printed("population")).value)
    computed: dict[str, tuple[str, int | float]] = {
        "questionnaires_mailed": ("Envois", steps.mailed),
        "response_rate": ("Taux de réponse aux envois", 100 * steps.by_mail / steps.mailed),
        "replies_direct": ("Réponses recueillies directement", steps.direct),
        "replies": ("Réponses", steps.replies),
        "excluded": ("Réponses exclues", steps.excluded),
        "respondents": ("Médecins analysés", steps.analysed),
        "population": ("Médecins de l’Hérault", council.population()),
        "sampling_share": ("Part des médecins de l’Hérault", 100 * steps.analysed / everyone),
    }
    checks = [
        check
        for key, (place, value) in computed.items()
        for check in check_cell(
            f"*{place}*", listed.loc[key, "printed"], listed.loc[key, "line"], (value,)
        )
    ]
    analysed = listed.loc["respondents"]
    rows, basis = (answered("uses_dmp"),), basis_of("recrutement")
    checks += check_cell("*Médecins des tableaux*", analysed.printed, analysed.line, rows, basis)
    return tuple(checks)


def _draw_flow(canvas: Canvas, look: Theme) -> None:
    steps = flow()
    users, non_users = map(int, tabulate("uses_dmp"))
    chart = Chart(sheet(canvas), look)
    sources, replies, joined, main = 57, 149, 182, 72
    ways = (
        (
            62,
            122,
            f"{count(steps.mailed)} envois par courriel\n"
            f"{count(steps.council)} par le CDOM, {steps.circle} au cercle de formation "
            "du Biterrois",
            steps.by_mail,
        ),
        (181, 98, "Visites de cabinets au hasard dans l’Hérault", steps.in_practices),
        (278, 82, "Réunions de formation", steps.in_trainings),
    )
    for x, width, text, answers in ways:
        half = chart.plain(x, sources, width, text)
        chart.arrow((x, sources + half), (x, replies - 13))
        chart.plain(x, replies, 82, f"{answers} réponses")
        chart.line((x, replies + 13), (x, joined))
    chart.line((ways[0][0], joined), (ways[-1][0], joined))
    received, left_out, analysed, last = 212, 266, 320, 378
    chart.arrow((main, joined), (main, received - 13))
    chart.plain(main, received, 142, f"{steps.replies} réponses reçues")
    chart.line((main, received + 13), (main, left_out))
    chart.arrow((main, left_out), (136, left_out))
    chart.plain(
        228,
        left_out,
        182,
        f"{steps.excluded} réponses exclues\n"
        f"{steps.locums} remplaçants, {steps.occupational} médecin du travail, "
        f"{steps.unaware} n’ayant jamais entendu parler du DMP",
    )
    chart.arrow((main, left_out), (main, analysed - 13))
    chart.plain(main, analysed, 142, f"{users + non_users} médecins analysés")
    chart.line((main, analysed + 13), (main, 347))
    chart.line((78, 347), (242, 347))
    for x, number, name, fill in (
        (78, users, "utilisateurs", look.users),
        (242, non_users, "non-utilisateurs", look.non_users),
    ):
        chart.arrow((x, 347), (x, last - 13))
        box(chart.axes, (x, last), 154, f"{number} {name}", fill, fill, look.on(fill))


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


def within_population(variable: str) -> tuple[float, str]:
    """Test the sample against the doctors who are not in it.

    The printed test compares the sample with a population that contains it, as if the two were
    independent. Taking the sample out of the population makes the columns disjoint; the exact test
    is then that of a draw without replacement.

    Returns
    -------
    tuple of float, str
        p-value, and the name of the law that it comes from where it is not exact.
    """
    return exact_p(_beside_others(variable))


def _beside_others(variable: str) -> pd.DataFrame:
    counts = sample_and_population(variable)
    # A reader's own table may have more doctors of a category than the department.
    others = (counts["herault"] - counts["sample"]).clip(lower=0)
    return pd.DataFrame({"sample": counts["sample"], "others": others})


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        ``left_out`` says in words who was left out of the analysis. Of ``age``, ``practice`` and
        ``place``, ``outside_…`` is the p-value of `within_population`, and ``strength_…`` says how
        strongly the sample differs from the doctors who are not in it; ``conclusions`` says whether
        that p-value changes a conclusion. ``sampled_youngest`` and ``sampled_oldest`` are the
        shares of the doctors under 30 and of those from 60 to 69 who answered; ``unlisted`` counts
        the doctors whose place the council does not list.
    """
    steps, tests = flow(), {"age": s1(), "practice": s2(), "place": s3()}
    outside = {variable: within_population(variable) for variable in tests}
    changed = any(
        (test.p < SIGNIFICANCE) != (outside[variable][0] < SIGNIFICANCE)
        for variable, test in tests.items()
    )
    return {
        "left_out": Text(
            f"{spell(steps.locums)} remplaçants, {spell(steps.unaware)} médecins qui n’avaient "
            f"jamais entendu parler du DMP et {spell(steps.occupational)} médecin du travail"
        ),
        **{f"outside_{variable}": statement(*outside[variable]) for variable in tests},
        **{f"strength_{variable}": strength(_beside_others(variable)) for variable in tests},
        "conclusions": Text(
            "une conclusion change" if changed else "les conclusions ne changent pas"
        ),
        "sampled_youngest": percent(ask("age=<29").count(), council.counted("age=<29")[0]),
        "sampled_oldest": percent(ask("age=60-69").count(), council.counted("age=60-69")[0]),
        "unlisted": count(council.unlisted()),
    }


def _table(id_: str, variable: str) -> Table:
    statistic = {"ta1": s1, "ta2": s2, "ta3": s3}[id_]()
    # One table prints the share beside the count.
    population_share = id_ == "ta2"
    counts = sample_and_population(variable)
    listed = read_table(id_).set_index("category")
    sample_total, herault_total = (int(counts[column].sum()) for column in counts)
    rows = []
    for category, (sample, herault) in counts.iterrows():
        printed = listed.loc[category]
        place = (
            counted_cell(
                *(herault, herault_total, printed["herault"], printed["line"]),
                decimals=1,
                from_print=True,
            )
            if population_share
            else count_cell(herault, printed["herault"], printed["line"], from_print=True)
        )
        share = () if population_share else (percent_cell(herault, herault_total, decimals=1),)
        rows.append(
            Row.of(
                LEVELS[variable][str(category)],
                count_cell(sample, printed["sample"], printed["line"]),
                percent_cell(sample, sample_total, decimals=1),
                place,
                *share,
            )
        )
    totals = [count_cell(sample_total), percent_cell(1, 1, decimals=1), count_cell(herault_total)]
    if not population_share:
        totals.append(percent_cell(1, 1, decimals=1))
    rows.append(Row.of("Total", *totals))
    rows.append(
        Row.of(
            "Test exact de Fisher",
            Cell(statistic.relation, (statistic.p,), statistic.printed, statistic.line),
            *[Cell("")] * (len(totals) - 1),
        )
    )
    herault_titles = ("Hérault, n (%)",) if population_share else ("Hérault, n", "Hérault, %")
    header = (VARIABLES[variable], "Échantillon, n", "Échantillon, %", *herault_titles)
    return Table(id_, header, tuple(rows))


def _tested(id_: str, variable: str) -> Statistic:
    return fisher(id_, sample_and_population(variable))


s1, s2, s3 = registered_as({"s1": ("age",), "s2": ("practice",), "s3": ("place",)}, _tested)
ta1, ta2, ta3 = registered_as({"ta1": ("age",), "ta2": ("practice",), "ta3": ("place",)}, _table)


def _shares(id_: str, variable: str) -> Figure:
    """Draw a pair of dots a category, the sample's share and the Hérault's, and what parts them."""

    def draw(canvas: Canvas, look: Theme) -> None:
        counts = sample_and_population(variable)
        everyone = counts.sum()
        shares = (100 * counts / everyone).fillna(0.0)
        names = [LEVELS[variable][str(level)] for level in shares.index]
        styles: dict[str, dict[str, Any]] = {
            "herault": {"marker": "D", "color": look.paper, "mec": look.muted, "mew": 1.6, "ms": 7},
            "sample": {"marker": "o", "color": look.users, "ms": 8},
        }
        axes = sheet(canvas)
        entries = [
            ("échantillon", "mark", styles["sample"]),
            ("Hérault", "mark", styles["herault"]),
        ]
        write(axes, 0, 9, "% des médecins", look.muted)
        key(axes, 9, entries, look, left=WIDTH - 165)
        left = max(map(extent, names)) + 44
        scale = (WIDTH - left - 36) / (shares.to_numpy().max() or 1)
        for place, (name, (sample, herault)) in enumerate(
            zip(names, shares.itertuples(index=False), strict=True)
        ):
            y = _TOP + place * _PITCH
            write(axes, 0, y, name, look.ink)
            ends = [left + scale * share for share in (sample, herault)]
            axes.plot(ends, [y, y], color=look.rule, lw=3)
            ahead = 1 if sample >= herault else -1
            for column, value, x, side, colour in (
                ("herault", herault, ends[1], -ahead, look.muted),
                ("sample", sample, ends[0], ahead, look.users),
            ):
                axes.plot(x, y, **styles[column])
                text = decimal(value, 1) if everyone[column] else UNDEFINED
                write(axes, x + 9 * side, y, text, colour, ha="left" if side > 0 else "right")

    return Figure(id_, draw, _TOP + _PITCH * (len(sample_and_population(variable)) - 0.4))


_TOP, _PITCH = 38, 27


f1, f2, f3 = registered_as({"f1": ("age",), "f2": ("practice",), "f3": ("place",)}, _shares)
