"""Figures of section IV.D: heat map, tree, gains of inertia, factor map.

A cluster has a colour, a marker and its Roman number, so that none of them has to be told by its
colour.  The colours are of Tol's muted scheme, chosen to differ in lightness as well.

References
----------
Tol, P. (2021). Colour schemes. SRON technical note SRON/EPS/TN/09-002.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial import ConvexHull

from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.report.show.figures import Figure, beside, key, part, plane, sheet, write
from analysis.report.show.french import NBSP, decimal
from analysis.report.show.theme import WIDTH, Theme
from analysis.results import clusters
from analysis.survey import Group, is_rebuilt
from analysis.survey.labels import GROUPS, LEVELS, ROMAN
from analysis.survey.labels import VARIABLES as NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


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
    height = _HEAD + _ROW * n_rows + _TITLE * len(VARIABLES[group]) + 1
    return Figure(f"profils-{group}", partial(_draw_heat_map, group=group), height)


def _draw_heat_map(canvas: Canvas, look: Theme, *, group: Group) -> None:
    axes = sheet(canvas)
    found = {(row.variable, row.category, row.cluster): row for row in clusters.described(group)}
    numbers = range(1, N_CLUSTERS + 1)
    left = WIDTH - _COLUMN * N_CLUSTERS - 1
    sizes = clusters.clustering(group).sizes
    for x, (name, size) in enumerate(zip(ROMAN, sizes, strict=True)):
        write(axes, left + (x + 0.5) * _COLUMN, 17, f"{name}\n({size})", look.ink, ha="center")
    top = float(_HEAD)
    for variable in VARIABLES[group]:
        write(axes, 0, top + _TITLE - 10, NAMES[variable], look.ink, weight=600)
        top += _TITLE
        is_open = clusters.is_open(group, variable)
        for name in map(str, clusters.counts(group, variable).index):
            label = LEVELS[variable].get(name, "Sans réponse")
            write(axes, 0, top + _ROW / 2, label, look.ink)
            for x, number in enumerate(numbers):
                row = found[variable, name, number]
                open_ = is_rebuilt() and bool(is_open.loc[name].iloc[x])
                _draw_v_test(axes, (left + x * _COLUMN, top), row, look, is_open=open_)
            top += _ROW


def _draw_v_test(
    axes: Axes, place: tuple[float, float], row: Any, look: Theme, *, is_open: bool
) -> None:
    """Draw a cell: filled where a category is more frequent, framed where it is less so."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    fill, edge = look.paper, look.rule
    if row.is_significant and row.v_test > 0:
        fill, edge = look.between((look.paper, look.users), row.v_test / _STRONGEST), look.users
    corner = (place[0] + 1, place[1] + 1)
    box = partial(Rectangle, corner, _COLUMN - 2, _ROW - 2)
    axes.add_patch(box(facecolor=fill, edgecolor=edge, lw=0.6))
    if is_open:
        axes.add_patch(box(fill=False, edgecolor=look.muted, lw=0, hatch="////"))
    if row.is_significant:
        if row.v_test < 0:
            axes.add_patch(box(fill=False, edgecolor=look.non_users, lw=1.8))
        sign = "+" if row.v_test > 0 else ""
        middle = (place[0] + _COLUMN / 2, place[1] + _ROW / 2)
        text = sign + decimal(row.v_test, 1)
        write(axes, *middle, text, look.on(fill), ha="center", weight=600)


_HEAD, _TITLE, _ROW, _COLUMN = 34, 26, 21, 30
"""Heights and the width of a cell, in pixels."""


# ---- gains -------------------------------------------------------------------------------------

_MOST_SHOWN = 10


def gains() -> Figure:
    """Draw the inertia gained by each further cluster, and where the tree is cut."""
    return Figure("gains", _draw_gains, 20 + 2 * _GAINS + 18)


_GAINS = 150


def _draw_gains(canvas: Canvas, look: Theme) -> None:
    axes = sheet(canvas)
    write(axes, 0, 9, "inertie gagnée", look.muted)
    step = WIDTH / (_MOST_SHOWN - 1)
    greatest = max(clusters.clustering(group).gains[0] for group in GROUPS)
    for place, (group, name) in enumerate(GROUPS.items()):
        foot = 20 + (place + 1) * _GAINS - 22
        colour = look.users if group == "users" else look.non_users
        write(axes, WIDTH, foot - _GAINS + 48, name, look.ink, ha="right", weight=600)
        gained = clusters.clustering(group).gains[: _MOST_SHOWN - 1]
        for rank, gain in enumerate(gained):
            x, kept = step * (rank + 0.5), rank + 2 <= N_CLUSTERS
            height = (_GAINS - 50) * float(gain) / float(greatest)
            fill = colour if kept else look.paper
            axes.bar(x, -height, 22, foot, color=fill, edgecolor=colour, lw=1.1)
            write(axes, x, foot - height - 8, decimal(float(gain), 2), look.ink, ha="center")
            write(axes, x, foot + 10, str(rank + 2), look.muted, ha="center")
        cut = step * (N_CLUSTERS - 1)
        axes.vlines(cut, foot - _GAINS + 66, foot, color=look.ink, lw=1, ls=(0, (4, 2)))
        write(axes, cut + 4, foot - _GAINS + 66, "coupe", look.ink)
    write(axes, WIDTH, 20 + 2 * _GAINS + 8, "nombre de classes", look.muted, ha="right")


