"""How one photograph is taken: pose, mood, light, exposure and camera.

In: a capture seed.  Out: a :class:`Capture`.  Nobody's face, tone or styling plays a part; backdrop
and shirt come from here, so that they cannot say who is in the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.people.who.draws import With, check_one_of, check_range, check_seed, rounded, stream

EXPOSURES = ("equal", "natural", "light-metered", "locked")
LIGHTS = ("studio", "window", "overhead", "evening", "flat", "side")


@dataclass(frozen=True)
class Capture(With):
    """How one photograph is taken.  The defaults are a calm, friendly studio portrait.

    Parameters
    ----------
    yaw, pitch, roll
        Turn of the head in degrees: to the right of the picture, up, clockwise; +-90, +-60, +-60.
    smile, jaw, squint, blink
        0..1: corners and cheeks lifted, jaw opened, lids narrowed, lids closed.
    brow
        -1 lowered .. 1 raised.
    gaze
        Degrees (x, y) away from the lens, +-30.
    light
        Name of the light, one of :data:`LIGHTS`; a label, the numbers below are what is drawn.
    key_azimuth, key_elevation
        Direction of the key light in degrees: to the right of the lens, above it.
    key_size
        Angular radius of its soft box in degrees, 1..45.
    key, fill, rim, bounce
        Relative strengths, 0..3.
    warmth
        -1 cool .. 1 warm.
    backdrop, shirt
        Seeds; they come from the capture alone.
    exposure
        ``'natural'`` (a portrait that keeps deep skin deep), ``'equal'`` (every face at one
        brightness), ``'light-metered'`` (metered for light skin) or ``'locked'`` (fixed gain).
    ev
        Exposure correction in stops, -4..4.
    noise
        Sensor noise: 0 none, 0.3 a good camera, 1 a poor one; up to 3.
    blur
        Standard deviation in pixels of a 160 px picture, 0..5.
    jpeg
        Quality 5..100; 100 means no compression.
    scale, shift
        Enlargement 0.3..2 and offset (x, y) of the picture in centimetres at the face.
    seed
        Seed of sensor noise.

    Raises
    ------
    ValueError
        For an unknown name or a value out of range.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    smile: float = 0.18
    jaw: float = 0.0
    brow: float = 0.0
    squint: float = 0.06
    blink: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)
    light: str = "studio"
    key_azimuth: float = -37.0
    key_elevation: float = 30.0
    key_size: float = 18.0
    key: float = 1.0
    fill: float = 0.4
    rim: float = 0.35
    bounce: float = 0.16
    warmth: float = 0.25
    backdrop: int = 0
    shirt: int = 0
    exposure: str = "natural"
    ev: float = 0.0
    noise: float = 0.2
    blur: float = 0.0
    jpeg: int = 100
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (low, high) in _CAPTURE_RANGES.items():
            check_range("Capture", name, getattr(self, name), low, high)
        for name, limit in (("gaze", 30.0), ("shift", 10.0)):
            pair = getattr(self, name)
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise ValueError(f"Capture: {name} is {pair!r}: give two numbers (x, y)")
            for value in pair:
                check_range("Capture", name, value, -limit, limit)
        check_one_of("Capture", "light", self.light, LIGHTS)
        check_one_of("Capture", "exposure", self.exposure, EXPOSURES)
        for name in ("backdrop", "shirt", "seed"):
            object.__setattr__(self, name, check_seed(getattr(self, name)))


_CAPTURE_RANGES = {
    "yaw": (-90, 90),
    "pitch": (-60, 60),
    "roll": (-60, 60),
    "smile": (0, 1),
    "jaw": (0, 1),
    "brow": (-1, 1),
    "squint": (0, 1),
    "blink": (0, 1),
    "key_azimuth": (-180, 180),
    "key_elevation": (-90, 90),
    "key_size": (1, 45),
    "key": (0, 3),
    "fill": (0, 3),
    "rim": (0, 3),
    "bounce": (0, 3),
    "warmth": (-1, 1),
    "ev": (-4, 4),
    "noise": (0, 3),
    "blur": (0, 5),
    "jpeg": (5, 100),
    "scale": (0.3, 2),
}

# Name: share among probes, azimuth, elevation, size, fill, warmth, and how far each wanders.
_RIGS = {
    "studio": (0.30, 37, 30, 18, 0.40, 0.25),
    "window": (0.24, 55, 18, 28, 0.42, -0.1),
    "overhead": (0.14, 15, 55, 20, 0.45, 0.15),
    "evening": (0.12, 48, 14, 14, 0.38, 0.8),
    "flat": (0.12, 12, 18, 30, 0.75, 0.0),
    "side": (0.08, 68, 20, 16, 0.34, 0.1),
}


