"""How long the classification of section IV.D takes here, in R, and in two packages of Python.

Nothing is timed when the book is made: a reader needs no R for it.  The times are those that
``python -m bench --record`` kept in ``data/bench.csv``: of one machine, on one day, on random
answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.files import Fault, Rows
from analysis.packages import read_package
from analysis.report.show.figures import LEADING, Figure, Style, key, sheet, write
from analysis.report.show.french import NBSP, Text, count, decimal, spell
from analysis.report.show.theme import WIDTH, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_NAMES = {
    "ours": "ce livre",
    "R": "R, FactoMineR",
    "factominer": "factominer",
    "scientisttools": "scientisttools",
}
"""The programs, as they are drawn."""


def measured() -> pd.DataFrame:
    """Read what was recorded, by size.

    Returns
    -------
    DataFrame
        A row a table and what a program took for it: ``date``, in ISO 8601; ``rows`` and
        ``variables`` of the table; ``program``; ``seconds``, the median of several runs; ``same``,
        whether the partition is that of R.

    Raises
    ------
    InputError
        If the file breaks its schema, or a table lacks a program.
    """
    found = pd.DataFrame(read_package().resource("bench").read(more=_lacking).columns)
    found = found.astype({"rows": int, "variables": int, "seconds": float})
    found["same"] = found.pop("same_partition") == "yes"
    programs = pd.Index(_NAMES)
    return found.sort_values(
        ["rows", "program"],
        key=lambda own: programs.get_indexer(own) if own.name == "program" else own,
    )


def _lacking(rows: Rows) -> Iterator[Fault]:
    """Find the tables that not every program was given."""
    sizes = rows.columns["rows"]
    for size in dict.fromkeys(sizes):
        missing = len(_NAMES) - sizes.count(size)
        if missing:
            last = len(sizes) - 1 - sizes[::-1].index(size)
            yield rows.fault(last, "rows", f"{missing} programs lack for this size", size)


def numbers() -> dict[str, Text]:
    """Compute the numbers of the comparison that are no question, in French.

    ``speed_tables`` is how many tables the programs were given, ``same_ours`` and the like for how
    many of them one has the partition of R, ``speed_day`` the day, and ``times_as_fast`` the least
    and the greatest number of times that ours is as fast as R, rounded down.
    """
    runs = measured()
    seconds = runs.pivot_table("seconds", "rows", "program")
    ratios = (seconds["R"] / seconds["ours"]).astype(int)
    same = runs.groupby("program")["same"].sum()
    return {
        "speed_tables": spell(len(seconds)),
        "speed_day": Text("/".join(reversed(runs["date"].iloc[0].split("-")))),
        "times_as_fast": Text(f"{count(ratios.min())} à {count(ratios.max())}"),
        **{f"same_{name}": spell(n) if n else Text("aucun") for name, n in same.items()},
    }


_TITLE, _ROW, _LEFT, _TEXT = 28, 20, 104, 56
"""Heights, and the width of the names and of the times, in pixels."""


def speed_figure() -> Figure:
    """Draw the time of each program on each table, on a scale of powers of ten."""
    runs = measured()
    height = 20 + _TITLE * runs["rows"].nunique() + _ROW * len(runs) + LEADING + 8
    return Figure("vitesse", partial(_draw, runs=runs), height)


def _draw(canvas: Canvas, look: Theme, *, runs: pd.DataFrame) -> None:
    axes = sheet(canvas)
    same: Style = {"marker": "o", "ms": 8, "color": look.users}
    other: Style = {"marker": "s", "ms": 7, "mfc": look.paper, "mec": look.non_users, "mew": 1.8}
    entries = [("la partition de R", "mark", same), ("une autre", "mark", other)]
    top = key(axes, 8, entries, look) + 12
    tens = np.log10(runs["seconds"])
    low, high = math.floor(tens.min()), math.ceil(tens.max())
    lines = np.linspace(_LEFT + 8, WIDTH - _TEXT + 8, high - low + 1)
    bottom = top + _TITLE * runs["rows"].nunique() + _ROW * len(runs)
    for power, x in list(zip(range(low, high + 1), lines, strict=True))[::2]:
        text = decimal(10.0**power, max(0, -power)) + NBSP + "s"
        write(axes, x, bottom + 10, text, look.muted, ha="center")
    for _, own in runs.groupby("rows"):
        first = own.iloc[0]
        title = f"{count(first['rows'])} lignes, {count(first['variables'])} variables"
        write(axes, 0, top + _TITLE - 11, title, look.ink, weight=600)
        top += _TITLE
        for run in own.itertuples():
            axes.vlines(lines, top, top + _ROW, color=look.rule, lw=0.8, zorder=0)
            x, y = np.interp(tens[run.Index], range(low, high + 1), lines), top + _ROW / 2
            write(axes, 0, y, _NAMES[run.program], look.ink)
            axes.plot(x, y, ls="", **(same if run.same else other))
            write(axes, x + 9, y, _seconds(run.seconds), look.ink)
            top += _ROW


def _seconds(value: float) -> str:
    """Write a duration in two digits or more."""
    return decimal(value, max(0, 1 - math.floor(math.log10(value)))) + NBSP + "s"
