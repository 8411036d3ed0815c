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
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.measure.counts import GroupCounts
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE_WITH_ERRORS,
    Counts,
    Interval,
    Moves,
    fmr_interval,
    limit,
    pair_totals,
    vertex_weights,
)
from labkit.measure.labels import labels
from labkit.measure.rate import RATES
from labkit.measure.rate import rate as rate_of
from labkit.measure.summaries import (
    check_weight,
    fdr,
    garbe,
    holm,
    inequity_rate,
    max_geomean,
    max_min,
)

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs

Whole = NDArray[np.int64]

BOTH_PAIRS = "pairs of people with a false match"
"""A column of the table for reading: pairs behind the false matches, of those compared."""

ALL_OTHERS = "all others"
"""As a reference: each group against all the other groups together."""

FAMILY = ("false_rejection", "fmr")
"""The rates in which groups are compared where nothing else is said."""

LEVEL = 0.05
"""How often, at most, groups that do not differ may be said to differ in one analysis."""

REPLICATES = 2000

DIGITS = {"GARBE": 3, "FDR": 4}

# What a learner reads in the tables.
EQUAL_GROUPS = (
    "with equal groups of this size {median:.{d}f}, up to {high:.{d}f};"
    " {share} of such draws are at least as far from equal"
)
ONE_GROUP = "undefined: fewer than two groups have enough for a rate"
AT_LEAST = "at least {value:.1f}: in {group} the rate is at most {bound}"
LEFT_OUT = "left out: {groups}"
FDR_BLIND = "FDR is blind to ratios: {what}s are {ratio:.1f}-fold apart, a difference of {gap:.4f}"
NOT_COMPARED = "too few for a ratio: {why}"
NO_OTHER = "there is no other group with people enough"
DETECTABLE = "a true ratio of {ratio:.1f} would be found four times in five"


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
        Group of each image, shape (n,), as :func:`labkit.measure.labels.labels` reads them: images
        without one take no part and are counted in ``missing``.  A person whose images lie in
        several groups (cameras, say) counts in each with those images.
    threshold
        A match is ``s >= threshold``.
    names
        The groups in the order wanted, also such as have nobody; ascending (or the order of a
        pandas categorical) when ``None``.

    Raises
    ------
    ValueError
        With one sentence, when labels are too few, all missing, or not among ``names``.

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
    found = labels(groups, len(pairs), names)
    rows = []
    for name in found.names:
        part = pairs.select(found.of(name))
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
    return GroupTable(tuple(rows), float(threshold), found.missing)


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
    missing
        Images that have no group; they are in no row.
    """

    rows: tuple[GroupCounts, ...]
    threshold: float
    missing: int = 0

    @property
    def names(self) -> list[Hashable]:
        """The groups, in the order of the table."""
        return [r.name for r in self.rows]

    def __getitem__(self, key: tuple[Hashable, str]) -> Interval:
        name, rate = key
        return self.row(name).interval(rate)

    def row(self, name: Hashable) -> GroupCounts:
        """What was counted in one group.

        Raises
        ------
        ValueError
            With the groups there are, when there is none of that name.
        """
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

    # -- who takes part --------------------------------------------------------------------------

    def measured(self, rate: str) -> list[GroupCounts]:
        """Groups whose rate has an interval: what is compared and summed up."""
        return [r for r in self.rows if not self[r.name, rate].words]

    def left_out(self, rate: str) -> dict[Hashable, str]:
        """Groups that take no part in the spread of a rate, each with the reason in words."""
        return {r.name: words for r in self.rows if (words := self[r.name, rate].words)}

    def _bounded(self, rate: str) -> list[GroupCounts]:
        """Groups with people enough and too few errors for a rate, which is at most its bound."""
        return [
            r for r in self.rows if self[r.name, rate].words and self._at_most(r, rate) < math.inf
        ]

    @staticmethod
    def _at_most(row: GroupCounts, rate: str) -> float:
        return row.bound(rate) if row.enough_people(rate) else math.inf

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

        They describe and claim nothing: what may be called a difference, :meth:`family` says.  Only
        groups with enough for a rate take part; the others are named in the words, and hide
        nothing: where one of them has so few errors that its rate must be lower than any other,
        max/min is a lower limit, "at least".

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
            lower limit where ``at_least``; NaN when undefined), ``at_least``, ``null_median``,
            ``null_95`` (for FDR the 5th percentile: there lower is less equal),
            ``share_of_null_at_least`` as far from equal as seen, ``words``.

        Raises
        ------
        ValueError
            If there is no such rate or alpha is no weight.
        """
        import pandas as pd

        own = rate_of(rate, [r.name for r in RATES.values() if r.partner])
        check_weight(alpha)
        match, miss = (rate, own.partner) if own.of_pairs else (own.partner, rate)
        both = f"{RATES[match].short} and {RATES[miss].short}, alpha {alpha:g}"
        joint = [r for r, w in ((match, alpha), (miss, 1 - alpha)) if w]

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
        lines = [self._summary(*of, replicates, seed) for of in wanted]
        return pd.DataFrame(lines).set_index("summary")

    def _equal(
        self, rate: str, names: Iterable[Hashable], replicates: int, seed: int
    ) -> NDArray[np.float64]:
        """Replicates recentred: every group has the mean rate, and its own spread."""
        seen = np.array([self[name, rate].value for name in names])
        totals = self._totals(rate, replicates, seed)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.stack([totals[name][0] / totals[name][1] for name in names], 1)
        return drawn / seen * seen.mean()

    def _summary(
        self,
        name: str,
        of: str,
        on: list[str],
        summary: Callable[..., Any],
        replicates: int,
        seed: int,
    ) -> dict[str, Any]:
        line: dict[str, Any] = {
            "summary": name,
            "of": of,
            "value": math.nan,
            "at_least": False,
            "null_median": math.nan,
            "null_95": math.nan,
            "share_of_null_at_least": math.nan,
            "words": "",
        }
        out: dict[Hashable, str] = {}
        for rate in on:
            out = self.left_out(rate) | out
        names = [n for n in self.names if n not in out]
        words = []
        if len(names) > 1:
            seen = [np.array([self[n, rate].value for n in names]) for rate in on]
            line["value"] = value = float(summary(*seen))
            draws = (self._equal(rate, names, replicates, seed) for rate in on)
            line.update(_null(name, value, np.asarray(summary(*draws))))
            share = line["share_of_null_at_least"]
            words.append(
                EQUAL_GROUPS.format(
                    median=line["null_median"],
                    high=line["null_95"],
                    d=DIGITS.get(name, 1),
                    share=f"{share:.0%}" if share >= 0.01 else "fewer than 1%",
                )
            )
            if name == "FDR":
                words.append(_blind(on[0], seen[0]))
        else:
            words.append(ONE_GROUP)
        if name == "max/min":
            self._raise_to_bound(line, on[0], words)
        if out:
            groups = "; ".join(f"{group} ({why})" for group, why in out.items())
            words.append(LEFT_OUT.format(groups=groups))
        line["words"] = "; ".join(w for w in words if w)
        return line

    def _raise_to_bound(self, line: dict[str, Any], rate: str, words: list[str]) -> None:
        """Where a group with few errors must have a lower rate than any other, max/min is larger.

        The highest rate over the most that such a group's rate may be, if that is more than was
        seen among the measured groups.
        """
        low = min(self._bounded(rate), key=lambda r: self._at_most(r, rate), default=None)
        if low is None or not self.measured(rate):
            return
        bound = self._at_most(low, rate)
        value = max(self[r.name, rate].value for r in self.measured(rate)) / bound
        if value > (line["value"] if math.isfinite(line["value"]) else 1.0):
            line.update(value=value, at_least=True)
            words[:] = [w for w in words if w != ONE_GROUP]
            words.insert(0, AT_LEAST.format(value=value, group=low.name, bound=limit(bound)))

    # -- contrasts -------------------------------------------------------------------------------

    def contrasts(
        self,
        reference: Hashable,
        rate: str = "fmr",
        *,
        primary: Hashable | None = None,
    ) -> pd.DataFrame:
        """Each group's rate over that of a reference, chosen before anyone looked.

        The logarithm of the ratio, moved by the people of both sides: a person in both moves both.
        Its interval takes Student's t (:class:`labkit.measure.intervals.Moves`).

        Parameters
        ----------
        reference
            A group, or :data:`ALL_OTHERS`: each group against the others that have people enough,
            together (their errors over their comparisons).  Of two such groups only the second is
            set against the first: the other way round it is the same question.
        rate
            One of :data:`RATES`.
        primary
            The group of the one question asked in the protocol; the others are marked exploratory.

        Returns
        -------
        table
            Index: group.  Columns: ``ratio``, ``low``, ``high``, ``p``, ``p_holm`` (adjusted for
            all rows), ``detectable`` (see :meth:`detectable`), ``words``; ``question`` when
            ``primary`` is given.

        Raises
        ------
        ValueError
            If there is no such group or rate.
        """
        import pandas as pd

        rate_of(rate)
        if primary is not None:
            self.row(primary)
        found = {c.group: c for c in self._compared(reference, rate)}
        lines = [c.line() for c in found.values()]
        table = pd.DataFrame(lines, index=pd.Index(list(found), name="group"), columns=CONTRAST)
        table["p_holm"] = holm(table["p"].to_numpy(float))
        if primary is not None:
            table["question"] = ["primary" if n == primary else "exploratory" for n in found]
        return table

    def family(
        self, reference: Hashable = ALL_OTHERS, rates: Sequence[str] = FAMILY
    ) -> pd.DataFrame:
        """All contrasts of an analysis together: what may be said to differ, and what not.

        Groups that do not differ are said to differ in at most 5% of analyses, over all groups and
        rates: p-values are adjusted together (Holm), and no group's people are taken to differ less
        among each other than people do in all groups together (where groups do not differ, a group
        in which nobody happens to be easily confused looks both lower and more certain).
        ``benchmarks/coverage.py`` measures how often that holds, and what it costs in power.

        Parameters
        ----------
        reference
            As for :meth:`contrasts`.
        rates
            Names of :data:`RATES`.

        Returns
        -------
        table
            Index: ``rate``, ``group``.  Columns: those of :meth:`contrasts`, with ``p_family`` in
            place of ``p_holm``; ``p_pooled``, what is adjusted; and ``claimed``: whether
            ``p_family`` is below :data:`LEVEL`.
        """
        import pandas as pd

        found = [(rate, c) for rate in rates for c in self._compared(reference, rate)]
        index = pd.MultiIndex.from_tuples(
            [(rate, c.group) for rate, c in found], names=["rate", "group"]
        )
        table = pd.DataFrame([c.line() for _, c in found], index=index, columns=CONTRAST)
        spreads = {rate: _Spread.of([r.moves(rate) for r in self.measured(rate)]) for rate in rates}
        pooled = [
            math.nan if c.why else spreads[rate].p_value(math.log(c.ratio), c.parts)
            for rate, c in found
        ]
        table = table.rename(columns={"p_holm": "p_family"})
        table["p_pooled"], table["p_family"] = pooled, holm(pooled)
        table["claimed"] = table["p_family"].to_numpy() < LEVEL
        return table

    def _compared(self, reference: Hashable, rate: str) -> list[_Contrast]:
        """Each group with what it is set against."""
        if reference != ALL_OTHERS:
            row = self.row(reference)
            return [_Contrast.of(r, [row], rate) for r in self.rows if r is not row]
        enough = [r for r in self.rows if r.enough_people(rate)]
        once = enough[:1] if len(enough) == 2 else []
        return [
            _Contrast.of(r, [o for o in enough if o is not r], rate)
            for r in self.rows
            if r not in once
        ]

    def detectable(self, a: Hashable, b: Hashable, rate: str = "fmr") -> float:
        """The true ratio of two groups' rates that data like these find four times in five.

        Returns
        -------
        ratio
            Above 1; NaN when a group has too few errors.
        """
        found = _Contrast.of(self.row(a), [self.row(b)], rate_of(rate).name)
        return float(found.line().get("detectable", math.nan))


