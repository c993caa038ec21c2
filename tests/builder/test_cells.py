"""The process that runs cells: what a cell may show, what is an error, and how the process ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builder._config import Book, BuildError, Chapter
from builder._execute import Cells
from builder._qmd import Cell, Prose, Results, Source

DISPLAY = "from IPython.display import HTML, JSON, SVG, Math, display\n"


def chapter(*codes: str) -> Source:
    """Make a chapter of cells, each on the line of its position."""
    items = (Cell(code, {}, "x.qmd", line) for line, code in enumerate(codes, start=1))
    return Source(Chapter("x.qmd"), tuple(items))


def sentence(expression: str) -> Source:
    """Make a chapter of one sentence."""
    prose = Prose(f"`{{python}} {expression}`", "x.qmd:3")
    return Source(Chapter("x.qmd"), (prose,))


def book(root: Path, seconds: float = 60) -> Book:
    return Book(root, {"cell-seconds": seconds}, {}, {}, ())


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    with Cells(book(tmp_path_factory.mktemp("Édition à lire"))) as process:
        yield process


def last(results: Results) -> str:
    """Give the Markdown of the last cell."""
    return results.cells[max(results.cells)]


SHOWN = {
    "the value of a cell": ("1 + 1", "``` {.cell-output}\n2\n```"),
    "no value before a semicolon": ("1 + 1;", ""),
    "what is printed and displayed, in its order": (
        f"{DISPLAY}print('é')\ndisplay(3)\nprint('f')",
        "``` {.cell-output}\né\n```\n\n``` {.cell-output}\n3\n```\n\n``` {.cell-output}\nf\n```",
    ),
    "HTML, for pages only": (f"{DISPLAY}HTML('<b>gras</b>')", "``` {=html}\n<b>gras</b>\n```"),
    "what another program prints": (
        "import os; os.system('echo dehors');",
        "``` {.cell-output}\ndehors\n```",
    ),
    "an object that offers Markdown and HTML as Markdown": (
        "class Both:\n"
        "    def _repr_markdown_(self): return '**gras**'\n"
        "    def _repr_html_(self): return '<b>gras</b>'\n"
        "Both()",
        "**gras**",
    ),
}


@pytest.mark.parametrize("case", SHOWN)
def test_a_cell_shows(case: str, cells: Cells) -> None:
    code, shown = SHOWN[case]
    assert last(cells.run(chapter(code))) == shown


def test_an_image_becomes_a_file(cells: Cells) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
    options = {"fig-alt": 'dit "un"'}
    cell = Cell(f'{DISPLAY}SVG("{svg}")', options, "x.qmd", 1)
    found = cells.run(Source(Chapter("x.qmd"), (cell,)))
    assert last(found) == '![](x_files/figure-html/cell-0.svg){fig-alt="dit \\"un\\""}'
    assert found.files["x_files/figure-html/cell-0.svg"].startswith(b"<svg ")


MAY = "; a cell shows Markdown, SVG, PNG, HTML or text"
REFUSED = {
    "another form than a page takes": (
        f"{DISPLAY}JSON({{}})",
        f"x.qmd:2: cell: shows application/json{MAY}",
    ),
    "a formula, whose text is none": (
        f"{DISPLAY}\ndisplay(Math('x'))",
        f"x.qmd:3: cell: shows text/latex{MAY}",
    ),
    "an image without an alternative text": (
        f"{DISPLAY}SVG('<svg/>')",
        "x.qmd:1: cell: shows 1 image(s), and has no fig-alt",
    ),
    "the colours of a terminal": (
        "print('\\x1b[31mrouge')",
        f"x.qmd:1: cell: shows the character '\\x1b'{MAY}",
    ),
    "a line that is written over": (
        "print('1 %\\r2 %')",
        f"x.qmd:1: cell: shows the character '\\r'{MAY}",
    ),
    "a figure that pyplot holds": (
        "import matplotlib.pyplot as plt\nplt.plot([1]);",
        f"x.qmd:1: cell: leaves a figure of pyplot open{MAY}",
    ),
    "a display that is changed afterwards": (
        f"{DISPLAY}shown = display(1, display_id=True)\nshown.update(2)",
        f"x.qmd:3: cell: shows one thing in the place of another{MAY}, once",
    ),
    "an exception": ("1\n1 / 0", "x.qmd:2: cell: ZeroDivisionError: division by zero"),
    "an exception of a function, at its call": (
        "def f():\n    1 / 0\n\nf()",
        "x.qmd:4: cell: ZeroDivisionError: division by zero",
    ),
    "what is no Python": ("1\ny = (", "x.qmd:2: cell: SyntaxError: incomplete input"),
    "an object that fails when it is shown": (
        "class P:\n    def _repr_markdown_(self): 1 / 0\nP()",
        "x.qmd:3: cell: ZeroDivisionError: division by zero",
    ),
    "an object that cannot even be named": (
        "class P:\n    def __repr__(self): 1 / 0\nP()",
        "x.qmd:2: cell: ZeroDivisionError: division by zero",
    ),
    "a warning": (
        "import warnings; warnings.warn('prenez garde')",
        "UserWarning: prenez garde",
    ),
    "what another program complains of": (
        "import os; os.system('echo gare >&2');",
        "x.qmd:1: cell: on stderr: gare",
    ),
    "a question that nobody answers": ("input()", "x.qmd:1: cell: EOFError: EOF when reading"),
    "the end of the chapter": ("import sys; sys.exit(3)", "x.qmd:1: cell: SystemExit: 3"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_cell_is_refused(case: str, cells: Cells) -> None:
    code, message = REFUSED[case]
    with pytest.raises(BuildError) as caught:
        cells.run(chapter(code))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_object_that_shows_its_address_is_refused(cells: Cells) -> None:
    with pytest.raises(BuildError, match=r"^x\.qmd:1: cell: shows <object at 0x\w+>, which"):
        cells.run(chapter("object()"))
    with pytest.raises(BuildError, match=r"^x\.qmd:3: object\(\): shows <object object at 0x"):
        cells.run(sentence("object()"))


def test_the_value_of_a_sentence_is_text_or_the_markdown_that_it_offers(cells: Cells) -> None:
    assert cells.run(sentence("'a*b'")).inlines == {0: ("a\\*b",)}
    markdown = "type('M', (), {'_repr_markdown_': lambda self: ' **5** '})()"
    assert cells.run(sentence(markdown)).inlines == {0: ("**5**",)}


def test_a_sentence_says_its_line_and_its_expression(cells: Cells) -> None:
    with pytest.raises(BuildError, match=r"^x\.qmd:3: absent: NameError: name 'absent' is not"):
        cells.run(sentence("absent"))


def test_a_chapter_knows_the_names_of_its_own_cells_only(cells: Cells) -> None:
    assert last(cells.run(chapter("mine = 7", "mine"))).splitlines()[1] == "7"
    with pytest.raises(BuildError, match="NameError: name 'mine' is not defined"):
        cells.run(chapter("mine"))


def test_a_chapter_finds_folder_environment_and_warnings_as_the_first_one_did(
    cells: Cells,
) -> None:
    look = (
        "import os, sys, warnings\n"
        "print(os.getcwd(), os.environ.get('LEFT'), len(warnings.filters))"
    )
    first = last(cells.run(chapter(look)))
    cells.run(
        chapter(
            "import os, warnings\nos.chdir('/')\nos.environ['LEFT'] = '1'\n"
            "warnings.simplefilter('error')"
        )
    )
    assert last(cells.run(chapter(look))) == first


def test_a_chapter_is_run_after_one_that_failed(cells: Cells) -> None:
    with pytest.raises(BuildError):
        cells.run(chapter("1 / 0", "print('never')"))
    assert last(cells.run(chapter("2"))).splitlines()[1] == "2"


def test_nothing_of_the_machine_matters_and_nothing_is_left_in_its_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, made, root = (tmp_path / name for name in ("home", "made", "Édition à lire"))
    for folder in (home, made, root):
        folder.mkdir()
    (root / "voisin.py").write_text("NAME = 'é'\n", encoding="utf-8")
    (root / "texte.txt").write_text("œuf", encoding="utf-8")
    for name, value in {
        "HOME": str(home),
        "TMPDIR": str(made),
        "LANG": "C",
        "LC_ALL": "C",
        "MPLBACKEND": "nonsense",
        "PYTHONSAFEPATH": "1",
        "IPYTHONDIR": str(home / "ipython"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    look = (
        "import os, voisin\nprint(voisin.NAME, open('texte.txt').read(), os.environ['MPLBACKEND'])"
    )
    with Cells(book(root)) as process:
        assert last(process.run(chapter(look))).splitlines()[1] == "é œuf agg"
    assert [*home.iterdir(), *made.iterdir()] == []


ENDS = {
    "os._exit(7)": "ends the Python process (status 7)",
    "os.kill(os.getpid(), 9)": "ends the Python process (SIGKILL)",
    "while True: pass": "takes more than 0.5 s",
    "while True:\n    try: time.sleep(9)\n    except BaseException: pass": "takes more than 0.5 s",
}


@pytest.mark.parametrize("code", ENDS)
def test_a_cell_that_ends_the_process_or_never_ends_is_named(code: str, tmp_path: Path) -> None:
    with Cells(book(tmp_path, seconds=0.5)) as process:
        process.run(chapter("import os, time"))
        with pytest.raises(BuildError) as caught:
            process.run(chapter("import os, time", code))
        assert str(caught.value) == f"x.qmd:2: cell: {ENDS[code]}"
        with pytest.raises(BuildError, match=r"^x\.qmd:1: cell: "):
            process.run(chapter("1"))


def test_ctrl_c_is_for_whoever_asks(tmp_path: Path, ctrl_c: None) -> None:
    with Cells(book(tmp_path)) as process:
        pressed = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n'la suite'"
        assert "la suite" in last(process.run(chapter(pressed)))


CLIENT = """
import signal, sys
from pathlib import Path
from builder._config import Book, Chapter
from builder._execute import Cells
from builder._qmd import Cell, Source
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the parent ignores
code = "import time\\nwhile True:\\n    open('ticks', 'a').write('.')\\n    time.sleep(0.02)"
items = (Cell(code, {}, "x.qmd", 1),)
with Cells(Book(Path(sys.argv[1]), {}, {}, {}, ())) as cells:
    cells.run(Source(Chapter("x.qmd"), items))
"""


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_cell_goes_on_once_nobody_waits_for_it(how: signal.Signals, tmp_path: Path) -> None:
    words = [sys.executable, "-c", CLIENT, str(tmp_path)]
    client = subprocess.Popen(words, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
    ticks = tmp_path / "ticks"
    wait_for(ticks.exists)
    client.send_signal(how)
    client.wait()

    def is_still() -> bool:
        before = ticks.stat().st_size
        time.sleep(0.5)
        return ticks.stat().st_size == before

    wait_for(is_still)
