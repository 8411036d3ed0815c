"""Heads: from a person's shape scores to a face that can smile, speak, look and blink.

In: ``person.shape`` (named scores, 0 = mean), ``person.age``, ``person.hair_loss``.  Nothing else
of a person is read, above all not their tone.  Out: a :class:`Head`.

Centimetres; x to the right of the picture, y up, z to the viewer; the eyes are at y = 0, the ear
canals at z = 0.  "r" is the sitter's right (negative x), "l" their left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from labkit.people.body import head_features as feature
from labkit.people.body import head_form as form
from labkit.people.body import head_mouth as mouth
from labkit.people.body.ears import ear_meshes
from labkit.people.body.head_features import Measures
from labkit.people.body.head_form import AXIS, HALF, ramp
from labkit.people.body.head_motion import Motion, motion
from labkit.people.body.mesh import Int, Mesh, grid_triangles, vertex_normals

Float = NDArray[np.float32]

SIDES = (("r", -1.0), ("l", 1.0))
COLUMNS = 2 * HALF - 1
FACE_COLUMNS = 84  # columns of the half grid that can carry relief
LID_POINTS = 49


@dataclass(frozen=True)
class Lid:
    """The opening of one eye as curves over the head's (x, y), expression applied, before the pose.

    Parameters
    ----------
    u
        -1 at the inner corner .. 1 at the outer, shape (N,).
    x, upper, lower
        Margins of the lids, centimetres, shape (N,).
    crease
        Height of the crease above the upper lid, shape (N,).
    crease_strength
        0 (single lid, no crease) .. 1.
    """

    u: Float
    x: Float
    upper: Float
    lower: Float
    crease: Float
    crease_strength: float


@dataclass(frozen=True)
class Lids:
    """Openings of both eyes: ``r`` at negative x, ``l`` at positive x."""

    r: Lid
    l: Lid


@dataclass
class Head:
    """One head.

    Parameters
    ----------
    grid
        Points at rest, shape (R, C, 3); row 0 crown, last row shoulders; columns 0 and C-1 both on
        the back midline, the middle column on the front midline.  Two neighbouring rows coincide
        along the mouth line (:func:`labkit.people.body.head_form.seam_row`).
    scalp
        The smooth skull without face relief, shape (R, C, 3).
    theta
        Angle of each column round the vertical axis x = 0, z = -1, -pi..pi, 0 in front, shape (C,).
    uv
        Texture coordinates of each point, (c/(C-1), r/(R-1)), shape (R, C, 2).
    landmarks
        Named places, centimetres: points (3,), heights and sizes (float), curves.

        ``eye_r eye_l`` centres of the eyeballs, ``eye_radius iris_radius``; ``nose_tip nose_base
        nasion chin crown glabella``; ``nostril_r nostril_l``; ``ala_r ala_l``; ``mouth`` (middle of
        the mouth line), ``mouth_y``, ``mouth_w`` (half width), ``mouth_corner_r/_l``; ``lip_upper
        lip_lower lip_seam`` curves (65, 3) from negative to positive x; ``cheek_r cheek_l``;
        ``jaw_r jaw_l``; ``ear_r ear_l`` and ``.._top``, ``.._lobe``; ``brow_r brow_l`` (middle),
        ``brow_curve_r/_l`` (24, 3) from inner to outer end, ``brow_half_r/_l`` (24,) half
        thickness;
        ``hairline_y`` in front; ``brow_y nose_base_y chin_y``; ``fold_curve`` (24, 2): x > 0
        and y of the fold from nose to mouth corner.
    measures
        The sizes all this was built from.
    hollows
        Share of the light that small hollows let in, shape (R, C), 1 elsewhere: nostrils, the
        meeting of the lips, the creases of the lids, which are too small for depth maps of the sky.

    Examples
    --------
    >>> from labkit.people.who import Capture, sample_person
    >>> head = build_head(sample_person(1))
    >>> head.grid.shape == head.points(Capture(smile=1.0)).shape
    True
    """

    grid: Float
    scalp: Float
    theta: Float
    uv: Float
    landmarks: dict[str, Any]
    measures: Measures
    hair_loss: float
    motion: Motion
    ears: list[Mesh]
    hollows: Float
    _front: Float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._front = np.ascontiguousarray(self.grid[:, :, :2])

    # -- surfaces

    def points(self, capture: Any) -> Float:
        """The grid with an expression, before the pose, shape (R, C, 3).

        Parameters
        ----------
        capture
            Anything with ``smile``, ``jaw``, ``squint`` (0..1) and ``brow`` (-1..1).
        """
        return self.motion.apply(self.grid, capture)

    def mesh(self, capture: Any = None) -> list[Mesh]:
        """Meshes with an expression, before the pose.

        Parameters
        ----------
        capture
            As for :meth:`points`; ``None`` means at rest.

        Returns
        -------
        list of Mesh
            First the skin (exactly R*C points in the order of the grid), then two ears, then mouth
            and teeth when the lips are apart.
        """
        points = self.grid if capture is None else self.points(capture)
        skin = Mesh(
            points.reshape(-1, 3),
            grid_faces(*self.grid.shape[:2]),
            "skin",
            uv=self.uv.reshape(-1, 2),
            roughness=0.5,
            normals=self.normals(points).reshape(-1, 3),
        )
        out = [skin, *self.ears]
        if capture is not None and self.motion.gap(capture) > 0:
            out += mouth.inside(points, self.measures)
        return out

    def normals(self, points: Float | None = None) -> Float:
        """Unit normals of the grid (or of ``points`` of its shape), joined at the back."""
        points = self.grid if points is None else points
        rows, columns = points.shape[:2]
        flat = np.ascontiguousarray(points, np.float32).reshape(-1, 3)
        n = vertex_normals(flat, grid_faces(rows, columns)).reshape(rows, columns, 3)
        return _join_normals(n, form.seam_row(), mouth.half_columns(self.grid, self.measures))

    # -- places

    def locate(self, x: Any, y: Any) -> Float:
        """Row and column (fractions) of places on the front of the face, shape (..., 2).

        Parameters
        ----------
        x, y
            Coordinates at rest, any shape, within the front of the face.
        """
        x, y = np.broadcast_arrays(np.asarray(x, np.float32), np.asarray(y, np.float32))
        out = np.empty((x.size, 2), np.float32)
        _locate(self._front, np.ravel(x), np.ravel(y), out)
        return out.reshape(*x.shape, 2)

    def sample(self, values: Float, place: Float) -> Float:
        """Values of shape (R, C, k) at places from :meth:`locate`, shape (..., k)."""
        r = np.clip(place[..., 0], 0, values.shape[0] - 1.001)
        c = np.clip(place[..., 1], 0, values.shape[1] - 1.001)
        i, j = r.astype(int), c.astype(int)
        f, g = (r - i)[..., None], (c - j)[..., None]
        top = values[i, j] * (1 - g) + values[i, j + 1] * g
        low = values[i + 1, j] * (1 - g) + values[i + 1, j + 1] * g
        return np.asarray(top * (1 - f) + low * f, np.float32)

    def hairline(self, theta: float | Float) -> Any:
        """Height of the natural hair line at an angle round the head, with recession.

        Parameters
        ----------
        theta
            Radians, 0 in front, +-pi behind; a number or an array.

        Returns
        -------
        float or array
            y in centimetres: hair grows above it.
        """
        at = np.abs((np.asarray(theta, float) + np.pi) % (2 * np.pi) - np.pi)
        y = np.interp(at, *_hairline(float(self.measures.s["forehead_slope"])))
        loss = self.hair_loss
        temples, middle = np.exp(-(((at - 0.52) / 0.26) ** 2)), np.exp(-((at / 0.6) ** 4))
        y = y + loss * (2.6 * temples + 1.1 * middle)
        return float(y) if np.ndim(theta) == 0 else y.astype(np.float32)

    # -- eyes

    def lids(self, capture: Any) -> Lids:
        """Openings of the eyes for a gaze (degrees in head axes), a blink, a squint and a smile."""
        u = np.linspace(-1, 1, LID_POINTS).astype(np.float32)
        return Lids(*(self._lid(u, sign, capture) for _, sign in SIDES))

    def _lid(self, u: Float, sign: float, capture: Any) -> Lid:
        m = self.measures
        drop = m.eye_radius * np.sin(np.radians(float(capture.gaze[1])))
        squint = float(capture.squint)
        larger = 0.030 * m.s["asymmetry_eye"] * sign
        smile = float(capture.smile)
        glad = float(ramp(np.array(smile), 0.35, 1.0))  # only a felt smile narrows the eyes
        upper = m.upper + larger + 0.80 * drop - 0.13 * squint - 0.13 * glad
        lower = m.lower - 0.40 * drop - 0.14 * squint - 0.08 * smile - 0.26 * glad
        upper = max(upper, 0.16 - lower)
        x, up, low = feature.lid_curve(m, u, upper, lower)
        blink = float(capture.blink)
        shut = low + np.float32(0.12) * (up - low)
        up, low = up + (shut - up) * np.float32(blink), low + (shut - low) * np.float32(blink)
        crease = feature.crease_curve(m, u)

        return Lid(u, x * np.float32(sign), up, low, crease, m.crease_strength)


@lru_cache(maxsize=4)
def _hairline(slope: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Angles and heights of a full hair line: brow to sideburn, over the ear, nape."""
    knots = np.array(
        [
            [0.0, 6.45],
            [0.25, 6.5],
            [0.5, 6.3],
            [0.68, 5.6],
            [0.86, 4.1],
            [0.98, 2.9],
            [1.08, 1.2],
            [1.16, -0.4],
            [1.26, -1.2],
            [1.36, -0.6],
            [1.44, 1.2],
            [1.55, 2.2],
            [1.72, 1.8],
            [1.88, 0.0],
            [2.0, -2.6],
            [2.2, -4.9],
            [2.5, -6.3],
            [2.85, -6.9],
            [np.pi, -6.8],
        ]
    )
    fine = np.linspace(0, np.pi, 200)

    return fine, PchipInterpolator(knots[:, 0], knots[:, 1])(fine)


