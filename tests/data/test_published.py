"""The transcription against its source: every printed cell, every stated line, every sum.

The tests that need the text of the thesis are skipped where it is not at hand. The others state
facts about what was printed, and no misprint is mended: a list that a test expects is the list of
the places where the source disagrees with itself.
"""

import itertools
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import frictionless
import pandas as pd
import pytest

from analysis.paths import DATAPACKAGE, INVENTORY, PUBLISHED, SOURCE_TEXT
from analysis.printed import Verdict, compare, parse, parse_all, read_table, table_ids

TRANSCRIBED = tuple(name for name in table_ids() if name != "inventory")
LIKERT = tuple(f"t{number}" for number in range(1, 19))
MARKS = ["n1", "n2", "n3", "n4", "n5"]
FREQUENCIES = ["curiosite", "annuel", "mensuel", "hebdomadaire", "journalier"]

# Their rows are parts of sentences, share lines with other rows, or have cells in another order.
LAID_OUT_OTHERWISE = {
    *("tb2", "tc0", "f4", "f5", "f6", "f7", "f8", "opinions", "recruitment", "facts"),
    *("discussion", "history", "annexes", "profiles", "statistics", "inventory"),
}
R_GLUES_VARIABLE_AND_CATEGORY = {"taviu", "tavin"}
LONGEST_SPAN = 12


def fold(text: str) -> str:
    return " ".join(text.split())


def resource(table_id: str) -> dict[str, Any]:
    package = json.loads(DATAPACKAGE.read_text(encoding="utf-8"))
    return next(each for each in package["resources"] if each["name"] == table_id)


def printed_columns(table_id: str) -> list[str]:
    fields = resource(table_id)["schema"]["fields"]
    return [field["name"] for field in fields if field["origin"] == "print"]


def span_of(line: str) -> tuple[int, int]:
    first, _, last = line.partition("-")
    return int(first), int(last or first)


def all_stand_in(cells: list[str], text: str) -> bool:
    """Say whether each cell has a place of its own in the text, the longest served first."""
    for cell in sorted(filter(None, map(fold, cells)), key=len, reverse=True):
        opening = r"(?<![\w,.])" if cell[0].isalnum() else ""
        closing = r"(?![\w]|[,.]\d)" if cell[-1].isalnum() else ""
        text, found = re.subn(opening + re.escape(cell) + closing, "\n", text, count=1)
        if not found:
            return False
    return True


def total(cells: pd.Series) -> int:
    return sum(int(cell) for cell in cells if cell)


def likert_sums() -> Iterator[tuple[str, str, int]]:
    for table_id in LIKERT:
        for _, row in read_table(table_id).iterrows():
            yield table_id, row["group"], total(row[MARKS])


@pytest.fixture(scope="module")
def source() -> list[str]:
    if not SOURCE_TEXT.is_file():
        pytest.skip(
            "the text of the thesis is not in the repository: without it the transcription "
            "cannot be compared with its source (put it in ../shared/source, or set DMP_SOURCE)"
        )
    return SOURCE_TEXT.read_text(encoding="utf-8").split("\n")


def lines_of(source: list[str], first: int, last: int) -> str:
    return fold(" ".join(source[first - 1 : last]))


@pytest.mark.parametrize("table_id", TRANSCRIBED)
def test_every_cell_stands_verbatim_in_its_lines(table_id: str, source: list[str]) -> None:
    columns = printed_columns(table_id)
    misread = [
        tuple(row[["line", *columns]])
        for _, row in read_table(table_id).iterrows()
        if not all_stand_in(list(row[columns]), lines_of(source, *span_of(row["line"])))
    ]
    assert misread == []


@pytest.mark.parametrize(
    "table_id", [name for name in TRANSCRIBED if name not in LAID_OUT_OTHERWISE]
)
def test_cells_of_a_row_side_by_side_are_its_lines(table_id: str, source: list[str]) -> None:
    columns = printed_columns(table_id)
    differing = {}
    for _, row in read_table(table_id).iterrows():
        cells = " ".join(row[columns])
        if table_id in R_GLUES_VARIABLE_AND_CATEGORY:
            cells = cells.replace(" ", "=", 1)
        lines = lines_of(source, *span_of(row["line"]))
        if fold(cells) != lines:
            differing[row["line"]] = lines
    assert differing == {}


