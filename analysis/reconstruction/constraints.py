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

from analysis.printed import PrintedRow, printed_rows
from analysis.reconstruction.respondents import LEVELS
from analysis.survey.schema import GROUPS, ITEMS, Group, levels

Where = tuple[tuple[str, str], ...]

_EVERYONE = 100
FRENCH: dict[Group, str] = {"users": "utilisateurs", "non_users": "non-utilisateurs"}


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
            for each in counts:
                yield from each.wheres


def constraint(id_: str, line: str, statement: str, *counts: Count) -> Constraint:
    """Make a constraint with a single list of counts; its table is what its id begins with.

    Examples
    --------
    >>> constraint("ta1:<29", "332", "<29 ans : 8", count(8, age="<29")).table
    'ta1'
    """
    return Constraint(id_, id_.partition(":")[0], line, statement, (counts,))


def count(number: int, **where: str) -> Count:
    """Count the doctors who have some answers, whose number is printed."""
    return Count((tuple(where.items()),), number, number)


def sizes(directory: Path | None = None) -> Iterator[Constraint]:
    """Read how many users and non-users there are (F6).

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.

    Raises
    ------
    InputError
        If a table is missing or damaged.
    """
    cells = {row["category"]: row for row in printed_rows("f6", directory)}
    for group, answer in GROUPS.items():
        size = cells[answer].number("value")
        yield constraint(
            f"f6:{group}",
            cells[answer]["line"],
            f"{FRENCH[group]} : {size}",
            count(size, uses_dmp=answer),
        )


def body(directory: Path | None = None) -> Iterator[Constraint]:
    """Read what chapter IV prints of either group: TB3, TB1A to TB1D, TB2, TC0.

    Parameters, Raises
        As for `sizes`.
    """
    yield from _comparison(directory)
    yield from _users(directory)
    yield from _non_users(directory)
    yield from _barriers(directory)


def sample(directory: Path | None = None) -> Iterator[Constraint]:
    """Read what is printed of all doctors, TA1 to TA3, and of each opinion item, T1 to T18.

    Parameters, Raises
        As for `sizes`.
    """
    yield from _sample(directory)
    for item in ITEMS:
        yield from _marks(item, directory)
    for item in ITEMS:
        yield from _answered(item, directory)


def _cell(
    id_: str, row: PrintedRow, column: str, where: dict[str, str], group: Group | None = None
) -> Constraint:
    """Make the constraint of a printed number: of a group, or of all doctors."""
    number = row.number(column)
    asked = {"uses_dmp": GROUPS[group]} if group else {}
    answers = ", ".join(f"{name} = {level}" for name, level in where.items()) or "total"
    statement = f"{answers}, {FRENCH[group] if group else 'ensemble'} : {number}"
    return constraint(id_, row["line"], statement, count(number, **asked, **where))


def _comparison(directory: Path | None) -> Iterator[Constraint]:
    for row in printed_rows("tb3", directory):
        for group in GROUPS:
            id_ = f"tb3:{row['variable']}:{row['category']}:{group}"
            yield _cell(id_, row, group, {row["variable"]: row["category"]}, group)


def _users(directory: Path | None) -> Iterator[Constraint]:
    for table_id, variable in (("tb1a", "frequency"), ("tb1b", "purpose")):
        for row in printed_rows(table_id, directory):
            where = {variable: row["category"]} if row["category"] else {}
            yield _cell(f"{table_id}:{_margin(row)}", row, "n", where, "users")
    for table_id, rows, columns in (("tb1c", "age", "frequency"), ("tb1d", "frequency", "purpose")):
        for row in printed_rows(table_id, directory):
            where = {rows: row["category"]} if row["category"] else {}
            prefix = f"{table_id}:{_margin(row)}"
            for level in levels(columns):
                yield _cell(f"{prefix}:{level}", row, level, where | {columns: level}, "users")
            yield _cell(f"{prefix}:total", row, "total", where, "users")


def _margin(row: PrintedRow) -> str:
    return row["category"] or "total"


def _non_users(directory: Path | None) -> Iterator[Constraint]:
    for row in printed_rows("tb2", directory):
        variable, level = row["list"], row["category"]
        if variable == "change":
            variable, level = level, "oui"
        if variable != "barrier":
            yield _cell(f"tb2:{variable}:{level}", row, "n", {variable: level}, "non_users")


def _barriers(directory: Path | None) -> Iterator[Constraint]:
    """Yield the two ways to read the lists of barriers: the first of each doctor, or all."""
    for table_id in ("tb2", "tc0"):
        rows = printed_rows(table_id, directory)
        if table_id == "tb2":
            rows = tuple(row for row in rows if row["list"] == "barrier")
        for row in rows:
            id_ = f"{table_id}:barrier:{row['category']}"
            yield _cell(id_, row, "n", {"barrier_1": row["category"]}, "non_users")
        numbers = {row["category"]: row.number("n") for row in rows}
        yield Constraint(
            f"{table_id}:barrier:several",
            table_id,
            joined(row["line"] for row in rows),
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
                id_ = f"{table_id}:{row['category']}"
                yield _cell(id_, row, "sample", {variable: row["category"]})


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
            count(number, **who, **{item: answer})
            for answer, number in zip(levels(item), numbers[printed], strict=True)
        )

    for group, answer in GROUPS.items():
        yield constraint(
            f"{item}:label:{group}",
            rows[group]["line"],
            f"réponses 1 à 5, {FRENCH[group]} : {_series(numbers[group])}",
            *counts(answer, group),
        )
    yield Constraint(
        f"{item}:rows",
        item,
        joined(rows[group]["line"] for group in GROUPS),
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
            f"tous les {FRENCH[group]} ont répondu",
            count(0, uses_dmp=answer, **{item: ""}),
        )


def _series(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def joined(lines: Iterable[str]) -> str:
    """Join source lines, each once, in their order."""
    return ", ".join(sorted(set(lines), key=lambda line: int(line.partition("-")[0])))
