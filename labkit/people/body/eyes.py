"""Eyes: what a pixel sees that looks between the lids.

In: per pixel, where on the head it looks (rest and posed) and the skin's albedo there; for the two
eyes, the ball, the iris, the gaze and the curves of the lids.  Out: per pixel, how much of it is
eye, and the eye's albedo, normals, gloss and shadow.  Light is added by the renderer.

The ball is a sphere met by the pixel's ray, so lids stand off it as they do in life.  The eye
itself is the same at every skin tone; only the rim of the lid and the pink corner take some of the
skin's colour.  It lies in the shadow of its lids, so it never outshines a face.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from labkit.people.body.head import Head
    from labkit.people.who import Capture, Person

Float = NDArray[np.float32]

ROOM = 2  # first word of this module's random seeds, as in skin
SAMPLES = 64  # points along each lid curve
CORNEA = 0.80  # radius of the cornea's curve, centimetres, a third less than the ball's
SCLERA = (0.370, 0.333, 0.292)  # linear albedo: ivory, not white
PARAMETERS = 20


@dataclass(frozen=True)
class EyeSet:
    """The two eyes of one picture, packed for the kernel; index 0 is at negative x.

    Parameters
    ----------
    curves
        Lid curves at evenly spaced x, shape (2, SAMPLES, 2): upper and lower y, centimetres.
    span
        First and last x of the curves, shape (2, 2).
    ball
        Centre, radius, shape (2, 4).
    axes
        Rows right, up and gaze of each eye in head axes, shape (2, 3, 3).
    iris
        Linear albedo, shape (3,).
    size
        Radius of iris and of pupil, centimetres.
    inner
        Position of the inner corner, (x, y), shape (2, 2).
    fold
        0..1: how far an epicanthic fold hides the pink inner corner.
    age
        Years; old sclera is a little more ivory.
    phase
        Where the iris fibres and veins fall, shape (2, 8).
    """

    curves: Float
    span: Float
    ball: Float
    axes: Float
    iris: Float
    size: tuple[float, float]
    inner: Float
    fold: float
    age: float
    phase: Float


@dataclass
class EyeBuffers:
    """What the pixels of the eyes see; every array is zero where ``alpha`` is.

    Parameters
    ----------
    alpha
        Share of the pixel that is eye or wet lid rim, shape (h, w).
    albedo
        Linear, shape (h, w, 3).
    normal, shine
        Unit vectors in the picture's axes for scattered light and for the mirror image of the
        lights in the tear film, shape (h, w, 3).
    gloss
        Strength of that mirror image, 0..1, shape (h, w).
    occlusion
        Share of the light that the lids let through, shape (h, w).
    flesh
        1 where skin has a part in the albedo (lid rims, pink corner), shape (h, w): such a pixel
        is not free of tone.
    """

    alpha: Float
    albedo: Float
    normal: Float
    shine: Float
    gloss: Float
    occlusion: Float
    flesh: Float


def gaze_axes(x: float, y: float) -> Float:
    """Rows right, up, gaze for a gaze of ``x`` degrees to the right of the picture and ``y`` up.

    Examples
    --------
    >>> gaze_axes(0.0, 0.0).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    a, b = math.radians(x), math.radians(y)
    gaze = np.array([math.sin(a) * math.cos(b), math.sin(b), math.cos(a) * math.cos(b)])
    right = np.array([math.cos(a), 0.0, -math.sin(a)])
    return np.array([right, np.cross(gaze, right), gaze]).astype(np.float32)


def lid_curves(lid: Any) -> tuple[Float, Float]:
    """One eye's lid curves at even steps of x: (SAMPLES, 2) upper and lower, and (2,) ends.

    Raises
    ------
    ValueError
        If the curves are shorter than two points or of different length.
    """
    x, up, low = (np.asarray(v, np.float64).ravel() for v in (lid.x, lid.upper, lid.lower))
    if not len(x) == len(up) == len(low) >= 2:
        raise ValueError(
            f"lid curves have {len(x)}, {len(up)} and {len(low)} points: give x, upper and lower "
            "of one length, two points or more"
        )
    order = np.argsort(x, kind="stable")
    at = np.linspace(x.min(), x.max(), SAMPLES)
    both = np.stack([np.interp(at, x[order], c[order]) for c in (up, low)], 1)
    return both.astype(np.float32), np.array([at[0], at[-1]], np.float32)


