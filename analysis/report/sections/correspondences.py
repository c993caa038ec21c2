"""Section IV.C: one map of all the doctors, and what the thesis reads in its four corners.

The thesis's figure is not in its text.  What is left of it, the legend of the barriers and a list
of categories for each quadrant, is set beside our map of the rows in use and beside those of other
rows that print allows as well (`analysis.results.whole_sample`).

A unit is as long on both axes of the map, as a map of correspondences asks (Greenacre, 2017).  A
pale zone is where nine in ten of the rebuilt maps put a category, on either axis.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.printed import read_table
from analysis.reconstruction import quadrants
from analysis.report.inline import by_source
from analysis.report.register import registered, registered_as
from analysis.report.sections.classification import possible_shares
from analysis.report.show.figures import (
    LEADING,
    Blocks,
    Figure,
    Style,
    key,
    part,
    place_labels,
    plane,
    scripted,
    sheet,
    tenths,
    write,
)
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    count,
    decimal,
    listed,
    percent,
    percentage,
    source_lines,
    spell,
    told,
    upper_first,
)
from analysis.report.show.tables import Row, Table, count_cell
from analysis.report.show.theme import WIDTH, Theme
from analysis.results import whole_sample as whole
from analysis.statistics import mca
from analysis.statistics.profiles import MISSING
from analysis.survey import ask, levels, tabulate
from analysis.survey.labels import LEVELS, VARIABLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


FloatArray = NDArray[np.float64]
_Limits = tuple[float, float]

NAMES = {
    **VARIABLES,
    "frequency": "Fréquence",
    "purpose": "Motif",
    "barrier_1": "Frein 1",
    "barrier_2": "Frein 2",
}
CATEGORIES: dict[str, tuple[str, str]] = {
    **{age: (name, name.replace(" ans", "")) for age, name in LEVELS["age"].items()},
    "seul_liberal": ("libéral, seul", "libéral seul"),
    "groupe_liberal": ("libéral, groupe", "libéral groupe"),
    "cabinet_solo_mixte": ("mixte, seul", "mixte seul"),
    "groupe_mixte": ("mixte, groupe", "mixte groupe"),
    "groupe_salarie": ("salarié, groupe", "salarié groupe"),
    "autre_salarie_a": ("salarié, autre lieu a", "salarié a"),
    "autre_salarie_b": ("salarié, autre lieu b", "salarié b"),
    "curiosite": ("une fois, par curiosité", "une fois"),
    "annuel": ("chaque année", "par an"),
    "mensuel": ("chaque mois", "par mois"),
    "hebdomadaire": ("chaque semaine", "par semaine"),
    "journalier": ("chaque jour", "par jour"),
    "creation": ("créer", "créer"),
    "ajout": ("ajouter", "ajouter"),
    "consultation": ("consulter", "consulter"),
    "aucun": ("pas de second frein", "aucun"),
    "manque_info_acces": ("accès inconnu", "accès"),
    "besoin": ("pas de besoin", "besoin"),
    "equipement": ("lieu non équipé", "équipement"),
    "logiciel": ("logiciel", "logiciel"),
    "temps": ("manque de temps", "temps"),
    "inconnu_a": ("non nommé a", "non nommé a"),
    "inconnu_b": ("non nommé b", "non nommé b"),
    MISSING: ("question non posée", "non posées"),
}
"""Categories where the name of the variable stands beside them, and in a word, on the map."""
_SIDES = {"upper": "haut", "lower": "bas", "left": "gauche", "right": "droit"}


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences, in French.

    Returns
    -------
    dict of str to Text
        Keys that end in an axis are about that axis; ``rebuilt`` is about the rebuilt maps,
        ``shuffled`` about those of shuffled answers, of which 95 in 100 lie between the ends.
    """
    found, rebuilt = whole.map_in_use(), whole.rebuilt_maps()
    common = found.fewer_variables["common"]
    inertia, categories = found.analysis.inertia, found.categories
    not_asked = _is_missing(categories)
    filtered = ~categories.index.get_level_values("variable").isin(whole.COMMON)
    holding, held = found.readings["holds"], rebuilt.holds.sum(axis=1)
    v_tests = categories.loc["age", "v_1"].drop(MISSING, errors="ignore")
    off_centre = v_tests.index[v_tests.abs() > 1.96]
    texts = {
        "categories": count(len(categories)),
        "not_asked": spell(int(not_asked.sum()), feminine=True),
        "shuffles": count(whole.N_SHUFFLES),
        "rebuilt": count(len(rebuilt.eigenvalues)),
        "axis_1": percentage(inertia.loc[1, "percent"]),
        "benzecri_1": percentage(inertia.loc[1, "benzecri_percent"]),
        "greenacre_1": percentage(inertia.loc[1, "greenacre_percent"]),
        "between_groups_1": percentage(_between_groups(found.analysis, 1)),
        "between_groups_common_1": percentage(_between_groups(common, 1)),
        "by_not_asked_1": percentage(categories.loc[not_asked, "contribution_1"].sum()),
        "by_filtered_1": percentage(categories.loc[filtered, "contribution_1"].sum()),
        "readings": count(len(holding)),
        "held": told(
            int(holding.sum()), len(holding), "lectures", "tient", "tiennent", feminine=True
        ),
        "held_least": count(int(held.min())),
        "held_median": decimal(float(np.median(held)), 0),
        "held_most": count(int(held.max())),
        "held_everywhere": percentage(100 * rebuilt.holds.all(axis=1).mean()),
        "ages_off_centre": listed([LEVELS["age"][age] for age in off_centre] or ["aucune"]),
        "ages_of_non_users": _most_numerous("non_users"),
        "ages_of_frequent_users": _most_numerous(_FREQUENT),
        "v_forties": decimal(v_tests["40-49"], 1) if "40-49" in v_tests else UNDEFINED,
    }
    for axis in (1, 2):
        low, high = found.shuffled_bounds[:, axis - 1]
        value, others = found.analysis.eigenvalues[axis - 1], rebuilt.eigenvalues[:, axis - 1]
        right = (rebuilt.coordinates[:, :, axis - 1] > 0).mean(axis=0)
        constancy = np.maximum(right, 1 - right)
        side = "au-dessus de" if value > high else "au-dessous de" if value < low else "dans"
        alike = ((others >= low) & (others <= high)).mean()
        share = "tous les" if alike == 1 else f"{percentage(100 * alike)} des"
        texts |= {
            f"eigenvalue_{axis}": decimal(value, 2),
            f"shuffled_{axis}": Text(f"{decimal(low, 2)} à {decimal(high, 2)}"),
            f"side_of_shuffled_{axis}": Text(f"{side} cet intervalle"),
            f"rebuilt_as_shuffled_{axis}": Text(f"{share} jeux retrouvés"),
            f"one_side_{axis}": count(int((constancy >= 1).sum())),
            f"nearly_one_side_{axis}": count(int((constancy >= 0.95).sum())),
        }
    return texts


