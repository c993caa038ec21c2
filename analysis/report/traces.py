"""Traces: from a number in a sentence to its line in the ledger.

A number that a chapter writes within a sentence, and that the ledger knows too, becomes a link on
the site: it leads to its claim, and tells on hovering where the thesis prints it. In the PDF it is
plain text. The claim is found by its key, which is written as the chapter writes its call, or by
the printed number and its line.

Only the file of the ledger is read, once, and not before the first number asks for it.

Examples
--------
>>> traced("55", key="n('uses_dmp=oui')")._repr_markdown_().replace(NBSP, " ")
'[55](/chapters/reproduction/registre.qmd#c-l417-2){.trace title="Thèse, l. 417"}'
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache

from analysis.printed import Claim, Verdict, compare, parse_all, read_claims
from analysis.printed.sections import NOTICE, span
from analysis.reconstruction.statements import standing
from analysis.report.show.french import NBSP, Text
from analysis.survey import VARIABLES, Question

REGISTER = "/chapters/reproduction/registre.qmd"
"""The chapter that sets out the ledger, from the root of the project."""


class Traced(Text):
    """A French text that has a claim in the ledger.

    Attributes
    ----------
    claim : Claim
    """

    __slots__ = ("claim",)

    claim: Claim

    def _repr_markdown_(self) -> str:
        lines = self.claim.line.replace("-", "–")
        title = f"Thèse, l.{NBSP}{lines}"
        address = f"{REGISTER}#c-{self.claim.id}"
        return f'[{super()._repr_markdown_()}]({address}){{.trace title="{title}"}}'


def traced(text: str, *, key: str = "", line: str = "", printed: str = "") -> Text:
    """Give a text the trace of its claim, if the ledger has one.

    Parameters
    ----------
    text : str
        In French.
    key : str
        The key of the claim.
    line, printed : str
        Where the thesis prints the number, and how, where the key is not known to the ledger.
    """
    by_key, by_line = _claims()
    claim = by_key.get(key) if key else None
    if claim is None and printed:
        first, last = span(line)
        places = itertools.product((printed, _first(printed)), range(first, last + 1))
        found = (by_line.get(line, {}).get(text) for text, line in places)
        claim = next(filter(None, found), None)
    return Text(text) if claim is None else _with(claim, text)


def place_of(question: Question, value: Fraction | int | None) -> dict[str, str]:
    """Find where the thesis prints the answer to a question: the line, and the number there.

    Parameters
    ----------
    question : Question
    value : Fraction, int or None
        What came out of the answers in use: a share in percent, or a count.

    Returns
    -------
    dict of str to str
        The arguments ``line`` and ``printed`` of `traced`; empty where print has no such number.

    Examples
    --------
    >>> from analysis.survey import ask
    >>> place_of(ask("frequency=mensuel"), 10)
    {'line': '431', 'printed': '10'}
    """
    if value is None:
        return {}
    _, by_line = _claims()
    for first, last in _lines().get(_answers(question), ()):
        for line in range(first, last + 1):
            for printed in by_line.get(line, ()):
                is_alike = printed.endswith("%") is isinstance(value, Fraction)
                if is_alike and _fits(printed, value):
                    return {"line": str(line), "printed": printed}
    return {}


def retold(text: str, source: Text) -> Text:
    """Give a text the trace of the text that it was made from, if that one has any."""
    return _with(source.claim, text) if isinstance(source, Traced) else Text(text)


def _with(claim: Claim, text: str) -> Traced:
    found = Traced(text)
    found.claim = claim
    return found


def _fits(printed: str, value: Fraction | int) -> bool:
    try:
        return compare(printed, value) is not Verdict.DISCREPANCY
    except ValueError:
        return False


def _answers(question: Question) -> frozenset[tuple[str, str]]:
    """Write a question as the printed statements are; nothing where a condition has a choice."""
    if question.given or any(len(each.levels) > 1 for each in question.conditions):
        return frozenset()
    return _alone({each.variable: each.levels[0] for each in question.conditions})


def _alone(answers: dict[str, str]) -> frozenset[tuple[str, str]]:
    """Leave the group out where a question of its own says it."""
    is_said = any(VARIABLES[name].asked != "everyone" for name in answers)
    return frozenset(pair for pair in answers.items() if pair[0] != "uses_dmp" or not is_said)


@cache
def _lines() -> dict[frozenset[tuple[str, str]], list[tuple[int, int]]]:
    """Say where each number of doctors is printed that a statement gives, first lines first."""
    found: dict[frozenset[tuple[str, str]], list[tuple[int, int]]] = {}
    for statement in standing():
        places = [span(lines) for lines in statement.line.split(", ")]
        for counts in statement.alternatives[:1]:
            for each in counts:
                if len(each.wheres) == 1:
                    found.setdefault(_alone(dict(each.wheres[0])), []).extend(places)
    return {answers: sorted(places) for answers, places in found.items()}


def _first(printed: str) -> str:
    try:
        return parse_all(printed)[0].text
    except (ValueError, IndexError):
        return printed


@cache
def _claims() -> tuple[dict[str, Claim], dict[int, dict[str, Claim]]]:
    """Index the claims by key, and by line and printed text; the first of several comes first."""
    by_key: dict[str, Claim] = {}
    by_line: dict[int, dict[str, Claim]] = {}
    for claim in read_claims():
        if claim.kind not in ("sum", "contradiction") and claim.section != NOTICE:
            by_key.setdefault(claim.key, claim)
            first, last = span(claim.line)
            for line in range(first, last + 1):
                by_line.setdefault(line, {}).setdefault(claim.printed, claim)
    return by_key, by_line
