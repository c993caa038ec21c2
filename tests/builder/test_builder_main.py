"""The command: what it writes, what it leaves alone, and what it says when a source is at fault."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from builder.__main__ import main


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def content(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_main_writes_the_pages_where_quarto_does(built: Path) -> None:
    names = {path.relative_to(built).as_posix() for path in built.rglob("*.html")}
    assert names == {
        "index.html",
        "chapters/01-un.html",
        "chapters/02-deux.html",
        "chapters/references.html",
        "chapters/annexes/annexe.html",
    }
    assert (built / "livre.pdf").is_file()


def test_main_copies_the_resources_of_the_project(built: Path) -> None:
    assert (built / "donnees" / "nombres.csv").read_text("utf-8") == "x,y\n1,2\n"


def test_main_leaves_nothing_beside_the_book(built: Path) -> None:
    assert not list(built.parent.glob("._book*"))


@pytest.mark.parametrize("name", ["02-deux", "chapters/02-deux.qmd"])
def test_main_renders_one_chapter_as_the_whole_book_does(built: Path, name: str) -> None:
    whole = content(built.parent / "kept")
    (built / "chapters" / "02-deux.html").write_text("old", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(built.parent)
        assert main(["--chapter", name]) == 0
    rendered = content(built)
    assert rendered["chapters/02-deux.html"] == whole["chapters/02-deux.html"]
    assert rendered.keys() == whole.keys()
    assert all(rendered[file] == whole[file] for file in whole if file != "search.json")


def test_main_says_which_cell_failed_and_keeps_the_old_book(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "_book").mkdir()
    (project / "_book" / "index.html").write_text("old", encoding="utf-8")
    replace(project / "chapters" / "02-deux.qmd", 'Picture("#0b6a85")', "1 / 0")
    assert main([]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "error: chapters/02-deux.qmd:19: cell: ZeroDivisionError: division by zero"
    )
    assert content(project / "_book") == {"index.html": b"old"}
    assert not list(project.glob("._book*"))


FAULTS = {
    "a label used twice": (
        "#fig-image",
        "#fig-paire",
        "chapters/02-deux.qmd:16: label fig-paire is already in chapters/01-un.qmd",
    ),
    "an object that cannot be displayed": (
        'Table("| a',
        'type("Broken", (Table,), {"_repr_markdown_": lambda _: 1 / 0})("| a',
        "chapters/01-un.qmd:14: cell tbl-cellule: ZeroDivisionError: division by zero",
    ),
    "a warning on stderr": (
        "Premier texte",
        '`{python} __import__("sys").stderr.write("prenez garde")` Premier texte',
        'chapters/01-un.qmd:8: __import__("sys").stderr.write("prenez garde"): '
        "on stderr: prenez garde",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_main_refuses(fault: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, says = FAULTS[fault]
    replace(project / "chapters" / "01-un.qmd", old, new)
    assert main(["--to", "html"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"error: {says}"
    assert not (project / "_book").exists()


def test_main_refuses_a_figure_that_shows_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(project / "chapters" / "02-deux.qmd", 'Picture("#0b6a85")\n', "None\n")
    assert main(["--chapter", "02-deux"]) == 1
    said = "chapters/02-deux.qmd:19: cell: shows 0 image(s), and has an fig-alt"
    assert said in capsys.readouterr().err


def test_main_refuses_a_chapter_that_is_not_of_the_book(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--chapter", "09-neuf"]) == 1
    assert "--chapter 09-neuf" in capsys.readouterr().err


def test_main_keeps_the_quotation_marks_of_the_book(project: Path) -> None:
    replace(project / "_quarto.yml", '"Un petit livre"', """'Un "petit" <livre>'""")
    assert main([]) == 0
    text = (project / "_book" / "index.html").read_text("utf-8")
    assert 'inbook_title" content="Un &quot;petit&quot; &lt;livre&gt;">' in text
    title = PdfReader(project / "_book" / "livre.pdf").metadata
    assert title
    assert title.title == 'Un "petit" <livre>'
