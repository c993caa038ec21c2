"""Section IV.C: one map of all the doctors, and what the thesis reads in its four corners.

The thesis's figure is not in its text.  What is left of it, the legend of the barriers and a list
of categories for each quadrant, is set beside our map of the rows in use and beside those of other
rows that print allows as well (`analysis.results.whole_sample`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.printed import read_table
from analysis.reconstruction import quadrants
from analysis.reconstruction.bounds import known
from analysis.report.inline import by_source
from analysis.report.register import registered, registered_as
from analysis.report.sections._category_map import NAMES, category_name, draw_map, map_height
from analysis.report.sections._map_figures import (
    CLOUD_HEIGHT,
    EIGENVALUES_HEIGHT,
    Cloud,
    draw_clouds,
    draw_eigenvalues,
    draw_ranges,
    most_places,
    ranges_height,
)
from analysis.report.sections._map_tables import map_tables
from analysis.report.show.figures import Blocks, Figure, scripted
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    count,
    decimal,
    percentage,
    source_lines,
    spell,
    told,
    upper_first,
)
from analysis.report.show.tables import Cell, Row, Table, count_cell, percent_cell, text_cell
from analysis.report.show.theme import Theme
from analysis.results import whole_sample as whole
from analysis.statistics import mca
from analysis.statistics.profiles import MISSING
from analysis.survey import Group, ask, load, tabulate
from analysis.survey.labels import LEVELS
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


FloatArray = NDArray[np.float64]

_PLACES = {
    "upper left": f"haut{NBSP}gauche",
    "lower left": f"bas{NBSP}gauche",
    "upper right": f"haut{NBSP}droit",
    "lower right": f"bas{NBSP}droit",
}
_FILTERED = ("frequency", "purpose", "barrier_1", "barrier_2")
_SHOWN_AXES = 10
_FREQUENT = ("mensuel", "hebdomadaire", "journalier")


# ---- the axes ---------------------------------------------------------------------------------


def inertia_table() -> Table:
    """Set out the first eigenvalues, raw and corrected, beside those of shuffled answers."""
    inertia = whole.analysis_map().analysis.inertia
    rows = []
    for axis, row in inertia.head(5).iterrows():
        low, high = _shuffled_bounds(int(axis))
        rows.append(
            Row.of(
                str(axis),
                _number(row["eigenvalue"], 3),
                _number(row["percent"], 1),
                _number(row["cumulative_percent"], 1),
                _number(row["benzecri_percent"], 1),
                _number(row["greenacre_percent"], 1),
                f"{decimal(low, 3)}–{decimal(high, 3)}",
            )
        )
    header = ("Axe", "Valeur propre", "%", "% cumulé", "Benzécri", "Greenacre", "Mélangées")
    note = (
        f"Sur {count(len(inertia))} axes. Benzécri, Greenacre : parts de l’inertie corrigée, en %. "
        "Mélangées : 95 % des valeurs propres de réponses mélangées au hasard."
    )
    return Table("inertie", header, tuple(rows), note)


def analyses_table() -> Table:
    """Compare the analysis of the thesis with those that leave the filtered questions out."""
    shuffled = whole.shuffled_eigenvalues()
    names = {
        "map": "Les six variables",
        "common": "Âge et type d’exercice",
        "users": "Utilisateurs seuls",
        "non_users": "Non-utilisateurs seuls",
    }
    rows = []
    for key, name in names.items():
        analysis = _analyses()[key]
        profiles = analysis.profiles
        rows.append(
            Row.of(
                name,
                count_cell(profiles.n_rows),
                count_cell(sum(profiles.n_categories)),
                _number(analysis.eigenvalues[0], 3),
                _number(analysis.inertia.loc[1, "percent"], 1),
                *(
                    text_cell("—")
                    if key in ("users", "non_users")
                    else _number(100 * _eta2(analysis, axis), 1)
                    for axis in (1, 2)
                ),
            )
        )
    rows.insert(
        1,
        Row.of(
            "Les mêmes, mélangées",
            *rows[0].cells[:2],
            _number(float(shuffled[:, 0].mean()), 3),
            _number(float((100 * shuffled[:, 0] / shuffled.sum(axis=1)).mean()), 1),
            "—",
            "—",
        ),
    )
    header = (
        "Analyse",
        "Médecins",
        "Modalités",
        "Valeur propre 1",
        "%",
        "Groupe, axe 1",
        "Groupe, axe 2",
    )
    note = (
        "Groupe : part de la variance de l’axe, en %, entre utilisateurs et non-utilisateurs "
        "(rapport de corrélation). Mélangées : moyenne."
    )
    return Table("analyses", header, tuple(rows), note)


def axes_table() -> Table:
    """List the categories that make each axis: those that contribute more than the mean."""
    found = whole.analysis_map()
    rows = []
    for axis, column in ((1, "x"), (2, "y")):
        contribution = f"contribution_{axis}"
        own = found.categories.loc[found.categories[contribution] > found.mean_contribution]
        total = decimal(own[contribution].sum(), 1)
        title = f"Axe {axis} : {count(len(own))} modalités, {total}{NBSP}% de l’axe"
        rows.append(Row(title, opens_group=True))
        for pair, row in own.sort_values(column).iterrows():
            rows.append(
                Row.of(
                    _full_name(*pair),
                    count_cell(int(row["n"])),
                    _number(row[column], 2),
                    _number(row[contribution], 1),
                    _number(row[f"cos2_{axis}"], 2),
                    _number(row[f"v_{axis}"], 1),
                )
            )
    header = ("Modalité", "Effectif", "Coordonnée", "Contribution (%)", "cos²", "v.test")
    return Table("axes", header, tuple(rows))


def _draw_eigenvalues(canvas: Canvas, look: Theme) -> None:
    ours = whole.analysis_map().analysis.eigenvalues[:_SHOWN_AXES]
    draw_eigenvalues(
        canvas, look, ours, whole.shuffled_eigenvalues(), whole.rebuilt_maps().eigenvalues
    )


def eigenvalues() -> Figure:
    """Draw the first eigenvalues beside those of shuffled answers."""
    return Figure("inertie", _draw_eigenvalues, EIGENVALUES_HEIGHT)


def _draw_doctors(canvas: Canvas, look: Theme) -> None:
    common = _analyses()["common"]
    places = common.rows.coordinates[[1, 2]].set_axis(["x", "y"], axis=1)
    titles = ("Les six variables", "Âge et type d’exercice seuls")
    clouds = (whole.analysis_map().doctors, whole.gather(places, load()["uses_dmp"]))
    analyses = (_analyses()["map"], common)
    draw_clouds(
        canvas,
        look,
        [
            Cloud(title, cloud, _shares(analysis))
            for title, cloud, analysis in zip(titles, clouds, analyses, strict=True)
        ],
    )


def doctors() -> Figure:
    """Draw the doctors, as the six variables place them and as the two common ones do."""
    return Figure("nuage", _draw_doctors, 26 + 2 * CLOUD_HEIGHT)


# ---- the map ----------------------------------------------------------------------------------


def _draw_map(canvas: Canvas, look: Theme) -> None:
    found = whole.analysis_map()
    rebuilt = whole.rebuilt_maps()
    zones = most_places(rebuilt.index, rebuilt.coordinates[:, :, :2])
    draw_map(canvas, look, found.categories, _read(), _shares(found.analysis), zones)


def _read() -> set[tuple[str, str]]:
    listed = quadrants.readings()
    return set(zip(listed["variable"], listed["category"], strict=True))


@registered
def f9() -> Figure:
    """Draw the map, the users on its left."""
    return Figure("f9", _draw_map, map_height(whole.analysis_map().categories))


@registered
def f10() -> Figure:
    """Draw the map, the non-users on its right: the same figure, as both share its axes."""
    return f9()


def map_script() -> Blocks:
    """Let a reader of the page point at the categories, and go through the rebuilt tables."""
    return scripted("carte", map_tables(whole.analysis_map(), whole.rebuilt_maps(), _read()))


@registered
def tc0() -> Table:
    """Set out the legend of the barriers, with their counts."""
    counts = tabulate("barrier_1")
    rows = [
        Row.of(
            LEVELS["barrier"][printed.category],
            printed.code,
            category_name("barrier_1", printed.category),
            count_cell(int(counts[printed.category]), printed.n, printed.line),
        )
        for printed in read_table("tc0").itertuples()
    ]
    header = ("Frein", "Code de la thèse", "Sur la carte", "Effectif")
    return Table("tc0", header, tuple(rows))


def readings_table(table_id: str) -> Table:
    """Set out what the thesis reads in a quadrant, and where it is.

    Parameters
    ----------
    table_id : str
        ``tc1`` to ``tc4``.
    """
    placed = _placed()
    own = placed.loc[placed["table"] == table_id]
    shares = dict(zip(_keys(placed), _held_shares(), strict=True))
    categories = whole.analysis_map().categories
    rows = []
    for lines, words in _printed_words(table_id, own["line"].unique()):
        rows.append(Row(words, opens_group=True))
        for _, row in own.loc[own["line"] == lines].iterrows():
            key = (row["variable"], row["category"])
            if row["computed"]:
                place = f"{'✓' if row['holds'] else '✗'}{NBSP}{_PLACES[row['computed']]}"
                at = f"{decimal(row['x'], 2)}{NBSP};{NBSP}{decimal(row['y'], 2)}"
                cells = (count_cell(int(categories.loc[key, "n"])), text_cell(at), text_cell(place))
            else:
                cells = (count_cell(0), text_cell("—"), text_cell("absente"))
            share = text_cell(percentage(100 * shares[(table_id, *key)]))
            rows.append(Row.of(_full_name(*key), *cells, share))
    held_here = f"{count(int(own['holds'].sum()))} des {count(len(own))}"
    note = (
        f"{by_source('Dans le jeu reconstitué', 'Dans le fichier')}, {held_here} modalités lues "
        "ici sont dans ce cadran. "
        "Coordonnées : axes 1 et 2. Retrouvés : part des jeux retrouvés où la modalité "
        "s’y trouve."
    )
    header = ("", "Effectif", "Coordonnées", "Place", "Retrouvés")
    return Table(table_id, header, tuple(rows), note)


tc1, tc2, tc3, tc4 = registered_as({f"tc{place}": () for place in range(1, 5)}, readings_table)


# ---- what print determines --------------------------------------------------------------------


def crossings_table() -> Table:
    """Say of each crossing of two variables how many of its counts print determines."""
    found = whole.proved_crossings()
    others = [name for name in quadrants.VARIABLES if name in set(found["other"])]
    rows = []
    for variable in quadrants.VARIABLES[1:]:
        own = found.loc[found["variable"] == variable].set_index("other")
        cells = [
            text_cell(
                " sur ".join(count(int(own.loc[other, name])) for name in ("determined", "cells"))
                if other in own.index
                else ""
            )
            for other in others
        ]
        rows.append(Row.of(NAMES[variable], *cells))
    header = ("", *(NAMES[other] for other in others))
    note = (
        "Nombre de cases dont on prouve que l’effectif est le même dans tous les tableaux que "
        "l’imprimé permet, chez les utilisateurs comme chez les autres. "
        "Une fréquence et un frein ne se croisent pas : personne n’a répondu aux deux."
    )
    return Table("croisements", header, tuple(rows), note)


def _draw_ranges(canvas: Canvas, look: Theme) -> None:
    found = whole.rebuilt_maps()
    ours = whole.analysis_map().categories
    draw_ranges(canvas, look, found.index, found.coordinates[:, :, :2], ours)


def ranges() -> Figure:
    """Draw where the rebuilt maps put each category."""
    return Figure("etendues", _draw_ranges, ranges_height(whole.rebuilt_maps().index))


# ---- the summary of the thesis ----------------------------------------------------------------


@dataclass(frozen=True)
class _Statement:
    """What the thesis says of most of some doctors.

    Parameters
    ----------
    text : str
        What is said, in French.
    variable : str
        The variable it is about.
    answers : tuple of str
        The answers that are said to be those of most.
    of_users : bool
        Whether it is said of the frequent users, and not of the non-users.
    """

    text: str
    variable: str
    answers: tuple[str, ...]
    of_users: bool


_STATEMENTS = (
    _Statement("créent et ajoutent des documents", "purpose", ("creation", "ajout"), of_users=True),
    _Statement("ont de 40 à 49 ans", "age", ("40-49",), of_users=True),
    _Statement("exercent en libéral ou en mixte", "practice", ("libéral", "mixte"), of_users=True),
    _Statement("sont en groupe ou seuls en cabinet", "place", ("groupe", "seul"), of_users=True),
    _Statement("ont moins de 29 ou plus de 70 ans", "age", ("<29", ">70"), of_users=False),
    _Statement(
        "sont en groupe ou en autre structure", "place", ("groupe", "autre"), of_users=False
    ),
    _Statement("sont libéraux ou salariés", "practice", ("libéral", "salarié"), of_users=False),
    _Statement(
        "ont pour frein l’accès, le besoin, l’équipement ou le logiciel",
        "barrier_1",
        ("manque_info_acces", "besoin", "equipement", "logiciel"),
        of_users=False,
    ),
)


def synthesis_table() -> Table:
    """Recompute each majority of the thesis's summary, beside the doctors it is not said of."""
    rows = []
    for of_users, title in ((True, _frequent_title()), (False, _non_users_title())):
        rows.append(Row(title, opens_group=True))
        rows += [_synthesis_row(each) for each in _STATEMENTS if each.of_users == of_users]
    header = ("Ils…", "Médecins", "Part", "Chez les autres", "Bornes", "Majorité ?")
    note = (
        "Les autres : pour les utilisateurs fréquents, les autres utilisateurs ; pour les "
        "non-utilisateurs, les utilisateurs. Bornes : la plus petite et la plus grande part que "
        "l’imprimé permet, prouvées."
    )
    return Table("synthese-carte", header, tuple(rows), note)


