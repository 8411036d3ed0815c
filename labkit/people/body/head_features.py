"""Relief of the face: brow bone, sockets, lids, nose, lips, chin, cheeks, and the folds of age.

In: half a smooth head (:mod:`labkit.people.body.head_form`) and :class:`Measures`, the sizes in
centimetres that a person's shape scores stand for.  Out: the same half grid with its features.

Features are heights towards the viewer over the frontal plane.  Forms that grow out of each other
(cheek, brow) are added as soft hills; forms that lie on each other (tip, wings of the nose, lids on
the eyeball) are joined with a smooth maximum (Quilez 2013, "smooth minimum"), which leaves the soft
crease that flesh has there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from labkit.people.body.head_form import MOUTH, bump, ramp, seam_row, stretch

Float = NDArray[np.float32]

LID = 0.10  # thickness of the lids, cm


def soft_max(a: Float, b: Float, k: float) -> Float:
    """Larger of two heights with a rounded joint ``k`` wide."""
    h = np.clip(0.5 + (a - b) * np.float32(0.5 / k), 0, 1)
    return np.asarray(b + (a - b) * h + np.float32(k) * h * (1 - h), np.float32)


def _line(y: Float, knots: list[float], values: list[float]) -> Float:
    """A smooth curve through given heights (falling), looked up for every ``y``."""
    fine = np.linspace(knots[-1], knots[0], 400)
    curve = PchipInterpolator(knots[::-1], values[::-1])(fine)
    return np.interp(y.ravel(), fine, curve).reshape(y.shape).astype(np.float32)


@dataclass(frozen=True)
class Measures:
    """Sizes of one face in centimetres; heights are above the eye line.

    Examples
    --------
    >>> m = Measures.of({}, age=30)
    >>> round(m.eye_x, 2), round(m.mouth_half, 2)
    (3.13, 2.5)
    """

    s: Mapping[str, float]
    age: float  # 0 until about 45, 1 at 85
    length: float
    chin_drop: float
    eye_x: float
    eye_z: float
    eye_radius: float
    iris: float
    eye_half: float
    tilt: float
    upper: float
    lower: float
    peak: float
    crease: float
    crease_strength: float
    epicanthus: float
    hooding: float
    nasion: float
    tip: float
    base: float
    nose_out: float
    nose_half: float
    mouth_y: float
    mouth_half: float
    upper_lip: float
    lower_lip: float

    @classmethod
    def of(cls, shape: Mapping[str, float], age: float) -> Measures:
        """Work out the sizes for shape scores (missing ones count as 0) and an age in years."""
        s = _Scores(shape)
        old = float(np.clip((age - 42) / 43, 0, 1))
        length, drop = 1 + 0.024 * s["face_length"], 0.27 * s["chin_height"]

        def at(y: float) -> float:
            return float(stretch(y, length, drop))

        iris = 0.68 + 0.016 * s["eye_opening"]
        cover = float(np.clip(0.13 - 0.055 * s["eye_opening"], 0.06, 0.25))
        base = at(-4.40) - 0.32 * s["nose_length"]
        tip = base + 0.72 + 0.15 * s["tip_rotation"]
        crease = float(ramp(np.array(s["lid_crease"]), -1.15, -0.35))
        thin = 1 - 0.22 * old
        mouth = at(MOUTH) + 0.24 * s["mouth_height"] - 0.10 * s["nose_length"] - 0.05 * old
        return cls(
            s=s,
            age=old,
            length=length,
            chin_drop=drop,
            eye_x=3.13 + 0.22 * s["eye_spacing"] + 0.03 * s["face_width"],
            eye_z=5.92 - 0.17 * s["eye_depth"] + 0.05 * s["midface_projection"],
            eye_radius=1.88,
            iris=iris,
            eye_half=1.70 * (1 + 0.066 * s["eye_width"]),
            tilt=0.10 + 0.16 * s["eye_tilt"] - 0.05 * old,
            upper=iris * (1 - 2 * cover),
            lower=iris + 0.02 + 0.045 * s["lower_lid"],
            peak=-0.06 + 0.17 * s["lid_peak"],
            crease=float(np.clip(0.38 + 0.15 * s["lid_crease"], 0.16, 0.8)),
            crease_strength=crease,
            epicanthus=float(ramp(np.array(s["epicanthus"]), 0.0, 1.7)),
            hooding=float(np.clip(0.24 + 0.38 * s["lid_hooding"] + 0.2 * old, 0, 1.3)),
            nasion=0.55 + 0.12 * s["nasion_depth"],
            tip=tip,
            base=base,
            nose_out=1.92 + 0.27 * s["nose_projection"],
            nose_half=1.72 * (1 + 0.125 * s["nose_width"]),
            mouth_y=mouth,
            mouth_half=2.50 * (1 + 0.085 * s["mouth_width"]),
            upper_lip=max(0.30, (0.74 + 0.21 * s["upper_lip"]) * thin),
            lower_lip=max(0.38, (0.94 + 0.225 * s["lower_lip"]) * thin),
        )

    def at(self, y: float) -> float:
        """Height on this face of a height ``y`` on the mean face."""
        return float(stretch(y, self.length, self.chin_drop))


class _Scores(dict[str, float]):
    """Shape scores; a name that is not given counts as the mean."""

    def __missing__(self, key: str) -> float:
        return 0.0


# ---------------------------------------------------------------- curves


def lid_curve(m: Measures, u: Float, upper: float, lower: float) -> tuple[Float, Float, Float]:
    """Lid margins of the eye at positive x for lids ``upper`` and ``lower`` cm from its centre.

    Returns x, upper y and lower y for ``u`` from -1 (inner) to 1 (outer corner).
    """
    fold = m.epicanthus
    x = m.eye_x + u * m.eye_half
    x = x + np.float32(0.16 * fold) * ramp(u, -0.4, -1.0)
    corner = np.float32(m.tilt) * (0.45 * u + 0.55 * np.maximum(u, 0) ** 2)
    corner = corner - np.float32(0.10 + 0.05 * fold) * ramp(u, -0.55, -1.0)

    def arc(top: float, power: float) -> Float:
        v = np.where(u < top, (u - top) / (1 + top), (u - top) / (1 - top))
        return np.asarray(1 - np.abs(v) ** power, np.float32)

    up = corner + np.float32(upper) * arc(m.peak, 2.5)
    up = up - np.float32(0.15 * fold) * np.exp(-(((u + 0.72) / 0.28) ** 2))
    up = up - np.float32(0.05 * m.hooding) * np.exp(-(((u - 0.62) / 0.3) ** 2))
    low = corner - np.float32(lower) * arc(0.14, 2.3)
    return x.astype(np.float32), np.maximum(up, low).astype(np.float32), low.astype(np.float32)


def crease_curve(m: Measures, u: Float) -> Float:
    """Height of the upper lid's crease for ``u`` as in :func:`lid_curve`, lids at rest."""
    _, up, _ = lid_curve(m, u, m.upper, m.lower)
    gap = m.crease * (0.62 + 0.38 * np.sqrt(np.clip(1 - 0.8 * (u - 0.1) ** 2, 0, 1)))
    gap = gap * (1 - 0.45 * m.epicanthus * ramp(u, 0.1, -0.9))
    gap = gap * (1 - 0.35 * min(m.hooding, 1.0) * ramp(u, -0.1, 0.9))
    return np.asarray(up + gap, np.float32)


