"""Hair in tubes and gathered hair: locs, braids, twists, cornrows, plait, bun, ponytail, puff.

In: a Person (hair colour, greyness, hair loss), a Styling (cut, type, length, seed) and a Head.
Out: :class:`~labkit.people.hair.Hair` with an undercoat that shows clean partings, strands that
flow over the scalp where hair is gathered, and tubes as meshes.  Hair of any type may wear most
cuts.  Nothing here reads the tone of the skin.

Tubes hang as chains of short steps that bend to the ground, slide on skull and shoulders and keep
clear of the face; a frame carried along each (parallel transport, Hanson and Ma 1995) turns them
into meshes, and bumps on the frame make lumps of locs, crossings of a braid or turns of a twist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.hair import (
    BACK,
    COLUMNS,
    MIDDLE,
    ROWS,
    STEP,
    Body,
    Hair,
    hair_colours,
    hair_loss_density,
    smooth,
    sow,
)
from labkit.people.hair import _surface as surface
from labkit.people.mesh import Mesh, grid_triangles, vertex_normals
from labkit.people.strands import Strands

if TYPE_CHECKING:
    from labkit.people.head import Head
    from labkit.people.person import Person, Styling

Float = NDArray[Any]  # float32 wherever arrays leave this module

ROOM = 4
FLOOR = -19.0  # height below the picture at which hanging hair may end, cm
CUTS = frozenset({"locs", "box_braids", "cornrows", "twists", "plait", "bun", "ponytail", "puff"})


def _rng(styling: Styling, salt: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([ROOM, int(styling.seed), 10 + salt]))


@njit(cache=True)
def _onto(shape, points, lift, out, normals):
    """Moves points (n, 3) away from the skull's middle until they are ``lift`` (n,) above the body."""
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


