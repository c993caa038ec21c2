"""One term for one thing, in the chapters and in the French of the data and the scripts.

What stands between French quotation marks is another's, and so are its words. The thesis has its
turn as well: no three sentences in a row open with it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import yaml

from analysis.documents import texts
from analysis.packages import read_package
from scripts.prose import ROOT, chapter_files, prose

TERMS = {
    r"catégories?": "modalité (d’une réponse) ou classe (de médecins)",
    r"clusters?": "classe",
    r"v[-‑ ]tests?|valeurs?[-‑]tests?": "v.test",
    r"impression": "l’imprimé",
    r"lignes (?:reconstituées|du livre|de ce livre)": "jeu reconstitué",
    r"tableaux? (?:reconstitués?|retrouvés?)": "jeu retrouvé",
}
"""What is not said, as a pattern without groups, and what is."""
MOST_IN_A_ROW = 2
_QUOTED = re.compile(r"«[^»]*»")
_CODE = re.compile(r"`[^`]*`")
_CAPTION = re.compile(r'^#\| (?:tbl-cap|fig-alt): "(.*)"$')
_BANNED = re.compile("|".join(rf"\b({pattern})\b" for pattern in TERMS), re.IGNORECASE)
_OPENING = re.compile(r"^(?:(?:[-*]|\w\.) |\*\*[^*]+\*\* )*La thèse\b")
_COLUMNS = {
    "errata": ("title", "reason", "consequence"),
    "claims": ("comment",),
    "readings": ("reading",),
}
_LITERAL = re.compile(r'"([^"\n]*)"|`([^`\n]*)`')
_DOCUMENTS = ("glossary.yml", "questionnaire.yml", "strobe.yml")


def faults(text: str) -> list[str]:
    """Name each term of a text that has another, and that one.

    Examples
    --------
    >>> faults("La catégorie I, que la thèse dit « catégorie ».")
    ['catégorie: modalité (d’une réponse) ou classe (de médecins)']
    >>> faults("Les v.test de la classe I.")
    []
    """
    said = list(TERMS.values())
    return [
        f"{found[0]}: {said[(found.lastindex or 0) - 1]}"
        for found in _BANNED.finditer(_QUOTED.sub("«»", text))
    ]


def in_a_row(sentences: list[str]) -> list[int]:
    """Give the places of the sentences that open as the two before them, with the thesis.

    Examples
    --------
    >>> in_a_row(["La thèse compte.", "La thèse conclut.", "**Le coût.** La thèse demande."])
    [2]
    """
    opens = [bool(_OPENING.match(sentence)) for sentence in sentences]
    return [
        place
        for place in range(MOST_IN_A_ROW, len(opens))
        if all(opens[place - MOST_IN_A_ROW : place + 1])
    ]


def _chapters() -> Iterator[tuple[str, str]]:
    for path in chapter_files():
        place = path.relative_to(ROOT)
        lines = list(prose(path))
        for number, line in lines:
            yield f"{place}:{number}", _CODE.sub("", line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            caption = _CAPTION.match(line)
            if caption:
                yield f"{place}:{number}", _CODE.sub("", caption[1])


def _data() -> Iterator[tuple[str, str]]:
    for name, columns in _COLUMNS.items():
        rows = read_package().resource(name).read()
        for column in columns:
            for number, cell in zip(rows.numbers, rows.columns[column], strict=True):
                yield f"data/{name}.csv, row {number}", cell
    for name in _DOCUMENTS:
        content = yaml.safe_load((ROOT / "data" / name).read_text(encoding="utf-8"))
        yield from ((f"data/{name}", text) for _, text in texts(content))


def _scripts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "assets").glob("*.js")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for parts in _LITERAL.findall(line):
                text = "".join(parts)
                if " " in text:  # Without one it is a name.
                    yield f"assets/{path.name}:{number}", text


def main() -> int:
    """Name each fault with its place; return the exit status."""
    found = [
        f"{place}: {fault}"
        for place, text in (*_chapters(), *_data(), *_scripts())
        for fault in faults(text)
    ]
    for path in chapter_files():
        lines = list(prose(path))
        found += [
            f"{path.relative_to(ROOT)}:{lines[place][0]}: a third sentence opens with « La thèse »"
            for place in in_a_row([line for _, line in lines])
        ]
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
