"""Checks: a computed number beside the number that the thesis prints.

A check holds both and the place of each; its verdict is that of `analysis.printed.compare`. A list
of checks is summed up by a mark, the small line under each table which says whether the table
equals what is printed and, where it does not, what is printed. A statistic is a p-value with the
printed one beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from analysis.printed import PrintedNumber, Verdict, compare, parse_all, read_table
from analysis.reconstruction.basis import RestsOn
from analysis.report.basis import basis_of
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    count,
    decimal,
    p_value,
    small_p_value,
    statement,
)
from analysis.report.traces import traced
from analysis.statistics.contingency import TooLargeError, chi2, cramers_v, fisher_exact

Number = int | float | Fraction


@dataclass(frozen=True)
class Check:
    """One computed number and the printed number it answers to.

    Parameters
    ----------
    place : str
        Where the number stands, in French: row, column.
    printed : PrintedNumber
        The number as printed.
    line : str
        Its line or lines in the source.
    computed : int, float or Fraction
        None where the rows in use have nothing to compute it from.
    rests_on : RestsOn
        What the computed number rests on: the agreement of one that was imposed proves nothing.
    """

    place: str
    printed: PrintedNumber
    line: str
    computed: Number | None
    rests_on: RestsOn = RestsOn.PRINT

    @property
    def verdict(self) -> Verdict:
        """What the comparison says."""
        return compare(self.printed, self.computed)

    @property
    def computed_text(self) -> str:
        """The computed number, written in French with the printed precision."""
        exact: Number | Decimal | None = self.computed
        if exact is None:
            return UNDEFINED
        if isinstance(exact, int) and self.printed.decimals == 0:
            return count(exact) + (NBSP + "%" if self.printed.is_percent else "")
        if self.printed.text[0] in "=<>≤≥":  # Print sets a sign before a p-value only.
            return small_p_value(float(exact))
        text = decimal(exact, max(self.printed.decimals, 1))
        return text + (NBSP + "%" if self.printed.is_percent else "")


def check_cell(
    place: str,
    printed: str,
    line: str,
    values: tuple[Number | None, ...],
    rests_on: RestsOn = RestsOn.PRINT,
) -> tuple[Check, ...]:
    """Pair the numbers of a printed cell with the computed ones, in order.

    Parameters
    ----------
    place : str
        Where the cell stands, in French.
    printed : str
        The printed cell, which may hold several numbers: ``47 (53,41)``.
    line : str
        Source lines.
    values : tuple of numbers
        The computed numbers, one for each printed number; None for what cannot be computed, and
        nothing finite either: the v.test of a p-value too small for a float has no digits.
    rests_on : RestsOn
        What the computed numbers rest on; print, by default.

    Returns
    -------
    tuple of Check

    Raises
    ------
    ValueError
        If the cell does not print as many numbers as were computed.
    """
    numbers = parse_all(printed)
    if len(numbers) != len(values):
        raise ValueError(
            f"line {line}: {printed!r} prints {len(numbers)} numbers, {len(values)} were computed"
        )
    return tuple(
        Check(place, number, line, _finite(value), rests_on)
        for number, value in zip(numbers, values, strict=True)
    )


def _finite(value: Number | None) -> Number | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def mark(checks: Iterable[Check]) -> str:
    """Write the mark that stands under a table, as Markdown.

    Parameters
    ----------
    checks : iterable of Check

    Returns
    -------
    str
        A fenced division of class ``verdict``; empty where there is nothing to compare.
    """
    found = tuple(checks)
    if not found:
        return ""
    by_verdict = {
        verdict: [check for check in found if check.verdict is verdict] for verdict in Verdict
    }
    n_imposed = sum(check.rests_on is RestsOn.IMPOSED for check in found)
    end = _imposed(n_imposed, len(found))
    if len(by_verdict[Verdict.MATCH]) == len(found):
        # What was imposed cannot but agree: that it does is no success.
        sign = "•" if n_imposed == len(found) else "✓"
        return _division("match", [f"{sign} {_all_same(len(found))}{end}."])
    apart = by_verdict[Verdict.DISCREPANCY]
    kind, sign = ("discrepancy", "✗") if apart else ("rounding", "≈")
    counted = ", ".join(
        _plural(len(alike), *_COUNTED[verdict])
        for verdict, alike in by_verdict.items()
        if alike or verdict is Verdict.MATCH
    )
    head = _plural(len(found), "nombre comparé", "nombres comparés")
    lines = [f"{sign} {head} à la thèse : {counted}{end}."]
    return _division(kind, lines + _explain(apart) + _explain(by_verdict[Verdict.ROUNDING]))


_MANY = 12
"""A table of a reader's own answers may differ everywhere: so many differences are told."""
_COUNTED: dict[Verdict, tuple[str, str]] = {
    Verdict.MATCH: ("identique", "identiques"),
    Verdict.ROUNDING: ("à l’arrondi près", "à l’arrondi près"),
    Verdict.DISCREPANCY: ("différent", "différents"),
    Verdict.NOT_RECOMPUTABLE: (
        "sans réponse dont le calculer",
        "sans réponse dont les calculer",
    ),
}


