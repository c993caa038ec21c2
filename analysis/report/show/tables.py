"""Tables of the report: computed cells, each beside what the thesis prints there.

A cell holds the numbers that it shows and what the thesis prints there; each pair of them is a
check (`analysis.results.outcomes`). A list of checks is summed up by a mark, the small line under
each table which says whether the table equals what is printed and, where it does not, what is
printed. A statistic is a p-value that a sentence or a cell shows.

A table is written once, as a Markdown pipe table, which both roads to the pages turn into HTML and
into Typst. Its mark follows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.printed import Claim, Verdict, parse_all, read_table
from analysis.reconstruction.basis import Atom, RestsOn
from analysis.report.provenance import atoms_of, claim_at, traced
from analysis.report.show.french import (
    NBSP,
    UNDEFINED,
    Text,
    count,
    decimal,
    p_value,
    percent,
    share,
    small_p_value,
    statement,
)
from analysis.results.outcomes import Number, Outcome
from analysis.statistics.contingency import TooLargeError, chi2, cramers_v, fisher_exact


def computed_text(check: Outcome) -> str:
    """Write what was computed, in French with the printed precision."""
    value, printed = check.number, check.printed
    sign = NBSP + "%" if printed.is_percent else ""
    if value is None:
        return UNDEFINED
    if isinstance(value, int) and printed.decimals == 0:
        return count(value) + sign
    if printed.text[0] in "=<>≤≥":  # Print sets a sign before a p-value only.
        return small_p_value(float(value))
    return decimal(value, max(printed.decimals, 1)) + sign


def mark(checks: Iterable[Outcome]) -> str:
    """Write the mark that stands under a table, as Markdown.

    Parameters
    ----------
    checks : iterable of Outcome

    Returns
    -------
    str
        A fenced division of class ``verdict``; empty where there is nothing to compare.
    """
    found = tuple(checks)
    if not found:
        return ""
    by_verdict = {
        verdict: [check for check in found if check.verdict is verdict] for verdict in Verdict
    }
    n_imposed = sum(check.rests_on is RestsOn.IMPOSED for check in found)
    end = _imposed(n_imposed, len(found))
    if len(by_verdict[Verdict.MATCH]) == len(found):
        # What was imposed cannot but agree: that it does is no success.
        sign = "•" if n_imposed == len(found) else "✓"
        same = f"Les {count(len(found))} nombres comparés à la thèse sont identiques"
        if len(found) == 1:
            same = "Le nombre comparé à la thèse est identique"
        return _division("match", [f"{sign} {same}{end}."])
    apart = by_verdict[Verdict.DISCREPANCY]
    kind, sign = ("discrepancy", "✗") if apart else ("rounding", "≈")
    counted = ", ".join(
        _plural(len(alike), *_COUNTED[verdict])
        for verdict, alike in by_verdict.items()
        if alike or verdict is Verdict.MATCH
    )
    head = _plural(len(found), "nombre comparé", "nombres comparés")
    lines = [f"{sign} {head} à la thèse : {counted}{end}."]
    return _division(kind, lines + _explain(apart) + _explain(by_verdict[Verdict.ROUNDING]))


_MANY = 12
"""A table of a reader's own answers may differ everywhere: so many differences are told."""
_COUNTED: dict[Verdict, tuple[str, str]] = {
    Verdict.MATCH: ("identique", "identiques"),
    Verdict.ROUNDING: ("à l’arrondi près", "à l’arrondi près"),
    Verdict.DISCREPANCY: ("différent", "différents"),
    Verdict.UNSETTLED: ("non tranché", "non tranchés"),
    Verdict.NOT_RECOMPUTABLE: ("sans réponse dont le calculer", "sans réponse dont les calculer"),
}


def _division(kind: str, lines: list[str]) -> str:
    return f"::: {{.verdict .verdict-{kind}}}\n" + "\n\n".join(lines) + "\n:::\n"


def _imposed(number: int, total: int) -> str:
    if not number:
        return ""
    if number < total:
        who = f"{count(number)} d’entre eux {'est' if number == 1 else 'sont'}"
    else:
        who = "tous sont" if total > 1 else "il est"
    ends = "s" if number > 1 else ""
    follows = "s’en déduisent" if number > 1 else "s’en déduit"
    return f" ; {who} imposé{ends} à la reconstitution, ou {follows}"


def _plural(number: int, one: str, many: str) -> str:
    return f"{count(number)} {one if number < 2 else many}"


def _explain(checks: list[Outcome]) -> list[str]:
    """Say what is printed and what is computed, once for the same pair of numbers."""
    alike: dict[tuple[str, str], list[Claim]] = {}
    for check in checks:
        alike.setdefault((check.claim.printed, computed_text(check)), []).append(check.claim)
    said = [
        f"{' ; '.join(f'*{claim.comment}*' for claim in group)} : la thèse imprime « {printed} » "
        f"(l. {', '.join(dict.fromkeys(claim.line.replace('-', '–') for claim in group))}), "
        f"le calcul donne {computed}."
        for (printed, computed), group in alike.items()
    ]
    more = [f"Et {_plural(len(said) - _MANY, 'autre', 'autres')}, au registre."]
    return said if len(said) <= _MANY else said[:_MANY] + more


