"""The studio backdrop: out of focus, lit apart from the sitter, drawn from the capture alone.

In: a backdrop seed.  Out: linear radiance as it should reach the sensor.  Neither the person nor
the light on the face plays a part, so nothing behind a head can say who stands before it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]
ROOM = 41  # number of this room in the seeds


def backdrop(seed: int, pixels: int) -> Float:
    """A quiet backdrop, shape (pixels, pixels, 3), linear radiance between about .06 and .5.

    Either a painted gradient or a room far out of focus: a few large soft shapes.

    Examples
    --------
    >>> backdrop(3, 64).shape
    (64, 64, 3)
    """
    rng = np.random.default_rng(np.random.SeedSequence([ROOM, seed]))
    cells = 48
    level = rng.uniform(0.10, 0.40)
    hue = rng.normal(0, 1, 3)
    tint = 1 + 0.16 * (hue - hue.mean())
    y, x = np.mgrid[0:cells, 0:cells].astype(np.float32) / (cells - 1) - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    slope = rng.uniform(0.05, 0.45)
    value = 1 + slope * (np.cos(angle) * x + np.sin(angle) * y)
    glow = np.exp(-((x - rng.uniform(-0.3, 0.3)) ** 2 + (y - rng.uniform(-0.3, 0.2)) ** 2) / 0.10)
    value += rng.uniform(0, 0.35) * glow
    picture = level * value[..., None] * tint.astype(np.float32)
    for _ in range(int(rng.integers(3, 7)) if rng.random() < 0.55 else 0):
        shape = _soft_shape(rng, cells)
        other = level * rng.uniform(0.55, 1.5) * (1 + 0.14 * rng.normal(0, 1, 3))
        picture = picture * (1 - shape[..., None]) + shape[..., None] * other
    large = cv2.resize(picture.astype(np.float32), (pixels, pixels), interpolation=cv2.INTER_CUBIC)
    return np.clip(large, 0.05, 0.60).astype(np.float32)


def _soft_shape(rng: np.random.Generator, cells: int) -> Float:
    """A window, a shelf or a lamp far out of focus: coverage 0..1, shape (cells, cells)."""
    mask = np.zeros((cells, cells), np.float32)
    x, y = rng.integers(-cells // 6, cells, 2)
    w, h = rng.integers(cells // 8, cells // 2, 2)
    if rng.random() < 0.7:
        cv2.rectangle(mask, (int(x), int(y)), (int(x + w), int(y + h)), 1.0, -1)
    else:
        cv2.circle(mask, (int(x), int(y)), int(w // 2), 1.0, -1)
    blurred = cv2.GaussianBlur(mask, (0, 0), cells * rng.uniform(0.05, 0.10))
    return np.asarray(blurred * rng.uniform(0.25, 0.7), np.float32)
