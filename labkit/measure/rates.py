"""Error rates of face matchers, counted from comparison scores.

In: scores as plain arrays, larger meaning more alike.  Out: rates and thresholds as plain numbers.
A match is ``score >= threshold``; genuine (mated) and impostor (non-mated) scores come apart.  How
sure one may be of a rate is the business of :mod:`labkit.measure.intervals`.

Written from secondary descriptions of ISO/IEC 19795-1; no conformity is claimed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.measure.scores import STEPS

if TYPE_CHECKING:
    from labkit.measure.scores import AllPairs

Scores = NDArray[np.float32]
Whole = NDArray[np.int64]


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

    It is the next number above the ``(floor(rate * N) + 1)``-th largest impostor score, in the type
    of the scores.

    Parameters
    ----------
    impostor
        Impostor scores, any shape, at least one.
    rate
        FMR asked for, 0..1.

    Returns
    -------
    threshold
        Minus infinity if everything may match.

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
    scores = _floats(impostor)
    if not scores.size:
        raise ValueError("no impostor scores were given: a threshold needs at least one")
    k = allowed_false_matches(rate, scores.size)
    if k >= scores.size:
        return -math.inf
    kth = np.partition(scores, scores.size - 1 - k)[scores.size - 1 - k]
    return float(np.nextafter(kth, scores.dtype.type(np.inf)))


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
    arrays = [_floats(c) for c in cells]
    if not arrays or any(a.size == 0 for a in arrays):
        raise ValueError("a group has no impostor scores: leave it out or add people to it")
    if not 0 <= rate <= 1:
        raise ValueError(f"FMR {rate:g} is not a rate: give a number from 0 to 1")
    # A cell may hold up to rate * cells of its scores above the threshold; no others matter.
    kept = [
        _largest(a, allowed_false_matches(min(rate * len(arrays), 1), a.size) + 2) for a in arrays
    ]
    scores = np.concatenate(kept)
    weight = np.concatenate(
        [np.full(k.size, 1 / (a.size * len(arrays))) for a, k in zip(arrays, kept, strict=True)]
    )
    values, place = np.unique(scores, return_inverse=True)
    above = np.cumsum(np.bincount(place, weights=weight)[::-1])[::-1]  # share >= each value
    too_many = np.flatnonzero(above > rate * (1 + 1e-9) + 1e-12)
    if not too_many.size:
        return -math.inf
    return float(np.nextafter(values[too_many[-1]], values.dtype.type(np.inf)))


def _floats(scores: ArrayLike) -> NDArray[np.floating]:
    """Float32 as it is, anything else in 64 bits."""
    array = np.asarray(scores)
    return (array if array.dtype == np.float32 else array.astype(np.float64)).ravel()


def _largest(scores: NDArray[np.floating], n: int) -> NDArray[np.floating]:
    return scores if n >= scores.size else np.partition(scores, scores.size - n)[-n:]


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


# ---- every threshold at once --------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RateCurve:
    """Error counts at every threshold that makes a difference, from :func:`curve`.

    A match is ``score >= threshold``.  All arrays have one entry for each different score,
    ascending, and a last one for the next float32 above the highest, where nothing matches.

    Parameters
    ----------
    thresholds
        Different scores, shape (m,), float32.
    false_matches
        Impostor comparisons with a score of at least the threshold, shape (m,).
    misses
        Mated comparisons with a score below the threshold, shape (m,).
    impostors, mated
        Comparisons made.

    Notes
    -----
    FMR against FNMR is the DET curve, FMR against 1 - FNMR the ROC curve.

    Examples
    --------
    >>> c = curve(genuine=[0.5, 0.9], impostor=[0.1, 0.5, 0.5, 0.2])
    >>> c.false_matches.tolist(), c.misses.tolist()
    ([4, 3, 2, 0, 0], [0, 0, 0, 1, 2])
    >>> c.at(0.5)
    (0.5, 0.0)
    """

    thresholds: Scores
    false_matches: Whole
    misses: Whole
    impostors: int
    mated: int

    @functools.cached_property
    def fmr(self) -> NDArray[np.float64]:
        """False match rate at each threshold; NaN when there was no impostor comparison."""
        return self.false_matches / (self.impostors or math.nan)

    @functools.cached_property
    def fnmr(self) -> NDArray[np.float64]:
        """False non-match rate at each threshold; NaN when there was no mated comparison."""
        return self.misses / (self.mated or math.nan)

    def at(self, threshold: float) -> tuple[float, float]:
        """FMR and FNMR at any threshold."""
        if math.isnan(threshold):
            raise ValueError("the threshold is not a number: give one between the scores")
        x = min(int(np.searchsorted(self.thresholds, np.float32(threshold))), len(self.misses) - 1)
        return float(self.fmr[x]), float(self.fnmr[x])

    def threshold_at_fmr(self, rate: float) -> float:
        """The lowest threshold whose FMR is at most ``rate``; see :func:`threshold_at_fmr`."""
        if not self.impostors:
            raise ValueError("no impostor scores were given: a threshold needs at least one")
        allowed = allowed_false_matches(rate, self.impostors)
        # Counts fall along the thresholds, so they are looked up from the other end.
        above = len(self.thresholds) - np.searchsorted(self.false_matches[::-1], allowed, "right")
        if not above:
            return -math.inf
        return float(np.nextafter(self.thresholds[above - 1], np.float32(np.inf)))

    def eer(self) -> float:
        """Equal error rate: the mean of FMR and FNMR where they are nearest to each other.

        A summary of the whole curve, not a point to operate at: it says nothing about low FMRs.
        """
        if not self.impostors or not self.mated:
            return math.nan
        x = int(np.argmin(np.abs(self.fmr - self.fnmr)))
        return float(self.fmr[x] + self.fnmr[x]) / 2


def curve(
    genuine: ArrayLike, impostor: ArrayLike, *, limits: tuple[float, float] | None = None
) -> RateCurve:
    """Exact FMR and FNMR at every threshold.

    Scores that were rounded to a grid are sorted by counting, which takes one look at each; any
    others are sorted by comparing.  The result is the same.

    Parameters
    ----------
    genuine, impostor
        Scores of mated and of impostor comparisons, any shape, taken as float32.
    limits
        The range that the scores were rounded to 2**-20 of; when ``None``, that of the scores
        given, which is right for a whole table.  :func:`curve_of` knows it.

    Returns
    -------
    RateCurve

    Raises
    ------
    ValueError
        If a score is not a finite number, or there is none.
    """
    sides = [np.asarray(s, np.float32).ravel() for s in (impostor, genuine)]
    given = [s for s in sides if s.size]
    if not given:
        raise ValueError("no scores were given: a curve needs at least one")
    ends = np.array([[s.min(), s.max()] for s in given])
    if not np.isfinite(ends).all():
        raise ValueError("some scores are not finite numbers: count failed comparisons apart")
    counted = None
    if sum(s.size for s in sides) > STEPS // 8:  # for fewer the grid costs more than it saves
        counted = _by_counting(sides, *(limits or (float(ends.min()), float(ends.max()))))
    values, false, missed = _by_sorting(sides) if counted is None else counted
    top = np.nextafter(values[-1], np.float32(np.inf))
    false, missed = np.append(false, 0), np.append(missed, 0)
    return RateCurve(
        np.append(values, top),
        np.cumsum(false[::-1])[::-1],
        np.cumsum(missed) - missed,
        sides[0].size,
        sides[1].size,
    )


def _by_sorting(sides: list[Scores]) -> tuple[Scores, Whole, Whole]:
    """Different scores, and how often each occurs on either side."""
    values = np.unique(np.concatenate(sides))
    counts = []
    for s in sides:
        edges = np.searchsorted(np.sort(s), values, "left")
        counts.append(np.diff(np.append(edges, s.size)))
    return values, counts[0], counts[1]


def _by_counting(
    sides: list[Scores], low: float, high: float
) -> tuple[Scores, Whole, Whole] | None:
    """The same, when every score lies on the grid of 2**-20 of the range; else ``None``."""
    step = (high - low) / STEPS
    if not step > 0:
        return None
    counts = np.zeros((2, STEPS + 1), np.int64)
    for scores, count in zip(sides, counts, strict=True):
        for block in np.array_split(scores, scores.size // 2**16 + 1):
            point = np.rint((block.astype(np.float64) - low) / step)
            on_grid = np.asarray(low + point * step, np.float32) == block
            if not ((point >= 0) & (point <= STEPS) & on_grid).all():
                return None
            np.add.at(count, point.astype(np.int64), 1)
    points = np.flatnonzero(counts.any(0))
    false, missed = counts[:, points]
    return np.asarray(low + points * step, np.float32), false, missed


def curve_of(pairs: AllPairs) -> RateCurve:
    """Exact FMR and FNMR at every threshold, of everybody compared with everybody.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> curve_of(all_pairs([[0.0], [1.0], [3.0], [7.0]], [1, 1, 2, 2])).at(-3.0)
    (0.5, 0.5)
    """
    return curve(pairs.genuine, pairs.impostor, limits=(pairs.low, pairs.high))


def tar_at_fmr(genuine: ArrayLike, impostor: ArrayLike, rate: float) -> float:
    """True accept rate, 1 - FNMR, at the lowest threshold whose FMR is at most ``rate``.

    Examples
    --------
    >>> tar_at_fmr(genuine=[0.3, 0.9], impostor=[0.1, 0.2, 0.2, 0.4], rate=0.25)
    1.0
    """
    return 1 - fnmr(genuine, threshold_at_fmr(impostor, rate))