# ---- statistics --------------------------------------------------------------------------------

SIGNIFICANCE = 0.05
"""The thesis's level."""


def exact_p(table: pd.DataFrame) -> tuple[float, str]:
    """Test a cross-table exactly, or by chi-square where it is too large to be enumerated.

    The thesis's own tables are far from that size; a reader's may have thousands of doctors.

    Parameters
    ----------
    table : DataFrame of int, shape (r, c)

    Returns
    -------
    tuple of float, str
        The p-value, and the name of the law that it comes from where it is not exact.
    """
    try:
        return fisher_exact(table.to_numpy()), ""
    except TooLargeError:
        return chi2(table.to_numpy()).p_value, "khi-deux"


def strength(table: pd.DataFrame) -> Text:
    """Write Cramér's V of a cross-table and its interval at 95 %, in French.

    Parameters
    ----------
    table : DataFrame of int, shape (r, c)

    Examples
    --------
    >>> strength(pd.DataFrame([[47, 41], [6, 0], [2, 4]])).replace(chr(160), " ")
    'V de Cramér 0,25 ; de 0,00 à 0,43'
    """
    found = cramers_v(table.to_numpy())
    if found is None:
        return UNDEFINED
    own, low, high = (decimal(value, 2) for value in (found.estimate, found.low, found.high))
    return Text(f"V de Cramér {own}{NBSP}; de {low} à {high}")


@dataclass(frozen=True)
class Statistic:
    """A regenerated test.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    p : float
        The p-value; NaN where nobody of the rows in use has the category to be tested.
    printed : str
        The p-value as printed.
    line : str
        Its source line.
    approximation : str
        Name of the law that the p-value comes from, where it is not exact.
    """

    id: str
    p: float
    printed: str
    line: str
    approximation: str = ""

    @property
    def cell(self) -> Cell:
        """The test as a cell of a table."""
        return Cell(self.relation, (self.p,), self.printed, self.line)

    @property
    def checks(self) -> tuple[Outcome, ...]:
        """The comparison with print."""
        titles = read_table("inventory").set_index("id")["title"]
        own = Cell("", (self.p,), self.printed, self.line)
        return own.checks(titles[self.id.upper()], atoms_of(self.id))

    @property
    def text(self) -> Text:
        """The p-value in French."""
        return self._traced(p_value(self.p))

    @property
    def relation(self) -> Text:
        """The p-value as a French statement."""
        return self._traced(statement(self.p, self.approximation))

    def _traced(self, text: Text) -> Text:
        return traced(text, claim_at(self.line, self.printed, self.id))

    def says(self, significant: str, otherwise: str) -> Text:
        """Choose the words of a sentence by whether the test is significant.

        Examples
        --------
        >>> Statistic("s5", 0.0357, "0,0357", "651").says("diffèrent", "ne diffèrent pas")
        'diffèrent'
        """
        return Text(significant if self.p < SIGNIFICANCE else otherwise)


def fisher(id_: str, table: pd.DataFrame) -> Statistic:
    """Test a cross-table by `exact_p`, and find what the thesis prints for it.

    Parameters
    ----------
    id_ : str
        Id of the statistic, in lower case.
    table : DataFrame of int, shape (r, c)

    Returns
    -------
    Statistic
    """
    listed = read_table("statistics").set_index("id").loc[id_.upper()]
    p, approximation = exact_p(table)
    return Statistic(id_, p, listed["printed"], listed["line"], approximation)


# ---- cells and tables --------------------------------------------------------------------------


_DAGGER = "\u202f†"


@dataclass(frozen=True)
class Cell:
    """A cell: what is shown, the numbers behind it, and what the thesis prints there.

    Parameters
    ----------
    text : str
        Shown text, in French.
    values : tuple of numbers
        The computed numbers shown, one for each that is printed; None where there is nothing to
        compute from. One that is not finite is compared with nothing either: the v.test of a
        p-value too small for a float has no digits.
    printed : str
        The printed cell; empty where the thesis prints nothing.
    line : str
        Source lines of the printed cell.
    from_print : bool
        Whether no answer is in the numbers.
    """

    text: str = ""
    values: tuple[Number | None, ...] = ()
    printed: str = ""
    line: str = ""
    from_print: bool = False

    def of_print(self) -> Cell:
        """Give the cell of numbers that are computed from print and the council's figures only."""
        return replace(self, from_print=True)

    def checks(self, place: str = "", atoms: frozenset[Atom] = frozenset()) -> tuple[Outcome, ...]:
        """Compare the cell with print, number by number; nothing where the thesis prints nothing.

        Parameters
        ----------
        place : str
            Where the cell stands, in French: row, column.
        atoms : frozenset of Atom
            What its table asks of the answers: the agreement of what was imposed proves nothing.

        Raises
        ------
        ValueError
            If the thesis does not print as many numbers there as were computed.
        """
        numbers = parse_all(self.printed) if self.printed else ()
        if numbers and len(numbers) != len(self.values):
            raise ValueError(
                f"line {self.line}: {self.printed!r} prints {len(numbers)} numbers, "
                f"{len(self.values)} were computed"
            )
        asked: frozenset[Atom] = frozenset() if self.from_print else atoms
        return tuple(
            Outcome(Claim.of_print(number.text, self.line, place), _finite(value), asked)
            for number, value in zip(numbers, self.values, strict=False)
        )


