"""Scalp hair: an undercoat and strands, grown from the head's scalp.

In: a Person (hair colour, greyness, hair loss), a Styling (cut, type, length, parting, volume,
fringe, dye) and a Head (``scalp``, ``grid``, ``hairline``, ear landmarks).  Out: :class:`Hair`.
Nothing here reads the tone of the skin, so the same hair grows on every skin.

Guides follow a field of combing directions over the scalp (parting, crown whorl, sweep), bend with
gravity and are pushed out of skull, ears and shoulders; many strands are interpolated between them
and drawn together into locks (in the manner of Choe and Ko 2005, "A statistical wisp model").
Waves and curls are helices round those strands.  Coily hair is a cloud of short coils strung along
them, over a darker core.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter
from scipy.spatial import cKDTree

from labkit.people.body.mesh import Mesh, grid_triangles, rasterise, vertex_normals
from labkit.people.hair.strands import Strands

if TYPE_CHECKING:
    from labkit.people.body.head import Head
    from labkit.people.who import Person, Styling

Float = NDArray[np.float32]

ROOM = 3
MIDDLE, BACK = 1.5, -0.8  # y of the centre of the skull's sphere, z of its axis, cm
REACH = 11.0  # cm of run per radian on the sphere
TOP = REACH * np.pi / 2
STEP = 0.45  # cm of run per row of the body map
ROWS, COLUMNS = 100, 97
GUIDES = 320
ALONG = 28  # points of a guide
GREY = np.array([0.50, 0.495, 0.48], np.float32)
COILY = 0.8  # hair types from here on grow as a cloud of coils


@dataclass
class Hair:
    """What grew: a thin ``undercoat`` on the scalp, loose ``strands`` and solid ``tubes``."""

    undercoat: Mesh | None
    strands: list[Strands] = field(default_factory=list)
    tubes: list[Mesh] = field(default_factory=list)


@dataclass(frozen=True)
class Cut:
    """A haircut as a hairdresser would say it; lengths in cm.

    Parameters
    ----------
    top, side, nape
        Lengths of hair on the three regions.
    ends
        Height y at which falling hair is cut; very low: only the length counts.
    lift
        How far the root stands up, 0 flat .. 1 straight out.
    comb, gravity
        How strongly hair follows the combing direction and falls.
    thick
        Thickness of the whole mass of hair on the skull.
    parted, part, sweep, across, side_back
        Whether there is a parting and its x; combing direction on the top towards the front (+) or
        the back (-) and towards +x; direction at the sides towards the back (+).
    bangs
        Height y of the ends of a fringe; very high: none.
    fade
        0 none .. 1 sides fade from skin at the lower edge.
    edge
        Width over which the hair line becomes dense.
    clump
        How far tips are drawn together into locks, 0..1.
    tuck
        Front side hair goes behind the ears, 0..1.
    hug
        How strongly hair that stands off is combed back onto the head.
    inward
        How far ends turn in below the jaw.
    """

    top: float
    side: float
    nape: float
    ends: float = -99.0
    lift: float = 0.35
    comb: float = 0.5
    gravity: float = 0.1
    thick: float = 1.0
    parted: float = 0.0
    part: float = 0.0
    sweep: float = 0.8
    across: float = 0.0
    side_back: float = 0.15
    bangs: float = 99.0
    fade: float = 0.0
    edge: float = 0.9
    clump: float = 0.45
    tuck: float = 0.0
    hug: float = 0.6
    inward: float = 0.0


def rng_of(seed: int, salt: int = 0) -> np.random.Generator:
    """Random numbers of this room for one ``seed``."""
    return np.random.default_rng(np.random.SeedSequence([ROOM, int(seed), salt]))


def smooth(x: ArrayLike, low: float, high: float) -> Float:
    """0 at ``low``, 1 at ``high`` (which may be the smaller) and a soft S between.

    Examples
    --------
    >>> smooth([0.0, 1.0, 2.0], 2.0, 0.0).tolist()
    [1.0, 0.5, 0.0]
    """
    t = np.clip((np.asarray(x, np.float32) - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


# ---------------------------------------------------------------------------------------------
# The body that hair lies on
# ---------------------------------------------------------------------------------------------


@njit(cache=True)
def _unroll(grid):
    """Column, row and radius in the body map of every vertex of a head grid, each shape (R, C)."""
    rows, columns = grid.shape[0], grid.shape[1]
    out = np.empty((3, rows, columns), np.float32)
    for i in range(rows):
        for j in range(columns):
            x, y, z = grid[i, j, 0], grid[i, j, 1] - MIDDLE, grid[i, j, 2] - BACK
            across = np.sqrt(x * x + z * z)
            angle = np.arctan2(x, z)
            if across < 0.3:
                angle = -np.pi + 2 * np.pi * j / (columns - 1)
            if j < columns // 3 and angle > 1:  # the back midline is both -pi and pi
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


def _radii(grid: Float) -> Float:
    """Outermost radius of a head grid over (run, angle), shape (ROWS, COLUMNS)."""
    x, y, radius = _unroll(np.ascontiguousarray(grid, np.float32))
    out = np.full((ROWS, COLUMNS), -1.0, np.float32)
    index = np.empty((ROWS, COLUMNS), np.int32)
    bary = np.empty((ROWS, COLUMNS, 2), np.float32)
    triangles = grid_triangles(*grid.shape[:2])
    rasterise(x.ravel(), y.ravel(), radius.ravel(), triangles, 0, out, index, bary)
    out[0] = out[1] = out[2].mean()
    for i in range(1, ROWS):
        out[i] = np.where(out[i] < 0, out[i - 1], out[i])
    out[:, 0] = out[:, -1] = np.maximum(out[:, 0], out[:, -1])
    return out


def _wrap_blur(values: Float, size: int) -> Float:
    """Box blur of a body map that knows that the back is joined."""
    inner = np.concatenate([values[:, -1 - size : -1], values, values[:, 1 : 1 + size]], 1)
    return uniform_filter(inner, size, mode="nearest")[:, size:-size]


@dataclass
class Body:
    """Skull, neck and shoulders as a radius over (run from the crown, angle).

    ``shape`` (ROWS, COLUMNS, 4) holds the radius and the outward unit normal; ``points``
    (ROWS, COLUMNS, 3) the surface; ``above`` (ROWS, COLUMNS) the distance above the hair line, cm,
    negative outside the scalp; ``ears`` (2, 3) their centres.
    """

    shape: Float
    points: Float
    above: Float
    ears: Float

    @classmethod
    def of(cls, head: Head) -> Body:
        """Measure a head."""
        radius = _wrap_blur(np.maximum(_radii(head.scalp), _radii(head.grid)), 3)
        theta = np.linspace(-np.pi, np.pi, COLUMNS, dtype=np.float32)
        run = np.arange(ROWS, dtype=np.float32)[:, None] * STEP
        phi = np.minimum(run / REACH, np.pi / 2)
        drop = np.maximum(run - TOP, 0)
        points = np.stack(
            [
                radius * np.sin(phi) * np.sin(theta),
                MIDDLE + radius * np.cos(phi) - drop,
                BACK + radius * np.sin(phi) * np.cos(theta),
            ],
            -1,
        ).astype(np.float32)
        triangles = grid_triangles(ROWS, COLUMNS)
        normals = vertex_normals(points.reshape(-1, 3), triangles).reshape(points.shape)
        seam = normals[:, 0] + normals[:, -1]
        seam /= np.linalg.norm(seam, axis=-1, keepdims=True) + 1e-9
        normals[:, 0] = normals[:, -1] = seam
        normals[:2] = (0, 1, 0)
        line = np.array([float(head.hairline(float(t))) for t in theta], np.float32)
        around = np.gradient(line) / (7.5 * np.gradient(theta))
        above = (points[..., 1] - line) / np.sqrt(1 + np.clip(around, -3, 3) ** 2)
        ears = np.array([head.landmarks["ear_r"], head.landmarks["ear_l"]], np.float32)
        shape = np.concatenate([radius[..., None], normals], -1).astype(np.float32)
        return cls(np.ascontiguousarray(shape), points, above.astype(np.float32), ears)


@njit(cache=True)
def _surface(shape, x, y, z, out):
    """Height above the body and outward normal at a point: out = (height, nx, ny, nz)."""
    dy, dz = y - MIDDLE, z - BACK
    across = np.sqrt(x * x + dz * dz)
    if dy > 0:
        rho = np.sqrt(across * across + dy * dy)
        run = np.arctan2(across, dy) * REACH
        rx, ry, rz = x / (rho + 1e-6), dy / (rho + 1e-6), dz / (rho + 1e-6)
    else:
        rho = across
        run = TOP - dy
        rx, ry, rz = x / (rho + 1e-6), 0.0, dz / (rho + 1e-6)
    c = (np.arctan2(x, dz) + np.pi) / (2 * np.pi) * (COLUMNS - 1)
    r = min(run / STEP, ROWS - 1.001)
    i, j = int(r), min(int(c), COLUMNS - 2)
    fy, fx = r - i, c - j
    w00, w01, w10, w11 = (1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx
    radius = (
        w00 * shape[i, j, 0]
        + w01 * shape[i, j + 1, 0]
        + w10 * shape[i + 1, j, 0]
        + w11 * shape[i + 1, j + 1, 0]
    )
    for k in range(1, 4):
        out[k] = (
            w00 * shape[i, j, k]
            + w01 * shape[i, j + 1, k]
            + w10 * shape[i + 1, j, k]
            + w11 * shape[i + 1, j + 1, k]
        )
    out[0] = (rho - radius) * max(0.25, rx * out[1] + ry * out[2] + rz * out[3])


@njit(cache=True)
def heights(shape, points):
    """Height above the body of points (n, 3), shape (n,)."""
    out = np.empty(points.shape[0], np.float32)
    hit = np.empty(4, np.float32)
    for i in range(points.shape[0]):
        _surface(shape, points[i, 0], points[i, 1], points[i, 2], hit)
        out[i] = hit[0]
    return out


# ---------------------------------------------------------------------------------------------
# Roots
# ---------------------------------------------------------------------------------------------


@dataclass
class Roots:
    """Where hairs leave the scalp: ``points``, ``normals`` (n, 3), cm ``above`` its edge (n,)."""

    points: Float
    normals: Float
    above: Float

    def only(self, keep: NDArray[np.bool_]) -> Roots:
        """The roots chosen by ``keep`` (n,)."""
        return Roots(self.points[keep], self.normals[keep], self.above[keep])


def sow(body: Body, density: Float, count: int, rng: np.random.Generator) -> Roots:
    """``count`` roots spread evenly over the scalp where ``density`` (ROWS, COLUMNS) is above 0.

    Systematic sampling over the cells in proportion to area and density, random within a cell.
    """
    p, d = body.points, body.above
    down = np.linalg.norm(p[1:, :-1] - p[:-1, :-1], axis=-1)
    right = np.linalg.norm(p[:-1, 1:] - p[:-1, :-1], axis=-1)
    weight = (down * right * density[:-1, :-1]).ravel()
    total = np.cumsum(weight, dtype=np.float64)
    if count <= 0 or total[-1] <= 1e-6:
        empty = np.zeros((0, 3), np.float32)
        return Roots(empty, empty, np.zeros(0, np.float32))
    at = (np.arange(count) + rng.random(count)) / count * total[-1]
    cell = np.minimum(np.searchsorted(total, at), len(total) - 1)
    i, j = np.divmod(cell, COLUMNS - 1)
    fy, fx = rng.random((2, count, 1)).astype(np.float32)

    def pick(a: Float) -> Float:
        upper = a[i, j] * (1 - fx) + a[i, j + 1] * fx
        lower = a[i + 1, j] * (1 - fx) + a[i + 1, j + 1] * fx
        return np.asarray(upper * (1 - fy) + lower * fy, np.float32)

    normals = pick(body.shape[..., 1:])
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return Roots(pick(p), normals, pick(d[..., None])[:, 0])


def hair_loss_density(points: Float, loss: float) -> Float:
    """Share of the hair that a thinning scalp keeps, shape of ``points`` without its last axis.

    The crown opens first, then the top from the front; a wreath at sides and back stays, as in the
    pattern described by Norwood (1975).
    """
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    crown = np.exp(-((x / 4.2) ** 2 + ((z + 4.5) / 4.0) ** 2)) * smooth(y, 5.5, 8.5)
    front = smooth(y, 5.6, 8.6) * smooth(z, -5.0, 5.0)
    top = smooth(y, 5.0, 8.0)
    left = 1 - crown * smooth(loss, 0.15, 0.6) - front * 0.9 * smooth(loss, 0.2, 0.8)
    left = np.clip(np.minimum(left, 1 - top * smooth(loss, 0.4, 0.72)), 0, 1)
    sparse = smooth(loss, 0.45, 0.65)  # what is nearly bare goes bare: no stray islands
    return np.asarray(left * (1 - sparse * (1 - smooth(left, 0.06, 0.42))), np.float32)


def hair_colours(
    person: Person,
    styling: Styling,
    points: Float,
    rng: np.random.Generator,
    spread: float = 0.16,
    blend: int = 3,
) -> Float:
    """Linear albedo of hairs that grow at ``points`` (n, 3), shape (n, 3).

    Each hair is natural or grey, grey with the probability ``person.greyness`` and earlier at the
    temples.  A dye covers both but keeps some of their difference.
    """
    count = len(points)
    temple = smooth(np.abs(points[:, 0]), 4.5, 6.5) * smooth(points[:, 2], -2.0, 3.0)
    share = float(person.greyness)
    share *= min(1.0, share / 0.25)  # a few grey hairs do not make a whole drawn strand grey
    chance = np.clip(share * (0.85 + 0.9 * (1 - share) * temple), 0, 1)
    # A drawn strand stands for some ten hairs; ``blend`` of them decide how grey it looks.
    grey = (rng.binomial(blend, chance) / blend).astype(np.float32)[:, None]
    natural = np.asarray(person.hair_colour, np.float32)
    # Hair that greys loses colour in every strand, so red turns sandy before it turns white.
    pale = np.float32(0.55) * natural.max() * np.array([1.2, 1.0, 0.78], np.float32)
    natural = natural + 0.6 * min(1.0, 2 * share) * (pale - natural)
    light = np.exp(spread * rng.standard_normal((count, 1))).astype(np.float32)
    warm = 1 + 0.06 * rng.standard_normal((count, 1)).astype(np.float32) * np.array(
        [1, 0.2, -1], np.float32
    )
    white = GREY * (0.8 + 0.25 * rng.random((count, 1)).astype(np.float32))
    colour = natural * light * warm * (1 - grey) + white * grey
    if styling.dye is not None:
        colour = np.asarray(styling.dye, np.float32) * light * warm * (1 + 0.15 * grey)
    return np.clip(colour, 0.004, 0.85).astype(np.float32)


def root_colour(person: Person, styling: Styling) -> Float:
    """Linear albedo (3,) of hair at the scalp: the natural colour, never light grey."""
    natural = np.asarray(person.hair_colour, np.float32)
    pale = 0.7 * min(1.0, float(person.greyness))  # greying hair loses its warmth first
    natural = natural + pale * (0.75 * natural.mean() - natural)
    if styling.dye is not None:
        natural = 0.5 * natural + 0.5 * np.asarray(styling.dye, np.float32)
    return np.asarray(np.clip(0.72 * natural, 0.004, 0.5), np.float32)


def root_cover(person: Person, styling: Styling, body: Body, reach: float = 1.1) -> Float:
    """Share of an undercoat's opacity that is left, (ROWS, COLUMNS): less below grey hair.

    Grey hair lets the skin through, and every undercoat fades over ``reach`` cm at the hair line.
    """
    grey = 0.0 if styling.dye is not None else float(person.greyness)
    if styling.haircut in ("bob", "shoulder", "long", "fringe"):  # much hair lies over it
        grey *= 0.7
    return np.asarray((1 - 0.65 * grey) * smooth(body.above, -0.1, reach), np.float32)


# ---------------------------------------------------------------------------------------------
# Cuts
# ---------------------------------------------------------------------------------------------


def _between(value: float, low: float, high: float) -> float:
    return float(min(max(value, low), high))


def cut_of(person: Person, styling: Styling, head: Head, rng: np.random.Generator) -> Cut:
    """The measures of ``styling``'s haircut on this head."""
    name, length, volume = styling.haircut, float(styling.hair_length), float(styling.volume)
    part = _between(3.6 * styling.parting, -4.2, 4.2)
    side = -1.0 if styling.parting > 0 else 1.0
    wave = float(smooth(styling.hair_type, 0.15, 0.6))
    base = Cut(4, 2, 1, across=0.35 * side, comb=0.9, thick=0.8 + 0.8 * volume)
    if name == "shaved":
        return replace(base, top=0.22, side=0.2, nape=0.18, lift=0.6, edge=0.5, thick=0.3, comb=0.2)
    if name == "fade":
        t = _between(length, 1.2, 4.0)
        return replace(base, top=t, side=0.6, nape=0.4, lift=0.4, fade=1.0, edge=0.4, thick=0.4 * t)
    if name == "crop":
        t = _between(length, 1.5, 3.5)
        return replace(base, top=t, side=1.0, nape=0.6, lift=0.3, edge=0.6, thick=0.3 * t + 0.2)
    if name == "side_part":
        t = _between(length, 5.0, 9.0)
        part = part if abs(part) > 1.5 else 3.2 * (np.sign(part) or 1.0)
        return replace(
            base,
            top=t,
            side=2.6,
            nape=1.2,
            lift=0.42,
            comb=1.1,
            gravity=0.03,
            parted=1.0,
            part=part,
            across=0.0,
            sweep=-0.35,
            side_back=0.5,
            clump=0.4,
            edge=0.7,
            thick=0.9 + 1.0 * volume,
            hug=0.9,
        )
    if name == "swept":
        t = _between(length, 6.0, 11.0)
        return replace(
            base,
            top=t,
            side=3.6,
            nape=2.0,
            lift=0.55,
            comb=1.3,
            gravity=0.0,
            sweep=-1.1,
            across=0.2 * side,
            side_back=0.9,
            edge=0.7,
            thick=1.1 + 1.3 * volume,
            hug=0.8,
        )
    if name == "curly_top":
        t = _between(length, 4.0, 8.0)
        return replace(
            base,
            top=t,
            side=0.8,
            nape=0.5,
            lift=0.65,
            comb=0.3,
            gravity=0.1,
            sweep=0.45,
            fade=0.8,
            edge=0.5,
            clump=0.3,
            thick=1.6 + 1.5 * volume,
            hug=0.3,
        )
    if name in ("bob", "shoulder", "long", "fringe"):
        return _falling(styling, part, length, volume, wave, rng)
    if name == "twa":
        t = _between(length, 0.8, 2.5)
        return replace(base, top=t, side=0.8 * t, nape=0.5 * t, edge=0.5, thick=t)
    if name == "afro":
        t = _between(0.72 * length, 4.0, 9.0)
        return replace(base, top=t, side=0.95 * t, nape=0.75 * t, edge=0.6, thick=t)
    t = _between(length, 2.5, 6.0)
    return replace(base, top=t, side=0.5 * t, nape=0.3 * t, lift=0.4, gravity=0.03)


