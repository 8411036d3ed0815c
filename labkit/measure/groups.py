"""Groups cut other ways: by whether styling stayed as it was, and by the groups of both people.

In: everybody compared with everybody, the group of each image and a threshold.  Out: a group table
for each kind of mated pair, counts for each two groups, the contrasts that belong to such cuts, and
all contrasts of an analysis adjusted together.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.base.words import _
from labkit.measure.disparity import (
    LEVEL,
    GroupTable,
    confusion,
    contrast_line,
    group_of_person,
    group_table,
)
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    Counts,
    Interval,
    Moves,
    weighted_difference,
)
from labkit.measure.labels import labels
from labkit.measure.scores import STYLES
from labkit.measure.summaries import holm

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.scores import AllPairs


def by_style(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> dict[str, GroupTable]:
    """The group table of all mated pairs, of same-style pairs and of restyled ones.

    Restyling changes more in some groups than in others, so a gap that stands in restyled pairs
    alone may come from how people were styled.  FMR is the same in all three tables: every impostor
    comparison counts in each.

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`labkit.measure.disparity.group_table`; ``pairs`` must know who kept their
        style.

    Returns
    -------
    tables
        By kind of mated pair, in the order of :data:`labkit.measure.scores.STYLES`.

    Raises
    ------
    ValueError
        When the pairs do not know who kept their style, or labels do not fit.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [3.0]], [1, 1, 1], kept=[True, True, False])
    >>> tables = by_style(pairs, ["a"] * 3, threshold=-1.5)
    >>> {which: table["a", "fnmr"].errors for which, table in tables.items()}
    {'all': 2, 'same style': 0, 'restyled': 2}
    """
    return {
        which: group_table(pairs.mated_only(which), groups, threshold, names=names)
        for which in STYLES
    }


def confusion_counts(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Impostor comparisons and false matches for each two groups, one row each.

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`labkit.measure.disparity.confusion`.

    Returns
    -------
    table
        Index: the groups of ``one person`` and ``the other``, each two groups once.  Columns:
        ``comparisons`` and ``false matches``, whole numbers.

    Raises
    ------
    ValueError
        When labels are missing, or a person has several.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs([[0.0], [1.0], [2.0], [5.0]], [1, 2, 3, 4])
    >>> confusion_counts(pairs, ["a", "a", "b", "b"], -1)["comparisons"].to_dict()
    {('a', 'a'): 1, ('a', 'b'): 4, ('b', 'b'): 1}
    """
    import pandas as pd

    compared, false = (
        confusion(pairs, groups, threshold, names=names, show=show)
        for show in ("compared", "false_matches")
    )
    order, (first, second) = compared.index, np.triu_indices(len(compared))
    counts = {
        name: table.to_numpy(np.int64)[first, second]
        for name, table in (("comparisons", compared), ("false matches", false))
    }
    each = pd.MultiIndex.from_arrays(
        [order[first], order[second]], names=["one person", "the other"]
    )
    return pd.DataFrame(counts, each)


# ---- contrasts of such cuts ---------------------------------------------------------------------


