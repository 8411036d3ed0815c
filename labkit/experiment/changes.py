"""Changes read aloud: one that was seen in several trials, and what is left of it afterwards.

In: intervals of the same change, one for each trial.  Out: sentences with a branch for each way the
numbers can fall.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from labkit.base.words import _
from labkit.measure.intervals import Interval

LEFT = 0.5
"""Of a change, what is left: below this share most of it is gone."""


def direction(changes: Sequence[Interval]) -> str:
    """What several trials say of one change together.

    Returns
    -------
    str
        ``"rises"`` or ``"falls"`` in each of them, ``"rises in some"``, ``"falls in some"`` and no
        change shown in the others, ``"both"``, ``"none"`` shown, or ``"too few"`` for any interval.

    Examples
    --------
    >>> up, not_shown = Interval(0.2, 0.1, 0.3), Interval(0.2, -0.1, 0.5)
    >>> direction([up, up]), direction([up, not_shown]), direction([not_shown])
    ('rises', 'rises in some', 'none')
    """
    known = [i for i in changes if not i.words]
    if not known:
        return "too few"
    up, down = sum(i.low > 0 for i in known), sum(i.high < 0 for i in known)
    if up and down:
        return "both"
    if not up and not down:
        return "none"
    word = "rises" if up else "falls"
    return word if up + down == len(changes) else f"{word} in some"


def middle(changes: Sequence[Interval]) -> float:
    """The median change, of those that are numbers."""
    values = [i.value for i in changes if math.isfinite(i.value)]
    return float(np.median(values)) if values else math.nan


def missed(changes: Sequence[Interval]) -> float:
    """The change that such a trial would find four times in five: the median over trials."""
    values = [i.detectable for i in changes if math.isfinite(i.detectable)]
    return float(np.median(values)) if values else math.nan


def told(changes: Sequence[Interval]) -> str:
    """One change over its trials, in a sentence without its subject's name.

    Parameters
    ----------
    changes
        Differences of shares or rates, one for each trial.

    Examples
    --------
    >>> told([Interval(0.2, 0.1, 0.3), Interval(0.3, 0.2, 0.4)])
    'It rises in each of 2 trials (by 25 of 100 in the middle).'
    >>> told([Interval(0.2, -0.1, 0.5, detectable=0.4)])
    'No change is shown in 1 trial; a change of 40 of 100 would be found four times in five.'
    """
    n, by = len(changes), hundred(abs(middle(changes)))
    which = direction(changes)
    trials = _("1 trial") if n == 1 else _("{n} trials").format(n=n)
    if which == "too few":
        return _("There is too little for an interval: {why}.").format(why=changes[0].words)
    if which == "none":
        return _(
            "No change is shown in {trials}; a change of {missed} of 100 would be found four times"
            " in five."
        ).format(trials=trials, missed=hundred(missed(changes)))
    up = sum(i.low > 0 for i in changes if not i.words)
    down = sum(i.high < 0 for i in changes if not i.words)
    if which == "both":
        return _("It rises in {up} of {trials} and falls in {down}: the trials disagree.").format(
            up=up, down=down, trials=trials
        )
    rises = which.startswith("rises")
    if which in ("rises", "falls") and n == 1:
        words = _("It rises by {by} of 100.") if rises else _("It falls by {by} of 100.")
        return words.format(by=by)
    if which in ("rises", "falls"):
        words = (
            _("It rises in each of {trials} (by {by} of 100 in the middle).")
            if rises
            else _("It falls in each of {trials} (by {by} of 100 in the middle).")
        )
        return words.format(trials=trials, by=by)
    words = (
        _("It rises in {k} of {trials}; in the others no change is shown.")
        if rises
        else _("It falls in {k} of {trials}; in the others no change is shown.")
    )
    return words.format(k=up + down, trials=trials)


def left(before: Sequence[Interval], after: Sequence[Interval]) -> str:
    """What is left of a change when one thing more is done, such as recentring.

    Parameters
    ----------
    before, after
        The same change in the same trials, as it was and with the remedy.

    Returns
    -------
    str
        A sentence; it also says when there was nothing to mend.

    Examples
    --------
    >>> seen, gone = Interval(-0.9, -1, -0.8), Interval(0.01, -0.05, 0.07, detectable=0.09)
    >>> left([seen], [gone])
    'Of a change of -90 of 100 none is shown any more; one of 9 would be found four times in five.'
    >>> left([seen], [seen])
    'The change stays: -90 of 100 before, -90 after.'
    """
    was, now = middle(before), middle(after)
    if direction(before) in ("none", "too few"):
        return _("There was no change that could be mended.")
    which = direction(after)
    if which == "too few":
        return _("There is too little to say what is left: {why}.").format(why=after[0].words)
    said = {"was": hundred(was, sign=True), "now": hundred(now, sign=True)}
    if which == "none":
        return _(
            "Of a change of {was} of 100 none is shown any more; one of {missed} would be found"
            " four times in five."
        ).format(**said, missed=hundred(missed(after)))
    if was * now < 0 and abs(now) < LEFT * abs(was):
        words = _("The change of {was} of 100 is gone; a smaller one the other way is {now}.")
    elif was * now < 0:
        words = _("The change is turned round: {was} of 100 before, {now} after.")
    elif abs(now) < LEFT * abs(was):
        words = _("Most of the change is gone: {was} of 100 before, {now} after.")
    else:
        words = _("The change stays: {was} of 100 before, {now} after.")
    shown = sum(not i.words and not i.low <= 0 <= i.high for i in after)
    if shown < len(after):
        words += " " + _("What is left is shown in {k} of {n} trials.")
    return words.format(**said, k=shown, n=len(after))


def hundred(share: float, *, sign: bool = False) -> str:
    """A share or a difference of shares, in a hundred.

    Examples
    --------
    >>> hundred(0.984), hundred(0.0042), hundred(-0.031, sign=True), hundred(0.2, sign=True)
    ('98', '0.4', '-3.1', '+20')
    """
    if not math.isfinite(share):
        return _("no number")
    value = 100 * share
    digits = 0 if abs(value) >= 9.95 else 1
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    return text.removesuffix(".0")
