"""Glasses: rims, bridge, nose pads, temples that reach the ears, and lenses.

In: a :class:`Glasses` and a head.  Out: meshes of material ``'frame'`` and ``'lens'`` in rest pose.
The front is hung where glasses hang: on the bridge of the nose, tilted a little, far enough out for
brows and lashes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from labkit.people.body.mesh import Mesh, grid_triangles, rasterise
from labkit.people.dress.tailor import (
    Float,
    Int,
    joined,
    mark,
    smoothstep,
    triangles_of,
    tube,
)
from labkit.people.who import Glasses

# How square each lens is: the power of its superellipse.
POWERS = {
    "round": 2.0,
    "oval": 2.25,
    "square": 3.4,
    "rectangle": 3.6,
    "browline": 2.8,
    "cat_eye": 2.6,
    "aviator": 2.5,
    "rimless": 3.0,
}
AROUND = 72  # points of a rim
CELL = 0.14  # cm of the depth map
LEFT, TOP_Y, WIDE, HIGH = -9.8, 5.0, 141, 80


def glasses_mesh(glasses: Glasses, person: Any, head: Any) -> list[Mesh]:
    """Meshes of a pair of glasses sitting on a head.

    Parameters
    ----------
    glasses
        What to wear.
    person
        Not read.
    head
        Its ``grid`` and ``landmarks`` are read.

    Returns
    -------
    list of Mesh
        Any ``'frame'`` meshes and one ``'lens'`` (with opacity) mesh.
    """
    depth = front_depth(np.ascontiguousarray(head.grid, np.float32))
    fit = Fit(glasses, head.landmarks, depth)
    parts = rims(fit) + bridge(fit) + temples(fit, head)
    rough = 0.27 if glasses.metal else 0.38
    frame = joined(parts, np.asarray(glasses.colour, np.float32), "frame", rough)
    clear = 0.5 * (
        np.asarray(glasses.colour, np.float32) + np.array([0.42, 0.36, 0.30], np.float32)
    )
    return [frame, joined(pads(fit), clear, "frame", 0.35), lenses(fit)]


@njit(cache=True)
def _blank(depth):
    """Give cells the head does not reach the depth of the nearest cell towards the midline."""
    rows, columns = depth.shape
    middle = columns // 2
    for i in range(rows):
        for j in range(middle, columns):
            if depth[i, j] < -50:
                depth[i, j] = depth[i, j - 1] - 0.6
        for j in range(middle, -1, -1):
            if depth[i, j] < -50:
                depth[i, j] = depth[i, j + 1] - 0.6


def front_depth(grid: Float) -> Float:
    """The z of the front of a face over x and y, shape (HIGH, WIDE), cells of ``CELL`` cm."""
    middle, quarter = grid.shape[1] // 2, grid.shape[1] // 4
    y = grid[:, middle, 1]
    near = np.flatnonzero((y < TOP_Y + 2) & (y > TOP_Y - HIGH * CELL - 1))
    grid = grid[near[0] : near[-1] + 1, quarter : grid.shape[1] - quarter]
    x = (grid[..., 0] - LEFT) / CELL
    y = (TOP_Y - grid[..., 1]) / CELL
    out = np.full((HIGH, WIDE), -99.0, np.float32)
    index, bary = np.empty((HIGH, WIDE), np.int32), np.empty((HIGH, WIDE, 2), np.float32)
    triangles = triangles_of(*grid.shape[:2])
    rasterise(x.ravel(), y.ravel(), grid[..., 2].ravel(), triangles, 0, out, index, bary)
    _blank(out)
    return out


def outline(shape: str, a: Float) -> Float:
    """Unit outline of the right lens of the picture (outer side at +x), shape (n, 2), -1..1."""
    c, s = np.cos(a), np.sin(a)
    power = POWERS[shape]
    scale = (np.abs(c) ** power + np.abs(s) ** power) ** (-1 / power)
    x, y = c * scale, s * scale
    if shape == "aviator":  # a drop that hangs down and outwards
        x = x + 0.10 * np.clip(-y, 0, 1) - 0.12 * np.clip(-y, 0, 1) ** 2 * (x < 0) * np.abs(x)
        y = np.where(y > 0, 0.82 * y, y * (1 + 0.10 * x))
    if shape == "cat_eye":  # softly lifted outer corners
        y = y + 0.20 * smoothstep(x, -0.1, 1.0) * smoothstep(y, -0.6, 0.8)
        x = x * (1 + 0.05 * np.clip(y, 0, 1))
    if shape in ("square", "rectangle", "rimless", "browline"):
        x = x * (1 + 0.035 * y)
        y = np.where(y < 0, y * (1 - 0.06 * np.clip(-x, 0, 1)), y)
    return np.stack([x, y], -1).astype(np.float32)


class Fit:
    """Where one pair of glasses sits on one head."""

    def __init__(self, glasses: Glasses, landmarks: dict[str, Any], depth: Float) -> None:
        self.glasses, self.landmarks, self.depth = glasses, landmarks, depth
        # Wires thinner than this would break up into dots in small pictures.
        self.thick = max(glasses.rim, 0.15)
        eye = np.asarray(landmarks["eye_l"], np.float32)
        self.eye_x, eye_y = abs(float(eye[0])), float(eye[1])
        self.half = np.array([glasses.width, glasses.height], np.float32) / 2
        # The eye sits a little inside and above the middle of its lens.
        self.centre = np.array(
            [max(self.eye_x + 0.18, self.half[0] + 0.85), eye_y - 0.28], np.float32
        )
        self.base = 0.0
        a = np.linspace(0, 2 * np.pi, AROUND, endpoint=False, dtype=np.float32)
        rim = self.centre + outline(glasses.shape, a) * self.half
        gap = [
            self.skin(s * rim[:, 0], rim[:, 1]) - self.front(rim[:, 0], rim[:, 1]) for s in (-1, 1)
        ]
        nose = np.linspace(-0.3, 0.3, 5)
        high = self.bridge_height()
        gap.append(self.skin(nose, np.full(5, high)) - self.front(nose, np.full(5, high)) + 0.05)
        clear = 0.18 + 0.5 * self.thick
        lash = float(eye[2]) + float(landmarks.get("eye_radius", 1.25)) + 1.0
        at_eye = lash - float(self.front(np.float32(self.eye_x), np.float32(eye_y)))
        self.base = max(float(np.max(np.concatenate(gap))) + clear, at_eye)
        self.rim = rim

    def bridge_height(self) -> float:
        """The y of the middle of the bridge."""
        return float(self.centre[1] + 0.42 * self.half[1])

    def skin(self, x: Any, y: Any) -> Float:
        """Depth of the face at (x, y)."""
        j = np.clip(np.round((np.asarray(x) - LEFT) / CELL).astype(int), 0, WIDE - 1)
        i = np.clip(np.round((TOP_Y - np.asarray(y)) / CELL).astype(int), 0, HIGH - 1)
        return self.depth[i, j]

    def front(self, x: Any, y: Any) -> Float:
        """Depth of the lens surface at (x, y): a gentle wrap and 7 degrees of tilt."""
        x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
        return (self.base - 0.020 * x * x - 0.0011 * np.abs(x) ** 3 + 0.12 * y).astype(np.float32)

    def at(self, x: Float, y: Float, out: float = 0.0) -> Float:
        """Points (n, 3) on the front."""
        return np.stack([x, y, self.front(x, y) + out], -1).astype(np.float32)


def rims(fit: Fit) -> list[tuple[Float, Int]]:
    """Both rims; a half rim keeps only the upper part, with a thin line below."""
    thick = fit.thick / 2
    y = (fit.rim[:, 1] - fit.centre[1]) / fit.half[1]
    if fit.glasses.shape == "rimless":
        return []
    heavy = np.full(AROUND, thick, np.float32)
    if thick > 0.11:  # acetate is heavier at the brow
        heavy *= 0.86 + 0.24 * smoothstep(y, -0.2, 0.9)
    if fit.glasses.shape == "browline":
        heavy = 0.05 + (max(thick, 0.13) - 0.05) * smoothstep(y, -0.25, 0.1)
    parts = []
    for side in (-1, 1):
        path = fit.at(side * fit.rim[:, 0], fit.rim[:, 1])
        parts.append(tube(path, heavy, 12, 1.15, closed=True))
    return parts


def bridge(fit: Fit) -> list[tuple[Float, Int]]:
    """The arch over the nose, and a second bar for aviators."""
    thick = max(fit.thick / 2, 0.085)
    high = fit.bridge_height()
    inner = float(np.interp(high, *rim_side(fit, inner=True)))
    parts = []
    bars = [(high, 0.22)] + (
        [(float(fit.rim[:, 1].max()) - 0.16, 0.02)] if fit.glasses.shape == "aviator" else []
    )
    for y, arch in bars:
        reach = inner if y == high else float(np.interp(y, *rim_side(fit, inner=True)))
        x = np.linspace(-reach, reach, 21, dtype=np.float32)
        rise = arch * (1 - (x / reach) ** 2)
        path = fit.at(x, (y + rise).astype(np.float32))
        path[:, 2] += 0.12 * (1 - (x / reach) ** 2)
        parts.append(tube(path, thick * (0.95 if y == high else 0.8), 12, 1.1))
    return parts


def rim_side(fit: Fit, inner: bool) -> tuple[Float, Float]:
    """Heights (ascending) and x of the inner or outer half of the rim."""
    x, y = fit.rim[:, 0], fit.rim[:, 1]
    pick = (x < fit.centre[0]) if inner else (x >= fit.centre[0])
    order = np.argsort(y[pick])
    return y[pick][order], x[pick][order]


def pads(fit: Fit) -> list[tuple[Float, Int]]:
    """Two small pads on the sides of the nose, and their arms."""
    parts = []
    y = fit.centre[1] - 0.10 * fit.half[1]
    edge = float(np.interp(y, *rim_side(fit, inner=True)))
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 13)[:-1], np.linspace(0, np.pi, 7))
    ball = np.stack(
        [np.sin(v) * np.cos(u) * 0.10, np.cos(v) * 0.34, np.sin(v) * np.sin(u) * 0.20], -1
    )
    for side in (-1, 1):
        x = side * max(0.62, edge - 0.42)
        z = float(np.clip(fit.skin(x, y) + 0.10, fit.front(x, y) - 1.3, fit.front(x, y) - 0.15))
        turn = side * 0.5
        spun = ball.copy()
        spun[..., 0] = ball[..., 0] * np.cos(turn) - ball[..., 2] * np.sin(turn)
        spun[..., 2] = ball[..., 0] * np.sin(turn) + ball[..., 2] * np.cos(turn)
        points = (spun + np.array([x, y, z])).reshape(-1, 3).astype(np.float32)
        parts.append((points, grid_triangles(7, 12, wrap=True)))
        if fit.thick < 0.22:
            start = np.array([side * edge, y + 0.25, fit.front(edge, y + 0.25)])
            way = np.linspace(start, [x, y, z], 8)
            way[:, 2] -= 0.15 * np.sin(np.linspace(0, np.pi, 8))
            parts.append(tube(way, 0.045, 8))
    return parts


def temples(fit: Fit, head: Any) -> list[tuple[Float, Int]]:
    """Hinge and arm on both sides: straight back along the temple, bent down behind the ear."""
    glasses, parts = fit.glasses, []
    y0 = float(fit.centre[1] + (0.62 if glasses.shape == "aviator" else 0.5) * fit.half[1])
    edge = float(np.interp(y0, *rim_side(fit, inner=False)))
    thick = max(fit.thick * 0.42, 0.085)
    for side, name in ((-1, "ear_r"), (1, "ear_l")):
        ear = ear_top(head.landmarks, name, side)
        start = np.array([side * edge, y0, float(fit.front(edge, y0))])
        hinge = np.array([side * (edge + 0.30), y0, start[2] - 0.35])
        bend = ear + np.array([0.0, 0.0, -0.4])
        t = np.linspace(0, 1, 26)[:, None]
        arm = hinge + (bend - hinge) * t
        arm[:, 0] = side * np.maximum(
            np.abs(arm[:, 0]), side_skin(head, arm, side) + 0.5 * thick + 0.06
        )
        curl = np.linspace(0, 1, 8)[1:, None]
        tail = arm[-1] + curl * [0, 0, -1.2] + curl**2 * [-0.25 * side, -1.9, 0.1]
        path = np.concatenate([start[None], arm, tail])
        size = np.full(len(path), thick)
        size[-len(tail) :] = thick * np.linspace(1, 0.7, len(tail))
        # Arms are taller than they are wide.
        points, triangles = tube(path, size, 10)
        tall = 1.0 if fit.thick < 0.22 else 1.5
        middle = np.repeat(path, 10, 0)
        points[:, 1] = middle[:, 1] + (points[:, 1] - middle[:, 1]) * tall
        parts.append((points.astype(np.float32), triangles))
    return parts


def ear_top(landmarks: dict[str, Any], name: str, side: int) -> Float:
    """Where the ear meets the head at its top, the place a temple rests on."""
    ear = np.asarray(
        landmarks.get(f"{name}_top", landmarks.get(name, (side * 7.2, -0.5, -0.4))), float
    )
    high = mark(landmarks, f"{name}_top", 1, float(ear[1]) + 1.7)
    return np.array([ear[0], min(high, 1.5), ear[2]], np.float32)


@njit(cache=True)
def _widest(grid, points, side, out):
    """Largest side * x of the head near the (y, z) of each point."""
    for n in range(points.shape[0]):
        best = np.float32(0)
        for i in range(grid.shape[0]):
            for j in range(grid.shape[1]):
                if (
                    abs(grid[i, j, 1] - points[n, 1]) < 0.5
                    and abs(grid[i, j, 2] - points[n, 2]) < 0.8
                ):
                    best = max(best, side * grid[i, j, 0])
        out[n] = best


def side_skin(head: Any, points: Float, side: int) -> Float:
    """Half width of the head beside each point, cm, shape (n,)."""
    coarse = np.ascontiguousarray(head.scalp[::2, ::2], np.float32)
    out = np.empty(len(points), np.float32)
    _widest(coarse, np.ascontiguousarray(points, np.float32), side, out)
    return out


def lenses(fit: Fit) -> Mesh:
    """Both lenses, slightly domed, with the normals of a sphere so that windows glide over them."""
    rings = 7
    points: list[Float] = []
    normals: list[Float] = []
    triangles: list[Int] = []
    share = np.append(np.linspace(0, 0.96, rings - 1), 1.0)[:, None, None]
    flat = fit.centre + (fit.rim - fit.centre) * share
    for side in (-1, 1):
        x, y = side * flat[..., 0], flat[..., 1]
        bulge = 0.10 * (1 - share[..., 0] ** 2)
        p = np.stack([x, y, fit.front(x, y) + bulge], -1).reshape(-1, 3).astype(np.float32)
        n = np.stack(
            [x * 0.06 - 0.02 * side, (y - fit.centre[1]) * 0.08 - 0.10, np.ones_like(x)], -1
        )
        n = n.reshape(-1, 3).astype(np.float32)
        index = grid_triangles(rings, AROUND, wrap=True)
        a, b, c = (p[index[:, k]] for k in range(3))
        if np.cross(b - a, c - a)[:, 2].sum() < 0:
            index = index[:, ::-1]
        triangles.append(index + len(points) * len(p))
        points.append(p)
        normals.append(n / np.linalg.norm(n, axis=1, keepdims=True))
    # The ground edge of the glass catches light; it is all one sees of a rimless pair.
    edge = 0.30 if fit.glasses.shape == "rimless" else 0.08
    # Clear glass: what is written as its tint is hardly seen, so that eyes stay bright.
    tint = np.full((2, rings, AROUND), 0.4 * fit.glasses.tint, np.float32)
    tint[:, -1] += edge
    p = np.concatenate(points)
    colour = np.full((2, rings, AROUND, 3), 0.2 * np.asarray(fit.glasses.colour) + 0.02, np.float32)
    colour[:, -1] = 0.5 * colour[:, -1] + 0.3
    return Mesh(
        p,
        np.concatenate(triangles),
        "lens",
        colour.reshape(-1, 3),
        None,
        0.08,
        np.concatenate(normals),
        None,
        tint.ravel(),
    )
