"""Figures of opinions: bars that diverge from the neutral answer, and the forest of the gaps.

One family: the neutral answer is centred on a line that all the bars share, disagreement lies to
its left and agreement to its right, so that position alone tells them apart in grey or in a small
image.  All the figures have one scale, in percent of the doctors of the row.  Missing answers are
told beside the label.  Shares that the thesis prints without counts are hatched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from IPython.display import Markdown

from analysis.printed import parse
from analysis.report.sections._items import (
    GROUPS,
    ITEMS,
    SIDES,
    Answers,
    Item,
    answers,
    comparisons,
    p_title,
    printed_share,
)
from analysis.report.show.figures import Figure, sheet, stacked_bar, write
from analysis.report.show.french import NBSP, decimal, p_value
from analysis.report.show.theme import WIDTH, Theme
from analysis.survey.respondents import per_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


Draw: TypeAlias = "Callable[[Canvas, Theme], None]"

_PITCH = 37
"""From row to row: a label and the bar below it, in pixels."""
_BAR = 17
_KEY = 24
"""Room for the key, above the first row."""
_TITLE = 26
"""Room for the title of a block."""
_MIDDLE = WIDTH / 2
_ENDS = 35
"""Room for a share at either end of the longest bar."""

ANSWERS_HEIGHT = _KEY + _PITCH * len(GROUPS)
"""Height of a statement's figure, in pixels."""
QUOTED_HEIGHT = _KEY + _PITCH
"""Height of the figure of a statement without a table, in pixels."""
OVERVIEW_HEIGHT = _KEY + 2 * _TITLE + _PITCH * len(ITEMS)
"""Height of the figure of all the statements, in pixels."""
FOREST_HEIGHT = 66 + 34 * sum(bool(item.table) for item in ITEMS) + 26
"""Height of the figure of the gaps, in pixels."""


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


def draw_answers(item: Item) -> Draw:
    """Draw the answers of users, non-users and all to one statement."""

    def draw(canvas: Canvas, look: Theme) -> None:
        axes = sheet(canvas)
        _write_key(axes, look)
        _draw_middle(axes, _KEY, len(GROUPS), look)
        for place, (group, label) in enumerate(GROUPS.items()):
            _draw_counted(axes, _KEY + place * _PITCH, label, answers(item, group), look)

    return draw


def draw_quoted(item: Item) -> Draw:
    """Draw the three shares that the thesis prints of a statement without a table."""

    def draw(canvas: Canvas, look: Theme) -> None:
        axes = sheet(canvas)
        _draw_middle(axes, _KEY, 1, look)
        shares = printed_shares(item)
        for x, text, anchor in (
            (0, "désaccord (1-2)", "left"),
            (_MIDDLE, f"3{NBSP}: {_percent(shares[1])}", "center"),
            (WIDTH, "accord (4-5)", "right"),
        ):
            write(axes, x, 9, text, look.muted, ha=anchor)
        _draw_hatched(axes, _KEY, GROUPS["total"], shares, look)

    return draw


def draw_overview(canvas: Canvas, look: Theme) -> None:
    """Draw all the doctors' answers to the twenty statements, by falling agreement."""
    blocks = [
        ("Énoncés favorables au DMP", [item for item in ITEMS if item.favours]),
        ("Freins : énoncés défavorables", [item for item in ITEMS if not item.favours]),
    ]
    axes = sheet(canvas)
    _write_key(axes, look)
    top = float(_KEY)
    for title, items in blocks:
        write(axes, 0, top + 14, title, look.ink, weight=600)
        top += _TITLE
        _draw_middle(axes, top, len(items), look)
        for item in sorted(items, key=_agreement, reverse=True):
            if item.table:
                _draw_counted(axes, top, item.statement, answers(item), look)
            else:
                _draw_hatched(axes, top, item.statement, printed_shares(item), look)
            top += _PITCH


def draw_forest(canvas: Canvas, look: Theme) -> None:
    """Draw how far users stand above non-users on each statement, most favourable users first."""
    found = sorted(comparisons(), key=lambda each: each.delta.estimate, reverse=True)
    axes = sheet(canvas)
    head, pitch = 66, 34
    foot = head + pitch * len(found)
    ends = [(each.delta.lower, each.delta.estimate, each.delta.upper) for each in found]
    reach = float(np.nanmax(np.abs(ends), initial=0.5))

    def at(delta: float) -> float:
        return _MIDDLE + (_MIDDLE - 8) * delta / reach

    holm, exact = WIDTH, WIDTH - 58
    write(axes, 0, 16, "non-utilisateurs\nplus favorables", look.non_users)
    write(axes, WIDTH, 16, "utilisateurs\nplus favorables", look.users, ha="right")
    write(axes, exact, 52, p_title(), look.muted, ha="right")
    write(axes, holm, 52, "p de Holm", look.muted, ha="right")
    step = 0.25 if reach < 0.75 else 0.5
    for tick in (tick * step for tick in range(-4, 5) if abs(tick * step) <= reach):
        colour = look.muted if tick == 0 else look.rule
        axes.vlines(at(tick), head, foot, color=colour, lw=0.8, zorder=0)
        write(axes, at(tick), foot + 12, decimal(tick, 2), look.muted, ha="center")
    for place, each in enumerate(found):
        y = head + pitch * place
        colour = look.users if each.delta.estimate > 0 else look.non_users
        lower, estimate, upper = (at(end) for end in ends[place])
        axes.hlines(y + 24, lower, upper, color=colour, lw=1.6)
        fill = colour if each.stands else look.paper
        axes.plot(estimate, y + 24, "o", ms=7, mec=colour, mew=1.5, color=fill)
        turned = "" if each.item.favours else "\u2009*"
        for x, text, side in (
            (0, each.item.statement + turned, "left"),
            (exact, p_value(each.p_value), "right"),
            (holm, p_value(each.adjusted), "right"),
        ):
            write(axes, x, y + 8, text, look.ink, ha=side, weight=600 if each.stands else 400)


