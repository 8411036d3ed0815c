"""The town's own test asked of a service that gives similarities and no templates.

In: a matcher that sends pictures away, the gallery, and how its photographs are drawn.  Out: what
searches it in :class:`labkit.gallery.council.Trial`, so that every count, test and sentence is the
one that notebook 09 has for the lab's own matchers::

    people = data.gallery()
    with RekognitionMatcher(region="us-east-1", cache="rekognition", budget=30) as vendor:
        service = Service(vendor, people, making.gallery.Recipes(people))
        town = Trial(people, vendor.name, "town", searched_by=service)
        town.council(town.at("C")).table()

Photographs are sent with the number of their row and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from labkit.base.words import _
from labkit.gallery.checks import GalleryError
from labkit.gallery.index import Above, Found, Mates, together
from labkit.gallery.searcher import Rows
from labkit.matchers.rekognition.prices import PER_SECOND, PRICES, Estimate, Prices
from labkit.matchers.rekognition.remote import LISTED

if TYPE_CHECKING:
    from labkit.data import Gallery
    from labkit.matchers.rekognition import RekognitionMatcher
    from labkit.matchers.rekognition.remote import Listed, Remote

SEARCHED = (("dev", 0), ("council", 0), ("council", 1), ("mates", 1))
"""Who is searched for in notebook 09, with which photograph."""


class Photographs(Protocol):
    """Photographs by their row, read or drawn when they are asked for."""

    def __getitem__(self, row: int, /) -> Any:
        """One photograph, or the recipe of one."""


class Service:
    """Makes what searches a gallery, for :class:`labkit.gallery.council.Trial`.

    Parameters
    ----------
    matcher
        Who asks the service, and what may be spent.
    gallery
        From :func:`labkit.data.gallery`.
    photographs
        The photograph of each row, such as ``labkit.making.gallery.Recipes(gallery)``.
    most
        How many people a search returns at most.
    """

    def __init__(
        self,
        matcher: RekognitionMatcher,
        gallery: Gallery,
        photographs: Photographs,
        most: int = LISTED,
    ) -> None:
        self._matcher, self._gallery, self._photographs = matcher, gallery, photographs
        self.most = most
        self._made: dict[bytes, Remote] = {}

    def __repr__(self) -> str:
        return f"Service({self._matcher!r}, {len(self._made)} galleries)"

    def __call__(self, enrolled: Rows) -> SearchedThere:
        """What searches the gallery of these rows; the same collection for the same rows."""
        name = np.asarray(enrolled, np.int64).tobytes()
        if name not in self._made:
            probes = [r for who, photo in SEARCHED for r in self._gallery.rows(who, photo=photo)]
            self._made[name] = self._matcher.collection(
                self._shown(enrolled), [f"row-{row}" for row in enrolled], self._shown(probes)
            )
        return SearchedThere(self._made[name], self._shown, self.most)

    def _shown(self, rows: Any) -> list[Any]:
        return [self._photographs[int(row)] for row in rows]


class SearchedThere:
    """A gallery that the service holds, as :class:`labkit.gallery.searcher.Searcher`.

    Parameters
    ----------
    remote
        The collection.
    shown
        Photographs of rows.
    most
        How many people a search returns at most.

    Notes
    -----
    A list ends after ``most`` people.  Whoever is not in it has no score here: for a threshold
    above the end of the list that changes nothing, and :meth:`above` refuses one below it.
    """

    def __init__(self, remote: Remote, shown: Any, most: int) -> None:
        self._remote, self._shown, self._most = remote, shown, most

    def __repr__(self) -> str:
        return f"SearchedThere({self._remote!r}, lists of {self._most})"

    def _lists(self, rows: Rows) -> list[Listed]:
        return self._remote.search(self._shown(rows), self._most)

    def search(self, rows: Rows, k: int) -> Found:
        """The k most alike of each photograph.

        Raises
        ------
        GalleryError
            For more people than a search returns.
        """
        if not 1 <= k <= self._most:
            words = _("a search returns {most} people, not {k}: make the service with most={k}")
            raise GalleryError(words.format(most=self._most, k=k))
        scores = np.full((len(rows), k), np.nan, np.float32)
        places = np.full((len(rows), k), -1, np.int64)
        for n, one in enumerate(self._lists(rows)):
            few = min(k, len(one.places))
            scores[n, :few], places[n, :few] = one.similarity[:few], one.places[:few]
        return Found(scores, places)

    def above(self, rows: Rows, threshold: float) -> Above:
        """Everybody at or above the threshold.

        Raises
        ------
        GalleryError
            When a list is full before the threshold is reached, so that people would be missing.
        """
        found = []
        for n, one in enumerate(self._lists(rows)):
            passes = one.similarity >= threshold
            if len(one.places) == self._most < len(self._remote) and passes.all():
                words = _(
                    "a search returned {most} people, and the last of them passes the threshold"
                    " {t:.6g} too: make the service with a larger most (up to 4096), which pays"
                    " for the searches again, or raise the threshold"
                )
                raise GalleryError(words.format(most=self._most, t=threshold))
            own = np.full(int(passes.sum()), n, np.int64)
            found.append(Above(own, one.places[passes], one.similarity[passes]))
        return together(found)

    def mate(self, rows: Rows, own: Rows) -> Mates:
        """Score and rank of each photograph's own person; NaN and -1 when not in the list."""
        scores = np.full(len(rows), np.nan, np.float32)
        ranks = np.full(len(rows), -1, np.int64)
        for n, (one, place) in enumerate(zip(self._lists(rows), own, strict=True)):
            at = np.flatnonzero(one.places == place)
            if len(at):
                scores[n] = one.similarity[at[0]]
                ranks[n] = int((one.similarity >= scores[n]).sum())
        return Mates(scores, ranks)


def estimate(
    gallery: Gallery,
    sizes: Sequence[int],
    *,
    prices: Prices = PRICES,
    per_second: float = PER_SECOND,
) -> Estimate:
    """What notebook 09's test costs with the service, without asking anybody.

    Parameters
    ----------
    gallery
        From :func:`labkit.data.gallery`.
    sizes
        How many people are enrolled in each gallery that is searched.
    prices, per_second
        As for :class:`labkit.matchers.RekognitionMatcher`.

    Examples
    --------
    >>> from labkit import data
    >>> round(estimate(data.gallery(), [25_000]).dollars, 2)
    27.17
    """
    searches = sum(len(gallery.rows(who, photo=photo)) for who, photo in SEARCHED)
    calls = {"IndexFaces": sum(sizes), "SearchFacesByImage": searches * len(sizes)}
    return Estimate(calls, 0, prices, per_second)
