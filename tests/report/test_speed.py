"""What the chapter says of the record of the bench."""

from collections import Counter

from analysis.report.sections import classification
from analysis.results import speed


def test_the_partitions_of_r_are_counted_a_program() -> None:
    """A table of the record is one row a program; none is a word of its own."""
    found = Counter(run.program for run in speed.measured().itertuples() if run.same)
    words = {0: "aucun", 1: "un", 2: "deux", 3: "trois", 4: "quatre"}
    said = classification.numbers()
    for program in ("ours", "R", "factominer", "scientisttools"):
        assert said[f"same_{program}"] == words[found[program]]


def test_the_ratios_are_those_of_the_seconds() -> None:
    seconds = {(run.rows, run.program): run.seconds for run in speed.measured().itertuples()}
    ratios = [seconds[rows, "R"] // own for (rows, name), own in seconds.items() if name == "ours"]
    assert classification.numbers()["times_as_fast"] == f"{min(ratios):.0f} à {max(ratios):.0f}"
