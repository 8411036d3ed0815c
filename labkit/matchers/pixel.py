"""Matchers that compare pixels: eigenfaces and fisherfaces, as scikit-learn estimators.

In: aligned grey crops (:attr:`labkit.data.FaceSet.crops`).  Out: templates, shape (n, d), float32,
to be compared by the cosine of the angle between them.

Both subtract the mean face of the people they were fitted on, so who those people were moves the
origin from which similarity is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.utils.validation import check_is_fitted

from labkit.matchers.align import CROP, crop_vectors

Templates = NDArray[np.float32]

BLOCK = 192
"""Crops that are made ready at once: each takes 80 KB on the way and 16 KB then."""


def check_crops(crops: Any) -> NDArray[Any]:
    """Crops of shape (n, 64, 64); ``ValueError`` in one sentence if they are none."""
    values = np.asarray(crops)
    if values.ndim == 2 and values.shape[1] == CROP * CROP:
        values = values.reshape(-1, CROP, CROP)
    if values.ndim != 3 or values.shape[1:] != (CROP, CROP):
        raise ValueError(
            f"crops have the shape {values.shape}: give (n, {CROP}, {CROP}) or (n, {CROP * CROP}),"
            " as labkit.data and labkit.matchers.align.grey_crop make them"
        )
    if values.dtype.kind not in "uif":
        raise ValueError(f"crops hold {values.dtype} values: give numbers from 0 to 255")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError("crops hold values that are not numbers: a failed crop is all 0")
    return values


class _Linear(TransformerMixin, BaseEstimator):
    """Subtract a mean, then project: what both matchers do with a crop."""

    mean_: Templates
    components_: Templates

    measure = "cosine"

    def transform(self, crops: ArrayLike) -> Templates:
        """Templates of crops.

        Parameters
        ----------
        crops
            Shape (n, 64, 64) or (n, 4096), values 0..255.

        Returns
        -------
        ndarray
            Shape (n, d), float32; NaN where a crop is all 0, which stands for "no face found".

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before ``fit``.
        ValueError
            For crops of another shape.
        """
        check_is_fitted(self)
        values = check_crops(crops)
        out = np.empty((len(values), len(self.components_)), np.float32)
        for rows in _blocks(len(values)):
            out[rows] = (crop_vectors(values[rows]) - self.mean_) @ self.components_.T
        out[~values.any(axis=(1, 2))] = np.nan
        return out


class Eigenfaces(_Linear):
    """Eigenfaces: the directions in which aligned faces differ most.

    Principal components of the pixels (Turk and Pentland 1991), the strongest left out as
    Belhumeur, Hespanha and Kriegman (1997) advise.  Nothing tells it which pictures show the same
    person, so it measures light and expression as readily as identity.

    The defaults were chosen on the people of ``anytown/dev``; ``python benchmarks/matchers.py
    --choose`` prints the table they were chosen from.

    Parameters
    ----------
    components
        How many directions are kept, 1 or more.
    skip
        How many of the strongest directions are left out; they hold mostly light.
    whiten
        Whether every direction counts alike instead of by how much faces differ in it.

    Attributes
    ----------
    mean_
        The mean face, shape (4096,); on the scale of :func:`labkit.matchers.align.crop_vectors`.
    components_
        The eigenfaces, shape (components, 4096).
    share_
        Share of the differences between faces that each direction holds, shape (components,).

    Examples
    --------
    >>> import numpy as np
    >>> crops = np.random.default_rng(0).integers(1, 255, (20, 64, 64)).astype(np.uint8)
    >>> Eigenfaces(components=5).fit(crops).transform(crops).shape
    (20, 5)
    """

    def __init__(self, components: int = 100, skip: int = 3, whiten: bool = True) -> None:
        self.components = components
        self.skip = skip
        self.whiten = whiten

    def fit(self, crops: ArrayLike, people: ArrayLike | None = None) -> Eigenfaces:
        """Find the directions; ``people`` is not used.

        Raises
        ------
        ValueError
            For crops of another shape, or too few of them.
        """
        values = check_crops(crops)
        pca = _principal(values[values.any(axis=(1, 2))], self.components + self.skip)
        kept = slice(self.skip, None)
        scale = np.sqrt(np.maximum(pca.explained_variance_[kept], 1e-12)) if self.whiten else 1.0
        self.mean_ = pca.mean_.astype(np.float32)
        self.components_ = (pca.components_[kept].T / scale).T.astype(np.float32)
        self.share_ = pca.explained_variance_ratio_[kept].astype(np.float32)
        return self


class Fisherfaces(_Linear):
    """Fisherfaces: the directions in which people differ more than pictures of one person do.

    Principal components, then linear discriminant analysis (Belhumeur, Hespanha, Kriegman 1997).
    It learns from labelled pictures; give it other people than those it will judge.  The defaults
    were chosen on the people of ``anytown/dev``, as for :class:`Eigenfaces`.

    Parameters
    ----------
    components
        How many directions are kept, 1 to people - 1.
    principal
        How many principal components come before.
    shrinkage
        0 to 1: how far the spread within people is taken to be alike in all directions.

    Attributes
    ----------
    mean_
        The mean face, shape (4096,).
    components_
        The fisherfaces, shape (components, 4096).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat(np.arange(10), 3)
    >>> crops = rng.integers(1, 255, (30, 64, 64)).astype(np.uint8)
    >>> Fisherfaces(components=4, principal=20).fit(crops, people).transform(crops).shape
    (30, 4)
    """

    def __init__(self, components: int = 25, principal: int = 200, shrinkage: float = 0.01) -> None:
        self.components = components
        self.principal = principal
        self.shrinkage = shrinkage

    def fit(self, crops: ArrayLike, people: ArrayLike) -> Fisherfaces:
        """Find the directions from crops, shape (n, 64, 64), of people, shape (n,).

        Raises
        ------
        ValueError
            For crops of another shape, labels of another length, or too few crops or people.
        """
        values, who = check_crops(crops), np.asarray(people).ravel()
        if len(who) != len(values):
            raise ValueError(f"{len(values)} crops but {len(who)} people: give one label a crop")
        usable = values.any(axis=(1, 2))
        values, who = values[usable], who[usable]
        count = len(np.unique(who))
        if not 1 <= self.components < count:
            raise ValueError(
                f"{self.components} fisherfaces from {count} people: there can be at most one fewer"
                " than people, and at least one"
            )
        pca = _principal(values, self.principal)
        lda = LinearDiscriminantAnalysis(
            solver="eigen", shrinkage=self.shrinkage, n_components=self.components
        ).fit(pca.transform(_vectors(values)), who)
        self.mean_ = pca.mean_.astype(np.float32)
        directions = lda.scalings_[:, : self.components].T @ pca.components_
        self.components_ = directions.astype(np.float32)
        return self


def _principal(crops: NDArray[Any], components: int) -> PCA:
    """Principal components of usable crops."""
    if not 1 <= components < len(crops):
        raise ValueError(
            f"{components} principal components from {len(crops)} usable crops: there can be at"
            " most one fewer than crops, and at least one"
        )
    # The vectors are nobody else's, so they may be centred in place.
    pca = PCA(components, svd_solver="randomized", random_state=0, copy=False)
    return pca.fit(_vectors(crops))


def _vectors(crops: NDArray[Any]) -> Templates:
    """Crops made ready for comparing, shape (n, 4096), with little room beside."""
    out = np.empty((len(crops), CROP * CROP), np.float32)
    for rows in _blocks(len(crops)):
        out[rows] = crop_vectors(crops[rows])
    return out


def _blocks(n: int) -> Iterator[slice]:
    return (slice(k, k + BLOCK) for k in range(0, n, BLOCK))
