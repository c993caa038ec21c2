"""Opening of section IV: from the questionnaires sent out to the doctors analysed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from analysis.printed import parse, read_table
from analysis.report.basis import basis_of
from analysis.report.inline import fact
from analysis.report.sections import council
from analysis.report.show.checks import Check, check_cell
from analysis.report.show.figures import Figure, arrow, box
from analysis.report.show.french import Text, count, percent, spell
from analysis.report.show.theme import TEXT_WIDTH, Theme
from analysis.report.traces import retold
from analysis.survey import answered, tabulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = ["Flow", "flow", "flow_figure", "rates", "spelled_exclusions"]


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


def _checks() -> tuple[Check, ...]:
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


def _draw(canvas: Canvas, look: Theme) -> None:
    steps = flow()
    users, non_users = map(int, tabulate("uses_dmp"))
    canvas.set_layout_engine("none")
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, TEXT_WIDTH)
    axes.set_ylim(0.05, 4.15)
    axes.set_axis_off()

    def plain(x: float, y: float, width: float, text: str) -> None:
        box(axes, (x, y), width, text, look.veil, look.rule, look.ink)

    plain(
        1.25,
        3.72,
        2.35,
        f"{count(steps.mailed)} envois par courriel\n"
        f"{count(steps.council)} par le CDOM, {steps.circle} au cercle\nde formation du Biterrois",
    )
    plain(3.72, 3.72, 1.9, "Visites de cabinets\nau hasard dans l’Hérault")
    plain(5.45, 3.72, 1.35, "Réunions\nde formation")
    plain(1.25, 2.75, 1.5, f"{steps.by_mail} réponses")
    plain(3.72, 2.75, 1.5, f"{steps.in_practices} réponses")
    plain(5.45, 2.75, 1.2, f"{steps.in_trainings} réponses")
    plain(2.55, 1.95, 1.9, f"{steps.replies} réponses reçues")
    plain(
        4.97,
        1.6,
        2.55,
        f"{steps.excluded} réponses exclues\n"
        f"{steps.locums} remplaçants, {steps.occupational} médecin du travail,\n"
        f"{steps.unaware} n’ayant jamais entendu parler du DMP",
    )
    plain(2.55, 1.13, 1.9, f"{users + non_users} médecins analysés")
    for x, number, name, fill in (
        (1.55, users, "utilisateurs", look.users),
        (3.55, non_users, "non-utilisateurs", look.non_users),
    ):
        box(axes, (x, 0.32), 1.75, f"{number} {name}", fill, fill, look.on(fill))
    for x, top in ((1.25, 3.4), (3.72, 3.48), (5.45, 3.48)):
        arrow(axes, (x, top), (x, 2.93), look)
    for x in (1.25, 3.72, 5.45):
        axes.plot([x, x], [2.58, 2.36], color=look.muted, lw=0.9)
    axes.plot([1.25, 5.45], [2.36, 2.36], color=look.muted, lw=0.9)
    arrow(axes, (2.55, 2.36), (2.55, 2.12), look)
    arrow(axes, (2.55, 1.78), (2.55, 1.3), look)
    arrow(axes, (2.55, 1.6), (3.68, 1.6), look)
    arrow(axes, (2.3, 0.96), (1.75, 0.5), look)
    arrow(axes, (2.8, 0.96), (3.35, 0.5), look)


@cache
def flow_figure() -> Figure:
    """Draw the recruitment from the mailings to the doctors analysed."""
    return Figure("flux", _draw, 3.9, _checks())


def spelled_exclusions() -> Text:
    """Say in words who was left out."""
    steps = flow()
    return Text(
        f"{spell(steps.locums)} remplaçants, {spell(steps.unaware)} médecins qui n’avaient jamais "
        f"entendu parler du DMP et {spell(steps.occupational)} médecin du travail"
    )
