"""Networks at several mixes: what is counted, how sure one may be, and what is said of it."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from labkit.experiment import mix_words as words
from labkit.experiment.made_up import RECIPES, MadeUp
from labkit.experiment.mixes import BANDS, MIXES, Study
from labkit.experiment.trainings import NOBODY, Effect, Estimate, combined, too_little, weighted
from labkit.measure.intervals import (
    Moves,
    cluster_interval,
    fmr_interval,
    pair_totals,
    student,
    vertex_weights,
)
from labkit.measure.people import rate_and_error


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(MadeUp())


def of(**options) -> Study:
    return Study(MadeUp(**options))


# ---- several trainings, the same test people ----------------------------------------------------


def estimates(values, moves) -> dict[int, Estimate]:
    who = np.arange(len(moves[0]))
    return {
        k: Estimate(v, Moves(who, np.asarray(m, float)))
        for k, (v, m) in enumerate(zip(values, moves, strict=True))
    }


def test_the_variance_is_that_of_readers_and_cases() -> None:
    """s^2 / r and the covariance that trainings share by their test people; a sum by hand."""
    rng = np.random.default_rng(1)
    common = rng.normal(0, 0.05, 50)
    moves = [common + rng.normal(0, 0.02, 50) for _ in range(3)]
    values = (0.2, 0.9, 0.4)
    found = combined(estimates(values, moves))
    shared = np.mean([moves[a] @ moves[b] for a, b in ((0, 1), (0, 2), (1, 2))])
    between = np.var(values, ddof=1) / 3
    assert found.log == pytest.approx(0.5)
    assert found.by_people**2 == pytest.approx(shared)
    assert found.by_trainings**2 == pytest.approx(between)
    weight = Moves(np.arange(50), np.mean(moves, axis=0)).weight
    freedom = (between + shared) ** 2 / (between**2 / 2 + shared**2 / weight)
    assert found.freedom == pytest.approx(freedom) and 2 <= freedom < weight
    assert found.reach == pytest.approx(student(0.975, freedom) * math.sqrt(between + shared))
    assert found.high / found.ratio == pytest.approx(found.ratio / found.low)
    assert found.of_trainings == pytest.approx(between / (between + shared))


def test_trainings_that_happen_to_agree_are_no_surer_than_their_test_people() -> None:
    """Three equal values gave no variance between trainings: then the people's is the least."""
    moves = [np.eye(60)[k] * 0.3 + 0.01 for k in range(3)]
    found = combined(estimates((0.5, 0.5, 0.5), moves))
    assert found.error == pytest.approx(np.sqrt((np.mean(moves, axis=0) ** 2).sum()))
    assert found.by_trainings > 0


def test_one_training_is_judged_by_people_alone_and_says_so() -> None:
    found = combined(estimates((0.5,), [np.full(40, 0.02)]))
    assert found.alone and math.isnan(found.by_trainings)
    assert found.error == pytest.approx(0.02 * math.sqrt(40)) and found.freedom == pytest.approx(40)
    assert not combined(estimates((0.5, 0.6), [np.full(40, 0.02)] * 2)).alone


def test_too_little_in_one_training_leaves_words() -> None:
    found = combined({0: Estimate(0.1, NOBODY), 1: too_little("no false match")})
    assert found.text() == "training 1: no false match"
    assert math.isnan(found.reach) and math.isnan(found.detectable) and not found.shown
    assert found.direction == 0 and math.isnan(found.p_value)
    assert weighted([(1.0, Estimate(0.1, NOBODY)), (1.0, too_little("why"))]).words == "why"
    with pytest.raises(ValueError, match="no training"):
        combined({})
    nothing = combined(estimates((0.5, 0.5), [np.zeros(3)] * 2))
    assert "the same in all people" in nothing.words
    assert "the same in all people" in combined(estimates((0.5,), [np.zeros(3)])).words


def test_a_ratio_is_shown_where_its_interval_leaves_out_one() -> None:
    up = Effect(0.5, (0.4, 0.6), 0.1, 0.05, 30.0)
    assert up.shown and up.direction == 1 and up.p_value < 0.05
    down = up.upside_down()
    assert down.direction == -1 and down.ratio == pytest.approx(1 / up.ratio)
    assert down.low == pytest.approx(1 / up.high)
    edge = dataclasses.replace(up, log=up.reach)
    assert not edge.shown and edge.p_value == pytest.approx(0.05)
    assert up.detectable > math.exp(up.reach)


