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

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from analysis.printed import Verdict, compare, parse, read_table
from analysis.report import council, recruitment
from analysis.report._items import MARKS
from analysis.report.figures import Figure
from analysis.report.french import (
    NBSP,
    UNDEFINED,
    Text,
    count,
    decimal,
    p_value,
    percent,
    spell,
    upper_first,
)
from analysis.report.french import share as share_of
from analysis.report.inline import printed, quoted
from analysis.report.register import registered
from analysis.report.tables import Cell, Row, Table, text_cell
from analysis.report.theme import Theme
from analysis.report.traces import retold
from analysis.statistics.contingency import fisher_exact
from analysis.statistics.proportions import (
    Interval,
    bounds,
    clopper_pearson,
    difference,
    standardize,
    wilson,
)
from analysis.survey import VARIABLES, tabulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

__all__ = [
    "AGREE",
    "DISAGREE",
    "LEVEL",
    "Share",
    "answers",
    "asked",
    "break_even",
    "cited",
    "claims",
    "comparisons",
    "computed",
    "conclusions",
    "confidence",
    "counted",
    "frequent_users",
    "horizon",
    "impossible",
    "limits",
    "non_response_figure",
    "number",
    "older_doctors",
    "opinion",
    "percentage",
    "reach",
    "readings",
    "recovered",
    "smallest_cluster",
    "structure_fee",
    "told",
    "tv5",
    "unaware",
    "unaware_included",
    "users_at",
]

LEVEL = 0.95
"""Confidence of every interval of the report."""
AGREE, DISAGREE = MARKS["agree"], MARKS["disagree"]
"""The marks of an item that count as agreement, and as disagreement."""


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


def asked(variable: str) -> int:
    """Count the doctors to whom a question was put, whether they answered it or not.

    The thesis takes its percentages of them: a missing answer stays in the denominator.

    Examples
    --------
    >>> asked("t9"), asked("purpose"), asked("barrier_1"), asked("change_money")
    (100, 55, 45, 12)
    """
    users, non_users = (int(value) for value in tabulate("uses_dmp"))
    return {
        "everyone": users + non_users,
        "users": users,
        "non_users": non_users,
        "reluctant": int(tabulate("intends_to_use")["non"]),
    }[VARIABLES[variable].asked]


def answers(variable: str, *chosen: str) -> Share:
    """Count the doctors who gave one of the chosen answers, out of those who were asked.

    Examples
    --------
    >>> answers("t9", "4", "5")
    Share(part=27, whole=100)
    """
    return Share(int(tabulate(variable).loc[list(chosen)].sum()), asked(variable))


def _everyone(variable: str, *chosen: str) -> Share:
    """Take the share of all the doctors, as the thesis does of a question put to some."""
    return Share(answers(variable, *chosen).part, asked("uses_dmp"))


def _youngest_non_users() -> Share:
    row = tabulate("age", "uses_dmp").loc["<29"]
    return Share(int(row["non"]), int(row.sum()))


@dataclass(frozen=True)
class _Claim:
    label: str
    share: Callable[[], Share] | None


def _claim(label: str, variable: str, *chosen: str) -> _Claim:
    return _Claim(label, lambda: answers(variable, *chosen))


