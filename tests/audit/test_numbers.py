"""Numbers for reading."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from labkit.audit import numbers
from labkit.measure.rates import shortest_threshold


def test_words_of_numbers():
    assert numbers.digits(0.0109831) == "0.0110" and numbers.digits(0.09999) == "0.100"
    assert numbers.digits(math.nan) == "–" and numbers.digits(math.inf) == "no limit"
    assert numbers.digits(0) == "0" and numbers.digits(1) == numbers.digits(1.0) == "1.00"
    assert numbers.tick(1e-5) == "0.00001" and numbers.tick(0.1) == "0.1"
    assert numbers.count(5472.2) == "5,472" and numbers.count(5.472) == "5.47"
    assert numbers.percent(1 - 1e-9) == "above 99.9%" and numbers.percent(0) == "none"


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_short_threshold_counts_the_same(kind):
    """Of all thresholds between two neighbouring scores, one with few digits; never another."""
    rng = np.random.default_rng(0)
    for digits in (2, 4, 7, 9):
        scores = np.unique(rng.normal(size=400).round(digits).astype(kind))
        for place in (0, 1, 57, len(scores) - 1):
            t = float(scores[place])
            around = numbers.ends_around(t, scores)
            assert around == (float(scores[place - 1]) if place else -math.inf, t)
            found = float(shortest_threshold(t, *around))
            assert np.array_equal(scores >= kind(found), scores >= kind(t))
            assert len(repr(found)) <= max(len(repr(t)), digits + 4)


def test_nothing_is_said_of_no_score_as_of_another():
    """Scores next to 1 and scores that differ late keep the digits that tell them apart."""
    assert numbers.score(0.999999999987) == "0.999999999987"
    assert numbers.score(0.619999999) == "0.619999999"
    assert numbers.score(np.float32(0.6706)) == "0.6706"


def test_what_json_cannot_keep_is_null():
    found = numbers.plain({"a": [math.nan, math.inf, np.float32(0.1), np.True_, 3], "b": None})
    assert found == {"a": [None, None, 0.1, True, 3], "b": None}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_rates_of_one_sentence_have_one_unit():
    """ "1 in 25 to 10 in 100" made readers convert."""
    assert numbers.in_one_unit(0.062, 0.04, 0.101) == ["6.2 in 100", "4 in 100", "10 in 100"]
    assert numbers.in_one_unit(0.01, math.nan) == ["1 in 100", "–"]
    assert numbers.in_one_unit(0.2, 0.0, math.nan) == ["20 in 100", "none", "–"]


def test_a_ratio_that_is_not_one_does_not_read_as_one():
    """ "1.0 times (95% interval 1.0 to 1.0)" was called shown."""
    assert numbers.apart([1.013, 1.004, 1.022]) == ["1.013", "1.004", "1.022"]
    assert numbers.apart([1.0131, 1.00004, 1.03], numbers.digits) == [
        "1.01310",
        "1.00004",
        "1.03000",
    ]
    assert numbers.apart([10.0, 2.0, 100.0]) == ["10", "2.0", "100"]
    assert numbers.apart([1.0, 0.5, 2.0]) == ["1.0", "0.50", "2.0"]
