"""Section IV.D: its tables, its sentences, its portraits and its figures, against print and R."""

import csv
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas
from scipy.stats.contingency import expected_freq

from analysis.paths import SOURCE_TEXT
from analysis.printed import Verdict, read_table
from analysis.reconstruction.bounds import bounds
from analysis.reconstruction.ensemble import stored
from analysis.report.inline import n, share
from analysis.report.register import entries
from analysis.report.sections import classification
from analysis.report.sections.classification import DASHES, MARKERS, possible
from analysis.report.show.theme import WIDTH, theme, themed
from analysis.results import clusters
from analysis.results.outcomes import Outcome
from analysis.statistics import mca
from analysis.survey import Group, load
from analysis.survey.labels import GROUPS, ROMAN
from analysis.survey.question import ask

GAINS = Path(__file__).parents[1] / "reference" / "gains.csv"
IN_BODY = [f"tdu{number}" for number in range(1, 5)] + [f"tdn{number}" for number in range(1, 6)]


def apart(checks: tuple[Outcome, ...]) -> set[tuple[str, str, str]]:
    """Name the checks that do not match: line, printed text, verdict."""
    return {
        (check.claim.line, check.printed.text, str(check.verdict))
        for check in checks
        if check.verdict is not Verdict.MATCH
    }


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# ---- tables --------------------------------------------------------------------------------------


def test_every_object_of_the_section_is_registered() -> None:
    wanted = read_table("inventory").query("section.str.startswith('IV.D')")
    assert {entry.id for entry in entries()} >= set(wanted["id"].str.lower())


def test_the_tables_of_the_section_differ_from_print_where_print_is_wrong_only() -> None:
    tables = [entry.make() for entry in entries("table") if entry.section.startswith("IV.D")]
    assert set().union(*(apart(table.checks) for table in tables)) == {
        ("1191", "=0,015", "discrepancy"),
        ("993", "64,2", "rounding"),
        ("993", "4,79", "discrepancy"),
        ("995-999", "4,04", "discrepancy"),
        ("1005-1009", "5,5", "rounding"),
        ("1033-1037", "<0,001", "discrepancy"),
        ("1039-1043", "2,1", "rounding"),
        ("1045", "<0,001", "discrepancy"),
        ("1108", "4,6", "rounding"),
        ("1138-1146", "3,5", "rounding"),
        ("1262", "2,01", "discrepancy"),
        ("1470-1474", "4,14", "rounding"),
    }


def test_the_first_two_v_tests_of_the_users_are_swapped_in_print() -> None:
    listed = read_table("tdu1")["v_test"].tolist()[:2]
    ours = [
        clusters.of("users").described[1][key].v_test
        for key in (("practice_type", "seul_liberal"), ("age", "50-59"))
    ]
    assert [f"{value:.2f}".replace(".", ",") for value in ours] == listed


@pytest.mark.parametrize("id_", IN_BODY)
def test_a_profile_table_has_every_significant_category(id_: str) -> None:
    group: Group = "users" if id_[2] == "u" else "non_users"
    listed = read_table("taviu" if group == "users" else "tavin")
    own = listed.loc[listed["cluster"] == id_[3]]
    assert len(getattr(classification, id_)().rows) == len(own)


@pytest.mark.parametrize("id_", IN_BODY)
def test_the_categories_that_the_thesis_leaves_out_are_flagged(id_: str) -> None:
    table = getattr(classification, id_)()
    flagged = [row for row in table.rows if row.label.endswith("‡")]
    assert len(table.rows) - len(flagged) == len(read_table(id_))
    assert bool(flagged) == ("‡" in table.note)


def test_the_category_that_the_thesis_only_tells_equals_annexe_vi() -> None:
    table = classification.tdu5()
    assert len(table.checks) == 10
    assert {check.verdict for check in table.checks} == {Verdict.MATCH}


