"""Rates by group: counted by hand, refused in words, and equal groups recognised as equal."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from labkit.measure import disparity, intervals, rates, summaries
from labkit.measure.disparity import ALL_OTHERS, GroupCounts, GroupTable, group_table
from labkit.measure.rate import RATES
from labkit.measure.scores import AllPairs, all_pairs

# Templates are numbers on a line; a match is a distance of at most 1.  Two images each.
#   group a: 1 at 0 and .5, 2 at 1 and 3 (missed), 3 at 9 and failed
#   group b: 4 at 1.2 and 1.4, 5 at 20 and 20.5
LINE = [0, 0.5, 1, 3, 9, math.nan, 1.2, 1.4, 20, 20.5]
WHO = np.repeat([1, 2, 3, 4, 5], 2)
GROUP = np.array(["a"] * 6 + ["b"] * 4)


@pytest.fixture(scope="module")
def line() -> AllPairs:
    return all_pairs(np.array(LINE)[:, None], WHO)


def population(
    rng: np.random.Generator, people: int, images: int = 6, noise: float = 0.45
) -> np.ndarray:
    """Templates of 8 numbers; people differ in how near the middle they are."""
    centre = rng.normal(size=(people, 8)) * rng.gamma(8, 1 / 8, size=(people, 1))
    return np.repeat(centre, images, 0) + noise * rng.normal(size=(people * images, 8))


def reach(fmr: float) -> float:
    """The distance at which two people of :func:`population` match at this FMR."""
    a, b = (population(np.random.default_rng([77, i]), 400_000, 1) for i in (0, 1))
    return float(np.quantile(np.linalg.norm(a - b, axis=1), fmr))


def table_of(false: list[np.ndarray], missed: np.ndarray | None = None) -> GroupTable:
    """A group table from tables of false matches (of 36 comparisons), misses of 15."""
    rows = []
    for g, f in enumerate(false):
        k = len(f)
        z = np.zeros(k)
        m = z if missed is None else missed[g]
        people, compared = np.arange(k) + 1000 * g, 36.0 * (1 - np.eye(k))
        rows.append(
            GroupCounts(
                f"g{g}", people, f, compared, z + 6, z, missed=m, made=z + 15, planned=z + 15
            )
        )
    return GroupTable(tuple(rows), 0.0)


def false_matches(rng: np.random.Generator, people: int, t: float) -> np.ndarray:
    e = population(rng, people)
    squares = (e**2).sum(1)
    near = squares[:, None] + squares - 2 * e @ e.T <= t * t
    f = near.reshape(people, 6, people, 6).sum((1, 3)).astype(float)
    np.fill_diagonal(f, 0)
    return f


def scattered(rng: np.random.Generator, k: int, pairs: int) -> np.ndarray:
    """One false match for each of some pairs of people."""
    i, j = np.triu_indices(k, 1)
    take = rng.choice(len(i), pairs, replace=False)
    f = np.zeros((k, k))
    f[i[take], j[take]] = f[j[take], i[take]] = 1
    return f


# ---- the group table ----------------------------------------------------------------------------


def test_group_table_by_hand(line):
    table = group_table(line, GROUP, -1)
    f = table.frame
    assert f.index.tolist() == ["a", "b"]
    assert f["people"].tolist() == [3, 2]
    assert f["images"].tolist() == [6, 4]
    assert f["person_pairs"].tolist() == [3, 1]
    assert f["error_pairs"].tolist() == [1, 0]
    a, b = (r for r in table.rows)
    # 1 with 2: 0-1 and .5-1 match, 0-3 and .5-3 do not; 3 has one image, far away.
    assert (a.false.sum() / 2, a.compared.sum() / 2) == (2, 4 + 2 + 2)
    assert f["fmr_value"].tolist() == [2 / 8, 0]
    # Two mated pairs made in a, one missed; three planned.
    assert f["fnmr_value"].tolist() == [1 / 2, 0]
    assert f["false_rejection_value"].tolist() == [2 / 3, 0]
    assert f["fta_value"].tolist() == [1 / 6, 0]
    assert b.false.sum() == 0
    assert f.loc["b", "fmr_words"] == "no false match; at most 1.0000, from 1 pairs of people"
    assert table["a", "fmr"] == f.loc["a", "fmr"]
    assert float(table["a", "fmr"]) == 0.25


def test_a_thin_row_is_kept_in_words(line):
    shown = group_table(line, GROUP, -1).show(digits=2)
    assert shown.index.tolist() == ["a", "b"]
    assert "too few people for a rate" in shown.loc["a", "FMR"]
    assert shown.loc["a", "FMR"].startswith("2 of 8")
    assert shown.loc["b", "FNMR"] == "none of 2: at most 1.00 (3 / 2 people)"
    rates = [rate.short for rate in RATES.values()]
    behind = ["person pairs", "pairs behind false matches"]
    assert shown.columns.tolist() == ["people", "images", *rates, *behind]
    assert {"FTA", "FNMR", "false rejection", "FMR"} <= set(rates)


def test_group_table_agrees_with_the_flat_list():
    rng = np.random.default_rng(1)
    who = np.repeat(np.arange(180), 6)
    templates = population(rng, 180)
    templates[rng.choice(1080, 60, replace=False)] = math.nan
    group = np.array(["left", "middle", "right"])[who % 3]
    pairs = all_pairs(templates, who)
    t = rates.threshold_at_fmr(pairs.impostor, 0.02)
    table = group_table(pairs, group, t)
    for name in table.names:
        c = pairs.select(group == name).comparisons()
        by_person = intervals.fmr_interval(*intervals.pair_counts(c, t)[:2])
        assert table[name, "fmr"] == by_person
        assert not by_person.words
        assert table[name, "fmr"].value == pytest.approx(rates.fmr(c.impostor, t))
        assert table[name, "fnmr"].value == pytest.approx(rates.fnmr(c.genuine, t))
        planned = 60 * 15
        assert table[name, "false_rejection"].value == pytest.approx(
            rates.false_rejection(c.genuine, t, planned)
        )
        failed = np.isnan(templates[group == name]).any(1).mean()
        assert table[name, "fta"].value == pytest.approx(failed)
        assert table[name, "false_rejection"].value > table[name, "fnmr"].value
    shuffle = rng.permutation(1080)
    again = group_table(all_pairs(templates[shuffle], who[shuffle]), group[shuffle], t)
    pd.testing.assert_frame_equal(again.show(12), table.show(12))
    pd.testing.assert_frame_equal(again.spread(replicates=50), table.spread(replicates=50))


def test_styles_are_counted_apart():
    pairs = all_pairs(np.zeros((6, 1)), np.ones(6, int), kept=[1, 0, 1, 0, 1, 0])
    planned = {
        style: int(group_table(pairs.mated_only(style), ["x"] * 6, 0).rows[0].planned.sum())
        for style in ("same style", "restyled")
    }
    assert planned == {"same style": 3, "restyled": 12}


def test_order_of_groups(line):
    assert group_table(line, GROUP, -1, names=["b", "a"]).names == ["b", "a"]
    order = pd.Categorical(GROUP, ["b", "never seen", "a"])
    assert group_table(line, order, -1).names == ["b", "a"]
    assert group_table(line, np.where(GROUP == "a", 2, 10), -1).names == [2, 10]
    with_nobody = group_table(line, GROUP, -1, names=["a", "c", "b"])
    assert with_nobody.show().loc["c", "FMR"] == "nobody in this group"
    assert with_nobody.frame.loc["c", "people"] == 0


def test_one_person_in_a_group(line):
    group = np.where(WHO == 5, "alone", "others")
    table = group_table(line, group, -1)
    assert table["alone", "fmr"].text() == "one person: nobody of the group to compare with"
    assert table["alone", "fnmr"].value == 0
    assert table.contrasts("others").loc["alone", "words"].startswith("too few for a ratio")
    assert table.spread().loc["max/min", "words"].startswith("undefined: fewer than two groups")


@pytest.mark.parametrize("missing", [None, math.nan, "", "unknown"])
def test_missing_labels_are_left_out_and_counted(line, missing):
    labels = GROUP.astype(object)
    labels[[4, 6]] = missing
    table = group_table(line, labels, -1)
    assert (table.names, table.missing) == (["a", "b"], 2)
    assert table.frame["images"].tolist() == [5, 3]
    with pytest.raises(ValueError, match="none of 10 images has a group"):
        group_table(line, np.full(10, missing, object), -1)


def test_what_does_not_fit_is_one_sentence(line):
    with pytest.raises(ValueError, match="9 group labels for 10 images"):
        group_table(line, GROUP[:9], -1)
    with pytest.raises(ValueError, match="give every group once, also 'b'"):
        group_table(line, GROUP, -1, names=["a"])
    table = group_table(line, GROUP, -1)
    for ask in (
        lambda: table.contrasts("nobody I know"),
        lambda: table.detectable("a", "nobody I know"),
        lambda: table["nobody I know", "fmr"],
        lambda: table.contrasts("a", primary="nobody I know"),
    ):
        with pytest.raises(ValueError, match=r"no group 'nobody I know': use one of \['a', 'b'\]"):
            ask()
    with pytest.raises(ValueError, match="no rate 'FMR': use one of fta, fnmr"):
        table["a", "FMR"]
    with pytest.raises(ValueError, match="no rate 'fta': use one of fnmr"):
        table.spread("fta")


# ---- spread -------------------------------------------------------------------------------------


def test_spread_of_equal_groups_is_what_it_says():
    """Six equal groups of 80 at FMR 1e-2: the value without a difference is that of many draws."""
    rng, t = np.random.default_rng(2), reach(1e-2)
    lines, alarms = [], []
    for _ in range(60):
        table = table_of([false_matches(rng, 80, t) for _ in range(6)])
        lines.append(table.spread(alpha=1, replicates=400).loc["max/min"])
        contrasts = table.contrasts("g0")
        alarms += [contrasts["p"] < 0.05]
    seen = np.array([s["value"] for s in lines])
    assert np.median(seen) > 1.5  # equal groups, and yet
    null = np.mean([s["null_median"] for s in lines])
    far = np.mean([s["null_95"] for s in lines])
    assert null == pytest.approx(np.median(seen), rel=0.15)
    assert far == pytest.approx(np.percentile(seen, 95), rel=0.3)
    shares = np.array([s["share_of_null_at_least"] for s in lines])
    assert (shares < 0.05).mean() <= 0.15
    assert 0.3 < shares.mean() < 0.7
    assert np.mean(alarms) <= 0.10


def test_spread_sees_a_difference_that_is_there():
    rng = np.random.default_rng(3)
    near, far = reach(5e-3), reach(4e-2)
    groups = [false_matches(rng, 160, x) for x in (near, near, far)]
    misses = rng.binomial(15, 0.1, (3, 160)).astype(float)
    spread = table_of(groups, misses).spread(replicates=400)
    assert (spread["share_of_null_at_least"] < 0.01).all()
    assert (spread.loc["max/min", ["value", "null_95"]].diff().iloc[1]) < 0
    assert spread.loc["FDR", "value"] < spread.loc["FDR", "null_95"] < 1
    assert "fewer than 1% of such draws" in spread.loc["GARBE", "words"]
    fnmr = table_of(groups, misses).spread("fnmr", replicates=400)
    share = fnmr.loc["max/min", "share_of_null_at_least"]
    assert share > 0.01 and f"{share:.0%} of such draws" in fnmr.loc["max/min", "words"]


def test_spread_prints_alpha_and_of_what():
    rng = np.random.default_rng(4)
    table = table_of([scattered(rng, 60, 90) for _ in range(3)], rng.poisson(2.0, (3, 60)))
    spread = table.spread("false_rejection", alpha=0.25, replicates=100)
    assert spread.index.tolist() == ["max/min", "max/geomean", "GARBE", "Inequity Rate", "FDR"]
    assert spread.loc["max/min", "of"] == "false rejection"
    assert spread.loc["GARBE", "of"] == "FMR and false rejection, alpha 0.25"
    assert "FDR is blind to ratios" in spread.loc["FDR", "words"]
    by_hand = (
        [float(table[n, "fmr"]) for n in table.names],
        [float(table[n, "false_rejection"]) for n in table.names],
    )
    assert spread.loc["GARBE", "value"] == pytest.approx(summaries.garbe(*by_hand, 0.25))
    assert table.spread(alpha=1, replicates=100).loc["GARBE", "value"] == pytest.approx(
        summaries.gini(by_hand[0])
    )


def test_a_thin_group_hides_nothing():
    """One tiny group, or one with few errors: the others' spread and its null stay."""
    rng = np.random.default_rng(5)
    good = [scattered(rng, 60, n) for n in (200, 60)]
    thin, tiny = scattered(rng, 60, 9), scattered(rng, 6, 10)
    alone = table_of(good).spread(alpha=1, replicates=50)
    for third, why in (
        (thin, "9 false matches from 9 pairs of people: too few for a rate"),
        (tiny, "6 people: too few for an interval, which takes 60"),
    ):
        table = table_of([*good, third])
        spread = table.spread(alpha=1, replicates=50)
        assert table.left_out("fmr") == {"g2": why}
        assert (spread["value"] == alone["value"])[1:].all()
        assert spread["null_median"].tolist() == alone["null_median"].tolist()
        assert spread["words"].str.contains(f"left out: g2 ({why})", regex=False).all()
    few_miss = table_of(good, np.r_[np.ones(9), np.zeros(51)] * np.ones((2, 1)))
    words = few_miss.spread(replicates=50)["words"]
    assert words["GARBE"].startswith("undefined: fewer than two groups have enough for a rate")
    assert "left out: g0 (misses: 9, by 9 of 60 people: too few for a rate)" in words["GARBE"]
    assert "with equal groups" in words["max/min"]


