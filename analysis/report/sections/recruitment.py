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
from analysis.report.show.figures import Figure, arrow, box, sheet
from analysis.report.show.french import Text, count, percent, spell
from analysis.report.show.theme import Theme
from analysis.report.traces import retold
from analysis.survey import answered, tabulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


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
    axes = sheet(canvas)

    def plain(x: float, y: float, width: float, text: str) -> float:
        return box(axes, (x, y), width, text, look.veil, look.muted, look.ink)

    def line(*points: tuple[float, float]) -> None:
        axes.plot(*zip(*points, strict=True), color=look.muted, lw=0.9, zorder=0)

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
        half = plain(x, sources, width, text)
        arrow(axes, (x, sources + half), (x, replies - 13), look)
        plain(x, replies, 82, f"{answers} réponses")
        line((x, replies + 13), (x, joined))
    line((ways[0][0], joined), (ways[-1][0], joined))
    received, left_out, analysed, last = 212, 266, 320, 378
    arrow(axes, (main, joined), (main, received - 13), look)
    plain(main, received, 142, f"{steps.replies} réponses reçues")
    line((main, received + 13), (main, left_out))
    arrow(axes, (main, left_out), (136, left_out), look)
    plain(
        228,
        left_out,
        182,
        f"{steps.excluded} réponses exclues\n"
        f"{steps.locums} remplaçants, {steps.occupational} médecin du travail, "
        f"{steps.unaware} n’ayant jamais entendu parler du DMP",
    )
    arrow(axes, (main, left_out), (main, analysed - 13), look)
    plain(main, analysed, 142, f"{users + non_users} médecins analysés")
    line((main, analysed + 13), (main, 347))
    line((78, 347), (242, 347))
    for x, number, name, fill in (
        (78, users, "utilisateurs", look.users),
        (242, non_users, "non-utilisateurs", look.non_users),
    ):
        arrow(axes, (x, 347), (x, last - 13), look)
        box(axes, (x, last), 154, f"{number} {name}", fill, fill, look.on(fill))


@cache
def flow_figure() -> Figure:
    """Draw the recruitment from the mailings to the doctors analysed."""
    return Figure("flux", _draw, 394, _checks())


def spelled_exclusions() -> Text:
    """Say in words who was left out."""
    steps = flow()
    return Text(
        f"{spell(steps.locums)} remplaçants, {spell(steps.unaware)} médecins qui n’avaient jamais "
        f"entendu parler du DMP et {spell(steps.occupational)} médecin du travail"
    )
