"""The two pictures of the dmp.fr site: described, not redrawn.

The source text keeps a picture's place and, at best, a scrap of its words. What can be said of such
a figure is what the text around it says, each with its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from analysis.printed import read_table
from analysis.report.inline import fact, printed
from analysis.report.register import registered
from analysis.report.show.french import NBSP
from analysis.report.show.tables import Row, Table, text_cell


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
        return f"{named}, {_lines(str(self._listed['line']))}"

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
        left=_quoted("home_page_fragment"),
        told=f"{sections} ({_lines(printed('facts', 'line', key='home_page_sections'))})",
    )


@partial(registered, kind="description")
def f32() -> Description:
    """Describe the part of the site that holds the documents."""
    names = ("documents_administration", "documents_delivery", "documents_diagnostic")
    return Description(
        "f32",
        left="Rien, hors le titre de l’annexe",
        told=f"{_quoted('documents_tabs')}, dont {' ; '.join(_quoted(name) for name in names)}",
    )


def captures() -> Table:
    """Set out what is left of the two pictures."""
    rows = [
        Row(
            each.title,
            (text_cell(each.place), text_cell(each.left), text_cell(each.told)),
        )
        for each in (f31(), f32())
    ]
    header = ("Capture", "Place", "Ce qu’en garde le texte", "Ce que la thèse en dit")
    return Table("captures", header, tuple(rows), align="left")


def _quoted(key: str) -> str:
    words = printed(f"annexes:{key}")
    return f"«{NBSP}{words}{NBSP}» ({_lines(printed('annexes', 'line', key=key))})"


def _lines(line: str) -> str:
    return f"l.{NBSP}{line.replace('-', '–')}"
