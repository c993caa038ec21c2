"""Drawing of section IV.C: eigenvalues, clouds of doctors, ranges of the rebuilt maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.report.inline import by_source
from analysis.report.sections._category_map import NAMES, category_name
from analysis.report.show.figures import key, part, plane, sheet, tenths, write
from analysis.report.show.french import NBSP, decimal
from analysis.report.show.theme import WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


FloatArray = NDArray[np.float64]

_SHUFFLED = (2.5, 97.5)
_MOST = (5, 95)
"""Percentiles: of the shuffled eigenvalues, and of the rebuilt coordinates."""
_FRAMED = (0.025, 0.975)
"""Quantiles of the doctors' coordinates, around which a frame is drawn with a margin."""


def draw_eigenvalues(
    canvas: Canvas, look: Theme, ours: FloatArray, shuffled: FloatArray, rebuilt: FloatArray
) -> None:
    """Draw the eigenvalues beside those of shuffled answers.

    Parameters
    ----------
    canvas : matplotlib Figure
    look : Theme
    ours : ndarray of shape (axes,)
        Eigenvalues of the rows in use.
    shuffled, rebuilt : ndarray of shape (maps, axes)
        Those of shuffled rows, and of other rebuilt rows.
    """
    page = sheet(canvas)
    outlined: dict[str, Any] = {"color": look.veil, "edgecolor": look.muted, "lw": 0.8}
    filled: dict[str, Any] = {
        "color": look.between((look.paper, look.users), 0.6),
        "edgecolor": look.users,
        "lw": 0.8,
    }
    dash: dict[str, Any] = {"marker": "_", "ms": 12, "mew": 2, "color": look.ink}
    entries = [
        (f"réponses mélangées (95{NBSP}%)", "fill", outlined),
        ("jeux retrouvés", "fill", filled),
        (by_source("jeu reconstitué", "réponses du fichier"), "mark", dash),
    ]
    top = key(page, 9, entries, look) + 24
    write(page, 0, top, "valeur propre", look.muted)
    axes = part(canvas, 24, top + 12, WIDTH - 24, EIGENVALUES_HEIGHT - top - 12 - 38, "bottom")
    places = np.arange(1, len(ours) + 1)
    low, high = np.percentile(shuffled[:, : len(ours)], _SHUFFLED, axis=0)
    axes.bar(places, high - low, bottom=low, width=0.7, **outlined)
    low, high = rebuilt[:, : len(ours)].min(axis=0), rebuilt[:, : len(ours)].max(axis=0)
    axes.bar(places, high - low, bottom=low, width=0.34, **filled)
    axes.plot(places, ours, ls="", **dash)
    axes.set_xticks(places)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(tenths)
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    write(page, WIDTH, EIGENVALUES_HEIGHT - 8, "axe", look.muted, ha="right")


@dataclass(frozen=True)
class Cloud:
    """A cloud of doctors.

    Parameters
    ----------
    title : str
    places : DataFrame
        A row a distinct set of answers and group: ``uses_dmp``, ``x``, ``y`` and ``n``.
    shares : tuple of float
        Shares of the inertia on axes 1 and 2, in percent.
    """

    title: str
    places: pd.DataFrame = field(repr=False)
    shares: tuple[float, float]


def draw_clouds(canvas: Canvas, look: Theme, clouds: Sequence[Cloud]) -> None:
    """Draw clouds of doctors one below the other, users and non-users told apart.

    Parameters
    ----------
    canvas : matplotlib Figure
    look : Theme
    clouds : sequence of Cloud
    """
    page = sheet(canvas)
    full: dict[str, Any] = {"marker": "o", "mfc": look.users, "mec": look.paper, "mew": 0.5}
    hollow: dict[str, Any] = {"marker": "D", "mfc": "none", "mec": look.non_users, "mew": 1.2}
    entries = [
        ("Utilisateurs", "mark", {**full, "ms": 8}),
        ("Non-utilisateurs", "mark", {**hollow, "ms": 7}),
    ]
    key(page, 9, entries, look)
    for number, cloud in enumerate(clouds):
        top = 26 + number * CLOUD_HEIGHT
        corner, size = (32, top + 36), (WIDTH - 40, CLOUD_HEIGHT - 88)
        axes = plane(canvas, corner, size, look, 1, keep="left bottom")
        for answer, style in (("oui", full), ("non", hollow)):
            own = cloud.places.loc[cloud.places["uses_dmp"] == answer]
            for each in own.itertuples():
                axes.plot(each.x, each.y, ls="", ms=float(np.sqrt(11 * each.n + 12)), **style)
        outside = _frame(axes, cloud.places)
        write(page, 0, top + 10, cloud.title, look.ink, weight=600)
        write(page, WIDTH, top + 10, outside, look.muted, ha="right")
        shares = [
            f"axe {n} ({decimal(share, 1)}{NBSP}%)" for n, share in enumerate(cloud.shares, 1)
        ]
        write(page, 0, top + 26, shares[1], look.muted)
        write(page, WIDTH, top + CLOUD_HEIGHT - 22, shares[0], look.muted, ha="right")


