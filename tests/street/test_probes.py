"""Altered probes: what is changed in a picture, who looks alike, and what a search makes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.people.who import sample_person
from labkit.street import probes
from tests.street import made

NONE = np.zeros((0, 2, 5, 2))
POINTS = np.array([[120, 70], [95, 70], [40, 70], [65, 70], [80, 100]], float)


def face(level: int) -> np.ndarray:
    rng = np.random.default_rng(level)
    noise = rng.integers(-20, 20, (160, 160, 1))
    return np.clip(level + noise, 0, 255).repeat(3, 2).astype(np.uint8)


def test_a_blur_keeps_the_light_and_takes_the_detail():
    before = face(120)
    after = probes.blurred(before)
    assert abs(float(after.mean()) - before.mean()) < 1 and after.std() < before.std() / 3


def test_a_pasted_mouth_changes_the_mouth_and_nothing_else():
    own, other = face(90), face(180)
    out = probes.pasted_mouth(own, POINTS, other, POINTS)
    changed = (out != own).any(2)
    rows, columns = np.nonzero(changed)
    assert rows.min() > 96 and rows.max() < 160, "below the nose"
    assert 40 < columns.min() and columns.max() < 120, "within the eyes' outer corners"
    place = np.s_[118:134, 64:96]
    assert abs(out[place].mean() - own[place].mean()) < 6, "its light is that of the place"
    assert np.corrcoef(out[place].ravel(), other[place].ravel())[0, 1] > 0.9


def test_a_pasted_mouth_is_turned_and_sized_to_fit():
    own, small = face(90), np.full((160, 160, 3), 90, np.uint8)
    small[60:64, 30:50] = 240  # lips of a face half as large
    half = POINTS / 2
    out = probes.pasted_mouth(own, POINTS, small, half)
    bright = np.argwhere(out[..., 0].astype(int) - own[..., 0] > 60)
    assert len(bright) and abs(bright[:, 0].mean() - 123) < 4 and np.ptp(bright[:, 1]) > 30


def test_without_a_face_there_is_no_mouth():
    with pytest.raises(ValueError, match="no mouth to paste"):
        probes.pasted_mouth(face(90), POINTS, face(90), np.full((5, 2), np.nan))


def test_a_look_alike_is_the_nearest_by_shape_and_of_nearly_the_same_tone():
    one = sample_person(7)
    others = [sample_person(seed) for seed in range(20, 40)]
    twin = one.with_(seed=99)
    assert probes.look_alike(one, [*others, twin]) == 20
    far = abs(one.tone - 0.95) > 0.15
    unlike = twin.with_(tone=0.95 if far else 0.05)
    near = others[probes.look_alike(one, [*others, unlike])]
    assert near is not unlike and abs(near.tone - one.tone) <= 0.15
    with pytest.raises(ValueError, match="nobody among whom"):
        probes.look_alike(one, [])


@pytest.fixture
def tried(monkeypatch):
    """Ten people of each band; blurred probes have lost their face, mouths are a stranger's."""
    people = made.gallery()
    rows = people.rows("mates", photo=1)
    table = pd.DataFrame(
        {
            "image": rows,
            "band": people.images["tone_band"].to_numpy()[rows],
            "other": np.roll(rows, 1),
            "look_alike": people.rows("dev", photo=0)[: len(rows)],
        }
    )
    own = people.templates("dlib", rows)
    held = {"blurred": np.full_like(own, np.nan), "mouth": np.roll(own, 1, 0), "points": NONE}
    monkeypatch.setattr(probes, "stored", lambda: (table, held))
    return probes.searched(people)


def test_each_kind_is_counted_beside_the_unaltered_one(tried):
    n = len(tried.table)
    assert tried.listed("unaltered").mean() > 0.9
    assert (tried.places["blurred"] == 0).all() and not tried.stranger_first("blurred").any()
    assert tried.stranger_first("mouth").mean() > 0.9
    assert tried.stranger_first("look-alike").mean() > 0.8
    counts = tried.counts(-0.5)
    assert counts.loc["blurred", "no face found"] == n
    above = counts["of these above the threshold"]
    assert (above <= counts["a stranger first"]).all() and above["another mouth"] > 0


def test_the_difference_is_paired_by_person(tried):
    """Finding: never compared by whether intervals overlap, but the same people under both."""
    lost = tried.lost("mouth")
    each = (~tried.listed("mouth")).astype(float) - ~tried.listed("unaltered")
    assert lost.value == pytest.approx(each.mean())
    assert lost.people == len(tried.table)


def test_whose_portrait_has_no_template_is_led_by_strangers(monkeypatch):
    people = made.gallery()
    rows = people.rows("mates", photo=1)[:3]
    vectors = people.vectors.copy()
    vectors[people.rows("mates", photo=0)[:3]] = np.nan
    table = pd.DataFrame({"image": rows, "band": "lighter", "other": rows, "look_alike": rows})
    own = vectors[rows]
    monkeypatch.setattr(
        probes, "stored", lambda: (table, {"blurred": own, "mouth": own, "points": NONE})
    )
    found = probes.searched(made.Made(people.images, people._root, vectors))
    assert found.stranger_first("unaltered").all() and not found.listed("unaltered").any()


def test_the_shipped_probes_are_of_the_first_people_and_look_alikes_are_enrolled_nowhere():
    people = data.gallery()
    table, held = probes.stored()
    images = people.images
    assert (images["photo"].iloc[table["image"]] == 1).all()
    assert set(table["image"]) <= set(people.rows("mates", photo=1))
    assert set(table["look_alike"]) <= set(people.rows("dev", photo=0))
    assert table["band"].value_counts().tolist() == [probes.EACH] * 3
    assert (table["other"] != table["image"]).all()
    n = len(table)
    shapes = {"blurred": (n, 128), "mouth": (n, 128), "points": (n, 2, 5, 2)}
    assert {k: v.shape for k, v in held.items()} == shapes
    bands = images["tone_band"].to_numpy()
    assert (bands[table["other"]] == table["band"]).all()


def test_what_is_shown_is_altered_now_and_says_who_comes_first():
    tried = probes.searched()
    pictures, captions = probes.demonstrated()
    assert len(pictures) == len(captions) == 4 * 2 * len(probes.SHOWN)
    for line, place in enumerate(probes.SHOWN):
        own = pictures[8 * line]
        assert np.array_equal(pictures[8 * line + 2], probes.blurred(own))
        changed = (pictures[8 * line + 4] != own).any(2)
        assert 0.005 < changed.mean() < 0.1, "a mouth and nothing else"
        for k, kind in enumerate(probes.KINDS):
            first = captions[8 * line + 2 * k + 1]
            assert (first == "first: the person") == (tried.places[kind][place] == 1)
