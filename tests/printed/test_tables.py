"""A damaged table is refused in one line that names file, row, column, value and rule."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.files import Fault, InputError
from analysis.paths import PUBLISHED
from analysis.printed.tables import check_all, read_table, table_ids

TB1B = """\
line,label,n,percent,category
442,Consulter un DMP,10,"18,18 %",consultation
444,Ajouter des documents,16,"29,09 %",ajout
446,Créer un DMP,29,"52,73 %",creation
448,Total,55,100 %,
"""

Write = Callable[[str], Path]


@pytest.fixture
def write_tb1b(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        (tmp_path / "tb1b.csv").write_bytes(text.encode())
        return tmp_path

    return write


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    shutil.copytree(PUBLISHED, folder)
    return folder


def fault(folder: Path, table_id: str = "tb1b") -> Fault:
    with pytest.raises(InputError) as error:
        read_table(table_id, directory=folder)
    assert "\n" not in str(error.value)
    return error.value.faults[0]


def test_read_table_returns_text_only() -> None:
    table = read_table("tb1a")
    assert all(isinstance(cell, str) for cell in table.to_numpy().ravel())


def test_read_table_keeps_trailing_zeros() -> None:
    assert "40,00 %" in set(read_table("tb1a")["percent"])


def test_read_table_reads_a_blank_as_an_empty_text() -> None:
    assert read_table("tb1c").loc[0, "annuel"] == ""


def test_read_table_returns_a_table_of_its_own_at_each_call() -> None:
    changed = read_table("tb1b")
    changed.loc[0, "n"] = "changed"
    assert read_table("tb1b").loc[0, "n"] == "10"


def test_read_table_accepts_a_sound_copy(write_tb1b: Write) -> None:
    assert read_table("tb1b", directory=write_tb1b(TB1B)).equals(read_table("tb1b"))


def test_read_table_refuses_an_unknown_id() -> None:
    with pytest.raises(InputError, match=r"no resource is called zz$"):
        read_table("zz")


def test_read_table_refuses_a_missing_file(tmp_path: Path) -> None:
    assert str(fault(tmp_path)) == "tb1b.csv: the file is missing"


def test_read_table_names_the_file_that_a_missing_one_may_have_become(tmp_path: Path) -> None:
    (tmp_path / "tb1b-copie.csv").write_text(TB1B, encoding="utf-8")
    assert str(fault(tmp_path)) == "tb1b.csv: the file is missing; renamed to tb1b-copie.csv?"


@pytest.mark.parametrize("content", ["", "\n", "  \n\n"])
def test_read_table_refuses_an_empty_file(write_tb1b: Write, content: str) -> None:
    assert str(fault(write_tb1b(content))) == "tb1b.csv: the file is empty"


def test_read_table_refuses_a_header_without_rows(write_tb1b: Write) -> None:
    header = TB1B.splitlines()[0]
    assert fault(write_tb1b(f"{header}\n")).rule == "the file has a header and no row"


def test_read_table_refuses_a_byte_order_mark(write_tb1b: Write) -> None:
    assert fault(write_tb1b(f"\ufeff{TB1B}")).rule == "the file begins with a byte order mark"


def test_read_table_refuses_latin_1_and_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "tb1b.csv").write_bytes(TB1B.encode("latin-1"))
    assert str(fault(tmp_path)) == "tb1b.csv, row 4: the file is not UTF-8 (byte 0xe9)"


def test_read_table_refuses_the_line_ends_of_windows(write_tb1b: Write) -> None:
    assert fault(write_tb1b(TB1B.replace("\n", "\r\n"))).rule == "a line ends with LF alone"


def test_read_table_refuses_a_missing_column(write_tb1b: Write) -> None:
    damaged = "\n".join(row.rpartition(",")[0] for row in TB1B.splitlines())
    assert str(fault(write_tb1b(damaged))) == (
        "tb1b.csv, row 1, column category: the column is missing"
    )


def test_read_table_refuses_a_renamed_column(write_tb1b: Write) -> None:
    damaged = TB1B.replace("percent", "share", 1)
    assert fault(write_tb1b(damaged)).column == "percent"


def test_read_table_refuses_an_extra_column(write_tb1b: Write) -> None:
    damaged = "\n".join(f"{row},x" for row in TB1B.splitlines())
    error = fault(write_tb1b(damaged))
    assert (error.column, error.rule) == ("x", "there is no such column")


def test_read_table_refuses_a_column_twice(write_tb1b: Write) -> None:
    damaged = "\n".join(f"{row},{row.split(',')[0]}" for row in TB1B.splitlines())
    error = fault(write_tb1b(damaged))
    assert (error.column, error.rule) == ("line", "the column stands twice")


def test_read_table_refuses_columns_in_another_order(write_tb1b: Write) -> None:
    damaged = TB1B.replace("label,n", "n,label", 1)
    assert fault(write_tb1b(damaged)).rule.startswith("the columns are, in this order, line, label")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("444,Ajouter des documents,16", "3 cells instead of 5"),
        ("", "0 cells instead of 5"),
        ("444,Ajouter des documents,16,29,09 %,ajout", "6 cells instead of 5"),
    ],
)
def test_read_table_counts_the_cells_of_a_row(write_tb1b: Write, row: str, rule: str) -> None:
    damaged = TB1B.replace('444,Ajouter des documents,16,"29,09 %",ajout', row)
    assert str(fault(write_tb1b(damaged))) == f"tb1b.csv, row 3: {rule}"


def test_read_table_refuses_a_quote_that_is_not_closed(write_tb1b: Write) -> None:
    error = fault(write_tb1b(TB1B.replace('"29,09 %"', '"29,09 %')))
    assert (error.row, error.rule[:13]) == (3, "not a CSV row")


@pytest.mark.parametrize(
    ("sound", "damaged", "column"),
    [
        ("documents,16", "documents,l6", "n"),
        ("documents,16", "documents,16.5", "n"),
        ('"29,09 %"', '"29,0g %"', "percent"),
        ("444,", "ligne 444,", "line"),
    ],
)
def test_read_table_refuses_what_is_no_printed_number(
    write_tb1b: Write, sound: str, damaged: str, column: str
) -> None:
    error = fault(write_tb1b(TB1B.replace(sound, damaged)))
    assert (error.file.name, error.row, error.column) == ("tb1b.csv", 3, column)
    assert error.rule.startswith("not of the form")


def test_read_table_shows_the_value_that_breaks_the_rule(write_tb1b: Write) -> None:
    error = fault(write_tb1b(TB1B.replace("documents,16", "documents,l6")))
    assert str(error) == r"tb1b.csv, row 3, column n: 'l6': not of the form \d+"


def test_read_table_refuses_a_code_that_is_not_in_the_list(write_tb1b: Write) -> None:
    error = fault(write_tb1b(TB1B.replace('%",ajout', '%",ajouts')))
    assert (error.row, error.column, error.value) == (3, "category", "ajouts")
    assert error.rule == "not one of creation, ajout, consultation, or empty"


def test_read_table_refuses_a_blank_where_the_print_has_none(write_tb1b: Write) -> None:
    error = fault(write_tb1b(TB1B.replace("documents,16", "documents,")))
    assert (error.row, error.column, error.rule) == (3, "n", "the cell is blank")


def test_read_table_refuses_a_space_at_the_end_of_a_cell(write_tb1b: Write) -> None:
    error = fault(write_tb1b(TB1B.replace("documents,16", "documents ,16")))
    assert (error.column, error.rule) == ("label", "the cell begins or ends with a space")


def test_read_table_refuses_a_duplicated_row(write_tb1b: Write) -> None:
    error = fault(write_tb1b(f"{TB1B}{TB1B.splitlines()[1]}\n"))
    assert (error.row, error.rule) == (6, "row 2 has the same label")


def test_read_table_refuses_a_repeated_key(write_tb1b: Write) -> None:
    error = fault(write_tb1b(TB1B.replace("444,Ajouter des documents", "444,Consulter un DMP")))
    assert (error.row, error.rule) == (3, "row 2 has the same label")


def test_check_all_returns_the_ids_of_all_tables(copies: Path) -> None:
    assert check_all(copies) == table_ids()


@pytest.mark.parametrize("table_id", table_ids())
def test_check_all_misses_each_table_that_is_away(copies: Path, table_id: str) -> None:
    (copies / f"{table_id}.csv").unlink()
    with pytest.raises(InputError, match=rf"^{table_id}\.csv: the file is missing$"):
        check_all(copies)


def test_check_all_refuses_a_file_that_is_not_declared(copies: Path) -> None:
    (copies / "notes.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^notes\.csv: the file is not declared"):
        check_all(copies)


def test_table_ids_are_the_names_of_the_files() -> None:
    assert sorted(table_ids()) == sorted(path.stem for path in PUBLISHED.glob("*.csv"))
