"""Crowds: many people at several distances in one hall, one light and one camera.

In: who stands where (:class:`Stander`), seen by a :class:`Lens`.  Out: a :class:`Scene`, the light
that reaches the lens and what is true of every face in it; :func:`photograph` makes a picture of it
with any :class:`Camera`.  Each person is drawn by the renderer of portraits, at the size that the
lens gives them.  What portraits do not show (trunk, arms, legs, floor) is drawn here, plainly.

Nothing stored in the sets of portraits comes from this module: it is not part of their fingerprint
(:data:`labkit.making.fingerprint.APART`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import median_filter

from labkit.people.body.head import Head
from labkit.people.photo.camera import SATURATION, Radiance, add_noise, compress, tone_map
from labkit.people.photo.crowd_camera import Camera
from labkit.people.photo.light import Rig, irradiance, rig
from labkit.people.photo.render import Sitter, render_radiance
from labkit.people.photo.view import View, view
from labkit.people.who import Capture, Person, Styling, sample_person, sample_styling

Float = NDArray[np.float32]
Picture = NDArray[np.uint8]

ROOM = 45  # this module's number in the seeds

DAY = Capture(
    key_azimuth=-28.0,
    key_elevation=48.0,
    key_size=40.0,
    key=0.75,
    fill=0.62,
    rim=0.12,
    bounce=0.14,
    warmth=0.05,
    light="overhead",
)
"""The light of a hall by day: large, soft and from above; of a capture only its light is used."""

LIGHT = (
    "light",
    "key_azimuth",
    "key_elevation",
    "key_size",
    "key",
    "fill",
    "rim",
    "bounce",
    "warmth",
)
"""What of a capture is its light."""

FRAME = 58.0  # centimetres across the square that a head and its shoulders are drawn in
SMALLEST = 32  # pixels; the least that the renderer of portraits draws
WALL = 38.0  # metres to the far wall of the hall
FLOOR = (0.30, 0.29, 0.275)  # reflectance
TILE = 0.8  # metres of a slab of the floor


@dataclass(frozen=True)
class Lens:
    """Where the camera stands, and how large its picture is.

    Verticals stay upright: the lens is shifted, not tilted.

    Parameters
    ----------
    width, height
        Pixels of the picture.
    focal
        Focal length in pixels: a metre at a distance of ``focal`` metres is one pixel.
    tall
        Metres of the lens above the floor.
    horizon
        Pixels from the top of the picture to the height of the lens.

    Examples
    --------
    >>> lens = Lens()
    >>> x, y = lens.place(0.0, lens.tall, 10.0)
    >>> (x, y) == (lens.width / 2, lens.horizon)
    True
    """

    width: int = 2304
    height: int = 1536
    focal: float = 3700.0
    tall: float = 2.7
    horizon: float = 190.0

    def place(self, x: float, y: float, z: float) -> tuple[float, float]:
        """The pixel of a point ``x`` metres to the right, ``y`` above the floor, ``z`` away."""
        return self.width / 2 + self.focal * x / z, self.horizon + self.focal * (self.tall - y) / z


@dataclass(frozen=True)
class Stander:
    """A person in a crowd.

    Parameters
    ----------
    person, styling
        Who it is and what they wear.
    capture
        Their own pose and expression, and the seed of their shirt; the light is the scene's.  Yaw
        and pitch are their own: 0 looks along the hall, towards the camera's wall.
    x, z
        Metres to the right of the camera's axis, and away from it.
    eyes
        Metres of the eyes above the floor.
    """

    person: Person
    styling: Styling
    capture: Capture
    x: float
    z: float
    eyes: float

    def seen_by(self, lens: Lens) -> Capture:
        """The capture turned as this lens sees it: from above, and from the side."""
        along = math.degrees(math.atan2(self.x, self.z))
        below = math.degrees(math.atan2(lens.tall - self.eyes, self.z))
        yaw = float(np.clip(self.capture.yaw + along, -90, 90))
        return self.capture.with_(
            yaw=yaw, pitch=float(np.clip(self.capture.pitch - below, -60, 60))
        )


@dataclass(frozen=True)
class Face:
    """What is true of one face in a scene, in pixels of the scene.

    Parameters
    ----------
    person
        Seed.
    left, top, right, bottom
        From brow to chin and from cheek to cheek.
    eyes
        Pixels between the eyes of this face if it looked straight into the lens: how large it is.
    hidden
        Share of the face that nearer people or the picture's edge hide, 0..1.
    yaw
        Degrees that the face is turned to the right of the line to the lens.
    distance
        Metres from the lens.
    """

    person: int
    left: float
    top: float
    right: float
    bottom: float
    eyes: float
    hidden: float
    yaw: float
    distance: float


@dataclass(frozen=True)
class Scene:
    """What reaches the lens, and what is true of it.

    Parameters
    ----------
    light
        Linear light, shape (height, width, 3), float32; 1 is a white card in the hall's light.
    faces
        One for each person, in the order in which they were given.
    """

    light: Float
    faces: tuple[Face, ...]


# ---- photographing ------------------------------------------------------------------------------


def photograph(light: Float, camera: Camera) -> Picture:
    """Make a picture of the light that reaches the lens.

    In the order light meets them: the lens (distortion, motion, blur), the sensor (its pixels,
    noise), the tone curve and the compression of :mod:`labkit.people.photo.camera`.

    Parameters
    ----------
    light
        Linear, shape (height, width, 3): a scene's, or a portrait's as
        :func:`labkit.people.photo.camera.sensor_signal` gives it.
    camera
        How.

    Returns
    -------
    picture
        uint8 RGB; the same light and camera give the same bytes.

    Examples
    --------
    >>> photograph(np.full((20, 30, 3), 0.2, np.float32), Camera(pixels=0.5)).shape
    (10, 15, 3)
    """
    out = np.asarray(light, np.float32) * np.float32(2.0**camera.ev)
    if camera.wide:
        out = _distorted(out, camera.wide)
    if camera.motion > 0:
        kernel = _streak(camera.motion, camera.angle)
        out = cv2.filter2D(out, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    if camera.blur > 0.05:
        out = cv2.GaussianBlur(out, (0, 0), camera.blur)
    if camera.pixels < 1:
        size = _sensor(out.shape[1], out.shape[0], camera.pixels)
        out = cv2.resize(out, size, interpolation=cv2.INTER_AREA)
    signal = add_noise(np.asarray(out, np.float32), camera.noise, camera.seed)
    return compress(_bytes(signal), camera.jpeg)


def shown_at(points: ArrayLike, camera: Camera, width: int, height: int) -> NDArray[np.float64]:
    """Where points of a scene stand in a camera's picture.

    Parameters
    ----------
    points
        Pixels (x, y) of the scene, shape (n, 2).
    camera
        Whose picture.
    width, height
        Of the scene, pixels.

    Examples
    --------
    >>> shown_at([[50, 25]], Camera(wide=0.2, pixels=0.5), 100, 50).tolist()
    [[25.0, 12.5]]
    """
    middle = np.array([width / 2, height / 2])
    away = (np.asarray(points, np.float64).reshape(-1, 2) - middle) / (min(width, height) / 2)
    far = np.hypot(away[:, 0], away[:, 1]) * _corner(width, height, camera.wide)
    near = far.copy()
    for _ in range(30):  # Newton's method on near (1 + wide near^2) = far
        value = near * (1 + camera.wide * near**2) - far
        near = near - value / (1 + 3 * camera.wide * near**2)
    share = _corner(width, height, camera.wide) / (1 + camera.wide * near**2)
    across, down = _sensor(width, height, camera.pixels)
    return (middle + away * share[:, None] * min(width, height) / 2) * (
        across / width,
        down / height,
    )


def scene_at(points: ArrayLike, camera: Camera, width: int, height: int) -> NDArray[np.float64]:
    """Where points of a camera's picture stand in the scene; the reverse of :func:`shown_at`.

    Examples
    --------
    >>> there = shown_at([[10.0, 40.0]], Camera(wide=0.2, pixels=0.5), 100, 50)
    >>> scene_at(there, Camera(wide=0.2, pixels=0.5), 100, 50).round(6).tolist()
    [[10.0, 40.0]]
    """
    across, down = _sensor(width, height, camera.pixels)
    middle = np.array([width / 2, height / 2])
    away = np.asarray(points, np.float64).reshape(-1, 2) / (across / width, down / height) - middle
    near = np.hypot(away[:, 0], away[:, 1]) / (min(width, height) / 2)
    grow = (1 + camera.wide * near**2) / _corner(width, height, camera.wide)
    return middle + away * grow[:, None]


def _corner(width: int, height: int, wide: float) -> float:
    """How much nearer to the middle a corner would be drawn, if it did not stay."""
    return 1 + wide * (width**2 + height**2) / min(width, height) ** 2


def _sensor(width: int, height: int, pixels: float) -> tuple[int, int]:
    return max(1, round(width * pixels)), max(1, round(height * pixels))


def _distorted(light: Float, wide: float) -> Float:
    height, width = light.shape[:2]
    reach = min(width, height) / 2
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / reach
    y = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) / reach
    grow = 1 + np.float32(wide) * (x[None, :] ** 2 + y[:, None] ** 2)
    grow /= np.float32(_corner(width, height, wide))
    from_x = x[None, :] * grow * reach + width / 2 - 0.5
    from_y = y[:, None] * grow * reach + height / 2 - 0.5
    return np.asarray(
        cv2.remap(
            light,
            from_x.astype(np.float32),
            from_y.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def _streak(length: float, angle: float) -> Float:
    """A line of light of a length and direction, as a kernel that sums to 1."""
    half = math.ceil(length / 2) + 1
    along = np.linspace(-length / 2, length / 2, 64)
    x, y = along * math.cos(math.radians(angle)), along * math.sin(math.radians(angle))
    grid = np.arange(-half, half + 1)
    weight = (
        np.maximum(0, 1 - np.abs(grid[:, None] - y))
        @ np.maximum(0, 1 - np.abs(grid[:, None] - x)).T
    )
    return np.asarray(weight / weight.sum(), np.float32)


_STEPS = 1 << 14
_CURVE = np.rint(255 * tone_map(SATURATION * np.linspace(0, 1, _STEPS + 1) ** 2)).astype(np.uint8)


def _bytes(signal: Float) -> Picture:
    """The tone curve, looked up over the square root of the signal."""
    share = np.clip(signal * np.float32(1 / SATURATION), 0, 1)
    return np.asarray(_CURVE[np.rint(np.sqrt(share) * _STEPS).astype(np.int32)])


# ---- the scene ----------------------------------------------------------------------------------


def draw(standers: Sequence[Stander], lens: Lens, light: Capture = DAY) -> Scene:
    """Draw a crowd as far as the lens.

    Parameters
    ----------
    standers
        Who stands where.
    lens
        The camera's place.
    light
        The light on all of them.

    Raises
    ------
    ValueError
        When there is nobody, or somebody stands so far away that they cannot be drawn.
    """
    if not standers:
        raise ValueError("the scene is empty: give at least one Stander")
    return compose([figure(one, lens, light) for one in standers], standers, lens)


@dataclass(frozen=True)
class Figure:
    """One person drawn at the size the lens gives them.

    Parameters
    ----------
    rgb, alpha
        Light, multiplied by coverage, and coverage; shapes (h, w, 3) and (h, w).
    face
        Coverage of the face, whoever else may hide it, shape (h, w).
    left, top
        Pixel of the scene where the arrays begin.
    truth
        What is true of the face, before anybody stands in front of it.
    light_on_face
        As in :class:`labkit.people.photo.camera.Radiance`.
    """

    rgb: Float
    alpha: Float
    face: Float
    left: int
    top: int
    truth: Face
    light_on_face: float


def figure(
    stander: Stander, lens: Lens, light: Capture = DAY, sitter: Sitter | None = None
) -> Figure:
    """Draw one person: head and shoulders by the renderer, and the rest of them below.

    Parameters
    ----------
    stander, lens, light
        As for :func:`draw`.
    sitter
        The same person dressed in the same way, when they were dressed before.

    Raises
    ------
    ValueError
        When they stand so far away that they cannot be drawn.
    """
    scale = lens.focal / stander.z / 100  # pixels a centimetre
    side = round(FRAME * scale)
    if side < SMALLEST:
        raise ValueError(
            f"person {stander.person.seed} is {side} pixels wide at {stander.z:g} metres: let"
            " them stand nearer"
        )
    sitter = Sitter.of(stander.person, stander.styling) if sitter is None else sitter
    capture = stander.seen_by(lens).with_(**{name: getattr(light, name) for name in LIGHT})
    plain = view(capture.with_(scale=1.0), 1000, sitter.top, sitter.side)
    capture = capture.with_(scale=float(np.clip(scale * 1000 / plain.scale / side, 0.3, 2)))
    one = render_radiance(sitter, None, capture, side)
    sight = view(capture, side, sitter.top, sitter.side)
    outline, eyes = _marks(sitter.likeness.head, sight)
    x, y = lens.place(stander.x, stander.eyes, stander.z)
    left, top = round(x - float(eyes[:, 0].mean())), round(y - float(eyes[:, 1].mean()))
    rgb, alpha = _smaller(one)
    feet = float(eyes[:, 1].mean()) + stander.eyes * 100 * scale
    rows = int(np.clip(min(math.ceil(feet) + 2, lens.height - top), side, 8 * side))
    rgb, alpha = _whole(rgb, alpha, scale, feet, rows, stander, rig(light))
    face = np.zeros_like(alpha)
    cv2.fillConvexPoly(face, np.rint(outline * 16).astype(np.int32), 1.0, cv2.LINE_AA, 4)
    low, high = outline.min(0) + 0.5, outline.max(0) + 0.5
    apart = sitter.likeness.head.landmarks["eye_l"] - sitter.likeness.head.landmarks["eye_r"]
    truth = Face(
        person=stander.person.seed,
        left=left + float(low[0]),
        top=top + float(low[1]),
        right=left + float(high[0]),
        bottom=top + float(high[1]),
        eyes=float(np.linalg.norm(apart)) * scale,
        hidden=0.0,
        yaw=capture.yaw,
        distance=stander.z,
    )
    return Figure(rgb, alpha, face, left, top, truth, one.light_on_face)


def compose(figures: Sequence[Figure], standers: Sequence[Stander], lens: Lens) -> Scene:
    """Put figures before the hall, the nearest last."""
    order = sorted(range(len(figures)), key=lambda k: (-figures[k].truth.distance, k))
    white = float(np.median([f.light_on_face for f in figures]))
    canvas = hall(standers, lens, white)
    for k in order:
        _over(canvas, figures[k])
    clear = np.ones(canvas.shape[:2], np.float32)
    faces: dict[int, Face] = {}
    for k in reversed(order):
        one = figures[k]
        rows, cols, inner = _inside(one, clear)
        there = one.face[inner]
        seen = float((there * clear[rows, cols]).sum()) / max(float(one.face.sum()), 1e-6)
        clear[rows, cols] *= 1 - one.alpha[inner]
        faces[k] = replace(one.truth, hidden=float(np.clip(1 - seen, 0, 1)))
    light = np.maximum(canvas / np.float32(white), 0)
    return Scene(np.asarray(light, np.float32), tuple(faces[k] for k in range(len(figures))))


def _inside(one: Figure, scene: Float) -> tuple[slice, slice, tuple[slice, slice]]:
    """Rows and columns of the scene that a figure covers, and the same in its own arrays."""
    (height, width), (h, w) = scene.shape[:2], one.alpha.shape
    y0, y1 = max(0, one.top), max(0, one.top, min(height, one.top + h))
    x0, x1 = max(0, one.left), max(0, one.left, min(width, one.left + w))
    inner = (slice(y0 - one.top, y1 - one.top), slice(x0 - one.left, x1 - one.left))
    return slice(y0, y1), slice(x0, x1), inner


def _over(canvas: Float, one: Figure) -> None:
    rows, cols, inner = _inside(one, canvas)
    keep = 1 - one.alpha[inner][..., None]
    canvas[rows, cols] = one.rgb[inner] + keep * canvas[rows, cols]


def _smaller(one: Radiance) -> tuple[Float, Float]:
    """A portrait's light and coverage at the size of the picture."""
    size = (one.size, one.size)
    rgb = cv2.resize(one.rgb, size, interpolation=cv2.INTER_AREA)
    return np.asarray(rgb, np.float32), np.asarray(
        cv2.resize(one.alpha, size, interpolation=cv2.INTER_AREA), np.float32
    )


