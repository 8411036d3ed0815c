"""The light in the studio: one soft key, one rim and everything else as a smooth environment.

In: the light settings of a Capture.  Out: a :class:`Rig` that render, eyes and hair shade with.
The light never depends on who is in front of it.

The environment is kept as nine spherical-harmonic coefficients per colour, which hold the
irradiance of any smooth environment to about one per cent (Ramamoorthi and Hanrahan 2001, "An
efficient representation for irradiance environment maps", SIGGRAPH).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from labkit.people.who import Capture

Float = NDArray[np.float32]

# Zonal coefficients of the clamped cosine, degrees 0, 1 and 2 (Ramamoorthi and Hanrahan 2001).
COSINE = (math.pi, 2 * math.pi / 3, math.pi / 4)
DEGREE = np.array([0, 1, 1, 1, 2, 2, 2, 2, 2])


@njit(cache=True)
def harmonics(x, y, z):
    """The nine real spherical harmonics of degree 0..2 at a unit direction, shape (9,)."""
    out = np.empty(9, np.float32)
    out[0] = 0.282095
    out[1] = 0.488603 * y
    out[2] = 0.488603 * z
    out[3] = 0.488603 * x
    out[4] = 1.092548 * x * y
    out[5] = 1.092548 * y * z
    out[6] = 0.315392 * (3 * z * z - 1)
    out[7] = 1.092548 * x * z
    out[8] = 0.546274 * (x * x - y * y)
    return out


@njit(cache=True)
def irradiance(sh, x, y, z):
    """Irradiance over pi at a unit normal: red, green, blue.

    1 everywhere in a uniform environment of radiance 1.  The harmonics are those of
    :func:`harmonics`, written out because this runs for every pixel.
    """
    xy = np.float32(1.092548) * x * y
    yz = np.float32(1.092548) * y * z
    zz = np.float32(0.315392) * (3 * z * z - 1)
    xz = np.float32(1.092548) * x * z
    xx = np.float32(0.546274) * (x * x - y * y)
    ax, ay, az = np.float32(0.488603) * x, np.float32(0.488603) * y, np.float32(0.488603) * z
    red = np.float32(0.282095) * sh[0, 0] + ay * sh[1, 0] + az * sh[2, 0] + ax * sh[3, 0]
    red += xy * sh[4, 0] + yz * sh[5, 0] + zz * sh[6, 0] + xz * sh[7, 0] + xx * sh[8, 0]
    green = np.float32(0.282095) * sh[0, 1] + ay * sh[1, 1] + az * sh[2, 1] + ax * sh[3, 1]
    green += xy * sh[4, 1] + yz * sh[5, 1] + zz * sh[6, 1] + xz * sh[7, 1] + xx * sh[8, 1]
    blue = np.float32(0.282095) * sh[0, 2] + ay * sh[1, 2] + az * sh[2, 2] + ax * sh[3, 2]
    blue += xy * sh[4, 2] + yz * sh[5, 2] + zz * sh[6, 2] + xz * sh[7, 2] + xx * sh[8, 2]
    none = np.float32(0.0)
    return max(red, none), max(green, none), max(blue, none)


@dataclass(frozen=True)
class Rig:
    """What lights one picture.

    Parameters
    ----------
    key, rim
        Unit directions towards the two lights, shape (3,), in the picture's axes.
    key_colour, rim_colour
        Irradiance over pi that each light gives a surface facing it, shape (3,).
    key_size
        Angular radius of the soft box, radians.
    sh
        Environment as irradiance over pi, spherical-harmonic coefficients of shape (9, 3);
        evaluate with :func:`irradiance`.
    """

    key: Float
    key_colour: Float
    key_size: float
    rim: Float
    rim_colour: Float
    sh: Float


def direction(azimuth: float, elevation: float) -> Float:
    """Unit vector for degrees to the right of the viewer's axis and above it, shape (3,).

    Examples
    --------
    >>> direction(0, 0).tolist()
    [0.0, 0.0, 1.0]
    """
    a, e = math.radians(azimuth), math.radians(elevation)
    return np.array([math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e)], np.float32)


def lobe(towards: Float, colour: Float) -> Float:
    """Irradiance coefficients (9, 3) of a broad light that falls with the cosine from ``towards``.

    Funk-Hecke: a clamped-cosine lobe has the coefficients of the clamped cosine, and its irradiance
    those times the clamped cosine again.  A surface that faces the lobe receives ``colour``.
    """
    zonal = np.array([COSINE[d] ** 2 for d in DEGREE], np.float32)
    basis = harmonics(*(np.float32(v) for v in towards))
    facing = float((zonal * basis * basis).sum())
    return ((zonal * basis)[:, None] * np.asarray(colour, np.float32)[None, :] / facing).astype(
        np.float32
    )


def uniform(colour: Float) -> Float:
    """The same radiance from everywhere, as irradiance coefficients, shape (9, 3)."""
    sh = np.zeros((9, 3), np.float32)
    sh[0] = np.asarray(colour, np.float32) / 0.282095
    return sh


def rig(capture: Capture) -> Rig:
    """The lights of one capture.

    The fill is a large soft source on the other side of the key, the bounce comes warm from below,
    and a weak even light stands for the room.

    Examples
    --------
    >>> from labkit.people.who import Capture
    >>> rig(Capture()).sh.shape
    (9, 3)
    """
    warm = capture.warmth
    key_tint = np.array([1 + 0.10 * warm, 1.0, 1 - 0.14 * warm], np.float32)
    cool = np.array([1 - 0.03 * warm, 1.0, 1 + 0.05 * warm], np.float32)
    key = direction(capture.key_azimuth, capture.key_elevation)
    fill = direction(-0.75 * capture.key_azimuth, 12.0)
    sh = lobe(fill, capture.fill * cool) + uniform(0.16 * capture.fill * cool)
    sh += lobe(direction(0, 80), 0.35 * capture.fill * cool)
    sh += lobe(
        direction(-0.3 * capture.key_azimuth, -65),
        capture.bounce * np.array([1.0, 0.86, 0.72], np.float32),
    )
    side = -1.0 if capture.key_azimuth >= 0 else 1.0
    return Rig(
        key=key,
        key_colour=(capture.key * key_tint).astype(np.float32),
        key_size=math.radians(capture.key_size),
        rim=direction(side * 140, 35),
        rim_colour=(capture.rim * np.array([1.0, 0.97, 0.92], np.float32)).astype(np.float32),
        sh=sh.astype(np.float32),
    )
