"""What bounds take: all the stored ones and their reasons, a question, memory."""

from __future__ import annotations

import sys
import time

from analysis import paths
from analysis.reconstruction.bounds import bounds, listed, reasons
from analysis.survey.question import ask
from bench import cost_of, median_seconds, peak_memory, print_table, print_target

_QUESTION = "age=60-69 & purpose=consultation"
_MOST_SECONDS, _MOST_FOR_ALL, _MOST_FOR_REASONS, _MOST_MEGABYTES = 3, 180, 300, 500
_EVERY = 20
"""Of so many crossings of two answers, the reasons of one are found."""


def run() -> bool:
    """Print what bounds take; return whether every target is met."""
    question = ask(_QUESTION)
    bounded = median_seconds(lambda: bounds(question))
    explained = median_seconds(lambda: reasons(question), repeats=3)
    command = cost_of([sys.executable, "-m", "analysis", "bounds", _QUESTION], cwd=paths.ROOT)
    started = time.process_time()
    for group, each in listed():
        bounds(each, group)
    taken, started = time.process_time() - started, time.process_time()
    for group, each in listed(2)[::_EVERY]:
        reasons(each, group)
    for_reasons, megabytes = _EVERY * (time.process_time() - started), peak_memory() / 1e6
    print_table(
        [_QUESTION, "ms"],
        [
            ["both bounds", f"{1000 * bounded:.0f}"],
            ["their reasons", f"{1000 * explained:.0f}"],
        ],
    )
    targets = {
        f"a question in less than {_MOST_SECONDS} s of processor time, imports included": (
            f"{command.processor:.2f} s",
            command.processor < _MOST_SECONDS,
        ),
        f"{len(listed())} counts in less than {_MOST_FOR_ALL} s": (
            f"{taken:.0f} s",
            taken < _MOST_FOR_ALL,
        ),
        f"their reasons, of {len(listed(2))} crossings of two, in less than {_MOST_FOR_REASONS} s, "
        f"from one in {_EVERY}": (f"{for_reasons:.0f} s", for_reasons < _MOST_FOR_REASONS),
        f"peak memory under {_MOST_MEGABYTES} MB": (
            f"{megabytes:.0f} MB",
            megabytes < _MOST_MEGABYTES,
        ),
    }
    for target, (measured, is_met) in targets.items():
        print_target(target, measured, is_met)
    return all(is_met for _, is_met in targets.values())
