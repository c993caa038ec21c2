"""Checks and marks."""

from fractions import Fraction

import pytest

from analysis.printed import Verdict
from analysis.reconstruction.basis import Atom
from analysis.report.show.tables import Cell, mark
from analysis.results.outcomes import Number, Outcome

IMPOSED = frozenset({Atom(frozenset({"uses_dmp"}))})
OPEN = frozenset({Atom(frozenset({"age", "purpose"}))})


def check_cell(
    place: str,
    printed: str,
    line: str,
    values: tuple[Number | None, ...],
    atoms: frozenset[Atom] = frozenset(),
) -> tuple[Outcome, ...]:
    """Compare the numbers of a cell with print."""
    return Cell("", values, printed, line).checks(place, atoms)


def test_check_cell_pairs_each_printed_number_with_a_computed_one() -> None:
    count, share = check_cell("Libéral", "47 (53,41)", "651", (47, Fraction(4700, 88)))
    assert (count.verdict, share.verdict) == (Verdict.MATCH, Verdict.MATCH)


def test_check_cell_refuses_another_number_of_numbers() -> None:
    with pytest.raises(ValueError, match="line 651: '47' prints 1 numbers, 2 were computed"):
        check_cell("Libéral", "47", "651", (47, 53.4))


def test_mark_of_equal_numbers_says_so() -> None:
    assert "✓ Les 2 nombres comparés à la thèse sont identiques." in mark(
        check_cell("Libéral", "47 (53,41)", "651", (47, Fraction(4700, 88)))
    )


def test_mark_shows_what_is_printed_where_the_computation_differs() -> None:
    text = mark(check_cell("Cabinet de groupe", "34", "563", (35,)))
    assert "verdict-discrepancy" in text
    assert "*Cabinet de groupe* : la thèse imprime « 34 » (l. 563), le calcul donne 35." in text


def test_mark_of_a_truncated_number_is_a_rounding() -> None:
    text = mark(check_cell("Seul", "66,66", "660", (Fraction(200, 3),)))
    assert "verdict-rounding" in text
    assert "le calcul donne 66,67" in text


def test_mark_writes_a_p_value_that_misses_its_bound_in_french() -> None:
    text = mark(check_cell("Création, p", "<0,001", "1045", (0.001725,)))
    assert "la thèse imprime « <0,001 » (l. 1045), le calcul donne 0,0017." in text


def test_mark_says_once_what_several_cells_share() -> None:
    checks = [
        check
        for line in ("573", "575")
        for check in check_cell(f"l{line}", "8,8%", line, (Fraction(400, 45),))
    ]
    assert mark(checks).count("la thèse imprime") == 1
    assert "(l. 573, 575)" in mark(checks)


def test_mark_counts_apart_the_numbers_imposed_on_the_rows() -> None:
    imposed = check_cell("Libéral", "47", "651", (47,), IMPOSED)
    of_print = check_cell("Libéral", "1 226", "367", (1226,))
    assert mark((*imposed, *of_print)).splitlines()[1] == (
        "✓ Les 2 nombres comparés à la thèse sont identiques ; 1 d’entre eux est imposé à la "
        "reconstitution, ou s’en déduit."
    )


def test_mark_of_an_imposed_number_that_differs_says_so() -> None:
    text = mark(check_cell("V-test", "4,79", "993", (4.044,), IMPOSED))
    assert "✗ 1 nombre comparé à la thèse : 0 identique, 1 différent ; il est imposé" in text


def test_mark_of_given_numbers_only_claims_no_agreement() -> None:
    assert "✓" not in mark(check_cell("Libéral", "47", "651", (47,), IMPOSED))


def test_mark_of_nothing_is_empty() -> None:
    assert mark(()) == ""


def test_mark_of_a_number_that_cannot_be_computed_claims_neither_match_nor_difference() -> None:
    text = mark(check_cell("Part", "51%; 22%", "569", (None, Fraction(22))))
    assert "1 identique, 1 sans réponse dont le calculer." in text
    assert "✗" not in text
    assert "la thèse imprime" not in text


def test_mark_of_a_number_that_print_leaves_open_claims_neither_match_nor_difference() -> None:
    text = mark(check_cell("Ajout", "3", "431", (4,), OPEN))
    assert "0 identique, 1 non tranché." in text
    assert "✗" not in text


def test_mark_names_a_line_once() -> None:
    checks = [check for name in "ab" for check in check_cell(name, "2", "481", (4,))]
    assert "(l. 481)" in mark(checks)


@pytest.mark.parametrize(
    ("differing", "rest"), [(12, ""), (13, "Et 1 autre,"), (20, "Et 8 autres,")]
)
def test_mark_tells_a_dozen_differences_and_counts_the_others(differing: int, rest: str) -> None:
    wrong = [(str(n), (n + 50,)) for n in range(differing)]
    text = mark(check for printed, own in wrong for check in check_cell("x", printed, "9", own))
    assert text.count("la thèse imprime") == 12
    assert f"{differing} différents" in text
    assert rest in text if rest else "autre" not in text
