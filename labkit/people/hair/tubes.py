"""Tubes of hair as meshes: what locs, braids and gathered hair share.

In: roots and directions on a :class:`~labkit.people.hair.hair.Body`.  Out: paths that hang and
slide, and meshes round them.

Tubes hang as chains of short steps that bend to the ground, slide on skull and shoulders and keep
clear of the face; a frame carried along each (parallel transport, Hanson and Ma 1995) turns them
into meshes, and bumps on the frame make lumps of locs, crossings of a braid or turns of a twist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.body.mesh import Mesh, grid_triangles, vertex_normals
from labkit.people.hair.hair import (
    BACK,
    MIDDLE,
    Body,
    hair_colours,
)
from labkit.people.hair.hair import _surface as surface
from labkit.people.hair.strands import Strands

if TYPE_CHECKING:
    from labkit.people.who import Person, Styling

Float = NDArray[Any]  # float32 wherever arrays leave this module

ROOM = 4


def random_of(styling: Styling, salt: int) -> np.random.Generator:
    """Random numbers of one part of this room for a styling."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, int(styling.seed), 10 + salt]))


@njit(cache=True)
def _onto(shape, points, lift, out, normals):
    """Moves points (n, 3) away from the skull's middle until ``lift`` (n,) above the body."""
    hit = np.empty(4, np.float32)
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        dx, dy, dz = x, y - MIDDLE, z - BACK
        size = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6
        dx, dy, dz = dx / size, dy / size, dz / size
        for _ in range(3):
            surface(shape, x, y, z, hit)
            slope = max(0.35, dx * hit[1] + dy * hit[2] + dz * hit[3])
            move = (lift[i] - hit[0]) / slope
            move = min(max(move, -3.0), 3.0)
            x, y, z = x + move * dx, y + move * dy, z + move * dz
        out[i, 0], out[i, 1], out[i, 2] = x, y, z
        for k in range(3):
            normals[i, k] = hit[k + 1]


def lay(body: Body, points: Float, lift: Float | float) -> tuple[Float, Float]:
    """Points (..., 3) laid ``lift`` cm above the body, and the body's normals there."""
    flat = np.ascontiguousarray(points, np.float32).reshape(-1, 3)
    height = np.ascontiguousarray(
        np.broadcast_to(np.float32(lift), points.shape[:-1]).reshape(-1), np.float32
    )
    out, normals = np.empty_like(flat), np.empty_like(flat)
    _onto(body.shape, flat, height, out, normals)
    return out.reshape(points.shape), normals.reshape(points.shape)


# ---------------------------------------------------------------------------------------------
# Tubes
# ---------------------------------------------------------------------------------------------


@njit(cache=True)
def let_hang(
    shape, roots, start, comb, side, length, radius, layer, forward, gravity, stiff, clear, out
):
    """Lets tubes fall; fills ``out`` (S, K, 3).

    ``start`` (S, 3) is the direction at the root and ``comb`` (S, 3) the one that hair keeps while
    it still lies on the top of the head; ``layer`` the height above the body at which it slides,
    ``forward`` the z to which it drifts while it falls, ``clear`` the half width of the face that
    is kept free.
    """
    along = out.shape[1]
    hit = np.empty(4, np.float32)
    for s in range(roots.shape[0]):
        x, y, z = roots[s, 0], roots[s, 1], roots[s, 2]
        dx, dy, dz = start[s, 0], start[s, 1], start[s, 2]
        step = length[s] / (along - 1)
        done = 0.0
        for k in range(along):
            out[s, k, 0], out[s, k, 1], out[s, k, 2] = x, y, z
            on_top = y > 5.0 and z > -4.5 and abs(x) < 5.2
            if on_top:
                w = min(1.0, 0.9 * step)
                dx += w * comb[s, 0]
                dy += w * comb[s, 1] - 0.45 * gravity * step
                dz += w * comb[s, 2]
            else:
                dy -= gravity * step * (1.0 + done) * (1.0 - 0.5 * stiff)
                if y < 1.0:  # past the ears it goes before or behind the shoulder
                    pull = 0.05 * (forward[s] - z)
                    dz += min(0.16, max(-0.16, pull)) * step
            if z > 0.5 and y < 7.2 and y > -11.5:
                want = clear * min(1.0, (7.6 - y) / 2.6)
                if abs(x) < want:
                    dx += side[s] * min(0.9, 0.5 * (want - abs(x))) * step
                    dz -= 0.12 * step
            size = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6
            dx, dy, dz = dx / size, dy / size, dz / size
            x, y, z = x + step * dx, y + step * dy, z + step * dz
            done += step / 10.0
            surface(shape, x, y, z, hit)
            rise = min(1.0, (k + 1) * step / 2.2)
            need = radius[s] * 0.6 + layer[s] * rise
            if y < -9.0:  # room for a shirt
                need += min(0.9, 0.3 * (-9.0 - y))
            over = min(hit[0] - need, 3.0)
            if over > 0.0:  # hair lies against hair
                cling = 0.09 * over * step * (1.0 - stiff) if y > -9.0 else 0.0
                dx, dy, dz = dx - cling * hit[1], dy - cling * hit[2], dz - cling * hit[3]
            if hit[0] < need:
                push = min(need - hit[0], 0.8 * step + 0.1)
                x, y, z = x + push * hit[1], y + push * hit[2], z + push * hit[3]
                if y < -10.0:  # on a shoulder hair slips to the front or the back, not down the arm
                    dx *= 0.5
                    dz += 0.7 * step if forward[s] >= 0 else -0.7 * step
                inward = dx * hit[1] + dy * hit[2] + dz * hit[3]
                if inward < 0:
                    dx, dy, dz = dx - inward * hit[1], dy - inward * hit[2], dz - inward * hit[3]


