"""What the chapters that compute most take, each in a fresh process, as a notebook runs it.

Every chapter is run once before it is measured, so that files and compiled modules are at hand.
"""

from __future__ import annotations

from analysis import paths
from bench import print_table, print_target
from bench.report import chapter_seconds_apart

__all__ = ["run"]

_CHAPTERS = ("chapters/04c-correspondances.qmd", "chapters/04d-classification.qmd")
_SECONDS = 10.0


def run() -> bool:
    """Print the seconds of each chapter; return whether together they meet the target."""
    present = [source for source in _CHAPTERS if (paths.ROOT / source).exists()]
    for source in present:
        chapter_seconds_apart(source)
    seconds = {source: chapter_seconds_apart(source) for source in present}
    total = sum(seconds.values())
    rows = [[source, f"{each:.2f}"] for source, each in seconds.items()]
    print_table(["chapter", "s"], [*rows, ["together", f"{total:.2f}"]])
    met = total < _SECONDS
    print_target(f"together under {_SECONDS:.0f} s", f"{total:.2f} s", met)
    return met
