"""Files of the project: how they are read, and how a fault of one is said.

Every input of the report is read here, so that there is one form of a fault (`Fault`), one error
that carries all the faults of what was read (`InputError`), and one reader of CSV (`read_csv`).
A fault is one line: file, row, column, value, rule.

A text is UTF-8 without a byte order mark, and a line of it ends with LF. In a CSV file no cell
holds a line break, so that a row is a line; the header is row 1.

Examples
--------
>>> print(Fault(Path("tb1b.csv"), "the cell is blank", row=2, column="n"))
tb1b.csv, row 2, column n: the cell is blank
"""

from __future__ import annotations

import csv
import gzip
import heapq
import io
import itertools
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from analysis import paths

Found = TypeVar("Found")

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
"""Control characters, ends of line that not every program knows, and what a lost character left."""
_LONGEST = 60
"""Characters of a value that are shown."""
_KEPT = 1000
"""Faults of one file that are kept; the others are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file.

    Attributes
    ----------
    file : Path
    rule : str
        The rule that is broken.
    row : int
        The line of the file, counted from 1; 0 for a fault of the file as a whole.
    column : str
        The name of the column, or the keys that lead to a value of a document; empty for a fault of
        the row or the file as a whole.
    value : str
        What stands there; empty where nothing does.
    """

    file: Path
    rule: str
    row: int = 0
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Say the fault in one line.

        Examples
        --------
        >>> print(Fault(Path("a.csv"), "not one of oui, non", row=3, column="dmp", value="no"))
        a.csv, row 3, column dmp: 'no': not one of oui, non
        """
        place = [shown(self.file)]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {_short(_on_one_line(self.column))}")
        value = f"{_short(self.value)!r}: " if self.value else ""
        return f"{', '.join(place)}: {value}{_on_one_line(' '.join(self.rule.split()))}"


class InputError(ValueError):
    """Input that cannot be used; the message names its first fault.

    Attributes
    ----------
    faults : tuple of Fault
        At most a thousand.
    n_more : int
        How many there are besides.
    """

    def __init__(self, faults: Iterable[Fault], n_more: int = 0) -> None:
        found = iter(faults)
        self.faults = tuple(itertools.islice(found, _KEPT))
        self.n_more = n_more + sum(1 for _ in found)
        super().__init__(self.faults, self.n_more)

    def __str__(self) -> str:
        """Name the first fault, and count the others."""
        others = len(self.faults) - 1 + self.n_more
        return f"{self.faults[0]} (and {others} more)" if others else str(self.faults[0])

    def lines(self, limit: int = _KEPT) -> Iterator[str]:
        """Say the faults, a line for each, and how many are left unsaid.

        Parameters
        ----------
        limit : int
            Faults to say at most.
        """
        yield from map(str, self.faults[:limit])
        more = len(self.faults[limit:]) + self.n_more
        if more:
            yield f"and {more} more"


class Findings:
    """The faults of several readers, each once."""

    def __init__(self) -> None:
        self.faults: dict[Fault, None] = {}
        self._n_more = 0

    def of(self, read: Callable[..., Found], *args: Any, **named: Any) -> Found | None:
        """Give what a reader reads; nothing if that has faults, which are kept."""
        try:
            return read(*args, **named)
        except InputError as error:
            self.faults |= dict.fromkeys(error.faults)
            self._n_more += error.n_more
            return None

    def refuse(self) -> None:
        """Raise the error that carries them all, if there are any.

        Raises
        ------
        InputError
        """
        if self.faults:
            raise InputError(self.faults, self._n_more)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise the error that carries the faults, if there are any.

    Raises
    ------
    InputError
    """
    found = iter(faults)
    for first in found:
        raise InputError(itertools.chain([first], found))


def shown(path: Path) -> str:
    """Write a path as a fault names it: from the root of the project, or by its name elsewhere.

    Examples
    --------
    >>> shown(paths.CLAIMS), shown(Path("/home/a/answers.csv"))
    ('data/claims.csv', 'answers.csv')
    """
    absolute = Path(os.path.abspath(path))
    inside = absolute.is_relative_to(paths.ROOT)
    name = absolute.relative_to(paths.ROOT).as_posix() if inside else path.name
    # A name may hold any byte: those that are no UTF-8 are written as escapes.
    return _on_one_line(os.fsencode(name or str(path)).decode("utf-8", "backslashreplace"))


