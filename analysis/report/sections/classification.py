"""Section IV.D: the profiles of users and of non-users, cluster by cluster.

The thesis clusters each group apart, and describes every cluster by the categories that are more or
less frequent in it than in the group.  Here each of its tables is computed from the clustered rows,
each of its sentences that states a number or a majority is measured again, and the clusters are
held against other settings and other draws (`analysis.results.stability`).

In the figures a cluster has a colour, a marker and its Roman number, so that none of them has to be
told by its colour.  The colours are of Tol's muted scheme, chosen to differ in lightness as well.

References
----------
Tol, P. (2021). Colour schemes. SRON technical note SRON/EPS/TN/09-002.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from analysis.printed import Verdict, compare, read_table
from analysis.reconstruction.bounds import Bounds, known, told_apart
from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.respondents import is_named
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.report.inline import by_source
from analysis.report.register import registered_as
from analysis.report.sections import annexe_vi
from analysis.report.show.figures import (
    LEADING,
    Figure,
    Style,
    beside,
    key,
    part,
    plane,
    sheet,
    write,
)
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    as_printed,
    count,
    decimal,
    listed,
    lower_first,
    percent,
    percentage,
    small_p_value,
    source_lines,
    spell,
)
from analysis.report.show.tables import Cell, Row, Table, count_cell
from analysis.report.show.theme import WIDTH, Theme
from analysis.results import clusters, speed, stability
from analysis.results.clusters import Clustered
from analysis.survey import Group, is_rebuilt
from analysis.survey.labels import GROUPS, LEVELS, ROMAN
from analysis.survey.labels import VARIABLES as NAMES
from analysis.survey.question import EITHER, Condition, Question, ask

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


FloatArray = NDArray[np.float64]


def numbers() -> dict[str, Text]:
    """Compute the numbers of the section's sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        ``clusters`` and ``axes`` are those of the clustering, ``statements`` and
        ``statements_match`` count the statements of the descriptions, and those that are exact in
        every reading. Of each group, ``suggested_…`` is the number of clusters that the gains of
        inertia suggest, ``suggesting_…`` counts the members of the ensemble, of ``members_…``, that
        suggest the printed one; ``inertia_…`` is the share of the inertia on the first three axes,
        ``between_before_…`` and ``between_after_…`` that between the clusters on the axes used,
        before and after the consolidation, which puts ``moved_…`` doctors in another cluster;
        ``pairs_…`` counts the pairs of a category and a cluster, each of which has its test, and
        ``open_…`` those whose number of doctors print leaves open; ``cells_…`` counts the cells of
        the chi2 tests, and ``small_cells_…`` those whose expected count is below five.
        ``lone_doctor`` is the share of the users' first axis that cluster V makes.

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

        ``speed_tables`` is how many tables the timed programs were given, ``same_ours`` and the
        like for how many of them one has the partition of R, ``speed_day`` the day, and
        ``times_as_fast`` the least and the greatest number of times that ours is as fast as R,
        rounded down.
    """
    users, others = map(clusters.of, GROUPS)
    contributions = users.correspondences.rows.contributions.iloc[:, 0].to_numpy()
    lone = users.clustering.clusters == N_CLUSTERS
    stated = _descriptive()
    recovered = [*_of_several(users), *_of_several(others)]
    reached = sum(again >= stability.STABLE for again, _ in recovered)
    beyond = sum(bool((again > shuffled).all()) for again, shuffled in recovered)
    found = {
        "clusters": spell(N_CLUSTERS),
        "axes": spell(clusters.N_AXES),
        "lone_doctor": percentage(float(contributions[lone].sum()), 0),
        "statements": count(len(stated)),
        "statements_match": count(sum(verdict(each) is Verdict.MATCH for each in stated)),
        "settings": count(len(stability.AXES) * len(stability.CLUSTERS) * 2 - 1),
        "sampled": count(len(stability.kept_in_members("users"))),
        "threshold": decimal(stability.STABLE, 2),
        "several": spell(len(recovered)),
        "reached": _said(
            reached, "aucune n’atteint ce seuil", "une seule l’atteint", "l’atteignent"
        ),
        "beyond_shuffled": _said(beyond, "aucune ne fait", "une seule fait", "font"),
        "draws": count(stability.DRAWS),
        "shuffles": spell(stability.SHUFFLED),
    }
    for own in (users, others):
        of_group = _of_clustering(own) | _of_settings(own) | _of_draws(own)
        found |= {f"{name}_{own.group}": text for name, text in of_group.items()}
    return found | _of_speed()


def _of_clustering(clustered: Clustered) -> dict[str, Text]:
    own, eigenvalues = clustered.clustering, clustered.correspondences.eigenvalues
    expected = [clustered.independence(name).expected for name in clustered.answers]
    is_open = [clusters.is_open(clustered.group, name).to_numpy() for name in clustered.answers]
    ensemble = stored(clustered.group)
    return {
        "suggested": spell(own.suggested),
        "suggesting": count(len(ensemble.suggesting)),
        "members": count(len(ensemble)),
        "inertia": percentage(100 * float(eigenvalues[:3].sum() / eigenvalues.sum()), 0),
        "between_before": percentage(100 * own.between_before, 0),
        "between_after": percentage(100 * own.between_after, 0),
        "moved": spell(int((own.clusters != own.before_consolidation).sum())),
        "pairs": count(sum(map(len, clustered.described.values()))),
        "open": count(sum(int(each.sum()) for each in is_open)),
        "small_cells": count(sum(int((each < 5).sum()) for each in expected)),
        "cells": count(sum(each.size for each in expected)),
    }


def _of_settings(own: Clustered) -> dict[str, Text]:
    table = stability.settings(own)
    kept = table.set_index(["axes", "clusters", "consolidated"])["share"]
    same, suggested = int((table["rand"] == 1).sum()) - 1, table["suggested"]
    found = {
        "same": _said(same, "aucun", "un seul"),
        "kept_tree": percentage(100 * kept[clusters.N_AXES, N_CLUSTERS, False], 0),
        "suggested_axes": Text(f"de {spell(suggested.min())} à {spell(suggested.max())}"),
    }
    for name, shares in stability.kept_in_members(own.group).items():
        low, high = (percentage(100 * end, 0) for end in (shares.min(), shares.max()))
        found[f"possible_{name}"] = Text(f"de {low} à {high}")
    return found


def _of_draws(own: Clustered) -> dict[str, Text]:
    shuffled = (each.rand for each in stability.of_shuffled(own))
    indices = {
        "rand": stability.of_rows(own).rand,
        "rand_shuffled": np.concatenate([[], *shuffled]),
    }
    return {
        name: decimal(found.mean(), 2) if len(found) else UNDEFINED
        for name, found in indices.items()
    }


def _of_several(own: Clustered) -> list[tuple[float, FloatArray]]:
    """Give how well each cluster of several doctors, and those of shuffled answers, are found."""
    drawn = stability.of_rows(own)
    found_again = zip(drawn.sizes, drawn.by_cluster, stability.alike(own), strict=True)
    return [(again, shuffled) for size, again, shuffled in found_again if size > 1]


def _of_speed() -> dict[str, Text]:
    runs = speed.measured()
    seconds = runs.pivot_table("seconds", "rows", "program")
    ratios = (seconds["R"] / seconds["ours"]).astype(int)
    same = runs.groupby("program")["same"].sum()
    return {
        "speed_tables": spell(len(seconds)),
        "speed_day": Text("/".join(reversed(runs["date"].iloc[0].split("-")))),
        "times_as_fast": Text(f"{count(ratios.min())} à {count(ratios.max())}"),
        **{f"same_{name}": spell(n) if n else Text("aucun") for name, n in same.items()},
    }


def _said(number: int, none: str, one: str, several: str = "") -> Text:
    return Text({0: none, 1: one}.get(number, f"{spell(number)} {several}".strip()))


# ---- how the clustering proceeds ---------------------------------------------------------------

_MOST_SHOWN = 10
_GAINS = 150


def gains_figure() -> Figure:
    """Draw the inertia that each further cluster gains in both groups, and where trees are cut."""
    return Figure("gains", _draw_gains, 20 + 2 * _GAINS + 18)


def _draw_gains(canvas: Canvas, look: Theme) -> None:
    axes, step = sheet(canvas), WIDTH / (_MOST_SHOWN - 1)
    write(axes, 0, 9, "inertie gagnée", look.muted)
    shown = {group: clusters.of(group).clustering.gains[: _MOST_SHOWN - 1] for group in GROUPS}
    scale = (_GAINS - 50) / max(gains[0] for gains in shown.values())
    for foot, (group, gains) in zip((_GAINS - 2, 2 * _GAINS - 2), shown.items(), strict=True):
        colour, top = getattr(look, group), foot - _GAINS + 66
        write(axes, WIDTH, top - 18, GROUPS[group], look.ink, ha="right", weight=600)
        for number, gain in enumerate(gains, start=2):
            x, height = step * (number - 1.5), scale * gain
            fill = colour if number <= N_CLUSTERS else look.paper
            axes.bar(x, -height, 22, foot, color=fill, edgecolor=colour, lw=1.1)
            write(axes, x, foot - height - 8, decimal(gain, 2), look.ink, ha="center")
            write(axes, x, foot + 10, str(number), look.muted, ha="center")
        cut = step * (N_CLUSTERS - 1)
        axes.vlines(cut, top, foot, color=look.ink, lw=1, ls=(0, (4, 2)))
        write(axes, cut + 4, top, "coupe", look.ink)
    write(axes, WIDTH, 20 + 2 * _GAINS + 8, "nombre de classes", look.muted, ha="right")


_OVER, _RUN, _BEFORE, _AFTER = 28, 20, 104, 56
"""Heights, and the width of the names and of the times, in pixels."""
_PROGRAMS = {"ours": "ce livre", "R": "R, FactoMineR"}


def speed_figure() -> Figure:
    """Draw the time of each program on each table, on a scale of powers of ten."""
    runs = speed.measured()
    height = 20 + _OVER * runs["rows"].nunique() + _RUN * len(runs) + LEADING + 8
    return Figure("vitesse", partial(_draw_speed, runs=runs), height)


def _draw_speed(canvas: Canvas, look: Theme, *, runs: pd.DataFrame) -> None:
    axes = sheet(canvas)
    same: Style = {"marker": "o", "ms": 8, "color": look.users}
    other: Style = {"marker": "s", "ms": 7, "mfc": look.paper, "mec": look.non_users, "mew": 1.8}
    entries = [("la partition de R", "mark", same), ("une autre", "mark", other)]
    top = key(axes, 8, entries, look) + 12
    tens = np.log10(runs["seconds"])
    low, high = math.floor(tens.min()), math.ceil(tens.max())
    lines = np.linspace(_BEFORE + 8, WIDTH - _AFTER + 8, high - low + 1)
    bottom = top + _OVER * runs["rows"].nunique() + _RUN * len(runs)
    for power, x in list(zip(range(low, high + 1), lines, strict=True))[::2]:
        text = decimal(10.0**power, max(0, -power)) + NBSP + "s"
        write(axes, x, bottom + 10, text, look.muted, ha="center")
    for _, own in runs.groupby("rows"):
        first = own.iloc[0]
        title = f"{count(first['rows'])} lignes, {count(first['variables'])} variables"
        write(axes, 0, top + _OVER - 11, title, look.ink, weight=600)
        top += _OVER
        for run in own.itertuples():
            axes.vlines(lines, top, top + _RUN, color=look.rule, lw=0.8, zorder=0)
            x, y = np.interp(tens[run.Index], range(low, high + 1), lines), top + _RUN / 2
            write(axes, 0, y, _PROGRAMS.get(run.program, run.program), look.ink)
            axes.plot(x, y, ls="", **(same if run.same else other))
            write(axes, x + 9, y, _seconds(run.seconds), look.ink)
            top += _RUN


def _seconds(value: float) -> str:
    """Write a duration in two digits or more."""
    return decimal(value, max(0, 1 - math.floor(math.log10(value)))) + NBSP + "s"


# ---- the ten profiles --------------------------------------------------------------------------

_HEAD, _TITLE, _ROW, _COLUMN = 34, 26, 21, 30
"""Heights and the width of a cell, in pixels."""
_STRONGEST = 6.0
"""The v.test from which a cell has the full colour."""


def _heat_map(group: Group) -> Figure:
    """Draw which categories mark the clusters of a group: the v.test of each in each of them."""
    counts = clusters.of(group).counts
    height = _HEAD + _ROW * sum(map(len, counts.values())) + _TITLE * len(counts) + 1
    return Figure(f"profils-{group}", partial(_draw_heat_map, group=group), height)


users_heat_map_figure, non_users_heat_map_figure = (partial(_heat_map, group) for group in GROUPS)


def _draw_heat_map(canvas: Canvas, look: Theme, *, group: Group) -> None:
    axes, own = sheet(canvas), clusters.of(group)
    middles = WIDTH - 1 - _COLUMN * np.arange(N_CLUSTERS - 0.5, 0, -1)
    for x, name, size in zip(middles, ROMAN, own.clustering.sizes, strict=True):
        write(axes, x, 17, f"{name}\n({size})", look.ink, ha="center")
    top = float(_HEAD)
    for variable, counts in own.counts.items():
        write(axes, 0, top + _TITLE - 10, NAMES[variable], look.ink, weight=600)
        top += _TITLE
        is_open = clusters.is_open(group, variable)
        for level in counts.index:
            y = top + _ROW / 2
            write(axes, 0, y, LEVELS[variable].get(level, "Sans réponse"), look.ink)
            for number, x in enumerate(middles, start=1):
                hatched = is_rebuilt() and bool(is_open.loc[level, number])
                _draw_v_test(axes, (x, y), own.described[number][variable, level], look, hatched)
            top += _ROW


def _draw_v_test(
    axes: Axes, middle: tuple[float, float], row: clusters.Row, look: Theme, hatched: bool
) -> None:
    """Draw a cell: filled where a category is more frequent, framed where it is less so."""
    fill, edge = look.paper, look.rule
    if row.is_significant and row.v_test > 0:
        fill, edge = look.between((look.paper, look.users), row.v_test / _STRONGEST), look.users
    size = (_COLUMN - 2, _ROW - 2)
    _box(axes, middle, size, facecolor=fill, edgecolor=edge, lw=0.6)
    if hatched:
        _box(axes, middle, size, fill=False, edgecolor=look.muted, lw=0, hatch="////")
    if row.is_significant:
        if row.v_test < 0:
            _box(axes, middle, size, fill=False, edgecolor=look.non_users, lw=1.8)
        text = ("+" if row.v_test > 0 else "") + decimal(row.v_test, 1)
        write(axes, *middle, text, look.on(fill), ha="center", weight=600)


def _box(axes: Axes, middle: tuple[float, float], size: tuple[float, float], **style: Any) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    corner = (middle[0] - size[0] / 2, middle[1] - size[1] / 2)
    axes.add_patch(Rectangle(corner, *size, **style))


_PROFILES: dict[Group, tuple[str, ...]] = {
    "users": (
        "Libéraux seuls, la cinquantaine, dont tous les quotidiens",
        "La quarantaine en cabinet de groupe, pour créer des dossiers",
        "La trentaine, pour ajouter des documents",
        "Venus une fois voir, pour consulter",
        "Un seul médecin, de plus de 70 ans",
    ),
    "non_users": (
        "La quarantaine : ni besoin, ni temps",
        "Les 60 à 69 ans",
        "Ne savent pas comment accéder au DMP",
        "Lieu d’exercice non équipé",
        "Logiciel incompatible",
    ),
}
"""Names of the clusters: each says what print determines."""


def ten_profiles() -> Table:
    """Set out the ten clusters, a name each."""
    columns: list[Sequence[str]] = []
    for group, profiles in _PROFILES.items():
        columns += [profiles, [count(size) for size in clusters.of(group).clustering.sizes]]
    rows = [Row.of(name, *texts) for name, *texts in zip(ROMAN, *columns, strict=True)]
    header = ("Classe", *(title for name in GROUPS.values() for title in (name, "Effectif")))
    return Table("dix-profils", header, tuple(rows), align="left")


# ---- the sentences -----------------------------------------------------------------------------


def possible(question: str, of: str) -> Text:
    """Give a share over all the tables that print allows, from the least to the greatest.

    Parameters
    ----------
    question, of : str
        As `analysis.survey.ask` reads them.

    Examples
    --------
    >>> possible("purpose=ajout", of="users & age=30-39").replace(NBSP, " ")
    'de 53 % à 74 %'
    """
    return _range(possible_shares(ask(question, of)))


def _range(shares: Sequence[Fraction]) -> Text:
    least, greatest = percentage(shares[0], 0), percentage(shares[-1], 0)
    return least if least == greatest else Text(f"de {least} à {greatest}")


@cache
def possible_shares(asked: Question) -> tuple[Fraction, ...]:
    """Give the shares that print allows, proved, in percent; it has to determine the base."""
    whole, together = _proved(asked.whole), _proved(asked.together)
    assert whole.is_determined
    parts = range(together.lower, together.upper + 1)
    return tuple(Fraction(100 * each, whole.lower) for each in parts)


def _proved(asked: Question) -> Bounds:
    """Give the bounds of a count of doctors, one condition of which may be of either barrier."""
    (group,) = asked.groups
    plain = tuple(each for each in asked.conditions if each.variable not in EITHER)
    everyone = known(Question(plain), group)
    if plain == asked.conditions:
        return everyone
    (either,) = (set(each.levels) for each in asked.conditions if each.variable in EITHER)
    first, second = (
        tuple(name for name in told_apart(group, column) if name not in either)
        for column in EITHER["barrier"]
    )
    # A second barrier that the source does not name may be one of them.
    named = second if either <= {"besoin"} else tuple(filter(is_named, second))
    surely, possibly = (
        known(Question((*plain, Condition("barrier_1", first), Condition("barrier_2", own))), group)
        for own in (second, named)
    )
    least, most = everyone.lower - surely.upper, everyone.upper - possibly.lower
    return Bounds(least, most, least, most)


# ---- settings and draws ------------------------------------------------------------------------

_LABELS, _LINE = 22, 20
"""Room for the number of clusters, and height of a cell, in pixels."""
_GRID = 20 + _LINE * len(stability.CLUSTERS) + 26


def agreement_figure() -> Figure:
    """Draw the adjusted Rand index of every setting, in hundredths."""
    return Figure("accord", _draw_agreement, 4 * _GRID + 18)


def _draw_agreement(canvas: Canvas, look: Theme) -> None:
    page, top = sheet(canvas), 0.0
    for group, name in GROUPS.items():
        table, scale = stability.settings(clusters.of(group)), (look.paper, getattr(look, group))
        for consolidated in (True, False):
            title = f"{name}, {'avec' if consolidated else 'sans'} consolidation"
            write(page, 0, top + 9, title, look.ink, weight=600)
            own = table.loc[table["consolidated"] == consolidated]
            _draw_settings(page, top + 20, own.pivot_table("rand", "clusters", "axes"), scale, look)
            top += _GRID
    write(page, 0, top + 8, "en ligne, le nombre de classes ; en colonne, d’axes", look.muted)


def _draw_settings(
    page: Axes, top: float, indices: pd.DataFrame, scale: Sequence[str], look: Theme
) -> None:
    size = width, height = (WIDTH - _LABELS - 1) / len(indices.columns), _LINE
    columns = dict(
        zip(indices, _LABELS + width * (np.arange(len(indices.columns)) + 0.5), strict=True)
    )
    rows = dict(zip(indices.index, top + height * (np.arange(len(indices)) + 0.5), strict=True))
    for number, y in rows.items():
        write(page, _LABELS - 8, y, str(number), look.muted, ha="right")
        for axes, x in columns.items():
            value = indices.loc[number, axes]
            fill = look.between(scale, value)
            _box(page, (x, y), size, facecolor=fill, edgecolor=look.rule, lw=0.6)
            write(page, x, y, decimal(100 * value, 0), look.on(fill), ha="center")
    for axes, x in columns.items():
        write(page, x, top + height * len(rows) + 9, str(axes), look.muted, ha="center")
    of_thesis = columns[clusters.N_AXES], rows[N_CLUSTERS]
    _box(page, of_thesis, size, fill=False, edgecolor=look.ink, lw=1.8, zorder=3)


_PITCH = 28
_PANEL = 24 + 5 * _PITCH + 26
_OWN: Style = {"marker": "o", "ms": 7}
_OTHERS: Style = {"marker": "D", "ms": 5.5, "mfc": "none", "mew": 1.3}
_MIXED: Style = {"marker": "|", "ms": 8, "mew": 1}


def stability_figure() -> Figure:
    """Draw how well each cluster is found again, beside those of shuffled answers."""
    return Figure("tirages", _draw_stability, len(GROUPS) * _PANEL + 4 * LEADING)


def _draw_stability(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    for place, (group, name) in enumerate(GROUPS.items()):
        write(page, 0, place * _PANEL + 9, name, look.ink, weight=600)
        top = place * _PANEL + 22
        axes = part(canvas, 52, top, WIDTH - 52 - 12, N_CLUSTERS * _PITCH, keep="bottom")
        _draw_draws(axes, clusters.of(group), look)
    bottom = len(GROUPS) * _PANEL + 8
    write(page, 0, bottom, "Indice de Jaccard moyen ; en tirets, le seuil de Hennig", look.muted)
    own = by_source("jeu reconstitué", "réponses du fichier")
    kinds = {own: _OWN, "autres jeux retrouvés": _OTHERS, "réponses mélangées": _MIXED}
    if not is_rebuilt():
        del kinds["autres jeux retrouvés"]
    entries = [(name, "mark", {"color": look.ink, **style}) for name, style in kinds.items()]
    key(page, bottom + LEADING + 4, entries, look)


def _draw_draws(axes: Axes, own: Clustered, look: Theme) -> None:
    colour, places = getattr(look, own.group), np.arange(N_CLUSTERS)
    axes.axvline(stability.STABLE, color=look.muted, lw=0.8, ls=(0, (4, 2)), zorder=1)
    # One under the other, so that none hides another.
    for place, found in enumerate(stability.alike(own)):
        axes.plot(found, np.full(len(found), place + 0.27), color=look.muted, ls="", **_MIXED)
    if is_rebuilt():
        axes.plot(stability.of_members(own.group), places, color=colour, ls="", **_OTHERS)
    axes.plot(stability.of_rows(own).by_cluster, places - 0.25, color=colour, ls="", **_OWN)
    names = zip(ROMAN, own.clustering.sizes, strict=True)
    axes.set_yticks(places, [f"{name} ({size})" for name, size in names])
    axes.set(xlim=(0, 1.03), ylim=(N_CLUSTERS - 0.5, -0.6))
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0,25", "0,5", "0,75", "1"])
    axes.hlines(places[1:] - 0.5, 0, 1.03, color=look.rule, lw=0.6, zorder=0)
    axes.tick_params(axis="y", length=0)


# ---- to verify: trees and maps -----------------------------------------------------------------

MARKERS = ("o", "s", "^", "D", "*")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.2, 1)), (0, (5, 1.5, 1.2, 1.5)), "-")
_SIZES = (24, 22, 26, 24, 64)
"""Areas of the markers that look alike, in square points."""
_TREE, _PLANE = 300, 250
"""Heights, in pixels."""


def _tree(group: Group) -> Figure:
    """Draw Ward's tree of a group and its cut."""
    return Figure(f"arbre-{group}", partial(_draw_tree, group=group), _TREE)