def test_a_group_with_few_errors_gives_at_least():
    """max/min is the highest rate over the most that group may have, where that is more."""
    rng = np.random.default_rng(6)
    f, g = scattered(rng, 60, 600), scattered(rng, 60, 400)
    none = np.zeros((200, 200))
    spread = table_of([f, g, none]).spread(alpha=1, replicates=50)
    rate, bound = 600 / (1770 * 36), 3 / 19900
    assert spread.loc["max/min", "value"] == pytest.approx(rate / bound)
    assert spread["at_least"].tolist() == [True, False, False, False, False]
    assert spread.loc["max/min", "words"].startswith(
        f"at least {rate / bound:.1f}: in g2 the rate is at most 0.00016; with equal groups"
    )
    assert spread.loc["max/geomean", "value"] == pytest.approx((6 / 4) ** 0.5)
    # Of several such groups the one whose limit is lowest decides.
    two = table_of([f, g, none[:90, :90], none]).spread(alpha=1, replicates=50)
    assert two.loc["max/min", "value"] == spread.loc["max/min", "value"]
    # With a bound above what was seen among the others nothing is gained.
    small = table_of([f, g, np.zeros((60, 60))]).spread(alpha=1, replicates=50)
    assert small.loc["max/min", "value"] == pytest.approx(600 / (1770 * 36) / (3 / 1770))
    weak = table_of([f / 36, g / 36, np.zeros((60, 60))]).spread(alpha=1, replicates=50)
    assert weak.loc["max/min", "value"] == pytest.approx(1.5)
    assert not weak["at_least"].any()
    # A tiny group bounds nothing, and a single measured group is enough for a lower limit.
    tiny = table_of([f, g, np.zeros((20, 20))]).spread(alpha=1, replicates=50)
    assert not tiny["at_least"].any()
    one = table_of([f, none]).spread(alpha=1, replicates=50)
    assert one.loc["max/min", "at_least"]
    assert one.loc["max/geomean", "words"].startswith("undefined: fewer than two groups")