def _coily(cut: Cut, name: str) -> Cut:
    """The same cut in coily hair, which stands away from the head and shrinks."""
    if cut.ends > -90:
        return replace(
            cut,
            bangs=99.0,
            ends=cut.ends + 2.5,
            thick=cut.thick + 0.35,
            part=0.5 * cut.part,
            lift=0.3,
            clump=0.2,
            comb=0.4,
        )
    if name not in ("afro", "twa"):
        top = min(cut.top, 4.5)
        cut = replace(cut, top=top, side=min(cut.side, 0.6 * top), nape=min(cut.nape, 0.5 * top))
    return replace(cut, lift=1.0, comb=0.02, gravity=0.0, hug=0.0, thick=0.9 * cut.top, parted=0.0)


def _falling(
    styling: Styling,
    part: float,
    length: float,
    volume: float,
    wave: float,
    rng: np.random.Generator,
) -> Cut:
    """Cuts whose hair falls: bob, shoulder, long, and the same with a fringe."""
    ends = {"bob": -9.3, "shoulder": -15.0, "long": -24.0}.get(styling.haircut)
    if ends is None:
        ends = -9.0 if length < 16 else (-15.0 if length < 28 else -24.0)
    bangs = 99.0
    if styling.haircut == "fringe" or (styling.fringe > 0.6 and styling.haircut != "long"):
        bangs = 2.2 + 1.4 * (1 - styling.fringe)
    tuck = 1.0 if bangs > 50 and rng.random() < 0.4 else 0.0
    return Cut(
        60,
        60,
        60,
        ends=ends,
        lift=0.28 + 0.25 * volume,
        comb=0.5,
        gravity=0.32,
        thick=0.9 + 1.2 * volume + 0.9 * wave,
        parted=1.0,
        part=part,
        sweep=-0.2,
        side_back=0.1,
        bangs=bangs,
        clump=0.5,
        edge=0.8,
        tuck=tuck,
        hug=0.9,
        inward=0.06 if ends > -12 else 0.0,
    )