@njit(cache=True)
def _sweep(paths, radius, bump, first, out, tangents):
    """Rings round paths (S, K, 3); fills ``out`` and ``tangents`` (S, K, M, 3)."""
    count, along, sides = bump.shape
    for s in range(count):
        nx, ny, nz = first[s, 0], first[s, 1], first[s, 2]
        for k in range(along):
            a, b = max(k - 1, 0), min(k + 1, along - 1)
            tx = paths[s, b, 0] - paths[s, a, 0]
            ty = paths[s, b, 1] - paths[s, a, 1]
            tz = paths[s, b, 2] - paths[s, a, 2]
            size = np.sqrt(tx * tx + ty * ty + tz * tz) + 1e-9
            tx, ty, tz = tx / size, ty / size, tz / size
            dot = nx * tx + ny * ty + nz * tz
            nx, ny, nz = nx - dot * tx, ny - dot * ty, nz - dot * tz
            size = np.sqrt(nx * nx + ny * ny + nz * nz)
            if size < 1e-5:
                nx, ny, nz, size = ty, tz, tx, 1.0
            nx, ny, nz = nx / size, ny / size, nz / size
            bx, by, bz = ty * nz - tz * ny, tz * nx - tx * nz, tx * ny - ty * nx
            for m in range(sides):
                angle = 2 * np.pi * m / sides
                c, q = np.cos(angle), np.sin(angle)
                r = radius[s, k] * (1 + bump[s, k, m])
                out[s, k, m, 0] = paths[s, k, 0] + r * (c * nx + q * bx)
                out[s, k, m, 1] = paths[s, k, 1] + r * (c * ny + q * by)
                out[s, k, m, 2] = paths[s, k, 2] + r * (c * nz + q * bz)
                tangents[s, k, m, 0], tangents[s, k, m, 1], tangents[s, k, m, 2] = tx, ty, tz


def below(mesh: Mesh, line: float) -> Mesh:
    """The part of a mesh under the height ``line`` (cm), where a covering ends."""
    low = mesh.points[:, 1] < line
    return replace(mesh, triangles=np.ascontiguousarray(mesh.triangles[low[mesh.triangles].all(1)]))


def strands_of(
    points: Any,
    radius: Any,
    colour: Any,
    depth: Any,
    normal: Any,
    tip: float,
    opacity: Any,
    taper: float,
    gloss: float,
    spread: float,
) -> Strands:
    """Strands from arrays of any float type, as :class:`~labkit.people.hair.strands.Strands`."""
    inside, outward = (None if a is None else np.asarray(a, np.float32) for a in (depth, normal))
    thick, paint, cover = (np.asarray(a, np.float32) for a in (radius, colour, opacity))
    line = np.asarray(points, np.float32)
    return Strands(line, thick, paint, inside, outward, tip, cover, taper, gloss, spread)


