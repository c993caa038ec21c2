"""Figures of opinions: bars that diverge from the neutral answer, and the forest of the gaps.

One family: the neutral answer is centred on a line that all the bars share, disagreement lies to
its left and agreement to its right, so that position alone tells them apart in grey or in a small
image.  All the figures have one scale, in percent of the doctors of the row.  A missing answer is
a hollow box at the right.  Shares that the thesis prints without counts are hatched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from IPython.display import Markdown

from analysis.printed import parse
from analysis.report.sections._comparisons import comparisons, p_title
from analysis.report.sections._items import (
    GROUPS,
    ITEMS,
    SIDES,
    Answers,
    Item,
    answers,
    printed_share,
)
from analysis.report.show.figures import Figure, hide_frame
from analysis.report.show.french import NBSP, decimal, p_value
from analysis.report.show.theme import TEXT_WIDTH, Theme
from analysis.survey import source

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = [
    "ANSWERS_HEIGHT",
    "OVERVIEW_HEIGHT",
    "QUOTED_HEIGHT",
    "QuotedFigure",
    "draw_answers",
    "draw_forest",
    "draw_overview",
    "draw_quoted",
]

Draw: TypeAlias = "Callable[[Canvas, Theme], None]"

_SMALL = 8.5
"""Size of the numbers within the bars, in points."""
_DIGIT = 0.073
"""Width of a digit of that size, in inches."""
_BAR = 0.74
"""Thickness of a bar; the rows are one apart."""
_HEADER = 1.3
"""Room above the middle of the first row, in rows; below that of the last there is half a row."""
_BLOCK_GAP = 1.4
"""Room between two blocks, in rows."""


def _height(rows: float, row: float = 0.28) -> float:
    """Give the height of a figure in inches, from its rows and theirs."""
    return row * (rows - 0.5 + _HEADER)


ANSWERS_HEIGHT = _height(len(GROUPS))
"""Height of a statement's figure, in inches."""
QUOTED_HEIGHT = _height(1)
"""Height of the figure of a statement without a table, in inches."""
OVERVIEW_HEIGHT = _height(len(ITEMS) + _BLOCK_GAP, 0.24)
"""Height of the figure of all the statements, in inches."""


@dataclass(frozen=True)
class QuotedFigure(Figure):
    """A figure drawn from printed numbers, which nothing computes.

    Parameters
    ----------
    words : str
        What its mark says, in Markdown.
    """

    words: str = field(default="", kw_only=True)

    def mark(self) -> Markdown:
        """Say that the figure is not computed."""
        return Markdown(f"::: {{.verdict .verdict-rounding}}\n{self.words}\n:::\n")


@dataclass(frozen=True)
class _Scale:
    """Where the bars stand: inches kept for the labels and at the right, and percent per inch."""

    labels: float
    right: float
    reach: float

    @property
    def limit(self) -> float:
        """Percent from the middle to either end, the written share included."""
        return self.reach + 13

    @property
    def width(self) -> float:
        """Inches between both ends."""
        return TEXT_WIDTH - self.labels - self.right

    @property
    def per_inch(self) -> float:
        """Percent that an inch stands for."""
        return 2 * self.limit / self.width

    def fits(self, share: float, text: str) -> bool:
        """Say whether a text fits in a segment."""
        return share / self.per_inch >= _DIGIT * len(text) + 0.03

    def axes(self, canvas: Canvas, rows: float) -> Axes:
        """Make axes as wide as the page, rows down from 0, the header above."""
        canvas.set_layout_engine("none")
        axes = canvas.add_axes((0, 0, 1, 1))
        axes.set_xlim(
            -self.limit - self.labels * self.per_inch, self.limit + self.right * self.per_inch
        )
        axes.set_ylim(rows - 0.5, -_HEADER)
        axes.set_axis_off()
        return axes


def draw_answers(item: Item) -> Draw:
    """Draw the answers of users, non-users and all to one statement."""

    def draw(canvas: Canvas, look: Theme) -> None:
        scale = _Scale(1.12, 0.8, _reach(source()))
        axes = scale.axes(canvas, len(GROUPS))
        _write_key(axes, -0.88, look)
        rows = [answers(item, group) for group in GROUPS]
        if any(own.missing for own in rows):
            _write_missing_title(axes, -0.88, look)
        _draw_middle(axes, 0, len(rows), look)
        for position, (own, label) in enumerate(zip(rows, GROUPS.values(), strict=True)):
            _write_label(axes, position, label, look)
            _draw_counted(axes, position, own, scale, look)

    return draw


