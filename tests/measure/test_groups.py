"""Group tables by style of the mated pairs, and counts by the groups of both people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.measure.disparity import confusion, group_table
from labkit.measure.faces import compare_faces
from labkit.measure.groups import (
    across_within,
    by_style,
    confusion_counts,
    looks,
    style_difference,
)
from labkit.measure.intervals import paired_difference
from labkit.measure.scores import STYLES, all_pairs

T = -0.379
BANDS = ["lighter", "medium", "darker"]


@pytest.fixture(scope="module")
def faces():
    return data.load("anytown/eval")


@pytest.fixture(scope="module")
def pairs(faces):
    return compare_faces(faces)


def test_styles_share_out_the_mated_pairs_and_none_of_the_false_matches(pairs, faces):
    half = faces.groups("presentation_half")
    tables = by_style(pairs, half, T)
    assert tuple(tables) == STYLES
    for name in half.categories:
        whole, same, other = (t[name, "false_rejection"] for t in tables.values())
        assert same.errors + other.errors == whole.errors > same.errors
        assert same.trials + other.trials == whole.trials
        assert len({t[name, "fmr"].text() for t in tables.values()}) == 1
        plain = group_table(pairs.mated_only("restyled"), half, T)
        assert tables["restyled"][name, "fnmr"] == plain[name, "fnmr"]


def test_a_group_named_by_hand_keeps_its_place():
    pairs = all_pairs([[0.0], [1.0], [3.0]], [1, 1, 2], kept=[True, True, False])
    table = by_style(pairs, ["b", "b", "a"], -1.5, names=["b", "a"])["same style"]
    assert table.names == ["b", "a"]


def test_pairs_that_do_not_know_their_styles_are_refused():
    with pytest.raises(ValueError, match="do not know who kept their style"):
        by_style(all_pairs([[0.0], [1.0]], [1, 1]), ["a", "a"], -1.5)


def test_counts_by_both_groups_add_up_to_the_whole_table(pairs, faces):
    band = faces.groups("tone_band")
    small = confusion_counts(pairs, band, T)
    false, compared, _ = pairs.pair_counts(T)
    assert small["comparisons"].sum() == compared.sum() // 2 == pairs.impostor.size
    assert small["false matches"].sum() == false.sum() // 2
    assert small.index.names == ["one person", "the other"] and len(small) == 6
    assert small.index[0] == ("lighter", "lighter") and small.index[-1] == ("darker", "darker")
    rate = small["false matches"] / small["comparisons"]
    cell = confusion(pairs, band, T)
    for a, b in small.index:
        assert rate[a, b] == pytest.approx(cell.loc[a, b]) == cell.loc[b, a]


def test_counts_keep_the_order_that_was_asked_for():
    pairs = all_pairs([[0.0], [1.0], [5.0]], [1, 2, 3])
    small = confusion_counts(pairs, ["a", "b", "b"], -2, names=["b", "a"])
    assert small.index.tolist() == [("b", "b"), ("b", "a"), ("a", "a")]
    assert small.to_numpy().tolist() == [[1, 0], [2, 1], [0, 0]]
    assert all(np.issubdtype(kind, np.integer) for kind in small.dtypes)


def test_a_group_table_is_shown_with_the_columns_asked_for_in_short_cells(pairs, faces):
    table = group_table(pairs, faces.groups("tone_band"), T)
    columns = ["people", "FTA", "FNMR", "false rejection", "FMR"]
    behind = "pairs of people with a false match"
    shown = table.show(columns=[*columns, behind])
    assert list(shown) == [*columns, behind] and shown.index.tolist() == BANDS
    assert max(len(str(x)) for x in shown.to_numpy().ravel()) < 50
    i = table["darker", "fmr"]
    assert shown.loc["darker", behind] == f"{i.error_pairs:,} of {i.person_pairs:,}"
    assert behind not in table.show()
    with pytest.raises(ValueError, match="there is no column 'FMRR': use people, images, FTA"):
        table.show(columns=["people", "FMRR"])


# ---- contrasts of such cuts ---------------------------------------------------------------------


class Counted:
    """As much of AllPairs as a map of confusion asks for: tables by person, one image each."""

    def __init__(self, false, compared):
        self.false, self.compared, self.people = false, compared, np.arange(len(false))

    def __len__(self):
        return len(self.people)

    def pair_counts(self, threshold):
        return self.false, self.compared, self.people

    def select(self, images):
        assert images.all()
        return self


def town(k, rate, *, apart=1.0, people=0.0, bridges=0.0, seed=0):
    """Two bands of k / 2 people; across them errors are ``apart`` times as likely as within.

    ``people`` is how much people differ in how easily they are confused, ``bridges`` how much they
    differ in how easily they are with people of the other band.
    """
    rng = np.random.default_rng(seed)
    own, first = rng.normal(0, people, k), np.arange(k) < k / 2
    chance = rate * np.exp(own[:, None] + own - people**2)
    far = rng.normal(0, bridges, k) - bridges**2 / 2
    chance *= np.where(first[:, None] == first, 1, apart * np.exp(far[:, None] + far))
    false = np.triu(rng.binomial(16, np.minimum(chance, 1)), 1)
    return Counted(false + false.T, 16 * (1 - np.eye(k))), np.where(first, "lighter", "darker")


def across(k=120, rate=0.02, **more):
    pairs, band = town(k, rate, **more)
    return across_within(pairs, band, 0.0, names=["lighter", "darker"])


def test_across_within_is_the_ratio_of_rates_that_the_map_shows(pairs, faces):
    band = faces.groups("tone_band")
    row = across_within(pairs, band, T)
    cell = confusion(pairs, band, T)
    own = (cell.loc["lighter", "lighter"] + cell.loc["darker", "darker"]) / 2
    assert (row["first"], row["last"]) == ("lighter", "darker")
    assert row["across"] == pytest.approx(cell.loc["lighter", "darker"])
    assert row["within"] == pytest.approx(own)
    assert row["ratio"] == pytest.approx(cell.loc["lighter", "darker"] / own)
    assert row["low"] < row["ratio"] < row["high"] < 1 and row["p"] < 1e-6


def test_across_within_is_a_contrast_and_not_an_overlap_of_intervals():
    """Finding: that the interval across lies below both within was taken for a test.

    Intervals that overlap can differ: here the map's do, and the contrast leaves out 1.
    """
    pairs, band = town(200, 0.02, apart=0.85, people=0.4, seed=0)
    row = across_within(pairs, band, 0.0)
    cell = confusion(pairs, band, 0.0, show="interval")
    assert row["high"] < 1
    between = cell.loc["lighter", "darker"]
    own = min((cell.loc[b, b] for b in ("lighter", "darker")), key=lambda i: i.low)
    assert between.high > own.low, "the intervals overlap"


@pytest.mark.parametrize(
    "kind", [{}, {"people": 0.7}, {"bridges": 0.6}, {"k": 200, "people": 0.7, "bridges": 0.3}]
)
def test_across_within_keeps_its_promise_where_bands_do_not_differ(kind):
    rows = [across(**kind, seed=seed) for seed in range(200)]
    held = np.mean([row["low"] <= 1 <= row["high"] for row in rows])
    assert 0.92 <= held <= 0.99, "of 200 at a nominal 95%"
    assert np.mean([row["p"] < 0.05 for row in rows]) == pytest.approx(1 - held)


def test_across_within_finds_what_it_says_it_would_find():
    equal = across(seed=1)
    found = [across(apart=1 / equal["detectable"], seed=seed)["high"] < 1 for seed in range(100)]
    assert 0.65 < np.mean(found) < 0.95, "four times in five"


def test_across_within_says_why_there_is_no_interval():
    few = across(rate=1e-5)
    assert "too few for a ratio" in few["words"] and np.isnan(few["low"])
    small = across(k=118)
    assert small["words"].startswith("59 people at one end") and np.isnan(small["low"])
    all_match = Counted(1 - np.eye(120), 1 - np.eye(120))
    same = across_within(all_match, ["a"] * 60 + ["b"] * 60, 0.0)
    assert same["ratio"] == 1 and np.isnan(same["low"]) and "no interval" in same["words"]
    with pytest.raises(ValueError, match="give two groups or more"):
        across_within(Counted(1 - np.eye(4), 1 - np.eye(4)), ["a"] * 4, 0.0)
    with pytest.raises(ValueError, match="person 1 has images in several groups"):
        across_within(all_pairs([[0.0], [1.0], [2.0]], [1, 1, 2]), ["a", "b", "b"], -1)


def test_people_without_a_group_take_no_part_across_and_within():
    pairs, band = town(120, 0.02, apart=0.5)
    more = np.zeros((130, 130))
    more[:120, :120] = pairs.false
    more[120:, :120] = more[:120, 120:] = 16
    labelled = [*band, *["unknown"] * 10]
    row = across_within(Counted(more, 16 * (1 - np.eye(130))), labelled, 0.0)
    assert row == across_within(pairs, band, 0.0)


def styled(extra, seed=0, k=240, few=0):
    """Two halves; restyled pairs of the upper half are rejected ``extra`` more often."""
    rng, who = np.random.default_rng(seed), np.repeat(np.arange(k), 3)
    upper = np.arange(k) < (few or k / 2)
    kept = np.tile([True, True, False], k)
    chance = np.where(upper, 0.2 + extra, 0.2)
    # A mated pair is rejected when its two pictures lie more than 1 apart.
    moved = rng.random(k) < chance
    place = 100.0 * who + np.tile([0.0, 0.0, 1.0], k) * np.where(moved, 5, 0.5)[who]
    far = (rng.random(k) < 0.2)[who] * np.tile([0.0, 3.0, 1.5], k)  # and some are always hard
    pairs = all_pairs((place + far)[:, None], who, kept=kept)
    return by_style(pairs, np.where(upper, "upper", "lower")[who], -1.0)


def test_a_difference_in_differences_is_that_of_the_four_rates():
    tables = styled(0.3)
    found = style_difference(tables, "upper", "lower")
    rate = {
        (which, name): tables[which][name, "false_rejection"].value
        for which in ("restyled", "same style")
        for name in ("upper", "lower")
    }
    gap = {w: rate[w, "upper"] - rate[w, "lower"] for w in ("restyled", "same style")}
    assert found.value == pytest.approx(gap["restyled"] - gap["same style"])
    assert found.low > 0 and found.people == 240
    turned = style_difference(tables, "lower", "upper")
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))
    with pytest.raises(ValueError, match="there is no group 'else'"):
        style_difference(tables, "upper", "else")
    few = style_difference(styled(0.3, few=29), "upper", "lower")
    assert few.words == "29 people in upper: too few for a difference" and np.isnan(few.low)


def test_a_difference_in_differences_moves_people_and_not_pairs():
    """The variance of the difference is the sum of two variances of differences by person."""
    tables = styled(0.0)
    found, variances = style_difference(tables, "upper", "lower"), []
    for name in ("upper", "lower"):
        parts = [
            next(r for r in tables[which].rows if r.name == name).terms("false_rejection")
            for which in ("restyled", "same style")
        ]
        alone = paired_difference(*parts)
        variances.append((alone.high - alone.low) ** 2)
    assert found.high - found.low == pytest.approx(np.sqrt(sum(variances)), rel=0.05)
    assert found.detectable > 0.5 * (found.high - found.low)


def test_a_difference_in_differences_keeps_its_promise_where_there_is_none():
    """Finding: one verdict beside another was taken for a difference between them."""
    held = [style_difference(styled(0.0, seed), "upper", "lower") for seed in range(100)]
    assert 0.88 <= np.mean([i.low <= 0 <= i.high for i in held]) <= 1


# ---- everything that was looked at --------------------------------------------------------------


class Table:
    """As much of a group table as a family asks for."""

    def __init__(self, **p):
        self.p = p

    def family(self, reference, rates):
        assert reference == "lighter"
        rows = {
            (rate, group): {"ratio": 2.0, "low": 1.2, "high": 3.0, "p": 0.04, "p_pooled": p}
            for rate in rates
            for group, p in self.p.items()
        }
        return pd.DataFrame(list(rows.values()), pd.MultiIndex.from_tuples(rows))


def family(**more):
    tables = {
        ("dlib", "tone band"): Table(medium=0.2, darker=0.011),
        ("other", "tone band"): Table(medium=np.nan, darker=0.001),
    }
    return looks(tables, {"tone band": "lighter"}, **more)


def test_all_looks_of_an_analysis_are_adjusted_together():
    """Finding: p-values were adjusted for 2 looks where four rates, three groupings and three
    matchers were shown."""
    found = family()
    assert found.index.names == ["matcher", "grouping", "rate", "group"] and len(found) == 8
    assert (found["looks"] == 6).all(), "two have too few for a p-value"
    one = found.loc["other", "tone band", "fmr", "darker"]
    assert one["p_looks"] == pytest.approx(6 * 0.001) and one["claimed"]
    other = found.loc["dlib", "tone band", "fmr", "darker"]
    assert other["p_looks"] == pytest.approx(4 * 0.011) and other["claimed"]
    assert not found.loc["other", "tone band", "fmr", "medium"]["claimed"]
    assert (found["question"] == "exploratory").all()


def test_the_one_question_is_no_look_and_looks_elsewhere_count():
    asked = ("dlib", "tone band", "fmr", "darker")
    found = family(primary=asked, more=3)
    assert (found["looks"] == 5 + 3).all()
    primary = found.loc[asked]
    assert primary["p_looks"] == 0.04 and primary["claimed"] and primary["question"] == "primary"
    other = found.loc["dlib", "tone band", "false_rejection", "darker"]
    assert other["p_looks"] == pytest.approx(6 * 0.011) and not other["claimed"]
    with pytest.raises(ValueError, match="is not among the contrasts"):
        family(primary=("dlib", "tone band", "fmr", "lighter"))


def test_a_family_of_equal_groups_claims_one_time_in_twenty_at_most():
    rng = np.random.default_rng(0)
    claims = 0
    for _ in range(400):
        a, b, c, d = rng.random(4)
        tables = {("m", "tone band"): Table(x=a, y=b), ("n", "tone band"): Table(x=c, y=d)}
        found = looks(tables, {"tone band": "lighter"}, ["fmr"])
        claims += bool(found["claimed"].any())
    assert claims / 400 < 0.08
