"""The town's own test: people who are in no gallery are searched in one, and some are matched.

In: the gallery of invented people, a matcher, a make-up.  Out: operating points named by what they
cost, members falsely matched by band with an exact test, false candidates counted by who was
searched and who was found, and what is expected of a gallery of another make-up.

Everybody here is searched once, so each member counts once.  Thresholds are chosen on ``dev``, on
people who are enrolled nowhere, by the share of searches that return somebody.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import N_, _
from labkit.data import GALLERY_SIZE, ORDERS
from labkit.gallery.sealed import STORED
from labkit.gallery.searcher import Searcher, Stored
from labkit.matchers.rekognition import VENDOR
from labkit.measure import searches
from labkit.measure.intervals import Interval

if TYPE_CHECKING:
    import pandas as pd

    from labkit.data import Gallery

BANDS = ORDERS["tone_band"]
LIGHTER, DARKER = BANDS[0], BANDS[-1]

POINTS = {"A": 0.5, "B": 0.1, "C": 0.05}
"""Operating points by their cost: the share of searches for people enrolled nowhere that return
somebody all the same."""

NAMES = {
    "dlib": N_("dlib 2017"),
    "SFace": N_("SFace 2021"),
}
"""Matchers as the stamp in a figure names them."""

LIST = 5
"""Candidates of a search that are kept."""

REPLICATES = 1000
"""How often searched people and enrolled people are drawn again."""

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


def stamp(*matchers: str) -> str:
    """What stands in every figure: which matcher this is, and which it is not.

    Examples
    --------
    >>> stamp("dlib")
    'matcher: dlib 2017 on invented faces, not Rekognition'
    >>> stamp("one", "two")
    'matchers: networks trained here, on invented faces, not Rekognition'
    >>> stamp("Amazon Rekognition")
    'matcher: Amazon Rekognition on invented faces'
    """
    names = list(dict.fromkeys(_(NAMES[m]) if m in NAMES else m for m in matchers))
    if set(matchers) <= set(STORED):
        return _("matchers: networks trained here, on invented faces, not Rekognition")
    if names == [VENDOR]:
        return _("matcher: {name} on invented faces").format(name=VENDOR)
    if VENDOR in names:
        return _("matchers: {names}, on invented faces").format(names=_(" and ").join(names))
    if len(names) == 1:
        return _("matcher: {name} on invented faces, not Rekognition").format(name=names[0])
    return _("matchers: {names}, on invented faces, not Rekognition").format(
        names=_(" and ").join(names)
    )


@dataclass(frozen=True, eq=False)
class Trial:
    """One matcher and one gallery.

    Parameters
    ----------
    gallery
        Of :func:`labkit.data.gallery`.
    matcher
        A name that ``gallery.templates`` knows, or that of the service that searches.
    make_up
        Who is enrolled, one of :data:`labkit.data.MAKE_UPS`.
    size
        How many are enrolled.
    searched_by
        Makes what searches a gallery of these rows, such as
        :class:`labkit.gallery.service.Service`; stored templates are searched without it.
    """

    gallery: Gallery = field(repr=False)
    matcher: str = "dlib"
    make_up: str = "town"
    size: int = GALLERY_SIZE
    searched_by: Callable[[Rows], Searcher] | None = field(default=None, repr=False)

    @functools.cached_property
    def enrolled(self) -> Rows:
        """Rows of ``gallery.images`` that are enrolled, shape (size,)."""
        return np.asarray(self.gallery.enrolled(self.make_up, self.size), np.int64)

    def _index(self) -> Searcher:
        """Made anew for each search: 25,000 templates are 13 MB, and a page has many trials."""
        if self.searched_by is not None:
            return self.searched_by(self.enrolled)
        return Stored(self.gallery, self.matcher, self.enrolled)

    @functools.cached_property
    def _searched(self) -> dict[tuple[str, int], tuple[Scores, Rows]]:
        """Searches that were made."""
        return {}

    @functools.cached_property
    def entries(self) -> pd.Series:
        """How many people of each band are enrolled."""
        import pandas as pd

        bands = self.gallery.images["tone_band"].to_numpy()[self.enrolled]
        return pd.Series({band: int((bands == band).sum()) for band in BANDS}, name=self.make_up)

    def probes(self, role: str, photo: int = 0) -> Rows:
        """Rows of the photographs that are searched for, in order of place."""
        return np.asarray(self.gallery.rows(role, photo=photo), np.int64)

    def bands(self, role: str) -> NDArray[np.str_]:
        """The band of each person who is searched, in the same order."""
        return self.gallery.images["tone_band"].to_numpy()[self.probes(role)].astype(str)

    def first(self, role: str, photo: int = 0, count: int = 1) -> tuple[Scores, Rows]:
        """The best candidates of each search.

        Returns
        -------
        scores
            Shape (m, count), descending; NaN where there is no candidate.
        rows
            Rows of ``gallery.images``, -1 where there is none.
        """
        known = self._searched.get((role, photo))
        if known is None or known[0].shape[1] < count:
            found = self._index().search(self.probes(role, photo), max(count, LIST))
            rows = np.where(found.rows >= 0, self.enrolled[found.rows], -1)
            known = self._searched[role, photo] = found.scores, rows
        return known[0][:, :count], known[1][:, :count]

    def best(self, role: str, photo: int = 0) -> Scores:
        """The best score of each search, shape (m,); NaN where there is no candidate."""
        return self.first(role, photo)[0][:, 0]

    @functools.cached_property
    def mates(self) -> tuple[Scores, Rows]:
        """Score and rank of the right person, for those who are enrolled and have a second picture.

        Rank 1 is the first candidate; people without a template have no score (NaN).
        """
        places = {int(row): k for k, row in enumerate(self.enrolled)}
        own = np.array([places[int(row)] for row in self.probes("mates", 0)], np.int64)
        found = self._index().mate(self.probes("mates", 1), own)
        return found.scores, found.ranks

    @functools.cached_property
    def points(self) -> Mapping[str, searches.SearchThreshold]:
        """Thresholds at which at most 50, 10, 5 in 100 searches by ``dev`` return somebody."""
        best = self.best("dev")
        return {name: searches.search_threshold(best, share) for name, share in POINTS.items()}

    def at(self, point: str) -> float:
        """The threshold of an operating point."""
        return float(self.points[point].value)

    def found(self, threshold: float, within: int | None = None) -> Interval:
        """TPIR: the share of enrolled people whom their second photograph finds."""
        return searches.tpir(*self.mates, threshold, within)

    def costs(self, thresholds: Mapping[Any, float] | None = None) -> pd.DataFrame:
        """What thresholds cost: a row each; without any, the operating points.

        Columns: the threshold; the share of innocent searches, by the people of ``dev``, that
        return somebody; members falsely matched; enrolled people who were searched for, and those
        who were not found.
        """
        import pandas as pd

        asked = thresholds or {name: point.value for name, point in self.points.items()}
        best, rows = self.best("dev"), {}
        for name, t in asked.items():
            found = self.found(t)
            rows[name] = {
                "threshold": t,
                "FPIR on dev": searches.fpir(best, t).value,
                "members matched": self.council(t).count()[0],
                "enrolled, searched for": found.trials,
                "not found": found.trials - found.errors,
            }
        return pd.DataFrame(rows).T.astype(
            dict.fromkeys(("members matched", "enrolled, searched for", "not found"), int)
        )

    def hits(self, threshold: float, roles: Sequence[str] = ("dev", "council")) -> Hits:
        """Every false candidate of everybody who is searched with photo 0."""
        probe, row = [], []
        done = 0
        for role in roles:
            found = self._index().above(self.probes(role), threshold)
            probe.append(found.probes + done)
            row.append(self.enrolled[found.rows])
            done += len(self.probes(role))
        bands = np.concatenate([self.bands(role) for role in roles])
        own = self.gallery.images["tone_band"].to_numpy().astype(str)
        rows = np.concatenate(row)
        return Hits(bands, np.concatenate(probe), rows, own[rows], self.entries)

    def council(self, threshold: float, photo: int = 0) -> Council:
        """Who of the council is falsely matched."""
        scores, rows = self.first("council", photo)
        return Council(
            self,
            threshold,
            self.probes("council", photo),
            self.bands("council"),
            scores[:, 0],
            rows[:, 0],
        )


@dataclass(frozen=True, eq=False)
class Council:
    """A test of the council at one threshold: each member once, any false match counts.

    Parameters
    ----------
    trial, threshold
        What was searched, at which threshold.
    rows, bands
        The members' photographs and bands, shape (m,).
    scores, found
        The best candidate of each, its score and its row.
    """

    trial: Trial
    threshold: float
    rows: Rows
    bands: NDArray[np.str_]
    scores: Scores
    found: Rows

    @functools.cached_property
    def matched(self) -> NDArray[np.bool_]:
        """Whether each member is falsely matched."""
        return np.nan_to_num(self.scores, nan=-np.inf) >= self.threshold

    def highest(self, count: int) -> Rows:
        """Places of the falsely matched members with the highest scores, at most ``count``."""
        order = np.argsort(-np.where(self.matched, self.scores, -np.inf), kind="stable")
        return order[: min(count, int(self.matched.sum()))]

    def count(self, band: str = "") -> tuple[int, int]:
        """Members falsely matched and members, of a band or of all."""
        own = self.bands == band if band else np.full(len(self.bands), True)
        return int(self.matched[own].sum()), int(own.sum())

    def share(self, band: str = "") -> Interval:
        """Share of members falsely matched, with an exact interval over members."""
        own = self.bands == band if band else np.full(len(self.bands), True)
        return searches.exact(self.matched[own], _("false matches"), _("members"))

    def contrast(self, group: str = DARKER, reference: str = LIGHTER) -> searches.Exact:
        """The exact test over members, from both sides."""
        return searches.fisher(self.matched, self.bands, reference, group)

    def table(self) -> pd.DataFrame:
        """A row a band and one for all: members, falsely matched, share with its interval."""
        import pandas as pd

        rows = {}
        for band in (*BANDS, ""):
            matched, members = self.count(band)
            rows[band or _("all")] = {
                "members": members,
                "falsely matched": matched,
                "in 100 [95% interval]": in_hundred(self.share(band)),
            }
        return pd.DataFrame(rows).T


@dataclass(frozen=True, eq=False)
class Hits:
    """Every false candidate: who was searched, who was returned.

    Parameters
    ----------
    bands
        The band of everybody who was searched, shape (m,).
    probe
        Of each candidate, the place in ``bands`` of the person searched, shape (k,).
    row, own
        The row and the band of the person who was returned, shape (k,).
    entries
        How many of each band are enrolled.
    """

    bands: NDArray[np.str_]
    probe: Rows
    row: Rows
    own: NDArray[np.str_]
    entries: pd.Series = field(repr=False)

    def searched(self, band: str) -> int:
        """How many people of a band were searched."""
        return int((self.bands == band).sum())

    def per_search(self, band: str) -> float:
        """False candidates a search, of people of a band."""
        return float((self.bands[self.probe] == band).sum() / self.searched(band))

    def rates(self) -> pd.DataFrame:
        """False match rate by who was searched (rows) and who is enrolled (columns)."""
        import pandas as pd

        of = self.bands[self.probe]
        return pd.DataFrame(
            {
                own: {
                    band: ((of == band) & (self.own == own)).sum()
                    / (self.searched(band) * int(self.entries[own]))
                    for band in BANDS
                }
                for own in BANDS
            }
        ).loc[list(BANDS)]

    def shares(self) -> pd.Series:
        """Of the people of each band, how many get a candidate, as a share."""
        import pandas as pd

        alerted = np.bincount(self.probe, minlength=len(self.bands)) > 0
        return pd.Series({band: alerted[self.bands == band].mean() for band in BANDS})


def expected(rates: pd.DataFrame, entries: pd.Series) -> pd.Series:
    """False candidates a search, by arithmetic: enrolled people of each band times its rate.

    ``N_same x FMR_within + N_other x FMR_across``, for everybody who is searched.

    Examples
    --------
    >>> import pandas as pd
    >>> rates = pd.DataFrame({"lighter": [2e-4, 1e-5], "darker": [1e-5, 4e-4]},
    ...                      index=["lighter", "darker"])
    >>> expected(rates, pd.Series({"lighter": 10_000, "darker": 5_000})).round(2).to_dict()
    {'lighter': 2.05, 'darker': 2.1}
    """
    return (rates * entries).sum(axis=1)


# ---- how sure -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Together:
    """False candidates of the same searches, in several galleries or by several matchers.

    Intervals draw the people who are searched *and* the people who are enrolled again, with
    replacement; whoever is drawn twice counts twice in every count, so that what is compared is
    compared on the same people.  Where candidates share hardly anybody, such an interval is too
    wide (up to three times in variance), so it claims less than there is.

    Parameters
    ----------
    found
        Name -> what was counted.
    """

    found: Mapping[str, Hits]

    @functools.cached_property
    def _drawn(self) -> NDArray[np.float64]:
        """Candidates a search, shape (:data:`REPLICATES`, counts, bands)."""
        from scipy.sparse import csr_array

        counted = list(self.found.values())
        bands = counted[0].bands
        rows = np.unique(np.concatenate([one.row for one in counted]))
        tables = []
        for one in counted:
            at = (one.probe, np.searchsorted(rows, one.row))
            tables.append(csr_array((np.ones(len(one.probe)), at), shape=(len(bands), len(rows))))
        rng = np.random.default_rng(90)
        out = np.empty((REPLICATES, len(counted), len(BANDS)))
        for k in range(0, REPLICATES, 100):
            part = slice(k, min(k + 100, REPLICATES))
            searched = rng.poisson(1.0, (part.stop - k, len(bands))).astype(float)
            enrolled = rng.poisson(1.0, (part.stop - k, len(rows))).astype(float)
            for b, band in enumerate(BANDS):
                own = bands == band
                people = np.maximum(searched[:, own].sum(1), 1)
                for n, table in enumerate(tables):
                    got = (table[own].T @ searched[:, own].T).T
                    out[part, n, b] = (got * enrolled).sum(1) / people
        return out

    def _of(self, name: str, band: str) -> NDArray[np.float64]:
        return self._drawn[:, list(self.found).index(name), BANDS.index(band)]

    def per_search(self, name: str, band: str) -> Interval:
        """False candidates a search, of people of a band."""
        return _between(self.found[name].per_search(band), self._of(name, band))

    def ratio(self, name: str, group: str = DARKER, reference: str = LIGHTER) -> Interval:
        """False candidates of one band for each one of another."""
        found = self.found[name]
        value = _over(found.per_search(group), found.per_search(reference))
        return _between(value, _over(self._of(name, group), self._of(name, reference)))

    def times(
        self, one: str, other: str, group: str = DARKER, reference: str = LIGHTER
    ) -> Interval:
        """How many times the ratio of two bands is in one count what it is in another."""
        value = _over(
            *(
                _over(self.found[n].per_search(group), self.found[n].per_search(reference))
                for n in (one, other)
            )
        )
        drawn = (_over(self._of(n, group), self._of(n, reference)) for n in (one, other))
        return _between(value, _over(*drawn))


def _over(one: Any, two: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(one, two)


def _between(value: Any, values: NDArray[np.float64]) -> Interval:
    """A count or ratio and the middle 95 of 100 redrawn ones; nothing over nothing is left out."""
    known = np.sort(values[~np.isnan(values)])
    if len(known) < REPLICATES // 2 or not np.isfinite(value) or not value > 0:
        return Interval(float(value), words=_("too few"))
    low, high = known[int(0.025 * len(known))], known[int(np.ceil(0.975 * len(known))) - 1]
    return Interval(float(value), float(low), float(high))


def in_hundred(share: Interval) -> str:
    """A share and its interval, in 100.

    Examples
    --------
    >>> in_hundred(searches.exact(np.arange(535) < 28, "false matches"))
    '5.2 [3.5, 7.5]'
    >>> in_hundred(searches.exact(np.zeros(535, bool), "false matches"))
    '0, at most 0.6'
    """
    if share.reason == "none":
        return _("0, at most {high:.1f}").format(high=100 * share.high)
    return f"{100 * share.value:.1f} [{100 * share.low:.1f}, {100 * share.high:.1f}]"
