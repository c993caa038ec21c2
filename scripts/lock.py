"""Pin every version, with its hashes, for the report and for the tests.

The two files hold for every platform and for every Python that the project supports.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.lock": ["--extra", "builder"],
    "requirements-dev.lock": ["--all-extras"],
}


def main() -> int:
    """Write both lock files; return the exit status."""
    for name, extras in LOCKS.items():
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"),
            *("--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"),
            *("--no-emit-index-url", "--custom-compile-command", "make lock"),
            *("--output-file", name, *extras),
            *(["--constraint", "requirements.lock"] if name != "requirements.lock" else []),
        ]
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
