"""Triples lost and won, against loops and against the area under the curve."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from labkit.measure.intervals import cluster_interval
from labkit.measure.scores import compare
from labkit.measure.triples import lost_triples, triples_won


@pytest.fixture
def photographs():
    """40 people, three photographs each; two photographs hold no face."""
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(40), 3)
    templates = rng.normal(size=(40, 8))[who] + rng.normal(size=(120, 8))
    templates[[4, 5]] = np.nan
    return compare(templates, templates, "euclidean"), who


def by_loops(scores, who):
    lost, made = dict.fromkeys(who, 0), dict.fromkeys(who, 0)
    n = range(len(who))
    for a, b in itertools.permutations(n, 2):
        if who[a] != who[b] or np.isnan(scores[a, b]):
            continue
        strangers = [scores[a, c] for c in n if who[c] != who[a] and not np.isnan(scores[a, c])]
        made[who[a]] += len(strangers)
        lost[who[a]] += sum(s >= scores[a, b] for s in strangers)
    return list(lost.values()), list(made.values())


def test_triples_are_those_of_three_loops(photographs):
    lost, made = lost_triples(*photographs)
    assert (lost.tolist(), made.tolist()) == by_loops(*photographs)
    assert 0 < lost.sum() < made.sum() / 2, "what is counted here is not all or nothing"
    assert made[1] == 0, "of the second person only one photograph is left"


def test_a_stranger_just_as_near_wins():
    scores = np.array([[0, -1, -1, -2], [-1, 0, -2, -2], [-1, -2, 0, -1], [-2, -2, -1, 0.0]])
    lost, made = lost_triples(scores, [1, 1, 2, 2])
    assert made.tolist() == [4, 4] and lost.tolist() == [1, 1]


def test_the_scores_given_are_not_changed(photographs):
    scores, who = photographs
    before = scores.copy()
    lost_triples(scores, who)
    assert np.array_equal(before, scores, equal_nan=True)


def test_scores_of_other_photographs_are_refused(photographs):
    scores, who = photographs
    for wrong in (scores[:, :-1], scores[:-1, :-1]):
        with pytest.raises(ValueError, match="do not fit 120 photographs"):
            lost_triples(wrong, who)


def test_what_is_won_is_what_is_not_lost(photographs):
    lost, made = lost_triples(*photographs)
    won, share = triples_won(*photographs), cluster_interval(lost, made)
    assert won.value == pytest.approx(100 - 100 * lost.sum() / made.sum())
    assert won.low == pytest.approx(100 - 100 * share.high)
    assert won.high == pytest.approx(100 - 100 * share.low)
    assert won.low < won.value < won.high <= 100
    assert (won.people, won.trials, won.errors) == (39, made.sum(), lost.sum())


def test_too_few_people_get_words_and_no_interval():
    apart = np.array([[0.0], [1.0], [9.0], [19.0]])
    won = triples_won(compare(apart, apart, "euclidean"), [1, 1, 2, 2])
    assert won.text(1) == "75.0 (lost triples: 2, by 1 of 2 people: too few for a rate)"
