"""What shows between parted lips: the hollow of the mouth and the upper teeth.

In: the expressed grid and the measures of its face.  Out: meshes of material ``'mouth'`` and
``'teeth'``.  Teeth are quiet: no brighter than the white of the eye, shaded to the sides, with only
a breath of shadow between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from labkit.people.body import head_features as feature
from labkit.people.body.head_features import Measures
from labkit.people.body.head_form import seam_row
from labkit.people.body.mesh import Mesh, grid_triangles

Float = NDArray[np.float32]

IVORY = np.array([0.40, 0.362, 0.300], np.float32)
DEEP = np.array([0.16, 0.050, 0.045], np.float32)
TONGUE = np.array([0.30, 0.105, 0.092], np.float32)
BORDERS = (0.0, 0.44, 0.79, 1.16, 1.5, 1.86, 2.2)  # between the teeth, cm from the middle
ARCH = 0.150  # curve of the dental arch, 1/cm


def half_columns(grid: Float, m: Measures) -> int:
    """Columns on each side of the midline between the corners of the mouth."""
    middle = grid.shape[1] // 2
    return int(np.searchsorted(grid[seam_row(), middle:, 0], m.mouth_half))


def inside(points: Float, m: Measures) -> list[Mesh]:
    """The hollow and the teeth behind the lips of an expressed grid."""
    return [_hollow(points, m), _teeth(points, m)]


def _hollow(points: Float, m: Measures) -> Mesh:
    """A dark bowl from the upper to the lower lip."""
    middle, half = points.shape[1] // 2, half_columns(points, m) + 1
    span = slice(middle - half, middle + half + 1)
    row = seam_row()
    up, low = points[row, span], points[row + 1, span]
    t = np.linspace(0, 1, 9)[:, None, None].astype(np.float32)
    back = np.clip(np.sin(np.pi * t), 0, 1) ** 0.7
    out = up * (1 - t) + low * t
    out[..., 0:1] = out[..., 0:1] * (1 + 0.22 * back)
    out[..., 1:2] += (1 - 2 * t) * back * np.float32(0.5)
    out[..., 2:3] -= 1.7 * back + 0.04
    tongue = np.exp(-(((t - 0.74) / 0.16) ** 2))
    rim = np.exp(-((np.minimum(t, 1 - t) / 0.09) ** 2))
    centre = np.exp(-((out[..., 0:1] / 1.3) ** 4))
    colour = DEEP + (TONGUE - DEEP) * (0.75 * tongue * centre + 0.15 * rim)
    colour = np.broadcast_to(colour, out.shape)
    faces = grid_triangles(*out.shape[:2])
    return Mesh(
        out.reshape(-1, 3),
        faces,
        "mouth",
        colour=np.ascontiguousarray(colour.reshape(-1, 3)),
        roughness=0.4,
    )


def _teeth(points: Float, m: Measures) -> Mesh:
    """The upper arch."""
    wide = np.float32(min(2.85, 0.96 * m.mouth_half))
    x = np.linspace(-wide, wide, 113).astype(np.float32)[None, :]
    t = np.linspace(0, 1, 9).astype(np.float32)[:, None]
    rest = float(feature.seam_curve(m, np.zeros(1, np.float32))[0])
    row, middle = seam_row(), points.shape[1] // 2
    front = float(points[row, middle, 2]) - 0.26
    # the edges of the teeth follow the lower lip and leave a sliver of the hollow over it
    half = half_columns(points, m) + 1
    low = points[row + 1, middle - half : middle + half + 1]
    lip = np.interp(x, low[:, 0], low[:, 1]).astype(np.float32)
    behind = np.minimum(points[row, middle - half : middle + half + 1, 2], low[:, 2]) - 0.24
    behind = np.interp(x, low[:, 0], behind).astype(np.float32)
    sag = float(points[row, middle, 1] - points[row + 1, middle, 1])
    seen = min(0.76 * sag, 0.50 + 0.30 * sag)
    edge = float(points[row, middle, 1]) - seen
    arc = edge + 0.75 * (lip - float(points[row + 1, middle, 1]))
    near = np.min([np.abs(np.abs(x) - b) for b in BORDERS], axis=0)
    gap = np.exp(-((near / 0.045) ** 2))
    bottom = np.minimum(arc, rest + 0.5) + 0.035 * gap
    top = rest + 0.95
    y = top + (bottom - top) * t + 0 * x
    z = front - ARCH * x * x - 0.03 * gap + 0.10 * np.sin(np.pi * (0.25 + 0.6 * t))
    z = np.minimum(z, behind)
    shade = (1 - 0.72 * (np.abs(x) / wide) ** 1.8) * (1 - 0.08 * gap) * (0.74 + 0.26 * t**0.6)
    pts = np.stack(np.broadcast_arrays(x, y, z), -1).astype(np.float32)
    colour = (IVORY * np.broadcast_to(shade, y.shape)[..., None]).astype(np.float32)
    faces = grid_triangles(*y.shape)
    return Mesh(pts.reshape(-1, 3), faces, "teeth", colour=colour.reshape(-1, 3), roughness=0.35)
