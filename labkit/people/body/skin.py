"""Skin: the tone curve, the painted textures of a face, and the only place where the two meet.

In: a person (marks, age and skin parameters, never tone) and the head they have.  Out: textures in
the head grid's coordinates, and, for a tone given separately, linear albedo.

Model.  A tone is a point on one continuous curve through CIELAB (CIE 1976, D65).  Everything
painted on the skin is an offset of log-absorbance along two directions, a melanin-like and a
haemoglobin-like one, after the two-pigment picture of Tsumura et al. (1999, JOSA A 16, 2169; 2003,
SIGGRAPH).  The curve and both directions were chosen by eye; nothing here was fitted to
measurements.  The curve's lightness lies within what spectrophotometers report for facial skin
(for example Xiao et al. 2017, Skin Research and Technology 23, 21), which we cite as a range of
plausible values and not as our source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from labkit.people.body.head import Head
    from labkit.people.who.person import Person

Float = NDArray[np.float32]

ROOM = 2  # first word of this module's random seeds

# ---------------------------------------------------------------------------------------------
# The tone curve
# ---------------------------------------------------------------------------------------------

WHITE = np.array([0.95047, 1.0, 1.08883])  # D65
XYZ_TO_RGB = np.array(
    [
        [3.2404542, -1.5371385, -0.4985314],
        [-0.9692660, 1.8760108, 0.0415560],
        [0.0556434, -0.2040259, 1.0572252],
    ]
)
LUMINANCE = np.array([0.2126729, 0.7151522, 0.0721750])

# Knots of the curve: tone, then L*, a*, b*.  Chroma stays high where melanin is dense: dark skin
# is warm brown, not grey.
TONE_KNOTS = np.array(
    [
        [0.00, 73.0, 10.0, 15.6],
        [0.15, 67.4, 11.0, 17.2],
        [0.35, 59.0, 12.0, 18.8],
        [0.55, 50.0, 13.0, 19.6],
        [0.70, 43.0, 12.8, 18.6],
        [0.85, 36.0, 11.5, 16.4],
        [1.00, 30.5, 10.3, 14.2],
    ]
)

# Lips as CIELAB: the outer rim and the rosier middle of the lower lip.  On deep skin the rim is a
# brown plum and the middle lighter and redder than the skin around: lips are seen at every tone.
LIP_KNOTS = np.array(
    [
        [0.00, 57.5, 24.0, 15.0, 59.0, 29.0, 16.0],
        [0.35, 46.0, 23.0, 17.5, 50.0, 28.5, 18.5],
        [0.60, 37.5, 19.5, 15.0, 43.5, 27.0, 17.5],
        [0.80, 31.0, 16.0, 12.0, 38.5, 25.5, 16.0],
        [1.00, 25.0, 13.0, 9.5, 34.5, 23.5, 14.0],
    ]
)

# L* of albedo from which a band begins and at which it ends: thirds of the curve, rounded.
TONE_BANDS: dict[str, tuple[float, float]] = {
    "lighter": (59.0, float("inf")),
    "medium": (45.0, 59.0),
    "darker": (float("-inf"), 45.0),
}


def lab_to_linear(lab: ArrayLike) -> NDArray[np.float64]:
    """Linear Rec.709 RGB of CIELAB colours (D65), shape (..., 3).

    Examples
    --------
    >>> lab_to_linear([100, 0, 0]).round(2).tolist()
    [1.0, 1.0, 1.0]
    """
    c = np.asarray(lab, np.float64)
    fy = (c[..., 0] + 16) / 116
    f = np.stack([fy + c[..., 1] / 500, fy, fy - c[..., 2] / 200], -1)
    xyz = np.where(f > 6 / 29, f**3, (f - 4 / 29) * 3 * (6 / 29) ** 2) * WHITE
    return np.clip(xyz @ XYZ_TO_RGB.T, 0.0, 1.0)


def lightness(albedo: ArrayLike) -> NDArray[np.float64]:
    """CIELAB L* of linear colours of shape (..., 3).

    Examples
    --------
    >>> round(float(lightness([0.18, 0.18, 0.18])), 1)
    49.5
    """
    y = np.asarray(albedo, np.float64) @ LUMINANCE
    f = np.where(y > (6 / 29) ** 3, np.cbrt(y), y / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.asarray(116 * f - 16, np.float64)


def _smooth(t: NDArray[np.float64], knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Monotone cubic through the knots (Fritsch and Carlson 1980): no kinks, no overshoot."""
    x, y = knots[:, 0], knots[:, 1:]
    h = np.diff(x)[:, None]
    d = np.diff(y, axis=0) / h
    m = np.vstack([d[:1], np.zeros_like(d[1:]), d[-1:]])
    same = d[1:] * d[:-1] > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        m[1:-1] = np.where(same, 2 * d[1:] * d[:-1] / (d[1:] + d[:-1]), 0.0)
    i = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
    w = x[i + 1] - x[i]
    s = ((t - x[i]) / w)[..., None]
    w = w[..., None]
    return np.asarray(
        (1 + 2 * s) * (1 - s) ** 2 * y[i]
        + s * (1 - s) ** 2 * w * m[i]
        + s**2 * (3 - 2 * s) * y[i + 1]
        + s**2 * (s - 1) * w * m[i + 1],
        np.float64,
    )


