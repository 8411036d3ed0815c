"""Error rates of face matchers, counted from comparison scores.

In: scores as plain arrays, larger meaning more alike.  Out: rates and thresholds as plain numbers.
A match is ``score >= threshold``; genuine (mated) and impostor (non-mated) scores come apart.  How
sure one may be of a rate is the business of :mod:`labkit.intervals`.

Written from secondary descriptions of ISO/IEC 19795-1; no conformity is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scores = NDArray[np.float32]

STEPS = 2**20
"""Scores are rounded to this fraction of their range before anything is counted."""

ENOUGH_PERSON_PAIRS = 30
"""A threshold needs false matches from this many different pairs of people."""


def euclidean_scores(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Minus the Euclidean distance of raw descriptors, as dlib's network is meant to be compared.

    Parameters
    ----------
    first, second
        Descriptors, shapes (n, d) and (m, d).

    Returns
    -------
    scores
        Shape (n, m), at most 0; 0 is the same descriptor.

    Examples
    --------
    >>> euclidean_scores([[0.0, 0.0]], [[3.0, 4.0]]).tolist()
    [[-5.0]]
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return -np.sqrt(np.maximum(squares, 0))


def cosine_scores(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Cosine of the angle between descriptors of shapes (n, d) and (m, d); shape (n, m).

    Examples
    --------
    >>> cosine_scores([[1.0, 0.0]], [[0.0, 2.0], [3.0, 0.0]]).tolist()
    [[0.0, 1.0]]
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-12)
    b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-12)
    return a @ b.T


def round_scores(scores: ArrayLike, low: float, high: float) -> Scores:
    """Scores on a grid of 2**-20 of their range, so that no count hangs on the last bit of a sum.

    Products computed in blocks of another size differ in the last bits; after rounding they agree
    (unless a score lies right between two grid points, which costs one step of the grid).

    Parameters
    ----------
    scores
        Any shape; NaN is not allowed.
    low, high
        The range, the same for all scores that are to be compared.

    Raises
    ------
    ValueError
        If the range is empty or a score is not a number.

    Examples
    --------
    >>> float(round_scores([0.1 + 0.2], 0, 1)[0]) == float(round_scores([0.3], 0, 1)[0])
    True
    """
    values = np.asarray(scores, np.float64)
    if not high > low:
        raise ValueError(f"the range of scores {low:g} to {high:g} is empty: give low < high")
    if np.isnan(values).any():
        raise ValueError(
            f"{int(np.isnan(values).sum())} scores are not numbers: count failed comparisons"
            " apart, as failures to acquire"
        )
    step = (high - low) / STEPS
    return np.asarray(low + np.round((values - low) / step) * step, np.float32)


def fmr(impostor: ArrayLike, threshold: float) -> float:
    """False match rate: impostor comparisons with ``s >= threshold`` / impostor comparisons.

    NaN when there is none to count.

    Examples
    --------
    >>> fmr([0.1, 0.5, 0.5, 0.9], 0.5)
    0.75
    """
    scores = np.asarray(impostor)
    return float((scores >= threshold).mean()) if scores.size else math.nan


def fnmr(genuine: ArrayLike, threshold: float) -> float:
    """False non-match rate: mated comparisons with ``s < threshold`` / mated comparisons made.

    NaN when there is none to count.

    Examples
    --------
    >>> fnmr([0.1, 0.5, 0.5, 0.9], 0.5)
    0.25
    """
    scores = np.asarray(genuine)
    return float((scores < threshold).mean()) if scores.size else math.nan


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
    return float((planned - (scores >= threshold).sum()) / planned) if planned else math.nan


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


@dataclass(frozen=True)
class Comparisons:
    """Scores with the two people behind each.

    Parameters
    ----------
    scores
        Shape (n,).
    first, second
        Numbers of the people, shape (n,).  Equal numbers make a mated (genuine) comparison.

    Examples
    --------
    >>> c = Comparisons.all_pairs(np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([7, 7]))
    >>> c.genuine.tolist(), c.impostor.size
    ([0.9], 0)
    """

    scores: NDArray[np.floating]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @classmethod
    def all_pairs(
        cls,
        scores: NDArray[np.floating],
        people: ArrayLike,
        cells: ArrayLike | None = None,
    ) -> Comparisons:
        """Every unordered pair of images from a square table of scores.

        Parameters
        ----------
        scores
            Shape (n, n), symmetric.
        people
            Number of the person in each image, shape (n,).
        cells
            Group of each image, shape (n,); impostor pairs across groups are then left out.
        """
        who = np.asarray(people, np.int64)
        i, j = np.triu_indices(len(who), 1)
        if cells is not None:
            group = np.asarray(cells)
            keep = (group[i] == group[j]) | (who[i] == who[j])
            i, j = i[keep], j[keep]
        return cls(scores[i, j], who[i], who[j])

    @property
    def mated(self) -> NDArray[np.bool_]:
        """Which comparisons are of one person."""
        return self.first == self.second

    @property
    def genuine(self) -> NDArray[np.floating]:
        """Scores of mated comparisons."""
        return self.scores[self.mated]

    @property
    def impostor(self) -> NDArray[np.floating]:
        """Scores of comparisons of two people."""
        return self.scores[~self.mated]

    def rounded(self, low: float | None = None, high: float | None = None) -> Comparisons:
        """The same comparisons with scores rounded to 2**-20 of their range."""
        low = float(self.scores.min()) if low is None else low
        high = float(self.scores.max()) if high is None else high
        return Comparisons(round_scores(self.scores, low, high), self.first, self.second)

    def person_pairs(self, threshold: float) -> int:
        """How many different pairs of people are behind the false matches at a threshold."""
        wrong = ~self.mated & (self.scores >= threshold)
        a = np.minimum(self.first[wrong], self.second[wrong])
        b = np.maximum(self.first[wrong], self.second[wrong])
        return len(np.unique(np.stack([a, b], 1), axis=0)) if a.size else 0
