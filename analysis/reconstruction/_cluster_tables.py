"""The cluster x category tables of Annexe VI, with a name for every category.

`fingerprints` finds the tables and leaves the categories that the source does not name without one.
Here they get one: a salaried type of practice is in a group or elsewhere, and nothing in the annexe
says which of the three unnamed types is which, so that each of them is tried; the two second
barriers without a name are told apart by their size only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.reconstruction.fingerprints import Fingerprint, Group, Source, fingerprints

__all__ = ["ClusterTables", "cluster_tables"]

Column = tuple[int, ...]
"""Doctors of a category, by cluster."""

_UNNAMED = "inconnu_"


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
    PublishedDataError
        If the annexe contradicts itself.

    Examples
    --------
    >>> barrier = cluster_tables("non_users")[2]
    >>> [{name: sum(column) for name, column in table.items()} for table in barrier.tables]
    [{'besoin': 4, 'aucun': 38, 'inconnu_a': 1, 'inconnu_b': 2}]
    """
    return tuple(
        ClusterTables(found.variable, found.sources[0], tuple(_named_tables(found)))
        for found in fingerprints(group, directory=directory)
    )


def _named_tables(found: Fingerprint) -> Iterator[dict[str, Column]]:
    for table in found.tables:
        columns = dict(zip(found.categories, zip(*table, strict=True), strict=True))
        unnamed = [columns.pop(name) for name in found.categories if name.startswith(_UNNAMED)]
        for names in _namings(found.variable, unnamed):
            yield columns | names


def _namings(variable: str, unnamed: list[Column]) -> list[dict[str, Column]]:
    """List the ways to name the unnamed categories, each once."""
    rising = sorted(unnamed, key=lambda column: (sum(column), column))
    if variable == "practice_type" and len(unnamed) == 3:
        namings = [
            {"groupe_salarie": group, "autre_salarie_a": larger, "autre_salarie_b": smaller}
            for smaller, larger in itertools.combinations(rising, 2)
            for group in _without(rising, smaller, larger)
        ]
        return [naming for i, naming in enumerate(namings) if naming not in namings[:i]]
    letters = "abcdefgh"
    return [
        {f"{_UNNAMED}{letter}": column for letter, column in zip(letters, rising, strict=False)}
    ]


def _without(columns: list[Column], *taken: Column) -> list[Column]:
    left = list(columns)
    for column in taken:
        left.remove(column)
    return left
