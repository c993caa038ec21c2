"""What print says of a count: its proved bounds, what was seen, what makes a bound."""

from __future__ import annotations

import itertools
import random
import shutil
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from scipy import optimize

from analysis import paths
from analysis.packages import read_package
from analysis.reconstruction import bounds, build
from analysis.reconstruction.bounds import Bounds, Status, asked_of, reasons
from analysis.reconstruction.ensemble import stored
from analysis.reconstruction.margins import Model, solve
from analysis.reconstruction.respondents import LEVELS, combinations
from analysis.reconstruction.statements import Constraint, Count, Where, standing
from analysis.survey.question import Question, QuestionError, ask
from analysis.survey.rebuilt import read_bounds, read_certificate, read_reasons
from analysis.survey.schema import CLUSTERED, GROUPS, ITEMS, Group

PROFILE: dict[Group, tuple[str, ...]] = {
    group: ("cluster", "practice", "place", *names) for group, names in CLUSTERED.items()
}


@cache
def of_the_profile() -> tuple[Constraint, ...]:
    return tuple(each for each in standing() if not each.columns & set(ITEMS))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Group, Question]:
    """Draw a group, one to three of its variables, and some of their levels."""
    group: Group = draw(st.sampled_from(sorted(GROUPS)))
    variables = draw(st.lists(st.sampled_from(PROFILE[group]), min_size=1, max_size=3, unique=True))
    conditions = []
    for variable in variables:
        known = LEVELS[group][variable]
        chosen = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
        conditions.append(f"{variable}={'|'.join(chosen)}")
    return group, ask(" & ".join(conditions))


# What is known beforehand


@pytest.mark.parametrize(
    ("group", "text", "lower", "upper"),
    [
        ("users", "age=60-69 & purpose=consultation", 0, 5),
        ("users", "age=30-39 & purpose=ajout", 10, 14),
        ("users", "age=30-39 & frequency=annuel & purpose=ajout", 5, 7),
        ("users", "age=30-39 & frequency=annuel", 10, 10),
        ("non_users", "place=autre & practice=mixte", 0, 0),
    ],
)
def test_the_bounds_are_those_of_an_independent_programme(
    group: Group, text: str, lower: int, upper: int
) -> None:
    found = bounds.bounds(ask(text), group)
    assert (found.lower, found.upper) == (lower, upper)


COLUMNS: dict[Group, tuple[str, ...]] = {
    "users": ("cluster", "age", "frequency", "purpose", "practice_type", "practice", "place"),
    "non_users": ("cluster", "age", "barrier_1", "barrier_2", "practice_type", "practice", "place"),
}
SPARED = {"practice", "place"}
"""Columns that make the joint table too large for a test, unless they are asked about."""


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ("users", "age=60-69 & purpose=consultation"),
        ("users", "age=30-39 & purpose=ajout & practice_type=groupe_liberal"),
        ("users", "frequency=mensuel & purpose=creation & place=seul"),
        ("users", "age=50-59|60-69 & practice=mixte"),
        ("non_users", "age=30-39 & barrier_1=temps|besoin & practice_type=groupe_liberal"),
        ("non_users", "barrier_2=besoin & place=autre"),
    ],
)
def test_the_bounds_are_those_of_the_joint_table_of_all_columns(group: Group, text: str) -> None:
    question = ask(text)
    found = bounds.bounds(question, group)
    assert (found.lower, found.upper) == over_the_joint_table(group, question)


