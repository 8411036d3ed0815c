"""Scores as a list, with the two people behind each.

In: a list of comparisons.  Out: the same, split into mated and impostor comparisons.  Scores stay
as they came: nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Comparisons:
    """Scores with the two people behind each.

    Parameters
    ----------
    scores
        Shape (n,).
    first, second
        Numbers of the people, shape (n,).  Equal numbers make a mated (genuine) comparison.

    Examples
    --------
    >>> c = Comparisons.all_pairs(np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([7, 7]))
    >>> c.genuine.tolist(), c.impostor.size
    ([0.9], 0)
    """

    scores: NDArray[np.floating]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @classmethod
    def all_pairs(
        cls,
        scores: NDArray[np.floating],
        people: ArrayLike,
        cells: ArrayLike | None = None,
    ) -> Comparisons:
        """Every unordered pair of images from a square table of scores.

        Parameters
        ----------
        scores
            Shape (n, n), symmetric.
        people
            Number of the person in each image, shape (n,).
        cells
            Group of each image, shape (n,); impostor pairs across groups are then left out.
        """
        who = np.asarray(people, np.int64)
        i, j = np.triu_indices(len(who), 1)
        if cells is not None:
            group = np.asarray(cells)
            keep = (group[i] == group[j]) | (who[i] == who[j])
            i, j = i[keep], j[keep]
        return cls(scores[i, j], who[i], who[j])

    @property
    def mated(self) -> NDArray[np.bool_]:
        """Which comparisons are of one person."""
        return self.first == self.second

    @property
    def genuine(self) -> NDArray[np.floating]:
        """Scores of mated comparisons."""
        return self.scores[self.mated]

    @property
    def impostor(self) -> NDArray[np.floating]:
        """Scores of comparisons of two people."""
        return self.scores[~self.mated]

    def person_pairs(self, threshold: float) -> int:
        """How many different pairs of people are behind the false matches at a threshold."""
        wrong = ~self.mated & (self.scores >= threshold)
        a = np.minimum(self.first[wrong], self.second[wrong])
        b = np.maximum(self.first[wrong], self.second[wrong])
        return len(np.unique(np.stack([a, b], 1), axis=0)) if a.size else 0
