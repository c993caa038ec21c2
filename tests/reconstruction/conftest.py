"""The stored ensembles, read once for all the tests that look at them."""

import pytest

from analysis.paths import ENSEMBLES
from analysis.reconstruction.ensemble import Ensemble, read

GROUPS = ["users", "non_users"]


@pytest.fixture(scope="session")
def stored() -> dict[str, Ensemble]:
    return {group: read(ENSEMBLES[group]) for group in GROUPS}
