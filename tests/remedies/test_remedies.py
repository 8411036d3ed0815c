"""Each remedy: what it is fitted on, what it counts, and the odd people of a real file."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from labkit import data, remedies
from labkit.measure import all_pairs, group_table
from labkit.remedies import Side, Town, thresholds
from labkit.remedies.pictures import qualities, without
from tests.remedies import made

EVERY = {
    "drawn_again": lambda town: remedies.drawn_again(town, draws=20),
    "group_thresholds": lambda town: remedies.group_thresholds(town, draws=20),
    "wrong records": lambda town: remedies.group_thresholds(town, wrong=0.1, draws=20),
    "recentred": lambda town: remedies.recentred(town, np.ones(6)),
    "s_norm": lambda town: remedies.s_norm(town),
}


@pytest.fixture(scope="module")
def town() -> Town:
    return made.town()


def sizes_of(table) -> dict[str, int]:
    return {row.name: len(row.people) for row in table.rows}


# ---- fitted on some, judged on others -----------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_remedy_is_fitted_on_dev_alone(town, name):
    """A remedy that looks at the people it is judged on promises what it cannot keep."""
    other = replace(town, test=made.side(3, {"a": 80, "b": 80}, first=9000, near={"b": 0.5}))
    here, there = EVERY[name](town), EVERY[name](other)
    assert here.fitted == there.fitted
    assert here.after.threshold == there.after.threshold or math.isnan(here.after.threshold)
    assert here.after["b", "fmr"].errors != there.after["b", "fmr"].errors


@pytest.mark.parametrize("name", EVERY)
def test_a_remedy_is_judged_on_the_same_people(town, name):
    found = EVERY[name](town)
    assert sizes_of(found.before) == sizes_of(found.after) == {"a": 80, "b": 80}
    assert found.before is town.before


def test_nobody_is_fitted_on_and_judged_on(town):
    with pytest.raises(ValueError, match="person 0 is fitted on and judged on"):
        Town("made up", town.dev, town.dev)


# ---- the null remedy ----------------------------------------------------------------------------


def test_a_draw_of_everybody_once_gives_the_threshold_that_was_chosen(town, monkeypatch):
    """The null remedy chooses by the rule of all: with nobody drawn twice nothing moves."""
    monkeypatch.setattr(thresholds, "vertex_weights", lambda k, draws, *seed: np.ones((draws, k)))
    found = remedies.drawn_again(town, draws=2)
    assert found.after.threshold == town.chosen.value
    for (what, _group), change in found.luck.items():
        assert change == pytest.approx(1 if what.endswith("fmr") else 0)


def test_ties_at_the_threshold_are_passed_as_the_rule_passes_them(monkeypatch):
    dev = made.side(1, {"a": 80, "b": 80})
    dev = replace(dev, templates=np.round(dev.templates * 2) / 2 + 1e-3 * np.arange(6))
    tied = Town("tied", dev, made.side(2, {"a": 80, "b": 80}, first=5000), 0.02)
    monkeypatch.setattr(thresholds, "vertex_weights", lambda k, draws, *seed: np.ones((draws, k)))
    with pytest.warns(UserWarning, match="same template"):
        chosen = tied.chosen.value
    assert remedies.drawn_again(tied, draws=1).after.threshold == chosen


def test_the_first_draw_is_the_table_shown(town):
    found = remedies.drawn_again(town, draws=5)
    for (what, group), draws in found.luck.items():
        assert draws[0] == pytest.approx(found.change(what, group)), (what, group)


def test_dev_drawn_again_moves_thresholds_as_other_people_do():
    """The spread over draws of one dev is that over other devs, within a factor of two."""
    drawn = thresholds._redrawn(made.town().dev, 0.02, 200, 0)
    others = [
        side.choose(side.pairs, 0.02).value
        for side in (made.side(s, {"a": 80, "b": 80}, near={"b": 0.75}) for s in range(20, 40))
    ]
    assert 0.5 < drawn.std() / np.std(others) < 2


def test_no_draw_is_refused(town):
    with pytest.raises(ValueError, match="give 1 or more"):
        remedies.drawn_again(town, draws=0)


# ---- group thresholds ---------------------------------------------------------------------------


def test_the_threshold_of_a_group_is_that_of_its_people_of_dev(town):
    found = remedies.group_thresholds(town, draws=0)
    for name in "ab":
        where = town.dev.groups == name
        own = town.dev.choose(town.dev.pairs, town.asked)  # the rule, on everybody
        part = Side(town.dev.templates[where], town.dev.people[where], town.dev.groups[where],
                    "euclidean")  # fmt: skip
        alone = part.choose(town.dev.pairs.select(where), town.asked)
        table = group_table(town.test.pairs, town.test.groups, alone.value)
        assert found.after[name, "fmr"].errors == table[name, "fmr"].errors
        assert found.after[name, "false_rejection"].errors == table[name, "false_rejection"].errors
        assert alone.value != own.value


def test_a_record_is_that_of_the_enrolled_person(town):
    """Every comparison is judged both ways, by the record of whoever is enrolled, then counted."""
    found = remedies.group_thresholds(town, wrong=0.25, draws=0)
    own, _kept = thresholds._own(town)
    pairs = town.test.pairs
    for name, other in (("a", "b"), ("b", "a")):
        at = np.flatnonzero(town.test.groups == name)
        scores = pairs.matrix[np.ix_(at, at)]
        apart = town.test.people[at][:, None] != town.test.people[at][None]
        right, wrong = (scores >= np.float32(own[g]) for g in (name, other))
        false = 0.75 * right[apart].sum() + 0.25 * wrong[apart].sum()  # both ways: ordered pairs
        assert found.after.row(name).false.sum() == pytest.approx(false)
        missed = [(~x & ~apart & ~np.isnan(scores)).sum() / 2 for x in (right, wrong)]
        assert found.after.row(name).missed.sum() == pytest.approx(
            0.75 * missed[0] + 0.25 * missed[1]
        )


def test_records_that_are_all_wrong_swap_two_thresholds(town):
    swapped = remedies.group_thresholds(town, wrong=1.0, draws=0)
    by_record = remedies.by_record(town)
    for name, other in (("a", "b"), ("b", "a")):
        assert swapped.after[name, "fmr"].errors == by_record.loc[(name, other), "fmr"].errors
        assert by_record.loc[(name, name), "right"] and not by_record.loc[(name, other), "right"]


def test_somebody_without_a_record_gets_the_threshold_of_all(town):
    found = remedies.group_thresholds(town, wrong=1.0, to="none", draws=0)
    for name in "ab":
        assert found.after[name, "fmr"].errors == town.before[name, "fmr"].errors


def test_wrong_records_are_shared_out_over_the_other_groups():
    said = thresholds._records("a", ["a", "b", "c"], 0.3, "another")
    assert said == pytest.approx({"a": 0.7, "b": 0.15, "c": 0.15, "none": 0.0})


def test_records_can_all_be_wrong_one_way(town):
    found = remedies.group_thresholds(town, wrong=0.5, to="a", draws=0)
    right = remedies.group_thresholds(town, draws=0)
    assert found.after["a", "fmr"].errors == right.after["a", "fmr"].errors
    assert found.after["b", "fmr"].errors != right.after["b", "fmr"].errors


@pytest.mark.parametrize(
    ("how", "words"),
    [({"wrong": 1.5}, "a share from 0 to 1"), ({"wrong": 0.1, "to": "c"}, "no record says 'c'")],
)
def test_records_that_cannot_be_are_refused(town, how, words):
    with pytest.raises(ValueError, match=words):
        remedies.group_thresholds(town, **how)


def test_a_tiny_group_keeps_the_threshold_of_all_and_says_so():
    odd = made.town({"a": 80, "b": 80, "c": 6})
    found = remedies.group_thresholds(odd, draws=20)
    assert found.after["c", "fmr"].errors == odd.before["c", "fmr"].errors
    assert "c keeps the threshold of all" in found.fitted
    looks = remedies.looks([found])
    assert looks.xs("c", level="group")["verdict"].isin(["too few", "unchanged"]).all()
    assert "too few to tell for c" in remedies.told(found, looks)


def test_a_group_that_dev_does_not_know_keeps_the_threshold_of_all():
    odd = made.town({"a": 80, "b": 80, "c": 80}, dev={"a": 80, "b": 80})
    found = remedies.group_thresholds(odd, draws=5)
    assert "c keeps the threshold of all: nobody of dev is in it" in found.fitted


# ---- odd people ---------------------------------------------------------------------------------


def test_people_without_a_label_take_no_part(town):
    groups = town.test.groups.astype(object)
    groups[town.test.people % 10 == 0] = None
    odd = replace(town, test=replace(town.test, groups=groups))
    for name, remedy in EVERY.items():
        found = remedy(odd)
        assert sizes_of(found.after) == {"a": 72, "b": 72}, name
        assert found.before.missing == 64


def test_a_group_whose_every_face_failed_is_rejected_before_and_after(town):
    templates = town.test.templates.copy()
    templates[town.test.groups == "b"] = np.nan
    odd = replace(town, test=replace(town.test, templates=templates))
    for name, remedy in EVERY.items():
        found = remedy(odd)
        assert found.after["b", "false_rejection"].value == 1, name
        verdicts = remedies.looks([found]).xs("b", level="group")["verdict"]
        assert set(verdicts) <= {"unchanged", "too few"}, name
        assert remedies.table([found]).loc[(f"{found.name} (made up)", "b"), "FMR"] == "- → -"


def test_a_group_of_dev_whose_every_face_failed(town):
    templates = town.dev.templates.copy()
    templates[town.dev.groups == "b"] = np.nan
    odd = replace(town, dev=replace(town.dev, templates=templates))
    assert "b keeps the threshold of all" in remedies.group_thresholds(odd, draws=5).fitted


def test_an_outlier_is_named(town):
    templates = town.test.templates.copy()
    templates[7] = 1e5
    odd = replace(town, test=replace(town.test, templates=templates))
    with pytest.raises(ValueError, match="image 7 lies far"):
        remedies.group_thresholds(odd)


def test_one_person_under_two_names_is_warned_of(town):
    templates = town.test.templates.copy()
    templates[4:8] = templates[:4]
    odd = replace(town, test=replace(town.test, templates=templates))
    with pytest.warns(UserWarning, match="different people, a perfect match"):
        remedies.group_thresholds(odd, draws=0)


# ---- turned away --------------------------------------------------------------------------------


def crops_of(side: Side, dark: str) -> np.ndarray:
    rng = np.random.default_rng(0)
    level = np.where(side.groups == dark, 60, 120) + rng.integers(-20, 20, len(side.groups))
    return (level[:, None, None] + rng.integers(-8, 8, (len(level), 64, 64))).astype(np.uint8)


@pytest.fixture(scope="module")
def pictured() -> Town:
    plain = made.town()
    sides = [replace(s, crops=lambda s=s: crops_of(s, "b")) for s in (plain.dev, plain.test)]
    return Town("made up", *sides, plain.asked)


def test_whoever_is_turned_away_was_not_recognised(pictured):
    """False rejection counts people turned away; FNMR alone would reward turning them away."""
    found = remedies.quality_gate(pictured, by="brightness", share=0.1)
    refused = qualities(crops_of(pictured.test, "b"))["brightness"]
    limit = np.quantile(qualities(crops_of(pictured.dev, "b"))["brightness"], 0.1)
    away = refused < limit
    row = found.after.row("b")
    assert found.turned_away["b"].errors.sum() == away[pictured.test.groups == "b"].sum() > 20
    assert found.turned("a").value == 0
    assert row.failed.sum() == 0, "a face was found: this is no failure of the detector"
    again = without(pictured.test.pairs, away)
    assert row.planned.sum() == pictured.before.row("b").planned.sum()
    made_after = group_table(again, pictured.test.groups, found.after.threshold).row("b").made
    assert (row.made == made_after).all()
    assert found.change("false_rejection", "b") > 0.05


def test_the_gate_is_fitted_on_dev(pictured):
    blind = replace(pictured.test, crops=lambda: crops_of(pictured.test, "a"))
    here, there = (
        remedies.quality_gate(t, share=0.1) for t in (pictured, replace(pictured, test=blind))
    )
    assert here.fitted == there.fitted
    assert there.turned("a").value > 0.1 > here.turned("a").value


def test_the_limit_of_the_gate_is_that_of_dev(pictured):
    """A limit taken from the people judged went unnoticed: here they are all darker than dev."""
    dim = replace(pictured.test, crops=lambda: crops_of(pictured.test, "b") - 15)
    found = remedies.quality_gate(replace(pictured, test=dim), by="brightness", share=0.1)
    limit = np.quantile(qualities(crops_of(pictured.dev, "b"))["brightness"], 0.1)
    away = qualities(dim.crops())["brightness"] < limit
    for group in "ab":
        refused = found.turned_away[group].errors.sum()
        assert refused == away[pictured.test.groups == group].sum()
    assert away.mean() > 0.2


def test_pictures_that_are_all_alike_give_no_gate(pictured):
    same = [
        replace(s, crops=lambda s=s: np.full((len(s.groups), 64, 64), 90, np.uint8))
        for s in (pictured.dev, pictured.test)
    ]
    with pytest.raises(ValueError, match="no photograph of dev has a lower quality"):
        remedies.quality_gate(replace(pictured, dev=same[0], test=same[1]))


def test_a_gate_needs_pictures_a_share_and_a_quality(town, pictured):
    with pytest.raises(LookupError, match="no crops"):
        remedies.quality_gate(town)
    with pytest.raises(ValueError, match="between 0 and 1"):
        remedies.quality_gate(pictured, share=0.0)
    with pytest.raises(ValueError, match="'beauty' is not measured"):
        remedies.quality_gate(pictured, by="beauty")


def test_who_pays_is_said_from_the_numbers(pictured):
    found = remedies.quality_gate(pictured, by="brightness", share=0.1)
    told = remedies.told(found, remedies.looks([found]))
    assert "So this gate turns away b people more often than a ones." in told
    even = replace(found, turned_away=dict.fromkeys("ab", found.turned_away["b"]))
    assert "is not shown" in remedies.told(even, remedies.looks([even]))


# ---- scores -------------------------------------------------------------------------------------


def test_a_distance_does_not_change_with_the_origin(town):
    found = remedies.recentred(town, 3 * np.ones(6))
    assert "changes no distance" in found.does
    moved = all_pairs(town.test.templates - 3, town.test.people)
    assert np.nanmax(np.abs(moved.matrix - town.test.pairs.matrix)) < 1e-4


def test_the_angle_alone_stands_beside(town):
    cosine = replace(
        town, dev=replace(town.dev, measure="cosine"), test=replace(town.test, measure="cosine")
    )
    alone = remedies.recentred(cosine, None)
    assert (alone.changes["words"] == "unchanged").all()
    assert remedies.recentred(town, None).after["a", "fmr"] != town.before["a", "fmr"]


@pytest.mark.parametrize("origin", [np.ones(5), np.full(6, np.nan)])
def test_an_origin_that_is_none_is_refused(town, origin):
    with pytest.raises(ValueError, match="as many numbers as a template has"):
        remedies.recentred(town, origin)


def test_the_origin_is_the_mean_of_the_chosen_sample():
    train = data.load("anytown/train")
    band = train.of("tone_band") == "lighter"
    want = np.nanmean(train.templates[band].astype(float), axis=0)
    assert remedies.origin_of("dlib", "lighter") == pytest.approx(want)
    with pytest.raises(ValueError, match="no group 'pale'"):
        remedies.origin_of("dlib", "pale")


def test_s_norm_by_hand(town):
    """Mean of the Z-norm and the T-norm against the templates of the cohort."""
    from labkit.remedies.scores import _cohort, _halves, _normed

    half = _halves(town.dev, 0)
    assert len(half) == 80
    people = _cohort(town.dev, half, "balanced", None, 0)
    assert set(people) <= set(half)
    strangers = town.dev.templates[np.isin(town.dev.people, people)]
    got = _normed(town.test.pairs, town.test.templates, strangers).matrix[3, 100]
    own = [
        -np.linalg.norm(town.test.templates[k].astype(np.float32) - strangers, axis=1)
        for k in (3, 100)
    ]
    score = town.test.pairs.matrix[3, 100]
    want = np.mean([(score - x.mean()) / x.std() for x in own])
    assert got == pytest.approx(want, abs=1e-4)


def test_a_cohort_is_as_large_of_one_group_as_of_all(town):
    from labkit.remedies.scores import _cohort, _halves

    half = _halves(town.dev, 0)
    one, all_ = (_cohort(town.dev, half, sort, None, 0) for sort in ("a", "balanced"))
    assert len(one) == len(all_) == 40
    group = {int(p): g for p, g in zip(town.dev.people, town.dev.groups, strict=True)}
    assert {group[int(p)] for p in one} == {"a"}
    with pytest.raises(ValueError, match="no cohort 'c'"):
        remedies.s_norm(town, "c")


def test_nobody_of_the_cohort_sets_the_threshold(town):
    """Half of dev for the norms, the other half for the threshold."""
    moved = town.dev.templates.copy()
    from labkit.remedies.scores import _halves

    moved[np.isin(town.dev.people, _halves(town.dev, 0))] *= 1.3
    other = replace(town, dev=replace(town.dev, templates=moved))
    found, again = remedies.s_norm(town), remedies.s_norm(other)
    assert "80 people of the other half" in found.fitted
    assert found.after.threshold != again.after.threshold  # by way of the norms


# ---- cameras and networks -----------------------------------------------------------------------


def test_another_camera_is_judged_on_the_same_people_at_one_threshold():
    town = Town.of("dlib")
    found = remedies.exposure(town)
    assert found.before.threshold == found.after.threshold == town.chosen.value
    assert all((b.people == a.people).all() for b, a in zip(found.before.rows, found.after.rows))
    assert np.isnan(remedies.looks([found, remedies.drawn_again(town, draws=5)]).loc[
        f"{found.name} (dlib)", "luck_low"]).all()  # fmt: skip
    with pytest.raises(ValueError, match="no camera 'pinhole'"):
        remedies.exposure(town, "pinhole")


@pytest.fixture
def trained(monkeypatch):
    """Two mixes with three trainings each, in which darker people are confused less often."""
    people = data.load("anytown/eval").people
    band = people["tone_band"].to_numpy()
    rates = {
        "90-10": {"lighter": 0.004, "medium": 0.01, "darker": 0.03},
        "50-50": {"lighter": 0.01, "medium": 0.01, "darker": 0.01},
    }
    names = [f"{mix}-{k}" for mix in rates for k in range(3)]
    index = pd.Index(names, name="network")
    table = pd.DataFrame({"mix": [n.rpartition("-")[0] for n in names]}, index)
    monkeypatch.setattr(data, "networks", lambda: table, raising=False)

    def errors(network, origin, asked):
        mix, _, k = network.rpartition("-")
        assert (origin, asked) == ("as trained", 0.01)
        return made.network(int(k), people.index.to_numpy(), band, rates[mix])

    return errors


def test_networks_are_set_against_each_other_over_all_trainings(trained):
    found = remedies.other_training("90-10", "50-50", errors=trained)
    assert found.before.names == ["lighter", "medium", "darker"]
    one = trained("90-10-0", "as trained", 0.01)
    trials = found.before["darker", "fmr"].trials
    assert trials == 3 * 36 * 160 * 159 // 2 and len(one.people) == 480
    assert found.before["darker", "false_rejection"].trials == 3 * 15 * 160
    band = data.load("anytown/eval").people["tone_band"].to_numpy()
    each = [trained(f"90-10-{k}", "as trained", 0.01) for k in range(3)]
    false = sum(e.false_matches[band[e.first] == "darker"].sum() for e in each)
    assert found.before["darker", "fmr"].errors == false
    looks = remedies.looks([found])
    assert looks.loc[("training 90-10 to 50-50 (networks)", "fmr", "darker"), "verdict"] == "better"
    assert "in each of 3 trainings" in remedies.told(found, looks)


def test_trainings_that_differ_claim_nothing(trained):
    """One training is one draw of people and weights, so trainings are counted beside people."""

    def uneven(network, origin, asked):
        found = trained(network, origin, asked)
        if network == "50-50-2":
            found.false_matches = 2 * found.false_matches
        return found

    looks = remedies.looks([remedies.other_training("90-10", "50-50", errors=uneven)])
    row = looks.loc[("training 90-10 to 50-50 (networks)", "fmr", "darker")]
    assert row["p"] < 0.05, "by the people who are judged it would be a change"
    assert row["low"] < 1 < row["high"]
    words = "trainings of one mix differ by as much"
    assert (row["verdict"], row["why"]) == ("not shown", words)


def test_the_interval_counts_people_and_trainings(trained):
    """Intervals by people alone left out single trainings that stood below them."""
    found = remedies.other_training("90-10", "50-50", errors=trained)
    sides = [np.array([t["darker", "fmr"].value for t in side]) for side in found.trainings]
    gap = np.log(sides[1]) - np.log(sides[0])
    row = found.changes.loc[("fmr", "darker")]
    assert row["change"] == pytest.approx(np.exp(gap.mean()))
    assert row["before"] == pytest.approx(np.exp(np.log(sides[0]).mean()))
    added = replace(found, trainings=((), ())).changes.loc[("fmr", "darker")]
    assert np.log(row["high"] / row["low"]) > np.log(added["high"] / added["low"])
    rejected = found.changes.loc[("false_rejection", "darker")]
    each = [[t["darker", "false_rejection"].value for t in side] for side in found.trainings]
    assert rejected["change"] == pytest.approx(np.mean(each[1]) - np.mean(each[0]))
    after = found.afterwards("darker", "fmr")
    assert after.low < row["after"] < after.high
    assert after.value == pytest.approx(row["after"])
    assert after.high / after.low > np.exp(2 * found.after.row("darker").moves("fmr").reach)


def test_the_gap_is_the_number_of_the_notebook_before():
    """06 and 07 told two numbers of one gap, for they took two means of the same trainings."""
    from labkit.experiment import mixes

    study = mixes.study()
    found = remedies.other_training("90-10", "50-50").changes.loc[("gap fmr", "darker")]
    told = study.mean_gap("90-10")
    assert found["before"] == pytest.approx(told.ratio)


def test_networks_that_were_trained_once_say_so(trained):
    found = remedies.other_training("90-10", "50-50", errors=trained)
    assert "trained once" not in found.name


def test_the_network_that_was_trained_once_has_an_interval_by_people():
    real = remedies.other_training("thirds", "thirds-2500")
    assert real.name == "training thirds to thirds-2500 (trained once)"
    assert np.isfinite(real.changes.loc[("fmr", "darker"), "low"])


def test_an_exposure_alone_is_called_so_and_noise_is_said():
    """A camera that differs in two things was named after one of them."""
    town = Town.of("dlib")
    assert remedies.exposure(town).name == "exposure: light-metered to equal"
    both = remedies.exposure(town, "light-metered noisy")
    assert both.name.startswith("exposure and noise: ") and "exposure and noise" in both.does


def test_recentring_takes_the_origin_off(town):
    """With the sign turned round nothing failed: a town moved by a vector comes back by it."""
    vector = np.linspace(2, 3, town.dev.templates.shape[1])
    far = replace(
        town,
        dev=replace(town.dev, templates=town.dev.templates + vector),
        test=replace(town.test, templates=town.test.templates + vector),
    )
    back, angle = remedies.recentred(far, vector), remedies.recentred(town, None)
    assert back.after["a", "fmr"].value == pytest.approx(angle.after["a", "fmr"].value, abs=1e-3)
    rejected = [r.after["a", "false_rejection"].value for r in (back, angle)]
    assert rejected[0] == pytest.approx(rejected[1], abs=0.02)


def test_fewer_than_nobody_is_refused(town):
    with pytest.raises(ValueError, match="give at least 1"):
        remedies.s_norm(town, people_of_group=0)
    with pytest.raises(ValueError, match="from 0 on"):
        remedies.looks([remedies.drawn_again(town, draws=2)], more=-5)


def test_luck_of_nobody_is_told_in_words(town):
    null = remedies.drawn_again(town, draws=2)
    luck = {k: np.full(2, np.nan) for k in null.luck}
    told = remedies.told(replace(null, luck=luck), remedies.looks([null]))
    assert "nothing to count" in told and "nan" not in told


def test_one_side_trained_once_is_by_people(trained):
    found = remedies.other_training("90-10", "50-50", errors=trained)
    one = replace(found, trainings=(found.trainings[0], found.trainings[1][:1]))
    told = remedies.told(one, remedies.looks([one]))
    assert "3 networks stand against 1: this says what these do" in told


def test_a_mix_that_nobody_trained_is_refused(trained):
    with pytest.raises(ValueError, match="no network was trained on the mix '60-40'"):
        remedies.other_training("60-40", "50-50", errors=trained)
