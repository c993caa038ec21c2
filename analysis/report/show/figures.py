"""Figures of the report, as SVG: drawn once, for a phone, in the colours of a light page.

A figure is a function that draws on an empty Matplotlib figure with a theme. It holds no number of
its own: what it draws comes from the functions that make the tables. Most of them draw on a
`sheet`, in pixels, where a text has the place that it needs: what labels a row stands above it.

Matplotlib writes each colour into a ``style``, which no sheet of a page can change, a rule for
every element of whatever document it stands in, and ids that are the same in every figure.  Here
what it drew is written again as presentation attributes, the weakest of styles, followed by a rule
for each colour: what takes its place where the page is dark.  So one file serves both themes, and a
program that knows no page shows the light one.

What a page shows by a script has its data within the page: they are never older than it and need no
server.  What the scripts share (``assets/elements.js``) stands with each in one block.

The labels of a crowded map start beside their points and are pushed away from each other and from
the markers (adjustText).  The forces come to rest where they balance, which may leave a label over
a marker, at the edge, or far off: such a label is then taken to the nearest free place around its
point.  Nothing in it is drawn at random and no clock stops it, so that the same figure gets the
same layout each time.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from IPython.display import Markdown, display
from numpy.typing import NDArray

from analysis import paths
from analysis.report.show.french import decimal
from analysis.report.show.tables import mark
from analysis.report.show.theme import LETTERS, WIDTH, Theme, themed
from analysis.results.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.text import Text


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
    checks : tuple of Outcome
        The numbers that the printed figure shows, compared with ours.

    Notes
    -----
    The mark of the figure is shown apart, by `mark`, so that a figure cell has its image and
    nothing else.
    """

    id: str
    draw: Callable[[Canvas, Theme], None]
    height: float
    checks: tuple[Outcome, ...] = ()

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
        return for_pages(stream.getvalue(), self.id, look.dark)

    def mark(self) -> Markdown:
        """Write the mark of the figure."""
        return Markdown(mark(self.checks))

    @cached_property
    def _drawn(self) -> str:
        # A process that serves both formats shows a figure twice.
        return self.to_svg()

    def _ipython_display_(self) -> None:
        display({"image/svg+xml": self._drawn, "text/plain": f"<{self.id}>"}, raw=True)


def sheet(canvas: Canvas) -> Axes:
    """Give axes that cover a canvas: in pixels, from the upper left corner."""
    height = canvas.get_size_inches()[1] * _POINTS
    axes = canvas.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return axes


def part(
    canvas: Canvas, left: float, top: float, width: float, height: float, keep: str = ""
) -> Axes:
    """Give axes in a part of a canvas, without a frame.

    Parameters
    ----------
    canvas : matplotlib Figure
    left, top, width, height : float
        In pixels, from the upper left corner of the canvas.
    keep : str
        Names of the spines that stay, parted by spaces.
    """
    whole = canvas.get_size_inches()[1] * _POINTS
    axes = canvas.add_axes(
        (left / WIDTH, 1 - (top + height) / whole, width / WIDTH, height / whole)
    )
    for name, spine in axes.spines.items():
        spine.set_visible(name in keep.split())
    return axes


def plane(
    canvas: Canvas,
    corner: tuple[float, float],
    size: tuple[float, float],
    look: Theme,
    line: float,
    keep: str = "",
) -> Axes:
    """Give axes that cross where both are 0, their numbers in tenths.

    Parameters
    ----------
    canvas : matplotlib Figure
    corner, size : tuple of float
        Left and top, width and height, in pixels.
    look : Theme
    line : float
        Width of the lines that cross.
    keep : str
        As `part` has it.
    """
    axes = part(canvas, *corner, *size, keep)
    axes.axhline(0, color=look.rule, lw=line, zorder=0)
    axes.axvline(0, color=look.rule, lw=line, zorder=0)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(tenths)
    return axes


def tenths(value: float, _: object = None) -> str:
    """Write the number of a tick, in French, with one decimal."""
    return decimal(round(value, 6), 1)


