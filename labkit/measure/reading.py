"""Results read aloud: sentences that the numbers decide, and tables made for reading.

In: what the other modules of this room return.  Out: text, in the reader's language, that says what
was found, what was not shown, and what could have been missed.  Every sentence that draws a
conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.base.words import _
from labkit.measure.rates import fmr
from labkit.measure.summaries import holm

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.disparity import GroupTable
    from labkit.measure.intervals import Interval
    from labkit.measure.people import Busiest, Reached
    from labkit.measure.scores import AllPairs

LEVEL = 0.05
"""A p-value, or a share of draws of equal groups, below which a difference is spoken of."""


# ---- scores and rates ---------------------------------------------------------------------------


def rate(errors: int, trials: int, digits: int = 4) -> str:
    """A rate for the cell of a table; where no error was seen, that in words.

    Examples
    --------
    >>> rate(3, 1000), rate(0, 1000)
    ('0.0030', '0 of 1,000 (none seen)')
    """
    if errors:
        return f"{errors / trials:.{digits}f}"
    return _("0 of {trials:,} (none seen)").format(trials=trials)


def overlap(pairs: AllPairs) -> str:
    """Whether one threshold could separate genuine from impostor scores without an error.

    Examples
    --------
    >>> from labkit.measure.scores import all_pairs
    >>> print(overlap(all_pairs([[0.0], [1.0], [5.0], [6.5]], [1, 1, 2, 2])))
    No: every genuine score lies above -4.000 and every impostor score at or below it. A threshold
    between them makes no error on these people.
    """
    lowest, highest = float(pairs.genuine.min()), float(pairs.impostor.max())
    if lowest > highest:
        return _(
            "No: every genuine score lies above {highest:.3f} and every impostor score at or below"
            " it. A threshold between them makes no error on these people."
        ).format(highest=highest)
    return _(
        "Yes. To accept every genuine comparison the threshold must be as low as {lowest:.3f}, and"
        " then {match:.0%} of the impostor comparisons match too. To refuse every impostor"
        " comparison it must lie above {highest:.3f}, and then {missed:.0%} of the genuine ones are"
        " missed. No threshold is free of errors."
    ).format(
        lowest=lowest,
        highest=highest,
        match=fmr(pairs.impostor, lowest),
        missed=float((pairs.genuine <= highest).mean()),
    )


def reached(found: Reached) -> str:
    """What a false match rate is to people; of :func:`labkit.measure.people.people_reached`.

    Examples
    --------
    >>> from labkit.measure.people import Reached
    >>> print(reached(Reached(pairs=0, pairs_compared=3, people=0, people_compared=3)))
    At this threshold nobody is taken for anybody else in these comparisons.
    """
    if not found.pairs:
        return _("At this threshold nobody is taken for anybody else in these comparisons.")
    return _(
        "What this FMR is to people: in {pairs:,} of {compared:,} pairs of people (1 in"
        " {one_in:.0f}) the two are taken for one person at least once, and {people} of {all}"
        " people are taken for somebody else at least once."
    ).format(
        pairs=found.pairs,
        compared=found.pairs_compared,
        one_in=found.pairs_compared / found.pairs,
        people=found.people,
        all=found.people_compared,
    )


# ---- how sure -----------------------------------------------------------------------------------


def held(how: str, intervals: Sequence[Interval], truth: float) -> str:
    """How many intervals hold the rate of everybody, beside how many should.

    Parameters
    ----------
    how
        How they were made, such as ``"by people"``.
    intervals
        Of draws of some of the people.
    truth
        The rate of everybody.

    Examples
    --------
    >>> from labkit.measure.intervals import Interval
    >>> print(held("by people", [Interval(0.01, 0.008, 0.012)] * 20, 0.011))
    Of 20 intervals by people, 20 hold the town's rate; about 19 should. That is about what was
    promised, as far as so few draws can tell.
    """
    made = [i for i in intervals if not i.words]
    hold = sum(i.low <= truth <= i.high for i in made)
    usual = 0.95 * len(made)
    # Two standard deviations of a count of intervals that hold the truth 19 times in 20.
    if hold < usual - 2 * math.sqrt(0.05 * usual):
        verdict = _("That is far too few: these intervals are too narrow.")
    else:
        verdict = _("That is about what was promised, as far as so few draws can tell.")
    return _(
        "Of {made} intervals {how}, {hold} hold the town's rate; about {usual:.0f} should."
        " {verdict}"
    ).format(made=len(made), how=how, hold=hold, usual=usual, verdict=verdict)


def busiest(found: Busiest) -> str:
    """How large a part of the false matches a few people have; of ``share_of_busiest``.

    Examples
    --------
    >>> from labkit.measure.people import share_of_busiest
    >>> everybody = np.ones((40, 40)) - np.eye(40)
    >>> print(busiest(share_of_busiest(everybody, 4 * everybody)))
    The 2 people (of 40) with most false matches take part in 10% of the false matches. They were
    picked after looking, and somebody always has most: with the same counts dealt by lot to the
    pairs of people it is 10% (at most 10% in 20 deals). That is about what luck gives: the errors
    are spread over the people.
    """
    most = float(found.by_lot.max())
    if found.share > 1.2 * most:
        verdict = _("The errors cluster in few people: meet them or not, and the rate changes.")
    else:
        verdict = _("That is about what luck gives: the errors are spread over the people.")
    return _(
        "The {few} people (of {people}) with most false matches take part in {share:.0%} of the"
        " false matches. They were picked after looking, and somebody always has most: with the"
        " same counts dealt by lot to the pairs of people it is {middle:.0%} (at most {most:.0%} in"
        " {deals} deals). {verdict}"
    ).format(
        few=found.few,
        people=found.people,
        share=found.share,
        middle=np.median(found.by_lot),
        most=most,
        deals=len(found.by_lot),
        verdict=verdict,
    )


def coverage(table: pd.DataFrame) -> str:
    """Whether counting comparisons does less harm where errors are rarer.

    Parameters
    ----------
    table
        A row for each FMR, the largest first, as :func:`labkit.measure.redraws.coverage` gives.

    Examples
    --------
    >>> import pandas as pd
    >>> print(coverage(pd.DataFrame({"held, by comparisons": [0.3, 0.35]}, ["1e-2", "1e-3"])))
    Counting comparisons does the same harm at all 2 thresholds.
    """
    share = table["held, by comparisons"]
    if share.iloc[-1] > share.iloc[0] + 0.1:
        return _(
            "Counting comparisons: {first:.0%} of the intervals hold the town's rate at an FMR of"
            " {at_first}, {last:.0%} at {at_last}. The fault fades as errors become rare, and what"
            " is left is too few errors."
        ).format(
            first=share.iloc[0],
            at_first=share.index[0],
            last=share.iloc[-1],
            at_last=share.index[-1],
        )
    return _("Counting comparisons does the same harm at all {count} thresholds.").format(
        count=len(share)
    )


# ---- groups -------------------------------------------------------------------------------------


def ratio(row: Any) -> str:
    """A ratio and its interval, of a row of ``GroupTable.contrasts``.

    Examples
    --------
    >>> ratio({"ratio": 1.5, "low": 0.8, "high": 2.5})
    '1.50 [0.80, 2.50]'
    """
    return f"{row['ratio']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"


def differs(row: Any) -> bool:
    """Whether the interval of a ratio leaves out 1, of a row of ``GroupTable.contrasts``.

    Examples
    --------
    >>> differs({"low": 0.8, "high": 2.5}), differs({"low": 1.2, "high": 2.5})
    (False, True)
    """
    return bool(np.isfinite(row["low"]) and not row["low"] <= 1 <= row["high"])


def contrast(row: Any, group: Hashable, reference: Hashable, what: str = "FMR") -> str:
    """One contrast: found, not found (and what could have been missed), or too little to say.

    Parameters
    ----------
    row
        A row of :meth:`labkit.measure.disparity.GroupTable.contrasts`.
    group, reference
        Whose rate is divided by whose.
    what
        The name of the rate.

    Examples
    --------
    >>> row = {"ratio": 1.5, "low": 0.8, "high": 2.5, "detectable": 2.2}
    >>> print(contrast(row, "darker", "lighter"))
    FMR of darker / FMR of lighter = 1.50 [0.80, 2.50]: no difference was shown. That is not
    'equal': ratios from 0.80 to 2.50 fit these people. Only a true ratio of about 2.2 or more would
    be found four times in five.
    """
    if not np.isfinite(row["low"]):
        return _("{what}, {group} against {reference}: {words}.").format(
            what=what, group=group, reference=reference, words=row["words"]
        )
    start = _("{what} of {group} / {what} of {reference} = {ratio}").format(
        what=what, group=group, reference=reference, ratio=ratio(row)
    )
    if differs(row):
        if row["low"] > 1:
            words = _("{start}: a difference, {what} is higher for {group}.")
        else:
            words = _("{start}: a difference, {what} is lower for {group}.")
        return words.format(start=start, what=what, group=group)
    return _(
        "{start}: no difference was shown. That is not 'equal': ratios from {low:.2f} to {high:.2f}"
        " fit these people. Only a true ratio of about {detectable:.1f} or more would be found four"
        " times in five."
    ).format(start=start, low=row["low"], high=row["high"], detectable=row["detectable"])


def control(row: Any, group: Hashable, reference: Hashable, *, expected: bool) -> str:
    """Did the audit find what had to be found, or keep quiet where nothing is?

    Parameters
    ----------
    row, group, reference
        As for :func:`contrast`.
    expected
        Whether the two groups differ by construction.

    Examples
    --------
    >>> row = {"ratio": 1.1, "low": 0.8, "high": 1.5, "detectable": 1.6}
    >>> control(row, "odd", "even", expected=False).endswith("Rightly, nothing was found.")
    True
    """
    words = contrast(row, group, reference)
    if expected and differs(row):
        verdict = _("The audit sees what was put there.")
    elif expected:
        verdict = _("THE AUDIT MISSED WHAT WAS PUT THERE: believe none of its 'not shown'.")
    elif differs(row):
        verdict = _("A FALSE ALARM: nothing was put there (one in twenty such tests gives one).")
    else:
        verdict = _("Rightly, nothing was found.")
    return f"{words} {verdict}"


def matchers(tables: Mapping[str, GroupTable], reference: Hashable, rate: str = "fmr") -> str:
    """For each matcher, which groups differ from the reference; exploratory, adjusted together.

    Parameters
    ----------
    tables
        Matcher -> group table of the same people.
    reference
        The group that the others are set against.
    rate
        One of :data:`labkit.measure.rate.RATES`.
    """
    rows = {
        (name, str(group)): row
        for name, table in tables.items()
        for group, row in table.contrasts(reference, rate).iterrows()
    }
    adjusted = dict(zip(rows, holm([row["p"] for row in rows.values()]), strict=True))
    parts: dict[str, list[str]] = {name: [] for name in tables}
    for (name, group), row in rows.items():
        if not np.isfinite(row["low"]):
            words = _("{group}: {words}")
        elif adjusted[name, group] < LEVEL:
            words = _("{group} {ratio}, differs")
        else:
            words = _("{group} {ratio}, not shown to differ")
        parts[name].append(words.format(group=group, ratio=ratio(row), words=row["words"]))
    first = _("Against {reference}, exploratory, adjusted for {looks} looks (Holm):").format(
        reference=reference, looks=len(rows)
    )
    return "\n".join([first, *(f"{name}: {'; '.join(told)}." for name, told in parts.items())])


# ---- spread over groups -------------------------------------------------------------------------


def spread(table: pd.DataFrame, groups: int) -> str:
    """max/min beside its value for equal groups.

    Parameters
    ----------
    table
        What :meth:`labkit.measure.disparity.GroupTable.spread` gives.
    groups
        How many groups it is of.
    """
    row: Any = table.loc["max/min"]
    if not np.isfinite(row["null_median"]):
        return _("max/min: {words}.").format(words=row["words"])
    if row["share_of_null_at_least"] < LEVEL:
        verdict = _("this is more than luck alone gives.")
    else:
        verdict = _("this is no more than luck alone often gives.")
    return _(
        "max/min is {value:.2f}. {groups} groups that do not differ, of this size, would give"
        " {median:.2f} half of the time and {high:.2f} one time in twenty: {verdict}"
    ).format(
        value=row["value"],
        groups=groups,
        median=row["null_median"],
        high=row["null_95"],
        verdict=verdict,
    )


def summaries(table: pd.DataFrame) -> str:
    """Which summaries lie outside what equal groups give; of ``GroupTable.spread``."""
    share = table["share_of_null_at_least"]
    far, near = (", ".join(table.index[where]) for where in (share < LEVEL, share >= LEVEL))
    words = []
    if far:
        words.append(
            _("Farther from equal than equal groups are one time in twenty: {names}.").format(
                names=far
            )
        )
    if near:
        words.append(_("Within what equal groups give: {names}.").format(names=near))
    mixed = table["of"].str.contains("FNMR|false rejection")
    if far and (share[mixed] < LEVEL).all() and (share[~mixed] >= LEVEL).all():
        words.append(_("Those that mix in misses are far, those of FMR alone are not."))
    return " ".join(words) or _("Too few errors to say what equal groups would give.")


def spread_table(table: pd.DataFrame) -> pd.DataFrame:
    """Summaries for reading: each value beside what equal groups of this size would give.

    Parameters
    ----------
    table
        What :meth:`labkit.measure.disparity.GroupTable.spread` gives.

    Returns
    -------
    table
        The same rows with fewer columns, named in words.
    """
    columns = {
        "of": _("of"),
        "value": _("value"),
        "null_median": _("equal groups: middle value"),
        "null_95": _("equal groups: 1 in 20 is farther"),
    }
    out = table[list(columns)].round(4).rename(columns=columns)
    out[_("share of equal groups as far")] = [
        _("not known") if np.isnan(x) else _("below 1%") if x < 0.01 else f"{x:.0%}"
        for x in table["share_of_null_at_least"]
    ]
    return out
