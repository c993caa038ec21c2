"""The command that rebuilds: whole or not at all, and what it wrote is what the package says."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from analysis import paths
from analysis.__main__ import main
from analysis.reconstruction import margins
from analysis.reconstruction.build import assemble
from analysis.reconstruction.quadrants import readings
from analysis.reconstruction.statements import read_statements, standing
from analysis.survey.rebuilt import read_certificate
from analysis.survey.respondents import read
from analysis.survey.schema import VARIABLES, levels

STEPS = ("margins.conflicts = lambda _: ()", "build._first_solution = lambda *_: None")
"""What takes most of the time before the search, done at once."""
Change = Callable[[str, str, str], Path]
Interrupted = Callable[..., tuple[int, list[str]]]
leaves_archives_open = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""What frictionless does with a file that it unpacks."""


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Make a folder of rebuilt files, and one of somebody else's."""
    folder = tmp_path / "rebuilt"
    shutil.copytree(paths.RECONSTRUCTED, folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    return folder


# Ctrl-C


@pytest.mark.parametrize(
    ("done", "moment"),
    [(0, "tables are unique"), (1, "least loss"), (2, " of 200")],
    ids=["solver", "start", "search"],
)
def test_ctrl_c_leaves_the_old_files_whole_and_says_one_line(
    old: Path, interrupted: Interrupted, done: int, moment: str
) -> None:
    before, beside = contents(old), sorted(old.parent.iterdir())
    code = [
        "import sys; from analysis.__main__ import main",
        "from analysis.reconstruction import build, margins",
        *STEPS[:done],
        "sys.exit(main())",
    ]
    command = ["-c", "; ".join(code)] if done else ["-m", "analysis"]
    status, lines = interrupted(
        [sys.executable, *command, "reconstruct", "--out", str(old)], moment, cwd=paths.ROOT
    )
    assert status == 130, lines
    assert lines[-1] == "interrupted: no file was changed"
    assert not [line for line in lines if "Traceback" in line or "Error" in line]
    assert contents(old) == before
    assert sorted(old.parent.iterdir()) == beside


# Bad input


@pytest.mark.parametrize(
    ("table", "printed", "changed", "places"),
    [
        ("tb1b", "Créer un DMP,29", "Créer un DMP,30", ["TAVIU (L3134)", "TB1B (L446)"]),
        ("ta1", "30-39,30,386", "30-39,31,386", ["TAVIN_CHI2 (L3194)", "TA1 (L334)"]),
        (
            "taviu",
            "81.818182,75",
            "81.818183,75",
            ["taviu.csv, row 2, column cla_mod", "line 3108"],
        ),
    ],
)
def test_an_impossible_table_is_named_by_its_lines_and_nothing_is_written(
    change: Change,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    table: str,
    printed: str,
    changed: str,
    places: list[str],
) -> None:
    folder = change(table, printed, changed)
    out = tmp_path / "rebuilt"
    assert main(["reconstruct", "--published", str(folder), "--out", str(out)]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert [place for place in places if place not in last] == []
    assert sorted(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "-1"], "the seed is -1: a whole number, zero or more"),
        (["--out", "{file}"], "{file}: this is a file, not a folder"),
        (["--published", "{file}"], "{file}: there is no such folder"),
    ],
)
def test_a_wrong_option_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    given = [option.format(file=file) for option in options]
    assert main(["reconstruct", "--out", str(tmp_path / "new"), *given]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said.format(file=file) in line
    assert contents(tmp_path) == {"file": b"mine"}


def test_without_their_description_no_files_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "REBUILT_FILES", tmp_path / "datapackage.json")
    assert main(["reconstruct", "--out", str(tmp_path / "new")]) == 1
    assert capsys.readouterr().err == "datapackage.json: the file is missing\n"
    assert list(tmp_path.iterdir()) == []


# What is stored


