"""Traces: from a number in a sentence to its line in the ledger.

A number that a chapter writes within a sentence, and that the ledger knows too, becomes a link on
the site: it leads to its claim, and tells on hovering where the thesis prints it. In the PDF it is
plain text. The claim is found by its key, which is written as the chapter writes its call, or by
the printed number and its line.

Only the file of the ledger is read, once, and not before the first number asks for it.

Examples
--------
>>> traced("55", key=key_of("n", "uses_dmp", "oui"))._repr_markdown_().replace(NBSP, " ")
'[55](/chapters/reproduction/registre.qmd#c-l417-2){.trace title="Thèse, l. 417"}'
"""

from __future__ import annotations

import itertools
from functools import cache

from analysis.printed import Claim, parse_all, read_claims
from analysis.printed.sections import span
from analysis.report.french import NBSP, Text

__all__ = ["REGISTER", "Traced", "key_of", "retold", "traced"]

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


def key_of(function: str, *arguments: str, **words: str) -> str:
    """Write the call of a function as the ledger writes its keys.

    Examples
    --------
    >>> key_of("share", "purpose", "creation")
    "share('purpose', 'creation')"
    """
    named = (f"{name}={value!r}" for name, value in words.items())
    return f"{function}({', '.join((*map(repr, arguments), *named))})"


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
    by_key, by_place = _claims()
    claim = by_key.get(key) if key else None
    if claim is None and printed:
        first, last = span(line)
        places = itertools.product((printed, _first(printed)), range(first, last + 1))
        claim = next((by_place[place] for place in places if place in by_place), None)
    if claim is None:
        return Text(text)
    return _with(claim, text)


def retold(text: str, source: Text) -> Text:
    """Give a text the trace of the text that it was made from, if that one has any."""
    return _with(source.claim, text) if isinstance(source, Traced) else Text(text)


def _with(claim: Claim, text: str) -> Traced:
    found = Traced(text)
    found.claim = claim
    return found


def _first(printed: str) -> str:
    try:
        return parse_all(printed)[0].text
    except (ValueError, IndexError):
        return printed


@cache
def _claims() -> tuple[dict[str, Claim], dict[tuple[str, int], Claim]]:
    """Index the claims by key, and by printed text and line; the first of several comes first."""
    by_key: dict[str, Claim] = {}
    by_place: dict[tuple[str, int], Claim] = {}
    for claim in read_claims():
        if claim.kind not in ("sum", "contradiction"):
            by_key.setdefault(claim.key, claim)
            for line in range(span(claim.line)[0], span(claim.line)[1] + 1):
                by_place.setdefault((claim.printed, line), claim)
    return by_key, by_place
