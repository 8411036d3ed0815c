"""The scalp that tubes of hair leave: density, partings, undercoats and flat hair between them.

In: a :class:`~labkit.people.hair.hair.Body` and a person.  Out: maps over the body, meshes of
undercoat, and strands drawn flat to their tubes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.spatial import cKDTree

from labkit.people.body.mesh import Mesh, grid_triangles
from labkit.people.hair.hair import (
    COLUMNS,
    ROWS,
    STEP,
    Body,
    hair_colours,
    hair_loss_density,
    smooth,
    sow,
)
from labkit.people.hair.strands import Strands
from labkit.people.hair.tubes import Float, arc_length, lay, random_of, strands_of

if TYPE_CHECKING:
    from labkit.people.who.person import Person
    from labkit.people.who.styling import Styling


def scalp_density(body: Body, person: Person, edge: float = 0.7) -> Float:
    """Density of hair over the body map, shape (ROWS, COLUMNS)."""
    loss = hair_loss_density(body.points, float(person.hair_loss))
    return np.asarray(smooth(body.above, -0.05, edge) * loss, np.float32)


def mixed_colours(
    person: Person, styling: Styling, points: Float, rng: np.random.Generator
) -> Float:
    """Albedo per strand, shape (n, 3): combed hair mixes, so grey is softer than hair by hair."""
    colour = hair_colours(person, styling, points, rng)
    return np.asarray(0.55 * colour + 0.45 * colour.mean(0), np.float32)


def ragged_line(body: Body, rng: np.random.Generator) -> Body:
    """The same body with a hair line that wanders a few millimetres, as hair lines do."""
    theta = np.linspace(-np.pi, np.pi, COLUMNS)
    wander = sum(
        a * np.sin(k * theta + p)
        for a, k, p in zip((0.16, 0.13, 0.10), (7, 13, 22), rng.uniform(0, 6.28, 3), strict=True)
    )
    return replace(body, above=(body.above + wander[None]).astype(np.float32))


def coat_of(body: Body, opacity: Float, colour: Float, lift: Float | float = 0.05) -> Mesh:
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


def flow_to_tubes(
    body: Body,
    density: Float,
    roots: Float,
    ends: Float,
    colour: Float,
    count: int,
    rng: np.random.Generator,
) -> Strands:
    """Hair of each parcel drawn flat over the scalp to its tube: ``ends`` and ``colour`` (S, 3)."""
    seed = sow(body, density, count, rng)
    found = cKDTree(roots).query(seed.points, k=min(2, len(roots)))
    apart, near = (np.asarray(a).reshape(len(seed.points), -1) for a in found)
    keep = (apart[:, -1] - apart[:, 0] > 0.22) & (apart[:, 0] < 2.2)  # partings stay clear
    p, to = seed.points[keep], near[keep, 0]
    t = np.linspace(0, 1, 5, dtype=np.float32)[None, :, None]
    line = p[:, None] * (1 - t) + ends[to][:, None] * t
    line, normal = lay(body, line, 0.03 + 0.12 * t[..., 0] * np.ones((len(p), 1), np.float32))
    line[:, -1] = ends[to]
    shade = colour[to] * np.exp(0.15 * rng.standard_normal((len(p), 1)))
    width = 0.03 if count < 1000 else 0.023
    return strands_of(line, width, shade, None, normal, 1.0, 0.8, 0.3, 0.5, 0.25)


def hairline_parcels(body: Body, spacing: float) -> tuple[Float, Float]:
    """Roots along the front hair line, and normals, each shape (S, 3)."""
    inside = body.above > 0.45
    row = np.maximum(ROWS - 1 - np.argmax(inside[::-1], axis=0), 0)
    column = np.arange(COLUMNS)
    line, normals = body.points[row, column], body.shape[row, column, 1:]
    front = (line[:, 2] > 0.5) & (line[:, 1] > 2.0) & inside.any(0)
    line, normals = line[front], normals[front]
    if len(line) < 2:
        return line[:0], normals[:0]
    arc = arc_length(line[None])[0]
    at = np.linspace(0, arc[-1], max(2, round(float(arc[-1]) / spacing)))
    pick = np.searchsorted(arc, at).clip(0, len(arc) - 1)
    return line[pick], normals[pick]


def mean_colour(person: Person, styling: Styling) -> Float:
    """Albedo of all the hair together, shape (3,)."""
    rng = random_of(styling, 9)
    return np.asarray(
        hair_colours(person, styling, np.zeros((200, 3), np.float32), rng).mean(0), np.float32
    )


def lay_parcels(
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
def _fill_nearest(points, to, out):
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


def nearest_two(body: Body, last: int, to: Float) -> Float:
    """Distances to the two nearest of ``to`` over rows of the body map, (last, COLUMNS, 2)."""
    points = np.ascontiguousarray(body.points[:last].reshape(-1, 3))
    out = np.empty((len(points), 2), np.float32)
    _fill_nearest(points, np.ascontiguousarray(to, np.float32), out)
    return out.reshape(last, COLUMNS, 2)


def parting_opacity(
    body: Body, density: Float, roots: Float, width: float, least: float, most: float = 0.92
) -> Float:
    """Opacity of the undercoat: ``most`` in each parcel, the share ``least`` of it between them."""
    last = min(3 + int(np.flatnonzero((density > 0.01).any(1)).max(initial=2)), ROWS)
    near = nearest_two(body, last, roots)
    out = np.zeros_like(density)
    inside = smooth(near[..., 1] - near[..., 0], 0.0, width)
    out[:last] = most * density[:last] * (least + (1 - least) * inside)
    return out