@pytest.mark.parametrize("table_id", [name for name in TRANSCRIBED if name != "opinions"])
def test_no_span_of_lines_is_wider_than_its_row(table_id: str, source: list[str]) -> None:
    columns = printed_columns(table_id)
    loose = []
    for _, row in read_table(table_id).iterrows():
        first, last = span_of(row["line"])
        shorter = [(first + 1, last), (first, last - 1)] if last > first else []
        still_read = [all_stand_in(list(row[columns]), lines_of(source, *span)) for span in shorter]
        if last - first >= LONGEST_SPAN or any(still_read):
            loose.append(row["line"])
    assert loose == []


@pytest.mark.parametrize("table_id", [name for name in TRANSCRIBED if name != "statistics"])
def test_rows_keep_the_order_of_the_print(table_id: str) -> None:
    starts = [span_of(line)[0] for line in read_table(table_id)["line"]]
    assert starts == sorted(starts)


@pytest.mark.parametrize("table_id", TRANSCRIBED)
def test_column_headings_stand_verbatim_in_their_lines(table_id: str, source: list[str]) -> None:
    absent = [
        field["title"]
        for field in resource(table_id)["schema"]["fields"]
        if "title" in field
        and not all_stand_in([field["title"]], lines_of(source, *span_of(field["titleLine"])))
    ]
    assert absent == []


@pytest.mark.parametrize("table_id", table_ids())
def test_every_cell_with_a_numeric_form_is_a_printed_number(table_id: str) -> None:
    table = read_table(table_id)
    unread = []
    for field in resource(table_id)["schema"]["fields"]:
        pattern = field.get("constraints", {}).get("pattern", "")
        if field["origin"] == "print" and r"\d" in pattern:
            cells = set(table[field["name"]]) - {"", "Non comparable"}
            unread += [cell for cell in cells if not parse_all(cell)]
    assert unread == []


def ids_of_the_inventory_page(page: str) -> list[str]:
    ids = []
    for cell in re.findall(r"^\| ((?:T|F|S)[A-Z0-9, -]+) \|", page, flags=re.MULTILINE):
        for part in cell.split(", "):
            first, _, last = part.partition("-")
            stem = re.sub(r"\d+$", "", first)
            if last:
                numbers = range(int(first[len(stem) :]), int(last[len(stem) :]) + 1)
                ids += [f"{stem}{number}" for number in numbers]
            else:
                ids.append(first)
    return ids


def test_inventory_has_the_ids_of_the_shared_page() -> None:
    if not INVENTORY.is_file():
        pytest.skip("the inventory page lies beside the source text, which is not at hand")
    page = INVENTORY.read_text(encoding="utf-8")
    contents = page.split("## Likert items")[0] + page.split("## Figures")[1]
    expected = ids_of_the_inventory_page(contents)
    assert sorted(read_table("inventory")["id"]) == sorted(expected)


def test_inventory_counts_47_tables_32_figures_and_56_statistics() -> None:
    kinds = read_table("inventory")["kind"].value_counts().to_dict()
    assert kinds == {"table": 47, "figure": 32, "statistic": 56}


def test_inventory_names_a_file_for_all_but_the_two_screenshots() -> None:
    inventory = read_table("inventory")
    assert inventory.loc[inventory["file"] == "", "id"].tolist() == ["F31", "F32"]


def test_inventory_names_files_that_exist() -> None:
    names = {name for cell in read_table("inventory")["file"] for name in cell.split(";") if name}
    assert names - {path.name for path in PUBLISHED.glob("*.csv")} == set()


def test_inventory_leaves_out_no_file_of_numbers() -> None:
    names = {name for cell in read_table("inventory")["file"] for name in cell.split(";") if name}
    unclaimed = {f"{table_id}.csv" for table_id in table_ids()} - names
    texts = {"discussion", "recruitment", "facts", "history", "annexes", "profiles"}
    assert unclaimed == {"inventory.csv"} | {f"{name}.csv" for name in texts}


