"""Time MCA, HCPC and catdes beside R and two PyPI packages, on the same files.

Each table has its own process for us, for R's FactoMineR and for each package, on one thread each,
which take turns of five runs; reading the file is not timed.  A run is the analysis, the
clustering, the individuals that stand out in each cluster and the description of the clusters.  The
packages are installed once in an environment of their own, ``.cache/bench/peers``.  ``python -m
bench --record`` keeps what all four programs take in ``data/bench.csv``, from which the book draws.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import numpy as np
import pandas as pd

from analysis.files import write_csv
from analysis.packages import read_package
from analysis.paths import ROOT
from analysis.statistics import catdes, hcpc, mca
from bench import print_table, print_target
from bench._peers import PACKAGES, answer

_CACHE = ROOT / ".cache" / "bench"
N_CATEGORIES = 5
ROUND = 5
_HERE = Path(__file__).parent
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_MEGABYTE = 1e6


@dataclass(frozen=True)
class Case:
    """A table to cluster, and how."""

    rows: int
    variables: int
    repeats: int
    beside_r: bool = True
    beside_packages: bool = False
    profiles: int | None = None

    @property
    def name(self) -> str:
        """The size, and how the rows are drawn where they are not all drawn on their own."""
        size = f"{self.rows:,} x {self.variables}"
        return size if self.profiles is None else f"{size} of {self.profiles:,} profiles"

    def frame(self) -> pd.DataFrame:
        """Draw the table, always the same."""
        draw = np.random.default_rng(self.rows)
        codes = draw.integers(N_CATEGORIES, size=(self.profiles or self.rows, self.variables))
        if self.profiles is not None:
            codes = codes[draw.integers(self.profiles, size=self.rows)]
        categories = pd.Index(list("abcdefgh"[:N_CATEGORIES]))
        return pd.DataFrame(
            {
                f"v{variable}": pd.Categorical.from_codes(column, categories)
                for variable, column in enumerate(codes.T, start=1)
            }
        )


SMALL, MIDDLE = Case(100, 6, 25, beside_packages=True), Case(1_000, 8, 15, beside_packages=True)
LARGE = Case(10_000, 8, 5, beside_packages=True)
RANDOM = Case(100_000, 8, 5, beside_r=False)
PROFILED = Case(1_000_000, 8, 5, beside_r=False, profiles=2_000)
CASES = [SMALL, Case(300, 8, 15), MIDDLE, Case(3_000, 8, 5), LARGE, RANDOM, PROFILED]


@dataclass(frozen=True)
class Cost:
    """Median seconds of a run, peak bytes of its process after the first one, and the clusters."""

    seconds: float
    memory: float
    clusters: list[int]


def run() -> bool:
    """Print the timings, the peak memory and the targets, and tell whether all were met."""
    costs = _costs(CASES)
    print("medians, on one thread; the memory is the peak of a whole process")
    header = ["rows x variables", "program", "runs", "seconds", "of ours", "MB", "partition of R"]
    rows = [_row(case, name, costs) for case in CASES for name in costs if case in costs[name]]
    print_table(header, rows)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")
    return _check_targets(costs["ours"], costs.get("R", {}))


def record() -> bool:
    """Keep what the programs take; refuse if one is missing or ours has not the partition of R."""
    cases = [case for case in CASES if case.beside_packages]
    resource, day, machine = read_package().resource("bench"), datetime.now(UTC).date(), _machine()
    costs = _costs(cases)
    if set(costs) != {"ours", "R", *PACKAGES}:
        print(f"not recorded: {', '.join(costs)} are not all")
        return False
    if any(costs["ours"][case].clusters != costs["R"][case].clusters for case in cases):
        print("not recorded: our partition is not that of R")
        return False
    rows = []
    for case in cases:
        for name in costs:
            _, _, runs, seconds, _, megabytes, same = _row(case, name, costs)
            about = [day.isoformat(), machine, str(case.rows), str(case.variables), name]
            rows.append([*about, runs, seconds, megabytes, same])
    header = [column.name for column in resource.columns]
    _CACHE.mkdir(parents=True, exist_ok=True)
    new = _CACHE / "bench.csv"
    write_csv(new, header, rows)
    resource.read(new)
    new.replace(resource.path)
    read_package().describe()
    print_table(header, rows)
    return True


def _machine() -> str:
    """Describe this machine in words."""
    listed = Path("/proc/cpuinfo")
    names = re.findall(
        r"^model name\s*: (.+)$", listed.read_text() if listed.exists() else "", re.M
    )
    name = names[0] if names else platform.machine()
    return f"{os.cpu_count()} processors, {name}, {platform.system()}"


def _costs(cases: Sequence[Case]) -> dict[str, dict[Case, Cost]]:
    """Measure each program that is at hand on each of these tables."""
    programs = _programs()
    costs: dict[str, dict[Case, Cost]] = {name: {} for name in programs}
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            path = Path(folder, "table.csv")
            case.frame().to_csv(path, index=False)
            beside = {"ours": True, "R": case.beside_r}
            commands = {
                name: command
                for name, command in programs.items()
                if beside.get(name, case.beside_packages)
            }
            for name, cost in _measure(commands, path, case).items():
                costs[name][case] = cost
    return costs


def _programs() -> dict[str, list[str]]:
    """Return the commands of the programs that are at hand; say which are not."""
    programs = {
        "ours": [sys.executable, "-c", "from bench import clustering; clustering.work()"],
    }
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("R: skipped, there is no Rscript on the PATH")
    else:
        programs["R"] = [rscript, "--vanilla", str(_HERE / "clustering.R")]
    folder = _CACHE / "peers"
    python = folder / "bin" / "python"
    wanted = [f"{name}=={version}" for name, (version, _) in PACKAGES.items()]
    try:
        if not python.exists():
            venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *wanted]
        subprocess.run(install, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1]
        print(f"{' and '.join(wanted)}: skipped, not installed: {reason}")
        return programs
    return programs | {name: [str(python), "-m", "bench._peers", name] for name in PACKAGES}


def _row(case: Case, name: str, costs: dict[str, dict[Case, Cost]]) -> list[str]:
    cost, reference = costs[name][case], costs.get("R", {}).get(case)
    return [
        case.name,
        name,
        str(case.repeats // (ROUND if name in PACKAGES else 1)),
        f"{cost.seconds:.4f}",
        f"{cost.seconds / costs['ours'][case].seconds:.1f}",
        f"{cost.memory / _MEGABYTE:.0f}",
        "" if reference is None else "yes" if cost.clusters == reference.clusters else "no",
    ]


def _check_targets(ours: dict[Case, Cost], theirs: dict[Case, Cost]) -> bool:
    verdicts = []

    def check(target: str, measured: str, *, met: bool | None) -> None:
        print_target(target, measured, met)
        verdicts.append(met is not False)

    for case, times in ((SMALL, 8), (MIDDLE, 8), (LARGE, 40)):
        target = f"{case.name} at least {times} times as fast as R"
        if case in theirs:
            ratio = theirs[case].seconds / ours[case].seconds
            check(target, f"{ratio:.1f} times as fast", met=ratio >= times)
        else:
            check(target, "no Rscript", met=None)
    target = f"{LARGE.name} in a twentieth of the memory of R"
    if LARGE in theirs:
        ratio = theirs[LARGE].memory / ours[LARGE].memory
        # NaN where the system does not tell R its peak.
        check(target, f"R takes {ratio:.1f} times as much", met=ratio >= 20 if ratio > 0 else None)
    else:
        check(target, "no Rscript", met=None)
    for case in (RANDOM, PROFILED):
        cost = ours[case]
        check(
            f"{case.name} under 2 minutes and 2 GB",
            f"{cost.seconds:.1f} s, {cost.memory / _MEGABYTE:.0f} MB",
            met=cost.seconds < 120 and cost.memory < 2000 * _MEGABYTE,
        )
    return all(verdicts)


class _Worker:
    """A process that clusters one table as often as it is asked to."""

    def __init__(self, command: list[str], path: Path) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | _ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._send(str(path))

    def __enter__(self) -> _Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self) -> tuple[float, float]:
        """Cluster once; return the seconds, and the peak bytes so far."""
        seconds, memory = self._ask("run")
        return float(seconds), float(memory)

    def clusters(self) -> list[int]:
        """Return the clusters of the last run."""
        return [int(cluster) for cluster in self._ask("clusters")]

    def _ask(self, request: str) -> list[str]:
        self._send(request)
        assert self._process.stdout is not None
        answer = self._process.stdout.readline().split()
        if not answer:
            raise RuntimeError(f"{self._process.args!r} ended before it answered {request!r}")
        return answer

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


def _measure(commands: dict[str, list[str]], path: Path, case: Case) -> dict[str, Cost]:
    """Run the commands in turn, so that whatever else the machine does weighs on each alike."""
    workers = {name: _Worker(command, path) for name, command in commands.items()}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in workers}
    for _ in range(case.repeats // ROUND):
        for name, worker in workers.items():
            # A package takes a minute for what takes us a fraction of a second.
            runs[name].extend(worker.run() for _ in range(1 if name in PACKAGES else ROUND))
    costs = {}
    for name, worker in workers.items():
        with worker:
            seconds = statistics.median(seconds for seconds, _ in runs[name])
            costs[name] = Cost(seconds, runs[name][0][1], worker.clusters())
    return costs


def work() -> None:
    """Answer a benchmark with ours."""
    answer(lambda frame: _cluster(frame).clusters.tolist())


def _cluster(frame: pd.DataFrame) -> hcpc.HCPC:
    analysis = mca.fit(frame)
    result = hcpc.fit(analysis)
    # Made when they are first asked for: asking is part of the run.
    _ = result.paragons, result.most_distant
    catdes.describe(frame, result.clusters)
    return result
