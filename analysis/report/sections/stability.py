"""How much the clusters owe to the settings and to chance (thesis, section IV.D).

The thesis clusters on five axes, cuts five clusters and consolidates.  Each *setting* is changed
here while the correspondence analysis stays the same, and the partition is compared with the
printed one by the adjusted Rand index and by the share of doctors who stay in their cluster
(`analysis.statistics.agreement`).  With other settings the partition of the rebuilt rows is not
determined by print, so that the share is also given over members of the ensemble, evenly taken.

A clustering finds clusters in anything.  Three things tell whether those of the thesis are more
than that.  *Bootstrap*: as many doctors are drawn with replacement from a group, and clustered
again; the adjusted Rand index says how far both partitions agree on the doctors drawn, the recovery
of a cluster how like it the nearest new one is (`analysis.statistics.agreement`).  *Open rows*:
print allows other tables with the same clusters, whose doctors are drawn and clustered likewise.
*Shuffled answers*: each question's answers are dealt to the doctors of the group anew, so that no
answer goes with any other; what is then found, and found again, is due to the method and to rare
answers alone.  A cluster is set beside those that have its rank by size in the shuffled tables,
since a handful of doctors with one rare answer is easily found again.

References
----------
Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics and Data
Analysis 52, 258-271. doi:10.1016/j.csda.2006.11.025
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.report.inline import by_source
from analysis.report.show.figures import LEADING, Figure, key, part, sheet, write
from analysis.report.show.french import UNDEFINED, Text, count, decimal, percentage, spell
from analysis.report.show.theme import WIDTH, Theme
from analysis.results import clusters
from analysis.results.clusters import MOST_AXES, N_AXES
from analysis.statistics import hcpc, mca
from analysis.statistics.agreement import adjusted_rand_index, matched_share, recovery
from analysis.survey import Group, is_rebuilt
from analysis.survey.labels import GROUPS, ROMAN
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STABLE = 0.75
"""The mean recovery from which Hennig takes a cluster for stable."""
_SEED = 2007
_DRAWS = 40
_SHUFFLED = 20
"""Tables of shuffled answers: a cluster found again better than in all of them is so at 5 %."""
_DRAWS_OF_SHUFFLED = 3
_STEP = 8
"""One member of the ensemble in so many is drawn from, once."""
AXES = range(2, MOST_AXES + 1)
CLUSTERS = range(3, 9)
_CLUSTERED_AGAIN = 20
"""One member of the ensemble in so many is clustered again."""


def numbers() -> dict[str, Text]:
    """Compute the numbers of both sections' sentences, in French.

    Returns
    -------
    dict of str to Text
        ``settings`` counts the settings other than those of the thesis; of each group, ``same_…``
        counts those that give its partition again, ``kept_tree_…`` is the share of doctors who
        stay in their cluster without consolidation, ``possible_tree_…`` and ``possible_6_…`` what
        it is over ``sampled`` members of the ensemble, without consolidation and on six axes, and
        ``suggested_axes_…`` says how many clusters R suggests, by the number of axes.

        ``threshold`` is the recovery that Hennig asks of a stable cluster, ``several`` spells how
        many clusters have several doctors; ``reached`` and ``beyond_shuffled`` say how many of
        those have it, and are found again better than all of their rank by size in shuffled
        answers. ``draws`` and ``shuffles`` count draws and tables of shuffled answers; ``rand_…``
        and ``rand_shuffled_…`` are the mean adjusted Rand indices of their draws.
    """
    recovered = _of_several()
    reached = sum(own >= STABLE for own, _ in recovered)
    beyond = sum(bool((own > others).all()) for own, others in recovered)
    found = {
        "settings": count(len(AXES) * len(CLUSTERS) * 2 - 1),
        "sampled": count(len(_of_members("users"))),
        "threshold": decimal(STABLE, 2),
        "several": spell(len(recovered)),
        "reached": _said(
            reached, "aucune n’atteint ce seuil", "une seule l’atteint", "l’atteignent"
        ),
        "beyond_shuffled": _said(beyond, "aucune ne fait", "une seule fait", "font"),
        "draws": count(_DRAWS),
        "shuffles": spell(_SHUFFLED),
    }
    for group in GROUPS:
        table, members = settings(group), _of_members(group)
        own = table.set_index(["axes", "clusters", "consolidated"])["share"]
        shuffled = [each.rand for each in of_shuffled(group)] or [np.empty(0)]
        suggested = sorted(map(int, table["suggested"]))
        found |= {
            f"same_{group}": _none_or_one(int((table["rand"] == 1).sum()) - 1),
            f"kept_tree_{group}": percentage(100 * float(own[N_AXES, N_CLUSTERS, False]), 0),
            f"suggested_axes_{group}": _span(spell(suggested[0]), spell(suggested[-1])),
            f"rand_{group}": _mean(of_rows(group).rand),
            f"rand_shuffled_{group}": _mean(np.concatenate(shuffled)),
        }
        for name in members:
            ends = (percentage(100 * end, 0) for end in (members[name].min(), members[name].max()))
            found[f"possible_{name}_{group}"] = _span(*ends)
    return found


def _span(low: Text, high: Text) -> Text:
    return Text(f"de {low} à {high}")


# ---- settings ----------------------------------------------------------------------------------


@per_table
def settings(group: Group) -> pd.DataFrame:
    """Cluster a group with every setting, and compare with the partition of the thesis.

    Returns
    -------
    DataFrame
        A row a setting: ``axes``, ``clusters``, ``consolidated``; the ``partition``, a cluster a
        doctor; ``rand`` and ``share``, its agreement with the partition of the thesis; the
        ``suggested`` number of clusters; ``tied``, whether a tie leaves the partition undefined.
    """
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
    for member in stored(group).members[::_CLUSTERED_AGAIN]:
        analysis = mca.fit(member.rows[list(VARIABLES[group])], N_AXES + 1)
        found = {axes: hcpc.fit(analysis, axes, N_CLUSTERS) for axes in (N_AXES, N_AXES + 1)}
        partitions = {str(axes): each.clusters for axes, each in found.items()}
        partitions["tree"] = found[N_AXES].before_consolidation
        rows.append(
            {name: matched_share(member.rows["cluster"], each) for name, each in partitions.items()}
        )
    return pd.DataFrame(rows)


def agreement_figure() -> Figure:
    """Draw the adjusted Rand index of every setting, in hundredths."""
    return Figure("accord", _draw_agreement, 4 * _GRID + 18)


def _draw_agreement(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    top = 0.0
    for group, name in GROUPS.items():
        full = look.users if group == "users" else look.non_users
        table = settings(group)
        for consolidated, own in reversed(list(table.groupby("consolidated"))):
            title = f"{name}, {'avec' if consolidated else 'sans'} consolidation"
            write(page, 0, top + 9, title, look.ink, weight=600)
            values = own.pivot_table("rand", "clusters", "axes").to_numpy()
            _draw_settings(page, top + 20, values, (look.paper, full), look)
            top += _GRID
    write(page, 0, top + 8, "en ligne, le nombre de classes ; en colonne, d’axes", look.muted)


_ROW, _LABELS = 20, 22
"""Height of a cell, and room for the number of clusters, in pixels."""
_GRID = 20 + _ROW * len(CLUSTERS) + 26


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


# ---- draws -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stability:
    """How well the clusters of some table are found again in samples of its doctors.

    Attributes
    ----------
    sizes : ndarray of shape (clusters,)
        Doctors of each cluster of the table.
    rand : ndarray of shape (draws,)
        Adjusted Rand index of each draw's partition with the first one.
    recovered : ndarray of shape (draws, clusters)
        Recovery of each cluster; NaN where none of its doctors was drawn.
    """

    sizes: IntArray
    rand: FloatArray = field(repr=False, compare=False)
    recovered: FloatArray = field(repr=False, compare=False)

    @property
    def by_cluster(self) -> FloatArray:
        """Mean recovery of each cluster over the draws; NaN where it was never drawn."""
        drawn = ~np.isnan(self.recovered)
        total = np.where(drawn, self.recovered, 0).sum(axis=0)
        mean: FloatArray = np.full(len(total), np.nan)
        np.divide(total, drawn.sum(axis=0), out=mean, where=total > 0)
        return mean


@per_table
def of_rows(group: Group) -> Stability:
    """Draw from the table in use."""
    return _draw(_answers(group), clusters.clustering(group).clusters, _DRAWS, _generator(group, 0))


@cache
def of_members(group: Group) -> Stability:
    """Draw once from each of some members of the ensemble, evenly taken."""
    generator = _generator(group, 1)
    return _pooled(
        _draw(
            member.rows[list(VARIABLES[group])].astype("category"),
            member.rows["cluster"].to_numpy(),
            1,
            generator,
        )
        for member in stored(group).members[::_STEP]
    )


@per_table
def of_shuffled(group: Group) -> tuple[Stability, ...]:
    """Shuffle the answers of the table in use, cluster them, and draw from them; several times."""
    generator, answers = _generator(group, 2), _answers(group)
    found = []
    for _ in range(_SHUFFLED):
        shuffled = _shuffle(answers, generator)
        partition = _partition(shuffled)
        if partition is not None:
            found.append(_draw(shuffled, partition, _DRAWS_OF_SHUFFLED, generator))
    return tuple(found)


def _shuffle(answers: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """Deal the answers to each question to the doctors anew."""
    return pd.DataFrame(
        {
            name: values.array[generator.permutation(len(answers))]
            for name, values in answers.items()
        }
    )


def _draw(
    answers: pd.DataFrame, partition: IntArray, times: int, generator: np.random.Generator
) -> Stability:
    """Draw doctors with replacement, cluster them, and compare with the clusters they come from."""
    rand, recovered = [], []
    for _ in range(times):
        drawn = np.sort(generator.integers(0, len(answers), len(answers)))
        found = _partition(answers.iloc[drawn].reset_index(drop=True))
        if found is None:
            continue
        # A doctor drawn twice is one doctor, in one cluster.
        doctors, first = np.unique(drawn, return_index=True)
        before, after = partition[doctors], found[first]
        rand.append(adjusted_rand_index(before, after))
        of_each = recovery(before, after)
        recovered.append([of_each.get(number, np.nan) for number in range(1, N_CLUSTERS + 1)])
    sizes = np.bincount(partition, minlength=N_CLUSTERS + 1)[1:]
    return Stability(sizes, np.array(rand), np.reshape(recovered, (-1, N_CLUSTERS)))


def _partition(answers: pd.DataFrame) -> IntArray | None:
    """Cluster as the thesis did; None for answers too poor for it, as a draw of few doctors has."""
    try:
        return hcpc.fit(mca.fit(answers, N_AXES), N_AXES, N_CLUSTERS).clusters
    except ValueError:
        return None


def _pooled(draws: Iterable[Stability]) -> Stability:
    parts = tuple(draws)
    return Stability(
        parts[0].sizes,
        np.concatenate([each.rand for each in parts]),
        np.concatenate([each.recovered for each in parts]),
    )


def _answers(group: Group) -> pd.DataFrame:
    return clusters.answers(group)[list(VARIABLES[group])]


def _generator(group: Group, use: int) -> np.random.Generator:
    return np.random.default_rng([_SEED, list(GROUPS).index(group), use])


def _alike(group: Group) -> list[FloatArray]:
    """Give the recoveries of the clusters of shuffled answers, by the rank of size of ours."""
    shuffled = [each.by_cluster[_by_size(each.sizes)] for each in of_shuffled(group)]
    ranked = np.reshape(shuffled, (-1, N_CLUSTERS))
    rank = np.argsort(_by_size(of_rows(group).sizes))
    columns = [ranked[:, place] for place in rank]
    return [column[~np.isnan(column)] for column in columns]


def _by_size(sizes: IntArray) -> IntArray:
    order: IntArray = np.argsort(-sizes, kind="stable")
    return order


def _mean(values: FloatArray) -> Text:
    return decimal(float(values.mean()), 2) if len(values) else UNDEFINED


def _of_several() -> list[tuple[float, FloatArray]]:
    """Give the recoveries of the clusters of several doctors, and of those of their rank."""
    found = []
    for group in GROUPS:
        own = of_rows(group)
        pairs = zip(own.by_cluster, _alike(group), strict=True)
        found += [pair for pair, size in zip(pairs, own.sizes, strict=True) if size > 1]
    return found


def _none_or_one(number: int) -> Text:
    return Text({0: "aucun", 1: "un seul"}.get(number, spell(number)))


def _said(number: int, none: str, one: str, several: str) -> Text:
    return Text({0: none, 1: one}.get(number, f"{spell(number)} {several}"))


def stability_figure() -> Figure:
    """Draw how well each cluster is found again, beside those of shuffled answers."""
    return Figure("tirages", _draw_stability, len(GROUPS) * _PANEL + 4 * LEADING)


_PITCH = 28
_PANEL = 24 + 5 * _PITCH + 26


def _draw_stability(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    for place, (group, name) in enumerate(GROUPS.items()):
        write(page, 0, place * _PANEL + 9, name, look.ink, weight=600)
        top = place * _PANEL + 22
        axes = part(canvas, 52, top, WIDTH - 52 - 12, N_CLUSTERS * _PITCH, keep="bottom")
        _draw_group(axes, group, look)
    bottom = len(GROUPS) * _PANEL
    write(
        page, 0, bottom + 8, "Indice de Jaccard moyen ; en tirets, le seuil de Hennig", look.muted
    )
    own = by_source("jeu reconstitué", "réponses du fichier")
    kinds = {own: _OWN, "autres jeux retrouvés": _OTHERS, "réponses mélangées": _MIXED}
    if not is_rebuilt():
        del kinds["autres jeux retrouvés"]
    entries = [(name, "mark", {"color": look.ink, **style}) for name, style in kinds.items()]
    key(page, bottom + 8 + LEADING + 4, entries, look)


_OWN: dict[str, Any] = {"marker": "o", "ms": 7}
_OTHERS: dict[str, Any] = {"marker": "D", "ms": 5.5, "mfc": "none", "mew": 1.3}
_MIXED: dict[str, Any] = {"marker": "|", "ms": 8, "mew": 1}


def _draw_group(axes: Axes, group: Group, look: Theme) -> None:
    colour = look.users if group == "users" else look.non_users
    places = np.arange(N_CLUSTERS)
    axes.axvline(STABLE, color=look.muted, lw=0.8, ls=(0, (4, 2)), zorder=1)
    # One under the other, so that none hides another.
    for place, found in enumerate(_alike(group)):
        heights = np.full(len(found), place + 0.27)
        axes.plot(found, heights, color=look.muted, ls="", **_MIXED)
    if is_rebuilt():
        axes.plot(of_members(group).by_cluster, places, color=colour, ls="", **_OTHERS)
    axes.plot(of_rows(group).by_cluster, places - 0.25, color=colour, ls="", **_OWN)
    sizes = clusters.clustering(group).sizes
    axes.set_yticks(places, [f"{name} ({size})" for name, size in zip(ROMAN, sizes, strict=True)])
    axes.set_ylim(N_CLUSTERS - 0.5, -0.6)
    axes.set_xlim(0, 1.03)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0,25", "0,5", "0,75", "1"])
    axes.hlines(places[1:] - 0.5, 0, 1.03, color=look.rule, lw=0.6, zorder=0)
    axes.tick_params(axis="y", length=0)
