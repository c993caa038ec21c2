"""The analyses behind section IV.C: the map of the report, and those that show what it rests on.

Four families of analyses have the same six variables (`VARIABLES`), or fewer:

- the *map*: that of the rows in use, users on the left;
- the *rebuilt maps*: members of both ensembles, joined two by two (`pairs`), each as good a
  candidate for the answers as the rows of the report; the first of them, in which every member
  stands once, are those that a page shows;
- the *shuffled maps*: the rows in use once every column is shuffled, age and type of practice among
  all the doctors, the other questions among those who were asked.  Nothing links the answers of a
  shuffled table but the fact that a question was asked or not (a permutation test of the whole
  map: Edgington and Onghena, 2007);
- the maps of *fewer variables*: without the questions of one group, or of one group alone.

References
----------
Edgington, E. S. and Onghena, P. (2007). Randomization Tests, 4th edition. Chapman and Hall/CRC.
doi:10.1201/9781420011814
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from analysis.reconstruction import bounds
from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.quadrants import NON_USERS, VARIABLES, code, holding, place
from analysis.statistics import mca
from analysis.survey import GROUPS, Group, levels, load
from analysis.survey.respondents import per_table

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

COMMON = ("age", "practice_type")
"""The variables that every doctor answered."""
SHIFTS = 5
"""Each users' member is joined with this many of the non-users'."""
N_SHUFFLES = 500
_SEED = 20200131
_MOST_SHUFFLED = 1000
"""With more doctors, tables are drawn sooner by their counts (`deal`) than row by row."""
_SHUFFLED = (2.5, 97.5)
"""Percentiles of the shuffled eigenvalues."""
_MOST = (5, 95)
"""Percentiles of the places where the rebuilt maps put a category: nine in ten are between them."""


@dataclass(frozen=True, eq=False)
class Map:
    """The map of a table of answers, and those that show what it rests on.

    Attributes
    ----------
    rows : DataFrame of str or of Categoricals
        `VARIABLES` and ``uses_dmp``, an empty cell where there is no answer.
    """

    rows: pd.DataFrame = field(repr=False)

    @cached_property
    def analysis(self) -> mca.MCA:
        """The analysis on five axes, with ``uses_dmp`` as a supplementary variable."""
        coded = _coded(self.rows, (*VARIABLES, "uses_dmp"))
        return mca.fit(coded, 5, supplementary=["uses_dmp"])

    @cached_property
    def _sign(self) -> FloatArray:
        """What puts the users on the left; the second axis has the sign that R gives it."""
        return np.array([np.sign(self.analysis.categories.coordinates.loc[NON_USERS, 1]), 1.0])

    @cached_property
    def categories(self) -> pd.DataFrame:
        """The categories, a row each, indexed by variable and category.

        ``n``, its doctors; ``x`` and ``y``, its coordinates on axes 1 and 2, users on the left;
        ``contribution_1`` and ``contribution_2`` to both axes, in percent; ``contribution`` to
        their plane; ``cos2_1`` and ``cos2_2``; ``v_1`` and ``v_2``, its v-tests.
        """
        analysis, found, axes = self.analysis, self.analysis.categories, [1, 2]
        contributions, cos2 = found.contributions[axes], found.cos2[axes]
        plane, v_tests = found.coordinates[axes] * self._sign, found.v_tests[axes] * self._sign
        measures = [contributions.add_prefix("contribution_"), cos2.add_prefix("cos2_")]
        measures += [v_tests.add_prefix("v_"), plane.set_axis(["x", "y"], axis=1)]
        return pd.concat(measures, axis=1).assign(
            n=analysis.profiles.category_counts.astype(np.intp),
            contribution=contributions
            @ (analysis.eigenvalues[:2] / analysis.eigenvalues[:2].sum()),
        )

    @cached_property
    def doctors(self) -> pd.DataFrame:
        """The distinct sets of answers of each group: ``uses_dmp``, ``x``, ``y`` and ``n``."""
        return self.gather(self.analysis, self._sign)

    def gather(self, analysis: mca.MCA, sign: FloatArray | float = 1) -> pd.DataFrame:
        """Count the doctors of each group at each place of the plane of an analysis."""
        plane = (analysis.rows.coordinates[[1, 2]] * sign).set_axis(["x", "y"], axis=1)
        placed = plane.round(9).assign(uses_dmp=self.rows["uses_dmp"].to_numpy())
        return placed.groupby(["uses_dmp", "x", "y"]).size().rename("n").reset_index()

    @property
    def mean_contribution(self) -> float:
        """What a category would contribute if all did alike, in percent."""
        return 100 / len(self.categories)

    @cached_property
    def fewer_variables(self) -> dict[str, mca.MCA]:
        """The analyses without some of the variables or some of the doctors.

        ``common``: age and type of practice of every doctor; ``users`` and ``non_users``: the
        variables of a group within it.
        """
        coded = _coded(self.rows, (*COMMON, "uses_dmp"))
        found = {"common": mca.fit(coded, n_axes=2, supplementary=["uses_dmp"])}
        asked: dict[Group, tuple[str, ...]] = {"users": VARIABLES[2:4], "non_users": VARIABLES[4:]}
        for group, own in asked.items():
            members = self.rows.loc[self.rows["uses_dmp"] == GROUPS[group]]
            found[group] = mca.fit(_coded(members, (*COMMON, *own)), n_axes=2)
        return found

    @cached_property
    def shuffled_eigenvalues(self) -> FloatArray:
        """The eigenvalues once nothing but the questions asked links the answers.

        In decreasing order, of shape (N_SHUFFLES, axes).
        """
        profiles = self.analysis.profiles
        codes, sizes = profiles.codes[profiles.inverse], profiles.n_categories
        users = (self.rows["uses_dmp"] == "oui").to_numpy()
        if len(codes) <= _MOST_SHUFFLED:
            tables = mca.burt_tables(shuffle(codes, users, N_SHUFFLES), sizes)
        else:
            dealt = deal(codes, sizes, users, N_SHUFFLES)
            tables = np.array([mca.burt_table(counts) for counts in dealt])
        return mca.fit_burt_tables(tables, len(sizes))[0]

    @cached_property
    def shuffled_bounds(self) -> FloatArray:
        """The ends between which 95 in 100 of the shuffled eigenvalues are, shape (2, axes)."""
        ends: FloatArray = np.percentile(self.shuffled_eigenvalues, _SHUFFLED, axis=0)
        return ends

    @cached_property
    def readings(self) -> pd.DataFrame:
        """What the thesis reads in the quadrants, and where it is on the map (`place`)."""
        return place(self.rows)

    @cached_property
    def shown_planes(self) -> FloatArray:
        """The plane of each rebuilt map that a page shows, its second axis in the sense of ours.

        An axis has no sign of its own: the second one has that by which it goes with that of these
        rows, the categories weighing as much as they have doctors.  No axis is turned otherwise:
        where a table has another second axis, its categories move, and this is to be seen.

        Of shape (tables, categories, 2); the categories are those of `rebuilt_maps`.
        """
        rebuilt = rebuilt_maps()
        planes = rebuilt.coordinates[: len(rebuilt.coordinates) // SHIFTS, :, :2].copy()
        own = self.categories["y"].reindex(rebuilt.index).fillna(0).to_numpy()
        planes[:, :, 1] *= np.where(planes[:, :, 1] @ (rebuilt.counts * own) < 0, -1, 1)[:, None]
        return planes


@per_table
def map_in_use() -> Map:
    """Map the respondents in use.

    Examples
    --------
    >>> categories = map_in_use().categories
    >>> bool(categories.loc[("purpose", "creation"), "x"] < 0)
    True
    """
    return Map(load())


@dataclass(frozen=True)
class RebuiltMaps:
    """The maps of the joined members of the ensembles.

    Attributes
    ----------
    index : MultiIndex
        The categories, as variable and category.
    counts : ndarray of shape (categories,)
        Doctors of each category, the same in every member.
    eigenvalues : ndarray of shape (maps, axes)
    coordinates : ndarray of shape (maps, categories, 5)
        Axis 1 has the users on the left; the others have the sign that R gives them.
    """

    index: pd.MultiIndex = field(repr=False)
    counts: IntArray = field(repr=False)
    eigenvalues: FloatArray = field(repr=False)
    coordinates: FloatArray = field(repr=False)

    @cached_property
    def zones(self) -> FloatArray:
        """Where most maps put each category: the ends of it, shape (2, categories, 2)."""
        ends: FloatArray = np.percentile(self.coordinates[:, :, :2], _MOST, axis=0)
        return ends

    @cached_property
    def holds(self) -> NDArray[np.bool_]:
        """Whether each reading of the thesis holds in each map, shape (maps, readings)."""
        return holding(self.coordinates, self.index)


@cache
def rebuilt_maps() -> RebuiltMaps:
    """Analyse pairs of members of the ensembles.

    Returns
    -------
    RebuiltMaps
        In the order of `pairs`.
    """
    coded = code(stored("users"), stored("non_users"))
    of_users, of_non_users = pairs(len(coded.users), len(coded.non_users))
    codes = np.concatenate([coded.users[of_users], coded.non_users[of_non_users]], axis=1)
    tables = mca.burt_tables(codes, coded.sizes)
    eigenvalues, coordinates = mca.fit_burt_tables(tables, len(coded.sizes))
    coordinates[:, :, 0] *= np.sign(coordinates[:, coded.categories.get_loc(NON_USERS), :1])
    counts = np.diagonal(tables[0]).astype(np.intp)
    return RebuiltMaps(coded.categories, counts, eigenvalues, coordinates)


def pairs(n_users: int, n_non_users: int) -> tuple[IntArray, IntArray]:
    """Join each member of the users with `SHIFTS` members of the non-users.

    Member i goes with members i, i + s, i + 2s, … of the others, counted round, with s so chosen
    that the steps go once round.

    Parameters
    ----------
    n_users, n_non_users : int
        Members of both ensembles.

    Returns
    -------
    pair of ndarray of shape (n_users * SHIFTS,)
        Positions of the users' members, and of the non-users'.

    Examples
    --------
    >>> users, others = pairs(3, 10)
    >>> list(zip(users.tolist(), others.tolist()))[:5]
    [(0, 0), (1, 1), (2, 2), (0, 2), (1, 3)]
    """
    first = np.tile(np.arange(n_users), SHIFTS)
    shift = np.repeat(np.arange(SHIFTS), n_users) * (n_non_users // SHIFTS)
    return first, (first + shift) % n_non_users


@cache
def proved_crossings() -> pd.DataFrame:
    """Say which counts of the Burt table print determines.

    Returns
    -------
    DataFrame
        A row a pair of variables that some doctors answered both: ``cells``, the counts of their
        crossing; ``determined``, those that are proved, in each group that was asked.
    """
    rows = []
    for group, question in bounds.listed(2):
        if question.variables <= {*VARIABLES}:
            other, variable = sorted(question.variables, key=VARIABLES.index)
            is_determined = bounds.known(question, group).is_determined
            rows.append((variable, other, str(question), is_determined))
    found = pd.DataFrame(rows, columns=["variable", "other", "cell", "determined"])
    cells = found.groupby(["variable", "other", "cell"])["determined"].all()
    crossings = cells.groupby(["variable", "other"])
    return crossings.agg(cells="size", determined="sum").reset_index()


def shuffle(codes: IntArray, users: NDArray[np.bool_], n_tables: int) -> IntArray:
    """Shuffle each column of a table many times, within those who were asked.

    Parameters
    ----------
    codes : ndarray of shape (rows, variables)
        The answers to `VARIABLES`.
    users : ndarray of shape (rows,)
        Whether the row is a user's.
    n_tables : int

    Returns
    -------
    ndarray of shape (n_tables, rows, variables)
        The same for the same arguments: the seed is fixed.
    """
    random = np.random.default_rng(_SEED)
    shuffled = np.repeat(codes[None], n_tables, axis=0)
    for column, variable in enumerate(VARIABLES):
        everyone = np.ones_like(users)
        for group in [everyone] if variable in COMMON else [users, ~users]:
            shuffled[:, group, column] = random.permuted(shuffled[:, group, column], axis=1)
    return shuffled


def deal(
    codes: IntArray, sizes: Sequence[int], users: NDArray[np.bool_], n_tables: int
) -> Iterator[IntArray]:
    """Draw the counts of tables whose columns are shuffled, without their rows.

    The counts of a shuffled table have the law of a table of given margins, in which one column
    after the other is dealt out to the sets of answers so far. It takes as long for a hundred
    thousand doctors as for a thousand.

    Parameters
    ----------
    codes : ndarray of shape (rows, variables)
        The answers to `VARIABLES`.
    sizes : sequence of int
        Number of categories of each variable.
    users : ndarray of shape (rows,)
        Whether the row is a user's.
    n_tables : int

    Yields
    ------
    ndarray with an axis a variable
        Doctors of each set of answers. The same for the same arguments: the seed is fixed.
    """
    random = np.random.default_rng(_SEED)
    groups = [np.flatnonzero(each) for each in (users, ~users)]

    def count(rows: IntArray, column: int) -> IntArray:
        return np.bincount(codes[rows, column], minlength=sizes[column])

    common = [count(np.arange(len(codes)), column) for column in range(len(COMMON))]
    own = [[count(rows, column) for column in range(len(COMMON), len(sizes))] for rows in groups]
    n_common = math.prod(sizes[: len(COMMON)])
    for _ in range(n_tables):
        places, doctors = np.arange(2), np.array([len(rows) for rows in groups])
        for margin in common:
            places, doctors = _deal_out(margin, places, doctors, random)
        counts = np.zeros(math.prod(sizes), dtype=np.intp)
        for group, margins in enumerate(own):
            members = places // n_common == group
            within, of_set = places[members] % n_common, doctors[members]
            for margin in margins:
                within, of_set = _deal_out(margin, within, of_set, random)
            counts[within] += of_set
        yield counts.reshape(sizes)


def _deal_out(
    margin: IntArray, places: IntArray, doctors: IntArray, random: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Deal the answers to one question out to sets of earlier answers, some doctors each."""
    given = np.flatnonzero(margin)
    if min(len(given), len(doctors)) == 1:
        # Nothing is left to chance; SciPy is wrong where there is one row or column.
        table = np.outer(doctors, margin[given]) // doctors.sum()
    else:
        table = scipy.stats.random_table(doctors, margin[given]).rvs(random_state=random)
    reached = places[:, None] * len(margin) + given
    return reached[table > 0], table[table > 0]


def _coded(rows: pd.DataFrame, variables: tuple[str, ...]) -> pd.DataFrame:
    """Give each column its levels in the order of the survey; an empty cell is missing."""
    own = rows[list(variables)]
    return own.mask(own == "").astype({name: pd.CategoricalDtype(levels(name)) for name in own})