def seam_curve(m: Measures, x: Float) -> Float:
    """Height of the mouth line at ``x``."""
    w = np.clip(np.abs(x) / np.float32(m.mouth_half), 0, 1.6)
    rise = 0.055 + 0.085 * m.s["mouth_corner"] - 0.05 * m.age
    tubercle = -0.055 - 0.02 * m.s["cupid_bow"]
    line = rise * np.minimum(w, 1.15) ** 2.4 + tubercle * np.exp(-((w / 0.17) ** 2))
    line = line + 0.045 * np.exp(-(((w - 0.38) / 0.2) ** 2)) - 0.02 * ramp(w, 0.5, 1.0)
    return np.asarray(m.mouth_y + line, np.float32)


def lip_curves(m: Measures, x: Float) -> tuple[Float, Float]:
    """Heights of the upper and the lower border of the vermilion at ``x``."""
    w = np.clip(np.abs(x) / np.float32(m.mouth_half), 0, 1)
    line = seam_curve(m, x)
    bow = 0.09 + 0.08 * m.s["cupid_bow"]
    peak = 0.17 + 0.028 * m.s["philtrum_width"]
    arch = np.sqrt(np.clip(1 - w, 0, 1) * (1 + 0.35 * w)) * (1 - 0.22 * w)
    arch = arch * (1 + 0.10 * np.exp(-(((w - peak) / 0.12) ** 2)))
    up = m.upper_lip * arch - max(bow, 0.0) * np.exp(-((w / (0.62 * peak)) ** 2))
    low = m.lower_lip * np.clip(1 - w**2.1, 0, 1) ** 0.72
    return np.asarray(line + up, np.float32), np.asarray(m.mouth_y - 0.02 * w - low, np.float32)


