"""The form of the PDF, on a page or two: marks in the margin, floats, tables that go on."""

from __future__ import annotations

from io import BytesIO

import pytest
import typst
from pypdf import PageObject, PdfReader

from analysis.paths import ROOT

FORM = (ROOT / "_extensions" / "these" / "typst-template.typ").read_text("utf-8")
CHAPTER = "= Un\n<sec-un>\n"
MARK = '#verdict("match")[\nTout est identique.\n]\n'
MILLIMETRE = 25.4 / 72
LINES = "#lorem(60)\n\n"


def pages(body: str) -> list[PageObject]:
    """Set a text as a chapter of a book, as both roads do."""
    show = '#show: these.with(title: [Un livre], author: "Une équipe", toc: false)'
    text: object = f"{FORM}\n{show}\n{CHAPTER}{body}".encode()
    made = typst.compile(
        text,  # type: ignore[arg-type]
        font_paths=[str(ROOT / "assets" / "fonts")],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return list(PdfReader(BytesIO(made)).pages)[1:]  # After the title.


def table(name: str, rows: int = 2, after: str = "", cell: str = "x") -> str:
    cells = f"[{cell}], [1]," * rows
    return (
        f"#figure([\n#table(columns: 2, table.header([Nom], [Nombre]), table.hline(), {cells})\n"
        f"{after}], caption: figure.caption(position: top, [Ce que dit {name}]), "
        f'kind: "quarto-float-tbl", supplement: "Tableau")\n<tbl-{name}>\n'
    )


def figure(name: str, height: int, width: int = 80) -> str:
    drawn = f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}mm' height='{height}mm'/>"
    return (
        f'#figure([#image(bytes("{drawn}"), format: "svg", alt: "Rien.")], '
        f"caption: figure.caption(position: bottom, [Ce que montre {name}]), "
        f'kind: "quarto-float-fig", supplement: "Figure")\n<fig-{name}>\n'
    )


def places(page: PageObject) -> dict[str, tuple[float, float]]:
    """Give the place of each word of a page, in millimetres from its left and its lower side."""
    found: dict[str, tuple[float, float]] = {}

    def see(text: str, page: list[float], line: list[float], *_: object) -> None:
        x, y = line[4:]
        right = page[0] * x + page[2] * y + page[4]
        up = page[1] * x + page[3] * y + page[5]
        for word in text.split():
            found.setdefault(word, (right * MILLIMETRE, up * MILLIMETRE))

    page.extract_text(visitor_text=see)
    return found


def words(found: list[PageObject]) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in found)


@pytest.mark.parametrize(
    "body", [table("a", after=MARK), figure("a", 30) + MARK], ids=["table", "figure"]
)
def test_the_mark_of_a_float_stands_beside_it_and_once(body: str) -> None:
    found = pages(LINES + body)
    assert words(found).count("identique") == 1
    place = places(found[0])
    assert place["Tout"][0] > 140
    assert place["1.1"][1] - 2 < place["Tout"][1] < place["At."][1]


def test_the_mark_of_a_wide_figure_stands_under_it() -> None:
    found = pages(LINES + figure("a", 30, 165) + MARK)
    place = places(found[0])
    assert place["Tout"][0] < 40
    assert place["Tout"][1] < place["Figure"][1]


def test_a_mark_of_no_float_stands_where_it_is_written() -> None:
    found = pages(LINES + MARK + "Ensuite.")
    assert words(found).count("identique") == 1
    place = places(found[0])
    assert 24 <= place["Tout"][0] < 30
    assert place["Tout"][1] > place["Ensuite."][1]


def test_a_figure_that_finds_no_room_floats_and_the_text_goes_on() -> None:
    found = pages(LINES * 6 + figure("a", 120) + "Ensuite.")
    assert "Ensuite." in found[0].extract_text()
    assert "Figure 1.1" in " ".join(found[1].extract_text().split())


def test_a_reference_leads_to_where_the_figure_was_set() -> None:
    found = pages(LINES * 6 + figure("a", 120) + "Voir #ref(<fig-a>, supplement: [figure]).")
    annotations = [note.get_object() for note in found[0]["/Annots"]]  # type: ignore[attr-defined]
    targets = [note["/Dest"] if "/Dest" in note else note["/A"]["/D"] for note in annotations]
    assert [target[0].idnum for target in targets] == [found[1].indirect_reference.idnum]  # type: ignore[union-attr]


def test_no_float_comes_between_a_heading_and_the_first_lines() -> None:
    place = places(pages(table("a") + LINES)[0])
    assert place["Un"][1] > place["Lorem"][1] > place["Tableau"][1]


def test_a_chapter_opens_where_the_one_before_ends() -> None:
    place = places(pages(LINES + "= Deux\n<sec-deux>\n" + "Ensuite.")[0])
    assert place["Lorem"][1] > place["Deux"][1] > place["Ensuite."][1]


def test_a_chapter_without_room_opens_on_the_next_page() -> None:
    found = pages(LINES * 7 + "= Deux\n<sec-deux>\n" + "Ensuite.")
    assert "Ensuite." not in found[0].extract_text()
    assert "Ensuite." in found[1].extract_text()


def test_the_head_of_a_page_names_the_chapter_that_it_begins_with() -> None:
    heads = [
        page.extract_text().splitlines()[0]
        for page in pages(LINES * 12 + "= Deux\n<sec-deux>\n" + LINES * 12)
    ]
    assert heads[:3] == ["2", "1 Un 3", "2 Deux 4"]


def test_a_table_that_breaks_says_that_it_goes_on() -> None:
    found = pages(LINES + table("a", rows=60))
    continued = [" ".join(page.extract_text().split()) for page in found[1:]]
    assert continued
    assert all("Tableau 1.1 (suite)" in text for text in continued)
    assert "(suite)" not in found[0].extract_text()


def test_a_whole_table_does_not_go_on() -> None:
    assert "(suite)" not in words(pages(LINES + table("a") + table("b")))


def test_a_line_holds_some_seventy_characters() -> None:
    french = "Les médecins qui ont répondu sont plus jeunes, plus souvent en groupe. "
    lines = pages(french * 12)[0].extract_text().splitlines()
    full = [len(line.strip()) for line in lines if "médecins" in line][:-1]
    assert 66 <= sum(full) / len(full) <= 75
