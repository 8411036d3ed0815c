"""Slips of writing that happen in every exercise: quotes, commas, percent, a fraction upside down.

In: an answer and the right value.  Out: the sentence that names the slip, or nothing.  What a
learner may get wrong about one exercise stands with that exercise; what may go wrong with any
number stands here, once.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from labkit.base.words import N_, _

SLIPS = {
    "quotes": N_("In quotes it is text. Take the quotes away; write the number alone: {number}."),
    "code": N_("In quotes it is text, and Python does not work it out. Take the quotes away."),
    "thousands": N_(
        "Write no commas in numbers: Python takes this as {count} numbers. You mean {number}."
    ),
    "either": N_(
        "Python takes the comma as the end of a number. Write {number} without it, or {other} with"
        " a point."
    ),
    "decimal": N_(
        "Python takes the comma as the end of a number, so this is two numbers. Write a point:"
        " {number}."
    ),
    "decimal minus": N_(
        "Python takes the comma as the end of a number, so this is two numbers, and a minus before"
        " 0 is lost. Write a point: {number}."
    ),
    "fraction": N_(
        "Python takes each comma as the end of a number, so a fraction with commas becomes"
        " {count} numbers. Write both parts of the fraction without commas."
    ),
    "percent": N_(
        "It is a hundred times the right value: give a share between 0 and 1, not a percentage."
    ),
    "share": N_("It is a hundredth of the right value: give a percentage, not a share."),
    "above one": N_(
        "A share lies between 0 and 1: {percent} in 100 is written {number}. That would be too"
        " {side}."
    ),
    "many times one": N_(
        "A share lies between 0 and 1. Is this a count, or a fraction upside down?"
    ),
    "no percent": N_(
        "It is a hundred times the right value. {unit} is not a share: it is never given in"
        " percent."
    ),
    "thousandth": N_(
        "It is a thousandth of the right value. Python takes a point as the start of decimals: a"
        " thousand is written 1000 or `1_000`."
    ),
    "sign": N_("Its size is right; its sign is not."),
    "upside down": N_(
        "Upside down: what is counted stands above the line, what it is counted in stands below."
    ),
    "above": N_(
        "This is a count. A rate divides it by how many there could have been, which stands below"
        " the line."
    ),
    "below": N_(
        "This is a count, of how many there could have been. It stands below the line of the rate:"
        " what stands above?"
    ),
    "one off": N_(
        "It is one off: Python counts places from 0, but how many there are is counted from 1."
    ),
    "swapped": N_("Both numbers are right and swapped: the lower one comes first."),
    "parts percent": N_(
        "All of them are a hundred times the right value: give shares between 0 and 1, not"
        " percentages."
    ),
}
"""What is said to a slip."""

SIDES = {"high": N_("high"), "low": N_("low")}
"""On which side of the right value a number lies."""

UNITS = {
    "share": N_("A share"),
    "distance": N_("A distance"),
    "score": N_("A score"),
    "count": N_("A count"),
}
"""How a right value is called; only a share can be given in percent."""

NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d)\.?)(?:[eE][-+]?\d+)?"
_FRACTION = re.compile(rf"\s*({NUMBER})\s*/\s*({NUMBER})\s*")
_ANYWHERE = re.compile(rf"(?<![\w.])({NUMBER})")
_DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,(?:\d{1,2}|\d{4,})\s*%?\s*")
CLOSE = 0.005
"""Share by which a slip may differ from what it is recognised by."""


def number_in(text: str) -> float | None:
    """The first number that a text holds, or the fraction that it is.

    Examples
    --------
    >>> number_in("1,920"), number_in("4,400/455,061") == 4400 / 455061, number_in("about 15")
    (1920.0, True, 15.0)
    >>> number_in("0.0097 [0.0067, 0.0140]"), number_in("2x"), number_in("0,5"), number_in("twice")
    (0.0097, 2.0, 0.5, None)
    """
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    whole = _FRACTION.fullmatch(text)
    if whole and _plain(whole[2]):
        return _plain(whole[1]) / _plain(whole[2])
    found = next((m[1] for m in _ANYWHERE.finditer(text) if m[1]), None)
    return None if found is None else _plain(found)


def _plain(digits: str) -> float:
    return float(digits.replace(",", ""))


def is_code(text: str) -> bool:
    """Whether a text is something that Python could work out, such as ``len(table)``.

    Examples
    --------
    >>> is_code("len(faces.images)"), is_code("1,920"), is_code("nobody")
    (True, False, False)
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    nodes = list(ast.walk(tree))
    worked_out = any(isinstance(n, ast.Call | ast.Attribute | ast.Subscript) for n in nodes)
    return worked_out and any(isinstance(n, ast.Name) for n in nodes)


