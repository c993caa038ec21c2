"""The ensemble: stored, distinct, verified, and the same however it is gathered."""

import gzip
import itertools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.paths import ENSEMBLES, ROOT
from analysis.reconstruction import ensemble as gathering
from analysis.reconstruction.ensemble import Ensemble, ensemble, read
from analysis.reconstruction.search import VARIABLES, NotFoundError, Solution
from analysis.statistics import hcpc
from tests.reconstruction.conftest import crossings, is_exact, shuffle

GROUPS = ["users", "non_users"]
CHECKED = 20
SEED = 2020


def table(*answers):
    rows = pd.DataFrame(answers, columns=["barrier_1", "age", "barrier_2", "practice_type"])
    return rows.assign(cluster=1)


def of_tables(*tables):
    return Ensemble("non_users", tuple(Solution(rows, 5, 1, 1) for rows in tables))


@pytest.mark.parametrize("group", GROUPS)
def test_two_hundred_tables_are_stored(stored, group):
    assert len(stored[group]) >= 200


@pytest.mark.parametrize("group", GROUPS)
def test_stored_tables_come_from_forty_starts_or_more(stored, group):
    runs = pd.Series([member.run for member in stored[group].members]).value_counts()
    assert len(runs) >= 40
    assert runs.max() <= 5


@pytest.mark.parametrize("group", GROUPS)
def test_stored_tables_are_distinct(stored, group):
    names = ["cluster", *VARIABLES[group]]
    tables = {
        member.rows[names].sort_values(names).to_csv(index=False)
        for member in stored[group].members
    }
    assert len(tables) == len(stored[group])


@pytest.mark.parametrize("group", GROUPS)
def test_distinct_tables_are_at_a_distance(stored, group):
    distances = stored[group].distances
    assert distances[np.triu_indices(len(distances), 1)].min() > 0


@pytest.mark.parametrize("group", GROUPS)
def test_stored_tables_have_the_printed_clusters(stored, group):
    members = stored[group].members
    drawn = np.random.default_rng(SEED).choice(len(members), CHECKED, replace=False)
    assert all(is_exact(members[position].rows, group) for position in drawn)


@pytest.mark.parametrize("group", GROUPS)
def test_stored_tables_say_their_suggested_number(stored, group):
    members = stored[group].members
    for position in np.random.default_rng(SEED + 1).choice(len(members), CHECKED, replace=False):
        rows = members[position].rows[list(VARIABLES[group])]
        assert members[position].suggested == hcpc.fit(rows).suggested


def test_stored_tables_of_users_have_the_same_margins(stored):
    rows, n_tables = stored["users"].stacked, len(stored["users"])
    table = np.arange(n_tables).repeat(len(rows) // n_tables)
    for pair in crossings("users", rows):
        counts = pd.crosstab([rows[name] for name in pair], table).to_numpy()
        assert (counts == counts[:, :1]).all(), pair


def test_stored_tables_of_non_users_have_the_cluster_sizes_of_the_annexe(stored):
    for member in stored["non_users"].members:
        assert member.rows["cluster"].value_counts(sort=False).tolist() == [15, 5, 17, 4, 4]


@pytest.mark.parametrize("group", GROUPS)
def test_an_ensemble_takes_little_space(group):
    assert ENSEMBLES[group].stat().st_size < 300_000


@pytest.mark.parametrize("group", GROUPS)
def test_writing_what_was_read_gives_the_same_bytes(stored, group, tmp_path):
    stored[group].write(tmp_path / "copy.csv.gz")
    assert (tmp_path / "copy.csv.gz").read_bytes() == ENSEMBLES[group].read_bytes()


def test_an_answer_that_differs_counts_one():
    one = table(("temps", "<29", "aucun", "a"), ("besoin", ">70", "aucun", "b"))
    other = table(("besoin", ">70", "aucun", "b"), ("temps", "<29", "besoin", "a"))
    assert of_tables(one, other).distances[0, 1] == 1


def test_the_distance_is_that_of_the_best_matching():
    generator = np.random.default_rng(8)
    one, other = (
        table(*[tuple(map(str, answers)) for answers in generator.integers(0, 3, (5, 4))])
        for _ in range(2)
    )
    names = list(VARIABLES["non_users"])
    least = min(
        int((one[names].to_numpy() != other[names].to_numpy()[list(order)]).sum())
        for order in itertools.permutations(range(5))
    )
    assert of_tables(one, other).distances[0, 1] == least


def test_runs_that_find_nothing_are_reported(monkeypatch):
    monkeypatch.setattr(gathering, "search", lambda *_, **__: iter(()))
    with pytest.raises(NotFoundError, match=r"^10 runs gave 0 different tables of the non_users"):
        ensemble("non_users", start=lambda _: pd.DataFrame(), size=1)


def test_the_number_of_processes_changes_nothing(stored):
    rows = stored["non_users"].members[0].rows
    starts = {4000 + run: shuffle(rows, run, group="non_users") for run in range(1, 21)}
    options = {"start": starts.__getitem__, "size": 3, "per_run": 2, "seed": 4}
    one = ensemble("non_users", **options)
    two = ensemble("non_users", **options, processes=2)
    assert [m.iteration for m in one.members] == [m.iteration for m in two.members]
    assert all(a.rows.equals(b.rows) for a, b in zip(one.members, two.members, strict=True))


def test_the_processes_end_with_the_one_that_started_them():
    code = """
from functools import partial
from analysis.reconstruction.build import _start
from analysis.reconstruction.ensemble import ensemble
start = partial(_start, group="non_users", published=None)
report = partial(print, flush=True)
ensemble("non_users", start=start, per_run=1, processes=2, progress=report)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as killed:
        killed.stdout.readline()
        killed.kill()
        # To its end, which is that of the last process that could still write.
        killed.stdout.read()


def test_a_file_of_other_columns_is_refused(tmp_path):
    path = tmp_path / "other.csv.gz"
    path.write_bytes(gzip.compress(b"solution,age\n1,<29\n", mtime=0))
    with pytest.raises(ValueError, match=r"other\.csv\.gz, row 1, column run: the column"):
        read(path, "users")