def style_difference(
    tables: Mapping[str, GroupTable], group: Hashable, reference: Hashable
) -> Interval:
    """How much more restyling adds to the rejections of one group than to those of another.

    A difference in differences of false rejection: restyled minus same-style pairs of ``group``,
    minus the same of ``reference``.  Each person stands in both kinds of pairs, so what makes them
    hard under both cancels; the two groups are different people, whose variances add up.

    Parameters
    ----------
    tables
        What :func:`by_style` gives.
    group, reference
        Two of its groups.

    Returns
    -------
    interval
        A difference of rates (0.1 is 10 of 100), by people; words where too few of them have an
        error.  :func:`labkit.measure.intervals.missed_difference` says what it could have missed.

    Raises
    ------
    ValueError
        If there is no such group.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng, who = np.random.default_rng(0), np.repeat(np.arange(80), 3)
    >>> moved = np.tile([0, 0, 1], 80) * np.where(who < 40, 2, 1)  # restyling moves some twice
    >>> place = 10 * who + moved + rng.normal(size=240) / 2
    >>> pairs = all_pairs(place[:, None], who, kept=[True, True, False] * 80)
    >>> found = style_difference(by_style(pairs, who < 40, -1.5), True, False)
    >>> bool(found.low > 0)
    True
    """
    kinds = (("restyled", 1.0), ("same style", -1.0))
    rows = [
        (sign * weight, tables[which].row(name))
        for which, weight in kinds
        for name, sign in ((group, 1.0), (reference, -1.0))
    ]
    for _weight, row in rows:
        people = int((row.terms("false_rejection")[1] > 0).sum())
        if people < ENOUGH_PEOPLE:
            words = _("{people} people in {group}: too few for a difference")
            return Interval(math.nan, words=words.format(people=people, group=row.name))
    everyone = np.unique(np.concatenate([row.people for _weight, row in rows]))

    def among_all(counts: Counts, people: NDArray[np.int64]) -> Counts:
        out = np.zeros(len(everyone))
        out[np.searchsorted(everyone, people)] = counts
        return out

    terms: list[tuple[float, ArrayLike, ArrayLike]] = []
    for weight, row in rows:
        errors, trials = (among_all(c, row.people) for c in row.terms("false_rejection"))
        terms.append((weight, errors, trials))
    return weighted_difference(terms)


