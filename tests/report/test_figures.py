"""Figures of the report."""

from functools import cache
from xml.etree import ElementTree

import pytest
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure as Canvas

from analysis.printed import Verdict
from analysis.report import usage
from analysis.report.figures import Figure
from analysis.report.theme import Mode, Theme, theme
from tests.report.every_figure import every_figure

# The group draws each figure once for all the tests that look at it.
pytestmark = pytest.mark.xdist_group("figures")

FIGURES = every_figure()


@cache
def svg(id_: str, mode: Mode) -> str:
    return FIGURES[id_].to_svg(mode)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_figure_is_the_same_svg_at_each_call(id_: str, mode: Mode) -> None:
    assert ElementTree.fromstring(svg(id_, mode)).tag.endswith("svg")
    assert FIGURES[id_].to_svg(mode) == svg(id_, mode)


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_the_dark_rendering_has_other_colours(id_: str) -> None:
    assert svg(id_, "light") != svg(id_, "dark")
    assert theme("light").ink not in svg(id_, "dark")


def test_a_kernel_that_shows_a_figure_twice_draws_it_once() -> None:
    drawn = []

    def draw(canvas: Canvas, look: Theme) -> None:
        drawn.append(look.mode)

    figure = Figure("x", draw, 1.0)
    with capture_output() as shown:
        figure._ipython_display_()
        figure._ipython_display_()
    assert drawn == ["light", "dark"]
    assert shown.stdout.count("SVG") == 4


def test_f8_shows_one_count_with_two_percentages_in_print() -> None:
    shares = [
        check.printed.text
        for check in usage.f8().checks
        if check.printed.is_percent and check.computed == usage.f8().checks[-1].computed
    ]
    assert shares == ["6%", "5%"]


def test_f6_and_f7_match_the_printed_pies() -> None:
    checks = usage.f6().checks + usage.f7().checks
    assert len(checks) == 8
    assert {check.verdict for check in checks} == {Verdict.MATCH}


def test_text_on_a_fill_is_the_more_legible_of_black_and_white() -> None:
    look = theme("light")
    assert look.on("#ffffff") == "#10161d"
    assert look.on("#0a4c61") == "#ffffff"