def over_the_joint_table(group: Group, question: Question) -> tuple[int, int]:
    """Count over every combination of answers at once, with no cliques."""
    model = cp_model.CpModel()
    columns = [name for name in COLUMNS[group] if name not in SPARED - question.variables]
    table = list(combinations(tuple(columns), LEVELS[group]))
    cells = [model.new_int_var(0, 100, "") for _ in table]
    having: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, answers in enumerate(table):
        for pair in zip(columns, answers, strict=True):
            having[pair].add(place)

    def number(wheres: Iterable[Where]) -> cp_model.LinearExprT:
        own = [
            set(range(len(cells))).intersection(
                *(having[pair] for pair in where if pair[0] != "uses_dmp")
            )
            for where in wheres
        ]
        return cp_model.LinearExpr.sum([cells[place] for found in own for place in sorted(found)])

    for statement in of_the_profile():
        if statement.groups != {group} or not statement.columns <= {*columns, "uses_dmp"}:
            continue
        chosen = [model.new_bool_var("") for _ in statement.alternatives]
        model.add_exactly_one(chosen)
        for choice, counts in zip(chosen, statement.alternatives, strict=True):
            for count in counts:
                domain = cp_model.Domain(count.lowest, count.highest)
                own = cp_model.BoundedLinearExpression(number(count.wheres), domain)
                model.add(own).only_enforce_if(choice)
    named = [[(each.variable, level) for level in each.levels] for each in question.conditions]
    counted = number(itertools.product(*named))
    ends = []
    for optimise in (model.minimize, model.maximize):
        optimise(counted)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        assert solver.solve(model) == cp_model.OPTIMAL
        ends.append(round(solver.objective_value))
    return ends[0], ends[1]


# What holds of every question


@settings(max_examples=20, deadline=None)
@given(questions())
def test_the_bounds_hold_every_table_that_was_found(drawn: tuple[Group, Question]) -> None:
    group, question = drawn
    found = bounds.bounds(question, group)
    ensemble = stored(group)
    counts = {
        question.count(each.rows.astype({"cluster": str}).assign(uses_dmp=GROUPS[group]))
        for each in ensemble.members[::10]
    }
    assert found.lower <= found.seen_min <= min(counts)
    assert max(counts) <= found.seen_max <= found.upper


@settings(max_examples=20, deadline=None)
@given(questions(), st.integers(0, 2**32))
def test_another_statement_never_widens_the_bounds(
    drawn: tuple[Group, Question], seed: int
) -> None:
    group, question = drawn
    statements = list(of_the_profile())
    random.Random(seed).shuffle(statements)
    n_fewer = seed % len(statements)
    fewer, more = (
        bounds.bounds(question, group, statements=statements[:number])
        for number in (n_fewer, n_fewer + 20)
    )
    assert fewer.lower <= more.lower <= more.upper <= fewer.upper


@settings(max_examples=20, deadline=None)
@given(questions(), st.data())
def test_a_question_and_its_complement_add_up(
    drawn: tuple[Group, Question], data: st.DataObject
) -> None:
    group, question = drawn
    variable = data.draw(st.sampled_from(sorted(question.variables)))
    others = [each for each in question.conditions if each.variable != variable]
    own = next(each for each in question.conditions if each.variable == variable)
    rest = [level for level in LEVELS[group][variable] if level not in own.levels]
    base = bounds.bounds(ask(" & ".join(map(str, others))), group)
    assume(rest and base.lower == base.upper)
    complement = ask(" & ".join([*map(str, others), f"{variable}={'|'.join(rest)}"]))
    found, opposite = bounds.bounds(question, group), bounds.bounds(complement, group)
    assert found.lower + opposite.upper == found.upper + opposite.lower == base.lower


@settings(max_examples=20, deadline=None)
@given(questions())
def test_both_solvers_find_the_same_bounds(drawn: tuple[Group, Question]) -> None:
    group, question = drawn
    found = bounds.bounds(question, group)
    assert (found.lower, found.upper) == by_cp_sat(question, group)


model = cache(Model)


def by_cp_sat(
    question: Question, group: Group, statements: tuple[Constraint, ...] | None = None
) -> tuple[int, int] | None:
    """Find both bounds by the solver of the margins; None where the statements exclude them."""
    stated = of_the_profile() if statements is None else statements
    ends = []
    for sign in (1, -1):
        own = holding(stated)
        own.minimize(sign * counted(own, question, group, stated))
        solver = solve(own)
        if solver is None:
            return None
        ends.append(sign * round(solver.objective_value))
    return ends[0], ends[1]


