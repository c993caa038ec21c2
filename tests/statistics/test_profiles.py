"""Profiles against a plain enumeration of the distinct rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.profiles import MISSING, Profiles, code_column, code_table, collapse

DOCTORS = pd.DataFrame(
    {
        "practice": ["libéral", "mixte", "libéral", "salarié", "libéral"],
        "place": ["seul", "groupe", "groupe", "groupe", "seul"],
    }
)

rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from(["u", "v", None])),
    min_size=1,
    max_size=30,
)


def collapse_drawn(drawn: list[tuple[str | None, ...]]) -> Profiles:
    frame = pd.DataFrame(drawn, columns=["first", "second", "third"], dtype=object)
    return collapse([code_column(values, str(name)) for name, values in frame.items()])


@given(rows)
def test_collapse_gives_each_row_the_profile_with_its_answers(
    drawn: list[tuple[str | None, ...]],
) -> None:
    profiles = collapse_drawn(drawn)
    categories = np.array([name for names in profiles.categories for name in names])
    restored = categories[profiles.positions][profiles.inverse].tolist()
    assert restored == [[MISSING if cell is None else cell for cell in row] for row in drawn]


@given(rows)
def test_collapse_counts_the_rows_of_each_distinct_profile(
    drawn: list[tuple[str | None, ...]],
) -> None:
    profiles = collapse_drawn(drawn)
    assert len(profiles.counts) == len(set(drawn))
    assert profiles.counts.tolist() == np.bincount(profiles.inverse).tolist()
    assert profiles.n_rows == len(drawn)


@given(rows, st.randoms(use_true_random=False))
def test_collapse_does_not_depend_on_the_order_of_the_rows(
    drawn: list[tuple[str | None, ...]], random: object
) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = collapse_drawn(drawn), collapse_drawn(shuffled)
    assert first.categories == second.categories
    assert first.codes.tolist() == second.codes.tolist()
    assert first.counts.tolist() == second.counts.tolist()


def test_collapse_tells_rows_apart_when_their_numbers_pass_64_bits() -> None:
    generator = np.random.default_rng(1)
    codes = generator.integers(0, 6, (40, 60))[generator.integers(0, 40, 300)]
    frame = pd.DataFrame(np.array(list("abcdef"))[codes]).rename(columns=str)
    profiles = collapse(code_table(frame))
    _, inverse, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    assert profiles.inverse.tolist() == inverse.ravel().tolist()
    assert profiles.counts.tolist() == counts.tolist()


def test_collapse_sorts_the_profiles_by_their_codes() -> None:
    codes = collapse(code_table(DOCTORS)).codes.tolist()
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    ("values", "categories", "codes"),
    [
        pytest.param(["b", "a", "b"], ("a", "b"), [1, 0, 1], id="text is sorted"),
        pytest.param(["a", None, "b"], ("a", "b", MISSING), [0, 2, 1], id="missing cells are last"),
        pytest.param(["é", "z", "Z"], ("Z", "z", "é"), [2, 1, 0], id="by code point"),
        pytest.param([True, False, True], ("False", "True"), [1, 0, 1], id="booleans"),
        pytest.param(
            pd.array([True, None, False], dtype="boolean"),
            ("False", "True", MISSING),
            [1, 2, 0],
            id="nullable booleans",
        ),
        pytest.param(
            pd.Categorical(["b", "a", "b"], ["c", "b", "a"]),
            ("b", "a"),
            [0, 1, 0],
            id="a Categorical keeps its order and drops what no row has",
        ),
        pytest.param(
            pd.Categorical([2, None, 1]), ("1", "2", MISSING), [1, 2, 0], id="numbers as categories"
        ),
    ],
)
def test_code_column_orders_the_categories(
    values: object, categories: tuple[str, ...], codes: list[int]
) -> None:
    column = code_column(pd.Series(values), "answer")
    assert column.categories == categories
    assert column.codes.tolist() == codes


def test_code_column_leaves_its_input_alone() -> None:
    values = pd.Series(pd.Categorical(["b", None, "a"]))
    code_column(values, "answer")
    assert values.isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    "values", [[1, 2, 3], [0.5, 1.5, None], pd.Series([1, "a", 2], dtype=object)]
)
def test_code_column_refuses_numbers(values: object) -> None:
    with pytest.raises(ValueError, match=r"column 'age' holds values of type .*: a categorical"):
        code_column(pd.Series(values), "age")


def test_code_column_refuses_a_category_called_as_missing_cells_are() -> None:
    with pytest.raises(ValueError, match=r"column 'use' has missing cells and a category called"):
        code_column(pd.Series([MISSING, "ajout", None]), "use")


@pytest.mark.parametrize("frame", [pd.DataFrame(), DOCTORS.iloc[:0], DOCTORS[[]]])
def test_code_table_refuses_an_empty_table(frame: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="the table is empty"):
        code_table(frame)


@pytest.mark.parametrize("names", [["place", "place"], [1, "1"]])
def test_code_table_refuses_two_columns_of_one_name(names: list[object]) -> None:
    with pytest.raises(ValueError, match=f"two columns are called '{names[1]}'"):
        code_table(DOCTORS.set_axis(names, axis=1))


@pytest.mark.parametrize(
    ("values", "name"), [(pd.Categorical([1, "1", 2, 2]), "1"), ([True, "True", "x", "x"], "True")]
)
def test_code_column_refuses_two_categories_of_one_name(values: list[object], name: str) -> None:
    with pytest.raises(ValueError, match=f"column 'v' has two categories called '{name}'"):
        code_column(pd.Series(values), "v")


def test_a_level_of_that_name_which_no_row_has_is_no_category() -> None:
    values = pd.Series(pd.Categorical([1, 2], categories=[1, "1", 2]))
    assert code_column(values, "v").categories == ("1", "2")


def test_code_table_refuses_a_constant_column() -> None:
    with pytest.raises(ValueError, match=r"column 'use' is constant \('ajout' in every row\)"):
        code_table(DOCTORS.assign(use="ajout"))
