"""Nested galleries: who stands in which, thresholds on dev, and what searches of each size give."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labkit import data
from labkit.gallery import nested, reading
from labkit.gallery.nested import Nested, Searched
from labkit.measure import searches

SIZE = 1_000


@pytest.fixture(scope="module", params=["dlib", "SFace"])
def town(request):
    return Searched(request.param, size=SIZE)


@pytest.fixture(scope="module")
def found(town):
    return town.at(town.pair_threshold(1e-3).value)


@pytest.mark.parametrize("make_up", data.MAKE_UPS)
def test_the_galleries_are_those_of_the_data(make_up):
    """Who joins when is computed at once, and must be what the loader gives for every size."""
    people = data.gallery()
    rows = people.enrolled(make_up, SIZE)
    place, joined = nested._joined(people, make_up, SIZE)
    for n in (1, 2, 3, 7, 250, 333, 999, SIZE):
        assert set(rows[joined <= n]) == set(people.enrolled(make_up, n)), n
    assert (people.images["place"].to_numpy()[rows] == place).all()


def test_the_largest_gallery_is_the_largest_that_fits():
    people = data.gallery()
    for make_up in data.MAKE_UPS:
        n = nested.largest(people, make_up)
        people.enrolled(make_up, n)
        if n < data.GALLERY_SIZE:
            with pytest.raises(ValueError, match="smaller"):
                people.enrolled(make_up, n + 1)


def test_nobody_is_judged_on_whom_the_threshold_was_chosen(town):
    """dev chooses, the council is reported, and neither is enrolled."""
    person = town.people.images["person"].to_numpy()
    sets = [set(person[rows]) for rows in (town.rows, *map(town.people.rows, ("dev", "council")))]
    assert not (sets[0] & sets[1] or sets[0] & sets[2] or sets[1] & sets[2])
    assert set(person[town.at(0.0).people]) == sets[2]


def test_everybody_is_searched_with_the_everyday_photograph(town):
    """Frozen: a portrait is never compared with a portrait."""
    photo = town.people.images["photo"].to_numpy()
    assert set(photo[town.at(0.0).people]) == {nested.PHOTO} == {1}
    assert set(photo[town.rows]) == {0}


def test_a_pair_threshold_counts_the_pairs_it_says(town):
    chosen = town.pair_threshold(1e-3)
    dev = town._templates(town.people.rows("dev", 1))
    above = town.index.above(dev, chosen.value)
    usable = [int((~np.isnan(t).any(1)).sum()) for t in (dev, town._templates(town.rows))]
    assert chosen.pairs == usable[0] * usable[1]
    assert chosen.matches == len(above.probes) == math.floor(1e-3 * chosen.pairs)
    lower = np.nextafter(np.float32(chosen.value), np.float32(-np.inf))
    assert len(town.index.above(dev, float(lower)).probes) > chosen.matches, "it is the smallest"
    assert chosen.interval.low < 1e-3 < chosen.interval.high
    assert f"{chosen.matches:,} of {chosen.pairs:,} pairs" in chosen.words


def test_a_pair_threshold_below_what_the_people_carry_is_refused(town):
    with pytest.raises(ValueError, match="it takes 30"):
        town.pair_threshold(1e-5)


def test_a_search_threshold_is_that_of_dev(town):
    chosen = town.threshold(0.1)
    best = town.index.best(town._templates(town.people.rows("dev", 1)))
    assert chosen == searches.search_threshold(best, 0.1)


def test_each_size_is_what_a_gallery_of_that_size_gives(town, found):
    for n in (250, 500, SIZE):
        rows = town.people.enrolled("town", n)
        index = type(town.index)(town._templates(rows), town.people.measure(town.matcher))
        best = index.best(town._templates(found.people))
        assert found.fpir(n) == searches.fpir(best, found.threshold), n
        assert found.share(n) == float(found.fpir(n))
    assert found.counts().sum() == len(found.probes)


def test_more_people_never_return_fewer(found):
    shares = [found.share(n) for n in range(50, SIZE + 1, 50)]
    assert shares == sorted(shares)
    half = found.half() if found.share(SIZE) >= 0.5 else None
    if half:
        assert found.share(half) >= 0.5 > found.share(half - 1)


def made(town, probes, places, joined=None):
    """Candidates made up, on the council of a real gallery."""
    probes, places = np.asarray(probes, np.int64), np.asarray(places)
    people = town.people.rows("council", 1)
    joined = places + 1 if joined is None else np.asarray(joined)
    scores = np.ones(len(probes), np.float32)
    missing = np.zeros(len(people), bool)
    rows = town.rows[places]
    return Nested(town, 0.5, people, missing, probes, rows, scores, places, joined)


def test_the_size_of_half_by_hand(town):
    n = len(town.people.rows("council", 1))
    half = math.ceil(n / 2)
    got = made(town, np.arange(half), np.arange(half))
    assert got.half() == half
    assert got.share(half) >= 0.5 > got.share(half - 1)
    with pytest.raises(ValueError, match="fewer than half"):
        made(town, np.arange(10), np.arange(10)).half()


@pytest.mark.parametrize("n", [0, SIZE + 1, -3])
def test_a_size_that_was_not_measured_is_refused(found, n):
    """Beyond the largest gallery there is only a bound."""
    for call in (found.share, found.counts, found.redrawn):
        with pytest.raises(ValueError, match="not measured"):
            call(n)


def test_lists_share_nobody_and_are_all_of_the_gallery(town):
    got = made(town, [0, 0, 0, 1], [0, 10, 3, 7])
    assert got.lists(10)[:3].tolist() == [2, 1, 0]  # places 0 and 10 are on one list


def test_candidates_a_search_are_n_times_fmr(found):
    assert found.selectivity().per_search.value == pytest.approx(found.fmr * found.town.size)


def test_the_table_has_both_intervals_and_no_zero_without_a_bound(found):
    table = found.table()
    assert table.index.tolist() == [250, 500, SIZE]
    for fixed, redrawn in zip(table["fpir"], table["redrawn"], strict=True):
        assert fixed.low < fixed.high and fixed.value == redrawn.value
        if not redrawn.words:
            assert redrawn.low <= fixed.low < fixed.high <= redrawn.high
    shown = found.show()
    assert shown.index.tolist() == ["250", "500", "1,000"] and "redrawn" not in shown


def test_mates_are_found_at_their_own_entry(town):
    """Photograph 1 of an enrolled person against photograph 0 of the same."""
    images = town.people.images
    probes = town.people.rows("mates", 1)
    entries = town.people.rows("mates", 0)
    assert (images["person"].to_numpy()[probes] == images["person"].to_numpy()[entries]).all()
    inside = np.isin(entries, town.rows)
    assert len(town.mates.scores) == inside.sum()
    place = {row: k for k, row in enumerate(town.rows)}
    mates = town.index.mate(
        town._templates(probes[inside]), np.array([place[r] for r in entries[inside]])
    )
    np.testing.assert_array_equal(town.mates.scores, mates.scores)
    np.testing.assert_array_equal(town.mates.ranks, mates.ranks)
    assert float(town.tpir(-math.inf)) >= float(town.tpir(-math.inf, within=1))


# ---- in words -----------------------------------------------------------------------------------


def test_a_rate_says_none_and_at_most():
    assert "none of 535 (at most" in reading.in_hundred(Row(0).rate)
    assert reading.in_hundred(Row(28).rate) == "5.2 [3.5, 7.5] of 100"
    assert "too few" in reading.in_hundred(Row(3, 9).rate)


def test_how_many_people_get_them_is_told_beside_how_many(town):
    told = reading.people({"m": made(town, [0] * 90 + [5], np.arange(91))})
    assert (
        "Returned are 91 different people" in told
    )  # finding: whoever is returned was not counted
    assert "91 false candidates in 535 searches" in told and "2 searches return somebody" in told
    assert "no candidate" in reading.people({"m": made(town, [], np.zeros(0, int))})


class Row:
    """A rate against a limit."""

    def __init__(self, k, n=535):
        self.rate = searches.exact(np.arange(n) < k, "alerts")


@pytest.mark.parametrize(
    ("alerts", "limit", "says"),
    [
        (100, 0.5, "too high here"),
        (100, 0.05, "too LOW here"),
        (100, 0.19, "is not shown"),
        (0, 0.5, "none of 535"),
    ],
)
def test_the_formula_is_told_each_way_it_may_fall(alerts, limit, says):
    told = reading._against("dlib", 2_500, Row(alerts).rate, limit)
    assert says in told and "2,500 enrolled" in told


def test_beyond_what_was_measured_there_is_a_bound_or_nothing(town):
    few, many = made(town, [0], [0]), made(town, np.arange(500), np.arange(500))
    none = made(town, [], np.zeros(0, int))
    told = reading.beyond({"few": few}, n=2_000)
    assert "at most" in told and "about 0.0037 false candidates" in told
    assert "is not known: at most all" in reading.beyond({"many": many})
    assert "nothing follows" in reading.beyond({"none": none})


def test_a_list_without_a_threshold_returns_somebody_for_everybody(town, found):
    told = reading.listed(found, 5)
    seen = int((~found.missing).sum())
    assert f"all {seen} whose face was found get a list of 5" in told
    assert f"{5 * seen:,} candidates" in told
    assert (town.index.search(town._templates(found.people[~found.missing]), 5).rows >= 0).all()


def test_days_lie_between_one_photograph_and_new_draws():
    table = reading.daily(searches.exact(np.arange(500) < 50, "alerts"))
    same, new = table.columns
    assert set(table[same]) == {"10 in 100"}
    # Finding: "all but 1 in 5,980,000,000", from a rate that is known to a fifth.
    assert table[new].iloc[0] == "10 in 100" and table[new].iloc[-1] == "nearly all"
    rare = reading.daily(searches.exact(np.arange(5000) < 1, "alerts"))
    assert "nearly all" not in set(rare[new])


def test_whether_people_differ_is_told_each_way(town):
    n, rng = 535, np.random.default_rng(0)
    probes, lists = np.nonzero(rng.random((n, 10)) < 0.3)
    assert "is not shown" in reading.lists(made(town, probes, lists))
    probes, lists = np.nonzero((rng.random(n) < 0.3)[:, None] & np.ones(10, bool))
    assert "differ by more than luck" in reading.lists(made(town, probes, lists))
    assert "nothing can differ" in reading.lists(made(town, [], np.zeros(0, int)))
