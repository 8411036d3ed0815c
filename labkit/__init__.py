"""A face-surveillance lab at a desk: invented people, a real matcher, honest error rates.

What a notebook needs::

    from labkit import data, matchers, measure, views, check, predict, say

``data`` loads the people, ``matchers`` describes their photographs, ``measure`` counts errors and
says how sure one may be of them, ``experiment`` draws people at levels of one factor, ``views``
shows them; ``check`` judges an answer, ``predict``
keeps a guess, ``say``, ``finding`` and ``limit`` show sentences.  Importing this loads nothing
heavy: each is read when it is first used.  It has the kernel compute on one thread and return what
it frees, as :mod:`labkit.base.threads` and :mod:`labkit.base.memory` say.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from labkit.base.memory import return_freed
from labkit.base.threads import one_thread

if TYPE_CHECKING:
    from labkit import data, experiment, matchers, measure, published, views
    from labkit.learning import check, journal, predict, result
    from labkit.views.callouts import caption, finding, limit, say

__version__ = "0.2.0"
__all__ = [
    "caption",
    "check",
    "data",
    "experiment",
    "finding",
    "journal",
    "limit",
    "matchers",
    "measure",
    "predict",
    "published",
    "result",
    "say",
    "views",
]

_HOMES = dict.fromkeys(("check", "predict", "result"), "learning") | dict.fromkeys(
    ("caption", "finding", "limit", "say"), "views.callouts"
)
"""Where names live that are no rooms of their own."""


one_thread()
return_freed()


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"labkit has no {name!r}; it has {', '.join(__all__)}")
    if name in _HOMES:
        return getattr(importlib.import_module(f"labkit.{_HOMES[name]}"), name)
    room = "learning.journal" if name == "journal" else name
    return importlib.import_module(f"labkit.{room}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
