"""Rates and thresholds: tables counted by hand, ties, agreement with scikit-learn."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from labkit.measure import areas, intervals, rates, thresholds
from labkit.measure.disparity import group_table
from labkit.measure.scores import AllPairs, Comparisons, all_pairs, euclidean_scores, round_scores

# Three people with two pictures each: 3 mated and 12 impostor comparisons, counted by hand.
PEOPLE = np.array([1, 1, 2, 2, 3, 3])
TABLE = np.array(
    [
        [9.0, 0.9, 0.4, 0.3, 0.2, 0.1],
        [0.9, 9.0, 0.7, 0.4, 0.1, 0.1],
        [0.4, 0.7, 9.0, 0.5, 0.6, 0.2],
        [0.3, 0.4, 0.5, 9.0, 0.3, 0.2],
        [0.2, 0.1, 0.6, 0.3, 9.0, 0.8],
        [0.1, 0.1, 0.2, 0.2, 0.8, 9.0],
    ]
)


@pytest.fixture
def by_hand() -> Comparisons:
    return Comparisons.all_pairs(TABLE, PEOPLE)


def test_counts_by_hand(by_hand):
    assert sorted(by_hand.genuine) == [0.5, 0.8, 0.9]
    assert by_hand.impostor.size == 12
    assert rates.fmr(by_hand.impostor, 0.4) == 4 / 12  # .4 .4 .7 .6: equality matches
    assert rates.fnmr(by_hand.genuine, 0.8) == 1 / 3
    assert by_hand.person_pairs(0.4) == 2  # 1-2 and 2-3
    assert rates.auc(by_hand.genuine, by_hand.impostor) == pytest.approx(34 / 36)


def test_pair_tables_by_hand(by_hand):
    false, compared, people = intervals.pair_counts(by_hand, 0.4)
    assert people.tolist() == [1, 2, 3]
    assert false.tolist() == [[0, 3, 0], [3, 0, 1], [0, 1, 0]]
    assert compared.tolist() == [[0, 4, 4], [4, 0, 4], [4, 4, 0]]
    missed, made, people = intervals.mated_counts(by_hand, 0.6)
    assert missed.tolist() == [0, 1, 0]
    assert made.tolist() == [1, 1, 1]


def test_cells_leave_out_cross_group_impostors_only():
    c = Comparisons.all_pairs(TABLE, PEOPLE, cells=["a", "a", "a", "a", "b", "b"])
    assert c.genuine.size == 3
    assert c.impostor.size == 4


def test_false_rejection_counts_what_was_lost():
    assert rates.false_rejection([0.9, 0.2], 0.5, planned=4) == 0.75
    assert rates.fnmr([0.9, 0.2], 0.5) == 0.5
    assert rates.false_rejection([0.5, 0.2], 0.5, planned=2) == 0.5  # equality matches
    assert math.isnan(rates.false_rejection([], 0.5, planned=0))
    with pytest.raises(ValueError, match="3 mated comparisons were made but only 2 planned"):
        rates.false_rejection([1, 1, 1], 0.5, planned=2)


@pytest.mark.parametrize(
    ("rate", "matches"), [(0.0, 0), (0.19, 0), (0.2, 1), (0.4, 1), (0.6, 3), (1.0, 5)]
)
def test_threshold_passes_ties(rate, matches):
    scores = np.array([0.9, 0.5, 0.5, 0.3, 0.1])
    t = rates.threshold_at_fmr(scores, rate)
    assert (scores.astype(np.float32) >= t).sum() == matches


def test_threshold_is_the_next_float_above():
    scores = np.array([1, 2, 3, 4], np.float32)
    assert rates.threshold_at_fmr(scores, 0.25) == np.nextafter(np.float32(3), np.float32(9))


def test_floor_is_safe_in_floating_point():
    assert 0.29 * 100 < 29
    assert rates.allowed_false_matches(0.29, 100) == 29


def test_mean_threshold_weighs_cells_alike():
    big, small = np.linspace(0, 1, 1001), np.array([0.999, 0.0])
    t = rates.threshold_at_mean_fmr([big, small], 0.01)
    assert t > 0.999  # one match of the small cell would alone be a mean of .25
    assert rates.fmr(big.astype(np.float32), t) <= 0.02


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=40),
    st.lists(st.integers(0, 12), min_size=1, max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_agrees_with_scikit_learn(genuine, impostor):
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    scores = np.r_[genuine, impostor].astype(float)
    assert rates.auc(genuine, impostor) == pytest.approx(roc_auc_score(truth, scores))
    fpr, tpr, at = roc_curve(truth, scores, drop_intermediate=False)
    for f, t, s in zip(fpr[1:], tpr[1:], at[1:], strict=True):
        assert rates.fmr(impostor, s) == pytest.approx(f)
        assert 1 - rates.fnmr(genuine, s) == pytest.approx(t)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_threshold_is_lowest_that_keeps_the_rate(scores, rate):
    scores = np.array(scores, np.float32)
    t = rates.threshold_at_fmr(scores, rate)
    allowed = rates.allowed_false_matches(rate, scores.size)
    assert (scores >= t).sum() <= allowed
    if math.isfinite(t):
        lower = np.nextafter(np.float32(t), np.float32(-np.inf))
        assert (scores >= lower).sum() > allowed
    assert rates.threshold_at_mean_fmr([scores], rate) == t


def test_rounding_absorbs_the_last_bits():
    rng = np.random.default_rng(1)
    s = rng.random(1000)
    off = s + rng.choice([-1, 1], 1000) * 1e-13
    assert (round_scores(s, 0, 1) == round_scores(off, 0, 1)).all()
    with pytest.raises(ValueError, match="1 scores are not numbers"):
        round_scores([0.1, np.nan], 0, 1)


def test_order_does_not_matter():
    rng = np.random.default_rng(2)
    who = np.repeat(np.arange(60), 4)
    e = rng.normal(size=(60, 8))[who] + 0.7 * rng.normal(size=(240, 8))
    shuffle = rng.permutation(240)
    results = []
    for take in (np.arange(240), shuffle):
        c = Comparisons.all_pairs(euclidean_scores(e[take], e[take]), who[take]).rounded()
        t = rates.threshold_at_fmr(c.impostor, 0.05)
        f = intervals.fmr_interval(*intervals.pair_counts(c, t)[:2])
        results.append((t, f.value, round(f.low, 10), round(areas.auc_interval(c).low, 10)))
    assert results[0] == results[1]


# ---- every threshold at once --------------------------------------------------------------------


def test_curve_by_hand():
    # Two people, two pictures each, on a line: mated -1, -4; impostors -7, -6, -3, -2.
    c = rates.curve_of(all_pairs([[0.0], [1.0], [3.0], [7.0]], [1, 1, 2, 2], limits=(-8, 0)))
    assert c.thresholds[:-1].tolist() == [-7, -6, -4, -3, -2, -1]
    assert c.thresholds[-1] == np.nextafter(np.float32(-1), np.float32(0))
    assert c.false_matches.tolist() == [4, 3, 2, 2, 1, 0, 0]
    assert c.misses.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert c.at(-3) == (0.5, 0.5)
    assert c.at(-3.5) == (0.5, 0.5)
    assert c.at(-99) == (1, 0)
    assert c.at(99) == (0, 1)
    assert c.eer() == 0.5


def rounded(seed: int, impostors: int, genuines: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    impostor, genuine = rng.normal(0, 1, impostors), rng.normal(2, 1, genuines)
    return (round_scores(genuine, -7, 8), round_scores(impostor, -7, 8))


@pytest.mark.parametrize("limits", [(-7.0, 8.0), None])
def test_curve_agrees_with_scikit_learn_at_every_threshold(limits):
    genuine, impostor = rounded(0, 150_000, 2_000)
    c = rates.curve(genuine, impostor, limits=limits)
    truth = np.r_[np.ones(genuine.size), np.zeros(impostor.size)]
    fpr, tpr, at = roc_curve(truth, np.r_[genuine, impostor], drop_intermediate=False)
    assert (c.thresholds[:-1][::-1] == at[1:]).all()
    assert c.fmr[::-1] == pytest.approx(fpr, abs=1e-12)
    assert c.fnmr[::-1] == pytest.approx(1 - tpr, abs=1e-12)


def test_counting_and_sorting_find_the_same():
    sides = list(reversed(rounded(1, 30_000, 3_000)))
    counted, compared = rates._by_counting(sides, -7, 8), rates._by_sorting(sides)
    assert counted is not None
    for ours, theirs in zip(counted, compared, strict=True):
        assert (ours == theirs).all()
    assert counted[0].size < sum(s.size for s in sides)  # there are ties
    assert rates._by_counting(sides, -7.001, 8) is None  # another grid
    assert rates._by_counting(sides, -1, 1) is None  # scores beyond its ends
    assert rates._by_counting(sides, 0, 0) is None


def test_curve_of_a_whole_table_is_counted():
    """What the benchmark measures: the range of a whole table's scores is that of its grid."""
    rng = np.random.default_rng(2)
    pairs = all_pairs(rng.normal(size=(300, 32)), np.repeat(np.arange(100), 3))
    low, high = (float(f([pairs.impostor.min(), pairs.impostor.max(), *pairs.genuine]))
                 for f in (min, max))  # fmt: skip
    assert (low, high) == (pairs.low, pairs.high)
    assert rates._by_counting([pairs.impostor, pairs.genuine], low, high) is not None
    part = pairs.select(pairs.people < 30)
    assert rates._by_counting([part.impostor, part.genuine], pairs.low, pairs.high) is not None


