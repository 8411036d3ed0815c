"""What notebook 00 says and concludes, held against the shipped data."""

from __future__ import annotations

import re

import pytest

from labkit import data
from labkit.learning.game import Counted, Telling, telling_distance
from lessons.nb00 import words


@pytest.fixture(scope="module")
def dev():
    return data.load("anytown/dev")


def test_counts_of_the_game_are_told():
    count = Counted(pairs=5, answered=4, same=3, different=1, missed=2, mixed=0)
    told = words.told_count(count)
    assert "answered 4 of 5 pairs, 2 of them right" in told
    assert "Of 3 answered pairs of one person you called 2 different" in told
    assert "of 1 answered pairs of two people you called 0 the same" in told
    assert "5 pairs cannot rank you" in told


def test_no_answer_is_told_as_none():
    told = words.told_count(Counted(pairs=5, answered=0, same=0, different=0, missed=0, mixed=0))
    assert told == "No pair is answered yet: play above, then run this cell again."


def test_what_a_distance_tells_is_told_with_its_numbers(dev):
    told = words.told_distance(Telling("from here to there", 0.0249, 0.0351))
    assert "from here to there" in told
    assert re.search(r"one person it typically differs by 0\.02, .* random by 0\.04", told)
    shown = words.told_distance(telling_distance(dev))
    one, two = (float(x) for x in re.findall(r"(?:differs|random) by (\d\.\d+)", shown))
    assert one < two < 3 * one, "the text says: one distance alone seldom decides"


def test_tone_goes_no_more_with_shape_than_chance_allows(dev):
    shape, tone = dev.people.loc[:, "face_width":"asymmetry_mouth"], dev.people["tone"]

    def largest(of):
        return shape.corrwith(of).abs().max()

    def dealt(seed):
        return tone.sample(frac=1, random_state=seed).set_axis(tone.index)

    assert largest(tone) <= max(largest(dealt(s)) for s in range(20))
    assert largest(tone) <= largest(dealt(1)), "the notebook says: no more than chance"
