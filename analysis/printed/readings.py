"""The file of the readings: the ways in which a contested claim can reasonably be understood.

A *reading* of ``data/readings.csv`` says in French how the words or the number of a claim may be
meant, and by its key what comes of it. Several claims may share it. A reading without a key is one
that print does not decide. A *support* is no reading: it asks whether the data can carry a
statement that is true as it stands, by a test or by who was asked.

The verdict of a claim that has readings follows from them (`verdict_of`):

- false under each of them, it is a ``discrepancy``;
- where a support fails, it is ``not_established``, and where only some do, ``unsettled``;
- where the readings disagree, or print does not decide one, it is ``unsettled``;
- else it is what the least good of them makes it, ``match`` or ``rounding``.

Examples
--------
>>> [str(verdict_of(each)) for each in ([True, True], [False, False], [True, False], [True, None])]
['match', 'discrepancy', 'unsettled', 'unsettled']
>>> str(verdict_of([True], supports=[False]))
'not_established'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis import paths
from analysis.files import Column, Fault, Rows
from analysis.packages import read_package
from analysis.printed.claims import Claim
from analysis.printed.numbers import Verdict
from analysis.printed.sections import fault_of_lines

_SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of the file.

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
        return self.role == _SUPPORT


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
    resource = read_package().resource("readings")
    rows = resource.read(path or paths.READINGS, also=_rule, more=lambda rows: _faults(rows, known))
    return tuple(
        Reading(tuple(ids.split()), role, text, key, tuple(lines.split()))
        for ids, role, text, key, lines in rows.cells
    )


def _rule(column: Column) -> Callable[[str], str] | None:
    return _fault_of_spans if column.name == "lines" else None


def _fault_of_spans(lines: str) -> str:
    return next(filter(None, map(fault_of_lines, lines.split())), "")


def _faults(rows: Rows, known: set[str] | None) -> Iterator[Fault]:
    columns = rows.columns
    read = {
        name
        for cell, role in zip(columns["claims"], columns["role"], strict=True)
        if role != _SUPPORT
        for name in cell.split()
    }
    for position, cell in enumerate(columns["claims"]):
        is_support = columns["role"][position] == _SUPPORT
        if is_support and not columns["key"][position]:
            yield rows.fault(position, "key", "a support has a key")
        for name in cell.split():
            if known is not None and name not in known:
                yield rows.fault(position, "claims", "the ledger has no such claim", name)
            elif is_support and name not in read:
                yield rows.fault(position, "claims", "a support without a reading", name)


def verdict_of(readings: Sequence[Verdict | bool | None], supports: Sequence[bool] = ()) -> Verdict:
    """Decide a claim by what its readings come to.

    Parameters
    ----------
    readings : sequence of Verdict, bool or None
        Of each, how its number compares with print, or its truth; None where print does not decide.
    supports : sequence of bool
        Whether the data carry the statement.

    Examples
    --------
    A support that fails does not make a statement true that is false under every reading:

    >>> str(verdict_of([False], supports=[False]))
    'discrepancy'
    >>> str(verdict_of([Verdict.MATCH, Verdict.ROUNDING]))
    'rounding'
    """
    found = [_as_verdict(each) for each in readings]
    if all(each is Verdict.DISCREPANCY for each in found):
        return Verdict.DISCREPANCY
    if supports and not any(supports):
        return Verdict.NOT_ESTABLISHED
    if Verdict.DISCREPANCY in found or Verdict.UNSETTLED in found or not all(supports):
        return Verdict.UNSETTLED
    return Verdict.ROUNDING if Verdict.ROUNDING in found else Verdict.MATCH


def _as_verdict(found: Verdict | bool | None) -> Verdict:
    if found is None:
        return Verdict.UNSETTLED
    if isinstance(found, Verdict):
        return found
    return Verdict.MATCH if found else Verdict.DISCREPANCY
