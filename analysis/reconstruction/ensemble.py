"""Many tables of answers that print allows, and how far apart they are.

Concept
-------
Print does not determine the answers: many tables have the printed margins and the printed clusters.
An *ensemble* holds at least 200 of them for each group, each found by `search` and checked by HCPC,
so that what is true of one can be told from what is true of all.  No row in it is a real person's
answers, and none is known to be a row of the survey.

The *distance* of two tables is the least number of answers that have to be changed to turn one into
the other.  A doctor has no name and keeps his cluster, so that within each cluster the rows of one
table are matched with those of the other by the assignment of least cost (Kuhn's problem, solved by
SciPy), an answer that differs costing 1; the distance is the sum over the clusters.

Method
------
Run after run, a start that fits the margins is drawn with a seed of its own, `search` walks from
it, and a few tables are taken from its walk, far apart; a run that finds nothing is left.  The runs
are independent and are taken in their order, so that the result does not depend on how many
processes share the work.

An ensemble is stored as a gzip file with no date in it, one row a table and doctor, sorted: the
same tables give the same bytes.

References
----------
Kuhn, H. W. (1955). The Hungarian method for the assignment problem. Naval Research Logistics
Quarterly 2, 83-97. doi:10.1002/nav.3800020109
"""

from __future__ import annotations

import gzip
import itertools
import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from analysis import paths
from analysis.files import read_text, write_beside
from analysis.reconstruction._interrupts import interrupts_put_off
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES, NotFoundError, Solution, search
from analysis.survey.rebuilt import NUMBERED, read_ensemble
from analysis.survey.schema import Group

IntArray = NDArray[np.int64]

Start = Callable[[int], pd.DataFrame | None]
"""Gives the start of a seed, or none if there is none."""
Progress = Callable[[int, int, int], None]
"""Called after each run with its number, the runs that found something, the tables found."""

_APART = 15
"""Rows in which the tables of one run differ at least."""
_PATIENCE = 10
"""Runs to make, of those that are needed if none fails."""

_STOP: list[Event] = []
"""In a process that makes runs for another one: what is set when they are no longer wanted."""


class _StoppedError(Exception):
    """A run that nobody waits for."""


@dataclass(frozen=True)
class Member:
    """A table of the ensemble.

    Attributes
    ----------
    rows : DataFrame
        ``cluster`` and the clustered variables, sorted; with ``practice`` and ``place`` if the
        start had them.
    suggested : int
        The number of clusters that HCPC suggests on it.
    run : int
        The run that found it.
    iteration : int
        Swaps that the run had looked at before.
    """

    rows: pd.DataFrame = field(repr=False, compare=False)
    suggested: int
    run: int
    iteration: int