def _lengths(cut: Cut, roots: Float) -> Float:
    """Length of the hair at each root, cm."""
    y, z = roots[:, 1], roots[:, 2]
    out = cut.side + (cut.top - cut.side) * smooth(y, 4.5, 8.8)
    behind = smooth(z, 1.0, -5.0) * smooth(y, 2.0, -5.0)
    out = out + (cut.nape - out) * behind
    if cut.fade:
        out = out * (1 - cut.fade * (1 - smooth(y, -3.5, 6.0)) * 0.75)
    return np.asarray(out, np.float32)


def density_of(body: Body, cut: Cut, loss: float) -> Float:
    """Density of hair 0..1 over the body map, shape (ROWS, COLUMNS)."""
    out = smooth(body.above, -0.1, cut.edge) * hair_loss_density(body.points, loss)
    if cut.fade:
        out = out * (1 - cut.fade * 0.9 * (1 - smooth(body.points[..., 1], -4.5, 5.0)))
    return np.asarray(out, np.float32)


def undercoat(
    body: Body, cut: Cut, density: Float, colour: Float, most: Float, lift: Float | float
) -> Mesh:
    """The thin layer of hair on the scalp that the strands stand in.

    ``most`` (ROWS, COLUMNS) is its greatest opacity and ``lift`` (ROWS, COLUMNS) its
    height above the skin in cm.
    """
    last = 2 + int(np.flatnonzero((density > 0.01).any(1)).max(initial=2))
    last = min(last, ROWS)
    normals = body.shape[:last, :, 1:]
    height = np.broadcast_to(np.asarray(lift, np.float32), density.shape)[:last, :, None]
    points = body.points[:last] + normals * height
    opacity = most[:last] * smooth(density[:last], 0.0, 1.0)
    if cut.parted:
        x, z = body.points[:last, :, 0], body.points[:last, :, 2]
        line = np.exp(-(((x - cut.part) / 0.17) ** 2)) * smooth(z, -4.5, -2.0)
        opacity = opacity * (
            1
            - (0.55 if cut.bangs > 50 else 0.12) * line * smooth(body.points[:last, :, 1], 5.0, 7.0)
        )
    paint = np.broadcast_to(colour, points.shape).reshape(-1, 3).astype(np.float32)
    down = np.array([0, -1, 0], np.float32) - normals * -normals[..., 1:2]
    down /= np.linalg.norm(down, axis=-1, keepdims=True) + 1e-6
    flat = np.ascontiguousarray(points.reshape(-1, 3), np.float32)
    triangles = grid_triangles(last, COLUMNS)
    opaque = np.ascontiguousarray(opacity.ravel(), np.float32)
    triangles = np.ascontiguousarray(triangles[opaque[triangles].max(1) > 0.01])
    outward = np.ascontiguousarray(normals.reshape(-1, 3), np.float32)
    if not np.isscalar(lift):
        outward = vertex_normals(flat, grid_triangles(last, COLUMNS))
    return Mesh(
        flat,
        triangles,
        "hair",
        paint,
        None,
        0.75,
        outward,
        down.reshape(-1, 3).astype(np.float32),
        opaque,
    )


