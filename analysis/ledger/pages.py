"""The ledger and the errata, set out for the book.

The ledger is one long table. On the site it is written as plain HTML, small enough to be sent whole
and readable as it stands; a script of the project (``assets/registre.js``) adds the search, the
filters and the sorting. The PDF has the counts and the discrepancies.

Everything is recomputed while the page is made: the recorded verdicts are not read.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from analysis import paths
from analysis.ledger.engine import Engine, Outcome, written
from analysis.ledger.errata import (
    Erratum,
    Severity,
    crosses_threshold,
    errata,
    severity_of,
)
from analysis.ledger.pointers import is_pointer, object_of
from analysis.ledger.provenance import Provenance, provenances
from analysis.printed import (
    KINDS,
    SECTIONS,
    Claim,
    Verdict,
    main_section,
    parse,
    read_claims,
)
from analysis.report import downloads as files
from analysis.report.french import NBSP, NNBSP, Text, count, decimal, percent, scientific
from analysis.report.tables import Cell, Row, Table, count_cell, text_cell
from analysis.survey import is_rebuilt, source

__all__ = [
    "Blocks",
    "by_kind",
    "by_provenance",
    "by_section",
    "conclusions",
    "discrepancies",
    "downloads",
    "n_claims",
    "n_crossing",
    "n_errata",
    "n_verdict",
    "numbers",
    "register",
    "roundings",
    "share_recomputed",
    "shown",
    "slips",
]

VERDICTS = {
    Verdict.MATCH: "Identique",
    Verdict.ROUNDING: "Arrondi",
    Verdict.DISCREPANCY: "Écart",
    Verdict.NOT_RECOMPUTABLE: "Non recalculable",
}
SEVERITIES = {
    Severity.CONCLUSION: "change une conclusion",
    Severity.NUMBER: "change un nombre",
    Severity.TYPOGRAPHIC: "typographique",
}
PROVENANCES = {
    Provenance.PRINTED: "L’imprimé seul",
    Provenance.IMPOSED: "Imposé aux lignes reconstituées",
    Provenance.DETERMINED: "Lignes reconstituées, déterminé",
    Provenance.OPEN: "Lignes reconstituées, indéterminé",
    Provenance.ANSWERS: "Réponses fournies",
    Provenance.NOTHING: "Rien",
}
_SECTIONS = {"Summary": "Résumé anglais", "Résumé": "Résumé français"}
_SMALLEST_WRITTEN_OUT = 1e-4


class Blocks(str):
    """Markdown that a cell of a chapter shows as blocks."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)


@dataclass(frozen=True)
class _Judged:
    """The ledger, recomputed once for all that a page shows of it."""

    outcomes: tuple[Outcome, ...]
    errata: tuple[Erratum, ...]
    severities: dict[str, Severity]
    provenances: dict[str, Provenance]


def _judged() -> _Judged:
    return _judged_over(source())


@cache
def _judged_over(_: Path) -> _Judged:
    engine = Engine(read_claims(), strict=is_rebuilt())
    outcomes = tuple(engine.outcomes())
    return _Judged(outcomes, errata(outcomes), severity_of(outcomes), provenances(engine))


def n_claims(*kinds: str) -> Text:
    """Count the claims; those of some kinds, if any are named."""
    return count(sum(not kinds or each.claim.kind in kinds for each in _judged().outcomes))


def n_verdict(*verdicts: str) -> Text:
    """Count the claims of some verdicts."""
    return count(sum(each.verdict in verdicts for each in _judged().outcomes))


def n_errata(*severities: str) -> Text:
    """Count the errata; those of some severities, if any are named."""
    return count(sum(not severities or each.severity in severities for each in _judged().errata))


def n_crossing() -> Text:
    """Count the printed p-values that lie on the other side of 0.05 than the computed ones."""
    return count(sum(map(crosses_threshold, _judged().outcomes)))


def share_recomputed() -> Text:
    """Give the share of the claims that could be recomputed, in percent."""
    outcomes = _judged().outcomes
    done = sum(each.verdict is not Verdict.NOT_RECOMPUTABLE for each in outcomes)
    return percent(done, len(outcomes), 0)


def by_section() -> Table:
    """Count the claims by section and verdict."""
    found = _judged().outcomes
    names = [
        name
        for name in dict.fromkeys(map(main_section, SECTIONS))
        if any(main_section(each.claim.section) == name for each in found)
    ]
    rows = [
        _counted(
            _SECTIONS.get(name, name),
            (each for each in found if main_section(each.claim.section) == name),
        )
        for name in names
    ]
    return Table("registre", _header("Section"), (*rows, _counted("Ensemble", found)))


