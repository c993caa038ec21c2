"""Labels beside their points: none over another, none out of the frame."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text

from analysis.report.show.figures import boxes, is_free, place_labels
from analysis.report.show.theme import themed


@pytest.fixture(autouse=True)
def faces() -> Iterator[None]:
    """Set the labels in the project's faces: no others are left once a figure was drawn."""
    with themed():
        yield


def overlaps(labels: Sequence[Text]) -> list[int]:
    """Find the labels that cover another one, or the edge; of two that overlap, the second."""
    frame = np.array(labels[0].axes.get_window_extent().extents)
    found = boxes(labels)
    return [
        position
        for position, box in enumerate(found)
        if not is_free(box[None], found[:position], frame)[0]
    ]


def crowd(seed: int, n: int = 24) -> tuple[Axes, np.ndarray, list[Text]]:
    """Draw points of which most are heaped up, with labels that all overlap at first."""
    canvas = Canvas(figsize=(6, 5), layout="none")
    FigureCanvasAgg(canvas)
    axes = canvas.add_axes((0.05, 0.05, 0.9, 0.9))
    generator = np.random.default_rng(seed)
    points = np.vstack(
        [generator.normal(0, 0.05, (n // 2, 2)), generator.uniform(-1, 1, (n // 2, 2))]
    )
    axes.set_xlim(-1.1, 1.1)
    axes.set_ylim(-1.1, 1.1)
    labels = [
        axes.text(*point, f"catégorie {number}", ha="center", va="center", fontsize=8)
        for number, point in enumerate(points)
    ]
    return axes, points, labels


@pytest.mark.parametrize("seed", range(5))
def test_no_label_of_a_crowd_overlaps_another_or_the_edge(seed: int) -> None:
    axes, points, labels = crowd(seed)
    assert overlaps(labels)
    place_labels(axes, points, labels, np.full(len(points), 3.0))
    assert overlaps(labels) == []


def test_no_label_covers_a_marker() -> None:
    axes, points, labels = crowd(1)
    place_labels(axes, points, labels, np.full(len(points), 3.0))
    centres = axes.transData.transform(points)
    covered = [
        (box[:2] < centre).all() and (centre < box[2:]).all()
        for box in boxes(labels)
        for centre in centres
    ]
    assert not any(covered)


def test_the_same_figure_gets_the_same_layout() -> None:
    layouts = []
    for _ in range(2):
        axes, points, labels = crowd(3)
        place_labels(axes, points, labels, np.full(len(points), 3.0))
        layouts.append([label.get_position() for label in labels])
    assert layouts[0] == layouts[1]


def test_a_lonely_label_stays_beside_its_point() -> None:
    axes, points, labels = crowd(0)
    for label in labels[1:]:
        label.remove()
    lines = place_labels(axes, points[:1], labels[:1], np.array([3.0]))
    distance = boxes(labels[:1])[0, 0] - axes.transData.transform(points[0])[0]
    assert 0 < distance < 20
    assert lines == []


def test_a_label_away_from_its_point_is_joined_to_it() -> None:
    axes, points, labels = crowd(4)
    lines = place_labels(axes, points, labels, np.full(len(points), 3.0))
    starts = np.array([start for start, _ in lines])
    nearest = np.abs(starts[:, None] - points).max(axis=2).min(axis=1)
    assert len(lines) > 3
    assert nearest.max() < 0.05


def test_overlaps_names_the_second_of_two_labels() -> None:
    _, _, labels = crowd(0)
    labels[0].set_position((0, 0))
    labels[1].set_position((0, 0))
    assert overlaps(labels[:2]) == [1]


def test_overlaps_finds_a_label_over_the_edge() -> None:
    axes, _, labels = crowd(0)
    labels[0].set_position((axes.get_xlim()[1], 0))
    assert overlaps(labels[:1]) == [0]
