"""Read the project: ``_quarto.yml``, its language file and its brand file.

The settings stay as Quarto's documentation names them and are looked up by dotted name. The
chapters come out as one flat sequence in reading order, each knowing its part.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

__all__ = ["Book", "BuildError", "Chapter", "listed", "load"]

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_LANGUAGE = {
    "crossref-fig-title": "Figure",
    "crossref-tbl-title": "Tableau",
    "crossref-fig-prefix": "figure",
    "crossref-tbl-prefix": "tableau",
    "crossref-sec-prefix": "section",
    "crossref-ch-prefix": "chapitre",
    "crossref-apx-prefix": "annexe",
    "callout-note-title": "Note",
    "callout-tip-title": "Astuce",
    "callout-warning-title": "Avertissement",
    "callout-important-title": "Important",
    "callout-caution-title": "Attention",
    "section-title-appendices": "Annexes",
    "code-summary": "Code",
    "toc-title-document": "Table des matières",
    "toc-title-website": "Sur cette page",
}


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
        return _lookup(self.settings, name, default)

    def existing(self, name: str) -> list[str]:
        """Return those files of a setting that are there."""
        return [file for file in listed(self.get(name)) if (self.root / file).is_file()]

    @property
    def authors(self) -> list[str]:
        """Names of the authors."""
        authors = listed(self.get("book.author"))
        return [a["name"] if isinstance(a, dict) else str(a) for a in authors]

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
        found = dict(_lookup(self.brand, "color.palette", {}))
        for name, value in _lookup(self.brand, "color", {}).items():
            if name != "palette":
                shown = value[theme] if isinstance(value, dict) else value
                found[name] = found.get(shown, shown)
        return found

    def fonts(self) -> Iterator[dict[str, str]]:
        """Yield the font files of the brand with their family, weight and style."""
        for family in _lookup(self.brand, "typography.fonts", []):
            for file in listed(family.get("files")):
                described = file if isinstance(file, dict) else {"path": file}
                usual = {"family": family["family"], "weight": 400, "style": "normal"}
                yield {key: str(value) for key, value in (usual | described).items()}


def listed(value: Any) -> list[Any]:
    """Return a setting that is one thing or several as a list."""
    return value if isinstance(value, list) else [value] if value else []


def load(root: Path) -> Book:
    """Read the settings of the project at `root`.

    Raises
    ------
    BuildError
        Where there is no ``_quarto.yml``, it is not YAML, or it lists a chapter that is not there.
    """
    settings = _read_yaml(root / "_quarto.yml")
    for file in listed(settings.get("metadata-files")):
        # As Quarto does: a file that is not there says nothing.
        if (root / file).is_file():
            settings = _merged(settings, _read_yaml(root / file))
    language = _lookup(settings, "book.language", None) or settings.get("language") or {}
    if isinstance(language, str):
        language = _read_yaml(root / language)
    brand = _read_yaml(root / settings["brand"]) if settings.get("brand") else {}
    chapters = tuple(_chapters(settings.get("book") or {}))
    for chapter in chapters:
        if not (root / chapter.source).is_file():
            raise BuildError(f"_quarto.yml: no file {chapter.source}")
    return Book(root, settings, {**_LANGUAGE, **language}, brand, chapters)


def _lookup(settings: Mapping[str, Any], name: str, default: Any) -> Any:
    found: Any = settings
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return default if found is None else found


def _merged(settings: Any, more: Any) -> Any:
    """Return the settings with more of them, which go before."""
    if not (isinstance(settings, dict) and isinstance(more, dict)):
        return more
    return settings | {name: _merged(settings.get(name), value) for name, value in more.items()}


def _read_yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise BuildError(f"no {path.name} here")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise BuildError(f"{path.name}: {' '.join(str(error).split())}") from error


def _chapters(book: Mapping[str, Any]) -> Iterator[Chapter]:
    for entry in listed(book.get("chapters")):
        if isinstance(entry, dict):
            for source in listed(entry.get("chapters")):
                yield Chapter(source, part=str(entry["part"]))
        else:
            yield Chapter(entry)
    for source in listed(book.get("appendices")):
        yield Chapter(source, appendix=True)