@pytest.mark.parametrize("kind", ["table", "statistic"])
def test_inventory_places_each_row_of_a_file_inside_its_lines(kind: str) -> None:
    inventory = read_table("inventory")
    inventory = inventory[inventory["kind"] == kind]
    astray = []
    for _, entry in inventory.iterrows():
        spans = [span_of(span) for span in entry["line"].split("/")]
        for name in entry["file"].split(";"):
            table = read_table(name.removesuffix(".csv"))
            if kind == "statistic":
                table = table[table["id"] == entry["id"]]
            for line in table["line"]:
                start, end = span_of(line)
                if not any(start <= last and first <= end for first, last in spans):
                    astray.append((entry["id"], line))
    assert astray == []


def test_no_label_has_two_codes() -> None:
    codes: dict[str, set[str]] = {}
    for table_id in table_ids():
        table = read_table(table_id)
        labels = {"label", "age", "frequency"} & set(table.columns)
        if "category" not in table.columns or len(labels) != 1:
            continue
        for label, code in zip(table[labels.pop()], table["category"], strict=True):
            codes.setdefault(label.lower(), set()).add(code)
    assert {label: found for label, found in codes.items() if len(found) > 1} == {}


def test_statistics_are_numbered_from_1_to_56() -> None:
    assert read_table("statistics")["id"].tolist() == [f"S{number}" for number in range(1, 57)]


def test_data_package_is_valid_for_frictionless() -> None:
    report = frictionless.validate(str(DATAPACKAGE))
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []


def test_data_package_types_every_field_as_a_described_string() -> None:
    fields = [field for table_id in table_ids() for field in resource(table_id)["schema"]["fields"]]
    assert {field["type"] for field in fields} == {"string"}
    assert all(field["description"] for field in fields)


def placements(row: pd.Series) -> list[tuple[int, ...]]:
    """List the ways to spread the numbers of a row over the columns, in their order."""
    numbers = [int(row[name]) for name in FREQUENCIES if row[name]]
    ways = []
    for columns in itertools.combinations(range(len(FREQUENCIES)), len(numbers)):
        filled = dict(zip(columns, numbers, strict=True))
        ways.append(tuple(filled.get(column, 0) for column in range(len(FREQUENCIES))))
    return ways


def fitting_placements() -> list[dict[str, tuple[int, ...]]]:
    """List the ways to place the blanks of TB1C that have the printed totals of the columns."""
    table = read_table("tb1c")
    ages, totals = table.iloc[:-1], table.iloc[-1]
    expected = [int(totals[name]) for name in FREQUENCIES]
    ways = itertools.product(*(placements(row) for _, row in ages.iterrows()))
    return [
        dict(zip(ages["category"], way, strict=True))
        for way in ways
        if [sum(column) for column in zip(*way, strict=True)] == expected
    ]


def transcribed_placement() -> dict[str, tuple[int, ...]]:
    ages = read_table("tb1c").iloc[:-1].set_index("category")
    return {
        str(age): tuple(int(cell or 0) for cell in row[FREQUENCIES]) for age, row in ages.iterrows()
    }


def test_tb1c_totals_leave_three_places_for_its_blanks() -> None:
    assert len(fitting_placements()) == 3


def test_tb1c_blanks_are_settled_by_annexe_vi() -> None:
    first = read_table("taviu").query("cluster == '1'").set_index("category")["cla_mod"]
    assert (first["journalier"], first["40-49"]) == ("100.000000", "0.000000")
    daily = FREQUENCIES.index("journalier")
    agreeing = [way for way in fitting_placements() if way["40-49"][daily] == 0]
    assert agreeing == [transcribed_placement()]


@pytest.mark.parametrize("table_id", ["tb1c", "tb1d"])
def test_blank_cells_of_a_cross_table_left_one_more_space_each(
    table_id: str, source: list[str]
) -> None:
    columns = printed_columns(table_id)
    misplaced = []
    for _, row in read_table(table_id).iloc[:-1].iterrows():
        if " ".join(row[columns]) != source[int(row["line"]) - 1].strip():
            misplaced.append(row["line"])
    assert misplaced == []


@pytest.mark.parametrize(
    ("table_id", "columns"),
    [("tb1c", FREQUENCIES), ("tb1d", ["ajout", "consultation", "creation"])],
)
def test_cross_tables_of_the_users_add_up_along_both_sides(
    table_id: str, columns: list[str]
) -> None:
    table = read_table(table_id)
    across = [total(row[columns]) - int(row["total"]) for _, row in table.iterrows()]
    down = [
        total(table[name].iloc[:-1]) - int(table[name].iloc[-1]) for name in [*columns, "total"]
    ]
    assert (set(across), set(down)) == ({0}, {0})


