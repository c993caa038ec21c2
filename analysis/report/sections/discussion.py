"""Sections V and VI: what the discussion makes of the survey, and what its numbers allow.

The discussion repeats shares of the survey, sets some beside earlier theses and concludes. Each
share that it repeats is a *claim*: the doctors counted, those the share is of, and the printed
number. What the thesis does not have is marked as ours in the chapter: how far one share reaches
(`herault`) and whether the gaps with earlier theses exceed chance. An earlier thesis is known by
percentages only; a percentage and a number of doctors give back the count where
exactly one whole number rounds to it, and none does where the base is another one (the idea of the
GRIM test: Brown and Heathers, 2017, doi:10.1177/1948550616673876).
"""

from __future__ import annotations

from fractions import Fraction

from analysis.printed import Verdict, compare, parse, read_table
from analysis.report.inline import CONFIDENCE, LEVEL, fact, printed, share
from analysis.report.register import registered
from analysis.report.show.french import (
    NBSP,
    Text,
    as_printed,
    count,
    decimal,
    p_value,
    percent,
    source_lines,
    spell,
)
from analysis.report.show.tables import Cell, Row, Table, text_cell
from analysis.statistics.contingency import fisher_exact
from analysis.statistics.proportions import difference
from analysis.survey import Question, ask

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


def _told(question: str, of: str = "") -> Text:
    return share(question, of, decimals=0)


def claims() -> Table:
    """Set out every share of the survey that the discussion repeats."""
    rows = []
    for group, own in _CLAIMS.items():
        rows.append(Row(group, opens_group=True))
        for key, (label, question, of) in own.items():
            text, line = (printed(f"discussion:{key}", name) for name in ("printed", "line"))
            shown = text_cell(f"{as_printed(text)} ({source_lines(line)})")
            if not question:
                rows.append(Row.of(label, "—", "—", shown))
                continue
            asked, shown_share = ask(question, of), share(question, of, parse(text).decimals)
            cells = (
                text_cell(f"{count(asked.count())} / {count(asked.base())}"),
                Cell(shown_share, (asked.share(),), text, line),
                shown,
            )
            rows.append(Row.of(label, *cells))
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
        own = text_cell(row.this_work)
        if question:
            value = ask(question, of=_EVERYONE).share()
            own = Cell(_told(question, _EVERYONE), (value,), row.this_work, row.line)
        earlier = text_cell(as_printed(row.enouf))
        rows.append(Row.of(row.theme, earlier, own, comment))
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


def _quoted(*keys: str) -> tuple[str, ...]:
    return tuple(printed(f"discussion:{key}") for key in keys)


def numbers() -> dict[str, Text]:
    """Count the percentages that are quoted from Enouf, in French.

    Returns
    -------
    dict of str to Text
        ``quoted`` are all of them, ``impossible`` those that no count of his doctors rounds to.
    """
    base = int(printed("discussion:enouf_doctors"))
    quotes = [*_quoted("enouf_untrained", "enouf_undertrained"), *read_table("tv5")["enouf"]]
    missed = sum(recovered(each, base) is None for each in quotes)
    return {"quoted": spell(len(quotes)), "impossible": spell(missed)}


def _earlier(quote: str, author: str, label: str, asked: Question) -> Row:
    base = int(printed(f"discussion:{author}_doctors"))
    part, here, whole = recovered(quote, base), asked.count(), asked.base()
    own = text_cell(f"{percent(here, whole)}{NBSP}({here})")
    quote = as_printed(quote)
    if part is None or not whole:
        return Row.of(label, quote, own, "—", "—")
    gap = difference((here, whole), (part, base), LEVEL)
    enclosed = f"[{_signed(gap.low)}{NBSP};{NBSP}{_signed(gap.high)}]"
    tested = fisher_exact([[here, whole - here], [part, base - part]])
    cells = (
        f"{quote}{NBSP}({part})",
        own.text,
        f"{_signed(gap.estimate)}{NBSP}{enclosed}",
        p_value(tested, 3),
    )
    return Row.of(label, *cells)