def _checked_tone(t: ArrayLike) -> NDArray[np.float64]:
    tone = np.asarray(t, np.float64)
    if not np.all((tone >= 0) & (tone <= 1)):
        raise ValueError(
            f"skin tone {tone} is outside 0..1: give 0 for the lightest and 1 for the deepest"
        )
    return tone


def tone_lab(t: ArrayLike) -> NDArray[np.float64]:
    """CIELAB of the skin at tone ``t``, shape (..., 3).

    Parameters
    ----------
    t
        Tone, 0 lightest .. 1 deepest, any shape.

    Raises
    ------
    ValueError
        If a tone is outside 0..1.

    Examples
    --------
    >>> tone_lab(1.0).round(1).tolist()
    [30.5, 10.3, 14.2]
    """
    return _smooth(_checked_tone(t), TONE_KNOTS)


def tone_albedo(t: ArrayLike, redness: float = 0.0, undertone: float = 0.0) -> Float:
    """Linear albedo of the skin at tone ``t``, shape (..., 3).

    Parameters
    ----------
    t
        Tone, 0..1, any shape.
    redness, undertone
        Tempered z-scores: more red (a* up), more golden (b* up, a* a little down).  Lightness does
        not change, so people of one tone have one L* whatever their undertone.

    Examples
    --------
    >>> bool(tone_albedo(0.0).sum() > tone_albedo(1.0).sum())
    True
    """
    lab = tone_lab(t).copy()
    # the same score is a smaller step where the skin itself has less chroma
    step = np.hypot(lab[..., 1], lab[..., 2]) / 22
    lab[..., 1] += step * (1.3 * redness - 0.5 * undertone)
    lab[..., 2] += step * 1.2 * undertone
    return lab_to_linear(lab).astype(np.float32)


def tone_band(t: float, redness: float = 0.0, undertone: float = 0.0) -> str:
    """Name of the band that the L* of the skin's albedo falls in; cut points in :data:`TONE_BANDS`.

    Examples
    --------
    >>> tone_band(0.1), tone_band(0.5), tone_band(0.9)
    ('lighter', 'medium', 'darker')
    """
    level = float(lightness(tone_albedo(t, redness, undertone)))
    return next(name for name, (low, high) in TONE_BANDS.items() if low <= level < high)


def scatter_width(tone: float) -> float:
    """How far light travels below the skin relative to the lightest tone: melanin shortens the way.

    Examples
    --------
    >>> scatter_width(0.0)
    1.0
    """
    return 1.0 - 0.38 * float(_checked_tone(tone))


# ---------------------------------------------------------------------------------------------
# Painting
# ---------------------------------------------------------------------------------------------

MELANIN, HAEMOGLOBIN, LIP, CENTRE, MARK, DARK = range(6)  # layers of SkinMaps.layers

# Log-absorbance directions in linear red, green, blue.
ABSORB_MELANIN = np.array([0.55, 0.85, 1.10], np.float32)
ABSORB_HAEMOGLOBIN = np.array([0.06, 0.62, 0.52], np.float32)
ABSORB_MARK = np.array([0.45, 0.80, 1.00], np.float32)
ABSORB_DARK = np.array([0.75, 1.00, 1.00], np.float32)

COARSE = 193  # side of the grid on which everything smooth is painted


