"""The printed tables of the thesis, read as text and checked against their schema.

Every table that the thesis prints stands in ``data/published`` as a CSV file whose cells are the
printed characters; ``data/qualitative`` holds what the record of a second study says. Their schema
is ``data/datapackage.json``, a Data Package with Table Schemas (https://datapackage.org): names of
the columns, which cells may be blank, the form of a printed number, the keys. `read_table` refuses
a file that breaks the schema, and says where in one line: file, row, column, value, rule. A row
number counts the lines of the file; the header is line 1.

Only the schema of the repository is used. A folder given as `directory` holds other copies of the
same files.

Examples
--------
>>> read_table("tb1b").loc[0, ["label", "n", "percent"]].tolist()
['Consulter un DMP', '10', '18,18 %']
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.paths import DATAPACKAGE, PUBLISHED
from analysis.printed._files import PublishedDataError, read_rows
from analysis.printed.numbers import PrintedNumber, parse_all

__all__ = [
    "Place",
    "PublishedDataError",
    "check_all",
    "places",
    "read_table",
    "table_ids",
]


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    is_required: bool
    pattern: str | None
    allowed: tuple[str, ...]
    is_printed: bool

    @property
    def holds_numbers(self) -> bool:
        return self.is_printed and self.pattern is not None and r"\d" in self.pattern


@dataclass(frozen=True, slots=True)
class _Schema:
    folder: Path
    file: str
    fields: tuple[_Field, ...]
    key: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.fields]


def table_ids() -> tuple[str, ...]:
    """List the ids of the tables of the thesis, in the order of the data package.

    Returns
    -------
    tuple of str
        The ids, which are the names of the files without ``.csv``.

    Examples
    --------
    >>> table_ids()[:3]
    ('ta1', 'ta2', 'ta3')
    """
    return tuple(_schemas(PUBLISHED))


def read_table(table_id: str, *, directory: Path | None = None) -> pd.DataFrame:
    """Read one published table, every cell as the text that was printed.

    Parameters
    ----------
    table_id
        The id of the table, in lower case: ``"tb3"``.
    directory
        The folder to read from; the one that the data package names, by default.

    Returns
    -------
    pandas.DataFrame
        One row a printed row. Every cell is a string, the empty one where the print is blank.

    Raises
    ------
    PublishedDataError
        If the table is unknown, or its file is missing or breaks the schema.

    Examples
    --------
    >>> table = read_table("tb3")
    >>> table.loc[table["variable"] == "practice", ["category", "users", "non_users"]]
      category       users   non_users
    6  libéral  47 (53,41)  41 (46,59)
    7    mixte     6 (100)       0 (0)
    8  salarié   2 (33,33)   4 (66,67)
    """
    schemas = _schemas()
    if table_id not in schemas:
        raise PublishedDataError(f"{table_id}.csv", f"no such table in {DATAPACKAGE.name}")
    return _read(schemas[table_id], directory or schemas[table_id].folder)


@dataclass(frozen=True, slots=True)
class Place:
    """One printed number and where it stands in its table.

    Attributes
    ----------
    address
        Row, column and rank within the cell, as in ``age/<29:users:1``; a row is named by its key.
    line
        Source lines of the row.
    number
        The number as printed.
    """

    address: str
    line: str
    number: PrintedNumber


def places(table_id: str) -> tuple[Place, ...]:
    """List the printed numbers of a table, row by row.

    Columns of labels hold none, whatever their digits: only those whose form is a number's do.

    Parameters
    ----------
    table_id
        The id of the table, in lower case.

    Examples
    --------
    >>> [place.address for place in places("tb3")[:4]]
    ['age/<29:users:1', 'age/<29:users:2', 'age/<29:non_users:1', 'age/<29:non_users:2']
    """
    schema = _schemas()[table_id]
    numeric = [field.name for field in schema.fields if field.holds_numbers]
    return tuple(
        Place(f"{'/'.join(row[name] for name in schema.key)}:{column}:{rank}", row["line"], number)
        for row in read_table(table_id).to_dict("records")
        for column in numeric
        for rank, number in enumerate(_numbers(row[column]), start=1)
    )


def _numbers(cell: str) -> tuple[PrintedNumber, ...]:
    # "Non comparable" stands where table TV5 has no number.
    return parse_all(cell) if re.search(r"\d", cell) else ()


def check_all(directory: Path | None = None) -> tuple[str, ...]:
    """Check every table against its schema.

    Parameters
    ----------
    directory
        A folder with copies of the tables of the thesis, which are then the only ones to be
        checked; by default every table is, those of the second study included.

    Returns
    -------
    tuple of str
        The ids of the tables, all of them sound.

    Raises
    ------
    PublishedDataError
        At the first fault, a CSV file that the data package does not know included.

    Examples
    --------
    >>> "ta1" in check_all()
    True
    """
    schemas = _schemas(PUBLISHED if directory else None)
    for schema in schemas.values():
        _read(schema, directory or schema.folder)
    folders = [directory] if directory else sorted({each.folder for each in schemas.values()})
    for stray in (stray for folder in folders for stray in _stray_files(schemas, folder)):
        raise PublishedDataError(stray, f"the file is not declared in {DATAPACKAGE.name}")
    return tuple(schemas)


def _schemas(folder: Path | None = None) -> dict[str, _Schema]:
    return {name: each for name, each in _package().items() if folder in (None, each.folder)}


@cache
def _package() -> dict[str, _Schema]:
    package = json.loads(DATAPACKAGE.read_text(encoding="utf-8"))
    return {resource["name"]: _schema(resource) for resource in package["resources"]}


def _schema(resource: Mapping[str, Any]) -> _Schema:
    schema = resource["schema"]
    key = schema.get("primaryKey", [])
    path = DATAPACKAGE.parent / resource["path"]
    return _Schema(
        folder=path.parent,
        file=path.name,
        fields=tuple(_field(field) for field in schema["fields"]),
        key=(key,) if isinstance(key, str) else tuple(key),
    )


def _field(field: Mapping[str, Any]) -> _Field:
    constraints = field.get("constraints", {})
    return _Field(
        name=field["name"],
        is_required=constraints.get("required", False),
        pattern=constraints.get("pattern"),
        allowed=tuple(constraints.get("enum", ())),
        is_printed=field["origin"] == "print",
    )


def _stray_files(schemas: Mapping[str, _Schema], folder: Path) -> list[str]:
    declared = {schema.file for schema in schemas.values()}
    return sorted(path.name for path in folder.glob("*.csv") if path.name not in declared)


def _read(schema: _Schema, folder: Path) -> pd.DataFrame:
    header, *rows = _rows(schema, folder)
    _check_header(schema, header)
    if not rows:
        raise PublishedDataError(schema.file, "the file has a header and no row")
    seen_rows: dict[tuple[str, ...], int] = {}
    seen_keys: dict[tuple[str, ...], int] = {}
    for line, cells in enumerate(rows, start=2):
        _check_cells(schema, line, cells)
        _check_first(schema.file, seen_rows, tuple(cells), line, "the row repeats row")
        if schema.key:
            named = dict(zip(schema.columns, cells, strict=True))
            key = tuple(named[name] for name in schema.key)
            rule = f"the key ({', '.join(schema.key)}) repeats that of row"
            _check_first(schema.file, seen_keys, key, line, rule)
    return pd.DataFrame(rows, columns=schema.columns, dtype=str)


def _rows(schema: _Schema, folder: Path) -> list[list[str]]:
    path = folder / schema.file
    if not path.is_file():
        stray = _stray_files(_schemas(), folder)
        hint = f"; renamed to {', '.join(stray)}?" if stray else ""
        raise PublishedDataError(schema.file, f"the file is missing{hint}")
    return read_rows(path)


def _check_header(schema: _Schema, header: list[str]) -> None:
    for column in schema.columns:
        if column not in header:
            raise PublishedDataError(schema.file, "the column is missing", row=1, column=column)
    for column in header:
        if column not in schema.columns:
            raise PublishedDataError(
                schema.file, "the column is not in the schema", row=1, column=column
            )
    if header != schema.columns:
        raise PublishedDataError(
            schema.file, f"the columns are, in this order, {', '.join(schema.columns)}", row=1
        )


def _check_cells(schema: _Schema, line: int, cells: list[str]) -> None:
    expected = len(schema.fields)
    if len(cells) != expected:
        amount = "few" if len(cells) < expected else "many"
        raise PublishedDataError(
            schema.file, f"too {amount} cells: {len(cells)} instead of {expected}", row=line
        )
    for field, value in zip(schema.fields, cells, strict=True):
        rule = _broken_rule(field, value)
        if rule is not None:
            raise PublishedDataError(schema.file, rule, row=line, column=field.name, value=value)


def _broken_rule(field: _Field, value: str) -> str | None:
    if not value:
        return "the cell is blank" if field.is_required else None
    if value != value.strip():
        return "the cell begins or ends with a space"
    if field.allowed and value not in field.allowed:
        return f"not one of {', '.join(field.allowed)}"
    if field.pattern is not None and re.fullmatch(field.pattern, value) is None:
        return f"not of the printed form {field.pattern}"
    return None


def _check_first(
    file: str, seen: dict[tuple[str, ...], int], content: tuple[str, ...], line: int, rule: str
) -> None:
    if content in seen:
        raise PublishedDataError(file, f"{rule} {seen[content]}", row=line, value=",".join(content))
    seen[content] = line
