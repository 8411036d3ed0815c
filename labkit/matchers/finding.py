"""The face in a photograph of real life: large or small, lying, among others, in a large picture.

In: a picture, uint8 RGB, of any size.  Out: a :class:`Seen`: the face cut out with room around it,
turned upright, large enough for the networks, with what there is to say about it.

Bundled people are all about as large in their pictures, so one look at one size finds them.  Here
YuNet looks at several sizes, because it knows faces of about 10 to 300 pixels; where it finds none,
the picture is turned, and at last dlib's detector looks.  Of several faces the largest is used.  It
is cut out of the picture itself, not of the smaller copy in which it was found.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.matchers import upright, yunet
from labkit.matchers.describing import WORDS, Box, Picture

LOOKED = (320, 640, 1280)
"""Pixels of the longer side of the copies in which faces are looked for."""

LAST = 2560
"""The same, where none was found in those."""

SURE = 0.8
"""Score of a face that is taken for one where others are less sure (:data:`.yunet.LEAST`)."""

TURNS = (90, 270, 180, 45, 315, 135, 225)
"""Degrees in which a picture is looked at whose face was not found upright."""

HEIGHT = 200
"""Pixels of the face in the patch; one that is larger is made smaller."""

AROUND = 2.6
"""Sides of the patch, in sides of the face: room to turn it, and for the margin of every network.
"""

DLIB_SURE = 0.3
"""Score of dlib's detector for a face that YuNet does not see."""

SMALL = 40
"""Pixels of a face's width below which it is said that there is little to see."""

RULE = f"found {LOOKED} {LAST} {SURE} {TURNS} {HEIGHT} {AROUND}"

Row = NDArray[np.float32]


@dataclass(frozen=True)
class Seen:
    """The largest face of a picture, ready to be described.

    Parameters
    ----------
    patch
        The face with room around it, upright, its longer side at most :data:`HEIGHT` pixels.
    row
        The face in the patch as YuNet gives it, shape (15,): box, five points, score; ``None``
        where dlib found it and YuNet did not.
    box
        Left, top, right, bottom of the face in the patch.
    faces
        How many were found in the picture.
    turned
        By how many degrees the face lies in the picture, counter-clockwise.
    width
        Of the face in the picture, in pixels.
    place
        Of its middle in the picture, as shares of width and height.
    """

    patch: Picture
    row: Row | None
    box: Box
    faces: int
    turned: float
    width: float
    place: tuple[float, float]


def seen(picture: Picture) -> Seen | None:
    """The largest face of a picture; ``None`` where none is found.

    Parameters
    ----------
    picture
        Shape (height, width, 3), uint8 RGB.

    Raises
    ------
    MatcherError
        When the detector's network is missing, cut short or changed.

    Examples
    --------
    >>> seen(np.zeros((80, 80, 3), np.uint8)) is None
    True
    """
    rows, lying = faces(picture), 0.0
    for degrees in () if len(rows) else TURNS:
        found = faces(upright.turned(picture, -degrees), LOOKED[:2])
        if len(found) and (not len(rows) or found[:, 14].max() > rows[:, 14].max()):
            rows, lying = found, float(degrees)
    if not len(rows):
        return _by_dlib(picture)
    largest = max(rows, key=lambda row: row[2] * row[3])
    straight = upright.turned(picture, -lying)
    patch, scale = _patch(straight, *largest[:4])
    more = upright.lies(patch)
    if more:
        patch = upright.turned(patch, -more)
    row = _in_the_middle(patch)
    if row is None:  # not seen again: take it as it was seen
        more, (patch, scale) = 0.0, _patch(straight, *largest[:4])
        row = _moved(largest, scale, patch)
    left, top, wide, high = map(float, row[:4])
    x, y = upright.back(picture.shape, -lying)(_middle(largest)[None])[0]
    place = _share(float(x), float(y), 0, 0, picture)
    box = (left, top, left + wide, top + high)
    lies = 180 - (180 - lying - more) % 360
    return Seen(patch, row, box, len(rows), lies, float(largest[2]), place)


def note(found: Seen) -> str:
    """What there is to say of a face that was found: how many others, lying, small."""
    said = []
    if found.faces > 1:
        said.append(WORDS["which"].format(n=found.faces, where=_where(*found.place)))
    if found.turned:
        said.append(WORDS["turned"].format(degrees=abs(found.turned)))
    if found.width < SMALL:
        said.append(WORDS["small"].format(width=found.width))
    return "; ".join(said)


def _where(x: float, y: float) -> str:
    """A place in a picture, in words."""
    across = WORDS["left"] if x < 0.4 else WORDS["right"] if x > 0.6 else WORDS["middle"]
    down = WORDS["top"] if y < 1 / 3 else WORDS["bottom"] if y > 2 / 3 else ""
    return " ".join(filter(None, (across, down)))


def faces(picture: Picture, sides: tuple[int, ...] = LOOKED) -> Row:
    """Every face that YuNet finds in a picture at several sizes, once.

    Parameters
    ----------
    picture
        Shape (height, width, 3), uint8 RGB.
    sides
        Pixels of the longer side of the copies that are looked at.

    Returns
    -------
    ndarray
        Shape (n, 15), float32, as :func:`labkit.matchers.yunet.faces`, the surest first.

    Examples
    --------
    >>> faces(np.zeros((80, 80, 3), np.uint8)).shape
    (0, 15)
    """
    found = _looked(picture, sides)
    if not len(found) and max(picture.shape) > sides[-1] and sides == LOOKED:
        found = _looked(picture, (LAST,))
    kept = _once(found)
    if len(kept) and kept[0, 14] >= SURE:
        kept = kept[kept[:, 14] >= SURE]
    return kept


