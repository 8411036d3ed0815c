"""A remedy judged: every group's errors before and after, on the same people.

In: two group tables of the same people.  Out: what changed, with intervals by people; of several
remedies one table, all of whose looks are adjusted together.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from labkit.base.words import N_, _
from labkit.experiment.trainings import Estimate, combined, weighted
from labkit.measure.counts import GroupCounts, PersonCounts
from labkit.measure.disparity import LEVEL, GroupTable
from labkit.measure.intervals import (
    Counts,
    Interval,
    Moves,
    cluster_moves,
    paired_difference,
)
from labkit.measure.rate import RATES
from labkit.measure.summaries import holm

if TYPE_CHECKING:
    import pandas as pd

COMPARED = ("fmr", "false_rejection")
"""The rates whose change is judged; failures and people turned away are counted beside them."""

GAP = "gap"
"""Stands before a rate: the change of its gap between the first and the last group."""

LUCK = (2.5, 97.5)
"""Percentiles between which 95 of 100 draws of the null remedy lie."""

BETTER, WORSE = N_("better"), N_("worse")
NARROWER, WIDER, TURNED = N_("narrower"), N_("wider"), N_("turned over")
NOT_SHOWN, TOO_FEW, UNCHANGED = N_("not shown"), N_("too few"), N_("unchanged")
NO_LOOK = N_("by luck")

Luck = Mapping[tuple[str, Hashable], Counts]


@dataclass(frozen=True, eq=False)
class Judged:
    """What a remedy did to every group.

    Parameters
    ----------
    name
        Of the remedy, for tables and figures.
    does
        What it does, in one sentence.
    matcher
        Whose errors these are.
    before, after
        Group tables of the same people.
    fitted
        What was chosen, on whom, in words.
    turned_away
        Group -> images refused by the remedy and images in all, by person; empty where a remedy
        turns nobody away.
    luck
        Of the null remedy: (rate, group) -> the change in each draw of dev.
    redrawn
        The same of a remedy that was fitted anew in each draw, set against no remedy in that draw.
    chosen_anew
        Whether the remedy chooses a threshold anew on dev, so that the null remedy says how far
        luck alone moves it.
    trainings
        Of networks: the tables of each training, before and after.

    Raises
    ------
    ValueError
        When the two tables are not of the same groups and people.

    Examples
    --------
    >>> from labkit.measure.disparity import group_table
    >>> from labkit.measure.scores import all_pairs
    >>> rng, who = np.random.default_rng(0), np.repeat(np.arange(80), 3)
    >>> place = rng.normal(size=(80, 4))[who] + 0.4 * rng.normal(size=(240, 4))
    >>> pairs, band = all_pairs(place, who), np.where(who % 2, "odd", "even")
    >>> strict = Judged("a stricter threshold", "...", "made up",
    ...     group_table(pairs, band, -0.9), group_table(pairs, band, -0.6))
    >>> found = strict.changes
    >>> bool(found.loc[("fmr", "odd"), "change"] < 1 < 100 * found.loc[
    ...     ("false_rejection", "odd"), "change"])
    True
    """

    name: str
    does: str
    matcher: str
    before: GroupTable
    after: GroupTable
    fitted: str = ""
    turned_away: Mapping[Hashable, PersonCounts] = field(default_factory=dict)
    luck: Luck | None = field(default=None, repr=False)
    redrawn: Luck | None = field(default=None, repr=False)
    chosen_anew: bool = True
    trainings: tuple[tuple[GroupTable, ...], tuple[GroupTable, ...]] = field(
        default=((), ()), repr=False
    )

    def __post_init__(self) -> None:
        if self.before.names != self.after.names:
            raise ValueError(
                f"{self.name}: groups {self.before.names} before and {self.after.names} after: give"
                " two tables of the same groups"
            )
        for one, other in zip(self.before.rows, self.after.rows, strict=True):
            if not np.array_equal(one.people, other.people):
                raise ValueError(
                    f"{self.name}: other people in {one.name} after than before: judge a remedy on"
                    " the same people"
                )

    @property
    def changes(self) -> pd.DataFrame:
        """What changed in each group, and in the gap between the last group and the first.

        Returns
        -------
        table
            Index: ``what`` (``"fmr"``, ``"false_rejection"``, ``"gap fmr"``, ``"gap
            false_rejection"``) and ``group``.  Columns: ``before``, ``after``: rates, or gaps (the
            last group's FMR over the first's; the difference of their false rejections);
            ``change``: after / before for FMR, after - before for false rejection; ``low``,
            ``high``, ``p``, ``detectable``, by people; ``words`` where there is no interval.
        """
        import pandas as pd

        lines: dict[tuple[str, Hashable], dict[str, Any]] = {}
        groups = self.before.names
        for rate in COMPARED:
            for name in groups:
                lines[rate, name] = self._change(rate, [name])
        if len(groups) > 1:
            for rate in COMPARED:
                lines[f"{GAP} {rate}", groups[-1]] = self._change(rate, [groups[0], groups[-1]])
        index = pd.MultiIndex.from_tuples(list(lines), names=["what", "group"])
        return pd.DataFrame(list(lines.values()), index=index, columns=CHANGE)

    @property
    def counts(self) -> pd.DataFrame:
        """What was counted after the remedy: one row a group, whole numbers.

        Columns: ``photographs``, ``no face found``, ``turned away``; pairs of one person's
        photographs: ``pairs planned``, ``pairs compared``, ``pairs missed``.
        """
        import pandas as pd

        rows = {
            row.name: {
                "photographs": row.images.sum(),
                "no face found": row.failed.sum(),
                "turned away": sum(c.errors.sum() for c in [self.turned_away.get(row.name)] if c),
                "pairs planned": row.planned.sum(),
                "pairs compared": row.made.sum(),
                "pairs missed": row.missed.sum(),
            }
            for row in self.after.rows
        }
        return pd.DataFrame.from_dict(rows, orient="index").round().astype(int)

    def change(self, what: str, group: Hashable) -> float:
        """One number of :attr:`changes`."""
        column: Any = self.changes["change"]
        return float(column.loc[(what, group)])

    def _change(self, rate: str, groups: Sequence[Hashable]) -> dict[str, Any]:
        if all(self.trainings):
            return _trained(self, rate, groups)
        change = _ratio if RATES[rate].of_pairs else _difference
        before, after = ([t.row(name) for name in groups] for t in (self.before, self.after))
        return change(before, after, rate)

    def afterwards(self, group: Hashable, rate: str) -> Interval:
        """A group's rate after the remedy; of networks, with an interval that counts trainings."""
        if not all(self.trainings) or (found := self.after[group, rate]).words:
            return self.after[group, rate]
        side = {k: _estimate(t, rate, [group]) for k, t in enumerate(self.trainings[1])}
        effect = combined(side)
        if effect.words or not math.isfinite(effect.log):
            return found
        back = math.exp if RATES[rate].of_pairs else float
        ends = (back(effect.log - effect.reach), back(effect.log + effect.reach))
        return Interval(back(effect.log), *ends, people=len(self.after.row(group).people))

    def turned(self, group: Hashable) -> Interval:
        """Share of those who came and were turned away, by people; 0 where nobody is."""
        if group not in self.turned_away:
            return Interval(0.0, words=_("nobody"), reason="none")
        counts = self.turned_away[group]
        return counts.interval(RATES["fta"])


