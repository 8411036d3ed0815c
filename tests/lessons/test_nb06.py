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
from labkit.experiment import changes, enrolment, mix_words, mixes
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

    def mean_gap(self, mix, rate="fmr", *, between=("darker", "lighter"), origin="as trained"):
        if (end := self.answers.get(f"{mix}, {rate}, {origin}")) is not None:
            return end
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

    def difference(self, mix, rate="false_rejection", *, origin="as trained"):
        return self.answers.get(f"difference, {origin}", 0.19 if origin == "recentred" else 0.02)

    def highest(self, mix, rate="false_rejection"):
        return self.answers.get("highest", ["darker"] * 3)

    def trainings(self, mix):
        return {0: "a"} if mix == self.answers.get("once") else {0: "a", 1: "b", 2: "c"}

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
    assert told.endswith("for these networks of invented people it is a cause.")


def test_without_an_effect_of_the_mix_no_cause_is_named():
    told = words.mix(Made(slope=NONE))
    assert "No effect of the mix was shown: a true factor of 1.3" in told
    assert "is a cause" not in told and "a cause" not in told
    assert words.mix(Made(slope=FEW)) == "What the mix does cannot be said: too few."


UP, DOWN = effect(0.8), effect(-0.8)


@pytest.mark.parametrize("origin", ["as trained", "recentred"])
@pytest.mark.parametrize(
    ("slope", "ends", "said"),
    [
        (UP, (DOWN, UP), "Whoever was seen MORE is missed more, at both ends."),
        (DOWN, (UP, DOWN), "Whoever was seen LESS is missed more, at both ends."),
        (
            UP,
            (NONE, UP),
            "That is a change: at 90:10 no difference is shown (1.01), at 10:90 darker is"
            " rejected more (2.23).",
        ),
        (DOWN, (DOWN, NONE), "at 90:10 lighter is rejected more (0.45), at 10:90 no difference"),
        (UP, (FEW, UP), "at 90:10 no difference is shown (too few), at 10:90 darker"),
        (UP, (UP, UP), "at 90:10 darker is rejected more (2.23), at 10:90 darker is"),
        (NONE, (DOWN, UP), "Not shown: a true factor of"),
        (FEW, (DOWN, UP), "Who is missed more is not known."),
    ],
)
def test_who_is_missed_more_is_a_level_only_where_both_ends_show_it(origin, slope, ends, said):
    """Finding: a slope was told as a level; at 90:10 the band seen more is not missed more."""
    made = Made(
        **{
            f"false_rejection, {origin}": slope,
            f"90-10, false_rejection, {origin}": ends[0],
            f"10-90, false_rejection, {origin}": ends[1],
        }
    )
    line = words.missed(made).split("\n")[origin == "recentred"]
    assert said in line
    assert ("Whoever" in line) == said.startswith("Whoever")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"90-10, false_rejection, recentred": UP}, "The price: at 90:10 rejections"),
        ({"90-10, false_rejection, recentred": NONE}, "go from +2.0 to +19 of 100 with it."),
        ({"90-10, false_rejection, recentred": FEW}, "go from +2.0 to +19 of 100 with it."),
        (
            {"90-10, false_rejection, recentred": UP, "difference, recentred": 0.01},
            "go from +2.0 to +1.0 of 100 with it.",
        ),
    ],
)
def test_the_price_of_the_moved_origin_stands_beside_it(answers, said):
    """Finding: what the origin mends was told, and not what it does to the rejections."""
    said = said.replace("+2.0", changes.hundred(0.02, sign=True))
    said = said.replace("+1.0", changes.hundred(0.01, sign=True))
    assert said in words.missed(Made(**answers)) and said in words.answer(Made(**answers))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "(83 in 100 of its logarithm gone)"),
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


LOST = "50-50, false_rejection, darker/medium"


