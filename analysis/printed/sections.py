"""The sections of the thesis, by the lines of its text.

A line is a line of the text extracted from the PDF. A section runs from its first line, which
``data/sections.csv`` has, to the one before the next section's.

Examples
--------
>>> read_sections()["IV.B.1.c"]
452
"""

from __future__ import annotations

import re

from analysis.packages import read_package

LAST_LINE = 3328
"""The last line of the text that has words."""

NOTICE = "Notice"
"""The record of the second study: no section of the thesis, but a text with lines of its own."""

_LINES = re.compile(r"[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?(/[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?)*")


def read_sections() -> dict[str, int]:
    """Read the first line of each section, in the order of the text.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = read_package().resource("sections").read()
    return {section: int(line) for section, line in rows.cells}


def main_section(section: str) -> str:
    """Name the section of the first or second level that a section belongs to.

    Examples
    --------
    >>> main_section("IV.B.1.c"), main_section("VI"), main_section("Annexe II")
    ('IV.B', 'VI', 'Annexe II')
    """
    parts = section.split(".")
    return ".".join(parts[: 2 if parts[0] in ("IV", "V") else 1])


def span(lines: str) -> tuple[int, int]:
    """Give the first and the last of some lines.

    Examples
    --------
    >>> span("503"), span("1301-1303")
    ((503, 503), (1301, 1303))
    """
    first, _, last = lines.partition("-")
    return int(first), int(last or first)


def fault_of_lines(lines: str, last: int | None = LAST_LINE) -> str:
    """Say what is wrong with lines that are named as ``503``, ``1301-1303`` or ``12-14/20``.

    Parameters
    ----------
    lines : str
    last : int, optional
        The last line that there is; None where it is not known.

    Returns
    -------
    str
        The rule that is broken; empty if none.

    Examples
    --------
    >>> fault_of_lines("1301-1303"), fault_of_lines("1303-1301")
    ('', 'the last line comes before the first')
    """
    if not _LINES.fullmatch(lines):
        return "a line is a number from 1 up, or two joined by a hyphen"
    spans = [span(part) for part in lines.split("/")]
    if last is not None and any(end > last for each in spans for end in each):
        return f"the text of the thesis has lines 1 to {last}"
    return "the last line comes before the first" if any(a > b for a, b in spans) else ""
