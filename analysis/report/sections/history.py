"""Annexe I: the history of the record, from the law that made it to the survey."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from analysis.printed import parse, read_table
from analysis.report.inline import fact, printed
from analysis.report.show.figures import Figure, sheet, write
from analysis.report.show.french import NBSP, Text, count, percent
from analysis.report.show.tables import Row, Table, text_cell
from analysis.report.show.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


@dataclass(frozen=True)
class Event:
    """A dated event.

    Parameters
    ----------
    key : str
    date : str
        In ISO 8601, as precise as it is printed.
    printed : str
        The date as printed.
    name, event : str
        In few words, and in a sentence.
    line : str
        Source line.
    """

    key: str
    date: str
    printed: str
    name: str
    event: str
    line: str

    @property
    def year(self) -> float:
        """When it happened, in years; the middle of what is not printed.

        Examples
        --------
        >>> Event("relaunch", "2018-11", "novembre 2018", "", "", "2641").year
        2018.875
        """
        year, *rest = [int(part) for part in self.date.split("-")]
        if not rest:
            return year + 0.5
        month, day = [*rest, 15.5][:2]
        return year + (month - 1 + (day - 0.5) / 30) / 12


def events() -> tuple[Event, ...]:
    """Read the events, the oldest first; within a month, in the order of the print."""
    found = [Event(**row) for row in read_table("history").to_dict("records")]
    return tuple(sorted(found, key=lambda event: event.year))


def timeline() -> Table:
    """Set out the events with their lines."""
    rows = [
        Row(event.printed.replace(" ", NBSP), (text_cell(event.event), text_cell(event.line)))
        for event in events()
    ]
    return Table("histoire", ("Date", "Événement", "Ligne"), tuple(rows), align="left")


def empty_share() -> Text:
    """Compute the share of the first records that held no document."""
    opened, empty = (_number(key) for key in ("records_opened", "records_empty"))
    return percent(empty, opened)


def cost_of_a_record() -> Text:
    """Divide the printed spending, in millions of euros, by the records opened."""
    millions = int(parse(printed("annexes:spending").split()[0]).value)
    return Text(
        count(round(Fraction(millions * 10**6, _number("records_opened")))) + NBSP + "euros"
    )


def _number(key: str) -> int:
    return int(parse(printed(f"annexes:{key}")).value)


def _survey() -> Event:
    """Make an event of the survey itself, at its first day."""
    start = fact("facts:survey_start")
    day, month, year = start.split()
    at = f"{year}-{_MONTHS.split().index(month) + 1:02}-{int(day):02}"
    return Event("survey", at, start, "Début de l’enquête", "", "")


def _draw(canvas: Canvas, look: Theme) -> None:
    survey = _survey()
    shown = [*events(), survey]
    shared = next(event.year for event in shown if event.key == "shared_record")
    first, last = 2004, 2020.3
    axes = sheet(canvas)

    def at(year: float) -> float:
        return 12 + (len(shown) * _PITCH - 20) * (year - first) / (last - first)

    for year in range(first, 2021, 4):
        write(axes, 0, at(year), str(year), look.muted)
    for start, end, colour, name in (
        (shown[0].year, shared, look.muted, "dossier personnel"),
        (shared, last, look.users, "partagé"),
    ):
        axes.bar(41, at(end) - at(start), 16, at(start), color=colour)
        middle = (at(start) + at(end)) / 2
        style: dict[str, Any] = {"rotation": 90, "rotation_mode": "anchor", "ha": "center"}
        axes.text(45, middle, name, color=look.on(colour), **style)
    for place, event in enumerate(shown):
        y = _PITCH * (place + 0.5)
        colour = look.non_users if event is survey else look.ink
        ends = ((50, 58, 76, 82), (at(event.year), at(event.year), y, y))
        axes.plot(*ends, color=look.muted, lw=0.8)
        axes.plot(50, at(event.year), "o", ms=4, color=colour)
        weight = 600 if event is survey else 400
        write(axes, 88, y - 8, event.printed, look.muted if colour == look.ink else colour)
        write(axes, 88, y + 7, event.name, colour, weight=weight)


_PITCH = 38


def timeline_figure() -> Figure:
    """Draw the events along the years, and the survey after them."""
    return Figure("histoire", _draw, _PITCH * (len(events()) + 1))
