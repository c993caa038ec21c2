"""Figures of the report, as SVG: drawn once, in the colours of a light and of a dark page.

A figure is a function that draws on an empty Matplotlib figure with a theme. It holds no number of
its own: what it draws comes from the functions that make the tables.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from IPython.display import Markdown, display

from analysis.report.show.checks import Check, mark
from analysis.report.show.theme import TEXT_WIDTH, Mode, Theme, themed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = ["Figure", "arrow", "bars", "box", "hide_frame", "stacked_bar"]


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
        In inches; the width is that of the text.
    checks : tuple of Check
        The numbers that the printed figure shows, compared with ours.

    Notes
    -----
    A notebook shows both renderings, light first; the mark of the figure is shown apart, by
    `mark`, so that a figure cell has its two images and nothing else.
    """

    id: str
    draw: Callable[[Canvas, Theme], None]
    height: float
    checks: tuple[Check, ...] = ()

    def to_svg(self, mode: Mode = "light") -> str:
        """Draw the figure.

        Parameters
        ----------
        mode : {"light", "dark"}

        Returns
        -------
        str
            An SVG document; the same bytes at each call.
        """
        light, dark = self._draw()
        return light if mode == "light" else dark

    def _draw(self) -> tuple[str, str]:
        with themed() as look:
            from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

            canvas = Canvas(figsize=(TEXT_WIDTH, self.height))
            self.draw(canvas, look)
            stream = io.StringIO()
            named = {"Date": None, "Identifier": self.id}
            canvas.savefig(stream, format="svg", metadata=named, transparent=True)
        # Without the lines before it, it stands in a page as well as in a file.
        svg = "<svg" + stream.getvalue().partition("<svg")[2]
        return svg, look.darken(svg)

    def mark(self) -> Markdown:
        """Write the mark of the figure."""
        return Markdown(mark(self.checks))

    @cached_property
    def _renderings(self) -> tuple[str, str]:
        # A process that serves both formats shows a figure twice.
        return self._draw()

    def _ipython_display_(self) -> None:
        for svg in self._renderings:
            display({"image/svg+xml": svg, "text/plain": f"<{self.id}>"}, raw=True)


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


def bars(
    axes: Axes,
    labels: list[str],
    values: list[float],
    texts: list[str],
    colour: str,
    look: Theme,
) -> None:
    """Draw horizontal bars, first on top, each with its text at its end.

    Parameters
    ----------
    axes : matplotlib Axes
    labels, texts : list of str
        Written left of the bar, and at its end.
    values : list of float
        Lengths.
    colour : str
    look : Theme
    """
    positions = np.arange(len(values))
    axes.barh(positions, values, height=0.62, color=colour)
    axes.set_yticks(positions, labels)
    axes.invert_yaxis()
    axes.set_xlim(0, (max(values) or 1) * 1.22)
    axes.set_xticks([])
    for position, value, text in zip(positions, values, texts, strict=True):
        axes.annotate(
            text,
            (value, position),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=look.ink,
        )
    hide_frame(axes, keep="left")


def stacked_bar(
    axes: Axes,
    position: float,
    values: list[int],
    colours: list[str],
    texts: list[str],
    look: Theme,
    height: float = 0.62,
) -> None:
    """Draw one horizontal bar made of segments; a text stands in its segment.

    Parameters
    ----------
    axes : matplotlib Axes
    position : float
        Centre of the bar on the vertical axis.
    values : list of int
        Lengths of the segments, left to right.
    colours, texts : list of str
        One for each segment; an empty text is not written.
    look : Theme
    height : float
    """
    left = 0
    for value, colour, text in zip(values, colours, texts, strict=True):
        axes.barh(
            position, value, left=left, height=height, color=colour, edgecolor=look.paper, lw=0.8
        )
        if value and text:
            axes.text(
                left + value / 2, position, text, ha="center", va="center", color=look.on(colour)
            )
        left += value


def box(
    axes: Axes,
    centre: tuple[float, float],
    width: float,
    text: str,
    face: str,
    edge: str,
    colour: str,
    size: float = 9,
) -> float:
    """Draw a rounded box around a text of one or several lines.

    Parameters
    ----------
    axes : matplotlib Axes
        Scaled in inches.
    centre : tuple of float
    width : float
    text, face, edge, colour : str
        What is written, fill, outline, and colour of the text.
    size : float
        Size of the letters, in points.

    Returns
    -------
    float
        Half the height of the box, which follows from its lines.
    """
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    height = (0.17 + 0.155 * (text.count("\n") + 1)) * size / 9
    axes.add_patch(
        FancyBboxPatch(
            (centre[0] - width / 2, centre[1] - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=face,
            edgecolor=edge,
            linewidth=0.9,
        )
    )
    axes.text(
        *centre, text, ha="center", va="center", color=colour, linespacing=1.35, fontsize=size
    )
    return height / 2


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], look: Theme) -> None:
    """Draw an arrow from one point to another."""
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={"arrowstyle": "-|>", "color": look.muted, "lw": 0.9, "mutation_scale": 9},
    )
