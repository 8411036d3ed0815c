"""Error rates of searches: one face against a gallery of many.

In: what searches came to, a number a search: the best score, the score and the rank of the person's
own entry, how many candidates.  Out: a threshold that knows what it rests on, FPIR, FNIR and
selectivity with their intervals, and what an alert is worth.

Definitions after secondary descriptions of ISO/IEC 19795-1; no conformity is claimed.  A search
returns every entry with ``score >= threshold``; larger is more alike.  NaN stands for a picture in
which no face was found: such a search returns nobody, and its own entry is missed.

Searches share a gallery.  With the gallery fixed, people who search are independent of each other,
one search a person, and the intervals are exact (Clopper and Pearson 1934).  They say nothing about
another gallery: :func:`fpir_redrawn` does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.intervals import (
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_WITH_ERRORS,
    Interval,
    Moves,
    cluster_interval,
    limit,
)
from labkit.measure.labels import labels

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

ENOUGH_ALERTS = 30
"""A threshold for searches has to rest on this many alerts."""

LEVEL = 0.05
"""Level of the exact test, from both sides."""

POWER = 0.8
"""Share of repetitions in which a difference that is called visible is found."""

Floats = NDArray[np.float64]


# ---- what is asked ------------------------------------------------------------------------------


def _scores(scores: ArrayLike, what: str) -> Floats:
    """Scores of searches as float64, NaN where there was no template."""
    given = np.asarray(scores)
    if given.ndim != 1 or not (
        np.issubdtype(given.dtype, np.floating) or np.issubdtype(given.dtype, np.integer)
    ):
        raise ValueError(
            _("{what} has shape {shape} and type {type}: give one number a search").format(
                what=what, shape=given.shape, type=given.dtype
            )
        )
    infinite = int(np.isinf(given).sum())
    if infinite:
        raise ValueError(
            _(
                "{what} holds {n} infinite scores: give NaN where no face was found, and the score"
                " everywhere else"
            ).format(what=what, n=infinite)
        )
    return given.astype(np.float64)


def _threshold(threshold: float) -> float:
    if math.isnan(threshold):
        raise ValueError(_("the threshold is NaN: give a number"))
    return float(threshold)


def _share(value: float, name: str) -> float:
    """A number from 0 to 1."""
    if not 0 <= value <= 1:  # NaN too
        raise ValueError(
            _("{name} is {value}: give a share from 0 to 1").format(name=name, value=value)
        )
    return float(value)


def _exact(errors: int, trials: int, low: bool = True, high: bool = True) -> tuple[float, float]:
    """Clopper and Pearson's limits, 95% from both sides."""
    from scipy.special import betaincinv

    k, n = errors, trials
    return (
        float(betaincinv(k, n - k + 1, 0.025)) if k and low else 0.0,
        float(betaincinv(k + 1, n - k, 0.975)) if k < n and high else 1.0,
    )


def exact(errors: ArrayLike, what: str, unit: str = "searches") -> Interval:
    """A share of independent trials, one a person, with exact limits (Clopper and Pearson 1934).

    Parameters
    ----------
    errors
        Whether each trial is one, shape (n,).
    what, unit
        Names of an error and of the trials, for the words.

    Returns
    -------
    interval
        With no error, words, and ``high`` is 3 / n (the rule of three); with nothing but errors
        ``low`` is 1 - 3 / n.  Fewer than 30 trials
        (:data:`labkit.measure.intervals.ENOUGH_PEOPLE`) get words as well.

    Examples
    --------
    >>> exact(np.arange(535) < 28, "false matches").text(3)
    '0.052 [0.035, 0.075]'
    >>> str(exact(np.zeros(535, bool), "alerts"))
    '0.0000 (no alerts in 535 searches; at most 0.0056)'
    """
    wrong = np.asarray(errors, bool)
    n, k = len(wrong), int(wrong.sum())
    if not n:
        return Interval(math.nan, words=_("nothing to count"), reason="nothing")
    rest: dict[str, Any] = {"people": n, "errors": k, "trials": n}
    if not k:
        words = _("no {what} in {n:,} {unit}; at most {bound}")
        words = words.format(what=what, n=n, unit=unit, bound=limit(min(3 / n, 1)))
        return Interval(0.0, 0.0, min(3 / n, 1.0), words=words, reason="none", **rest)
    if k == n:
        bound = max(1 - 3 / n, 0.0)
        words = _("nothing but {what} in {n:,} {unit}; at least {bound:.4f}")
        words = words.format(what=what, n=n, unit=unit, bound=math.floor(bound * 1e4) / 1e4)
        return Interval(1.0, bound, 1.0, words=words, reason="all", **rest)
    low, high = _exact(k, n)
    words = ""
    if n < ENOUGH_PEOPLE:
        words = _("{k} of {n} {unit}: too few for a rate").format(k=k, n=n, unit=unit)
    return Interval(k / n, low, high, words=words, reason="people" if words else "", **rest)