def _between_groups(analysis: mca.MCA, axis: int) -> float:
    """Give the share of the variance of an axis that is between users and non-users, in percent."""
    return float(100 * analysis.supplementary.eta2.loc["uses_dmp", axis])


def _is_missing(categories: pd.DataFrame) -> NDArray[np.bool_]:
    missing: NDArray[np.bool_] = categories.index.get_level_values("category") == MISSING
    return missing


def _most_numerous(of: str) -> Text:
    """List the ages, from the most numerous of some doctors on, that make half of them."""
    counts = pd.Series({age: ask(f"age={age}", of).count() for age in levels("age")})
    falling = counts.sort_values(ascending=False, kind="stable")
    most = falling.loc[2 * (falling.cumsum() - falling) < falling.sum()]
    names = [f"{LEVELS['age'][age]} ({count(n)})" for age, n in most.items()]
    return listed(names or ["aucune"])


# ---- two questionnaires -----------------------------------------------------------------------


def doctors() -> Figure:
    """Draw the doctors, as the six variables place them and as the two common ones do."""
    return Figure("nuage", _draw_doctors, 26 + 2 * _CLOUD)


_CLOUD = 250
"""Height of a cloud, in pixels."""
_FRAMED = (0.025, 0.975)
"""Quantiles of the doctors' coordinates, around which a frame is drawn with a margin."""


