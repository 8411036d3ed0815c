"""Summaries of how far rates lie apart, and p-values adjusted for how many there are.

In: rates by group, in the last place of an array.  Out: one number a table.  None of them stands
alone: groups differ in every sample (:meth:`labkit.measure.disparity.GroupTable.spread`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _rows(rates: ArrayLike) -> NDArray[np.float64]:
    """Rates with the groups in the last place; at least two of them, none below 0."""
    x = np.asarray(rates, np.float64)
    if x.ndim < 1 or x.shape[-1] < 2:
        raise ValueError(f"rates of shape {x.shape}: a spread needs at least two groups")
    if (x < 0).any():
        raise ValueError(f"a rate of {np.nanmin(x):g} is below 0: give errors / trials")
    return x


def _out(value: NDArray[np.float64]) -> Any:
    return float(value) if np.ndim(value) == 0 else value


def max_min(rates: ArrayLike) -> Any:
    """The highest rate over the lowest.

    It is never below 1, so its interval never contains equality; read it beside its value for equal
    groups (:meth:`GroupTable.spread`).

    Parameters
    ----------
    rates
        Shape (groups,), or (..., groups) for many tables at once.

    Returns
    -------
    value
        A number, or an array of shape (...).  Infinite when only some groups have rate 0 (a table
        prints "at least" then), NaN when all have.

    Examples
    --------
    >>> max_min([0.01, 0.02, 0.04])
    4.0
    """
    x = _rows(rates)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _out(x.max(-1) / x.min(-1))


def max_geomean(rates: ArrayLike) -> Any:
    """The highest rate over the geometric mean of all.

    It depends on how many groups there are: compare only tables with the same groups.

    Parameters
    ----------
    rates
        Shape (groups,) or (..., groups).

    Returns
    -------
    value
        A number, or an array of shape (...).  Infinite when some group has rate 0, which breaks it;
        NaN when all have.

    Examples
    --------
    >>> round(max_geomean([0.01, 0.02, 0.04]), 3)
    2.0
    """
    x = _rows(rates)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _out(x.max(-1) / np.exp(np.log(x).mean(-1)))


def gini(rates: ArrayLike) -> Any:
    """Gini coefficient of rates, ``n/(n-1) sum_ij |x_i - x_j| / (2 n^2 mean x)``: a GARBE term.

    Parameters
    ----------
    rates
        Shape (groups,) or (..., groups).

    Returns
    -------
    value
        0 for equal rates, 1 when one group has all errors.  NaN (undefined) when all rates are 0.

    Examples
    --------
    >>> gini([0.02, 0.02, 0.02]), gini([0, 0, 0, 1e-4])
    (0.0, 1.0)
    """
    x = _rows(rates)
    n = x.shape[-1]
    apart = np.abs(x[..., :, None] - x[..., None, :]).sum((-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _out(n / (n - 1) * apart / (2 * n**2 * x.mean(-1)))


def garbe(fmrs: ArrayLike, fnmrs: ArrayLike, alpha: float = 0.5) -> Any:
    """``alpha G(FMR) + (1 - alpha) G(FNMR)``, G as :func:`gini` (Howard et al., arXiv:2203.05051).

    One error decides it where rates are near 0: FMRs of (0, 0, 0, 1e-4) score 1, the most unfair.

    Parameters
    ----------
    fmrs, fnmrs
        By group, shapes (groups,) or (..., groups).
    alpha
        Weight of false matches, 0..1; a choice, so print it.

    Returns
    -------
    value
        0 (equal) to 1.  NaN when a term that counts has rates that are all 0.

    Raises
    ------
    ValueError
        If alpha is no weight.

    Examples
    --------
    >>> round(garbe([0.04, 0.05, 0.05, 0.06], [0.10, 0.11, 0.12, 0.13]), 3)
    0.086
    """
    return _weighted(alpha, gini(fmrs), gini(fnmrs))


def inequity_rate(fmrs: ArrayLike, fnmrs: ArrayLike, alpha: float = 0.5) -> Any:
    """``(max/min FMR)^alpha (max/min FNMR)^(1 - alpha)``: 1 when equal, undefined (NaN) at 0.

    Parameters
    ----------
    fmrs, fnmrs
        By group, shapes (groups,) or (..., groups).
    alpha
        Weight of false matches, 0..1; print it.

    Examples
    --------
    >>> round(inequity_rate([1e-5, 5e-4], [0.002, 0.006]), 1)
    12.2
    """
    check_weight(alpha)
    logs = []
    for x in (max_min(fmrs), max_min(fnmrs)):
        with np.errstate(invalid="ignore"):
            logs.append(np.log(np.where(np.isinf(x), math.nan, x)))
    return _out(np.exp(_weighted(alpha, *logs)))


def fdr(fmrs: ArrayLike, fnmrs: ArrayLike, alpha: float = 0.5) -> Any:
    """``1 - alpha (max - min FMR) - (1 - alpha) (max - min FNMR)``; 1 when equal.

    From de Freitas Pereira and Marcel (arXiv:2011.02395).  Blind where rates are low: in the
    example a fifty-fold gap looks fairer than one of half as much again.  A warning, no headline.

    Parameters
    ----------
    fmrs, fnmrs
        By group, shapes (groups,) or (..., groups).
    alpha
        Weight of false matches, 0..1; print it.

    Examples
    --------
    >>> f"{fdr([1e-5, 5e-4], [0.02, 0.02]):.5f} {fdr([0.04, 0.06], [0.02, 0.02]):.5f}"
    '0.99976 0.99000'
    """
    x, y = _rows(fmrs), _rows(fnmrs)
    return _out(1 - _weighted(alpha, x.max(-1) - x.min(-1), y.max(-1) - y.min(-1)))


def check_weight(alpha: float) -> None:
    """Raise unless alpha is a weight, 0 to 1."""
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha {alpha:g} is no weight: give a number from 0 to 1")


def _weighted(alpha: float, first: Any, second: Any) -> Any:
    """A term of weight 0 may be undefined without harm."""
    check_weight(alpha)
    parts = [w * np.asarray(x) for w, x in ((alpha, first), (1 - alpha, second)) if w]
    return _out(np.asarray(sum(parts)))


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted for how many there are (Holm 1979); NaN stays and is not counted.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, math.nan]).round(2).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    values = np.asarray(p, np.float64)
    out = np.full(values.shape, math.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(values[order] * factors), 1.0)
    return out
