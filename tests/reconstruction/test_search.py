"""The search for rows with the printed clusters: its swaps, its loss, its solutions."""

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from analysis.reconstruction.search import (
    _NOT_FOUND,
    KEPT_TABLES,
    VARIABLES,
    _Walk,
    search,
)
from analysis.statistics import hcpc, mca
from tests.reconstruction.conftest import is_exact, margins_of, shuffle

GROUPS = ["users", "non_users"]
SWAPS = 400


def walk_from(rows, group, seed=3):
    return _Walk(rows, group, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def starts(stored):
    return {
        group: shuffle(stored[group].members[0].rows, seed=7, group=group, n_swaps=3000)
        for group in GROUPS
    }


@pytest.fixture(scope="module")
def solutions(starts):
    return {group: first(starts[group], group) for group in GROUPS}


def first(start, group, seed=1, **options):
    return next(search(start, seed=seed, group=group, **options))


@pytest.mark.parametrize("group", GROUPS)
def test_every_swap_keeps_every_margin(starts, group):
    walk = walk_from(starts[group], group)
    before = margins_of(starts[group], group)

    def counts():
        codes = walk.codes
        own = [100 * walk.cluster + column for column in codes.T]
        own += [100 * codes[:, one] + codes[:, other] for one, other in walk.kept]
        return np.sort(own)

    first_counts = counts()
    for _ in range(SWAPS):
        walk.make(walk.draw())
        np.testing.assert_array_equal(counts(), first_counts)
    assert margins_of(walk.rows(), group) == before


@pytest.mark.parametrize("group", GROUPS)
def test_swaps_reach_every_variable(starts, group):
    other = shuffle(starts[group], seed=11, group=group)
    assert all((other[name] != starts[group][name]).any() for name in VARIABLES[group])


def test_swaps_of_users_change_the_tables_that_are_not_printed(starts):
    other = shuffle(starts["users"], seed=11, group="users")
    free = ("age", "purpose")
    assert free not in KEPT_TABLES["users"]
    assert not pd.crosstab(other["age"], other["purpose"]).equals(
        pd.crosstab(starts["users"]["age"], starts["users"]["purpose"])
    )


@pytest.mark.parametrize("group", GROUPS)
def test_practice_and_place_go_with_the_practice_type(starts, group):
    rows = starts[group].drop(columns=["practice", "place"], errors="ignore")
    rows["practice"] = "practice of " + rows["practice_type"]
    rows["place"] = "place of " + rows["practice_type"]
    other = shuffle(rows, seed=5, group=group)
    assert (other["place"] == "place of " + other["practice_type"]).all()
    assert (other["practice"] == "practice of " + other["practice_type"]).all()


def test_other_columns_stay_in_their_row(starts):
    rows = starts["users"].assign(t1=np.arange(55))
    assert shuffle(rows, seed=5, group="users")["t1"].tolist() == list(range(55))


@pytest.mark.parametrize("group", GROUPS)
def test_fast_coordinates_are_those_of_the_analysis(starts, group):
    codes = walk_from(starts[group], group).codes
    expected = mca.fit(starts[group][list(VARIABLES[group])], n_axes=5).rows.coordinates
    masses = np.bincount(codes.ravel()) / codes.size
    np.testing.assert_allclose(mca.row_coordinates(codes, masses, 5), expected, atol=1e-9)


@pytest.mark.parametrize("group", GROUPS)
def test_the_loss_of_a_solution_is_exact(stored, group):
    assert walk_from(stored[group].members[0].rows, group).loss <= _NOT_FOUND


@pytest.mark.parametrize("group", GROUPS)
def test_the_loss_does_not_depend_on_the_order_of_the_rows(starts, group):
    turned = starts[group].sample(frac=1, random_state=4, ignore_index=True)
    one, other = (walk_from(rows, group).loss for rows in (starts[group], turned))
    assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("group", GROUPS)
def test_a_search_from_a_fixed_seed_ends_in_the_printed_clusters(starts, solutions, group):
    found = solutions[group]
    clusters = hcpc.fit(found.rows[list(VARIABLES[group])], n_axes=5, n_clusters=5).clusters
    assert clusters.tolist() == starts[group]["cluster"].tolist()


@pytest.mark.parametrize("group", GROUPS)
def test_a_solution_has_the_margins_of_its_start(starts, solutions, group):
    assert margins_of(solutions[group].rows, group) == margins_of(starts[group], group)


@pytest.mark.parametrize("group", GROUPS)
def test_a_solution_says_the_suggested_number_of_the_clustering(solutions, group):
    found = solutions[group]
    assert found.suggested == hcpc.fit(found.rows[list(VARIABLES[group])]).suggested


@pytest.mark.parametrize("group", GROUPS)
def test_the_same_seed_gives_the_same_solutions(starts, group):
    one, other = (
        list(itertools.islice(search(starts[group], seed=2, group=group), 2)) for _ in range(2)
    )
    assert [s.iteration for s in one] == [s.iteration for s in other]
    assert all(a.rows.equals(b.rows) for a, b in zip(one, other, strict=True))


def test_clusters_can_be_numbers_or_their_text(starts, solutions):
    as_text = first(starts["non_users"].astype({"cluster": str}), "non_users")
    assert as_text.rows["age"].tolist() == solutions["non_users"].rows["age"].tolist()


def test_solutions_of_one_walk_are_as_far_apart_as_asked(starts):
    start = starts["non_users"]
    found = list(itertools.islice(search(start, seed=2, group="non_users", apart=10), 3))
    names = [*VARIABLES["non_users"], "cluster"]
    tables = [Counter(solution.rows[names].itertuples(index=False)) for solution in found]
    assert all((one - other).total() >= 10 for one, other in itertools.combinations(tables, 2))


def test_a_walk_that_finds_nothing_ends(starts):
    assert list(search(starts["users"], seed=1, group="users", max_iterations=5)) == []


def test_progress_hears_the_phase_the_loss_and_the_solutions(starts):
    heard = []
    search_ = search(
        starts["users"],
        seed=1,
        group="users",
        max_iterations=600,
        progress=lambda *what: heard.append(what),
    )
    list(search_)
    phase, loss, found = heard[0]
    assert (phase, found) == ("closing in", 0)
    assert loss > 0


def test_rows_in_other_clusters_are_not_exact(stored):
    rows = stored["users"].members[0].rows.copy()
    rows["cluster"] = rows["cluster"].replace({1: 2, 2: 1})
    assert not is_exact(rows, "users")


def test_tied_rows_are_not_exact():
    # Every combination of answers once: nothing prefers one axis, or one union, to another.
    crossed = itertools.product("abc", repeat=4)
    rows = pd.DataFrame(crossed, columns=list(VARIABLES["non_users"]))
    result = hcpc.fit(rows, n_axes=5, n_clusters=5)
    assert result.ties
    assert not is_exact(rows.assign(cluster=result.clusters), "non_users")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.drop(columns="age"), "no column 'age'"),
        (lambda rows: rows.assign(frequency=None), "'frequency' of the start has an empty cell"),
        (lambda rows: rows.assign(cluster=1), "not numbered from 1 to 5"),
    ],
)
def test_a_start_at_fault_is_named(starts, change, words):
    with pytest.raises(ValueError, match=words):
        next(search(change(starts["users"]), seed=1, group="users"))
