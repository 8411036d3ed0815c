"""Who searches a gallery for photographs of its people: stored templates, or a service.

In: photographs, named by their rows.  Out: candidates.  The town's own test
(:mod:`labkit.gallery.council`) asks these three questions and no other, so it is the same test
whoever answers them; :class:`labkit.gallery.service.Service` sends the photographs to somebody who
gives no templates.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from labkit.gallery.index import Above, Exact, Found, Mates

if TYPE_CHECKING:
    from labkit.data import Gallery

Rows = NDArray[np.int64]


class Searcher(Protocol):
    """Who searches a gallery for photographs, which are named by their rows of ``images``.

    What comes out is as of :class:`~labkit.gallery.index.Index`: places among those who are
    enrolled, and scores, larger meaning more alike.
    """

    def search(self, rows: Rows, k: int) -> Found:
        """The k nearest of each photograph."""

    def above(self, rows: Rows, threshold: float) -> Above:
        """Everybody at or above the threshold, for each photograph."""

    def mate(self, rows: Rows, own: Rows) -> Mates:
        """Score and rank of the place that is each photograph's own."""


class Stored:
    """Searches by the templates that are stored.

    Parameters
    ----------
    gallery, matcher
        As for :class:`labkit.gallery.council.Trial`.
    enrolled
        Rows of the portraits that are searched, shape (n,).
    """

    def __init__(self, gallery: Gallery, matcher: str, enrolled: Rows) -> None:
        self._of = functools.partial(gallery.templates, matcher)
        self._index = Exact(self._of(enrolled), gallery.measure(matcher))

    def __repr__(self) -> str:
        return f"Stored({self._index!r})"

    def search(self, rows: Rows, k: int) -> Found:
        """As :class:`Searcher`."""
        return self._index.search(self._of(rows), k)

    def above(self, rows: Rows, threshold: float) -> Above:
        """As :class:`Searcher`."""
        return self._index.above(self._of(rows), threshold)

    def mate(self, rows: Rows, own: Rows) -> Mates:
        """As :class:`Searcher`."""
        return self._index.mate(self._of(rows), own)
