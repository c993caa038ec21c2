"""The annexes in which little is computed, and the glossary.

Annexe I dates the history of the record. Annexe II is the council's list of the doctors of the
Hérault. Annexe IV shows two pictures of the dmp.fr site, which are described and not redrawn: the
source text keeps a picture's place and, at best, a scrap of its words; what can be said of it is
what the text around it says, each with its line. Annexe V is the questionnaire, drawn as a way to
go and printed as a table. The glossary sets out the acronyms in the order of a French dictionary:
the letters first; case, accents, apostrophes and hyphens only part what is left equal (ISO/IEC
14651, French tailoring, of which this is the part that a glossary needs).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Fault, refuse
from analysis.printed import printed_row, printed_rows, read_table
from analysis.printed.sections import fault_of_lines
from analysis.report.inline import fact, printed, quoted
from analysis.report.register import registered
from analysis.report.sections import demographics
from analysis.report.show.figures import Chart, Figure, sheet, wrapped, write
from analysis.report.show.french import (
    NBSP,
    Text,
    count,
    listed,
    lower_first,
    percent,
    source_lines,
    spell,
)
from analysis.report.show.tables import Row, Table, percent_cell
from analysis.report.show.theme import Theme
from analysis.survey import council, tabulate
from analysis.survey.labels import LEVELS
from analysis.survey.questionnaire import Question, load_questionnaire

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


def numbers() -> dict[str, Text]:
    """Compute the numbers of the annexes' sentences, in French.

    Returns
    -------
    dict of str to Text
        Of Annexe I, ``empty`` is the share of the first records that held no document, ``cost`` the
        printed spending divided by the records opened. Of Annexe II, ``listed`` counts the doctors
        of the Hérault whose place the council lists, ``unlisted`` the others. Of Annexe V,
        ``questions``, ``required`` (with the asterisk of a required answer) and ``places`` count
        questions; ``shortest`` and ``longest``, those on the ways of a doctor; ``repeated`` and
        ``missing`` list numbers of the form; ``temps`` and ``integration`` count the non-users who
        gave an answer that it does not offer.
    """
    opened = printed_row("annexes:records_opened").number("printed")
    empty = printed_row("annexes:records_empty").number("printed")
    millions = int(printed("annexes:spending").split()[0])
    form = load_questionnaire()
    lengths = [len(route.questions) for route in form.routes() if not route.excluded]
    numbered = [*(part.number for part in form.parts), *(each.number for each in form.questions)]
    times = Counter(int(number) for number in numbered if number)
    return {
        "empty": percent(empty, opened),
        "cost": Text(f"{count(round(Fraction(millions * 10**6, opened)))}{NBSP}euros"),
        "listed": count(council.population() - council.unlisted()),
        "unlisted": count(council.unlisted()),
        "questions": count(len(form.questions)),
        "required": spell(sum(question.required for question in form.questions)),
        "places": spell(sum("place" in question.columns for question in form.questions)),
        "shortest": count(min(lengths)),
        "longest": count(max(lengths)),
        "temps": coded_afterwards("barriers", "temps"),
        "integration": coded_afterwards("change", "change_integration"),
        "repeated": listed([count(number) for number in sorted(times) if times[number] > 1]),
        "missing": listed([count(n) for n in range(min(times), max(times)) if n not in times]),
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


# ---- I: history --------------------------------------------------------------------------------


_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


def events() -> pd.DataFrame:
    """Read the dated events, the oldest first; within a month, in the order of the print.

    Returns
    -------
    DataFrame
        The columns of the table ``history``, and ``year``: when it happened, in years.
    """
    found = read_table("history")
    return found.assign(year=found["date"].map(_year)).sort_values("year", kind="stable")


def _year(date: str) -> float:
    """Place a date in ISO 8601 among the years: in the middle of what it leaves out.

    Examples
    --------
    >>> _year("2018-11")
    2018.875
    """
    year, *rest = [int(part) for part in date.split("-")]
    if not rest:
        return year + 0.5
    month, day = [*rest, 15.5][:2]
    return year + (month - 1 + (day - 0.5) / 30) / 12


def timeline() -> Table:
    """Set out the events with their lines."""
    rows = tuple(
        Row.of(each.printed.replace(" ", NBSP), each.event, each.line)
        for each in events().itertuples()
    )
    return Table("histoire", ("Date", "Événement", "Ligne"), rows, align="left")


def _draw_timeline(canvas: Canvas, look: Theme) -> None:
    found, begun = events(), fact("facts:survey_start")
    day, month, in_year = begun.split()
    shown = [(each.year, each.printed, each.name) for each in found.itertuples()]
    first_day = _year(f"{in_year}-{_MONTHS.split().index(month) + 1}-{day}")
    shown.append((first_day, begun, "Début de l’enquête"))
    shared = found.loc[found["key"] == "shared_record", "year"].item()
    first, last = 2004, 2020.3
    axes = sheet(canvas)

    def at(year: float) -> float:
        return 12 + (len(shown) * _PITCH - 20) * (year - first) / (last - first)

    for year in range(first, 2021, 4):
        write(axes, 0, at(year), str(year), look.muted)
    for start, end, colour, name in (
        (shown[0][0], shared, look.muted, "dossier personnel"),
        (shared, last, look.users, "partagé"),
    ):
        axes.bar(41, at(end) - at(start), 16, at(start), color=colour)
        middle = (at(start) + at(end)) / 2
        style: dict[str, Any] = {"rotation": 90, "rotation_mode": "anchor", "ha": "center"}
        axes.text(45, middle, name, color=look.on(colour), **style)
    for place, (when, date, name) in enumerate(shown, start=1):
        y, is_survey = _PITCH * (place - 0.5), place == len(shown)
        colour, beside = (look.non_users, look.non_users) if is_survey else (look.ink, look.muted)
        axes.plot((50, 58, 76, 82), (at(when), at(when), y, y), color=look.muted, lw=0.8)
        axes.plot(50, at(when), "o", ms=4, color=colour)
        write(axes, 88, y - 8, date, beside)
        write(axes, 88, y + 7, name, colour, weight=600 if is_survey else 400)


_PITCH = 38


def timeline_figure() -> Figure:
    """Draw the events along the years, and the survey after them."""
    return Figure("histoire", _draw_timeline, _PITCH * (len(events()) + 1))


# ---- II: the council ---------------------------------------------------------------------------


@registered
def taii() -> Table:
    """Set out the council's figures, with the share that each makes."""
    rows = []
    titles = {"age": "Âge", "practice": "Type d’exercice", "place": "Lieu d’exercice"}
    for variable, title in titles.items():
        own = [row for row in printed_rows("taii") if row["variable"] == variable]
        total = sum(row.number("n") for row in own)
        rows.append(Row(title, opens_group=True))
        for row in own:
            # Several of the council's places make up the survey's one "other": its own words stay.
            shared = row["category"] == "autre" and variable == "place"
            name = row["label"].capitalize() if shared else LEVELS[variable][row["category"]]
            share = percent_cell(row.number("n"), total, decimals=1)
            rows.append(Row.of(name, count(row.number("n")), share))
        rows.append(Row.of("Total", count(total), percent_cell(total, total, decimals=1)))
    note = "Effectifs transcrits de la thèse ; totaux et parts calculés ici."
    return Table("taii", ("", "Médecins", "Part"), tuple(rows), note)