@pytest.mark.parametrize(
    ("answers", "said", "never"),
    [
        ({GAP: STRONG}, "did not give equal false matches. Adjusted for 12 looks, gaps", "no gap"),
        ({MISSES: STRONG}, "no gap in FMR is shown. Adjusted for 12 looks", "did not give"),
        ({MISSES: STRONG}, "of bands learned from, rejections darker/medium 2.23 at", "once"),
        ({MISSES: ONCE, "once": "thirds"}, "at thirds of 642 (trained once)", "no gap is"),
        (
            {UNSEEN: STRONG},
            "with a band not learned from, FMR medium/lighter 2.23",
            "bands learned",
        ),
        (
            {UNSEEN: STRONG, LOST: effect(0.6)},
            "not learned from, FMR medium/lighter 2.23, rejections darker/medium 1.82 at 50:50.",
            "bands learned",
        ),
        ({}, "Adjusted for 12 looks no gap is shown in either error.", "learned from"),
    ],
)
def test_balance_in_words(answers, said, never):
    """Finding: gaps with the band that was not learned from were counted and left out."""
    told = words.balance(Made(**answers)).split("\n")[0]
    assert said in told and never not in told


@pytest.mark.parametrize(
    ("highest", "said"),
    [
        (["darker"] * 3, "In each of the 6 balanced networks darker is rejected most."),
        (["darker", "lighter", "darker"], "rejected most in 4 of the 6 balanced networks."),
        (["medium"] * 3, "Darker is rejected most in 0 of the 6 balanced networks."),
    ],
)
def test_all_balanced_networks_are_counted(highest, said):
    """Finding: each of them rejects darker people most, and the page called it one network's."""
    made = Made(highest=highest)
    assert said in words.balance(made) and said in words.answer(made)
    assert said in words.answer(Made(highest=highest, **{MISSES: STRONG}))


def test_each_balanced_mix_has_its_own_detectable_factor():
    """Finding: the smallest of three was told for all."""
    made = Made(**{GAP: effect(0.1, 0.2)})
    table = mix_words.balanced_table(made)
    own = [mixes_effect.detectable for mixes_effect in made.balanced().values()]
    assert table["factor found"].tolist() == [words.short(value) for value in own]
    assert table["factor found"].nunique() == 2
    few = mix_words.balanced_table(Made(**{GAP: FEW}))
    assert few.loc["thirds of 642", "factor found"] == "none"


def test_all_gaps_that_are_shown_stand_on_the_page():
    """Finding: of four gaps one was printed, and one of rejections nowhere."""
    study = mixes.study()
    claimed = words._claimed(words._looks(study))
    for told in (words.balance(study), words.answer(study)):
        for rate, _mix, one, other in claimed:
            assert f"{'FMR' if rate == 'fmr' else 'rejections'} {one}/{other}" in told


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
        ({MISSES: ONCE}, "in networks that were trained several times; one below a factor of"),
        ({UNSEEN: STRONG}, "Between bands that were both learned from no gap is shown"),
        ({UNSEEN: STRONG}, "Balanced training did not make the errors equal."),
        ({"slope": NONE}, "That the mix moves the false matches was not shown. With balance no"),
        ({"slope": NONE, MISSES: STRONG}, "was not shown. Balanced training did not make"),
        ({"slope": FEW}, "Too little was counted"),
    ],
)
def test_the_answer_to_both_readers(answers, said):
    """Finding: "no gap is shown" forgot the gaps with the band that was not learned from."""
    told = words.answer(Made(**answers))
    assert said in told
    if MISSES in answers and answers[MISSES] is STRONG:
        assert "trained several times" not in told


def test_the_answer_holds_the_stricter_threshold_beside_the_usual_one():
    """Finding: the part of the origin depends on the threshold."""
    strict = Made(share=0.74)
    strict.asked = 0.001
    assert "(74 at a threshold for an FMR of 0.001). The price" in words.answer(Made(), strict) or (
        "(74 at a threshold for an FMR of 0.001). At 90:10" in words.answer(Made(), strict)
    )
    strict.answers["share"] = math.nan
    assert "threshold for" not in words.answer(Made(), strict)


