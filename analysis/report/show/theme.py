"""The figure theme: one look for every figure, on a light and on a dark page.

A figure is drawn once, in light colours. The look it is drawn with knows which colour takes the
place of each on a dark page, so that the two differ in nothing else.

It is drawn as wide as the text of a phone's page, in letters that read there; a wider page shows it
larger, and the PDF smaller. A pixel of that phone is a typographic point of Matplotlib.

The colours are those of `_brand.yml`, which the pages use too. Series are told apart by lightness,
shape or words as well as by hue, so that a figure printed in grey or seen without colour vision
still reads. A text has a contrast of 4.5 to what it stands on, a mark of 3 (WCAG 2.1, 1.4.3 and
1.4.11) by its fill or by its outline.

Matplotlib takes much from its machine: fonts by their family, a backend, a folder for its cache,
the settings of a ``matplotlibrc``. Here it gets the faces of ``assets/fonts`` and no other, and its
own defaults before ours, so that a figure is the same bytes on every machine. It is imported where
a figure is drawn and not before: that takes longer than most chapters take to compute.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

import numpy as np

from analysis import paths
from analysis.settings import read_brand

Mode = Literal["light", "dark"]

_NAMED = {
    "ink": ("encre", "craie"),
    "muted": ("ardoise", "ardoise-clair"),
    "rule": ("filet", "filet-sombre"),
    "veil": ("voile", "voile-sombre"),
    "paper": ("papier", "nuit"),
    "users": ("lagune", "lagune-clair"),
    "non_users": ("ocre", "ocre-clair"),
}
"""By what it is for, a colour of the brand on a light page and on a dark one."""
_SCALES = {
    "steps": (
        ("#d9e8ee", "#a9cedb", "#6aa9bf", "#2b7f9a", "#0a4c61"),
        ("#2a4753", "#31697c", "#3d8fa8", "#5cc0dc", "#b6ebf8"),
    ),
    "opinions": (
        ("#6f2f86", "#c39fd3", "#dde2e7", "#94cf9c", "#14692f"),
        ("#dcb0ee", "#8d5fa4", "#46515c", "#35784a", "#a4e6ae"),
    ),
    "hues": (
        ("#1b2a63", "#c24a00", "#0d7d7d", "#a63cc4", "#662222", "#8811ff"),
        ("#f7e463", "#f0683e", "#5fe3d6", "#b57bff", "#5588aa", "#ccffbb"),
    ),
    "clusters": (
        ("#332288", "#b8475f", "#117733", "#882255", "#5b6068"),
        ("#88ccee", "#ddcc77", "#44aa99", "#e08a96", "#e4e9ee"),
    ),
}

WIDTH = 320
"""Width of every figure, in pixels: a little less than a page of 360 leaves for its text."""
LETTERS = 11
"""Size of the letters in a figure, in the same pixels."""
_STYLE = paths.ROOT / "assets" / "figures.mplstyle"
"""What Matplotlib is told but for the colours."""


@dataclass(frozen=True)
class Theme:
    """The colours of one rendering, as hexadecimal strings.

    Parameters
    ----------
    ink, muted, rule, veil, paper : str
        Text, secondary text, thin lines, pale fill, page.
    users, non_users : str
        The two groups of doctors.
    steps : tuple of str
        Five ordered tints, palest first.
    opinions : tuple of str
        Answers 1 to 5: two hues on either side of a neutral tint, stronger towards the ends.
        Purple and green stay apart without colour vision, and are neither group's colour.
    hues : tuple of str
        Six unordered hues, one a variable; each goes with a shape of its own.
    clusters : tuple of str
        Five unordered hues, one a cluster.
    dark : dict
        Of a look that is drawn with: each of its colours, and what takes its place on a dark page.
    """

    ink: str
    muted: str
    rule: str
    veil: str
    paper: str
    users: str
    non_users: str
    steps: tuple[str, ...]
    opinions: tuple[str, ...]
    hues: tuple[str, ...]
    clusters: tuple[str, ...]
    dark: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def on(self, fill: str) -> str:
        """Choose the text colour that reads best on a fill."""
        text = _legible(fill)
        return self.pair(text, _legible(self.dark[fill])) if self.dark else text

    def between(self, stops: Sequence[str], place: float) -> str:
        """Choose a colour on a scale from the first of some colours (0) to the last (1)."""
        dark = [self.dark[stop] for stop in stops]
        return self.pair(_between(stops, place), _between(dark, place))

    def pair(self, light: str, dark: str) -> str:
        """Give the colour to draw with where a light and a dark page shall have these two.

        It is `light`, or one that no eye tells from it where `light` stands for another already.
        """
        step = 1 if int(light[5:], 16) < 128 else -1
        while self.dark.setdefault(light, dark) != dark:
            light = f"#{int(light[1:], 16) + step:06x}"
        return light


def _legible(fill: str) -> str:
    # One of both has always a contrast of 4.5. Matplotlib does not write the colour of black text.
    return max("#ffffff", "#010101", key=lambda text: contrast(text, fill))


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21 (WCAG 2.1, relative luminance).

    Examples
    --------
    >>> contrast("#ffffff", "#000000")
    21.0
    """
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _between(stops: Sequence[str], place: float) -> str:
    channels = zip(*(bytes.fromhex(stop[1:]) for stop in stops), strict=True)
    places = np.linspace(0, 1, len(stops))
    return f"#{bytes(round(np.interp(place, places, channel)) for channel in channels).hex()}"


