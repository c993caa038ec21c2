"""The register: which function regenerates which table, figure or statistic of the thesis.

Every twin of a printed object registers the id of the object it reproduces, so that the tests, the
ledger and the manifest walk one list, and an object that nobody regenerates cannot go unnoticed.

A reader may take away the data of each table, and each figure. A table becomes a CSV file in the
long form, one row a number: where it stands, how it is shown, its value with all its digits, what
the thesis prints there, the source lines and the verdict. A figure becomes its SVG for the light
page. The list of the files follows the register, so that they, the manifest of ``codecheck.yml``
and the chapters cannot part.

Examples
--------
>>> [each.file for each in downloads() if each.id in ("tb3", "f8")]
['tb3.csv', 'f8.svg']
"""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from analysis import paths
from analysis.files import csv_text
from analysis.printed import read_table
from analysis.report.provenance import declare
from analysis.report.show.tables import Table
from analysis.results.outcomes import Number
from analysis.settings import read_settings
from analysis.survey import VARIABLES
from analysis.survey.respondents import per_table

Kind = Literal["table", "figure", "statistic", "description"]
"""What an object is; a figure that is described in words, and not redrawn, is a description."""
Result = TypeVar("Result")
_ENDINGS: dict[Kind, str] = {"table": "csv", "figure": "svg"}
_COLUMNS = ("groupe", "ligne", "colonne", "texte", "valeur", "imprime", "lignes_source", "verdict")
_NAMED = re.compile(r"(?:^#\| label: |\{#)((?:tbl|fig)-\w+)|\]\{#(\w+)\}", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One regenerated object.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    kind : {"table", "figure", "statistic", "description"}
    section, line : str
        Section of the thesis, as ``IV.B.1.c``, and its lines.
    title : str
        In French, from the inventory.
    make : callable
        Computes the object; called without arguments.
    """

    id: str
    kind: Kind
    section: str
    line: str
    title: str
    make: Callable[[], Any]

    @property
    def ending(self) -> str:
        """How the name of the file of a table or a figure ends."""
        return _ENDINGS[self.kind]

    @property
    def file(self) -> str:
        """The name of that file."""
        return f"{self.id}.{self.ending}"

    def content(self) -> str:
        """Make that file."""
        made = self.make()
        if self.kind == "figure":
            return str(made.to_svg())
        return csv_text(_COLUMNS, table_rows(made))


_SECTIONS = Path(__file__).with_name("sections")
_REGISTER: dict[str, tuple[Callable[[], Any], Kind | None]] = {}


def registered(
    make: Callable[[], Result], id_: str = "", kind: Kind | None = None
) -> Callable[[], Result]:
    """Register a function as what regenerates an object of the inventory.

    The function is computed once a process for each table of respondents.

    Parameters
    ----------
    make : callable
    id_ : str
        Id of the inventory, in lower case; the name of the function by default.
    kind : {"description"}, optional
        What it is, where it is not what the inventory says.

    Raises
    ------
    ValueError
        If the id is registered already.
    """
    id_ = id_ or make.__name__
    if id_ in _REGISTER:
        raise ValueError(f"{id_} is registered twice")

    once = per_table(make)
    _REGISTER[id_] = once, kind
    return once


def registered_as(
    described: Mapping[str, tuple[Any, ...]], make: Callable[..., Result]
) -> tuple[Callable[[], Result], ...]:
    """Register what one function makes of several descriptions.

    Parameters
    ----------
    described : dict of str to tuple
        By id of the inventory, in lower case. A description that consists of variables of the
        survey says what the object counts together.
    make : callable
        Called with an id and what its description holds.

    Returns
    -------
    tuple of callable
        As `registered` gives them, in the order of the descriptions.
    """
    for id_, own in described.items():
        if own and all(each in VARIABLES for each in own):
            declare(id_, *own)
    return tuple(registered(partial(make, id_, *own), id_) for id_, own in described.items())


def entries(kind: Kind | None = None) -> tuple[Entry, ...]:
    """List what the modules of the sections register.

    Parameters
    ----------
    kind : {"table", "figure", "statistic", "description"}, optional
        Keep one kind only.
    """
    for section in pkgutil.iter_modules([str(_SECTIONS)]):
        importlib.import_module(f"analysis.report.sections.{section.name}")
    listed = {row.id.lower(): row for row in read_table("inventory").itertuples()}
    found = []
    for id_, (make, own) in _REGISTER.items():
        row = listed[id_]
        found.append(Entry(id_, own or row.kind, row.section, row.line, row.title, make))
    return tuple(entry for entry in found if kind in (None, entry.kind))


def downloads() -> tuple[Entry, ...]:
    """List the tables and figures, which have files, in the order of the inventory."""
    # A picture that is told in words is registered as a description: there is nothing to take.
    found = {entry.id: entry for entry in entries() if entry.kind in _ENDINGS}
    order = [id_.lower() for id_ in read_table("inventory")["id"]]
    return tuple(found[id_] for id_ in order if id_ in found)


class Placed(NamedTuple):
    """A file and where the book shows its object.

    Attributes
    ----------
    download : Entry
    chapter : str
        Title of the chapter.
    label : str
        What a reference names, as ``tbl-tb3``.
    """

    download: Entry
    chapter: str
    label: str


def placed() -> tuple[Placed, ...]:
    """List the files in the order in which the book shows their objects.

    Raises
    ------
    LookupError
        If no chapter shows the object of a file.
    """
    left = {each.id: each for each in downloads()}
    found: list[Placed] = []
    for chapter in _chapters():
        text = (paths.ROOT / chapter).read_text(encoding="utf-8")
        title = re.search(r"^# ([^{\n]+)", text, re.MULTILINE)
        label = ""
        for named in _NAMED.finditer(text):
            label = named[1] or label
            # An object within a figure has no number of its own.
            id_ = named[2] or label.partition("-")[2]
            if title and id_ in left:
                found.append(Placed(left.pop(id_), title[1].strip(), label))
    if left:
        raise LookupError(f"no chapter shows {', '.join(left)}")
    return tuple(found)


def _chapters() -> Iterator[str]:
    """Yield the sources of the book in reading order."""
    book = read_settings()["book"]
    for entry in [*book["chapters"], *book["appendices"]]:
        yield from entry["chapters"] if isinstance(entry, dict) else (entry,)


def table_rows(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the numbers of a table, one a row; a cell without a number is a row too.

    Parameters
    ----------
    table : Table

    Yields
    ------
    tuple of str
        Group, row, column, shown text, value, printed text, source lines, verdict.
    """
    for group, label, column, cell in table.placed():
        values = list(map(_exact, cell.values))
        if not values and cell.text:
            values = [""]
        compared = (
            (each.claim.printed, each.claim.line, str(each.verdict)) for each in table.compare(cell)
        )
        for value, rest in itertools.zip_longest(values, compared, fillvalue=("", "", "")):
            yield (group, label, column, cell.text, str(value), *rest)


def _exact(value: Number | None) -> str:
    """Write a number with all its digits."""
    if value is None:
        return ""
    return repr(value if isinstance(value, int) else float(value))
