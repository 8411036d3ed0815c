"""The smooth forms of a head: skull, face mask, neck and shoulders, before any relief.

In: measures in centimetres (:class:`Measures`, worked out from a person's named shape scores).
Out: half of a grid of points, from the front midline to the back midline.

A head is a stack of rings ("stations") like the drawings in a sculptor's handbook.  Each ring has a
height in front, at the side and at the back, a depth, a width and a squareness; cubic splines run
through the stations, so every curve from crown to shoulder is smooth.  Rings sink to the front at
the jaw, where they follow its lower border.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

Float = NDArray[np.float32]

HALF = 111  # columns from the front midline to the back midline
AXIS = -1.0  # depth of the axis the columns turn round
MOUTH = -6.55  # height of the mouth line on the mean face; one row of the grid runs along it

# front y, side y, back y, front z, half width, back z, squareness in front, squareness behind
STATIONS = np.array(
    [
        [11.60, 11.60, 11.60, -1.00, 0.00, -1.00, 2.00, 2.0],
        [11.30, 11.32, 11.28, 1.30, 2.08, -3.60, 2.00, 2.0],
        [10.30, 10.38, 10.25, 4.40, 4.24, -6.70, 2.02, 2.0],
        [8.60, 8.75, 8.50, 6.85, 5.95, -8.75, 2.06, 2.0],
        [6.60, 6.75, 6.45, 8.35, 6.84, -9.60, 2.12, 2.0],
        [4.50, 4.60, 4.30, 8.98, 7.22, -9.75, 2.20, 2.0],
        [2.40, 2.40, 2.10, 9.05, 7.22, -9.35, 2.30, 2.0],
        [0.40, 0.40, 0.00, 8.62, 7.08, -8.60, 2.34, 2.0],
        [-1.60, -1.50, -2.10, 8.42, 6.90, -7.60, 2.30, 2.0],
        [-3.60, -3.30, -4.20, 8.50, 6.56, -6.60, 2.20, 2.0],
        [-5.40, -4.90, -5.80, 8.62, 6.16, -5.85, 2.10, 2.0],
        [-7.00, -6.05, -7.00, 8.50, 5.76, -5.40, 2.04, 2.0],
        [-8.80, -6.95, -7.90, 8.28, 5.34, -5.20, 2.00, 2.0],
        [-10.20, -7.55, -8.60, 8.10, 4.98, -5.15, 1.97, 2.0],
        [-11.05, -8.15, -9.25, 7.35, 4.66, -5.15, 1.92, 2.0],
        [-11.45, -8.95, -10.0, 5.90, 4.50, -5.15, 1.90, 2.0],
        [-12.00, -10.15, -10.90, 4.35, 4.38, -5.15, 2.00, 2.0],
        [-13.20, -12.20, -12.40, 3.45, 4.36, -5.25, 2.00, 2.0],
        [-15.00, -14.20, -13.80, 3.15, 5.00, -5.75, 2.00, 2.1],
        [-16.60, -15.90, -15.20, 3.35, 7.90, -6.50, 2.05, 2.2],
        [-18.20, -17.20, -16.60, 4.00, 12.4, -7.20, 2.15, 2.3],
        [-20.40, -19.60, -18.80, 5.20, 16.3, -7.80, 2.25, 2.4],
        [-24.00, -24.00, -24.00, 6.60, 19.0, -8.20, 2.35, 2.4],
    ]
)
# Rows between heights of the front line: dense where eyes, nose and mouth are.
BANDS = (
    (11.6, 6.5, 32),
    (6.5, 2.7, 27),
    (2.7, 1.4, 15),
    (1.4, -1.3, 40),
    (-1.3, -3.0, 19),
    (-3.0, -4.8, 27),
    (-4.8, MOUTH, 24),
    (MOUTH, -8.4, 24),
    (-8.4, -11.05, 24),
    (-11.05, -12.0, 12),
    (-12.0, -16.0, 12),
    (-16.0, -24.0, 11),
)


def _places() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Spline parameter of every station and of every row (the mouth row twice)."""
    front = STATIONS[:, [0, 3]]
    steps = np.hypot(*np.diff(front, axis=0).T)
    knots = np.concatenate([[0], np.cumsum(steps)])
    fine = np.linspace(0, knots[-1], 6000)
    height = np.minimum.accumulate(CubicSpline(knots, STATIONS[:, 0])(fine))
    rows: list[float] = []
    for k, (top, bottom, count) in enumerate(BANDS):
        start, end = np.interp([-top, -bottom], -height, fine)
        begin = 0.0 if k == 0 else float(start)
        rows += list(np.linspace(begin, end, count, endpoint=False))
    rows.append(knots[-1])
    places = np.array(rows)
    places = gaussian_filter1d(places, 3.0, mode="nearest")
    places[0], places[-1] = 0.0, knots[-1]
    mouth = int(np.argmin(np.abs(np.interp(places, fine, height) - MOUTH)))
    places[mouth] = np.interp(-MOUTH, -height, fine)
    return knots, np.insert(places, mouth, places[mouth])


