"""Notebook 10, "Watching a crowd": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.measure.searches import precision
from labkit.street.make_up import BANDS
from labkit.street.probes import ALTERED, KINDS, Probes
from labkit.street.review import OPEN, Counted, Review, counted
from labkit.street.worn import FIXED
from labkit.views.callouts import Marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from labkit.measure.intervals import Interval
    from labkit.street.make_up import Watchlists
    from labkit.street.passages import Rates


# ---- human review -------------------------------------------------------------------------------


def reviewed(answers: Sequence[str], cases: Review) -> str:
    """What the answers come to, and what so few cases cannot say.

    Parameters
    ----------
    answers
        The learner's, one for each case.
    cases
        The cases.
    """
    if OPEN in answers:
        open_cases = _(
            "You have not answered all {n} cases: the table shows two rules, which are no people."
            " Play above, then run this cell again."
        ).format(n=len(cases))
        return Marked(open_cases, shows="review")
    c = counted(answers, cases.mates)
    told = _(
        "You gave {right} right names of {present}, and named somebody in {named} of {absent} cases"
        " in which the person was not enrolled. {n} cases cannot rank you, and {half} with and"
        " {rest} without the percentage cannot show what it does to you."
    ).format(
        n=len(cases),
        half=int(cases.shown.sum()),
        rest=int((~cases.shown).sum()),
        **c._asdict(),
    )
    return Marked(f"{told} {_innocent(c)}", shows="review")


def _innocent(c: Counted) -> str:
    if not c.named:
        return _("Nobody who was not searched for was named by you.")
    return _(
        "Each name where nobody was enrolled is somebody whom the search was not about, and who"
        " might now be visited."
    )


# ---- a passage ----------------------------------------------------------------------------------


def passed(rate: Interval, independent: float, frames: float) -> str:
    """How often a passage gave a false alert, beside what independent frames would give.

    Parameters
    ----------
    rate
        Share of passages by people on no list with an alert.
    independent
        What the rate of a frame would come to if frames were independent.
    frames
        Frames of a passage.
    """
    told = _(
        "Measured: {rate} of the passages give a false alert. {frames:.0f} independent frames would"
        " give {independent:.3f}."
    ).format(rate=rate.text(3), frames=frames, independent=independent)
    if rate.words or not (math.isfinite(rate.low) and math.isfinite(rate.high)):
        return told + " " + _("With so few alerts more cannot be said.")
    if rate.high < independent:
        return (
            told
            + " "
            + _(
                "So the frames are not independent: who is taken once is taken again, and whoever"
                " counts on independent frames gets too large a number."
            )
        )
    if rate.low > independent:
        return told + " " + _("That is more than independent frames would give.")
    return (
        told
        + " "
        + _(
            "Both are possible with so few people: the interval holds the second. Whether that is"
            " too large a number is not shown."
        )
    )


def precise(rates: Rates, prevalence: float) -> str:
    """How many alerts would be right, were so many of those who pass on the list.

    Parameters
    ----------
    rates
        What the watchlist came to, by passage.
    prevalence
        Share of those who pass who are on the list.
    """
    value = precision(prevalence, rates.tpir.value, rates.passage.value)
    if not math.isfinite(value):
        return _("There was no alert at all: how many would be right cannot be said.")
    told = _(
        "Of {many:,} who pass, let one be on the list. Then {value:.3f} of the alerts name somebody"
        " who is on it: expected from both rates, not seen."
    ).format(many=round(1 / prevalence), value=value)
    if value < 0.5:
        return told + " " + _("At these rates most alerts name somebody who is on no list.")
    return told + " " + _("Most alerts are right, at these rates, which few people carry.")


# ---- body-worn cameras --------------------------------------------------------------------------


def worn(table: pd.DataFrame) -> str:
    """What another camera does to misses and false alerts, the same people under both.

    Parameters
    ----------
    table
        Of :func:`labkit.street.worn.worsens`.
    """
    lines = []
    rows: Any = table.to_dict("index")
    for name, row in rows.items():
        if name == FIXED:
            continue
        missed = _moved(row["difference"], _("misses"))
        alerts = _moved(row["alerts difference"], _("false alerts"))
        told = _("{camera}: {missed}; {alerts}.")
        lines.append(
            "- " + told.format(camera=str(name).capitalize(), missed=missed, alerts=alerts)
        )
    return "\n".join([_("Beside the fixed camera, in points of 100 passages:"), *lines])


def _moved(change: Interval, what: str) -> str:
    """One paired difference, in words."""
    if change.words or not math.isfinite(change.low):
        return _("{what}: too few differ to say more").format(what=what)
    numbers = {e: 100 * getattr(change, e) for e in ("value", "low", "high", "detectable")}
    if change.low > 0:
        words = _("{what}: {value:+.0f} [{low:+.0f}, {high:+.0f}], more")
    elif change.high < 0:
        words = _("{what}: {value:+.0f} [{low:+.0f}, {high:+.0f}], fewer")
    else:
        words = _(
            "{what}: {value:+.0f} [{low:+.0f}, {high:+.0f}], no difference is shown (one of"
            " {detectable:.0f} would be found four times in five)"
        )
    return words.format(what=what, **numbers)


# ---- who is on the list -------------------------------------------------------------------------


def listed(of: Watchlists, band: str = "darker") -> str:
    """Arithmetic beside the count: how much an over-policed list changes for one band.

    Parameters
    ----------
    of
        Both watchlists.
    band
        Whose false candidates.
    """
    factor = of.factor(band)
    value, low, high = of.counted(band)
    told = _(
        "For {band} people arithmetic expects {factor:.2f} times as many false candidates from the"
        " over-policed list as from the town's."
    ).format(band=band, factor=factor)
    if not math.isfinite(value):
        return told + " " + _("Too few were counted to check it.")
    told += " " + _("Counted: {value:.2f} times [{low:.2f}, {high:.2f}].").format(
        value=value, low=low, high=high
    )
    if low <= factor <= high:
        told += " " + _("This ratio agrees with the arithmetic.")
    else:
        told += " " + _(
            "This ratio does not agree: how often these people are confused differs from the dev"
            " people on whom it was measured."
        )
    told += _others(of, band) + _levels(of)
    if low > 1:
        return told + " " + _("Nobody changed the matcher: only the list differs.")
    if high < 1:
        return (
            told
            + " "
            + _("It went the other way than a longer list of {band} people suggests.").format(
                band=band
            )
        )
    return told + " " + _("That the list makes a difference is not shown by this count.")


def _others(of: Watchlists, band: str) -> str:
    """The ratios of the other bands, each beside its arithmetic."""
    told = ""
    for name in BANDS:
        value, low, high = of.counted(name)
        if name == band or not math.isfinite(value):
            continue
        words = (
            _("{band}: {factor:.3f} expected, {value:.3f} [{low:.3f}, {high:.3f}] counted, agrees.")
            if low <= of.factor(name) <= high
            else _(
                "{band}: {factor:.3f} expected, {value:.3f} [{low:.3f}, {high:.3f}] counted, does"
                " not agree."
            )
        )
        told += " " + words.format(
            band=name.capitalize(), factor=of.factor(name), value=value, low=low, high=high
        )
    return told


def _levels(of: Watchlists, make_up: str = "town") -> str:
    """How many false candidates a search gives, band by band, beside what was expected."""
    counted = {name: of.level(make_up, name) for name in BANDS}
    counted = {name: level for name, level in counted.items() if math.isfinite(level[0])}
    off = [name for name, level in counted.items() if not _holds(level, of.expected(make_up, name))]
    if not counted:
        return ""
    if not off:
        return " " + _(
            "How many there are in the town's list agrees as well, for each band that was counted."
        )
    rows = "; ".join(
        _("{band} {value:.2f} [{low:.2f}, {high:.2f}] a search, {expected:.2f} expected").format(
            band=name,
            value=counted[name][0],
            low=counted[name][1],
            high=counted[name][2],
            expected=of.expected(make_up, name),
        )
        for name in off
    )
    return " " + _(
        "How many there are in the town's list does not agree for all: {rows}. Two groups of people"
        " were measured; which of them is unusual this cannot tell."
    ).format(rows=rows)


def _holds(interval: tuple[float, float, float], value: float) -> bool:
    return interval[1] <= value <= interval[2]


# ---- altered probes -----------------------------------------------------------------------------


def altered(of: Probes, threshold: float) -> str:
    """What each alteration does to a search, beside the same people's unaltered photographs.

    Parameters
    ----------
    of
        The searches.
    threshold
        A score from which on a candidate counts as found.
    """
    n = len(of.table)
    lines = [
        _(
            "By the unaltered photographs {listed} of {n} people are among their own first five"
            " candidates; a stranger leads in {first}, {above} times with a score above the"
            " threshold."
        ).format(
            listed=int(of.listed("unaltered").sum()),
            n=n,
            first=int(of.stranger_first("unaltered").sum()),
            above=int(of.strangers("unaltered", threshold).sum()),
        )
    ]
    for kind in ALTERED:
        change = of.lost(kind)
        told = _("{kind}: {listed} of {n}, a stranger leads in {first}").format(
            kind=_(KINDS[kind]).capitalize(),
            listed=int(of.listed(kind).sum()),
            n=n,
            first=int(of.stranger_first(kind).sum()),
        )
        above = int(of.strangers(kind, threshold).sum())
        if above:
            told += _(", {above} times with a score above the threshold").format(above=above)
        lines.append(f"- {told}. {_changed(change)}")
    return "\n".join(lines)


def _changed(change: Interval) -> str:
    """Whether people are lost from the list, by pairs of the same people."""
    if change.words or not math.isfinite(change.low):
        return _("Too few differ to say more.")
    numbers: dict[str, Any] = {
        "value": 100 * change.value,
        "low": 100 * change.low,
        "high": 100 * change.high,
    }
    if change.low > 0:
        words = _("Lost from the list: {value:.0f} in 100 people [{low:.0f}, {high:.0f}].")
    elif change.high < 0:
        words = _("Won for the list: {value:.0f} in 100 people [{low:.0f}, {high:.0f}].")
        numbers = {
            "value": -numbers["value"],
            "low": -numbers["high"],
            "high": -numbers["low"],
        }
    else:
        words = _(
            "That people are lost is not shown: {value:.0f} in 100 [{low:.0f}, {high:.0f}]; a"
            " change of {least:.0f} in 100 would be found four times in five."
        )
        numbers["least"] = 100 * change.detectable
    return words.format(**numbers)
