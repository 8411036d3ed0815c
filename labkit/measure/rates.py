"""Error rates of face matchers, counted from comparison scores.

In: scores as plain arrays, larger meaning more alike.  Out: rates and thresholds as plain numbers.
A match is ``score >= threshold``; genuine (mated) and impostor (non-mated) scores come apart.  How
sure one may be of a rate is the business of :mod:`labkit.measure.intervals`.

Scores are compared as they are: float32 stays float32 (as in a table of
:class:`~labkit.measure.scores.AllPairs`), everything else is taken as float64, and a threshold is
of the type of the scores.  Every function refuses a score that is not finite: a comparison that
failed is no comparison, and is counted apart.

Written from secondary descriptions of ISO/IEC 19795-1; no conformity is claimed.
"""

from __future__ import annotations

import decimal
import functools
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from collections.abc import Hashable

    from labkit.measure.scores import AllPairs, ScoreCounts

Scores = NDArray[np.floating]
Whole = NDArray[np.int64]


def finite(*lists: ArrayLike) -> list[Scores]:
    """Scores as flat arrays of one type, that of all of them, or a ``ValueError``.

    Float32 where all lists are, else float64; no two different scores become one.

    Examples
    --------
    >>> [a.dtype.name for a in finite([0.5, 1], np.zeros(2, np.float32))]
    ['float64', 'float64']
    >>> finite([0.5, float("nan")])
    Traceback (most recent call last):
    ValueError: some scores are not finite numbers (1 of 2): count failed comparisons apart, ...
    """
    arrays = [np.asarray(a) for a in lists]
    kinds = {a.dtype for a in arrays if a.size}
    single = kinds == {np.dtype(np.float32)}
    for a in arrays:
        if a.dtype.kind not in "fiub" and not (a.dtype.kind == "O" and _are_numbers(a)):
            raise ValueError(f"scores of type {a.dtype}: give numbers")
        if a.dtype.kind in "iu" and a.size and max(-int(a.min()), int(a.max())) > 2**53:
            raise ValueError(
                "whole numbers beyond 2**53 are no longer told apart as scores: scale them down"
            )
    out: list[Scores] = [np.asarray(a, "f4" if single else "f8").ravel() for a in arrays]
    for a in out:
        sound = np.isfinite(a)
        if not sound.all():
            wrong = a.size - int(sound.sum())
            raise ValueError(
                f"some scores are not finite numbers ({wrong:,} of {a.size:,}): count failed"
                " comparisons apart, as failures to acquire"
            )
    return out


def _are_numbers(values: NDArray[np.object_]) -> bool:
    return all(v is None or isinstance(v, numbers.Real) for v in values.ravel())


def as_score(threshold: float, scores: Scores) -> np.floating:
    """A threshold in the type of the scores it is compared with; not a number is refused."""
    if math.isnan(threshold):
        raise ValueError("the threshold is not a number: give one between the scores")
    with np.errstate(over="ignore"):
        return scores.dtype.type(threshold)


def _next(score: np.floating) -> float:
    return float(np.nextafter(score, score.dtype.type(np.inf)))


def fmr(impostor: ArrayLike, threshold: float) -> float:
    """False match rate: impostor comparisons with ``s >= threshold`` / impostor comparisons.

    NaN when there is none to count.

    Examples
    --------
    >>> fmr([0.1, 0.5, 0.5, 0.9], 0.5)
    0.75
    """
    (scores,) = finite(impostor)
    t = as_score(threshold, scores)
    return float((scores >= t).mean()) if scores.size else math.nan


