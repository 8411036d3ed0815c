"""Hair as thin polylines: how strands are placed, lit and drawn over a picture.

In: groups of strands (:class:`Strands`), the pose and projection of one picture, its lights and the
depth buffer of everything solid.  Out: a premultiplied colour layer with coverage and depth
(:class:`HairLayer`), and the density of hair seen from the key light (:class:`DensityMap`), with
which the renderer lets hair shadow skin and cloth.  Nothing here knows whose hair it is or what
colour the skin below has.

Models: cylinder diffuse term of Kajiya and Kay (1989); two shifted highlights, one neutral and one
tinted, after Marschner et al. (2003), with Gaussian lobes as in Scheuermann (2004); self shadow by
deep opacity maps, Yuksel and Keyser (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from labkit.people.photo.light import Rig
    from labkit.people.photo.view import View

Float = NDArray[np.float32]
Move = Callable[[Float], Float]

# Depths (cm) below the first hair seen from the light at which the opacity so far is stored.
LAYERS = np.array([0.25, 0.7, 1.5, 3.0, 6.0, 60.0], np.float32)
CELL = 0.55  # size of a cell of the density map, cm
FULL = np.float32(0.985)  # coverage beyond which what lies behind is not drawn
SOLID = np.float32(0.6)  # coverage at which hair counts as the nearest surface
BIAS = 0.12  # cm by which a strand may lie below a solid surface and still be seen


@dataclass
class Strands:
    """A group of hairs that share a number of points and a finish.

    Parameters
    ----------
    points
        Root to tip, shape (S, K, 3), centimetres, rest pose.
    radius
        Radius at the root, shape (S,) or one number, centimetres.
    colour
        Linear albedo, shape (S, 3).
    depth
        0 at the surface of the mass of hair .. 1 deep inside, shape (S, K); darkens the ambient
        light.  ``None``: all at the surface.
    normal
        Outward unit normal of the mass of hair, shape (S, K, 3), rest pose.  ``None``: away from
        the axis of the head.
    tip
        Change of colour towards the tip: albedo there is ``colour * tip``.
    opacity
        0..1 per strand, shape (S,), or one number.
    taper
        Share of the radius that is lost from root to tip, 0..1.
    gloss
        Strength of the highlights: 1 smooth scalp hair, .3 coily hair or beard.
    spread
        Width of the highlights along the hair, radians: .12 straight, .35 coily.
    face
        The roots follow the expression of the face (brows, lashes, beard).

    Examples
    --------
    >>> import numpy as np
    >>> line = np.linspace([0, 5, 9], [0, 4, 9.5], 4, dtype=np.float32)[None]
    >>> s = Strands(line, np.full(1, 0.03), np.full((1, 3), 0.05))
    >>> s.depth.shape
    (1, 4)
    """

    points: Float
    radius: Any
    colour: Any
    depth: Any = None
    normal: Float | None = None
    tip: float = 1.0
    opacity: Any = 1.0
    taper: float = 0.7
    gloss: float = 1.0
    spread: float = 0.14
    face: bool = False

    def __post_init__(self) -> None:
        self.points = np.ascontiguousarray(self.points, np.float32)
        if self.points.ndim != 3 or self.points.shape[2] != 3 or self.points.shape[1] < 2:
            raise ValueError(
                f"strand points have shape {self.points.shape}: give (strands, 2 or more points, 3)"
            )
        count, along = self.points.shape[:2]
        self.radius = np.broadcast_to(np.asarray(self.radius, np.float32), (count,))
        self.colour = np.broadcast_to(np.asarray(self.colour, np.float32), (count, 3))
        self.opacity = np.broadcast_to(np.asarray(self.opacity, np.float32), (count,))
        if self.depth is None:
            self.depth = np.zeros((count, along), np.float32)
        self.depth = np.ascontiguousarray(self.depth, np.float32)
        if self.depth.shape != (count, along):
            raise ValueError(f"strand depth has shape {self.depth.shape}: give one value per point")


@dataclass
class Placed:
    """Strands posed and projected for one picture: flat arrays over all vertices and segments."""

    points: Float  # (n, 3) posed
    normals: Float  # (n, 3) posed, unit
    tangents: Float  # (n, 3) posed, unit
    pixels: Float  # (n, 4) x, y, depth, half width in pixels
    colour: Float  # (n, 3) albedo
    finish: Float  # (n, 4) depth in the mass, opacity, gloss, spread
    cover: Float  # (n,) area of hair (cm2) that the vertex stands for
    segments: NDArray[np.int32]  # (m,) first vertex of each segment
    eye: Float  # (3,) position of the lens


@dataclass
class HairLayer:
    """What the hair adds to a picture.

    ``rgb`` (h, w, 3) is premultiplied by ``alpha`` (h, w): picture = rgb + (1 - alpha) * below.
    ``depth`` (h, w) is the depth of the nearest solid or mostly opaque hair.
    """

    rgb: Float
    alpha: Float
    depth: Float


@dataclass
class DensityMap:
    """How much hair lies between a point and the key light.

    ``opacity`` (rows, columns, layers) is hair area per cell area down to each depth of ``LAYERS``
    below ``first`` (rows, columns), the position of the first hair along the light direction.
    """

    axes: Float  # (3, 3) rows u, v and towards the light
    origin: Float  # (2,)
    first: Float
    opacity: Float

    def transmittance(self, points: Float, strength: float = 1.0) -> Float:
        """Share of the key light that passes the hair on its way to ``points`` (..., 3), 0..1."""
        flat = np.ascontiguousarray(points, np.float32).reshape(-1, 3)
        thick = _thickness(flat, self.axes, self.origin, self.first, self.opacity)
        # The rest of a soft box reaches round any hair: shadows on skin stay transparent.
        clear = 0.22 + 0.78 * np.exp(-np.float32(0.6 * strength) * thick)
        return np.asarray(clear, np.float32).reshape(np.shape(points)[:-1])


def place(strands: Sequence[Strands], view: View, expression: Move | None = None) -> Placed:
    """Pose and project groups of strands.

    Parameters
    ----------
    strands
        The groups; empty ones are allowed.
    view
        Pose and projection of the picture (``labkit.people.photo.view.view``).
    expression
        Rest points (n, 3) -> moved rest points, for the groups with ``face``, before the pose.

    Returns
    -------
    Placed
    """
    parts = [_place_one(s, view, expression) for s in strands if len(s.points)]
    if not parts:
        empty = np.zeros((0, 3), np.float32)
        four = np.zeros((0, 4), np.float32)
        none = np.zeros(0, np.float32)
        return Placed(empty, empty, empty, four, empty, four, none, np.zeros(0, np.int32), view.eye)
    if len(parts) == 1:
        return Placed(*(*parts[0], view.eye))
    sizes = np.cumsum([0] + [len(p[0]) for p in parts[:-1]])
    columns = [np.concatenate([p[i] for p in parts]) for i in range(7)]
    segments = np.concatenate([p[7] + base for p, base in zip(parts, sizes, strict=True)])
    return Placed(*(*columns, segments.astype(np.int32), view.eye))


def _place_one(s: Strands, view: View, expression: Move | None) -> tuple[Any, ...]:
    """Flat arrays of one group, in the order of the fields of :class:`Placed`."""
    count, along = s.points.shape[:2]
    rest = s.points.reshape(-1, 3)
    if s.normal is None:
        inside = rest * np.float32(0.85)
        inside[:, 1] = np.minimum(inside[:, 1], 4.0)
    else:
        inside = rest - s.normal.reshape(-1, 3).astype(np.float32)
    if s.face and expression is not None:
        moved = expression(rest)
        inside = inside + (moved - rest)
        rest = moved
    posed = view.pose(rest)
    outward = view.turn(rest - inside, rest)
    x, y, z = view.project(posed)
    far = np.float32(view.eye[2])
    ahead = np.float32(view.scale) * (far - np.float32(8.0)) / (far - z)
    normals, tangents, pixels, finish, colour, cover, segments = _flatten(
        posed,
        outward,
        count,
        along,
        *(np.ascontiguousarray(a, np.float32) for a in (x, y, z, ahead)),
        np.ascontiguousarray(s.radius),
        np.ascontiguousarray(s.colour),
        s.depth,
        np.ascontiguousarray(s.opacity),
        s.tip,
        s.taper,
        s.gloss,
        s.spread,
    )
    return posed, normals, tangents, pixels, colour, finish, cover, segments


@njit(cache=True)
def _flatten(
    points,
    outward,
    count,
    along,
    x,
    y,
    z,
    scale,
    radius,
    colour,
    depth,
    opacity,
    tip,
    taper,
    gloss,
    spread,
):
    """Per-vertex frames, widths and colours of one group."""
    n = count * along
    normals = np.empty((n, 3), np.float32)
    tangents = np.empty((n, 3), np.float32)
    pixels = np.empty((n, 4), np.float32)
    finish = np.empty((n, 4), np.float32)
    albedo = np.empty((n, 3), np.float32)
    cover = np.empty(n, np.float32)
    segments = np.empty(count * (along - 1), np.int32)
    m = 0
    for s in range(count):
        for k in range(along):
            i = s * along + k
            a = i - 1 if k > 0 else i
            b = i + 1 if k < along - 1 else i
            tx, ty, tz = (
                points[b, 0] - points[a, 0],
                points[b, 1] - points[a, 1],
                points[b, 2] - points[a, 2],
            )
            length = np.sqrt(tx * tx + ty * ty + tz * tz) + 1e-9
            tangents[i, 0], tangents[i, 1], tangents[i, 2] = tx / length, ty / length, tz / length
            nx, ny, nz = outward[i, 0], outward[i, 1], outward[i, 2]
            inverse = 1.0 / (np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9)
            normals[i, 0], normals[i, 1], normals[i, 2] = nx * inverse, ny * inverse, nz * inverse
            t = k / (along - 1)
            wide = radius[s] * (1.0 - taper * t * t)
            pixels[i, 0], pixels[i, 1], pixels[i, 2] = x[i], y[i], z[i]
            pixels[i, 3] = wide * scale[i]
            finish[i, 0], finish[i, 1], finish[i, 2], finish[i, 3] = (
                depth[s, k],
                opacity[s],
                gloss,
                spread,
            )
            for c in range(3):
                albedo[i, c] = colour[s, c] * (1.0 + (tip - 1.0) * t)
            steps = (1 if k > 0 else 0) + (1 if k < along - 1 else 0)
            cover[i] = 0.5 * length * steps / max(1, b - a) * 2.0 * wide * opacity[s]
            if k < along - 1:
                segments[m] = i
                m += 1
    return normals, tangents, pixels, finish, albedo, cover, segments


def density_map(placed: Placed, key_direction: Float) -> DensityMap:
    """Deep opacity map of the hair seen from the key light (Yuksel and Keyser 2008).

    Parameters
    ----------
    placed
        Strands of :func:`place`.
    key_direction
        Unit vector towards the key light, shape (3,), in posed space.
    """
    w = np.asarray(key_direction, np.float64)
    w = w / np.linalg.norm(w)
    u = np.cross([0.0, 1.0, 0.0] if abs(w[1]) < 0.95 else [1.0, 0.0, 0.0], w)
    u /= np.linalg.norm(u)
    axes = np.stack([u, np.cross(w, u), w]).astype(np.float32)
    if not len(placed.points):
        empty = np.zeros((1, 1), np.float32)
        return DensityMap(
            axes, np.zeros(2, np.float32), empty, np.zeros((1, 1, len(LAYERS)), np.float32)
        )
    local = _into(placed.points, axes)
    low = local[:, :2].min(0) - 2 * CELL
    shape = np.ceil((local[:, :2].max(0) - low) / CELL).astype(int) + 3
    first, opacity = _accumulate(local, placed.cover, low, int(shape[1]), int(shape[0]))
    return DensityMap(axes, low.astype(np.float32), first, opacity)


@njit(cache=True)
def _into(points, axes):
    """Coordinates of points (n, 3) along three axes."""
    out = np.empty_like(points)
    for i in range(points.shape[0]):
        for k in range(3):
            out[i, k] = (
                axes[k, 0] * points[i, 0] + axes[k, 1] * points[i, 1] + axes[k, 2] * points[i, 2]
            )
    return out


@njit(cache=True)
def _accumulate(local, cover, low, rows, columns):
    """First hair per cell and opacity down to each layer, both softened over 3 x 3 cells."""
    low_w = local[:, 2].min()
    first = np.full((rows, columns), low_w)
    for i in range(local.shape[0]):
        c = int((local[i, 0] - low[0]) / CELL)
        r = int((local[i, 1] - low[1]) / CELL)
        if local[i, 2] > first[r, c]:
            first[r, c] = local[i, 2]
    start = first.copy()
    for r in range(1, rows - 1):  # the nearest of the neighbours: no layer begins in front of it
        for c in range(1, columns - 1):
            for j in range(-1, 2):
                for k in range(-1, 2):
                    if first[r + j, c + k] > start[r, c]:
                        start[r, c] = first[r + j, c + k]
    layers = LAYERS.shape[0]
    opacity = np.zeros((rows, columns, layers), np.float32)
    area = CELL * CELL
    for i in range(local.shape[0]):
        c = int((local[i, 0] - low[0]) / CELL)
        r = int((local[i, 1] - low[1]) / CELL)
        below = start[r, c] - local[i, 2]
        k = 0
        while k < layers - 1 and below > LAYERS[k]:
            k += 1
        opacity[r, c, k] += cover[i] / area
    for k in range(1, layers):
        opacity[:, :, k] += opacity[:, :, k - 1]
    return start, _soften(_soften(opacity))


@njit(cache=True)
def _soften(opacity):
    """Binomial filter over 3 x 3 cells: the soft box is large, and a map's cells must not show."""
    rows, columns, layers = opacity.shape
    out = np.zeros_like(opacity)
    for r in range(1, rows - 1):
        for c in range(1, columns - 1):
            for k in range(layers):
                value = 4.0 * opacity[r, c, k]
                value += 2.0 * (opacity[r - 1, c, k] + opacity[r + 1, c, k])
                value += 2.0 * (opacity[r, c - 1, k] + opacity[r, c + 1, k])
                value += opacity[r - 1, c - 1, k] + opacity[r - 1, c + 1, k]
                value += opacity[r + 1, c - 1, k] + opacity[r + 1, c + 1, k]
                out[r, c, k] = value / 16.0
    return out


