"""Statistics of the report: a computed p-value beside the printed one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.printed import Verdict, read_table
from analysis.report.basis import basis_of
from analysis.report.show.checks import Check, check_cell
from analysis.report.show.french import NBSP, UNDEFINED, Text, decimal, p_value
from analysis.report.traces import traced
from analysis.statistics.contingency import TooLargeError, chi2, cramers_v, fisher_exact

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


def statement(p: float, approximation: str = "") -> Text:
    """Write a p-value as a French statement, which says where it is not exact.

    Parameters
    ----------
    p : float
    approximation : str
        Name of the law that it comes from, where it is not exact.

    Examples
    --------
    >>> statement(0.27061).replace(chr(160), " "), statement(1e-9).replace(chr(160), " ")
    ('p = 0,2706', 'p < 0,001')
    """
    text = p_value(p)
    relation = text if text.startswith("<") else f"={NBSP}{text}"
    return Text(f"p{NBSP}{relation}{approximation and f' ({approximation})'}")


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
        place, basis = f"*{self.id.upper()}*", basis_of(self.id)
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
