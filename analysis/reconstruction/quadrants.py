"""The map of the whole sample, what the thesis reads in its quadrants, and the pair so chosen.

Concept
-------
The thesis draws one multiple correspondence analysis of its 100 doctors (chapter IV.C).  The map is
not printed in numbers: what is left of it are four lists, one a quadrant, of the categories that
the author saw there (TC1 to TC4).  They constrain the answers weakly, and nothing in the search
was driven by them, so that they can tell rebuilt rows apart: a *reading* holds where the category
lies in its quadrant on the map of these rows.

The analysis has the columns that were clustered: age, practice type, frequency and purpose of use,
first and second barrier (L744-750; R's ``Frein1`` and ``Frein2`` are in the legend, L792).  A
question that was put to one group only is a missing cell for the other, which FactoMineR makes a
category.  These categories of the absent, four of them, set users and non-users apart: they are
axis 1, as in the titles of the quadrants, where users are on the left.

Axis 2 has the sign that FactoMineR gives it (`analysis.statistics.mca`), and axis 1 the one that
puts the non-users on the right, which on rows of the ensembles is FactoMineR's too: neither rule
looks at the readings.

From words to categories
------------------------
A reading names a category as a questionnaire would, and most words mean one category.  The others:

- Cabinet and type of practice are printed on two lines and were analysed as one variable.  A
  category has one place, which leaves one way for all the words of the four quadrants to be met:
  TC1 can only be ``groupe_salarie``; of TC3, ``Groupe`` and ``Libéral`` then are
  ``groupe_liberal``; hence the group of TC2 is of mixed practice, and its ``individuel`` and
  ``Libéral`` are ``seul_liberal``.  Whether the one doctor of
  ``cabinet_solo_mixte`` is in TC2 as well cannot be told, and he is no reading.
- ``divers`` (TC3) and ``Autre structure`` (TC4) are the two salaried types of another place. Their
  codes are ours, the larger is ``autre_salarie_a``, and nothing printed says which is which: TC3 is
  taken for the smaller, because almost no pair of the ensembles has the larger there.
- ``besoin`` is read in TC3 and TC4, as a first and as a second barrier.  Annexe VI puts the first
  barriers ``besoin`` and ``temps`` in one cluster (L3212, L3214), and the second barrier ``besoin``
  with the first one ``logiciel`` in another (L3262, L3264); TC4 names need with time, TC3 with
  software.
- ``Pas interprétable`` (L863) is no reading, nor is that 50-59 and 60-69 lie on an axis (L873).

The canonical pair
------------------
Print does not determine the answers: each group has an ensemble of tables that all have the printed
margins and clusters (`ensemble`), and any one of the users goes with any one of the non-users.  One
pair has to be shown, and is chosen by a rule and not by taste:

1. Only members that suggest the printed number of clusters are taken, if a group has at least 20 of
   them: on them R finds the printed partition with nothing but its defaults.
2. Of their pairs, those are kept on whose map of the whole sample most of the thesis's readings
   hold.  The map is the only printed result that ties users to non-users, and the
   search never looked at it.
3. Of these, the most central pair is taken: the least sum of the mean distances of the two members
   to the others of their ensemble.  Of several, the first one.

Correspondence analysis needs the counts of each two categories only (the *Burt table*), and that of
a pair of members is the sum of those of its two members (`analysis.statistics.mca`).  The axes are
turned as in `place`, which decides in the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.files import Fault, InputError
from analysis.printed import PrintedRow, printed_rows
from analysis.reconstruction.ensemble import Ensemble
from analysis.statistics import mca
from analysis.statistics.profiles import MISSING, code_column
from analysis.survey.question import ask
from analysis.survey.schema import PRACTICE_AND_PLACE, Group, levels

VARIABLES = ("age", "practice_type", "frequency", "purpose", "barrier_1", "barrier_2")
"""The columns that the map is made from."""

QUADRANTS = {
    "tc1": ("upper left", ("groupe_salarie",)),
    "tc2": ("lower left", ("seul_liberal", "groupe_mixte")),
    "tc3": ("upper right", ("groupe_liberal", "autre_salarie_b")),
    "tc4": ("lower right", ("autre_salarie_a",)),
}
"""The quadrant that each table describes, and the practice types that its lines on cabinet and type
of practice mean together; see the module's docstring."""

NON_USERS = ("frequency", MISSING)
"""The non-users, as a category: they are on the right of the map."""

