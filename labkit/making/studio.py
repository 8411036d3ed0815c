"""All photographs of one person: drawn, stored, decoded again, and described.

In: a :class:`~labkit.making.plans.Plan` and a person.  Out: arrays over tones x photographs x
cameras.  Every template and crop is computed from the picture *as stored* (WebP, decoded again), so
that who opens a shipped picture computes the shipped template.  Sets without pictures go through
the same compression.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.codec import CROP, Picture, decode, encode
from labkit.making.plans import CAMERAS, Plan, at_tone, capture_of, styling_of
from labkit.matchers.align import DlibPipeline, Face, grey_crop
from labkit.people.who import Capture, Person, Styling

SIZE = 160  # pixels


class Studio:
    """The renderer as the maker uses it; tests give a stand-in with the same four methods."""

    def likeness(self, person: Person) -> Any:
        """What no styling changes."""
        from labkit.people.photo.render import Likeness

        return Likeness.of(person)

    def dress(self, likeness: Any, styling: Styling) -> Any:
        """A dressed person."""
        from labkit.people.photo.render import Sitter

        return Sitter.of(likeness, styling)

    def again(self, sitter: Any, person: Person) -> Any:
        """The same sitter with another tone: nothing that was built depends on it."""
        return replace(sitter, likeness=replace(sitter.likeness, person=person))

    def radiance(self, sitter: Any, capture: Capture) -> Any:
        """What reaches the lens."""
        from labkit.people.photo.render import render_radiance

        return render_radiance(sitter, None, capture, SIZE)

    def develop(self, radiance: Any, capture: Capture) -> Picture:
        """The picture of one camera."""
        from labkit.people.photo.camera import develop

        return develop(radiance, capture)


@functools.lru_cache(maxsize=1)
def _dlib() -> DlibPipeline:
    return DlibPipeline()


def photograph(plan: Plan, person: Person, studio: Studio) -> dict[str, NDArray[Any]]:
    """All photographs of one person: arrays over tones x photographs x cameras.

    ``webp`` and ``length`` hold the compressed pictures one after the other, ``ok`` whether a face
    was found, ``template`` (n, 128) NaN where it was not, ``box``, ``points``, ``crop``.
    """
    # Hair is grown once, with the pigment of tone experiments; only the skin is painted anew.
    likeness = studio.likeness(at_tone(person, plan.tones[0]) if plan.tones else person)
    sitters: dict[Styling, Any] = {}
    for photo in range(plan.photos):
        styling = styling_of(person, photo)
        if styling not in sitters:
            sitters[styling] = studio.dress(likeness, styling)
    stored: list[bytes] = []
    for tone in plan.tones or (None,):
        for photo in range(plan.photos):
            sitter, capture = sitters[styling_of(person, photo)], capture_of(person, photo)
            if tone is not None:
                sitter = studio.again(sitter, at_tone(person, tone))
            radiance = studio.radiance(sitter, capture)
            for settings in [CAMERAS[name] for name in plan.cameras] or [{}]:
                stored.append(encode(studio.develop(radiance, capture.with_(**settings))))
    return describe(stored)


def describe(stored: list[bytes]) -> dict[str, NDArray[Any]]:
    """Faces in stored pictures, as arrays; see :func:`photograph`."""
    faces: list[Face | None] = _dlib().many([decode(content) for content in stored])
    n = len(stored)
    out: dict[str, NDArray[Any]] = {
        "webp": np.frombuffer(b"".join(stored), np.uint8),
        "length": np.array([len(content) for content in stored], np.int32),
        "ok": np.array([face is not None for face in faces]),
        "template": np.full((n, 128), np.nan, np.float32),
        "box": np.full((n, 4), -1, np.int16),
        "points": np.full((n, 5, 2), np.nan, np.float32),
        "crop": np.zeros((n, CROP, CROP), np.uint8),
    }
    for k, face in enumerate(faces):
        if face is not None:
            out["template"][k] = face.descriptor
            out["box"][k] = face.box
            out["points"][k] = face.points
            out["crop"][k] = grey_crop(face.chip)
    return out


def pictures_in(result: Mapping[str, NDArray[Any]]) -> list[bytes]:
    """The compressed pictures of a result, one by one."""
    ends = np.cumsum(result["length"])
    data = result["webp"].tobytes()
    return [data[end - n : end] for end, n in zip(ends, result["length"], strict=True)]
