"""An effect over several trainings of a network, all judged on the same people.

In: for each training an estimate, and how far each test person moves it.  Out: an :class:`Effect`,
whose interval counts both that other people could have been trained on and that others could have
been tested.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from labkit.base.words import _
from labkit.measure.intervals import Moves, student


@dataclass(frozen=True)
class Estimate:
    """The logarithm of a ratio for one training, and how far each test person moves it.

    Parameters
    ----------
    value
        The logarithm; NaN where there is too little for it.
    moves
        By test person.
    words
        Why there is none, else empty.
    """

    value: float
    moves: Moves = field(repr=False)
    words: str = ""

    def __sub__(self, other: Estimate) -> Estimate:
        return weighted([(1.0, self), (-1.0, other)])


NOBODY = Moves(np.zeros(0, np.int64), np.zeros(0))


def too_little(words: str) -> Estimate:
    """No estimate, and why."""
    return Estimate(math.nan, NOBODY, words)


def weighted(terms: Sequence[tuple[float, Estimate]]) -> Estimate:
    """A weighted sum of estimates on the same test people; whoever is in several moves all.

    Parameters
    ----------
    terms
        Weights and estimates.

    Examples
    --------
    >>> who = np.arange(2)
    >>> a, b = (Estimate(v, Moves(who, np.array([v, -v]))) for v in (0.5, 0.25))
    >>> both = a - b
    >>> both.value, both.moves.moves.tolist()
    (0.25, [0.25, -0.25])
    """
    words = next((e.words for _weight, e in terms if e.words), "")
    if words:
        return too_little(words)
    value = sum(weight * e.value for weight, e in terms)
    return Estimate(value, Moves.total((weight, e.moves) for weight, e in terms))


@dataclass(frozen=True)
class Effect:
    """A ratio over several trainings, with an interval by trainings and test people together.

    Parameters
    ----------
    log
        Logarithm of the ratio, the mean over trainings; NaN where there is too little for it.
    trainings
        The same logarithm in each training.
    by_people, by_trainings
        Standard errors of ``log``: what other test people would change in all trainings alike, and
        what another training would change.  The second is NaN for one training alone.
    freedom
        Degrees of freedom of Student's t.
    words
        Why there is no interval, else empty.

    Examples
    --------
    >>> effect = Effect(math.log(4), (1.3, 1.4, 1.46), 0.1, 0.05, 20.0)
    >>> str(effect), effect.shown
    ('4.00 [3.17, 5.05]', True)
    """

    log: float
    trainings: tuple[float, ...] = ()
    by_people: float = math.nan
    by_trainings: float = math.nan
    freedom: float = math.nan
    words: str = ""

    @property
    def error(self) -> float:
        """Standard error of the logarithm."""
        return math.hypot(self.by_people, 0.0 if self.alone else self.by_trainings)

    @property
    def alone(self) -> bool:
        """Whether there is one training, so that nobody knows what another would give."""
        return len(self.trainings) == 1

    @property
    def ratio(self) -> float:
        """The ratio itself."""
        return math.exp(self.log)

    @property
    def reach(self) -> float:
        """Half the width of the interval, of the logarithm; NaN where there are only words."""
        return math.nan if self.words else student(0.975, self.freedom) * self.error

    @property
    def low(self) -> float:
        """Lower end of the ratio's interval."""
        return math.exp(self.log - self.reach)

    @property
    def high(self) -> float:
        """Upper end of the ratio's interval."""
        return math.exp(self.log + self.reach)

    @property
    def detectable(self) -> float:
        """The true ratio above 1 that data like these find four times in five (5% level)."""
        if self.words:
            return math.nan
        return math.exp((student(0.975, self.freedom) + student(0.8, self.freedom)) * self.error)

    @property
    def shown(self) -> bool:
        """Whether the interval leaves out 1; not where there are only words."""
        return abs(self.log) > self.reach

    @property
    def direction(self) -> int:
        """1 where the ratio is shown to be above 1, -1 below it, 0 where nothing is shown."""
        return int(math.copysign(1, self.log)) if self.shown else 0

    @property
    def p_value(self) -> float:
        """Of the true ratio being 1, from both sides; NaN where there are only words."""
        from scipy.special import stdtr

        if self.words:
            return math.nan
        return float(2 * stdtr(self.freedom, -abs(self.log) / self.error))

    @property
    def of_trainings(self) -> float:
        """The part of the variance that comes from the trainings, from 0 to 1."""
        return (self.by_trainings / self.error) ** 2 if self.error else math.nan

    def text(self) -> str:
        """The ratio and its interval, or the words said instead.

        Examples
        --------
        >>> Effect(math.nan, words="too few").text()
        'too few'
        """
        if self.words:
            return self.words
        return f"{short(self.ratio)} [{short(self.low)}, {short(self.high)}]"

    def __str__(self) -> str:
        return self.text()

    def __float__(self) -> float:
        return self.ratio

    def upside_down(self) -> Effect:
        """One over the ratio."""
        return Effect(
            -self.log,
            tuple(-value for value in self.trainings),
            self.by_people,
            self.by_trainings,
            self.freedom,
            self.words,
        )


