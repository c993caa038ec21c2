"""A second study of the DMP, among migrants and general practitioners, set beside the survey.

The study (Dupety, Hurpez and Barbaroux, 2021) is no part of the thesis, and of it only the record
of an open archive is at hand: two summaries. Its statements are set beside the survey's items in a
*joint display*, as mixed-methods studies do (O'Cathain, Murphy and Nicholl, 2010,
doi:10.1136/bmj.c4587), by a rule: the two converge where more doctors go with the statement than
against it, diverge where fewer do, and the survey is silent where no item touches it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.printed import parse, read_table
from analysis.report.inline import LEVEL, printed, quoted, share
from analysis.report.show.figures import Figure, beside, key, part, sheet, write
from analysis.report.show.french import NBSP, Text, count, percentage, source_lines, spell
from analysis.report.show.tables import Row, Table
from analysis.report.show.theme import WIDTH, Theme
from analysis.statistics.proportions import chance_of_meeting, smallest_group, smallest_share
from analysis.survey import ask

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


_DESIGN = {
    "aim": "But",
    "kind": "Nature",
    "means": "Recueil",
    "period": "Période",
    "sampling": "Choix des participants",
    "apart": "Les deux groupes",
    "stop": "Fin du recueil",
    "analysis": "Analyse",
    "coding": "Codage",
    "participants": "Participants de chaque groupe",
}
_VOICES = {
    "both": "les deux groupes",
    "divided": "sans dire lesquels",
    "authors": "conclusion des auteurs, en anglais",
    "unsaid": "sans dire de qui",
}
_RELATIONS = {
    "converge": "converge",
    "diverge": "diverge",
    "even": "partagé",
    "silent": "muet",
}


def _size() -> int:
    """Read how many people each group has; the record spells it."""
    return int(parse(printed("design:participants")).value)


def numbers() -> dict[str, Text]:
    """Compute the numbers of the chapter's sentences, in French.

    Returns
    -------
    dict of str to Text
        ``participants`` spells how many people each group has, and ``formula`` is the chance that a
        theme of share p is met at least once by n people; ``met_4``, ``met_10`` and ``met_20`` are
        that of a theme of one in so many, for a group, and ``needed_20`` the participants who would
        meet the rarest with the confidence of the book; ``threshold`` and ``threshold_together``
        are the shares from which a theme is met with it, by a group and by both together.

    Examples
    --------
    >>> [numbers()[key].replace(NBSP, " ") for key in ("met_20", "threshold", "needed_20")]
    ['46 %', '22 %', '59']
    """
    size = _size()
    return {
        "participants": spell(size),
        "formula": Text(f"1{NBSP}−{NBSP}(1{NBSP}−{NBSP}p)ⁿ"),
        **{
            f"met_{among}": percentage(100 * chance_of_meeting(1 / among, size), 0)
            for among in (4, 10, 20)
        },
        "needed_20": count(smallest_group(1 / 20, LEVEL)),
        "threshold": percentage(100 * smallest_share(size, LEVEL), 0),
        "threshold_together": percentage(100 * smallest_share(2 * size, LEVEL), 0),
    }


def design() -> Table:
    """Set out the design of the study in the words of its record."""
    rows = tuple(Row.of(label, quoted(f"design:{key}")) for key, label in _DESIGN.items())
    return Table("plan", ("", "Ce que dit la notice"), rows, align="left")


def relations() -> dict[str, str]:
    """Compare each statement with the item that touches it.

    Returns
    -------
    dict of str to str
        ``converge``, ``diverge``, ``even`` or ``silent``, by the name of the statement.

    Examples
    --------
    >>> relations()["beneficial"]
    'converge'
    """
    return {row.theme: _relation(row) for row in read_table("themes").itertuples()}


def _sides(row: Any) -> tuple[str, str]:
    """Ask who goes with a statement, and who against it."""
    agree, disagree = f"{row.item}>=4", f"{row.item}<=2"
    return (agree, disagree) if row.side == "favourable" else (disagree, agree)


def _relation(row: Any) -> str:
    if not row.item:
        return "silent"
    going, against = (ask(question).count() for question in _sides(row))
    if going == against:
        return "even"
    return "converge" if going > against else "diverge"


def joint_display() -> Table:
    """Set each statement beside the survey item that touches it."""
    rows = []
    for row in read_table("themes").itertuples():
        quote = "" if row.voice == "authors" else f"«{NBSP}{row.printed}{NBSP}», "
        study = f"{quote}{_VOICES[row.voice]} ({source_lines(row.line)})"
        survey = _result(row.item) if row.item else "aucune question"
        cells = study, survey, _RELATIONS[_relation(row)]
        rows.append(Row.of(row.label, *cells))
    header = ("Thème", "Seconde étude", "Enquête de l’Hérault", "Bilan")
    note = (
        "Converge : plus de médecins de l’enquête vont dans le sens du thème que contre lui ; "
        "diverge : c’est l’inverse ; muet : aucune question ne le touche. "
        "Lignes de la notice, non de la thèse."
    )
    return Table("rapprochement", header, tuple(rows), note, align="left")


def _result(item: str) -> str:
    title = printed("inventory", "title", id=item.upper()).partition(" : ")[2]
    agree, disagree = (share(f"{item}{side}") for side in (">=4", "<=2"))
    return f"«{NBSP}{title}{NBSP}» : {agree} d’accord, {disagree} non"


def _draw_chance(canvas: Canvas, look: Theme) -> None:
    page = sheet(canvas)
    curves = (
        (1, "un groupe", look.users, "-"),
        (2, "les deux ensemble", look.non_users, "--"),
    )
    write(page, 0, 9, "Participants", look.ink, weight=600)
    entries = [
        (f"{groups * _size()} ({name})", "line", {"ls": style, "color": colour, "lw": 2})
        for groups, name, colour, style in curves
    ]
    top = key(page, 27, entries, look) + 26
    write(page, 0, top, "% de chances de rencontrer un thème", look.muted)
    axes = part(canvas, 28, top + 14, WIDTH - 28 - 10, _HEIGHT - top - 14 - 40)
    shares = np.linspace(0, 0.5, 101)
    for groups, _, colour, style in curves:
        size = groups * _size()
        chances = [100 * chance_of_meeting(float(share), size) for share in shares]
        axes.plot(100 * shares, chances, style, color=colour, lw=2)
        reached = 100 * smallest_share(size, LEVEL)
        axes.plot([reached, reached], [0, 100 * LEVEL], ":", color=look.muted, lw=1)
        axes.plot([reached], [100 * LEVEL], "o", ms=6, color=colour)
        beside(axes, (reached, 0), (4, 5), percentage(reached, 0), look)
    axes.axhline(100 * LEVEL, color=look.muted, lw=1, ls=":")
    text = f"{percentage(100 * LEVEL, 0)} de chances"
    beside(axes, (50, 100 * LEVEL), (0, -14), text, look, ha="right")
    axes.set_xlim(0, 50)
    axes.set_ylim(0, 102)
    axes.set_yticks(range(0, 101, 25))
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    write(page, 0, _HEIGHT - 9, "% des gens qui partagent le thème", look.muted)


_HEIGHT = 270


def chance_figure() -> Figure:
    """Draw the chance of meeting a theme at least once against how common it is."""
    return Figure("rencontre", _draw_chance, _HEIGHT)