@lru_cache(maxsize=2)
def grid_faces(rows: int, columns: int) -> Int:
    """Triangles of a head grid, without the strip between the two rows of the mouth line."""
    faces = grid_triangles(rows, columns)
    strip = faces.min(axis=1) // columns == form.seam_row()
    crosses = faces.max(axis=1) // columns == form.seam_row() + 1
    return np.ascontiguousarray(faces[~(strip & crosses)])


@njit(cache=True)
def _join_normals(n, seam, half):
    rows, columns = n.shape[0], n.shape[1]
    middle = columns // 2
    for r in range(rows):
        for k in range(3):
            n[r, 0, k] = n[r, columns - 1, k] = n[r, 0, k] + n[r, columns - 1, k]
        length = np.sqrt(n[r, 0, 0] ** 2 + n[r, 0, 1] ** 2 + n[r, 0, 2] ** 2) + np.float32(1e-9)
        for k in range(3):
            n[r, 0, k] /= length
            n[r, columns - 1, k] /= length
    for c in range(columns):
        if abs(c - middle) >= half:
            for k in range(3):
                n[seam, c, k] = n[seam + 1, c, k] = n[seam, c, k] + n[seam + 1, c, k]
            length = np.sqrt(n[seam, c, 0] ** 2 + n[seam, c, 1] ** 2 + n[seam, c, 2] ** 2)
            for k in range(3):
                n[seam, c, k] /= length
                n[seam + 1, c, k] /= length
        n[0, c, 0], n[0, c, 1], n[0, c, 2] = 0.0, 1.0, 0.0
    return n


