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
from typing import Any

from analysis import paths
from analysis.documents import Document, Place, read_document, texts
from analysis.files import Fault, refuse, shown

_FILES: set[Place] = {
    *(("book", name) for name in ("chapters", "appendices", "language")),
    *(("project", name) for name in ("pre-render", "post-render", "resources")),
    *((name,) for name in ("brand", "csl", "filters")),
}
"""Where the settings name files."""


def check_settings() -> None:
    """Check the settings of the project, of its language and of its brand.

    Raises
    ------
    InputError
        With every fault: of the form of a file, a file that is named and is not there, a colour
        that has no name.
    """
    settings = read_document(paths.SETTINGS)
    refuse(_faults_of_files(settings))
    language = paths.ROOT / settings.data["book"]["language"]
    read_document(language, paths.SCHEMAS / "language.schema.json")
    read_brand()


def read_settings() -> dict[str, Any]:
    """Read the settings of the project.

    Raises
    ------
    InputError
        If the file is not of their form.
    """
    return read_document(paths.SETTINGS).data


def read_brand() -> dict[str, Any]:
    """Read the colours and fonts of the book.

    Raises
    ------
    InputError
        If the file has a fault.
    """
    brand = read_document(paths.BRAND)
    refuse(_faults_of_brand(brand))
    return brand.data


def _faults_of_files(settings: Document) -> Iterator[Fault]:
    if settings.data["bibliography"] != shown(paths.REFERENCES):
        yield settings.fault(f"the bibliography is {shown(paths.REFERENCES)}", "bibliography")
    for place, name in texts(settings.data):
        is_file = {place[:1], place[:2]} & _FILES and place[-1] != "part"
        # A pattern has to find one file at least.
        if is_file and not glob.glob(name.lstrip("/"), root_dir=paths.ROOT):
            yield settings.fault("there is no such file", *place)


def _faults_of_brand(brand: Document) -> Iterator[Fault]:
    palette = brand.data["color"]["palette"]
    for place, text in texts(brand.data):
        if place[0] == "color" and place[1] != "palette" and text not in palette:
            yield brand.fault("the palette has no such colour", *place)
        if place[-1] == "path" and not (paths.ROOT / text).is_file():
            yield brand.fault("there is no such file", *place)