def _marks(head: Head, sight: View) -> tuple[Float, Float]:
    """The outline of the face and both eyes, pixels of the portrait, shapes (n, 2) and (2, 2)."""
    marks = head.landmarks
    names = ("chin", "jaw_r", "jaw_l", "cheek_r", "cheek_l", "nose_tip", "glabella")
    points = [np.asarray(marks[name], np.float32)[None] for name in names]
    for side in ("r", "l"):
        points.append(np.asarray(marks[f"brow_curve_{side}"], np.float32))
    eyes = np.stack([marks["eye_r"], marks["eye_l"]]).astype(np.float32)
    x, y, _ = sight.project(sight.pose(np.concatenate([*points, eyes])))
    both = np.stack([x, y], 1)
    hull = cv2.convexHull(both[:-2].reshape(-1, 1, 2)).reshape(-1, 2)
    return np.asarray(hull, np.float32), np.asarray(both[-2:], np.float32)


# ---- below the shoulders ------------------------------------------------------------------------

# Heights in centimetres below the hem of the portrait, and widths in half widths of the shoulders.
ARM = (
    (0, 0.85, 0.155),
    (25, 0.90, 0.15),
    (45, 0.90, 0.13),
    (54, 0.89, 0.115),
    (60, 0.88, 0.13),
    (68, 0.86, 0.10),
    (71, 0.85, 0.06),
)  # height, middle, half width
TRUNK = ((0, 0.80), (20, 0.74), (34, 0.73), (44, 0.75))
BELT, CROTCH, WRIST = 36.0, 52.0, 55.0
TROUSERS = ((0.05, 0.055, 0.07), (0.03, 0.03, 0.032), (0.10, 0.085, 0.06), (0.07, 0.09, 0.13))
SHOES = (0.03, 0.027, 0.025)