@pytest.mark.slow
@pytest.mark.parametrize(
    "drawn",
    [
        {"effect": 0.0, "training": 0.3},
        {"effect": -3.0, "training": 0.3},
        {"effect": -2.0, "training": 0.0, "lean": 1.0, "own": 0.3},
        {"effect": -2.0, "training": 0.6, "lean": 0.0, "own": 0.0},
        {"effect": -2.0, "training": 0.4, "lean": 0.8, "own": 0.3},
    ],
    ids=["nothing", "strong", "people differ", "trainings differ", "both"],
)
def test_the_interval_of_a_slope_holds_the_truth(drawn: dict[str, float]) -> None:
    """Test people and trainings drawn anew; also the gap at one mix, and none where there is none.

    By people alone the interval would hold it far too seldom where trainings differ.
    """
    held, held_gap, by_people, shown = [], [], [], []
    for seed in range(400):
        one = Study(MadeUp(each=80, seed=seed, **drawn))
        found, gap = one.slope(), one.mean_gap("50-50")
        held.append(abs(found.log - drawn["effect"]) <= found.reach)
        held_gap.append(abs(gap.log - 0.5) <= gap.reach)
        by_people.append(abs(found.log - drawn["effect"]) <= 2 * found.by_people)
        shown.append(found.shown)
    assert 0.915 <= np.mean(held) <= 0.985
    assert 0.90 <= np.mean(held_gap) <= 0.985
    if drawn["training"]:
        assert np.mean(by_people) < 0.8
    if not drawn["effect"]:
        assert np.mean(shown) < 0.09


# ---- what is counted ----------------------------------------------------------------------------


def tables(study: Study, network: str, cell) -> tuple[np.ndarray, np.ndarray]:
    """False matches and comparisons of people of one cell, as whole tables."""
    found = study.source.network_errors(network)
    size = len(found.people)
    false = np.zeros((size, size))
    false[found.first, found.second] = found.false_matches
    false += false.T
    compared = np.outer(found.images, found.images) * (1 - np.eye(size))
    alike = cell[:, None] == cell[None]
    return false * alike, compared * alike


@pytest.mark.parametrize("group", [*BANDS, "odd", "even", "all"])
def test_rates_are_those_of_the_whole_tables(study: Study, group: str) -> None:
    band = np.asarray(study.source.people()["tone_band"])
    odd = np.asarray(study.source.people()["person_seed"]) % 2 == 1
    split = group in ("odd", "even")
    cell = np.array([f"{b} {o}" if split else b for b, o in zip(band, odd, strict=True)])
    who = {"odd": odd, "even": ~odd, "all": np.ones(len(odd), bool)}.get(group, band == group)
    for network in ("90-10-0", "thirds-2"):
        false, compared = (t[np.ix_(who, who)] for t in tables(study, network, cell))
        wanted, found = fmr_interval(false, compared), study.interval(network, group)
        for part in ("value", "low", "high", "errors", "trials", "person_pairs", "error_pairs"):
            assert getattr(found, part) == pytest.approx(getattr(wanted, part)), part
        errors = study.source.network_errors(network)
        for style in (None, "same style", "restyled"):
            of_style = style or "all"
            lost = errors.planned[of_style] - errors.compared[of_style]
            rejected = errors.missed[of_style] + lost
            mated = study.interval(network, group, "false_rejection", style=style)
            by_hand = cluster_interval(rejected[who], errors.planned[of_style][who])
            assert mated.value == pytest.approx(by_hand.value) and lost.sum() > 0
            assert mated.low == pytest.approx(by_hand.low)


