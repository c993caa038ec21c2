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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

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
Printed = Mapping[str, str]
"""A printed row: what stands in each column."""
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


def _statistic(id_: str) -> Statistic:
    listed = read_table("statistics").set_index("id").loc[id_.upper()]
    own = clusters.of("users" if listed["group"] == "users" else "non_users")
    if listed["statistic"] == "chi2":
        p = own.independence(listed["variable"]).p_value
    else:
        of_cluster = own.described[int(listed["cluster"])]
        row = of_cluster.get((listed["variable"], listed["category"]))
        p = row.p_value if row else math.nan
    return Statistic(id_, p, listed["printed"], listed["line"])


registered_as(
    dict.fromkeys(read_table("statistics").query("group != ''")["id"].str.lower(), ()), _statistic
)


def _coded(id_: str) -> Iterator[tuple[_Category, Printed]]:
    """Yield the rows of a table of the annexe, each with its variable and category in our codes."""
    coded = read_table("statistics").set_index("line")[["variable", "category"]]
    for row in read_table(id_).to_dict("records"):
        variable, category = coded.loc[row["line"].partition("-")[0]]
        yield (variable, category), row


def _r_names(group: Group) -> dict[str, str]:
    """Find what the author called the variables in R."""
    return {variable: row["variable"] for (variable, _), row in _coded(f"{_ID[group]}_chi2")}


def printed_rows(group: Group, cluster: int) -> dict[_Category, Printed]:
    """Find the printed rows of a cluster by variable and category."""
    return {place: row for place, row in _coded(_ID[group]) if row["cluster"] == str(cluster)}


def rows_of(
    group: Group, cluster: int, printed: Mapping[_Category, Printed]
) -> Iterator[tuple[_Category, clusters.Row, Printed]]:
    """Yield the rows of a cluster that R lists, or the thesis prints, in R's order, beside print.

    Yields
    ------
    tuple
        Variable and category, the computed row, and the printed one, empty where there is none.
    """
    for place, row in clusters.of(group).described[cluster].items():
        if row.is_significant or place in printed:
            yield place, row, printed.get(place, {})


def cells_of(row: clusters.Row, texts: Iterable[str], printed: Printed) -> tuple[Cell, ...]:
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


def _test_table(group: Group) -> Table:
    """Print the tests of the variables of a group as R does."""
    own, listed = clusters.of(group), _coded(f"{_ID[group]}_chi2")
    tests = [(own.independence(variable), row) for (variable, _), row in listed]
    tests.sort(key=lambda test: test[0].p_value)
    texts = r_column([found.p_value for found, _ in tests])
    rows = []
    for (found, row), text in zip(tests, texts, strict=True):
        p_value = Cell(text, (found.p_value,), row["p_value"], row["line"])
        df = count_cell(found.df, row["df"], row["line"])
        rows.append(Row.of(row["variable"], p_value, row["p_value"], df, source_lines(row["line"])))
    header = ("", "p.value", "p.value imprimé", "df", "Ligne")
    return Table(f"{_ID[group]}-tests", header, tuple(rows))


taviu_tests, tavin_tests = (partial(_test_table, group) for group in _ID)


def _category_table(id_: str, group: Group) -> Table:
    """Print the clusters of a group as R does, each column of each with its own decimals."""
    rows: list[Row] = []
    names = _r_names(group)
    for cluster, numeral in enumerate(ROMAN, start=1):
        printed = printed_rows(group, cluster)
        lines = "-".join(row["line"] for row in printed.values()).split("-")
        where = f"l.{NBSP}" + "–".join(sorted({lines[0], lines[-1]}))
        rows.append(Row(f"Classe {numeral}, {where}", opens_group=True))
        own = list(rows_of(group, cluster, printed))
        measures = [tuple(map(float, row.measures.values())) for _, row, _ in own]
        columns = map(r_column, zip(*measures, strict=True))
        for ((variable, category), row, found), texts in zip(
            own, zip(*columns, strict=True), strict=True
        ):
            # A narrow column may break the name where R's own sign is.
            label = f"{names[variable]}={_BREAK}{found.get('category', category)}"
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
