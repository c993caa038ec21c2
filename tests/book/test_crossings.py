"""The page on what print says of two answers: what it holds, and what a reader does there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from analysis import paths
from analysis.reconstruction.bounds import Bounds, explained, known, listed
from analysis.report.show.french import source_lines
from analysis.survey.labels import LEVELS
from analysis.survey.question import ask
from analysis.survey.schema import Group
from tests.book.chromium import PageReader, Tab
from tests.book.rendered import Book, folded

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

PAGE = "chapters/reproduction/imprime.html"
FIGURES = {"fig-age-motif", "fig-frequence-lieu", "fig-frein-age"}
OLD = "age=60-69 & purpose=consultation"
"""What the users of 60 to 69 did: print leaves it open."""


def data_of(book: Book) -> dict[str, Any]:
    """Read what the page holds as data."""
    text = (book.folder / PAGE).read_text("utf-8")
    (data,) = re.findall(
        r'<script type="application/json" id="imprime-donnees">(.*?)</script>', text, flags=re.S
    )
    found: dict[str, Any] = json.loads(data)
    return found


def test_the_page_has_every_crossing_with_its_bounds_and_their_lines(book: Book) -> None:
    found = data_of(book)
    for group, question in listed(2):
        cells = iter_cells(found, group, "&".join(each.variable for each in question.conditions))
        levels = tuple(each.levels[0] for each in question.conditions)
        *numbers, below, above = cells[levels]
        proved, why = known(question, group), explained(question, group)
        assert Bounds(*numbers) == proved, str(question)
        for own, ids in ((why.lower, below), (why.upper, above)):
            lines = [found["enonces"][number][0] for number in ids]
            assert lines == [source_lines(each.line) for each in own], str(question)


def iter_cells(found: dict[str, Any], group: Group, names: str) -> dict[tuple[str, ...], list[Any]]:
    """Give the cells of a crossing by their levels, in the order in which the page has them."""
    one, other = (found["niveaux"][name] for name in names.split("&"))
    places = ((first, second) for first in one for second in other)
    return dict(zip(places, found["croisements"][group][names], strict=True))


def test_a_reader_sees_no_code_of_the_answers(book: Book) -> None:
    found = data_of(book)
    said = " ".join(text for _, text in found["enonces"])
    codes = {level for own in LEVELS.values() for level in own if "_" in level}
    assert {code for code in codes if code in said} == set()
    assert {name for own in found["groupes"].values() for name in own["variables"]} <= set(
        found["noms"]
    )


def test_the_page_is_light(book: Book) -> None:
    assert (paths.ROOT / "assets" / "imprime.js").stat().st_size < 15_000
    assert book.pages[PAGE].path.stat().st_size < 250_000


def test_the_words_are_defined_elsewhere_and_linked_to(book: Book) -> None:
    text = book.pages[PAGE].path.read_text("utf-8")
    assert "reconstruction.html#sec-prouve" in text
    assert "sec-prouve" in book.pages["chapters/reproduction/reconstruction.html"].ids


def test_the_pdf_has_the_three_crossings_and_not_the_choice(book: Book) -> None:
    text = folded(book.pdf_text)
    assert "Trois croisements" in text
    for crossed in ("âge et motif", "fréquence et lieu d’exercice", "premier frein et âge"):
        assert re.search(rf"Figure \d+\.\d\s:[^:]*\s:\s(non.)?utilisateurs, {crossed}", text)
    assert "Choisir un croisement" not in text


class Reader(PageReader):
    """A reader of the page: what he sees, and does."""

    def address(self) -> str:
        """Read what the address says after the name of the page."""
        return str(self.see("location.search + location.hash"))

    def cell(self, levels: str) -> str:
        """Name the button of a cell."""
        return f"[data-case='{levels}']"

    def numbers(self) -> dict[str, str]:
        """Read the count of every cell, as it is written, with plain spaces."""
        found = self.see(
            "Object.fromEntries([...document.querySelectorAll('.imprime [data-case]')]"
            ".map(each => [each.dataset.case, each.querySelector('strong').textContent]))"
        )
        return {levels: folded(text) for levels, text in found.items()}

    def lines(self) -> list[str]:
        """Read the lines of the source that bound the cell that is chosen."""
        found = self.see(
            "[...document.querySelectorAll('.raisons li span')].map(each => each.textContent)"
        )
        return [folded(text) for text in found]

    def told(self) -> str:
        """Read what is said of the cell that is chosen."""
        return folded(str(self.see("document.querySelector('.raisons')?.innerText ?? ''")))

    def stops(self) -> int:
        """Count the cells at which the keyboard stops."""
        selector = json.dumps(".imprime [data-case][tabindex='0']")
        return int(self.see(f"document.querySelectorAll({selector}).length"))

    def chosen(self) -> list[str]:
        """List the cells that are open."""
        found: list[str] = self.see(
            "[...document.querySelectorAll('.imprime [aria-expanded=true]')]"
            ".map(each => each.dataset.case)"
        )
        return found


def lines_of(text: str, group: Group) -> list[str]:
    why = explained(ask(text), group)
    return [folded(source_lines(each.line)) for each in (*why.lower, *why.upper)]


def proved(text: str, group: Group) -> str:
    return known(ask(text), group).range.replace(" to ", " à ")


@pytest.mark.browser
def test_the_page_opens_on_the_crossing_of_age_and_purpose(reader: Reader) -> None:
    numbers = reader.numbers()
    assert len(numbers) == 18
    for levels, number in numbers.items():
        age, purpose = levels.split("&")
        assert number == proved(f"age={age} & purpose={purpose}", "users")
    assert reader.address() == ""
    assert reader.see("document.querySelector('.imprime output').textContent") == (
        "4 déterminés, 14 ouverts"
    )


@pytest.mark.browser
def test_a_click_on_a_cell_shows_the_lines_that_bound_it_and_another_hides_them(
    reader: Reader,
) -> None:
    cell = reader.cell("60-69&consultation")
    reader.click(cell)
    assert reader.lines() == lines_of(OLD, "users")
    assert "60 à 69 ans, consulter un DMP : 0 à 5. Ouvert." in reader.told()
    assert "Au moins 0 : rien d’imprimé n’y oblige." in reader.told()
    assert reader.address() == "#users&age=60-69&purpose=consultation"
    reader.click(cell)
    assert (reader.told(), reader.address()) == ("", "#users&age&purpose")


@pytest.mark.browser
def test_a_number_that_is_proved_is_explained_once(reader: Reader) -> None:
    reader.go("#users&age=30-39&frequency=annuel")
    assert "Déterminé. Ce nombre, par les lignes : l. 483" in reader.told()
    assert reader.lines() == ["l. 483"]


@pytest.mark.browser
def test_the_grid_is_one_stop_of_the_keyboard_whose_arrows_go_about_it(reader: Reader) -> None:
    reader.tab.focus(".imprime form label:last-of-type select")
    reader.press("Tab")
    here = "document.activeElement.dataset.case"
    assert reader.see(here) == "<29&creation"
    reader.press("ArrowDown", 4)
    reader.press("ArrowRight", 5)
    assert reader.see(here) == "60-69&consultation"
    reader.press("Enter")
    assert reader.lines() == lines_of(OLD, "users")
    assert reader.see(here) == "60-69&consultation"
    reader.press("ArrowDown")
    assert reader.see(here) == ">70&consultation"
    reader.press("ArrowLeft", 2)
    reader.press("ArrowUp")
    assert reader.see(here) == "60-69&creation"
    assert reader.stops() == 1


@pytest.mark.browser
def test_the_keyboard_chooses_the_group_and_both_answers(reader: Reader) -> None:
    reader.tab.focus(".imprime input:checked")
    reader.press("ArrowDown")
    assert reader.address() == "#non_users&age&barrier_1"
    reader.tab.focus(".imprime form label:last-of-type select")
    reader.press("ArrowDown")
    assert reader.address() == "#non_users&age&barrier_2"
    for levels, number in reader.numbers().items():
        age, barrier = levels.split("&")
        assert number == proved(f"age={age} & barrier_2={barrier}", "non_users")


@pytest.mark.browser
def test_an_answer_crossed_with_itself_changes_places_with_the_other(reader: Reader) -> None:
    reader.go("#users&frequency&purpose")
    reader.tab.focus(".imprime form label:last-of-type select")
    reader.press("ArrowUp")
    assert reader.address() == "#users&purpose&frequency"
    assert reader.numbers()["ajout&curiosite"] == "3"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    ("group", "levels"),
    [
        ("users", {"purpose": "consultation", "age": "<29"}),
        ("users", {"age": "<29", "place": "seul"}),
    ],
)
def test_an_address_shows_again_what_was_chosen(
    group: Group, levels: dict[str, str], width: int, reader: Reader
) -> None:
    address = f"#{group}&" + "&".join(f"{name}={quote(level)}" for name, level in levels.items())
    reader.go(address, width)
    assert reader.chosen() == ["&".join(levels.values())]
    assert reader.address() == address
    asked = " & ".join(f"{name}={level}" for name, level in levels.items())
    assert reader.lines() == lines_of(asked, group)
    assert reader.see("""(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return top > 0 && bottom < innerHeight && "case" in document.activeElement.dataset;
    })()""")


@pytest.mark.browser
@pytest.mark.parametrize(
    "address",
    [
        "#%",
        "#users",
        "#users&age&age",
        "#users&age&barrier_1",
        "#nobody&age&place",
        "#toString&a&b",
    ],
)
def test_an_address_that_asks_nothing_shows_the_first_crossing(
    address: str, reader: Reader
) -> None:
    reader.go(address)
    assert (len(reader.numbers()), reader.chosen()) == (18, [])


@pytest.mark.browser
@pytest.mark.parametrize("asked", ["purpose=absent", "place=autre"])
def test_a_level_that_nobody_has_opens_no_cell(asked: str, reader: Reader) -> None:
    reader.go(f"#users&age=60-69&{asked}")
    assert (len(reader.numbers()), reader.chosen()) == (18 if "purpose" in asked else 12, [])
    assert reader.stops() == 1


@pytest.mark.browser
def test_a_finger_finds_what_print_leaves_open_about_the_doctors_of_60_to_69(
    reader: Reader,
) -> None:
    reader.go(width=360)
    reader.tap(reader.cell("60-69&consultation"))
    assert "60 à 69 ans, consulter un DMP : 0 à 5. Ouvert." in reader.told()
    assert reader.lines() == lines_of(OLD, "users")
    reader.tap(".imprime label:has([value=non_users])")
    reader.tap(reader.cell("60-69&logiciel"))
    assert "60 à 69 ans, logiciel incompatible : 0 à 1. Ouvert." in reader.told()
    assert reader.lines() == lines_of("age=60-69 & barrier_1=logiciel", "non_users")
    assert reader.see("document.documentElement.scrollWidth <= innerWidth")
    cut = (
        "[...document.querySelectorAll('.imprime tbody *')].filter(e => e.scrollWidth > 360).length"
    )
    assert reader.see(cut) == 0
    least = (
        "Math.min(...[...document.querySelectorAll('.imprime button')].map(e => e.offsetHeight))"
    )
    assert reader.see(least) >= 40


@pytest.mark.browser
def test_the_bars_of_a_crossing_have_one_scale(reader: Reader) -> None:
    lengths = reader.see("""(() => {
      const found = {};
      for (const each of document.querySelectorAll("[data-case]")) {
        const bar = each.querySelector(".barre").getBoundingClientRect();
        const range = each.querySelector(".barre i").getBoundingClientRect();
        found[each.dataset.case] = [(range.left - bar.left) / bar.width, range.width / bar.width];
      }
      return found;
    })()""")
    start, length = lengths["30-39&ajout"]
    found = known(ask("age=30-39 & purpose=ajout"), "users")
    assert start == pytest.approx(found.lower / found.upper, abs=0.02)
    assert start + length == pytest.approx(1, abs=0.02)
    start, length = lengths["60-69&consultation"]
    assert (start, length) == pytest.approx((0, 5 / found.upper), abs=0.02)


@pytest.mark.browser
def test_the_three_words_differ_by_more_than_a_colour(reader: Reader) -> None:
    reader.go("#users&age&practice")
    seen = reader.see("""(() => {
      const found = {};
      for (const kind of ["determined", "open", "bounded"]) {
        const bar = document.querySelector("td .barre." + kind);
        const name = bar.closest("button").textContent.trim().replace(/.* /, "");
        const range = getComputedStyle(bar.querySelector("i"));
        found[kind] = [name, range.display === "none" ? "none" : range.borderTopStyle];
      }
      return found;
    })()""")
    assert seen == {
        "determined": ["déterminé", "none"],
        "open": ["ouvert", "solid"],
        "bounded": ["borné", "dashed"],
    }


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_what_is_drawn_has_its_roles_whatever_it_looks_like(width: int, reader: Reader) -> None:
    reader.go("#users&age=60-69&purpose=consultation", width)
    roles = reader.see("""(() => {
      const own = (selector) => [...document.querySelectorAll(selector)]
        .every(each => each.getAttribute("role"));
      const [open] = document.querySelectorAll(".imprime [aria-expanded=true]");
      const controlled = document.getElementById(open.getAttribute("aria-controls"));
      return [own(".imprime table, .imprime table :is(thead, tbody, tr, th, td)"),
        controlled.closest("tr").previousElementSibling === open.closest("tr"),
        document.querySelector(".imprime table").getAttribute("aria-label")];
    })()""")
    assert roles == [True, True, "Utilisateurs\xa0: classe d’âge et motif d’utilisation"]


@pytest.fixture
def without_scripts(browser: Tab) -> Iterator[Tab]:
    """Let no page run a script."""
    browser.run_scripts(allowed=False)
    yield browser
    browser.run_scripts(allowed=True)


@pytest.mark.browser
def test_without_a_script_the_page_says_so_and_has_three_crossings(
    book: Book, without_scripts: Tab
) -> None:
    without_scripts.open(book.pages[PAGE].path.as_uri())
    shown = str(without_scripts.see("document.getElementById('imprime').innerText"))
    assert "sans lui, les trois figures" in folded(shown)
    seen = without_scripts.see(
        "[...document.querySelectorAll('figure:has(svg)')].map(each => each.id"
        " || each.closest('[id]').id).filter((id, at, all) => all.indexOf(id) === at)"
    )
    assert set(seen) == FIGURES
    words = folded(str(without_scripts.see("document.querySelector('figure svg').textContent")))
    assert proved("age=30-39 & purpose=ajout", "users") in words
