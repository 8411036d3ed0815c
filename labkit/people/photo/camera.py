"""The camera: from the light that reaches the lens to the bytes of a photograph.

In: a :class:`Radiance` (what the renderer hands over: linear light, larger than the picture) and
the settings of one photograph (exposure, noise, blur, compression; a ``Capture`` has them).
Out: an RGB picture of bytes.  A radiance is rendered once and developed as often as wanted.

The steps, in the order light meets them:

1. exposure: one gain for the person, from a meter that knows light and not people;
2. lens: a Gaussian blur, then each pixel gathers the light on its area;
3. sensor: photon noise and read noise (Janesick 2007; EMVA 1288);
4. tone curve: a soft shoulder for the highlights (after Reinhard et al. 2002), sRGB transfer
   (IEC 61966-2-1), a little contrast;
5. compression: JPEG.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import NamedTuple, Protocol

import cv2
import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float32]
Picture = NDArray[np.uint8]

ROOM = 8  # this module's number in every seed sequence

EXPOSURES = ("equal", "natural", "light-metered", "locked")

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Weights of linear Rec. 709 red, green, blue in luminance (ITU-R BT.709)."""

REFERENCE_REFLECTANCE = 0.40
"""Luminance reflectance of the light skin that 'light-metered' expects (CIELAB L* 69.5)."""

FACE_SIGNAL = 0.40
"""Signal that a face of the reference reflectance is given; 1 is white.  Equal to
:data:`REFERENCE_REFLECTANCE`, so that a metered white card reads 1."""

EQUAL_SIGNAL = 0.22
"""Signal that every face is given under 'equal': between what light and deep faces get else."""

NATURAL_EXPONENT = 0.85
"""Share of the difference in reflectance (on a log scale) that 'natural' keeps."""

LOCKED_GAIN = 1.0
"""The gain of 'locked': right for a light of irradiance 1, the renderer's standard rig."""

BACKDROP_GAIN = 1.0
"""The gain of the backdrop, which has lights of its own."""

SATURATION = 4.0
"""Signal at which a pixel is full: two stops above white, for the shoulder to work with."""

FULL_WELL = 12_000.0
"""Electrons in a full pixel, at noise 1: a small camera's pixel (chosen, not fitted)."""

READ_NOISE = 4.0
"""Standard deviation of the read noise in electrons (chosen, not fitted)."""

SHOULDER = 0.6
"""Signal above which highlights are compressed; below it the curve is the identity."""

CONTRAST = 0.3
"""Strength of the S-curve: adds a quarter of this to the slope in the middle of the scale."""

PIVOT = 0.45
"""Display value that the S-curve leaves where it is; darker gets darker, lighter lighter."""

BLUR_SIZE = 160
"""Size of the picture in whose pixels the lens's blur is given."""

CURVE_STEPS = 4096


class CameraSettings(Protocol):
    """What :func:`develop` needs to know of a capture."""

    @property
    def exposure(self) -> str:
        """One of :data:`EXPOSURES`."""

    @property
    def ev(self) -> float:
        """Exposure compensation in stops, for the whole picture; 1 doubles the light."""

    @property
    def blur(self) -> float:
        """Standard deviation of the lens's blur, in pixels of a picture of 160."""

    @property
    def noise(self) -> float:
        """0 for none, 0.3 for a good camera, 1 for a small one indoors, 3 for one in the dark."""

    @property
    def jpeg(self) -> int:
        """JPEG quality 10..99; 100 for no compression."""

    @property
    def seed(self) -> int:
        """Decides the noise, and nothing else decides it."""


