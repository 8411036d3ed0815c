"""What comparisons come to, person by person: who has the errors, and what more people are worth.

In: everybody compared with everybody (:class:`labkit.measure.scores.AllPairs`) and a threshold, or
counts by person.  Out: tables with a row for each person or each way to test, and single numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.measure.intervals import cluster_moves, fmr_interval
from labkit.measure.rates import fmr, threshold_at_fmr
from labkit.measure.thresholds import ENOUGH_PERSON_PAIRS, highest_of_person_pairs

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs


# ---- one person, one row ------------------------------------------------------------------------


def misses_by_person(pairs: AllPairs, threshold: float) -> pd.DataFrame:
    """Misses and mated comparisons of each person.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    threshold
        A match is ``s >= threshold``.

    Returns
    -------
    table
        Index: person, ascending.  Columns: ``missed`` and ``made``, comparisons.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [5.0], [9.0]], [1, 1, 2, 2])
    >>> misses_by_person(pairs, threshold=-2).to_dict("index")
    {1: {'missed': 0, 'made': 1}, 2: {'missed': 1, 'made': 1}}
    """
    import pandas as pd

    counts = pairs.mated_counts(threshold)
    table = pd.DataFrame({"missed": counts.missed, "made": counts.made}, counts.people)
    return table.rename_axis("person")


def rate_and_error(errors: ArrayLike, trials: ArrayLike) -> tuple[float, float]:
    """A rate and its standard error, with people as the units.

    The variance is ``k / (k - 1) sum (F_i - p G_i)^2 / (sum G_i)^2`` over k people with F errors in
    G trials, as in :func:`labkit.measure.intervals.cluster_interval`, which makes an interval of it
    that is right for few people, and says when there is too little for one.

    Parameters
    ----------
    errors, trials
        By person, shape (k,); at least two people with a trial.

    Returns
    -------
    rate, standard_error

    Raises
    ------
    ValueError
        With fewer than two people.

    Examples
    --------
    >>> rate, error = rate_and_error([6, 0, 0, 0], [6, 6, 6, 6])  # one person has all the errors
    >>> rate, round(error, 3)
    (0.25, 0.25)
    >>> rate, error = rate_and_error([2, 1, 2, 1], [6, 6, 6, 6])  # as many, spread over people
    >>> rate, round(error, 3)
    (0.25, 0.048)
    """
    f, g = np.asarray(errors, np.float64), np.asarray(trials, np.float64)
    f, g = f[g > 0], g[g > 0]
    k = len(g)
    if k < 2:
        raise ValueError(f"a standard error by people needs two people or more: {k} have a trial")
    return float(f.sum() / g.sum()), math.sqrt(float((cluster_moves(f, g) ** 2).sum()))


class Reached(NamedTuple):
    """How many people false matches reach, from :func:`people_reached`.

    Parameters
    ----------
    pairs, pairs_compared
        Pairs of people taken for one person at least once, and pairs that were compared.
    people, people_compared
        People taken for somebody else at least once, and people who were compared.
    """

    pairs: int
    pairs_compared: int
    people: int
    people_compared: int


def people_reached(pairs: AllPairs, threshold: float) -> Reached:
    """What a false match rate is to people: how many are taken for somebody else at least once.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    threshold
        A match is ``s >= threshold``.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> people_reached(all_pairs([[0.0], [1.0], [5.0]], [1, 2, 3]), threshold=-2)
    Reached(pairs=1, pairs_compared=3, people=2, people_compared=3)
    """
    false, compared, _ = pairs.pair_counts(threshold)
    return Reached(
        pairs=int((false > 0).sum() // 2),
        pairs_compared=int((compared > 0).sum() // 2),
        people=int((false > 0).any(1).sum()),
        people_compared=int((compared > 0).any(1).sum()),
    )


def mated_summary(pairs: AllPairs, threshold: float) -> pd.Series:
    """Photographs, failures and mated pairs: all that a rate of rejections is made from.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    threshold
        A match is ``s >= threshold``.

    Returns
    -------
    counts
        Whole numbers: ``photographs``, ``photographs without a face found``, ``mated pairs
        planned``, ``mated pairs compared``, ``compared and missed``.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [np.nan]], [1, 1, 1])
    >>> mated_summary(pairs, threshold=-0.5).tolist()
    [3, 1, 3, 1, 1]
    """
    import pandas as pd

    mated = pairs.mated_counts(threshold)
    return pd.Series(
        {
            "photographs": len(pairs),
            "photographs without a face found": int((~pairs.usable).sum()),
            "mated pairs planned": int(mated.planned.sum()),
            "mated pairs compared": int(mated.made.sum()),
            "compared and missed": int(mated.missed.sum()),
        }
    )


# ---- errors that cluster ------------------------------------------------------------------------


class Busiest(NamedTuple):
    """The share of the false matches that a few people have, from :func:`share_of_busiest`.

    Parameters
    ----------
    few, people
        How many people were picked, as those with most false matches, and of how many.
    share
        Share of all false matches in which one of them takes part.
    by_lot
        The same share when the counts of the pairs that were compared are dealt out by lot, shape
        (deals,): somebody always has most.
    """

    few: int
    people: int
    share: float
    by_lot: NDArray[np.float64]


def share_of_busiest(
    false_matches: ArrayLike,
    compared: ArrayLike,
    *,
    part: int = 20,
    deals: int = 20,
    seed: int = 5,
) -> Busiest:
    """The share of the false matches that involves the one person in ``part`` with most of them.

    The people are picked after looking, so the share by lot stands beside it.

    Parameters
    ----------
    false_matches, compared
        Symmetric tables by person, shape (k, k), as
        :meth:`labkit.measure.scores.AllPairs.pair_counts` gives.
    part
        One person in so many is picked, and at least one.
    deals, seed
        How often the counts are dealt out to the pairs of people, and from which seed.

    Raises
    ------
    ValueError
        When there is no false match.

    Examples
    --------
    >>> false = np.zeros((40, 40))
    >>> false[0, 1:] = false[1:, 0] = 1  # one person is in all of them
    >>> found = share_of_busiest(false, 1 - np.eye(40))
    >>> found.few, found.share, bool(found.by_lot.max() < 0.5)
    (2, 1.0, True)
    """
    false, of = np.asarray(false_matches), np.asarray(compared)
    if not false.any():
        raise ValueError("there is no false match to share out: give a lower threshold")
    few, rng = max(len(false) // part, 1), np.random.default_rng(seed)
    first, second = np.nonzero(np.triu(of, 1))
    dealt = []
    for _ in range(deals):
        lot = np.zeros_like(false)
        lot[first, second] = rng.permutation(false[first, second])
        dealt.append(_most(lot + lot.T, few))
    return Busiest(few, len(false), _most(false, few), np.array(dealt))


def _most(table: NDArray, few: int) -> float:
    """Share of a symmetric table of pairs that involves the few people with most of it."""
    top = np.argsort(-table.sum(1), kind="stable")[:few]
    inside = table[np.ix_(top, top)].sum() / 2
    return float((table[top].sum() - inside) / (table.sum() / 2))


def fmr_within(
    false_matches: ArrayLike, compared: ArrayLike, groups: ArrayLike
) -> NDArray[np.float64]:
    """FMR within each group of people, both people of the group.

    Parameters
    ----------
    false_matches, compared
        Symmetric tables by person, shape (k, k).
    groups
        Group of each person, shape (k,).

    Returns
    -------
    rates
        In ascending order of the groups; NaN where a group has nothing to compare.

    Raises
    ------
    ValueError
        If there is not one group for each person.

    Examples
    --------
    >>> false = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    >>> fmr_within(false, 4 * (1 - np.eye(3)), ["a", "a", "b"]).tolist()
    [0.25, nan]
    """
    false, of = np.asarray(false_matches, np.float64), np.asarray(compared, np.float64)
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    if len(place) != len(false):
        raise ValueError(f"{len(place)} groups for {len(false)} people: give one for each person")
    member = np.eye(len(names))[place]
    errors, trials = (((table @ member) * member).sum(0) for table in (false, of))
    return np.divide(errors, trials, out=np.full(len(names), np.nan), where=trials > 0)


# ---- more people, or more photographs of them ---------------------------------------------------


def smallest_fmr(pairs: AllPairs) -> float:
    """The smallest FMR at which these people can set a threshold.

    A threshold needs false matches from 30 different pairs of people.  This is the place, most
    alike first, of the impostor comparison that brings in the 30th of them, over all impostor
    comparisons; :func:`labkit.measure.thresholds.choose_threshold` refuses anything smaller.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.

    Raises
    ------
    ValueError
        When fewer than 30 pairs of people were compared.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng, who = np.random.default_rng(0), np.repeat(np.arange(40), 2)
    >>> pairs = all_pairs(rng.normal(size=(40, 8))[who] + 0.1 * rng.normal(size=(80, 8)), who)
    >>> round(smallest_fmr(pairs) * pairs.impostor.size)  # who look alike do so twice and more
    76
    """
    best = highest_of_person_pairs(pairs, [pairs])
    if len(best) < ENOUGH_PERSON_PAIRS:
        raise ValueError(
            f"{len(best)} pairs of people were compared and a threshold takes"
            f" {ENOUGH_PERSON_PAIRS}: add people"
        )
    return fmr(pairs.impostor, float(best[ENOUGH_PERSON_PAIRS - 1]))


def first_photographs(pairs: AllPairs, count: int) -> AllPairs:
    """The comparisons among the first photographs of each person.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    count
        Photographs of each person to keep, in the order of the set; whoever has fewer keeps all.

    Raises
    ------
    ValueError
        For a count below 1.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> first_photographs(all_pairs(np.eye(5), [1, 1, 1, 2, 2]), 2).people.tolist()
    [1, 1, 2, 2]
    """
    import pandas as pd

    if count < 1:
        raise ValueError(f"{count} photographs of each person leave nothing: give 1 or more")
    place = pd.Series(pairs.people).groupby(pairs.people).cumcount().to_numpy()
    return pairs.select(place < count)


def fmr_width(pairs: AllPairs, rate: float = 1e-2) -> float:
    """Width of the interval by people, on a log scale, at these people's own threshold for a rate.

    It is ``log(high / low)``, the scale on which :func:`labkit.measure.intervals.fmr_interval`
    makes it; NaN where there is too little for an interval.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    rate
        FMR at which the threshold is set, on the same people.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng = np.random.default_rng(0)
    >>> few, many = (all_pairs(rng.normal(size=(n, 4)), np.arange(n)) for n in (60, 240))
    >>> fmr_width(few) > 1.5 * fmr_width(many)
    True
    """
    false, compared, _ = pairs.pair_counts(threshold_at_fmr(pairs.impostor, rate))
    found = fmr_interval(false, compared)
    return math.log(found.high / found.low) if found.low > 0 else math.nan


def worth_of_more(whole: AllPairs, fewer: AllPairs, rate: float = 1e-2) -> pd.DataFrame:
    """What makes an interval narrow: more people, or more photographs of the same people.

    Parameters
    ----------
    whole
        Everybody compared with everybody, in all their photographs.
    fewer
        Some of the people, in all their photographs.
    rate
        FMR at which each one's threshold is set.

    Returns
    -------
    table
        Index: ``"fewer people"`` and ``"one photograph each"``, the two poorer tests.  Columns:
        ``people``; ``comparisons`` of two people; ``times_comparisons``, how many times as many the
        whole test makes; ``times_narrower``, how many times narrower its interval is (on the log
        scale of :func:`fmr_width`); ``gain``, the logarithm of the one over that of the other: 0.5
        where comparisons would count like separate observations, 0 where they add nothing.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng, who = np.random.default_rng(0), np.repeat(np.arange(120), 4)
    >>> pairs = all_pairs(rng.normal(size=(120, 8))[who] + 0.3 * rng.normal(size=(480, 8)), who)
    >>> worth = worth_of_more(pairs, pairs.select(who < 60))
    >>> bool(worth.loc["fewer people", "gain"] > worth.loc["one photograph each", "gain"])
    True
    """
    import pandas as pd

    rows, narrow = {}, fmr_width(whole, rate)
    for name, part in (
        ("fewer people", fewer),
        ("one photograph each", first_photographs(whole, 1)),
    ):
        comparisons = whole.impostor.size / part.impostor.size
        narrower = fmr_width(part, rate) / narrow
        rows[name] = {
            "people": part.people_count,
            "comparisons": part.impostor.size,
            "times_comparisons": comparisons,
            "times_narrower": narrower,
            "gain": math.log(narrower) / math.log(comparisons),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
