"""Proportions: what a share observed on few people says of the share among many.

Concept
-------
A share counted on a sample is an estimate.  An *interval* says which shares of the population would
have made the count unsurprising, on the one condition that the sample was drawn at random.  Where
it was not, two other tools say what is left: *bounds* suppose nothing of those who did not answer,
and the *chance of meeting* a trait says how common it must be for a small group to show it at all.

Two answers of the same people have no independent shares. Each person either gives both answers,
none, the first alone or the second alone.  Only those who gave one alone tell which is given more
often: were both as likely, these would fall on either side like coins (McNemar).  A gap between two
shares of the same people therefore says little by itself, since it does not tell how many answers
differ.  Where only the two totals are known, and how they cross is not, the test is not determined,
but it has bounds: the more people gave both, the fewer differ, and the smaller the p-value of a
given gap.  The least and the greatest p-value are those of the most and of the fewest who can have
given both (the bounds of Fréchet), within each group whose totals are known.

Method
------
- Wilson inverts the score test; its coverage is close to the level even in small samples.
- Clopper and Pearson invert the exact binomial test; their coverage is never below the level.
- Newcombe joins the two Wilson intervals into one for the difference of two shares (his method 10).
- The bounds set the share of those who were not observed to 0, then to 1, as Manski does.
- With n people drawn at random, a trait held by a share p is met at least once with probability
  1 - (1 - p)^n, the first case of Fugard and Potts.

References
----------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal
of the American Statistical Association 22, 209-212. doi:10.1080/01621459.1927.10502953

Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in
the case of the binomial. Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404

Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
comparison of eleven methods. Statistics in Medicine 17, 873-890.
doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources 24, 343-360.
doi:10.2307/145818

Fugard, A. J. B. and Potts, H. W. W. (2015). Supporting thinking on sample sizes for thematic
analyses: a quantitative tool. International Journal of Social Research Methodology 18, 669-684.
doi:10.1080/13645579.2015.1005453

McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or
percentages. Psychometrika 12, 153-157. doi:10.1007/BF02295996

Fréchet, M. (1951). Sur les tableaux de corrélation dont les marges sont données. Annales de
l'Université de Lyon, section A 14, 53-77.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import scipy


@dataclass(frozen=True)
class Interval:
    """An estimated share, or a difference of two, and the limits around it.

    Attributes
    ----------
    estimate : float
        The observed share, from 0 to 1; a difference lies between -1 and 1.
    low, high : float
        The limits.
    """

    estimate: float
    low: float
    high: float

    def __neg__(self) -> Interval:
        """Turn the scale round: what was above is below."""
        return Interval(-self.estimate, -self.high, -self.low)


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


def wilson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Enclose a share by Wilson's score interval, without continuity correction.

    Parameters
    ----------
    successes, trials : int
        Counts; `trials` is positive.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If the counts or the level are out of range.

    Examples
    --------
    The 55 doctors of 100 who had used the shared record:

    >>> found = wilson(55, 100)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4524, 0.6439)
    """
    return _interval(successes, trials, level, "wilson")


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> Interval:
    """Enclose a share by the exact interval of Clopper and Pearson.

    Parameters
    ----------
    successes, trials : int
        Counts; `trials` is positive.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If the counts or the level are out of range.

    Examples
    --------
    >>> found = clopper_pearson(55, 100)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4473, 0.6497)
    """
    return _interval(successes, trials, level, "exact")


def _interval(
    successes: int, trials: int, level: float, method: Literal["wilson", "exact"]
) -> Interval:
    successes, trials = _counts(successes, trials)
    limits = scipy.stats.binomtest(successes, trials).proportion_ci(check_level(level), method)
    return Interval(successes / trials, *map(float, limits))


