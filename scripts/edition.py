"""Write the day of the edition where both roads to the book read it.

Quarto runs this before a render (`project: pre-render`) and then reads its settings again, of which
`.quarto/edition.yml` is one (`metadata-files`); `scripts.report` calls it before either road.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis import paths
from analysis.edition import read_edition

FILE = paths.ROOT / ".quarto" / "edition.yml"


def main() -> int:
    """Write the file, beside first; return the exit status."""
    try:
        text = f"book:\n  date: {read_edition().date}\n"
        FILE.parent.mkdir(exist_ok=True)
        beside = FILE.with_suffix(f".{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.replace(FILE)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
