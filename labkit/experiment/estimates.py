"""An estimate that knows who moves it, so that differences of differences keep their people.

In: what was counted in groups of people.  Out: an :class:`Estimate`.  One minus another is an
estimate again; who stands on both sides moves both, so what makes a person hard under two
conditions cancels by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from labkit.base.words import _
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    ENOUGH_PEOPLE_WITH_ERRORS,
    Interval,
    Moves,
    cluster_moves,
)

if TYPE_CHECKING:
    from labkit.measure.counts import GroupCounts
    from labkit.measure.disparity import GroupTable

Whole = NDArray[np.int64]
NOBODY: Whole = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number and how far each person moves it.

    Parameters
    ----------
    value
        The estimate; NaN if nothing could be counted.
    moves
        What each person adds (:class:`labkit.measure.intervals.Moves`).
    people, erred
        Numbers of the people behind it, and of those with an error.
    why
        Why there is no interval, in words; empty where there may be one.

    Examples
    --------
    >>> who = np.arange(40)
    >>> one, other = (Estimate(v, Moves(who, np.full(40, 0.01)), who, who) for v in (0.3, 0.1))
    >>> (one - other).interval.words
    'no interval: the difference is the same in all people'
    >>> one.interval.text(2)
    '0.30 [0.17, 0.43]'
    """

    value: float
    moves: Moves
    people: Whole
    erred: Whole
    why: str = ""

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.value - other.value,
            self.moves - other.moves,
            np.union1d(self.people, other.people),
            np.union1d(self.erred, other.erred),
            self.why or other.why,
        )

    @property
    def interval(self) -> Interval:
        """The estimate with its 95% interval by people, or words; ``detectable`` as everywhere."""
        people = len(self.people)
        why = self.why
        if not why and (people < ENOUGH_PEOPLE or len(self.erred) < ENOUGH_PEOPLE_WITH_ERRORS):
            words = _("errors by {erred} of {people} people: too few for a difference")
            why = words.format(erred=len(self.erred), people=people)
        if not why and not self.moves.error:
            why = _("no interval: the difference is the same in all people")
        if why:
            return Interval(self.value, words=why, people=people)
        ends = self.value - self.moves.reach, self.value + self.moves.reach
        return Interval(self.value, *ends, people=people, detectable=self.moves.detectable)

    @property
    def p(self) -> float:
        """Of its being 0 in truth, from both sides; NaN where there is no interval."""
        return math.nan if self.interval.words else self.moves.p_value(self.value)


def nothing(why: str) -> Estimate:
    """No number, and why."""
    return Estimate(math.nan, Moves(NOBODY, np.zeros(0)), NOBODY, NOBODY, why)


def rate(row: GroupCounts, name: str = "false_rejection") -> Estimate:
    """A rate by person of one group, such as false rejection.

    Parameters
    ----------
    row
        What was counted in the group.
    name
        A rate of :data:`labkit.measure.rate.RATES` that is counted by person.

    Raises
    ------
    ValueError
        For a rate that is counted by pairs of people.
    """
    errors, trials = row.terms(name)
    if errors.ndim != 1:
        raise ValueError(f"{name} is counted by pairs of people: use share or log_fmr")
    use = trials > 0
    if not use.any():
        return nothing(_("{group}: nothing to count").format(group=row.name))
    return by_person(row.people[use], errors[use], trials[use])


def by_person(people: Whole, errors: NDArray, trials: NDArray) -> Estimate:
    """A rate of errors by person, every person with a trial."""
    moves = Moves(people, cluster_moves(errors, trials))
    return Estimate(float(errors.sum() / trials.sum()), moves, people, people[errors > 0])


def log_fmr(row: GroupCounts) -> Estimate:
    """The logarithm of a group's FMR; a difference of two is that of a ratio."""
    found = row.interval("fmr")
    why = row.too_few("fmr")
    if why:
        return nothing(why)
    return Estimate(math.log(found.value), row.moves("fmr"), row.people, row.people)


def share(table: GroupTable, group: object) -> Estimate:
    """The share of all false matches within groups that are of one group.

    A share, and no ratio: the threshold is fixed for all groups together, so where false matches
    leave one group they turn up in another, and a ratio would go to infinity.

    Parameters
    ----------
    table
        Of groups of (nearly) equal size: then, were nothing unequal, all shares would be equal.
    group
        One of its groups.

    Raises
    ------
    ValueError
        If there is no such group.
    """
    table.row(group)  # type: ignore[arg-type]
    false = {r.name: float(r.terms("fmr")[0].sum()) for r in table.rows}
    total = sum(false.values())
    if not total:
        return nothing(_("no false match in any group"))
    shares = {name: f / total for name, f in false.items()}
    own = shares[group]  # type: ignore[index]
    # The logarithm of a count moves as that of its rate does: who is compared stays the same.
    weights = {n: own * ((1.0 if n == group else 0.0) - s) for n, s in shares.items()}
    moves = Moves.total([(weights[r.name], r.moves("fmr")) for r in table.rows])
    people = np.unique(np.concatenate([r.people for r in table.rows]))
    erred = np.unique(np.concatenate([r.people[r.terms("fmr")[0].sum(1) > 0] for r in table.rows]))
    return Estimate(own, moves, people, erred, _thin(table))


def _thin(table: GroupTable) -> str:
    """Why shares of these groups have no interval, or nothing."""
    for row in table.rows:
        counts = row.of("fmr")
        if counts.people_with_trials < ENOUGH_PEOPLE_FOR_AN_FMR:
            words = _("{group}: {people} people were compared: too few for shares, which take {n}")
            return words.format(
                group=row.name, people=counts.people_with_trials, n=ENOUGH_PEOPLE_FOR_AN_FMR
            )
    pairs = sum(row.of("fmr").units_with_error for row in table.rows)
    if pairs < ENOUGH_FALSE_MATCH_PAIRS:
        words = _("false matches of {pairs} pairs of people in all: too few for shares")
        return words.format(pairs=pairs)
    return ""
