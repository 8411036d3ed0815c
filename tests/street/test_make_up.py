"""Watchlists of two make-ups: arithmetic from other people, checked by a count."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.street import make_up
from tests.street import made


@pytest.fixture(scope="module")
def lists():
    return make_up.watchlists(made.gallery(pool=300, dev=150, council=120), fpir=0.3)


def test_the_lists_are_of_one_size_and_nobody_who_passes_is_on_one(lists):
    sizes = lists.listed.sum(axis=1)
    assert sizes.nunique() == 1 and sizes.iloc[0] > 500
    over, town = (lists.listed.loc[m, "darker"] for m in ("over-policed", "town"))
    assert over == pytest.approx(2 * town, abs=2)


def test_what_is_expected_is_people_times_how_often_they_are_confused(lists):
    """Finding: this is arithmetic, not a discovery, and a learner can do it by hand."""
    row = lists.rates.loc["darker"]
    by_hand = sum(lists.listed.loc["town", b] * row[b] for b in made.BANDS)
    assert lists.expected("town", "darker") == pytest.approx(by_hand)
    assert 1 < lists.factor("darker") < 2 and lists.factor("lighter") < 1


def test_the_rates_are_measured_with_other_people_than_those_counted(lists):
    people = made.gallery(pool=300, dev=150, council=120)
    moved = people.vectors.copy()
    moved[people.rows("council", photo=1)] += 9
    again = make_up.watchlists(made.Made(people.images, people._root, moved), fpir=0.3)
    assert again.rates.equals(lists.rates) and again.threshold.value == lists.threshold.value
    assert sum(found.sum() for found in again.candidates.values()) == 0


def test_the_count_agrees_with_the_arithmetic_where_people_are_alike(lists):
    value, low, high = lists.counted("darker")
    assert low < value < high and low <= lists.factor("darker") <= high


def test_what_is_counted_is_every_candidate_of_each_passer_by(lists):
    people = made.gallery(pool=300, dev=150, council=120)
    rows = people.enrolled("town", int(lists.listed.loc["town"].sum()))
    probes = people.vectors[people.rows("council", photo=1)]
    far = np.linalg.norm(probes[:, None] - people.vectors[rows][None], axis=2)
    by_hand = (-far >= lists.threshold.value).sum(1)
    assert np.abs(by_hand - lists.candidates["town"]).max() <= 1
    assert by_hand.sum() == pytest.approx(lists.candidates["town"].sum(), abs=2)


def test_too_few_candidates_give_no_factor(lists):
    none = {m: np.zeros_like(found) for m, found in lists.candidates.items()}
    few = make_up.Watchlists(lists.threshold, lists.rates, lists.listed, none, lists.bands)
    assert np.isnan(few.counted("darker")).all()


def test_the_table_has_the_make_up_beside_the_alerts(lists):
    table = lists.table()
    assert len(table) == 6 and {"listed", "with a false alert", "expected"} <= set(table.columns)
    assert (table["with a false alert"] <= table["searched"]).all()


def test_how_often_people_are_confused_is_counted_in_the_balanced_list(lists):
    people = made.gallery(pool=300, dev=150, council=120)
    rows = people.enrolled("balanced", int(lists.listed.loc["balanced"].sum()))
    dev = people.rows("dev", photo=1)
    bands = people.images["tone_band"].to_numpy()
    near = -np.linalg.norm(people.vectors[dev][:, None] - people.vectors[rows][None], axis=2)
    close = near >= lists.threshold.value
    for one in made.BANDS:
        for other in made.BANDS:
            own = close[bands[dev] == one][:, bands[rows] == other]
            assert lists.rates.loc[one, other] * own.size == pytest.approx(own.sum(), abs=1.5)