CHANGE = ["before", "after", "change", "low", "high", "p", "detectable", "words"]


def _ratio(
    before: Sequence[GroupCounts], after: Sequence[GroupCounts], rate: str
) -> dict[str, Any]:
    """After over before of a rate, or of its ratio of two groups (the second over the first)."""
    signs = (1.0,) if len(before) == 1 else (-1.0, 1.0)
    values = [_product(rows, signs, rate) for rows in (before, after)]
    line: dict[str, Any] = {"before": values[0], "after": values[1], "words": ""}
    line["change"] = values[1] / values[0] if values[0] else math.nan
    thin = [words for row in (*before, *after) if (words := row.too_few(rate))]
    if thin:
        return {**line, "words": thin[0]}
    parts = [
        (side * sign, row.moves(rate))
        for side, rows in ((-1.0, before), (1.0, after))
        for row, sign in zip(rows, signs, strict=True)
    ]
    moves = Moves.total(parts)
    if not moves.error:
        return {**line, "words": _(UNCHANGED)}
    return {
        **line,
        "low": line["change"] * math.exp(-moves.reach),
        "high": line["change"] * math.exp(moves.reach),
        "p": moves.p_value(math.log(line["change"])),
        "detectable": math.exp(moves.detectable),
    }


def _product(rows: Sequence[GroupCounts], signs: Sequence[float], rate: str) -> float:
    shares = [_share_of(row, rate) for row in rows]
    if not all(shares):  # nothing is divided by a rate of 0, and a ratio of 0 has no logarithm
        return 0.0 if len(shares) == 1 else math.nan
    return math.prod(share**sign for share, sign in zip(shares, signs, strict=True))