def test_people_move_the_logarithm_of_a_rate_as_its_interval_says(study: Study) -> None:
    fmr, found = (f("50-50-0", "darker") for f in (study.log_rate, study.interval))
    assert math.exp(fmr.value - fmr.moves.reach) == pytest.approx(found.low)
    assert set(fmr.moves.people) == set(np.flatnonzero(study.bands == "darker"))
    rejected = study.log_rate("50-50-0", "darker", "false_rejection")
    errors = study.source.network_errors("50-50-0")
    who = study.bands == "darker"
    lost = errors.missed["all"] + errors.planned["all"] - errors.compared["all"]
    rate, error = rate_and_error(lost[who], errors.planned["all"][who])
    assert rejected.value == pytest.approx(math.log(rate))
    assert rejected.moves.error == pytest.approx(error / rate)
    assert set(rejected.moves.people) == set(np.flatnonzero(who))


def test_a_gap_is_one_rate_over_the_other(study: Study) -> None:
    for rate in ("fmr", "fnmr", "false_rejection"):
        one, other = (study.interval("75-25-1", b, rate) for b in ("darker", "lighter"))
        gap = study.gap("75-25-1", rate)
        assert gap.ratio == pytest.approx(one.value / other.value) and gap.alone
        assert study.gap("75-25-1", rate, between=("lighter", "darker")).ratio == pytest.approx(
            1 / gap.ratio
        )


def test_a_slope_is_the_rise_of_least_squares(study: Study) -> None:
    x = [math.log(RECIPES[m][2] / RECIPES[m][0]) for m in MIXES]
    rises = []
    for k in range(3):
        y = [study.gap(f"{m}-{k}").log for m in MIXES]
        rises.append(np.polyfit(x, y, 1)[0] * (x[-1] - x[0]))
    found = study.slope()
    assert found.trainings == pytest.approx(rises) and found.log == pytest.approx(np.mean(rises))
    assert study.per_tenfold(found) == pytest.approx(math.exp(found.log / (2 * math.log10(9))))


def test_people_are_drawn_again_for_all_networks_at_once(study: Study) -> None:
    """The jackknife's part of the test people is what a vertex bootstrap of them gives."""
    found = study._slopes()
    mean = Moves.total((1 / 3, e.moves) for e in found.values())
    band = study.bands
    x = np.log([study.odds(m) for m in MIXES])
    weights = (x - x.mean()) / ((x - x.mean()) ** 2).sum() * (x[-1] - x[0])
    total = np.zeros(400)
    for n, name in enumerate(("lighter", "darker")):
        who = np.flatnonzero(band == name)
        drawn = vertex_weights(len(who), 400, 3, n)
        for weight, mix in zip(weights, MIXES, strict=True):
            for k in range(3):
                false, compared = (t[np.ix_(who, who)] for t in tables(study, f"{mix}-{k}", band))
                log = np.log(pair_totals(drawn, false) / pair_totals(drawn, compared))
                total += (1 if name == "darker" else -1) * weight / 3 * log
    # Nearly independent pairs make a vertex bootstrap too wide; never much narrower.
    assert 0.9 < total.std() / mean.error < 1.5


def test_too_few_false_matches_leave_words_not_numbers() -> None:
    for fmr, said in ((0.0, "no false match"), (2e-6, "too few for a rate")):
        one = of(fmr=fmr, effect=0.0)
        found = one.slope()
        assert said in found.words and "90-10-0" in found.words
        assert math.isnan(found.log) and not found.shown
        for sentence in (words.slope(one), words.answer(one), words.turned_over(one)):
            assert "nan" not in sentence
        for sentence in words.controls(one).values():
            assert "nan" not in sentence and sentence.endswith(".")
    assert "cannot be given" in words.slope(one) and "Too little" in words.answer(one)


def test_what_cannot_be_asked_is_refused(study: Study) -> None:
    with pytest.raises(ValueError, match="no network was trained on the mix 'half'"):
        study.trainings("half")
    with pytest.raises(ValueError, match="there is no group 'tall'"):
        study.interval("90-10-0", "tall")
    with pytest.raises(ValueError, match="not by 'fta'"):
        study.interval("90-10-0", "lighter", "fta")
    with pytest.raises(ValueError, match="no photograph of them is restyled"):
        study.interval("90-10-0", "lighter", style="restyled")
    with pytest.raises(ValueError, match="there is no style 'new'"):
        study.interval("90-10-0", "lighter", "fnmr", style="new")
    with pytest.raises(ValueError, match="mixes that differ"):
        study.slope(mixes=("50-50", "thirds"))

    class Short(MadeUp):
        def networks(self):
            return super().networks().drop("75-25-2")

    with pytest.raises(ValueError, match="training 2 has 4 of 5 mixes"):
        Study(Short()).slope()


