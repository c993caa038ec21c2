"""What a reader may take away: the data of each regenerated table, and each figure.

A table becomes a CSV file in the long form, one row a number: where it stands, how it is shown, its
value with all its digits, what the thesis prints there, the source lines and the verdict. A figure
becomes its SVG for the light page.

The list follows the register, so that the files, the manifest of ``codecheck.yml`` and the chapters
cannot part.

Examples
--------
>>> [each.file for each in downloads() if each.id in ("tb3", "f8")]
['tb3.csv', 'f8.svg']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis import paths
from analysis.files import csv_text
from analysis.printed import read_table
from analysis.report.register import Entry, entries
from analysis.report.show.figures import Figure
from analysis.report.show.tables import Cell, Table
from analysis.settings import read_settings

_NAMED = re.compile(r"(?:^#\| label: |\{#)((?:tbl|fig)-\w+)|\]\{#(\w+)\}", re.MULTILINE)
_ENDINGS = {"table": "csv", "figure": "svg"}
_COLUMNS = ("groupe", "ligne", "colonne", "texte", "valeur", "imprime", "lignes_source", "verdict")


@dataclass(frozen=True)
class Download:
    """A file of a regenerated object.

    Attributes
    ----------
    id : str
        Id of the inventory, in lower case.
    file : str
        Name of the file.
    kind : str
        ``table`` or ``figure``.
    title : str
        In French, from the inventory.
    section, line : str
        Section and lines of the thesis.
    entry : Entry
        What makes the object.
    """

    id: str
    file: str
    kind: str
    title: str
    section: str
    line: str
    entry: Entry

    def content(self) -> str:
        """Make the file.

        Raises
        ------
        TypeError
            If the object is neither a table nor a figure.
        """
        made = self.entry.make()
        if isinstance(made, Figure):
            return made.to_svg()
        if not isinstance(made, Table):
            raise TypeError(f"{self.id} is a {type(made).__name__}, not a table or a figure")
        return csv_text(_COLUMNS, table_rows(made))


def downloads() -> tuple[Download, ...]:
    """List the files in the order of the inventory."""
    # A picture that is told in words is registered as a description: there is nothing to take.
    registered = {entry.id: entry for entry in entries() if entry.kind in _ENDINGS}
    return tuple(
        Download(
            id=row.id.lower(),
            file=f"{row.id.lower()}.{_ENDINGS[row.kind]}",
            kind=row.kind,
            title=row.title,
            section=row.section,
            line=row.line,
            entry=registered[row.id.lower()],
        )
        for row in read_table("inventory").itertuples()
        if row.id.lower() in registered
    )


@dataclass(frozen=True)
class Placed:
    """A file and where the book shows its object.

    Attributes
    ----------
    download : Download
    chapter : str
        Title of the chapter.
    label : str
        What a reference names, as ``tbl-tb3``.
    """

    download: Download
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
    group = ""
    for row in table.rows:
        if row.opens_group:
            group = row.label
        label = "" if row.opens_group else row.label
        for column, cell in zip(table.header[1:], row.cells, strict=False):
            for rest in _numbers(cell):
                yield (group, label, column, cell.text, *rest)


def _numbers(cell: Cell) -> Iterator[tuple[str, str, str, str]]:
    compared = cell.checks("")
    for rank, value in enumerate(cell.values):
        exact = value if value is None or isinstance(value, int) else float(value)
        text = "" if exact is None else repr(exact)
        if compared:
            check = compared[rank]
            yield text, check.printed.text, check.line, str(check.verdict)
        else:
            yield text, "", "", ""
    if not cell.values and cell.text:
        yield "", "", "", ""