def eye_set(person: Person, head: Head, capture: Capture) -> EyeSet:
    """Pack the two eyes of one picture.

    Parameters
    ----------
    person
        Read: ``seed``, ``iris``, ``age``, ``shape['epicanthus']``.
    head
        Read: ``lids(capture)`` and the landmarks ``eye_r``, ``eye_l``, ``eye_radius`` and
        ``iris_radius``.
    capture
        Read: ``gaze`` (degrees in head axes) and whatever the lids read.
    """
    marks = head.landmarks
    lids = head.lids(capture)
    rng = np.random.default_rng(np.random.SeedSequence([ROOM, 3, person.seed]))
    radius = float(marks.get("eye_radius", 1.25))
    iris_radius = float(marks.get("iris_radius", 0.63))
    pupil = float(rng.uniform(0.26, 0.30))
    curves, spans, inner, ball, axes = [], [], [], [], []
    for side, sign in (("r", -1.0), ("l", 1.0)):
        curve, span = lid_curves(getattr(lids, side))
        centre = np.asarray(marks.get(f"eye_{side}", (sign * 3.15, 0.0, 6.6)), np.float64)
        near = 0 if sign > 0 else -1
        curves.append(curve)
        spans.append(span)
        inner.append((span[near], curve[near].mean()))
        ball.append([*centre, radius])
        # Eyes that look at a lens turn in a little, but a pupil stands some degrees outside the
        # line of sight (angle kappa): together the pupils stand slightly out; nobody looks crossed.
        axes.append(gaze_axes(float(capture.gaze[0]) + sign * 1.2, float(capture.gaze[1])))
    fold = float(np.clip((person.shape.get("epicanthus", 0.0) - 0.2) / 1.0, 0.0, 1.0))
    return EyeSet(
        np.array(curves, np.float32),
        np.array(spans, np.float32),
        np.array(ball, np.float32),
        np.array(axes, np.float32),
        np.asarray(person.iris, np.float32),
        (iris_radius, min(pupil, 0.48 * iris_radius)),
        np.array(inner, np.float32),
        fold,
        float(person.age),
        rng.uniform(0, 2 * math.pi, (2, 8)).astype(np.float32),
    )


@njit(cache=True)
def _step(low, high, x):
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = (x - low) / (high - low)
    t = min(max(t, np.float32(0.0)), np.float32(1.0))
    return t * t * (np.float32(3.0) - np.float32(2.0) * t)


@njit(cache=True)
def _opening(x, y, curve, span):
    """Distances (cm) from upper lid, lower lid and nearer end, positive inside, and the height."""
    n = curve.shape[0]
    step = (span[1] - span[0]) / (n - 1)
    f = min(max((x - span[0]) / step, np.float32(0.0)), np.float32(n - 1.001))
    k = int(f)
    f -= k
    upper = curve[k, 0] * (1 - f) + curve[k + 1, 0] * f
    lower = curve[k, 1] * (1 - f) + curve[k + 1, 1] * f
    slope_up = (curve[k + 1, 0] - curve[k, 0]) / step
    slope_low = (curve[k + 1, 1] - curve[k, 1]) / step
    above = (upper - y) / np.sqrt(np.float32(1.0) + slope_up * slope_up)
    below = (y - lower) / np.sqrt(np.float32(1.0) + slope_low * slope_low)
    return above, below, min(x - span[0], span[1] - x), upper - lower


@njit(cache=True)
def _iris_colour(right, up, rho, blur, iris, size, phase, out):
    """Colour inside the limbus at ``rho`` cm from the axis: fibres, ring, lit lower half, pupil."""
    t = rho / size[0]
    angle = math.atan2(up, right)
    fibre = (
        math.sin(23 * angle + phase[0] + 2 * math.sin(3 * angle + phase[1]))
        + math.sin(37 * angle + phase[2] + 3 * t)
        + math.sin(11 * angle + phase[3] - 5 * t)
    )
    # fibres that would be finer than a pixel are left out rather than turned into grain
    fibre *= np.float32(0.036) * min(np.float32(1.0), np.float32(0.03) / blur)
    down = -up / max(rho, np.float32(1e-4)) * _step(np.float32(0.1), np.float32(0.6), t)
    tone = np.float32(0.80) + fibre + np.float32(0.28) * down
    tone += np.float32(0.15) * math.exp(-(((t - np.float32(0.52)) / np.float32(0.13)) ** 2))
    tone *= np.float32(1.0) - np.float32(0.68) * _step(np.float32(0.74), np.float32(1.0), t)
    open_ = _step(size[1] - max(blur, np.float32(0.02)), size[1] + max(blur, np.float32(0.02)), rho)
    for c in range(3):
        out[c] = (np.float32(0.004) + iris[c] * tone) * open_ + np.float32(0.003) * (1 - open_)


