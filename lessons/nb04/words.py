"""Notebook 04, "How sure are we?": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from labkit.base.words import _
from labkit.measure import intervals, people, reading
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS

if TYPE_CHECKING:
    from labkit.measure.intervals import Interval
    from labkit.measure.scores import AllPairs

NEAR = 1.2
"""Two rates of which one is at most so many times the other are said to hardly differ."""


def draws(seen: ArrayLike, town: float, people: int) -> str:
    """How far the rates of several testers lie apart, each with so many people of the town."""
    rates = np.asarray(seen, float)
    times = rates.max() / rates.min() if rates.min() > 0 else math.inf
    if times > NEAR:
        far = _("The highest is {times:.1f} times the lowest, and no tester made a mistake.")
    else:
        far = _("They hardly differ.")
    return _(
        "{testers} testers, {people} people each: FMR from {low:.4f} to {high:.4f} (town:"
        " {town:.4f}). {far}"
    ).format(
        testers=len(rates),
        people=people,
        low=rates.min(),
        high=rates.max(),
        town=town,
        far=far.format(times=times),
    )


def width(ends: tuple[float, float], by_comparison: Interval, by_lab: Interval) -> str:
    """How much wider the interval by people is than one that counts comparisons.

    Parameters
    ----------
    ends
        The answer to exercise 04-a, a first approximation.
    by_comparison
        Of the same misses, as if comparisons were separate.
    by_lab
        What the lab computes for so few people.
    """
    low, high = ends
    times = (high - low) / (by_comparison.high - by_comparison.low)
    if times > 1.1:
        told = _(
            "{times:.1f} times as wide: misses come in clusters, a few people have most of them"
        )
    else:
        told = _("no wider: the misses are spread evenly over the people")
    return _(
        "Interval of exercise 04-a: {low:.4f} to {high:.4f}. By comparisons: {other_low:.4f}"
        " to {other_high:.4f}. By people it is {told}.\nThe lab's own for {people} people, which"
        " cannot reach below 0: {lab}"
    ).format(
        low=low,
        high=high,
        other_low=by_comparison.low,
        other_high=by_comparison.high,
        told=told.format(times=times),
        people=by_lab.people,
        lab=by_lab.text(),
    )


def nothing(clean: Mapping[str, float]) -> str:
    """Which unit keeps the promise of the rule of three: nothing seen in at most 5 of 100 tests."""
    kept = [name for name, share in clean.items() if share <= 0.05]
    broken = [f"{name} ({share:.0%})" for name, share in clean.items() if share > 0.05]
    if not kept:
        return _("Neither keeps the promise of at most 5 in 100.")
    if broken:
        told = _(
            "The promise was at most 5 in 100. Counting {kept} keeps it; counting {broken} does"
            " not."
        ).format(kept=", ".join(kept), broken=", ".join(broken))
    else:
        told = _("Both keep the promise of at most 5 in 100.")
    loose = [name for name in kept if clean[name] < 0.01]
    if not loose:
        return told
    more = _(
        "By {loose} it is more than kept, so the bound is loose here; with one person who matches"
        " everybody it would be too small."
    ).format(loose=", ".join(loose))
    return f"{told} {more}"


def more_people(smallest: float, half: AllPairs, whole: AllPairs) -> str:
    """Does it help to compare more pictures of the same people, or to bring more people?

    Parameters
    ----------
    smallest
        The FMR that exercise 04-b came to: the smallest at which ``half`` can set a threshold.
    half, whole
        Half of the people, and all of them.
    """
    return "\n".join([photographs(half), fewer(smallest, half, whole), narrower(whole, half)])


def photographs(half: AllPairs) -> str:
    """Whether more photographs of the same people allow a smaller FMR."""
    most = int(np.unique(half.people, return_counts=True)[1].max())
    one = people.smallest_fmr(people.first_photographs(half, 1))
    every = people.smallest_fmr(half)
    if one < NEAR * every:
        words = _(
            "More pictures of the same {people} people: no help. The smallest FMR is {one:.1e} with"
            " one photograph each and {every:.1e} with {most}."
        )
    else:
        words = _(
            "More pictures of the same {people} people: yes for this number. {most} photographs"
            " each instead of one make it {times:.1f} times smaller here ({one:.1e} to"
            " {every:.1e}), because more comparisons are divided by. But the {pairs} pairs are"
            " still {pairs} pairs of the same people, and they tell nothing about people who were"
            " not met."
        )
    return words.format(
        people=half.people_count,
        most=most,
        one=one,
        every=every,
        times=one / every,
        pairs=ENOUGH_PERSON_PAIRS,
    )


def fewer(smallest: float, half: AllPairs, whole: AllPairs) -> str:
    """The smallest FMR of half the people beside that of all of them."""
    rate = people.smallest_fmr(whole)
    return _(
        "{half} people ({half_pairs:,} pairs of people): FMR {smallest:.1e}, 1 in {one_in:,.0f}."
        " {whole} people ({whole_pairs:,} pairs of people): FMR {rate:.1e}, 1 in {whole_in:,.0f},"
        " {times:.1f} times smaller."
    ).format(
        half=half.people_count,
        half_pairs=half.person_pairs_count,
        smallest=smallest,
        one_in=1 / smallest,
        whole=whole.people_count,
        whole_pairs=whole.person_pairs_count,
        rate=rate,
        whole_in=1 / rate,
        times=smallest / rate,
    )


def narrower(whole: AllPairs, half: AllPairs) -> str:
    """What makes the interval of an FMR of 1e-2 narrow: more people, or more photographs of them.

    Widths are those on a log scale, on which the interval is made.
    """
    worth = people.worth_of_more(whole, half)
    of_people, of_photographs = worth.iloc[0], worth.iloc[1]
    if of_people["gain"] > max(2 * of_photographs["gain"], 0.1):
        verdict = _("More people help, more comparisons of the same people help far less.")
    else:
        verdict = _("Here more comparisons of the same people help as much.")
    return _(
        "And the interval at an FMR of 1e-2? {whole} people instead of {half} make {more:.0f} times"
        " as many comparisons and an interval {people:.1f} times narrower. All photographs of each"
        " person instead of one make {many:.0f} times as many comparisons and an interval"
        " {photographs:.1f} times narrower. {verdict}"
    ).format(
        whole=whole.people_count,
        half=half.people_count,
        more=of_people["times_comparisons"],
        people=of_people["times_narrower"],
        many=of_photographs["times_comparisons"],
        photographs=of_photographs["times_narrower"],
        verdict=verdict,
    )


def luck(ratios: ArrayLike) -> str:
    """What highest / lowest comes to among six equal groups, in many splits by lot."""
    given = np.asarray(ratios, float)
    low, middle, high = np.quantile(given, [0, 0.5, 0.95])
    if low > 1.02:
        near = _("Never near 1: the worst of six equal groups always looks worse than the best.")
    else:
        near = _("Sometimes near 1.")
    return _(
        "{splits:,} splits by lot: highest / lowest is {middle:.1f} in the middle, above {high:.1f}"
        " in 1 of 20 splits, and at least {low:.2f}. {near}"
    ).format(splits=len(given), middle=middle, high=high, low=low, near=near)


def headlines(
    by_lot: ArrayLike,
    nothing: Interval,
    silent: ArrayLike,
    dev: AllPairs,
    test: AllPairs,
    threshold: float,
) -> str:
    """Three press sentences: the worst of groups by lot, nothing seen, and one with an interval.

    Parameters
    ----------
    by_lot
        FMR within each of several groups that the lot put together.
    nothing
        The interval of the first test in which no false match was seen.
    silent
        Of each test that it was taken from, whether no false match was seen.
    dev, test
        The people on whom the threshold was set, and others: the third sentence is about these.
    threshold
        A match is ``s >= threshold``.
    """
    rate, mated = np.asarray(by_lot, float), test.mated_counts(threshold)
    wrong, made, _people = test.pair_counts(threshold)
    missed = intervals.cluster_interval(mated.missed, mated.made, "misses")
    return "\n".join(
        [
            _(
                "(Groups 1 to {groups} were drawn by lot. B is the first of {tests} tests, each of"
                " {people} people at a stricter threshold, that saw nothing; {share:.0%} did.)"
            ).format(
                groups=len(rate),
                tests=np.size(silent),
                people=nothing.people,
                share=np.asarray(silent, float).mean(),
            ),
            _(
                "A: The matcher treats people unequally: those of group {worst} are falsely matched"
                " {times:.1f} times as often as those of group {best}."
            ).format(
                worst=rate.argmax() + 1, best=rate.argmin() + 1, times=rate.max() / rate.min()
            ),
            _(
                "B: In {trials:,} comparisons of {people} people not one false match was seen: the"
                " matcher does not confuse people. (The lab: {limit})"
            ).format(
                trials=nothing.trials, people=nothing.people, limit=reading.none_seen(nothing)
            ),
            _(
                "C: On {people} invented people, {value:.1%} of {trials:,} comparisons of one"
                " person's photographs were missed, at a threshold that was set on {others} other"
                " people and that {false:.1%} of the comparisons of two people reach here. 95%"
                " interval, by people, for the rate of all such people at this threshold: {low:.1%}"
                " to {high:.1%}."
            ).format(
                people=missed.people,
                value=missed.value,
                trials=missed.trials,
                others=dev.people_count,
                false=wrong.sum() / made.sum(),
                low=missed.low,
                high=missed.high,
            ),
        ]
    )