def _difference(
    before: Sequence[GroupCounts], after: Sequence[GroupCounts], rate: str
) -> dict[str, Any]:
    """After minus before of a rate, or of its difference of two groups (the second - the first)."""
    signs = (1.0,) if len(before) == 1 else (-1.0, 1.0)
    values = [
        sum(sign * _share_of(row, rate) for row, sign in zip(rows, signs, strict=True))
        for rows in (before, after)
    ]
    line: dict[str, Any] = {"before": values[0], "after": values[1], "words": ""}
    line["change"] = values[1] - values[0]
    parts: list[tuple[float, Moves]] = []
    thin = [words for row in (*before, *after) if len(before) > 1 and (words := row.too_few(rate))]
    for sign, one, other in zip(signs, before, after, strict=True):
        if _same(one, other, rate):
            continue
        found = paired_difference(other.terms(rate), one.terms(rate))
        if found.words:
            thin.append(f"{one.name}: {found.words}")
            continue
        for side, row in ((-sign, one), (sign, other)):
            parts.append((side, Moves(row.people, cluster_moves(*row.terms(rate)))))
    if thin:
        return {**line, "words": thin[0]}
    moves = Moves.total(parts)
    if not moves.error:
        return {**line, "words": _(UNCHANGED)}
    return {
        **line,
        "low": line["change"] - moves.reach,
        "high": line["change"] + moves.reach,
        "p": moves.p_value(line["change"]),
        "detectable": moves.detectable,
    }


def _share_of(row: GroupCounts, rate: str) -> float:
    errors, trials = (float(x.sum()) for x in row.terms(rate))
    return errors / trials if trials else math.nan


def _same(one: GroupCounts, other: GroupCounts, rate: str) -> bool:
    pairs = zip(one.terms(rate), other.terms(rate), strict=True)
    return all(np.array_equal(x, y) for x, y in pairs)


# ---- several remedies ---------------------------------------------------------------------------


