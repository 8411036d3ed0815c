"""The town's own test: counted again by hand, and every way its sentences may fall."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from labkit.data import MAKE_UPS
from labkit.gallery import council_words, sealed
from labkit.gallery.council import (
    BANDS,
    POINTS,
    Council,
    Hits,
    Together,
    Trial,
    expected,
    in_hundred,
    stamp,
)
from labkit.gallery.index import Exact
from labkit.measure import searches
from tests.gallery.councils import Made

SIZE = 1500


@pytest.fixture(scope="module")
def people():
    """`two` holds darker people close together, as a network that saw few of them might."""
    return Made({"two": "darker"}, size=SIZE)


@pytest.fixture(scope="module")
def town(people):
    return Trial(people, "dlib", "town", SIZE)


def scores(trial, role, photo=0):
    """Every score, one subtraction at a time."""
    own = trial.gallery.templates(trial.matcher, trial.enrolled).astype(float)
    probes = trial.gallery.templates(trial.matcher, trial.probes(role, photo)).astype(float)
    return -np.linalg.norm(probes[:, None] - own[None], axis=2)


# ---- counting -----------------------------------------------------------------------------------


def test_nobody_of_the_council_or_dev_is_enrolled(town):
    images = town.gallery.images
    enrolled = set(images["person"].iloc[town.enrolled])
    for role in ("dev", "council"):
        assert enrolled.isdisjoint(images["person"].iloc[town.probes(role)])


def test_members_are_counted_once_and_as_by_hand(town):
    by_hand = scores(town, "council")
    for point in POINTS:
        test = town.council(town.at(point))
        assert (test.matched == (by_hand.max(1) >= town.at(point))).all()
        assert (test.found == town.enrolled[by_hand.argmax(1)]).all()
        assert test.count() == (int(test.matched.sum()), len(by_hand))
        assert sum(test.count(band)[0] for band in BANDS) == test.count()[0]
        table = test.table()
        assert table["falsely matched"].iloc[-1] == table["falsely matched"].iloc[:-1].sum()


def test_every_false_candidate_is_counted_as_by_hand(town):
    hits = town.hits(town.at("A"))
    by_hand = np.concatenate([scores(town, "dev"), scores(town, "council")]) >= town.at("A")
    assert (np.bincount(hits.probe, minlength=len(by_hand)) == by_hand.sum(1)).all()
    rows = np.bincount(hits.row, minlength=len(town.gallery.images))[town.enrolled]
    assert (rows == by_hand.sum(0)).all()
    for band in BANDS:
        own = hits.bands == band
        assert hits.per_search(band) == pytest.approx(by_hand[own].sum(1).mean())
        for other in BANDS:
            column = town.gallery.images["tone_band"].to_numpy()[town.enrolled] == other
            rate = by_hand[np.ix_(own, column)].mean()
            assert hits.rates().loc[band, other] == pytest.approx(rate)


def test_operating_points_cost_what_they_say(town):
    """600 innocent searches: 300, 60 and 30 of them return somebody."""
    assert [town.points[name].alerts for name in POINTS] == [300, 60, 30]
    assert list(town.costs()["FPIR on dev"]) == pytest.approx(list(POINTS.values()))


def test_costs_count_who_is_not_found(town):
    own = scores(town, "mates", 1)
    places = {int(row): k for k, row in enumerate(town.enrolled)}
    mine = np.array([own[k, places[int(r)]] for k, r in enumerate(town.probes("mates", 0))])
    costs = town.costs({"here": -2.0})
    assert costs.loc["here", "not found"] == (mine < -2.0).sum() > 0
    assert costs.loc["here", "enrolled, searched for"] == len(mine)
    ranks = 1 + (own > mine[:, None]).sum(1)
    assert town.found(-np.inf, within=5).errors == (ranks <= 5).sum()


def test_a_search_is_made_once(people, monkeypatch):
    """Finding: six indexes of 25,000 stayed in memory; one is made for a search and let go."""
    trial, made = Trial(people, "dlib", "town", SIZE), []
    make = trial._index
    monkeypatch.setattr(Trial, "_index", lambda self: made.append(1) or make())
    one, five = trial.first("council"), trial.first("council", count=5)
    assert one[1].shape == (300, 1) and five[1].shape == (300, 5) and len(made) == 1
    assert (one[1][:, 0] == five[1][:, 0]).all()
    assert trial.first("council", count=7)[1].shape == (300, 7) and len(made) == 2
    assert not any(isinstance(v, Exact) for v in vars(trial).values())


def test_in_its_own_gallery_the_arithmetic_is_the_count(town):
    hits = town.hits(town.at("A"))
    counted = {band: hits.per_search(band) for band in BANDS}
    assert expected(hits.rates(), town.entries).to_dict() == pytest.approx(counted)


def test_the_stamp_names_the_matcher_and_never_the_order():
    assert stamp("SFace") == "matcher: SFace 2021 on invented faces, not Rekognition"
    assert "dlib 2017 and SFace 2021" in stamp("dlib", "SFace")
    assert stamp("one", "two") == stamp("two", "one") == stamp("one")
    assert not set(sealed.STORED) & set(re.findall(r"\w+", stamp("one", "two")))


def test_shares_without_an_error_have_a_bound():
    assert in_hundred(searches.exact(np.zeros(300, bool), "x")) == "0, at most 1.0"


# ---- how sure -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def audited(people):
    trials = {name: Trial(people, name, "town", SIZE) for name in sealed.STORED}
    return Together({name: trial.hits(trial.at("A")) for name, trial in trials.items()})


@pytest.fixture(scope="module")
def galleries(people, town):
    t = town.at("A")
    return Together({name: Trial(people, "dlib", name, SIZE).hits(t) for name in MAKE_UPS})


def test_an_unequal_matcher_is_named_and_an_equal_gallery_is_not_blamed(audited):
    assert council_words.named(audited) == "two"
    assert audited.times("two", "one").low > 3
    turned = Together(dict(reversed(audited.found.items())))
    assert council_words.named(turned) == "two", "the order in which they are given decides nothing"
    assert "two gives darker people more" in council_words.audit(audited)
    assert "two gives darker people more" in council_words.audit_title(audited)


def test_the_same_counts_are_compared_on_the_same_people(audited):
    """Paired: what is twice the same differs by nothing, however few people there are."""
    hits = audited.found["one"]
    same = Together({"a": hits, "b": hits})
    found = same.times("a", "b")
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)
    assert council_words.named(same) == "" and "cannot tell them apart" in council_words.audit(same)
    assert "cannot tell apart" in council_words.audit_title(same)


def test_a_gallery_of_more_darker_people_returns_them_more_often(galleries):
    found = galleries.times("over-policed", "town")
    assert found.low > 1 and not galleries.ratio("balanced").low > 1
    told = council_words.galleries(galleries, "balanced", "town", "over-policed")
    assert "No difference is shown there" in told and "the gallery's alone" in told
    still = Together(dict.fromkeys(("balanced", "town", "over-policed"), galleries.found["town"]))
    assert "no change is shown" in council_words.galleries(
        still, "balanced", "town", "over-policed"
    )


def test_a_matcher_s_part_is_there_with_equal_numbers(people):
    t = Trial(people, "two", "town", SIZE).at("A")
    found = {name: Trial(people, "two", name, SIZE).hits(t) for name in MAKE_UPS}
    told = council_words.galleries(Together(found), "balanced", "town", "over-policed")
    assert "that part is not the gallery's. It is this matcher's, with people drawn so" in told
    assert "was not tested" in told


def test_the_arithmetic_is_near_and_says_where_it_is_farthest_off(people, town, galleries):
    trials = {n: Trial(people, "dlib", n, SIZE) for n in MAKE_UPS if n != "town"}
    rates = galleries.found["town"].rates()
    told = council_words.arithmetic(rates, trials, galleries)
    assert re.search(r"farthest off for (lighter|medium|darker) people in the \S+ gallery", told)
    wrong = rates.copy()
    wrong.loc["darker"] *= 3
    told = council_words.arithmetic(wrong, trials, galleries)
    assert "darker people" in told and re.search(r"\+(1\d\d|2\d\d) in 100", told)
    assert "Too few" in council_words.arithmetic(0 * rates, trials, galleries)


def test_too_few_candidates_claim_nothing():
    bands = np.repeat(BANDS, 10)
    entries = pd.Series(dict.fromkeys(BANDS, 100))
    none = Hits(bands, np.array([], int), np.array([], int), np.array([], str), entries)
    one = Hits(bands, np.array([29]), np.array([5]), np.array(["darker"]), entries)
    found = Together({"X": none, "Y": one})
    assert council_words.named(found) == "" and "cannot tell" in council_words.audit(found)


def test_one_easily_confused_entry_makes_an_interval_wide():
    """As many candidates of as many people: whether one entry is behind them all matters."""
    bands, entries = np.repeat(BANDS, 100), pd.Series(dict.fromkeys(BANDS, 400))
    probe = np.concatenate([np.arange(0, 40), np.arange(200, 280)])

    def width(row):
        hits = Hits(bands, probe, row, np.repeat(BANDS, 400)[row], entries)
        found = Together({"one": hits}).per_search("one", "darker")
        return found.high - found.low

    spread = np.concatenate([np.arange(40), np.arange(800, 880)])
    assert width(np.where(spread >= 800, 800, spread)) > 2 * width(spread)


def test_intervals_hold_the_truth_where_people_differ():
    """Some people searched and some enrolled are easily confused; 60 made-up towns, fixed seeds."""
    held, entries = 0, pd.Series(dict.fromkeys(BANDS, 400))
    bands = np.repeat(BANDS, 120)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        easy = rng.lognormal(0, 0.7, len(bands)) * np.where(bands == "darker", 2.0, 1.0)
        hub = rng.lognormal(0, 0.7, 1200)
        probe, row = np.nonzero(rng.random((360, 1200)) < 4e-4 * easy[:, None] * hub)
        hits = Hits(bands, probe, row, np.repeat(BANDS, 400)[row], entries)
        found = Together({"one": hits}).ratio("one")
        held += found.low <= 2.0 <= found.high
    assert held >= 53


# ---- sentences ----------------------------------------------------------------------------------


def made(darker, lighter, members=178, medium=0):
    """A council in which so many of each band are falsely matched."""
    bands = np.repeat(BANDS, members)
    matched = np.zeros(3 * members, bool)
    for band, many in (("darker", darker), ("lighter", lighter), ("medium", medium)):
        matched[np.flatnonzero(bands == band)[:many]] = True
    nobody = np.zeros(len(bands), int)
    return Council(None, 0.5, nobody, bands, np.where(matched, 1.0, 0.0), nobody)


@pytest.mark.parametrize(
    ("darker", "lighter", "words"),
    [
        (30, 5, "falsely matched more often than luck"),
        (5, 30, "falsely matched less often than luck"),
        (12, 10, "No difference is shown"),
        (0, 0, "Nobody of the 178 darker and 178 lighter"),
    ],
)
def test_the_one_question_is_answered_as_the_numbers_fall(darker, lighter, words):
    told = council_words.primary(made(darker, lighter))
    assert words in told
    assert ("names no cause" in told) == (abs(darker - lighter) > 10)
    assert ("These counts allow" in told) == ("No difference" in told)


def test_no_difference_says_which_ratios_the_counts_allow():
    """Finding: a second power, from the counts just seen, stood beside the one promised before."""
    allowed = "These counts allow from {} to {} times as often"
    assert allowed.format("0.62", "7.5") in council_words.primary(made(10, 5))
    assert allowed.format("0.13", "1.6") in council_words.primary(made(5, 10))
    assert "four times in five" not in council_words.primary(made(10, 5))
    assert "These counts allow 0.026 times as often, or more" in council_words.primary(made(1, 0))
    assert "the counts allow any ratio" in council_words.members({"nobody": made(0, 0)})


def test_the_guess_is_opened_in_hundred():
    """Finding: 67 of 100 was opened, and nobody said how often luck alone gives as much."""
    found = made(3, 1)
    share, told = council_words.of_hundred(found)
    assert share == 75.0 and told.startswith("75 of 100 (3 of 4); where both are matched alike")
    assert f"in {100 * found.contrast().p:.2g} of 100 tests" in told
    assert council_words.of_hundred(made(0, 0, medium=4))[0] == "nobody"


def test_power_is_computed_before_the_run(town):
    told = council_words.power(town, 0.05)
    twice = 100 * searches.fisher_power(100, 100, 0.05, 2)
    assert f"were, {twice:.0f} of 100 such" in told and "100 members are darker" in told
    half = 100 * searches.fisher_power(100, 100, 0.05, 0.5)  # the question has two sides
    assert f"if half, {half:.0f}." in told
    few = SimpleNamespace(bands=lambda _role: np.repeat(["darker", "lighter"], 2))
    assert "No factor would be found" in council_words.power(few, 0.05)


def priced(matched, found):
    """A trial whose counts at A and at C are these."""
    where = dict(zip("AC", zip(matched, found, strict=True), strict=True))
    return SimpleNamespace(
        at=lambda point: point,
        council=lambda t: SimpleNamespace(count=lambda: (where[t][0], 535)),
        found=lambda t: SimpleNamespace(errors=where[t][1]),
        probes=lambda who, photo=0: range(535 if who == "council" else 500),
    )


@pytest.mark.parametrize(
    ("matched", "found", "words"),
    [
        ((267, 28), (400, 200), "false matches and true ones"),
        ((267, 28), (400, 400), "no true one was lost"),
        ((0, 0), (400, 200), "took away no false match"),
    ],
)
def test_what_a_higher_threshold_takes_away(matched, found, words):
    told = council_words.price(priced(matched, found))
    assert words in told
    assert f"{matched[0]} and then {matched[1]} are falsely matched" in told
    assert f"{found[0]} and then {found[1]} are found" in told


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (slice(0, 30), slice(0, 20), "more often than others are. "),
        (slice(0, 150), slice(150, 300), "less often than others are. "),
        (slice(0, 30), slice(28, 58), "is not shown"),
        (slice(0, 0), slice(0, 20), "nobody was searched again"),
    ],
)
def test_whether_the_same_people_are_matched_again(first, second, words):
    def council(which):
        got = np.zeros(300)
        got[which] = 1
        nobody = np.zeros(300, int)
        return Council(None, 0.5, nobody, np.repeat(BANDS, 100), got, np.arange(300))

    told = council_words.again(council(first), council(second))
    share = council_words.of_ten(council(first), council(second))
    assert words in told + " "
    if first == second:
        return
    both = len(set(range(300)[first]) & set(range(300)[second]))
    many = len(range(300)[first])
    if many:
        assert f"{both} are falsely matched again" in told and f"{both} of them with the" in told
        assert share == (
            round(10 * both / many, 1),
            f"{10 * both / many:.1f} of ten ({both} of {many})",
        )
    else:
        assert share[0] == "nobody"


def test_a_list_of_five_is_full_for_everybody(town):
    told = council_words.five(town)
    assert "300 members" in told and "1,500 places" in told
    found = town.found(-np.inf, within=5).errors
    assert f"Of 120 enrolled people {found} have" in told


def test_the_dial_is_read_at_both_ends(town):
    def scale(name, high):
        return SimpleNamespace(name=name, score=lambda p: town.at("C") if p == 80 else high)

    apart = [scale("straight", town.at("C") + 0.01), scale("logistic", 0.0)]
    told = council_words.dial(town, apart, (80, 99))
    assert "part at 99" in told and "logistic: " in told
    assert f"0 at 99, where {len(town.probes('mates', 1))} of" in told
    same = [scale("straight", -2.0), scale("logistic", -2.0)]
    assert "return the same at 99" in council_words.dial(town, same, (80, 99))


@pytest.mark.parametrize(("unequal", "words"), [("two", "had named it"), ("one", "and was wrong")])
def test_the_audit_is_judged_when_the_seal_is_open(audited, unequal, words):
    mixes = {name: sealed.UNEQUAL if name == unequal else "50-50" for name in sealed.STORED}
    told = council_words.opened(mixes, audited)
    assert words in told and told.startswith(f"{unequal} was trained on nine lighter")
    hits = audited.found["one"]
    same = Together({"one": hits, "two": hits})
    assert "not been able to tell" in council_words.opened(mixes, same)


def test_members_of_several_matchers_are_told_line_by_line():
    told = council_words.members({"dlib": made(30, 5), "SFace": made(10, 10)})
    assert told.count("\n- ") == 1 and "p < 0.001" in told and "SFace: 10 of 178" in told
