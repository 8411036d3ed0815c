"""What was counted in a group of people, and what each rate makes of it.

In: counts by person and by pair of people.  Out: for each rate of :data:`labkit.measure.rate.RATES`
its errors and trials by unit (:class:`UnitCounts`), which know their interval, what they come to
when people are drawn again, and when they are too few.

A table of many people by many people (:class:`SquareCounts`) is one way to keep counts by pair;
:mod:`labkit.audit.pairs` keeps a list.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_WITH_ERRORS,
    Counts,
    Interval,
    cluster_interval,
    fmr_of_people,
    left_out,
    pair_totals,
)
from labkit.measure.rate import Rate
from labkit.measure.rate import rate as rate_of

# What a learner reads in the tables.
NOBODY = "nobody in this group"
ALONE = "one person: nobody of the group to compare with"
FEW_PAIRS = "{what} from {pairs} pairs of people in {group} (at least {need} needed)"
FEW_PEOPLE = "{what} by {erred} of {people} people in {group} (at least {need} of {of} needed)"


class UnitCounts(Protocol):
    """Errors and trials of one rate in one group, by unit: by person, or by pair of people."""

    @property
    def errors(self) -> Counts:
        """Errors of each unit."""

    @property
    def trials(self) -> Counts:
        """Trials of each unit."""

    def interval(self, rate: Rate) -> Interval:
        """The rate with its interval by people, or the words for too little."""

    def totals(self, weights: Counts) -> tuple[Counts, Counts]:
        """Errors and trials, shape (replicates,), with people weighing (replicates, k)."""

    def too_few(self, rate: Rate, group: Hashable) -> str:
        """Why no replicate can be trusted, naming the group, or nothing when it can."""

    def bound(self) -> float:
        """The rule of three for a group without an error; NaN without a trial."""

    def influence(self) -> tuple[float, NDArray[np.int64], Counts]:
        """The rate; places of people; how far each of them moves its logarithm.

        The squares add up to the variance that the interval of the rate rests on.
        """


@dataclass(frozen=True, eq=False)
class PersonCounts:
    """Errors and trials by person, shape (k,) each.

    Examples
    --------
    >>> PersonCounts(np.array([1.0, 0.0]), np.array([3.0, 3.0])).bound()
    1.0
    """

    errors: Counts
    trials: Counts

    def interval(self, rate: Rate) -> Interval:
        """The rate with people as clusters."""
        return cluster_interval(self.errors, self.trials, rate.errors)

    def totals(self, weights: Counts) -> tuple[Counts, Counts]:
        """Sums over people, each as often as drawn."""
        return weights @ self.errors, weights @ self.trials

    def too_few(self, rate: Rate, group: Hashable) -> str:
        """Words for fewer than 30 people, or fewer than ten of them with an error."""
        people, erred = int((self.trials > 0).sum()), int((self.errors > 0).sum())
        if people >= ENOUGH_PEOPLE and erred >= ENOUGH_PEOPLE_WITH_ERRORS:
            return ""
        need, of = ENOUGH_PEOPLE_WITH_ERRORS, ENOUGH_PEOPLE
        return FEW_PEOPLE.format(
            what=rate.errors, erred=erred, people=people, group=group, need=need, of=of
        )

    def bound(self) -> float:
        """3 / people, at most 1."""
        return _rule_of_three(int((self.trials > 0).sum()))

    def influence(self) -> tuple[float, NDArray[np.int64], Counts]:
        """What each person adds to the variance of the interval, relative to the rate."""
        p = float(self.errors.sum() / self.trials.sum())
        if not p:
            return p, *_nobody()
        use = np.flatnonzero(self.trials > 0)
        own = (self.errors - p * self.trials)[use] / self.trials.sum() / p
        return p, use, own * math.sqrt(len(use) / max(len(use) - 1, 1))


class PairCounts(abc.ABC):
    """Errors and trials by pair of people, however they are kept.

    ``errors`` and ``trials`` may hold each pair once or twice; ``people`` is how many there are in
    the group.
    """

    errors: Counts
    trials: Counts

    @property
    @abc.abstractmethod
    def people(self) -> int:
        """People in the group."""

    @abc.abstractmethod
    def by_person(self, counts: Counts) -> Counts:
        """What each person takes part in, shape (people,)."""

    @abc.abstractmethod
    def different(self, counts: Counts) -> int:
        """How many pairs of people have any of these."""

    @abc.abstractmethod
    def totals(self, weights: Counts) -> tuple[Counts, Counts]:
        """Twice the sums over pairs, each as often as both of its people were drawn."""

    def interval(self, rate: Rate) -> Interval:
        """The rate with one person left out at a time."""
        if self.people == 1:
            return Interval(math.nan, words=ALONE, people=1)
        errors, trials = self.by_person(self.errors), self.by_person(self.trials)
        pairs = self.different(self.trials), self.different(self.errors)
        return fmr_of_people(errors, trials, *pairs, what=rate.errors, none=rate.none)

    def too_few(self, rate: Rate, group: Hashable) -> str:
        """Words for errors of fewer than ten pairs of people."""
        pairs, need = self.different(self.errors), ENOUGH_FALSE_MATCH_PAIRS
        if pairs >= need:
            return ""
        return FEW_PAIRS.format(what=rate.errors, pairs=pairs, group=group, need=need)

    def bound(self) -> float:
        """3 / pairs of people, at most 1."""
        return _rule_of_three(self.different(self.trials))

    def influence(self) -> tuple[float, NDArray[np.int64], Counts]:
        """What leaving each person out does to the rate's logarithm."""
        p = float(self.errors.sum() / self.trials.sum())
        if not p:
            return p, *_nobody()
        logs, use = left_out(self.by_person(self.errors), self.by_person(self.trials))
        k = len(logs)
        return p, np.flatnonzero(use), (logs.mean() - logs) * math.sqrt((k - 1) / k)


