"""The questionnaire as an instrument: what was asked, of whom, and where each answer went.

A questionnaire is a graph: a question leads to the next one, or where an answer sends. Walking
every path through it says to whom each question was put, which the respondents table states by
itself (`analysis.survey.schema`): both must say the same.

The form is that of the thesis's Annexe V (lines 2776-3081 of the source text), described in
``data/questionnaire.yml``; wordings are those of the edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from analysis import paths
from analysis.documents import Document, read_document, texts
from analysis.files import Fault, refuse
from analysis.printed.sections import fault_of_lines
from analysis.survey.respondents import EXCLUSIONS
from analysis.survey.schema import VARIABLES

Answer = Literal["one", "several", "scale", "text"]
END = "end"


@dataclass(frozen=True)
class Level:
    """An answer that the form offers.

    Parameters
    ----------
    wording : str
    code : str
        Its code in the respondents table; empty where the table has none.
    free : bool
        Whether the doctor writes the answer.
    then : str
        Where it sends: a question, or ``end``.
    excluded : str
        Why a doctor with this answer is left out of the analysis; empty if he is not.
    """

    wording: str
    code: str = ""
    free: bool = False
    then: str = ""
    excluded: str = ""


@dataclass(frozen=True)
class Question:
    """A question of the form.

    Parameters
    ----------
    id : str
    lines : str
        Where it stands in the source text: ``2851-2862``.
    wording : str
    answer : {"one", "several", "scale", "text"}
        One level, several of them, a mark on the scale, or words of one's own.
    number : str
        The number printed before it; empty where there is none.
    required : bool
        Whether the form prints the asterisk of a question that must be answered.
    columns : tuple of str
        Columns of the respondents table that hold the answers.
    unpublished : str
        Why there is no such column.
    levels : tuple of Level
    coded : tuple of str
        Levels that the results have and the form does not offer.
    then : str
        The question that comes next, or ``end``.
    """

    id: str
    lines: str
    wording: str
    answer: Answer
    number: str = ""
    required: bool = False
    columns: tuple[str, ...] = ()
    unpublished: str = ""
    levels: tuple[Level, ...] = ()
    coded: tuple[str, ...] = ()
    then: str = ""

    @property
    def branches(self) -> bool:
        """Whether an answer decides what is asked next."""
        return len({level.then for level in self.levels}) > 1


@dataclass(frozen=True)
class Part:
    """A part of the form.

    Parameters
    ----------
    id : str
    method : str
        Its letter in the thesis's method section.
    title : str
    questions : tuple of Question
    number : str
        The number printed before its heading; empty where there is none.
    """

    id: str
    method: str
    title: str
    questions: tuple[Question, ...]
    number: str = ""


@dataclass(frozen=True)
class Route:
    """One way through the form.

    Parameters
    ----------
    answers : mapping of str to Level
        The answer given to each branching question met.
    questions : tuple of str
        The questions put, in order.
    excluded : str
        Why a doctor on this route is left out of the analysis; empty if he is not.
    """

    answers: Mapping[str, Level]
    questions: tuple[str, ...]
    excluded: str


@dataclass(frozen=True)
class Questionnaire:
    """The form.

    Parameters
    ----------
    lines : str
        Where it stands in the source text.
    scale : mapping of str
        That of the opinions: how many ``marks``, and what its ends say, ``lowest`` and ``highest``.
    derived : mapping of str to str
        Columns of the respondents table that no question fills, and where they come from.
    parts : tuple of Part
    """

    lines: str
    scale: Mapping[str, Any]
    derived: Mapping[str, str]
    parts: tuple[Part, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in printed order."""
        return tuple(question for part in self.parts for question in part.questions)

    def question(self, id_: str) -> Question:
        """Find a question.

        Raises
        ------
        KeyError
            If there is none with this id.
        """
        return {question.id: question for question in self.questions}[id_]

    def routes(self) -> tuple[Route, ...]:
        """Walk every way through the form, in the order of the answers."""
        return tuple(self._walk(self.questions[0].id, {}, ()))

    def conditions(self, *ids: str) -> dict[str, tuple[Level, ...]]:
        """Say which answers lead an analysed doctor to one of some questions.

        Returns
        -------
        dict of str to tuple of Level
            By branching question, the answers that lead there; a question of which every answer
            leads there is left out. Empty for a question put to everyone.

        Examples
        --------
        >>> form = load_questionnaire()
        >>> {name: [one.code for one in found] for name, found in form.conditions("change").items()}
        {'uses_dmp': ['non'], 'intends_to_use': ['non']}
        >>> form.conditions("emergency")
        {}
        """
        analysed = [route for route in self.routes() if not route.excluded]
        there = [route for route in analysed if set(ids) & set(route.questions)]
        found: dict[str, tuple[Level, ...]] = {}
        for branching in (question for question in self.questions if question.branches):
            if not all(branching.id in route.answers for route in there):
                continue
            possible = {r.answers[branching.id] for r in analysed if branching.id in r.answers}
            leading = {route.answers[branching.id] for route in there}
            if leading != possible:
                found[branching.id] = tuple(one for one in branching.levels if one in leading)
        return found

    def _walk(self, at: str, answers: dict[str, Level], before: tuple[str, ...]) -> Iterator[Route]:
        question, here = self.question(at), (*before, at)
        for level in question.levels if question.branches else (Level("", then=question.then),):
            known = {**answers, at: level} if question.branches else answers
            if level.then == END:
                yield Route(known, here, level.excluded)
            else:
                yield from self._walk(level.then, known, here)


