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
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.reconstruction.ensemble import stored
from analysis.report.sections import clusters
from analysis.report.sections._classification_figures import draw_cells, write_in_cell
from analysis.report.sections.clusters import (
    GROUPS,
    MOST_AXES,
    N_AXES,
    N_CLUSTERS,
    VARIABLES,
    Group,
)
from analysis.report.show.figures import Figure, hide_frame
from analysis.report.show.french import NBSP, Text, count, decimal, spell
from analysis.report.show.theme import Theme
from analysis.statistics import hcpc, mca
from analysis.statistics.agreement import adjusted_rand_index, matched_share
from analysis.survey import source

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = [
    "agreement_figure",
    "n_others",
    "n_sampled",
    "settings",
    "share",
    "share_of_members",
    "suggested",
    "unanimous",
]

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
    return Figure("accord", _draw_agreement, 4.6)


def _draw_agreement(canvas: Canvas, look: Theme) -> None:
    panels = canvas.subplots(2, 2, sharex=True, sharey=True)
    for line, (group, name) in zip(panels, GROUPS.items(), strict=True):
        full = look.users if group == "users" else look.non_users
        scale = (look.paper, full)
        table = _settings(source(), group)
        for axes, (consolidated, own) in zip(
            line, reversed(list(table.groupby("consolidated"))), strict=True
        ):
            _draw_settings(axes, own.pivot_table("rand", "clusters", "axes"), scale, look)
            axes.set_title(f"{name}, {'avec' if consolidated else 'sans'} consolidation")
    for axes in panels[1]:
        axes.set_xlabel("nombre d’axes")
    for axes in panels[:, 0]:
        axes.set_ylabel("nombre de classes")


def _draw_settings(axes: Axes, values: pd.DataFrame, scale: Sequence[str], look: Theme) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    fills = draw_cells(axes, (0, 0), values.to_numpy(), scale, look)
    for y, line in enumerate(values.to_numpy()):
        for x, value in enumerate(line):
            text = decimal(100 * float(value), 0)
            write_in_cell(axes, (x, y), text, fills[y][x], look, fontsize=8)
    place = N_AXES - AXES[0], N_CLUSTERS - CLUSTERS[0]
    axes.add_patch(Rectangle(place, 1, 1, fill=False, edgecolor=look.ink, lw=1.6, zorder=3))
    axes.set_xlim(-0.05, len(AXES) + 0.05)
    axes.set_ylim(len(CLUSTERS) + 0.05, -0.05)
    axes.set_xticks(np.arange(len(AXES)) + 0.5, list(map(str, AXES)))
    axes.set_yticks(np.arange(len(CLUSTERS)) + 0.5, list(map(str, CLUSTERS)))
    hide_frame(axes)
