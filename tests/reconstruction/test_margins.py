"""Every printed count against every other: what contradicts, what yields, and rows that fit."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Timer

import pandas as pd
import pytest

from analysis import paths
from analysis.paths import PUBLISHED, SETTLEMENTS
from analysis.reconstruction.margins import (
    Conflict,
    ContradictionError,
    Model,
    conflicts,
    draw,
)
from analysis.reconstruction.statements import (
    Statements,
    read_statements,
    recount,
    standing,
)
from analysis.survey.schema import GROUPS, ITEMS, VARIABLES, Group, levels

drawn = cache(draw)

# The group looks for the conflicts once.
pytestmark = pytest.mark.xdist_group("margins")

PLACES = {
    ("tavin 3242", "tavin 3242", "tb3 657-660"),
    ("tb3 663-666", "tb2 563"),
    ("tb3 668", "tb2 563-565"),
}
BARRIERS = {
    ("tavin 3218", "tb2 569"),
    ("tavin 3262", "tb2 575"),
    ("tavin 3214", "tb2 577"),
    ("tavin 3214", "tb2 569, 571, 573, 575, 577"),
    ("tavin 3218", "tc0 794"),
    ("tavin 3262", "tc0 800"),
    ("tavin 3214", "tc0 802"),
    ("tavin 3214", "tc0 794, 796, 798, 800, 802"),
}
SWAPPED_LABELS = {
    ("f6 707-713", "t14 1752"),
    ("f6 707-713", "t14 1754", "t14 1752, 1754"),
}
MISSING_ANSWERS = {
    ("f6 707-713", "t3 1533", "t3 1533"),
    ("f6 709-713", "t13 1747", "t13 1747"),
    ("f6 707-713", "t15 1779", "t15 1779"),
    ("f6 707-713", "t16 1786", "t16 1786"),
    ("f6 707-713", "t17 1811", "t17 1811"),
    ("f6 707-713", "t18 1885", "t18 1885"),
}
Change = Callable[[str, str, str], Path]

ONE_ANSWER_IN_EACH_COLUMN = {
    "age": "30-39",
    "place": "seul",
    "practice_type": "groupe_mixte",
    "frequency": "curiosite",
    "purpose": "ajout",
    "cluster": "2",
    "t7": "1",
}


@pytest.fixture(scope="module")
def found() -> tuple[Conflict, ...]:
    return tuple(conflicts(read_statements()))


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(read_statements().constraints)


def all_rows(seed: int) -> pd.DataFrame:
    return pd.concat(drawn(seed).values(), ignore_index=True)


@pytest.fixture(scope="module")
def respondents() -> pd.DataFrame:
    return all_rows(1)


def places(conflict: Conflict) -> tuple[str, ...]:
    return tuple(f"{member.table} {member.line}" for member in conflict.members)


def test_the_conflicts_are_those_of_places_barriers_labels_and_missing_answers(
    found: tuple[Conflict, ...],
) -> None:
    assert {places(each) for each in found} == (
        PLACES | BARRIERS | SWAPPED_LABELS | MISSING_ANSWERS
    )
    assert len(found) == 19


def test_a_conflict_names_its_lines_and_values(found: tuple[Conflict, ...]) -> None:
    assert [each.text for each in found if places(each) == ("tb3 663-666", "tb2 563")] == [
        "TB3 (L663-666) place = groupe, non-utilisateurs : 35 ; "
        "TB2 (L563) place = groupe, non-utilisateurs : 34"
    ]


def test_a_conflict_cannot_hold(found: tuple[Conflict, ...], model: Model) -> None:
    for conflict in found:
        assert not model.is_feasible([member.id for member in conflict.members]), conflict.text


def test_a_conflict_can_hold_without_any_one_of_its_statements(
    found: tuple[Conflict, ...], model: Model
) -> None:
    for conflict in found:
        ids = [member.id for member in conflict.members]
        for left_out in ids:
            assert model.is_feasible([each for each in ids if each != left_out]), conflict.text


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_not_taken_for_an_answer_of_the_solver(model: Model) -> None:
    ids = [each.id for each in standing()]
    pressed = Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))

    def solve_for_ever() -> None:
        pressed.start()
        while True:
            model.draw(ids, 1)

    with pytest.raises(KeyboardInterrupt):
        solve_for_ever()
    pressed.join()


def test_every_conflict_is_settled_by_one_statement(found: tuple[Conflict, ...]) -> None:
    assert Counter(len(each.settlements) for each in found) == {1: 19}


def test_every_rule_settles_a_conflict(found: tuple[Conflict, ...]) -> None:
    used = {each.constraint for conflict in found for each in conflict.settlements}
    assert used == {each.constraint for each in read_statements().settlements}


def test_the_statements_that_stand_can_all_be_true(model: Model) -> None:
    assert model.is_feasible([each.id for each in standing()])


def test_a_statement_that_yields_cannot_join_those_that_stand(model: Model) -> None:
    ids = [each.id for each in standing()]
    compatible = [
        s.constraint
        for s in read_statements().settlements
        if model.is_feasible([*ids, s.constraint])
    ]
    assert compatible == []


def test_the_statements_have_each_an_id_a_line_and_a_text() -> None:
    stated = read_statements().constraints
    assert len({each.id for each in stated}) == len(stated)
    assert all(each.line and each.statement and each.alternatives for each in stated)


def test_every_printed_table_of_counts_is_among_the_statements() -> None:
    tables = {"ta1", "ta2", "ta3", "tb1a", "tb1b", "tb1c", "tb1d", "tb2", "tb3", "tc0"}
    tables |= {"taviu", "taviu_chi2", "tavin", "tavin_chi2", "f6"}
    tables |= {f"t{number}" for number in range(1, 19)}
    assert {each.table for each in read_statements().constraints} == tables


def test_everything_that_stands_is_true_of_a_solution(respondents: pd.DataFrame) -> None:
    checks = recount(respondents)
    assert len(checks) == len(standing())
    assert [check.statement.id for check in checks if not check.holds] == []


@pytest.mark.parametrize("seed", range(2, 7))
def test_every_seed_gives_rows_of_which_everything_is_true(seed: int) -> None:
    assert [len(drawn(seed)[group]) for group in GROUPS] == [55, 45]
    assert all(check.holds for check in recount(all_rows(seed)))


@pytest.mark.parametrize("column", ONE_ANSWER_IN_EACH_COLUMN)
def test_one_changed_answer_of_a_user_is_noticed(respondents: pd.DataFrame, column: str) -> None:
    changed = respondents.copy()
    answer = ONE_ANSWER_IN_EACH_COLUMN[column]
    user = changed.index[(changed["uses_dmp"] == "oui") & (changed[column] != answer)][0]
    changed.loc[user, column] = answer
    assert not all(check.holds for check in recount(changed))


@pytest.mark.parametrize(
    "column", ["barrier_1", "barrier_2", "intends_to_use", "change_training", "uses_dmp"]
)
def test_a_blank_for_the_answer_of_a_non_user_is_noticed(
    respondents: pd.DataFrame, column: str
) -> None:
    changed = respondents.copy()
    asked = changed[column].isin(["oui", *levels("barrier_1")]) & (changed["uses_dmp"] == "non")
    asked |= (changed["uses_dmp"] == "non") & (column == "uses_dmp")
    changed.loc[changed.index[asked][0], column] = ""
    assert not all(check.holds for check in recount(changed))


def test_a_check_says_what_is_expected_and_what_is_found(respondents: pd.DataFrame) -> None:
    changed = respondents.drop(respondents.index[respondents["place"] == "autre"][0])
    (found,) = [
        each for each in recount(changed) if each.statement.id == "tb3:place:autre:non_users"
    ]
    assert (found.statement.line, found.holds, found.found) == ("668", False, (3,))
    assert found.text.endswith("found 3, expected 4")


def test_two_answers_exchanged_across_clusters_break_the_fingerprint(
    respondents: pd.DataFrame,
) -> None:
    changed = respondents.copy()
    users = changed[changed["uses_dmp"] == "oui"]
    one = users.index[(users["cluster"] == "1") & (users["practice_type"] == "seul_liberal")][0]
    other = users.index[(users["cluster"] == "3") & (users["practice_type"] == "groupe_liberal")][0]
    columns = ["practice_type", "place"]
    changed.loc[[one, other], columns] = changed.loc[[other, one], columns].to_numpy()
    failed = {check.statement.id for check in recount(changed) if not check.holds}
    assert "taviu_chi2:practice_type" in failed


def test_whole_numbers_and_missing_values_are_read_as_text(respondents: pd.DataFrame) -> None:
    typed = respondents.replace("", None).astype({"cluster": int})
    assert all(check.holds for check in recount(typed))


def test_a_missing_column_is_named(respondents: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"^the rows have no column age, which tavin?u?:\S+ coun"):
        recount(respondents.drop(columns="age"))


def test_the_same_seed_gives_the_same_rows() -> None:
    again = draw(5)
    for group in GROUPS:
        pd.testing.assert_frame_equal(again[group], drawn(5)[group])


@pytest.mark.parametrize("group", GROUPS)
def test_other_seeds_give_other_rows(group: Group) -> None:
    rows = [drawn(seed)[group].drop(columns=list(ITEMS)) for seed in range(10)]
    assert len({each.to_csv() for each in rows}) == 10


def test_the_seeds_reach_every_table_of_the_first_barrier() -> None:
    logiciel = {
        tuple(
            rows.loc[rows["barrier_1"] == "logiciel", "cluster"]
            .value_counts()
            .sort_index()
            .to_dict()
            .items()
        )
        for rows in (drawn(seed)["non_users"] for seed in range(12))
    }
    assert logiciel == {(("3", 1), ("5", 4)), (("2", 1), ("5", 4))}


def test_a_question_is_blank_where_it_was_not_asked(respondents: pd.DataFrame) -> None:
    uses, intends = respondents["uses_dmp"], respondents["intends_to_use"]
    asked = {"users": uses == "oui", "non_users": uses == "non", "reluctant": intends == "non"}
    for variable in VARIABLES.values():
        names = ["barrier_1", "barrier_2"] if variable.name == "barrier" else [variable.name]
        for name in names if variable.asked in asked else []:
            assert ((respondents[name] != "") == asked[variable.asked]).all(), name


def test_the_liberal_of_another_structure_is_coded_alone(respondents: pd.DataFrame) -> None:
    non_users = respondents[respondents["uses_dmp"] == "non"]
    assert non_users.groupby(["place", "practice_type"]).size().to_dict() == {
        ("autre", "autre_salarie_a"): 2,
        ("autre", "autre_salarie_b"): 1,
        ("autre", "seul_liberal"): 1,
        ("groupe", "groupe_liberal"): 34,
        ("groupe", "groupe_salarie"): 1,
        ("seul", "seul_liberal"): 6,
    }


def test_t14_is_dealt_with_its_labels_the_right_way_round(respondents: pd.DataFrame) -> None:
    answers = respondents.groupby("uses_dmp")["t14"].value_counts()
    assert [answers["oui"][str(mark)] for mark in range(1, 6)] == [7, 3, 15, 5, 25]
    assert [answers["non"][str(mark)] for mark in range(1, 6)] == [8, 4, 2, 5, 26]


def test_six_doctors_left_out_an_item(respondents: pd.DataFrame) -> None:
    blanks = (respondents[[f"t{number}" for number in range(1, 19)]] == "").sum()
    assert blanks[blanks > 0].to_dict() == dict.fromkeys(
        ["t3", "t13", "t15", "t16", "t17", "t18"], 1
    )


@pytest.mark.parametrize(
    ("table", "printed", "changed", "lines"),
    [
        ("t1", "non_users,4,5,12,7,17", "non_users,4,5,12,7,16", {"1507, 1509", "1511"}),
        ("tb2", "12,,non", "13,,non", {"601", "605", "707-713"}),
        ("ta3", "Cabinet de groupe,78", "Cabinet de groupe,77", {"400", "663-666"}),
    ],
)
def test_an_impossible_count_is_a_conflict_named_by_its_lines(
    change: Change, table: str, printed: str, changed: str, lines: set[str]
) -> None:
    with pytest.raises(ContradictionError) as error:
        draw(1, directory=change(table, printed, changed))
    assert {member.line for member in error.value.conflict.members} == lines
    assert not error.value.conflict.settlements
    assert "\n" not in str(error.value)
    assert all(f"L{line})" in str(error.value) for line in lines)


def test_a_conflict_without_a_rule_does_not_hide_the_others(
    found: tuple[Conflict, ...], change: Change
) -> None:
    folder = change("t1", "non_users,4,5,12,7,17", "non_users,4,5,12,7,16")
    statements = read_statements(folder)
    columns = {"uses_dmp", "t1", "t3", "t14"}
    few = tuple(each for each in statements.constraints if each.columns <= columns)
    conflicting = list(conflicts(Statements(few, statements.settlements)))
    of_items = {each.text for each in found if {m.table for m in each.members} & {"t3", "t14"}}
    assert len(of_items) >= 2
    assert {each.text for each in conflicting if each.settlements} == of_items
    assert {each.members[-1].table for each in conflicting if not each.settlements} == {"t1"}


def test_a_sound_copy_of_the_printed_tables_gives_the_same_rows(tmp_path: Path) -> None:
    shutil.copytree(PUBLISHED, tmp_path / "published")
    copied = draw(3, directory=tmp_path / "published")["users"]
    pd.testing.assert_frame_equal(copied, drawn(3)["users"])


def test_without_its_rule_a_conflict_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = SETTLEMENTS.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "settlements.csv"
    path.write_text("".join(r for r in rules if not r.startswith("tb2:place:groupe")), "utf-8")
    monkeypatch.setattr(paths, "SETTLEMENTS", path)
    with pytest.raises(ContradictionError, match=r"TB3 \(L663-666\).* ; TB2 \(L563\)"):
        draw(1)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("tb2:x,oui,r,s\n", "row 2, column constraint: 'tb2:x': no printed statement has this id"),
        ("ta1:<29,oui,r,\n", "row 2, column reason: the cell is blank"),
        ("ta1:<29,oui,r,  \n", "row 2, column reason: '  ': the cell begins or ends with a space"),
        (
            "ta1:<29,non,r,s\n",
            "row 2, column yields: 'non': not one of oui",
        ),
        (
            "ta1:<29,oui,r,s\nta1:<29,oui,r,s\n",
            "row 3, column constraint: 'ta1:<29': row 2 has the same constraint",
        ),
        ("ta1:<29,oui,r\n", "row 2: 3 cells instead of 4"),
        ("\n", "row 2: 0 cells instead of 4"),
    ],
)
def test_a_fault_of_the_rules_is_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str, message: str
) -> None:
    path = tmp_path / "settlements.csv"
    path.write_text(f"constraint,yields,reading,reason\n{rows}", encoding="utf-8")
    monkeypatch.setattr(paths, "SETTLEMENTS", path)
    with pytest.raises(ValueError, match=r"^settlements\.csv") as error:
        read_statements()
    assert str(error.value) == f"settlements.csv, {message}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "settlements.csv: the file is missing"),
        (b"", "settlements.csv: the file is empty"),
        (
            b"yields,constraint,reading,reason\n",
            "settlements.csv, row 1: the columns are, in this order, constraint, yields, reading, "
            "reason",
        ),
        ("é".encode("latin-1"), "settlements.csv, row 1: the file is not UTF-8 (byte 0xe9)"),
    ],
)
def test_a_file_of_rules_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, message: str
) -> None:
    path = tmp_path / "settlements.csv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(paths, "SETTLEMENTS", path)
    with pytest.raises(ValueError, match=r"^settlements\.csv") as error:
        read_statements()
    assert str(error.value) == message
