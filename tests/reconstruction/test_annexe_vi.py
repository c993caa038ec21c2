"""Annexe VI, printed again: by R's FactoMineR, and by this package, on the rebuilt rows.

The fixture is what `tests/reference/annexe_vi.R` writes: R's MCA and HCPC with their defaults, and
their numbers both in full and as R prints them.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.paths import RESPONDENTS
from analysis.printed import Verdict, compare, read_table
from analysis.reconstruction.search import VARIABLES
from analysis.statistics import hcpc, mca
from analysis.statistics.catdes import Catdes, describe
from analysis.statistics.hcpc import HCPC
from analysis.survey import GROUPS as USES_DMP

FIXTURE = Path(__file__).parents[1] / "reference" / "annexe_vi.json"
GROUPS = ["users", "non_users"]
TABLES = {"users": "taviu", "non_users": "tavin"}
MEASURES = ["cla_mod", "mod_cla", "overall", "p_value", "v_test"]
NAMES = {
    "age": "AGE",
    "practice_type": "TYPE_EXERCICE",
    "purpose": "USAGE",
    "frequency": "FREQUENCE",
    "barrier_1": "Frein1",
    "barrier_2": "Frein2",
}
SIGNIFICANT = 12


def category_name(variable: str, category: str) -> str:
    """Drop what is no part of the code: R's own prefix, and the space in "seul _liberal"."""
    return category.replace(" ", "").removeprefix(f"{variable}_")


@dataclass(frozen=True)
class Annexe:
    """The annexe of a group: as printed, as R computes it, as this package does."""

    group: str
    by_r: dict[str, Any]
    rows: pd.DataFrame
    clustering: HCPC
    description: Catdes

    @property
    def printed(self) -> pd.DataFrame:
        """The categories as printed."""
        return read_table(TABLES[self.group])

    @property
    def printed_tests(self) -> pd.DataFrame:
        """The chi2 tests as printed."""
        return read_table(f"{TABLES[self.group]}_chi2")

    @property
    def printed_order(self) -> list[tuple[int, str, str]]:
        """Cluster, variable and category of each printed row."""
        return [
            (int(row.cluster), row.variable, category_name(row.variable, row.category))
            for row in self.printed.itertuples()
        ]


def respondents(group: str) -> pd.DataFrame:
    rows = pd.read_csv(RESPONDENTS, dtype=str, keep_default_na=False)
    rows = rows[rows["uses_dmp"] == USES_DMP[group]]
    return rows.astype({"cluster": int}).reset_index(drop=True)


@pytest.fixture(scope="module", params=GROUPS)
def annexe(request) -> Annexe:
    group = request.param
    rows = respondents(group)
    answers = rows[list(VARIABLES[group])]
    clustering = hcpc.fit(answers)
    return Annexe(
        group,
        json.loads(FIXTURE.read_text(encoding="utf-8"))[group],
        rows,
        clustering,
        describe(answers, clustering.clusters),
    )


def significant(value: str | float, digits: int) -> str:
    return f"{Decimal(value):.{digits - 1}e}"


def digits_of(printed: str) -> int:
    return len(Decimal(printed).as_tuple().digits)


def test_the_annexe_has_42_rows_and_8_tests():
    assert sum(len(read_table(table)) for table in TABLES.values()) == 42
    assert sum(len(read_table(f"{table}_chi2")) for table in TABLES.values()) == 8


def test_r_was_given_the_rows_of_the_report(annexe):
    assert annexe.by_r["answers"] == annexe.rows[list(VARIABLES[annexe.group])].to_numpy().tolist()


def test_r_puts_every_doctor_in_the_printed_cluster(annexe):
    assert annexe.by_r["clusters"] == annexe.rows["cluster"].tolist()


def test_r_suggests_the_printed_number_of_clusters(annexe):
    assert annexe.by_r["suggested"] == 5


def test_r_lists_the_rows_of_the_annexe_in_its_order(annexe):
    order = []
    for row in annexe.by_r["categories"]:
        variable, _, category = row["row"].partition("=")
        order.append((row["cluster"], variable, category_name(variable, category)))
    assert order == annexe.printed_order


def test_r_prints_the_five_numbers_of_every_row_character_by_character(annexe):
    shown = [row["printed"] for row in annexe.by_r["categories"]]
    assert shown == annexe.printed[MEASURES].to_numpy().tolist()


def test_r_lists_the_tests_of_the_annexe_in_its_order(annexe):
    assert [row["variable"] for row in annexe.by_r["tests"]] == annexe.printed_tests[
        "variable"
    ].tolist()


def test_r_finds_every_printed_test(annexe):
    for computed, printed in zip(
        annexe.by_r["tests"], annexe.printed_tests.itertuples(), strict=True
    ):
        digits = min(SIGNIFICANT, digits_of(printed.p_value))
        p_value, df = computed["values"]
        assert significant(p_value, digits) == significant(printed.p_value, digits)
        assert str(df) == printed.df


def test_python_puts_every_doctor_in_the_printed_cluster(annexe):
    assert annexe.clustering.clusters.tolist() == annexe.rows["cluster"].tolist()


def test_python_suggests_the_printed_number_of_clusters(annexe):
    assert annexe.clustering.suggested == 5


def test_nothing_is_tied_that_could_make_r_and_python_differ(annexe):
    assert not annexe.clustering.ties


def test_python_lists_the_rows_of_the_annexe_in_its_order(annexe):
    order = [
        (row.cluster, NAMES[row.variable], row.category)
        for row in annexe.description.categories.itertuples()
    ]
    assert order == annexe.printed_order


def test_python_computes_the_five_numbers_of_every_row_to_every_printed_digit(annexe):
    computed = annexe.description.categories[MEASURES].to_numpy()
    printed = annexe.printed[MEASURES].to_numpy()
    verdicts = {
        compare(text, value) for text, value in zip(printed.flat, computed.flat, strict=True)
    }
    assert verdicts == {Verdict.MATCH}


def test_python_finds_every_printed_test(annexe):
    computed = annexe.description.variables
    assert [NAMES[name] for name in computed["variable"]] == annexe.printed_tests[
        "variable"
    ].tolist()
    for row, printed in zip(computed.itertuples(), annexe.printed_tests.itertuples(), strict=True):
        digits = min(SIGNIFICANT, digits_of(printed.p_value))
        assert significant(row.p_value, digits) == significant(printed.p_value, digits)
        assert str(row.df) == printed.df


def test_python_agrees_with_r_beyond_the_printed_digits(annexe):
    np.testing.assert_allclose(
        annexe.description.categories[MEASURES],
        [row["values"] for row in annexe.by_r["categories"]],
        rtol=1e-10,
    )


def test_python_has_the_eigenvalues_of_r(annexe):
    eigenvalues = mca.fit(annexe.rows[list(VARIABLES[annexe.group])]).eigenvalues
    *by_r, null = np.append(annexe.by_r["eigenvalues"], 0)[: len(eigenvalues) + 1]
    np.testing.assert_allclose(eigenvalues, by_r, rtol=1e-10)
    assert null < 1e-20
