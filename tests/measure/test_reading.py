"""Every branch of every sentence that reads a result, and the tables made for reading."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.measure import reading
from labkit.measure.disparity import group_table
from labkit.measure.faces import compare_faces
from labkit.measure.intervals import Interval
from labkit.measure.people import Busiest, Reached, people_reached, share_of_busiest
from labkit.measure.rates import fmr, threshold_at_fmr
from labkit.measure.scores import all_pairs
from labkit.measure.thresholds import Threshold


@pytest.fixture(scope="module")
def dev():
    return compare_faces(data.load("anytown/dev"))


def row(ratio=1.5, low=0.8, high=2.5, **more):
    """A row of contrasts."""
    line = {"ratio": ratio, "low": low, "high": high, "detectable": 2.2, "p_holm": 0.2}
    return pd.Series({**line, "words": "why", **more}, dtype=object)


# ---- scores and rates ---------------------------------------------------------------------------


def test_a_rate_without_an_error_is_said_in_words():
    assert reading.rate(0, 2871) == "0 of 2,871 (none seen)"
    assert reading.rate(28, 2871) == "0.0098" and reading.rate(28, 2871, digits=2) == "0.01"


def test_a_rate_of_a_few_errors_is_said_as_counts():
    """Finding: 8 misses and 2 stood in a table as .0028 and .0007."""
    assert reading.rate(8, 2871) == "8 of 2,871: too few for a rate"
    assert reading.rate(9, 2871).endswith("too few for a rate")
    assert reading.rate(10, 2871) == "0.0035"


RATES_IN_WORDS = Path(__file__).with_name("rates_in_words.json")


@pytest.mark.parametrize(("rate", "words"), json.loads(RATES_IN_WORDS.read_text("utf-8")))
def test_a_rate_is_said_in_one_form(rate, words):
    """Finding: 1e-2, 0.01, "1 in 100", 2.6e-05 and "2.6 of 100" stood side by side for one thing.

    The browser's twin reads the same table (null is no number).
    """
    assert reading.in_words(math.nan if rate is None else rate) == words


@pytest.mark.parametrize("rate", [-0.1, 1.2, 14, math.inf])
def test_what_is_no_share_is_not_said_as_one(rate):
    with pytest.raises(ValueError, match="is no share"):
        reading.in_words(rate)


def test_no_threshold_separates_dev_and_one_separates_far_heaps(dev):
    said = reading.overlap(dev)
    assert said.startswith("Yes. To accept every genuine comparison the threshold must be as low")
    assert f"then {fmr(dev.impostor, dev.genuine.min()):.0%} of the impostor" in said
    assert f"then {(dev.genuine <= dev.impostor.max()).mean():.0%} of the genuine" in said
    people = np.repeat(np.arange(30), 2)
    heaps = all_pairs((people + np.tile([0.0, 0.1], 30))[:, None], people)
    assert reading.overlap(heaps).startswith("No: every genuine score lies above -0.900")


def test_who_is_reached_in_words(dev):
    found = people_reached(dev, threshold_at_fmr(dev.impostor, 1e-2))
    said = reading.reached(found)
    assert (
        f"in {found.pairs:,} of 114,960 pairs of people (1 in {114960 / found.pairs:.0f})" in said
    )
    assert f"{found.people} of 480 people are taken for somebody else" in said
    assert "nobody is taken" in reading.reached(Reached(0, 10, 0, 5))


# ---- how sure -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrow", "said"),
    [
        (15, "20 intervals so, 5 hold the town's rate; about 19 should. That is far too few"),
        (1, "20 intervals so, 19 hold the town's rate; about 19 should. That is about what"),
    ],
)
def test_intervals_that_hold_are_counted(narrow, said):
    misses, holds = Interval(0.02, 0.019, 0.021), Interval(0.02, 0.005, 0.03)
    words = Interval(0.01, words="too few")  # not made, so not counted
    assert said in reading.held("so", [misses] * narrow + [holds] * (20 - narrow) + [words], 0.01)


def test_errors_in_few_people_or_spread_over_all(dev):
    counts = dev.pair_counts(threshold_at_fmr(dev.impostor, 1e-2))[:2]
    found = share_of_busiest(*counts)
    said = reading.busiest(found)
    assert said.startswith(
        f"The 24 people (of 480) with most false matches take part in {found.share:.0%}"
    )
    assert "in 20 deals). The errors cluster in few people" in said
    even = Busiest(2, 40, 0.11, np.array([0.1, 0.12]))
    assert "it is 11% (at most 12% in 2 deals). That is about what luck" in reading.busiest(even)


def test_coverage_that_comes_back_and_that_does_not():
    table = pd.DataFrame({"held, by comparisons": [0.31, 0.9]}, index=["1e-2", "1e-5"])
    said = reading.coverage(table)
    assert "31% of the intervals hold the town's rate at an FMR of 1e-2, 90% at 1e-5." in said
    assert "same harm at all 2 thresholds" in reading.coverage(table.iloc[[0, 0]])


def test_a_threshold_in_words():
    chosen = Threshold(-0.38, 0.01, 0.01, math.nan, 900, Interval(0.01, words="40 people: few"), "")
    told = reading.threshold(chosen, Interval(0.009, 0.007, 0.012))
    assert "is not known: 40 people: few. Measured on other people: 0.0090 [0.0070," in told


@pytest.mark.parametrize(("drawn", "held"), [(1, 95), (80, 97), (240, 99)])
def test_draws_from_a_small_town_flatter(drawn, held):
    told = reading.finite_town(drawn, 480)
    assert f"about {held} of 100 hold the town's rate) than they are (95)." in told


# ---- groups -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (row(), "no difference was shown. That is not 'equal': ratios from 0.80 to 2.50"),
        (
            row(2, 1.2, 3.1),
            "FMR of b / FMR of a = 2.00 [1.20, 3.10]: a difference, FMR is higher for b",
        ),
        (row(0.5, 0.2, 0.9), "a difference, FMR is lower for b"),
        (row(1.2, math.nan, math.nan), "FMR, b against a: why."),
    ],
)
def test_a_contrast_in_words(one, said):
    assert said in reading.contrast(one, "b", "a")
    assert ("2.2 or more would be found four times in five" in reading.contrast(one, "b", "a")) == (
        "no difference" in said
    )
    assert reading.differs(one) == ("a difference" in said)


HIGHER, LOWER, NEITHER = row(2, 1.2, 3.1), row(0.4, 0.3, 0.6), row()


@pytest.mark.parametrize(
    ("one", "expected", "said"),
    [
        (HIGHER, "higher", "Found this time, as expected. Only"),
        (
            row(3, 1.4, 6.4),
            "higher",
            "Found, as expected: a true ratio of about 2.2",
        ),
        (LOWER, "lower", "Found, as expected"),
        (row(0.6, 0.4, 0.9), "lower", "Found this time"),
        (LOWER, "higher", "In the WRONG DIRECTION: higher was expected"),
        (HIGHER, "lower", "In the WRONG DIRECTION: lower was expected"),
        (NEITHER, "higher", "THE AUDIT MISSED"),
        (row(1.2, math.nan, math.nan), "lower", "THE AUDIT MISSED"),
        (NEITHER, None, "Rightly, nothing was found; a ratio below about 2.2 could be missed"),
        (row(1.2, math.nan, math.nan), None, "So this control says nothing"),
        (HIGHER, None, "A FALSE ALARM"),
        (LOWER, None, "A FALSE ALARM"),
    ],
)
def test_a_control_asks_for_the_direction_that_was_put_there(one, expected, said):
    """Finding: a ratio of .40 where a higher rate had been put printed "sees what was put there".

    Only whether 1 lay outside the interval was asked.
    """
    told = reading.control(one, "b", "a", expected=expected)
    verdict = told.removeprefix(reading.contrast(one, "b", "a")).strip()
    assert verdict.startswith(said)


def test_a_control_that_was_found_says_whether_it_would_be_found_again():
    """Finding: "the audit sees what was put there" stood beside a lower end of 1.09."""
    near = reading.control(row(1.85, 1.09, 3.15), "near", "far", expected="higher")
    assert near.endswith(
        "Only a true ratio of about 2.2 or more would be found four times in five; a gap of this"
        " size would often be missed."
    )
    assert "often be missed" not in reading.control(LOWER, "b", "a", expected="lower")


def test_what_could_have_been_found_is_said_of_a_single_look():
    """Finding: beside a test adjusted for 25 looks stood the ratio that an unadjusted one finds."""
    one = "2.2 or more would be found four times in five"
    assert reading.contrast(row(), "b", "a").endswith(f"{one}.")
    told = reading.contrast(row(), "b", "a", looks=25)
    assert told.endswith(f"{one} (if it were the only look).")


@pytest.mark.parametrize("expected", [True, False, "above", ""])
def test_a_control_without_a_direction_is_refused(expected):
    with pytest.raises(ValueError, match="give 'higher', 'lower' or None"):
        reading.control(row(), "b", "a", expected=expected)


def test_matchers_in_words():
    keys = {
        ("dlib", "medium"): row(0.5, 0.3, 0.8, claimed=True),
        ("dlib", "darker"): row(low=math.nan, high=math.nan, claimed=False),
        ("other", "medium"): row(1.6, 1.1, 2.4, claimed=False),
        ("other", "darker"): row(claimed=False, question="primary"),
    }
    index = pd.MultiIndex.from_tuples(
        [(name, "tone band", "fnmr", group) for name, group in keys],
        names=["matcher", "grouping", "rate", "group"],
    )
    found = pd.DataFrame(
        [{"question": "exploratory", "looks": 19, **r} for r in keys.values()], index
    )
    told = reading.matchers(found, "tone band", "lighter", "fnmr").split("\n")
    assert told == [
        "Against lighter, exploratory, adjusted for 19 looks (Holm):",
        "dlib: medium 0.50 [0.30, 0.80], differs; darker: why.",
        "other: medium 1.60 [1.10, 2.40], after adjusting not shown to differ; darker 1.50 [0.80,"
        " 2.50], not shown to differ (the primary question).",
    ]


def test_a_difference_is_told_apart_after_all_looks():
    gap = Interval(0.05, 0.005, 0.095)
    assert reading.told_apart(gap) and not reading.told_apart(gap, looks=2)
    assert reading.told_apart(Interval(-0.05, -0.095, -0.005))
    assert not reading.told_apart(Interval(0.05, words="too few"))


# ---- spread -------------------------------------------------------------------------------------


class Groups:
    """As much of a group table as a summary asks for."""

    def __init__(self, **few):
        self.few = few

    def left_out(self, rate):
        return self.few

    def measured(self, rate):
        return [None] * 3


@pytest.mark.parametrize(
    ("share", "median", "said"),
    [
        (0.01, 1.4, "1.40 half of the time and 2.50 one time in twenty: luck alone seldom"),
        (0.3, 1.4, "max/min is 1.90. 3 groups that do not differ, of this size"),
        (0.3, 1.4, "this is no more than luck alone often gives."),
        (math.nan, math.nan, "max/min: why."),
    ],
)
def test_max_min_in_words(share, median, said):
    line = {"value": 1.9, "at_least": False, "null_median": median, "null_95": 2.5, "words": "why"}
    table = pd.DataFrame({"max/min": {**line, "share_of_null_at_least": share}}).T
    told = reading.spread(table, Groups())
    assert said in told and "Left out" not in told


def test_a_group_below_the_floor_is_named_and_hides_nothing():
    """Finding: with a group of six beside them, nothing was said of the two large ones."""
    line = {"value": 3.2, "at_least": True, "null_median": 1.4, "null_95": 2.5, "words": "why"}
    table = pd.DataFrame({"max/min": {**line, "of": "FMR", "share_of_null_at_least": 0.01}}).T
    told = reading.spread(table, Groups(tiny="6 people: too few"))
    assert told.startswith("max/min is at least 3.20. 3 groups that do not differ")
    assert told.endswith("Left out: tiny (6 people: too few).")
    assert reading.spread_table(table)["value"].tolist() == ["at least 3.2"]
    rng, people = np.random.default_rng(0), np.repeat(np.arange(206), 2)
    pairs = all_pairs(rng.normal(size=(412, 3)), people)
    group = np.select([people < 100, people < 200], ["a", "b"], "tiny")
    made = group_table(pairs, group, -0.5)
    told = reading.spread(made.spread(), made)
    assert "2 groups that do not differ" in told and "Left out: tiny (" in told


@pytest.mark.parametrize(
    ("shares", "there", "not_there"),
    [
        ((0.2, 0.01), "Those that mix in misses are far", "zzz"),
        ((0.01, 0.01), "Farther from equal than equal groups", "Those that mix"),
        ((0.2, 0.3), "Within what equal groups give: max/min, GARBE", "Farther"),
        ((math.nan, math.nan), "Too few errors", "Within"),
    ],
)
def test_summaries_in_words(shares, there, not_there):
    spread = pd.DataFrame(
        {"of": ["FMR", "FMR and FNMR, alpha 0.5"], "share_of_null_at_least": shares},
        index=["max/min", "GARBE"],
    )
    words = reading.summaries(spread)
    assert there in words and not_there not in words


def test_the_table_of_summaries_holds_short_cells():
    rng, people = np.random.default_rng(0), np.repeat(np.arange(160), 3)
    pairs = all_pairs(rng.normal(size=(480, 3)), people)
    spread = group_table(pairs, np.where(people % 2, "odd", "even"), -0.9).spread()
    shown = reading.spread_table(spread)
    pd.testing.assert_series_equal(shown["value"], spread["value"].round(4))
    assert shown.columns[2:4].tolist() == [
        "equal groups: middle value",
        "equal groups: 1 in 20 is farther",
    ]
    assert max(len(str(x)) for x in shown.to_numpy().ravel()) < 30
    line = {"of": "FMR", "value": 1.0, "at_least": False, "null_median": 1.0, "null_95": 1.0}
    shares = pd.DataFrame({**line, "share_of_null_at_least": [0.004, 0.22, math.nan]})
    assert reading.spread_table(shares).iloc[:, -1].tolist() == ["below 1%", "22%", "not known"]


# ---- a whole page -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "looks", "said"),
    [
        (
            {"ratio": 0.16, "p": 1e-6},
            20,
            "A lighter and a darker person are taken for each other l",
        ),
        (
            {"ratio": 3.0, "p": 1e-6},
            20,
            "A lighter and a darker person are taken for each other mo",
        ),
        ({"ratio": 0.7, "p": 0.01}, 20, "No difference is shown. Only a true ratio of about 0.50"),
        ({"ratio": 0.7, "p": 0.01}, 20, "found four times in five (if it were the only look)."),
        ({"ratio": 0.7, "p": 0.01}, 4, "other bands were not asked about"),
        ({"low": math.nan}, 20, "(mean of the two). why."),
    ],
)
def test_confusion_in_words(one, looks, said):
    """Finding: it was decided by intervals that do not overlap, and spoke of a cause."""
    ends = {"first": "lighter", "last": "darker", "across": 0.0015, "within": 0.01}
    line = {"ratio": 0.15, "low": 0.1, "high": 0.2, "p": 0.5, "detectable": 2.0, "words": "why"}
    told = reading.confusion({**ends, **line, **one}, looks)
    assert said in told and "Two people of one of these bands: 0.0100" in told
    assert not re.search("takes tone|part of the face|because", told)
    assert (f"one of {looks} looks" in told) == ("low" not in one)


@pytest.mark.parametrize(
    ("medium", "darker", "said"),
    [
        (True, True, "Of the 2 contrasts of all matchers besides the primary question, 2 are told"),
        (True, False, "1 are told apart. In FMR, against the reference: dlib, medium: 0.50 [0.30,"),
        (False, True, "1 are told apart. None of them is in FMR."),
        (False, False, "0 are told apart. None of them is in FMR."),
    ],
)
def test_the_other_contrasts_in_words(medium, darker, said):
    """Finding of ours: where none was in FMR it was an error, and not a sentence."""
    keys = [
        ("dlib", "tone band", "fmr", "darker"),
        ("dlib", "tone band", "fmr", "medium"),
        ("dlib", "tone band", "false_rejection", "darker"),
    ]
    lines = [row(claimed=True), row(0.5, 0.3, 0.8, claimed=medium), row(2, 1.2, 3, claimed=darker)]
    index = pd.MultiIndex.from_tuples(keys, names=["matcher", "grouping", "rate", "group"])
    told = reading.others(pd.DataFrame(lines, index), keys[0])
    assert said in told and "dlib, darker" not in told, "the primary one is no other"


def counted(true=(3.0, 2.6, 3.5), plain=(1.0, 0.8, 1.2)):
    """What was counted of a band that was narrowed, and of the same people not narrowed."""
    columns = ["ratio", "ratio_low", "ratio_high"]
    lines = [(math.nan,) * 3, true, plain]
    table = pd.DataFrame(lines, ["lighter", "medium", "medium, not narrowed"], columns)
    return table.assign(people=1000)


FOUND = "Found, as expected"
HOLDS, DOES_NOT = "interval holds it.", "interval does not hold it, as one in twenty does not."
MAKES, OPEN = "it is the narrowing that makes the gap.", "not shown that the narrowing makes the"


@pytest.mark.parametrize(
    ("one", "numbers", "said"),
    [
        (row(3.2, 2.1, 4.5), {}, (FOUND, HOLDS, MAKES)),
        (row(1.5, 1.2, 2.5), {}, ("Found this time", DOES_NOT, MAKES)),
        (row(1.5, 0.8, 3.1), {}, ("THE AUDIT MISSED WHAT WAS EXPECTED", HOLDS, MAKES)),
        (row(0.5, 0.3, 0.8), {}, ("In the WRONG DIRECTION: higher", DOES_NOT, MAKES)),
        (row(3.2, math.nan, math.nan), {}, ("MISSED", "3.00 [2.60, 3.50]. The same", MAKES)),
        (row(3.2, 2.1, 4.5), {"plain": (2.5, 2.2, 2.9)}, (FOUND, HOLDS, OPEN)),
        (row(3.2, 2.1, 4.5), {"plain": (4.5, 4.2, 4.9)}, (FOUND, HOLDS, OPEN)),
        (row(0.3, 0.2, 0.5), {"true": (0.3, 0.2, 0.4)}, (FOUND, HOLDS, MAKES)),
        (row(3.2, 2.1, 4.5), {"true": (1.1, 0.9, 1.3)}, ("so this control says nothing.",)),
    ],
)
def test_a_control_whose_truth_was_counted_in_words(one, numbers, said):
    """Finding: 05 had no control that was bound to be found; each way its result can fall."""
    told = reading.known("SFace", one, counted(**numbers), "medium", "lighter")
    assert told.startswith(
        "Control, SFace: the medium band of this set was drawn more alike on purpose. FMR"
    )
    for text in ("Counted among 2,000 further people: ", *said):
        assert text in told
    others = {FOUND, HOLDS, DOES_NOT, MAKES, OPEN} - set(said)
    assert not [text for text in others if text in told]


# ---- the language -------------------------------------------------------------------------------


def test_sentences_pass_through_the_reader_s_language(monkeypatch):
    monkeypatch.setattr(reading, "_", lambda text: f"<{text}>")
    assert reading.reached(Reached(0, 10, 0, 5)).startswith("<At this threshold nobody")
    assert reading.rate(0, 3) == "<0 of 3 (none seen)>"
    assert reading.contrast(row(), "b", "a").startswith("<<FMR of b / FMR of a = 1.50")


def test_the_title_of_every_matcher_s_figure_names_what_is_told_apart_and_nothing_else():
    rows = [("m", "band", "fmr", "x", True), ("m", "band", "fmr", "y", False)]
    rows += [("n", "band", "fmr", "x", True), ("n", "half", "fmr", "z", True)]
    keys = ["matcher", "grouping", "rate", "group"]
    found = pd.DataFrame(rows, columns=[*keys, "claimed"]).set_index(keys)
    assert (
        reading.claims(found, "band") == "False matches, told apart from the reference: m: x; n: x"
    )
    none = found.assign(claimed=False)
    assert (
        reading.claims(none, "band") == "False matches: no group is told apart from the reference"
    )
