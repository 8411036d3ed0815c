"""Summaries of spread: worked cases, what is undefined, and what they do not know."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.measure import summaries


def test_worked_cases_of_the_summaries():
    assert f"{summaries.fdr([1e-5, 5e-4], [0.02] * 2):.6f}" == "0.999755"
    assert f"{summaries.fdr([0.04, 0.06], [0.02] * 2):.5f}" == "0.99000"
    assert round(summaries.fdr([1e-5, 5e-4], [0.002, 0.006]), 4) == 0.9978
    assert round(summaries.inequity_rate([1e-5, 5e-4], [0.002, 0.006]), 1) == 12.2
    fmrs, fnmrs = [0.04, 0.05, 0.05, 0.06], [0.10, 0.11, 0.12, 0.13]
    assert round(summaries.fdr(fmrs, fnmrs), 4) == 0.9750
    assert round(summaries.inequity_rate(fmrs, fnmrs), 2) == 1.40
    assert round(summaries.garbe(fmrs, fnmrs), 3) == 0.086
    # One error decides: the FMR term is as unfair as can be.
    assert summaries.garbe([0, 0, 0, 1e-4], [0.02] * 4, alpha=1) == 1
    assert summaries.garbe([0, 0, 0, 1e-4], [0.02] * 4) == 0.5


@pytest.mark.parametrize(
    ("groups", "geomean", "gini"),
    [(2, 3.2, 0.82), (4, 5.6, 0.69), (6, 6.8, 0.60), (8, 7.5, 0.53)],
)
def test_summaries_depend_on_the_number_of_groups(groups, geomean, gini):
    tenfold = [0.01] * (groups - 1) + [0.1]
    assert round(summaries.max_geomean(tenfold), 1) == geomean
    assert summaries.gini(tenfold) == pytest.approx(gini, abs=0.006)
    assert summaries.max_min(tenfold) == pytest.approx(10)


def test_undefined_is_not_equal():
    assert summaries.max_min([0, 0.1]) == summaries.max_geomean([0, 0.1]) == math.inf
    nothing = [0.0, 0.0]
    for value in (
        summaries.max_min(nothing),
        summaries.max_geomean(nothing),
        summaries.gini(nothing),
        summaries.garbe(nothing, [0.1, 0.2]),
        summaries.garbe([0.1, 0.2], nothing),
        summaries.inequity_rate([0, 0.1], [0.1, 0.2]),
    ):
        assert math.isnan(value)
    assert summaries.garbe(nothing, [0.1, 0.1], alpha=0) == 0  # a term that does not count
    assert summaries.inequity_rate(nothing, [0.1, 0.2], alpha=0) == 2


def test_summaries_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="at least two groups"):
        summaries.max_min([0.1])
    with pytest.raises(ValueError, match=r"rate of -0\.1 is below 0"):
        summaries.gini([0.1, -0.1])
    with pytest.raises(ValueError, match=r"alpha 1\.5 is no weight"):
        summaries.garbe([0.1, 0.2], [0.1, 0.2], alpha=1.5)


@given(
    st.lists(st.floats(1e-6, 1), min_size=2, max_size=8),
    st.floats(0.01, 100),
    st.randoms(use_true_random=False),
)
@settings(max_examples=100, deadline=None)
def test_summaries_know_neither_order_nor_unit(x, unit, random):
    shuffled = [v * unit for v in x]
    random.shuffle(shuffled)
    for summary in (summaries.max_min, summaries.max_geomean, summaries.gini):
        assert summary(shuffled) == pytest.approx(summary(x), rel=1e-6, abs=1e-9)
        assert summary([x, x]).tolist() == pytest.approx([summary(x)] * 2)
    assert summaries.max_min(x) >= summaries.max_geomean(x) - 1e-9 >= 1 - 2e-9
    assert 0 <= summaries.gini(x) <= 1 + 1e-9
    assert summaries.fdr(x, x) <= 1
    assert summaries.inequity_rate(x, x) == pytest.approx(summaries.max_min(x))


def test_holm_by_hand():
    p = [0.01, 0.02, 0.03, 0.2]
    assert summaries.holm(p).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.2])
    assert summaries.holm([0.6, 0.9]).tolist() == [1, 1]
    assert summaries.holm([0.9, math.nan, 0.02])[2] == pytest.approx(0.04)
    assert summaries.holm([]).size == 0
