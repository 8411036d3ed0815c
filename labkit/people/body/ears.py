"""Ears with their real relief: helix, antihelix, concha, tragus and a free or attached lobe.

In: where the ear sits on the head and a person's shape scores.  Out: one mesh per side.

The ear is a dish of rings round its middle.  Its outline is an egg, its ridges are soft hills over
the dish, and the last rings turn behind the rim and down into the head.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from labkit.people.body.head_form import ramp
from labkit.people.body.mesh import Int, Mesh

Float = NDArray[np.floating]

FRONT, BACK, ROUND = 24, 6, 60  # rings in front, rings behind the rim, points round
TILT = np.radians(12.0)  # ears lean back
HALF_HEIGHT = 2.68


@lru_cache(maxsize=1)
def _triangles() -> Int:
    """Triangles of the dish: a fan in the middle, then rings, shape (m, 3)."""
    rings, n = FRONT + BACK, ROUND
    r, k = np.meshgrid(np.arange(rings - 1), np.arange(n), indexing="ij")
    a, b = 1 + r * n + k, 1 + r * n + (k + 1) % n
    c, d = a + n, b + n
    quads = np.stack([np.stack([a, c, b], -1), np.stack([b, c, d], -1)], 2).reshape(-1, 3)
    turn = np.arange(n)
    fan = np.stack([np.zeros(n, int), 1 + turn, 1 + (turn + 1) % n], -1)
    return np.concatenate([fan, quads]).astype(np.int32)


def _relief(a: Float, b: Float, rho: Float, phi: Float, attached: float) -> Float:
    """Height of the ear's ridges and hollows; ``a`` to the back, ``b`` up, ``rho`` 0..1."""
    up, back = np.sin(phi), np.cos(phi)
    # the helix starts in the concha, runs up the front and round to above the lobe
    rim = ramp(up, -0.97, -0.05)
    helix = 0.42 * np.exp(-(((rho - 0.91) / 0.095) ** 2)) * rim
    scapha = -0.24 * np.exp(-(((rho - 0.74) / 0.10) ** 2)) * rim * ramp(back, -0.45, 0.15)
    middle = 0.56 + 0.05 * up
    anti = (
        0.34
        * np.exp(-(((rho - middle) / 0.105) ** 2))
        * ramp(back, -0.25, 0.25)
        * ramp(up, -0.98, -0.6)
    )
    fossa = -0.10 * np.exp(-(((a + 0.25) / 0.45) ** 2) - ((b - 1.55) / 0.40) ** 2)
    bowl = -0.80 * np.exp(-(((a + 0.32) / 0.72) ** 2) - ((b + 0.22) / 0.95) ** 2)
    crus = 0.20 * np.exp(-(((b - 0.30 - 0.15 * a) / 0.20) ** 2)) * ramp(a, 0.1, -0.7)
    tragus = 0.36 * np.exp(-(((a + 1.26) / 0.30) ** 2) - ((b + 0.55) / 0.42) ** 2)
    opposite = 0.20 * np.exp(-(((a + 0.15) / 0.42) ** 2) - ((b + 1.42) / 0.26) ** 2)
    lobe = 0.10 * np.exp(-(((a + 0.35) / 0.7) ** 2) - ((b + 2.25) / 0.55) ** 2)
    lobe = lobe - 0.16 * attached * ramp(b, -1.7, -2.8)
    return np.asarray(helix + scapha + anti + fossa + bowl + crus + tragus + opposite + lobe)


