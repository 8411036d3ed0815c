"""What notebooks 03 and 04 conclude, held against the shipped data, and both branches of each."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.learning import checks
from labkit.learning.checks import Checked
from labkit.learning.game import game_pairs
from labkit.measure import intervals, rates
from labkit.measure.intervals import Interval
from labkit.measure.scores import all_pairs
from lessons.nb03 import exercises as nb03
from lessons.nb04 import exercises as nb04


@pytest.fixture(scope="module")
def dev():
    return nb03.pairs("anytown/dev")


@pytest.fixture(scope="module")
def counts(dev):
    """False matches and comparisons by person at an FMR of 1e-2 on dev."""
    return dev.pair_counts(nb03.threshold())[:2]


def two_heaps(gap):
    """30 people x 2 on a line: pictures of one person `gap` apart, people 1 apart."""
    people = np.repeat(np.arange(30), 2)
    places = people + np.tile([0.0, gap], 30)
    return all_pairs(places[:, None], people)


# --- 03 -------------------------------------------------------------------------------------------


def test_no_threshold_separates_dev_and_one_separates_far_heaps(dev):
    assert nb03.told_overlap(dev).startswith("Yes.")
    assert nb03.told_overlap(two_heaps(0.1)).startswith("No:")


def defaults_on(dev):
    from labkit.matchers import DeepFaceMatcher

    faces = data.load("anytown/dev")
    cosine = all_pairs(faces.templates, faces.of("person"), "cosine")
    table = DeepFaceMatcher("Dlib").defaults().set_index("metric")
    scored = {"euclidean": dev, "cosine": cosine}
    table["FMR"] = [
        rates.fmr(scored[m].impostor, t)
        for m, t in zip(table["measure"], table["similarity"], strict=True)
    ]
    return table


def test_the_library_s_defaults_differ_here_and_none_transfers(dev):
    table = defaults_on(dev)
    said = nb03.told_defaults(table, dev)
    assert "times as many" in said and "Even the strictest" in said
    assert table.loc["euclidean", "FMR"] > table.loc["euclidean_l2", "FMR"] > 0.2
    shown = nb03.shown_defaults(table, [0, 28, 28, 28], dev)
    assert list(shown) == ["threshold", "FMR", "FNMR"]
    made = dev.genuine.size
    assert shown["FNMR"].tolist() == [f"0 of {made:,} (none seen)"] + [f"{28 / made:.4f}"] * 3
    equal = table.assign(FMR=0.01)
    assert "agree" in nb03.told_defaults(equal, dev)
    assert "usable" in nb03.told_defaults(equal, dev)


def test_deepface_compares_by_cosine_unless_told_otherwise_and_says_yes_at_the_limit():
    from labkit.matchers.deepface import _deepface

    assert inspect.signature(_deepface().verify).parameters["distance_metric"].default == "cosine"


def test_the_confidence_never_contradicts_the_answer_and_falls_with_distance(dev):
    from labkit.matchers import DeepFaceMatcher

    limit = DeepFaceMatcher("Dlib").defaults().set_index("metric").at["euclidean", "threshold"]
    from deepface.modules.verification import find_confidence

    for metric, t in (("euclidean", 0.6), ("cosine", 0.07), ("euclidean_l2", 0.4)):
        yes = [find_confidence(t * x, "Dlib", True, metric) for x in np.linspace(0.05, 1, 30)]
        no = [find_confidence(t * x, "Dlib", False, metric) for x in np.linspace(1.001, 2, 30)]
        assert min(yes) > 50 > max(no)
        assert (np.diff(yes) <= 0).all() and (np.diff(no) <= 0).all()
    assert find_confidence(1.0, "Dlib", True, "euclidean") > 50
    said = nb03.told_confidence(dev, limit, find_confidence)
    wrong = int((dev.impostor >= -limit).sum())
    assert f"{wrong:,} of {dev.impostor.size:,}" in said and "at least 51" in said
    assert nb03.told_confidence(dev, 0.0, find_confidence).startswith("At this threshold there is")


def test_what_the_library_says_of_its_confidence_and_its_scales():
    from deepface.modules.verification import find_confidence

    from labkit.matchers import DeepFaceMatcher

    promise = " ".join(find_confidence.__doc__.split())
    assert "logistic regression" in promise
    assert "how likely the classification is correct" in promise
    scales = DeepFaceMatcher("Dlib").defaults().set_index("metric")["measure"]
    assert scales.to_dict() == {
        "angular": "cosine", "cosine": "cosine", "euclidean": "euclidean", "euclidean_l2": "cosine"
    }  # fmt: skip
    lengths = np.linalg.norm(data.load("anytown/dev").templates, axis=1)
    assert np.nanmax(lengths) > 1.1 * np.nanmin(lengths)  # so the two scales order pairs otherwise


def test_an_fmr_of_1e_2_reaches_nearly_everybody(dev):
    said = nb03.told_people(dev, nb03.threshold())
    chosen = rates.choose_threshold(dev, 1e-2)
    assert f"{chosen.person_pairs:,} of 114,960 pairs of people" in said
    alone = np.where(dev.people[:, None] == dev.people, -np.inf, np.nan_to_num(dev.matrix, nan=-9))
    met = np.unique(dev.people[alone.max(1) >= chosen.value]).size
    assert met > 460 and f"{met} of 480 people are taken" in said
    assert "nobody" in nb03.told_people(dev, 0.0)


def test_a_search_expects_its_rate_times_its_entries():
    assert "expects about 10 false matches" in nb03.told_search(1e-5, 1_000_000)


def test_mistakes_on_eval_counted_as_they_come_are_those_of_the_whole_table():
    test, t, found = nb03.pairs("anytown/eval"), nb03.threshold(), nb03._on_eval()
    misses = int((test.genuine < t).sum())
    assert found["all"] == pytest.approx(misses / (test.genuine.size + test.impostor.size))
    assert found["fmr"] == pytest.approx(rates.fmr(test.impostor, t), rel=1e-3)
    assert found["failures"] == rates.false_rejection(test.genuine, t, test.planned_mated)
    again = rates.fnmr(test.genuine, nb03.threshold("anytown/eval"))
    assert found["chosen here"] == pytest.approx(again, abs=1e-4)


def test_eighty_per_cent_means_different_things():
    said = nb03.told_percent({"a": (100, 0), "b": (3, 5)})
    assert "a lets 100" in said and "b lets 3" in said
    assert "agree" in nb03.told_percent({"a": (100, 0), "b": (90, 5)})


def test_transfer_in_words_for_each_outcome():
    held = nb03.told_transfer(0.01, Interval(0.009, 0.008, 0.011))
    assert "holds the rate" in held and "no sign of a mistake" in held and "a sample" in held
    assert "does not hold" in nb03.told_transfer(0.01, Interval(0.02, 0.015, 0.03))
    assert "too little" in nb03.told_transfer(0.01, Interval(0.0, words="no false match"))


def test_your_fnmr_is_set_beside_the_interval_s():
    assert "now with" in nb03.told_yours(0.1, Interval(0.1001, 0.09, 0.11))
    assert "Go back" in nb03.told_yours(0.2, Interval(0.1, 0.09, 0.11))


def test_the_game_is_counted_by_hand():
    same = np.array([True, True, False, False])
    said = nb03.told_game("You", ["same", "different", "same", ""], same)
    assert said == (
        "You: 1 right of 3 answered. False matches: 1 of 1 pairs of two people."
        " Misses: 1 of 2 pairs of one person."
    )


def test_the_pixel_rule_answers_every_pair():
    answers = nb03.pixel_rule(game_pairs())
    assert len(answers) == 20 and set(answers) == {"same", "different"}


def test_the_floor_is_where_choosing_a_threshold_begins_to_be_refused(dev):
    floor = nb03.smallest_fmr(dev)
    assert rates.choose_threshold(dev, floor * 1.0001).person_pairs == 30
    with pytest.raises(ValueError, match="different pairs of people"):
        rates.choose_threshold(dev, floor * 0.97)


# --- 04 -------------------------------------------------------------------------------------------


def test_other_people_another_rate(counts):
    false, compared = counts
    rng = np.random.default_rng(0)
    draws = [rng.choice(len(false), 80, replace=False) for _ in range(20)]
    seen = np.array([false[np.ix_(d, d)].sum() / compared[np.ix_(d, d)].sum() for d in draws])
    assert seen.max() > 1.5 * seen.min()
    assert "times the lowest" in nb04.told_draws(seen, 0.01, 80)
    assert "hardly" in nb04.told_draws(np.full(20, 0.01), 0.01, 80)


def test_counting_comparisons_promises_too_much_at_1e_2_and_the_fault_fades(dev, counts):
    often = nb04.coverage(*counts, size=80, draws=150)
    strict = dev.pair_counts(rates.threshold_at_fmr(dev.impostor, 1e-5))[:2]
    rare = nb04.coverage(*strict, size=80, draws=150)
    assert often["held, by comparisons"] < 0.5
    assert often["held, by people"] > 0.88 and often["too few for an interval by people"] == 0
    assert rare["held, by comparisons"] > 0.75 and rare["too few for an interval by people"] > 0.9
    assert np.isnan(rare["held, by people"])  # too few intervals to judge
    table = pd.DataFrame([often, rare], index=["1e-2", "1e-5"])
    assert "fades" in nb04.told_fading(table)
    assert "same harm" in nb04.told_fading(table.iloc[[0, 0]])


def test_intervals_that_hold_are_counted():
    narrow, wide = Interval(0.02, 0.019, 0.021), Interval(0.02, 0.005, 0.03)
    assert "far too few" in nb04.told_held("so", [narrow] * 15 + [wide] * 5, 0.01)
    assert "about what was promised" in nb04.told_held("so", [narrow] + [wide] * 19, 0.01)


def test_few_people_carry_the_errors(counts):
    assert "cluster" in nb04.told_few_carry(*counts)
    even = np.ones((40, 40)) - np.eye(40)
    assert "what luck gives" in nb04.told_few_carry(even, 4 * even)
    # Errors that fall on pairs by lot: the people with most of them have more than their part.
    lot = np.triu(np.random.default_rng(3).random((200, 200)) < 0.03, 1).astype(float)
    said = nb04.told_few_carry(lot + lot.T, 4 * (np.ones((200, 200)) - np.eye(200)))
    assert "what luck gives" in said
    assert nb04._most(lot + lot.T, 10) > 1.4 * nb04._most(np.ones((200, 200)) - np.eye(200), 10)


def test_by_hand_is_what_the_lab_computes():
    table = nb04.table()
    found = intervals.cluster_interval(table["missed"], table["made"], "misses")
    assert nb04.BY_HAND.reference() == pytest.approx((found.low, found.high), abs=1e-9)
    by_comparison = intervals.wilson(int(table["missed"].sum()), int(table["made"].sum()))

    def told(ends, right):
        return nb04.told_width(Checked(ends, right, yours=True, words=""), by_comparison)

    assert "times as wide" in told((found.low, found.high), True)
    assert "no wider" in told((0.14, 0.15), False) and "your answer, not right yet" in told(
        (0.14, 0.15), False
    )


def test_an_exercise_that_is_open_gives_no_answer_away(dev, tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    by_comparison = intervals.wilson(10, 100)
    for answer in (..., "no number"):
        wide, by_hand = (checks.judge(e, answer) for e in (nb04.BY_HAND, nb03.THRESHOLD))
        assert nb04.told_width(wide, by_comparison) == nb03.UNANSWERED
        assert nb03.told_by_hand(by_hand, dev) == nb03.UNANSWERED
    t = nb03.threshold()
    said = nb03.told_by_hand(checks.judge(nb03.THRESHOLD, t), dev)
    assert said.startswith(f"At {t:.4f}: FMR 0.0100") and "pairs of people" in said


def test_nothing_seen_breaks_the_promise_for_comparisons_and_keeps_it_for_pairs_of_people(dev):
    rng = np.random.default_rng(1)
    draws = [rng.choice(dev.people_count, 40, replace=False) for _ in range(300)]
    clean = {}
    for name, units in (("comparisons", 780 * 16), ("pairs of people", 780)):
        f = dev.pair_counts(rates.threshold_at_fmr(dev.impostor, 3 / units))[0]
        clean[name] = float(np.mean([not f[np.ix_(d, d)].any() for d in draws]))
    assert clean["comparisons"] > 0.1 and clean["pairs of people"] <= 0.05
    assert "Counting pairs of people keeps it" in nb04.told_nothing(clean)
    assert "more than kept" in nb04.told_nothing(clean)
    assert "more than kept" not in nb04.told_nothing({"a": 0.04, "b": 0.2})
    assert nb04.told_nothing({"a": 0.0}).startswith("Both")
    assert nb04.told_nothing({"a": 0.2}).startswith("Neither")


def test_with_one_person_who_matches_everybody_three_over_pairs_of_people_is_too_small():
    town, met = 480, 40
    hub = np.zeros((town, town))
    hub[0] = hub[:, 0] = 1 - np.eye(town)[0]
    rate = hub.sum() / (town * (town - 1))
    rng = np.random.default_rng(0)
    draws = [rng.choice(town, met, replace=False) for _ in range(300)]
    nothing_seen = np.mean([not hub[np.ix_(d, d)].any() for d in draws])
    assert 3 / (met * (met - 1) / 2) < rate < 6 / met and nothing_seen > 0.5


def test_more_photographs_lower_the_floor_and_hardly_the_width(dev):
    half = dev.select(np.isin(dev.people, np.unique(dev.people)[: nb04.HALF]))
    one = nb04.first_photographs(half, 1)
    assert len(one) == one.people_count == nb04.HALF
    assert nb03.smallest_fmr(one) > 5 * nb03.smallest_fmr(half)
    assert "yes for this number" in nb04.told_photographs(half)
    assert "no help" in nb04.told_photographs(one)
    assert "help far less" in nb04.told_widths(dev, half)


def test_the_worst_group_of_one_lot_is_not_that_of_another(counts):
    false, compared = (c.astype(float) for c in counts)
    worst = []
    for seed in range(120):
        member = np.eye(6)[np.random.default_rng(seed).permutation(np.arange(480) % 6)]
        rate = np.diag(member.T @ false @ member) / np.diag(member.T @ compared @ member)
        worst.append(rate.argmax())
    assert np.bincount(worst, minlength=6).max() < 0.35 * len(worst)


def test_the_sentence_that_stands_is_about_other_people_than_its_threshold(dev, counts):
    test, t = nb03.pairs("anytown/eval"), nb03.threshold()
    assert not set(test.people) & set(dev.people)
    by_lot = np.random.default_rng(nb04.LOT).permutation(np.arange(480) % 6)
    nothing = intervals.fmr_interval(np.zeros((40, 40)), 16 * (1 - np.eye(40)))
    said = nb04.told_headlines(by_lot, *counts, nothing, test, t)
    assert f"{rates.fnmr(test.genuine, t):.1%} of {test.genuine.size:,}" in said
    assert f"{rates.fmr(test.impostor, t):.1%} of the comparisons of two" in said


def test_equal_groups_look_unequal_and_the_headline_s_ratio_is_an_ordinary_one(counts):
    false, compared = (c.astype(float) for c in counts)

    def ratio(group):
        member = np.eye(6)[group]
        rate = np.diag(member.T @ false @ member) / np.diag(member.T @ compared @ member)
        return rate.max() / rate.min()

    rng = np.random.default_rng(2)
    luck = np.array([ratio(rng.permutation(np.arange(480) % 6)) for _ in range(400)])
    assert np.median(luck) > 1.5 and luck.min() > 1.02
    assert "Never near 1" in nb04.told_luck(luck)
    assert "Sometimes" in nb04.told_luck(np.array([1.0, 2.0]))
    shown = ratio(np.random.default_rng(nb04.LOT).permutation(np.arange(480) % 6))
    assert 1.4 < shown < np.quantile(luck, 0.95)
