"""Data packages: which files the project has, what their columns may hold, and their digests.

``data/datapackage.json`` describes every file of ``data`` but the rebuilt ones, which have a
package of their own; the command that rebuilds them writes their digests into it. Both are Data
Packages whose tables have Table Schemas (https://datapackage.org). A table is read by its schema
(`Resource.read`). The size and the SHA-256 of a file show a change that breaks no rule: without the
source text at hand nothing else shows that a digit was changed by accident.

Examples
--------
>>> package = read_package()
>>> package.resource("tb1b").key
('label',)
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import (
    Column,
    Fault,
    InputError,
    Rows,
    read_bytes,
    read_csv,
    refuse,
    shown,
    write_beside,
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of a package.

    Attributes
    ----------
    name : str
    path : Path
    columns : tuple of Column
        Of a table; empty for another file.
    key : tuple of str
        The columns that no two rows have alike.
    """

    name: str
    path: Path
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def read(
        self,
        path: Path | None = None,
        *,
        also: Mapping[str, Callable[[str], str]] = MappingProxyType({}),
        more: Callable[[Rows], Iterable[Fault]] | None = None,
    ) -> Rows:
        """Read the table.

        Parameters
        ----------
        path : Path, optional
            A copy to read in its place.
        also : mapping of str to callable
            By column, the rule that its schema cannot state.
        more : callable, optional
            As for `analysis.files.read_csv`.

        Raises
        ------
        InputError
            If the file breaks its schema or a further rule.
        """
        columns = [replace(each, also=also.get(each.name, each.also)) for each in self.columns]
        return read_csv(path or self.path, columns, key=self.key, more=more)


@dataclass(frozen=True, slots=True)
class Package:
    """A data package.

    Attributes
    ----------
    document : Document
    resources : dict of str to Resource
        By name.
    """

    document: Document
    resources: Mapping[str, Resource]

    def resource(self, name: str) -> Resource:
        """Find a file by its name.

        Raises
        ------
        InputError
            If the package has none of this name.
        """
        if name not in self.resources:
            raise InputError([self.document.fault(f"no resource is called {name}", "resources")])
        return self.resources[name]

    def changes(self, remedy: str) -> Iterator[Fault]:
        """Find the files that are not what the package says: a fault for each that can be read.

        Parameters
        ----------
        remedy : str
            The command that describes a file again.
        """
        described = zip(self.document.data["resources"], self.resources.values(), strict=True)
        for position, (said, each) in enumerate(described):
            try:
                content = read_bytes(each.path)
            except InputError as error:
                yield from error.faults
                continue
            if (len(content), digest(content)) != (said.get("bytes"), said.get("hash")):
                row = self.document.fault("", "resources", position).row
                rule = f"not what {shown(self.document.path)}, row {row}, describes: {remedy}"
                yield Fault(each.path, rule, value=f"{len(content)} bytes, {digest(content)[:20]}…")

    def describe(self) -> None:
        """Write the size and the digest of each file into the package: beside, then in its place.

        Raises
        ------
        InputError
            If a file cannot be read; nothing is written then.
        """
        content = json.loads(self.document.text)
        for described, each in zip(content["resources"], self.resources.values(), strict=True):
            found = read_bytes(each.path)
            described |= {"bytes": len(found), "hash": digest(found)}
        # As deep as it is written: "{", a line break, the indent, the first key.
        indent = self.document.text.index('"') - 2
        text = json.dumps(content, ensure_ascii=False, indent=indent) + "\n"
        write_beside(self.document.path, text)


def digest(content: bytes) -> str:
    """Write the digest of a file as a package has it.

    Examples
    --------
    >>> digest(b"")[:20]
    'sha256:e3b0c44298fc1'
    """
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def read_package(path: Path | None = None) -> Package:
    """Read a data package.

    Parameters
    ----------
    path : Path, optional
        ``data/datapackage.json`` by default.

    Raises
    ------
    InputError
        If the file has a fault.
    """
    file = path or paths.DATAPACKAGE
    return _read(file, read_bytes(file))


@lru_cache
def _read(path: Path, _: bytes) -> Package:
    # A table is read often: what was read is kept for as long as the file has the same content.
    document = read_document(path)
    resources = document.data["resources"]
    refuse(_faults(document, resources))
    return Package(document, {each["name"]: _resource(path.parent, each) for each in resources})


def _resource(folder: Path, described: Mapping[str, Any]) -> Resource:
    schema = described.get("schema", {})
    return Resource(
        described["name"],
        folder / described["path"],
        tuple(_column(field) for field in schema.get("fields", ())),
        tuple(schema.get("primaryKey", ())),
    )


def _column(field: Mapping[str, Any]) -> Column:
    constraints = field.get("constraints", {})
    return Column(
        field["name"],
        required=constraints.get("required", False),
        pattern=constraints.get("pattern", ""),
        allowed=tuple(constraints.get("enum", ())),
        origin=field.get("origin", ""),
    )


def _faults(document: Document, resources: list[dict[str, Any]]) -> Iterator[Fault]:
    """Find what no JSON Schema shows: names that stand twice, keys of no column, bad patterns."""
    for position, each in enumerate(resources):
        here = ("resources", position)
        for name in ("name", "path"):
            if each[name] in [other[name] for other in resources[:position]]:
                yield document.fault(f"another resource has this {name}", *here, name)
        fields = each.get("schema", {}).get("fields", [])
        names = [field["name"] for field in fields]
        for at, field in enumerate(fields):
            there = (*here, "schema", "fields", at)
            if field["name"] in names[:at]:
                yield document.fault("another column has this name", *there, "name")
            try:
                re.compile(field.get("constraints", {}).get("pattern", ""))
            except re.error as error:
                rule = f"not a regular expression: {error}"
                yield document.fault(rule, *there, "constraints", "pattern")
        for at, name in enumerate(each.get("schema", {}).get("primaryKey", ())):
            if name not in names:
                yield document.fault("no column has this name", *here, "schema", "primaryKey", at)
