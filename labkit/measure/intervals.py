"""How sure one may be of an error rate, when comparisons share people.

In: comparisons with the people behind them, or errors counted by person.  Out: an
:class:`Interval`, which can say in words that there is too little for a number.  All intervals are
nominally 95%.

A thousand comparisons of ten people are not a thousand observations.  Every interval here moves
whole people in and out; none treats comparisons as independent (:func:`wilson` does, and is here to
be compared with).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.scores import Comparisons

Counts = NDArray[np.float64]

Z = 1.959963984540054
"""Standard normal deviate of a two-sided 95% interval."""

ENOUGH_PEOPLE_FOR_AN_FMR = 60
"""People without whom an FMR gets no interval: among fewer, nobody may happen to be easily
confused, and then neither the rate nor its interval shows that others are."""

ENOUGH_FALSE_MATCH_PAIRS = 10
"""Pairs of people behind the false matches without whom an FMR gets no interval."""

ENOUGH_PEOPLE = 30
"""People without whom a rate by person (FTA, FNMR, false rejection) gets no interval."""

ENOUGH_PEOPLE_WITH_ERRORS = 10
"""People with an error, and people without one, that such an interval takes."""


LAST_BITS = 1e-12
"""A standard error as small as this is none: only the last bits of a sum differ."""


@dataclass(frozen=True)
class Interval:
    """A rate or a difference and what can be said about it.

    Parameters
    ----------
    value
        The estimate; NaN if nothing could be counted.
    low, high
        Ends of the interval; NaN where only words are possible.
    people
        People behind it.
    errors, trials
        What was counted; 0 where that makes no sense.
    person_pairs
        Different pairs of people that were compared (impostor rates), else 0.
    error_pairs
        Different pairs of people behind the errors, else 0.
    words
        Said instead of an interval when there is too little for one, else empty.
    reason
        Why, in a word for programs: ``"nothing"`` to count, ``"none"`` or ``"all"`` of the trials
        an error, too few ``"people"``, too few ``"errors"``, too few people without
        (``"others"``), or everybody has the ``"same"`` share; empty where there is an interval, and
        of differences.
    detectable
        Of a difference: the true one that data like these would show four times in five (at the 5%
        level); NaN elsewhere.

    Examples
    --------
    >>> str(Interval(0.0123, 0.008, 0.019, people=80))
    '0.0123 [0.0080, 0.0190]'
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    people: int = 0
    errors: int = 0
    trials: int = 0
    person_pairs: int = 0
    error_pairs: int = 0
    words: str = ""
    reason: str = field(default="", repr=False)
    detectable: float = math.nan

    def text(self, digits: int = 4) -> str:
        """The estimate and its interval, or the words said instead; for the cell of a table.

        Examples
        --------
        >>> Interval(0.0123, 0.008, 0.019).text(3)
        '0.012 [0.008, 0.019]'
        """
        if self.words:
            finite = math.isfinite(self.value)
            return f"{self.value:.{digits}f} ({self.words})" if finite else self.words
        return f"{self.value:.{digits}f} [{self.low:.{digits}f}, {self.high:.{digits}f}]"

    def __str__(self) -> str:
        return self.text()

    def __float__(self) -> float:
        return float(self.value)

    def short(self, digits: int = 4) -> str:
        """For a narrow cell: the estimate and its interval, or the counts that are too few for one.

        Examples
        --------
        >>> Interval(0.0, words="no misses", people=160, trials=960).short()
        'none of 960: at most 0.0188 (3 / 160 people)'
        >>> Interval(0.003, words="too few", people=160, errors=3, trials=960).short()
        '3 of 960: too few for a rate'
        >>> Interval(0.3, words="too few", people=12, errors=30, trials=90).short()
        '30 of 90: too few people for a rate'
        """
        if not self.words:
            return self.text(digits)
        if not self.trials:
            return self.words
        if self.errors == self.trials:
            return _("all of {n:,}").format(n=self.trials)
        if self.errors:
            enough = ENOUGH_PEOPLE_FOR_AN_FMR if self.person_pairs else ENOUGH_PEOPLE
            if self.people < enough:
                few = _("{errors:,} of {n:,}: too few people for a rate")
            else:
                few = _("{errors:,} of {n:,}: too few for a rate")
            return few.format(errors=self.errors, n=self.trials)
        units = self.person_pairs or self.people
        if self.person_pairs:
            words = _("none of {n:,}: at most {bound} (3 / {units:,} pairs of people)")
        else:
            words = _("none of {n:,}: at most {bound} (3 / {units:,} people)")
        bound = math.ceil(min(3 / units, 1.0) * 10**digits) / 10**digits  # never below the bound
        return words.format(n=self.trials, bound=f"{bound:.{digits}f}", units=units)