def _division(kind: str, lines: list[str]) -> str:
    return f"::: {{.verdict .verdict-{kind}}}\n" + "\n\n".join(lines) + "\n:::\n"


def _imposed(number: int, total: int) -> str:
    if not number:
        return ""
    if number < total:
        who = f"{count(number)} d’entre eux {'est' if number == 1 else 'sont'}"
    else:
        who = "tous sont" if total > 1 else "il est"
    ends = "s" if number > 1 else ""
    follows = "s’en déduisent" if number > 1 else "s’en déduit"
    return f" ; {who} imposé{ends} à la reconstitution, ou {follows}"


def _all_same(total: int) -> str:
    if total == 1:
        return "Le nombre comparé à la thèse est identique"
    return f"Les {count(total)} nombres comparés à la thèse sont identiques"


def _plural(number: int, one: str, many: str) -> str:
    return f"{count(number)} {one if number < 2 else many}"


def _explain(checks: list[Check]) -> list[str]:
    """Say what is printed and what is computed, once for the same pair of numbers."""
    alike: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        alike.setdefault((check.printed.text, check.computed_text), []).append(check)
    said = [
        f"{' ; '.join(check.place for check in group)} : la thèse imprime « {printed} » "
        f"(l. {', '.join(dict.fromkeys(check.line.replace('-', '–') for check in group))}), "
        f"le calcul donne {computed}."
        for (printed, computed), group in alike.items()
    ]
    more = [f"Et {_plural(len(said) - _MANY, 'autre', 'autres')}, au registre."]
    return said if len(said) <= _MANY else said[:_MANY] + more


# ---- statistics --------------------------------------------------------------------------------

SIGNIFICANCE = 0.05
"""The thesis's level."""


def exact_p(table: pd.DataFrame) -> tuple[float, str]:
    """Test a cross-table exactly, or by chi-square where it is too large to be enumerated.

    The thesis's own tables are far from that size; a reader's may have thousands of doctors.

    Parameters
    ----------
    table : DataFrame of int, shape (r, c)

    Returns
    -------
    tuple of float, str
        The p-value, and the name of the law that it comes from where it is not exact.
    """
    try:
        return fisher_exact(table.to_numpy()), ""
    except TooLargeError:
        return chi2(table.to_numpy()).p_value, "khi-deux"


def strength(table: pd.DataFrame) -> Text:
    """Write Cramér's V of a cross-table and its interval at 95 %, in French.

    Parameters
    ----------
    table : DataFrame of int, shape (r, c)

    Examples
    --------
    >>> strength(pd.DataFrame([[47, 41], [6, 0], [2, 4]])).replace(chr(160), " ")
    'V de Cramér 0,25 ; de 0,00 à 0,43'
    """
    found = cramers_v(table.to_numpy())
    if found is None:
        return UNDEFINED
    own, low, high = (decimal(value, 2) for value in (found.estimate, found.low, found.high))
    return Text(f"V de Cramér {own}{NBSP}; de {low} à {high}")


@dataclass(frozen=True)
class Statistic:
    """A regenerated test.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    p : float
        The p-value; NaN where nobody of the rows in use has the category to be tested.
    printed : str
        The p-value as printed.
    line : str
        Its source line.
    approximation : str
        Name of the law that the p-value comes from, where it is not exact.
    """

    id: str
    p: float
    printed: str
    line: str
    approximation: str = ""

    @property
    def check(self) -> Check:
        """The comparison with print."""
        titles = read_table("inventory").set_index("id")["title"]
        place, basis = f"*{titles[self.id.upper()]}*", basis_of(self.id)
        return check_cell(place, self.printed, self.line, (self.p,), basis)[0]

    @property
    def verdict(self) -> Verdict:
        """What the comparison says."""
        return self.check.verdict

    @property
    def text(self) -> Text:
        """The p-value in French."""
        return self._traced(p_value(self.p))

    @property
    def relation(self) -> Text:
        """The p-value as a French statement."""
        return self._traced(statement(self.p, self.approximation))

    def _traced(self, text: Text) -> Text:
        return traced(text, key=self.id, line=self.line, printed=self.printed)

    def says(self, significant: str, otherwise: str) -> Text:
        """Choose the words of a sentence by whether the test is significant.

        Examples
        --------
        >>> Statistic("s5", 0.0357, "0,0357", "651").says("diffèrent", "ne diffèrent pas")
        'diffèrent'
        """
        return Text(significant if self.p < SIGNIFICANCE else otherwise)


def fisher(id_: str, table: pd.DataFrame) -> Statistic:
    """Test a cross-table by `exact_p`, and find what the thesis prints for it.

    Parameters
    ----------
    id_ : str
        Id of the statistic, in lower case.
    table : DataFrame of int, shape (r, c)

    Returns
    -------
    Statistic
    """
    listed = read_table("statistics").set_index("id").loc[id_.upper()]
    p, approximation = exact_p(table)
    return Statistic(id_, p, listed["printed"], listed["line"], approximation)
