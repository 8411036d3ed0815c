"""Dates as far as they are known."""

from __future__ import annotations

import pytest

from labkit.base.dates import as_number, in_words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2018-05-22", "22 May 2018"),
        ("2018-05-02", "2 May 2018"),
        ("2018-12", "December 2018"),
        ("2020-02-29", "29 February 2020"),
        ("2018", "2018"),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(date, words):
    assert in_words(date) == words


@pytest.mark.parametrize(
    "date", ["", "soon", "2018-13", "2019-02-29", "2018-00-00-x", "22 May 2018"]
)
def test_what_is_no_date_is_refused(date):
    for use in (in_words, as_number):
        with pytest.raises(ValueError, match="is no date: write it like 2018-05-22"):
            use(date)


def test_numbers_follow_the_calendar():
    days = ["2018-01-01", "2018-01-02", "2018-06", "2018", "2018-07-04", "2018-12-31", "2019-01-01"]
    numbers = [as_number(d) for d in days]
    assert numbers == sorted(numbers) and len(set(numbers)) == len(days)
    assert numbers[0] == 2018 and numbers[-1] == 2019 and numbers[3] == 2018.5
    assert as_number("2018-06") == as_number("2018-06-15"), "the middle of a month"