def wilson(errors: int, trials: int) -> Interval:
    """Wilson's interval for independent trials; pairs of people are NOT independent.

    Parameters
    ----------
    errors, trials
        Counts.

    Notes
    -----
    From :func:`scipy.stats.binomtest`, which is loaded on first use (50 MB).

    Raises
    ------
    ValueError
        Unless they are whole numbers, at least one trial and no more errors than trials.

    Examples
    --------
    >>> round(wilson(0, 100).high, 3)
    0.037
    """
    k, n = int(errors), int(trials)
    if (k, n) != (errors, trials) or n < 1 or not 0 <= k <= n:
        raise ValueError(
            f"{errors} errors in {trials} trials: give whole numbers, 0 <= errors <= trials"
        )
    from scipy.stats import binomtest

    ends = binomtest(k, n).proportion_ci(0.95, method="wilson")
    return Interval(k / n, float(ends.low), float(ends.high), errors=k, trials=n)


def _wilson_limits(p: float, trials: float, q: float) -> tuple[float, float]:
    """Wilson's limits for a number of trials that need not be whole, which scipy does not take."""
    centre = p + q**2 / (2 * trials)
    reach = q * math.sqrt(p * (1 - p) / trials + q**2 / (4 * trials**2))
    scale = 1 + q**2 / trials
    return max((centre - reach) / scale, 0.0), min((centre + reach) / scale, 1.0)


# ---- few people ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Moves:
    """How far each person moves an estimate, on the scale where they add up.

    The estimate is, as good as, a sum over people; the squares of what they add make its variance.
    Its interval takes Student's t, with as many degrees of freedom as people carry weight: where a
    few people move the estimate far more than all others, the variance itself is known from those
    few.

    Parameters
    ----------
    people
        Numbers of the people, each once, shape (k,).
    moves
        What each of them adds, shape (k,).

    Examples
    --------
    >>> who = np.arange(4)
    >>> Moves(who, np.array([1.0, -1, 1, -1])).weight
    4.0
    >>> round(Moves(who, np.array([3.0, -1, -1, -1])).weight, 2)  # one of them decides
    1.71
    """

    people: NDArray[np.int64]
    moves: Counts

    @property
    def error(self) -> float:
        """Standard error; 0 where only the last bits of a sum differ."""
        found = math.sqrt(float((self.moves**2).sum()))
        return found if found > LAST_BITS else 0.0

    @property
    def weight(self) -> float:
        """How many people carry weight (Kish 1965): (sum of m^2)^2 / sum of m^4."""
        fourth = float((self.moves**4).sum())
        return float((self.moves**2).sum()) ** 2 / fourth if fourth else math.inf

    @property
    def reach(self) -> float:
        """Half the width of a 95% interval."""
        return student(0.975, self.weight) * self.error

    @property
    def detectable(self) -> float:
        """The true difference that is found four times in five at the 5% level."""
        return (student(0.975, self.weight) + student(0.8, self.weight)) * self.error

    def p_value(self, value: float, freedom: float | None = None) -> float:
        """Of the estimate being 0 in truth, from both sides; NaN where nothing moves it."""
        from scipy.special import stdtr

        if not self.error:
            return math.nan
        t = -abs(value) / self.error
        return float(2 * stdtr(self.weight if freedom is None else freedom, t))

    @classmethod
    def total(cls, parts: Iterable[tuple[float, Moves]]) -> Moves:
        """Of a weighted sum of estimates, given as weights and moves: who is in several moves all.

        Examples
        --------
        >>> one, other = Moves(np.array([3, 5]), np.ones(2)), Moves(np.array([5, 9]), np.ones(2))
        >>> Moves.total([(1.0, one), (-2.0, other)]).moves.tolist()
        [1.0, -1.0, -2.0]
        """
        given = list(parts)
        people = np.concatenate([np.zeros(0, np.int64), *(m.people for _, m in given)])
        moves = np.concatenate([np.zeros(0), *(weight * m.moves for weight, m in given)])
        everyone, place = np.unique(people, return_inverse=True)
        return cls(everyone, np.bincount(place, moves, len(everyone)).astype(np.float64))

    def __mul__(self, factor: float) -> Moves:
        return Moves(self.people, self.moves * factor)

    def __sub__(self, other: Moves) -> Moves:
        return Moves.total([(1.0, self), (-1.0, other)])