def test_no_error_anywhere_is_not_fair():
    none = np.zeros((70, 70))
    spread = table_of([none, none]).spread(replicates=50)
    assert spread["value"].isna().all()
    assert spread["words"].str.startswith("undefined: fewer than two groups have enough").all()
    assert spread["words"].str.contains("no false match; at most 0.0012").all()


# ---- contrasts ----------------------------------------------------------------------------------


def t_limits(moves: np.ndarray) -> tuple[float, float]:
    """Half the width of an interval of these moves, and their standard error."""
    weight = (moves**2).sum() ** 2 / (moves**4).sum()
    error = math.sqrt((moves**2).sum())
    return float(stats.t.ppf(0.975, weight)) * error, error


def left_out_one_by_one(r: GroupCounts) -> np.ndarray:
    logs = []
    for person in range(len(r.false)):
        keep = np.ix_(np.arange(len(r.false)) != person, np.arange(len(r.false)) != person)
        logs.append(math.log(r.false[keep].sum() / r.compared[keep].sum()))
    k = len(logs)
    return (np.mean(logs) - logs) * math.sqrt((k - 1) / k)


def test_a_contrast_by_hand():
    rng = np.random.default_rng(7)
    table = table_of([scattered(rng, 70, 90), scattered(rng, 60, 40)])
    row = table.contrasts("g0").loc["g1"]
    moves = np.concatenate([left_out_one_by_one(r) for r in table.rows])
    reach_, error = t_limits(moves)
    ratio = (40 / 1770) / (90 / 2415)
    assert row["ratio"] == pytest.approx(ratio)
    assert row["low"] == pytest.approx(ratio * math.exp(-reach_))
    assert row["high"] == pytest.approx(ratio * math.exp(reach_))
    weight = (moves**2).sum() ** 2 / (moves**4).sum()
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(math.log(ratio)) / error, weight))
    found = math.exp((stats.t.ppf(0.975, weight) + stats.t.ppf(0.8, weight)) * error)
    assert row["detectable"] == pytest.approx(found)
    assert table.detectable("g1", "g0") == row["detectable"]
    # The other way round it is the same question.
    back = table.contrasts("g1").loc["g0"]
    assert (1 / back["high"], 1 / back["low"]) == pytest.approx((row["low"], row["high"]))
    assert back["p"] == pytest.approx(row["p"])