def brow_line(m: Measures, count: int = 24) -> tuple[Float, Float]:
    """Centre line (count, 2) and half thickness (count,) of the brow at x > 0, inner end first."""
    s = m.s
    t = np.linspace(0, 1, count)
    inner = 1.42 + 0.20 * s["brow_spacing"] + 0.4 * (m.eye_x - 3.13)
    outer = m.eye_x + 2.28 + 0.24 * s["brow_length"]
    x = inner + (outer - inner) * t
    arch = 0.34 + 0.165 * s["brow_arch"]
    shape = np.where(
        t < 0.64, np.sin(t / 0.64 * np.pi / 2), np.cos((t - 0.64) / 0.36 * np.pi / 2) * 1.1 - 0.1
    )
    y = 1.98 + 0.25 * s["brow_height"] + 0.05 * s["brow_ridge"] * -1 + arch * shape
    y = y + (0.06 + 0.20 * s["brow_tilt"]) * (t - 0.45) - 0.06 * m.age * t
    half = (0.31 + 0.085 * s["brow_thickness"]) * (1 - 0.72 * ramp(t, 0.45, 1.0))
    half = half * (0.82 + 0.18 * ramp(t, 0.0, 0.2))
    return np.stack([x, y], 1).astype(np.float32), half.astype(np.float32)


# ---------------------------------------------------------------- masses


def mask(p: Float, m: Measures) -> Float:
    """Height added by bone and soft tissue of the whole face at smooth points (..., 3)."""
    s, x, y = m.s, p[..., 0], p[..., 1]
    old, full = m.age, s["cheek_fullness"]
    brow_y = 2.0 + 0.08 * s["brow_height"]
    ridge = 0.13 + 0.105 * s["brow_ridge"]
    low_cheek = m.at(-5.0)
    mouth, chin = m.mouth_y, m.at(-10.1)
    high = m.at(-1.75) + 0.30 * s["cheekbone_height"]
    bone = 0.30 + 0.15 * s["cheekbone_width"]
    square = s["chin_width"]
    hills = (
        # height, (x, y), (width, height)
        (ridge, (2.5, brow_y - 0.1), (1.7, 0.75)),
        (ridge * 0.8, (4.7, brow_y - 0.2), (1.1, 0.8)),
        (0.10 + 0.04 * s["brow_ridge"], (0.0, brow_y - 0.25), (1.0, 0.8)),
        (0.10, (2.3, 5.3), (1.7, 1.5)),  # frontal eminence
        # socket: a shallow bowl, deepest beside the root of the nose
        (-0.30 - 0.09 * s["eye_depth"] + 0.05 * m.hooding, (m.eye_x - 0.1, 0.75), (1.75, 0.72)),
        (-0.24 - 0.05 * s["eye_depth"], (1.66, 0.45), (0.70, 0.95)),
        (-0.10, (m.eye_x, -0.5), (1.9, 1.0)),
        (-0.04 - 0.03 * s["under_eye"] - 0.05 * old, (2.35, -1.5), (1.1, 0.5)),  # tear trough
        # cheek
        (bone, (4.9, high), (1.5, 1.35)),
        (0.30 + 0.08 * full, (3.9, high - 0.9), (1.7, 1.5)),
        (0.05 + 0.30 * full - 0.10 * old, (4.4, low_cheek), (1.6, 1.8)),
        (-0.03 + 0.13 * full, (5.2, low_cheek - 0.5), (1.3, 1.9)),
        (0.14 * full, (3.3, m.at(-8.2)), (1.3, 1.2)),
        # muzzle, corners of the mouth, chin
        (0.16, (0.0, mouth + 0.3), (2.3, 1.9)),
        (0.10 + 0.03 * full, (m.mouth_half + 0.45, mouth - 0.15), (0.75, 0.95)),
        (-0.27, (0.0, mouth - 1.42 - 0.5 * (m.lower_lip - 0.88)), (1.35, 0.40)),
        (-0.07, (1.9, mouth - 1.6), (0.7, 0.6)),
        (0.34 + 0.08 * s["chin_projection"], (0.0, chin), (1.10 + 0.16 * square, 0.85)),
        (-0.02 + 0.18 * square, (1.45, chin - 0.1), (0.95, 0.9)),
        (-0.25 + 0.13 * square, (2.75, chin + 0.0), (1.0, 1.2)),
        # jowl: soft, beside the chin
        (0.20 * old, (3.3, m.at(-8.9)), (0.9, 0.9)),
        (-0.07 * old, (2.35, m.at(-9.5)), (0.5, 0.8)),
    )
    out = np.zeros_like(x)
    for height, at, size in hills:
        out += np.float32(height) * bump(x, y, at, size)
    cleft = float(np.clip(s["chin_cleft"] - 0.35, 0, None)) * 0.085
    if cleft > 0:
        out -= np.float32(cleft) * bump(x, y, (0.0, chin - 0.15), (0.17, 0.55))
    return out


