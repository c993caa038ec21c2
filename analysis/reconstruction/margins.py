"""Every printed count against every other: conflicts, their settlement, and rows that fit.

Concept
-------
Each table of the thesis says how many doctors gave some answer, or some pair of answers. All of
them speak of the same 55 users and 45 non-users, so that they can be held against each other: is
there any set of 100 doctors of whom all of it is true? There is none. `conflicts` finds why: it
reads the statements in a fixed order, the sizes of the groups and Annexe VI first, stops at the
first that those before it exclude, and names the fewest that do so. Such a conflict is minimal:
without any one of its statements, the others can hold together. Then a rule says which of them
yields (``data/reconstruction/settlements.csv``), and the reading goes on without it.

The annexe comes first because it proves itself: each of its percentages, test values and p-values
is a function of whole numbers, and agrees with all the others to the last digit.

What remains can hold together. `draw` finds counts of which it is all true, and the rows that they
give; the answers to the Likert items, whose link to a doctor's other answers print does not tell,
are dealt. `recount` counts the rows of any table again, without the solver.

Method
------
The unknowns are numbers of doctors by combination of answers, not doctors: 100 doctors can be
permuted, their counts cannot. Answers that no table links are dealt independently of each other
within what links them (`respondents`). The integer programme is solved by OR-tools CP-SAT, with
one worker, a fixed seed and no limit of time, so that it repeats itself (`_model`).

A statement here is a count. Percentages that do not fit the counts beside them contradict nobody's
answers, and are left to the ledger; p-values enter through the tables that have them
(`fingerprints`).

References
----------
Perron, L. and Didier, F. (2025). CP-SAT, version 9.15. Google. https://developers.google.com/optimization

Liffiton, M. H. and Sakallah, K. A. (2008). Algorithms for computing minimal unsatisfiable subsets
of constraints. Journal of Automated Reasoning 40, 1-33. doi:10.1007/s10817-007-9084-z
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.printed.settlements import Settlement
from analysis.reconstruction._model import Counts, Model
from analysis.reconstruction._programme import joins, part
from analysis.reconstruction.constraints import Constraint
from analysis.reconstruction.respondents import CLIQUES, COLUMNS
from analysis.reconstruction.statements import read_statements
from analysis.survey.schema import GROUPS, ITEMS, Group


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be true, although any fewer of them can.

    Parameters
    ----------
    members : tuple of Constraint
        The statements, in the order in which they are read.
    settlements : tuple of Settlement
        Those of them that yield; none where no rule settles the conflict.
    """

    members: tuple[Constraint, ...]
    settlements: tuple[Settlement, ...]

    @property
    def is_settled(self) -> bool:
        """Whether a rule says which statement yields."""
        return bool(self.settlements)

    @property
    def text(self) -> str:
        """The statements in one line, each with its table and its source lines."""
        return " ; ".join(
            f"{member.table.upper()} (L{member.line}) {member.statement}" for member in self.members
        )


class ContradictionError(ValueError):
    """Say in one line which printed statements contradict each other, unsettled.

    Parameters
    ----------
    conflict : Conflict
    """

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"printed statements contradict each other: {conflict.text}")
        self.conflict = conflict


@dataclass(frozen=True)
class Draw:
    """Counts of both groups, of which every statement that stands is true, and the rows they give.

    Attributes
    ----------
    seed : int
        Of the direction in which the counts are extreme, and of what they leave open.
    counts : dict of str to Counts
        By group.
    """

    seed: int
    counts: dict[Group, Counts] = field(repr=False)

    def rows(self, group: Group) -> pd.DataFrame:
        """Make the rows of a group.

        Returns
        -------
        pandas.DataFrame
            One row a doctor, in the columns of the respondents table but ``respondent`` and the
            Likert items, as text; the empty one where a question was not asked. Sorted.
        """
        cliques = tuple(clique for clique in CLIQUES[group] if clique[0] not in ITEMS)
        answers = _deal(group, cliques, self.counts[group], self._generator(group, 0))
        answers["uses_dmp"] = [GROUPS[group]] * len(answers["cluster"])
        blank = [""] * len(answers["cluster"])
        rows = pd.DataFrame({column: answers.get(column, blank) for column in COLUMNS}, dtype=str)
        return rows.sort_values(list(COLUMNS[::-1]), ignore_index=True)

    def likert(self, group: Group) -> pd.DataFrame:
        """Deal the answers to the Likert items to the doctors of a group, at random.

        Print says how many doctors of a group gave each answer, and nothing about which of them.

        Returns
        -------
        pandas.DataFrame
            One row a doctor, columns ``t1`` to ``t18``: ``"1"`` to ``"5"``, or empty where the
            table has fewer answers than the group has doctors.
        """
        cliques = tuple((item,) for item in ITEMS)
        generator = self._generator(group, 1)
        return pd.DataFrame(_deal(group, cliques, self.counts[group], generator), dtype=str)

    def _generator(self, group: Group, use: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, list(GROUPS).index(group), use])