def _whole(
    rgb: Float, alpha: Float, scale: float, feet: float, rows: int, one: Stander, lamps: Rig
) -> tuple[Float, Float]:
    """A portrait with trunk, arms and legs below it, shapes (rows, w, 3) and (rows, w)."""
    side = alpha.shape[1]
    grown = np.zeros((rows, side, 3), np.float32)
    cover = np.zeros((rows, side), np.float32)
    hem = _hem(alpha, scale)
    if hem is not None:
        grown, cover = _body(rgb, alpha, hem, scale, feet, rows, one, lamps)
        kept = np.arange(side)[:, None] <= np.nan_to_num(hem, nan=side)[None, :] + 1
        rgb, alpha = rgb * kept[..., None], alpha * kept  # tips of collars that hang lower
    grown[:side] = rgb + (1 - alpha)[..., None] * grown[:side]
    cover[:side] = alpha + (1 - alpha) * cover[:side]
    return grown, cover


def _hem(alpha: Float, scale: float) -> Float | None:
    """The last row of each column that the shoulders cover, NaN elsewhere, shape (w,)."""
    covered = alpha > 0.5
    rows = np.flatnonzero(covered.any(1))
    if not len(rows):
        return None
    last = np.where(covered.any(0), alpha.shape[0] - 1 - np.argmax(covered[::-1], 0), -1).astype(
        np.float32
    )
    near = np.flatnonzero(last >= np.percentile(last[last >= 0], 60) - 7 * scale)
    if len(near) < 4:
        return None
    out = np.full(len(last), np.nan, np.float32)
    wide = 2 * max(1, round(3.5 * scale)) + 1
    out[near] = np.minimum(last[near], median_filter(last[near], wide, mode="nearest"))
    return out


