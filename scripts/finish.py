"""Make `_book` of what Quarto has rendered, whole or not at all.

Quarto empties its output folder before it renders, and is long about it. So that folder is another
one, and Quarto runs this after a render (`project: post-render`): a render that fails or is killed
leaves the old book as it was. `scripts.clear` puts the book there before a part is rendered.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis import paths
from builder.beside import beside, put_in_place, update

BOOK = paths.ROOT / "_book"


def main() -> int:
    """Put it in place of the book, a part among its pages; return the exit status."""
    rendered = Path(os.environ["QUARTO_PROJECT_OUTPUT_DIR"])
    with beside(BOOK) as (folder, _):
        copy = shutil.copytree(rendered, folder / BOOK.name)
        if os.environ.get("QUARTO_PROJECT_RENDER_ALL") and (copy / "index.html").is_file():
            put_in_place(copy, BOOK)
        else:
            update(BOOK, copy)
    return 0


if __name__ == "__main__":
    sys.exit(main())
