"""Answer a question about a count of doctors: the command ``python -m analysis bounds QUESTION``.

Examples
--------
>>> print(answer("frequency=journalier & age=50-59"))
age=50-59 & frequency=journalier, users
proved  1
seen    1
determined: print allows no other count
exactly 1, because of
  TB1C, l. 487: age = 50-59, frequency = journalier, utilisateurs : 1
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from analysis.reconstruction.bounds import Bounds, Reasons, Status, asked_of, bounds, reasons
from analysis.reconstruction.constraints import Constraint
from analysis.reconstruction.respondents import OPEN
from analysis.survey.question import Question, ask
from analysis.survey.schema import ITEMS, Group

_WORDS = {
    Status.DETERMINED: "print allows no other count",
    Status.OPEN: "two tables that were found differ",
    Status.BOUNDED: "print allows others than the tables that were found have; nobody knows",
}


def answer(text: str, group: Group | None = None, *, as_json: bool = False) -> str:
    """Answer a question.

    Parameters
    ----------
    text : str
        The question.
    group : {"users", "non_users"}, optional
        Whose doctors are counted; by default those of every group that was asked.
    as_json : bool
        Whether the answer is for a program.

    Returns
    -------
    str

    Raises
    ------
    QuestionError
        A `ValueError`: the question is none, or the group was not asked.
    """
    question = ask(text)
    asked = tuple(asked_of(question, group))
    found, why = bounds(question, group), reasons(question, group)
    if as_json:
        return json.dumps(_document(question, asked, found, why), ensure_ascii=False, indent=1)
    return "\n".join(_lines(question, asked, found, why))


def _lines(
    question: Question, asked: Sequence[Group], found: Bounds, why: Reasons
) -> Iterator[str]:
    yield f"{str(question) or 'all doctors'}, {' and '.join(asked)}"
    seen = Bounds(found.seen_min, found.seen_max, found.seen_min, found.seen_max)
    yield f"proved  {found.range}"
    yield f"seen    {seen.range}"
    yield f"{found.status}: {_WORDS[found.status]}"
    if found.status is not Status.DETERMINED:
        yield "The bounds are sharp for what is printed; that R finds the printed clusters may"
        yield "narrow them for the rows of the report."
    loose = sorted(question.variables & {*ITEMS, *OPEN})
    if loose:
        yield f"Nothing but the size of the group ties {', '.join(loose)} to a doctor's profile."
    ends = [("at least", found.lower, why.lower), ("at most", found.upper, why.upper)]
    if why.lower == why.upper:
        ends = [("exactly", found.lower, why.lower)]
    for end, number, own in ends:
        yield f"{end} {number}, {'because of' if own else 'whatever is printed'}"
        for each in own:
            yield f"  {each.table.upper()}, l. {each.line}: {each.statement}"


def _document(
    question: Question, asked: Sequence[Group], found: Bounds, why: Reasons
) -> dict[str, Any]:
    return {
        "question": str(question),
        "groups": list(asked),
        **asdict(found),
        "status": str(found.status),
        "reasons": {"lower": _stated(why.lower), "upper": _stated(why.upper)},
    }


def _stated(statements: Sequence[Constraint]) -> list[dict[str, str]]:
    return [
        {"id": each.id, "table": each.table, "line": each.line, "statement": each.statement}
        for each in statements
    ]
