"""Several tests at once: p-values adjusted so that the whole family keeps its level.

Ten tests at the 5 % level make a false discovery likely.  Holm's method looks at the p-values from
the smallest up: the smallest of ``k`` is multiplied by ``k``, the next by ``k - 1``, and so on, and
no adjusted value may be smaller than the one before it.  Rejecting where the adjusted value is at
most ``alpha`` keeps the probability of one false rejection or more under ``alpha``, whatever the
dependence between the tests.

References
----------
Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
Statistics 6, 65-70.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjust the p-values of a family of tests by Holm's method.

    Parameters
    ----------
    p_values : array_like of shape (tests,)

    Returns
    -------
    ndarray of shape (tests,)
        Adjusted p-values, in the order given.

    Raises
    ------
    ValueError
        If they are not a list of numbers between 0 and 1.

    Examples
    --------
    The three comparisons of users and non-users in table TB3:

    >>> holm([0.27061, 0.03571, 0.0559]).round(4).tolist()
    [0.2706, 0.1071, 0.1118]
    """
    values = np.asarray(p_values, dtype=np.float64)
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("p-values are a list of numbers between 0 and 1")
    order = np.argsort(values, kind="stable")
    factors = np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * values[order]))
    return adjusted
