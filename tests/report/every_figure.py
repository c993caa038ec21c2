"""Every figure of the report: those that are registered, and those that a chapter shows."""

from __future__ import annotations

import importlib
import re
from functools import cache

from analysis import paths
from analysis.report import sections
from analysis.report.register import entries
from analysis.report.show.figures import Figure

_SHOWN = re.compile(r"^#\| fig-alt: .*\n(\w+)\.(\w+)\(\)$", re.MULTILINE)


@cache
def every_figure() -> dict[str, Figure]:
    """Make each figure, by the id of the inventory or the name of what makes it."""
    found = {entry.id: entry.make() for entry in entries("figure")}
    for chapter in [paths.ROOT / "index.qmd", *sorted(paths.ROOT.glob("chapters/**/*.qmd"))]:
        text = chapter.read_text("utf-8")
        shown = _SHOWN.findall(text)
        assert len(shown) == text.count("#| fig-alt: "), chapter
        for module, name in shown:
            section = importlib.import_module(f"{sections.__name__}.{module}")
            if name not in found:
                found[name] = getattr(section, name)()
    return found


@cache
def svg(id_: str) -> str:
    """Draw a figure once for all who look at it."""
    return every_figure()[id_].to_svg()
