"""A printed number keeps its digits, and the comparison with a computed one respects them."""

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.printed.numbers import (
    PrintedNumber,
    Verdict,
    compare,
    fault_of_p_value,
    parse,
    parse_all,
)

NARROW_NO_BREAK_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"

exact_values = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=6
)
places = st.integers(min_value=0, max_value=5)


def rounded(value: Decimal, decimals: int, how: str) -> str:
    text = f"{value.quantize(Decimal(1).scaleb(-decimals), rounding=how):f}"
    return text.replace(".", ",")


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("0,0357", "0.0357", 4),
        ("0.2706", "0.2706", 4),
        ("0.0357*", "0.0357", 4),
        ("66,66", "66.66", 2),
        ("100.000000", "100", 6),
        ("5,45 %", "5.45", 2),
        ("40,00 %", "40", 2),
        ("-2.869318", "-2.869318", 6),
        ("\u22123,13", "-3.13", 2),
        ("0.000000000000000001310654", "1.310654e-18", 24),
        ("1875", "1875", 0),
        (".05", "0.05", 2),
        (",05", "0.05", 2),
        ("-.5", "-0.5", 1),
        ("+3,2", "3.2", 1),
        ("< .001", "0.001", 3),
        ("p < 2.2e-16", "2.2e-16", 17),
        ("2,20E-05", "0.000022", 7),
        ("1,5e3", "1500", -2),
        ("2,2 × 10⁻¹⁶", "2.2e-16", 17),
        ("2.2·10^-16", "2.2e-16", 17),
        ("0,001**", "0.001", 3),
        ("0,0357 ***", "0.0357", 4),
    ],
)
def test_parse_keeps_value_and_precision(text: str, value: str, decimals: int) -> None:
    number = parse(text)
    assert (number.value, number.decimals) == (Decimal(value), decimals)


@pytest.mark.parametrize("space", [" ", NO_BREAK_SPACE, NARROW_NO_BREAK_SPACE, "\u2009"])
def test_parse_joins_thousands_set_apart_by_a_space(space: str) -> None:
    assert parse(f"1{space}234{space}567,8").value == Decimal("1234567.8")


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("<0,001", "<"),
        ("=0,008", "="),
        ("0,03", "="),
        ("> 5", ">"),
        ("≤ 29", "≤"),
        ("≥70", "≥"),
        ("<= .05", "≤"),
        (">=70", "≥"),
        ("⩽ 29", "≤"),
        ("p = 0,03", "="),
        ("P<.001", "<"),
    ],
)
def test_parse_reads_the_relation(text: str, relation: str) -> None:
    assert parse(text).relation == relation


@pytest.mark.parametrize(("text", "is_percent"), [("5,45 %", True), ("51%", True), ("51", False)])
def test_parse_sees_the_percent_sign(text: str, is_percent: bool) -> None:
    assert parse(text).is_percent is is_percent


def test_parse_keeps_the_text_without_spaces_around_it() -> None:
    assert parse(f" 5,45{NO_BREAK_SPACE}% ").text == f"5,45{NO_BREAK_SPACE}%"


@pytest.mark.parametrize("number", [0.0357, 3, None, Decimal("0.0357")])
def test_parse_refuses_what_is_not_text(number: object) -> None:
    with pytest.raises(TypeError, match="trailing zeros carry its precision"):
        parse(number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "l0",
        "0,",
        ",",
        "1e",
        "e-5",
        "0 100",
        "0,5*****",
        "1,2,3",
        "1.2.3",
        "3 (5,45 %)",
        "50-59",
        "12 34",
        "1234 567",
        "--3",
    ],
)
def test_parse_names_the_text_that_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a printed number") as error:
        parse(text)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize("text", ["p = ,000", "p=0", "p < 0,000", "p = 1,2", "p > 1", "p = -0,1"])
def test_parse_names_a_p_value_that_no_test_gives(text: str) -> None:
    with pytest.raises(ValueError, match=f"^'{text}': a p-value "):
        parse(text)


@pytest.mark.parametrize("text", ["<0,001", "0,0000", ">0,05", "1,000", "<1"])
def test_a_p_value_that_a_test_can_give_has_no_fault(text: str) -> None:
    assert (fault_of_p_value(parse(text)) == "") == (text != "0,0000")


