"""The invented city: its walks, who is named as often wrong as was measured, what a file says."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from labkit import data
from labkit.street import Study, assumed, assumptions, dials, followed, recognised
from labkit.street.city import (
    CAMERAS,
    DAY,
    DAYS,
    HEIGHT,
    LOOKS,
    PLACES,
    RESIDENTS,
    SQUARE,
    VISITORS,
    WIDTH,
    City,
    Passages,
    Trips,
    _walked,
    blocks,
    clock,
    corner,
    hours,
)
from labkit.street.followed import Record
from labkit.street.made_up import made_up_searches

N, V = 300, 60


@pytest.fixture(scope="module")
def city():
    return City(residents=N, visitors=V)


@pytest.fixture(scope="module")
def study():
    return Study(residents=N, visitors=V, searches=made_up_searches(N))


# ---- walks --------------------------------------------------------------------------------------


def test_a_walk_goes_corner_by_corner_and_minute_by_minute():
    start, end = corner(3, 4), corner(9, 1)
    both = np.array([True, False])
    trips = Trips(
        *(np.array(x, np.int32) for x in ([0, 1], [100, 500], [start] * 2, [end] * 2)), both
    )
    passed = _walked(trips, np.arange(WIDTH * HEIGHT, dtype=np.int32), seed=0)
    for who, first in ((0, corner(4, 4)), (1, corner(3, 3))):
        own = passed[passed.person == who]
        assert own.corner[0] == start and own.corner[-1] == end and own.corner[1] == first
        assert len(own) == blocks(start, end) + 1
        assert (blocks(own.corner[1:], own.corner[:-1]) == 1).all()
        assert (np.diff(own.minute) == 1).all()


def test_everybody_is_seen_only_by_cameras_and_in_order(city):
    for level, many in CAMERAS.items():
        passed = city.passages(level)
        hung = city.cameras(level)
        assert len(hung) == many and set(np.unique(passed.corner)) <= set(hung.tolist())
        assert (np.diff(passed.minute) >= 0).all()
        assert passed.minute.min() >= 0 and passed.minute.max() < DAYS * DAY
        assert passed.look.max() == LOOKS - 1 and passed.person.max() < city.people


def test_more_cameras_keep_those_that_hang(city):
    low, middle, high = (set(city.cameras(level).tolist()) for level in CAMERAS)
    assert low < middle < high and city.places[SQUARE] in low


def test_one_seed_is_one_city_and_the_routine_changes_days_alone():
    one, same, other, regular = (
        City(routine, seed, N, V)
        for routine, seed in (("middle", 0), ("middle", 0), ("middle", 1), ("high", 0))
    )
    for name in ("person", "corner", "minute", "look"):
        assert np.array_equal(getattr(one.passages(), name), getattr(same.passages(), name))
    assert not np.array_equal(one.home, other.home)
    assert one.places == regular.places and np.array_equal(one.home, regular.home)
    assert np.array_equal(one.camera_order, regular.camera_order)
    assert not np.array_equal(one.passages().minute[:50], regular.passages().minute[:50])


def test_levels_that_a_dial_does_not_have_are_refused(city, study):
    with pytest.raises(ValueError, match="'routine' has no level 'none': use low, middle, high"):
        City("none")
    with pytest.raises(ValueError, match="'cameras' has no level 'all'"):
        city.passages("all")
    with pytest.raises(ValueError, match="'matcher' has no level 'Eigenfaces'"):
        study.matcher("Eigenfaces")
    with pytest.raises(ValueError, match="'Eigenfaces': use dlib, SFace, perfect"):
        recognised.of(city, "Eigenfaces")
    with pytest.raises(ValueError, match="makes no error and was not measured"):
        study.searches("perfect")
    with pytest.raises(ValueError, match="'shop 1' has no hours"):
        hours("shop 1")


def test_pairs_walk_together_on_their_evenings(city):
    first = int(np.flatnonzero(city.with_whom > np.arange(N))[0])
    pair = {first, int(city.with_whom[first])}
    together = 0
    trips = city.trips
    for who in pair:
        own = trips.person == who
        rows = set(
            zip(
                trips.minute[own].tolist(),
                trips.start[own].tolist(),
                trips.end[own].tolist(),
                trips.across[own].tolist(),
            )
        )
        together = rows if not together else together & rows
    assert len(together) >= 2, "the way there and the way back of one evening at least"


def test_who_was_where_is_kept(city):
    square = PLACES.index(SQUARE)
    assert np.array_equal(city.stayed[:, square], city.protests)
    for name in ("worship 1", "clinic 2"):
        went = city.stayed[:, PLACES.index(name)]
        mine = (city.worship if name.startswith("w") else city.clinic) == PLACES.index(name)
        assert went.any() and not (went & ~mine).any()


def test_two_weeks_are_quick():
    """Issue: two weeks of sightings in under ten seconds; of this process, so others may work."""
    begun = time.process_time()
    passed = City().passages()
    assert time.process_time() - begun < 10
    assert len(passed) > 50_000 and passed.person.max() < RESIDENTS + VISITORS


def test_minutes_are_told_by_day():
    assert clock(DAYS * DAY - 1) == "Sunday 2, 23:59"
    assert clock(7 * DAY) == "Monday 2, 00:00"


# ---- the matcher --------------------------------------------------------------------------------


def test_a_perfect_matcher_names_every_resident_and_no_visitor(study):
    file = study.record(matcher="perfect")
    passed = study.city().passages()
    assert file.true.all() and len(file) == int((passed.person < N).sum())
    assert not file.false_links.any() and file.passed == len(passed)


def test_errors_are_as_frequent_as_measured_in_each_band(study):
    """Finding: what a city of cameras does followed from errors that somebody assumed."""
    searches = made_up_searches(4000)["SFace"]
    town = City(residents=4000, visitors=2000)
    named = recognised.measured(town, searches).named
    own = np.arange(4000)[:, None]
    for band in data.ORDERS["tone_band"]:
        mine, measured = searches.band == band, searches.own_band == band
        right = (named[:4000][mine] == own[mine]).mean()
        wrong = ((named[:4000][mine] >= 0) & (named[:4000][mine] != own[mine])).mean()
        assert right == pytest.approx(searches.right[measured].mean(), abs=0.03)
        assert wrong == pytest.approx(searches.wrong[measured].mean(), abs=0.02)
    heard = (searches.strangers >= searches.threshold.value).mean()
    assert (named[4000:] >= 0).mean() == pytest.approx(heard, abs=0.02)


def test_who_is_named_wrongly_has_the_band_and_the_step_of_who_was(study):
    searches = made_up_searches(N)["dlib"]
    easy = searches.easily.argsort()[-30:]  # only those who are easily taken for others are named
    only = {
        "taken_for": np.resize(easy, len(searches.own)),
        "named": np.resize(easy, len(searches.strangers)),
    }
    town = City(residents=N, visitors=V)
    named = recognised.measured(town, replace(searches, **only)).named
    own = np.arange(N + V)[:, None]
    wrong = named[(named >= 0) & (named != own)]
    assert len(wrong) > 100
    assert np.isin(searches.band[wrong], np.unique(searches.band[easy])).all()
    assert searches.easily[wrong].mean() > searches.easily.mean() + 1


def test_the_same_look_gets_the_same_name_again(study):
    """Finding: people are confused with the same few again and again, not with anybody."""
    file = study.record()
    who = file.seen.person[~file.true]
    pairs = np.unique(np.stack([who, file.named[~file.true]]), axis=1)
    assert len(who) > 3 * pairs.shape[1]
    assert np.bincount(pairs[0]).max() <= LOOKS


def test_nobody_is_taken_for_themselves():
    """Where every search goes wrong, everybody gets the name of somebody else."""
    searches = made_up_searches(N)["dlib"]
    all_wrong = replace(searches, own=searches.own - 100, other=searches.other + 100)
    named = recognised.measured(City(residents=N, visitors=V), all_wrong).named[:N]
    assert (named >= 0).all() and not (named == np.arange(N)[:, None]).any()
    assert not (searches.right & searches.wrong).any()


def test_a_register_of_another_size_is_refused(city):
    with pytest.raises(ValueError, match="a register of 200 faces for a city of 300 residents"):
        recognised.measured(city, made_up_searches(200)["dlib"])


@pytest.fixture(scope="module")
def real():
    return {name: recognised.Searches.of(name, RESIDENTS) for name in recognised.MATCHERS[:-1]}


def test_what_was_measured_is_what_the_galleries_hold(real):
    """Errors come from searches of the lab's galleries; here one is made again by hand."""
    g = data.gallery()
    rows = g.enrolled("town", RESIDENTS)
    probes = g.rows("mates", 1)
    entries = {int(p): k for k, p in enumerate(g.images["person"].iloc[rows])}
    searches = real["dlib"]
    gallery = g.templates("dlib", rows).astype(float)
    for k in (0, 123, 499):
        probe = g.templates("dlib", probes[k : k + 1]).astype(float)[0]
        scores = -np.linalg.norm(gallery - probe, axis=1)
        mine = entries[int(g.images["person"].iloc[probes[k]])]
        if np.isnan(probe).any():
            assert np.isnan(searches.own[k])
            continue
        assert searches.own[k] == pytest.approx(scores[mine], abs=1e-4)
        scores[mine] = -np.inf
        assert searches.taken_for[k] == np.nanargmax(scores)
        assert searches.other[k] == pytest.approx(np.nanmax(scores), abs=1e-4)


