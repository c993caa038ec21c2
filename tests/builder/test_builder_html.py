"""The pages of the site: what numbers, links, figures and boxes become."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest


def page(built: Path, name: str) -> str:
    return (built / name).read_text(encoding="utf-8").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("name", "link"),
    [
        (
            "index.html",
            '<a href="chapters/02-deux.html#tbl-sorties" class="quarto-xref">tableau 2.1',
        ),
        (
            "index.html",
            '<a href="chapters/annexes/annexe.html#sec-annexe" class="quarto-xref">annexe A',
        ),
        ("index.html", '<a href="#tbl-avant" class="quarto-xref">tableau 1<'),
        ("index.html", '<a href="chapters/02-deux.html" class="trace">là</a>'),
        ("chapters/02-deux.html", '<a href="#fig-paire" class="quarto-xref">figure 2.1</a>'),
        ("chapters/02-deux.html", '<a href="#sec-detail" class="quarto-xref">section 2.1.1</a>'),
        ("chapters/02-deux.html", '<a href="01-un.html#sec-un" class="quarto-xref">chapitre 1</a>'),
        (
            "chapters/annexes/annexe.html",
            '<a href="#tbl-annexe" class="quarto-xref">tableau A.1</a>',
        ),
        (
            "chapters/annexes/annexe.html",
            '<a href="#sec-piece" class="quarto-xref">section A.1</a>',
        ),
        ("chapters/annexes/annexe.html", '<a href="../01-un.html#tbl-cellule"'),
    ],
)
def test_page_links_each_reference_to_its_number(built: Path, name: str, link: str) -> None:
    assert link in page(built, name)


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("index.html", "Tableau 1 : </span>Avant tout"),
        ("chapters/01-un.html", "Tableau 1.1 : </span>Une cellule"),
        ("chapters/01-un.html", "Figure 1.1 : </span>Une image"),
        ("chapters/02-deux.html", "Figure 2.1 : </span>Une paire"),
        ("chapters/02-deux.html", "Tableau 2.1 : </span>Un <em>tableau</em>"),
        ("chapters/annexes/annexe.html", "Tableau A.1 : </span>En annexe"),
    ],
)
def test_page_captions_floats_with_their_number(built: Path, name: str, caption: str) -> None:
    assert caption in page(built, name)


def test_page_holds_the_whole_output_of_a_table_in_its_figure(built: Path) -> None:
    figure = re.search(
        r'<figure[^>]*id="tbl-cellule".*?</figure>', page(built, "chapters/01-un.html"), re.S
    )
    assert figure
    assert (
        figure[0].index("<figcaption>") < figure[0].index("<table") < figure[0].index("Conforme.")
    )


def test_page_applies_the_column_widths_of_a_cell(built: Path) -> None:
    text = page(built, "chapters/01-un.html")
    assert re.findall(r'<col style="width: ([\d.]+)%"', text) == ["75", "25"]


def test_page_passes_the_filters_of_the_project(built: Path) -> None:
    assert "un ŒUF." in page(built, "chapters/01-un.html")


def test_page_shows_the_values_of_inline_expressions(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    assert "Le nombre est 42 ; la part, <strong>5 %</strong> ; deux * trois *." in text


def test_page_shows_a_figure(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    (source,) = re.findall(r'<img src="([^"]+)"', text)
    assert source == "02-deux_files/figure-html/cell-13.svg"
    assert (built / "chapters" / source).is_file()


def test_page_gives_images_their_alternative_text(built: Path) -> None:
    assert 'alt="Une barre dite &quot;longue&quot;"' in page(built, "chapters/02-deux.html")
    assert 'alt="Un carré"' in page(built, "chapters/01-un.html")


def test_page_has_the_lists_of_the_chapter(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    assert re.search(r'<ol type="1">\s*<li>Premier rang</li>\s*<li>Second rang</li>', text)
    assert re.search(r'<ol type="a">\s*<li>Lettre .*voir.*Lien.*</li>', text)
    assert '<span lang="en">Other</span> <code>lettre</code>' in text
    assert '<a href="https://example.org/a?b=c">Ailleurs</a>' in text


def test_page_names_a_callout_and_keeps_its_quotation_marks(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    callout = re.search(r'<div class="callout callout-important" role="note">.*?</div>', text, re.S)
    assert callout
    assert re.search(r'<p class="callout-title">\s*Attention\s*</p>', callout[0])
    assert "Attention au “rock ’n’ roll”." in callout[0]


def test_page_sets_the_title_of_a_callout(built: Path) -> None:
    assert re.search(r"callout-tip.*?Un <em>titre</em>", page(built, "chapters/02-deux.html"), re.S)


def test_page_folds_code_and_hides_the_code_that_is_not_included(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    assert text.count("<summary>Code</summary>") == 3
    assert "_repr_markdown_" not in text


def test_page_shows_what_its_format_shows(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    assert "Pour l’écran." in text
    assert "Pour le papier." not in text


def test_pages_tell_citations_of_the_same_year_apart(built: Path) -> None:
    first, second = page(built, "chapters/01-un.html"), page(built, "chapters/02-deux.html")
    letters = [re.search(r"2019([ab])<", text) for text in (first, second)]
    assert {letter[1] for letter in letters if letter} == {"a", "b"}


def test_page_of_references_holds_what_citations_link_to(built: Path) -> None:
    assert 'href="references.html#ref-lien2019"' in page(built, "chapters/01-un.html")
    assert 'id="ref-lien2019"' in page(built, "chapters/references.html")
    assert 'id="ref-' not in page(built, "chapters/01-un.html")


def test_appendix_is_announced_by_its_letter(built: Path) -> None:
    assert "Annexe A — Courrier</h1>" in page(built, "chapters/annexes/annexe.html")


class Addresses(HTMLParser):
    """Collect what a page loads and where it links."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.identifiers: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the identifier of one element."""
        pairs = {key: value or "" for key, value in attrs}
        self.identifiers.update([pairs["id"]] if "id" in pairs else [])
        if tag == "a":
            self.links.append(pairs["href"])
        self.loaded += [pairs[key] for key in ("src", "href") if key in pairs and tag != "a"]