@dataclass
class Radiance:
    """Light on its way into the lens, before any camera has had a say.

    All arrays are ``size * ss`` high and wide, float32, linear light, Rec. 709 primaries.

    Parameters
    ----------
    rgb
        The person alone, shape (h, w, 3), already multiplied by ``alpha``.  The unit: a white matte
        surface that receives irradiance E has the value E (no factor of pi).
    alpha
        How much of each pixel the person covers, 0..1, shape (h, w).
    backdrop_rgb
        The backdrop everywhere, not multiplied by ``1 - alpha``, shape (h, w, 3), as it should
        arrive at the sensor: 1 is white.
    skin
        How much of each pixel is skin, 0..1, shape (h, w).
    face
        Weight of the exposure meter, 0 or more, shape (h, w): facial skin, no eyes, lips, hair.
    light_on_face
        Mean luminance of the irradiance on that skin, weighted alike.  With it the meter can tell
        a bright face in dim light from a dark face in bright light.
    size
        Height and width of the finished picture, pixels.
    ss
        Supersampling: pixels of these arrays per pixel of the picture, along one side.
    labels
        Further masks by name, shape (h, w); handed on, not used here.

    Examples
    --------
    >>> radiance = Radiance.flat(reflectance=0.3, size=8)
    >>> radiance.rgb.shape
    (16, 16, 3)
    """

    rgb: Float
    alpha: Float
    backdrop_rgb: Float
    skin: Float
    face: Float
    light_on_face: float
    size: int
    ss: int = 2
    labels: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)

    @classmethod
    def flat(
        cls,
        reflectance: float | tuple[float, float, float] = 0.4,
        light: float = 1.0,
        backdrop: float = 0.3,
        size: int = 160,
        ss: int = 2,
    ) -> Radiance:
        """Make a test chart: a matte disc as the face, before a plain backdrop.

        Parameters
        ----------
        reflectance
            Of the disc, one number or one for each of red, green, blue.
        light
            Irradiance on the disc.
        backdrop
            Signal of the backdrop.
        size, ss
            As in :class:`Radiance`.
        """
        side = size * ss
        y, x = np.mgrid[:side, :side].astype(np.float32) + np.float32(0.5)
        reach = np.hypot(x - side / 2, y - side / 2)
        disc = (reach < 0.35 * side).astype(np.float32)
        colour = np.broadcast_to(np.asarray(reflectance, np.float32) * np.float32(light), (3,))
        return cls(
            rgb=disc[..., None] * colour,
            alpha=disc,
            backdrop_rgb=np.full((side, side, 3), backdrop, np.float32),
            skin=disc,
            face=disc,
            light_on_face=light,
            size=size,
            ss=ss,
        )


class Exposure(NamedTuple):
    """What the meter read and what the camera did about it.

    ``gain`` multiplies the person's radiance and ``backdrop_gain`` the backdrop's, both with the
    exposure compensation in them.  ``face_luminance`` is the mean over the metered skin, and
    ``face_reflectance`` the same divided by the light on it; both are NaN when no facial skin is in
    view.
    """

    gain: float
    backdrop_gain: float
    face_luminance: float
    face_reflectance: float


# ---- exposure -----------------------------------------------------------------------------------


def luminance(rgb: ArrayLike) -> NDArray[np.float64]:
    """Luminance of linear Rec. 709 colours, shape (..., 3) to (...)."""
    return np.asarray(rgb) @ LUMINANCE


@njit(cache=True)
def _weigh(rgb, weight):
    """Sums of weighted red, green, blue and of the weight."""
    red, green, blue, total = 0.0, 0.0, 0.0, 0.0
    for i in range(weight.shape[0]):
        for j in range(weight.shape[1]):
            w = weight[i, j]
            if w > 0:
                red += w * rgb[i, j, 0]
                green += w * rgb[i, j, 1]
                blue += w * rgb[i, j, 2]
                total += w
    return red, green, blue, total