def test_the_dial_of_the_matcher_goes_up(real):
    """Low, middle and high are in the order of what was measured."""
    low, middle = (real[name].right.mean() for name in recognised.MATCHERS[:2])
    assert low < middle < 1
    assert all(s.threshold.alerts >= 30 for s in real.values())


def test_looks_repeat_errors_about_as_often_as_photographs_do():
    """Eight looks: after a wrong name, another photograph gives the same one as often as 1 in 8."""
    town = data.load("anytown/eval")
    of = town.templates.astype(np.float32).reshape(-1, 6, 128)
    enrolled, n = of[:, 0], len(of)
    scores = np.stack(
        [-np.linalg.norm(of[:, None, p] - enrolled[None], axis=2) for p in range(1, 6)], 2
    )
    scores = np.nan_to_num(scores, nan=-9.0)
    scores[np.arange(n), np.arange(n)] = -9.0
    best, who = scores.max(1), scores.argmax(1)
    threshold = np.quantile(best, 1 - recognised.FPIR / 2)
    wrong = np.where(best >= threshold, who, -1)
    same = again = 0
    for a in range(5):
        for b in range(5):
            if a != b:
                one = wrong[:, a] >= 0
                again += int(one.sum())
                same += int((wrong[one, a] == wrong[one, b]).sum())
    assert 1 / 16 < same / again < 1 / 5 and 1 / 16 < 1 / LOOKS < 1 / 5


