"""The check before the work: broken inputs are named line by line, and the sound ones pass.

``broken_inputs.yml`` has the cases. Each damages one file of a copy of the project, and states the
whole of what the check then says.
"""

from __future__ import annotations

import gzip
import json
import os
import pickle
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis import inputs, paths
from analysis.__main__ import main
from analysis.files import Fault, InputError, read_text
from analysis.packages import read_package
from analysis.report.sections import annexes, reproduction
from analysis.survey import questionnaire, rebuilt
from scripts import check_inputs, digests

OWN = "own.csv"
CASES = [
    pytest.param(file, case, id=f"{Path(file).stem}: {case['is']}")
    for file, cases in yaml.safe_load(
        Path(__file__).with_name("broken_inputs.yml").read_text("utf-8")
    ).items()
    for case in cases
]
OWNERS = {
    "data/reconstructed/": (
        "data/reconstructed/datapackage.json",
        "only python -m analysis reconstruct changes it",
    ),
    "data/": ("data/datapackage.json", "after a change that is meant, python -m scripts.digests"),
}


# What can happen to a file


def remove(path: Path) -> None:
    path.unlink()


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def to_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("away"))


def renamed(path: Path) -> None:
    path.rename(path.with_name(f"_{path.name}"))


def with_another(path: Path) -> None:
    path.with_name("notes.csv").write_text("a\n1\n", "utf-8")


def half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def marked(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def to_latin(path: Path) -> None:
    path.write_bytes(path.read_text("utf-8").replace("’", "'").encode("latin-1"))


def to_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(path.read_bytes()))


def pack_nothing(path: Path) -> None:
    path.write_bytes(gzip.compress(b""))


def nested(path: Path) -> None:
    path.write_text("[" * 99_999, "utf-8")


def nested_in_a_key(path: Path) -> None:
    path.write_text(f"a: {'[' * 3000}", "utf-8")


def twice(path: Path) -> None:
    rewrite(path, lambda text: f"{text}---\n{text}")


def huge_number(path: Path) -> None:
    rewrite(path, lambda text: text.replace('"bytes": 215', f'"bytes": {"9" * 5000}'))


def huge_line(path: Path) -> None:
    rewrite(path, lambda text: text.replace("444,", f"{'9' * 5000},"))


def enormous_cell(path: Path) -> None:
    rewrite(path, lambda text: text.replace("Ajouter", "A" * 200_000))


def enormous_age(path: Path) -> None:
    rewrite(path, lambda text: text.replace("30-39", "3" * 200_000, 1))


def long_cell(path: Path) -> None:
    rewrite(path, lambda text: text.replace('%",ajout', f'%",{"ajout" * 5000}'))


def many(path: Path) -> None:
    rows = "".join(f'442,Motif {n},16,"1,5 %",ajout\n' for n in range(100_000))
    path.write_text("line,label,n,percent,category\n" + rows, "utf-8")


def header_only(path: Path) -> None:
    rewrite_rows(path, lambda rows: rows[:1])


def without_the_last_column(path: Path) -> None:
    rewrite_rows(path, lambda rows: [row.rpartition(",")[0] + "\n" for row in rows])


def with_a_column_more(path: Path) -> None:
    rewrite_rows(path, lambda rows: [row.strip() + ",x\n" for row in rows])


def with_a_column_twice(path: Path) -> None:
    rewrite_rows(path, lambda rows: [row.strip() + ",n\n" for row in rows])


def without_the_second_row(path: Path) -> None:
    rewrite_rows(path, lambda rows: [*rows[:2], *rows[3:]])


def with_two_rows_exchanged(path: Path) -> None:
    rewrite_rows(path, lambda rows: [rows[0], rows[2], rows[1], *rows[3:]])


def without_the_first_reason(path: Path) -> None:
    rewrite(path, lambda text: re.sub(r'"L’annexe VI code.*"', "", text, count=1))


def without_wilson(path: Path) -> None:
    rewrite(path, lambda text: re.sub(r"@article\{wilson1927.*?\n\}\n", "", text, flags=re.DOTALL))


