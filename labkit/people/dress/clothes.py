"""Shirts and collars, and the door to everything else a person wears.

In: a :class:`Shirt` (drawn from a seed of the capture, never from the person, so that a shirt does
not give an identity away) and a head.  Out: meshes of cloth in rest pose, centimetres.  Glasses are
in :mod:`labkit.people.dress.glasses`, head coverings in :mod:`labkit.people.dress.coverings`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numba import njit
from numpy.typing import ArrayLike
from scipy.ndimage import uniform_filter1d

from labkit.people.body.mesh import Mesh, grid_triangles
from labkit.people.dress.coverings import covering_mesh, covers, tuck
from labkit.people.dress.glasses import glasses_mesh
from labkit.people.dress.tailor import (
    Float,
    Form,
    fabric,
    form_of,
    hollow,
    joined,
    lay,
    linear,
    look,
    rng_of,
    run_of,
    sheet,
    smoothstep,
    tube,
)
from labkit.people.who import Shirt, sample_covering, sample_shirt

__all__ = [
    "Shirt",
    "covering_mesh",
    "covers",
    "glasses_mesh",
    "sample_covering",
    "sample_shirt",
    "shirt_mesh",
    "tuck",
]

ROUND = 128  # columns of a garment, all the way round
HEM = -26.0
ANGLE = np.linspace(-np.pi, np.pi, ROUND, endpoint=False).astype(np.float32)


def shirt_mesh(shirt: Shirt, person: Any, head: Any, form: Form | None = None) -> list[Mesh]:
    """Meshes of a shirt on a head's neck and shoulders.

    Parameters
    ----------
    shirt
        What to wear.
    person
        Not read; it is here so that all garments are called in the same way.
    head
        Its ``grid``, ``scalp`` and ``landmarks`` are read.
    form
        The measured head, if there is one already (:func:`labkit.people.dress.tailor.form_of`).

    Returns
    -------
    list of Mesh
        Material ``'cloth'``, opaque, linear albedo per vertex.
    """
    form = form_of(head) if form is None else form
    return MAKERS[shirt.kind](shirt, form, rng_of(shirt.seed, 2))


def neck_height(form: Form) -> float:
    """The y at the sides where collars sit: a little above the turn from neck to shoulder."""
    y = np.arange(-10.0, -20.0, -0.25)
    side = look(form.neck, np.pi / 2, run_of(y)) + look(form.neck, -np.pi / 2, run_of(y))
    wide = np.flatnonzero(side > side.min() + 1.6)
    # Portraits end just below the throat: worn low, a neckline would not be in them.
    return float(np.clip(y[wide[0]] + 0.9 if len(wide) else -13.4, -14.4, -12.4))


def neckline(
    form: Form, front: float, back: float = 0.6, sharp: float = 1.6, lift: float = 0.0
) -> Float:
    """Height of a neckline at each of :data:`ANGLE`, shape (ROUND,).

    ``front`` cm below the sides at the throat, ``back`` cm above them at the nape; a higher
    ``sharp`` keeps the dip narrower.
    """
    dip = (0.5 + 0.5 * np.cos(ANGLE)) ** sharp
    nape = (0.5 - 0.5 * np.cos(ANGLE)) ** 2
    return (neck_height(form) + lift - front * dip + back * nape).astype(np.float32)


@njit(cache=True)
def _soft_folds(theta, drop, folds, out):
    """Adds up folds given as rows of (angle, slant, width, height)."""
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            fade = min(max((drop[i, j] - 0.2) / 2.8, 0.0), 1.0)
            total = 0.0
            for k in range(folds.shape[0]):
                away = theta[i, j] - folds[k, 0] - folds[k, 1] * drop[i, j]
                away -= 2 * np.pi * np.round(away / (2 * np.pi))
                wide = folds[k, 2] if away < 0 else 0.6 * folds[k, 2]
                total += folds[k, 3] * np.exp(-((away / wide) ** 2))
            out[i, j] = total * fade * fade * (3 - 2 * fade)


def soft_folds(rng: np.random.Generator, theta: Float, drop: Float, height: float = 0.16) -> Float:
    """Folds of a body of cloth: long, slanting, few; same shape as ``theta``, cm."""
    folds = rng.uniform([-np.pi, -0.1, 0.07, 0.4 * height], [np.pi, 0.1, 0.16, height], (9, 4))
    out = np.empty(theta.shape, np.float32)
    _soft_folds(theta, drop.astype(np.float32), folds.astype(np.float32), out)
    return out


def pattern_of(shirt: Shirt, points: Float) -> Float:
    """Share of the accent colour, 0..1, shape (rows, columns), for cloth at ``points``."""
    x, y = points[..., 0], points[..., 1]
    if shirt.pattern == "stripes":
        return smoothstep(np.cos(2 * np.pi * y / 2.6), 0.35, 0.75)
    if shirt.pattern == "check":
        return 0.3 * smoothstep(np.cos(2 * np.pi * y / 3.2), 0.2, 0.9) + 0.3 * smoothstep(
            np.cos(2 * np.pi * x / 3.2), 0.2, 0.9
        )
    return np.zeros(points.shape[:2], np.float32)


def body(
    shirt: Shirt,
    form: Form,
    line: Float,
    rng: np.random.Generator,
    offset: float = 0.32,
    tone: Float | None = None,
) -> Mesh:
    """The body of a garment from its neckline (heights, shape (ROUND,)) down to the hem."""
    colour = np.asarray(shirt.colour if tone is None else tone, np.float32)
    along = np.linspace(0, 1, 34, dtype=np.float32)[:, None] ** 1.3
    y = line * (1 - along) + HEM * along
    theta = np.ascontiguousarray(np.broadcast_to(ANGLE, y.shape))
    height = offset + soft_folds(rng, theta, line - y)
    if shirt.pattern == "knit":
        height += 0.02 * np.cos(48 * theta)
    points = lay(form.neck, theta, run_of(y), height)
    paint = fabric(colour, y.shape, rng)
    if tone is None and shirt.pattern in ("stripes", "check"):
        share = pattern_of(shirt, points)[..., None]
        paint = paint * (1 - share) + share * np.asarray(shirt.accent, np.float32)
    return sheet(points, paint * hollow(height), wrap=True)


def border(
    form: Form,
    theta: Float,
    y: Float,
    profile: ArrayLike,
    tone: Float,
    rng: np.random.Generator,
    closed: bool = True,
    width: ArrayLike = 1.0,
    ripple: Float | None = None,
) -> Mesh:
    """A band along a curve on the form.

    Parameters
    ----------
    theta, y
        The curve, shape (n,); it runs with growing theta, the outside of the garment below it.
    profile
        Rows of (distance away from the neck, offset from the body) in cm, shape (k, 2).
    width
        Scales the distances, shape (n,) or a number.
    ripple
        Added to the offset, shape (k, n).
    """
    shape = np.asarray(profile, np.float32)
    reach = look(form.neck, theta, run_of(y))
    if closed:
        side: Float = np.angle(np.exp(1j * (np.roll(theta, -1) - np.roll(theta, 1)))) * reach
        fall: Float = np.roll(y, 1) - np.roll(y, -1)
    else:
        side, fall = np.gradient(theta) * reach, -np.gradient(y)
    # Smooth directions, so that a wide band does not cross itself where the curve bends.
    mode: Literal["wrap", "nearest"] = "wrap" if closed else "nearest"
    side, fall = (
        uniform_filter1d(uniform_filter1d(a, 9, mode=mode), 9, mode=mode) for a in (side, fall)
    )
    length = np.hypot(side, fall) + 1e-6
    # (side, fall) turned by a right angle, away from the neck.
    step = shape[:, :1] * np.broadcast_to(np.asarray(width, np.float32), theta.shape)
    t = theta - step * fall / length / reach
    run = run_of(y) + step * side / length
    height = shape[:, 1:] + (0 if ripple is None else ripple)
    points = lay(form.neck, t, run, height)
    height = np.broadcast_to(height, t.shape)
    return sheet(points, fabric(tone, t.shape, rng), wrap=closed)


def roll(
    inner: float, outer: float, low: float, high: float, count: int = 7
) -> list[tuple[float, float]]:
    """Profile of a flat band with two round edges between distances ``inner`` and ``outer``."""
    half = (high - low) / 2
    a = np.linspace(-np.pi / 2, np.pi / 2, count)
    first = [(inner + half - half * np.cos(t), low + half + half * np.sin(t)) for t in a]
    last = [(outer - half + half * np.cos(t), low + half + half * np.sin(t)) for t in a[::-1]]
    middle = [
        (inner + (outer - inner) * f, high + 0.03 * np.sin(np.pi * f)) for f in (0.3, 0.5, 0.7)
    ]
    return [(inner + 0.5, low - 0.1), *first, *middle, *last]


def ribbing(count: int, rows: int, height: float = 0.012) -> Float:
    """Fine ribs across a knitted band, shape (rows, ROUND)."""
    return np.tile(height * np.cos(count * ANGLE), (rows, 1)).astype(np.float32)


def trim_of(shirt: Shirt, shade: float = 0.94) -> Float:
    """Colour of collars and bands: the cloth's own a little deeper, or the accent."""
    if shirt.pattern == "band":
        return np.asarray(shirt.accent, np.float32)
    return np.asarray(shirt.colour, np.float32) * np.float32(shade)


