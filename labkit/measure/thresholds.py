"""A threshold chosen on some people, to be used on others.

In: everybody compared with everybody, the FMR asked for and, if the people have groups, the group
of each image.  Out: a :class:`Threshold`, or a refusal that says how many people it would take.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from labkit.measure.rates import Scores, fmr, threshold_at_fmr, threshold_at_mean_fmr

if TYPE_CHECKING:
    from labkit.measure.scores import AllPairs

ENOUGH_PERSON_PAIRS = 30
"""A threshold needs false matches from this many different pairs of people."""


@dataclass(frozen=True)
class Threshold:
    """A threshold and what it was chosen by, from :func:`choose_threshold`.

    Parameters
    ----------
    value
        A match is ``score >= value``.
    asked
        FMR asked for.
    measured
        FMR over all pairs of the people it was chosen on.
    mean_within
        Mean of the FMRs within cells; NaN when no cells were given.
    person_pairs
        Different pairs of people behind the false matches that decided.
    words
        All of this in a sentence.
    """

    value: float
    asked: float
    measured: float
    mean_within: float
    person_pairs: int
    words: str = field(repr=False)


def choose_threshold(pairs: AllPairs, rate: float, *, cells: ArrayLike | None = None) -> Threshold:
    """The lowest threshold with an FMR of at most ``rate``, when there are people enough to say so.

    Parameters
    ----------
    pairs
        Comparisons of the people to choose it on; other people than those it is judged on.
    rate
        FMR asked for.
    cells
        Group of each image, shape (n,).  The *mean of the FMRs within the groups* is then what is
        held to ``rate``, so that no group counts more for having more people.

    Raises
    ------
    ValueError
        When the false matches at the threshold come from fewer than 30 different pairs of people
        (with cells: pairs within a group); it says how many people it would take.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> people = np.repeat(np.arange(40), 2)
    >>> pairs = all_pairs(np.random.default_rng(0).normal(size=(80, 8)), people)
    >>> print(choose_threshold(pairs, 0.05).words)
    threshold ...: FMR 0.05 over all pairs; false matches from ... pairs of people
    >>> choose_threshold(pairs, 0.001)
    Traceback (most recent call last):
    ValueError: no threshold at FMR 0.001 from 40 people: its false matches come from 3 different...
    """
    parts = [pairs] if cells is None else list(pairs.within(cells).values())
    impostors = [p.impostor for p in parts]
    if cells is None:
        value = threshold_at_fmr(impostors[0], rate)
    else:
        value = threshold_at_mean_fmr(impostors, rate)
    best = highest_of_person_pairs(pairs, parts)
    found = int((best >= np.float32(value)).sum())
    if found < ENOUGH_PERSON_PAIRS:
        raise ValueError(_too_few_people(pairs, impostors, best, rate, found))
    measured = fmr(pairs.impostor, value)
    within = math.nan if cells is None else _mean_fmr(impostors, value)
    rates = f"FMR {measured:.2g} over all pairs"
    if cells is not None:
        rates = (
            f"FMR {within:.2g} within groups (mean of {len(parts)}), {measured:.2g} over all pairs"
        )
    words = f"threshold {value:.4f}: {rates}; false matches from {found:,} pairs of people"
    return Threshold(value, rate, measured, within, found, words)


def _mean_fmr(cells: Sequence[ArrayLike], threshold: float) -> float:
    return float(np.mean([fmr(c, threshold) for c in cells]))


def highest_of_person_pairs(pairs: AllPairs, parts: list[AllPairs]) -> Scores:
    """Highest score of every pair of people that was compared within a part, descending.

    Parameters
    ----------
    pairs
        Everybody.
    parts
        What counts: ``[pairs]``, or the parts that :meth:`labkit.measure.scores.AllPairs.within`
        gives.
    """
    names = np.unique(pairs.people)
    best = np.full((len(names), len(names)), -np.inf, np.float32)
    for part in parts:
        at = np.ix_(*[np.searchsorted(names, np.unique(part.people))] * 2)
        best[at] = np.maximum(best[at], part.pair_highest())
    upper = best[np.triu_indices(len(names), 1)]
    return np.sort(upper[upper > -np.inf])[::-1]


def lowest_fmr(cells: Sequence[ArrayLike], best: Scores) -> float:
    """The lowest (mean) FMR that enough pairs of people are behind, rounded up to two digits.

    Parameters
    ----------
    cells
        Impostor scores of each cell.
    best
        The highest score of each pair of people, descending, at least
        :data:`ENOUGH_PERSON_PAIRS` of them.

    Examples
    --------
    >>> scores = np.linspace(1, 0, 900, dtype=np.float32)
    >>> lowest_fmr([scores], scores)  # 30 / 900, rounded up
    0.034
    """
    lowest = _mean_fmr(cells, float(best[ENOUGH_PERSON_PAIRS - 1]))
    digits = 1 - math.floor(math.log10(lowest))
    return math.ceil(lowest * 10**digits) / 10**digits


def _too_few_people(
    pairs: AllPairs, impostors: list[Scores], best: Scores, rate: float, found: int
) -> str:
    """Why a threshold is refused, and how many people it would take.

    Pairs of people grow as n (n - 1), and so do comparisons, with as many pictures a person.
    """
    n, need = pairs.people_count, ENOUGH_PERSON_PAIRS
    why = (
        f"no threshold at FMR {rate:g} from {n} people: its false matches come from {found}"
        f" different pairs of people, and it takes {need}"
    )
    if len(best) < need:
        return f"{why}; only {len(best)} pairs of people were compared: add people"
    lowest = lowest_fmr(impostors, best)
    if not rate:
        return f"{why}; ask for an FMR of {lowest:g} or more"
    people = math.ceil(0.5 + math.sqrt(0.25 + n * (n - 1) * lowest / rate))
    return (
        f"{why}; it would take about {people:,} people with as many pictures each, or an FMR of"
        f" {lowest:g} or more"
    )
