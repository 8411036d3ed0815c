"""What notebook 02 says and concludes, held against the shipped data."""

from __future__ import annotations

import re

import numpy as np
import pytest

from labkit import data
from labkit.learning.checks import judge
from labkit.matchers import Eigenfaces, Fisherfaces
from labkit.measure.intervals import Interval, cluster_interval, paired_difference
from labkit.measure.scores import compare
from labkit.measure.templates import distance, found_again, typical_similarities
from labkit.measure.triples import lost_triples
from lessons.nb02 import exercises as nb02
from lessons.nb02.words import told_alignment, told_rebuilt


@pytest.fixture(scope="module")
def dev():
    return data.load("anytown/dev")


@pytest.fixture(scope="module")
def learned():
    train = data.load("anytown/train")
    return train, train.crops[:600], train.of("person")[:600]


def test_dots_lose_many_triples_and_templates_few(dev):
    light, n = dev.of("light"), len(dev)
    tested = [k for k in range(0, n, 4) if light[k + 1] != light[k]]
    dots, templates = [], []
    for k in tested:
        a, b, c = (np.float32(dev.pictures[i % n]) for i in (k, k + 1, k + 4))
        dots.append(np.abs(a - b).mean() >= np.abs(a - c).mean())
        a, b, c = (dev.templates[i % n] for i in (k, k + 1, k + 4))
        templates.append(distance(a, b) >= distance(a, c))
    assert len(tested) > 300
    assert np.mean(dots) > 0.25 and np.mean(templates) < 0.03


def test_the_strongest_direction_is_the_side_of_the_lamp(learned):
    train, crops, _ = learned
    first = Eigenfaces(components=5, skip=0, whiten=False).fit(crops).transform(crops)[:, 0]
    lamp = train.images["key_azimuth"].to_numpy(float)[: len(crops)]
    seen = np.isfinite(first) & np.isfinite(lamp)
    assert abs(np.corrcoef(first[seen], lamp[seen])[0, 1]) > 0.8


def test_being_told_who_is_who_is_worth_much(dev, learned):
    _, crops, people = learned
    who = dev.of("person")[:600]
    assert not set(who) & set(people)
    lost = {}
    for matcher in (Eigenfaces().fit(crops), Fisherfaces().fit(crops, people)):
        templates = matcher.transform(dev.crops[:600])
        counts = lost_triples(compare(templates, templates, "cosine"), who)
        lost[type(matcher).__name__] = cluster_interval(*counts, "lost triples")
    assert lost["Fisherfaces"].high < lost["Eigenfaces"].low


def test_most_leaked_templates_lead_to_their_person(dev):
    found, tried = found_again(dev.templates[1::4], dev.templates[0::4])
    assert found > 0.6 * tried > 200


def test_the_triple_that_is_shown_is_one_of_those_tried(dev):
    light = dev.of("light")
    assert light[4] != light[5]


def test_the_head_that_leans_is_turned_upright(dev):
    from labkit.matchers import DeepFaceMatcher

    matcher, leans = DeepFaceMatcher(), []
    picture = dev.pictures[310]
    for shown in (picture, matcher.find(picture).chip):
        points = matcher.find(shown).points
        across, down = np.abs(points[0] - points[2])
        leans.append(np.degrees(np.arctan(down / across)))
    assert leans[0] > 5 and leans[1] < 1.5


def test_the_threshold_at_the_door_is_the_middle_of_the_two_means():
    train = data.load("anytown/train").templates
    one_person, two_people = typical_similarities(train[0::4], train[1::4])
    assert two_people < nb02.threshold_at_door() == (one_person + two_people) / 2 < one_person