def test_two_groups_are_one_question():
    """Both against "all others" would test it twice, and Holm would double p."""
    rng = np.random.default_rng(17)
    table = table_of([scattered(rng, 70, 90), scattered(rng, 60, 40)])
    c = table.contrasts(ALL_OTHERS)
    assert c.index.tolist() == ["g1"]
    assert c.loc["g1", "p_holm"] == c.loc["g1", "p"] == table.contrasts("g0").loc["g1", "p"]
    assert table.family(rates=["fmr"]).index.tolist() == [("fmr", "g1")]
    # A third group that is too small asks no question, and is named.
    three = table_of([scattered(rng, 70, 90), scattered(rng, 60, 40), scattered(rng, 8, 3)])
    c = three.contrasts(ALL_OTHERS)
    assert c.index.tolist() == ["g1", "g2"]
    assert c.loc["g1", "p_holm"] == c.loc["g1", "p"]
    assert c.loc["g2", "words"].startswith("too few for a ratio: g2: 3 false matches from 3 pairs")


def test_all_others_are_taken_together():
    rng = np.random.default_rng(8)
    table = table_of([scattered(rng, 60, n) for n in (30, 60, 120)])
    c = table.contrasts(ALL_OTHERS, primary="g2")
    assert (c["question"] == "primary").tolist() == [name == "g2" for name in c.index]
    first = table.contrasts(ALL_OTHERS, primary="g0")["question"]
    assert (first == "primary").tolist() == [name == "g0" for name in first.index]
    assert c.index.tolist() == ["g0", "g1", "g2"]
    assert c["ratio"].tolist() == pytest.approx([30 / 90, 60 / 75, 120 / 45])
    assert (c["p_holm"] >= c["p"]).all()
    assert c["p_holm"].max() == c["p"].max()
    a, b, d = (left_out_one_by_one(r) for r in table.rows)
    reach_, _ = t_limits(np.concatenate([a, -b * 60 / 180, -d * 120 / 180]))
    assert math.log(c.loc["g0", "high"] / c.loc["g0", "ratio"]) == pytest.approx(reach_)
    alone = table_of([scattered(rng, 60, 30)]).contrasts(ALL_OTHERS)
    assert alone.loc["g0", "words"] == (
        "too few for a ratio: there is no other group with people enough"
    )
    # Many people without an error are part of the others; few people are not.
    none, tiny = np.zeros((60, 60)), np.ones((5, 5)) - np.eye(5)
    more = table_of([scattered(rng, 60, 30), scattered(rng, 60, 60), none, tiny])
    row = more.contrasts(ALL_OTHERS).loc["g0"]
    assert row["ratio"] == pytest.approx(30 / (60 / 2)) and row["low"] < 1 < row["high"]