@njit(cache=True)
def _sclera_colour(right, up, rho, corner, iris_radius, ageing, phase, out):
    """Ivory, pinker towards the corners, with a few faint vessels that fade before the iris."""
    away = _step(iris_radius + np.float32(0.1), np.float32(1.15), rho)
    across = up * 9 + phase[4] + np.float32(1.3) * math.sin(right * 6 + phase[5])
    across += np.float32(0.7) * math.sin(right * 13 + up * 4 + phase[6])
    vein = math.exp(-((math.sin(across) / np.float32(0.16)) ** 2)) * away
    pink = min(np.float32(1.0), np.float32(0.28) * vein + np.float32(0.75) * corner)
    out[0] = np.float32(SCLERA[0]) * (1 - np.float32(0.04) * pink)
    out[1] = np.float32(SCLERA[1]) * (1 - np.float32(0.26) * pink)
    out[2] = np.float32(SCLERA[2]) * (1 - np.float32(0.26) * pink - np.float32(0.08) * ageing)


@njit(cache=True)
def _meet(origin, towards, ball):
    """Unit normal of the ball where a ray meets it, or of its outline where the ray passes by."""
    ox, oy, oz = origin[0] - ball[0], origin[1] - ball[1], origin[2] - ball[2]
    b = ox * towards[0] + oy * towards[1] + oz * towards[2]
    gap = b * b - (ox * ox + oy * oy + oz * oz - ball[3] * ball[3])
    s = -b - math.sqrt(max(gap, 0.0))
    x, y, z = ox + s * towards[0], oy + s * towards[1], oz + s * towards[2]
    length = math.sqrt(x * x + y * y + z * z)
    return np.float32(x / length), np.float32(y / length), np.float32(z / length)


@njit(cache=True)
def _lids_shadow(above, below, end):
    """Share of the light that the lids let through to the ball, from the distances to them."""
    shade = np.float32(0.34) + np.float32(0.66) * _step(np.float32(-0.02), np.float32(0.34), above)
    shade *= np.float32(0.74) + np.float32(0.26) * _step(np.float32(0.0), np.float32(0.14), below)
    shade *= np.float32(0.66) + np.float32(0.34) * _step(np.float32(0.0), np.float32(0.55), end)
    return shade * np.float32(0.88)


