"""A gallery of faces: who is in it, who was searched for in it, by whom and why.

In: templates, or photographs and a matcher that describes them.  Out: candidates, with the number
of false ones to expect, and a line in the gallery's log for every search::

    from labkit import gallery

    anytown = gallery.Collection.create("anytown.gallery", matcher="dlib")
    anytown.index_images(pictures, ids)
    answer = anytown.search_image(picture, by="me", why="notebook 08", threshold=chosen)
    answer.read()

:mod:`~labkit.gallery.collection` is the gallery, :mod:`~labkit.gallery.ledger` its log, and
:mod:`~labkit.gallery.vendor` shows both in the words and within the limits of one vendor.
:mod:`~labkit.gallery.index` searches: :class:`Exact` compares with everybody; :mod:`faiss
<labkit.gallery.faiss>` and :mod:`~labkit.gallery.shards` (several computers) answer alike.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.gallery.answers import Answer, Candidate, Measured, Outcomes
    from labkit.gallery.checks import GalleryError
    from labkit.gallery.codes import Codes
    from labkit.gallery.collection import Collection
    from labkit.gallery.costs import Cost, cost, needs
    from labkit.gallery.faiss import Faiss
    from labkit.gallery.index import Above, Exact, Found, Index, Mates
    from labkit.gallery.ledger import Line, Verdict
    from labkit.gallery.nested import Nested, Searched, searched
    from labkit.gallery.shards import Shards, ShardsMissing

__all__ = [
    "Above",
    "Answer",
    "Candidate",
    "Codes",
    "Collection",
    "Cost",
    "Exact",
    "Faiss",
    "Found",
    "GalleryError",
    "Index",
    "Line",
    "Mates",
    "Measured",
    "Nested",
    "Outcomes",
    "Searched",
    "Shards",
    "ShardsMissing",
    "Verdict",
    "cost",
    "needs",
    "searched",
]

_HOMES = (
    dict.fromkeys(("Answer", "Candidate", "Measured", "Outcomes"), "answers")
    | {"GalleryError": "checks", "Collection": "collection", "Codes": "codes", "Faiss": "faiss"}
    | dict.fromkeys(("Cost", "cost", "needs"), "costs")
    | dict.fromkeys(("Above", "Exact", "Found", "Index", "Mates"), "index")
    | dict.fromkeys(("Line", "Verdict"), "ledger")
    | dict.fromkeys(("Nested", "Searched", "searched"), "nested")
    | dict.fromkeys(("Shards", "ShardsMissing"), "shards")
)
"""Where names live; a room loads with the first that needs it."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"labkit.gallery has no {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"labkit.gallery.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