def student(share: float, freedom: float) -> float:
    """Quantile of Student's t; the normal one for infinite freedom.

    Examples
    --------
    >>> round(student(0.975, 10), 3), round(student(0.975, math.inf), 3)
    (2.228, 1.96)
    """
    from scipy.special import ndtri, stdtrit

    return float(ndtri(share) if math.isinf(freedom) else stdtrit(freedom, share))


# ---- counts by people ---------------------------------------------------------------------------


def pair_counts(comparisons: Comparisons, threshold: float) -> tuple[NDArray, NDArray, NDArray]:
    """False matches and impostor comparisons for every pair of people.

    Parameters
    ----------
    comparisons
        With at least one impostor comparison.
    threshold
        A match is ``s >= threshold``.

    Returns
    -------
    false_matches, compared
        Shape (k, k), symmetric, zero on the diagonal.
    people
        The k numbers of the people, ascending.
    """
    people, i, j = _places(comparisons.first, comparisons.second)
    k = len(people)
    impostor = ~comparisons.mated
    cell = (np.minimum(i, j) * k + np.maximum(i, j))[impostor]
    wrong = (comparisons.scores >= threshold)[impostor]
    ones = np.ones(len(cell))
    compared = np.bincount(cell, weights=ones, minlength=k * k).reshape(k, k)
    false = np.bincount(cell, weights=wrong, minlength=k * k).reshape(k, k)
    return false + false.T, compared + compared.T, people


def mated_counts(comparisons: Comparisons, threshold: float) -> tuple[NDArray, NDArray, NDArray]:
    """Misses and mated comparisons of every person with any; shapes (k,), and their k numbers."""
    mated = comparisons.mated
    people, place = np.unique(comparisons.first[mated], return_inverse=True)
    made = np.bincount(place, weights=np.ones(len(place)), minlength=len(people))
    wrong = (comparisons.scores[mated] < threshold).astype(np.float64)
    missed = np.bincount(place, weights=wrong, minlength=len(people))
    return missed, made, people