@njit(cache=True)
def _locate(front, x, y, out):
    """Walk along rows and columns in turn until both coordinates fit."""
    rows, columns = front.shape[0], front.shape[1]
    lo_c, hi_c = columns // 2 - 84, columns // 2 + 84
    for n in range(x.shape[0]):
        c = np.float32(columns // 2)
        r = np.float32(rows // 2)
        for _ in range(8):
            j = min(max(int(c), lo_c), hi_c - 1)
            g = c - j
            a, b = 0, rows - 1
            while b - a > 1:  # y falls with the row
                k = (a + b) // 2
                if front[k, j, 1] * (1 - g) + front[k, j + 1, 1] * g > y[n]:
                    a = k
                else:
                    b = k
            ya = front[a, j, 1] * (1 - g) + front[a, j + 1, 1] * g
            yb = front[b, j, 1] * (1 - g) + front[b, j + 1, 1] * g
            f = (ya - y[n]) / max(ya - yb, np.float32(1e-6))
            r = a + min(max(f, np.float32(0.0)), np.float32(1.0))
            i = min(int(r), rows - 2)
            f = r - i
            a, b = lo_c, hi_c
            while b - a > 1:  # x grows with the column
                k = (a + b) // 2
                if front[i, k, 0] * (1 - f) + front[i + 1, k, 0] * f < x[n]:
                    a = k
                else:
                    b = k
            xa = front[i, a, 0] * (1 - f) + front[i + 1, a, 0] * f
            xb = front[i, b, 0] * (1 - f) + front[i + 1, b, 0] * f
            g = (x[n] - xa) / max(xb - xa, np.float32(1e-6))
            c = a + min(max(g, np.float32(0.0)), np.float32(1.0))
        out[n, 0], out[n, 1] = r, c


# ---------------------------------------------------------------- building


def build_head(person: Any) -> Head:
    """Build the head of a person.

    Parameters
    ----------
    person
        Read: ``shape`` (mapping of names to scores; missing names count as 0), ``age`` (years),
        ``hair_loss`` (0..1).

    Returns
    -------
    Head

    Raises
    ------
    ValueError
        If a score is not finite.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> build_head(SimpleNamespace(shape={}, age=30.0, hair_loss=0.0)).grid.shape
    (269, 221, 3)
    """
    shape: Mapping[str, float] = person.shape
    for name, value in shape.items():
        if not np.isfinite(value):
            raise ValueError(f"head: shape score {name} is {value}: give a number, usually -2..2")
    m = Measures.of(shape, float(person.age))
    half, scalp = _half_head(m, float(person.age))
    grid = _mirror(half)
    _skew(grid, m)
    rows = grid.shape[0]
    turn = form.angles()
    theta = np.concatenate([-turn[:0:-1], turn]).astype(np.float32)
    ears, ear_marks = _ears(_mirror(scalp), shape, m)
    head = Head(
        grid=grid,
        scalp=_mirror(scalp),
        theta=theta,
        uv=_uv(rows, COLUMNS),
        landmarks={},
        measures=m,
        hair_loss=float(person.hair_loss),
        motion=motion(grid, m),
        ears=ears,
        hollows=_mirror_flat(_hollows(half, m)),
    )
    head.landmarks.update(ear_marks)
    _name_places(head)
    return head


def _half_head(m: Measures, years: float) -> tuple[Float, Float]:
    """Half of the head with all relief, and half of the smooth skull, each (R, HALF, 3)."""
    smooth = form.loft(form.rings(m.s))
    feature.align_mouth(smooth, m)
    feature.round_chin(smooth, m)
    turn = form.angles()
    out = smooth.copy()
    stand = feature.sides(smooth, m, turn[None, :])
    out[..., 0] += stand * np.sin(turn)
    out[..., 2] += stand * np.cos(turn)
    # a hollow behind the ear's own, so that its bowl is not filled by the head
    u, v = (smooth[..., 2] + 0.30) / 0.85, (smooth[..., 1] + 1.35) / 1.45
    out[..., 0] -= 0.75 * np.exp(-(u**4) - v**4) * (smooth[..., 0] > 3)
    table = form.row_table()[:, 0]
    rows = slice(int(np.argmax(table < 8.5)), int(np.argmax(table < -13.0)))
    cols = slice(0, FACE_COLUMNS)
    face = np.ascontiguousarray(out[rows, cols])
    x, y = face[..., 0].copy(), face[..., 1].copy()
    z = face[..., 2] + feature.mask(face, m) * _facing(turn[cols])
    z = z + feature.age_folds(x, y, m, years) * _facing(turn[cols])
    z = _on(feature.nose, x, y, z, m, (m.nasion + 2.2, m.base - 1.0), 3.6)
    z = _on(feature.lids, x, y, z, m, (2.6, -2.6), 6.2)
    z = _on(feature.lips, x, y, z, m, (m.base + 0.3, m.mouth_y - 2.6), 4.6)
    out[rows, cols, 2] = z
    return out, smooth


def _hollows(half: Float, m: Measures) -> Float:
    """Share of light in the small hollows of the half grid, shape (R, HALF)."""
    out = np.ones(half.shape[:2], np.float32)
    line = half[:, 0, 1]
    cols = slice(0, FACE_COLUMNS)

    def block(top: float, bottom: float) -> tuple[slice, Float, Float]:
        rows = slice(int(np.argmax(line < top)), int(np.argmax(line < bottom)))
        return rows, half[rows, cols, 0], half[rows, cols, 1]

    rows, x, y = block(m.base + 1.0, m.base - 0.6)
    out[rows, cols] *= 1 - 0.80 * feature.nostril(x, y, m)
    rows, x, y = block(m.mouth_y + 0.8, m.mouth_y - 0.8)
    meet = np.exp(-(((y - feature.seam_curve(m, x)) / 0.13) ** 2))
    out[rows, cols] *= 1 - 0.55 * meet * ramp(x, m.mouth_half + 0.12, m.mouth_half - 0.25)
    rows, x, y = block(2.2, -0.2)
    u = np.clip((x - m.eye_x) / m.eye_half, -1, 1).astype(np.float32)
    ends = ramp(np.abs(x - m.eye_x), m.eye_half * 1.15, m.eye_half * 0.8)
    fold = np.exp(-(((y - feature.crease_curve(m, u) + 0.02) / 0.085) ** 2))
    out[rows, cols] *= 1 - 0.38 * m.crease_strength * fold * ends
    return out


def _mirror_flat(half: Float) -> Float:
    """A whole field from its half, shape (R, C)."""
    return np.ascontiguousarray(np.concatenate([half[:, :0:-1], half], 1), np.float32)


def _facing(turn: Float) -> Float:
    """Share of relief towards the viewer: fades where the surface turns to the side."""
    return ramp(turn, 1.25, 0.75).astype(np.float32)


def _on(
    paint: Any, x: Float, y: Float, z: Float, m: Measures, span: tuple[float, float], wide: float
) -> Float:
    """Apply one feature to the rows and columns it can touch."""
    top, bottom = span
    line = y[:, 0]
    a, b = int(np.argmax(line < top)), int(np.argmax(line < bottom))
    b = b if b > a else len(line)
    c = int(np.argmax(x[(a + b) // 2] > wide)) or x.shape[1]
    z = z.copy()
    z[a:b, :c] = paint(x[a:b, :c], y[a:b, :c], z[a:b, :c], m)
    return z


def _mirror(half: Float) -> Float:
    """A whole head from its half at positive x, shape (R, C, 3)."""
    other = half[:, :0:-1] * np.array([-1, 1, 1], np.float32)
    return np.ascontiguousarray(np.concatenate([other, half], 1), np.float32)


def _skew(grid: Float, m: Measures) -> None:
    """The small differences between the two sides of a face; in place."""
    s = m.s
    x, y = grid[..., 0], grid[..., 1]
    front = (grid[..., 2] > 0).astype(np.float32)
    above = ramp(y, 0.7, 1.7) * np.exp(-(((y - 2.4) / 1.6) ** 2))
    side = np.tanh(x / 1.2)
    lift = 0.06 * s["asymmetry_brow"] * side * above
    corner = np.exp(-(((np.abs(x) - m.mouth_half) / 1.6) ** 2) - ((y - m.mouth_y) / 1.3) ** 2)
    lift = lift + 0.015 * s["asymmetry_mouth"] * side * corner
    lean = 0.065 * s["asymmetry_nose"] * np.exp(-(((y - m.tip) / 1.5) ** 2) - (x / 1.6) ** 2)
    grid[..., 1] += (lift * front).astype(np.float32)
    grid[..., 0] += (lean * front).astype(np.float32)


@lru_cache(maxsize=2)
def _uv(rows: int, columns: int) -> Float:
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return np.stack([u, v], -1).astype(np.float32)


def _ears(
    grid: Float, shape: Mapping[str, float], m: Measures
) -> tuple[list[Mesh], dict[str, Float]]:
    """Ears where the head is beside the ear canal."""
    rows, columns = grid.shape[:2]
    y, z = -1.15, -0.35
    side = grid[:, columns // 2 :]
    row = int(np.argmin(np.abs(side[:, 84, 1] - y)))
    column = int(np.argmin(np.abs(side[row, 60:, 2] - z))) + 60
    at = side[row, column]
    step_u = 1 / (columns - 1) / max(float(side[row, column, 2] - side[row, column + 1, 2]), 0.1)
    step_v = 1 / (rows - 1) / max(float(side[row, column, 1] - side[row + 1, column, 1]), 0.03)
    uv = np.array([(column + columns // 2) / (columns - 1), row / (rows - 1)], np.float32)
    scores = {k: m.s[k] for k in ("ear_size", "ear_projection", "ear_lobe")}
    return ear_meshes(
        scores, m.age, (float(at[0]), y, z), uv, np.array([step_u, step_v], np.float32)
    )


def _name_places(head: Head) -> None:
    """Fill the landmarks."""
    m, marks = head.measures, head.landmarks

    def on(x: Any, y: Any) -> Float:
        return head.sample(head.grid, head.locate(x, y))

    for side, sign in SIDES:
        marks[f"eye_{side}"] = np.array([sign * m.eye_x, 0.0, m.eye_z], np.float32)
        marks[f"nostril_{side}"] = on(sign * (0.40 * m.nose_half + 0.03), m.base + 0.11)
        marks[f"ala_{side}"] = on(sign * m.nose_half, m.base + 0.35)
        marks[f"mouth_corner_{side}"] = on(
            sign * m.mouth_half, float(feature.seam_curve(m, np.array([m.mouth_half]))[0])
        )
        marks[f"cheek_{side}"] = on(sign * 4.4, m.at(-2.8))
        marks[f"jaw_{side}"] = on(sign * 4.6, m.at(-8.6))
        line, thick = feature.brow_line(m)
        y = line[:, 1] + np.float32(0.06 * m.s["asymmetry_brow"] * sign)
        marks[f"brow_curve_{side}"] = on(sign * line[:, 0], y)
        marks[f"brow_half_{side}"] = thick
        marks[f"brow_{side}"] = marks[f"brow_curve_{side}"][11]
    middle = head.grid[:, head.grid.shape[1] // 2]
    marks["eye_radius"], marks["iris_radius"] = m.eye_radius, m.iris
    face = (middle[:, 1] < -1) & (middle[:, 1] > m.base)
    marks["nose_tip"] = middle[np.nonzero(face)[0][int(np.argmax(middle[face, 2]))]]
    marks["nose_base"] = on(0.0, m.base)
    marks["nasion"], marks["glabella"] = on(0.0, m.nasion), on(0.0, 2.2)
    low = middle[middle[:, 2] > 5.5]
    marks["chin"] = low[-1].copy()
    marks["chin"][1] = float(m.at(-11.0))
    marks["crown"] = head.grid[0, 0]
    marks["mouth_y"], marks["mouth_w"] = m.mouth_y, m.mouth_half
    marks["hairline_y"] = float(head.hairline(0.0))
    marks["brow_y"] = float(marks["brow_l"][1])
    marks["nose_base_y"], marks["chin_y"] = m.base, float(marks["chin"][1])
    x = np.linspace(-m.mouth_half, m.mouth_half, 65).astype(np.float32)
    up, lower = feature.lip_curves(m, x)
    out = (np.abs(x) / m.mouth_half) ** 2
    tilt = (0.015 * m.s["asymmetry_mouth"] * np.tanh(x / 1.2) * out).astype(np.float32)
    seam = feature.seam_curve(m, x)
    marks["lip_seam"] = on(x, seam + tilt)
    marks["mouth"] = marks["lip_seam"][32]
    marks["lip_upper"], marks["lip_lower"] = on(x, up + tilt), on(x, lower + tilt)
    fold_y = np.linspace(m.base + 0.55, m.mouth_y - 0.25, 24).astype(np.float32)
    marks["fold_curve"] = np.stack([feature.fold_curve(m, fold_y), fold_y], 1)


__all__ = ["AXIS", "Head", "Lid", "Lids", "build_head", "grid_faces"]