def looks(results: Sequence[Judged], *, more: int = 0) -> pd.DataFrame:
    """All changes of a page, adjusted together, each beside what luck alone would do.

    Whoever tries ten remedies on three groups finds something by luck.  P-values of all changes
    are adjusted together (Holm); those of the null remedy are no looks.  And a change is claimed
    only where it also lies outside what the null remedy of the same matcher gives in 95 of 100
    draws, where there is one: people who are judged tell nothing of the luck of those that the
    threshold was chosen on.  A remedy that was fitted anew in each draw has to have changed the
    same way in 95 of 100; of networks, the interval that counts trainings has to show the change.

    Parameters
    ----------
    results
        What the remedies gave.
    more
        Looks of the page at other remedies, that are not in the list; they count.

    Returns
    -------
    table
        Index: ``remedy`` (with its matcher), ``what``, ``group``.  Columns: those of
        :attr:`Judged.changes`; ``luck_low``, ``luck_high`` (NaN without a null remedy); ``looks``;
        ``p_looks``; ``claimed``; ``why`` a change that its own interval shows is not claimed;
        ``verdict``: "better", "worse" (of a gap "narrower", "wider",
        "turned over"), "not shown", "too few", "unchanged", or "by luck" for the null remedy.

    Raises
    ------
    ValueError
        Without a result, when two have one name and matcher, or for fewer than no looks more.
    """
    import pandas as pd

    if not results:
        raise ValueError("there is no remedy: give a list of what the remedies gave")
    if more < 0:
        raise ValueError(f"{more} looks more: give how many looks the page has besides, from 0 on")
    keys = [key(r) for r in results]
    twice = [k for k in keys if keys.count(k) > 1]
    if twice:
        raise ValueError(f"{twice[0]!r} stands twice in the list: give each remedy once")
    parts = {k: r.changes for k, r in zip(keys, results, strict=True)}
    out = pd.concat(parts, names=["remedy", "what", "group"])
    null = {r.matcher: r.luck for r in results if r.luck is not None}
    of = dict(zip(keys, results, strict=True))
    ends = np.full((len(out), 2), math.nan)
    tried = np.array([of[k[0]].luck is None for k in out.index])
    why = np.full(len(out), "", object)
    lines = out.to_dict("records")
    for n, (name, what, group) in enumerate(out.index):
        result = of[name]
        draws = (null.get(result.matcher) or {}).get((what, group))
        if draws is not None and result.chosen_anew:
            ends[n] = luck_of(draws)
        why[n] = _disagree(result, what, group, cast(dict[str, Any], lines[n]))
    out["luck_low"], out["luck_high"] = ends.T
    p = np.where(tried, out["p"].to_numpy(float), math.nan)
    out["looks"] = int((~np.isnan(p)).sum()) + more
    out["p_looks"] = holm([*p, *[1.0] * more])[: len(p)]
    beyond = ~((out["change"] >= ends[:, 0]) & (out["change"] <= ends[:, 1])).to_numpy()
    seen = out["p"].to_numpy() < LEVEL
    why = np.where(beyond, np.where(seen, why, ""), _("drawing dev again does as much"))
    alone = seen & (why == "")
    adjusted = alone & (out["p_looks"].to_numpy() >= LEVEL)
    out["claimed"] = alone & ~adjusted
    many = _("not after adjusting for {looks} looks").format(looks=out["looks"].max())
    out["why"] = np.where(adjusted, many, why)
    out["verdict"] = [
        _verdict(str(what), cast(dict[str, Any], row), bool(own))
        for (_name, what, _group), row, own in zip(
            out.index, out.to_dict("records"), tried, strict=True
        )
    ]
    return out


def key(result: Judged) -> str:
    """What names a remedy in a table: its name and its matcher."""
    return f"{result.name} ({result.matcher})"


def luck_of(draws: Counts) -> tuple[float, float]:
    """Ends between which 95 of 100 draws lie; NaN where there is nothing to count.

    Examples
    --------
    >>> luck_of(np.array([1.0, 2.0, np.nan])), luck_of(np.array([np.nan]))
    ((1.025, 1.975), (nan, nan))
    """
    known = draws[~np.isnan(draws)]
    if not known.size:
        return math.nan, math.nan
    low, high = np.percentile(known, LUCK)
    return float(low), float(high)


def _disagree(result: Judged, what: str, group: Hashable, row: Mapping[str, Any]) -> str:
    """Words where not 95 of 100 draws of dev change the same way, or trainings differ as much."""
    neutral = 1.0 if what.endswith("fmr") else 0.0
    if result.redrawn is not None:
        low, high = luck_of(result.redrawn[what, group])
        if low <= neutral <= high:
            return _("chosen on other people of dev, it may not change so")
    if any(result.trainings) and row["low"] <= neutral <= row["high"]:
        return _("trainings of one mix differ by as much")
    return ""