def holding(stated: tuple[Constraint, ...]) -> cp_model.CpModel:
    """Give a programme in which some statements hold."""
    return model(stated).holding([each.id for each in stated])


def counted(
    own: cp_model.CpModel, question: Question, group: Group, stated: tuple[Constraint, ...]
) -> cp_model.LinearExprT:
    """Add to such a programme what a question counts."""
    programme = model(stated)
    n_unknowns, tied, asked = programme.unknowns.ask(asked_of(question, group))
    cells = [own.get_int_var_from_proto_index(each.index) for each in programme.cells]
    cells += [own.new_int_var(0, 100, "") for _ in range(n_unknowns - len(cells))]
    for pair in tied:
        one, other = (cp_model.LinearExpr.sum([cells[i] for i in each]) for each in pair)
        own.add(one == other)
    return cp_model.LinearExpr.sum([cells[each] for each in asked])


@settings(max_examples=6, deadline=None)
@given(questions())
def test_the_reasons_of_a_bound_imply_it_and_none_can_be_spared(
    drawn: tuple[Group, Question],
) -> None:
    group, question = drawn
    found, why = bounds.bounds(question, group), reasons(question, group)
    for end, own in (("lower", why.lower), ("upper", why.upper)):
        assert getattr(bounds.bounds(question, group, statements=own), end) == getattr(found, end)
        for line in {each.line for each in own}:
            others = [each for each in own if each.line != line]
            weaker = bounds.bounds(question, group, statements=others)
            assert getattr(weaker, end) != getattr(found, end), line
        for spared in own:
            others = [each for each in own if each != spared]
            weaker = bounds.bounds(question, group, statements=others)
            assert getattr(weaker, end) != getattr(found, end), spared.id


# What a question may be


def test_the_reasons_of_a_count_that_print_gives_are_its_line() -> None:
    found = reasons(ask("age=30-39 & frequency=annuel"))
    assert [(each.table, each.line) for each in found.lower] == [("tb1c", "483")]
    assert found.lower == found.upper


def test_nothing_printed_is_needed_for_a_count_of_none_or_more() -> None:
    assert reasons(ask("age=60-69 & purpose=consultation")).lower == ()


def test_a_question_of_both_groups_counts_both() -> None:
    own = [bounds.bounds(ask("age=60-69"), group) for group in GROUPS]
    assert bounds.bounds(ask("age=60-69")).lower == sum(each.lower for each in own)
    assert bounds.bounds(ask("age=60-69 & uses_dmp=oui")) == own[0]


def test_a_base_is_counted_with_the_question() -> None:
    assert bounds.bounds(ask("purpose=ajout", of="age=30-39")).lower == 10


def test_only_the_margins_tie_an_opinion_to_a_profile() -> None:
    of_opinion = bounds.bounds(ask("t1=5"), "users").lower
    of_age = bounds.bounds(ask("age=50-59"), "users").lower
    least = max(0, of_opinion + of_age - 55)
    found = bounds.bounds(ask("t1=5 & age=50-59"), "users")
    assert found == Bounds(least, min(of_opinion, of_age), least, min(of_opinion, of_age))
    named = {each.id for each in reasons(ask("t1=5 & age=50-59"), "users").upper}
    assert named <= {"t1:label:users", "t1:rows", "tb3:age:50-59:users", "taviu:1:age:50-59"}


def test_what_is_dealt_at_random_is_seen_in_every_way_to_deal_it() -> None:
    found = bounds.bounds(ask("intends_to_use=oui & barrier_1=besoin"))
    assert (found.seen_min, found.seen_max) == (found.lower, found.upper)
    assert found.status is Status.OPEN


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Bounds(3, 3, 3, 3), "determined"),
        (Bounds(3, 5, 3, 4), "open"),
        (Bounds(3, 5, 4, 4), "bounded"),
    ],
)
def test_a_count_has_one_of_three_words(found: Bounds, status: str) -> None:
    assert str(found.status) == status


