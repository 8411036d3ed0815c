"""Who sat in the calibration sample: trainings, controls, centring, sentences."""

from __future__ import annotations

import numpy as np
import pytest

from labkit import data
from labkit.experiment import origin
from labkit.measure.faces import threshold_cells


@pytest.fixture(scope="module")
def tested():
    return origin.fisherfaces(origin.ENDS, splits=[0, 1])


@pytest.fixture(scope="module")
def control():
    return origin.cannot_matter([0, 1]), origin.cannot_matter([0, 1], real=True)


def test_the_mix_changes_only_at_which_tone_each_person_is_seen():
    few, many = origin.by_tone(0.1), origin.by_tone(0.9)
    everyone = [np.sort(np.concatenate([s.lighter, s.darker])) for s in (few, many)]
    assert (everyone[0] == everyone[1]).all() and len(everyone[0]) == 300
    assert len(few.darker) == 30 and len(many.darker) == 270
    assert set(few.darker) <= set(many.darker), "one order of people, cut at two places"
    other = origin.by_tone(0.1, split=1)
    assert len(set(other.darker) & set(few.darker)) < 10, "another split sees other people"


def test_the_control_divides_by_number_and_balances_tone():
    for share in (0.1, 0.9):
        sample = origin.by_number(share)
        everyone = np.concatenate([sample.lighter, sample.darker])
        assert len(np.unique(everyone)) == 150
        assert np.mean(everyone % 2 == 0) == pytest.approx(share)
        for part in (sample.lighter, sample.darker):
            assert np.mean(part % 2 == 0) == pytest.approx(share, abs=0.02)
        assert abs(len(sample.lighter) - len(sample.darker)) <= 2


def test_nobody_is_trained_on_who_is_tested():
    trained = set(origin._shuffled(0).tolist())
    for name in ("anytown/dev", "anytown/eval", "counterfactual/paired"):
        assert not trained & set(data.load(name).people.index)


def test_the_threshold_is_from_dev(tested):
    """Chosen on other people than those who are counted: the lab's rule, on ``dev``."""
    from labkit.measure.scores import all_pairs
    from labkit.measure.thresholds import choose_threshold

    dev = data.load("anytown/dev")
    rows = origin.train(origin.by_tone(0.1)).templates(origin.coefficients_of(dev))
    pairs = all_pairs(rows, dev.of("person"), "cosine")
    asked = choose_threshold(pairs, 1e-2, cells=threshold_cells(dev)).value
    assert tested.judged["90:10", 0, "eval", "as trained"].threshold == asked


def test_the_rare_tone_has_nearly_all_false_matches(tested):
    """The finding of (a): the share goes over to whichever tone was rare, in every trial."""
    assert tested.middle("90:10") > 0.95 and tested.middle("10:90") < 0.05
    assert all(e.interval.high < -0.9 for e in tested.shares())


def test_recentring_closes_the_gap_in_false_matches_and_not_the_one_in_misses(tested):
    """The first control: nothing is trained again, one vector is subtracted."""
    left = [abs(e.value) for e in tested.shares("recentred")]
    assert max(left) < 0.2
    gaps = [e.interval for e in tested.gaps("recentred")]
    assert all(i.high < 0 for i in gaps), "the rarely seen tone is missed more often"
    said = origin.told_remedy(tested)
    assert "is gone" in said or "none is shown any more" in said
    assert "turned round" in said or "stays" in said or "other way" in said


def test_distances_turn_the_gap_round(tested):
    """The second control: without an origin, the often seen tone has more of the false matches."""
    assert all(e.interval.low > 0 for e in tested.shares("distance"))


def test_a_division_that_cannot_matter_does_not_matter(control):
    """The third control, and the same division by tone among as many people beside it."""
    null, real = control
    assert all(i.low <= 0 <= i.high for i in (e.interval for e in null.shares()))
    assert all(e.interval.high < -0.9 for e in real.shares())
    said = origin.told_control(null, real)
    assert "No change is shown" in said and "the division itself does not do that" in said


def test_the_control_is_heard_when_it_shows_something(control):
    null, real = control
    assert "moves the share too" in origin.told_control(real, real)
    assert "not shown in each trial" in origin.told_control(null, null)