def sides(p: Float, m: Measures, turn: Float) -> Float:
    """Distance by which the sides of head and neck stand out, for points and column angles."""
    s, y = m.s, p[..., 1]
    out = np.zeros_like(y)
    corner = m.at(-7.5) - 0.25 * s["jaw_angle"]
    for height, at, size in (
        (-0.20 + 0.10 * s["temple_width"], (1.02, 2.6), (0.26, 1.9)),  # temple
        (
            0.16 + 0.13 * s["cheekbone_width"],
            (0.98, -1.3 + 0.25 * s["cheekbone_height"]),
            (0.32, 1.7),
        ),
        (0.10 + 0.10 * s["jaw_angle"], (1.20, corner), (0.36, 1.6)),
        (-0.08 + 0.17 * s["cheek_fullness"] - 0.05 * m.age, (0.86, m.at(-5.0)), (0.26, 1.8)),
        (0.12 * s["cheek_fullness"], (0.80, m.at(-8.0)), (0.30, 1.5)),
        (
            -0.26 + 0.10 * s["chin_width"],
            (0.66, m.at(-9.9)),
            (0.28, 1.2),
        ),  # the jaw narrows to the chin
        (0.10 * m.age, (0.72, m.at(-8.9)), (0.24, 0.9)),
    ):
        u, v = (turn - at[0]) / size[0], (y - at[1]) / size[1]
        out += np.float32(height) * np.exp(-u * u - v * v)
    # sternomastoid: from behind the ear to the breastbone; a hint
    along = ramp(y, -8.5, -16.6)
    centre = 1.55 - 1.33 * along
    strap = np.exp(-(((turn - centre) / 0.17) ** 2)) * ramp(y, -8.0, -11.5) * ramp(y, -17.6, -15.4)
    out += np.float32(0.17) * strap
    bands = np.exp(-(((turn - 0.30) / 0.09) ** 2)) * ramp(y, -11.6, -12.8) * ramp(y, -16, -14.5)
    out += np.float32(0.09 * m.age) * bands
    # collar-bones and the hollow between them
    bone_y = -17.3 + 0.55 * ramp(turn, 0.15, 1.1)
    bone = np.exp(-(((y - bone_y) / 0.38) ** 2)) * ramp(turn, 0.06, 0.22) * ramp(turn, 1.35, 0.8)
    out += np.float32(0.26) * bone
    out -= np.float32(0.35) * np.exp(-((turn / 0.16) ** 2) - ((y + 16.9) / 0.6) ** 2)
    return np.asarray(out, np.float32)


# ---------------------------------------------------------------- nose


