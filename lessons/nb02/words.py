"""Notebook 02: the sentences that numbers decide."""

from __future__ import annotations

from labkit.base.words import _
from labkit.measure.intervals import Interval, missed_difference


def told_alignment(own: Interval, as_trained: Interval, gap: Interval) -> str:
    """What two ways of cutting out faces lose, and what their difference allows to say.

    Parameters
    ----------
    own, as_trained
        Shares of triples lost under DeepFace's own crop and under dlib's.
    gap
        Paired difference of the two, own crop minus as trained.

    Examples
    --------
    >>> print(told_alignment(Interval(0.2), Interval(0.1), Interval(0.1, 0.06, 0.14, people=40)))
    Triples lost of 100, 40 people: 10.0 as trained, 20.0 with DeepFace's own crop.
    Difference: with DeepFace's own crop 10.0 [6.0, 14.0] of 100 more are lost.
    """
    both = _(
        "Triples lost of 100, {people} people: {trained:.1f} as trained, {own:.1f} with DeepFace's"
        " own crop."
    ).format(trained=100 * as_trained.value, own=100 * own.value, people=gap.people)
    return f"{both}\n{_difference(gap)}"


def told_rebuilt(found: int, tried: int, known: int) -> str:
    """How often a rebuilt face leads another matcher to the right person, and what guessing would.

    Parameters
    ----------
    found, tried
        What :func:`labkit.measure.templates.found_again` gives.
    known
        Photographs that each rebuilt face was compared with.

    Examples
    --------
    >>> print(told_rebuilt(90, 400, 400))
    Of 400 rebuilt faces the other matcher finds the right person for 90, among 400 photographs of
    another day. Blind guessing would find 1.
    """
    told = _(
        "Of {tried} rebuilt faces the other matcher finds the right person for {found}, among"
        " {known} photographs of another day. Blind guessing would find {chance:.2g}."
    )
    return told.format(tried=tried, found=found, known=known, chance=tried / known)


def _difference(gap: Interval) -> str:
    if gap.words:
        return _("No interval for the difference: {words}.").format(words=gap.words)
    value, low, high = (100 * x for x in (gap.value, gap.low, gap.high))
    if low <= 0 <= high:
        return _(
            "Difference: {value:.1f} [{low:.1f}, {high:.1f}] of 100, so it may be none. A"
            " difference of less than about {missed:.1f} could have been missed."
        ).format(value=value, low=low, high=high, missed=100 * missed_difference(gap))
    if value > 0:
        return _(
            "Difference: with DeepFace's own crop {value:.1f} [{low:.1f}, {high:.1f}] of 100 more"
            " are lost."
        ).format(value=value, low=low, high=high)
    return _(
        "Difference: with DeepFace's own crop {value:.1f} [{low:.1f}, {high:.1f}] of 100 fewer are"
        " lost."
    ).format(value=-value, low=-high, high=-low)