@pytest.mark.parametrize("matcher", ["dlib", "SFace"])
def test_a_network_centred_on_one_tone_matches_the_other_falsely(matcher):
    """Two-way, and nothing trained; odd and even numbers move nothing."""
    found = origin.centred(matcher, ["eval"])
    assert found.middle("lighter") > 0.6 > found.middle("not centred") > found.middle("darker")
    assert found.shares()[0].interval.high < -0.4
    null = origin.centred(matcher, ["eval"], control=True)
    interval = null.shares()[0].interval
    assert interval.low <= 0 <= interval.high
    assert matcher in origin.told_centred(found, null, matcher)


def test_coefficients_of_crops_are_those_that_are_stored():
    """Of one picture that both sets have: a crop on the basis gives the coefficients."""
    dev = data.load("anytown/dev")
    rows = origin.coefficients_of(dev)
    lost = ~dev.crops.any(axis=(1, 2))
    assert (np.isnan(rows).all(1) == lost).all()
    basis = data.load_basis()
    spread = np.nanvar(rows, axis=0)
    assert np.corrcoef(np.log(spread), np.log(basis.variance))[0, 1] > 0.9


def test_a_small_group_and_a_missing_label_are_said_in_words():
    rng = np.random.default_rng(0)
    dev = data.load("anytown/dev")
    rows = dev.templates
    groups = np.where(dev.of("person") % 16 == 0, "few", "many").astype(object)
    groups[rng.random(len(groups)) < 0.2] = None
    found = origin.judge((rows, dev), (rows, dev), groups, "euclidean")
    assert "too few for shares" in found.shares["few"].interval.words
    lost = rows.copy()
    lost[groups == "few"] = np.nan
    found = origin.judge((rows, dev), (lost, dev), groups, "euclidean")
    assert found.rejections["few"].value == 1, "a face that was not found is rejected"
    assert found.rejection["few"].words


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no mix '80:20'"):
        origin.fisherfaces(["80:20"])
    with pytest.raises(ValueError, match="is no share"):
        origin.by_tone(1.5)
    with pytest.raises(ValueError, match="is no share"):
        origin.by_number(-0.1)
    with pytest.raises(ValueError, match="give fewer people"):
        origin.by_number(0.9, people=300)
    with pytest.raises(ValueError, match="people of 300"):
        origin.by_tone(0.5, people=301)
    sample = origin.by_tone(0.5)
    with pytest.raises(ValueError, match="at both tones"):
        origin.train(origin.Sample(sample.lighter, sample.lighter))
    with pytest.raises(ValueError, match="give more people"):
        origin.train(origin.by_tone(0.5, people=20))
    with pytest.raises(ValueError, match="no way 'angles'"):
        origin.train(origin.by_tone(0.5, people=40)).templates(np.zeros((1, 150)), "angles")


def test_the_directions_are_those_of_scikit_learn():
    """Importing its discriminant analysis takes 70 MB, so the lab works them out: alike."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(30), 4)
    rows = rng.normal(size=(30, 12))[who] + rng.normal(size=(120, 12))
    theirs = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.2).fit(rows, who).scalings_
    ours = origin._discriminant(rows, who, 0.2)[:, : theirs.shape[1]]
    sign = np.sign((ours * theirs).sum(0))
    assert np.abs(ours * sign - theirs).max() < 1e-8
    wrong = origin._discriminant(rows, who, 0.3)[:, : theirs.shape[1]]
    assert np.abs(np.abs(wrong) - np.abs(theirs)).max() > 1e-3


def test_the_settings_are_those_of_fisherfaces():
    from labkit.matchers.pixel import Fisherfaces

    own = Fisherfaces()
    assert (own.components, own.shrinkage) == (origin.COMPONENTS, origin.SHRINKAGE)


@pytest.mark.parametrize(
    ("balanced", "said"), [(0.63, "brings it no nearer"), (0.52, "brings it nearer")]
)
def test_whether_the_mean_of_all_brings_an_equal_share_is_said(balanced, said):
    """Finding: taking off the mean of everybody made the share worse, and nothing said so."""
    from types import MappingProxyType, SimpleNamespace

    class Two:
        mixes = ("lighter", "not centred", "balanced", "darker")
        judged = MappingProxyType({0: SimpleNamespace(shares={"lighter": 0, "darker": 0})})

        def middle(self, name):
            return {"not centred": 0.42, "balanced": balanced}[name]

    told = origin._told_balanced(Two())
    assert "Equal would be 50 of 100" in told and said in told
    Two.mixes = ("lighter", "darker")
    assert origin._told_balanced(Two()) == ""
