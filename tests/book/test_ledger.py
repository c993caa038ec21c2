"""The ledger and the errata, in the finished book."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis.printed import read_claims
from tests.book.rendered import Book
from tests.book.test_browser import CHROMIUM, browse

pytestmark = [pytest.mark.render, pytest.mark.xdist_group("book")]

LEDGER = "chapters/reproduction/registre.html"
ERRATA = "chapters/reproduction/errata.html"


def test_every_claim_has_its_place_on_the_page(book: Book) -> None:
    assert {f"c-{claim.id}" for claim in read_claims()} <= book.pages[LEDGER].ids


def test_every_trace_leads_to_a_claim(book: Book) -> None:
    found = 0
    for name, page in book.pages.items():
        text = page.path.read_text("utf-8")
        for link in re.findall(r'<a[^>]*title="Thèse, [^>]*>', text):
            target, _, place = re.search(r'href="([^"]+)"', link)[1].partition("#")
            assert (page.path.parent / target).resolve() == (book.folder / LEDGER).resolve(), name
            assert place in book.pages[LEDGER].ids, (name, place)
            found += 1
    assert found > 20


def test_every_discrepancy_leads_to_its_erratum(book: Book) -> None:
    text = book.pages[LEDGER].path.read_text("utf-8")
    places = set(re.findall(r'href="errata\.html#(e-[^"]+)"', text))
    assert places
    assert places <= book.pages[ERRATA].ids


def test_the_page_of_the_ledger_is_light(book: Book) -> None:
    assert book.pages[LEDGER].path.stat().st_size < 1_500_000


def test_the_ledger_reads_without_a_script(book: Book) -> None:
    text = re.sub(
        r"<script.*?</script>", "", book.pages[LEDGER].path.read_text("utf-8"), flags=re.S
    )
    row = re.search(r'<tr id="c-l945-1".*?</tr>', text, flags=re.S)[0]
    assert all(words in row for words in ("945", "64", "Identique"))


# What a reader would do, and what he would see then.
DRIVER = """<script>
(async () => {
  const said = {};
  const [search, section, verdict, kind, order] = document.querySelectorAll(
    ".registre-controles input, .registre-controles select");
  const rows = () => [...document.querySelectorAll(".registre tbody tr")];
  const shown = () => rows().filter((row) => !row.hidden);
  const tell = (field, value, type) => {
    field.value = value;
    field.dispatchEvent(new Event(type || "input", { bubbles: true }));
  };
  said.all = shown().length;
  tell(verdict, "Écart");
  said.discrepancies = shown().length;
  said.status = document.querySelector(".registre-controles output").textContent;
  tell(verdict, "Tous");
  tell(section, "VI");
  said.conclusion = shown().length;
  tell(section, "Toutes");
  tell(search, "MEDECINS de la categorie v");
  said.found = shown().length;
  location.hash = "#c-l945-1";
  await new Promise((done) => setTimeout(done, 300));
  said.revealed = !document.getElementById("c-l945-1").hidden;
  tell(order, "gravité", "change");
  said.gravest = rows()[0].textContent;
  document.querySelectorAll(".registre th button")[0].click();
  said.first = rows()[0].id;
  document.body.innerHTML = "<pre></pre>";
  document.querySelector("pre").textContent = JSON.stringify(said) + "END";
})();
</script>"""


@pytest.fixture(scope="module")
def driven(book: Book, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Open the ledger in a browser, and use its controls."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: the script of the ledger is not run")
    folder: Path = tmp_path_factory.mktemp("ledger")
    text = book.pages[LEDGER].path.read_text("utf-8")
    page = folder / "registre.html"
    page.write_text(text.replace("</body>", f"{DRIVER}</body>"), "utf-8")
    found = re.search(r"<pre>(\{.*\})END</pre>", browse(page.as_uri(), folder), flags=re.S)
    assert found
    said: dict[str, Any] = json.loads(found[1])
    return said


@pytest.mark.browser
def test_the_ledger_shows_every_claim_at_first(driven: dict[str, Any]) -> None:
    assert driven["all"] == len(read_claims())


@pytest.mark.browser
def test_the_ledger_is_filtered_by_verdict_and_says_how_many_are_left(
    driven: dict[str, Any],
) -> None:
    apart = sum(claim.verdict == "discrepancy" for claim in read_claims())
    assert driven["discrepancies"] == apart
    assert driven["status"] == f"{apart} sur {len(read_claims())}"


@pytest.mark.browser
def test_the_ledger_is_filtered_by_section(driven: dict[str, Any]) -> None:
    assert driven["conclusion"] == sum(claim.section == "VI" for claim in read_claims())


@pytest.mark.browser
def test_a_search_folds_accents_and_capitals(driven: dict[str, Any]) -> None:
    assert 0 < driven["found"] < 100


@pytest.mark.browser
def test_a_link_to_a_claim_shows_it_whatever_the_filters_hide(driven: dict[str, Any]) -> None:
    assert driven["revealed"]


@pytest.mark.browser
def test_the_ledger_is_sorted_by_gravity_and_back_by_line(driven: dict[str, Any]) -> None:
    assert "change une conclusion" in driven["gravest"]
    assert driven["first"] == f"c-{read_claims()[0].id}"
