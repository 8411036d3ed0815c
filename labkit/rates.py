"""Error rates of face matchers, counted from comparison scores.

In: scores as plain arrays, larger meaning more alike.  Out: rates and thresholds as plain numbers.
A match is ``score >= threshold``; genuine (mated) and impostor (non-mated) scores come apart.  How
sure one may be of a rate is the business of :mod:`labkit.intervals`.

Written from secondary descriptions of ISO/IEC 19795-1; no conformity is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scores = NDArray[np.float32]

ENOUGH_PERSON_PAIRS = 30
"""A threshold needs false matches from this many different pairs of people."""


def fmr(impostor: ArrayLike, threshold: float) -> float:
    """False match rate: impostor comparisons with ``s >= threshold`` / impostor comparisons.

    NaN when there is none to count.

    Examples
    --------
    >>> fmr([0.1, 0.5, 0.5, 0.9], 0.5)
    0.75
    """
    scores = np.asarray(impostor)
    return float((scores >= float(threshold)).mean()) if scores.size else math.nan


def fnmr(genuine: ArrayLike, threshold: float) -> float:
    """False non-match rate: mated comparisons with ``s < threshold`` / mated comparisons made.

    NaN when there is none to count.

    Examples
    --------
    >>> fnmr([0.1, 0.5, 0.5, 0.9], 0.5)
    0.25
    """
    scores = np.asarray(genuine)
    return float((scores < float(threshold)).mean()) if scores.size else math.nan


def failure_to_acquire(usable: ArrayLike) -> float:
    """Images without a usable face / images; ``usable`` holds one truth value for each image."""
    found = np.asarray(usable, bool)
    return float((~found).mean()) if found.size else math.nan


def false_rejection(genuine: ArrayLike, threshold: float, planned: int) -> float:
    """Mated pairs whose comparison failed or has ``s < threshold`` / mated pairs planned.

    The rate to compare across groups, cameras and remedies: FNMR alone rewards losing faces.

    Parameters
    ----------
    genuine
        Scores of the mated comparisons that could be made.
    threshold
        A match is ``s >= threshold``.
    planned
        Mated pairs there would be had no image failed.

    Raises
    ------
    ValueError
        If more comparisons were made than planned.

    Examples
    --------
    >>> false_rejection([0.9, 0.2], 0.5, planned=4)  # two pairs lost, one missed
    0.75
    """
    scores = np.asarray(genuine)
    if scores.size > planned:
        raise ValueError(f"{scores.size} mated comparisons were made but only {planned} planned")
    return float((planned - (scores >= float(threshold)).sum()) / planned) if planned else math.nan


def allowed_false_matches(rate: float, comparisons: int) -> int:
    """``floor(rate * comparisons)``, safe against 0.29 * 100 being 28.999999999999996."""
    if not 0 <= rate <= 1:
        raise ValueError(f"FMR {rate:g} is not a rate: give a number from 0 to 1")
    return math.floor(rate * comparisons * (1 + 1e-12) + 1e-12)


def threshold_at_fmr(impostor: ArrayLike, rate: float) -> float:
    """The lowest threshold whose FMR is at most ``rate``, past all ties.

    It is the next float32 above the ``(floor(rate * N) + 1)``-th largest impostor score.

    Parameters
    ----------
    impostor
        Impostor scores, any shape, at least one; taken as float32, as :func:`round_scores` gives.
    rate
        FMR asked for, 0..1.

    Returns
    -------
    threshold
        A float32 value; minus infinity if everything may match.

    Raises
    ------
    ValueError
        If there are no scores or the rate is none.

    Examples
    --------
    >>> t = threshold_at_fmr([0.1, 0.2, 0.2, 0.3], 0.5)  # two may match, but 0.2 is there twice
    >>> fmr([0.1, 0.2, 0.2, 0.3], t), t > 0.2
    (0.25, True)
    """
    scores = np.asarray(impostor, np.float32).ravel()
    if not scores.size:
        raise ValueError("no impostor scores were given: a threshold needs at least one")
    k = allowed_false_matches(rate, scores.size)
    if k >= scores.size:
        return -math.inf
    kth = np.partition(scores, scores.size - 1 - k)[scores.size - 1 - k]
    return float(np.nextafter(kth, np.float32(np.inf)))


def threshold_at_mean_fmr(cells: Sequence[ArrayLike], rate: float) -> float:
    """One threshold for several groups, at which the *mean* of their FMRs is at most ``rate``.

    Parameters
    ----------
    cells
        For each cell the impostor scores of pairs with both people in it.
    rate
        Mean FMR asked for.

    Examples
    --------
    >>> cells = [[0.9, 0.1, 0.1, 0.1], [0.2, 0.2]]
    >>> t = threshold_at_mean_fmr(cells, 0.125)
    >>> [fmr(c, t) for c in cells]
    [0.25, 0.0]
    """
    arrays = [np.asarray(c, np.float32).ravel() for c in cells]
    if not arrays or any(a.size == 0 for a in arrays):
        raise ValueError("a group has no impostor scores: leave it out or add people to it")
    if not 0 <= rate <= 1:
        raise ValueError(f"FMR {rate:g} is not a rate: give a number from 0 to 1")
    scores = np.concatenate(arrays)
    weight = np.concatenate([np.full(a.size, 1 / (a.size * len(arrays))) for a in arrays])
    values, place = np.unique(scores, return_inverse=True)
    above = np.cumsum(np.bincount(place, weights=weight)[::-1])[::-1]  # share >= each value
    too_many = np.flatnonzero(above > rate * (1 + 1e-9) + 1e-12)
    if not too_many.size:
        return -math.inf
    return float(np.nextafter(values[too_many[-1]], np.float32(np.inf)))


def auc(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """Chance that a mated score exceeds a non-mated one, a tie counting half (Mann-Whitney).

    NaN when one side is empty.

    Examples
    --------
    >>> auc([0.5, 0.9], [0.5, 0.1])
    0.875
    """
    g = np.asarray(genuine).ravel()
    m = np.sort(np.asarray(impostor).ravel())
    if not g.size or not m.size:
        return math.nan
    below = np.searchsorted(m, g, "left").astype(np.float64)
    upto = np.searchsorted(m, g, "right")
    return float((below + upto).mean() / 2 / m.size)