def curves(
    canvas: Canvas,
    look: Theme,
    height: float,
    words: tuple[str, str, str],
    names: Sequence[str],
    right: float,
) -> tuple[Axes, tuple[Style, Style]]:
    """Give axes for two curves that rise to 100 %, below their key, and how each is drawn.

    Parameters
    ----------
    canvas : matplotlib Figure
    look : Theme
    height : float
        Of the canvas, in pixels.
    words : tuple of str
        What the key parts, what the height of a curve is, and what its width.
    names : sequence of str
        Of the two curves.
    right : float
        Room right of the axes, in pixels.
    """
    page, (parted, up, along) = sheet(canvas), words
    write(page, 0, 9, parted, look.ink, weight=600)
    first: Style = {"ls": "-", "color": look.users, "lw": 2}
    styles = first, first | {"ls": "--", "color": look.non_users}
    entries = [(name, "line", style) for name, style in zip(names, styles, strict=True)]
    top = key(page, 27, entries, look) + 26
    write(page, 0, top, up, look.muted)
    write(page, 0, height - 9, along, look.muted)
    axes = part(canvas, 28, top + 14, WIDTH - 28 - right, height - top - 54)
    axes.set_ylim(0, 102)
    axes.set_yticks(range(0, 101, 25))
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    return axes, styles


