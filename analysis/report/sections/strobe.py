"""The STROBE checklist for cross-sectional studies, filled in for the thesis.

STROBE says what a report of an observational study should hold: 22 items, some in parts. The
version for cross-sectional studies leaves out the parts that belong to cohorts and case-control
studies (von Elm, Altman, Egger, Pocock, Gøtzsche, Vandenbroucke, 2007,
doi:10.1371/journal.pmed.0040296). Whether an item is reported is the edition's judgement; the lines
and the words it rests on stand in ``data/strobe.yml``, and the tests find them in the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Literal

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Fault, refuse
from analysis.printed.sections import fault_of_lines
from analysis.report.show.french import NBSP, Text, count, source_lines, spell
from analysis.report.show.tables import Row, Table, count_cell, text_cell

Status = Literal["reported", "partly", "absent", "not_applicable"]

STATUSES: dict[Status, str] = {
    "reported": "Présent",
    "partly": "En partie",
    "absent": "Absent",
    "not_applicable": "Sans objet",
}
"""What can be said of an item, in the order of the columns."""
_SIGNS: dict[Status, str] = {
    "reported": "✓",
    "partly": "≈",
    "absent": "✗",
    "not_applicable": "–",
}


@dataclass(frozen=True)
class Evidence:
    """Where the thesis reports an item: lines of the source, and words that stand there."""

    lines: str
    words: str


@dataclass(frozen=True)
class Item:
    """An item of the checklist, or a part of one.

    Parameters
    ----------
    id : str
        Number and letter: ``12c``.
    section : str
        Section of the report that it belongs to.
    asks, comment : str
        What it asks for, and what the thesis holds.
    status : {"reported", "partly", "absent", "not_applicable"}
    evidence : tuple of Evidence
    searched : tuple of str
        Words that would report it, and that the thesis does not hold.
    here : str
        Where this book takes it up, in words, where the place has no number.
    chapters : tuple of str
        Labels of this book that take it up.
    """

    id: str
    section: str
    asks: str
    comment: str
    status: Status
    evidence: tuple[Evidence, ...] = ()
    searched: tuple[str, ...] = ()
    here: str = ""
    chapters: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """Its number without a letter."""
        return int(self.id.rstrip("abcde"))


@cache
def items() -> tuple[Item, ...]:
    """Read the checklist.

    Raises
    ------
    InputError
        If it has a fault, or an item twice or out of order.
    """
    document = read_document(paths.STROBE, paths.SCHEMAS / "strobe.schema.json")
    refuse(_faults(document))
    return tuple(
        Item(
            **{
                **entry,
                "section": section["title"],
                "evidence": tuple(Evidence(**each) for each in entry.get("evidence", ())),
                "searched": tuple(entry.get("searched", ())),
                "chapters": tuple(entry.get("chapters", ())),
            }
        )
        for section in document.data["sections"]
        for entry in section["items"]
    )


def _faults(document: Document) -> Iterator[Fault]:
    last = (0, "")
    for at, section in enumerate(document.data["sections"]):
        for place, entry in enumerate(section["items"]):
            here = ("sections", at, "items", place)
            number = (int(entry["id"].rstrip("abcde")), entry["id"])
            if number <= last:
                yield document.fault(f"the item does not come after {last[1]}", *here, "id")
            last = number
            for rank, evidence in enumerate(entry.get("evidence", ())):
                rule = fault_of_lines(evidence["lines"])
                if rule:
                    yield document.fault(rule, *here, "evidence", rank, "lines")


def numbers() -> dict[str, Text]:
    """Count the items: ``numbers`` by number, ``items`` each part by itself, in words by status."""
    by_status: dict[str, Text] = {
        status: spell(sum(item.status == status for item in items())) for status in STATUSES
    }
    return {
        "numbers": count(len({item.number for item in items()})),
        "items": count(len(items())),
        **by_status,
    }


def balance() -> Table:
    """Count the items by section and status."""
    sections = list(dict.fromkeys(item.section for item in items()))
    rows = [
        Row.of(
            section or "Total",
            *(
                count_cell(
                    sum(
                        item.status == status and item.section in (section or item.section)
                        for item in items()
                    )
                )
                for status in STATUSES
            ),
        )
        for section in [*sections, ""]
    ]
    return Table("strobe-bilan", ("Partie du texte", *STATUSES.values()), tuple(rows))


def checklist() -> Table:
    """Set out the items: what each asks, what the thesis holds, where this book has it."""
    rows: list[Row] = []
    for section, group in groupby(items(), lambda item: item.section):
        rows.append(Row(section, opens_group=True))
        for item in group:
            cells = (text_cell(_held(item)), text_cell(_references(item)))
            rows.append(Row.of(f"{item.id} · {item.asks}", *cells))
    header = ("Ce qui est demandé", "Dans la thèse", "Ici")
    return Table("strobe", header, tuple(rows), align="left")


def _held(item: Item) -> str:
    lines = ", ".join(each.lines for each in item.evidence)
    places = f" ({source_lines(lines)})" if lines else ""
    return f"{_SIGNS[item.status]}{NBSP}{STATUSES[item.status]}{places}. {item.comment}"


def _references(item: Item) -> str:
    places = [item.here] if item.here else []
    return ", ".join([*places, *(f"@{label}" for label in item.chapters)]) or "—"