def short(ratio: float) -> str:
    """A ratio for a sentence, with the digits that matter.

    Examples
    --------
    >>> [short(x) for x in (1234.5, 23.456, 2.3456, 0.023456)]
    ['1,234', '23.5', '2.35', '0.023']
    """
    if ratio >= 99.95:
        return f"{ratio:,.0f}"
    if ratio >= 9.995:
        return f"{ratio:.1f}"
    if ratio >= 0.0995 or ratio <= 0:
        return f"{ratio:.2f}"
    return f"{ratio:.{1 - math.floor(math.log10(ratio))}f}"


def combined(found: Mapping[int, Estimate]) -> Effect:
    """The mean of several trainings, with the interval of readers and cases.

    Networks stand here where radiologists stand in studies of diagnosis: a few of them judge the
    same cases, and both could have been others.  The variance of the mean of r trainings is
    ``s^2 / r + C`` (Obuchowski and Rockette 1995, Communications in Statistics B 24): s^2 the
    variance between the trainings' estimates, C the covariance that two trainings share because
    they are tested on the same people, here from leaving out one person at a time
    (:func:`labkit.measure.intervals.jackknife`).  Taking s^2 / r and the whole variance by people
    would count twice what only one training makes of only some people.  The sum is never taken to
    be less than the variance by people of these very networks.  Student's t has the degrees of
    freedom of a sum of two variances (Satterthwaite): r - 1 for the trainings, for the people as
    many as carry weight (Kish 1965).  ``tests/experiment/test_mixes.py`` counts how often the
    interval holds the truth.

    Parameters
    ----------
    found
        By number of the training, its estimate.  With one training the interval is by people
        alone, and :attr:`Effect.alone` says so.

    Returns
    -------
    Effect

    Raises
    ------
    ValueError
        Without any training.

    Examples
    --------
    >>> who = np.arange(40)
    >>> moves = Moves(who, np.where(who % 2, 0.01, -0.01))
    >>> combined({k: Estimate(v, moves) for k, v in enumerate((0.6, 0.7, 0.8))}).text()
    '2.01 [1.66, 2.44]'
    """
    if not found:
        raise ValueError("there is no training to take a mean of")
    values = tuple(e.value for e in found.values())
    without = [(k, e.words) for k, e in found.items() if e.words]
    if without:
        first, words = without[0]
        said = _("training {k}: {words}").format(k=first, words=words)
        return Effect(math.nan, values, words=said)
    r, log = len(values), float(np.mean(values))
    mean = Moves.total((1 / r, e.moves) for e in found.values())
    of_these = mean.error**2
    if r == 1:
        if not mean.error:
            return Effect(log, values, words=_("no interval: the same in all people"))
        return Effect(log, values, mean.error, math.nan, mean.weight)
    alone = float(np.mean([e.moves.error**2 for e in found.values()]))
    shared = min(max((r * of_these - alone) / (r - 1), 0.0), of_these)
    between = float(np.var(values, ddof=1)) / r
    between = max(between, of_these - shared)
    whole = between + shared
    if not whole:
        return Effect(log, values, words=_("no interval: the same in all people and trainings"))
    freedom = whole**2 / (between**2 / (r - 1) + shared**2 / mean.weight)
    return Effect(log, values, math.sqrt(shared), math.sqrt(between), freedom)
