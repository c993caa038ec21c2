"""Any respondents table against the printed statements, counted without the solver.

The rows that a solver gives are counted again here by plain means, so that neither the solver nor
the search has to be believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.reconstruction._constraints import Constraint, Count
from analysis.reconstruction.statements import standing
from analysis.survey.schema import ITEMS, Group


@dataclass(frozen=True)
class Check:
    """A printed statement beside the rows.

    Parameters
    ----------
    id, table, line, statement : str
        Of the constraint.
    holds : bool
        Whether it is true of the rows.
    expected : tuple of str
        Its counts as text; of several possibilities, the one that is nearest to the rows.
    found : tuple of int
        Those of the rows.
    """

    id: str
    table: str
    line: str
    statement: str
    holds: bool
    expected: tuple[str, ...]
    found: tuple[int, ...]

    @property
    def text(self) -> str:
        """The statement in one line, with its table and source lines, and what the rows have."""
        found = " ".join(map(str, self.found))
        expected = " ".join(self.expected)
        return (
            f"{self.table.upper()} (L{self.line}) {self.statement}: "
            f"found {found}, expected {expected}"
        )


def verify(
    rows: pd.DataFrame,
    *,
    group: Group | None = None,
    likert: bool = True,
    directory: Path | None = None,
    settled_by: Path | None = None,
) -> tuple[Check, ...]:
    """Count the rows again for every statement that stands, without the solver.

    Parameters
    ----------
    rows : pandas.DataFrame
        Respondents table as text (a file read with ``dtype=str, keep_default_na=False``). Whole
        numbers are accepted, a missing value counts as an empty text.
    group : {"users", "non_users"}, optional
        The group of all the rows: only the statements about this group are checked.
    likert : bool
        Whether the statements about the Likert items are checked.
    directory, settled_by : Path, optional
        As for `analysis.reconstruction.margins.conflicts`.

    Returns
    -------
    tuple of Check
        One for each statement, in the order in which they are read.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> from analysis.reconstruction.margins import solve
    >>> checks = verify(solve(1, group="users"), group="users", likert=False)
    >>> all(check.holds for check in checks)
    True
    """
    checked = [
        each
        for each in standing(directory=directory, settled_by=settled_by)
        if (group is None or each.groups == {group}) and (likert or not each.columns & set(ITEMS))
    ]
    for each in checked:
        for column in sorted(each.columns - set(rows.columns)):
            raise ValueError(f"the rows have no column {column}, which {each.id} counts")
    text = rows.astype(object).where(rows.notna(), "").astype(str)
    tally = _Tally(text)
    return tuple(_check(each, tally) for each in checked)


class _Tally:
    """Count the rows by any columns, once for each set of columns."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        self._counts: dict[tuple[str, ...], Counter[tuple[str, ...]]] = {}

    def number(self, count: Count) -> int:
        return sum(self._of(dict(where)) for where in count.wheres)

    def _of(self, where: Mapping[str, str]) -> int:
        columns = tuple(where)
        if columns not in self._counts:
            cells = self._rows[list(columns)].itertuples(index=False, name=None)
            self._counts[columns] = Counter(cells)
        return self._counts[columns][tuple(where.values())]


def _check(constraint: Constraint, tally: _Tally) -> Check:
    def missed(counts: Sequence[Count]) -> int:
        return sum(not count.lowest <= tally.number(count) <= count.highest for count in counts)

    nearest = min(constraint.alternatives, key=missed)
    return Check(
        constraint.id,
        constraint.table,
        constraint.line,
        constraint.statement,
        missed(nearest) == 0,
        tuple(count.text for count in nearest),
        tuple(tally.number(count) for count in nearest),
    )