@njit(cache=True)
def _thickness(points, axes, origin, first, opacity):
    """Hair area per area between each point and the light, shape (n,)."""
    rows, columns, layers = opacity.shape
    out = np.zeros(points.shape[0], np.float32)
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        fx = (axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z - origin[0]) / CELL - 0.5
        fy = (axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z - origin[1]) / CELL - 0.5
        if not (fx >= 0.0 and fy >= 0.0 and fx < columns - 1 and fy < rows - 1):
            continue
        w = axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z
        c, r = int(fx), int(fy)
        fx -= c
        fy -= r
        total = 0.0
        for j in range(2):
            for k in range(2):
                below = first[r + j, c + k] - w
                if below <= 0.0:
                    continue
                weight = (fy if j else 1.0 - fy) * (fx if k else 1.0 - fx)
                before, edge = 0.0, 0.0
                for n in range(layers):
                    if below <= LAYERS[n]:
                        share = (below - edge) / (LAYERS[n] - edge)
                        before += share * (opacity[r + j, c + k, n] - before)
                        break
                    before, edge = opacity[r + j, c + k, n], LAYERS[n]
                total += weight * before
        out[i] = total
    return out


def draw(
    placed: Placed,
    rig: Rig,
    zbuffer: Float,
    density: DensityMap | None = None,
    solid_shadow: Callable[[Float], Float] | None = None,
) -> HairLayer:
    """Light the strands and draw them from front to back, behind and before what is solid.

    Parameters
    ----------
    placed
        Strands of :func:`place`.
    rig
        Lights in the picture's axes (``labkit.people.photo.light.rig``).
    zbuffer
        Depth of everything solid, shape (h, w), larger = nearer; not changed.
    density
        Of :func:`density_map`; computed when ``None``.
    solid_shadow
        Optional: posed points (n, 3) -> visibility of the key past solid things, (n,), 0..1.

    Returns
    -------
    HairLayer
    """
    height, width = zbuffer.shape
    rgb = np.zeros((height, width, 3), np.float32)
    alpha = np.zeros((height, width), np.float32)
    depth = np.array(zbuffer, np.float32)
    if not len(placed.segments):
        return HairLayer(rgb, alpha, depth)
    if density is None:
        density = density_map(placed, rig.key)
    seen = _visible(placed.pixels, placed.segments, depth)
    needed = np.zeros(len(placed.points), np.uint8)
    needed[seen] = 1
    needed[seen + 1] = 1
    thick = _thickness(placed.points, density.axes, density.origin, density.first, density.opacity)
    clear = np.ones(len(placed.points), np.float32)
    if solid_shadow is not None:
        clear = np.ascontiguousarray(solid_shadow(placed.points), np.float32)
    lights = [rig.key, rig.key_colour, rig.rim, rig.rim_colour, rig.sh]
    radiance = _shade(
        placed.points,
        placed.normals,
        placed.tangents,
        placed.colour,
        placed.finish,
        thick,
        clear,
        needed,
        *(np.asarray(a, np.float32) for a in (*lights, placed.eye)),
    )
    order = _front_to_back(placed.pixels, seen)
    _splat(
        placed.pixels,
        placed.finish,
        radiance,
        order,
        np.asarray(zbuffer, np.float32),
        rgb,
        alpha,
        depth,
    )
    return HairLayer(rgb, alpha, depth)


