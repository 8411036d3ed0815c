"""Numbers for reading: rates, scores, counts and shares as the report writes them.

In: numbers.  Out: text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from labkit.base.words import _

NOTHING = "–"
"""In place of a number that is not known."""


def minus(text: str) -> str:
    """The same with a minus sign that is as wide as a digit."""
    return text.replace("-", "−")


def digits(x: float) -> str:
    """A rate or a ratio with three digits that matter, never as 1e-05 unless it has to be.

    Examples
    --------
    >>> digits(0.012345), digits(0.011), digits(0.00002), digits(0), digits(1.5), digits(137.4)
    ('0.0123', '0.0110', '0.0000200', '0', '1.50', '137')
    """
    if math.isnan(x):
        return NOTHING
    if math.isinf(x):
        return _("no limit")
    if x == 0:
        return "0"
    if abs(x) < 1e-7:
        return f"{x:.2g}"
    if abs(x) >= 100:
        return f"{x:,.0f}"
    size = float(f"{abs(x):.2e}")  # rounded first: 0.09999 has the digits of 0.100
    return f"{x:.{2 - math.floor(math.log10(size))}f}"


def tick(x: float) -> str:
    """A number that somebody chose, without zeros behind it.

    Examples
    --------
    >>> tick(0.01), tick(0.00001), tick(-0.5), tick(2.0)
    ('0.01', '0.00001', '−0.5', '2')
    """
    if x and not 1e-7 <= abs(x) < 1e7:
        return minus(f"{x:.3g}")
    text = np.format_float_positional(x, precision=6, fractional=False, trim="-")
    return minus(text) if x else "0"


def score(x: float) -> str:
    """A score with five digits that matter.

    Examples
    --------
    >>> score(-0.4567891), score(12.0)
    ('−0.45679', '12')
    """
    return minus(f"{x:.5g}")


def count(x: float) -> str:
    """A whole number with commas; small expected numbers keep their digits.

    Examples
    --------
    >>> count(5472.2), count(5.472), count(12.0)
    ('5,472', '5.47', '12')
    """
    if math.isnan(x):
        return NOTHING
    return f"{x:,.0f}" if x >= 100 or float(x).is_integer() else digits(x)


def percent(x: float) -> str:
    """A share for reading.

    Examples
    --------
    >>> percent(0.0123), percent(0.0), percent(0.0002), percent(1.0)
    ('1.2%', 'none', 'below 0.1%', 'above 99.9%')
    """
    if math.isnan(x):
        return NOTHING
    if x < 0.001:
        return _("below 0.1%") if x else _("none")
    return _("above 99.9%") if x > 0.999 else f"{x:.1%}"


def between(low: float, high: float) -> str:
    """The ends of an interval.

    Examples
    --------
    >>> between(0.01, 0.025)
    '0.0100 to 0.0250'
    """
    return _("{low} to {high}").format(low=digits(low), high=digits(high))


def listing(words: Sequence[str]) -> str:
    """Some words as one enumeration.

    Examples
    --------
    >>> listing(["east"]), listing(["east", "north", "west"])
    ('east', 'east, north and west')
    """
    if len(words) == 1:
        return words[0]
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])


def plural(n: float, one: str, many: str) -> str:
    """A counted noun.

    Examples
    --------
    >>> plural(1, "person", "people"), plural(1200, "person", "people")
    ('1 person', '1,200 people')
    """
    return f"{count(n)} {one if n == 1 else many}"


def capital(text: str) -> str:
    """The same with a capital letter in front.

    Examples
    --------
    >>> capital("false rejection"), capital("FMR")
    ('False rejection', 'FMR')
    """
    return text[:1].upper() + text[1:]
