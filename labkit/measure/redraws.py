"""How often intervals hold the truth, tried out on people of whom the truth is known.

In: false matches and comparisons by pair of people of a whole town.  Out: of many draws of some of
its people, the share of intervals that hold the town's rate.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from labkit.measure.intervals import fmr_interval, wilson

if TYPE_CHECKING:
    import pandas as pd

ENOUGH = 30
"""Intervals below which the share that holds the truth is not given."""


def coverage(
    false_matches: ArrayLike,
    compared: ArrayLike,
    size: int,
    draws: int = 200,
    *,
    seed: int = 44,
) -> pd.Series:
    """How often intervals of drawn people hold the rate of everybody.

    Parameters
    ----------
    false_matches, compared
        Symmetric tables by person, shape (k, k), as
        :meth:`labkit.measure.scores.AllPairs.pair_counts` gives.
    size, draws
        People in a draw, without replacement, and how many draws.
    seed
        The same seed and size give the same draws.

    Notes
    -----
    The town is finite: its rate is held more often than the rate of people at large would be
    (:func:`labkit.measure.reading.finite_town` says by how much).

    Returns
    -------
    shares
        ``"held, by comparisons"``: of all draws, the share whose interval by comparisons holds the
        rate of everybody.  ``"held, by people"``: of the draws with an interval by people, the
        share whose interval holds it; NaN when there are fewer than :data:`ENOUGH` of them.
        ``"too few for an interval by people"``: share of the draws with too few errors for one.

    Raises
    ------
    ValueError
        When fewer than 2 or more than k people are to be drawn, or no draw is asked for.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> lively = rng.gamma(0.5, size=100)  # some people are in many false matches
    >>> chance = np.triu(0.02 * np.outer(lively, lively), 1)
    >>> false = rng.binomial(16, np.minimum(chance, 1))
    >>> found = coverage(false + false.T, 16 * (1 - np.eye(100)), size=60, draws=100)
    >>> bool(found["held, by comparisons"] < 0.7 < found["held, by people"])
    True
    """
    import pandas as pd

    false, of = np.asarray(false_matches), np.asarray(compared)
    if not 2 <= size <= len(false) or draws < 1:
        raise ValueError(
            f"{draws} draws of {size} people cannot be made from {len(false)}: give 2 to"
            f" {len(false)} people and at least one draw"
        )
    rng = np.random.default_rng(np.random.SeedSequence([seed, size]))
    town, held, by_people = false.sum() / of.sum(), 0, []
    for _ in range(draws):
        drawn = rng.choice(len(false), size, replace=False)
        f, n = false[np.ix_(drawn, drawn)], of[np.ix_(drawn, drawn)]
        pair = wilson(int(f.sum()) // 2, int(n.sum()) // 2)
        held += pair.low <= town <= pair.high
        person = fmr_interval(f, n)
        if not person.words:
            by_people.append(person.low <= town <= person.high)
    return pd.Series(
        {
            "held, by comparisons": held / draws,
            "held, by people": float(np.mean(by_people)) if len(by_people) >= ENOUGH else math.nan,
            "too few for an interval by people": 1 - len(by_people) / draws,
        }
    )
