"""Error rates by group, at one threshold, and what can honestly be said about their differences.

In: everybody compared with everybody (:class:`labkit.measure.scores.AllPairs`), the group of each
image and a threshold.  Out: the group table, which is the headline (:func:`group_table`), and from
it summaries of spread beside what they would be if the groups were equal, contrasts chosen
beforehand, and who is confused with whom.

Groups differ in every sample, also where nothing differs in the town.  So no summary stands alone
here, and no group is compared with another that was picked after looking.

Written from secondary descriptions of ISO/IEC 19795-10, NISTIR 8429 and the papers named below; no
conformity is claimed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.measure.counts import GroupCounts
from labkit.measure.intervals import (
    POWER,
    Counts,
    Interval,
    Z,
    fmr_interval,
    pair_totals,
    ratio_limits,
    ratios,
    vertex_weights,
)
from labkit.measure.rate import RATES
from labkit.measure.rate import rate as rate_of

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs

Summary = Callable[[NDArray[np.float64]], Any]

BOTH_PAIRS = "pairs of people with a false match"
"""A column of the table for reading: pairs behind the false matches, of those compared."""

ALL_OTHERS = "all others"
"""As a reference: each group against all the other groups together."""

REPLICATES = 2000

DIGITS = {"GARBE": 3, "FDR": 4}

# What a learner reads in the tables.
TOO_FEW_NULL = "not said what equal groups would give: {why}"
EQUAL_GROUPS = (
    "with equal groups of this size {median:.{d}f}, up to {high:.{d}f};"
    " {share} of such draws are at least as far from equal"
)
NO_ERRORS = "undefined: no errors seen in any group"
ONE_GROUP = "undefined: fewer than two groups have anything to count"
A_ZERO = "undefined: no {what} seen in {groups}"
AT_LEAST = "at least {value:.1f}: no {what} seen in {groups}, where the rate is at most {bound:.4f}"
ONE_DECIDES = "one error decides: only {group} has any {what}"
FDR_BLIND = "FDR is blind to ratios: {what}s are {ratio:.1f}-fold apart, a difference of {gap:.4f}"
NOT_COMPARED = "too few for a ratio: {why}"
DETECTABLE = "a true ratio of {ratio:.1f} would be found four times in five"
DROPPED = "{dropped} of {replicates} draws had nothing to divide and were left out"


# ---- summaries of spread ------------------------------------------------------------------------


def _rows(rates: ArrayLike) -> NDArray[np.float64]:
    """Rates with the groups in the last place; at least two of them, none below 0."""
    x = np.asarray(rates, np.float64)
    if x.ndim < 1 or x.shape[-1] < 2:
        raise ValueError(f"rates of shape {x.shape}: a spread needs at least two groups")
    if (x < 0).any():
        raise ValueError(f"a rate of {np.nanmin(x):g} is below 0: give errors / trials")
    return x


def _out(value: NDArray[np.float64]) -> Any:
    return float(value) if np.ndim(value) == 0 else value


def max_min(rates: ArrayLike) -> Any:
    """The highest rate over the lowest.

    It is never below 1, so its interval never contains equality; read it beside its value for equal
    groups (:meth:`GroupTable.spread`).

    Parameters
    ----------
    rates
        Shape (groups,), or (..., groups) for many tables at once.

    Returns
    -------
    value
        A number, or an array of shape (...).  Infinite when only some groups have rate 0 (a table
        prints "at least" then), NaN when all have.

    Examples
    --------
    >>> max_min([0.01, 0.02, 0.04])
    4.0
    """
    x = _rows(rates)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _out(x.max(-1) / x.min(-1))


def max_geomean(rates: ArrayLike) -> Any:
    """The highest rate over the geometric mean of all.

    It depends on how many groups there are: compare only tables with the same groups.

    Parameters
    ----------
    rates
        Shape (groups,) or (..., groups).

    Returns
    -------
    value
        A number, or an array of shape (...).  Infinite when some group has rate 0, which breaks it;
        NaN when all have.

    Examples
    --------
    >>> round(max_geomean([0.01, 0.02, 0.04]), 3)
    2.0
    """
    x = _rows(rates)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _out(x.max(-1) / np.exp(np.log(x).mean(-1)))


def gini(rates: ArrayLike) -> Any:
    """Gini coefficient of rates, ``n/(n-1) sum_ij |x_i - x_j| / (2 n^2 mean x)``: a GARBE term.

    Parameters
    ----------
    rates
        Shape (groups,) or (..., groups).

    Returns
    -------
    value
        0 for equal rates, 1 when one group has all errors.  NaN (undefined) when all rates are 0.

    Examples
    --------
    >>> gini([0.02, 0.02, 0.02]), gini([0, 0, 0, 1e-4])
    (0.0, 1.0)
    """
    x = _rows(rates)
    n = x.shape[-1]
    apart = np.abs(x[..., :, None] - x[..., None, :]).sum((-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _out(n / (n - 1) * apart / (2 * n**2 * x.mean(-1)))


def garbe(fmrs: ArrayLike, fnmrs: ArrayLike, alpha: float = 0.5) -> Any:
    """``alpha G(FMR) + (1 - alpha) G(FNMR)``, G as :func:`gini` (Howard et al., arXiv:2203.05051).

    One error decides it where rates are near 0: FMRs of (0, 0, 0, 1e-4) score 1, the most unfair.

    Parameters
    ----------
    fmrs, fnmrs
        By group, shapes (groups,) or (..., groups).
    alpha
        Weight of false matches, 0..1; a choice, so print it.

    Returns
    -------
    value
        0 (equal) to 1.  NaN when a term that counts has rates that are all 0.

    Raises
    ------
    ValueError
        If alpha is no weight.

    Examples
    --------
    >>> round(garbe([0.04, 0.05, 0.05, 0.06], [0.10, 0.11, 0.12, 0.13]), 3)
    0.086
    """
    return _weighted(alpha, gini(fmrs), gini(fnmrs))


def inequity_rate(fmrs: ArrayLike, fnmrs: ArrayLike, alpha: float = 0.5) -> Any:
    """``(max/min FMR)^alpha (max/min FNMR)^(1 - alpha)``: 1 when equal, undefined (NaN) at 0.

    Parameters
    ----------
    fmrs, fnmrs
        By group, shapes (groups,) or (..., groups).
    alpha
        Weight of false matches, 0..1; print it.

    Examples
    --------
    >>> round(inequity_rate([1e-5, 5e-4], [0.002, 0.006]), 1)
    12.2
    """
    _weight(alpha)
    logs = []
    for x in (max_min(fmrs), max_min(fnmrs)):
        with np.errstate(invalid="ignore"):
            logs.append(np.log(np.where(np.isinf(x), math.nan, x)))
    return _out(np.exp(_weighted(alpha, *logs)))


def fdr(fmrs: ArrayLike, fnmrs: ArrayLike, alpha: float = 0.5) -> Any:
    """``1 - alpha (max - min FMR) - (1 - alpha) (max - min FNMR)``; 1 when equal.

    From de Freitas Pereira and Marcel (arXiv:2011.02395).  Blind where rates are low: in the
    example a fifty-fold gap looks fairer than one of half as much again.  A warning, no headline.

    Parameters
    ----------
    fmrs, fnmrs
        By group, shapes (groups,) or (..., groups).
    alpha
        Weight of false matches, 0..1; print it.

    Examples
    --------
    >>> f"{fdr([1e-5, 5e-4], [0.02, 0.02]):.5f} {fdr([0.04, 0.06], [0.02, 0.02]):.5f}"
    '0.99976 0.99000'
    """
    x, y = _rows(fmrs), _rows(fnmrs)
    return _out(1 - _weighted(alpha, x.max(-1) - x.min(-1), y.max(-1) - y.min(-1)))


def _weight(alpha: float) -> None:
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha {alpha:g} is no weight: give a number from 0 to 1")


def _weighted(alpha: float, first: Any, second: Any) -> Any:
    """A term of weight 0 may be undefined without harm."""
    _weight(alpha)
    parts = [w * np.asarray(x) for w, x in ((alpha, first), (1 - alpha, second)) if w]
    return _out(np.asarray(sum(parts)))


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted for how many there are (Holm 1979); NaN stays and is not counted.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, math.nan]).round(2).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    values = np.asarray(p, np.float64)
    out = np.full(values.shape, math.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(values[order] * factors), 1.0)
    return out


# ---- groups that are equal by construction ------------------------------------------------------


def random_group_rates(
    table: Sequence[ArrayLike], groups: ArrayLike, draws: int = 2000, seed: int = 0
) -> NDArray[np.float64]:
    """FMR within groups that are dealt out at random: nothing but luck tells them apart.

    Parameters
    ----------
    table
        ``(false_matches, compared, ...)`` by person, shape (k, k), as
        :meth:`labkit.measure.scores.AllPairs.pair_counts` gives.
    groups
        How many groups of (nearly) equal size, or labels, shape (k,), of which only the sizes
        matter: they are dealt out anew in every draw.
    draws, seed
        How often, from which seed.

    Returns
    -------
    rates
        Shape (draws, groups); NaN where a group has nothing to compare.

    Raises
    ------
    ValueError
        If there are more groups than people, or not one label a person.

    Examples
    --------
    >>> false = np.ones((12, 12)) - np.eye(12)
    >>> random_group_rates((false, 4 * false), 3, draws=2).tolist()
    [[0.25, 0.25, 0.25], [0.25, 0.25, 0.25]]
    """
    false, compared = (np.asarray(t, np.float64) for t in tuple(table)[:2])
    k = len(false)
    labels = np.asarray(groups)
    if labels.ndim == 0:
        if not 1 <= int(labels) <= k:
            raise ValueError(f"{int(labels)} groups of {k} people: give between 1 and {k}")
        labels = np.arange(k) % int(labels)
    if labels.shape != (k,):
        raise ValueError(f"{labels.size} labels for {k} people: give one for each person")
    rng = np.random.default_rng(np.random.SeedSequence([43, seed]))
    dealt = rng.permuted(np.tile(np.unique(labels, return_inverse=True)[1], (draws, 1)), axis=1)
    rates = []
    for g in range(int(dealt.max()) + 1):
        members = (dealt == g).astype(np.float64)
        of = pair_totals(members, compared)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates.append(pair_totals(members, false) / of)
    return np.stack(rates, 1)


# ---- the group table ----------------------------------------------------------------------------


def group_table(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> GroupTable:
    """Error rates by group at one threshold; FMR counts pairs with BOTH people in the group.

    Parameters
    ----------
    pairs
        Everybody compared with everybody.
    groups
        Group of each image, shape (n,).  A person whose images lie in several groups (cameras, say)
        counts in each with those images.
    threshold
        A match is ``s >= threshold``.
    names
        The groups in the order wanted, also such as have nobody; ascending (or the order of a
        pandas categorical) when ``None``.

    Raises
    ------
    ValueError
        With one sentence, when labels are missing, too few, or not among ``names``.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [0.1], [1.0], [1.1], [5.0], [5.1]], [1, 1, 2, 2, 3, 3])
    >>> table = group_table(pairs, ["a"] * 4 + ["b"] * 2, threshold=-0.95)
    >>> table["a", "fmr"].words
    '1 false matches from 1 pairs of people: too few for a rate'
    >>> table["b", "fmr"].words
    'one person: nobody of the group to compare with'
    """
    labels, order = _labels(groups, len(pairs), names)
    rows = []
    for name in order:
        part = pairs.select(labels == name)
        false, compared, people = part.pair_counts(threshold)
        mated = part.mated_counts(threshold)
        place = np.searchsorted(people, part.people)

        def by_person(images: NDArray[Any], k: int = len(people)) -> Counts:
            return np.bincount(images, minlength=k).astype(np.float64)

        rows.append(
            GroupCounts(
                name,
                people,
                false=false.astype(np.float64),
                compared=compared.astype(np.float64),
                images=by_person(place),
                failed=by_person(place[~part.usable]),
                missed=mated.missed.astype(np.float64),
                made=mated.made.astype(np.float64),
                planned=mated.planned.astype(np.float64),
            )
        )
    return GroupTable(tuple(rows), float(threshold))


def _labels(
    groups: Any, n: int, names: Sequence[Hashable] | None
) -> tuple[NDArray[np.object_], list[Hashable]]:
    """One label for each image, none missing, and the order of the groups."""
    import pandas as pd

    series = pd.Series(groups).reset_index(drop=True)
    if len(series) != n:
        raise ValueError(f"{len(series)} group labels for {n} images: give one for each image")
    missing = series.isna() | (series.astype(object) == "")
    if missing.any():
        raise ValueError(
            f"{int(missing.sum())} of {n} images have no group (the first is number"
            f" {int(np.argmax(missing))}): label them, or leave them out with pairs.select"
        )
    if isinstance(series.dtype, pd.CategoricalDtype) and names is None:
        names = [c for c in series.cat.categories if (series == c).any()]
    labels = series.astype(object).to_numpy()
    seen = pd.unique(labels).tolist()
    if names is None:
        # Numbers and words together have no order of their own.
        plain = all(isinstance(s, str) for s in seen) or not any(isinstance(s, str) for s in seen)
        return labels, sorted(seen, key=None if plain else str)
    order = list(names)
    unknown = [s for s in seen if s not in order]
    if unknown or len(set(order)) < len(order):
        raise ValueError(
            f"names {order} do not fit the labels {seen}: give every group once"
            + (f", also {unknown[0]!r}" if unknown else "")
        )
    return labels, order


@dataclass(frozen=True, eq=False)
class GroupTable:
    """Error rates by group at one threshold, made by :func:`group_table`.

    ``table["darker", "fmr"]`` is one :class:`~labkit.measure.intervals.Interval`.

    Parameters
    ----------
    rows
        What was counted in each group, in the order of the table.
    threshold
        The threshold of all groups.
    """

    rows: tuple[GroupCounts, ...]
    threshold: float

    @property
    def names(self) -> list[Hashable]:
        """The groups, in the order of the table."""
        return [r.name for r in self.rows]

    @functools.cached_property
    def _intervals(self) -> dict[tuple[Hashable, str], Interval]:
        return {(r.name, rate): r.interval(rate) for r in self.rows for rate in RATES}

    def __getitem__(self, key: tuple[Hashable, str]) -> Interval:
        name, rate = key
        self._row(name)
        return self._intervals[name, rate_of(rate).name]

    def _row(self, name: Hashable) -> GroupCounts:
        for r in self.rows:
            if r.name == name:
                return r
        raise ValueError(f"there is no group {name!r}: use one of {self.names}")

    # -- reading ---------------------------------------------------------------------------------

    @functools.cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each group, for computing.

        Columns: ``people``, ``images``; for each rate of :data:`RATES` an
        :class:`~labkit.measure.intervals.Interval` (``fmr``) and its parts as plain columns
        (``fmr_value``, ``fmr_low``, ``fmr_high``, ``fmr_words``); ``person_pairs`` compared and
        ``error_pairs`` behind the false matches.
        """
        import pandas as pd

        data: dict[str, list[Any]] = {
            "people": [len(r.people) for r in self.rows],
            "images": [int(r.images.sum()) for r in self.rows],
        }
        for rate in RATES:
            column = [self[name, rate] for name in self.names]
            data[rate] = column
            data[f"{rate}_value"] = [i.value for i in column]
            data[f"{rate}_low"] = [i.low for i in column]
            data[f"{rate}_high"] = [i.high for i in column]
            data[f"{rate}_words"] = [i.words for i in column]
        data["person_pairs"] = [i.person_pairs for i in data["fmr"]]
        data["error_pairs"] = [i.error_pairs for i in data["fmr"]]
        return pd.DataFrame(data, index=pd.Index(self.names, name="group"))

    def show(self, digits: int = 4, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The table for reading: each rate with its interval by people, or words.

        A group with too little for a rate keeps its row and says what there is.

        Parameters
        ----------
        digits
            Digits behind the point.
        columns
            Which columns, in the order wanted: ``"people"``, ``"images"``, the short names of
            :data:`RATES`, ``"person pairs"``, ``"pairs behind false matches"``, and the last two in
            one, ``"pairs of people with a false match"``.  Without them all but that.

        Raises
        ------
        ValueError
            For a column that is not there.
        """
        import pandas as pd

        data: dict[str, list[Any]] = {k: self.frame[k].tolist() for k in ("people", "images")}
        for rate in RATES.values():
            data[rate.short] = [i.short(digits) for i in self.frame[rate.name]]
        data["person pairs"] = self.frame["person_pairs"].tolist()
        for rate in RATES.values():
            if rate.of_pairs:
                data[f"pairs behind {rate.errors}"] = [i.error_pairs for i in self.frame[rate.name]]
        wanted = list(data if columns is None else columns)
        data[BOTH_PAIRS] = [f"{i.error_pairs:,} of {i.person_pairs:,}" for i in self.frame["fmr"]]
        unknown = [c for c in wanted if c not in data]
        if unknown:
            raise ValueError(f"there is no column {unknown[0]!r}: use {', '.join(data)}")
        return pd.DataFrame(data, index=pd.Index(self.names, name="group"))[wanted]

    # -- replicates ------------------------------------------------------------------------------

    @property
    def drawn_one_by_one(self) -> bool:
        """Whether the draws are of people, and not of rates."""
        return True

    def _totals(
        self, rate: str, replicates: int, seed: int
    ) -> dict[Hashable, tuple[Counts, Counts]]:
        """Errors and trials of each group that has any, in every replicate."""
        return self._replicates(replicates, seed)[rate]

    @functools.cached_property
    def _replicates(
        self,
    ) -> Callable[[int, int], dict[str, dict[Hashable, tuple[Counts, Counts]]]]:
        """Totals of every rate, drawn once for all questions; the draws themselves are let go."""
        return functools.cache(self._drawn)

    def _drawn(
        self, replicates: int, seed: int
    ) -> dict[str, dict[Hashable, tuple[Counts, Counts]]]:
        rows = [r for r in self.rows if len(r.people)]
        out: dict[str, dict[Hashable, tuple[Counts, Counts]]] = {rate: {} for rate in RATES}
        for r, w in zip(rows, self._weights(rows, replicates, seed), strict=True):
            for rate in RATES:
                if r.terms(rate)[1].any():
                    out[rate][r.name] = r.totals(rate, w)
        return out

    def _weights(self, rows: list[GroupCounts], replicates: int, seed: int) -> list[Counts]:
        """How often each person of each group is drawn.

        Groups of different people are drawn independently of each other.  Where one person is in
        two groups, all people are drawn together, so that both sides move with them.
        """
        everyone = np.unique(np.concatenate([r.people for r in rows]))
        if len(everyone) == sum(len(r.people) for r in rows):
            place = {name: i for i, name in enumerate(self.names)}
            return [vertex_weights(len(r.people), replicates, seed, place[r.name]) for r in rows]
        drawn = vertex_weights(len(everyone), replicates, seed)
        return [drawn[:, np.searchsorted(everyone, r.people)] for r in rows]

    def _counted(self, rate: str) -> list[GroupCounts]:
        """Groups with at least one trial."""
        return [r for r in self.rows if r.terms(rate)[1].any()]

    # -- spread ----------------------------------------------------------------------------------

    def spread(
        self,
        rate: str = "fmr",
        *,
        alpha: float = 0.5,
        replicates: int = REPLICATES,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Summaries of spread, each beside what it would be if the groups were equal.

        For equal groups, people are drawn again within each group, every group's rates are divided
        by the rate it really had and set to the mean of all groups, and the summary is computed
        anew.  (Group labels are not shuffled: pairs within a group and across groups differ in
        rate, so labels are not exchangeable even where the groups are served equally.)

        Parameters
        ----------
        rate
            A rate that has a partner, such as ``"fmr"``: what max/min and max/geomean are of.  The
            three others join it and its partner (FMR and FNMR; or FMR and false rejection).
        alpha
            Weight of FMR in those three.
        replicates, seed
            Of the bootstrap of people.

        Returns
        -------
        table
            Index: max/min, max/geomean, GARBE, Inequity Rate, FDR.  Columns: ``of``, ``value`` (a
            lower limit where the words say "at least"; NaN when undefined), ``null_median``,
            ``null_95`` (for FDR the 5th percentile: there lower is less equal),
            ``share_of_null_at_least`` as far from equal as seen, ``words``.

        Raises
        ------
        ValueError
            If there is no such rate or alpha is no weight.
        """
        import pandas as pd

        own = rate_of(rate, [r.name for r in RATES.values() if r.partner])
        _weight(alpha)
        match, miss = (rate, own.partner) if own.of_pairs else (own.partner, rate)
        both = f"{RATES[match].short} and {RATES[miss].short}, alpha {alpha:g}"
        joint = [r for r, w in ((match, alpha), (miss, 1 - alpha)) if w]
        draws = functools.cache(lambda r: self._equal(r, replicates, seed))

        def pair(summary: Callable[..., Any]) -> Callable[..., Any]:
            def joined(*x: Any) -> Any:
                x = x if len(joint) == 2 else (x[0], x[0])
                return summary(*x, alpha)

            return joined

        wanted: list[tuple[str, str, list[str], Callable[..., Any]]] = [
            ("max/min", own.short, [rate], max_min),
            ("max/geomean", own.short, [rate], max_geomean),
            ("GARBE", both, joint, pair(garbe)),
            ("Inequity Rate", both, joint, pair(inequity_rate)),
            ("FDR", both, joint, pair(fdr)),
        ]
        lines = [self._summary(name, of, on, fn, draws) for name, of, on, fn in wanted]
        return pd.DataFrame(lines).set_index("summary")

    def _equal(self, rate: str, replicates: int, seed: int) -> NDArray[np.float64]:
        """Replicates recentred: every group has the mean rate, and its own spread."""
        seen = np.array([self[r.name, rate].value for r in self._counted(rate)])
        totals = self._totals(rate, replicates, seed).values()
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.stack([errors / trials for errors, trials in totals], 1)
        return drawn / seen * seen.mean()

    def _summary(
        self,
        name: str,
        of: str,
        on: list[str],
        summary: Callable[..., Any],
        draws: Callable[[str], NDArray[np.float64]],
    ) -> dict[str, Any]:
        line: dict[str, Any] = {
            "summary": name,
            "of": of,
            "value": math.nan,
            "null_median": math.nan,
            "null_95": math.nan,
            "share_of_null_at_least": math.nan,
            "words": "",
        }
        counted = [self._counted(rate) for rate in on]
        if min(len(c) for c in counted) < 2:
            return {**line, "words": ONE_GROUP}
        seen = [
            np.array([self[r.name, rate].value for r in c])
            for c, rate in zip(counted, on, strict=True)
        ]
        value = float(summary(*seen))
        words = [self._trap(name, rate, c) for rate, c in zip(on, counted, strict=True)]
        if name == "max/min" and math.isinf(value):
            value, words = self._at_least(on[0])
        line["value"] = value if math.isfinite(value) else math.nan
        thin = next((w for rate in on for r in self.rows if (w := r.too_few(rate))), "")
        if thin:
            words.append(TOO_FEW_NULL.format(why=thin))
        else:
            line.update(_null(name, value, np.asarray(summary(*(draws(r) for r in on)))))
            share = line["share_of_null_at_least"]
            words.append(
                EQUAL_GROUPS.format(
                    median=line["null_median"],
                    high=line["null_95"],
                    d=DIGITS.get(name, 1),
                    share=f"{share:.0%}" if share >= 0.01 else "fewer than 1%",
                )
            )
        return {**line, "words": "; ".join(w for w in words if w)}

    def _trap(self, name: str, rate: str, counted: list[GroupCounts]) -> str:
        """What must be known before this summary of this rate is read; often nothing."""
        rates = np.array([self[r.name, rate].value for r in counted])
        what, short = RATES[rate].errors, RATES[rate].short
        none = ", ".join(str(r.name) for r, x in zip(counted, rates, strict=True) if x == 0)
        if name == "FDR":
            if not RATES[rate].of_pairs or none:
                return ""
            gap, ratio = rates.max() - rates.min(), rates.max() / rates.min()
            return FDR_BLIND.format(what=short, gap=gap, ratio=ratio)
        if not rates.any():
            return f"{NO_ERRORS} ({short})"
        if name == "GARBE":
            some = [r.name for r, x in zip(counted, rates, strict=True) if x > 0]
            return ONE_DECIDES.format(group=some[0], what=what) if len(some) == 1 else ""
        return A_ZERO.format(what=what, groups=none) if none and name != "max/min" else ""

    def _at_least(self, rate: str) -> tuple[float, list[str]]:
        """The highest rate over the largest that a group without an error may have."""
        zero = [r for r in self._counted(rate) if self[r.name, rate].value == 0]
        bound = max(r.bound(rate) for r in zero)
        value = max(max(self[r.name, rate].value for r in self._counted(rate)) / bound, 1.0)
        what = RATES[rate].errors
        names = ", ".join(str(r.name) for r in zero)
        return value, [AT_LEAST.format(value=value, what=what, groups=names, bound=bound)]

    # -- contrasts -------------------------------------------------------------------------------

    def contrasts(
        self,
        reference: Hashable,
        rate: str = "fmr",
        *,
        primary: Hashable | None = None,
        replicates: int = REPLICATES,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Each group's rate over that of a reference, chosen before anyone looked.

        People are drawn again, each group's apart (together where groups share people); percentiles
        2.5 and 97.5 of the ratio, and twice the smaller share of draws on one side of 1 as p-value.
        For FMR this is up to about three times too wide in variance when pairs are nearly
        independent, so it finds less than there is.

        Parameters
        ----------
        reference
            A group, or :data:`ALL_OTHERS`: each group against the others together (their errors
            over their comparisons).
        rate
            One of :data:`RATES`.
        primary
            The group of the one question asked in the protocol; the others are marked exploratory.
        replicates, seed
            At least 2,000 for a result that is quoted.

        Returns
        -------
        table
            Index: group.  Columns: ``ratio``, ``low``, ``high``, ``p``, ``p_holm`` (adjusted for
            all rows), ``detectable`` (see :meth:`detectable`), ``dropped`` (draws with nothing to
            divide, left out), ``words``; ``question`` when ``primary`` is given.

        Raises
        ------
        ValueError
            If there is no such group or rate.
        """
        import pandas as pd

        rate_of(rate)
        if reference != ALL_OTHERS:
            self._row(reference)
        if primary is not None:
            self._row(primary)
        compared = [n for n in self.names if n != reference]
        others = {n: self.names if reference == ALL_OTHERS else [reference] for n in compared}
        lines = []
        for n in compared:
            against = [o for o in others[n] if o != n]
            lines.append(self._contrast(n, against, rate, replicates, seed))
        table = pd.DataFrame(lines, index=pd.Index(compared, name="group"), columns=CONTRAST)
        table["p_holm"] = holm(table["p"].to_numpy(float))
        if primary is not None:
            table["question"] = ["primary" if n == primary else "exploratory" for n in compared]
        return table

    def _contrast(
        self, name: Hashable, against: list[Hashable], rate: str, replicates: int, seed: int
    ) -> dict[str, Any]:
        names = [name, *against]
        rows = [self._row(n) for n in names]
        once = [r.totals(rate, np.ones((1, len(r.people)))) for r in rows]
        line: dict[str, Any] = {"ratio": float(_ratio(once)[0])}
        thin = _too_few(rows, rate)
        if thin:
            return {**line, "words": NOT_COMPARED.format(why=thin)}
        totals = self._totals(rate, replicates, seed)
        values = _ratio([totals[n] for n in names if n in totals])
        kept = values[~np.isnan(values)]
        low, high = ratio_limits(values)
        sides = min((kept <= 1).sum(), (kept >= 1).sum())
        found = math.exp(POWER * math.log(high / low) / (2 * Z)) if low else math.inf
        words = [DETECTABLE.format(ratio=found)]
        dropped = len(values) - len(kept)
        if dropped:
            words.append(DROPPED.format(dropped=dropped, replicates=replicates))
        return {
            **line,
            "low": low,
            "high": high,
            "detectable": found,
            "dropped": dropped,
            "p": min(1.0, 2 * (sides + 1) / (len(kept) + 1)),
            "words": "; ".join(words),
        }

    def detectable(
        self,
        a: Hashable,
        b: Hashable,
        rate: str = "fmr",
        *,
        replicates: int = REPLICATES,
        seed: int = 0,
    ) -> float:
        """The true ratio of two groups' rates that data like these find four times in five.

        ``exp(2.80 se)``, where se is the standard error of the ratio's logarithm, from the width of
        its bootstrap interval.

        Returns
        -------
        ratio
            Above 1; infinite when not even that can be said; NaN when a group has too few errors.
        """
        self._row(a)
        self._row(b)
        line = self._contrast(a, [b], rate_of(rate).name, replicates, seed)
        return float(line.get("detectable", math.nan))


CONTRAST = ["ratio", "low", "high", "p", "p_holm", "detectable", "dropped", "words"]


def _too_few(rows: list[GroupCounts], rate: str) -> str:
    """Why the first group cannot be set against the others together, or nothing when it can."""
    if len(rows) < 2:
        return "there is no other group"
    first, *others = (r.too_few(rate) for r in rows)
    return first or (others[0] if all(others) else "")


def _ratio(totals: Sequence[tuple[Counts, Counts]]) -> NDArray[np.float64]:
    """Rate of the first group over that of the others together, in every replicate."""
    (top, top_of), *others = totals
    if not others:
        return np.full(len(top), math.nan)
    bottom, bottom_of = (np.sum([t[i] for t in others], axis=0) for i in (0, 1))
    return ratios(top, top_of, bottom, bottom_of)


def _null(name: str, value: float, draws: NDArray[np.float64]) -> dict[str, float]:
    """Median, far percentile and share of replicates at least as far from equal as seen."""
    sign = -1.0 if name == "FDR" else 1.0
    far = np.sort(np.where(np.isnan(draws), math.inf, sign * draws))
    median, high = np.percentile(far, [50, 95], method="nearest")
    share = float((far >= sign * value).mean())
    return {
        "null_median": float(sign * median),
        "null_95": float(sign * high),
        "share_of_null_at_least": share,
    }


# ---- who is confused with whom ------------------------------------------------------------------


def _by_person(
    pairs: AllPairs, groups: ArrayLike, threshold: float, names: Sequence[Hashable] | None
) -> tuple[Counts, Counts, NDArray[np.object_], list[Hashable]]:
    """Pair tables with the one group of each person."""
    labels, order = _labels(groups, len(pairs), names)
    false, compared, people = pairs.pair_counts(threshold)
    place = np.searchsorted(people, pairs.people)
    own = np.empty(len(people), object)
    own[place] = labels
    mixed = np.flatnonzero(own[place] != labels)
    if mixed.size:
        raise ValueError(
            f"person {pairs.people[mixed[0]]} has images in several groups: who is confused with"
            " whom needs one group for each person"
        )
    return np.asarray(false, np.float64), np.asarray(compared, np.float64), own, order


SHOWS: dict[str, Callable[[Interval], Any]] = {
    "fmr": lambda i: i.value,
    "interval": lambda i: i,
    "text": lambda i: i.text(),
    "false_matches": lambda i: i.errors,
    "compared": lambda i: i.trials,
    "person_pairs": lambda i: i.person_pairs,
    "error_pairs": lambda i: i.error_pairs,
}


def confusion(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
    show: str = "fmr",
) -> pd.DataFrame:
    """Who is taken for whom: FMR by the groups of the two people.

    Unordered pairs with one person from each group; the diagonal is FMR within the group, as in the
    group table.

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`group_table`, with one group for each person.
    show
        ``"fmr"``, ``"interval"`` (by people), ``"text"``, or a count: ``"false_matches"``,
        ``"compared"``, ``"person_pairs"``, ``"error_pairs"``.

    Returns
    -------
    table
        Shape (groups, groups), symmetric.

    Raises
    ------
    ValueError
        When labels are missing, a person has several, or ``show`` is unknown.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [2.0], [5.0]], [1, 2, 3, 4])
    >>> confusion(pairs, ["a", "a", "b", "b"], -1).to_numpy().tolist()
    [[1.0, 0.25], [0.25, 0.0]]
    """
    import pandas as pd

    if show not in SHOWS:
        raise ValueError(f"nothing called {show!r} can be shown: use one of {', '.join(SHOWS)}")
    false, compared, own, order = _by_person(pairs, groups, threshold, names)
    member = {name: own == name for name in order}
    cells: dict[Hashable, list[Any]] = {}
    for b in order:
        cells[b] = []
        for a in order:
            across = np.outer(member[a], member[b])
            mask = across | across.T
            cells[b].append(SHOWS[show](fmr_interval(false * mask, compared * mask)))
    return pd.DataFrame(cells, index=pd.Index(order, name="group"), columns=order)


def against_everyone(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """How often a person of each group is taken for anyone else: FMR over ordered pairs.

    The probe is of the group, the other person anyone; a pair within the group therefore counts
    twice, once from each side.

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`confusion`.

    Returns
    -------
    table
        Index: group.  Columns:  ``people``, ``fmr`` (an
        :class:`~labkit.measure.intervals.Interval`), ``fmr_value``, ``fmr_low``, ``fmr_high``,
        ``fmr_words``, ``person_pairs``, ``error_pairs``.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [2.0], [5.0]], [1, 2, 3, 4])
    >>> against_everyone(pairs, ["a", "a", "b", "b"], -1)["fmr_value"].round(3).tolist()
    [0.5, 0.167]
    """
    import pandas as pd

    false, compared, own, order = _by_person(pairs, groups, threshold, names)
    lines = []
    for name in order:
        probe = (own == name)[:, None].astype(np.float64)
        from_both_sides = probe + probe.T
        i = fmr_interval(false * from_both_sides, compared * from_both_sides)
        lines.append(
            {
                "people": int(probe.sum()),
                "fmr": i,
                "fmr_value": i.value,
                "fmr_low": i.low,
                "fmr_high": i.high,
                "fmr_words": i.words,
                "person_pairs": i.person_pairs,
                "error_pairs": i.error_pairs,
            }
        )
    return pd.DataFrame(lines, index=pd.Index(order, name="group"))