@njit(cache=True)
def _visible(pixels, segments, zbuffer):
    """Segments that touch the frame and are not wholly behind solid things at both ends."""
    height, width = zbuffer.shape
    out = np.empty(segments.shape[0], np.int32)
    n = 0
    for s in range(segments.shape[0]):
        a = segments[s]
        hidden = 0
        outside = True
        for i in range(a, a + 2):
            x, y = pixels[i, 0], pixels[i, 1]
            if not (x > -30.0 and y > -30.0 and x < width + 30.0 and y < height + 30.0):
                hidden = 2
                break
            c = min(max(int(x + 0.5), 0), width - 1)
            r = min(max(int(y + 0.5), 0), height - 1)
            if -1.0 < x < width and -1.0 < y < height:
                outside = False
            if pixels[i, 2] < zbuffer[r, c] - 1.0:
                hidden += 1
        if hidden < 2 and not outside:
            out[n] = a
            n += 1
    return out[:n]


@njit(cache=True)
def _front_to_back(pixels, segments):
    """Bucket sort of segments by the depth of their middle, nearest first."""
    n = segments.shape[0]
    if n == 0:
        return segments
    buckets = 2048
    low, high = np.float32(1e9), np.float32(-1e9)
    for s in range(n):
        z = pixels[segments[s], 2] + pixels[segments[s] + 1, 2]
        low = min(low, z)
        high = max(high, z)
    scale = (buckets - 1) / (high - low + 1e-6)
    start = np.zeros(buckets + 1, np.int64)
    for s in range(n):
        z = pixels[segments[s], 2] + pixels[segments[s] + 1, 2]
        start[int((high - z) * scale) + 1] += 1
    for b in range(buckets):
        start[b + 1] += start[b]
    out = np.empty(n, np.int32)
    for s in range(n):
        z = pixels[segments[s], 2] + pixels[segments[s] + 1, 2]
        b = int((high - z) * scale)
        out[start[b]] = segments[s]
        start[b] += 1
    return out