@lru_cache(maxsize=1)
def row_table() -> NDArray[np.float64]:
    """The stations interpolated to every row of the grid, shape (R, 8)."""
    knots, places = _places()
    table = CubicSpline(knots, STATIONS)(places)
    table[0, 4] = 0.0
    return np.asarray(table)


@lru_cache(maxsize=1)
def seam_row() -> int:
    """Number of the row along the upper lip's edge; the next row is the lower lip's."""
    same = np.diff(_places()[1]) == 0
    return int(np.nonzero(same)[0][0])


@lru_cache(maxsize=1)
def angles() -> Float:
    """Angle of every column of the half grid, 0 (front) to pi (back), shape (HALF,)."""
    spacing = np.interp(np.arange(HALF - 1), [0, 58, 80, HALF - 1], [0.0103, 0.0118, 0.030, 0.0640])
    turn = np.concatenate([[0], np.cumsum(spacing)])
    return (turn * np.pi / turn[-1]).astype(np.float32)


def bump(x: Float, y: Float, at: tuple[float, float], size: tuple[float, float]) -> Float:
    """A soft hill of height 1, even in ``x``: its mirror image is added where the two meet."""
    a, b = at
    wide, high = np.float32(1 / size[0]), np.float32(1 / size[1])
    v = (y - np.float32(b)) * high
    v = -v * v
    u = (x - np.float32(a)) * wide
    out = np.exp(v - u * u)
    if 0 < a < 2.2 * size[0]:
        u = (x + np.float32(a)) * wide
        out += np.exp(v - u * u)
    return np.asarray(out, np.float32)


def hill(y: NDArray[np.float64], at: float, size: float) -> NDArray[np.float64]:
    """A soft hill along one line."""
    return np.exp(-(((y - at) / size) ** 2))


