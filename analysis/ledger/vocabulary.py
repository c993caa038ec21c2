"""The functions that a key of the ledger may call.

They fall into four families:

- questions to the answers (`analysis.survey.ask`): `n`, `share`, `is_most`;
- the clusters of the answers, by FactoMineR's catdes: `p_value`, `v_test`, `n_marked`,
  `n_clusters`, and the chi2 test of a variable against them: `chi2_p`, `chi2_df`; and the map of
  all the doctors: `in_quadrant`;
- what the thesis prints, and sums of it: `printed`, `row_sum`, `column_sum`, `n_rows`, `fact`,
  `recruited`, `n_named`, `doctors`; `percent`, a share of anything, and `fisher_p`, the exact test
  of a table of counts;
- other claims and regenerated objects: `repeat`, `said`, `computed`.

The counts are made here from the rows themselves, and not through the functions that make the
tables of the report, so that a table and the sentence about it are two computations.

A vocabulary notes which variables of the answers it was asked about: what a claim rests on, and
whether print determines it, is read from there.

Examples
--------
>>> from analysis.survey import load
>>> words = Vocabulary(load())
>>> words.n("practice=mixte"), words.n("practice=mixte & non_users")
(6, 0)
>>> words.share("t10<=2")
Fraction(66, 1)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.ledger.expressions import Range
from analysis.printed import PrintedRow, parse_all, printed_rows
from analysis.reconstruction import quadrants
from analysis.reconstruction.basis import Atom
from analysis.reconstruction.bounds import known
from analysis.reconstruction.search import VARIABLES
from analysis.statistics.catdes import describe
from analysis.statistics.contingency import chi2, fisher_exact
from analysis.survey import Question, ask, council
from analysis.survey.schema import GROUPS, levels

Number = int | float | Fraction

CLUSTERED: dict[str, tuple[str, ...]] = {str(group): names for group, names in VARIABLES.items()}
"""The variables that each group was clustered on."""

_USES: dict[str, str] = {str(group): answer for group, answer in GROUPS.items()}
_TOTALS = {"category": "", "group": "total"}


@dataclass
class Vocabulary:
    """The functions over one table of respondents.

    Parameters
    ----------
    frame : DataFrame of str or of Categoricals
        The respondents, as `analysis.survey.load` gives them.
    asked : set of Atom
        What has been asked of the answers so far; may be emptied.
    """

    frame: pd.DataFrame
    asked: set[Atom] = field(default_factory=set)

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Give the functions that depend on the answers or on print, by name."""
        own = (
            *(self.n, self.share, self.is_most, self.p_value, self.v_test),
            *(self.chi2_p, self.chi2_df, self.n_clusters, self.n_marked, self.in_quadrant),
            *(printed, row_sum, column_sum, n_rows, fact, recruited, n_named, doctors, percent),
            fisher_p,
        )
        return {function.__name__: function for function in own}

    def _of(self, group: str) -> pd.DataFrame:
        return self.frame.loc[self.frame["uses_dmp"] == _uses(group)]

    @cached_property
    def _described(self) -> dict[str, pd.DataFrame]:
        """All pairs of cluster and category of each group, significant or not."""
        found = {}
        for group, variables in CLUSTERED.items():
            rows = self._of(group)
            clusters = rows["cluster"].astype(str).astype(int)
            description = describe(rows[list(variables)], clusters, 1)
            found[group] = description.categories.set_index(["cluster", "variable", "category"])
        return found

    def n(self, question: str) -> int:
        """Count the doctors of a question."""
        return self._counted(ask(question))

    def share(self, question: str, of: str = "") -> Number:
        """Give the share of a question, in percent."""
        asked = ask(question, of)
        return percent(self._counted(asked), self._counted(asked.whole))

    def is_most(self, question: str, of: str = "") -> bool:
        """Tell whether more doctors gave the answer of a question than any other one."""
        (condition,) = ask(question).conditions
        counts = {
            level: self._counted(ask(f"{condition.variable}={level}", of))
            for level in levels(condition.variable)
        }
        own = sum(counts.pop(level) for level in condition.levels)
        return all(own > other for other in counts.values())

    def _counted(self, question: Question) -> int:
        self.asked.add(_atom(question))
        return question.count(self.frame)

    def p_value(self, question: str) -> float:
        """Give the hypergeometric p-value of a category in a cluster."""
        return self._described_cell(question, "p_value")

    def v_test(self, question: str) -> float:
        """Give the v-test of a category in a cluster."""
        return self._described_cell(question, "v_test")

    def chi2_p(self, group: str, variable: str) -> float:
        """Give the p-value of the chi2 test of a variable against the clusters of a group."""
        return float(chi2(self._crossed(group, variable)).p_value)

    def chi2_df(self, group: str, variable: str) -> int:
        """Give the degrees of freedom of that test."""
        return int(chi2(self._crossed(group, variable)).df)

    def n_clusters(self, group: str) -> int:
        """Count the clusters of a group."""
        self.asked.add(Atom(frozenset({"cluster"}), group))
        return int(self._of(group)["cluster"].nunique())

    def n_marked(self, question: str) -> int:
        """Count the categories that mark a cluster, by their presence or absence, at 5 %."""
        asked = ask(question)
        (group,) = asked.groups
        (cluster,) = next(each for each in asked.conditions if each.variable == "cluster").levels
        self.asked |= {Atom(frozenset({"cluster", name}), group) for name in CLUSTERED[group]}
        own = self._described[group].loc[int(cluster)]
        return int((own["p_value"] < 0.05).sum())

    def in_quadrant(self, table_id: str, question: str) -> bool:
        """Tell whether a category lies where the thesis reads it on the map of all the doctors."""
        (condition,) = ask(question).conditions
        own = (table_id, condition.variable, *condition.levels)
        if own not in self._map:
            raise LookupError(f"{table_id} reads no {question}")
        self.asked.add(Atom(frozenset(), is_selected=True))
        return self._map[own]

    @cached_property
    def _map(self) -> dict[tuple[str, ...], bool]:
        found = quadrants.place(self.frame)
        return {
            (row.table, row.variable, row.category): bool(row.holds) for row in found.itertuples()
        }

    def _described_cell(self, question: str, column: str) -> float:
        atom = _atom(ask(question))
        self.asked.add(atom)
        if not atom.cell or atom.cell not in self._described[atom.group].index:
            raise LookupError(f"no cluster is described by {question}")
        return float(self._described[atom.group].loc[atom.cell, column])

    def _crossed(self, group: str, variable: str) -> NDArray[np.int64]:
        self.asked.add(Atom(frozenset({"cluster", variable}), group))
        rows = self._of(group)
        return np.asarray(pd.crosstab(rows["cluster"], rows[variable]), dtype=np.int64)


