"""Pictures as stored bytes, and back."""

from __future__ import annotations

import cv2
import numpy as np

from labkit.base import codec


def test_crops_survive_their_sheet():
    rng = np.random.default_rng(0)
    base = cv2.GaussianBlur(rng.random((70, 64, 64)).astype(np.float32), (0, 0), 3)
    crops = np.clip((base - base.min()) / np.ptp(base) * 255, 0, 255).astype(np.uint8)
    back = codec.untile(codec.tile(crops), 70)
    assert np.abs(back.astype(int) - crops).mean() < 4
