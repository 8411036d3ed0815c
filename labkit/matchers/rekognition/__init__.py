"""Amazon Rekognition, for those who have an account there: outside the offline promise.

In: pictures of invented people (or of real ones, once the consent checklist was answered).  Out:
similarities in percent, as the service gives them.  It gives no templates, so two pictures are
compared by it (:meth:`RekognitionMatcher.compare`), and a gallery is searched by it
(:meth:`RekognitionMatcher.collection`, :class:`labkit.gallery.service.Service`)::

    from labkit.matchers import RekognitionMatcher

    with RekognitionMatcher(region="us-east-1", cache="rekognition", budget=1.0) as vendor:
        found = vendor.compare(faces.pictures[:10], faces.pictures[10:20])

Before anything is sent it says what leaves this computer and what it costs, and it sends nothing
beyond ``budget``.  ``docs/vendor.md`` is the page to read first.

:mod:`~labkit.matchers.rekognition.matcher` is the matcher,
:mod:`~labkit.matchers.rekognition.remote` a gallery that the service holds;
:mod:`~labkit.matchers.rekognition.pictures` refuses pictures that are nobody's business,
:mod:`~labkit.matchers.rekognition.prices` knows what a call costs,
:mod:`~labkit.matchers.rekognition.kept` keeps answers, and
:mod:`~labkit.matchers.rekognition.calls` asks.  The library ``boto3`` (extra ``aws``) loads with
the first call.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.matchers.rekognition.matcher import RekognitionMatcher
    from labkit.matchers.rekognition.pictures import Drawn
    from labkit.matchers.rekognition.prices import PRICES, Estimate, Prices

VENDOR = "Amazon Rekognition"
"""The service, as consent, tables and figures name it."""

_ROOMS = {
    "RekognitionMatcher": "matcher",
    "Drawn": "pictures",
    "PRICES": "prices",
    "Estimate": "prices",
    "Prices": "prices",
}

__all__ = ["PRICES", "VENDOR", "Drawn", "Estimate", "Prices", "RekognitionMatcher"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
