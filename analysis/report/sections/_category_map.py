"""Drawing of section IV.C: the map of the categories, both sides on one scale.

A unit is as long on both axes, as a map of correspondences asks (Greenacre, 2017). A pale zone is
where nine in ten of the rebuilt maps put a category, on either axis.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.report.show.figures import LEADING, key, plane, sheet, write
from analysis.report.show.french import NBSP, decimal
from analysis.report.show.placement import place_labels
from analysis.report.show.theme import WIDTH, Theme
from analysis.statistics.profiles import MISSING
from analysis.survey.labels import LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.patches import Patch


Category = tuple[str, str]

MAP = "f9"
"""The id of the figure. Its parts are named after it, so that the script of the page finds them."""
NAMES: dict[str, str] = {
    "age": "Classe d’âge",
    "practice_type": "Type et lieu d’exercice",
    "frequency": "Fréquence",
    "purpose": "Motif",
    "barrier_1": "Frein 1",
    "barrier_2": "Frein 2",
}
_BARRIERS = {
    "manque_info_acces": "accès inconnu",
    "besoin": "pas de besoin",
    "equipement": "lieu non équipé",
    "logiciel": "logiciel",
    "temps": "manque de temps",
}
_BARRIER_WORDS = {
    "manque_info_acces": "accès",
    "besoin": "besoin",
    "equipement": "équipement",
    "logiciel": "logiciel",
    "temps": "temps",
}
CATEGORIES: dict[str, dict[str, str]] = {
    "age": LEVELS["age"],
    "practice_type": {
        "seul_liberal": "libéral, seul",
        "groupe_liberal": "libéral, groupe",
        "cabinet_solo_mixte": "mixte, seul",
        "groupe_mixte": "mixte, groupe",
        "groupe_salarie": "salarié, groupe",
        "autre_salarie_a": "salarié, autre lieu a",
        "autre_salarie_b": "salarié, autre lieu b",
    },
    "frequency": {
        "curiosite": "une fois, par curiosité",
        "annuel": "chaque année",
        "mensuel": "chaque mois",
        "hebdomadaire": "chaque semaine",
        "journalier": "chaque jour",
    },
    "purpose": {"creation": "créer", "ajout": "ajouter", "consultation": "consulter"},
    "barrier_1": _BARRIERS,
    "barrier_2": {
        "aucun": "pas de second frein",
        **_BARRIERS,
        "inconnu_a": "non nommé a",
        "inconnu_b": "non nommé b",
    },
}
"""Categories as tables write them where the name of the variable stands beside them."""

MARKERS = {
    "age": "o",
    "practice_type": "s",
    "frequency": "^",
    "purpose": "D",
    "barrier_1": "v",
    "barrier_2": "P",
}
_HUES = {variable: place for place, variable in enumerate(MARKERS)}
ON_THE_MAP: dict[str, dict[str, str]] = {
    "age": {
        "<29": "29 ou moins",
        "30-39": "30 à 39",
        "40-49": "40 à 49",
        "50-59": "50 à 59",
        "60-69": "60 à 69",
        ">70": "70 ou plus",
    },
    "practice_type": {
        "seul_liberal": "libéral seul",
        "groupe_liberal": "libéral groupe",
        "cabinet_solo_mixte": "mixte seul",
        "groupe_mixte": "mixte groupe",
        "groupe_salarie": "salarié groupe",
        "autre_salarie_a": "salarié a",
        "autre_salarie_b": "salarié b",
    },
    "frequency": {
        "curiosite": "une fois",
        "annuel": "par an",
        "mensuel": "par mois",
        "hebdomadaire": "par semaine",
        "journalier": "par jour",
    },
    "purpose": CATEGORIES["purpose"],
    "barrier_1": _BARRIER_WORDS,
    "barrier_2": {
        "aucun": "aucun",
        **_BARRIER_WORDS,
        "inconnu_a": "non nommé a",
        "inconnu_b": "non nommé b",
    },
}
"""Categories on the map itself, where there is room for a word."""
_SIZES = (1, 3, 8)
_LEFT = 30
"""Room for the numbers of axis 2, in pixels."""
_HEAD, _FOOT = 82, 34
"""Room for the key above the map, and for the numbers of axis 1 below it."""
_WIDTH = WIDTH - _LEFT - 1


def category_name(variable: str, category: str) -> str:
    """Name a category, where its variable is named beside it.

    Examples
    --------
    >>> category_name("purpose", "creation")
    'créer'
    """
    return "question non posée" if category == MISSING else CATEGORIES[variable][category]


@dataclass(frozen=True)
class Window:
    """What part of the plane the map shows.

    Parameters
    ----------
    x, y : tuple of float
        Limits on axes 1 and 2.
    """

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def height(self) -> float:
        """Height of the plane, in pixels: a unit is as long on both axes."""
        return _WIDTH * (self.y[1] - self.y[0]) / (self.x[1] - self.x[0])


def window(categories: pd.DataFrame) -> Window:
    """Choose the window of the map.

    A category of one doctor does not stretch the ordinates: it is as far off as that doctor is
    unlike the others.

    Parameters
    ----------
    categories : DataFrame
        As `analysis.results.whole_sample.Map` has it.
    """
    shared = categories.loc[categories["n"] > 1, "y"]
    low, high = float(shared.min()), float(shared.max())
    margin = 0.1 * (high - low)
    x = categories["x"]
    return Window((1.35 * float(x.min()), 1.35 * float(x.max())), (low - margin, high + margin))


def map_height(categories: pd.DataFrame) -> float:
    """Give the height of the figure of the map, in pixels."""
    return math.ceil(_HEAD + window(categories).height + _FOOT)


@dataclass(frozen=True)
class Point:
    """A point of the map: one category, or several that lie in the same place."""

    categories: tuple[Category, ...]
    label: str
    marker: str
    hue: int | None
    x: float
    y: float
    contribution: float
    is_read: bool


def points_of(categories: pd.DataFrame, read: Collection[Category]) -> list[Point]:
    """Give the points of the map, those that contribute most first.

    Parameters
    ----------
    categories, read
        As `draw_map` has them.
    """
    index = categories.index
    asked = categories.loc[index.get_level_values("category") != MISSING]
    found = [
        Point(
            ((variable, category),),
            ON_THE_MAP[variable][category],
            MARKERS[variable],
            _HUES[variable],
            row.x,
            row.y,
            row.contribution,
            (variable, category) in read,
        )
        for (variable, category), row in zip(asked.index, asked.itertuples(), strict=True)
    ]
    absent = categories.loc[index.get_level_values("category") == MISSING]
    for _, together in absent.groupby(absent[["x", "y"]].round(6).apply(tuple, axis=1)):
        first = together.iloc[0]
        place = (first["x"], first["y"], first["contribution"])
        names = tuple(together.index)
        found.append(Point(names, "non posées", "X", None, *place, is_read=False))
    return sorted(found, key=lambda point: -point.contribution)


def draw_map(
    canvas: Canvas,
    look: Theme,
    categories: pd.DataFrame,
    read: Collection[Category],
    shares: tuple[float, float],
    zones: pd.DataFrame,
) -> Axes:
    """Draw the map of categories, each with its label and where it may lie.

    Parameters
    ----------
    canvas : matplotlib Figure
        As high as `map_height` says.
    look : Theme
    categories : DataFrame
        As `analysis.results.whole_sample.Map` has it.
    read : collection of pairs of str
        Categories that the thesis reads on their side; their labels are bold.
    shares : tuple of float
        Shares of the inertia on axes 1 and 2, in percent.
    zones : DataFrame
        For categories of the rebuilt maps, ``x_low``, ``x_high``, ``y_low`` and ``y_high``: where
        most of those maps put them.

    Returns
    -------
    matplotlib Axes
    """
    page = sheet(canvas)
    # Labels are moved by pixels.
    canvas.set_dpi(72)
    mean = 100 / len(categories)
    _write_key(page, look, mean)
    limits = window(categories)
    axes = _frame(canvas, page, look, limits, shares)
    places, radii, labels = [], [], []
    for place, point in enumerate(points_of(categories, read)):
        y = float(np.clip(point.y, *_inner(limits.y)))
        colour = look.muted if point.hue is None else look.hues[point.hue]
        if point.categories[0] in zones.index:
            zone = zones.loc[point.categories[0]]
            axes.add_patch(_ellipse(zone, facecolor=colour, gid=f"{MAP}-zone-{place}"))
        size = _size(point.contribution)
        full = point.contribution > mean
        axes.plot(
            point.x,
            y,
            point.marker,
            ms=size,
            color=colour if full else look.paper,
            mec=look.paper if full else colour,
            mew=0.8 if full else 1.3,
            zorder=3,
            gid=f"{MAP}-point-{place}",
        )
        label = point.label
        if y != point.y:
            label += f" {'↑' if point.y > y else '↓'}{NBSP}{decimal(point.y, 1)}"
        places.append((point.x, y))
        radii.append(size / 2)
        weight = 600 if point.is_read else 400
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontweight": weight, "zorder": 4}
        style["gid"] = f"{MAP}-name-{place}"
        labels.append(axes.text(point.x, y, label, color=colour, **style))
    for start, end in place_labels(axes, np.array(places), labels, np.array(radii)):
        axes.plot(*zip(start, end, strict=True), color=look.muted, lw=0.6, zorder=2)
    return axes


def _ellipse(zone: pd.Series, **style: Any) -> Patch:
    from matplotlib.patches import Ellipse  # noqa: PLC0415

    low, high = (zone[[f"x_{end}", f"y_{end}"]].to_numpy() for end in ("low", "high"))
    return Ellipse(
        (low + high) / 2, *np.maximum(high - low, _THINNEST), alpha=0.13, zorder=1.5, **style
    )


def _frame(
    canvas: Canvas, page: Axes, look: Theme, limits: Window, shares: tuple[float, float]
) -> Axes:
    """Make the axes of the map, on which both cross at the centre."""
    from matplotlib.ticker import MultipleLocator  # noqa: PLC0415

    axes = plane(canvas, (_LEFT, _HEAD), (_WIDTH, limits.height), look, 1.2)
    axes.set_xlim(limits.x)
    axes.set_ylim(limits.y)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MultipleLocator(0.5))
    names = [f"axe {axis} ({decimal(share, 1)}{NBSP}%)" for axis, share in enumerate(shares, 1)]
    write(page, 0, _HEAD - 10, names[1], look.muted)
    write(page, WIDTH, _HEAD + limits.height + 26, names[0], look.muted, ha="right")
    return axes


_THINNEST = 0.03
"""Width of a zone that is a line, in units of the axes."""


def scales(categories: pd.DataFrame) -> dict[str, list[float]]:
    """Say how a place of the plane becomes one of the figure.

    Parameters
    ----------
    categories : DataFrame
        As `analysis.results.whole_sample.Map` has it.

    Returns
    -------
    dict of str to list of float
        ``x`` and ``y``: the pixel of 0, and the pixels to a unit; ``cadre``: the least and the
        greatest ordinate at which a point is drawn.
    """
    limits = window(categories)
    unit = _WIDTH / (limits.x[1] - limits.x[0])
    return {
        "x": [_LEFT - limits.x[0] * unit, unit],
        "y": [_HEAD + limits.y[1] * unit, -unit],
        "cadre": list(_inner(limits.y)),
    }


def _inner(limits: tuple[float, float]) -> tuple[float, float]:
    """Leave room for a marker at both ends of a scale."""
    margin = 0.02 * (limits[1] - limits[0])
    return limits[0] + margin, limits[1] - margin


def _size(contribution: float) -> float:
    """Give the diameter of a marker, in pixels: its area grows with the contribution."""
    return float(np.sqrt(20 + 20 * contribution))


def _write_key(page: Axes, look: Theme, mean: float) -> None:
    def mark(marker: str, colour: str, size: float, *, full: bool = True) -> dict[str, Any]:
        fill = colour if full else look.paper
        return {"marker": marker, "ms": size, "color": fill, "mec": colour, "mew": 1.3}

    entries = [
        (NAMES[name], "mark", mark(marker, look.hues[_HUES[name]], 7))
        for name, marker in MARKERS.items()
    ]
    entries.append(("Questions non posées", "mark", mark("X", look.muted, 7)))
    y = key(page, 9, entries, look) + LEADING + 4
    write(page, 0, y, "Contribution :", look.ink)
    sizes = [
        (f"{value}{NBSP}%", "mark", mark("o", look.muted, _size(value), full=value > mean))
        for value in _SIZES
    ]
    key(page, y, sizes, look, left=86)
    text = f"moyenne {decimal(mean, 1)}{NBSP}%"
    write(page, WIDTH, y, text, look.muted, ha="right")
