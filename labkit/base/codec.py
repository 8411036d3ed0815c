"""Pictures as stored bytes, and back: WebP, PNG and JPEG, and sheets of grey crops.

In: pictures, uint8 RGB.  Out: bytes; and the reverse.  Every template and crop of the shipped data
was computed from a picture that went through these functions, so they are part of the data's
fingerprint (:mod:`labkit.making.fingerprint`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
CROP, TILES = 64, 32  # pixels of a grey crop, and crops side by side on a sheet
QUALITY = 88  # of the stored WebP: the largest that keeps all pictures within 22 MB, measured
CROP_QUALITY = 90


def encode(picture: Picture, quality: int = QUALITY) -> bytes:
    """A picture as WebP bytes."""
    import cv2

    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".webp", bgr, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise RuntimeError(
            "OpenCV could not write WebP: install opencv-contrib-python-headless again"
        )
    return data.tobytes()


def decode(content: bytes) -> Picture:
    """Bytes of a WebP, PNG or JPEG as a picture, uint8 RGB; ``ValueError`` if they are none."""
    import cv2

    return np.asarray(cv2.cvtColor(_bgr(content), cv2.COLOR_BGR2RGB), np.uint8)


def _bgr(content: bytes) -> Picture:
    import cv2

    bgr = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None:
        raise ValueError("these bytes are not a picture: give a WebP, PNG or JPEG")
    return np.asarray(bgr, np.uint8)


def untile(content: bytes, n: int) -> NDArray[np.uint8]:
    """The first ``n`` crops, shape (n, 64, 64), of a sheet that has 32 side by side."""
    grey = _bgr(content)[..., 1]  # green is the same in BGR and RGB; a sheet of RGB is 35 MB more
    rows = grey.shape[0] // CROP
    crops = grey.reshape(rows, CROP, TILES, CROP).transpose(0, 2, 1, 3).reshape(-1, CROP, CROP)
    return np.ascontiguousarray(crops[:n])


def tile(crops: NDArray[np.uint8]) -> bytes:
    """Grey crops (n, 64, 64) as one WebP, 32 side by side."""
    import cv2

    rows = -(-len(crops) // TILES)
    room = np.zeros((rows * TILES, CROP, CROP), np.uint8)
    room[: len(crops)] = crops
    sheet = room.reshape(rows, TILES, CROP, CROP).transpose(0, 2, 1, 3)
    grey = np.ascontiguousarray(sheet).reshape(rows * CROP, TILES * CROP)
    return encode(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), CROP_QUALITY)
