"""Time the exact test beside R's ``fisher.test(workspace = 2e7)``, and weigh its memory.

The survey tables S1 to S6 come from the reference file of the tests, and so do those of many
counts.  Five more show how both methods grow: a sparse one far from the tail is of the kind that
suits R best, and of two far in the tail hardly a partial table is decided before it is whole.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from functools import partial
from pathlib import Path

from analysis.statistics.contingency import fisher_exact
from bench import peak_memory, print_target
from bench._beside_r import compare

LARGER = {
    "3 x 6": "0 4 4 3 8 6;1 5 5 12 7 10;6 3 8 8 5 5",
    "4 x 4": "4 3 2 1;7 10 0 5;13 3 6 6;0 13 7 0",
    "5 x 8": "0 2 1 0 1 1 2 1;2 3 0 0 0 0 3 3;0 4 3 0 1 0 0 2;3 1 0 0 2 0 0 2;1 1 2 2 3 0 2 2",
    "3 x 5 in the tail": "20 10 5 3 1;5 10 14 10 5;1 3 5 10 20",
    "5 x 5 in the tail": "9 2 1 0 0;2 9 2 1 0;0 2 9 2 1;0 0 2 9 2;0 0 1 2 9",
}
_HERE = Path(__file__).parent
_REFERENCE = _HERE.parent / "tests" / "reference" / "fisher.csv"
_MEGABYTE = 1e6


def run() -> bool:
    """Print the timings, the peak memory and the targets; tell whether all were met."""
    survey, large = _reference_tables("S"), _reference_tables("large")
    tables = {**survey, **LARGER, **large}
    cases = {name: (text, partial(fisher_exact, _parse(text))) for name, text in tables.items()}
    return _check_targets(list(survey), list(large), *compare("contingency.R", "R", cases))


def _check_targets(
    survey: list[str],
    large: list[str],
    ours: dict[str, float],
    theirs: dict[str, float],
) -> bool:
    memory = _peak_memory()
    verdicts: list[bool | None] = [memory < 300 * _MEGABYTE]
    print_target(
        "peak memory of a process that tests S1 to S6 under 300 MB",
        f"{memory / _MEGABYTE:.0f} MB with Python, NumPy and SciPy",
        verdicts[0],
    )
    if not theirs:
        print_target("S1 at least twice as fast as R", "no Rscript", None)
        print_target("S1 to S6 together no slower than R", "no Rscript", None)
        print_target("the tables of many counts together no slower than R", "no Rscript", None)
        return all(verdicts)
    ratio = theirs["S1"] / ours["S1"]
    together = sum(theirs[name] for name in survey) / sum(ours[name] for name in survey)
    slowest = min(large, key=lambda name: theirs[name] / ours[name])
    least = theirs[slowest] / ours[slowest]
    many = sum(theirs[name] for name in large) / sum(ours[name] for name in large)
    verdicts += [ratio >= 2, together >= 1, many >= 1]
    print_target("S1 at least twice as fast as R", f"{ratio:.1f} times as fast", verdicts[1])
    print_target("S1 to S6 together no slower than R", f"{together:.1f} times as fast", verdicts[2])
    print_target(
        "the tables of many counts together no slower than R",
        f"{many:.1f} times as fast, {slowest} alone {least:.1f}",
        verdicts[3],
    )
    return all(verdicts)


def _reference_tables(kind: str) -> dict[str, str]:
    with _REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: row["table"] for row in csv.DictReader(file)}
    return {
        name: table
        for name, table in rows.items()
        if name.split("-")[0].rstrip("0123456789") == kind
    }


def _parse(text: str) -> list[list[int]]:
    return [[int(count) for count in line.split()] for line in text.split(";")]


def _peak_memory() -> float:
    """Return the peak memory, in bytes, of a fresh process that tests S1 to S6 once each."""
    program = "from bench import contingency; contingency.print_own_peak()"
    finished = subprocess.run(
        [sys.executable, "-c", program],
        cwd=_HERE.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(finished.stdout)


def print_own_peak() -> None:
    """Test S1 to S6 and print the peak memory of this process, in bytes."""
    for text in _reference_tables("S").values():
        fisher_exact(_parse(text))
    print(peak_memory())
