"""How much the clusters owe to the settings and to chance (thesis, section IV.D).

The thesis clusters on five axes, cuts five clusters and consolidates.  Each *setting* is changed
here while the correspondence analysis stays the same, and the partition is compared with the
printed one by the adjusted Rand index and by the share of doctors who stay in their cluster
(`analysis.statistics.agreement`).  With other settings the partition of the rebuilt rows is not
determined by print, so that the share is also given over members of the ensemble, evenly taken.

A clustering finds clusters in anything.  Three things tell whether those of the thesis are more
than that.  *Bootstrap*: as many doctors are drawn with replacement from a group, and clustered
again; the adjusted Rand index says how far both partitions agree on the doctors drawn, the recovery
of a cluster how like it the nearest new one is (`analysis.statistics.agreement`).  *Open rows*:
print allows other tables with the same clusters, whose doctors are drawn and clustered likewise.
*Shuffled answers*: each question's answers are dealt to the doctors of the group anew, so that no
answer goes with any other; what is then found, and found again, is due to the method and to rare
answers alone.  A cluster is set beside those that have its rank by size in the shuffled tables,
since a handful of doctors with one rare answer is easily found again.

References
----------
Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics and Data
Analysis 52, 258-271. doi:10.1016/j.csda.2006.11.025
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.results.clusters import MOST_AXES, N_AXES, Clustered
from analysis.statistics import hcpc, mca
from analysis.statistics.agreement import adjusted_rand_index, matched_share, recovery
from analysis.survey import GROUPS, Group

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STABLE = 0.75
"""The mean recovery from which Hennig takes a cluster for stable."""
AXES = range(2, MOST_AXES + 1)
CLUSTERS = range(3, 9)
DRAWS = 40
SHUFFLED = 20
"""Tables of shuffled answers: a cluster found again better than in all of them is so at 5 %."""
_DRAWS_OF_SHUFFLED = 3
_SEED = 2007
_STEP = 8
"""One member of the ensemble in so many is drawn from, once."""
_CLUSTERED_AGAIN = 20
"""One member of the ensemble in so many is clustered again."""


@cache
def settings(own: Clustered) -> pd.DataFrame:
    """Cluster a group with every setting, and compare with the partition of the thesis.

    Returns
    -------
    DataFrame
        A row a setting: ``axes``, ``clusters``, ``consolidated``; the ``partition``, a cluster a
        doctor; ``rand`` and ``share``, its agreement with the partition of the thesis; the
        ``suggested`` number of clusters; ``tied``, whether a tie leaves the partition undefined.
    """
    reference = own.clustering.clusters
    rows = []
    for axes in AXES:
        tree = None
        for number in CLUSTERS:
            found = hcpc.fit(own.correspondences, axes, number, tree=tree)
            tree = found.tree
            partitions = {True: found.clusters, False: found.before_consolidation}
            rows += [
                {
                    "axes": axes,
                    "clusters": number,
                    "consolidated": consolidated,
                    "partition": tuple(partition.tolist()),
                    "rand": adjusted_rand_index(reference, partition),
                    "share": matched_share(reference, partition),
                    "suggested": found.suggested,
                    "tied": bool(found.ties),
                }
                for consolidated, partition in partitions.items()
            ]
    return pd.DataFrame(rows)


@cache
def kept_in_members(group: Group) -> pd.DataFrame:
    """Give the share of doctors who stay in their cluster, for members of the ensemble.

    Returns
    -------
    DataFrame
        A row a member, a column a setting: ``5`` and ``6``, on so many axes, and ``tree``, without
        consolidation.
    """
    rows = []
    for member in stored(group).members[::_CLUSTERED_AGAIN]:
        analysis = mca.fit(member.rows[list(VARIABLES[group])], N_AXES + 1)
        usual, further = (hcpc.fit(analysis, N_AXES + more, N_CLUSTERS) for more in (0, 1))
        partitions = {
            str(N_AXES): usual.clusters,
            str(N_AXES + 1): further.clusters,
            "tree": usual.before_consolidation,
        }
        rows.append(
            {name: matched_share(member.rows["cluster"], each) for name, each in partitions.items()}
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Stability:
    """How well the clusters of some table are found again in samples of its doctors.

    Attributes
    ----------
    sizes : ndarray of shape (clusters,)
        Doctors of each cluster of the table.
    rand : ndarray of shape (draws,)
        Adjusted Rand index of each draw's partition with the first one.
    recovered : ndarray of shape (draws, clusters)
        Recovery of each cluster; NaN where none of its doctors was drawn.
    """

    sizes: IntArray
    rand: FloatArray = field(repr=False, compare=False)
    recovered: FloatArray = field(repr=False, compare=False)

    @property
    def by_cluster(self) -> FloatArray:
        """Mean recovery of each cluster over the draws; NaN where it was never drawn."""
        mean: FloatArray = pd.DataFrame(self.recovered).mean().to_numpy()
        return mean

    @property
    def by_size(self) -> IntArray:
        """Places of the clusters, from the largest."""
        return np.argsort(-self.sizes, kind="stable")


@cache
def of_rows(own: Clustered) -> Stability:
    """Draw from a table."""
    return draw(own.answers, own.clustering.clusters, DRAWS, _generator(own.group, 0))


@cache
def of_members(group: Group) -> FloatArray:
    """Draw once from each of some members of the ensemble, evenly taken.

    Returns
    -------
    ndarray of shape (clusters,)
        Mean recovery of each cluster over the members.
    """
    generator, names, drawn = _generator(group, 1), list(VARIABLES[group]), []
    for member in stored(group).members[::_STEP]:
        answers, partition = member.rows[names].astype("category"), member.rows["cluster"]
        drawn.append(draw(answers, partition.to_numpy(), 1, generator).by_cluster)
    mean: FloatArray = pd.DataFrame(drawn).mean().to_numpy()
    return mean


@cache
def of_shuffled(own: Clustered) -> tuple[Stability, ...]:
    """Shuffle the answers of a table, cluster them, and draw from them; several times."""
    generator = _generator(own.group, 2)
    found = []
    for _ in range(SHUFFLED):
        shuffled = shuffle(own.answers, generator)
        partition = cluster(shuffled)
        if partition is not None:
            found.append(draw(shuffled, partition, _DRAWS_OF_SHUFFLED, generator))
    return tuple(found)


def alike(own: Clustered) -> list[FloatArray]:
    """Give, for each cluster, the recoveries of those of its rank by size in shuffled answers."""
    shuffled = [each.by_cluster[each.by_size] for each in of_shuffled(own)]
    ranked = np.reshape(shuffled, (-1, N_CLUSTERS))
    columns = (ranked[:, place] for place in np.argsort(of_rows(own).by_size))
    return [column[~np.isnan(column)] for column in columns]


def shuffle(answers: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """Deal the answers to each question to the doctors anew."""
    return pd.DataFrame(
        {
            name: values.array[generator.permutation(len(answers))]
            for name, values in answers.items()
        }
    )


def draw(
    answers: pd.DataFrame, partition: IntArray, times: int, generator: np.random.Generator
) -> Stability:
    """Draw doctors with replacement, cluster them, and compare with the clusters they come from."""
    rand, recovered = [], []
    for _ in range(times):
        drawn = np.sort(generator.integers(0, len(answers), len(answers)))
        found = cluster(answers.iloc[drawn].reset_index(drop=True))
        if found is None:
            continue
        # A doctor drawn twice is one doctor, in one cluster.
        doctors, first = np.unique(drawn, return_index=True)
        before, after = partition[doctors], found[first]
        rand.append(adjusted_rand_index(before, after))
        of_each = recovery(before, after)
        recovered.append([of_each.get(number, np.nan) for number in range(1, N_CLUSTERS + 1)])
    sizes = np.bincount(partition, minlength=N_CLUSTERS + 1)[1:]
    return Stability(sizes, np.array(rand), np.reshape(recovered, (-1, N_CLUSTERS)))


def cluster(answers: pd.DataFrame) -> IntArray | None:
    """Cluster as the thesis did; None for answers too poor for it, as a draw of few doctors has."""
    try:
        return hcpc.fit(mca.fit(answers, N_AXES), N_AXES, N_CLUSTERS).clusters
    except ValueError:
        return None


def _generator(group: Group, use: int) -> np.random.Generator:
    return np.random.default_rng([_SEED, list(GROUPS).index(group), use])
