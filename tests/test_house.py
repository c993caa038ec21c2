"""The project's own files agree with each other."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from dulwich import porcelain
from dulwich.errors import NotGitRepository

from analysis import paths

ROOT = paths.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~; \[]", requirement)[0].lower()


def locked(file: str) -> set[str]:
    text = (ROOT / file).read_text("utf-8")
    return {found[1] for found in re.finditer(r"^([a-z0-9.-]+)==", text, re.MULTILINE)}


def tracked() -> list[str]:
    try:
        return [os.fsdecode(name) for name in porcelain.ls_files(str(ROOT))]
    except NotGitRepository:
        pytest.skip("not a checkout: nothing says which files are the project's")


def test_the_conda_environment_asks_for_what_the_report_needs() -> None:
    asked = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    own = {"python>=3.11", "quarto>=1.10", "jupyter"}
    assert own <= set(asked)
    assert sorted(set(asked) - own) == sorted(PROJECT["dependencies"])


def test_the_lock_of_the_report_pins_its_packages() -> None:
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["builder"]
    assert {name_of(requirement) for requirement in wanted} <= locked("requirements.lock")


def test_the_lock_of_the_tests_pins_theirs() -> None:
    extras = PROJECT["optional-dependencies"]
    wanted = extras["dev"] + extras["reconstruction"]
    assert {name_of(requirement) for requirement in wanted} <= {
        name.lower() for name in locked("requirements-dev.lock")
    }


def test_the_solver_is_pinned_to_the_version_of_the_lock() -> None:
    """Another version finds other rows from the same seed."""
    text = (ROOT / "requirements-dev.lock").read_text("utf-8")
    (pin,) = re.findall(r"^ortools==\S+", text, re.MULTILINE)
    assert pin in PROJECT["optional-dependencies"]["reconstruction"]


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_a_hash_for_each_package_and_names_no_host(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=[a-z0-9.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_both_locks_pin_the_same_versions() -> None:
    def pins(file: str) -> set[str]:
        text = (ROOT / file).read_text("utf-8")
        return set(re.findall(r"^[a-z0-9.-]+==\S+", text, re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_chapter_is_in_the_book() -> None:
    listed = (ROOT / "_quarto.yml").read_text("utf-8")
    for path in (ROOT / "chapters").rglob("*.qmd"):
        assert f"- {path.relative_to(ROOT).as_posix()}\n" in listed, path.name


def test_every_module_says_what_it_holds() -> None:
    for folder in ("analysis", "builder", "bench", "scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.read_text("utf-8").startswith('"""'), path


def _imported(path: Path) -> set[str]:
    """List the modules of the project that a module imports, by their full names."""
    found = set()
    for line in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(line, ast.ImportFrom) and line.module:
            found |= {line.module, *(f"{line.module}.{each.name}" for each in line.names)}
        elif isinstance(line, ast.Import):
            found |= {each.name for each in line.names}
    return {name for name in found if name.startswith("analysis.")}


@pytest.mark.parametrize(
    ("package", "above"),
    [
        ("printed", ("survey", "statistics", "reconstruction", "results", "report", "ledger")),
        ("survey", ("statistics", "reconstruction", "results", "report", "ledger")),
        ("statistics", ("printed", "survey", "reconstruction", "results", "report", "ledger")),
        ("reconstruction", ("results", "report", "ledger")),
        ("results", ("report", "ledger")),
        ("report", ("ledger",)),
        ("report/show", ("report.sections", "report.register", "report.inline")),
    ],
)
def test_imports_run_downwards_only(package: str, above: tuple[str, ...]) -> None:
    for path in (paths.ROOT / "analysis" / package).rglob("*.py"):
        for other in above:
            risen = {each for each in _imported(path) if each.startswith(f"analysis.{other}")}
            assert not risen, (path.name, risen)


def test_a_private_module_is_imported_by_its_own_package_only() -> None:
    for path in (paths.ROOT / "analysis").rglob("*.py"):
        own = ".".join(path.relative_to(paths.ROOT).parent.parts)
        for name in _imported(path):
            package, private, _ = name.partition("._")
            assert not private or package == own, (path.name, name)


def test_what_reads_files_knows_nothing_of_what_stands_in_them() -> None:
    own = ("analysis.paths", "analysis.files", "analysis.documents", "analysis.packages")
    for name in ("files", "documents", "packages", "settings", "bibliography"):
        text = (ROOT / "analysis" / f"{name}.py").read_text("utf-8")
        found = set(re.findall(r"^from (analysis\.\w+)", text, re.MULTILINE))
        assert found <= set(own), name


def test_one_module_reads_csv() -> None:
    readers = re.compile(r"csv\.(reader|DictReader)|read_csv\(.*(encoding|sep)|pd\.read_")
    found = [
        path.name
        for folder in ("analysis", "builder", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        if readers.search(path.read_text("utf-8"))
    ]
    assert found == ["files.py"]


def test_quarto_keeps_no_kernel_that_may_hold_other_answers() -> None:
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))
    assert settings["execute"]["daemon"] is False


def test_the_sections_are_imported_without_what_is_slow_and_seldom_needed() -> None:
    code = (
        "import sys; from analysis.report.register import entries; entries(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    slow = {"matplotlib", "prince", "sklearn", "scipy.stats", "scipy.optimize", "ortools"}
    assert "analysis.report.sections.usage" in done.stdout.split()
    assert slow & set(done.stdout.split()) == set()


def test_linear_algebra_keeps_to_one_thread() -> None:
    code = (
        "from analysis.statistics import mca; import scipy.linalg; from threadpoolctl import "
        "threadpool_info; print({each['num_threads'] for each in threadpool_info()})"
    )
    environment = {name: value for name, value in os.environ.items() if "_THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "{1}"


def test_the_citation_has_the_version_of_the_project() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["cff-version"] == "1.2.0"


def test_make_help_lists_every_command() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in (
        *("report", "test", "chapter", "preview", "lint", "format", "format-fix"),
        *("bench", "reconstruct", "reference", "clean"),
    ):
        assert f"make {command} " in shown.stdout


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make report" in readme
    assert "make test" in readme


def test_what_the_commands_make_is_not_tracked() -> None:
    made = re.compile(r"(^|/)(_book|\.venv|\.quarto|__pycache__)/|_files/")
    assert [name for name in tracked() if made.search(name)] == []