# ---- what a file says ---------------------------------------------------------------------------


def file_of(city, rows):
    """A record by hand: (named, person, corner, minute) each."""
    rows = sorted(rows, key=lambda row: row[3])
    named, person, at, minute = (np.array(x, np.int64) for x in zip(*rows))
    seen = Passages(person, at, minute, np.zeros(len(rows), np.int64))
    return Record(city, seen, named, len(rows))


def test_home_is_where_days_begin_and_end(city):
    here, there, away = corner(2, 2), corner(5, 5), corner(20, 10)
    rows = [(7, 7, here, day * DAY + 7 * 60) for day in range(3)]
    rows += [(7, 7, away, day * DAY + 12 * 60) for day in range(9)]
    rows += [(7, 7, there, day * DAY + 20 * 60) for day in range(2)]
    guess = followed.homes(file_of(city, rows))
    assert guess[7] == here and (np.delete(guess, 7) == -1).all()
    late = [(7, 7, away, 12 * 60), (7, 7, away, 13 * 60)]
    assert followed.homes(file_of(city, late))[7] == -1


@pytest.mark.parametrize(
    ("gap", "between", "day", "near", "seen"),
    [
        (90, False, 6, 1, True),
        (90, True, 6, 1, False),
        (90, False, 5, 1, False),
        (10, False, 6, 1, False),
        (90, False, 6, 4, False),
    ],
)
def test_a_visit_is_coming_and_going_at_the_hours(city, gap, between, day, near, seen):
    place = city.places["worship 1"]
    x, y = place % WIDTH, place // WIDTH
    at = corner(x - near if x >= near else x + near, y)
    begin = day * DAY + hours("worship 1").first + 20
    rows = [(3, 3, at, begin), (3, 3, at, begin + gap)]
    if between:
        rows.append((3, 3, corner((x + 12) % WIDTH, y), begin + gap // 2))
    assert followed.visits(file_of(city, rows), "worship 1")[3] == seen


def test_together_is_three_times_on_two_days(city):
    at = corner(4, 4)

    def met(*minutes):
        return [(k, k, at, m) for k in (1, 2) for m in minutes]

    apart = [(5, 5, at, 10), (6, 6, at, 11)]
    assert followed.together(file_of(city, met(10, 20, DAY + 10) + apart)).tolist() == [[1, 2]]
    assert not len(followed.together(file_of(city, met(10, 20, 30) + apart)))
    assert not len(followed.together(file_of(city, met(10, DAY + 10) + apart)))
    assert followed.together(file_of(city, apart)).shape == (0, 2)


def test_a_file_is_singled_out_when_no_other_holds_the_same(city):
    alike = [(k, k, corner(1, 1), m * 60) for k in range(10) for m in range(4)]
    assert followed.unique(file_of(city, alike), 3) == 0
    apart = [(k, k, corner(k, 1), m * 60) for k in range(10) for m in range(4)]
    assert followed.unique(file_of(city, apart), 1) == 1
    inside = [*alike, (10, 10, corner(1, 1), 0)]  # a short file is within all others
    assert followed.unique(file_of(city, inside), 1) == 0
    assert np.isnan(followed.unique(file_of(city, alike), 5))
    with pytest.raises(ValueError, match="single nobody out: give 1 or more"):
        followed.unique(file_of(city, alike), 0)


def test_unique_agrees_with_a_plain_count(study):
    file = study.record()
    points = {}
    for name, at, minute in zip(file.named, file.seen.corner, file.seen.minute, strict=True):
        points.setdefault(int(name), set()).add((int(at), int(minute) // 60))
    rng = np.random.default_rng(1)
    many = [name for name in points if len(points[name]) >= 2]
    alone = []
    for name in rng.choice(many, 300):
        own = sorted(points[int(name)])
        some = {own[k] for k in rng.permutation(len(own))[:2]}
        alone.append(sum(some <= other for other in points.values()) == 1)
    assert followed.unique(file, 2) == pytest.approx(np.mean(alone), abs=0.09)


def test_the_null_town_keeps_numbers_and_loses_days(study):
    """Finding: without it nobody sees what the rules find in any heap of sightings."""
    file = study.record()
    null = followed.null_town(file)
    assert np.array_equal(null.sightings, file.sightings)
    assert np.array_equal(null.seen.minute, file.seen.minute)
    assert np.array_equal(null.seen.corner, file.seen.corner)
    assert followed.home_found(null).mean() < followed.home_found(file).mean() / 2
    assert null.true.mean() < 0.05


# ---- dials --------------------------------------------------------------------------------------


def test_every_level_of_every_dial_has_its_row(study):
    """Finding: one setting of assumptions was shown as the result."""
    table = study.dials()
    rows = {(dial, level) for dial in dials.DIALS for level in ("low", "high")}
    assert set(table.index) == rows | {("all", "middle")}
    assert set(dials.QUESTIONS) | {"sightings", "false links"} == set(table.columns)
    assert table.loc[("cameras", "low"), "sightings"] < table.loc[("all", "middle"), "sightings"]
    assert table.loc[("matcher", "high"), "false links"] == 0
    for dial, level in rows:
        one = study.found(**{dial: dials.DIALS[dial][level]})
        assert table.loc[(dial, level), "home"] == pytest.approx(100 * one.home)
    assert assumptions().shape == (3, 3) and "Illustration" in assumed()


def test_columns_stand_side_by_side(study):
    table = study.compared()
    assert table.columns.tolist() == ["null town", "as measured", "perfect"]
    assert table.loc["false links", "perfect"] == 0
    assert table.loc["sightings", "null town"] == table.loc["sightings", "as measured"]
    assert table.loc["pairs", "perfect"] > table.loc["pairs", "null town"]


def test_bands_add_up_to_the_whole(study):
    table = study.by_band()
    assert table["residents"].sum() == N
    mean = np.average(table["false links"], weights=table["residents"])
    assert mean == pytest.approx(study.found().false_links_each)
    home = np.average(table["homes found"], weights=table["residents"])
    assert home == pytest.approx(100 * study.found().home)


def test_pairs_are_counted_once(study):
    pairs, found = study.pairs("perfect"), study.found(matcher="perfect")
    assert pairs["both"] <= min(pairs["meet"], pairs["written down"])
    assert found.pairs == pytest.approx(pairs["both"] / pairs["meet"])
    assert found.pairs_wrong == pytest.approx(1 - pairs["both"] / pairs["written down"])


def test_passages_and_rates_are_those_of_the_town(study):
    table = study.passages()
    assert table["passages"].sum() == study.record().passed
    assert table.loc["residents", "wrong name"] == study.searches().wrong.mean()
