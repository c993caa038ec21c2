"""Rebuild the respondents from print: the command ``python -m analysis reconstruct``.

Six phases: the fingerprints of Annexe VI, the conflicts of the printed statements and their
settlement, an ensemble of tables for each group, the canonical pair of tables, the respondents
table, which is that pair, and the bounds of what print allows. A certificate says what they were
made from and what holds of them. The bounds can be proved again alone.

The rows belong to no real person, and are not the survey's data. Three things in them are not
determined by print and are dealt at random from a seed: which non-users mean to use the record,
what would change the others' mind, and the answers to the opinion items.

The same seed gives the same bytes with the same versions of Python and of the packages that the
certificate names, on the same kind of processor. The solver repeats itself in one version only; in
the search, a swap may hang on the last bit of an eigenvector, which a linear algebra library
computes by the instructions that the processor has. It is held to one thread: several may add up in
another order, and are slower on matrices as small as these. Other bytes are another choice among
the tables that print allows, and as good as these.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO, TypeVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis import paths
from analysis.files import write_csv
from analysis.packages import read_package
from analysis.printed import check_all
from analysis.reconstruction import bounds, margins, quadrants
from analysis.reconstruction.bounds import KNOWN, LEFT_OUT, Disclosure
from analysis.reconstruction.ensemble import Ensemble, Start, ensemble, interrupts_put_off
from analysis.reconstruction.ensemble import read as read_ensemble
from analysis.reconstruction.fingerprints import Fingerprint, fingerprints, narrowing_by_p_value
from analysis.reconstruction.quadrants import CanonicalPair, choose
from analysis.reconstruction.respondents import OPEN
from analysis.reconstruction.search import NotFoundError, Solution, search
from analysis.reconstruction.statements import Constraint, read_statements, recount
from analysis.survey.question import Question
from analysis.survey.rebuilt import BOUNDED, EXPLAINED, digest, read_certificate
from analysis.survey.respondents import COLUMNS, read
from analysis.survey.schema import GROUPS, ITEMS, Group

_N_MEMBERS = 200
"""Tables of each ensemble."""
_Found = TypeVar("_Found")
_PACKAGES = ("numpy", "ortools", "pandas", "prince", "scipy")
_FIRST_STARTS = 100
"""Starts from which a first exact table is looked for; one in two leads to some."""


def reconstruct(out: Path, *, seed: int, report: TextIO, published: Path | None = None) -> None:
    """Rebuild everything in a folder, whole or not at all.

    Parameters
    ----------
    out : Path
        Folder to write. Other files in it stay as they are.
    seed : int
        Zero or more; see the module for what it fixes.
    report : text stream
        Where the progress is shown.
    published : Path, optional
        Folder of the printed tables; ``data/published`` by default.

    Raises
    ------
    ValueError
        If a printed table is faulty, the printed statements contradict each other and no rule
        settles it, the seed is negative, or `out` is no folder. Nothing is written.
    NotFoundError
        A `RuntimeError`: no rows with the printed clusters were found. Nothing is written.
    """
    if seed < 0:
        raise ValueError(f"the seed is {seed}: a whole number, zero or more")
    if out.exists() and not out.is_dir():
        raise ValueError(f"{out}: this is a file, not a folder")
    if published is not None and not published.is_dir():
        raise ValueError(f"{published}: there is no such folder")
    check_all(published)
    # Before any work: it describes the files that are made.
    read_package(paths.REBUILT_FILES)
    with _Log(report) as log, threadpool_limits(1):
        prints = {group: fingerprints(group, directory=published) for group in GROUPS}
        unique = sum(len(each.tables) == 1 for found in prints.values() for each in found)
        log.say(f"fingerprints: {unique} of {sum(map(len, prints.values()))} tables are unique")
        conflicts = []
        for conflict in margins.conflicts(read_statements(published)):
            if not conflict.settlements:
                raise margins.ContradictionError(conflict)
            conflicts.append(conflict)
        log.say(f"margins: {len(conflicts)} conflicts, all settled")

        starts = {group: partial(_start, group=group, published=published) for group in GROUPS}
        first = {group: _first_solution(group, seed, starts[group], log) for group in GROUPS}
        log.say("search: a first exact table for each group")
        ensembles = {group: _ensemble(group, seed, starts[group], log) for group in GROUPS}

        log.show("canonical pair: the map of each two tables")
        pair = choose(ensembles)
        log.say(f"canonical pair: {pair.n_holding} of {len(quadrants.readings())} readings hold")
        rows = assemble(pair.rows, margins.draw(seed, directory=published), seed)
        certificate = _certificate(rows, prints, conflicts, ensembles, pair, first, seed, published)
        with _put(out, log) as beside:
            rows.to_csv(beside / paths.RESPONDENTS.name, index=False, lineterminator="\n")
            read(beside / paths.RESPONDENTS.name)
            for group, each in ensembles.items():
                each.write(beside / paths.ENSEMBLES[group].name)
            _write_bounds(beside, ensembles, certificate, published, log)


def prove(out: Path, *, report: TextIO) -> None:
    """Prove the bounds again, beside the rows and the ensembles that are there.

    Parameters
    ----------
    out : Path
        Folder of the rebuilt files.
    report : text stream
        Where the progress is shown.

    Raises
    ------
    InputError
        If a printed table or a rebuilt file is faulty. Nothing is written.
    """
    check_all()
    read_package(paths.REBUILT_FILES)
    with _Log(report) as log, threadpool_limits(1):
        certificate = read_certificate(out / paths.CERTIFICATE.name)
        stored = {group: out / path.name for group, path in paths.ENSEMBLES.items()}
        ensembles = {group: read_ensemble(stored[group], group) for group in GROUPS}
        with _put(out, log) as beside:
            for path in (paths.RESPONDENTS, *paths.ENSEMBLES.values()):
                shutil.copy(out / path.name, beside)
            _write_bounds(beside, ensembles, certificate, None, log)


def assemble(
    canonical: Mapping[Group, pd.DataFrame], drawn: Mapping[Group, pd.DataFrame], seed: int
) -> pd.DataFrame:
    """Make the respondents table of the canonical rows of both groups.

    Parameters
    ----------
    canonical : mapping of group to DataFrame
        Cluster and clustered variables, type and place of practice, one row a doctor.
    drawn : mapping of group to DataFrame
        What print leaves open is dealt from these rows: the answers that it ties to no other.
    seed : int
        Of the order in which they are dealt.

    Returns
    -------
    DataFrame of str
        The columns of the respondents table, users first.
    """
    parts = []
    for number, group in enumerate(GROUPS):
        rows = canonical[group].reset_index(drop=True).astype(str)
        order = np.random.default_rng((seed, number)).permutation(len(rows))
        dealt = drawn[group][["uses_dmp", *OPEN]].iloc[order].reset_index(drop=True)
        parts.append(pd.concat([rows, dealt, drawn[group][list(ITEMS)]], axis="columns"))
    table = pd.concat(parts, ignore_index=True)
    table["respondent"] = [str(number) for number in range(1, len(table) + 1)]
    return table.reindex(columns=list(COLUMNS), fill_value="").fillna("")


def _certificate(
    rows: pd.DataFrame,
    prints: Mapping[Group, tuple[Fingerprint, ...]],
    conflicts: Sequence[margins.Conflict],
    ensembles: Mapping[Group, Ensemble],
    pair: CanonicalPair,
    first: Mapping[Group, Solution],
    seed: int,
    published: Path | None,
) -> dict[str, Any]:
    """Say what the rows were made from and what holds of them, fit for JSON."""
    return {
        "notice": "Rows rebuilt from printed tables. They belong to no real person.",
        "seed": seed,
        "versions": {"python": platform.python_version()} | {p: version(p) for p in _PACKAGES},
        "inputs": _digests_of_print(published, *quadrants.QUADRANTS),
        "not_determined": [*OPEN, "t1-t18"],
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
            _said(each.statement) | {"holds": each.holds}
            for each in recount(rows, directory=published)
        ],
        "conflicts": [_conflict(each) for each in conflicts],
        "search": {
            group: [[iteration, round(loss, 4)] for iteration, loss in each.trace]
            for group, each in first.items()
        },
        "ensembles": {
            group: {
                "members": len(each),
                "suggest_five_clusters": len(each.suggesting),
                "canonical": pair.positions[group] + 1,
                "distances": _spread(each.distances[np.triu_indices(len(each), 1)]),
            }
            for group, each in ensembles.items()
        },
        "readings": {
            "printed": len(quadrants.readings(published)),
            "held_by_canonical_pair": int(quadrants.place(rows)["holds"].sum()),
            "held_by_pair": _spread(pair.holding),
            "pairs": {
                str(number): pairs for number, pairs in sorted(Counter(pair.holding.flat).items())
            },
        },
    }


def _conflict(conflict: margins.Conflict) -> dict[str, Any]:
    yielding = [
        {"id": each.constraint, "reading": each.reading, "reason": each.reason}
        for each in conflict.settlements
    ]
    return {"members": [_said(each) for each in conflict.members], "yields": yielding}


def _said(statement: Constraint) -> dict[str, Any]:
    return {"id": statement.id, "line": statement.line, "statement": statement.statement}


def _spread(numbers: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, float]:
    return {
        "least": int(numbers.min()),
        "median": float(np.median(numbers)),
        "greatest": int(numbers.max()),
    }


def _digests_of_print(published: Path | None, *also: str) -> dict[str, str]:
    """Give the digests of the printed tables that the statements are in, and of the rules."""
    folder = published or paths.PUBLISHED
    tables = {each.table for each in read_statements(published).constraints} | {*also}
    found = {f"published/{table}.csv": folder / f"{table}.csv" for table in sorted(tables)}
    found[_name(paths.SETTLEMENTS)] = paths.SETTLEMENTS
    return {name: digest(path) for name, path in found.items()}


def _name(path: Path) -> str:
    return path.relative_to(paths.DATA).as_posix()


class _Log(AbstractContextManager["_Log"]):
    """Lines with the seconds since the start; a passing one is written over by the next."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = time.perf_counter()
        self._width = 0

    def __exit__(self, *_: object) -> None:
        # What is said next, of an error or of Ctrl-C, has a line of its own.
        if self._width:
            self._stream.write("\n")

    def say(self, text: str, end: str = "\n") -> None:
        """Write a line that stays."""
        line = f"{time.perf_counter() - self._started:7.1f} s  {text}"
        shown = "\r" * bool(self._width) + line.ljust(self._width) + end
        # Before it is written: Ctrl-C may come as soon as it is read.
        self._width = 0 if end else len(line)
        self._stream.write(shown)
        self._stream.flush()

    def show(self, text: str) -> None:
        """Write a line that the next one replaces."""
        self.say(text, end="")