def test_the_rows_of_print_are_those_that_our_rows_stand_beside() -> None:
    words = {
        "Age": "Âge",
        "Exercice": "Exercice",
        "Utilisation": "Fréquence",
        "Fréquence": "Fréquence",
        "Usage": "Motif",
        "Création": "Motif",
        "Consultation": "Motif",
        "N’ont": "frein",
        "N’arrivent": "frein",
        "Leur": "frein",
        "Logiciel": "frein",
    }
    for id_ in IN_BODY:
        labels = read_table(id_).set_index("line")["label"]
        table = getattr(classification, id_)()
        for row in table.rows:
            for line in {cell.line for cell in row.cells if cell.line}:
                assert words[labels[line].split()[0]] in row.label.split("\u00a0")[0]


def test_small_expected_counts_are_counted_over_the_tables() -> None:
    tables = [clusters.of("users").counts[name] for name in clusters.VARIABLES["users"]]
    expected = [expected_freq(table.to_numpy()) for table in tables]
    below = sum(int((each < 5).sum()) for each in expected)
    numbers = classification.numbers()
    assert numbers["small_cells_users"] == str(below)
    assert numbers["cells_users"] == str(sum(each.size for each in expected))


# ---- the partition -------------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS)
def test_the_clusters_are_the_printed_ones(group: Group) -> None:
    table = load()
    own = table.loc[table["uses_dmp"] == ("oui" if group == "users" else "non"), "cluster"]
    assert clusters.of(group).clustering.clusters.astype(str).tolist() == own.tolist()


@pytest.mark.parametrize("group", GROUPS)
def test_the_gains_of_inertia_are_those_of_r(group: Group) -> None:
    rows = [
        row
        for row in csv.DictReader(GAINS.read_text(encoding="utf-8").splitlines())
        if row["group"] == group
    ]
    found = clusters.of(group).clustering
    gains = [float(row["gain"]) for row in rows]
    np.testing.assert_allclose(found.gains[: len(gains)], gains, rtol=1e-9)
    assert {int(row["suggested"]) for row in rows} == {found.suggested}


@pytest.mark.parametrize("group", GROUPS)
def test_a_count_that_print_leaves_open_is_never_significant(group: Group) -> None:
    for cluster, rows in clusters.of(group).described.items():
        for (variable, category), row in rows.items():
            if clusters.is_open(group, variable).loc[category, cluster]:
                assert not row.is_significant


@pytest.mark.parametrize("group", GROUPS)
def test_counts_that_are_not_open_are_the_same_in_every_member(group: Group) -> None:
    member = stored(group).members[-1].rows
    for variable in clusters.VARIABLES[group]:
        ours = clusters.of(group).counts[variable]
        crossed = pd.crosstab(member[variable], member["cluster"])
        theirs = crossed.reindex(index=ours.index, columns=ours.columns, fill_value=0)
        is_open = clusters.is_open(group, variable).loc[ours.index]
        assert (ours.to_numpy() == theirs.to_numpy())[~is_open.to_numpy()].all()


def test_print_leaves_nothing_open_among_the_users() -> None:
    assert classification.numbers()["open_users"] == "0"


def test_the_lone_doctor_makes_most_of_the_first_axis_in_every_member() -> None:
    assert plain(classification.numbers()["lone_doctor"]) > "50 %"
    for member in stored("users").members[::50]:
        analysis = mca.fit(member.rows[list(clusters.VARIABLES["users"])], 2)
        share = analysis.rows.contributions.iloc[:, 0].to_numpy()[member.rows["cluster"] == 5]
        assert share.sum() > 50


def test_a_category_that_nobody_has_is_described_in_no_cluster() -> None:
    assert ("age", "80") not in clusters.of("users").described[1]
    assert ("age", ">70") in clusters.of("users").described[1]


# ---- sentences -----------------------------------------------------------------------------------


def test_the_sentences_of_the_descriptions_are_wrong_where_known_only() -> None:
    found = {
        (each.line, each.printed or each.implied, str(classification.verdict(each)))
        for each in classification._descriptive()
        if classification.verdict(each) is not Verdict.MATCH
    }
    assert found == {
        ("953", "41%", "rounding"),
        ("1066", "80%", "discrepancy"),
        ("1305-1307", "0%", "discrepancy"),
        ("1402", "50%", "discrepancy"),
    }


