"""Time the exact Mann-Whitney test beside R's coin, whose exact law is by the shift algorithm too.

The pairs are those of the reference file of the tests that take longest and those that were
once wrong or slow: a small group among many, and many levels.
"""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

from analysis.statistics.ordinal import mann_whitney
from bench import print_target
from bench._beside_r import compare

NAMES = ["small-1", "small-2", "levels-1", "small-4", "small-16", "levels-9", "untied-10"]
_REFERENCE = Path(__file__).parents[1] / "tests" / "reference" / "mann_whitney.csv"


def run() -> bool:
    """Print the timings and the target; tell whether it was met."""
    with _REFERENCE.open(encoding="utf-8", newline="") as file:
        pairs = {row["name"]: (row["first"], row["second"]) for row in csv.DictReader(file)}
    ours, theirs = compare(
        "ordinal.R",
        "coin",
        {name: (",".join(pairs[name]), partial(_test, *pairs[name])) for name in NAMES},
    )
    if not theirs:
        print_target("all together no slower than coin", "not measured", None)
        return True
    ratio = sum(theirs.values()) / sum(ours.values())
    print_target("all together no slower than coin", f"{ratio:.1f} times as fast", ratio >= 1)
    return ratio >= 1


def _test(*texts: str) -> float:
    first, second = ([int(count) for count in text.split()] for text in texts)
    return mann_whitney(first, second).p_value
