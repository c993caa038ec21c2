"""What is not of the language of the chapters stops the build by its name, and on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.__main__ import main

CHAPTER = "chapters/01-un.qmd"


def refused(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Build the pages, which fails and writes nothing; give what is said last."""
    assert main(["--to", "html"]) == 1
    assert not (project / "_book").exists()
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"error: {CHAPTER}:")
    return last.removeprefix(f"error: {CHAPTER}:")


WRITTEN = {
    "a shortcode": ("{{< video x >}}", "{{< video x >}}"),
    "another file, which may take in this one": ("{{< include 01-un.qmd >}}", "{{< include 01-un"),
    "a cell of another language": ("```{r}\nx\n```", "```{r}"),
    "a cell that is only shown": ("```{{python}}\nx\n```", "```{{python}}"),
    "code that is only shown": ("``` python\nx\n```", "``` python"),
    "a fence of waves": ("~~~ {python}\nx\n~~~", "~~~ {python}"),
    "an indented cell": ("  ```{python}\n  x\n  ```", "```{python}"),
    "an inline call between two marks": ("``{python} 1``", "{python} 1"),
    "an inline call that is only shown": ("`{{python}} 1`", "{{python}} 1`"),
    "an inline call of another language": ("`{r} 1`", "{r} 1`"),
    "an inline call over two lines": ("`{python} 1 +\n1`", "{python} 1 +"),
    "an inline call in a formula": ("$`{python} 1`$", "Math"),
    "a formula": ("$x$", "Math"),
    "a formula with a label": ("$$x$$ {#eq-x}", "{#eq-x}"),
    "a straight apostrophe": ("À 6'30.", "'"),
    "straight quotation marks": ('Un "mot".', '"'),
    "HTML": ("Du <b>gras</b>.", "RawInline"),
    "an image in HTML": ('<img src="x.png">', '"'),
    "an image in HTML without quotes": ("<img src=x.png>", "RawInline"),
    "a comment": ("<!-- rien -->", "RawBlock is not supported"),
    "an image": ("![Une image](x.png)", "Figure"),
    "an image in a sentence": ("Ici ![x](x.png).", "Image"),
    "an image in its address": ("Ici ![x](data:image/png;base64,AA==).", "Image"),
    "an encoded address": ("[x](02%2Ddeux.qmd){.trace}", "Link{.trace}: the address 02%2Ddeux.qmd"),
    "the address of a script": ("[x](javascript:x)", "Link: the address javascript:x"),
    "a title of a link": ("[x](a.csv (t))", "Link: t"),
    "a class": ("[x]{.rouge}", "Span{.rouge}"),
    "tabs": ("::: {.panel-tabset}\n\nx\n\n:::", "Div{.panel-tabset}"),
    "a layout": ("::: {layout-ncol=2}\n\nx\n\n:::", "Div{layout-ncol}"),
    "a theorem": ("::: {#thm-x}\n\nx\n\n:::", "Div{#thm}"),
    "a margin": ("::: {.column-margin}\n\nx\n\n:::", "Div{.column-margin}"),
    "a callout of another kind": ("::: {.callout-warning title=x}\n\nx\n\n:::", "Div{.callout-w"),
    "a callout that folds": (
        '::: {.callout-note title="x" collapse="true"}\n\nx\n\n:::',
        "Div{.callout-note title collapse}",
    ),
    "a callout without title": ("::: {.callout-note}\n- x\n:::", "Div{.callout-note}: a title="),
    "a title that is a list": (
        '::: {.callout-note title="2019. Effectifs"}\n\nx\n\n:::',
        'Div{.callout-note}: a title="…" that is there, and begins no list or other block',
    ),
    "another format": (
        '::: {.content-visible when-format="docx"}\n\nx\n\n:::',
        "Div{.content-visible when-format}: 'docx' is neither html nor typst",
    ),
    "a table with a label of its own": ("::: {#tbl-x}\n\nx\n\n:::", "Div{#tbl}"),
    "a table": ("| a |\n|---|\n| 1 |", "Table"),
    "a caption without label": ("| a |\n|---|\n| 1 |\n\n: Légende", "Table"),
    "a heading without identifier": ("## Section", "Header{#section}"),
    "a heading like a figure": ("## Fig principale", "Header{#fig}"),
    "a heading like the bibliography": ("## Refs utiles", "Header{#refs}"),
    "a second heading of level 1": (
        "# Autre {#sec-autre}",
        "heading 'Autre': one of level 1 comes first, and levels 2 and 3 follow",
    ),
    "a level that is left out": (
        "### Autre {#sec-autre}",
        "heading 'Autre': one of level 1 comes first, and levels 2 and 3 follow",
    ),
    "a number under no number": (
        "## Un {.unnumbered #sec-a}\n\n### Deux {#sec-b}",
        "heading 'Deux': a number under a heading that has none",
    ),
    "a call in a heading": ("## De `{python} 1` {#sec-a}", "## De `{python} 1` {#sec-a}"),
    "code in a heading": ("## De `x` {#sec-a}", "## De `x` {#sec-a}"),
    "a footnote": ("Un mot^[note].", "Note"),
    "a footnote that is nowhere": ("[^1]: rien", "[^1]: rien"),
    "an address that is nowhere": ("[x]: https://a.org", "[x]: https://a.org"),
    "a quotation": ("> Dit-il.", "BlockQuote"),
    "a rule": ("***", "HorizontalRule"),
    "a block of settings": ("---\ntitle: x\n---", "Metadata"),
    "indented code": ("    x", "CodeBlock"),
    "a broken line": ("Un\\\nDeux", "LineBreak"),
    "an exponent": ("m^2^", "Superscript"),
    "a box to tick": ("- [ ] À faire", "- [ ] À faire"),
    "letters in brackets": ("(a) Un", "TwoParens in OrderedList"),
    "an address by itself": ("<https://a.org>", "Link{.uri}"),
    "a list in a list": ("- a\n    - b", "BulletList in BulletList"),
    "a list of numbers from 3": ("3. a", "OrderedList: a list that begins elsewhere"),
    "a definition": ("a\n\n:   b", "DefinitionList"),
    "two citations at once": (
        "[@lien2019; @lien2019bis]",
        "Cite: one key in brackets, and nothing",
    ),
    "a page of a citation": (
        "[@lien2019, p. 3]",
        "Cite: one key in brackets, and nothing after it",
    ),
    "a reference in brackets": ("[-@fig-image]", "Cite: @fig-image stands without brackets"),
    "a reference that begins a sentence": ("@Fig-image", "Cite: @Fig-image"),
    "a reference to a formula": ("Voir @eq-x.", "Cite: @eq-x"),
    "a division that is not closed": ("::: {.dense}", "the division is not closed"),
    "the end of no division": (":::", "::: closes no division"),
    "a fence of a division that says nothing": ("::: dense", "::: dense"),
    "a cell that is not closed": ("```{python}", "the cell is not closed"),
    "a control character": ("Un\x1b[31m mot", "the character '\\x1b', which is none of a text"),
    "an end of line of another system": ("Un\r\nDeux", "the character '\\r', which is none of a"),
    "a mark of the order of bytes": (
        "\ufeffUn",
        "the character '\\ufeff', which is none of a text",
    ),
    "an unresolved reference": ("Voir @tbl-absent", "unresolved reference @tbl-absent"),
    "a citation of nothing": ("Voir [@personne]", "no @personne in the bibliography"),
    "a link to a source that is no chapter": (
        "[x](03-trois.qmd){.trace}",
        "03-trois.qmd is not a chapter of the book",
    ),
}
LINE = {"a number under no number": 10, "a cell that is not closed": 8}


