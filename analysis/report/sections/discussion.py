"""Sections V and VI: what the discussion makes of the survey, and what its numbers allow.

The discussion repeats shares of the survey, sets some beside earlier theses and concludes. Each
share that it repeats is a *claim*: the doctors counted, those the share is of, and the printed
number. What the thesis does not have is marked as ours in the chapter: how far one share reaches
(intervals, standardisation, bounds on those who were silent) and whether the gaps with earlier
theses exceed chance. An earlier thesis is known by percentages only; a percentage and a number of
doctors give back the count where exactly one whole number rounds to it, and none does where the
base is another one (the idea of the GRIM test: Brown and Heathers, 2017,
doi:10.1177/1948550616673876).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from analysis.printed import Verdict, compare, parse, read_table
from analysis.report.inline import LEVEL, fact, printed, share
from analysis.report.register import registered
from analysis.report.sections import council, recruitment
from analysis.report.show.figures import Figure
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    count,
    decimal,
    p_value,
    percent,
    spell,
)
from analysis.report.show.french import share as share_of
from analysis.report.show.tables import Cell, Row, Table, text_cell
from analysis.report.show.theme import Theme
from analysis.statistics.contingency import fisher_exact
from analysis.statistics.proportions import (
    Interval,
    bounds,
    clopper_pearson,
    difference,
    standardize,
    wilson,
)
from analysis.survey import ask, tabulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = [
    "CONFIDENCE",
    "Share",
    "answers",
    "break_even",
    "claims",
    "comparisons",
    "conclusions",
    "impossible",
    "non_response_figure",
    "percentage",
    "reach",
    "readings",
    "recovered",
    "tv5",
    "unaware_included",
]

CONFIDENCE = Text(f"{round(100 * LEVEL)}{NBSP}%")
"""Confidence of the intervals, in French."""


@dataclass(frozen=True)
class Share:
    """A count of doctors, and the doctors that it is a share of."""

    part: int
    whole: int

    @property
    def percent(self) -> Fraction | None:
        """The share, in percent; None where it is a share of nobody."""
        return share_of(self.part, self.whole)

    def text(self, decimals: int = 0) -> Text:
        """Write the share in French."""
        return percent(self.part, self.whole, decimals)


def answers(question: str, of: str = "") -> Share:
    """Count the doctors of a question, and those of its base (`analysis.survey.ask`).

    Examples
    --------
    >>> answers("t9>=4"), answers("frequency>=hebdomadaire", of="uses_dmp")
    (Share(part=27, whole=100), Share(part=6, whole=100))
    """
    asked = ask(question, of)
    return Share(asked.count(), asked.base())


_EVERYONE = "uses_dmp"
"""The base of a share that the thesis takes of all the doctors, of a question put to some."""
_CLAIMS: dict[str, dict[str, tuple[str, str, str]]] = {
    "Validité externe": {
        "weekly_or_daily": (
            *("S’en servent chaque semaine ou chaque jour", "frequency>=hebdomadaire"),
            "",
        ),
        "users": ("L’ont utilisé au moins une fois", "users", ""),
        "untrained_compared": ("Ne sont pas formés", "t14>=4", ""),
        "creation": ("Créent des DMP", "purpose=creation", ""),
        "adding": ("Ajoutent des documents", "purpose=ajout", ""),
    },
    "Perception": {
        "interest": ("Lui trouvent un intérêt", "t10<=2", ""),
        "emergency": ("Utile en urgence", "t1>=4", ""),
        "coordination": ("Utile à la coordination", "t4>=4", ""),
        "exchange": ("Utile aux échanges", "t5>=4", ""),
        "secrecy": ("Danger pour le secret médical", "t9>=4", ""),
        "iatrogenic": ("Diminue le risque iatrogène", "t6>=4", ""),
        "spending": ("Diminue les dépenses", "", ""),
        "burden": ("Charge administrative", "t12>=4", ""),
        "integration": ("S’en serviraient plus, intégré", "t7>=4", ""),
        "access": ("Ne savent pas y accéder", "barrier_1=manque_info_acces", ""),
        "youngest_non_users": ("Moins de 29 ans : jamais utilisé", "non_users", "age=<29"),
    },
    "Fonctionnement": {
        "dysfunction": ("Ne fonctionne pas bien", "t8<=2", ""),
        "untrained": ("Ne sont pas formés", "t14>=4", ""),
        "update_hard": ("Mise à jour difficile", "t17<=2", ""),
        "double_entry": ("Double saisie", "t18<=2", ""),
        "consult_easy": ("Consultation facile", "t16>=4", ""),
        "create_easy": ("Création facile", "t15>=4", ""),
        "incompatible": ("Logiciel incompatible", "barrier_1=logiciel", _EVERYONE),
    },
    "Coût": {
        "cost": ("Coût supplémentaire", "t13>=4", ""),
        "waste_of_time": ("Perte de temps", "t11>=4", ""),
        "money": ("Une aide les ferait changer d’avis", "change_money=oui", ""),
    },
}
"""What the discussion repeats: label, question, its base. Print has no table of an empty one."""


def claims() -> Table:
    """Set out every share of the survey that the discussion repeats."""
    rows = []
    for group, own in _CLAIMS.items():
        rows.append(Row(group, opens_group=True))
        for key, (label, question, of) in own.items():
            text, line = (printed(f"discussion:{key}", name) for name in ("printed", "line"))
            shown = text_cell(f"{text.replace('%', f'{NBSP}%')} (l.{NBSP}{line})")
            if not question:
                rows.append(Row(label, (text_cell("—"), text_cell("—"), shown)))
                continue
            share = answers(question, of)
            cells = (
                text_cell(f"{count(share.part)} / {count(share.whole)}"),
                Cell(share.text(parse(text).decimals), (share.percent,), text, line),
                shown,
            )
            rows.append(Row(label, cells))
    note = (
        "Part des médecins qui ont répondu ; d’un avis, de tous, réponses manquantes comprises, "
        "comme dans la thèse ; du logiciel incompatible, de tous les médecins. "
        "Le tiret : la thèse n’imprime aucun tableau de cet avis."
    )
    return Table("discussion", ("", "Médecins", "Calculé", "Imprimé"), tuple(rows), note)


_BARRIERS: dict[str, tuple[str, str]] = {
    "Chronophage": ("t11>=4", "logiciels améliorés depuis"),
    "Manque information": ("t14>=4", "voir la formation"),
    "Atteinte à la confidentialité": ("t9>=4", "comparables"),
    "Complexité d’utilisation": ("", ""),
    "Inutilité du DMP": ("t10>=4", "image améliorée"),
    "Défaut d’équipement": ("barrier_1=equipement", "forfait structure"),
}


@registered
def tv5() -> Table:
    """Set what holds doctors back beside the thesis of Enouf."""
    rows = []
    for row in read_table("tv5").itertuples():
        question, comment = _BARRIERS[row.theme]
        share = answers(question, of=_EVERYONE)
        own = (
            Cell(share.text(), (share.percent,), row.this_work, row.line)
            if question
            else text_cell(row.this_work)
        )
        earlier = text_cell(row.enouf.replace("%", f"{NBSP}%"))
        rows.append(Row(row.theme, (earlier, own, text_cell(comment))))
    header = ("", "Enouf, 2016", "Ce travail", "Explication de la thèse")
    note = "Première colonne citée par la thèse, non recalculable ; la seconde est recalculée."
    return Table("tv5", header, tuple(rows), note, align="left")


def recovered(percentage: str, base: int) -> int | None:
    """Find the count that a printed percentage of a known number of people comes from.

    Parameters
    ----------
    percentage : str
        As printed.
    base : int
        The people that it is a share of.

    Returns
    -------
    int or None
        The whole number whose share rounds to the print; None if none does, or several.

    Examples
    --------
    >>> recovered("34,1%", 205), recovered("31%", 23)
    (70, None)
    """
    fitting = [
        number
        for number in range(base + 1)
        if compare(percentage, Fraction(100 * number, base)) is Verdict.MATCH
    ]
    return fitting[0] if len(fitting) == 1 else None


def _told(*keys: str) -> tuple[str, ...]:
    return tuple(printed(f"discussion:{key}") for key in keys)


def impossible() -> tuple[Text, Text]:
    """Count the percentages quoted from Enouf that no count of his doctors rounds to.

    Returns
    -------
    tuple of Text
        Those, and all that are quoted, in words.
    """
    base = int(printed("discussion:enouf_doctors"))
    quotes = [*_told("enouf_untrained", "enouf_undertrained"), *read_table("tv5")["enouf"]]
    missed = sum(recovered(each, base) is None for each in quotes)
    return spell(missed), spell(len(quotes))


def _earlier(percentage: str, author: str, label: str, share: Share) -> Row:
    base = int(printed(f"discussion:{author}_doctors"))
    part = recovered(percentage, base)
    own = text_cell(f"{share.text(1)}{NBSP}({share.part})")
    quote = percentage.replace("%", f"{NBSP}%")
    if part is None or not share.whole:
        return Row(label, (text_cell(quote), own, text_cell("—"), text_cell("—")))
    gap = difference((share.part, share.whole), (part, base), LEVEL)
    enclosed = f"[{_signed(gap.low)}{NBSP};{NBSP}{_signed(gap.high)}]"
    tested = fisher_exact([[share.part, share.whole - share.part], [part, base - part]])
    cells = (
        f"{quote}{NBSP}({part})",
        own.text,
        f"{_signed(gap.estimate)}{NBSP}{enclosed}",
        p_value(tested, 3),
    )
    return Row(label, tuple(map(text_cell, cells)))


def comparisons() -> Table:
    """Test the shares that the discussion sets beside earlier theses, where a count can be had."""
    users, doctors = (answers("frequency>=hebdomadaire", of) for of in ("users", _EVERYONE))
    regular, ever, uninformed = _told("hamard_regular", "elmatouat_users", "elmatouat_uninformed")
    pairs: dict[tuple[str, str], tuple[tuple[str, str, Share], ...]] = {
        ("hamard", "Hamard, 2019"): (
            ("Usage régulier", regular, doctors),
            (f"Idem, sur {count(users.whole)} utilisateurs", regular, users),
        ),
        ("elmatouat", "El Matouat, 2018"): (
            ("L’ont utilisé", ever, answers("users")),
            ("Non informés, non formés", uninformed, answers("t14>=4")),
        ),
        ("enouf", "Enouf, 2016"): tuple(
            (row.theme, row.enouf, answers(question, of=_EVERYONE))
            for row in read_table("tv5").itertuples()
            if (question := _BARRIERS[row.theme][0])
        ),
    }
    rows = []
    for (author, name), own in pairs.items():
        rows.append(Row(f"{name} ({fact(f'discussion:{author}_doctors')})", opens_group=True))
        rows += [_earlier(percentage, author, label, share) for label, percentage, share in own]
    header = ("", "Citée", "Ici", f"Écart [IC à {CONFIDENCE}]", "p")
    note = (
        "Entre parenthèses, les effectifs ; ceux des thèses citées sont retrouvés à partir de "
        f"leurs pourcentages, les nôtres sont sur {count(doctors.whole)} médecins, sauf mention. "
        "Le tiret : aucun effectif entier ne s’arrondit au pourcentage cité. "
        "Écart en points, ce travail moins la thèse citée, intervalle de Newcombe ; "
        "p : test exact de Fisher."
    )
    return Table("comparaisons", header, tuple(rows), note)


def _standardized(variable: str) -> Text:
    counts = tabulate(variable, "uses_dmp")
    herault = council.doctors(variable).reindex(counts.index)
    if variable == "place":
        # The doctors without a known place are in no stratum.
        herault["autre"] -= council.unaccounted()
    trials = counts.sum(axis="columns")
    # A stratum without a doctor in the sample has no share to weigh.
    weights = herault.where(trials > 0, 0)
    if not trials.any():
        return UNDEFINED
    return percentage(standardize(counts["oui"].tolist(), trials.tolist(), weights.tolist()))


def _of_the_herault() -> Interval:
    users = answers("users")
    # A reader's own table may have more doctors than the department.
    return bounds(users.part, users.whole, max(users.whole, council.population()))


def unaware_included() -> Share:
    """Count the users among the doctors analysed and those left out for not knowing the DMP."""
    users = answers("users")
    return Share(users.part, users.whole + recruitment.flow().unaware)


def readings() -> dict[str, Text]:
    """Read the share of users in several ways, in percent.

    Returns
    -------
    dict of str to Text
        ``observed``; ``wilson_low``, ``wilson_high``, ``exact_low``, ``exact_high``: limits of its
        intervals; ``unaware``: with the doctors left out for not knowing the DMP; ``age``,
        ``practice``, ``place``: standardised to the Hérault; ``least``, ``most``: bounds on the
        share in the whole Hérault.
    """
    users = answers("users")
    score = wilson(users.part, users.whole, LEVEL)
    exact = clopper_pearson(users.part, users.whole, LEVEL)
    unbound = _of_the_herault()
    return {
        "observed": users.text(1),
        "wilson_low": percentage(score.low),
        "wilson_high": percentage(score.high),
        "exact_low": percentage(exact.low),
        "exact_high": percentage(exact.high),
        "unaware": unaware_included().text(1),
        "age": _standardized("age"),
        "practice": _standardized("practice"),
        "place": _standardized("place"),
        "least": percentage(unbound.low),
        "most": percentage(unbound.high),
    }


def reach() -> Table:
    """Set out what the share of users becomes under each reading."""
    found = readings()
    widened = unaware_included()
    wider = wilson(widened.part, widened.whole, LEVEL)
    none = text_cell("—")

    def row(label: str, *keys: str) -> Row:
        return Row(label, tuple(text_cell(found[key]) if key else none for key in keys))

    rows = [
        row("Observée, intervalle de Wilson", "observed", "wilson_low", "wilson_high"),
        row("Observée, intervalle exact", "observed", "exact_low", "exact_high"),
        Row(
            "Avec ceux qui ignoraient le DMP (Wilson)",
            tuple(
                map(text_cell, (found["unaware"], percentage(wider.low), percentage(wider.high)))
            ),
        ),
        *(
            row(f"Redressée selon {name}", key, "", "")
            for key, name in (
                ("age", "l’âge"),
                ("practice", "le type d’exercice"),
                ("place", "le lieu d’exercice"),
            )
        ),
        row("Sans rien supposer des silencieux", "", "least", "most"),
    ]
    header = ("Part d’utilisateurs du DMP", "Estimée", "De", "À")
    note = (
        f"Intervalles à {CONFIDENCE}. Redressement sur les effectifs du conseil de l’Ordre, sans "
        "les strates où personne n’a répondu, et pour le lieu sans les "
        f"{count(council.unaccounted())} médecins dont il n’est pas connu. Dernière ligne : part "
        f"parmi les {count(council.population())} médecins de l’Hérault, si aucun, puis si tous "
        "les médecins non interrogés utilisaient le DMP."
    )
    return Table("portee", header, tuple(rows), note)


def break_even() -> Text:
    """Give the share of users among the silent above which most doctors of the Hérault use it."""
    users = answers("users")
    unseen = max(0, council.population() - users.whole)
    return percent(council.population() - 2 * users.part, 2 * unseen, 1)


def _draw_non_response(canvas: Canvas, look: Theme) -> None:
    users = answers("users")
    score = wilson(users.part, users.whole, LEVEL)
    half = 2 * users.whole
    axes = canvas.subplots()
    axes.axhspan(100 * score.low, 100 * score.high, color=look.veil, zorder=0)
    axes.text(
        99, 100 * score.low + 1.5, "intervalle de Wilson", ha="right", va="bottom", color=look.muted
    )
    for found, colour, style, name, corner in (
        (
            _of_the_herault(),
            look.users,
            "-",
            f"ici : {percent(users.whole, council.population())} des médecins",
            (22, 1),
        ),
        (
            bounds(users.part, users.whole, half),
            look.non_users,
            "--",
            "si la moitié avait répondu",
            (4, 13),
        ),
    ):
        low, high = 100 * found.low, 100 * found.high
        axes.plot([0, 100], [low, high], style, color=colour, lw=2, label=name)
        for end, offset in (((0, low), corner), ((100, high), (5, 0))):
            axes.annotate(
                percentage(end[1] / 100),
                end,
                xytext=offset,
                textcoords="offset points",
                va="center",
                color=look.ink,
                annotation_clip=False,
            )
    centre = 100 * score.estimate
    axes.plot([centre], [centre], "o", ms=7, color=look.ink)
    axes.annotate(
        "comme les médecins interrogés",
        (centre, centre),
        xytext=(-8, 8),
        textcoords="offset points",
        ha="right",
        color=look.ink,
    )
    ticks = np.arange(0, 101, 25)
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    axes.set_xlabel("% d’utilisateurs parmi les médecins qui n’ont pas répondu")
    axes.set_ylabel("% parmi tous les médecins")
    axes.legend(loc="lower right", title="Part des médecins interrogés", alignment="left")


def non_response_figure() -> Figure:
    """Draw the share of users in the Hérault against what the silent doctors do."""
    return Figure("silence", _draw_non_response, 3.0)


def conclusions() -> Table:
    """Set beside each conclusion of the thesis what the survey measured of it."""
    measured, partly, not_asked = "mesuré", "en partie", "non demandé"

    def told(question: str, of: str = "") -> Text:
        return share(question, of, decimals=0)

    training, money = answers("change_training=oui"), answers("change_money=oui")
    rows = (
        (
            "Outil prometteur, peu utilisé",
            f"un intérêt : {told('t10<=2')} ; utilisé au moins une fois : "
            f"{told('users')} ; chaque semaine : {told('frequency>=hebdomadaire', _EVERYONE)}",
            measured,
        ),
        (
            "Charge administrative, logiciels à la traîne",
            f"charge : {told('t12>=4')} ; double saisie : {told('t18<=2')} ; rien sur les éditeurs",
            partly,
        ),
        (
            "Former et rémunérer, pour économiser ensuite",
            f"non formés : {told('t14>=4')} ; changeraient d’avis : formation "
            f"{training.part}/{training.whole}, argent {money.part}/"
            f"{money.whole} ; économies : un avis, sans tableau",
            partly,
        ),
        (
            "Accès trop complexe",
            f"ne savent pas y accéder : {told('barrier_1=manque_info_acces')} des "
            f"non-utilisateurs ; intégré aux outils : {told('t7>=4')} ; rien sur le mot de passe",
            partly,
        ),
        (
            "Trop d’onglets",
            f"consultation facile : {told('t16>=4')} ; rien sur les onglets",
            not_asked,
        ),
        ("Généralistes peu consultés, outil imposé", "aucune question", not_asked),
        ("Développer d’abord le volet de synthèse", "aucune question", not_asked),
    )
    header = ("Conclusion de la thèse", "Ce que l’enquête en a mesuré", "Mesure")
    return Table(
        "conclusion",
        header,
        tuple(Row(label, tuple(map(text_cell, cells))) for label, *cells in rows),
        align="left",
    )


def percentage(share: float, decimals: int = 1) -> Text:
    """Write a share between 0 and 1 in percent.

    Examples
    --------
    >>> percentage(0.4524).replace(NBSP, " ")
    '45,2 %'
    """
    return Text(decimal(100 * share, decimals) + f"{NBSP}%")


def _signed(share: float) -> Text:
    text = decimal(100 * share, 1)
    return Text(f"+{text}" if share > 0 else text)
