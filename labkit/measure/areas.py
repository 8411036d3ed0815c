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

from labkit.base.words import _
from labkit.measure.intervals import ENOUGH_PEOPLE, Counts, Interval, Moves, _places
from labkit.measure.rates import finite
from labkit.measure.scores import STEPS, AllPairs, Comparisons


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
    The reach is that of Student's t, with as many degrees of freedom as people carry weight
    (:class:`labkit.measure.intervals.Moves`); shown for at least 30 people.

    Parameters
    ----------
    comparisons
        Mated and impostor comparisons.  A table needs a few MB beside itself, where a list takes
        more than a hundred bytes for each comparison while it is sorted.

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
        return Interval(math.nan, words=_("no comparison made"))
    k, total = len(wins.own), wins.own.sum()
    pairs = (g - wins.mated) * (m - wins.impostors)
    use = pairs > 0
    left = (total - wins.own - wins.theirs + wins.both)[use] / pairs[use]
    n = len(left)
    value = float(total / (g * m))
    rest: dict[str, Any] = {"people": k, "trials": g + m, "person_pairs": wins.person_pairs}
    if n < ENOUGH_PEOPLE:
        words = _("{people} people: too few for an interval, which takes {enough}").format(
            people=k, enough=ENOUGH_PEOPLE
        )
        return Interval(value, words=words, **rest)
    if value in (0.0, 1.0):
        return Interval(value, words=_("no overlap among {people} people").format(people=k), **rest)
    # On the logit scale by the delta method: a replicate may be 1 without breaking anything.
    own = (left - left.mean()) * math.sqrt((n - 1) / n) / (value * (1 - value))
    moves = Moves(np.arange(n), own)
    if not moves.error:
        return Interval(value, words=_("no interval: nobody moves the area"), **rest)
    odds = value / (1 - value)
    low, high = (1 / (1 + math.exp(-side * moves.reach) / odds) for side in (-1, 1))
    return Interval(value, low, high, **rest)


# ---- a table ------------------------------------------------------------------------------------


def _of_table(pairs: AllPairs) -> Wins | None:
    """Wins by person, from counts at the points of the grid; ``None`` for scores beyond it."""
    genuine, owner = pairs.genuine_and_place()
    ends = np.fmin.reduce(pairs.matrix, axis=None), np.fmax.reduce(pairs.matrix, axis=None)
    if not (genuine.size and pairs.impostor_count) or ends[0] < pairs.low or ends[1] > pairs.high:
        return None
    names, place = np.unique(pairs.people, return_inverse=True)
    k, step = len(names), (pairs.high - pairs.low) / STEPS

    def points(scores: NDArray[np.float32]) -> NDArray[np.int64]:
        exact = scores.astype(np.float64)
        exact -= pairs.low
        exact /= step
        return np.rint(exact, out=exact).astype(np.int64)

    at = np.zeros(STEPS + 1, np.int64)  # impostor scores at each point
    for _rows, block, counts in pairs.impostor_blocks():
        at += np.bincount(points(block[counts]), minlength=len(at))
    mated = points(genuine)
    own = np.bincount(owner, (np.cumsum(at) - at / 2)[mated], k)
    at = np.bincount(mated, minlength=len(at))
    beaten = genuine.size - np.cumsum(at) + at / 2  # mated scores above each point
    theirs = np.zeros(len(pairs))
    for rows, block, counts in pairs.impostor_blocks():
        block = np.where(counts, block, np.float32(pairs.low))
        wins = beaten[points(block)]
        wins *= counts
        theirs[rows] += wins.sum(1)
        theirs[rows.start :] += wins.sum(0)
    images = np.bincount(place[pairs.usable], minlength=k)
    count, impostors = np.bincount(owner, minlength=k), images * (images.sum() - images)
    both = np.zeros(k)
    order = np.argsort(place, kind="stable")
    cuts = np.searchsorted(place[order], np.arange(k + 1))
    scores = np.split(genuine[np.argsort(owner, kind="stable")], np.cumsum(count)[:-1])
    for p in np.flatnonzero(count):
        table = pairs.matrix[order[cuts[p] : cuts[p + 1]]]
        others = table[:, place != p]
        both[p] = _wins(scores[p], others[~np.isnan(others)]).sum()
    part = count + impostors > 0
    return Wins(
        count[part].astype(np.float64),
        impostors[part].astype(np.float64),
        own[part],
        np.bincount(place, theirs, k)[part],
        both[part],
        pairs.person_pairs_count,
    )


# ---- a list -------------------------------------------------------------------------------------


def _of_list(comparisons: Comparisons) -> Wins:
    """Wins by person, from sorted scores."""
    (scores,) = finite(comparisons.scores)
    mated = comparisons.mated
    g, m = scores[mated], scores[~mated]
    people, i, j = _places(comparisons.first, comparisons.second)
    k = len(people)
    owner, a, b = i[mated], i[~mated], j[~mated]
    wins_m = g.size - _wins(m, g)  # mated scores that beat each impostor score
    seen = np.zeros((k, k), bool)
    seen[a, b] = True
    return Wins(
        np.bincount(owner, minlength=k).astype(np.float64),
        np.bincount(np.concatenate([a, b]), minlength=k).astype(np.float64),
        np.bincount(owner, _wins(g, m), k).astype(np.float64),
        (np.bincount(a, wins_m, k) + np.bincount(b, wins_m, k)).astype(np.float64),
        _own_wins(g, m, owner, a, b, k),
        int((seen | seen.T).sum() // 2),
    )


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
