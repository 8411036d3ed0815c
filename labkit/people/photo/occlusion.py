"""How open each point is to the light: ambient occlusion and soft shadows of the key light.

In: meshes in the picture's axes or in the rest pose.  Out: for every vertex the share of the sky it
sees and the mean open direction; for every pixel the share of the soft box it sees.

Ambient occlusion by depth maps from many directions is the classic way to cast hemispheres of rays
on a rasteriser (Pharr and Green 2004, GPU Gems chapter 17); the soft shadow follows
percentage-closer soft shadows (Fernando 2005, SIGGRAPH sketches).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.body.mesh import rasterise

Float = NDArray[np.float32]
Int = NDArray[np.int32]

SKY = 26  # directions cast for ambient occlusion
SKY_CELLS = 112  # side of each depth map
SKY_EXTENT = 21.0  # half width of the depth maps, centimetres
SHADOW_CELLS = 240
SHADOW_EXTENT = 19.0
FAR = np.float32(-1e9)
START = 0.42  # centimetres above the surface where a ray starts
FINE = 0.15  # the same for small forms such as ears


def sky_directions(count: int = SKY) -> Float:
    """Directions spread evenly over the sphere (Fibonacci lattice), unit, shape (count, 3)."""
    k = np.arange(count) + 0.5
    z = 1 - 2 * k / count
    turn = math.pi * (1 + math.sqrt(5)) * k
    r = np.sqrt(1 - z * z)
    return np.stack([r * np.cos(turn), z, r * np.sin(turn)], -1).astype(np.float32)


def _frame(towards: Float) -> Float:
    """Rows: two axes across ``towards``, then ``towards`` itself, shape (3, 3)."""
    up = (
        np.array([0, 1, 0], np.float32)
        if abs(towards[1]) < 0.95
        else np.array([1, 0, 0], np.float32)
    )
    a = np.cross(up, towards)
    a /= np.linalg.norm(a)
    return np.stack([a, np.cross(towards, a), towards]).astype(np.float32)


def depth_map(
    points: Float, triangles: Int, towards: Float, cells: int, extent: float
) -> tuple[Float, Float]:
    """Nearest surface seen from a far light; returns the map (cells, cells) and its axes (3, 3)."""
    axes = _frame(towards)
    q = np.asarray(points @ axes.T, np.float32)
    k = cells / (2 * extent)
    zbuffer = np.full((cells, cells), FAR, np.float32)
    index = np.empty((cells, cells), np.int32)
    bary = np.empty((cells, cells, 2), np.float32)
    px = np.ascontiguousarray((q[:, 0] + extent) * k, np.float32)
    py = np.ascontiguousarray((q[:, 1] + extent + 3.0) * k, np.float32)
    rasterise(px, py, np.ascontiguousarray(q[:, 2]), triangles, 0, zbuffer, index, bary)
    return zbuffer, axes


@njit(cache=True)
def _gather_sky(points, normals, towards, axes, zbuffer, extent, bias, openness, bent, weight):
    cells = zbuffer.shape[0]
    k = cells / (2 * extent)
    for i in range(points.shape[0]):
        cosine = (
            normals[i, 0] * towards[0] + normals[i, 1] * towards[1] + normals[i, 2] * towards[2]
        )
        if cosine <= 0:
            continue
        weight[i] += cosine
        # start a little above the surface, so that a point does not hide behind itself
        x = points[i, 0] + bias * normals[i, 0]
        y = points[i, 1] + bias * normals[i, 1]
        z = points[i, 2] + bias * normals[i, 2]
        u = int((axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z + extent) * k + 0.5)
        v = int((axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z + extent + 3.0) * k + 0.5)
        d = axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z
        visible = np.float32(1.0)
        if 0 <= u < cells and 0 <= v < cells:
            above = zbuffer[v, u] - d
            if above > 0:
                visible = max(np.float32(0.0), np.float32(1.0) - above / np.float32(0.5))
        openness[i] += cosine * visible
        for c in range(3):
            bent[i, c] += cosine * visible * towards[c]


def gather(
    points: Float, normals: Float, maps: list[tuple[Float, Float, Float]], start: float = START
) -> tuple[Float, Float]:
    """Openness to the sky and mean open direction of points among occluders.

    Parameters
    ----------
    points, normals
        Receivers, each shape (n, 3), centimetres and unit vectors.
    maps
        Direction (3,), axes (3, 3) and depth map (cells, cells) for each direction cast.
    start
        Where a ray begins, centimetres above the surface.

    Returns
    -------
    openness
        Cosine-weighted share of the sky seen, 0..1, shape (n,).
    bent
        Unit mean open direction, shape (n, 3).
    """
    points = np.ascontiguousarray(points, np.float32)
    normals = np.ascontiguousarray(normals, np.float32)
    openness = np.zeros(len(points), np.float32)
    weight = np.full(len(points), 1e-4, np.float32)
    bent = np.float32(1e-3) * normals
    for towards, axes, zbuffer in maps:
        _gather_sky(
            points,
            normals,
            towards,
            axes,
            zbuffer,
            np.float32(SKY_EXTENT),
            np.float32(start),
            openness,
            bent,
            weight,
        )
    bent /= np.linalg.norm(bent, axis=1, keepdims=True) + 1e-9
    return np.clip(openness / weight, 0, 1), bent


TAPS = 12
_k = np.arange(TAPS) + 0.5
DISC = np.stack(
    [np.sqrt(_k / TAPS) * np.cos(2.399963 * _k), np.sqrt(_k / TAPS) * np.sin(2.399963 * _k)], -1
).astype(np.float32)


@njit(cache=True)
def soft_visibility(x, y, z, axes, zbuffer, extent, spread, disc):
    """Share of the soft box seen from a point: find what stands between, blur by its distance.

    ``spread`` is the tangent of the box's angular radius.
    """
    cells = zbuffer.shape[0]
    k = cells / (2 * extent)
    u = (axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z + extent) * k
    v = (axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z + extent + 3.0) * k
    d = axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z
    radius = np.float32(3.2) * spread * k
    blockers = np.float32(0.0)
    count = 0
    for t in range(disc.shape[0]):
        i, j = int(u + radius * disc[t, 0] + 0.5), int(v + radius * disc[t, 1] + 0.5)
        if 0 <= i < cells and 0 <= j < cells:
            above = zbuffer[j, i] - d
            if above > 0.3:
                blockers += above
                count += 1
    if count == 0:
        return np.float32(1.0)
    radius = max(np.float32(1.1), min(blockers / count * spread * k, np.float32(2.2) * radius))
    lit = np.float32(0.0)
    for t in range(disc.shape[0]):
        i, j = int(u + radius * disc[t, 0] + 0.5), int(v + radius * disc[t, 1] + 0.5)
        if 0 <= i < cells and 0 <= j < cells:
            above = zbuffer[j, i] - d
            # a slope allowance grows with the distance of the tap
            hidden = (above - np.float32(0.18) - np.float32(0.5) * radius / k) / np.float32(0.3)
            lit += np.float32(1.0) - min(max(hidden, np.float32(0.0)), np.float32(1.0))
        else:
            lit += np.float32(1.0)
    return lit / disc.shape[0]
