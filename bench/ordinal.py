"""Time the exact Mann-Whitney test beside R's coin, whose exact law is by the shift algorithm too.

The pairs are those of the reference file of the tests that take longest and those that were
once wrong or slow: a small group among many, and many levels.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
from functools import partial
from pathlib import Path

from analysis.statistics.ordinal import mann_whitney
from bench import median_seconds, print_table, print_target

REPEATS = 5
NAMES = ["small-1", "small-2", "levels-1", "small-4", "small-16", "levels-9", "untied-10"]
_HERE = Path(__file__).parent
_REFERENCE = _HERE.parent / "tests" / "reference" / "mann_whitney.csv"


def run() -> bool:
    """Print the timings and the target; tell whether it was met."""
    with _REFERENCE.open(encoding="utf-8", newline="") as file:
        pairs = {row["name"]: (row["first"], row["second"]) for row in csv.DictReader(file)}
    pairs = {name: pairs[name] for name in NAMES}
    theirs = _time_in_r(pairs)
    ours, rows = {}, []
    for name, texts in pairs.items():
        first, second = ([int(count) for count in text.split()] for text in texts)
        ours[name] = median_seconds(partial(mann_whitney, first, second), REPEATS)
        p_value = mann_whitney(first, second).p_value
        row = [name, str(len(first)), f"{p_value:.4g}", f"{1e3 * ours[name]:.2f}"]
        if theirs:
            r_p_value, seconds = theirs[name]
            gap = abs(p_value / r_p_value - 1)
            row += [f"{1e3 * seconds:.2f}", f"{seconds / ours[name]:.1f}", f"{gap:.0e}"]
        rows.append(row)
    header = ["pair", "levels", "p", "ours (ms)", "coin (ms)", "coin / ours", "p against coin"]
    print(f"medians of {REPEATS} after a warm-up")
    print_table(header[: len(rows[0])], rows)
    if not theirs:
        print_target("all together no slower than coin", "not measured", None)
        return True
    ratio = sum(seconds for _, seconds in theirs.values()) / sum(ours.values())
    print_target("all together no slower than coin", f"{ratio:.1f} times as fast", ratio >= 1)
    return ratio >= 1


def _time_in_r(pairs: dict[str, tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Return the p-value and the median seconds of coin by pair; nothing where it is absent."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("R: skipped, there is no Rscript on the PATH")
        return {}
    answer = subprocess.run(
        [rscript, "--vanilla", str(_HERE / "ordinal.R"), str(REPEATS)],
        input="".join(f"{name},{first},{second}\n" for name, (first, second) in pairs.items()),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        print(f"coin: skipped: {answer.stderr.strip().splitlines()[-1]}")
        return {}
    lines = (line.split(",") for line in answer.stdout.splitlines())
    return {name: (float(p_value), float(seconds)) for name, p_value, seconds in lines}
