"""The sections of the thesis, by the lines of its text.

A line is a line of the text extracted from the PDF; a section runs from its first line to the one
before the next section's. In IV.D a table stands after the text of the category it belongs to, and
often after the next one's: its rows are in the section of their object, which the inventory names.

Examples
--------
>>> section_of(503), section_of(3287)
('IV.B.1.c', 'Summary')
"""

from __future__ import annotations

import re
from bisect import bisect_right

LAST_LINE = 3328
"""The last line of the text that has words."""

SECTIONS: dict[str, int] = {
    "I": 1,
    "II": 167,
    "III": 195,
    "III.1": 197,
    "III.2": 207,
    "III.3": 223,
    "III.4": 252,
    "III.5": 272,
    "IV": 295,
    "IV.A": 317,
    "IV.A.1": 323,
    "IV.A.2": 355,
    "IV.A.3": 389,
    "IV.B": 415,
    "IV.B.1": 421,
    "IV.B.1.a": 423,
    "IV.B.1.b": 438,
    "IV.B.1.c": 452,
    "IV.B.1.d": 535,
    "IV.B.2": 555,
    "IV.B.3": 621,
    "IV.B.4": 687,
    "IV.C": 738,
    "IV.C.1": 819,
    "IV.C.2": 833,
    "IV.C.3": 847,
    "IV.C.4": 861,
    "IV.C.5": 879,
    "IV.D": 896,
    "IV.D.1": 908,
    "IV.D.1.a": 931,
    "IV.D.1.b": 959,
    "IV.D.1.c": 1046,
    "IV.D.1.d": 1056,
    "IV.D.1.e": 1068,
    "IV.D.1.f": 1149,
    "IV.D.2": 1171,
    "IV.D.2.a": 1194,
    "IV.D.2.b": 1212,
    "IV.D.2.c": 1289,
    "IV.D.2.d": 1309,
    "IV.D.2.e": 1396,
    "IV.D.2.f": 1406,
    "IV.E": 1481,
    "IV.E.1": 1485,
    "IV.E.2": 1651,
    "IV.F": 1757,
    "V": 1950,
    "V.A": 1954,
    "V.A.1": 1958,
    "V.A.2": 1972,
    "V.A.3": 2008,
    "V.A.4": 2016,
    "V.A.5": 2023,
    "V.B": 2033,
    "V.B.1": 2037,
    "V.B.2": 2051,
    "V.B.3": 2071,
    "V.B.4": 2169,
    "V.B.5": 2179,
    "V.C": 2219,
    "V.C.1": 2223,
    "V.C.2": 2320,
    "V.C.3": 2377,
    "V.C.4": 2414,
    "V.C.5": 2446,
    "VI": 2481,
    "VII": 2566,
    "Annexe I": 2570,
    "Annexe II": 2651,
    "Annexe III": 2712,
    "Annexe IV": 2775,
    "Annexe V": 2776,
    "Annexe VI": 3082,
    "Summary": 3267,
    "Résumé": 3296,
}
"""The first line of each section, in the order of the text."""

NOTICE = "Notice"
"""The record of the second study: no section of the thesis, but a text with lines of its own."""

_LINES = re.compile(r"[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?(/[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?)*")
_NAMES, _FIRST_LINES = list(SECTIONS), list(SECTIONS.values())


def section_of(line: int) -> str:
    """Name the section that a line belongs to, as finely as the thesis parts it.

    Raises
    ------
    ValueError
        If the text has no such line.
    """
    if not 1 <= line <= LAST_LINE:
        raise ValueError(f"the text has lines 1 to {LAST_LINE}, not {line}")
    return _NAMES[bisect_right(_FIRST_LINES, line) - 1]


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