few = st.lists(st.integers(-6, 6), max_size=30)


@given(few, few, st.integers(-8, 8), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_curve_on_random_tables(genuine, impostor, t, rate):
    if not genuine and not impostor:
        return
    c = rates.curve(genuine, impostor)
    assert c.at(t) == pytest.approx((rates.fmr(impostor, t), rates.fnmr(genuine, t)), nan_ok=True)
    if impostor:
        assert c.threshold_at_fmr(rate) == rates.threshold_at_fmr(impostor, rate)
    assert (np.diff(c.thresholds) > 0).all()
    assert (np.diff(c.false_matches) <= 0).all()
    assert (np.diff(c.misses) >= 0).all()


def test_no_errors_and_one_side_only():
    c = rates.curve([2.0, 3.0], [0.0, 1.0])
    assert c.eer() == 0
    assert c.at(c.threshold_at_fmr(0)) == (0, 0)
    alone = rates.curve([], [1.0, 2.0])
    assert np.isnan(alone.fnmr).all()
    assert math.isnan(alone.eer())
    with pytest.raises(ValueError, match="no impostor scores"):
        rates.curve([1.0], []).threshold_at_fmr(0.1)


def test_true_accepts_at_a_rate():
    genuine, impostor = rounded(3, 20_000, 500)
    at = rates.threshold_at_fmr(impostor, 1e-2)
    expected = sum(s >= at for s in genuine.tolist()) / 500
    assert rates.tar_at_fmr(genuine, impostor, 1e-2) == pytest.approx(expected)
    assert 0 < expected < 1


def test_every_way_to_count_agrees_with_scikit_learn():
    """One list of scores, a table of everybody with everybody, and its groups."""
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(40), 5)
    templates = rng.normal(size=(40, 4))[who] + 0.7 * rng.normal(size=(200, 4))
    templates = templates.round(1)  # so that there are ties
    pairs = all_pairs(templates, who)
    genuine, impostor = pairs.genuine, pairs.impostor
    truth = np.r_[np.ones(genuine.size), np.zeros(impostor.size)]
    fpr, tpr, at = roc_curve(truth, np.r_[genuine, impostor], drop_intermediate=False)
    assert len(at) < truth.size  # there are ties
    curve = rates.curve_of(pairs)
    for f, t, s in list(zip(fpr, tpr, at, strict=True))[1::40]:
        ours = pytest.approx((f, 1 - t), abs=1e-12)
        assert (rates.fmr(impostor, s), rates.fnmr(genuine, s)) == ours
        assert curve.at(s) == ours
        false, compared, _ = pairs.pair_counts(s)
        mated = pairs.mated_counts(s)
        assert (false.sum() / compared.sum(), mated.missed.sum() / mated.made.sum()) == ours
        table = group_table(pairs, ["everyone"] * len(pairs), s)
        assert (table["everyone", "fmr"].value, table["everyone", "fnmr"].value) == ours
        # The threshold for this FMR is the lowest one with no more false matches.
        lowest = rates.threshold_at_fmr(impostor, f)
        assert lowest <= s and rates.fmr(impostor, lowest) == pytest.approx(f)