def expose(radiance: Radiance, capture: CameraSettings) -> Exposure:
    """Read the meter and choose the gain.

    The meter reads two things: the mean luminance of the facial skin in view, and the light that
    falls on it.  Their ratio is the face's reflectance as it appears, gloss and shadow included.
    Nobody tells the meter a skin tone.  ``capture.exposure`` says what follows:

    ``'equal'``
        Every face gets the signal :data:`EQUAL_SIGNAL`.  The reference condition of experiments:
        light on the sensor, and so noise, is the same for every tone.
    ``'natural'``
        A portrait that keeps deep skin deep: :data:`FACE_SIGNAL` times the reflectance relative to
        :data:`REFERENCE_REFLECTANCE`, to the power :data:`NATURAL_EXPONENT`.
    ``'light-metered'``
        Set for the light, as if the face in it were light: right for some, too dark for others.
    ``'locked'``
        The gain :data:`LOCKED_GAIN`, whatever the scene.  What differs between two pictures then
        differs in the scene.

    The backdrop stands behind the person, outside their light, with lamps of its own, as in a
    studio.  Its gain is the same in every mode.  Were it exposed with the face, the brightness of
    the wall would tell a matcher the tone of the skin, and behind a deep face it would be white.
    ``capture.ev`` is for the whole picture, since it belongs to the photograph and not the person.

    With no facial skin in view, ``'equal'`` and ``'natural'`` do as ``'light-metered'`` does.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> capture = SimpleNamespace(exposure="equal", ev=0.0)
    >>> expose(Radiance.flat(reflectance=0.1, light=2.0, size=8), capture).gain
    1.1
    """
    if capture.exposure not in EXPOSURES:
        raise ValueError(
            f"exposure {capture.exposure!r} is not one of {', '.join(EXPOSURES)}: choose one"
        )
    light = _positive(radiance.light_on_face, "light_on_face of the radiance")
    red, green, blue, weight = _weigh(_floats(radiance.rgb), _floats(radiance.face))
    seen, reflectance = float("nan"), float("nan")
    mode = capture.exposure
    if weight > 0.5 * radiance.ss**2:
        seen = max(float(LUMINANCE @ (red, green, blue)) / weight, 1e-6)
        reflectance = seen / light
    elif mode in ("equal", "natural"):
        mode = "light-metered"
    if mode == "equal":
        gain = EQUAL_SIGNAL / seen
    elif mode == "natural":
        gain = FACE_SIGNAL * (reflectance / REFERENCE_REFLECTANCE) ** NATURAL_EXPONENT / seen
    elif mode == "light-metered":
        gain = FACE_SIGNAL / (light * REFERENCE_REFLECTANCE)
    else:
        gain = LOCKED_GAIN
    compensation = 2.0 ** _finite(capture.ev, "ev")
    return Exposure(gain * compensation, BACKDROP_GAIN * compensation, seen, reflectance)


# ---- lens and sensor ----------------------------------------------------------------------------


@njit(cache=True)
def _mix(rgb, alpha, backdrop, gain, backdrop_gain):
    """Put the exposed person before the exposed backdrop, shape (h, w, 3)."""
    out = np.empty_like(rgb)
    for i in range(rgb.shape[0]):
        for j in range(rgb.shape[1]):
            behind = backdrop_gain * (np.float32(1) - alpha[i, j])
            for c in range(3):
                value = rgb[i, j, c] * gain + backdrop[i, j, c] * behind
                out[i, j, c] = np.float32(0) if value < 0 else value  # NaN stays, to be found
    return out


def sensor_signal(radiance: Radiance, capture: CameraSettings) -> Float:
    """Light gathered by each pixel, before noise: exposure, lens blur, the area of a pixel.

    Parameters
    ----------
    radiance
        What reaches the lens.
    capture
        ``exposure``, ``ev`` and ``blur`` are used.

    Returns
    -------
    signal
        Linear, shape (size, size, 3); 1 is white, more is possible.

    Raises
    ------
    ValueError
        If the radiance's arrays do not fit together or hold values that are not numbers, or a
        setting is out of range.
    """
    _check_shapes(radiance)
    exposure = expose(radiance, capture)
    light = _mix(
        _floats(radiance.rgb),
        _floats(radiance.alpha),
        _floats(radiance.backdrop_rgb),
        np.float32(exposure.gain),
        np.float32(exposure.backdrop_gain),
    )
    blur = _finite(capture.blur, "blur")
    if blur < 0:
        raise ValueError(f"blur {blur:g} is negative: give pixels of a picture of 160, 0 or more")
    # A lens blurs by a share of the picture, however many pixels the sensor has.
    spread = blur * radiance.size * radiance.ss / BLUR_SIZE
    if spread > 0.1:
        light = cv2.GaussianBlur(light, (0, 0), spread)
    if radiance.ss > 1:
        light = cv2.resize(light, (radiance.size, radiance.size), interpolation=cv2.INTER_AREA)
    if not np.isfinite(light).all():
        bad = int((~np.isfinite(light).all(axis=2)).sum())
        raise ValueError(
            f"the radiance leaves {bad} of {radiance.size**2} pixels without a finite value:"
            " look for a division by zero where it was rendered"
        )
    return np.asarray(light, np.float32)


