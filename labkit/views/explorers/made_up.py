"""Made-up people for the examples of explorers: numbers only, no photographs.

In: nothing.  Out: all comparisons of 150 people, and the group of each image.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from labkit.measure.scores import AllPairs, all_pairs

PEOPLE, IMAGES = 150, 4


@cache
def made_up_pairs() -> tuple[AllPairs, NDArray[np.str_]]:
    """Templates of 150 people with four images each, two of them failed, in three groups.

    Two groups have 60 people, just enough for an interval of their FMR, the third has 30.

    Returns
    -------
    pairs
        All comparisons; every other image has its styling kept.
    band
        ``lighter``, ``medium`` or ``darker`` for each image, shape (600,).

    Examples
    --------
    >>> pairs, band = made_up_pairs()
    >>> len(pairs), sorted(set(band.tolist()))
    (600, ['darker', 'lighter', 'medium'])
    """
    rng = np.random.default_rng(5)
    people = np.repeat(np.arange(PEOPLE), IMAGES)
    faces = rng.normal(size=(PEOPLE, 6))[people] + 0.7 * rng.normal(size=(len(people), 6))
    faces[[3, 100]] = np.nan
    kept = np.tile([True, False], len(people) // 2)
    band = np.array(["lighter", "medium", "darker", "lighter", "medium"])[people % 5]
    return all_pairs(faces, people, kept=kept), band
