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
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.printed import read_table
from analysis.reconstruction.search import N_CLUSTERS, VARIABLES
from analysis.report.register import registered_as
from analysis.report.show.french import NBSP, Text, count, source_lines, told
from analysis.report.show.tables import Cell, Row, Statistic, Table, text_cell
from analysis.results import clusters
from analysis.survey import Group
from analysis.survey.labels import GROUPS, ROMAN
from analysis.survey.labels import VARIABLES as NAMES

_ID: dict[Group, str] = {"users": "taviu", "non_users": "tavin"}
_MEASURES = ("cla_mod", "mod_cla", "overall", "p_value", "v_test")
_HEADER = ("Cla/Mod", "Mod/Cla", "Global", "p.value", "v.test")
_DIGITS = 7
_BREAK = "\u200b"


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
    if not value or math.isinf(value):
        return 0
    digits, exponent = f"{abs(value):.{_DIGITS - 1}e}".split("e")
    significant = len(digits.replace(".", "").rstrip("0"))
    return max(0, significant - 1 - int(exponent))


def _statistics(group: Group) -> pd.DataFrame:
    """Give the listed statistics of a group; each has the line of its row in the annexe."""
    listed = read_table("statistics")
    return listed.loc[listed["group"] == group]


def _statistic(id_: str) -> Statistic:
    listed = read_table("statistics").set_index("id").loc[id_.upper()]
    group: Group = "users" if listed["group"] == "users" else "non_users"
    if listed["statistic"] == "chi2":
        p = clusters.independence(group, listed["variable"]).p_value
    else:
        place = int(listed["cluster"]), listed["variable"], listed["category"]
        row = clusters.row(group, *place)
        p = row.p_value if row else math.nan
    return Statistic(id_, p, listed["printed"], listed["line"])


registered_as(
    dict.fromkeys(read_table("statistics").query("group != ''")["id"].str.lower(), ()), _statistic
)


def _r_names(group: Group) -> dict[str, str]:
    """Find what the author called the variables in R."""
    coded = _statistics(group).set_index("line")["variable"]
    listed = read_table(f"{_ID[group]}_chi2")
    return {coded[row.line]: row.variable for row in listed.itertuples()}


def _printed(group: Group) -> dict[tuple[str, str, int], pd.Series]:
    """Find the printed rows by variable, category and cluster."""
    coded = _statistics(group).set_index("line")
    found = {}
    for _, row in read_table(_ID[group]).iterrows():
        first_line = row["line"].partition("-")[0]
        variable, category = coded.loc[first_line, ["variable", "category"]]
        found[variable, category, int(row["cluster"])] = row
    return found


def _measures(row: clusters.Row) -> tuple[float, ...]:
    return (
        100 * row.count / row.of_category,
        100 * row.count / row.of_cluster,
        100 * row.of_category / row.n,
        row.p_value,
        row.v_test,
    )


def _texts(rows: Sequence[clusters.Row]) -> list[tuple[str, ...]]:
    """Write the rows of a cluster as R does, each column with its own decimals."""
    columns = [r_column(column) for column in np.transpose([_measures(row) for row in rows])]
    return list(zip(*columns, strict=True))


def _listed(group: Group, cluster: int) -> list[clusters.Row]:
    """Give the rows of a cluster that R lists, or that the thesis prints, in R's order."""
    printed = _printed(group)
    return [
        row
        for row in clusters.described(group)
        if row.cluster == cluster
        and (row.is_significant or (row.variable, row.category, cluster) in printed)
    ]


def _cluster_rows(group: Group, cluster: int) -> list[Row]:
    printed, names = _printed(group), _r_names(group)
    own = _listed(group, cluster)
    rows = []
    for row, texts in zip(own, _texts(own), strict=True):
        found = printed.get((row.variable, row.category, cluster), pd.Series(dtype=str))
        cells = tuple(
            Cell(text, (value,), found.get(name, ""), found.get("line", ""))
            for name, text, value in zip(_MEASURES, texts, _measures(row), strict=True)
        )
        category = found.get("category", row.category)
        # A narrow column may break the name where R's own sign is.
        rows.append(Row.of(f"{names[row.variable]}={_BREAK}{category}", *cells))
    lines = "-".join(row["line"] for key, row in printed.items() if key[-1] == cluster).split("-")
    place = f"l.{NBSP}" + "–".join(sorted({lines[0], lines[-1]}))
    title = f"Classe {ROMAN[cluster - 1]}, {place}"
    return [Row(title, opens_group=True), *rows]


def _category_table(id_: str, group: Group) -> Table:
    """Print the clusters of a group as R does."""
    rows: list[Row] = []
    for cluster in range(1, N_CLUSTERS + 1):
        rows += _cluster_rows(group, cluster)
    return Table(id_, ("", *_HEADER), tuple(rows))


taviu, tavin = registered_as({id_: (group,) for group, id_ in _ID.items()}, _category_table)


def _test_table(group: Group) -> Table:
    names = _r_names(group)
    printed = read_table(f"{_ID[group]}_chi2").set_index("variable")
    tests = {name: clusters.independence(group, name) for name in VARIABLES[group]}
    by_p = sorted(tests, key=lambda name: tests[name].p_value)
    texts = r_column([tests[name].p_value for name in by_p])
    rows = []
    for name, text in zip(by_p, texts, strict=True):
        row = printed.loc[names[name]]
        cells = (
            Cell(text, (tests[name].p_value,), row["p_value"], row["line"]),
            text_cell(row["p_value"]),
            Cell(count(tests[name].df), (tests[name].df,), row["df"], row["line"]),
            text_cell(source_lines(row["line"])),
        )
        rows.append(Row.of(names[name], *cells))
    header = ("", "p.value", "p.value imprimé", "df", "Ligne")
    return Table(f"{_ID[group]}-tests", header, tuple(rows))


def taviu_tests() -> Table:
    """Print the tests of the users' variables as R does."""
    return _test_table("users")


def tavin_tests() -> Table:
    """Print the tests of the non-users' variables as R does."""
    return _test_table("non_users")


def glossary() -> Table:
    """Say what the author's names of the variables mean."""
    rows = []
    for group, title in GROUPS.items():
        rows.append(Row(title, opens_group=True))
        rows += [Row.of(name, NAMES[code]) for code, name in _r_names(group).items()]
    return Table("noms", ("Nom dans R", "Variable"), tuple(rows), align="left")


def numbers() -> dict[str, Text]:
    """Count the category rows that the annexe prints and that come out the same.

    Returns
    -------
    dict of str to Text
        ``same``, how many of them have the same characters in every cell.
    """
    same = 0
    for group in GROUPS:
        printed = _printed(group)
        for cluster in range(1, N_CLUSTERS + 1):
            own = _listed(group, cluster)
            for row, texts in zip(own, _texts(own), strict=True):
                found = printed.get((row.variable, row.category, cluster))
                same += found is not None and list(texts) == list(found[list(_MEASURES)])
    rows = sum(len(read_table(id_)) for id_ in _ID.values())
    one, several = "est rendue au caractère près", "sont rendues au caractère près"
    return {"same": told(same, rows, "lignes de modalités", one, several, feminine=True)}
