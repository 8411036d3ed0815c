"""How a face moves: smile, jaw, brows, squint.

In: a head's grid at rest and its measures.  Out: a :class:`Motion`, one field of displacements per
action; an expression is their sum, and the jaw turns round its hinge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.body import head_features as feature
from labkit.people.body.head_features import Measures
from labkit.people.body.head_form import ramp, row_table, seam_row

Float = NDArray[np.float32]

HINGE = (-2.4, 0.6)  # y, z of the jaw joint
OPEN = 0.165  # radians at jaw = 1
SIDE = 84  # columns on each side of the midline that move
ACTIONS = ("smile", "part", "jaw", "brow_up", "brow_down", "squint")


@njit(cache=True)
def _add(grid, fields, weights, top, left, out):
    """``out`` = grid + sum of weights * fields over a block of the grid."""
    rows, columns = grid.shape[0], grid.shape[1]
    for r in range(rows):
        for c in range(columns):
            for k in range(3):
                out[r, c, k] = grid[r, c, k]
    for a in range(fields.shape[0]):
        w = weights[a]
        if w == 0:
            continue
        for r in range(fields.shape[1]):
            for c in range(fields.shape[2]):
                for k in range(3):
                    out[top + r, left + c, k] += w * fields[a, r, c, k]


@dataclass(frozen=True)
class Motion:
    """Displacements of a block of the grid, in the order of :data:`ACTIONS`.

    Parameters
    ----------
    fields
        Centimetres at full strength, shape (6, rows, columns, 3).
    top, left
        Row and column of the grid where the block starts.
    """

    fields: Float
    top: int
    left: int

    def weights(self, capture: Any) -> Float:
        """Strength of every action for a capture, shape (6,)."""
        smile, jaw, brow = float(capture.smile), float(capture.jaw), float(capture.brow)
        part = float(ramp(np.array(smile), 0.50, 0.82))
        glad = float(ramp(np.array(smile), 0.40, 1.0))
        smile = 1 - (1 - smile) ** 1.5  # a little goes a long way: faces read small smiles
        return np.array(
            [
                smile + 0.30 * glad,
                part,
                jaw,
                max(brow, 0.0),
                max(-brow, 0.0),
                float(capture.squint) + 0.9 * glad,
            ],
            np.float32,
        )

    def gap(self, capture: Any) -> float:
        """How far the lips part, 0 when closed."""
        w = self.weights(capture)
        return float(w[1] + w[2]) if w[1] + w[2] > 0.01 else 0.0

    def apply(self, grid: Float, capture: Any) -> Float:
        """The grid with a capture's expression, shape as the grid."""
        out = np.empty_like(grid)
        _add(grid, self.fields, self.weights(capture), self.top, self.left, out)
        return out


def motion(grid: Float, m: Measures) -> Motion:
    """Work out how one face moves."""
    table = row_table()[:, 0]
    top, bottom = int(np.argmax(table < 6.5)), int(np.argmax(table < -15.5))
    middle = grid.shape[1] // 2
    # actions are even: found for x >= 0 and mirrored
    half = np.ascontiguousarray(grid[top:bottom, middle : middle + SIDE])
    seam = seam_row() - top
    x, y, z = half[..., 0], half[..., 1], half[..., 2]
    lower = np.arange(half.shape[0])[:, None] > seam
    w = np.clip(x / np.float32(m.mouth_half), 0, 3)
    fields = np.zeros((len(ACTIONS), *half.shape), np.float32)
    _smile(fields[0], x, y, m)
    _part(fields[1], y - y[seam], lower, w)
    _jaw(fields[2], y, z, y - y[seam], lower, w)
    lid_free = ramp(y, 0.75, 1.75)
    fields[3, ..., 1] = 0.42 * _hill(x, y, (3.0, 2.7), (3.4, 1.5)) * lid_free
    fields[3, ..., 2] = -0.05 * _hill(x, y, (3.0, 3.4), (3.4, 1.2))
    fields[4, ..., 1] = -0.30 * _hill(x, y, (1.9, 2.3), (1.9, 1.2)) * lid_free
    fields[4, ..., 0] = -0.14 * _hill(x, y, (1.7, 2.2), (1.1, 0.9)) * lid_free * ramp(x, 0, 1.0)
    fields[5, ..., 2] = 0.06 * _hill(x, y, (m.eye_x, -0.9), (1.6, 0.45))
    fields[5, ..., 1] = 0.14 * _hill(x, y, (m.eye_x, -2.2), (1.9, 0.75))
    other = fields[:, :, :0:-1] * np.array([-1, 1, 1], np.float32)
    both = np.ascontiguousarray(np.concatenate([other, fields], 2))
    return Motion(both, top, middle - SIDE + 1)


