"""The annexes in which little is computed, and the glossary.

Annexe I dates the history of the record. Annexe II is the council's list of the doctors of the
Hérault. Annexe IV shows two pictures of the dmp.fr site, which are described and not redrawn: the
source text keeps a picture's place and, at best, a scrap of its words; what can be said of it is
what the text around it says, each with its line. The glossary sets out the acronyms in the order of
a French dictionary: the letters first; case, accents, apostrophes and hyphens only part what is
left equal (ISO/IEC 14651, French tailoring, of which this is the part that a glossary needs).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Fault, refuse
from analysis.printed import parse, read_table
from analysis.printed.sections import fault_of_lines
from analysis.report.inline import fact, printed
from analysis.report.register import registered
from analysis.report.show.figures import Figure, sheet, write
from analysis.report.show.french import NBSP, Text, count, percent, source_lines
from analysis.report.show.tables import Row, Table, percent_cell
from analysis.report.show.theme import Theme
from analysis.survey import council
from analysis.survey.labels import LEVELS

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

# ---- I: history --------------------------------------------------------------------------------


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
    rows = [Row.of(event.printed.replace(" ", NBSP), event.event, event.line) for event in events()]
    return Table("histoire", ("Date", "Événement", "Ligne"), tuple(rows), align="left")


def numbers() -> dict[str, Text]:
    """Compute the numbers of the annexes' sentences, in French.

    Returns
    -------
    dict of str to Text
        ``empty`` is the share of the first records that held no document, ``cost`` the printed
        spending divided by the records opened. ``places`` counts the
        doctors of the Hérault whose place the council lists, ``unlisted`` the others.
    """
    opened, empty = (_number(key) for key in ("records_opened", "records_empty"))
    millions = int(parse(printed("annexes:spending").split()[0]).value)
    cost = count(round(Fraction(millions * 10**6, opened)))
    return {
        "empty": percent(empty, opened),
        "cost": Text(f"{cost}{NBSP}euros"),
        "places": count(council.population() - council.unlisted()),
        "unlisted": count(council.unlisted()),
    }


def _number(key: str) -> int:
    return int(parse(printed(f"annexes:{key}")).value)


def _survey() -> Event:
    """Make an event of the survey itself, at its first day."""
    start = fact("facts:survey_start")
    day, month, year = start.split()
    at = f"{year}-{_MONTHS.split().index(month) + 1:02}-{int(day):02}"
    return Event("survey", at, start, "Début de l’enquête", "", "")


def _draw_timeline(canvas: Canvas, look: Theme) -> None:
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
    return Figure("histoire", _draw_timeline, _PITCH * (len(events()) + 1))


# ---- II: the council ---------------------------------------------------------------------------

_COUNTED = {"age": "Âge", "practice": "Type d’exercice", "place": "Lieu d’exercice"}


@registered
def taii() -> Table:
    """Set out the council's figures, with the share that each makes."""
    listed = read_table("taii")
    rows: list[Row] = []
    for variable, group in _COUNTED.items():
        own = listed.loc[listed["variable"] == variable]
        total = sum(int(parse(n).value) for n in own["n"])
        rows.append(Row(group, opens_group=True))
        for row in own.itertuples():
            number = int(parse(row.n).value)
            # Several of the council's places make up the survey's one "other": its own words stay.
            shared = row.category == "autre" and variable == "place"
            name = str(row.label).capitalize() if shared else LEVELS[variable][row.category]
            rows.append(Row.of(name, count(number), percent_cell(number, total, decimals=1)))
        rows.append(Row.of("Total", count(total), percent_cell(total, total, decimals=1)))
    note = "Effectifs transcrits de la thèse ; totaux et parts calculés ici."
    return Table("taii", ("", "Médecins", "Part"), tuple(rows), note)


# ---- IV: the site ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Description:
    """A printed figure that is told and not redrawn.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    left : str
        What the source text keeps of the picture, in Markdown.
    told : str
        What the thesis says of it elsewhere, in Markdown.
    """

    id: str
    left: str
    told: str

    @property
    def title(self) -> str:
        """What the picture showed."""
        return str(self._listed["title"])

    @property
    def place(self) -> str:
        """Section of the thesis, and lines."""
        section = str(self._listed["section"])
        named = section if section.startswith("Annexe") else f"Section {section}"
        return f"{named}, {source_lines(str(self._listed['line']))}"

    @property
    def _listed(self) -> dict[str, str]:
        found = read_table("inventory").set_index("id").loc[self.id.upper()]
        return {str(name): str(value) for name, value in found.items()}