def test_people_in_two_groups_move_both():
    """The same templates under two names of a camera: nothing can differ, and none is claimed."""
    rng = np.random.default_rng(9)
    templates, who = population(rng, 80, 3), np.repeat(np.arange(80), 3)
    pairs = all_pairs(np.r_[templates, templates], np.r_[who, who])
    camera = np.repeat(["good", "bad"], 240)
    t = rates.threshold_at_fmr(pairs.impostor, 0.05)
    table = group_table(pairs, camera, t)
    row = table.contrasts("good").loc["bad"]
    assert row["ratio"] == pytest.approx(1) and math.isnan(row["low"])
    assert row["words"] == "too few for a ratio: every person has the same share of errors"
    assert not table.family()["claimed"].any()
    # Another noise on the same people: narrower than of two groups of different people.
    other = templates + 0.05 * rng.normal(size=templates.shape)
    both = all_pairs(np.r_[templates, other], np.r_[who, who])
    near = group_table(both, camera, t).contrasts("good").loc["bad"]
    half = group_table(both, np.where(np.r_[who, who] % 2, "good", "bad"), t, names=["good", "bad"])
    assert 1 < near["detectable"] < 1.5
    assert math.isnan(half.contrasts("good").loc["bad", "low"])  # 40 people each


def test_a_contrast_with_too_little_is_refused_in_words():
    rng = np.random.default_rng(11)
    table = table_of([scattered(rng, 60, 9), scattered(rng, 60, 50), scattered(rng, 60, 60)])
    c = table.contrasts("g1")
    assert c.loc["g0", "words"] == (
        "too few for a ratio: g0: 9 false matches from 9 pairs of people: too few for a rate"
    )
    assert c.loc["g0", ["low", "high", "p", "p_holm"]].isna().all()
    assert c.loc["g0", "ratio"] == pytest.approx(9 / 50)
    assert c.loc["g2", "p_holm"] == c.loc["g2", "p"]  # what was not tested is not counted
    assert table.contrasts("g0")["p"].isna().all()
    assert math.isnan(table.detectable("g0", "g1"))
    # The others together are enough when one of them is.
    together = table.contrasts(ALL_OTHERS)["p"]
    assert together.isna().tolist() == [True, False, False]
    table = table_of([scattered(rng, 60, 50), *(scattered(rng, 60, 9) for _ in range(2))])
    assert table.contrasts(ALL_OTHERS)["p"].isna().all()
    assert table.contrasts("g1", "fnmr")["words"].str.startswith("too few").all()
    lost = table.family()
    assert not lost["claimed"].any() and lost["p_family"].isna().all()


def test_detectable_ratio_is_found_four_times_in_five():
    rng = np.random.default_rng(12)
    base = reach(1e-2)
    expected = np.median(
        [
            table_of([false_matches(rng, 80, base) for _ in range(2)]).detectable("g0", "g1")
            for _ in range(20)
        ]
    )
    # The gap is put on both sides of 1e-2, so that both groups are as precise as those above.
    high, low = reach(1e-2 * expected**0.5), reach(1e-2 / expected**0.5)
    found = []
    for _ in range(60):
        table = table_of([false_matches(rng, 80, t) for t in (high, low)])
        found.append(table.contrasts("g1")["p"].iloc[0] < 0.05)
    assert 0.65 <= np.mean(found) <= 0.97