# ---- IV: the site ------------------------------------------------------------------------------


def _described(id_: str, left: str, told: str) -> Row:
    """Describe a printed figure that is not redrawn.

    Parameters
    ----------
    id_ : str
        Id of the inventory, in lower case.
    left, told : str
        What the source text keeps of the picture, and what the thesis says of it elsewhere, in
        Markdown.

    Returns
    -------
    Row
        What the picture showed, its section of the thesis and its lines, and both of these.
    """
    found = read_table("inventory").set_index("id").loc[id_.upper()]
    section = found["section"]
    named = section if section.startswith("Annexe") else f"Section {section}"
    return Row.of(found["title"], f"{named}, {source_lines(found['line'])}", left, told)


@partial(registered, kind="description")
def f31() -> Row:
    """Describe the home page."""
    sections = f"{fact('facts:home_page_sections', spelt=True)} volets principaux"
    lines = source_lines(printed("facts", "line", key="home_page_sections"))
    return _described("f31", quoted("annexes:home_page_fragment"), f"{sections} ({lines})")


@partial(registered, kind="description")
def f32() -> Row:
    """Describe the part of the site that holds the documents."""
    names = ("tabs", "administration", "delivery", "diagnostic")
    tabs, *files = (quoted(f"annexes:documents_{name}") for name in names)
    told = f"{tabs}, dont {' ; '.join(files)}"
    return _described("f32", "Rien, hors le titre de l’annexe", told)


