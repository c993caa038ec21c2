"""Hartigan and Wong's k-means against R's ``kmeans``, and against the paper taken step by step."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.statistics import hartigan_wong
from analysis.statistics.hartigan_wong import kmeans

REFERENCE = Path(__file__).parents[1] / "reference" / "kmeans.csv.gz"
KINDS = ["uniform", "groups", "profiles", "sorted", "copies", "lattice"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Reference:
    """Points, initial centres, and where R's kmeans ends."""

    name: str
    limit: int
    points: Floats
    copies: Ints
    centers: Floats
    clusters: list[int]
    converged: bool
    within: float

    @property
    def kind(self) -> str:
        """First part of the name: how the points were drawn."""
        return self.name.split("-")[0]


def parse(text: str) -> Floats:
    return np.array([[float(number) for number in row.split()] for row in text.split(";")])


def read_references() -> list[Reference]:
    with gzip.open(REFERENCE, "rt", encoding="utf-8", newline="") as file:
        return [
            Reference(
                row["name"],
                int(row["limit"]),
                parse(row["points"]),
                np.array(row["copies"].split(), dtype=np.int64),
                parse(row["centers"]),
                [int(cluster) for cluster in row["clusters"].split()],
                row["converged"] == "1",
                float(row["within"]),
            )
            for row in csv.DictReader(file)
        ]


REFERENCES = read_references()


@dataclass(frozen=True)
class Start:
    """Points in the order in which they are considered, and initial centres among them."""

    points: Floats
    counts: Ints
    centers: Floats

    @property
    def repeated(self) -> Floats:
        """Each point as often as it counts."""
        return np.repeat(self.points, self.counts, axis=0)


def draw(seed: int, n: int, k: int, largest_count: int = 1, n_axes: int = 3) -> Start:
    generator = np.random.default_rng(seed)
    middles = generator.normal(size=(k, n_axes)) * generator.uniform(0, 2)
    points = middles[generator.integers(k, size=n)] + generator.normal(size=(n, n_axes))
    if generator.random() < 0.7:
        points = points[points[:, 0].argsort()]
    counts = generator.integers(1, largest_count + 1, n)
    return Start(points, counts, points[generator.choice(n, k, replace=False)])


starts = st.builds(
    draw,
    st.integers(0, 2**32),
    st.integers(12, 90),
    st.integers(2, 8),
    st.sampled_from([1, 1, 3, 40]),
    st.integers(1, 4),
)


def take_step_by_step(points: Floats, centers: Floats, max_iterations: int = 10) -> list[int]:
    """Do what the paper says, one point after the other and nothing else."""
    n, k = len(points), len(centers)
    squares = ((points[:, None] - centers) ** 2).sum(axis=2)
    first, second = squares.argsort(axis=1, kind="stable")[:, :2].T
    center = np.array([points[first == cluster].mean(axis=0) for cluster in range(k)])
    size = np.bincount(first, minlength=k)

    def cost(point: int, cluster: int) -> float:
        square = ((points[point] - center[cluster]) ** 2).sum()
        return float(square * size[cluster] / (size[cluster] + 1))

    def saved(point: int) -> float:
        square = ((points[point] - center[first[point]]) ** 2).sum()
        return float(square * size[first[point]] / (size[first[point]] - 1))

    def transfer(point: int, target: int) -> None:
        source = first[point]
        center[source] += (center[source] - points[point]) / (size[source] - 1)
        center[target] += (points[point] - center[target]) / (size[target] + 1)
        size[source] -= 1
        size[target] += 1
        first[point], second[point] = target, source

    step = quiet = 0
    changed_in_quick_stage = np.ones(k, dtype=bool)
    changed_at = np.full(k, -n)
    for _ in range(max_iterations):
        for point in range(n):
            step, quiet = step + 1, quiet + 1
            live = changed_in_quick_stage | (step - changed_at < n)
            if size[first[point]] > 1:
                others = [
                    cluster
                    for cluster in range(k)
                    if cluster != first[point]
                    and (live[cluster] or live[first[point]] or cluster == second[point])
                ]
                best = min(others, key=lambda cluster: cost(point, cluster))
                if cost(point, best) < saved(point):
                    changed_at[[first[point], best]] = step
                    transfer(point, best)
                    quiet = 0
                else:
                    second[point] = best
            if quiet == n:
                return (first + 1).tolist()
        changed_in_quick_stage[:] = False
        calm = 0
        moved_at = changed_at.copy()
        quick_step = step
        while calm < n:
            point = (quick_step - step) % n
            quick_step, calm = quick_step + 1, calm + 1
            pair = [first[point], second[point]]
            due = (quick_step - moved_at[pair] < n).any()
            if due and size[first[point]] > 1 and cost(point, second[point]) < saved(point):
                moved_at[pair] = quick_step
                changed_in_quick_stage[pair] = True
                transfer(point, second[point])
                calm = quiet = 0
        if k == 2:
            break
    return (first + 1).tolist()


def test_references_hold_many_cases_of_each_kind_and_some_that_reach_the_limit() -> None:
    assert sorted({reference.kind for reference in REFERENCES}) == sorted(KINDS)
    assert len(REFERENCES) == 120 + 300
    assert sum(not reference.converged for reference in REFERENCES) > 10


