"""Write the size and the SHA-256 of each data file into the data package.

Without the source text at hand nothing else shows that a digit was changed by accident. Run it
after a change that is meant: ``python -m scripts.digests``. A file that breaks a rule is named
instead, and nothing is written.
"""

from __future__ import annotations

import sys

from analysis.files import InputError
from analysis.inputs import check
from analysis.packages import read_package


def main() -> int:
    """Rewrite the data package; return the exit status."""
    try:
        check(recorded=False)
        read_package().describe()
    except InputError as error:
        print(*error.lines(), sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
