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
            Of the same photographs, aligned, shape (n, height, width, 3), numbers 0..255.

        Raises
        ------
        ValueError
            For other shapes, pictures that are not in 0..255, or fewer than two photographs with
            a face.
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
        low, high = shown.min(), shown.max()
        if not 0 <= low <= high <= 255 or (shown.dtype.kind == "f" and high <= 1):
            raise ValueError(
                f"the pictures hold numbers from {low:g} to {high:g}: give colours from 0 to 255"
            )
        known = known[usable]
        centre, spread = known.mean(0), known.std(0) + 1e-9
        ready = (known - centre) / spread
        mean, parts = np.empty(shown.shape[1:], np.uint8), []
        for rows in _rows(len(mean)):
            slab = shown[usable, rows].astype(np.float32)
            mean[rows] = np.rint(slab.mean(0))
            parts.append(Ridge(self.alpha).fit(ready, slab.reshape(len(slab), -1)))
        # All at once, at the end: what fails half-way has not learned.
        self._centre, self._spread, self._parts, self.mean_ = centre, spread, parts, mean
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
        out = np.zeros((len(known), *self.mean_.shape), np.uint8)
        if usable.any():
            ready = (known[usable] - self._centre) / self._spread
            for rows, part in zip(_rows(len(self.mean_)), self._parts, strict=True):
                dots = np.clip(np.rint(part.predict(ready)), 0, 255)
                out[usable, rows] = dots.reshape(len(ready), -1, *self.mean_.shape[1:])
        return out


def _rows(height: int) -> list[slice]:
    return [slice(k, k + ROWS) for k in range(0, height, ROWS)]
