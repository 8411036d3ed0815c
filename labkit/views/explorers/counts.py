"""Counts that the explorers send: exact, from sorted scores, at equal steps of log FMR."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit.measure.rates import allowed_false_matches, shortest_threshold
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS

if TYPE_CHECKING:
    from labkit.measure.scores import AllPairs

STEP = 0.05
"""One step of a slider divides the FMR by at most 1 + this, where counts are large enough."""

DIGITS = 4
"""So many significant digits has a step, where it is none of the FMRs that are asked for."""
ROUNDING = 0.006
"""Rounding a step changes its false matches by at most this part, or the step stays as it is."""

BLOCK = 512


def ladder(
    impostor: NDArray[np.floating], highest: float = 1.0, lowest: float = 0.0
) -> NDArray[np.float64]:
    """Thresholds, ascending, at equal steps of log FMR from ``highest`` down to ``lowest``.

    Where fewer than about twenty false matches are left a step is one false match, which is more
    than 5% of the FMR.  The first threshold lets everything match if ``highest`` is 1, the last
    lets nothing match if ``lowest`` is 0.

    Parameters
    ----------
    impostor
        Scores, sorted ascending, shape (n,).
    highest, lowest
        FMR at the ends.

    Examples
    --------
    >>> ladder(np.array([0.1, 0.2, 0.3], np.float32)).round(3).tolist()
    [0.1, 0.2, 0.3, 0.3]
    """
    n = impostor.size
    wanted = [allowed_false_matches(highest, n)]
    while wanted[-1] > max(lowest * n, 0):
        k = wanted[-1]
        # A little less than a step, so that neither ties nor rounding make one longer.
        wanted.append(min(math.ceil(k / (1 + 0.75 * STEP)), k - 1))
    # The powers of ten are on the slider too: they are what people ask for.
    tens = [allowed_false_matches(10.0**-p, n) for p in range(len(str(n)))]
    asked = [k for k in tens if wanted[-1] <= k <= wanted[0]]
    matches = np.array(wanted + asked)
    # As rates.threshold_at_fmr: the next float32 above the (k+1)-th largest score, past ties.
    kth = impostor[np.maximum(n - 1 - matches, 0)].astype(np.float32)
    steps = np.where(matches >= n, kth, np.nextafter(kth, np.float32(np.inf)))
    short = np.array([f"{t:.{DIGITS}g}" for t in steps], np.float32)
    free = (matches < wanted[0]) & ~np.isin(matches, asked)
    free &= abs(at_least(impostor, short) - matches) <= ROUNDING * matches
    steps = np.where(free, short, steps)
    return np.unique(steps.astype(np.float64))


def filled(steps: NDArray[np.float64], low: float, high: float, gaps: int) -> NDArray[np.float64]:
    """The steps and round thresholds in every wide gap between them and the two ends.

    Parameters
    ----------
    steps
        Ascending.
    low, high
        Ends of the scores.
    gaps
        A gap is wide from about the distance of the ends divided by this.

    Examples
    --------
    >>> filled(np.array([0.0, 0.1, 0.11]), 0.0, 0.2, 10).round(3).tolist()
    [0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.11, 0.12, 0.14, 0.16, 0.18, 0.2]
    """
    if not high > low:
        return steps
    widest = (high - low) / gaps
    unit = 10.0 ** math.floor(math.log10(widest))
    width = max(m * unit for m in (1, 2, 5) if m * unit <= widest * (1 + 1e-9))
    whole = np.arange(math.ceil(steps[0] / width), math.floor(high / width + 1e-9) + 1)
    even = np.array([float(f"{x:.10g}") for x in whole * width], np.float32).astype(np.float64)
    at = np.searchsorted(steps, even)
    before, after = steps[np.maximum(at - 1, 0)], np.append(steps, np.inf)[at]
    near = np.minimum(np.abs(even - before), np.abs(after - even)) < 0.45 * width
    return np.unique(np.concatenate([steps, even[~near]]))


def with_exact(steps: NDArray[np.float64], exact: Sequence[float]) -> NDArray[np.float64]:
    """The steps and the thresholds that must be on the slider, ascending; float32 as scores are."""
    if not np.isfinite(exact).all():
        raise ValueError(f"the thresholds {list(exact)} are not all numbers: leave out the others")
    single = np.asarray(exact, np.float32).astype(np.float64)
    return np.unique(np.concatenate([steps, single]))


def told(steps: NDArray[np.float64], *ascending: NDArray[np.floating]) -> list[str]:
    """Each threshold in as few digits as give the same counts of these sorted scores.

    Examples
    --------
    >>> told(np.array([0.1, 0.25001]), np.array([0.1, 0.25, 0.3], np.float32))
    ['0.1', '0.2501']
    """
    below, above = np.full(len(steps), -np.inf), np.full(len(steps), np.inf)
    for scores in ascending:
        at = np.searchsorted(scores, steps.astype(scores.dtype), "left")
        ends = np.concatenate([[-np.inf], scores, [np.inf]])
        below, above = np.maximum(below, ends[at]), np.minimum(above, ends[at + 1])
    return [shortest_threshold(*x) for x in zip(*(a.tolist() for a in (steps, below, above)))]


def place_of(steps: NDArray[np.floating], value: float) -> int:
    """Place of the step nearest to a threshold."""
    return int(np.argmin(np.abs(steps - value)))


def at_least(
    ascending: NDArray[np.floating], thresholds: NDArray[np.floating]
) -> NDArray[np.int64]:
    """How many scores are ``>=`` each threshold; the scores sorted ascending.

    Compared as float32, as :class:`labkit.measure.scores.AllPairs` does.

    Examples
    --------
    >>> at_least(np.array([0.1, 0.5, 0.5], np.float32), np.array([0.0, 0.5, 0.6])).tolist()
    [3, 2, 0]
    """
    single = np.asarray(thresholds, np.float32)
    return ascending.size - np.searchsorted(ascending, single, "left")


class Best(NamedTuple):
    """Highest impostor score of every compared pair of people, and of every person; 1-d."""

    pairs: NDArray[np.float32]
    people: NDArray[np.float32]


def best_by_person_pair(pairs: AllPairs) -> Best:
    """At how high a threshold each pair of people is still confused at least once."""
    best = pairs.pair_highest()
    upper, own = best[np.triu_indices(len(best), 1)], best.max(1)
    return Best(upper[np.isfinite(upper)], own[np.isfinite(own)])


def floor_step(person_pairs: NDArray[np.integer]) -> int:
    """The last step whose false matches come from enough pairs of people; -1 if none does."""
    enough = np.flatnonzero(np.asarray(person_pairs) >= ENOUGH_PERSON_PAIRS)
    return int(enough[-1]) if enough.size else -1


class Sparse(NamedTuple):
    """False matches at the lowest step or above, by pair of people.

    ``first``, ``second`` are places in the list of people, ``many`` how many comparisons, and
    ``step`` lists for each comparison the last step at which it still matches.
    """

    first: NDArray[np.uint16]
    second: NDArray[np.uint16]
    many: NDArray[np.uint16]
    step: NDArray[np.uint8]


def sparse_matches(
    pairs: AllPairs, steps: NDArray[np.float64], keep: NDArray[np.bool_], place: NDArray[np.intp]
) -> Sparse:
    """Impostor comparisons that match at the lowest step, for pairs of people in ``keep`` (k, k).

    ``place`` is the place of each image's person, shape (n,).
    """
    k, single = len(keep), steps.astype(np.float32)
    cells, last = [], []
    for a in range(0, len(place), BLOCK):
        rows = pairs.matrix[a : a + BLOCK]
        i, j = np.nonzero(rows >= np.float32(steps[0]))
        score, i = rows[i, j], i + a
        use = (i < j) & (place[i] != place[j])
        score, p, q = score[use], place[i[use]], place[j[use]]
        p, q = np.minimum(p, q), np.maximum(p, q)
        use = keep[p, q]
        cells.append((p * k + q)[use])
        last.append((np.searchsorted(single, score[use], "right") - 1).astype(np.uint8))
    cell, step = np.concatenate(cells), np.concatenate(last)
    order = np.lexsort((step, cell))  # in order they take less room
    at, many = np.unique(cell[order], return_counts=True)
    first, second = (at // k).astype(np.uint16), (at % k).astype(np.uint16)
    return Sparse(first, second, many.astype(np.uint16), step[order])
