"""Dates as sources give them: a day, a month or only a year.

In: ``"2018-05-22"``, ``"2018-05"`` or ``"2018"``.  Out: the date in words, or as a number to draw.
"""

from __future__ import annotations

import datetime

from labkit.base.words import N_, _

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def _parts(date: str) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not known."""
    try:
        year, month, day = ([int(p) for p in date.split("-")] + [0, 0])[:3]
        datetime.date(year, month or 1, day or 1)  # a 30th of February is none
    except ValueError:
        sentence = _("{date!r} is no date: write it like 2018-05-22, 2018-05 or 2018")
        raise ValueError(sentence.format(date=date)) from None
    return year, month, day


def in_words(date: str) -> str:
    """A date as far as it is known, in words.

    Parameters
    ----------
    date
        Year, month and day with hyphens between; month and day may be missing.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> in_words("2018-05-22"), in_words("2018-05"), in_words("2018")
    ('22 May 2018', 'May 2018', '2018')
    """
    year, month, day = _parts(date)
    if not month:
        return str(year)
    name = _(MONTHS[month - 1])
    if not day:
        return _("{month} {year}").format(month=name, year=year)
    return _("{day} {month} {year}").format(day=day, month=name, year=year)


def as_number(date: str) -> float:
    """A date as years and a share of a year; the middle of the month or year when no more is known.

    Parameters
    ----------
    date
        As for :func:`in_words`.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> as_number("2018"), as_number("2018-01-01"), round(as_number("2018-07"), 2)
    (2018.5, 2018.0, 2018.53)
    """
    year, month, day = _parts(date)
    if not month:
        return year + 0.5
    return year + (datetime.date(year, month, day or 15).timetuple().tm_yday - 1) / 366
