"""Ward's tree against SciPy's, on points and on their copies, and against itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster import hierarchy

from analysis.statistics import ward as ward_module
from analysis.statistics.ward import Tree, ward

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def draw(seed: int, n: int, n_axes: int, largest_count: int = 1) -> tuple[Floats, Ints]:
    generator = np.random.default_rng(seed)
    counts = generator.integers(1, largest_count + 1, n)
    return generator.normal(size=(n, n_axes)), counts


def partition(clusters: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(clusters == one).tolist()) for one in np.unique(clusters)}


def scipy_gains(points: Floats) -> Floats:
    """Return the costs of SciPy, which gives the square root of twice the sum of squares."""
    heights: Floats = hierarchy.linkage(points, "ward")[::-1, 2]
    return heights**2 / 2 / len(points)


clouds = st.builds(
    draw, st.integers(0, 2**32), st.integers(2, 70), st.integers(1, 4), st.sampled_from([1, 5])
)


@settings(max_examples=80)
@given(clouds)
def test_ward_has_the_costs_of_scipy_above_the_unions_of_copies(
    cloud: tuple[Floats, Ints],
) -> None:
    points, counts = cloud
    expected = scipy_gains(np.repeat(points, counts, axis=0))[: len(points) - 1]
    np.testing.assert_allclose(ward(points, counts / counts.sum()).gains, expected, atol=1e-12)


@settings(max_examples=80)
@given(clouds, st.integers(2, 9))
def test_cut_gives_the_partition_of_scipy(cloud: tuple[Floats, Ints], n_clusters: int) -> None:
    points, counts = cloud
    n_clusters = min(n_clusters, len(points))
    linkage = hierarchy.linkage(np.repeat(points, counts, axis=0), "ward")
    expected = hierarchy.cut_tree(linkage, n_clusters)[:, 0]
    computed = np.repeat(ward(points, counts).cut(n_clusters), counts)
    assert partition(computed) == partition(expected)


@pytest.mark.parametrize("largest_count", [1, 300])
@pytest.mark.parametrize("n_axes", [1, 5])
def test_ward_is_the_same_with_trees_and_with_all_comparisons(
    largest_count: int, n_axes: int
) -> None:
    points, counts = draw(seed=4, n=700, n_axes=n_axes, largest_count=largest_count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ward_module, "_FEW", 10**6)
        compared = ward(points, counts)
        patch.setattr(ward_module, "_FEW", 1)
        searched = ward(points, counts)
    np.testing.assert_array_equal(searched.linkage[:, [0, 1, 3]], compared.linkage[:, [0, 1, 3]])


def test_ward_is_the_same_in_small_blocks() -> None:
    points, counts = draw(seed=2, n=150, n_axes=3, largest_count=4)
    whole = ward(points, counts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ward_module, "_BLOCK", 10)
        np.testing.assert_allclose(ward(points, counts).linkage, whole.linkage)


@settings(max_examples=50)
@given(clouds)
def test_linkage_is_valid_for_scipy(cloud: tuple[Floats, Ints]) -> None:
    assert hierarchy.is_valid_linkage(ward(*cloud).linkage, throw=True)


@settings(max_examples=50)
@given(clouds)
def test_order_has_each_point_once_and_each_cluster_in_one_piece(
    cloud: tuple[Floats, Ints],
) -> None:
    tree = ward(*cloud)
    assert sorted(hierarchy.leaves_list(tree.linkage).tolist()) == list(range(len(cloud[0])))
    for n_clusters in range(1, min(6, len(cloud[0]) + 1)):
        drawn = tree.cut(n_clusters)[hierarchy.leaves_list(tree.linkage)]
        assert (np.diff(drawn) != 0).sum() == n_clusters - 1


def test_left_part_of_a_union_has_the_lower_mean_on_the_first_axis() -> None:
    tree = ward([[3.0], [0.0], [1.0], [9.0]], [1, 1, 1, 1])
    assert hierarchy.leaves_list(tree.linkage).tolist() == [1, 2, 0, 3]


def test_cut_numbers_clusters_as_they_first_appear() -> None:
    tree = ward([[9.0], [0.0], [1.0], [8.0], [4.0]], [1, 1, 1, 1, 1])
    assert tree.cut(3).tolist() == [0, 1, 1, 0, 2]


def test_cut_takes_a_number_of_clusters_in_a_narrow_integer() -> None:
    points, counts = draw(seed=1, n=200, n_axes=2)
    tree = ward(points, counts)
    assert tree.cut(np.int8(5)).tolist() == tree.cut(5).tolist()  # type: ignore[arg-type]


def test_cut_in_as_many_clusters_as_points_separates_them() -> None:
    tree = ward([[9.0], [0.0], [1.0]], [1, 1, 1])
    assert (tree.cut(3).tolist(), tree.cut(1).tolist()) == ([0, 1, 2], [0, 0, 0])


@pytest.mark.parametrize(
    ("points", "n_ties"),
    [
        ([[0.0], [1.0], [2.0]], 1),
        ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], 1),
        ([[0.0], [1.0], [10.0], [11.0]], 0),
        ([[0.0], [1.0], [2.5]], 0),
    ],
    ids=["middle", "square", "equal costs elsewhere", "none"],
)
@pytest.mark.parametrize("few", [1, 6000])
def test_ward_counts_the_unions_that_could_have_been_others(
    points: list[list[float]], n_ties: int, few: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ward_module, "_FEW", few)
        assert ward(points, np.ones(len(points))).n_ties == n_ties


@pytest.mark.parametrize("few", [1, 6000])
def test_ward_finds_ties_between_light_and_heavy_points(few: int) -> None:
    nearly = 0.625**0.5 * (1 - 1e-12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ward_module, "_FEW", few)
        assert ward([[0.0], [-1.0], [nearly]], [1, 1, 4]).n_ties == 1


def test_ward_ends_on_a_lattice_where_all_is_tied() -> None:
    lattice = np.stack(np.meshgrid(*[np.arange(5.0)] * 3), axis=-1).reshape(-1, 3)
    tree = ward(lattice, np.ones(125))
    assert tree.n_ties > 0
    assert tree.gains.sum() == pytest.approx(((lattice - 2) ** 2).sum())


@settings(max_examples=40)
@given(clouds)
def test_gains_add_up_to_the_inertia(cloud: tuple[Floats, Ints]) -> None:
    points, counts = cloud
    masses = counts / counts.sum()
    inertia = (masses[:, None] * (points - masses @ points) ** 2).sum()
    assert ward(points, masses).gains.sum() == pytest.approx(inertia)


@pytest.mark.parametrize("n_clusters", [0, 4])
def test_cut_says_how_many_clusters_there_can_be(n_clusters: int) -> None:
    tree: Tree = ward([[0.0], [1.0], [5.0]], [1, 1, 1])
    with pytest.raises(ValueError, match="a tree of 3 points has from 1 to 3 clusters"):
        tree.cut(n_clusters)


@pytest.mark.parametrize(
    ("points", "masses", "message"),
    [
        ([[0.0]], [1.0], "needs two points or more"),
        ([[0.0], [1.0]], [1.0], "each with its mass"),
        ([[0.0], [1.0]], [1.0, 0.0], r"point 2 at \[1.0\] has the mass 0.0"),
        ([[0.0], [1.0]], [np.inf, 1.0], r"point 1 at \[0.0\] has the mass inf"),
        ([[0.0], [np.nan]], [1.0, 1.0], r"point 2 at \[nan\]"),
    ],
)
def test_ward_says_what_is_wrong(points, masses, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        ward(points, masses)
