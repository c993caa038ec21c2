"""The Lua filters: column widths, in both formats."""

from __future__ import annotations

import re

import pypandoc

from analysis.paths import ROOT

FILTER = ROOT / "assets" / "filters" / "typographie.lua"
WIDE = "| a | b |\n|:--|:--|\n| " + "x" * 100 + " | y |\n"
HTML = (
    '<table{}><colgroup><col style="width: 75%"><col style="width: 25%"></colgroup>'
    "<tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
)


def filtered(text: str, source: str, target: str = "html") -> str:
    return str(
        pypandoc.convert_text(text, target, format=source, extra_args=[f"--lua-filter={FILTER}"])
    )


def test_the_width_of_the_source_does_not_size_a_column() -> None:
    assert "width" in pypandoc.convert_text(WIDE, "html", format="markdown")
    assert "width" not in filtered(WIDE, "markdown")


def test_widths_that_a_cell_asks_for_are_kept() -> None:
    html = filtered(HTML.format(' data-tbl-colwidths="[75,25]"'), "html")
    assert re.findall(r"width: (\d+)%", html)[-2:] == ["75", "25"]
    assert "colwidths" not in html


def test_widths_that_nobody_asks_for_are_not() -> None:
    assert "width: 75%" not in filtered(HTML.format(""), "html")


def test_asked_widths_reach_the_pdf() -> None:
    typst = filtered(HTML.format(' data-tbl-colwidths="[75,25]"'), "html", "typst")
    assert re.search(r"columns: \(75%, 25%\)", typst), typst
