"""Provenance: which line of the thesis a number answers to, and what it rests on.

A number that a chapter writes within a sentence, and that the ledger knows too, has a *trace*: a
link on the site, which leads to its claim, and tells on hovering where the thesis prints it. In the
PDF it is plain text. The claim is found by its key, which is written as the chapter writes its
call, or by the printed number and its line. Only the file of the ledger is read, once, and not
before the first number asks for it.

A regenerated table, figure or test is named by its id; what is imposed of what it counts is derived
from the printed statements (`analysis.reconstruction.basis`), for the marks under the tables and
for the ledger alike.

Examples
--------
>>> from analysis.reconstruction.basis import rests_on
>>> traced("55", claim_at("417", "55"))._repr_markdown_().replace(chr(160), " ")
'[55](/chapters/reproduction/registre.qmd#c-l417-2){.trace title="Thèse, l. 417"}'
>>> [str(rests_on(atoms_of(object_id))) for object_id in ("tb3", "taii", "tc1")]
['imposed', 'print', 'selected']
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache

from analysis.printed import Claim, Verdict, parse_all, read_claims, read_table
from analysis.printed.sections import NOTICE, span
from analysis.reconstruction.basis import Atom
from analysis.reconstruction.statements import standing
from analysis.report.show.french import Text, source_lines
from analysis.survey import VARIABLES, Question
from analysis.survey.schema import CLUSTERED, GROUPS, ITEMS, Group

# ---- traces ------------------------------------------------------------------------------------

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
        title = f"Thèse, {source_lines(self.claim.line)}"
        address = f"{REGISTER}#c-{self.claim.id}"
        return f'[{super()._repr_markdown_()}]({address}){{.trace title="{title}"}}'


def traced(text: str, claim: Claim | None) -> Text:
    """Give a text, in French, the trace of its claim, if it has one."""
    if claim is None:
        return Text(text)
    found = Traced(text)
    found.claim = claim
    return found


def retold(text: str, source: Text) -> Text:
    """Give a text the trace of the text that it was made from, if that one has any."""
    return traced(text, source.claim if isinstance(source, Traced) else None)


def claim_at(line: str, printed: str, key: str = "") -> Claim | None:
    """Find the claim of a printed number; by a key, if the ledger knows it.

    Parameters
    ----------
    line, printed : str
        Where the thesis prints the number, and how; of several, the first.
    key : str
    """
    by_key, by_line = _claims()
    first, last = span(line)
    places = itertools.product((printed, _first(printed)), range(first, last + 1))
    found = (by_line.get(each, {}).get(text) for text, each in places)
    return by_key.get(key) or next(filter(None, found), None)


def claim_of(function: str, question: Question, value: Fraction | int | None) -> Claim | None:
    """Find the claim of the answer to a question: by its key, or where the thesis prints it.

    Parameters
    ----------
    function : str
        What the ledger calls, ``n`` or ``share``.
    question : Question
    value : Fraction, int or None
        What came out of the answers in use: a share in percent, or a count.

    Examples
    --------
    >>> from analysis.survey import ask
    >>> found = claim_of("n", ask("frequency=mensuel"), 10)
    >>> found.line, found.printed
    ('431', '10')
    """
    by_key, by_line = _claims()
    arguments = ", ".join(map(repr, filter(None, (str(question), question.of))))
    found = by_key.get(f"{function}({arguments})")
    if found is not None or value is None:
        return found
    for first, last in _lines().get(_answers(question), ()):
        for line in range(first, last + 1):
            for printed, claim in by_line.get(line, {}).items():
                is_alike = printed.endswith("%") is isinstance(value, Fraction)
                if is_alike and _fits(claim, value):
                    return claim
    return None


def _fits(claim: Claim, value: Fraction | int) -> bool:
    try:
        return claim.stands(value) is not Verdict.DISCREPANCY
    except ValueError:
        return False


def _answers(question: Question) -> frozenset[tuple[str, str]]:
    """Write a question as the printed statements are; nothing where a condition has a choice."""
    choices = (len(each.levels) * len(each.columns) for each in question.conditions)
    if question.given or any(number > 1 for number in choices):
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
            if claim.key:
                by_key.setdefault(claim.key, claim)
            first, last = span(claim.line)
            for line in range(first, last + 1):
                by_line.setdefault(line, {}).setdefault(claim.printed, claim)
    return by_key, by_line


# ---- bases -------------------------------------------------------------------------------------

_CHANGES = ("change_training", "change_integration", "change_money")
_COUNTED: dict[str, tuple[str, ...]] = {
    "f4": ("age frequency",),
    "tb2": (*("practice uses_dmp", "place uses_dmp", "barrier_1", "intends_to_use"), *_CHANGES),
    "tb3": ("age uses_dmp", "practice uses_dmp", "place uses_dmp"),
    **dict.fromkeys(("f5", "tc0"), ("barrier_1",)),
    "tv5": ("t9 uses_dmp", "t10 uses_dmp", "t11 uses_dmp", "t14 uses_dmp", "barrier_1"),
    "discussion": (
        *("frequency", "purpose", "age uses_dmp", "barrier_1", "change_money"),
        *(f"{item} uses_dmp" for item in ITEMS),
    ),
    "opinions": tuple(f"{item} uses_dmp" for item in ITEMS),
    "resumes": ("uses_dmp", "frequency", "age uses_dmp", "barrier_1", "t12 uses_dmp"),
    "recrutement": ("uses_dmp",),
}
"""The variables that an object counts together, by its id; `declare` adds to them."""
_ON_THE_MAP = ("tc1", "tc2", "tc3", "tc4", "f9", "f10")
_OF_CLUSTERS: dict[str, Group] = {
    **dict.fromkeys(("td0u", "tdu", "taviu"), "users"),
    **dict.fromkeys(("td0n", "tdn", "tavin"), "non_users"),
}


def declare(object_id: str, *variables: str) -> None:
    """Note which variables an object counts together."""
    _COUNTED[object_id] = (" ".join(variables),)


@cache
def atoms_of(object_id: str) -> frozenset[Atom]:
    """Give what an object asks of the answers; one that counts nobody asks nothing.

    Parameters
    ----------
    object_id : str
        Id of the inventory, in lower case, or the name of a table of our own.
    """
    if object_id in _ON_THE_MAP:
        return frozenset({Atom(frozenset(), is_selected=True)})
    group = _OF_CLUSTERS.get(object_id.rstrip("123456789")) or _clustered_tests().get(object_id)
    if group:
        return frozenset(Atom(frozenset({"cluster", name}), group) for name in CLUSTERED[group])
    together = _COUNTED.get(object_id) or _of_item(object_id)
    return frozenset(Atom(frozenset(names.split())) for names in together)


def _of_item(object_id: str) -> tuple[str, ...]:
    # Not before it is asked: the names of the figures are in a file, which is checked first.
    listed = read_table("opinions").itertuples()
    figures = {row.figure.lower(): row.table.lower() for row in listed}
    table = figures.get(object_id, object_id)
    return (f"{table} uses_dmp",) if table in ITEMS else ()


@cache
def _clustered_tests() -> dict[str, Group]:
    listed = read_table("statistics").itertuples()
    groups = {str(group): group for group in GROUPS}
    return {row.id.lower(): groups[row.group] for row in listed if row.group}