def with_a_citation(path: Path) -> None:
    rewrite(path, lambda text: f"{text}\nVoir @personne2020, `@non` et a@b.fr.\n")


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of a file, a packed one too; it has to be another one then."""
    is_packed = path.suffix == ".gz"
    before = gzip.decompress(path.read_bytes()) if is_packed else path.read_bytes()
    after = change(before.decode()).encode()
    assert after != before
    path.write_bytes(gzip.compress(after, mtime=0) if is_packed else after)


def rewrite_rows(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    rewrite(path, lambda text: "".join(change(text.splitlines(keepends=True))))


def rewrite_json(path: Path, where: str, change: Callable[[Any, Any], object]) -> None:
    """Change a value of a JSON file, given by its keys with points between them."""
    content = json.loads(path.read_text("utf-8"))
    *above, last = where.split(".") if ".csv" not in where else where.split(".", 1)
    found = content
    for key in above:
        found = found[int(key)] if key.isdigit() else found[key]
    change(found, int(last) if last.isdigit() else last)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def damage(path: Path, case: dict[str, Any]) -> None:
    match case:
        case {"do": name}:
            globals()[name](path)
        case {"write": text}:
            path.write_text(text, "utf-8")
        case {"swap": [old, new]}:
            rewrite(path, lambda text: text.replace(old, new, 1))
        case {"swap_all": [old, new]}:
            rewrite(path, lambda text: text.replace(old, new))
        case {"rows": numbers}:
            rewrite_rows(path, lambda rows: [rows[number] for number in numbers])
        case {"drop": where}:
            rewrite_json(path, where, lambda found, key: found.pop(key))
        case {"set": [where, value]}:
            rewrite_json(path, where, lambda found, key: found.__setitem__(key, value))
        case {"drop_resource": name}:
            kept = [each["name"] for each in json.loads(path.read_text("utf-8"))["resources"]]
            rewrite_json(path, f"resources.{kept.index(name)}", lambda found, at: found.pop(at))


# The copy


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the check reads; what no case damages is linked to."""
    root = tmp_path_factory.mktemp("inputs") / "project"
    for folder in ("data", "chapters"):
        shutil.copytree(paths.ROOT / folder, root / folder)
    for file in ("_quarto.yml", "_brand.yml", "_language.yml", "index.qmd"):
        shutil.copy(paths.ROOT / file, root / file)
    for folder in ("_extensions", "assets", "scripts"):
        (root / folder).symlink_to(paths.ROOT / folder)
    return root


