"""The game's pairs are what they are said to be, and its counts are counted right."""

from __future__ import annotations

import re

import numpy as np
import pytest

from labkit import data
from labkit.learning import game
from labkit.views.explorers import pair_facts


def test_the_game_is_the_same_every_time_and_its_split_is_not_ten_and_ten():
    pairs = game.game_pairs()
    game.game_pairs.cache_clear()
    again = game.game_pairs()
    assert (pairs.images == again.images).all() and (pairs.same == again.same).all()
    assert pairs.same.sum() not in (0, 10, 20)
    # Answers that a journal keeps belong to these pairs.
    assert pairs.images[:3].tolist() == [[2295, 2737], [2769, 71], [1405, 1041]]
    assert "".join(np.where(pairs.same, "s", "d")) == "dddsdssssdsddsssddss"


def test_nobody_is_in_two_pairs_however_many_there_are(monkeypatch):
    monkeypatch.setattr(game, "PAIRS", 150)
    pairs = game.game_pairs.__wrapped__()
    who = data.load("anytown/eval").of("person")[pairs.images]
    assert len(np.unique(who)) == 2 * 150 - pairs.same.sum()


def test_the_game_s_pairs_are_what_they_are_said_to_be():
    pairs, faces = game.game_pairs(), data.load("anytown/eval")
    who = faces.of("person")[pairs.images]
    assert ((who[:, 0] == who[:, 1]) == pairs.same).all()
    assert (pairs.images[:, 0] != pairs.images[:, 1]).all()
    assert len(np.unique(who)) == 2 * game.PAIRS - pairs.same.sum(), "somebody is in two pairs"
    for column in ("tone_band", "presentation_half", "covering_kind"):
        values = faces.of(column)[pairs.images]
        assert (values[:, 0] == values[:, 1]).all(), f"{column} gives the answer away"
    ages = faces.of("age")[pairs.images]
    assert np.abs(ages[:, 0] - ages[:, 1]).max() < 10, "the text says: near in age"


def test_the_facts_of_a_pair_do_not_tell_who_it_is():
    for facts in game.game_pairs().texts():
        assert facts and not re.search(r"\b3\d{4}\b", " ".join(facts)), "a person's number"


def test_hair_is_told_where_it_can_be_seen():
    rows = [{"haircut": "crop", "covering": "", "hair_type": h} for h in (0.0, 0.3, 0.6, 0.9, 1.0)]
    rows += [
        {"haircut": "bald", "covering": "", "hair_type": 0.9},
        {"haircut": "crop", "covering": "beanie", "hair_type": 0.9},
    ]
    told = [game._hair(row) for row in rows]
    curls = ["straight", "wavy", "curly", "tightly curled"]
    assert told == [*curls, "tightly curled", "none", "none"]
    assert all(f[-1].startswith("Hair that can be seen") for f in game.game_pairs().texts())


def test_pictures_and_facts_are_of_the_pair():
    pairs, faces = game.game_pairs(), data.load("anytown/eval")
    first, second = pairs.images[3]
    shown = pairs.pictures()[3]
    assert (shown[0] == faces.pictures[int(first)]).all()
    assert (shown[1] == faces.pictures[int(second)]).all()
    bands = faces.of("tone_band")[[first, second]]
    assert f"Skin tone band: {bands[0]} and {bands[1]}." in pairs.texts()[3]
    assert pairs.texts()[3][:-1] == pair_facts(faces, int(first), int(second))


def test_answers_are_counted():
    same = np.array([True, True, False, False, True])
    count = game.counted(["same", "different", "same", "different", ""], same)
    assert count == game.Counted(pairs=5, answered=4, same=2, different=2, missed=1, mixed=1)
    assert count.right == 2
    uneven = game.counted(["different", "different", "same", "same", "maybe"], same)
    assert uneven == game.Counted(pairs=5, answered=4, same=2, different=2, missed=2, mixed=2)
    assert uneven.right == 0
    assert game.counted([""] * 5, same) == game.Counted(5, 0, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="5 pairs and these are 2 answers"):
        game.counted(["same"] * 2, same)


def test_a_distance_tells_a_little_and_seldom_decides():
    told = game.telling_distance(data.load("anytown/dev"))
    assert told.one_person < told.two_people < 3 * told.one_person


def test_the_distance_that_tells_most_is_chosen():
    """Two people, each photographed twice; only the inner corners of their eyes differ."""
    import pandas as pd

    def row(photo, inner, nose):
        points = [(0, 0), (inner, 0), (10, 0), (10 - inner, 0), (5, nose)]
        values = {f"point{k}_{c}": p["xy".index(c)] for k, p in enumerate(points) for c in "xy"}
        return {"photo": photo, **values}

    class Faces:
        images = pd.DataFrame([row(0, 2, 6), row(1, 2.5, 6.1), row(0, 4, 6), row(1, 4.5, 6.1)])

    told = game.telling_distance(Faces)
    assert told.name == "between the inner corners of the eyes"
    # 6 and 5 of 10; 2 and 1; and the first one's 6 beside the next one's 1.
    assert told.one_person == pytest.approx(0.1) and told.two_people == pytest.approx(0.5)
