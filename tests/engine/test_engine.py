"""The engine under Quarto: each chapter is run once a render, never from a store, and by name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.engine.conftest import QUARTO, Small

CHAPTERS = ["index", "un", "deux"]


def test_both_formats_share_one_run_of_each_chapter(small: Small) -> None:
    small.write(
        "chapters/deux.qmd", "# Deux\n\nTiré : `{python} __import__('os').urandom(9).hex()`.\n"
    )
    done = small.render()
    assert done.returncode == 0, done.stderr
    assert small.runs() == CHAPTERS
    drawn = small.page("chapters/deux").split("Tiré : ")[1][:18]
    assert drawn in small.paper()


@pytest.mark.parametrize("format_", ["html", "typst"])
def test_a_render_of_one_format_runs_each_chapter_once(format_: str, small: Small) -> None:
    assert small.render("--to", format_).returncode == 0
    assert small.runs() == CHAPTERS


def test_one_chapter_for_the_pages_runs_that_chapter_alone(small: Small) -> None:
    assert small.render("--to", "html").returncode == 0
    small.runs()
    (small.root / "outil.py").write_text(
        (small.root / "outil.py").read_text("utf-8").replace("7", "8"), encoding="utf-8"
    )
    assert small.render("chapters/deux.qmd", "--to", "html").returncode == 0
    assert small.runs() == ["deux"]
    assert "Voilà 48." in small.page("chapters/deux")


@pytest.mark.parametrize("words", [[], ["--to", "typst"]])
def test_a_chapter_that_takes_the_book_with_it_takes_nothing_from_a_store(
    words: list[str], small: Small
) -> None:
    assert small.render().returncode == 0
    small.runs()
    (small.root / "outil.py").write_text(
        (small.root / "outil.py").read_text("utf-8").replace("7", "8"), encoding="utf-8"
    )
    assert small.render("chapters/deux.qmd", *words).returncode == 0
    assert small.runs() == CHAPTERS
    assert "Voici 8." in small.paper()
    assert not (small.root / ".quarto" / "_freeze").exists()


def test_the_options_of_a_cell_are_those_of_quarto(small: Small) -> None:
    small.write(
        "chapters/deux.qmd",
        '# Deux\n\n```{python}\n#| eval: false\nprint("non lu")\n```\n\n'
        '```{python}\n#| echo: false\n#| output: asis\nprint("**gras**")\n```\n\n'
        '```{python}\n#| label: tbl-a\n#| tbl-cap: "Un tableau"\n'
        'type("T", (), {"_repr_markdown_": lambda _: "| a |\\n|---|\\n| 1 |"})()\n```\n\n'
        '```{python}\n#| include: false\nprint("caché")\n```\n\nVoir @tbl-a.\n',
    )
    done = small.render("--to", "html")
    page = small.page("chapters/deux")
    assert "WARN" not in done.stderr
    assert "<strong>gras</strong>" in page
    assert "Table&nbsp;2.1: Un tableau" in page or "Tableau&nbsp;2.1" in page
    assert 'print("**gras**")' not in page
    assert "caché" not in page


def test_html_is_for_the_pages_only(small: Small) -> None:
    small.write(
        "chapters/deux.qmd",
        "# Deux\n\n```{python}\n#| echo: false\n"
        'from IPython.display import HTML\nHTML("<b>à voir</b>")\n```\n',
    )
    done = small.render()
    assert (done.returncode, "WARN" in done.stderr) == (0, False)
    assert "<b>à voir</b>" in small.page("chapters/deux")
    assert "à voir" not in small.paper()


FAULTS = {
    "a cell": (
        "```{python}\n1\n\n1 / 0\n```\n",
        "deux.qmd:12: cell: ZeroDivisionError: division by",
    ),
    "a cell with options, in a list": (
        "- a\n\n  ```{python}\n  #| label: tbl-x\n  #| echo: false\n\n  1\n  1 / 0\n  ```\n",
        "deux.qmd:16: cell tbl-x: ZeroDivisionError: division by zero",
    ),
    "a cell after one that is empty and one that is not run": (
        "```{python}\n\n```\n\n```{python}\n#| eval: false\n1\n```\n\n```{python}\n1 / 0\n```\n",
        "deux.qmd:19: cell: ZeroDivisionError: division by zero",
    ),
    "a sentence": (
        "Une `{python} 1`, une `{python} 1`, et\n`{python} absent`.\n",
        "deux.qmd:10: absent: NameError: name 'absent' is not defined",
    ),
    "a file that is included": (
        "{{< include _inclus.md >}}\n",
        "chapters/_inclus.md:3: absent: NameError: name 'absent' is not defined",
    ),
    "a warning": (
        "```{python}\nimport warnings; warnings.warn('gare')\n```\n",
        "deux.qmd:10: cell: on stderr: ",
    ),
    "what no page can show": (
        "```{python}\nfrom IPython.display import JSON\nJSON({})\n```\n",
        "deux.qmd:11: cell: shows application/json; a cell shows Markdown, SVG, PNG, HTML or text",
    ),
    "the end of the process": (
        "```{python}\nimport os\n```\n\n```{python}\nos._exit(4)\n```\n",
        "deux.qmd:14: cell: ends the Python process (status 4)",
    ),
    "a cell that never ends": (
        "```{python}\nwhile True: pass\n```\n",
        "deux.qmd:10: cell: takes more than 3 s",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_its_place_and_leaves_the_page(
    fault: str, small: Small
) -> None:
    text, message = FAULTS[fault]
    old = small.root / "_book" / "chapters" / "deux.html"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    small.write("chapters/_inclus.md", "Un\n\n`{python} absent`\n")
    small.write("chapters/deux.qmd", f"# Deux\n{text}")
    done = small.render("chapters/deux.qmd", "--to", "html")
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.strip()][-1:]
    assert message in line
    assert small.page("chapters/deux") == "old"


def test_a_fault_of_the_last_chapter_ends_the_render_of_the_book(small: Small) -> None:
    small.write("chapters/deux.qmd", "# Deux\n\n`{python} absent`\n")
    done = small.render()
    assert done.returncode == 1
    assert done.stderr.strip().endswith("NameError: name 'absent' is not defined")


def test_ctrl_c_is_for_quarto_and_not_for_the_cells(small: Small, ctrl_c: None) -> None:
    small.write(
        "chapters/deux.qmd",
        "# Deux\n\n```{python}\n#| echo: false\nimport os, signal\n"
        "os.kill(os.getpid(), signal.SIGINT)\nprint('la suite')\n```\n",
    )
    done = small.render("--to", "html")
    assert done.returncode == 0, done.stderr
    assert "la suite" in small.page("chapters/deux")


TICKS = """```{python}
import time
while True:
    open("ticks", "a").write(".")
    time.sleep(0.02)
```
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_no_cell_goes_on_after_a_render_that_was_ended(how: signal.Signals, small: Small) -> None:
    settings = (small.root / "_quarto.yml").read_text("utf-8").replace("cell-seconds: 3", "")
    (small.root / "_quarto.yml").write_text(settings, encoding="utf-8")
    small.write("chapters/deux.qmd", f"# Deux\n\n{TICKS}")
    process = subprocess.Popen(
        [str(QUARTO), "render", "--to", "html"],
        cwd=small.root,
        env={**os.environ, "QUARTO_PYTHON": sys.executable},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ticks = small.root / "ticks"
    deadline = time.monotonic() + 60
    while not ticks.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, how)
    process.wait()
    while True:
        before = ticks.stat().st_size
        time.sleep(0.5)
        if ticks.stat().st_size == before:
            break
        assert time.monotonic() < deadline