def read_bytes(path: Path) -> bytes:
    """Read a file as it is.

    Raises
    ------
    InputError
        If it is missing, no regular file, or cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError([Fault(path, "a folder, not a file")])
        # A pipe or a device might never end.
        if not stat.S_ISREG(mode):
            raise InputError([Fault(path, "not a regular file")])
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError([Fault(path, "the file is missing")]) from None
    except OSError as error:
        rule = f"the file cannot be read: {error.strerror}"
        raise InputError([Fault(path, rule)]) from error


def read_text(path: Path, *, windows_lines: bool = False) -> str:
    """Read a text, packed where the name of the file ends in ``.gz``.

    Parameters
    ----------
    path : Path
    windows_lines : bool
        Whether a line may end with CR and LF; the text has LF alone.

    Raises
    ------
    InputError
        If the file cannot be read or unpacked, is empty, begins with a byte order mark, is not
        UTF-8, has other ends of lines or a control character.
    """
    content = read_bytes(path)
    if content and path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError([Fault(path, f"not a whole gzip file: {error}")]) from error
    if not content.strip():
        raise InputError([Fault(path, "the file is empty")])
    if content.startswith(_BYTE_ORDER_MARK):
        raise InputError([Fault(path, "the file begins with a byte order mark", row=1)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        rule = f"the file is not UTF-8 (byte 0x{content[error.start]:02x})"
        row = content.count(b"\n", 0, error.start) + 1
        raise InputError([Fault(path, rule, row=row)]) from error
    if windows_lines:
        text = text.replace("\r\n", "\n")
    refuse(
        Fault(
            path,
            "a line ends with LF alone" if wrong[0] == "\r" else "no character of a text",
            row=text.count("\n", 0, wrong.start()) + 1,
            value=wrong[0],
        )
        for wrong in itertools.islice(_NO_TEXT.finditer(text), 1)
    )
    return text


def write_beside(path: Path, content: str | bytes) -> None:
    """Write a file: beside first, then in its place, so that it is whole or as it was."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    beside.replace(path)


