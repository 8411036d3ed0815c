"""How often intervals hold the truth, on draws of people whose town is known."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.measure import redraws
from labkit.measure.faces import compare_faces
from labkit.measure.intervals import fmr_interval, wilson
from labkit.measure.rates import threshold_at_fmr


@pytest.fixture(scope="module")
def dev():
    return compare_faces(data.load("anytown/dev"))


def at(dev, rate):
    return dev.pair_counts(threshold_at_fmr(dev.impostor, rate))[:2]


def test_counting_comparisons_promises_too_much_at_1e_2_and_the_fault_fades(dev):
    often = redraws.coverage(*at(dev, 1e-2), size=80, draws=150)
    rare = redraws.coverage(*at(dev, 1e-5), size=80, draws=150)
    assert often["held, by comparisons"] < 0.5
    assert often["held, by people"] > 0.88 and often["too few for an interval by people"] == 0
    assert rare["held, by comparisons"] > 0.75 and rare["too few for an interval by people"] > 0.9
    assert np.isnan(rare["held, by people"]), "too few intervals to judge"


def test_shares_are_those_of_the_draws_made_by_hand(dev):
    false, compared = at(dev, 1e-2)
    found = redraws.coverage(false, compared, size=60, draws=40, seed=9)
    rng = np.random.default_rng(np.random.SeedSequence([9, 60]))
    town, pair, person = false.sum() / compared.sum(), [], []
    for _ in range(40):
        drawn = rng.choice(480, 60, replace=False)
        f, n = (c[np.ix_(drawn, drawn)] for c in (false, compared))
        one, other = wilson(f.sum() // 2, n.sum() // 2), fmr_interval(f, n)
        pair.append(one.low <= town <= one.high)
        person += [other.low <= town <= other.high] * (not other.words)
    assert found["held, by comparisons"] == np.mean(pair)
    assert found["held, by people"] == np.mean(person)
    assert found["too few for an interval by people"] == 1 - len(person) / 40


def test_comparisons_that_share_nobody_are_counted_rightly():
    # Errors that fall on pairs of people by lot, one comparison each: a pair is an observation.
    rng, held = np.random.default_rng(0), []
    for _ in range(4):
        lot = np.triu(rng.random((200, 200)) < 0.05, 1).astype(float)
        found = redraws.coverage(lot + lot.T, 1 - np.eye(200), size=100, draws=100)
        held.append(found["held, by comparisons"])
    assert np.mean(held) > 0.9


@pytest.mark.parametrize(("draws", "known"), [(29, False), (30, True)])
def test_a_share_of_few_intervals_is_not_given(dev, draws, known):
    found = redraws.coverage(*at(dev, 1e-2), size=80, draws=draws)
    assert found["too few for an interval by people"] == 0
    assert np.isfinite(found["held, by people"]) == known


@pytest.mark.parametrize(("size", "draws"), [(1, 10), (7, 10), (3, 0)])
def test_draws_that_cannot_be_made_are_refused(size, draws):
    with pytest.raises(ValueError, match=f"{draws} draws of {size} people cannot be made from 6"):
        redraws.coverage(np.zeros((6, 6)), 1 - np.eye(6), size, draws)
