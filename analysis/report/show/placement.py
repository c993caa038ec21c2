"""Labels beside their points, none over another: where to write on a crowded map.

The labels start beside their points and are pushed away from each other and from the markers
(adjustText).  The forces come to rest where they balance, which
may leave a label over a marker, at the edge, or far off: such a label is then taken to the nearest
free place around its point.  Nothing in it is drawn at random and no clock stops it, so that the
same figure gets the same layout each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text


FloatArray = NDArray[np.float64]
"""A box is a row of four numbers here: left, bottom, right, top, in pixels."""

_ITERATIONS = 100
_ROUNDS = 3
_TOLERANCE = 1.0
"""In pixels: a label may touch what it may not cover."""
_AWAY = np.arange(2.0, 162.0, 3.0)
"""How far from its marker a label may be taken, in pixels, and in how many directions."""
_DIRECTIONS = 24
_MARGINS = np.array([-4.0, -1.0, 4.0, 1.0])
"""In pixels: what is left free around a label, so that two do not read as one."""
_GAP = 5.0
"""In points: a label further than this from its marker is joined to it by a line."""


def boxes(labels: Sequence[Text]) -> FloatArray:
    """Give the box of each label, in pixels of its canvas.

    Parameters
    ----------
    labels : sequence of Text

    Returns
    -------
    ndarray of shape (n, 4)
        Left, bottom, right and top.
    """
    return np.array([label.get_window_extent().extents for label in labels]).reshape(-1, 4)


def place_labels(
    axes: Axes, points: FloatArray, labels: Sequence[Text], radii: FloatArray
) -> list[FloatArray]:
    """Move labels off their points and off each other.

    The limits and the place of the axes must be final, and no layout engine at work.

    Parameters
    ----------
    axes : matplotlib Axes
    points : ndarray of shape (n, 2)
        The points, in data coordinates.
    labels : sequence of Text
        One for each point, centred where it stands.
    radii : ndarray of shape (n,)
        Radii of the markers, in typographic points.

    Returns
    -------
    list of ndarray of shape (2, 2)
        For each label that lies away from its marker, the two ends of a line that joins them, in
        data coordinates.
    """
    from adjustText import adjust_text  # noqa: PLC0415
    from matplotlib.transforms import Bbox  # noqa: PLC0415

    to_pixels, to_data = axes.transData, axes.transData.inverted()
    centres = to_pixels.transform(points)
    pixels = radii * axes.figure.dpi / 72
    markers = np.column_stack([centres - pixels[:, None], centres + pixels[:, None]])
    frame = np.array(axes.get_window_extent().extents)
    _move(labels, to_data.transform(_beside(centres, boxes(labels), pixels, frame)))
    adjust_text(
        list(labels),
        objects=[Bbox(to_data.transform(box.reshape(2, 2))) for box in markers],
        target_x=points[:, 0],
        target_y=points[:, 1],
        avoid_self=False,
        ax=axes,
        force_pull=0.02,
        expand=(1.03, 1.15),
        iter_lim=_ITERATIONS,
    )
    gap = _GAP * axes.figure.dpi / 72
    own = boxes(labels)
    for _ in range(_ROUNDS):
        for position, (centre, box, radius) in enumerate(zip(centres, own, pixels, strict=True)):
            others = np.concatenate([np.delete(own, position, axis=0) + _MARGINS, markers])
            clear = is_free(box[None], others, frame)[0]
            if clear and _distance(centre, box) <= radius + gap:
                continue
            place = _nearest_free(centre, box, radius, others, frame)
            if place is not None:
                own[position] = place
    _move(labels, to_data.transform((own[:, :2] + own[:, 2:]) / 2))
    lines = []
    for centre, box, radius in zip(centres, own, pixels, strict=True):
        length, nearest = _distance(centre, box), np.clip(centre, box[:2], box[2:])
        if length > radius + gap:
            start = centre + (nearest - centre) * (radius / length)
            lines.append(to_data.transform(np.array([start, nearest])))
    return lines


def _move(labels: Sequence[Text], positions: FloatArray) -> None:
    for label, position in zip(labels, positions, strict=True):
        label.set_position(tuple(position))


def is_free(candidates: FloatArray, others: FloatArray, frame: FloatArray) -> NDArray[np.bool_]:
    """Say of each box whether it covers none of the others and lies within the frame."""
    low, high = candidates[:, :2] + _TOLERANCE, candidates[:, 2:] - _TOLERANCE
    inside = (low >= frame[:2]).all(axis=1) & (high <= frame[2:]).all(axis=1)
    covers = ((low[:, None] < others[:, 2:]) & (high[:, None] > others[:, :2])).all(axis=2)
    free: NDArray[np.bool_] = inside & ~np.any(covers, axis=1)
    return free


def _beside(
    centres: FloatArray, own: FloatArray, radii: FloatArray, frame: FloatArray
) -> FloatArray:
    """Put each label left or right of its marker, where fewer markers are; return its centre."""
    starts = []
    for centre, box, radius in zip(centres, own, radii, strict=True):
        width, height = box[2:] - box[:2]
        away = width / 2 + radius + 3
        sides = []
        for x in (centre[0] + away, centre[0] - away):
            outside = x - width / 2 < frame[0] or x + width / 2 > frame[2]
            near = (np.abs(centres - (x, centre[1])) < (width / 2, height)).all(axis=1)
            sides.append((outside, int(near.sum()), x))
        starts.append((min(sides, key=lambda side: side[:2])[2], centre[1]))
    return np.array(starts)


def _nearest_free(
    centre: FloatArray, own: FloatArray, radius: float, others: FloatArray, frame: FloatArray
) -> FloatArray | None:
    """Return the free place nearest to the marker, if there is one."""
    size = own[2:] - own[:2]
    angles = 2 * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    # From the marker to the label's edge, whatever the direction, then further out.
    edge = ((size / 2 + radius) / np.maximum(np.abs(directions), 1e-9)).min(axis=1)
    places = centre + (_AWAY[:, None, None] + edge[:, None]) * directions
    flat = places.reshape(-1, 2)
    candidates = np.column_stack([flat - size / 2, flat + size / 2])
    found = np.flatnonzero(is_free(candidates, others, frame))
    return candidates[found[0]] if found.size else None


def _distance(centre: FloatArray, box: FloatArray) -> float:
    return float(np.hypot(*(np.clip(centre, box[:2], box[2:]) - centre)))
