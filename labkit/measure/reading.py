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
from labkit.measure.disparity import LEVEL
from labkit.measure.intervals import ENOUGH_PEOPLE_WITH_ERRORS, Z
from labkit.measure.rate import RATES
from labkit.measure.rates import fmr

if TYPE_CHECKING:
    import pandas as pd

    from labkit.measure.disparity import GroupTable
    from labkit.measure.intervals import Interval
    from labkit.measure.people import Busiest, Reached
    from labkit.measure.scores import AllPairs
    from labkit.measure.thresholds import Threshold


# ---- scores and rates ---------------------------------------------------------------------------


def rate(errors: int, trials: int, digits: int = 4) -> str:
    """A rate for the cell of a table; where there are too few errors for one, the counts.

    Examples
    --------
    >>> rate(30, 1000), rate(3, 1000), rate(0, 1000)
    ('0.0300', '3 of 1,000: too few for a rate', '0 of 1,000 (none seen)')
    """
    if errors >= ENOUGH_PEOPLE_WITH_ERRORS:  # fewer errors are of fewer people
        return f"{errors / trials:.{digits}f}"
    if errors:
        words = _("{errors} of {trials:,}: too few for a rate")
        return words.format(errors=errors, trials=trials)
    return _("0 of {trials:,} (none seen)").format(trials=trials)


def in_words(rate: float) -> str:
    """A rate to feel, in one form everywhere: "1 in 145", and from 1 in 100 up "14 in 100".

    Two digits count in a hundred, three in "1 in N".  The explorers say the same in the browser;
    one table of values in the tests holds the two together.

    Parameters
    ----------
    rate
        A share, 0 to 1; no number where there is no rate.

    Raises
    ------
    ValueError
        For a number that is no share.

    Examples
    --------
    >>> in_words(0.0069), in_words(0.0263), in_words(0.14), in_words(1.4e-5)
    ('1 in 145', '2.6 in 100', '14 in 100', '1 in 71,400')
    >>> in_words(0), in_words(1), in_words(0.9995), in_words(math.nan)
    ('none', 'all', 'all but 1 in 2,000', 'no rate')
    """
    if math.isnan(rate):
        return _("no rate")
    if not 0 <= rate <= 1:
        raise ValueError(f"{rate!r} is no share: give a number from 0 to 1")
    if rate in (0, 1):
        return _("none") if rate == 0 else _("all")
    if rate < 0.01:
        return _("1 in {n}").format(n=_one_in(rate))
    if rate > 0.99:
        return _("all but 1 in {n}").format(n=_one_in(1 - rate))
    tenths = math.floor(1000 * rate + 0.5)  # halves go up, as in the browser
    hundredths = tenths / 10 if tenths < 100 else math.floor(100 * rate + 0.5)
    return _("{n} in 100").format(n=f"{hundredths:g}")