def _rate(wrong: NDArray[np.bool_], people: ArrayLike | None, what: str) -> Interval:
    """By search where each is another person, else with people as clusters."""
    if people is None:
        return exact(wrong, what)
    who = np.asarray(people)
    if who.shape != wrong.shape:
        raise ValueError(
            _("{people} people for {n} searches: say who is searched in each").format(
                people=len(who), n=len(wrong)
            )
        )
    names, place = np.unique(who, return_inverse=True)
    if len(names) == len(who):
        return exact(wrong, what)
    return cluster_interval(np.bincount(place, wrong), np.bincount(place), what)


# ---- searches by people who are enrolled nowhere ------------------------------------------------


@dataclass(frozen=True)
class SearchThreshold:
    """A threshold for searches and what it rests on, from :func:`search_threshold`.

    Parameters
    ----------
    value
        A candidate is ``score >= value``.
    asked
        FPIR asked for.
    alerts, searches
        Searches that return somebody at it, and searches made, on those it was chosen on.
    interval
        What its FPIR may be among other people like these, in the same gallery: a threshold is an
        estimate too.
    """

    value: float
    asked: float
    alerts: int
    searches: int
    interval: Interval = field(repr=False)

    def __float__(self) -> float:
        return self.value

    @property
    def words(self) -> str:
        """All of this in a sentence."""
        return _(
            "threshold {value:.4f}: {alerts} of {searches} searches by people enrolled nowhere"
            " return somebody ({asked:g} asked); among other people like these, in the same"
            " gallery, likely {low:.2g} to {high:.2g}"
        ).format(
            value=self.value,
            alerts=self.alerts,
            searches=self.searches,
            asked=self.asked,
            low=self.interval.low,
            high=self.interval.high,
        )


def search_threshold(
    best: ArrayLike, fpir: float, *, least: int = ENOUGH_ALERTS
) -> SearchThreshold:
    """The smallest threshold at which at most a share of searches return somebody.

    Parameters
    ----------
    best
        Best score of each search by a person who is enrolled nowhere, shape (n,), one search a
        person; NaN where no face was found, which is a search without a candidate.  Other people
        than those the threshold is judged on.
    fpir
        The share, above 0 and below 1.
    least
        Alerts without whom a threshold is refused.

    Returns
    -------
    threshold
        Its interval is exact for scores without ties: among other people the FPIR of a threshold
        just above the (k + 1)th highest of n scores is Beta(k + 1, n - k) distributed, whatever
        the scores (Wilks 1941).

    Raises
    ------
    ValueError
        For a share that is none, infinite scores, or when fewer than ``least`` alerts would set
        it: the sentence says how many searches it would take.

    Examples
    --------
    >>> best = np.random.default_rng(0).normal(size=600)
    >>> found = search_threshold(best, 0.1)
    >>> found.alerts, found.searches
    (60, 600)
    >>> print(found.words)
    threshold 1.2...: 60 of 600 searches by people enrolled nowhere return somebody (0.1 asked);
    among other people like these, in the same gallery, likely 0.079 to 0.13
    >>> search_threshold(best, 0.01)
    Traceback (most recent call last):
    ValueError: no threshold at FPIR 0.01 from 600 searches: 6 alerts would set it, and it takes...
    """
    scores = _scores(best, "best")
    if not 0 < fpir < 1:
        raise ValueError(_("FPIR {fpir}: ask for a share above 0 and below 1").format(fpir=fpir))
    n = len(scores)
    found = np.sort(scores[~np.isnan(scores)])[::-1]
    allowed = math.floor(fpir * n + 1e-9)
    why = _("no threshold at FPIR {fpir:g} from {n:,} searches: ").format(fpir=fpir, n=n)
    if len(found) <= allowed:
        raise ValueError(
            why
            + _(
                "only {found} of them found a face, so no threshold is needed to stay below it; ask"
                " for less"
            ).format(found=len(found))
        )
    next_score = found[allowed]  # stays below the threshold, and so do all that tie with it
    narrow = np.asarray(best).dtype == np.float32
    value = float(
        np.nextafter(np.float32(next_score), np.float32(np.inf))
        if narrow
        else np.nextafter(next_score, np.inf)
    )
    alerts = int((found >= value).sum())
    if alerts < least:
        raise ValueError(
            why
            + _(
                "{alerts} alerts would set it, and it takes {least}; search about {people:,} people"
                " enrolled nowhere, or ask for {rate:.2g} or more"
            ).format(
                alerts=alerts,
                least=least,
                people=math.ceil(least / fpir),
                rate=math.ceil(least / n * 1000 - 1e-9) / 1000 if n else math.nan,
            )
        )
    from scipy.special import betaincinv

    low, high = (float(betaincinv(alerts + 1, n - alerts, q)) for q in (0.025, 0.975))
    interval = Interval(alerts / n, low, high, people=n, errors=alerts, trials=n)
    return SearchThreshold(value, float(fpir), alerts, n, interval)


