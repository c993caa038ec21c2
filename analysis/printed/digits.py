"""The file of the digits that are no number of the thesis.

Names of age classes, headings, references, page numbers: ``data/digits.csv`` has their lines, a
pattern of the text, and the reason why they need no claim in the ledger.

Examples
--------
>>> read_exempt()[0].reason
'nom d’une classe d’âge'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis import paths
from analysis.files import Column
from analysis.packages import read_package
from analysis.printed.sections import LAST_LINE, fault_of_lines, span

_EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Exempt:
    """Digits that are no number of the thesis.

    Attributes
    ----------
    first, last : int
        Lines where the pattern applies.
    pattern : str
        A regular expression; the digits within its matches need no claim.
    reason : str
        In French.
    """

    first: int
    last: int
    pattern: str
    reason: str


def read_exempt() -> tuple[Exempt, ...]:
    """Read the list of digits that need no claim.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    rows = read_package().resource("digits").read(paths.DIGITS, also=_rule)
    return tuple(
        Exempt(*((1, LAST_LINE) if line == _EVERYWHERE else span(line)), pattern, reason)
        for line, pattern, reason in rows.cells
    )


def _rule(column: Column) -> Callable[[str], str] | None:
    return {"line": _rule_of_lines, "pattern": _rule_of_patterns}.get(column.name)


def _rule_of_lines(line: str) -> str:
    return "" if line == _EVERYWHERE else fault_of_lines(line)


def _rule_of_patterns(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"not a regular expression: {error}"
    return ""
