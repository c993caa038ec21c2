"""Structured documents: a fault is named in one line, with the line of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from analysis import paths
from analysis.documents import read_document
from analysis.files import InputError
from analysis.report.sections import annexes, reproduction

SCHEMA = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string"}, "status": {"enum": ["oui", "non"]}},
            },
        }
    },
}


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return path


def faults(text: str, schema: Path) -> list[str]:
    path = schema.with_name("document.yml")
    path.write_text(text, encoding="utf-8")
    return faults_of(path, schema)


def faults_of(path: Path, schema: Path) -> list[str]:
    try:
        read_document(path, schema)
    except InputError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_a_sound_document_has_no_fault(schema: Path) -> None:
    assert faults("items:\n  - {id: a, status: oui}\n", schema) == []


def test_a_value_out_of_its_list_is_named_with_its_line(schema: Path) -> None:
    assert faults("items:\n  - id: a\n    status: peut-être\n", schema) == [
        "document.yml, row 3, column items[0].status: 'peut-être': is not one of ['oui', 'non']"
    ]


def test_a_missing_key_is_named_with_the_line_of_its_mapping(schema: Path) -> None:
    assert faults("items:\n  - id: a\n  - status: oui\n", schema) == [
        "document.yml, row 3, column items[1]: 'id' is a required property"
    ]


def test_a_key_that_stands_twice_is_a_fault(schema: Path) -> None:
    assert faults("items:\n  - id: a\n    id: b\n", schema) == [
        "document.yml, row 3, column items[0]: the key id stands twice"
    ]


def test_the_faults_come_in_the_order_of_the_lines(schema: Path) -> None:
    found = faults("items:\n  - {id: 1}\n  - {status: oui}\n  - {id: a, status: x}\n", schema)
    assert [fault.split(", ")[1] for fault in found] == ["row 2", "row 3", "row 4"]


def test_what_is_no_yaml_is_named_with_its_line(schema: Path) -> None:
    assert faults("items:\n  - {id: a\n", schema)[0].startswith("document.yml, row 3: not YAML")


def test_an_empty_a_missing_and_a_latin_file_are_one_fault_each(schema: Path) -> None:
    assert faults("", schema) == ["document.yml: the file is empty"]
    missing = schema.with_name("none.yml")
    assert faults_of(missing, schema) == ["none.yml: the file is missing"]
    latin = schema.with_name("latin.yml")
    latin.write_bytes("items: é".encode("latin-1"))
    assert faults_of(latin, schema) == ["latin.yml, row 1: the file is not UTF-8 (byte 0xe9)"]


def test_the_error_names_the_first_fault_and_counts_the_others(schema: Path) -> None:
    path = schema.with_name("document.yml")
    path.write_text("items:\n  - {id: 1}\n  - {}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 2, column items\[0\].id: .* \(and 1 more\)$"):
        read_document(path, schema)


@pytest.mark.parametrize("path", sorted(paths.SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_a_schema(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_each_schema_has_its_document() -> None:
    named = {path.name.removesuffix(".schema.json") for path in paths.SCHEMAS.glob("*.json")}
    documents = (paths.QUESTIONNAIRE, paths.GLOSSARY, paths.STROBE, paths.CERTIFICATE)
    settings = {"quarto", "brand", "language"}
    assert named == {path.stem for path in (*documents, paths.DATAPACKAGE)} | settings


@pytest.fixture
def damage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str, str], None]:
    """Put a copy of a document, with one place changed, in its stead."""

    def change(name: str, old: str, new: str) -> None:
        path: Path = getattr(paths, name)
        text = path.read_text(encoding="utf-8")
        assert old in text
        (tmp_path / path.name).write_text(text.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(paths, name, tmp_path / path.name)

    return change


def test_the_checklist_keeps_its_order(damage: Callable[[str, str, str], None]) -> None:
    damage("STROBE", 'id: "10"', 'id: "9"')
    with pytest.raises(
        InputError, match=r"strobe.yml, row \d+, .*'9': the item does not come after 9"
    ):
        reproduction.items.__wrapped__()


def test_a_term_has_one_entry(damage: Callable[[str, str, str], None]) -> None:
    damage("GLOSSARY", "term: CAH", "term: ACM")
    with pytest.raises(InputError, match=r"terms\[\d+\]\.term: 'ACM': the term has an entry"):
        annexes.terms.__wrapped__()