def csv_text(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table as the text of a CSV file, as `read_csv` reads it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file as `read_csv` reads it."""
    write_beside(path, csv_text(header, rows))


def _accept(_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of a column may hold.

    Attributes
    ----------
    name : str
    required : bool
        Whether a blank cell is a fault.
    pattern : str
        The regular expression that a cell matches as a whole, its digits and letters being those
        of ASCII; empty where there is none.
    allowed : tuple of str
        The list that a cell is of; empty where there is none.
    also : callable
        Says which further rule a cell breaks, or nothing.
    beside : tuple of str
        Columns whose cells the further rule takes too; it is asked of a blank cell then.
    is_optional : bool
        Whether the column may be missing.
    origin : str
        ``print`` where the cells are printed text.
    """

    name: str
    required: bool = False
    pattern: str = ""
    allowed: tuple[str, ...] = ()
    also: Callable[..., str] = _accept
    beside: tuple[str, ...] = ()
    is_optional: bool = False
    origin: str = ""

    def broken_rule(self, value: str, *others: str) -> str:
        """Say which rule a cell breaks; an empty text if none.

        Examples
        --------
        >>> Column("n", pattern="[0-9]+").broken_rule("l6")
        'not of the form [0-9]+'
        """
        if not value and (self.required or not self.beside):
            return "the cell is blank" if self.required else ""
        if value != value.strip():
            return "the cell begins or ends with a space"
        if value and self.allowed and value not in self.allowed:
            return f"not one of {', '.join(self.allowed)}{'' if self.required else ', or empty'}"
        if self.pattern and re.fullmatch(self.pattern, value, re.ASCII) is None:
            return f"not of the form {self.pattern}"
        return self.also(value, *others)


@dataclass(frozen=True)
class Rows:
    """The rows of a CSV file.

    Attributes
    ----------
    path : Path
    header : tuple of str
    numbers : list of int
        The number of each row.
    cells : list of tuple of str
        The cells of each row, as many as there are columns.
    """

    path: Path
    header: tuple[str, ...]
    numbers: list[int] = field(repr=False)
    cells: list[tuple[str, ...]] = field(repr=False)

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The cells by column."""
        return dict(zip(self.header, zip(*self.cells, strict=True), strict=True))

    def fault(self, position: int, column: str, rule: str, value: str = "") -> Fault:
        """Make the fault of a cell.

        Parameters
        ----------
        position : int
            Of the row, from 0.
        column, rule : str
        value : str
            What to show; the cell by default.
        """
        found = value or self.cells[position][self.header.index(column)]
        return Fault(self.path, rule, self.numbers[position], column, found)

    def faults(self, rules: Callable[..., Iterable[tuple[str, ...]]]) -> Iterator[Fault]:
        """Find the faults of each row.

        Parameters
        ----------
        rules : callable
            Takes the cells, and gives of each fault the column, the rule and, if it is not the
            cell, the value to show.
        """
        for position, cells in enumerate(self.cells):
            for broken in rules(*cells):
                yield self.fault(position, *broken)


def read_csv(
    path: Path,
    columns: Sequence[Column],
    *,
    key: Sequence[str] = (),
    more: Callable[[Rows], Iterable[Fault]] | None = None,
    by_a_reader: bool = False,
) -> Rows:
    """Read a CSV file.

    Parameters
    ----------
    path : Path
    columns : sequence of Column
    key : sequence of str
        The columns that no two rows have alike; none where rows may be alike.
    more : callable, optional
        Finds the faults of rows that no column shows by itself, in the order of the rows.
    by_a_reader : bool
        Whether the file is a reader's own: columns in any order, lines that may end with CR and LF.

    Raises
    ------
    InputError
        With every fault, in the order of the rows; where the header is wrong, with those of the
        header only.
    """
    first, *others = read_text(path, windows_lines=by_a_reader).removesuffix("\n").split("\n")
    header = _parsed(path, 1, first)
    refuse(_faults_of_header(path, header, columns, by_a_reader))
    if not others:
        raise InputError([Fault(path, "the file has a header and no row")])
    found = Findings()
    numbered = [
        (number, cells)
        for number, line in enumerate(others, start=2)
        if (cells := found.of(_parsed, path, number, line, len(header))) is not None
    ]
    if not numbered:
        found.refuse()
    rows = Rows(path, header, *map(list, zip(*numbered, strict=True)))
    known = {column.name: column for column in columns}
    refuse(
        heapq.merge(
            found.faults,
            _faults_of_cells(rows, [known[name] for name in header]),
            _faults_of_keys(rows, key),
            more(rows) if more else (),
            key=lambda fault: fault.row,
        )
    )
    return rows


_LONGEST_LINE = 100_000
"""A limit of our own: that of the csv module is one for a process, and anyone may move it."""


def _parsed(path: Path, number: int, line: str, width: int = 0) -> tuple[str, ...]:
    """Give the cells of a line, as many as there are columns."""
    if len(line) > _LONGEST_LINE:
        rule = f"{len(line):,} characters in one row, and {_LONGEST_LINE:,} at the most"
        raise InputError([Fault(path, rule, row=number)])
    try:
        cells = tuple(next(csv.reader([line], strict=True), ()))
    except csv.Error as error:
        raise InputError([Fault(path, f"not a CSV row: {error}", row=number)]) from error
    if width and len(cells) != width:
        raise InputError([Fault(path, f"{len(cells)} cells instead of {width}", row=number)])
    return cells


def _faults_of_header(
    path: Path,
    header: Sequence[str],
    columns: Sequence[Column],
    by_a_reader: bool,
) -> Iterator[Fault]:
    known = [each.name for each in columns]
    names = [each.name for each in columns if not each.is_optional]
    if len(header) == 1 < len(names) and set(header[0]) & {";", "\t"}:
        yield Fault(path, "cells are separated by commas", row=1)
        return
    wrong = [(name, "the column is missing") for name in names if name not in header]
    for position, name in enumerate(header):
        if name not in known:
            wrong.append((name, "there is no such column"))
        elif name in header[:position]:
            wrong.append((name, "the column stands twice"))
    yield from (Fault(path, rule, 1, name) for name, rule in wrong)
    if not wrong and not by_a_reader and [name for name in header if name in names] != [*names]:
        yield Fault(path, f"the columns are, in this order, {', '.join(names)}", row=1)


def _faults_of_cells(rows: Rows, columns: Sequence[Column]) -> Iterator[Fault]:
    # Few values are different: each is looked at once.
    wrong = {}
    for column in columns:
        blank = ("",) * len(rows.cells)
        beside = [rows.columns.get(name, blank) for name in column.beside]
        cells = [*zip(rows.columns[column.name], *beside, strict=True)]
        rules = {each: column.broken_rule(*each) for each in set(cells)}
        if any(rules.values()):
            wrong[column.name] = [rules[each] for each in cells]
    for position in range(len(rows.cells)) if wrong else ():
        for name, broken in wrong.items():
            if broken[position]:
                yield rows.fault(position, name, broken[position])


def _faults_of_keys(rows: Rows, key: Sequence[str]) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    # Without a key there is no column, and nothing to look at.
    keys = zip(*(rows.columns[name] for name in key), strict=True)
    for number, found in zip(rows.numbers, keys, strict=False):
        first = seen.setdefault(found, number)
        if first != number:
            column = key[0] if len(key) == 1 else ""
            rule = f"row {first} has the same {', '.join(key)}"
            yield Fault(rows.path, rule, number, column, ",".join(found))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _on_one_line(text: str) -> str:
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