def ages_table() -> Table:
    """Set the make-up of the non-users by age beside the share of non-users in each age."""
    counts = tabulate("age", "uses_dmp")
    total = int(counts["non"].sum())
    categories = whole.analysis_map().categories
    rows = []
    for age, row in counts.iterrows():
        n, own = int(row.sum()), int(row["non"])
        key = ("age", str(age))
        rows.append(
            Row.of(
                LEVELS["age"][str(age)],
                count_cell(n),
                count_cell(own),
                percent_cell(own, total, decimals=1),
                percent_cell(own, n, decimals=1) if n else text_cell("—"),
                _number(categories.loc[key, "x"], 2) if n else text_cell("—"),
                _number(categories.loc[key, "v_1"], 1) if n else text_cell("—"),
            )
        )
    header = (
        "Classe d’âge",
        "Médecins",
        "Non-utilisateurs",
        "Part des non-utilisateurs",
        "Non-utilisateurs dans la classe",
        "Axe 1",
        "v.test",
    )
    return Table("ages-carte", header, tuple(rows))


# ---- the sentences ----------------------------------------------------------------------------


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences, in French.

    Returns
    -------
    dict of str to Text
        Keys that end in an axis are about that axis; ``rebuilt`` is about the rebuilt maps,
        ``shuffled`` about those of shuffled answers, of which 95 in 100 lie between the ends.
    """
    found = whole.analysis_map()
    inertia, categories = found.analysis.inertia, found.categories
    not_asked = _is_missing(categories)
    filtered = categories.index.get_level_values("variable").isin(_FILTERED)
    held = rebuilt_holds().sum(axis=1)
    v_tests = categories.loc["age", "v_1"].drop(MISSING, errors="ignore")
    texts = {
        "categories": count(len(categories)),
        "not_asked": spell(int(not_asked.sum()), feminine=True),
        "shuffles": count(whole.N_SHUFFLES),
        "rebuilt": count(len(whole.rebuilt_maps().eigenvalues)),
        "axis_1": percentage(inertia.loc[1, "percent"]),
        "benzecri_1": percentage(inertia.loc[1, "benzecri_percent"]),
        "greenacre_1": percentage(inertia.loc[1, "greenacre_percent"]),
        "between_groups_1": percentage(100 * _eta2(found.analysis, 1)),
        "between_groups_common_1": percentage(100 * _eta2(_analyses()["common"], 1)),
        "by_not_asked_1": percentage(categories.loc[not_asked, "contribution_1"].sum()),
        "by_filtered_1": percentage(categories.loc[filtered, "contribution_1"].sum()),
        "readings": count(len(_placed())),
        "held": told(
            int(_placed()["holds"].sum()),
            len(_placed()),
            "lectures",
            "tient",
            "tiennent",
            feminine=True,
        ),
        "held_least": count(int(held.min())),
        "held_median": decimal(float(np.median(held)), 0),
        "held_most": count(int(held.max())),
        "held_everywhere": percentage(100 * rebuilt_holds().all(axis=1).mean()),
        "ages_off_centre": _listed(
            [LEVELS["age"][str(age)] for age in v_tests.index[v_tests.abs() > 1.96]]
        ),
        "ages_of_non_users": _most_numerous(tabulate("age", "uses_dmp")["non"]),
        "ages_of_frequent_users": _most_numerous(
            tabulate("age", "frequency")[list(_FREQUENT)].sum(axis="columns")
        ),
        "v_forties": decimal(v_tests["40-49"], 1) if "40-49" in v_tests else UNDEFINED,
    }
    for axis in (1, 2):
        low, high = _shuffled_bounds(axis)
        value = found.analysis.eigenvalues[axis - 1]
        rebuilt = whole.rebuilt_maps().eigenvalues[:, axis - 1]
        right = (whole.rebuilt_maps().coordinates[:, :, axis - 1] > 0).mean(axis=0)
        constancy = np.maximum(right, 1 - right)
        side = "au-dessus de" if value > high else "au-dessous de" if value < low else "dans"
        texts |= {
            f"eigenvalue_{axis}": decimal(value, 2),
            f"shuffled_{axis}": Text(f"{decimal(low, 2)} à {decimal(high, 2)}"),
            f"side_of_shuffled_{axis}": Text(f"{side} cet intervalle"),
            f"rebuilt_as_shuffled_{axis}": _share_of_tables((rebuilt >= low) & (rebuilt <= high)),
            f"one_side_{axis}": count(int((constancy >= 1).sum())),
            f"nearly_one_side_{axis}": count(int((constancy >= 0.95).sum())),
        }
    return texts


# ---- helpers ----------------------------------------------------------------------------------


def _analyses() -> dict[str, mca.MCA]:
    return {"map": whole.analysis_map().analysis, **whole.fewer_variables()}


def _share_of_tables(holds: NDArray[np.bool_]) -> Text:
    if holds.all():
        return Text("tous les jeux retrouvés")
    return Text(f"{percentage(100 * holds.mean())} des jeux retrouvés")


def _eta2(analysis: mca.MCA, axis: int) -> float:
    return float(analysis.supplementary.eta2.loc["uses_dmp", axis])


def _shares(analysis: mca.MCA) -> tuple[float, float]:
    first, second = analysis.inertia["percent"].iloc[:2]
    return float(first), float(second)


def _shuffled_bounds(axis: int) -> tuple[float, float]:
    low, high = np.percentile(whole.shuffled_eigenvalues()[:, axis - 1], (2.5, 97.5))
    return float(low), float(high)


def _is_missing(categories: pd.DataFrame) -> NDArray[np.bool_]:
    missing: NDArray[np.bool_] = categories.index.get_level_values("category") == MISSING
    return missing


@per_table
def _placed() -> pd.DataFrame:
    return quadrants.place(load())


@cache
def rebuilt_holds() -> NDArray[np.bool_]:
    """Say of each rebuilt map whether each reading holds.

    Returns
    -------
    ndarray of shape (maps, readings)
    """
    found, listed = whole.rebuilt_maps(), quadrants.readings()
    at = found.index.get_indexer(pd.MultiIndex.from_frame(listed[["variable", "category"]]))
    x, y = found.coordinates[:, at, 0], found.coordinates[:, at, 1]
    on_left = listed["quadrant"].str.endswith("left").to_numpy()
    on_top = listed["quadrant"].str.startswith("upper").to_numpy()
    holds: NDArray[np.bool_] = ((x < 0) == on_left) & ((y > 0) == on_top) & (at >= 0)
    return holds


def _held_shares() -> FloatArray:
    shares: FloatArray = rebuilt_holds().mean(axis=0)
    return shares


def _keys(placed: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(placed[["table", "variable", "category"]].itertuples(index=False, name=None))


def _printed_words(table_id: str, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Give the printed words of a quadrant and their lines, as the readings gather them."""
    listed = read_table(table_id)
    groups: list[tuple[str, str]] = []
    lines = list(listed["line"])
    position = 0
    while position < len(lines):
        # Two printed lines that were analysed as one variable are read together.
        together = next(
            (line for line in wanted if line == "-".join(lines[position : position + 2])), None
        )
        size = 2 if together else 1
        printed = listed.iloc[position : position + size]
        words = ", ".join(f"«{NBSP}{words.rstrip(' .')}{NBSP}»" for words in printed["categories"])
        span = together or lines[position]
        groups.append((span, f"{words} ({source_lines(span)})"))
        position += size
    return groups