# ---- tree --------------------------------------------------------------------------------------


def tree(group: Group) -> Figure:
    """Draw Ward's tree of the profiles of a group, its cut and where the doctors end."""
    return Figure(f"arbre-{group}", partial(_draw_tree, group=group), _TREE)


_TREE = 300


def _draw_tree(canvas: Canvas, look: Theme, *, group: Group) -> None:
    found = clusters.clustering(group)
    page = sheet(canvas)
    write(page, 0, 9, "inertie gagnée en séparant", look.muted)
    axes = part(canvas, 24, 20, WIDTH - 30, _TREE - 22, keep="left")
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
    for cluster in range(1, N_CLUSTERS + 1):
        colour, own = colours[cluster - 1], final[leaves] == cluster
        axes.scatter(
            places[own],
            np.full(own.sum(), -0.035 * top),
            s=_SIZES[cluster - 1] * 0.5 * np.sqrt(doctors[leaves][own]),
            marker=_MARKERS[cluster - 1],
            color=colour,
            linewidths=0,
            clip_on=False,
        )
        of_cut = places[cut[leaves] == cluster]
        letters: dict[str, Any] = {"ha": "center", "va": "top", "weight": 600, "color": colour}
        axes.text(of_cut.mean(), -0.09 * top, ROMAN[cluster - 1], **letters)
        ends = [of_cut.min() - 3.5, of_cut.max() + 3.5]
        axes.plot(ends, [-0.075 * top] * 2, color=colour, lw=1.6, clip_on=False)
    upper, lower = found.gains[N_CLUSTERS - 2 : N_CLUSTERS]
    height = float(upper + lower) / 2
    axes.axhline(height, color=look.ink, lw=1, ls=(0, (4, 2)))
    beside(axes, (0, height), (4, 4), "coupe", look, xycoords=("axes fraction", "data"))
    axes.set_xlim(0, 10 * n_profiles)
    axes.set_ylim(-0.15 * top, 1.03 * top)
    axes.set_xticks([])
    ticks = np.arange(0, top, 0.1)
    axes.set_yticks(ticks, [decimal(float(tick), 1) for tick in ticks])
    axes.spines["left"].set_bounds(0, top)


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
    return Figure(f"plan-{group}", partial(_draw_factor_map, group=group), 40 + 2 * _PLANE)


_PLANE = 250


_PLANES = (0, 2)
"""The axes, from 0, across the two panels; axis 2 goes up in both."""


def _draw_factor_map(canvas: Canvas, look: Theme, *, group: Group) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    found, analysis = clusters.clustering(group), clusters.correspondences(group)
    shares = 100 * analysis.eigenvalues / analysis.eigenvalues.sum()
    names = [f"axe {n + 1} ({decimal(float(shares[n]), 0)}{NBSP}% de l’inertie)" for n in range(3)]
    page = sheet(canvas)
    entries = [
        (f"{name} ({size})", "line", {"color": colour, "marker": marker, "ls": style, "ms": 6})
        for colour, marker, style, name, size in zip(
            look.clusters, _MARKERS, _STYLES, ROMAN, found.sizes, strict=True
        )
    ]
    key(page, 9, entries, look)
    for place, across in enumerate(_PLANES):
        top = 40 + place * _PLANE
        write(page, 0, top + 8, names[1], look.muted)
        write(page, WIDTH, top + _PLANE - 14, names[across], look.muted, ha="right")
        axes = plane(canvas, (28, top + 20), (WIDTH - 42, _PLANE - 62), look, 0.8)
        for cluster in range(1, N_CLUSTERS + 1):
            colour = look.clusters[cluster - 1]
            own, doctors = np.unique(found.profile[found.clusters == cluster], return_counts=True)
            points = found.coordinates[own][:, [across, 1]]
            _outline(axes, points, colour, _STYLES[cluster - 1])
            axes.scatter(
                points[:, 0],
                points[:, 1],
                s=_SIZES[cluster - 1] * np.sqrt(doctors),
                marker=_MARKERS[cluster - 1],
                color=colour,
                edgecolors=look.paper,
                linewidths=0.5,
                zorder=3,
            )
        axes.margins(0.07)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.tick_params(labelcolor=look.muted)


def _outline(axes: Axes, points: FloatArray, colour: str, style: Any) -> None:
    """Draw the convex hull of a cluster; a segment for two points, nothing for one."""
    from matplotlib.patches import Polygon  # noqa: PLC0415

    if np.linalg.matrix_rank(points - points[0]) == 2:
        points = points[ConvexHull(points).vertices]
    if len(points) > 1:
        axes.add_patch(Polygon(points, facecolor=colour, edgecolor="none", alpha=0.10, zorder=1))
        axes.add_patch(Polygon(points, fill=False, edgecolor=colour, lw=1.1, ls=style, zorder=2))
