"""Thresholds: who takes part in the mean that sets them, and what they are worth on others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from labkit.measure import intervals, rates
from labkit.measure.counts import SquareCounts
from labkit.measure.scores import AllPairs, all_pairs
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN, choose_threshold, true_fmr


def town(people: int, seed: int = 1, images: int = 3) -> AllPairs:
    rng, who = np.random.default_rng(seed), np.repeat(np.arange(people), images)
    own = rng.normal(size=(people, 6)) * rng.gamma(8, 1 / 8, size=(people, 1))
    return all_pairs(own[who] + 0.4 * rng.normal(size=(len(who), 6)), who)


@pytest.fixture(scope="module")
def pairs() -> AllPairs:
    return town(246)


def of(pairs: AllPairs, *cuts: int) -> np.ndarray:
    """Groups a, b, c, ... of people up to each cut."""
    return np.array(list("abcdefgh"))[np.searchsorted(cuts, pairs.people, "right")]


def test_rare_labels_do_not_loosen_a_threshold(pairs):
    """Six people as one, two or three groups of their own: the same threshold.

    With full weight, and no false match among them, they let everybody else's rate rise.
    """
    two = of(pairs, 120)
    without = choose_threshold(
        pairs.select(pairs.people < 240), 0.01, cells=two[pairs.people < 240]
    )
    for cuts in ((120, 240), (120, 240, 243), (120, 240, 242, 244)):
        chosen = choose_threshold(pairs, 0.01, cells=of(pairs, *cuts))
        assert chosen.value == without.value
        assert chosen.mean_within == without.mean_within
        assert chosen.left_out == tuple("cde"[: len(cuts) - 1])
        assert f"too few people to take part: {', '.join(chosen.left_out)}" in chosen.words
    # What it would be if they counted: looser, the more so the more groups they are.
    cells = [pairs.select(of(pairs, 120, 240, 242, 244) == g).impostor for g in "abcde"]
    assert rates.threshold_at_mean_fmr(cells, 0.01) < without.value


@pytest.mark.parametrize(("people", "enough"), [(30, True), (29, False)])
def test_thirty_people_take_part(people, enough):
    pairs = town(120 + people, 2)
    chosen = choose_threshold(pairs, 0.02, cells=of(pairs, 120))
    assert (chosen.left_out == ()) is enough
    assert ENOUGH_PEOPLE_FOR_A_MEAN == 30
    assert ("mean of 2" in chosen.words) is enough


def test_nobody_said_is_no_group(pairs):
    labels = of(pairs, 120).astype(object)
    for nothing in (None, math.nan, "", "unknown", "N/A"):
        some = labels.copy()
        some[pairs.people >= 200] = nothing
        chosen = choose_threshold(pairs, 0.01, cells=some)
        known = pairs.people < 200
        alone = choose_threshold(pairs.select(known), 0.01, cells=labels[known])
        assert (chosen.value, chosen.mean_within) == (alone.value, alone.mean_within)
        assert chosen.missing == 3 * 46 and "138 images without a group left out" in chosen.words
    assert choose_threshold(pairs, 0.01, cells=labels).missing == 0


def test_a_group_whose_every_face_failed_is_named_and_stops_nothing():
    rng, who = np.random.default_rng(3), np.repeat(np.arange(180), 3)
    faces = rng.normal(size=(180, 6))[who] + 0.4 * rng.normal(size=(540, 6))
    faces[who >= 120] = math.nan
    group = np.array(["a", "b", "lost"])[who // 60]
    chosen = choose_threshold(all_pairs(faces, who), 0.02, cells=group)
    assert chosen.left_out == ("lost",)


def test_no_group_with_people_enough_is_one_sentence():
    pairs = town(80, 4)
    with pytest.raises(ValueError, match=r"no group has 30 people with a usable face \(a, b, c, d"):
        choose_threshold(pairs, 0.02, cells=of(pairs, 20, 40, 60))


# ---- what it is worth on other people -----------------------------------------------------------


def test_the_true_rate_of_a_threshold_is_that_of_fmr_at_it(pairs):
    chosen = choose_threshold(pairs, 0.01)
    there = intervals.fmr_interval(*pairs.pair_counts(chosen.value)[:2])
    assert (chosen.true.low, chosen.true.high) == pytest.approx((there.low, there.high))
    assert f"its FMR is likely {there.low:.2g} to {there.high:.2g}" in chosen.words
    assert chosen.true.low < 0.01 < chosen.true.high


def test_the_true_mean_of_cells_by_hand():
    rng = np.random.default_rng(5)
    cells = []
    for k, rate in ((40, 0.01), (70, 0.03)):
        n = 16.0 * (1 - np.eye(k))
        f = np.triu(rng.binomial(16, rate * np.outer(*[rng.gamma(2.0, 0.5, k)] * 2)), 1).astype(
            float
        )
        cells.append(SquareCounts(f + f.T, n))
    found = true_fmr(cells)
    values = [c.errors.sum() / c.trials.sum() for c in cells]
    assert found.value == pytest.approx(np.mean(values))
    moves = []  # of the logarithm of the mean, one person of one cell left out at a time
    for a, cell in enumerate(cells):
        k, means = len(cell.errors), []
        for person in range(k):
            keep = np.ix_(np.arange(k) != person, np.arange(k) != person)
            log = math.log(cell.errors[keep].sum() / cell.trials[keep].sum())
            means.append(log)
        own = (np.mean(means) - means) * math.sqrt((k - 1) / k)
        moves.append(own * values[a] / sum(values))
    m = np.concatenate(moves)
    reach = stats.t.ppf(0.975, (m**2).sum() ** 2 / (m**4).sum()) * math.sqrt((m**2).sum())
    assert found.high == pytest.approx(found.value * math.exp(reach))
    assert found.low == pytest.approx(found.value * math.exp(-reach))
    assert found.people == 110


def test_few_people_cannot_say_what_a_threshold_is_worth():
    few = true_fmr([SquareCounts(np.ones((59, 59)) - np.eye(59), 9 * (1 - np.eye(59)))])
    assert few.words == "59 people: too few to say what it is among others"
    same = true_fmr([SquareCounts(np.ones((60, 60)) - np.eye(60), 9 * (1 - np.eye(60)))])
    assert same.words == "every person has the same share of false matches"
    none = true_fmr([SquareCounts(np.zeros((60, 60)), 9 * (1 - np.eye(60)))])
    assert none.words and none.value == 0
    assert "likely" not in choose_threshold(town(50, 6), 0.05).words