def nose(x: Float, y: Float, z: Float, m: Measures) -> Float:
    """The face ``z`` with a nose: ridge, round tip, two wings, nostrils."""
    s = m.s
    length = m.nasion - m.tip
    out, high = m.nose_out, s["bridge_height"]
    profile = 0.18 * s["nose_profile"]
    knots = [
        m.nasion + 1.9,
        m.nasion + 0.9,
        m.nasion,
        m.nasion - 0.25 * length,
        m.nasion - 0.5 * length,
        m.nasion - 0.78 * length,
        m.tip + 0.12,
        m.tip - 0.22,
        m.base + 0.13,
        m.base - 0.28,
        m.base - 0.8,
    ]
    root = float(np.clip(0.30 + 0.15 * high - 0.10 * s["nasion_depth"], 0.05, 0.9))
    values = [
        0.0,
        0.10 + 0.03 * high,
        root,
        0.62 + 0.19 * high + 0.8 * profile,
        0.565 * out + 0.13 * high + profile,
        0.835 * out + 0.45 * profile,
        0.965 * out,
        0.88 * out,
        0.40 * out,
        0.08,
        0.0,
    ]
    ridge = _line(y, knots, values)
    wide = 1.0 + 0.18 * s["bridge_width"]
    width = _line(
        y,
        [m.nasion + 1.6, m.nasion + 0.2, m.nasion - 0.45 * length, m.tip + 0.5, m.base],
        [1.35, 0.92 * wide, 1.08 * wide, 1.20 + 0.06 * s["tip_width"], 1.0],
    )
    q = np.abs(x) / width
    body = z + ridge * np.exp(-(q**2.15))
    ground = _height_at(z, y, m.base)
    tip_w = 0.88 * (1 + 0.18 * s["tip_width"])
    tip_y = m.tip - 0.03
    tip = _dome(x, y, 0.0, tip_y, ground + out - 1.04, tip_w, 0.76, 1.0)
    # wings
    flare = 1 + 0.15 * s["nostril_flare"]
    ax = m.nose_half - 0.64 * flare
    ay = m.base + 0.56 + 0.16 * s["alar_height"]
    lift = ground - 0.22 + 0.10 * (out - 1.92)
    wing = np.maximum(
        _dome(x, y, ax, ay, lift, 0.66 * flare, 0.56 * flare, 0.86),
        _dome(x, y, -ax, ay, lift, 0.66 * flare, 0.56 * flare, 0.86),
    )
    body = soft_max(body, soft_max(tip, wing, 0.75), 0.40)
    # nostrils: a recess that looks down, no slot
    hole = np.minimum(1.35 * nostril(x, y, m), 1)
    body = body - hole * np.maximum(body - z + np.float32(0.12), 0)
    # crease behind the wing
    groove = bump(x, y, (m.nose_half + 0.10, ay + 0.05), (0.20, 0.50))
    return np.asarray(body - np.float32(0.10) * groove, np.float32)


def nostril(x: Float, y: Float, m: Measures) -> Float:
    """Share of a nostril, 1 inside: a drop lying outwards and up along the wing."""
    flare = 1 + 0.15 * m.s["nostril_flare"]
    at_x = 0.41 * m.nose_half + 0.02
    at_y = m.base + 0.13 + 0.07 * m.s["tip_rotation"] + 0.06 * m.s["alar_height"]
    lean = np.float32(0.22) * (np.abs(x) - np.float32(at_x))
    u = (np.abs(x) - np.float32(at_x)) / np.float32(0.34 * flare)
    v = (y - lean - np.float32(at_y)) / np.float32(0.165 + 0.03 * m.s["tip_rotation"])
    return np.asarray(np.exp(-((u * u + v * v) ** 1.6)), np.float32)


def _height_at(z: Float, y: Float, at: float) -> float:
    """Depth of the midline at height ``at``."""
    line = y[:, 0]
    return float(np.interp(-at, -line, z[:, 0]))


def _dome(
    x: Float, y: Float, cx: float, cy: float, z: float, rx: float, ry: float, rz: float
) -> Float:
    """Height of an ellipsoid, falling away steeply outside its outline."""
    u, v = (x - np.float32(cx)) * np.float32(1 / rx), (y - np.float32(cy)) * np.float32(1 / ry)
    q = u * u + v * v
    inside = np.sqrt(np.maximum(1 - q, 0.0))
    return np.asarray(z + rz * inside - 1.3 * np.maximum(q - 1, 0), np.float32)


# ---------------------------------------------------------------- eyes


