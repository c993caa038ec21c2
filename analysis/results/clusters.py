"""The clusters of a group of doctors, computed once for all that shows them.

The chapter on the profiles, Annexe VI and the sensitivity analysis look at the same two
clusterings: the users on four variables, the non-users on four others, each with the defaults of
R's HCPC and the five clusters of the thesis.  Everything here comes from the respondents table in
use; which counts print does not determine is told by what is proved of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property

import pandas as pd

from analysis.reconstruction.bounds import Bounds, known, told_apart
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.statistics import catdes, hcpc, mca
from analysis.statistics.contingency import Chi2, chi2
from analysis.statistics.hcpc import HCPC
from analysis.statistics.mca import MCA
from analysis.statistics.profiles import MISSING
from analysis.survey import GROUPS as USES_DMP
from analysis.survey import Group, Question, levels, load
from analysis.survey.question import ask
from analysis.survey.respondents import per_table

N_AXES = 5
MOST_AXES = 10
ALPHA = 0.05


@dataclass(frozen=True)
class Row:
    """A category beside a cluster, as catdes describes it, with the counts behind the shares.

    Attributes
    ----------
    count, of_category, of_cluster, n : int
        Doctors with the category in the cluster, with the category, in the cluster, in the group.
    p_value, v_test : float
    """

    count: int
    of_category: int
    of_cluster: int
    n: int
    p_value: float
    v_test: float

    @property
    def is_significant(self) -> bool:
        """Whether R lists the row."""
        return self.p_value < ALPHA

    @property
    def measures(self) -> dict[str, Fraction | float]:
        """The numbers that R prints of the row, shares in percent, by their names in print."""
        return {
            "cla_mod": Fraction(100 * self.count, self.of_category),
            "mod_cla": Fraction(100 * self.count, self.of_cluster),
            "overall": Fraction(100 * self.of_category, self.n),
            "p_value": self.p_value,
            "v_test": self.v_test,
        }


@dataclass(frozen=True, eq=False)
class Clustered:
    """A group of doctors, clustered as the thesis did.

    Attributes
    ----------
    group : {"users", "non_users"}
    answers : DataFrame
        The answers that are clustered, a row a doctor, none as a missing cell.
    """

    group: Group
    answers: pd.DataFrame = field(repr=False)

    @cached_property
    def correspondences(self) -> MCA:
        """The correspondences of the answers, on more axes than the clustering needs."""
        return mca.fit(self.answers, MOST_AXES)

    @cached_property
    def clustering(self) -> HCPC:
        """The clusters: five axes, Ward's tree, five clusters, consolidation."""
        return hcpc.fit(self.correspondences, N_AXES, N_CLUSTERS)

    @cached_property
    def counts(self) -> dict[str, pd.DataFrame]:
        """The doctors by category and cluster, for each variable.

        A row a category that someone has, in display order, no answer last; a column a cluster,
        from 1.
        """
        found = {}
        for name, own in self.answers.items():
            crossed = pd.crosstab(own.astype(str).fillna(MISSING), self.clustering.clusters)
            order = [each for each in (*levels(str(name)), MISSING) if each in crossed.index]
            found[str(name)] = crossed.reindex(order)
        return found

    @cached_property
    def described(self) -> dict[int, dict[tuple[str, str], Row]]:
        """The categories in each cluster, from 1, in the order in which R lists them.

        By variable and category, of all that someone of the group has.
        """
        listed = catdes.describe(self.answers, self.clustering.clusters, threshold=1).categories
        found: dict[int, dict[tuple[str, str], Row]] = {}
        for each in listed.itertuples():
            number, own = int(each.cluster), self.counts[each.variable]
            found.setdefault(number, {})[each.variable, each.category] = Row(
                int(own.loc[each.category, number]),
                int(own.loc[each.category].sum()),
                int(own[number].sum()),
                len(self.answers),
                float(each.p_value),
                float(each.v_test),
            )
        return found

    def independence(self, variable: str) -> Chi2:
        """Test a variable against the clusters."""
        return chi2(self.counts[variable].to_numpy())


@per_table
def of(group: Group) -> Clustered:
    """Cluster a group of the respondents in use."""
    table = load()
    own = table.loc[table["uses_dmp"] == USES_DMP[group], list(VARIABLES[group])]
    return Clustered(group, own.mask(own == "").reset_index(drop=True))


@cache
def is_open(group: Group, variable: str) -> pd.DataFrame:
    """Say which counts print leaves open: those that are not proved.

    Returns
    -------
    DataFrame of bool
        Shaped as `Clustered.counts` of the rebuilt rows, with the categories that nobody has.
    """

    def proved(name: str, number: int) -> Bounds:
        return known(ask(f"{variable}={name} & cluster={number}"), group)

    names, numbers = told_apart(group, variable), range(1, N_CLUSTERS + 1)
    found = [[not proved(name, number).is_determined for number in numbers] for name in names]
    return pd.DataFrame(found, names, numbers)


def respondents(question: Question) -> pd.DataFrame:
    """Give the rows that answer a question: a doctor's cluster is the one that was computed.

    The clusters of the rebuilt rows are those of their table. Answers of a reader's own have none.

    Parameters
    ----------
    question : Question

    Returns
    -------
    DataFrame
        As `analysis.survey.load` gives them.
    """
    return _with_clusters() if "cluster" in question.variables else load()


@per_table
def _with_clusters() -> pd.DataFrame:
    table = load()
    own = pd.Series("", index=table.index)
    for group, answer in USES_DMP.items():
        own[table["uses_dmp"] == answer] = of(group).clustering.clusters.astype(str)
    return table.assign(cluster=own)
