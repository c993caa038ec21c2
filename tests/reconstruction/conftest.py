"""The stored ensembles, read once for all the tests that look at them, and print with a change."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.paths import ENSEMBLES, PUBLISHED
from analysis.reconstruction.ensemble import Ensemble, read
from analysis.reconstruction.search import KEPT_TABLES, VARIABLES, _clustered, _Walk
from analysis.survey import Group

GROUPS: tuple[Group, ...] = ("users", "non_users")


def crossings(group: Group, rows: pd.DataFrame) -> list[tuple[str, str]]:
    """List the pairs of columns whose counts a swap leaves in place."""
    own = [*VARIABLES[group], *(name for name in ("practice", "place") if name in rows)]
    return [*(("cluster", name) for name in own), *KEPT_TABLES[group]]


def shuffle(rows: pd.DataFrame, seed: int, *, group: Group, n_swaps: int = 2000) -> pd.DataFrame:
    """Swap answers at random, every printed margin left in place."""
    walk = _Walk(rows, group, np.random.default_rng(seed))
    for _ in range(n_swaps):
        walk.make(walk.draw())
    return walk.rows()


def is_exact(rows: pd.DataFrame, group: Group) -> bool:
    """Say whether HCPC puts every doctor in the printed cluster, with nothing tied."""
    return _clustered(rows, group) is not None


def margins_of(rows: pd.DataFrame, group: Group) -> list[dict[object, int]]:
    return [rows.groupby(list(pair)).size().to_dict() for pair in crossings(group, rows)]


@pytest.fixture(scope="session")
def stored() -> dict[str, Ensemble]:
    return {group: read(ENSEMBLES[group], group) for group in GROUPS}


@pytest.fixture
def change(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copy the printed tables, one piece of text replaced."""
    folder = tmp_path / "published"
    shutil.copytree(PUBLISHED, folder)

    def change_once(table_id: str, old: str, new: str) -> Path:
        path = folder / f"{table_id}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return change_once