def beside(
    axes: Axes,
    point: tuple[float, float],
    offset: tuple[float, float],
    text: str,
    look: Theme,
    **style: Any,
) -> None:
    """Write a text beside a point of a plot, so many pixels right of it and above it.

    Parameters
    ----------
    axes : matplotlib Axes
    point : tuple of float
        In data coordinates.
    offset : tuple of float
        In pixels.
    text : str
    look : Theme
    **style
        For Matplotlib's annotation.
    """
    axes.annotate(text, point, offset, textcoords="offset points", color=look.ink, **style)


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
    axes: Axes, y: float, entries: Sequence[tuple[str, str, Style]], look: Theme, *, left: float = 0
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

    def box(self, x: float, y: float, width: float, text: str, fill: str = "") -> float:
        """Draw a rounded box around a text of one or several lines.

        Parameters
        ----------
        x, y : float
            Its middle.
        width : float
            The text is broken into lines that fit.
        text : str
        fill : str
            Its colour, outline included; pale within an outline where there is none.

        Returns
        -------
        float
            Half the height of the box, which follows from its lines.
        """
        from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

        lines = "\n".join(wrapped(line, width - 12) for line in text.split("\n"))
        height = LEADING * (lines.count("\n") + 1) + 11
        style: Style = {"facecolor": fill or self.look.veil, "edgecolor": fill or self.look.muted}
        style |= {"boxstyle": "round,pad=0,rounding_size=4", "linewidth": 0.9}
        corner = (x - width / 2, y - height / 2)
        self.axes.add_patch(FancyBboxPatch(corner, width, height, **style))
        colour = self.look.on(fill) if fill else self.look.ink
        write(self.axes, x, y, lines, colour, ha="center")
        return height / 2

    def line(self, *points: tuple[float, float]) -> None:
        """Draw a line through points, behind the boxes."""
        self.axes.plot(*zip(*points, strict=True), color=self.look.muted, lw=0.9, zorder=0)

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw an arrow from one point to another."""
        style = {"arrowstyle": "-|>", "mutation_scale": 9, "shrinkA": 0, "shrinkB": 0}
        style |= {"color": self.look.muted, "lw": 0.9}
        self.axes.annotate("", xy=end, xytext=start, arrowprops=style)

    def on_arrow(self, x: float, y: float, text: str) -> None:
        """Write a text on an arrow, which stops where it stands."""
        lines = wrapped(text, 92)
        room = LEADING * lines.count("\n") + 17
        widest = max(map(extent, lines.split("\n"))) + 6
        self.axes.bar(x, room, widest, y - room / 2, color=self.look.paper, zorder=1)
        write(self.axes, x, y, lines, self.look.ink, ha="center")


# ---- SVG for pages -------------------------------------------------------------------------------


FAMILY = "Inter, sans-serif"
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_PAINTS = ("fill", "stroke")
_DARK = "body.quarto-dark"
_DROPPED = {f"{_SVG}metadata", f"{_SVG}style"}
_USUAL = {
    "stroke-linecap": "butt",
    "font-family": "'Inter'",
    "font-size": f"{LETTERS}px",
    "text-anchor": "start",
}
"""What Matplotlib writes of an element that need not say it."""
_NUMBER = re.compile(r"-?\d+\.\d+")
_TURN = re.compile(r"rotate\(-?0 [^)]*\)")


def for_pages(svg: str, name: str, dark: Mapping[str, str]) -> str:
    """Write what Matplotlib drew for a page.

    Parameters
    ----------
    svg : str
        As Matplotlib writes it, its text as text.
    name : str
        Name of the figure, which no other of the same page has.
    dark : dict
        For a colour in use, what takes its place on a dark page.

    Returns
    -------
    str
        An SVG document, without the lines before its root.
    """
    root = ElementTree.fromstring(svg)
    box = root.attrib["viewBox"]
    for element in root.iter():
        _simplify(element)
    edge = dict(zip(("x", "y", "width", "height"), box.split(), strict=True))
    _unclip(root, edge)
    # What is used has paints of its own; no rule of a page reaches into a copy of a definition.
    for definition in root.iterfind(f".//{_SVG}defs/{_SVG}path"):
        for paint in _PAINTS:
            definition.attrib.pop(paint, None)
    used = set(re.findall(r"#([\w-]+)", ElementTree.tostring(root, encoding="unicode")))
    for element in root.iter():
        own = element.get("id", "")
        if own not in used and not own.startswith(f"{name}-"):
            element.attrib.pop("id", None)
    _flatten(root)
    root.attrib.clear()
    root.attrib |= {"viewBox": box, "width": edge["width"], "height": edge["height"]}
    root.attrib |= {"class": f"figure-{name}", "font-family": FAMILY, "font-size": f"{LETTERS}"}
    root.attrib |= {"stroke-linejoin": "round"}
    rules = _rules(root, f".figure-{name}", dark)
    if rules:
        style = Element(f"{_SVG}style")
        style.text = f"@media screen {{{rules}}}"
        root.insert(0, style)
    ElementTree.register_namespace("", _SVG[1:-1])
    return ElementTree.tostring(root, encoding="unicode")


def _simplify(element: Element) -> None:
    """Write styles as attributes, in few digits, and drop what says nothing."""
    element[:] = [child for child in element if child.tag not in _DROPPED]
    for declaration in element.attrib.pop("style", "").split(";"):
        key, _, value = declaration.partition(":")
        if key.strip() and _USUAL.get(key.strip()) != value.strip():
            element.set(key.strip(), value.strip().removesuffix("px"))
    for paint in _PAINTS:
        if element.get(f"{paint}-opacity") == "0":
            del element.attrib[f"{paint}-opacity"]
            element.set(paint, "none")
    if _HREF in element.attrib:
        element.set("href", element.attrib.pop(_HREF))
    for key, value in list(element.attrib.items()):
        if key in ("d", "x", "y", "width", "height", "transform", "font-size"):
            short = _TURN.sub("", _NUMBER.sub(_shorten, " ".join(value.split())))
            element.set(key, short)
            if not short:
                del element.attrib[key]
    if element.tag != f"{_SVG}text":
        element.text = None
    element.tail = None


def _unclip(root: Element, edge: Mapping[str, str]) -> None:
    """Clip nothing at the edge of the figure, where everything ends."""
    for clip in root.iterfind(f".//{_SVG}clipPath"):
        if clip[0].attrib == edge:
            for clipped in root.iterfind(f".//*[@clip-path='url(#{clip.get('id')})']"):
                del clipped.attrib["clip-path"]


def _shorten(found: re.Match[str]) -> str:
    short = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _flatten(element: Element) -> None:
    """Take out groups and definitions that hold nothing or are not used, and bare groups."""
    children: list[Element] = []
    for child in list(element):
        _flatten(child)
        is_empty = child.tag in (f"{_SVG}g", f"{_SVG}defs") and not len(child)
        is_unused = child.tag == f"{_SVG}clipPath" and "id" not in child.attrib
        is_unseen = child.get("fill") == "none" and "stroke" not in child.attrib
        if not is_empty and not is_unused and not (child.tag == f"{_SVG}path" and is_unseen):
            children += child if child.tag == f"{_SVG}g" and not child.attrib else [child]
    element[:] = children


def _rules(root: Element, scope: str, dark: Mapping[str, str]) -> str:
    used = {(paint, element.get(paint, "")) for element in root.iter() for paint in _PAINTS}
    return "".join(
        sorted(
            f'{_DARK} {scope} [{paint}="{light}"]{{{paint}:{dark[light]}}}'
            for paint, light in used
            if light in dark
        )
    )


# ---- scripts of pages ----------------------------------------------------------------------------


_SHARED = "elements"


class Blocks(str):
    """Markdown that a cell of a chapter shows as blocks."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