@njit(cache=True)
def _lobes(tx, ty, tz, lx, ly, lz, vx, vy, vz, spread):
    """Neutral and tinted highlight of a fibre for one light, and its sine to the light.

    Longitudinal Gaussians at half angles shifted by the tilt of the cuticle: about -5 degrees for
    the reflection at the surface, +9 degrees and twice as wide for the one through the fibre.
    """
    sin_l = min(1.0, max(-1.0, tx * lx + ty * ly + tz * lz))
    sin_v = min(1.0, max(-1.0, tx * vx + ty * vy + tz * vz))
    half = 0.5 * (np.arcsin(sin_l) + np.arcsin(sin_v))
    cos_l = np.sqrt(1.0 - sin_l * sin_l)
    cos_v = np.sqrt(1.0 - sin_v * sin_v)
    across = (lx * vx + ly * vy + lz * vz - sin_l * sin_v) / (cos_l * cos_v + 1e-4)
    across = min(1.0, max(-1.0, across))
    around = np.sqrt(0.5 + 0.5 * across)
    first = (half + 0.09) / spread
    second = (half - 0.16) / (1.9 * spread)
    neutral = np.exp(-0.5 * first * first) * around
    tinted = np.exp(-0.5 * second * second) * around * around
    through = np.exp(-0.5 * (half / (2.0 * spread)) ** 2) * max(0.0, -across) ** 2
    return neutral, tinted, through, cos_l