def addresses(path: Path) -> Addresses:
    parser = Addresses()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def test_pages_load_nothing_from_elsewhere(built: Path) -> None:
    for path in built.rglob("*.html"):
        for address in addresses(path).loaded:
            assert (path.parent / address).is_file(), f"{path.name}: {address}"
    for path in [*built.rglob("*.css"), *built.rglob("*.js")]:
        assert not re.search(r"(https?:)?//[a-z]", path.read_text(encoding="utf-8"))


def test_pages_link_to_places_that_are_there(built: Path) -> None:
    pages = {path.resolve(): addresses(path) for path in built.rglob("*.html")}
    for path, found in pages.items():
        assert max(found.identifiers.values()) == 1
        for link in (link for link in found.links if "://" not in link):
            name, _, place = link.partition("#")
            there = (path.parent / name).resolve() if name else path
            assert there.is_file(), link
            assert not place or place in pages[there].identifiers, f"{path.name}: {link}"


def test_search_index_covers_every_page(built: Path) -> None:
    entries = json.loads((built / "search.json").read_text(encoding="utf-8"))
    assert {entry["href"].split("#")[0] for entry in entries} == {
        path.relative_to(built).as_posix() for path in built.rglob("*.html")
    }
    assert any(entry["title"] == "Section" for entry in entries)


def test_page_marks_itself_in_the_contents(built: Path) -> None:
    text = page(built, "chapters/02-deux.html")
    assert re.findall(r'aria-current="page">.*?chapter-title">([^<]*)<', text) == ["Deuxième"]


def test_page_names_what_built_it(built: Path) -> None:
    text = page(built, "index.html")
    assert "Texte CC BY 4.0" in text
    assert re.search(r"Pages construites sans Quarto \(Pandoc 3\.[\d.]+, Typst 0\.[\d.]+\)", text)