def test_the_respondents_are_the_canonical_rows_and_what_the_seed_deals(stored) -> None:
    certificate = read_certificate()
    canonical = {
        group: each.members[certificate["ensembles"][group]["canonical"] - 1].rows
        for group, each in stored.items()
    }
    made = assemble(canonical, margins.draw(certificate["seed"]), certificate["seed"])
    pd.testing.assert_frame_equal(made, read(paths.RESPONDENTS))


def test_every_statement_of_the_certificate_holds() -> None:
    certificate = read_certificate()
    assert len(certificate["constraints"]) == len(standing())
    assert all(each["holds"] for each in certificate["constraints"])


def test_the_certificate_has_the_digests_of_the_printed_tables_and_the_rules() -> None:
    inputs = read_certificate()["inputs"]
    assert {"published/taviu.csv", "published/tc1.csv", "published/t18.csv"} < set(inputs)
    assert "reconstruction/settlements.csv" in inputs
    for name, digest in inputs.items():
        assert hashlib.sha256((paths.DATA / name).read_bytes()).hexdigest() == digest, name


def test_the_rows_are_made_of_the_inputs_of_the_certificate_and_nothing_else(
    tmp_path: Path,
) -> None:
    tables = [Path(name).name for name in read_certificate()["inputs"] if "published" in name]
    for table in tables:
        shutil.copy(paths.PUBLISHED / table, tmp_path / table)
    assert read_statements(tmp_path) == read_statements()
    assert len(readings(tmp_path)) == 24


def test_the_package_describes_every_rebuilt_file() -> None:
    package = json.loads(paths.RECONSTRUCTED_PACKAGE.read_text(encoding="utf-8"))
    described = {each["path"] for each in package["resources"]}
    assert described | {"datapackage.json"} == set(contents(paths.RECONSTRUCTED))


def test_the_package_is_the_description_with_sizes_and_digests() -> None:
    package = json.loads(paths.RECONSTRUCTED_PACKAGE.read_text(encoding="utf-8"))
    for each in package["resources"]:
        del each["bytes"], each["hash"]
    assert package == json.loads(paths.REBUILT_FILES.read_text(encoding="utf-8"))


def test_the_package_has_the_levels_of_the_survey() -> None:
    package = json.loads(paths.RECONSTRUCTED_PACKAGE.read_text(encoding="utf-8"))
    tables = [each for each in package["resources"] if each["type"] == "table"]
    fields = [field for each in tables for field in each["schema"]["fields"]]
    answers = [field for field in fields if field["name"] in VARIABLES]
    assert {field["name"] for field in answers} == set(VARIABLES)
    for field in answers:
        own = list(levels(field["name"]))
        allowed = {"minimum": 1, "maximum": len(own)} if own[0] == "1" else {"enum": own}
        assert field["constraints"] == allowed, field["name"]


@leaves_archives_open
def test_the_package_has_the_size_digest_and_schema_of_its_files() -> None:
    report = frictionless.validate(str(paths.RECONSTRUCTED_PACKAGE))
    assert report.valid, report.flatten(["title", "rowNumber", "message"])


def test_the_package_says_that_the_rows_are_no_real_person_s() -> None:
    package = json.loads(paths.RECONSTRUCTED_PACKAGE.read_text(encoding="utf-8"))
    tables = {each["name"]: each for each in package["resources"] if each["type"] == "table"}
    # Counts of doctors are of nobody in particular.
    for name in ("bounds", "reasons"):
        assert tables.pop(name)["schema"]["primaryKey"] == ["group", "where"]
    assert len(tables) == 3
    assert all("no real person" in each["description"] for each in (package, *tables.values()))


@leaves_archives_open
def test_a_changed_answer_is_noticed_by_the_package(old: Path) -> None:
    path = old / "respondents.csv"
    path.write_text(path.read_text("utf-8").replace("curiosite", "parfois", 1), "utf-8")
    report = frictionless.validate(str(old / "datapackage.json"))
    found = {error[0] for error in report.flatten(["type"])}
    assert {"hash-count", "constraint-error"} & found
