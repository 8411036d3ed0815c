"""The watchlist explorer from Python's side: what is sent is what was searched, and no more."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import traitlets

from labkit.measure import searches
from labkit.measure.scores import paired_scores
from labkit.views import explorers
from labkit.views.explorers import _watchlist, searched

SIZES = (40, 100, 300)
RNG = np.random.default_rng(3)


class Town:
    """Made-up templates behind the face of :class:`labkit.data.Gallery`."""

    def __init__(self) -> None:
        pool = RNG.normal(size=(300, 8)).astype(np.float32)
        mates = pool[:60] + RNG.normal(size=(60, 8)).astype(np.float32)
        dev = RNG.normal(size=(90, 8)).astype(np.float32)
        dev[4] = mates[7] = pool[250] = np.nan
        self.all = np.concatenate([pool, mates, dev])
        self.order = RNG.permutation(300)  # the mates stand anywhere in a gallery

    def measure(self, matcher: str) -> str:
        return {"dlib": "euclidean", "SFace": "cosine"}[matcher]

    def templates(self, matcher: str, rows: np.ndarray) -> np.ndarray:
        return self.all[rows] if matcher == "dlib" else self.all[rows][:, :6]

    def enrolled(self, make_up: str, n: int) -> np.ndarray:
        assert make_up == "town"
        return np.sort(self.order[:n])

    def rows(self, who: str, photo: int = 0) -> np.ndarray:
        if who == "mates":
            return np.arange(60) + 300 * photo
        assert (who, photo) == ("dev", 1)
        return np.arange(360, 450)


TOWN = Town()


@pytest.fixture(scope="module")
def found() -> dict[str, searched.Searched]:
    return {m: searched.searched(TOWN, m, sizes=SIZES) for m in searched.MATCHERS}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def view(found) -> explorers.WatchlistExplorer:
    return explorers.watchlist(found, sizes=SIZES, gallery=300, fmr=1e-3)


def all_scores(matcher: str, rows: np.ndarray) -> np.ndarray:
    """Every search against every entry, compared one with each."""
    probes = TOWN.templates(matcher, TOWN.rows("dev", 1))
    entries = TOWN.templates(matcher, rows)
    one, other = np.indices((len(probes), len(entries))).reshape(2, -1)
    scores = paired_scores(probes[one], entries[other], TOWN.measure(matcher))
    return scores.reshape(len(probes), -1)


@pytest.mark.parametrize("matcher", searched.MATCHERS)
def test_the_best_of_each_search_is_that_of_every_comparison(found, matcher: str) -> None:
    """Each size is searched for what it adds to the one before: nothing may be left out."""
    for n, best in zip(SIZES, found[matcher].best, strict=True):
        scores = all_scores(matcher, TOWN.enrolled("town", n))
        seen = np.isfinite(scores).any(axis=1)
        assert np.isnan(best[~seen]).all() and (~seen).sum() == 1
        assert best[seen] == pytest.approx(np.nanmax(scores[seen], axis=1), abs=1e-5)
    assert (np.diff(found[matcher].best, axis=0)[:, np.isfinite(found[matcher].best[0])] >= 0).all()


@pytest.mark.parametrize("matcher", searched.MATCHERS)
def test_a_threshold_has_the_fmr_that_it_is_named_by(found, matcher: str) -> None:
    one = found[matcher]
    scores = all_scores(matcher, TOWN.enrolled("town", SIZES[-1]))
    scores = scores[np.isfinite(scores)].astype(np.float32)
    named = searched.steps(searched.HIGHEST, 0)[: len(one.fmr)]
    for t, fmr, name in zip(one.thresholds, one.fmr, named, strict=True):
        assert fmr == pytest.approx((scores >= t - 1e-6).mean(), abs=2 / scores.size)
        assert name - 2 / scores.size <= fmr <= name
    assert (np.diff(one.thresholds) > 0).all()
    assert one.fmr[-1] * scores.size >= searched.ENOUGH - 1


def test_enrolled_people_are_looked_for_where_they_are_enrolled(found) -> None:
    for n, inside in zip(SIZES, found["dlib"].inside, strict=True):
        assert set(np.flatnonzero(inside)) == set(range(60)) & set(TOWN.enrolled("town", n))
    assert np.isnan(found["dlib"].mates[7]) and np.isfinite(found["dlib"].mates).sum() == 59


def test_rates_are_those_of_the_measuring_room(view, found) -> None:
    for place, _n in enumerate(SIZES):
        view.size = place
        for matcher, one in found.items():
            t = one.thresholds[view.step]
            fpir, tpir = view.found(matcher)
            assert fpir == searches.fpir(one.best[place], t)
            mates = one.mates[one.inside[place]]
            assert (tpir.errors, tpir.trials) == (int((mates >= t).sum()), len(mates))


def test_beyond_the_largest_gallery_nothing_is_counted(view) -> None:
    """The point of the page: what was not searched is not drawn."""
    view.size = len(SIZES)
    assert view.gallery == _watchlist.BEYOND[0] and view.found("dlib") is None
    assert {cell for row in view.still().rows for cell in row[1:]} == {"not measured"}
    view.size = 2


def test_the_still_says_the_numbers(view) -> None:
    view.size, view.wanted = 2, 4
    (name, right, wrong, missed, share), _ = view.still().rows
    fpir, tpir = view.found(name)
    assert (right, missed) == (f"{100 * tpir.value:.0f}", f"{100 - round(100 * tpir.value)}")
    assert wrong == f"{99_900 * fpir.value:,.0f}"
    assert share == searched_words(100 * tpir.value, 99_900 * fpir.value)


def searched_words(right: float, wrong: float) -> str:
    from labkit.measure.reading import in_words

    return in_words(right / (right + wrong))


def test_limits_of_every_count_are_sent(view) -> None:
    arrays, n = view.arrays, view.meta["probes"]
    for k in (0, 1, 45, n):
        wanted = searches.exact(np.arange(n) < k, "")
        low, high = arrays[f"low_{n}"][k], 1 - arrays[f"low_{n}"][n - k]
        assert (low, high) == (wanted.low, pytest.approx(wanted.high, abs=1e-15))
    inside = view.arrays["inside_0"].reshape(len(SIZES), -1).sum(1)
    assert all(f"low_{m}" in arrays for m in inside)


def test_it_starts_where_it_is_asked_to(found) -> None:
    view = explorers.watchlist(found, sizes=SIZES, gallery=90, wanted=9_000, fmr=0.0051)
    assert (view.gallery, view.meta["wanted"][view.wanted], view.fmr) == (100, 10_000, 0.005)


def test_what_cannot_be_shown_is_refused(view, found) -> None:
    for name in ("size", "wanted", "step"):
        with pytest.raises(traitlets.TraitError, match="not on the slider"):
            setattr(view, name, 99)
    with pytest.raises(ValueError, match="each of the 2 sizes"):
        explorers.watchlist(found, sizes=(40, 300))
    few = SimpleNamespace(**vars(TOWN))
    assert few.order is TOWN.order
    with pytest.raises(ValueError, match="too few for a threshold"):
        searched._grid(np.zeros(20, np.float32), 20)
