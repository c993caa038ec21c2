"""The functions that a key of the ledger may call.

They are

- questions, written as in a sentence: to the answers (`analysis.survey.ask`), `n` and `share`, and
  of all the doctors of the Hérault, `in_herault`;
- the clusters of the answers, by FactoMineR's catdes: `p_value`, `v_test`, `n_marked`,
  `n_clusters`, and the chi2 test of a variable against them: `chi2_p`, `chi2_df`; the map of all
  the doctors: `in_quadrant`; and the exact test of a table of counts, `fisher_p`;
- what the thesis prints: `printed`, as in a sentence, `total`, `n_rows`, `n_named`;
- other claims and regenerated objects: `repeat`, `said`, `computed`, which the engine knows.

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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.ledger.expressions import Range, divide
from analysis.printed import parse_all, printed_row, printed_rows
from analysis.reconstruction import quadrants
from analysis.reconstruction.basis import Atom
from analysis.reconstruction.bounds import known
from analysis.results.outcomes import Number
from analysis.statistics.catdes import describe
from analysis.statistics.contingency import chi2, fisher_exact
from analysis.survey import Question, ask, council
from analysis.survey.schema import CLUSTERED, GROUPS

_CLUSTERED: dict[str, tuple[str, ...]] = {str(group): names for group, names in CLUSTERED.items()}
_USES: dict[str, str] = {str(group): answer for group, answer in GROUPS.items()}
_TOTALS = {("category", ""), ("group", "total")}
"""The cells that tell a row of totals."""


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
            *(self.n, self.share, self.p_value, self.v_test, self.chi2_p, self.chi2_df),
            *(self.n_clusters, self.n_marked, self.in_quadrant),
            *(in_herault, fisher_p, printed, total, n_rows, n_named),
        )
        return {function.__name__: function for function in own}

    @contextmanager
    def noting(self) -> Iterator[set[Atom]]:
        """Note what is asked of the answers within, apart from all else."""
        before, self.asked = self.asked, set()
        try:
            yield self.asked
        finally:
            self.asked = before

    def _of(self, group: str) -> pd.DataFrame:
        if group not in _USES:
            raise LookupError(f"not one of {', '.join(_USES)}: {group}")
        return self.frame.loc[self.frame["uses_dmp"] == _USES[group]]

    @cached_property
    def _described(self) -> dict[str, pd.DataFrame]:
        """All pairs of cluster and category of each group, significant or not."""
        found = {}
        for group, variables in _CLUSTERED.items():
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
        if not (whole := self._counted(asked.whole)):
            raise ValueError("the whole is nothing")
        found: Number = divide(100 * self._counted(asked), whole)
        return found

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
        self.asked |= {Atom(frozenset({"cluster", name}), group) for name in _CLUSTERED[group]}
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


def in_herault(question: str) -> int:
    """Count the doctors of the Hérault of a question, as the medical council does."""
    return council.counted(question)[0]


def fisher_p(*rows: tuple[int, ...]) -> float:
    """Give the p-value of the exact test of a table of counts, given by its rows."""
    return fisher_exact(np.array(rows, dtype=np.int64))


def printed(place: str, column: str = "printed", rank: int = 1, **where: str) -> Fraction:
    """Give one number that the thesis prints in a table.

    Parameters
    ----------
    place : str
        As `analysis.printed.printed_row` takes it.
    column : str
    rank : int
        Which number of the cell, from 1.
    **where : str
        Values of other columns; one row has them all.
    """
    numbers = parse_all(printed_row(place, **where)[column])
    if not 1 <= rank <= len(numbers):
        raise LookupError(f"{place} prints {len(numbers)} numbers there, not {rank}")
    return Fraction(numbers[rank - 1].value)


def total(table_id: str, *columns: str, **where: str) -> Fraction:
    """Add up the first number of each cell of some columns; a blank cell is a zero.

    Parameters
    ----------
    table_id, *columns : str
    **where : str
        Values of other columns that the rows have; a row of totals counts only by itself.
    """
    rows = [
        row for row in printed_rows(table_id) if all(row[name] == where[name] for name in where)
    ]
    if not rows:
        raise LookupError(f"{table_id} has no row where {where}")
    parts = [row for row in rows if not (_TOTALS & row.cells.items())]
    cells = [row[column] for row in parts or rows for column in columns]
    return sum((Fraction(parse_all(cell)[0].value) for cell in cells if cell), Fraction(0))


def n_rows(table_id: str) -> int:
    """Count the rows that a table has in print."""
    return len(printed_rows(table_id))


def n_named(place: str) -> int:
    """Count the names of a printed list."""
    return len(re.split(r", | et ", printed_row(place)["printed"]))
