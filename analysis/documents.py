"""Structured documents: what the edition wrote down itself, as YAML checked against a JSON Schema.

The questionnaire, the glossary and the checklist are neither printed tables nor answers: they are
documents of this edition, written by hand in a form that a program can read. Each has its schema in
``data/schemas`` (JSON Schema, draft 2020-12, https://json-schema.org). A document that breaks it is
refused, and every fault is named in one line: file, line, place, rule.

YAML lets a mapping repeat a key, and keeps the last value without a word; here that is a fault.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

__all__ = ["Document", "DocumentError", "find_faults", "read_document"]

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One fault of a document.

    Parameters
    ----------
    file : str
    line : int
        Line of the file, counted from 1; 0 for a fault of the whole file.
    place : tuple of str or int
        Keys and positions that lead to the value at fault.
    rule : str
        What is wrong.
    """

    file: str
    line: int
    place: Place
    rule: str

    def __str__(self) -> str:
        """Say the fault in one line.

        Examples
        --------
        >>> print(Fault("strobe.yml", 12, ("items", 3, "status"), "is not one of oui, non"))
        strobe.yml, line 12, items[3].status: is not one of oui, non
        """
        parts = [self.file]
        if self.line:
            parts.append(f"line {self.line}")
        if self.place:
            parts.append(_path(self.place))
        return f"{', '.join(parts)}: {' '.join(self.rule.split())}"


class DocumentError(ValueError):
    """A document that cannot be used; the message names its first fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")


@dataclass(frozen=True)
class Document:
    """A document that keeps to its schema.

    Parameters
    ----------
    file : str
        Name of the file.
    data : dict
        What it holds.
    root : yaml.Node
        Where each value stands.
    """

    file: str
    data: Any
    root: yaml.Node

    def error(self, rule: str, *place: str | int) -> DocumentError:
        """Make the error that names what no schema can: a reference to nothing, an id used twice.

        Parameters
        ----------
        rule : str
            What is wrong.
        *place : str or int
            Keys and positions that lead to the value at fault.
        """
        return DocumentError((Fault(self.file, _line(self.root, place), place, rule),))


def read_document(path: Path, schema: Path) -> Document:
    """Read a document.

    Parameters
    ----------
    path : Path
        A YAML file.
    schema : Path
        Its JSON Schema.

    Returns
    -------
    Document

    Raises
    ------
    DocumentError
        If the document has a fault.
    """
    document, faults = _check(path, schema)
    if document is None or faults:
        raise DocumentError(tuple(faults))
    return document


def find_faults(path: Path, schema: Path) -> Iterator[Fault]:
    """Find every fault of a document.

    Parameters
    ----------
    path : Path
        A YAML file.
    schema : Path
        Its JSON Schema.

    Yields
    ------
    Fault
        In the order of the lines; a file that cannot be read has one.
    """
    yield from _check(path, schema)[1]


def _check(path: Path, schema: Path) -> tuple[Document | None, list[Fault]]:
    """Give the document, if its file can be read, and all its faults."""
    try:
        document = _parse(path)
    except DocumentError as error:
        return None, list(error.faults)
    found = [
        Fault(path.name, key.start_mark.line + 1, place, f"the key {key.value} stands twice")
        for place, key in _repeated(document.root)
    ]
    rules = json.loads(schema.read_text(encoding="utf-8"))
    for broken in jsonschema.Draft202012Validator(rules).iter_errors(document.data):
        place = tuple(broken.absolute_path)
        found.append(Fault(path.name, _line(document.root, place), place, broken.message))
    return document, sorted(found, key=lambda fault: fault.line)


def _parse(path: Path) -> Document:
    """Read what a file holds and where it stands, whether it keeps to a schema or not."""
    line = 0
    try:
        loader = yaml.SafeLoader(path.read_bytes().decode("utf-8"))
        root = loader.get_single_node()
        if root is not None:
            return Document(path.name, loader.construct_document(root), root)
        rule = "the file is empty"
    except FileNotFoundError:
        rule = "the file is missing"
    except UnicodeDecodeError as error:
        rule = f"the file is not UTF-8 (byte {error.start + 1})"
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        rule = f"not YAML: {error.problem or error.context}"
    except yaml.YAMLError as error:
        rule = f"not YAML: {error}"
    raise DocumentError((Fault(path.name, line, (), rule),))


def _path(place: Place) -> str:
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return written.removeprefix(".")


def _line(root: yaml.Node, place: Place) -> int:
    """Find the line of a value; of the deepest that there is, where it is missing."""
    node = root
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == part]
        else:
            found = node.value[int(part) : int(part) + 1]
        if not found:
            break
        node = found[0]
    return int(node.start_mark.line) + 1


def _repeated(node: yaml.Node, place: Place = ()) -> Iterator[tuple[Place, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield place, key
            seen.add(key.value)
            yield from _repeated(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _repeated(value, (*place, position))