def _draw_doctors(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    full: Style = {"marker": "o", "mfc": look.users, "mec": look.paper, "mew": 0.5}
    hollow: Style = {"marker": "D", "mfc": "none", "mec": look.non_users, "mew": 1.2}
    entries = [
        ("Utilisateurs", "mark", {**full, "ms": 8}),
        ("Non-utilisateurs", "mark", {**hollow, "ms": 7}),
    ]
    key(page, 9, entries, look)
    ours = whole.map_in_use()
    common = ours.fewer_variables["common"]
    clouds = (
        ("Les six variables", ours.analysis, ours.doctors),
        ("Âge et type d’exercice seuls", common, ours.gather(common)),
    )
    for number, (title, analysis, cloud) in enumerate(clouds):
        top = 26 + number * _CLOUD
        size = (WIDTH - 40, _CLOUD - 88)
        axes = plane(canvas, (32, top + 36), size, look, 1, keep="left bottom")
        for answer, style in (("oui", full), ("non", hollow)):
            for each in cloud.loc[cloud["uses_dmp"] == answer].itertuples():
                axes.plot(each.x, each.y, ls="", ms=float(np.sqrt(11 * each.n + 12)), **style)
        write(page, 0, top + 10, title, look.ink, weight=600)
        write(page, WIDTH, top + 10, _frame(axes, cloud), look.muted, ha="right")
        across, upwards = _axis_names(analysis)
        write(page, 0, top + 26, upwards, look.muted)
        write(page, WIDTH, top + _CLOUD - 22, across, look.muted, ha="right")


def _frame(axes: Axes, cloud: pd.DataFrame) -> str:
    """Frame all but the doctors furthest off, and say how many are outside."""
    each = cloud.loc[cloud.index.repeat(cloud["n"]), ["x", "y"]]
    low, high = (each.quantile(q) for q in _FRAMED)
    low, high = low - 0.35 * (high - low), high + 0.35 * (high - low)
    axes.set(xlim=(low["x"], high["x"]), ylim=(low["y"], high["y"]))
    outside = int(((each < low) | (each > high)).any(axis=1).sum())
    return f"{outside} médecin{'s' if outside > 1 else ''} hors du cadre" if outside else ""


def _axis_names(analysis: mca.MCA) -> list[str]:
    """Name the first two axes, with their shares of the inertia."""
    shares = analysis.inertia["percent"].head(2)
    return [f"axe {axis} ({percentage(share)})" for axis, share in shares.items()]


def analyses_table() -> Table:
    """Compare the analysis of the thesis with those that leave the filtered questions out."""
    ours = whole.map_in_use()
    fewer, shuffled = ours.fewer_variables, ours.shuffled_eigenvalues

    def row(name: str, analysis: mca.MCA) -> Row:
        profiles, first = analysis.profiles, analysis.inertia.loc[1]
        sizes = (count(profiles.n_rows), count(sum(profiles.n_categories)))
        inertia = (decimal(first["eigenvalue"], 3), decimal(first["percent"], 1))
        is_whole = not analysis.supplementary.eta2.empty
        axes = (decimal(_between_groups(analysis, axis), 1) if is_whole else "—" for axis in (1, 2))
        return Row.of(name, *sizes, *inertia, *axes)

    first, shares = shuffled[:, 0], 100 * shuffled[:, 0] / shuffled.sum(axis=1)
    means = (decimal(first.mean(), 3), decimal(shares.mean(), 1))
    six = row("Les six variables", ours.analysis)
    rows = (
        six,
        Row.of("Les mêmes, mélangées", *six.cells[:2], *means, "—", "—"),
        row("Âge et type d’exercice", fewer["common"]),
        row("Utilisateurs seuls", fewer["users"]),
        row("Non-utilisateurs seuls", fewer["non_users"]),
    )
    axes = ("Valeur propre 1", "%", "Groupe, axe 1", "Groupe, axe 2")
    note = (
        "Groupe : part de la variance de l’axe, en %, entre utilisateurs et non-utilisateurs "
        "(rapport de corrélation). Mélangées : moyenne."
    )
    return Table("analyses", ("Analyse", "Médecins", "Modalités", *axes), rows, note)


def eigenvalues() -> Figure:
    """Draw the first eigenvalues beside those of shuffled answers."""
    return Figure("inertie", _draw_eigenvalues, _EIGENVALUES)


_EIGENVALUES = 250
"""Height of the figure, in pixels."""
_SHOWN_AXES = 10


def _draw_eigenvalues(canvas: Canvas, look: Theme) -> None:
    page, found = sheet(canvas), whole.map_in_use()
    pale = look.between((look.paper, look.users), 0.6)
    outlined: Style = {"color": look.veil, "edgecolor": look.muted, "lw": 0.8}
    filled: Style = {"color": pale, "edgecolor": look.users, "lw": 0.8}
    dash: Style = {"marker": "_", "ms": 12, "mew": 2, "color": look.ink}
    entries = [
        (f"réponses mélangées (95{NBSP}%)", "fill", outlined),
        ("jeux retrouvés", "fill", filled),
        (by_source("jeu reconstitué", "réponses du fichier"), "mark", dash),
    ]
    top = key(page, 9, entries, look) + 24
    write(page, 0, top, "valeur propre", look.muted)
    axes = part(canvas, 24, top + 12, WIDTH - 24, _EIGENVALUES - top - 12 - 38, keep="bottom")
    ours = found.analysis.eigenvalues[:_SHOWN_AXES]
    places = np.arange(1, len(ours) + 1)
    rebuilt = whole.rebuilt_maps().eigenvalues
    ends = np.array([rebuilt.min(axis=0), rebuilt.max(axis=0)])
    for spans, width, style in ((found.shuffled_bounds, 0.7, outlined), (ends, 0.34, filled)):
        low, high = spans[:, : len(ours)]
        axes.bar(places, high - low, bottom=low, width=width, **style)
    axes.plot(places, ours, ls="", **dash)
    axes.set(xticks=places, ylim=(0, None), axisbelow=True)
    axes.yaxis.set_major_formatter(tenths)
    axes.grid(visible=True, axis="y")
    write(page, WIDTH, _EIGENVALUES - 8, "axe", look.muted, ha="right")


# ---- the map ----------------------------------------------------------------------------------

MAP = "f9"
"""The id of the figure. Its parts are named after it, so that the script of the page finds them."""
MARKERS = dict(zip(quadrants.VARIABLES, "os^DvP", strict=True))
_SIZES = (1, 3, 8)
_LEFT = 30
"""Room for the numbers of axis 2, in pixels."""
_HEAD, _FOOT = 82, 34
"""Room for the key above the map, and for the numbers of axis 1 below it."""
_WIDTH = WIDTH - _LEFT - 1
_THINNEST = 0.03
"""Width of a zone that is a line, in units of the axes."""


def figure_of(found: whole.Map) -> Figure:
    """Draw a map, the users on its left.

    The labels of the categories that the thesis reads on their side are bold.
    """
    height = math.ceil(_HEAD + _height(*_window(found.categories)) + _FOOT)
    return Figure(MAP, partial(_draw_map, found=found), height)


def _in_use(_: str) -> Figure:
    return figure_of(whole.map_in_use())


f9, f10 = registered_as({"f9": (), "f10": ()}, _in_use)


def _window(categories: pd.DataFrame) -> tuple[_Limits, _Limits]:
    """Choose the limits of the map on axes 1 and 2.

    A category of one doctor does not stretch the ordinates: it is as far off as that doctor is
    unlike the others.
    """
    shared, x = categories.loc[categories["n"] > 1, "y"], categories["x"]
    low, high = float(shared.min()), float(shared.max())
    margin = 0.1 * (high - low)
    return (1.35 * float(x.min()), 1.35 * float(x.max())), (low - margin, high + margin)


def _height(across: _Limits, upwards: _Limits) -> float:
    """Give the height of the plane, in pixels: a unit is as long on both axes."""
    return _WIDTH * (upwards[1] - upwards[0]) / (across[1] - across[0])


def _inner(limits: _Limits) -> _Limits:
    """Leave room for a marker at both ends of a scale."""
    margin = 0.02 * (limits[1] - limits[0])
    return limits[0] + margin, limits[1] - margin


def points_of(categories: pd.DataFrame) -> pd.DataFrame:
    """Give the points of the map, those that contribute most first.

    The categories of questions not asked are one point where they lie in the same place.

    Parameters
    ----------
    categories : DataFrame
        As `analysis.results.whole_sample.Map` has it.

    Returns
    -------
    DataFrame
        The rows of `categories`, the first of those in one place; and ``named``, their variables.
    """
    points = categories.assign(named=[NAMES[variable] for variable, _ in categories.index])
    absent = _is_missing(points)
    together = points.loc[absent].groupby([points.loc[absent, each].round(6) for each in "xy"])
    first = together.head(1).assign(named=together["named"].transform(" et ".join))
    found = pd.concat([points.loc[~absent], first])
    return found.sort_values("contribution", ascending=False, kind="stable")


def _draw_map(canvas: Canvas, look: Theme, *, found: whole.Map) -> None:
    """Draw the categories of a map, each with its label and where it may lie."""
    from matplotlib.patches import Ellipse  # noqa: PLC0415

    axes, points = _framed_map(canvas, look, found), points_of(found.categories)
    rebuilt, read = whole.rebuilt_maps(), quadrants.readings()
    bold = set(zip(read["variable"], read["category"], strict=True))
    heights = points["y"].clip(*_inner(axes.get_ylim()))
    sizes, labels = points["contribution"].map(_size), []
    drawn = zip(points.itertuples(), heights, sizes, strict=True)
    for place, (point, y, size) in enumerate(drawn):
        variable, category = point.Index
        colour, marker = _colour_and_marker(look, variable, category)
        if point.Index in rebuilt.index:
            low, high = rebuilt.zones[:, rebuilt.index.get_loc(point.Index)]
            sides = np.maximum(high - low, _THINNEST)
            style: Style = {"facecolor": colour, "alpha": 0.13, "zorder": 1.5}
            axes.add_patch(Ellipse((low + high) / 2, *sides, gid=f"{MAP}-zone-{place}", **style))
        style = {"color": look.paper, "mec": colour, "mew": 1.3}
        if point.contribution > found.mean_contribution:
            style = {"color": colour, "mec": look.paper, "mew": 0.8}
        gid = f"{MAP}-point-{place}"
        axes.plot(point.x, y, marker, ms=size, zorder=3, gid=gid, **style)
        label = CATEGORIES[category][1]
        if y != point.y:
            label += f" {'↑' if point.y > y else '↓'}{NBSP}{decimal(point.y, 1)}"
        weight = 600 if point.Index in bold else 400
        style = {"ha": "center", "va": "center", "fontweight": weight, "zorder": 4}
        gid = f"{MAP}-name-{place}"
        labels.append(axes.text(point.x, y, label, color=colour, gid=gid, **style))
    places = np.column_stack([points["x"], heights])
    for ends in place_labels(axes, places, labels, sizes.to_numpy() / 2):
        axes.plot(*ends.T, color=look.muted, lw=0.6, zorder=2)


def _colour_and_marker(look: Theme, variable: str, category: str = "") -> tuple[str, str]:
    if category == MISSING:
        return look.muted, "X"
    return look.hues[list(MARKERS).index(variable)], MARKERS[variable]


def _size(contribution: float) -> float:
    """Give the diameter of a marker, in pixels: its area grows with the contribution."""
    return float(np.sqrt(20 + 20 * contribution))


def _framed_map(canvas: Canvas, look: Theme, found: whole.Map) -> Axes:
    """Write what stands around the map, and give its axes."""
    from matplotlib.ticker import MultipleLocator  # noqa: PLC0415

    def mark(colour: str, marker: str, size: float, *, full: bool = True) -> Style:
        fill = colour if full else look.paper
        return {"marker": marker, "ms": size, "color": fill, "mec": colour, "mew": 1.3}

    page, mean = sheet(canvas), found.mean_contribution
    entries = [(NAMES[name], "mark", mark(*_colour_and_marker(look, name), 7)) for name in MARKERS]
    entries.append(("Questions non posées", "mark", mark(look.muted, "X", 7)))
    y = key(page, 9, entries, look) + LEADING + 4
    write(page, 0, y, "Contribution :", look.ink)
    sizes = [
        (f"{value}{NBSP}%", "mark", mark(look.muted, "o", _size(value), full=value > mean))
        for value in _SIZES
    ]
    key(page, y, sizes, look, left=86)
    write(page, WIDTH, y, f"moyenne {percentage(mean)}", look.muted, ha="right")
    limits, (across, upwards) = _window(found.categories), _axis_names(found.analysis)
    height = _height(*limits)
    write(page, 0, _HEAD - 10, upwards, look.muted)
    write(page, WIDTH, _HEAD + height + 26, across, look.muted, ha="right")
    axes = plane(canvas, (_LEFT, _HEAD), (_WIDTH, height), look, 1.2)
    axes.set(xlim=limits[0], ylim=limits[1])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MultipleLocator(0.5))
    return axes


