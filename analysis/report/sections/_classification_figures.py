"""Figures of section IV.D: heat map, tree, gains of inertia, factor map.

A cluster has a colour, a marker and its Roman number, so that none of them has to be told by its
colour.  The colours are of Tol's muted scheme, chosen to differ in lightness as well.

References
----------
Tol, P. (2021). Colour schemes. SRON technical note SRON/EPS/TN/09-002.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial import ConvexHull

from analysis.report.labels import LEVELS
from analysis.report.labels import VARIABLES as NAMES
from analysis.report.sections import clusters
from analysis.report.sections.clusters import ROMAN, VARIABLES, Group
from analysis.report.show.figures import Figure, hide_frame
from analysis.report.show.french import decimal
from analysis.report.show.theme import Theme
from analysis.survey import is_rebuilt

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["draw_cells", "factor_map", "gains", "heat_map", "tree", "write_in_cell"]

FloatArray = NDArray[np.float64]

_MARKERS = ("o", "s", "^", "D", "*")
_SIZES = (24, 22, 26, 24, 64)
"""Areas that look alike, in square points."""
_STYLES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1)), (0, (5, 1.5, 1.2, 1.5)), "-")
_STRONGEST = 6.0
"""The v.test from which a cell has the full colour."""


# ---- heat map ----------------------------------------------------------------------------------


def heat_map(group: Group) -> Figure:
    """Draw the v.test of every category in every cluster."""
    n_rows = sum(len(clusters.counts(group, name)) for name in VARIABLES[group])
    height = 0.215 * (n_rows + 1.1 * len(VARIABLES[group])) + 0.75
    return Figure(f"profils-{group}", partial(_draw_heat_map, group=group), height)


def _draw_heat_map(canvas: Canvas, look: Theme, *, group: Group) -> None:
    axes = canvas.subplots()
    scale = (look.non_users, look.paper, look.users)
    found = {(row.variable, row.category, row.cluster): row for row in clusters.described(group)}
    numbers = range(1, clusters.N_CLUSTERS + 1)
    top = 0.0
    ticks: dict[float, str] = {}
    for variable in VARIABLES[group]:
        axes.text(-0.06, top + 0.6, NAMES[variable], weight=600, ha="right", va="center")
        top += 1.1
        names = [str(name) for name in clusters.counts(group, variable).index]
        rows = [[found[variable, name, number] for number in numbers] for name in names]
        values = np.array([[row.v_test for row in line] for line in rows])
        fills = draw_cells(axes, (0, top), (1 + values / _STRONGEST) / 2, scale, look)
        for y, (name, line) in enumerate(zip(names, rows, strict=True)):
            ticks[top + y + 0.5] = LEVELS[variable].get(name, "Sans réponse")
            for x, row in enumerate(line):
                if row.is_significant:
                    sign = "+" if row.v_test > 0 else ""
                    text = sign + decimal(row.v_test, 1)
                    write_in_cell(axes, (x, top + y), text, fills[y][x], look, weight=600)
        if is_rebuilt():
            is_open = clusters.is_open(group, variable).loc[names].to_numpy()
            _hatch(axes, [(float(x), top + y) for y, x in np.argwhere(is_open)], look)
        top += len(names)
    sizes = clusters.clustering(group).sizes
    axes.set_xlim(0, clusters.N_CLUSTERS)
    axes.set_ylim(top + 0.05, 0)
    axes.set_xticks(
        np.arange(clusters.N_CLUSTERS) + 0.5,
        [f"{name}\n({size})" for name, size in zip(ROMAN, sizes, strict=True)],
    )
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", labelcolor=look.ink)
    axes.set_yticks(list(ticks), list(ticks.values()))
    hide_frame(axes)


def _hatch(axes: Axes, places: list[tuple[float, float]], look: Theme) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    for place in places:
        axes.add_patch(
            Rectangle(place, 1, 1, fill=False, ec=look.muted, lw=0, hatch="////", alpha=0.5)
        )


def draw_cells(
    axes: Axes,
    place: tuple[float, float],
    strengths: FloatArray,
    scale: Sequence[str],
    look: Theme,
) -> list[list[str]]:
    """Draw a grid of coloured cells of side 1, and return their colours.

    Parameters
    ----------
    axes : matplotlib Axes
    place : tuple of float
        Where the corner of the first cell stands; rows run down an axis that points down.
    strengths : ndarray of shape (rows, columns)
        Places on the scale, from 0 to 1; cut there.
    scale : sequence of str
        The colours between which the scale runs.
    look : Theme
    """
    from matplotlib.colors import to_rgb  # noqa: PLC0415

    x, y = place
    n_rows, n_columns = strengths.shape
    fills = [[look.between(scale, float(each)) for each in line] for line in strengths]
    axes.pcolormesh(
        x + np.arange(n_columns + 1),
        y + np.arange(n_rows + 1),
        [[to_rgb(fill) for fill in line] for line in fills],
        edgecolors=look.rule,
        linewidth=0.6,
    )
    return fills


def write_in_cell(
    axes: Axes, place: tuple[float, float], text: str, fill: str, look: Theme, **style: Any
) -> None:
    """Write in the middle of a cell of side 1, in the colour that reads best on its fill."""
    x, y = place
    written = axes.text(
        x + 0.5, y + 0.52, text, ha="center", va="center", color=look.on(fill), **style
    )
    # It lies inside: to lay the figure out without it takes half the time.
    written.set_in_layout(False)


# ---- gains -------------------------------------------------------------------------------------

_MOST_SHOWN = 10


def gains() -> Figure:
    """Draw the inertia gained by each further cluster, and where the tree is cut."""
    return Figure("gains", _draw_gains, 2.5)


def _draw_gains(canvas: Canvas, look: Theme) -> None:
    panels = canvas.subplots(1, 2, sharey=True)
    for axes, (group, name) in zip(panels, clusters.GROUPS.items(), strict=True):
        found = clusters.clustering(group)
        numbers = np.arange(2, _MOST_SHOWN + 1)
        heights = found.gains[: len(numbers)]
        kept = numbers <= clusters.N_CLUSTERS
        colour = look.users if group == "users" else look.non_users
        axes.bar(numbers[kept], heights[kept], width=0.66, color=colour)
        axes.bar(
            numbers[~kept], heights[~kept], width=0.66, facecolor="none", edgecolor=colour, lw=1.1
        )
        cut = clusters.N_CLUSTERS + 0.5
        axes.axvline(cut, color=look.ink, lw=1, ls=(0, (4, 2)))
        axes.text(cut + 0.12, axes.get_ylim()[1], "coupe", ha="left", va="top", color=look.ink)
        for number, height in zip(numbers, heights, strict=True):
            axes.annotate(
                decimal(float(height), 2),
                (number, height),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
                fontsize=7,
                color=look.muted,
            ).set_in_layout(False)
        axes.set_title(name)
        axes.set_xticks(numbers)
        axes.set_xlabel("nombre de classes")
        axes.set_yticks([])
        hide_frame(axes, keep="bottom")
    panels[0].set_ylabel("inertie gagnée")


# ---- tree --------------------------------------------------------------------------------------


def tree(group: Group) -> Figure:
    """Draw Ward's tree of the profiles of a group, its cut and where the doctors end."""
    return Figure(f"arbre-{group}", partial(_draw_tree, group=group), 3.9)