def lids(x: Float, y: Float, z: Float, m: Measures) -> Float:
    """The face ``z`` with lids that lie on the eyeball, their crease, fold and rims."""
    dx, dy = x - np.float32(m.eye_x), y
    near = np.exp(-((dx / 2.3) ** 2) - ((dy - 0.15) / 1.75) ** 2)
    u = np.clip(dx / np.float32(m.eye_half), -1.3, 1.3)
    uc = np.clip(u, -1, 1)
    _, up, low = lid_curve(m, uc, m.upper, m.lower)
    radius = m.eye_radius + LID
    reach = np.sqrt(dx * dx + dy * dy)
    edge = 0.86 * radius
    slope = edge / np.sqrt(radius**2 - edge**2)
    ball = np.sqrt(np.maximum(radius**2 - np.minimum(reach, edge) ** 2, 1e-3))
    ball = m.eye_z + ball - slope * np.maximum(reach - edge, 0)
    # skin filling the hollow over the lid: full for single lids and with age and hooding
    single = 1 - m.crease_strength
    fill = 0.20 * single + 0.10 * m.hooding * ramp(u, -0.3, 0.9)
    over = z + np.float32(1) * fill * np.exp(-(((dy - 1.15) / 0.62) ** 2)) * np.exp(
        -((dx / 1.8) ** 2)
    )
    out = soft_max(over, ball, 0.30)
    ends = ramp(np.abs(u), 1.22, 0.85)
    crease = crease_curve(m, uc)
    d = (y - crease) / 0.085
    fold = np.exp(-d * d) * ends * m.crease_strength
    roll = np.exp(-(((y - crease - 0.22) / 0.17) ** 2)) * ends
    out = out - np.float32(0.115) * fold
    out = out + np.float32(0.055) * roll * (m.crease_strength + 0.5 * m.hooding)
    # rims: a bead along the lashes above, a fuller one below
    bead = np.exp(-(((y - up - 0.09) / 0.10) ** 2)) * ends
    out = out + np.float32(0.030) * bead
    rim = np.exp(-(((y - low + 0.20) / 0.17) ** 2)) * ends
    out = out + np.float32(max(0.0, 0.05 + 0.06 * m.s["lid_fullness"])) * rim
    # fold under the eye
    bag = max(0.0, 0.012 + 0.024 * m.s["under_eye"] + 0.05 * m.age)
    under = low - np.float32(0.62)
    out = out + np.float32(bag) * np.exp(-(((y - under) / 0.26) ** 2)) * ends
    out = out - np.float32(0.9 * bag) * np.exp(-(((y - under + 0.36) / 0.16) ** 2)) * ends
    # flap over the inner corner
    if m.epicanthus > 0:
        ex, ey = m.eye_x - m.eye_half + 0.02, -0.02
        flap = np.exp(-(((x - ex) / 0.26) ** 2) - ((y - ey) / 0.42) ** 2)
        out = out + np.float32(0.19 * m.epicanthus) * flap
    return np.asarray(z + (out - z) * ramp(near, 0.05, 0.32), np.float32)


# ---------------------------------------------------------------- mouth


def lips(x: Float, y: Float, z: Float, m: Measures) -> Float:
    """The face ``z`` with lips, philtrum and the folds beside the mouth."""
    s = m.s
    line = seam_curve(m, x)
    up, low = lip_curves(m, x)
    w = np.abs(x) / np.float32(m.mouth_half)
    inside = ramp(w, 1.03, 0.70)
    hu, hl = np.maximum(up - line, 0.10), np.maximum(line - low, 0.12)
    out_u = (0.25 + 0.085 * s["lip_projection"]) * (0.75 + 0.38 * m.upper_lip) * inside
    out_l = (0.30 + 0.085 * s["lip_projection"]) * (0.70 + 0.32 * m.lower_lip) * inside
    v = (y - line) / hu
    upper = np.exp(-(((v - 0.46) / 0.62) ** 2)) * ramp(y - line, -0.05, 0.03)
    t = (line - y) / hl
    lower = np.exp(-(((t - 0.42) / 0.52) ** 2)) * ramp(line - y, -0.05, 0.03)
    z = z + out_u * upper + out_l * lower
    # where the lips meet they turn inwards
    meet = np.exp(-(((y - line) / 0.145) ** 2))
    z = z - np.float32(0.25) * meet * ramp(w, 1.10, 0.86)
    # tubercle above, two pads below
    z = z + np.float32(0.055) * bump(x, y - line, (0.0, 0.16), (0.30, 0.20))
    z = z + np.float32(0.030) * bump(x, y - line, (0.62, -0.36), (0.45, 0.30))
    edge = 0.032 + 0.028 * s["lip_contour"]
    rim = np.exp(-(((y - up - 0.03) / 0.085) ** 2)) * ramp(w, 0.95, 0.6)
    z = z + np.float32(max(0.0, edge)) * rim
    rim = np.exp(-(((y - low + 0.02) / 0.09) ** 2)) * ramp(w, 0.8, 0.4)
    z = z + np.float32(0.6 * max(0.0, edge)) * rim
    dimple = np.exp(-(((np.abs(x) - m.mouth_half - 0.05) / 0.28) ** 2) - ((y - line) / 0.30) ** 2)
    z = np.asarray(z - np.float32(0.07) * dimple, np.float32)
    # philtrum
    top, bottom = m.base - 0.22, m.mouth_y + m.upper_lip
    tall = max(top - bottom, 0.4)
    k = np.clip((top - y) / tall, 0, 1)
    wide = (0.30 + 0.055 * s["philtrum_width"]) * (0.75 + 0.35 * k)
    window = ramp(y, top + 0.25, top - 0.15) * ramp(y, bottom - 0.12, bottom + 0.15)
    deep = max(0.0, 0.055 + 0.04 * s["philtrum_depth"])
    q = x / wide
    groove = np.exp(-q * q) - 0.45 * np.exp(-(((np.abs(q) - 1.6) / 0.75) ** 2))
    z = z - np.float32(deep) * groove * window
    return np.asarray(z, np.float32)


