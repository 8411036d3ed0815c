"""From a template back to a face: what a leaked list of templates shows of the people in it.

In: templates and pictures of the same photographs of known people, for learning; then templates
alone.  Out: small pictures in colour.

Ridge regression: every dot of the picture is a sum of the template's numbers, each times a weight
that was learned.  Nobody needs to know how the matcher works, only to have it: whoever can describe
pictures can learn the way back.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import Ridge
from sklearn.utils.validation import check_is_fitted

ROWS = 2
"""Rows of dots that are learned at once: all of them together would take 100 MB."""


class Inversion(BaseEstimator):
    """Rebuilds faces from templates of one matcher.

    Parameters
    ----------
    alpha
        How strongly weights are kept small, as in :class:`sklearn.linear_model.Ridge`; templates
        are brought to spread 1 first, so that it means the same for every matcher.  From 3 to 100
        it changes little.

    Attributes
    ----------
    mean_
        The mean face of the pictures that it learned from, uint8.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> templates = rng.normal(size=(60, 4)).astype(np.float32)
    >>> pictures = np.clip(128 + 30 * (templates @ rng.normal(size=(4, 48))), 0, 255)
    >>> inversion = Inversion(alpha=0.1).fit(templates, pictures.reshape(60, 4, 4, 3))
    >>> inversion.rebuild(templates[:2]).shape
    (2, 4, 4, 3)
    """

    mean_: NDArray[np.uint8]

    def __init__(self, alpha: float = 10.0) -> None:
        self.alpha = alpha

    def fit(self, templates: ArrayLike, pictures: ArrayLike) -> Self:
        """Learn the way back.

        Parameters
        ----------
        templates
            Shape (n, d); rows of NaN, where no face was found, are left out.
        pictures
            Of the same photographs, aligned, shape (n, height, width, 3), 0..255.

        Raises
        ------
        ValueError
            For other shapes, or fewer than two photographs with a face.
        """
        known, shown = np.asarray(templates, np.float32), np.asarray(pictures)
        if known.ndim != 2 or shown.ndim != 4 or len(known) != len(shown):
            raise ValueError(
                f"templates of shape {known.shape} do not go with pictures of shape {shown.shape}:"
                " give one template, a row, for each picture (height, width, 3)"
            )
        usable = np.isfinite(known).all(1)
        if usable.sum() < 2:
            raise ValueError("fewer than two photographs have a template: give more of them")
        known = known[usable]
        self._centre, self._spread = known.mean(0), known.std(0) + 1e-9
        ready, self.shape_ = self._ready(known), shown.shape[1:]
        self.mean_ = np.empty(self.shape_, np.uint8)
        self._parts = []
        for rows in self._rows():
            slab = shown[usable, rows].astype(np.float32)
            self.mean_[rows] = np.rint(slab.mean(0))
            self._parts.append(Ridge(self.alpha).fit(ready, slab.reshape(len(slab), -1)))
        return self

    def rebuild(self, templates: ArrayLike) -> NDArray[np.uint8]:
        """Pictures of templates.

        Parameters
        ----------
        templates
            Shape (n, d), of other people than those it learned from.

        Returns
        -------
        pictures
            Shape (n, height, width, 3), uint8; all 0 where a template is NaN.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            For templates of another length.
        """
        check_is_fitted(self)
        known = np.asarray(templates, np.float32)
        if known.ndim != 2 or known.shape[1] != len(self._centre):
            raise ValueError(
                f"templates have the shape {known.shape}: give rows of {len(self._centre)} numbers,"
                " of the matcher that this was learned for"
            )
        usable = np.isfinite(known).all(1)
        out = np.zeros((len(known), *self.shape_), np.uint8)
        if usable.any():
            ready = self._ready(known[usable])
            for rows, part in zip(self._rows(), self._parts, strict=True):
                dots = np.clip(np.rint(part.predict(ready)), 0, 255)
                out[usable, rows] = dots.reshape(len(ready), -1, *self.shape_[1:])
        return out

    def _ready(self, templates: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray((templates - self._centre) / self._spread, np.float32)

    def _rows(self) -> list[slice]:
        return [slice(k, k + ROWS) for k in range(0, self.shape_[0], ROWS)]
