"""Drawing of section IV.C: the map of the categories, one side at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from analysis.report.labels import LEVELS
from analysis.report.sections.placement import place_labels
from analysis.report.show.french import NBSP, count, decimal
from analysis.report.show.theme import Theme
from analysis.statistics.profiles import MISSING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.lines import Line2D

__all__ = ["CATEGORIES", "NAMES", "Side", "Window", "category_name", "draw_side", "window"]

Side = Literal["users", "non_users"]
Category = tuple[str, str]

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
"""Categories as the map writes them: short, the name of the variable being in the legend."""

_MARKERS = {
    "age": "o",
    "practice_type": "s",
    "frequency": "^",
    "purpose": "D",
    "barrier_1": "v",
    "barrier_2": "P",
}
_HUES = {
    "age": 0,
    "practice_type": 1,
    # No doctor answered both pairs of questions: the maps that show them are two.
    "frequency": 2,
    "purpose": 3,
    "barrier_1": 2,
    "barrier_2": 3,
}
_OWN: dict[Side, tuple[str, ...]] = {
    "users": ("age", "practice_type", "frequency", "purpose"),
    "non_users": ("age", "practice_type", "barrier_1", "barrier_2"),
}
_QUADRANTS: dict[Side, tuple[str, str]] = {
    "users": ("Cadran supérieur gauche", "Cadran inférieur gauche"),
    "non_users": ("Cadran supérieur droit", "Cadran inférieur droit"),
}
_SIZES = (1, 3, 8)
_DPI = 100


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
    """What part of the plane a map shows.

    Parameters
    ----------
    x, y : tuple of float
        Limits on axes 1 and 2.
    """

    x: tuple[float, float]
    y: tuple[float, float]


def window(categories: pd.DataFrame, side: Side) -> Window:
    """Choose the window of one side of the map.

    A category of one doctor does not stretch the ordinates: it is as far off as that doctor is
    unlike the others.

    Parameters
    ----------
    categories : DataFrame
        As `analysis.report.sections._whole_sample.Map` has it.
    side : {"users", "non_users"}
    """
    own = categories.loc[(categories["x"] < 0) == (side == "users")]
    furthest = float(own["x"].abs().max())
    x = (-1.2 * furthest, 0.1 * furthest) if side == "users" else (-0.1 * furthest, 1.2 * furthest)
    shared = own.loc[own["n"] > 1, "y"]
    low, high = float(shared.min()), float(shared.max())
    margin = 0.14 * (high - low)
    return Window(x, (low - margin, high + margin))


@dataclass(frozen=True)
class _Point:
    """A point of the map: one category, or several that lie in the same place."""

    label: str
    marker: str
    hue: int | None
    x: float
    y: float
    contribution: float
    is_read: bool


def _points(categories: pd.DataFrame, side: Side, read: Collection[Category]) -> list[_Point]:
    own = categories.loc[(categories["x"] < 0) == (side == "users")]
    asked = own.loc[own.index.get_level_values("category") != MISSING]
    found = [
        _Point(
            f"{category_name(variable, category)}{NBSP}({count(row.n)})",
            _MARKERS[variable],
            _HUES[variable],
            row.x,
            row.y,
            row.contribution,
            (variable, category) in read,
        )
        for (variable, category), row in zip(asked.index, asked.itertuples(), strict=True)
    ]
    absent = own.loc[own.index.get_level_values("category") == MISSING]
    for _, together in absent.groupby(absent[["x", "y"]].round(6).apply(tuple, axis=1)):
        names = [NAMES[variable].lower() for variable, _ in together.index]
        first = together.iloc[0]
        label = f"{' et '.join(names)}{NBSP}:\nnon demandés{NBSP}({count(int(first['n']))})"
        place = (first["x"], first["y"], first["contribution"])
        found.append(_Point(label, "X", None, *place, is_read=False))
    return found


def draw_side(
    canvas: Canvas,
    look: Theme,
    categories: pd.DataFrame,
    side: Side,
    read: Collection[Category],
    shares: tuple[float, float],
) -> Axes:
    """Draw one side of the map of categories, each with its label.

    Parameters
    ----------
    canvas : matplotlib Figure
    look : Theme
    categories : DataFrame
        As `analysis.report.sections._whole_sample.Map` has it.
    side : {"users", "non_users"}
        Left or right of axis 1.
    read : collection of pairs of str
        Categories that the thesis reads on this side; their labels are bold.
    shares : tuple of float
        Shares of the inertia on axes 1 and 2, in percent.

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    canvas.set_layout_engine("none")
    # Labels are moved by pixels: their places follow from how many there are to the inch.
    canvas.set_dpi(_DPI)
    axes = canvas.add_axes((0.085, 0.065, 0.91, 0.85))
    limits = window(categories, side)
    axes.set_xlim(limits.x)
    axes.set_ylim(limits.y)
    axes.axhline(0, color=look.rule, lw=1.2, zorder=1)
    axes.axvline(0, color=look.rule, lw=1.2, zorder=1)
    axes.set_xlabel(f"Axe 1 ({decimal(shares[0], 1)}{NBSP}% de l’inertie)")
    axes.set_ylabel(f"Axe 2 ({decimal(shares[1], 1)}{NBSP}% de l’inertie)")
    for ticks in (axes.xaxis, axes.yaxis):
        ticks.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
        ticks.set_major_formatter(lambda value, _: decimal(round(value, 6), 1))
    mean = 100 / len(categories)
    points = sorted(_points(categories, side, read), key=lambda point: -point.contribution)
    places, radii, labels = [], [], []
    for point in points:
        y = float(np.clip(point.y, *_inner(limits.y)))
        colour = look.muted if point.hue is None else look.hues[point.hue]
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
        )
        label = point.label
        if y != point.y:
            label += f"\n{'↑' if point.y > y else '↓'}{NBSP}{decimal(point.y, 1)}"
        places.append((point.x, y))
        radii.append(size / 2 + 1)
        labels.append(
            axes.text(
                point.x,
                y,
                label,
                fontsize=9.5,
                fontweight=600 if point.is_read else 400,
                ha="center",
                va="center",
                linespacing=1.1,
                color=colour,
                zorder=4,
            )
        )
    at = {"users": (0.012, "left"), "non_users": (0.988, "right")}[side]
    titles = [
        axes.text(
            at[0],
            0.988 if is_upper else 0.012,
            name,
            transform=axes.transAxes,
            ha=at[1],
            va="top" if is_upper else "bottom",
            color=look.muted,
            fontsize=9,
            fontstyle="italic",
        )
        for name, is_upper in zip(_QUADRANTS[side], (True, False), strict=True)
    ]
    for start, end in place_labels(axes, np.array(places), labels, np.array(radii), titles):
        axes.plot(*zip(start, end, strict=True), color=look.muted, lw=0.6, zorder=2)
    _legends(canvas, look, side, mean)
    return axes


