"""What the prose of notebooks 00 and 02 concludes, held against the shipped data."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from labkit import data
from labkit.learning.checks import judge
from labkit.matchers import Eigenfaces, Fisherfaces
from labkit.measure.intervals import cluster_interval
from labkit.measure.scores import compare
from lessons.nb00 import exercises as nb00
from lessons.nb02 import exercises as nb02


@pytest.fixture(scope="module")
def dev():
    return data.load("anytown/dev")


@pytest.fixture(scope="module")
def learned():
    train = data.load("anytown/train")
    return train, train.crops[:600], train.of("person")[:600]


# --- 00 -------------------------------------------------------------------------------------------


def test_the_game_is_the_same_every_time_and_its_split_is_not_ten_and_ten():
    pairs = nb00.game_pairs()
    nb00.game_pairs.cache_clear()
    again = nb00.game_pairs()
    assert (pairs.images == again.images).all() and (pairs.same == again.same).all()
    assert pairs.same.sum() not in (0, 10, 20)


def test_the_game_s_pairs_are_what_they_are_said_to_be():
    pairs, faces = nb00.game_pairs(), data.load("anytown/eval")
    who = faces.of("person")[pairs.images]
    assert ((who[:, 0] == who[:, 1]) == pairs.same).all()
    assert (pairs.images[:, 0] != pairs.images[:, 1]).all()
    assert len(np.unique(who)) == 2 * nb00.PAIRS - pairs.same.sum(), "somebody is in two pairs"
    for column in ("tone_band", "presentation_half", "covering_kind"):
        values = faces.of(column)[pairs.images]
        assert (values[:, 0] == values[:, 1]).all(), f"{column} gives the answer away"
    ages = faces.of("age")[pairs.images]
    assert np.abs(ages[:, 0] - ages[:, 1]).max() < 10, "the text says: near in age"


def test_the_facts_of_a_pair_do_not_tell_who_it_is():
    for facts in nb00.game_pairs().texts():
        assert facts and not re.search(r"\b3\d{4}\b", " ".join(facts)), "a person's number"


def test_hair_is_told_where_it_can_be_seen():
    rows = [
        {"haircut": "crop", "covering": "", "hair_type": h} for h in (0.0, 0.3, 0.6, 0.9, 1.0)
    ] + [{"haircut": "bald", "covering": "", "hair_type": 0.9},
         {"haircut": "crop", "covering": "beanie", "hair_type": 0.9}]  # fmt: skip
    told = [nb00._hair(row) for row in rows]
    assert told == [*nb00.CURLS, "tightly curled", "none", "none"]
    assert all(f[-1].startswith("Hair that can be seen") for f in nb00.game_pairs().texts())


def test_a_distance_tells_a_little_and_seldom_decides():
    one, two = (float(x) for x in re.findall(r"differs by (\d\.\d+)|at random by (\d\.\d+)",
                nb00.scale()) for x in x if x)  # fmt: skip
    assert one < two < 3 * one


def test_answers_after_the_count_ask_for_another_count():
    from labkit.views import explorers

    pairs = nb00.game_pairs()
    game = explorers.game(pairs.pictures(), pairs.same, texts=pairs.texts())
    line = nb00.waiting(game)
    assert line.value == ""
    game.answers = ["same", "different", *game.answers[2:]]
    assert "2 of 20 pairs are answered: run this cell again" in line.value


def test_the_wall_shows_portraits_in_the_order_of_its_table(dev):
    import matplotlib.pyplot as plt

    fig, alt, table = nb00.first_faces(dev, 5)
    assert table.index.tolist() == dev.people.index[:5].tolist() and "5 pictures" in alt
    shown = [ax.images[0].get_array() for ax in fig.axes if ax.images]
    assert all((np.asarray(a) == dev.pictures[4 * k]).all() for k, a in enumerate(shown))
    plt.close(fig)


def test_counts_of_the_game():
    same = np.array([True, True, False, False, True])
    right, words = nb00.counted(["same", "different", "same", "different", ""], same)
    assert right == 2
    assert "answered 4 of 5 pairs, 2 of them right" in words
    assert "Of 2 answered pairs of one person you called 1 different" in words
    assert "of 2 answered pairs of two people you called 1 the same" in words
    assert nb00.counted([""] * 5, same) == (0, nb00.WORDS["none"])
    with pytest.raises(ValueError, match="5 pairs and these are 2 answers"):
        nb00.counted(["same"] * 2, same)


def test_tone_goes_no_more_with_shape_than_chance_allows(dev):
    shape = dev.people.loc[:, "face_width":"asymmetry_mouth"]
    largest = shape.corrwith(dev.people["tone"]).abs().max()
    chance = [
        shape.corrwith(dev.people["tone"].sample(frac=1, random_state=s).set_axis(shape.index))
        .abs().max()
        for s in range(20)
    ]  # fmt: skip
    assert largest <= max(chance)
    as_shown = dev.people["tone"].sample(frac=1, random_state=1).set_axis(shape.index)
    assert largest <= shape.corrwith(as_shown).abs().max(), "the notebook says: no more than chance"


# --- 02 -------------------------------------------------------------------------------------------


def test_dots_lose_many_triples_and_templates_few(dev):
    light, n = dev.of("light"), len(dev)
    tested = [k for k in range(0, n, 4) if light[k + 1] != light[k]]
    dots, templates = [], []
    for k in tested:
        a, b, c = (np.float32(dev.pictures[i % n]) for i in (k, k + 1, k + 4))
        dots.append(np.abs(a - b).mean() >= np.abs(a - c).mean())
        a, b, c = (dev.templates[i % n] for i in (k, k + 1, k + 4))
        templates.append(nb02.distance(a, b) >= nb02.distance(a, c))
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
        counts = nb02.lost_triples(compare(templates, templates, "cosine"), who)
        lost[type(matcher).__name__] = cluster_interval(*counts, "lost triples")
    assert lost["Fisherfaces"].high < lost["Eigenfaces"].low


def test_most_leaked_templates_lead_to_their_person(dev):
    found, tried = nb02.found_again(dev.templates[1::4], dev.templates[0::4])
    assert found > 0.6 * tried > 200


def test_who_was_not_found_in_a_picture_is_not_tried(dev):
    one = np.zeros((3, 128), np.float32)
    one[1] = np.nan
    assert nb02.found_again(one, one + np.array([[0], [0], [9]])) == (1, 2)


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
    one_person, two_people = nb02.typical()
    assert two_people < nb02.halfway() == (one_person + two_people) / 2 < one_person


def test_the_door_knows_five_and_turns_away_one():
    answers = nb02.EXERCISES[2].reference()
    assert answers == [*nb02.NAMES, nb02.NOBODY]


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda a, b, t: True, "yes to everything"),
        (lambda a, b, t: 3 >= 2, "yes to everything"),
        (lambda a, b, t: False, "no to everything"),
        (lambda a, b, t: nb02.distance(a, b) >= t, "distance for similarity"),
        (lambda a, b, t: nb02.distance(a, b) <= t, "distance below a negative threshold"),
        (lambda a, b, t: -nb02.distance(a, b) <= t, "wrong way round, with the edge"),
        (lambda a, b, t: -nb02.distance(a, b) > t, "exactly at the threshold"),
        (lambda a, b, t: -nb02.distance(a, b) >= -0.45, "a threshold of its own"),
        (lambda a, b, t: t > -0.4, ""),
        (lambda a, b, t: -nb02.distance(a, b) >= t - 0.1, ""),
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
        scores = [-nb02.distance(probe, e) for e in enrolled]
        nearest = nb02.NAMES[int(np.argmax(scores))]
        answer.append(rule(max(scores), nearest, nb02.halfway()))
    words = judge(nb02.EXERCISES[2], answer, keep=False).words
    assert says in words and "istance" not in words


def test_differences_without_a_sum_are_told_what_is_missing(dev):
    a, b = dev.templates[4], dev.templates[5]
    words = judge(nb02.EXERCISES[0], np.sqrt((a - b) ** 2), keep=False).words
    assert "an array of shape 128" in words and ".sum()" in words


def test_a_clear_difference_is_called_clear_and_an_unclear_one_is_not():
    from labkit.measure.intervals import Interval, paired_difference

    rng, trials = np.random.default_rng(0), np.full(60, 50)
    few, many = rng.binomial(50, 0.05, 60), rng.binomial(50, 0.2, 60)
    worse = nb02.alignment_words(
        (many, trials), (few, trials), paired_difference((many, trials), (few, trials))
    )
    assert re.search(r"own crop 1\d\.\d \[\d+\.\d, \d+\.\d\] of 100 more are lost", worse)
    better = nb02.alignment_words(
        (few, trials), (many, trials), paired_difference((few, trials), (many, trials))
    )
    ends = re.search(r"own crop \d+\.\d \[(\S+), (\S+)\] of 100 fewer are lost", better)
    assert ends and 0 < float(ends[1]) < float(ends[2])
    unclear = nb02.alignment_words(
        (few, trials), (few, trials), Interval(0.01, -0.02, 0.04, people=60)
    )
    assert "may be none" in unclear and "could have been missed" in unclear


@pytest.mark.slow
def test_alignment_as_trained_loses_fewer_triples(dev):
    from labkit.matchers import DeepFaceMatcher
    from labkit.measure.intervals import paired_difference

    chosen = [k for k in range(120) if k % 4 < 2]
    who = dev.of("person")[chosen]
    own = DeepFaceMatcher(align="deepface").transform([dev.pictures[k] for k in chosen])
    trained = dev.templates[chosen]
    lost = [nb02.lost_triples(compare(t, t, "euclidean"), who) for t in (own, trained)]
    assert paired_difference(*lost).low > 0


# --- the slider of 02 -----------------------------------------------------------------------------


def test_the_slider_changes_picture_text_and_alt_text(dev, learned):
    directions = Eigenfaces(components=30, skip=0, whiten=False).fit(learned[1])
    slider, view = nb02.rebuilding(directions, dev.crops[4], 10).children
    seen = []
    for k in (0, 5, 30):
        slider.value = k
        seen.append(view.value)
        assert f"{k} of 30 directions" in view.value
        alt = html.unescape(re.search(r'alt="([^"]*)"', view.value)[1])
        assert f"and {k} directions" in alt
    assert len(set(seen)) == 3 and max(map(len, seen)) < 20_000
    shares = [nb02.rebuilt(directions, dev.crops[4], k)[1] for k in range(31)]
    assert shares[0] == pytest.approx(0, abs=1e-6) and (np.diff(shares) >= -1e-6).all()
