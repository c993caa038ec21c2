"""The Lua filters: column widths, whose answers are shown, and figures, in both formats."""

from __future__ import annotations

import re
from pathlib import Path

import pypandoc
import pytest

from analysis.paths import ROOT
from analysis.report.show.tables import Cell, Row, Table

FILTERS = ROOT / "assets" / "filters"
WIDE = "| a | b |\n|:--|--:|\n| " + "x" * 100 + " | y |\n"
HTML = (
    '<table{}><colgroup><col style="width: 75%"><col style="width: 25%"></colgroup>'
    "<tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
)


def filtered(text: str, source: str, target: str = "html", name: str = "typographie.lua") -> str:
    extra = [f"--lua-filter={FILTERS / name}"]
    return str(pypandoc.convert_text(text, target, format=source, extra_args=extra))


def spaces(text: str) -> str:
    """Write a no-break space as a tilde and a narrow one as a line."""
    return text.strip().replace("\u00a0", "~").replace("\u202f", "_")


def test_the_width_of_the_source_does_not_size_a_column_of_numbers() -> None:
    assert "width" in pypandoc.convert_text(WIDE, "html", format="markdown")
    assert "width" not in filtered(WIDE, "markdown")


def test_columns_of_sentences_share_the_page_by_what_they_hold() -> None:
    row = Row("Un énoncé", (Cell("l. 563"), Cell("Une raison assez longue. " * 8)))
    table = Table("x", ("Énoncé", "Ligne", "Raison"), (row,), align="left").to_markdown()
    widths = [int(width) for width in re.findall(r"width: (\d+)%", filtered(table, "markdown"))]
    assert len(widths) == 3
    assert widths[2] > 2 * widths[0] > 2 * widths[1] > 10
    assert re.search(
        r"columns: \([\d.]+%, [\d.]+%, [\d.]+%\)", filtered(table, "markdown", "typst")
    )


def test_a_column_of_sentences_has_room_for_the_words_of_its_heading() -> None:
    row = Row("I", (Cell("Une raison assez longue. " * 8), Cell("12")))
    table = Table("x", ("Catégorie", "Raison", "Effectif"), (row,), align="left").to_markdown()
    widths = [int(width) for width in re.findall(r"width: (\d+)%", filtered(table, "markdown"))]
    assert widths[0] >= widths[2] >= 9
    assert widths[1] > 60


@pytest.mark.parametrize(
    ("target", "raised"), [("html", "1<sup>er</sup>,"), ("typst", "1#super[er],")]
)
def test_the_end_of_premier_is_raised(target: str, raised: str) -> None:
    assert raised in filtered("Le 1er, le 1ers et le 21er.", "markdown", target)
    assert "1ers" in filtered("Le 1er, le 1ers et le 21er.", "markdown", target)


def test_short_sentences_are_not_stretched_over_the_page() -> None:
    table = Table("x", ("", "b"), (Row("Un mot", (Cell("Deux mots"),)),), align="left")
    assert "width" not in filtered(table.to_markdown(), "markdown")


def test_widths_that_a_cell_asks_for_are_kept() -> None:
    html = filtered(HTML.format(' data-tbl-colwidths="[75,25]"'), "html")
    assert re.findall(r"width: (\d+)%", html)[-2:] == ["75", "25"]
    assert "colwidths" not in html


def test_widths_that_nobody_asks_for_are_not() -> None:
    assert "width: 75%" not in filtered(HTML.format(""), "html")


def test_asked_widths_reach_the_pdf() -> None:
    typst = filtered(HTML.format(' data-tbl-colwidths="[75,25]"'), "html", "typst")
    assert re.search(r"columns: \(75%, 25%\)", typst), typst


@pytest.mark.parametrize(
    ("answers", "words"), [("", "lignes reconstituées"), ("les_miennes.csv", "lignes fournies")]
)
@pytest.mark.parametrize("target", ["html", "typst"])
def test_a_caption_says_whose_rows_it_shows(
    answers: str, words: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DMP_RESPONDENTS", answers)
    figure = "![Arbre (lignes reconstituées)](arbre.svg)"
    assert f"({words})" in " ".join(filtered(figure, "markdown", target, "donnees.lua").split())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("(l. 301)", "(l.~301)"),
        ("voir l. 12–13", "voir l.~12–13"),
        ("*p* = 0,015", "p~=~0,015"),
        ("p < 0,001", "p~<~0,001"),
        ("30 ans.", "30~ans."),
        ("le 11 décembre 2019", "le 11~décembre 2019"),
        ("les 80 000 envois", "les 80_000 envois"),
        ("en 2019 100 médecins", "en 2019 100 médecins"),
        ("« *oui* » : 5 %", "«~oui~»~: 5~%"),
    ],
)
def test_no_line_ends_between_a_number_and_what_it_goes_with(written: str, kept: str) -> None:
    assert spaces(filtered(written, "markdown", "plain")) == kept


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_the_space_before_a_sign_is_always_the_same(space: str) -> None:
    written = "a : b ; c ? d ! « e » 5 %".replace(" :", f"{space}:")
    for sign in ";?!»%":
        written = written.replace(f" {sign}", space + sign)
    assert spaces(filtered(written, "markdown", "plain")) == "a~: b_; c_? d_! «~e~» 5~%"


def test_the_name_of_a_group_of_rows_runs_across_the_columns_of_the_pdf() -> None:
    table = "| a | b | c |\n|:--|--:|--:|\n| **Un** | | |\n| x | 1 | 2 |\n| **Tous** | 3 | |\n"
    typst = filtered(table, "markdown", "typst")
    assert "table.cell(colspan: 3)[#strong[Un]]" in typst
    assert typst.count("colspan") == 1


def test_the_works_in_english_are_set_as_english(tmp_path: Path) -> None:
    works = tmp_path / "works.bib"
    entries = ["one, title = {A}, langid = {english}", "deux, title = {B}, langid = {french}"]
    works.write_text("\n".join(f"@book{{{entry}}}" for entry in entries), encoding="utf-8")
    typst = filtered(f'---\nbibliography: "{works}"\n---\n\nUn.\n', "markdown", "typst")
    assert '#show selector.or(<ref-one>): set text(lang: "en")' in typst


DRAWN = "![](x_files/figure-html/f4-1.svg){fig-alt='Barres « a » \\\"b\\\" & c'}"


def shown(target: str, folder: Path) -> str:
    """Show a figure that a cell drew, whose file is in a folder."""
    file = folder / "x_files" / "figure-html" / "f4-1.svg"
    file.parent.mkdir(parents=True)
    file.write_text('<svg class="figure-f4"><text>30 à 39 ans</text></svg>', encoding="utf-8")
    extra = [f"--lua-filter={FILTERS / 'figures.lua'}", f"--resource-path={folder}"]
    return str(pypandoc.convert_text(DRAWN, target, format="markdown", extra_args=extra))


def test_a_page_holds_a_figure_itself_with_its_alternative_text(tmp_path: Path) -> None:
    page = shown("html", tmp_path)
    assert "<img" not in page
    assert '<svg role="graphics-document" aria-label="Barres « a » &quot;b&quot; &amp; c"' in page
    assert ' class="figure-f4"><text>30 à 39 ans</text></svg>' in page


def test_the_pdf_takes_a_figure_as_an_image(tmp_path: Path) -> None:
    assert 'image("x_files/figure-html/f4-1.svg")' in shown("typst", tmp_path)


def test_an_image_that_no_cell_drew_stays_an_image() -> None:
    assert "<img" in filtered("![Un carré](image.svg)", "markdown", name="figures.lua")
