"""Find a face, cut it out as the matcher was trained to see it, and describe it.

In: a picture, uint8 RGB.  Out: a :class:`Face` with its box, five landmarks, chip and descriptor,
or ``None`` when no face is found.

dlib is called directly here, because the data maker needs many thousand descriptors.
``DeepFace.represent(chip, model_name="Dlib", detector_backend="skip")`` gives the same vector from
the same chip; a test compares the two.

Model files come from the package ``face_recognition_models``, found without importing it.  Its
68-point landmark file is for non-commercial use only and is never loaded.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import CROP, Picture

CHIP = 150  # pixels; the size the network was trained on
PADDING = 0.25  # the margin it was trained on (King 2017, dlib's dnn_face_recognition_ex)

LANDMARKS = "shape_predictor_5_face_landmarks.dat"
NETWORK = "dlib_face_recognition_resnet_model_v1.dat"


@dataclass(frozen=True)
class Face:
    """One face found in a picture.

    Parameters
    ----------
    box
        Left, top, right, bottom, pixels.
    points
        Five landmarks (x, y), shape (5, 2): outer and inner corner of the eye on the right of the
        picture, outer and inner corner of the one on the left, base of the nose.
    chip
        The aligned face, shape (150, 150, 3), uint8 RGB.
    descriptor
        dlib's raw descriptor, shape (128,), float32; compare with the Euclidean distance.
    """

    box: tuple[int, int, int, int]
    points: NDArray[np.float32]
    chip: Picture
    descriptor: NDArray[np.float32]


def model_file(name: str) -> Path:
    """Path of a model file of ``face_recognition_models``, without importing that package.

    Raises
    ------
    FileNotFoundError
        With one sentence, when the package or the file is missing.
    """
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            "the package face_recognition_models is missing: pip install face_recognition_models"
        )
    path = Path(spec.submodule_search_locations[0]) / "models" / name
    if not path.is_file():
        raise FileNotFoundError(
            f"{name} is missing from face_recognition_models: install that package again"
        )
    return path


def check_picture(picture: Any) -> Picture:
    """The picture, contiguous; ``ValueError`` unless it is uint8 RGB of shape (h, w, 3)."""
    if not isinstance(picture, np.ndarray) or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError("a picture should be an array of shape (height, width, 3), RGB")
    if picture.dtype != np.uint8:
        raise ValueError(f"a picture should hold uint8 values 0..255, not {picture.dtype}")
    return np.ascontiguousarray(picture)


class DlibPipeline:
    """dlib's detector, aligner and descriptor, loaded on first use.

    Parameters
    ----------
    upsample
        How often the picture is doubled before the search; 1 finds faces from about 40 px.
    jitter
        Number of shaken copies whose descriptors are averaged; 0 for none.

    Examples
    --------
    >>> import numpy as np
    >>> DlibPipeline()(np.zeros((80, 80, 3), np.uint8)) is None
    True
    """

    def __init__(self, upsample: int = 1, jitter: int = 0) -> None:
        self.upsample = upsample
        self.jitter = jitter

    def __repr__(self) -> str:
        return f"DlibPipeline(upsample={self.upsample}, jitter={self.jitter})"

    @cached_property
    def _dlib(self) -> Any:
        import dlib

        return dlib

    @cached_property
    def _detector(self) -> Any:
        return self._dlib.get_frontal_face_detector()

    @cached_property
    def _predictor(self) -> Any:
        return self._dlib.shape_predictor(str(model_file(LANDMARKS)))

    @cached_property
    def _network(self) -> Any:
        return self._dlib.face_recognition_model_v1(str(model_file(NETWORK)))

    def find(self, picture: Picture) -> Any | None:
        """Five landmarks of the largest face, as dlib holds them, or ``None``."""
        picture = check_picture(picture)
        boxes = self._detector(picture, self.upsample)
        if not boxes:
            return None
        largest = max(boxes, key=lambda box: box.area())
        return self._predictor(picture, largest)

    def chip(self, picture: Picture, landmarks: Any) -> Picture:
        """The face turned and scaled as in training, shape (150, 150, 3)."""
        chip = self._dlib.get_face_chip(picture, landmarks, size=CHIP, padding=PADDING)
        return np.asarray(chip, np.uint8)

    def describe(self, chips: Sequence[Picture]) -> NDArray[np.float32]:
        """Raw descriptors of chips from :meth:`chip`, shape (n, 128), float32."""
        if not len(chips):
            return np.zeros((0, 128), np.float32)
        batch = [np.ascontiguousarray(c) for c in chips]
        out = self._network.compute_face_descriptor(batch, self.jitter)
        return np.asarray(out, np.float32).reshape(-1, 128)

    def many(self, pictures: Sequence[Picture]) -> list[Face | None]:
        """One :class:`Face` or ``None`` for each picture; descriptors are computed together."""
        found = [(p, self.find(p)) for p in pictures]
        chips = [None if mark is None else self.chip(p, mark) for p, mark in found]
        vectors = iter(self.describe([c for c in chips if c is not None]))
        out: list[Face | None] = []
        for (_, mark), chip in zip(found, chips, strict=True):
            out.append(None if chip is None else _face(mark, chip, next(vectors)))
        return out

    def __call__(self, picture: Picture) -> Face | None:
        """The face in one picture, or ``None``."""
        return self.many([picture])[0]


def _face(mark: Any, chip: Picture, vector: NDArray[np.float32]) -> Face:
    points = np.array([(p.x, p.y) for p in mark.parts()], np.float32)
    box = (mark.rect.left(), mark.rect.top(), mark.rect.right(), mark.rect.bottom())
    return Face(box, points, chip, vector)


def grey_crop(chip: Picture) -> Picture:
    """The chip in grey at 64 px for the pixel matchers, shape (64, 64), uint8 (Rec.601 luma)."""
    grey = cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (CROP, CROP), interpolation=cv2.INTER_AREA), np.uint8)


def face_oval(size: int = CROP) -> NDArray[np.float32]:
    """Soft oval 0..1, shape (size, size): keeps the face of a crop, hides hair and backdrop.

    Pixel matchers multiply crops by it, so that a haircut or a backdrop cannot say who it is.

    Examples
    --------
    >>> m = face_oval()
    >>> float(m[32, 32]), float(m[0, 0])
    (1.0, 0.0)
    """
    y, x = (np.mgrid[0:size, 0:size].astype(np.float32) + 0.5) / size
    r = np.hypot((x - 0.5) / 0.33, (y - 0.53) / 0.41)
    return np.asarray(np.clip((1.0 - r) / 0.12 + 0.5, 0, 1), np.float32)


def crop_vectors(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Grey crops as vectors that hold the face alone, at one brightness and contrast.

    Within the soft oval of :func:`face_oval` each crop is brought to mean 0 and standard deviation
    1; outside it is 0.  The customary preparation for eigenfaces, with the oval added so that hair
    and backdrop cannot say who it is.

    Parameters
    ----------
    crops
        Shape (n, 64, 64), uint8.

    Returns
    -------
    ndarray
        Shape (n, 4096), float32.

    Examples
    --------
    >>> import numpy as np
    >>> crop_vectors(np.zeros((2, 64, 64), np.uint8)).shape
    (2, 4096)
    """
    grey = np.asarray(crops, np.float32).reshape(len(crops), -1)
    oval = face_oval().ravel()
    share = oval / oval.sum()
    centred = grey - (grey @ share)[:, None]
    spread = np.sqrt((centred**2) @ share) + 1.0
    return np.asarray(centred / spread[:, None] * oval, np.float32)