@njit(cache=True)
def _shade(
    rest,
    posed,
    skin,
    under,
    curves,
    span,
    ball,
    axes,
    iris,
    size,
    inner,
    fold,
    ageing,
    phase,
    head,
    pivot,
    lens,
    pixel,
    alpha,
    albedo,
    normal,
    shine,
    gloss,
    occlusion,
    flesh,
):
    ring, colour = np.empty(3, np.float32), np.empty(3, np.float32)
    towards, local, flat, bulge = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    blur = np.float32(0.6) * pixel
    soft = max(np.float32(0.5) * pixel, np.float32(0.012))
    for j in range(rest.shape[0]):
        for i in range(rest.shape[1]):
            if not skin[j, i]:
                continue
            x, y = rest[j, i, 0], rest[j, i, 1]
            e = 0 if x < 0 else 1
            if x < span[e, 0] or x > span[e, 1] or abs(y - ball[e, 1]) > 1.5:
                continue
            above, below, end, height = _opening(x, y, curves[e], span[e])
            cover = min(min(above, below), end) / pixel + np.float32(0.5)
            cover = min(max(cover, np.float32(0.0)), np.float32(1.0))
            cover *= _step(np.float32(0.0), np.float32(0.08), height + np.float32(0.01))
            if cover <= 0:
                continue
            # the pixel's ray in head axes
            length = 0.0
            for c in range(3):
                towards[c] = 0.0
                for k in range(3):
                    towards[c] += head[k, c] * (posed[j, i, k] - lens[k])
                length += towards[c] * towards[c]
            length = math.sqrt(length)
            for c in range(3):
                towards[c] /= length
                local[c] = pivot[c]
                for k in range(3):
                    local[c] += head[k, c] * (posed[j, i, k] - pivot[k])
            nx, ny, nz = _meet(local, towards, ball[e])
            a = axes[e]
            right = nx * a[0, 0] + ny * a[0, 1] + nz * a[0, 2]
            up = nx * a[1, 0] + ny * a[1, 1] + nz * a[1, 2]
            ahead = nx * a[2, 0] + ny * a[2, 1] + nz * a[2, 2]
            rho = ball[e, 3] * math.sqrt(right * right + up * up)
            if ahead < 0:
                rho = 2 * ball[e, 3] - rho
            to_inner = math.sqrt((x - inner[e, 0]) ** 2 + (y - inner[e, 1]) ** 2)
            corner = 1 - _step(
                np.float32(0.05), np.float32(0.75), min(np.float32(to_inner), end * np.float32(1.4))
            )

            # colour: ball, then iris, then pink corner, then the rims of the lids
            _sclera_colour(right, up, rho, corner, size[0], ageing, phase[e], colour)
            white = _step(size[0] - np.float32(0.03) - blur, size[0] + np.float32(0.03) + blur, rho)
            if white < 1:
                _iris_colour(right, up, min(rho, size[0]), blur, iris, size, phase[e], ring)
                for c in range(3):
                    colour[c] = colour[c] * white + ring[c] * (1 - white)
            pink = (1 - _step(np.float32(0.20), np.float32(0.48), np.float32(to_inner))) * (
                1 - fold
            )
            width = np.float32(0.03) + np.float32(0.022) * _step(
                np.float32(0.0), np.float32(0.6), end
            )
            wet = _step(-soft, soft, below - width)
            lash = 1 - _step(-soft, soft, above - np.float32(0.03))
            lashes = _step(np.float32(0.1), np.float32(0.8), np.float32(to_inner))
            skin_r, skin_g, skin_b = under[j, i, 0], under[j, i, 1], under[j, i, 2]
            mix = np.float32(0.5) * pink
            colour[0] = colour[0] * (1 - pink) + pink * (np.float32(0.22) + mix * skin_r)
            colour[1] = colour[1] * (1 - pink) + pink * (np.float32(0.085) + mix * skin_g)
            colour[2] = colour[2] * (1 - pink) + pink * (np.float32(0.075) + mix * skin_b)
            # lower rim: skin, pinker; upper rim: seen from below and full of lash roots, so dark
            rim = 1 - wet
            colour[0] = colour[0] * wet + rim * (np.float32(0.02) + np.float32(0.95) * skin_r)
            colour[1] = colour[1] * wet + rim * (np.float32(0.01) + np.float32(0.80) * skin_g)
            colour[2] = colour[2] * wet + rim * (np.float32(0.01) + np.float32(0.80) * skin_b)
            # what light there is in the shade of a lid has come through or off skin: it is warmer
            dim = _lids_shadow(above, below, end)
            dim += pink * np.float32(0.5) * (np.float32(0.8) - dim)
            colour[1] *= 1 - np.float32(0.12) * (1 - dim)
            colour[2] *= 1 - np.float32(0.18) * (1 - dim)
            for c in range(3):
                albedo[j, i, c] = colour[c] * (1 - np.float32(0.62) * lash * lashes)

            # normals: the iris lies hollow behind the cornea, the cornea bulges in front of it
            inside = 1 - white
            tangent = np.float32(1.0) - np.float32(1.5) * inside
            lens_like = 1 - _step(size[0] * np.float32(0.85), size[0] * np.float32(1.2), rho)
            steep = 1 + lens_like * (ball[e, 3] / np.float32(CORNEA) - 1)
            spread = np.float32(0.30) * white + np.float32(0.9) * pink
            f2, b2 = 0.0, 0.0
            for c in range(3):
                side = right * a[0, c] + up * a[1, c]
                # light also spreads within the white, so it turns dark more slowly than stone
                flat[c] = side * tangent + (max(ahead, np.float32(0.05)) + spread) * a[2, c]
                bulge[c] = side * steep
                b2 += bulge[c] * bulge[c]
            forward = math.sqrt(max(1.0 - b2, 0.02))
            for c in range(3):
                flat[c] = flat[c] * wet + rim * (0.75 if c == 1 else (0.65 if c == 2 else 0.0))
                f2 += flat[c] * flat[c]
                bulge[c] += forward * a[2, c]
            if rim > 0:
                for c in range(3):
                    bulge[c] = bulge[c] * wet + rim * (
                        0.45 if c == 1 else (0.89 if c == 2 else 0.0)
                    )
            b2 = math.sqrt(bulge[0] ** 2 + bulge[1] ** 2 + bulge[2] ** 2)
            f2 = math.sqrt(f2)
            for c in range(3):
                for k in range(3):
                    normal[j, i, c] += head[c, k] * flat[k] / f2
                    shine[j, i, c] += head[c, k] * bulge[k] / b2
            alpha[j, i] = cover
            flesh[j, i] = np.float32(1.0) if rim > 0 or pink > 0 else np.float32(0.0)
            line = (below - width - np.float32(0.015)) / max(np.float32(0.02), soft)
            gloss[j, i] = np.float32(0.55) + np.float32(0.45) * max(
                lens_like, np.float32(0.3) * np.float32(math.exp(-line * line))
            )
            gloss[j, i] *= 1 - np.float32(0.65) * rim
            gloss[j, i] *= 1 - np.float32(0.8) * lash
            occlusion[j, i] = dim * wet + rim * max(dim, np.float32(0.85))


