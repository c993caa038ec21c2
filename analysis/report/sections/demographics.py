"""Section IV.A: the doctors who answered, beside all those of the Hérault.

Each table sets the sample against the council's counts and tests them as the thesis did, by
Fisher's exact test on the two columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.printed import read_table
from analysis.report.labels import LEVELS, VARIABLES
from analysis.report.register import registered
from analysis.report.sections import council
from analysis.report.show import statistics
from analysis.report.show.figures import Figure, extent, key, sheet, write
from analysis.report.show.french import UNDEFINED, Text, decimal
from analysis.report.show.statistics import SIGNIFICANCE, Statistic, exact_p, fisher, statement
from analysis.report.show.tables import Cell, Row, Table, count_cell, counted_cell, percent_cell
from analysis.report.show.theme import WIDTH, Theme
from analysis.survey import tabulate

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


def sample_and_population(variable: str) -> pd.DataFrame:
    """Set the doctors who answered beside those of the Hérault.

    Parameters
    ----------
    variable : {"age", "practice", "place"}

    Returns
    -------
    DataFrame of int
        Columns ``sample`` and ``herault``, one row a category.
    """
    herault = council.doctors(variable)
    sample = tabulate(variable).reindex(herault.index, fill_value=0)
    return pd.DataFrame({"sample": sample, "herault": herault})


def within_population(variable: str) -> tuple[float, str]:
    """Test the sample against the doctors who are not in it.

    The printed test compares the sample with a population that contains it, as if the two were
    independent. Taking the sample out of the population makes the columns disjoint; the exact test
    is then that of a draw without replacement.

    Returns
    -------
    tuple of float, str
        p-value, and the name of the law that it comes from where it is not exact.
    """
    counts = sample_and_population(variable)
    # A reader's own table may have more doctors of a category than the department.
    others = (counts["herault"] - counts["sample"]).clip(lower=0)
    return exact_p(pd.DataFrame({"sample": counts["sample"], "others": others}))


def within_population_text(variable: str) -> Text:
    """Write the p-value of `within_population` as a French statement."""
    return statement(*within_population(variable))


def strength(variable: str) -> Text:
    """Write how strongly the sample differs from the doctors who are not in it."""
    counts = sample_and_population(variable)
    others = (counts["herault"] - counts["sample"]).clip(lower=0)
    return statistics.strength(pd.DataFrame({"sample": counts["sample"], "others": others}))


def changed_conclusions() -> Text:
    """Say whether testing against the doctors outside the sample changes a conclusion."""
    pairs = ((s1, "age"), (s2, "practice"), (s3, "place"))
    changed = any(
        (statistic().p < SIGNIFICANCE) != (within_population(variable)[0] < SIGNIFICANCE)
        for statistic, variable in pairs
    )
    return Text("une conclusion change" if changed else "les conclusions ne changent pas")


def _table(id_: str, variable: str, statistic: Statistic, population_share: bool) -> Table:
    counts = sample_and_population(variable)
    listed = read_table(id_).set_index("category")
    sample_total, herault_total = (int(counts[column].sum()) for column in counts)
    rows = []
    for category, (sample, herault) in counts.iterrows():
        printed = listed.loc[category]
        place = (
            counted_cell(
                *(herault, herault_total, printed["herault"], printed["line"]),
                decimals=1,
                from_print=True,
            )
            if population_share
            else count_cell(herault, printed["herault"], printed["line"], from_print=True)
        )
        share = () if population_share else (percent_cell(herault, herault_total, decimals=1),)
        rows.append(
            Row(
                LEVELS[variable][str(category)],
                (
                    count_cell(sample, printed["sample"], printed["line"]),
                    percent_cell(sample, sample_total, decimals=1),
                    place,
                    *share,
                ),
            )
        )
    totals = [count_cell(sample_total), percent_cell(1, 1, decimals=1), count_cell(herault_total)]
    if not population_share:
        totals.append(percent_cell(1, 1, decimals=1))
    rows.append(Row("Total", tuple(totals)))
    rows.append(
        Row(
            "Test exact de Fisher",
            (
                Cell(statistic.relation, (statistic.p,), statistic.printed, statistic.line),
                *[Cell("")] * (len(totals) - 1),
            ),
        )
    )
    herault_titles = ("Hérault, n (%)",) if population_share else ("Hérault, n", "Hérault, %")
    header = (VARIABLES[variable], "Échantillon, n", "Échantillon, %", *herault_titles)
    return Table(id_, header, tuple(rows))


@registered
def s1() -> Statistic:
    """Test the ages of the sample against those of the Hérault."""
    return fisher("s1", sample_and_population("age"))


@registered
def s2() -> Statistic:
    """Test the types of practice of the sample against those of the Hérault."""
    return fisher("s2", sample_and_population("practice"))


@registered
def s3() -> Statistic:
    """Test the places of practice of the sample against those of the Hérault."""
    return fisher("s3", sample_and_population("place"))


@registered
def ta1() -> Table:
    """Set the ages of the sample beside those of the Hérault."""
    return _table("ta1", "age", s1(), population_share=False)


@registered
def ta2() -> Table:
    """Set the types of practice of the sample beside those of the Hérault."""
    return _table("ta2", "practice", s2(), population_share=True)


@registered
def ta3() -> Table:
    """Set the places of practice of the sample beside those of the Hérault."""
    return _table("ta3", "place", s3(), population_share=False)


def _shares(variable: str) -> Figure:
    """Draw a pair of dots a category, the sample's share and the Hérault's, and what parts them."""

    def draw(canvas: Canvas, look: Theme) -> None:
        counts = sample_and_population(variable)
        everyone = counts.sum()
        shares = (100 * counts / everyone).fillna(0.0)
        names = [LEVELS[variable][str(level)] for level in shares.index]
        styles: dict[str, dict[str, Any]] = {
            "herault": {"marker": "D", "color": look.paper, "mec": look.muted, "mew": 1.6, "ms": 7},
            "sample": {"marker": "o", "color": look.users, "ms": 8},
        }
        axes = sheet(canvas)
        entries = [
            ("échantillon", "mark", styles["sample"]),
            ("Hérault", "mark", styles["herault"]),
        ]
        write(axes, 0, 9, "% des médecins", look.muted)
        key(axes, 9, entries, look, left=WIDTH - 165)
        left = max(map(extent, names)) + 44
        scale = (WIDTH - left - 36) / (shares.to_numpy().max() or 1)
        for place, (name, (sample, herault)) in enumerate(
            zip(names, shares.itertuples(index=False), strict=True)
        ):
            y = _TOP + place * _PITCH
            write(axes, 0, y, name, look.ink)
            ends = [left + scale * share for share in (sample, herault)]
            axes.plot(ends, [y, y], color=look.rule, lw=3)
            ahead = 1 if sample >= herault else -1
            for column, value, x, side, colour in (
                ("herault", herault, ends[1], -ahead, look.muted),
                ("sample", sample, ends[0], ahead, look.users),
            ):
                axes.plot(x, y, **styles[column])
                text = decimal(value, 1) if everyone[column] else UNDEFINED
                write(axes, x + 9 * side, y, text, colour, ha="left" if side > 0 else "right")

    return Figure(
        _FIGURES[variable], draw, _TOP + _PITCH * (len(sample_and_population(variable)) - 0.4)
    )


_FIGURES = {"age": "f1", "practice": "f2", "place": "f3"}
_TOP, _PITCH = 38, 27


@registered
def f1() -> Figure:
    """Draw the ages of the sample and of the Hérault."""
    return _shares("age")


@registered
def f2() -> Figure:
    """Draw the types of practice of the sample and of the Hérault."""
    return _shares("practice")


@registered
def f3() -> Figure:
    """Draw the places of practice of the sample and of the Hérault."""
    return _shares("place")
