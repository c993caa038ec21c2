"""The opinions: the thesis's numbers in their tables, what its sentences get wrong, the figures."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.printed import Verdict, parse, read_table
from analysis.report import inline
from analysis.report.register import entries
from analysis.report.sections import opinions
from analysis.report.sections.opinions import choices
from analysis.report.show.figures import Figure
from analysis.report.show.french import NBSP, p_value
from analysis.report.show.tables import Table, computed_text
from analysis.report.show.theme import theme
from analysis.results.opinions import ITEMS, SIDES, TABLED, Item, answers, comparisons, paired
from analysis.results.outcomes import Outcome
from analysis.statistics.proportions import mcnemar
from analysis.survey import GROUPS, ask, levels, load, tabulate

TABLES: dict[str, Table] = {item.table: getattr(opinions, item.table)() for item in TABLED}
FIGURES: dict[str, Figure] = {item.figure: getattr(opinions, item.figure)() for item in ITEMS}


def texts(table: Table, label: str) -> list[str]:
    """Give the cells of a row as they are shown."""
    return [
        cell.text.replace(NBSP, " ")
        for row in table.rows
        if row.label == label
        for cell in row.cells
    ]


def apart(checks: tuple[Outcome, ...]) -> list[tuple[str, str, str]]:
    """Name the checks that do not match: place, printed text, computed text."""
    return [
        (check.claim.comment, check.printed.text, computed_text(check).replace(NBSP, " "))
        for check in checks
        if check.verdict is not Verdict.MATCH
    ]


def test_every_table_and_figure_of_these_sections_is_registered_in_its_section() -> None:
    listed = read_table("inventory")
    own = listed.loc[listed["section"].isin(["IV.E.1", "IV.E.2", "IV.F"])]
    registered = {(entry.id, entry.kind, entry.section) for entry in entries()}
    assert len(own) == 38
    assert {(row.id.lower(), row.kind, row.section) for row in own.itertuples()} <= registered


def test_a_statement_has_the_table_and_the_figure_that_the_source_gives_it() -> None:
    assert [rank for rank, item in enumerate(ITEMS, start=1) if not item.table] == [6, 8]
    found = {item.table: item for item in ITEMS}
    assert found["t13"].statement == "A un coût supplémentaire"
    assert found["t15"].figure == "f27"


def test_the_statements_against_the_dmp_are_those_from_secrecy_to_training() -> None:
    against = [rank for rank, item in enumerate(ITEMS, start=1) if not item.favours]
    assert against == [11, 12, 13, 14, 15, 16]


def test_t1_shows_the_numbers_of_the_source() -> None:
    # L1507-1511, and the sentence at L1495-1497.
    assert texts(TABLES["t1"], "Non-utilisateurs")[:5] == ["4", "5", "12", "7", "17"]
    assert texts(TABLES["t1"], "Utilisateurs")[:5] == ["12", "4", "12", "10", "17"]
    assert texts(TABLES["t1"], "Ensemble") == [
        *("16", "9", "24", "17", "34"),
        *("0", "25 %", "24 %", "51 %"),
    ]


def test_t18_shows_the_zero_that_the_source_prints() -> None:
    # L1885.
    assert texts(TABLES["t18"], "Non-utilisateurs")[:5] == ["20", "12", "10", "0", "2"]


@pytest.mark.parametrize("id_", sorted(TABLES))
def test_every_printed_number_is_checked_with_the_three_of_its_sentence(id_: str) -> None:
    printed = read_table(id_)
    sentence = read_table("opinions").set_index("table").loc[id_.upper()]
    cells = printed[[f"n{mark}" for mark in range(1, 6)]].to_numpy().ravel().tolist()
    cells += [sentence[name] for name in ("favourable", "contrary", "neutral")]
    assert sorted(check.printed.text for check in TABLES[id_].checks) == sorted(cells)


def test_the_numbers_of_a_table_of_opinions_are_imposed_or_follow() -> None:
    assert {str(check.rests_on) for check in TABLES["t1"].checks} == {"imposed"}


def test_every_count_and_total_is_the_printed_one() -> None:
    found = [check for table in TABLES.values() for check in table.checks]
    counts = [check for check in found if not check.printed.is_percent]
    assert len(counts) == 18 * 15 - 5
    assert {check.verdict for check in counts} == {Verdict.MATCH}


def test_the_sentences_that_disagree_with_their_table_are_these() -> None:
    found = {id_: apart(table.checks) for id_, table in TABLES.items()}
    assert {id_: differences for id_, differences in found.items() if differences} == {
        "t3": [("Ensemble, Désaccord", "35%", "30,0 %")],
        "t9": [("Ensemble, Désaccord", "57%", "56,0 %")],
        "t12": [
            ("Ensemble, Désaccord", "5%", "8,0 %"),
            ("Ensemble, Neutre", "7%", "12,0 %"),
        ],
        "t13": [("Ensemble, Neutre", "20%", "29,0 %")],
    }


def test_a_missing_answer_is_counted_and_belongs_to_the_base() -> None:
    # L1533: 44 of 45; L1747: 54 of 55; L1779, 1786, 1811, 1885: 44 of 45.
    missing = {
        (item.table, group): answers(item.table)[group]["missing"]
        for item in TABLED
        for group in GROUPS
    }
    assert {key for key, number in missing.items() if number} == {
        ("t13", "users"),
        *((id_, "non_users") for id_ in ("t3", "t15", "t16", "t17", "t18")),
    }
    assert set(missing.values()) == {0, 1}
    assert answers("t3")["non_users"]["asked"] == 45
    assert texts(TABLES["t3"], "Non-utilisateurs")[5] == "1"


@pytest.mark.parametrize("item", TABLED, ids=lambda item: item.table)
def test_the_three_parts_and_the_missing_make_the_group(item: Item) -> None:
    for own in answers(item.table).values():
        assert sum(own[side] for side in SIDES) + own["missing"] == own["asked"]


def test_the_base_of_the_printed_shares_is_all_the_doctors() -> None:
    # L1797-1799: 67 %; on the 99 answers it would be 67.7 %.
    assert inline.share("t18<=2") == f"67{NBSP}%"
    assert inline.share("t18<=2", of="t18", decimals=1) == f"67,7{NBSP}%"


def test_t14_is_compared_with_the_row_that_fits_each_group() -> None:
    # L1752 prints 55 answers under "Non-utilisateurs", L1754 prints 45 under "Utilisateurs".
    assert texts(TABLES["t14"], "Utilisateurs")[:5] == ["7", "3", "15", "5", "25"]
    assert {check.claim.line for check in TABLES["t14"].checks[:5]} == {"1752"}
    assert "55 réponses, pour 45 non-utilisateurs" in TABLES["t14"].note


def test_no_other_table_has_its_rows_swapped() -> None:
    assert [id_ for id_, table in TABLES.items() if "étiquettes échangées" in table.note] == ["t14"]
    assert all(
        total <= answers(item.table)[group]["asked"]
        for item in TABLED
        if item.table != "t14"
        for group, total in opinions._sums(item.table).items()
    )


def test_t8_says_that_its_total_is_not_printed() -> None:
    assert TABLES["t8"].note == "La thèse n’imprime pas de ligne de total."
    assert texts(TABLES["t8"], "Ensemble")[:5] == ["44", "20", "25", "5", "6"]


@pytest.mark.parametrize("id_", ["f17", "f29", "f30"])
def test_a_printed_chart_has_the_numbers_of_its_table(id_: str) -> None:
    checks = FIGURES[id_].checks
    assert len(checks) == 15
    assert {check.verdict for check in checks} == {Verdict.MATCH}


def test_the_other_charts_print_no_number_to_compare() -> None:
    assert {id_ for id_, figure in FIGURES.items() if figure.checks} == {"f17", "f29", "f30"}


@pytest.mark.parametrize(("id_", "lines"), [("f16", "1553–1555"), ("f18", "1570–1572")])
def test_a_statement_without_a_table_is_marked_as_not_computed(id_: str, lines: str) -> None:
    text = FIGURES[id_].mark().data
    assert "Non recalculable" in text
    assert f"l. {lines}" in text.replace(NBSP, " ")
    assert "✓" not in text
    assert "pattern" in FIGURES[id_].to_svg()
    assert "pattern" not in FIGURES["f11"].to_svg()


def test_all_the_figures_of_statements_have_the_same_size() -> None:
    def size(figure: Figure) -> tuple[str, str]:
        root = ElementTree.fromstring(figure.to_svg())
        return root.attrib["width"], root.attrib["height"]

    sizes = {size(FIGURES[item.figure]) for item in ITEMS if item.table}
    assert len(sizes) == 1
    assert size(FIGURES["f16"])[0] == size(FIGURES["f11"])[0]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_tints_of_the_marks_grow_apart_from_the_page_towards_both_ends(mode: str) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return sum(w * part**2.2 for w, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    look = theme(mode)
    page = luminance(look.paper)
    one, two, three, four, five = (abs(luminance(tint) - page) for tint in look.opinions)
    assert three < two < one
    assert three < four < five


def test_a_reader_chooses_among_the_answers_that_the_tables_have() -> None:
    held = {each["id"]: each for each in choices()["enonces"]}
    assert list(held) == [item.table or item.figure for item in ITEMS]
    names = dict(zip(("total", "users", "non_users"), choices()["groupes"], strict=True))
    for item in TABLED:
        for group, own in answers(item.table).items():
            shown = held[item.table]["reponses"][names[group]]
            assert shown["effectifs"] == [own[each] for each in (*levels(item.table), "missing")]
            assert sum(shown["parts"][3:]) == pytest.approx(shown["accord"], abs=0.01)
            assert shown["cotes"][2] == inline.share(
                f"{item.table}>=4", of="" if group == "total" else group
            )
    assert held["t2"]["ecartTexte"] == "−17"  # 4 of 55, and 11 of 45
    assert held["t15"]["lien"] == "04f-logiciels.html#tbl-t15"
    assert "lignes 1718\u00a0à\u00a01724" in held["t12"]["imprime"]
    assert "reponses" not in held["f16"]


def test_the_comparison_is_that_of_the_printed_counts() -> None:
    # T2, L1514-1516; the exact p-value of tests/statistics/test_ordinal.py.
    assert comparisons().loc["t2", "p_value"] == pytest.approx(0.0013837, abs=5e-7)
    assert comparisons().loc["t2", "estimate"] == pytest.approx(-0.35111, abs=5e-6)


def test_a_statement_against_the_dmp_is_turned_round() -> None:
    # T9, L1689-1691: 15 of 45 non-users and 12 of 55 users fear for secrecy.
    assert inline.share("t9>=4", of="users") == f"22{NBSP}%"
    assert inline.share("t9>=4", of="non_users") == f"33{NBSP}%"
    assert comparisons().loc["t9", "estimate"] > 0


def test_holm_adjusts_over_the_eighteen_statements_that_have_a_table() -> None:
    found = comparisons()
    assert len(found) == 18
    assert found["adjusted"].min() == pytest.approx(18 * found["p_value"].min())


def test_six_gaps_pass_alone_and_one_stands_after_adjustment() -> None:
    found = opinions.numbers()
    assert (found["below"], found["below_for_non_users"]) == ("six", "cinq")
    assert found["standing"].replace(NBSP, " ") == (
        "un seul écart reste sous le seuil, « utile pour gagner du temps »"
    )


def test_the_sums_of_the_sentences_are_those_of_the_source() -> None:
    sums = {item.table: sum(parse(each).value for each in item.shares.values()) for item in TABLED}
    assert {id_: total for id_, total in sums.items() if total != 100} == {
        **{"t3": 104, "t9": 101, "t12": 92, "t13": 90},
        **dict.fromkeys(("t15", "t16", "t17", "t18"), 99),
    }


def test_the_comparison_table_has_a_row_for_each_statement_with_a_table() -> None:
    rows = [row for row in opinions.comparison_table().rows if not row.opens_group]
    assert len(rows) == 18
    assert rows[0].cells[0].text.replace(NBSP, " ") == "7 % / 24 %"


def test_the_groups_are_those_of_the_survey() -> None:
    users, non_users = tabulate("uses_dmp")
    assert answers("t1")["users"]["asked"] == users
    assert answers("t1")["non_users"]["asked"] == non_users


@pytest.fixture
def own_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a table of answers in which no non-user answered T5, and T4 parts the groups wholly."""
    table = load().assign(t4=lambda rows: rows["uses_dmp"].map({"oui": "5", "non": "1"}))
    table.loc[table["uses_dmp"] == "non", "t5"] = ""
    table.to_csv(tmp_path / "own.csv", index=False)
    monkeypatch.setenv("DMP_RESPONDENTS", str(tmp_path / "own.csv"))


