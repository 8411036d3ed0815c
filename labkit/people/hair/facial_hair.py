"""Brows, lashes and beards.

In: a Person (brow shape, hair colour, greyness), a Styling (kind and length of beard), a Head, and
its grid of points with the expression already in them.  Out: groups of short
:class:`~labkit.people.hair.strands.Strands` in the rest pose (:func:`on_face`), and an
:func:`undercoat`: how much of the skin the roots darken, per texel.  Nothing here reads the tone
of the skin.

A beard is never paint.  Every hair is grey or natural by its own draw, skin shows between the
hairs, and all edges fade over about a centimetre.  Roots are fractional grid coordinates, chosen on
the face at rest and grown on the face as it is, so that hair follows a smile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.hair.strands import Strands

if TYPE_CHECKING:
    from labkit.people.body.head import Head
    from labkit.people.who import Capture, Person, Styling

Float = NDArray[Any]  # float32 wherever arrays leave this module

ROOM = 4
SALT = {"brow": 1, "lash": 2, "beard": 3}
GREY = np.array([0.25, 0.243, 0.232], np.float32)  # a grey hair in a wholly grey head
LASH_POINTS = 9
KINDS = ("none", "shadow", "stubble", "moustache", "goatee", "short", "full", "long")

# For each kind: hairs at detail 1, radius (cm), points per hair, lift from the skin (rad), opacity,
# share of skin darkened by roots, default length (cm).
_STYLES: dict[str, tuple[int, float, int, float, float, float, float]] = {
    "shadow": (1500, 0.010, 2, 0.70, 0.42, 0.20, 0.05),
    "stubble": (2600, 0.011, 3, 0.60, 0.55, 0.24, 0.20),
    "moustache": (800, 0.015, 5, 0.45, 0.66, 0.30, 0.80),
    "goatee": (1700, 0.015, 5, 0.45, 0.66, 0.30, 0.80),
    "short": (4000, 0.014, 4, 0.50, 0.66, 0.34, 0.80),
    "full": (5000, 0.016, 6, 0.50, 0.68, 0.45, 2.20),
    "long": (5000, 0.017, 8, 0.45, 0.70, 0.45, 4.50),
}


def _rng(seed: int, part: str) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([ROOM, int(seed), SALT[part]]))


def _f32(values: Any) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def _smooth(x: Any, low: Any, high: Any) -> Float:
    """0 at ``low``, 1 at ``high`` (which may be the smaller), a soft S between."""
    t = np.clip((np.asarray(x, np.float32) - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


# ---------------------------------------------------------------------------------------------
# The face that hair grows on
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Face:
    """Where mouth, nose and chin of one head are, centimetres in the rest pose.

    Parameters
    ----------
    half
        Half width of the mouth.
    nose, chin
        Heights of the base of the nose and of the lowest point of the chin.
    x, seam, upper, lower
        Heights of the mouth line and of the outer borders of the lips at ``x``, each shape
        (N,), from negative to positive x.
    """

    half: float
    nose: float
    chin: float
    x: Float
    seam: Float
    upper: Float
    lower: Float

    @classmethod
    def of(cls, head: Head) -> Face:
        """Read a head's landmarks."""
        marks = head.landmarks
        curves = [
            np.asarray(marks[name], np.float32) for name in ("lip_seam", "lip_upper", "lip_lower")
        ]
        x = np.linspace(-float(marks["mouth_w"]), float(marks["mouth_w"]), 33, dtype=np.float32)
        heights = [np.interp(x, c[:, 0], c[:, 1]).astype(np.float32) for c in curves]
        nose, chin = float(marks["nose_base"][1]), float(marks["chin"][1])
        return cls(float(marks["mouth_w"]), nose, chin, x, *heights)

    @classmethod
    def plain(
        cls, mouth: float = -6.6, half: float = 2.5, nose: float = -4.3, chin: float = -11.0
    ) -> Face:
        """A face with an even mouth, for examples and tests."""
        x = np.linspace(-half, half, 33, dtype=np.float32)
        arch = np.sqrt(1 - (x / half) ** 2)
        flat = np.full_like(x, mouth)
        return cls(
            half,
            nose,
            chin,
            x,
            flat,
            flat + np.float32(0.75) * arch,
            flat - np.float32(1.05) * arch,
        )

    @property
    def mouth(self) -> float:
        """Height of the mouth line at the midline."""
        return float(self.seam[len(self.x) // 2])

    @property
    def chin_top(self) -> float:
        """Height of the lower border of the lower lip at the midline."""
        return float(self.lower[len(self.x) // 2])

    def lips(self, x: Float) -> tuple[Float, Float, Float]:
        """Heights of mouth line, upper and lower border at ``x``."""
        seam, upper, lower = (np.interp(x, self.x, c) for c in (self.seam, self.upper, self.lower))
        return seam, upper, lower


@njit(cache=True)
def _areas(grid):
    """Area of every grid cell, shape (R-1, C-1), cm2."""
    rows, columns = grid.shape[0] - 1, grid.shape[1] - 1
    out = np.empty((rows, columns), np.float32)
    for r in range(rows):
        for c in range(columns):
            ax = grid[r + 1, c + 1, 0] - grid[r, c, 0]
            ay = grid[r + 1, c + 1, 1] - grid[r, c, 1]
            az = grid[r + 1, c + 1, 2] - grid[r, c, 2]
            bx = grid[r + 1, c, 0] - grid[r, c + 1, 0]
            by = grid[r + 1, c, 1] - grid[r, c + 1, 1]
            bz = grid[r + 1, c, 2] - grid[r, c + 1, 2]
            x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
            out[r, c] = 0.5 * np.sqrt(x * x + y * y + z * z)
    return out


@njit(cache=True)
def _at(grid, row, column):
    """Points of a grid at fractional coordinates, shape (S, 3)."""
    out = np.empty((row.shape[0], 3), np.float32)
    for s in range(row.shape[0]):
        r = min(int(row[s]), grid.shape[0] - 2)
        c = min(int(column[s]), grid.shape[1] - 2)
        fr, fc = row[s] - r, column[s] - c
        for k in range(3):
            upper = grid[r, c, k] * (1 - fc) + grid[r, c + 1, k] * fc
            lower = grid[r + 1, c, k] * (1 - fc) + grid[r + 1, c + 1, k] * fc
            out[s, k] = upper * (1 - fr) + lower * fr
    return out


@dataclass(frozen=True)
class Window:
    """The rows and columns of a grid that hold some part of the face; the rest is not looked at."""

    top: int
    left: int
    grid: Float

    @classmethod
    def around(
        cls, grid: Float, low: float, high: float, reach: float = 9.0, z: float = -1.6
    ) -> Window:
        """Where the front of the head has low < y < high, |x| < reach and z beyond ``z``, cm."""
        middle = grid.shape[1] // 2
        rows = np.flatnonzero((grid[:, middle, 1] > low) & (grid[:, middle, 1] < high))
        part = grid[rows[0] : rows[-1] + 1 : 4]
        columns = np.flatnonzero(((part[..., 2] > z) & (np.abs(part[..., 0]) < reach)).any(0))
        top, left = int(rows[0]), int(columns[0])
        inside = grid[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
        return cls(top, left, np.ascontiguousarray(inside, np.float32))

    @property
    def centres(self) -> Float:
        """Middles of the cells, shape (r-1, c-1, 3)."""
        g = self.grid
        return 0.25 * (g[:-1, :-1] + g[1:, :-1] + g[:-1, 1:] + g[1:, 1:])

    def sow(self, density: Float, count: int, rng: np.random.Generator) -> tuple[Float, Float]:
        """Fractional coordinates in the whole grid, in proportion to area and ``density``."""
        row, column = _sow(_areas(self.grid) * density, count, rng)
        return row + np.float32(self.top), column + np.float32(self.left)


def _sow(weight: Float, count: int, rng: np.random.Generator) -> tuple[Float, Float]:
    """``count`` fractional (row, column) in proportion to ``weight`` (R-1, C-1), evenly spread."""
    total = np.cumsum(weight.ravel(), dtype=np.float64)
    if count <= 0 or total[-1] <= 1e-9:
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    at = (np.arange(count) + rng.random(count)) / count * total[-1]
    cell = np.minimum(np.searchsorted(total, at), len(total) - 1)
    row, column = np.divmod(cell, weight.shape[1])
    fr, fc = rng.random((2, count))
    return (row + fr).astype(np.float32), (column + fc).astype(np.float32)


@njit(cache=True)
def _grow(points, row, column, across, down, lift, length, droop, sway, out, normals):
    """Grow hairs from a grid; fills ``out`` (S, K, 3) and ``normals`` (S, K, 3).

    ``across`` (towards the outside of the face) and ``down`` are the growth direction in the skin,
    ``lift`` the tangent of its angle with the skin, ``droop`` how fast it turns to the ground per
    cm, ``sway`` (S, 3) a push per cm that makes hairs unlike.
    """
    rows, columns = points.shape[0], points.shape[1]
    middle = 0.5 * (columns - 1)
    along = out.shape[1]
    for s in range(row.shape[0]):
        r, c = min(int(row[s]), rows - 2), min(int(column[s]), columns - 2)
        fr, fc = row[s] - r, column[s] - c
        p, e, d = np.zeros(3), np.zeros(3), np.zeros(3)
        for k in range(3):
            a, b = points[r, c, k], points[r, c + 1, k]
            g, h = points[r + 1, c, k], points[r + 1, c + 1, k]
            p[k] = (a * (1 - fc) + b * fc) * (1 - fr) + (g * (1 - fc) + h * fc) * fr
            e[k] = (b - a) * (1 - fr) + (h - g) * fr
            d[k] = (g - a) * (1 - fc) + (h - b) * fc
        n = np.array(
            [d[1] * e[2] - d[2] * e[1], d[2] * e[0] - d[0] * e[2], d[0] * e[1] - d[1] * e[0]]
        )
        size = np.sqrt(n[0] ** 2 + n[1] ** 2 + n[2] ** 2)
        if size < 1e-8:
            n[0], n[1], n[2] = 0.0, 0.0, 1.0
        else:
            n /= size
        # Down in the skin: the ground's direction, and the grid's own where skin faces the ground.
        flat = n[1] * n[1]
        size = np.sqrt(d[0] ** 2 + d[1] ** 2 + d[2] ** 2) + 1e-9
        v = np.array([flat * d[0] / size, flat * d[1] / size - (1 - flat), flat * d[2] / size])
        dot = v[0] * n[0] + v[1] * n[1] + v[2] * n[2]
        v -= dot * n
        v /= np.sqrt(v[0] ** 2 + v[1] ** 2 + v[2] ** 2) + 1e-9
        u = np.array(
            [n[1] * v[2] - n[2] * v[1], n[2] * v[0] - n[0] * v[2], n[0] * v[1] - n[1] * v[0]]
        )
        side = 1.0 if column[s] >= middle else -1.0
        t = side * across[s] * u + down[s] * v + lift[s] * n
        step = length[s] / (along - 1)
        p += 0.015 * n
        for k in range(along):
            out[s, k, 0], out[s, k, 1], out[s, k, 2] = p[0], p[1], p[2]
            normals[s, k, 0], normals[s, k, 1], normals[s, k, 2] = n[0], n[1], n[2]
            t /= np.sqrt(t[0] ** 2 + t[1] ** 2 + t[2] ** 2) + 1e-9
            p += step * t
            t[1] -= droop[s] * step
            for i in range(3):
                t[i] += sway[s, i] * step


@dataclass(frozen=True)
class Planted:
    """Hairs of a face before any expression: where they root and how each will grow.

    Parameters
    ----------
    row, column
        Fractional coordinates in the head's grid, shape (S,).
    across, down, lift
        Growth direction in the skin, and away from it, shape (S,).
    length, droop
        Length (cm) and turn to the ground per cm, shape (S,).
    sway
        Push per cm that makes hairs unlike, shape (S, 3).
    finish
        The other columns of :class:`~labkit.people.hair.strands.Strands` by name.
    along
        Points per hair.
    """

    row: Float
    column: Float
    across: Float
    down: Float
    lift: Float
    length: Float
    droop: Float
    sway: Float
    finish: dict[str, Any]
    along: int

    def grow(self, points: Float) -> Strands:
        """The hairs on a grid of points with an expression, shape (R, C, 3)."""
        out, normals = np.empty((2, len(self.row), self.along, 3), np.float32)
        shape = (self.across, self.down, self.lift, self.length, self.droop, self.sway)
        columns = [np.ascontiguousarray(a, np.float32) for a in shape]
        grid = np.ascontiguousarray(points, np.float32)
        _grow(grid, self.row, self.column, *columns, out, normals)
        return Strands(points=out, normal=normals, **self.finish)


def _colours(
    person: Person, rng: np.random.Generator, grey_chance: Float, darker: float, spread: float = 0.2
) -> Float:
    """Albedo of each hair, shape (S, 3): natural or grey by its own draw, unlike its neighbours."""
    count = len(grey_chance)
    natural = np.asarray(person.hair_colour, np.float32) * darker
    vary = np.exp(spread * rng.standard_normal((count, 1)).astype(np.float32))
    # First grey hairs keep some pigment; a few are white early.
    level = (0.55 + 0.45 * person.greyness) * np.exp(0.35 * rng.standard_normal((count, 1)))
    grey = GREY * np.clip(level, 0.3, 1.45).astype(np.float32)
    chosen = rng.random((count, 1)) < grey_chance[:, None]
    return np.where(chosen, grey, np.clip(natural * vary, 0.004, 0.5)).astype(np.float32)


# ---------------------------------------------------------------------------------------------
# Brows
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BrowLine:
    """Centre line of one brow from the nose outwards, (K, 2) x, y, and half height (K,), cm."""

    line: Float
    half: Float

    def window(self, grid: Float) -> Window:
        """The part of a grid that holds the brow."""
        low, high = float(self.line[:, 1].min()), float(self.line[:, 1].max())
        return Window.around(grid, low - 1.2, high + 1.2, 8.0, 0.0)

    def locate(self, x: Float, y: Float) -> tuple[Float, Float]:
        """Share of the way along, 0..1 between the ends, and offset in half heights."""
        d2 = (x[:, None] - self.line[None, :, 0]) ** 2 + (y[:, None] - self.line[None, :, 1]) ** 2
        near = np.argmin(d2, axis=1)
        tangent = np.gradient(self.line, axis=0)
        tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
        dx, dy = x - self.line[near, 0], y - self.line[near, 1]
        tx, ty = tangent[near, 0], tangent[near, 1]
        side = np.sign(self.line[-1, 0])
        ahead = (dx * tx + dy * ty) / (np.linalg.norm(self.line[-1] - self.line[0]) + 1e-6)
        offset = side * (tx * dy - ty * dx)
        return near / (len(self.line) - 1) + ahead, offset / self.half[near]


def brow_line(person: Person, head: Head, side: str, count: int = 49) -> BrowLine:
    """The brow on one side ('r' is negative x) as the head's landmarks give it."""
    curve = head.landmarks.get(f"brow_curve_{side}")
    if curve is None:
        t = np.linspace(0, 1, 9)
        curve = np.stack([1.25 + 3.7 * t, 1.95 + 0.35 * np.sin(np.pi * t**1.2) - 0.25 * t * t], -1)
        curve[:, 0] *= -1 if side == "r" else 1
    curve = np.asarray(curve, np.float64)
    curve = curve[np.argsort(np.abs(curve[:, 0]))]
    at, want = np.linspace(0, 1, len(curve)), np.linspace(0, 1, count)
    line = np.stack([np.interp(want, at, curve[:, 0]), np.interp(want, at, curve[:, 1])], -1)
    half = head.landmarks.get(f"brow_half_{side}", head.landmarks.get("brow_half"))
    if half is None and curve.shape[1] > 3:
        half = curve[:, 3]
    if half is None:
        half = 0.29 + 0.075 * float(person.shape.get("brow_thickness", 0.0))
    half = np.asarray(half, np.float64).ravel()
    half = (
        np.full(count, half[0])
        if len(half) == 1
        else np.interp(want, np.linspace(0, 1, len(half)), half)
    )
    # Full in the inner half, tapering to the tail; never a pencil line.
    half = np.maximum(
        1.1 * half.max() * np.interp(want, [0, 0.1, 0.5, 1], [0.86, 1, 0.95, 0.5]), [0.17]
    )
    return BrowLine(line.astype(np.float32), half.astype(np.float32))


def _brow_density(along: Float, offset: Float) -> Float:
    """Chance that a hair grows: soft ends, soft edges, thinner where the brow begins."""
    ends = _smooth(along, -0.08, 0.18) * _smooth(along, 1.06, 0.80)
    return np.asarray(
        ends * _smooth(np.abs(offset), 1.22, 0.45) * (0.72 + 0.28 * _smooth(along, 0.0, 0.3))
    )


def brows(person: Person, head: Head, detail: float = 1.0) -> Planted:
    """Both brows.

    Parameters
    ----------
    person, head
        Whose; no styling plays a part, brows are the person's own.
    detail
        1 for 160 px pictures, 2 for 512 px: more and finer hairs.

    Returns
    -------
    Planted
        ``.grow(points)`` gives the strands.
    """
    rng = _rng(person.seed, "brow")
    grid = head.grid
    density = float(person.shape.get("brow_density", 0.0))
    wanted = int((330 if detail <= 1 else 620) * np.clip(1 + 0.22 * density, 0.5, 1.5))
    parts = []
    for side in ("r", "l"):
        brow = brow_line(person, head, side)
        window = brow.window(grid)
        near = _near(window.grid, brow)
        row, column = window.sow(near, wanted * 4, rng)
        rest = _at(grid, row, column)
        along, offset = brow.locate(rest[:, 0], rest[:, 1])
        keep = np.flatnonzero(rng.random(len(row)) < _brow_density(along, offset))
        keep = rng.permutation(keep)[:wanted]
        parts.append(
            (row[keep], column[keep], along[keep], offset[keep], *_slope(brow, along[keep]))
        )
    row, column, along, offset, slope_x, slope_y = (
        np.concatenate(p) for p in zip(*parts, strict=True)
    )
    return _brow_hairs(person, row, column, along, offset, slope_x, slope_y, detail, rng)


def _near(grid: Float, brow: BrowLine) -> Float:
    """1 for grid cells of the front that may hold hairs of a brow, shape (R-1, C-1)."""
    x, y, z = (grid[:-1, :-1, k] for k in range(3))
    low, high = brow.line.min(0) - 0.7, brow.line.max(0) + 0.7
    return ((x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1]) & (z > 0)).astype(
        np.float32
    )


def _slope(brow: BrowLine, along: Float) -> tuple[Float, Float]:
    """Direction of the brow (outwards, up) at shares of the way along."""
    t = np.gradient(brow.line, axis=0)
    t /= np.linalg.norm(t, axis=1, keepdims=True)
    at = np.linspace(0, 1, len(t))
    return np.interp(along, at, np.abs(t[:, 0])), np.interp(along, at, t[:, 1])


def _brow_hairs(
    person: Person,
    row: Float,
    column: Float,
    along: Float,
    offset: Float,
    slope_x: Float,
    slope_y: Float,
    detail: float,
    rng: np.random.Generator,
) -> Planted:
    """Hairs upright near the nose, then sweeping outward and meeting at the ridge of the brow."""
    count = len(row)
    noise = rng.standard_normal((3, count))
    turn = np.interp(along, [0, 0.12, 0.35, 1.0], [1.25, 0.85, 0.42, 0.12])
    turn = turn - 0.38 * np.clip(offset, -1, 1) * _smooth(along, 0.0, 0.35) + 0.16 * noise[0]
    c, s = np.cos(turn), np.sin(turn)
    across, up = slope_x * c - slope_y * s, slope_y * c + slope_x * s
    length = (0.50 + 0.18 * np.sin(np.pi * np.clip(along, 0, 1) ** 0.7)) * np.exp(0.16 * noise[1])
    length *= np.where(offset > 0.5, 0.8, 1.0) * (1 + 0.004 * max(0.0, person.age - 50))
    sway = 0.25 * rng.standard_normal((count, 3))
    chance = np.full(count, np.clip(0.95 * person.greyness - 0.35, 0, 0.5), np.float32)
    colour = _colours(person, rng, chance, 0.8)
    radius = (0.019 if detail <= 1 else 0.012) * np.exp(0.15 * noise[2])
    opacity = _f32(0.80 * (0.70 + 0.30 * _smooth(np.abs(offset), 1.1, 0.3)))
    lift, droop = np.full(count, 0.16), np.full(count, 0.35)
    finish = {
        "radius": _f32(radius),
        "colour": colour,
        "opacity": opacity,
        "tip": 1.1,
        "taper": 0.75,
        "gloss": 0.35,
        "spread": 0.25,
    }
    return Planted(row, column, across, -up, lift, length, droop, sway, finish, 4)


# ---------------------------------------------------------------------------------------------
# Lashes
# ---------------------------------------------------------------------------------------------


def _lid_curves(lids: Any, side: str) -> tuple[Float, Float, Float]:
    """x, upper y and lower y of one eye's opening, from its inner to its outer corner."""
    eye = getattr(lids, side, None)
    if eye is None:
        eye = getattr(lids, f"eye_{side}")
    x, upper, lower = (np.asarray(getattr(eye, k), np.float64) for k in ("x", "upper", "lower"))
    order = np.argsort(np.abs(x))
    return x[order], upper[order], lower[order]


def lashes(person: Person, head: Head, capture: Capture, detail: float = 1.0) -> Strands:
    """Lashes of both eyes: a dark tapered line along the upper lid, a soft fan, a few below.

    Parameters
    ----------
    person, head, capture
        Whose, and with which lids; length and number move gently and continuously with
        ``person.presentation`` and are the same for everyone otherwise.
    detail
        1 for 160 px pictures, 2 for 512 px.

    Returns
    -------
    Strands
    """
    rng = _rng(person.seed, "lash")
    lids = head.lids(capture)
    strength = 1.0 - 0.22 * float(person.presentation)
    parts, radii, opacity = [], [], []
    for side in ("r", "l"):
        centre = np.asarray(head.landmarks[f"eye_{side}"], np.float64)
        reach = float(head.landmarks.get("eye_radius", 1.25)) + 0.10
        x, upper, lower = _lid_curves(lids, side)
        for curve, name in ((upper, "upper"), (lower, "lower")):
            p, r, o = _fan(x, curve, centre, reach, name, strength, detail, rng)
            parts.append(p)
            radii.append(r)
            opacity.append(o)
        p, r, o = _margin(x, upper, centre, reach, strength)
        parts.append(p)
        radii.append(r)
        opacity.append(o)
    points = np.concatenate(parts).astype(np.float32)
    colour = np.minimum(np.asarray(person.hair_colour, np.float32) * 0.45, 0.035)
    normal = np.zeros_like(points)
    normal[..., 2] = 1
    return Strands(
        points,
        np.concatenate(radii),
        np.tile(colour, (len(points), 1)),
        None,
        normal,
        1.0,
        np.concatenate(opacity),
        0.9,
        0.15,
        0.3,
    )


def _on_ball(x: Any, y: Any, centre: Float, reach: float) -> Float:
    """Points (..., 3) on the sphere of the lid above the eyeball."""
    d2 = (x - centre[0]) ** 2 + (y - centre[1]) ** 2
    z = centre[2] + np.sqrt(np.maximum(reach * reach - d2, 0.04))
    return np.stack([x, y, z], -1)


def _fan(
    x: Float,
    y: Float,
    centre: Float,
    reach: float,
    name: str,
    strength: float,
    detail: float,
    rng: np.random.Generator,
) -> tuple[Float, Float, Float]:
    """Single lashes: out from the lid, then curling up (upper) or down (lower), longer outside."""
    top = name == "upper"
    count = int((26 if top else 12) * (1.0 if detail <= 1 else 1.7))
    t = 0.06 + 0.94 * (np.arange(count) + 0.25 + 0.5 * rng.random(count)) / count
    at = np.linspace(0, 1, len(x))
    root = _on_ball(np.interp(t, at, x), np.interp(t, at, y), centre, reach)
    side = np.sign(centre[0])
    spread = np.interp(t, [0, 0.45, 1], [-0.55, 0.1, 1.0]) + 0.10 * rng.standard_normal(count)
    length = (
        (0.34 if top else 0.16) * strength * np.interp(t, [0, 0.2, 0.75, 1], [0.45, 0.8, 1.1, 0.9])
    )
    length = length * np.exp(0.12 * rng.standard_normal(count))
    sign = 1.0 if top else -1.0
    out = np.empty((count, LASH_POINTS, 3))
    for k, s in enumerate(np.linspace(0, 1, LASH_POINTS)):
        # Leaves the lid forward and a little down, then curls up: seen from the front a short arc.
        rise = sign * (1.05 * s * s - 0.12 * s)
        out[:, k, 0] = root[:, 0] + side * spread * 0.75 * length * s
        out[:, k, 1] = root[:, 1] + rise * length * 0.85
        out[:, k, 2] = root[:, 2] + (0.75 * s - 0.2 * s * s) * length
    radius = np.full(count, (0.016 if top else 0.010) * (1.0 if detail <= 1 else 0.7))
    return out, radius, np.full(count, 0.62 if top else 0.28)


def _margin(
    x: Float, y: Float, centre: Float, reach: float, strength: float
) -> tuple[Float, Float, Float]:
    """The roots of the upper lashes seen together: a line that widens outwards to a small tail."""
    at = np.linspace(0, 1, len(x))
    side = np.sign(centre[0])
    out = np.empty((3, LASH_POINTS, 3))
    begin = (0.10, 0.30, 0.52)
    for i, b in enumerate(begin):
        t = np.linspace(1.0, b, LASH_POINTS)  # root (widest) at the outer corner, tapering inwards
        px, py = np.interp(t, at, x), np.interp(t, at, y) + 0.015 + 0.012 * i
        tail = np.clip(t - 0.93, 0, 1) / 0.07
        px += side * 0.12 * strength * tail
        py += 0.05 * tail
        out[i] = _on_ball(px, py, centre, reach + 0.02)
    return out, np.array([0.034, 0.030, 0.026]) * (0.7 + 0.3 * strength), np.full(3, 0.62)


# ---------------------------------------------------------------------------------------------
# Beards
# ---------------------------------------------------------------------------------------------

# Upper edge of a beard on the cheek: angle round the head (degrees from the front) and height above
# the mouth line (cm).
_CHEEK = ((0, 24, 34, 44, 54, 63, 71, 78, 90), (0.2, 0.55, 0.9, 1.7, 3.0, 4.6, 6.2, 7.4, 7.8))


def _lip_gap(face: Face, x: Float, y: Float) -> Float:
    """0 on the lips, 1 from 0.3 cm outside their border."""
    _, upper, lower = face.lips(x)
    outside = np.maximum(np.maximum(y - upper, lower - y), np.abs(x) - face.half - 0.05)
    return _smooth(outside, 0.0, 0.28)


def _moustache(face: Face, x: Float, y: Float, z: Float) -> Float:
    """Share of full growth between nose and mouth, thinner in the groove of the philtrum."""
    a = np.abs(x)
    top = face.nose - 0.12 - 0.30 * np.clip(a - 1.1, 0, 3)
    out = _smooth(top - y, -0.10, 0.55) * _smooth(y, face.mouth - 0.9, face.mouth + 0.05)
    out = out * _smooth(a, face.half + 0.95, face.half - 0.15) * (z > 3)
    return np.asarray(out * (1 - 0.55 * np.exp(-((a / 0.24) ** 2))))


def _below_lip(face: Face, x: Float, y: Float) -> Float:
    """1 less the bare patches at both sides under the lower lip."""
    a = np.abs(x)
    bare = np.exp(-(((a - 1.15) / 0.48) ** 2)) * _smooth(
        y, face.chin_top - 1.15, face.chin_top - 0.35
    )
    return np.asarray(1 - 0.8 * bare * (y < face.mouth))


def _cheeks(face: Face, x: Float, y: Float, z: Float) -> Float:
    """Share of full growth on cheeks, chin and upper neck, with edges of about a centimetre."""
    angle = np.degrees(np.abs(np.arctan2(x, z)))
    top = face.mouth + np.interp(angle, *_CHEEK)
    wave = 0.16 * np.sin(1.9 * x + 0.7) + 0.12 * np.sin(4.3 * x + 1.3 * y)
    out = _smooth(top - y + wave, -0.10, 1.25)
    before_ear = _smooth(angle, np.where(y > face.mouth - 0.5, 90.0, 96.0), 79.0)
    bottom = np.interp(
        angle,
        [0, 40, 75, 95],
        [face.chin - 1.5, face.chin - 1.2, face.mouth - 2.6, face.mouth - 1.2],
    )
    neck = _smooth(y - bottom + wave, -0.6, 1.2)
    thin = 1 - 0.30 * _smooth(y, face.mouth - 1.0, face.mouth + 1.5) * _smooth(angle, 20, 45)
    return np.asarray(out * before_ear * neck * thin, np.float32)


def beard_density(kind: str, face: Face, points: Float) -> Float:
    """Share of full growth at rest-pose points of the face.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    face
        Where mouth, nose and chin are.
    points
        Shape (..., 3), cm, rest pose.

    Returns
    -------
    ndarray
        Shape (...), 0..1.  0 on the lips; edges fade over about a centimetre.

    Raises
    ------
    ValueError
        For an unknown kind.

    Examples
    --------
    >>> face = Face.plain()
    >>> float(beard_density("full", face, np.array([0.0, -10.0, 8.6]))) > 0.9
    True
    """
    if kind not in KINDS:
        raise ValueError(f"facial hair {kind!r} is unknown: use one of {KINDS}")
    x, y, z = (np.asarray(points[..., k], np.float32) for k in range(3))
    if kind == "none":
        return np.zeros(x.shape, np.float32)
    lip = _moustache(face, x, y, z)
    if kind == "moustache":
        out = lip
    else:
        out = _cheeks(face, x, y, z) * _below_lip(face, x, y)
        if kind == "goatee":
            a = np.abs(x)
            middle = _smooth(a, 2.75, 1.75) * (z > 2)
            strip = _smooth(np.abs(a - face.half - 0.15), 0.65, 0.15) * _smooth(
                y, face.chin, face.chin + 1.5
            )
            out = (
                out
                * np.maximum(middle, 0.85 * strip * (z > 3))
                * _smooth(y, face.chin - 1.2, face.chin)
            )
        out = np.maximum(out, lip)
    front = (z > -1.2) & (np.abs(y - face.mouth) < 12)
    return np.asarray(out * _lip_gap(face, x, y) * front, np.float32)


def _patchy(person: Person, points: Float) -> Float:
    """Slow waves of more and less growth that belong to the person, shape (...), about 0.6..1."""
    rng = _rng(person.seed, "beard")
    out = np.zeros(points.shape[:-1], np.float32)
    for _ in range(5):
        k = rng.normal(0, 1.3, 3)
        out += np.sin(points @ k.astype(np.float32) + np.float32(rng.uniform(0, 6.28)))
    return np.asarray(np.clip(0.85 + 0.09 * out, 0.45, 1.0), np.float32)


def _growth(kind: str, face: Face, rest: Float) -> tuple[Float, Float]:
    """Growth direction in the skin at rest points (S, 3): towards the outside, and down."""
    x, y = rest[:, 0], rest[:, 1]
    a = np.abs(x)
    lip = _moustache(face, x, y, rest[:, 2])
    angle = 0.08 + 0.10 * _smooth(a, 3.0, 6.5)  # cheeks: down, a little back
    angle = np.where(y < face.chin_top, angle - 0.20 * _smooth(a, 0.3, 2.5), angle)  # chin: gathers
    moustache = np.interp(
        a, [0, 0.3, 1.2, face.half, face.half + 0.8], [0.25, 0.6, 1.05, 0.95, 0.45]
    )
    angle = angle + (moustache - angle) * np.clip(lip * 1.6, 0, 1)
    across, down = np.sin(angle), np.cos(angle)
    if kind in ("shadow", "stubble", "short"):  # the neck grows upwards
        under = _smooth(y, face.chin - 0.2, face.chin - 1.6)
        down = down * (1 - 1.7 * under)
        across = across + 0.5 * under
    return across, down


def _lengths(kind: str, base: float, face: Face, rest: Float) -> Float:
    """Length of each hair at rest points (S, 3), cm: longest at the chin, short before the ears."""
    y, a = rest[:, 1], np.abs(rest[:, 0])
    if kind in ("shadow", "stubble"):
        return np.full(len(rest), base, np.float32)
    chin = _smooth(a, 5.0, 1.0) * _smooth(y, face.chin_top + 0.2, face.chin + 0.8)
    high = _smooth(y, face.mouth - 1.5, face.mouth + 4.0)
    out = base * (0.62 + 0.55 * chin - 0.38 * high)
    lip = _moustache(face, rest[:, 0], y, rest[:, 2])
    most = min(base, 1.25) * np.interp(a, [0, 1.0, 2.4], [0.6, 0.8, 1.0])
    return np.asarray(out + (most - out) * np.clip(2 * lip, 0, 1), np.float32)


def beard(person: Person, styling: Styling, head: Head, detail: float = 1.0) -> Planted | None:
    """The beard a styling asks for, or ``None``.

    Parameters
    ----------
    person, styling, head
        Whose; ``styling.facial_hair`` is the kind, ``styling.facial_hair_length`` cm.
    detail
        1 for 160 px pictures, 2 for 512 px: more and finer hairs.

    Returns
    -------
    Planted or None
        ``.grow(points)`` gives the strands.

    Notes
    -----
    Grey begins at the chin.  Opacity stays at or below .7, so that skin is seen between the hairs.
    """
    kind = styling.facial_hair
    if kind == "none":
        return None
    count, radius, along, lift, opacity, _, usual = _STYLES[kind]
    face, grid = Face.of(head), np.ascontiguousarray(head.grid, np.float32)
    window = Window.around(grid, face.chin - 4.0, face.mouth + 8.5)
    density = beard_density(kind, face, window.centres) * _patchy(person, window.centres)
    rng = _rng(styling.seed, "beard")
    fine = detail > 1
    row, column = window.sow(density, int(count * (1.9 if fine else 1.0)), rng)
    if not len(row):
        return None
    rest = _at(grid, row, column)
    here = np.clip(beard_density(kind, face, rest), 0.05, 1)
    across, down = _growth(kind, face, rest)
    base = styling.facial_hair_length if styling.facial_hair_length > 0 else usual
    length = _lengths(kind, base, face, rest) * (0.45 + 0.55 * here)
    noise = rng.standard_normal((4, len(row)))
    turn = 0.24 * noise[0]
    across, down = (
        across * np.cos(turn) - down * np.sin(turn),
        down * np.cos(turn) + across * np.sin(turn),
    )
    length = np.maximum(length * np.exp(0.22 * noise[1]), 0.04)
    crisp = 0.25 + 0.5 * float(styling.hair_type)
    sway = crisp * rng.standard_normal((len(row), 3)) / max(base, 0.6)
    droop = np.full(len(row), np.clip(0.9 / max(base, 0.5), 0.16, 0.7))
    rise = np.tan(lift) * np.exp(0.25 * noise[2])
    colour = _colours(person, rng, beard_grey(person, face, rest), 0.92)
    thick = radius * (0.72 if fine else 1.0) * (0.75 + 0.25 * here) * np.exp(0.12 * noise[3])
    deep = (
        np.linspace(0.55, 0.0, along, dtype=np.float32)[None] * np.clip(length / 1.2, 0, 1)[:, None]
    )
    finish = {
        "radius": _f32(thick),
        "colour": colour,
        "depth": deep,
        "tip": 1.08,
        "opacity": _f32(opacity * (0.55 + 0.45 * here)),
        "taper": 0.6,
        "gloss": 0.3,
        "spread": 0.3,
    }
    return Planted(row, column, across, down, rise, length, droop, sway, finish, along)


def beard_grey(person: Person, face: Face, rest: Float) -> Float:
    """Chance that a hair at rest points (S, 3) is grey: chin first, moustache last."""
    x, y, z = rest[:, 0], rest[:, 1], rest[:, 2]
    chin = _smooth(y, face.mouth, face.chin + 1.0) * _smooth(np.abs(x), 4.5, 1.2)
    lip = np.clip(2 * _moustache(face, x, y, z), 0, 1)
    g = float(person.greyness)
    chance = g * (0.55 + 0.65 * chin * (1 - 0.4 * g) - 0.12 * lip) + 0.25 * g * g * (1 - chin)
    return np.asarray(np.clip(chance, 0, 0.85), np.float32)


# ---------------------------------------------------------------------------------------------
# Undercoat and everything together
# ---------------------------------------------------------------------------------------------


def undercoat(person: Person, styling: Styling, head: Head, shape: tuple[int, int]) -> Float | None:
    """How far the roots of brows and beard darken the skin.

    Parameters
    ----------
    person, styling, head
        Whose; grey roots do not darken, so the share falls with ``person.greyness``.
    shape
        (TH, TW) of the head's textures; texel (i, j) is uv (j/(TW-1), i/(TH-1)).

    Returns
    -------
    ndarray or None
        Coverage 0..0.45, shape (TH, TW): skin = skin * (1 - coverage) + coverage *
        :func:`undercoat_colour`, which is always dark.  It is a veil, not the beard.
    """
    grid = head.grid
    cover = np.zeros(grid.shape[:2], np.float32)
    kind = styling.facial_hair
    if kind != "none":
        amount = _STYLES[kind][5]
        dark = np.clip(1 - 2.2 * float(np.mean(person.hair_colour)), 0.35, 1)
        face = Face.of(head)
        window = Window.around(grid, face.chin - 4.0, face.mouth + 8.5)
        here = beard_density(kind, face, window.grid) * _patchy(person, window.grid)
        here *= amount * dark * (1 - 0.75 * person.greyness)
        cover[window.top :, window.left :][: here.shape[0], : here.shape[1]] = here
    out = cv2.resize(cover, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    _brow_veil(person, head, out)
    return np.asarray(out, np.float32)


def _brow_veil(person: Person, head: Head, cover: Float) -> None:
    """Adds the soft shade of the brows' roots to ``cover`` (TH, TW)."""
    tall, wide = cover.shape
    rows, columns = head.grid.shape[:2]
    grid = np.ascontiguousarray(head.grid, np.float32)
    density = float(person.shape.get("brow_density", 0.0))
    amount = np.clip(0.30 + 0.05 * density, 0.15, 0.42) * (1 - 0.5 * person.greyness)
    for side in ("r", "l"):
        brow = brow_line(person, head, side)
        window = brow.window(grid)
        r, c = np.nonzero(_near(window.grid, brow))
        r, c = r + window.top, c + window.left
        top, bottom = (
            int(r.min() / (rows - 1) * (tall - 1)),
            int((r.max() + 1) / (rows - 1) * (tall - 1)) + 1,
        )
        left, right = (
            int(c.min() / (columns - 1) * (wide - 1)),
            int((c.max() + 1) / (columns - 1) * (wide - 1)) + 1,
        )
        i, j = np.meshgrid(np.arange(top, bottom), np.arange(left, right), indexing="ij")
        row = (i.ravel() * ((rows - 1) / (tall - 1))).astype(np.float32)
        column = (j.ravel() * ((columns - 1) / (wide - 1))).astype(np.float32)
        rest = _at(grid, row, column)
        along, offset = brow.locate(rest[:, 0], rest[:, 1])
        veil = (amount * _brow_density(along, offset * 0.92)).reshape(i.shape)
        block = cover[top:bottom, left:right]
        np.maximum(block, veil, out=block)


def undercoat_colour(person: Person, styling: Styling) -> Float:
    """Albedo of the veil of :func:`undercoat`, shape (3,): the natural hair's, never light."""
    return np.minimum(
        np.asarray(person.hair_colour, np.float32) * 0.8, np.array([0.07, 0.05, 0.04], np.float32)
    )


def plant(person: Person, styling: Styling, head: Head, detail: float = 1.0) -> list[Planted]:
    """Brows and beard before any expression; keep them to draw many pictures of one person."""
    whiskers = beard(person, styling, head, detail)
    return [p for p in (brows(person, head, detail), whiskers) if p is not None]


def on_face(
    person: Person,
    styling: Styling,
    head: Head,
    points: Float,
    capture: Capture,
    detail: float = 1.0,
    planted: list[Planted] | None = None,
) -> list[Strands]:
    """Brows, lashes and beard of one picture, grown from the already expressed grid.

    Parameters
    ----------
    person, styling, head, capture
        Who, and how photographed (the lids are read from ``head.lids(capture)``).
    points
        ``head.points(capture)``, shape (R, C, 3), cm, rest pose.
    detail
        1 for 160 px pictures, 2 for 512 px.
    planted
        What :func:`plant` gave for this person and styling, if it was kept.

    Returns
    -------
    list of Strands
        No further expression needs to be applied.

    Raises
    ------
    ValueError
        When ``points`` does not have the shape of the head's grid.
    """
    if np.shape(points) != np.shape(head.grid):
        raise ValueError(
            f"points have shape {np.shape(points)} but the head's grid is {np.shape(head.grid)}: "
            "give head.points(capture)"
        )
    hairs = plant(person, styling, head, detail) if planted is None else planted
    return [lashes(person, head, capture, detail), *(p.grow(points) for p in hairs)]
