"""A small gallery of people who are numbers: whom they resemble is decided here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from labkit.data import Gallery

BANDS = ("lighter", "medium", "darker")
WIDTH = 8


@dataclass(frozen=True)
class Made(Gallery):
    """A gallery with templates of its own."""

    vectors: np.ndarray = field(default=None, repr=False)  # type: ignore[assignment]

    def templates(self, matcher, rows=None):
        """The templates, of all photographs or of some."""
        return self.vectors if rows is None else self.vectors[rows]


def gallery(pool=60, dev=100, council=30, mates=10, seed=0, noise=0.15) -> Made:
    """So many people of each band; mates and whoever is enrolled nowhere have two photographs."""
    rng = np.random.default_rng(seed)
    rows, vectors, person = [], [], 0
    for role, many in (("pool", pool), ("dev", dev), ("council", council)):
        for number, band in enumerate(BANDS):
            for k in range(many):
                person += 1
                centre = rng.normal(0, 1, WIDTH)
                centre[0] += 1.5 * number
                two = role != "pool" or k < mates
                place = k if role == "pool" else number * many + k
                for photo in range(1 + two):
                    rows.append((role, place, person, photo, band))
                    vectors.append(centre + rng.normal(0, noise, WIDTH))
    images = pd.DataFrame(rows, columns=["role", "place", "person", "photo", "tone_band"])
    return Made(images, Path(), np.array(vectors, np.float32))