@per_table
def longest_half() -> float:
    """Give the longest half bar of all the statements, in percent: the scale that they share."""
    halves = [
        100 * (own.count(side) + own.count("neutral") / 2) / own.asked
        for item in ITEMS
        if item.table
        for own in (answers(item, group) for group in GROUPS)
        if own.asked
        for side in ("disagree", "agree")
    ]
    return max(halves, default=0.0) or 50.0


def printed_shares(item: Item) -> list[float]:
    """Give the three shares that a sentence of the thesis gives of all the doctors, in percent."""
    return [float(parse(printed_share(item, side)[0]).value) for side in SIDES]


def _percent(share: float) -> str:
    return f"{decimal(share, 0)}{NBSP}%"


def _agreement(item: Item) -> float:
    """Give the share of agreement, computed or printed."""
    if not item.table:
        return printed_shares(item)[2]
    own = answers(item)
    return 100 * own.count("agree") / max(1, own.asked)


def _scale() -> float:
    """Give the pixels that stand for a percent, on the scale that all the figures share."""
    return (_MIDDLE - _ENDS) / longest_half()


def _draw_middle(axes: Axes, top: float, rows: int, look: Theme) -> None:
    """Draw the line on which the neutral answers are centred, behind the bars."""
    for row in range(rows):
        start = top + row * _PITCH + 16
        axes.vlines(_MIDDLE, start, start + _BAR + 3, color=look.muted, lw=0.7, zorder=0)


def _write_key(axes: Axes, look: Theme) -> None:
    """Write what the five tints stand for, in a line above the bars."""
    side = 20.0
    left = _MIDDLE - 2.5 * side
    numbers = [str(mark) for mark in range(1, 6)]
    stacked_bar(axes, 10, [side] * 5, look.opinions, numbers, look, left=left)
    write(axes, left - 5, 10, "pas du tout", look.muted, ha="right")
    write(axes, left + 5 * side + 5, 10, "tout à fait", look.muted)


def _draw_counted(axes: Axes, top: float, label: str, own: Answers, look: Theme) -> None:
    """Draw one diverging bar, its counts within, its shares at both ends, what is missing."""
    write(axes, 0, top + 8, label, look.ink)
    if not own.asked:
        return
    if own.missing:
        write(axes, WIDTH, top + 8, f"{own.missing} sans réponse", look.muted, ha="right")
    shares = [100 * number / own.asked for number in own.counts]
    widths = [_scale() * share for share in shares]
    left = _MIDDLE - widths[0] - widths[1] - widths[2] / 2
    middle = top + 17 + _BAR / 2
    texts = [str(number) for number in own.counts]
    stacked_bar(axes, middle, widths, look.opinions, texts, look, _BAR, left)
    parts = (100 * own.count("disagree") / own.asked, 100 * own.count("agree") / own.asked)
    _write_ends(axes, middle, (left, left + sum(widths)), parts, look)


def _draw_hatched(axes: Axes, top: float, label: str, shares: Sequence[float], look: Theme) -> None:
    """Draw three printed shares, hatched: nothing computes them."""
    write(axes, 0, top + 8, label, look.ink)
    widths = [_scale() * share for share in shares]
    first = left = _MIDDLE - widths[0] - widths[1] / 2
    middle = top + 17 + _BAR / 2
    colours = (look.opinions[0], look.muted, look.opinions[4])
    for width, colour in zip(widths, colours, strict=True):
        style: dict[str, Any] = {"color": "none", "edgecolor": colour, "hatch": "/////", "lw": 0.9}
        axes.barh(middle, width, _BAR - 1, left, **style)
        left += width
    _write_ends(axes, middle, (first, left), (shares[0], shares[2]), look)


def _write_ends(
    axes: Axes,
    middle: float,
    ends: tuple[float, float],
    shares: tuple[float, float],
    look: Theme,
) -> None:
    write(axes, ends[0] - 4, middle, _percent(shares[0]), look.ink, ha="right")
    write(axes, ends[1] + 4, middle, _percent(shares[1]), look.ink)
