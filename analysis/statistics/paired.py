"""Two answers of the same people: whether one is given more often than the other.

Concept
-------
Each person either gives both answers, none, the first alone or the second alone.  Only those who
gave one alone tell which is given more often: were both as likely, these would fall on either side
like coins (McNemar).  A gap between two shares of the same people therefore says little by itself,
since it does not tell how many answers differ.

Where only the two totals are known, and how they cross is not, the test is not determined, but it
has bounds: the more people gave both, the fewer differ, and the smaller the p-value of a given gap.
The least and the greatest p-value are those of the most and of the fewest who can have given both
(the bounds of Fréchet), within each group whose totals are known.

References
----------
McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or
percentages. Psychometrika 12, 153-157. doi:10.1007/BF02295996

Fréchet, M. (1951). Sur les tableaux de corrélation dont les marges sont données. Annales de
l'Université de Lyon, section A 14, 53-77.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PairedBounds:
    """What the totals of two answers say of McNemar's test.

    Attributes
    ----------
    gap : int
        People who gave the first answer, less those who gave the second.
    least, greatest : float
        The p-values between which that of the test lies; both are reached.
    """

    gap: int
    least: float
    greatest: float


def mcnemar(first_only: int, second_only: int) -> float:
    """Test whether two answers of the same people are given as often, exactly.

    Parameters
    ----------
    first_only, second_only : int
        People who gave one of the answers and not the other.

    Returns
    -------
    float
        Two-sided p-value: that of a binomial of one half.

    Raises
    ------
    ValueError
        If a count is negative.

    Examples
    --------
    >>> mcnemar(6, 0)
    0.03125
    """
    fewer, more = sorted((first_only, second_only))
    if fewer < 0:
        raise ValueError(f"a count is negative: {fewer}")
    from scipy.special import bdtr  # noqa: PLC0415

    return min(1.0, 2 * float(bdtr(fewer, fewer + more, 0.5)))


def mcnemar_bounds(groups: Iterable[tuple[int, int, int]]) -> PairedBounds:
    """Bound McNemar's test where it is not known how the answers cross.

    Parameters
    ----------
    groups : iterable of tuple of int
        For each group, its people, those who gave the first answer, those who gave the second.

    Returns
    -------
    PairedBounds

    Raises
    ------
    ValueError
        If more people gave an answer than there are.

    Examples
    --------
    Of 100 doctors, 80 say yes to one statement and 51 to another:

    >>> found = mcnemar_bounds([(100, 80, 51)])
    >>> found.gap, f"{found.least:.1g}", f"{found.greatest:.1g}"
    (29, '4e-09', '0.0006')
    """
    first = second = fewest = most = 0
    for people, one, other in groups:
        if not 0 <= min(one, other) <= max(one, other) <= people:
            raise ValueError(f"{one} and {other} answers of {people} people")
        first, second = first + one, second + other
        fewest += max(0, one + other - people)
        most += min(one, other)
    # Sorted, because two p-values that are equal may differ by a rounding.
    least, greatest = sorted(mcnemar(first - both, second - both) for both in (most, fewest))
    return PairedBounds(first - second, least, greatest)
