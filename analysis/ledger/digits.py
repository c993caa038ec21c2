"""The second pass over the text: every number that the thesis prints is to have its claim.

The ledger was written section by section. This pass starts from the other end: it lists every
number of the sections that the ledger covers, in digits or in words, line by line, and asks each
for a claim. A claim answers for the numbers of what it says is printed, each once, within its
lines. Ordinals are names, and "un" is too often an article: neither is asked for.

What is no number of the thesis (names of age classes, headings, references, page numbers) is
listed in ``data/digits.csv``: lines, a pattern of the text, and the reason.

``python -m analysis.ledger.digits`` names the numbers without a claim.

Examples
--------
>>> [token.text for token in tokens(["", "Six ont 3,3% des 1086 envois (le 21/01/20)"], 2, 2)]
['Six', '3,3', '1086', '21', '01', '20']
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis import paths
from analysis.files import InputError
from analysis.printed import Claim, main_section, read_claims, read_sections
from analysis.printed.claims import Exempt, read_exempt
from analysis.printed.numbers import SPELT
from analysis.printed.sections import LAST_LINE, NOTICE, span

COVERED = (
    *("I", "II", "III", "IV", "V", "VI", "Annexe I", "Annexe II", "Annexe VI"),
    *("Summary", "Résumé"),
)
"""The main sections whose every number has a claim."""

_WORDS = (
    "aucune? vingts? trente quarante cinquante soixante cents? mille millions? milliards? "
    "milliers? centaines? (?:diz|douz|quinz|vingt|trent|quarant|cinquant|soixant)aines? moitié "
    "tiers quarts? majorité minorité plupart none half third quarter majority"
)
"""The numbers in words beside `SPELT`, French and English, each a pattern."""
_NUMBERS = re.compile(
    rf"\d+(?:[.,]\d+)?|(?<![\w-])(?:{'|'.join((*SPELT, *_WORDS.split()))})(?![\w-])", re.IGNORECASE
)
_ANSWER_FOR_NOTHING = ("sum", "contradiction")
"""Claims that set numbers beside each other; the numbers themselves have claims of their own."""
_ABSTRACTS = (8, 9)
"""The lines of the abstracts of the second study, in English and in French."""


class Token(NamedTuple):
    """A number in the text.

    Attributes
    ----------
    line : int
    text : str
        The digits, with a decimal mark between two of them, or the word.
    """

    line: int
    text: str


def tokens(
    source: Sequence[str], first: int, last: int, exempt: Iterable[Exempt] = ()
) -> Iterator[Token]:
    """Yield the numbers of some lines of the text.

    Parameters
    ----------
    source : sequence of str
        The lines of the text; line 1 is the first.
    first, last : int
    exempt : iterable of Exempt
        What is no number there.
    """
    for line in range(first, last + 1):
        text = source[line - 1]
        for each in exempt:
            if each.first <= line <= each.last:
                text = re.sub(each.pattern, lambda found: re.sub(r"\w", "x", found[0]), text)
        for number in _NUMBERS.findall(text):
            yield Token(line, number)


def covered_lines() -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each section that the ledger covers."""
    starts = read_sections()
    ends = [*starts.values(), LAST_LINE + 1][1:]
    for (name, first), after in zip(starts.items(), ends, strict=True):
        if main_section(name).partition(".")[0] in COVERED:
            yield first, after - 1


def forgotten(
    source: Sequence[str],
    claims: Iterable[Claim],
    exempt: Iterable[Exempt] = (),
    *,
    in_notice: bool = False,
) -> tuple[Token, ...]:
    """List the numbers of the covered sections that neither a claim nor a reason answers for.

    Parameters
    ----------
    source : sequence of str
        The lines of the thesis.
    claims : iterable of Claim
    exempt : iterable of Exempt
    in_notice : bool
        Whether the source is the record of the second study, of which the abstracts are covered.
    """
    exempt = tuple(exempt)
    free: dict[int, list[str]] = defaultdict(list)
    for covered in [_ABSTRACTS] if in_notice else covered_lines():
        for token in tokens(source, *covered, exempt):
            free[token.line].append(token.text)
    for claim in claims:
        if (claim.section == NOTICE) is not in_notice or claim.kind in _ANSWER_FOR_NOTHING:
            continue
        first, last = span(claim.line)
        for number in _NUMBERS.findall(claim.printed):
            # It takes one number off its lines, if it is there.
            lines = (line for line in range(first, last + 1) if number in free[line])
            if found := next(lines, 0):
                free[found].remove(number)
    return tuple(Token(line, text) for line in sorted(free) for text in free[line])


def main() -> int:
    """Name the numbers that have no claim; return the exit status."""
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
