"""The street: crowds, passages past cameras, and what is done with the lists that searches give.

In: invented people, the gallery, matchers.  Out: who is found, who is named, and how often wrongly.
:mod:`~labkit.street.review`: a person looks at five candidates; :mod:`~labkit.street.probes`:
pictures as police have altered them before a search.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.street.probes import probes
    from labkit.street.review import Review, review

__all__ = ["Review", "probes", "review"]

_HOMES = dict.fromkeys(("Review", "review"), "review") | {"probes": "probes"}
"""Where names live; what is heavy loads with the first name that needs it."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit.street has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"labkit.street.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
