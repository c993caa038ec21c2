"""The printed statements about the 100 doctors, as data.

A *statement* counts doctors: so many of those with such answers. A `Constraint` holds the counts of
one printed row, cell or reading, with the lines where it stands. Where print leaves several
possibilities (a p-value that several tables share, two rows whose labels may be swapped), it holds
them all, and one of them is true. The solver and the verification read the same constraints.

Besides what is printed in numbers, some statements are in the words around them: the name of a
category says where a doctor practises, the label of a row whose answers it holds, "plusieurs
réponses possibles" what a list counts, and a table of marks that everyone gave one. They are
constraints like the others, so that they can be found wrong like the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.reconstruction._annexe import Clusters
from analysis.reconstruction._cluster_tables import ClusterTables, cluster_tables
from analysis.reconstruction._printed_rows import PrintedRow, Source, printed_rows
from analysis.reconstruction.fingerprints import cluster_sizes
from analysis.reconstruction.respondents import LEVELS, PRACTICE_AND_PLACE
from analysis.survey.schema import GROUPS, ITEMS, Group, levels

Where = tuple[tuple[str, str], ...]

_EVERYONE = 100
_FRENCH: dict[Group, str] = {"users": "utilisateurs", "non_users": "non-utilisateurs"}


@dataclass(frozen=True)
class Count:
    """A number of doctors.

    Parameters
    ----------
    wheres : tuple of tuple of (str, str)
        The answers that the doctors have, as columns and levels of the respondents table. Of
        several such lists a doctor has one at most, and those who have one are counted.
    lowest, highest : int
        Bounds of their number, the same where it is printed.
    """

    wheres: tuple[Where, ...]
    lowest: int
    highest: int

    @property
    def text(self) -> str:
        """The number as text: ``"7"``, or ``"≥ 7"``."""
        if self.lowest == self.highest:
            return str(self.lowest)
        return f"≥ {self.lowest}" if self.lowest else f"≤ {self.highest}"


@dataclass(frozen=True)
class Constraint:
    """A printed statement.

    Parameters
    ----------
    id : str
        ``table:what``, one for each statement.
    table : str
        Id of the published table.
    line : str
        Source lines.
    statement : str
        What it says, in French, with its values.
    alternatives : tuple of tuple of Count
        One of these lists of counts holds, and all the counts of the list with it.
    """

    id: str
    table: str
    line: str
    statement: str
    alternatives: tuple[tuple[Count, ...], ...]

    @property
    def groups(self) -> frozenset[Group]:
        """The groups whose doctors it counts."""
        answers = {dict(where).get("uses_dmp") for where in self._wheres()}
        return frozenset(group for group, answer in GROUPS.items() if answers & {answer, None})

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the respondents table that it reads."""
        return frozenset(column for where in self._wheres() for column, _ in where)

    def _wheres(self) -> Iterator[Where]:
        for counts in self.alternatives:
            for count in counts:
                yield from count.wheres


def constraint(id_: str, line: str, statement: str, *counts: Count) -> Constraint:
    """Make a constraint with a single list of counts; its table is what its id begins with.

    Examples
    --------
    >>> constraint("ta1:<29", "332", "<29 ans : 8", _count(8, age="<29")).table
    'ta1'
    """
    return Constraint(id_, id_.partition(":")[0], line, statement, (counts,))


def printed_constraints(directory: Path | None = None) -> tuple[Constraint, ...]:
    """Read every printed statement about the doctors.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.

    Returns
    -------
    tuple of Constraint
        Sizes of the groups, Annexe VI, TB3, TB1A to TB1D, TB2, TC0,
        TA1 to TA3, T1 to T18. Where two conflicts are equally short, the one with the earlier
        statements is shown.

    Raises
    ------
    InputError
        If a table is missing or damaged, or the annexe contradicts itself.

    Examples
    --------
    >>> found = {constraint.id: constraint for constraint in printed_constraints()}
    >>> found["tb3:place:seul:non_users"].statement
    'place = seul, non-utilisateurs : 6'
    """
    return (
        *_sizes(directory),
        *(each for group in GROUPS for each in _annexe(group, directory)),
        *_comparison(directory),
        *_users(directory),
        *_non_users(directory),
        *_barriers(directory),
        *_sample(directory),
        *(each for item in ITEMS for each in _marks(item, directory)),
        *(each for item in ITEMS for each in _answered(item, directory)),
    )


def _count(number: int, **where: str) -> Count:
    return Count((tuple(where.items()),), number, number)


def _sizes(directory: Path | None) -> Iterator[Constraint]:
    cells = {row["category"]: row for row in printed_rows("f6", directory)}
    for group, answer in GROUPS.items():
        size = cells[answer].number("value")
        yield constraint(
            f"f6:{group}",
            cells[answer]["line"],
            f"{_FRENCH[group]} : {size}",
            _count(size, uses_dmp=answer),
        )