def _finite(value: Number | None) -> Number | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def count_cell(value: int, printed: str = "", line: str = "") -> Cell:
    """Make a cell that shows a count.

    Examples
    --------
    >>> count_cell(17, "17", "454").text
    '17'
    """
    return Cell(count(value), (value,), printed, line)


def percent_cell(
    part: int, whole: int, printed: str = "", line: str = "", decimals: int = 2
) -> Cell:
    """Make a cell that shows the share of a part in a whole.

    Examples
    --------
    >>> percent_cell(22, 55).text.replace(chr(160), " ")
    '40,00 %'
    """
    return Cell(percent(part, whole, decimals), (share(part, whole),), printed, line)


def counted_cell(
    part: int, whole: int, printed: str = "", line: str = "", decimals: int = 2
) -> Cell:
    """Make a cell that shows a count and its share, as ``47 (53,41)``.

    Examples
    --------
    >>> counted_cell(47, 88).text.replace(chr(160), " ")
    '47 (53,41)'
    """
    value = share(part, whole)
    text = f"{count(part)}{NBSP}({UNDEFINED if value is None else decimal(value, decimals)})"
    return Cell(text, (part, value), printed, line)


@dataclass(frozen=True)
class Row:
    """A row: its label and its cells; the row that opens a group may have no cells.

    Parameters
    ----------
    label : str
    cells : tuple of Cell
    opens_group : bool
        Whether the rows that follow belong under it.
    """

    label: str
    cells: tuple[Cell, ...] = ()
    opens_group: bool = False

    @classmethod
    def of(cls, label: str, *cells: Cell | str) -> Row:
        """Make a row of cells, and of texts without a number."""
        return cls(label, tuple(Cell(each) if isinstance(each, str) else each for each in cells))


@dataclass(frozen=True)
class Table:
    """A regenerated table.

    Parameters
    ----------
    id : str
        Id of the inventory, in lower case.
    header : tuple of str
        Column titles; the first stands over the labels.
    rows : tuple of Row
    note : str
        A sentence under the table, in Markdown.
    align : {"right", "left"}
        How the cells stand: numbers to the right, sentences to the left.

    Notes
    -----
    A notebook shows a table through `_repr_markdown_`.
    """

    id: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    align: Literal["right", "left"] = "right"

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.cells and len(row.cells) != len(self.header) - 1:
                raise ValueError(
                    f"table {self.id}, row {row.label!r}: {len(row.cells)} cells, "
                    f"{len(self.header) - 1} expected"
                )

    def placed(self) -> Iterator[tuple[str, str, str, Cell]]:
        """Yield every cell with its group, its row and its column."""
        group = ""
        for row in self.rows:
            if row.opens_group:
                group = row.label
            for title, cell in zip(self.header[1:], row.cells, strict=False):
                yield group, "" if row.opens_group else row.label, title, cell

    def compare(self, cell: Cell, place: str = "") -> tuple[Outcome, ...]:
        """Compare a cell with print; it asks of the answers what the table does."""
        return cell.checks(place, atoms_of(self.id))

    @property
    def checks(self) -> tuple[Outcome, ...]:
        """Every comparison with print, row by row."""
        found: list[Outcome] = []
        for group, label, title, cell in self.placed():
            place = (group.split(",")[0], label, title.split(" (")[0])
            found += self.compare(cell, ", ".join(filter(None, place)))
        return tuple(found)

    def to_markdown(self) -> str:
        """Write the table and its mark in Pandoc's Markdown."""
        body = [self._cells(row) for row in self.rows]
        widths = [
            max(3, *map(len, title.split()), *(len(line[column]) for line in body))
            for column, title in enumerate(self.header)
        ]
        cells = "{}:" if self.align == "right" else ":{}"
        rule = [":" + "-" * widths[0]] + [cells.format("-" * width) for width in widths[1:]]
        lines = [_pipe(self.header), _pipe(rule), *(_pipe(line) for line in body)]
        blocks = ["\n".join(lines)]
        if self.note:
            blocks.append(f"::: {{.note-table}}\n{self.note}\n:::")
        blocks.append(mark(self.checks))
        return "\n\n".join(block for block in blocks if block)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _cells(self, row: Row) -> list[str]:
        label = _escape(row.label)
        cells = row.cells or (Cell(),) * (len(self.header) - 1)
        shown = [_escape(cell.text) + self._flag(cell) for cell in cells]
        return [f"**{label}**" if row.opens_group else label, *shown]

    def _flag(self, cell: Cell) -> str:
        apart = any(each.verdict is Verdict.DISCREPANCY for each in self.compare(cell))
        return _DAGGER if apart else ""


def _pipe(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escape(text: str) -> str:
    return text.replace("<", "\\<").replace("|", "\\|").replace("_", "\\_")