def draw_quoted(item: Item) -> Draw:
    """Draw the three shares that the thesis prints of a statement without a table."""

    def draw(canvas: Canvas, look: Theme) -> None:
        scale = _Scale(1.12, 0.8, _reach(source()))
        axes = scale.axes(canvas, 1)
        _write_side_titles(axes, -0.88, look)
        _draw_middle(axes, 0, 1, look)
        _write_label(axes, 0, GROUPS["total"], look)
        shares = _printed_shares(item)
        _draw_hatched(axes, 0, shares, look)
        axes.text(
            0,
            0,
            _percent(shares[1]),
            ha="center",
            va="center",
            fontsize=_SMALL,
            color=look.ink,
            bbox={"facecolor": look.paper, "edgecolor": "none", "pad": 0.8},
        )

    return draw


def draw_overview(canvas: Canvas, look: Theme) -> None:
    """Draw all the doctors' answers to the twenty statements, by falling agreement."""
    scale = _Scale(2.35, 0.3, _reach(source()))
    blocks = [
        ("Énoncés favorables au DMP", [item for item in ITEMS if item.favours]),
        ("Freins : énoncés défavorables", [item for item in ITEMS if not item.favours]),
    ]
    axes = scale.axes(canvas, len(ITEMS) + _BLOCK_GAP)
    _write_key(axes, -0.88, look)
    _write_missing_title(axes, -0.88, look)
    position = 0.0
    for title, items in blocks:
        axes.text(
            _left_edge(axes), position - 0.88, title, va="center", fontweight=600, color=look.ink
        )
        _draw_middle(axes, position, len(items), look)
        for item in sorted(items, key=_agreement, reverse=True):
            _write_label(axes, position, item.statement, look)
            if item.table:
                _draw_counted(axes, position, answers(item), scale, look)
            else:
                _draw_hatched(axes, position, _printed_shares(item), look)
            position += 1
        position += _BLOCK_GAP


