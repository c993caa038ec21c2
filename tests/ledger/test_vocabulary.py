"""The functions of the keys, against numbers that the thesis prints or that are counted by hand."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from analysis.ledger.vocabulary import (
    Atom,
    Vocabulary,
    in_herault,
    n_named,
    n_rows,
    printed,
    total,
)
from analysis.survey import QuestionError, load


@pytest.fixture
def words() -> Vocabulary:
    return Vocabulary(load())


def test_a_question_counts_the_answers(words: Vocabulary) -> None:
    assert words.n("frequency>=hebdomadaire") == 6
    assert (words.n("barrier_1"), words.n("t3")) == (45, 99)
    assert words.n("age=30-39 & frequency<=annuel") == 15


def test_a_share_is_of_its_base(words: Vocabulary) -> None:
    assert words.share("t3<=2") == Fraction(30)
    assert words.share("t3<=2", "t3") == Fraction(3000, 99)


def test_a_share_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="the whole is nothing"):
        Vocabulary(load().iloc[:50]).share("barrier_1=temps")


def test_catdes_numbers_are_those_of_annexe_vi(words: Vocabulary) -> None:
    category, cluster = "practice_type=seul_liberal", "U1"
    assert float(words.share(cluster, f"users & {category}")) == pytest.approx(81.818182, abs=1e-6)
    assert words.share(category, cluster) == 75
    assert words.share(category, "users") == 20
    cell = f"{cluster} & {category}"
    assert words.p_value(cell) == pytest.approx(0.000001707931, abs=1e-12)
    assert words.v_test(cell) == pytest.approx(4.785228, abs=1e-6)


def test_chi2_of_the_non_users_is_that_of_annexe_vi(words: Vocabulary) -> None:
    assert words.chi2_p("non_users", "practice_type") == pytest.approx(0.01154322077848, abs=1e-14)
    assert words.chi2_df("non_users", "practice_type") == 16


def test_clusters_and_what_marks_them_are_counted(words: Vocabulary) -> None:
    assert (words.n_clusters("users"), words.n_marked("N2")) == (5, 1)
    assert words.n_marked("U1") == 7


def test_a_category_of_the_map_is_where_the_thesis_reads_it(words: Vocabulary) -> None:
    assert words.in_quadrant("tc1", "age=30-39")


def test_a_category_on_the_other_side_of_the_map_is_not() -> None:
    swapped = load()
    users, non_users = (swapped["uses_dmp"] == uses for uses in ("oui", "non"))
    swapped.loc[users, "age"], swapped.loc[non_users, "age"] = ">70", "30-39"
    assert not Vocabulary(swapped).in_quadrant("tc1", "age=30-39")


def test_what_was_asked_of_the_answers_is_noted(words: Vocabulary) -> None:
    words.n("users & age=50-59")
    words.n("U1 & age=50-59")
    assert words.asked == {
        Atom(frozenset({"age", "uses_dmp"}), where="uses_dmp=oui & age=50-59"),
        Atom(
            frozenset({"age", "cluster"}),
            "users",
            (1, "age", "50-59"),
            where="uses_dmp=oui & age=50-59 & cluster=1",
        ),
    }


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda words: words.n("eyes"), "no variable eyes"),
        (lambda words: words.n("age=30"), "age has no level 30"),
        (lambda words: words.share("age=<29", "place=dehors"), "place has no level dehors"),
        (lambda words: words.p_value("U5 & purpose=creation & age=<29"), "is described by U5"),
        (lambda words: words.p_value("purpose=creation"), "is described by purpose=creation"),
        (lambda words: words.in_quadrant("tc4", "age=30-39"), "tc4 reads no age=30-39"),
        (lambda words: words.chi2_p("everyone", "age"), "not one of users, non_users"),
        (lambda _: printed("tb3", "users", category="90"), "tb3 has 0 rows"),
        (lambda _: printed("tb3", "users", variable="age"), "tb3 has 6 rows"),
        (lambda _: printed("tb3", "people", category="<29"), "tb3 has no column people"),
        (lambda _: printed("tb3", "users", colour="red", category="<29"), "no column colour"),
        (lambda _: printed("tb3", "users", 3, category="<29"), "prints 2 numbers there, not 3"),
        (lambda _: total("tb2", "n", list="none"), "tb2 has no row"),
    ],
)
def test_a_wrong_name_is_named(
    words: Vocabulary, call: Callable[[Vocabulary], object], rule: str
) -> None:
    with pytest.raises((LookupError, QuestionError)) as raised:
        call(words)
    assert rule in str(raised.value)


def test_printed_gives_the_number_of_a_rank() -> None:
    assert printed("tb3", "users", category="libéral") == 47
    assert printed("tb3", "users", 2, category="libéral") == Fraction("53.41")


def test_a_sum_takes_a_blank_for_a_zero() -> None:
    assert total("tb1c", "curiosite", "annuel", "mensuel", age="<29") == 2


def test_a_sum_leaves_the_row_of_totals_out_unless_it_is_named() -> None:
    assert (total("tb1a", "n"), total("t1", "n1")) == (55, 16)
    assert total("t1", "n1", group="total") == 16


def test_printed_rows_are_counted_with_their_total() -> None:
    assert (n_rows("t1"), n_rows("t8")) == (3, 2)


def test_facts_and_recruitment_are_read_by_their_key() -> None:
    assert printed("facts:population") == 1875
    assert printed("recruitment:questionnaires_mailed") == 1086
    assert n_named("annexes:pilot_names") == 9


def test_doctors_of_the_herault_are_those_of_the_council() -> None:
    assert (in_herault("age"), in_herault("age=<29|30-39")) == (1880, 400)
