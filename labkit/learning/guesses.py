"""Guesses: what number was meant, and what to ask about one that cannot be.

In: a guess as it was typed and between which numbers it makes sense.  Out: what is kept, and
sentences for whoever typed it.
"""

from __future__ import annotations

import math
from typing import Any

from labkit.base.words import N_, _
from labkit.learning import slips
from labkit.learning.store import LARGE, plain

ASKS = {
    "range": N_("Did you mean a number from {low} to {high}?"),
    "least": N_("Did you mean a number of at least {low}?"),
    "most": N_("Did you mean a number of at most {high}?"),
    "whole": N_("Did you mean a whole number?"),
    "share": N_(
        "The question asks for a number from 0 to {high}. Did you mean a share of it, {meant}?"
    ),
    "percent": N_("The question asks for a share from 0 to 1: {guess} of 100 would be {meant}."),
    "text": N_("A number needs no quotes, and nothing behind it: taken as {number}."),
    "words": N_("A guess is one number here: write it without words and without quotes."),
    "several": N_("A guess is one number here: take one from the middle of what you think."),
    "none": N_("This is no number (NaN), so nothing can be compared with it."),
    "other": N_("A guess is one number here, and this is something else, such as a whole table."),
}
"""What is said about a guess."""


def read(
    guess: Any, low: float | None, high: float | None, whole: bool = False
) -> tuple[Any, list[str]]:
    """What to keep of a guess, and what to say about it; ``...`` where nothing can be kept.

    Parameters
    ----------
    guess
        As it was typed.
    low, high
        Between which numbers it makes sense; where both are None, texts and lists are kept as well.
    whole
        Whether only a whole number makes sense.

    Examples
    --------
    >>> read("15", 0, 20)
    (15, ['A number needs no quotes, and nothing behind it: taken as 15.'])
    >>> read("0,5", 0, 1)[0], read("12 %", 0, 1)[0], read("12%", 0, 100)[0], read("twice", 0, 1)[0]
    (0.5, 0.12, 12, Ellipsis)
    >>> read(0.75, 0, 20)[1]
    ['The question asks for a number from 0 to 20. Did you mean a share of it, 15?']
    """
    if guess is None or guess is ...:
        return ..., []
    free = low is None and high is None and not whole
    if isinstance(guess, str) and not free:
        number = slips.number_in(guess)
        if number is None or not math.isfinite(number):
            return ..., [_(ASKS["words"])]
        if "%" in guess and (low, high) == (0, 1):
            number /= 100
        number = int(number) if number == int(number) else number
        return number, [
            _(ASKS["text"]).format(number=slips.written(number)),
            *asked(number, low, high, whole),
        ]
    if isinstance(guess, list | tuple) and not free:
        comma = slips.with_commas(guess)
        if comma:
            return ..., [slips.sentence(comma[0], number=comma[1], count=len(guess))]
        return ..., [_(ASKS["several"])]
    kept = plain(guess)
    if (isinstance(guess, float) and math.isnan(guess)) or kept is None:
        return ..., [_(ASKS["none"])]
    number = isinstance(kept, int | float) and not isinstance(kept, bool)
    known = isinstance(guess, str | list | tuple | set | dict | bool)
    if not number and not (free and known):
        return ..., [_(ASKS["other"])]
    return guess, asked(kept, low, high, whole) if number else []


def asked(guess: float, low: float | None, high: float | None, whole: bool = False) -> list[str]:
    """A question about a number that makes no sense as a guess; none when it does.

    Examples
    --------
    >>> asked(1.6, 0, 1)
    ['The question asks for a share from 0 to 1: 1.6 of 100 would be 0.016.']
    >>> asked(0.5, 0, None), asked(-1, 0, None), asked(7.5, 0, 20, whole=True)
    ([], ['Did you mean a number of at least 0?'], ['Did you mean a whole number?'])
    """
    least, most = -math.inf if low is None else low, math.inf if high is None else high
    facts = {"low": _written(least), "high": _written(most), "guess": _written(guess)}
    if least <= guess <= most:
        share = least == 0 and 10 <= most < math.inf and 0 < guess < 1
        if share:
            return [_(ASKS["share"]).format(**facts, meant=f"{guess * most:.3g}")]
        return [_(ASKS["whole"])] if whole and guess % 1 else []
    if (least, most) == (0, 1) and 1 < guess <= 100:
        return [_(ASKS["percent"]).format(**facts, meant=f"{guess / 100:g}")]
    bounds = "range" if math.isfinite(least) and math.isfinite(most) else "least"
    return [_(ASKS[bounds if math.isfinite(least) else "most"]).format(**facts)]


def _written(number: float) -> str:
    try:
        return f"{number:,g}"
    except OverflowError:
        return _(LARGE)