def _annexe(group: Group, directory: Path | None) -> Iterator[Constraint]:
    clusters = cluster_sizes(group, directory=directory)
    tables = cluster_tables(group, directory)
    yield from _rows_of_the_annexe(group, clusters)
    yield from _p_values(group, tables)
    test = next(found.source for found in tables if found.variable == "practice_type")
    yield from _names_of_types(group, clusters, test)


def _rows_of_the_annexe(group: Group, clusters: Clusters) -> Iterator[Constraint]:
    answer, french = GROUPS[group], _FRENCH[group]
    for row in clusters.rows:
        category = {row.variable: row.category}
        yield constraint(
            f"{row.source.table}:{row.cluster}:{row.variable}:{row.category}",
            row.source.line,
            f"{row.variable} = {row.category}, {french} : {row.total}, "
            f"dont {row.count} dans la classe {row.cluster}",
            _count(row.total, uses_dmp=answer, **category),
            _count(row.count, uses_dmp=answer, cluster=str(row.cluster), **category),
        )
    for cluster, size in enumerate(clusters.sizes, start=1):
        sources = [row.source for row in clusters.rows if row.cluster == cluster]
        yield constraint(
            f"{sources[0].table}:{cluster}",
            _lines(source.line for source in sources),
            f"classe {cluster}, {french} : {size}",
            _count(size, uses_dmp=answer, cluster=str(cluster)),
        )


def _p_values(group: Group, tables: tuple[ClusterTables, ...]) -> Iterator[Constraint]:
    answer, french = GROUPS[group], _FRENCH[group]
    for found in tables:
        yield Constraint(
            f"{found.source.table}:{found.variable}",
            found.source.table,
            found.source.line,
            f"{found.variable} selon la classe, {french} : {_tables(len(found.tables))}",
            tuple(
                tuple(
                    _count(
                        number,
                        uses_dmp=answer,
                        cluster=str(cluster),
                        **{found.variable: category},
                    )
                    for category, column in table.items()
                    for cluster, number in enumerate(column, start=1)
                )
                for table in found.tables
            ),
        )


def _tables(number: int) -> str:
    return "le tableau de ce p" if number == 1 else f"un des {number} tableaux de ce p"


def _comparison(directory: Path | None) -> Iterator[Constraint]:
    for row in printed_rows("tb3", directory):
        for group, answer in GROUPS.items():
            number = row.number(group)
            yield constraint(
                f"tb3:{row['variable']}:{row['category']}:{group}",
                row["line"],
                f"{row['variable']} = {row['category']}, {_FRENCH[group]} : {number}",
                _count(number, uses_dmp=answer, **{row["variable"]: row["category"]}),
            )


def _names_of_types(group: Group, clusters: Clusters, test: Source) -> Iterator[Constraint]:
    """Yield what the code of a type of practice says of the place."""
    for category in LEVELS[group]["practice_type"]:
        sources = [row.source for row in clusters.rows if row.category == category] or [test]
        place = PRACTICE_AND_PLACE[category][1]
        yield constraint(
            f"{sources[0].table}:name:{category}",
            _lines(source.line for source in sources),
            f"practice_type = {category}, {_FRENCH[group]} : place = {place}",
            *(
                _count(0, uses_dmp=GROUPS[group], practice_type=category, place=other)
                for other in levels("place")
                if other != place
            ),
        )


def _users(directory: Path | None) -> Iterator[Constraint]:
    for table_id, variable in (("tb1a", "frequency"), ("tb1b", "purpose")):
        for row in printed_rows(table_id, directory):
            where = {variable: row["category"]} if row["category"] else {}
            yield _of_users(f"{table_id}:{_margin(row)}", row, "n", where)
    for table_id, rows, columns in (("tb1c", "age", "frequency"), ("tb1d", "frequency", "purpose")):
        for row in printed_rows(table_id, directory):
            where = {rows: row["category"]} if row["category"] else {}
            prefix = f"{table_id}:{_margin(row)}"
            for level in levels(columns):
                yield _of_users(f"{prefix}:{level}", row, level, where | {columns: level})
            yield _of_users(f"{prefix}:total", row, "total", where)


def _margin(row: PrintedRow) -> str:
    return row["category"] or "total"


def _of_users(id_: str, row: PrintedRow, column: str, where: dict[str, str]) -> Constraint:
    number = row.number(column)
    answers = ", ".join(f"{name} = {level}" for name, level in where.items()) or "total"
    return constraint(
        id_,
        row["line"],
        f"{answers}, utilisateurs : {number}",
        _count(number, uses_dmp="oui", **where),
    )