def _map(group: Group) -> Figure:
    """Draw a group on the first three axes, by cluster."""
    return Figure(f"plan-{group}", partial(_draw_map, group=group), 40 + 2 * _PLANE)


users_tree_figure, non_users_tree_figure = (partial(_tree, group) for group in GROUPS)
users_map_figure, non_users_map_figure = (partial(_map, group) for group in GROUPS)


def _looks(look: Theme) -> Iterator[tuple[int, str, str, str, Any, float]]:
    """Yield each cluster, its number, colour, marker, dashes and the area of its marker."""
    numbers = range(1, N_CLUSTERS + 1)
    return zip(numbers, ROMAN, look.clusters, MARKERS, DASHES, _SIZES, strict=True)


def _draw_tree(canvas: Canvas, look: Theme, *, group: Group) -> None:
    """Draw the tree of the profiles of a group, its cut and where the doctors end."""
    found = clusters.of(group).clustering
    write(sheet(canvas), 0, 9, "inertie gagnée en séparant", look.muted)
    axes = part(canvas, 24, 20, WIDTH - 30, _TREE - 22, keep="left")
    _, first, doctors = np.unique(found.profile, return_index=True, return_counts=True)
    cut, final = found.before_consolidation[first], found.clusters[first]
    # The colours that SciPy hands back are the names of the unions, in the order of its lines.
    drawn = scipy.cluster.hierarchy.dendrogram(
        found.tree.linkage, no_plot=True, link_color_func=str
    )
    leaves = np.array(drawn["leaves"])
    below = _clusters_below(found.tree.linkage, cut)
    lines = [(look.muted, "-", 1.0), *zip(look.clusters, DASHES, [1.3] * N_CLUSTERS, strict=True)]
    for x, y, union in zip(drawn["icoord"], drawn["dcoord"], drawn["color_list"], strict=True):
        colour, dashes, width = lines[below[int(union)]]
        axes.plot(x, y, color=colour, ls=dashes, lw=width, solid_capstyle="butt")
    places, top = 10 * np.arange(len(leaves)) + 5, float(found.tree.linkage[-1, 2])
    for cluster, numeral, colour, marker, _, size in _looks(look):
        own = final[leaves] == cluster
        areas = size * 0.5 * np.sqrt(doctors[leaves][own])
        style: Style = {"marker": marker, "color": colour, "linewidths": 0, "clip_on": False}
        axes.scatter(places[own], np.full(own.sum(), -0.035 * top), s=areas, **style)
        of_cut = places[cut[leaves] == cluster]
        style = {"ha": "center", "va": "top", "weight": 600, "color": colour}
        axes.text(of_cut.mean(), -0.09 * top, numeral, **style)
        ends = [of_cut.min() - 3.5, of_cut.max() + 3.5]
        axes.plot(ends, [-0.075 * top] * 2, color=colour, lw=1.6, clip_on=False)
    height = float(found.gains[N_CLUSTERS - 2 : N_CLUSTERS].mean())
    axes.axhline(height, color=look.ink, lw=1, ls=(0, (4, 2)))
    beside(axes, (0, height), (4, 4), "coupe", look, xycoords=("axes fraction", "data"))
    axes.set(xlim=(0, 10 * len(leaves)), ylim=(-0.15 * top, 1.03 * top), xticks=[])
    ticks = np.arange(0, top, 0.1)
    axes.set_yticks(ticks, [decimal(tick, 1) for tick in ticks])
    axes.spines["left"].set_bounds(0, top)