def across_within(
    pairs: AllPairs,
    groups: ArrayLike,
    threshold: float,
    *,
    names: Sequence[Hashable] | None = None,
) -> dict[str, Any]:
    """Are two people of one group taken for each other more often than people of two groups?

    FMR of a person of the first group and one of the last, over the mean of the FMRs within these
    two; on a log scale, with the people of both as the units (the dyadic-robust variance of
    Fogliato, Patil and Perona, arXiv:2306.01198, and Student's t).

    Parameters
    ----------
    pairs, groups, threshold, names
        As for :func:`labkit.measure.disparity.confusion`; the first and the last group are the ends
        of an order, such as that of tone.  Images without a group take no part.

    Returns
    -------
    row
        ``first`` and ``last``, the two groups; ``across`` and ``within``, the two rates; ``ratio``,
        ``low``, ``high``, ``p``, ``detectable`` and ``words`` as in a row of
        :meth:`labkit.measure.disparity.GroupTable.contrasts`.

    Raises
    ------
    ValueError
        When there are fewer than two groups, or a person is in several.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> rng, who = np.random.default_rng(0), np.arange(120)
    >>> band = np.where(who < 60, "lighter", "darker")
    >>> place = rng.normal(size=(120, 3)) + 1.5 * (who < 60)[:, None]  # the two bands lie apart
    >>> row = across_within(all_pairs(place, who), band, -1.0)
    >>> bool(row["high"] < 1)
    True
    """
    said = labels(groups, len(pairs), names)
    if len(said.names) < 2:
        raise ValueError(f"groups {said.names} have no two ends: give two groups or more")
    false, compared, people = pairs.pair_counts(threshold)
    group = group_of_person(people, pairs.people, said.place)
    ends = (group == 0, group == len(said.names) - 1)
    within = [np.outer(end, end) for end in ends]
    across = np.outer(*ends) | np.outer(*ends[::-1])
    rates = [_share(false, compared, part) for part in (across, *within)]
    row: dict[str, Any] = {
        "first": said.names[0],
        "last": said.names[-1],
        "across": rates[0],
        "within": (rates[1] + rates[2]) / 2,
        **dict.fromkeys(("ratio", "low", "high", "p", "detectable"), math.nan),
    }
    few = min(int((false[part] > 0).sum() // 2) for part in (across, *within))
    fewest = min(int(end.sum()) for end in ends)
    if few < ENOUGH_FALSE_MATCH_PAIRS or fewest < ENOUGH_PEOPLE_FOR_AN_FMR:
        words = _(
            "{people} people at one end, and false matches from {few} pairs of people in one part:"
            " too few for a ratio"
        )
        return {**row, "words": words.format(people=fewest, few=few)}
    row["ratio"] = row["across"] / row["within"]
    # How far each pair of people moves the logarithm of the ratio.
    moves = np.zeros(false.shape)
    for part, rate, weight in zip(
        (across, *within), rates, (1 / rates[0], *[-1 / sum(rates[1:])] * 2), strict=True
    ):
        surplus = (false - rate * compared)[part]
        moves[part] = weight * surplus / (compared[part].sum() / 2)
    return {**row, **_log_ratio(row["ratio"], moves[np.ix_(*[ends[0] | ends[1]] * 2)])}


def _share(errors: NDArray[Any], trials: NDArray[Any], part: NDArray[np.bool_]) -> float:
    of = trials[part].sum()
    return float(errors[part].sum() / of) if of else math.nan


def _log_ratio(ratio: float, moves: Counts) -> dict[str, Any]:
    """Interval, p-value and what could have been found, with people as the units.

    ``moves`` says how far each pair of people moves the logarithm, shape (k, k), symmetric.  Moving
    every person in and out counts each pair twice, once at either person: it is taken off once.
    """
    k, by_pairs = len(moves), (moves**2).sum() / 2
    own = Moves(np.arange(k), moves.sum(1) * math.sqrt(k / (k - 1)))
    if not (by_pairs and own.error):
        return {"words": _("no interval: every pair of people has the same share of errors")}
    found = own * (math.sqrt(max(own.error**2 - by_pairs, by_pairs)) / own.error)
    return contrast_line(ratio, found)


# ---- everything that was looked at --------------------------------------------------------------


def looks(
    tables: Mapping[tuple[Hashable, Hashable], GroupTable],
    references: Mapping[Hashable, Hashable],
    rates: Sequence[str] = ("fmr", "false_rejection"),
    *,
    primary: tuple[Hashable, Hashable, str, Hashable] | None = None,
    more: int = 0,
) -> pd.DataFrame:
    """All contrasts that an analysis looks at, in one table, adjusted together.

    Whoever looks often finds something by luck.  The one question that was written down first is
    answered as it stands; every other contrast is exploratory, and its p-value, that of
    :meth:`labkit.measure.disparity.GroupTable.family`, is adjusted by Holm's method for all
    exploratory looks at all tables.

    Parameters
    ----------
    tables
        (matcher, grouping) -> group table of the same people.
    references
        Grouping -> the group that its others are set against.
    rates
        Which rates are compared; names of :data:`labkit.measure.rate.RATES`.
    primary
        (matcher, grouping, rate, group) of the one question.
    more
        Looks of the analysis that are in no group table; they count, and are claimed only where
        their own p-value times all looks is below 0.05.

    Returns
    -------
    table
        Index: matcher, grouping, rate, group.  Columns: those of
        :meth:`labkit.measure.disparity.GroupTable.family`; ``question``, ``"primary"`` or
        ``"exploratory"``; ``looks``, how many exploratory ones there are (a contrast with too few
        for a p-value is none); ``p_looks``, adjusted for them (of the primary question ``p``
        itself); ``claimed``, whether a difference may be spoken of: of the primary question where
        its interval leaves out 1.

    Raises
    ------
    ValueError
        If a rate or reference is not there, or the primary question is not among the contrasts.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> pairs = all_pairs(np.random.default_rng(0).normal(size=(120, 4)), np.arange(120))
    >>> table = group_table(pairs, np.where(np.arange(120) % 2, "odd", "even"), -1)
    >>> found = looks({("dlib", "number"): table}, {"number": "even"}, ["fmr"], more=2)
    >>> found["looks"].tolist(), found["claimed"].tolist()
    ([3], [False])
    """
    import pandas as pd

    parts = {
        (matcher, grouping): table.family(references[grouping], rates)
        for (matcher, grouping), table in tables.items()
    }
    table = pd.concat(parts, names=["matcher", "grouping", "rate", "group"])
    asked = np.array([key == primary for key in table.index])
    if primary is not None and not asked.any():
        raise ValueError(f"the primary question {primary} is not among the contrasts")
    p = table["p_pooled"].to_numpy(float)
    others = holm([*np.where(asked, math.nan, p), *[1.0] * more])
    table["question"] = np.where(asked, "primary", "exploratory")
    table["looks"] = int((~np.isnan(others)).sum())
    table["p_looks"] = np.where(asked, table["p"], others[: len(p)])
    outside = (table["low"] > 1) | (table["high"] < 1)
    table["claimed"] = np.where(asked, outside, table["p_looks"] < LEVEL)
    return table