@dataclass(frozen=True, eq=False)
class SquareCounts(PairCounts):
    """Errors and trials by pair of people as symmetric tables, shape (k, k), each pair twice.

    Examples
    --------
    >>> both = 1 - np.eye(4)
    >>> SquareCounts(0 * both, both).bound()  # 3 / 6 pairs
    0.5
    """

    errors: Counts
    trials: Counts

    @property
    def people(self) -> int:
        """People in the group."""
        return len(self.trials)

    def by_person(self, counts: Counts) -> Counts:
        """Sums of the rows."""
        return counts.sum(1)

    def different(self, counts: Counts) -> int:
        """Half of the cells that are not 0."""
        return int((counts > 0).sum() // 2)

    def totals(self, weights: Counts) -> tuple[Counts, Counts]:
        """Sums over all cells, weighed by both people."""
        return pair_totals(weights, self.errors), pair_totals(weights, self.trials)


def _rule_of_three(units: int) -> float:
    return min(3 / units, 1.0) if units else math.nan


def _nobody() -> tuple[NDArray[np.int64], Counts]:
    return np.zeros(0, np.int64), np.zeros(0)


@dataclass(frozen=True, eq=False)
class GroupCounts:
    """What was counted in one group, by person; k people.

    Parameters
    ----------
    name
        The group.
    people
        Numbers of its people, ascending, shape (k,).
    false, compared
        False matches and impostor comparisons with both people in the group, by pair of people:
        shape (k, k), or what ``paired`` takes.
    images, failed
        Images, and those without a usable face, shape (k,).
    missed, made, planned
        Mated pairs, shape (k,).
    paired
        Makes :class:`UnitCounts` of errors and trials by pair of people.

    Examples
    --------
    >>> two, none = np.array([[0.0, 2], [2, 0]]), np.zeros(2)
    >>> one, who = none + 1, np.array([7, 9])
    >>> row = GroupCounts("a", who, two, 2 * two, 2 * one, none, none, one, one)
    >>> row.bound("fmr"), row.terms("fnmr")[1].tolist()
    (1.0, [1.0, 1.0])
    """

    name: Hashable
    people: NDArray[np.int64]
    false: Counts = field(repr=False)
    compared: Counts = field(repr=False)
    images: Counts = field(repr=False)
    failed: Counts = field(repr=False)
    missed: Counts = field(repr=False)
    made: Counts = field(repr=False)
    planned: Counts = field(repr=False)
    paired: Callable[[Counts, Counts], UnitCounts] = field(default=SquareCounts, repr=False)

    def of(self, rate: str) -> UnitCounts:
        """Errors and trials of one rate, by unit.

        Raises
        ------
        ValueError
            If there is no such rate.
        """
        r = rate_of(rate)
        errors, trials = r.terms(self)
        return self.paired(errors, trials) if r.of_pairs else PersonCounts(errors, trials)

    def terms(self, rate: str) -> tuple[Counts, Counts]:
        """Errors and trials of each unit: by person, shape (k,), or by pair of people."""
        counts = self.of(rate)
        return counts.errors, counts.trials

    def interval(self, rate: str) -> Interval:
        """The rate by people, or the words for a group with too little."""
        counts = self.of(rate)
        if not len(self.people):
            return Interval(math.nan, words=NOBODY)
        return counts.interval(rate_of(rate))

    def totals(self, rate: str, weights: Counts) -> tuple[Counts, Counts]:
        """Errors and trials in every replicate; ``weights`` of shape (replicates, k)."""
        return self.of(rate).totals(weights)

    def too_few(self, rate: str) -> str:
        """Why no replicate of this rate can be trusted, or nothing when it can."""
        return self.of(rate).too_few(rate_of(rate), self.name)

    def bound(self, rate: str) -> float:
        """The rule of three for a group without an error: 3 / pairs of people, or 3 / people."""
        return self.of(rate).bound()

    def influence(self, rate: str) -> tuple[float, NDArray[np.int64], Counts]:
        """The rate, numbers of people, and how far each moves the rate's logarithm."""
        p, place, moves = self.of(rate).influence()
        return p, self.people[place], moves