def comparisons() -> Table:
    """Test the shares that the discussion sets beside earlier theses, where a count can be had."""
    users, doctors = (ask("frequency>=hebdomadaire", of) for of in ("users", _EVERYONE))
    regular, ever, uninformed = _quoted("hamard_regular", "elmatouat_users", "elmatouat_uninformed")
    pairs: dict[tuple[str, str], tuple[tuple[str, str, Question], ...]] = {
        ("hamard", "Hamard, 2019"): (
            ("Usage régulier", regular, doctors),
            (f"Idem, sur {count(users.base())} utilisateurs", regular, users),
        ),
        ("elmatouat", "El Matouat, 2018"): (
            ("L’ont utilisé", ever, ask("users")),
            ("Non informés, non formés", uninformed, ask("t14>=4")),
        ),
        ("enouf", "Enouf, 2016"): tuple(
            (row.theme, row.enouf, ask(question, of=_EVERYONE))
            for row in read_table("tv5").itertuples()
            if (question := _BARRIERS[row.theme][0])
        ),
    }
    rows = []
    for (author, name), own in pairs.items():
        rows.append(Row(f"{name} ({fact(f'discussion:{author}_doctors')})", opens_group=True))
        rows += [_earlier(quote, author, label, asked) for label, quote, asked in own]
    header = ("", "Citée", "Ici", f"Écart [IC à {CONFIDENCE}]", "p")
    note = (
        "Entre parenthèses, les effectifs ; ceux des thèses citées sont retrouvés à partir de "
        f"leurs pourcentages, les nôtres sont sur {count(doctors.base())} médecins, sauf mention. "
        "Le tiret : aucun effectif entier ne s’arrondit au pourcentage cité. "
        "Écart en points, ce travail moins la thèse citée, intervalle de Newcombe ; "
        "p : test exact de Fisher."
    )
    return Table("comparaisons", header, tuple(rows), note)


def conclusions() -> Table:
    """Set beside each conclusion of the thesis what the survey measured of it."""
    measured, partly, not_asked = "mesuré", "en partie", "non demandé"
    training, money = ask("change_training=oui"), ask("change_money=oui")
    rows = (
        (
            "Outil prometteur, peu utilisé",
            f"un intérêt : {_told('t10<=2')} ; utilisé au moins une fois : "
            f"{_told('users')} ; chaque semaine : {_told('frequency>=hebdomadaire', _EVERYONE)}",
            measured,
        ),
        (
            "Charge administrative, logiciels à la traîne",
            f"charge : {_told('t12>=4')} ; double saisie : {_told('t18<=2')} ; "
            "rien sur les éditeurs",
            partly,
        ),
        (
            "Former et rémunérer, pour économiser ensuite",
            f"non formés : {_told('t14>=4')} ; changeraient d’avis : formation "
            f"{training.count()}/{training.base()}, argent {money.count()}/"
            f"{money.base()} ; économies : un avis, sans tableau",
            partly,
        ),
        (
            "Accès trop complexe",
            f"ne savent pas y accéder : {_told('barrier_1=manque_info_acces')} des "
            f"non-utilisateurs ; intégré aux outils : {_told('t7>=4')} ; rien sur le mot de passe",
            partly,
        ),
        (
            "Trop d’onglets",
            f"consultation facile : {_told('t16>=4')} ; rien sur les onglets",
            not_asked,
        ),
        ("Généralistes peu consultés, outil imposé", "aucune question", not_asked),
        ("Développer d’abord le volet de synthèse", "aucune question", not_asked),
    )
    header = ("Conclusion de la thèse", "Ce que l’enquête en a mesuré", "Mesure")
    return Table(
        "conclusion",
        header,
        tuple(Row.of(label, *cells) for label, *cells in rows),
        align="left",
    )


def _signed(share: float) -> Text:
    text = decimal(100 * share, 1)
    return Text(f"+{text}" if share > 0 else text)