# ---- choosing a threshold -----------------------------------------------------------------------


def town(people: int, seed: int = 0) -> AllPairs:
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), 2)
    return all_pairs(rng.normal(size=(people, 6))[who] + rng.normal(size=(2 * people, 6)) / 3, who)


def test_threshold_is_chosen_over_all_pairs():
    pairs = town(60)
    chosen = thresholds.choose_threshold(pairs, 0.02)
    assert chosen.value == rates.threshold_at_fmr(pairs.impostor, 0.02)
    assert chosen.measured == rates.fmr(pairs.impostor, chosen.value) <= 0.02
    assert math.isnan(chosen.mean_within)
    assert chosen.person_pairs == pairs.comparisons().person_pairs(chosen.value)
    assert f"{chosen.person_pairs} pairs of people" in chosen.words


def test_threshold_holds_the_mean_of_the_groups():
    pairs = town(90)
    group = np.where(pairs.people < 60, "many", "few")
    chosen = thresholds.choose_threshold(pairs, 0.05, cells=group)
    within = [rates.fmr(p.impostor, chosen.value) for p in pairs.within(group).values()]
    assert chosen.mean_within == np.mean(within)
    assert 0.045 < chosen.mean_within <= 0.05
    assert chosen.measured != chosen.mean_within
    assert "mean of 2" in chosen.words
    behind = sum(p.comparisons().person_pairs(chosen.value) for p in pairs.within(group).values())
    assert chosen.person_pairs == behind