def how_many(picture: Picture) -> int:
    """Faces in a picture, rather one too many than one too few; nothing is made of them.

    YuNet looks at every size, in turns only where it finds none upright, and takes faces of which
    it is less sure too; dlib's detector looks as well, and the larger number counts.

    Examples
    --------
    >>> how_many(np.zeros((80, 80, 3), np.uint8))
    0
    """
    count = len(_once(_looked(picture, (*LOOKED, LAST))))
    if not count:
        turned = (upright.turned(picture, -degrees) for degrees in TURNS)
        count = max(len(_once(_looked(one, LOOKED[:2]))) for one in turned)
    return max(count, len(_seen_by_dlib(picture)[0]))


def _once(found: Row) -> Row:
    """Each face once, though it is seen at several sizes; the surest first."""
    kept: list[Row] = []
    for row in found[np.argsort(-found[:, 14], kind="stable")]:
        if not any(_within(_middle(row), other) or _within(_middle(other), row) for other in kept):
            kept.append(row)
    return np.array(kept, np.float32).reshape(-1, 15)


def _looked(picture: Picture, sides: tuple[int, ...]) -> Row:
    """Rows of every size, in pixels of the picture."""
    longest = max(picture.shape[:2])
    shares = {min(1.0, side / longest) for side in sides}
    rows = [np.zeros((0, 15), np.float32)]
    for share in sorted(shares):
        copy = _resized(picture, share)
        x, y = picture.shape[1] / copy.shape[1], picture.shape[0] / copy.shape[0]
        rows.append(yunet.faces(copy) * np.array([x, y] * 7 + [1], np.float32))
    return np.concatenate(rows)


def _resized(picture: Picture, share: float) -> Picture:
    import cv2

    if share == 1:
        return picture
    height, width = picture.shape[:2]
    size = (max(1, round(width * share)), max(1, round(height * share)))
    method = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)


def _middle(row: Row) -> Row:
    return np.asarray(row[:2] + row[2:4] / 2, np.float32)


def _share(
    left: float, top: float, wide: float, high: float, picture: Picture
) -> tuple[float, float]:
    """The middle of a box as shares of the picture's width and height."""
    return (left + wide / 2) / picture.shape[1], (top + high / 2) / picture.shape[0]


def _within(point: Row, row: Row) -> bool:
    return bool((row[:2] <= point).all() and (point <= row[:2] + row[2:4]).all())


def _patch(
    picture: Picture, left: float, top: float, wide: float, high: float
) -> tuple[Picture, tuple[float, float, float]]:
    """A square around a box, scaled; and the map: left, top of the square, patch pixels a pixel."""
    import cv2

    side = AROUND * max(wide, high)
    x, y = left + wide / 2 - side / 2, top + high / 2 - side / 2
    ends = [round(x), round(y), round(x + side), round(y + side)]
    height, width = picture.shape[:2]
    inside = picture[max(0, ends[1]) : max(1, ends[3]), max(0, ends[0]) : max(1, ends[2])]
    share = min(1.0, HEIGHT / max(wide, high))
    if max(wide, high) < SMALL * 2:
        share = 2.0  # dlib's detector needs 40 pixels after its own doubling
    small = _resized(np.ascontiguousarray(inside), share)
    border = [max(0, -ends[1]), max(0, ends[3] - height), max(0, -ends[0]), max(0, ends[2] - width)]
    above, below, before, after = (round(b * share) for b in border)
    patch = cv2.copyMakeBorder(small, above, below, before, after, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(patch), (ends[0], ends[1], share)


def _moved(row: Row, scale: tuple[float, float, float], patch: Picture) -> Row:
    """A row of the picture in pixels of the patch."""
    left, top, share = scale
    out = row.copy()
    out[[0, *range(4, 14, 2)]] -= left
    out[[1, *range(5, 14, 2)]] -= top
    out[:14] *= share
    return out


def _in_the_middle(patch: Picture) -> Row | None:
    """The face on which the middle of the patch lies."""
    middle = np.array([patch.shape[1] / 2, patch.shape[0] / 2], np.float32)
    for row in faces(patch, (LOOKED[0], max(LOOKED[0], max(patch.shape[:2])))):
        if _within(middle, row):
            return np.asarray(row, np.float32)
    return None


def _by_dlib(picture: Picture) -> Seen | None:
    """The largest face that dlib's detector is sure of, where YuNet finds none."""
    rects, scores, share = _seen_by_dlib(picture)
    sure = [rect for rect, score in zip(rects, scores, strict=True) if score >= DLIB_SURE]
    if not sure:
        return None
    rect = max(sure, key=lambda r: r.area())
    wide, high = rect.width() / share, rect.height() / share
    left, top = rect.left() / share, rect.top() / share
    patch, (x, y, size) = _patch(picture, left, top, wide, high)
    ends = (left - x, top - y, left + wide - x, top + high - y)
    box = (ends[0] * size, ends[1] * size, ends[2] * size, ends[3] * size)
    return Seen(patch, None, box, len(sure), 0.0, wide, _share(left, top, wide, high, picture))


def _seen_by_dlib(picture: Picture) -> tuple[Any, Any, float]:
    """Boxes and scores by dlib's detector, in a copy; and the copy's pixels for each pixel."""
    from labkit.matchers.deepface import SEARCHED

    height, width = picture.shape[:2]
    share = min(1.0, (SEARCHED["dlib"] / (height * width)) ** 0.5)
    rects, scores, _ = _detector().run(np.ascontiguousarray(_resized(picture, share)), 1, 0.0)
    return rects, scores, share


@functools.cache
def _detector() -> Any:
    from labkit.matchers.align import DlibPipeline

    return DlibPipeline()._detector
