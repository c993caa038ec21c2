"""The register: which function regenerates which table, figure or statistic of the thesis.

Every twin of a printed object registers the id of the object it reproduces, so that the tests, the
ledger and the manifest walk one list, and an object that nobody regenerates cannot go unnoticed.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

from analysis.printed import read_table
from analysis.report.basis import declare
from analysis.survey import VARIABLES
from analysis.survey.respondents import per_table

Kind = Literal["table", "figure", "statistic", "description"]
"""What an object is; a figure that is described in words, and not redrawn, is a description."""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Entry:
    """One regenerated object.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    kind : {"table", "figure", "statistic", "description"}
    section : str
        Section of the thesis, as ``IV.B.1.c``.
    make : callable
        Computes the object; called without arguments.
    """

    id: str
    kind: Kind
    section: str
    make: Callable[[], Any]


_SECTIONS = (
    "demographics",
    "usage",
    "correspondences",
    "classification",
    "annexe_vi",
    "opinions",
    "discussion",
    "annexes",
)
_REGISTER: dict[str, tuple[Callable[[], Any], Kind | None]] = {}


def registered(
    make: Callable[[], Result], id_: str = "", kind: Kind | None = None
) -> Callable[[], Result]:
    """Register a function as what regenerates an object of the inventory.

    The function is computed once a process for each table of respondents.

    Parameters
    ----------
    make : callable
    id_ : str
        Id of the inventory, in lower case; the name of the function by default.
    kind : {"description"}, optional
        What it is, where it is not what the inventory says.

    Raises
    ------
    ValueError
        If the id is registered already.
    """
    id_ = id_ or make.__name__
    if id_ in _REGISTER:
        raise ValueError(f"{id_} is registered twice")

    once = per_table(make)
    _REGISTER[id_] = once, kind
    return once


def registered_as(
    described: Mapping[str, tuple[Any, ...]], make: Callable[..., Result]
) -> tuple[Callable[[], Result], ...]:
    """Register what one function makes of several descriptions.

    Parameters
    ----------
    described : dict of str to tuple
        By id of the inventory, in lower case. A description that consists of variables of the
        survey says what the object counts together.
    make : callable
        Called with an id and what its description holds.

    Returns
    -------
    tuple of callable
        As `registered` gives them, in the order of the descriptions.
    """
    for id_, own in described.items():
        if own and all(each in VARIABLES for each in own):
            declare(id_, *own)
    return tuple(registered(partial(make, id_, *own), id_) for id_, own in described.items())


def entries(kind: Kind | None = None) -> tuple[Entry, ...]:
    """List what the modules of the sections register.

    Parameters
    ----------
    kind : {"table", "figure", "statistic", "description"}, optional
        Keep one kind only.
    """
    for section in _SECTIONS:
        importlib.import_module(f"analysis.report.sections.{section}")
    listed = {row.id.lower(): row for row in read_table("inventory").itertuples()}
    found = (
        Entry(id_, own or listed[id_].kind, listed[id_].section, make)
        for id_, (make, own) in _REGISTER.items()
    )
    return tuple(entry for entry in found if kind in (None, entry.kind))