# ---------------------------------------------------------------------------------------------
# Guides
# ---------------------------------------------------------------------------------------------


@njit(cache=True)
def _ramp(x, low, high):
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


@njit(cache=True)
def _comb(x, y, z, side, style, bangs, out):
    """Direction into which hair is combed at a place; ``style`` as packed in :func:`guides`."""
    parted, sweep, across, side_back, tuck = style[0], style[2], style[3], style[4], style[5]
    tx, ty, tz = across + 1.1 * side, 0.0, sweep
    back = _ramp(-z, 3.0, 7.0)  # from the whorl hair runs down the back of the head
    tx, ty, tz = tx * (1 - 0.6 * back), ty - back, tz * (1 - back) - 0.5 * back
    front = _ramp(z, 0.0, 5.0) * parted  # before a parting hair runs along the hair line
    w = _ramp(y, 4.0 - 2.0 * front, 9.5 - 3.0 * front)
    tz -= 0.45 * front
    sx, sy, sz = 0.0, -1.0, -side_back - 0.35 * _ramp(z, 0.0, 4.0) * parted
    if tuck > 0 and z > -2.2 and y < 6.0:
        t = tuck * _ramp(z, -2.4, -1.2)
        sy, sz = sy * (1 - 0.75 * t), sz * (1 - t) - t
    if bangs > 0:
        sx, sy, sz = -0.03 * x, -1.0, 0.0
        tx, ty, tz = -0.04 * x, 0.0, 1.0
        w = _ramp(y, 8.0, 10.5)
    out[0], out[1], out[2] = tx * w + sx * (1 - w), ty * w + sy * (1 - w), tz * w + sz * (1 - w)


@njit(cache=True)
def _grow(shape, ears, roots, normals, lengths, layers, ends, bangs, twist, style, out):
    """Trace guides over and off the head; fills ``out`` (G, ALONG, 3) by even arc length."""
    hit, comb = np.empty(4, np.float32), np.empty(3, np.float32)
    lift, follow, weight, thick = style[6], style[7], style[8], style[9]
    hug, inward_turn = style[10], style[11]
    steps = (out.shape[1] - 1) * 2
    trace = np.empty((steps + 1, 3), np.float32)
    for g in range(roots.shape[0]):
        x, y, z = roots[g, 0], roots[g, 1], roots[g, 2]
        side = 0.0
        if style[0] > 0:
            side = 1.0 if x > style[1] else -1.0
        _comb(x, y, z, side, style, bangs[g], comb)
        nx, ny, nz = normals[g, 0], normals[g, 1], normals[g, 2]
        into = comb[0] * nx + comb[1] * ny + comb[2] * nz
        up = lift * (0.7 + 0.6 * layers[g])
        if up < 0.9:  # hair at the sides lies flatter
            up *= 0.4 + 0.6 * _ramp(y, 3.0, 8.5)
            if style[0] > 0:
                up *= 0.5 + 0.5 * _ramp(abs(x - style[1]), 0.3, 3.0)
        dx = (comb[0] - into * nx) * (1 - up) + nx * up + 0.15 * twist[g, 0]
        dy = (comb[1] - into * ny) * (1 - up) + ny * up + 0.15 * twist[g, 1]
        dz = (comb[2] - into * nz) * (1 - up) + nz * up + 0.15 * twist[g, 2]
        size = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6
        dx, dy, dz = dx / size, dy / size, dz / size
        length = lengths[g]
        if ends[g] > -90:  # enough to reach the ends; the rest is cut off below
            length = min(length, 1.25 * max(y - ends[g], 0.5) + 6.5 * _ramp(y, 4.0, 10.0) + 1.0)
        ds = length / steps
        forward = 0.6 if (z > 1.5 and abs(x) > 0.5) else -0.8
        count = 0
        trace[0, 0], trace[0, 1], trace[0, 2] = x, y, z
        for k in range(1, steps + 1):
            s = k * ds
            _surface(shape, x, y, z, hit)
            target = 0.08 + thick * (0.15 + 0.85 * layers[g]) * (1 - np.exp(-s / 2.2))
            if style[0] > 0 and y > 7.0:  # the mass sinks towards the parting
                target *= 0.72 + 0.28 * _ramp(abs(x - style[1]), 0.0, 3.5)
            target *= 1.0 - 0.5 * bangs[g]
            near = np.exp(-max(0.0, hit[0] - target) / 1.5)
            _comb(x, y, z, side, style, bangs[g], comb)
            into = comb[0] * hit[1] + comb[1] * hit[2] + comb[2] * hit[3]
            cx, cy, cz = comb[0] - into * hit[1], comb[1] - into * hit[2], comb[2] - into * hit[3]
            size = np.sqrt(cx * cx + cy * cy + cz * cz) + 1e-3
            pull = follow * near * ds / size
            fall = weight * ds * (1.0 + 1.5 * (1 - near))
            dx += cx * pull + 0.05 * ds * twist[g, 0]
            dy += cy * pull - fall
            dz += cz * pull + 0.05 * ds * twist[g, 2]
            if hit[0] > target:
                held = hug + 1.2 * bangs[g]
                back = held * ds * min(hit[0] - target, 2.0) * _ramp(y, -3.0, 4.0)
                dx, dy, dz = dx - back * hit[1], dy - back * hit[2], dz - back * hit[3]
            if weight > 0.15:  # falling hair loses its sideways swing
                calm = max(0.0, 1.0 - 0.5 * ds * _ramp(-y, -7.0, 2.0))
                dx, dz = dx * calm, dz * calm
                if y < -5.0:
                    dx -= inward_turn * ds * (1.0 if x > 0 else -1.0)
            if y < -11.0:
                dz += 0.04 * forward * ds
                if abs(x) > 7.5:  # gathers instead of spreading down the arm
                    dx -= 0.06 * ds * (x - 7.5 * (1.0 if x > 0 else -1.0))
                if dy > -0.62 or abs(x) > 12.0:  # lies on the shoulder: enough
                    break
            if hit[0] < target:
                inward = dx * hit[1] + dy * hit[2] + dz * hit[3]
                if inward < 0:
                    dx -= inward * hit[1]
                    dy -= inward * hit[2]
                    dz -= inward * hit[3]
            size = np.sqrt(dx * dx + dy * dy + dz * dz) + 1e-6
            dx, dy, dz = dx / size, dy / size, dz / size
            x, y, z = x + dx * ds, y + dy * ds, z + dz * ds
            _surface(shape, x, y, z, hit)
            if hit[0] < target:
                push = target - hit[0]
                push = push if hit[0] < 0.05 else min(push, 0.35 * ds)
                x, y, z = x + hit[1] * push, y + hit[2] * push, z + hit[3] * push
            for e in range(2):  # ears: an ellipsoid that hair passes outside
                ex, ey, ez = (x - ears[e, 0]) / 1.5, (y - ears[e, 1]) / 3.4, (z - ears[e, 2]) / 1.9
                inside = ex * ex + ey * ey + ez * ez
                if inside < 1.0 and s > 1.0:
                    sign = 1.0 if ears[e, 0] > 0 else -1.0
                    x += sign * 0.35 * ds * (1.3 - inside)
            if z > 2.0 and y < 5.5 and bangs[g] < 0.5:  # the face stays free
                limit = style[12] if y > -6.0 else 5.7
                if abs(x) < limit:
                    x += (1.0 if x > 0 else -1.0) * min(0.5 * ds, limit - abs(x))
                    z -= 0.2 * ds
            trace[k, 0], trace[k, 1], trace[k, 2] = x, y, z
            count = k
            if y < ends[g]:
                break
        along = out.shape[1]
        for k in range(along):
            t = count * k / (along - 1)
            i = min(int(t), count - 1)
            f = t - i
            for c in range(3):
                out[g, k, c] = trace[i, c] * (1 - f) + trace[i + 1, c] * f


