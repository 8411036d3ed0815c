"""Everything solid in front of the lens, gathered into one set of buffers.

In: meshes in the rest pose, a View.  Out: posed vertices for the shadow map and, per pixel, what is
seen there (material, normal, position, openness, colour or texture coordinates).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.body.mesh import MATERIALS, Mesh, interpolate, rasterise, vertex_normals
from labkit.people.photo import occlusion, shade
from labkit.people.photo.view import View

Float = NDArray[np.float32]
Int = NDArray[np.int32]


@dataclass
class Sky:
    """Depth maps of a dressed head from all sides: asks once, answers for any surface.

    Parameters
    ----------
    points, triangles
        The surfaces that hide the sky, rest pose.
    """

    points: Float
    triangles: Int
    maps: list[tuple[Float, Float, Float]] = field(init=False)

    def __post_init__(self) -> None:
        self.maps = []
        for towards in occlusion.sky_directions():
            zbuffer, axes = occlusion.depth_map(
                self.points, self.triangles, towards, occlusion.SKY_CELLS, occlusion.SKY_EXTENT
            )
            self.maps.append((towards, axes, zbuffer))

    def open(
        self, points: Float, normals: Float, start: float = occlusion.START
    ) -> tuple[Float, Float]:
        """Openness 0..1, shape (n,), and mean open direction, shape (n, 3), of points with normals.

        Rays begin ``start`` centimetres above the surface.
        """
        return occlusion.gather(points, normals, self.maps, start)


@dataclass
class Buffers:
    """What each pixel sees.

    Parameters
    ----------
    material
        Index into :data:`labkit.people.body.mesh.MATERIALS`, -1 where only backdrop, shape (h, w).
    values
        Interpolated columns as numbered in shade, shape (h, w, shade.CHANNELS).
    depth
        Depth of the nearest surface, shape (h, w); very low where only backdrop.
    """

    material: NDArray[np.int8]
    values: Float
    depth: Float


@njit(cache=True)
def _materials(index, per_triangle, out):
    height, width = index.shape
    for j in range(height):
        for i in range(width):
            t = index[j, i]
            out[j, i] = per_triangle[t] if t >= 0 else -1


@njit(cache=True)
def _unit(values, material):
    height, width, _ = values.shape
    for j in range(height):
        for i in range(width):
            if material[j, i] < 0:
                continue
            for first in (0, 7):
                x, y, z = values[j, i, first], values[j, i, first + 1], values[j, i, first + 2]
                length = np.sqrt(x * x + y * y + z * z) + np.float32(1e-9)
                values[j, i, first] /= length
                values[j, i, first + 1] /= length
                values[j, i, first + 2] /= length


@dataclass
class Piece:
    """One mesh with its per-vertex openness, ready to be posed and drawn."""

    mesh: Mesh
    openness: Float
    bent: Float
    normals: Float

    @classmethod
    def of(cls, mesh: Mesh, sky: Sky, start: float = occlusion.START) -> Piece:
        """A mesh with normals and openness found."""
        normals = (
            mesh.normals
            if mesh.normals is not None
            else vertex_normals(mesh.points, mesh.triangles)
        )
        openness, bent = sky.open(mesh.points, normals, start)
        return cls(mesh, openness, bent, normals)


def columns(piece: Piece, posed: Float, sight: View) -> Float:
    """Per-vertex values in the order that shade expects, shape (n, CHANNELS)."""
    mesh = piece.mesh
    out = np.zeros((len(posed), shade.CHANNELS), np.float32)
    out[:, 0:3] = sight.turn(piece.normals, mesh.points)
    out[:, 3:6] = posed
    out[:, 6] = piece.openness
    out[:, 7:10] = sight.turn(piece.bent, mesh.points)
    if mesh.uv is not None:
        out[:, 10:12] = mesh.uv
    elif mesh.colour is not None:
        out[:, 10:13] = mesh.colour
    out[:, 13:15] = mesh.points[:, :2]
    out[:, 15] = mesh.roughness
    return out


def draw(pieces: list[Piece], posed: list[Float], sight: View) -> Buffers:
    """Draw opaque pieces; the nearest surface wins."""
    n = sight.pixels
    zbuffer = np.full((n, n), occlusion.FAR, np.float32)
    index = np.full((n, n), -1, np.int32)
    bary = np.empty((n, n, 2), np.float32)
    values = np.zeros((n, n, shade.CHANNELS), np.float32)
    triangles, codes = joined(pieces)
    px, py, depth = sight.project(np.concatenate(posed))
    rasterise(px, py, depth, triangles, 0, zbuffer, index, bary)
    carried = np.concatenate([columns(p, q, sight) for p, q in zip(pieces, posed, strict=True)])
    interpolate(index, bary, triangles, 0, carried, values)
    material = np.empty((n, n), np.int8)
    _materials(index, codes, material)
    _unit(values, material)
    return Buffers(material, values, zbuffer)


def joined(pieces: list[Piece]) -> tuple[Int, NDArray[np.int8]]:
    """Triangles of all pieces over one list of vertices, and the material of each triangle."""
    sizes = [len(p.mesh.points) for p in pieces]
    starts = np.cumsum([0, *sizes[:-1]])
    triangles = [p.mesh.triangles + np.int32(s) for p, s in zip(pieces, starts, strict=True)]
    codes = [
        np.full(len(t), MATERIALS.index(p.mesh.material), np.int8)
        for p, t in zip(pieces, triangles, strict=True)
    ]
    return np.concatenate(triangles).astype(np.int32), np.concatenate(codes)
