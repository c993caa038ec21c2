"""The first page and the abstract: what is found, how far it goes, and what the thesis says of it.

The claims of the ledger are counted by what they rest on first, and never added up across it: that
imposed numbers agree says nothing that the agreement of printed ones does.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.printed import Claim, Verdict, read_claims, read_table
from analysis.reconstruction.basis import RestsOn
from analysis.report.inline import share
from analysis.report.show.figures import BAR_PITCH, LEADING, Figure, Style, bars, key, sheet
from analysis.report.show.french import NBSP, NNBSP, Text, as_printed, count, statement
from analysis.report.show.tables import Cell, Row, Table, count_cell
from analysis.report.show.theme import WIDTH, Theme, themed
from analysis.settings import read_settings
from analysis.statistics.contingency import fisher_exact
from analysis.survey import ask, tabulate
from analysis.survey.labels import GROUPS

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


_USES = (
    ("Jamais", "non_users"),
    ("Une fois, ou par an", "frequency<=annuel"),
    ("Par mois", "frequency=mensuel"),
    ("Par semaine ou par jour", "frequency>=hebdomadaire"),
)
"""What the squares of the first figure are sorted by."""
_COLUMNS, _ROWS = 20, 5
_PITCH = WIDTH / _COLUMNS


def squares() -> list[int]:
    """Share a hundred squares out by use, one a doctor where a hundred were analysed.

    Returns
    -------
    list of int
        Those who never used it, once or yearly, monthly, and weekly or daily: by largest remainder.
    """
    counts = [ask(question).count() for _, question in _USES]
    exact = [Fraction(_COLUMNS * _ROWS * each, max(1, sum(counts))) for each in counts]
    squares = [int(each) for each in exact]
    largest = sorted(range(len(exact)), key=lambda place: squares[place] - exact[place])
    for place in largest[: _COLUMNS * _ROWS - sum(squares)] if sum(counts) else []:
        squares[place] += 1
    return squares


def _filled(look: Theme) -> list[tuple[str, NDArray[np.int64], NDArray[np.int64]]]:
    """Give the colour of each use, and the columns and the rows of its squares."""
    fills = (look.paper, look.steps[1], look.steps[3], look.steps[4])
    ends = np.cumsum(squares())
    parts = np.split(np.arange(ends[-1]), ends[:-1])
    return [(fill, own % _COLUMNS, own // _COLUMNS) for fill, own in zip(fills, parts, strict=True)]


def _draw_hundred(canvas: Canvas, look: Theme) -> None:
    """Draw a square for each doctor, by how often he or she used it."""
    page, entries, side = sheet(canvas), [], _PITCH - 3
    for (name, question), (fill, columns, rows) in zip(_USES, _filled(look), strict=True):
        style: Style = {"color": fill, "edgecolor": look.muted, "lw": 0.7}
        page.bar((columns + 0.5) * _PITCH, side, side, rows * _PITCH + 1, **style)
        entries.append((f"{name} : {count(ask(question).count())}", "fill", style))
    key(page, _ROWS * _PITCH + 14, entries, look)


hundred_figure = partial(Figure, "cent", _draw_hundred, _ROWS * _PITCH + 4 * LEADING)


def social_card() -> bytes:
    """Draw what others show of a link to the book: its title, and a square for each doctor.

    Returns
    -------
    bytes
        A PNG of 1200 by 630 pixels.
    """
    book, left, stream = read_settings()["book"], 0.07, io.BytesIO()
    with themed() as look:
        from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

        canvas = Canvas(figsize=(12, 6.3), dpi=100, facecolor=look.paper)
        title, subtitle = textwrap.fill(book["title"], 36), textwrap.fill(book["subtitle"], 60)
        canvas.text(left, 0.9, title, size=36, weight=600, va="top", linespacing=1.25)
        canvas.text(left, 0.61, subtitle, size=20, color=look.muted, va="top", linespacing=1.4)
        page = canvas.add_axes((left, 0.07, 1 - 2 * left, 0.36))
        page.set_xlim(0, _COLUMNS)
        page.set_ylim(_ROWS, 0)
        page.set_axis_off()
        for fill, columns, rows in _filled(look):
            style: Style = {"color": fill, "edgecolor": look.muted, "lw": 1}
            page.bar(columns + 0.45, 0.8, 0.85, rows + 0.1, **style)
        canvas.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


_AGES = ("age<=30-39", "age=40-49|50-59|60-69")
"""The doctors whom the printed abstracts set against each other."""


def numbers() -> dict[str, Text]:
    """Compute the numbers of the abstract's sentences that are no question, in French.

    Returns
    -------
    dict of str to Text
        ``ages`` is the p-value of Fisher's exact test of the use of the doctors under 40 against
        those from 40 to 69; ``profiles`` counts the clusters of the group that has the more.
    """
    table = [[ask(group, of).count() for group in GROUPS] for of in _AGES]
    return {
        "ages": statement(fisher_exact(table)),
        "profiles": count(int((tabulate("cluster", "uses_dmp") > 0).sum().max())),
    }


def abstracts_table() -> Table:
    """Set the numbers of the two printed abstracts beside the computed ones."""
    listed, rows = read_table("annexes").set_index("key")[["printed", "line"]], []
    for label, name, question in (
        ("Médecins analysés", "respondents", ""),
        ("Ont utilisé le DMP", "users", "users"),
        ("dont rarement (une fois, ou par an)", "rare", "frequency<=annuel"),
        ("dont plus souvent", "frequent", "frequency>=mensuel"),
        ("Ne l’ont jamais utilisé", "non_users", "non_users"),
        ("Y voient une charge administrative", "burden", "t12>=4"),
        ("Ont un logiciel compatible", "compatible", "barrier_1!=logiciel"),
    ):
        asked = ask(question)
        value = asked.share() if question else asked.count()
        keys = [f"{language}_{name}" for language in ("french", "english")]
        cells = (
            Cell(as_printed(text) or "—", (value,), text, line)
            for text, line in listed.reindex(keys, fill_value="").itertuples(index=False)
        )
        computed = share(question, decimals=1) if question else count(asked.count())
        rows.append(Row.of(label, computed, *cells))
    header = ("", "Calculé", "Imprimé, en français", "Imprimé, en anglais")
    note = "Dernière ligne : non-utilisateurs dont le logiciel n’est pas le premier frein."
    return Table("resumes", header, tuple(rows), note)


# ---- in English --------------------------------------------------------------------------------

_ENGLISH = {
    f"{NBSP}%": "%",
    ",": ".",
    NNBSP: ",",
    "khi-deux": "chi-square",
    "loi normale": "normal law",
    "novembre": "November",
    "décembre": "December",
    "janvier": "January",
    "février": "February",
}
"""What takes the place of French marks and words, in this order."""


def english(text: str) -> Text:
    """Write a French number, percentage, p-value or date as English does.

    Both languages show the same digits: the marks change, and nothing is computed again.

    Parameters
    ----------
    text : str
        As `analysis.report.show.french` writes it.

    Returns
    -------
    Text

    Raises
    ------
    ValueError
        If the text has other words: a number spelt in French stays French.

    Examples
    --------
    >>> english("70,9\u00a0%"), english("11 décembre 2019")
    ('70.9%', '11 December 2019')
    """
    written = rest = text
    for french, own in _ENGLISH.items():
        written, rest = written.replace(french, own), rest.replace(french, "")
    if any(each.isalpha() and each != "p" for each in rest):
        raise ValueError(f"{text!r} is not a number in figures")
    # A day does not stand apart from its month in French only.
    return Text(re.sub(f"{NBSP}(?=[A-Z])", " ", written))


# ---- how far it goes ---------------------------------------------------------------------------

VERDICTS: dict[str, str] = {
    Verdict.MATCH: "Identique",
    Verdict.ROUNDING: "Arrondi",
    Verdict.DISCREPANCY: "Écart",
    Verdict.NOT_ESTABLISHED: "Non établi",
    Verdict.UNSETTLED: "Non tranché",
    Verdict.NOT_RECOMPUTABLE: "Non recalculable",
}
"""The verdicts, and their names."""
BASES: dict[str, str] = {
    RestsOn.PRINT: "L’imprimé seul",
    RestsOn.IMPOSED: "Ce que l’imprimé impose au jeu",
    RestsOn.SELECTED: "Ce pour quoi le jeu a été choisi",
    RestsOn.DETERMINED: "Ce que l’imprimé détermine",
    RestsOn.OPEN: "Ce que l’imprimé laisse ouvert",
    RestsOn.ANSWERS: "Réponses fournies",
    "": "Rien : non recalculable",
}
"""What a claim can rest on, and its name."""
WHOLE = "*"
"""Whatever it is."""


def n_claims(*verdicts: str, rests_on: str | None = None) -> Text:
    """Count the recorded claims; of some verdicts, of those that rest on something.

    Parameters
    ----------
    *verdicts : str
        All, if none is named.
    rests_on : str, optional
        A `RestsOn`; whatever they rest on, by default.
    """
    return count(
        sum(
            (not verdicts or claim.verdict in verdicts) and rests_on in (None, claim.rests_on)
            for claim in read_claims()
        )
    )


def by_basis(claims: Iterable[Claim] | None = None) -> Table:
    """Count the claims by what they rest on, and verdict.

    Parameters
    ----------
    claims : iterable of Claim, optional
        Recomputed ones; those that are recorded by default.
    """
    found = read_claims() if claims is None else claims
    judged = {each: VERDICTS[each] for each in VERDICTS if each != Verdict.NOT_RECOMPUTABLE}
    pairs = ((claim.rests_on, claim.verdict) for claim in found)
    return crossed("appuis", "Repose sur", BASES, judged | {WHOLE: "Total"}, pairs)


def crossed(
    id_: str,
    title: str,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    pairs: Iterable[tuple[str, str]],
) -> Table:
    """Count pairs of kinds, a row for each that there is; what has no kind of a column has a dash.

    Parameters
    ----------
    id_, title : str
        Of the table, and of its first column.
    rows, columns : dict of str to str
        The kinds, and their names; under `WHOLE` all are counted.
    pairs : iterable of (str, str)
        The kinds of each thing that is counted.
    """
    found = Counter(each for one, other in pairs for each in product((one, WHOLE), (other, WHOLE)))
    shown = []
    for row, name in rows.items():
        is_counted = any(found[row, each] for each in columns if each != WHOLE)
        cells = (
            count_cell(found[row, each]) if is_counted or each == WHOLE else "—" for each in columns
        )
        if found[row, WHOLE]:
            shown.append(Row.of(name, *cells))
    return Table(id_, (title, *columns.values()), tuple(shown))


_BRIEF: dict[str, str] = {
    RestsOn.IMPOSED: "Imposé au jeu par l’imprimé",
    RestsOn.PRINT: "L’imprimé, contre lui-même",
    RestsOn.SELECTED: "Jeu choisi pour cela",
    RestsOn.DETERMINED: "Prouvé : une seule valeur",
    RestsOn.OPEN: "Laissé ouvert",
    "": "Non recalculable",
}


def _draw_trust(canvas: Canvas, look: Theme) -> None:
    """Draw what the numbers and the statements of the thesis rest on, once recomputed."""
    found = Counter(claim.rests_on for claim in read_claims())
    claims = [found[basis] for basis in _BRIEF]
    names, texts = list(_BRIEF.values()), list(map(count, claims))
    bars(sheet(canvas), names, claims, texts, look.users, look)


trust_figure = partial(Figure, "appuis", _draw_trust, BAR_PITCH * len(_BRIEF))
