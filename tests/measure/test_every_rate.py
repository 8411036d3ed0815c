"""What must hold for every rate; a new entry of :data:`labkit.measure.rate.RATES` is tested too."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from labkit.audit.pairs import EVERYONE, KINDS, ListCounts, PairList, Pairs, PairTable
from labkit.measure import rate as rates
from labkit.measure.counts import PairCounts, PersonCounts, SquareCounts
from labkit.measure.disparity import ALL_OTHERS, GroupTable, group_table
from labkit.measure.intervals import Interval
from labkit.measure.rate import RATES, Rate
from labkit.measure.scores import AllPairs, all_pairs

THRESHOLD = -1.4
TRIALS = {
    "person": Rate(
        name="quiet",
        short="quiet",
        axis="quiet: mated pairs that match",
        heading="Matches that nobody notices",
        means="Mated pairs that match, out of those made.",
        errors="quiet matches",
        trials="mated comparisons made",
        terms=lambda c: (c.made - c.missed, c.made),
        partner="fmr",
    ),
    "pair": Rate(
        name="apart",
        short="apart",
        axis="apart: impostor pairs that do not match",
        heading="People told apart",
        means="Impostor comparisons that do not match, out of those made.",
        errors="refusals",
        trials="impostor comparisons",
        terms=lambda c: (c.compared - c.false, c.compared),
        unit="pair",
        partner="fnmr",
    ),
}
EVERY = [*RATES, *TRIALS]


@pytest.fixture(params=EVERY)
def rate(request, monkeypatch) -> Rate:
    """Each rate of the registry, and two that are registered for the length of a test."""
    if request.param in TRIALS:
        monkeypatch.setitem(rates._KNOWN, TRIALS[request.param].name, TRIALS[request.param])
        return TRIALS[request.param]
    return RATES[request.param]


def town(people: int = 195, failed: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Templates, people and groups; every rate has errors by enough people in every group."""
    rng = np.random.default_rng(21)
    who = np.repeat(np.arange(people), 4)
    faces = rng.normal(size=(people, 3))[who] + 0.5 * rng.normal(size=(len(who), 3))
    faces[rng.choice(len(who), failed, replace=False)] = math.nan
    return faces, who, np.array(["ash", "birch", "cedar"])[who % 3]


def listed(pairs: AllPairs, group: np.ndarray) -> PairList:
    """The same comparisons as an audit's list, failed ones included."""
    i, j = np.triu_indices(len(pairs), 1)
    people, person = np.unique(pairs.people, return_inverse=True)
    groups, place = np.unique(group, return_inverse=True)
    return PairList(
        name="list",
        sha256="",
        scores=pairs.matrix[i, j],
        mated=pairs.people[i] == pairs.people[j],
        probe=i,
        gallery=j,
        pictures=[str(k) for k in range(len(pairs))],
        person=person,
        people=[str(p) for p in people],
        group=place,
        groups=[str(g) for g in groups],
    )


def alike(a: Interval, b: Interval) -> None:
    """The same counts and words, and ends that differ in the last bits of a sum at most."""
    numbers = ("value", "low", "high")
    for part in numbers:
        assert getattr(a, part) == pytest.approx(getattr(b, part), rel=1e-9, nan_ok=True)
    for part in ("people", "errors", "trials", "person_pairs", "error_pairs", "words"):
        assert getattr(a, part) == getattr(b, part)


# ---- what a rate is -----------------------------------------------------------------------------


def test_a_rate_has_words_for_a_reader(rate):
    for text in (rate.short, rate.axis, rate.heading, rate.means, rate.errors, rate.trials):
        assert text.strip() == text and text
    assert rate.means.endswith(".")
    assert rate.none.startswith("no ")
    assert not rate.partner or RATES[rate.partner].of_pairs != rate.of_pairs


def test_it_lies_between_0_and_1_and_counts_what_it_says(rate):
    faces, who, group = town()
    table = group_table(all_pairs(faces, who), group, THRESHOLD)
    for name, row in zip(table.names, table.rows, strict=True):
        i, (errors, trials) = table[name, rate.name], row.terms(rate.name)
        assert (errors >= 0).all() and (errors <= trials).all() and trials.any()
        assert i.value == pytest.approx(errors.sum() / trials.sum())
        assert not i.words  # or the rest would say nothing
        assert 0 <= i.low < i.value < i.high <= 1
        assert i.errors <= i.trials and i.people <= len(row.people)
        assert bool(i.person_pairs) == rate.of_pairs


