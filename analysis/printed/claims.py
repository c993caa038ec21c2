"""The ledger's files: what the thesis claims, and what is said of it.

A *claim* is one printed number, or one printed statement that numbers decide ("most", "the only
one"). Its row in ``data/claims.csv`` says where it stands, what is printed there and, by its key,
how it is recomputed; what came out and the verdict are filled in by the machine, never by hand. The
one verdict that a hand may write is ``not_recomputable``, with its reason as the comment.

A *reading* of ``data/readings.csv`` says in French how the words or the number of a contested claim
may be meant, and by its key what comes of it. Several claims may share it. A reading without a key
is one that print does not decide. A *support* is no reading: it asks whether the data can carry a
statement that is true as it stands, by a test or by who was asked.

A *cause*, a row of ``data/errata.csv``, names claims that go wrong together by their ids, and says
in plain French what is right and on what it rests, how the difference probably arose, and what it
changes. An *erratum* names discrepancies; a row whose severity is ``undecided`` names claims that
print does not settle or that the data do not carry, and accuses nobody.

Digits that are no number of the thesis (names of age classes, headings, references, page numbers)
stand in ``data/digits.csv``: lines, a pattern of the text, and why they need no claim. And where
two printed statements contradict each other, ``data/reconstruction/settlements.csv`` names the one
that yields by the id of its constraint, with the reason and the reading that takes its place.

Each file is read by its schema, and by the rules that no schema states. What a key means is known
to the ledger, further down the road.

Examples
--------
>>> claims = {claim.id: claim for claim in read_claims()}
>>> claims["l945-1"].printed, claims["l945-1"].key
('64%', "share('cluster=1', 'uses_dmp=oui & age=50-59')")
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from analysis import paths
from analysis.files import Fault, Rows, refuse, write_csv
from analysis.packages import read_package
from analysis.printed.numbers import Verdict, compare, fault_of_p_value, parse
from analysis.printed.sections import LAST_LINE, NOTICE, fault_of_lines, read_sections, span

_Rules: TypeAlias = Mapping[str, Callable[[str], str]]
_UNDECIDED = (Verdict.UNSETTLED, Verdict.NOT_ESTABLISHED)
KINDS: dict[str, str] = {
    "cell": "Case de tableau ou de figure",
    "count": "Nombre dans une phrase",
    "percentage": "Pourcentage dans une phrase",
    "p_value": "Valeur de p",
    "sum": "Total",
    "repeat": "Reprise d’un nombre",
    "contradiction": "Deux passages comparés",
    "verbal": "Énoncé",
    "fact": "Fait rapporté",
}
"""What a claim can be, and its French name."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, as its row has it.

    Attributes
    ----------
    id
        Its name in links: lower case letters, digits and hyphens.
    section
        Section of the thesis: a row of ``data/sections.csv``; or `NOTICE`, the
        record of the second study.
    line
        Its line in that text, or its lines: ``503``, ``1301-1303``.
    kind
        A key of `KINDS`.
    key
        How it is recomputed: a cell of a regenerated object, or an expression; empty where
        nothing can recompute it.
    printed
        The number with its signs, or the words, exactly as printed; empty where nothing is.
    expected
        What a table implies where no number is printed, a sum or a total; empty elsewhere.
    computed
        What the key gives, as text; empty before the machine has been over the file.
    verdict
        A `Verdict`; empty before the machine has been over the file.
    rests_on
        A `RestsOn` of `analysis.reconstruction.basis`; empty where nothing is recomputed, and
        before the machine has been over the file.
    comment
        In French: where the number stands, why it differs, or why nothing can recompute it.
    """

    id: str
    section: str
    line: str
    kind: str
    key: str
    printed: str
    expected: str = ""
    computed: str = ""
    verdict: str = ""
    rests_on: str = ""
    comment: str = ""

    @classmethod
    def of_print(cls, printed: str, line: str, place: str = "", key: str = "") -> Claim:
        """Claim a number that a table prints, in the words of the table for its place."""
        return cls("", "", line, "cell", key, printed, comment=place)

    @property
    def text(self) -> str:
        """What is printed; what a table implies where nothing is."""
        return self.printed or self.expected

    def stands(self, value: int | float | Fraction | bool | None) -> Verdict:
        """Say how what is printed stands to what comes out: a number, a truth value or nothing.

        A sum that is not the expected one accuses nobody: an answer may be missing.

        Raises
        ------
        ValueError
            If a number comes out, and none is printed.
        """
        if value is None:
            return Verdict.NOT_RECOMPUTABLE
        if isinstance(value, bool):
            return Verdict.MATCH if value else Verdict.DISCREPANCY
        found = compare(self.text, value)
        is_off = self.kind == "sum" and found is Verdict.DISCREPANCY
        return Verdict.UNSETTLED if is_off else found


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of some claims, or a support.

    Attributes
    ----------
    claims : tuple of str
        Ids of the claims that it reads.
    role : str
        ``reading`` or ``support``.
    text : str
        How the claim is understood, in French.
    key : str
        What computes it, in the language of the ledger: a number, compared with the printed one, or
        a truth value; empty where print does not decide.
    lines : tuple of str
        The lines of the source that it rests on.
    """

    claims: tuple[str, ...]
    role: str
    text: str
    key: str
    lines: tuple[str, ...]

    @property
    def is_support(self) -> bool:
        """Whether it asks if the data carry the statement."""
        return self.role == "support"