def captures() -> Table:
    """Set out what is left of the two pictures."""
    header = ("Capture", "Place", "Ce qu’en garde le texte", "Ce que la thèse en dit")
    return Table("captures", header, (f31(), f32()), align="left")


# ---- V: the questionnaire ----------------------------------------------------------------------

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


def instrument_table() -> Table:
    """Set out every question: number, answers, to whom it is put, column of its answers."""
    form, rows = load_questionnaire(), []
    for part in form.parts:
        rows.append(Row(f"{part.title} ({part.method})", opens_group=True))
        for question in part.questions:
            number = question.number and f"{question.number} · "
            asterisk = f"{NBSP}\\*" if question.required else ""
            leading = form.conditions(question.id).values()
            audience = _AUDIENCE[tuple(level.code for levels in leading for level in levels)]
            columns = ", ".join(question.columns).replace("_", _BREAK) or "—"
            label = f"{number}{question.wording}{asterisk}"
            rows.append(Row.of(label, _answers(question), audience, columns))
    header = ("Question", "Réponses", "Posée à", "Colonne")
    note = (
        "En tête, le numéro imprimé ; \\* : réponse obligatoire sur le formulaire. "
        "Colonne : où se trouve la réponse dans la table des répondants. "
        "Entre parenthèses, la partie selon la thèse (III.3). Formulations de cette édition."
    )
    return Table("questionnaire", header, tuple(rows), note, align="left")


def _answers(question: Question) -> str:
    if question.answer == "scale":
        return f"Note de 1 à {load_questionnaire().scale['marks']}"
    if question.answer == "text":
        return "Texte libre"
    offered = " ; ".join(
        level.wording + (" (à préciser)" if level.free else "") for level in question.levels
    )
    return f"{'Un choix' if question.answer == 'one' else 'Plusieurs choix'} : {offered}"


