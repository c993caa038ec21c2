"""The bibliography: the works that the book cites.

``data/references.bib`` is BibTeX as Pandoc reads it, and no more of it than is used: entries of
fields between braces.  Pandoc, which sets the references, reads it when all the chapters have been
run; here it is checked before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from analysis import paths
from analysis.files import Fault, read_text, refuse

_ENTRY = re.compile(r"@(?P<kind>[a-z]+)\{(?P<key>[a-z][a-z0-9]*),\s*")
# A value has braces within braces, and ends before another entry begins.
_FIELD = re.compile(
    r"(?P<name>[a-z]+)\s*=\s*(?=\{)"
    r"(?:\{(?P<value>(?:(?!\n@)[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}\s*(?P<comma>,?)\s*)?"
)
_YEAR = re.compile(r"[12][0-9]{3}")
_NEEDED = {
    "article": ("author", "title", "langid", "journal", "year"),
    "book": ("author", "title", "langid", "publisher", "year"),
}
"""The fields that an entry of each kind has."""

_CITATION = re.compile(r"(?<![\w@.])@([a-z][a-z0-9]*)(?![\w-])")
_CODE = re.compile(r"^(```+|~~~+).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def check_bibliography() -> None:
    """Check the bibliography, and then that every work that a chapter cites is in it.

    Raises
    ------
    InputError
        With every fault of the bibliography: what is no entry, a brace that is not closed, a key or
        a field that stands twice, a field that is missing. If it has none, with every citation of
        another work.
    """
    rows: dict[str, int] = {}
    refuse(_read(read_text(paths.REFERENCES), rows))
    refuse(_astray(rows))


def _astray(references: Collection[str]) -> Iterator[Fault]:
    for path in (paths.ROOT / "index.qmd", *sorted((paths.ROOT / "chapters").rglob("*.qmd"))):
        text = read_text(path)
        prose = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
        for citation in _CITATION.finditer(prose):
            if citation[1] not in references:
                row = prose.count("\n", 0, citation.start()) + 1
                yield Fault(path, "the bibliography has no such work", row, value=citation[0])


def _read(text: str, rows: dict[str, int]) -> Iterator[Fault]:
    """Note the rows of the entries by their keys, and yield what is wrong with them."""

    def row(at: int) -> int:
        return text.count("\n", 0, at) + 1

    at = len(text) - len(text.lstrip())
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if entry is None:
            line = text[at:].partition("\n")[0]
            yield Fault(paths.REFERENCES, "not an entry: @kind{key,", row(at), value=line)
            return
        key, fields, fault, start, at = entry["key"], [], "", row(at), entry.end()
        while not fault and not text.startswith("}", at):
            field = _FIELD.match(text, at)
            if field is None:
                fault = "not a field: name = {value}"
            elif field["value"] is None:
                fault = f"the brace of {field['name']} is not closed"
            else:
                fields.append((field["name"], " ".join(field["value"].split())))
                at = field.end()
                if not field["comma"] and not text.startswith("}", at):
                    fault = f"no comma after {field['name']}"
        if fault:
            yield Fault(paths.REFERENCES, fault, row(at), value=key)
            return
        if key in rows:
            yield Fault(paths.REFERENCES, f"row {rows[key]} has the same key", start, value=key)
        yield from _faults(entry["kind"], key, fields, start)
        rows[key] = start
        at = len(text) - len(text[at + 1 :].lstrip())


def _faults(kind: str, key: str, fields: list[tuple[str, str]], row: int) -> Iterator[Fault]:
    if kind not in _NEEDED:
        rule = f"not one of {', '.join(_NEEDED)}"
        yield Fault(paths.REFERENCES, rule, row, key, kind)
    values = dict(fields)
    for name, times in Counter(name for name, _ in fields).items():
        if times > 1:
            yield Fault(paths.REFERENCES, "the field stands twice", row, f"{key}.{name}")
    for name in _NEEDED.get(kind, ()):
        if not values.get(name):
            yield Fault(paths.REFERENCES, "the field is missing", row, f"{key}.{name}")
    if "year" in values and not _YEAR.fullmatch(values["year"]):
        yield Fault(paths.REFERENCES, "not a year", row, f"{key}.year", values["year"])
