"""Run the cells of chapters, and write what they show as Markdown.

The cells run in a process of their own (`builder.cells`), the same for all chapters, started at the
root of the project with the interpreter that runs the builder. It says what a cell may show and
what is an error; here that becomes Markdown, image files, and one line for whoever reads it.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, Self

from builder._config import Book, BuildError
from builder._pandoc import local_path
from builder._qmd import Cell, Prose, Results, Source, attribute, fenced, inlines

__all__ = ["Cells"]

_PROGRAM = Path(__file__).with_name("cells.py")
_SECONDS = 600


class Cells:
    """The process that runs cells, for as long as the ``with`` block.

    Parameters
    ----------
    book
        The book whose chapters are run.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._seconds = book.get("cell-seconds", _SECONDS)
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", str(_PROGRAM)],
            cwd=book.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def run(self, source: Source) -> Results:
        """Run a chapter from its first cell to its last.

        Raises
        ------
        BuildError
            For an exception, a line on stderr, something that no page can show, or a process that
            ends.
        """
        values: dict[int, list[str]] = {}
        cells: dict[int, str] = {}
        files: dict[str, bytes] = {}
        images = f"{PurePosixPath(source.chapter.name).name}_files/figure-html"
        asked = [
            (index, code)
            for index, item in enumerate(source.items)
            for code in ([item.code] if isinstance(item, Cell) else inlines(item))
        ]
        for (index, code), answer in zip(asked, self._ask(source, asked), strict=False):
            item = source.items[index]
            if "error" in answer:
                raise BuildError(f"{_place(item, code, answer.get('line', 1))}: {answer['error']}")
            if isinstance(item, Prose):
                value = answer["shown"][0]["content"]
                if "\n" in value:
                    raise BuildError(f"{_place(item, code)}: a value of several lines")
                values.setdefault(index, []).append(value)
                continue
            found: dict[str, bytes] = {}
            name = f"{images}/{item.label or f'cell-{index}'}"
            cells[index] = "\n\n".join(_pieces(item, answer["shown"], name, found))
            if item.label and not cells[index]:
                raise BuildError(f"{item.where}: shows nothing under its caption")
            files |= {local_path(source.chapter.folder, path): made for path, made in found.items()}
        return Results(cells, {index: tuple(found) for index, found in values.items()}, files)

    def _ask(self, source: Source, asked: Sequence[tuple[int, str]]) -> Iterator[Mapping[str, Any]]:
        """Yield the answer to each cell and expression; an error is the last."""
        items = [
            {"code": code, "inline": isinstance(source.items[index], Prose)}
            for index, code in asked
        ]
        chapter = json.dumps({"seconds": self._seconds, "items": items})
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with suppress(BrokenPipeError):
            stdin.write(f"{chapter}\n")
            stdin.flush()
        for _ in asked:
            line = stdout.readline()
            if not line:
                yield {"error": self._end()}
                return
            yield json.loads(line)

    def _end(self) -> str:
        status = self._process.wait()
        if status == -signal.SIGALRM:
            return f"takes more than {self._seconds} s"
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        return f"ends the Python process ({how})"


def _place(item: Cell | Prose, code: str, line: int = 1) -> str:
    if isinstance(item, Prose):
        return f"{item.where}: {code}"
    return f"{item.file}:{item.line + line - 1}: {item.name}"


def _pieces(
    cell: Cell, shown: Sequence[Mapping[str, str]], images: str, files: dict[str, bytes]
) -> Iterator[str]:
    """Yield what a cell shows as Markdown, and put the images aside in `files`."""
    drawn = sum(piece["form"] == "image/svg+xml" for piece in shown)
    if drawn != ("fig-alt" in cell.options):
        described = "an" if "fig-alt" in cell.options else "no"
        raise BuildError(f"{cell.where}: shows {drawn} image(s), and has {described} fig-alt")
    for piece in shown:
        form, content = piece["form"], piece["content"]
        if form == "text/markdown":
            yield content
        elif form in ("stdout", "text/plain"):
            yield fenced(content, ".cell-output")
        elif form == "text/html":
            yield fenced(content, "=html")
        elif form != "image/svg+xml":
            raise BuildError(f"{cell.where}: shows {form}, not Markdown, SVG, HTML or text")
        else:
            name = f"{images}.svg"
            files[name] = content.encode()
            alt = attribute(cell.options["fig-alt"])
            yield f"![]({name}){{fig-alt={alt}}}"
