"""Crowds, and a city of cameras: invented people who pass cameras, and what a matcher makes of it.

In: people and cameras.  Out: who is named at a passage, and what a file of sightings says.  The
city is an illustration::

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
    from labkit.street.dials import Study, assumptions, in_words

__all__ = ["City", "Study", "assumed", "assumptions", "in_words"]

_HOMES = dict.fromkeys(("City", "assumed"), "city") | dict.fromkeys(
    ("Study", "assumptions", "in_words"), "dials"
)
"""Where names live; a part loads with the first that needs it."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit.street has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"labkit.street.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