CLOUD_HEIGHT = 250
"""Height of a cloud, in pixels."""
EIGENVALUES_HEIGHT = 250
"""Height of the figure of the eigenvalues, in pixels."""


def _frame(axes: Axes, places: pd.DataFrame) -> str:
    """Frame all but the doctors furthest off, and say how many are outside."""
    each = places.loc[places.index.repeat(places["n"]), ["x", "y"]]
    low, high = (each.quantile(q) for q in _FRAMED)
    margin = 0.35 * (high - low)
    axes.set_xlim(low["x"] - margin["x"], high["x"] + margin["x"])
    axes.set_ylim(low["y"] - margin["y"], high["y"] + margin["y"])
    outside = int(((each < low - margin) | (each > high + margin)).any(axis=1).sum())
    return f"{outside} médecin{'s' if outside > 1 else ''} hors du cadre" if outside else ""


def most_places(index: pd.MultiIndex, rebuilt: FloatArray) -> pd.DataFrame:
    """Give where most of the rebuilt maps put each category.

    Parameters
    ----------
    index : MultiIndex
        The categories of the rebuilt maps.
    rebuilt : ndarray of shape (maps, categories, 2)

    Returns
    -------
    DataFrame
        A row a category: ``x_low``, ``x_high``, ``y_low`` and ``y_high``.
    """
    low, high = np.percentile(rebuilt, _MOST, axis=0)
    columns = {"x_low": low[:, 0], "x_high": high[:, 0], "y_low": low[:, 1], "y_high": high[:, 1]}
    return pd.DataFrame(columns, index=index)


def draw_ranges(
    canvas: Canvas,
    look: Theme,
    index: pd.MultiIndex,
    rebuilt: FloatArray,
    ours: pd.DataFrame,
) -> None:
    """Draw, for each category, where the rebuilt maps put it on both axes.

    Parameters
    ----------
    canvas : matplotlib Figure
    look : Theme
    index : MultiIndex
        The categories of the rebuilt maps.
    rebuilt : ndarray of shape (maps, categories, 2)
    ours : DataFrame
        The map of the rows in use, which may lack some of the categories.
    """
    page = sheet(canvas)
    point: dict[str, Any] = {
        "marker": "o",
        "ms": 5,
        "color": look.ink,
        "mec": look.paper,
        "mew": 0.6,
    }
    most: dict[str, Any] = {"color": look.between((look.paper, look.users), 0.7), "lw": 5}
    every: dict[str, Any] = {"color": look.muted, "lw": 0.9}
    entries = [
        (by_source("jeu reconstitué", "réponses du fichier"), "mark", point),
        ("tous les jeux", "line", every),
        ("neuf jeux sur dix", "line", most),
    ]
    top = key(page, 9, entries, look) + 40
    rows: list[float] = []
    last = ""
    for variable, category in index:
        if variable != last:
            top += 6
            write(page, 0, top, NAMES[variable], look.ink, weight=600)
            top, last = top + RANGES_PITCH, variable
        write(page, 0, top, category_name(variable, category), look.ink)
        rows.append(top)
        top += RANGES_PITCH
    heights = np.array(rows)
    foot = rows[-1] + 12
    for axis, (column, left, right) in enumerate((("x", 140, 196), ("y", 210, WIDTH - 4))):
        values = rebuilt[:, :, axis]
        least, greatest = min(values.min(), -1), max(values.max(), 1)
        scale = (right - left) / (greatest - least)

        def at(value: Any, start: float = left - scale * least, scale: float = scale) -> Any:
            return start + scale * value

        write(page, (left + right) / 2, rows[0] - 32, f"axe {axis + 1}", look.ink, ha="center")
        step = 1 if axis == 0 else 2
        for tick in np.arange(np.ceil(least / step) * step, greatest + 0.01, step):
            colour = look.muted if tick == 0 else look.rule
            page.vlines(at(tick), rows[0] - 8, foot, color=colour, lw=0.8, zorder=0)
            write(page, at(tick), foot + 10, decimal(float(tick), 0), look.muted, ha="center")
        low, high = np.percentile(values, _MOST, axis=0)
        for ends, style in (((values.min(axis=0), values.max(axis=0)), every), ((low, high), most)):
            page.hlines(heights, *map(at, ends), **style, zorder=1)
        page.plot(at(ours[column].reindex(index)), heights, ls="", **point)


RANGES_PITCH = 16
"""From one category to the next, in pixels."""


def ranges_height(index: pd.MultiIndex) -> float:
    """Give the height of the figure of the ranges, in pixels."""
    variables = index.get_level_values("variable").nunique()
    return float(66 + RANGES_PITCH * len(index) + (RANGES_PITCH + 6) * variables + 20)
