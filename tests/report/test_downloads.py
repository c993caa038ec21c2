"""The files that a reader may take away."""

import csv
import io
from pathlib import Path

import pytest

from analysis.report.register import Entry, downloads, entries, placed, table_rows
from analysis.report.show.tables import Cell, Row, Table, count_cell, counted_cell
from scripts.downloads import drawn_in

FILES = downloads()


def rows_of(each: Entry) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(each.content())))


def test_every_registered_table_and_figure_has_a_file() -> None:
    wanted = {entry.id for entry in entries("table")} | {entry.id for entry in entries("figure")}
    assert {each.id for each in FILES} == wanted


def test_every_file_has_its_place_in_the_book_in_reading_order() -> None:
    found = placed()
    assert sorted(each.download.id for each in found) == sorted(each.id for each in FILES)
    assert [each.label for each in found if each.download.id in ("tb3", "f8", "taii")] == [
        "tbl-tb3",
        "fig-f8",
        "tbl-taii",
    ]
    assert list(dict.fromkeys(each.chapter for each in found))[:2] == [
        "Données démographiques",
        "Utilisation du DMP",
    ]


def test_an_object_within_a_figure_goes_by_the_number_of_that_figure() -> None:
    (inner,) = (each for each in placed() if each.download.id == "f10")
    assert inner.label == "fig-f9"


@pytest.mark.parametrize("each", FILES, ids=lambda each: each.file)
def test_a_file_is_what_its_name_says(each: Entry) -> None:
    if each.kind == "figure":
        assert each.file == f"{each.id}.svg"  # And holds what `test_figures` compares.
    else:
        assert each.file == f"{each.id}.csv"
        assert rows_of(each)


def test_a_number_has_its_value_beside_what_is_printed() -> None:
    (tb3,) = (each for each in FILES if each.id == "tb3")
    found = [row for row in rows_of(tb3) if row["ligne"] == "Libéral"]
    assert [(row["valeur"], row["imprime"], row["verdict"]) for row in found[:2]] == [
        ("47", "47", "match"),
        ("53.40909090909091", "53,41", "match"),
    ]
    assert found[0]["groupe"] == "Type d’exercice"
    assert found[0]["lignes_source"] == "648-651"


def test_a_cell_without_print_has_its_value_only() -> None:
    table = Table("x", ("", "n"), (Row("a", (counted_cell(1, 4),)),))
    assert list(table_rows(table)) == [
        ("", "a", "n", "1\u00a0(25,00)", "1", "", "", ""),
        ("", "a", "n", "1\u00a0(25,00)", "25.0", "", "", ""),
    ]


def test_a_cell_of_words_is_a_row_and_an_empty_one_is_none() -> None:
    table = Table("x", ("", "n", "m"), (Row("a", (Cell("mot"), Cell())),))
    assert list(table_rows(table)) == [("", "a", "n", "mot", "", "", "", "")]


def test_the_row_that_opens_a_group_names_those_that_follow() -> None:
    table = Table(
        "x",
        ("", "n"),
        (Row("Groupe", (count_cell(3),), opens_group=True), Row("a", (count_cell(1),))),
    )
    assert [row[:2] for row in table_rows(table)] == [("Groupe", ""), ("Groupe", "a")]


def test_the_figure_to_take_away_is_that_of_its_page(tmp_path: Path) -> None:
    (f4,) = (each for each in FILES if each.id == "f4")
    (tmp_path / "cell-2-output-1.svg").write_text(f4.content(), encoding="utf-8")
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    assert drawn_in(tmp_path) == {"f4": f4.content()}
