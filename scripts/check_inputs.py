"""Refuse to build the book from damaged data: a line for each fault says what is wrong, and where.

Quarto runs this before any cell (`project: pre-render`); `scripts.report` runs it before either
road, and names in the environment (`COPY`) the copy that it then has Quarto render.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

COPY = "DMP_COPY"
_SHOWN = 20


def main() -> int:
    """Check the inputs; return the exit status."""
    if os.environ.get(COPY) == str(ROOT):
        return 0
    # To import the readers takes longer than to read.
    from analysis.files import InputError  # noqa: PLC0415
    from analysis.inputs import check  # noqa: PLC0415
    from analysis.survey import is_rebuilt  # noqa: PLC0415

    try:
        check()
        if not is_rebuilt():
            _try_out()
    except InputError as error:
        print(*error.lines(_SHOWN), sep="\n", file=sys.stderr)
        return 1
    return 0


def _try_out() -> None:
    """Make every entry of the report: answers of a reader's own may lack what one needs."""
    from analysis.files import Fault, InputError  # noqa: PLC0415
    from analysis.report.register import entries  # noqa: PLC0415
    from analysis.survey import source  # noqa: PLC0415

    try:
        for entry in entries():
            entry.make()
    except (ValueError, LookupError) as error:
        raise InputError([Fault(source(), f"the report needs more: {error}")]) from error


if __name__ == "__main__":
    sys.exit(main())
