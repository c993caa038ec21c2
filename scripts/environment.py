"""Make the environment of the project, or make it anew where it is not this machine's.

Run by the Makefile with the system's Python, before anything is installed: it uses the standard
library only, and no syntax that an older Python would not read, so as to say what is missing.

    python3 scripts/environment.py .venv runtime     the packages of the report
    python3 scripts/environment.py .venv dev         those of the tests as well
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

OLDEST = (3, 11)
LOCKS = {"runtime": ["requirements.lock"], "dev": ["requirements.lock", "requirements-dev.lock"]}


class SetUpError(Exception):
    """What hinders the set-up, in one line."""


def digest(file: str) -> str:
    """Give the SHA-256 of a file."""
    with open(file, "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def interpreter(venv: str) -> str:
    """Give the path of the environment's Python."""
    return os.path.join(venv, "bin", "python")


def state(venv: str) -> dict[str, Any]:
    """Read what was installed, where and for which Python; nothing where that is not known."""
    asked = [interpreter(venv), "-I", "-c", "import sys; print(sys.version)"]
    try:
        with open(os.path.join(venv, "installed.json"), encoding="utf-8") as stream:
            found: dict[str, Any] = json.load(stream)
        answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except (OSError, ValueError):
        return {}
    # An environment that was moved, or whose Python is gone or another by now, is of no use.
    is_here = found.get("place") == os.path.realpath(venv)
    is_ours = found.get("python") == sys.version == answer[:-1]
    return found if is_here and is_ours else {}


def record(venv: str, installed: dict[str, str]) -> None:
    """Write what is installed, beside first."""
    path = os.path.join(venv, "installed.json")
    told = {"place": os.path.realpath(venv), "python": sys.version, "locks": installed}
    with open(path + ".new", "w", encoding="utf-8") as stream:
        json.dump(told, stream)
    os.replace(path + ".new", path)


def create(venv: str) -> None:
    """Make an empty environment in the place of what is there."""
    if os.path.islink(venv):
        os.unlink(venv)
    shutil.rmtree(venv, ignore_errors=True)
    command = [sys.executable, "-m", "venv", venv]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        said = done.stdout + done.stderr
        if "ensurepip" in said or "No module named venv" in said:
            raise SetUpError("the venv module is missing (Debian: apt install python3-venv)")
        raise SetUpError(f"no environment could be made: {said.strip().splitlines()[-1]}")


def install(venv: str, lock: str) -> None:
    """Install what a lock file pins, and nothing else: a lock names all that is needed."""
    command = [interpreter(venv), "-m", "pip", "install", "--quiet", "--require-hashes"]
    command += ["--no-deps", "--disable-pip-version-check", "--no-input", "-r", lock]
    environment = dict(os.environ, PIP_USER="0")
    if subprocess.run(command, env=environment, check=False).returncode:
        raise SetUpError(f"the packages of {lock} could not be installed: is a registry reached?")


def check_writable(folder: str) -> None:
    """Raise where nothing can be written into a folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SetUpError(f"{folder} cannot be written to: {error.strerror}") from None


def main(venv: str, which: str) -> int:
    """Do what is missing; return the exit status."""
    try:
        if sys.version_info < OLDEST:  # An older Python may be asked to run this.
            raise SetUpError(f"Python >= 3.11 is needed, not {sys.version.split()[0]}: set PYTHON")
        check_writable(os.getcwd())
        found = state(venv)
        wanted = {lock: digest(lock) for lock in LOCKS[which]}
        installed = found.get("locks", {})
        missing = [lock for lock in wanted if installed.get(lock) != wanted[lock]]
        if not missing:
            return 0
        if not found:
            if os.path.lexists(venv):
                print(f"{venv} is of another Python, or was moved: made anew", flush=True)
            create(venv)
            installed = {}
        for lock in missing:
            print(f"Installing the packages of {lock}", flush=True)
            install(venv, lock)
            installed[lock] = wanted[lock]
            record(venv, installed)
    except SetUpError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
