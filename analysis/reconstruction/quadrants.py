"""The map of the whole sample, and what the thesis reads in its four quadrants.

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
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.files import Fault, InputError
from analysis.printed import PrintedRow, printed_rows
from analysis.reconstruction.respondents import PRACTICE_AND_PLACE
from analysis.statistics import mca
from analysis.statistics.profiles import MISSING
from analysis.survey.schema import levels

VARIABLES = ("age", "practice_type", "frequency", "purpose", "barrier_1", "barrier_2")
"""The columns that the map is made from."""

QUADRANTS: dict[str, str] = {
    "tc1": "upper left",
    "tc2": "lower left",
    "tc3": "upper right",
    "tc4": "lower right",
}
"""The quadrant that each table describes."""

_Category = tuple[str, str]
"""A variable and one of its levels."""

_AGE: dict[str, tuple[_Category, ...]] = {
    "≤ 29 ans": (("age", "<29"),),
    "30-39 ans": (("age", "30-39"),),
    "40-49 ans": (("age", "40-49"),),
    "≥ 70 ans": (("age", ">70"),),
    "pas interprétable": (),
}
_PLACE: dict[str, tuple[_Category, ...]] = {
    "individuel": (("place", "seul"),),
    "groupe": (("place", "groupe"),),
    "divers": (("place", "autre"),),
    "autre structure": (("place", "autre"),),
}
_PRACTICE: dict[str, tuple[_Category, ...]] = {
    "libéral": (("practice", "libéral"),),
    "salarié": (("practice", "salarié"),),
    "mixte": (("practice", "mixte"),),
}
_FREQUENCY: dict[str, tuple[_Category, ...]] = {
    "1 connexion par curiosité": (("frequency", "curiosite"),),
    "quotidienne à annuelle": tuple(
        ("frequency", level) for level in levels("frequency") if level != "curiosite"
    ),
}
_PURPOSE: dict[str, tuple[_Category, ...]] = {
    "création": (("purpose", "creation"),),
    "ajout de documents": (("purpose", "ajout"),),
    "ils ont consulté le dmp": (("purpose", "consultation"),),
}
_BARRIER: dict[str, tuple[_Category, ...]] = {
    "logiciel pas compatible": (("barrier_1", "logiciel"),),
    "ne savent pas se connecter": (("barrier_1", "manque_info_acces"),),
    "ne sont pas équipés": (("barrier_1", "equipement"),),
    "n’ont pas le temps": (("barrier_1", "temps"),),
    # Of TC4 and of TC3; see the module's docstring.
    "n’ont pas besoin": (("barrier_1", "besoin"),),
    "n’ont pas besoin du dmp": (("barrier_2", "besoin"),),
}
_WORDS = {
    "Age": _AGE,
    "Cabinet": _PLACE,
    "Cabinets": _PLACE,
    "Type d’exercice": _PRACTICE,
    "Types d’exercice": _PRACTICE,
    "Fréquence d’utilisation": _FREQUENCY,
    "Usage du DMP": _PURPOSE,
    "Frein à l’utilisation du DMP": _BARRIER,
}
"""By the attribute of a line, the categories that each of its words means."""

_PRACTICE_TYPES: dict[str, tuple[str, ...]] = {
    "tc1": ("groupe_salarie",),
    "tc2": ("seul_liberal", "groupe_mixte"),
    "tc3": ("groupe_liberal", "autre_salarie_b"),
    "tc4": ("autre_salarie_a",),
}
"""What the lines on cabinet and type of practice mean together; see the module's docstring."""

_BETWEEN_WORDS = re.compile(r", | et ")


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
            for table_id, quadrant in QUADRANTS.items()
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
    not_asked = ("frequency", MISSING)
    if not_asked not in coordinates.index:
        raise ValueError("the map has users on the left and non-users on the right: none is one")
    found = readings()
    at = pd.MultiIndex.from_frame(found[["variable", "category"]])
    x, y = coordinates.reindex(at).to_numpy().T
    x = x * np.sign(coordinates.loc[not_asked, 1])
    side = np.where(x < 0, "left", "right")
    computed = np.where(y > 0, "upper ", "lower ") + side.astype(object)
    computed = np.where(np.isnan(x), "", computed)
    return found.assign(x=x, y=y, computed=computed, holds=computed == found["quadrant"])


def _read(table_id: str, directory: Path | None) -> Iterator[tuple[str, str, str]]:
    """Yield line, variable and category of each reading of a table."""
    of_practice: list[tuple[str, _Category]] = []
    for row in printed_rows(table_id, directory):
        for variable, category in _categories(row):
            if variable in ("place", "practice"):
                of_practice.append((row["line"], (variable, category)))
            else:
                yield row["line"], variable, category
        if row["attribute"].startswith("Type"):
            yield from _practice_types(row.path, of_practice)


def _categories(row: PrintedRow) -> Iterator[_Category]:
    if row["attribute"] not in _WORDS:
        raise row.fault(f"the attribute is one of {', '.join(_WORDS)}", "attribute")
    known = _WORDS[row["attribute"]]
    for word in _BETWEEN_WORDS.split(row["categories"].removesuffix(".").lower()):
        if word.strip() not in known:
            raise row.fault(f"{word.strip()!r} is no category that is known", "categories")
        yield from known[word.strip()]


def _practice_types(
    path: Path, printed: list[tuple[str, _Category]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the practice types of a table, which between them have all its printed words."""
    names = _PRACTICE_TYPES[path.stem]
    lines = "-".join(dict.fromkeys(line for line, _ in printed))
    meant = {
        pair
        for name in names
        for pair in zip(("practice", "place"), PRACTICE_AND_PLACE[name], strict=True)
    }
    if meant != {category for _, category in printed}:
        means = f"cabinet and type of practice are those of {', '.join(names)}"
        raise InputError([Fault(path, f"{means} (source, lines {lines})")])
    for name in names:
        yield lines, "practice_type", name