def test_contrasts_of_misses_are_of_people():
    rng = np.random.default_rng(13)
    errors = [rng.binomial(15, p, 60).astype(float) for p in (0.1, 0.3)]
    table = table_of([np.zeros((60, 60))] * 2, np.array(errors))
    row = table.contrasts("g0", "fnmr").loc["g1"]
    assert row["ratio"] == pytest.approx(errors[1].sum() / errors[0].sum())
    assert 1 < row["low"] < row["ratio"] < row["high"]
    assert row["p"] < 0.05
    moves = np.concatenate([(e / e.sum() - 1 / 60) * math.sqrt(60 / 59) for e in errors])
    assert math.log(row["high"] / row["ratio"]) == pytest.approx(t_limits(moves)[0])
    rejected = table.contrasts("g0", "false_rejection").loc["g1"]
    assert rejected["low"] == row["low"]  # nothing failed


# ---- what an analysis may claim -----------------------------------------------------------------


def test_the_family_is_adjusted_over_rates_and_groups():
    rng = np.random.default_rng(18)
    f = [scattered(rng, 60, n) for n in (100, 100, 100)]
    errors = np.array([rng.binomial(15, p, 60) for p in (0.1, 0.1, 0.4)], float)
    table = table_of(f, errors)
    family = table.family()
    assert family.index.get_level_values("rate").tolist() == ["false_rejection"] * 3 + ["fmr"] * 3
    assert family.loc[("false_rejection", "g2"), "claimed"]
    assert not family.loc["fmr"]["claimed"].any()
    alone = table.family(rates=["false_rejection"])
    assert family.loc[("false_rejection", "g2"), "p_family"] == pytest.approx(
        2 * alone.loc[("false_rejection", "g2"), "p_family"]
    )
    for rate in ("false_rejection", "fmr"):
        shown = table.contrasts(ALL_OTHERS, rate)
        for column in ("ratio", "low", "high", "p", "detectable"):
            assert family.loc[rate][column].tolist() == shown[column].tolist()


def test_a_quiet_group_is_not_surer_than_people_are():
    """Nobody easily confused in one group by chance: its own spread would claim a difference."""
    rng = np.random.default_rng(19)
    lively = [scattered(rng, 60, 40) for _ in range(3)]
    for f in lively[:2]:
        f[0, 1:40] = f[1:40, 0] = 30
    table = table_of(lively)
    single = table.contrasts(ALL_OTHERS).loc["g2"]
    family = table.family(rates=["fmr"]).loc[("fmr", "g2")]
    assert family["p_family"] > single["p_holm"]
    # Where people differ alike in all groups, little changes.
    even = table_of([scattered(rng, 60, n) for n in (40, 40, 90)])
    one, all_ = even.contrasts(ALL_OTHERS).loc["g2"], even.family(rates=["fmr"]).loc[("fmr", "g2")]
    assert all_["claimed"] and one["p_holm"] < 0.05


def test_the_pooled_p_value_by_hand():
    """Nobody differs less than people do in all groups together, and t knows of all of them."""
    rng = np.random.default_rng(22)
    f = [scattered(rng, k, n) for k, n in ((60, 60), (80, 150), (120, 130))]
    f[0][0, 1:40] = f[0][1:40, 0] = 3  # one group has a person who is easily taken for others
    table = table_of(f)
    moves = [left_out_one_by_one(r) for r in table.rows]
    of_one = sum(len(m) ** 2 * (m**2).sum() for m in moves) / 260
    raised = [m * math.sqrt(max(of_one / (len(m) * (m**2).sum()), 1)) for m in moves]
    assert [bool((a == b).all()) for a, b in zip(raised, moves)] == [True, False, False]
    scaled = np.concatenate([m * math.sqrt(len(m)) for m in moves])
    weight = (scaled**2).sum() ** 2 / (scaled**4).sum()
    e, n = ([r.terms("fmr")[i].sum() for r in table.rows] for i in (0, 1))
    value = math.log(e[2] / n[2]) - math.log((e[0] + e[1]) / (n[0] + n[1]))
    parts = [raised[2], raised[0] * e[0] / (e[0] + e[1]), raised[1] * e[1] / (e[0] + e[1])]
    error = math.sqrt(sum((m**2).sum() for m in parts))
    found = table.family(rates=["fmr"]).loc[("fmr", "g2")]
    assert found["p_pooled"] == pytest.approx(2 * stats.t.sf(abs(value) / error, weight))
    assert found["p_pooled"] != pytest.approx(found["p"], rel=0.05)


# ---- strata -------------------------------------------------------------------------------------