def test_tables_hold_every_training(study: Study) -> None:
    table = study.rates()
    assert len(table) == 5 * 3 * 3 and set(table["group"]) == set(BANDS)
    row = table[(table["mix"] == "10-90") & (table["training"] == 1)].iloc[0]
    found = study.interval("10-90-1", row["group"])
    assert (row["rate"], row["low"], row["darker_share"]) == (found.value, found.low, 0.9)
    again = study.found_again("thirds")
    missed = study.interval("thirds-0", "all", "fnmr")
    assert again[0].value == pytest.approx(1 - missed.value) and again[0].low < again[0].value
    assert again[0].errors + missed.errors == missed.trials


# ---- what is said: a branch for each way the numbers may fall ------------------------------------


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({}, "divided by"),
        ({"effect": 4.5}, "multiplied by"),
        ({"effect": 0.0, "training": 0.1}, "No effect of the mix was shown. That is not 'no"),
    ],
)
def test_the_slope_says_its_way(options, part: str) -> None:
    one = of(**options)
    said, found = words.slope(one), one.slope()
    assert part in said
    assert ("it is a cause" in said) == found.shown
    assert ("would be found four times in five" in said) != found.shown
    ratio = found if found.log > 0 else found.upside_down()
    assert ratio.text() in said


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({}, "RARER in training is falsely matched more"),
        ({"effect": 4.5}, "MORE FREQUENT in training is falsely matched more"),
        ({"effect": -1.0, "gap": 2.5}, "It does not turn over: darker"),
        ({"effect": -1.0, "gap": -2.5}, "It does not turn over: lighter"),
        ({"effect": 0.0, "gap": 0.0, "training": 0.05}, "it is not shown to turn over"),
    ],
)
def test_turning_over_says_its_way(options, part: str) -> None:
    assert part in words.turned_over(of(**options))


@pytest.mark.parametrize(
    ("misses", "part"),
    [
        (1.5, "seen MORE in training is missed more"),
        (-1.5, "seen LESS in training is missed more"),
        (0.0, "was not shown: a true factor of"),
    ],
)
def test_misses_say_their_way(misses: float, part: str) -> None:
    assert part in words.misses(of(misses=misses))


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"gap": 1.5, "training": 0.05}, "did not give equal errors: darker"),
        ({"gap": -1.5, "training": 0.05}, "did not give equal errors: lighter"),
        ({"gap": 0.0, "training": 0.05, "person": 0.2}, "No gap was shown. That is not 'equal'"),
    ],
)
def test_balance_says_its_way(options, part: str) -> None:
    one = of(**options)
    said = words.balanced(one)
    assert part in said and ("not known from this experiment" in said) == ("No gap" not in part)
    for effect in one.balanced().values():
        assert effect.text() in said
    assert said.count("one training, so by people alone") == 1


def test_balance_is_three_looks_and_may_point_two_ways() -> None:
    """One look in three is below 5% too easily; gaps that point different ways are not one gap."""
    gap = {
        k: Effect(v, (v,) * 3, 0.1, 0.02, 60.0) for k, v in {"a": 0.21, "b": 0.0, "c": 0}.items()
    }
    assert gap["a"].shown and words.shown_of(gap) == {"a": False, "b": False, "c": False}

    class Both(Study):
        def balanced(self, rate="fmr"):
            return {"50-50": gaps[0], "thirds": gaps[1]}

    for low, part in ((-1.0, "point different ways"), (0.0, "did not always give equal errors")):
        gaps = [Effect(v, (v,) * 3, 0.1, 0.02, 60.0) for v in (1.0, low)]
        assert part in words.balanced(Both(MadeUp()))


def test_the_control_that_cannot_matter_says_its_way() -> None:
    quiet = words.odd(of())
    assert "Rightly, no effect was shown" in quiet and "would have been seen here" in quiet
    weak = words.odd(of(effect=-0.1))
    assert "could have been missed here: this control is a weak one" in weak
    alarm = words.odd(of(odd=3.0))
    assert "AN EFFECT where none can be" in alarm and "Rightly" not in alarm