def fnmr(genuine: ArrayLike, threshold: float) -> float:
    """False non-match rate: mated comparisons with ``s < threshold`` / mated comparisons made.

    NaN when there is none to count.

    Examples
    --------
    >>> fnmr([0.1, 0.5, 0.5, 0.9], 0.5)
    0.25
    """
    (scores,) = finite(genuine)
    t = as_score(threshold, scores)
    return float((scores < t).mean()) if scores.size else math.nan


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
    (scores,) = finite(genuine)
    t = as_score(threshold, scores)
    if scores.size > planned:
        raise ValueError(f"{scores.size} mated comparisons were made but only {planned} planned")
    return float((planned - (scores >= t).sum()) / planned) if planned else math.nan


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
        If there are no scores, one is not finite, or the rate is none.

    Examples
    --------
    >>> t = threshold_at_fmr([0.1, 0.2, 0.2, 0.3], 0.5)  # two may match, but 0.2 is there twice
    >>> fmr([0.1, 0.2, 0.2, 0.3], t), t > 0.2
    (0.25, True)
    """
    (scores,) = finite(impostor)
    if not scores.size:
        raise ValueError("no impostor scores were given: a threshold needs at least one")
    k = allowed_false_matches(rate, scores.size)
    if k >= scores.size:
        return -math.inf
    return _next(np.partition(scores, scores.size - 1 - k)[scores.size - 1 - k])


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
    arrays = finite(*cells)
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
    return _next(values[too_many[-1]])


def _largest(scores: Scores, n: int) -> Scores:
    return scores if n >= scores.size else np.partition(scores, scores.size - n)[-n:]


def auc(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """Chance that a mated score exceeds a non-mated one, a tie counting half (Mann-Whitney).

    NaN when one side is empty.

    Examples
    --------
    >>> auc([0.5, 0.9], [0.5, 0.1])
    0.875
    """
    g, m = finite(genuine, impostor)
    m = np.sort(m)
    if not g.size or not m.size:
        return math.nan
    below = np.searchsorted(m, g, "left").astype(np.float64)
    upto = np.searchsorted(m, g, "right")
    return float((below + upto).mean() / 2 / m.size)


def shortest_threshold(t: float, below: float, above: float, *, digits: int = 4) -> str:
    """A threshold in as few digits as decide every comparison as the threshold itself does.

    Parameters
    ----------
    t
        A match is ``score >= t``.
    below
        The highest score below ``t``, minus infinity when there is none.
    above
        The lowest score at or above ``t``, infinity when there is none.
    digits
        Significant digits to begin with; fewer are shown where those left out are zeros.

    Returns
    -------
    text
        ``below < float(text) <= above``; also as float32 where both scores are float32 values.

    Raises
    ------
    ValueError
        If ``t`` is not a number or does not lie between the two scores.

    Examples
    --------
    >>> shortest_threshold(-0.33480298, below=-0.33480300, above=-0.334801)
    '-0.334802'
    >>> shortest_threshold(0.5, below=0.1, above=0.5)
    '0.5'
    """
    if math.isinf(t):
        return str(float(t))
    if not below < t <= above:
        raise ValueError(f"threshold {t!r} is not above {below!r} and at most {above!r}")
    single = all(float(np.float32(s)) == s for s in (below, above) if math.isfinite(s))

    def decides(value: float) -> bool:
        return below < value <= above and (not single or below < float(np.float32(value)) <= above)

    exact = decimal.Decimal(float(t))
    for places in range(digits, 18):
        for rounding in (decimal.ROUND_HALF_EVEN, decimal.ROUND_FLOOR, decimal.ROUND_CEILING):
            near = decimal.Context(prec=places, rounding=rounding).plus(exact)
            if decides(float(near)):
                plain = 1e-6 <= abs(near) < 1e16 or not near
                return f"{near.normalize():f}" if plain else str(near.normalize()).lower()
    return repr(float(t))


def threshold_text(t: float, *scores: ArrayLike) -> str:
    """A threshold in as few digits as count the same matches in these scores.

    Examples
    --------
    >>> threshold_text(0.6200000001, [0.619999999, 0.7], [0.1])
    '0.62'
    """
    arrays = finite(*scores)
    lower, upper = (
        [float(f(part)) for a in arrays if (part := a[which(a)]).size]
        for f, which in ((np.max, lambda a: a < t), (np.min, lambda a: a >= t))
    )
    return shortest_threshold(t, max(lower, default=-math.inf), min(upper, default=math.inf))


# ---- every threshold at once --------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RateCurve:
    """Error counts at every threshold that makes a difference, from :func:`curve`.

    A match is ``score >= threshold``.  All arrays have one entry for each different score,
    ascending, and a last one for the next number above the highest, where nothing matches.

    Parameters
    ----------
    thresholds
        Different scores, shape (m,), in their type.
    false_matches
        Impostor comparisons with a score of at least the threshold, shape (m,).
    misses
        Mated comparisons with a score below the threshold, shape (m,).
    impostors, mated
        Comparisons made.
    binned
        The thresholds are edges of bins (:class:`~labkit.measure.scores.ScoreCounts`), between
        which nothing is known: rates at another threshold are those of the next edge above.

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
    binned: bool = False

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
        t = as_score(threshold, self.thresholds)
        x = min(int(np.searchsorted(self.thresholds, t)), len(self.misses) - 1)
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
        return float(self.thresholds[above]) if self.binned else _next(self.thresholds[above - 1])

    def eer(self) -> float:
        """Equal error rate: where FMR and FNMR cross, on straight lines between the thresholds.

        The same when scores change their sign and both sides change places.  A summary of the whole
        curve, not a point to operate at: it says nothing about low FMRs.

        Examples
        --------
        >>> curve(genuine=[3, 1], impostor=[2]).eer(), curve(genuine=[-2], impostor=[-3, -1]).eer()
        (0.5, 0.5)
        """
        if not self.impostors or not self.mated:
            return math.nan
        # FMR - FNMR, times both numbers of comparisons: whole numbers, so that nothing is rounded.
        x = int(np.argmax(self.false_matches * self.mated <= self.misses * self.impostors))
        false = [int(f) for f in self.false_matches[x - 1 : x + 1]]
        missed = [int(m) for m in self.misses[x - 1 : x + 1]]
        before, after = (
            f * self.mated - m * self.impostors for f, m in zip(false, missed, strict=True)
        )
        return (false[1] * before - false[0] * after) / ((before - after) * self.impostors)