_CLAIMS: dict[str, dict[str, _Claim]] = {
    "Validité externe": {
        "weekly_or_daily": _claim(
            "S’en servent chaque semaine ou chaque jour", "frequency", "hebdomadaire", "journalier"
        ),
        "users": _claim("L’ont utilisé au moins une fois", "uses_dmp", "oui"),
        "untrained_compared": _claim("Ne sont pas formés", "t14", *AGREE),
        "creation": _claim("Créent des DMP", "purpose", "creation"),
        "adding": _claim("Ajoutent des documents", "purpose", "ajout"),
    },
    "Perception": {
        "interest": _claim("Lui trouvent un intérêt", "t10", *DISAGREE),
        "emergency": _claim("Utile en urgence", "t1", *AGREE),
        "coordination": _claim("Utile à la coordination", "t4", *AGREE),
        "exchange": _claim("Utile aux échanges", "t5", *AGREE),
        "secrecy": _claim("Danger pour le secret médical", "t9", *AGREE),
        "iatrogenic": _claim("Diminue le risque iatrogène", "t6", *AGREE),
        "spending": _Claim("Diminue les dépenses", None),
        "burden": _claim("Charge administrative", "t12", *AGREE),
        "integration": _claim("S’en serviraient plus, intégré", "t7", *AGREE),
        "access": _claim("Ne savent pas y accéder", "barrier_1", "manque_info_acces"),
        "youngest_non_users": _Claim("Moins de 29 ans : jamais utilisé", _youngest_non_users),
    },
    "Fonctionnement": {
        "dysfunction": _claim("Ne fonctionne pas bien", "t8", *DISAGREE),
        "untrained": _claim("Ne sont pas formés", "t14", *AGREE),
        "update_hard": _claim("Mise à jour difficile", "t17", *DISAGREE),
        "double_entry": _claim("Double saisie", "t18", *DISAGREE),
        "consult_easy": _claim("Consultation facile", "t16", *AGREE),
        "create_easy": _claim("Création facile", "t15", *AGREE),
        "incompatible": _Claim("Logiciel incompatible", lambda: _everyone("barrier_1", "logiciel")),
    },
    "Coût": {
        "cost": _claim("Coût supplémentaire", "t13", *AGREE),
        "waste_of_time": _claim("Perte de temps", "t11", *AGREE),
        "money": _claim("Une aide les ferait changer d’avis", "change_money", "oui"),
    },
}


def _share_of(key: str) -> Share:
    found = {name: claim for group in _CLAIMS.values() for name, claim in group.items()}[key]
    if found.share is None:
        raise LookupError(f"{key}: the thesis prints no table to compute it from")
    return found.share()


def computed(key: str, decimals: int = 0) -> Text:
    """Compute a share that the discussion repeats.

    Examples
    --------
    >>> computed("emergency").replace(NBSP, " ")
    '51 %'
    """
    return retold(_share_of(key).text(decimals), printed("discussion", "printed", key=key))


def counted(key: str) -> Text:
    """Say the counts behind a share that the discussion repeats.

    Examples
    --------
    >>> counted("money")
    '5 médecins sur 12'
    """
    share = _share_of(key)
    return Text(f"{count(share.part)} médecins sur {count(share.whole)}")


def limits(key: str) -> Text:
    """Enclose a share that the discussion repeats, by Wilson's interval.

    Examples
    --------
    >>> limits("money").replace(NBSP, " ")
    'de 19 % à 68 %'
    """
    share = _share_of(key)
    if not share.whole:
        return Text("non calculable")
    found = wilson(share.part, share.whole, LEVEL)
    return Text(f"de {percentage(found.low, 0)} à {percentage(found.high, 0)}")


def confidence() -> Text:
    """Give the confidence of the intervals."""
    return percentage(LEVEL, 0)


def cited(key: str) -> Text:
    """Quote a number or a fact of the discussion, with its line."""
    return quoted("discussion", "printed", key=key)


def told(key: str) -> Text:
    """Give a number or a fact of the discussion as it is printed."""
    cell = printed("discussion", "printed", key=key)
    return retold(cell.replace(" ", NBSP), cell)


def number(key: str) -> Text:
    """Give a whole number of the discussion, written in French."""
    cell = told(key)
    return retold(count(int(parse(cell).value)), cell)


def opinion(item: str, group: str, *marks: str) -> Text:
    """Give the share of one group, users or non-users, who gave an item one of the marks.

    Parameters
    ----------
    item : str
        Column of the respondents table, ``t1`` to ``t18``.
    group : {"oui", "non"}
        Users or non-users.
    *marks : str
        From ``1`` (not at all) to ``5`` (entirely).

    Examples
    --------
    >>> opinion("t5", "oui", "4", "5").replace(NBSP, " ")
    '40 %'
    """
    part = int(tabulate(item, "uses_dmp")[group].loc[list(marks)].sum())
    return percent(part, int(tabulate("uses_dmp")[group]), 0)


