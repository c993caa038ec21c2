"""Calibration: weights by which a sample has the margins of its population.

Concept
-------
A sample in which some people are too few can be *calibrated*: each answer gets a weight, so that
the weighted sample has the known margins of the population, and the weights stay as near to each
other as that allows.  *Raking* does it where only margins are known, and not how they cross: it
fits one margin after the other until all of them hold, which gives the weights of least divergence
(Deming and Stephan).  Weights cost precision: a sample with unequal weights is worth a smaller one
with equal weights, of *effective size* (sum of w)² / sum of w² (Kish).  Where no weights have all
the margins, there is nothing to rake; where a category has nobody in the sample, nobody can weigh
for it, and its people are left out of the population.

Calibration corrects what the margins explain.  It supposes that those of a category who were not
observed are like those who were.

Method
------
The sample is a table of counts, a variable an axis: people with the same answers have the same
weight.  Many tables are raked at once, in the leading axes of an array, as the replicates of an
interval and the tables that print allows ask for.  The packages that could have done it rake one
table a call, in some 50 ms: weightipy and samplics, which give the same weights.  Of the others,
balance excludes the NumPy of the report, ipfn no longer runs on its pandas, and svy, which takes
the place of samplics, brings 400 MB.  `tests/reference` has what R's survey package gives.

The interval is that of the delete-one jackknife: each person is left out in turn and the rest
calibrated anew (Rao and Wu), as R's ``svrepdesign(type = "JK1")`` does.

References
----------
Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency table
when the expected marginal totals are known. Annals of Mathematical Statistics 11, 427-444.
doi:10.1214/aoms/1177731829

Deville, J.-C. and Särndal, C.-E. (1992). Calibration estimators in survey sampling. Journal of the
American Statistical Association 87, 376-382. doi:10.1080/01621459.1992.10475217

Kish, L. (1965). Survey sampling. Wiley, New York, section 11.7.

Rao, J. N. K. and Wu, C. F. J. (1985). Inference from stratified samples: second-order analysis of
three methods for nonlinear statistics. Journal of the American Statistical Association 80, 620-630.
doi:10.1080/01621459.1985.10478162
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.proportions import Interval

FloatArray = NDArray[np.float64]

_MOST_ROUNDS = 1000
_TOLERANCE = 1e-7
"""A margin holds if no category misses it by a larger part of itself."""


@dataclass(frozen=True)
class Calibration:
    """The share of a trait in a calibrated sample, and what the weights are like.

    Attributes
    ----------
    estimate : ndarray
        The weighted share, from 0 to 1; NaN where no weights have the margins.  Of the leading axes
        of the tables: a single number for one table.
    effective_size : ndarray
        Kish's size: how many people of equal weight are worth as much.
    weights : ndarray of the shape of the tables
        Weight of a person of each cell, 1 on average; NaN where nobody is.
    """

    estimate: FloatArray
    effective_size: FloatArray
    weights: FloatArray = field(repr=False, compare=False)


def rake(counts: ArrayLike, margins: Sequence[ArrayLike]) -> FloatArray:
    """Fit tables of counts to margins, by iterative proportional fitting.

    Parameters
    ----------
    counts : array_like of shape (..., k_1, ..., k_d)
        Tables, an axis a variable, in the last d axes; zero or more.
    margins : sequence of d array_like, of shapes (k_1,), ..., (k_d,)
        How the population spreads over each variable, in people or in shares.

    Returns
    -------
    ndarray of the shape of `counts`
        The fitted tables, each of sum 1; NaN in a table that nothing fits, and in one of nobody.

    Raises
    ------
    ValueError
        If a margin has not as many categories as its axis, or a cell or a category is negative or
        not finite; it is named.

    Examples
    --------
    >>> rake([[10, 20], [30, 40]], [[1, 1], [3, 1]]).round(3).tolist()
    [[0.356, 0.144], [0.394, 0.106]]
    """
    tables = _amounts(counts, "a table has a cell")
    shape = tables.shape[tables.ndim - len(margins) :]
    axes = tuple(range(len(shape)))
    # The tables stand in the last axis, so that a sum runs over many of them at once.
    fitted = np.ascontiguousarray(np.moveaxis(tables.reshape(-1, *shape), 0, -1))
    wanted = [_wanted(fitted, axis, margin) for axis, margin in enumerate(margins)]
    result = np.full(fitted.shape, np.nan)
    going = np.arange(fitted.shape[-1])
    for _ in range(_MOST_ROUNDS):
        # By how much of itself the worst category is missed.
        missed = np.zeros(len(going))
        for axis, target in enumerate(wanted):
            margin = _margin(fitted, axis)
            factor = _quotient(target, margin)
            off = np.where(margin > 0, np.abs(factor - 1), target)
            missed = np.maximum(missed, off.max(axis=axes))
            fitted = fitted * factor
        done = missed <= _TOLERANCE
        if done.any():
            # Few tables are slow, or have no solution: those that are done are left alone.
            result[..., going[done]] = fitted[..., done]
            going, fitted = going[~done], fitted[..., ~done]
            wanted = [target[..., ~done] for target in wanted]
        if not len(going):
            break
    result[..., result.sum(axis=axes) == 0] = np.nan
    return np.moveaxis(result, -1, 0).reshape(tables.shape)


def _amounts(values: ArrayLike, what: str) -> FloatArray:
    """Return numbers of people, or shares, in double precision; refuse what can be neither."""
    amounts = np.asarray(values, dtype=np.float64)
    wrong = amounts[~((amounts >= 0) & (amounts < np.inf))]
    if wrong.size:
        raise ValueError(f"{what} of {wrong[0]:g}: finite numbers, zero or more, are needed")
    return amounts


def _wanted(tables: FloatArray, axis: int, margin: ArrayLike) -> FloatArray:
    """Return the shares that a variable is to have in each table, 0 where nobody is."""
    target = _amounts(margin, "a margin has a category")
    if target.shape != tables.shape[axis : axis + 1]:
        raise ValueError(
            f"a margin of {target.size} categories for a variable of {tables.shape[axis]}"
        )
    along = target.reshape([-1 if each == axis else 1 for each in range(tables.ndim)])
    own = np.where(_margin(tables, axis) > 0, along, 0.0)
    return _quotient(own, own.sum(axis=axis, keepdims=True))


def _margin(tables: FloatArray, axis: int) -> FloatArray:
    others = tuple(each for each in range(tables.ndim - 1) if each != axis)
    summed: FloatArray = tables.sum(axis=others, keepdims=True)
    return summed


def _quotient(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, and give 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def calibrate(
    with_trait: ArrayLike, counts: ArrayLike, margins: Sequence[ArrayLike]
) -> Calibration:
    """Estimate the share of a trait in a population whose margins are known.

    Parameters
    ----------
    with_trait : array_like of shape (..., k_1, ..., k_d)
        People of the sample who have the trait.
    counts : array_like of the same shape
        All the people of the sample.
    margins : sequence of d array_like
        As of `rake`.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        As `rake`; or if more people have the trait than there are.

    Examples
    --------
    Users and doctors by type of practice (libéral, salarié, mixte), as the Hérault has them; with
    one variable, calibrating is weighing the share of each category:

    >>> found = calibrate([47, 2, 6], [88, 6, 6], [[1226, 540, 98]])
    >>> round(float(found.estimate), 3), round(float(found.effective_size), 1)
    (0.5, 51.6)
    """
    trait, people = (_amounts(each, "a table has a cell") for each in (with_trait, counts))
    if (trait > people).any():
        raise ValueError("more people have the trait than there are")
    axes = tuple(range(-len(margins), 0))
    fitted = rake(people, margins)
    size = people.sum(axis=axes, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        weights = np.where(people > 0, size * fitted / people, np.nan)
    weight = np.nan_to_num(weights)
    # The people of a table that could be fitted.
    solved = np.where(np.isnan(fitted).all(axis=axes), np.nan, size.squeeze(axes))
    estimate = (weight * trait).sum(axis=axes) / solved
    effective = solved**2 / (weight**2 * people).sum(axis=axes)
    return Calibration(estimate, effective, weights)


def jackknife(
    with_trait: ArrayLike, counts: ArrayLike, margins: Sequence[ArrayLike], level: float = 0.95
) -> Interval:
    """Enclose the share that `calibrate` estimates, by the delete-one jackknife.

    Parameters
    ----------
    with_trait, counts : array_like of shape (k_1, ..., k_d)
        One table.
    margins : sequence of d array_like
        As of `rake`.
    level : float
        Confidence, strictly between 0 and 1.

    Returns
    -------
    Interval
        NaN throughout where the table, or the table without one of its people, cannot be
        calibrated.

    Raises
    ------
    ValueError
        As `calibrate`.

    Examples
    --------
    >>> found = jackknife([47, 2, 6], [88, 6, 6], [[1226, 540, 98]])
    >>> round(found.low, 3), round(found.high, 3)
    (0.353, 0.648)
    """
    trait, people = (np.asarray(each, dtype=np.int64) for each in (with_trait, counts))
    estimate = float(calibrate(trait, people, margins).estimate)
    # Leaving out one of several people with the same answers gives one and the same replicate.
    others = people - trait
    times = np.concatenate([trait[trait > 0], others[others > 0]])
    one = np.eye(people.size, dtype=np.int64).reshape(-1, *people.shape)
    with_it, without = one[trait.ravel() > 0], one[others.ravel() > 0]
    traits = trait - np.concatenate([with_it, np.zeros_like(without)])
    peoples = people - np.concatenate([with_it, without])
    replicates = calibrate(traits, peoples, margins).estimate
    n = int(times.sum())
    if n < 2:
        return Interval(estimate, math.nan, math.nan)
    centre = (times * replicates).sum() / n
    variance = (n - 1) / n * (times * (replicates - centre) ** 2).sum()
    spread = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(variance)
    if math.isnan(spread):
        return Interval(estimate, math.nan, math.nan)
    return Interval(estimate, max(0.0, estimate - spread), min(1.0, estimate + spread))
