"""The canonical pair: the rule, its fast count of readings, and the pair that is stored."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.paths import RESPONDENTS
from analysis.reconstruction.ensemble import Ensemble
from analysis.reconstruction.quadrants import (
    FEWEST_SUGGESTING,
    choose,
    held_by_pair,
    place,
    readings,
)
from analysis.reconstruction.search import VARIABLES, Solution
from analysis.survey import GROUPS as USES_DMP
from analysis.survey.rebuilt import read_certificate
from analysis.survey.respondents import read

GROUPS = ["users", "non_users"]
Few = dict[str, Ensemble]


def few(stored: Few, number: int, suggested: int | None = None) -> Few:
    return {
        group: Ensemble(
            each.group,
            tuple(
                Solution(member.rows, suggested or member.suggested, member.run, member.iteration)
                for member in each.members[:number]
            ),
        )
        for group, each in stored.items()
    }


def together(stored: Few, one: int, other: int) -> pd.DataFrame:
    parts = [stored["users"].members[one].rows, stored["non_users"].members[other].rows]
    return pd.concat(parts, ignore_index=True).fillna("")


def n_holding(rows: pd.DataFrame) -> int:
    return int(place(rows)["holds"].sum())


def mean_distances(each: Ensemble) -> np.ndarray:
    return each.distances.sum(axis=1) / (len(each) - 1)


@pytest.fixture(scope="module")
def positions() -> tuple[int, int]:
    found = read_certificate()["ensembles"]
    return found["users"]["canonical"] - 1, found["non_users"]["canonical"] - 1


def test_the_fast_count_is_that_of_the_map(stored: Few) -> None:
    small = few(stored, 6)
    counted = held_by_pair(small["users"], small["non_users"])
    for one, other in itertools.product(range(6), repeat=2):
        assert counted[one, other] == n_holding(together(small, one, other))


def test_the_fast_count_of_an_ensemble_without_a_category_is_that_of_the_map(stored: Few) -> None:
    small = few(stored, 2)
    rows = small["users"].members[0].rows
    rows = rows[rows["practice_type"] != "groupe_mixte"]
    users = Ensemble("users", (Solution(rows, 5, 1, 1),))
    small = {"users": users, "non_users": small["non_users"]}
    counted = held_by_pair(users, small["non_users"])
    assert counted.tolist() == [[n_holding(together(small, 0, other)) for other in range(2)]]


def test_the_most_central_of_the_pairs_with_most_readings_is_chosen(stored: Few) -> None:
    small = few(stored, 12, suggested=6)
    chosen = choose(small)
    most = chosen.holding == chosen.holding.max()
    sums = mean_distances(small["users"])[:, None] + mean_distances(small["non_users"])
    assert most[chosen.positions["users"], chosen.positions["non_users"]]
    central = sums[chosen.positions["users"], chosen.positions["non_users"]]
    assert central == pytest.approx(sums[most].min())


def test_the_rows_of_the_pair_are_those_of_its_members(stored: Few) -> None:
    small = few(stored, 3)
    chosen = choose(small)
    for group in GROUPS:
        assert chosen.rows[group] is small[group].members[chosen.positions[group]].rows


@pytest.mark.parametrize("number", [FEWEST_SUGGESTING - 1, FEWEST_SUGGESTING])
def test_members_suggesting_five_are_preferred_if_they_are_many(stored: Few, number: int) -> None:
    others = Ensemble("non_users", stored["non_users"].members[:1])
    tables = [member.rows for member in stored["users"].members[: number + 30]]
    counted = held_by_pair(few(stored, number + 30)["users"], others)[:, 0]
    order = np.argsort(counted, kind="stable")
    suggesting = set(order[:number].tolist())
    users = Ensemble(
        "users",
        tuple(
            Solution(rows, 5 if position in suggesting else 6, 1, 1)
            for position, rows in enumerate(tables)
        ),
    )
    chosen = choose({"users": users, "non_users": others}).positions["users"]
    assert (chosen in suggesting) == (number >= FEWEST_SUGGESTING)


@pytest.mark.parametrize("group", GROUPS)
def test_the_report_has_the_rows_of_the_canonical_pair(
    stored: Few, positions: tuple[int, int], group: str
) -> None:
    rows = read(RESPONDENTS)
    rows = rows[rows["uses_dmp"] == USES_DMP[group]]
    member = stored[group].members[positions[GROUPS.index(group)]]
    names = ["cluster", *VARIABLES[group], "practice", "place"]
    expected = member.rows[names].astype(str)
    pd.testing.assert_frame_equal(rows[names].reset_index(drop=True), expected)


@pytest.mark.parametrize("group", GROUPS)
def test_both_members_of_the_canonical_pair_suggest_five_clusters(
    stored: Few, positions: tuple[int, int], group: str
) -> None:
    assert len(stored[group].suggesting) >= FEWEST_SUGGESTING
    assert positions[GROUPS.index(group)] in stored[group].suggesting


def test_every_reading_holds_on_the_map_of_the_report() -> None:
    assert n_holding(read(RESPONDENTS)) == len(readings()) == 24


def test_no_pair_that_is_more_central_has_as_many_readings(
    stored: Few, positions: tuple[int, int]
) -> None:
    users, non_users = stored["users"], stored["non_users"]
    sums = mean_distances(users)[:, None] + mean_distances(non_users)
    more_central = [
        (one, other)
        for one, other in itertools.product(users.suggesting, non_users.suggesting)
        if sums[one, other] < sums[positions] - 1e-9
    ]
    assert all(n_holding(together(stored, *pair)) < 24 for pair in more_central)


def test_the_certificate_counts_every_pair() -> None:
    found = read_certificate()
    members = [found["ensembles"][group]["members"] for group in GROUPS]
    assert sum(found["readings"]["pairs"].values()) == members[0] * members[1]
    assert max(map(int, found["readings"]["pairs"])) == found["readings"]["held_by_canonical_pair"]