@njit(cache=True)
def _irradiance(sh, x, y, z, out):
    """As ``light.irradiance``, without making arrays: irradiance over pi at a unit normal."""
    for c in range(3):
        out[c] = (
            0.282095 * sh[0, c]
            + 0.488603 * (sh[1, c] * y + sh[2, c] * z + sh[3, c] * x)
            + 1.092548 * (sh[4, c] * x * y + sh[5, c] * y * z + sh[7, c] * x * z)
            + 0.315392 * sh[6, c] * (3 * z * z - 1)
            + 0.546274 * sh[8, c] * (x * x - y * y)
        )


@njit(cache=True)
def _shade(
    points,
    normals,
    tangents,
    colour,
    finish,
    thick,
    clear,
    needed,
    key,
    key_colour,
    rim,
    rim_colour,
    ambient,
    eye,
):
    """Radiance of each needed vertex towards the viewer, shape (n, 3)."""
    out = np.zeros(points.shape, np.float32)
    sky = np.empty(3, np.float64)
    rimmed = rim_colour[0] + rim_colour[1] + rim_colour[2] > 0.0
    for i in range(points.shape[0]):
        if needed[i] == 0:
            continue
        tx, ty, tz = tangents[i, 0], tangents[i, 1], tangents[i, 2]
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        vx, vy, vz = eye[0] - points[i, 0], eye[1] - points[i, 1], eye[2] - points[i, 2]
        inverse = 1.0 / np.sqrt(vx * vx + vy * vy + vz * vz)
        vx, vy, vz = vx * inverse, vy * inverse, vz * inverse
        deep, gloss, spread = finish[i, 0], finish[i, 2], finish[i, 3]
        neutral, tinted, _, sine = _lobes(tx, ty, tz, key[0], key[1], key[2], vx, vy, vz, spread)
        facing = nx * key[0] + ny * key[1] + nz * key[2]
        wrap = max(0.0, (facing + 0.35) / 1.35)
        lit = clear[i] * (1.0 - 0.45 * deep)
        diffuse = (0.72 * wrap + 0.28 * sine * min(1.0, 0.4 + wrap)) * lit
        shine = gloss * lit * min(1.0, 1.6 * wrap) * 0.4 / (0.3 + spread)
        rim_n, rim_t = 0.0, 0.0
        if rimmed:
            rim_n, _, rim_t, _ = _lobes(tx, ty, tz, rim[0], rim[1], rim[2], vx, vy, vz, 0.3)
        back = max(0.0, 0.35 + 0.65 * (nx * rim[0] + ny * rim[1] + nz * rim[2])) * (
            1.0 - 0.7 * deep
        )
        open_sky = 1.0 - 0.78 * deep
        _irradiance(ambient, nx, ny, nz, sky)
        for c in range(3):
            a = colour[i, c]
            root = np.sqrt(a)
            # Light hair passes light on: less shadow, and coloured, where the albedo is high.
            passed = np.exp(-thick[i] * 0.55 * (1.0 - 0.65 * root))
            around = max(0.0, sky[c]) * open_sky
            value = (
                key_colour[c]
                * passed
                * (a * diffuse + shine * (0.085 * neutral + 0.32 * a * (0.3 + root) * tinted))
            )
            value += around * (a + 0.012 * gloss)
            value += (
                rim_colour[c] * back * (a * 0.6 + 0.07 * gloss * rim_n + 0.9 * a * root * rim_t)
            )
            out[i, c] = value
    return out


