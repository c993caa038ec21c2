"""Cluster a table by a PyPI package, as often as `bench.clustering` asks.

Runs in the environment that `bench.clustering` makes for these packages, which is not ours: it
imports nothing of the project but the module that measures.  ``python -m bench._peers NAME`` reads
the name of a CSV file of categories from the standard input, then answers line after line: "run"
with the seconds of one run and the peak memory of this process in bytes, "clusters" with the
clusters that the last run found.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from bench import peak_memory


def _factominer(frame: Any) -> list[int]:
    import factominer  # type: ignore[import-not-found]  # noqa: PLC0415

    result = factominer.HCPC(factominer.MCA(frame, ncp=5), nb_clust=-1)
    return [int(cluster) for cluster in result.data_clust["clust"]]


def _scientisttools(frame: Any) -> list[int]:
    import scientisttools  # type: ignore[import-not-found]  # noqa: PLC0415

    result = scientisttools.HCPC(ncl=None).fit(scientisttools.MCA(ncp=5).fit(frame))
    return [int(cluster) for cluster in result.call_.data_clust["cluster"]]


PACKAGES = {
    "factominer": ("0.3.0.dev0", _factominer),
    "scientisttools": ("0.2.0.post2", _scientisttools),
}
"""The version of each package, and how it clusters; its description of the clusters is included."""


def answer(cluster: Callable[[Any], list[int]]) -> None:
    """Answer a benchmark: read the name of a table, then run, or tell the clusters, as asked."""
    import pandas as pd  # noqa: PLC0415  (what names the packages needs it not)

    path, *_ = sys.stdin.readline().splitlines()
    frame = pd.read_csv(path, dtype="category")
    cluster(frame.head(100))
    found: list[int] = []
    for line in sys.stdin:
        if line.strip() == "run":
            start = time.perf_counter()
            found = cluster(frame)
            print(time.perf_counter() - start, peak_memory(), flush=True)
        else:
            print(*found, flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    answer(PACKAGES[sys.argv[1]][1])