def test_the_conclusions_are_wrong_where_known_only() -> None:
    found = {
        (each.line, each.printed or each.implied): verdict and str(verdict)
        for each in classification.statements()
        if each.part == "f" and (verdict := classification.verdict(each)) is not Verdict.MATCH
    }
    assert found == {
        ("1153", "50%"): "discrepancy",
        ("1155", "64%"): "discrepancy",
        ("1157", "47%"): "discrepancy",
        ("1157", "81%"): "rounding",
        ("1159", "53%"): "discrepancy",
        ("1161", "59%"): "discrepancy",
        ("1163-1165", ">50%"): None,
        ("1410", "0%"): None,
        ("1412-1414", "0%"): None,
        ("1414", "100%"): None,
    }


def test_every_percentage_of_the_section_is_a_statement() -> None:
    if not SOURCE_TEXT.is_file():
        pytest.skip("the text of the thesis is not in the repository")
    lines = SOURCE_TEXT.read_text(encoding="utf-8").split("\n")
    prose = [(number, line) for number, line in enumerate(lines[:1416], 1) if number >= 945]
    # A sentence gives its percentages in running text, a table gives numbers without the sign.
    in_print = Counter(re.findall(r"\d+%", " ".join(line for _, line in prose)))
    printed = read_table("profiles")["printed"]
    assert in_print == Counter(text for text in printed if text.endswith("%"))


@pytest.mark.parametrize(
    ("question", "of", "text"),
    [
        # Rows of Annexe VI, as printed.
        ("U1", "users & age=50-59", "64 %"),
        ("purpose=consultation", "U4", "57 %"),
        ("N1", "barrier_1=besoin", "90 %"),
        ("barrier_2=besoin", "N5", "50 %"),
        # Table TB1C: of 6 users from 60 to 69, 4 came once.
        ("frequency=curiosite", "users & age=60-69", "67 %"),
    ],
)
def test_a_share_has_the_base_that_it_names(question: str, of: str, text: str) -> None:
    assert plain(share(question, of, decimals=0)) == text


def test_what_print_determines_has_one_possible_share() -> None:
    assert plain(possible("cluster=1|2", of="users & age=50-59")) == "93 %"


def test_a_possible_share_spans_what_is_proved() -> None:
    assert plain(possible("purpose=ajout", of="users & age=30-39")) == "de 53 % à 74 %"
    found = bounds(ask("age=60-69 & purpose=consultation"))
    assert (found.lower, found.upper) == (0, 5)
    assert plain(possible("purpose=consultation", of="users & age=60-69")) == "de 0 % à 83 %"


def test_a_second_barrier_without_a_name_may_be_the_one_asked_about() -> None:
    rows = stored("non_users").members[0].rows
    named = int((rows["barrier_1"] == "temps").sum())
    assert int(rows["barrier_2"].isin(["inconnu_a", "inconnu_b"]).sum()) == 3
    least, most = 100 * named / 45, 100 * (named + 3) / 45
    assert plain(possible("barrier=temps", of="non_users")) == f"de {least:.0f} % à {most:.0f} %"


def test_a_statement_on_a_count_that_is_open_in_one_way_only_has_a_verdict() -> None:
    table = classification.conclusion_users()
    row = next(row for row in table.rows if "30-39 ans vont plutôt" in row.label)
    assert row.cells[-1].text == "✓"


def test_a_statement_that_print_leaves_open_has_no_verdict() -> None:
    table = classification.conclusion_users()
    row = next(row for row in table.rows if "60-69 ans vont plutôt" in row.label)
    assert row.cells[-1].text == "?"


def test_statements_outside_the_conclusions_add_up() -> None:
    numbers = classification.numbers()
    total = int(numbers["statements"])
    assert total == len(read_table("profiles").query("part != 'f'"))
    verdicts = [classification.verdict(each) for each in classification._descriptive()]
    assert int(numbers["statements_match"]) == verdicts.count(Verdict.MATCH)
    assert len(verdicts) == total


