"""The map of IV.C on its page: a reader points at a category, and goes through the tables."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis import paths
from analysis.report.show.french import decimal
from tests.book.chromium import PageReader, Tab

pytestmark = [pytest.mark.render, pytest.mark.browser, pytest.mark.xdist_group("book")]

PAGE = "chapters/04c-correspondances.html"
SIXTIES = "age-60-69"
PREVIOUS, SLIDER, NEXT, PLAYER = (
    f".carte {each}"
    for each in (
        "[aria-label$=précédent]",
        "[type=range]",
        "[aria-label$=suivant]",
        "div > :last-child",
    )
)


class Reader(PageReader):
    """A reader of the map: what he sees, and does."""

    def __init__(self, tab: Tab, page: Path) -> None:
        super().__init__(tab, page)
        text = self.page.read_text("utf-8")
        found = re.search(r'id="carte-donnees">(.*?)</script>', text, flags=re.DOTALL)
        assert found
        self.data: dict[str, Any] = json.loads(found[1])
        self.codes = [each["code"] for each in self.data["points"]]
        numbers = np.frombuffer(base64.b64decode(self.data["tableaux"]), "<i2")
        self.tables: NDArray[np.int16] = numbers.reshape(-1, len(self.data["places"]), 2)

    def mark(self, code: str) -> str:
        """Give what names the mark of a category on the map."""
        return f"#f9-point-{self.codes.index(code)}"

    def told(self) -> str:
        """Read what the page tells of the category that is pointed at."""
        return str(self.see("document.querySelector('.carte-fiche').textContent"))

    def columns(self) -> dict[str, list[str]]:
        """Read the table of the category, by its heads."""
        rows = self.see(
            "[...document.querySelector('.carte-fiche table').rows]"
            ".map(row => [...row.cells].map(cell => cell.textContent))"
        )
        return {head: list(cells) for head, *cells in zip(*rows, strict=True)}

    def status(self) -> str:
        """Read what the page says that it shows."""
        return str(self.see("document.querySelector('.carte output').textContent"))

    def place(self, code: str) -> list[float]:
        """Give where the mark of a category is drawn, in pixels of the figure."""
        return list(
            self.see(f"""(() => {{
              const mark = document.querySelector("{self.mark(code)}");
              const use = mark.querySelector("use");
              const home = ["x", "y"].map(each => Number(use.getAttribute(each)));
              const {{ e, f }} = new DOMMatrix(getComputedStyle(mark).transform);
              return [home[0] + e, home[1] + f];
            }})()""")
        )


def point(reader: Reader, code: str) -> dict[str, Any]:
    found: dict[str, Any] = reader.data["points"][reader.codes.index(code)]
    return found


def test_the_script_is_light() -> None:
    files = [paths.ROOT / "assets" / f"{name}.js" for name in ("elements", "carte")]
    assert sum(file.stat().st_size for file in files) < 15_000


def test_without_scripts_the_figure_stands_alone(reader: Reader) -> None:
    reader.tab.run_scripts(allowed=False)
    try:
        reader.go()
        assert reader.see("document.querySelector('#fig-f9 svg').checkVisibility()")
        assert reader.see("document.querySelector('.carte, #fig-f9 svg [tabindex]')") is None
    finally:
        reader.tab.run_scripts(allowed=True)


def test_the_page_says_whose_rows_these_are(reader: Reader) -> None:
    note = reader.see("document.querySelector('.carte > p').textContent")
    assert "n’appartiennent à aucune personne réelle" in note
    assert "ce que l’imprimé laisse ouvert" in note


def test_who_points_at_a_category_is_told_of_it(reader: Reader) -> None:
    reader.tab.hover(reader.mark("age->70"))
    oldest = point(reader, "age->70")
    assert reader.told().startswith(
        f"{oldest['nom']} (Classe d’âge) : {oldest['medecins']} médecin"
    )
    assert reader.columns() == {
        "": ["Axe 1", "Axe 2"],
        "Figure": oldest["ici"],
        "Contrib.": oldest["contribution"],
        "cos²": oldest["cos2"],
        f"Les {len(reader.tables)}": oldest["etendue"],
    }
    assert reader.address() == ""
    reader.tab.hover("h1")
    assert reader.told().startswith("Pointez une modalité")


def test_a_click_keeps_a_category_and_a_click_beside_lets_it_go(reader: Reader) -> None:
    reader.tab.click(reader.mark("purpose-consultation"))
    reader.tab.hover("h1")
    assert reader.told().startswith("consulter (Motif)")
    assert reader.address() == "?modalite=purpose-consultation"
    assert reader.see("document.querySelector('.carte select').value") == "purpose-consultation"
    reader.tab.click("#fig-f9 svg text")
    assert reader.address() == ""
    assert reader.told().startswith("Pointez une modalité")


def test_the_arrows_go_from_category_to_category(reader: Reader) -> None:
    stops = reader.see("[...document.querySelectorAll('#fig-f9 [tabindex=\"0\"]')].map(e => e.id)")
    (first,) = stops
    reader.tab.focus(f"#{first}")
    told = reader.told()
    reader.press("ArrowDown")
    assert reader.told() != told
    reader.press("Enter")
    (code,) = re.findall(r"modalite=([^&]+)", reader.address())
    chosen = point(reader, code)
    assert reader.told().startswith(chosen["nom"])
    assert reader.see("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert reader.see("document.activeElement.getAttribute('aria-label')") == (
        f"{chosen['nom']}, {chosen['variable']}"
    )
    reader.press("ArrowUp")
    assert reader.told() == told
    reader.tab.focus(SLIDER)
    assert reader.told().startswith(chosen["nom"])


def test_a_finger_goes_through_the_tables(reader: Reader) -> None:
    reader.go(width=360)
    reader.tab.tap(f"#f9-name-{reader.codes.index(SIXTIES)}")
    home = reader.place(SIXTIES)
    reader.tab.tap(NEXT)
    reader.tab.tap(NEXT)
    x, y = reader.tables[1, reader.data["places"].index(reader.codes.index(SIXTIES))]
    assert reader.status().startswith(f"2e jeu retrouvé sur {len(reader.tables)} : ")
    assert reader.columns()["2e"] == [decimal(int(each) / 100, 2) for each in (x, y)]
    across = [reader.data["echelles"][axis] for axis in "xy"]
    expected = [zero + unit * each / 100 for (zero, unit), each in zip(across, (x, y), strict=True)]
    assert reader.place(SIXTIES) == pytest.approx(expected, abs=0.05)
    assert reader.place(SIXTIES) != pytest.approx(home, abs=0.5)
    assert reader.address() == f"?modalite={SIXTIES}&jeu=2"
    assert reader.see("document.documentElement.scrollWidth") <= 360
    reader.tab.tap(PREVIOUS)
    reader.tab.tap(PREVIOUS)
    assert reader.place(SIXTIES) == pytest.approx(home, abs=0.01)
    assert reader.see(f"document.querySelector('{PREVIOUS}').disabled")


def test_the_count_of_what_moved_is_that_of_the_table(reader: Reader) -> None:
    for table in (1, 7, len(reader.tables)):
        reader.go(f"?jeu={table}")
        across, upright = reader.data["deplacees"][table - 1]
        said = re.findall(r"de haut en bas, (\w+) .* de gauche à droite, (\w+)\.", reader.status())
        assert said == [tuple(str(each or "aucune") for each in (upright, across))]


def test_the_keyboard_moves_the_slider(reader: Reader) -> None:
    reader.tab.focus(SLIDER)
    reader.press("ArrowRight", 3)
    assert reader.address() == "?jeu=3"
    words = reader.see(f"document.querySelector('{SLIDER}').getAttribute('aria-valuetext')")
    assert words == f"3e jeu retrouvé sur {len(reader.tables)}"
    reader.press("ArrowLeft", 3)
    assert reader.address() == ""


def test_play_goes_on_by_itself_until_it_is_stopped_without_gliding(reader: Reader) -> None:
    reader.tab.focus(PLAYER)
    reader.press("Enter")
    assert reader.see(f"document.querySelector('{PLAYER}').textContent") == "Pause"
    assert reader.status().startswith("1er jeu")
    # The browser of the tests asks for little motion.
    duration = (
        f"getComputedStyle(document.querySelector('{reader.mark(SIXTIES)}')).transitionDuration"
    )
    assert reader.see(duration) == "0s"
    reader.see("new Promise(done => setTimeout(done, 2300))")
    assert reader.status().startswith("2e jeu")
    assert reader.address() == ""
    reader.press("Enter")
    assert reader.see(f"document.querySelector('{PLAYER}').textContent") == "Lire"
    assert reader.address() == "?jeu=2"


@pytest.mark.parametrize(
    ("address", "table"),
    [("?jeu=12", 12), ("?jeu=999", 200), ("?jeu=-1&modalite=%", 0)],
)
def test_an_address_shows_again_what_was_chosen(address: str, table: int, reader: Reader) -> None:
    reader.go(address)
    assert reader.see(f"Number(document.querySelector('{SLIDER}').value)") == table
    assert reader.see(f"document.querySelector('{NEXT}').disabled") == (table == len(reader.tables))
    assert reader.told().startswith("Pointez une modalité")
