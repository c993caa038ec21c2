"""Annexe V: the questionnaire, drawn as a way to go and printed as a table."""

from __future__ import annotations

from collections import Counter
from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

from analysis.report.inline import fact
from analysis.report.sections import recruitment
from analysis.report.show.figures import Figure, arrow, box
from analysis.report.show.french import NBSP, Text, count, lower_first, spell
from analysis.report.show.tables import Row, Table, text_cell
from analysis.report.show.theme import TEXT_WIDTH, Theme
from analysis.survey import answered, tabulate
from analysis.survey.questionnaire import Level, Part, Question, load_questionnaire

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

__all__ = [
    "coded_afterwards",
    "instrument_table",
    "numbers",
    "required_scales",
    "route_figure",
    "unpublished_items",
]

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
_SIZE = 11.5
_HEIGHT = 6.9


def numbers() -> dict[str, Text]:
    """Compute the numbers of the annexe's sentences, in French.

    Returns
    -------
    dict of str to Text
        ``questions``, ``required`` (with the asterisk of a required answer) and ``places`` count
        questions; ``shortest`` and ``longest``, those on the ways of a doctor; ``minutes``
        are those of the discussion of the thesis; ``tabled`` and ``incomplete`` count the opinions
        that have a table, and those of them that not everyone gave; ``repeated`` and ``missing``
        list numbers of the form.
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
        "repeated": _enumerated(sorted(number for number in times if times[number] > 1)),
        "missing": _enumerated(sorted(set(range(min(given), max(given))) - set(given))),
    }


def required_scales() -> int:
    """Count the opinions that carry it."""
    return sum(question.required for question in _scales())


def unpublished_items() -> Text:
    """Count the opinions of which the thesis prints no table."""
    return spell(sum(bool(question.unpublished) for question in _scales()))


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
            rows.append(Row(_named(question), tuple(text_cell(cell) for cell in cells)))
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
    return f"{_broken(lower_first(level.wording), 12)} : {count(doctors)}"


def _broken(wording: str, width: int) -> str:
    return "\n".join(wrap(wording, width))


def _draw(canvas: Canvas, look: Theme) -> None:
    form = load_questionnaire()
    practice, _, *opinions = form.parts
    (yes, no, unaware), (stays_away, would_use) = (
        form.question(name).levels for name in ("uses_dmp", "intends_to_use")
    )
    uses, intends = tabulate("uses_dmp"), tabulate("intends_to_use")
    canvas.set_layout_engine("none")
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, TEXT_WIDTH)
    axes.set_ylim(0, _HEIGHT)
    axes.set_axis_off()
    left, middle, right = 1.07, 3.23, 5.38
    plain = partial(_plain, axes, look)
    line = partial(axes.plot, color=look.muted, lw=0.9, zorder=0)

    text = f"{practice.title}\nâge, mode, lieu ({numbers()['places']} variantes selon le mode)"
    plain((middle, 6.55), 5.4, text)
    plain((middle, 5.7), 4.7, form.question("uses_dmp").wording)
    arrow(axes, (middle, 6.24), (middle, 5.93), look)

    line([middle, middle], [5.48, 5.32])
    line([left, right], [5.32, 5.32])
    for x, level, doctors in (
        (left, yes, int(uses["oui"])),
        (middle, no, int(uses["non"])),
        (right, unaware, recruitment.flow().unaware),
    ):
        arrow(axes, (x, 5.32), (x, 4.57), look)
        _on_arrow(axes, look, (x, 4.99), _chosen(level, doctors))
    asked = [form.question(name).wording for name in ("frequency", "purpose")]
    for x, text, fill in (
        (left, "\n".join(asked), look.users),
        (middle, _broken(form.question("barriers").wording, 22), look.non_users),
    ):
        box(axes, (x, 4.25), 2.05, text, fill, fill, look.on(fill), _SIZE)
    plain((right, 4.25), 1.7, "Fin du\nquestionnaire")

    arrow(axes, (middle, 3.94), (middle, 3.65), look)
    plain((middle, 3.33), 2.05, _broken(form.question("intends_to_use").wording, 18))
    arrow(axes, (middle, 3.02), (middle, 2.5), look)
    _on_arrow(axes, look, (middle, 2.8), _chosen(stays_away, int(intends["non"])))
    plain((middle, 2.18), 2.05, _broken(form.question("change").wording, 18))
    line([middle + 1.03, right, right], [3.33, 3.33, 1.7])
    _on_arrow(axes, look, (right, 2.5), _chosen(would_use, int(intends["oui"])))
    line([left, left], [3.94, 1.7])
    line([middle, middle], [1.87, 1.7])
    line([left, right], [1.7, 1.7])
    for part, top, bottom in zip(opinions, (1.7, 1.07, 0.57), (1.49, 0.99, 0.49), strict=True):
        arrow(axes, (middle, top), (middle, bottom), look)
        plain((middle, bottom - 0.21), 6.1, f"{part.title} : {_counted(part)}")


def _plain(axes: Axes, look: Theme, centre: tuple[float, float], width: float, text: str) -> float:
    return box(axes, centre, width, text, look.veil, look.rule, look.ink, _SIZE)


def _on_arrow(axes: Axes, look: Theme, place: tuple[float, float], text: str) -> None:
    axes.text(
        *place,
        text,
        ha="center",
        va="center",
        color=look.ink,
        fontsize=_SIZE,
        bbox={"facecolor": look.paper, "edgecolor": "none", "pad": 1.5},
    )
