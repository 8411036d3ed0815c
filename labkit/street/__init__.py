"""Surveillance in the street: crowds, cameras that people walk past, and a city of cameras.

In: pictures of crowds, people who pass, watchlists, galleries.  Out: who is found and who is
missed, who is named at a passage, and what a file of sightings says.

:mod:`~labkit.street.crowd` finds the faces of a crowd with two detectors,
:mod:`~labkit.street.passages` searches everybody who passes a camera in a watchlist,
:mod:`~labkit.street.worn` says what a body-worn camera changes, :mod:`~labkit.street.tracks`
follows people from frame to frame.

:mod:`~labkit.street.make_up` says whom a watchlist takes for somebody else,
:mod:`~labkit.street.review` has people look at five candidates, :mod:`~labkit.street.probes` alters
pictures as police have done.

The city is an illustration::

    from labkit import street

    study = street.Study()
    study.compared()

:mod:`~labkit.street.city` is the city and its two weeks, :mod:`~labkit.street.recognised` the
matcher as measured, :mod:`~labkit.street.followed` what a file says,
:mod:`~labkit.street.dials` the three dials.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.street.city import City, assumed
    from labkit.street.crowd import Crowd, detect, load_crowd, matched
    from labkit.street.dials import Study, assumptions, in_words
    from labkit.street.passages import Passages, load_passages
    from labkit.street.tracks import Walk, load_walk

__all__ = [
    "City",
    "Crowd",
    "Passages",
    "Study",
    "Walk",
    "assumed",
    "assumptions",
    "detect",
    "in_words",
    "load_crowd",
    "load_passages",
    "load_walk",
    "matched",
]

_HOMES = (
    dict.fromkeys(("City", "assumed"), "city")
    | dict.fromkeys(("Study", "assumptions", "in_words"), "dials")
    | dict.fromkeys(("Crowd", "detect", "load_crowd", "matched"), "crowd")
    | dict.fromkeys(("Passages", "load_passages"), "passages")
    | dict.fromkeys(("Walk", "load_walk"), "tracks")
)
"""Where names live; a room loads with the first that needs it."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit.street has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"labkit.street.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
