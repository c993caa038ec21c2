"""The cluster x category tables of Annexe VI, with a name for every category.

`fingerprints` finds the tables and gives the categories that the source does not name a letter, the
largest first. For a second barrier this is its name. Of a type of practice more is known: it is
salaried, in a group or elsewhere, and nothing in the annexe says which of the three unnamed types
is which, so that each of them is tried; of the two that are elsewhere, the larger comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.reconstruction._printed_rows import Source
from analysis.reconstruction.fingerprints import Fingerprint, fingerprints
from analysis.reconstruction.respondents import is_named
from analysis.survey.schema import Group

Column = tuple[int, ...]
"""Doctors of a category, by cluster."""


@dataclass(frozen=True)
class ClusterTables:
    """The tables of clusters by categories that have one printed p-value.

    Parameters
    ----------
    variable : str
        Column of the respondents table.
    source : Source
        Where the p-value is printed.
    tables : tuple of dict of str to tuple of int
        In each, by category, its doctors in each cluster.
    """

    variable: str
    source: Source
    tables: tuple[dict[str, Column], ...]


def cluster_tables(group: Group, directory: Path | None = None) -> tuple[ClusterTables, ...]:
    """Find the cluster x category tables of a group.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        Folder of the printed tables.

    Returns
    -------
    tuple of ClusterTables
        In the order of the annexe.

    Raises
    ------
    InputError
        If the annexe contradicts itself.

    Examples
    --------
    >>> barrier = cluster_tables("non_users")[2]
    >>> [{name: sum(column) for name, column in table.items()} for table in barrier.tables]
    [{'aucun': 38, 'besoin': 4, 'inconnu_a': 2, 'inconnu_b': 1}]
    """
    return tuple(
        ClusterTables(found.variable, found.sources[0], tuple(_named_tables(found)))
        for found in fingerprints(group, directory=directory)
    )


def _named_tables(found: Fingerprint) -> Iterator[dict[str, Column]]:
    for table in found.tables:
        columns = dict(zip(found.categories, zip(*table, strict=True), strict=True))
        unnamed = [column for name, column in columns.items() if not is_named(name)]
        if found.variable != "practice_type" or len(unnamed) != 3:
            yield columns
            continue
        named = {name: column for name, column in columns.items() if is_named(name)}
        for practice_types in _practice_types(unnamed):
            yield named | practice_types


def _practice_types(unnamed: list[Column]) -> list[dict[str, Column]]:
    """List the ways to name the unnamed practice types, each once."""
    falling = sorted(unnamed, key=lambda column: (sum(column), column), reverse=True)
    ways = [
        {"groupe_salarie": group, "autre_salarie_a": larger, "autre_salarie_b": smaller}
        for group, larger, smaller in (
            (falling[taken], *(falling[:taken] + falling[taken + 1 :])) for taken in range(3)
        )
    ]
    return [way for position, way in enumerate(ways) if way not in ways[:position]]