@njit(cache=True)
def _splat(pixels, finish, radiance, order, solid, rgb, alpha, depth):
    """Draw segments as lines whose coverage is box filtered over the pixel; changes the layers."""
    height, width = alpha.shape
    for s in range(order.shape[0]):
        a = order[s]
        b = a + 1
        x0, y0, x1, y1 = pixels[a, 0], pixels[a, 1], pixels[b, 0], pixels[b, 1]
        steep = abs(y1 - y0) > abs(x1 - x0)
        if steep:
            x0, y0, x1, y1 = y0, x0, y1, x1
        p, q = a, b
        if x0 > x1:
            x0, y0, x1, y1 = x1, y1, x0, y0
            p, q = b, a
        # Pixel columns whose centre lies in [x0, x1): neighbours of a polyline never paint twice.
        begin, end = int(np.ceil(x0)), int(np.ceil(x1))
        span = x1 - x0
        weight = np.float32(1.0)
        if begin == end:  # shorter than a pixel: paint its share of the nearest one
            begin = int(np.floor(x0 + 0.5 * span + 0.5))
            end = begin + 1
            weight = min(np.float32(1.0), span * np.float32(0.6))
            if weight < 0.02:
                continue
        last_u = height if steep else width
        last_v = width if steep else height
        begin, end = max(begin, 0), min(end, last_u)
        slope = (y1 - y0) / span if span > 1e-6 else np.float32(0.0)
        stretch = np.sqrt(np.float32(1.0) + slope * slope)
        for u in range(begin, end):
            t = (
                min(np.float32(1.0), max(np.float32(0.0), (u - x0) / span))
                if span > 1e-6
                else np.float32(0.5)
            )
            v = y0 + t * (y1 - y0)
            half = (pixels[p, 3] + t * (pixels[q, 3] - pixels[p, 3])) * stretch
            z = pixels[p, 2] + t * (pixels[q, 2] - pixels[p, 2])
            opacity = weight * (finish[p, 1] + t * (finish[q, 1] - finish[p, 1]))
            most = min(np.float32(1.0), 2 * half)
            if v < -2.0 or v > last_v + 2.0:
                continue
            low = max(np.float32(0.0), v - half + np.float32(0.5))
            first, final = int(low), min(last_v - 1, int(v + half + np.float32(0.5)))
            for k in range(first, final + 1):
                cover = min(most, half + np.float32(0.5) - abs(k - v)) * opacity
                if cover <= 0.004:
                    continue
                r, c = (u, k) if steep else (k, u)
                if alpha[r, c] > FULL or z < solid[r, c] - BIAS:
                    continue
                share = (np.float32(1.0) - alpha[r, c]) * cover
                for n in range(3):
                    rgb[r, c, n] += share * (radiance[p, n] + t * (radiance[q, n] - radiance[p, n]))
                before = alpha[r, c]
                alpha[r, c] = before + share
                if before <= SOLID < alpha[r, c] and z > depth[r, c]:
                    depth[r, c] = z
