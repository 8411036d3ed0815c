"""Notebook 04, "How sure are we?": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING

import numpy as np

from labkit import data
from labkit.base.words import N_
from labkit.learning.exercises import Absolute, Check, Choose, Relative
from labkit.measure import intervals, people, rates, thresholds
from labkit.measure.faces import compare_faces

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs

FMR = 1e-2
"""The rate at which the notebook works."""

EVERY = 12
"""Every twelfth person of dev: a table of 40 people, short enough to read."""

HALF = 240
"""People whose smallest possible FMR is asked for."""

LISTED = 200
"""Comparisons that the notebook lists, most alike first."""


def _dev() -> AllPairs:
    """Not kept: beside the notebook's own tables there is little room."""
    return compare_faces(data.load("anytown/dev"))


@functools.cache
def table() -> pd.DataFrame:
    """Misses and mated comparisons made at an FMR of 1e-2, by person, for 40 people of dev."""
    dev = _dev()
    return people.misses_by_person(dev, rates.threshold_at_fmr(dev.impostor, FMR)).iloc[::EVERY]


def _counts() -> tuple[int, int]:
    return int(table()["missed"].sum()), int(table()["made"].sum())


def _rate_and_error() -> tuple[float, float]:
    return people.rate_and_error(table()["missed"], table()["made"])


def _ends(reach: float) -> tuple[float, float]:
    rate = _rate_and_error()[0]
    return rate - reach, rate + reach


def _independent() -> tuple[float, float]:
    rate = _rate_and_error()[0]
    return _ends(intervals.Z * math.sqrt(rate * (1 - rate) / _counts()[1]))


def _wilson() -> tuple[float, float]:
    found = intervals.wilson(*_counts())
    return found.low, found.high


def _by_people_count() -> tuple[float, float]:
    return _ends(intervals.Z * _rate_and_error()[1] * _counts()[1] / len(table()))


def _by_student() -> tuple[float, float]:
    """With Student's t in place of 1.96, as it should be for few people."""
    return _ends(intervals.student(0.975, len(table()) - 1) * _rate_and_error()[1])


def _by_lab() -> tuple[float, float]:
    """What the lab computes: Student's t, on a scale without ends."""
    found = intervals.cluster_interval(table()["missed"], table()["made"])
    return found.low, found.high


BY_HAND = Check(
    "04-a",
    question=N_("What are the two ends of a 95% interval of this FNMR, with people as the units?"),
    reference=lambda: _ends(intervals.Z * _rate_and_error()[1]),
    also=(_by_student, _by_lab),
    tolerance=Absolute(5e-3),
    goes_on=False,
    wrong={
        "pairs taken as independent": (
            _independent,
            N_(
                "This treats every comparison as a separate observation. The comparisons of one"
                " person share that person's face: use the standard error printed above, made from"
                " PEOPLE."
            ),
        ),
        "pairs taken as independent (Wilson)": (
            _wilson,
            N_(
                "Wilson's interval treats every comparison as a separate observation. The"
                " comparisons of one person share that person's face: use the standard error"
                " printed above, made from PEOPLE."
            ),
        ),
        "square root forgotten": (
            lambda: _ends(intervals.Z * _rate_and_error()[1] ** 2),
            N_(
                "This reaches 1.96 VARIANCES to either side. Take the standard error, which is the"
                " square root of the variance."
            ),
        ),
        "one standard error": (
            lambda: _ends(_rate_and_error()[1]),
            N_(
                "This reaches one standard error to either side; about 68 in 100 such intervals"
                " hold the truth. For 95 in 100 go 1.96 standard errors."
            ),
        ),
        "divided by the root of the number of people": (
            lambda: _ends(intervals.Z * _rate_and_error()[1] / math.sqrt(len(table()))),
            N_(
                "You divided by the root of the number of people once more. The standard error"
                " printed above has that in it already."
            ),
        ),
        "1.96 added to the rate": (
            lambda: _ends(intervals.Z),
            N_(
                "This reaches 1.96 to either side. It has to be 1.96 times the standard error"
                " printed above."
            ),
        ),
        "divided by the number of people": (
            _by_people_count,
            N_(
                "Here the sum of squares was divided by the number of people, squared. The rate's"
                " denominator is the number of comparisons made: divide by its square."
            ),
        ),
    },
    hint=N_(
        "The interval has the rate in its middle. How far it reaches to one side depends on the"
        " standard error, and on how sure the interval is to be."
    ),
    way=N_("First `reach = 1.96 * standard_error`, then `answer = (rate - reach, rate + reach)`."),
    expects=N_("two numbers in brackets, the lower end first: (0.1, 0.2)"),
)


@functools.cache
def _half() -> dict[str, float]:
    """Counts of the first 240 people of dev, and what they allow.

    ``rank`` is the place of the impostor comparison, most alike first, that brings in the 30th
    different pair of people; ``refusal`` the FMR that a refused threshold is offered instead.
    """
    whole = _dev()
    half = whole.select(np.isin(whole.people, np.unique(whole.people)[:HALF]))
    smallest = people.smallest_fmr(half)
    return {
        "comparisons": half.impostor.size,
        "person pairs": half.person_pairs_count,
        "whole town": whole.impostor.size,
        "rank": round(smallest * half.impostor.size),
        "next rank": _place(half, thresholds.ENOUGH_PERSON_PAIRS + 1),
        "listed pairs": _new(half).sum(),
        "refusal": _refusal(half, smallest / 2),
    }


