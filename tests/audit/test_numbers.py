"""Numbers for reading."""

from __future__ import annotations

import math

from labkit.audit import numbers


def test_words_of_numbers():
    assert numbers.digits(0.0109831) == "0.0110" and numbers.digits(0.09999) == "0.100"
    assert numbers.digits(math.nan) == "–" and numbers.digits(math.inf) == "no limit"
    assert numbers.digits(0) == "0" and numbers.digits(1) == numbers.digits(1.0) == "1.00"
    assert numbers.tick(1e-5) == "0.00001" and numbers.tick(0.1) == "0.1"
    assert numbers.count(5472.2) == "5,472" and numbers.count(5.472) == "5.47"
    assert numbers.percent(1 - 1e-9) == "above 99.9%" and numbers.percent(0) == "none"