def _full_name(variable: str, category: str) -> str:
    """Name a category where its variable is not; most say it themselves."""
    name = category_name(variable, category)
    if category == MISSING or variable in ("barrier_1", "barrier_2"):
        return f"{NAMES[variable]} : {name}"
    return upper_first(name)


def _most_numerous(counts: pd.Series) -> Text:
    falling = counts.sort_values(ascending=False, kind="stable")
    before = falling.cumsum() - falling
    most = falling.loc[2 * before < falling.sum()]
    return _listed([f"{LEVELS['age'][str(age)]} ({count(int(n))})" for age, n in most.items()])


def _frequent_title() -> str:
    return f"Les utilisateurs fréquents, au moins une fois par mois ({_frequent()})"


def _frequent() -> Text:
    return count(ask("frequency>=mensuel").count())


def _non_users_title() -> str:
    return f"Les non-utilisateurs ({count(int(tabulate('uses_dmp')['non']))})"


def _synthesis_row(statement: _Statement) -> Row:
    crossed_with = "frequency" if statement.of_users else "uses_dmp"
    counts = tabulate(statement.variable, crossed_with)
    of = list(_FREQUENT) if statement.of_users else ["non"]
    said = counts[of].sum(axis="columns")
    others = counts.drop(columns=of).sum(axis="columns")
    part, whole_group = int(said.loc[list(statement.answers)].sum()), int(said.sum())
    share_elsewhere = (
        percent_cell(int(others.loc[list(statement.answers)].sum()), int(others.sum()), decimals=0)
        if others.sum()
        else text_cell("—")
    )
    return Row.of(
        statement.text,
        f"{count(part)} sur {count(whole_group)}",
        percent_cell(part, whole_group, decimals=0),
        share_elsewhere,
        _proved_shares(statement),
        "oui" if 2 * part > whole_group else "non",
    )


def _proved_shares(statement: _Statement) -> str:
    """Give the least and the greatest share that print allows."""
    group: Group = "users" if statement.of_users else "non_users"
    base = f"frequency={'|'.join(_FREQUENT)}" if statement.of_users else ""
    said = f"{statement.variable}={'|'.join(statement.answers)}"
    part = known(ask(f"{said} & {base}" if base else said), group)
    size = known(ask(base), group)
    assert size.is_determined
    low, high = (decimal(Fraction(100 * end, size.lower), 0) for end in (part.lower, part.upper))
    return f"{low}{NBSP}%" if low == high else f"{low} à {high}{NBSP}%"


def _listed(texts: Sequence[str]) -> Text:
    if len(texts) < 2:
        return Text("".join(texts) or "aucune")
    return Text(f"{', '.join(texts[:-1])} et {texts[-1]}")


def _number(value: float, decimals: int) -> Cell:
    return Cell(decimal(float(value), decimals))