def _new(pairs: AllPairs) -> np.ndarray:
    """Where a pair of people appears for the first time in the list of the notebook."""
    top = pairs.highest(LISTED)
    people_of = np.sort(top[["person_1", "person_2"]].to_numpy(), axis=1)
    new = np.zeros(len(top), bool)
    new[np.unique(people_of, axis=0, return_index=True)[1]] = True
    return new


def _place(pairs: AllPairs, which: int) -> int:
    """Place, from 1, of the comparison that brings in so many different pairs of people."""
    return int(np.flatnonzero(_new(pairs))[which - 1]) + 1


def _refusal(pairs: AllPairs, rate: float) -> float:
    """The FMR that a refusal of ``choose_threshold`` offers instead."""
    try:
        thresholds.choose_threshold(pairs, rate)
    except ValueError as refusal:
        return float(re.findall(r"FMR of ([0-9.e-]+[0-9])", str(refusal))[-1])
    return math.nan


def _over(unit: str, count: float) -> float:
    return count / _half()[unit]


SMALLEST = Check(
    "04-b",
    question=N_(
        "What is the smallest FMR for which the first 240 people of dev can set a threshold, to"
        " three digits or more?"
    ),
    reference=lambda: _over("comparisons", _half()["rank"]),
    tolerance=Relative(0.005),
    digits=3,
    parts=(lambda: _half()["rank"], lambda: _half()["comparisons"]),
    wrong={
        "one pair too far": (
            lambda: _over("comparisons", _half()["next rank"]),
            N_(
                "One pair of people too far: `[30]` is the 31st, because Python counts places from"
                " 0. The 30th stands at `[29]`."
            ),
        ),
        "every pair that is listed": (
            lambda: _over("comparisons", _half()["listed pairs"]),
            N_(
                "You counted all the pairs of people that are listed. How far down the list does"
                " one have to go until there are 30?"
            ),
        ),
        "divided by the list": (
            lambda: _half()["rank"] / LISTED,
            N_(
                "The place is right; you divided by the comparisons that are LISTED. They are only"
                " the most alike: divide by all impostor comparisons of `half`."
            ),
        ),
        "3 / comparisons": (
            lambda: _over("comparisons", 3),
            N_(
                "3 / comparisons is the bound after NO error in independent trials. These"
                " comparisons share people, and a threshold needs errors from 30 different pairs of"
                " people."
            ),
        ),
        "1 / comparisons": (
            lambda: _over("comparisons", 1),
            N_(
                "One false match in all comparisons: the threshold would be set by a single pair of"
                " pictures. It needs errors from 30 different pairs of people."
            ),
        ),
        "30 / comparisons": (
            lambda: _over("comparisons", thresholds.ENOUGH_PERSON_PAIRS),
            N_(
                "The 30 highest comparisons come from fewer than 30 pairs of people, because two"
                " people whom the matcher finds alike are alike to it in several pictures. Go down"
                " the list until the 30th DIFFERENT pair of people appears."
            ),
        ),
        "30 / pairs of people": (
            lambda: _over("person pairs", thresholds.ENOUGH_PERSON_PAIRS),
            N_(
                "The 30 is right, but an FMR divides comparisons by comparisons: divide the PLACE"
                " in the list at which the 30th pair of people appears by all impostor comparisons."
            ),
        ),
        "3 / pairs of people": (
            lambda: _over("person pairs", 3),
            N_(
                "3 / pairs of people is the bound after NO error. A threshold needs errors from 30"
                " different pairs of people."
            ),
        ),
        "first place": (
            lambda: _over("comparisons", _half()["rank"] - 1),
            N_("Python counts places from 0: the comparison at place 0 is the first. Add 1."),
        ),
        "copied from the refusal": (
            lambda: _half()["refusal"],
            N_(
                "The refusal rounds up, to be on the safe side. Work it out from `top` and `new`,"
                " to see where its number comes from."
            ),
        ),
        "divided by the whole town": (
            lambda: _over("whole town", _half()["rank"]),
            N_(
                "The place is right; it was divided by the comparisons of all 480 people. Divide by"
                " those of `half`."
            ),
        ),
    },
    hint=N_(
        "`new` is True where a pair of people appears for the first time. `new.cumsum()` counts"
        " them down the list: at which place does it reach 30?"
    ),
    way=N_(
        "`place = 1 + (new.cumsum() == 30).idxmax()` is the place of the 30th new pair of people;"
        " then `answer = place / half.impostor.size`."
    ),
)

SENTENCE = Choose(
    "04-c",
    question=N_("Which of the three sentences do the data support?"),
    options={
        "A": N_(
            "These people WERE falsely matched that much more often. But the lot put them together:"
            " the lot, not the matcher's treatment of a kind of person, made the difference, and in"
            " another lot other groups would come first and last. They were also picked AFTER"
            " looking, as the highest and the lowest of six: among equal groups of this size such a"
            " ratio is usual, as the histogram above shows. The arithmetic is right and the"
            " conclusion is not. A group named before looking, with a ratio beyond what luck gives,"
            " would be evidence."
        ),
        "B": N_(
            "The number of comparisons is large and the number of people is not: behind the many"
            " comparisons stand a few people, and this test was picked because it saw nothing."
            " Nothing seen in so few pairs of people allows a rate far above nothing; the bound is"
            " printed beside the sentence. 'Does not confuse' is a claim about everybody, 'did not"
            " confuse these' is what was seen."
        ),
        "C": N_(
            "It says on whom, on how many people and in how many comparisons, at which FMR and on"
            " whom the threshold was set, gives an interval made by people, and claims no more than"
            " that. It is the least exciting of the three. It still does not say anything about"
            " photographs of real people."
        ),
    },
    best={"C"},
)

EXERCISES = (BY_HAND, SMALLEST, SENTENCE)