def _start(seed: int, *, group: Group, published: Path | None) -> pd.DataFrame:
    return margins.draw(seed, directory=published)[group].astype({"cluster": int})


def _first_solution(group: Group, seed: int, start: Start, log: _Log) -> Solution:
    """Search from start after start until a table is exact."""

    def show(phase: str, loss: float, found: int) -> None:
        log.show(f"{group}: {phase}, least loss {loss:.4f}, {found} tables")

    for number in range(seed, seed + _FIRST_STARTS):
        for solution in search(start(number), seed=number, group=group, progress=show):
            return solution
    raise NotFoundError(
        f"{_FIRST_STARTS} starts gave no table of the {group} with the printed clusters"
    )


def _ensemble(group: Group, seed: int, start: Start, log: _Log) -> Ensemble:
    def show(runs: int, fruitful: int, found: int) -> None:
        tables = f"{min(found, _N_MEMBERS)} of {_N_MEMBERS} tables"
        log.show(f"{group}: {tables}, from {fruitful} of {runs} runs")

    found = ensemble(group, start=start, size=_N_MEMBERS, seed=seed, processes=2, progress=show)
    log.say(f"{group}: {len(found)} tables, {len(found.suggesting)} suggest five clusters")
    return found


@contextmanager
def _put(out: Path, log: _Log) -> Iterator[Path]:
    """Give a folder for all files, beside their places, and put them there in the end."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=out) as scratch:
        beside = Path(scratch)
        yield beside
        with interrupts_put_off():
            for path in sorted(beside.iterdir()):
                os.replace(path, out / path.name)
            log.say(f"written to {out.name}")


def _write_bounds(
    beside: Path,
    ensembles: Mapping[Group, Ensemble],
    certificate: dict[str, Any],
    published: Path | None,
    log: _Log,
) -> None:
    """Prove the bounds; write them, the certificate, and the description of all files."""
    statements = read_statements(published).standing
    of_all = partial(bounds.bounds, statements=statements, ensembles=ensembles)
    found = _of_each(of_all, bounds.listed(), "bounds", log)
    statuses = Counter(own.status for *_, own in found)
    said = ", ".join(f"{statuses[each]} {each}" for each in bounds.Status)
    log.say(f"bounds: {len(found)} counts, {said}")
    numbers = ((*asked, *astuple(own)) for *asked, own in found)
    write_csv(beside / paths.BOUNDS.name, ("group", "where", *BOUNDED), numbers)
    why = _of_each(partial(bounds.reasons, statements=statements), bounds.listed(2), "reasons", log)
    log.say(f"reasons: of {len(why)} counts")
    ids = (
        (*asked, *(" ".join(by.id for by in end) for end in (own.lower, own.upper)))
        for *asked, own in why
    )
    write_csv(beside / paths.REASONS.name, ("group", "where", *EXPLAINED), ids)
    inputs = _digests_of_print(published)
    inputs |= {_name(path): digest(beside / path.name) for path in paths.ENSEMBLES.values()}
    certificate["bounds"] = {"inputs": inputs, **{e: statuses[e] for e in bounds.Status}}
    certificate["disclosure"] = {
        group: {
            part: _disclosed(
                Disclosure(group, [e for e in statements if e.table not in tables], each)
            )
            for part, tables in LEFT_OUT.items()
        }
        for group, each in ensembles.items()
    }
    text = json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"
    (beside / paths.CERTIFICATE.name).write_text(text, encoding="utf-8")
    described = beside / paths.RECONSTRUCTED_PACKAGE.name
    shutil.copy(paths.REBUILT_FILES, described)
    read_package(described).describe()


def _of_each(
    find: Callable[[Question, Group], _Found],
    questions: Sequence[tuple[Group, Question]],
    what: str,
    log: _Log,
) -> list[tuple[Group, Question, _Found]]:
    """Find something for each question, several at a time: the solver lets other threads run."""
    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            answers = pool.map(lambda asked: find(asked[1], asked[0]), questions)
            for asked, own in zip(questions, answers, strict=True):
                found.append((*asked, own))
                if len(found) % 50 == 0:
                    log.show(f"{what}: {len(found)} of {len(questions)} counts")
        finally:
            # Nobody waits for the others where Ctrl-C was pressed.
            pool.shutdown(cancel_futures=True)
    return found


def _disclosed(found: Disclosure) -> dict[str, int]:
    learnt = {name: found.learnt(known) for name, known in KNOWN.items()}
    return {"determined": found.determined(), **learnt}