@pytest.mark.usefixtures("own_answers")
def test_a_statement_that_a_group_did_not_answer_is_left_out() -> None:
    assert "t5" not in comparisons().index
    assert opinions.numbers()["compared"] == "17"


def test_the_numbers_of_a_statement_that_a_group_did_not_answer_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = load().assign(t2=lambda rows: rows["t2"].where(rows["uses_dmp"] == "oui", ""))
    table.to_csv(tmp_path / "own.csv", index=False)
    monkeypatch.setenv("DMP_RESPONDENTS", str(tmp_path / "own.csv"))
    found = opinions.numbers()
    assert {found[key] for key in ("delta_t2", "p_t2", "holm_t2")} == {"non calculable"}


@pytest.mark.usefixtures("own_answers")
def test_groups_that_do_not_overlap_are_shown_without_an_interval() -> None:
    assert comparisons().loc["t4", "estimate"] == 1
    cells = [row.cells[1].text for row in opinions.comparison_table().rows if row.cells]
    assert "1,00" in cells
    assert "nan" not in opinions.forest_figure().to_svg().lower()


def test_a_crossing_of_two_statements_lies_within_its_bounds() -> None:
    both = ask("t12>=4 & t14>=4").count()
    found = paired("t12>=4", "t14>=4")
    assert found.gap == 80 - 61
    assert found.least <= mcnemar(80 - both, 61 - both) <= found.greatest < 0.05