FEWEST_SUGGESTING = 20
"""From this many members on, those that suggest the printed number of clusters are preferred."""

_PLACE = {
    "individuel": "place=seul",
    "groupe": "place=groupe",
    "divers": "place=autre",
    "autre structure": "place=autre",
}
_PRACTICE = {word: f"practice={word}" for word in levels("practice")}
_WORDS = {
    "Age": {
        "≤ 29 ans": "age=<29",
        "30-39 ans": "age=30-39",
        "40-49 ans": "age=40-49",
        "≥ 70 ans": "age=>70",
        "pas interprétable": "",
    },
    "Cabinet": _PLACE,
    "Cabinets": _PLACE,
    "Type d’exercice": _PRACTICE,
    "Types d’exercice": _PRACTICE,
    "Fréquence d’utilisation": {
        "1 connexion par curiosité": "frequency=curiosite",
        "quotidienne à annuelle": "frequency!=curiosite",
    },
    "Usage du DMP": {
        "création": "purpose=creation",
        "ajout de documents": "purpose=ajout",
        "ils ont consulté le dmp": "purpose=consultation",
    },
    "Frein à l’utilisation du DMP": {
        "logiciel pas compatible": "barrier_1=logiciel",
        "ne savent pas se connecter": "barrier_1=manque_info_acces",
        "ne sont pas équipés": "barrier_1=equipement",
        "n’ont pas le temps": "barrier_1=temps",
        # Of TC4 and of TC3; see the module's docstring.
        "n’ont pas besoin": "barrier_1=besoin",
        "n’ont pas besoin du dmp": "barrier_2=besoin",
    },
}
"""By the attribute of a line, the answers that each of its words means."""

_BETWEEN_WORDS = re.compile(r", | et ")
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class CodedEnsembles:
    """The members of both ensembles, on the variables of the map of the whole sample.

    Attributes
    ----------
    categories : MultiIndex
        Variable and category of each category that some member has, in display order.
    sizes : tuple of int
        Categories of each variable.
    users, non_users : ndarray of shape (members, doctors, variables)
        Position of each answer among the categories of its variable.
    """

    categories: pd.MultiIndex = field(repr=False)
    sizes: tuple[int, ...]
    users: IntArray = field(repr=False)
    non_users: IntArray = field(repr=False)


@dataclass(frozen=True)
class CanonicalPair:
    """The pair of the rule, and what it was chosen from.

    Attributes
    ----------
    positions : dict of str to int
        By group, the place of the canonical member in its ensemble, from 0.
    holding : ndarray of shape (users, non-users)
        Readings that hold on the map of each pair of members.
    rows : dict of str to DataFrame
        By group, the rows of the canonical member.
    """

    positions: dict[Group, int]
    holding: IntArray = field(repr=False, compare=False)
    rows: dict[Group, pd.DataFrame] = field(repr=False, compare=False)

    @property
    def n_holding(self) -> int:
        """Readings that hold on the map of the canonical pair."""
        return int(self.holding[self.positions["users"], self.positions["non_users"]])


def readings(directory: Path | None = None) -> pd.DataFrame:
    """Read the categories that the thesis sees in each quadrant.

    Parameters
    ----------
    directory : Path, optional
        The folder of the printed tables.

    Returns
    -------
    DataFrame
        A row a category, in the order of print: ``table``, id of the printed table; ``line``, of
        the source, or the first and the last; ``variable`` and ``category``, codes of the
        respondents table; ``quadrant``, one of ``upper left``, ``lower left``, ``upper right`` and
        ``lower right``.

    Raises
    ------
    InputError
        If a printed word is not known, or the practice types are not those of the two lines.

    Examples
    --------
    >>> found = readings()
    >>> len(found)
    24
    >>> found.loc[found["table"] == "tc4", ["line", "variable", "category", "quadrant"]]
           line       variable         category     quadrant
    21  865-867  practice_type  autre_salarie_a  lower right
    22      869      barrier_1            temps  lower right
    23      869      barrier_1           besoin  lower right
    """
    return pd.DataFrame(
        [
            (table_id, line, variable, category, quadrant)
            for table_id, (quadrant, _) in QUADRANTS.items()
            for line, variable, category in _read(table_id, directory)
        ],
        columns=["table", "line", "variable", "category", "quadrant"],
    )