CONTRAST = ["ratio", "low", "high", "p", "p_holm", "detectable", "words"]


@dataclass(frozen=True, eq=False)
class _Contrast:
    """One rate over another: the ratio, and the people on both sides who move its logarithm.

    ``parts`` are the groups with their signs and weights; ``why`` says why there is no interval.
    """

    group: Hashable
    ratio: float
    parts: tuple[tuple[float, Moves], ...]
    why: str

    @classmethod
    def of(cls, row: GroupCounts, others: Sequence[GroupCounts], rate: str) -> _Contrast:
        top, top_of = _totals(row, rate)
        totals = [_totals(o, rate) for o in others]
        bottom, bottom_of = (sum(t[i] for t in totals) for i in (0, 1))
        ratio = _divided(top, top_of, bottom, bottom_of)
        thin = [o.too_few(rate) for o in others]
        why = row.too_few(rate) or (NO_OTHER if not thin else thin[0] if all(thin) else "")
        if why:
            return cls(row.name, ratio, (), why)
        parts = [(1.0, row.moves(rate))]
        for other, (errors, _) in zip(others, totals, strict=True):
            parts.append((-errors / bottom, other.moves(rate)))
        return cls(row.name, ratio, tuple(parts), "")

    def line(self) -> dict[str, Any]:
        """A row of the table."""
        if self.why:
            return {"ratio": self.ratio, "words": NOT_COMPARED.format(why=self.why)}
        return contrast_line(self.ratio, Moves.total(self.parts))