def crew(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A tee: a round neckline with a rolled ribbed band."""
    return _tee(shirt, form, rng, neckline(form, 2.1))


def scoop(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A tee with a wide, low, round neckline."""
    return _tee(shirt, form, rng, neckline(form, 3.0, back=0.2, sharp=1.1, lift=-0.4))


def _tee(shirt: Shirt, form: Form, rng: np.random.Generator, line: Float) -> list[Mesh]:
    profile = roll(-0.9, 0.8, 0.08, 0.44)
    band = border(form, ANGLE, line, profile, trim_of(shirt), rng, ripple=ribbing(32, len(profile)))
    return [body(shirt, form, line, rng), band]


def v_neck(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A tee or jumper with a V: straight sides that meet in a soft point."""
    straight = np.sqrt((np.abs(ANGLE) / 1.35) ** 2 + 0.012)
    line = neckline(form, 0.3) - 5.2 * np.clip(1 - straight, 0, None)
    profile = roll(-0.8, 0.7, 0.1, 0.46)
    return [body(shirt, form, line, rng), border(form, ANGLE, line, profile, trim_of(shirt), rng)]


def stand_and_leaf(
    form: Form,
    rng: np.random.Generator,
    tone: Float,
    stand: float,
    gap: float,
    leaf: tuple[float, float],
    spread: float,
) -> list[Mesh]:
    """A folded collar: up from the neck, over a soft fold and down as two leaves with points.

    ``stand`` cm high at the nape, open by ``gap`` radians to each side of the throat, leaves
    ``leaf`` = (nape, points) cm long, whose points stand ``spread`` radians further apart.
    """
    theta = np.linspace(gap, 2 * np.pi - gap, 97).astype(np.float32)
    front = 0.5 + 0.5 * np.cos(theta)
    base = neck_height(form) - 2.0 * front**1.5 + 0.8 * (1 - front)
    top = base + stand * (1 - 0.25 * front**1.5)
    long = leaf[0] + (leaf[1] - leaf[0]) * front**3
    # Share of the stand, share of the leaf, offset.
    inner = [(f, 0, 0.15 + 0.15 * f) for f in (0, 0.35, 0.7, 0.92)]
    bend = [(1.02, 0, 0.38), (1.07, 0, 0.52), (1.05, 0.02, 0.66), (1.0, 0.08, 0.76)]
    down = [(1, f, 0.8 + 0.28 * f) for f in (0.25, 0.5, 0.75, 0.93)]
    edge = [(1, 0.99, 1.08), (1, 1.0, 1.0), (1, 0.97, 0.9)]
    rows = np.array(inner + bend + down + edge, np.float32)
    y = base + rows[:, :1] * (top - base) - rows[:, 1:2] * long
    aside = np.sign(np.pi - theta) * spread * front**6
    points = lay(
        form.neck,
        theta + rows[:, 1:2] * aside,
        run_of(y),
        rows[:, 2:] + 0.25 * rows[:, 1:2] * front**6,
    )
    paint = fabric(tone, (y.shape[0], y.shape[1]), rng, 0.015)
    paint[:4] *= 0.7
    # Where the leaves part, the outside of the stand shows.
    y = base + np.array([[1.0], [0.6], [0.2], [-0.3]], np.float32) * (top - base)
    outside = lay(form.neck, theta, run_of(y), np.array([[0.44], [0.36], [0.32], [0.34]]))
    return [sheet(points, paint), sheet(outside, fabric(tone * 0.9, (4, len(theta)), rng, 0.015))]


def buttons(form: Form, heights: list[float], offset: float, tone: Float) -> Mesh:
    """Small round buttons down the front, slightly proud of the cloth."""
    spin = np.linspace(0, 2 * np.pi, 15)[:-1]
    rim = ((0.42, 0.0), (0.42, 0.1), (0.34, 0.15), (0.18, 0.11), (0.02, 0.11))
    rings = np.array(
        [np.stack([r * np.cos(spin), r * np.sin(spin), 0 * spin + d], -1) for r, d in rim]
    )
    triangles = grid_triangles(len(rim), len(spin), wrap=True)
    at = [lay(form.neck, 0.0, run_of(y), offset) for y in heights]
    parts = [((p + rings).reshape(-1, 3).astype(np.float32), triangles) for p in at]
    return joined(parts, tone, "cloth", 0.45)


def front_band(form: Form, top: float, tone: Float, rng: np.random.Generator) -> Mesh:
    """The buttoned strip down the middle of a shirt, closed from the collar to the hem."""
    across = np.array([-1.0, -1.02, -0.97, -0.85, -0.4, 0, 0.4, 0.85, 0.97, 1.02, 1.0], np.float32)
    lift = np.array([0.2, 0.4, 0.5, 0.54, 0.55, 0.56, 0.55, 0.54, 0.5, 0.4, 0.2], np.float32)
    y = np.linspace(top, HEM, 30, dtype=np.float32)[:, None]
    theta = across * 1.5 / look(form.neck, 0.0, run_of(y))
    return sheet(lay(form.neck, theta, run_of(y), lift), fabric(tone, theta.shape, rng, 0.015))


def open_collar(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A woven shirt, buttoned, with the points of its collar apart."""
    line = neckline(form, 2.0)
    tone = trim_of(shirt, 1.0)
    placket = front_band(form, float(line.min()) + 0.3, tone, rng)
    collar = stand_and_leaf(form, rng, tone, 2.9, 0.012, (3.3, 4.4), 0.36)
    heights = [neck_height(form) - d for d in (4.2, 9.5)]
    knobs = buttons(form, heights, 0.6, np.clip(0.5 * tone + 0.25, 0, 0.8))
    return [body(shirt, form, line, rng), placket, *collar, knobs]


def polo(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A knitted polo: a soft small collar and a buttoned placket."""
    tone = np.asarray(shirt.colour, np.float32)
    line = neckline(form, 2.0)
    placket = front_band(form, float(line.min()) + 0.3, tone * 0.97, rng)
    collar = stand_and_leaf(form, rng, trim_of(shirt, 0.92), 2.4, 0.012, (2.9, 3.4), 0.3)
    button = buttons(form, [neck_height(form) - 4.6], 0.6, np.clip(tone * 1.6 + 0.1, 0, 0.8))
    return [body(shirt, form, line, rng), placket, *collar, button]


def high_collar(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A roll-neck: a soft doubled tube with shallow rings."""
    line = neckline(form, 2.0)
    tall = 3.9 + 0.4 * (0.5 - 0.5 * np.cos(ANGLE))
    rows = [
        (0.6, 0.1),
        (0.9, 0.15),
        (1.0, 0.22),
        (1.03, 0.34),
        (1.03, 0.5),
        (1.0, 0.62),
        (0.94, 0.7),
    ]
    rows += [
        (f, 0.72 + 0.08 * np.sin(9 * f) + 0.1 * (1 - f))
        for f in (0.84, 0.7, 0.56, 0.42, 0.28, 0.16)
    ]
    rows += [(0.06, 0.78), (0.01, 0.7), (-0.03, 0.55), (-0.02, 0.35)]
    profile = np.array(rows, np.float32)
    y = line + profile[:, :1] * tall
    lift = profile[:, 1:] + 0.05 * np.cos(2 * ANGLE + 4 * profile[:, :1] + rng.uniform(0, 6))
    points = lay(form.neck, ANGLE, run_of(y), lift + ribbing(36, len(rows), 0.014))
    collar = sheet(points, fabric(trim_of(shirt, 1.0), (len(rows), ROUND), rng), wrap=True)
    return [body(shirt, form, line, rng, 0.4), collar]


def hoodie(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A hood lying down: a thick soft roll, full behind the neck, over a light tee."""
    tone = np.asarray(shirt.colour, np.float32)
    line = neckline(form, 4.0, back=1.6, sharp=2.2)
    full = 1 - 0.45 * (0.5 + 0.5 * np.cos(ANGLE)) ** 2
    turn = np.linspace(-0.6 * np.pi, np.pi * 1.05, 15)
    profile = np.stack([1.35 - 1.75 * np.cos(turn - 0.15), 1.05 + 1.15 * np.sin(turn)], -1)
    waves = ((3, 1), (5, -2), (8, 1))
    lumps = sum(0.07 * np.cos(k * ANGLE + turn[:, None] * q + rng.uniform(0, 6)) for k, q in waves)
    ripple = (profile[:, 1:] * (full - 1) + lumps).astype(np.float32)
    hood = border(form, ANGLE, line, profile, tone, rng, width=full, ripple=ripple)
    shade = np.interp(turn, [-1.9, -0.6, 0.7], [0.45, 0.75, 1.0])
    assert hood.colour is not None
    hood.colour = hood.colour * np.repeat(shade, ROUND)[:, None].astype(np.float32)
    cords = []
    for side in (-1, 1):
        y = np.linspace(line.min() - 0.6, line.min() - 8, 16)
        wave = side * (0.16 + 0.05 * np.sin(np.linspace(0, 3, 16) + rng.uniform(0, 6)))
        cords.append(tube(lay(form.neck, wave, run_of(y), np.linspace(1.2, 0.75, 16)), 0.17, 8))
    under = crew(_under(shirt, rng), form, rng)
    string = joined(cords, np.clip(tone * 1.5 + 0.08, 0, 0.8), "cloth", 0.8)
    return [*under, body(shirt, form, line, rng, 0.6), hood, string]


def _under(shirt: Shirt, rng: np.random.Generator) -> Shirt:
    """A quiet tee that stands off from what is worn over it."""
    light = float(np.dot(shirt.colour, (0.21, 0.72, 0.07))) > 0.25
    tones = ("2f3440", "4a4038", "6a5a4c") if light else ("e2dccf", "cfc8be", "bfb09c")
    colour = tuple(float(c) for c in linear(tones[int(rng.integers(3))]))
    return shirt.with_(kind="crew", pattern="plain", colour=colour)


def _opened(form: Form, depth: float, wide: float) -> Float:
    """Neckline of something worn open: from the nape down the front to below the frame."""
    fall = np.clip(1 - np.sqrt((ANGLE / wide) ** 2 + 0.002), 0, None) ** 1.15
    return neckline(form, 0.0, back=1.0) - 0.2 - depth * fall


def blazer(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """An open jacket with collar and lapels over a quiet tee."""
    line = _opened(form, 13.0, 1.3)
    wide = 0.75 + 0.45 * np.exp(-(((np.abs(ANGLE) - 0.75) / 0.4) ** 2))
    profile = [
        (0.6, 0.3),
        (0.15, 0.5),
        (-0.05, 0.75),
        (0.0, 1.02),
        (0.25, 1.18),
        (0.9, 1.26),
        (1.8, 1.24),
        (2.6, 1.22),
        (3.2, 1.2),
        (3.32, 1.1),
        (3.28, 0.9),
        (3.2, 0.5),
    ]
    tone = np.asarray(shirt.colour, np.float32) * np.float32(0.96)
    lapel = border(form, ANGLE, line, profile, tone, rng, width=wide)
    return [*crew(_under(shirt, rng), form, rng), body(shirt, form, line, rng, 0.66), lapel]


def cardigan(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A knitted jacket with a ribbed edge, open over a quiet tee."""
    line = _opened(form, 12.0, 1.15)
    profile = roll(-0.5, 1.7, 0.35, 0.95)
    edge = border(form, ANGLE, line, profile, trim_of(shirt, 0.9), rng)
    knit = shirt.with_(pattern="knit") if shirt.pattern in ("plain", "band") else shirt
    return [*crew(_under(shirt, rng), form, rng), body(knit, form, line, rng, 0.62), edge]


def kurta(shirt: Shirt, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A closed band collar with a piped edge and a buttoned front."""
    tone = np.asarray(shirt.colour, np.float32)
    ring = neckline(form, 2.0)
    theta = np.linspace(-0.03, 2 * np.pi + 0.03, 97).astype(np.float32)
    over = 0.09 * (1 - smoothstep(theta, 0.0, 0.5))
    low = np.interp(np.angle(np.exp(1j * theta)), ANGLE, ring, period=2 * np.pi)
    tall = 2.5 - 0.3 * (0.5 + 0.5 * np.cos(theta)) ** 8
    rows = [
        (0, 0.15),
        (0.5, 0.2),
        (0.93, 0.24),
        (1.0, 0.3),
        (1.03, 0.4),
        (1.0, 0.5),
        (0.93, 0.54),
        (0.86, 0.5),
        (0.5, 0.5),
        (0.1, 0.52),
        (-0.12, 0.54),
        (-0.2, 0.3),
    ]
    profile = np.array(rows, np.float32)
    points = lay(form.neck, theta, run_of(low + profile[:, :1] * tall), profile[:, 1:] + over)
    paint = fabric(tone, (len(rows), len(theta)), rng, 0.015)
    trim = np.clip(tone * (0.55 if tone.mean() > 0.2 else 1.9) + 0.02, 0, 0.8)
    paint[3:7] = trim_of(shirt) if shirt.pattern == "band" else trim
    placket = front_band(form, float(ring.min()) + 0.3, tone * 0.97, rng)
    knobs = buttons(form, [neck_height(form) - d for d in (4.0, 7.5)], 0.6, trim)
    return [body(shirt, form, ring, rng), placket, sheet(points, paint), knobs]


MAKERS: dict[str, Callable[[Shirt, Form, np.random.Generator], list[Mesh]]] = {
    "crew": crew,
    "v_neck": v_neck,
    "scoop": scoop,
    "collar": open_collar,
    "polo": polo,
    "turtleneck": high_collar,
    "hoodie": hoodie,
    "cardigan": cardigan,
    "jacket": blazer,
    "kurta": kurta,
}