def difference(first: tuple[int, int], second: tuple[int, int], level: float = 0.95) -> Interval:
    """Enclose the difference of two independent shares by Newcombe's hybrid score interval.

    Parameters
    ----------
    first, second : tuple of int
        Successes and trials of each sample.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Interval
        First share minus second share.

    Raises
    ------
    ValueError
        If the counts or the level are out of range.

    Examples
    --------
    The first example of Newcombe's paper, 56/70 against 48/80, which prints 0.0524 and 0.3339:

    >>> found = difference((56, 70), (48, 80))
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    one, two = wilson(*first, level), wilson(*second, level)
    gap = one.estimate - two.estimate
    low = gap - math.hypot(one.estimate - one.low, two.high - two.estimate)
    high = gap + math.hypot(one.high - one.estimate, two.estimate - two.low)
    return Interval(gap, low, high)


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
    return min(1.0, 2 * float(scipy.special.bdtr(fewer, fewer + more, 0.5)))


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


def bounds(successes: int, observed: int, population: int) -> Interval:
    """Bound a share of the population without supposing anything of those who were not observed.

    Parameters
    ----------
    successes, observed : int
        Counts among the people observed; `observed` is positive.
    population : int
        All the people, observed or not.

    Returns
    -------
    Interval
        The observed share, and the shares of the population if none, then all, of the others had
        the trait.

    Raises
    ------
    ValueError
        If the counts are out of range.

    Examples
    --------
    >>> found = bounds(55, 100, 1880)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0293, 0.9761)
    """
    successes, observed = _counts(successes, observed)
    population = _whole(population)
    if population < observed:
        raise ValueError(f"{observed} people observed out of {population}")
    unseen = population - observed
    low, high = successes / population, (successes + unseen) / population
    return Interval(successes / observed, low, high)


def chance_of_meeting(share: float, participants: int) -> float:
    """Give the chance that a random group has at least one person with a trait.

    Parameters
    ----------
    share : float
        Share of the population that has the trait, from 0 to 1.
    participants : int
        Size of the group, zero or more.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> round(chance_of_meeting(0.05, 12), 3)
    0.46
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, {share} does not")
    if _whole(participants) < 0:
        raise ValueError(f"a group of {participants} people")
    if share == 1:
        return float(participants > 0)
    return -math.expm1(int(participants) * math.log1p(-share))


def smallest_share(participants: int, chance: float = 0.95) -> float:
    """Give the smallest share that a random group meets at least once with a given chance.

    It is the inverse of `chance_of_meeting`: solve 1 - (1 - p)^n = chance for p.

    Parameters
    ----------
    participants : int
        Size of the group, at least one.
    chance : float
        Strictly between 0 and 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> round(smallest_share(12), 3)
    0.221
    """
    if _whole(participants) < 1:
        raise ValueError(f"a group of {participants} people")
    return -math.expm1(math.log1p(-check_level(chance)) / int(participants))


def smallest_group(share: float, chance: float = 0.95) -> int:
    """Give the size of the smallest random group that meets a trait with a given chance.

    Parameters
    ----------
    share : float
        Share of the population that has the trait, above 0 and up to 1.
    chance : float
        Strictly between 0 and 1.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> smallest_group(0.05)
    59
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share lies above 0 and up to 1, {share} does not")
    if share == 1:
        return 1
    size = max(1, math.ceil(math.log1p(-check_level(chance)) / math.log1p(-share)))
    # The quotient may fall on either side of a whole number by a rounding.
    return size - 1 if size > 1 and chance_of_meeting(share, size - 1) >= chance else size


def check_level(level: float) -> float:
    """Refuse what is no level of confidence, and return it in double precision.

    Parameters
    ----------
    level : float
        Strictly between 0 and 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> check_level(95)
    Traceback (most recent call last):
    ValueError: a level lies strictly between 0 and 1, 95 does not
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies strictly between 0 and 1, {level} does not")
    return float(level)


def _counts(successes: int, trials: int) -> tuple[int, int]:
    """Check two counts, and free them of the narrow types that a caller may hold them in."""
    if _whole(trials) < 1:
        raise ValueError(f"a share of {trials} people")
    if not 0 <= _whole(successes) <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    return int(successes), int(trials)


def _whole(count: int) -> int:
    if not float(count).is_integer():
        raise ValueError(f"{count} people: a count is a whole number")
    return int(count)