@dataclass
class Guides:
    """Traced guides: ``roots``, ``curves`` (G, ALONG, 3), ``layers`` 0 inside .. 1 outside (G,)."""

    roots: Roots
    curves: Float
    layers: Float
    bangs: Float


def _field(points: Float, rng: np.random.Generator, wavelength: float, channels: int = 3) -> Float:
    """Smooth random values of unit size over space, (n, channels): a sum of six plane waves."""
    k = rng.standard_normal((6, 3)).astype(np.float32) * np.float32(2 * np.pi / wavelength / 1.7)
    phase = rng.random((6, 1, channels)).astype(np.float32) * np.float32(2 * np.pi)
    return np.asarray(np.sin((points @ k.T).T[..., None] + phase).sum(0) / 1.75, np.float32)


def guides(
    body: Body, cut: Cut, density: Float, rng: np.random.Generator, count: int = GUIDES
) -> Guides:
    """Trace ``count`` guides of a cut."""
    roots = sow(body, np.minimum(1, density * 2), count, rng)
    p = roots.points
    n = len(p)
    lengths = _lengths(cut, p) * (1 + 0.08 * rng.standard_normal(n).astype(np.float32))
    heights_ = smooth(p[:, 1], -6.0, 10.5)
    layers = np.clip(0.65 * heights_ + 0.35 * rng.random(n), 0, 1).astype(np.float32)
    bangs = np.zeros(n, np.float32)
    ends = np.full(n, cut.ends, np.float32)
    ends += 0.35 * rng.standard_normal(n).astype(np.float32)
    if cut.bangs < 50:
        near = np.abs(p[:, 0]) < 6.6 - 0.15 * np.maximum(0, 7 - p[:, 2])
        near &= (p[:, 2] > 2.6) & (p[:, 1] > 4.2)
        bangs[near] = 1.0
        arc = 0.035 * p[:, 0] ** 2
        ends = np.where(near, cut.bangs - arc + 0.3 * rng.standard_normal(n), ends).astype(
            np.float32
        )
    twist = _field(p, rng, 6.0) + 0.35 * rng.standard_normal((n, 3)).astype(np.float32)
    style = [cut.parted, cut.part, cut.sweep, cut.across, cut.side_back, cut.tuck, cut.lift]
    style += [cut.comb, cut.gravity, cut.thick, cut.hug, cut.inward]
    style.append(5.8 if cut.bangs < 50 else 6.4)  # half width of the face that stays free
    curves = np.empty((n, ALONG, 3), np.float32)
    if n:
        numbers = [np.asarray(a, np.float32) for a in (lengths, layers, ends, bangs, twist, style)]
        _grow(body.shape, body.ears, p, roots.normals, *numbers, curves)
    return Guides(roots, curves, layers, bangs)


@njit(cache=True)
def _weave(shape, roots, curves, near, weights, shorten, stray, clump, bend, out):
    """Strands between guides: blended shape, drawn towards the nearest guide along the way."""
    along, fine = out.shape[1], curves.shape[1]
    hit = np.empty(4, np.float32)
    for s in range(roots.shape[0]):
        lead = near[s, 0]
        for k in range(along):
            t = (k / (along - 1)) ** bend * shorten[s]
            r = t * (fine - 1)
            i = min(int(r), fine - 2)
            f = r - i
            pull = clump * t**1.2
            spread = 1.0 + 1.2 * t
            p0, p1, p2 = np.float32(0.0), np.float32(0.0), np.float32(0.0)
            for j in range(near.shape[1]):
                g, w = near[s, j], weights[s, j]
                p0 += w * (curves[g, i, 0] * (1 - f) + curves[g, i + 1, 0] * f - curves[g, 0, 0])
                p1 += w * (curves[g, i, 1] * (1 - f) + curves[g, i + 1, 1] * f - curves[g, 0, 1])
                p2 += w * (curves[g, i, 2] * (1 - f) + curves[g, i + 1, 2] * f - curves[g, 0, 2])
            p0 += roots[s, 0]
            p1 += roots[s, 1]
            p2 += roots[s, 2]
            q0 = curves[lead, i, 0] * (1 - f) + curves[lead, i + 1, 0] * f
            q1 = curves[lead, i, 1] * (1 - f) + curves[lead, i + 1, 1] * f
            q2 = curves[lead, i, 2] * (1 - f) + curves[lead, i + 1, 2] * f
            p0 += pull * (q0 - p0) + spread * t * stray[s, 0]
            p1 += pull * (q1 - p1) + spread * t * stray[s, 1]
            p2 += pull * (q2 - p2) + spread * t * stray[s, 2]
            if k > 0:
                _surface(shape, p0, p1, p2, hit)
                if hit[0] < 0.06:
                    push = 0.06 - hit[0]
                    p0 += hit[1] * push
                    p1 += hit[2] * push
                    p2 += hit[3] * push
            out[s, k, 0], out[s, k, 1], out[s, k, 2] = p0, p1, p2


def weave(
    body: Body,
    cut: Cut,
    made: Guides,
    roots: Roots,
    along: int,
    rng: np.random.Generator,
    stray: float,
    bend: float = 1.0,
    flyaways: float = 0.04,
) -> tuple[Float, NDArray[np.int64]]:
    """Strands at ``roots`` between the guides, (S, along, 3), and the lock of each, (S,)."""

    def place(p: Float, flag: Float) -> Float:
        # Hair on two sides of a parting or of a fringe's edge must not mix: move the sides apart.
        side = np.sign(p[:, 0] - cut.part) if cut.parted else np.zeros(len(p))
        side = side * smooth(p[:, 2], -5.5, -3.0) * smooth(p[:, 1], 4.0, 6.0)
        side = side * (1 - flag)  # a fringe covers the parting
        return np.concatenate([p + 0 * p, 6.0 * side[:, None], 6.0 * flag[:, None]], 1)

    keep = cKDTree(made.roots.points).query(roots.points, k=1)[1]
    tree = cKDTree(place(made.roots.points, made.bangs))
    count = min(3, len(made.curves))
    gap, near = tree.query(place(roots.points, made.bangs[keep]), k=count)
    gap, near = (np.asarray(a).reshape(len(roots.points), count) for a in (gap, near))
    weights = 1.0 / (gap**2 + 0.15)
    weights = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    n = len(roots.points)
    shorten = np.clip(1 - np.abs(0.10 * rng.standard_normal(n)) - 0.12 * rng.random(n) ** 3, 0.5, 1)
    fringe = made.bangs[near[:, 0]]
    shorten = 1 - (1 - shorten) * (1 - 0.6 * fringe)  # a fringe is cut level, but thin at its ends
    shorten = shorten * (1 - 0.4 * fringe * np.maximum(rng.random(n) - 0.55, 0) / 0.45)
    offset = stray * rng.standard_normal((n, 3)).astype(np.float32)
    offset[rng.random(n) < flyaways] *= 2.6
    out = np.empty((n, along, 3), np.float32)
    clump = cut.clump * np.float32(0.9)
    _weave(
        body.shape,
        roots.points,
        made.curves,
        np.ascontiguousarray(near, np.int64),
        weights,
        shorten.astype(np.float32),
        offset,
        clump,
        np.float32(bend),
        out,
    )
    return out, np.asarray(near[:, 0], np.int64)


