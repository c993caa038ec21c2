"""What holds for every test, whatever the machine: its speed, and what its parent process ignores.

Property tests draw the same cases each time, and no case has a time to keep. New ones are drawn by
``pytest --hypothesis-profile searching``.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Some tests import Matplotlib by themselves, where a backend of this name need not be there.
os.environ["MPLBACKEND"] = "agg"

for profile, is_repeatable in (("searching", False), ("repeatable", True)):
    settings.register_profile(
        profile,
        derandomize=is_repeatable,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("repeatable")

if sys.__stdin__ is None:
    # It was closed: pytest has no encoding then for its own, which IPython asks for.
    sys.__stdin__ = open(os.devnull, encoding="utf-8")  # noqa: SIM115


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in the modules and the tests, which stay: here it takes a tenth."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let Ctrl-C through, here and in what is started meanwhile.

    What ``nohup`` or a shell in the background starts ignores it, and hands that down.
    """
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, handler)


@pytest.fixture
def interrupted(
    ctrl_c: None, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[int, list[str]]]:
    """Return a function that starts a command, and presses Ctrl-C as soon as it says something.

    It gives the exit status of the command, and the lines that it said.
    """
    said = tmp_path_factory.mktemp("interrupted") / "said"

    def run(command: list[str], moment: str, **options: Any) -> tuple[int, list[str]]:
        with said.open("wb") as stream:
            process = subprocess.Popen(
                command, stdout=stream, stderr=stream, start_new_session=True, **options
            )
        try:
            while moment.encode() not in said.read_bytes() and process.poll() is None:
                time.sleep(0.05)
            if process.poll() is None:
                # A terminal sends it to all that the command started.
                os.killpg(process.pid, signal.SIGINT)
            status = process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        return status, said.read_text("utf-8").splitlines()

    return run