@cache
def theme(mode: Mode) -> Theme:
    """Give the theme of a rendering.

    Parameters
    ----------
    mode : {"light", "dark"}
    """
    palette = read_brand()["color"]["palette"]
    place = ("light", "dark").index(mode)
    colours: dict[str, Any] = {name: palette[pair[place]] for name, pair in _NAMED.items()}
    colours |= {name: pair[place] for name, pair in _SCALES.items()}
    return Theme(**colours)


def _look() -> Theme:
    look, dark = replace(theme("light"), dark={}), theme("dark")
    colours: dict[str, Any] = {
        name: look.pair(getattr(look, name), getattr(dark, name)) for name in _NAMED
    }
    colours |= {name: tuple(map(look.pair, *pair)) for name, pair in _SCALES.items()}
    return replace(look, **colours)


@cache
def _set_up_matplotlib() -> None:
    """Import Matplotlib without a word, and with the fonts of the project only."""
    if not os.environ.get("MPLBACKEND", "").startswith("module://"):
        # A notebook's own backend stays; no other is needed, and a name that is none would stop us.
        os.environ["MPLBACKEND"] = "agg"
    says, path = logging.getLogger("matplotlib"), os.environ.get("PATH", "")
    level = says.level
    # It warns of a cache that cannot be kept, or takes long to make: neither changes a figure. And
    # it runs a program that lists the fonts of the system, and that complains where it has no home.
    says.setLevel(logging.ERROR)
    os.environ["PATH"] = ""
    try:
        from matplotlib import font_manager  # noqa: PLC0415
    finally:
        says.setLevel(level)
        os.environ["PATH"] = path
    font_manager.fontManager.ttflist = []
    for file in sorted((paths.ROOT / "assets" / "fonts").glob("*.otf")):
        font_manager.fontManager.addfont(file)


@contextmanager
def themed() -> Iterator[Theme]:
    """Draw within the theme: fonts, sizes, spines and colours.

    Yields
    ------
    Theme
        The light one, which knows the dark colours too.
    """
    _set_up_matplotlib()
    import matplotlib as mpl  # noqa: PLC0415

    look = _look()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(mpl.rc_params_from_file(_STYLE, use_default_template=False))
        painted: Any = {
            **dict.fromkeys(("text.color", "ytick.labelcolor"), look.ink),
            **dict.fromkeys(("xtick.color", "ytick.color"), look.muted),
            **dict.fromkeys(("grid.color", "axes.edgecolor"), look.rule),
        }
        mpl.rcParams.update({"font.size": LETTERS, **painted})
        yield look