def off_face(curves: Float, bangs: float) -> NDArray[np.bool_]:
    """Which strands (S,) do not hang across the face; a fringe may, down to ``bangs``."""
    x, y, z = curves[..., 0], curves[..., 1], curves[..., 2]
    low = bangs - 2.4 if bangs < 50 else 4.4
    before = (z > 3.0) & (y < low) & (np.abs(x) < 5.4)
    cheek = (z > 4.0) & (y < 1.0)
    return np.asarray(~(before | cheek).any(1))


@njit(cache=True)
def _curl(curves, radius, pitch, phase, sense, begin, flat, out):
    """Wind strands into helices: fills ``out`` (S, K, 3) from ``curves`` (S, M, 3)."""
    coarse, along = curves.shape[1], out.shape[1]
    for s in range(curves.shape[0]):
        length = 0.0
        for k in range(coarse - 1):
            length += np.sqrt(((curves[s, k + 1] - curves[s, k]) ** 2).sum())
        # A vector across the strand that is carried along it without twisting.
        ax, ay, az = (
            curves[s, 1, 0] - curves[s, 0, 0],
            curves[s, 1, 1] - curves[s, 0, 1],
            curves[s, 1, 2] - curves[s, 0, 2],
        )
        ux, uy, uz = (
            (0.0, 1.0, 0.0)
            if abs(ay) < 0.8 * np.sqrt(ax * ax + ay * ay + az * az)
            else (0.0, 0.0, 1.0)
        )
        for k in range(along):
            r = k / (along - 1) * (coarse - 1)
            i = min(int(r), coarse - 2)
            f = r - i
            tx = curves[s, i + 1, 0] - curves[s, i, 0]
            ty = curves[s, i + 1, 1] - curves[s, i, 1]
            tz = curves[s, i + 1, 2] - curves[s, i, 2]
            size = np.sqrt(tx * tx + ty * ty + tz * tz) + 1e-6
            tx, ty, tz = tx / size, ty / size, tz / size
            dot = ux * tx + uy * ty + uz * tz
            ux, uy, uz = ux - dot * tx, uy - dot * ty, uz - dot * tz
            size = np.sqrt(ux * ux + uy * uy + uz * uz) + 1e-6
            ux, uy, uz = ux / size, uy / size, uz / size
            vx, vy, vz = ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux
            run = k / (along - 1) * length
            ease = _ramp(run, 0.0, begin[s])
            angle = phase[s] + sense[s] * 2 * np.pi * run / pitch[s]
            wide = min(radius[s], 0.13 * length) * ease
            wide *= 1.0 - 0.7 * _ramp(run, 0.7 * length, length)  # ends hang out of their curl
            a = wide * np.cos(angle)
            b = wide * np.sin(angle) * flat
            out[s, k, 0] = curves[s, i, 0] * (1 - f) + curves[s, i + 1, 0] * f + a * ux + b * vx
            out[s, k, 1] = curves[s, i, 1] * (1 - f) + curves[s, i + 1, 1] * f + a * uy + b * vy
            out[s, k, 2] = curves[s, i, 2] * (1 - f) + curves[s, i + 1, 2] * f + a * uz + b * vz


@njit(cache=True)
def _coils(centres, axis, radius, turns, phase, out):
    """Short helices about ``centres`` (P, 3) along ``axis`` (P, 3); fills ``out`` (P, K, 3)."""
    along = out.shape[1]
    for p in range(centres.shape[0]):
        tx, ty, tz = axis[p, 0], axis[p, 1], axis[p, 2]
        size = np.sqrt(tx * tx + ty * ty + tz * tz) + 1e-6
        tx, ty, tz = tx / size, ty / size, tz / size
        ux, uy, uz = (0.0, 1.0, 0.0) if abs(ty) < 0.8 else (1.0, 0.0, 0.0)
        dot = ux * tx + uy * ty + uz * tz
        ux, uy, uz = ux - dot * tx, uy - dot * ty, uz - dot * tz
        size = np.sqrt(ux * ux + uy * uy + uz * uz)
        ux, uy, uz = ux / size, uy / size, uz / size
        vx, vy, vz = ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux
        for k in range(along):
            q = k / (along - 1) - 0.5
            angle = phase[p] + 2 * np.pi * turns[p] * q
            a, b = radius[p] * np.cos(angle), radius[p] * np.sin(angle)
            w = q * turns[p] * radius[p] * 2.2
            out[p, k, 0] = centres[p, 0] + a * ux + b * vx + w * tx
            out[p, k, 1] = centres[p, 1] + a * uy + b * vy + w * ty
            out[p, k, 2] = centres[p, 2] + a * uz + b * vz + w * tz


# ---------------------------------------------------------------------------------------------
# Hair of the three kinds
# ---------------------------------------------------------------------------------------------


def _depths(body: Body, points: Float, thick: float) -> Float:
    """0 at the surface of a mass ``thick`` cm high .. 1 at the skin, shape (S, K)."""
    up = heights(body.shape, np.ascontiguousarray(points.reshape(-1, 3)))
    return np.clip(1 - up / (0.9 * thick + 0.1), 0, 1).reshape(points.shape[:2]).astype(np.float32)


@dataclass
class Job:
    """One head of hair being grown: everything its parts need to know."""

    body: Body
    cut: Cut
    density: Float
    person: Person
    styling: Styling
    detail: float
    rng: np.random.Generator
    made: Guides = field(init=False)
    span: float = field(init=False)  # median length of the guides, cm

    def __post_init__(self) -> None:
        self.made = guides(self.body, self.cut, self.density, self.rng)
        lengths = np.linalg.norm(np.diff(self.made.curves, axis=1), axis=-1).sum(1)
        self.span = float(np.median(lengths)) if len(lengths) else 0.0

    @property
    def fine(self) -> float:
        """How many times as many strands as at detail 1: three to four at detail 2."""
        return self.detail**1.8

    @property
    def falling(self) -> bool:
        """Whether the hair hangs below the head."""
        return self.cut.ends > -90

    def colours(self, points: Float, spread: float = 0.16, blend: int = 4) -> Float:
        """Albedo of hairs that grow at ``points``, see :func:`hair_colours`."""
        return hair_colours(self.person, self.styling, points, self.rng, spread, blend)


def _flowing(job: Job, kind: float) -> list[Strands]:
    """Straight, wavy and curly hair."""
    if not len(job.made.curves):
        return []
    out = [_layer(job, kind, 1.0), _baby_hairs(job)]
    if kind > 0.5 and job.falling:  # looser hair below the ringlets hides the scalp
        out += [_layer(job, 0.32, 0.3), _combed_front(job, 0.08)]
    return [s for s in out if len(s.points)]


