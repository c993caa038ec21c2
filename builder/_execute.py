"""Run the cells of a chapter in one kernel, and write what they display as Markdown.

The kernel is the interpreter that runs the builder, started at the root of the project. Of the
forms in which an object offers itself the first of Markdown, SVG, PNG and plain text is taken.
Anything on stderr fails the chapter, as an exception does: a warning nobody reads is not a result.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import nbformat.v4
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from builder._config import Book, BuildError
from builder._pandoc import local_path
from builder._qmd import Cell, Results, Source, attribute, fenced, inlines

__all__ = ["run"]

_SET_UP = """
def __inline__(value):
    from IPython.display import display
    written = getattr(value, "_repr_markdown_", None)
    kind = "text/markdown" if written else "text/plain"
    display({{kind: written() if written else str(value)}}, raw=True)
get_ipython().config.InlineBackend.figure_formats = {{{figure_format!r}}}
"""
_IMAGES = {"image/svg+xml": "svg", "image/png": "png"}
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~^$@\"'&:])")


def run(source: Source, book: Book) -> Results:
    """Run a chapter from its first cell to its last.

    Raises
    ------
    BuildError
        For an exception, a line on stderr, or a pair of renderings that is not two images.
    """
    chapter = source.chapter
    values: dict[int, tuple[str, ...]] = {}
    cells: dict[int, str] = {}
    files: dict[str, bytes] = {}
    runs = [i for i in source.items if (i.runs if isinstance(i, Cell) else inlines(i))]
    if not runs:
        return Results()
    kernels = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )
    client = NotebookClient(
        nbformat.v4.new_notebook(),  # type: ignore[no-untyped-call]
        km=kernels,
        timeout=None,
        extra_arguments=["--log-level=40"],
    )
    with client.setup_kernel(cwd=str(book.root), cleanup_kc=True):
        figure_format = book.get("format.html.fig-format", "svg")
        _outputs(client, _SET_UP.format(figure_format=figure_format), chapter.source)
        for index, item in enumerate(source.items):
            if not isinstance(item, Cell):
                where = f"{chapter.source}, inline expression"
                values[index] = tuple(
                    _inline(_outputs(client, f"__inline__({code})", f"{where} {code}"))
                    for code in inlines(item)
                )
            elif item.runs:
                outputs = _outputs(client, item.code, f"{chapter.source}, {item.name}")
                name = item.label or f"cell-{index}"
                images = f"{PurePosixPath(chapter.name).name}_files/figure-html/{name}"
                found: dict[str, bytes] = {}
                cells[index] = "\n\n".join(_pieces(item, outputs, images, found))
                if "renderings" in item.options and len(found) != 2:
                    raise BuildError(
                        f"{chapter.source}, {item.name}: renderings need two images, "
                        f"the cell displays {len(found)}"
                    )
                files |= {local_path(chapter.folder, path): made for path, made in found.items()}
    return Results(cells, values, files)


def _outputs(client: NotebookClient, code: str, where: str) -> list[Any]:
    cell = nbformat.v4.new_code_cell(code)  # type: ignore[no-untyped-call]
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1)
    except CellExecutionError as error:
        raise BuildError(f"{where}: {_last_line(error.ename, error.evalue)}") from None
    except DeadKernelError:
        raise BuildError(f"{where}: the kernel died") from None
    for output in cell.outputs:
        if output.output_type == "error":
            # What fails while it is displayed does not stop the cell.
            raise BuildError(f"{where}: {_last_line(output.ename, output.evalue)}")
        if output.output_type == "stream" and output.name == "stderr":
            raise BuildError(f"{where}: on stderr: {output.text.strip().splitlines()[-1]}")
    return list(cell.outputs)


def _last_line(name: str, message: str) -> str:
    last = f"{name}: {message}".strip().splitlines()[-1]
    return last if last.startswith(name) else f"{name}: {last}"


def _inline(outputs: list[Any]) -> str:
    data: Mapping[str, str] = outputs[-1].data
    if "text/markdown" in data:
        return data["text/markdown"].strip()
    return _MARKUP.sub(r"\\\1", data["text/plain"])


def _pieces(cell: Cell, outputs: list[Any], images: str, files: dict[str, bytes]) -> Iterator[str]:
    """Yield the outputs as Markdown, and put the images aside in `files`."""
    themes = iter(cell.options.get("renderings", ()))
    for output in outputs:
        if output.output_type == "stream":
            asis = cell.options.get("output") == "asis"
            yield output.text if asis else fenced(output.text, ".cell-output")
            continue
        data: Mapping[str, str] = output.data
        image = next((kind for kind in _IMAGES if kind in data), None)
        if "text/markdown" in data:
            yield data["text/markdown"]
        elif image:
            content = data[image]
            name = f"{images}-{len(files) + 1}.{_IMAGES[image]}"
            is_text = image.endswith("xml")
            files[name] = content.encode() if is_text else base64.b64decode(content)
            alt = attribute(str(cell.options.get("fig-alt", "")))
            shown = f"![]({name}){{fig-alt={alt}}}"
            theme = next(themes, None)
            yield f"::: {{.{theme}-content}}\n{shown}\n:::" if theme else shown
        elif "text/plain" in data:
            yield fenced(data["text/plain"], ".cell-output")
