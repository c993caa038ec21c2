"""How stable the clusters are, where it is known how stable they must be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reconstruction.search import N_CLUSTERS
from analysis.report.sections import classification
from analysis.results import clusters, stability
from analysis.survey import Group
from analysis.survey.labels import GROUPS


def generator() -> np.random.Generator:
    return np.random.default_rng(7)


def blocks() -> tuple[pd.DataFrame, np.ndarray]:
    """Make doctors of five kinds that have no answer in common, in rising order on axis 1."""
    kinds = np.repeat(["a", "b", "c", "d", "e"], 12)
    answers = pd.DataFrame(dict.fromkeys(("one", "two", "three"), kinds))
    # A kind of answers has a few doctors who answer once as nobody else does.
    answers.loc[::4, "three"] = [f"{kind}*" for kind in kinds[::4]]
    partition = stability.cluster(answers)
    assert partition is not None
    return answers, partition


def test_kinds_that_have_nothing_in_common_are_always_found_again() -> None:
    answers, partition = blocks()
    found = stability.draw(answers, partition, 10, generator())
    assert found.rand.tolist() == [1] * 10
    assert found.by_cluster.tolist() == [1] * N_CLUSTERS


def test_a_partition_that_the_answers_do_not_have_is_not_found_again() -> None:
    answers, partition = blocks()
    found = stability.draw(answers, generator().permutation(partition), 10, generator())
    assert found.rand.max() < 0.3
    assert found.by_cluster.max() < 0.5


def test_a_cluster_whose_doctors_are_never_drawn_has_no_recovery() -> None:
    found = stability.Stability(
        np.ones(5, int), np.ones(2), np.array([[1, 0.5, np.nan, np.nan, 1], [1, 1, 0.4, np.nan, 0]])
    )
    assert found.by_cluster[:3].tolist() == [1, 0.75, 0.4]
    assert np.isnan(found.by_cluster[3])
    assert found.by_cluster[4] == 0.5


def test_a_doctor_drawn_several_times_is_one_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    class Drawing(np.random.Generator):
        def integers(self, *_: object) -> np.ndarray:  # type: ignore[override]
            return np.array([5, 0, 0, 0, 1, 2])

    drawn = np.array([1, 1, 1, 2, 3, 4])
    monkeypatch.setattr(stability, "cluster", lambda _: drawn)
    answers, partition = pd.DataFrame({"one": list("abcdef")}), np.array([1, 1, 2, 2, 2, 3])
    found = stability.draw(answers, partition, 1, Drawing(np.random.PCG64(1)))
    assert found.by_cluster[:3].tolist() == [0.5, 1, 1]


def test_answers_too_poor_to_be_clustered_are_left_out() -> None:
    poor = pd.DataFrame({"one": ["a", "b"] * 5, "two": ["c"] * 10})
    found = stability.draw(poor, np.ones(10, dtype=np.int64), 3, generator())
    assert (len(found.rand), found.recovered.shape) == (0, (0, N_CLUSTERS))
    assert np.isnan(found.by_cluster).all()


@pytest.mark.parametrize("group", GROUPS)
def test_shuffled_answers_keep_how_often_each_is_given(group: Group) -> None:
    own = clusters.of(group).answers
    shuffled = stability.shuffle(own, generator())
    assert not shuffled.equals(own)
    for name in own:
        assert shuffled[name].value_counts().to_dict() == own[name].value_counts().to_dict()


@pytest.mark.parametrize("group", GROUPS)
def test_the_largest_cluster_is_beside_the_largest_of_shuffled_answers(group: Group) -> None:
    place = int(stability.of_rows(clusters.of(group)).sizes.argmax())
    largest = [
        each.by_cluster[each.sizes.argmax()] for each in stability.of_shuffled(clusters.of(group))
    ]
    assert stability.alike(clusters.of(group))[place].tolist() == largest


def test_no_cluster_of_several_doctors_is_stable_or_stands_out_from_shuffled_answers() -> None:
    numbers = classification.numbers()
    assert numbers["several"] == "neuf"
    assert numbers["reached"] == "aucune n’atteint ce seuil"
    assert numbers["beyond_shuffled"] == "aucune ne fait"


@pytest.mark.parametrize("group", GROUPS)
def test_the_partition_is_found_again_little_better_than_one_of_shuffled_answers(
    group: Group,
) -> None:
    own, shuffled = (
        float(classification.numbers()[f"{name}_{group}"].replace(",", "."))
        for name in ("rand", "rand_shuffled")
    )
    assert 0.3 < shuffled < own < 0.6


def test_the_draws_are_the_same_in_every_process() -> None:
    first = stability.of_rows(clusters.of("users")).rand
    again = stability.of_rows.__wrapped__(clusters.of("users")).rand
    assert again is not first
    assert again.tolist() == first.tolist()