def by_kind() -> Table:
    """Count the claims by kind and verdict."""
    found = _judged().outcomes
    rows = [
        _counted(title, (each for each in found if each.claim.kind == kind))
        for kind, title in KINDS.items()
    ]
    return Table("registre-natures", _header("Nature"), (*rows, _counted("Ensemble", found)))


def by_provenance() -> Table:
    """Count the claims by what they rest on, and verdict."""
    judged = _judged()
    rows = [
        _counted(
            title,
            (each for each in judged.outcomes if judged.provenances[each.claim.id] is provenance),
        )
        for provenance, title in PROVENANCES.items()
        if provenance in judged.provenances.values()
    ]
    return Table("registre-appuis", _header("Repose sur"), tuple(rows))


def _header(first: str) -> tuple[str, ...]:
    return (first, *VERDICTS.values(), "Total")


def _counted(name: str, outcomes: Iterable[Outcome]) -> Row:
    found = Counter(each.verdict for each in outcomes)
    cells = [count_cell(found[verdict]) for verdict in VERDICTS]
    return Row(name, (*cells, count_cell(found.total())))


def discrepancies() -> Table:
    """List the discrepancies: lines, printed, computed, erratum."""
    rows = [
        Row(
            f"l.{NBSP}{_lines(outcome.claim)}",
            (
                text_cell(_printed(outcome.claim)),
                text_cell(shown(outcome)),
                text_cell(erratum.title),
            ),
        )
        for erratum in _judged().errata
        for outcome in erratum.outcomes
    ]
    header = ("Ligne", "Imprimé", "Calculé", "Erratum")
    return Table("registre-ecarts", header, tuple(rows), align="left")


def downloads() -> Table:
    """List the files that a reader may take away, each with its link."""
    rows = [
        Row(
            each.id.upper(),
            (
                text_cell(each.title),
                text_cell(f"[{each.file}](../../{paths.DOWNLOADS}/{each.file})"),
            ),
        )
        for each in files.downloads()
    ]
    return Table("telechargements", ("Objet", "Contenu", "Fichier"), tuple(rows), align="left")


def shown(outcome: Outcome) -> str:
    """Write what came out, in French, with the printed precision.

    Examples
    --------
    >>> claim = Claim("a", "III", "301", "percentage", "x", "3,3%", "", "", "")
    >>> shown(Outcome(claim, Fraction(6200, 1086), Verdict.DISCREPANCY, "")).replace(NBSP, "~")
    '5,7~%'
    >>> shown(Outcome(claim, 1.310654e-18, Verdict.DISCREPANCY, "")).replace(NBSP, "~")
    '1,31~·~10⁻¹⁸'
    """
    value = outcome.value
    if value is None:
        return "—"
    if isinstance(value, bool):
        return written(value)
    number = parse(outcome.claim.printed)
    exact = Fraction(value) if isinstance(value, int) else value
    if 0 < abs(float(exact)) < _SMALLEST_WRITTEN_OUT:
        return scientific(float(exact), 2, "·")
    decimals = number.decimals
    if outcome.verdict is not Verdict.MATCH and not _is_whole(exact):
        decimals = max(decimals + (outcome.verdict is Verdict.ROUNDING), 1)
    return decimal(exact, decimals) + (f"{NBSP}%" if number.is_percent else "")


def _is_whole(value: float | Fraction) -> bool:
    return float(value).is_integer()


def _lines(claim: Claim) -> str:
    return claim.line.replace("-", "–")


def _printed(claim: Claim) -> str:
    return re.sub(r"\s*%", f"{NBSP}%", claim.printed)


def _spaced(text: str) -> str:
    """Set the no-break spaces that the filter of the chapters sets, which raw HTML goes round."""
    text = re.sub(r" (?=[:»%])|(?<=«) ", NBSP, text)
    return re.sub(r" (?=[;!?])|(?<=\d) (?=\d{3}\b)", NNBSP, text)


def _where(claim: Claim) -> str:
    """Say what a claim is about; a cell of a table also whose."""
    if is_pointer(claim.key):
        return f"{object_of(claim.key).upper()}{NBSP}: {claim.comment}"
    return claim.comment


