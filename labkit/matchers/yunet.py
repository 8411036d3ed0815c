"""YuNet (2023), a detector that finds faces with five landmarks and says how sure it is.

In: a picture, uint8 RGB.  Out: a row for each face.  The network lies in ``data/models`` and is
compared with its checksum before it is used; OpenCV runs it.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.files import DamagedFile, read_checked, read_checksums
from labkit.data import MODELS, data_folder
from labkit.matchers.describing import MatcherError, Picture

FILE = "face_detection_yunet_2023mar_int8bq.onnx"

LEAST = 0.6
"""The lowest score of what is taken for a face: faces of Anytown's dev people have .89 or more."""

OVERLAP = 0.3  # of two boxes, above which they are one face; OpenCV's own value
SMALLEST = 64  # pixels a side
MOST = 5000  # boxes looked at before overlapping ones are dropped; OpenCV's own value


def model(name: str) -> NDArray[np.uint8]:
    """The bytes of a network in ``data/models``, once they are known to be what was shipped.

    Raises
    ------
    MatcherError
        With one sentence, when the file is missing, cut short or changed.
    """
    try:
        folder = data_folder() / MODELS
        content = read_checked(folder, name, read_checksums(folder))
    except (DamagedFile, FileNotFoundError) as error:
        raise MatcherError(str(error)) from None
    return np.frombuffer(content, np.uint8)


@functools.cache
def detector() -> Any:
    """OpenCV's ``FaceDetectorYN`` with the network in it.

    Raises
    ------
    MatcherError
        As :func:`model`.
    """
    import cv2

    nothing = np.zeros(0, np.uint8)  # an ONNX file needs no second one
    return cv2.FaceDetectorYN.create("onnx", model(FILE), nothing, (32, 32), LEAST, OVERLAP, MOST)


def faces(picture: Picture) -> NDArray[np.float32]:
    """The faces in a picture, the largest first.

    Parameters
    ----------
    picture
        Shape (height, width, 3), uint8 RGB.

    Returns
    -------
    ndarray
        Shape (n, 15), float32: left, top, width and height of the box; x and y of the eye on the
        left of the picture, the one on the right, the tip of the nose, the corner of the mouth on
        the left, the one on the right, in pixels; the score, at least :data:`LEAST`.

    Raises
    ------
    MatcherError
        As :func:`model`.

    References
    ----------
    Wu, Peng and Yu 2023, "YuNet: a tiny millisecond-level face detector".

    Examples
    --------
    >>> faces(np.zeros((80, 80, 3), np.uint8)).shape
    (0, 15)
    """
    import cv2

    # OpenCV gives what lay in memory for a picture of one 32 x 32 cell: black is laid beside small
    # ones, as OpenCV does itself up to the next whole cell.
    height, width = (max(0, SMALLEST - side) for side in picture.shape[:2])
    bgr = cv2.copyMakeBorder(picture[..., ::-1], 0, height, 0, width, cv2.BORDER_CONSTANT)
    finder = detector()
    finder.setInputSize((bgr.shape[1], bgr.shape[0]))
    found = finder.detect(bgr)[1]
    if found is None:
        return np.zeros((0, 15), np.float32)
    return np.asarray(found[np.argsort(-found[:, 2] * found[:, 3], kind="stable")], np.float32)
