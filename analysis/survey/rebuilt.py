"""The files beside the rebuilt rows: their certificate, other tables, and what all of them share.

The certificate says what the rows were made from and what holds of them. An ensemble has the tables
of one group that print allows as well, one after the other, a row a doctor. The bounds say of some
questions what is proved of every table that print allows, and the reasons by which of its
statements.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Column, Fault, InputError, Rows, read_bytes, read_csv, refuse, shown
from analysis.survey.question import QuestionError, ask
from analysis.survey.schema import CLUSTERED, GROUPS, Group, levels

NUMBERED = ("solution", "run", "iteration", "suggested")
"""The columns of an ensemble that number its tables and say how each was found."""
BOUNDED = ("lower", "upper", "seen_min", "seen_max")
"""The columns of the bounds that count doctors."""
EXPLAINED = ("lower", "upper")
"""The columns of the reasons that name printed statements, with a space between their ids."""


def read_certificate(path: Path | None = None) -> dict[str, Any]:
    """Read what the rebuilt rows were made from and what holds of them.

    Parameters
    ----------
    path : Path, optional
        The certificate; that of the project by default.

    Returns
    -------
    dict
        As `analysis.reconstruction.build` writes it.

    Raises
    ------
    InputError
        If the file has a fault.
    """
    return read_document(path or paths.CERTIFICATE).data


def statements(certificate: Mapping[str, Any]) -> set[str]:
    """Give the ids of the printed statements, of those that yield as well.

    Parameters
    ----------
    certificate : mapping
    """
    yielding = [each for conflict in certificate["conflicts"] for each in conflict["yields"]]
    members = [each for conflict in certificate["conflicts"] for each in conflict["members"]]
    return {each["id"] for each in (*certificate["constraints"], *members, *yielding)}


def check_inputs() -> None:
    """Check that the rows and the bounds were made from the files that are there.

    Raises
    ------
    InputError
        With every file that has another digest than the certificate.
    """
    refuse(_changes(read_document(paths.CERTIFICATE)))


def _changes(certificate: Document) -> Iterator[Fault]:
    of_rows, of_bounds = certificate.data["inputs"], certificate.data["bounds"]["inputs"]
    for name, said in of_rows.items():
        if _is_another(name, said):
            rule = f"{name} is another file now: python -m analysis reconstruct"
            yield certificate.fault(rule, "inputs", name)
    for name, said in of_bounds.items():
        if _is_another(name, said) and of_rows.get(name) != said:
            own = f"{shown(paths.BOUNDS)} is stale, {name} is another file now"
            rule = f"{own}: python -m analysis bounds --update"
            yield certificate.fault(rule, "bounds", "inputs", name)


def digest(path: Path) -> str:
    """Write the digest of a file as the certificate has it."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def _is_another(name: str, said: str) -> bool:
    try:
        return digest(paths.DATA / name) != said
    except InputError:
        return True


def read_ensemble(path: Path, group: Group) -> Rows:
    """Read the rows of an ensemble as text.

    Parameters
    ----------
    path : Path
    group : {"users", "non_users"}

    Raises
    ------
    InputError
        With every fault: the columns are not those of the group, an answer is no level of its
        variable, a table has not as many rows as the others.
    """
    return read_csv(
        path,
        [
            *(Column(name, required=True, pattern=r"\d{1,9}") for name in NUMBERED),
            *map(_column, ("cluster", *CLUSTERED[group], "practice", "place")),
        ],
        more=_faults_of_tables,
    )


def read_bounds(path: Path) -> Rows:
    """Read the proved bounds of counts as text.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        With every fault: a question that is none, that the group was not asked or that is written
        otherwise, numbers that are not in order, a question of a group that stands twice.
    """
    return read_csv(
        path,
        [
            *_ASKED,
            replace(_counted(BOUNDED[0]), also=_rule_of_bounds, beside=BOUNDED[1:]),
            *map(_counted, BOUNDED[1:]),
        ],
        key=("group", "where"),
    )


def read_reasons(path: Path, statements: Collection[str] | None = None) -> Rows:
    """Read which printed statements make the bounds of counts.

    Parameters
    ----------
    path : Path
    statements : collection of str, optional
        Ids of the printed statements; any by default.

    Raises
    ------
    InputError
        With every fault: a question that is none, that the group was not asked or that is written
        otherwise, a statement that there is not, a question of a group that stands twice.
    """

    def known(text: str) -> str:
        others = [each for each in text.split() if each not in (statements or text.split())]
        return f"there is no printed statement {', '.join(others)}" if others else ""

    return read_csv(
        path, [*_ASKED, *(Column(name, also=known) for name in EXPLAINED)], key=("group", "where")
    )


def _rule_of_questions(text: str, group: str) -> str:
    try:
        asked = ask(text)
    except QuestionError as error:
        return str(error)
    if text != str(asked):
        return f"the question is written {asked}"
    return f"the {group} were not asked this" if group in set(GROUPS) - set(asked.groups) else ""


_ASKED = (
    Column("group", required=True, allowed=tuple(GROUPS)),
    Column("where", required=True, also=_rule_of_questions, beside=("group",)),
)
"""The columns that say what is counted."""


def _counted(name: str) -> Column:
    return Column(name, required=True, pattern=r"\d{1,3}")


def _rule_of_bounds(*numbers: str) -> str:
    if not all(map(str.isdecimal, numbers)):
        return ""
    lower, upper, seen_min, seen_max = map(int, numbers)
    is_ordered = lower <= seen_min <= seen_max <= upper
    return "" if is_ordered else f"lower {lower} <= seen {seen_min} to {seen_max} <= upper {upper}"


def _column(name: str) -> Column:
    return Column(name, required=True, allowed=levels(name))


def _faults_of_tables(rows: Rows) -> Iterator[Fault]:
    solutions = rows.columns["solution"]
    sizes = Counter(solutions)
    ((usual, _),) = Counter(sizes.values()).most_common(1)
    for solution, size in sizes.items():
        if size != usual:
            rule = f"the table has {size} rows, most have {usual}"
            yield rows.fault(solutions.index(solution), "solution", rule)
