"""The ledger and the errata, set out for the book.

The ledger is one long table. On the site its rows are data within their own page, so that they are
never older than it and need no server; a script of the project (``assets/registre.js``) shows them,
a piece at a time, searched, filtered and sorted. The PDF has the counts.

Everything is recomputed while the page is made: the recorded verdicts are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import groupby

from analysis import paths
from analysis.ledger.engine import (
    Engine,
    Erratum,
    crosses_threshold,
    errata,
    is_p_value,
    is_pointer,
    object_of,
    registered_objects,
    severity_of,
)
from analysis.printed import Claim, Reading, Verdict, main_section, read_sections
from analysis.printed.claims import KINDS, Severity, read_claims, read_readings
from analysis.printed.sections import NOTICE
from analysis.report import register as objects
from analysis.report.sections import abstract
from analysis.report.sections.abstract import BASES, VERDICTS, WHOLE, crossed
from analysis.report.show import french
from analysis.report.show.figures import Blocks, scripted
from analysis.report.show.french import NBSP, Text, count, source_lines, spaced
from analysis.report.show.tables import Row, Table
from analysis.results.outcomes import Number, Outcome
from analysis.survey import is_rebuilt
from analysis.survey.respondents import per_table

SEVERITIES = {
    Severity.CONCLUSION: "change une conclusion",
    Severity.NUMBER: "change un nombre",
    Severity.TYPOGRAPHIC: "typographique",
}
_SECTIONS = {
    "Summary": "Résumé anglais",
    "Résumé": "Résumé français",
    NOTICE: "Notice de la seconde étude",
}
_SMALLEST_WRITTEN_OUT = 1e-4


@per_table
def _outcomes() -> tuple[Outcome, ...]:
    engine = Engine(read_claims(), strict=is_rebuilt(), readings=read_readings())
    return tuple(engine.outcomes())


@per_table
def _gathered() -> tuple[Erratum, ...]:
    return errata(_outcomes())


def n_claims(*verdicts: str) -> Text:
    """Count the claims; those of some verdicts, if any are named."""
    return count(sum(each.verdict in (verdicts or VERDICTS) for each in _outcomes()))


def n_errata(*severities: str) -> Text:
    """Count the errata; those of some severities, if any are named."""
    return french.spell(sum(each.severity in (severities or SEVERITIES) for each in _gathered()))


def crossing_text() -> Text:
    """Say how many printed p-values lie on the other side of 0.05 than the computed ones."""
    number = sum(map(crosses_threshold, _outcomes()))
    are = f"{count(number)} des valeurs de p imprimées {'est' if number == 1 else 'sont'}"
    said = are if number else "Aucune valeur de p imprimée n’est"
    return Text(f"{said} du mauvais côté du seuil de 5 %.")


def share_recomputed() -> Text:
    """Give the share of the claims that could be recomputed, in percent."""
    done = sum(each.verdict is not Verdict.NOT_RECOMPUTABLE for each in _outcomes())
    return french.percent(done, len(_outcomes()), 0)


def by_section() -> Table:
    """Count the claims by section and verdict."""
    names = {
        name: _SECTIONS.get(name, name) for name in map(main_section, (*read_sections(), NOTICE))
    }
    return _by_verdict("registre", "Section", names, lambda claim: main_section(claim.section))


def by_kind() -> Table:
    """Count the claims by kind and verdict."""
    return _by_verdict("registre-natures", "Nature", KINDS, lambda claim: claim.kind)


def _by_verdict(
    id_: str, title: str, names: dict[str, str], kind_of: Callable[[Claim], str]
) -> Table:
    pairs = ((kind_of(each.claim), each.verdict) for each in _outcomes())
    rows, columns = names | {WHOLE: "Ensemble"}, VERDICTS | {WHOLE: "Total"}
    return crossed(id_, title, rows, columns, pairs)


def by_basis() -> Table:
    """Count the claims by what they rest on, and verdict."""
    return abstract.by_basis(each.recorded for each in _outcomes())


def downloads() -> Table:
    """List the files of tables and figures by chapter, each by the number of its table or figure.

    The finished page says beside each link how large the file is (``scripts/complete.py``).
    """
    rows = []
    for title, group in groupby(objects.placed(), key=lambda each: each.chapter):
        rows.append(Row(title, opens_group=True))
        for each in group:
            own = each.download
            link = f"[{own.ending.upper()}](../../{paths.DOWNLOADS}/{own.file})"
            rows.append(Row.of(f"@{each.label}", own.title, link))
    return Table("telechargements", ("Objet", "Contenu", "Fichier"), tuple(rows), align="left")


def shown(outcome: Outcome) -> str:
    """Write what came out, in French, with the printed precision.

    Examples
    --------
    >>> claim = Claim("a", "III", "301", "percentage", "x", "3,3%")
    >>> shown(Outcome(claim, Fraction(6200, 1086))).replace(NBSP, "~")
    '5,7~%'
    >>> shown(Outcome(claim, 1.310654e-18)).replace(NBSP, "~")
    '1,31~·~10⁻¹⁸'
    """
    value = outcome.value
    if value is None:
        return "—"
    if isinstance(value, bool):
        return outcome.text
    number = outcome.printed
    exact = Fraction(value) if isinstance(value, int) else value
    if 0 < abs(float(exact)) < _SMALLEST_WRITTEN_OUT:
        return french.scientific(float(exact), 2, "·")
    decimals = number.decimals
    if outcome.verdict is Verdict.DISCREPANCY and is_p_value(outcome.claim):
        decimals += 1
    if outcome.verdict is not Verdict.MATCH and not float(exact).is_integer():
        decimals = max(decimals + (outcome.verdict is Verdict.ROUNDING), 1)
    return french.decimal(exact, decimals) + (f"{NBSP}%" if number.is_percent else "")


def _printed(claim: Claim) -> str:
    """Write what is printed; what a table implies where nothing is."""
    text = re.sub(r"(?<=\d)\s*%", f"{NBSP}%", claim.text)
    return text if claim.printed else f"(attendu{NBSP}: {text})"


def _where(claim: Claim) -> str:
    """Say what a claim is about; a cell of a table also whose."""
    if not is_pointer(claim.key):
        return claim.comment
    title = registered_objects()[object_of(claim.key)].title
    return claim.comment if title == claim.comment else f"{claim.comment} ({title})"


def register() -> Blocks:
    """Write the ledger for the site: its rows as data, and the script that shows them."""
    outcomes, severities = _outcomes(), severity_of(_outcomes())
    erratum_of = {one.claim.id: each.id for each in _gathered() for one in each.outcomes}
    sections = dict.fromkeys(each.claim.section for each in outcomes)
    rows = [
        {
            "id": outcome.claim.id,
            "lignes": outcome.claim.line.replace("-", "–"),
            "section": outcome.claim.section,
            "nature": outcome.claim.kind,
            "appui": outcome.recorded.rests_on,
            "objet": spaced(_where(outcome.claim)),
            "imprime": spaced(_printed(outcome.claim)),
            "calcule": _range(outcome),
            "verdict": outcome.verdict,
            "erratum": erratum_of.get(outcome.claim.id, ""),
            "gravite": severities.get(outcome.claim.id, ""),
            "lectures": [spaced(_described(*each)) for each in outcome.readings.items()],
        }
        for outcome in outcomes
    ]
    bases = {row["appui"] for row in rows}
    found = {
        "colonnes": [*rows[0]],
        "noms": {
            "section": {name: _SECTIONS.get(name, main_section(name)) for name in sections},
            "verdict": VERDICTS,
            "appui": {key: BASES[key] for key in BASES if key in bases},
            "nature": KINDS,
            "gravite": SEVERITIES,
            "erratum": {each.id: spaced(each.title) for each in _gathered()},
        },
        "lignes": [[*row.values()] for row in rows],
    }
    without = (
        "Un script montre ici les lignes ; sans lui, le fichier CSV les a toutes, et les "
        "tableaux de ce chapitre en donnent les comptes."
    )
    return scripted("registre", found, without)


def weighty() -> Blocks:
    """List the errata that change a conclusion or a number by their titles, each with its place."""
    kinds = (Severity.CONCLUSION, Severity.NUMBER)
    return Blocks(
        "\n".join(
            f"- [{_escape(each.title)}](/chapters/reproduction/errata.qmd#e-{each.id}){{.trace}}"
            for each in _gathered()
            if each.severity in kinds
        )
    )


def _errata(severity: Severity) -> Blocks:
    """Write the errata of a severity."""
    return Blocks("\n\n".join(_erratum(each) for each in _gathered() if each.severity is severity))


conclusions = partial(_errata, Severity.CONCLUSION)
numbers = partial(_errata, Severity.NUMBER)
undecided = partial(_errata, Severity.UNDECIDED)
slips = partial(_errata, Severity.TYPOGRAPHIC)


def _erratum(erratum: Erratum) -> str:
    alike: dict[tuple[str, str], dict[str, None]] = {}
    for outcome in erratum.outcomes:
        pair = _printed(outcome.claim), _correct(outcome)
        alike.setdefault(pair, {})[outcome.claim.line] = None
    found = [
        f"- {source_lines(', '.join(lines))}{NBSP}: {_quoted(printed)}{NBSP}; {correct}"
        for (printed, correct), lines in alike.items()
    ]
    parts = [
        f"::::: {{#e-{erratum.id} .erratum}}",
        f"**{_escape(erratum.title)}**",
        "\n".join(found),
        erratum.reason and f"*Pourquoi.* {_escape(erratum.reason)}",
        erratum.consequence and f"*Ce que cela change.* {_escape(erratum.consequence)}",
        *_readings(erratum),
        ":::::",
    ]
    return "\n\n".join(filter(None, parts))


def _quoted(printed: str) -> str:
    if printed.startswith("(attendu"):
        return _escape(printed.strip("()"))
    return f"imprimé «{NBSP}{_escape(printed)}{NBSP}»"


def _correct(outcome: Outcome) -> str:
    if outcome.verdict is Verdict.NOT_ESTABLISHED:
        return "non établi"
    if outcome.verdict is Verdict.UNSETTLED:
        found = _range(outcome)
        return "non tranché" if isinstance(outcome.value, bool) else f"{found}, non tranché"
    if isinstance(outcome.value, bool):
        return "faux dans toutes les lectures"
    own = shown(outcome)
    others = {shown(replace(outcome, value=each)) for each in _numbers(outcome)} - {own}
    where = "une autre lecture" if len(others) == 1 else "d’autres lectures"
    more = f" ({', '.join(sorted(others))} dans {where})" if others else ""
    return f"le calcul donne {own}{more}"


def _numbers(outcome: Outcome) -> list[Number]:
    """Give the numbers that readings come to, the least first."""
    found = (each.number for each in outcome.readings.values())
    return sorted((each for each in found if each is not None), key=float)


def _range(outcome: Outcome) -> str:
    """Write what came out; of an unsettled number, from the least to the greatest reading."""
    tried = _numbers(outcome)
    if outcome.verdict is not Verdict.UNSETTLED or isinstance(outcome.value, bool) or not tried:
        return shown(outcome)
    ends = (shown(replace(outcome, value=each)) for each in (tried[0], tried[-1]))
    return " à ".join(dict.fromkeys(ends))


def _readings(erratum: Erratum) -> list[str]:
    """List the readings that were tried, once each, for the pages only: the reason sums them up."""
    lines = dict.fromkeys(
        f"- {_escape(_described(*each))}"
        for outcome in erratum.outcomes
        for each in outcome.readings.items()
    )
    opening = (
        ':::: {.content-visible when-format="html"}\n::: {.verifier title="Lectures essayées"}'
    )
    return [opening, "\n".join(lines), ":::\n::::"] if lines else []


def _described(reading: Reading, tried: Outcome) -> str:
    """Say what a reading comes to."""
    if tried.verdict in (Verdict.UNSETTLED, Verdict.NOT_RECOMPUTABLE):
        found = "l’imprimé ne le dit pas"
    elif isinstance(tried.value, bool):
        found = "oui" if tried.value else "non"
    else:
        found = shown(tried)
    lines = ", ".join(each.replace("-", "–") for each in reading.lines)
    return f"{reading.text} (l. {lines}) : {found}"


def _escape(text: str) -> str:
    return re.sub(r"([<*_$@\[\]|#])", r"\\\1", text)


def roundings() -> Table:
    """List the numbers that differ by their rounding only."""
    rows = [
        Row.of(
            source_lines(outcome.claim.line),
            _where(outcome.claim),
            _printed(outcome.claim),
            shown(outcome),
        )
        for outcome in _outcomes()
        if outcome.verdict is Verdict.ROUNDING
    ]
    return Table("arrondis", ("Ligne", "Nombre", "Imprimé", "Calculé"), tuple(rows), align="left")