def _hill(x: Float, y: Float, at: tuple[float, float], size: tuple[float, float]) -> Float:
    u = (x - np.float32(at[0])) / np.float32(size[0])
    v = (y - np.float32(at[1])) / np.float32(size[1])

    return np.asarray(np.exp(-u * u - v * v), np.float32)


def _smile(out: Float, x: Float, y: Float, m: Measures) -> None:
    """Corners back and up, cheeks lifted and fuller, a soft fold between."""
    corner = _hill(x, y, (m.mouth_half + 0.1, m.mouth_y), (1.45, 1.25)) * ramp(x, 0.0, 1.2)
    middle = _hill(x, y, (0.0, m.mouth_y), (2.2, 0.9))
    cheek = _hill(x, y, (4.0, m.at(-3.1)), (1.55, 1.35))
    apple = _hill(x, y, (3.9, m.at(-2.7)), (1.25, 0.95))
    d = x - feature.fold_curve(m, y) - np.float32(0.10)
    top, end = m.base + 0.5, m.mouth_y - 0.1
    along = ramp(y, top + 0.4, top - 0.5) * ramp(y, end - 0.3, end + 1.0)
    fold = np.exp(-((d / 0.26) ** 2)) * along
    soft = 0.075 * (1 + 0.30 * m.s["smile_fold"]) * (0.75 + 0.5 * m.age)
    out[..., 0] = 0.54 * corner + 0.12 * cheek
    out[..., 1] = 0.52 * corner + 0.30 * cheek + 0.04 * middle
    out[..., 2] = -0.30 * corner + 0.22 * cheek + 0.17 * apple - 0.10 * middle - soft * fold
    flare = _hill(x, y, (m.nose_half, m.base + 0.4), (0.6, 0.6))
    out[..., 0] += 0.07 * flare
    dimple = max(0.0, float(m.s["dimples"]) - 0.2) * 0.17
    pit = _hill(x, y, (m.mouth_half + 0.85, m.mouth_y + 0.15), (0.30, 0.42))
    out[..., 2] -= np.float32(dimple) * pit
    line_out = _hill(x, y, (m.eye_x, -0.95), (1.5, 0.40))
    out[..., 2] += 0.045 * line_out


def _part(out: Float, rise: Float, lower: NDArray[np.bool_], w: Float) -> None:
    """Lips apart: the upper lip up, the lower down, corners where they are."""
    between = np.clip(1 - np.minimum(w, 1) ** 3.0, 0, 1)
    up = 0.22 * between * np.exp(-((rise / 1.0) ** 2))
    down = -0.34 * between * np.exp(-((rise / 1.1) ** 2))
    out[..., 1] = np.where(lower, down, up)


def _jaw(out: Float, y: Float, z: Float, rise: Float, lower: NDArray[np.bool_], w: Float) -> None:
    """The lower jaw turned round its hinge; cheeks follow in part, the neck hardly."""
    inner = np.minimum(w, 1)
    bow = np.clip(1 - inner**2.2, 0, 1) ** 0.65
    at_seam = np.where(lower, 0.42 + 0.58 * bow, 0.42 * (1 - bow))
    below = at_seam + (1 - at_seam) * ramp(rise, 0.0, -1.9)
    above = at_seam * ramp(rise, 2.2, 0.0)
    share = np.where(lower, below, above)
    share = share * ramp(z, 0.5, 3.6) * ramp(y, -14.6, -11.4)
    dy, dz = y - HINGE[0], z - HINGE[1]
    sin, cos = np.sin(OPEN), np.cos(OPEN)
    out[..., 1] = share * (dy * cos - dz * sin - dy)
    out[..., 2] = share * (dy * sin + dz * cos - dz)
