"""Figures of the report: how they are drawn, and what they look like to whom."""

import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from analysis.report.show.figures import extent
from analysis.report.show.theme import LETTERS, WIDTH, Mode, contrast, theme, themed
from tests.report.every_figure import every_figure

# The group draws each figure once for all the tests that look at it.
pytestmark = pytest.mark.xdist_group("figures")

FIGURES = every_figure()
MODES: tuple[Mode, ...] = ("light", "dark")
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("path", "use", "text", "rect")}
RULE = re.compile(r'\[(fill|stroke)="(#[0-9a-f]{6})"\]\{\1:(#[0-9a-f]{6})\}')


@cache
def svg(id_: str) -> str:
    return FIGURES[id_].to_svg()


def seen(id_: str, mode: Mode) -> Iterator[tuple[Element, str, str, bool]]:
    """Yield what is drawn with its fill and stroke on a page, in order, and whether it is defined."""
    root = ElementTree.fromstring(svg(id_))
    dark = {found[2]: found[3] for found in RULE.finditer(root.findtext(f"{SVG}style", ""))}

    def walk(element: Element, inherited: tuple[str, str], *, defined: bool) -> Iterator:
        fill, stroke = (
            element.get(paint, up) for paint, up in zip(("fill", "stroke"), inherited, strict=True)
        )
        if element.tag in SHAPES:
            yield element, *(shown(each) for each in (fill, stroke)), defined
        for child in element:
            yield from walk(child, (fill, stroke), defined=defined or child.tag == f"{SVG}defs")

    def shown(colour: str) -> str:
        return dark.get(colour, colour) if mode == "dark" else colour

    yield from walk(root, ("#000000", "none"), defined=False)


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_figure_is_the_same_svg_at_each_call(id_: str) -> None:
    assert ElementTree.fromstring(svg(id_)).tag == f"{SVG}svg"
    assert FIGURES[id_].to_svg() == svg(id_)


@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_figure_is_as_wide_as_a_phone_and_writes_no_smaller_than_it_reads(id_: str) -> None:
    root = ElementTree.fromstring(svg(id_))
    assert root.get("viewBox") == f"0 0 {WIDTH} {FIGURES[id_].height:g}"
    assert root.get("font-size") == f"{LETTERS}"
    sizes = {element.get("font-size", f"{LETTERS}") for element in root.iter()}
    assert min(map(float, sizes)) >= LETTERS


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
    for element, fill, stroke, _ in seen(id_, "light"):
        for colour in {fill, stroke} - {"none"}:
            if not colour.startswith("url"):
                is_known = f'="{colour}"]' in svg(id_)
                assert is_known, (colour, ElementTree.tostring(element))
    assert theme("light").ink not in {fill for _, fill, _, _ in seen(id_, "dark")}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("id_", sorted(FIGURES))
def test_a_mark_stands_out_by_its_fill_or_its_outline(id_: str, mode: Mode) -> None:
    look = theme(mode)
    # What only helps to read: lines of a grid, grounds, zones, and what hides a line below a text.
    quiet = {look.rule, look.veil, look.paper, "none"}
    for element, fill, stroke, _ in seen(id_, mode):
        paints = {paint for paint in (fill, stroke) if not paint.startswith("url")}
        is_quiet = paints <= quiet or element.get("opacity") is not None
        if element.tag == f"{SVG}text" or is_quiet or id_ == "agreement_figure":
            continue
        best = max(contrast(paint, look.paper) for paint in paints - {"none"})
        assert best >= 3 or look.rule in paints, (fill, stroke, ElementTree.tostring(element))