def register() -> Blocks:
    """Write the ledger for the site, with the script that searches it."""
    judged = _judged()
    erratum_of = {
        outcome.claim.id: erratum.id for erratum in judged.errata for outcome in erratum.outcomes
    }
    rows = [_row(outcome, judged, erratum_of) for outcome in judged.outcomes]
    titles = ("Ligne", "Ce dont il s’agit", "Imprimé", "Calculé", "Verdict")
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    script = (paths.ROOT / "assets" / "registre.js").read_text(encoding="utf-8")
    parts = [
        # Quarto would otherwise read the table into its own form, in every format.
        "<!--| quarto-html-table-processing: none -->",
        '<div class="registre" id="registre">',
        "<table>",
        f"<thead><tr>{head}</tr></thead>",
        "<tbody>",
        *rows,
        "</tbody></table></div>",
        f"<script>\n{script}</script>",
    ]
    return Blocks("\n".join(["```{=html}", *parts, "```", ""]))


def _row(outcome: Outcome, judged: _Judged, erratum_of: dict[str, str]) -> str:
    claim = outcome.claim
    verdict = VERDICTS[outcome.verdict]
    if claim.id in erratum_of:
        verdict = f'<a href="errata.html#e-{erratum_of[claim.id]}">{verdict}</a>'
    severity = judged.severities.get(claim.id)
    if severity is not None:
        verdict += f" <small>{SEVERITIES[severity]}</small>"
    basis = PROVENANCES[judged.provenances[claim.id]]
    words = f"{html.escape(_spaced(_where(claim)))} <small>{KINDS[claim.kind]} · {basis}</small>"
    cells = (
        f"{_lines(claim)} <small>{_SECTIONS.get(claim.section, claim.section)}</small>",
        words,
        html.escape(_spaced(_printed(claim))),
        html.escape(shown(outcome)),
    )
    plain = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="c-{claim.id}">{plain}<td class="{outcome.verdict}">{verdict}</td></tr>'


def conclusions() -> Blocks:
    """Write the errata that change a conclusion."""
    return _errata(Severity.CONCLUSION)


def numbers() -> Blocks:
    """Write the errata that change a number."""
    return _errata(Severity.NUMBER)


def slips() -> Blocks:
    """Write the errata that are slips of the pen."""
    return _errata(Severity.TYPOGRAPHIC)


def _errata(severity: Severity) -> Blocks:
    return Blocks(
        "\n\n".join(_erratum(each) for each in _judged().errata if each.severity is severity)
    )


def _erratum(erratum: Erratum) -> str:
    alike: dict[tuple[str, str], list[str]] = {}
    for outcome in erratum.outcomes:
        pair = _printed(outcome.claim), _correct(outcome)
        alike.setdefault(pair, []).append(_lines(outcome.claim))
    found = [
        f"- l.{NBSP}{', '.join(dict.fromkeys(lines))}{NBSP}: "
        f"imprimé «{NBSP}{_escape(printed)}{NBSP}»{NBSP}; {correct}"
        for (printed, correct), lines in alike.items()
    ]
    parts = [
        f"::: {{#e-{erratum.id} .erratum}}",
        f"**{_escape(erratum.title)}**",
        "\n".join(found),
        f"*Pourquoi.* {_escape(erratum.reason)}",
    ]
    if erratum.consequence:
        parts.append(f"*Ce que cela change.* {_escape(erratum.consequence)}")
    return "\n\n".join([*parts, ":::"])


def _correct(outcome: Outcome) -> str:
    kind, text = outcome.claim.kind, shown(outcome)
    if isinstance(outcome.value, bool):
        return "le calcul dit le contraire"
    if kind in ("sum", "contradiction"):
        return f"{'la somme fait' if kind == 'sum' else 'ailleurs'} {text}"
    return f"le calcul donne {text}"


def _escape(text: str) -> str:
    return re.sub(r"([<*_$@\[\]|#])", r"\\\1", text)


def roundings() -> Table:
    """List the numbers that differ by their rounding only."""
    rows = [
        Row(
            f"l.{NBSP}{_lines(outcome.claim)}",
            (
                text_cell(_where(outcome.claim)),
                text_cell(_printed(outcome.claim)),
                Cell(shown(outcome)),
            ),
        )
        for outcome in _judged().outcomes
        if outcome.verdict is Verdict.ROUNDING
    ]
    return Table("arrondis", ("Ligne", "Nombre", "Imprimé", "Calculé"), tuple(rows), align="left")