def with_commas(answer: Any, right: float = 0.0) -> tuple[str, float] | None:
    """The number that was meant by one with commas, which Python made into several.

    Parameters
    ----------
    answer
        What Python made of it.
    right
        The right value: below 0, a 0 in front was written -0, of which Python keeps no minus.

    Returns
    -------
    slip
        A key of :data:`SLIPS` and the number; None for any other answer.

    Examples
    --------
    >>> with_commas((1, 920)), with_commas((0, 41)), with_commas((50, 0)), with_commas((0.1, 0.2))
    (('thousands', 1920.0), ('decimal', 0.41), ('either', 50000.0), None)
    >>> with_commas((0, 4), -0.38), with_commas((-1, 5), -0.38)
    (('decimal minus', -0.4), ('decimal', -1.5))
    """
    whole = isinstance(answer, tuple) and all(type(a) is int for a in answer)
    if not whole or len(answer) < 2:
        return None
    first, *rest = answer
    if first != 0 and all(100 <= r <= 999 or r == 0 for r in rest):
        thousands = float("".join([str(first), *(f"{r:03}" for r in rest)]))
        return "either" if rest == [0] else "thousands", thousands
    if len(rest) > 1 or rest[0] < 0:
        return None
    number = float(f"{first}.{rest[0]}")
    return ("decimal minus", -number) if first == 0 and right < 0 else ("decimal", number)


def is_fraction(answer: Any) -> bool:
    """Whether an answer is what Python makes of a fraction whose parts have commas.

    Of `2,738 / 457,920` it makes 2, then 738 / 457, then 920: whole numbers below 1000, one broken.

    Examples
    --------
    >>> is_fraction((2, 738 / 457, 920)), is_fraction((738 / 457, 920)), is_fraction((2, 738))
    (True, True, False)
    >>> is_fraction((0.1, 0.2)), is_fraction((1, 2.5, 30)), is_fraction([2, 738 / 457, 920])
    (False, False, False)
    """
    if not isinstance(answer, tuple) or len(answer) < 2:
        return False
    broken = [n for n, a in enumerate(answer) if type(a) is float]
    if len(broken) != 1 or not all(type(a) in (int, float) for a in answer):
        return False
    groups = answer[1 : broken[0]] + answer[broken[0] + 1 :]
    first = answer[0] if broken[0] else 1
    return 0 < abs(first) < 1000 and all(100 <= g <= 999 or g == 0 for g in groups)


def meant(answer: Any, right: float = 0.0) -> tuple[str, float] | None:
    """The number behind an answer that is text or has commas, and the slip's name.

    Examples
    --------
    >>> meant("0.25"), meant((1, 920)), meant("nobody"), meant(0.25)
    (('quotes', 0.25), ('thousands', 1920.0), None, None)
    """
    if not isinstance(answer, str):
        return with_commas(answer, right)
    number = None if is_code(answer) else number_in(answer)
    return None if number is None else ("quotes", number)


def written(number: float) -> str:
    """A number as one would type it: all digits of a whole one, else six.

    Examples
    --------
    >>> written(1920.0), written(0.25), written(4400 / 455061)
    ('1920', '0.25', '0.00966903')
    """
    return f"{number:.0f}" if number == int(number) else f"{number:.6g}"


# --- numbers --------------------------------------------------------------------------------------


def rounded(value: Any, answer: Any, digits: int) -> bool:
    """Whether an answer is a value rounded to the digits it shows, and shows enough of them.

    Of several numbers all must be so rounded, and one of them must show enough digits: whoever
    rounds two ends to two decimals keeps fewer of the smaller one.

    Examples
    --------
    >>> rounded(0.1449, 0.14, 2), rounded(0.1449, 0.1, 2), rounded(0.1449, 0.1442, 2)
    (True, False, False)
    >>> rounded((0.0749, 0.2084), (0.07, 0.21), 2)
    True
    """
    pairs = list(zip(np.ravel(value), np.ravel(answer), strict=True))
    if not pairs or not np.isfinite(np.asarray(pairs, float)).all():
        return False
    shown = [_shows(float(a)) for _v, a in pairs]
    same = [round(float(v), places) == float(a) for (v, a), (_n, places) in zip(pairs, shown)]
    if any(v and not a for v, a in pairs):  # nothing is left of what is rounded to 0
        return False
    return all(same) and max(n for n, _places in shown) >= digits


