"""How many people it takes to see an effect of a given size.

In: the size, and how much people differ in it: from a pilot, or as a number.  Out: a number of
people, with the range that a pilot leaves open, in a sentence.

With n people the standard error of a paired difference is ``spread / sqrt(n)``, where ``spread`` is
the standard deviation between people of what each of them adds to the difference.  An effect is
found four times in five at the 5% level when it is ``t(.975) + t(.8)`` standard errors large; the
degrees of freedom are those that the lab's intervals have
(:class:`labkit.measure.intervals.Moves`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from labkit.base.words import _
from labkit.experiment.design import Result
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    ENOUGH_PEOPLE_WITH_ERRORS,
    Moves,
    cluster_moves,
    jackknife,
    student,
)
from labkit.measure.rate import rate as rate_of

NORMAL = 1 / 3
"""Share of people who carry weight where what they add is spread as a normal distribution is."""

MOST = 10_000_000
"""People; where more are needed, none is the honest answer."""


@dataclass(frozen=True)
class Needed:
    """How many people it takes, from :func:`needed`.

    Parameters
    ----------
    people
        People with whom the effect is found four times in five, at the 5% level.
    low, high
        The range that the pilot leaves open (95%); ``people`` itself where the spread was given.
    words
        All of this in a sentence.
    """

    people: int
    low: int
    high: int
    words: str = field(repr=False)

    def __str__(self) -> str:
        return self.words


def needed(
    effect: float,
    pilot: Result | None = None,
    *,
    spread: float | None = None,
    rate: str = "false_rejection",
    level: str | None = None,
) -> Needed:
    """People needed to see an effect of a given size four times in five, at the 5% level.

    Parameters
    ----------
    effect
        The true difference to be found, such as 0.05; of an FMR the true ratio, such as 2.
    pilot
        A smaller experiment of the same kind, from :func:`labkit.experiment.run`: how much people
        differ is taken from it.  Its own effect plays no part.
    spread
        Instead of a pilot: the standard deviation between people of the difference (of an FMR: of
        what each adds to the logarithm of the ratio).
    rate
        One of :data:`labkit.measure.RATES`.
    level
        Which level of the pilot against its first; the last where none is named.

    Returns
    -------
    needed

    Raises
    ------
    ValueError
        With one sentence: for an effect that cannot be, without pilot and spread or with both, and
        when the pilot has too few errors to know how people differ.

    Notes
    -----
    A variance of a pilot of k people is known as well as one of ``2 k / (kurtosis - 1)`` degrees of
    freedom (the kurtosis being the pilot's own), which makes the range.

    An FMR is made of pairs of people.  Part of its variance falls faster than 1 / n, so that for
    more people than the pilot's the number is on the safe side.

    Examples
    --------
    >>> print(needed(0.05, spread=0.3))
    To find a difference in false rejection of 0.05 four times in five (at the 5% level) it takes
    about 289 people, with as many photographs of each.
    """
    asked = rate_of(str(rate).replace(" ", "_"))
    size = _size(effect, ratio=asked.of_pairs)
    if (pilot is None) == (spread is None):
        raise ValueError(_("give either a pilot, or how much people differ as spread="))
    if pilot is None:
        assert spread is not None
        if not 0 < _number(spread) < math.inf:
            raise ValueError(_("spread={spread!r}: give a number above 0").format(spread=spread))
        people = low = high = _people(size, float(spread), NORMAL)
    elif not isinstance(pilot, Result):
        words = _("pilot={pilot!r}: give what labkit.experiment.run returned")
        raise ValueError(words.format(pilot=pilot))
    else:
        moves = _moves_of(pilot, asked.name, level)
        k = len(moves.people)
        own, share = moves.error * math.sqrt(k), moves.weight / k
        people = _people(size, own, share)
        low, high = (_people(size, own * factor, share) for factor in _spread_range(moves))
    floor = ENOUGH_PEOPLE_FOR_AN_FMR if asked.of_pairs else ENOUGH_PEOPLE
    people, low, high = (max(n, floor) for n in (people, low, high))
    what = _("a ratio of {rate}") if asked.of_pairs else _("a difference in {rate}")
    words = _(
        "To find {what} of {effect:g} four times in five (at the 5% level) it takes about"
        " {people:,} people, with as many photographs of each."
    ).format(what=what.format(rate=_(asked.short)), effect=float(effect), people=people)
    if pilot is not None:
        words += " " + _(
            "How much people differ was taken from {k} people and is itself uncertain: it may be"
            " {low:,} to {high:,}. Choose the number first and take other people (group=1): whoever"
            " adds people until a difference shows will see one where there is none."
        ).format(k=pilot.design.people, low=low, high=high)
    return Needed(people, low, high, words)


def _size(effect: float, *, ratio: bool) -> float:
    """The effect on the scale where people add up."""
    size = _number(effect)
    if ratio:
        if not (0 < size < math.inf and size != 1):
            raise ValueError(
                _(
                    "effect={effect!r}: an effect on FMR is a ratio, such as 2 for twice as many"
                    " false matches, and not 1"
                ).format(effect=effect)
            )
        return abs(math.log(size))
    if not 0 < abs(size) <= 1:
        raise ValueError(
            _(
                "effect={effect!r}: give a difference of two rates, such as 0.05 for 5 more errors"
                " in 100"
            ).format(effect=effect)
        )
    return abs(size)


def _number(value: object) -> float:
    """A number, or NaN where it is none."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def _moves_of(pilot: Result, rate: str, level: str | None = None) -> Moves:
    """How far each person moves the difference of a level from the first; refused with too few."""
    first, second = pilot.terms(rate, level)
    if rate_of(rate).of_pairs:
        pairs = min(int((errors > 0).sum() // 2) for errors, _trials in (first, second))
        if pairs < ENOUGH_FALSE_MATCH_PAIRS:
            words = _(
                "the pilot's false matches come from {n} pairs of people at one level: too few to"
                " know how people differ; take {need} or more, or give spread="
            )
            raise ValueError(words.format(n=pairs, need=ENOUGH_FALSE_MATCH_PAIRS))
        one, other = (jackknife(e.sum(1), t.sum(1)) for e, t in (second, first))
        moves = one - other
    else:
        erred = int(((first[0] > 0) | (second[0] > 0)).sum())
        if erred < ENOUGH_PEOPLE_WITH_ERRORS or not (first[1].any() and second[1].any()):
            words = _(
                "the pilot has errors by {n} people: too few to know how people differ, which takes"
                " {need}; run it with more people, or give spread="
            )
            raise ValueError(words.format(n=erred, need=ENOUGH_PEOPLE_WITH_ERRORS))
        moves = Moves(np.arange(len(first[0])), cluster_moves(*second) - cluster_moves(*first))
    if not moves.error:
        raise ValueError(
            _("in the pilot the difference is the same in all people: give spread= instead")
        )
    return moves


def _people(size: float, spread: float, share: float) -> int:
    """The fewest people whose standard error is small enough; ``share`` of them carry weight."""
    low, high = 2, MOST
    if not _found(high, size, spread, share):
        raise ValueError(
            _("no number of people up to {most:,} shows an effect this small").format(most=MOST)
        )
    while low < high:
        middle = (low + high) // 2
        if _found(middle, size, spread, share):
            high = middle
        else:
            low = middle + 1
    return low


def _found(people: int, size: float, spread: float, share: float) -> bool:
    freedom = max(people * share, 1.0)
    reach = student(0.975, freedom) + student(0.8, freedom)
    return size >= reach * spread / math.sqrt(people)


def _spread_range(moves: Moves) -> tuple[float, float]:
    """By what the spread of a pilot is to be multiplied, at the least and at the most (95%)."""
    from scipy.special import gammaincinv

    k = len(moves.people)
    freedom = 2 / max(1 / moves.weight - 1 / k, 2 / (4 * k))
    low, high = (
        math.sqrt(freedom / (2 * float(gammaincinv(freedom / 2, share))))
        for share in (0.975, 0.025)
    )
    return low, high
