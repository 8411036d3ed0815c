"""A threshold in few digits decides every comparison as the threshold itself does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.measure.rates import shortest_threshold, threshold_text

number = st.floats(-1e9, 1e9, allow_nan=False) | st.floats(-1e-7, 1e-7)


@given(st.lists(number, min_size=2, max_size=20, unique=True), st.sampled_from(["f4", "f8"]))
@settings(max_examples=200, deadline=None)
def test_a_printed_threshold_reproduces_the_counts(scores, kind):
    """Four digits of a threshold gave other counts than the threshold; a text must not."""
    s = np.unique(np.array(scores).astype(kind))
    for score in s[:-1]:
        t = np.nextafter(score, s.dtype.type(np.inf))
        said = threshold_text(float(t), s)
        assert ((s >= s.dtype.type(said)) == (s >= t)).all()
        assert ((s >= float(said)) == (s >= t)).all()


def test_it_is_as_short_as_it_can_be():
    assert threshold_text(0.6200000001, [0.619999999, 0.7], [0.1]) == "0.62"
    assert shortest_threshold(-0.123456, -0.1235, -0.1234) == "-0.1234"
    assert shortest_threshold(-0.123456, -0.1235, -0.12341) == "-0.12346"
    assert shortest_threshold(0.3456789, 0.34567885, 0.34567895) == "0.3456789"
    assert shortest_threshold(5.25, 1, math.inf) == "5.25"
    assert shortest_threshold(1e-12, 0, 1) == "1e-12"
    assert threshold_text(-math.inf, [1.0]) == "-inf"
    assert float(threshold_text(math.inf, [1.0])) == math.inf


def test_a_threshold_elsewhere_is_refused():
    for below in (0.5, math.nan):
        with pytest.raises(ValueError, match=r"threshold 0\.5 is not above"):
            shortest_threshold(0.5, below, 0.6)
