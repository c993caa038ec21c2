"""Benchmarks: how long the methods take beside their R counterparts, in one run.

``python -m bench`` runs every module of this package, ``python -m bench contingency`` one of them.
A benchmark is a module with a function ``run() -> bool`` that prints its tables and its targets and
tells whether every target that could be measured was met.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Cost", "cost_of", "median_seconds", "peak_memory", "print_table", "print_target"]


@dataclass(frozen=True)
class Cost:
    """What a command takes.

    Parameters
    ----------
    processor : float
        Seconds of the processors, those of what it starts included.
    clock : float
        Seconds from its start to its end.
    """

    processor: float
    clock: float


def cost_of(command: Sequence[str | Path], **options: Any) -> Cost:
    """Run a command and measure it.

    Parameters
    ----------
    command : sequence of str or Path
    **options
        Passed on to `subprocess.run`.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails.

    Examples
    --------
    >>> cost_of([sys.executable, "-c", ""]).clock > 0
    True
    """
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, **options)
    after, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(processor, clock)


def median_seconds(call: Callable[[], object], repeats: int = 15) -> float:
    """Time a call and return the median, after a warm-up.

    Parameters
    ----------
    call : callable
        What to time; its result is dropped.
    repeats : int
        Number of timed calls.

    Returns
    -------
    float
        Median duration in seconds.

    Examples
    --------
    >>> median_seconds(lambda: sum(range(10))) < 1
    True
    """
    call()
    durations = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def peak_memory() -> int:
    """Return the peak memory of this process so far, in bytes.

    Examples
    --------
    >>> peak_memory() > 1_000_000
    True
    """
    status = Path("/proc/self/status")
    if status.exists():
        # Linux lets a child inherit its parent's ru_maxrss; this one starts afresh.
        return 1024 * int(status.read_text().split("VmHWM:")[1].split()[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a plain table: the first column to the left, the others to the right.

    Parameters
    ----------
    header : sequence of str
        Column titles.
    rows : sequence of sequences of str
        Cells, already formatted.

    Examples
    --------
    >>> print_table(["table", "ms"], [["S1", "9.5"], ["S2", "12.0"]])
    table    ms
    S1      9.5
    S2     12.0
    """
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for cells in (header, *rows):
        first, *others = (
            cell.ljust(width) if position == 0 else cell.rjust(width)
            for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())


def print_target(target: str, measured: str, met: bool | None) -> None:
    """Print a target, what was measured, and the verdict; `met` is None where it was not measured.

    Examples
    --------
    >>> print_target("peak memory under 300 MB", "101 MB", True)
    target met: peak memory under 300 MB (101 MB)
    """
    verdict = {True: "met", False: "MISSED", None: "not measured"}[met]
    print(f"target {verdict}: {target} ({measured})")