def _shows(number: float) -> tuple[int, int]:
    """How many significant digits a number is written with, and after which decimal it ends."""
    from decimal import Decimal

    written = Decimal(repr(number)).normalize().as_tuple()
    return len(written.digits), -int(written.exponent)


def within(value: Any, answer: Any, digits: int) -> bool:
    """Whether an answer is within half a unit of the last of some digits of a value.

    Examples
    --------
    >>> within(0.1449, 0.144, 2), within(0.1449, 0.138, 2), within(0.0, 0.0, 2)
    (True, False, True)
    """
    values, answers = np.asarray(value, float), np.asarray(answer, float)
    with np.errstate(all="ignore"):
        unit = 10.0 ** (np.floor(np.log10(np.abs(values))) - digits + 1)
    return bool(np.all((np.abs(answers - values) <= unit / 2) | (answers == values)))


def alike(value: Any, answer: Any) -> bool:
    """Whether an answer is a value but for rounding.

    Examples
    --------
    >>> alike(34.0625, 34.06), alike(34.0625, 34), alike(34.0625, 33)
    (True, True, False)
    """
    return rounded(value, answer, 2) or bool(np.allclose(answer, value, rtol=CLOSE, atol=0))


def of_number(
    right: float, given: float, unit: str, parts: Sequence[Callable[[], Any]], exact: bool
) -> str:
    """The slip that leads from a right number to a wrong one: a key of :data:`SLIPS`, or nothing.

    Parameters
    ----------
    right, given
        The right value and the answer.
    unit
        A key of :data:`UNITS`.
    parts
        Compute what stands above and below the line, where the right value is a fraction.
    exact
        Whether a whole number is asked for.

    Examples
    --------
    >>> of_number(0.25, 25, "share", (), False), of_number(0.25, 4, "share", (), False)
    ('percent', 'upside down')
    >>> of_number(1190.3, 1.19, "count", (), False)
    'thousandth'
    """
    for key, part in zip(("above", "below"), parts, strict=False):
        if alike(part(), given):
            return key
    share = unit == "share" and 0 < abs(right) <= 1
    if right and alike(100 * right, given):
        return "percent" if share else "" if unit == "share" else "no percent"
    if right and not share and unit == "share" and alike(right / 100, given):
        return "share"
    if right and unit != "share" and alike(right / 1000, given):
        return "thousandth"
    if right and alike(-right, given):
        return "sign"
    if right and unit == "share" and abs(right) != 1 and alike(1 / right, given):
        return "upside down"
    if share and not exact and given > 1:
        return "above one" if given <= 100 else "many times one"
    return "one off" if exact and abs(given - right) == 1 else ""


def of_numbers(right: Any, given: Any) -> str:
    """The slip that leads from right numbers to wrong ones: a key of :data:`SLIPS`, or nothing.

    Examples
    --------
    >>> of_numbers((0.1, 0.2), np.array([0.2, 0.1])), of_numbers((0.1, 0.2), np.array([10, 20]))
    ('swapped', 'parts percent')
    """
    values = np.asarray(right, float)
    if values.shape == (2,) and alike(values[::-1], given):
        return "swapped"
    shares = bool((np.abs(values) <= 1).all())
    return "parts percent" if shares and alike(100 * values, given) else ""


def sentence(
    key: str, unit: str = "share", number: float = 0.0, count: int = 0, right: float = 0.0
) -> str:
    """What is said to a slip.

    Examples
    --------
    >>> sentence("thousands", number=1920.0, count=2)
    'Write no commas in numbers: Python takes this as 2 numbers. You mean 1920.'
    """
    side = _(SIDES["high" if number > right else "low"])
    return _(SLIPS[key]).format(
        unit=_(UNITS[unit]),
        number=written(number),
        other=f"{number / 1000:.1f}",
        percent=written(100 * number),
        count=count,
        side=side,
    )
