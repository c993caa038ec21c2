"""What the settings of the clustering change, against R."""

import csv
from pathlib import Path

import pytest

from analysis.reconstruction.ensemble import stored
from analysis.report.sections import classification
from analysis.results import clusters, stability
from analysis.statistics.agreement import matched_share
from analysis.survey import Group
from analysis.survey.labels import GROUPS

FIXTURE = Path(__file__).parents[1] / "reference" / "sensitivity.csv"


def by_r(group: Group) -> dict[tuple[int, int, bool], str]:
    return {
        (int(row["axes"]), int(row["clusters"]), row["consolidated"] == "yes"): row["partition"]
        for row in csv.DictReader(FIXTURE.read_text(encoding="utf-8").splitlines())
        if row["group"] == group
    }


@pytest.mark.parametrize("group", GROUPS)
def test_r_was_given_the_rows_of_the_report(group: Group) -> None:
    default = by_r(group)[clusters.N_AXES, clusters.N_CLUSTERS, True]
    message = "run Rscript tests/reference/sensitivity.R"
    assert default == "".join(clusters.of(group).clustering.clusters.astype(str)), message


@pytest.mark.parametrize("group", GROUPS)
def test_every_setting_gives_the_partition_of_r(group: Group) -> None:
    wanted = by_r(group)
    table = stability.settings(clusters.of(group))
    differing = [
        (row.axes, row.clusters, row.consolidated)
        for row in table.itertuples()
        if not row.tied
        and wanted[row.axes, row.clusters, row.consolidated] != "".join(map(str, row.partition))
    ]
    assert len(table) == len(wanted) == 9 * 6 * 2
    assert differing == []


@pytest.mark.parametrize("group", GROUPS)
def test_no_setting_of_these_rows_is_tied(group: Group) -> None:
    assert not stability.settings(clusters.of(group))["tied"].any()


@pytest.mark.parametrize("group", GROUPS)
def test_the_setting_of_the_thesis_agrees_with_itself(group: Group) -> None:
    table = stability.settings(clusters.of(group)).set_index(["axes", "clusters", "consolidated"])
    assert table.loc[(clusters.N_AXES, clusters.N_CLUSTERS, True), "rand"] == 1
    assert table.loc[(clusters.N_AXES, clusters.N_CLUSTERS, True), "share"] == 1


def test_the_share_of_a_setting_is_that_of_its_partition() -> None:
    partition = by_r("users")[4, 5, True]
    printed = list(clusters.of("users").clustering.clusters.astype(str))
    table = stability.settings(clusters.of("users")).set_index(["axes", "clusters", "consolidated"])
    assert table.loc[(4, 5, True), "share"] == matched_share(printed, list(partition))


@pytest.mark.parametrize("group", GROUPS)
def test_every_member_has_the_printed_partition_with_the_settings_of_the_thesis(
    group: Group,
) -> None:
    assert classification.numbers()[f"possible_5_{group}"].replace("\u00a0", "") == "de 100% à 100%"


@pytest.mark.parametrize("group", GROUPS)
def test_settings_that_give_the_printed_partition_are_counted_without_that_of_the_thesis(
    group: Group,
) -> None:
    printed = "".join(clusters.of(group).clustering.clusters.astype(str))
    same = [place for place, partition in by_r(group).items() if partition == printed]
    assert (clusters.N_AXES, clusters.N_CLUSTERS, True) in same
    assert ("aucun", "un seul").index(classification.numbers()[f"same_{group}"]) == len(same) - 1
    assert int(classification.numbers()["settings"]) == len(by_r(group)) - 1


def test_members_are_taken_evenly() -> None:
    assert int(classification.numbers()["sampled"]) == -(-len(stored("users")) // 20)


def test_the_suggested_numbers_of_clusters_are_told_from_the_least_to_the_greatest() -> None:
    assert classification.numbers()["suggested_axes_users"] == "de trois à dix"
    assert classification.numbers()["suggested_axes_non_users"] == "de quatre à dix"
