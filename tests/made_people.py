"""Made-up templates that several tests of the explorers share."""

from __future__ import annotations

from functools import cache

import numpy as np

from labkit.measure.scores import AllPairs, all_pairs

PEOPLE, EACH = 90, 4


@cache
def population() -> tuple[AllPairs, np.ndarray]:
    """Made-up templates of 90 people with four images each, two of them failed, in three groups."""
    rng = np.random.default_rng(5)
    people = np.repeat(np.arange(PEOPLE), EACH)
    faces = rng.normal(size=(PEOPLE, 6))[people] + 0.7 * rng.normal(size=(len(people), 6))
    faces[[3, 100]] = np.nan
    kept = np.tile([True, False], len(people) // 2)
    band = np.array(["lighter", "medium", "darker"])[people % 3]
    return all_pairs(faces, people, kept=kept), band