def scripted(name: str, data: dict[str, Any], without: str = "") -> Blocks:
    r"""Write a part of a page that a script makes of data.

    Parameters
    ----------
    name : str
        Of the script in ``assets``, and id of the part.
    data : dict
        What the script reads, fit for JSON.
    without : str
        What a reader sees who has no scripts, in French; empty where a figure of the page is that.

    Examples
    --------
    >>> scripted("registre", {"noms": "</script>"}).splitlines()[1]
    '<script type="application/json" id="registre-donnees">{"noms":"\\u003c/script>"}</script>'
    """
    shared, own = (
        (paths.ROOT / "assets" / f"{each}.js").read_text(encoding="utf-8")
        for each in (_SHARED, name)
    )
    part = [f'<div class="{name}" id="{name}">', f"<p>{without}</p>", "</div>"]
    parts = [
        *(part if without else []),
        data_block(f"{name}-donnees", data),
        f'<script>\n"use strict";\n{{\n{shared}\n{own}}}\n</script>',
    ]
    return Blocks("\n".join(["```{=html}", *parts, "```", ""]))


def data_block(id_: str, data: dict[str, Any]) -> str:
    r"""Write data into a page, as JSON that a script finds by an id.

    Examples
    --------
    >>> data_block("traces", {"l1-1": "</script>"})
    '<script type="application/json" id="traces">{"l1-1":"\\u003c/script>"}</script>'
    """
    # Within a script a browser reads until the first `</script`, whatever it stands in.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    return f'<script type="application/json" id="{id_}">{text}</script>'


# ---- labels on a crowded map --------------------------------------------------------------------


FloatArray = NDArray[np.float64]
"""A box is a row of four numbers here: left, bottom, right, top, in pixels."""

_ITERATIONS = 100
_ROUNDS = 3
_TOLERANCE = 1.0
"""In pixels: a label may touch what it may not cover."""
_AWAY = np.arange(2.0, 162.0, 3.0)
"""How far from its marker a label may be taken, in pixels, and in how many directions."""
_DIRECTIONS = 24
_MARGINS = np.array([-4.0, -1.0, 4.0, 1.0])
"""In pixels: what is left free around a label, so that two do not read as one."""
_GAP = 5.0
"""In pixels: a label further than this from its marker is joined to it by a line."""


def boxes(labels: Sequence[Text]) -> FloatArray:
    """Give the box of each label, in pixels of its canvas.

    Parameters
    ----------
    labels : sequence of Text

    Returns
    -------
    ndarray of shape (n, 4)
        Left, bottom, right and top.
    """
    return np.array([label.get_window_extent().extents for label in labels]).reshape(-1, 4)