def whole_sample(rows: pd.DataFrame) -> mca.MCA:
    """Analyse users and non-users together, as on the map of the thesis.

    Parameters
    ----------
    rows : DataFrame of str
        A respondents table, an empty cell where there is no answer.

    Returns
    -------
    MCA
        On two axes; a question that was not asked is the category ``(missing)``.

    Raises
    ------
    ValueError
        If a variable has one answer only.

    Examples
    --------
    >>> from analysis.survey import load
    >>> whole_sample(load()).n_axes
    2
    """
    answers = rows[list(VARIABLES)]
    return mca.fit(answers.where(answers != "", None), n_axes=2)


def place(rows: pd.DataFrame) -> pd.DataFrame:
    """Look each reading up on the map of these rows.

    Parameters
    ----------
    rows : DataFrame of str
        A respondents table, an empty cell where there is no answer.

    Returns
    -------
    DataFrame
        `readings` and: ``x`` and ``y``, principal coordinates of the category on axes 1 and 2, NaN
        where no doctor has it; ``computed``, the quadrant where it lies, empty where no doctor has
        it; ``holds``, whether that is the printed one.

    Raises
    ------
    ValueError
        If a variable has one answer only, or there is no non-user.

    Examples
    --------
    >>> from analysis.survey import load
    >>> place(load()).loc[0, ["category", "quadrant", "computed"]].tolist()[:2]
    ['30-39', 'upper left']
    """
    coordinates = whole_sample(rows).categories.coordinates
    if NON_USERS not in coordinates.index:
        raise ValueError("the map has users on the left and non-users on the right: none is one")
    found = readings()
    at = pd.MultiIndex.from_frame(found[["variable", "category"]])
    x, y = coordinates.reindex(at).to_numpy().T
    x = x * np.sign(coordinates.loc[NON_USERS, 1])
    side = np.where(x < 0, "left", "right")
    height = np.where(y > 0, "upper ", "lower ")
    computed = np.where(np.isnan(x), "", height + side.astype(object))
    return found.assign(x=x, y=y, computed=computed, holds=computed == found["quadrant"])


def choose(ensembles: Mapping[Group, Ensemble]) -> CanonicalPair:
    """Choose the canonical pair by the rule of the module.

    Parameters
    ----------
    ensembles : mapping of group to Ensemble

    Returns
    -------
    CanonicalPair

    Examples
    --------
    >>> from analysis.reconstruction.ensemble import Ensemble, stored
    >>> from analysis.survey import GROUPS
    >>> few = {group: Ensemble(group, stored(group).members[:4]) for group in GROUPS}
    >>> chosen = choose(few)
    >>> chosen.n_holding == int(chosen.holding.max())
    True
    """
    users, non_users = ensembles["users"], ensembles["non_users"]
    held = held_by_pair(users, non_users)
    eligible = [
        each.suggesting if len(each.suggesting) >= FEWEST_SUGGESTING else tuple(range(len(each)))
        for each in (users, non_users)
    ]
    # Whole numbers in the order of the sums of the means: no tie hangs on a rounding.
    sums = np.add.outer(
        users.distances.sum(axis=1) * max(len(non_users) - 1, 1),
        non_users.distances.sum(axis=1) * max(len(users) - 1, 1),
    )
    found, own = held[np.ix_(*eligible)], sums[np.ix_(*eligible)]
    central = np.argmin(np.where(found == found.max(), own, own.max() + 1))
    places = zip(eligible, np.unravel_index(central, found.shape), strict=True)
    one, other = (members[place] for members, place in places)
    return CanonicalPair(
        {"users": one, "non_users": other},
        held,
        {"users": users.members[one].rows, "non_users": non_users.members[other].rows},
    )


def held_by_pair(users: Ensemble, non_users: Ensemble) -> IntArray:
    """Count the readings that hold on the map of each pair of members.

    Parameters
    ----------
    users, non_users : Ensemble

    Returns
    -------
    ndarray of shape (users, non-users)
        From 0 to the number of readings.

    Examples
    --------
    >>> from analysis.reconstruction.ensemble import Ensemble, stored
    >>> from analysis.survey import GROUPS
    >>> one, two = (Ensemble(group, stored(group).members[:3]) for group in GROUPS)
    >>> held_by_pair(one, two).shape
    (3, 3)
    """
    coded = code(users, non_users)
    of_users, of_non_users = (
        mca.burt_tables(each, coded.sizes) for each in (coded.users, coded.non_users)
    )
    maps = [mca.fit_burt_tables(table + of_non_users, len(VARIABLES), 2)[1] for table in of_users]
    held: IntArray = holding(np.concatenate(maps), coded.categories).sum(axis=1)
    return held.reshape(len(users), len(non_users))


