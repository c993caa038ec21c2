"""The printed statements about the 100 doctors, as data, and any table of rows beside them.

A *statement* counts doctors: so many of those with such answers. A `Constraint` holds the counts of
one printed row, cell or reading, with the lines where it stands. Where print leaves several
possibilities (a p-value that several tables share, two rows whose labels may be swapped), it holds
them all, and one of them is true. The solver and the verification read the same constraints.

Besides what is printed in numbers, some statements are in the words around them: the name of a
category says where a doctor practises, the label of a row whose answers it holds, "plusieurs
réponses possibles" what a list counts, and a table of marks that everyone gave one. They are
constraints like the others, so that they can be found wrong like the others.

They are read in one order: sizes, Annexe VI, the body, the sample. That takes seconds, because the
fingerprints are among them: what was read is kept for as long as the files have the same content.
`recount` holds rows against them by plain counting, so that neither the solver that gave the rows
nor the search has to be believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.printed import PrintedRow, Source, printed_rows
from analysis.printed.claims import Settlement, read_settlements
from analysis.reconstruction.fingerprints import Clusters, Fingerprint, fingerprints, read_clusters
from analysis.reconstruction.respondents import LEVELS
from analysis.survey.schema import GROUPS, ITEMS, PRACTICE_AND_PLACE, Group, levels

Where = tuple[tuple[str, str], ...]

LARGEST = 100
"""No count of doctors is larger."""
_FRENCH = {"users": "utilisateurs", "non_users": "non-utilisateurs", None: "ensemble"}


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
    def text(self) -> str:
        """What it says, with its table and its source lines."""
        return f"{self.table.upper()} (L{self.line}) {self.statement}"

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


@dataclass(frozen=True)
class Recount:
    """A printed statement beside the rows.

    Parameters
    ----------
    statement : Constraint
    expected : tuple of Count
        Its counts; of several possibilities, those that are nearest to the rows.
    found : tuple of int
        Those of the rows.
    """

    statement: Constraint
    expected: tuple[Count, ...]
    found: tuple[int, ...]

    @property
    def n_missed(self) -> int:
        """How many of the counts are not those of the rows."""
        pairs = zip(self.expected, self.found, strict=True)
        return sum(not count.lowest <= number <= count.highest for count, number in pairs)

    @property
    def holds(self) -> bool:
        """Whether the statement is true of the rows."""
        return self.n_missed == 0

    @property
    def text(self) -> str:
        """The statement in one line, and what the rows have."""
        found, expected = map(str, self.found), (each.text for each in self.expected)
        return f"{self.statement.text}: found {' '.join(found)}, expected {' '.join(expected)}"


def read_statements(directory: Path | None = None) -> Statements:
    """Read the statements of a folder of printed tables, and the rules that settle conflicts.

    Parameters
    ----------
    directory : Path, optional
        Folder of the printed tables; ``data/published`` by default.

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
    content = tuple((path.name, path.read_bytes()) for path in sorted(folder.glob("*.csv")))
    found = _constraints_of(folder, content)
    return Statements(found, read_settlements([each.id for each in found]))


def standing() -> tuple[Constraint, ...]:
    """Give the statements of the project that do not yield."""
    return read_statements().standing