@dataclass
class _Dressed:
    """What is drawn below the shoulders: light and coverage so far, and where each pixel lies.

    ``u`` is the place across in half widths of the shoulders, ``y`` centimetres below the hem,
    ``half`` half a width in pixels, ``scale`` pixels a centimetre, ``shade`` the light that is left
    towards the floor.
    """

    u: Float
    y: Float
    half: float
    scale: float
    shade: Float
    lamps: Rig
    rgb: Float
    cover: Float

    def put(self, share: Float, paint: Float) -> None:
        """Lay cloth, skin or leather over what is there."""
        self.rgb = paint * share[..., None] + (1 - share)[..., None] * self.rgb
        self.cover = share + (1 - share) * self.cover

    def within(self, distance: Float) -> Float:
        """1 where a distance, in half widths, is below 0."""
        return _inside_of(distance, 1 / self.half)

    def above(self, height: float) -> Float:
        """1 above a height given in centimetres below the hem."""
        return self.within((self.y - height) / self.half * self.scale)


def _body(
    rgb: Float,
    alpha: Float,
    hem: Float,
    scale: float,
    feet: float,
    rows: int,
    one: Stander,
    lamps: Rig,
) -> tuple[Float, Float]:
    """Trunk, arms and legs, in the colours that the shirt has along its hem."""
    side = alpha.shape[1]
    known = np.flatnonzero(np.isfinite(hem))
    centre, half = (known[0] + known[-1] + 1) / 2, (known[-1] + 1 - known[0]) / 2
    start = float(np.nanmedian(hem))
    rng = np.random.default_rng([ROOM, one.person.seed, one.capture.shirt])
    y = (np.arange(rows, dtype=np.float32)[:, None] - start) / scale
    u = (np.arange(side, dtype=np.float32)[None, :] + 0.5 - centre) / half
    long = (feet - start) / scale
    shade = 1 - 0.42 * _step(y, 0.0, long) - 0.06 * _folds(rng, rows, side, scale)
    nothing = np.zeros((rows, side, 3), np.float32)
    drawn = _Dressed(u, y, half, scale, shade, lamps, nothing, nothing[..., 0].copy())
    _legs(drawn, long, rng)
    cloth = _cloth(rgb, alpha, hem, known, scale)
    wide = _along(y, TRUNK)
    colour = cloth[np.rint((np.clip(u + 0 * y, -1, 1) + 1) / 2 * (len(cloth) - 1)).astype(int)]
    crease = 1 - 0.34 * np.exp(-(((np.abs(u) - wide) / 0.05) ** 2)) * _step(y, 2.0, 14.0)
    colour = colour * (shade * crease)[..., None]
    drawn.put(drawn.within(np.abs(u) - wide) * drawn.above(BELT), colour)
    _arms(drawn, colour, cloth, _skin(rgb, alpha), shade * crease)
    filled = np.where(np.isfinite(hem), hem, np.interp(np.arange(side), known, hem[known]))
    begins = drawn.within((filled[None, :] - 2.0 - np.arange(rows)[:, None]) / half)
    out, cover = drawn.rgb * begins[..., None], drawn.cover * begins
    return out.astype(np.float32), cover.astype(np.float32)