@pytest.mark.parametrize("table_id", ["tb1a", "tb1b"])
def test_lists_of_the_users_add_up_to_55(table_id: str) -> None:
    counts = read_table(table_id)["n"]
    assert (total(counts.iloc[:-1]), counts.iloc[-1]) == (55, "55")


@pytest.mark.parametrize("variable", ["age", "practice", "place"])
def test_tb3_adds_up_to_55_users_and_45_non_users(variable: str) -> None:
    table = read_table("tb3")
    table = table[table["variable"] == variable]
    sums = [sum(int(parse_all(cell)[0].value) for cell in table[g]) for g in ("users", "non_users")]
    assert sums == [55, 45]


@pytest.mark.parametrize(
    ("table_id", "variable"), [("ta1", "age"), ("ta2", "practice"), ("ta3", "place")]
)
def test_sample_of_section_a_is_users_and_non_users_together(table_id: str, variable: str) -> None:
    sample = read_table(table_id).set_index("category")["sample"]
    table = read_table("tb3")
    differing = []
    for _, row in table[table["variable"] == variable].iterrows():
        both = sum(int(parse_all(row[group])[0].value) for group in ("users", "non_users"))
        if both != int(sample[row["category"]]):
            differing.append(row["category"])
    assert differing == []


@pytest.mark.parametrize(("figure", "table_id"), [("f17", "t6"), ("f29", "t17"), ("f30", "t18")])
def test_labels_of_the_charts_repeat_their_table(figure: str, table_id: str) -> None:
    columns = ["group", *MARKS]
    assert read_table(figure)[columns].equals(read_table(table_id)[columns])


def test_likert_totals_are_the_sums_of_their_two_rows() -> None:
    differing = []
    for table_id in LIKERT:
        rows = read_table(table_id).set_index("group")[MARKS]
        if "total" in rows.index:
            sums = [total(rows.loc[["non_users", "users"], mark]) for mark in MARKS]
            if sums != [total(rows.loc[["total"], mark]) for mark in MARKS]:
                differing.append(table_id)
    assert differing == []


@pytest.mark.parametrize(("group", "rows"), [("users", 26), ("non_users", 16)])
def test_statistics_repeat_the_probabilities_of_annexe_vi(group: str, rows: int) -> None:
    statistics = read_table("statistics")
    statistics = statistics[statistics["group"] == group]
    printed = statistics.loc[statistics["statistic"] == "hypergeometric", "printed"].tolist()
    assert printed == read_table("taviu" if group == "users" else "tavin")["p_value"].tolist()
    assert len(printed) == rows


def test_likert_rows_that_do_not_add_up_to_45_55_or_100() -> None:
    expected = {"non_users": 45, "users": 55, "total": 100}
    assert [row for row in likert_sums() if row[2] != expected[row[1]]] == [
        ("t3", "non_users", 44),
        ("t3", "total", 99),
        ("t13", "users", 54),
        ("t13", "total", 99),
        ("t14", "non_users", 55),
        ("t14", "users", 45),
        ("t15", "non_users", 44),
        ("t15", "total", 99),
        ("t16", "non_users", 44),
        ("t16", "total", 99),
        ("t17", "non_users", 44),
        ("t17", "total", 99),
        ("t18", "non_users", 44),
        ("t18", "total", 99),
    ]


def test_herault_columns_add_up_to_1880_and_not_to_the_1875_of_the_text() -> None:
    sums = [
        sum(int(parse_all(cell)[0].value) for cell in read_table(table_id)["herault"] if cell)
        for table_id in ("ta1", "ta2", "ta3")
    ]
    printed = read_table("recruitment").set_index("key").loc["population", "printed"]
    assert (sums, printed) == ([1880, 1880, 1880], "1875")


def test_annexe_ii_places_add_up_to_357_less_than_its_ages() -> None:
    counts = read_table("taii").groupby("variable")["n"].agg(total).to_dict()
    assert counts == {"age": 1880, "practice": 1880, "place": 1523}


def test_other_places_of_ta3_are_not_those_of_annexe_ii() -> None:
    annexe = read_table("taii").query("variable == 'place' and category == 'autre'")["n"]
    table = read_table("ta3").set_index("category").loc["autre", "herault"]
    assert (total(annexe), table) == (324, "681")