def _inner(limits: tuple[float, float]) -> tuple[float, float]:
    """Leave room for a marker at both ends of a scale."""
    margin = 0.02 * (limits[1] - limits[0])
    return limits[0] + margin, limits[1] - margin


def _size(contribution: float) -> float:
    """Give the diameter of a marker, in points: its area grows with the contribution."""
    return float(np.sqrt(16 + 24 * contribution))


def _legends(canvas: Canvas, look: Theme, side: Side, mean: float) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415

    def mark(marker: str, colour: str, size: float, name: str, *, full: bool = True) -> Line2D:
        return Line2D(
            [],
            [],
            marker=marker,
            ls="",
            ms=size,
            color=colour if full else look.paper,
            mec=colour,
            mew=1.3,
            label=name,
        )

    variables = [
        mark(_MARKERS[name], look.hues[_HUES[name]], 7, NAMES[name]) for name in _OWN[side]
    ]
    variables.append(mark("X", look.muted, 7, "Question non posée"))
    sizes = [
        mark("o", look.muted, _size(value), f"{value}{NBSP}%", full=value > mean)
        for value in _SIZES
    ]
    for handles, at in ((variables, (0.0, 1.0)), (sizes, (0.205, 0.962))):
        canvas.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=at,
            ncols=len(handles),
            columnspacing=1.0,
            handletextpad=0.2,
            handlelength=1.4 if handles is variables else 1.8,
            borderpad=0,
            borderaxespad=0.1,
            fontsize=9,
        )
    height = 0.9475
    canvas.text(0.006, height, "Contribution au plan :", va="center")
    canvas.text(
        0.485,
        height,
        f"(point plein : plus que la moyenne, {decimal(mean, 1)}{NBSP}%)",
        va="center",
    )
