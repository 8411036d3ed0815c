"""What was counted in a group of people, and what each rate makes of it.

In: counts by person and by pair of people.  Out: for each rate of :data:`labkit.measure.rate.RATES`
its errors and trials by unit (:class:`UnitCounts`), which know their interval, what they come to
when people are drawn again, and when they are too few.

A table of many people by many people (:class:`SquareCounts`) is one way to keep counts by pair;
:mod:`labkit.audit.pairs` keeps a list.
"""

from __future__ import annotations

import abc
import functools
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import N_, _
from labkit.measure.intervals import (
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    Counts,
    Interval,
    Moves,
    cluster_interval,
    cluster_moves,
    fmr_of_people,
    jackknife,
    pair_totals,
)
from labkit.measure.rate import Rate
from labkit.measure.rate import rate as rate_of

# What a learner reads in the tables.
NOBODY = N_("nobody in this group")
ALONE = N_("one person: nobody of the group to compare with")


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

    @property
    def people_with_trials(self) -> int:
        """People who have any trial."""

    @property
    def units_with_error(self) -> int:
        """People, or pairs of people, with an error."""

    @property
    def floor(self) -> int:
        """People without whom this rate of a group takes no part in a comparison of groups."""

    def bound(self) -> float:
        """The most that the rate may be, where errors are few: 3 / units without any, or NaN."""

    def moves(self) -> Moves:
        """How far each person, by place, moves the logarithm of the rate; nobody without an error.

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

    @property
    def people_with_trials(self) -> int:
        """People who have any trial."""
        return int((self.trials > 0).sum())

    @property
    def units_with_error(self) -> int:
        """People with an error."""
        return int((self.errors > 0).sum())

    @property
    def floor(self) -> int:
        """30 people."""
        return ENOUGH_PEOPLE

    def bound(self) -> float:
        """3 / people, at most 1; more with errors."""
        return _at_most(self.units_with_error, self.people_with_trials)

    def moves(self) -> Moves:
        """What each person adds to the variance of the interval, relative to the rate."""
        use = np.flatnonzero(self.trials > 0)
        errors, trials = self.errors[use], self.trials[use]
        if not errors.any():
            return Moves(use[:0], errors[:0])
        return Moves(use, cluster_moves(errors, trials) * trials.sum() / errors.sum())


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
            return Interval(math.nan, words=_(ALONE), reason="nothing", people=1)
        errors, trials = self.by_person(self.errors), self.by_person(self.trials)
        pairs = self.different(self.trials), self.different(self.errors)
        return fmr_of_people(errors, trials, *pairs, what=rate.errors, none=rate.none)

    @property
    def people_with_trials(self) -> int:
        """People who were compared."""
        return int((self.by_person(self.trials) > 0).sum())

    @property
    def units_with_error(self) -> int:
        """Pairs of people with an error."""
        return self.different(self.errors)

    @property
    def floor(self) -> int:
        """60 people."""
        return ENOUGH_PEOPLE_FOR_AN_FMR

    def bound(self) -> float:
        """3 / pairs of people, at most 1; more with errors."""
        return _at_most(self.units_with_error, self.different(self.trials))

    def moves(self) -> Moves:
        """What leaving each person out does to the rate's logarithm."""
        if not self.errors.any():
            return Moves(np.zeros(0, np.int64), np.zeros(0))
        return jackknife(self.by_person(self.errors), self.by_person(self.trials))


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


def _at_most(with_error: int, units: int) -> float:
    """The most that the share of units with an error may be, by the Poisson distribution (95%).

    Without an error this is the rule of three, 3 / units.
    """
    if not units:
        return math.nan
    from scipy.special import gammaincinv

    expected = 3.0 if not with_error else float(gammaincinv(with_error + 1, 0.95))
    return min(expected / units, 1.0)


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

    @functools.cached_property
    def _intervals(self) -> dict[str, Interval]:
        return {}

    def interval(self, rate: str) -> Interval:
        """The rate by people, or the words for a group with too little; found once."""
        if rate not in self._intervals:
            found = Interval(math.nan, words=_(NOBODY), reason="nothing")
            if len(self.people):
                found = self.of(rate).interval(rate_of(rate))
            self._intervals[rate_of(rate).name] = found
        return self._intervals[rate]

    def totals(self, rate: str, weights: Counts) -> tuple[Counts, Counts]:
        """Errors and trials in every replicate; ``weights`` of shape (replicates, k)."""
        return self.of(rate).totals(weights)

    def too_few(self, rate: str) -> str:
        """Why the group cannot be compared in this rate, naming it, or nothing when it can."""
        words = self.interval(rate).words
        return _("{group}: {words}").format(group=self.name, words=words) if words else ""

    def enough_people(self, rate: str) -> bool:
        """Whether there are people enough to take part in a comparison of groups in this rate."""
        counts = self.of(rate)
        return counts.people_with_trials >= counts.floor

    def bound(self, rate: str) -> float:
        """The most that the rate may be where errors are few: 3 / pairs of people without any."""
        return self.of(rate).bound()

    @functools.cached_property
    def _moves(self) -> dict[str, Moves]:
        return {}

    def moves(self, rate: str) -> Moves:
        """How far each person, by number, moves the logarithm of the rate; found once."""
        if rate not in self._moves:
            found = self.of(rate).moves()
            self._moves[rate] = Moves(self.people[found.people], found.moves)
        return self._moves[rate]
