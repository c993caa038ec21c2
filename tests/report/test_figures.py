"""Figures of the report: how they are drawn, and what they look like to whom."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from IPython.utils.capture import capture_output
from matplotlib.figure import Figure as Canvas

from analysis.printed import Verdict
from analysis.report.register import downloads
from analysis.report.sections import usage
from analysis.report.show.figures import Figure, extent, sheet, wrapped, write
from analysis.report.show.theme import LETTERS, WIDTH, Mode, Theme, contrast, theme, themed
from tests.report.every_figure import every_figure, svg

# The group draws each figure once for all the tests that look at it.
pytestmark = pytest.mark.xdist_group("figures")

FIGURES = every_figure()
FILES = {each.id: each.content for each in downloads() if each.kind == "figure"}
"""What gives a figure to take away: it is made and drawn anew."""
MODES: tuple[Mode, ...] = ("light", "dark")
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("path", "use", "text")}
PAINTS = ("fill", "stroke")
RULE = re.compile(r'\[(fill|stroke)="(#[0-9a-f]{6})"\]\{\1:(#[0-9a-f]{6})\}')


def seen(id_: str, mode: Mode) -> Iterator[tuple[Element, str, str]]:
    """Yield what is drawn on a page, with its fill and its stroke."""
    root = ElementTree.fromstring(svg(id_))
    dark = {found[2]: found[3] for found in RULE.finditer(root.findtext(f"{SVG}style", ""))}

    def walk(element: Element, *inherited: str) -> Iterator[tuple[Element, str, str]]:
        if element.tag == f"{SVG}defs":
            return
        paints = [element.get(paint, up) for paint, up in zip(PAINTS, inherited, strict=True)]
        if element.tag in SHAPES:
            fill, stroke = (dark.get(paint, paint) if mode == "dark" else paint for paint in paints)
            yield element, fill, stroke
        for child in element:
            yield from walk(child, *paints)

    return walk(root, "#000000", "none")


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_figure_is_the_same_svg_at_each_call(id_: str) -> None:
    assert ElementTree.fromstring(svg(id_)).tag == f"{SVG}svg"
    assert FILES.get(id_, FIGURES[id_].to_svg)() == svg(id_)


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_figure_is_as_wide_as_a_phone_and_writes_no_smaller_than_it_reads(id_: str) -> None:
    root = ElementTree.fromstring(svg(id_))
    assert root.get("viewBox") == f"0 0 {WIDTH} {FIGURES[id_].height:g}"
    assert root.get("font-size") == f"{LETTERS}"
    sizes = {element.get("font-size", f"{LETTERS}") for element in root.iter()}
    assert WIDTH <= 322
    assert min(map(float, sizes)) >= 11


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_what_a_figure_writes_is_text_and_stays_within_it(id_: str) -> None:
    texts = list(ElementTree.fromstring(svg(id_)).iter(f"{SVG}text"))
    assert texts
    for text in texts:
        assert text.text, ElementTree.tostring(text)
        if "rotate" in text.get("transform", ""):
            continue
        with themed():
            width = extent(text.text, bold=text.get("font-weight") == "600")
        start = float(text.get("x", "0"))
        start -= {"start": 0.0, "middle": width / 2, "end": width}[text.get("text-anchor", "start")]
        assert start >= -1, text.text
        assert start + width <= WIDTH + 1, text.text
        assert LETTERS * 0.7 <= float(text.get("y", "0")) <= FIGURES[id_].height, text.text


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_dark_page_has_another_colour_for_each_that_is_drawn(id_: str) -> None:
    for element, fill, stroke in seen(id_, "light"):
        for colour in {fill, stroke} - {"none"}:
            if not colour.startswith("url"):
                is_known = f'="{colour}"]' in svg(id_)
                assert is_known, (colour, ElementTree.tostring(element))
    assert theme("light").ink not in {fill for _, fill, _ in seen(id_, "dark")}


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_what_is_drawn_many_times_takes_its_colours_where_a_rule_reaches_it(id_: str) -> None:
    root = ElementTree.fromstring(svg(id_))
    copied = {element.get("href", "#")[1:] for element in root.iter(f"{SVG}use")}
    for element in root.iter(f"{SVG}path"):
        assert element.get("id") not in copied or not set(PAINTS) & set(element.attrib)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_mark_stands_out_by_its_fill_or_its_outline(id_: str, mode: Mode) -> None:
    look = theme(mode)
    # What only helps to read: lines of a grid, grounds, zones, and what hides a line below a text.
    quiet = {look.rule, look.veil, look.paper, "none"}
    for element, fill, stroke in seen(id_, mode):
        paints = {paint for paint in (fill, stroke) if not paint.startswith("url")}
        is_quiet = paints <= quiet or element.get("opacity") is not None
        if element.tag == f"{SVG}text" or is_quiet:
            continue
        best = max(contrast(paint, look.paper) for paint in paints - {"none"})
        assert best >= 3 or look.rule in paints, (fill, stroke, ElementTree.tostring(element))


@pytest.mark.parametrize("mode", MODES)
def test_a_text_is_legible_on_the_page(mode: Mode) -> None:
    look = theme(mode)
    for colour in (look.ink, look.muted, look.users, look.non_users, *look.hues, *look.clusters):
        assert contrast(colour, look.paper) >= 4.5, colour
    for colour in (look.ink, look.muted):
        assert contrast(colour, look.veil) >= 4.5, colour


def test_a_text_on_a_fill_is_legible_on_both_pages() -> None:
    with themed() as look:
        stops = (look.paper, look.users)
        scale = [look.between(stops, place / 20) for place in range(21)]
        for fill in (look.users, look.muted, look.veil, *look.steps, *look.opinions, *scale):
            text = look.on(fill)
            assert contrast(text, fill) >= 4.5
            assert contrast(look.dark[text], look.dark[fill]) >= 4.5


def test_the_ends_of_the_opinions_and_the_steps_differ_in_grey() -> None:
    for mode in MODES:
        look = theme(mode)
        for one, other in zip(look.steps, look.steps[1:], strict=False):
            assert contrast(one, other) >= 1.3, (mode, one, other)
        for strong, weak in ((0, 1), (1, 2), (4, 3), (3, 2)):
            assert contrast(look.opinions[strong], look.opinions[weak]) >= 1.3, (mode, strong)


def test_a_scale_runs_between_the_colours_of_either_page() -> None:
    with themed() as look:
        stops = (look.non_users, look.paper, look.users)
        assert [look.between(stops, place) for place in (-1, 0, 0.5, 1, 9)] == [
            look.non_users,
            *stops,
            look.users,
        ]
        middle = look.dark[look.between(stops, 0.25)]
    ends = [theme("dark").non_users, theme("dark").paper]
    for channel in (1, 3, 5):
        one, half, other = (int(c[channel : channel + 2], 16) for c in (ends[0], middle, ends[1]))
        assert half == pytest.approx((one + other) / 2, abs=1)


def test_a_colour_that_stands_for_two_is_told_apart_where_no_eye_does() -> None:
    with themed() as look:
        twins = [look.pair("#010101", dark) for dark in ("#ffffff", "#123456", "#ffffff")]
        assert twins == ["#010101", "#010102", "#010101"]
        assert look.dark["#010102"] == "#123456"


def test_a_kernel_that_shows_a_figure_twice_draws_it_once() -> None:
    drawn = []

    def draw(canvas: Canvas, look: Theme) -> None:
        drawn.append(look.ink)

    figure = Figure("x", draw, 100)
    with capture_output() as shown:
        figure._ipython_display_()
        figure._ipython_display_()
    assert drawn == [theme("light").ink]
    assert shown.stdout.count("<x>") == 2


def test_a_text_is_broken_into_lines_that_fit() -> None:
    with themed():
        lines = wrapped("Visites de cabinets au hasard dans l’Hérault", 86).split("\n")
        assert len(lines) > 2
        assert max(map(extent, lines)) <= 86
        assert " ".join(lines) == "Visites de cabinets au hasard dans l’Hérault"
        assert extent("mm") == pytest.approx(2 * extent("m"), abs=0.5)
        assert extent("m", bold=True) > extent("m")


def test_a_figure_writes_its_words_as_they_are() -> None:
    def draw(canvas: Canvas, look: Theme) -> None:
        write(sheet(canvas), 4, 9, "moins de 5 & plus\n« à l’écart »", look.ink)

    root = ElementTree.fromstring(Figure("x", draw, 40).to_svg())
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts == ["moins de 5 & plus", "« à l’écart »"]


def test_two_figures_of_a_page_share_no_id_and_no_rule() -> None:
    one, other = (set(re.findall(r' id="([^"]+)"', svg(id_))) for id_ in ("f16", "f18"))
    assert one
    assert not one & other
    for id_ in ("f16", "f18"):
        rules = svg(id_).count("{fill:") + svg(id_).count("{stroke:")
        assert rules == svg(id_).count(f"body.quarto-dark .figure-{id_} [") > 0


def test_both_sides_of_the_map_are_one_figure() -> None:
    assert svg("f10") == svg("f9")


def test_f8_shows_one_count_with_two_percentages_in_print() -> None:
    shares = [
        check.printed.text
        for check in usage.f8().checks
        if check.printed.is_percent and check.value == usage.f8().checks[-1].value
    ]
    assert shares == ["6%", "5%"]


def test_f6_and_f7_match_the_printed_pies() -> None:
    checks = usage.f6().checks + usage.f7().checks
    assert len(checks) == 8
    assert {check.verdict for check in checks} == {Verdict.MATCH}


def test_text_on_a_fill_is_the_more_legible_of_black_and_white() -> None:
    look = theme("light")
    assert look.on("#ffffff") == "#010101"
    assert look.on("#0a4c61") == "#ffffff"