def fpir(best: ArrayLike, threshold: float, *, people: ArrayLike | None = None) -> Interval:
    """Share of the searches by people who are enrolled nowhere that return somebody all the same.

    Parameters
    ----------
    best
        Best score of each search, shape (n,); NaN where no face was found: a search that returns
        nobody.
    threshold
        A candidate is ``score >= threshold``.
    people
        Who is searched, shape (n,), when somebody is searched more than once: people are then the
        units of the interval.

    Returns
    -------
    interval
        With the gallery fixed; exact, by probe.  Words in its place where nobody is returned (at
        most 3 / n), where there are fewer than 30 searches, and where no face was found in any of
        them: nothing was searched then, and the rate is NaN.

    Raises
    ------
    ValueError
        For infinite scores, or a threshold that is NaN.

    Examples
    --------
    >>> fpir([0.9, 0.4, math.nan, 0.7] * 10, 0.7).text(2)
    '0.50 [0.34, 0.66]'
    >>> str(fpir([math.nan, math.nan], 0.7))
    'no face found in any of 2 pictures: nothing was searched'
    """
    scores = _scores(best, "best")
    found = ~np.isnan(scores)
    if len(scores) and not found.any():
        words = _("no face found in any of {n:,} pictures: nothing was searched")
        words = words.format(n=len(scores))
        return Interval(math.nan, people=len(scores), words=words, reason="nothing")
    return _rate(scores >= _threshold(threshold), people, _("alerts"))


def fpir_groups(
    best: ArrayLike, groups: Any, threshold: float, *, make_up: Any = None
) -> pd.DataFrame:
    """FPIR of each group of probes, with the gallery's make-up in the same row.

    Parameters
    ----------
    best
        Best score of each search, shape (n,), one search a person, as for :func:`fpir`.
    groups
        Group of each who is searched, shape (n,); missing and "unknown" labels make no group.
    threshold
        A candidate is ``score >= threshold``.
    make_up
        Group -> share of the gallery's entries that are of it; left out when ``None``.

    Returns
    -------
    table
        A row a group, named ``"group"``.  Columns: ``searches``, ``no face`` (searches without a
        template), ``alerts``, ``fpir`` (an :class:`~labkit.measure.intervals.Interval`) and, with
        ``make_up``, ``in gallery``.  ``table.attrs["without a group"]`` counts the searches that
        have no row.

    Raises
    ------
    ValueError
        As :func:`fpir`, and unless there is a label for each search.

    Examples
    --------
    >>> table = fpir_groups([0.9, 0.1, 0.2] * 20, ["a", "b", None] * 20, 0.5, make_up={"a": 1.0})
    >>> table[["searches", "alerts", "in gallery"]].to_dict("index")["b"]
    {'searches': 20, 'alerts': 0, 'in gallery': 0.0}
    >>> table.attrs
    {'without a group': 20}
    """
    import pandas as pd

    scores = np.asarray(best)
    _scores(scores, "best")
    named = labels(groups, len(scores))
    rows: list[dict[str, Any]] = []
    for name in named.names:
        own = scores[named.of(name)]
        rate = fpir(own, threshold)
        row: dict[str, Any] = {
            "searches": len(own),
            "no face": int(np.isnan(own).sum()),
            "alerts": rate.errors,
            "fpir": rate,
        }
        if make_up is not None:
            row["in gallery"] = float(dict(make_up).get(name, 0.0))
        rows.append(row)
    table = pd.DataFrame(rows, index=pd.Index(named.names, name="group"))
    table.attrs["without a group"] = named.missing
    return table


