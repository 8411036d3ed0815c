"""Numbers for reading: rates, scores, counts and shares as the report writes them.

In: numbers.  Out: text; or the same numbers as JSON can keep them.

One notation for one purpose: a table has the share (0.00156), a sentence "1 in 640".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    """A score as it was given: with no more digits than it takes to tell it from any other.

    Examples
    --------
    >>> score(-0.6706), score(np.float32(0.6706)), score(12.0)
    ('−0.6706', '0.6706', '12')
    """
    return minus(np.format_float_positional(x, trim="-")) if math.isfinite(x) else minus(str(x))


SHORT = 7
"""Characters up to which a score stands as it was given."""


def rounded_score(x: float, span: float) -> str:
    """A score as it was given; of a longer one, three digits that matter.

    Parameters
    ----------
    x
        The score.
    span
        From the lowest to the highest of the scores that it stands beside.

    Examples
    --------
    >>> rounded_score(0.6706, 0.5), rounded_score(-0.42957488, 0.5)
    ('0.6706', '−0.430')
    >>> rounded_score(0.999999999987654, 1e-9)
    '0.99999999999'
    """
    exact = score(x)
    if len(exact) <= SHORT or not span > 0:
        return exact
    # Three digits of the score, and three of the span, whichever asks for more.
    least = min(span, max(abs(x), span / 100))
    return minus(f"{x:.{max(2 - math.floor(math.log10(least)), 0)}f}")


def ends_around(t: float, *scores: NDArray[Any]) -> tuple[float, float]:
    """The highest score below a threshold and the lowest that is not.

    Parameters
    ----------
    t
        The threshold.
    *scores
        All scores, of one or of several kinds of pairs, each array in ascending order.

    Examples
    --------
    >>> ends_around(0.5, np.array([0.1, 0.7]), np.array([0.2, 0.5]))
    (0.2, 0.5)
    """
    below, above = -math.inf, math.inf
    for s in scores:
        place = int(np.searchsorted(s, s.dtype.type(t)))
        below = max(below, float(s[place - 1]) if place else -math.inf)
        above = min(above, float(s[place]) if place < len(s) else math.inf)
    return below, above


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


def part_of(some: int, all_: int) -> str:
    """A share of things that were counted: all of them is 100%, which a rounded chance never is.

    Examples
    --------
    >>> part_of(283, 283), part_of(1, 40), part_of(0, 9)
    ('100%', '2.5%', 'none')
    """
    if some and some == all_:
        return "100%"
    return percent(some / all_ if all_ else math.nan)


def one_in(x: float) -> str:
    """A rate for a sentence: one in so many, or so many in a hundred where it is high.

    Examples
    --------
    >>> one_in(1 / 640), one_in(1 / 1602), one_in(0.22), one_in(1.0)
    ('1 in 640', '1 in 1,600', '22 in 100', '100 in 100')
    """
    if math.isnan(x):
        return NOTHING
    if x <= 0:
        return _("none")
    if x <= 0.1:
        return _("1 in {n}").format(n=f"{float(f'{1 / x:.2e}'):,.0f}")
    if 0.995 <= x < 1:
        return _("more than 99 in 100")
    return _("{n} in 100").format(n=f"{100 * x:.0f}")


def in_one_unit(*rates: float) -> list[str]:
    """Rates that stand in one sentence: all as one in so many, or all in a hundred.

    Examples
    --------
    >>> in_one_unit(0.04, 0.101), in_one_unit(1 / 640, 1 / 30), in_one_unit(0.0004, 0.2)
    (['4 in 100', '10 in 100'], ['1 in 640', '1 in 30'], ['0.04 in 100', '20 in 100'])
    """
    known = [x for x in rates if math.isfinite(x)]
    if max(known, default=0.0) <= 0.1:
        return [one_in(x) for x in rates]
    return [_in_hundred(x) if math.isfinite(x) else NOTHING for x in rates]


def _in_hundred(x: float) -> str:
    if x <= 0.1 and x > 0:
        return _("{n} in 100").format(
            n=np.format_float_positional(float(f"{100 * x:.2g}"), trim="-")
        )
    return one_in(x)


def times(x: float) -> str:
    """A ratio for a sentence.

    Examples
    --------
    >>> times(2.58), times(0.9), times(0.0634), times(12.2)
    ('2.6', '0.90', '0.063', '12')
    """
    if not math.isfinite(x) or not x:
        return digits(x)
    if x < 0.995:
        return f"{x:.2f}" if x >= 0.1 else f"{x:.2g}"
    return f"{x:.1f}" if x < 9.95 else f"{x:,.0f}"


def apart(ratios: Sequence[float], text: Callable[[float], str] = times) -> list[str]:
    """Ratios that stand together, with digits enough that what is not 1 does not read as 1.

    Parameters
    ----------
    ratios
        A ratio and the ends of its interval.
    text
        How they are written where that is enough.

    Examples
    --------
    >>> apart([2.58, 1.2, 5.51]), apart([1.013, 1.004, 1.022])
    (['2.6', '1.2', '5.5'], ['1.013', '1.004', '1.022'])
    >>> apart([0.998, 0.9951, 1.0009]), apart([1.013, 1.0, 1.03], digits)
    (['0.9980', '0.9951', '1.0009'], ['1.01', '1.00', '1.03'])
    """
    found = [text(x) for x in ratios]
    for places in range(2, 9):
        if not any(_reads_as_one(t) and x != 1 for t, x in zip(found, ratios, strict=True)):
            break
        found = [f"{x:.{places}f}" if 0.1 < x < 10 else text(x) for x in ratios]
    return found


def _reads_as_one(text: str) -> bool:
    return bool(re.fullmatch(r"1(\.0*)?", text))


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


def plain(x: Any) -> Any:
    """The same for JSON: numbers and texts of Python, and ``None`` for what is no finite number.

    Examples
    --------
    >>> plain({"low": math.nan, "people": np.int64(3), "score": np.float32(0.6706)})
    {'low': None, 'people': 3, 'score': 0.6706}
    """
    if isinstance(x, Mapping):
        return {str(name): plain(value) for name, value in x.items()}
    if isinstance(x, list | tuple):
        return [plain(value) for value in x]
    if isinstance(x, bool | np.bool_):
        return bool(x)
    if isinstance(x, int | np.integer):
        return int(x)
    if isinstance(x, float | np.floating):
        value = float(str(x)) if isinstance(x, np.float32) else float(x)
        return value if math.isfinite(value) else None
    return x if x is None else str(x)
