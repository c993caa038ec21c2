"""How long the classification of section IV.D takes here, in R, and in two packages of Python.

Nothing is timed when the book is made: a reader needs no R for it.  The times are those that
``python -m bench --record`` kept in ``data/bench.csv``: of one machine, on one day, on random
answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

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


@dataclass(frozen=True)
class Run:
    """A table and what a program took for it.

    Attributes
    ----------
    day : str
        In ISO 8601.
    rows, variables : int
        Of the table.
    program : str
    seconds : float
        Median of several runs.
    same : bool
        Whether the partition is that of R.
    """

    day: str
    rows: int
    variables: int
    program: str
    seconds: float
    same: bool


def measured() -> list[Run]:
    """Read what was recorded, by size.

    Raises
    ------
    InputError
        If the file breaks its schema, or a table lacks a program.
    """
    cells = read_package().resource("bench").read(more=_lacking).columns
    wanted = ("date", "rows", "variables", "program", "seconds", "same_partition")
    found = (
        Run(day, int(rows), int(variables), program, float(seconds), same == "yes")
        for day, rows, variables, program, seconds, same in zip(
            *(cells[name] for name in wanted), strict=True
        )
    )
    return sorted(found, key=lambda run: (run.rows, list(_NAMES).index(run.program)))


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
    seconds = {(run.program, run.rows): run.seconds for run in runs}
    sizes = sorted({run.rows for run in runs})
    ratios = [int(seconds["R", size] / seconds["ours", size]) for size in sizes]
    same = {
        f"same_{program}": _how_many([run.same for run in runs if run.program == program])
        for program in _NAMES
    }
    return same | {
        "speed_tables": spell(len(sizes)),
        "speed_day": Text("/".join(reversed(runs[0].day.split("-")))),
        "times_as_fast": Text(f"{count(min(ratios))} à {count(max(ratios))}"),
    }


def _how_many(same: list[bool]) -> Text:
    return spell(sum(same)) if any(same) else Text("aucun")


_TITLE, _ROW, _LEFT, _TEXT = 28, 20, 104, 56
"""Heights, and the width of the names and of the times, in pixels."""


def speed_figure() -> Figure:
    """Draw the time of each program on each table, on a scale of powers of ten."""
    runs = measured()
    height = 20 + _TITLE * len({run.rows for run in runs}) + _ROW * len(runs) + LEADING + 8
    return Figure("vitesse", partial(_draw, runs=runs), height)


def _draw(canvas: Canvas, look: Theme, *, runs: list[Run]) -> None:
    axes = sheet(canvas)
    same: Style = {"marker": "o", "ms": 8, "color": look.users}
    other: Style = {"marker": "s", "ms": 7, "mfc": look.paper, "mec": look.non_users, "mew": 1.8}
    names = ("la partition de R", "une autre")
    entries = [(name, "mark", style) for name, style in zip(names, (same, other), strict=True)]
    top = key(axes, 8, entries, look) + 12
    tens = [math.log10(run.seconds) for run in runs]
    low, high = math.floor(min(tens)), math.ceil(max(tens))
    scale = (WIDTH - _LEFT - _TEXT) / (high - low)
    bottom = top + _TITLE * len({run.rows for run in runs}) + _ROW * len(runs)
    for power in range(low, high + 1, 2):
        x, text = _LEFT + 8 + (power - low) * scale, decimal(10.0**power, max(0, -power))
        write(axes, x, bottom + 10, text + NBSP + "s", look.muted, ha="center")
    size = 0
    for run, ten in zip(runs, tens, strict=True):
        if run.rows != size:
            size, title = run.rows, f"{count(run.rows)} lignes, {count(run.variables)} variables"
            write(axes, 0, top + _TITLE - 11, title, look.ink, weight=600)
            top += _TITLE
        lines = [_LEFT + 8 + power * scale for power in range(high - low + 1)]
        axes.vlines(lines, top, top + _ROW, color=look.rule, lw=0.8, zorder=0)
        x, y = _LEFT + 8 + (ten - low) * scale, top + _ROW / 2
        write(axes, 0, y, _NAMES[run.program], look.ink)
        axes.plot(x, y, ls="", **(same if run.same else other))
        write(axes, x + 9, y, _seconds(run.seconds), look.ink)
        top += _ROW


def _seconds(value: float) -> str:
    """Write a duration in two digits or more."""
    return decimal(value, max(0, 1 - math.floor(math.log10(value)))) + NBSP + "s"
