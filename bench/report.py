"""What the book costs, by both roads: whole, without its cells, one chapter; and our share of it.

A processor's seconds count, not the clock's, so that whatever else the machine does weighs little;
the clock's stand beside them. Ours are those of the cells, in the one process that runs them for
all formats, and of the scripts that run before and after a render. What is left of a whole render
is Quarto's own, for the finished outputs.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from bench import Cost, cost_of, print_table, print_target
from scripts.report import MADE, find_quarto

_ROOT = Path(__file__).resolve().parents[1]
_CHAPTER = "chapters/04b-utilisation.qmd"
_CELL = re.compile(r"^```\{python\}\n.*?^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`\{python\}[^`]*`")
_SCRIPTS = ("clear", "check_inputs", "edition", "finish")
_AROUND = re.compile(r"^  (pre|post)-render:.*\n(    - .*\n)*", re.MULTILINE)
_RUN_CELLS = """
from pathlib import Path
from builder._config import load
from builder._execute import Cells
from builder._qmd import read
book = load(Path.cwd())
with Cells(book) as cells:
    for chapter in book.chapters:
        cells.run(read(book, chapter))
"""


def _without(cell: re.Match[str]) -> str:
    """Put a word in the place of a cell, and a small table where others refer to it."""
    label = re.search(r"^#\| label: (tbl-\S+)", cell[0], re.MULTILINE)
    caption = re.search(r'^#\| tbl-cap: "(.*)"', cell[0], re.MULTILINE)
    if label and caption:
        return f"| a |\n|---|\n| b |\n\n: {caption[1]} {{#{label[1]}}}"
    return "Cellule retirée."


def _copy(folder: Path, *, with_cells: bool = True) -> Path:
    project = folder / "project"
    shutil.copytree(_ROOT, project, ignore=MADE)
    if not with_cells:
        cost_of([sys.executable, "scripts/edition.py"], cwd=project)
        settings = project / "_quarto.yml"
        settings.write_text(_AROUND.sub("", settings.read_text("utf-8")), "utf-8")
        for path in [project / "index.qmd", *(project / "chapters").rglob("*.qmd")]:
            text = _CELL.sub(_without, path.read_text("utf-8"))
            path.write_text(_INLINE.sub("0", text), "utf-8")
    return project


def _ours(project: Path) -> Cost:
    """Measure the cells of every chapter and the scripts around a render; its pages are there."""
    own = {
        **os.environ,
        "QUARTO_PROJECT_RENDER_ALL": "1",
        "QUARTO_PROJECT_OUTPUT_DIR": str(project / "_book"),
    }
    commands = [["-c", _RUN_CELLS], *([f"scripts/{name}.py"] for name in _SCRIPTS)]
    costs = [cost_of([sys.executable, *words], cwd=project, env=own) for words in commands]
    # What only reads the book before the cells are run is no part of it.
    reading = cost_of([sys.executable, "-c", _RUN_CELLS.partition("with")[0]], cwd=project)
    return Cost(
        sum(cost.processor for cost in costs) - reading.processor,
        sum(cost.clock for cost in costs) - reading.clock,
    )


def _measured(road: list[str], whole: list[str], chapter: list[str]) -> dict[str, Cost]:
    own = {**os.environ, "QUARTO_PYTHON": sys.executable}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        project = _copy(Path(folder))
        cost_of([*road, *chapter], cwd=project, env=own)  # Styles and modules are compiled once.
        found["whole"] = cost_of([*road, *whole], cwd=project, env=own)
        found["one chapter"] = cost_of([*road, *chapter], cwd=project, env=own)
        found["ours"] = _ours(project)
    if "builder" in road:  # It takes a table or a figure from a cell only.
        return found
    with tempfile.TemporaryDirectory() as folder:
        project = _copy(Path(folder), with_cells=False)
        found["without its cells"] = cost_of([*road, *whole], cwd=project, env=own)
    return found


def run() -> bool:
    """Print what each road takes and the targets; return whether those measured are met."""
    builder = _measured([sys.executable, "-m", "builder"], [], ["--chapter", _CHAPTER])
    roads = {"builder": builder}
    program = find_quarto()
    if program:
        roads["Quarto"] = _measured([program, "render"], [], [_CHAPTER, "--to", "html"])
    print_table(
        ["what", "processors (s)", "clock (s)"],
        [
            [f"{road}, {what}", f"{cost.processor:.1f}", f"{cost.clock:.1f}"]
            for road, found in roads.items()
            for what, cost in found.items()
        ],
    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}")
    met = []

    def check(target: str, measured: str, *, reached: bool | None) -> None:
        print_target(target, measured, reached)
        met.append(reached is not False)

    ours = builder["ours"].processor
    check("our Python at most 25 s for both formats", f"{ours:.1f} s", reached=ours <= 25)
    for road, found in roads.items():
        whole, chapter = found["whole"], found["one chapter"]
        share = chapter.processor / whole.processor
        check(
            f"{road}: one chapter in 6 s",
            f"{chapter.clock:.1f} s; {share:.3f} of what the whole takes of the processors",
            reached=chapter.clock <= 6,
        )
        check(f"{road}: the whole in 60 s", f"{whole.clock:.1f} s", reached=whole.clock <= 60)
    if program is None:
        print_target("the whole at most 1.3 times Quarto's own", "no Quarto", None)
        print_target("the builder at most half of Quarto", "no Quarto", None)
        return all(met)
    quarto = roads["Quarto"]["whole"].processor
    ratio = quarto / (quarto - roads["Quarto"]["ours"].processor)
    check("the whole at most 1.3 times Quarto's own", f"{ratio:.2f} times", reached=ratio <= 1.3)
    half = builder["whole"].processor / quarto
    check("the builder at most half of Quarto", f"{half:.2f} of it", reached=half <= 0.5)
    return all(met)
