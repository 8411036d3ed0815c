"""Eigenfaces to look at: the mean face, its directions, and a face put together again from them.

In: fitted :class:`~labkit.matchers.Eigenfaces` and an aligned grey crop.  Out: grey pictures, a
wall of them for :func:`labkit.views.plots.show`, and a slider (:func:`rebuilding`) that draws no
figure: each move sends one small picture and one sentence.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.views.page import address_of

if TYPE_CHECKING:
    from labkit.matchers import Eigenfaces
    from labkit.views.plots.style import Shown

Picture = NDArray[np.uint8]

GREY, STEP = 128, 48
"""A crop's mean and its standard deviation become these grey values."""


def as_grey(vector: ArrayLike) -> Picture:
    """A vector of 4,096 numbers around 0 as a grey picture, shape (64, 64), uint8.

    Examples
    --------
    >>> as_grey(np.zeros(4096)).shape, int(as_grey(np.ones(4096))[0, 0])
    ((64, 64), 176)
    """
    values = np.asarray(vector).reshape(64, 64)
    return np.clip(GREY + STEP * values, 0, 255).astype(np.uint8)


def seen(crop: Picture) -> Picture:
    """A crop as Eigenfaces and Fisherfaces see it: the oval of the face, at one brightness.

    Parameters
    ----------
    crop
        Aligned grey crop, shape (64, 64), uint8.

    Returns
    -------
    picture
        Shape (64, 64), uint8; an even grey outside the oval.
    """
    from labkit.matchers.align import crop_vectors

    return as_grey(crop_vectors(crop[None])[0])


def rebuilt(eigenfaces: Eigenfaces, crop: Picture, k: int) -> tuple[Picture, float]:
    """A face put together from the mean face and ``k`` directions.

    Parameters
    ----------
    eigenfaces
        Fitted with ``skip=0, whiten=False``: otherwise the parts do not add up to the face.
    crop
        Aligned grey crop, shape (64, 64), uint8.
    k
        How many directions, 0 or more.

    Returns
    -------
    picture, share
        uint8, shape (64, 64); and how much of the squared difference from the mean face is there,
        0 to 1.

    Raises
    ------
    ValueError
        For eigenfaces of another kind.
    """
    from labkit.matchers.align import crop_vectors

    _check_adds_up(eigenfaces)
    gap = crop_vectors(crop[None])[0] - eigenfaces.mean_
    parts = eigenfaces.components_[:k]
    near = (parts @ gap) @ parts
    share = 1 - float(((gap - near) ** 2).sum() / (gap**2).sum())
    return as_grey(eigenfaces.mean_ + near), share


def _check_adds_up(eigenfaces: Eigenfaces) -> None:
    if eigenfaces.skip or eigenfaces.whiten:
        sentence = _(
            "these eigenfaces do not add up to a face: fit Eigenfaces(..., skip=0, whiten=False)"
        )
        raise ValueError(sentence)


def direction_wall(eigenfaces: Eigenfaces, amounts: ArrayLike) -> Shown:
    """The mean face with each of the first three directions taken away and added.

    Parameters
    ----------
    eigenfaces
        Fitted with ``skip=0, whiten=False``.
    amounts
        How much of each direction is in each photograph, shape (n, components); two standard
        deviations are shown.

    Returns
    -------
    figure, alt, table
        Seven pictures in one row, for :func:`labkit.views.plots.show`.

    Raises
    ------
    ValueError
        For eigenfaces of another kind.
    """
    from labkit.views import plots

    _check_adds_up(eigenfaces)
    pictures, captions = [as_grey(eigenfaces.mean_)], [_("mean face")]
    for n in range(3):
        step = 2 * np.nanstd(np.asarray(amounts)[:, n]) * eigenfaces.components_[n]
        pictures += [as_grey(eigenfaces.mean_ - step), as_grey(eigenfaces.mean_ + step)]
        captions += [_("{n}: taken away").format(n=n), _("{n}: added").format(n=n)]
    alt = _("The mean face, and each of three directions taken from it and added to it.")
    return plots.wall(pictures, captions=captions, columns=len(pictures), alt=alt)


def rebuilding(eigenfaces: Eigenfaces, crop: Picture, k: int = 20) -> Any:
    """A slider for the number of directions, with the picture and a sentence that follow it.

    Each move sends a picture of a few kilobytes; no figure is drawn.

    Parameters
    ----------
    eigenfaces, crop
        As for :func:`rebuilt`.
    k
        Where the slider starts.

    Returns
    -------
    box
        A widget whose ``.children`` are the slider and the view.
    """
    import ipywidgets as widgets  # type: ignore[import-untyped]

    most, original = len(eigenfaces.components_), seen(crop)
    slider = widgets.IntSlider(value=k, min=0, max=most, description=_("Directions"))
    view = widgets.HTML()

    def move(change: Any = None) -> None:
        picture, share = rebuilt(eigenfaces, crop, slider.value)
        words = _(
            "With {k} of {most} directions: {share:.0%} of what sets this picture apart from the"
            " mean face."
        ).format(k=slider.value, most=most, share=share)
        shown = _(
            "On the left the aligned face as the method sees it, on the right the same face put"
            " together from the mean face and {k} directions."
        ).format(k=slider.value)
        alt = html.escape(f"{shown} {words}", quote=True)
        both = address_of(_png(np.hstack([original, picture])), "png")
        view.value = (
            f'<img alt="{alt}" width="384" height="192" src="{both}">'
            f'<p role="status" aria-live="polite">{html.escape(words)}</p>'
        )

    slider.observe(move, names="value")
    move()
    return widgets.VBox([slider, view])


def _png(picture: Picture) -> bytes:
    import cv2

    return cv2.imencode(".png", picture)[1].tobytes()
