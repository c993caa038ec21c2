"""Annexe V: the questionnaire, drawn as a way to go and printed as a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.report.inline import fact
from analysis.report.sections import demographics
from analysis.report.show.figures import Chart, Figure, box, sheet, wrapped
from analysis.report.show.french import NBSP, Text, count, lower_first, spell
from analysis.report.show.tables import Row, Table
from analysis.report.show.theme import Theme
from analysis.survey import answered, tabulate
from analysis.survey.questionnaire import Level, Part, Question, load_questionnaire

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


_AUDIENCE = {
    (): "Tous",
    ("libéral",): "Libéraux",
    ("salarié",): "Salariés",
    ("mixte",): "Mixtes",
    ("oui",): "Utilisateurs",
    ("non",): "Non-utilisateurs",
    ("non", "non"): "Non-utilisateurs sans intention",
}
_BREAK = "_\u200b"  # A narrow column may break a name after an underscore.
_HEIGHT = 582


def numbers() -> dict[str, Text]:
    """Compute the numbers of the annexe's sentences, in French.

    Returns
    -------
    dict of str to Text
        ``questions``, ``required`` (with the asterisk of a required answer) and ``places`` count
        questions; ``shortest`` and ``longest``, those on the ways of a doctor; ``minutes``
        are those of the discussion of the thesis; ``tabled`` and ``incomplete`` count the opinions
        that have a table, and those of them that not everyone gave; ``repeated`` and ``missing``
        list numbers of the form; ``temps`` and ``integration`` count the non-users who gave an
        answer that it does not offer.
    """
    form, given = load_questionnaire(), _numbers()
    lengths = [len(route.questions) for route in form.routes() if not route.excluded]
    columns = [column for question in _scales() for column in question.columns]
    times = Counter(given)
    return {
        "questions": count(len(form.questions)),
        "required": spell(sum(question.required for question in form.questions)),
        "places": spell(sum("place" in question.columns for question in form.questions)),
        "shortest": count(min(lengths)),
        "longest": count(max(lengths)),
        "minutes": fact("annexes:form_minutes", spelt=True),
        "tabled": count(len(columns)),
        "incomplete": spell(sum(answered(each) < answered("uses_dmp") for each in columns)),
        "temps": coded_afterwards("barriers", "temps"),
        "integration": coded_afterwards("change", "change_integration"),
        "repeated": _enumerated(sorted(number for number in times if times[number] > 1)),
        "missing": _enumerated(sorted(set(range(min(given), max(given))) - set(given))),
    }


def coded_afterwards(question: str, code: str) -> Text:
    """Count the non-users to whom the results give an answer that the form does not offer.

    Raises
    ------
    LookupError
        If the form offers it.
    """
    asked = load_questionnaire().question(question)
    if code not in asked.coded:
        raise LookupError(f"{question}: the form offers {code}")
    if code in asked.columns:
        return spell(int(tabulate(code)["oui"]))
    return spell(sum(int(tabulate(column)[code]) for column in asked.columns))


def instrument_table() -> Table:
    """Set out every question: number, answers, to whom it is put, column of its answers."""
    rows = []
    for part in load_questionnaire().parts:
        rows.append(Row(f"{part.title} ({part.method})", opens_group=True))
        for question in part.questions:
            columns = ", ".join(question.columns).replace("_", _BREAK) or "—"
            cells = (_answers(question), _audience(question), columns)
            rows.append(Row.of(_named(question), *cells))
    header = ("Question", "Réponses", "Posée à", "Colonne")
    note = (
        "En tête, le numéro imprimé ; \\* : réponse obligatoire sur le formulaire. "
        "Colonne : où se trouve la réponse dans la table des répondants. "
        "Entre parenthèses, la partie selon la thèse (III.3). Formulations de cette édition."
    )
    return Table("questionnaire", header, tuple(rows), note, align="left")


def route_figure() -> Figure:
    """Draw the ways through the form, from the first question to the last."""
    return Figure("questionnaire", _draw, _HEIGHT)


def _scales() -> list[Question]:
    return [each for each in load_questionnaire().questions if each.answer == "scale"]


def _numbers() -> list[int]:
    parts = load_questionnaire().parts
    printed = [part.number for part in parts]
    printed += [question.number for part in parts for question in part.questions]
    return [int(number) for number in printed if number]


def _enumerated(numbers: list[int]) -> Text:
    *first, last = [count(number) for number in numbers]
    return Text(f"{', '.join(first)} et {last}" if first else last)


def _named(question: Question) -> str:
    """Write the question after its printed number and asterisk."""
    number = question.number and f"{question.number} · "
    return number + question.wording + (f"{NBSP}\\*" if question.required else "")


def _answers(question: Question) -> str:
    scale = load_questionnaire().scale
    if question.answer == "scale":
        return f"Note de 1 à {scale.marks}"
    if question.answer == "text":
        return "Texte libre"
    offered = " ; ".join(
        level.wording + (" (à préciser)" if level.free else "") for level in question.levels
    )
    return f"{'Un choix' if question.answer == 'one' else 'Plusieurs choix'} : {offered}"


def _audience(question: Question) -> str:
    leading = load_questionnaire().conditions(question.id).values()
    return _AUDIENCE[tuple(level.code for levels in leading for level in levels)]


def _counted(part: Part) -> str:
    """Say how many marks and texts a part asks for."""
    scale = load_questionnaire().scale
    scales = sum(question.answer == "scale" for question in part.questions)
    texts = sum(question.answer == "text" for question in part.questions)
    written = f"{scales} notes de 1 à {scale.marks}"
    return written + (f", {texts} réponse libre" if texts else "")


def _chosen(level: Level, doctors: int) -> str:
    return f"{lower_first(level.wording)}{NBSP}: {count(doctors)}"


def _draw(canvas: Canvas, look: Theme) -> None:
    form = load_questionnaire()
    practice, _, *opinions = form.parts
    (yes, no, unaware), (stays_away, would_use) = (
        form.question(name).levels for name in ("uses_dmp", "intends_to_use")
    )
    uses, intends = tabulate("uses_dmp"), tabulate("intends_to_use")
    chart = Chart(sheet(canvas), look)
    left, middle, right = 52, 164, 270
    text = f"{practice.title}\nâge, mode, lieu ({numbers()['places']} variantes selon le mode)"
    half = chart.plain(160, 30, 312, text)
    wording = form.question("uses_dmp").wording
    chart.arrow((160, 30 + half), (160, 80))
    half = chart.plain(160, 100, 312, wording)
    chart.line((160, 100 + half), (160, 131))
    chart.line((left, 131), (right, 131))
    for x, level, doctors in (
        (left, yes, int(uses["oui"])),
        (middle, no, int(uses["non"])),
        (right, unaware, demographics.flow()["excluded_unaware"]),
    ):
        chart.arrow((x, 131), (x, 196))
        chart.on_arrow(x, 160, _chosen(level, doctors))
    asked = [form.question(name).wording for name in ("frequency", "purpose")]
    second = 231
    halves = [
        box(chart.axes, (x, second), 104, text, fill, fill, look.on(fill))
        for x, text, fill in (
            (left, "\n".join(asked), look.users),
            (middle, form.question("barriers").wording, look.non_users),
        )
    ]
    chart.plain(right, second, 96, "Fin du questionnaire")
    intention, change, joined = 303, 391, 440
    chart.arrow((middle, second + halves[1]), (middle, intention - 20))
    half = chart.plain(middle, intention, 104, form.question("intends_to_use").wording)
    chart.arrow((middle, intention + half), (middle, change - 20))
    chart.on_arrow(middle, 344, _chosen(stays_away, int(intends["non"])))
    half = chart.plain(middle, change, 104, form.question("change").wording)
    chart.line((middle + 52, intention), (right, intention), (right, joined))
    chart.on_arrow(right, 360, _chosen(would_use, int(intends["oui"])))
    chart.line((left, second + halves[0]), (left, joined))
    chart.line((middle, change + half), (middle, joined))
    chart.line((left, joined), (right, joined))
    _draw_opinions(chart, joined, opinions)


def _draw_opinions(chart: Chart, y: float, parts: list[Part]) -> None:
    for part in parts:
        chart.arrow((160, y), (160, y + 15))
        text = wrapped(f"{part.title} : {_counted(part)}", 300)
        y += 15 + (15 * text.count("\n") + 26) / 2
        y += chart.plain(160, y, 312, text)