def _project(body: Body, points: Float, lift: Float | float) -> tuple[Float, Float]:
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
def _hang(
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


def _hash(count: int) -> Float:
    """The same noise for the same ``count``, shape (count, 3)."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, count])).standard_normal(
        (count, 3), np.float32
    )


def tubes(
    paths: Float, radius: Float, bump: Float, colour: Float, first: Float | None = None,
    roughness: float = 0.62, rough: float = 0.30,
) -> Mesh:  # fmt: skip
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
        points, triangles, "hair", np.ascontiguousarray(np.clip(paint, 0.002, 0.9), np.float32),
        None, roughness, normals, tangents.reshape(-1, 3),
    )  # fmt: skip


def _bumps(kind: str, arc: Float, sides: int, pitch: float, rng: np.random.Generator) -> Float:
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


def _arc(paths: Float) -> Float:
    """Length along paths (S, K, 3) up to each point, shape (S, K)."""
    steps = np.linalg.norm(np.diff(paths, axis=1), axis=-1)
    return np.concatenate([np.zeros((len(paths), 1)), np.cumsum(steps, 1)], 1).astype(np.float32)


def _paint(
    person: Person, styling: Styling, paths: Float, bump: Float, rng: np.random.Generator
) -> Float:
    """Albedo of tubes, shape (S, K, M, 3): each its own mix of grey, darker in the grooves."""
    roots = paths[:, 0]
    # A tube holds hundreds of hairs, so it is seldom all grey: the mean of several draws, twice.
    two = [
        np.mean([hair_colours(person, styling, roots, rng) for _ in range(5)], axis=0)
        for _ in range(2)
    ]
    blend = 0.5 + 0.5 * np.sin(0.9 * _arc(paths) + rng.uniform(0, 6.28, (len(paths), 1)))
    blend = blend[..., None, None].astype(np.float32)
    each = two[0][:, None, None] * blend + two[1][:, None, None] * (1 - blend)
    groove = np.clip(1 + 1.5 * bump, 0.45, 1.5)[..., None]
    along = np.linspace(0.85, 1.12, paths.shape[1], dtype=np.float32)[None, :, None, None]
    speck = np.exp(0.10 * rng.standard_normal(bump.shape)).astype(np.float32)[..., None]
    return np.asarray(each * groove * along * speck, np.float32)


def _fuzz(
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
    return Strands(out, 0.016, colour[which], None, normal, 1.1, 0.6, 0.8, 0.4, 0.3)


# ---------------------------------------------------------------------------------------------
# Scalp
# ---------------------------------------------------------------------------------------------


def _density(body: Body, person: Person, edge: float = 0.7) -> Float:
    """Density of hair over the body map, shape (ROWS, COLUMNS)."""
    loss = hair_loss_density(body.points, float(person.hair_loss))
    return np.asarray(smooth(body.above, -0.05, edge) * loss, np.float32)


def _hairs(person: Person, styling: Styling, points: Float, rng: np.random.Generator) -> Float:
    """Albedo per strand, shape (n, 3): combed hair mixes, so grey is softer than hair by hair."""
    colour = hair_colours(person, styling, points, rng)
    return np.asarray(0.55 * colour + 0.45 * colour.mean(0), np.float32)


def _ragged(body: Body, rng: np.random.Generator) -> Body:
    """The same body with a hair line that wanders a few millimetres, as hair lines do."""
    theta = np.linspace(-np.pi, np.pi, COLUMNS)
    wander = sum(
        a * np.sin(k * theta + p)
        for a, k, p in zip((0.16, 0.13, 0.10), (7, 13, 22), rng.uniform(0, 6.28, 3), strict=True)
    )
    return replace(body, above=(body.above + wander[None]).astype(np.float32))


def _coat(body: Body, opacity: Float, colour: Float, lift: Float | float = 0.05) -> Mesh:
    """A thin layer over the scalp with the given opacity (ROWS, COLUMNS)."""
    last = min(3 + int(np.flatnonzero((opacity > 0.01).any(1)).max(initial=2)), ROWS)
    normals = body.shape[:last, :, 1:]
    height = np.broadcast_to(np.float32(lift), opacity.shape)[:last, :, None]
    points = np.ascontiguousarray(
        (body.points[:last] + height * normals).reshape(-1, 3), np.float32
    )
    flat = np.ascontiguousarray(opacity[:last].ravel(), np.float32)
    triangles = grid_triangles(last, COLUMNS)
    triangles = np.ascontiguousarray(triangles[flat[triangles].max(1) > 0.01])
    down = np.array([0, -1, 0], np.float32) + normals * normals[..., 1:2]
    down = (down / (np.linalg.norm(down, axis=-1, keepdims=True) + 1e-6)).reshape(-1, 3)
    paint = np.tile(np.asarray(colour, np.float32), (len(points), 1))
    outward = np.ascontiguousarray(normals.reshape(-1, 3), np.float32)
    return Mesh(
        points, triangles, "hair", paint, None, 0.75, outward, down.astype(np.float32), flat
    )


def _mean_colour(person: Person, styling: Styling) -> Float:
    rng = _rng(styling, 9)
    return np.asarray(
        hair_colours(person, styling, np.zeros((200, 3), np.float32), rng).mean(0), np.float32
    )


def _parcels(
    body: Body, density: Float, spacing: float, rng: np.random.Generator
) -> tuple[Float, Float]:
    """Roots in rings round the crown like laid bricks, and normals, each shape (S, 3)."""
    points, normals = [], []
    rows = np.arange(0.55 * spacing, (ROWS - 2) * STEP, spacing) / STEP
    for number, row in enumerate(rows):
        i = int(row)
        ring = np.linalg.norm(np.diff(body.points[i], axis=0), axis=-1).sum()
        count = max(4, round(float(ring) / spacing))
        at = (np.arange(count) + 0.5 * (number % 2) + 0.12 * rng.standard_normal(count)) / count
        column = (at % 1.0) * (COLUMNS - 1)
        j = np.minimum(column.astype(int), COLUMNS - 2)
        f = (column - j)[:, None].astype(np.float32)
        keep = np.minimum(density[i, j], density[i, j + 1]) > 0.55
        p = body.points[i, j] * (1 - f) + body.points[i, j + 1] * f
        n = body.shape[i, j, 1:] * (1 - f) + body.shape[i, j + 1, 1:] * f
        points.append(p[keep])
        normals.append(n[keep])
    n = np.concatenate(normals)
    return np.concatenate(points), n / (np.linalg.norm(n, axis=1, keepdims=True) + 1e-6)


@njit(cache=True)
def _two_nearest(points, to, out):
    """Distances from points (n, 3) to the two nearest of ``to`` (m, 3), into ``out`` (n, 2)."""
    for i in range(points.shape[0]):
        a, b = np.float32(1e6), np.float32(1e6)
        for j in range(to.shape[0]):
            x, y, z = points[i, 0] - to[j, 0], points[i, 1] - to[j, 1], points[i, 2] - to[j, 2]
            d = x * x + y * y + z * z
            if d < a:
                a, b = d, a
            elif d < b:
                b = d
        out[i, 0], out[i, 1] = np.sqrt(a), np.sqrt(b)


def _nearest(body: Body, last: int, to: Float) -> Float:
    """Distances to the two nearest of ``to`` over rows of the body map, (last, COLUMNS, 2)."""
    points = np.ascontiguousarray(body.points[:last].reshape(-1, 3))
    out = np.empty((len(points), 2), np.float32)
    _two_nearest(points, np.ascontiguousarray(to, np.float32), out)
    return out.reshape(last, COLUMNS, 2)


def _partings(
    body: Body, density: Float, roots: Float, width: float, least: float, most: float = 0.92
) -> Float:
    """Opacity of the undercoat: ``most`` in each parcel, the share ``least`` of it between them."""
    last = min(3 + int(np.flatnonzero((density > 0.01).any(1)).max(initial=2)), ROWS)
    near = _nearest(body, last, roots)
    out = np.zeros_like(density)
    inside = smooth(near[..., 1] - near[..., 0], 0.0, width)
    out[:last] = most * density[:last] * (least + (1 - least) * inside)
    return out


# ---------------------------------------------------------------------------------------------
# Hanging tubes: locs, box braids, twists
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tube:
    """Measures of one kind of hanging tube; lengths in cm.

    ``spacing`` of the roots, ``radius`` at the root and its ``taper`` (share lost at the tip),
    ``relief`` kind of bump and its ``pitch``, ``stand`` how far roots stand up, ``stiff`` 0..1,
    ``cover`` the share of the undercoat that is left on the partings.
    """

    spacing: float
    radius: float
    taper: float
    relief: str
    pitch: float
    stand: float
    stiff: float
    cover: float = 0.5


_TUBES = {
    "locs": Tube(2.45, 0.46, 0.40, "loc", 1.0, 0.38, 0.25, 0.70),
    "box_braids": Tube(2.15, 0.36, 0.35, "braid", 0.95, 0.35, 0.15, 0.40),
    "twists": Tube(2.10, 0.42, 0.45, "twist", 1.5, 0.48, 0.45, 0.60),
}


def _combed(roots: Float, normals: Float, side: Float, back: float) -> Float:
    """Direction in the scalp, shape (S, 3): away from the parting and towards the back."""
    fall = -1.6 * smooth(roots[:, 1], 8.5, 3.0)
    want = np.stack(
        [side * (1 - 0.5 * back) * (1 + 0.4 * fall), fall, np.full(len(roots), -0.35 - 0.8 * back)],
        -1,
    )
    want = want - (want * normals).sum(1, keepdims=True) * normals
    return np.asarray(want / (np.linalg.norm(want, axis=1, keepdims=True) + 1e-6), np.float32)


def _hanging(
    person: Person, styling: Styling, head: Head, detail: float
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Locs, box braids or twists."""
    kind = _TUBES[styling.haircut]
    rng = _rng(styling, 1)
    body = Body.of(head)
    density = _density(body, person)
    swept = bool(rng.random() < 0.4)
    roots, normals = _parcels(body, density, kind.spacing, rng)
    if not len(roots):
        return None, [], []
    count = len(roots)
    part = float(np.clip(3.2 * styling.parting, -3.5, 3.5))
    side = np.where(roots[:, 0] + 0.25 * rng.standard_normal(count) >= part, 1.0, -1.0)
    side = np.where(np.abs(roots[:, 0]) > 4.5, np.sign(roots[:, 0]), side)
    comb = _combed(roots, normals, side, 1.0 if swept else 0.25)
    stand = (
        kind.stand
        * (0.35 + 0.65 * smooth(roots[:, 1], 2.0, 8.5) - 0.7 * smooth(roots[:, 1], 9.5, 11.5))
    )[:, None]
    start = stand * normals + (1 - 0.5 * stand) * comb + 0.12 * rng.standard_normal((count, 3))
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    reach = np.clip(0.9 * styling.hair_length, 5.0, 34.0)
    length = reach * np.exp(0.07 * rng.standard_normal(count))
    radius = kind.radius * np.exp(0.12 * rng.standard_normal(count))
    high = smooth(roots[:, 1], -3.0, 11.0)
    layer = radius * (0.2 + 1.5 * high + 0.7 * rng.random(count))
    before = roots[:, 2] + 0.8 * rng.standard_normal(count) > (-1.5 if not swept else 90.0)
    forward = np.where(before, 7.0, -8.0) + 0.8 * rng.standard_normal(count)
    along = int(np.clip(reach * 1.35, 12, 42) * (1.0 if detail <= 1 else 2.6))
    paths = np.empty((count, along, 3), np.float32)
    f32 = [
        np.ascontiguousarray(a, np.float32)
        for a in (roots, start, comb, side, length, radius, layer, forward)
    ]
    _hang(body.shape, *f32, 0.6, kind.stiff, 6.6 if not swept else 7.2, paths)
    for _ in range(2):
        paths[:, 2:-1] = 0.25 * paths[:, 1:-2] + 0.5 * paths[:, 2:-1] + 0.25 * paths[:, 3:]
    return _tubed(person, styling, body, density, kind, paths, radius, roots, detail, rng)


def _tubed(
    person: Person, styling: Styling, body: Body, density: Float, kind: Tube, paths: Float,
    radius: Float, roots: Float, detail: float, rng: np.random.Generator,
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:  # fmt: skip
    """Meshes, fuzz and undercoat for hanging paths."""
    paths = _cut_at_floor(paths)
    along = paths.shape[1]
    t = np.linspace(0, 1, along)
    profile = (1 - kind.taper * t) * np.interp(t, [0, 0.06, 0.97, 1], [0.75, 1, 1, 0.35])
    wide = (radius[:, None] * profile[None]).astype(np.float32)
    sides = 6 if detail <= 1 else 9
    bump = _bumps(kind.relief, _arc(paths), sides, kind.pitch, rng)
    colour = _paint(person, styling, paths, bump, rng)
    mesh = tubes(paths, wide, bump, colour)
    fuzz = _fuzz(paths, wide, colour[:, along // 2, 0], int(700 * (1 if detail <= 1 else 2.5)), rng)
    coat = _coat(
        body, _partings(body, density, roots, 0.8, kind.cover), 0.7 * _mean_colour(person, styling)
    )
    return coat, [fuzz], [mesh]


def _cut_at_floor(paths: Float) -> Float:
    """The same paths ended at :data:`FLOOR`, resampled to the same number of points."""
    out = paths.copy()
    t = np.linspace(0, 1, paths.shape[1])
    for s in np.flatnonzero(paths[:, -1, 1] < FLOOR):
        below = int(np.argmax(paths[s, :, 1] < FLOOR))
        at = t * t[max(below, 2)]
        for k in range(3):
            out[s, :, k] = np.interp(at, t, paths[s, :, k])
    return out


# ---------------------------------------------------------------------------------------------
# Cornrows
# ---------------------------------------------------------------------------------------------


def _cornrows(
    person: Person, styling: Styling, head: Head, detail: float
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Ridges from the hair line to the nape, the scalp seen between them, ends hanging or short."""
    rng = _rng(styling, 2)
    body = Body.of(head)
    density = _density(body, person, 0.4)
    count = int(rng.integers(15, 22))
    curve = float(rng.uniform(-0.35, 0.35)) if rng.random() < 0.5 else 0.0
    beta = np.linspace(-1.22, 1.22, count)
    along = 46 if detail <= 1 else 110
    spine, inside = _row_lines(body, density, beta, curve, along)
    coil = _ridge(person, styling, body, spine, inside, count, detail, rng)
    hang = _row_ends(body, spine, inside, float(styling.hair_length), rng, detail)
    rows = spine.reshape(-1, 3)[inside.ravel()]
    cover = _row_cover(body, density, rows)
    coat = _coat(body, cover, 0.7 * _mean_colour(person, styling), 0.03)
    if hang is None:
        return coat, [], [coil]
    radius = np.full(len(hang), 0.30) * np.exp(0.1 * rng.standard_normal(len(hang)))
    kind = Tube(1.0, 0.3, 0.35, "braid", 0.9, 0.3, 0.1)
    _, fuzz, ends = _tubed(
        person, styling, body, density, kind, hang, radius, hang[:, 0], detail, rng
    )
    return coat, fuzz, [coil, *ends]


def _row_lines(
    body: Body, density: Float, beta: Float, curve: float, along: int
) -> tuple[Float, NDArray[np.bool_]]:
    """Lines over the scalp, front to nape, at angles ``beta`` to the middle, and where hair grows."""
    alpha = np.linspace(0.15, np.pi + 0.75, along)[None]
    lean = beta[:, None] * (1 - 0.30 * (alpha / np.pi) ** 2) + curve * np.sin(alpha) * 0.5
    direction = np.stack(
        [np.sin(lean) + 0 * alpha, np.cos(lean) * np.sin(alpha), np.cos(lean) * np.cos(alpha)], -1
    )
    guess = np.array([0, MIDDLE, BACK]) + 9.5 * direction
    line, _ = _project(body, guess.astype(np.float32), 0.0)
    here = _look_up(body, density, line)
    inside = here > 0.35
    return line, inside


def _look_up(body: Body, values: Float, points: Float) -> Float:
    """Values of the body map (ROWS, COLUMNS) below points (..., 3), nearest cell."""
    flat = points.reshape(-1, 3)
    dy, dz = flat[:, 1] - MIDDLE, flat[:, 2] - BACK
    across = np.hypot(flat[:, 0], dz)
    run = np.where(dy > 0, np.arctan2(across, dy) * 11.0, 11.0 * np.pi / 2 - dy)
    row = np.clip(run / STEP + 0.5, 0, ROWS - 1).astype(int)
    column = ((np.arctan2(flat[:, 0], dz) + np.pi) / (2 * np.pi) * (COLUMNS - 1) + 0.5).astype(int)
    return values[row, np.clip(column, 0, COLUMNS - 1)].reshape(points.shape[:-1])


def _row_cover(body: Body, density: Float, rows: Float) -> Float:
    """Undercoat of cornrows: near the rows only, so that the scalp shows in clean lines."""
    last = min(3 + int(np.flatnonzero((density > 0.01).any(1)).max(initial=2)), ROWS)
    near = _nearest(body, last, rows)[..., 0]
    out = np.zeros_like(density)
    out[:last] = density[:last] * (0.12 + 0.80 * smooth(near, 0.70, 0.30))
    return out


def _ridge(
    person: Person, styling: Styling, body: Body, spine: Float, inside: NDArray[np.bool_],
    count: int, detail: float, rng: np.random.Generator,
) -> Mesh:  # fmt: skip
    """The braids that lie on the scalp, as half-sunk tubes with crossings."""
    sides = 8 if detail <= 1 else 12
    line, normals = _project(body, spine, 0.16)
    wide = (
        np.where(inside, min(0.42, 6.4 / count), 0.02)
        * np.exp(0.04 * rng.standard_normal(count))[:, None]
    )
    lead = np.cumsum(inside, 1)
    wide = wide * np.clip(lead / 4.0, 0.35, 1)  # begins small at the hair line
    bump = _bumps("braid", _arc(line), sides, 0.85, rng)
    colour = _paint(person, styling, line, bump, rng)
    mesh = tubes(line, wide, bump, colour, normals[:, 0])
    thin = np.repeat(~inside, sides, axis=1).ravel()
    mesh.triangles = np.ascontiguousarray(mesh.triangles[~thin[mesh.triangles].any(1)])
    return mesh


def _row_ends(
    body: Body, spine: Float, inside: NDArray[np.bool_], length: float, rng: np.random.Generator,
    detail: float,
) -> Float | None:  # fmt: skip
    """Free braids from the end of each row, or ``None`` when they are short and tucked in."""
    last = inside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
    ok = inside.any(1)
    if length < 11 or not ok.any():
        return None
    root = spine[np.arange(len(spine)), last][ok]
    count = len(root)
    side = np.where(root[:, 0] >= 0, 1.0, -1.0)
    start = np.stack([0.25 * side, np.full(count, -0.9), np.full(count, -0.3)], -1)
    along = 24 if detail <= 1 else 48
    out = np.empty((count, along, 3), np.float32)
    reach = np.full(count, np.clip(length - 6, 6, 22)) * np.exp(0.08 * rng.standard_normal(count))
    forward = np.where(rng.random(count) < 0.3, 6.0, -8.0)
    f32 = [
        np.ascontiguousarray(a, np.float32)
        for a in (
            root,
            start,
            start,
            side,
            reach,
            np.full(count, 0.3),
            0.3 + 0.5 * rng.random(count),
            forward,
        )
    ]
    _hang(body.shape, *f32, 0.4, 0.1, 6.8, out)
    return out


# ---------------------------------------------------------------------------------------------
# Gathered hair: bun, ponytail, puff, plait
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gather:
    """Where hair is gathered: the ``knot`` (3,), ``parted`` on top or not, ``high`` or at the nape."""

    knot: Float
    parted: bool
    high: bool


def _gather(styling: Styling, body: Body, rng: np.random.Generator) -> Gather:
    """Choose the place of the knot for a cut."""
    high = bool(rng.random() < {"bun": 0.5, "ponytail": 0.4, "puff": 1.0}.get(styling.haircut, 0.0))
    at = {
        "bun": (0, 13, -4.5) if high else (0, -1.5, -10),
        "ponytail": (0, 9, -9) if high else (0, -2.5, -10),
        "puff": (0, 13, -2.5 - 2.5 * float(rng.random())),
        "plait": (0, -3.0, -10),
    }[styling.haircut]
    knot, _ = _project(body, np.array([at], np.float32), 0.5)
    return Gather(knot[0], not high and bool(rng.random() < 0.5), high)


def _thickness(styling: Styling) -> float:
    """Height of combed hair above the scalp, cm."""
    return 0.25 + 0.45 * float(styling.volume)


def _flow(
    person: Person, styling: Styling, body: Body, density: Float, gather: Gather, detail: float,
    rng: np.random.Generator,
) -> Strands:  # fmt: skip
    """Scalp hair combed smoothly to the knot."""
    fine = detail > 1
    count = 6500 if fine else 2400
    roots = sow(body, np.asarray(np.sqrt(density)), count, rng)
    centre = np.array([0, MIDDLE, BACK], np.float32)
    begin = roots.points - centre
    begin /= np.linalg.norm(begin, axis=1, keepdims=True)
    end = gather.knot - centre
    end = end / np.linalg.norm(end)
    end = end[None] + 0.07 * rng.standard_normal((len(begin), 3))
    way = begin + end
    ear = np.exp(-(((roots.points[:, 2] - 0.5) / 3.5) ** 2)) * smooth(
        np.abs(roots.points[:, 0]), 4.5, 6.5
    )
    way[:, 1] += 0.55 * ear * smooth(roots.points[:, 1], 4.0, -1.0)
    if gather.parted:
        part = float(np.clip(3.2 * styling.parting, -3.0, 3.0))
        side = np.where(roots.points[:, 0] >= part, 1.0, -1.0)
        top = smooth(roots.points[:, 1], 4.5, 8.5) * smooth(roots.points[:, 2], -6.0, 0.0)
        way[:, 0] += 1.5 * side * top
        way[:, 2] += 0.5 * top
    way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-6
    t = np.linspace(0, 1, 12)[None, :, None]
    line = (1 - t) ** 2 * begin[:, None] + 2 * t * (1 - t) * way[:, None] + t * t * end[:, None]
    line /= np.linalg.norm(line, axis=-1, keepdims=True) + 1e-6
    layer = rng.random((len(begin), 1)).astype(np.float32)
    rough = 0.05 + 0.12 * float(styling.hair_type)
    wave = rough * np.sin(9 * t[..., 0] * (0.6 + layer) + 6.3 * rng.random((len(begin), 1)))
    swell = np.minimum(1, 4.5 * t[..., 0]) * (0.55 + 0.45 * np.sin(np.pi * t[..., 0]))
    lift = 0.06 + (_thickness(styling) * (0.75 + 0.25 * layer) + 0.12 * layer + wave) * swell
    points, normals = _project(body, (centre + 9.5 * line).astype(np.float32), lift)
    colour = _hairs(person, styling, roots.points, rng)
    depth = np.repeat(0.45 * (1 - layer), 12, axis=1)
    width = (0.030 if not fine else 0.019) * np.exp(0.15 * rng.standard_normal(len(begin)))
    width = width * (0.45 + 0.55 * smooth(roots.above, 0.0, 1.2))
    coily = float(smooth(styling.hair_type, 0.5, 0.9))
    return Strands(
        points,
        width,
        colour,
        depth,
        normals,
        1.0,
        0.85,
        0.25,
        0.9 - 0.55 * coily,
        0.14 + 0.16 * coily,
    )


def _wisps(
    person: Person,
    styling: Styling,
    body: Body,
    gather: Gather,
    detail: float,
    rng: np.random.Generator,
) -> Strands:
    """Fine short hairs along the hair line that no comb catches."""
    band = (
        smooth(body.above, -0.35, 0.1) * smooth(body.above, 1.1, 0.4) * (body.points[..., 2] > -4)
    )
    band = band * hair_loss_density(body.points, float(person.hair_loss))
    roots = sow(body, np.asarray(band, np.float32), 420 if detail <= 1 else 900, rng)
    n, count = roots.normals, len(roots.points)
    along = gather.knot - roots.points
    along = along + 3.5 * rng.standard_normal((count, 3))
    along -= (along * n).sum(1, keepdims=True) * n
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-6
    curl = np.cross(n, along)
    kind = float(styling.hair_type)
    t = np.linspace(0, 1, 7)[None, :, None]
    length = ((0.5 + 0.9 * rng.random((count, 1, 1))) * (1 - 0.35 * kind)).astype(np.float32)
    bend = rng.standard_normal((count, 1, 1)) * (0.25 + 0.5 * kind)
    points = roots.points[:, None] + length * (
        t * along[:, None] + bend * t * t * curl[:, None] + (0.06 + 0.14 * t * (1 - t)) * n[:, None]
    )
    colour = _hairs(person, styling, roots.points, rng)
    normal = np.repeat(n[:, None], 7, 1)
    width = 0.016 if detail <= 1 else 0.011
    return Strands(points, width, colour, None, normal, 1.0, 0.6, 0.8, 0.4, 0.25)


def _ball(
    centre: Float, radius: Float, noise: float, colour: Float, rng: np.random.Generator
) -> Mesh:
    """A lumpy ellipsoid of hair: the dark inside of a bun or puff."""
    rows, columns = 15, 25
    polar = np.linspace(0, np.pi, rows)[:, None]
    around = np.linspace(0, 2 * np.pi, columns)[None]
    d = np.stack(
        [
            np.sin(polar) * np.sin(around),
            np.cos(polar) + 0 * around,
            np.sin(polar) * np.cos(around),
        ],
        -1,
    )
    lump = np.ones(d.shape[:2])
    for _ in range(6):
        k = rng.normal(0, 2.6, 3)
        lump += noise * np.sin(d @ k + rng.uniform(0, 6.28))
    points = centre + d * np.asarray(radius) * lump[..., None]
    flat = points.reshape(-1, 3).astype(np.float32)
    triangles = grid_triangles(rows, columns)
    around_it = np.stack(
        [np.cos(around) + 0 * polar, 0 * around + 0 * polar, -np.sin(around) + 0 * polar], -1
    )
    normals = (d / np.asarray(radius)).reshape(-1, 3)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    paint = np.tile(np.asarray(colour, np.float32), (len(flat), 1))
    return Mesh(flat, triangles, "hair", paint, None, 0.75, normals.astype(np.float32),
                around_it.reshape(-1, 3).astype(np.float32))  # fmt: skip


def _coils(
    centre: Float, radius: Float, count: int, person: Person, styling: Styling, detail: float,
    rng: np.random.Generator,
) -> Strands:  # fmt: skip
    """A cloud of small coils standing on an ellipsoid."""
    d = rng.standard_normal((count, 3))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    root = centre + d * radius * (0.86 + 0.10 * rng.random((count, 1)))
    lean = d + 0.55 * rng.standard_normal((count, 3))
    lean /= np.linalg.norm(lean, axis=1, keepdims=True)
    a = np.cross(lean, rng.standard_normal((count, 3)))
    a /= np.linalg.norm(a, axis=1, keepdims=True) + 1e-6
    b = np.cross(lean, a)
    t = np.linspace(0, 1, 12)[None, :, None]
    turn = 2 * np.pi * (1.6 * t + rng.random((count, 1, 1)))
    size = (0.16 + 0.10 * rng.random((count, 1, 1))) * (1 - 0.25 * t)
    length = 0.5 + 0.6 * rng.random((count, 1, 1))
    points = (
        root[:, None]
        + lean[:, None] * length * t
        + size * (np.cos(turn) * a[:, None] + np.sin(turn) * b[:, None])
    )
    colour = _hairs(person, styling, root.astype(np.float32), rng)
    normal = np.repeat(d[:, None], 12, 1).astype(np.float32)
    depth = np.broadcast_to(np.linspace(0.75, 0.0, 12, dtype=np.float32), (count, 12))
    width = 0.036 if detail <= 1 else 0.022
    return Strands(points, width, colour, depth, normal, 1.1, 0.85, 0.4, 0.15, 0.4)


def _swirl(
    centre: Float, radius: Float, axis: Float, person: Person, styling: Styling, detail: float,
    rng: np.random.Generator,
) -> Strands:  # fmt: skip
    """Hair wound round a bun, from its rim to its middle; ``axis`` points out of its middle."""
    count = 420 if detail <= 1 else 1100
    axis = axis / np.linalg.norm(axis)
    a = np.cross(axis, [0.0, 0.3, 1.0])
    a /= np.linalg.norm(a)
    b = np.cross(axis, a)
    t = np.linspace(0, 1, 16)[None]
    begin = rng.random((count, 1)) * 2 * np.pi
    polar = 0.15 + 1.95 * np.sqrt(rng.random((count, 1)))
    polar = polar * (1 - 0.32 * t) + 0.06 * np.sin(8 * t + begin)
    around = begin + 1.9 * t
    d = (
        np.sin(polar)[..., None] * (np.cos(around)[..., None] * a + np.sin(around)[..., None] * b)
        + np.cos(polar)[..., None] * axis
    )
    rope = 1 + 0.07 * np.cos(2.0 * around - 5.0 * polar)
    points = centre + d * radius * (rope * (0.97 + 0.06 * rng.random((count, 1))))[..., None]
    colour = _hairs(person, styling, points[:, 0].astype(np.float32), rng)
    depth = np.asarray(np.clip(0.5 - 4.5 * (rope - 1), 0, 0.9), np.float32)
    width = 0.036 if detail <= 1 else 0.022
    return Strands(points, width, colour, depth, d.astype(np.float32), 1.0, 0.9, 0.2, 0.9, 0.16)


def _tail(
    guide: Float,
    spread: float,
    person: Person,
    styling: Styling,
    detail: float,
    rng: np.random.Generator,
) -> Strands:
    """A bundle of hair round a guide (K, 3), closed at its root, waved or curled by hair type."""
    count = 520 if detail <= 1 else 1500
    along = len(guide)
    t = np.linspace(0, 1, along)
    axis = np.gradient(guide, axis=0)
    axis /= np.linalg.norm(axis, axis=1, keepdims=True) + 1e-6
    a = np.cross(axis, np.array([0.2, 0.1, 1.0]))
    a /= np.linalg.norm(a, axis=1, keepdims=True) + 1e-6
    b = np.cross(axis, a)
    angle, far = 2 * np.pi * rng.random((count, 1)), np.sqrt(rng.random((count, 1)))
    open_ = np.interp(t, [0, 0.06, 0.35, 0.8, 1], [0.35, 0.45, 1.0, 0.9, 0.45])[None]
    size = spread * far * open_
    kind = float(styling.hair_type)
    phase = (
        2 * np.pi * (rng.integers(0, 9, (count, 1)) / 9 + 0.06 * rng.standard_normal((count, 1)))
    )
    reach = float(np.linalg.norm(np.diff(guide, axis=0), axis=1).sum())
    turns = 2 * np.pi * reach / (7.0 - 4.5 * kind) * t[None]
    curl = (0.04 + 0.5 * kind) * smooth(t, 0.0, 0.2)[None]
    u = size * np.cos(angle) + curl * np.cos(turns + phase)
    v = size * np.sin(angle) + curl * np.sin(turns + phase)
    points = guide[None] + u[..., None] * a[None] + v[..., None] * b[None]
    out = u[..., None] * a[None] + v[..., None] * b[None]
    normal = out / (np.linalg.norm(out, axis=-1, keepdims=True) + 1e-6)
    colour = _hairs(person, styling, np.repeat(guide[:1], count, 0).astype(np.float32), rng)
    depth = np.broadcast_to(0.8 * (1 - far**2), (count, along))
    width = 0.036 if detail <= 1 else 0.021
    return Strands(
        points,
        width,
        colour,
        depth,
        normal.astype(np.float32),
        1.05,
        0.85,
        0.5,
        1.0 - 0.6 * kind,
        0.14 + 0.2 * kind,
    )


def _smooth_path(points: list[tuple[float, float, float]] | Float, count: int) -> Float:
    """A Catmull-Rom curve through control points, shape (count, 3)."""
    p = np.asarray(points, np.float64)
    p = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    t = np.linspace(0, len(p) - 3 - 1e-6, count)
    i, f = t.astype(int), (t % 1.0)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    out = 0.5 * (
        2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3
    )
    return np.asarray(out, np.float32)


def _clear_of(body: Body, path: Float, room: float) -> Float:
    """The path moved out of the body by at least ``room`` cm, then smoothed."""
    out = path.copy()
    hit = np.empty(4, np.float32)
    for _ in range(3):
        for i in range(1, len(out)):
            surface(body.shape, out[i, 0], out[i, 1], out[i, 2], hit)
            if hit[0] < room:
                out[i] += (room - hit[0]) * hit[1:]
        out[1:-1] = 0.25 * out[:-2] + 0.5 * out[1:-1] + 0.25 * out[2:]
    return out


def _braided(
    guide: Float,
    radius: float,
    person: Person,
    styling: Styling,
    detail: float,
    rng: np.random.Generator,
) -> tuple[list[Strands], list[Mesh]]:
    """Three strands of hair crossing in turn along a guide, with single hairs on them."""
    along = 90 if detail <= 1 else 160
    line = _smooth_path(guide[:: max(1, len(guide) // 10)], along)
    axis = np.gradient(line, axis=0)
    axis /= np.linalg.norm(axis, axis=1, keepdims=True) + 1e-6
    a = np.cross(axis, np.array([0.0, 0.2, 1.0]))
    a /= np.linalg.norm(a, axis=1, keepdims=True) + 1e-6
    b = np.cross(axis, a)
    s = _arc(line[None])[0]
    taper = np.interp(np.linspace(0, 1, along), [0, 0.08, 0.75, 1], [0.8, 1.0, 0.85, 0.45])
    paths = np.empty((3, along, 3), np.float32)
    for n in range(3):
        w = 2 * np.pi * (s / (5.2 * radius) + n / 3)
        u, v = 0.78 * radius * np.sin(w) * taper, 0.42 * radius * np.sin(2 * w) * taper
        paths[n] = line + u[:, None] * a + v[:, None] * b
    wide = np.tile(0.56 * radius * taper, (3, 1)).astype(np.float32)
    sides = 8 if detail <= 1 else 12
    bump = 0.05 * np.sin(5 * _arc(paths))[..., None] * np.ones(sides, np.float32)
    colour = 0.75 * _paint(person, styling, paths, np.asarray(bump, np.float32), rng)
    mesh = tubes(paths, wide, np.asarray(bump, np.float32), colour, np.tile(a[:1], (3, 1)))
    return [
        _laid(paths, wide, person, styling, detail, rng),
        _fuzz(paths, wide, colour[:, 0, 0], 140, rng, 0.9),
    ], [mesh]


def _laid(
    paths: Float,
    wide: Float,
    person: Person,
    styling: Styling,
    detail: float,
    rng: np.random.Generator,
) -> Strands:
    """Hairs that run along the outside of thick tubes."""
    each = 70 if detail <= 1 else 190
    count, along = len(paths) * each, paths.shape[1]
    which = np.repeat(np.arange(len(paths)), each)
    p = paths[which]
    axis = np.gradient(p, axis=1)
    axis /= np.linalg.norm(axis, axis=-1, keepdims=True) + 1e-6
    a = np.cross(axis, np.array([0.1, 0.2, 1.0]))
    a /= np.linalg.norm(a, axis=-1, keepdims=True) + 1e-6
    b = np.cross(axis, a)
    angle = 2 * np.pi * rng.random((count, 1)) + 0.5 * np.sin(np.linspace(0, 7, along))[None]
    out = np.cos(angle)[..., None] * a + np.sin(angle)[..., None] * b
    points = p + out * (wide[which] * 1.02)[..., None]
    colour = _hairs(person, styling, points[:, 0].astype(np.float32), rng)
    width = 0.03 if detail <= 1 else 0.018
    return Strands(points, width, colour, None, out.astype(np.float32), 1.0, 0.75, 0.2, 0.8, 0.16)


def _gathered(
    person: Person, styling: Styling, head: Head, detail: float
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Bun, ponytail, puff or plait: hair combed to a knot and what becomes of it there."""
    rng = _rng(styling, 3)
    body = Body.of(head)
    density = _density(_ragged(body, rng), person, 1.5)
    gather = _gather(styling, body, rng)
    mean = _mean_colour(person, styling)
    lift = 0.04 + _thickness(styling) * 0.75 * smooth(body.above, 0.2, 3.0)
    coat = _coat(body, np.asarray(0.93 * smooth(density, 0.05, 1.0)), 0.75 * mean, lift)
    groups = [_flow(person, styling, body, density, gather, detail, rng)]
    groups.append(_wisps(person, styling, body, gather, detail, rng))
    centre = np.array([0, MIDDLE, BACK], np.float32)
    outward = (gather.knot - centre) / np.linalg.norm(gather.knot - centre)
    solids: list[Mesh] = []
    size = float(np.clip(0.8 + styling.hair_length / 50, 0.9, 1.5))
    if styling.haircut == "puff":
        radius = np.array([6.3, 5.2, 5.6]) * (0.75 + 0.2 * size)
        middle = gather.knot + outward * radius[1] * 0.62
        middle[1] = min(middle[1], 17.3 - radius[1])
        solids.append(_ball(middle, 0.90 * radius, 0.035, 0.5 * mean, rng))
        groups.append(
            _coils(middle, radius, 2300 if detail <= 1 else 6500, person, styling, detail, rng)
        )
    elif styling.haircut == "bun":
        coily = styling.hair_type >= 0.75
        radius = np.array([2.7, 2.2, 2.6]) * size
        middle = gather.knot + outward * 1.5 * size
        solids.append(_ball(middle, 0.90 * radius, 0.025, 0.55 * mean, rng))
        if coily:
            groups.append(
                _coils(middle, radius, 1000 if detail <= 1 else 2600, person, styling, detail, rng)
            )
        else:
            groups.append(_swirl(middle, radius, outward, person, styling, detail, rng))
    else:
        guide = _tail_guide(styling, body, gather, rng)
        if styling.haircut == "plait":
            more, solids = _braided(guide, 1.25, person, styling, detail, rng)
            groups += more
        else:
            groups.append(_tail(guide, 1.5 * size, person, styling, detail, rng))
    return coat, groups, solids


def _tail_guide(styling: Styling, body: Body, gather: Gather, rng: np.random.Generator) -> Float:
    """The line of a ponytail or plait from its knot: down the back or forward over a shoulder."""
    k = gather.knot
    side = 1.0 if rng.random() < 0.5 else -1.0
    over = styling.haircut == "plait" or rng.random() < 0.6
    if gather.high:
        first = [k, k + (0.8 * side, 1.6, -1.6), k + (2.2 * side, 0.2, -4.0)]
        last = [(4.5 * side, -4.0, -9.5), (6.8 * side, -11.0, -7.5), (8.0 * side, -19.0, -6.5)]
        if over:
            last = [(6.5 * side, -3.0, -9.0), (9.3 * side, -11.0, -3.0), (8.2 * side, -20.0, 5.5)]
    else:
        first = [k, k + (1.0 * side, -1.6, -0.7)]
        last = [(0.6 * side, -11.0, -8.5), (0.8 * side, -20.0, -10.0)]
        if over:
            last = [
                (5.6 * side, -8.2, -6.2),
                (7.6 * side, -11.6, -0.5),
                (7.0 * side, -15.0, 5.0),
                (6.4 * side, -20.0, 7.0),
            ]
    path = _smooth_path(np.array([*first, *last], np.float64), 26)
    return _clear_of(body, path, 1.2)


# ---------------------------------------------------------------------------------------------


def grow(person: Person, styling: Styling, head: Head, detail: float = 1.0) -> Hair:
    """Hair of the cuts in :data:`CUTS`, complete with undercoat and surface flow.

    Parameters
    ----------
    person, styling
        Who and which cut; ``person.tone`` is never read.
    head
        The head to grow on.
    detail
        1 for pictures of 160 px; 2 for 512 px: finer tubes and more strands.

    Returns
    -------
    Hair

    Raises
    ------
    ValueError
        For a cut that is not in :data:`CUTS`.
    """
    if styling.haircut not in CUTS:
        raise ValueError(
            f"haircut {styling.haircut!r} has no tubes: use hair.grow, or one of {sorted(CUTS)}"
        )
    if styling.haircut in _TUBES:
        return Hair(*_hanging(person, styling, head, detail))
    if styling.haircut == "cornrows":
        return Hair(*_cornrows(person, styling, head, detail))
    return Hair(*_gathered(person, styling, head, detail))


def add(grown: Hair, person: Person, styling: Styling, head: Head, detail: float = 1.0) -> Hair:
    """The same as :func:`grow`; what :func:`labkit.people.hair.grow` made is replaced."""
    return grow(person, styling, head, detail)