def test_places_of_the_non_users_differ_between_list_and_table() -> None:
    listed = read_table("tb2").query("list == 'place'").set_index("category")["n"].to_dict()
    table = read_table("tb3").query("variable == 'place'").set_index("category")["non_users"]
    tabled = {place: str(parse_all(cell)[0].value) for place, cell in table.items()}
    assert listed == {"groupe": "34", "seul": "6", "autre": "5"}
    assert tabled == {"seul": "6", "groupe": "35", "autre": "4"}


def test_barriers_add_up_to_45_although_several_could_be_given() -> None:
    assert total(read_table("tb2").query("list == 'barrier'")["n"]) == 45


def test_sentences_whose_percentages_do_not_add_up_to_100() -> None:
    table = read_table("opinions").set_index("item")[["favourable", "contrary", "neutral"]]
    sums = {item: sum(parse(cell).value for cell in row) for item, row in table.iterrows()}
    assert {item: int(value) for item, value in sums.items() if value != 100} == {
        "3": 104,
        "11": 101,
        "14": 92,
        "15": 90,
        "17": 99,
        "18": 99,
        "19": 99,
        "20": 99,
    }


def test_sentences_that_do_not_repeat_the_totals_of_their_table() -> None:
    shares = {"favourable": ["n4", "n5"], "contrary": ["n1", "n2"], "neutral": ["n3"]}
    differing = []
    for _, sentence in read_table("opinions").query("table != ''").iterrows():
        rows = read_table(sentence["table"].lower()).set_index("group")[MARKS]
        answers = rows.loc[["non_users", "users"]]
        for name, marks in shares.items():
            count = sum(total(answers[mark]) for mark in marks)
            if compare(sentence[name], count) is not Verdict.MATCH:
                differing.append((sentence["table"], name, sentence[name], count))
    assert differing == [
        ("T3", "contrary", "35%", 30),
        ("T9", "contrary", "57%", 56),
        ("T12", "contrary", "5%", 8),
        ("T12", "neutral", "7%", 12),
        ("T13", "neutral", "20%", 29),
    ]


def test_percentages_of_the_lists_that_are_not_those_of_their_counts() -> None:
    sizes = {"practice": 45, "place": 45, "barrier": 45, "intends_to_use": 45, "change": 12}
    wrong = []
    for _, row in read_table("tb2").query("percent != ''").iterrows():
        share = Fraction(100 * int(row["n"]), sizes[row["list"]])
        verdict = compare(row["percent"], share)
        if verdict is not Verdict.MATCH:
            wrong.append((row["category"], row["n"], row["percent"], str(verdict)))
    assert wrong == [
        ("groupe", "34", "82,9%", "discrepancy"),
        ("equipement", "4", "8,8%", "rounding"),
        ("logiciel", "4", "8,8%", "rounding"),
        ("temps", "4", "8,8%", "rounding"),
        ("change_money", "5", "41%", "rounding"),
    ]


def test_percentages_of_tb3_that_are_not_those_of_their_rows() -> None:
    wrong = []
    for _, row in read_table("tb3").iterrows():
        cells = {group: parse_all(row[group]) for group in ("users", "non_users")}
        row_total = sum(int(count.value) for count, _ in cells.values())
        for group, (count, share) in cells.items():
            verdict = compare(share, Fraction(100 * int(count.value), row_total))
            if verdict is not Verdict.MATCH:
                wrong.append((row["category"], group, row[group], str(verdict)))
    assert wrong == [
        ("seul", "users", "12 (66,66)", "rounding"),
        ("groupe", "users", "43 (55,12)", "rounding"),
    ]


def test_weekly_slice_of_f8_prints_another_percentage_than_the_daily_one() -> None:
    slices = read_table("f8").set_index("category")["value"]
    assert slices[["hebdomadaire", "journalier"]].tolist() == ["3; 6%", "3; 5%"]


def test_replies_to_the_mailings_are_3_3_percent_of_the_population_only() -> None:
    printed = read_table("recruitment").set_index("key")["printed"]
    replies = int(printed["replies_mail"])
    verdicts = [
        compare(printed["response_rate"], Fraction(100 * replies, int(printed[base])))
        for base in ("questionnaires_mailed", "population")
    ]
    assert verdicts == [Verdict.DISCREPANCY, Verdict.MATCH]