@cache
def load_questionnaire() -> Questionnaire:
    """Read the questionnaire.

    Returns
    -------
    Questionnaire

    Raises
    ------
    InputError
        If the file breaks its schema, sends to a question that does not come later, or names a
        column or a level that the respondents table does not have.
    """
    document = read_document(paths.QUESTIONNAIRE)
    refuse(_faults(document))
    data = document.data
    ids = [entry["id"] for part in data["parts"] for entry in part["questions"]]
    following = dict(pairwise([*ids, END]))

    def questions(part: Mapping[str, Any]) -> tuple[Question, ...]:
        return tuple(_question(entry, following[entry["id"]]) for entry in part["questions"])

    parts = tuple(Part(**{**part, "questions": questions(part)}) for part in data["parts"])
    return Questionnaire(data["lines"], data["scale"], data["derived"], parts)


def _question(entry: Mapping[str, Any], following: str) -> Question:
    then = entry.get("then", following)
    levels = tuple(Level(**{"then": then, **level}) for level in entry.get("levels", ()))
    listed = {name: tuple(entry.get(name, ())) for name in ("columns", "coded")}
    return Question(**{**entry, **listed, "levels": levels, "then": then})


def _faults(document: Document) -> Iterator[Fault]:
    """Find what no schema shows: ids, targets, lines, columns and levels."""
    places = {
        ("parts", part, "questions", place): entry
        for part, each in enumerate(document.data["parts"])
        for place, entry in enumerate(each["questions"])
    }
    ids = [entry["id"] for entry in places.values()]
    for at, (here, entry) in enumerate(places.items()):
        if entry["id"] in ids[:at]:
            yield document.fault("another question has this id", *here, "id")
        if lines := fault_of_lines(entry["lines"]):
            yield document.fault(lines, *here, "lines")
        later, levels = ids[at + 1 :], _levels(entry)
        known: dict[str, tuple[Collection[str], str]] = {
            "then": (later, "no later question has this id"),
            "levels.then": ([*later, END], "no later question has this id"),
            "levels.code": (levels, "the columns of this question have no such level"),
            "levels.excluded": (EXCLUSIONS, "the respondents table has no such exclusion"),
            "columns": (VARIABLES, "the respondents table has no such column"),
            "coded": (levels, "the columns of this question have no such level"),
        }
        for place, text in texts(entry):
            name = ".".join(part for part in place if isinstance(part, str))
            if name in known and text not in known[name][0]:
                yield document.fault(known[name][1], *here, *place)


def _levels(entry: Mapping[str, list[str]]) -> set[str]:
    """Give the levels of the columns of a question, or the columns, where each is a yes or no."""
    columns = entry.get("columns", [])
    known = [column for column in columns if column in VARIABLES]
    levels = {level for column in known for level in VARIABLES[column].levels}
    return set(columns) if len(columns) > 1 and levels == {"oui", "non"} else levels
