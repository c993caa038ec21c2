"""A book of four chapters and an appendix, built once for the tests that only look at it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from builder.__main__ import main

ROOT = Path(__file__).parents[2]

SOURCES = {
    "_quarto.yml": """
project: {resources: [/donnees/*.csv]}
lang: fr
brand: _brand.yml
book:
  title: "Un petit livre"
  author: "Une équipe"
  date: 2026-11-21
  language: _language.yml
  output-file: livre
  page-footer: {left: "Texte CC BY 4.0"}
  chapters:
    - index.qmd
    - chapters/01-un.qmd
    - part: "Résultats"
      chapters: [chapters/02-deux.qmd]
    - chapters/references.qmd
  appendices: [chapters/annexes/annexe.qmd]
bibliography: references.bib
filters: [filtre.lua, absent.lua]
execute: {echo: true}
format:
  html: {number-depth: 3, toc-depth: 3, code-fold: true, css: book.css}
  these-typst: {toc-depth: 2, font-paths: assets/fonts}
""",
    "_language.yml": "crossref-tbl-prefix: tableau",
    "book.css": ".verdict { color: inherit; }",
    "filtre.lua": """
function Str(text)
  if FORMAT:match("html") or FORMAT:match("typst") then
    return pandoc.Str((text.text:gsub("œuf", "ŒUF")))
  end
end
""",
    "references.bib": """
@article{lien2019, author={Lien, Anne}, title={Un}, journal={Revue}, year={2019}}
@article{lien2019bis, author={Lien, Anne}, title={Deux}, journal={Revue}, year={2019}}
""",
    "index.qmd": """# Avant-propos {.unnumbered}

On lira le @tbl-sorties et l’@sec-annexe ; @tbl-avant vient avant. Voir [là](chapters/02-deux.qmd).

| a | b |
|---|--:|
| x | 1 |

: Avant tout {#tbl-avant}
""",
    "donnees/nombres.csv": "x,y\n1,2\n",
    "chapters/_commun.md": """```{python}
#| include: false
class Table:
    def __init__(self, text): self.text = text
    def _repr_markdown_(self): return self.text
class Picture:
    def __init__(self, colour): self.colour = colour
    def _repr_mimebundle_(self, **_):
        shape = f'<rect width="900" height="60" fill="{self.colour}"/>'
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60">'
        return {"image/svg+xml": head + shape + "</svg>"}
```
""",
    "chapters/01-un.qmd": """# Premier {#sec-un}

{{< include _commun.md >}}

Premier texte [@lien2019], un œuf.

```{python}
#| label: tbl-cellule
#| tbl-cap: "Une cellule"
#| tbl-colwidths: [75, 25]
Table("| a | b |\\n|---|--:|\\n| x | 1 |\\n\\n::: {.verdict}\\nConforme.\\n:::")
```

![Une image](../image.svg){#fig-image fig-alt="Un carré"}
""",
    "chapters/02-deux.qmd": """# Deuxième {#sec-deux}

{{< include _commun.md >}}

Le nombre est `{python} 6 * 7` ; la part, `{python} Table("**5 %**")` ; `{python} "deux * trois *"`.

## Section {#sec-section}

### Détail {#sec-detail}

Voir @fig-paire, [-@fig-paire], [@fig-paire; @tbl-sorties], @Tbl-sorties, [Tab. @tbl-cellule],
@sec-detail, @sec-un, @sec-annexe et @fig-image ; citer @lien2019bis.

```{python}
#| label: fig-paire
#| fig-cap: "Une paire"
#| fig-alt: "Une barre dite \\"longue\\""
#| renderings: [light, dark]
display(Picture("#0b6a85"))
display(Picture("#5cc0dc"))
```

::: {#tbl-sorties}

| c |
|---|
| y |

Un tableau en division
:::

```{python}
print("imprimé")
```

::: {.callout-caution collapse="true"}
Attention à ceci.
:::

::: {.callout-tip title="Un *titre*"}
Conseil.
:::

::: {.content-visible when-format="html"}
Pour l’écran.
:::

::: {.content-visible when-format="typst"}
Pour le papier.
:::
""",
    "chapters/references.qmd": "# Références {.unnumbered}\n\n::: {#refs}\n:::\n",
    "chapters/annexes/annexe.qmd": """# Courrier {#sec-annexe}

## Pièce {#sec-piece}

| d |
|---|
| z |

: En annexe {#tbl-annexe}

Voir @tbl-annexe, @tbl-cellule et @sec-piece.
""",
    "image.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"></svg>',
}


def write(root: Path, sources: Mapping[str, str]) -> Path:
    """Write the files of a project at `root`, beside the repository's own fonts and template."""
    (root / "assets").mkdir()
    for name in ("_brand.yml", "_extensions", "assets/fonts"):
        (root / name).symlink_to(ROOT / name)
    for name, text in sources.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the root of a fresh copy of the book, as the current directory."""
    monkeypatch.chdir(write(tmp_path, SOURCES))
    return tmp_path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the whole book, built once in both formats."""
    root = write(tmp_path_factory.mktemp("livre"), SOURCES)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main([]) == 0
    shutil.copytree(root / "_book", root / "kept")
    return root / "_book"