@dataclass
class SkinMaps:
    """Textures of one person's skin; nothing in them depends on tone.

    Texel (i, j) is at texture coordinates (j / (w - 1), i / (h - 1)).

    Parameters
    ----------
    layers
        Shape (h, w, 6): melanin and haemoglobin (offsets of log-absorbance), lip and the share of
        its rosier middle (0..1), marks (freckles, moles, age spots) and soft dark (mouth line).
    gloss
        Strength of surface reflection, shape (h, w, 1); 1 is ordinary skin.
    bump
        Height of the fine relief, centimetres, shape (h, w).
    lip_colour
        Tempered z-score: more or less strongly coloured lips.
    """

    layers: Float
    gloss: Float
    bump: Float
    lip_colour: float


def texture_size(detail: float) -> int:
    """Side of the textures in texels: 384 at detail 1, 1024 at detail 2."""
    if not 0.25 <= detail <= 4:
        raise ValueError(
            f"detail {detail} is outside 0.25..4: use 1 for 160 pixels and 2 for 512 pixels"
        )
    return round(384 * detail ** np.log2(1024 / 384))


def _positions(head: Head, size: int) -> Float:
    """Rest position of every texel of a (size, size) texture, shape (size, size, 3)."""
    rows, columns = head.grid.shape[:2]
    x = np.linspace(0, columns - 1, size, dtype=np.float32)
    y = np.linspace(0, rows - 1, size, dtype=np.float32)
    grid = np.ascontiguousarray(head.grid, np.float32)
    xs, ys = np.meshgrid(x, y)
    return np.asarray(
        cv2.remap(grid, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _mark(head: Head, name: str, default: tuple[float, ...]) -> NDArray[np.float64]:
    """A landmark as an array, or the mean head's value where this head does not name it."""
    return np.asarray(head.landmarks.get(name, default), np.float64)


def _zones(person: Person, head: Head) -> Float:
    """Soft ellipsoids of colour: centre (3), size (3), melanin, haemoglobin, gloss; shape (n, 9).

    Sides of the face, nose and ears carry more blood near the surface; the forehead is a little
    more golden; the sockets a little darker.  All gains are small: form comes from the light.
    """
    eye = _mark(head, "eye_l", (3.15, 0.0, 6.6))
    tip = _mark(head, "nose_tip", (0.0, -3.3, 11.6))
    base = _mark(head, "nose_base", (0.0, -4.3, 10.2))
    chin = _mark(head, "chin", (0.0, -11.0, 8.8))
    ear = _mark(head, "ear_l", (7.3, -1.0, -0.5))
    mouth = float(_mark(head, "mouth_y", (-6.6,)).ravel()[0])
    bags = 1.0 + 0.35 * person.shape.get("under_eye", 0.0) + max(0.0, person.age - 45) / 60
    middle = [  # x, y, z, sizes, melanin, haemoglobin, gloss
        (0, eye[1] + 5.2, 9, 4.6, 2.4, 5, 0.03, -0.10, 0.13),  # forehead
        (0, eye[1] - 1.0, 10, 0.75, 2.2, 3, 0.0, 0.10, 0.12),  # nose ridge
        (tip[0], tip[1], tip[2], 1.25, 1.2, 2.2, -0.01, 0.20, 0.30),  # nose tip
        (0, base[1] + 0.3, 9.5, 2.0, 1.0, 2.2, 0.01, 0.15, 0.06),  # wings of the nose
        (0, mouth + 1.1, 9.5, 1.6, 0.7, 3, 0.03, -0.02, 0.0),  # upper lip skin
        (0, mouth - 1.9, 9.5, 1.6, 0.55, 3, 0.06, 0.02, 0.0),  # hollow under the lip
        (0, chin[1] + 1.4, chin[2], 1.7, 1.2, 3, 0.0, 0.20, 0.12),  # chin
        (0, -15.5, 4, 7, 3.0, 12, 0.05, -0.06, -0.25),  # neck
    ]
    sides = [
        (eye[0] + 0.7, eye[1] - 3.3, 8.2, 2.5, 2.0, 3.4, -0.02, 0.27, 0.08),  # cheek
        (eye[0] + 0.9, eye[1] - 2.0, 8.0, 1.5, 0.9, 3.0, -0.05, 0.08, 0.16),  # cheekbone
        (
            eye[0] - 0.1,
            eye[1] - 1.35,
            8.2,
            1.25,
            0.40,
            2.5,
            0.075 * bags,
            0.03,
            0.0,
        ),  # under the eye
        (eye[0] - 1.3, eye[1] - 0.4, 8.2, 0.55, 0.7, 2.5, 0.09, 0.06, 0.0),  # inner socket
        (eye[0], eye[1] + 0.85, 8.4, 1.6, 0.55, 2.5, 0.06, 0.12, 0.10),  # upper lid
        (eye[0] + 2.6, eye[1] + 2.6, 6.0, 1.5, 2.2, 3.0, 0.02, -0.06, 0.0),  # temple
        (5.6, -7.8, 4.0, 1.9, 2.6, 4.0, 0.04, -0.02, -0.08),  # side of the jaw
        (ear[0], ear[1], ear[2], 2.0, 3.4, 2.8, -0.02, 0.42, -0.10),  # ear
    ]
    both = [(-x, *rest) for x, *rest in sides]
    return np.array(middle + sides + both, np.float32)


@njit(cache=True)
def _paint_zones(points, zones, out):
    """Add every zone's melanin, haemoglobin and gloss to ``out`` (h, w, 3)."""
    for j in range(points.shape[0]):
        for i in range(points.shape[1]):
            x, y, z = points[j, i, 0], points[j, i, 1], points[j, i, 2]
            for k in range(zones.shape[0]):
                dy = (y - zones[k, 1]) / zones[k, 4]
                if dy * dy > np.float32(5.0):
                    continue
                dx = (x - zones[k, 0]) / zones[k, 3]
                dz = (z - zones[k, 2]) / zones[k, 5]
                q = dx * dx + dy * dy + dz * dz
                if q < np.float32(5.0):
                    # a bump that ends at q = 5, so that nothing is cut off visibly
                    w = np.float32(1.0) - q * np.float32(0.2)
                    w = w * w * w * w
                    for c in range(3):
                        out[j, i, c] += w * zones[k, 6 + c]


def _cloud(rng: np.random.Generator, points: Float, cell: float) -> Float:
    """Soft noise of unit variance whose patches are about ``cell`` cm wide, shape of the texture.

    It lies on the head by angle and height, not by texel, so that it is not drawn out where texels
    are; it fades at the crown, where all angles meet.
    """
    tile = rng.standard_normal((128, 128)).astype(np.float32) * np.float32(1.6)
    arc = np.arctan2(points[..., 0], points[..., 2] + 1.0) * np.float32(8.0 / cell) + 64
    high = points[..., 1] * np.float32(-1.0 / cell) + 40
    out = cv2.remap(tile, arc, high, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(out * np.clip((11.0 - points[..., 1]) / 4.0, 0.0, 1.0), np.float32)


@njit(cache=True)
def _dots(points, dots, layer):
    """Draw soft round marks, each (row, column, radius in cm, strength), on a texture in place."""
    h, w = layer.shape
    for k in range(dots.shape[0]):
        r0, c0, radius, strength = dots[k, 0], dots[k, 1], dots[k, 2], dots[k, 3]
        j0 = min(max(int(r0 + 0.5), 1), h - 2)
        i0 = min(max(int(c0 + 0.5), 1), w - 2)
        du = np.float32(0.0)
        dv = np.float32(0.0)
        for c in range(3):
            du += (points[j0, i0 + 1, c] - points[j0, i0 - 1, c]) ** 2
            dv += (points[j0 + 1, i0, c] - points[j0 - 1, i0, c]) ** 2
        du = np.sqrt(du) * np.float32(0.5) + np.float32(1e-3)
        dv = np.sqrt(dv) * np.float32(0.5) + np.float32(1e-3)
        # a mark smaller than a texel is spread over one and weakened by the same factor
        su = max(radius / du, np.float32(0.6))
        sv = max(radius / dv, np.float32(0.6))
        amount = strength * (radius / du / su) * (radius / dv / sv)
        for j in range(max(0, int(r0 - 2.4 * sv)), min(h, int(r0 + 2.4 * sv) + 2)):
            for i in range(max(0, int(c0 - 2.4 * su)), min(w, int(c0 + 2.4 * su) + 2)):
                q = ((j - r0) / sv) ** 2 + ((i - c0) / su) ** 2
                layer[j, i] += amount * np.exp(-q)


def _scatter_dots(
    rng: np.random.Generator,
    weight: Float,
    count: int,
    size: int,
    radius: tuple[float, float],
    strength: tuple[float, float],
) -> Float:
    """``count`` marks placed with probability ``weight`` (COARSE, COARSE); shape (count, 4)."""
    total = np.cumsum(weight.ravel().astype(np.float64))
    if count <= 0 or total[-1] <= 0:
        return np.zeros((0, 4), np.float32)
    cell = np.searchsorted(total, rng.random(count) * total[-1])
    row = cell // COARSE + rng.random(count) - 0.5
    column = cell % COARSE + rng.random(count) - 0.5
    scale = (size - 1) / (COARSE - 1)
    small = rng.random(count) ** 2  # many small marks, few large ones
    return np.stack(
        [
            row * scale,
            column * scale,
            radius[0] + (radius[1] - radius[0]) * small,
            strength[0] + (strength[1] - strength[0]) * rng.random(count),
        ],
        1,
    ).astype(np.float32)


def _area(points: Float) -> Float:
    """Surface of every texel, square centimetres, same shape as the texture."""
    du = np.gradient(points, axis=1)
    dv = np.gradient(points, axis=0)
    return np.asarray(np.linalg.norm(np.cross(du, dv), axis=-1), np.float32)


def _marks(
    person: Person, head: Head, points: Float, coarse: Float, rng: np.random.Generator
) -> Float:
    """Freckles, moles and age spots as one layer, shape of the texture."""
    size = points.shape[0]
    x, y, z = coarse[..., 0], coarse[..., 1], coarse[..., 2]
    eye = _mark(head, "eye_l", (3.15, 0.0, 6.6))
    front = np.clip((z - 2.0) / 3.0, 0, 1) * _area(coarse)
    cheeks = np.exp(-(((np.abs(x) - eye[0]) / 2.1) ** 2) - ((y - eye[1] + 2.5) / 1.3) ** 2)
    nose = 0.8 * np.exp(-((x / 1.5) ** 2) - ((y - eye[1] + 2.0) / 1.5) ** 2)
    freckled = front * (cheeks + nose + 0.06 * ((y > -10.5) & (y < 7)))
    spotted = front * np.exp(-(((np.abs(x) - 5.0) / 1.8) ** 2)) * ((y > -6) & (y < 7))
    freckles = float(np.clip(person.marks.freckles, 0, 1))
    dots = [
        _scatter_dots(rng, freckled, int(420 * freckles), size, (0.04, 0.13), (0.12, 0.50)),
        _scatter_dots(rng, freckled, 8, size, (0.03, 0.05), (0.1, 0.4)),
        _scatter_dots(
            rng, spotted, int(max(0.0, person.age - 48) * 0.3), size, (0.10, 0.30), (0.05, 0.22)
        ),
    ]
    for u, v, diameter in person.marks.moles[:2]:
        at = [[v * (size - 1), u * (size - 1), float(np.clip(diameter / 2, 0.04, 0.22)), 1.5]]
        dots.append(np.array(at, np.float32))
    layer = np.zeros((size, size), np.float32)
    _dots(points, np.concatenate(dots), layer)
    return np.minimum(layer, np.float32(1.8))


def _lip_curves(head: Head) -> tuple[Float, float]:
    """Where the lips end: x, upper border, seam, lower border, shape (4, 65), and the least z.

    From the head's landmarks if it names them, else a mean mouth at the height and width it gives.
    """
    marks = head.landmarks
    if "lip_upper" in marks:
        up, low, seam = (
            np.asarray(marks[n], np.float64) for n in ("lip_upper", "lip_lower", "lip_seam")
        )
        x = np.linspace(up[0, 0], up[-1, 0], 65)
        rows = [x] + [np.interp(x, c[:, 0], c[:, 1]) for c in (up, seam, low)]
        return np.array(rows, np.float32), float(min(up[:, 2].min(), low[:, 2].min()) - 1.0)
    half = float(np.ravel(marks.get("mouth_w", 2.55))[0])
    y = float(np.ravel(marks.get("mouth_y", -6.6))[0])
    s = np.linspace(-1, 1, 65)
    arch = (1 - s**2) ** 0.75
    upper = y + 0.72 * arch - 0.10 * np.exp(-((s / 0.10) ** 2))
    lower = y - 0.98 * (1 - s**2) ** 0.62
    return np.array([s * half, upper, np.full(65, y), lower], np.float32), 4.0


@njit(cache=True)
def _paint_lips(points, curves, front, layers, gloss):
    """Lip, its rosier middle and the mouth line, in place."""
    left, right = curves[0, 0], curves[0, -1]
    middle = (left + right) * np.float32(0.5)
    half = (right - left) * np.float32(0.5)
    n = curves.shape[1]
    top = curves[1].max() + np.float32(0.3)
    bottom = curves[3].min() - np.float32(0.3)
    for j in range(points.shape[0]):
        for i in range(points.shape[1]):
            x, y = points[j, i, 0], points[j, i, 1]
            if (
                y > top
                or y < bottom
                or x <= left - 0.25
                or x >= right + 0.25
                or points[j, i, 2] < front
            ):
                continue
            f = min(
                max((x - left) / (right - left) * (n - 1), np.float32(0.0)), np.float32(n - 1.001)
            )
            k = int(f)
            f -= k
            upper = curves[1, k] * (1 - f) + curves[1, k + 1] * f
            seam = curves[2, k] * (1 - f) + curves[2, k + 1] * f
            lower = curves[3, k] * (1 - f) + curves[3, k + 1] * f
            s = (x - middle) / half
            # the border is sharper above, where a fine ridge runs, than below and at the corners
            a = (upper - y) / np.float32(0.26) + np.float32(0.5)
            b = (y - lower) / np.float32(0.24) + np.float32(0.45)
            c = (np.float32(1.0) - abs(s)) / np.float32(0.10) + np.float32(0.1)
            m = min(min(a, b), c)
            m = min(max(m, np.float32(0.0)), np.float32(1.0))
            m = m * m * (3 - 2 * m)
            layers[j, i, 2] = np.float32(0.88) * m  # skin shows through a little
            if y < seam:
                depth = (y - lower) / max(seam - lower, np.float32(0.1))
                share = np.float32(1.0)
            else:
                depth = (upper - y) / max(upper - seam, np.float32(0.1))
                share = np.float32(0.5)
            depth = min(max(depth, np.float32(0.0)), np.float32(1.0))
            layers[j, i, 3] = (
                share * depth * depth * (3 - 2 * depth) * np.exp(-((s / np.float32(0.68)) ** 2))
            )
            line = (y - seam) / np.float32(0.07)
            fade = min(max((np.float32(1.04) - abs(s)) * 6, np.float32(0.0)), np.float32(1.0))
            layers[j, i, 5] += np.float32(0.32) * fade * np.exp(-line * line)
            # the fine ridge above the lip would catch a white line of light: it is matte
            edge = (y - upper) / np.float32(0.22)
            ridge = fade * np.exp(-edge * edge)
            dull = np.float32(0.45) * m if y > seam else np.float32(0.10) * m
            gloss[j, i, 0] *= (1 - dull) * (1 - np.float32(0.7) * ridge)


@lru_cache(maxsize=4)
def _pores(size: int) -> Float:
    """Pore-scale noise of unit variance, shape (size, size).

    It is the same for everybody and shifted at random in every picture, so it says nothing about
    who somebody is: a matcher that compares pixels cannot use it.
    """
    rng = np.random.default_rng(np.random.SeedSequence([ROOM, 0, size]))
    white = rng.standard_normal((size, size)).astype(np.float32)
    fine = cv2.GaussianBlur(white, (0, 0), 0.8)
    fine -= cv2.GaussianBlur(white, (0, 0), 2.2)
    return np.asarray(fine / fine.std(), np.float32)


def paint(person: Person, head: Head, detail: float = 1.0) -> SkinMaps:
    """Paint one person's skin; keep the result, it serves every picture and every tone.

    Parameters
    ----------
    person
        Read: ``seed``, ``shape`` (mottling, under_eye, lip_colour, skin_gloss), ``age`` and
        ``marks``.  Not read: ``tone``, ``presentation``.
    head
        The grid and its landmarks.
    detail
        1 for pictures of 160 pixels, 2 for 512.  The same marks and fields at both.

    Raises
    ------
    ValueError
        If ``detail`` is outside 0.25..4.
    """
    size = texture_size(detail)
    rng = np.random.default_rng(np.random.SeedSequence([ROOM, person.seed]))
    coarse = _positions(head, COARSE)
    smooth = np.zeros((COARSE, COARSE, 3), np.float32)
    _paint_zones(coarse, _zones(person, head), smooth)
    patches, veil = _cloud(rng, coarse, 1.3), _cloud(rng, coarse, 0.45)
    uneven = 1.0 + 0.25 * person.shape.get("mottling", 0.0) + max(0.0, person.age - 45) / 110
    smooth[..., 0] += np.float32(0.007 * uneven) * (0.6 * patches + veil)
    smooth[..., 1] += np.float32(0.020 * uneven) * (veil - 0.55 * patches)
    smooth = cv2.resize(smooth, (size, size), interpolation=cv2.INTER_LINEAR)
    points = _positions(head, size)
    layers = np.zeros((size, size, 6), np.float32)
    layers[..., MELANIN : HAEMOGLOBIN + 1] = smooth[..., :2]
    gloss = np.float32(1.0) + smooth[..., 2:3]
    curves, front = _lip_curves(head)
    _paint_lips(points, curves, np.float32(front), layers, gloss)
    layers[..., LIP] *= np.float32(1.0 - 0.08 * np.clip((person.age - 45) / 40, 0, 1))
    layers[..., MARK] = _marks(person, head, points, coarse, rng)
    gloss *= np.float32(1.0 + 0.12 * person.shape.get("skin_gloss", 0.0))
    bump = np.float32(0.0010) * _pores(size) * (1 - 0.5 * layers[..., LIP])
    return SkinMaps(layers, gloss, bump, float(person.shape.get("lip_colour", 0.0)))


# ---------------------------------------------------------------------------------------------
# Colour: the only reader of tone
# ---------------------------------------------------------------------------------------------


@njit(cache=True)
def _colour(layers, pores, shift_j, shift_i, skin, rim, centre, rows, out):
    """Albedo of every texel: absorbances add up, one exponential per colour ends it."""
    h, w = layers.shape[:2]
    for j in range(h):
        for i in range(w):
            v = layers[j, i]
            pore = pores[(j + shift_j) % h, (i + shift_i) % w]
            lip = v[2]
            for c in range(3):
                a = (
                    skin[c]
                    + v[0] * rows[0, c]
                    + v[1] * rows[1, c]
                    + v[4] * rows[2, c]
                    + pore * rows[4, c]
                )
                if lip > 0:
                    red = rim[c] + (centre[c] - rim[c]) * v[3] + v[1] * rows[1, c] * np.float32(0.4)
                    a += lip * (red - a)
                out[j, i, c] = np.exp(-(a + v[5] * rows[3, c]))


def albedo(
    maps: SkinMaps, tone: float, redness: float = 0.0, undertone: float = 0.0, seed: int = 0
) -> Float:
    """Linear albedo of painted skin at a tone, shape (h, w, 3).

    Parameters
    ----------
    maps
        From :func:`paint`.
    tone
        0 lightest .. 1 deepest.
    redness, undertone
        As in :func:`tone_albedo`.
    seed
        Shifts the pore noise; give the capture's seed, so that no two pictures share it.

    Raises
    ------
    ValueError
        If ``tone`` is outside 0..1.
    """
    t = float(_checked_tone(tone))
    size = maps.layers.shape[0]
    lips = _smooth(np.asarray(t), LIP_KNOTS).reshape(2, 3).copy()
    lips[:, 0] -= 1.0 * maps.lip_colour
    lips[:, 1] += 1.4 * maps.lip_colour + 0.8 * redness
    lips[:, 2] += 0.8 * undertone
    rim, centre = -np.log(np.maximum(lab_to_linear(lips), 1e-3)).astype(np.float32)
    skin = -np.log(np.maximum(tone_albedo(t, redness, undertone), 1e-3))
    # melanin in the way mutes what blood and freckles show, but never to nothing; blood under deep
    # skin is seen as a warm glow and not as a mauve shade, so there it also takes less red away
    glow = np.array([0.22 * t, 0.0, 0.0], np.float32)
    rows = np.stack(
        [
            ABSORB_MELANIN * np.float32(1.0 + 0.9 * t),
            ABSORB_HAEMOGLOBIN * np.float32(1.0 - 0.35 * t) - glow,
            ABSORB_MARK * np.float32(1.0 - 0.25 * t),
            ABSORB_DARK,
            np.full(3, 0.012, np.float32),
        ]
    ).astype(np.float32)
    shift = np.random.default_rng(np.random.SeedSequence([ROOM, 1, seed])).integers(0, size, 2)
    out = np.empty((size, size, 3), np.float32)
    _colour(maps.layers, _pores(size), int(shift[0]), int(shift[1]), skin, rim, centre, rows, out)
    return out