def curve(genuine: ArrayLike, impostor: ArrayLike) -> RateCurve:
    """Exact FMR and FNMR at every threshold, from sorted scores.

    Parameters
    ----------
    genuine, impostor
        Scores of mated and of impostor comparisons, any shape.

    Returns
    -------
    RateCurve

    Raises
    ------
    ValueError
        If a score is not a finite number, or there is none.
    """
    mated, others = finite(genuine, impostor)
    size = mated.size + others.size
    if not size:
        raise ValueError("no scores were given: a curve needs at least one")
    thresholds = np.concatenate([mated, others, others[:1] if others.size else mated[:1]])
    thresholds[:-1].sort()
    thresholds[-1] = _next(thresholds[-2])
    first = np.concatenate([[True], thresholds[1:] != thresholds[:-1]])
    if first.all():
        below = np.arange(size + 1)  # scores below each threshold
    else:
        below, thresholds = np.flatnonzero(first), thresholds[first]
    missed_from = np.searchsorted(thresholds, np.sort(mated), "right")
    steps = np.diff(missed_from, prepend=0, append=thresholds.size)
    misses = np.repeat(np.arange(mated.size + 1), steps)
    below -= misses
    false = np.subtract(others.size, below, out=below)
    return RateCurve(thresholds, false, misses, others.size, mated.size)


def curve_of(pairs: AllPairs | ScoreCounts, group: Hashable = None) -> RateCurve:
    """FMR and FNMR at every threshold, of everybody compared with everybody.

    Parameters
    ----------
    pairs
        A table of scores, or scores counted in bins as they came.  The curve of bins is exact at
        their edges, and has no other thresholds.
    group
        With bins: of the comparisons within this group; of all, when ``None``.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs, score_counts
    >>> line, who = [[0.0], [1.0], [3.0], [7.0]], [1, 1, 2, 2]
    >>> curve_of(all_pairs(line, who)).at(-3.0)
    (0.5, 0.5)
    >>> curve_of(score_counts(line, who, ["a"] * 4, [-8.0, -3.0, 0.0])).at(-3.0)
    (0.5, 0.5)
    """
    if hasattr(pairs, "matrix"):
        if group is not None:
            raise ValueError("a table of scores has no groups: give pairs.within(groups)[group]")
        return curve(pairs.genuine, pairs.impostor)
    impostor, genuine = pairs.bins(group)
    false = np.append(np.cumsum(impostor[::-1])[::-1], 0)
    missed = np.append(0, np.cumsum(genuine))
    edges = np.concatenate([[-np.inf], pairs.edges, [np.inf]])
    return RateCurve(edges, false, missed, int(false[0]), int(missed[-1]), binned=True)


def tar_at_fmr(genuine: ArrayLike, impostor: ArrayLike, rate: float) -> float:
    """True accept rate, 1 - FNMR, at the lowest threshold whose FMR is at most ``rate``.

    Examples
    --------
    >>> tar_at_fmr(genuine=[0.3, 0.9], impostor=[0.1, 0.2, 0.2, 0.4], rate=0.25)
    1.0
    """
    mated, others = finite(genuine, impostor)
    return 1 - fnmr(mated, threshold_at_fmr(others, rate))
