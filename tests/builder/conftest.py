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
csl: auteur-date.csl
filters: [filtre.lua, typographie.lua]
execute: {echo: true}
crossref: {chapters: true, title-delim: "\u00a0:"}
format:
  html: {number-depth: 3, toc-depth: 3, code-fold: true, css: book.css}
  these-typst: {toc-depth: 2, font-paths: assets/fonts}
""",
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
    "outil.py": """
class Table:
    def __init__(self, text): self.text = text
    def _repr_markdown_(self): return self.text
class Picture:
    def __init__(self, colour): self.colour = colour
    def _repr_mimebundle_(self, **_):
        shape = f'<rect width="900" height="60" fill="{self.colour}"/>'
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60">'
        return {"image/svg+xml": head + shape + "</svg>"}
def picture():
    return Picture("#0b6a85")
""",
    "index.qmd": """# Avant-propos {.unnumbered #sec-avant}

```{python}
#| include: false
from outil import Table
```

On lira le @tbl-sorties et l’@sec-annexe ; @tbl-avant vient avant.
Voir [là](chapters/02-deux.qmd){.trace}.

```{python}
#| label: tbl-avant
#| tbl-cap: "Avant tout"
#| echo: false
Table("| a | b |\\n|---|--:|\\n| x | 1 |")
```
""",
    "donnees/nombres.csv": "x,y\n1,2\n",
    "chapters/01-un.qmd": """# Premier {#sec-un}

```{python}
#| include: false
from outil import Table, picture
```

Premier texte [@lien2019], un œuf.

```{python}
#| label: tbl-cellule
#| tbl-cap: "Une cellule"
#| tbl-colwidths: [75, 25]
Table("| a | b |\\n|---|--:|\\n| x | 1 |\\n\\n::: {.verdict .verdict-match}\\nConforme.\\n:::")
```

::: {#fig-image}
```{python}
#| fig-alt: "Un carré"
picture()
```

Une image
:::
""",
    "chapters/02-deux.qmd": """# Deuxième {#sec-deux}

```{python}
#| include: false
from outil import Picture, Table
```

Le nombre est `{python} 6 * 7` ; la part, `{python} Table("**5 %**")` ; `{python} "deux * trois *"`.

## Section {#sec-section}

### Détail {#sec-detail}

Voir @fig-paire, @tbl-sorties, @sec-detail, @sec-un, @sec-annexe et @fig-image ; citer @lien2019bis.

::: {#fig-paire}
```{python}
#| fig-alt: "Une barre dite \\"longue\\""
Picture("#0b6a85")
```

Une paire
:::

```{python}
#| label: tbl-sorties
#| tbl-cap: "Un *tableau*"
Table("| c |\\n|---|\\n| y |")
```

```{python}
print("imprimé")
```

::: {.callout-important title="Attention"}
Attention au “rock ’n’ roll”.

- *Un* point
- [Ailleurs](https://example.org/a?b=c)
:::

1. Premier rang
2. Second rang

a. Lettre [voir, @lien2019]
b. [Other]{lang="en"} `lettre`

::: {.callout-tip title="Un *titre*"}
Conseil.
:::

::: {.callout-note title="Un rang"}
Note.
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

```{python}
#| include: false
from outil import Table
```

## Pièce {#sec-piece}

```{python}
#| label: tbl-annexe
#| tbl-cap: "En annexe"
Table("| d |\\n|---|\\n| z |")
```

Voir @tbl-annexe, @tbl-cellule et @sec-piece.
""",
}


def write(root: Path, sources: Mapping[str, str]) -> Path:
    """Write the files of a project at `root`, beside the repository's own fonts and template."""
    (root / "assets").mkdir()
    for name in ("_brand.yml", "_language.yml", "_extensions", "assets/fonts"):
        (root / name).symlink_to(ROOT / name)
    (root / "typographie.lua").symlink_to(ROOT / "assets/filters/typographie.lua")
    (root / "auteur-date.csl").symlink_to(ROOT / "assets/auteur-date.csl")
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