def recount(rows: pd.DataFrame, *, directory: Path | None = None) -> tuple[Recount, ...]:
    """Count the rows again for every statement that stands, without the solver.

    Parameters
    ----------
    rows : pandas.DataFrame
        Respondents table as text (a file read with ``dtype=str, keep_default_na=False``). Whole
        numbers are accepted, a missing value counts as an empty text.
    directory : Path, optional
        As for `read_statements`.

    Returns
    -------
    tuple of Recount
        One for each statement, in the order in which they are read.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> from analysis.survey.respondents import read
    >>> all(each.holds for each in recount(read(paths.RESPONDENTS)))
    True
    """
    checked = read_statements(directory).standing
    for each in checked:
        for column in sorted(each.columns - set(rows.columns)):
            raise ValueError(f"the rows have no column {column}, which {each.id} counts")
    text = rows.astype(object).where(rows.notna(), "").astype(str)

    @cache
    def tally(columns: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        return Counter(zip(*(text[column] for column in columns), strict=True))

    def number(count: Count) -> int:
        wheres = (zip(*where, strict=True) for where in count.wheres)
        return sum(tally(columns)[answers] for columns, answers in wheres)

    return tuple(
        min(
            (Recount(each, own, tuple(map(number, own))) for own in each.alternatives),
            key=lambda found: found.n_missed,
        )
        for each in checked
    )


@lru_cache(maxsize=4)
def _constraints_of(folder: Path, _: tuple[tuple[str, bytes], ...]) -> tuple[Constraint, ...]:
    # Where two conflicts are equally short, the one with the earlier statements is shown.
    return tuple(_statements_of_print(folder))


def _statements_of_print(folder: Path) -> Iterator[Constraint]:
    sizes = {row["category"]: row for row in printed_rows("f6", folder)}
    for group, answer in GROUPS.items():
        row, size = sizes[answer], sizes[answer].number("value")
        said = f"{_FRENCH[group]} : {size}"
        yield _constraint(f"f6:{group}", row["line"], said, [_count(size, group)])
    for group in GROUPS:
        clusters, tests = read_clusters(group, folder), fingerprints(group, directory=folder)
        yield from _rows_of_the_annexe(clusters)
        yield from map(_p_value, tests)
        test = next(found.source for found in tests if found.variable == "practice_type")
        yield from _names_of_types(clusters, test)
    yield from _body(folder)
    yield from _barriers(folder)
    for table_id, variable in (("ta1", "age"), ("ta2", "practice"), ("ta3", "place")):
        for row in printed_rows(table_id, folder):
            if row["category"] in levels(variable):
                own = {variable: row["category"]}
                yield _cell(f"{table_id}:{row['category']}", row, "sample", own)
    for item in ITEMS:
        yield from _marks(item, folder)
    for item in ITEMS:
        lines = {row["group"]: row["line"] for row in printed_rows(item, folder)}
        for group in GROUPS:
            said = f"tous les {_FRENCH[group]} ont répondu"
            nobody = _count(0, group, **{item: ""})
            yield _constraint(f"{item}:everyone:{group}", lines[group], said, [nobody])


def _constraint(id_: str, line: str, statement: str, *alternatives: Iterable[Count]) -> Constraint:
    """Make a constraint; its table is what its id begins with."""
    table = id_.partition(":")[0]
    return Constraint(id_, table, line, statement, tuple(map(tuple, alternatives)))


def _where(group: Group | None, answers: dict[str, str]) -> Where:
    asked = {"uses_dmp": GROUPS[group]} if group else {}
    return tuple((asked | answers).items())


def _count(number: int, group: Group | None = None, **answers: str) -> Count:
    """Count the doctors of a group, or all, who have some answers, whose number is printed."""
    return Count((_where(group, answers),), number, number)


def _cell(
    id_: str, row: PrintedRow, column: str, answers: Mapping[str, str], group: Group | None = None
) -> Constraint:
    """Make the constraint of a printed number: of a group, or of all doctors."""
    number = row.number(column)
    who = ", ".join(f"{name} = {level}" for name, level in answers.items()) or "total"
    said = f"{who}, {_FRENCH[group]} : {number}"
    return _constraint(id_, row["line"], said, [_count(number, group, **answers)])


def _joined(lines: Iterable[str]) -> str:
    """Join source lines, each once, in their order."""
    return ", ".join(sorted(set(lines), key=lambda line: int(line.partition("-")[0])))


def _rows_of_the_annexe(clusters: Clusters) -> Iterator[Constraint]:
    group, french = clusters.group, _FRENCH[clusters.group]
    for row in clusters.rows:
        category = {row.variable: row.category}
        within = {"cluster": str(row.cluster), **category}
        yield _constraint(
            f"{row.source.table}:{row.cluster}:{row.variable}:{row.category}",
            row.source.line,
            f"{row.variable} = {row.category}, {french} : {row.total}, "
            f"dont {row.count} dans la classe {row.cluster}",
            [_count(row.total, group, **category), _count(row.count, group, **within)],
        )
    for number, size in enumerate(clusters.sizes, start=1):
        sources = [row.source for row in clusters.rows if row.cluster == number]
        yield _constraint(
            f"{sources[0].table}:{number}",
            _joined(source.line for source in sources),
            f"classe {number}, {french} : {size}",
            [_count(size, group, cluster=str(number))],
        )


def _p_value(found: Fingerprint) -> Constraint:
    tables = [
        [
            _count(number, found.group, cluster=str(cluster), **{found.variable: category})
            for category, column in table.items()
            for cluster, number in enumerate(column, start=1)
        ]
        for table in found.named
    ]
    one = "le tableau de ce p" if len(tables) == 1 else f"un des {len(tables)} tableaux de ce p"
    said = f"{found.variable} selon la classe, {_FRENCH[found.group]} : {one}"
    id_ = f"{found.source.table}:{found.variable}"
    return _constraint(id_, found.source.line, said, *tables)


def _names_of_types(clusters: Clusters, test: Source) -> Iterator[Constraint]:
    """Yield what the code of a type of practice says of the place."""
    group = clusters.group
    for category in LEVELS[group]["practice_type"]:
        sources = [row.source for row in clusters.rows if row.category == category] or [test]
        _, place = PRACTICE_AND_PLACE[category]
        others = [other for other in levels("place") if other != place]
        yield _constraint(
            f"{sources[0].table}:name:{category}",
            _joined(source.line for source in sources),
            f"practice_type = {category}, {_FRENCH[group]} : place = {place}",
            [_count(0, group, practice_type=category, place=other) for other in others],
        )


def _body(folder: Path) -> Iterator[Constraint]:
    """Yield what chapter IV prints of either group: TB3, TB1A to TB1D, TB2."""
    for row in printed_rows("tb3", folder):
        for group in GROUPS:
            own = {row["variable"]: row["category"]}
            yield _cell(f"tb3:{row['variable']}:{row['category']}:{group}", row, group, own, group)
    for table_id, variable in (("tb1a", "frequency"), ("tb1b", "purpose")):
        for row in printed_rows(table_id, folder):
            own = {variable: row["category"]} if row["category"] else {}
            yield _cell(f"{table_id}:{row['category'] or 'total'}", row, "n", own, "users")
    for table_id, rows, columns in (("tb1c", "age", "frequency"), ("tb1d", "frequency", "purpose")):
        for row in printed_rows(table_id, folder):
            own = {rows: row["category"]} if row["category"] else {}
            cells = {level: own | {columns: level} for level in levels(columns)} | {"total": own}
            for name, answers in cells.items():
                id_ = f"{table_id}:{row['category'] or 'total'}:{name}"
                yield _cell(id_, row, name, answers, "users")
    for row in printed_rows("tb2", folder):
        variable, level = row["list"], row["category"]
        if variable == "change":
            variable, level = level, "oui"
        if variable != "barrier":
            yield _cell(f"tb2:{variable}:{level}", row, "n", {variable: level}, "non_users")


def _barriers(folder: Path) -> Iterator[Constraint]:
    """Yield the two ways to read the lists of barriers: the first of each doctor, or all."""
    for table_id in ("tb2", "tc0"):
        printed = printed_rows(table_id, folder)
        rows = [row for row in printed if row.cells.get("list", "barrier") == "barrier"]
        for row in rows:
            id_ = f"{table_id}:barrier:{row['category']}"
            yield _cell(id_, row, "n", {"barrier_1": row["category"]}, "non_users")
        numbers = {row["category"]: row.number("n") for row in rows}
        yield _constraint(
            f"{table_id}:barrier:several",
            _joined(row["line"] for row in rows),
            "chaque effectif compte les non-utilisateurs qui citent ce frein, en premier ou en "
            "second : " + ", ".join(f"{name} {number}" for name, number in numbers.items()),
            _mentions(numbers),
        )


def _mentions(numbers: Mapping[str, int]) -> Iterator[Count]:
    """Yield bounds of the doctors who give each barrier; a second one without a name may be it."""
    for barrier, number in numbers.items():
        named = [barrier] if barrier in LEVELS["non_users"]["barrier_2"] else []
        yield Count(_giving(barrier, named), 0, number)
        yield Count(_giving(barrier, [*named, "inconnu_a", "inconnu_b"]), number, LARGEST)


def _giving(barrier: str, seconds: Sequence[str]) -> tuple[Where, ...]:
    """List the answers that give a barrier first, or as one of some second barriers."""
    found = [{"barrier_1": barrier}]
    found += [
        {"barrier_1": first, "barrier_2": second}
        for second in seconds
        for first in levels("barrier_1")
        if first != barrier
    ]
    return tuple(_where("non_users", answers) for answers in found)


def _marks(item: str, folder: Path) -> Iterator[Constraint]:
    """Yield what the table of a Likert item says, its labels apart."""
    rows = {row["group"]: row for row in printed_rows(item, folder)}
    marks = {
        name: {answer: row.number(f"n{answer}") for answer in levels(item)}
        for name, row in rows.items()
    }
    said = {name: " ".join(map(str, own.values())) for name, own in marks.items()}

    def counts(group: Group | None, printed: str) -> list[Count]:
        return [_count(number, group, **{item: mark}) for mark, number in marks[printed].items()]

    for group in GROUPS:
        text = f"réponses 1 à 5, {_FRENCH[group]} : {said[group]}"
        yield _constraint(f"{item}:label:{group}", rows[group]["line"], text, counts(group, group))
    yield _constraint(
        f"{item}:rows",
        _joined(rows[group]["line"] for group in GROUPS),
        "une ligne est des utilisateurs et l’autre des non-utilisateurs, sans dire laquelle : "
        + " et ".join(said[group] for group in GROUPS),
        counts("users", "users") + counts("non_users", "non_users"),
        counts("users", "non_users") + counts("non_users", "users"),
    )
    if "total" in rows:
        text = f"réponses 1 à 5, {_FRENCH[None]} : {said['total']}"
        yield _constraint(f"{item}:total", rows["total"]["line"], text, counts(None, "total"))
