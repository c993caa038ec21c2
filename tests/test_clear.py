"""What a killed render left between the sources is taken away, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import clear


def test_what_a_killed_render_left_is_taken_away_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [
        "index.qmd",
        "chapters/a.qmd",
        "chapters/plan.html",
        "assets/a.html",
        "_book/index.html",
    ]
    left = ["index.html", "index.typ", "chapters/a.html", "chapters/a_files/figure-html/f.svg"]
    left += ["site_libs/quarto.js", ".quarto/_freeze/chapters/a.json"]
    for name in kept + left:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(clear, "ROOT", tmp_path)
    assert clear.main() == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path).as_posix() for path in files} == set(kept)
    assert not (tmp_path / "chapters" / "a_files").exists()


@pytest.mark.parametrize("whole", ["", "1"])
def test_what_is_rendered_in_part_goes_among_the_pages_of_the_book(
    whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    for path in (output / "stale.html", tmp_path / "_book" / "index.html"):
        path.parent.mkdir()
        path.write_text("", encoding="utf-8")
    monkeypatch.setattr(clear, "ROOT", tmp_path)
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(output))
    monkeypatch.setenv("QUARTO_PROJECT_RENDER_ALL", whole)
    assert clear.main() == 0
    # Quarto itself empties it before the whole book.
    found = [path.name for path in output.iterdir()]
    assert found == (["stale.html"] if whole else ["index.html"])
    assert (tmp_path / "_book" / "index.html").is_file()


def test_git_does_not_see_what_a_killed_render_leaves() -> None:
    ignored = (clear.ROOT / ".gitignore").read_text("utf-8").splitlines()
    for pattern in ("/index.html", "/chapters/**/*.html", "*_files/", "site_libs/", "._book.*/"):
        assert pattern in ignored