def conflicts(
    *, directory: Path | None = None, settled_by: Path | None = None
) -> Iterator[Conflict]:
    """Find the printed statements that contradict each other.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.
    settled_by : Path, optional
        The file of the rules; ``data/reconstruction/settlements.csv`` by default.

    Yields
    ------
    Conflict
        In the order in which they are met, each after the one before is settled. Of a conflict
        without a rule, the statement read last is set aside, and the reading goes on.

    Raises
    ------
    ValueError
        If a printed table or the file of the rules is faulty.

    Notes
    -----
    The profile of the doctors is read first, then each Likert item. `draw` needs no such search.
    """
    statements = read_statements(directory, settled_by)
    rules = {each.constraint: each for each in statements.settlements}
    yield from _conflicts(statements.constraints, rules)


def _conflicts(
    constraints: tuple[Constraint, ...], rules: Mapping[str, Settlement]
) -> Iterator[Conflict]:
    by_id = {each.id: each for each in constraints}
    aside: set[str] = set()
    for together in _parts(constraints):
        model = Model(together)
        while members := model.first_conflict([e.id for e in together if e.id not in aside]):
            settled = tuple(rules[each] for each in members if each in rules)
            yield Conflict(tuple(by_id[each] for each in members), settled)
            aside |= {each.constraint for each in settled} or {members[-1]}


def draw(seed: int, *, directory: Path | None = None, settled_by: Path | None = None) -> Draw:
    """Draw counts of both groups, of which every statement that stands is true.

    They lie at an end of what is possible, in a direction drawn from the seed; what they leave open
    is dealt at random in the rows.

    Parameters
    ----------
    seed : int
        Zero or more.
    directory, settled_by : Path, optional
        As for `conflicts`.

    Returns
    -------
    Draw
        The same for the same seed.

    Raises
    ------
    ContradictionError
        A `ValueError`: the statements that stand contradict each other.

    Examples
    --------
    >>> drawn = draw(1)
    >>> rows = drawn.rows("non_users")
    >>> rows["place"].value_counts().to_dict()
    {'groupe': 35, 'seul': 6, 'autre': 4}
    >>> rows.loc[rows["place"] == "autre", "practice_type"].tolist().count("seul_liberal")
    1

    The two rows of T14 carry each other's label; the 55 answers that it prints for the 45 non-users
    are the users'.

    >>> drawn.likert("users")["t14"].value_counts().sort_index().tolist()
    [7, 3, 15, 5, 25]
    """
    statements = read_statements(directory, settled_by)
    ids = [each.id for each in statements.standing]
    counts = _model(statements.constraints).draw(ids, seed)
    if counts is None:
        raise ContradictionError(next(_conflicts(statements.standing, {})))
    return Draw(seed, counts)


def _parts(constraints: tuple[Constraint, ...]) -> Iterator[tuple[Constraint, ...]]:
    """Divide the constraints, so that a conflict is looked for among few.

    The profile of each group comes first, that of both then, each Likert item after it. All that an
    item shares with the rest are the sizes of the groups, and the constraints on them are in every
    part: if each part can hold, so can the whole. It comes last, in case a size was set aside.
    """
    likert = frozenset(ITEMS)
    profile = tuple(each for each in constraints if not each.columns & likert)
    for group in GROUPS:
        yield tuple(each for each in profile if each.groups == {group})
    yield profile
    for item in ITEMS:
        yield tuple(e for e in constraints if item in e.columns or e.columns == {"uses_dmp"})
    yield constraints


@lru_cache(maxsize=4)
def _model(constraints: tuple[Constraint, ...]) -> Model:
    return Model(constraints)


def _deal(
    group: Group,
    cliques: tuple[tuple[str, ...], ...],
    counts: Counts,
    generator: np.random.Generator,
) -> dict[str, list[str]]:
    """Turn the counts of the cliques into answers, one list a column.

    The answers of a clique are dealt at random among the doctors who have in common what it shares
    with the cliques before it.
    """
    shared_with = {clique: shared for _, clique, shared in joins(group)}
    answers: dict[str, list[str]] = {}
    for clique in cliques:
        shared = shared_with.get(clique, ())
        dealt = [column for column in clique if column not in shared]
        hands: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for levels, number in counts[clique].items():
            hand = hands.setdefault(part(levels, clique, shared), [])
            hand += [part(levels, clique, tuple(dealt))] * number
        shuffled = {
            key: [hand[position] for position in generator.permutation(len(hand))]
            for key, hand in hands.items()
        }
        size = len(next(iter(answers.values()), [])) or sum(map(len, hands.values()))
        keys = [tuple(answers[column][doctor] for column in shared) for doctor in range(size)]
        drawn = [shuffled[key].pop() for key in keys]
        answers |= {
            column: [levels[position] for levels in drawn] for position, column in enumerate(dealt)
        }
    return answers