def test_the_door_knows_five_and_turns_away_one():
    answers = nb02.EXERCISES[2].reference()
    assert answers == [*nb02.NAMES, nb02.NOBODY]


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda a, b, t: True, "yes to everything"),
        (lambda a, b, t: 3 >= 2, "yes to everything"),
        (lambda a, b, t: False, "no to everything"),
        (lambda a, b, t: distance(a, b) >= t, "distance for similarity"),
        (lambda a, b, t: distance(a, b) <= t, "distance below a negative threshold"),
        (lambda a, b, t: -distance(a, b) <= t, "wrong way round, with the edge"),
        (lambda a, b, t: -distance(a, b) > t, "exactly at the threshold"),
        (lambda a, b, t: -distance(a, b) >= -0.45, "a threshold of its own"),
        (lambda a, b, t: t > -0.4, ""),
        (lambda a, b, t: -distance(a, b) >= t - 0.1, ""),
    ],
)
def test_a_hint_about_a_function_is_true_of_it(answer, mistake):
    found = judge(nb02.EXERCISES[1], answer, keep=False)
    assert not found.right and found.mistake == mistake
    if not mistake:
        assert "Hint" not in found.words and "two templates of similarity -" in found.words


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (lambda best, nearest, t: "nobody", "Everybody was turned away"),
        (lambda best, nearest, t: nearest if best >= 0.419 else "nobody", "turned away"),
        (lambda best, nearest, t: nearest, "Everybody got the name of the nearest"),
        (lambda best, nearest, t: "nearest" if best >= t else "nobody", "Without quotes"),
        (lambda best, nearest, t: nearest if best < t else "nobody", "Turn it round"),
        (lambda best, nearest, t: best, "a list of 6 numbers. Expected: a list of six texts"),
        (lambda best, nearest, t: best >= t, "a list of 6 yes-or-no values"),
        (lambda best, nearest, t: "Bo", "1 of 6 are right; look at number 1"),
    ],
)
def test_a_hint_about_the_door_is_true_of_every_way_to_that_answer(rule, says):
    enrolled, probes = nb02._door()
    answer = []
    for probe in probes:
        scores = [-distance(probe, e) for e in enrolled]
        nearest = nb02.NAMES[int(np.argmax(scores))]
        answer.append(rule(max(scores), nearest, nb02.threshold_at_door()))
    words = judge(nb02.EXERCISES[2], answer, keep=False).words
    assert says in words and "istance" not in words


def test_differences_without_a_sum_are_told_what_is_missing(dev):
    a, b = dev.templates[4], dev.templates[5]
    words = judge(nb02.EXERCISES[0], np.sqrt((a - b) ** 2), keep=False).words
    assert "an array of shape 128" in words and ".sum()" in words


def test_a_clear_difference_is_called_clear_and_an_unclear_one_is_not():
    rng, trials = np.random.default_rng(0), np.full(60, 50)
    few, many = rng.binomial(50, 0.05, 60), rng.binomial(50, 0.2, 60)

    def told(own, as_trained, gap=None):
        gap = gap or paired_difference((own, trials), (as_trained, trials))
        return told_alignment(
            cluster_interval(own, trials), cluster_interval(as_trained, trials), gap
        )

    worse = told(many, few)
    assert re.search(r"own crop 1\d\.\d \[\d+\.\d, \d+\.\d\] of 100 more are lost", worse)
    lost = [f"{100 * x.sum() / trials.sum():.1f}" for x in (few, many)]
    assert f"60 people: {lost[0]} as trained, {lost[1]} with DeepFace's own crop" in worse
    better = told(few, many)
    ends = re.search(r"own crop \d+\.\d \[(\S+), (\S+)\] of 100 fewer are lost", better)
    assert ends and 0 < float(ends[1]) < float(ends[2])
    unclear = told(few, few, Interval(0.01, -0.02, 0.04, people=60))
    assert "may be none" in unclear and "could have been missed" in unclear
    none = told(few, few, Interval(0.01, words="errors by 3 of 60 people"))
    assert none.endswith("No interval for the difference: errors by 3 of 60 people.")


def test_a_rebuilt_face_is_said_beside_what_guessing_would_find():
    told = told_rebuilt(0, 240, 480)
    assert "Of 240 rebuilt faces" in told and "the right person for 0, among 480" in told
    assert told.endswith("Blind guessing would find 0.5.")
    assert told_rebuilt(90, 479, 480).endswith("Blind guessing would find 1.")


def test_those_that_learned_from_drawings_are_the_first_three_of_the_five():
    """The text tells learners not to rank them against the other two."""
    from labkit.matchers import get

    home = [get(n).at_home for n in ("Eigenfaces", "Fisherfaces", "AnytownNet", "SFace", "dlib")]
    assert home == [True] * 3 + [False] * 2


@pytest.mark.slow
def test_alignment_as_trained_loses_fewer_triples_and_30_people_do_not_show_it(dev):
    """The text draws no conclusion from the difference, and its sentence says "may be none"."""
    from labkit.matchers import DeepFaceMatcher

    chosen = [k for k in range(120) if k % 4 < 2]
    who = dev.of("person")[chosen]
    own = DeepFaceMatcher(align="deepface").transform([dev.pictures[k] for k in chosen])
    trained = dev.templates[chosen]
    lost = [lost_triples(compare(t, t, "euclidean"), who) for t in (own, trained)]
    gap = paired_difference(*lost)
    assert gap.low < 0 < gap.value
    told = told_alignment(*(cluster_interval(*one) for one in lost), gap)
    assert "so it may be none" in told
