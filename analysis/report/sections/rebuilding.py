"""The rebuilding of the answers, told: fingerprints, conflicts, search and ensembles.

Everything shown here is read from the certificate that the rebuilding wrote, so that the chapter
tells what was done and not what might be.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis.reconstruction.bounds import Status
from analysis.reconstruction.disclosure import Printed
from analysis.report.show.figures import Figure, key, part, sheet, write
from analysis.report.show.french import (
    Text,
    count,
    decimal,
    power_of_ten,
    source_lines,
    told,
)
from analysis.report.show.tables import Cell, Row, Table, count_cell
from analysis.report.show.theme import WIDTH, Theme
from analysis.report.statements import in_french
from analysis.survey import is_rebuilt, load, source
from analysis.survey.labels import GROUPS, VARIABLES
from analysis.survey.rebuilt import read_certificate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


@cache
def _certificate() -> dict[str, Any]:
    return read_certificate()


def numbers() -> dict[str, Text]:
    """Read the numbers of the chapter's sentences from the certificate, in French.

    Returns
    -------
    dict of str to Text
        ``variables`` counts the variables that have a fingerprint, ``unique`` those of which one
        table is left; ``constraints`` the printed statements, those that yield included, and
        ``standing`` those that stand and are true of the rows; ``members_…`` the tables of a
        group's ensemble. ``bounds`` counts the numbers of doctors whose bounds
        are stored, ``bounds_determined``, ``bounds_open`` and ``bounds_bounded`` those that have
        this word. ``determined`` and ``by_age`` count the doctors of whom print gives something
        away, ``…_without_tests`` and ``…_without_annexe`` if it had not all its tables.
        ``without_annexe`` says how many would be determined, ``rows_in_use`` which file the book
        at hand is computed from.
    """
    found = _certificate()
    tables, constraints = found["cluster_tables"], found["constraints"]
    shown = found["disclosure"].values()
    determined = sum(each[Printed.WITHOUT_ANNEXE]["determined"] for each in shown)
    one, several = "serait entièrement déterminé", "seraient entièrement déterminés"
    return {
        "variables": count(len(tables)),
        "unique": count(sum(each["tables"] == 1 for each in tables)),
        "constraints": count(
            len(constraints) + sum(len(each["yields"]) for each in found["conflicts"])
        ),
        "standing": count(sum(each["holds"] for each in constraints)),
        **{f"members_{group}": count(found["ensembles"][group]["members"]) for group in GROUPS},
        "bounds": count(sum(found["bounds"][each] for each in Status)),
        **{f"bounds_{each}": count(found["bounds"][each]) for each in Status},
        **{
            what + ("" if printed is Printed.ALL else f"_{printed}"): count(
                sum(found["disclosure"][group][printed][what] for group in GROUPS)
            )
            for printed in Printed
            for what in _DISCLOSED
        },
        "without_annexe": told(determined, len(load()), "médecins", one, several),
        "rows_in_use": _rows_in_use(),
    }


_PRINTED = {
    Printed.ALL: "Tout l’imprimé",
    Printed.WITHOUT_TESTS: "Sans les tests du khi-deux",
    Printed.WITHOUT_ANNEXE: "Sans l’annexe VI",
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
    for group, name in GROUPS.items():
        rows.append(Row(name, opens_group=True))
        for each in _certificate()["cluster_tables"]:
            if each["group"] == group:
                start = count_cell(each["left_by_digits"][0])
                digits = count_cell(each["left_by_digits"][-1])
                label = VARIABLES[each["variable"]]
                rows.append(Row.of(label, start, digits, count_cell(each["tables"])))
    header = ("", "Avec ces marges", "Avec ce p", "Avec les lignes de l’annexe aussi")
    return Table("empreintes", header, tuple(rows))


def settlement_table() -> Table:
    """Set out the printed statements that yield, and why."""
    rows = []
    for conflict in _certificate()["conflicts"]:
        members = {each["id"]: each for each in conflict["members"]}
        for each in conflict["yields"]:
            member = members[each["id"]]
            rows.append(
                Row.of(
                    in_french(member["statement"]),
                    source_lines(member["line"]),
                    each["reading"],
                    each["reason"],
                )
            )
    header = ("Énoncé qui cède", "Lignes", "Lecture retenue", "Raison")
    return Table("conflits", header, tuple(rows), align="left")


def ensemble_table() -> Table:
    """Set out the ensembles: size, spread, suggested number of clusters."""
    found = _certificate()["ensembles"]
    lines: tuple[tuple[str, Callable[[dict[str, Any]], Cell]], ...] = (
        ("Jeux distincts", lambda each: count_cell(each["members"])),
        ("dont suggèrent cinq classes", lambda each: count_cell(each["suggest_five_clusters"])),
        ("Distance la plus petite", lambda each: count_cell(each["distances"]["least"])),
        (
            "Distance médiane",
            lambda each: Cell(decimal(each["distances"]["median"], 0)),
        ),
        ("Distance la plus grande", lambda each: count_cell(each["distances"]["greatest"])),
    )
    rows = tuple(Row.of(name, *(cell(found[group]) for group in GROUPS)) for name, cell in lines)
    note = "Distance : nombre de réponses à changer pour passer d’un jeu à l’autre."
    return Table("ensembles", ("", *GROUPS.values()), rows, note)


def _draw_narrowing(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    found = _certificate()["cluster_tables"]
    variables = list(dict.fromkeys(each["variable"] for each in found))
    styles: dict[str, dict[str, Any]] = {
        variable: {"color": colour, "marker": marker, "ms": 4.5, "lw": 1.4, "ls": dashes}
        for variable, (colour, marker, dashes) in zip(variables, _lines(look), strict=False)
    }
    entries = [(VARIABLES[variable], "line", styles[variable]) for variable in variables]
    top = key(page, 9, entries, look) + 24
    write(page, 0, top, "tableaux possibles", look.muted)
    height = (_HEIGHT - top - 74) / len(GROUPS)
    for place, (group, name) in enumerate(GROUPS.items()):
        own = [each for each in found if each["group"] == group]
        above = top + 28 + place * (height + 26)
        write(page, 34, above - 10, name, look.ink, weight=600)
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
    write(page, WIDTH, _HEIGHT - 9, "chiffres de p", look.muted, ha="right")


def _lines(look: Theme) -> list[tuple[str, str, Any]]:
    """Give the looks of the variables' lines: each is the same in both groups."""
    dashes = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (5, 1.5, 1.2, 1.5)), "-", (0, (3, 1)))
    return list(zip(look.hues, "osD^vP", dashes, strict=True))


_HEIGHT = 480


@cache
def narrowing() -> Figure:
    """Draw how fast the digits of a p-value narrow the tables."""
    return Figure("empreintes", _draw_narrowing, _HEIGHT)


def _draw_closing_in(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    styles: dict[str, dict[str, Any]] = {
        "users": {"color": look.users, "ls": "-", "lw": 1.4},
        "non_users": {"color": look.non_users, "ls": "--", "lw": 1.4},
    }
    top = key(page, 9, [(name, "line", styles[group]) for group, name in GROUPS.items()], look) + 25
    write(page, 0, top, "écart à la partition imprimée", look.muted)
    axes = part(canvas, 16, top + 14, WIDTH - 16 - 14, 220 - top - 14 - 38)
    for group in GROUPS:
        trace = _certificate()["search"][group]
        steps, losses = zip(*trace, strict=True) if trace else ((0,), (0.0,))
        axes.plot(steps, losses, **styles[group])
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.grid(visible=True, axis="y")
    write(page, WIDTH, 211, "échanges examinés", look.muted, ha="right")


@cache
def closing_in() -> Figure:
    """Draw the search closing in on the printed clusters."""
    return Figure("recherche", _draw_closing_in, 220)
