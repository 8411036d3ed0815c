"""Making the street: few people, small pictures, and what lies in data/street afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labkit.base.codec import decode
from labkit.data import STREET, data_folder
from labkit.making.street import make, passing, scenes, walking
from labkit.people.photo.crowd import Camera, Lens, arranged, compose, figure, shown_at
from labkit.people.who import sample_person
from labkit.street.crowd import SIDES

SMALL = Lens(576, 384, 925.0, 2.7, 48.0)


@pytest.fixture(scope="module")
def two():
    """Two people in a small hall."""
    standers = arranged(2, [2_500_000, 2_500_001], SMALL, nearest=2.5, farthest=4.5)
    return compose([figure(one, SMALL) for one in standers], standers, SMALL)


def test_boxes_go_back_from_the_picture_to_the_scene():
    used = Camera(wide=0.1, pixels=0.8)
    box = np.array([[100.0, 50, 140, 100]])
    corners = shown_at([[120, 75]], used, SMALL.width, SMALL.height)
    shown = np.concatenate([corners - 12, corners + 12], 1)
    back = scenes.in_scene(shown, used, SMALL)
    assert (back[:, :2] < [120, 75]).all() and (back[:, 2:] > [120, 75]).all()
    assert (back[:, :2] + back[:, 2:]) / 2 == pytest.approx(np.array([[120, 75]]), abs=0.5)
    assert scenes.in_scene(box, Camera(), SMALL) == pytest.approx(box)


def test_a_scene_is_drawn_once_and_its_detections_are_of_the_stored_picture(tmp_path, monkeypatch):
    small = [scenes.Setting(SMALL, 2.5, 4.5)]
    options = {"people": 2, "settings": small, "workers": 1, "quiet": True}
    (first,) = scenes.scenes(tmp_path, 1, **options)
    assert len(first.faces) == 2 and set(first.pictures) == {"good", "worn by night"}
    picture = decode(first.pictures["good"])
    assert picture.shape == (384, 576, 3)
    night = decode(first.pictures["worn by night"])
    assert night.shape == (307, 461, 3) and night.mean() < picture.mean()
    monkeypatch.setattr(scenes, "compose", None)  # a second drawing would fail
    (again,) = scenes.scenes(tmp_path, 1, **options)
    assert again == first


def test_a_truth_row_says_who_and_where(two):
    rows = scenes.face_rows(7, two)
    assert [row["person"] for row in rows] == [2_500_000, 2_500_001]
    wanted = {"scene", "person", *SIDES, "eyes", "hidden", "yaw", "distance", "tone_band"}
    assert all(set(row) == wanted and row["scene"] == 7 for row in rows)


def test_frames_of_a_passage_follow_each_other():
    """They come nearer in one light and in front of one wall; no two are the same."""
    frames = passing.captures(sample_person(2_300_003))
    assert len(frames) == passing.FRAMES
    assert [f.scale for f in frames] == sorted({f.scale for f in frames})
    assert len({f.key_azimuth for f in frames}) == len({f.backdrop for f in frames}) == 1
    assert len({f.yaw for f in frames}) == len(frames)
    assert passing.captures(sample_person(2_300_003)) == frames


def test_walkers_come_nearer_and_stay_themselves():
    steps = walking.walkers(people=6, frames=4)
    assert [[one.person.seed for one in step] for step in steps] == [
        [one.person.seed for one in steps[0]]
    ] * 4
    far = np.array([[one.z for one in step] for step in steps])
    assert (np.diff(far, axis=0) < 0).all() and far.min() > 3
    assert walking.walkers(people=6, frames=4) == steps


def test_a_walk_is_drawn_frame_by_frame(tmp_path, monkeypatch):
    found = walking.walk(tmp_path, people=2, frames=1, quiet=True)
    assert len(found.truth) == 2 and len(found.boxes) == len(found.templates)
    monkeypatch.setattr(walking, "figure", None)
    again = walking.walk(tmp_path, people=2, frames=1, quiet=True)
    assert again.boxes == found.boxes and (again.templates == found.templates).all()


def test_parts_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="no part 'cars': use crowds, passages, walk"):
        make.make(only=["cars"])


def test_the_whole_folder_stays_small():
    """Below 4 MB, at most two pictures of at most 1.5 MB."""
    files = [f for f in (data_folder() / STREET).iterdir() if f.is_file()]
    assert sum(f.stat().st_size for f in files) < 4_000_000
    pictures = [f for f in files if f.name.startswith("crowd-")]
    assert 1 <= len(pictures) <= 2 and all(f.stat().st_size < 1_500_000 for f in pictures)


@pytest.mark.slow
def test_a_stored_scene_is_what_is_drawn_today():
    """Truth of the three nearest people of the first scene, drawn again."""
    from labkit.street import load_crowd

    stored = load_crowd().people.query("scene == 0").set_index("person")
    lens = scenes.SCENES[0].lens
    standers = arranged(0, scenes.people_of(0), lens)
    for one in sorted(standers, key=lambda s: s.z)[:3]:
        truth = replace(figure(one, lens).truth, hidden=0.0)
        row = stored.loc[one.person.seed]
        for name in (*SIDES, "eyes", "yaw", "distance"):
            assert row[name] == pytest.approx(getattr(truth, name), abs=0.01)
