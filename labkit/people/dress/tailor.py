"""The tailor's dummy: what shirts, coverings and glasses share.

In: a :class:`~labkit.people.body.head.Head`, of which only ``grid``, ``scalp`` and ``landmarks``
are read.  Out: a :class:`Form`, the head as a radius over (angle, run), and small tools that lay
sheets of cloth on it.  Nothing here can see a person's skin.

The coordinates are those of a capsule: above ``MIDDLE`` the directions of a sphere, below it the
sides of a cylinder.  ``theta`` is the angle round the vertical axis (0 = front, positive = +x) and
``run`` counts centimetres from the crown downwards, so that ``run = TOP + MIDDLE - y`` below the
middle.  Cloth is then a grid of (theta, run, offset), and offsets are along the true normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter, uniform_filter1d

from labkit.people.body.mesh import Mesh, grid_triangles, rasterise, vertex_normals

Float = NDArray[np.floating[Any]]
Int = NDArray[np.int32]

ROOM = 5
MIDDLE, BACK = 1.5, -1.0  # y of the sphere's centre, z of the axis
REACH = 11.0  # cm of run per radian on the sphere
TOP = REACH * np.pi / 2
STEP = 0.35  # cm of run per row of the map
ROWS, COLUMNS = 128, 145


@dataclass(frozen=True)
class Form:
    """A head as radii in cm, each map of shape (ROWS, COLUMNS).

    Parameters
    ----------
    skin
        Everything, nose included.
    skull
        The smooth skull above, without nose and lips; what coverings lie on.
    neck
        Neck and shoulders alone: jaw and chin are cut away so that collars pass below them.
    landmarks
        The head's named points.
    """

    skin: Float
    skull: Float
    neck: Float
    landmarks: dict[str, Any]


def rng_of(seed: int, salt: int = 0) -> np.random.Generator:
    """Random numbers of this room for one ``seed``."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, int(seed), salt]))


def linear(code: str) -> Float:
    """Linear albedo (3,) of a colour written as ``'c04a3b'`` in sRGB (IEC 61966-2-1).

    Examples
    --------
    >>> linear("ffffff").tolist()
    [1.0, 1.0, 1.0]
    """
    s = np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)]) / 255.0
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4).astype(np.float32)


