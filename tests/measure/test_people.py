"""Errors by person, errors that cluster, and what more people or more photographs are worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from labkit import data
from labkit.measure import people
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces
from labkit.measure.intervals import cluster_interval, fmr_interval
from labkit.measure.rates import fmr, fnmr, threshold_at_fmr
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import choose_threshold

T = -0.9


@pytest.fixture(scope="module")
def dev():
    return compare_faces(data.load("anytown/dev"))


@pytest.fixture(scope="module")
def t(dev):
    return threshold_at_fmr(dev.impostor, 1e-2)


@pytest.fixture(scope="module")
def counts(dev, t):
    """False matches and comparisons by person at an FMR of 1e-2 on dev."""
    return dev.pair_counts(t)[:2]


def crowd(n=60, each=3, failed=(), seed=0):
    """People at random places, a few photographs each near their place."""
    rng, who = np.random.default_rng(seed), np.repeat(np.arange(n), each)
    rows = rng.normal(size=(n, 4))[who] + 0.3 * rng.normal(size=(len(who), 4))
    rows[list(failed)] = np.nan
    return all_pairs(rows, who)


# ---- by person ----------------------------------------------------------------------------------


def test_misses_by_person_add_up_to_the_rate():
    pairs = crowd(failed=[0, 4, 5])
    table = people.misses_by_person(pairs, T)
    assert table["missed"].sum() / table["made"].sum() == pytest.approx(fnmr(pairs.genuine, T))
    assert table.index.tolist() == list(range(60)) and table.index.name == "person"
    assert table["made"].tolist()[:3] == [1, 0, 3], "one of three failed, two of three, none"


def test_rate_and_error_are_those_of_the_interval_by_people(dev, t):
    table = people.misses_by_person(dev, t)
    rate, error = people.rate_and_error(table["missed"], table["made"])
    found = cluster_interval(table["missed"], table["made"])
    assert rate == pytest.approx(found.value)
    reach = stats.t.ppf(0.975, len(table) - 1) * error / (rate * (1 - rate))  # of the logit
    assert found.high / (1 - found.high) == pytest.approx(rate / (1 - rate) * np.exp(reach))


def test_people_without_a_trial_do_not_count_in_a_standard_error():
    with_nobody = people.rate_and_error([2, 1, 0, 0], [6, 6, 6, 0])
    assert with_nobody == people.rate_and_error([2, 1, 0], [6, 6, 6])
    with pytest.raises(ValueError, match="two people or more: 1 have a trial"):
        people.rate_and_error([1, 0], [6, 0])


def test_who_is_reached_by_false_matches_is_counted_from_the_scores():
    pairs = crowd(failed=[0, 1, 2])  # nobody can be compared with person 0
    found = people.people_reached(pairs, T)
    met = {
        (a, b)
        for i, a in enumerate(pairs.people)
        for j, b in enumerate(pairs.people)
        if a < b and pairs.matrix[i, j] >= np.float32(T)
    }
    assert found == (len(met), 59 * 58 // 2, len({p for pair in met for p in pair}), 59)
    assert people.people_reached(pairs, 0.0) == (0, 59 * 58 // 2, 0, 59)


def test_the_summary_of_mated_pairs_holds_what_each_rate_divides():
    pairs = crowd(failed=[0, 4, 5])
    counts = people.mated_summary(pairs, T)
    row = group_table(pairs, ["all"] * len(pairs), T)["all", "false_rejection"]
    lost = counts["mated pairs planned"] - counts["mated pairs compared"]
    assert counts["photographs"] == 180 and counts["photographs without a face found"] == 3
    assert lost == 2 + 3, "person 0 loses two of three pairs, person 1 all"
    assert lost + counts["compared and missed"] == row.errors
    assert counts["mated pairs planned"] == row.trials == 60 * 3


# ---- errors that cluster ------------------------------------------------------------------------


def test_few_people_carry_the_errors_of_dev(counts):
    found = people.share_of_busiest(*counts)
    assert (found.few, found.people) == (24, 480)
    assert found.share > 1.2 * found.by_lot.max()


def test_errors_dealt_by_lot_look_like_other_deals():
    lot = np.triu(np.random.default_rng(3).random((200, 200)) < 0.03, 1).astype(float)
    found = people.share_of_busiest(lot + lot.T, 4 * (1 - np.eye(200)))
    assert found.few == 10 and len(found.by_lot) == 20
    assert found.by_lot.min() * 0.9 < found.share < 1.2 * found.by_lot.max()
    even = people.share_of_busiest(1 - np.eye(200), 4 * (1 - np.eye(200)))
    assert found.share > 1.4 * even.share, "somebody always has most: they were picked afterwards"


def test_the_counts_are_dealt_to_pairs_that_were_compared():
    # Half of the people were never compared with the others: no deal may give them an error.
    compared, false = np.zeros((80, 80)), np.zeros((80, 80))
    compared[:40, :40], false[:8, :8] = 1 - np.eye(40), 1 - np.eye(8)
    found = people.share_of_busiest(false, compared, part=2)
    assert found.few == 40 and found.share == 1 and (found.by_lot == 1).all()


def test_without_an_error_there_is_nothing_to_share_out():
    with pytest.raises(ValueError, match="no false match to share out"):
        people.share_of_busiest(np.zeros((5, 5)), 1 - np.eye(5))


def test_fmr_within_groups_is_that_of_the_group_table(dev, t, counts):
    group = np.arange(480) % 6
    table = group_table(dev, group[np.searchsorted(np.unique(dev.people), dev.people)], t)
    expected = [table[g, "fmr"].value for g in range(6)]
    assert people.fmr_within(*counts, group) == pytest.approx(expected)
    with pytest.raises(ValueError, match="5 groups for 480 people"):
        people.fmr_within(*counts, group[:5])


# ---- more people, more photographs --------------------------------------------------------------


def test_the_smallest_fmr_is_where_choosing_a_threshold_begins_to_be_refused(dev):
    floor = people.smallest_fmr(dev)
    assert choose_threshold(dev, floor * 1.0001).person_pairs == 30
    with pytest.raises(ValueError, match="different pairs of people"):
        choose_threshold(dev, floor * 0.97)


def test_equal_scores_are_all_needed_for_the_smallest_fmr():
    # 40 people in 20 places: 20 pairs of people at a score of 0, then 40 x 38 / 2 at one of -1.
    places = np.repeat(np.arange(20), 2)
    pairs = all_pairs(np.eye(20)[places] / math.sqrt(2), np.arange(40))
    assert people.smallest_fmr(pairs) == 1.0
    assert choose_threshold(pairs, 1.0).value == -math.inf


def test_too_few_pairs_of_people_have_no_smallest_fmr():
    with pytest.raises(ValueError, match="6 pairs of people were compared"):
        people.smallest_fmr(crowd(4))


def test_first_photographs_are_the_first_in_the_order_of_the_set():
    pairs = all_pairs(np.arange(6.0)[:, None], [2, 1, 2, 1, 2, 3])
    assert people.first_photographs(pairs, 1).images.tolist() == [0, 1, 5]
    assert people.first_photographs(pairs, 2).images.tolist() == [0, 1, 2, 3, 5]
    with pytest.raises(ValueError, match="0 photographs of each person"):
        people.first_photographs(pairs, 0)


def test_the_width_is_that_of_the_interval_by_people(dev, t, counts):
    found = fmr_interval(*counts)
    assert people.fmr_width(dev) == pytest.approx(math.log(found.high / found.low))
    assert math.isnan(people.fmr_width(crowd(8)))


def test_more_people_narrow_an_interval_and_more_photographs_hardly_do(dev):
    half = dev.select(np.isin(dev.people, np.unique(dev.people)[:240]))
    worth = people.worth_of_more(dev, half)
    assert worth["people"].tolist() == [240, 480]
    assert worth["comparisons"].tolist() == [half.impostor.size, 480 * 479 // 2]
    whole = dev.impostor.size
    assert worth["times_comparisons"].tolist() == pytest.approx(whole / worth["comparisons"])
    for name, part in (("fewer people", half), ("one photograph each", None)):
        part = people.first_photographs(dev, 1) if part is None else part
        narrower = people.fmr_width(part) / people.fmr_width(dev)
        assert worth.loc[name, "times_narrower"] == pytest.approx(narrower)
        row = worth.loc[name]
        assert row["times_comparisons"] ** row["gain"] == pytest.approx(narrower)
    gain = worth["gain"]
    assert gain["fewer people"] > max(2 * gain["one photograph each"], 0.1)


def test_more_photographs_of_the_same_people_lower_the_smallest_fmr(dev):
    half = dev.select(np.isin(dev.people, np.unique(dev.people)[:240]))
    one = people.first_photographs(half, 1)
    assert len(one) == one.people_count == 240
    assert people.smallest_fmr(one) > 5 * people.smallest_fmr(half)
    assert fmr(half.impostor, threshold_at_fmr(half.impostor, 1e-2)) <= 1e-2