@pytest.mark.parametrize("case", WRITTEN)
def test_a_chapter_may_not_have(
    case: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written, named = WRITTEN[case]
    path = project / CHAPTER
    text = path.read_text("utf-8").replace("Premier texte", f"{written}\n\nPremier texte")
    path.write_bytes(text.encode())
    said = refused(project, capsys)
    line, _, what = said.partition(": ")
    assert what.startswith(named)
    first = LINE.get(case, 8)
    assert first <= int(line) <= first + written.count("\n")


def test_a_chapter_is_utf_8(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / CHAPTER
    path.write_bytes(path.read_text("utf-8").replace("œ", "é").encode("latin-1"))
    assert refused(project, capsys) == "8: not UTF-8 (byte 0xe9)"


OPTIONS = {
    "another option": ("tbl-colwidths: [75, 25]", "fig-width: 7", "option fig-width: 7"),
    "a text without marks": ('"Une cellule"', "Une cellule", "option tbl-cap: Une cellule"),
    "a text of nothing": ('"Une cellule"', '" "', 'option tbl-cap: " "'),
    "a call in a caption": ("Une cellule", "De `{python} 1`", "option tbl-cap: "),
    "another word for false": ("include: false", "include: no", "option include: no"),
    "a label of another kind": ("label: tbl-", "label: lst-", "option label: lst-cellule"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_a_cell_may_not_have(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, named = OPTIONS[case]
    path = project / CHAPTER
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    _, cell, what = refused(project, capsys).split(": ", maxsplit=2)
    assert cell == "cell"
    assert what.startswith(named)
    assert what.endswith(" is not supported")


MISPLACED = {
    "an option after a space": (
        "#| include: false",
        "# | eval: false",
        "4: cell: # | eval: false is no option where it stands",
    ),
    "an option after the code": (
        "picture()",
        "picture()\n#| echo: false",
        "21: cell: #| echo: false is no option where it stands",
    ),
    "an option twice": (
        "#| include: false",
        "#| include: false\n#| include: false",
        "3: cell: option include stands there twice",
    ),
    "a label without caption": (
        '#| tbl-cap: "Une cellule"\n',
        "",
        "10: cell: options label and tbl-cap go together",
    ),
    "an image without description": (
        '#| fig-alt: "Un carré"\n',
        "",
        "19: cell: shows 1 image(s), and has no fig-alt",
    ),
    "a caption that is a list": (
        "Une cellule",
        "2019. Effectifs",
        "14: cell tbl-cellule: Div{#tbl tbl-colwidths}: the caption of tbl-cellule begins a list, "
        "or another block",
    ),
    "a caption that is a quotation": (
        "Une cellule",
        "> 70 ans",
        "14: cell tbl-cellule: Div{#tbl tbl-colwidths}: the caption of tbl-cellule begins a list, "
        "or another block",
    ),
    "widths of another number": (
        "[75, 25]",
        "[75, 25, 50]",
        "14: cell tbl-cellule: Div{#tbl tbl-colwidths}: 3 widths, 2 columns",
    ),
}


@pytest.mark.parametrize("case", MISPLACED)
def test_an_option_is_right(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, says = MISPLACED[case]
    path = project / CHAPTER
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert refused(project, capsys) == says


@pytest.mark.parametrize("caption", ["2019. Effectifs", "> 70 ans", "- Un rang", "", "Un\n\nDeux"])
def test_a_figure_has_one_paragraph_as_its_caption(
    caption: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / CHAPTER
    path.write_text(path.read_text("utf-8").replace("Une image", caption), "utf-8")
    line, _, what = refused(project, capsys).partition(": ")
    assert what.startswith("Div{#fig}: fig-image holds a cell, then one paragraph, its caption")
    assert 17 <= int(line) <= 27


WORDS = "| " + " | ".join(["anticonstitutionnellement"] * 9) + " |\\n" + "|---" * 9 + "|\\n| x |"
SHOWN = {
    "a heading": ('Table("# Titre")', "Header{#titre} in Div{.cell}"),
    "a label": ('Table("::: {#fig-a}\\nx\\n:::")', "Div{#fig} in Div{.cell}"),
    "a caption": ('Table("| a |\\n|---|\\n| 1 |\\n\\n: Légende")', "Table: a caption, a foot"),
    "HTML that loads": (
        'Table("``` {=html}\\n<p class=\\"a\\"><img src=\\"a.png\\"></p>\\n```")',
        'RawBlock: <img src="a.png">',
    ),
    "TeX": ('Table("``` {=latex}\\nx\\n```")', "RawBlock: latex"),
    "an image": ('Table("![](a.png)")', "Image in Picture"),
    "HTML that loads a script": (
        '__import__("IPython").display.HTML("<script src=x></script>")',
        "RawBlock: <script src=x>",
    ),
    "a formula": ('__import__("IPython").display.Math("x")', "shows text/latex"),
    "a colour of a terminal": ('print("\\x1b[31mx")', "shows the character '\\x1b'"),
    "a colour in Markdown": ('Table("\\x1b[31mx")', "shows the character '\\x1b'"),
    "a line of code for another page": ("print('x' * 73)", "CodeBlock{.cell-output}: a line of 73"),
    "heads that do not fit": (f'Table("{WORDS}")', "Table: heads of 243 characters beside one"),
    "an image without an alternative text": ("picture()", "shows 1 image(s), and has no fig-alt"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_a_cell_may_not_show(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, named = SHOWN[case]
    path = project / CHAPTER
    cell = f"```{{python}}\n{code}\n```\n\nPremier"
    path.write_text(path.read_text("utf-8").replace("Premier texte", cell), "utf-8")
    assert refused(project, capsys).startswith(f"9: cell: {named}")


def test_a_caption_stands_over_something(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / CHAPTER
    path.write_text(path.read_text("utf-8").replace('Table("|', 'table = Table("|'), "utf-8")
    assert refused(project, capsys) == "14: cell tbl-cellule: shows nothing under its caption"


def test_a_sentence_may_not_show_more(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / CHAPTER
    text = path.read_text("utf-8")
    path.write_text(text.replace("Premier texte", "`{python} Table('\"un\"')`"), "utf-8")
    assert refused(project, capsys) == "8: Quoted is not supported"
    path.write_text(text.replace("Premier texte", '`{python} Table("a\\n\\nb")`'), "utf-8")
    assert refused(project, capsys) == '8: Table("a\\n\\nb"): a value of several lines'


def test_the_letters_of_the_appendices_end(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"chapters/annexes/a{n}.qmd" for n in range(27)]
    for name in names:
        (project / name).write_text("# Une {#sec-" + Path(name).stem + "}\n", "utf-8")
    settings = project / "_quarto.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("chapters/annexes/annexe.qmd", ", ".join(names)), "utf-8")
    replaced = (project / "index.qmd").read_text("utf-8").replace("@sec-annexe", "@sec-a0")
    (project / "index.qmd").write_text(replaced, "utf-8")
    assert main(["--to", "html"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == "error: chapters/annexes/a26.qmd:1: the letters of the appendices end at Z"
