"""Rates of searches: by hand, at ties, with failures, with nothing; how often intervals hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from labkit.measure import searches as s
from labkit.measure.intervals import ENOUGH_PEOPLE, Interval

NAN = math.nan


def alerts(k: int, n: int) -> np.ndarray:
    """Best scores of n searches of which k return somebody at .5."""
    return np.where(np.arange(n) < k, 0.9, 0.1)


# ---- a threshold --------------------------------------------------------------------------------


def test_a_threshold_by_hand():
    best = np.arange(600) / 600
    found = s.search_threshold(best, 0.1)
    assert found.value == np.nextafter(best[539], 1)  # 540 to 599 are sixty
    assert (found.alerts, found.searches, found.asked) == (60, 600, 0.1)
    assert (best >= found.value).sum() == 60 and (best >= best[539]).sum() == 61


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_ties_go_below_the_threshold_together(kind):
    """At equal scores no threshold lets through some of them."""
    best = np.r_[np.full(40, 0.9), np.full(30, 0.7), np.full(530, 0.1)].astype(kind)
    found = s.search_threshold(best, 0.1)  # sixty are allowed, and seventy are at .7 or above
    assert found.alerts == 40 == s.fpir(best, found.value).errors
    assert kind(found.value) == found.value, "it is a number of the kind of the scores"
    assert (best >= found.value).sum() == 40, "also as numpy compares"


def test_scores_that_differ_late_stay_apart():
    """Cast to float32 they would all be one score, and the threshold would count none or all."""
    best = 0.62 - np.arange(600) * 1e-12
    assert s.search_threshold(best, 0.1).alerts == 60


def test_a_picture_without_a_face_is_a_search_without_a_candidate():
    best = np.r_[np.arange(300) / 300, np.full(300, NAN)]
    found = s.search_threshold(best, 0.1)
    assert (found.alerts, found.searches) == (60, 600)
    assert found.value == np.nextafter(best[239], 1)


def test_few_alerts_are_refused_with_what_it_takes():
    best = np.arange(600) / 600
    with pytest.raises(ValueError, match=r"6 alerts would set it, and it takes 30; .*3,000 people"):
        s.search_threshold(best, 0.01)
    with pytest.raises(ValueError, match=r"ask for 0.05 or more"):
        s.search_threshold(best, 0.01)
    assert s.search_threshold(best, 0.05).alerts == 30
    assert s.search_threshold(best, 0.01, least=6).alerts == 6


def test_shares_of_hundreds_are_not_lost_in_their_last_bits():
    """0.29 of 100 is 28.999... in floating point."""
    assert s.search_threshold(np.arange(100) / 100, 0.29, least=1).alerts == 29


@pytest.mark.parametrize("share", [0, 1, -0.1, NAN])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match=r"above 0 and below 1"):
        s.search_threshold(np.arange(600) / 600, share)


@pytest.mark.parametrize("best", [[NAN] * 600, [0.5] * 40 + [NAN] * 560, []])
def test_where_no_face_was_found_there_is_no_threshold(best):
    with pytest.raises(ValueError, match=r"found a face"):
        s.search_threshold(best, 0.1)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5])
def test_the_interval_of_a_threshold_holds_its_true_rate(share):
    """A threshold is an estimate: on other people it returns more or fewer than asked."""
    rng, held, inside = np.random.default_rng(7), 0, 0
    for _again in range(400):
        found = s.search_threshold(rng.normal(size=600), share)
        true = stats.norm.sf(found.value)
        held += found.interval.low <= true <= found.interval.high
        inside += true <= share
    assert 0.92 <= held / 400 <= 0.98
    assert 0.3 < inside / 400 < 0.7, "what was asked is about the middle"
    assert "likely" in found.words and float(found) == found.value


# ---- searches by people enrolled nowhere --------------------------------------------------------


def test_a_rate_by_hand_and_its_exact_interval():
    found = s.fpir(alerts(28, 535), 0.5)
    peer = stats.binomtest(28, 535).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((peer.low, peer.high))
    assert (found.value, found.errors, found.trials, found.words) == (28 / 535, 28, 535, "")


def test_a_score_at_the_threshold_is_a_candidate():
    assert s.fpir([0.5] * 15 + [0.1] * 45, 0.5).errors == 15


def test_no_alert_is_not_a_rate_of_zero():
    """The rule of three: 0 of 535 still allows 0.6 in 100."""
    found = s.fpir(alerts(0, 535), 0.5)
    assert found.high == 3 / 535 and found.words and found.reason == "none"
    assert "at most 0.0056" in str(found)


def test_nothing_but_alerts_is_not_a_certainty():
    found = s.fpir(alerts(60, 60), 0.5)
    assert found.low == 1 - 3 / 60 and "nothing but alerts" in found.words


@pytest.mark.parametrize("n", [1, 2, 29, 30, 500])
def test_no_interval_has_width_zero(n):
    for k in {0, 1, n // 2, n}:
        found = s.fpir(alerts(k, n), 0.5)
        assert found.low < found.high, (k, n)
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert bool(found.words) == (k in (0, n) or n < ENOUGH_PEOPLE)


def test_searches_without_a_face_count_and_are_nobody():
    best = np.r_[alerts(20, 50), np.full(50, NAN)]
    assert float(s.fpir(best, 0.5)) == 0.2


def test_where_every_search_failed_there_is_no_rate():
    """A rate of 0 would praise a system that sees nobody."""
    found = s.fpir([NAN] * 40, 0.5)
    assert math.isnan(found.value) and "no face found in any of 40" in found.words
    assert math.isnan(s.fpir([], 0.5).value)


@pytest.mark.parametrize("bad", [[math.inf, 0.1], [-math.inf, 0.1]])
def test_infinite_scores_are_refused_everywhere(bad):
    for call in (
        lambda: s.fpir(bad, 0.5),
        lambda: s.fnir(bad, None, 0.5),
        lambda: s.tpir(bad, None, 0.5),
        lambda: s.fpir_groups(bad, ["a", "b"], 0.5),
        lambda: s.search_threshold(bad, 0.5, least=1),
        lambda: s.det(bad, [0.1]),
    ):
        with pytest.raises(ValueError, match="infinite"):
            call()


def test_a_threshold_that_is_nan_is_refused():
    for call in (s.fpir, lambda x, t: s.fnir(x, None, t)):
        with pytest.raises(ValueError, match="NaN"):
            call([0.1, 0.2], NAN)


def test_scores_that_are_no_numbers_or_no_list_are_refused():
    for bad in (["0.9", "0.1"], [[0.9], [0.1]], [True, False]):
        with pytest.raises(ValueError, match="one number a search"):
            s.fpir(bad, 0.5)


def test_one_person_searched_twice_is_one_person():
    """Copies of every search do not make the interval narrower."""
    who = np.repeat(np.arange(200), 4)
    best = alerts(40, 200)[who]
    once, apart, together = s.fpir(best[::4], 0.5), s.fpir(best, 0.5), s.fpir(best, 0.5, people=who)
    width = [i.high - i.low for i in (once, apart, together)]
    assert width[1] < 0.6 * width[0] and width[2] == pytest.approx(width[0], rel=0.1)
    assert together.people == 200 and float(together) == float(once)
    assert s.fpir(best[::4], 0.5, people=np.arange(200)) == once
    with pytest.raises(ValueError, match="who is searched"):
        s.fpir(best, 0.5, people=[1, 2])


# ---- by group -----------------------------------------------------------------------------------


def test_groups_stand_beside_the_make_up_of_the_gallery():
    best = np.r_[alerts(20, 60), alerts(5, 40)]
    table = s.fpir_groups(best, ["a"] * 60 + ["b"] * 40, 0.5, make_up={"a": 0.7, "b": 0.3})
    assert table["alerts"].tolist() == [20, 5] and table["in gallery"].tolist() == [0.7, 0.3]
    assert table.loc["a", "fpir"] == s.fpir(best[:60], 0.5)
    assert table.index.name == "group" and table.attrs == {"without a group": 0}


def test_a_group_whose_every_picture_failed_stops_nothing_and_is_no_zero():
    """The worst served must not be refused, nor shown as free of errors."""
    best = np.r_[alerts(20, 60), np.full(40, NAN)]
    table = s.fpir_groups(best, ["a"] * 60 + ["lost"] * 40, 0.5)
    lost = table.loc["lost"]
    assert lost["no face"] == lost["searches"] == 40 and math.isnan(float(lost["fpir"]))


def test_whoever_has_no_label_makes_no_group_and_is_counted():
    groups = ["a"] * 50 + ["unknown"] * 30 + [None] * 20
    table = s.fpir_groups(alerts(10, 100), groups, 0.5)
    assert list(table.index) == ["a"] and table.attrs == {"without a group": 50}
    with pytest.raises(ValueError, match="one for each image"):
        s.fpir_groups(alerts(10, 100), ["a"], 0.5)


def test_a_tiny_group_is_kept_in_words():
    table = s.fpir_groups(alerts(2, 64), ["b"] * 4 + ["a"] * 60, 0.5)
    assert table.loc["b", "fpir"].words == "2 of 4 searches: too few for a rate"


# ---- another gallery ----------------------------------------------------------------------------


def test_with_the_gallery_redrawn_one_is_less_sure():
    """When few entries are behind the alerts, another gallery would hardly have them."""
    probes = np.arange(60)
    fixed = s.fpir(alerts(60, 600), 0.5)
    spread = s.fpir_redrawn(probes, np.arange(60), 600)
    bunched = s.fpir_redrawn(probes, np.arange(60) % 6, 600)
    assert fixed.value == spread.value == bunched.value == 0.1
    widths = [i.high - i.low for i in (fixed, spread, bunched)]
    assert widths[0] <= widths[1] < 0.7 * widths[2]


def test_an_alert_with_two_candidates_outlives_either():
    one = s.fpir_redrawn(np.arange(60), np.arange(60) % 6, 600)
    two = s.fpir_redrawn(np.r_[:60, :60], np.r_[np.arange(60) % 6, 6 + np.arange(60) % 6], 600)
    assert two.value == one.value and two.high < one.high
    again = s.fpir_redrawn(np.r_[:60, :60], np.r_[np.arange(60) % 6, np.arange(60) % 6], 600)
    assert again == one, "a candidate given twice is one"


def test_the_interval_for_another_gallery_holds_the_truth():
    """People and entries that differ much; the truth is over both."""
    rng = np.random.default_rng(3)
    n, size, base = 300, 200, -6.2

    def draw():
        probe, entry = rng.normal(size=n) * 0.8, rng.normal(size=size) * 1.2
        chance = 1 / (1 + np.exp(-(base + probe[:, None] + entry[None, :])))
        return np.nonzero(rng.random((n, size)) < chance)

    drawn = [draw() for _ in range(150)]
    true = np.mean([len(np.unique(probe)) / n for probe, _entry in drawn])
    redrawn = [s.fpir_redrawn(p, e, n) for p, e in drawn]
    fixed = [s.exact(np.isin(np.arange(n), p), "alerts") for p, _e in drawn]
    held = [np.mean([i.low <= true <= i.high for i in found]) for found in (redrawn, fixed)]
    assert held[0] >= 0.92 > 0.9 > held[1], held


def test_searches_out_of_range_are_refused():
    with pytest.raises(ValueError, match="numbered from 0 to 9"):
        s.fpir_redrawn([10], [0], 10)
    with pytest.raises(ValueError, match="one of each"):
        s.fpir_redrawn([1, 2], [0], 10)


def test_few_alerts_do_not_say_what_another_gallery_would_give():
    few = s.fpir_redrawn(np.arange(5), np.arange(5), 600)
    assert "5 of 600" in few.words and few.low < few.high
    assert s.fpir_redrawn([], [], 600).reason == "none"


# ---- candidates ---------------------------------------------------------------------------------


def test_how_many_alerts_and_how_many_people_get_them_are_two_things():
    even, few = s.selectivity([1] * 100 + [0] * 100), s.selectivity([10] * 10 + [0] * 190)
    assert even.candidates == few.candidates == 100
    assert (even.people, few.people) == (100, 10)
    assert float(even.per_search) == float(few.per_search) == 0.5
    assert few.per_search.high > even.per_search.high
    assert even.busiest == 2 / 100 and few.busiest == 20 / 100


def test_candidates_of_nobody_and_of_few_are_words():
    assert s.selectivity([0] * 300).per_search.words.endswith(
        "at most 0.0100 of searches return any"
    )
    assert "too few" in s.selectivity([5] + [0] * 300).per_search.words
    assert "every search" in s.selectivity([3] * 40).per_search.words
    assert math.isnan(float(s.selectivity([]).per_search))


@pytest.mark.parametrize("bad", [[0.5], [-1], [NAN], [math.inf], [[1]]])
def test_candidates_are_counted(bad):
    with pytest.raises(ValueError, match="whole number"):
        s.selectivity(bad)


def test_candidates_a_search_are_n_times_fmr_and_the_bound_is_above():
    """People who differ: the mean is right, and fewer people are returned than the formula says."""
    rng = np.random.default_rng(5)
    fmr = np.minimum(1e-3 * rng.gamma(0.5, 2.0, size=4000), 1)
    counts = rng.binomial(1000, fmr)
    found = s.selectivity(counts)
    assert found.per_search.low < 1000 * fmr.mean() < found.per_search.high
    share = s.fpir(counts.astype(float), 1)
    assert share.high < s.bound(fmr.mean(), 1000)
    assert float(s.bound(1e-12, 1e6)) == pytest.approx(1e-6)
    assert s.bound([0, 1, 1], [10, 10, 0]).tolist() == [0, 1, 0]


@pytest.mark.parametrize("bad", [(1.2, 3), (-0.1, 3), (NAN, 3), (0.5, -1)])
def test_a_bound_of_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match="share from 0 to 1"):
        s.bound(*bad)


def test_people_who_are_alike_are_not_told_apart():
    rng = np.random.default_rng(0)
    same = [s.alike(rng.binomial(10, 0.3, 500), 10).p for _again in range(200)]
    assert 0.01 < np.mean(np.array(same) < 0.05) < 0.1
    differ = s.alike(rng.binomial(10, rng.beta(0.6, 1.4, 500)), 10)
    assert differ.p < 1e-6 and differ.never > 2 * differ.never_if_alike
    assert math.isnan(s.alike([0, 0], 10).p)
    for bad in ([11], [-1], [0.5], []):
        with pytest.raises(ValueError, match="whole number from 0 to 10"):
            s.alike(bad, 10)


def test_the_busiest_by_lot_have_little_more_than_their_part():
    rng = np.random.default_rng(1)
    lot = s.busiest_by_lot(500, 5_000)
    found = s.selectivity(rng.multinomial(5_000, np.full(500, 1 / 500))).busiest
    assert 0.01 < lot < 0.03 and found == pytest.approx(lot, abs=0.005)
    assert math.isnan(s.busiest_by_lot(500, 0))


# ---- people who are in the gallery --------------------------------------------------------------


def test_a_miss_by_hand():
    """Above the threshold and among the first: both, or it is a miss."""
    scores = np.array([0.9, 0.9, 0.3, 0.5, NAN] * 10)
    ranks = np.array([1, 11, 1, 10, -1] * 10)
    assert float(s.fnir(scores, ranks, 0.5)) == pytest.approx(2 / 5)
    assert float(s.fnir(scores, ranks, 0.5, within=10)) == pytest.approx(3 / 5)
    assert float(s.fnir(scores, ranks, -math.inf, within=10)) == pytest.approx(2 / 5)
    assert float(s.fnir(scores, None, -math.inf)) == pytest.approx(1 / 5), "no face is a miss"


def test_hits_and_misses_are_all():
    rng = np.random.default_rng(1)
    scores, ranks = rng.random(300), rng.integers(1, 30, 300)
    for threshold, within in ((0.3, None), (0.3, 5), (-math.inf, 5)):
        hit, miss = (f(scores, ranks, threshold, within) for f in (s.tpir, s.fnir))
        assert hit.value == pytest.approx(1 - miss.value)
        assert (hit.low, hit.high) == pytest.approx((1 - miss.high, 1 - miss.low))


def test_no_miss_is_at_most_three_in_n():
    assert s.fnir([0.9] * 300, None, 0.5).high == 3 / 300


def test_a_list_of_nobody_is_refused():
    with pytest.raises(ValueError, match="candidates are looked at"):
        s.fnir([0.9], [1], 0.5, within=0)
    with pytest.raises(ValueError, match="rank of each"):
        s.fnir([0.9], None, 0.5, within=1)
    with pytest.raises(ValueError, match="one a search"):
        s.fnir([0.9, 0.8], [1], 0.5, within=1)


def test_the_curve_of_ranks_is_that_of_misses():
    ranks = [1] * 20 + [2] * 10 + [7] * 5 + [-1] * 5
    table = s.cmc(ranks, upto=8)
    assert [float(x) for x in table["found"]] == pytest.approx([0.5, *[0.75] * 5, *[0.875] * 2])
    miss = s.fnir([0.9] * 40, ranks, -math.inf, within=2)
    assert float(table.loc[2, "found"]) == pytest.approx(1 - float(miss))
    with pytest.raises(ValueError, match="from 1"):
        s.cmc(ranks, upto=0)


def test_both_errors_at_many_thresholds_go_their_ways():
    rng = np.random.default_rng(2)
    best, mates = rng.normal(size=300), rng.normal(3, 1, size=200)
    best[:20] = NAN
    table = s.det(best, mates, points=12)
    assert [float(x) for x in table["fpir"]] == sorted(map(float, table["fpir"]), reverse=True)
    assert [float(x) for x in table["fnir"]] == sorted(map(float, table["fnir"]))
    assert float(table["fpir"].iloc[0]) == pytest.approx(280 / 300)
    assert isinstance(table["fnir"].iloc[0], Interval)
    with pytest.raises(ValueError, match="no face"):
        s.det([NAN, NAN], mates)


def test_failures_to_enrol():
    assert float(s.fte([True] * 3 + [False] * 97)) == 0.03
    assert "failures in 300 pictures" in str(s.fte([False] * 300))


# ---- what an alert is worth ---------------------------------------------------------------------


def test_half_of_the_alerts_are_right_at_this_prevalence():
    """Prevalence = FPIR / (FPIR + TPIR)."""
    for tpir, fpir in ((0.9, 1e-3), (0.5, 0.2), (1.0, 1.0)):
        assert s.precision(fpir / (fpir + tpir), tpir, fpir) == pytest.approx(0.5)
    assert s.precision(0, 0.9, 0.1) == 0 and s.precision(0.1, 0.9, 0) == 1
    assert math.isnan(s.precision(0, 0.9, 0))


@pytest.mark.parametrize("bad", [(1.5, 0.9, 0.1), (0.1, -1, 0.1), (0.1, 0.9, NAN), (12, 0.9, 0.1)])
def test_precision_of_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match="share from 0 to 1"):
        s.precision(*bad)


def test_a_passage_lies_between_one_frame_and_frames_that_share_nothing():
    low, high = s.passage(0.1, 3)
    assert (low, high) == (0.1, pytest.approx(1 - 0.9**3))
    assert s.passage(0.1, 1) == (0.1, pytest.approx(0.1))
    with pytest.raises(ValueError, match="at least one"):
        s.passage(0.1, 0)


# ---- one group against another ------------------------------------------------------------------


def test_the_exact_test_is_scipys_from_both_sides():
    who = np.repeat(["a", "b", None], [107, 428, 10])
    wrong = np.r_[np.arange(107) < 11, np.arange(428) < 17, np.ones(10)]
    found = s.fisher(wrong, who, "b")
    assert found.p == pytest.approx(stats.fisher_exact([[11, 96], [17, 411]]).pvalue)
    assert found.p > stats.fisher_exact([[11, 96], [17, 411]], "greater").pvalue
    assert (found.group.errors, found.reference.errors) == (11, 17), "without a label: no part"
    assert s.fisher(wrong, who, "a").ratio == pytest.approx(1 / found.ratio)
    assert s.fisher(wrong, who, "b", "a") == found


@pytest.mark.parametrize(("n", "m"), [(9, 13), (30, 30), (1, 20)])
def test_what_is_rejected_is_what_scipy_rejects(n, m):
    table = s._rejected(n, m, 0.05)
    for a in range(n + 1):
        for b in range(m + 1):
            p = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
            assert table[a, b] == (p <= 0.05), (a, b)


def test_power_is_that_of_many_repetitions():
    rng = np.random.default_rng(0)
    found = s._rejected(178, 357, 0.05)
    a, b = rng.binomial(178, 0.12, 20_000), rng.binomial(357, 0.05, 20_000)
    assert s.fisher_power(178, 357, 0.05, 2.4) == pytest.approx(found[a, b].mean(), abs=0.01)
    assert s.fisher_power(178, 357, 0.05, 1.0) <= 0.05


def test_the_smallest_ratio_that_is_found():
    ratio = s.detectable_ratio(178, 357, 0.05)
    assert s.fisher_power(178, 357, 0.05, ratio) == pytest.approx(0.8, abs=0.005)
    assert s.detectable_ratio(178, 357, 0.0) == math.inf
    assert s.detectable_ratio(2, 2, 0.4) == math.inf


def test_no_alert_at_all_is_no_ratio():
    who = np.repeat(["a", "b"], [50, 50])
    none = s.fisher(np.zeros(100, bool), who, "b")
    assert none.p == 1 and math.isnan(none.ratio) and none.detectable == math.inf
    one = s.fisher(np.r_[np.ones(10), np.zeros(90)], who, "b")
    assert one.ratio == math.inf


def test_a_contrast_with_nobody_is_refused():
    who = ["a"] * 50
    with pytest.raises(ValueError, match="nobody is left"):
        s.fisher(np.zeros(50), who, "a")
    with pytest.raises(ValueError, match="no group 'c': the groups are a"):
        s.fisher(np.zeros(50), who, "c")
    with pytest.raises(ValueError, match="true or false"):
        s.fisher([0.5, NAN], ["a", "b"], "a")
    with pytest.raises(ValueError, match="people to both"):
        s.fisher_power(0, 10, 0.1, 2)
