"""Searches in galleries that grow: each holds the smaller ones, so that only size differs.

In: the people of :func:`labkit.data.gallery` and a matcher.  Out: thresholds chosen on people who
are enrolled nowhere, and what searches by *other* people who are enrolled nowhere come to, at every
size of the gallery up to the largest.

The photographs are frozen: whoever is searched for is searched with photograph 1, an everyday
photograph; whoever is enrolled is enrolled with photograph 0, the portrait.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.base.words import _
from labkit.gallery.codes import Codes
from labkit.gallery.index import Exact, Mates
from labkit.measure import searches as rates
from labkit.measure.intervals import Interval
from labkit.measure.scores import compare
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

PHOTO = 1
"""The photograph that people are searched with, in dev, council and mates alike."""

SIZES = data.NESTED_SIZES
"""Sizes at which tables and figures show what was measured."""

SOME = 1_000
"""Entries from which it is guessed where a threshold lies, before all are compared."""

Whole = NDArray[np.int64]


class PairThreshold(NamedTuple):
    """A threshold at a share of the pairs of two people, from :meth:`Searched.pair_threshold`.

    Parameters
    ----------
    value
        A match is ``score >= value``.
    asked
        FMR asked for.
    matches, pairs
        False matches at it, and pairs of two people compared, on those it was chosen on.
    interval
        What its FMR may be among other people who are searched like these, in the same gallery.
    """

    value: float
    asked: float
    matches: int
    pairs: int
    interval: Interval

    @property
    def words(self) -> str:
        """All of this in a sentence."""
        return _(
            "threshold {value:.4f}: {matches:,} of {pairs:,} pairs of two people match ({asked:g}"
            " asked); among other people who are searched, likely {low:.2g} to {high:.2g}"
        ).format(
            value=self.value,
            matches=self.matches,
            pairs=self.pairs,
            asked=self.asked,
            low=self.interval.low,
            high=self.interval.high,
        )


class Searched:
    """A gallery of Anytown, described by one matcher, and who is searched for in it.

    Parameters
    ----------
    matcher
        One of :data:`labkit.data.SEARCHED_WITH`.
    make_up
        One of :data:`labkit.data.MAKE_UPS`.
    size
        Entries; as many as there are people for, when ``None``.

    Examples
    --------
    >>> town = Searched("dlib", size=1_000)
    >>> town
    Searched('dlib', 'town': 1,000 enrolled)
    >>> strict = town.threshold(0.1)
    >>> strict.alerts
    60
    >>> found = town.at(strict.value)
    >>> found.searches, found.share(250) <= found.share(1_000)
    (535, True)
    """

    def __init__(self, matcher: str, make_up: str = "town", size: int | None = None) -> None:
        self.people = _people(data.data_folder())
        self.matcher, self.make_up = matcher, make_up
        self.size = largest(self.people, make_up) if size is None else size
        self.rows = self.people.enrolled(make_up, self.size)
        codes, low, step = self.people.codes(matcher)
        self.index = Exact(Codes(codes[self.rows], low, step), self.people.measure(matcher))
        self._pairs: dict[float, PairThreshold] = {}

    def __repr__(self) -> str:
        return f"Searched({self.matcher!r}, {self.make_up!r}: {self.size:,} enrolled)"

    def _templates(self, rows: Any) -> NDArray[np.float32]:
        return self.people.templates(self.matcher, rows)

    @functools.cached_property
    def _dev(self) -> NDArray[np.float32]:
        return self._templates(self.people.rows("dev", PHOTO))

    def threshold(self, fpir: float) -> rates.SearchThreshold:
        """The smallest threshold with at most this FPIR in the whole gallery, chosen on dev."""
        return rates.search_threshold(self.index.best(self._dev), fpir)

    def pair_threshold(self, fmr: float) -> PairThreshold:
        """The smallest threshold at which at most this share of pairs of two people match.

        The pairs are those of a search: a dev person's everyday photograph, an entry's portrait.

        Raises
        ------
        ValueError
            When fewer than 30 pairs of people would set it.
        """
        if fmr not in self._pairs:
            self._pairs[fmr] = self._pair_threshold(fmr)
        return self._pairs[fmr]

    def _pair_threshold(self, fmr: float) -> PairThreshold:
        probes = self._dev[~np.isnan(self._dev).any(1)]
        entries = self._templates(self.rows)
        entries = entries[~np.isnan(entries).any(1)]
        pairs = len(probes) * len(entries)
        allowed = math.floor(fmr * pairs + 1e-9)
        if allowed < ENOUGH_PERSON_PAIRS:
            raise ValueError(
                _(
                    "no threshold at FMR {fmr:g}: {n} of {pairs:,} pairs of people would set it,"
                    " and it takes {least}; ask for more"
                ).format(fmr=fmr, n=allowed, pairs=pairs, least=ENOUGH_PERSON_PAIRS)
            )
        some = compare(probes, entries[:: max(len(entries) // SOME, 1)], self.index.measure)
        share = 1.5 * fmr
        while True:
            guess = float(np.quantile(some, max(1 - share, 0.0)))
            found = self.index.above(probes, guess if share < 1 else -np.inf)
            if len(found.scores) > allowed or share >= 1:
                break
            share = min(2 * share, 1.0)
        next_score = np.sort(found.scores)[::-1][allowed]
        value = float(np.nextafter(next_score, np.float32(np.inf)))
        passing = found.probes[found.scores >= value]
        counts = np.bincount(passing, minlength=len(probes))
        by_probe = rates.selectivity(counts).per_search
        interval = Interval(
            by_probe.value / len(entries),
            by_probe.low / len(entries),
            by_probe.high / len(entries),
            people=len(probes),
            errors=len(passing),
            trials=pairs,
            words=by_probe.words,
        )
        return PairThreshold(value, float(fmr), len(passing), pairs, interval)

    def at(self, threshold: float, who: str = "council") -> Nested:
        """Searches by people who are enrolled nowhere, at a threshold, in all nested galleries.

        Parameters
        ----------
        threshold
            A candidate is ``score >= threshold``.
        who
            ``"council"``, on whom nothing was chosen, or ``"dev"``.
        """
        probes = self.people.rows(who, PHOTO)
        templates = self._templates(probes)
        found = self.index.above(templates, threshold)
        place, joined = _joined(self.people, self.make_up, self.size)
        missing = np.asarray(np.isnan(templates).any(axis=1), bool)
        return Nested(
            self,
            threshold,
            probes,
            missing,
            found.probes,
            self.rows[found.rows],
            found.scores,
            place[found.rows],
            joined[found.rows],
        )

    @functools.cached_property
    def mates(self) -> Mates:
        """Score and rank of their own entry, for enrolled people with an everyday photograph."""
        probes = self.people.rows("mates", PHOTO)
        person = self.people.images["person"].to_numpy()
        order = np.argsort(person[self.rows])
        sorted_people = person[self.rows][order]
        at = np.searchsorted(sorted_people, person[probes]).clip(max=len(order) - 1)
        known = sorted_people[at] == person[probes]
        rows = np.where(known, order[at], -1)[known]
        return self.index.mate(self._templates(probes[known]), rows)

    def tpir(self, threshold: float, within: int | None = None) -> Interval:
        """Share of the enrolled people with a second photograph whom a search returns."""
        return rates.tpir(self.mates.scores, self.mates.ranks, threshold, within)


@functools.cache
def searched(matcher: str, make_up: str = "town") -> Searched:
    """A gallery of full size, made once and kept.

    Examples
    --------
    >>> searched("dlib") is searched("dlib")
    True
    """
    return Searched(matcher, make_up)


@dataclass(frozen=True, eq=False)
class Nested:
    """False candidates of searches at one threshold, and from which size on each is there.

    From :meth:`Searched.at`.  Shape (p,) for p candidates in the largest gallery, unless said.

    Parameters
    ----------
    town
        Who was enrolled.
    threshold
        A candidate is ``score >= threshold``.
    people
        Rows of the photographs searched with, shape (m,).
    missing
        Whether no face was found in it, shape (m,).
    probes
        Whose candidate each is, 0 to m - 1.
    rows
        Rows of the entries' photographs.
    scores
        Their scores.
    places
        Places of the entries within their band.
    joined
        The smallest gallery that holds each entry.
    """

    town: Searched = field(repr=False)
    threshold: float
    people: Whole = field(repr=False)
    missing: NDArray[np.bool_] = field(repr=False)
    probes: Whole = field(repr=False)
    rows: Whole = field(repr=False)
    scores: NDArray[np.float32] = field(repr=False)
    places: Whole = field(repr=False)
    joined: Whole = field(repr=False)

    @property
    def searches(self) -> int:
        """How many searches were made, one a person."""
        return len(self.people)

    def counts(self, n: int | None = None) -> Whole:
        """Candidates of each search in a gallery of n, shape (m,); of the largest when ``None``."""
        there = self.joined <= (self.town.size if n is None else self._size(n))
        return np.bincount(self.probes[there], minlength=self.searches)

    def _size(self, n: int) -> int:
        if not 1 <= n <= self.town.size:
            raise ValueError(
                _(
                    "a gallery of {n} was not measured: give a size from 1 to {most:,}; beyond it"
                    " there is only a bound"
                ).format(n=n, most=self.town.size)
            )
        return n

    def share(self, n: int) -> float:
        """Share of the searches that return somebody in a gallery of n.

        Raises
        ------
        ValueError
            For a size that was not measured.
        """
        return float((self.counts(n) > 0).mean())

    def fpir(self, n: int | None = None) -> Interval:
        """FPIR in a gallery of n, the gallery fixed; a face that was not found returns nobody."""
        best = np.where(self.missing, np.nan, (self.counts(n) > 0).astype(float))
        return rates.fpir(best, 1.0)

    def redrawn(self, n: int | None = None) -> Interval:
        """FPIR with an interval for other people in the gallery, too."""
        there = self.joined <= (self.town.size if n is None else self._size(n))
        return rates.fpir_redrawn(self.probes[there], self.rows[there], self.searches)

    def selectivity(self, n: int | None = None) -> rates.Selectivity:
        """Candidates a search in a gallery of n, and how many people get them."""
        return rates.selectivity(self.counts(n))

    @property
    def fmr(self) -> float:
        """Share of the pairs of two people that match: candidates a search / entries."""
        return len(self.probes) / (self.searches * self.town.size)

    def half(self) -> int:
        """The smallest gallery in which at least half of the searches return somebody.

        Raises
        ------
        ValueError
            When it would be larger than the largest.
        """
        first = np.full(self.searches, np.iinfo(np.int64).max)
        np.minimum.at(first, self.probes, self.joined)
        middle = int(np.sort(first)[math.ceil(self.searches / 2) - 1])
        if middle > self.town.size:
            raise ValueError(
                _(
                    "fewer than half of the searches return somebody among {n:,}: ask a larger"
                    " gallery or a lower threshold"
                ).format(n=self.town.size)
            )
        return middle

    def lists(self, k: int = 10) -> Whole:
        """On how many of k lists each person is a false alert, shape (m,).

        The lists have no entry in common, are of equal size and make-up, and together are the
        largest gallery.
        """
        pairs = np.unique(np.column_stack([self.probes, self.places % k]), axis=0).reshape(-1, 2)
        return np.bincount(pairs[:, 0], minlength=self.searches)

    def table(self, sizes: Sequence[int] = SIZES) -> pd.DataFrame:
        """What was measured at each size, the bound beside it.

        Parameters
        ----------
        sizes
            Those beyond the largest gallery are left out.

        Returns
        -------
        table
            Index ``gallery``.  Columns ``fpir`` and ``redrawn`` (intervals: the gallery fixed, and
            drawn again), ``people`` (searches that return somebody), ``candidates``,
            ``per search`` (an interval) and ``bound``, 1 - (1 - FMR)^N with the FMR of all searches
            in the largest gallery.
        """
        import pandas as pd

        rows = []
        for n in (n for n in sizes if n <= self.town.size):
            found = self.selectivity(n)
            rows.append(
                {
                    "gallery": n,
                    "fpir": self.fpir(n),
                    "redrawn": self.redrawn(n),
                    "people": found.people,
                    "candidates": found.candidates,
                    "per search": found.per_search,
                    "bound": float(rates.bound(self.fmr, n)),
                }
            )
        return pd.DataFrame(rows).set_index("gallery")

    def show(self, sizes: Sequence[int] = SIZES) -> pd.DataFrame:
        """The table of sizes, to read, with the gallery fixed."""
        table = self.table(sizes).drop(columns="redrawn").map(_cell)
        table.index = [f"{n:,}" for n in table.index]
        return table.rename_axis("gallery")


def _cell(value: Any) -> str:
    """A cell to read: counts whole, rates with their interval."""
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else value.short(3)


@functools.lru_cache(maxsize=1)
def _people(folder: Path) -> data.Gallery:
    """The people, read once for all matchers."""
    return data.gallery(data=folder)


def largest(people: data.Gallery, make_up: str) -> int:
    """The largest gallery of a make-up that the stored people are enough for.

    Parameters
    ----------
    people
        From :func:`labkit.data.gallery`.
    make_up
        One of :data:`labkit.data.MAKE_UPS`.

    Examples
    --------
    >>> largest(data.gallery(), "town") <= data.GALLERY_SIZE
    True
    """
    images = people.images
    pool = images[(images["role"] == "pool") & (images["photo"] == 0)]["tone_band"]
    there = [int((pool == band).sum()) for band in data.ORDERS["tone_band"]]
    fits = (_by_size(make_up) <= there).all(1)
    return int(fits.sum())  # galleries are nested, so those that fit come first


@functools.lru_cache(maxsize=4)
def _by_size(make_up: str) -> Whole:
    """People of each band in a gallery of 1, 2, ... entries, shape (25,000, 3)."""
    return np.array([data.shares(make_up, n) for n in range(1, data.GALLERY_SIZE + 1)], np.int64)


def _joined(people: data.Gallery, make_up: str, size: int) -> tuple[Whole, Whole]:
    """Place of each entry within its band, and the smallest gallery that holds it."""
    counts = _by_size(make_up)
    place = np.concatenate([np.arange(many) for many in data.shares(make_up, size)])
    joined = [
        np.searchsorted(counts[:, band], np.arange(many), side="right") + 1
        for band, many in enumerate(data.shares(make_up, size))
    ]
    return place, np.concatenate(joined)