def _hash(count: int) -> Float:
    """The same noise for the same ``count``, shape (count, 3)."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, count])).standard_normal(
        (count, 3), np.float32
    )


def tubes(
    paths: Float,
    radius: Float,
    bump: Float,
    colour: Float,
    first: Float | None = None,
    roughness: float = 0.62,
    rough: float = 0.30,
) -> Mesh:
    """One mesh of many tubes.

    Parameters
    ----------
    paths
        Centre lines, shape (S, K, 3), cm.
    radius
        Shape (S, K), cm.
    bump
        Share by which the radius differs round each ring, shape (S, K, M).
    colour
        Linear albedo, shape (S, K, M, 3) or (S, 3).
    first
        Direction of the first vertex of the first ring, shape (S, 3); fixes where bumps face.
    roughness
        Of the mesh.
    rough
        Size of a random change of the normals, so that hair does not look like cast wax.

    Returns
    -------
    Mesh
        Material 'hair', S K M vertices.

    Examples
    --------
    >>> line = np.linspace([0, 0, 0], [0, -5, 0], 6, dtype=np.float32)[None]
    >>> tubes(line, np.full((1, 6), 0.4), np.zeros((1, 6, 5)), np.full((1, 3), 0.02)).points.shape
    (30, 3)
    """
    count, along, sides = bump.shape
    if first is None:
        first = np.tile(np.array([0.3, 0.2, 1.0], np.float32), (count, 1))
    out, tangents = np.empty((2, count, along, sides, 3), np.float32)
    f32 = [np.ascontiguousarray(a, np.float32) for a in (paths, radius, bump, first)]
    _sweep(*f32, out, tangents)
    ring = grid_triangles(along, sides, wrap=True)[:, ::-1]
    starts = (np.arange(count) * (along * sides))[:, None, None]
    triangles = (ring[None] + starts).reshape(-1, 3).astype(np.int32)
    points = out.reshape(-1, 3)
    paint = np.asarray(colour, np.float32)
    if paint.ndim == 2:
        paint = paint[:, None, None, :]
    paint = np.broadcast_to(paint, out.shape).reshape(-1, 3)
    normals = vertex_normals(points, triangles) + np.float32(rough) * _hash(len(points))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh(
        points,
        triangles,
        "hair",
        np.ascontiguousarray(np.clip(paint, 0.002, 0.9), np.float32),
        None,
        roughness,
        normals,
        tangents.reshape(-1, 3),
    )


def relief_of(kind: str, arc: Float, sides: int, pitch: float, rng: np.random.Generator) -> Float:
    """Relief of a tube by kind at arc lengths (S, K), shape (S, K, sides)."""
    angle = (2 * np.pi * np.arange(sides) / sides).astype(np.float32)[None, None]
    s = arc[..., None]
    start = rng.uniform(0, 6.28, (len(arc), 1, 1)).astype(np.float32)
    if kind == "braid":  # strands cross from both sides in turn
        half = np.sign(np.sin(angle + 0.01)) * np.abs(np.sin(angle)) ** 0.5
        return np.asarray(0.20 * np.cos(2 * np.pi * s / pitch + start) * half, np.float32)
    if kind == "twist":
        return np.asarray(0.24 * np.cos(2 * angle - 2 * np.pi * s / pitch + start), np.float32)
    k = rng.uniform(1.2, 2.6, (2, len(arc), 1, 1)).astype(np.float32)
    lumps = 0.09 * np.sin(k[0] * s + start) + 0.07 * np.sin(1.9 * k[1] * s + 2.3 * start + angle)
    return np.asarray(lumps + 0.05 * np.sin(2 * angle + 0.9 * k[0] * s), np.float32)


def arc_length(paths: Float) -> Float:
    """Length along paths (S, K, 3) up to each point, shape (S, K)."""
    steps = np.linalg.norm(np.diff(paths, axis=1), axis=-1)
    return np.concatenate([np.zeros((len(paths), 1)), np.cumsum(steps, 1)], 1).astype(np.float32)


def paint_tubes(
    person: Person, styling: Styling, paths: Float, bump: Float, rng: np.random.Generator
) -> Float:
    """Albedo of tubes, shape (S, K, M, 3): each its own mix of grey, darker in the grooves."""
    roots = paths[:, 0]
    # A tube holds hundreds of hairs, so it is seldom all grey: the mean of several draws, twice.
    two = [
        np.mean([hair_colours(person, styling, roots, rng) for _ in range(5)], axis=0)
        for _ in range(2)
    ]
    blend = 0.5 + 0.5 * np.sin(0.9 * arc_length(paths) + rng.uniform(0, 6.28, (len(paths), 1)))
    blend = blend[..., None, None].astype(np.float32)
    each = two[0][:, None, None] * blend + two[1][:, None, None] * (1 - blend)
    groove = np.clip(1 + 1.5 * bump, 0.45, 1.5)[..., None]
    along = np.linspace(0.85, 1.12, paths.shape[1], dtype=np.float32)[None, :, None, None]
    speck = np.exp(0.10 * rng.standard_normal(bump.shape)).astype(np.float32)[..., None]
    return np.asarray(each * groove * along * speck, np.float32)


def grow_fuzz(
    paths: Float,
    radius: Float,
    colour: Float,
    count: int,
    rng: np.random.Generator,
    length: float = 0.5,
) -> Strands:
    """Short fine hairs that leave tubes, so that outlines are soft."""
    which = rng.integers(0, len(paths), count)
    at = 0.08 + 0.9 * rng.random(count)
    place = at * (paths.shape[1] - 1)
    i = np.minimum(place.astype(int), paths.shape[1] - 2)
    f = (place - i)[:, None]
    axis = paths[which, i + 1] - paths[which, i]
    axis /= np.linalg.norm(axis, axis=1, keepdims=True) + 1e-6
    away = rng.standard_normal((count, 3))
    away -= (away * axis).sum(1, keepdims=True) * axis
    away /= np.linalg.norm(away, axis=1, keepdims=True) + 1e-6
    root = paths[which, i] * (1 - f) + paths[which, i + 1] * f
    root = root + away * (0.92 * radius[which, i])[:, None]
    size = length * (0.5 + rng.random((count, 1)))
    out = np.empty((count, 3, 3))
    out[:, 0] = root
    out[:, 1] = root + size * (0.5 * axis + 0.14 * away)
    out[:, 2] = root + size * (0.9 * axis + 0.36 * away + 0.12 * rng.standard_normal((count, 3)))
    normal = np.repeat(away[:, None], 3, 1).astype(np.float32)
    return strands_of(out, 0.016, colour[which], None, normal, 1.1, 0.6, 0.8, 0.4, 0.3)
