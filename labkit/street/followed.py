"""What a file of sightings says about people, how much of it is true, and how the dials move it.

In: the passages of a :class:`~labkit.street.city.City` and a matcher that names people.  Out: a
:class:`Record`: for each resident the sightings under their name; and a :class:`Found`: whose home
is found, which places, who with whom, who was at the protest, how few sightings single one out, and
how many sightings are of somebody else.  An **illustration** of invented people: the rules below
are the plainest that give an answer, no account of how anybody does it.

Rules: *home* is the corner where somebody is most often the first in the morning or the last in
the evening; right within :data:`NEAR_HOME` blocks.  A *visit* is two sightings within :data:`NEAR`
blocks of a place at its hours, 20 minutes to 3 hours apart, and none elsewhere between.  Two people
are *together* when they are seen at one camera in one minute at least three times on at least two
days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.street.city import (
    DAY,
    DAYS,
    HEIGHT,
    MIDDLE,
    PLACES,
    SENSITIVE,
    SQUARE,
    WIDTH,
    City,
    Passages,
    blocks,
    hours,
)
from labkit.street.recognised import NOBODY, Matcher

NEAR_HOME, NEAR = 3, 2
"""Blocks from home within which a guess is right, and from a place within which a visit is seen."""
STAY = (20, 180)
"""Minutes between the two sightings of a visit."""
MORNING, EVENING = 10 * 60, 16 * 60
"""Minutes of the day before which a first sighting, and after which a last one, speaks of home."""
TIMES, ON_DAYS = 3, 2
"""Sightings in the same minute, and days, that make two people a pair."""
POINTS = (1, 2, 3, 4, 5, 6)
"""How many sightings of somebody are known."""
TRIED = 400
"""People for whom it is tried whether so many sightings single them out."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Record:
    """What the city's computer wrote down in two weeks: a name, a camera, a minute each.

    Parameters
    ----------
    city
        Where.
    seen
        Passages at which somebody was named.
    named
        The resident who was named at each.
    passed
        How many passages there were.
    """

    city: City
    seen: Passages
    named: Whole
    passed: int

    def __len__(self) -> int:
        return len(self.named)

    @cached_property
    def true(self) -> NDArray[np.bool_]:
        """Which sightings are of the person who was named."""
        return self.named == self.seen.person

    @cached_property
    def by_name(self) -> Whole:
        """Places of the sightings ordered by name, then by time."""
        return np.argsort(self.named, kind="stable")

    @cached_property
    def false_links(self) -> Whole:
        """Sightings of somebody else under each resident's name, shape (residents,)."""
        return np.bincount(self.named[~self.true], minlength=self.city.residents)

    @cached_property
    def sightings(self) -> Whole:
        """Sightings under each resident's name, shape (residents,)."""
        return np.bincount(self.named, minlength=self.city.residents)


def record(city: City, matcher: Matcher, cameras: str = MIDDLE) -> Record:
    """Everybody's passages under the names that a matcher gives them.

    Examples
    --------
    >>> from labkit.street.recognised import perfect
    >>> city = City(residents=300, visitors=20)
    >>> without_error = record(city, perfect(city))
    >>> bool(without_error.true.all()), len(without_error) < without_error.passed
    (True, True)
    """
    passed = city.passages(cameras)
    named = matcher.named[passed.person, passed.look]
    known = named != NOBODY
    return Record(city, passed[known], named[known].astype(np.int64), len(passed))


def null_town(file: Record, seed: int = 0) -> Record:
    """The same sightings under shuffled names: everybody keeps their number, nobody their days.

    What is still found in it is what the rules find in any heap of sightings.
    """
    rng = np.random.default_rng([file.city.seed, 8, seed])
    return Record(file.city, file.seen, rng.permutation(file.named), file.passed)


# ---- home, places, company ----------------------------------------------------------------------


