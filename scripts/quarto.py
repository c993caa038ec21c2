"""Install Quarto into the project's environment, where its download is within reach.

PyPI has an installer, which fetches the program from Quarto's own site. Where that site is out of
reach, the book is built without Quarto.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

VERSION = "1.10.18"
PROGRAM = Path(sys.executable).with_name("quarto")


def main() -> int:
    """Install it, and run it once; return the exit status."""
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-input"]
    said = subprocess.run(
        [*install, "--disable-pip-version-check", f"quarto-cli=={VERSION}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode or installed() != VERSION:
        print(
            f"Quarto {VERSION} is out of reach: PyPI's quarto-cli downloads it from another site, "
            "which did not answer; make report builds the book without it",
            file=sys.stderr,
        )
        return 1
    print(f"Quarto {VERSION} is in {PROGRAM.parent}: make report uses it")
    return 0


def installed() -> str:
    """Say which Quarto the environment has; an empty string where it has none that runs."""
    try:
        return subprocess.run(
            [PROGRAM, "--version"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