def _totals(row: GroupCounts, rate: str) -> tuple[float, float]:
    errors, trials = row.terms(rate)
    return float(errors.sum()), float(trials.sum())


def _divided(top: float, top_of: float, bottom: float, bottom_of: float) -> float:
    """One rate over another; infinite over a rate of 0, NaN where there is nothing to divide."""
    if not top_of or not bottom_of or not (top or bottom):
        return math.nan
    return (top / top_of) / (bottom / bottom_of) if bottom else math.inf


def contrast_line(ratio: float, moves: Moves) -> dict[str, Any]:
    """A row of a table of contrasts, from a ratio and the people who move its logarithm."""
    if not moves.error:
        words = NOT_COMPARED.format(why="every person has the same share of errors")
        return {"ratio": ratio, "words": words}
    found = math.exp(moves.detectable)
    return {
        "ratio": ratio,
        "low": ratio * math.exp(-moves.reach),
        "high": ratio * math.exp(moves.reach),
        "p": moves.p_value(math.log(ratio)),
        "detectable": found,
        "words": DETECTABLE.format(ratio=found),
    }


@dataclass(frozen=True)
class _Spread:
    """How much people of all groups together differ in what they do to a rate.

    ``of_one`` is the variance of one person's part, averaged over the people of all groups;
    ``weight`` how many people that average rests on.
    """

    of_one: float
    weight: float

    @classmethod
    def of(cls, groups: Sequence[Moves]) -> _Spread:
        people = sum(len(m.moves) for m in groups)
        parts = [m.moves * math.sqrt(len(m.moves)) for m in groups]
        own = np.concatenate([np.zeros(0), *parts])
        of_one = sum(len(m.moves) ** 2 * m.error**2 for m in groups) / people if people else 0.0
        return cls(of_one, Moves(np.arange(len(own)), own).weight)

    def p_value(self, value: float, parts: Iterable[tuple[float, Moves]]) -> float:
        """Of a weighted sum being 0, no group's people taken to differ less than all groups'."""
        raised = ((weight * self._raised(moves), moves) for weight, moves in parts)
        return Moves.total(raised).p_value(value, self.weight)

    def _raised(self, moves: Moves) -> float:
        """How many times as much the people of a group are taken to differ; at least once."""
        own = len(moves.moves) * moves.error**2
        return math.sqrt(max(self.of_one / own, 1.0)) if own else 1.0