def _draw_tree(canvas: Canvas, look: Theme, *, group: Group) -> None:
    found = clusters.clustering(group)
    axes = canvas.subplots()
    colours = look.clusters
    n_profiles = len(found.coordinates)
    first = np.array([np.flatnonzero(found.profile == leaf)[0] for leaf in range(n_profiles)])
    doctors = np.bincount(found.profile, minlength=n_profiles)
    cut, final = found.before_consolidation[first], found.clusters[first]
    # The colours that SciPy hands back are the names of the unions, in the order of its lines.
    drawn = hierarchy.dendrogram(found.tree.linkage, no_plot=True, link_color_func=str)
    leaves = np.array(drawn["leaves"])
    below = _clusters_below(found.tree.linkage, cut)
    for x, y, union in zip(drawn["icoord"], drawn["dcoord"], drawn["color_list"], strict=True):
        cluster = below[int(union)]
        style = _STYLES[cluster - 1] if cluster else "-"
        colour = colours[cluster - 1] if cluster else look.muted
        axes.plot(x, y, color=colour, lw=1.3 if cluster else 1.0, ls=style, solid_capstyle="butt")
    places = 10 * np.arange(n_profiles) + 5
    top = float(found.tree.linkage[-1, 2])
    for cluster in range(1, clusters.N_CLUSTERS + 1):
        own = final[leaves] == cluster
        axes.scatter(
            places[own],
            np.full(own.sum(), -0.035 * top),
            s=_SIZES[cluster - 1] * 0.65 * np.sqrt(doctors[leaves][own]),
            marker=_MARKERS[cluster - 1],
            color=colours[cluster - 1],
            linewidths=0,
            clip_on=False,
        )
        of_cut = places[cut[leaves] == cluster]
        axes.text(
            of_cut.mean(),
            -0.09 * top,
            ROMAN[cluster - 1],
            ha="center",
            va="top",
            weight=600,
            color=colours[cluster - 1],
        )
        axes.plot(
            [of_cut.min() - 3.5, of_cut.max() + 3.5],
            [-0.075 * top] * 2,
            color=colours[cluster - 1],
            lw=1.6,
            clip_on=False,
        )
    upper, lower = found.gains[clusters.N_CLUSTERS - 2 : clusters.N_CLUSTERS]
    height = float(upper + lower) / 2
    axes.axhline(height, color=look.ink, lw=1, ls=(0, (4, 2)))
    axes.annotate(
        "coupe",
        (1, height),
        (4, 0),
        ("axes fraction", "data"),
        textcoords="offset points",
        va="center",
    )
    axes.set_xlim(0, 10 * n_profiles)
    axes.set_ylim(-0.15 * top, 1.03 * top)
    axes.set_xticks([])
    ticks = np.arange(0, top, 0.1)
    axes.set_yticks(ticks, [decimal(float(tick), 1) for tick in ticks])
    axes.set_ylabel("inertie gagnée en séparant")
    axes.spines["left"].set_bounds(0, top)
    hide_frame(axes, keep="left")


