"""Holm's adjustment against R and by hand."""

import numpy as np
import pytest

from analysis.statistics.multiplicity import holm


def test_holm_is_that_of_r() -> None:
    # p.adjust(p, "holm") of R 4.2.2.
    p_values = [0.04, 0.001, 0.5, 0.02, 0.02, 0.9, 0.013]
    assert holm(p_values) == pytest.approx([0.12, 0.007, 1, 0.1, 0.1, 1, 0.078])


def test_an_adjusted_value_is_never_smaller_than_the_one_before_it() -> None:
    assert holm([0.01, 0.011, 0.012]).tolist() == pytest.approx([0.03, 0.03, 0.03])


def test_an_adjusted_value_is_at_most_one() -> None:
    assert holm([0.6, 0.7]).tolist() == [1, 1]


def test_one_test_alone_is_left_as_it_is() -> None:
    assert holm([0.03]).tolist() == [0.03]


@pytest.mark.parametrize("bad", [[0.2, 1.1], [-0.1], [np.nan], [[0.1]]])
def test_what_is_no_list_of_p_values_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="numbers between 0 and 1"):
        holm(bad)
