"""SFace (2021) as a matcher: YuNet finds the face, OpenCV cuts it out and describes it.

In: photographs (arrays or paths).  Out: templates, shape (n, 128), float32, with a table that says
what became of each picture.

Both networks lie in ``data/models``, whose data sheet says where they come from and what is not
known of the photographs that they were trained on.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.matchers import yunet
from labkit.matchers.describing import Box, Picture, PictureMatcher, Templates

if TYPE_CHECKING:
    import pandas as pd

    from labkit.matchers.finding import Seen

FILE = "face_recognition_sface_2021dec_int8bq.onnx"
LENGTH = 128  # numbers of a template

COSINE, DISTANCE = 0.363, 1.128
"""OpenCV's own thresholds: a cosine of at least, a distance (of length-1 templates) of at most."""


class SFaceMatcher(PictureMatcher):
    """SFace, as the other matchers are used: ``transform`` gives templates.

    Outcomes are those of :class:`~labkit.matchers.describing.PictureMatcher`.  Pictures with more
    than 0.4 million pixels are made smaller first, because YuNet was trained on faces of 10 to 300
    pixels.

    Parameters
    ----------
    cache, progress, several, thorough
        As for :class:`~labkit.matchers.describing.PictureMatcher`.

    Raises
    ------
    MatcherError
        For an option that does not exist; later, when a network is missing, cut short or changed.

    References
    ----------
    Zhong, Deng, Hu, Zhao, Li and Wen 2021, "SFace: Sigmoid-Constrained Hypersphere Loss for Robust
    Face Recognition", IEEE Transactions on Image Processing 30, arXiv:2205.12010.

    Examples
    --------
    >>> SFaceMatcher().describe([np.zeros((80, 80, 3), np.uint8)]).table["status"].tolist()
    ['no face']
    """

    measure = "cosine"
    searched = 400_000

    def __repr__(self) -> str:
        return "SFaceMatcher()"

    def defaults(self) -> pd.DataFrame:
        """OpenCV's own thresholds for this network, one row a metric.

        Returns
        -------
        DataFrame
            ``metric``; ``threshold``, as OpenCV has it; ``measure`` and ``similarity``, the same
            threshold in this lab's terms, where a match is a similarity of at least that.

        References
        ----------
        OpenCV's tutorial "DNN-based Face Detection And Recognition", table of thresholds.

        Examples
        --------
        >>> SFaceMatcher().defaults()["metric"].tolist()
        ['cosine', 'norm_l2']
        """
        import pandas as pd

        rows = [
            ("cosine", COSINE, "cosine", COSINE),
            ("norm_l2", DISTANCE, "cosine", 1 - DISTANCE**2 / 2),
        ]
        return pd.DataFrame(rows, columns=["metric", "threshold", "measure", "similarity"])

    def _load(self) -> int:
        yunet.detector()
        _network()
        return LENGTH

    def _cut(self, picture: Picture) -> tuple[int, NDArray[Any] | None]:
        faces = yunet.faces(picture)
        return len(faces), _chip(picture, faces[0]) if len(faces) else None

    def _face(self, picture: Picture) -> tuple[int, Box, NDArray[np.float32], Picture] | None:
        faces = yunet.faces(picture)
        if not len(faces):
            return None
        left, top, width, height = map(float, faces[0, :4])
        chip = np.ascontiguousarray(_chip(picture, faces[0])[..., ::-1])
        box = (left, top, left + width, top + height)
        return len(faces), box, faces[0, 4:14].reshape(5, 2), chip

    def _cut_seen(self, seen: Seen) -> NDArray[Any] | None:
        return super()._cut_seen(seen) if seen.row is None else _chip(seen.patch, seen.row)

    def _represent(self, chips: list[NDArray[Any]]) -> Templates:
        return np.array([_network().feature(chip)[0] for chip in chips], np.float32)

    def _made_by(self) -> str:
        import cv2

        return f"{FILE} {yunet.FILE} cv2 {cv2.__version__}"


@functools.cache
def _network() -> Any:
    """OpenCV's ``FaceRecognizerSF`` with the network in it."""
    import cv2

    nothing = np.zeros(0, np.uint8)  # an ONNX file needs no second one
    return cv2.FaceRecognizerSF.create("onnx", yunet.model(FILE), nothing)


def _chip(picture: Picture, face: NDArray[np.float32]) -> Picture:
    """The face turned and scaled as in training, shape (112, 112, 3), BGR."""
    bgr = np.ascontiguousarray(picture[..., ::-1])
    return np.asarray(_network().alignCrop(bgr, face), np.uint8)
