"""Take away what a render that was killed left between the sources.

Quarto writes its pages beside the chapters and moves them once all are there; it keeps what each
chapter gave, under its own engine, and takes it up again without a look at data and code. Quarto
runs this before every render (`project: pre-render`).

What is rendered in part goes among the pages of the book: they are put where Quarto will write.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Take it away; return the exit status."""
    for chapter in [ROOT / "index.qmd", *(ROOT / "chapters").rglob("*.qmd")]:
        for ending in (".html", ".typ", ".pdf"):
            chapter.with_suffix(ending).unlink(missing_ok=True)
        shutil.rmtree(chapter.with_name(f"{chapter.stem}_files"), ignore_errors=True)
    for folder in (ROOT / "site_libs", ROOT / ".quarto" / "_freeze"):
        shutil.rmtree(folder, ignore_errors=True)
    output = os.environ.get("QUARTO_PROJECT_OUTPUT_DIR")
    if output and not os.environ.get("QUARTO_PROJECT_RENDER_ALL"):
        shutil.rmtree(output, ignore_errors=True)
        if (ROOT / "_book").is_dir():
            shutil.copytree(ROOT / "_book", output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