def test_neither_order_nor_names_of_people_matter(rate):
    faces, who, group = town()
    table = group_table(all_pairs(faces, who), group, THRESHOLD)
    shuffle = np.random.default_rng(0).permutation(len(who))
    renamed = 10**9 - 7 * who
    other = group_table(all_pairs(faces[shuffle], renamed[shuffle]), group[shuffle], THRESHOLD)
    for name in table.names:
        alike(table[name, rate.name], other[name, rate.name])


def test_other_people_do_not_change_a_group(rate):
    faces, who, group = town()
    alone = group == "ash"
    whole = group_table(all_pairs(faces, who), group, THRESHOLD)["ash", rate.name]
    limits = all_pairs(faces, who).low, all_pairs(faces, who).high
    part = all_pairs(faces[alone], who[alone], limits=limits)
    alike(whole, group_table(part, group[alone], THRESHOLD)["ash", rate.name])


def test_more_and_fewer_errors_move_it(rate):
    """Errors of a rate grow with the threshold, fall with it, or do not depend on it."""
    faces, who, group = town()
    pairs = all_pairs(faces, who)
    values = [group_table(pairs, group, t)["ash", rate.name].value for t in (-99, THRESHOLD, 99)]
    assert values in (sorted(values), sorted(values, reverse=True))
    ends = {values[0], values[2]}
    assert ends == {0, 1} or values[0] == values[2] or ends == {1, values[0]}


# ---- too little ---------------------------------------------------------------------------------


def test_nobody_one_person_and_nothing_to_count_are_said_in_words(rate):
    faces, who, group = town()
    faces, who, group = faces.copy(), who, group.astype(object)
    group[who == 0] = "alone"
    faces[who == 3] = math.nan
    group[who == 3] = "lost"
    table = group_table(
        all_pairs(faces, who),
        group,
        THRESHOLD,
        names=["nobody", "alone", "lost", "ash", "birch", "cedar"],
    )
    shown = table.show()[rate.short]
    for name in ("nobody", "alone", "lost"):
        i = table[name, rate.name]
        assert i.words and math.isnan(i.low) and math.isnan(i.high)
        assert math.isnan(i.value) or 0 <= i.value <= 1
        assert shown[name] and "nan" not in shown[name]
        assert table.rows[table.names.index(name)].too_few(rate.name)
    assert table["nobody", rate.name].words == "nobody in this group"
    assert table["ash", rate.name].words == ""


def test_a_group_whose_every_face_failed_does_not_look_good(rate):
    faces, who, group = town()
    faces = faces.copy()
    faces[group == "birch"] = math.nan
    table = group_table(all_pairs(faces, who), group, THRESHOLD)
    i = table["birch", rate.name]
    assert i.value != 0
    if i.trials:
        assert i.value == 1  # every trial that there was went wrong
    else:
        assert math.isnan(i.value) and i.words


def test_without_any_error_the_bound_is_that_of_three(rate):
    """Groups of people with no error of this rate, made by hand."""
    k = 40
    square, person = 2.0 * (1 - np.eye(k)), np.full(k, 5.0)
    units: PersonCounts | PairCounts = (
        SquareCounts(0 * square, square) if rate.of_pairs else PersonCounts(0 * person, person)
    )
    i = units.interval(rate)
    count = k * (k - 1) / 2 if rate.of_pairs else k
    assert units.bound() == 3 / count
    assert i.value == 0 and f"{rate.none}; at most {3 / count:.4f}" in i.words
    assert not units.moves().moves.size


def test_few_errors_bound_a_rate_from_above(rate):
    """The most that a rate may be when e units have an error: more than e / units, and held."""
    k, rng = 60, np.random.default_rng(31)
    i, j = np.triu_indices(k, 1)
    for with_error in (1, 5, 9):
        if rate.of_pairs:
            square = np.zeros((k, k))
            square[i[:with_error], j[:with_error]] = square[j[:with_error], i[:with_error]] = 1
            units: PersonCounts | PairCounts = SquareCounts(square, 2.0 * (1 - np.eye(k)))
        else:
            units = PersonCounts(np.r_[np.ones(with_error), np.zeros(k - with_error)], np.ones(k))
        bound = units.bound()
        count = len(i) if rate.of_pairs else k
        assert units.units_with_error == with_error and bound > 3 / count
        seen = rng.poisson(bound * count, 20_000)
        assert (seen <= with_error).mean() == pytest.approx(0.05, abs=0.01)


