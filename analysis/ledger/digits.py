"""The second pass over the text: every number that the thesis prints is to have its claim.

The ledger was written section by section. This pass starts from the other end: it lists every run
of digits of the sections that the ledger covers, line by line, and asks each for a claim. A claim
answers for the digits of what it says is printed, each once, within its lines.

Digits that are no number of the thesis (names of age classes, headings, references, page numbers)
are listed in ``data/digits.csv``: lines, a pattern of the text, and the reason. An object that the
report does not regenerate yet answers for its own printed numbers until it does.

``python -m analysis.ledger.digits`` names the digits without a claim.

Examples
--------
>>> [token.text for token in tokens(["", "sur 1086 envois, soit 3,3% (le 21/01/20)"], 2, 2)]
['1086', '3,3', '21', '01', '20']
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis import paths
from analysis.files import InputError
from analysis.ledger.pointers import registered_objects
from analysis.printed import (
    SECTIONS,
    Claim,
    main_section,
    places,
    read_claims,
    read_table,
    table_ids,
)
from analysis.printed.digits import Exempt, read_exempt
from analysis.printed.sections import LAST_LINE, span

COVERED = ("III", "IV", "V", "VI", "Annexe II", "Annexe VI", "Summary", "Résumé")
"""The main sections whose every number has a claim."""

_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_ANSWER_FOR_NOTHING = ("sum", "contradiction")
"""Claims that set numbers beside each other; the numbers themselves have claims of their own."""


@dataclass(frozen=True)
class Token:
    """A run of digits in the text.

    Attributes
    ----------
    line : int
    start : int
        Its first character in the line.
    text : str
        The digits, with a decimal mark between two of them.
    """

    line: int
    start: int
    text: str


def tokens(source: Sequence[str], first: int, last: int) -> Iterator[Token]:
    """Yield the runs of digits of some lines of the text.

    Parameters
    ----------
    source : sequence of str
        The lines of the text; line 1 is the first.
    first, last : int
    """
    for line in range(first, last + 1):
        for found in _DIGITS.finditer(source[line - 1]):
            yield Token(line, found.start(), found[0])


def covered_lines() -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each section that the ledger covers."""
    starts = [*SECTIONS.values(), LAST_LINE + 1]
    for name, first, after in zip(SECTIONS, starts, starts[1:], strict=False):
        if main_section(name).partition(".")[0] in COVERED:
            yield first, after - 1


def forgotten(
    source: Sequence[str], claims: Iterable[Claim], exempt: Iterable[Exempt]
) -> tuple[Token, ...]:
    """List the digits of the covered sections that neither a claim nor a reason answers for.

    Parameters
    ----------
    source : sequence of str
        The lines of the text.
    claims : iterable of Claim
    exempt : iterable of Exempt
    """
    free: dict[int, list[Token]] = defaultdict(list)
    for first, last in covered_lines():
        for token in tokens(source, first, last):
            free[token.line].append(token)
    for each in exempt:
        _exempt(free, source, each)
    answers = [
        (claim.line, claim.printed) for claim in claims if claim.kind not in _ANSWER_FOR_NOTHING
    ]
    for line, printed in (*answers, *_not_regenerated_yet()):
        for digits in _DIGITS.findall(printed):
            _answer(free, *span(line), digits)
    return tuple(token for line in sorted(free) for token in free[line])


def _exempt(free: dict[int, list[Token]], source: Sequence[str], each: Exempt) -> None:
    for line in range(each.first, each.last + 1):
        if line not in free:
            continue
        for found in re.finditer(each.pattern, source[line - 1]):
            free[line] = [
                token for token in free[line] if not found.start() <= token.start < found.end()
            ]


def _answer(free: dict[int, list[Token]], first: int, last: int, digits: str) -> None:
    """Take one run of digits off the lines of a claim, if it is there."""
    for line in range(first, last + 1):
        token = next((each for each in free.get(line, ()) if each.text == digits), None)
        if token is not None:
            free[line].remove(token)
            return


def _not_regenerated_yet() -> Iterator[tuple[str, str]]:
    """Yield line and text of the printed numbers of objects that nothing regenerates yet."""
    known = set(table_ids())
    for row in read_table("inventory").itertuples():
        object_id = str(row.id).lower()
        if object_id in registered_objects():
            continue
        for table in (object_id, f"{object_id}_chi2"):
            if table in known:
                yield from ((place.line, place.number.text) for place in places(table))


def main() -> int:
    """Name the digits that have no claim; return the exit status."""
    if not paths.SOURCE_TEXT.is_file():
        print("the text of the thesis is not at hand: put it in ../shared/source", file=sys.stderr)
        return 2
    source = paths.SOURCE_TEXT.read_text(encoding="utf-8").split("\n")
    try:
        found = forgotten(source, read_claims(), read_exempt())
    except InputError as error:
        print(*error.lines(), sep="\n", file=sys.stderr)
        return 2
    for token in found:
        print(f"line {token.line}: {token.text!r} has no claim: {source[token.line - 1].strip()}")
    print(f"{len(found)} numbers without a claim", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
