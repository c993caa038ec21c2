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

from analysis.reconstruction.constraints import Constraint, Count
from analysis.reconstruction.statements import read_statements
from analysis.survey.schema import ITEMS, Group


@dataclass(frozen=True)
class Recount:
    """A printed statement beside the rows.

    Parameters
    ----------
    statement : Constraint
    expected : tuple of Count
        Its counts; of several possibilities, those that are nearest to the rows.
    found : tuple of int
        Those of the rows.
    """

    statement: Constraint
    expected: tuple[Count, ...]
    found: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether the statement is true of the rows."""
        return _n_missed(self.expected, self.found) == 0

    @property
    def text(self) -> str:
        """The statement in one line, with its table and source lines, and what the rows have."""
        own = self.statement
        return (
            f"{own.table.upper()} (L{own.line}) {own.statement}: found "
            f"{' '.join(map(str, self.found))}, expected {' '.join(e.text for e in self.expected)}"
        )


def recount(
    rows: pd.DataFrame,
    *,
    group: Group | None = None,
    likert: bool = True,
    directory: Path | None = None,
    settled_by: Path | None = None,
) -> tuple[Recount, ...]:
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
        As for `analysis.reconstruction.statements.read_statements`.

    Returns
    -------
    tuple of Recount
        One for each statement, in the order in which they are read.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> from analysis.reconstruction.margins import draw
    >>> found = recount(draw(1).rows("users"), group="users", likert=False)
    >>> all(each.holds for each in found)
    True
    """
    checked = [
        each
        for each in read_statements(directory, settled_by).standing
        if (group is None or each.groups == {group}) and (likert or not each.columns & set(ITEMS))
    ]
    for each in checked:
        for column in sorted(each.columns - set(rows.columns)):
            raise ValueError(f"the rows have no column {column}, which {each.id} counts")
    text = rows.astype(object).where(rows.notna(), "").astype(str)
    tally = _Tally(text)
    return tuple(_recount(each, tally) for each in checked)


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


def _recount(statement: Constraint, tally: _Tally) -> Recount:
    found = [tuple(map(tally.number, counts)) for counts in statement.alternatives]
    pairs = zip(statement.alternatives, found, strict=True)
    return Recount(statement, *min(pairs, key=lambda pair: _n_missed(*pair)))


def _n_missed(expected: Sequence[Count], found: Sequence[int]) -> int:
    return sum(
        not count.lowest <= number <= count.highest
        for count, number in zip(expected, found, strict=True)
    )
