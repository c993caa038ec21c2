"""The map of IV.C through the tables that print allows: where each of them puts each category.

The tables shown are the first of the rebuilt maps, in which every member of both ensembles stands
once. An axis of a correspondence analysis has no sign of its own: axis 1 has the non-users on its
right in each table, and axis 2 the sign by which it goes with that of the rows in use, the
categories weighing as much as they have doctors. No axis is turned otherwise: where a table has
another second axis, its categories move, and this is to be seen.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.report.sections._category_map import (
    NAMES,
    Point,
    category_name,
    points_of,
    scales,
)
from analysis.report.show.french import NBSP, decimal
from analysis.results.whole_sample import SHIFTS, Map, RebuiltMaps

FloatArray = NDArray[np.float64]


def aligned(ours: Map, rebuilt: RebuiltMaps) -> FloatArray:
    """Give the plane of each table shown, its second axis in the sense of ours.

    Parameters
    ----------
    ours : Map
        Of the rows in use.
    rebuilt : RebuiltMaps

    Returns
    -------
    ndarray of shape (tables, categories, 2)
        The categories are those of `rebuilt`.
    """
    plane = rebuilt.coordinates[: len(rebuilt.coordinates) // SHIFTS, :, :2].copy()
    own = ours.categories["y"].reindex(rebuilt.index).fillna(0).to_numpy()
    plane[:, :, 1] *= np.where(plane[:, :, 1] @ (rebuilt.counts * own) < 0, -1, 1)[:, None]
    return plane


def moved(ours: Map, rebuilt: RebuiltMaps) -> NDArray[np.intp]:
    """Count, in each table shown, the categories that change sides on both axes.

    Returns
    -------
    ndarray of shape (tables, 2)
        Categories across from where the rows in use have them, on axes 1 and 2.
    """
    own = ours.categories[["x", "y"]].reindex(rebuilt.index).to_numpy()
    other: NDArray[np.intp] = (aligned(ours, rebuilt) * own < 0).sum(axis=1)
    return other


def map_tables(
    ours: Map, rebuilt: RebuiltMaps, read: Collection[tuple[str, str]]
) -> dict[str, Any]:
    """Set out the points of the map and their places in each table for the script of the page.

    Parameters
    ----------
    ours : Map
        Of the rows in use, which the figure shows.
    rebuilt : RebuiltMaps
    read : collection of pairs of str
        As `analysis.report.sections._category_map.draw_map` has it.

    Returns
    -------
    dict
        What JSON can hold. ``tableaux`` are hundredths of a unit, in little-endian 16-bit integers
        written in base 64: x and y of each point of ``places``, table after table.
    """
    plane = aligned(ours, rebuilt)
    points = points_of(ours.categories, read)
    at = rebuilt.index.get_indexer(pd.MultiIndex.from_tuples(each.categories[0] for each in points))
    packed = np.round(100 * plane[:, at[at >= 0]]).astype("<i2")
    return {
        "points": [
            _point(each, ours, plane[:, place] if place >= 0 else None)
            for each, place in zip(points, at, strict=True)
        ],
        "places": np.flatnonzero(at >= 0).tolist(),
        "tableaux": base64.b64encode(packed.tobytes()).decode("ascii"),
        "deplacees": moved(ours, rebuilt).tolist(),
        "categories": len(ours.categories),
        "echelles": scales(ours.categories),
    }


def _point(point: Point, ours: Map, places: FloatArray | None) -> dict[str, Any]:
    row = ours.categories.loc[point.categories[0]]
    variables = " et ".join(NAMES[variable] for variable, _ in point.categories)
    said: dict[str, Any] = {
        "code": "-".join(point.categories[0]),
        "nom": category_name(*point.categories[0]),
        "variable": variables,
        "medecins": int(row["n"]),
        "ici": [decimal(float(row[axis]), 2) for axis in ("x", "y")],
        "contribution": [
            decimal(float(row[f"contribution_{axis}"]), 1) + f"{NBSP}%" for axis in (1, 2)
        ],
        "cos2": [decimal(float(row[f"cos2_{axis}"]), 2) for axis in (1, 2)],
    }
    if places is not None:
        low, high = places.min(axis=0), places.max(axis=0)
        said["etendue"] = [
            f"{decimal(float(one), 2)} à {decimal(float(other), 2)}"
            for one, other in zip(low, high, strict=True)
        ]
        said["enHaut"] = int((places[:, 1] > 0).sum())
    return said
