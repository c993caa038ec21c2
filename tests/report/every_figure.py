"""Every figure of the report, registered or not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from analysis.report import sections
from analysis.report.register import entries
from analysis.report.show.figures import Figure


@cache
def every_figure() -> dict[str, Figure]:
    """Make each figure that the report gives without being told more."""
    found = {entry.id: entry.make() for entry in entries("figure")}
    for module in pkgutil.iter_modules(sections.__path__, f"{sections.__name__}."):
        for name, make in vars(importlib.import_module(module.name)).items():
            function = inspect.unwrap(make) if callable(make) else make
            if inspect.isfunction(function) and function.__module__ == module.name:
                signature = inspect.signature(function)
                if signature.return_annotation == "Figure" and not signature.parameters:
                    found.setdefault(name, make())
    return found


@cache
def svg(id_: str) -> str:
    """Draw a figure once for all who look at it."""
    return every_figure()[id_].to_svg()
