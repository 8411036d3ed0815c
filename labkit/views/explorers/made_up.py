"""Made-up people for the examples of explorers: numbers, and squares of grey for photographs.

In: nothing.  Out: all comparisons of 150 people, the group of each image, its square.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

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


def made_up_faces() -> Any:
    """Squares of grey in place of the photographs of :func:`made_up_pairs`.

    Returns
    -------
    faces
        With what explorers use of a :class:`labkit.data.FaceSet`: who is on each image, nothing
        else about them, and pictures.

    Examples
    --------
    >>> len(made_up_faces().pictures)
    600
    """
    return made_up_sitters(np.arange(PEOPLE))


def made_up_sitters(numbers: NDArray[np.integer]) -> Any:
    """Squares of grey in place of photographs of people with these numbers, as many of each.

    Parameters
    ----------
    numbers
        Of the people, shape (k,).

    Examples
    --------
    >>> made_up_sitters(np.array([30_000, 30_001])).of("person").tolist()[3:5]
    [30000, 30001]
    """
    import pandas as pd

    people = np.repeat(numbers, IMAGES)
    pictures = [np.full((160, 160, 3), 40 + 7 * k % 180, np.uint8) for k in range(len(people))]

    class Faces(SimpleNamespace):
        def __len__(self) -> int:
            return len(self.images)

    return Faces(
        name="made up",
        images=pd.DataFrame({"person": people}),
        people=pd.DataFrame(index=numbers),
        pictures=pictures,
        of=lambda column: {"person": people}[column],
    )
