"""The rebuilding, told: what the chapter says is what the certificate holds."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from analysis import paths
from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.quadrants import held_by_pair, place, readings
from analysis.report.sections import reproduction
from analysis.survey.rebuilt import read_certificate
from analysis.survey.respondents import read

# The group counts the readings of every pair once.
pytestmark = pytest.mark.xdist_group("rebuilding")


def test_the_readings_of_the_canonical_pair_are_those_of_the_rows_in_the_file() -> None:
    said = read_certificate()["readings"]
    assert said["printed"] == len(readings())
    assert said["held_by_canonical_pair"] == place(read(paths.RESPONDENTS))["holds"].sum()


def test_the_readings_by_pair_are_counted_over_every_pair() -> None:
    pairs = held_by_pair(stored("users"), stored("non_users"))
    counted = Counter(itertools.chain.from_iterable(pairs.tolist()))
    assert read_certificate()["readings"]["pairs"] == {
        str(number): counted[number] for number in sorted(counted)
    }


def test_nobody_is_determined_without_the_annexe() -> None:
    said = "aucun des 100 médecins ne serait entièrement déterminé"
    assert reproduction.numbers()["without_annexe"] == said