def noise_variance(signal: ArrayLike, noise: float) -> NDArray[np.float64]:
    """Variance of the sensor's noise at a signal, in squared signal units.

    The photon transfer curve: electrons arrive as a Poisson process, so their variance is their
    number, and reading them out adds a constant (Janesick, Photon Transfer, 2007; EMVA Standard
    1288, linear model).  At noise 1 a signal of 1 is ``FULL_WELL / SATURATION`` = 3,000 electrons.
    Amplification by ``noise**2`` makes the same signal of fewer: that is what a camera does when it
    raises its ISO number in poor light.

    Parameters
    ----------
    signal
        Any shape, 0..:data:`SATURATION`.
    noise
        0 for none; the standard deviation grows about in proportion to it.

    Examples
    --------
    >>> float(noise_variance(1.0, noise=1.0))  # 3,000 + 16 electrons, in units of 3,000 squared
    0.000335
    """
    noise = _finite(noise, "noise")
    if noise < 0:
        raise ValueError(f"noise {noise:g} is negative: 0 is a camera without noise")
    electron = noise**2 * SATURATION / FULL_WELL  # the signal of one electron
    return (
        electron * np.clip(np.asarray(signal, np.float64), 0, SATURATION)
        + (READ_NOISE * electron) ** 2
    )


def add_noise(signal: Float, noise: float, seed: int) -> Float:
    """Draw the sensor's noise; the Poisson law is replaced by a normal one of the same variance.

    Parameters
    ----------
    signal
        Linear, any shape.
    noise
        As for :func:`noise_variance`.
    seed
        The same seed draws the same noise.

    Returns
    -------
    signal
        As read out, same shape; may lie a little below 0.
    """
    slope, floor = noise_variance(np.array([1.0, 0.0]), noise)
    clipped = np.clip(signal, np.float32(0), np.float32(SATURATION))
    if slope == 0:
        return clipped
    if seed < 0:
        raise ValueError(f"seed {seed} is negative: seeds are whole numbers, 0 or more")
    rng = np.random.default_rng(np.random.SeedSequence([ROOM, int(seed)]))
    draw = rng.standard_normal(signal.shape, dtype=np.float32)
    draw *= np.sqrt(clipped * np.float32(slope - floor) + np.float32(floor))
    draw += clipped
    return draw


# ---- tone curve ---------------------------------------------------------------------------------