def frequent_users() -> Text:
    """Give the share of all the doctors who connect every week or every day."""
    return _everyone("frequency", "hebdomadaire", "journalier").text()


def users_at(age: str) -> Text:
    """Give the share of the doctors of an age who had used it."""
    row = tabulate("age", "uses_dmp").loc[age]
    return percent(int(row["oui"]), int(row.sum()), 0)


def horizon() -> Text:
    """Say until when the projects of the time ran, as a sentence begins."""
    return upper_first(told("projects_horizon"))


def unaware() -> Text:
    """Spell how many doctors were left out because they had never heard of it."""
    return spell(recruitment.flow().unaware)


def older_doctors() -> Text:
    """Give the share of the doctors of the Hérault who are sixty or older."""
    ages = council.doctors("age")
    return percent(int(ages[["60-69", ">70"]].sum()), int(ages.sum()), 0)


def smallest_cluster() -> Text:
    """Spell how many doctors the smallest cluster has, users and non-users taken apart."""
    return spell(int(tabulate("cluster", "uses_dmp").to_numpy().min()))


def structure_fee() -> Text:
    """Multiply the points of the structure fee of 2019 by what a point is worth, in euros."""
    points, value = (told(f"structure_{name}").rstrip("€") for name in ("points", "point_value"))
    return Text(count(int(points) * int(value)) + f"{NBSP}€")


def claims() -> Table:
    """Set out every share of the survey that the discussion repeats."""
    rows = []
    for group, own in _CLAIMS.items():
        rows.append(Row(group, opens_group=True))
        for key, claim in own.items():
            text, line = (printed("discussion", name, key=key) for name in ("printed", "line"))
            shown = text_cell(f"{text.replace('%', f'{NBSP}%')} (l.{NBSP}{line})")
            if claim.share is None:
                rows.append(Row(claim.label, (text_cell("—"), text_cell("—"), shown)))
                continue
            share = claim.share()
            cells = (
                text_cell(f"{count(share.part)} / {count(share.whole)}"),
                Cell(share.text(parse(text).decimals), (share.percent,), text, line),
                shown,
            )
            rows.append(Row(claim.label, cells))
    note = (
        "Part des médecins à qui la question était posée, réponses manquantes comprises, comme "
        "dans la thèse ; pour le logiciel incompatible, part de tous les médecins. "
        "Le tiret : la thèse n’imprime aucun tableau de cet avis."
    )
    return Table("discussion", ("", "Médecins", "Calculé", "Imprimé"), tuple(rows), note)


_BARRIERS: dict[str, tuple[Callable[[], Share] | None, str]] = {
    "Chronophage": (lambda: answers("t11", *AGREE), "logiciels améliorés depuis"),
    "Manque information": (lambda: answers("t14", *AGREE), "voir la formation"),
    "Atteinte à la confidentialité": (lambda: answers("t9", *AGREE), "comparables"),
    "Complexité d’utilisation": (None, ""),
    "Inutilité du DMP": (lambda: answers("t10", *AGREE), "image améliorée"),
    "Défaut d’équipement": (lambda: _everyone("barrier_1", "equipement"), "forfait structure"),
}