def map_script() -> Blocks:
    """Let a reader of the page point at the categories, and go through the rebuilt tables."""
    return scripted("carte", map_data())


def map_data() -> dict[str, Any]:
    """Set out the points of the map and their places in each table for the script of the page.

    Returns
    -------
    dict
        What JSON can hold. ``tableaux`` are hundredths of a unit, in little-endian 16-bit integers
        written in base 64: x and y of each point of ``places``, table after table. ``deplacees``
        counts, in each table, the categories across from where the rows in use have them, on axes
        1 and 2. Of the scales, ``x`` and ``y`` are the pixel of 0 and the pixels to a unit;
        ``cadre`` is the least and the greatest ordinate at which a point is drawn.
    """
    ours = whole.map_in_use()
    categories, planes = ours.categories, ours.shown_planes
    index, points = whole.rebuilt_maps().index, points_of(categories)
    own = categories[["x", "y"]].reindex(index).to_numpy()
    at = index.get_indexer(points.index)
    packed = np.round(100 * planes[:, at[at >= 0]]).astype("<i2")
    across, upwards = _window(categories)
    unit = _WIDTH / (across[1] - across[0])
    return {
        "points": [
            _point(each, planes[:, place] if place >= 0 else None)
            for each, place in zip(points.itertuples(), at, strict=True)
        ],
        "places": np.flatnonzero(at >= 0).tolist(),
        "tableaux": base64.b64encode(packed.tobytes()).decode("ascii"),
        "deplacees": (planes * own < 0).sum(axis=1).tolist(),
        "categories": len(categories),
        "echelles": {
            "x": [_LEFT - across[0] * unit, unit],
            "y": [_HEAD + upwards[1] * unit, -unit],
            "cadre": list(_inner(upwards)),
        },
    }


