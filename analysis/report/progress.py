"""How much of the thesis this edition regenerates: the register and the ledger.

The claims of the ledger are counted by what they rest on first, and never added up across it: that
imposed numbers agree says nothing that the agreement of printed ones does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.printed import Claim, Verdict, read_claims
from analysis.reconstruction.basis import RestsOn
from analysis.report.show.figures import BAR_PITCH, Figure, bars, sheet
from analysis.report.show.french import Text, count
from analysis.report.show.tables import Cell, Row, Table, count_cell
from analysis.report.show.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


VERDICTS: dict[Verdict, str] = {
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
    RestsOn.IMPOSED: "Ce que l’imprimé impose aux lignes",
    RestsOn.SELECTED: "Ce pour quoi les lignes ont été choisies",
    RestsOn.DETERMINED: "Ce que l’imprimé détermine",
    RestsOn.OPEN: "Ce que l’imprimé laisse ouvert",
    RestsOn.ANSWERS: "Réponses fournies",
    "": "Rien : non recalculable",
}
"""What a claim can rest on, and its name."""
_JUDGED = tuple(verdict for verdict in Verdict if verdict is not Verdict.NOT_RECOMPUTABLE)


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
    found = Counter(
        (claim.rests_on, claim.verdict) for claim in (read_claims() if claims is None else claims)
    )
    rows = []
    for basis, title in BASES.items():
        own = [found[basis, verdict] for verdict in _JUDGED]
        total = sum(own) + found[basis, Verdict.NOT_RECOMPUTABLE]
        if total:
            shown = [count_cell(number) for number in own] if basis else [Cell("—")] * len(own)
            rows.append(Row(title, (*shown, count_cell(total))))
    header = ("Repose sur", *(VERDICTS[verdict] for verdict in _JUDGED), "Total")
    return Table("appuis", header, tuple(rows))


_BRIEF: dict[str, str] = {
    RestsOn.IMPOSED: "Imposé aux lignes par l’imprimé",
    RestsOn.PRINT: "L’imprimé, contre lui-même",
    RestsOn.SELECTED: "Lignes choisies pour cela",
    RestsOn.DETERMINED: "Prouvé : une seule valeur",
    RestsOn.OPEN: "Laissé ouvert",
    "": "Non recalculable",
}


def _draw_trust(canvas: Canvas, look: Theme) -> None:
    found = Counter(claim.rests_on for claim in read_claims())
    shown = {name: found[basis] for basis, name in _BRIEF.items()}
    texts = [count(number) for number in shown.values()]
    lengths = [float(number) for number in shown.values()]
    bars(sheet(canvas), list(shown), lengths, list(texts), look.users, look)


def trust_figure() -> Figure:
    """Draw what the numbers and the statements of the thesis rest on, once recomputed."""
    return Figure("appuis", _draw_trust, BAR_PITCH * len(_BRIEF))
