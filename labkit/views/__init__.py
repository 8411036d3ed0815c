"""What a number looks like: figures, and explorers that compute in the browser.

In: scores, tables, pictures.  Out: ``views.show(*views.plots.scores(pairs))`` puts a figure into a
notebook, ``views.table(frame)`` is a table at any width, ``views.explorers.threshold(pairs)`` is a
widget.  Each is read when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.published.listed import readable as table
    from labkit.views import explorers, identity, plots
    from labkit.views.callouts import callout, caption, finding, limit, say
    from labkit.views.plots.showing import show

__all__ = [
    "callout",
    "caption",
    "explorers",
    "finding",
    "identity",
    "limit",
    "plots",
    "say",
    "show",
    "table",
]

_CALLOUTS = ("callout", "caption", "finding", "limit", "say")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"labkit.views has no {name!r}; it has {', '.join(__all__)}")
    if name in _CALLOUTS:
        return getattr(importlib.import_module("labkit.views.callouts"), name)
    if name == "show":
        return importlib.import_module("labkit.views.plots").show
    if name == "table":
        return importlib.import_module("labkit.published.listed").readable
    return importlib.import_module(f"labkit.views.{name}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