@dataclass(frozen=True)
class Ensemble:
    """Different tables of one group, all of them with the printed clusters.

    Attributes
    ----------
    group : {"users", "non_users"}
    members : tuple of Member
        In the order in which they were found.
    """

    group: Group
    members: tuple[Member, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def suggesting(self) -> tuple[int, ...]:
        """Positions of the members whose suggested number of clusters is the printed one."""
        return tuple(
            position
            for position, member in enumerate(self.members)
            if member.suggested == N_CLUSTERS
        )

    @cached_property
    def stacked(self) -> pd.DataFrame:
        """The rows of all the members, one table after the other."""
        return pd.concat([member.rows for member in self.members], ignore_index=True)

    @cached_property
    def distances(self) -> IntArray:
        """The distance of each two members, a square array in the order of the members."""
        tables = _encode([member.rows for member in self.members], self.group)
        distances = np.zeros((len(self), len(self)), dtype=np.int64)
        for one, other in itertools.combinations(range(len(self)), 2):
            distance = sum(_least_cost(rows[one], rows[other]) for rows in tables)
            distances[one, other] = distances[other, one] = distance
        return distances

    def write(self, path: Path) -> None:
        """Store the ensemble.

        Parameters
        ----------
        path : Path
            Ends in ``.csv.gz``.  The file is replaced only when the new one is whole.
        """
        table = pd.concat(
            [
                member.rows.assign(
                    solution=position,
                    run=member.run,
                    iteration=member.iteration,
                    suggested=member.suggested,
                )
                for position, member in enumerate(self.members, start=1)
            ]
        )
        columns = [*NUMBERED, *self.members[0].rows.columns]
        text = table[columns].to_csv(index=False, lineterminator="\n")
        write_beside(path, gzip.compress(text.encode("utf-8"), mtime=0))


def ensemble(
    group: Group,
    *,
    start: Start,
    size: int = 200,
    seed: int = 0,
    per_run: int = 5,
    processes: int = 1,
    progress: Progress | None = None,
) -> Ensemble:
    """Gather different tables of one group that have the printed margins and clusters.

    Parameters
    ----------
    group : {"users", "non_users"}
    start : callable
        Takes a seed and gives rows that fit the margins, or None where there are none; one start a
        run.  With several processes, a function of a module, or a `functools.partial` of one.
    size : int
        Number of tables.
    seed : int
        Of the whole: the same seed gives the same tables, whatever the number of processes.
    per_run : int
        Most tables to take from one run.
    processes : int
        Runs to make at a time.
    progress : callable, optional
        Told the number of runs, of those that found something, and of tables.

    Returns
    -------
    Ensemble

    Raises
    ------
    NotFoundError
        A `RuntimeError`: the runs do not give enough tables.

    Examples
    --------
    From the rows of a stored ensemble, shuffled, to two tables:

    >>> from analysis.paths import ENSEMBLES
    >>> from analysis.reconstruction.search import shuffle
    >>> rows = read(ENSEMBLES["non_users"]).members[0].rows
    >>> start = partial(shuffle, rows, group="non_users")
    >>> small = ensemble("non_users", size=2, start=start)
    >>> len(small), bool(small.distances[0, 1] > 0)
    (2, True)
    """
    limit = _PATIENCE * -(-size // per_run)
    make = partial(_run, group=group, start=start, seed=seed, per_run=per_run)
    members: dict[bytes, Member] = {}
    n_fruitful = 0
    with closing(_runs(make, limit, processes)) as runs:
        for run, found in enumerate(runs, start=1):
            n_fruitful += bool(found)
            for solution in found:
                member = Member(
                    _sorted(solution.rows, group), solution.suggested, run, solution.iteration
                )
                members.setdefault(_key(member.rows), member)
            if progress is not None:
                progress(run, n_fruitful, len(members))
            if len(members) >= size:
                return Ensemble(group, tuple(members.values())[:size])
    raise NotFoundError(
        f"{limit} runs gave {len(members)} different tables of the {group}, not {size}"
    )


def read(path: Path) -> Ensemble:
    """Read a stored ensemble.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        With every fault: the columns are those of neither group, an answer is no level of its
        variable, a table has not as many rows as the first.

    Examples
    --------
    >>> users = read(paths.ENSEMBLES["users"])
    >>> len(users) >= 200, len(users.members[0].rows)
    (True, 55)
    """
    header = read_text(path).partition("\n")[0].split(",")
    group: Group = "non_users" if "barrier_1" in header else "users"
    rows = read_ensemble(path, group)
    table = pd.DataFrame(rows.columns, dtype=str)
    numbers = table[[*NUMBERED, "cluster"]].astype(np.int64)
    answers = table.drop(columns=list(NUMBERED)).assign(cluster=numbers["cluster"])
    members = []
    for _, own in answers.groupby(numbers["solution"], sort=True):
        first = numbers.loc[own.index[0]]
        members.append(
            Member(
                own.reset_index(drop=True),
                int(first["suggested"]),
                int(first["run"]),
                int(first["iteration"]),
            )
        )
    return Ensemble(group, tuple(members))


@cache
def stored(group: Group) -> Ensemble:
    """Give the ensemble that the report rests on, read once.

    Examples
    --------
    >>> len(stored("users").stacked) == 55 * len(stored("users"))
    True
    """
    return read(paths.ENSEMBLES[group])


def _run(run: int, *, group: Group, start: Start, seed: int, per_run: int) -> tuple[Solution, ...]:
    _give_up_if_stopped()
    # A start that does not exist costs its run, and no seed is used twice.
    rows = start(1000 * seed + run)
    if rows is None:
        return ()
    found = search(rows, seed=(seed, run), group=group, apart=_APART, progress=_give_up_if_stopped)
    return tuple(itertools.islice(found, per_run))


def _runs(
    make: Callable[[int], tuple[Solution, ...]], limit: int, processes: int
) -> Generator[tuple[Solution, ...], None, None]:
    """Make the runs in their order: one after the other, or a few ahead in other processes."""
    numbers = iter(range(1, limit + 1))
    if processes <= 1:
        yield from map(make, numbers)
        return
    # A fresh interpreter a process: a fork would copy the threads of a numerical library.
    context = get_context("spawn")
    # It starts the tracker of multiprocessing as well, which would lift the block of Ctrl-C below.
    stop = context.Event()
    with ProcessPoolExecutor(processes, context, _begin, (stop,)) as pool:
        try:
            # A terminal sends Ctrl-C to all of them, and each would answer with a traceback.
            with interrupts_put_off():
                ahead = deque(
                    pool.submit(make, run) for run in itertools.islice(numbers, 2 * processes)
                )
            while ahead:
                yield ahead.popleft().result()
                ahead.extend(pool.submit(make, run) for run in itertools.islice(numbers, 1))
        finally:
            # Nobody waits for what is under way: the tables are enough, or Ctrl-C was pressed.
            stop.set()
            pool.shutdown(cancel_futures=True)


def _begin(stop: Event) -> None:
    """Prepare a process that makes runs for another one."""
    _STOP.append(stop)
    threadpool_limits(1)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process where the one that waits for its runs was killed, and asks for no more."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _give_up_if_stopped(*_: object) -> None:
    """End a run that nobody waits for."""
    if any(stop.is_set() for stop in _STOP):
        raise _StoppedError


def _sorted(rows: pd.DataFrame, group: Group) -> pd.DataFrame:
    names = ["cluster", *VARIABLES[group]]
    names += [name for name in ("practice", "place") if name in rows]
    numbered = rows[names].astype({"cluster": np.int64})
    return numbered.sort_values(names, ignore_index=True)


def _key(rows: pd.DataFrame) -> bytes:
    return str(rows.to_csv(index=False)).encode("utf-8")


def _encode(tables: Sequence[pd.DataFrame], group: Group) -> list[IntArray]:
    """Return, by cluster, an array of codes of shape (tables, rows, variables)."""
    clusters = tables[0]["cluster"].to_numpy()
    stacked = pd.concat(tables)
    codes = np.column_stack([pd.factorize(stacked[name])[0] for name in VARIABLES[group]])
    by_table = codes.reshape(len(tables), len(clusters), -1).astype(np.int64)
    return [by_table[:, clusters == number] for number in np.unique(clusters)]


def _least_cost(one: IntArray, other: IntArray) -> int:
    cost = (one[:, None, :] != other[None, :, :]).sum(axis=2)
    rows, columns = linear_sum_assignment(cost)
    return int(cost[rows, columns].sum())