def _point(point: Any, places: FloatArray | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": "-".join(point.Index),
        "nom": CATEGORIES[point.Index[1]][0],
        "variable": point.named,
        "medecins": int(point.n),
        "ici": [decimal(place, 2) for place in (point.x, point.y)],
        "contribution": [percentage(each) for each in (point.contribution_1, point.contribution_2)],
        "cos2": [decimal(each, 2) for each in (point.cos2_1, point.cos2_2)],
    }
    if places is not None:
        ends = zip(places.min(axis=0), places.max(axis=0), strict=True)
        said["etendue"] = [f"{decimal(low, 2)} à {decimal(high, 2)}" for low, high in ends]
        said["enHaut"] = int((places[:, 1] > 0).sum())
    return said


# ---- what print determines --------------------------------------------------------------------


def crossings_table() -> Table:
    """Say of each crossing of two variables how many of its counts print determines."""
    found = {
        (each.variable, each.other): f"{count(each.determined)} sur {count(each.cells)}"
        for each in whole.proved_crossings().itertuples()
    }
    first, *names = quadrants.VARIABLES
    others = [first, *(name for name in names if name in {other for _, other in found})]
    rows = tuple(
        Row.of(NAMES[name], *(found.get((name, other), "") for other in others)) for name in names
    )
    note = (
        "Nombre de cases dont on prouve que l’effectif est le même dans tous les tableaux que "
        "l’imprimé permet, chez les utilisateurs comme chez les autres. "
        "Une fréquence et un frein ne se croisent pas : personne n’a répondu aux deux."
    )
    return Table("croisements", ("", *(NAMES[other] for other in others)), rows, note)