def _legs(drawn: _Dressed, long: float, rng: np.random.Generator) -> None:
    """Two legs, one a little before the other, and shoes."""
    u, y = drawn.u, drawn.y
    cloth = np.asarray(TROUSERS[int(rng.integers(len(TROUSERS)))], np.float32)
    stride = rng.uniform(-1, 1) * 5.0
    for sign in (-1.0, 1.0):
        down = np.clip((y - CROTCH) / max(long - CROTCH, 1.0), 0, 1)
        at, thick = sign * (0.365 - 0.08 * down), 0.375 - 0.185 * np.sqrt(down)
        end = long - 5.5 + sign * stride
        share = drawn.within(np.abs(u - at) - thick) * drawn.above(end)
        share = share * (1 - drawn.above(BELT - 2))
        lit = _lit((u - at) / thick, drawn.lamps)
        back = 0.9 if sign * stride > 0 else 1.0
        drawn.put(share, cloth * lit * (drawn.shade * back)[..., None])
        shoe = np.sqrt(((u - at) / 0.24) ** 2 + ((y - end - 1.5) / 4.5) ** 2)
        leather = np.asarray(SHOES, np.float32) * lit * (drawn.shade * 0.9)[..., None]
        drawn.put(drawn.within((shoe - 1) * 0.24), leather)