@pytest.mark.parametrize("grouped", [False, True])
def test_a_refusal_says_what_it_would_take(grouped):
    def cells(pairs: AllPairs) -> np.ndarray | None:
        return pairs.people % 2 if grouped else None

    pairs = town(60)
    with pytest.raises(ValueError, match=r"no threshold at FMR 0\.001 from 60 people") as error:
        thresholds.choose_threshold(pairs, 0.001, cells=cells(pairs))
    words = str(error.value)
    found = int(re.search(r"come from (\d+) different", words)[1])
    assert 0 <= found < 30
    lowest = float(re.search(r"an FMR of (\S+) or more", words)[1])
    assert thresholds.choose_threshold(pairs, lowest, cells=cells(pairs)).person_pairs >= 30
    with pytest.raises(ValueError, match="no threshold"):
        thresholds.choose_threshold(pairs, lowest * 0.8, cells=cells(pairs))
    people = int(re.search(r"about ([\d,]+) people", words)[1].replace(",", ""))
    for factor, enough in ((0.7, False), (1.4, True)):  # about: chance decides in between
        other = town(int(people * factor), seed=1)
        try:
            thresholds.choose_threshold(other, 0.001, cells=cells(other))
        except ValueError:
            assert not enough
        else:
            assert enough


def test_a_refusal_without_any_error_or_any_pair():
    with pytest.raises(ValueError, match=r"come from 0 different pairs of people.*ask for an FMR"):
        thresholds.choose_threshold(town(60), 0)
    with pytest.raises(ValueError, match="only 10 pairs of people were compared: add people"):
        thresholds.choose_threshold(town(5), 0.5)


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=30), min_size=1, max_size=4),
       st.floats(0, 1))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_mean_threshold_is_the_lowest_that_holds(cells, rate):
    t = rates.threshold_at_mean_fmr(cells, rate)
    assert np.mean([rates.fmr(np.float32(c), t) for c in cells]) <= rate + 1e-9
    if math.isfinite(t):
        lower = float(np.nextafter(np.float32(t), np.float32(-np.inf)))
        assert np.mean([rates.fmr(np.float32(c), lower) for c in cells]) > rate


WRONG = {
    "no scores": (lambda: rates.curve([], []), "no scores were given"),
    "not finite": (lambda: rates.curve([np.nan], [1.0]), "count failed comparisons apart"),
    "infinite": (lambda: rates.curve([1.0], [-np.inf]), "not finite"),
    "threshold": (lambda: rates.curve([1.0], [0.0]).at(math.nan), "is not a number"),
    "rate": (lambda: rates.threshold_at_fmr([1.0], 2), "FMR 2 is not a rate"),
    "percent": (lambda: thresholds.choose_threshold(town(9), 5), "give a number from 0 to 1"),
    "mean": (lambda: rates.threshold_at_mean_fmr([[1.0], []], 0.1), "a group has no impostor"),
    "mean rate": (lambda: rates.threshold_at_mean_fmr([[1.0]], -1), "FMR -1 is not a rate"),
    "no impostors": (lambda: rates.threshold_at_fmr([], 0.1), "no impostor scores were given"),
    "empty range": (lambda: round_scores([1.0], 1, 1), "range of scores 1 to 1 is empty"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_one_sentence(case):
    call, words = WRONG[case]
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert "\n" not in str(error.value)
