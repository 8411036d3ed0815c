"""Rates by group: counted by hand, refused in words, and equal groups recognised as equal."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.measure import disparity, intervals, rates
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


# ---- summaries ----------------------------------------------------------------------------------


def test_worked_cases_of_the_summaries():
    assert f"{disparity.fdr([1e-5, 5e-4], [0.02] * 2):.6f}" == "0.999755"
    assert f"{disparity.fdr([0.04, 0.06], [0.02] * 2):.5f}" == "0.99000"
    assert round(disparity.fdr([1e-5, 5e-4], [0.002, 0.006]), 4) == 0.9978
    assert round(disparity.inequity_rate([1e-5, 5e-4], [0.002, 0.006]), 1) == 12.2
    fmrs, fnmrs = [0.04, 0.05, 0.05, 0.06], [0.10, 0.11, 0.12, 0.13]
    assert round(disparity.fdr(fmrs, fnmrs), 4) == 0.9750
    assert round(disparity.inequity_rate(fmrs, fnmrs), 2) == 1.40
    assert round(disparity.garbe(fmrs, fnmrs), 3) == 0.086
    # One error decides: the FMR term is as unfair as can be.
    assert disparity.garbe([0, 0, 0, 1e-4], [0.02] * 4, alpha=1) == 1
    assert disparity.garbe([0, 0, 0, 1e-4], [0.02] * 4) == 0.5


@pytest.mark.parametrize(
    ("groups", "geomean", "gini"),
    [(2, 3.2, 0.82), (4, 5.6, 0.69), (6, 6.8, 0.60), (8, 7.5, 0.53)],
)
def test_summaries_depend_on_the_number_of_groups(groups, geomean, gini):
    tenfold = [0.01] * (groups - 1) + [0.1]
    assert round(disparity.max_geomean(tenfold), 1) == geomean
    assert disparity.gini(tenfold) == pytest.approx(gini, abs=0.006)
    assert disparity.max_min(tenfold) == pytest.approx(10)


def test_undefined_is_not_equal():
    assert disparity.max_min([0, 0.1]) == disparity.max_geomean([0, 0.1]) == math.inf
    nothing = [0.0, 0.0]
    for value in (
        disparity.max_min(nothing),
        disparity.max_geomean(nothing),
        disparity.gini(nothing),
        disparity.garbe(nothing, [0.1, 0.2]),
        disparity.garbe([0.1, 0.2], nothing),
        disparity.inequity_rate([0, 0.1], [0.1, 0.2]),
    ):
        assert math.isnan(value)
    assert disparity.garbe(nothing, [0.1, 0.1], alpha=0) == 0  # a term that does not count
    assert disparity.inequity_rate(nothing, [0.1, 0.2], alpha=0) == 2


def test_summaries_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="at least two groups"):
        disparity.max_min([0.1])
    with pytest.raises(ValueError, match=r"rate of -0\.1 is below 0"):
        disparity.gini([0.1, -0.1])
    with pytest.raises(ValueError, match=r"alpha 1\.5 is no weight"):
        disparity.garbe([0.1, 0.2], [0.1, 0.2], alpha=1.5)


@given(
    st.lists(st.floats(1e-6, 1), min_size=2, max_size=8),
    st.floats(0.01, 100),
    st.randoms(use_true_random=False),
)
@settings(max_examples=100, deadline=None)
def test_summaries_know_neither_order_nor_unit(x, unit, random):
    shuffled = [v * unit for v in x]
    random.shuffle(shuffled)
    for summary in (disparity.max_min, disparity.max_geomean, disparity.gini):
        assert summary(shuffled) == pytest.approx(summary(x), rel=1e-6, abs=1e-9)
        assert summary([x, x]).tolist() == pytest.approx([summary(x)] * 2)
    assert disparity.max_min(x) >= disparity.max_geomean(x) - 1e-9 >= 1 - 2e-9
    assert 0 <= disparity.gini(x) <= 1 + 1e-9
    assert disparity.fdr(x, x) <= 1
    assert disparity.inequity_rate(x, x) == pytest.approx(disparity.max_min(x))


def test_holm_by_hand():
    p = [0.01, 0.02, 0.03, 0.2]
    assert disparity.holm(p).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.2])
    assert disparity.holm([0.6, 0.9]).tolist() == [1, 1]
    assert disparity.holm([0.9, math.nan, 0.02])[2] == pytest.approx(0.04)
    assert disparity.holm([]).size == 0


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
    assert "too few for a rate" in shown.loc["a", "FMR"]
    assert shown.loc["a", "FMR"].startswith("2 of 8")
    assert shown.loc["b", "FNMR"] == "none of 2: at most 1.00 (3 / 2 people)"
    rates = [rate.short for rate in RATES.values()]
    behind = ["person pairs", "pairs behind false matches"]
    assert shown.columns.tolist() == ["people", "images", *rates, *behind]
    assert {"FTA", "FNMR", "false rejection", "FMR"} <= set(rates)


def test_group_table_agrees_with_the_flat_list():
    rng = np.random.default_rng(1)
    who = np.repeat(np.arange(90), 6)
    templates = population(rng, 90)
    templates[rng.choice(540, 30, replace=False)] = math.nan
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
        planned = 30 * 15
        assert table[name, "false_rejection"].value == pytest.approx(
            rates.false_rejection(c.genuine, t, planned)
        )
        failed = np.isnan(templates[group == name]).any(1).mean()
        assert table[name, "fta"].value == pytest.approx(failed)
        assert table[name, "false_rejection"].value > table[name, "fnmr"].value
    shuffle = rng.permutation(540)
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


@pytest.mark.parametrize("missing", [None, math.nan, ""])
def test_missing_labels_are_one_sentence(line, missing):
    labels = GROUP.astype(object)
    labels[[4, 6]] = missing
    with pytest.raises(ValueError, match=r"2 of 10 images have no group \(the first is number 4\)"):
        group_table(line, labels, -1)


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
        contrasts = table.contrasts("g0", replicates=400)
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
    table = table_of([scattered(rng, 40, 60) for _ in range(3)], rng.poisson(2.0, (3, 40)))
    spread = table.spread("false_rejection", alpha=0.25, replicates=100)
    assert spread.index.tolist() == ["max/min", "max/geomean", "GARBE", "Inequity Rate", "FDR"]
    assert spread.loc["max/min", "of"] == "false rejection"
    assert spread.loc["GARBE", "of"] == "FMR and false rejection, alpha 0.25"
    assert "FDR is blind to ratios" in spread.loc["FDR", "words"]
    by_hand = (
        [float(table[n, "fmr"]) for n in table.names],
        [float(table[n, "false_rejection"]) for n in table.names],
    )
    assert spread.loc["GARBE", "value"] == pytest.approx(disparity.garbe(*by_hand, 0.25))
    assert table.spread(alpha=1, replicates=100).loc["GARBE", "value"] == pytest.approx(
        disparity.gini(by_hand[0])
    )


def test_spread_says_when_a_cell_is_too_thin():
    rng = np.random.default_rng(5)
    enough, thin = scattered(rng, 40, 10), scattered(rng, 40, 9)
    good = table_of([enough, enough]).spread(alpha=1, replicates=50)
    assert good["null_median"].notna().all()
    refused = table_of([enough, thin]).spread(alpha=1, replicates=50)
    assert refused["value"].notna().all()
    assert refused[["null_median", "null_95", "share_of_null_at_least"]].isna().all(axis=None)
    assert refused["words"].str.contains("false matches from 9 pairs of people in g1").all()
    few_miss = table_of([enough, enough], np.r_[np.ones(9), np.zeros(31)] * np.ones((2, 1)))
    words = few_miss.spread(replicates=50)["words"]
    assert "misses by 9 of 40 people in g0 (at least 10 of 30 needed)" in words["GARBE"]
    assert "with equal groups" in words["max/min"]


def test_a_group_without_errors_gives_at_least():
    rng = np.random.default_rng(6)
    f = scattered(rng, 40, 100)
    spread = table_of([f, np.zeros((40, 40))]).spread(alpha=1, replicates=50)
    rate, bound = 100 / (780 * 36), 3 / 780
    assert bound > rate  # so nothing can be said, and the lowest possible ratio is printed
    assert spread.loc["max/min", "value"] == 1
    assert spread.loc["max/min", "words"].startswith(
        "at least 1.0: no false matches seen in g1, where the rate is at most 0.0038"
    )
    many = table_of([30 * f, np.zeros((40, 40))]).spread(alpha=1, replicates=50)
    assert many.loc["max/min", "value"] == pytest.approx(30 * rate / bound)
    assert math.isnan(many.loc["max/geomean", "value"])
    assert many.loc["max/geomean", "words"].startswith("undefined: no false matches seen in g1")
    assert many.loc["Inequity Rate", "words"].startswith("undefined: no false matches seen in g1")
    assert many.loc["GARBE", "value"] == 1
    assert "one error decides: only g0 has any false matches" in many.loc["GARBE", "words"]


def test_at_least_is_said_by_the_group_that_may_err_most():
    """Two groups without an error: the smaller one may have the higher rate."""
    f = 30 * scattered(np.random.default_rng(16), 40, 100)
    spread = table_of([f, np.zeros((40, 40)), np.zeros((20, 20))]).spread(alpha=1, replicates=50)
    rate, bound = 30 * 100 / (780 * 36), 3 / 190
    assert spread.loc["max/min", "value"] == pytest.approx(rate / bound)
    assert "no false matches seen in g1, g2" in spread.loc["max/min", "words"]


def test_no_error_anywhere_is_not_fair():
    none = np.zeros((40, 40))
    spread = table_of([none, none]).spread(replicates=50)
    for name in ("max/min", "max/geomean", "GARBE", "Inequity Rate"):
        assert math.isnan(spread.loc[name, "value"])
        assert spread.loc[name, "words"].startswith("undefined: no errors seen in any group (FMR)")


# ---- contrasts ----------------------------------------------------------------------------------


def test_contrast_draws_each_group_apart():
    rng = np.random.default_rng(7)
    table = table_of([scattered(rng, 30, 90), scattered(rng, 25, 40)])
    row = table.contrasts("g0", replicates=300, seed=5).loc["g1"]
    f0, f1 = (r.false for r in table.rows)
    n0, n1 = (r.compared for r in table.rows)
    w0, w1 = intervals.vertex_weights(30, 300, 5, 0), intervals.vertex_weights(25, 300, 5, 1)
    values = np.array(
        [(b @ f1 @ b) / (b @ n1 @ b) / ((a @ f0 @ a) / (a @ n0 @ a)) for a, b in zip(w0, w1)]
    )
    assert row["ratio"] == pytest.approx((40 / 300) / (90 / 435))
    assert (row["low"], row["high"]) == pytest.approx(
        tuple(np.percentile(values, [2.5, 97.5], method="nearest"))
    )
    sides = min((values <= 1).sum(), (values >= 1).sum())
    assert row["p"] == pytest.approx(min(1, 2 * (sides + 1) / 301))
    se = math.log(row["high"] / row["low"]) / (2 * 1.959964)
    assert table.detectable("g1", "g0", replicates=300, seed=5) == pytest.approx(
        math.exp(2.801585 * se), rel=1e-5
    )
    assert row["detectable"] == table.detectable("g1", "g0", replicates=300, seed=5)


def test_all_others_are_taken_together():
    rng = np.random.default_rng(8)
    table = table_of([scattered(rng, 30, n) for n in (30, 60, 120)])
    c = table.contrasts(ALL_OTHERS, primary="g2", replicates=200)
    assert (c["question"] == "primary").tolist() == [name == "g2" for name in c.index]
    first = table.contrasts(ALL_OTHERS, primary="g0", replicates=200)["question"]
    assert (first == "primary").tolist() == [name == "g0" for name in first.index]
    assert c.index.tolist() == ["g0", "g1", "g2"]
    assert c["ratio"].tolist() == pytest.approx([30 / 90, 60 / 75, 120 / 45])
    assert (c["p_holm"] >= c["p"]).all()
    assert c["p_holm"].max() == c["p"].max()
    assert c["question"].tolist() == ["exploratory", "exploratory", "primary"]
    alone = table_of([scattered(rng, 30, 30)]).contrasts(ALL_OTHERS)
    assert alone.loc["g0", "words"] == "too few for a ratio: there is no other group"


def test_people_in_two_groups_are_drawn_together():
    """The same templates under two names of a camera: the ratio is 1 in every draw."""
    rng = np.random.default_rng(9)
    templates, who = population(rng, 40, 3), np.repeat(np.arange(40), 3)
    pairs = all_pairs(np.r_[templates, templates], np.r_[who, who])
    camera = np.repeat(["good", "bad"], 120)
    t = rates.threshold_at_fmr(pairs.impostor, 0.05)
    row = group_table(pairs, camera, t).contrasts("good", replicates=100).loc["bad"]
    assert (row["ratio"], row["low"], row["high"], row["p"]) == (1, 1, 1, 1)
    other = np.repeat(["good", "bad"], 60).tolist() * 2
    apart = group_table(pairs, other, t).contrasts("good", replicates=100).loc["bad"]
    assert apart["low"] < apart["high"]


def test_empty_draws_are_dropped_and_counted():
    five = np.ones((5, 5)) - np.eye(5)  # all five people drawn as one: nobody to compare
    table = table_of([five, scattered(np.random.default_rng(10), 40, 100)])
    row = table.contrasts("g1", replicates=2000).loc["g0"]
    w = intervals.vertex_weights(5, 2000, 0, 0)
    assert row["dropped"] == (w.max(1) == 5).sum() > 0
    assert f"{row['dropped']} of 2000 draws had nothing to divide" in row["words"]


def test_a_contrast_with_too_little_is_refused_in_words():
    rng = np.random.default_rng(11)
    table = table_of([scattered(rng, 40, 9), scattered(rng, 40, 50), scattered(rng, 40, 60)])
    c = table.contrasts("g1", replicates=100)
    assert c.loc["g0", "words"] == (
        "too few for a ratio: false matches from 9 pairs of people in g0 (at least 10 needed)"
    )
    assert c.loc["g0", ["low", "high", "p", "p_holm"]].isna().all()
    assert c.loc["g0", "ratio"] == pytest.approx(9 / 50)
    assert c.loc["g2", "p_holm"] == c.loc["g2", "p"]  # what was not tested is not counted
    assert table.contrasts("g0", replicates=100)["p"].isna().all()
    assert math.isnan(table.detectable("g0", "g1", replicates=100))
    # The others together are enough when one of them is.
    together = table.contrasts(ALL_OTHERS, replicates=100)["p"]
    assert together.isna().tolist() == [True, False, False]
    table = table_of([scattered(rng, 40, 50), *(scattered(rng, 40, 9) for _ in range(2))])
    assert table.contrasts(ALL_OTHERS, replicates=100)["p"].isna().all()
    assert table.contrasts("g1", "fnmr", replicates=100)["words"].str.startswith("too few").all()


def test_detectable_ratio_is_found_four_times_in_five():
    rng = np.random.default_rng(12)
    base = reach(1e-2)
    expected = np.median([
        table_of([false_matches(rng, 80, base) for _ in range(2)]).detectable("g0", "g1",
                                                                             replicates=300)
        for _ in range(20)
    ])  # fmt: skip
    # The gap is put on both sides of 1e-2, so that both groups are as precise as those above.
    high, low = reach(1e-2 * expected**0.5), reach(1e-2 / expected**0.5)
    found = [
        table_of([false_matches(rng, 80, t) for t in (high, low)])
        .contrasts("g1", replicates=300)["p"].iloc[0] < 0.05
        for _ in range(60)
    ]  # fmt: skip
    assert 0.65 <= np.mean(found) <= 0.95


def test_contrasts_of_misses_draw_people():
    rng = np.random.default_rng(13)
    errors = [rng.binomial(15, p, 60).astype(float) for p in (0.1, 0.3)]
    table = table_of([np.zeros((60, 60))] * 2, np.array(errors))
    row = table.contrasts("g0", "fnmr", replicates=200).loc["g1"]
    assert row["ratio"] == pytest.approx(errors[1].sum() / errors[0].sum())
    assert 1 < row["low"] < row["ratio"] < row["high"]
    assert row["p"] < 0.05
    rejected = table.contrasts("g0", "false_rejection", replicates=200).loc["g1"]
    assert rejected["low"] == row["low"]  # nothing failed


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
    values = disparity.max_min(disparity.random_group_rates(table, 6))
    fresh = [
        disparity.max_min([false_matches(rng, 80, t).sum() for _ in range(6)]) for _ in range(60)
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
    assert (table.contrasts(ALL_OTHERS, replicates=20)["words"].str.len() > 0).all()
