"""A face-surveillance lab at a desk: invented people, a real matcher, honest error rates.

What a notebook needs::

    from labkit import data, matchers, measure, views, check, predict, say

``data`` loads the people, ``matchers`` describes their photographs, ``measure`` counts errors and
says how sure one may be of them, ``views`` shows them; ``check`` judges an answer, ``predict``
keeps a guess, ``say`` prints sentences.  Importing this loads nothing heavy: each is read when it
is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit import data, matchers, measure, published, views
    from labkit.base.words import say
    from labkit.learning import journal
    from labkit.learning.checks import check
    from labkit.learning.journal import predict, result

__version__ = "0.1.0"
__all__ = [
    "check",
    "data",
    "journal",
    "matchers",
    "measure",
    "predict",
    "published",
    "result",
    "say",
    "views",
]

_FROM = {
    "check": "labkit.learning.checks",
    "predict": "labkit.learning.journal",
    "result": "labkit.learning.journal",
    "say": "labkit.base.words",
}
"""Where a name that is no room of its own comes from."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"labkit has no {name!r}; it has {', '.join(__all__)}")
    if name == "journal":
        return importlib.import_module("labkit.learning.journal")
    if name in _FROM:
        return getattr(importlib.import_module(_FROM[name]), name)
    return importlib.import_module(f"labkit.{name}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
