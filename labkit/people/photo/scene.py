"""Several people in one picture.

In: places (who, dressed how, photographed how, where in the picture and how large).  Out: one
:class:`~labkit.people.photo.camera.Radiance` for one camera to develop, and where each face is.
Nearer people hide those behind them; everyone stands in the same light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from labkit.people.photo.backdrop import backdrop
from labkit.people.photo.camera import Radiance
from labkit.people.photo.render import Likeness, Sitter, render_radiance
from labkit.people.photo.view import view
from labkit.people.who import Capture, Person, Styling

Float = NDArray[np.float32]

SHARED = (
    "key_azimuth",
    "key_elevation",
    "key_size",
    "key",
    "fill",
    "rim",
    "bounce",
    "warmth",
    "exposure",
    "ev",
    "noise",
    "blur",
    "jpeg",
    "backdrop",
    "seed",
)


@dataclass(frozen=True)
class Place:
    """One person's place in a scene.

    Parameters
    ----------
    person, styling
        Who it is and what they wear; styling is ``None`` when ``person`` is a dressed Sitter.
    capture
        Their own pose and expression; light and camera come from the scene.
    x, y
        Where the middle of their portrait frame stands, 0..1 from the left and the top.
    height
        Side of their portrait frame as a share of the picture's side, above 0.
    """

    person: Person | Likeness | Sitter
    styling: Styling | None
    capture: Capture
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class FaceBox:
    """Where a face was drawn, in pixels of the finished picture: what a detector should find.

    ``eyes`` is the distance between the eyes, ``seen`` the share not hidden by others.
    """

    left: float
    top: float
    right: float
    bottom: float
    eyes: float
    seen: float


def compose(
    places: Sequence[Place], camera: Capture, size: int = 640
) -> tuple[Radiance, list[FaceBox]]:
    """Photograph several people together, as far as the lens.

    Parameters
    ----------
    places
        Who stands where; larger frames are nearer and are drawn last.
    camera
        Light, exposure and backdrop of the whole scene.
    size
        Side of the finished picture, pixels.

    Returns
    -------
    Radiance
        To be developed by one camera.
    list of FaceBox
        In the order of ``places``.

    Raises
    ------
    ValueError
        When there is nobody, or somebody's frame is smaller than 16 pixels.

    Examples
    --------
    >>> from labkit.people.who import sample_person, sample_styling
    >>> a = sample_person(1)
    >>> place = Place(a, sample_styling(1, a), Capture(), 0.5, 0.5, 0.6)
    >>> radiance, boxes = compose([place], Capture(), 128)
    >>> len(boxes)
    1
    """
    if not places:
        raise ValueError("the scene is empty: give at least one Place")
    side = size * 2
    canvas = _Canvas.empty(side)
    boxes: dict[int, FaceBox] = {}
    layers: dict[int, tuple[slice, slice, Float]] = {}
    for k in sorted(range(len(places)), key=lambda n: places[n].height):
        spot = places[k]
        pixels = round(spot.height * size)
        if pixels < 16:
            raise ValueError(
                f"place {k} is {pixels} pixels high: give a height of at least {16 / size:.3f}"
            )
        capture = spot.capture.with_(**{name: getattr(camera, name) for name in SHARED})
        one = render_radiance(spot.person, spot.styling, capture, max(32, pixels))
        left, top = round(spot.x * side - pixels), round(spot.y * side - pixels)
        where = canvas.paste(one, left, top, 2 * pixels)
        layers[k] = (*where[:2], where[2])
        boxes[k] = _box(capture, pixels, left / 2, top / 2)
    finished = canvas.radiance(backdrop(camera.backdrop, side), size)
    return finished, [_with_seen(boxes[k], places, layers, k, side) for k in range(len(places))]


@dataclass
class _Canvas:
    """The layers of a picture in the making, all at twice its size."""

    rgb: Float
    alpha: Float
    skin: Float
    face: Float
    light: float
    weight: float

    @classmethod
    def empty(cls, side: int) -> _Canvas:
        plane = np.zeros((side, side), np.float32)
        return cls(
            np.zeros((side, side, 3), np.float32),
            plane.copy(),
            plane.copy(),
            plane.copy(),
            0.0,
            0.0,
        )

    def paste(self, one: Radiance, left: int, top: int, side: int) -> tuple[slice, slice, Float]:
        """Put a portrait over what is there; returns the rows, columns and coverage it took."""

        def fit(layer: Float) -> Float:
            if layer.shape[0] == side:
                return layer
            return np.asarray(
                cv2.resize(layer, (side, side), interpolation=cv2.INTER_AREA), np.float32
            )

        full = self.alpha.shape[0]
        y0, y1 = max(0, top), min(full, top + side)
        x0, x1 = max(0, left), min(full, left + side)
        rows, cols = slice(y0, max(y0, y1)), slice(x0, max(x0, x1))
        inner = (slice(y0 - top, max(y0, y1) - top), slice(x0 - left, max(x0, x1) - left))
        alpha = fit(one.alpha)[inner]
        keep = 1 - alpha
        self.rgb[rows, cols] = fit(one.rgb)[inner] + keep[..., None] * self.rgb[rows, cols]
        self.alpha[rows, cols] = alpha + keep * self.alpha[rows, cols]
        for name in ("skin", "face"):
            layer = getattr(self, name)
            layer[rows, cols] = fit(getattr(one, name))[inner] + keep * layer[rows, cols]
        weight = float(one.face.sum()) * (side / one.face.shape[0]) ** 2
        self.light += weight * one.light_on_face
        self.weight += weight
        return rows, cols, alpha

    def radiance(self, behind: Float, size: int) -> Radiance:
        """The finished layers before one backdrop."""
        light = self.light / self.weight if self.weight > 0 else 1.0
        return Radiance(
            rgb=self.rgb,
            alpha=self.alpha,
            backdrop_rgb=behind,
            skin=self.skin,
            face=self.face,
            light_on_face=light,
            size=size,
            ss=2,
            labels={},
        )


def _box(capture: Capture, pixels: int, left: float, top: float) -> FaceBox:
    """Brow to chin and ear to ear of a mean head, projected."""
    sight = view(capture, pixels)
    corners = np.array([[-6.8, 3.5, 5], [6.8, 3.5, 5], [-5.5, -11, 6], [5.5, -11, 6]], np.float32)
    px, py, _ = sight.project(sight.pose(corners))
    eyes = np.array([[-3.15, 0, 7.8], [3.15, 0, 7.8]], np.float32)
    ex, ey, _ = sight.project(sight.pose(eyes))
    apart = float(np.hypot(ex[1] - ex[0], ey[1] - ey[0]))
    return FaceBox(
        left + float(px.min()),
        top + float(py.min()),
        left + float(px.max()),
        top + float(py.max()),
        apart,
        1.0,
    )


def _with_seen(
    box: FaceBox,
    places: Sequence[Place],
    layers: dict[int, tuple[slice, slice, Float]],
    k: int,
    side: int,
) -> FaceBox:
    """The box with the share of the person that nearer people leave to be seen."""
    rows, cols, alpha = layers[k]
    left = alpha.copy()
    for n, (r, c, over) in layers.items():
        nearer = (places[n].height, n) > (places[k].height, k)
        if n == k or not nearer:
            continue
        sheet = np.zeros((side, side), np.float32)
        sheet[r, c] = over
        left *= 1 - sheet[rows, cols]
    total = float(alpha.sum())
    return FaceBox(
        box.left, box.top, box.right, box.bottom, box.eyes, float(left.sum()) / max(total, 1e-6)
    )