def place_labels(
    axes: Axes, points: FloatArray, labels: Sequence[Text], radii: FloatArray
) -> list[FloatArray]:
    """Move labels off their points and off each other.

    The limits and the place of the axes must be final.

    Parameters
    ----------
    axes : matplotlib Axes
    points : ndarray of shape (n, 2)
        The points, in data coordinates.
    labels : sequence of Text
        One for each point, centred where it stands.
    radii : ndarray of shape (n,)
        Radii of the markers, in pixels.

    Returns
    -------
    list of ndarray of shape (2, 2)
        For each label that lies away from its marker, the two ends of a line that joins them, in
        data coordinates.
    """
    from adjustText import adjust_text  # noqa: PLC0415
    from matplotlib.transforms import Bbox  # noqa: PLC0415

    to_data = axes.transData.inverted()
    centres = axes.transData.transform(points)
    markers = np.column_stack([centres - radii[:, None], centres + radii[:, None]])
    frame = np.array(axes.get_window_extent().extents)
    _move(labels, to_data.transform(_beside(centres, boxes(labels), radii, frame)))
    adjust_text(
        list(labels),
        objects=[Bbox(to_data.transform(box.reshape(2, 2))) for box in markers],
        target_x=points[:, 0],
        target_y=points[:, 1],
        avoid_self=False,
        ax=axes,
        force_pull=0.02,
        expand=(1.03, 1.15),
        iter_lim=_ITERATIONS,
    )
    own = boxes(labels)
    for place in [*range(len(own))] * _ROUNDS:
        centre, box, radius = centres[place], own[place], radii[place]
        others = np.concatenate([np.delete(own, place, axis=0) + _MARGINS, markers])
        is_near = _distance(centre, box) <= radius + _GAP
        if not is_near or not is_free(box[None], others, frame)[0]:
            own[place] = _nearest_free(centre, box, radius, others, frame)
    _move(labels, to_data.transform((own[:, :2] + own[:, 2:]) / 2))
    lines = []
    for centre, box, radius in zip(centres, own, radii, strict=True):
        length, nearest = _distance(centre, box), np.clip(centre, box[:2], box[2:])
        if length > radius + _GAP:
            start = centre + (nearest - centre) * (radius / length)
            lines.append(to_data.transform(np.array([start, nearest])))
    return lines


def _move(labels: Sequence[Text], positions: FloatArray) -> None:
    for label, position in zip(labels, positions, strict=True):
        label.set_position(tuple(position))


def is_free(candidates: FloatArray, others: FloatArray, frame: FloatArray) -> NDArray[np.bool_]:
    """Say of each box whether it covers none of the others and lies within the frame."""
    low, high = candidates[:, :2] + _TOLERANCE, candidates[:, 2:] - _TOLERANCE
    inside = (low >= frame[:2]).all(axis=1) & (high <= frame[2:]).all(axis=1)
    covers = ((low[:, None] < others[:, 2:]) & (high[:, None] > others[:, :2])).all(axis=2)
    free: NDArray[np.bool_] = inside & ~np.any(covers, axis=1)
    return free


def _beside(
    centres: FloatArray, own: FloatArray, radii: FloatArray, frame: FloatArray
) -> FloatArray:
    """Put each label left or right of its marker, where fewer markers are; return its centre."""
    starts = []
    for centre, box, radius in zip(centres, own, radii, strict=True):
        width, height = box[2:] - box[:2]
        away = width / 2 + radius + 3
        sides = []
        for x in (centre[0] + away, centre[0] - away):
            outside = x - width / 2 < frame[0] or x + width / 2 > frame[2]
            near = (np.abs(centres - (x, centre[1])) < (width / 2, height)).all(axis=1)
            sides.append((outside, int(near.sum()), x))
        starts.append((min(sides, key=lambda side: side[:2])[2], centre[1]))
    return np.array(starts)


def _nearest_free(
    centre: FloatArray, own: FloatArray, radius: float, others: FloatArray, frame: FloatArray
) -> FloatArray:
    """Return the free place nearest to the marker; the one that the label has if there is none."""
    size = own[2:] - own[:2]
    angles = 2 * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    # From the marker to the label's edge, whatever the direction, then further out.
    edge = ((size / 2 + radius) / np.maximum(np.abs(directions), 1e-9)).min(axis=1)
    places = centre + (_AWAY[:, None, None] + edge[:, None]) * directions
    flat = places.reshape(-1, 2)
    candidates = np.column_stack([flat - size / 2, flat + size / 2])
    found = np.flatnonzero(is_free(candidates, others, frame))
    return candidates[found[0]] if found.size else own


def _distance(centre: FloatArray, box: FloatArray) -> float:
    return float(np.hypot(*(np.clip(centre, box[:2], box[2:]) - centre)))
