"""The rebuilding, told: what the chapter says is what the certificate holds."""

from __future__ import annotations

import itertools

import pytest

from analysis import paths
from analysis.reconstruction.canonical import held_by_pair
from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.quadrants import place, readings
from analysis.report.sections import rebuilding
from analysis.survey.respondents import read

# The group counts the readings of every pair once.
pytestmark = pytest.mark.xdist_group("rebuilding")


def test_the_readings_of_the_canonical_pair_are_those_of_the_rows_in_the_file() -> None:
    assert rebuilding.numbers()["readings"] == str(len(readings()))
    holding = place(read(paths.RESPONDENTS))["holds"].sum()
    assert rebuilding.numbers()["held"] == str(holding)


@pytest.fixture(scope="module")
def by_pair() -> list[int]:
    users, non_users = stored("users"), stored("non_users")
    return list(itertools.chain.from_iterable(held_by_pair(users, non_users).tolist()))


def test_the_readings_by_pair_are_counted_over_every_pair(by_pair: list[int]) -> None:
    assert rebuilding.numbers()["held_least"] == str(min(by_pair))
    assert rebuilding.numbers()["held_greatest"] == str(max(by_pair))


def test_the_share_of_pairs_that_hold_all_is_of_every_pair(by_pair: list[int]) -> None:
    share = 100 * by_pair.count(len(readings())) / len(by_pair)
    assert rebuilding.numbers()["held_everywhere"].replace("\u00a0", " ") == f"{share:.0f} %"
