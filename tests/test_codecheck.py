"""``codecheck.yml``: the form of its specification, and every regenerated object in it."""

from pathlib import Path

import yaml

from analysis.paths import ROOT
from analysis.report.register import entries
from scripts.codecheck import configuration, main

TEXT = (ROOT / "codecheck.yml").read_text(encoding="utf-8")
WRITTEN = yaml.safe_load(TEXT)


def test_it_is_what_the_register_gives() -> None:
    assert configuration() == WRITTEN, "python -m scripts.codecheck writes it again"


def test_its_manifest_has_every_table_and_figure_of_the_register() -> None:
    named = {Path(item["file"]).stem for item in WRITTEN["manifest"]}
    assert named == {entry.id for entry in entries() if entry.kind in ("table", "figure")}


def test_each_file_is_named_once_by_a_relative_path_and_has_a_comment() -> None:
    files = [item["file"] for item in WRITTEN["manifest"]]
    assert len(files) == len(set(files))
    assert not any(Path(file).is_absolute() for file in files)
    assert all(item["comment"] for item in WRITTEN["manifest"])


def test_it_has_the_nodes_that_the_specification_asks_for() -> None:
    assert TEXT.startswith("---\n")
    assert WRITTEN["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert {"manifest", "codechecker", "report", "paper"} <= set(WRITTEN)
    assert all(item["name"] for item in WRITTEN["codechecker"] + WRITTEN["paper"]["authors"])


def test_it_claims_no_certificate() -> None:
    assert "certificate" not in WRITTEN


def test_it_is_written_whole(tmp_path: Path) -> None:
    assert main(tmp_path / "codecheck.yml") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["codecheck.yml"]
    assert yaml.safe_load((tmp_path / "codecheck.yml").read_text("utf-8")) == WRITTEN
