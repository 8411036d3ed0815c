"""Where the viewer stands: pose of head and body, and the projection to pixels.

In: points in the rest pose (centimetres).  Out: points turned as the capture says, and pixel
coordinates.  The body follows the head only in part, as necks do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.who import Capture

Float = NDArray[np.float32]

PIVOT = np.array([0.0, -8.5, -1.5], np.float32)  # top of the neck, where a head turns
BODY_SHARE = 0.35  # share of the head's turn that the shoulders make
NECK_TOP, NECK_BASE = -11.0, -20.0  # rest heights between which the turn fades
DISTANCE = 140.0  # centimetres from lens to face: a portrait distance, so noses are not enlarged
FRAME = 29.0  # centimetres across the picture at the face
HEIGHT = -1.9  # rest height in the middle of an ordinary frame
LOWEST = -15.5  # rest height kept at the foot of the picture


def rotation(yaw: float, pitch: float, roll: float) -> Float:
    """Rotation matrix for degrees; positive yaw turns the face to the right, pitch up.

    Examples
    --------
    >>> rotation(0, 0, 0).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    a, b, c = math.radians(yaw), -math.radians(pitch), math.radians(roll)
    ry = np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])
    rx = np.array([[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]])
    rz = np.array([[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]])
    return np.asarray(rz @ rx @ ry, np.float32)


@njit(cache=True)
def _turn(points, vectors, head, body, pivot, top, base, moving):
    out = np.empty_like(vectors)
    for i in range(points.shape[0]):
        w = (points[i, 1] - base) / (top - base)
        w = min(max(w, np.float32(0.0)), np.float32(1.0))
        w = w * w * (np.float32(3.0) - np.float32(2.0) * w)
        x, y, z = vectors[i, 0], vectors[i, 1], vectors[i, 2]
        if moving:
            x, y, z = x - pivot[0], y - pivot[1], z - pivot[2]
        for k in range(3):
            m0 = w * head[k, 0] + (np.float32(1.0) - w) * body[k, 0]
            m1 = w * head[k, 1] + (np.float32(1.0) - w) * body[k, 1]
            m2 = w * head[k, 2] + (np.float32(1.0) - w) * body[k, 2]
            out[i, k] = m0 * x + m1 * y + m2 * z
            if moving:
                out[i, k] += pivot[k]
    return out


@dataclass(frozen=True)
class View:
    """A posed sitter in front of a lens.

    Parameters
    ----------
    head, body
        Rotations of head and shoulders, shape (3, 3).
    pixels
        Side of the (supersampled) square buffer.
    scale
        Pixels per centimetre at the face.
    centre
        Rest-frame (x, y) that appears in the middle of the picture, centimetres.
    """

    head: Float
    body: Float
    pixels: int
    scale: float
    centre: tuple[float, float]

    def pose(self, points: Float) -> Float:
        """Turn points of shape (..., 3) from the rest pose into the picture's axes."""
        flat = np.ascontiguousarray(points, np.float32).reshape(-1, 3)
        turned = _turn(
            flat,
            flat,
            self.head,
            self.body,
            PIVOT,
            np.float32(NECK_TOP),
            np.float32(NECK_BASE),
            True,
        )
        return np.asarray(turned.reshape(points.shape), np.float32)

    def turn(self, vectors: Float, points: Float) -> Float:
        """Turn directions of shape (..., 3) that stand at rest-pose ``points`` (..., 3)."""
        flat = np.ascontiguousarray(points, np.float32).reshape(-1, 3)
        vec = np.ascontiguousarray(vectors, np.float32).reshape(-1, 3)
        turned = _turn(
            flat,
            vec,
            self.head,
            self.body,
            PIVOT,
            np.float32(NECK_TOP),
            np.float32(NECK_BASE),
            False,
        )
        return np.asarray(turned.reshape(points.shape), np.float32)

    def project(self, posed: Float) -> tuple[Float, Float, Float]:
        """Pixel x, pixel y and depth (larger = nearer, cm) of posed points, each (...)."""
        s = self.scale * DISTANCE / (DISTANCE - (posed[..., 2] - 8.0))
        half = np.float32(self.pixels / 2 - 0.5)
        px = (posed[..., 0] - self.centre[0]) * s + half
        py = half - (posed[..., 1] - self.centre[1]) * s
        return (
            np.ascontiguousarray(px, np.float32),
            np.ascontiguousarray(py, np.float32),
            np.ascontiguousarray(posed[..., 2], np.float32),
        )

    @property
    def eye(self) -> Float:
        """The lens in the picture's axes, shape (3,)."""
        return np.array([self.centre[0], self.centre[1], DISTANCE + 8.0], np.float32)


def view(capture: Capture, pixels: int, top: float = 13.0, side: float = 10.0) -> View:
    """The view of one capture.

    Parameters
    ----------
    capture
        Pose, scale and shift.
    pixels
        Side of the square buffer to draw in.
    top, side
        Highest rest-pose point to keep in the picture (hair or covering) and its half width,
        centimetres.  Larger hair is framed from further away; whose it is plays no part.

    Examples
    --------
    >>> from labkit.people.who import Capture
    >>> view(Capture(), 320).pixels
    320
    """
    # an allowance for the zoom and the shift of this capture, so that hair is not cut off
    margin = 1.3 + max(0.0, capture.scale - 1) * 12 + max(0.0, capture.shift[1])
    high = max(13.0, top + margin)
    frame = max(FRAME, high - LOWEST, 2 * side + 2.0)
    head = rotation(capture.yaw, capture.pitch, capture.roll)
    body = rotation(BODY_SHARE * capture.yaw, BODY_SHARE * capture.pitch, BODY_SHARE * capture.roll)
    middle = max(HEIGHT, high - frame / 2)
    nose = np.array([0.0, 4.0, 9.0], np.float32)
    turn = 0.55 * (head @ nose - nose)
    centre = (float(turn[0]) - capture.shift[0], middle - capture.shift[1])
    return View(head, body, pixels, pixels / frame * capture.scale, centre)
