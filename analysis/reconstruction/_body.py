"""What the body of the thesis prints about the categories that Annexe VI is about.

Annexe VI lists a category only in the clusters that it marks; a category that marks none is not
there at all. The tables of chapter IV print how many doctors have it, and are read here as
*statements*: a variable, a category, a count, the line where it stands.

The clustering codes type and place of practice together (``groupe_liberal``), the body counts them
apart. The joint counts follow where the listed types leave one type or one place only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.printed import PublishedDataError, parse_all, read_table
from analysis.survey.schema import levels

__all__ = [
    "LEVELS",
    "PRACTICE_TYPES",
    "Group",
    "Source",
    "Statement",
    "group_size",
    "joint_practice_types",
    "read_statements",
]

Group = Literal["users", "non_users"]
"""The two groups that were clustered apart."""

PRACTICE_TYPES: dict[str, tuple[str, str]] = {
    "seul_liberal": ("libéral", "seul"),
    "groupe_liberal": ("libéral", "groupe"),
    "cabinet_solo_mixte": ("mixte", "seul"),
    "groupe_mixte": ("mixte", "groupe"),
    "groupe_salarie": ("salarié", "groupe"),
}
"""Type and place of practice together, as coded for the clustering."""

LEVELS: dict[str, tuple[str, ...]] = {
    "age": levels("age"),
    "practice_type": tuple(PRACTICE_TYPES),
    "purpose": levels("purpose"),
    "frequency": levels("frequency"),
    "barrier_1": levels("barrier_1"),
    "barrier_2": (*levels("barrier_1"), "aucun"),
}
"""Named levels of the clustered variables, in document order."""


@dataclass(frozen=True)
class Source:
    """Where something is printed.

    Attributes
    ----------
    table : str
        Id of the published table.
    line : str
        Line of the source text, or the first and the last one.
    """

    table: str
    line: str


@dataclass(frozen=True)
class Statement:
    """A printed count of doctors.

    Attributes
    ----------
    variable, category : str
        Codes of the respondents table; the barriers are those of `barrier_1`.
    count : int
        Doctors of the group.
    source : Source
        Where it is printed.
    """

    variable: str
    category: str
    count: int
    source: Source


def read_statements(group: Group, directory: Path | None = None) -> tuple[Statement, ...]:
    """Read the counts that the body prints, by category.

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables.

    Returns
    -------
    tuple of Statement
        Several about one category where it is printed more than once.

    Examples
    --------
    >>> [(s.count, s.source) for s in read_statements("non_users") if s.category == "temps"]
    [(4, Source(table='tb2', line='577')), (4, Source(table='tc0', line='802'))]
    """
    found = [
        Statement(row.variable, row.category, _first(getattr(row, group)), Source("tb3", row.line))
        for row in read_table("tb3", directory=directory).itertuples()
    ]
    if group == "users":
        for table_id, variable, column in (
            ("tb1a", "frequency", "n"),
            ("tb1b", "purpose", "n"),
            ("tb1c", "age", "total"),
            ("tb1d", "frequency", "total"),
        ):
            found += _column(table_id, variable, column, directory)
        found += _total_row("tb1c", "frequency", directory)
        found += _total_row("tb1d", "purpose", directory)
    else:
        for row in read_table("tb2", directory=directory).itertuples():
            if row.category and row.list in {"practice", "place", "barrier"}:
                variable = "barrier_1" if row.list == "barrier" else row.list
                source = Source("tb2", row.line)
                found.append(Statement(variable, row.category, _first(row.n), source))
        found += _column("tc0", "barrier_1", "n", directory)
    return tuple(found)


def group_size(group: Group, directory: Path | None = None) -> int:
    """Add up the doctors of a group, by age, by type and by place (TB3).

    Parameters
    ----------
    group : {"users", "non_users"}
    directory : Path, optional
        The folder of the printed tables.

    Returns
    -------
    int

    Raises
    ------
    PublishedDataError
        If the three sums are not one number.

    Examples
    --------
    >>> group_size("users"), group_size("non_users")
    (55, 45)
    """
    table = read_table("tb3", directory=directory)
    counts = table[group].map(_first)
    sums = counts.groupby(table["variable"], sort=False).sum().to_dict()
    ((size, _),) = Counter(sums.values()).most_common(1)
    for variable, total in sums.items():
        if total != size:
            first = int(table.index[table["variable"] == variable][0])
            others = ", ".join(f"{name} {other}" for name, other in sums.items())
            raise PublishedDataError(
                "tb3.csv",
                f"the counts of each variable have one sum; they have {others} "
                f"(source, from line {table.loc[first, 'line']})",
                row=first + 2,
                column=group,
            )
    return int(size)


def joint_practice_types(
    listed: Mapping[str, int], statements: tuple[Statement, ...]
) -> dict[str, int]:
    """Find the counts of the practice types that are not listed, where print determines them.

    Parameters
    ----------
    listed : mapping of str to int
        The practice types whose count is known.
    statements : tuple of Statement
        With those on ``practice`` and ``place``; the first on a category counts.

    Returns
    -------
    dict of str to int
        Count by practice type; empty where the margins leave several ways, none, or a type without
        a name.

    Examples
    --------
    Of the users, 7 are left, all in a group: 5 of mixed practice, 2 salaried. The non-users'
    places contradict the 7 who are listed as alone:

    >>> joint_practice_types(
    ...     {"seul_liberal": 11, "groupe_liberal": 36, "cabinet_solo_mixte": 1},
    ...     read_statements("users"),
    ... )
    {'groupe_mixte': 5, 'groupe_salarie': 2}
    >>> joint_practice_types(
    ...     {"seul_liberal": 7, "groupe_liberal": 34}, read_statements("non_users")
    ... )
    {}
    """
    rest: dict[str, Counter[str]] = {"practice": Counter(), "place": Counter()}
    for statement in statements:
        if statement.variable in rest and statement.category not in rest[statement.variable]:
            rest[statement.variable][statement.category] = statement.count
    for name, count in listed.items():
        practice, place = PRACTICE_TYPES[name]
        rest["practice"][practice] -= count
        rest["place"][place] -= count
    practices, places = ({k: v for k, v in counts.items() if v} for counts in rest.values())
    is_negative = any(count < 0 for count in (*practices.values(), *places.values()))
    n_left = {sum(counts.values()) for counts in (practices, places)}
    if is_negative or len(n_left) != 1 or min(len(practices), len(places)) != 1:
        return {}
    named = {pair: name for name, pair in PRACTICE_TYPES.items()}
    joint = {
        (practice, place): min(practices[practice], places[place])
        for practice in practices
        for place in places
    }
    if not set(joint) <= set(named):
        return {}
    return {named[pair]: count for pair, count in joint.items()}


def _first(cell: str) -> int:
    return int(parse_all(cell)[0].value)


def _column(table_id: str, variable: str, column: str, directory: Path | None) -> list[Statement]:
    table = read_table(table_id, directory=directory)
    return [
        Statement(variable, category, _first(cell), Source(table_id, line))
        for category, cell, line in zip(
            table["category"], table[column], table["line"], strict=True
        )
        if category
    ]


def _total_row(table_id: str, variable: str, directory: Path | None) -> list[Statement]:
    table = read_table(table_id, directory=directory)
    (total,) = table[table["category"] == ""].to_dict("records")
    return [
        Statement(variable, category, _first(total[category]), Source(table_id, total["line"]))
        for category in LEVELS[variable]
    ]