def test_a_group_below_the_floor_takes_no_part(rate):
    """It is named, and hides nothing of the others."""
    faces, who, group = town(240)
    small = group.copy()
    small[who >= 228] = "yew"  # 12 people
    table = group_table(all_pairs(faces, who), small, THRESHOLD)
    assert list(table.left_out(rate.name)) == ["yew"]
    assert [r.name for r in table.measured(rate.name)] == ["ash", "birch", "cedar"]
    without = group_table(all_pairs(faces, who).select(small != "yew"), small[small != "yew"], -1.4)
    both = (table.contrasts(ALL_OTHERS, rate.name), without.contrasts(ALL_OTHERS, rate.name))
    pd.testing.assert_frame_equal(both[0].drop("yew")[COLUMNS], both[1][COLUMNS])
    assert both[0].loc["yew", "words"].startswith("too few for a ratio: yew: ")
    assert np.isnan(both[0].loc["yew", "p"])
    if rate.partner:
        with_it, alone = (t.spread(rate.name, replicates=50) for t in (table, without))
        assert (with_it["value"] == alone["value"]).all()
        assert with_it["words"].str.contains(r"left out: yew \(").all()
        assert not alone["words"].str.contains("left out").any()


COLUMNS = ["ratio", "low", "high", "p", "p_holm", "detectable"]


def test_unknown_is_no_group(rate):
    """Missing labels and "unknown" stay out of every row and are counted."""
    faces, who, group = town()
    some = group.astype(object)
    some[who < 20] = "unknown"
    some[(who >= 20) & (who < 30)] = None
    pairs = all_pairs(faces, who)
    table = group_table(pairs, some, THRESHOLD)
    assert table.names == ["ash", "birch", "cedar"] and table.missing == 4 * 30
    known = who >= 30
    alone = group_table(pairs.select(known), group[known], THRESHOLD)
    for name in table.names:
        alike(table[name, rate.name], alone[name, rate.name])


def test_a_name_that_is_no_rate_is_one_sentence():
    faces, who, group = town()
    table = group_table(all_pairs(faces, who), group, THRESHOLD)
    for ask in (
        lambda: table.rows[0].terms("typo"),
        lambda: table.rows[0].interval("typo"),
        lambda: table.rows[0].totals("typo", np.ones((1, 40))),
        lambda: table.rows[0].too_few("typo"),
        lambda: table.rows[0].bound("typo"),
        lambda: table.rows[0].moves("typo"),
        lambda: table["ash", "typo"],
        lambda: table.contrasts("ash", "typo"),
        lambda: table.spread("typo"),
        lambda: table.detectable("ash", "birch", "typo"),
    ):
        with pytest.raises(ValueError, match="there is no rate 'typo': use one of") as error:
            ask()
        assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="no rate 'fta': use one of fnmr, false_rejection, fmr"):
        table.spread("fta")
    with pytest.raises(ValueError, match="counts by 'image': use person or pair"):
        Rate("a", "a", "a", "a", "a", "a", "a", terms=lambda c: c, unit="image")


# ---- where a rate is seen -----------------------------------------------------------------------


def test_it_is_in_the_group_table_the_contrasts_and_the_summaries(rate):
    faces, who, group = town()
    table = group_table(all_pairs(faces, who), group, THRESHOLD)
    assert rate.short in table.show().columns
    assert {rate.name, f"{rate.name}_value", f"{rate.name}_words"} <= set(table.frame.columns)
    contrasts = table.contrasts("ash", rate.name)
    assert contrasts[["ratio", "low", "high", "p"]].notna().all(axis=None)
    assert (contrasts["low"] < contrasts["ratio"]).all()
    assert (contrasts["ratio"] < contrasts["high"]).all()
    assert table.detectable("ash", "birch", rate.name) > 1
    family = table.family("ash", [rate.name])
    assert family.index.tolist() == [(rate.name, "birch"), (rate.name, "cedar")]
    assert family["claimed"].dtype == bool
    if rate.partner:
        spread = table.spread(rate.name, replicates=100)
        assert spread.loc["max/min", "of"] == rate.short
        first, second = (rate.name, rate.partner)[:: 1 if rate.of_pairs else -1]
        of = f"{RATES[first].short} and {RATES[second].short}, alpha 0.5"
        assert spread.loc["GARBE", "of"] == of
        assert spread["null_median"].notna().all()
    if rate.of_pairs:
        behind = table.show()[f"pairs behind {rate.errors}"]
        assert behind.tolist() == [table[n, rate.name].error_pairs for n in table.names]


