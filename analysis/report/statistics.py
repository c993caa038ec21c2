"""Statistics of the report: a computed p-value beside the printed one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.printed import Verdict, read_table
from analysis.report.checks import Check, check_cell
from analysis.report.french import NBSP, Text, p_value
from analysis.report.traces import traced
from analysis.statistics.contingency import fisher_exact

__all__ = ["Statistic", "fisher", "statement"]


def statement(p: float) -> Text:
    """Write a p-value as a French statement.

    Examples
    --------
    >>> statement(0.27061).replace(chr(160), " "), statement(1e-9).replace(chr(160), " ")
    ('p = 0,2706', 'p < 0,001')
    """
    text = p_value(p)
    return Text(f"p{NBSP}{text}" if text.startswith("<") else f"p{NBSP}={NBSP}{text}")


@dataclass(frozen=True)
class Statistic:
    """A regenerated test.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    p : float
        The p-value.
    printed : str
        The p-value as printed.
    line : str
        Its source line.
    """

    id: str
    p: float
    printed: str
    line: str

    @property
    def check(self) -> Check:
        """The comparison with print."""
        return check_cell(f"*{self.id.upper()}*", self.printed, self.line, (self.p,))[0]

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
        return self._traced(statement(self.p))

    def _traced(self, text: Text) -> Text:
        return traced(text, key=self.id, line=self.line, printed=self.printed)


def fisher(id_: str, table: pd.DataFrame) -> Statistic:
    """Test a cross-table exactly, and find what the thesis prints for it.

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
    return Statistic(id_, fisher_exact(table.to_numpy()), listed["printed"], listed["line"])
