"""The respondents as the report counts them: a doctor's cluster is the one that was computed.

The clusters of the rebuilt rows are those of their table. Answers of a reader's own have none; the
chapter on the profiles computes them, and whoever asks about a cluster asks about these.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from analysis.report.sections import clusters
from analysis.survey import GROUPS, Question, load, source


def of(question: Question) -> pd.DataFrame:
    """Give the rows that answer a question.

    Parameters
    ----------
    question : Question

    Returns
    -------
    DataFrame
        As `analysis.survey.load` gives them.
    """
    return _clustered(source()) if "cluster" in question.variables else load()


@cache
def _clustered(_: Path) -> pd.DataFrame:
    table = load()
    own = pd.Series("", index=table.index)
    for group, answer in GROUPS.items():
        own[table["uses_dmp"] == answer] = clusters.clustering(group).clusters.astype(str)
    return table.assign(cluster=own)