# ---- the summary of the thesis ----------------------------------------------------------------

_FREQUENT = "frequency>=mensuel"
_SUMMARY = {
    ("Les utilisateurs fréquents, au moins une fois par mois", _FREQUENT, "frequency<=annuel"): {
        "créent et ajoutent des documents": "purpose=creation|ajout",
        "ont de 40 à 49 ans": "age=40-49",
        "exercent en libéral ou en mixte": "practice=libéral|mixte",
        "sont en groupe ou seuls en cabinet": "place=groupe|seul",
    },
    ("Les non-utilisateurs", "non_users", "users"): {
        "ont moins de 29 ou plus de 70 ans": "age=<29|>70",
        "sont en groupe ou en autre structure": "place=groupe|autre",
        "sont libéraux ou salariés": "practice=libéral|salarié",
        "ont pour frein l’accès, le besoin, l’équipement ou le logiciel": "barrier_1!=temps",
    },
}
"""What the thesis says of most of these doctors, and the question for it."""


def synthesis_table() -> Table:
    """Recompute each majority of the thesis's summary, beside the doctors it is not said of."""
    rows = []
    for (title, of, others), said in _SUMMARY.items():
        rows.append(Row(f"{title} ({count(ask(of).count())})", opens_group=True))
        rows += [_majority(text, has, of, others) for text, has in said.items()]
    header = ("Ils…", "Médecins", "Part", "Chez les autres", "Bornes", "Majorité ?")
    note = (
        "Les autres : pour les utilisateurs fréquents, les autres utilisateurs ; pour les "
        "non-utilisateurs, les utilisateurs. Bornes : la plus petite et la plus grande part que "
        "l’imprimé permet, prouvées."
    )
    return Table("synthese-carte", header, tuple(rows), note)


