"""Face matchers: from pictures to descriptors (templates).

In: photographs, or aligned grey crops.  Out: one row of numbers for each, shape (n, d), float32,
NaN where there was no face.  They are used alike (:class:`Matcher`: ``fit``, ``transform``,
``measure``): :class:`DeepFaceMatcher`, :class:`SFaceMatcher`, :class:`NetworkMatcher`,
:class:`Eigenfaces` and :class:`Fisherfaces`.  One more stands apart: :class:`RekognitionMatcher`
asks a vendor's service, which needs a network and an account and gives no templates.

One after the other, and of any of them what it makes of a bundled set of people::

    for entry in matchers.offline():
        pairs = measure.all_pairs(entry.templates(faces), faces.of("person"), entry.measure)

:func:`get` finds one by its name; :data:`MATCHERS` holds them all.

Heavy libraries load on first use; importing this package loads none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.base.pictures import PictureError, read_picture
    from labkit.matchers.deepface import DeepFaceMatcher
    from labkit.matchers.describing import Described, Found, MatcherError
    from labkit.matchers.network import NetworkMatcher
    from labkit.matchers.pixel import Eigenfaces, Fisherfaces
    from labkit.matchers.registry import MATCHERS, Entry, Matcher, get, offline
    from labkit.matchers.rekognition import RekognitionMatcher
    from labkit.matchers.sface import SFaceMatcher

_ROOMS = {
    "DeepFaceMatcher": "deepface",
    "Described": "describing",
    "Found": "describing",
    "MatcherError": "describing",
    "NetworkMatcher": "network",
    "PictureError": "labkit.base.pictures",
    "read_picture": "labkit.base.pictures",
    "Eigenfaces": "pixel",
    "Fisherfaces": "pixel",
    "Entry": "registry",
    "MATCHERS": "registry",
    "Matcher": "registry",
    "get": "registry",
    "offline": "registry",
    "RekognitionMatcher": "rekognition",
    "SFaceMatcher": "sface",
}

__all__ = [
    "MATCHERS",
    "DeepFaceMatcher",
    "Described",
    "Eigenfaces",
    "Entry",
    "Fisherfaces",
    "Found",
    "Matcher",
    "MatcherError",
    "NetworkMatcher",
    "PictureError",
    "RekognitionMatcher",
    "SFaceMatcher",
    "get",
    "offline",
    "read_picture",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = _ROOMS[name]
    return getattr(importlib.import_module(room if "." in room else f"{__name__}.{room}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
