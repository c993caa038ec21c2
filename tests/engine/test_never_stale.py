"""No page is older than what it is made from, in whatever order things change and are rendered."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.engine.conftest import Small

TOOL = """
import os
from pathlib import Path
CODE = {code}
def state():
    named = Path(os.environ.get("DMP_RESPONDENTS") or "answers.csv")
    return f"réponse {{named.read_text()}}, code {{CODE}}"
def count(chapter):
    pass
"""
WAYS = [
    ("render",),
    ("render", "--to", "html"),
    ("render", "--to", "typst"),
    ("render", "chapters/deux.qmd"),
    ("render", "chapters/deux.qmd", "--to", "html"),
]
WRITES = {  # What each way writes: the pages of the book, one page, the PDF.
    WAYS[0]: ("un", "deux", "pdf"),
    WAYS[1]: ("un", "deux"),
    WAYS[2]: ("pdf",),
    WAYS[3]: ("un", "deux", "pdf"),
    WAYS[4]: ("deux",),
}


class World:
    """What the book is made from, and how it is rendered."""

    def __init__(self, small: Small) -> None:
        self.small, self.turn = small, 0
        self.values = dict.fromkeys(("answers.csv", "own.csv", "code", "included", "image"), 0)
        self.own = False
        for name in self.values:
            self.change(name)
        for name in ("un", "deux"):
            small.write(
                f"chapters/{name}.qmd",
                f"# {name}\n\nVoici `{{python}} outil.state()`.\n\n"
                "{{< include ../_inclus.md >}}\n\n![Une image](../image.svg)\n",
            )

    def change(self, name: str) -> None:
        """Change one thing that the book is made from."""
        self.turn += 1
        self.values[name] = self.turn
        files = {
            "code": ("outil.py", TOOL.format(code=self.turn)),
            "included": ("_inclus.md", f"inclus {self.turn}.\n"),
            "image": (
                "image.svg",
                f"<svg xmlns='http://www.w3.org/2000/svg' width='{self.turn}'/>",
            ),
        }
        file, text = files.get(name, (name, str(self.turn)))
        (self.small.root / file).write_text(text, encoding="utf-8")

    def render(self, way: tuple[str, ...]) -> None:
        """Render the book, or part of it, from the answers in use."""
        done = self.small.render(*way[1:], DMP_RESPONDENTS="own.csv" if self.own else "")
        assert done.returncode == 0, done.stderr

    def expected(self) -> tuple[str, str]:
        """Give what every page and the PDF shall say now."""
        answer = self.values["own.csv" if self.own else "answers.csv"]
        return (
            f"réponse {answer}, code {self.values['code']}.",
            f"inclus {self.values['included']}.",
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_rendered_is_what_it_is_made_from(seed: int, small: Small) -> None:
    world, draws = World(small), random.Random(seed)
    world.render(WAYS[0])
    for _ in range(6):
        changed = draws.choice([*world.values, "whose"])
        if changed == "whose":
            world.own = not world.own
        else:
            world.change(changed)
        way = draws.choice(WAYS)
        world.render(way)
        for written in WRITES[way]:
            text = small.paper() if written == "pdf" else small.page(f"chapters/{written}")
            for words in world.expected():
                assert words in text, (changed, way, written)
            if written != "pdf":
                image = (small.root / "_book" / "image.svg").read_text("utf-8")
                assert f"width='{world.values['image']}'" in image, (changed, way)


def test_after_all_that_the_book_is_that_of_a_clean_build(small: Small, tmp_path: Path) -> None:
    world = World(small)
    world.render(WAYS[0])
    for name in world.values:
        world.change(name)
        world.render(WAYS[4])
    world.render(WAYS[3])
    clean = Small(tmp_path / "clean" / small.root.name)
    shutil.copytree(small.root, clean.root, ignore=shutil.ignore_patterns("_book", ".quarto"))
    assert clean.render(DMP_RESPONDENTS="").returncode == 0

    def pages(book: Small) -> dict[str, bytes]:
        folder = book.root / "_book"
        files = [path for path in folder.rglob("*") if path.suffix in (".html", ".svg", ".json")]
        return {os.path.relpath(path, folder): path.read_bytes() for path in files}

    assert pages(small) == pages(clean)
    assert small.paper() == clean.paper()