def _places(first: NDArray, second: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """The different people of two lists, ascending, and where each entry stands among them."""
    if not first.size:
        return first, first, second
    low = int(min(first.min(), second.min()))
    span = int(max(first.max(), second.max())) - low + 1
    if span > 4 * first.size + 1024:  # numbers far apart: a table of all between would be large
        people, place = np.unique(np.concatenate([first, second]), return_inverse=True)
        return people, place[: first.size], place[first.size :]
    seen = np.zeros(span, bool)
    seen[first - low] = True
    seen[second - low] = True
    place = np.cumsum(seen) - 1
    return np.flatnonzero(seen) + low, place[first - low], place[second - low]


# ---- intervals for one rate ---------------------------------------------------------------------


def fmr_interval(false_matches: ArrayLike, compared: ArrayLike) -> Interval:
    """FMR with a leave-one-person-out jackknife of its logarithm.

    A replicate without any error counts half an error.  The reach is that of Student's t, with as
    many degrees of freedom as people carry weight (:class:`Moves`).  The interval is shown only for
    at least 60 people (:data:`ENOUGH_PEOPLE_FOR_AN_FMR`) when at least ten different pairs of them
    produced a false match; with none the bound is 3 / pairs of people (the rule of three, on pairs
    of people).  If someone could match everybody, the bound would be 6 / people.  How often it
    holds the truth is measured by ``benchmarks/coverage.py``.

    Parameters
    ----------
    false_matches, compared
        Symmetric tables by person, shape (k, k), as :func:`pair_counts` gives.

    Examples
    --------
    >>> none = np.zeros((4, 4))
    >>> str(fmr_interval(none, 1 - np.eye(4)))
    '0.0000 (no false match; at most 0.5000, from 6 pairs of people)'
    """
    f, n = np.asarray(false_matches, np.float64), np.asarray(compared, np.float64)
    pairs, error_pairs = (int((table > 0).sum() // 2) for table in (n, f))
    return fmr_of_people(f.sum(1), n.sum(1), pairs, error_pairs)


def limit(bound: float) -> str:
    """A bound for a sentence: four digits behind the point, or two that are not 0.

    Examples
    --------
    >>> limit(0.01578), limit(2.61e-5)
    ('0.0158', '0.000027')
    """
    if not 0 < bound < 1e-3:
        return f"{bound:.4f}"
    places = 1 - math.floor(math.log10(bound))
    return f"{math.ceil(bound * 10**places - 1e-9) / 10**places:.{places}f}"


def fmr_of_people(
    false_matches: ArrayLike,
    compared: ArrayLike,
    person_pairs: int,
    error_pairs: int,
    *,
    what: str = "false matches",
    none: str = "no false match",
) -> Interval:
    """As :func:`fmr_interval`, from what each person takes part in; no table of pairs is needed.

    Parameters
    ----------
    false_matches, compared
        False matches and impostor comparisons with each person, shape (k,); each counts twice, once
        at either person.
    person_pairs, error_pairs
        Different pairs of people that were compared, and that produced a false match.
    what, none
        Name of the errors, and of there being none, for the words.

    Examples
    --------
    >>> str(fmr_of_people([0, 0], [3, 3], person_pairs=1, error_pairs=0))
    '0.0000 (no false match; at most 1.0000, from 1 pairs of people)'
    """
    f, n = np.asarray(false_matches, np.float64), np.asarray(compared, np.float64)
    errors, trials = f.sum() / 2, n.sum() / 2
    if not trials:
        return Interval(math.nan, words=_("no comparison made"), reason="nothing")
    p = errors / trials
    rest: dict[str, Any] = {
        "people": int((n > 0).sum()),
        "errors": round(errors),
        "trials": round(trials),
        "person_pairs": person_pairs,
        "error_pairs": error_pairs,
    }
    if not errors:
        bound = min(3 / person_pairs, 1)
        words = _("{none}; at most {bound}, from {pairs} pairs of people").format(
            none=_(none), bound=limit(bound), pairs=person_pairs
        )
        return Interval(0.0, words=words, reason="none", **rest)
    if errors == trials:
        words = _("all {n:,.0f} comparisons match").format(n=trials)
        return Interval(1.0, words=words, reason="all", **rest)
    few_people = rest["people"] < ENOUGH_PEOPLE_FOR_AN_FMR
    if error_pairs < ENOUGH_FALSE_MATCH_PAIRS:
        words = _("{errors:.0f} {what} from {pairs} pairs of people: too few for a rate").format(
            errors=errors, what=_(what), pairs=error_pairs
        )
        return Interval(p, words=words, reason="people" if few_people else "errors", **rest)
    if few_people:
        words = _("{people} people: too few for an interval, which takes {enough}").format(
            people=rest["people"], enough=ENOUGH_PEOPLE_FOR_AN_FMR
        )
        return Interval(p, words=words, reason="people", **rest)
    moves = jackknife(f, n)
    if not moves.error:
        words = _("no interval: every person has the same share of errors")
        return Interval(p, words=words, reason="same", **rest)
    return Interval(p, p * math.exp(-moves.reach), min(p * math.exp(moves.reach), 1.0), **rest)


def jackknife(false_matches: ArrayLike, compared: ArrayLike) -> Moves:
    """How far each person moves the logarithm of FMR, from leaving out one at a time.

    Parameters
    ----------
    false_matches, compared
        What each person takes part in, shape (k,), as for :func:`fmr_of_people`; at least one false
        match.  A replicate without any counts half a false match.

    Returns
    -------
    moves
        By place, 0 to k - 1; people without whom nothing is left to compare are not in it.
    """
    f, n = np.asarray(false_matches, np.float64), np.asarray(compared, np.float64)
    left_f, left_n = f.sum() / 2 - f, n.sum() / 2 - n
    use = (n > 0) & (left_n > 0)
    logs = np.log(np.maximum(left_f[use], 0.5) / left_n[use])
    k = len(logs)
    return Moves(np.flatnonzero(use), (logs.mean() - logs) * math.sqrt((k - 1) / k) if k else logs)


def dyadic_interval(false_matches: ArrayLike, compared: ArrayLike) -> Interval:
    """FMR with Wilson's interval on as many trials as the pairs of people are worth.

    The analytic alternative to :func:`fmr_interval`, beside which it stands in notebook 04.  With
    ``e_ij = F_ij - p N_ij`` and ``S_i = sum_j e_ij`` over people,
    ``Var(p) = (sum_i S_i^2 - sum_{i<j} e_ij^2) / (sum_{i<j} N_ij)^2`` (the dyadic-robust variance;
    Fogliato, Patil and Perona, arXiv:2306.01198), and the trials are ``p (1 - p) / Var``, at least
    1 and at most the comparisons.  Student's t and the floors are those of :func:`fmr_interval`.

    Parameters
    ----------
    false_matches, compared
        Symmetric tables by person, shape (k, k), as :func:`pair_counts` gives.

    Examples
    --------
    >>> f = np.zeros((60, 60))
    >>> f[0, 1:16] = f[1:16, 0] = 1  # one person is behind all false matches
    >>> i, pairs = dyadic_interval(f, 1 - np.eye(60)), wilson(15, 1770)
    >>> i.high - i.low > 2 * (pairs.high - pairs.low)
    True
    """
    by_jackknife = fmr_interval(false_matches, compared)
    if by_jackknife.words:
        return by_jackknife
    f, n = np.asarray(false_matches, np.float64), np.asarray(compared, np.float64)
    p, trials = float(by_jackknife.value), float(n.sum() / 2)
    e = f - p * n
    variance = float((e.sum(1) ** 2).sum() - (e**2).sum() / 2) / trials**2
    worth = trials if variance <= 0 else min(max(p * (1 - p) / variance, 1.0), trials)
    q = student(0.975, jackknife(f.sum(1), n.sum(1)).weight)
    low, high = _wilson_limits(p, worth, q)
    return replace(by_jackknife, low=low, high=high)


def cluster_interval(errors: ArrayLike, trials: ArrayLike, what: str = "errors") -> Interval:
    """A rate (FNMR, FTA, false rejection) with people as clusters, its logit by Student's t.

    ``Var(p) = k/(k-1) sum (F_i - p G_i)^2 / (sum G_i)^2`` over k people, divided by ``(p (1 -
    p))^2`` for the logit; k - 1 degrees of freedom.  On the logit scale the ends stay between 0 and
    1 and both are missed about equally often.  Shown as an interval only with at least 30 people,
    at least 10 of them with an error and 10 with a trial that was none; with no error, at most 3 /
    people, and with nothing but errors, at least 1 - 3 / people.

    Parameters
    ----------
    errors, trials
        By person, shape (k,).
    what
        Name of an error, for the words.

    Examples
    --------
    >>> str(cluster_interval([0, 0, 0], [6, 6, 6], "misses"))
    '0.0000 (no misses; at most 1.0000, from 3 people)'
    >>> cluster_interval([0, 3] * 20, [6] * 40).text(2)
    '0.25 [0.18, 0.34]'
    """
    f, g = np.asarray(errors, np.float64), np.asarray(trials, np.float64)
    f, g = f[g > 0], g[g > 0]
    k = len(g)
    if not k:
        return Interval(math.nan, words=_("nothing to count"), reason="nothing")
    p = float(f.sum() / g.sum())
    with_error, without = int((f > 0).sum()), int((f < g).sum())
    rest: dict[str, Any] = {"people": k, "errors": round(f.sum()), "trials": round(g.sum())}
    if not with_error:
        words = _("no {what}; at most {bound}, from {people} people").format(
            what=_(what), bound=limit(min(3 / k, 1)), people=k
        )
        return Interval(0.0, words=words, reason="none", **rest)
    if not without:
        words = _("nothing but {what}; at least {bound:.4f}, from {people} people").format(
            what=_(what), bound=max(1 - 3 / k, 0), people=k
        )
        return Interval(1.0, words=words, reason="all", **rest)
    if k < ENOUGH_PEOPLE or with_error < ENOUGH_PEOPLE_WITH_ERRORS:
        words = _("{what}: {errors:.0f}, by {erring} of {people} people: too few for a rate")
        words = words.format(what=_(what), errors=f.sum(), erring=with_error, people=k)
        reason = "people" if k < ENOUGH_PEOPLE else "errors"
        return Interval(p, words=words, reason=reason, **rest)
    if without < ENOUGH_PEOPLE_WITH_ERRORS:
        words = _("nothing but {what} in {all} of {people} people: the others are too few")
        words = words.format(what=_(what), all=k - without, people=k)
        return Interval(p, words=words, reason="others", **rest)
    error = Moves(np.arange(k), cluster_moves(f, g)).error
    if not error:
        words = _("no interval: every person has the same share of {what}").format(what=_(what))
        return Interval(p, words=words, reason="same", **rest)
    reach = student(0.975, k - 1) * error / (p * (1 - p))
    low, high = (1 / (1 + (1 - p) / p * math.exp(-side * reach)) for side in (-1, 1))
    return Interval(p, low, high, **rest)


def cluster_moves(errors: Counts, trials: Counts) -> Counts:
    """What each person adds to a rate, shape (k,); the squares make its variance.

    Parameters
    ----------
    errors, trials
        By person, shape (k,).
    """
    k = len(trials)
    p = errors.sum() / trials.sum()
    return (errors - p * trials) / trials.sum() * math.sqrt(k / max(k - 1, 1))


# ---- differences --------------------------------------------------------------------------------


def paired_difference(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]
) -> Interval:
    """Rate of ``first`` minus rate of ``second``, the same people under both.

    The variance is that of the differences by person, so what makes a person easy under both
    conditions cancels.  ``value`` is the difference of the two pooled rates.

    Parameters
    ----------
    first, second
        ``(errors, trials)`` by person, shape (k,) each, people in the same order.

    Examples
    --------
    >>> d = paired_difference(([2, 0, 1], [6, 6, 6]), ([1, 0, 0], [6, 6, 6]))
    >>> str(d)
    '0.1111 (errors by 2 of 3 people: too few for a difference)'
    """
    return weighted_difference([(1.0, *first), (-1.0, *second)])


def weighted_difference(terms: list[tuple[float, ArrayLike, ArrayLike]]) -> Interval:
    """A weighted sum of rates of the same people, such as a difference in differences.

    The reach is that of Student's t, with as many degrees of freedom as people carry weight
    (:class:`Moves`).  With fewer than 30 people, or fewer than ten who decide (who are not the same
    under all conditions), words stand instead of an interval.

    Parameters
    ----------
    terms
        ``(weight, errors, trials)``; the arrays by person, shape (k,), same order in all terms.

    Returns
    -------
    interval
        Its ``detectable`` is the true difference that would be found four times in five.

    Raises
    ------
    ValueError
        If the arrays differ in length.

    Examples
    --------
    >>> noisy, good = [1, 0, 2, 0] * 10, [0, 0, 1, 0] * 10
    >>> weighted_difference([(1.0, noisy, [6] * 40), (-1.0, good, [6] * 40)]).text(2)
    '0.08 [0.06, 0.11]'
    """
    sizes = {np.asarray(x).shape for _, *pair in terms for x in pair}
    if len(sizes) != 1:
        raise ValueError(f"the terms are of different people: lengths {sorted(sizes)}")
    (k,) = sizes.pop()
    value, moves = 0.0, np.zeros(k)
    erred, took_part = np.zeros(k, bool), np.zeros(k, bool)
    for weight, errors, trials in terms:
        f, g = np.asarray(errors, np.float64), np.asarray(trials, np.float64)
        if not g.sum():
            return Interval(math.nan, words=_("nothing to count in one condition"))
        value += weight * float(f.sum() / g.sum())
        moves += weight * cluster_moves(f, g)
        erred |= f > 0
        took_part |= g > 0
    people = int(took_part.sum())
    if erred.sum() < ENOUGH_PEOPLE_WITH_ERRORS or people < ENOUGH_PEOPLE:
        words = _("errors by {erring} of {people} people: too few for a difference").format(
            erring=erred.sum(), people=people
        )
        return Interval(value, words=words, people=people)
    found = Moves(np.arange(k), moves)
    if not found.error:
        words = _("no interval: the difference is the same in all people")
        return Interval(value, words=words, people=people)
    ends = value - found.reach, value + found.reach
    return Interval(value, *ends, people=people, detectable=found.detectable)


def missed_difference(interval: Interval) -> float:
    """The true difference that a comparison this precise finds four times in five (5% level)."""
    return interval.detectable


def vertex_weights(people: int, replicates: int = 2000, seed: int = 0, *more: int) -> Counts:
    """How often each person is drawn when as many people are drawn again, with replacement.

    Parameters
    ----------
    people, replicates, seed
        How many to draw, how often, from which seed.
    *more
        Further numbers of the seed, so that several groups are drawn independently.

    Returns
    -------
    weights
        Whole numbers, shape (replicates, people); every row adds up to ``people``.

    Examples
    --------
    >>> vertex_weights(5, 3).sum(1).tolist()
    [5.0, 5.0, 5.0]
    """
    if people < 1 or replicates < 1:
        raise ValueError(f"{replicates} draws of {people} people: give at least one of each")
    rng = np.random.default_rng(np.random.SeedSequence([41, seed, *more]))
    return rng.multinomial(people, np.full(people, 1 / people), replicates).astype(np.float64)


def pair_totals(weights: Counts, table: ArrayLike) -> Counts:
    """Sum over all ordered pairs of people of ``table``, a pair weighing ``w_i * w_j``.

    Twice the number of errors or comparisons in each replicate (every unordered pair stands in the
    table twice); in a ratio of two such sums the factor cancels.

    Parameters
    ----------
    weights
        Shape (replicates, k), as :func:`vertex_weights` gives.
    table
        Shape (k, k), symmetric, zero on the diagonal.

    Examples
    --------
    >>> pair_totals(np.array([[1.0, 1.0], [2.0, 0.0]]), [[0, 3], [3, 0]]).tolist()
    [6.0, 0.0]
    """
    return np.einsum("rk,rk->r", weights @ np.asarray(table, np.float64), weights)


def vertex_bootstrap(
    statistic: Callable[[Counts], Counts], people: int, replicates: int = 2000, seed: int = 0
) -> Counts:
    """Values of a statistic with people drawn again, with replacement.

    A pair of people counts with the product of how often each was drawn (Snijders and Borgatti
    1999), which :func:`pair_totals` does for all replicates in one product of matrices.

    Parameters
    ----------
    statistic
        Takes how often each person was drawn, shape (replicates, people), and returns a number for
        every replicate, shape (replicates,).  NaN marks an empty denominator.
    people, replicates, seed
        How many to draw, how often, from which seed.

    Returns
    -------
    values
        Shape (replicates,), NaN included: drop them and count them.

    Examples
    --------
    >>> drawn = vertex_bootstrap(lambda w: (w > 0).mean(1), people=200, replicates=500)
    >>> round(float(drawn.mean()), 1)  # close to 1 - 1/e: who is drawn at all
    0.6
    """
    return np.asarray(statistic(vertex_weights(people, replicates, seed)), np.float64)


def fmr_ratio(first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike]) -> Interval:
    """FMR of ``first`` / FMR of ``second``, the same people on both sides, left out one at a time.

    For two groups of different people see :meth:`labkit.measure.disparity.GroupTable.contrasts`.

    Parameters
    ----------
    first, second
        ``(false_matches, compared)`` by person, shape (k, k), people in the same order.

    Returns
    -------
    interval
        The floors are those of :func:`fmr_interval`; its ``detectable`` is the true ratio that
        would be found four times in five.

    Raises
    ------
    ValueError
        If the tables differ in shape.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> lively, n = rng.gamma(2.0, size=80), 16 * (1 - np.eye(80))
    >>> f = np.triu(rng.binomial(16, 0.01 * np.outer(lively, lively)), 1)
    >>> ratio = fmr_ratio((f + f.T, n), (f + f.T, 2 * n))
    >>> float(ratio), ratio.words
    (2.0, 'no interval: the ratio is the same in all people')
    """
    tables = [np.asarray(t, np.float64) for t in (*first, *second)]
    if len({t.shape for t in tables}) != 1:
        raise ValueError("the two sides are of different people: give tables of one shape")
    sides = [fmr_interval(*tables[:2]), fmr_interval(*tables[2:])]
    rest: dict[str, Any] = {
        "people": min(i.people for i in sides),
        "error_pairs": min(i.error_pairs for i in sides),
    }
    top, bottom = (i.value for i in sides)
    value = top / bottom if bottom else math.inf if top else math.nan
    thin = next((i.words for i in sides if i.words), "")
    if thin:
        return Interval(value, words=_("{why}; no ratio").format(why=thin), **rest)
    f, n, g, m = (t.sum(1) for t in tables)
    moves = jackknife(f, n) - jackknife(g, m)
    if not moves.error:
        return Interval(value, words=_("no interval: the ratio is the same in all people"), **rest)
    ends = value * math.exp(-moves.reach), value * math.exp(moves.reach)
    return Interval(value, *ends, detectable=math.exp(moves.detectable), **rest)
