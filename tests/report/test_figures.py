"""Figures of the report."""

import re
from functools import cache
from xml.etree import ElementTree

import pytest
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure as Canvas

from analysis.printed import Verdict
from analysis.report.sections import usage
from analysis.report.show.figures import Figure
from analysis.report.show.theme import Mode, Theme, theme, themed
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


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_the_renderings_differ_in_nothing_but_their_colours(id_: str) -> None:
    light, dark = (re.sub(r"#[0-9a-f]{6}\b", "#", svg(id_, mode)) for mode in ("light", "dark"))
    assert light == dark


def test_a_text_on_a_fill_is_legible_in_both_renderings() -> None:
    with themed() as look:
        for fill in (look.users, look.paper, *look.steps, *look.opinions, *look.hues):
            light, dark = look.on(fill), look.darken(look.on(fill))
            assert light[:6] == theme("light").on(fill)[:6]
            assert dark == theme("dark").on(look.darken(fill))


def test_a_scale_runs_between_the_colours_of_either_rendering() -> None:
    with themed() as look:
        stops = (look.non_users, look.paper, look.users)
        assert [look.between(stops, place) for place in (-1, 0, 0.5, 1, 9)] == [
            look.non_users,
            *stops,
            look.users,
        ]
        middle = look.darken(look.between(stops, 0.25))
    ends = [theme("dark").non_users, theme("dark").paper]
    for channel in (1, 3, 5):
        one, half, other = (int(c[channel : channel + 2], 16) for c in (ends[0], middle, ends[1]))
        assert half == pytest.approx((one + other) / 2, abs=1)


def test_a_kernel_that_shows_a_figure_twice_draws_it_once() -> None:
    drawn = []

    def draw(canvas: Canvas, look: Theme) -> None:
        drawn.append(look.mode)

    figure = Figure("x", draw, 1.0)
    with capture_output() as shown:
        figure._ipython_display_()
        figure._ipython_display_()
    assert drawn == ["light"]
    assert shown.stdout.count("<x>") == 4


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