@given(value=exact_values, decimals=places, relation=st.sampled_from(["", "=", "<", ">", "≤", "≥"]))
def test_parse_returns_what_was_written(value: Decimal, decimals: int, relation: str) -> None:
    written = value.quantize(Decimal(1).scaleb(-decimals))
    number = parse(f"{relation}{written:f}".replace(".", ","))
    assert (number.value, number.decimals, number.relation) == (written, decimals, relation or "=")


@given(count=st.integers(min_value=0, max_value=10**12))
def test_parse_reads_thousands_as_it_reads_plain_digits(count: int) -> None:
    assert parse(f"{count:,}".replace(",", NARROW_NO_BREAK_SPACE)).value == parse(str(count)).value


@given(value=exact_values, decimals=places)
def test_parse_of_its_own_text_changes_nothing(value: Decimal, decimals: int) -> None:
    number = parse(rounded(value, decimals, ROUND_HALF_UP))
    assert parse(number.text) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3 (5,45 %)", ["3", "5,45 %"]),
        ("47 (53,41)", ["47", "53,41"]),
        ("1226 (65,2%)", ["1226", "65,2%"]),
        ("17; 31%", ["17", "31%"]),
        ("40 000", ["40 000"]),
        ("12 3456", ["12", "3456"]),
        ("0 100", ["0", "100"]),
        ("0 100 000", ["0", "100 000"]),
        ("00 100", ["00", "100"]),
        ("12 0 100", ["12", "0", "100"]),
        ("0,55 [0,45 ; 0,64]", ["0,55", "0,45", "0,64"]),
        ("0.55 [0.45, 0.64]", ["0.55", "0.45", "0.64"]),
        ("0,55 (0,45–0,64)", ["0,55", "0,45", "0,64"]),
        ("0,55 [0,45 – 0,64]", ["0,55", "0,45", "0,64"]),
        ("41 (p < .001)", ["41", "p < .001"]),
        ("<0,001", ["<0,001"]),
        (" 8 ", ["8"]),
    ],
)
def test_parse_all_splits_a_cell(text: str, numbers: list[str]) -> None:
    assert [number.text for number in parse_all(text)] == numbers


@pytest.mark.parametrize(
    "text",
    ["", "( )", "50-59", "50–59", "<29 ans", "3 (5,45 % des 55)", "12x", "1,2,3", "[–3 ; 4]", "3,"],
)
def test_parse_all_refuses_words_and_loose_signs(text: str) -> None:
    with pytest.raises(ValueError, match="printed number"):
        parse_all(text)


def test_parse_all_refuses_a_float() -> None:
    with pytest.raises(TypeError, match="trailing zeros"):
        parse_all(66.66)  # type: ignore[arg-type]


@given(counts=st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=4))
def test_parse_all_reads_counts_of_thousands_one_by_one(counts: list[int]) -> None:
    text = "; ".join(f"{count:,}".replace(",", " ") for count in counts)
    assert [int(number.value) for number in parse_all(text)] == counts


@given(
    digits=st.integers(min_value=1, max_value=10**6),
    power=st.integers(min_value=-30, max_value=6),
)
def test_parse_reads_a_power_of_ten_as_its_digits_say(digits: int, power: int) -> None:
    number = parse(f"{digits}e{power}")
    assert (number.value, number.decimals) == (Decimal(digits).scaleb(power), -power)


@given(count=st.integers(min_value=0, max_value=10**6), share=exact_values)
def test_parse_all_returns_count_and_share(count: int, share: Decimal) -> None:
    text = rounded(share, 2, ROUND_HALF_UP)
    assert parse_all(f"{count} ({text} %)") == (parse(str(count)), parse(f"{text} %"))


