"""Finding and comparing faces, and photographing people for it.

dlib's HOG detector (one upsampling), its 5-point predictor, a chip of 150 px with padding 0.25 and
its residual network: the alignment that the network was trained on.  OpenCV's Haar cascade is the
second detector.  OpenCV also has YuNet, but its pip package ships no model file for it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from labkit.matchers.align import LANDMARKS, DlibPipeline, model_file
from labkit.people.photo.camera import Radiance
from labkit.people.photo.render import Likeness, Sitter
from labkit.people.who import Person, Styling

Picture = NDArray[np.uint8]


@functools.cache
def pipeline() -> DlibPipeline:
    """The lab's own dlib pipeline, once in each process."""
    return DlibPipeline()


@functools.cache
def _haar() -> Any:
    return cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")


@functools.cache
def _predictor() -> Any:
    return dlib.shape_predictor(str(model_file(LANDMARKS)))


def hog(picture: Picture) -> Any | None:
    """Five landmarks of the largest face that dlib's HOG detector finds."""
    return pipeline().find(picture)


def haar(picture: Picture) -> Any | None:
    """The same for OpenCV's Haar cascade (scale 1.1, 5 neighbours, from 40 px)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    boxes = _haar().detectMultiScale(grey, 1.1, 5, minSize=(40, 40))
    if not len(boxes):
        return None
    x, y, w, h = (int(v) for v in max(boxes, key=lambda b: b[2]))
    return _predictor()(picture, dlib.rectangle(x, y, x + w, y + h))


DETECTORS = {"hog": hog, "haar": haar}


def right_place(found: Any | None, radiance: Radiance) -> bool:
    """Whether what was found is the face: its box centred near the centre of the facial skin."""
    if found is None:
        return False
    ys, xs = np.nonzero(radiance.face > 0.2)
    if not len(xs):
        return False
    cx, cy = xs.mean() / radiance.ss, ys.mean() / radiance.ss
    reach = max(np.ptp(xs), np.ptp(ys)) / radiance.ss / 2
    middle = found.rect.center()
    near = np.hypot(middle.x - cx, middle.y - cy) < reach
    return bool(near and found.rect.width() < 4 * reach)


def template(picture: Picture, detector: str = "hog") -> NDArray[np.float32] | None:
    """Raw descriptor of the largest face found, or ``None`` when the image has no usable face."""
    found = DETECTORS[detector](picture)
    if found is None:
        return None
    return pipeline().describe([pipeline().chip(picture, found)])[0]


# ---- photographing ------------------------------------------------------------------------------


@dataclass
class Studio:
    """One person who comes back for several photographs; what stays the same is built once."""

    likeness: Likeness

    @classmethod
    def of(cls, person: Person) -> Studio:
        return cls(Likeness.of(person, 1.0))

    def dressed(self, styling: Styling) -> Sitter:
        return Sitter.of(self.likeness, styling)


def toned(sitter: Sitter, tone: float) -> Sitter:
    """The same sitter in another tone, without building anything again.

    Only the skin's albedo reads the tone; the part ``factor`` checks that the picture is, to the
    bit, that of a person built anew with ``with_(tone=...)``.
    """
    person = sitter.person.with_(tone=tone)
    return replace(sitter, likeness=replace(sitter.likeness, person=person))


def shrunk(mask: NDArray[Any], ss: int) -> NDArray[np.float32]:
    """A mask of the supersampled picture at the size of the finished one."""
    side = mask.shape[0] // ss
    return cv2.resize(mask.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)


def lab(picture: Picture) -> NDArray[np.float32]:
    """CIELAB (D65) of sRGB bytes, shape (..., 3)."""
    flat = picture.reshape(1, -1, 3).astype(np.float32) / 255
    return cv2.cvtColor(flat, cv2.COLOR_RGB2LAB).reshape(picture.shape)
