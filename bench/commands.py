"""What the commands cost a reader: processor time of ``verify`` and ``check``, imports included.

The processor's time, not the clock's, so that whatever else the machine does weighs little.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from analysis import paths
from bench import cost_of, print_table, print_target

_ROWS = 10_000
_TARGETS = {"verify": 20, "check": 5, "check --against-print": 5, f"check, {_ROWS:,} rows": 5}
"""Most seconds, by command."""


def _write_many(path: Path) -> None:
    """Write the rebuilt rows again and again, numbered anew."""
    with paths.RESPONDENTS.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        number = header.index("respondent")
        for position in range(_ROWS):
            row = list(rows[position % len(rows)])
            row[number] = str(position + 1)
            writer.writerow(row)


def run() -> bool:
    """Print the time of each command; return whether every target is met."""
    with tempfile.TemporaryDirectory() as scratch:
        many = Path(scratch, "many.csv")
        _write_many(many)
        own = str(paths.RESPONDENTS)
        words = [
            ("verify",),
            ("check", own),
            ("check", "--against-print", own),
            ("check", str(many)),
        ]
        analysis = [sys.executable, "-m", "analysis"]
        seconds = [cost_of([*analysis, *each], cwd=paths.ROOT).processor for each in words]
    taken = dict(zip(_TARGETS, seconds, strict=True))
    print_table(["command", "s"], [[name, f"{each:.2f}"] for name, each in taken.items()])
    for name, most in _TARGETS.items():
        target = f"{name} in less than {most} s of processor time"
        print_target(target, f"{taken[name]:.2f} s", taken[name] < most)
    return all(taken[name] < most for name, most in _TARGETS.items())
