"""All the doctors of the Hérault, as counted by the departmental medical council (CDOM).

These figures of Annexe II come from outside the survey: they are read from print, and computed from
nothing. A question on age, type or place of practice may be asked about them too.

Examples
--------
>>> counted("place=autre")
(681, 1880)
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from analysis.printed import parse, read_table
from analysis.survey.question import ask
from analysis.survey.schema import levels

_LEVELS: dict[str, tuple[str, ...]] = {
    "age": levels("age"),
    "practice": (*levels("practice"), "autre"),
    "place": levels("place"),
}


@cache
def doctors(variable: str) -> pd.Series:
    """Give the doctors of the Hérault by one variable, in the survey's categories.

    The council lists no structure outside of private practice and hospital, and its places do not
    add up to its doctors. The thesis sets the doctors left over under "other"; so does this.

    Parameters
    ----------
    variable : {"age", "practice", "place"}

    Returns
    -------
    pandas.Series of int
    """
    found = _listed(variable)
    if variable == "place":
        found["autre"] = population() - found["seul"] - found["groupe"]
    return pd.Series(found, name="herault").reindex(list(_LEVELS[variable]))


@cache
def population() -> int:
    """Count the doctors of the Hérault, by their ages."""
    return sum(_listed("age").values())


@cache
def unlisted() -> int:
    """Count the doctors that the council's list of places leaves out."""
    listed = read_table("taii")
    places = listed.loc[listed["variable"] == "place", "n"]
    return population() - sum(int(parse(n).value) for n in places)


def counted(question: str) -> tuple[int, int]:
    """Count the doctors of a question on one variable, and all of them.

    Parameters
    ----------
    question : str
        As `analysis.survey.ask` reads it, on age, type or place of practice.
    """
    (condition,) = ask(question).conditions
    own = doctors(condition.variable)
    chosen = own if condition.is_any else own[list(condition.levels)]
    return int(chosen.sum()), int(own.sum())


def _listed(variable: str) -> dict[str, int]:
    listed = read_table("taii")
    own = listed.loc[listed["variable"] == variable]
    return {
        row.category: int(parse(row.n).value)
        for row in own.itertuples()
        if row.category in _LEVELS[variable]
    }
