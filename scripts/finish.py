"""Make `_book` of what Quarto has rendered, whole or not at all.

Quarto empties its output folder before it renders, and is long about it. So that folder is another
one, and Quarto runs this after a render (`project: post-render`): a render that fails or is killed
leaves the old book as it was. `scripts.clear` puts the book there before a part is rendered.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis import paths
from builder.beside import beside, put_in_place, update
from scripts import downloads
from scripts.check_inputs import COPY
from scripts.complete import complete

BOOK = paths.ROOT / "_book"
_SHUFFLED = re.compile(r'(?<=<div) [^<>]*\bdata-tbl-colwidths="[^<>]*(?=>)')
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')


def in_order(page: str) -> str:
    """Sort the attributes that Quarto's filters write in an order of their own at each render.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        The same page, the same letters each time.

    Examples
    --------
    >>> in_order('<div id="x" data-tbl-colwidths="[1,2]" data-execution_count="3">')
    '<div data-execution_count="3" data-tbl-colwidths="[1,2]" id="x">'
    """
    return _SHUFFLED.sub(lambda found: " " + " ".join(sorted(_ATTRIBUTE.findall(found[0]))), page)


def main() -> int:
    """Put it in place of the book, a part among its pages; return the exit status."""
    rendered = Path(os.environ["QUARTO_PROJECT_OUTPUT_DIR"])
    whole = os.environ.get("QUARTO_PROJECT_RENDER_ALL") and (rendered / "index.html").is_file()
    # Not for one chapter, nor for the PDF alone, from which no page leads to the files.
    if whole:
        reported = os.environ.get(COPY) == str(paths.ROOT)
        downloads.write(rendered, paths.ROOT.with_name(downloads.MADE) if reported else None)
    with beside(BOOK) as (folder, _):
        copy = shutil.copytree(rendered, folder / BOOK.name)
        for page in copy.rglob("*.html"):
            page.write_text(in_order(page.read_text("utf-8")), "utf-8")
        complete(copy)
        if whole:
            put_in_place(copy, BOOK)
        else:
            update(BOOK, copy)
    return 0


if __name__ == "__main__":
    sys.exit(main())
