"""How long the classification of section IV.D takes here, in R, and in two packages of Python.

Nothing is timed when the book is made: a reader needs no R for it.  The times are those that
``python -m bench --record`` kept in ``data/bench.csv``: of one machine, on one day, on random
answers.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.files import Fault, Rows
from analysis.packages import read_package

PROGRAMS = ("ours", "R", "factominer", "scientisttools")


def measured() -> pd.DataFrame:
    """Read what was recorded, by size.

    Returns
    -------
    DataFrame
        A row a table and what a program took for it: ``date``, in ISO 8601; ``rows`` and
        ``variables`` of the table; ``program``; ``seconds``, the median of several runs; ``same``,
        whether the partition is that of R.

    Raises
    ------
    InputError
        If the file breaks its schema, or a table lacks a program.
    """
    found = pd.DataFrame(read_package().resource("bench").read(more=_lacking).columns)
    found = found.astype({"rows": int, "variables": int, "seconds": float})
    found["same"] = found.pop("same_partition") == "yes"
    found["program"] = pd.Categorical(found["program"], PROGRAMS)
    return found.sort_values(["rows", "program"])


def _lacking(rows: Rows) -> Iterator[Fault]:
    """Find the tables that not every program was given."""
    sizes = rows.columns["rows"]
    for size in dict.fromkeys(sizes):
        missing = len(PROGRAMS) - sizes.count(size)
        if missing:
            last = len(sizes) - 1 - sizes[::-1].index(size)
            yield rows.fault(last, "rows", f"{missing} programs lack for this size", size)