def _clusters_below(linkage: FloatArray, cut: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cluster that all points below each union have, 0 where they have several."""
    n_points = len(linkage) + 1
    found = np.concatenate([cut, np.zeros(len(linkage), dtype=np.int64)])
    for union, (left, right) in enumerate(linkage[:, :2].astype(int), start=n_points):
        found[union] = found[left] if found[left] == found[right] else 0
    return found


# ---- factor map --------------------------------------------------------------------------------


def factor_map(group: Group) -> Figure:
    """Draw the doctors of a group on the first two axes, by cluster."""
    return Figure(f"plan-{group}", partial(_draw_factor_map, group=group), 4.2)


_PLANES = (0, 2)
"""The axes, from 0, across the two panels; axis 2 goes up in both."""


def _draw_factor_map(canvas: Canvas, look: Theme, *, group: Group) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    panels = canvas.subplots(1, len(_PLANES), sharey=True)
    canvas.set_layout_engine("constrained", wspace=0.06)
    found, analysis = clusters.clustering(group), clusters.correspondences(group)
    shares = 100 * analysis.eigenvalues / analysis.eigenvalues.sum()
    names = [f"axe {n + 1} ({decimal(float(shares[n]), 0)} % de l’inertie)" for n in range(3)]
    for axes, across in zip(panels, _PLANES, strict=True):
        axes.axhline(0, color=look.rule, lw=0.8, zorder=0)
        axes.axvline(0, color=look.rule, lw=0.8, zorder=0)
        for cluster in range(1, clusters.N_CLUSTERS + 1):
            colour = look.clusters[cluster - 1]
            own, doctors = np.unique(found.profile[found.clusters == cluster], return_counts=True)
            points = found.coordinates[own][:, [across, 1]]
            _outline(axes, points, colour, _STYLES[cluster - 1])
            axes.scatter(
                *points.T,
                s=_SIZES[cluster - 1] * np.sqrt(doctors),
                marker=_MARKERS[cluster - 1],
                color=colour,
                edgecolors=look.paper,
                linewidths=0.5,
                zorder=3,
            )
        axes.margins(0.07)
        axes.set_xlabel(names[across])
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(lambda value, _: decimal(value, 1))
        axes.tick_params(labelcolor=look.muted)
        hide_frame(axes)
    panels[0].set_ylabel(names[1])
    handles = [
        Line2D([], [], color=colour, marker=marker, ls=style, lw=1, ms=6, label=f"{name} ({size})")
        for colour, marker, style, name, size in zip(
            look.clusters, _MARKERS, _STYLES, ROMAN, found.sizes, strict=True
        )
    ]
    canvas.legend(handles=handles, loc="outside upper left", ncols=5, columnspacing=1.6)


def _outline(axes: Axes, points: FloatArray, colour: str, style: Any) -> None:
    """Draw the convex hull of a cluster; a segment for two points, nothing for one."""
    from matplotlib.patches import Polygon  # noqa: PLC0415

    if np.linalg.matrix_rank(points - points[0]) == 2:
        points = points[ConvexHull(points).vertices]
    if len(points) > 1:
        axes.add_patch(Polygon(points, facecolor=colour, edgecolor="none", alpha=0.10, zorder=1))
        axes.add_patch(Polygon(points, fill=False, edgecolor=colour, lw=1.1, ls=style, zorder=2))