def fpir_redrawn(probes: ArrayLike, entries: ArrayLike, searches: int) -> Interval:
    """FPIR with an interval for other people who search *and* other people in the gallery.

    Leaving out one entry ends the alerts of which it is the only candidate; leaving out one probe
    takes one search away.  The squares of both make the variance of the jackknife, which errs
    towards too much (Efron and Stein 1981); the logit moves by Student's t
    (:class:`labkit.measure.intervals.Moves`).  It is never narrower than with the gallery fixed.
    (Drawing the gallery again with replacement would leave a third of it out, and with it a third
    of the candidates: that is another gallery size.)

    Parameters
    ----------
    probes, entries
        Each false candidate's search, 0 to ``searches - 1``, and its entry in the gallery, shape
        (m,) each, at one threshold.
    searches
        How many searches were made by people enrolled nowhere, one a person.

    Returns
    -------
    interval
        With fewer than 10 searches that return somebody, or fewer than 10 that return nobody,
        words.

    Raises
    ------
    ValueError
        When the lists differ in length, or a search is out of range.

    Examples
    --------
    >>> once = fpir_redrawn(np.arange(40), np.arange(40), 400)  # forty entries, a candidate each
    >>> few = fpir_redrawn(np.arange(40), np.arange(40) % 8, 400)  # eight entries are behind them
    >>> once.text(2), few.text(2)
    ('0.10 [0.06, 0.15]', '0.10 [0.04, 0.22]')
    """
    probe, entry = np.asarray(probes), np.asarray(entries)
    if probe.shape != entry.shape or probe.ndim != 1:
        raise ValueError(
            _("{probes} searches for {entries} entries: give one of each a candidate").format(
                probes=probe.size, entries=entry.size
            )
        )
    if probe.size and not (0 <= probe.min() and probe.max() < searches):
        raise ValueError(
            _("searches are numbered from 0 to {last}: {low} to {high} were given").format(
                last=searches - 1, low=probe.min(), high=probe.max()
            )
        )
    pairs = np.unique(np.column_stack([probe, entry]).astype(np.int64), axis=0).reshape(-1, 2)
    candidates = np.bincount(pairs[:, 0], minlength=searches)
    fixed = exact(candidates > 0, _("alerts"))
    if fixed.words:
        return fixed
    n, k = searches, fixed.errors
    if min(k, n - k) < ENOUGH_PEOPLE_WITH_ERRORS:
        words = _("{k} of {n:,} searches: too few to say what another gallery would give")
        return replace(fixed, words=words.format(k=k, n=n), reason="errors")
    p = fixed.value
    only = pairs[candidates[pairs[:, 0]] == 1, 1]
    lost = np.unique(only, return_counts=True)[1] / n
    own = ((candidates > 0) - p) / n * math.sqrt(n / (n - 1))
    moves = Moves(np.arange(n + len(lost)), np.concatenate([own, lost]))
    reach = moves.reach / (p * (1 - p))
    low, high = (1 / (1 + (1 - p) / p * math.exp(-side * reach)) for side in (-1, 1))
    return replace(fixed, low=min(low, fixed.low), high=max(high, fixed.high))


class Selectivity(NamedTuple):
    """False candidates of searches, from :func:`selectivity`.

    Parameters
    ----------
    searches
        Searches made.
    candidates
        Candidates they returned in all: *how many alerts*.
    people
        Searches that returned somebody: *how many people get them*.
    per_search
        Candidates a search, N x FMR, with its interval by probe.
    busiest
        Share of all candidates that go to the one search in a hundred (at least one) with most of
        them; NaN without any.
    """

    searches: int
    candidates: int
    people: int
    per_search: Interval
    busiest: float


