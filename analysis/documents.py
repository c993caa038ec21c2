"""Structured documents: what stands in YAML or JSON, checked against a JSON Schema.

The questionnaire, the glossary and the checklist are documents of this edition, written by hand in
a form that a program can read; the data packages and the certificate are documents that programs
write. Each has its schema in ``data/schemas`` (JSON Schema, draft 2020-12,
https://json-schema.org). A document that breaks it is refused, and every fault is named in one
line: file, row, the keys that lead to the value in the place of a column, value, rule.

YAML lets a mapping repeat a key, and keeps the last value without a word; here that is a fault. So
is an alias, which can make a document hold itself: what is meant twice is written twice.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from referencing import Registry
from referencing.exceptions import Unresolvable

from analysis import paths
from analysis.files import Fault, InputError, read_text, refuse

Place = tuple[str | int, ...]

_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Document:
    """A document, and where its values stand.

    Attributes
    ----------
    path : Path
    data : dict
        What it holds.
    text : str
        The text of the file.
    """

    path: Path
    data: dict[str, Any]
    text: str = field(repr=False)

    def fault(self, rule: str, *place: str | int) -> Fault:
        """Make the fault of a value, which is shown where it is a text or a number.

        Parameters
        ----------
        rule : str
            What is wrong.
        *place : str or int
            Keys and positions that lead to the value.
        """
        value = _scalar(self.data, place)
        return Fault(self.path, rule, self._row(place), _path(place), value)

    @cached_property
    def root(self) -> yaml.Node | None:
        """Where the values stand, if that can be told."""
        # JSON is YAML but for some white space and escapes: then a fault has no row.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            return yaml.compose(self.text, loader)
        except (yaml.YAMLError, RecursionError):
            return None

    def _row(self, place: Place) -> int:
        """Find the line of a value; of the deepest that there is, where it is missing."""
        node = self.root
        if node is None:
            return 0
        for part in place:
            if isinstance(node, yaml.MappingNode):
                found = [value for key, value in node.value if key.value == part]
            else:
                found = node.value[int(part) : int(part) + 1]
            if not found:
                break
            node = found[0]
        return int(node.start_mark.line) + 1


def read_document(path: Path, schema: Path | None = None) -> Document:
    """Read a document.

    Parameters
    ----------
    path : Path
        A JSON file, by its name, or a YAML file.
    schema : Path, optional
        Its JSON Schema; by default the one of this name in ``data/schemas``.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        With every fault of the document, in the order of the rows; with those of the schema, if it
        has any.
    """
    rules = schema or paths.SCHEMAS / f"{path.stem.lstrip('_')}.schema.json"
    return _checked(path, read_text(path), rules, read_text(rules))


@lru_cache
def _checked(path: Path, text: str, schema: Path, rules: str) -> Document:
    # Kept for as long as both files have the same content.
    validator = _validator(schema, rules)
    document, repeated = _read(path, text)
    try:
        broken = [_broken(document, each) for each in validator.iter_errors(document.data)]
    except Unresolvable as error:
        raise InputError([Fault(schema, f"there is nothing at the $ref {error.ref}")]) from error
    except re.error as error:
        raise InputError([Fault(schema, f"not a JSON Schema: {error}")]) from error
    except RecursionError as error:
        raise InputError([Fault(schema, "not a JSON Schema: it leads back to itself")]) from error
    refuse(sorted([*repeated, *broken], key=lambda fault: fault.row))
    return document


def _broken(document: Document, error: jsonschema.ValidationError) -> Fault:
    # The message begins with the value, which a fault has apart.
    rule = error.message.removeprefix(f"{error.instance!r} ")
    return document.fault(rule, *error.absolute_path)


def _validator(path: Path, text: str) -> jsonschema.Draft202012Validator:
    document, repeated = _read(path, text)
    refuse(repeated)
    try:
        jsonschema.Draft202012Validator.check_schema(document.data)
    except jsonschema.SchemaError as error:
        fault = _broken(document, error)
        raise InputError([replace(fault, rule=f"not a JSON Schema: {fault.rule}")]) from error
    return jsonschema.Draft202012Validator(document.data, registry=Registry())


def _read(path: Path, text: str) -> tuple[Document, list[Fault]]:
    """Read a document, and find the keys that stand twice."""
    row = 0
    try:
        return (_read_json if path.suffix == ".json" else _read_yaml)(path, text)
    except json.JSONDecodeError as error:
        rule, row = f"not JSON: {error.msg}", error.lineno
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else 0
        rule = f"not YAML: {error.problem or error.context}"
    except InputError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        rule = f"not {'JSON' if path.suffix == '.json' else 'YAML'}: {error}"
    except RecursionError:
        rule = "the document is nested too deeply"
    raise InputError([Fault(path, rule, row=row)])


def _read_json(path: Path, text: str) -> tuple[Document, list[Fault]]:
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        times = Counter(name for name, _ in found)
        twice.extend(name for name in times if times[name] > 1)
        return dict(found)

    data = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
    document = Document(path, data, text)
    if twice and document.root:
        return document, [fault for fault, _ in _irregular(path, document.root, (), set())]
    return document, [Fault(path, f"the key {name} stands twice") for name in twice]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _read_yaml(path: Path, text: str) -> tuple[Document, list[Fault]]:
    loader = yaml.SafeLoader(text)
    root = loader.get_single_node()
    if root is None:
        raise InputError([Fault(path, "the file is empty")])
    irregular = list(_irregular(path, root, (), set()))
    refuse(fault for fault, is_fatal in irregular if is_fatal)
    return Document(path, loader.construct_document(root), text), [each for each, _ in irregular]


def _irregular(
    path: Path, node: yaml.Node, place: Place, seen: set[int]
) -> Iterator[tuple[Fault, bool]]:
    """Find what YAML allows and no document here has; and whether nothing can be read for it."""

    def fault(at: yaml.Node, rule: str) -> Fault:
        return Fault(path, rule, at.start_mark.line + 1, _path(place))

    if id(node) in seen:
        yield fault(node, "an alias leads here: what is meant twice is written twice"), True
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _irregular(path, value, (*place, position), seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.tag != _TEXT:
                yield fault(key, "a key is a text"), True
                continue
            if key.value in keys:
                yield fault(key, f"the key {key.value} stands twice"), False
            keys.add(key.value)
            yield from _irregular(path, value, (*place, key.value), seen)


def texts(data: Any, *place: str | int) -> Iterator[tuple[Place, str]]:
    """Yield each text of a document with the keys and positions that lead to it.

    Examples
    --------
    >>> list(texts({"terms": ["ACM", 2, {"fr": "CAH"}]}))
    [(('terms', 0), 'ACM'), (('terms', 2, 'fr'), 'CAH')]
    """
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from texts(value, *place, key)


def _scalar(data: Any, place: Place) -> str:
    """Give the value at a place as text; an empty one where it is none or several."""
    with suppress(LookupError, TypeError):
        found = reduce(getitem, place, data)
        return str(found) if isinstance(found, str | int | float) else ""
    return ""


def _path(place: Place) -> str:
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return written.removeprefix(".")