@partial(registered, kind="description")
def f31() -> Description:
    """Describe the home page."""
    sections = f"{fact('facts:home_page_sections', spelt=True)} volets principaux"
    return Description(
        "f31",
        left=_in_guillemets("home_page_fragment"),
        told=f"{sections} ({source_lines(printed('facts', 'line', key='home_page_sections'))})",
    )


@partial(registered, kind="description")
def f32() -> Description:
    """Describe the part of the site that holds the documents."""
    names = ("documents_administration", "documents_delivery", "documents_diagnostic")
    return Description(
        "f32",
        left="Rien, hors le titre de l’annexe",
        told=f"{_in_guillemets('documents_tabs')}, dont {' ; '.join(map(_in_guillemets, names))}",
    )


def captures() -> Table:
    """Set out what is left of the two pictures."""
    rows = [Row.of(each.title, each.place, each.left, each.told) for each in (f31(), f32())]
    header = ("Capture", "Place", "Ce qu’en garde le texte", "Ce que la thèse en dit")
    return Table("captures", header, tuple(rows), align="left")


def _in_guillemets(key: str) -> str:
    words = printed(f"annexes:{key}")
    return f"«{NBSP}{words}{NBSP}» ({source_lines(printed('annexes', 'line', key=key))})"


# ---- glossary ----------------------------------------------------------------------------------


_ACRONYM = re.compile(r"(?<![\w-])[A-ZÀ-Þ](?:[A-ZÀ-Þ0-9]|’(?=[A-ZÀ-Þ]{2}))+[a-z]?(?![\w])")
_ROMAN = re.compile(r"[IVXLC]+")
_IDENTIFIER = re.compile(r"(?:[A-Z]{1,2}\d+|T[A-Z]+\d?)")


@dataclass(frozen=True)
class Term:
    """An acronym.

    Parameters
    ----------
    term, expansion, meaning : str
        The letters, what they stand for, and what it is.
    line : str
        A source line where the thesis uses it; empty for a term of the edition.
    language : str
        Language of the expansion; empty for French.
    """

    term: str
    expansion: str
    meaning: str
    line: str = ""
    language: str = ""

    @property
    def marked(self) -> str:
        """The expansion, with its language where it is not French."""
        return f'[{self.expansion}]{{lang="{self.language}"}}' if self.language else self.expansion


def collation(word: str) -> tuple[str, str]:
    """Give the key by which a word is sorted.

    Examples
    --------
    >>> sorted(["CPS", "e-CPS", "EHPAD", "CNAMTS", "CNAM", "École", "ECG"], key=collation)
    ['CNAM', 'CNAMTS', 'CPS', 'ECG', 'École', 'e-CPS', 'EHPAD']
    """
    plain = unicodedata.normalize("NFD", word)
    letters = "".join(each for each in plain if each.isalnum()).casefold()
    return letters, plain


@cache
def terms() -> tuple[Term, ...]:
    """Read the terms, sorted.

    Raises
    ------
    InputError
        If the glossary has a fault, or a term twice.
    """
    document = read_document(paths.GLOSSARY, paths.SCHEMAS / "glossary.schema.json")
    refuse(_faults(document))
    found = [Term(**entry) for entry in document.data["terms"]]
    return tuple(sorted(found, key=lambda each: collation(each.term)))


def _faults(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, entry in enumerate(document.data["terms"]):
        if entry["term"] in seen:
            yield document.fault("the term has an entry already", "terms", place, "term")
        seen.add(entry["term"])
        rule = fault_of_lines(entry["line"]) if "line" in entry else ""
        if rule:
            yield document.fault(rule, "terms", place, "line")


def acronyms(text: str) -> list[str]:
    """Find the acronyms of a text; Roman numerals and ids of the inventory are none.

    Examples
    --------
    >>> acronyms("Le DMP (annexe IV, figure F31) passe par une CPS ; HOP’EN aussi, et le DMPe.")
    ['DMP', 'CPS', 'HOP’EN', 'DMPe']
    """
    return [
        word
        for word in _ACRONYM.findall(text)
        if not _ROMAN.fullmatch(word) and not _IDENTIFIER.fullmatch(word)
    ]


def glossary_table() -> Table:
    """Set out the glossary."""
    rows = [Row.of(each.term, each.marked, each.meaning) for each in terms()]
    return Table("glossaire", ("Sigle", "Développement", "Sens"), tuple(rows), align="left")