def test_a_list_and_a_square_table_count_the_same(rate):
    faces, who, group = town()
    pairs = all_pairs(faces, who)
    a = PairTable(pairs, group.astype(object), ["ash", "birch", "cedar"])
    b = listed(pairs, group)
    for kind in (a, b):
        assert isinstance(kind, Pairs) and type(kind) in KINDS
    for part in ("people_count", "planned_mated", "failed_comparisons", "share_of_all", "groups"):
        assert getattr(a, part) == getattr(b, part)
    assert a.threshold_at(0.05) == b.threshold_at(0.05)
    for both in (
        (a.everyone(THRESHOLD), b.everyone(THRESHOLD)),
        (a.by_group(THRESHOLD), b.by_group(THRESHOLD)),
    ):
        square, sparse = (t for t in both if isinstance(t, GroupTable))
        assert rate.short in sparse.show().columns
        for name in square.names:
            alike(square[name, rate.name], sparse[name, rate.name])
        pd.testing.assert_frame_equal(
            square.contrasts(ALL_OTHERS, rate.name), sparse.contrasts(ALL_OTHERS, rate.name)
        )
        for ours, theirs in zip(square.rows, sparse.rows, strict=True):
            assert ours.bound(rate.name) == theirs.bound(rate.name)
            assert ours.too_few(rate.name) == theirs.too_few(rate.name)
            one, other = (r.moves(rate.name) for r in (ours, theirs))
            assert (one.people == other.people).all()
            assert one.moves == pytest.approx(other.moves)
    assert b.everyone(THRESHOLD)[EVERYONE, rate.name].people <= 195
    if rate.of_pairs:
        assert isinstance(b.everyone(THRESHOLD).rows[0].of(rate.name), ListCounts)


def test_what_people_do_to_a_rate_adds_up_to_its_variance(rate):
    faces, who, group = town()
    table = group_table(all_pairs(faces, who), group, THRESHOLD)
    for name, row in zip(table.names, table.rows, strict=True):
        moves, i = row.moves(rate.name), table[name, rate.name]
        assert set(moves.people) <= set(row.people)
        if rate.of_pairs:  # of the logarithm
            assert math.log(i.high / i.value) == pytest.approx(moves.reach)
        else:  # of the logit, by t with one person less
            ends = [math.log(x / (1 - x)) for x in (i.low, i.value, i.high)]
            t = stats.t.ppf(0.975, i.people - 1)
            assert ends[2] - ends[1] == pytest.approx(t * moves.error / (1 - i.value))
            assert ends[1] - ends[0] == pytest.approx(ends[2] - ends[1])


def test_a_person_with_a_single_trial_counts():
    """Thirty people are enough, also where each of them was tried once and ten failed."""
    errors, fta = np.r_[np.ones(10), np.zeros(20)], RATES["fta"]
    assert PersonCounts(errors, np.ones(30)).interval(fta).words == ""
    assert "10 of 29 people" in PersonCounts(errors[:-1], np.ones(29)).interval(fta).words
    assert "9 of 30 people" in PersonCounts(np.r_[0, errors[1:]], np.ones(30)).interval(fta).words


def test_who_was_never_tried_moves_no_rate():
    errors, trials = np.r_[np.ones(4), np.zeros(8)], np.full(12, 3.0)
    moved = PersonCounts(errors, trials).moves()
    more = PersonCounts(np.r_[errors, 0.0], np.r_[trials, 0.0]).moves()
    assert more.people.tolist() == moved.people.tolist() == list(range(12))
    assert more.moves == pytest.approx(moved.moves)