def ramp(x: NDArray, start: float, end: float) -> NDArray:
    """0 before ``start``, 1 after ``end`` (which may lie below), smooth between."""
    t = np.clip((x - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def stretch(y: NDArray[np.float64] | float, length: float, chin: float) -> NDArray[np.float64]:
    """Heights on a face ``length`` times as long below the eyes, with ``chin`` more chin."""
    y = np.asarray(y, float)
    below = np.clip(y, -11.3, 0.0)
    drop = ramp(y, -7.6, -10.9)
    return y + (length - 1) * below - chin * drop


def rings(s: Mapping[str, float]) -> NDArray[np.float64]:
    """The row table of one person, shape (R, 8): widths, heights, profile of skull and jaw."""
    t = row_table().copy()
    y = t[:, 0].copy()
    face = ramp(y, 5.0, 0.5) * ramp(y, -13.0, -11.0)
    wide = 1 + 0.024 * s["face_width"] * face + 0.009 * s["face_width"] * ramp(y, 0.0, 5.0)
    t[:, 4] *= wide
    t[:, 4] += 0.14 * s["temple_width"] * hill(y, 4.6, 3.6)
    t[:, 4] += 0.15 * s["cheekbone_width"] * hill(y, -1.4, 2.6)
    # the soft lower face: jaw and flesh together, never wider than the cheekbones carry
    soft = 0.38 * s["jaw_width"] + 0.38 * s["cheek_fullness"]
    soft *= 1.0 if soft > 0 else 0.72
    t[:, 4] += 0.95 * np.tanh(soft / 0.95) * hill(y, -8.0, 3.4) + 0.16 * hill(y, -8.2, 2.6)
    t[:, 4] += (0.07 * s["cheek_fullness"] + 0.05 * s["face_width"]) * hill(y, -4.6, 3.0)
    t[:, 6] += 0.05 * s["cheek_fullness"] * hill(y, -6.8, 3.0)
    # flesh under the chin of full faces
    t[:, 3] += 0.50 * max(s["cheek_fullness"], 0.0) * hill(y, -12.3, 1.0)
    slim = float(np.clip(0.085 - 0.022 * s["jaw_width"] - 0.020 * s["cheek_fullness"], 0.02, 0.14))
    t[:, 4] *= 1 - slim * ramp(y, -10.4, -12.0) * ramp(y, -17.0, -13.4)
    t[:, 4] += 0.06 * (s["jaw_width"] + s["chin_width"]) * hill(y, -13.5, 3.0)  # neck
    t[:, 1] -= 0.22 * s["jaw_angle"] * hill(y, -8.6, 2.2)
    t[:, 6] += 0.07 * s["jaw_angle"] * hill(y, -8.6, 2.4) + 0.05 * s["chin_width"] * hill(
        y, -10.2, 1.4
    )
    t[:, 3] += s["midface_projection"] * 0.17 * hill(y, -2.6, 2.8)
    t[:, 3] += s["mouth_projection"] * 0.20 * hill(y, -6.4, 2.6)
    t[:, 3] += s["chin_projection"] * 0.24 * hill(y, -10.5, 1.7)
    t[:, 3] -= s["forehead_slope"] * 0.24 * hill(y, 7.4, 2.6)
    crown = 1 + 0.022 * s["cranium_height"] * ramp(y, 3.0, 9.0)
    t[:, :3] *= crown[:, None]
    length, chin = 1 + 0.024 * s["face_length"], 0.27 * s["chin_height"]
    for k in range(3):
        t[:, k] = stretch(t[:, k], length, chin * (1.0 if k == 0 else 0.35))
    return t


def loft(table: NDArray[np.float64]) -> Float:
    """Points of half a head on its rings, shape (R, HALF, 3), front midline to back midline."""
    turn = angles()
    s, c = np.sin(turn), np.cos(turn)
    s[-1] = 0.0
    t = table.astype(np.float32)
    height = t[:, 1:2] + (t[:, 0:1] - t[:, 2:3]) / 2 * c
    height = height + ((t[:, 0:1] + t[:, 2:3]) / 2 - t[:, 1:2]) * c * c
    mix = ramp(c, -0.35, 0.35).astype(np.float32)
    n = t[:, 7:8] + (t[:, 6:7] - t[:, 7:8]) * mix
    depth = np.where(c >= 0, t[:, 3:4] - AXIS, AXIS - t[:, 5:6])
    wide = np.maximum(t[:, 4:5], 1e-4)
    depth = np.maximum(depth, 1e-4)
    radius = ((s / wide) ** n + (np.abs(c) / depth) ** n) ** (-1 / n)
    out = np.stack([radius * s, height, AXIS + radius * c], -1)
    out[0] = (0.0, table[0, 0], AXIS)
    return np.asarray(out, np.float32)