def _arms(drawn: _Dressed, colour: Float, cloth: Float, skin: Float, shade: Float) -> None:
    """Two arms that hang, in sleeves, with hands in the colour of the face."""
    u, y = drawn.u, drawn.y
    place, thick = _along(y, [(a, b) for a, b, _ in ARM]), _along(y, [(a, c) for a, _, c in ARM])
    for sign in (-1.0, 1.0):
        away = u - sign * place
        share = drawn.within(np.abs(away) - thick) * drawn.above(70.0 + 1.5 * sign)
        lit = _lit(away / thick, drawn.lamps) / _lit(np.zeros(1, np.float32), drawn.lamps)
        edge = cloth[22 if sign < 0 else -23]
        sleeve = np.where(y[..., None] < WRIST, edge, 0.9 * skin) * lit * shade[..., None]
        blend = _step(y, 0.0, 16.0)[..., None]  # the shoulder's own colours run into the sleeve's
        drawn.put(share, colour * (1 - blend) + sleeve * blend)


def _cloth(rgb: Float, alpha: Float, hem: Float, known: NDArray[np.intp], scale: float) -> Float:
    """The colours along the hem from left to right, shape (128, 3)."""
    reach = max(2, round(2.6 * scale))
    found = []
    for column in known:
        rows = slice(max(0, int(hem[column]) - reach), max(1, int(hem[column])))
        weight = float(alpha[rows, column].sum())
        found.append(rgb[rows, column].sum(0) / max(weight, 1e-3))
    spread = np.array(found, np.float32)
    at = np.linspace(0, len(spread) - 1, 128)
    return _smooth(np.stack([np.interp(at, range(len(spread)), c) for c in spread.T], 1))


def _smooth(colours: NDArray[np.float64]) -> Float:
    """Colours along a line, a little blurred, shape (n, 3)."""
    kernel = np.exp(-((np.arange(-6, 7) / 2.5) ** 2) / 2)
    kernel /= kernel.sum()
    wide = np.pad(colours, ((6, 6), (0, 0)), mode="edge")
    return np.stack([np.convolve(wide[:, c], kernel, "valid") for c in range(3)], 1).astype(
        np.float32
    )


def _skin(rgb: Float, alpha: Float) -> Float:
    """The colour of the middle of the face, which the hands take, shape (3,)."""
    h, w = alpha.shape
    box = np.s_[int(0.40 * h) : int(0.62 * h), int(0.44 * w) : int(0.56 * w)]
    weight = float(alpha[box].sum())
    return np.asarray(rgb[box].sum((0, 1)) / max(weight, 1e-3), np.float32)