@pytest.mark.parametrize(
    ("printed", "computed", "verdict"),
    [
        ("66,66", Fraction(200, 3), "rounding"),
        ("66,67", Fraction(200, 3), "match"),
        ("66,65", Fraction(200, 3), "discrepancy"),
        ("0,0357", 0.035712, "match"),
        ("0,0357", 0.0358, "discrepancy"),
        ("0,0357", 0.03579, "rounding"),
        ("6%", Fraction(300, 55), "rounding"),
        ("5%", Fraction(300, 55), "match"),
        ("3,3%", Fraction(6200, 1086), "discrepancy"),
        ("3,3%", Fraction(6200, 1875), "match"),
        ("-2.869318", -2.8693182, "match"),
        ("-2.869318", 2.869318, "discrepancy"),
        ("0", Fraction(49, 100), "match"),
    ],
)
def test_compare_judges_a_value(printed: str, computed: float | Fraction, verdict: str) -> None:
    assert compare(printed, computed) == verdict


@pytest.mark.parametrize(
    ("computed", "verdict"), [(41, "match"), (40, "discrepancy"), (42, "discrepancy")]
)
def test_compare_is_exact_for_a_count(computed: int, verdict: str) -> None:
    assert compare("41", computed) == verdict


@pytest.mark.parametrize("printed", ["0,12", "0,13"])
@pytest.mark.parametrize("tie", [0.125, Fraction(1, 8), Decimal("0.125")])
def test_compare_accepts_both_roundings_of_a_tie(
    printed: str, tie: float | Fraction | Decimal
) -> None:
    assert compare(printed, tie) is Verdict.MATCH


def test_compare_does_not_accept_a_tie_rounded_down_to_an_odd_digit() -> None:
    assert compare("0,13", Fraction(135, 1000)) is Verdict.ROUNDING


def test_compare_rounds_a_negative_tie_away_from_zero() -> None:
    assert compare("-0,13", Fraction(-1, 8)) is Verdict.MATCH


@pytest.mark.parametrize(
    ("printed", "noisy_tie"), [("0,12", 0.12500000000000003), ("0,13", 0.12499999999999999)]
)
def test_compare_takes_a_float_beside_a_tie_for_the_tie(printed: str, noisy_tie: float) -> None:
    assert compare(printed, noisy_tie) is Verdict.MATCH


@pytest.mark.parametrize(
    ("computed", "verdict"), [(8.700582537623343e-09, "match"), (8.7005825377e-09, "discrepancy")]
)
def test_compare_asks_no_more_digits_of_a_float_than_it_holds(
    computed: float, verdict: str
) -> None:
    assert compare("0.000000008700582537623328", computed) == verdict


def test_compare_takes_a_float_for_the_decimal_that_names_it() -> None:
    assert compare("2,68", 2.675) is Verdict.MATCH


def test_compare_keeps_all_the_digits_of_a_long_probability() -> None:
    printed = "0.000000000000000001310654"
    verdicts = [compare(printed, p) for p in (1.3106542e-18, 1.3106548e-18, 1.3106561e-18)]
    assert verdicts == [Verdict.MATCH, Verdict.ROUNDING, Verdict.DISCREPANCY]


@pytest.mark.parametrize(
    ("printed", "computed", "verdict"),
    [
        ("<0,001", 2e-7, "match"),
        ("<0,001", 0.001, "rounding"),
        ("<0,001", 0.00126, "discrepancy"),
        ("<0,001", 0.0012, "discrepancy"),
        ("<0,001", 0.0016, "discrepancy"),
        (">0,05", 0.06, "match"),
        (">0,05", 0.05, "rounding"),
        (">0,05", Fraction(1, 20), "rounding"),
        (">0,05", 0.047, "discrepancy"),
        (">0,05", 0.04, "discrepancy"),
        ("≤ 29", 29, "match"),
        ("≤ 29", 30, "discrepancy"),
        ("≥ 70", 70, "match"),
        ("≥ 70", 69, "discrepancy"),
    ],
)
def test_compare_judges_a_bound(printed: str, computed: float, verdict: str) -> None:
    assert compare(printed, computed) == verdict


@pytest.mark.parametrize("noisy", [0.3, 0.1 + 0.2, 0.29999999999999993])
def test_compare_forgives_the_noise_of_a_float_at_a_bound(noisy: float) -> None:
    verdicts = [str(compare(f"{relation}0,3", noisy)) for relation in "≤≥<>"]
    assert verdicts == ["match", "match", "rounding", "rounding"]


def test_compare_forgives_the_noise_of_a_float_one_unit_away() -> None:
    assert compare("0,4", 0.3) is compare("0,4", 0.1 + 0.2) is Verdict.DISCREPANCY


