"""A face that lies on its side or upside down is turned upright before it is described.

In: a picture, uint8 RGB.  Out: by how many degrees its face lies turned, and the picture turned.

A network that never saw a lying face in training describes one all the same, as somebody else.
YuNet's landmarks do not say that a face lies on its side, but its score does: it is highest for the
upright one.  The picture is looked at in turns of :data:`STEP` degrees; a parabola through the best
score and the two beside it gives the angle.  One that lies within :data:`LEFT_ALONE` degrees of a
quarter turn counts as that quarter turn, which moves pixels and changes none; so a picture whose
face is seen as upright stays as it is.  The rule was chosen on dev people of Anytown.  How often it
is right, and how many upright photographs it turns, is in ``benchmarks/results/turned.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.matchers import yunet
from labkit.matchers.describing import Picture

STEP = 30
LEFT_ALONE = 17
LOOKED = 100_000  # pixels of the copy in which the angle is looked for
RULE = f"turned {STEP} {LEFT_ALONE} {LOOKED} {yunet.FILE} {yunet.LEAST}"


def lies(picture: Picture) -> float:
    """By how many degrees the face lies turned, counter-clockwise: above -180, at most 180.

    Parameters
    ----------
    picture
        Shape (height, width, 3), uint8 RGB.

    Returns
    -------
    degrees
        0 for an upright face, and where no face is seen.

    Raises
    ------
    MatcherError
        When the detector's network is missing, cut short or changed.

    Examples
    --------
    >>> lies(np.zeros((80, 80, 3), np.uint8))
    0.0
    """
    small = _smaller(picture)
    scores = {a: _score(small, a) for a in (0, 90, 180, 270, STEP, 360 - STEP)}
    if max(scores, key=scores.__getitem__) != 0 or not scores[0]:
        scores |= {a: _score(small, a) for a in range(0, 360, STEP) if a not in scores}
    best = max(scores, key=scores.__getitem__)
    if not scores[best]:
        return 0.0
    before, after = (scores[(best + s) % 360] for s in (-STEP, STEP))
    bend = before - 2 * scores[best] + after
    angle = best + (STEP / 2 * (before - after) / bend if bend else 0.0)
    quarter = 90.0 * round(angle / 90)
    if abs(angle - quarter) <= LEFT_ALONE:
        angle = quarter
    return 180 - (180 - angle) % 360


def turned(picture: Picture, degrees: float) -> Picture:
    """A picture turned counter-clockwise; what comes in at the corners repeats the edge.

    Examples
    --------
    >>> turned(np.arange(12, dtype=np.uint8).reshape(2, 2, 3), 90)[..., 0].tolist()
    [[3, 9], [0, 6]]
    """
    import cv2

    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(picture, round(degrees / 90)))
    matrix, size = _matrix(picture.shape, degrees)
    out = cv2.warpAffine(picture, matrix, size, None, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    return np.asarray(out, np.uint8)


def back(
    shape: tuple[int, ...], degrees: float
) -> Callable[[NDArray[np.floating]], NDArray[np.float64]]:
    """From points (n, 2) of the picture that :func:`turned` made to points of the one it was given.

    Examples
    --------
    >>> back((2, 4, 3), 90)(np.array([[0, 3], [1, 3]])).tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    import cv2

    inverse = cv2.invertAffineTransform(_matrix(shape, degrees)[0])
    return lambda points: np.round(points @ inverse[:, :2].T + inverse[:, 2], 9)


def _matrix(shape: tuple[int, ...], degrees: float) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The affine map of a turn about the middle, and the size that takes all of the picture in."""
    import cv2

    height, width = shape[:2]
    matrix = np.asarray(cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0))
    cos, sin = np.abs(matrix[0, :2])
    wide, high = (int(np.ceil(v - 1e-9)) for v in (width * cos + height * sin,
                                                   width * sin + height * cos))  # fmt: skip
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    return matrix, (wide, high)


def _score(picture: Picture, lying: int) -> float:
    """The highest score of a face in a picture whose face lies turned so far; 0 without one."""
    found: NDArray[Any] = yunet.faces(turned(picture, -lying))
    return float(found[:, -1].max()) if len(found) else 0.0


def _smaller(picture: Picture) -> Picture:
    import cv2

    height, width = picture.shape[:2]
    # A long strip, turned, would need a picture as high as it is long.
    share = (LOOKED / max(height * width, max(height, width) ** 2 / 4)) ** 0.5
    if share >= 1:
        return picture
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