def two_cameras(rng: np.random.Generator, gap: float = 1.0) -> dict[str, GroupTable]:
    """Camera b gives four times the errors and photographed most of g1."""
    out, first = {}, 0
    for camera, rate, sizes in (("a", 0.02, (120, 60)), ("b", 0.08, (60, 120))):
        rows = []
        for name, n, times in zip(("g0", "g1"), sizes, (1.0, gap), strict=True):
            f = np.triu(rng.binomial(36, rate * times, (n, n)), 1).astype(float)
            m, z = rng.binomial(15, rate * times, n).astype(float), np.zeros(n)
            rows.append(
                GroupCounts(
                    name,
                    np.arange(first, first + n),
                    f + f.T,
                    36.0 * (1 - np.eye(n)),
                    z + 6,
                    z,
                    missed=m,
                    made=z + 15,
                    planned=z + 15,
                )
            )
            first += n
        out[camera] = GroupTable(tuple(rows), 0.0)
    return out


def part_of(table: GroupTable, people: int) -> GroupTable:
    """The first people of every group."""
    rows = []
    for r in table.rows:
        counts = {
            x: getattr(r, x)[:people] for x in ("images", "failed", "missed", "made", "planned")
        }
        square = (x[:people, :people] for x in (r.false, r.compared))
        rows.append(GroupCounts(r.name, r.people[:people], *square, **counts))
    return GroupTable(tuple(rows), table.threshold)


@pytest.mark.parametrize("rate", ["fmr", "false_rejection"])
def test_a_camera_that_explains_a_gap_is_seen_through(rate):
    """The crude ratio is about 1.9; within cameras it is 1, and a true gap is found there."""
    found = disparity.within_strata(two_cameras(np.random.default_rng(20)), rate=rate)
    assert found.index.tolist() == ["g1"]
    row = found.loc["g1"]
    assert row["low"] < 1 < row["high"] and row["ratio"] == pytest.approx(1, abs=0.15)
    there = disparity.within_strata(two_cameras(np.random.default_rng(20), 2.0), "g0", rate)
    assert there.loc["g1", "low"] > 1.3


def test_strata_by_hand():
    """Mantel and Haenszel's ratio, and people who move every stratum they are in."""
    tables = two_cameras(np.random.default_rng(21), 1.5)
    top = bottom = 0.0
    for table in tables.values():
        (e0, n0), (e1, n1) = ((r.missed.sum(), r.made.sum()) for r in table.rows)
        top, bottom = top + e1 * n0 / (n0 + n1), bottom + e0 * n1 / (n0 + n1)
    row = disparity.within_strata(tables, "g0", "fnmr").loc["g1"]
    assert row["ratio"] == pytest.approx(top / bottom)
    # Strata of unlike size weigh as they should: the second keeps thirty people of either side.
    few = {"a": tables["a"], "b": part_of(tables["b"], 30)}
    top = bottom = 0.0
    moves = []
    for sign, side in ((1, 1), (-1, 0)):
        shares = []
        for table in few.values():
            own, other = table.rows[side], table.rows[1 - side]
            e, n, m = own.missed.sum(), own.made.sum(), other.made.sum()
            shares.append((e * m / (n + m), (own.missed / e - own.made / n)))
        total = sum(share for share, _ in shares)
        top, bottom = (total, bottom) if side else (top, total)
        for share, own in shares:
            moves.append(sign * share / total * own * math.sqrt(len(own) / (len(own) - 1)))
    row = disparity.within_strata(few, "g0", "fnmr").loc["g1"]
    assert row["ratio"] == pytest.approx(top / bottom)
    reach_, _ = t_limits(np.concatenate(moves))
    assert math.log(row["high"] / row["ratio"]) == pytest.approx(reach_)
    # One stratum is the contrast itself.
    one = {"a": tables["a"]}
    assert disparity.within_strata(one, "g0").loc["g1", "ratio"] == pytest.approx(
        tables["a"].contrasts("g0").loc["g1", "ratio"]
    )
    for column in ("low", "high", "p", "detectable"):
        assert disparity.within_strata(one, "g0").loc["g1", column] == pytest.approx(
            tables["a"].contrasts("g0").loc["g1", column]
        )
    # A stratum with one side only says nothing, and is no error.
    lonely = GroupTable(tables["b"].rows[:1], 0.0)
    assert disparity.within_strata({"a": tables["a"], "c": lonely}, "g0").equals(
        disparity.within_strata(one, "g0")
    )
    apart = {"a": GroupTable(tables["a"].rows[:1], 0.0), "b": GroupTable(tables["b"].rows[1:], 0.0)}
    assert disparity.within_strata(apart, "g0").loc["g1", "words"] == (
        "too few for a ratio: no stratum has both sides"
    )
    with pytest.raises(ValueError, match="no group 'x'"):
        disparity.within_strata(tables, "x")


# ---- groups dealt out at random -----------------------------------------------------------------