# ---- portraits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS)
def test_a_portrait_has_the_shares_of_annexe_vi(group: Group) -> None:
    statistics = read_table("statistics").query("group == @group and statistic != 'chi2'")
    listed = read_table("taviu" if group == "users" else "tavin")
    for coded, row in zip(statistics.itertuples(), listed.itertuples(), strict=True):
        cluster = f"{group[0].upper()}{row.cluster}"
        category = f"{coded.variable}={coded.category}"
        gathered = share(cluster, f"{group} & {category}", decimals=2)
        held = share(category, cluster, decimals=2)
        assert plain(gathered) == f"{float(row.cla_mod):.2f} %".replace(".", ",")
        assert plain(held) == f"{float(row.mod_cla):.2f} %".replace(".", ",")


def test_answers_without_a_cluster_are_asked_about_the_computed_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = load().astype(str).assign(cluster="")
    rows.to_csv(tmp_path / "own.csv", index=False)
    before = (n("U1 & frequency=journalier"), n("N4"), share("age=50-59", of="U1"))
    monkeypatch.setenv("DMP_RESPONDENTS", str(tmp_path / "own.csv"))
    assert (n("U1 & frequency=journalier"), n("N4"), share("age=50-59", of="U1")) == before


def test_the_ten_names_stand_beside_ten_sizes() -> None:
    sizes = [
        [int(row.cells[place].text) for row in classification.ten_profiles().rows]
        for place in (1, 3)
    ]
    assert sizes == [[12, 18, 10, 14, 1], [15, 5, 17, 4, 4]]


# ---- figures -------------------------------------------------------------------------------------


def drawn(name: str) -> Canvas:
    """Draw a figure and return its canvas."""
    with themed() as look:
        figure = getattr(classification, name)()
        canvas = Canvas(figsize=(WIDTH / 72, figure.height / 72))
        figure.draw(canvas, look)
    return canvas


@pytest.mark.parametrize("group", GROUPS)
def test_a_heat_map_writes_the_v_tests_that_annexe_vi_lists(group: Group) -> None:
    axes = drawn(f"{group}_heat_map_figure").axes[0]
    written = [text.get_text() for text in axes.texts if text.get_text()[:1] in "+\u2212"]
    listed = read_table("taviu" if group == "users" else "tavin")["v_test"].astype(float)
    wanted = [f"{value:+.1f}".replace(".", ",").replace("-", "\u2212") for value in listed]
    assert Counter(written) == Counter(wanted)


@pytest.mark.parametrize("group", GROUPS)
def test_a_tree_has_a_leaf_a_profile_and_a_number_a_cluster(group: Group) -> None:
    axes = drawn(f"{group}_tree_figure").axes[1]
    leaves = sum(len(marks.get_offsets()) for marks in axes.collections)
    assert leaves == len(clusters.of(group).clustering.coordinates)
    names = [text.get_text() for text in axes.texts]
    assert set(names) >= set(ROMAN)


@pytest.mark.parametrize("group", GROUPS)
def test_the_cut_crosses_as_many_branches_as_there_are_clusters(group: Group) -> None:
    axes = drawn(f"{group}_tree_figure").axes[1]
    cut = next(line for line in axes.lines if list(line.get_xdata()) == [0, 1])
    height = cut.get_ydata()[0]
    unions = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) == 4]
    legs = [leg for y in unions for leg in ((y[0], y[1]), (y[3], y[2]))]
    assert sum(bool(low < height < high) for low, high in legs) == clusters.N_CLUSTERS


@pytest.mark.parametrize("group", GROUPS)
def test_the_clusters_of_a_map_have_five_markers_and_five_colours(group: Group) -> None:
    canvas = drawn(f"{group}_map_figure")
    for axes in canvas.axes[1:]:
        shapes = {marks.get_paths()[0].vertices.tobytes() for marks in axes.collections}
        colours = {tuple(marks.get_facecolor()[0]) for marks in axes.collections}
        assert len(shapes) == len(colours) == clusters.N_CLUSTERS


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_neighbouring_clusters_differ_in_lightness_or_in_marker(mode: str) -> None:
    assert len(set(theme(mode).clusters)) == len(set(MARKERS)) == 5
    assert len({str(style) for style in DASHES}) == 4