def test_compare_judges_the_lost_digits_of_a_power_of_ten() -> None:
    verdicts = [str(compare("1,5e3", count)) for count in (1549, 1599, 1600)]
    assert verdicts == ["match", "rounding", "discrepancy"]


@pytest.mark.parametrize("of", [np.float16, np.float32, np.float64, np.longdouble])
def test_compare_takes_a_float_of_any_width_for_the_decimal_that_names_it(
    of: Callable[[str], float],
) -> None:
    assert compare("0,29", of("0.285")) is Verdict.MATCH
    assert compare("0,28", of("0.285")) is Verdict.MATCH
    assert compare("0,27", of("0.285")) is Verdict.DISCREPANCY


def test_compare_asks_no_more_digits_of_a_narrow_float_than_it_holds() -> None:
    assert compare("0,123456789", np.float32(0.123456789)) is Verdict.MATCH
    assert compare("0,123457", np.float32(0.1234555)) is Verdict.DISCREPANCY


@pytest.mark.parametrize("count", [10**400, Decimal("1e400"), Fraction(10**400)])
def test_compare_takes_a_number_that_no_float_holds(count: int | Decimal | Fraction) -> None:
    assert compare("<3", count) is Verdict.DISCREPANCY


def test_compare_says_so_when_nothing_could_be_computed() -> None:
    assert compare("0,0357", None) is Verdict.NOT_RECOMPUTABLE


def test_compare_takes_a_parsed_number_or_its_text() -> None:
    assert compare(parse("66,66"), Fraction(200, 3)) is compare("66,66", Fraction(200, 3))


@pytest.mark.parametrize("computed", [np.float64(0.0357), np.int64(0)])
def test_compare_takes_the_scalars_of_numpy(computed: float) -> None:
    assert compare(f"{computed:.4f}", computed) is Verdict.MATCH


def test_compare_refuses_a_float_as_the_printed_number() -> None:
    with pytest.raises(TypeError, match="trailing zeros"):
        compare(66.66, Fraction(200, 3))  # type: ignore[arg-type]


@pytest.mark.parametrize("computed", [True, "66,66"])
def test_compare_refuses_a_computed_value_that_is_no_number(computed: object) -> None:
    with pytest.raises(TypeError, match="a computed value is a number"):
        compare("1", computed)  # type: ignore[arg-type]


@pytest.mark.parametrize("computed", [float("nan"), float("inf"), Decimal("NaN")])
def test_compare_refuses_a_computed_value_that_is_not_finite(computed: float | Decimal) -> None:
    with pytest.raises(ValueError, match="a computed value is finite"):
        compare("1", computed)


@given(value=exact_values, decimals=places, how=st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_compare_matches_every_rounded_value(value: Decimal, decimals: int, how: str) -> None:
    assert compare(rounded(value, decimals, how), value) is Verdict.MATCH


@given(value=exact_values, decimals=places)
def test_compare_never_calls_a_truncated_value_a_discrepancy(value: Decimal, decimals: int) -> None:
    assert compare(rounded(value, decimals, ROUND_DOWN), value) is not Verdict.DISCREPANCY


@given(value=exact_values, decimals=places, units=st.sampled_from([-2, 2]))
def test_compare_calls_two_units_off_a_discrepancy(
    value: Decimal, decimals: int, units: int
) -> None:
    number = parse(rounded(value, decimals, ROUND_HALF_EVEN))
    shifted = number.value + units * number.last_digit
    assert compare(f"{shifted:f}", value) is Verdict.DISCREPANCY


@given(value=exact_values, decimals=places)
def test_compare_of_floats_agrees_with_that_of_decimals(value: Decimal, decimals: int) -> None:
    printed = rounded(value, decimals, ROUND_HALF_UP)
    assert compare(printed, float(value)) is compare(printed, value)


def test_printed_number_is_frozen() -> None:
    number: PrintedNumber = parse("0,0357")
    with pytest.raises(AttributeError):
        number.decimals = 2  # type: ignore[misc]


def test_printed_number_of_thousands_counts_in_units() -> None:
    assert parse("40 000").last_digit == 1
