"""Surveillance in the street: crowds, cameras that people walk past, and what is left out.

In: pictures of crowds and of people who pass, a watchlist.  Out: who is found and who is missed,
alerts counted by passage, with intervals by people.

:mod:`~labkit.street.crowd` finds the faces of a crowd with two detectors,
:mod:`~labkit.street.passages` searches everybody who passes a camera in a watchlist,
:mod:`~labkit.street.worn` says what a body-worn camera changes, and :mod:`~labkit.street.tracks`
follows people from frame to frame.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.street.crowd import Crowd, detect, load_crowd, matched
    from labkit.street.passages import Passages, load_passages
    from labkit.street.tracks import Walk, load_walk

__all__ = [
    "Crowd",
    "Passages",
    "Walk",
    "detect",
    "load_crowd",
    "load_passages",
    "load_walk",
    "matched",
]

_HOMES = (
    dict.fromkeys(("Crowd", "detect", "load_crowd", "matched"), "crowd")
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
