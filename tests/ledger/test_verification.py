"""``python -m analysis verify``: what holds, what does not, what is at fault."""

import csv
import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import paths
from analysis.__main__ import main
from analysis.ledger.engine import Engine
from analysis.ledger.verification import counts, run, verify
from analysis.printed import Claim, Verdict, read_claims, read_readings
from analysis.printed.claims import write_claims
from tests.ledger.conftest import Make

Project = Callable[..., list[str]]
Ledger = Callable[..., Path]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    isatty = staticmethod(lambda: True)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Write claims, recomputed first, to a file."""

    def write(*claims: Claim, recorded: bool = True) -> Path:
        path = tmp_path / "claims.csv"
        rows = [each.recorded for each in Engine(claims).outcomes()] if recorded else claims
        write_claims(rows, path)
        return path

    return write


def said(path: Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        return run(path), out.getvalue(), err.getvalue()


def test_every_recorded_verdict_of_the_project_holds() -> None:
    found = verify()
    assert [str(fault) for fault in (*found.faults, *found.changed)] == []


def test_a_sound_ledger_is_counted_by_section_and_verdict(claim: Make, ledger: Ledger) -> None:
    path = ledger(
        claim("n('uses_dmp=non')", "45"),
        claim("n('uses_dmp=non')", "44", id_="b"),
        claim("", "68", "fact", id_="c", section="V.B.1", line="2043"),
    )
    status, out, err = said(path)
    assert status == 0
    assert [line.split() for line in out.splitlines()] == [
        ["section", *map(str, Verdict), "total"],
        ["IV.B", "1", "0", "1", "0", "0", "0", "2"],
        ["V.B", "0", "0", "0", "0", "0", "1", "1"],
        ["total", "1", "0", "1", "0", "0", "1", "3"],
    ]
    assert err == "3 claims recomputed\n"


def test_what_is_determined_comes_with_its_proof(claim: Make, ledger: Ledger) -> None:
    path = ledger(claim("n('practice=salarié & frequency=journalier')", "0"))
    _, out, _ = said(path)
    assert out.splitlines()[-2:] == [
        "determined: a, line 417",
        "  practice=salarié & frequency=journalier: 0, by lines 3114, 3092, 655",
    ]


def test_a_verdict_that_no_longer_holds_is_named_with_its_line(claim: Make, ledger: Ledger) -> None:
    wrong = claim("n('uses_dmp=non')", "45", computed="45", verdict="rounding")
    status, _, err = said(ledger(wrong, recorded=False))
    assert status == 1
    assert (
        "claims.csv, row 2, column verdict: 'rounding': "
        "claim a, line 417: recomputing it gives match\n"
    ) in err


def test_a_value_that_no_longer_holds_is_named(claim: Make, ledger: Ledger) -> None:
    wrong = claim("n('uses_dmp=non')", "45", computed="44", verdict="match")
    status, _, err = said(ledger(wrong, recorded=False))
    assert (status, "column computed: '44'" in err) == (1, True)


def test_a_claim_that_does_not_say_what_it_rests_on_is_named(claim: Make, ledger: Ledger) -> None:
    silent = claim("n('uses_dmp=non')", "45", computed="45", verdict="match")
    status, _, err = said(ledger(silent, recorded=False))
    assert (status, "recomputing it gives imposed" in err) == (1, True)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, ledger: Ledger) -> Project:
    """Put two claims of the project, the second changed, in the place of all the others."""

    def cut(id_: str, *, with_readings: bool = True, **change: str) -> list[str]:
        claims = {each.id: each for each in read_claims()}
        path = ledger(claims["l209-1"], replace(claims[id_], **change), recorded=False)
        kept = ["l209-1", *([id_] if with_readings else [])]
        readings = path.with_name("readings.csv")
        with readings.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["claims", "role", "reading", "key", "lines"])
            for name in kept:
                writer.writerows(
                    [name, each.role, each.text, each.key, " ".join(each.lines)]
                    for each in read_readings(claims=claims.values())
                    if name in each.claims
                )
        monkeypatch.setattr(paths, "CLAIMS", path)
        monkeypatch.setattr(paths, "READINGS", readings)
        found = verify()
        return [str(each) for each in (*found.faults, *found.changed) if each.file == path]

    return cut


def test_a_discrepancy_is_false_under_each_of_its_readings(project: Project) -> None:
    assert project("l301-3") == []


def test_a_discrepancy_without_its_readings_is_named(project: Project) -> None:
    (fault,) = project("l301-3", with_readings=False)
    assert fault.endswith("'discrepancy': a discrepancy has its readings, and is false under each")


@pytest.mark.parametrize("printed", ["64,3%", "4%"])
def test_a_misquotation_is_named(project: Project, source: list[str], printed: str) -> None:
    assert "64%" in source[944]
    found = [each.rpartition("column ")[2] for each in project("l945-1", printed=printed)]
    assert f"printed: '{printed}': not what lines 945 of the thesis print" in found


def test_a_misquotation_of_the_second_study_is_named(project: Project) -> None:
    if not paths.SECOND_STUDY_TEXT.is_file():
        pytest.skip("the record of the second study is not at hand")
    (fault,) = project("n9-1", printed="mai et juillet 2020")
    assert fault.endswith("not what lines 9 of the record of the second study print")


def test_a_hand_cannot_write_a_verdict_but_not_recomputable(claim: Make, ledger: Ledger) -> None:
    by_hand = claim("", "68", "fact", verdict="match")
    status, _, err = said(ledger(by_hand, recorded=False))
    assert status == 1
    assert "recomputing it gives not_recomputable" in err


def test_a_claim_that_points_to_nothing_is_named(claim: Make, ledger: Ledger) -> None:
    status, _, err = said(ledger(claim("tb9:x:y:1", kind="cell"), recorded=False))
    assert status == 2
    assert (
        "claims.csv, row 2, column key: 'tb9:x:y:1': "
        "no table, figure or statistic tb9 is regenerated"
    ) in err


def test_every_claim_that_points_to_nothing_is_named(claim: Make, ledger: Ledger) -> None:
    path = ledger(claim("n('eyes')"), claim("half(1)", id_="b"), recorded=False)
    _, _, err = said(path)
    assert "row 2, column key" in err
    assert "row 3, column key" in err


@pytest.mark.parametrize(
    ("column", "value"),
    [("verdict", "faux"), ("line", "4000"), ("kind", "guess"), ("section", "IX")],
)
def test_a_cell_outside_its_list_is_named_before_anything_is_computed(
    claim: Make, ledger: Ledger, column: str, value: str
) -> None:
    good = claim("n('uses_dmp=non')", "45")
    status, out, err = said(ledger(replace(good, **{column: value}), recorded=False))
    assert (status, out) == (2, "")
    assert f"claims.csv, row 2, column {column}: {value!r}: " in err


def test_a_duplicate_id_is_named(claim: Make, ledger: Ledger) -> None:
    good = claim("n('uses_dmp=non')", "45")
    status, _, err = said(ledger(good, good, recorded=False))
    assert (status, "row 3, column id: 'a': row 2 has the same id" in err) == (2, True)


def test_another_encoding_is_named(claim: Make, ledger: Ledger) -> None:
    path = ledger(claim("n('uses_dmp=non')", "45", comment="à côté"))
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    status, _, err = said(path)
    assert (status, "claims.csv, row 2: the file is not UTF-8" in err) == (2, True)


def test_a_terminal_is_shown_a_bar(claim: Make, ledger: Ledger) -> None:
    path, err = ledger(claim("n('uses_dmp=non')", "45")), Terminal()
    with redirect_stderr(err):
        run(path)
    assert err.getvalue() == "\r" + "█" * 40 + " 1/1 claims\n"


def test_the_command_verifies(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.startswith("section")


def test_counts_follow_the_order_of_the_thesis() -> None:
    assert list(counts(read_claims()).index[-4:]) == ["Summary", "Résumé", "Notice", "total"]
