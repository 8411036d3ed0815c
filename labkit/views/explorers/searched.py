"""What searches of nested galleries came to: a number a search, for the page to count from.

In: the gallery of invented people.  Out: for each matcher the best score of every search by
somebody enrolled nowhere, at each size of gallery; the scores of those who are enrolled; thresholds
by their FMR, to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.data import NESTED_SIZES

if TYPE_CHECKING:
    from labkit.data import Gallery

Scores = NDArray[np.float32]

SIZES = NESTED_SIZES
"""People in a gallery, each a part of the next."""

MATCHERS = ("dlib", "SFace")
STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
"""Steps of an FMR within each ten."""

MADE_UP_SIZES = (20, 100, 400, 1_000)
"""Sizes of the galleries of :func:`made_up`."""

TOGETHER = 20
"""Probes whose false candidates are listed at once; more take more memory."""

HIGHEST, ENOUGH = 1e-2, 30
"""The highest FMR to choose, and how many false matches the lowest has."""


@dataclass(frozen=True)
class Searched:
    """One matcher's searches.

    Parameters
    ----------
    best
        Best score of each search by somebody enrolled nowhere, a row for each size of gallery,
        shape (sizes, probes); NaN where no face was found.
    mates
        Score of each enrolled person with their own entry, shape (mates,); NaN where no face was
        found.
    inside
        Whether they stand in the gallery of each size, shape (sizes, mates).
    thresholds, fmr
        Thresholds to choose, from the lowest, and the FMR of each: comparisons of the probes with
        the largest gallery that match.
    """

    best: Scores
    mates: Scores
    inside: NDArray[np.bool_]
    thresholds: Scores
    fmr: NDArray[np.float64]


def searched(
    people: Gallery,
    matcher: str,
    *,
    make_up: str = "town",
    who: str = "dev",
    sizes: Sequence[int] = SIZES,
) -> Searched:
    """Search nested galleries with the everyday photographs of people enrolled nowhere.

    Parameters
    ----------
    people
        Of :func:`labkit.data.gallery`.
    matcher
        One whose templates are stored.
    make_up
        Who is in the galleries.
    who
        Who is searched for: ``"dev"`` or ``"council"``.
    sizes
        Of the galleries, from the smallest.

    Raises
    ------
    ValueError
        As :class:`labkit.data.Gallery`, for another make-up, size, matcher or role.
    """
    from labkit.gallery import Exact

    measure = people.measure(matcher)
    probes = people.templates(matcher, people.rows(who, 1))
    largest = people.enrolled(make_up, sizes[-1])
    templates = people.templates(matcher, largest)
    best: list[Scores] = []
    before = np.zeros(len(largest), bool)
    for n in sizes:
        now = np.isin(largest, people.enrolled(make_up, n))
        found = Exact(templates[now & ~before], measure).best(probes)
        best.append(np.fmax(best[-1], found) if best else found)
        before = now
    first, second = (people.rows("mates", photo) for photo in (0, 1))
    own = Exact(people.templates(matcher, first), measure)
    mates = own.mate(people.templates(matcher, second), np.arange(len(first))).scores
    inside = np.stack([np.isin(first, people.enrolled(make_up, n)) for n in sizes])
    false = _highest(probes, templates, measure)
    return Searched(np.stack(best), mates, inside, *_grid(*false))


def _highest(probes: Scores, entries: Scores, measure: str) -> tuple[Scores, int]:
    """The highest scores of two people, from the highest, and how many comparisons there are."""
    from labkit.gallery import Exact

    seen, there = (np.isfinite(t).all(axis=1) for t in (probes, entries))
    comparisons = int(seen.sum()) * int(there.sum())
    wanted = int(1.2 * HIGHEST * comparisons) + 1
    parts = np.array_split(probes[seen], max(int(seen.sum()) // TOGETHER, 1))
    some = entries[there][:: max(int(there.sum()) // 200, 1)]
    few = Exact(some, measure)
    sample = _sorted([few.search(part, len(some)).scores.ravel() for part in parts])
    least = sample[min(int(1.5 * HIGHEST * len(sample)), len(sample) - 1)]
    index = Exact(entries, measure)
    while True:
        scores = _sorted([index.above(part, float(least)).scores for part in parts])
        if len(scores) >= min(wanted, comparisons):
            return scores, comparisons
        least -= 0.05 * (sample[0] - sample[-1])


def _sorted(parts: list[Scores]) -> Scores:
    """All scores, from the highest."""
    return np.sort(np.concatenate(parts))[::-1]


def _grid(scores: Scores, comparisons: int) -> tuple[Scores, NDArray[np.float64]]:
    """Thresholds at round FMRs, the highest FMR first, and what their FMR is."""
    thresholds, rates = [], []
    for rate in steps(HIGHEST, ENOUGH / comparisons):
        t = np.nextafter(scores[int(rate * comparisons)], np.float32(np.inf))
        thresholds.append(t)
        rates.append(int((scores >= t).sum()) / comparisons)
    if not thresholds:
        said = _(
            "{n:,} comparisons of two people are too few for a threshold: {least:,} or more are"
            " needed"
        )
        raise ValueError(said.format(n=comparisons, least=int(ENOUGH / HIGHEST)))
    return np.array(thresholds, np.float32), np.array(rates)


def steps(high: float, low: float) -> list[float]:
    """Round rates from a high one down to a low one.

    Examples
    --------
    >>> steps(1e-2, 2.5e-3)
    [0.01, 0.007, 0.005, 0.003]
    """
    tens: Iterable[int] = range(-1, -12, -1)
    found = [round(m * 10.0**k, 14) for k in tens for m in reversed(STEPS)]
    return [rate for rate in found if low <= rate <= high]


def made_up() -> dict[str, Searched]:
    """Two matchers on made-up people: templates drawn at random, everybody differs.

    Examples
    --------
    >>> found = made_up()
    >>> found["dlib"].best.shape, found["SFace"].inside.sum(axis=1).tolist()
    ((4, 120), [20, 40, 40, 40])
    """
    rng = np.random.default_rng(12)
    ends = MADE_UP_SIZES
    out = {}
    for n, name in enumerate(MATCHERS):
        each = rng.normal(size=(120, ends[-1])).astype(np.float32)
        best = np.stack([each[:, :end].max(axis=1) for end in ends])
        best[:, 3] = np.nan
        mates = rng.normal(3.6 + 0.5 * n, 0.8, 40).astype(np.float32)
        mates[5] = np.nan
        inside = np.stack([np.arange(40) < end for end in ends])
        scores = np.sort(each, axis=None)[::-1]
        out[name] = Searched(best, mates, inside, *_grid(scores, scores.size))
    return out