@registered("tv5", "table", "V.B.5")
def tv5() -> Table:
    """Set what holds doctors back beside the thesis of Enouf."""
    rows = []
    for row in read_table("tv5").itertuples():
        share, comment = _BARRIERS[row.theme]
        own = (
            text_cell(row.this_work)
            if share is None
            else Cell(share().text(), (share().percent,), row.this_work, row.line)
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


def impossible() -> tuple[Text, Text]:
    """Count the percentages quoted from Enouf that no count of his doctors rounds to.

    Returns
    -------
    tuple of Text
        Those, and all that are quoted, in words.
    """
    base = int(told("enouf_doctors"))
    quotes = [told("enouf_untrained"), told("enouf_undertrained"), *read_table("tv5")["enouf"]]
    missed = sum(recovered(each, base) is None for each in quotes)
    return spell(missed), spell(len(quotes))


def _earlier(percentage: str, author: str, label: str, share: Share) -> Row:
    base = int(told(f"{author}_doctors"))
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
    weekly = ("frequency", "hebdomadaire", "journalier")
    users, doctors = answers(*weekly), _everyone(*weekly)
    pairs: dict[tuple[str, str], tuple[tuple[str, str, Share], ...]] = {
        ("hamard", "Hamard, 2019"): (
            ("Usage régulier", told("hamard_regular"), doctors),
            (f"Idem, sur {count(users.whole)} utilisateurs", told("hamard_regular"), users),
        ),
        ("elmatouat", "El Matouat, 2018"): (
            ("L’ont utilisé", told("elmatouat_users"), answers("uses_dmp", "oui")),
            ("Non informés, non formés", told("elmatouat_uninformed"), answers("t14", *AGREE)),
        ),
        ("enouf", "Enouf, 2016"): tuple(
            (row.theme, row.enouf, share())
            for row in read_table("tv5").itertuples()
            if (share := _BARRIERS[row.theme][0])
        ),
    }
    rows = []
    for (author, name), own in pairs.items():
        rows.append(Row(f"{name} ({number(f'{author}_doctors')})", opens_group=True))
        rows += [_earlier(percentage, author, label, share) for label, percentage, share in own]
    header = ("", "Citée", "Ici", f"Écart [IC à {confidence()}]", "p")
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
    users = answers("uses_dmp", "oui")
    # A reader's own table may have more doctors than the department.
    return bounds(users.part, users.whole, max(users.whole, council.population()))


def unaware_included() -> Share:
    """Count the users among the doctors analysed and those left out for not knowing the DMP."""
    users = answers("uses_dmp", "oui")
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
    users = answers("uses_dmp", "oui")
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
        f"Intervalles à {confidence()}. Redressement sur les effectifs du conseil de l’Ordre, sans "
        "les strates où personne n’a répondu, et pour le lieu sans les "
        f"{count(council.unaccounted())} médecins dont il n’est pas connu. Dernière ligne : part "
        f"parmi les {count(council.population())} médecins de l’Hérault, si aucun, puis si tous "
        "les médecins non interrogés utilisaient le DMP."
    )
    return Table("portee", header, tuple(rows), note)


def break_even() -> Text:
    """Give the share of users among the silent above which most doctors of the Hérault use it."""
    users = answers("uses_dmp", "oui")
    unseen = max(0, council.population() - users.whole)
    return percent(council.population() - 2 * users.part, 2 * unseen, 1)


def _draw_non_response(canvas: Canvas, look: Theme) -> None:
    users = answers("uses_dmp", "oui")
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
    training = answers("change_training", "oui")
    rows = (
        (
            "Outil prometteur, peu utilisé",
            f"un intérêt : {computed('interest')} ; utilisé au moins une fois : "
            f"{computed('users')} ; chaque semaine : {frequent_users()}",
            measured,
        ),
        (
            "Charge administrative, logiciels à la traîne",
            f"charge : {computed('burden')} ; double saisie : {computed('double_entry')} ; "
            "rien sur les éditeurs",
            partly,
        ),
        (
            "Former et rémunérer, pour économiser ensuite",
            f"non formés : {computed('untrained')} ; changeraient d’avis : formation "
            f"{training.part}/{training.whole}, argent {_share_of('money').part}/"
            f"{_share_of('money').whole} ; économies : un avis, sans tableau",
            partly,
        ),
        (
            "Accès trop complexe",
            f"ne savent pas y accéder : {computed('access')} des non-utilisateurs ; intégré aux "
            f"outils : {computed('integration')} ; rien sur le mot de passe",
            partly,
        ),
        (
            "Trop d’onglets",
            f"consultation facile : {computed('consult_easy')} ; rien sur les onglets",
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