def interval_in_words(low: float, high: float) -> str:
    """Both ends of an interval in one form: "1 in 149 to 1 in 90", "0.9 to 2.6 in 100".

    Parameters
    ----------
    low, high
        Shares, 0 to 1.

    Examples
    --------
    >>> interval_in_words(0.0067, 0.011), interval_in_words(0.009, 0.026)
    ('1 in 149 to 1 in 91', '0.9 to 2.6 in 100')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return _("no interval")
    if high < ONE_IN_BELOW:
        ends = (_("1 in {n}").format(n=_one_in(x)) if x > 0 else _("none") for x in (low, high))
        return _("{low} to {high}").format(**dict(zip(("low", "high"), ends, strict=True)))
    return _("{low} to {high} in 100").format(low=_hundredths(low), high=_hundredths(high))


ONE_IN_BELOW = 0.02
"""Intervals that end below this are said as "1 in N"."""


def _hundredths(share: float) -> str:
    """Two digits that count, of a number in a hundred."""
    return f"{100 * share:.2g}" if share < 0.0995 else f"{100 * share:.0f}"


def _one_in(rate: float) -> str:
    """How many there are to one error, with the three digits that count."""
    many = 1 / rate
    unit = 10 ** max(0, math.floor(math.log10(many)) - 2)
    return f"{math.floor(many / unit + 0.5) * unit:,}"


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


def finite_town(drawn: int, town: int) -> str:
    """What draws from a small town do to intervals: they look better there than they are.

    The rate among ``n`` of ``N`` people, nobody twice, lies around the rate of the ``N`` with a
    variance that is ``1 - n / N`` of the one it has around the rate of people at large.

    Parameters
    ----------
    drawn, town
        People in a draw, and in the town.

    Examples
    --------
    >>> print(finite_town(80, 480))
    Each draw takes 80 of the town's 480 people, so it resembles the town more than 80 strangers
    would. The intervals look slightly better here (about 97 of 100 hold the town's rate) than they
    are (95).
    """
    held = math.erf(Z / math.sqrt(2 * (1 - drawn / town)))
    return _(
        "Each draw takes {drawn} of the town's {town} people, so it resembles the town more than"
        " {drawn} strangers would. The intervals look slightly better here (about {held:.0f} of 100"
        " hold the town's rate) than they are ({promised:.0f})."
    ).format(drawn=drawn, town=town, held=100 * held, promised=100 * math.erf(Z / math.sqrt(2)))


def none_seen(found: Interval) -> str:
    """The limit of a test in which no false match was seen, and what it takes for granted.

    Examples
    --------
    >>> from labkit.measure.intervals import fmr_interval
    >>> print(none_seen(fmr_interval(np.zeros((60, 60)), 1 - np.eye(60))))
    no false match; at most 0.0017, from 1770 pairs of people; a one-sided 95% limit, too small if
    somebody could match everybody: then 6 / 60 = 0.10.
    """
    return _(
        "{words}; a one-sided 95% limit, too small if somebody could match everybody: then 6 /"
        " {people} = {footnote:.2f}."
    ).format(words=found.words, people=found.people, footnote=min(6 / found.people, 1))


def threshold(chosen: Threshold, measured: Interval) -> str:
    """A threshold is an estimate: its rate on other people, and what was measured on some.

    Parameters
    ----------
    chosen
        What :func:`labkit.measure.thresholds.choose_threshold` gives.
    measured
        FMR at it on other people.

    Examples
    --------
    >>> from labkit.measure.intervals import Interval
    >>> from labkit.measure.thresholds import Threshold
    >>> true = Interval(0.01, 0.008, 0.0125)
    >>> chosen = Threshold(-0.38, 0.01, 0.01, math.nan, 900, true, "")
    >>> print(threshold(chosen, Interval(0.009, 0.007, 0.012)))
    Asked for: FMR 0.01. The threshold is an estimate, too: among other people like those it was set
    on its FMR is likely between 0.0080 and 0.0125. Measured on other people: 0.0090 [0.0070,
    0.0120].
    """
    if chosen.true.words:
        likely = _("How far it may lie from that among other people is not known: {words}.").format(
            words=chosen.true.words
        )
    else:
        likely = _(
            "The threshold is an estimate, too: among other people like those it was set on its FMR"
            " is likely between {low:.4f} and {high:.4f}."
        ).format(low=chosen.true.low, high=chosen.true.high)
    return _("Asked for: FMR {asked:g}. {likely} Measured on other people: {measured}.").format(
        asked=chosen.asked, likely=likely, measured=measured.text()
    )


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


def cells(by_cell: GroupTable, table: GroupTable, asked: float) -> str:
    """What became of the FMR that was asked for: within cells, and within groups made of cells.

    Parameters
    ----------
    by_cell, table
        The group tables of the cells that the threshold was chosen by, and of groups of them.
    asked
        The mean FMR within the cells that was asked for, on other people.

    Examples
    --------
    >>> from labkit.measure.disparity import group_table
    >>> from labkit.measure.scores import all_pairs
    >>> rng, cell = np.random.default_rng(0), np.arange(320) % 4
    >>> place = rng.normal(size=(320, 2)) + 2 * cell[:, None]  # the cells lie apart
    >>> pairs = all_pairs(place, np.arange(320))
    >>> two = group_table(pairs, cell // 2, -0.3)
    >>> print(cells(group_table(pairs, cell, -0.3), two, 0.02))
    Asked for, on other people: a mean FMR of 0.02 within 4 cells. Here that mean is 0.0220; that of
    the 2 groups of the table is 0.0126. A group also holds pairs of people from two of its cells,
    so its rate is lower.
    """
    of_cells, of_groups = (
        float(np.mean([part[name, "fmr"].value for name in part.names]))
        for part in (by_cell, table)
    )
    told = _(
        "Asked for, on other people: a mean FMR of {asked:g} within {cells} cells. Here that mean"
        " is {of_cells:.4f}; that of the {groups} groups of the table is {of_groups:.4f}."
    ).format(
        asked=asked,
        cells=len(by_cell.names),
        of_cells=of_cells,
        groups=len(table.names),
        of_groups=of_groups,
    )
    if of_groups < of_cells:
        why = _("A group also holds pairs of people from two of its cells, so its rate is lower.")
    else:
        why = _("A group also holds pairs of people from two of its cells, and is no lower for it.")
    return f"{told} {why}"


def differs(row: Any) -> bool:
    """Whether the interval of a ratio leaves out 1, of a row of ``GroupTable.contrasts``.

    Examples
    --------
    >>> differs({"low": 0.8, "high": 2.5}), differs({"low": 1.2, "high": 2.5})
    (False, True)
    """
    return bool(np.isfinite(row["low"]) and not row["low"] <= 1 <= row["high"])


def contrast(
    row: Any, group: Hashable, reference: Hashable, what: str = "FMR", looks: int = 1
) -> str:
    """One contrast: found, not found (and what could have been missed), or too little to say.

    Parameters
    ----------
    row
        A row of :meth:`labkit.measure.disparity.GroupTable.contrasts`.
    group, reference
        Whose rate is divided by whose.
    what
        The name of the rate.
    looks
        How many looks the analysis makes: what could have been found is said of a single one.

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
    found = _("Only a true ratio of about {detectable:.1f} or more would be found {often}.")
    return _(
        "{start}: no difference was shown. That is not 'equal': ratios from {low:.2f} to {high:.2f}"
        " fit these people. {found}"
    ).format(
        start=start,
        low=row["low"],
        high=row["high"],
        found=found.format(detectable=row["detectable"], often=often(looks)),
    )


def often(looks: int = 1) -> str:
    """How often a detectable difference is found, and that this is said of a single look.

    Examples
    --------
    >>> often(), often(looks=20)
    ('four times in five', 'four times in five (if it were the only look)')
    """
    if looks > 1:
        return _("four times in five (if it were the only look)")
    return _("four times in five")


def control(row: Any, group: Hashable, reference: Hashable, *, expected: str | None) -> str:
    """Did the audit find what had to be found, or keep quiet where nothing is?

    Parameters
    ----------
    row, group, reference
        As for :func:`contrast`.
    expected
        What has to be found: ``"higher"`` or ``"lower"`` for the group, ``None`` for nothing.

    Raises
    ------
    ValueError
        For another word.

    Examples
    --------
    >>> row = {"ratio": 0.4, "low": 0.3, "high": 0.6, "detectable": 1.6}
    >>> print(control(row, "near", "far", expected="higher"))
    FMR of near / FMR of far = 0.40 [0.30, 0.60]: a difference, FMR is lower for near. In the WRONG
    DIRECTION: higher was expected. Believe none of this audit's results.
    """
    if expected not in ("higher", "lower", None):
        raise ValueError(f"expected {expected!r}: give 'higher', 'lower' or None")
    words = contrast(row, group, reference)
    found = ("higher" if row["low"] > 1 else "lower") if differs(row) else None
    if not np.isfinite(row["low"]) and not expected:
        verdict = _("So this control says nothing about the audit.")
    elif not expected:
        alarm = _("A FALSE ALARM: nothing is there (one in twenty such tests gives one).")
        quiet = _("Rightly, nothing was found; a ratio below about {ratio:.1f} could be missed.")
        verdict = alarm if found else quiet.format(ratio=row["detectable"])
    elif not found:
        verdict = _("THE AUDIT MISSED WHAT WAS EXPECTED: believe none of its 'not shown'.")
    elif found == expected:
        verdict = _seen(row)
    else:
        put = _("higher") if expected == "higher" else _("lower")
        verdict = _(
            "In the WRONG DIRECTION: {put} was expected. Believe none of this audit's results."
        ).format(put=put)
    return f"{words} {verdict}"


def _seen(row: Any) -> str:
    """That a control was found, and whether a gap of its size would be found again."""
    if max(row["ratio"], 1 / row["ratio"]) < row["detectable"]:
        words = _(
            "Found this time, as expected. Only a true ratio of about"
            " {detectable:.1f} or more would be found {often}; a gap of this size would often be"
            " missed."
        )
    else:
        words = _(
            "Found, as expected: a true ratio of about {detectable:.1f} or more"
            " would be found {often}."
        )
    return words.format(detectable=row["detectable"], often=often())


def told_apart(difference: Interval, looks: int = 1) -> bool:
    """Whether a difference is told apart from 0, when it is one of so many looks (Bonferroni).

    Examples
    --------
    >>> from labkit.measure.intervals import Interval
    >>> gap = Interval(0.05, 0.005, 0.095)  # 2.2 standard errors
    >>> told_apart(gap), told_apart(gap, looks=2)
    (True, False)
    """
    if not math.isfinite(difference.low):
        return False
    error = (difference.high - difference.low) / (2 * Z)
    return math.erfc(abs(difference.value) / error / math.sqrt(2)) * looks < LEVEL


def matchers(
    found: pd.DataFrame, grouping: Hashable, reference: Hashable, rate: str = "fmr"
) -> str:
    """For each matcher, which groups differ from the reference, adjusted for all looks.

    Parameters
    ----------
    found
        What :func:`labkit.measure.groups.looks` gives.
    grouping, rate
        Which of its contrasts.
    reference
        The group that the others are set against.
    """
    part: Any = found.xs((grouping, rate), level=("grouping", "rate"))
    parts: dict[str, list[str]] = {}
    for (name, group), row in part.iterrows():
        if not np.isfinite(row["low"]):
            words = _("{group}: {words}")
        elif row["claimed"]:
            words = _("{group} {ratio}, differs")
        elif differs(row) and row["question"] != "primary":
            words = _("{group} {ratio}, after adjusting not shown to differ")
        else:
            words = _("{group} {ratio}, not shown to differ")
        told = words.format(group=group, ratio=ratio(row), words=row["words"])
        if row["question"] == "primary":
            told += " " + _("(the primary question)")
        parts.setdefault(str(name), []).append(told)
    first = _("Against {reference}, exploratory, adjusted for {looks} looks (Holm):").format(
        reference=reference, looks=part["looks"].max()
    )
    return "\n".join([first, *(f"{name}: {'; '.join(told)}." for name, told in parts.items())])


def claims(found: pd.DataFrame, grouping: Hashable, rate: str = "fmr") -> str:
    """The title of a figure of every matcher: which groups are told apart from the reference.

    Parameters
    ----------
    found, grouping, rate
        As for :func:`matchers`.
    """
    part: Any = found.xs((grouping, rate), level=("grouping", "rate"))
    parts: dict[str, list[str]] = {}
    for (name, group), row in part.iterrows():
        if row["claimed"]:
            parts.setdefault(str(name), []).append(str(group))
    what = _(RATES[rate].errors).capitalize()
    if not parts:
        return _("{what}: no group is told apart from the reference").format(what=what)
    each = "; ".join(f"{name}: {', '.join(groups)}" for name, groups in parts.items())
    return _("{what}, told apart from the reference: {each}").format(what=what, each=each)


# ---- spread over groups -------------------------------------------------------------------------


def spread(table: pd.DataFrame, groups: GroupTable) -> str:
    """max/min beside its value for equal groups; it describes, and claims no difference.

    Parameters
    ----------
    table
        What :meth:`labkit.measure.disparity.GroupTable.spread` gives for FMR.
    groups
        The group table that it is of.
    """
    row: Any = table.loc["max/min"]
    if not np.isfinite(row["null_median"]):
        return _("max/min: {words}.").format(words=row["words"])
    value = f"{row['value']:.2f}"
    if row["at_least"]:
        value = _("at least {value}").format(value=value)
    if row["share_of_null_at_least"] < LEVEL:
        verdict = _(
            "luck alone seldom gives as much. A summary describes a table; whether groups differ is"
            " for the contrasts to say."
        )
    else:
        verdict = _("this is no more than luck alone often gives.")
    told = _(
        "max/min is {value}. {groups} groups that do not differ, of this size, would give"
        " {median:.2f} half of the time and {high:.2f} one time in twenty: {verdict}"
    ).format(
        value=value,
        groups=len(groups.measured("fmr")),
        median=row["null_median"],
        high=row["null_95"],
        verdict=verdict,
    )
    out = groups.left_out("fmr")
    if not out:
        return told
    few = "; ".join(f"{name} ({why})" for name, why in out.items())
    return _("{told} Left out: {few}.").format(told=told, few=few)


def summaries(table: pd.DataFrame) -> str:
    """Which summaries lie outside what equal groups give; of ``GroupTable.spread``.

    They describe the table: a difference is claimed by the contrasts alone.
    """
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
    out = table[list(columns)].round(4)
    if table["at_least"].any():
        floor = _("at least {value}")
        out["value"] = [
            floor.format(value=value) if least else value
            for value, least in zip(out["value"], table["at_least"], strict=True)
        ]
    out = out.rename(columns=columns)
    out[_("share of equal groups as far")] = [
        _("not known") if np.isnan(x) else _("below 1%") if x < 0.01 else f"{x:.0%}"
        for x in table["share_of_null_at_least"]
    ]
    return out


# ---- a whole page -------------------------------------------------------------------------------


def confusion(row: Mapping[str, Any], looks: int) -> str:
    """Whether people of one band are taken for each other more often than people of both ends.

    Parameters
    ----------
    row
        What :func:`labkit.measure.groups.across_within` gives of the tone bands.
    looks
        How many looks the page makes.
    """
    start = _(
        "One {first} and one {last} person: FMR {across:.4f}. Two people of one of these bands:"
        " {within:.4f} (mean of the two)."
    ).format(**{key: row[key] for key in ("first", "last", "across", "within")})
    if not np.isfinite(row["low"]):
        return f"{start} {row['words']}."
    told = _("The first over the second: {ratio} (exploratory, one of {looks} looks).").format(
        ratio=ratio(row), looks=looks
    )
    if row["p"] * looks >= LEVEL:
        verdict = _(
            "No difference is shown. Only a true ratio of about {most:.2f} or less, or of"
            " {least:.2f} or more, would be found {often}."
        ).format(most=1 / row["detectable"], least=row["detectable"], often=often(looks))
    elif row["ratio"] < 1:
        verdict = _(
            "A {first} and a {last} person are taken for each other less often than two people of"
            " one of these bands; other bands were not asked about. The FMR over all pairs mixes"
            " both. Why is not known."
        ).format(first=row["first"], last=row["last"])
    else:
        verdict = _(
            "A {first} and a {last} person are taken for each other more often than two people of"
            " one of these bands; other bands were not asked about. The FMR over all pairs mixes"
            " both. Why is not known."
        ).format(first=row["first"], last=row["last"])
    return f"{start} {told} {verdict}"


def others(looks: pd.DataFrame, primary: tuple[str, ...]) -> str:
    """How many of the exploratory contrasts are told apart, and which of them are in FMR.

    Parameters
    ----------
    looks
        All contrasts of the page, the primary one among them.
    primary
        The key of the primary one.
    """
    rest: Any = looks.drop(index=[primary])
    claimed = rest[rest["claimed"]]
    matches = claimed[claimed.index.get_level_values("rate") == "fmr"]
    each = "; ".join(
        _("{matcher}, {group}: {ratio} times").format(
            matcher=key[0], group=key[3], ratio=ratio(row)
        )
        for key, row in matches.iterrows()
    )
    told = _(
        "Of the {all} contrasts of all matchers besides the primary question, {found} are told"
        " apart."
    ).format(all=len(rest), found=len(claimed))
    if not len(matches):
        return told + " " + _("None of them is in FMR.")
    return told + " " + _("In FMR, against the reference: {each}.").format(each=each)


def known(matcher: str, row: Any, counted: pd.DataFrame, group: str, reference: str) -> str:
    """The population in which one band is more alike: does the audit find what is there?

    Parameters
    ----------
    matcher
        Whose errors these are.
    row
        The contrast of the narrowed band against the reference, in the audited set.
    counted
        What was counted among further people with the same matcher, by group:
        ``data.counted("narrow").loc[matcher]``.
    group, reference
        The narrowed band, and the band that it is set against.

    Examples
    --------
    >>> from labkit import data
    >>> row = {"ratio": 3.0, "low": 2.0, "high": 4.5, "detectable": 1.9}
    >>> told = known("dlib", row, data.counted("narrow").loc["dlib"], "medium", "lighter")
    >>> "drawn more alike on purpose. FMR of medium" in told, "Found, as expected" in told
    (True, True)
    """
    true, plain = (
        counted_row(counted.loc[group]),
        counted_row(counted.loc[f"{group}, not narrowed"]),
    )
    truth = _("Counted among {people:,} further people: {ratio}.").format(
        people=int(counted.loc[[group, reference], "people"].sum()), ratio=ratio(true)
    )
    what = _("Control, {matcher}: the {group} band of this set was drawn more alike on purpose.")
    what = what.format(matcher=matcher, group=group)
    if not differs(true):
        told = contrast(row, group, reference)
        none = _("No gap is known to be there, so this control says nothing.")
        return f"{what} {told} {truth} {none}"
    put = "higher" if true["ratio"] > 1 else "lower"
    told = f"{what} {control(row, group, reference, expected=put)} {truth}"
    if np.isfinite(row["low"]):
        if row["low"] <= true["ratio"] <= row["high"]:
            told += " " + _("The audit's interval holds it.")
        else:
            told += " " + _("The audit's interval does not hold it, as one in twenty does not.")
    told += " " + _("The same {group} people, not narrowed: {ratio}.").format(
        group=group, ratio=ratio(plain)
    )
    less = plain["high"] < true["low"] if put == "higher" else plain["low"] > true["high"]
    if less:
        return f"{told} " + _("So it is the narrowing that makes the gap.")
    return f"{told} " + _("So it is not shown that the narrowing makes the gap.")


def counted_row(row: Any) -> dict[str, float]:
    """A counted ratio, as a row of contrasts."""
    return {"ratio": row["ratio"], "low": row["ratio_low"], "high": row["ratio_high"]}