def test_the_control_is_set_against_networks_in_which_nobody_looked_at_numbers() -> None:
    """Whose faces happen to be alike is the same luck in both: it cancels."""
    one = of(person=0.8, own=0.1)
    found = one.odd_split()
    crude, against = found.crude, found.against_thirds
    assert against.by_people < 0.5 * crude.by_people
    theirs = one.mean_gap("thirds", between=("even", "odd"))
    assert against.log == pytest.approx(crude.log - theirs.log)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"grey": 0.2, "training": 0.05}, "colour has a part in it, not all"),
        ({"grey": 1.0, "training": 0.2}, "remains without colours. No difference between the two"),
        ({"grey": 2.0, "effect": -3.0, "training": 0.05}, "It is even stronger"),
        ({"grey": -1.0}, "the mix works the other way"),
        ({"grey": 0.0, "training": 0.2}, "no effect of the mix was shown, and it is not that of"),
        ({"effect": 0.0, "training": 0.2}, "no effect of the mix was shown. No difference"),
    ],
)
def test_grey_pictures_say_their_way(options, part: str) -> None:
    said = words.grey(of(**options))
    assert part in said and "they take away hue, and nothing else" in said


def test_grey_is_set_against_colour_training_by_training(study: Study) -> None:
    found = study.grey()
    apart = np.subtract(found.second.trainings, found.first.trainings)
    assert found.change.trainings == pytest.approx(apart)
    ends = [study.mean_gap(mix).log for mix in ("grey-10-90", "grey-90-10")]
    assert found.second.log == pytest.approx(ends[0] - ends[1])


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"moved": 0.4, "training": 0.05}, "The rest stays"),
        ({"moved": 1.0, "training": 0.1}, "What is left is not told apart from nothing"),
        ({"moved": 1.5}, "It even turns round"),
        ({"moved": -0.5}, "made it no smaller"),
        ({"moved": 0.0, "training": 0.1}, "mends anything was not shown"),
        ({"effect": 0.0, "training": 0.1}, "There was no slope to mend"),
    ],
)
def test_another_origin_says_its_way(options, part: str) -> None:
    assert part in words.recentred(of(**options))


def test_the_part_that_another_origin_mends() -> None:
    found = of(moved=0.4, training=0.1, each=160).recentred()
    assert found.ends[0] < 0.4 < found.ends[1] and found.ends[1] - found.ends[0] < 0.3
    assert found.share == pytest.approx(1 - found.second.log / found.first.log)
    assert found.change.log == pytest.approx(found.second.log - found.first.log)


def test_sizes_say_how_many_people_and_that_one_is_alone() -> None:
    one = of()
    said = words.sizes(one)
    for part in ("with 162", "642", "2,502", "there is one training", "of medium"):
        assert part in said
    assert "no change of it was shown" in said
    found = one.sizes()
    assert found.gap_change.log == pytest.approx(
        one.mean_gap("thirds").log - one.mean_gap("thirds-160").log
    )
    rejected = (one.mean_rate(m, "darker", "false_rejection").log for m in ("thirds", "thirds-160"))
    assert found.missed_change["darker"].log == pytest.approx(np.subtract(*rejected))

    class Grown(Study):
        def sizes(self):
            return dataclasses.replace(found, gap_change=Effect(-1.0, (0.0,) * 3, 0.1, 0.1, 20.0))

    assert "From 162 to 642 people it is divided by 2.72" in words.sizes(Grown(MadeUp()))


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"gap": 1.5, "training": 0.05}, "neither 'it is only the data' nor 'balance mends it'"),
        ({"gap": 0.0, "training": 0.05, "person": 0.2}, "that is what 'it is the data' says"),
        ({"effect": 0.0, "gap": 1.5, "training": 0.1}, "is not shown to be it"),
        (
            {"effect": 0.0, "gap": 0.0, "training": 0.05, "person": 0.2},
            "Neither an effect of the mix nor a gap",
        ),
    ],
)
def test_the_answer_has_four_ways(options, part: str) -> None:
    """Nobody has typed a conclusion: it is what these numbers are."""
    assert part in words.answer(of(**options))
