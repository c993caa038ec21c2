"""How the answers were rebuilt, what print says of two of them, and what the thesis is read beside.

The rebuilding is told from the certificate that it wrote, so that the chapter tells what was done
and not what might be.

Each cell of a crossing of two answers is a count of doctors: the least and the greatest that print
allows, and the statements that make them (`analysis.reconstruction.bounds`).  The site shows every
crossing by a script of the project (``assets/imprime.js``); the PDF and a page without scripts have
three of them as figures.  None of this depends on the table of respondents in use.

A second study (Dupety, Hurpez and Barbaroux, 2021) is no part of the thesis, and of it only the
record of an open archive is at hand: two summaries.  Its statements are set beside the survey's
items in a *joint display*, as mixed-methods studies do (O'Cathain, Murphy and Nicholl, 2010,
doi:10.1136/bmj.c4587), by a rule: the two converge where more doctors go with the statement than
against it, diverge where fewer do, and the survey is silent where no item touches it.

The STROBE checklist says what a report of an observational study should hold: 22 items, some in
parts, of which the version for cross-sectional studies leaves out those that belong to other
designs (von Elm, Altman, Egger, Pocock, Gøtzsche, Vandenbroucke, 2007,
doi:10.1371/journal.pmed.0040296).  Whether an item is reported is the edition's judgement; the
lines and the words it rests on stand in ``data/strobe.yml``, and the tests find them in the source.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Fault, refuse
from analysis.printed import parse, read_table
from analysis.printed.sections import fault_of_lines
from analysis.reconstruction import bounds
from analysis.reconstruction.bounds import Bounds, Status, told_apart
from analysis.reconstruction.statements import standing
from analysis.report.inline import LEVEL, printed, quoted, share
from analysis.report.sections.abstract import WHOLE, crossed
from analysis.report.show.figures import (
    LEADING,
    Blocks,
    Figure,
    Style,
    beside,
    curves,
    extent,
    key,
    part,
    scripted,
    sheet,
    wrapped,
    write,
)
from analysis.report.show.french import (
    NBSP,
    Text,
    count,
    decimal,
    in_guillemets,
    lower_first,
    percentage,
    power_of_ten,
    source_lines,
    spaced,
    spell,
    told,
    upper_first,
)
from analysis.report.show.tables import Row, Table, count_cell
from analysis.report.show.theme import WIDTH, Theme, themed
from analysis.statistics.proportions import chance_of_meeting, smallest_group, smallest_share
from analysis.survey import Group, ask, is_rebuilt, load, source
from analysis.survey.labels import GROUPS, LEVELS, ROMAN, VARIABLES
from analysis.survey.rebuilt import read_certificate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


def numbers() -> dict[str, Text]:
    """Compute the numbers of the chapters' sentences, in French.

    Returns
    -------
    dict of str to Text
        Of the rebuilding, ``variables`` counts the variables that have a fingerprint, ``unique``
        those of which one table is left; ``constraints`` the printed statements, those that yield
        included, and ``standing`` those that stand and are true of the rows; ``members_…`` the
        tables of a group's ensemble. ``bounds`` counts the numbers of doctors whose bounds are
        stored, ``bounds_determined``, ``bounds_open`` and ``bounds_bounded`` those that have this
        word. ``determined`` and ``by_age`` count the doctors of whom print gives something away,
        ``…_without_tests`` and ``…_without_annexe`` if it had not all its tables.
        ``without_annexe`` says how many would be determined, ``rows_in_use`` which file the book
        at hand is computed from.

        Of the second study, ``participants`` spells how many people each group has, and ``formula``
        is the chance that a theme of share p is met at least once by n people; ``met_4``,
        ``met_10`` and ``met_20`` are that of a theme of one in so many, for a group, and
        ``needed_20`` the participants who would meet the rarest with the confidence of the book;
        ``threshold`` and ``threshold_together`` are the shares from which a theme is met with it,
        by a group and by both together.

        Of the checklist, ``items`` counts each part by itself, ``whole_items`` by number; the
        statuses count the items that have one, in words.

    Examples
    --------
    >>> [numbers()[key].replace(NBSP, " ") for key in ("met_20", "threshold", "needed_20")]
    ['46 %', '22 %', '59']
    """
    found, size = _certificate(), _size()
    tables, constraints = found["cluster_tables"], found["constraints"]
    yielding = sum(len(each["yields"]) for each in found["conflicts"])
    disclosed = {
        what + ("" if part_of == "all" else f"_{part_of}"): sum(
            found["disclosure"][group][part_of][what] for group in GROUPS
        )
        for part_of in _PRINTED
        for what in _DISCLOSED
    }
    few = disclosed["determined_without_annexe"], len(load())
    return {
        "variables": count(len(tables)),
        "unique": count(sum(each["tables"] == 1 for each in tables)),
        "constraints": count(len(constraints) + yielding),
        "standing": count(sum(each["holds"] for each in constraints)),
        **{f"members_{group}": count(found["ensembles"][group]["members"]) for group in GROUPS},
        "bounds": count(sum(found["bounds"][each] for each in Status)),
        **{f"bounds_{each}": count(found["bounds"][each]) for each in Status},
        **{what: count(number) for what, number in disclosed.items()},
        "without_annexe": told(
            *few, "médecins", "serait entièrement déterminé", "seraient entièrement déterminés"
        ),
        "rows_in_use": _rows_in_use(),
        "participants": spell(size),
        "formula": Text(f"1{NBSP}−{NBSP}(1{NBSP}−{NBSP}p)ⁿ"),
        **{
            f"met_{among}": percentage(100 * chance_of_meeting(1 / among, size), 0)
            for among in (4, 10, 20)
        },
        "needed_20": count(smallest_group(1 / 20, LEVEL)),
        "threshold": percentage(100 * smallest_share(size, LEVEL), 0),
        "threshold_together": percentage(100 * smallest_share(2 * size, LEVEL), 0),
        "items": count(len(items())),
        "whole_items": count(len({_number(item) for item in items()})),
        **{status: spell(sum(item["status"] == status for item in items())) for status in STATUSES},
    }


# ---- the rebuilding ----------------------------------------------------------------------------


_certificate = cache(read_certificate)


_PRINTED = {
    "all": "Tout l’imprimé",
    "without_tests": "Sans les tests du khi-deux",
    "without_annexe": "Sans l’annexe VI",
}
_DISCLOSED = {
    "determined": "Toutes les réponses du profil sont déterminées",
    "by_age": "Une autre réponse s’apprend de l’âge",
    "by_practice": "… ou de l’âge, du type et du lieu d’exercice",
}


def disclosure_table() -> Table:
    """Set out of how many doctors print gives something away, and by which of its tables."""
    rows = []
    for group, title in GROUPS.items():
        rows.append(Row(title, opens_group=True))
        found = _certificate()["disclosure"][group]
        for what, label in _DISCLOSED.items():
            rows.append(Row.of(label, *(count_cell(found[each][what]) for each in _PRINTED)))
    note = "Au moins tant de médecins, prouvé. Fréquence et motif, ou premier et second frein."
    return Table("divulgation", ("", *_PRINTED.values()), tuple(rows), note)


_EXCLUDED = {
    "remplacant": "remplaçants",
    "jamais_entendu": "n’ayant jamais entendu parler du DMP",
    "autre_specialite": "d’une autre spécialité",
}


def _rows_in_use() -> Text:
    """Say which file the book at hand is computed from: rows, and replies left out by reason."""
    table = load(excluded=True)
    reasons = [reason for reason in table.get("excluded", ()) if reason]
    rows = f"{count(len(table))} lignes"
    if reasons:
        said = (f"{_EXCLUDED[each]} : {reasons.count(each)}" for each in sorted(set(reasons)))
        rows += f", dont {count(len(reasons))} signalées comme exclues et comptées nulle part"
        rows += f" ({', '.join(said)})"
    name = "du jeu reconstitué" if is_rebuilt() else f"du fichier « {source().name} »"
    return Text(f"{name}, {rows}")


def fingerprint_table() -> Table:
    """Set out how many tables each variable is left with."""
    rows = []
    for group, own in groupby(_certificate()["cluster_tables"], itemgetter("group")):
        rows.append(Row(GROUPS[group], opens_group=True))
        for each in own:
            left = each["left_by_digits"]
            cells = map(count_cell, (left[0], left[-1], each["tables"]))
            rows.append(Row.of(VARIABLES[each["variable"]], *cells))
    header = ("", "Avec ces marges", "Avec ce p", "Avec les lignes de l’annexe aussi")
    return Table("empreintes", header, tuple(rows))


def settlement_table() -> Table:
    """Set out the printed statements that yield, and why."""
    rows = []
    for conflict in _certificate()["conflicts"]:
        members = {each["id"]: each for each in conflict["members"]}
        for each in conflict["yields"]:
            said, line = (members[each["id"]][name] for name in ("statement", "line"))
            cells = source_lines(line), each["reading"], each["reason"]
            rows.append(Row.of(in_french(said), *cells))
    header = ("Énoncé qui cède", "Lignes", "Lecture retenue", "Raison")
    return Table("conflits", header, tuple(rows), align="left")


def ensemble_table() -> Table:
    """Set out the ensembles: size, spread, suggested number of clusters."""
    own = [_certificate()["ensembles"][group] for group in GROUPS]
    lines = {
        "Jeux distincts": [each["members"] for each in own],
        "dont suggèrent cinq classes": [each["suggest_five_clusters"] for each in own],
        "Distance la plus petite": [each["distances"]["least"] for each in own],
        "Distance médiane": [each["distances"]["median"] for each in own],
        "Distance la plus grande": [each["distances"]["greatest"] for each in own],
    }
    rows = tuple(
        Row.of(name, *(decimal(number, 0) for number in each)) for name, each in lines.items()
    )
    note = "Distance : nombre de réponses à changer pour passer d’un jeu à l’autre."
    return Table("ensembles", ("", *GROUPS.values()), rows, note)


def _draw_narrowing(canvas: Canvas, look: Theme) -> None:
    """Draw how fast the digits of a p-value narrow the tables."""
    page, found = sheet(canvas), _certificate()["cluster_tables"]
    variables = dict.fromkeys(each["variable"] for each in found)
    dashes = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (5, 1.5, 1.2, 1.5)), "-", (0, (3, 1)))
    # A variable has the same line in both groups.
    styles: dict[str, Style] = {
        variable: {"color": colour, "marker": marker, "ms": 4.5, "lw": 1.4, "ls": dash}
        for variable, colour, marker, dash in zip(
            variables, look.hues, "osD^vP", dashes, strict=False
        )
    }
    entries = [(VARIABLES[variable], "line", style) for variable, style in styles.items()]
    top = key(page, 9, entries, look) + 24
    write(page, 0, top, "tableaux possibles", look.muted)
    height = (480 - top - 74) / len(GROUPS)
    for place, (group, own) in enumerate(groupby(found, itemgetter("group"))):
        above = top + 28 + place * (height + 26)
        write(page, 34, above - 10, GROUPS[group], look.ink, weight=600)
        axes = part(canvas, 34, above, WIDTH - 42, height - 26)
        for each in own:
            left = each["left_by_digits"][:9]
            axes.plot(range(len(left)), left, clip_on=False, **styles[each["variable"]])
        axes.set_yscale("log")
        # Matplotlib writes a power of ten with fonts that are not ours.
        axes.yaxis.set_major_formatter(lambda value, _: power_of_ten(round(math.log10(value))))
        axes.yaxis.set_minor_formatter("")
        axes.set_xlim(-0.2, 8.2)
        axes.grid(visible=True, axis="y")
    write(page, WIDTH, 471, "chiffres de p", look.muted, ha="right")


def _draw_closing_in(canvas: Canvas, look: Theme) -> None:
    """Draw the search closing in on the printed clusters."""
    page = sheet(canvas)
    styles: dict[str, Style] = {
        "users": {"color": look.users, "ls": "-", "lw": 1.4},
        "non_users": {"color": look.non_users, "ls": "--", "lw": 1.4},
    }
    top = key(page, 9, [(name, "line", styles[group]) for group, name in GROUPS.items()], look) + 25
    write(page, 0, top, "écart à la partition imprimée", look.muted)
    axes = part(canvas, 16, top + 14, WIDTH - 16 - 14, 220 - top - 14 - 38)
    for group, style in styles.items():
        trace = _certificate()["search"][group]
        steps, losses = zip(*trace, strict=True) if trace else ((0,), (0.0,))
        axes.plot(steps, losses, **style)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.grid(visible=True, axis="y")
    write(page, WIDTH, 211, "échanges examinés", look.muted, ha="right")


narrowing = cache(partial(Figure, "empreintes", _draw_narrowing, 480))
closing_in = cache(partial(Figure, "recherche", _draw_closing_in, 220))


# ---- printed statements, and what they say of two answers --------------------------------------

_EQUAL = re.compile(r"(\w+) = ([\w<>-]+)")
_TESTED = re.compile(r"^(\w+)(?= selon la classe)")
_CLUSTER = re.compile(r"(?<=classe )([1-5])\b")
_BARRIER = re.compile(rf"\b({'|'.join(LEVELS['barrier'])})(?= \d)")


def in_french(statement: str) -> str:
    """Write a printed statement with the labels of its variables and levels, not their codes.

    Parameters
    ----------
    statement : str

    Examples
    --------
    >>> in_french("place = groupe, non-utilisateurs : 34").replace(chr(160), " ")
    'Lieu d’exercice « cabinet de groupe », non-utilisateurs : 34'
    >>> in_french("frequency selon la classe, utilisateurs : un des 2 tableaux de ce p")
    'Fréquence d’utilisation selon la classe, utilisateurs : un des 2 tableaux de ce p'
    """

    def label(variable: str, level: str) -> str:
        return in_guillemets(LEVELS.get(variable.removesuffix("_1"), {}).get(level, level))

    def name(variable: str) -> str:
        return lower_first((VARIABLES | LEVELS["change"]).get(variable, variable))

    said = _EQUAL.sub(lambda it: f"{name(it[1])} {label(*it.groups())}", statement)
    said = _TESTED.sub(lambda it: name(it[1]), said)
    said = _CLUSTER.sub(lambda it: ROMAN[int(it[1]) - 1], said)
    said = _BARRIER.sub(lambda it: label("barrier", it[1]), said)
    return upper_first(said)


_NAMES = {**VARIABLES, "cluster": "Classe"}
_LEVELS = {
    **LEVELS,
    "cluster": {str(number): f"Classe {name}" for number, name in enumerate(ROMAN, start=1)},
}
_WORDS = {Status.DETERMINED: "Déterminé", Status.OPEN: "Ouvert", Status.BOUNDED: "Borné"}
_FIRST: dict[Group, tuple[str, str]] = {
    "users": ("age", "purpose"),
    "non_users": ("age", "barrier_1"),
}
"""The crossing that a reader sees who has not chosen one."""


def explorer() -> Blocks:
    """Write every crossing of two answers for the site, and the script that shows them."""
    why = {asked: bounds.explained(asked[1], asked[0]) for asked in bounds.listed(2)}
    needed = {each for reasons in why.values() for each in (*reasons.lower, *reasons.upper)}
    places = {each: place for place, each in enumerate(e for e in standing() if e in needed)}
    crossings: dict[Group, dict[str, list[list[Any]]]] = {group: {} for group in GROUPS}
    for (group, question), reasons in why.items():
        names = "&".join(each.variable for each in question.conditions)
        found = bounds.known(question, group)
        ends = ([places[each] for each in end] for end in (reasons.lower, reasons.upper))
        numbers = (found.lower, found.upper, found.seen_min, found.seen_max)
        crossings[group].setdefault(names, []).append([*numbers, *ends])
    variables = {
        group: list(dict.fromkeys(name for pair in bounds.CROSSED[group] for name in pair))
        for group in GROUPS
    }
    data = {
        "noms": _NAMES,
        "niveaux": {
            name: {level: _LEVELS[name][level] for level in told_apart(group, name)}
            for group, own in variables.items()
            for name in own
        },
        "groupes": {
            group: {"nom": name, "variables": variables[group], "depart": _FIRST[group]}
            for group, name in GROUPS.items()
        },
        "etats": _WORDS,
        "enonces": [
            (source_lines(each.line), spaced(in_french(each.statement))) for each in places
        ],
        "croisements": crossings,
    }
    return scripted(
        "imprime",
        data,
        "Un script montre ici tous les croisements ; sans lui, les trois figures de cette page en "
        "montrent trois, et la commande <code>python -m analysis bounds</code> répond des autres.",
    )


_HEAD, _TEXT, _BAR, _GAP, _LABEL = 23, 14, 7, 7, 15
"""Heights of the key, of a number, its bar, what follows, and of a label above, in pixels."""
_BESIDE = 96
"""Width up to which the labels of the rows stand beside them."""
# None of the figures has a count that is bounded: a test says so.


def crossing(group: Group, rows: str, columns: str) -> dict[tuple[str, str], Bounds]:
    """Give the bounds of every cell of a crossing that is not proved to be nobody's row or column.

    Examples
    --------
    >>> crossing("users", "frequency", "place")["journalier", "groupe"].range
    '0 to 3'
    """
    found = {
        (row, column): bounds.known(ask(f"{rows}={row} & {columns}={column}"), group)
        for row in told_apart(group, rows)
        for column in told_apart(group, columns)
    }
    somebody = [{pair[side] for pair, each in found.items() if each.upper} for side in (0, 1)]
    return {
        pair: each
        for pair, each in found.items()
        if all(level in own for level, own in zip(pair, somebody, strict=True))
    }


@cache
def _figure(id_: str, group: Group, rows: str, columns: str) -> Figure:
    """Draw what print says of how many doctors gave each pair of two answers."""
    found = crossing(group, rows, columns)
    in_rows, in_columns = ({pair[side]: None for pair in found} for side in (0, 1))
    with themed():
        # The height follows from the letters.
        is_beside = max(extent(_LEVELS[rows][row]) for row in in_rows) <= _BESIDE
        left = _BESIDE if is_beside else 0
        width = (WIDTH - left) / len(in_columns)
        headings = [wrapped(_LEVELS[columns][each], width - 8, bold=True) for each in in_columns]
    top = _HEAD + LEADING * max(text.count("\n") + 1 for text in headings)
    pitch = (0 if is_beside else _LABEL) + _TEXT + _BAR + _GAP
    scale = (width - 10) / max(each.upper for each in found.values())

    def draw(canvas: Canvas, look: Theme) -> None:
        axes, colour = sheet(canvas), look.users if group == "users" else look.non_users
        proved: Style = {"color": colour, "edgecolor": colour, "lw": 0.9}
        possible = proved | {"color": "none"}
        key(axes, 9, [("prouvé", "fill", proved), ("possible", "fill", possible)], look)
        lefts = [left + place * width for place in range(len(headings))]
        for x, text in zip(lefts, headings, strict=True):
            middle = top - LEADING * (text.count("\n") + 1) / 2
            write(axes, x, middle, text, look.ink, weight=600)
        for place, row in enumerate(in_rows):
            y = top + _GAP + place * pitch
            colour = look.ink if is_beside else look.muted
            write(axes, 0, y + _TEXT / 2, _LEVELS[rows][row], colour)
            y += 0 if is_beside else _LABEL
            for x, column in zip(lefts, in_columns, strict=True):
                _draw_count(axes, (x, y), found[row, column], scale, (proved, possible), look)

    return Figure(id_, draw, top + _GAP + len(in_rows) * pitch)


def _draw_count(
    axes: Axes,
    place: tuple[float, float],
    found: Bounds,
    scale: float,
    styles: tuple[Style, Style],
    look: Theme,
) -> None:
    """Write a count with what is proved of it; draw it solid, and hollow as far as it may go."""
    x, y = place
    lower, upper = found.lower, found.upper
    text = str(lower) if found.is_determined else f"{lower}{NBSP}à{NBSP}{upper}"
    weight = 600 if found.is_determined else 400
    write(axes, x, y + _TEXT / 2, text, look.ink, weight=weight)
    axes.plot([x, x], [y + _TEXT, y + _TEXT + _BAR], color=look.muted, lw=0.8)
    for start, end, style in zip((0, lower), (lower, upper), styles, strict=True):
        if end > start:
            left, length = x + start * scale, (end - start) * scale
            axes.barh(y + _TEXT + _BAR / 2, length, _BAR - 1, left, **style)


ages_and_purposes = partial(_figure, "age-motif", "users", "age", "purpose")
frequencies_and_places = partial(_figure, "frequence-lieu", "users", "frequency", "place")
ages_and_barriers = partial(_figure, "frein-age", "non_users", "barrier_1", "age")


# ---- a second study ----------------------------------------------------------------------------

_VOICES = {
    "both": "les deux groupes",
    "divided": "sans dire lesquels",
    "authors": "conclusion des auteurs, en anglais",
    "unsaid": "sans dire de qui",
}


def _size() -> int:
    """Read how many people each group has; the record spells it."""
    return int(parse(printed("design:participants")).value)


def design() -> Table:
    """Set out the design of the study in the words of its record."""
    rows = tuple(
        Row.of(row.label, quoted(f"design:{row.key}"))
        for row in read_table("design").query("label != ''").itertuples()
    )
    return Table("plan", ("", "Ce que dit la notice"), rows, align="left")


def joint_display() -> Table:
    """Set each statement beside the survey item that touches it."""
    rows = []
    for row in read_table("themes").itertuples():
        quote = "" if row.voice == "authors" else f"«{NBSP}{row.printed}{NBSP}», "
        study = f"{quote}{_VOICES[row.voice]} ({source_lines(row.line)})"
        rows.append(Row.of(row.label, study, *_touched(row)))
    header = ("Thème", "Seconde étude", "Enquête de l’Hérault", "Bilan")
    note = (
        "Converge : plus de médecins de l’enquête vont dans le sens du thème que contre lui ; "
        "diverge : c’est l’inverse ; muet : aucune question ne le touche. "
        "Lignes de la notice, non de la thèse."
    )
    return Table("rapprochement", header, tuple(rows), note, align="left")


def _touched(row: Any) -> tuple[str, str]:
    """Say what the item that touches a statement found, and whether it goes with the statement."""
    if not row.item:
        return "aucune question", "muet"
    sides = f"{row.item}>=4", f"{row.item}<=2"
    title = printed("inventory", "title", id=row.item.upper()).partition(" : ")[2]
    agreeing, others = map(share, sides)
    found = f"«{NBSP}{title}{NBSP}» : {agreeing} d’accord, {others} non"
    agree, disagree = (ask(side).count() for side in sides)
    if agree == disagree:
        return found, "partagé"
    return found, "converge" if (agree > disagree) == (row.side == "favourable") else "diverge"


def _draw_chance(canvas: Canvas, look: Theme) -> None:
    """Draw the chance of meeting a theme at least once against how common it is."""
    sizes = _size(), 2 * _size()
    names = f"{sizes[0]} (un groupe)", f"{sizes[1]} (les deux ensemble)"
    words = (
        *("Participants", "% de chances de rencontrer un thème"),
        "% des gens qui partagent le thème",
    )
    axes, styles = curves(canvas, look, 270, words, names, right=10)
    shares = np.linspace(0, 0.5, 101)
    for size, style in zip(sizes, styles, strict=True):
        chances = [100 * chance_of_meeting(float(share), size) for share in shares]
        axes.plot(100 * shares, chances, **style)
        reached = 100 * smallest_share(size, LEVEL)
        axes.plot([reached, reached], [0, 100 * LEVEL], ":", color=look.muted, lw=1)
        axes.plot([reached], [100 * LEVEL], "o", ms=6, color=style["color"])
        beside(axes, (reached, 0), (4, 5), percentage(reached, 0), look)
    axes.axhline(100 * LEVEL, color=look.muted, lw=1, ls=":")
    text = f"{percentage(100 * LEVEL, 0)} de chances"
    beside(axes, (50, 100 * LEVEL), (0, -14), text, look, ha="right")
    axes.set_xlim(0, 50)


chance_figure = partial(Figure, "rencontre", _draw_chance, 270)


# ---- the STROBE checklist ----------------------------------------------------------------------

STATUSES = {
    "reported": "Présent",
    "partly": "En partie",
    "absent": "Absent",
    "not_applicable": "Sans objet",
}
"""What can be said of an item, in the order of the columns."""
_SIGNS = dict(zip(STATUSES, "✓≈✗–", strict=True))


@cache
def items() -> tuple[dict[str, Any], ...]:
    """Read the checklist.

    Returns
    -------
    tuple of dict
        Of each item, or part of one: ``id``, its number and letter; ``section`` of the report;
        ``asks`` and ``comment``, what it asks for, and what the thesis holds; ``status``, one of
        `STATUSES`; if there are any, ``evidence``, where the thesis reports it, by ``lines`` of the
        source and ``words`` that stand there, ``searched``, words that would report it and that the
        thesis does not hold, ``here`` and ``chapters``, where this book takes it up, in words and
        by labels.

    Raises
    ------
    InputError
        If it has a fault, or an item twice or out of order.
    """
    document = read_document(paths.STROBE)
    refuse(_faults(document))
    return tuple(
        {**entry, "section": section["title"]}
        for section in document.data["sections"]
        for entry in section["items"]
    )


def _number(item: dict[str, Any]) -> int:
    return int(item["id"].rstrip("abcde"))


def _faults(document: Document) -> Iterator[Fault]:
    last = (0, "")
    for at, section in enumerate(document.data["sections"]):
        for place, entry in enumerate(section["items"]):
            here = ("sections", at, "items", place)
            number = (_number(entry), entry["id"])
            if number <= last:
                yield document.fault(f"the item does not come after {last[1]}", *here, "id")
            last = number
            for rank, evidence in enumerate(entry.get("evidence", ())):
                rule = fault_of_lines(evidence["lines"])
                if rule:
                    yield document.fault(rule, *here, "evidence", rank, "lines")


def balance() -> Table:
    """Count the items by section and status."""
    pairs = [(item["section"], item["status"]) for item in items()]
    rows = {section: section for section, _ in pairs} | {WHOLE: "Total"}
    return crossed("strobe-bilan", "Partie du texte", rows, STATUSES, pairs)


def checklist() -> Table:
    """Set out the items: what each asks, what the thesis holds, where this book has it."""
    rows: list[Row] = []
    for section, group in groupby(items(), itemgetter("section")):
        rows.append(Row(section, opens_group=True))
        for item in group:
            lines = ", ".join(each["lines"] for each in item.get("evidence", ()))
            places = f" ({source_lines(lines)})" if lines else ""
            status = f"{_SIGNS[item['status']]}{NBSP}{STATUSES[item['status']]}"
            here = [item["here"]] if "here" in item else []
            here += [f"@{label}" for label in item.get("chapters", ())]
            held = f"{status}{places}. {item['comment']}"
            rows.append(Row.of(f"{item['id']} · {item['asks']}", held, ", ".join(here) or "—"))
    header = ("Ce qui est demandé", "Dans la thèse", "Ici")
    return Table("strobe", header, tuple(rows), align="left")