def _layer(job: Job, kind: float, much: float) -> Strands:
    """Strands of one kind of curl over the whole scalp; ``much`` is their number, 1 = usual."""
    cut, rng, span, fine = job.cut, job.rng, job.span, job.fine
    scalp = job.body.above > 0
    share = 0.25 + 0.75 * float(job.density[scalp].mean())
    curly = float(smooth(kind, 0.42, 0.55))
    coarse = round(
        (8 if span < 5 else (12 if span < 14 else 18)) * (1.35 if job.detail > 1.5 else 1)
    )
    most = round(100 * np.sqrt(job.detail))  # points along a curl
    radius, pitch = _curl_of(kind, curly, span)
    pitch = max(pitch, 6.3 * span / most)
    plain = kind < 0.12  # more points where straight hair bends, over the head
    along = coarse if plain else int(min(most, max(coarse, (6 + 2 * curly) * span / pitch + 4)))
    usual = 5200 * fine * share
    budget = 96000 - 26000 * curly if job.falling else 96000
    count = int(min(usual * much, budget * fine / along))
    bundle = 1 + round(3 * curly)  # hairs of one ringlet
    roots = sow(job.body, job.density, max(count // bundle, 1), rng)
    stray = (0.08 + 0.06 * min(span, 12.0) / 12) * (1 + 0.5 * curly)
    curves, lock = weave(job.body, cut, job.made, roots, coarse, rng, stray, 1.35 if plain else 1.0)
    free = off_face(curves, cut.bangs)
    if cut.bangs < 50:  # a fringe is thin: the forehead shows between its locks
        fringe = (roots.points[:, 2] > 2.6) & (roots.points[:, 1] > 4.2)
        free &= ~(fringe & (rng.random(len(free)) < 0.1))
    curves, lock, roots = curves[free], lock[free], roots.only(free)
    colour = job.colours(roots.points)
    if not plain and len(curves):
        pick = np.repeat(np.arange(len(curves)), bundle)
        ringlet = pick if curly > 0.5 else None
        curves = _wound(curves[pick], lock[pick], ringlet, (radius, pitch), along, span, curly, rng)
        colour = colour[pick] * rng.normal(1, 0.1, (len(pick), 1)).astype(np.float32)
    width = 0.030 * np.sqrt(usual * much / max(count, 1)) / np.sqrt(fine) ** 0.85
    return Strands(
        curves,
        width,
        np.clip(colour, 0.003, 0.9),
        _depths(job.body, curves, cut.thick),
        tip=1.12 if job.styling.dye is None else 1.05,
        taper=0.75 - 0.25 * curly,
        gloss=1.0 - 0.35 * curly,
        spread=0.13 + 0.1 * curly,
    )


def _curl_of(kind: float, curly: float, span: float) -> tuple[float, float]:
    """Radius and pitch of waves and curls, cm; long waves are wider than short ones."""
    long = min(1.25, max(0.6, span / 14))
    wave_radius = 0.30 * float(smooth(kind, 0.1, 0.4)) * min(1.2, max(0.45, span / 9))
    tight = float(smooth(kind, 0.6, 0.85))
    short = min(1.0, 0.11 * span / 0.34)
    radius = wave_radius * (1 - curly) + short * curly * (0.36 + 0.1 * (long - 0.6) - 0.12 * tight)
    pitch = (5.0 * long) * (1 - curly) + curly * (1.5 + 1.0 * (long - 0.6) - 0.45 * tight)
    return radius, pitch


def _wound(
    curves: Float,
    lock: NDArray[np.int64],
    ringlet: NDArray[np.int64] | None,
    curl: tuple[float, float],
    along: int,
    span: float,
    curly: float,
    rng: np.random.Generator,
) -> Float:
    """Waves or curls wound onto strands; hairs of one lock, or of one ringlet, turn together."""
    n = len(curves)
    group = lock if ringlet is None else ringlet
    groups = int(group.max()) + 1
    radius, pitch = curl
    sense = np.where(rng.random(groups) < 0.5, -1, 1)[group]
    phase = 2 * np.pi * rng.random(groups)[group] + 0.4 * rng.standard_normal(n)
    pitches = pitch * (0.8 + 0.4 * rng.random(groups)[group]) * (1 + 0.012 * rng.standard_normal(n))
    radii = (
        radius
        * (0.7 + 0.5 * rng.random(groups)[group])
        * (1 - (0.25 + 0.2 * curly) * (1 - 1.6 * rng.random(n)))
    )
    begin = np.full(n, min(0.35 * span, 5.0 - 3.6 * curly), np.float32)
    out = np.empty((n, along, 3), np.float32)
    _curl(
        curves,
        *(np.asarray(a, np.float32) for a in (radii, pitches, phase, sense, begin)),
        np.float32(0.45 + 0.55 * curly),
        out,
    )
    return out


def _baby_hairs(job: Job) -> Strands:
    """Fine short hairs up to 1 cm before the hair line, so that it has no edge."""
    body, cut = job.body, job.cut
    band = (
        smooth(body.above, -0.7, -0.1) * smooth(body.above, 0.6, 0.1) * (body.points[..., 1] > -3)
    )
    inside = np.roll(job.density, -3, 0) + np.roll(job.density, 3, 0) + job.density
    band = band * np.clip(inside, 0, 1)  # none where the scalp behind is bare
    count = int(380 * job.fine * float((band > 0.1).sum() / max(1, (body.above > -0.7).sum()) * 12))
    roots = sow(body, np.asarray(band, np.float32), int(0.45 * min(count, 380 * job.fine)), job.rng)
    way = np.array([0.0, 0.25, -1.0] if cut.sweep < 0.3 else [0.0, -1.0, 0.2], np.float32)
    points = _lying(job, roots, way, (0.25, 0.75), 4, 0.5)
    width = 0.011 / np.sqrt(job.fine)
    natural = job.person.with_(greyness=0.0)  # white dots on skin would read as dust
    colour = hair_colours(natural, job.styling, roots.points, job.rng, 0.16, 4)
    faint = 0.45 * (1 - 0.75 * float(job.person.greyness)) * (0.5 if cut.top < 0.5 else 1.0)
    return Strands(points, width, colour, gloss=0.4, opacity=faint, taper=0.9)


def _combed_front(job: Job, wave: float) -> Strands:
    """Hair that lies on the scalp behind the front hair line, below what stands off."""
    body, rng = job.body, job.rng
    front = smooth(body.above, 3.2, 1.5) * smooth(body.points[..., 2], -1.0, 2.0) * job.density
    roots = sow(
        body, np.asarray(front, np.float32), int(900 * job.fine * min(1.0, front.max())), rng
    )
    if not len(roots.points):
        return Strands(np.zeros((0, 6, 3), np.float32), 0.03, np.zeros((0, 3)))
    way = np.tile(np.array([0.0, -0.15, -0.75], np.float32), (len(roots.points), 1))
    way[:, 0] = np.where(roots.points[:, 0] > job.cut.part, 1.0, -1.0)
    points = _lying(job, roots, way, (1.2, 2.6), 9, 0.15)
    t = np.linspace(0, 1, 9, dtype=np.float32)
    swing = np.sin(6.3 * (1.7 * t[None] + rng.random((len(points), 1)))) * np.minimum(1, 3 * t)
    across = np.cross(points[:, -1] - points[:, 0], roots.normals)
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-6
    points = points + wave * swing[..., None].astype(np.float32) * across[:, None]
    width = 0.034 / np.sqrt(job.fine) ** 0.85
    depth = np.full(points.shape[:2], 0.15, np.float32)
    return Strands(
        points, width, job.colours(roots.points), depth, taper=0.6, gloss=0.6, spread=0.2
    )


def _lying(
    job: Job, roots: Roots, way: Float, lengths: tuple[float, float], along: int, stray: float
) -> Float:
    """Short hairs lying on the scalp in direction ``way`` (3,) or (n, 3), shape (n, along, 3)."""
    n = len(roots.points)
    way = np.asarray(way + stray * job.rng.standard_normal((n, 3)), np.float32)
    way -= roots.normals * (way * roots.normals).sum(1, keepdims=True)
    way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-6
    t = np.linspace(0, 1, along, dtype=np.float32)[None, :, None]
    share = job.rng.random((n, 1, 1)).astype(np.float32)
    length = (lengths[0] + (lengths[1] - lengths[0]) * share) * min(1.0, job.cut.side)
    rise = roots.normals[:, None] * (0.3 * t * (1 - t) + 0.03)
    points = roots.points[:, None] + (way[:, None] * t + rise) * length
    up = heights(job.body.shape, np.ascontiguousarray(points.reshape(-1, 3))).reshape(n, along, 1)
    return np.asarray(points + roots.normals[:, None] * np.clip(0.12 - up, -1, 1) * t, np.float32)


def _cloud(job: Job) -> list[Strands]:
    """Coily hair: short coils strung along guides, dense at the surface of a soft mass."""
    if not len(job.made.curves):
        return []
    body, cut, rng, span, falling = job.body, job.cut, job.rng, job.span, job.falling
    base = sow(body, job.density, int((850 if falling else 1500) * np.sqrt(job.fine)), rng)
    stray = 0.15 + (0.008 if falling else 0.02) * span
    curves, lock = weave(body, cut, job.made, base, 16 if falling else 12, rng, stray, flyaways=0.0)
    free = off_face(curves, cut.bangs)
    curves, lock, base = curves[free], lock[free], base.only(free)
    if not len(curves):
        return []
    reach = (
        1 + 0.06 * _field(base.points, rng, 5.0, 1)[:, 0] + 0.03 * rng.standard_normal(len(curves))
    )
    if not falling:
        reach *= _dome(base.above, cut.top)
    curves = curves[:, :1] + (curves - curves[:, :1]) * reach[:, None, None].astype(np.float32)
    coils = _coiled(job, curves, base.points)
    if not falling:
        return [coils]
    pitch = max(1.0, span / 15)
    along = int(min(150, (3.5 + 2.5 * job.detail) * span / pitch))
    curl = (0.2 + 0.05 * pitch, pitch)
    wound = _wound(curves, lock, np.arange(len(curves)), curl, along, span, 1.0, rng)
    strands = Strands(
        wound,
        0.048 / np.sqrt(job.fine) ** 0.5,
        job.colours(base.points, 0.12, 10),
        _depths(body, wound, cut.thick),
        taper=0.5,
        gloss=0.45,
        spread=0.35,
    )
    return [_filling(job, curves[::2, :-2]), _combed_front(job, 0.12), strands, coils]


def _coiled(job: Job, curves: Float, roots: Float) -> Strands:
    """Coils strung along the curves of a cloud."""
    rng, span, falling, fine = job.rng, job.span, job.falling, job.fine
    size = 1.0 if falling else 0.85 + min(span, 9.0) / 10
    count = int((3800 if falling else 5000) * size * fine)
    # Few pictures show the back of the head; there the core does.
    weight = 0.35 + 0.65 * smooth(curves[:, -1, 2], -9.0, -1.0)
    which = np.searchsorted(np.cumsum(weight / weight.sum())[:-1], rng.random(count))
    # Most coils sit near the surface, where they are seen.
    at = rng.random(count)
    if not falling:
        at = 1 - 0.55 * min(1, span / 3) * at**1.3
        # The rest fills the inside, so that no daylight shows at the roots.
        at = np.where(rng.random(count) < 0.28, 0.08 + 0.7 * rng.random(count), at)
    small = min(1.0, 0.55 + span / 9)
    centres = _between_points(curves, which, np.clip(at, 0.02, 1))
    apart = 0.24 * (1 - 0.5 * at[:, None]) if falling else 0.2 * small + 0.03 * min(span, 8)
    centres += apart * np.clip(rng.standard_normal((count, 3)), -2, 2).astype(np.float32)
    radius = (0.12 + 0.15 * rng.random(count)) * small / np.sqrt(fine) ** 0.3
    turns, phase = 1.6 + 1.8 * rng.random(count), 6.3 * rng.random(count)
    out = np.empty((count, 14, 3), np.float32)
    axis = rng.standard_normal((count, 3))
    _coils(centres, *(a.astype(np.float32) for a in (axis, radius, turns, phase)), out)
    deep = np.repeat((1.6 * (1 - at))[:, None], 14, 1)
    depth = _depths(job.body, out, job.cut.thick) if falling else np.clip(deep, 0, 1)
    width = 0.036 * size**0.5 * (0.7 + 0.6 * rng.random(count)) / np.sqrt(fine) ** 0.85
    colour = job.colours(roots[which], 0.1, 8)
    return Strands(out, width, colour, depth, opacity=0.85, taper=0.4, gloss=0.4, spread=0.4)


def _between_points(curves: Float, which: NDArray[np.int64], at: Float) -> Float:
    """Points at the share ``at`` (P,) of the way along the curves numbered ``which`` (P,)."""
    place = at * (curves.shape[1] - 1)
    i = np.minimum(place.astype(np.int64), curves.shape[1] - 2)
    f = (place - i).astype(np.float32)[:, None]
    return np.asarray(curves[which, i] * (1 - f) + curves[which, i + 1] * f, np.float32)


def _filling(job: Job, curves: Float) -> Strands:
    """Dark soft inside of falling coily hair: strands along its axes, deep in shadow."""
    curves = curves[~((curves[..., 2] > 1.5) & (curves[..., 1] < 5.0)).any(1)]
    depth = np.full(curves.shape[:2], 0.7, np.float32)
    return Strands(
        curves, 0.1, 0.6 * job.colours(curves[:, 0], 0.1), depth, taper=0.8, gloss=0.1, spread=0.5
    )


def _dome(above: Float, top: float) -> Float:
    """How much of its length hair shows at a distance above the hair line: less at the edge."""
    return np.asarray(0.3 + 0.7 * smooth(above, 0.0, 1.2 + 0.35 * top), np.float32)


def _core(body: Body, cut: Cut, rng: np.random.Generator, share: float) -> Float:
    """Height of the dark core under a cloud of coils over the body map, shape (ROWS, COLUMNS)."""
    flat = body.points.reshape(-1, 3)
    length = _lengths(cut, flat).reshape(body.above.shape) * _dome(body.above, cut.top)
    bumps = 1 + 0.06 * _field(flat, rng, 3.0, 1).reshape(length.shape)
    edge = smooth(body.above, 0.0, 0.8)
    return np.asarray(0.04 + share * np.minimum(length, cut.thick) * edge * bumps, np.float32)


def _mat(body: Body, cut: Cut, density: Float) -> Float:
    """Height of the undercoat below longer hair, (ROWS, COLUMNS): no daylight under its outline."""
    high = min(0.35 * cut.thick, 0.6) * float(smooth(cut.top, 2.0, 5.0))
    inner = smooth(body.above, 0.5, 3.5) * density
    if cut.parted:
        inner = inner * smooth(np.abs(body.points[..., 0] - cut.part), 0.2, 2.5)
    return np.asarray(0.05 + high * inner, np.float32)


def grow(person: Person, styling: Styling, head: Head, detail: float = 1.0) -> Hair:
    """Grow the scalp hair of a person.

    Parameters
    ----------
    person, styling
        Who and which cut; ``person.tone`` is never read.
    head
        The head to grow on.
    detail
        1 for pictures of 160 pixels; 2 grows three to four times as many, thinner strands.

    Returns
    -------
    Hair
        ``undercoat`` and ``strands``; ``tubes`` is empty.

    Examples
    --------
    >>> from labkit.people.body.head import build_head
    >>> from labkit.people.who import sample_person, sample_styling
    >>> person = sample_person(1)
    >>> hair = grow(person, sample_styling(1, person), build_head(person))
    >>> len(hair.tubes)
    0
    """
    if styling.haircut == "bald":
        return Hair(None)
    rng = rng_of(styling.seed)
    body = Body.of(head)
    kind = float(styling.hair_type)
    if styling.haircut in ("afro", "twa"):
        kind = max(kind, COILY)
    if styling.haircut == "curly_top":
        kind = max(kind, 0.56)
    cut = cut_of(person, styling, head, rng)
    if cut.top < 0.5:  # too short to show its curl
        kind = 0.0
    loss = float(person.hair_loss)
    if styling.haircut == "thinning":
        loss = max(loss, 0.55)
    density = density_of(body, cut, loss)
    root = root_colour(person, styling)
    cover = root_cover(person, styling, body)
    if kind >= COILY:
        cut = _coily(cut, styling.haircut)
        strands = _cloud(Job(body, cut, density, person, styling, detail, rng))
        core = _core(body, cut, rng, 0.1 if cut.ends > -90 else 0.6)
        return Hair(undercoat(body, cut, density, 0.6 * root, 0.97 * cover, core), strands)
    most = 0.55 if cut.top < 0.5 else 0.96 - 0.25 * float(smooth(cut.top, 3.0, 0.8))
    # A raised dark layer would show as a rim round grey hair.
    dark = 1.0 if styling.dye is not None else 1 - 0.95 * float(person.greyness)
    strands = _flowing(Job(body, cut, density, person, styling, detail, rng), kind)
    return Hair(
        undercoat(body, cut, density, root, most * cover, _mat(body, cut, density * dark)), strands
    )