def test_the_bounds_are_those_of_the_groups_and_not_of_all_the_doctors() -> None:
    counts = [(answers("t4")[group], answers("t5")[group]) for group in GROUPS]
    fewest = sum(max(0, a["agree"] + b["agree"] - a["asked"]) for a, b in counts)
    assert fewest > 64 + 51 - 100
    assert paired("t4>=4", "t5>=4").greatest == mcnemar(64 - fewest, 51 - fewest)


def test_two_parts_of_one_scale_exclude_each_other() -> None:
    found = paired("t13<=2", "t13>=4")
    assert (found.gap, found.least) == (39 - 31, found.greatest)
    assert found.greatest == mcnemar(39, 31)


def test_what_is_known_of_a_comparison_is_said_in_full() -> None:
    bounds = {
        pair: tuple(map(p_value, (found.least, found.greatest)))
        for pair in (("t12", "t14"), ("t4", "t1"))
        for found in [paired(*(f"{id_}>=4" for id_ in pair))]
    }
    assert bounds == {
        ("t12", "t14"): (p_value(1e-9), p_value(0.0183)),
        ("t4", "t1"): (p_value(1e-9), p_value(0.1928)),
    }
    for pair, ends in bounds.items():
        said = opinions.paired_p(*(f"{id_}>=4" for id_ in pair))
        assert ends[1] in said


def test_every_pair_of_statements_with_a_table_is_judged() -> None:
    found = opinions.numbers()
    counts = [int(found[f"pairs_{verdict}"]) for verdict in ("differ", "open", "alike")]
    assert counts == [101, 26, 26]
    assert int(found["pairs"]) == sum(counts) == 18 * 17 // 2


@pytest.mark.usefixtures("own_answers")
def test_answers_of_ones_own_are_compared_doctor_by_doctor() -> None:
    table = load()
    one, other = (table[name].isin(["4", "5"]) for name in ("t4", "t1"))
    found = paired("t4>=4", "t1>=4")
    p = mcnemar(int((one & ~other).sum()), int((other & ~one).sum()))
    assert (found.least, found.greatest) == (p, p)
    assert opinions.numbers()["pairs_open"] == "0"