def smoothstep(x: ArrayLike, low: float = 0.0, high: float = 1.0) -> Float:
    """0 below ``low``, 1 above ``high`` and a soft S between."""
    t = np.clip((np.asarray(x, np.float32) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def run_of(y: ArrayLike) -> Any:
    """Run in cm of a height ``y`` at or below the middle of the skull."""
    return TOP + MIDDLE - np.asarray(y, np.float32)


def mark(landmarks: dict[str, Any], name: str, axis: int, default: float) -> float:
    """One coordinate of a landmark, which may be a point or (for axis 1) a plain height."""
    value = landmarks.get(name)
    if value is None:
        return default
    value = np.asarray(value, float)
    return float(value[axis] if value.ndim else value)


@njit(cache=True)
def _unroll(grid):
    """Column, row and radius in the map for every vertex of a head grid, each shape (R, C)."""
    rows, columns = grid.shape[0], grid.shape[1]
    out = np.empty((3, rows, columns), np.float32)
    for i in range(rows):
        for j in range(columns):
            x, y, z = grid[i, j, 0], grid[i, j, 1] - MIDDLE, grid[i, j, 2] - BACK
            across = np.sqrt(x * x + z * z)
            angle = np.arctan2(x, z)
            if across < 0.3:
                angle = -np.pi + 2 * np.pi * j / (columns - 1)
            # The back midline is both -pi and pi: the column decides.
            if j < columns // 3 and angle > 1:
                angle -= 2 * np.pi
            if j > 2 * columns // 3 and angle < -1:
                angle += 2 * np.pi
            if y > 0:
                out[1, i, j] = np.arctan2(across, y) * REACH / STEP
                out[2, i, j] = np.sqrt(across * across + y * y)
            else:
                out[1, i, j] = (TOP - y) / STEP
                out[2, i, j] = across
            out[0, i, j] = (angle + np.pi) / (2 * np.pi) * (COLUMNS - 1)
    return out


@njit(cache=True)
def _fill(radius):
    """Fill the gaps (negative) from the nearest row, first downwards and then upwards."""
    rows, columns = radius.shape
    for j in range(columns):
        for i in range(1, rows):
            if radius[i, j] < 0:
                radius[i, j] = radius[i - 1, j]
        for i in range(rows - 2, -1, -1):
            if radius[i, j] < 0:
                radius[i, j] = radius[i + 1, j]
    for i in range(rows):
        radius[i, 0] = radius[i, columns - 1] = max(radius[i, 0], radius[i, columns - 1])


def _map(grid: Float) -> Float:
    """Outermost radius of a head grid (R, C, 3) over the capsule, shape (ROWS, COLUMNS)."""
    # Cloth bridges small relief: every second point of a fine grid is plenty.
    step = 2 if grid.shape[0] > 160 and grid.shape[1] % 2 else 1
    picked = np.unique(np.append(np.arange(0, grid.shape[0], step), grid.shape[0] - 1))
    grid = np.ascontiguousarray(grid[picked][:, ::step], np.float32)
    columns, rows, radius = _unroll(grid)
    out = np.full((ROWS, COLUMNS), -1.0, np.float32)
    index = np.empty((ROWS, COLUMNS), np.int32)
    bary = np.empty((ROWS, COLUMNS, 2), np.float32)
    triangles = grid_triangles(*grid.shape[:2])
    rasterise(columns.ravel(), rows.ravel(), radius.ravel(), triangles, 0, out, index, bary)
    out[0] = out[1] = out[2].mean()
    _fill(out)
    return out


def soften(radius: Float, rows: int, columns: int) -> Float:
    """Box blur of a map over ``rows`` x ``columns`` cells that knows the back is joined."""
    inner = uniform_filter1d(radius[:, :-1], columns, axis=1, mode="wrap")
    inner = uniform_filter1d(inner, rows, axis=0, mode="nearest")
    return np.concatenate([inner, inner[:, :1]], 1)


def form_of(head: Any) -> Form:
    """Measure a head; the result is kept on the head, which never changes, for the next garment."""
    kept = getattr(head, "_form", None)
    if kept is not None:
        return kept
    skin = _map(head.grid)
    skull = soften(_map(head.scalp), 3, 3)
    neck = np.minimum.accumulate(skin[::-1], axis=0)[::-1]
    form = Form(skin, skull, soften(neck, 5, 5), head.landmarks)
    object.__setattr__(head, "_form", form)
    return form


@njit(cache=True)
def _look(radius, theta, run):
    """Bilinear value of a map at (theta, run)."""
    x = (theta + np.pi) / (2 * np.pi)
    x = (x - np.floor(x)) * (COLUMNS - 1)
    y = min(max(run / STEP, 0.0), ROWS - 1.001)
    i, j = int(y), min(int(x), COLUMNS - 2)
    fy, fx = y - i, x - j
    upper = radius[i, j] * (1 - fx) + radius[i, j + 1] * fx
    lower = radius[i + 1, j] * (1 - fx) + radius[i + 1, j + 1] * fx
    return upper * (1 - fy) + lower * fy


@njit(cache=True)
def _lay(radius, theta, run, offset, out):
    """Points ``offset`` cm above the map along its normal; fills ``out`` (n, 3)."""
    for n in range(theta.shape[0]):
        t, s = theta[n], run[n]
        r = _look(radius, t, s)
        by_run = (_look(radius, t, s + 0.6) - _look(radius, t, max(s - 0.6, 0.0))) / 1.2
        by_theta = (_look(radius, t + 0.06, s) - _look(radius, t - 0.06, s)) / 0.12
        sint, cost = np.sin(t), np.cos(t)
        phi = min(s / REACH, np.pi / 2)
        sinp, cosp = np.sin(phi), np.cos(phi)
        if s < TOP:
            by_run *= REACH / r
        a = min(max(by_run, -2.5), 2.5)
        b = min(max(by_theta / (r * max(sinp, 0.08)), -1.0), 1.0)
        if s < 2.0:
            a *= s / 2.0
            b *= s / 2.0
        dx, dy, dz = sinp * sint, cosp, sinp * cost
        nx = dx - a * cosp * sint - b * cost
        ny = dy + a * sinp
        nz = dz - a * cosp * cost + b * sint
        length = offset[n] / np.sqrt(nx * nx + ny * ny + nz * nz)
        drop = max(s - TOP, 0.0)
        out[n, 0] = r * dx + nx * length
        out[n, 1] = MIDDLE + r * dy - drop + ny * length
        out[n, 2] = BACK + r * dz + nz * length


def lay(radius: Float, theta: ArrayLike, run: ArrayLike, offset: ArrayLike) -> Float:
    """Points on a form, shape (..., 3), for angles, runs and offsets that broadcast together."""
    t, s, o = np.broadcast_arrays(theta, run, offset)
    out = np.empty((t.size, 3), np.float32)
    flat = [np.ascontiguousarray(a, np.float32).ravel() for a in (t, s, o)]
    _lay(radius, flat[0], flat[1], flat[2], out)
    return out.reshape(*t.shape, 3)


@njit(cache=True)
def _look_all(radius, theta, run, out):
    for n in range(theta.shape[0]):
        out[n] = _look(radius, theta[n], run[n])


def look(radius: Float, theta: ArrayLike, run: ArrayLike) -> Float:
    """Radii of a map at angles and runs that broadcast together."""
    t, s = np.broadcast_arrays(theta, run)
    out = np.empty(t.size, np.float32)
    flat = [np.ascontiguousarray(a, np.float32).ravel() for a in (t, s)]
    _look_all(radius, flat[0], flat[1], out)
    return out.reshape(t.shape)


@lru_cache(maxsize=64)
def triangles_of(rows: int, columns: int, wrap: bool = False) -> Int:
    """The triangles of a grid, made once for each size and not to be written to."""
    triangles = grid_triangles(rows, columns, wrap)
    triangles.setflags(write=False)
    return triangles


def sheet(
    points: Float,
    colour: Float,
    material: str = "cloth",
    wrap: bool = False,
    roughness: float = 0.8,
) -> Mesh:
    """A grid of points (rows, columns, 3) as a mesh; ``colour`` is (3,) or (rows, columns, 3).

    Columns run with growing theta, and rows go down the side that is seen.
    """
    rows, columns = points.shape[:2]
    flat = np.ascontiguousarray(points.reshape(-1, 3), np.float32)
    triangles = triangles_of(rows, columns, wrap)
    paint = np.broadcast_to(colour, (rows, columns, 3)).reshape(-1, 3).astype(np.float32)
    normals = vertex_normals(flat, triangles)
    return Mesh(flat, triangles, material, paint, None, roughness, normals)


def fabric(
    colour: ArrayLike, shape: tuple[int, int], rng: np.random.Generator, weave: float = 0.02
) -> Float:
    """Albedo (rows, columns, 3) of a plain cloth: soft cloudy dye and a little thread noise."""
    small = rng.standard_normal((shape[0] // 6 + 2, shape[1] // 6 + 2), np.float32)
    cloud = np.repeat(np.repeat(small, 6, 0), 6, 1)[: shape[0], : shape[1]]
    cloud = uniform_filter(cloud, 7, mode="nearest")
    thread = rng.standard_normal(shape, np.float32)
    value = 1 + np.float32(1.5 * weave) * cloud + np.float32(0.6 * weave) * thread
    return np.clip(np.asarray(colour, np.float32) * value[..., None], 0.004, 0.9)


def hollow(offset: Float, size: int = 9, depth: float = 1.1) -> Float:
    """Darkening 0.6..1 of the valleys of an offset field (rows, columns), for soft creases."""
    below = uniform_filter(offset, size, mode="nearest") - offset
    return np.exp(-depth * np.clip(below, 0, 0.45))[..., None].astype(np.float32)


def ridge(distance: ArrayLike, lead: float, trail: float) -> Float:
    """A fold's cross-section: 1 at distance 0, soft over ``lead`` below and ``trail`` above."""
    d = np.asarray(distance, np.float32)
    return np.exp(-((d / np.where(d < 0, lead, trail).astype(np.float32)) ** 2))


def tube(
    path: Float, radius: ArrayLike, sides: int = 10, flat: float = 1.0, closed: bool = False
) -> tuple[Float, Int]:
    """Points and triangles of a tube along ``path`` (n, 3).

    ``radius`` is one number or (n,); ``flat`` scales the cross-section along z, for frames that are
    deeper than they are wide.
    """
    path = np.asarray(path, np.float32)
    if closed:
        ahead = np.roll(path, -1, 0) - np.roll(path, 1, 0)
    else:
        ahead = np.gradient(path, axis=0).astype(np.float32)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    reference = np.array([0, 0, 1], np.float32)
    if abs(ahead[:, 2]).mean() > 0.7:
        reference = np.array([0, 1, 0], np.float32)
    side = np.cross(ahead, reference)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    over = np.cross(side, ahead)
    a = np.linspace(0, 2 * np.pi, sides, endpoint=False, dtype=np.float32)
    r = np.broadcast_to(np.asarray(radius, np.float32), (len(path),))[:, None, None]
    ring = (
        np.cos(a)[None, :, None] * side[:, None] + flat * np.sin(a)[None, :, None] * over[:, None]
    )
    points = (path[:, None] + r * ring).reshape(-1, 3)
    if closed:
        i = np.arange(len(path) * sides).reshape(len(path), sides)
        below, right = np.roll(i, -1, 0), np.roll(i, -1, 1)
        corner = np.roll(below, -1, 1)
        quads = [np.stack([i, below, right], -1), np.stack([corner, right, below], -1)]
        triangles = np.stack(quads, 2).reshape(-1, 3).astype(np.int32)
    else:
        triangles = grid_triangles(len(path), sides, wrap=True)
    return points, outward(points, triangles, np.repeat(path, sides, 0))


def outward(points: Float, triangles: Int, centre: Float) -> Int:
    """Triangles turned to face away from ``centre`` (n, 3), one point for each vertex."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    sense = np.einsum("ij,ij->i", np.cross(b - a, c - a), a - centre[triangles[:, 0]]).sum()
    return triangles if sense >= 0 else np.ascontiguousarray(triangles[:, ::-1])


def joined(parts: list[tuple[Float, Int]], colour: Float, material: str, roughness: float) -> Mesh:
    """Several (points, triangles) of one colour as one mesh."""
    points = np.concatenate([p for p, _ in parts]).astype(np.float32)
    starts = np.cumsum([0] + [len(p) for p, _ in parts[:-1]])
    triangles = np.concatenate([t + s for (_, t), s in zip(parts, starts, strict=True)]).astype(
        np.int32
    )
    paint = np.broadcast_to(colour, points.shape).astype(np.float32)
    return Mesh(
        points, triangles, material, paint, None, roughness, vertex_normals(points, triangles)
    )