def sample_capture(seed: int, hard: float = 0.0) -> Capture:
    """Draw how one photograph is taken.

    Parameters
    ----------
    seed
        Whole number from 0; alone decides backdrop and shirt.
    hard
        0: an enrolment portrait, calm or warm, looking at the lens under a large soft key.  Above
        0: a probe, whose pose, mood, light, exposure and camera vary more the larger it is; at 1
        yaw has a standard deviation of 10 degrees.  No one is caught with closing eyes.

    Returns
    -------
    Capture

    Raises
    ------
    ValueError
        If ``hard`` is outside 0..1.

    Examples
    --------
    >>> sample_capture(3).gaze
    (0.0, 0.0)
    """
    seed = check_seed(seed)
    check_range("sample_capture", "hard", hard, 0, 1)
    values: dict[str, Any] = {}
    values |= _sample_pose(stream("pose", seed), hard)
    values |= _sample_expression(stream("expression", seed), hard)
    values |= _sample_light(stream("light", seed), hard)
    values |= _sample_camera(stream("camera", seed), hard)
    backdrop, shirt, noise = (int(v) for v in stream("setting", seed).integers(2**31, size=3))
    return Capture(**values, backdrop=backdrop, shirt=shirt, seed=noise)


def _sample_pose(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    z = np.clip(rng.standard_normal(6), -2.2, 2.2)
    return {
        "yaw": round(float(z[0] * (2.5 + 7.5 * hard)), 3),
        "pitch": round(float(z[1] * (1.5 + 3.0 * hard)), 3),
        "roll": round(float(z[2] * (1.2 + 2.3 * hard)), 3),
        "scale": round(float(1.0 + z[3] * 0.02 * (0.5 + hard)), 4),
        "shift": rounded(z[4:6] * 0.3 * (0.3 + hard), 3),
    }


def _sample_expression(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    """Calm or warm at enrolment; probes are calm, smile a little, laugh or think."""
    u = rng.random(6)
    z = np.clip(rng.standard_normal(3), -2, 2)
    mood = ("calm", "smile", "laugh", "thoughtful")[int(np.searchsorted([0.36, 0.70, 0.85], u[0]))]
    gaze = (0.0, 0.0)
    smile, jaw, brow, squint = 0.15 + 0.10 * u[1], 0.0, 0.02 * z[0], 0.06 + 0.06 * u[2]
    if hard > 0:
        gaze = (0.7 * z[1], 0.4 * z[2])
        if mood == "smile":
            smile, jaw, squint = 0.28 + 0.25 * u[1], 0.04 * u[3], 0.1 + 0.1 * u[2]
        elif mood == "laugh":
            smile, jaw, squint = 0.55 + 0.2 * u[1], 0.02 + 0.08 * u[3], 0.2 + 0.2 * u[2]
        elif mood == "thoughtful":
            smile, brow = 0.08 + 0.1 * u[1], 0.14 * z[0]
            aside = min(1.0, 2.0 * hard)
            gaze = (6.0 * aside * z[1], 3.0 * aside * z[2])
    return {
        "smile": round(smile, 3),
        "jaw": round(jaw, 3),
        "brow": round(float(brow), 3),
        "squint": round(squint, 3),
        "blink": 0.0,
        "gaze": rounded(gaze, 2),
    }


def _sample_light(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    u_rig, u_side = rng.random(2)
    z = np.clip(rng.standard_normal(6), -2, 2)
    shares = np.cumsum([r[0] for r in _RIGS.values()])
    name = "studio"
    if hard > 0:
        name = list(_RIGS)[min(int(np.searchsorted(shares / shares[-1], u_rig)), len(_RIGS) - 1)]
    _, azimuth, elevation, size, fill, warmth = _RIGS[name]
    side = 1.0 if u_side < 0.5 else -1.0
    wander = 0.3 + 0.7 * hard
    return {
        "light": name,
        "key_azimuth": round(side * float(azimuth + 6 * z[0] * wander), 2),
        "key_elevation": round(float(elevation + 5 * z[1] * wander), 2),
        "key_size": round(float(size * math.exp(0.12 * z[2] * wander)), 2),
        "key": 1.0,
        "fill": round(float(fill * math.exp(0.14 * z[3] * wander)), 3),
        "rim": round(float(0.35 * math.exp(0.3 * z[4] * wander)), 3),
        "bounce": 0.16,
        "warmth": round(float(np.clip(warmth + 0.15 * z[5] * wander, -1, 1)), 3),
    }


def _sample_camera(rng: np.random.Generator, hard: float) -> dict[str, Any]:
    u = rng.random(3)
    z = float(np.clip(rng.standard_normal(), -2, 2))
    return {
        "exposure": "natural",
        "ev": round(0.28 * z * hard, 3),
        "noise": round(0.15 + hard * 0.7 * float(u[0]), 3),
        "blur": round(hard * 0.8 * float(u[1]) ** 2, 3),
        "jpeg": round(95 - 35 * hard * float(u[2])),
    }
