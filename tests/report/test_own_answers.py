"""The report on a table of one's own: what it counts, what it says of itself, what it survives."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis import paths
from analysis.printed import Verdict
from analysis.report.inline import by_source
from analysis.report.register import downloads, entries
from analysis.report.sections import annexe_vi, reproduction, usage
from analysis.report.show.french import statement
from analysis.report.show.tables import Table, exact_p, fisher
from analysis.survey import ask, source
from analysis.survey.respondents import COLUMNS
from builder._config import load
from builder._qmd import Cell, inlines, read

Rows = list[dict[str, str]]
Use = Callable[[Rows], None]

USER = {"uses_dmp": "oui", "age": "40-49", "practice": "libéral", "place": "groupe"}


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Return a function that makes some rows the table that the report is computed from."""

    def use_rows(rows: Rows) -> None:
        path = tmp_path / "les_miennes.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, (*COLUMNS, "excluded"), restval="")
            writer.writeheader()
            writer.writerows({**row, "respondent": str(n)} for n, row in enumerate(rows, start=1))
        monkeypatch.setenv("DMP_RESPONDENTS", str(path))

    return use_rows


def rebuilt_rows() -> Rows:
    with paths.RESPONDENTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_count_of_ones_own_is_compared_with_print_and_none_is_imposed(use: Use) -> None:
    rows = rebuilt_rows()
    daily = next(row for row in rows if row["frequency"] == "journalier")
    use([row if row is not daily else row | {"frequency": "mensuel"} for row in rows])
    verdicts = {check.claim.comment: check.verdict for check in usage.tb1a().checks}
    assert verdicts["Tous les jours, Effectif"] is Verdict.DISCREPANCY
    assert verdicts["Une fois, par curiosité, Effectif"] is Verdict.MATCH
    assert {str(check.rests_on) for check in usage.tb1a().checks} == {"answers"}


def test_no_mark_speaks_of_imposed_counts(use: Use) -> None:
    use(rebuilt_rows())
    for entry in entries("table"):
        made = entry.make()
        assert isinstance(made, Table)
        assert "imposé" not in made.to_markdown(), entry.id


def test_an_excluded_reply_is_counted_nowhere_and_told(use: Use) -> None:
    use([*rebuilt_rows(), USER | {"excluded": "remplacant"}, {"excluded": "jamais_entendu"}])
    assert ask("uses_dmp").count() == 100
    said = reproduction.numbers()["rows_in_use"]
    assert said.startswith("du fichier « les_miennes.csv », 102 lignes, dont 2 signalées comme e")
    assert "remplaçants : 1" in said


def test_the_rows_in_use_are_the_rebuilt_ones_by_default() -> None:
    assert reproduction.numbers()["rows_in_use"] == "du jeu reconstitué, 100 lignes"


def test_the_file_is_read_once_whatever_is_computed(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(rebuilt_rows())
    opened, read_bytes = [], Path.read_bytes

    def read_and_note(path: Path) -> bytes:
        opened.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read_and_note)
    made = [entry.make() for entry in entries() if entry.section.startswith(("IV.A", "IV.B"))]
    assert len(made) > 20
    assert reproduction.numbers()["rows_in_use"]
    assert opened.count(source()) == 1


def test_a_sentence_follows_the_table_in_use(use: Use) -> None:
    before = by_source("reconstituées", "lues")
    use([USER])
    assert (before, by_source("reconstituées", "lues")) == ("reconstituées", "lues")


def thinned(row: dict[str, str]) -> dict[str, str]:
    """Empty a level of most variables, and the questions put to those who will not use it."""
    unanswered = {f"t{n}": "" for n in range(1, 19)} if row["uses_dmp"] == "non" else {}
    reluctant = {f"change_{name}": "" for name in ("training", "integration", "money")}
    intends = {"intends_to_use": "oui"} if row["uses_dmp"] == "non" else {}
    return row | unanswered | reluctant | intends | {"cluster": ""}


def test_every_chapter_computes_where_levels_and_whole_questions_are_empty(use: Use) -> None:
    kept = ("30-39", "50-59", "60-69")
    use([thinned(row) for row in rebuilt_rows() if row["age"] in kept])
    book = load(paths.ROOT)
    for chapter in book.chapters:
        space: dict[str, object] = {}
        for item in read(book, chapter).items:
            if isinstance(item, Cell) and item.options.get("include") is False:
                exec(item.code, space)
                continue
            for code in [item.code] if isinstance(item, Cell) else inlines(item):
                made = eval(code, space)
                for show in ("to_markdown", "to_svg"):
                    getattr(made, show, str)()


def test_a_p_value_too_small_for_a_float_is_shown_and_compared_with_nothing(use: Use) -> None:
    use(rebuilt_rows() * 100)
    entry = next(each for each in entries("table") if each.id == "tdu1")
    for table in (annexe_vi.taviu(), entry.make()):
        assert isinstance(table, Table)
        values = [check.value for check in table.checks]
        assert None in values
        assert table.to_markdown()
    assert "Inf" in annexe_vi.taviu().to_markdown()
    (file,) = (each for each in downloads() if each.id == "taviu")
    assert ",inf," in file.content()


def test_a_test_of_a_category_that_nobody_has_has_nothing_to_compare(use: Use) -> None:
    use([row for row in rebuilt_rows() if row["frequency"] != "journalier"])
    made = {entry.id: entry.make() for entry in entries("statistic")}
    nothing = Verdict.NOT_RECOMPUTABLE
    assert [id_ for id_, it in made.items() if it.checks[0].verdict is nothing] == ["s17"]


@pytest.mark.parametrize("group", ["oui", "non"])
def test_every_object_of_the_usage_computes_without_one_of_the_groups(group: str, use: Use) -> None:
    use([USER | {"uses_dmp": group}] * 3)
    for entry in entries():
        if entry.section.startswith(("IV.A", "IV.B", "IV.E", "IV.F", "V.B")):
            made = entry.make()
            for show in ("to_markdown", "to_svg"):
                getattr(made, show, str)()


def test_the_mark_says_which_numbers_have_no_answers_to_come_from(use: Use) -> None:
    use([USER])
    text = usage.tb2().to_markdown()
    assert "| Libéral | 0\u202f† | – |" in text
    assert "sans réponse dont les calculer" in text


def test_more_doctors_than_can_be_enumerated_are_tested_by_chi_square() -> None:
    counts = [3000, 2500, 2000, 1500, 1000, 500]
    table = pd.DataFrame([counts, counts[::-1]] * 3)
    assert statement(*exact_p(table)).endswith("(khi-deux)")
    assert fisher("s4", table).relation.endswith("(khi-deux)")


def test_the_words_of_a_sentence_follow_its_test() -> None:
    small, large = (fisher("s5", pd.DataFrame(cells)) for cells in ([[9, 0], [0, 9]], [[5, 5]] * 2))
    assert small.says("diffèrent", "se ressemblent") == "diffèrent"
    assert large.says("diffèrent", "se ressemblent") == "se ressemblent"
