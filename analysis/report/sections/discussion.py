"""Sections V and VI: what the discussion makes of the survey, and what its numbers allow.

The discussion repeats shares of the survey, sets some beside earlier theses and concludes. Each
share that it repeats is a *claim*: the doctors counted, those the share is of, and the printed
number. What the thesis does not have is marked as ours in the chapter: how far one share reaches
and whether the gaps with earlier theses exceed chance.

The share of users is read in several ways, each on a supposition that it names: an interval, had
the doctors been drawn at random; the doctors left out for not knowing the record; weights by which
the sample has the council's margins (`analysis.results.herault`); and nothing supposed of those who
were silent.

An earlier thesis is known by percentages only; a percentage and a number of doctors give back the
count where exactly one whole number rounds to it, and none does where the base is another one (the
idea of the GRIM test: Brown and Heathers, 2017, doi:10.1177/1948550616673876).
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analysis.printed import Verdict, compare, parse, read_table
from analysis.report.inline import CONFIDENCE, LEVEL, fact, printed, share
from analysis.report.register import registered
from analysis.report.sections import demographics
from analysis.report.show.figures import Figure, beside, curves
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    as_printed,
    count,
    decimal,
    p_value,
    percent,
    percentage,
    source_lines,
    spell,
)
from analysis.report.show.tables import Cell, Row, Table
from analysis.report.show.theme import Theme
from analysis.results import herault
from analysis.statistics.contingency import fisher_exact
from analysis.statistics.proportions import Interval, bounds, clopper_pearson, difference, wilson
from analysis.survey import Question, ask, council, is_rebuilt, load

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_EVERYONE = "uses_dmp"
"""The base of a share that the thesis takes of all the doctors, of a question put to some."""


def numbers() -> dict[str, Text]:
    """Compute the numbers of the chapters' sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        The share of users in each of its readings, with ``…_low`` and ``…_high``, the limits of its
        interval, and ``…_size``, the doctors that it is worth: ``wilson`` and ``exact`` are of the
        share observed; ``unaware`` is that with the doctors left out for not knowing the DMP;
        ``calibrated`` weighted to the council's margins, and likewise ``seul``, ``groupe``,
        ``autre``, where the doctors without a listed place have this one; ``possible``, for the
        rebuilt rows, the least and the greatest of the weighted share, and of its size, over the
        ensembles, and ``open`` says so; ``silent`` bounds the share in the whole Hérault.
        ``break_even`` is the share among the silent above which most doctors use it,
        ``if_elmatouat`` the share if they do as the doctors of El Matouat. ``weight_ratio`` says
        how many times the heaviest doctor weighs the lightest, ``weight_half`` counts the fewest
        who have half of the weight, ``weight_salaried`` and ``weight_elsewhere`` are the shares of
        two kinds of doctors in it.
        ``quoted`` counts the percentages that are quoted from Enouf, ``impossible`` those that no
        count of his doctors rounds to.
    """
    (users, doctors), unaware = _users(), unaware_included()
    population, silent = council.population(), _of_the_herault()
    elsewhere = float(parse(printed("discussion:elmatouat_users")).value) / 100
    sample = herault.Sample.of(load())
    ratio, half = sample.heaviest
    found = {
        **_reading("wilson", wilson(users, doctors, LEVEL), doctors),
        **_reading("exact", clopper_pearson(users, doctors, LEVEL), doctors),
        **_reading("unaware", wilson(*unaware, LEVEL), unaware[1]),
        **_reading("silent", silent),
        "unaware": percent(*unaware),
        "if_elmatouat": percentage(100 * (silent.low + elsewhere * (silent.high - silent.low))),
        "break_even": percent(population - 2 * users, 2 * max(0, population - doctors)),
        "weight_ratio": _whole(ratio),
        "weight_half": _whole(half),
        "weight_salaried": percentage(sample.weight_of("practice=salarié")),
        "weight_elsewhere": percentage(sample.weight_of("place=autre")),
        "open": Text(""),
        **_quotes_of_enouf(),
    }
    found |= {"wilson": share("users"), "exact": share("users"), "silent": Text("")}
    for name, unlisted in (("calibrated", None), *((each, each) for each in _UNLISTED)):
        found |= _reading(name, *sample.calibrated(unlisted))
    return found | (_what_print_leaves_open() if is_rebuilt() else {})


_UNLISTED = ("seul", "groupe", "autre")
"""Where the doctors without a listed place may practise; the thesis sets them in the last."""


def _reading(name: str, interval: Interval, size: float = math.nan) -> dict[str, Text]:
    """Write a reading of the share of users: the share, its limits, and its size in doctors."""
    return {
        name: percentage(100 * interval.estimate),
        f"{name}_low": percentage(100 * interval.low),
        f"{name}_high": percentage(100 * interval.high),
        f"{name}_size": _whole(size),
    }


def _whole(number: float) -> Text:
    return UNDEFINED if math.isnan(number) else decimal(number, 0)


def _what_print_leaves_open() -> dict[str, Text]:
    """Say how far the calibrated share depends on what is not printed, for the rebuilt rows."""
    possible = herault.of_possible_tables()
    shares, sizes = (
        [float(pick(each)) for pick in (np.nanmin, np.nanmax)]
        for each in (possible.estimate, possible.effective_size)
    )
    found = _reading("possible", Interval(math.nan, *shares))
    low, high = map(_whole, sizes)
    said = (
        "Ces poids dépendent aussi de la façon dont les trois critères se croisent chez les "
        "médecins interrogés, que l’imprimé ne donne pas en entier : d’un tableau de réponses "
        "possible à l’autre (@sec-ensemble), on a vu la part calée aller de "
        f"{found['possible_low']} à {found['possible_high']}, et sa précision de celle de "
        f"{low} réponses à celle de {high}. "
        "Ce n’est que vu, et non prouvé : d’autres réponses possibles iraient peut-être au-delà."
    )
    size = Text(f"{low}–{high}")
    return found | {"possible": Text(""), "possible_size": size, "open": Text(said)}


def _users() -> tuple[int, int]:
    """Count the users, and all the doctors."""
    asked = ask("users")
    return asked.count(), asked.base()


def unaware_included() -> tuple[int, int]:
    """Count the users, and the doctors analysed or left out for not knowing the DMP."""
    users, doctors = _users()
    return users, doctors + demographics.flow()["excluded_unaware"]


def _of_the_herault() -> Interval:
    users, doctors = _users()
    # A reader's own table may have more doctors than the department.
    return bounds(users, doctors, max(doctors, council.population()))


# ---- how far the share of users reaches --------------------------------------------------------

_READINGS = {
    "wilson": "Observée, intervalle de Wilson",
    "exact": "Observée, intervalle exact",
    "unaware": "Avec ceux qui ignoraient le DMP",
    "calibrated": "Calée sur l’âge, le type et le lieu",
    "possible": "– sur les autres réponses possibles",
    "seul": "– lieux inconnus : seuls",
    "groupe": "– lieux inconnus : en groupe",
    "autre": "– lieux inconnus : ailleurs",
    "silent": "Sans rien supposer des silencieux",
}


def reach() -> Table:
    """Set out what the share of users becomes under each reading."""
    found = numbers() | {"silent_size": Text("")}
    rows = tuple(
        Row.of(label, *(found[name + part] for part in ("", "_low", "_high", "_size")))
        for name, label in _READINGS.items()
        if name in found
    )
    note = (
        f"Intervalles à {CONFIDENCE}, par jackknife pour les parts calées. Taille : celle d’un "
        "échantillon sans poids de même précision (Kish). Calage sur les effectifs du conseil de "
        "l’Ordre, sans les strates où personne n’a répondu, et sans les "
        f"{count(council.unlisted())} médecins dont le lieu n’est pas connu, ou avec eux, tous "
        "d’un même lieu. Le tiret : aucun poids n’y satisfait, pour cet échantillon ou sans l’un "
        f"de ses médecins. Dernière ligne : part parmi les {count(council.population())} médecins "
        "de l’Hérault, si aucun, puis si tous les médecins non interrogés utilisaient le DMP."
    )
    header = ("Part d’utilisateurs du DMP", "Estimée", "De", "À", "Taille")
    return Table("portee", header, rows, note)


def _draw_non_response(canvas: Canvas, look: Theme) -> None:
    """Draw the share of users in the Hérault against what the silent doctors do."""
    users, doctors = _users()
    score, everyone = wilson(users, doctors, LEVEL), percent(doctors, council.population())
    names = f"ici : {everyone} des médecins", "si la moitié avait répondu"
    readings = _of_the_herault(), bounds(users, doctors, 2 * doctors)
    words = (
        "Part des médecins interrogés",
        "% d’utilisateurs parmi tous les médecins",
        "% d’utilisateurs parmi ceux qui n’ont pas répondu",
    )
    axes, styles = curves(canvas, look, 330, words, names, right=46)
    axes.axhspan(100 * score.low, 100 * score.high, color=look.veil, zorder=0)
    for edge in (score.low, score.high):
        axes.axhline(100 * edge, color=look.muted, lw=0.8, ls=":", zorder=0)
    axes.text(98, 100 * score.low + 2, "intervalle de Wilson", ha="right", color=look.muted)
    for found, style, below in zip(readings, styles, ((16, -3), (12, -7)), strict=True):
        low, high = 100 * found.low, 100 * found.high
        axes.plot([0, 100], [low, high], **style)
        for end, offset in (((0, low), below), ((100, high), (5, -4))):
            beside(axes, end, offset, percentage(end[1]), look, annotation_clip=False)
    centre = 100 * score.estimate
    axes.plot([centre], [centre], "o", ms=7, color=look.ink)
    for line, up in (("comme les médecins", 23), ("interrogés", 8)):
        beside(axes, (centre, centre), (-8, up), line, look, ha="right")
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlim(0, 100)


non_response_figure = partial(Figure, "silence", _draw_non_response, 330)


# ---- what the discussion repeats, and sets beside earlier theses --------------------------------


def claims() -> Table:
    """Set out every share of the survey that the discussion repeats."""
    listed, rows = read_table("discussion"), []
    for topic, own in listed[listed["topic"] != ""].groupby("topic", sort=False):
        rows.append(Row(str(topic), opens_group=True))
        for row in own.itertuples():
            shown = f"{as_printed(row.printed)} ({source_lines(row.line)})"
            if not row.question:  # Print has no table of it.
                rows.append(Row.of(row.label, "—", "—", shown))
                continue
            asked = ask(row.question, row.of)
            text = share(row.question, row.of, parse(row.printed).decimals)
            cell = Cell(text, (asked.share(),), row.printed, row.line)
            counts = f"{count(asked.count())} / {count(asked.base())}"
            rows.append(Row.of(row.label, counts, cell, shown))
    note = (
        "Part des médecins qui ont répondu ; d’un avis, de tous, réponses manquantes comprises, "
        "comme dans la thèse ; du logiciel incompatible, de tous les médecins. "
        "Le tiret : la thèse n’imprime aucun tableau de cet avis."
    )
    return Table("discussion", ("", "Médecins", "Calculé", "Imprimé"), tuple(rows), note)


@registered
def tv5() -> Table:
    """Set what holds doctors back beside the thesis of Enouf."""
    rows = []
    for row in read_table("tv5").itertuples():
        own = row.this_work
        if row.question:
            value = ask(row.question, of=_EVERYONE).share()
            own = Cell(_told(row.question, _EVERYONE), (value,), row.this_work, row.line)
        rows.append(Row.of(row.theme, as_printed(row.enouf), own, row.comment))
    header = ("", "Enouf, 2016", "Ce travail", "Explication de la thèse")
    note = "Première colonne citée par la thèse, non recalculable ; la seconde est recalculée."
    return Table("tv5", header, tuple(rows), note, align="left")


def _told(question: str, of: str = "") -> Text:
    return share(question, of, decimals=0)


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


def _quoted(*keys: str) -> tuple[str, ...]:
    return tuple(printed(f"discussion:{key}") for key in keys)


def _quotes_of_enouf() -> dict[str, Text]:
    base = int(printed("discussion:enouf_doctors"))
    quotes = [*_quoted("enouf_untrained", "enouf_undertrained"), *read_table("tv5")["enouf"]]
    missed = sum(recovered(each, base) is None for each in quotes)
    return {"quoted": spell(len(quotes)), "impossible": spell(missed)}


def comparisons() -> Table:
    """Test the shares that the discussion sets beside earlier theses, where a count can be had."""
    users, doctors = (ask("frequency>=hebdomadaire", of) for of in ("users", _EVERYONE))
    among = f"Idem, sur {count(users.base())} utilisateurs"
    regular, ever, uninformed = _quoted("hamard_regular", "elmatouat_users", "elmatouat_uninformed")
    rows = [
        _thesis("Hamard, 2019", "hamard"),
        _earlier("Usage régulier", regular, "hamard", doctors),
        _earlier(among, regular, "hamard", users),
        _thesis("El Matouat, 2018", "elmatouat"),
        _earlier("L’ont utilisé", ever, "elmatouat", ask("users")),
        _earlier("Non informés, non formés", uninformed, "elmatouat", ask("t14>=4")),
        _thesis("Enouf, 2016", "enouf"),
    ]
    rows += [
        _earlier(row.theme, row.enouf, "enouf", ask(row.question, _EVERYONE))
        for row in read_table("tv5").query("question != ''").itertuples()
    ]
    header = ("", "Citée", "Ici", f"Écart [IC à {CONFIDENCE}]", "p")
    note = (
        "Entre parenthèses, les effectifs ; ceux des thèses citées sont retrouvés à partir de "
        f"leurs pourcentages, les nôtres sont sur {count(doctors.base())} médecins, sauf mention. "
        "Le tiret : aucun effectif entier ne s’arrondit au pourcentage cité. "
        "Écart en points, ce travail moins la thèse citée, intervalle de Newcombe ; "
        "p : test exact de Fisher."
    )
    return Table("comparaisons", header, tuple(rows), note)


def _thesis(name: str, author: str) -> Row:
    return Row(f"{name} ({fact(f'discussion:{author}_doctors')})", opens_group=True)


def _earlier(label: str, quote: str, author: str, asked: Question) -> Row:
    """Compare a share of ours with what the discussion quotes of an earlier thesis."""
    base = int(printed(f"discussion:{author}_doctors"))
    part, here, whole = recovered(quote, base), asked.count(), asked.base()
    theirs, ours = as_printed(quote), f"{percent(here, whole)}{NBSP}({here})"
    if part is None or not whole:
        return Row.of(label, theirs, ours, "—", "—")
    gap = difference((here, whole), (part, base), LEVEL)
    own, low, high = map(_signed, (gap.estimate, gap.low, gap.high))
    tested = fisher_exact([[here, whole - here], [part, base - part]])
    between = f"{own}{NBSP}[{low}{NBSP};{NBSP}{high}]"
    return Row.of(label, f"{theirs}{NBSP}({part})", ours, between, p_value(tested, 3))


def conclusions() -> Table:
    """Set beside each conclusion of the thesis what the survey measured of it."""
    training, money = ask("change_training=oui"), ask("change_money=oui")
    measured = {
        "mesuré": {
            "Outil prometteur, peu utilisé": "un intérêt : "
            f"{_told('t10<=2')} ; utilisé au moins une fois : {_told('users')} ; "
            f"chaque semaine : {_told('frequency>=hebdomadaire', _EVERYONE)}",
        },
        "en partie": {
            "Charge administrative, logiciels à la traîne": "charge : "
            f"{_told('t12>=4')} ; double saisie : {_told('t18<=2')} ; rien sur les éditeurs",
            "Former et rémunérer, pour économiser ensuite": "non formés : "
            f"{_told('t14>=4')} ; changeraient d’avis : formation "
            f"{training.count()}/{training.base()}, argent {money.count()}/{money.base()} ; "
            "économies : un avis, sans tableau",
            "Accès trop complexe": "ne savent pas y accéder : "
            f"{_told('barrier_1=manque_info_acces')} des non-utilisateurs ; "
            f"intégré aux outils : {_told('t7>=4')} ; rien sur le mot de passe",
        },
        "non demandé": {
            "Trop d’onglets": f"consultation facile : {_told('t16>=4')} ; rien sur les onglets",
            "Généralistes peu consultés, outil imposé": "aucune question",
            "Développer d’abord le volet de synthèse": "aucune question",
        },
    }
    rows = tuple(
        Row.of(label, text, measure)
        for measure, own in measured.items()
        for label, text in own.items()
    )
    header = ("Conclusion de la thèse", "Ce que l’enquête en a mesuré", "Mesure")
    return Table("conclusion", header, rows, align="left")


def _signed(share: float) -> Text:
    text = decimal(100 * share, 1)
    return Text(f"+{text}" if share > 0 else text)