def _trained(result: Judged, rate: str, groups: Sequence[Hashable]) -> dict[str, Any]:
    """The same change of networks: the mean over trainings, with an interval that counts them.

    The mean is taken on the scale of the change, of logarithms for FMR, as in
    :mod:`labkit.experiment.mixes`.  ``p`` is by people, for it is adjusted with the other looks;
    the ends count people and trainings (:func:`labkit.experiment.trainings.combined`).  Trainings
    are paired, for training k of every mix has its people from one pool; where one mix was trained
    more often than the other, all is by people.
    """
    pairs = RATES[rate].of_pairs
    change = _ratio if pairs else _difference
    added = [[t.row(g) for g in groups] for t in (result.before, result.after)]
    line = change(added[0], added[1], rate)
    sides = [[_estimate(table, rate, groups) for table in side] for side in result.trainings]
    before, after = (weighted([(1 / len(side), e) for e in side]) for side in sides)
    back = math.exp if pairs else float
    ends = {"before": back(before.value), "after": back(after.value)}
    line |= ends | {"change": back(after.value - before.value)}
    if line["words"] or not math.isfinite(line["change"]):
        return {**line, "words": line["words"] or _("too few errors in one training")}
    paired = len(sides[0]) == len(sides[1])
    effect = combined(
        {k: new - old for k, (old, new) in enumerate(zip(*sides, strict=True))}
        if paired
        else {0: after - before}
    )
    if effect.words:
        return {**line, "low": math.nan, "high": math.nan, "p": math.nan, "words": effect.words}
    return {
        **line,
        "low": back(effect.log - effect.reach),
        "high": back(effect.log + effect.reach),
        "p": (after - before).moves.p_value(effect.log),
        "detectable": effect.detectable if pairs else math.log(effect.detectable),
    }


def _estimate(table: GroupTable, rate: str, groups: Sequence[Hashable]) -> Estimate:
    """A rate of one training, or its gap of two groups, on the scale on which changes add up."""
    each = []
    for name in groups:
        row, share = table.row(name), _share_of(table.row(name), rate)
        if RATES[rate].of_pairs:
            each.append(Estimate(math.log(share) if share else math.nan, row.moves(rate)))
        else:
            each.append(Estimate(share, Moves(row.people, cluster_moves(*row.terms(rate)))))
    return each[0] if len(each) == 1 else each[1] - each[0]


def _verdict(what: str, row: Mapping[str, Any], tried: bool) -> str:
    if row["words"] == _(UNCHANGED):
        return UNCHANGED
    if not math.isfinite(row["low"]):
        return TOO_FEW
    if not tried:
        return NO_LOOK
    if not row["claimed"]:
        return NOT_SHOWN
    if not what.startswith(GAP):
        less = row["change"] < (1 if what == "fmr" else 0)
        return BETTER if less else WORSE
    before, after = (
        (math.log(row[end]) if what.endswith("fmr") else row[end]) for end in ("before", "after")
    )
    if abs(after) >= abs(before):
        return WIDER
    return TURNED if before * after < 0 and abs(after) > abs(before) / 2 else NARROWER


def table(results: Sequence[Judged], found: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every group's errors before and after each remedy, for reading.

    Parameters
    ----------
    results
        What the remedies gave.
    found
        Their :func:`looks`; those of these results alone, when ``None``.

    Returns
    -------
    table
        Index: remedy (with its matcher) and group.  Columns: FMR and false rejection, each before
        -> after, and what may be said of the change; photographs without a face; photographs turned
        away.
    """
    import pandas as pd

    found = looks(results) if found is None else found
    rows_of: dict[Any, Any] = dict(zip(found.index, found.to_dict("records"), strict=True))
    rows: dict[tuple[str, Hashable], dict[str, str]] = {}
    for result in results:
        for group in result.before.names:
            line: dict[str, str] = {}
            for rate in COMPARED:
                row = rows_of[key(result), rate, group]
                name = _(RATES[rate].short)
                line[name] = f"{_share(row['before'], rate)} → {_share(row['after'], rate)}"
                line[_("{rate} is").format(rate=name)] = _(str(row["verdict"]))
            fta = [_share(t[group, "fta"].value, "fta") for t in (result.before, result.after)]
            line[_("no face found")] = " → ".join(dict.fromkeys(fta))
            line[_("turned away")] = _share(result.turned(group).value, "fta")
            rows[key(result), group] = line
    index = pd.MultiIndex.from_tuples(list(rows), names=[_("remedy"), _("group")])
    return pd.DataFrame(list(rows.values()), index=index)


def _share(value: float, rate: str) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:.4f}" if RATES[rate].of_pairs else f"{value:.1%}"