@pytest.mark.parametrize("kind", KINDS)
def test_kmeans_ends_in_the_partition_of_r(kind: str) -> None:
    for reference in REFERENCES:
        if reference.kind == kind:
            computed = kmeans(
                np.repeat(reference.points, reference.copies, axis=0),
                reference.centers,
                max_iterations=reference.limit,
            )
            assert computed.converged == reference.converged, reference.name
            assert computed.clusters.tolist() == reference.clusters, reference.name
            assert computed.within == pytest.approx(reference.within, rel=1e-12), reference.name


@pytest.mark.parametrize(
    ("points", "centers", "clusters"),
    [
        ([[1, 0], [3, 2], [3, 3], [0, 3], [1, 1], [3, 1]], [[1, 0], [0, 3]], [1, 2, 2, 2, 1, 1]),
        ([[3, 0], [0, 2], [1, 0], [1, 1], [2, 2], [2, 3]], [[1, 0], [2, 3]], [1, 2, 1, 1, 2, 2]),
    ],
)
def test_kmeans_decides_between_equal_costs_as_the_rounding_of_r_does(
    points: list[list[int]], centers: list[list[int]], clusters: list[int]
) -> None:
    assert kmeans(points, centers).clusters.tolist() == clusters


@settings(max_examples=150)
@given(starts)
def test_kmeans_equals_the_paper_taken_step_by_step(start: Start) -> None:
    computed = kmeans(start.repeated, start.centers)
    assert computed.clusters.tolist() == take_step_by_step(start.repeated, start.centers)


@pytest.mark.parametrize(
    ("seed", "n", "k", "n_axes"), [(340, 121, 10, 2), (2707, 117, 6, 2), (3639, 113, 5, 3)]
)
def test_kmeans_equals_the_paper_where_a_cluster_becomes_live_amid_a_block(
    seed: int, n: int, k: int, n_axes: int
) -> None:
    start = draw(seed, n, k, n_axes=n_axes)
    computed = kmeans(start.points, start.centers)
    assert computed.clusters.tolist() == take_step_by_step(start.points, start.centers)


@pytest.mark.parametrize("length", [1, 7, 1000])
def test_kmeans_is_the_same_whatever_the_blocks(length: int) -> None:
    start = draw(seed=3, n=400, k=6)
    expected = kmeans(start.points, start.centers).clusters.tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hartigan_wong, "_BLOCK", length)
        assert kmeans(start.points, start.centers).clusters.tolist() == expected


def test_kmeans_leaves_no_point_that_would_lower_the_within_sum_of_squares() -> None:
    start = draw(seed=8, n=300, k=5)
    result = kmeans(start.points, start.centers, max_iterations=50)
    assert result.converged
    own = result.clusters - 1
    squares = ((start.points[:, None] - result.centers) ** 2).sum(axis=2)
    sizes = np.bincount(own)
    cost = squares * sizes / (sizes + 1)
    saved = (squares * sizes / (sizes - 1))[np.arange(300), own]
    cost[np.arange(300), own] = np.inf
    assert (cost.min(axis=1) >= saved).all()


def test_kmeans_describes_the_partition_it_returns() -> None:
    start = draw(seed=5, n=60, k=4, largest_count=9)
    result = kmeans(start.repeated, start.centers)
    members = [start.repeated[result.clusters == cluster] for cluster in range(1, 5)]
    np.testing.assert_allclose(result.centers, [points.mean(axis=0) for points in members])
    within = sum(((points - points.mean(axis=0)) ** 2).sum() for points in members)
    assert result.within == pytest.approx(within)


def test_kmeans_keeps_the_last_point_of_a_cluster() -> None:
    result = kmeans([[0.0], [0.1], [0.2], [9.0]], [[0.0], [9.0]])
    assert result.clusters.tolist() == [1, 1, 1, 2]


def test_kmeans_with_one_centre_puts_all_points_together() -> None:
    result = kmeans([[0.0], [0.0], [0.0], [1.0]], [[7.0]])
    assert (result.clusters.tolist(), result.centers.tolist()) == ([1, 1, 1, 1], [[0.25]])


def test_kmeans_result_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        kmeans([[0.0], [1.0]], [[0.0], [1.0]]).clusters[0] = 2


BAD_INPUT = {
    "shapes": ([[0.0, 1.0]], [[0.0]], {}, r"same number of columns; their shapes are \(1, 2\)"),
    "point": ([[0.0], [np.nan]], [[0.0]], {}, "point 2 has a coordinate that is not finite"),
    "centre": ([[0.0]], [[np.inf]], {}, "centre 1 has a coordinate that is not finite"),
    "equal": ([[0.0], [1.0]], [[1.0], [1.0]], {}, "two initial centres are equal"),
    "many": ([[0.0]], [[1.0], [2.0]], {}, "there are 2 centres for 1 points"),
    "empty": ([[0.0], [1.0]], [[0.0], [50.0]], {}, "initial centre 2 is the nearest of no point"),
    "iterations": ([[0.0]], [[0.0]], {"max_iterations": 0}, "max_iterations is 1 or more, not 0"),
}


@pytest.mark.parametrize(
    ("points", "centers", "options", "message"), BAD_INPUT.values(), ids=BAD_INPUT
)
def test_kmeans_says_what_is_wrong(points, centers, options, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        kmeans(points, centers, **options)
