"""Figures of the report, as SVG: drawn once, for a phone, in the colours of a light page.

A figure is a function that draws on an empty Matplotlib figure with a theme. It holds no number of
its own: what it draws comes from the functions that make the tables. Most of them draw on a
`sheet`, in pixels, where a text has the place that it needs: what labels a row stands above it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from IPython.display import Markdown, display

from analysis.report.show.checks import Check, mark
from analysis.report.show.svg import for_pages
from analysis.report.show.theme import LETTERS, WIDTH, Theme, themed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


Style: TypeAlias = dict[str, Any]
"""How Matplotlib draws something: its keywords and their values."""
LEADING = 15
"""From line to line of a text, in pixels."""
BAR_PITCH = 39
"""From one labelled bar to the next, in pixels."""
_BAR = 15
_POINTS = 72
"""Typographic points to the inch: a pixel is one of them."""


@dataclass(frozen=True)
class Figure:
    """A regenerated figure.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    draw : callable
        Draws on a canvas with a theme.
    height : float
        In pixels; the width is `WIDTH`.
    checks : tuple of Check
        The numbers that the printed figure shows, compared with ours.

    Notes
    -----
    The mark of the figure is shown apart, by `mark`, so that a figure cell has its image and
    nothing else.
    """

    id: str
    draw: Callable[[Canvas, Theme], None]
    height: float
    checks: tuple[Check, ...] = ()

    def to_svg(self) -> str:
        """Draw the figure.

        Returns
        -------
        str
            An SVG document; the same bytes at each call.
        """
        with themed() as look:
            import matplotlib as mpl  # noqa: PLC0415
            from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

            # The ids of what is drawn follow from it: they are those of no other figure.
            mpl.rcParams["svg.hashsalt"] = self.id
            canvas = Canvas(figsize=(WIDTH / _POINTS, self.height / _POINTS), dpi=_POINTS)
            self.draw(canvas, look)
            stream = io.StringIO()
            nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
            canvas.savefig(stream, format="svg", metadata=nothing, transparent=True)
        return for_pages(stream.getvalue(), self.id, (WIDTH, self.height), look.dark)

    def mark(self) -> Markdown:
        """Write the mark of the figure."""
        return Markdown(mark(self.checks))

    @cached_property
    def _drawn(self) -> str:
        # A process that serves both formats shows a figure twice.
        return self.to_svg()

    def _ipython_display_(self) -> None:
        display({"image/svg+xml": self._drawn, "text/plain": f"<{self.id}>"}, raw=True)


def hide_frame(axes: Axes, *, keep: str = "") -> None:
    """Take the frame off, but for the named spines.

    Parameters
    ----------
    axes : matplotlib Axes
    keep : str
        Names of spines, parted by spaces.
    """
    for name, spine in axes.spines.items():
        spine.set_visible(name in keep.split())


def sheet(canvas: Canvas) -> Axes:
    """Give axes that cover a canvas: in pixels, from the upper left corner."""
    canvas.set_layout_engine("none")
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(canvas.get_size_inches()[1] * _POINTS, 0)
    axes.set_axis_off()
    return axes


def part(canvas: Canvas, left: float, top: float, width: float, height: float) -> Axes:
    """Give axes in a part of a canvas.

    Parameters
    ----------
    canvas : matplotlib Figure
    left, top, width, height : float
        In pixels, from the upper left corner of the canvas.
    """
    canvas.set_layout_engine("none")
    whole = canvas.get_size_inches()[1] * _POINTS
    return canvas.add_axes(
        (left / WIDTH, 1 - (top + height) / whole, width / WIDTH, height / whole)
    )


def extent(text: str, *, bold: bool = False) -> float:
    """Measure a line of text, in pixels.

    Parameters
    ----------
    text : str
    bold : bool
    """
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415

    face = get_font(findfont(FontProperties(family="Inter", weight=600 if bold else 400)))
    # Large, because what it measures is whole pixels.
    face.set_size(100 * LETTERS, _POINTS)
    face.set_text(text, 0)
    return float(face.get_width_height()[0]) / 6400


def wrapped(text: str, width: float, *, bold: bool = False) -> str:
    """Break a text into lines that are no wider than this, in pixels."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and extent(longer, bold=bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def write(axes: Axes, x: float, y: float, text: str, colour: str, **style: Any) -> None:
    """Write a text of one or several lines on a sheet, centred on a height.

    Parameters
    ----------
    axes : matplotlib Axes
        In pixels.
    x, y : float
        Where the text begins, or as ``ha`` says; the height of the middle of its lines.
    text, colour : str
    **style
        For Matplotlib's text.
    """
    lines = text.split("\n")
    first = y - LEADING * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        # On the baseline: the middle of a line would depend on its letters.
        axes.text(x, first + LEADING * number + 0.36 * LETTERS, line, color=colour, **style)


