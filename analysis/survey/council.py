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


@cache
def doctors(variable: str, place: str | None = "autre") -> pd.Series:
    """Give the doctors of the Hérault by one variable, in the survey's categories.

    The council lists no structure outside of private practice and hospital, and its places do not
    add up to its doctors. The thesis sets the doctors left over under "other"; so does this.

    Parameters
    ----------
    variable : {"age", "practice", "place"}
    place : {"seul", "groupe", "autre"}, optional
        Where the doctors left over are supposed to practise; None to leave them out.

    Returns
    -------
    pandas.Series of int
    """
    found = _listed(variable)
    if variable == "place" and place:
        found[place] += unlisted()
    ordered = pd.Index(levels(variable)).union(found.index, sort=False)
    return found.reindex(ordered).rename("herault")


@cache
def population() -> int:
    """Count the doctors of the Hérault, by their ages."""
    return int(_listed("age").sum())


@cache
def unlisted() -> int:
    """Count the doctors that the council's list of places leaves out."""
    return population() - int(_listed("place").sum())


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


def _listed(variable: str) -> pd.Series:
    """Count the doctors on the council's list by category; several lines may be of one."""
    listed = read_table("taii")
    own = listed[listed["variable"] == variable]
    return own["n"].map(lambda n: int(parse(n).value)).groupby(own["category"]).sum()
