"""Notebook 06: what it concludes is in the data, and every branch of its sentences is right."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest

from labkit.app import notebooks, rules
from labkit.base.places import PROJECT
from labkit.experiment import camera as cameras
from labkit.experiment import enrolment, mix_words, mixes
from labkit.experiment.mixes import Compared, Study, made_up
from labkit.experiment.trainings import Effect
from labkit.measure.intervals import Interval
from lessons.nb06 import exercises, words

SOURCE = PROJECT / notebooks.SOURCE / "06_why_unequal.py"


def effect(log=1.0, error=0.1, trainings=(0.9, 1.0, 1.1), **more):
    """An effect whose interval is about twice the error to each side."""
    return Effect(log, trainings, error, error / 2, 30.0, **more)


NONE = effect(0.01, 0.1, (-0.1, 0.0, 0.13))
FEW = Effect(math.nan, words="too few")


class Made:
    """A study whose answers are given."""

    def __init__(self, **answers):
        self.answers = answers

    def slope(self, rate="fmr", *, origin="as trained"):
        return self.answers.get(f"{rate}, {origin}", self.answers.get("slope", effect(-3.0)))

    def mean_gap(self, mix, rate="fmr", *, between=("darker", "lighter")):
        quiet = effect(0.01, 0.1, (-0.1, 0.0, 0.13)) if mix in self.balanced() else None
        named = self.answers.get(f"{mix}, {rate}, {'/'.join(between)}", quiet)
        return named or self.answers.get(mix, effect(1.0 if mix == "90-10" else -1.0))

    def learned_from(self, mix, band):
        return mix != "50-50" or band != "medium"

    def recentred(self):
        first = self.answers.get("slope", effect(-3.0))
        second = self.answers.get("moved", effect(-0.5))
        change = self.answers.get("change", effect(2.5))
        return Compared(first, second, change, self.answers.get("share", 0.83), (0.7, 0.9))

    def balanced(self):
        names = self.answers.get("balanced", ("50-50", "thirds"))
        return {name: self.answers.get(f"{name}, fmr, darker/lighter", NONE) for name in names}

    def people_in(self, mix):
        return {"thirds": 642}.get(mix, 640)

    def odd_split(self):
        from types import SimpleNamespace

        return SimpleNamespace(against_thirds=self.answers.get("odd", NONE))

    def sizes(self):
        from types import SimpleNamespace

        change = self.answers.get("sizes", NONE)
        return SimpleNamespace(gap_change=change, gaps={"thirds": effect()})


# ---- the sentences, branch by branch -------------------------------------------------------------


def test_the_effect_of_the_mix_is_told_with_each_training_and_as_a_cause():
    told = words.mix(Made())
    assert "divided by 20.1 [" in told and "in the 3 trainings" in told
    assert "2.72 at 90:10 and 0.37 at 10:90" in told
    assert told.endswith("for these networks and people the mix is a cause.")


def test_without_an_effect_of_the_mix_no_cause_is_named():
    told = words.mix(Made(slope=NONE))
    assert "No effect of the mix was shown: a true factor of 1.3" in told
    assert "is a cause" not in told
    assert words.mix(Made(slope=FEW)) == "What the mix does cannot be said: too few."


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (effect(0.8), "Whoever was seen MORE is missed more."),
        (effect(-0.8), "Whoever was seen LESS is missed more."),
        (NONE, "Not shown: a true factor of"),
        (FEW, "Who is missed more is not known."),
    ],
)
def test_who_is_missed_more_is_said_as_trained_and_recentred(one, said):
    """Finding: only one side was told; the origin mends false matches and moves the misses."""
    trained = Made(**{"false_rejection, as trained": one})
    moved = Made(**{"false_rejection, recentred": one})
    assert said in words.missed(trained).split("\n")[0]
    assert said in words.missed(moved).split("\n")[1]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "(on a log scale 83 in 100 of it gone)"),
        ({"share": -0.2}, "(no less than before)"),
        ({"change": NONE}, "(that this changes anything is not shown)"),
        ({"slope": NONE}, "That there is a slope which another origin could mend is not shown."),
        ({"moved": FEW}, "That there is a slope which another origin could mend is not shown."),
    ],
)
def test_what_another_origin_takes_away(answers, said):
    assert said in words.missed(Made(**answers))


STRONG, ONCE = effect(0.8), effect(0.8, trainings=(0.8,))
GAP, MISSES = "thirds, fmr, darker/lighter", "thirds, false_rejection, darker/medium"
UNSEEN = "50-50, fmr, medium/lighter"


@pytest.mark.parametrize(
    ("answers", "said", "never"),
    [
        (
            {GAP: STRONG},
            "did not give equal false matches. Adjusted for 12 looks a gap stays: FMR",
            "No gap",
        ),
        ({MISSES: STRONG}, "No gap is shown; a true factor of 1.", "did not give"),
        ({MISSES: STRONG}, "stays: rejections of darker over medium 2.23 [", "trained once"),
        ({MISSES: STRONG}, "(thirds of 642 people). Why is not known.", "Nor in other"),
        ({MISSES: ONCE}, "(thirds of 642 people, trained once). Why is not known.", "Nor in other"),
        ({UNSEEN: STRONG}, "A band that was not learned from: FMR of medium over", "a gap stays"),
        ({}, "Nor in other looks, 12 in all.", "not learned from"),
    ],
)
def test_balance_in_words(answers, said, never):
    """Finding: balance was judged by false matches of two bands; misses and the third differ."""
    told = words.balance(Made(**answers)).split("\n")[0]
    assert said in told and never not in told


def test_without_counts_nothing_is_said_of_balance():
    few = {
        f"{mix}, {rate}, {one}/{other}": FEW
        for mix in ("50-50", "thirds")
        for rate in ("fmr", "false_rejection")
        for one, other in words.PAIRS
    }
    assert "So nothing is said of balance." in words.balance(Made(**few))
    assert words.answer(Made(**few)) == "Too little was counted to say what the mix does."


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "With balance no gap is shown in either error; one below a factor of 1."),
        ({MISSES: STRONG}, "neither 'it is only the data' nor 'balance mends it'"),
        ({MISSES: ONCE}, "'it is the data' goes far here, and 'balance mends it' is not shown."),
        ({UNSEEN: STRONG}, "There are gaps with balance all the same"),
        ({"slope": NONE}, "That the mix moves the false matches was not shown. With balance no"),
        ({"slope": NONE, MISSES: STRONG}, "was not shown. There are gaps with balance"),
        ({"slope": FEW}, "Too little was counted"),
    ],
)
def test_the_answer_to_both_readers(answers, said):
    assert said in words.answer(Made(**answers))


def test_what_the_origin_takes_stands_in_the_answer_only_where_it_is_shown():
    assert "83 in 100 of that" in words.answer(Made())
    assert "in 100 of that" not in words.answer(Made(change=NONE))
    assert "in 100 of that" not in words.answer(Made(share=-0.1))


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (NONE, "Rightly nothing; a factor of 1.3"),
        (effect(0.9), "AN EFFECT where none can be"),
        (FEW, "Nine in ten with odd numbers instead: too few."),
    ],
)
def test_the_control_that_cannot_matter_in_words(odd, said):
    assert said in words.balance(Made(odd=odd)).split("\n")[1]


def look(value=0.1, low=0.05, high=0.15, claimed=True, words="", detectable=0.07):
    line = {"value": value, "low": low, "high": high, "claimed": claimed, "words": words}
    return pd.Series({**line, "detectable": detectable}, dtype=object)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (look(), "the same people are rejected 10 of 100 more often when drawn darker."),
        (look(-0.1, -0.15, -0.05), "rejected less often when drawn darker (-10 of 100)."),
        (look(claimed=False), "no gap is shown (+10; 7 of 100 would be found)."),
        (look(words="few"), "too little for a gap (few)."),
    ],
)
def test_the_gap_that_is_there_without_a_fault(gap, said):
    assert said in words._without_fault(gap)


@pytest.mark.parametrize(
    ("extra", "part", "said"),
    [
        (look(), Interval(0.4), "adds +10 [+5, +15]; 40 of 100 parts of its gap are there without"),
        (look(), Interval(math.nan, words="no"), "The poor camera adds +10 [+5, +15]."),
        (look(-0.1, -0.15, -0.05), Interval(0.4), "narrows it: -10 [-15, -5]."),
        (look(claimed=False), Interval(0.4), "That the poor camera widens the gap is not shown"),
        (look(words="few"), Interval(0.4), "Too little for more (few)."),
    ],
)
def test_what_the_camera_adds(extra, part, said):
    assert said in words._added(extra, part)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (NONE, "no change of the gap is shown; a true factor"),
        (effect(0.6), "change the gap: multiplied by 1.82"),
        (FEW, "both move together."),
    ],
)
def test_share_and_number_are_told_apart_by_the_sizes(change, said):
    told = words._numbers(Made(sizes=change))
    assert told.startswith("True: in the five mixes both move together.") and said in told


def test_seeds_that_disagree_are_told():
    assert "do not even agree" in words._seeds(Made(slope=NONE))
    assert "The interval counts them: divided by 20.1" in words._seeds(
        Made(slope=effect(-3.0, trainings=(-2.9, -3.0, -3.1)))
    )


def test_the_pictures_alone_are_no_answer_while_the_gap_moves():
    assert words._signal(Made(), []).endswith("they alone do not make it.")
    assert "is not shown" in words._signal(Made(slope=NONE), [])


# ---- both readers are answered -------------------------------------------------------------------


@pytest.fixture(scope="module")
def both():
    return [cameras.cameras(name) for name in ("dlib", "SFace")]


@pytest.fixture(scope="module")
def looks(both):
    return cameras.looks(both)


def test_each_reader_finds_the_best_objection_answered(both):
    """Finding: a page that convinces one side only was not read by the other."""
    table = words.readers(Study(made_up()), both)
    sides = table.index.get_level_values(0)
    assert (sides == "it is the data").sum() >= 3 and (sides == "it is not the data").sum() >= 4
    assert not (table["what the page says"].str.len() < 30).any()
    told = table["what the page says"].droplevel(0)
    assert "At both ends" in told["The gap follows the mix."] or "turns over" in told.iloc[0]
    assert "each matcher here" in told["Darker pictures carry less signal."]
    assert "Moving the origin takes away" in told["You only moved the origin."]


def test_the_core_names_both_answers_and_what_the_other_says():
    core = " ".join(" ".join(c.text for c in rules.cells(SOURCE, "core")).split())
    for said in ("It is the data.", "It is not the data.", "carries less signal", "only moved the"):
        assert said in core


# ---- the camera and the exercises are in the data ------------------------------------------------


def test_the_exercise_of_the_camera_is_the_page_s_difference_in_differences(both):
    poor = both[0].extra(cameras.POOR)
    assert exercises.ADDED.reference() == pytest.approx(poor.value)
    lost = [both[0].row(cameras.POOR, tone).failed.sum() for tone in ("lighter", "darker")]
    assert lost[1] > lost[0], "the solution says that lost faces are mostly of one tone"


def test_the_camera_in_words_is_what_was_counted(both, looks):
    told = words.camera(both, looks).split("\n")
    for line, one in zip(told, both, strict=True):
        gap, extra = one.gap(cameras.GOOD).interval, one.extra(cameras.POOR).interval
        assert line.startswith(f"{one.matcher}: without any fault the same people are rejected")
        assert f"rejected {100 * gap.value:.1f} of 100 more often" in line
        assert f"adds +{100 * extra.value:.0f} [" in line and "parts of its gap" in line


def test_the_rare_band_is_returned_least_often_as_the_solution_says():
    rates = exercises._rates()
    found = enrolment.expected(dict(enrolment.MAKE_UPS[exercises.ENROLLED]), rates)
    assert min(found, key=found.get) == "darker"
    within = {band: rates[band, band] for band in ("lighter", "medium", "darker")}
    assert min(within, key=within.get) != "darker"


def test_the_three_reports_differ_in_one_row_each():
    rows = {"age": "age", "images": "images", "camera": "camera"}
    for number, thing in zip((1, 2, 3), exercises.FIND.reference(), strict=True):
        apart = exercises.confounded.comparison(number).parameters["apart"].abs()
        assert apart.idxmax() == rows[thing] and apart.max() > 3 * apart.drop(rows[thing]).max()


# ---- the core ------------------------------------------------------------------------------------


def printed(text):
    return len(re.findall(r"[A-Za-z0-9][\w'’.,-]*", text))


def test_the_core_prints_few_words(both, looks):
    """Finding: the core of 05 printed 610 words against 705 of prose."""
    study = mixes.study()
    told = [words.mix(study), words.missed(study), words.balance(study), words.camera(both, looks)]
    assert sum(map(printed, [*told, mix_words.headline(study)])) <= 300


def test_what_the_trainings_say_is_a_geometric_mean():
    assert words._apiece(effect(-3.0, trainings=(-2.0, -3.0, -4.0))) == "7.39, 20.1 and 54.6"
    assert np.isclose(effect(-3.0).ratio, math.exp(-3))
