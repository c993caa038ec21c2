"""Drawing of section IV.C: eigenvalues, clouds of doctors, ranges of the rebuilt maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.report.sections._category_map import NAMES, category_name
from analysis.report.show.figures import hide_frame
from analysis.report.show.french import NBSP, decimal
from analysis.report.show.theme import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["Cloud", "draw_clouds", "draw_eigenvalues", "draw_ranges"]

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
    axes = canvas.subplots()
    places = np.arange(1, len(ours) + 1)
    low, high = np.percentile(shuffled[:, : len(ours)], _SHUFFLED, axis=0)
    axes.bar(
        places,
        high - low,
        bottom=low,
        width=0.62,
        color=look.veil,
        edgecolor=look.muted,
        lw=0.8,
        label=f"réponses mélangées (95{NBSP}%)",
    )
    low, high = rebuilt[:, : len(ours)].min(axis=0), rebuilt[:, : len(ours)].max(axis=0)
    axes.bar(
        places,
        high - low,
        bottom=low,
        width=0.26,
        color=look.users,
        alpha=0.5,
        label="tableaux reconstitués",
    )
    axes.plot(places, ours, "_", ms=13, mew=2, color=look.ink, label="lignes du livre")
    axes.set_xticks(places)
    axes.set_xlabel("axe")
    axes.set_ylabel("valeur propre")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: decimal(round(value, 6), 1))
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    hide_frame(axes, keep="bottom")
    canvas.legend(loc="outside upper left", ncols=3, columnspacing=1.4)


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
    """Draw clouds of doctors side by side, users and non-users told apart.

    Parameters
    ----------
    canvas : matplotlib Figure
    look : Theme
    clouds : sequence of Cloud
    """
    from matplotlib.lines import Line2D  # noqa: PLC0415

    for axes, cloud in zip(canvas.subplots(1, len(clouds)), clouds, strict=True):
        axes.axhline(0, color=look.rule, lw=1, zorder=1)
        axes.axvline(0, color=look.rule, lw=1, zorder=1)
        for answer, marker, colour, full in (
            ("oui", "o", look.users, True),
            ("non", "D", look.non_users, False),
        ):
            own = cloud.places.loc[cloud.places["uses_dmp"] == answer]
            axes.scatter(
                own["x"],
                own["y"],
                s=11 * own["n"] + 6,
                marker=marker,
                color=colour if full else "none",
                edgecolor=look.paper if full else colour,
                linewidth=0.5 if full else 1.1,
                alpha=0.8 if full else 1,
                zorder=2 if full else 3,
            )
        axes.set_title(cloud.title)
        axes.set_xlabel(f"Axe 1 ({decimal(cloud.shares[0], 1)}{NBSP}%)")
        axes.set_ylabel(f"Axe 2 ({decimal(cloud.shares[1], 1)}{NBSP}%)")
        _frame(axes, look, cloud.places)
        for ticks in (axes.xaxis, axes.yaxis):
            ticks.set_major_formatter(lambda value, _: decimal(round(value, 6), 1))
    canvas.legend(
        handles=[
            Line2D([], [], marker="o", ls="", ms=6, color=look.users, label="Utilisateurs"),
            Line2D(
                [],
                [],
                marker="D",
                ls="",
                ms=5.5,
                color="none",
                mec=look.non_users,
                mew=1.1,
                label="Non-utilisateurs",
            ),
        ],
        loc="outside upper left",
        ncols=2,
    )


def _frame(axes: Axes, look: Theme, places: pd.DataFrame) -> None:
    """Frame all but the doctors furthest off, and say how many are outside."""
    each = places.loc[places.index.repeat(places["n"]), ["x", "y"]]
    low, high = (each.quantile(q) for q in _FRAMED)
    margin = 0.35 * (high - low)
    axes.set_xlim(low["x"] - margin["x"], high["x"] + margin["x"])
    axes.set_ylim(low["y"] - margin["y"], high["y"] + margin["y"])
    outside = int(((each < low - margin) | (each > high + margin)).any(axis=1).sum())
    if outside:
        text = f"{outside} médecin{'s' if outside > 1 else ''} hors du cadre"
        axes.text(
            0.98, 0.98, text, transform=axes.transAxes, ha="right", va="top", color=look.muted
        )


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
    from matplotlib.lines import Line2D  # noqa: PLC0415

    heights, labels, titles = _rows(index)
    panels = canvas.subplots(1, 2, sharey=True, width_ratios=(3, 5))
    for axis, (axes, column) in enumerate(zip(panels, ("x", "y"), strict=True)):
        values = rebuilt[:, :, axis]
        low, high = np.percentile(values, _MOST, axis=0)
        axes.axvline(0, color=look.muted, lw=0.9, zorder=1)
        axes.hlines(
            heights, values.min(axis=0), values.max(axis=0), color=look.muted, lw=0.8, zorder=2
        )
        axes.hlines(heights, low, high, color=look.users, lw=3.6, alpha=0.55, zorder=3)
        axes.plot(
            ours[column].reindex(index),
            heights,
            "o",
            ms=4,
            color=look.ink,
            mec=look.paper,
            zorder=4,
        )
        axes.set_title(f"Axe {axis + 1}")
        axes.xaxis.set_major_formatter(lambda value, _: decimal(round(value, 6), 0))
        axes.grid(visible=True, axis="x")
        hide_frame(axes)
    panels[0].set_yticks(heights, labels, fontsize=8)
    panels[0].set_ylim(max(heights) + 0.7, min([*heights, *titles]) - 0.7)
    for height, name in titles.items():
        _group_title(panels[0], height, name)
    canvas.legend(
        handles=[
            Line2D([], [], marker="o", ls="", ms=4.5, color=look.ink, label="lignes du livre"),
            Line2D([], [], color=look.users, lw=3.6, alpha=0.55, label="neuf tableaux sur dix"),
            Line2D([], [], color=look.muted, lw=0.8, label="tous"),
        ],
        loc="outside upper left",
        ncols=3,
        columnspacing=1.4,
    )


def _rows(index: pd.MultiIndex) -> tuple[list[float], list[str], dict[float, str]]:
    """Give each category its height and label, and each variable that of its title."""
    heights: list[float] = []
    titles: dict[float, str] = {}
    height, last = 0.0, ""
    for variable in index.get_level_values("variable"):
        if variable != last:
            titles[height] = NAMES[variable]
            height, last = height + 1.0, variable
        heights.append(height)
        height += 1.0
    return heights, [category_name(*pair) for pair in index], titles


def _group_title(axes: Axes, height: float, name: str) -> None:
    axes.annotate(
        name,
        (0, height),
        xycoords=("axes fraction", "data"),
        xytext=(-4, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=8,
        fontweight=600,
        annotation_clip=False,
    )