def test_random_groups_by_hand():
    f, n = scattered(np.random.default_rng(14), 12, 30), 1 - np.eye(12)
    drawn = disparity.random_group_rates((f, n, "ignored"), 3, draws=40, seed=6)
    rng = np.random.default_rng(np.random.SeedSequence([43, 6]))
    dealt = rng.permuted(np.tile(np.arange(12) % 3, (40, 1)), axis=1)
    for rates_, labels in zip(drawn, dealt, strict=True):
        for g in range(3):
            inside = np.ix_(labels == g, labels == g)
            assert rates_[g] == f[inside].sum() / n[inside].sum()
    labels = np.repeat(["x", "y", "z"], 4)
    assert disparity.random_group_rates((f, n), labels, draws=5).shape == (5, 3)
    with pytest.raises(ValueError, match="13 groups of 12 people"):
        disparity.random_group_rates((f, n), 13)
    with pytest.raises(ValueError, match="2 labels for 12 people"):
        disparity.random_group_rates((f, n), ["x", "y"])


def test_picking_the_worst_of_equal_groups():
    """Dealt out from one town, groups spread as much as groups of separate draws do."""
    rng, t = np.random.default_rng(15), reach(1e-2)
    table = false_matches(rng, 480, t), 36 * (1 - np.eye(480))
    values = summaries.max_min(disparity.random_group_rates(table, 6))
    fresh = [
        summaries.max_min([false_matches(rng, 80, t).sum() for _ in range(6)]) for _ in range(60)
    ]
    assert values.shape == (2000,)
    assert np.median(values) == pytest.approx(np.median(fresh), rel=0.2)
    assert values.min() > 1


# ---- who is confused with whom ------------------------------------------------------------------


def test_confusion_by_hand(line):
    rates_ = disparity.confusion(line, GROUP, -1)
    # 4 at 1.2 and 1.4 against 1 (0, .5) and 2 (1, 3): .5-1.2, .5-1.4, 1-1.2 and 1-1.4 match.
    assert rates_.loc["a", "b"] == rates_.loc["b", "a"] == 4 / 20
    assert rates_.loc["a", "a"] == 2 / 8
    assert rates_.loc["b", "b"] == 0
    counts = {
        show: disparity.confusion(line, GROUP, -1, show=show).loc["a", "b"]
        for show in ("false_matches", "compared", "person_pairs", "error_pairs")
    }
    assert counts == {"false_matches": 4, "compared": 20, "person_pairs": 6, "error_pairs": 2}
    text = disparity.confusion(line, GROUP, -1, show="text").loc["a", "b"]
    assert text == "0.2000 (4 false matches from 2 pairs of people: too few for a rate)"
    with pytest.raises(ValueError, match="nothing called 'colour' can be shown"):
        disparity.confusion(line, GROUP, -1, show="colour")


def test_against_everyone_by_hand(line):
    table = disparity.against_everyone(line, GROUP, -1)
    assert table["fmr_value"].tolist() == [(2 * 2 + 4) / (2 * 8 + 20), (2 * 0 + 4) / (2 * 4 + 20)]
    assert table["people"].tolist() == [3, 2]
    assert table["person_pairs"].tolist() == [3 + 6, 1 + 6]


def test_who_is_confused_needs_one_group_a_person(line):
    mixed = GROUP.copy()
    mixed[1] = "b"
    for ask in (disparity.confusion, disparity.against_everyone):
        with pytest.raises(ValueError, match="person 1 has images in several groups"):
            ask(line, mixed, -1)


@given(st.integers(0, 10**6), st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_random_tables_add_up(seed, groups):
    rng = np.random.default_rng(seed)
    people = int(rng.integers(2, 15))
    who = np.repeat(np.arange(people), 3)
    templates = rng.normal(size=(3 * people, 2))
    templates[rng.random(3 * people) < 0.1] = math.nan
    label = rng.integers(0, groups, people)[who]
    pairs = all_pairs(templates, who)
    t = -0.7
    names = list(range(groups))
    table = group_table(pairs, label, t, names=names)
    false, compared, _ = pairs.pair_counts(t)
    for show, total in (("false_matches", false.sum() / 2), ("compared", compared.sum() / 2)):
        cells = disparity.confusion(pairs, label, t, names=names, show=show).to_numpy()
        assert (cells == cells.T).all()
        assert np.triu(cells).sum() == total
    within = np.diag(disparity.confusion(pairs, label, t, names=names).to_numpy())
    assert np.allclose(within, table.frame["fmr_value"], equal_nan=True)
    f = table.frame
    assert f["people"].sum() == people
    assert f["images"].sum() == 3 * people
    mated = pairs.mated_counts(t)
    assert sum(r.planned.sum() for r in table.rows) == mated.planned.sum() == pairs.planned_mated
    assert sum(r.missed.sum() for r in table.rows) == mated.missed.sum()
    for rate in disparity.RATES:
        for i in f[rate]:
            assert i.words or 0 <= i.low <= i.value <= i.high <= 1
    spread = table.spread(replicates=20)
    assert (spread["words"].str.len() > 0).all()
    assert (table.contrasts(ALL_OTHERS)["words"].str.len() > 0).all()
