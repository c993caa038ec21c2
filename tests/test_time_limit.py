"""No test waits for ever: it is stopped and named, and the others run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import paths

TESTS = """
import time
import pytest

def test_that_sleeps():
    time.sleep(3600)

@pytest.mark.timeout(0)
def test_that_does_not_come_back_to_python():
    time.sleep(3600)

@pytest.mark.timeout(0)
def test_that_ends():
    pass
"""


def test_every_test_has_a_limit(pytestconfig: pytest.Config) -> None:
    limit, last = (float(pytestconfig.getini(f"{name}timeout")) for name in ("", "faulthandler_"))
    assert 0 < limit < last


def test_a_test_that_hangs_is_stopped_and_named_and_the_others_run(tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(TESTS, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-n", "1", "-p", "no:cacheprovider"),
            *("-c", str(paths.ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)),
            *("-o", "timeout=1", "-o", "faulthandler_timeout=4", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    failed = set(re.findall(r"^FAILED .*::(\w+)", done.stdout, re.MULTILINE))
    assert failed == {"test_that_sleeps", "test_that_does_not_come_back_to_python"}
    assert "2 failed, 1 passed" in done.stdout
