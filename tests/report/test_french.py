"""French typography of numbers."""

from fractions import Fraction

import pytest

from analysis.report.show.french import (
    NBSP,
    NNBSP,
    Text,
    count,
    decimal,
    p_value,
    percent,
    scientific,
    small_p_value,
    spell,
)


def test_count_parts_thousands_with_a_narrow_no_break_space() -> None:
    assert count(1880) == f"1{NNBSP}880"


def test_count_of_three_digits_is_not_parted() -> None:
    assert count(681) == "681"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(200, 3), 2, "66,67"),
        (Fraction(1, 8), 2, "0,13"),
        (0.125, 2, "0,13"),
        (-2.5, 1, "\u22122,5"),
        (Fraction(40), 2, "40,00"),
    ],
)
def test_decimal_rounds_half_up_and_keeps_its_zeros(
    value: Fraction | float, decimals: int, text: str
) -> None:
    assert decimal(value, decimals) == text


def test_percent_has_a_no_break_space_before_its_sign() -> None:
    assert percent(22, 55, 2) == f"40,00{NBSP}%"


def test_percent_of_nothing_is_a_dash() -> None:
    assert percent(0, 0) == "–"


def test_p_value_below_the_floor_is_a_bound() -> None:
    assert p_value(3.9e-7) == f"<{NBSP}0,001"


def test_p_value_at_the_floor_is_written() -> None:
    assert p_value(0.001) == "0,0010"


def test_scientific_raises_the_exponent() -> None:
    assert scientific(1.3106545e-18) == f"1,3{NBSP}×{NBSP}10⁻¹⁸"


def test_scientific_rounds_up_to_the_next_power() -> None:
    assert scientific(9.96e-5) == f"1,0{NBSP}×{NBSP}10⁻⁴"


def test_a_small_p_value_is_a_power_of_ten_below_one_in_a_thousand() -> None:
    assert small_p_value(0.001) == "0,0010"
    assert small_p_value(0.00099) == f"9,9{NBSP}×{NBSP}10⁻⁴"


def test_spell_writes_large_numbers_in_figures() -> None:
    assert (spell(12), spell(13)) == ("douze", "13")


def test_text_is_shown_without_quotation_marks_or_escapes() -> None:
    assert Text(f"5,7{NBSP}%")._repr_markdown_() == f"5,7{NBSP}%"


def test_text_protects_what_markdown_would_read_as_markup() -> None:
    assert Text("p < 0,001")._repr_markdown_() == "p \\< 0,001"