def holding(coordinates: NDArray[np.float64], categories: pd.MultiIndex) -> NDArray[np.bool_]:
    """Say which readings hold on each of many maps.

    Parameters
    ----------
    coordinates : ndarray of shape (maps, categories, axes)
        Of the categories on axes 1 and 2, in whatever direction; NaN where no doctor has one.
    categories : MultiIndex
        Variable and category of each.

    Returns
    -------
    ndarray of shape (maps, readings)
    """
    found = readings()
    # That is -1 for a category that no map has, as one that a map does not have is NaN.
    at = categories.get_indexer(pd.MultiIndex.from_frame(found[["variable", "category"]]))
    on_the_right = coordinates[:, [categories.get_loc(NON_USERS)], 0]
    x, y = coordinates[:, at, 0] * np.sign(on_the_right), coordinates[:, at, 1]
    is_left = found["quadrant"].str.endswith("left").to_numpy()
    is_upper = found["quadrant"].str.startswith("upper").to_numpy()
    is_there = ~np.isnan(x) & (at >= 0)
    holds: NDArray[np.bool_] = ((x < 0) == is_left) & ((y > 0) == is_upper) & is_there
    return holds


def code(users: Ensemble, non_users: Ensemble) -> CodedEnsembles:
    """Code the members of both ensembles over the same categories.

    A question that was not put to a group is the category `MISSING` for all of it.

    Parameters
    ----------
    users, non_users : Ensemble

    Examples
    --------
    >>> from analysis.reconstruction.ensemble import stored
    >>> coded = code(stored("users"), stored("non_users"))
    >>> coded.users.shape[1:], coded.non_users.shape[1:], coded.sizes[:2]
    ((55, 6), (45, 6), (6, 7))
    """
    parts = [each.stacked.reindex(columns=list(VARIABLES)) for each in (users, non_users)]
    kinds = {name: pd.CategoricalDtype(list(levels(name))) for name in VARIABLES}
    together = pd.concat(parts, ignore_index=True).astype(kinds)
    columns = [code_column(together[name], name) for name in VARIABLES]
    codes = np.column_stack([column.codes for column in columns])
    of_users, of_non_users = np.split(codes, [len(parts[0])])
    listed = [(each.name, category) for each in columns for category in each.categories]
    return CodedEnsembles(
        pd.MultiIndex.from_tuples(listed, names=["variable", "category"]),
        tuple(len(column.categories) for column in columns),
        of_users.reshape(len(users), -1, len(VARIABLES)),
        of_non_users.reshape(len(non_users), -1, len(VARIABLES)),
    )


def _read(table_id: str, directory: Path | None) -> Iterator[tuple[str, str, str]]:
    """Yield line, variable and category of each reading of a table."""
    of_practice: list[tuple[str, str]] = []
    for row in printed_rows(table_id, directory):
        for variable, level in _answers(row):
            if variable in ("place", "practice"):
                of_practice.append((row["line"], level))
            else:
                yield row["line"], variable, level
        if row["attribute"].startswith("Type"):
            # The practice types of a table have, between them, all the words of both lines.
            _, names = QUADRANTS[table_id]
            lines = "-".join(dict.fromkeys(line for line, _ in of_practice))
            meant = {answer for name in names for answer in PRACTICE_AND_PLACE[name]}
            if meant != {level for _, level in of_practice}:
                means = f"cabinet and type of practice are those of {', '.join(names)}"
                raise InputError([Fault(row.path, f"{means} (source, lines {lines})")])
            yield from ((lines, "practice_type", name) for name in names)


def _answers(row: PrintedRow) -> Iterator[tuple[str, str]]:
    if row["attribute"] not in _WORDS:
        raise row.fault(f"the attribute is one of {', '.join(_WORDS)}", "attribute")
    known = _WORDS[row["attribute"]]
    for word in map(str.strip, _BETWEEN_WORDS.split(row["categories"].removesuffix(".").lower())):
        if word not in known:
            raise row.fault(f"{word!r} is no category that is known", "categories")
        for condition in ask(known[word]).conditions:
            yield from ((condition.variable, level) for level in condition.levels)