def homes(file: Record) -> Whole:
    """The corner where each resident seems to live, -1 where nothing says so."""
    order = file.by_name
    named, minute = file.named[order], file.seen.minute[order]
    at, day, clock = file.seen.corner[order], minute // DAY, minute % DAY
    key = named * DAYS + day
    first = np.r_[True, key[1:] != key[:-1]] & (clock < MORNING)
    last = np.r_[key[1:] != key[:-1], True] & (clock >= EVENING)
    who = np.concatenate([named[first], named[last]])
    corners = np.concatenate([at[first], at[last]])
    code, times = np.unique(who * (WIDTH * HEIGHT) + corners, return_counts=True)
    best = np.lexsort((code, times))  # the most frequent is written last
    guess = np.full(file.city.residents, -1)
    guess[code[best] // (WIDTH * HEIGHT)] = code[best] % (WIDTH * HEIGHT)
    return guess


def home_found(file: Record) -> NDArray[np.bool_]:
    """Whose home is found, shape (residents,)."""
    guess = homes(file)
    return (guess >= 0) & (blocks(guess, file.city.home) <= NEAR_HOME)


def visits(file: Record, place: str) -> NDArray[np.bool_]:
    """Who is written down as a visitor of a place at its hours, shape (residents,).

    Parameters
    ----------
    file
        The sightings.
    place
        A place of worship, a clinic, or the square, at the time of the protest.

    Raises
    ------
    ValueError
        For a place without hours.
    """
    open_at = hours(place)
    near = blocks(np.arange(WIDTH * HEIGHT), file.city.places[place]) <= NEAR
    order = file.by_name
    minute, named = file.seen.minute[order], file.named[order]
    clock = minute % DAY
    here = near[file.seen.corner[order]] & np.isin(minute // DAY, open_at.days)
    here &= (clock >= open_at.first) & (clock <= open_at.last)
    apart = np.diff(minute)
    stay = here[1:] & here[:-1] & (named[1:] == named[:-1])
    stay &= (apart >= STAY[0]) & (apart <= STAY[1])
    out = np.zeros(file.city.residents, bool)
    out[named[1:][stay]] = True
    return out


def together(file: Record) -> Whole:
    """Pairs of residents who seem to go together, the lower number first, shape (n, 2)."""
    n = file.city.residents
    at = file.seen.minute.astype(np.int64) * (WIDTH * HEIGHT) + file.seen.corner
    order = np.argsort(at, kind="stable")
    at, who, day = at[order], file.named[order], file.seen.minute[order] // DAY
    found = []
    for k in range(1, len(at)):
        same = at[k:] == at[:-k]
        if not same.any():
            break
        a, b = who[k:][same], who[:-k][same]
        pair = np.minimum(a, b) * n + np.maximum(a, b)
        found.append((pair[a != b], day[k:][same][a != b]))
    if not found:
        return np.zeros((0, 2), np.int64)
    pair, day = (np.concatenate([f[i] for f in found]) for i in range(2))
    code, times = np.unique(pair * DAYS + day, return_counts=True)
    pairs, start = np.unique(code // DAYS, return_index=True)
    days, often = np.diff(np.r_[start, len(code)]), np.add.reduceat(times, start)
    good = pairs[(days >= ON_DAYS) & (often >= TIMES)]
    return np.stack([good // n, good % n], 1)


# ---- how few sightings single somebody out ------------------------------------------------------


def unique(file: Record, points: int, *, seed: int = 0, tried: int = TRIED) -> float:
    """Share of people whom so many of their sightings, drawn by lot, single out.

    A sighting is a camera and an hour.  Somebody is singled out when no other file holds all of
    them.  People with fewer sightings take no part.

    Parameters
    ----------
    file
        The sightings.
    points
        How many are known, 1 or more.
    seed, tried
        Of the lot, and for how many people it is tried.

    Returns
    -------
    share
        NaN when nobody has so many.

    Raises
    ------
    ValueError
        When no sighting is known.
    """
    from scipy.sparse import csr_array

    if points < 1:
        raise ValueError(f"{points} sightings single nobody out: give 1 or more")
    rng = np.random.default_rng([file.city.seed, 9, seed, points])
    cells = WIDTH * HEIGHT * DAYS * 24
    code = np.unique(
        file.named * cells + (file.seen.minute // 60) * (WIDTH * HEIGHT) + file.seen.corner
    )
    who = code // cells
    column = np.unique(code % cells, return_inverse=True)[1]
    start = np.searchsorted(who, np.arange(file.city.residents + 1))
    many = np.flatnonzero(np.diff(start) >= points)
    if not len(many):
        return float("nan")
    some = rng.permutation(many)[:tried]
    chosen = np.stack(
        [column[start[p] + rng.permutation(start[p + 1] - start[p])[:points]] for p in some]
    )
    ones = np.ones(len(code), np.int8)
    table = csr_array((ones, (who, column)), shape=(file.city.residents, int(column.max()) + 1))
    asked = csr_array(
        (np.ones(chosen.size, np.int8), (chosen.ravel(), np.repeat(np.arange(len(some)), points))),
        shape=(table.shape[1], len(some)),
    )
    fits: Any = (table @ asked).toarray() == points
    return float((fits.sum(0) == 1).mean())


# ---- all of it ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What a record says, and how much of it is so.

    Shares are of the people whom it concerns: of all residents, of those who went there, of the
    pairs who spend evenings together, of those who were at the protest; ``wrong`` ones are shares
    of what was written down.

    Parameters
    ----------
    sightings
        Under an average name.
    home
        Residents whose home is found.
    places, places_wrong
        Visits to services and clinics that are found; entries about somebody who never was there.
    pairs, pairs_wrong
        Pairs who are found; entries about two who do not meet.
    protest, protest_wrong
        Who is named as there and was; who of those named was not.
    unique
        Share of people whom so many sightings single out, by number of sightings.
    false_links
        Sightings of somebody else under each resident's name.
    """

    sightings: float
    home: float
    places: float
    places_wrong: float
    pairs: float
    pairs_wrong: float
    protest: float
    protest_wrong: float
    unique: Mapping[int, float]
    false_links: Whole

    @property
    def false_links_each(self) -> float:
        """Sightings of somebody else under an average name."""
        return float(self.false_links.mean())

    @property
    def with_a_false_link(self) -> float:
        """Share of the residents under whose name stands somebody else at least once."""
        return float((self.false_links > 0).mean())


def found(file: Record) -> Found:
    """Everything that is asked of a record.

    Examples
    --------
    >>> from labkit.street.recognised import perfect
    >>> city = City(residents=300, visitors=20)
    >>> result = found(record(city, perfect(city)))
    >>> result.false_links_each, result.protest > 0.2
    (0.0, True)
    """
    city = file.city
    was = np.stack([city.stayed[:, PLACES.index(name)] for name in SENSITIVE], 1)
    said = np.stack([visits(file, name) for name in SENSITIVE], 1)
    there, named = city.stayed[:, PLACES.index(SQUARE)] & city.protests, visits(file, SQUARE)
    n = city.residents
    pairs = together(file)
    first = np.flatnonzero(city.with_whom > np.arange(n))
    true = set((first * n + city.with_whom[first]).tolist())
    given = (pairs[:, 0] * n + pairs[:, 1]).tolist()
    right = sum(code in true for code in given)
    return Found(
        sightings=len(file) / n,
        home=float(home_found(file).mean()),
        places=_of((was & said).sum(), was.sum()),
        places_wrong=_of((said & ~was).sum(), said.sum()),
        pairs=_of(right, len(true)),
        pairs_wrong=_of(len(given) - right, len(given)),
        protest=_of((there & named).sum(), there.sum()),
        protest_wrong=_of((named & ~there).sum(), named.sum()),
        unique={k: unique(file, k) for k in POINTS},
        false_links=file.false_links,
    )


def _of(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else float("nan")