def selectivity(counts: ArrayLike) -> Selectivity:
    """How many candidates searches return, and how many of the searches return any.

    Candidates a search are N x FMR, always; how many people get them depends on how much people
    differ.

    Parameters
    ----------
    counts
        Candidates of each search, shape (n,), one search a person; 0 where no face was found.

    Returns
    -------
    found
        The interval of ``per_search`` is that of its logarithm, moved by the people who are
        searched, the gallery fixed; words with fewer than 10 searches that return somebody.

    Raises
    ------
    ValueError
        For counts that are not whole numbers from 0.

    Examples
    --------
    >>> found = selectivity([0, 0, 0, 6] * 25)
    >>> found.candidates, found.people, float(found.per_search)
    (150, 25, 1.5)
    """
    given = np.asarray(counts)
    f = given.astype(np.float64)
    if given.ndim != 1 or not (np.isfinite(f).all() and (f >= 0).all() and (f == f.round()).all()):
        raise ValueError(_("candidates are counted: give a whole number from 0 for each search"))
    n, total, some = len(f), int(f.sum()), int((f > 0).sum())
    rest: dict[str, Any] = {"people": n, "errors": total, "trials": n}
    if not n:
        none = Interval(math.nan, words=_("nothing to count"), reason="nothing")
        return Selectivity(0, 0, 0, none, math.nan)
    if not total:
        words = _("no candidate in {n:,} searches; at most {bound} of searches return any")
        words = words.format(n=n, bound=limit(min(3 / n, 1)))
        return Selectivity(n, 0, 0, Interval(0.0, words=words, reason="none", people=n), math.nan)
    mean = total / n
    busiest = float(np.sort(f)[::-1][: max(n // 100, 1)].sum() / total)
    if n < ENOUGH_PEOPLE or some < ENOUGH_PEOPLE_WITH_ERRORS:
        words = _("{total} candidates in {some} of {n} searches: too few for a rate")
        words = words.format(total=total, some=some, n=n)
        rate = Interval(mean, words=words, reason="errors", **rest)
        return Selectivity(n, total, some, rate, busiest)
    moves = Moves(np.arange(n), (f / mean - 1) / n * math.sqrt(n / (n - 1)))
    if not moves.error:
        words = _("no interval: every search returns {mean:g} candidates").format(mean=mean)
        return Selectivity(
            n, total, some, Interval(mean, words=words, reason="same", **rest), 1 / n
        )
    ends = mean * math.exp(-moves.reach), mean * math.exp(moves.reach)
    return Selectivity(n, total, some, Interval(mean, *ends, **rest), busiest)


class Alike(NamedTuple):
    """Whether people differ in how often they are a false alert, from :func:`alike`.

    Parameters
    ----------
    rate
        Alerts / searches, all people together.
    never, always
        How many people never are one, and how many are one in every search.
    never_if_alike, always_if_alike
        How many would be, if everybody had the same rate in every search.
    p
        Of counts that differ as much or more, if everybody had the same rate.
    """

    rate: float
    never: int
    always: int
    never_if_alike: float
    always_if_alike: float
    p: float


def alike(counts: ArrayLike, of: int) -> Alike:
    """Compare how often people are a false alert with people who are all alike.

    Parameters
    ----------
    counts
        In how many of ``of`` searches each person is a false alert, shape (n,).
    of
        Searches of each person, in galleries that have no entry in common.

    Returns
    -------
    found
        ``p`` is that of the dispersion test (Cochran 1954): the sum of squared differences from the
        mean, over its variance if everybody were alike, as chi-square with n - 1 degrees of
        freedom; from one side, NaN where nobody or everybody is always an alert.

    Raises
    ------
    ValueError
        For counts that are not whole numbers from 0 to ``of``, or nobody.

    Examples
    --------
    >>> found = alike([0] * 50 + [10] * 50, of=10)  # half of the people, always
    >>> found.never, round(found.never_if_alike, 2), found.p < 0.001
    (50, 0.1, True)
    """
    from scipy.special import chdtrc

    k = np.asarray(counts, np.float64)
    if k.ndim != 1 or not len(k) or not ((k >= 0) & (k <= of) & (k == k.round())).all():
        raise ValueError(
            _("counts of {of} searches: give a whole number from 0 to {of} for each").format(of=of)
        )
    n, rate = len(k), float(k.mean() / of)
    spread = of * rate * (1 - rate)
    p = float(chdtrc(n - 1, ((k - k.mean()) ** 2).sum() / spread)) if spread else math.nan
    return Alike(
        rate,
        int((k == 0).sum()),
        int((k == of).sum()),
        n * (1 - rate) ** of,
        n * rate**of,
        p,
    )


def busiest_by_lot(people: int, candidates: int, *, deals: int = 200, seed: int = 0) -> float:
    """What :class:`Selectivity` calls ``busiest``, if every candidate fell to anybody by lot.

    Parameters
    ----------
    people, candidates
        Searches, and candidates of all of them.
    deals, seed
        How often they are dealt out, and from which seed.

    Examples
    --------
    >>> round(busiest_by_lot(500, 10_000), 3)
    0.016
    """
    rng = np.random.default_rng(seed)
    if not candidates:
        return math.nan
    dealt = rng.multinomial(candidates, np.full(people, 1 / people), size=deals)
    few = max(people // 100, 1)
    return float(np.sort(dealt, axis=1)[:, -few:].sum(1).mean() / candidates)


# ---- searches for people who are in the gallery -------------------------------------------------


def _found(
    scores: ArrayLike, ranks: ArrayLike | None, threshold: float, within: int | None
) -> NDArray[np.bool_]:
    """Whether each search has its own entry at or above the threshold, among the first."""
    own = _scores(scores, "mate_scores")
    hit = own >= _threshold(threshold)
    if within is None:
        return hit
    if within < 1:
        raise ValueError(_("within {n}: give how many candidates are looked at").format(n=within))
    if ranks is None:
        raise ValueError(_("give the rank of each search's own entry, or leave out within"))
    return hit & _within(ranks, within, len(own))


def _within(ranks: ArrayLike, k: int, n: int | None = None) -> NDArray[np.bool_]:
    rank = np.asarray(ranks, np.float64)
    if rank.ndim != 1 or (n is not None and len(rank) != n):
        raise ValueError(
            _("ranks of shape {shape} for {n} searches: give one a search").format(
                shape=rank.shape, n=n
            )
        )
    return (rank >= 1) & (rank <= k)  # NaN, 0 and -1: there is none


def fnir(
    mate_scores: ArrayLike,
    ranks: ArrayLike | None,
    threshold: float,
    within: int | None = None,
    *,
    people: ArrayLike | None = None,
) -> Interval:
    """Share of the searches for enrolled people that miss: not at the threshold and in the list.

    Identification is a high threshold and the whole gallery (``within=None``); investigation is a
    list of candidates and no threshold (``threshold=-math.inf, within=10``).

    Parameters
    ----------
    mate_scores
        Score of each search's own entry, shape (n,); NaN where no face was found: a miss.
    ranks
        Rank of that entry, 1 for the first, shape (n,); NaN, 0 or -1 where there is none.  ``None``
        will do without ``within``.
    threshold
        A candidate is ``score >= threshold``.
    within
        How many candidates are looked at; all when ``None``.
    people
        Who is searched, when somebody is searched more than once.

    Raises
    ------
    ValueError
        For infinite scores, a threshold that is NaN, or a list of no candidates.

    Examples
    --------
    >>> scores, ranks = np.array([0.9, 0.8, 0.3, math.nan] * 10), np.array([1, 12, 1, -1] * 10)
    >>> float(fnir(scores, ranks, 0.5)), float(fnir(scores, ranks, -math.inf, within=10))
    (0.5, 0.5)
    """
    return _rate(~_found(mate_scores, ranks, threshold, within), people, _("misses"))


def tpir(
    mate_scores: ArrayLike,
    ranks: ArrayLike | None,
    threshold: float,
    within: int | None = None,
    *,
    people: ArrayLike | None = None,
) -> Interval:
    """1 - FNIR: the share of the searches for enrolled people that return them; as :func:`fnir`.

    Examples
    --------
    >>> tpir([0.9, 0.8, 0.3, math.nan] * 10, None, 0.5).text(2)
    '0.50 [0.34, 0.66]'
    """
    return _rate(_found(mate_scores, ranks, threshold, within), people, _("hits"))


def cmc(ranks: ArrayLike, upto: int = 20) -> pd.DataFrame:
    """Cumulative match characteristic: how often one's own entry is among the first k.

    Parameters
    ----------
    ranks
        As for :func:`fnir`, one search a person.  A search without a face counts as not found.
    upto
        The last k.

    Returns
    -------
    table
        Index ``k``, 1 to ``upto``; column ``found``, an
        :class:`~labkit.measure.intervals.Interval` for each k alone, not for the whole curve.

    Raises
    ------
    ValueError
        When ``upto`` is below 1.

    Examples
    --------
    >>> [float(x) for x in cmc([1, 3, 2, -1], upto=3)["found"]]
    [0.25, 0.5, 0.75]
    """
    import pandas as pd

    if upto < 1:
        raise ValueError(_("upto {n}: give a whole number from 1").format(n=upto))
    index = pd.RangeIndex(1, upto + 1, name="k")
    found = [exact(_within(ranks, k), _("hits")) for k in index]
    return pd.DataFrame({"found": found}, index=index)


def det(best: ArrayLike, mate_scores: ArrayLike, points: int = 40) -> pd.DataFrame:
    """Both errors of searches at many thresholds (DET), for axes of logarithms.

    Parameters
    ----------
    best
        Best scores of searches by people enrolled nowhere, as for :func:`fpir`.
    mate_scores
        Scores of enrolled people's own entries, as for :func:`fnir`.
    points
        Thresholds, at equal steps of the rank among the best scores.

    Returns
    -------
    table
        Index ``threshold``, ascending; columns ``fpir`` and ``fnir``, each an
        :class:`~labkit.measure.intervals.Interval` for that threshold alone.

    Raises
    ------
    ValueError
        For infinite scores, or when no search by a person enrolled nowhere found a face.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> table = det(rng.normal(size=100), 3 + rng.normal(size=100), points=5)
    >>> [round(float(x), 1) for x in table["fpir"]]
    [1.0, 0.8, 0.5, 0.3, 0.0]
    """
    import pandas as pd

    scores = _scores(best, "best")
    found = np.sort(scores[~np.isnan(scores)])
    if not len(found):
        raise ValueError(_("no face was found in any search: there is no threshold to choose from"))
    at = np.unique(found[np.linspace(0, len(found) - 1, points).round().astype(int)])
    rows = [(fpir(scores, t), fnir(mate_scores, None, t)) for t in at]
    return pd.DataFrame(rows, columns=["fpir", "fnir"], index=pd.Index(at, name="threshold"))


def fte(failed: ArrayLike) -> Interval:
    """Failure to enrol: the share of the people to be enrolled in whose picture no face is found.

    Parameters
    ----------
    failed
        Whether each failed, shape (n,), one picture a person.

    Examples
    --------
    >>> str(fte([False] * 300))
    '0.0000 (no failures in 300 pictures; at most 0.0100)'
    """
    return exact(failed, _("failures"), _("pictures"))


# ---- arithmetic ---------------------------------------------------------------------------------


def bound(fmr: ArrayLike, n: ArrayLike) -> Any:
    """1 - (1 - FMR)^N: the share of searches that return somebody, if all were equally easy.

    With one FMR averaged over people it is an **upper bound**: people differ, the formula is
    concave, and a few take many of the candidates.  N x FMR, the candidates a search, is right in
    every case.

    Parameters
    ----------
    fmr
        FMR of a comparison with an entry, from 0 to 1.
    n
        Entries of the gallery.

    Raises
    ------
    ValueError
        For an FMR that is not a share, or fewer than 0 entries.

    Examples
    --------
    >>> round(float(bound(1e-4, 25_000)), 3), float(bound(1, 3))
    (0.918, 1.0)
    """
    rate, size = np.asarray(fmr, np.float64), np.asarray(n, np.float64)
    if not ((rate >= 0) & (rate <= 1)).all() or not (size >= 0).all():
        raise ValueError(
            _("FMR {fmr}, {n} entries: give a share from 0 to 1 and a number from 0").format(
                fmr=fmr, n=n
            )
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = -np.expm1(size * np.log1p(-rate))
    return np.where(size == 0, 0.0, share)[()]


def precision(prevalence: float, tpir: float, fpir: float) -> float:
    """Share of the alerts that are right; NaN where there is no alert.

    One passage of a person is one trial, however many frames it has: both rates are of passages
    (:func:`passage`), at this size of the gallery.

    Parameters
    ----------
    prevalence
        Share of those who pass that are in the gallery.
    tpir, fpir
        Share of the people in the gallery, and of all others, whose passage gives an alert.

    Raises
    ------
    ValueError
        For a number that is not a share.

    Examples
    --------
    >>> round(precision(1 / 1001, 1.0, 1e-3), 3)  # one wanted person and a thousand others
    0.5
    """
    true = _share(prevalence, "prevalence") * _share(tpir, "TPIR")
    false = (1 - prevalence) * _share(fpir, "FPIR")
    return true / (true + false) if true + false else math.nan


def passage(rate: float, frames: int) -> tuple[float, float]:
    """Between what the rate of a passage lies, from the rate of one frame.

    The frames of one passage are alike.  If they were all the same, more of them would change
    nothing; if they were as different as pictures of different occasions, each would be a new
    chance.

    Parameters
    ----------
    rate
        Share of the single frames that give an alert.
    frames
        Frames of a passage, at least 1.

    Returns
    -------
    low, high

    Raises
    ------
    ValueError
        For a rate that is no share or fewer than one frame.

    Examples
    --------
    >>> [round(x, 3) for x in passage(0.01, 10)]
    [0.01, 0.096]
    """
    if frames < 1:
        raise ValueError(_("{frames} frames: a passage has at least one").format(frames=frames))
    return _share(rate, "rate"), float(bound(rate, frames))


# ---- one group against another ------------------------------------------------------------------


class Exact(NamedTuple):
    """One contrast of two groups of probes, from :func:`fisher`.

    Parameters
    ----------
    group, reference
        Alerts and their shares.
    p
        Of a difference as large or larger, to either side, if both groups had the same rate.
    ratio
        Rate of the group / rate of the reference; infinite where only the group has alerts, NaN
        where neither has.
    detectable
        The ratio above 1 that data like these would show four times in five, the reference as it
        is; infinite where none would.
    """

    group: Interval
    reference: Interval
    p: float
    ratio: float
    detectable: float


def fisher(
    alerts: ArrayLike, groups: Any, reference: Hashable, group: Hashable | None = None
) -> Exact:
    """Fisher's exact test, from both sides, of alerts in two groups of people.

    A small p says "not by luck, given this gallery"; it names no cause.

    Parameters
    ----------
    alerts
        Whether each search returns somebody, shape (n,), one search a person.
    groups
        Group of each person, shape (n,); without a label a person takes no part.
    reference
        The group it is compared with.
    group
        The group in question; all others when ``None``.

    Raises
    ------
    ValueError
        When a group has nobody, or is its own reference.

    Examples
    --------
    >>> who = np.repeat(["a", "b"], [107, 428])
    >>> alert = np.r_[np.arange(107) < 11, np.arange(428) < 17]
    >>> found = fisher(alert, who, reference="b")
    >>> round(found.p, 3), round(found.ratio, 2)
    (0.014, 2.59)
    """
    wrong = np.asarray(alerts)
    if wrong.ndim != 1 or not np.isin(wrong, (0, 1)).all():
        raise ValueError(_("alerts are true or false: give one for each search"))
    wrong = wrong.astype(bool)
    named = labels(groups, len(wrong))
    for name in (reference,) if group is None else (reference, group):
        if name not in named.names:
            raise ValueError(
                _("there is no group {name!r}: the groups are {names}").format(
                    name=name, names=", ".join(map(str, named.names))
                )
            )
    base = named.of(reference)
    own = named.known & ~base if group is None else named.of(group)
    if group == reference or not own.any() or not base.any():
        raise ValueError(
            _("nobody is left to compare with group {name!r}: give another").format(name=reference)
        )
    one, other = (exact(wrong[who], _("alerts")) for who in (own, base))
    a, b = one.errors, other.errors
    counts, chances = _exact_p(one.trials, other.trials, a + b)
    p = float(chances[a - counts[0]])
    ratio = one.value / other.value if b else math.inf if a else math.nan
    least = detectable_ratio(one.trials, other.trials, other.value)
    return Exact(one, other, p, ratio, least)


def fisher_power(
    n: int, reference: int, rate: float, ratio: float, *, level: float = LEVEL
) -> float:
    """Share of repetitions in which :func:`fisher` finds a difference, counted and not simulated.

    Parameters
    ----------
    n, reference
        People of the group and of the reference.
    rate
        True share of alerts in the reference.
    ratio
        True rate of the group / rate of the reference.
    level
        The difference is found when p is at most this.

    Raises
    ------
    ValueError
        For a group of nobody, or rates that are no shares.

    Examples
    --------
    >>> round(fisher_power(178, 357, 0.05, 2.0), 2), round(fisher_power(178, 357, 0.05, 1.0), 2)
    (0.53, 0.04)
    """
    if n < 1 or reference < 1:
        raise ValueError(_("a group of nobody has no rate: give people to both"))
    top = _share(rate, "rate") * ratio
    rejected = _rejected(n, reference, level)
    chance = np.outer(
        _binomial(n, _share(top, "rate x ratio")),
        _binomial(reference, rate),
    )
    return float(chance[rejected].sum())


def _ways(total: int, chosen: NDArray[np.int64]) -> Floats:
    """Logarithm of how many ways there are to choose so many of them."""
    from scipy.special import gammaln

    return gammaln(total + 1) - gammaln(chosen + 1) - gammaln(total - chosen + 1)


def _binomial(n: int, rate: float) -> Floats:
    """Chance of 0 to n alerts of n; as ``scipy.stats.binom``, which takes 50 MB to load."""
    from scipy.special import xlog1py, xlogy

    k = np.arange(n + 1)
    return np.exp(_ways(n, k) + xlogy(k, rate) + xlog1py(n - k, -rate))


def _exact_p(n: int, reference: int, alerts: int) -> tuple[NDArray[np.int64], Floats]:
    """Each count of the group that so many alerts in all allow, and its exact p from both sides.

    As ``scipy.stats.fisher_exact``: counts that are as likely or less, up to the last bits.
    """
    counts = np.arange(max(0, alerts - reference), min(n, alerts) + 1)
    logs = _ways(n, counts) + _ways(reference, alerts - counts)
    chance = np.exp(logs - logs.max())
    order = np.argsort(chance, kind="stable")
    total = np.cumsum(chance[order])
    upto = np.searchsorted(chance[order], chance * (1 + 1e-7), side="right") - 1
    return counts, total[upto] / total[-1]


def _rejected(n: int, reference: int, level: float) -> NDArray[np.bool_]:
    """Which pairs of counts, shape (n + 1, reference + 1), have an exact p of at most ``level``."""
    out = np.zeros((n + 1, reference + 1), bool)
    for alerts in range(n + reference + 1):
        counts, p = _exact_p(n, reference, alerts)
        out[counts, alerts - counts] = p <= level
    return out


def detectable_ratio(n: int, reference: int, rate: float, *, power: float = POWER) -> float:
    """The smallest ratio above 1 that :func:`fisher` finds in a share ``power`` of repetitions.

    Parameters
    ----------
    n, reference
        People of the group and of the reference.
    rate
        True share of alerts in the reference; 0 has no multiple, so the answer is infinite.
    power
        The share.

    Returns
    -------
    ratio
        Infinite where even a rate of 1 would not be found so often.

    Examples
    --------
    >>> round(detectable_ratio(178, 357, 0.05), 1)
    2.4
    """
    if not 0 < rate < 1 or n < 1 or reference < 1:
        return math.inf
    rejected = _rejected(n, reference, LEVEL)
    rejected &= np.arange(n + 1)[:, None] * reference > np.arange(reference + 1)[None, :] * n
    base = _binomial(reference, rate)
    per_count = rejected @ base  # chance of finding it, for each count of the group

    def found(top: float) -> float:
        return float(_binomial(n, top) @ per_count)

    low, high = rate, 1.0
    if found(high) < power:
        return math.inf
    for _step in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) >= power else (middle, high)
    return high / rate
