"""The answers, rebuilt from print.

The thesis published no individual answers, and yet prints enough of them to say what they may have
been. `fingerprints` reads Annexe VI alone: cluster sizes, whole counts, and every table of clusters
by answers that has the printed p-value.

Examples
--------
>>> from analysis.reconstruction import cluster_sizes
>>> cluster_sizes("users").sizes
(12, 18, 10, 14, 1)
"""

from analysis.reconstruction.fingerprints import (
    Clusters,
    Counts,
    Disagreement,
    Fingerprint,
    Group,
    ListedRow,
    Source,
    Statement,
    cluster_sizes,
    disagreements,
    fingerprints,
    narrowing_by_p_value,
)

__all__ = [
    "Clusters",
    "Counts",
    "Disagreement",
    "Fingerprint",
    "Group",
    "ListedRow",
    "Source",
    "Statement",
    "cluster_sizes",
    "disagreements",
    "fingerprints",
    "narrowing_by_p_value",
]