def srgb_encode(linear: ArrayLike) -> NDArray[np.float64]:
    """Linear light 0..1 to sRGB display values 0..1 (IEC 61966-2-1:1999).

    Examples
    --------
    >>> round(float(srgb_encode(0.18)), 4)
    0.4614
    """
    x = np.clip(np.asarray(linear, np.float64), 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def srgb_decode(display: ArrayLike) -> NDArray[np.float64]:
    """SRGB display values 0..1 to linear light 0..1; the inverse of :func:`srgb_encode`."""
    y = np.clip(np.asarray(display, np.float64), 0, 1)
    return np.where(y <= 0.04045, y / 12.92, ((y + 0.055) / 1.055) ** 2.4)


def tone_map(signal: ArrayLike) -> NDArray[np.float64]:
    """Sensor signal to display value 0..1: shoulder, sRGB transfer, contrast.

    Up to :data:`SHOULDER` the signal is shown in proportion; above it, highlights are compressed by
    the curve of Reinhard, Stark, Shirley and Ferwerda (Photographic tone reproduction for digital
    images, ACM Trans. Graphics 21(3), 2002, eq. 4), joined without a kink, and
    :data:`SATURATION` becomes 1.  Black stays black: nothing is added to the shadows, and the
    S-curve makes them a little deeper, so that deep skin is not greyed.

    Parameters
    ----------
    signal
        Linear, any shape.

    Returns
    -------
    display
        Same shape, 0..1; times 255 these are the bytes.

    Examples
    --------
    >>> [round(float(v), 3) for v in tone_map([0.0, 0.05, 0.4, 1.0, 4.0])]
    [0.0, 0.236, 0.68, 0.919, 1.0]
    """
    x = np.clip(np.asarray(signal, np.float64), 0, SATURATION)
    room = 1 - SHOULDER
    excess = np.maximum(x - SHOULDER, 0) / room
    most = (SATURATION - SHOULDER) / room
    bent = SHOULDER + room * excess * (1 + excess / most**2) / (1 + excess)
    y = srgb_encode(np.where(x <= SHOULDER, x, bent))
    return y + CONTRAST * y * (1 - y) * (y - PIVOT)


# The curve as a table over the square root of the signal, which spends its steps where the eye and
# the bytes do.  Linear between entries; off by less than a fiftieth of a byte.
_CURVE = np.asarray(
    255 * tone_map(SATURATION * np.linspace(0, 1, CURVE_STEPS + 1) ** 2), dtype=np.float32
)
_CURVE.setflags(write=False)


@njit(cache=True)
def _to_bytes(signal, curve, saturation):
    """Look every value up in the curve and round it, same shape, uint8."""
    steps = np.float32(curve.shape[0] - 1)
    scale = np.float32(1) / saturation
    flat = signal.ravel()
    out = np.empty(flat.shape[0], np.uint8)
    for i in range(flat.shape[0]):
        place = np.sqrt(min(max(flat[i] * scale, np.float32(0)), np.float32(1))) * steps
        k = min(np.int64(place), curve.shape[0] - 2)
        rest = place - np.float32(k)
        out[i] = np.uint8(curve[k] + rest * (curve[k + 1] - curve[k]) + np.float32(0.5))
    return out.reshape(signal.shape)


# ---- the photograph -----------------------------------------------------------------------------


def compress(picture: Picture, quality: int) -> Picture:
    """Save a picture as JPEG and read it again.

    Parameters
    ----------
    picture
        RGB bytes, shape (h, w, 3).
    quality
        1..99; 100 leaves the picture as it is.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"JPEG quality {quality} is not in 1..100: 100 means no compression")
    if quality == 100:
        return picture
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, int(quality)]
    )
    if not done:
        raise ValueError(f"OpenCV could not encode a picture of shape {picture.shape} as JPEG")
    return np.asarray(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))


def develop(radiance: Radiance, capture: CameraSettings) -> Picture:
    """Take the photograph.

    Parameters
    ----------
    radiance
        What reaches the lens; not changed.
    capture
        ``exposure``, ``ev``, ``blur``, ``noise``, ``jpeg`` and ``seed`` are used.

    Returns
    -------
    picture
        RGB bytes, shape (size, size, 3).  The same radiance and capture give the same bytes.

    Raises
    ------
    ValueError
        If the radiance's arrays do not fit together or hold values that are not numbers, or a
        setting is out of range.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> capture = SimpleNamespace(exposure="natural", ev=0.0, blur=0.4, noise=1.0, jpeg=90, seed=3)
    >>> develop(Radiance.flat(reflectance=0.2, size=16), capture).shape
    (16, 16, 3)
    """
    signal = add_noise(sensor_signal(radiance, capture), capture.noise, capture.seed)
    return compress(_to_bytes(signal, _CURVE, np.float32(SATURATION)), capture.jpeg)


# ---- refusals -----------------------------------------------------------------------------------


def _floats(array: NDArray[np.generic]) -> Float:
    """The array as the compiled loops want it; a copy only where needed."""
    return np.ascontiguousarray(array, np.float32)


def _finite(value: float, name: str) -> float:
    """Return the number, or say that it is none."""
    if not np.isfinite(value):
        raise ValueError(f"{name} of the capture is {value}: give a finite number")
    return float(value)


def _positive(value: float, name: str) -> float:
    """Return the number, or say that it must be positive."""
    if not (np.isfinite(value) and value > 0):
        raise ValueError(
            f"{name} is {value}: it must be a positive number, or no gain can be found"
        )
    return float(value)


def _check_shapes(radiance: Radiance) -> None:
    """Say which array of a radiance does not have the shape that its size asks for."""
    side = radiance.size * radiance.ss
    if side < 1:
        raise ValueError(
            f"a picture of size {radiance.size} at supersampling {radiance.ss} has no pixels:"
            " both must be 1 or more"
        )
    for item in fields(radiance):
        array = getattr(radiance, item.name)
        if not isinstance(array, np.ndarray):
            continue
        wanted = (side, side, 3) if item.name in ("rgb", "backdrop_rgb") else (side, side)
        if array.shape != wanted:
            raise ValueError(
                f"{item.name} of the radiance has shape {array.shape}, and size {radiance.size} at"
                f" supersampling {radiance.ss} needs {wanted}"
            )