def _clusters_below(linkage: FloatArray, cut: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cluster that all points below each union have, 0 where they have several."""
    n_points = len(linkage) + 1
    found = np.concatenate([cut, np.zeros(len(linkage), dtype=np.int64)])
    for union, (left, right) in enumerate(linkage[:, :2].astype(int), start=n_points):
        found[union] = found[left] if found[left] == found[right] else 0
    return found


def _draw_map(canvas: Canvas, look: Theme, *, group: Group) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    clustered = clusters.of(group)
    found, analysis = clustered.clustering, clustered.correspondences
    shares = 100 * analysis.eigenvalues / analysis.eigenvalues.sum()
    names = [f"axe {n + 1} ({percentage(shares[n], 0)} de l’inertie)" for n in range(3)]
    page = sheet(canvas)
    entries = [
        (f"{numeral} ({n})", "line", {"color": colour, "marker": marker, "ls": dashes, "ms": 6})
        for (_, numeral, colour, marker, dashes, _), n in zip(
            _looks(look), found.sizes, strict=True
        )
    ]
    key(page, 9, entries, look)
    # Axis 2 goes up in both panels.
    for top, across in ((40, 0), (40 + _PLANE, 2)):
        write(page, 0, top + 8, names[1], look.muted)
        write(page, WIDTH, top + _PLANE - 14, names[across], look.muted, ha="right")
        axes = plane(canvas, (28, top + 20), (WIDTH - 42, _PLANE - 62), look, 0.8)
        for cluster, _, colour, marker, dashes, size in _looks(look):
            own, doctors = np.unique(found.profile[found.clusters == cluster], return_counts=True)
            points = found.coordinates[own][:, [across, 1]]
            _outline(axes, points, colour, dashes)
            x, y, areas = points[:, 0], points[:, 1], size * np.sqrt(doctors)
            style: Style = {"color": colour, "edgecolors": look.paper, "linewidths": 0.5}
            axes.scatter(x, y, areas, marker=marker, zorder=3, **style)
        axes.margins(0.07)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.tick_params(labelcolor=look.muted)


def _outline(axes: Axes, points: FloatArray, colour: str, dashes: Any) -> None:
    """Draw the convex hull of a cluster; a segment for two points, nothing for one."""
    from matplotlib.patches import Polygon  # noqa: PLC0415

    if np.linalg.matrix_rank(points - points[0]) == 2:
        points = points[scipy.spatial.ConvexHull(points).vertices]
    if len(points) > 1:
        axes.add_patch(Polygon(points, facecolor=colour, edgecolor="none", alpha=0.10, zorder=1))
        axes.add_patch(Polygon(points, fill=False, edgecolor=colour, lw=1.1, ls=dashes, zorder=2))


# ---- to verify: the tables of the thesis -------------------------------------------------------

_TESTED: dict[str, tuple[str, ...]] = {
    "td0u": ("age", "practice_type", "purpose", "frequency"),
    "td0n": ("age", "practice_type", "barrier_1"),
}
_PRINTED = {
    "tdu1": (
        "age=50-59 & practice_type=seul_liberal & frequency=journalier|mensuel"
        " & practice_type=groupe_liberal"
    ),
    "tdu2": "age=40-49 & practice_type=groupe_liberal & frequency=hebdomadaire & purpose=creation",
    "tdu3": "age=30-39 & purpose=ajout",
    "tdu4": "age=60-69 & frequency=curiosite & purpose=consultation",
    "tdn1": "age=40-49 & barrier_1=besoin|temps|manque_info_acces",
    "tdn2": "age=60-69",
    "tdn3": "age=<29 & practice_type=groupe_liberal & barrier_1=manque_info_acces|besoin",
    "tdn4": "barrier_1=equipement",
    "tdn5": "barrier_1=logiciel & barrier_2=besoin",
}
"""The categories that the rows of the thesis's tables are about, in their order."""
_SHORT = {
    **NAMES,
    "age": "Âge",
    "practice_type": "Exercice",
    "frequency": "Fréquence",
    "purpose": "Motif",
}
_ADDED = " ‡"
_ADDED_NOTE = "‡ Significative d’après l’annexe VI, absente du tableau de la thèse."


def _test_table(id_: str, group: Group) -> Table:
    """Test each variable against the clusters, those that the thesis tests first."""
    printed = dict(zip(_TESTED[id_], read_table(id_).itertuples(), strict=True))
    rows = []
    for name in dict.fromkeys((*_TESTED[id_], *VARIABLES[group])):
        found, said = clusters.of(group).independence(name), printed.get(name)
        beside_print = (said.p_value, said.line) if said else ()
        p_value = Cell(small_p_value(found.p_value), (found.p_value,), *beside_print)
        few = f"{int((found.expected < 5).sum())} sur {found.expected.size}"
        statistic, df = decimal(found.statistic, 1), count_cell(found.df)
        rows.append(Row.of(NAMES[name], statistic, df, p_value, few))
    header = ("Variable", "Khi-deux", "Degrés de liberté", "p", f"Effectifs attendus sous{NBSP}5")
    return Table(id_, header, tuple(rows))


td0u, td0n = registered_as({"td0u": ("users",), "td0n": ("non_users",)}, _test_table)


def _profile_table(
    id_: str, group: Group, cluster: int, printed: Mapping[tuple[str, str], annexe_vi.Printed]
) -> Table:
    """Set out a cluster: the rows that the thesis prints, and all that are significant."""
    rows, note = [], ""
    for (variable, category), found, said in annexe_vi.rows_of(group, cluster, printed):
        name = lower_first(LEVELS[variable].get(category, "sans réponse"))
        label = f"{_SHORT[variable]}{NBSP}: {name}"
        if not said:
            label, note = label + _ADDED, _ADDED_NOTE
        texts = (
            _share(found.count, found.of_category),
            _share(found.count, found.of_cluster),
            percent(found.of_category, found.n),
            small_p_value(found.p_value),
            decimal(found.v_test, 2),
        )
        rows.append(Row.of(label, *annexe_vi.cells_of(found, texts, said)))
    header = ("Modalité", "Cla/Mod", "Mod/Cla", "Ensemble", "p", "v.test")
    return Table(id_, header, tuple(rows), note)


def _share(part: int, whole: int) -> str:
    return f"{percent(part, whole)}{NBSP}({count(part)}/{count(whole)})"


def _body_table(id_: str, group: Group, cluster: int) -> Table:
    named = (condition.partition("=") for condition in _PRINTED[id_].split(" & "))
    keys = [(variable, level) for variable, _, levels in named for level in levels.split("|")]
    rows = read_table(id_).to_dict("records")
    return _profile_table(id_, group, cluster, dict(zip(keys, rows, strict=True)))


tdu1, tdu2, tdu3, tdu4 = registered_as({f"tdu{n}": ("users", n) for n in range(1, 5)}, _body_table)
tdn1, tdn2, tdn3, tdn4, tdn5 = registered_as(
    {f"tdn{n}": ("non_users", n) for n in range(1, 6)}, _body_table
)


def tdu5() -> Table:
    """Set out cluster V of the users, whose table the thesis leaves to Annexe VI."""
    return _profile_table("tdu5", "users", 5, annexe_vi.printed_rows("users", 5))


# ---- to verify: the sentences of the thesis ----------------------------------------------------

_CONCLUSION = "f"
_MEASURES = {
    "share": "{base} → {has}",
    "v_test": "v.test de {has}, {base}",
    "marks": "modalités sur-représentées, {base}",
}
_SIGNS = {Verdict.MATCH: "✓", Verdict.ROUNDING: "≈", Verdict.DISCREPANCY: "✗", None: "?"}
_NOTE = (
    "Mesure : médecins considérés → part d’entre eux ; I à V, les classes. "
    "Entre crochets, le nombre que disent les mots. "
    "✓ exact ; ≈ exact à l’arrondi près ; ✗ inexact pour cette mesure, et peut-être pas pour une "
    "autre ; ? l’imprimé ne tranche pas."
)
_NOTE_ON_BOUNDS = (
    " Bornes : la plus petite et la plus grande part que l’imprimé permet, prouvées "
    "(@sec-prouve) ; les classes que R retrouve peuvent les resserrer. "
    "Déterminé : elles se confondent."
)
_BRIEF = {
    "curiosite": "une fois par curiosité",
    "mensuel": "chaque mois",
    "hebdomadaire": "chaque semaine",
    "journalier": "chaque jour",
    "groupe_liberal": "libéral en groupe",
    "seul_liberal": "libéral seul",
}


@cache
def statements() -> tuple[Any, ...]:
    """Read the sentences of the section that say a number: the rows of their table."""
    return tuple(read_table("profiles").itertuples(index=False))


def _values(said: Any) -> tuple[Fraction, ...]:
    """Give the number of a statement on the rows in use, and the shares that print allows of them.

    Nothing where nobody is asked about, or a v.test has no digits.
    """
    asked = ask(said.has, of=" & ".join(filter(None, (said.group, said.base))))
    rows, own = clusters.respondents(asked), clusters.of(said.group)
    if said.kind == "share":
        share = asked.share(rows)
        allowed = possible_shares(asked) if is_rebuilt() else ()
        return () if share is None else (share, *allowed)
    if said.kind == "count":
        return (Fraction(asked.count(rows)),)
    if said.kind == "clusters":
        return (Fraction(own.clustering.suggested),)
    found = own.described[int(said.base.removeprefix("cluster="))]
    if said.kind == "marks":
        return (Fraction(sum(row.is_significant and row.v_test > 0 for row in found.values())),)
    variable, category = said.has.split("=")
    row = found.get((variable, category))
    return (Fraction(row.v_test),) if row and math.isfinite(row.v_test) else ()


def verdict(said: Any) -> Verdict | None:
    """Compare a statement; nothing where the tables that print allows disagree.

    Parameters
    ----------
    said : one of `statements`
    """
    verdicts = {compare(said.printed or said.implied, each) for each in _values(said)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _statement_row(said: Any) -> Row:
    """Set a statement out: words, measure, numbers, verdict."""
    measure, computed = _MEASURES.get(said.kind, "{has}"), Cell("–")
    values = _values(said)
    own, allowed = values[:1], values[1:]
    if own:
        decimals = 2 if said.kind == "v_test" else 0
        text = percentage(own[0]) if said.kind == "share" else decimal(own[0], decimals)
        computed = Cell(text, *((own, said.printed, said.line) if said.printed else ()))
    words = said.text.replace("« ", "“").replace(" »", "”")
    return Row.of(
        f"«{NBSP}{words}{NBSP}»",
        measure.format(base=_named(said.base), has=_named(said.has)),
        f"{as_printed(said.printed or f'[{said.implied}]')} ({source_lines(said.line)})",
        computed,
        _range(allowed) if len(allowed) > 1 else "déterminé" if allowed else "",
        _SIGNS[verdict(said)],
    )


def _named(question: str) -> str:
    """Name the levels of a question on one variable in French.

    Examples
    --------
    >>> _named("cluster=3|4|5"), _named("frequency=mensuel|journalier")
    ('III, IV ou V', 'chaque mois ou chaque jour')
    """
    names = [
        ROMAN[int(level) - 1]
        if each.variable == "cluster"
        else _BRIEF.get(level) or lower_first(LEVELS[each.variable][level])
        for each in ask(question).conditions
        for level in each.levels
    ]
    return listed(names, "ou")


def _descriptive() -> list[Any]:
    return [each for each in statements() if each.part != _CONCLUSION]


def _conclusion(group: Group) -> Table:
    """Set out every statement of the conclusion on a group."""
    own = [each for each in statements() if (each.group, each.part) == (group, _CONCLUSION)]
    return _statement_table(f"conclusion-{group}", map(_statement_row, own))


conclusion_users, conclusion_non_users = (partial(_conclusion, group) for group in GROUPS)


def statements_apart() -> Table:
    """Set out the statements of the descriptions that are not exact."""
    apart = [each for each in _descriptive() if verdict(each) is not Verdict.MATCH]
    rows = []
    for group, name in GROUPS.items():
        rows.append(Row(name, opens_group=True))
        rows += [_statement_row(each) for each in apart if each.group == group]
    return _statement_table("phrases", rows)


def _statement_table(id_: str, rows: Iterable[Row]) -> Table:
    header = ("Énoncé de la thèse", "Mesure", "Imprimé", "Calcul", "Bornes", "Exact")
    note = _NOTE + (_NOTE_ON_BOUNDS if is_rebuilt() else "")
    return Table(id_, header, tuple(rows), note, align="left")