def within_strata(
    tables: Mapping[Hashable, GroupTable], reference: Hashable = ALL_OTHERS, rate: str = "fmr"
) -> pd.DataFrame:
    """Contrasts of groups within strata, such as cameras or sites: like with like.

    A camera that is used more for one group than for another makes a crude ratio differ from 1
    where no group differs.  Here errors and trials are set against each other stratum by stratum
    and added up with the weights of Mantel and Haenszel (1959, J. Natl. Cancer Inst. 22):
    ``sum(E_1 T_2 / T) / sum(E_2 T_1 / T)``, errors E and trials T of the two sides.  Whoever is in
    several strata moves all of them.

    Parameters
    ----------
    tables
        Stratum -> group table of the comparisons with both images in that stratum.
    reference, rate
        As for :meth:`GroupTable.contrasts`.

    Returns
    -------
    table
        Index: group.  Columns as :meth:`GroupTable.contrasts` gives them.

    Raises
    ------
    ValueError
        If there is no such rate, or no table has such a reference.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [2.0], [5.0]], [1, 2, 3, 4])
    >>> day = group_table(pairs, ["a", "a", "b", "b"], -1)
    >>> within_strata({"day": day}, "a").loc["b", "words"]
    'too few for a ratio: b: 2 people in strata with both sides; it takes 60'
    """
    import pandas as pd

    rate_of(rate)
    names = list(dict.fromkeys(name for table in tables.values() for name in table.names))
    if reference not in (ALL_OTHERS, *names):
        raise ValueError(f"there is no group {reference!r}: use one of {names}")
    compared = [n for n in names if n != reference]
    if reference == ALL_OTHERS and len(names) == 2:
        compared = compared[1:]
    lines = []
    for name in compared:
        others = [n for n in names if n != name] if reference == ALL_OTHERS else [reference]
        lines.append(_stratified(tables.values(), name, others, rate))
    table = pd.DataFrame(lines, index=pd.Index(compared, name="group"), columns=CONTRAST)
    table["p_holm"] = holm(table["p"].to_numpy(float))
    return table