def _dish(shape: Mapping[str, float], age: float) -> tuple[NDArray[np.float64], float]:
    """Ear points (n, 3): to the back, up, out from the head; and the ear's half height."""
    size = 1 + 0.050 * shape.get("ear_size", 0.0)
    attached = float(np.clip(0.5 + 0.4 * shape.get("ear_lobe", 0.0), 0, 1))
    phi = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)[None]
    rho = np.concatenate([np.linspace(0, 1, FRONT + 1)[1:], [1.005, 0.985, 0.94, 0.86, 0.74, 0.58]])
    rho = rho[:, None]
    up, back = np.sin(phi), np.cos(phi)
    long = 1 + (0.05 * age + 0.06 - 0.16 * attached) * ramp(up, -0.5, -1.0)
    b = HALF_HEIGHT * rho * up * long
    wide = 1.50 + 0.20 * up - 0.10 * np.cos(2 * phi) + 0.16 * ramp(up, -0.75, -1.0)
    a = rho * back * wide - 0.34 * rho * ramp(up, -0.1, -1.0) + 0.10 * rho * up
    a = a - 0.30 * attached * rho * ramp(up, -0.6, -1.0)
    angle = np.radians(14.5 + 4.5 * shape.get("ear_projection", 0.0))
    stand = (a + 1.35) * np.tan(angle)
    out = stand + _relief(a, b, np.minimum(rho, 1), phi, attached)

    depth = np.array([0.10, 0.24, 0.38, 0.52, 0.75, 1.2])[:, None]
    edge = out[FRONT - 1 : FRONT]
    out[FRONT:] = edge - depth - 0.25 * (1 - rho[FRONT:]) * 2

    centre = np.array([[0.0, 0.0, 1.35 * np.tan(angle) - 0.55]])
    points = np.concatenate([centre, np.stack([a, b, out], -1).reshape(-1, 3)]) * size
    return points, HALF_HEIGHT * size


def ear_meshes(
    shape: Mapping[str, float],
    age: float,
    centre: tuple[float, float, float],
    uv: Float,
    uv_step: Float,
) -> tuple[list[Mesh], dict[str, Float]]:
    """Both ears and their landmarks.

    Parameters
    ----------
    shape
        Shape scores.
    age
        0 young .. 1 old.
    centre
        Where the middle of the ear at positive x meets the head, centimetres.
    uv, uv_step
        Texture coordinates there, shape (2,), and their change per centimetre to the back and up,
        shape (2,); the other ear gets their mirror image.

    Returns
    -------
    meshes
        Two meshes of material ``'skin'``: negative x first.
    marks
        ``ear_r``, ``ear_l`` (middle), ``ear_r_top`` .. (where a temple rests), ``ear_r_lobe`` ..
    """
    dish, half = _dish(shape, age)
    a, b, out = dish.T
    sin, cos = np.sin(TILT), np.cos(TILT)
    x = centre[0] + out - 0.16
    y = centre[1] + b * cos - a * sin
    z = centre[2] - a * cos - b * sin
    right = np.stack([x, y, z], -1)
    tex = np.stack([uv[0] + a * uv_step[0], uv[1] - b * uv_step[1]], -1)
    triangles = _triangles()
    left_tex = np.stack([1 - tex[:, 0], tex[:, 1]], -1)
    mirror = right * np.array([-1.0, 1.0, 1.0])
    meshes = [
        Mesh(
            mirror,
            triangles[:, ::-1].copy(),
            "skin",
            uv=left_tex.astype(np.float32),
            roughness=0.55,
        ),
        Mesh(right, triangles, "skin", uv=tex.astype(np.float32), roughness=0.55),
    ]
    marks = {}
    for name, sign in (("ear_r", -1.0), ("ear_l", 1.0)):
        flip = np.array([sign, 1.0, 1.0])
        marks[name] = np.array([centre[0] + 0.5, centre[1], centre[2]]) * flip
        marks[f"{name}_top"] = (
            np.array([centre[0] + 0.1, centre[1] + 0.72 * half, centre[2]]) * flip
        )
        lobe = 1 + ROUND * (FRONT - 1) + (3 * ROUND) // 4
        marks[f"{name}_lobe"] = right[lobe] * flip
    return meshes, {k: v.astype(np.float32) for k, v in marks.items()}