def fold_curve(m: Measures, y: Float) -> Float:
    """How far out the fold from the nose round the corner of the mouth runs."""
    top, end = m.base + 0.55, m.mouth_y - 0.25
    t = np.clip((top - y) / (top - end), -0.2, 1.3)
    return np.asarray(
        m.nose_half
        + 0.12
        + (m.mouth_half + 0.62 - m.nose_half) * np.sin(np.clip(t, 0, 1) * np.pi / 2) ** 1.1,
        np.float32,
    )


def age_folds(x: Float, y: Float, m: Measures, years: float) -> Float:
    """Soft folds of the skin: beside the mouth and, late, on the forehead.  Relief below .1 cm."""
    out = np.zeros_like(x)
    gain = float(ramp(np.array(years), 32.0, 72.0))
    gain = 0.075 * gain + 0.012 * max(0.0, m.s["smile_fold"]) * gain
    if gain > 0:
        top, end = m.base + 0.55, m.mouth_y - 0.05
        d = np.abs(x) - fold_curve(m, y)
        window = ramp(y, top + 0.2, top - 0.5) * ramp(y, end - 0.1, end + 1.2)
        out -= np.float32(gain) * np.exp(-((d / 0.20) ** 2)) * window
        out += np.float32(0.6 * gain) * np.exp(-(((d - 0.5) / 0.5) ** 2)) * window
    lines = 0.028 * float(ramp(np.array(years), 56.0, 80.0))
    if lines > 0:
        for at, size, wave in ((4.1, 3.1, 0.0), (4.95, 3.3, 1.1), (5.75, 2.4, 2.3)):
            d = (y - at - 0.10 * np.cos(0.55 * x) - 0.06 * np.sin(0.9 * np.abs(x) + wave)) / 0.17
            broken = 0.65 + 0.35 * np.cos(1.3 * np.abs(x) + 2 * wave)
            out -= np.float32(lines) * np.exp(-d * d) * np.exp(-((x / size) ** 4)) * broken
    return np.asarray(out, np.float32)


def align_mouth(p: Float, m: Measures) -> None:
    """Move rows up or down so that the doubled row runs along the mouth line; in place."""
    row = seam_row()
    x, y = p[..., 0], p[..., 1]
    shift = seam_curve(m, x[row]) - y[row]
    shift = shift * ramp(x[row], 5.2, 2.6)
    reach = y - y[row]
    p[..., 1] += shift * np.exp(-((reach / 1.75) ** 2)).astype(np.float32)


def round_chin(p: Float, m: Measures) -> None:
    """Lift the border of the jaw beside the chin, so that its underside is an arc; in place."""
    rise = float(np.clip(0.24 - 0.17 * m.s["chin_width"], 0.0, 0.55))
    x, y = p[..., 0], p[..., 1]
    beside = ramp(x, 0.2, 3.0) * ramp(x, 6.5, 3.6) * (p[..., 2] > 0)
    low = np.exp(-(((y - m.at(-10.9)) / 1.3) ** 2))
    p[..., 1] += (rise * beside * low).astype(np.float32)
