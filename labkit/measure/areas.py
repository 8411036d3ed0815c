"""How sure one may be of an area under the curve, when comparisons share people.

In: everybody compared with everybody, or a list of comparisons with the people behind them.  Out:
an :class:`~labkit.measure.intervals.Interval`.

A table is read twice, block by block: its scores lie on a grid, so that a count at each point says
how many scores lie below any other.  A list is sorted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.measure.intervals import Counts, Interval, Z, _places
from labkit.measure.rates import finite
from labkit.measure.scores import STEPS, AllPairs, Comparisons

MOST_POINTS = 2**24
"""Points of a grid that are counted; a table with more (by limits far inside it) is a list."""


@dataclass(frozen=True, eq=False)
class Wins:
    """Mated scores that exceed impostor scores, a tie counting half, by person; shape (k,) each.

    Parameters
    ----------
    mated, impostors
        Comparisons each person takes part in.
    own
        Wins of the person's mated scores over everybody's impostor scores.
    theirs
        Wins of everybody's mated scores over the impostor scores that the person takes part in.
    both
        Wins in both sums.
    person_pairs
        Pairs of people behind the impostor scores.
    """

    mated: Counts
    impostors: Counts
    own: Counts
    theirs: Counts
    both: Counts
    person_pairs: int


def auc_interval(comparisons: AllPairs | Comparisons) -> Interval:
    """AUC with a leave-one-person-out jackknife, the interval symmetric in the logit.

    Leaving a person out takes away their mated comparisons and all impostor comparisons with them.

    Parameters
    ----------
    comparisons
        Mated and impostor comparisons.  A table needs a few MB beside itself; its list would take
        20 bytes a comparison, and about 80 more while it is sorted.

    Raises
    ------
    ValueError
        If a score of a list is not a finite number.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng = np.random.default_rng(0)
    >>> who = np.repeat(np.arange(40), 3)
    >>> i = auc_interval(all_pairs(rng.normal(size=(120, 8)), who))
    >>> i.low < 0.5 < i.high
    True
    """
    wins = None if isinstance(comparisons, Comparisons) else _of_table(comparisons)
    if wins is None:
        listed = comparisons if isinstance(comparisons, Comparisons) else comparisons.comparisons()
        wins = _of_list(listed)
    g, m = int(wins.mated.sum()), int(wins.impostors.sum()) // 2
    if not g or not m:
        return Interval(math.nan, words="no comparison made")
    k, total = len(wins.own), wins.own.sum()
    pairs = (g - wins.mated) * (m - wins.impostors)
    use = pairs > 0
    left = (total - wins.own - wins.theirs + wins.both)[use] / pairs[use]
    n = len(left)
    value = float(total / (g * m))
    rest: dict[str, Any] = {"people": k, "trials": g + m, "person_pairs": wins.person_pairs}
    if n < 3:
        return Interval(value, words=f"{k} people: too few for an interval", **rest)
    if value in (0.0, 1.0):
        return Interval(value, words=f"no overlap among {k} people", **rest)
    # On the logit scale by the delta method: a replicate may be 1 without breaking anything.
    se = math.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()) / (value * (1 - value))
    centre = math.log(value / (1 - value))
    low, high = (1 / (1 + math.exp(-(centre + s * Z * se))) for s in (-1, 1))
    return Interval(value, low, high, **rest)


# ---- a table ------------------------------------------------------------------------------------


def _of_table(pairs: AllPairs) -> Wins | None:
    """Wins by person, from counts at the points of the grid; ``None`` when these are too many."""
    genuine, owner = pairs.genuine_and_place()
    place = np.searchsorted(np.unique(pairs.people), pairs.people)
    images = np.bincount(place[pairs.usable], minlength=int(place.max(initial=-1)) + 1)
    impostors = images * (images.sum() - images)
    if not genuine.size or not impostors.any():
        return _of_list(pairs.comparisons())
    step = (pairs.high - pairs.low) / STEPS
    ends = [(b.min(initial=np.inf, where=c), b.max(initial=-np.inf, where=c))
            for _, b, c in pairs.impostor_blocks()]  # fmt: skip
    first = min(genuine.min(), *(low for low, _ in ends))
    size = round((float(max(genuine.max(), *(high for _, high in ends))) - float(first)) / step) + 1
    if size > MOST_POINTS:
        return None

    def points(scores: NDArray) -> NDArray[np.int64]:
        return np.rint((scores.astype(np.float64) - float(first)) / step).astype(np.int64)

    lower = np.zeros(size + 1, np.int64)
    for _, block, counts in pairs.impostor_blocks():
        lower[:size] += np.bincount(points(block[counts]), minlength=size)
def _wins(scores: NDArray, others: NDArray) -> Counts:
    """How many of ``others`` each score exceeds, ties counting half."""
    order = np.sort(others)
    low = np.searchsorted(order, scores, "left").astype(np.float64)
    return (low + np.searchsorted(order, scores, "right")) / 2


def _own_wins(g: NDArray, m: NDArray, owner: NDArray, a: NDArray, b: NDArray, k: int) -> Counts:
    """For each person, wins of their mated scores over the impostor scores they take part in."""
    # Two bytes a person: numpy sorts those by counting, in a fifth of the time.
    ends = np.concatenate([a, b]).astype(np.uint16 if k <= 2**16 else np.int64)
    order = np.argsort(ends, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=k))])
    twice = np.concatenate([m, m])[order]
    by_owner = np.argsort(owner, kind="stable")
    cuts = np.searchsorted(owner[by_owner], np.arange(k + 1))
    out = np.zeros(k)
    for p in range(k):
        mine = g[by_owner[cuts[p] : cuts[p + 1]]]
        out[p] = _wins(mine, twice[starts[p] : starts[p + 1]]).sum() if mine.size else 0.0
    return out


def _person_pairs(a: NDArray, b: NDArray, k: int) -> int:
    seen = np.zeros((k, k), bool)
    seen[a, b] = True
    return int((seen | seen.T).sum() // 2)