def test_a_group_that_was_not_asked_is_refused() -> None:
    with pytest.raises(QuestionError, match="the non_users were not asked all of purpose=ajout"):
        bounds.bounds(ask("purpose=ajout"), "non_users")


@pytest.mark.parametrize("text", ["barrier_2=temps", "barrier_2!=temps", "barrier_2=besoin|temps"])
def test_a_second_barrier_that_print_does_not_name_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match=r"print names no second barrier \w.*: aucun, besoin"):
        bounds.bounds(ask(text))


def test_either_barrier_has_no_bounds_of_its_own() -> None:
    with pytest.raises(QuestionError, match="no bounds of barrier=besoin: ask barrier_1 and barri"):
        bounds.bounds(ask("barrier=besoin & age=<29"))


def test_all_second_barriers_but_one_may_be_asked_about() -> None:
    assert bounds.bounds(ask("barrier_2!=aucun")) == Bounds(7, 7, 7, 7)


def stated(name: str, *alternatives: tuple[str, int]) -> Constraint:
    """Make a statement that one of some counts of users is true."""
    return Constraint(
        name,
        "x",
        name,
        "",
        tuple(
            (Count(((("uses_dmp", "oui"), *_pairs(text)),), number, number),)
            for text, number in alternatives
        ),
    )


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((each.variable, each.levels[0]) for each in ask(text).conditions)


@pytest.mark.parametrize(
    ("number", "lower", "upper"), [(3, 0, 10), (4, 2, 2)], ids=["either", "the first"]
)
def test_one_of_several_possibilities_is_true(number: int, lower: int, upper: int) -> None:
    statements = [
        stated("size", ("", 10)),
        stated("choice", ("age=<29", 2), ("place=seul", 3)),
        stated("place", ("place=seul", number)),
    ]
    found = bounds.bounds(ask("age=<29"), "users", statements=statements)
    assert (found.lower, found.upper) == (lower, upper)
    assert by_cp_sat(ask("age=<29"), "users", tuple(statements)) == (lower, upper)


def test_statements_that_exclude_each_other_have_no_bounds() -> None:
    statements = (stated("one", ("age=<29", 1)), stated("other", ("age=<29", 2)))
    with pytest.raises(ValueError, match="cannot hold together"):
        bounds.bounds(ask("age=<29"), statements=statements)
    assert by_cp_sat(ask("age=<29"), "users", statements) is None


def test_a_solver_that_stops_early_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    milp = optimize.milp

    def stopped(*arguments: object, **options: object) -> object:
        result = milp(*arguments, **options)
        result.status = 1
        return result

    monkeypatch.setattr(optimize, "milp", stopped)
    with pytest.raises(RuntimeError, match="the solver stopped"):
        bounds.bounds(ask("age=<29 & place=seul"))


def test_every_pair_of_columns_can_be_asked_about_together() -> None:
    for group in GROUPS:
        for one, other in itertools.combinations(LEVELS[group], 2):
            assert asked_of(ask(f"{one} & {other}"), group)


# What is stored


@pytest.mark.parametrize("group", GROUPS)
def test_the_stored_bounds_are_those_of_the_other_solver(group: Group) -> None:
    own = [question for of, question in bounds.listed() if of == group]
    for _, crossing in itertools.groupby(
        own, key=lambda question: [each.variable for each in question.conditions]
    ):
        questions = tuple(crossing)
        prove_all(questions, [bounds.known(each, group) for each in questions], group)


def prove_all(questions: tuple[Question, ...], known: list[Bounds], group: Group) -> None:
    """Prove the bounds of many counts at once: each is attained, and none can be passed."""
    own = holding(of_the_profile())
    counts = [counted(own, each, group, of_the_profile()) for each in questions]

    def literal(statement: cp_model.BoundedLinearExpression) -> cp_model.IntVar:
        found = own.new_bool_var("")
        own.add(statement).only_enforce_if(found)
        return found

    passed, attained = [], {}
    for number, (count, each) in enumerate(zip(counts, known, strict=True)):
        passed += [literal(count < each.lower), literal(count > each.upper)]
        attained |= {(number, end): literal(count == end) for end in (each.lower, each.upper)}
    while attained:
        own.maximize(cp_model.LinearExpr.sum(list(attained.values())))
        solver = solve(own)
        assert solver is not None
        left = {at: each for at, each in attained.items() if solver.value(counts[at[0]]) != at[1]}
        assert len(left) < len(attained), [(str(questions[at]), end) for at, end in left]
        attained = left
    own.add_bool_or(passed)
    assert solve(own) is None, questions


