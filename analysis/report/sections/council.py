"""Annexe II: the doctors of the Hérault, as counted by the departmental medical council (CDOM).

These figures come from outside the survey. They are the one input of the report that is read from
print and computed from nothing.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from analysis.printed import parse, read_table
from analysis.report.labels import LEVELS
from analysis.report.register import registered
from analysis.report.show.french import Text, count, percent
from analysis.report.show.tables import Cell, Row, Table, percent_cell
from analysis.survey import ask

_GROUPS = {"age": "Âge", "practice": "Type d’exercice", "place": "Lieu d’exercice"}


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

    Examples
    --------
    >>> int(doctors("place")["autre"])
    681
    """
    listed = read_table("taii")
    own = listed.loc[listed["variable"] == variable]
    counted = {
        row.category: int(parse(row.n).value)
        for row in own.itertuples()
        if row.category in LEVELS[variable]
    }
    if variable == "place":
        counted["autre"] = population() - counted["seul"] - counted["groupe"]
    return pd.Series(counted, name="herault").reindex(list(LEVELS[variable]))


@cache
def population() -> int:
    """Count the doctors of the Hérault, by their ages."""
    listed = read_table("taii")
    return sum(int(parse(n).value) for n in listed.loc[listed["variable"] == "age", "n"])


def _counted(question: str) -> tuple[int, int]:
    """Count the doctors of a question on one variable, and all of its doctors."""
    (condition,) = ask(question).conditions
    own = doctors(condition.variable)
    return int(own[list(condition.levels)].sum()), int(own.sum())


def n(question: str = "age") -> Text:
    """Count the doctors of the Hérault, those of a question on age, type or place of practice.

    Examples
    --------
    >>> n("place=autre")
    '681'
    """
    return count(_counted(question)[0])


def share(question: str, decimals: int = 1) -> Text:
    """Give their share of the doctors of the Hérault, in percent."""
    return percent(*_counted(question), decimals)


def sampled(question: str) -> Text:
    """Give the share of the doctors of a category who answered the survey, in percent."""
    return percent(ask(question).count(), _counted(question)[0])


def places() -> int:
    """Count the doctors whose place the council lists."""
    listed = read_table("taii")
    return sum(int(parse(n).value) for n in listed.loc[listed["variable"] == "place", "n"])


def unaccounted() -> int:
    """Count the doctors that the council's list of places leaves out."""
    return population() - places()


@registered
def taii() -> Table:
    """Set out the council's figures, with the share that each makes."""
    listed = read_table("taii")
    rows: list[Row] = []
    for variable, group in _GROUPS.items():
        own = listed.loc[listed["variable"] == variable]
        total = sum(int(parse(n).value) for n in own["n"])
        rows.append(Row(group, opens_group=True))
        for row in own.itertuples():
            number = int(parse(row.n).value)
            # Several of the council's places make up the survey's one "other": its own words stay.
            shared = row.category == "autre" and variable == "place"
            name = str(row.label).capitalize() if shared else LEVELS[variable][row.category]
            rows.append(Row(name, (Cell(count(number)), percent_cell(number, total, decimals=1))))
        rows.append(Row("Total", (Cell(count(total)), percent_cell(total, total, decimals=1))))
    note = "Effectifs transcrits de la thèse ; totaux et parts calculés ici."
    return Table("taii", ("", "Médecins", "Part"), tuple(rows), note)
