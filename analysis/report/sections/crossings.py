"""What print says of two answers at once: the crossings of the profile, proved.

Each cell of a crossing is a count of doctors: the least and the greatest that print allows, and the
statements that make them (`analysis.reconstruction.bounds`).  The site shows every crossing of two
answers by a script of the project (``assets/imprime.js``); the PDF and a page without scripts have
three of them as figures.  Nothing here depends on the table of respondents in use.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from analysis.reconstruction.bounds import (
    CROSSED,
    Bounds,
    Status,
    explained,
    known,
    listed,
    told_apart,
)
from analysis.reconstruction.statements import standing
from analysis.report.show.figures import (
    LEADING,
    Blocks,
    Figure,
    Style,
    extent,
    key,
    scripted,
    sheet,
    wrapped,
    write,
)
from analysis.report.show.french import NBSP, source_lines, spaced
from analysis.report.show.theme import WIDTH, Theme, themed
from analysis.report.statements import in_french
from analysis.survey import Group
from analysis.survey.labels import GROUPS, LEVELS, ROMAN, VARIABLES
from analysis.survey.question import ask

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Pair = tuple[str, str]

_NAMES = {**VARIABLES, "cluster": "Classe"}
_LEVELS = {
    **LEVELS,
    "cluster": {str(number): f"Classe {name}" for number, name in enumerate(ROMAN, start=1)},
}
_WORDS = {Status.DETERMINED: "Déterminé", Status.OPEN: "Ouvert", Status.BOUNDED: "Borné"}
_FIRST: dict[Group, Pair] = {"users": ("age", "purpose"), "non_users": ("age", "barrier_1")}
"""The crossing that a reader sees who has not chosen one."""


def explorer() -> Blocks:
    """Write every crossing of two answers for the site, and the script that shows them."""
    why = {asked: explained(asked[1], asked[0]) for asked in listed(2)}
    needed = {each for reasons in why.values() for each in (*reasons.lower, *reasons.upper)}
    places = {each: place for place, each in enumerate(e for e in standing() if e in needed)}
    crossings: dict[Group, dict[str, list[list[Any]]]] = {group: {} for group in GROUPS}
    for (group, question), reasons in why.items():
        names = "&".join(each.variable for each in question.conditions)
        found = known(question, group)
        ends = ([places[each] for each in end] for end in (reasons.lower, reasons.upper))
        numbers = (found.lower, found.upper, found.seen_min, found.seen_max)
        crossings[group].setdefault(names, []).append([*numbers, *ends])
    variables = {
        group: list(dict.fromkeys(name for pair in CROSSED[group] for name in pair))
        for group in GROUPS
    }
    data = {
        "noms": _NAMES,
        "niveaux": {
            name: {level: _LEVELS[name][level] for level in told_apart(group, name)}
            for group, own in variables.items()
            for name in own
        },
        "groupes": {
            group: {"nom": name, "variables": variables[group], "depart": _FIRST[group]}
            for group, name in GROUPS.items()
        },
        "etats": _WORDS,
        "enonces": [
            (source_lines(each.line), spaced(in_french(each.statement))) for each in places
        ],
        "croisements": crossings,
    }
    return scripted(
        "imprime",
        data,
        "Un script montre ici tous les croisements ; sans lui, les trois figures de cette page en "
        "montrent trois, et la commande <code>python -m analysis bounds</code> répond des autres.",
    )


# ---- figures -----------------------------------------------------------------------------------

_HEAD, _TEXT, _BAR, _GAP, _LABEL = 23, 14, 7, 7, 15
"""Heights of the key, of a number, its bar, what follows, and of a label above, in pixels."""
_BESIDE = 96
"""Width up to which the labels of the rows stand beside them."""
# None of the figures has a count that is bounded: a test says so.


def crossing(group: Group, rows: str, columns: str) -> dict[Pair, Bounds]:
    """Give the bounds of every cell of a crossing that is not proved to be nobody's row or column.

    Examples
    --------
    >>> crossing("users", "frequency", "place")["journalier", "groupe"].range
    '0 to 3'
    """
    found = {
        (row, column): known(ask(f"{rows}={row} & {columns}={column}"), group)
        for row in told_apart(group, rows)
        for column in told_apart(group, columns)
    }
    somebody = [{key[side] for key, each in found.items() if each.upper} for side in (0, 1)]
    return {
        key: each
        for key, each in found.items()
        if all(level in own for level, own in zip(key, somebody, strict=True))
    }


def _styles(group: Group, look: Theme) -> dict[str, Style]:
    """Say how a count is drawn: what is proved, and what is possible beyond it."""
    colour = look.users if group == "users" else look.non_users
    return {
        "proved": {"color": colour, "edgecolor": colour, "lw": 0.9},
        "possible": {"color": "none", "edgecolor": colour, "lw": 0.9},
    }


def _figure(id_: str, group: Group, rows: str, columns: str) -> Figure:
    found = crossing(group, rows, columns)
    with themed():
        # The height follows from the letters.
        lines = _lines(_headings(found, rows, columns))
        label = 0 if _are_beside(found, rows) else _LABEL
    n_rows = len(dict.fromkeys(row for row, _ in found))
    draw = partial(_draw, found=found, group=group, names=(rows, columns))
    height = _HEAD + LEADING * lines + _GAP + n_rows * (label + _TEXT + _BAR + _GAP)
    return Figure(id_, draw, height)


def _are_beside(found: dict[Pair, Bounds], rows: str) -> bool:
    return max(extent(_LEVELS[rows][row]) for row, _ in found) <= _BESIDE


def _width(found: dict[Pair, Bounds], rows: str) -> float:
    """Give the width of a cell."""
    room = WIDTH - (_BESIDE if _are_beside(found, rows) else 0)
    return room / len(dict.fromkeys(column for _, column in found))


def _headings(found: dict[Pair, Bounds], rows: str, columns: str) -> dict[str, str]:
    width = _width(found, rows) - 8
    return {
        column: wrapped(_LEVELS[columns][column], width, bold=True)
        for column in dict.fromkeys(column for _, column in found)
    }


def _lines(texts: dict[str, str]) -> int:
    """Count the lines of the longest of some texts."""
    return max(text.count("\n") + 1 for text in texts.values())


def _draw(
    canvas: Canvas, look: Theme, *, found: dict[Pair, Bounds], group: Group, names: Pair
) -> None:
    axes = sheet(canvas)
    rows, columns = names
    beside, width = _are_beside(found, rows), _width(found, rows)
    left = _BESIDE if beside else 0
    styles = _styles(group, look)
    key(
        axes,
        9,
        [("prouvé", "fill", styles["proved"]), ("possible", "fill", styles["possible"])],
        look,
    )
    headings = _headings(found, rows, columns)
    top = _HEAD + LEADING * _lines(headings)
    for place, text in enumerate(headings.values()):
        middle = top - LEADING * _lines({"": text}) / 2
        write(axes, left + place * width, middle, text, look.ink, weight=600)
    top, scale = top + _GAP, (width - 10) / max(each.upper for each in found.values())
    for row in dict.fromkeys(row for row, _ in found):
        write(axes, 0, top + _TEXT / 2, _LEVELS[rows][row], look.muted if not beside else look.ink)
        top += 0 if beside else _LABEL
        for place, column in enumerate(headings):
            _draw_count(axes, (left + place * width, top), found[row, column], scale, styles, look)
        top += _TEXT + _BAR + _GAP


def _draw_count(
    axes: Axes,
    place: tuple[float, float],
    found: Bounds,
    scale: float,
    styles: dict[str, Style],
    look: Theme,
) -> None:
    """Write a count with what is proved of it; draw it solid, and hollow as far as it may go."""
    x, y = place
    text = f"{found.lower}{NBSP}à{NBSP}{found.upper}"
    if found.is_determined:
        write(axes, x, y + _TEXT / 2, str(found.lower), look.ink, weight=600)
    else:
        write(axes, x, y + _TEXT / 2, text, look.ink)
    middle = y + _TEXT + _BAR / 2
    axes.plot([x, x], [y + _TEXT, y + _TEXT + _BAR], color=look.muted, lw=0.8)
    for start, end, style in (
        (0, found.lower, styles["proved"]),
        (found.lower, found.upper, styles["possible"]),
    ):
        if end > start:
            axes.barh(middle, (end - start) * scale, _BAR - 1, x + start * scale, **style)


@cache
def ages_and_purposes() -> Figure:
    """Draw what print says of the purposes of the users of each age."""
    return _figure("age-motif", "users", "age", "purpose")


@cache
def frequencies_and_places() -> Figure:
    """Draw what print says of where the users of each frequency practise."""
    return _figure("frequence-lieu", "users", "frequency", "place")


@cache
def ages_and_barriers() -> Figure:
    """Draw what print says of the first barriers of the non-users of each age."""
    return _figure("frein-age", "non_users", "barrier_1", "age")