def _stratified(
    tables: Iterable[GroupTable], name: Hashable, others: Sequence[Hashable], rate: str
) -> dict[str, Any]:
    """A row: the group over the others, stratum by stratum."""
    sides: list[list[tuple[float, Moves]]] = [[], []]
    rows: list[list[GroupCounts]] = [[], []]
    for table in tables:
        own = [r for r in table.rows if r.name == name]
        their = [r for r in table.rows if r.name in others]
        trials = [sum(_totals(r, rate)[1] for r in side) for side in (own, their)]
        if not all(trials):
            continue
        for side, members, weight in ((0, own, trials[1]), (1, their, trials[0])):
            rows[side] += members
            for r in members:
                errors = _totals(r, rate)[0] * weight / sum(trials)
                sides[side].append((errors, r.moves(rate)))
    top, bottom = (sum(errors for errors, _ in side) for side in sides)
    ratio = top / bottom if bottom else math.inf if top else math.nan
    why = next((w for side in rows if (w := _thin(side, rate))), "")
    if why:
        return {"ratio": ratio, "words": NOT_COMPARED.format(why=why)}
    shares = ((top, sides[0]), (-bottom, sides[1]))
    parts = [(errors / whole, moves) for whole, side in shares for errors, moves in side]
    return contrast_line(ratio, Moves.total(parts))


def _thin(rows: Sequence[GroupCounts], rate: str) -> str:
    """Why one side has too little in all strata together, or nothing."""
    if not rows:
        return "no stratum has both sides"
    floor = rows[0].of(rate).floor
    people, units = set(), 0
    for r in rows:
        people.update(r.people.tolist())
        units += r.of(rate).units_with_error
    who = ", ".join(dict.fromkeys(str(r.name) for r in rows))
    if len(people) < floor:
        return f"{who}: {len(people)} people in strata with both sides; it takes {floor}"
    needed = ENOUGH_FALSE_MATCH_PAIRS if RATES[rate].of_pairs else ENOUGH_PEOPLE_WITH_ERRORS
    if units < needed:
        return f"{who}: {RATES[rate].errors} in {units} places only"
    return ""


def _blind(rate: str, rates: NDArray[np.float64]) -> str:
    """What FDR does not see, where it is of false matches; else nothing."""
    if not RATES[rate].of_pairs:
        return ""
    gap, ratio = rates.max() - rates.min(), rates.max() / rates.min()
    return FDR_BLIND.format(what=RATES[rate].short, gap=gap, ratio=ratio)


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
    found = labels(groups, len(pairs), names)
    pairs = pairs.select(found.known)
    place = found.place[found.known]
    false, compared, people = pairs.pair_counts(threshold)
    own = np.array(found.names, object)[group_of_person(people, pairs.people, place)]
    return np.asarray(false, np.float64), np.asarray(compared, np.float64), own, found.names


def group_of_person(people: Whole, of_images: Whole, place: Whole) -> Whole:
    """The one group of each person.

    Parameters
    ----------
    people
        Numbers of the people, ascending, shape (k,).
    of_images, place
        Number of the person and place of the group of each image, shape (n,); -1 for no group.

    Returns
    -------
    place
        Shape (k,).

    Raises
    ------
    ValueError
        For a person whose images lie in several groups.
    """
    at = np.searchsorted(people, of_images)
    own = np.full(len(people), -1)
    own[at] = place
    mixed = np.flatnonzero(own[at] != place)
    if mixed.size:
        raise ValueError(
            f"person {of_images[mixed[0]]} has images in several groups: who is confused with whom"
            " needs one group for each person"
        )
    return own


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
        When all labels are missing, a person has several, or ``show`` is unknown.

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