def shade_eyes(
    rest: Float,
    posed: Float,
    skin: NDArray[Any],
    albedo: Float,
    eyes: EyeSet,
    head: Float,
    pivot: Float,
    lens: Float,
    pixel_cm: float,
) -> EyeBuffers:
    """What every pixel between the lids sees.

    Parameters
    ----------
    rest
        Rest-frame x, y of the skin that the pixel meets, shape (h, w, 2), centimetres.
    posed
        The same points in the picture's axes, shape (h, w, 3).
    skin
        True where the pixel meets skin, shape (h, w).
    albedo
        Linear albedo of that skin, shape (h, w, 3); colours the lids' rims and the pink corner.
    eyes
        From :func:`eye_set`.
    head, pivot
        Rotation of the head, shape (3, 3), and the point it turns about, shape (3,).
    lens
        Place of the lens in the picture's axes, shape (3,).
    pixel_cm
        Side of a pixel at the face, centimetres.

    Returns
    -------
    EyeBuffers

    Raises
    ------
    ValueError
        If the buffers do not belong to one picture.
    """
    shape = skin.shape
    if rest.shape[:2] != shape or posed.shape[:2] != shape or albedo.shape[:2] != shape:
        raise ValueError(
            f"buffers of different pictures: rest {rest.shape}, posed {posed.shape}, skin {shape}, "
            f"albedo {albedo.shape}; give all four the same height and width"
        )
    out = EyeBuffers(
        np.zeros(shape, np.float32),
        np.zeros((*shape, 3), np.float32),
        np.zeros((*shape, 3), np.float32),
        np.zeros((*shape, 3), np.float32),
        np.zeros(shape, np.float32),
        np.zeros(shape, np.float32),
        np.zeros(shape, np.float32),
    )
    ageing = np.float32(np.clip((eyes.age - 40) / 40, 0, 1))
    _shade(
        rest,
        posed,
        skin.astype(np.bool_),
        albedo,
        eyes.curves,
        eyes.span,
        eyes.ball,
        eyes.axes,
        eyes.iris,
        np.array(eyes.size, np.float32),
        eyes.inner,
        np.float32(eyes.fold),
        ageing,
        eyes.phase,
        np.asarray(head, np.float32),
        np.asarray(pivot, np.float32),
        np.asarray(lens, np.float32),
        np.float32(pixel_cm),
        out.alpha,
        out.albedo,
        out.normal,
        out.shine,
        out.gloss,
        out.occlusion,
        out.flesh,
    )
    return out
