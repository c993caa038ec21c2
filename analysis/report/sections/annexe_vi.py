"""Annexe VI: the clusters as R describes them, printed as R prints them.

The thesis reproduces what R's FactoMineR wrote: for each group, the chi2 test of every variable
against the clusters, then, cluster by cluster, the categories whose share differs significantly
from that of the group.  The same numbers are computed here and written with R's digits, so that a
row can be compared with print character by character.

R formats a column with the fewest decimals that show every number of it to seven significant
digits.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.printed import read_table
from analysis.report.register import registered_as
from analysis.report.show.french import NBSP, Text, source_lines, told
from analysis.report.show.tables import Cell, Row, Statistic, Table, count_cell
from analysis.results import clusters
from analysis.survey import Group
from analysis.survey.labels import GROUPS, ROMAN
from analysis.survey.labels import VARIABLES as NAMES

_ID: dict[Group, str] = {"users": "taviu", "non_users": "tavin"}
_Category = tuple[str, str]
_DIGITS = 7
_BREAK = "\u200b"


def numbers() -> dict[str, Text]:
    """Count the category rows that the annexe prints and that come out the same.

    Returns
    -------
    dict of str to Text
        ``same``, how many of them have the same characters in every cell.
    """
    rows = [row for table in (taviu(), tavin()) for row in table.rows if row.cells]
    same = sum(all(cell.text == cell.printed for cell in row.cells) for row in rows)
    printed = sum(len(read_table(id_)) for id_ in _ID.values())
    one, several = "est rendue au caractère près", "sont rendues au caractère près"
    return {"same": told(same, printed, "lignes de modalités", one, several, feminine=True)}


# ---- what print has, in our codes --------------------------------------------------------------


def _statistics(group: Group) -> pd.DataFrame:
    """Give the statistics of a group by the line of their row in the annexe."""
    listed = read_table("statistics")
    return listed.loc[listed["group"] == group].set_index("line")


def _statistic(id_: str) -> Statistic:
    listed = read_table("statistics").set_index("id").loc[id_.upper()]
    group: Group = "users" if listed["group"] == "users" else "non_users"
    if listed["statistic"] == "chi2":
        p = clusters.of(group).independence(listed["variable"]).p_value
    else:
        place = int(listed["cluster"]), listed["variable"], listed["category"]
        row = clusters.of(group).described.get(place)
        p = row.p_value if row else math.nan
    return Statistic(id_, p, listed["printed"], listed["line"])


registered_as(
    dict.fromkeys(read_table("statistics").query("group != ''")["id"].str.lower(), ()), _statistic
)


def _r_names(group: Group) -> dict[str, str]:
    """Find what the author called the variables in R."""
    coded = _statistics(group)["variable"]
    listed = read_table(f"{_ID[group]}_chi2")
    return {coded[row.line]: row.variable for row in listed.itertuples()}


def printed_rows(group: Group, cluster: int) -> dict[_Category, pd.Series]:
    """Find the printed rows of a cluster by variable and category."""
    coded, listed = _statistics(group)[["variable", "category"]], read_table(_ID[group])
    return {
        tuple(coded.loc[row["line"].partition("-")[0]]): row
        for _, row in listed.loc[listed["cluster"] == str(cluster)].iterrows()
    }


def rows_of(
    group: Group, cluster: int, printed: Collection[_Category]
) -> dict[_Category, clusters.Row]:
    """Give the rows of a cluster that R lists, or that the thesis prints, in R's order."""
    return {
        (variable, category): row
        for (number, variable, category), row in clusters.of(group).described.items()
        if number == cluster and (row.is_significant or (variable, category) in printed)
    }


def cells_of(
    row: clusters.Row, texts: Iterable[str], printed: Mapping[str, str] | pd.Series
) -> tuple[Cell, ...]:
    """Set the measures of a row beside print, which may have none of them."""
    return tuple(
        Cell(text, (value,), printed.get(name, ""), printed.get("line", ""))
        for text, (name, value) in zip(texts, row.measures.items(), strict=True)
    )


# ---- the tables --------------------------------------------------------------------------------


def glossary() -> Table:
    """Say what the author's names of the variables mean."""
    rows = []
    for group, title in GROUPS.items():
        rows.append(Row(title, opens_group=True))
        rows += [Row.of(name, NAMES[code]) for code, name in _r_names(group).items()]
    return Table("noms", ("Nom dans R", "Variable"), tuple(rows), align="left")


def taviu_tests() -> Table:
    """Print the tests of the users' variables as R does."""
    return _test_table("users")


def tavin_tests() -> Table:
    """Print the tests of the non-users' variables as R does."""
    return _test_table("non_users")


def _test_table(group: Group) -> Table:
    names = _r_names(group)
    printed = read_table(f"{_ID[group]}_chi2").set_index("variable")
    tests = [(name, clusters.of(group).independence(code)) for code, name in names.items()]
    tests.sort(key=lambda test: test[1].p_value)
    texts = r_column([found.p_value for _, found in tests])
    rows = []
    for (name, found), text in zip(tests, texts, strict=True):
        row = printed.loc[name]
        p_value = Cell(text, (found.p_value,), row["p_value"], row["line"])
        df = count_cell(found.df, row["df"], row["line"])
        rows.append(Row.of(name, p_value, row["p_value"], df, source_lines(row["line"])))
    header = ("", "p.value", "p.value imprimé", "df", "Ligne")
    return Table(f"{_ID[group]}-tests", header, tuple(rows))


def _category_table(id_: str, group: Group) -> Table:
    """Print the clusters of a group as R does, each column of each with its own decimals."""
    rows: list[Row] = []
    names = _r_names(group)
    for cluster, numeral in enumerate(ROMAN, start=1):
        printed = printed_rows(group, cluster)
        lines = "-".join(row["line"] for row in printed.values()).split("-")
        place = f"l.{NBSP}" + "–".join(sorted({lines[0], lines[-1]}))
        rows.append(Row(f"Classe {numeral}, {place}", opens_group=True))
        own = rows_of(group, cluster, printed)
        measures = [tuple(map(float, row.measures.values())) for row in own.values()]
        columns = map(r_column, zip(*measures, strict=True))
        for (key, row), texts in zip(own.items(), zip(*columns, strict=True), strict=True):
            found = printed.get(key, {})
            # A narrow column may break the name where R's own sign is.
            label = f"{names[key[0]]}={_BREAK}{found.get('category', key[1])}"
            rows.append(Row.of(label, *cells_of(row, texts, found)))
    header = ("", "Cla/Mod", "Mod/Cla", "Global", "p.value", "v.test")
    return Table(id_, header, tuple(rows))


taviu, tavin = registered_as({id_: (group,) for group, id_ in _ID.items()}, _category_table)


def r_column(values: Sequence[float]) -> list[str]:
    """Write a column of numbers as R prints it, without powers of ten.

    Parameters
    ----------
    values : sequence of float

    Returns
    -------
    list of str
        With as many decimals as the number that needs most for seven significant digits.

    Examples
    --------
    >>> r_column([900 / 11, 75.0, 0.0])
    ['81.81818', '75.00000', '0.00000']
    >>> r_column([2.5, -math.inf])
    ['2.5', '-Inf']
    >>> r_column([100.0, 100.0])
    ['100', '100']
    """
    decimals = max(map(_decimals, values))
    return [f"{value:.{decimals}f}".replace("inf", "Inf") for value in values]


def _decimals(value: float) -> int:
    """Count the decimals that show a number to seven significant digits, zeros at its end cut."""
    text = np.format_float_positional(value, _DIGITS, unique=False, fractional=False, trim="-")
    return len(text.partition(".")[2])