def test_what_the_origin_takes_stands_in_the_answer_only_where_it_is_shown():
    assert "83 in 100 of that" in words.answer(Made())
    assert "in 100 of that" not in words.answer(Made(change=NONE))
    assert "in 100 of that" not in words.answer(Made(share=-0.1))


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (NONE, "None is shown; a factor of 1.3"),
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
        (look(), "by the good camera 22 of 100 pairs are rejected drawn darker, 12 drawn lighter."),
        (look(claimed=False), "no gap is shown (22 of 100 rejected when drawn darker, 12 when"),
        (look(claimed=False), "a gap of 7 would be found"),
        (look(words="few"), "too little for a gap (few)."),
    ],
)
def test_the_gap_that_is_there_by_the_good_camera(gap, said):
    """Finding: "9.4 of 100 more often" was read as a percentage."""
    assert said in words._by_the_good_camera(gap, 0.22, 0.12)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (look(), "The poor camera adds +10 [+5, +15]: by steps."),
        (look(-0.1, -0.15, -0.05), "narrows it: -10 [-15, -5]."),
        (look(claimed=False), "That the poor camera widens the gap is not shown"),
        (look(words="few"), "Too little for more (few)."),
    ],
)
def test_what_the_camera_adds(extra, said):
    assert said in words._added(extra, "by steps")


NOISE, STILL = Interval(0.06, 0.02, 0.1), Interval(0.06, -0.02, 0.14)


@pytest.mark.parametrize(
    ("meter", "noise", "said"),
    [
        (look(), NOISE, "metering +10, noise on top +6"),
        (look(claimed=False), NOISE, "metering +10 (not shown), noise on top +6"),
        (look(), STILL, "metering +10, noise on top +6 (not shown)"),
        (look(words="few"), NOISE, "which step does it cannot be said"),
        (look(), Interval(math.nan, words="few"), "which step does it cannot be said"),
    ],
)
def test_the_two_steps_of_the_poor_camera_are_told_apart(meter, noise, said):
    """Finding: exposure and noise were one cause on a page that changes one thing at a time."""
    assert words._steps(meter, noise) == said


def test_the_two_steps_add_up(both):
    for one in both:
        steps = [one.extra(words.METERED), one.extra(cameras.POOR, words.METERED)]
        assert sum(s.value for s in steps) == pytest.approx(one.extra(cameras.POOR).value)


def test_share_and_number_are_not_told_apart():
    """Finding: a control in which all bands grow alike cannot tell a share from a number."""
    assert "nothing here tells the two apart" in words._numbers()
    table = mixes.study().table.groupby("mix").first()
    seen = table["steps"] * table["batch"] / table["pictures"]
    assert seen["thirds-160"] > seen["thirds"] > seen["thirds-2500"], "learned from less often"
    core = " ".join(" ".join(c.text for c in rules.cells(SOURCE, "core")).split())
    assert "cannot be told apart here" in core


def test_what_the_set_cannot_tell_is_said(both):
    """Finding: the datasheet's limit of the good camera's gap was left out."""
    core = " ".join(" ".join(c.text for c in rules.cells(SOURCE, "core")).split())
    assert "datasheet says that it cannot tell" in core.replace("# ", "")
    assert "this set cannot tell them apart" in words._signal(Made(), both)


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([2.0, 2.1, 2.2, 2.3, 2.4], "It rises with the share of darker people."),
        ([2.4, 2.3, 2.2, 2.1, 2.0], "It falls with the share of darker people."),
        ([2.4, 2.3, 2.5, 2.1, 2.0], "It neither rises nor falls throughout."),
    ],
)
def test_how_far_the_trainings_came_is_said(losses, said):
    """Finding: that the networks may be half trained was not raised."""
    made = Made()
    made.table = pd.DataFrame({"mix": mixes.MIXES, "loss": losses, "steps": 700})
    told = mix_words.losses(made)
    assert said in told and f"{losses[0]:.2f} at 90:10" in told and "of 700 steps" in told


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
        rates = [one.rejected(cameras.GOOD, tone).value for tone in ("darker", "lighter")]
        darker, lighter = map(changes.hundred, rates)
        assert line.startswith(f"{one.matcher}: by the good camera {darker} of 100 pairs are")
        assert f"{lighter} drawn lighter" in line
        assert f"adds +{100 * one.extra(cameras.POOR).value:.0f} [" in line and "noise on" in line


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
