"""All printed statements: sizes, Annexe VI, the body, the sample; and the rules that settle them.

Reading the statements takes seconds, because the fingerprints are among them: what was read is kept
for as long as the files have the same content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis import paths
from analysis.printed import Source
from analysis.printed.settlements import Settlement, read_settlements
from analysis.reconstruction.annexe import Clusters, read_clusters
from analysis.reconstruction.constraints import (
    FRENCH,
    Constraint,
    body,
    constraint,
    count,
    joined,
    sample,
    sizes,
)
from analysis.reconstruction.fingerprints import Fingerprint, fingerprints
from analysis.reconstruction.respondents import LEVELS, PRACTICE_AND_PLACE
from analysis.survey.schema import GROUPS, Group, levels


@dataclass(frozen=True)
class Statements:
    """Printed statements, and those of them that yield.

    Parameters
    ----------
    constraints : tuple of Constraint
        In the order in which they are read.
    settlements : tuple of Settlement
    """

    constraints: tuple[Constraint, ...]
    settlements: tuple[Settlement, ...]

    @property
    def standing(self) -> tuple[Constraint, ...]:
        """The statements that do not yield."""
        yielding = {settlement.constraint for settlement in self.settlements}
        return tuple(each for each in self.constraints if each.id not in yielding)


def read_statements(directory: Path | None = None, settled_by: Path | None = None) -> Statements:
    """Read the statements of a folder of printed tables, and a file of rules.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.
    settled_by : Path, optional
        The file of the rules; ``data/reconstruction/settlements.csv`` by default.

    Returns
    -------
    Statements

    Raises
    ------
    InputError
        A `ValueError`: a printed table or the file of the rules is missing or damaged, or Annexe VI
        contradicts itself.

    Examples
    --------
    >>> found = read_statements()
    >>> place = [each for each in found.constraints if each.id.startswith("tb2:place")]
    >>> place[0].line, place[0].statement
    ('563', 'place = groupe, non-utilisateurs : 34')
    >>> next(each.reading for each in found.settlements if each.constraint == place[0].id)
    'Les 34 médecins sont les libéraux en groupe.'
    """
    folder = directory or paths.PUBLISHED
    found = _constraints_of(folder, _digest(folder))
    return Statements(found, read_settlements([each.id for each in found], settled_by))


def standing() -> tuple[Constraint, ...]:
    """Give the statements of the project that do not yield."""
    return read_statements().standing


def _digest(folder: Path) -> bytes:
    content = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        content.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return content.digest()


@lru_cache(maxsize=4)
def _constraints_of(folder: Path, _: bytes) -> tuple[Constraint, ...]:
    # Where two conflicts are equally short, the one with the earlier statements is shown.
    of_annexe = (each for group in GROUPS for each in _annexe(group, folder))
    return (*sizes(folder), *of_annexe, *body(folder), *sample(folder))


def _annexe(group: Group, directory: Path | None) -> Iterator[Constraint]:
    clusters, tests = read_clusters(group, directory), fingerprints(group, directory=directory)
    yield from _rows_of_the_annexe(group, clusters)
    for found in tests:
        yield _p_value(found)
    test = next(found.source for found in tests if found.variable == "practice_type")
    yield from _names_of_types(group, clusters, test)


def _rows_of_the_annexe(group: Group, clusters: Clusters) -> Iterator[Constraint]:
    answer, french = GROUPS[group], FRENCH[group]
    for row in clusters.rows:
        category = {row.variable: row.category}
        yield constraint(
            f"{row.source.table}:{row.cluster}:{row.variable}:{row.category}",
            row.source.line,
            f"{row.variable} = {row.category}, {french} : {row.total}, "
            f"dont {row.count} dans la classe {row.cluster}",
            count(row.total, uses_dmp=answer, **category),
            count(row.count, uses_dmp=answer, cluster=str(row.cluster), **category),
        )
    for cluster, size in enumerate(clusters.sizes, start=1):
        sources = [row.source for row in clusters.rows if row.cluster == cluster]
        yield constraint(
            f"{sources[0].table}:{cluster}",
            joined(source.line for source in sources),
            f"classe {cluster}, {french} : {size}",
            count(size, uses_dmp=answer, cluster=str(cluster)),
        )


def _p_value(found: Fingerprint) -> Constraint:
    tables = [
        tuple(
            count(
                number,
                uses_dmp=GROUPS[found.group],
                cluster=str(cluster),
                **{found.variable: category},
            )
            for category, column in table.items()
            for cluster, number in enumerate(column, start=1)
        )
        for table in found.named
    ]
    one = "le tableau de ce p" if len(tables) == 1 else f"un des {len(tables)} tableaux de ce p"
    return Constraint(
        f"{found.source.table}:{found.variable}",
        found.source.table,
        found.source.line,
        f"{found.variable} selon la classe, {FRENCH[found.group]} : {one}",
        tuple(tables),
    )


def _names_of_types(group: Group, clusters: Clusters, test: Source) -> Iterator[Constraint]:
    """Yield what the code of a type of practice says of the place."""
    for category in LEVELS[group]["practice_type"]:
        sources = [row.source for row in clusters.rows if row.category == category] or [test]
        place = PRACTICE_AND_PLACE[category][1]
        yield constraint(
            f"{sources[0].table}:name:{category}",
            joined(source.line for source in sources),
            f"practice_type = {category}, {FRENCH[group]} : place = {place}",
            *(
                count(0, uses_dmp=GROUPS[group], practice_type=category, place=other)
                for other in levels("place")
                if other != place
            ),
        )
