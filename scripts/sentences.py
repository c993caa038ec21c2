"""One sentence a line in the chapters, so that a diff shows the sentence that changed.

``--check`` names the lines that hold two; without it they are parted.
"""

from __future__ import annotations

import argparse
import re
import sys

from analysis.files import write_beside
from scripts.prose import ROOT, chapter_files, prose

_CODE = re.compile(r"`[^`]*`")
_MARKER = re.compile(r"^\s*(?:[-*+]|\w+\.)\s+")
_END = re.compile(r"(?<=[.!?])(?:\s»|\))?(\s+)(?=[A-ZÀ-ÖØ-Þ«`@\[])")


def split(line: str) -> list[str]:
    """Part a line of prose into its sentences; a list marker or a bold lead-in ends none.

    Examples
    --------
    >>> split("Un mot. Un autre.")
    ['Un mot.', 'Un autre.']
    >>> split("**Les freins.** Ils sont `a. B` nombreux.")
    ['**Les freins.** Ils sont `a. B` nombreux.']
    """
    masked = _CODE.sub(lambda found: "`" + "x" * (len(found[0]) - 2) + "`", line)
    marker = _MARKER.match(masked)
    start = marker.end() if marker else 0
    indent = " " * start
    pieces, last = [], 0
    for found in _END.finditer(masked, start):
        pieces.append(line[last : found.start(1)])
        last = found.end(1)
    pieces.append(line[last:])
    return [pieces[0], *(indent + piece for piece in pieces[1:])]


def main() -> int:
    """Check or rewrite the chapters; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, name the lines")
    parser.add_argument("file", nargs="*", help="ignored: every chapter is read")
    check = parser.parse_args().check
    faults = 0
    for path in chapter_files():
        lines = path.read_text(encoding="utf-8").splitlines()
        parted = {number - 1: split(line) for number, line in prose(path)}
        parted = {index: pieces for index, pieces in parted.items() if len(pieces) > 1}
        faults += len(parted)
        if check:
            for index, pieces in parted.items():
                place = f"{path.relative_to(ROOT)}:{index + 1}"
                print(f"{place}: {len(pieces)} sentences on one line", file=sys.stderr)
        elif parted:
            text = "".join(
                piece + "\n"
                for index, line in enumerate(lines)
                for piece in parted.get(index, [line])
            )
            write_beside(path, text)
    return 1 if check and faults else 0


if __name__ == "__main__":
    sys.exit(main())