def test_every_listed_question_is_stored_and_no_other() -> None:
    columns = read_bounds(paths.BOUNDS).columns
    written = [(group, str(question)) for group, question in bounds.listed()]
    assert list(zip(columns["group"], columns["where"], strict=True)) == written


def test_the_stored_bounds_say_what_was_seen() -> None:
    for group, question in bounds.listed()[::40]:
        assert bounds.known(question, group) == bounds.bounds(question, group)


def test_every_crossing_of_two_answers_is_explained_and_no_other() -> None:
    columns = read_reasons(paths.REASONS).columns
    written = [(group, str(question)) for group, question in bounds.listed(2)]
    assert list(zip(columns["group"], columns["where"], strict=True)) == written


def test_the_stored_reasons_are_those_that_are_found() -> None:
    for group, question in bounds.listed(2)[::80]:
        assert bounds.explained(question, group) == reasons(question, group), str(question)


def test_the_stored_reasons_of_a_bound_imply_it() -> None:
    for group, question in bounds.listed(2)[::10]:
        found, why = bounds.known(question, group), bounds.explained(question, group)
        for end, own in (("lower", why.lower), ("upper", why.upper)):
            implied = bounds.bounds(question, group, statements=own)
            assert getattr(implied, end) == getattr(found, end), str(question)


def test_a_question_that_nobody_prepared_has_bounds_and_reasons() -> None:
    question = ask("age=30-39|40-49 & frequency=annuel & place=groupe")
    assert bounds.known(question, "users") == bounds.bounds(question, "users")
    assert bounds.explained(question, "users") == reasons(question, "users")


def test_stored_bounds_are_those_of_a_base_and_of_a_group_as_well() -> None:
    own = bounds.known(ask("age=30-39 & purpose=ajout"), "users")
    assert bounds.known(ask("purpose=ajout", of="age=30-39"), "users") == own
    assert bounds.known(ask("purpose=ajout & age=30-39 & uses_dmp=oui"), "users") == own


def test_nobody_fulfils_conditions_that_exclude_the_base() -> None:
    nobody = ask("purpose=ajout & age=<29", of="age=30-39")
    assert bounds.known(nobody, "users") == Bounds(0, 0, 0, 0)


def test_bounds_are_proved_again_from_the_tables_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = bounds.listed(2)[::300]
    monkeypatch.setattr(bounds, "listed", lambda _=None: few)
    # What is given away takes longest of all that is certified: here it is counted once.
    disclosed, calls = build._disclosed, itertools.count()
    told = read_certificate()["disclosure"]["users"]["all"]
    monkeypatch.setattr(build, "_disclosed", lambda it: told if next(calls) else disclosed(it))
    for path in paths.RECONSTRUCTED.iterdir():
        shutil.copy(path, tmp_path)
    build.prove(tmp_path, report=StringIO())
    asked = {f"{group},{question}" for group, question in few}
    for path in (paths.BOUNDS, paths.REASONS):
        header, *rows = path.read_text("utf-8").splitlines()
        own = [row for row in rows if ",".join(row.split(",", 2)[:2]) in asked]
        assert (tmp_path / path.name).read_text("utf-8").splitlines() == [header, *own]
    certificate = read_certificate(tmp_path / "certificate.json")
    assert certificate["bounds"]["inputs"] == read_certificate()["bounds"]["inputs"]
    assert sum(certificate["bounds"][each] for each in Status) == len(few)
    assert certificate["disclosure"]["users"]["all"] == told
    assert not list(read_package(tmp_path / "datapackage.json").changes(""))