def _majority(text: str, has: str, of: str, others: str) -> Row:
    """Count those of some doctors, and of the others, who have such answers."""

    def counted(base: str) -> tuple[int, int]:
        (condition,) = ask(has).conditions
        return ask(has, base).count(), ask(f"{base} & {condition.variable}").count()

    with_them, size = counted(of)
    elsewhere = counted(others) if "users" in ask(has).groups else (0, 0)
    allowed = possible_shares(ask(has, of))
    low, high = (percentage(share, 0) for share in (allowed[0], allowed[-1]))
    return Row.of(
        text,
        f"{count(with_them)} sur {count(size)}",
        percent(with_them, size, 0),
        percent(*elsewhere, 0) if elsewhere[1] else "—",
        low if low == high else f"{low.removesuffix(f'{NBSP}%')} à {high}",
        "oui" if 2 * with_them > size else "non",
    )


# ---- to verify --------------------------------------------------------------------------------


def inertia_table() -> Table:
    """Set out the first eigenvalues, raw and corrected, beside those of shuffled answers."""
    found, rows = whole.map_in_use(), []
    inertia = found.analysis.inertia
    shares = ("percent", "cumulative_percent", "benzecri_percent", "greenacre_percent")
    for axis, row in inertia.head(5).iterrows():
        texts = (decimal(row["eigenvalue"], 3), *(decimal(row[name], 1) for name in shares))
        shuffled = "–".join(decimal(end, 3) for end in found.shuffled_bounds[:, axis - 1])
        rows.append(Row.of(str(axis), *texts, shuffled))
    header = ("Axe", "Valeur propre", "%", "% cumulé", "Benzécri", "Greenacre", "Mélangées")
    note = (
        f"Sur {count(len(inertia))} axes. Benzécri, Greenacre : parts de l’inertie corrigée, en %. "
        "Mélangées : 95 % des valeurs propres de réponses mélangées au hasard."
    )
    return Table("inertie", header, tuple(rows), note)


def axes_table() -> Table:
    """List the categories that make each axis: those that contribute more than the mean."""
    found, rows = whole.map_in_use(), []
    for axis, column in ((1, "x"), (2, "y")):
        contribution = f"contribution_{axis}"
        own = found.categories.loc[found.categories[contribution] > found.mean_contribution]
        total = percentage(own[contribution].sum())
        title = f"Axe {axis} : {count(len(own))} modalités, {total} de l’axe"
        rows.append(Row(title, opens_group=True))
        measures = {"n": 0, column: 2, contribution: 1, f"cos2_{axis}": 2, f"v_{axis}": 1}
        for pair, row in own.sort_values(column).iterrows():
            texts = (decimal(row[name], decimals) for name, decimals in measures.items())
            rows.append(Row.of(_full_name(*pair), *texts))
    header = ("Modalité", "Effectif", "Coordonnée", "Contribution (%)", "cos²", "v.test")
    return Table("axes", header, tuple(rows))


def _full_name(variable: str, category: str) -> str:
    """Name a category where its variable is not; most say it themselves."""
    name = CATEGORIES[category][0]
    if category == MISSING or variable in ("barrier_1", "barrier_2"):
        return f"{NAMES[variable]} : {name}"
    return upper_first(name)


def readings_table(table_id: str) -> Table:
    """Set out what the thesis reads in a quadrant, and where it is.

    Parameters
    ----------
    table_id : str
        ``tc1`` to ``tc4``.
    """
    found = whole.map_in_use()
    placed = found.readings.assign(share=100 * whole.rebuilt_maps().holds.mean(axis=0))
    own = placed.loc[placed["table"] == table_id]
    rows = []
    for lines, words in _printed_words(table_id, own["line"].unique()).items():
        rows.append(Row(f"{words} ({source_lines(str(lines))})", opens_group=True))
        for row in own.loc[own["line"] == lines].itertuples():
            n, at, place = 0, "—", "absente"
            if row.computed:
                n = int(found.categories.loc[(row.variable, row.category), "n"])
                at = f"{decimal(row.x, 2)}{NBSP};{NBSP}{decimal(row.y, 2)}"
                sides = (_SIDES[side] for side in row.computed.split())
                place = NBSP.join(("✓" if row.holds else "✗", *sides))
            name = _full_name(row.variable, row.category)
            rows.append(Row.of(name, count_cell(n), at, place, percentage(row.share)))
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


