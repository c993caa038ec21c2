"""What the settings of the clustering change: axes, number of clusters, consolidation.

The thesis clusters on five axes, cuts five clusters and consolidates.  Each setting is changed here
while the correspondence analysis stays the same, and the partition is compared with the printed one
by the adjusted Rand index and by the share of doctors who stay in their cluster
(`analysis.statistics.agreement`).

The rebuilt rows were chosen so that these settings give the printed clusters.  With other settings
their partition is not determined by print, so that the least and the greatest share are also given
over members of the ensemble, evenly taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.report.labels import GROUPS
from analysis.report.sections import clusters
from analysis.report.sections.clusters import MOST_AXES, N_AXES
from analysis.report.show.figures import Figure, sheet, write
from analysis.report.show.french import NBSP, Text, count, decimal, spell
from analysis.report.show.theme import WIDTH, Theme
from analysis.statistics import hcpc, mca
from analysis.statistics.agreement import adjusted_rand_index, matched_share
from analysis.survey import Group, source

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


AXES = range(2, MOST_AXES + 1)
CLUSTERS = range(3, 9)
_STEP = 20
"""One member of the ensemble in so many is clustered again."""


def settings(group: Group) -> pd.DataFrame:
    """Cluster a group with every setting, and compare with the partition of the thesis.

    Returns
    -------
    DataFrame
        A row a setting: ``axes``, ``clusters``, ``consolidated``; the ``partition``, a cluster a
        doctor; ``rand`` and ``share``, its agreement with the partition of the thesis; the
        ``suggested`` number of clusters; ``tied``, whether a tie leaves the partition undefined.
    """
    return _settings(source(), group).copy()


@cache
def _settings(_: Path, group: Group) -> pd.DataFrame:
    analysis = clusters.correspondences(group)
    reference = clusters.clustering(group).clusters
    rows = []
    for axes in AXES:
        tree = None
        for number in CLUSTERS:
            found = hcpc.fit(analysis, axes, number, tree=tree)
            tree = found.tree
            for consolidated, partition in (
                (True, found.clusters),
                (False, found.before_consolidation),
            ):
                rows.append(
                    {
                        "axes": axes,
                        "clusters": number,
                        "consolidated": consolidated,
                        "partition": tuple(partition.tolist()),
                        "rand": adjusted_rand_index(reference, partition),
                        "share": matched_share(reference, partition),
                        "suggested": found.suggested,
                        "tied": bool(found.ties),
                    }
                )
    return pd.DataFrame(rows)


@cache
def _of_members(group: Group) -> pd.DataFrame:
    """Give the share of doctors who stay, for members of the ensemble (rows), by setting."""
    rows = []
    for member in stored(group).members[::_STEP]:
        analysis = mca.fit(member.rows[list(VARIABLES[group])], N_AXES + 1)
        found = {axes: hcpc.fit(analysis, axes, N_CLUSTERS) for axes in (N_AXES, N_AXES + 1)}
        partitions = {str(axes): each.clusters for axes, each in found.items()}
        partitions["tree"] = found[N_AXES].before_consolidation
        rows.append(
            {name: matched_share(member.rows["cluster"], each) for name, each in partitions.items()}
        )
    return pd.DataFrame(rows)


def share(group: Group, *, axes: int = N_AXES, consolidated: bool = True) -> Text:
    """Give the share of doctors who stay in their cluster, with as many clusters as the thesis."""
    return _percent(float(_setting(group, axes, consolidated)["share"]))


def _setting(group: Group, axes: int, consolidated: bool) -> pd.Series:
    table = _settings(source(), group).set_index(["axes", "clusters", "consolidated"])
    return table.loc[(axes, N_CLUSTERS, consolidated)]


def share_of_members(group: Group, setting: str) -> Text:
    """Give the least and the greatest share over members of the ensemble.

    Parameters
    ----------
    group : {"users", "non_users"}
    setting : str
        A number of axes, five or six, or ``tree`` for the tree without consolidation.
    """
    shares = _of_members(group)[setting]
    return Text(f"de {_percent(shares.min())} à {_percent(shares.max())}")


def n_sampled(group: Group) -> Text:
    """Count the members that were clustered again."""
    return count(len(_of_members(group)))


def n_others() -> Text:
    """Count the settings other than those of the thesis."""
    return count(len(AXES) * len(CLUSTERS) * 2 - 1)


def unanimous(group: Group) -> Text:
    """Count those of them that give the partition of the thesis again."""
    same = _settings(source(), group)["rand"] == 1
    return count(int(same.sum()) - 1)


def _percent(part: float) -> Text:
    return Text(decimal(100 * part, 0) + NBSP + "%")


def suggested(group: Group) -> Text:
    """Give the least and the greatest number of clusters that R suggests, by the number of axes."""
    found = _settings(source(), group)["suggested"]
    return Text(f"de {spell(int(found.min()))} à {spell(int(found.max()))}")


def agreement_figure() -> Figure:
    """Draw the adjusted Rand index of every setting, in hundredths."""
    return Figure("accord", _draw_agreement, 4 * _PANEL + 18)


def _draw_agreement(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    top = 0.0
    for group, name in GROUPS.items():
        full = look.users if group == "users" else look.non_users
        table = _settings(source(), group)
        for consolidated, own in reversed(list(table.groupby("consolidated"))):
            title = f"{name}, {'avec' if consolidated else 'sans'} consolidation"
            write(page, 0, top + 9, title, look.ink, weight=600)
            values = own.pivot_table("rand", "clusters", "axes").to_numpy()
            _draw_settings(page, top + 20, values, (look.paper, full), look)
            top += _PANEL
    write(page, 0, top + 8, "en ligne, le nombre de classes ; en colonne, d’axes", look.muted)


_ROW, _LABELS = 20, 22
"""Height of a cell, and room for the number of clusters, in pixels."""
_PANEL = 20 + _ROW * len(CLUSTERS) + 26


def _draw_settings(
    page: Axes, top: float, values: NDArray[np.float64], scale: Sequence[str], look: Theme
) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    width = (WIDTH - _LABELS - 1) / len(AXES)
    for y, (number, line) in enumerate(zip(CLUSTERS, values, strict=True)):
        middle = top + (y + 0.5) * _ROW
        write(page, _LABELS - 8, middle, str(number), look.muted, ha="right")
        for x, value in enumerate(line):
            fill = look.between(scale, float(value))
            place = (_LABELS + x * width, top + y * _ROW)
            style: dict[str, Any] = {"facecolor": fill, "edgecolor": look.rule, "lw": 0.6}
            page.add_patch(Rectangle(place, width, _ROW, **style))
            text = decimal(100 * float(value), 0)
            write(page, place[0] + width / 2, middle, text, look.on(fill), ha="center")
    for x, number in enumerate(AXES):
        below = top + len(CLUSTERS) * _ROW + 9
        write(page, _LABELS + (x + 0.5) * width, below, str(number), look.muted, ha="center")
    place = (_LABELS + (N_AXES - AXES[0]) * width, top + (N_CLUSTERS - CLUSTERS[0]) * _ROW)
    page.add_patch(Rectangle(place, width, _ROW, fill=False, edgecolor=look.ink, lw=1.8, zorder=3))
