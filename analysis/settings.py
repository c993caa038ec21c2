"""The settings of the book: ``_quarto.yml``, the words of its language and its brand.

Quarto and the builder read them by themselves, each in its own time; here they are checked for what
both of them need, and for files that are not there.

Examples
--------
>>> read_brand()["color"]["primary"]
{'light': 'lagune', 'dark': 'lagune-clair'}
"""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Fault, refuse, shown

_Place = tuple[str | int, ...]


def check_settings() -> None:
    """Check the settings of the project, of its language and of its brand.

    Raises
    ------
    InputError
        With every fault: of the form of a file, a file that is named and is not there, a colour
        that has no name.
    """
    settings = _read(paths.SETTINGS, "quarto")
    refuse(_faults_of_files(settings))
    language = paths.ROOT / settings.data["book"]["language"]
    _read(language, "language")
    read_brand()


def read_settings() -> dict[str, Any]:
    """Read the settings of the project.

    Raises
    ------
    InputError
        If the file is not of their form.
    """
    found: dict[str, Any] = _read(paths.SETTINGS, "quarto").data
    return found


def read_brand() -> dict[str, Any]:
    """Read the colours and fonts of the book.

    Raises
    ------
    InputError
        If the file has a fault.
    """
    brand = _read(paths.BRAND, "brand")
    refuse(_faults_of_brand(brand))
    found: dict[str, Any] = brand.data
    return found


def _read(path: Path, form: str) -> Document:
    return read_document(path, paths.SCHEMAS / f"{form}.schema.json")


def _faults_of_files(settings: Document) -> Iterator[Fault]:
    if settings.data["bibliography"] != shown(paths.REFERENCES):
        yield settings.fault(f"the bibliography is {shown(paths.REFERENCES)}", "bibliography")
    for place, name in _files(settings.data):
        # A pattern has to find one file at least.
        if not glob.glob(name.lstrip("/"), root_dir=paths.ROOT):
            yield settings.fault("there is no such file", *place)


def _files(settings: dict[str, Any]) -> Iterator[tuple[_Place, str]]:
    """Yield each file that the settings name, and where."""
    for name in ("chapters", "appendices", "language"):
        yield from _named(settings["book"].get(name), "book", name)
    for name in ("pre-render", "post-render", "resources"):
        yield from _named(settings["project"].get(name), "project", name)
    for name in ("brand", "csl", "filters"):
        yield from _named(settings[name], name)


def _named(value: Any, *place: str | int) -> Iterator[tuple[_Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict) and "chapters" in value:
        yield from _named(value["chapters"], *place, "chapters")
    for position, each in enumerate(value if isinstance(value, list) else ()):
        yield from _named(each, *place, position)


def _faults_of_brand(brand: Document) -> Iterator[Fault]:
    colours = brand.data["color"]
    for name, shades in colours.items():
        for mode, colour in shades.items() if name != "palette" else ():
            if colour not in colours["palette"]:
                yield brand.fault("the palette has no such colour", "color", name, mode)
    for at, family in enumerate(brand.data["typography"]["fonts"]):
        for rank, file in enumerate(family["files"]):
            if not (paths.ROOT / file["path"]).is_file():
                place = ("typography", "fonts", at, "files", rank, "path")
                yield brand.fault("there is no such file", *place)
