"""Estimates that know who moves them, changes in words, and what would have been missed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from labkit.experiment import changes, estimates, unseen
from labkit.measure.disparity import group_table
from labkit.measure.intervals import Interval, Moves, paired_difference, weighted_difference
from labkit.measure.scores import all_pairs


@pytest.fixture(scope="module")
def table():
    """Two groups of 80 people with four photographs; the second group's people lie closer."""
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(160), 4)
    centre = rng.normal(size=(160, 4)) * np.where(np.arange(160) < 80, 1.0, 0.6)[:, None]
    rows = centre[who] + 0.35 * rng.normal(size=(640, 4))
    group = np.where(who < 80, "a", "b")
    return group_table(all_pairs(rows, who), group, -0.7)


def test_a_difference_of_rates_is_that_of_the_measuring_room(table):
    errors, trials = table.row("a").terms("false_rejection")
    other = np.roll(errors, 3)
    people = table.row("a").people
    one, two = (estimates.by_person(people, e, trials) for e in (errors, other))
    ours, theirs = (one - two).interval, paired_difference((errors, trials), (other, trials))
    assert ours.value == pytest.approx(theirs.value)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    assert ours.detectable == pytest.approx(theirs.detectable)


def test_a_difference_in_differences_keeps_its_people(table):
    errors, trials = table.row("a").terms("false_rejection")
    sides = [np.roll(errors, k) for k in range(4)]
    people = table.row("a").people
    a, b, c, d = (estimates.by_person(people, e, trials) for e in sides)
    ours = ((a - b) - (c - d)).interval
    weights = (1.0, -1.0, -1.0, 1.0)
    theirs = weighted_difference([(w, e, trials) for w, e in zip(weights, sides, strict=True)])
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high)
    )


def test_shares_add_up_to_one_and_so_do_their_moves(table):
    both = [estimates.share(table, name) for name in table.names]
    assert sum(e.value for e in both) == pytest.approx(1)
    assert both[1].value > both[0].value, "whose people lie closer has more of the false matches"
    together = Moves.total([(1.0, e.moves) for e in both])
    assert np.abs(together.moves).max() < 1e-9


def test_the_interval_of_a_share_holds_its_truth_about_as_often_as_it_says():
    truth, held, n = [], 0, 120
    rng = np.random.default_rng(5)
    found = []
    for _draw in range(n):
        who = np.arange(160)
        rows = rng.normal(size=(160, 3)) * np.where(who < 80, 1.0, 0.7)[:, None]
        table = group_table(all_pairs(rows, who), np.where(who < 80, "a", "b"), -0.5)
        share = estimates.share(table, "a")
        truth.append(share.value)
        found.append(share.interval)
    centre = float(np.mean(truth))
    held = sum(i.low <= centre <= i.high for i in found)
    assert held >= 0.88 * n, f"{held} of {n}"


def test_too_little_is_said_in_words():
    who = np.arange(40)
    rows = np.random.default_rng(0).normal(size=(40, 3))
    small = group_table(all_pairs(rows, who), who % 2, -0.5)
    assert "too few for shares" in estimates.share(small, 0).interval.words
    none = group_table(all_pairs(rows, who), who % 2, 0.5)
    assert "no false match" in estimates.share(none, 0).interval.words
    assert math.isnan(estimates.share(none, 0).value)
    with pytest.raises(ValueError, match="counted by pairs"):
        estimates.rate(small.rows[0], "fmr")
    assert estimates.rate(small.rows[0]).interval.words, "nobody has two photographs"


def test_no_number_on_one_side_is_no_number_in_the_difference():
    who = np.arange(40)
    fine = estimates.by_person(who, (who % 2).astype(float), np.ones(40))
    gone = estimates.nothing("nobody came")
    assert (fine - gone).interval.words == "nobody came"
    assert math.isnan((gone - fine).p)


SURE, LESS, NOT, FEW = (
    Interval(0.3, 0.2, 0.4, detectable=0.14),
    Interval(-0.3, -0.4, -0.2, detectable=0.14),
    Interval(0.1, -0.1, 0.3, detectable=0.28),
    Interval(math.nan, words="nobody came"),
)


