"""Gathered hair: bun, ponytail, puff and plait.

In: a Person, a Styling (cut, type, length, volume, parting, seed) and a Head.  Out: an undercoat,
strands that flow over the scalp to a knot and fine hairs that no comb catches, and what becomes of
the hair at the knot: wound, hanging, a cloud of coils or a braid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labkit.people.body.mesh import Mesh, grid_triangles
from labkit.people.hair.hair import (
    BACK,
    MIDDLE,
    Body,
    hair_loss_density,
    root_colour,
    root_cover,
    smooth,
    sow,
)
from labkit.people.hair.hair import _surface as surface
from labkit.people.hair.scalp import coat_of, mean_colour, mixed_colours, ragged_line, scalp_density
from labkit.people.hair.strands import Strands
from labkit.people.hair.tubes import (
    Float,
    arc_length,
    grow_fuzz,
    lay,
    paint_tubes,
    random_of,
    strands_of,
    tubes,
)

if TYPE_CHECKING:
    from labkit.people.body.head import Head
    from labkit.people.who import Person, Styling


# ---------------------------------------------------------------------------------------------
# Gathered hair: bun, ponytail, puff, plait
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gather:
    """Where hair is gathered: the ``knot`` (3,), ``parted`` on top, ``high`` or at the nape."""

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
    knot, _ = lay(body, np.array([at], np.float32), 0.5)
    return Gather(knot[0], not high and bool(rng.random() < 0.5), high)


def _thickness(styling: Styling) -> float:
    """Height of combed hair above the scalp, cm."""
    return 0.25 + 0.45 * float(styling.volume)


def _flow(
    person: Person,
    styling: Styling,
    body: Body,
    density: Float,
    gather: Gather,
    detail: float,
    rng: np.random.Generator,
) -> Strands:
    """Scalp hair combed smoothly to the knot."""
    fine = detail > 1
    count = 6500 if fine else 2400
    roots = sow(body, np.asarray(np.sqrt(density)), count, rng)
    centre = np.array([0, MIDDLE, BACK], np.float32)
    begin = roots.points - centre
    begin /= np.linalg.norm(begin, axis=1, keepdims=True)
    end: Float = gather.knot - centre
    end = end / np.linalg.norm(end)
    end = end[None] + 0.07 * rng.standard_normal((len(begin), 3))
    way = begin + end
    if not gather.high:  # up and back first, so that no hair crosses the forehead
        way[:, 1] += 0.5 * smooth(roots.points[:, 2], -1.0, 5.0)
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
    points, normals = lay(body, (centre + 9.5 * line).astype(np.float32), lift)
    colour = mixed_colours(person, styling, roots.points, rng)
    depth = np.repeat(0.45 * (1 - layer), 12, axis=1)
    width = (0.030 if not fine else 0.019) * np.exp(0.15 * rng.standard_normal(len(begin)))
    width = width * (0.45 + 0.55 * smooth(roots.above, 0.0, 1.2))
    coily = float(smooth(styling.hair_type, 0.5, 0.9))
    return strands_of(
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
    roots = sow(body, np.asarray(band, np.float32), 260 if detail <= 1 else 560, rng)
    n, count = roots.normals, len(roots.points)
    along: Float = gather.knot - roots.points
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
    colour = mixed_colours(person, styling, roots.points, rng)
    normal = np.repeat(n[:, None], 7, 1)
    width = 0.013 if detail <= 1 else 0.009
    faint = 0.5 * (1 - 0.6 * float(person.greyness))
    return strands_of(points, width, colour, None, normal, 1.0, faint, 0.8, 0.4, 0.25)


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
    return Mesh(
        flat,
        triangles,
        "hair",
        paint,
        None,
        0.75,
        normals.astype(np.float32),
        around_it.reshape(-1, 3).astype(np.float32),
    )


def _coils(
    centre: Float,
    radius: Float,
    count: int,
    person: Person,
    styling: Styling,
    detail: float,
    rng: np.random.Generator,
) -> Strands:
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
    colour = mixed_colours(person, styling, root.astype(np.float32), rng)
    normal = np.repeat(d[:, None], 12, 1).astype(np.float32)
    depth = np.broadcast_to(np.linspace(0.75, 0.0, 12, dtype=np.float32), (count, 12))
    width = 0.036 if detail <= 1 else 0.022
    return strands_of(points, width, colour, depth, normal, 1.1, 0.85, 0.4, 0.15, 0.4)


def _swirl(
    centre: Float,
    radius: Float,
    axis: Float,
    person: Person,
    styling: Styling,
    detail: float,
    rng: np.random.Generator,
) -> Strands:
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
    colour = mixed_colours(person, styling, points[:, 0].astype(np.float32), rng)
    depth = np.asarray(np.clip(0.5 - 4.5 * (rope - 1), 0, 0.9), np.float32)
    width = 0.036 if detail <= 1 else 0.022
    return strands_of(points, width, colour, depth, d.astype(np.float32), 1.0, 0.9, 0.2, 0.9, 0.16)


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
    colour = mixed_colours(person, styling, np.repeat(guide[:1], count, 0).astype(np.float32), rng)
    depth = np.broadcast_to(0.8 * (1 - far**2), (count, along))
    width = 0.036 if detail <= 1 else 0.021
    return strands_of(
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
    s = arc_length(line[None])[0]
    taper = np.interp(np.linspace(0, 1, along), [0, 0.08, 0.75, 1], [0.8, 1.0, 0.85, 0.45])
    paths = np.empty((3, along, 3), np.float32)
    for n in range(3):
        w = 2 * np.pi * (s / (5.2 * radius) + n / 3)
        u, v = 0.78 * radius * np.sin(w) * taper, 0.42 * radius * np.sin(2 * w) * taper
        paths[n] = line + u[:, None] * a + v[:, None] * b
    wide = np.tile(0.56 * radius * taper, (3, 1)).astype(np.float32)
    sides = 8 if detail <= 1 else 12
    bump = 0.05 * np.sin(5 * arc_length(paths))[..., None] * np.ones(sides, np.float32)
    colour = 0.75 * paint_tubes(person, styling, paths, np.asarray(bump, np.float32), rng)
    mesh = tubes(paths, wide, np.asarray(bump, np.float32), colour, np.tile(a[:1], (3, 1)))
    return [
        _laid(paths, wide, person, styling, detail, rng),
        grow_fuzz(paths, wide, colour[:, 0, 0], 140, rng, 0.9),
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
    colour = mixed_colours(person, styling, points[:, 0].astype(np.float32), rng)
    width = 0.03 if detail <= 1 else 0.018
    return strands_of(
        points, width, colour, None, out.astype(np.float32), 1.0, 0.75, 0.2, 0.8, 0.16
    )


def gathered(
    person: Person, styling: Styling, head: Head, detail: float
) -> tuple[Mesh | None, list[Strands], list[Mesh]]:
    """Bun, ponytail, puff or plait: hair combed to a knot and what becomes of it there."""
    rng = random_of(styling, 3)
    body = Body.of(head)
    density = scalp_density(ragged_line(body, rng), person, 1.5)
    gather = _gather(styling, body, rng)
    mean = mean_colour(person, styling)
    root, veil = root_colour(person, styling), root_cover(person, styling, body)
    dark = 1.0 if styling.dye is not None else 1 - 0.95 * float(person.greyness)
    lift = 0.04 + dark * _thickness(styling) * 0.75 * smooth(body.above, 0.2, 3.0)
    coat = coat_of(body, np.asarray(0.95 * veil * smooth(density, 0.05, 1.0)), root, lift)
    flow, wisps = random_of(styling, 5), random_of(styling, 6)  # apart: counts depend on detail
    groups = [_flow(person, styling, body, density, gather, detail, flow)]
    groups.append(_wisps(person, styling, body, gather, detail, wisps))
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
        guide = _tail_guide(styling, body, gather, random_of(styling, 4))
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
        first = [k, k + np.array([0.8 * side, 1.6, -1.6]), k + np.array([2.2 * side, 0.2, -4.0])]
        last = [(4.5 * side, -4.0, -9.5), (6.8 * side, -11.0, -7.5), (8.0 * side, -19.0, -6.5)]
        if over:
            last = [(6.5 * side, -3.0, -9.0), (9.3 * side, -11.0, -3.0), (8.2 * side, -20.0, 5.5)]
    else:
        first = [k, k + np.array([1.0 * side, -1.6, -0.7])]
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
