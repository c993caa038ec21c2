"""The twenty statements on their page: a reader chooses whose answers, in what order, which one."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import paths
from analysis.report.sections.opinions import choices
from tests.book.chromium import PageReader
from tests.book.rendered import Book

pytestmark = [pytest.mark.render, pytest.mark.browser, pytest.mark.xdist_group("book")]

PAGE = "chapters/04e-perception.html"
CHOICES = choices()
STATEMENTS: list[dict[str, Any]] = CHOICES["enonces"]
BOX = "document.querySelector('.opinions')"


class Reader(PageReader):
    """A reader of the figure: what he sees, and does."""

    def order(self) -> list[str]:
        """List the statements from above, by their words."""
        words = "each => each.querySelector('.opinions-mots').firstChild.textContent"
        return list(self.see(f"[...document.querySelectorAll('.opinions li')].map({words})"))

    def status(self) -> str:
        """Read what the page says that it shows."""
        return str(self.see(f"{BOX}.querySelector('output').textContent"))

    def opened(self) -> list[str]:
        """Name the panels that are open."""
        return list(
            self.see(
                "[...document.querySelectorAll('.opinions [aria-expanded=true]')]"
                ".map(each => each.getAttribute('aria-controls'))"
                ".filter(id => document.getElementById(id).checkVisibility())"
            )
        )

    def table(self) -> list[list[str]]:
        """Read the rows of the table that is open."""
        cells = "row => [...row.cells].map(cell => cell.firstChild.textContent)"
        return list(
            self.see(
                "[...document.querySelector('.opinions li > div:not([hidden]) tbody').rows]"
                f".map({cells})"
            )
        )


def statement(id_: str) -> dict[str, Any]:
    return next(each for each in STATEMENTS if each["id"] == id_)


def by_agreement(group: str) -> list[str]:
    """Sort the statements of both blocks as a reader of that group shall see them."""

    def agreement(each: dict[str, Any]) -> float:
        if "reponses" in each:
            return float(each["reponses"][group]["accord"])
        return float(each["parts"][2]) if group == "ensemble" else -1

    found = sorted(STATEMENTS, key=lambda each: (not each["favorable"], -agreement(each)))
    return [each["texte"] for each in found]


def option(value: str) -> str:
    return f".opinions input[value='{value}']"


def opener(id_: str) -> str:
    return f".opinions [aria-controls='enonce-{id_}']"


def test_the_script_is_light() -> None:
    files = [paths.ROOT / "assets" / f"{name}.js" for name in ("elements", "opinions")]
    assert sum(file.stat().st_size for file in files) < 15_000


def test_without_scripts_the_figure_stands_as_it_is_printed(reader: Reader) -> None:
    figure = "document.querySelector('#fig-opinions svg')?.checkVisibility() ?? false"
    assert not reader.see(figure)
    reader.tab.run_scripts(allowed=False)
    try:
        reader.go()
        assert reader.see(figure)
        assert reader.see(BOX) is None
    finally:
        reader.tab.run_scripts(allowed=True)


def test_the_page_opens_with_all_the_doctors_by_agreement(reader: Reader) -> None:
    assert reader.order() == by_agreement("ensemble")
    assert reader.opened() == []
    assert reader.address() == ""


def test_a_click_chooses_the_doctors(reader: Reader) -> None:
    reader.click(f"{option('utilisateurs')} + span")
    doctors = CHOICES["groupes"]["utilisateurs"]["medecins"]
    assert reader.status().startswith(f"Utilisateurs ({doctors} médecins)")
    assert reader.order() == by_agreement("utilisateurs") != by_agreement("ensemble")
    assert reader.address() == "?medecins=utilisateurs"
    ends = reader.see(f'document.querySelector("{opener("t2")} .opinions-fin").textContent')
    assert ends == statement("t2")["reponses"]["utilisateurs"]["cotes"][2]


def test_what_is_not_printed_by_group_is_said_and_not_drawn(reader: Reader) -> None:
    reader.go("?medecins=non-utilisateurs")
    for id_ in ("f16", "f18"):
        assert "non imprimé par groupe" in reader.see(
            f'document.querySelector("{opener(id_)}").textContent'
        )
        bar = f'document.querySelector("{opener(id_)} .opinions-barre")'
        assert not reader.see(f"{bar}.checkVisibility()")


def test_the_arrows_choose_the_order(reader: Reader) -> None:
    reader.tab.focus(option("accord"))
    reader.press("ArrowRight")
    gaps = [abs(each.get("ecart", -1)) for each in STATEMENTS]
    found = sorted(
        zip(STATEMENTS, gaps, strict=True), key=lambda pair: (not pair[0]["favorable"], -pair[1])
    )
    assert reader.order() == [each["texte"] for each, _ in found]
    assert reader.address() == "?tri=ecart"
    first = found[0][0]
    written = reader.see("document.querySelector('.opinions li small').textContent")
    assert written == f"écart {first['ecartTexte']}"
    reader.press("ArrowRight")
    assert reader.order() == [each["texte"] for each in STATEMENTS]
    assert reader.see("document.activeElement.value") == "questionnaire"


def test_enter_opens_the_table_of_a_statement_and_closes_it(reader: Reader) -> None:
    reader.tab.focus(opener("t12"))
    reader.press("Enter")
    assert reader.opened() == ["enonce-t12"]
    groups = CHOICES["groupes"]
    assert reader.table() == [
        [groups[group]["nom"], *map(str, statement("t12")["reponses"][group]["effectifs"])]
        for group in ("utilisateurs", "non-utilisateurs", "ensemble")
    ]
    assert reader.address() == "?enonce=t12"
    assert statement("t12")["imprime"] in reader.see(
        "document.querySelector('#enonce-t12').textContent"
    )
    reader.press("Enter")
    assert reader.opened() == []
    assert reader.address() == ""


def test_a_table_leads_to_the_one_that_is_compared_with_print(book: Book, reader: Reader) -> None:
    for id_ in ("t12", "f16", "t15"):
        reader.go(f"?enonce={id_}")
        assert reader.opened() == [f"enonce-{id_}"]
        link = reader.see(f"document.querySelector('#enonce-{id_} a').href")
        page, _, place = link.partition("#")
        (name,) = [name for name, each in book.pages.items() if page.startswith(each.path.as_uri())]
        assert place in book.pages[name].ids


def test_on_a_phone_a_finger_opens_one_statement_after_the_other(reader: Reader) -> None:
    reader.go("?medecins=utilisateurs&tri=questionnaire", width=360)
    for id_ in ("t1", "t18", "t14"):
        reader.tap(opener(id_))
        assert reader.opened() == [f"enonce-{id_}"]
        assert reader.see("document.documentElement.scrollWidth") <= 360
    assert reader.address() == "?medecins=utilisateurs&tri=questionnaire&enonce=t14"
    reader.tap(f"{option('ensemble')} + span")
    assert reader.status().startswith("Ensemble")
    assert reader.opened() == ["enonce-t14"]


def test_an_address_shows_again_what_was_chosen(reader: Reader) -> None:
    reader.click(f"{option('non-utilisateurs')} + span")
    reader.click(f"{option('ecart')} + span")
    reader.click(opener("t5"))
    seen = (reader.order(), reader.status(), reader.opened(), reader.address())
    reader.go(reader.address())
    assert (reader.order(), reader.status(), reader.opened(), reader.address()) == seen


def test_an_address_that_names_nothing_shows_the_page_as_it_opens(reader: Reader) -> None:
    reader.go("?medecins=personne&tri=%&enonce=t99")
    assert reader.order() == by_agreement("ensemble")
    assert reader.opened() == []