@pytest.mark.parametrize(
    ("trials", "which", "said"),
    [
        ([SURE], "rises", "It rises by 30 of 100."),
        ([LESS, LESS], "falls", "It falls in each of 2 trials"),
        ([SURE, NOT], "rises in some", "It rises in 1 of 2 trials"),
        ([LESS, NOT, NOT], "falls in some", "It falls in 1 of 3 trials"),
        ([SURE, LESS], "both", "the trials disagree"),
        ([NOT, NOT], "none", "a change of 28 of 100 would be found"),
        ([FEW], "too few", "nobody came"),
        ([FEW, SURE], "rises in some", "It rises in 1 of 2 trials"),
    ],
)
def test_a_change_is_told_as_the_trials_fell(trials, which, said):
    assert changes.direction(trials) == which
    assert said in changes.told(trials)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([NOT], "none is shown any more"),
        ([Interval(0.05, 0.01, 0.09)], "Most of the change is gone"),
        ([Interval(-0.05, -0.09, -0.01)], "a smaller one the other way is -5"),
        ([LESS], "turned round"),
        ([SURE], "The change stays"),
        ([FEW], "nobody came"),
        ([Interval(0.05, 0.01, 0.09), Interval(0.02, -0.02, 0.06)], "shown in 1 of 2 trials"),
    ],
)
def test_what_is_left_of_a_change(after, said):
    assert said in changes.left([SURE] * len(after), after)
    assert "no change that could be mended" in changes.left([NOT], after)


def test_what_was_not_shown_is_listed_with_what_it_would_have_missed():
    rows = {
        "ratio": [2.0, 1.1, math.nan],
        "low": [1.5, 0.8, math.nan],
        "high": [2.6, 1.5, math.nan],
        "detectable": [1.5, 1.6, math.nan],
        "words": ["", "", "b: 3 people"],
        "claimed": [True, False, False],
    }
    index = pd.MultiIndex.from_tuples([("dlib", g) for g in "xyz"], names=["matcher", "group"])
    flat = Interval(0.01, -0.02, 0.04)
    assert flat.low < 0
    who = np.arange(60)
    rng = np.random.default_rng(1)
    noise = estimates.Estimate(0.001, Moves(who, rng.normal(size=60) / 300), who, who)
    clear = estimates.Estimate(0.9, Moves(who, rng.normal(size=60) / 300), who, who)
    table = unseen.not_shown(
        {"audit": pd.DataFrame(rows, index)}, {"origin": {"noise": noise, "clear": clear}}
    )
    assert table.index.tolist() == [("audit", "dlib, y"), ("audit", "dlib, z"), ("origin", "noise")]
    assert table["found"].iloc[0] == 1.6
    assert table["why"].tolist() == ["", "b: 3 people", ""]
    said = unseen.told(table, 5)
    assert "In 3 of 5 comparisons" in said and "1.60 times" in said and "too little" in said
    with pytest.raises(ValueError, match="no 'claimed'"):
        unseen.not_shown({"x": pd.DataFrame(rows).drop(columns="claimed")})


def test_a_page_on_which_all_differed_says_so():
    assert unseen.not_shown().empty
    assert "without a difference" in unseen.told(unseen.not_shown())


def test_a_large_look_that_is_not_shown_is_explained():
    """Finding: rows with more seen than "would be found" stood among those that showed nothing."""
    rows = [
        [unseen.DIFFERENCE, -0.04, -0.08, 0.0, 0.034, ""],
        [unseen.RATIO, 0.5, 0.2, 1.1, 1.9, ""],
        [unseen.RATIO, 1.2, 0.8, 1.8, 1.9, ""],
    ]
    table = pd.DataFrame(rows, ["a", "b", "c"], unseen.COLUMNS)
    assert "In 2 what was seen is larger" in unseen.told(table)
    assert "what was seen is larger" not in unseen.told(table.loc[["c"]])


def test_what_was_not_shown_is_read_in_one_unit_a_row():
    """Finding: "found" read like what was found, and words and table had two units."""
    rows = [[unseen.DIFFERENCE, -0.04, -0.08, 0.0, 0.034, ""], [unseen.RATIO, 1.2, 1, 2, 1.9, ""]]
    index = pd.MultiIndex.from_tuples([("p", "a"), ("p", "b")], names=["part", "comparison"])
    shown = unseen.shown(pd.DataFrame(rows, index, unseen.COLUMNS))
    assert shown.loc["a"].tolist() == ["-4", "3.4", "of 100, a difference"]
    assert shown.loc["b"].tolist() == ["1.20", "1.90", "times, a ratio"]