def key(
    axes: Axes,
    y: float,
    entries: Sequence[tuple[str, str, Style]],
    look: Theme,
    *,
    left: float = 0,
) -> float:
    """Write what marks stand for, in as many lines as they need.

    Parameters
    ----------
    axes : matplotlib Axes
        In pixels.
    y : float
        Height of the first line.
    entries : sequence of (str, str, dict)
        What it stands for; ``"mark"``, ``"line"`` or ``"fill"``; and how Matplotlib draws it.
    look : Theme
    left : float
        Where the lines begin.

    Returns
    -------
    float
        Height of the last line.
    """
    x = left
    for name, kind, style in entries:
        sign = {"mark": 10, "line": 22, "fill": 14}[kind]
        width = sign + 5 + extent(name)
        if x > left and x + width > WIDTH:
            x, y = left, y + LEADING + 2
        if kind == "fill":
            axes.bar(x + sign / 2, 10, sign, y - 5, **style)
        elif kind == "line":
            axes.plot([x, x + sign / 2, x + sign], [y] * 3, markevery=[1], **style)
        else:
            axes.plot(x + sign / 2, y, ls="", **style)
        write(axes, x + sign + 5, y, name, look.ink)
        x += width + 14
    return y


def bars(
    axes: Axes,
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    colour: str,
    look: Theme,
) -> None:
    """Draw horizontal bars on a sheet, first on top, each below its label and before its text.

    A bar and its label take `BAR_PITCH` pixels.

    Parameters
    ----------
    axes : matplotlib Axes
        In pixels.
    labels, texts : sequence of str
        Written above the bar, and at its end.
    values : sequence of float
        Lengths.
    colour : str
    look : Theme
    """
    room = WIDTH - max(map(extent, texts), default=0) - 8
    scale = room / (max(values, default=0) or 1)
    for place, (label, value, text) in enumerate(zip(labels, values, texts, strict=True)):
        top = place * BAR_PITCH
        write(axes, 0, top + 8, label, look.ink)
        axes.barh(top + 18 + _BAR / 2, value * scale, height=_BAR, color=colour)
        write(axes, value * scale + 6, top + 18 + _BAR / 2, text, look.ink)


def stacked_bar(
    axes: Axes,
    position: float,
    values: Sequence[float],
    colours: Sequence[str],
    texts: Sequence[str],
    look: Theme,
    height: float = _BAR,
    left: float = 0,
) -> None:
    """Draw one horizontal bar made of segments; a text stands in its segment.

    An outline parts the segments, and pale ones from the page.

    Parameters
    ----------
    axes : matplotlib Axes
        In pixels.
    position : float
        Height of the middle of the bar.
    values : sequence of float
        Lengths of the segments, left to right.
    colours, texts : sequence of str
        One for each segment; a text that does not fit is not written.
    look : Theme
    height : float
    left : float
        Where the bar begins.
    """
    for value, colour, text in zip(values, colours, texts, strict=True):
        if value:
            axes.barh(position, value, height, left, color=colour, edgecolor=look.muted, lw=0.7)
        if extent(text) + 3 <= value:
            write(axes, left + value / 2, position, text, look.on(colour), ha="center")
        left += value


def box(
    axes: Axes,
    centre: tuple[float, float],
    width: float,
    text: str,
    face: str,
    edge: str,
    colour: str,
) -> float:
    """Draw a rounded box around a text of one or several lines.

    Parameters
    ----------
    axes : matplotlib Axes
        In pixels.
    centre : tuple of float
    width : float
        The text is broken into lines that fit.
    text, face, edge, colour : str
        What is written, fill, outline, and colour of the text.

    Returns
    -------
    float
        Half the height of the box, which follows from its lines.
    """
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    lines = "\n".join(wrapped(line, width - 12) for line in text.split("\n"))
    height = LEADING * (lines.count("\n") + 1) + 11
    axes.add_patch(
        FancyBboxPatch(
            (centre[0] - width / 2, centre[1] - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=4",
            facecolor=face,
            edgecolor=edge,
            linewidth=0.9,
        )
    )
    write(axes, *centre, lines, colour, ha="center")
    return height / 2


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], look: Theme) -> None:
    """Draw an arrow from one point to another."""
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": look.muted,
            "lw": 0.9,
            "mutation_scale": 9,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


@dataclass(frozen=True)
class Chart:
    """A chart of boxes that lead to each other.

    Parameters
    ----------
    axes : matplotlib Axes
        As `sheet` makes them.
    look : Theme
    """

    axes: Axes
    look: Theme

    def plain(self, x: float, y: float, width: float, text: str) -> float:
        """Draw a plain `box`; return half of its height."""
        look = self.look
        return box(self.axes, (x, y), width, text, look.veil, look.muted, look.ink)

    def line(self, *points: tuple[float, float]) -> None:
        """Draw a line through points, behind the boxes."""
        self.axes.plot(*zip(*points, strict=True), color=self.look.muted, lw=0.9, zorder=0)

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw an `arrow`."""
        arrow(self.axes, start, end, self.look)

    def on_arrow(self, x: float, y: float, text: str, width: float = 92) -> None:
        """Write a text on an arrow, which stops where it stands."""
        lines = wrapped(text, width)
        room = 15 * lines.count("\n") + 17
        widest = max(map(extent, lines.split("\n"))) + 6
        self.axes.bar(x, room, widest, y - room / 2, color=self.look.paper, zorder=1)
        write(self.axes, x, y, lines, self.look.ink, ha="center")
