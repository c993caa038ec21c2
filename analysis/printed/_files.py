"""A CSV file of the project as rows of text, or the first thing that is wrong with it.

The files are strict: UTF-8 without a byte order mark, lines that end with LF alone, no line break
in a cell, so that a row is a line and a row number the number of a line, the header being line 1.
"""

import csv
import io
from pathlib import Path

__all__ = ["PublishedDataError", "read_rows"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class PublishedDataError(ValueError):
    """Name the first fault of a published table, in one line.

    Attributes
    ----------
    file
        The name of the file.
    row
        The line of the file, the header being line 1; None for a fault of the file as a whole.
    column
        The name of the column; None for a fault of the row or the file as a whole.
    value
        The faulty text; None where there is none.
    rule
        The rule that is broken.

    Examples
    --------
    >>> print(PublishedDataError("tb1b.csv", "the cell is blank", row=2, column="n"))
    tb1b.csv, row 2, column n: the cell is blank
    """

    def __init__(
        self,
        file: str,
        rule: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.file = file
        self.row = row
        self.column = column
        self.value = value
        self.rule = rule
        place = [file]
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column {column}")
        if value is not None:
            place.append(f"value {value!r}")
        super().__init__(f"{', '.join(place)}: {rule}")


def read_rows(path: Path) -> list[list[str]]:
    """Read the rows of a CSV file, the header first.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of list of str

    Raises
    ------
    PublishedDataError
        If the file is missing, empty, not UTF-8 or not CSV.
    """
    if not path.is_file():
        raise PublishedDataError(path.name, "the file is missing")
    content = path.read_bytes()
    if not content.strip():
        raise PublishedDataError(path.name, "the file is empty")
    if content.startswith(_BYTE_ORDER_MARK):
        raise PublishedDataError(path.name, "the file begins with a byte order mark", row=1)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PublishedDataError(
            path.name, f"the file is not UTF-8 (byte 0x{content[error.start]:02x})", row=line
        ) from error
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise PublishedDataError(path.name, "a line ends with LF alone", row=line)
    return _parse(path.name, text)


def _parse(file: str, text: str) -> list[list[str]]:
    # No cell holds a line break, so that a row is a line; it is also what numbers the rows.
    rows = []
    for line, source in enumerate(text.removesuffix("\n").split("\n"), start=1):
        try:
            rows.append(next(csv.reader(io.StringIO(source), strict=True), []))
        except csv.Error as error:
            raise PublishedDataError(file, f"not a CSV row: {error}", row=line) from error
    return rows