@pytest.fixture
def project(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the copy in the place of the project."""
    root = paths.ROOT
    monkeypatch.delenv("DMP_RESPONDENTS", raising=False)
    ensembles = {group: copy / path.relative_to(root) for group, path in paths.ENSEMBLES.items()}
    monkeypatch.setattr(paths, "ENSEMBLES", ensembles)
    for name, value in vars(paths).items():
        if isinstance(value, Path) and value.is_relative_to(root):
            monkeypatch.setattr(paths, name, copy / value.relative_to(root))
    for module, name, *others in SLOW:
        files = [copy / path.relative_to(root) for path in others]
        monkeypatch.setattr(module, name, once(getattr(module, name), files))
    return copy


SLOW = [
    (rebuilt, "read_ensemble"),
    (rebuilt, "read_bounds"),
    (rebuilt, "read_reasons", paths.CERTIFICATE),
    (inputs, "check_verdicts", paths.CLAIMS, paths.READINGS),
]
"""The slowest readers, each with what it reads beside the file that it is given."""
SOUND: set[tuple[object, ...]] = set()


def once(read: Callable[..., object], files: list[Path]) -> Callable[..., None]:
    """Read what takes long, unless the same bytes were sound before."""

    def read_once(*given: Any) -> None:
        own = [*files, *(each for each in given if isinstance(each, Path))]
        others = [each for each in given if isinstance(each, str)]
        contents = [path.read_bytes() if path.is_file() else b"" for path in own]
        if (key := (read.__name__, *others, *contents)) not in SOUND:
            read(*given)
            SOUND.add(key)

    return read_once


@pytest.fixture
def to_be_mended(project: Path) -> Iterator[Callable[[str], Path]]:
    """Give a file of the copy to damage; it is whole again afterwards."""
    given: list[tuple[Path, bytes]] = []

    def give(name: str) -> Path:
        path = project / name
        given.append((path, path.read_bytes()))
        return path

    yield give
    for path, whole in given:
        for each in (path, path.with_name("notes.csv"), path.with_name(f"_{path.name}")):
            if each.is_dir():
                each.rmdir()
            else:
                each.unlink(missing_ok=True)
        path.write_bytes(whole)


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Iterator[None]:
    readers = (questionnaire.load_questionnaire, annexes.terms, reproduction.items)
    for read in readers:
        read.cache_clear()
    yield
    for read in readers:
        read.cache_clear()


def said() -> list[str]:
    try:
        inputs.check()
    except InputError as error:
        return list(error.lines(20))
    return []


def expected_of(file: str, case: dict[str, Any]) -> list[str]:
    says = case["says"]
    if isinstance(says, list):
        return [expand(*line.split(" CHANGED")) if "CHANGED" in line else line for line in says]
    if says == "CHANGED":
        return [expand(file)]
    return [f"{file}{', ' if says.startswith('row ') else ': '}{says}"]


def expand(file: str, *_: str) -> str:
    package, remedy = next(OWNERS[folder] for folder in OWNERS if file.startswith(folder))
    return f"{file}: '{{}} bytes, sha256:{{}}…': not what {package}, row {{}}, describes: {remedy}"


def is_said(line: str, expected: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, expected.split("{}"))), line) is not None


def assert_said(found: list[str], expected: list[str]) -> None:
    assert len(found) == len(expected), found
    assert [pair for pair in zip(found, expected, strict=True) if not is_said(*pair)] == []


# What is said


def test_the_sound_inputs_pass(project: Path) -> None:
    assert said() == []


# An error of this warning would hide that a schema was fetched.
@pytest.mark.filterwarnings("ignore:Automatically retrieving")
@pytest.mark.parametrize(("file", "case"), [each for each in CASES if each.values[0] != OWN])
def test_a_broken_input_is_named(
    file: str, case: dict[str, Any], to_be_mended: Callable[[str], Path]
) -> None:
    damage(to_be_mended(file), case)
    assert_said(said(), expected_of(file, case))


@pytest.mark.parametrize(("file", "case"), [each for each in CASES if each.values[0] == OWN])
def test_a_broken_table_of_ones_own_is_named(
    file: str,
    case: dict[str, Any],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    own = Path(shutil.copy(paths.RESPONDENTS, tmp_path / file))
    monkeypatch.setenv("DMP_RESPONDENTS", str(own))
    damage(own, case)
    assert_said(said(), expected_of(file, case))


def test_a_table_of_ones_own_may_come_from_another_system(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = paths.RESPONDENTS.read_text("utf-8").splitlines()
    turned = [",".join(reversed(row.split(","))) for row in rows]
    (tmp_path / OWN).write_bytes("\r\n".join(turned).encode())
    monkeypatch.setenv("DMP_RESPONDENTS", str(tmp_path / OWN))
    assert said() == []


def test_a_name_that_is_no_utf_8_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / os.fsdecode(b"r\xe9ponses.csv")
    shutil.copy(paths.RESPONDENTS, own)
    monkeypatch.setenv("DMP_RESPONDENTS", str(own))
    assert said() == [r"r\xe9ponses.csv: the name of the file is not UTF-8"]


def test_a_file_that_may_not_be_read_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The rights of a file do not bind every user: refused by the name, it is refused to all.
    def refuse_the_glossary(path: Path) -> bytes:
        if path.name == "glossary.yml":
            raise PermissionError(13, "Permission denied", str(path))
        return read_whole(path)

    read_whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", refuse_the_glossary)
    assert said() == ["data/glossary.yml: the file cannot be read: Permission denied"]


def test_every_fault_of_every_file_is_named_once(to_be_mended: Callable[[str], Path]) -> None:
    damage(to_be_mended("data/glossary.yml"), {"swap": ["term: CAH", "term: ACM"]})
    damage(to_be_mended("data/published/tb1b.csv"), {"swap_all": [",ajout", ",ajouts"]})
    damage(to_be_mended("data/published/tb3.csv"), {"do": "remove"})
    damage(to_be_mended("data/claims.csv"), {"swap": [",203,", ",4000,"]})
    assert [line.partition(":")[0] for line in said()] == [
        "data/published/tb1b.csv, row 3, column category",
        "data/published/tb3.csv",
        "data/claims.csv, row 13, column line",
        "data/glossary.yml, row 13, column terms[2].term",
    ]


def test_twenty_faults_are_said_and_the_others_counted(
    to_be_mended: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = to_be_mended("data/published/tb1b.csv")
    rows = [f"442,Motif {number},seize,,ajout" for number in range(2000)]
    path.write_text("\n".join(["line,label,n,percent,category", *rows, ""]), "utf-8")
    assert check_inputs.main() == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 3980 more"


def test_only_the_copy_that_the_report_has_rendered_is_not_checked_again(
    to_be_mended: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(to_be_mended("data/glossary.yml"), {"swap": ["term: CAH", "term: ACM"]})
    monkeypatch.setenv(check_inputs.COPY, str(check_inputs.ROOT.with_name("another")))
    assert check_inputs.main() == 1
    monkeypatch.setenv(check_inputs.COPY, str(check_inputs.ROOT))
    assert check_inputs.main() == 0


@pytest.mark.parametrize("words", [["verify"], ["verify", "--update"]])
def test_verify_names_broken_inputs_and_recomputes_nothing(
    words: list[str], to_be_mended: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(to_be_mended("data/published/tb3.csv"), {"do": "remove"})
    damage(to_be_mended("data/glossary.yml"), {"swap": ["term: CAH", "term: ACM"]})
    before = to_be_mended("data/claims.csv").read_bytes()
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.partition(":")[0] for line in said.err.splitlines()] == [
        "data/published/tb3.csv",
        "data/glossary.yml, row 13, column terms[2].term",
    ]
    assert paths.CLAIMS.read_bytes() == before


def test_reconstruct_names_every_broken_table_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "published"
    shutil.copytree(paths.PUBLISHED, folder)
    damage(folder / "tb3.csv", {"do": "remove"})
    damage(folder / "t18.csv", {"do": "marked"})
    words = ["reconstruct", "--published", str(folder), "--out", str(tmp_path / "new")]
    assert main(words) == 1
    assert capsys.readouterr().err.splitlines() == [
        "tb3.csv: the file is missing",
        "t18.csv, row 1: the file begins with a byte order mark",
    ]
    assert not (tmp_path / "new").exists()


def test_check_counts_the_faults_beyond_a_thousand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, first, *_ = paths.RESPONDENTS.read_text("utf-8").splitlines()
    row = first.partition(",")[2].replace("30-39", "35")
    rows = [header, *(f"{number},{row}" for number in range(1, 1501))]
    (tmp_path / OWN).write_text("\n".join(rows), "utf-8")
    assert main(["check", str(tmp_path / OWN)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "and 500 more"


# What is recorded


def test_rows_of_other_printed_tables_are_named(to_be_mended: Callable[[str], Path]) -> None:
    to_be_mended("data/datapackage.json")
    rewrite(to_be_mended("data/published/ta1.csv"), lambda text: text.replace(",386,", ",387,"))
    assert digests.main() == 0
    (line,) = said()
    assert is_said(
        line,
        "data/reconstructed/certificate.json, row {}, column inputs.published/ta1.csv: '{}': "
        "published/ta1.csv is another file now: python -m analysis reconstruct",
    )


def test_stale_bounds_are_named(to_be_mended: Callable[[str], Path]) -> None:
    to_be_mended("data/reconstructed/datapackage.json")
    certificate = to_be_mended("data/reconstructed/certificate.json")
    damage(
        certificate, {"set": ["bounds.inputs", {"reconstructed/ensemble_users.csv.gz": "0" * 64}]}
    )
    read_package(paths.RECONSTRUCTED_PACKAGE).describe()
    (line,) = said()
    assert is_said(
        line,
        "data/reconstructed/certificate.json, row {}, column bounds.inputs.{}: '{}': "
        "data/reconstructed/bounds.csv is stale, reconstructed/ensemble_users.csv.gz is another "
        "file now: python -m analysis bounds --update",
    )


def test_a_change_that_is_meant_is_described(to_be_mended: Callable[[str], Path]) -> None:
    to_be_mended("data/datapackage.json")
    rewrite(
        to_be_mended("data/glossary.yml"), lambda text: text.replace("meaning: ", "meaning: A ")
    )
    assert len(said()) == 1
    assert digests.main() == 0
    assert said() == []


def test_a_broken_file_is_not_described(
    to_be_mended: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before = to_be_mended("data/datapackage.json").read_bytes()
    damage(to_be_mended("data/digits.csv"), {"swap": ["page 170", "page (170"]})
    assert digests.main() == 1
    assert capsys.readouterr().err.startswith("data/digits.csv, row 9, column pattern: ")
    assert paths.DATAPACKAGE.read_bytes() == before


def test_a_new_file_has_no_digest_yet(to_be_mended: Callable[[str], Path]) -> None:
    damage(to_be_mended("data/datapackage.json"), {"drop": "resources.0.hash"})
    assert len(said()) == 1
    assert digests.main() == 0
    assert said() == []


def test_the_packages_describe_every_file_of_the_project(project: Path) -> None:
    packages = [read_package(), read_package(paths.RECONSTRUCTED_PACKAGE)]
    described = {each.path for package in packages for each in package.resources.values()}
    files = {path for path in paths.DATA.rglob("*") if path.is_file()}
    assert files - described == {package.document.path for package in packages}
    assert described <= files


def test_a_fault_is_one_line_whatever_stands_there() -> None:
    fault = Fault(Path("a\n.csv"), "a\nrule", 1, "x\u2028y", "v\n\x1b[31m")
    assert str(fault) == r"a\n.csv, row 1, column x\u2028y: 'v\n\x1b[31m': a rule"


def test_the_faults_of_another_process_come_whole() -> None:
    error = InputError([Fault(Path("a.csv"), "a rule", row=row) for row in range(1, 1003)])
    assert [*pickle.loads(pickle.dumps(error)).lines(1)] == [*error.lines(1)]
    assert str(error) == "a.csv, row 1: a rule (and 1001 more)"


def test_a_no_break_space_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("52,73\u00a0%\n", "utf-8")
    assert read_text(tmp_path / "a.txt") == "52,73\u00a0%\n"