class Severity(StrEnum):
    """How grave a discrepancy is, gravest first; and what is none."""

    CONCLUSION = "conclusion"
    NUMBER = "number"
    TYPOGRAPHIC = "typographic"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Cause:
    """Claims that go wrong together.

    Attributes
    ----------
    id : str
    severity : Severity
    title : str
        In French.
    ids : tuple of str
        Its claims.
    reason : str
        What is right, on what it rests, and how the difference probably arose, in French.
    consequence : str
        What it changes in the argument, in French.
    """

    id: str
    severity: Severity
    title: str
    ids: tuple[str, ...]
    reason: str
    consequence: str


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


@dataclass(frozen=True)
class Settlement:
    """A printed statement that yields.

    Parameters
    ----------
    constraint : str
        Id of the constraint.
    reading : str
        What takes its place, in French; empty where nothing does.
    reason : str
        Why, in French, in one sentence.
    """

    constraint: str
    reading: str
    reason: str


def read_claims(path: Path | None = None) -> tuple[Claim, ...]:
    """Read the ledger.

    Parameters
    ----------
    path
        The file; ``data/claims.csv`` by default.

    Returns
    -------
    tuple of Claim
        In the order of the file: the row of the claim at position k is line k + 2.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    known = {*read_sections(), NOTICE}

    def rule_of_sections(section: str) -> str:
        return "" if section in known else "the thesis has no such section"

    def rules(*cells: str) -> Iterator[tuple[str, str]]:
        claim = Claim(*cells)
        if not claim.key and not claim.comment:
            yield "comment", "a claim that nothing recomputes says why"
        if not claim.printed and not claim.expected:
            yield "printed", "a claim says what is printed, or expected"
        if claim.expected and (claim.printed or claim.kind != "sum"):
            yield "expected", "only a sum that is not printed is expected"
        if claim.kind == "p_value" and (rule := _fault_of_p_value(claim.printed)):
            yield "printed", rule

    by_column: _Rules = {"section": rule_of_sections, "line": fault_of_lines}
    rows = _read("claims", path or paths.CLAIMS, by_column, lambda rows: rows.faults(rules))
    return tuple(Claim(*cells) for cells in rows.cells)


def _fault_of_p_value(printed: str) -> str:
    try:
        return fault_of_p_value(parse(printed))
    except ValueError as error:
        return str(error)


def read_readings(
    path: Path | None = None, claims: Iterable[Claim] | None = None
) -> tuple[Reading, ...]:
    """Read the readings.

    Parameters
    ----------
    path : Path, optional
        The file; ``data/readings.csv`` by default.
    claims : iterable of Claim, optional
        The ledger, if what the readings name is to be looked for there.

    Raises
    ------
    InputError
        With every fault of the file: of its form, a claim that does not exist, a support that has
        no key, a claim that has a support and no reading.
    """
    known = None if claims is None else {claim.id for claim in claims}

    def faults(rows: Rows) -> Iterator[Fault]:
        read = {name for ids, role, *_ in rows.cells if role == "reading" for name in ids.split()}

        def rules(ids: str, role: str, _: str, key: str, *__: str) -> Iterator[tuple[str, ...]]:
            if role == "support" and not key:
                yield "key", "a support has a key"
            for name in ids.split():
                if known is not None and name not in known:
                    yield "claims", "the ledger has no such claim", name
                elif role == "support" and name not in read:
                    yield "claims", "a support without a reading", name

        return rows.faults(rules)

    def rule_of_lines(lines: str) -> str:
        return next(filter(None, map(fault_of_lines, lines.split())), "")

    rows = _read("readings", path or paths.READINGS, {"lines": rule_of_lines}, faults)
    return tuple(
        Reading(tuple(ids.split()), role, text, key, tuple(lines.split()))
        for ids, role, text, key, lines in rows.cells
    )


def read_causes(
    path: Path | None = None, claims: Iterable[Claim] | None = None
) -> tuple[Cause, ...]:
    """Read the errata.

    Parameters
    ----------
    path : Path, optional
        The file; ``data/errata.csv`` by default.
    claims : iterable of Claim, optional
        The ledger, if what the errata name is to be looked for there.

    Raises
    ------
    InputError
        With every fault of the file: of its form, a claim that is named twice, does not exist or
        has another verdict than such a row is about.
    """
    verdicts = None if claims is None else {claim.id: claim.verdict for claim in claims}

    def faults(rows: Rows) -> Iterator[Fault]:
        seen: dict[str, str] = {}
        row_of = dict(zip(rows.columns["id"], rows.numbers, strict=True))

        def rules(id_: str, how: str, _: str, named: str, *__: str) -> Iterator[tuple[str, ...]]:
            meant = _UNDECIDED if how == Severity.UNDECIDED else (Verdict.DISCREPANCY,)
            for name in named.split():
                if seen.setdefault(name, id_) != id_:
                    yield "claims", f"row {row_of[seen[name]]} names it too", name
                elif verdicts is not None and name not in verdicts:
                    yield "claims", "the ledger has no such claim", name
                elif verdicts is not None and verdicts[name] not in meant:
                    found = verdicts[name] or "it has no verdict"
                    yield "claims", f"the claim is not {' or '.join(meant)}: {found}", name

        return rows.faults(rules)

    rows = _read("errata", path or paths.ERRATA, {}, faults)
    return tuple(
        Cause(id_, Severity(how or Severity.NUMBER), title, tuple(named.split()), reason, end)
        for id_, how, title, named, reason, end in rows.cells
    )


def read_exempt() -> tuple[Exempt, ...]:
    """Read the list of digits that need no claim.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_exempt()[0].reason
    'nom d’une classe d’âge'
    """

    def rule_of_lines(line: str) -> str:
        return "" if line == "*" else fault_of_lines(line)

    def rule_of_patterns(pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            return f"not a regular expression: {error}"
        return ""

    rows = _read("digits", paths.DIGITS, {"line": rule_of_lines, "pattern": rule_of_patterns})
    return tuple(
        Exempt(*((1, LAST_LINE) if line == "*" else span(line)), pattern, reason)
        for line, pattern, reason in rows.cells
    )


def read_settlements(known: Collection[str]) -> tuple[Settlement, ...]:
    """Read the statements that yield.

    Parameters
    ----------
    known : collection of str
        Ids of the constraints.

    Returns
    -------
    tuple of Settlement

    Raises
    ------
    InputError
        With every fault: of the form of the file, or a row that names no constraint.

    Examples
    --------
    >>> read_settlements(["ta1:<29"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    analysis.files.InputError: data/reconstruction/settlements.csv, row 2, column constraint: ...
    """

    def rule(constraint: str) -> str:
        return "" if constraint in known else "no printed statement has this id"

    rows = _read("settlements", paths.SETTLEMENTS, {"constraint": rule})
    return tuple(Settlement(name, reading, reason) for name, _, reading, reason in rows.cells)


def _read(
    name: str, path: Path, rules: _Rules, faults: Callable[[Rows], Iterable[Fault]] | None = None
) -> Rows:
    return read_package().resource(name).read(path, also=rules, more=faults)


def faults_of(
    path: Path, claims: Iterable[Claim], rules: Callable[[Claim], Iterable[tuple[str, str]]]
) -> Iterator[Fault]:
    """Find the faults of the rows of the ledger.

    Parameters
    ----------
    path : Path
    claims : iterable of Claim
        All of them, in the order of the file.
    rules : callable
        Gives of each rule that a claim breaks the column and the rule.
    """
    for row, claim in enumerate(claims, start=2):
        for column, rule in rules(claim):
            yield Fault(path, rule, row, column, getattr(claim, column))


_VALUES = {"vrai": True, "faux": False, "": None}
"""What is recorded where no number came out."""


def check_verdicts(claims: Iterable[Claim], contested: Container[str] = ()) -> None:
    """Check that each recorded verdict follows from what is printed and the recorded value.

    This recomputes nothing, and is soon done. The verdict of a contested claim follows from its
    readings, which are not recorded; no other claim is a discrepancy.

    Parameters
    ----------
    claims : iterable of Claim
        The ledger, all of it.
    contested : container of str
        Ids of the claims that have readings.

    Raises
    ------
    InputError
        With every verdict that does not.
    """

    def rules(claim: Claim) -> Iterator[tuple[str, str]]:
        if bool(claim.rests_on) != (claim.verdict != Verdict.NOT_RECOMPUTABLE):
            yield "rests_on", "what is recomputed rests on something, and nothing else does"
        if claim.id in contested:
            return
        if not _follows(claim):
            rule = f"does not follow: {claim.text!r} is printed, {claim.computed!r} computed"
            yield "verdict", rule
        elif claim.verdict == Verdict.DISCREPANCY:
            yield "verdict", "a discrepancy has its readings"

    refuse(faults_of(paths.CLAIMS, claims, rules))


def _follows(claim: Claim) -> bool:
    """Tell whether the recorded verdict is that of what is printed and the recorded value."""
    if claim.rests_on == "open":
        return claim.verdict == Verdict.UNSETTLED
    if claim.computed in _VALUES:
        return claim.verdict == claim.stands(_VALUES[claim.computed])
    try:
        printed, computed = parse(claim.text), float(claim.computed)
        verdict = claim.stands(computed)
    except ValueError:
        return False
    # Some p-values are printed with more digits than the ledger records.
    is_recorded = math.isclose(printed.value, computed, rel_tol=1e-9)
    return claim.verdict == verdict or (claim.verdict == Verdict.MATCH and is_recorded)


def write_claims(claims: Iterable[Claim], path: Path | None = None) -> None:
    """Write the ledger: beside first, then in its place.

    Parameters
    ----------
    claims
    path
        The file; ``data/claims.csv`` by default.
    """
    columns = [field.name for field in fields(Claim)]
    write_csv(path or paths.CLAIMS, columns, map(astuple, claims))


def verdict_of(readings: Sequence[Verdict], supports: Sequence[bool] = ()) -> Verdict:
    """Decide a claim by what its readings come to.

    - False under each of them, it is a ``discrepancy``;
    - where a support fails, it is ``not_established``, and where only some do, ``unsettled``;
    - where the readings disagree, or print does not decide one, it is ``unsettled``;
    - else it is what the least good of them makes it, ``match`` or ``rounding``.

    Parameters
    ----------
    readings : sequence of Verdict
        How each stands to print: ``not_recomputable`` where print does not decide it.
    supports : sequence of bool
        Whether the data carry the statement.

    Examples
    --------
    >>> right, wrong, silent = Verdict.MATCH, Verdict.DISCREPANCY, Verdict.NOT_RECOMPUTABLE
    >>> [str(verdict_of([right, each])) for each in (right, Verdict.ROUNDING, wrong, silent)]
    ['match', 'rounding', 'unsettled', 'unsettled']

    A support that fails does not make a statement true that is false under every reading:

    >>> str(verdict_of([right], supports=[False])), str(verdict_of([wrong], supports=[False]))
    ('not_established', 'discrepancy')
    """
    found = set(readings)
    if found == {Verdict.DISCREPANCY}:
        return Verdict.DISCREPANCY
    if supports and not any(supports):
        return Verdict.NOT_ESTABLISHED
    if not found <= {Verdict.MATCH, Verdict.ROUNDING} or not all(supports):
        return Verdict.UNSETTLED
    return Verdict.ROUNDING if Verdict.ROUNDING in found else Verdict.MATCH
