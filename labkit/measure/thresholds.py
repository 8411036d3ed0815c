"""A threshold chosen on some people, to be used on others.

In: everybody compared with everybody, the FMR asked for and, if the people have groups, the group
of each image.  Out: a :class:`Threshold`, or a refusal that says how many people it would take.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from labkit.base.words import _
from labkit.measure.counts import PairCounts, SquareCounts
from labkit.measure.intervals import (
    ENOUGH_PEOPLE_FOR_AN_FMR,
    Interval,
    Moves,
)
from labkit.measure.labels import labels
from labkit.measure.rates import (
    Scores,
    fmr,
    threshold_at_fmr,
    threshold_at_mean_fmr,
    threshold_text,
)

if TYPE_CHECKING:
    from labkit.measure.scores import AllPairs

ENOUGH_PERSON_PAIRS = 30
"""A threshold needs false matches from this many different pairs of people."""

ENOUGH_PEOPLE_FOR_A_MEAN = 30
"""People without whom a group takes no part in the mean that sets a threshold.

A mean of rates gives every group the same weight.  A group of six has fifteen pairs of people and
most often no false match among them: counted as a rate of 0 it would let everybody else's rate
rise."""


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
    true
        Its FMR (the mean within cells, when there are any) among other people drawn like these: a
        threshold is an estimate too.
    words
        All of this in a sentence.
    text
        The threshold in as few digits as count the same matches among these people.
    left_out
        Cells with fewer than :data:`ENOUGH_PEOPLE_FOR_A_MEAN` people, which had no part in it.
    missing
        Images without a label, which had no part in it.
    """

    value: float
    asked: float
    measured: float
    mean_within: float
    person_pairs: int
    true: Interval
    words: str = field(repr=False)
    text: str = ""
    left_out: tuple[str, ...] = ()
    missing: int = 0


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
        held to ``rate``, so that no group counts more for having more people.  Groups of fewer than
        :data:`ENOUGH_PEOPLE_FOR_A_MEAN` people and images without a label have no part in it.

    Raises
    ------
    ValueError
        When the false matches at the threshold come from fewer than 30 different pairs of people
        (with cells: pairs within a group), or no group has people enough; it says how many people
        it would take.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> people = np.repeat(np.arange(60), 2)
    >>> pairs = all_pairs(np.random.default_rng(0).normal(size=(120, 8)), people)
    >>> print(choose_threshold(pairs, 0.05).words)
    threshold ...: FMR 0.05 over all pairs; false matches from ... pairs of people; among other
    people like these its FMR is likely ... to ...
    >>> choose_threshold(pairs, 0.0005)
    Traceback (most recent call last):
    ValueError: no threshold at FMR 0.0005 from 60 people: its false matches come from 3...
    """
    if cells is None:
        parts: list[AllPairs] = [pairs]
        left_out: tuple[str, ...] = ()
        missing = 0
    else:
        parts, left_out, missing = cells_with_people(pairs, cells)
    impostors = [p.impostor for p in parts]
    if cells is None:
        value = threshold_at_fmr(impostors[0], rate)
    else:
        value = threshold_at_mean_fmr(impostors, rate)
    best = highest_of_person_pairs(pairs, parts)
    found = int((best >= value).sum())
    if found < ENOUGH_PERSON_PAIRS:
        raise ValueError(_too_few_people(pairs, impostors, best, rate, found))
    measured = fmr(pairs.impostor, value)
    within = math.nan if cells is None else _mean_fmr(impostors, value)
    true = true_fmr([_counts(part, value) for part in parts])
    text = threshold_text(value, pairs.impostor, pairs.genuine)
    out = Threshold(value, rate, measured, within, found, true, "", text, left_out, missing)
    return replace(out, words=_words(out, len(parts)))


def cells_with_people(
    pairs: AllPairs, cells: ArrayLike
) -> tuple[list[AllPairs], tuple[str, ...], int]:
    """Comparisons of the groups with people enough, names of the others, images without any."""
    found = labels(cells, len(pairs))
    parts, left_out = [], []
    for name in found.names:
        part = pairs.select(found.of(name))
        if len(np.unique(part.people[part.usable])) >= ENOUGH_PEOPLE_FOR_A_MEAN:
            parts.append(part)
        else:
            left_out.append(str(name))
    if not parts:
        words = _(
            "no group has {need} people with a usable face ({groups}): set one threshold for all"
            " pairs, without groups"
        )
        groups = ", ".join(left_out)
        raise ValueError(words.format(need=ENOUGH_PEOPLE_FOR_A_MEAN, groups=groups))
    return parts, tuple(left_out), found.missing


def _counts(pairs: AllPairs, threshold: float) -> SquareCounts:
    false, compared, _people = pairs.pair_counts(threshold)
    return SquareCounts(np.asarray(false, np.float64), np.asarray(compared, np.float64))


def true_fmr(cells: Sequence[PairCounts]) -> Interval:
    """What the FMR, or the mean of the FMRs within cells, may be among other people like these.

    At a threshold that was chosen on the very people it is counted on, the rate is what was asked
    for; among others it is what the threshold's own luck makes of it.  The interval is that of the
    logarithm of the mean, moved by the people of all cells
    (:class:`labkit.measure.intervals.Moves`).

    Parameters
    ----------
    cells
        Errors and trials by pair of people, of different people in each cell.

    Returns
    -------
    interval
        Words in its place for fewer than 60 people in all.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> lively, n = rng.gamma(2.0, size=80), 16 * (1.0 - np.eye(80))
    >>> f = np.triu(rng.binomial(16, 0.01 * np.outer(lively, lively)), 1).astype(float)
    >>> found = true_fmr([SquareCounts(f + f.T, n)])
    >>> found.low < found.value < found.high
    True
    """
    rates = [float(c.errors.sum() / c.trials.sum()) for c in cells]
    value = float(np.mean(rates))
    people = sum(c.people_with_trials for c in cells)
    rest: dict[str, Any] = {"people": people, "error_pairs": sum(c.units_with_error for c in cells)}
    if people < ENOUGH_PEOPLE_FOR_AN_FMR:
        words = _("{people} people: too few to say what it is among others").format(people=people)
        return Interval(value, words=words, **rest)
    parts, start = [], 0
    for rate, c in zip(rates, cells, strict=True):  # people of different cells are different
        own = c.moves()
        parts.append(
            Moves(own.people + start, own.moves * rate / sum(rates) if rate else own.moves)
        )
        start += c.people
    moves = Moves(*(np.concatenate(x) for x in zip(*((m.people, m.moves) for m in parts))))
    if not moves.error:
        return Interval(value, words=_("every person has the same share of false matches"), **rest)
    reach = moves.reach
    return Interval(value, value * math.exp(-reach), min(value * math.exp(reach), 1.0), **rest)


def _words(t: Threshold, cells: int) -> str:
    """A sentence, with the threshold in digits that count the same matches."""
    if math.isnan(t.mean_within):
        rates = _("FMR {measured:.2g} over all pairs").format(measured=t.measured)
    else:
        rates = _(
            "FMR {within:.2g} within groups (mean of {cells}), {measured:.2g} over all pairs"
        ).format(within=t.mean_within, cells=cells, measured=t.measured)
    words = [
        _("threshold {value}: {rates}").format(value=t.text, rates=rates),
        _("false matches from {pairs:,} pairs of people").format(pairs=t.person_pairs),
    ]
    if not t.true.words:
        if math.isnan(t.mean_within):
            true = _("among other people like these its FMR is likely {low:.2g} to {high:.2g}")
        else:
            true = _("among other people like these this mean is likely {low:.2g} to {high:.2g}")
        words.append(true.format(low=t.true.low, high=t.true.high))
    if t.left_out:
        words.append(
            _("too few people to take part: {groups}").format(groups=", ".join(t.left_out))
        )
    if t.missing:
        words.append(_("{missing:,} images without a group left out").format(missing=t.missing))
    return "; ".join(words)


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
    why = _(
        "no threshold at FMR {rate:g} from {people} people: its false matches come from {found}"
        " different pairs of people, and it takes {need}"
    ).format(rate=rate, people=n, found=found, need=need)
    if len(best) < need:
        words = _("{why}; only {n} pairs of people were compared: add people")
        return words.format(why=why, n=len(best))
    lowest = lowest_fmr(impostors, best)
    if not rate:
        return _("{why}; ask for an FMR of {lowest:g} or more").format(why=why, lowest=lowest)
    people = math.ceil(0.5 + math.sqrt(0.25 + n * (n - 1) * lowest / rate))
    return _(
        "{why}; it would take about {people:,} people with as many pictures each, or an FMR of"
        " {lowest:g} or more"
    ).format(why=why, people=people, lowest=lowest)