def _non_users(directory: Path | None) -> Iterator[Constraint]:
    for row in printed_rows("tb2", directory):
        number = row.number("n")
        if row["list"] == "barrier":
            continue
        variable, level = row["list"], row["category"]
        if variable == "change":
            variable, level = level, "oui"
        yield constraint(
            f"tb2:{variable}:{level}",
            row["line"],
            f"{variable} = {level}, non-utilisateurs : {number}",
            _count(number, uses_dmp="non", **{variable: level}),
        )


def _barriers(directory: Path | None) -> Iterator[Constraint]:
    """Yield the two ways to read the lists of barriers: the first of each doctor, or all."""
    for table_id in ("tb2", "tc0"):
        rows = printed_rows(table_id, directory)
        if table_id == "tb2":
            rows = tuple(row for row in rows if row["list"] == "barrier")
        for row in rows:
            number = row.number("n")
            yield constraint(
                f"{table_id}:barrier:{row['category']}",
                row["line"],
                f"barrier_1 = {row['category']}, non-utilisateurs : {number}",
                _count(number, uses_dmp="non", barrier_1=row["category"]),
            )
        numbers = {row["category"]: row.number("n") for row in rows}
        yield Constraint(
            f"{table_id}:barrier:several",
            table_id,
            _lines(row["line"] for row in rows),
            "chaque effectif compte les non-utilisateurs qui citent ce frein, en premier ou en "
            "second : " + ", ".join(f"{name} {number}" for name, number in numbers.items()),
            (tuple(_mentions(numbers)),),
        )


def _mentions(numbers: dict[str, int]) -> Iterator[Count]:
    """Yield bounds of the doctors who give each barrier; a second one without a name may be it."""
    barriers = levels("barrier_1")
    for barrier, number in numbers.items():
        first = (("uses_dmp", "non"), ("barrier_1", barrier))
        others = [other for other in barriers if other != barrier]

        def second(level: str, others: list[str] = others) -> tuple[Where, ...]:
            return tuple(
                (("uses_dmp", "non"), ("barrier_1", other), ("barrier_2", level))
                for other in others
            )

        surely = (first, *(second(barrier) if barrier in LEVELS["non_users"]["barrier_2"] else ()))
        possibly = (*surely, *second("inconnu_a"), *second("inconnu_b"))
        yield Count(surely, 0, number)
        yield Count(possibly, number, _EVERYONE)


def _sample(directory: Path | None) -> Iterator[Constraint]:
    for table_id, variable in (("ta1", "age"), ("ta2", "practice"), ("ta3", "place")):
        for row in printed_rows(table_id, directory):
            if row["category"] in levels(variable):
                number = row.number("sample")
                yield constraint(
                    f"{table_id}:{row['category']}",
                    row["line"],
                    f"{variable} = {row['category']}, ensemble : {number}",
                    _count(number, **{variable: row["category"]}),
                )


def _marks(item: str, directory: Path | None) -> Iterator[Constraint]:
    """Yield what the table of a Likert item says, its labels apart."""
    rows = {row["group"]: row for row in printed_rows(item, directory)}
    numbers = {
        name: tuple(row.number(f"n{answer}") for answer in levels(item))
        for name, row in rows.items()
    }

    def counts(asked: str | None, printed: str) -> tuple[Count, ...]:
        who = {"uses_dmp": asked} if asked else {}
        return tuple(
            _count(number, **who, **{item: answer})
            for answer, number in zip(levels(item), numbers[printed], strict=True)
        )

    for group, answer in GROUPS.items():
        yield constraint(
            f"{item}:label:{group}",
            rows[group]["line"],
            f"réponses 1 à 5, {_FRENCH[group]} : {_series(numbers[group])}",
            *counts(answer, group),
        )
    yield Constraint(
        f"{item}:rows",
        item,
        _lines(rows[group]["line"] for group in GROUPS),
        "une ligne est des utilisateurs et l’autre des non-utilisateurs, sans dire laquelle : "
        + " et ".join(_series(numbers[group]) for group in GROUPS),
        (
            (*counts("oui", "users"), *counts("non", "non_users")),
            (*counts("oui", "non_users"), *counts("non", "users")),
        ),
    )
    if "total" in rows:
        yield constraint(
            f"{item}:total",
            rows["total"]["line"],
            f"réponses 1 à 5, ensemble : {_series(numbers['total'])}",
            *counts(None, "total"),
        )


def _answered(item: str, directory: Path | None) -> Iterator[Constraint]:
    """Yield that nobody left a Likert item out."""
    lines = {row["group"]: row["line"] for row in printed_rows(item, directory)}
    for group, answer in GROUPS.items():
        yield constraint(
            f"{item}:everyone:{group}",
            lines[group],
            f"tous les {_FRENCH[group]} ont répondu",
            _count(0, uses_dmp=answer, **{item: ""}),
        )


def _series(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _lines(lines: Iterable[str]) -> str:
    return ", ".join(sorted(set(lines), key=lambda line: int(line.partition("-")[0])))