def _lit(across: Any, lamps: Rig) -> Any:
    """Light on an upright cylinder at -1..1 across it, shape (..., 3)."""
    at = np.linspace(-1, 1, 33).astype(np.float32)
    table = np.empty((33, 3), np.float32)
    for k, x in enumerate(at):
        z = np.float32(math.sqrt(max(1 - float(x) ** 2, 0.0)))
        around = irradiance(lamps.sh, x, np.float32(0), z)
        facing = max(float(x * lamps.key[0] + z * lamps.key[2]), 0.0)
        table[k] = np.array(around, np.float32) + facing * lamps.key_colour
    place = np.clip((across + 1) * 16, 0, 32)
    return table[np.rint(place).astype(np.int32)]


def _along(y: Float, knots: Sequence[tuple[float, float]]) -> Float:
    return np.asarray(np.interp(y, [a for a, _ in knots], [b for _, b in knots]), np.float32)


def _inside_of(distance: ArrayLike, soft: float) -> Float:
    """1 where a signed distance is below 0, with an edge of one pixel."""
    return np.clip(0.5 - np.asarray(distance, np.float32) / np.float32(soft), 0, 1)


def _step(value: Float, low: float, high: float) -> Float:
    t = np.clip((value - np.float32(low)) / np.float32(max(high - low, 1e-6)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _folds(rng: np.random.Generator, rows: int, side: int, scale: float) -> Float:
    """Soft waves of cloth, about 0 on average, shape (rows, side)."""
    cells = max(2, round(rows / scale / 22)), max(2, round(side / scale / 7))
    noise = rng.standard_normal(cells).astype(np.float32)
    return np.asarray(cv2.resize(noise, (side, rows), interpolation=cv2.INTER_CUBIC), np.float32)


# ---- the hall -----------------------------------------------------------------------------------


def hall(standers: Sequence[Stander], lens: Lens, white: float = 1.0) -> Float:
    """A plain hall: slabs on the floor, a far wall with doors; shadows below everybody.

    Parameters
    ----------
    standers
        Who casts a shadow on the floor.
    lens
        The camera's place.
    white
        Light of a white card in the hall.

    Returns
    -------
    light
        Shape (height, width, 3), float32.
    """
    rows = np.arange(lens.height, dtype=np.float32) + np.float32(0.5) - np.float32(lens.horizon)
    columns = np.arange(lens.width, dtype=np.float32) + np.float32(0.5) - lens.width / 2
    foot = lens.focal * lens.tall / WALL
    out = _wall(columns, rows, lens)
    floor = rows >= foot
    if floor.any():
        out[floor] = _floor(columns, rows[floor], lens, standers)
    edge = np.clip((rows - foot) / 26, -1, 0)[:, None, None]
    out *= np.where(rows[:, None, None] < foot, 1 - 0.25 * np.exp(edge * 3), 1)
    return np.asarray(out * np.float32(white), np.float32)


def _wall(columns: Float, rows: Float, lens: Lens) -> Float:
    """The far wall, out of focus: piers, dark doors with bars, a lintel, a light band above."""
    x = columns * WALL / lens.focal
    y = lens.tall - rows * WALL / lens.focal
    bay = np.abs((x + 1.7) % 4.4 - 2.2)[None, :]
    y = y[:, None]
    door = _inside_of(bay - 1.45, 0.03) * _inside_of(y - 2.75, 0.03)
    window = _inside_of(bay - 1.45, 0.03) * _inside_of(np.abs(y - 3.75) - 0.55, 0.03)
    bars = _inside_of(np.abs((x + 0.48) % 0.97 - 0.485)[None, :] - 0.05, 0.02)
    number = np.floor((x + 1.7) / 4.4).astype(int)
    tint = np.random.default_rng([ROOM, 1]).uniform(0.75, 1.25, 64)[number % 64].astype(np.float32)
    value = np.broadcast_to(0.44 + 0.02 * y, (len(rows), len(columns))).astype(np.float32)
    value = value - 0.05 * np.exp(-(((bay - 2.0) / 0.12) ** 2))
    behind = (0.16 + 0.05 * y) * tint[None, :]
    value = value * (1 - door) + door * (behind * (1 - bars) + 0.30 * bars)
    value = value * (1 - window) + window * (0.85 * (1 - bars) + 0.5 * bars)
    out = value[..., None] * np.array([1.02, 1.0, 0.965], np.float32)
    return np.asarray(cv2.GaussianBlur(out.astype(np.float32), (0, 0), 3.5), np.float32)


def _floor(columns: Float, rows: Float, lens: Lens, standers: Sequence[Stander]) -> Float:
    """Slabs with joints, as much of each as a pixel sees; shadows where people stand."""
    z = (lens.focal * lens.tall / rows)[:, None]
    x = columns[None, :] * z / lens.focal
    deep, across = z * z / (lens.focal * lens.tall), z / lens.focal
    joint = 1 - (1 - _covered(x, across)) * (1 - _covered(z, deep))
    number = (np.floor(x / TILE) * 7919 + np.floor(z / TILE) * 104729).astype(np.int64)
    shades = np.random.default_rng([ROOM, 2]).normal(0, 0.035, 997).astype(np.float32)
    value = (1 + shades[number % 997] * np.clip(1.5 - deep / TILE, 0, 1)) * (1 - 0.30 * joint)
    value = value * (1 - 0.20 * _step(z, 8.0, WALL)) + 0.16 * _step(z, 12.0, WALL)
    dark = np.ones_like(value, dtype=np.float32)
    for one in standers:
        near = np.flatnonzero(np.abs(z[:, 0] - one.z) < 1.6)
        if not len(near):
            continue
        band = slice(int(near[0]), int(near[-1]) + 1)
        middle = lens.width / 2 + lens.focal * one.x / one.z
        reach = 1.8 * lens.focal / one.z
        span = slice(max(0, int(middle - reach)), max(0, min(lens.width, int(middle + reach))))
        away = (x[band, span] - one.x) ** 2 + (z[band] - one.z) ** 2
        dark[band, span] *= 1 - 0.50 * np.exp(-away / 0.06) - 0.22 * np.exp(-away / 0.5)
    return np.asarray((value * dark)[..., None] * np.asarray(FLOOR, np.float32), np.float32)


def _covered(at: Any, footprint: Any, width: float = 0.018) -> Any:
    """Share of a footprint that joints cover: the mean of a wave over the pixel."""

    def total(t: Any) -> Any:
        whole = np.floor(t / TILE)
        return np.asarray(whole * width + np.minimum(t - whole * TILE, width), np.float32)

    low, high = at - footprint / 2, at + footprint / 2
    return np.clip((total(high) - total(low)) / footprint, 0, 1)


# ---- who stands where ---------------------------------------------------------------------------


def arranged(
    seed: int,
    people: Sequence[int],
    lens: Lens,
    nearest: float = 4.3,
    farthest: float = 27.0,
    apart: float = 0.62,
) -> list[Stander]:
    """People by lot over a hall, most of them looking about ahead.

    Parameters
    ----------
    seed
        Decides where they stand and how they look; who they are is given.
    people
        Seeds of people.
    lens
        The camera: everybody's head is in its picture.
    nearest, farthest
        Metres between which they stand, at any distance equally likely.
    apart
        Least distance between two of them in metres.

    Raises
    ------
    ValueError
        When so many people do not fit.

    Examples
    --------
    >>> crowd = arranged(1, [2_500_000, 2_500_001], Lens())
    >>> all(4.3 <= one.z <= 27 for one in crowd)
    True
    """
    rng = np.random.default_rng([ROOM, 3, seed])
    places: list[tuple[float, float]] = []
    tries = 0
    while len(places) < len(people):
        tries += 1
        if tries > 2000 * len(people):
            raise ValueError(
                f"{len(people)} people do not fit between {nearest:g} and {farthest:g} metres:"
                " give fewer, or let them stand nearer to each other"
            )
        z = float(rng.uniform(nearest, farthest))
        reach = 0.94 * lens.width / 2 * z / lens.focal
        x = float(rng.uniform(-reach, reach))
        if all(math.hypot(x - a, z - b) >= apart for a, b in places):
            places.append((x, z))
    return [_stander(seed, who, x, z) for who, (x, z) in zip(people, places, strict=True)]


def _stander(seed: int, who: int, x: float, z: float) -> Stander:
    person = sample_person(who)
    rng = np.random.default_rng([ROOM, 4, seed, who])
    u = rng.random(4)
    wander = np.clip(rng.standard_normal(6), -2.2, 2.2)
    spread = 9.0 if u[0] < 0.6 else 30.0  # most look ahead; others at who or what is beside them
    capture = Capture(
        yaw=float(np.clip(spread * wander[0], -75, 75)),
        pitch=float(3.0 + 4.0 * wander[1]),
        roll=float(2.5 * wander[2]),
        smile=float(0.12 + 0.4 * u[1] ** 2),
        jaw=float(0.12 * max(0.0, u[2] - 0.7)),
        gaze=(float(6 * wander[3]), float(-3 + 2 * wander[4])),
        shirt=int(rng.integers(2**31)),
        seed=int(rng.integers(2**31)),
    )
    styling = sample_styling(int(rng.integers(2**31)), person)
    return Stander(person, styling, capture, x, z, float(1.56 + 0.075 * wander[5]))