def _draw_routes(canvas: Canvas, look: Theme) -> None:
    """Draw the ways through the form, from the first question to the last."""
    form, chart = load_questionnaire(), Chart(sheet(canvas), look)
    words = {each.id: each.wording for each in form.questions}
    unaware = demographics.flow()["excluded_unaware"]
    # How many doctors gave each answer to the questions that decide of the way.
    given = {
        name: [
            f"{lower_first(level.wording)}{NBSP}: {count(tabulate(name).get(level.code, unaware))}"
            for level in form.question(name).levels
        ]
        for name in ("uses_dmp", "intends_to_use")
    }
    left, middle, right = 52, 164, 270
    places = f"âge, mode, lieu ({numbers()['places']} variantes selon le mode)"
    half = chart.box(160, 30, 312, f"{form.parts[0].title}\n{places}")
    chart.arrow((160, 30 + half), (160, 80))
    half = chart.box(160, 100, 312, words["uses_dmp"])
    chart.line((160, 100 + half), (160, 131))
    chart.line((left, 131), (right, 131))
    for x, text in zip((left, middle, right), given["uses_dmp"], strict=True):
        chart.arrow((x, 131), (x, 196))
        chart.on_arrow(x, 160, text)
    second, intention, change, joined = 231, 303, 391, 440
    halves = [
        chart.box(x, second, 104, text, fill)
        for x, text, fill in (
            (left, f"{words['frequency']}\n{words['purpose']}", look.users),
            (middle, words["barriers"], look.non_users),
        )
    ]
    chart.box(right, second, 96, "Fin du questionnaire")
    chart.arrow((middle, second + halves[1]), (middle, intention - 20))
    half = chart.box(middle, intention, 104, words["intends_to_use"])
    chart.arrow((middle, intention + half), (middle, change - 20))
    stays_away, would_use = given["intends_to_use"]
    chart.on_arrow(middle, 344, stays_away)
    half = chart.box(middle, change, 104, words["change"])
    chart.line((middle + 52, intention), (right, intention), (right, joined))
    chart.on_arrow(right, 360, would_use)
    chart.line((left, second + halves[0]), (left, joined))
    chart.line((middle, change + half), (middle, joined))
    chart.line((left, joined), (right, joined))
    _draw_opinions(chart, joined)


route_figure = partial(Figure, "questionnaire", _draw_routes, 582)


def _draw_opinions(chart: Chart, y: float) -> None:
    """Draw the parts that ask for marks, each with how many marks and texts."""
    form = load_questionnaire()
    for part in form.parts[2:]:
        chart.arrow((160, y), (160, y + 15))
        kinds = Counter(question.answer for question in part.questions)
        counted = f"{part.title} : {kinds['scale']} notes de 1 à {form.scale['marks']}"
        counted += f", {kinds['text']} réponse libre" if kinds["text"] else ""
        text = wrapped(counted, 300)
        y += 15 + (15 * text.count("\n") + 26) / 2
        y += chart.box(160, y, 312, text)


# ---- glossary ----------------------------------------------------------------------------------


def collation(word: str) -> tuple[str, str]:
    """Give the key by which a word is sorted.

    Examples
    --------
    >>> sorted(["CPS", "e-CPS", "EHPAD", "CNAMTS", "CNAM", "École", "ECG"], key=collation)
    ['CNAM', 'CNAMTS', 'CPS', 'ECG', 'École', 'e-CPS', 'EHPAD']
    """
    plain = unicodedata.normalize("NFD", word)
    letters = "".join(each for each in plain if each.isalnum()).casefold()
    return letters, plain


@cache
def terms() -> tuple[dict[str, str], ...]:
    """Read the terms, sorted.

    Returns
    -------
    tuple of dict of str to str
        Of each: ``term``, its letters; ``expansion``, what they stand for; ``meaning``, what it is;
        ``line``, a source line where the thesis uses it, if it is no term of the edition;
        ``language``, that of the expansion, if it is not French.

    Raises
    ------
    InputError
        If the glossary has a fault, or a term twice.
    """
    document = read_document(paths.GLOSSARY)
    refuse(_faults(document))
    return tuple(sorted(document.data["terms"], key=lambda each: collation(each["term"])))


def _faults(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, entry in enumerate(document.data["terms"]):
        if entry["term"] in seen:
            yield document.fault("the term has an entry already", "terms", place, "term")
        seen.add(entry["term"])
        rule = fault_of_lines(entry["line"]) if "line" in entry else ""
        if rule:
            yield document.fault(rule, "terms", place, "line")


def glossary_table() -> Table:
    """Set out the glossary."""
    rows = []
    for each in terms():
        expansion = each["expansion"]
        if "language" in each:
            expansion = f'[{expansion}]{{lang="{each["language"]}"}}'
        rows.append(Row.of(each["term"], expansion, each["meaning"]))
    return Table("glossaire", ("Sigle", "Développement", "Sens"), tuple(rows), align="left")
