"""What `make report` asks of Quarto."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scripts import report


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere no kernel is kept")
def test_a_kernel_is_kept_for_the_next_format_and_never_found_by_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], str]] = []

    def render(command: list[str], **environment: str) -> int:
        runtime = environment["XDG_RUNTIME_DIR"]
        assert Path(runtime).is_dir()
        (tmp_path / "_book.new").mkdir()
        asked.append((command, runtime))
        return 0

    monkeypatch.setattr(report, "OUTPUT", tmp_path / "_book")
    monkeypatch.setattr(report, "run", render)
    assert report.render_book("quarto") == 0 == report.render_book("quarto")
    (first, here), (_, there) = asked
    assert first[-2:] == ["--execute-daemon", str(report.KERNEL_SECONDS)]
    assert len({here, there, os.environ.get("XDG_RUNTIME_DIR")}) == 3
    assert not Path(here).exists()
    assert (tmp_path / "_book").is_dir()


def test_a_chapter_by_itself_never_meets_a_kernel_that_was_kept() -> None:
    settings = (report.ROOT / "_quarto.yml").read_text("utf-8")
    assert "\n  daemon: false\n" in settings
