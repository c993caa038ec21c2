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
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread, current_thread, main_thread

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis import paths
from analysis.files import write_beside
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES, NotFoundError, Solution, search
from analysis.survey.rebuilt import NUMBERED, read_ensemble
from analysis.survey.schema import Group

IntArray = NDArray[np.int64]

Start = Callable[[int], pd.DataFrame]
"""Gives the start of a seed."""
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
class Ensemble:
    """Different tables of one group, all of them with the printed clusters.

    Attributes
    ----------
    group : {"users", "non_users"}
    members : tuple of Solution
        In the order in which they were found.
    """

    group: Group
    members: tuple[Solution, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def suggesting(self) -> tuple[int, ...]:
        """Positions of the members whose suggested number of clusters is the printed one."""
        members = enumerate(self.members)
        return tuple(place for place, each in members if each.suggested == N_CLUSTERS)

    @cached_property
    def stacked(self) -> pd.DataFrame:
        """The rows of all the members, one table after the other."""
        return pd.concat([member.rows for member in self.members], ignore_index=True)

    @cached_property
    def distances(self) -> IntArray:
        """The distance of each two members, a square array in the order of the members."""
        names = ["cluster", *VARIABLES[self.group]]
        codes = np.column_stack([pd.factorize(self.stacked[name])[0] for name in names])
        codes = codes.reshape(len(self), -1, len(names))
        distances = np.zeros((len(self), len(self)), dtype=np.int64)
        for cluster in np.unique(codes[0, :, 0]):
            # The rows of a cluster have the same places in all tables: they are sorted.
            rows = codes[:, codes[0, :, 0] == cluster]
            for one, other in itertools.combinations(range(len(self)), 2):
                cost = (rows[one, :, None] != rows[other, None]).sum(axis=2)
                distances[one, other] += cost[scipy.optimize.linear_sum_assignment(cost)].sum()
        return distances + distances.T

    def write(self, path: Path) -> None:
        """Store the ensemble.

        Parameters
        ----------
        path : Path
            Ends in ``.csv.gz``.  The file is replaced only when the new one is whole.
        """
        numbers = [
            (position, each.run, each.iteration, each.suggested)
            for position, each in enumerate(self.members, start=1)
        ]
        table = pd.concat([each.rows for each in self.members], keys=numbers, names=NUMBERED)
        text = table.droplevel(-1).to_csv(lineterminator="\n")
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
        Takes a seed and gives rows that fit the margins; one start a run.  With several processes,
        a function of a module, or a `functools.partial` of one.
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
    >>> from analysis.reconstruction.margins import draw
    >>> small = ensemble("non_users", size=2, start=lambda seed: draw(seed)["non_users"])
    >>> len(small), bool(small.distances[0, 1] > 0)
    (2, True)
    """
    limit = _PATIENCE * -(-size // per_run)
    make = partial(_run, group=group, start=start, seed=seed, per_run=per_run)
    members: dict[str, Solution] = {}
    n_fruitful = 0
    with closing(_runs(make, limit, processes)) as runs:
        for run, found in enumerate(runs, start=1):
            n_fruitful += bool(found)
            for each in found:
                rows = _sorted(each.rows, group)
                members.setdefault(rows.to_csv(), replace(each, rows=rows, run=run, trace=()))
            if progress is not None:
                progress(run, n_fruitful, len(members))
            if len(members) >= size:
                return Ensemble(group, tuple(members.values())[:size])
    raise NotFoundError(
        f"{limit} runs gave {len(members)} different tables of the {group}, not {size}"
    )


def read(path: Path, group: Group) -> Ensemble:
    """Read a stored ensemble.

    Parameters
    ----------
    path : Path
    group : {"users", "non_users"}

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        As for `analysis.survey.rebuilt.read_ensemble`.

    Examples
    --------
    >>> users = read(paths.ENSEMBLES["users"], "users")
    >>> len(users) >= 200, len(users.members[0].rows)
    (True, 55)
    """
    table = pd.DataFrame(read_ensemble(path, group).columns, dtype=str)
    table = table.astype(dict.fromkeys((*NUMBERED, "cluster"), np.int64))
    by_table = table.set_index(list(NUMBERED)).groupby(level=list(NUMBERED))
    members = (
        Solution(rows.reset_index(drop=True), suggested, run, iteration)
        for (_, run, iteration, suggested), rows in by_table
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
    return read(paths.ENSEMBLES[group], group)


def _run(run: int, *, group: Group, start: Start, seed: int, per_run: int) -> tuple[Solution, ...]:
    _give_up_if_stopped()
    # No seed is used twice.
    rows = start(1000 * seed + run)
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
            # Nobody waits for what is under way. The processes are asked to stop, not ended: a
            # pool whose processes end may wait for ever for what it was sending them.
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
    names = ["cluster", *VARIABLES[group], "practice", "place"]
    return rows[names].astype({"cluster": np.int64}).sort_values(names, ignore_index=True)


@contextmanager
def interrupts_put_off() -> Iterator[None]:
    """Put Ctrl-C off to the end; a process that is spawned meanwhile leaves it to this one.

    What the shell had ignored when it started this process stays ignored.

    Raises
    ------
    KeyboardInterrupt
        At the end, if Ctrl-C was pressed meanwhile.
    """
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return
    pressed = []
    handler = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    # A handler is not inherited by what is spawned; a blocked signal is. Windows has no such mask.
    has_mask = hasattr(signal, "pthread_sigmask")
    if has_mask:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if has_mask:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, handler)
    if pressed:
        raise KeyboardInterrupt
