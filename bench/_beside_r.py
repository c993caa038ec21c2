"""Time an exact test beside R, table by table, and set the p-values of both beside each other."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import median_seconds, print_table

REPEATS = 5
Case = tuple[str, Callable[[], float]]
"""What R reads of a table, and the call that gives its p-value here."""


def compare(
    script: str, package: str, cases: Mapping[str, Case]
) -> tuple[dict[str, float], dict[str, float]]:
    """Time the cases here and in R, and print them; return the median seconds of both by name.

    Parameters
    ----------
    script : str
        Name of the R script of this folder.
    package : str
        What it times, as the table names it.
    cases : mapping of str to Case

    Returns
    -------
    tuple of dict
        Ours, and R's, which is empty where R or the package is absent.
    """
    theirs = _time_in_r(script, package, {name: text for name, (text, _) in cases.items()})
    ours, rows = {}, []
    for name, (_, test) in cases.items():
        ours[name], p_value = median_seconds(test, REPEATS), test()
        rows.append([name, f"{p_value:.4g}", f"{1e3 * ours[name]:.2f}"])
        if theirs:
            r_p_value, seconds = theirs[name]
            gap = abs(p_value / r_p_value - 1)
            rows[-1] += [f"{1e3 * seconds:.2f}", f"{seconds / ours[name]:.1f}", f"{gap:.0e}"]
    header = ["table", "p", "ours (ms)", f"{package} (ms)", f"{package} / ours"]
    print(f"medians of {REPEATS} after a warm-up")
    print_table([*header, f"p against {package}"][: len(rows[0])], rows)
    return ours, {name: seconds for name, (_, seconds) in theirs.items()}


def _time_in_r(
    script: str, package: str, texts: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Return the p-value and the median seconds of R by table; nothing where it is absent."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("R: skipped, there is no Rscript on the PATH")
        return {}
    answer = subprocess.run(
        [rscript, "--vanilla", str(Path(__file__).parent / script), str(REPEATS)],
        input="".join(f"{name},{text}\n" for name, text in texts.items()),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        print(f"{package}: skipped: {' '.join(answer.stderr.split())}")
        return {}
    lines = (line.split(",") for line in answer.stdout.splitlines())
    return {name: (float(p_value), float(seconds)) for name, p_value, seconds in lines}
