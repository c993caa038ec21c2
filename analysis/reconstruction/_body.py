"""What the body of the thesis prints about the categories that Annexe VI is about.

Annexe VI lists a category only in the clusters that it marks; a category that marks none is not
there at all. The tables of chapter IV print how many doctors have it, and are read here as
*statements*: a variable, a category, a count, the line where it stands.

The clustering codes type and place of practice together (``groupe_liberal``), the body counts them
apart. The joint counts follow where the listed types leave one type or one place only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.files import Fault, InputError
from analysis.reconstruction._printed_rows import PrintedRow, Source, printed_rows
from analysis.reconstruction.respondents import PRACTICE_AND_PLACE, named_levels
from analysis.survey.schema import Group


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
        _statement(row, row["variable"], row["category"], group)
        for row in printed_rows("tb3", directory)
    ]
    if group == "users":
        found += _margin("tb1a", "frequency", "n", directory)
        found += _margin("tb1b", "purpose", "n", directory)
        for table, rows, columns in (
            ("tb1c", "age", "frequency"),
            ("tb1d", "frequency", "purpose"),
        ):
            found += _margin(table, rows, "total", directory)
            (total,) = (row for row in printed_rows(table, directory) if not row["category"])
            found += [_statement(total, columns, level, level) for level in named_levels(columns)]
    else:
        for row in printed_rows("tb2", directory):
            if row["category"] and row["list"] in {"practice", "place", "barrier"}:
                variable = "barrier_1" if row["list"] == "barrier" else row["list"]
                found.append(_statement(row, variable, row["category"], "n"))
        found += _margin("tc0", "barrier_1", "n", directory)
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
    InputError
        If the three sums are not one number.

    Examples
    --------
    >>> group_size("users"), group_size("non_users")
    (55, 45)
    """
    first: dict[str, PrintedRow] = {}
    sums: Counter[str] = Counter()
    for row in printed_rows("tb3", directory):
        first.setdefault(row["variable"], row)
        sums[row["variable"]] += row.number(group)
    ((size, _),) = Counter(sums.values()).most_common(1)
    for variable, total in sums.items():
        if total != size:
            others = ", ".join(f"{name} {other}" for name, other in sums.items())
            row = first[variable]
            rule = (
                f"the counts of each variable have one sum; they have {others} "
                f"(source, from line {row['line']})"
            )
            raise InputError([Fault(row.path, rule, row.position, group)])
    return size


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
        practice, place = PRACTICE_AND_PLACE[name]
        rest["practice"][practice] -= count
        rest["place"][place] -= count
    practices, places = ({k: v for k, v in counts.items() if v} for counts in rest.values())
    is_negative = any(count < 0 for count in (*practices.values(), *places.values()))
    n_left = {sum(counts.values()) for counts in (practices, places)}
    if is_negative or len(n_left) != 1 or min(len(practices), len(places)) != 1:
        return {}
    named = {PRACTICE_AND_PLACE[name]: name for name in named_levels("practice_type")}
    joint = {
        (practice, place): min(practices[practice], places[place])
        for practice in practices
        for place in places
    }
    if not set(joint) <= set(named):
        return {}
    return {named[pair]: count for pair, count in joint.items()}


def _statement(row: PrintedRow, variable: str, category: str, column: str) -> Statement:
    return Statement(variable, category, row.number(column), row.source)


def _margin(table: str, variable: str, column: str, directory: Path | None) -> Iterator[Statement]:
    """Yield the statements of a column, its total apart."""
    for row in printed_rows(table, directory):
        if row["category"]:
            yield _statement(row, variable, row["category"], column)