def draw_forest(canvas: Canvas, look: Theme) -> None:
    """Draw how far users stand above non-users on each statement, most favourable users first."""
    found = sorted(comparisons(), key=lambda each: each.delta.estimate, reverse=True)
    labels, right, bottom, top = 2.35, 1.35, 0.3, 0.45
    width, height = canvas.get_size_inches()
    canvas.set_layout_engine("none")
    axes = canvas.add_axes(
        (
            labels / width,
            bottom / height,
            (width - labels - right) / width,
            (height - bottom - top) / height,
        )
    )
    ends = [(each.delta.lower, each.delta.estimate, each.delta.upper) for each in found]
    reach = float(np.nanmax(np.abs(ends), initial=0.5))
    axes.set_xlim(-1.05 * reach, 1.05 * reach)
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.axvline(0, color=look.muted, lw=0.8)
    for position, each in enumerate(found):
        colour = look.users if each.delta.estimate > 0 else look.non_users
        axes.hlines(position, each.delta.lower, each.delta.upper, color=colour, lw=1.6)
        axes.plot(
            each.delta.estimate,
            position,
            "o",
            ms=6,
            mec=colour,
            mew=1.4,
            color=colour if each.stands else look.paper,
        )
        turned = "" if each.item.favours else "\u2009*"
        for inches, text, side in (
            (-labels, each.item.statement + turned, "left"),
            (width - labels - 0.68, p_value(each.p_value), "right"),
            (width - labels, p_value(each.adjusted), "right"),
        ):
            axes.annotate(
                text,
                (0, position),
                xycoords=("axes fraction", "data"),
                xytext=(72 * inches, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontweight=600 if each.stands else 400,
                color=look.ink,
            )
    axes.set_yticks([])
    step = 0.25 if reach < 0.75 else 0.5
    ticks = [tick * step for tick in range(-4, 5) if abs(tick * step) <= reach]
    axes.set_xticks(ticks, [decimal(tick, 2) for tick in ticks])
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    hide_frame(axes)
    for inches, text, side, colour in (
        (0.0, "non-utilisateurs\nplus favorables", "left", look.non_users),
        (width - labels - right, "utilisateurs\nplus favorables", "right", look.users),
        (width - labels - 0.68, p_title(), "right", look.muted),
        (width - labels, "p de Holm", "right", look.muted),
    ):
        axes.annotate(
            text,
            (0, 1),
            xycoords="axes fraction",
            xytext=(72 * inches, 6),
            textcoords="offset points",
            ha=side,
            va="bottom",
            color=colour,
        )


@cache
def _reach(_: Path) -> float:
    """Give the longest half bar of all the statements, in percent: the scale that they share."""
    halves = [
        100 * (own.count(side) + own.count("neutral") / 2) / own.asked
        for item in ITEMS
        if item.table
        for own in (answers(item, group) for group in GROUPS)
        if own.asked
        for side in ("disagree", "agree")
    ]
    return max(halves, default=50.0)


def _printed_shares(item: Item) -> list[float]:
    return [float(parse(printed_share(item, side)[0]).value) for side in SIDES]


def _percent(share: float) -> str:
    return f"{decimal(share, 0)}{NBSP}%"


def _agreement(item: Item) -> float:
    """Give the share of agreement, computed or printed."""
    if not item.table:
        return _printed_shares(item)[2]
    own = answers(item)
    return 100 * own.count("agree") / max(1, own.asked)


def _left_edge(axes: Axes) -> float:
    return float(axes.get_xlim()[0])


def _write_label(axes: Axes, position: float, text: str, look: Theme) -> None:
    axes.text(_left_edge(axes), position, text, va="center", color=look.ink)


def _draw_middle(axes: Axes, first: float, rows: int, look: Theme) -> None:
    """Draw the line on which the neutral answers are centred, behind the bars."""
    axes.vlines(0, first - 0.45, first + rows - 0.55, color=look.muted, lw=0.7, zorder=0)


def _write(axes: Axes, place: float, position: float, text: str, anchor: str, colour: str) -> None:
    """Write a small text, centred on its row."""
    axes.text(place, position, text, ha=anchor, va="center", fontsize=_SMALL, color=colour)


def _write_key(axes: Axes, position: float, look: Theme) -> None:
    """Write what the five tints stand for, in a line above the bars."""
    side = 7.0
    for mark, colour in enumerate(look.opinions, start=1):
        left = (mark - 3.5) * side
        axes.barh(position, side, left=left, height=0.62, color=colour)
        _write(axes, left + side / 2, position, str(mark), "center", look.on(colour))
    _write(axes, -2.5 * side - 2, position, "pas du tout", "right", look.muted)
    _write(axes, 2.5 * side + 2, position, "tout à fait", "left", look.muted)


def _write_side_titles(axes: Axes, position: float, look: Theme) -> None:
    """Write the three parts of the scale, where the five marks are not known."""
    _write(axes, -8, position, "désaccord (1-2)", "right", look.muted)
    _write(axes, 0, position, "3", "center", look.muted)
    _write(axes, 8, position, "accord (4-5)", "left", look.muted)


def _write_missing_title(axes: Axes, position: float, look: Theme) -> None:
    _write(axes, axes.get_xlim()[1], position, "sans réponse", "right", look.muted)


def _draw_counted(axes: Axes, position: float, own: Answers, scale: _Scale, look: Theme) -> None:
    """Draw one diverging bar, its counts within, its shares at both ends, what is missing."""
    if not own.asked:
        return
    shares = [100 * number / own.asked for number in own.counts]
    left = -shares[0] - shares[1] - shares[2] / 2
    ends = (left, left + sum(shares))
    for number, share, colour in zip(own.counts, shares, look.opinions, strict=True):
        axes.barh(
            position, share, left=left, height=_BAR, color=colour, edgecolor=look.paper, lw=0.6
        )
        if number and scale.fits(share, str(number)):
            _write(axes, left + share / 2, position, str(number), "center", look.on(colour))
        left += share
    parts = (100 * own.count("disagree") / own.asked, 100 * own.count("agree") / own.asked)
    _write_ends(axes, position, ends, parts, look)
    if own.missing:
        edge = axes.get_xlim()[1]
        share = 100 * own.missing / own.asked
        _write(axes, edge, position, str(own.missing), "right", look.muted)
        axes.barh(
            position,
            share,
            left=edge - share - 0.2 * scale.per_inch,
            height=_BAR,
            color="none",
            edgecolor=look.muted,
            lw=0.8,
        )


def _draw_hatched(axes: Axes, position: float, shares: Sequence[float], look: Theme) -> None:
    """Draw three printed shares, hatched: nothing computes them."""
    left = -shares[0] - shares[1] / 2
    ends = (left, left + sum(shares))
    for share, colour in zip(shares, (look.opinions[0], look.muted, look.opinions[4]), strict=True):
        axes.barh(
            position,
            share,
            left=left,
            height=_BAR - 0.06,
            color="none",
            edgecolor=colour,
            hatch="/////",
            lw=0.9,
        )
        left += share
    _write_ends(axes, position, ends, (shares[0], shares[2]), look)


def _write_ends(
    axes: Axes,
    position: float,
    ends: tuple[float, float],
    shares: tuple[float, float],
    look: Theme,
) -> None:
    for place, share, anchor, gap in (
        (ends[0], shares[0], "right", -3),
        (ends[1], shares[1], "left", 3),
    ):
        axes.annotate(
            _percent(share),
            (place, position),
            xytext=(gap, 0),
            textcoords="offset points",
            ha=anchor,
            va="center",
            fontsize=_SMALL,
            color=look.ink,
        )
