"""The reference values of FactoMineR, read once for all the tests that compare with them."""

import gzip
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference" / "factominer.json.gz"


@dataclass(frozen=True, eq=False)
class Reference:
    """A table and what FactoMineR says of it; matrices are lists of columns."""

    content: dict[str, Any] = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.content[name]

    def __contains__(self, name: str) -> bool:
        return name in self.content

    @property
    def name(self) -> str:
        """How the table is called."""
        return self["name"]

    @property
    def kind(self) -> str:
        """First part of the name: how the table was drawn, or which of R's tables it is."""
        return self.name.split("-")[0]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table, with R's levels in R's order and with its missing cells."""
        return pd.DataFrame(
            {
                column["name"]: pd.Categorical.from_codes(
                    np.array(column["codes"]) - 1, column["levels"]
                )
                for column in self["frame"]
            }
        )

    @cached_property
    def coded_frame(self) -> pd.DataFrame:
        """The table as R's MCA leaves it: missing cells are the level ``variable.NA``."""
        frame = self.frame.copy()
        for name, levels in zip(frame, self["coded_levels"], strict=True):
            filled = frame[name].astype(object).where(frame[name].notna(), f"{name}.NA")
            frame[name] = pd.Categorical(filled, levels)
        return frame


@dataclass(frozen=True)
class FactoMineR:
    """All the references: for MCA, HCPC and catdes; for catdes alone; for MCA alone."""

    tables: tuple[Reference, ...] = field(repr=False)
    tails: tuple[Reference, ...] = field(repr=False)
    degenerate: tuple[Reference, ...] = field(repr=False)

    def of_kind(self, kind: str) -> list[Reference]:
        """Select the tables of one kind."""
        return [reference for reference in self.tables if reference.kind == kind]


@pytest.fixture(scope="session")
def factominer() -> FactoMineR:
    with gzip.open(REFERENCE, "rt", encoding="utf-8") as file:
        content = json.load(file)
    return FactoMineR(
        *(tuple(map(Reference, content[name])) for name in ("tables", "tails", "degenerate"))
    )
