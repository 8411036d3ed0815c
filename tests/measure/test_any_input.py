"""Rates of any scores: what is not finite is refused alike, no two different scores become one."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from labkit.measure import areas, rates
from labkit.measure.scores import Comparisons, all_pairs

# How each public rate is asked, given scores (twice as many as people) and a threshold.  A new
# function of labkit.measure.rates must be listed here, or among those that take no scores.
OF_SCORES: dict[str, Callable[[Any, float], Any]] = {
    "fmr": lambda s, t: rates.fmr(s, t),
    "fnmr": lambda s, t: rates.fnmr(s, t),
    "false_rejection": lambda s, t: rates.false_rejection(s, t, planned=99),
    "auc": lambda s, t: (rates.auc(s, [0.5]), rates.auc([0.5], s)),
    "tar_at_fmr": lambda s, t: (rates.tar_at_fmr([0.5], s, 0), rates.tar_at_fmr(s, [0.5], 0)),
    "threshold_at_fmr": lambda s, t: rates.threshold_at_fmr(s, 0.1),
    "threshold_at_mean_fmr": lambda s, t: rates.threshold_at_mean_fmr([[0.5], s], 0.1),
    "curve": lambda s, t: (rates.curve(s, [0.5]), rates.curve([0.5], s)),
    "threshold_text": lambda s, t: rates.threshold_text(0.5, s),
    "finite": lambda s, t: rates.finite(s),
}
NO_SCORES = {"allowed_false_matches", "shortest_threshold", "curve_of", "as_score"}
WITH_A_THRESHOLD = ("fmr", "fnmr", "false_rejection")


def public(module: Any) -> set[str]:
    return {
        name
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and name[0] != "_"
    }


def test_every_rate_is_listed() -> None:
    assert public(rates) == set(OF_SCORES) | NO_SCORES


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, None])
@pytest.mark.parametrize("name", OF_SCORES)
def test_a_score_that_is_not_finite_is_refused_in_the_same_sentence(name: str, wrong: Any) -> None:
    """Finding C: NaN was counted as no match, infinity as one; the AUC of [nan, .9] was 1."""
    with pytest.raises(ValueError, match=r"some scores are not finite numbers \(1 of 3\): count"):
        OF_SCORES[name]([0.9, wrong, 0.1], 0.5)
    if wrong is not None:
        single = np.array([0.9, wrong, 0.1], np.float32)
        with pytest.raises(ValueError, match=r"some scores are not finite numbers \(1 of 3\)"):
            OF_SCORES[name](single, 0.5)
    OF_SCORES[name]([0.9, 0.5, 0.1], 0.5)


@pytest.mark.parametrize(
    "call",
    [
        lambda s: rates.auc([0.5], s),
        lambda s: rates.tar_at_fmr(s, [0.5], 0),
        lambda s: rates.curve([0.5], s),
    ],
)
def test_the_other_side_is_looked_at_too(call: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="some scores are not finite numbers"):
        call([0.9, math.nan, 0.1])


@pytest.mark.parametrize("name", WITH_A_THRESHOLD)
def test_a_threshold_that_is_not_a_number_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="the threshold is not a number"):
        OF_SCORES[name]([0.5], math.nan)
    with pytest.raises(ValueError, match="the threshold is not a number"):
        rates.curve([0.5], [0.1]).at(math.nan)
    OF_SCORES[name]([0.5], math.inf), OF_SCORES[name](np.float32([0.5]), 1e300)


def test_the_area_of_a_list_with_nan_is_refused_too() -> None:
    c = Comparisons(np.array([0.1, math.nan]), np.array([1, 1]), np.array([1, 2]))
    with pytest.raises(ValueError, match="some scores are not finite numbers"):
        areas.auc_interval(c)


@pytest.mark.parametrize("name", OF_SCORES)
def test_what_is_no_number_is_refused(name: str) -> None:
    for wrong in (["0.5"], [object()], [1j]):
        with pytest.raises(ValueError, match=r"scores of type .*: give numbers"):
            OF_SCORES[name](wrong, 0.5)
    with pytest.raises(ValueError, match=r"beyond 2\*\*53"):
        OF_SCORES[name]([2**53 + 1, 2**53], 0.5)


# ---- no two scores become one -------------------------------------------------------------------


def test_scores_just_below_a_threshold_do_not_match() -> None:
    """Finding A: .619999999 was read as .62 in float32, and 7,079 of 7,080 impostors matched."""
    impostor = np.full(7080, 0.619999999)
    assert rates.fmr(impostor, 0.62) == 0
    assert rates.fnmr(impostor, 0.62) == 1
    assert rates.false_rejection(impostor, 0.62, 7080) == 1
    assert rates.threshold_at_fmr(impostor, 0) == np.nextafter(0.619999999, 1)
    assert rates.curve([0.62], impostor).at(0.62) == (0, 0)
    assert rates.auc([0.62], impostor) == 1
    assert rates.tar_at_fmr([0.62], impostor, 0) == 1
    assert rates.threshold_at_mean_fmr([impostor, impostor], 0) < 0.62


@pytest.mark.parametrize(
    "scores",
    [
        1 / (1 + np.exp(-np.linspace(5, 30, 7140))),  # sigmoid scores near 1
        1000 + np.linspace(0, 1, 7140) / 1000,
        2.0**30 + np.arange(7140),
        1e-300 * np.arange(1, 7141),
    ],
    ids=["sigmoid", "1000 + x/1000", "near 2**30", "tiny"],
)
def test_every_threshold_of_a_list_has_its_own_counts(scores: np.ndarray) -> None:
    """Finding A: float32 left 119 of 7,140 scores, and an FMR of .26 where it was .005."""
    given = np.unique(scores)
    impostor, genuine = given[::2], given[1::2]
    c = rates.curve(genuine, impostor)
    assert c.thresholds.size == given.size + 1 and c.thresholds.dtype == np.float64
    truth = np.r_[np.ones(genuine.size), np.zeros(impostor.size)]
    everything = np.r_[genuine, impostor]
    fpr, tpr, at = roc_curve(truth, everything, drop_intermediate=False)
    assert (c.thresholds[:-1][::-1] == at[1:]).all()
    assert c.fmr[::-1] == pytest.approx(fpr, abs=1e-16)
    assert c.fnmr[::-1] == pytest.approx(1 - tpr, abs=2e-16)
    assert rates.auc(genuine, impostor) == pytest.approx(
        roc_auc_score(truth, everything), abs=1e-15
    )
    for k in (0, 35, 700):
        t = rates.threshold_at_fmr(impostor, k / impostor.size)
        assert (impostor >= t).sum() == k == round(rates.fmr(impostor, t) * impostor.size)
        assert t == c.threshold_at_fmr(k / impostor.size)
        assert t == rates.threshold_at_mean_fmr([impostor], k / impostor.size)


def test_a_table_stays_in_float32_and_lists_beside_it_do_not() -> None:
    rng = np.random.default_rng(0)
    pairs = all_pairs(rng.normal(size=(60, 4)), np.repeat(np.arange(20), 3))
    assert pairs.impostor.dtype == rates.curve_of(pairs).thresholds.dtype == np.float32
    t = rates.threshold_at_fmr(pairs.impostor, 0.1)
    assert t == np.float32(t) and rates.curve([], pairs.impostor).threshold_at_fmr(0.1) == t
    mixed = rates.curve([-1 / 3], pairs.impostor)
    assert mixed.thresholds.dtype == np.float64 and -1 / 3 in mixed.thresholds
    assert rates.finite([], np.zeros(2, np.float32))[1].dtype == np.float32


# ---- the equal error rate -----------------------------------------------------------------------


def test_the_equal_error_rate_is_where_the_curves_cross() -> None:
    """Finding G: .625 one way round and .375 the other, where the curves cross at .5."""
    genuine, impostor = [1, 1, 1, 2], [1, 2, 2, 2]
    assert (
        rates.curve(genuine, impostor).eer()
        == rates.curve([-s for s in impostor], [-s for s in genuine]).eer()
    )
    assert rates.curve([0, 1], [0, 1]).eer() == 0.5
    assert rates.curve([2, 3], [0, 1]).eer() == 0
    assert rates.curve([0, 1], [2, 3]).eer() == 1


few = st.lists(st.integers(-6, 6), min_size=1, max_size=30)


@given(few, few)
@settings(max_examples=200, deadline=None)
def test_the_equal_error_rate_does_not_depend_on_orientation(genuine, impostor) -> None:
    here = rates.curve(genuine, impostor)
    there = rates.curve([-s for s in impostor], [-s for s in genuine])
    assert here.eer() == there.eer()
    nearest = np.argmin(np.abs(here.fmr - here.fnmr))
    if here.fmr[nearest] == here.fnmr[nearest]:
        assert here.eer() == here.fmr[nearest]
    assert here.fmr.min() <= here.eer() <= here.fmr.max()


# ---- areas --------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.integers(2, 12), st.sampled_from(["euclidean", "cosine"]))
@settings(max_examples=40, deadline=None)
def test_the_area_of_a_table_is_that_of_its_list(seed: int, people: int, measure: str) -> None:
    """The table is counted on its grid, the list sorted: every sum must be the same."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, people, 24)
    e = (1 + rng.normal(size=(24, 3))).round(int(rng.integers(0, 3))) + 0.01
    e[rng.random(24) < 0.2] = np.nan
    e += rng.normal(size=e.shape) * (rng.random() < 0.5)
    pairs = all_pairs(e, who, measure, kept=rng.random(24) < 0.5)
    for part in (pairs, pairs.mated_only("restyled"), pairs.select(who < 5)):
        table, listed = areas.auc_interval(part), areas.auc_interval(part.comparisons())
        assert str(table) == str(listed)
        if listed.people:
            assert (table.people, table.trials) == (listed.people, listed.trials)
            assert table.person_pairs == listed.person_pairs
            ours = (table.value, table.low, table.high)
            assert ours == pytest.approx((listed.value, listed.low, listed.high), nan_ok=True)
            assert table.value == pytest.approx(rates.auc(part.genuine, part.impostor))


def test_scores_beyond_the_grid_of_a_table_are_counted_from_its_list() -> None:
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(12), 3)
    pairs = all_pairs(rng.normal(size=(36, 4)), who, limits=(-3.0, -2.5))
    assert pairs.impostor.min() < -3 and pairs.impostor.max() > -2.5
    assert areas.auc_interval(pairs) == areas.auc_interval(pairs.comparisons())


def test_an_area_takes_little_memory_beside_the_table() -> None:
    """3.9 GB for 8,000 templates, whose table takes 256 MB."""
    import tracemalloc

    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(400), 4)
    pairs = all_pairs(rng.normal(size=(400, 16))[who] + rng.normal(size=(1600, 16)), who)
    areas.auc_interval(pairs.select(who < 9))
    tracemalloc.start()
    areas.auc_interval(pairs)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    counts = 6 * 8 * 2**20  # a few numbers for each point of the grid
    assert peak < counts + 1.5 * pairs.matrix.nbytes < 12 * pairs.matrix.nbytes
