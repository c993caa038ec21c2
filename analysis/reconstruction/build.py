"""Rebuild the respondents from print: the command ``python -m analysis reconstruct``.

Four phases: the fingerprints of Annexe VI, the conflicts of the printed statements and their
settlement, an ensemble of tables for each group, and the respondents table, whose rows are the most
central member of each ensemble. A certificate says what they were made from and what holds of them.

The rows belong to no real person, and are not the survey's data. Three things in them are not
determined by print and are dealt at random from a seed: which non-users mean to use the record,
what would change the others' mind, and the answers to the opinion items.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import platform
import shutil
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from analysis import paths
from analysis.reconstruction import margins
from analysis.reconstruction.ensemble import Ensemble, ensemble
from analysis.reconstruction.fingerprints import (
    Fingerprint,
    Group,
    fingerprints,
    narrowing_by_p_value,
)
from analysis.reconstruction.search import Solution, search
from analysis.survey.respondents import COLUMNS, find_faults

__all__ = ["GROUPS", "assemble", "certify", "reconstruct"]

GROUPS: tuple[Group, ...] = ("users", "non_users")
N_MEMBERS = 200
_PACKAGES = ("numpy", "ortools", "pandas", "prince", "scipy")
_DEALT = ("intends_to_use", "change_training", "change_integration", "change_money")


def reconstruct(out: Path, *, seed: int, report: TextIO, size: int = N_MEMBERS) -> None:
    """Rebuild everything in a folder, whole or not at all.

    Parameters
    ----------
    out : Path
        Folder to write.
    seed : int
        The same seed gives the same bytes with the same versions.
    report : text stream
        Where the progress is shown.
    size : int
        Tables of each ensemble.

    Raises
    ------
    ValueError
        If the printed statements contradict each other and no rule settles it. Nothing is written.
    """
    started = time.perf_counter()

    def say(text: str, end: str = "\n") -> None:
        print(f"{time.perf_counter() - started:7.1f} s  {text}", end=end, file=report, flush=True)

    prints = {group: fingerprints(group) for group in GROUPS}
    unique = sum(each.is_unique for found in prints.values() for each in found)
    say(f"fingerprints: {unique} of {sum(map(len, prints.values()))} cluster tables are unique")
    conflicts = margins.conflicts()
    for conflict in conflicts:
        if not conflict.is_settled:
            raise margins.ContradictionError(conflict)
    say(f"margins: {len(conflicts)} conflicts, all settled")

    first = {group: _first_solution(group, seed) for group in GROUPS}
    say("search: a first exact table for each group")
    ensembles: dict[Group, Ensemble] = {}
    for group in GROUPS:

        def show(runs: int, fruitful: int, found: int, group: Group = group) -> None:
            say(f"{group}: {found} tables from {fruitful} of {runs} runs", end="\r")

        ensembles[group] = ensemble(
            group,
            start=partial(_start, group=group),
            size=size,
            seed=seed,
            processes=2,
            progress=show,
        )
        suggesting = len(ensembles[group].suggesting)
        say(f"{group}: {len(ensembles[group])} tables, {suggesting} suggest five clusters")

    rows = assemble({group: each.canonical for group, each in ensembles.items()}, seed)
    certificate = certify(rows, prints, conflicts, ensembles, first, seed)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{out.name}.", dir=out.parent) as scratch:
        beside = Path(scratch, "new")
        beside.mkdir()
        rows.to_csv(beside / paths.RESPONDENTS.name, index=False, lineterminator="\n")
        for fault in find_faults(beside / paths.RESPONDENTS.name):
            raise ValueError(str(fault))
        for group, each in ensembles.items():
            each.write(beside / paths.ENSEMBLES[group].name)
        text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
        (beside / paths.CERTIFICATE.name).write_text(text, encoding="utf-8")
        if out.exists():
            out.rename(Path(scratch, "old"))
        shutil.move(beside, out)
    say(f"written to {out.name}")


def assemble(canonical: Mapping[Group, pd.DataFrame], seed: int) -> pd.DataFrame:
    """Make the respondents table of the canonical rows of both groups.

    Parameters
    ----------
    canonical : mapping of group to DataFrame
        Cluster and clustered variables, type and place of practice, one row a doctor.
    seed : int
        Of what print leaves open.

    Returns
    -------
    DataFrame of str
        The columns of the respondents table, users first.
    """
    parts = []
    for group in GROUPS:
        rows = canonical[group].reset_index(drop=True).astype(str)
        order = np.random.default_rng((seed, GROUPS.index(group))).permutation(len(rows))
        open_answers = margins.solve(seed, group=group)[["uses_dmp", *_DEALT]]
        open_answers = open_answers.iloc[order].reset_index(drop=True)
        likert = margins.deal_likert(group, seed).reset_index(drop=True)
        parts.append(pd.concat([rows, open_answers, likert], axis="columns"))
    table = pd.concat(parts, ignore_index=True)
    table["respondent"] = [str(number) for number in range(1, len(table) + 1)]
    return table.reindex(columns=list(COLUMNS), fill_value="").fillna("")


def certify(
    rows: pd.DataFrame,
    prints: Mapping[Group, tuple[Fingerprint, ...]],
    conflicts: tuple[margins.Conflict, ...],
    ensembles: Mapping[Group, Ensemble],
    first: Mapping[Group, Solution],
    seed: int,
) -> dict[str, Any]:
    """Say what the rows were made from and what holds of them.

    Returns
    -------
    dict
        Fit for JSON: digests of the inputs, seed, versions, cluster tables, each statement with its
        lines and whether it holds, the conflicts and how they were settled, the ensembles.
    """
    inputs = [*sorted(paths.PUBLISHED.glob("*.csv")), paths.SETTLEMENTS]
    return {
        "notice": "Rows rebuilt from printed tables. They belong to no real person.",
        "seed": seed,
        "versions": {"python": platform.python_version()} | {p: version(p) for p in _PACKAGES},
        "inputs": {
            path.relative_to(paths.DATA).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in inputs
        },
        "not_determined": [*_DEALT, "t1-t18"],
        "cluster_tables": [
            {
                "group": group,
                "variable": each.variable,
                "tables": len(each.tables),
                "left_by_digits": list(narrowing_by_p_value(each)),
            }
            for group, found in prints.items()
            for each in found
        ],
        "constraints": [
            {
                "id": check.id,
                "line": check.line,
                "statement": check.statement,
                "holds": check.holds,
            }
            for check in margins.verify(rows)
        ],
        "conflicts": [
            {
                "members": [
                    {"id": each.id, "line": each.line, "statement": each.statement}
                    for each in conflict.members
                ],
                "yields": [
                    {"id": each.constraint, "reading": each.reading, "reason": each.reason}
                    for each in conflict.settlements
                ],
            }
            for conflict in conflicts
        ],
        "search": {
            group: [[step.iteration, round(step.loss, 4)] for step in each.trace]
            for group, each in first.items()
        },
        "ensembles": {
            group: {
                "members": len(each),
                "suggest_five_clusters": len(each.suggesting),
                "canonical": each.centre + 1,
                "distances": {
                    "least": int(_pairs(each).min()),
                    "median": float(np.median(_pairs(each))),
                    "greatest": int(_pairs(each).max()),
                },
            }
            for group, each in ensembles.items()
        },
    }


def _start(seed: int, *, group: Group) -> pd.DataFrame:
    return margins.solve(seed, group=group).astype({"cluster": int})


def _first_solution(group: Group, seed: int) -> Solution:
    """Search from start after start until a table is exact."""
    for number in itertools.count(seed):
        for solution in search(_start(number, group=group), seed=number, group=group):
            return solution
    raise AssertionError


def _pairs(found: Ensemble) -> np.ndarray[Any, np.dtype[np.int64]]:
    return found.distances[np.triu_indices(len(found), 1)]
