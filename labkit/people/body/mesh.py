"""Triangle meshes and the z-buffer that turns them into per-pixel buffers.

In: vertices in centimetres (x right, y up, z towards the viewer), already posed, and per-vertex
values to carry along.  Out: which triangle each pixel sees, how deep it is, and the carried values
interpolated.  Nothing here knows what a face is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Float = NDArray[np.float32]
Int = NDArray[np.int32]

MATERIALS = ("skin", "cloth", "covering", "frame", "lens", "teeth", "mouth", "hair")


@dataclass
class Mesh:
    """A surface of one material.

    Parameters
    ----------
    points
        Vertices, shape (n, 3), centimetres, rest pose.
    triangles
        Vertex numbers, shape (m, 3), counter-clockwise seen from outside.
    material
        One of :data:`MATERIALS`.
    colour
        Linear albedo per vertex, shape (n, 3). ``None`` for skin, whose colour comes from textures.
    uv
        Texture coordinates 0..1 per vertex, shape (n, 2); skin only.
    roughness
        Perceptual roughness 0..1; the GGX parameter is its square (Burley 2012).
    normals, tangent
        Unit vectors per vertex, shape (n, 3); normals are computed when ``None``; a tangent is the
        direction of hair and turns on its sheen.
    opacity
        0..1 per vertex, shape (n,); ``None`` means opaque.

    Examples
    --------
    >>> import numpy as np
    >>> m = Mesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], np.int32), "cloth")
    >>> m.points.shape
    (3, 3)
    """

    points: Float
    triangles: Int
    material: str
    colour: Float | None = None
    uv: Float | None = None
    roughness: float = 0.6
    normals: Float | None = None
    tangent: Float | None = None
    opacity: Float | None = None

    def __post_init__(self) -> None:
        if self.material not in MATERIALS:
            raise ValueError(f"mesh material {self.material!r} is unknown: use one of {MATERIALS}")
        self.points = np.ascontiguousarray(self.points, np.float32)
        self.triangles = np.ascontiguousarray(self.triangles, np.int32)


def grid_triangles(rows: int, columns: int, wrap: bool = False) -> Int:
    """Triangles of a grid of ``rows`` x ``columns`` vertices numbered row by row, shape (m, 3).

    Row numbers grow downwards and column numbers to the right when seen from outside, so that the
    triangles are counter-clockwise.  With ``wrap`` the last column joins the first.

    Examples
    --------
    >>> grid_triangles(2, 2).tolist()
    [[0, 2, 1], [3, 1, 2]]
    """
    across = columns if wrap else columns - 1
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(across), indexing="ij")
    a = (r * columns + c).ravel()
    b = (r * columns + (c + 1) % columns).ravel()
    d, e = a + columns, b + columns
    return (
        np.stack([np.stack([a, d, b], -1), np.stack([e, b, d], -1)], 1)
        .reshape(-1, 3)
        .astype(np.int32)
    )


@njit(cache=True)
def vertex_normals(points, triangles):
    """Unit normals per vertex, weighted by area, shape (n, 3)."""
    out = np.zeros_like(points)
    for t in range(triangles.shape[0]):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay, az = (
            points[j, 0] - points[i, 0],
            points[j, 1] - points[i, 1],
            points[j, 2] - points[i, 2],
        )
        bx, by, bz = (
            points[k, 0] - points[i, 0],
            points[k, 1] - points[i, 1],
            points[k, 2] - points[i, 2],
        )
        nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        for v in (i, j, k):
            out[v, 0] += nx
            out[v, 1] += ny
            out[v, 2] += nz
    for v in range(points.shape[0]):
        length = np.sqrt(out[v, 0] ** 2 + out[v, 1] ** 2 + out[v, 2] ** 2) + np.float32(1e-12)
        out[v, 0] /= length
        out[v, 1] /= length
        out[v, 2] /= length
    return out


@njit(cache=True)
def rasterise(px, py, depth, triangles, first, zbuffer, index, bary):
    """Draw triangles into a z-buffer (larger depth = nearer); changes the buffers in place.

    Parameters
    ----------
    px, py, depth
        Pixel coordinates and depth of the vertices, each shape (n,), float32.
    triangles
        Shape (m, 3).
    first
        Number that the first triangle has in ``index``.
    zbuffer, index, bary
        Shapes (h, w) float32, (h, w) int32 and (h, w, 2) float32: depth, triangle number and the
        weights of its first two vertices.
    """
    height, width = zbuffer.shape
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, y0, x1, y1, x2, y2 = px[a], py[a], px[b], py[b], px[c], py[c]
        area = (y1 - y2) * (x0 - x2) + (x2 - x1) * (y0 - y2)
        if -1e-9 < area < 1e-9:
            continue
        left = max(0, int(np.ceil(min(x0, x1, x2))))
        right = min(width - 1, int(np.floor(max(x0, x1, x2))))
        top = max(0, int(np.ceil(min(y0, y1, y2))))
        bottom = min(height - 1, int(np.floor(max(y0, y1, y2))))
        if left > right or top > bottom:
            continue
        inverse = np.float32(1.0) / area
        for j in range(top, bottom + 1):
            for i in range(left, right + 1):
                w0 = ((y1 - y2) * (i - x2) + (x2 - x1) * (j - y2)) * inverse
                if w0 < -1e-5:
                    continue
                w1 = ((y2 - y0) * (i - x2) + (x0 - x2) * (j - y2)) * inverse
                w2 = np.float32(1.0) - w0 - w1
                if w1 < -1e-5 or w2 < -1e-5:
                    continue
                z = w0 * depth[a] + w1 * depth[b] + w2 * depth[c]
                if z > zbuffer[j, i]:
                    zbuffer[j, i] = z
                    index[j, i] = first + t
                    bary[j, i, 0] = w0
                    bary[j, i, 1] = w1


@njit(cache=True)
def interpolate(index, bary, triangles, first, values, out):
    """Carry ``values`` (n, k) of vertices to pixels that see the triangles: ``out`` (h, w, k)."""
    height, width = index.shape
    last = first + triangles.shape[0]
    for j in range(height):
        for i in range(width):
            t = index[j, i]
            if t < first or t >= last:
                continue
            a, b, c = triangles[t - first, 0], triangles[t - first, 1], triangles[t - first, 2]
            w0, w1 = bary[j, i, 0], bary[j, i, 1]
            w2 = np.float32(1.0) - w0 - w1
            for k in range(values.shape[1]):
                out[j, i, k] = w0 * values[a, k] + w1 * values[b, k] + w2 * values[c, k]
