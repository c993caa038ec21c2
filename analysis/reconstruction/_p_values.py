"""The p-values of a description of clusters, without rounding, and what a printed one lets through.

Concept
-------
FactoMineR's ``catdes`` prints two kinds of p-values. A *category row* tests whether a category is
more, or less, frequent in a cluster than elsewhere: the count is hypergeometric, and twice the
smaller tail, the observed count weighing half, is its p-value (Lebart, Morineau and Piron call its
normal quantile the test value). A *variable* is tested against the clusters by Pearson's chi2.

Both are functions of whole numbers, computed here exactly: the first is a fraction, the second,
for an even number of degrees of freedom 2m, the closed form

    P(X > x) = exp(-x/2) (1 + x/2 + (x/2)**2 / 2! + ... + (x/2)**(m-1) / (m-1)!)

in decimals. Five clusters make every number of degrees of freedom a multiple of four.

The digits of a printed p-value
-------------------------------
R prints the decimal expansion of a double, up to 24 decimals, so that the digits after the
sixteenth or so say how the double was rounded and not what the table is. What was rounded on the
way is Pearson's sum in double precision. With u = 2**-53, the expected count E, the difference
k - E, its square and the division leave on each term an absolute error of at most
2 u |k - E| + 5 u (k - E)**2 / E; on their sum x, which R adds up in extended precision and rounds
once, at most u (4 n + 6 x). An error of x moves the tail by at most half of it in relative terms
(the hazard of the chi2 law is at most 1/2 from two degrees of freedom on), and the tail function
itself adds some u.
`double_noise` is this bound, u (2 n + 3 x + 16), below 1e-13 here.

A table has the printed p-value when its exact one is within half a unit of the last printed digit,
give or take that noise and nothing else. Up to 12 printed digits it plays no part.

References
----------
Lebart, L., Morineau, A. and Piron, M. (1995). Statistique exploratoire multidimensionnelle. Dunod.

Lê, S., Josse, J. and Husson, F. (2008). FactoMineR: an R package for multivariate analysis. Journal
of Statistical Software 25(1). doi:10.18637/jss.v025.i01
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb

from scipy.special import ndtri

_PRECISION = 50


def category_p_value(n: int, total: int, size: int, count: int) -> Fraction:
    """Compute the p-value of one category in one cluster, exactly.

    Parameters
    ----------
    n : int
        Rows in all.
    total : int
        Rows of the category.
    size : int
        Rows of the cluster.
    count : int
        Rows of the category in the cluster.

    Returns
    -------
    Fraction
        ``min(2 P(X < k) + P(X = k), 2 P(X > k) + P(X = k))`` for X hypergeometric.

    Examples
    --------
    The 11 users who work alone, 9 of them in the first cluster (L3108):

    >>> float(category_p_value(55, 11, 12, 9))
    1.7079307127059598e-06
    """
    ways = [comb(total, k) * comb(n - total, size - k) for k in range(min(total, size) + 1)]
    below, above = sum(ways[:count]), sum(ways[count + 1 :])
    return Fraction(2 * min(below, above) + ways[count], comb(n, size))


def v_test(n: int, total: int, size: int, count: int) -> float:
    """Compute the test value of one category in one cluster.

    Parameters
    ----------
    n, total, size, count : int
        As in `category_p_value`.

    Returns
    -------
    float
        The normal quantile of half the p-value, positive where the category is more frequent in the
        cluster than in all.

    Examples
    --------
    >>> round(v_test(55, 11, 12, 9), 6)
    4.785228
    """
    quantile = float(ndtri(float(category_p_value(n, total, size, count) / 2)))
    return -quantile if count * n > total * size else quantile


def chi2_p_value(statistic: Fraction, df: int) -> Decimal:
    """Compute the upper tail of the chi2 law, for an even number of degrees of freedom.

    Parameters
    ----------
    statistic : Fraction
    df : int
        A positive even number.

    Returns
    -------
    Decimal
        With 50 digits, the last few of them rounded.

    Raises
    ------
    ValueError
        If `df` is odd or not positive.

    Examples
    --------
    >>> print(f"{chi2_p_value(Fraction(10), 4):.20f}")
    0.04042768199451280258
    """
    if df < 2 or df % 2:
        raise ValueError(f"the closed form is for an even number of degrees of freedom, not {df}")
    with localcontext() as context:
        context.prec = _PRECISION
        half = Decimal(statistic.numerator) / (2 * statistic.denominator)
        term = total = Decimal(1)
        for order in range(1, df // 2):
            term *= half / order
            total += term
        return total * (-half).exp()


def double_noise(n: int, statistic: Fraction) -> Fraction:
    """Bound the relative error of a chi2 p-value computed in double precision.

    Parameters
    ----------
    n : int
        Rows in all.
    statistic : Fraction
        The chi2 statistic.

    Returns
    -------
    Fraction

    Examples
    --------
    >>> print(f"{float(double_noise(55, Fraction(40))):.1e}")
    2.7e-14
    """
    return Fraction(1, 2**53) * (2 * n + 3 * statistic + 16)


def significant_digits(p_value: str) -> int:
    """Count the digits of a printed p-value from the first one that is not zero.

    Examples
    --------
    >>> significant_digits("0.0000000313011232261662")
    15
    """
    return len(p_value.partition(".")[2].lstrip("0"))


def windows(p_value: str, df: int, n: int, scale: int, highest: int) -> tuple[tuple[int, int], ...]:
    """Find which chi2 statistics agree with a printed p-value, by the number of its digits.

    A statistic agrees with d digits when its p-value is within half a unit of the d-th significant
    digit of the printed one (and `double_noise` of it): with all of them, when it rounds to print.

    Parameters
    ----------
    p_value : str
        As printed.
    df : int
        Degrees of freedom.
    n : int
        Rows in all.
    scale : int
        The statistic of a scaled sum S is ``n (S / scale - 1)``.
    highest : int
        Largest scaled sum that a table may have.

    Returns
    -------
    tuple of (int, int)
        First and last scaled sum, by number of digits from one on; each within the one before.

    Examples
    --------
    >>> windows("0.0404", 4, 10, 1000, 3000)
    ((1973, 2031), (1998, 2003), (2000, 2000))
    """
    sums = range(scale, highest + 1)
    printed = Decimal(p_value)

    def falling(scaled_sum: int, side: int) -> Fraction:
        statistic = n * (Fraction(scaled_sum, scale) - 1)
        factor = 1 + side * double_noise(n, statistic)
        return -factor * Fraction(chi2_p_value(statistic, df))

    found: list[tuple[int, int]] = []
    first, stop = 0, len(sums)
    for digits in range(significant_digits(p_value)):
        half = Decimal(5).scaleb(printed.adjusted() - digits - 1)
        least, most = Fraction(-printed - half), Fraction(half - printed)
        first = bisect_left(sums, least, first, stop, key=lambda s: falling(s, -1))
        stop = bisect_right(sums, most, first, stop, key=lambda s: falling(s, 1))
        found.append((scale + first, scale + stop - 1))
    return tuple(found)