def _printed_words(table_id: str, wanted: Sequence[str]) -> pd.Series:
    """Give the printed words of a quadrant by their lines, as the readings gather them."""
    printed = read_table(table_id)
    # Two printed lines that were analysed as one variable are read together.
    gathered = {line: lines for lines in wanted for line in (lines, *lines.split("-"))}
    quoted = f"«{NBSP}" + printed["categories"].str.rstrip(" .") + f"{NBSP}»"
    lines = printed["line"].map(lambda line: gathered.get(line, line))
    return quoted.groupby(lines, sort=False).agg(", ".join)


@registered
def tc0() -> Table:
    """Set out the legend of the barriers, with their counts."""
    counts, rows = tabulate("barrier_1"), []
    for printed in read_table("tc0").itertuples():
        label, name = LEVELS["barrier"][printed.category], CATEGORIES[printed.category][0]
        n = count_cell(int(counts[printed.category]), printed.n, printed.line)
        rows.append(Row.of(label, printed.code, name, n))
    return Table("tc0", ("Frein", "Code de la thèse", "Sur la carte", "Effectif"), tuple(rows))


_PITCH = 16
"""From one category to the next, in pixels."""


def ranges() -> Figure:
    """Draw where the rebuilt maps put each category."""
    index = whole.rebuilt_maps().index
    height = 86 + _PITCH * len(index) + (_PITCH + 6) * len(quadrants.VARIABLES)
    return Figure("etendues", _draw_ranges, height)


def _draw_ranges(canvas: Canvas, look: Theme) -> None:
    found, ours = whole.rebuilt_maps(), whole.map_in_use().categories
    page = sheet(canvas)
    point: Style = {"marker": "o", "ms": 5, "color": look.ink, "mec": look.paper, "mew": 0.6}
    most: Style = {"color": look.between((look.paper, look.users), 0.7), "lw": 5}
    every: Style = {"color": look.muted, "lw": 0.9}
    entries = [
        (by_source("jeu reconstitué", "réponses du fichier"), "mark", point),
        ("tous les jeux", "line", every),
        ("neuf jeux sur dix", "line", most),
    ]
    top = key(page, 9, entries, look) + 40
    rows: list[float] = []
    for variable, pairs in groupby(found.index, key=itemgetter(0)):
        top += 6
        write(page, 0, top, NAMES[variable], look.ink, weight=600)
        for _, category in pairs:
            top += _PITCH
            write(page, 0, top, CATEGORIES[category][0], look.ink)
            rows.append(top)
        top += _PITCH
    head, foot = rows[0] - 8, rows[-1] + 12
    tracks = ((1, "x", 140, 196, 1), (2, "y", 210, WIDTH - 4, 2))
    for axis, column, left, right, step in tracks:
        values, zones = found.coordinates[:, :, axis - 1], found.zones[:, :, axis - 1]
        least, greatest = min(values.min(), -1), max(values.max(), 1)
        scale = (right - left) / (greatest - least)
        start = left - scale * least
        write(page, (left + right) / 2, head - 24, f"axe {axis}", look.ink, ha="center")
        for tick in np.arange(np.ceil(least / step) * step, greatest + 0.01, step):
            at, colour = start + scale * tick, look.muted if tick == 0 else look.rule
            page.vlines(at, head, foot, color=colour, lw=0.8, zorder=0)
            write(page, at, foot + 10, decimal(tick, 0), look.muted, ha="center")
        ends = np.array([values.min(axis=0), values.max(axis=0)])
        for spans, style in ((ends, every), (zones, most)):
            page.hlines(rows, *(start + scale * spans), **style, zorder=1)
        page.plot(start + scale * ours[column].reindex(found.index), rows, ls="", **point)


def ages_table() -> Table:
    """Set the make-up of the non-users by age beside the share of non-users in each age."""
    counts, categories, rows = tabulate("age", "uses_dmp"), whole.map_in_use().categories, []
    for age, row in counts.iterrows():
        n, own, rest = int(row.sum()), int(row["non"]), ("—",) * 3
        if n:
            place = categories.loc[("age", age)]
            rest = (percent(own, n), decimal(place["x"], 2), decimal(place["v_1"], 1))
        of_group = percent(own, int(counts["non"].sum()))
        rows.append(Row.of(LEVELS["age"][age], count(n), count(own), of_group, *rest))
    header = (
        *("Classe d’âge", "Médecins", "Non-utilisateurs", "Part des non-utilisateurs"),
        *("Non-utilisateurs dans la classe", "Axe 1", "v.test"),
    )
    return Table("ages-carte", header, tuple(rows))
