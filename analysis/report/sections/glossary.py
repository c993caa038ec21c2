"""The glossary: the acronyms of the book, in the order of a French dictionary.

French sorts by the letters first: case, accents, apostrophes and hyphens only part what is left
equal (ISO/IEC 14651, French tailoring, of which this is the part that a glossary needs).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from analysis import paths
from analysis.documents import Document, read_document
from analysis.files import Fault, refuse
from analysis.printed.sections import fault_of_lines
from analysis.report.show.tables import Row, Table, text_cell

_ACRONYM = re.compile(r"(?<![\w-])[A-ZÀ-Þ](?:[A-ZÀ-Þ0-9]|’(?=[A-ZÀ-Þ]{2}))+[a-z]?(?![\w])")
_ROMAN = re.compile(r"[IVXLC]+")
_IDENTIFIER = re.compile(r"(?:[A-Z]{1,2}\d+|T[A-Z]+\d?)")


@dataclass(frozen=True)
class Term:
    """An acronym.

    Parameters
    ----------
    term, expansion, meaning : str
        The letters, what they stand for, and what it is.
    line : str
        A source line where the thesis uses it; empty for a term of the edition.
    language : str
        Language of the expansion; empty for French.
    """

    term: str
    expansion: str
    meaning: str
    line: str = ""
    language: str = ""

    @property
    def marked(self) -> str:
        """The expansion, with its language where it is not French."""
        return f'[{self.expansion}]{{lang="{self.language}"}}' if self.language else self.expansion


def collation(word: str) -> tuple[str, str]:
    """Give the key by which a word is sorted.

    Examples
    --------
    >>> sorted(["CPS", "e-CPS", "EHPAD", "CNAMTS", "CNAM", "École", "ECG"], key=collation)
    ['CNAM', 'CNAMTS', 'CPS', 'ECG', 'École', 'e-CPS', 'EHPAD']
    """
    plain = unicodedata.normalize("NFD", word)
    letters = "".join(each for each in plain if each.isalnum()).casefold()
    return letters, plain


@cache
def terms() -> tuple[Term, ...]:
    """Read the terms, sorted.

    Raises
    ------
    InputError
        If the glossary has a fault, or a term twice.
    """
    document = read_document(paths.GLOSSARY, paths.SCHEMAS / "glossary.schema.json")
    refuse(_faults(document))
    found = [Term(**entry) for entry in document.data["terms"]]
    return tuple(sorted(found, key=lambda each: collation(each.term)))


def _faults(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, entry in enumerate(document.data["terms"]):
        if entry["term"] in seen:
            yield document.fault("the term has an entry already", "terms", place, "term")
        seen.add(entry["term"])
        rule = fault_of_lines(entry["line"]) if "line" in entry else ""
        if rule:
            yield document.fault(rule, "terms", place, "line")


def acronyms(text: str) -> list[str]:
    """Find the acronyms of a text; Roman numerals and ids of the inventory are none.

    Examples
    --------
    >>> acronyms("Le DMP (annexe IV, figure F31) passe par une CPS ; HOP’EN aussi, et le DMPe.")
    ['DMP', 'CPS', 'HOP’EN', 'DMPe']
    """
    return [
        word
        for word in _ACRONYM.findall(text)
        if not _ROMAN.fullmatch(word) and not _IDENTIFIER.fullmatch(word)
    ]


def glossary_table() -> Table:
    """Set out the glossary."""
    rows = [Row(each.term, (text_cell(each.marked), text_cell(each.meaning))) for each in terms()]
    return Table("glossaire", ("Sigle", "Développement", "Sens"), tuple(rows), align="left")