class Proved(Vocabulary):
    """The same functions over all the tables that print allows: a count is the range of it."""

    def _counted(self, question: Question) -> Any:
        """Give the count where it is proved, and else its bounds."""
        found, asked = super()._counted(question), question.together
        if not asked.conditions:
            return found
        own = [known(asked, group) for group in asked.groups]
        lower, upper = sum(each.lower for each in own), sum(each.upper for each in own)
        return lower if lower == upper else Range(lower, upper)


def _atom(question: Question) -> Atom:
    """Say what a question asks of the answers; of one cluster and one answer, which cell."""
    answers = {each.variable: each.levels for each in (*question.conditions, *question.given)}
    if "cluster" not in answers or len(question.groups) > 1:
        return Atom(question.variables, where=str(question.together))
    (group,) = question.groups
    beside = [name for name in answers if name not in ("cluster", "uses_dmp")]
    if len(beside) != 1 or any(len(answers[name]) > 1 for name in ("cluster", *beside)):
        return Atom(question.variables, group, where=str(question.together))
    cell = (int(answers["cluster"][0]), beside[0], answers[beside[0]][0])
    return Atom(frozenset({"cluster", beside[0]}), group, cell, where=str(question.together))


def _uses(group: str) -> str:
    if group not in _USES:
        raise LookupError(f"not one of {', '.join(_USES)}: {group}")
    return _USES[group]


def percent(part: Number, whole: Number) -> Number:
    """Give the share of a part in a whole, in percent."""
    if whole == 0:
        raise ValueError("the whole is nothing")
    if isinstance(part, int) and isinstance(whole, int):
        return Fraction(100 * part, whole)
    return 100 * part / whole


def fisher_p(*rows: tuple[int, ...]) -> float:
    """Give the p-value of the exact test of a table of counts, given by its rows."""
    return fisher_exact(np.array(rows, dtype=np.int64))


def printed(table_id: str, column: str, rank: int = 1, **where: str) -> Fraction:
    """Give one number that the thesis prints in a table, found by the values of other columns.

    Parameters
    ----------
    table_id, column : str
    rank : int
        Which number of the cell, from 1.
    **where : str
        Values of other columns; one row has them all.
    """
    numbers = parse_all(_row(table_id, where)[column])
    if not 1 <= rank <= len(numbers):
        raise LookupError(f"{table_id} prints {len(numbers)} numbers there, not {rank}")
    return Fraction(numbers[rank - 1].value)


def row_sum(table_id: str, *columns: str, **where: str) -> Number:
    """Add up printed numbers of one row; a blank cell is a zero."""
    row = _row(table_id, where)
    return _added(row[column] for column in columns)


def column_sum(table_id: str, column: str, **where: str) -> Number:
    """Add up the first printed number of each cell of a column, but for the row of totals."""
    rows = _rows(table_id, where)
    totals = _TOTALS.items()
    parts = [row for row in rows if not any(row.cells.get(name) == end for name, end in totals)]
    if not parts:
        raise LookupError(f"{table_id} has no row where {where}")
    return _added(row[column] for row in parts)


def n_rows(table_id: str) -> int:
    """Count the rows that a table has in print."""
    return len(printed_rows(table_id))


def fact(key: str) -> Fraction:
    """Give a number of the method section."""
    return printed("facts", "printed", key=key)


def recruited(key: str) -> Fraction:
    """Give a number of the recruitment."""
    return printed("recruitment", "printed", key=key)


def n_named(key: str) -> int:
    """Count the names of a list that an annexe prints."""
    (row,) = _rows("annexes", {"key": key})
    return len(re.split(r", | et ", row["printed"]))


def doctors(variable: str, *chosen: str) -> int:
    """Count doctors of the Hérault as the medical council does; all of them, without a choice."""
    counts = council.doctors(variable)
    return int(counts.loc[list(chosen)].sum() if chosen else counts.sum())


def _rows(table_id: str, where: dict[str, str]) -> list[PrintedRow]:
    rows = printed_rows(table_id)
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


def _row(table_id: str, where: dict[str, str]) -> PrintedRow:
    rows = _rows(table_id, where)
    if len(rows) != 1:
        raise LookupError(f"{table_id} has {len(rows)} rows where {where}")
    return rows[0]


def _added(cells: Iterable[str]) -> int | Fraction:
    total = sum((Fraction(parse_all(cell)[0].value) for cell in cells if cell), Fraction(0))
    return int(total) if total.denominator == 1 else total
