"""Read the project: ``_quarto.yml``, its language file and its brand file.

The settings stay as Quarto's documentation names them and are looked up by dotted name. The
chapters come out as one flat sequence in reading order, each knowing its part.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

__all__ = ["Book", "BuildError", "Chapter", "load", "read_text"]

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")


class BuildError(Exception):
    """A fault of the sources, said in one line: the chapter, the place and what is wrong."""


@dataclass(frozen=True)
class Chapter:
    """One source of the book; ``source`` is its path from the root of the project."""

    source: str
    part: str = ""
    appendix: bool = False

    @property
    def name(self) -> str:
        """Path without its suffix."""
        return self.source.removesuffix(".qmd")

    @property
    def page(self) -> str:
        """Path of the page in the site."""
        return f"{self.name}.html"

    @property
    def folder(self) -> str:
        """Folder of the source and of the page, ``.`` at the root."""
        return str(PurePosixPath(self.source).parent)


@dataclass(frozen=True)
class Book:
    """The project: its settings, its words in the language of the book, its brand."""

    root: Path
    settings: Mapping[str, Any]
    language: Mapping[str, str]
    brand: Mapping[str, Any]
    chapters: tuple[Chapter, ...]

    def get(self, name: str, default: Any = "") -> Any:
        """Return a setting by its dotted name, like ``format.html.toc-depth``."""
        found: Any = self.settings
        for key in name.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        return default if found is None else found

    def listed(self, name: str) -> list[Any]:
        """Return a setting that is one thing or several as a list."""
        value = self.get(name)
        return value if isinstance(value, list) else [value] if value else []

    @property
    def date(self) -> str:
        """Date in words."""
        date = self.get("book.date")
        if not isinstance(date, datetime.date):
            return str(date)
        day = "1er" if date.day == 1 else str(date.day)
        return f"{day} {_MONTHS.split()[date.month - 1]} {date.year}"

    def colours(self, theme: str) -> dict[str, str]:
        """Return palette and named colours for ``light`` or ``dark``."""
        colours = self.brand["color"]
        found = dict(colours["palette"])
        for name, value in colours.items():
            if name != "palette":
                shown = value[theme] if isinstance(value, dict) else value
                found[name] = found.get(shown, shown)
        return found

    def fonts(self) -> Iterator[dict[str, Any]]:
        """Yield the font files of the brand with their family, weight and style."""
        for family in self.brand["typography"]["fonts"]:
            for file in family["files"]:
                yield {"family": family["family"], "style": "normal", **file}


def read_text(path: Path, name: str) -> str:
    """Read a text of the project.

    Raises
    ------
    BuildError
        Where it is not UTF-8, or has a control character, an end of line but LF included.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BuildError(f"{name}:{line}: not UTF-8 (byte 0x{content[error.start]:02x})") from error
    if wrong := _NO_TEXT.search(text):
        line = text.count("\n", 0, wrong.start()) + 1
        raise BuildError(f"{name}:{line}: the character {wrong[0]!a}, which is none of a text")
    return text


def load(root: Path) -> Book:
    """Read the settings of the project at `root`.

    Raises
    ------
    BuildError
        Where there is no ``_quarto.yml``, it is not YAML, or it lists a chapter that is not there.
    """
    settings = _read_yaml(root / "_quarto.yml")
    for file in settings.get("metadata-files", ()):
        # As Quarto does: a file that is not there says nothing.
        if (root / file).is_file():
            settings = _merged(settings, _read_yaml(root / file))
    language = _read_yaml(root / settings["book"]["language"])
    brand = _read_yaml(root / settings["brand"])
    chapters = tuple(_chapters(settings["book"]))
    for chapter in chapters:
        if not (root / chapter.source).is_file():
            raise BuildError(f"_quarto.yml: no file {chapter.source}")
    return Book(root, settings, language, brand, chapters)


def _merged(settings: Any, more: Any) -> Any:
    """Return the settings with more of them, which go before."""
    if not (isinstance(settings, dict) and isinstance(more, dict)):
        return more
    return settings | {name: _merged(settings.get(name), value) for name, value in more.items()}


def _read_yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise BuildError(f"no {path.name} here")
    try:
        return yaml.safe_load(read_text(path, path.name)) or {}
    except yaml.YAMLError as error:
        raise BuildError(f"{path.name}: {' '.join(str(error).split())}") from error


def _chapters(book: Mapping[str, Any]) -> Iterator[Chapter]:
    for entry in book["chapters"]:
        if isinstance(entry, dict):
            for source in entry["chapters"]:
                yield Chapter(source, part=entry["part"])
        else:
            yield Chapter(entry)
    for source in book.get("appendices", ()):
        yield Chapter(source, appendix=True)
